"""The first rows of a sheet as they stand, and under the header, for each column, the field it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from expo_app import plain_text
from expo_app.i18n import N_, _
from expo_app.specs.choices import SECTION, SHEET_NAME
from expo_app.specs.field_types import as_text
from expo_app.specs.plan import ColumnSeen, How, SheetSeen
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import repolish
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import draw_pill, elided, pill_width
from expo_app.ui.kit.panels import row

LETTERS, LINE, BAND, NUMBERS = 26, 30, 98, 64
"""Heights of the line of letters, of a row and of the band 对应到; width of the row numbers."""
SHOWN, SHOWN_LOW, LEAST, WIDEST, PAD = 8, 6, 96, 240, theme.Space.S
"""Rows shown, also in a low window; px a column has at least and at most; px beside a text."""
HOW: dict[How, tuple[str, str]] = {
    How.NAME: (N_("自动"), "ok"), How.GUESS: (N_("猜测"), "warn"), How.REMEMBERED: (N_("记住"), "info"),
    How.GIVEN: (N_("指定"), "info"), How.NONE: (N_("未对应"), "mute"),
}  # fmt: skip
PSEUDO = {SHEET_NAME: N_("工作表名"), SECTION: N_("小标题")}


def pill_of(column: ColumnSeen) -> tuple[str, str]:
    """How it is known which field a column goes to: words and kind."""
    if column.clash:
        return _("冲突"), "bad"
    if column.how is How.NAME and not column.fields:
        return _("自动算出"), "mute"  # a field that the program works out itself
    words, kind = HOW[column.how]
    return _(words), kind


def heading(column: ColumnSeen) -> str:
    """The column's header on one line."""
    if column.index < 0:
        return _(PSEUDO[SHEET_NAME if column.index == -1 else SECTION])
    from expo_app.exchange.headers import flat

    return " / ".join(flat(line) for line in column.header.split("\n") if line.strip()) or place(column)


def place(column: ColumnSeen) -> str:
    """The letter above a column."""
    from expo_app.exchange.headers import letter

    return letter(column.index) if column.index >= 0 else ""


def text_of(cell: Any) -> str:
    """A cell as it stands in the file, on one line."""
    return "" if cell is None else " ".join(as_text(cell).split())


class FieldBox(ComboBox):
    """The drop-down of one column."""

    focused = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class _Lines:
    """Where the lines of the grid lie: rows before the data, the band, rows after it."""

    def __init__(self, sheet: SheetSeen, shown: int) -> None:
        self.last = last = sheet.header[1] if sheet.header else 0
        above = [line for line in sheet.preview if line[0] <= last]
        below = [line for line in sheet.preview if line[0] > last]
        self.above = above[-shown // 2 :]
        self.below = below[: shown - len(self.above)]
        self.header = range(sheet.header[0], last + 1) if sheet.header else range(0)
        self.band = LETTERS + LINE * len(self.above)
        self.height = self.band + BAND + LINE * len(self.below)

    def rows(self) -> list[tuple[int, int, tuple[Any, ...]]]:
        """(y, row number, cells)."""
        found = [(LETTERS + LINE * n, *line) for n, line in enumerate(self.above)]
        return found + [(self.band + BAND + LINE * n, *line) for n, line in enumerate(self.below)]


class _Numbers(QWidget):
    """The row numbers, which stay while the columns scroll; a click makes a row the header."""

    pressed = Signal(int, bool)  # row number, whether Shift is held

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(NUMBERS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(_("点一行作表头，Shift 加点选两三行"))
        self.lines: _Lines | None = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        for top, number, _cells in self.lines.rows() if self.lines else ():
            if top <= y < top + LINE:
                self.pressed.emit(number, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.subtle"))
        lines = self.lines
        if lines is None:
            return
        for top, number, _cells in lines.rows():
            is_header = number in lines.header
            box = QRect(0, top, self.width(), LINE)
            if is_header:
                painter.fillRect(box, theme.color("primary.soft"))
                painter.fillRect(0, top, 3, LINE, theme.color("primary"))
            painter.fillRect(0, top + LINE - 1, self.width(), 1, theme.color("border"))
            painter.setPen(theme.color("primary" if is_header else "text.2"))
            painter.setFont(theme.font("caption.bold" if is_header else "caption"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        band = QRect(0, lines.band, self.width(), BAND)
        painter.fillRect(band, theme.color("bg.surface"))
        painter.fillRect(0, band.bottom(), self.width(), 1, theme.color("border"))
        painter.setPen(theme.color("primary"))
        painter.setFont(theme.font("caption.bold"))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, _("对应到"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("border"))


class _Cells(QWidget):
    """The columns."""

    pressed = Signal(int)  # place of the column

    def __init__(self) -> None:
        super().__init__()
        self.sheet: SheetSeen | None = None
        self.lines: _Lines | None = None
        self.columns: Sequence[ColumnSeen] = ()
        self.edges: list[int] = [0]
        self.current = 0

    def box(self, at: int) -> QRect:
        """The whole column."""
        return QRect(self.edges[at], 0, self.edges[at + 1] - self.edges[at], self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        at = next((n for n in range(len(self.columns)) if self.edges[n] <= x < self.edges[n + 1]), None)
        if at is not None:
            self.pressed.emit(at)

    def cell(self, column: ColumnSeen, number: int, cells: tuple[Any, ...]) -> Any:
        """What stands in a column of a row."""
        if column.index == -1 and self.lines and self.sheet and number > self.lines.last:
            return self.sheet.name
        return cells[column.index] if 0 <= column.index < len(cells) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, lines = QPainter(self), self.lines
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        if lines is None:
            return
        self._paint_ground(painter, lines)
        seen = event.rect()
        for at, column in enumerate(self.columns):
            box = self.box(at)
            if box.intersects(seen):
                self._paint_column(painter, lines, box, column)
        if self.columns:
            box = self.box(self.current)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(1, LETTERS + 1, -1, -1), theme.Radius.MARK, theme.Radius.MARK)

    def _paint_ground(self, painter: QPainter, lines: _Lines) -> None:
        width, line = self.width(), theme.color("border")
        painter.fillRect(0, 0, width, LETTERS, theme.color("bg.subtle"))
        painter.fillRect(0, LETTERS - 1, width, 1, line)
        for top, number, _cells in lines.rows():
            if top < lines.band:
                token = "primary.soft" if number in lines.header else "bg.canvas"
                painter.fillRect(0, top, width, LINE, theme.color(token))
            painter.fillRect(0, top + LINE - 1, width, 1, line)
        painter.fillRect(0, lines.band + BAND - 1, width, 1, line)

    def _paint_column(self, painter: QPainter, lines: _Lines, box: QRect, column: ColumnSeen) -> None:
        painter.fillRect(box.right(), LETTERS, 1, box.height() - LETTERS, theme.color("border"))
        inner = QRect(box.x() + PAD, 0, box.width() - 2 * PAD, LETTERS)
        self._write(painter, inner, place(column), "caption.bold", "text.2")
        for top, number, cells in lines.rows():
            cell = self.cell(column, number, cells)
            is_header = number in lines.header
            face = "caption.bold" if is_header else "caption"
            token = "text.1" if is_header or top > lines.band else "text.2"
            right = not is_header and isinstance(cell, int | float) and top > lines.band
            line = QRect(inner.x(), top, inner.width(), LINE)
            self._write(painter, line, text_of(cell), face, token, right)
        y = lines.band
        self._write(painter, QRect(inner.x(), y + 6, inner.width(), 20), heading(column), "caption.bold", "text.1")
        words, kind = pill_of(column)
        width = min(inner.width(), pill_width(words))
        draw_pill(painter, QRectF(inner.x(), y + 68, width, theme.Height.PILL), kind, words)
        why = column.clash or column.why
        rest = QRect(inner.x() + width + PAD, y + 68, inner.width() - width - PAD, theme.Height.PILL)
        if why and rest.width() > 3 * PAD:
            self._write(painter, rest, why, "caption", "bad" if column.clash else "text.2")

    @staticmethod
    def _write(painter: QPainter, box: QRect, words: str, face: str, token: str, right: bool = False) -> None:
        painter.setFont(theme.font(face))
        painter.setPen(theme.color(token))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = elided(words, painter.fontMetrics(), box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


class SheetGrid(QWidget):
    """`set(sheet, columns)`. Signals: `chosen(column place, option)`, `headed(row, shift)`, `moved(column place)`.

    `options` are the fields a column may go to: (names, words); one that none of them is, is added.
    """

    chosen = Signal(int, object)
    headed = Signal(int, bool)
    moved = Signal(int)

    def __init__(self, options: Sequence[tuple[tuple[str, ...], str]]) -> None:
        super().__init__()
        self._options = list(options)
        self._boxes: list[FieldBox] = []
        self._numbers, self._cells, self._area = _Numbers(), _Cells(), QScrollArea()
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._cells)
        line = row(self, 0)
        line.addWidget(self._numbers, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._area, 1)
        self._numbers.pressed.connect(self.headed)
        self._cells.pressed.connect(self.move_to)

    @property
    def columns(self) -> Sequence[ColumnSeen]:
        """The columns shown."""
        return self._cells.columns

    @property
    def shown(self) -> int:
        """How many rows are shown."""
        return len(self._cells.lines.rows()) if self._cells.lines else 0

    @property
    def current(self) -> int:
        """The place of the column that the cards are about."""
        return self._cells.current

    @property
    def current_column(self) -> ColumnSeen | None:
        """That column."""
        return self.columns[self.current] if self.columns else None

    def box_of(self, at: int) -> FieldBox:
        """The drop-down of a column."""
        return self._boxes[at]

    def set(self, sheet: SheetSeen, columns: Sequence[ColumnSeen], titles: Sequence[str]) -> None:
        """Show a sheet; `titles` are the words of the columns' drop-downs."""
        is_low = self.window().height() < theme.LOW_WINDOW
        lines = _Lines(sheet, SHOWN_LOW if is_low else SHOWN)
        before, self._cells.columns = self._cells.columns, columns
        self._cells.sheet = sheet
        self._numbers.lines = self._cells.lines = lines
        self._cells.current = min(self._cells.current, max(0, len(columns) - 1))
        if [c.index for c in before] != [c.index for c in columns] or len(self._boxes) != len(columns):
            self._make_boxes(len(columns))
        for box, column, words in zip(self._boxes, columns, titles, strict=True):
            self._show_in(box, column, words)
        self._lay_out()

    def _make_boxes(self, count: int) -> None:
        for box in self._boxes:
            box.hide()
            box.deleteLater()
        self._boxes = []
        for at in range(count):
            box = FieldBox(self._cells)
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.addItems([words for _names, words in self._options])
            box.view().setMinimumWidth(theme.Width.RAIL)
            box.focused.connect(lambda at=at: self.move_to(at))
            box.activated.connect(lambda option, at=at: self.chosen.emit(at, self._options[option][0]))
            box.show()
            self._boxes.append(box)

    def _show_in(self, box: FieldBox, column: ColumnSeen, words: str) -> None:
        names = [option[0] for option in self._options]
        if column.fields not in names:
            self._options.append((column.fields, words))
            for other in self._boxes:
                other.addItem(words)
        box.setCurrentIndex([option[0] for option in self._options].index(column.fields))
        box.setAccessibleName(f"{heading(column)} {_('对应到')}")
        box.setToolTip(plain_text.shown(column.clash or column.why))
        box.setEnabled(self._cells.sheet is not None and self._cells.sheet.used)
        state = "bad" if column.clash else "warn" if column.how is How.GUESS else ""
        if box.property("state") != state:
            box.setProperty("state", state)
            repolish(box)

    def _lay_out(self) -> None:
        lines = self._cells.lines
        if lines is None:
            return
        room = self._area.viewport().width()
        widths = [self._width(lines, at) for at in range(len(self.columns))]
        spare = room - sum(widths)
        if widths and spare > 0:
            widths = [width + spare * width // sum(widths) for width in widths]
            widths[-1] += room - sum(widths)
        edges = [0]
        for width in widths:
            edges.append(edges[-1] + width)
        self._cells.edges = edges
        self._cells.resize(max(edges[-1], room), lines.height)
        self._numbers.setFixedHeight(lines.height)
        bar = self._area.horizontalScrollBar().sizeHint().height() if edges[-1] > room else 0
        self.setFixedHeight(lines.height + bar)
        for at, box in enumerate(self._boxes):
            box.setGeometry(edges[at] + 4, lines.band + 30, widths[at] - 9, theme.Height.CONTROL)
        self._cells.update()
        self._numbers.update()

    def _width(self, lines: _Lines, at: int) -> int:
        column, small = self.columns[at], QFontMetrics(theme.font("caption"))
        bold = QFontMetrics(theme.font("caption.bold"))
        cells = [text_of(self._cells.cell(column, *line)) for line in lines.below]
        wide = [small.horizontalAdvance(words) for words in cells]
        need = max([bold.horizontalAdvance(heading(column)), *wide]) + 2 * PAD + 2
        chosen = self.fontMetrics().horizontalAdvance(self._boxes[at].currentText()) + 56
        return max(LEAST, min(WIDEST, need), min(WIDEST, chosen), pill_width(pill_of(column)[0]) + 2 * PAD)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def move_to(self, at: int) -> None:
        """Make a column the current one and bring it into sight."""
        if not 0 <= at < len(self.columns):
            return
        self._cells.current = at
        box = self._cells.box(at)
        middle = QPoint(box.center().x(), 0)
        self._area.ensureVisible(middle.x(), 0, box.width() // 2 + PAD, 0)
        self._cells.update()
        self.moved.emit(at)
