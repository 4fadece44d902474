"""Step 3: what words mean that nobody knows yet, and which names are those of organisations that are there."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from expo_app import plain_text
from expo_app.i18n import N_, _
from expo_app.rules import likeness
from expo_app.rules.natural_order import natural_key
from expo_app.specs import ImportPlan
from expo_app.specs.choices import EMPTY, NEW, Choices
from expo_app.specs.plan import Suspect, ValueSeen
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, repolish
from expo_app.ui.kit.fields import ComboBox, SearchField
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.kit.panels import clear, column, row, scrolled
from expo_app.ui.kit.picker import PickerLine, from_words
from expo_app.ui.kit.placeholders import Banner, EmptyState
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.kit.table_cells import CellDelegate, Span, draw_two_lines
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records.import_wizard import cells
from expo_app.ui.records.import_wizard.step import SIDE, SideRow, Step
from expo_app.ui.records.import_wizard.work import Work, values_open

Index = QModelIndex | QPersistentModelIndex
PEOPLE = "people"
GROUP, VALUE, SUSPECT, MANY, PAIRS = 26, 38, 46, 200, 4
"""Row heights; values from which on there is a search; pairs in sight at once."""
OURS = "ours"
"""归入, beside NEW and EMPTY."""
LIKENESS = (None, 0.95, 0.9, 0.85, 0.8)
WALK, NEXT = ("↑↓", N_("换值")), ("N", N_("下一个待定"))
VALUE_KEYS = (("1", N_("新建")), ("2", N_("归入")), ("3", N_("留空")))
SUSPECT_KEYS = (("S", N_("同一单位")), ("D", N_("新建")))
SPECS = {"organisations": N_("单位"), "people": N_("人")}


def kind_of(target: str | None) -> str | None:
    """Which of 新建, 归入, 留空 a target is; None while it is open."""
    return target if target in (None, NEW, EMPTY) else OURS


class _Delegate(CellDelegate):
    """Group lines, segments, drop-downs and names with their differences."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self._view
        name = view.rows_model.columns[index.column()].name
        item = view.items[view.rows_model.id_at(index.row())]  # type: ignore[attr-defined]
        rect = QRectF(option.rect)
        if isinstance(item, str):
            self._group(painter, rect, item)
            return
        if name not in ("how", "target", "file", "ours", "like"):
            super().paint(painter, option, index)
            return
        self._ground(painter, option.rect, index, bool(option.state & QStyle.StateFlag.State_Selected))
        if name == "how":
            segments, chosen = view.segments(item), view.chosen(item)  # type: ignore[attr-defined]
            cells.draw_segments(painter, rect, segments, chosen)
        elif name == "target":
            words, state = target_words(item, self._field_title(item), view.has_targets(item))  # type: ignore[attr-defined]
            cells.draw_drop(painter, rect, words, state)
        else:
            self._lines(painter, rect, name, item)

    def _field_title(self, item: ValueSeen) -> str:
        return self._view.title_of(item.field)  # type: ignore[attr-defined]

    @staticmethod
    def _group(painter: QPainter, rect: QRectF, words: str) -> None:
        painter.fillRect(rect, theme.color("bg.canvas"))
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.color("border"))
        title, _tab, rest = plain_text.shown(words).partition("\t")
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.1"))
        inner = rect.adjusted(cells.PAD, 0, -cells.PAD, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, title)
        inner.adjust(painter.fontMetrics().horizontalAdvance(title) + theme.Space.M, 0, 0, 0)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, rest)

    @staticmethod
    def _lines(painter: QPainter, rect: QRectF, name: str, item: Suspect) -> None:
        if name == "like":
            is_open = item.choice is None
            said = _("相似 {n}%").format(n=round(item.likeness * 100))
            words = f"{said} · {_('待定')}" if is_open else said
            draw_two_lines(painter, rect, words, item.why, (), "strong", "warn" if is_open else "text.1")
            return
        kind = _(SPECS.get(item.spec, "")) if item.spec in SPECS else ""
        words, small = (item.file, _("{n} 行").format(n=item.rows)) if name == "file" else (item.ours, kind)
        draw_two_lines(painter, rect, words, small, differing(item, name))


def differing(item: Suspect, side: str) -> Sequence[Span]:
    """The characters of one of the two names that the other has not."""
    return likeness.differing(item.file, item.ours)[0 if side == "file" else 1]


def target_words(item: ValueSeen, title: str, has_targets: bool) -> tuple[str, str]:
    """What the drop-down of a value says, and its state."""
    if item.target is None:
        return (
            _("选一个{field}").format(field=title) if has_targets else _("还没有{field}").format(field=title)
        ), "warn"
    if item.target == NEW:
        return _("{value}（新）").format(value=item.value), ""
    return (_("留空"), "off") if item.target == EMPTY else (item.target, "")


class _ChoiceTable(TableView):
    """A table with one set of segments per row, pressed by mouse or keys: `decided(id, key)`.

    `all_decided` after N where nothing is open any more.
    """

    decided = Signal(object, object)
    all_decided = Signal()
    keys: ClassVar[dict[Qt.Key, object]] = {}

    def __init__(self, model: TableModel, name: str, title_of: Any) -> None:
        self.items: dict[Any, Any] = {}
        self.title_of = title_of
        super().__init__(model, name)
        self.setItemDelegate(_Delegate(self))

    def segments(self, item: Any) -> list[cells.Segment]:
        """The choices of a row."""
        raise NotImplementedError

    def chosen(self, item: Any) -> object:
        """The key of the choice made, None while it is open."""
        raise NotImplementedError

    def current_item(self) -> Any:
        """What the current row is about; None without one, or on a group's line."""
        item = self.items.get(self.current_id())
        return None if isinstance(item, str) else item

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        item = self.items.get(self.rows_model.id_at(index.row())) if index.isValid() else None
        if isinstance(item, str):
            return
        super().mousePressEvent(event)
        if item is None or self.rows_model.columns[index.column()].name != "how":
            return
        segments = self.segments(item)
        for box, (key, _words, may) in zip(
            cells.segment_boxes(QRectF(self.visualRect(index)), segments), segments, strict=True
        ):
            if may and box.contains(event.position()):
                self.decided.emit(self.rows_model.id_at(index.row()), key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item, plain = self.current_item(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if plain and key in self.keys and item is not None:
            wanted = self.keys[key]
            if any(k == wanted and may for k, _words, may in self.segments(item)):
                self.decided.emit(self.current_id(), wanted)
        elif plain and key == Qt.Key.Key_N:
            if not self.next_open():
                self.all_decided.emit()
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        """The next row that is no group's line."""
        place = self.currentIndex().row() + by
        while 0 <= place < self.rows_model.rowCount():
            if not isinstance(self.items[self.rows_model.id_at(place)], str):
                self.select_id(self.rows_model.id_at(place))
                return
            place += by

    def next_open(self, but: Container[Any] = ()) -> bool:
        """Go to the next row nobody decided about, none of `but`; False when there is none."""
        count, begin = self.rows_model.rowCount(), self.currentIndex().row() + 1
        for step in range(count):
            row_id = self.rows_model.id_at((begin + step) % count)
            item = self.items[row_id]
            if not isinstance(item, str) and row_id not in but and self.chosen(item) is None:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                return self.select_id(row_id)
        return False


class _ValueModel(TableModel):
    """Lines of groups have no tick."""

    def check_all(self, on: bool = True) -> None:
        self.check_only(row_[0] for row_ in self.rows() if row_[0][1] is not None and on)


class ValueTable(_ChoiceTable):
    """The values, grouped by field; 2 opens the target, Ctrl+A ticks the group."""

    targeted = Signal(object, str)
    keys: ClassVar[dict[Qt.Key, object]] = {Qt.Key.Key_1: NEW, Qt.Key.Key_2: OURS, Qt.Key.Key_3: EMPTY}

    def __init__(self, title_of: Callable[[str], str], takes: Callable[[str, str], bool]) -> None:
        """`takes(field, name)`: whether a name that is not offered will do (a district, where provinces are)."""
        self._editor: PickerLine | None = None
        self.takes = takes
        columns = [
            Column("value", _("文件里的值"), 160, role="strong", sortable=False),
            Column("rows", _("行数"), 64, "number", sortable=False),
            Column("how", _("怎么处理"), cells.segments_width(_segments(True, True)), sortable=False, held=True),
            Column("target", _("归入 / 新建为"), 176, sortable=False, held=True),
            Column("example", _("这些行里的样子"), 240, role="caption", sortable=False, stretch=True),
        ]
        super().__init__(_ValueModel(columns, checkable=True), _("不认识的取值"), title_of)

    def segments(self, item: ValueSeen) -> list[cells.Segment]:
        return _segments(item.may_be_new, self.has_targets(item))

    def has_targets(self, item: ValueSeen) -> bool:
        """Whether there is anything that the value could be taken for."""
        return bool(item.offered) or self.takes(item.field, item.value)

    def chosen(self, item: ValueSeen) -> object:
        return kind_of(item.target)

    def show_values(self, groups: Sequence[tuple[str, str, Sequence[ValueSeen]]]) -> None:
        """(field, what to say of the group, its values)."""
        rows: list[tuple[Any, ...]] = []
        self.items = {}
        for name, words, values in groups:
            self.items[name, None] = words
            rows.append(((name, None), words, None, None, None, None))
            for value in values:
                self.items[name, value.value] = value
                rows.append(((name, value.value), value.value, value.rows, value.target, value.target, value.example))
        self.clearSpans()
        self.rows_model.set_rows(rows)
        for place, shown in enumerate(self.rows_model.rows()):
            is_group = shown[0][1] is None
            self.setRowHeight(place, GROUP if is_group else VALUE)
            if is_group:
                self.setSpan(place, 0, 1, len(self.rows_model.columns))
        self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if index.isValid() and self.rows_model.columns[index.column()].name == "target":
            self.open_target()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        plain_two = event.key() == Qt.Key.Key_2 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if alt_down or plain_two:
            self.open_target()
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            current = self.current_id()
            field = current[0] if current else None
            self.rows_model.check_only(k for k in self.items if k[0] == field and k[1] is not None)
        else:
            super().keyPressEvent(event)

    def open_target(self) -> None:
        """Let the person type which of ours it is; typing filters."""
        item, row_id = self.current_item(), self.current_id()
        if item is None or self._editor is not None or not self.has_targets(item):
            return
        at = next(n for n, c in enumerate(self.rows_model.columns) if c.name == "target")
        host = self.parentWidget() or self  # not the viewport: Tab finds nothing in there
        rect = QRectF(self.visualRect(self.rows_model.index(self.currentIndex().row(), at)))
        rect.translate(QPointF(self.viewport().mapTo(host, QPoint(0, 0))))
        self._editor = editor = PickerLine(from_words(lambda: list(item.offered)), parent=host)
        editor.setAccessibleName(_("归入"))
        editor.setGeometry(cells.drop_box(rect).adjusted(0, -1, 0, 1).toRect())
        editor.set_value(item.target if kind_of(item.target) == OURS else item.near)
        editor.selectAll()
        editor.picked.connect(lambda _key, name: self._close_target(row_id, name))
        editor.returnPressed.connect(lambda: self._enter_target(row_id, editor.text().strip()))
        editor.left.connect(lambda: self._close_target(row_id, ""))
        editor.installEventFilter(self)
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.offer("")

    def _enter_target(self, row_id: Any, name: str) -> None:
        """Enter: a name that is none of ours turns red and stays open."""
        item = self.items[row_id]
        if not name or name in item.offered or self.takes(item.field, name):
            self._close_target(row_id, name)
        elif self._editor is not None:
            self._editor.setProperty("state", "bad")
            repolish(self._editor)

    def _close_target(self, row_id: Any, name: str) -> None:
        """Done with it; only a name there is counts."""
        editor, self._editor = self._editor, None
        if editor is None:
            return
        editor.hide()
        editor.deleteLater()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        item = self.items.get(row_id)
        if isinstance(item, ValueSeen) and name:
            self.targeted.emit(row_id, name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        editor = self._editor
        if editor is None or watched is not editor or not isinstance(event, QKeyEvent) or editor.is_offering:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._close_target(None, "")
            return True
        return super().eventFilter(watched, event)


def _segments(may_be_new: bool, has_targets: bool) -> list[cells.Segment]:
    return [(NEW, _("新建"), may_be_new), (OURS, _("归入"), has_targets), (EMPTY, _("留空"), True)]


def _same_segments(spec: str) -> list[cells.Segment]:
    return [(True, _("同一人") if spec == PEOPLE else _("同一单位"), True), (False, _("新建"), True)]


def _same_width(spec: str) -> int:
    return cells.segments_width(_same_segments(spec))


class SuspectTable(_ChoiceTable):
    """Names side by side."""

    keys: ClassVar[dict[Qt.Key, object]] = {Qt.Key.Key_S: True, Qt.Key.Key_D: False}

    def __init__(self, title_of: Any) -> None:
        columns = [
            Column("file", _("文件里"), 260, sortable=False, stretch=True, held=True),
            Column("ours", _("展会库里"), 260, sortable=False, stretch=True, held=True),
            Column("like", _("像在哪里"), 240, sortable=False, held=True),
            Column("how", _("怎么处理"), max(map(_same_width, SPECS)), sortable=False, held=True),
        ]
        super().__init__(TableModel(columns), _("疑似同一单位"), title_of)
        self.verticalHeader().setDefaultSectionSize(SUSPECT)

    def segments(self, item: Suspect) -> list[cells.Segment]:
        return _same_segments(item.spec)

    def chosen(self, item: Suspect) -> object:
        return item.choice

    def show_suspects(self, suspects: Sequence[Suspect]) -> None:
        self.items = {(s.spec, s.file): s for s in suspects}
        rows = [((s.spec, s.file), s.file, s.ours, s.likeness, s.choice) for s in suspects]
        self.rows_model.set_rows(rows)
        self.fit()
        head = self.horizontalHeader().height()
        self.setFixedHeight(head + SUSPECT * min(max(1, len(rows)), PAIRS) + 2)


class ValuesStep(Step):
    """Fields with open values at the left; the values; the names that look alike."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._found = ""
        outer = row(self, theme.Space.L)
        outer.addWidget(self._make_side())
        outer.addWidget(Line(vertical=True))
        self._empty = EmptyState("checkbox-circle-line", _("没有不认识的取值"), _("文件里的词和单位都认得。"))
        self._main = self._make_main()
        outer.addWidget(self._main, 1)
        outer.addWidget(self._empty, 1)

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(SIDE)
        lines = column(side, theme.Space.S)
        lines.addWidget(Label(_("不认识的取值"), "section"))
        self._counted = Label("", "fact", wrap=True)
        lines.addWidget(self._counted)
        inner = QWidget()
        self._fields = column(inner, 0)
        self._fields.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines.addWidget(scrolled(inner), 1)
        lines.addWidget(Banner("info", _("归入的词会记成别名，以后再遇到直接认得"), small=True))
        return side

    def _make_main(self) -> QWidget:
        main = QWidget()
        lines = column(main, theme.Space.M)
        self._value_part, self._suspect_part = QWidget(), QWidget()
        part = column(self._value_part, theme.Space.S)
        bulk = row()
        bulk.addWidget(Label(_("对应取值"), "section"))
        self._bulk_said = Label("", "fact")
        bulk.addWidget(self._bulk_said)
        self.bulk_target = ComboBox()
        self.bulk_target.setAccessibleName(_("一起归入"))
        self.bulk_ours = Button(
            _("归入"), icon="git-merge-line", clicked=lambda: self._bulk(self.bulk_target.currentText())
        )
        self.bulk_new = Button(_("新建"), icon="add-line", clicked=lambda: self._bulk(NEW))
        self.bulk_empty = Button(_("留空"), icon="eraser-line", clicked=lambda: self._bulk(EMPTY))
        for widget in (self.bulk_ours, self.bulk_target, self.bulk_new, self.bulk_empty):
            bulk.addWidget(widget)
        bulk.addStretch(1)
        self.search = SearchField(_("找一个值"))
        self.search.searched.connect(self._search)
        bulk.addWidget(self.search)
        part.addLayout(bulk)
        self.values = ValueTable(self._title, self._takes)
        self.values.setMinimumHeight(theme.Height.ROW * 5)
        self.values.decided.connect(self._decide)
        self.values.targeted.connect(lambda row_id, name: self._set([row_id], name))
        self.values.rows_model.checked_changed.connect(lambda _n: self._show_bulk())
        self.values.row_selected.connect(lambda _id: self._show_bulk())
        part.addWidget(TableCard(self.values), 1)
        lines.addWidget(self._value_part, 1)
        part = column(self._suspect_part, theme.Space.S)
        head = row()
        self._suspect_title = Label(_("疑似同一单位"), "section")
        head.addWidget(self._suspect_title)
        self._suspect_said = Label("", "fact")
        head.addWidget(self._suspect_said, 1)
        head.addWidget(Label(_("没定的"), "fact"))
        self.above = ComboBox()
        self.above.setAccessibleName(_("相似多少算同一单位"))
        for least in LIKENESS:
            words = _("相似 ≥ {n}% 的都算同一单位").format(n=round(least * 100)) if least else _("一对一对定")
            self.above.addItem(words, least)
        self.above.activated.connect(lambda _at: self._choose(same_above=self.above.currentData()))
        head.addWidget(self.above)
        part.addLayout(head)
        self.suspects = SuspectTable(self._title)
        self.suspects.decided.connect(self._decide_suspect)
        self.values.all_decided.connect(self.suspects.next_open)
        self.suspects.all_decided.connect(self.values.next_open)
        part.addWidget(TableCard(self.suspects))
        lines.addWidget(self._suspect_part)
        return main

    def _title(self, name: str) -> str:
        return self.work.spec.field(name).title

    def _takes(self, name: str, text: str) -> bool:
        field = self.work.spec.field(name)
        try:
            return field.is_place and field.parse(text) is not None
        except ValueError:
            return False

    # --- the plan ---

    def show_plan(self, plan: ImportPlan) -> None:
        values = [v for v in plan.values if self._found.casefold() in v.value.casefold()]
        values.sort(key=lambda v: (-v.rows, natural_key(v.value)))
        names = list(dict.fromkeys(v.field for v in plan.values))
        groups = [
            (name, self._group_words(name, of), of) for name in names if (of := [v for v in values if v.field == name])
        ]
        self.values.show_values(groups)
        self.suspects.show_suspects(plan.suspects)
        self._value_part.setVisible(bool(plan.values))
        self._suspect_part.setVisible(bool(plan.suspects))
        self._main.setVisible(bool(plan.values or plan.suspects))
        self._empty.setVisible(not (plan.values or plan.suspects))
        self.search.setVisible(len(plan.values) > MANY)
        rows = sum(v.rows for v in plan.values)
        said = _("{n} 行里有 {m} 处用到").format(n=f"{len(plan.rows):,}", m=f"{rows:,}")
        if len(plan.values) > MANY:
            said = _("{said}。这么多，像是对错了列，可回上一步").format(said=said)
        self._counted.setText(said)
        said = _("{n} 对 · {m} 行 · 认作同一单位只连上，不改展会库里的名称")
        suspects = plan.suspects
        has_people = any(s.spec == PEOPLE for s in suspects)
        self._suspect_title.setText(_("疑似同一单位或同一人") if has_people else _("疑似同一单位"))
        self._suspect_said.setText(said.format(n=len(suspects), m=sum(s.rows for s in suspects)))
        self.above.setCurrentIndex(max(0, self.above.findData(self.work.choices.same_above)))
        self._show_side(plan)
        self._show_bulk()
        of_values = VALUE_KEYS if plan.values else ()
        self.keys = (WALK, *of_values, *(SUSPECT_KEYS if plan.suspects else ()), NEXT)

    def _group_words(self, name: str, values: Sequence[ValueSeen]) -> str:
        said = _("{n} 个值不认识 · {m} 行").format(n=len(values), m=f"{sum(v.rows for v in values):,}")
        if not any(v.may_be_new for v in values):
            said = _("{said} · 新的要在“类目”里建").format(said=said)
        return f"{self._title(name)}\t{said}"

    def _show_side(self, plan: ImportPlan) -> None:
        clear(self._fields)
        for name in dict.fromkeys(v.field for v in plan.values):
            values = [v for v in plan.values if v.field == name]
            note = _("{n} 个值 · {m} 行").format(n=len(values), m=f"{sum(v.rows for v in values):,}")
            line = SideRow(self._title(name), note=note, pill=_state(sum(v.target is None for v in values)))
            line.pressed.connect(partial(self._show_field, name))
            self._fields.addWidget(line)
        if plan.suspects:
            note = _("{n} 对 · {m} 行").format(n=len(plan.suspects), m=sum(s.rows for s in plan.suspects))
            line = SideRow(_("同名单位"), note=note, pill=_state(sum(s.choice is None for s in plan.suspects)))
            line.pressed.connect(lambda: self.suspects.setFocus(Qt.FocusReason.TabFocusReason))
            self._fields.addWidget(line)

    def _show_field(self, name: str) -> None:
        first = next((k for k in self.values.items if k[0] == name and k[1] is not None), None)
        if first is not None:
            self.values.select_id(first)
            self.values.setFocus(Qt.FocusReason.OtherFocusReason)

    def said(self, plan: ImportPlan) -> tuple[str, str]:
        count = values_open(plan)
        return (_("还有 {n} 处待定；不定也能往下走，这些行标“需留意”").format(n=count), "warn") if count else ("", "")

    def begin(self) -> bool:
        return self.values.next_open() or self.suspects.next_open()

    def _search(self, text: str) -> None:
        self._found = text
        if self.work.plan is not None:
            self.show_plan(self.work.plan)

    # --- decisions ---

    def _choose(self, **given: Any) -> None:
        self.work.choose(replace(self.work.choices, **given))

    def _decide(self, row_id: Any, key: object) -> None:
        if key == OURS:
            self.values.open_target()
        else:
            self._set([row_id], str(key))

    def _set(self, row_ids: Sequence[Any], target: str) -> None:
        choices: Choices = self.work.choices
        for name, value in row_ids:
            choices = choices.with_value(name, value, target)
        self.work.choose(choices)

    def _decide_suspect(self, row_id: Any, same: object) -> None:
        item: Suspect = self.suspects.items[row_id]
        self._choose(same={**self.work.choices.same, item.file: item.ours if same else EMPTY})

    # --- several at once ---

    def _meant(self) -> list[Any]:
        """The ticked values of the field whose tick is first."""
        ticked = [k for k in self.values.items if k in self.values.rows_model.checked]
        return [k for k in ticked if k[0] == ticked[0][0]]

    def _show_bulk(self) -> None:
        meant = self._meant()
        items = [self.values.items[k] for k in meant]
        for widget in (self.bulk_ours, self.bulk_target, self.bulk_new, self.bulk_empty):
            widget.setVisible(bool(meant))
        if not meant:
            self._bulk_said.setText(_("勾几个一起定"))
            return
        said = _("{field}已选 {n} 个值，一起").format(field=self._title(meant[0][0]), n=len(meant))
        self._bulk_said.setText(said)
        self.bulk_new.setEnabled(all(item.may_be_new for item in items))
        offered = list(items[0].offered)
        for widget in (self.bulk_ours, self.bulk_target):
            widget.setVisible(bool(offered))
        if offered != [self.bulk_target.itemText(n) for n in range(self.bulk_target.count())]:
            self.bulk_target.clear()
            self.bulk_target.addItems(offered)

    def _bulk(self, target: str) -> None:
        meant = self._meant()
        self.values.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button pressed goes, and with it the focus
        self.values.next_open(set(meant))
        self.values.rows_model.check_only(())
        self._set(meant, target)


def _state(waiting: int) -> tuple[str, str]:
    return (_("待定 {n}").format(n=waiting), "warn") if waiting else (_("已定"), "ok")
