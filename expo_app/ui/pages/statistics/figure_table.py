"""A table of numbers of which each leads to the records behind it: a dotted line below, solid under the pointer.

Arrows go from number to number, Enter opens, Space unfolds; what is behind a cell is any value (`Cell.key`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from expo_app.plain_text import shown
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.charts import LEFT, MIDDLE, RIGHT
from expo_app.ui.kit.labels import elided

ROW, LOW_ROW, PAD, NARROW_PAD, MARK, FOLD = 32, 29, 10, 8, 9, 18
LEAST_LABEL, TWO_LINES, INDENT = 110, 38, 14
FROM, TO = 0.04, 0.20
"""How strong a cell's tint is, from the smallest to the largest."""


@dataclass(frozen=True)
class Cell:
    """A number as shown. `key`: what it leads to, None for what leads nowhere; `weight` 0 to 1 tints it."""

    text: str
    key: object = None
    tone: str = "text.1"
    is_bold: bool = False
    weight: float = 0
    is_framed: bool = False


@dataclass(frozen=True)
class Row:
    """A line. `role`: "" or part, total, extra; `is_open` None: nothing unfolds below it."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    role: str = ""
    is_open: bool | None = None
    colour: str = ""


def draw_link(painter: QPainter, box: QRectF, words: str, is_solid: bool, align: Qt.AlignmentFlag = RIGHT) -> QRectF:
    """A number that leads somewhere, with its line below; where it stands comes back. The font is the painter's."""
    metrics, wide = painter.fontMetrics(), painter.fontMetrics().horizontalAdvance(words)
    left = box.right() - wide if align == RIGHT else box.x()
    painter.setPen(theme.color("primary"))
    painter.drawText(box, align | MIDDLE, words)
    base = box.center().y() + (metrics.ascent() - metrics.descent()) / 2 + 3
    pen = QPen(theme.color("primary") if is_solid else theme.tint("primary", 0.55), 1)
    if not is_solid:
        pen.setDashPattern([1.5, 2.5])
    painter.setPen(pen)
    painter.drawLine(QPointF(left, base), QPointF(left + wide, base))
    return QRectF(left, box.y(), wide, box.height())


class FigureTable(QWidget):
    """`opened(key)` of a number, `folded(row key, open)`, `moved(rect)` of the cell the arrows are on."""

    opened = Signal(object)
    folded = Signal(str, bool)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headers: tuple[str, ...] = ("",)
        self.rows: tuple[Row, ...] = ()
        self.is_stale = False
        self.at = (0, 0)
        self._needs, self._wraps = [LEAST_LABEL], False
        self._under: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ---

    def set(self, headers: Sequence[str], rows: Sequence[Row]) -> None:
        """Show other numbers; the arrows stay where they were as far as there are numbers."""
        self.headers, self.rows, self.is_stale = tuple(map(shown, headers)), tuple(rows), False
        if not self._leads(self.at):
            self.at = next(iter(self._stops()), (0, 0))
        self._fit()
        self._tell()

    def set_stale(self, on: bool) -> None:
        """Grey: the numbers are of before."""
        self.is_stale = on
        self.update()

    def _fit(self) -> None:
        """What every column needs; a label is elided before anything has to scroll."""
        strong = QFontMetrics(theme.font("strong"))
        small = QFontMetrics(theme.font("caption.bold"))
        first = small.horizontalAdvance(self.headers[0]) + 2 * self._pad
        wide = [max(map(small.horizontalAdvance, header.split() or [""])) + 2 * self._pad for header in self.headers]
        wide[0] = max(wide[0], first)
        for row in self.rows:
            wide[0] = max(wide[0], self._lead_of(row) + strong.horizontalAdvance(row.label) + self._pad)
            for at, cell in enumerate(row.cells, 1):
                wide[at] = max(wide[at], strong.horizontalAdvance(cell.text) + 2 * self._pad)
        self._needs = wide
        whole = (small.horizontalAdvance(header) + 2 * self._pad for header in self.headers[1:])
        self._wraps = any(full > need for full, need in zip(whole, wide[1:], strict=True))
        self.setMinimumWidth(sum(wide[1:]) + min(wide[0], LEAST_LABEL))
        self.setFixedHeight(self._head_height + self._row_height * len(self.rows) + 1)
        self.updateGeometry()
        self.update()

    @property
    def _pad(self) -> int:
        return NARROW_PAD if self.window().width() < theme.NARROW_WINDOW else PAD

    @property
    def _lead(self) -> int:
        """What stands before the words of a label: the mark of what unfolds, and a colour."""
        folds, coloured = (any(row.is_open is not None for row in self.rows), any(row.colour for row in self.rows))
        return self._pad + FOLD * folds + (MARK + 8) * coloured

    def _lead_of(self, row: Row) -> int:
        """The same of one line: a part stands further in."""
        return self._lead + (INDENT if row.role == "part" else 0)

    @property
    def _row_height(self) -> int:
        window = self.window()
        return LOW_ROW if window.height() < theme.LOW_WINDOW else ROW

    @property
    def _head_height(self) -> int:
        """Headers of several words may take two lines, so that the labels have more room."""
        return max(TWO_LINES, self._row_height) if self._wraps else self._row_height

    def _row_at(self, y: float) -> int:
        """The row at a height; -1 in the head."""
        return int((y - self._head_height) // self._row_height)

    def _top(self, row: int) -> int:
        return self._head_height + row * self._row_height

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self.rows:
            self._fit()  # the window may be another one, or of another size
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(event.pos().y())
            words = self.rows[row].label if 0 <= row < len(self.rows) and event.pos().x() < self._edges()[1] else ""
            QToolTip.showText(event.globalPos(), shown(words), self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.height())

    def _edges(self) -> list[float]:
        """Where the columns begin, and the right end: the label takes what it needs, the numbers share what is left."""
        needs = self._needs
        label = min(needs[0], max(LEAST_LABEL, self.width() - sum(needs[1:])))
        spare = max(0.0, self.width() - label - sum(needs[1:])) / max(1, len(needs) - 1)
        edges, x = [0.0], float(label)
        for need in needs[1:]:
            edges.append(x)
            x += need + spare
        return [*edges, x]

    def _cell_box(self, row: int, column: int) -> QRectF:
        edges = self._edges()
        return QRectF(edges[column + 1], self._top(row), edges[column + 2] - edges[column + 1], self._row_height)

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges, high = self._edges(), self._head_height
        painter.fillRect(QRectF(0, 0, self.width(), high), theme.color("bg.subtle"))
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.2"))
        for at, header in enumerate(self.headers):
            box = QRectF(edges[at], 0, edges[at + 1] - edges[at], high).adjusted(self._pad, 0, -self._pad, 0)
            side = (RIGHT if at else LEFT) | MIDDLE
            if self._wraps:
                painter.drawText(box, side | Qt.TextFlag.TextWordWrap, header)
            else:
                painter.drawText(box, side, elided(header, painter.fontMetrics(), box.width() + 1))
        for at, row in enumerate(self.rows):
            self._draw_row(painter, at, row, edges)

    def _draw_row(self, painter: QPainter, at: int, row: Row, edges: Sequence[float]) -> None:
        high = self._row_height
        line = QRectF(0, self._top(at), self.width(), high)
        if row.role == "total":
            painter.fillRect(line, theme.color("bg.subtle"))
        painter.setPen(theme.color("border.button" if row.role == "total" else "border"))
        painter.drawLine(line.topLeft(), line.topRight())
        self._draw_label(painter, row, QRectF(0, line.y(), edges[1], high))
        for column, cell in enumerate(row.cells):
            self._draw_cell(painter, (at, column), cell, row.role)

    def _draw_label(self, painter: QPainter, row: Row, box: QRectF) -> None:
        x, lead = box.x() + self._pad, self._lead
        if row.is_open is not None:
            name = "arrow-down-s-line" if row.is_open else "arrow-right-s-line"
            icons.draw(painter, name, "text.2", QRectF(x - 2, box.center().y() - 8, 16, 16))
        if row.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(row.colour))
            painter.drawRoundedRect(QRectF(box.x() + lead - MARK - 8, box.center().y() - 4, MARK, MARK), 2, 2)
        x = box.x() + self._lead_of(row)
        painter.setFont(theme.font("strong" if row.role == "total" else "body"))
        painter.setPen(
            theme.color("text.3" if self.is_stale else "text.2" if row.role in ("part", "extra") else "text.1")
        )
        inner = QRectF(x, box.y(), box.right() - x - 4, box.height())
        painter.drawText(inner, LEFT | MIDDLE, elided(row.label, painter.fontMetrics(), inner.width()))

    def _draw_cell(self, painter: QPainter, at: tuple[int, int], cell: Cell, role: str) -> None:
        box = self._cell_box(*at)
        if cell.weight > 0:
            painter.fillRect(box.adjusted(0, 1, 0, 0), theme.tint("primary", FROM + (TO - FROM) * cell.weight))
        if cell.is_framed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("border.strong" if cell.weight else "border.button"))
            painter.drawRect(box.adjusted(1, 2, -1, -1))
        painter.setFont(theme.font("strong" if cell.is_bold or role == "total" else "body"))
        inner = box.adjusted(self._pad, 0, -self._pad, 0)
        if self.is_stale or cell.key is None:
            painter.setPen(theme.color("text.3" if self.is_stale else cell.tone))
            painter.drawText(inner, RIGHT | MIDDLE, cell.text)
            return
        spot = draw_link(painter, inner, cell.text, self._under == at)
        if self.hasFocus() and self.at == at:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(spot.adjusted(-5, 3, 5, -3), theme.Radius.MARK, theme.Radius.MARK)

    # --- pointer and keys ---

    def _stops(self) -> list[tuple[int, int]]:
        """Every number that leads somewhere, in reading order."""
        return [(r, c) for r, row in enumerate(self.rows) for c, cell in enumerate(row.cells) if cell.key is not None]

    def _leads(self, at: tuple[int, int]) -> bool:
        row, column = at
        return (
            row < len(self.rows) and column < len(self.rows[row].cells) and self.rows[row].cells[column].key is not None
        )

    def _place(self, spot: QPointF) -> tuple[int, int] | None:
        row, edges = self._row_at(spot.y()), self._edges()
        if not 0 <= row < len(self.rows):
            return None
        return row, sum(spot.x() >= edge for edge in edges[1:-1]) - 1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        under = place if place is not None and place[1] >= 0 and self._leads(place) else None
        folds = place is not None and place[1] < 0 and self.rows[place[0]].is_open is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if under or folds else Qt.CursorShape.ArrowCursor)
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            return
        if place[1] < 0:
            self.fold(place[0])
        elif self._leads(place) and not self.is_stale:
            self.at = place
            self.update()
            self.open_at(place)

    def fold(self, row: int) -> None:
        """Unfold a line, or fold it."""
        if (is_open := self.rows[row].is_open) is not None:
            self.folded.emit(self.rows[row].key, not is_open)

    def open_at(self, at: tuple[int, int]) -> None:
        """Go where a number leads."""
        if self._leads(at):
            self.opened.emit(self.rows[at[0]].cells[at[1]].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, (row, _column) = Qt.Key(event.key()), self.at
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        if key in ways and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._step(*ways[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_at(self.at)
        elif key == Qt.Key.Key_Space and row < len(self.rows):
            self.fold(row)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and (stops := self._stops()):
            self._go(stops[0 if key == Qt.Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, right: int) -> None:
        """The next number that way, past those that lead nowhere; at the edge it stays."""
        row, column = self.at[0] + down, self.at[1] + right
        while 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row].cells):
            if self._leads((row, column)):
                self._go((row, column))
                return
            row, column = row + down, column + right

    def _go(self, at: tuple[int, int]) -> None:
        self.at = at
        self._tell()
        self.update()
        self.moved.emit(self._cell_box(*at))

    def _tell(self) -> None:
        """What a screen reader says: where the arrows are."""
        row, column = self.at
        if self._leads(self.at):
            self.setAccessibleName(
                f"{self.rows[row].label} {self.headers[column + 1]} {self.rows[row].cells[column].text}"
            )
        else:
            self.setAccessibleName(self.headers[0])

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()
