"""The view of a TableModel: widths, keys, hover over the whole row, selection and ticks by id."""

from collections.abc import Hashable, Sequence
from dataclasses import astuple
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from expo_app.plain_text import pasted
from expo_app.rules.column_widths import Need, fixed, left_out, share
from expo_app.ui.kit import table_widths, theme
from expo_app.ui.kit.table import CHECK_WIDTH, TableModel
from expo_app.ui.kit.table_cells import BOX, PAD, CellDelegate, draw_check


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
    (selects them where nothing can be ticked), a click on a header sorts. Columns have their own width until `fit`.
    """

    opened = Signal(object)
    row_selected = Signal(object)  # id of the current row, None when there is none
    folded = Signal()  # other columns than before are left out

    def __init__(self, model: TableModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.rows_model = model
        self.hovered = -1
        self._kept: tuple[Any, list[Any]] = (None, [])
        self._needs: dict[int, Need] = {}
        self._own: dict[int, int] = {}  # widths the person drew
        self._giving_way: list[int] = []
        self._out: list[int] = []
        self._laying_out = False
        self._said: Any = None
        self._delegate = CellDelegate(self)
        self._head = _Header(self)
        self._head.setAccessibleName(name)
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
        self._lay_out()

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
        """Make `row_id` the current and only selected row and show it; False when it is not in the table."""
        place = self.rows_model.place_of(row_id)
        if place >= 0:
            self._choose(place)
            self.scrollTo(self.rows_model.index(place, 0))
        return place >= 0

    def _choose(self, place: int) -> None:
        """Not `selectRow`: that adds to the selection while Ctrl is down, as it is after Ctrl+Enter in a form."""
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.rows_model.index(place, 0), only)

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

    # --- widths ---

    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if not self._laying_out and new:
            if not self.rows_model.columns[section].stretch:
                self._own[section] = new
            self._lay_out()

    def fit(self, afresh: bool = False) -> None:
        """Measure what stands in the columns and share out the width. Columns only grow until asked `afresh`; one that
        the person drew keeps the person's width.
        """
        model, before = self.rows_model, {} if afresh else self._needs
        first = next((n for n, column in enumerate(model.columns) if column.kind != "check"), -1)
        for section, column in enumerate(model.columns):
            need = table_widths.measure(column, model.values_of(section, table_widths.LOOKED_AT), section == first)
            old = before.get(section, need)
            self._needs[section] = Need(*map(max, astuple(need), astuple(old)))
        if afresh:
            self._own.clear()
        self._lay_out()

    def set_giving_way(self, names: Sequence[str]) -> None:
        """Columns to leave out where the table is too narrow for all, the first one first."""
        places = {column.name: section for section, column in enumerate(self.rows_model.columns)}
        self._giving_way = [places[name] for name in names]

    def hidden_labels(self) -> list[str]:
        """Headers of the columns left out."""
        return [column.label for n, column in enumerate(self.rows_model.columns) if self.isColumnHidden(n)]

    def _need(self, section: int) -> Need:
        if section in self._own:
            return fixed(self._own[section])
        column = self.rows_model.columns[section]
        if section in self._needs:
            return self._needs[section]
        width = CHECK_WIDTH if column.kind == "check" else max(column.width, table_widths.head_width(column))
        return fixed(width)

    def _lay_out(self) -> None:
        """Leave out what does not fit, share the width among the rest."""
        if self._laying_out:
            return
        self._laying_out = True
        columns, room = self.rows_model.columns, self.viewport().width()
        needs = [self._need(section) for section in range(len(columns))]
        out = left_out(needs, self._giving_way, room) if self._needs else []
        for section in range(len(columns)):
            if self.isColumnHidden(section) != (section in out):
                self.setColumnHidden(section, section in out)
        shown = [section for section in range(len(columns)) if section not in out]
        wide = [place for place, section in enumerate(shown) if columns[section].stretch]
        widths = share([needs[section] for section in shown], wide, room)
        for section, width in zip(shown, widths, strict=True):
            self.setColumnWidth(section, width)
        self._laying_out = False
        if out != self._out:
            self._out = out
            self.folded.emit()

    def first_column(self) -> int:
        """The column at the left edge, where the selection bar is painted."""
        return self._head.logicalIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

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
                self.viewport().update(
                    0, self.rowViewportPosition(place), self.viewport().width(), self.rowHeight(place)
                )

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
        """Put the selected rows on the clipboard as TSV with a header line, with every column, in sight or not."""
        shown = [(i, column) for i, column in enumerate(self.rows_model.columns) if column.kind != "check"]
        lines = [[column.label for _i, column in shown]]
        for place in self._selected_places():
            cells = ((column, self.rows_model.value(place, i)) for i, column in shown)
            lines.append(["" if value is None else pasted(column.words(value)) for column, value in cells])
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount() and event.reason() in _BY_KEY:
            self._choose(0)


_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
