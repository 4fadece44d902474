"""The view of a TableModel: cells painted by one delegate, keys, hover over the whole row, totals below."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import draw_box, draw_meter, draw_pill, meter_token, pill_width
from expo_app.ui.kit.panels import column as column_layout
from expo_app.ui.kit.table import CHECK_WIDTH, Column, Index, TableModel

ROLES = {
    "body": ("body", "text.1"), "strong": ("strong", "text.1"), "muted": ("body", "text.2"),
    "caption": ("caption", "text.2"),
}  # fmt: skip
PAD, BAR, BOX, METER = theme.Space.M, 3, 16, 48
STRETCH_ROOM, LEAST_TEXT, SQUEEZE_STEP = 200, 110, 8  # px
LONG_TOTAL = 20  # characters; longer words are said in full by the tooltip


class CellDelegate(QStyledItemDelegate):
    """Paints every kind of cell, with row hover, selection bar and hairline; shows whole texts as tooltips."""

    def __init__(self, view: "TableView") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._view.rows_model
        column, rect = model.columns[index.column()], option.rect
        self._ground(painter, rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        value = model.value(index.row(), index.column())
        inner = QRectF(rect.adjusted(PAD, 0, -PAD, -1))
        if column.kind == "check":
            draw_check(painter, QPointF(rect.x() + PAD + BOX / 2, rect.center().y()), value)
        elif column.kind == "pill" and value is not None:
            self._pill(painter, inner, column, value)
        elif column.kind == "bar" and value is not None:
            self._bar(painter, inner, column, value)
        else:
            self._words(painter, inner, column, value)

    def _ground(self, painter: QPainter, rect: QRect, index: Index, selected: bool) -> None:
        token = "bg.selected" if selected else "bg.hover" if index.row() == self._view.hovered else "bg.surface"
        painter.fillRect(rect, theme.color(token))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color("border"))
        if selected and index.column() == self._view.first_column():
            painter.fillRect(rect.x(), rect.y(), BAR, rect.height(), theme.color("primary"))

    def _words(self, painter: QPainter, inner: QRectF, column: Column, value: Any) -> None:
        face, token = ROLES[column.role]
        if column.kind == "dot" and value is not None and column.tone:
            painter.fillRect(QRectF(inner.x(), inner.center().y() - 4, 8, 8), theme.color(column.tone(value)))
            inner = inner.adjusted(theme.Space.L, 0, 0, 0)
        elif column.tone and value is not None:
            token = column.tone(value) or token
        words = column.words(value)
        painter.setFont(theme.font(face))
        painter.setPen(theme.color("text.3" if words == "—" else token))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _pill(self, painter: QPainter, inner: QRectF, column: Column, value: Any) -> None:
        tone = column.tone(value) if column.tone else "mute"
        words = column.words(value)
        width, height = min(inner.width(), pill_width(words)), theme.Height.PILL
        box = QRectF(inner.x(), inner.center().y() - height / 2, width, height)
        draw_pill(painter, box, tone, words)

    def _bar(self, painter: QPainter, inner: QRectF, column: Column, value: tuple[float, float]) -> None:
        done, total = value
        token = column.tone(value) if column.tone else meter_token(done, total)
        draw_meter(painter, QRectF(inner.x(), inner.center().y() - 3, METER, 6), done / total if total else 0, token)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(inner.adjusted(METER + 8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, column.words(value))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        words = self.whole_text(index) if event.type() == QEvent.Type.ToolTip and index.isValid() else ""
        QToolTip.showText(event.globalPos(), words, view)
        return bool(words)

    def whole_text(self, index: Index) -> str:
        """The cell's words where they do not fit, else ""."""
        model = self._view.rows_model
        column = model.columns[index.column()]
        if column.kind in ("check", "bar"):
            return ""
        words = column.words(model.value(index.row(), index.column()))
        lead = theme.Space.L if column.kind == "dot" else 0
        need = pill_width(words) if column.kind == "pill" else lead + _advance(ROLES[column.role][0], words)
        return words if need > self._view.columnWidth(index.column()) - 2 * PAD else ""


def _advance(role: str, words: str) -> int:
    return QFontMetrics(theme.font(role)).horizontalAdvance(words)


def draw_check(painter: QPainter, center: QPointF, on: bool) -> None:
    """A tick box around `center`."""
    box = QRectF(center.x() - BOX / 2, center.y() - BOX / 2, BOX, BOX).toRect()
    ground, edge = ("primary", "primary") if on else ("bg.surface", "border.strong")
    draw_box(painter, QRectF(box), theme.color(ground), theme.color(edge), theme.Radius.MARK)
    if on:
        icons.draw(painter, "check-line", "on.primary", QRectF(box).adjusted(1, 1, -1, -1))


class _Header(QHeaderView):
    """The header; over the tick column it shows a tick box for all rows."""

    def __init__(self, view: "TableView") -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.Height.HEADER)
        self.setMinimumSectionSize(theme.Space.XXL)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        model = self._view.rows_model
        if model.columns[section].kind == "check":
            draw_check(painter, QPointF(rect.x() + PAD + BOX / 2, rect.center().y()), model.all_checked())


class TableView(QTableView):
    """36 px rows, whole rows hovered and selected. Signals carry row ids.

    Space ticks, Enter or double click `opened(id)`, Ctrl+C copies the selected rows as TSV, Ctrl+A ticks all rows shown
    (selects them where nothing can be ticked), a click on a header sorts. The stretch column takes what is left over.
    """

    opened = Signal(object)
    row_selected = Signal(object)  # id of the current row, None when there is none

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = model
        self.hovered = -1
        self._kept: tuple[Any, list[Any]] = (None, [])
        self._wanted: dict[int, int] = {}
        self._stretching = False
        self._said: Any = None
        self._delegate = CellDelegate(self)
        self._head = _Header(self)
        self.setHorizontalHeader(self._head)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._set_up()
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.checked_changed.connect(self._on_checked)
        self._head.sectionClicked.connect(self._on_header)
        self._head.sectionResized.connect(self._on_resized)
        self.doubleClicked.connect(lambda index: self.opened.emit(model.id_at(index.row())))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        for section, column in enumerate(model.columns):
            label = _advance("caption.bold", column.label + " ↓") + 2 * PAD + 2
            self.setColumnWidth(section, CHECK_WIDTH if column.kind == "check" else max(column.width, label))

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        vertical = self.verticalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(theme.Height.ROW)
        vertical.hide()

    # --- selection by id ---

    def current_id(self) -> Any:
        """The id of the current row; None when there is none."""
        index = self.currentIndex()
        return self.rows_model.id_at(index.row()) if index.isValid() else None

    def selected_ids(self) -> list[Any]:
        """Ids of the selected rows, from top to bottom."""
        return [self.rows_model.id_at(row) for row in self._selected_places()]

    def select_id(self, row_id: Hashable) -> bool:
        """Make `row_id` the current row and show it; False when it is not in the table."""
        place = self.rows_model.place_of(row_id)
        if place >= 0:
            self.selectRow(place)
            self.scrollTo(self.rows_model.index(place, 0))
        return place >= 0

    def _selected_places(self) -> list[int]:
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(place) for place in range(chosen.count())]
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def _remember(self) -> None:
        self._kept = (self.current_id(), self.selected_ids())

    def _restore(self) -> None:
        current, selected = self._kept
        self.hovered = -1
        model, last = self.rows_model, len(self.rows_model.columns) - 1
        chosen = QItemSelection()
        for row_id in selected:
            place = model.place_of(row_id)
            if place >= 0:
                chosen.select(model.index(place, 0), model.index(place, last))
        place = model.place_of(current) if current is not None else -1
        if place >= 0:
            self.selectionModel().setCurrentIndex(model.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        elif current is not None:
            self._say(None)
        if not chosen.isEmpty():
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._say(self.rows_model.id_at(current.row()) if current.isValid() else None)

    def _say(self, row_id: Any) -> None:
        """Tell of another current row; the same one after a refresh is no news."""
        if row_id != self._said:
            self._said = row_id
            self.row_selected.emit(row_id)

    # --- header ---

    def _on_checked(self, _count: int) -> None:
        self._head.viewport().update()

    def _on_header(self, section: int) -> None:
        column, model = self.rows_model.columns[section], self.rows_model
        if column.kind == "check":
            model.check_all(not model.all_checked())
        elif column.sortable:
            model.sort_by(column.name, column.name == model.sort_name and not model.sort_descending)

    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if not self.rows_model.columns[section].stretch and not self._stretching:
            if section in self._wanted:
                self._wanted[section] = new  # the person's own width
            self._stretch()

    def set_widths(self, widths: dict[int, int]) -> None:
        """The widths columns want; where they do not all fit, the widest texts give way first."""
        self._wanted = dict(widths)
        self._stretch()

    def _squeeze(self, wide: Sequence[int]) -> None:
        """Wanted widths, with texts narrowed until the stretch column has STRETCH_ROOM.

        The first column stays as it is: the number there names the row.
        """
        columns, widths = self.rows_model.columns, dict(self._wanted)
        shown = {i: w for i, w in widths.items() if not self.isColumnHidden(i)}
        rest = sum(self.columnWidth(i) for i in range(len(columns)) if i not in shown and i not in wide)
        over = rest + sum(shown.values()) + STRETCH_ROOM * len(wide) - self.viewport().width()
        least = {i: max(LEAST_TEXT, self._header_width(i)) for i in shown if columns[i].kind == "text"}
        least.pop(next((i for i in sorted(shown) if columns[i].kind != "check"), -1), None)
        texts = [i for i in least if shown[i] > least[i]]
        while over > 0 and texts:
            widest = max(texts, key=lambda i: widths[i])
            cut = min(over, SQUEEZE_STEP, widths[widest] - least[widest])
            widths[widest] -= cut
            over -= cut
            texts = [i for i in texts if widths[i] > least[i]]
        for section, width in widths.items():
            self.setColumnWidth(section, width)

    def _header_width(self, section: int) -> int:
        words = str(self.rows_model.headerData(section, Qt.Orientation.Horizontal))
        return _advance("caption.bold", words) + 2 * PAD

    def _stretch(self) -> None:
        """Give the stretch column the width that the others leave, but never less than its own."""
        columns = self.rows_model.columns
        wide = [i for i, column in enumerate(columns) if column.stretch and not self.isColumnHidden(i)]
        if not wide or self._stretching:
            return
        self._stretching = True
        if self._wanted:
            self._squeeze(wide)
        self._share_out(wide)
        self._stretching = False

    def _share_out(self, wide: Sequence[int]) -> None:
        columns = self.rows_model.columns
        used = sum(self.columnWidth(i) for i in range(len(columns)) if i not in wide)
        left = self.viewport().width() - used
        for place in wide:
            self.setColumnWidth(place, max(columns[place].width, left // len(wide)))

    def first_column(self) -> int:
        """The column at the left edge, where the selection bar is painted."""
        return self._head.logicalIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stretch()

    # --- mouse and keys ---

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows_model.columns[index.column()].kind == "check":
            self.toggle(index.row())
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows_model.columns[index.column()].kind == "check":
            self.toggle(index.row())
            return
        super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row == self.hovered:
            return
        before, self.hovered = self.hovered, row
        for place in (before, row):
            if place >= 0:
                self.viewport().update(0, self.rowViewportPosition(place), self.viewport().width(), theme.Height.ROW)

    def toggle(self, place: int) -> None:
        """Tick or clear the row at `place`."""
        row_id = self.rows_model.id_at(place)
        self.rows_model.set_checked(row_id, row_id not in self.rows_model.checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model, current = self.rows_model, self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif event.matches(QKeySequence.StandardKey.SelectAll) and model.checkable:
            model.check_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.isValid():
            self.opened.emit(model.id_at(current.row()))
        elif event.key() == Qt.Key.Key_Space and current.isValid() and model.checkable:
            on = model.id_at(current.row()) not in model.checked
            for row_id in self.selected_ids() or [model.id_at(current.row())]:
                model.set_checked(row_id, on)
        else:
            super().keyPressEvent(event)

    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard as TSV with a header line."""
        shown = [
            (i, column) for i, column in enumerate(self.rows_model.columns)
            if column.kind != "check" and not self.isColumnHidden(i)
        ]  # fmt: skip
        lines = [[column.label for _i, column in shown]]
        for place in self._selected_places():
            cells = ((column, self.rows_model.value(place, i)) for i, column in shown)
            lines.append(["" if value is None else _one_line(column.words(value)) for column, value in cells])
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount() and event.reason() in _BY_KEY:
            self.selectRow(0)


_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


def _one_line(words: str) -> str:
    return " ".join(words.split())


class TotalsView(QWidget):
    """One row of totals under a table, its cells where the table's columns are. `set_totals({column name: words})`."""

    def __init__(self, view: TableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._totals: dict[str, str] = {}
        self.setFixedHeight(theme.Height.ROW)
        head = view.horizontalHeader()
        for signal in (head.sectionResized, head.sectionMoved, head.geometriesChanged):
            signal.connect(self._on_moved)
        view.horizontalScrollBar().valueChanged.connect(self._on_moved)

    def _on_moved(self, *_where: int) -> None:
        self.update()

    def set_totals(self, totals: Mapping[str, str]) -> None:
        """Words per column name; the page says in them what is left out."""
        self._totals = dict(totals)
        self.setAccessibleName("  ".join(self._totals.values()))
        self.setToolTip("\n".join(words for words in self._totals.values() if len(words) > LONG_TOTAL))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.subtle"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("border"))
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1"))
        taken = self.width()
        for section, column in reversed(list(enumerate(self._view.rows_model.columns))):
            words = self._totals.get(column.name)
            if words and not self._view.isColumnHidden(section):
                rect, side = self._place(section, column, taken)
                said = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
                painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, said)
                own = painter.fontMetrics().horizontalAdvance(said)
                taken = (rect.right() - own if column.right else rect.x()) - PAD

    def _place(self, section: int, column: Column, taken: int) -> tuple[QRect, Qt.AlignmentFlag]:
        """Left texts may run on over the empty cells after them, up to `taken`, where the next words begin."""
        x = self._view.columnViewportPosition(section)
        width = self._view.columnWidth(section)
        if column.right:
            return QRect(x, 0, width - PAD, self.height()), Qt.AlignmentFlag.AlignRight
        return QRect(x + PAD, 0, max(width - PAD, taken - x - PAD), self.height()), Qt.AlignmentFlag.AlignLeft


class TableCard(QFrame):
    """A table in its rounded frame, with the focus ring around it, and room below for totals and a footer."""

    def __init__(self, view: TableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.body = column_layout(self, 0, 2)
        self.body.addWidget(view, 1)
        view.installEventFilter(self)

    def add_below(self, widget: QWidget) -> None:
        """Put totals or a footer under the table."""
        self.body.addWidget(widget)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self._view.hasFocus()
        edge = theme.color("focus" if focused else "border")
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), edge, line=2 if focused else 1)
