"""The heat table: regions × fields, each number a button that filters the list below it.

Arrows go from number to number and to the heads of lines and columns, Enter and Space press; the number is always
written. What was reported stands in a column and a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from expo_app.i18n import _
from expo_app.plain_text import shown
from expo_app.services.statistics.supply import field_words
from expo_app.specs.fields import MISSING
from expo_app.specs.supply_figures import HeatTable, Part, Reported
from expo_app.ui.kit import theme
from expo_app.ui.kit.charts import LEFT, MIDDLE, RIGHT
from expo_app.ui.kit.labels import elided

FROM, TO = 0.08, 0.52
"""How much of the token is in a cell with the smallest and the largest number: at 52 % `text.1` keeps 4.5:1."""
ROW, LOW_ROW, HEAD, PAD, GAP = 34, 28, 42, 14, 2
LABEL, LEAST, MARK, TOTAL, REPORTED = 78, 46, 44, 60, 78
WHOLE = -1
"""The place of a head: of a line as a column, of a column as a line."""
BREAK = re.compile(r"(?<=.)(?=和|与|及)")
Place = tuple[int, int]
Key = tuple[str | None, str | None]
"""(key of the region, field), None for all."""


def two_lines(name: str) -> tuple[str, str]:
    """A field's name as a head shows it: 新材料 | 及其应用; of several words at the space next to the middle."""
    if " " in name:
        spaces = [n for n, letter in enumerate(name) if letter == " "]
        whole = [n for n in spaces if not name[:n].endswith(" and")]
        at = min(whole or spaces, key=lambda n: abs(2 * n - len(name)))
        return name[:at], name[at + 1 :]
    first, *rest = BREAK.split(name, maxsplit=1)
    return first.replace("、", "") if rest else first, "".join(rest)


def in_halves(name: str) -> tuple[str, str]:
    """A name without a seam, where a column is too narrow for it."""
    at = (len(name) + 1) // 2
    return name[:at], name[at:]


def strength(count: int, most: int) -> float:
    """How much of the token a cell takes, 0 for none."""
    return FROM + (TO - FROM) * count / most if count and most else 0.0


def shade(count: int, most: int) -> QColor:
    """The token mixed into the surface."""
    return theme.tint("primary", strength(count, most))


class HeatMap(QWidget):
    """`chosen(key)` of what was pressed, `moved(rect)` of where the arrows are."""

    chosen = Signal(object)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: HeatTable | None = None
        self.at: Place = (0, 0)
        self.picked: Key | None = None
        self._under: Place | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ---

    def set(self, table: HeatTable) -> None:
        """Show other numbers; the arrows stay where they were as far as there is something."""
        self.table = table
        if self.at not in set(self._stops()):
            self.at = next((stop for stop in self._stops() if WHOLE not in stop), (0, WHOLE))
        self._fit()
        self._tell()

    def pick(self, key: Key | None) -> None:
        """Frame what the list is filtered by."""
        self.picked = key
        self.update()

    def _fit(self) -> None:
        if self.table is None:
            return
        self.setMinimumWidth(int(self._label + LEAST * len(self.table.fields) + self._right))
        self.setFixedHeight(HEAD + self._row * self._lines)
        self.updateGeometry()
        self.update()

    @property
    def _lines(self) -> int:
        """Lines below the head: the regions, their total, and what was reported of fields."""
        table = self.table
        return len(table.lines) + 1 + (1 if any(table.reported_fields) else 0) if table else 0

    @property
    def _row(self) -> int:
        return LOW_ROW if self.window().height() < theme.LOW_WINDOW else ROW

    @property
    def _label(self) -> float:
        metrics = QFontMetrics(theme.font("strong"))
        names = [line.label for line in self.table.lines] if self.table else []
        wide = max(map(metrics.horizontalAdvance, [*names, _("合计")]), default=0) + 2 * PAD
        return min(max(LABEL, wide), 2 * LABEL)

    @property
    def _right(self) -> int:
        return MARK + TOTAL + (REPORTED if self.table and self.table.has_reports else 0)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self._fit()  # the window may be another one, or of another size
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), shown(self._tip(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        self.update()  # the sums stay where they are while the regions are scrolled

    def _tip(self, spot: QPointF) -> str:
        place = self._place(spot)
        return self._said(place) if place is not None else ""

    # --- where things are ---

    def _edges(self) -> list[float]:
        """Where the fields begin, and where the last one ends."""
        n = len(self.table.fields) if self.table else 0
        wide = max(0.0, self.width() - self._label - self._right)
        return [self._label + wide * at / max(1, n) for at in range(n + 1)]

    @property
    def sums(self) -> QRectF:
        """Where the sums are, over the regions behind them."""
        first = len(self.table.lines) if self.table else 0
        return QRectF(0, self._top(first), self.width(), self._row * (self._lines - first))

    def _top(self, row: int) -> int:
        """Where a line begins; the sums stay at the lower edge of what is in sight."""
        if row == WHOLE:
            return 0
        top, area = HEAD + row * self._row, self.parentWidget()
        if self.table is None or row < len(self.table.lines) or area is None:
            return top
        return top - max(0, self.geometry().bottom() + 1 - area.height())

    def box(self, place: Place) -> QRectF:
        """Where a number or a head is: column WHOLE is the label, one behind the last field the total."""
        row, column = place
        edges, n = self._edges(), len(self.table.fields) if self.table else 0
        top, high = self._top(row), HEAD if row == WHOLE else self._row
        if column == WHOLE:
            left, right = 0.0, self._label
        elif column < n:
            left, right = edges[column], edges[column + 1]
        else:
            left, right = edges[-1] + MARK, edges[-1] + MARK + TOTAL
        return QRectF(left, top, right - left, high)

    def _place(self, spot: QPointF) -> Place | None:
        found = [place for place in self._stops() if self.box(place).contains(spot)]
        return found[-1] if found else None  # the sums lie over the regions

    def _stops(self) -> Iterator[Place]:
        """Every number that is one, and every head, in reading order."""
        if self.table is None:
            return
        n = len(self.table.fields)
        yield from ((WHOLE, column) for column in range(n))
        for row, line in enumerate(self.table.lines):
            yield (row, WHOLE)
            yield from ((row, column) for column, part in enumerate(line.parts) if part.count)
            if line.total.count:
                yield (row, n)
        last = len(self.table.lines)
        yield from ((last, column) for column, part in enumerate(self.table.totals) if part.count)
        yield (last, n)

    def key_at(self, place: Place) -> Key:
        """What is pressed there."""
        row, column = place
        table = self.table
        if table is None:
            return None, None
        region = table.lines[row].key if 0 <= row < len(table.lines) else None
        return region, table.fields[column] if 0 <= column < len(table.fields) else None

    def part_at(self, place: Place) -> Part | None:
        """The number there; of a head that of its line or column."""
        key = self.key_at(place)
        return part_of(self.table, key) if self.table else None

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        table = self.table
        if table is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_head(painter, table)
        for row, line in enumerate(table.lines):
            self._draw_ground(painter, row)
            self._draw_label(painter, row, line.label)
            for column, part in enumerate(line.parts):
                self._draw_cell(painter, (row, column), part, table.most)
            self._draw_total(painter, row, line.total, line.reported)
        last = len(table.lines)
        self._draw_ground(painter, last, is_total=True)
        self._draw_label(painter, last, _("合计"))
        for column, part in enumerate(table.totals):
            self._draw_number(painter, (last, column), part.figure.shown if part.count else MISSING, is_bold=True)
        self._draw_total(painter, last, table.total, table.reported)
        if any(table.reported_fields):
            self._draw_reported(painter, last + 1, table)
        if self.hasFocus():
            self._ring(painter, self.box(self.at), "focus")

    def _draw_head(self, painter: QPainter, table: HeatTable) -> None:
        painter.fillRect(QRectF(0, 0, self.width(), HEAD), theme.color("bg.subtle"))
        for column, field in enumerate(table.fields):
            box = self.box((WHOLE, column)).adjusted(1, 3, -1, -3)
            is_on = self._under == (WHOLE, column) or (self.picked is not None and self.picked[1] == field)
            painter.setPen(theme.color("primary" if is_on else "text.2"))
            first, second = two_lines(field_words(field))
            painter.setFont(theme.font("caption.bold"))
            if not second and painter.fontMetrics().horizontalAdvance(first) > box.width():
                first, second = in_halves(first)
            if not second:
                painter.drawText(box, MIDDLE | Qt.AlignmentFlag.AlignHCenter, _fit(first, painter, box))
                continue
            half = box.height() / 2
            upper, lower = (
                QRectF(box.x(), box.y(), box.width(), half),
                QRectF(box.x(), box.y() + half, box.width(), half),
            )
            painter.drawText(upper, MIDDLE | Qt.AlignmentFlag.AlignHCenter, _fit(first, painter, upper))
            painter.setFont(theme.font("caption"))
            painter.drawText(lower, MIDDLE | Qt.AlignmentFlag.AlignHCenter, _fit(second, painter, lower))
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(self.box((WHOLE, len(table.fields))).adjusted(0, 0, -PAD, 0), MIDDLE | RIGHT, _("合计"))
        if table.has_reports:
            painter.drawText(self._reported_box(WHOLE), MIDDLE | RIGHT, _("报道"))

    def _draw_ground(self, painter: QPainter, row: int, *, is_total: bool = False) -> None:
        top = self._top(row)
        ground = theme.color("bg.subtle" if is_total else "bg.surface")
        painter.fillRect(QRectF(0, top, self.width(), self._row), ground)
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))

    def _draw_label(self, painter: QPainter, row: int, label: str) -> None:
        box = self.box((row, WHOLE)).adjusted(PAD, 0, -4, 0)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("primary" if self._under == (row, WHOLE) else "text.1"))
        painter.drawText(box, MIDDLE | LEFT, _fit(label, painter, box))

    def _draw_cell(self, painter: QPainter, place: Place, part: Part, most: int) -> None:
        inner = self.box(place).adjusted(GAP, GAP, -GAP, -GAP)
        if part.count:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade(part.count, most))
            painter.drawRoundedRect(inner, theme.Radius.MARK, theme.Radius.MARK)
        self._draw_number(painter, place, part.figure.shown if part.count else MISSING, part.count * 5 >= most * 2)
        if self._under == place:
            self._ring(painter, self.box(place), "border.strong", 1)
        if self.picked is not None and part.count and self.picked == self.key_at(place):
            self._ring(painter, self.box(place), "text.1")

    def _draw_number(self, painter: QPainter, place: Place, words: str, is_bold: bool) -> None:
        painter.setFont(theme.font("strong" if is_bold else "body"))
        painter.setPen(theme.color("text.3" if words == MISSING else "text.1"))
        painter.drawText(self.box(place), Qt.AlignmentFlag.AlignCenter, words)

    def _draw_total(self, painter: QPainter, row: int, part: Part, reported: Reported | None) -> None:
        column = len(self.table.fields) if self.table else 0
        box = self.box((row, column))
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1" if part.count else "text.3"))
        words = part.figure.shown if part.count else MISSING
        painter.drawText(box.adjusted(0, 0, -PAD, 0), MIDDLE | RIGHT, words)
        if part.samples:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("warn"))
            painter.drawText(QRectF(box.x() - MARK, box.y(), MARK, box.height()), MIDDLE | RIGHT, _("示例"))
        if self.table is not None and self.table.has_reports:
            painter.setFont(theme.font("strong"))
            painter.setPen(theme.color("primary" if reported else "text.3"))
            painter.drawText(self._reported_box(row), MIDDLE | RIGHT, f"{reported.count:,}" if reported else MISSING)

    def _draw_reported(self, painter: QPainter, row: int, table: HeatTable) -> None:
        self._draw_ground(painter, row)
        self._draw_label(painter, row, _("报道"))
        painter.setFont(theme.font("body"))
        for column, reported in enumerate(table.reported_fields):
            painter.setPen(theme.color("primary" if reported else "text.3"))
            words = f"{reported.count:,}" if reported else MISSING
            painter.drawText(self.box((row, column)), Qt.AlignmentFlag.AlignCenter, words)

    def _reported_box(self, row: int) -> QRectF:
        high = HEAD if row == WHOLE else self._row
        return QRectF(self.width() - REPORTED, self._top(row), REPORTED - PAD, high)

    def _ring(self, painter: QPainter, box: QRectF, token: str, line: int = 2) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(token), line))
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), theme.Radius.MARK, theme.Radius.MARK)

    # --- pointer and keys ---

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._place(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(place)
            self.press()

    def press(self) -> None:
        """Filter by where the arrows are."""
        if self.table is not None:
            self.chosen.emit(self.key_at(self.at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        if plain and key in ways:
            self._step(*ways[key])
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.press()
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, right: int) -> None:
        """The next number or head that way, past those that are none; at the edge it stays."""
        if self.table is None:
            return
        stops, n = set(self._stops()), len(self.table.fields)
        row, column = self.at[0] + down, self.at[1] + right
        while WHOLE <= row <= len(self.table.lines) and WHOLE <= column <= n:
            if (row, column) in stops:
                self._go((row, column))
                return
            row, column = row + down, column + right

    def _go(self, place: Place) -> None:
        self.at = place
        self._tell()
        self.update()
        self.moved.emit(self.box(place))

    def _said(self, place: Place) -> str:
        """Where it is, how many, of them samples, what was reported."""
        part, table = self.part_at(place), self.table
        if part is None or table is None:
            return ""
        words = [f"{part.figure.label} {part.figure.shown} {part.figure.unit_shown}"]
        if part.samples:
            words.append(_("其中示例 {n}").format(n=f"{part.samples:,}"))
        if reported := reported_of(table, self.key_at(place)):
            words.append(reported_words(reported))
        return " · ".join(words)

    def _tell(self) -> None:
        """What a screen reader says: where the arrows are."""
        self.setAccessibleName(self._said(self.at))

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()


def part_of(table: HeatTable, key: Key) -> Part | None:
    """The number of a region and a field; None where the table has no such line or column any more."""
    region, field = key
    if field is not None and field not in table.fields:
        return None
    column = None if field is None else table.fields.index(field)
    if region is None:
        return table.total if column is None else table.totals[column]
    line = next((line for line in table.lines if line.key == region), None)
    if line is None:
        return None
    return line.total if column is None else line.parts[column]


def reported_of(table: HeatTable, key: Key) -> Reported | None:
    """What was reported of exactly that."""
    region, field = key
    if region is None:
        return table.reported if field is None else table.reported_fields[table.fields.index(field)]
    return next((line.reported for line in table.lines if line.key == region), None) if field is None else None


def reported_words(reported: Reported) -> str:
    """A report in a line: how many, when, by whom."""
    source = f" · {reported.source}" if reported.source else ""
    return _("报道 {n}（{day}）").format(n=f"{reported.count:,}", day=reported.on_date.isoformat()) + source


def _fit(words: str, painter: QPainter, box: QRectF) -> str:
    return elided(words, painter.fontMetrics(), box.width() + 1)
