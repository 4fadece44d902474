"""The rows of a plan: a tick, what each would do, why not in full below it, a cell corrected in place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QToolTip, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import KeyCap, Label, draw_box, draw_shape
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_cells import PAD, CellDelegate, draw_check
from expo_app.ui.kit.table_view import TableView

Index = QModelIndex | QPersistentModelIndex
Place = tuple[str, int]
ROW, MARK, GAP = theme.Height.ROW, theme.Space.L, theme.Space.XS
"""Height of a row's own line; room for the mark of a remark; below the last remark."""
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)


class Written(str):
    """A cell that could not be read, as it stands in the file."""

    __slots__ = ()


@dataclass(frozen=True)
class Remark:
    """A line below a row. `kind` warn or bad; "" with a tick of its own, for the field it changes."""

    words: str
    kind: str = "bad"
    field: str = ""
    is_on: bool = False


class PlanModel(TableModel):
    """Only rows that go in have a tick."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(columns, checkable=True)
        self.allowed: frozenset[Place] = frozenset()

    def set_checked(self, row_id: Hashable, on: bool) -> None:
        if row_id in self.allowed:
            super().set_checked(row_id, on)

    def check_all(self, on: bool = True) -> None:
        shown = {row_[0] for row_ in self.rows()} & self.allowed
        self.check_only(self.checked | shown if on else self.checked - shown)

    def all_checked(self) -> bool:
        shown = {row_[0] for row_ in self.rows()} & self.allowed
        return bool(shown) and shown <= self.checked

    def check_quietly(self, row_ids: Iterable[Hashable]) -> None:
        """Ticks as the plan has them: nobody is told."""
        self.checked = set(row_ids)


class _Delegate(CellDelegate):
    """The cells in a row's own line; below it is painted by the view."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.rect.height() <= ROW:
            super().paint(painter, option, index)
            return
        whole = QRect(option.rect)
        own = QStyleOptionViewItem(option)
        own.rect = whole.adjusted(0, 0, 0, ROW - whole.height())
        super().paint(painter, own, index)
        below = whole.adjusted(0, ROW - 1, 0, 0)
        self._ground(painter, below, index, bool(option.state & option.state.State_Selected))

    def _words(self, painter: QPainter, inner: QRectF, column: Column, value: Any) -> None:
        if isinstance(value, Written) and column.kind == "dot":  # a word that is none of ours has no colour of its own
            column = replace(column, kind="text", tone=lambda _value: "bad")
        super()._words(painter, inner, column, value)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        view_ = self._view
        said = view_.mended_from(index) if isinstance(view_, PlanTable) and index.isValid() else ""
        if said:
            QToolTip.showText(event.globalPos(), plain_text.shown(said), view)
            return True
        return super().helpEvent(event, view, option, index)


class EditCard(QFrame):
    """Below the cell that is corrected: what is wrong, what the correction is for, the keys."""

    def __init__(self, parent: QWidget, title: str, problem: str) -> None:
        super().__init__(parent)
        lines = column(self, theme.Space.XS)
        lines.setContentsMargins(theme.Space.L, theme.Space.M, theme.Space.L, theme.Space.M)
        lines.addWidget(Label(_("改这一格：{field}").format(field=title), "caption.bold"))
        if problem:
            lines.addWidget(Label(problem, "fact", "bad", wrap=True))
        lines.addWidget(Label(_("只改这次导入，不改文件"), "fact"))
        keys = row()
        for cap, words in (("Enter", _("改好")), ("Esc", _("不改")), ("Alt+↓", _("到下一处"))):
            keys.addWidget(KeyCap(cap))
            keys.addWidget(Label(words, "fact"))
        keys.addStretch(1)
        lines.addLayout(keys)
        width = max(self.sizeHint().width(), theme.Width.PANEL_NARROW - theme.Space.XXXL)
        self.setFixedSize(width, max(self.sizeHint().height(), lines.totalHeightForWidth(width)))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), theme.color("border.button"))


class PlanTable(TableView):
    """`corrected(place, field, text, goes on)`, `wanted(place, field)` to correct a cell, `turned(place, field)` for a
    remark with a tick. Keys: Space ticks, F2 corrects, N and Shift+N go to the next problem, U turns the ticks below.
    """

    corrected = Signal(object, str, str, bool)
    wanted = Signal(object, str)
    turned = Signal(object, str)

    def __init__(self, columns: Sequence[Column]) -> None:
        self.remarks: dict[Place, list[Remark]] = {}
        self.mended: Mapping[tuple[Place, str], str] = {}
        self._editor: LineEditor | None = None
        self._card: EditCard | None = None
        self._editing: tuple[Place, str] | None = None
        self.model_ = PlanModel(columns)
        super().__init__(self.model_, _("导入计划"))
        self._delegate = _Delegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._size_rows)
        self.verticalScrollBar().valueChanged.connect(lambda _y: self._later.start())
        self.horizontalHeader().geometriesChanged.connect(self._later.start)
        self.model_.modelReset.connect(self._later.start)

    # --- heights and what stands below a row ---

    def _left(self) -> int:
        """Where remarks begin: under the first field."""
        return self.columnViewportPosition(min(3, len(self.model_.columns) - 1)) + PAD

    def _room(self) -> int:
        return max(theme.Width.RAIL, self.viewport().width() - self._left() - 2 * PAD - MARK)

    def _height(self, remark: Remark) -> int:
        metrics = QFontMetrics(theme.font("caption"))
        return (
            metrics.boundingRect(QRect(0, 0, self._room(), 10_000), WRAP, plain_text.shown(remark.words)).height() + 2
        )

    def height_of(self, place: Place) -> int:
        """The height a row needs for its own line and all its remarks."""
        below = self.remarks.get(place)
        return ROW + (sum(map(self._height, below)) + GAP if below else 0)

    def _size_rows(self) -> None:
        """Give the rows in sight their height: of ten thousand nobody waits for all."""
        count, bottom = self.model_.rowCount(), self.viewport().height()
        place = max(0, self.rowAt(0))
        while place < count and self.rowViewportPosition(place) < bottom:
            wanted = self.height_of(self.model_.id_at(place))
            if self.rowHeight(place) != wanted:
                self.setRowHeight(place, wanted)
            place += 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def select_id(self, row_id: Hashable) -> bool:
        found = super().select_id(row_id)
        if found:
            self._size_rows()
            self.scrollTo(self.currentIndex())
        return found

    def _lines(self, place: int) -> list[tuple[QRect, Remark]]:
        """Where each remark of a row lies in the viewport."""
        row_id = self.model_.id_at(place)
        y, found = self.rowViewportPosition(place) + ROW - 4, []
        for remark in self.remarks.get(row_id, ()):
            height = self._height(remark)
            found.append((QRect(self._left(), y, self._room() + MARK, height), remark))
            y += height
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        place, count = max(0, self.rowAt(event.rect().top())), self.model_.rowCount()
        while place < count and self.rowViewportPosition(place) <= event.rect().bottom():
            for box, remark in self._lines(place):
                self._paint_remark(painter, box, remark)
            place += 1
        self._paint_mended(painter)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid() and self.model_.columns[current.column()].kind != "check":
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box = self.visualRect(current)
            painter.drawRoundedRect(QRectF(box.x() + 2, box.y() + 2, box.width() - 5, ROW - 6), 4, 4)

    @staticmethod
    def _paint_remark(painter: QPainter, box: QRect, remark: Remark) -> None:
        metrics = QFontMetrics(theme.font("caption"))
        middle = QPointF(box.x() + 5, box.y() + 1 + metrics.height() / 2)
        token = theme.KINDS[remark.kind][0] if remark.kind else "text.2"
        if remark.kind:
            draw_shape(painter, remark.kind, token, middle)
        else:
            draw_check(painter, middle, remark.is_on)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color(token))
        left = MARK if remark.kind else MARK + theme.Space.XS
        painter.drawText(box.adjusted(left, 0, 0, 0), WRAP, plain_text.shown(remark.words))

    def _paint_mended(self, painter: QPainter) -> None:
        """A small corner in every corrected cell in sight."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary"))
        for place_id, name in self.mended:
            place, at = self.model_.place_of(place_id), self._column(name)
            if place >= 0 and at is not None:
                box = self.visualRect(self.model_.index(place, at))
                right, top = box.right() - 2, box.y() + 2
                painter.drawPolygon(QPolygonF([QPointF(right - 6, top), QPointF(right, top), QPointF(right, top + 6)]))

    def mended_from(self, index: Index) -> str:
        """What the file said in a corrected cell."""
        key = (self.model_.id_at(index.row()), self.model_.columns[index.column()].name)
        return _("文件里是“{text}”").format(text=self.mended[key]) if key in self.mended else ""

    def _column(self, name: str) -> int | None:
        return next((n for n, column_ in enumerate(self.model_.columns) if column_.name == name), None)

    # --- mouse and keys ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.rowAt(int(event.position().y()))
        if place >= 0:
            for box, remark in self._lines(place):
                if remark.field and box.contains(event.position().toPoint()):
                    self.select_id(self.model_.id_at(place))
                    self.turned.emit(self.model_.id_at(place), remark.field)
                    return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.model_.columns[index.column()].kind != "check":
            self.wanted.emit(self.model_.id_at(index.row()), self.model_.columns[index.column()].name)
            return
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        current = self.currentIndex()
        if event.key() == Qt.Key.Key_N and (plain or shift):
            self.next_problem(-1 if shift else 1)
        elif event.key() == Qt.Key.Key_U and plain and current.isValid():
            place = self.model_.id_at(current.row())
            for remark in [r for r in self.remarks.get(place, ()) if r.field]:
                self.turned.emit(place, remark.field)
        elif event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and current.isValid():
            self.wanted.emit(self.model_.id_at(current.row()), self.model_.columns[current.column()].name)
        else:
            super().keyPressEvent(event)

    def next_problem(self, by: int = 1) -> bool:
        """Go to the next row with something wrong or to know, round the end; False when there is none."""
        count = self.model_.rowCount()
        current = self.currentIndex()
        begin = current.row() if current.isValid() else (-1 if by > 0 else 0)
        for step in range(1, count + 1):
            row_id = self.model_.id_at((begin + by * step) % count)
            if any(remark.kind for remark in self.remarks.get(row_id, ())):
                return self.select_id(row_id)
        return False

    # --- a cell corrected in place ---

    @property
    def editor(self) -> LineEditor | None:
        """The line of the cell that is being corrected."""
        return self._editor

    def edit_cell(self, place: Place, name: str, title: str, text: str, problem: str) -> None:
        """Open a cell; a field that has no column is corrected in the last one."""
        self.close_editor()
        if not self.select_id(place):
            return
        at = self._column(name)
        at = len(self.model_.columns) - 1 if at is None else at
        self.setCurrentIndex(self.model_.index(self.model_.place_of(place), at))
        host = self.parentWidget() or self  # not the viewport: Tab finds nothing in there
        corner = self.viewport().mapTo(host, QPoint(0, 0))
        box = self.visualRect(self.currentIndex()).translated(corner)
        self._editing = (place, name)
        self._editor = editor = LineEditor(parent=host)
        editor.setAccessibleName(title)
        width = max(box.width() - 4, theme.Width.RAIL - theme.Space.XXXL)
        x = min(box.x() + 2, host.width() - width - 2)
        editor.setGeometry(x, box.y() + 2, width, theme.Height.CONTROL)
        editor.set_value(text)
        editor.selectAll()
        editor.left.connect(self.close_editor)
        editor.installEventFilter(self)
        self._card = card = EditCard(host, title, problem)
        y = box.y() + ROW + 2
        if y + card.height() > host.height():
            y = max(0, box.y() - card.height() - 2)
        card.move(max(0, min(x, host.width() - card.width() - GAP)), y)
        card.show()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_editor(self) -> None:
        """Leave the cell as it was."""
        editor, card, self._editor, self._card = self._editor, self._card, None, None
        had_focus = editor is not None and editor.hasFocus()
        for widget in (editor, card):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _commit(self, goes_on: bool) -> None:
        if self._editor is None or self._editing is None:
            return
        text, (place, name) = self._editor.text().strip(), self._editing
        self.close_editor()
        self.corrected.emit(place, name, text, goes_on)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if watched is self._editor and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_editor()
                return True
            if (
                event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                self._commit(goes_on=False)
                return True
            if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._commit(goes_on=True)
                return True
        return bool(super().eventFilter(watched, event))
