"""The checklist as a table of which every cell leads to the field where it is filled in.

Arrows go from cell to cell, Enter opens; what a cell says at length is its tooltip, and what a screen reader says.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from expo_app.i18n import _
from expo_app.plain_text import shown
from expo_app.rules.auction_checklist import ITEMS, ORDER, Mark
from expo_app.services.auction_checklist import Line
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.charts import LEFT, MIDDLE
from expo_app.ui.kit.labels import draw_pill, elided, pill_width

ICONS = {
    Mark.OK: ("checkbox-circle-fill", "ok"), Mark.NOTE: ("information-fill", "primary"),
    Mark.REMIND: ("error-warning-fill", "warn"), Mark.BLOCKS: ("close-circle-fill", "bad"), Mark.NONE: ("", "text.3"),
}  # fmt: skip
PILLS = {Mark.OK: "ok", Mark.REMIND: "warn", Mark.BLOCKS: "bad", Mark.NONE: "mute"}
ROW, HEAD, GAP, ICON = 40, 34, 5, 16
PAD, TIGHT = 10, 5
LEAST_TITLE, TITLE = 120, 200
"""In a narrow place cells move together before a title is cut, then titles give way."""
Place = tuple[int, int]
"""Row and column; column 0 is the lot itself, then the items."""


class CheckTable(QWidget):
    """`opened(lot id, item | None)` of a cell, None of the lot's name; `moved(rect)` of the one the arrows are on."""

    opened = Signal(object, object)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.at: Place = (0, 0)
        self._under: Place | None = None
        self._needs: list[int] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ---

    def set(self, lines: Sequence[Line]) -> None:
        """Show these lots; the arrows stay on theirs as far as it is there."""
        self.lines = tuple(lines)
        self.at = (min(self.at[0], max(0, len(self.lines) - 1)), self.at[1])
        self._fit()
        self._tell()

    @property
    def headers(self) -> tuple[str, ...]:
        return (_("标的"), *(item.title for item in ITEMS), _("结论"))

    def _fit(self) -> None:
        small, body = QFontMetrics(theme.font("caption.bold")), QFontMetrics(theme.font("body"))
        needs = [small.horizontalAdvance(words) for words in self.headers[1:]]
        for line in self.lines:
            for at, cell in enumerate(line.cells):
                needs[at] = max(needs[at], body.horizontalAdvance(cell.words) + ICON + GAP)
            needs[-1] = max(needs[-1], pill_width(line.words))
        self._needs = needs
        self.setMinimumWidth(LEAST_TITLE + sum(needs) + 2 * TIGHT * len(needs))
        self.setFixedHeight(HEAD + ROW * len(self.lines) + 1)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    @property
    def _pad(self) -> float:
        """Room on either side of a cell."""
        spare = self.width() - TITLE - sum(self._needs)
        return max(TIGHT, min(PAD, spare / (2 * max(1, len(self._needs)))))

    def _edges(self) -> list[float]:
        """Where the columns begin, and the right end: the lot's name has what is left."""
        wide = [need + 2 * self._pad for need in self._needs]
        edges = [0.0, max(float(LEAST_TITLE), self.width() - sum(wide))]
        for one in wide:
            edges.append(edges[-1] + one)
        return edges

    def _box(self, row: int, column: int) -> QRectF:
        edges = self._edges()
        return QRectF(edges[column], HEAD + row * ROW, edges[column + 1] - edges[column], ROW)

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges, pad = self._edges(), self._pad
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        painter.fillRect(QRectF(0, 0, self.width(), HEAD), theme.color("bg.subtle"))
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.2"))
        for at, header in enumerate(self.headers):
            box = QRectF(edges[at], 0, edges[at + 1] - edges[at], HEAD).adjusted(pad, 0, 0, 0)
            painter.drawText(box, LEFT | MIDDLE, elided(header, painter.fontMetrics(), box.width()))
        for row, line in enumerate(self.lines):
            self._draw_row(painter, row, line)

    def _draw_row(self, painter: QPainter, row: int, line: Line) -> None:
        top, pad = HEAD + row * ROW, self._pad
        if self._under is not None and self._under[0] == row:
            painter.fillRect(QRectF(0, top, self.width(), ROW), theme.color("bg.hover"))
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        first = self._box(row, 0).adjusted(pad, 0, -pad, 0)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.2"))
        wide = painter.fontMetrics().horizontalAdvance(line.lot_no) + theme.Space.M
        painter.drawText(first, LEFT | MIDDLE, elided(line.lot_no, painter.fontMetrics(), first.width() + 1))
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text.1"))
        title = first.adjusted(wide, 0, 0, 0)
        painter.drawText(title, LEFT | MIDDLE, elided(line.title, painter.fontMetrics(), title.width() + 1))
        for column, cell in enumerate(line.cells, 1):
            box = self._box(row, column).adjusted(pad, 0, 0, 0)
            name, token = ICONS[cell.mark]
            x = box.x()
            if name:
                icons.draw(painter, name, token, QRectF(x, box.center().y() - ICON / 2, ICON, ICON))
                x += ICON + GAP
            is_plain = cell.mark in (Mark.OK, Mark.NOTE)
            painter.setPen(theme.color("text.1" if is_plain else token))
            painter.drawText(QRectF(x, box.y(), box.right() - x + pad, box.height()), LEFT | MIDDLE, cell.words)
        words, last = line.words, self._box(row, len(ITEMS) + 1)
        pill = QRectF(last.x() + pad, last.center().y() - theme.Height.PILL / 2, pill_width(words), theme.Height.PILL)
        draw_pill(painter, pill, PILLS[line.conclusion], words)
        if self.at[0] == row and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(self._box(*self.at).adjusted(2, 3, -2, -3), theme.Radius.MARK, theme.Radius.MARK)

    # --- pointer and keys ---

    def _place(self, spot: QPointF) -> Place | None:
        row = int((spot.y() - HEAD) // ROW) if spot.y() >= HEAD else -1
        if not 0 <= row < len(self.lines):
            return None
        edges = self._edges()
        return row, min(sum(spot.x() >= edge for edge in edges[1:-1]), len(ITEMS) + 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
        if place != self._under:
            self._under = place
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._go(place)
            self.open_at(place)

    def open_at(self, at: Place) -> None:
        """Go where a cell is filled in; the conclusion leads to the first item that stands in the way."""
        row, column = at
        if row >= len(self.lines):
            return
        line = self.lines[row]
        lot: uuid.UUID = line.id
        if column == len(ITEMS) + 1:
            wanted = [n for n, cell in enumerate(line.cells, 1) if cell.mark is line.conclusion in ORDER]
            column = wanted[0] if wanted else 0
        if column == 0:
            self.opened.emit(lot, None)
        else:
            self.opened.emit(lot, ITEMS[column - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, (row, column) = Qt.Key(event.key()), self.at
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        if key in ways and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            down, right = ways[key]
            row, column = row + down, column + right
            if 0 <= row < len(self.lines) and 0 <= column <= len(ITEMS) + 1:
                self._go((row, column))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_at(self.at)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.lines:
            self._go((0, 0) if key == Qt.Key.Key_Home else (len(self.lines) - 1, 0))
        else:
            super().keyPressEvent(event)

    def _go(self, at: Place) -> None:
        self.at = at
        self._tell()
        self.update()
        self.moved.emit(self._box(*at))

    def words_at(self, at: Place) -> str:
        """What a cell says at length."""
        row, column = at
        if row >= len(self.lines):
            return ""
        line = self.lines[row]
        if column == 0:
            return f"{line.lot_no} {line.title}"
        if column == len(ITEMS) + 1:
            return line.words
        cell = line.cells[column - 1]
        return cell.more or cell.words

    def _tell(self) -> None:
        if not self.lines:
            self.setAccessibleName(self.headers[0])
            return
        line = self.lines[self.at[0]]
        self.setAccessibleName(f"{line.lot_no} {line.title} {self.headers[self.at[1]]} {self.words_at(self.at)}")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), shown(self.words_at(place)) if place else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()
