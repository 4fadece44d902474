"""A list screen from its spec. What a page writes:

    class DealsPage(ListPage):
        spec = DEALS
        noun, counted = N_("成交"), N_("共 {n} 项")          # "新增成交", "共 25 项"
        placeholder = N_("编号、项目、单位、拼音首字母")
        columns = ("deal_no", "entry", "title", …)           # field names; () = spec.table_fields without is_sample
        stretch = "title"                                    # takes the width left over; "" = the widest text column
        chips = ("entry", "stage")                           # facets: first as chips, others in menus; () = spec.chips
        also_shows = ("deal_party",)                         # further tables whose change refreshes the list
        slow_tables = ("check_in",)                          # those that change all the time: read every 2 s at most
        also_reads = ("consent",)                            # fields that only toggles and acts need
        facts = ("wants", "note")                            # fields listed in the panel's 概况; () = all
        dialog_class = DealDialog                            # a RecordDialog

Hooks, all optional (`row` is `(id, *values, search text)`; read it with `self.value(row, "field")`):

    load(db, expo_id) -> rows          other rows or a narrower list; may run in a worker: no widgets
    fact(rows) -> str                  the line under the title, from all rows
    facet(field) -> Facet              what one of `chips` is chosen by, where the usual one is not right
    filters() -> [Toggle]              conditions beside the drop-downs
    actions() -> [QWidget]             buttons before 导入 / 导出 / 新增
    bulk_actions(ids) -> [(words, icon, call(ids))]      shown when rows are ticked; 导出 and 删除 are there already
    above_table() -> QWidget | None    between filters and table (a share bar, a banner)
    totals(rows) -> {column: words}    a totals row under the table, from the rows shown
    cell_pill(field, value) -> kind    tones.pill unless overridden
    head(values) -> (title, facts, pills)                 top of the detail panel
    panels(record_id, values) -> [Panel]                  tabs after 概况; `build()` returns widgets when first shown
    notices(record_id, values) -> [QWidget]               banners at the top of 概况
    panel_actions(record_id, values) -> [Button]          footer after 编辑, primary last; at most 3 in all
    defaults() -> values a new record starts with;  fixed() -> values that go with every save
    save(values, record_id, seen) -> id;  delete(ids)     other services than services.records
    refreshed()                        after new rows are shown
    can_add, can_import, can_export, can_delete, has_panel = True
    deletes_many = True                whether 删除 is offered for ticked rows

Other pages reach it by `context.navigate("deals", record=id)`, `search="kcj"`, `new=True` (with `values` for the form),
or facet and toggle names: `navigate("exhibitors", state=ExhibitorState.ARRIVED)`; the window calls
`open_with(**arguments)`.
`remember(words, undo, redo)` puts an act on the page's undo list (Ctrl+Z, Ctrl+Y) and offers 撤销 in a toast.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.services import records
from expo_app.services.records import Row
from expo_app.specs.records import by_name
from expo_app.ui.kit import jobs, list_columns, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.context import Context
from expo_app.ui.kit.filters import Facet, FilterBar, Toggle
from expo_app.ui.kit.labels import KeyCap, Label, Line
from expo_app.ui.kit.list_hooks import ListHooks
from expo_app.ui.kit.panels import PageHeader, clear, column, row
from expo_app.ui.kit.record_panel import Panel, RecordPanel
from expo_app.ui.kit.states import EmptyState, ErrorState, NoResult, Skeleton
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_view import TableCard, TableView, TotalsView
from expo_app.ui.kit.undo_list import Act, UndoList, attempt

__all__ = ["Column", "Facet", "ListPage", "Panel", "Toggle"]
LARGE = 1500  # rows; more are read in a worker
SLOWLY = 2000  # ms between two readings when only `slow_tables` change: every scan at a gate does
KEYS = (("↑↓", N_("选择")), ("Enter", N_("打开")), ("Space", N_("勾选")), ("F", N_("筛选")))


class ListPage(ListHooks):
    """See the top of this file. Made with the window's context; reads its rows when first shown."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows: list[Row] = []
        self._stale, self._loading, self._again, self._sized = True, False, False, False
        self._wanted: dict[str, Any] = {}
        self.acts = UndoList(self)
        stretch = self.stretch or list_columns.widest_text(self._shown)
        columns = [list_columns.column_of(f, self.words, self.cell_pill, f.name == stretch) for f in self._shown]
        self.model = TableModel(columns, checkable=self.can_export or self.can_delete)
        self.view = TableView(self.model)
        chosen = [self.spec.field(name) for name in self.chips or self.spec.chips]
        facets = [self.facet(field) for field in chosen]
        self.bar = FilterBar(facets, self.filters(), _(self.placeholder))
        self._build()
        self._connect()
        self.setFocusProxy(self.view)

    # --- building ---

    def _build(self) -> None:
        self._outer = outer = row(self, 0)
        main = QWidget()
        lines = column(main, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_(self.title) if self.title else self.spec.label)
        for widget in (*self.actions(), *self._toolbar()):
            self.header.add(widget)
        lines.addWidget(self.header)
        self._lines = lines
        lines.addWidget(self.bar)
        above = self.above_table()
        if above is not None:
            lines.addWidget(above)
        self._bulk = row(spacing=0)
        self.bar.side.addLayout(self._bulk)
        self._pages = QStackedWidget()
        self._card = self._make_card()
        self._skeleton = Skeleton()
        for page in (self._card, self._skeleton):
            self._pages.addWidget(page)
        self._state: QWidget | None = None
        lines.addWidget(self._pages, 1)
        outer.addWidget(main, 1)
        self.panel = RecordPanel(self)
        self.panel.hide()
        outer.addWidget(self.panel)

    def _toolbar(self) -> list[Button]:
        buttons = []
        may_write = self.context.may_write(self.spec.permission)
        if self.can_import:
            button = Button(_("导入"), icon="upload-2-line", clicked=self.import_file)
            buttons.append(_allow(button, may_write and self.context.may("data.import"), self._refusal()))
        if self.can_export:
            button = Button(_("导出"), icon="download-2-line", clicked=self.export)
            buttons.append(_allow(button, self.context.may("data.export"), self._refusal()))
        if self.can_add:
            button = Button(_("新增"), "primary", "add-line", "Ctrl+N", clicked=self.add)
            button.setToolTip("Ctrl+N")
            buttons.append(_allow(button, may_write, self._refusal()))
        return buttons

    def _refusal(self) -> str:
        if self.context.is_read_only:
            return _("数据库以只读方式打开")
        return _("{role}没有这项权限").format(role=self.context.actor.role.label)

    def _make_card(self) -> TableCard:
        card = TableCard(self.view)
        self._totals = TotalsView(self.view)
        card.add_below(self._totals)
        foot = QWidget()
        line = row(foot)
        line.setContentsMargins(theme.Space.M, theme.Space.XS, theme.Space.M, theme.Space.XS)
        self._count = Label("", "fact")
        line.addWidget(self._count)
        line.addStretch(1)
        for keys, words in KEYS:
            if keys == "Space" and not self.model.checkable:
                continue
            line.addWidget(KeyCap(keys))
            line.addWidget(Label(_(words), "fact"))
        card.add_below(Line())
        card.add_below(foot)
        return card

    def _connect(self) -> None:
        context, view = self.context, self.view
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self._refold = QTimer(self, singleShot=True, interval=0)
        self._refold.timeout.connect(self._fold)
        view.installEventFilter(self)
        self.bar.changed.connect(self._on_filter)
        self.model.checked_changed.connect(self._show_bulk)
        self._later = QTimer(self, singleShot=True, interval=SLOWLY)
        self._later.timeout.connect(self.refresh)
        self._look = QTimer(self, singleShot=True, interval=60)
        self._look.timeout.connect(self._follow)
        if self.has_panel:
            view.opened.connect(self.open_record)
            view.clicked.connect(self._on_clicked)
            view.row_selected.connect(lambda _id: self._look.start())
            self.panel.closed.connect(lambda: view.setFocus(Qt.FocusReason.OtherFocusReason))
        else:
            view.opened.connect(self.edit)

    def _fold(self) -> None:
        list_columns.fold(self.view, self.panel.isVisible())

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    # --- reading ---

    @property
    def tables(self) -> frozenset[str]:
        """Tables whose change means new rows: the spec's own, those it joins, `also_shows`."""
        own = {self.spec.table.name, *self.also_shows}
        own |= {by_name(f.ref).table.name for f in self.spec.fields if f.ref and not f.select}
        return frozenset(own | {by_name(parent.spec).table.name for parent in (self.spec.parents or {}).values()})

    def refresh(self) -> None:
        """Read the rows again, in a worker when there are many; selection, ticks and scroll place stay."""
        if self._loading:
            self._again = True
            return
        db, expo_id = self.context.db, self.context.expo_id
        self._stale = False
        try:
            many = len(self.rows) or records.count(db, self.spec, expo_id)
            if many <= LARGE:
                self._take(self.load(db, expo_id))
                return
        except UserError as error:
            self._show_error(error)
            return
        self._loading = True
        if not self.rows:
            self._pages.setCurrentWidget(self._skeleton)
        jobs.run_job(
            self,
            self.spec.label,
            lambda _progress: self.load(db, expo_id),
            self._on_loaded,
            self._on_failed,
            card=False,
        )

    def _on_loaded(self, rows: Sequence[Row]) -> None:
        self._loading = False
        self._take(rows)
        if self._again:
            self._again = False
            self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        if isinstance(error, UserError):
            self._show_error(error)

    def _take(self, rows: Sequence[Row]) -> None:
        bars = [self._places[f.name] for f in self._shown if f.show == "bar"]
        self.rows = [list_columns.with_parts(row_, bars) for row_ in rows] if bars else list(rows)
        self.bar.set_rows(self.rows)
        scroll = self.view.verticalScrollBar().value()
        self.model.set_rows(self.rows)
        if not self._sized and self.rows:
            self._sized = True
            self._begin_order()
        self._on_filter()
        self.view.verticalScrollBar().setValue(scroll)
        self.header.set_fact(self.fact(self.rows))
        self.refreshed()
        if self.panel.isVisible() and self.panel.record_id is not None:
            self.panel.show_record(self.panel.record_id, keep_tab=True)
        self._meet_wishes()

    def _begin_order(self) -> None:
        """The spec's order as the arrow in the header, and widths by what stands in the columns; later the person's."""
        first = self.spec.order[0] if self.spec.order else ""
        name = first.removeprefix("-")
        if any(column_.name == name for column_ in self.model.columns):
            self.model.sort_by(name, first.startswith("-"))
        list_columns.fit(self.view, self.rows, self._places, {f.name: f for f in self._shown})

    def _on_filter(self) -> None:
        visible = self.bar.visible
        self.model.keep(None if len(visible) == len(self.rows) else lambda row: row[0] in visible)
        shown = cast(list[Row], self.model.rows())
        said = _(self.counted).format(n=f"{len(self.rows):,}")
        found = _("显示 {n} · ").format(n=f"{len(shown):,}") if len(shown) < len(self.rows) else ""
        self._count.setText(found + said)
        totals = self.totals(shown)
        self._totals.setVisible(bool(totals))
        self._totals.set_totals(totals)
        if not self.rows:
            self._show_state(self._empty())
        elif not shown:
            what = self.bar.describe()
            others = [Button(_("新增"), "text", "add-line", clicked=self.add)] if self.can_add else []
            text = _("去掉一个条件试试，或清除全部条件。")
            self._show_state(NoResult(what, text, self.bar.clear, others))
        else:
            self._pages.setCurrentWidget(self._card)

    def _empty(self) -> EmptyState:
        buttons: list[QWidget] = []
        may_write = self.context.may_write(self.spec.permission)
        if self.can_import and may_write:
            buttons = [
                Button(_("下载模板"), icon="download-2-line", clicked=self.save_template),
                Button(_("导入名单"), "primary", "upload-2-line", clicked=self.import_file),
            ]
            text = _("从 Excel 名单导入，或逐条新增。导入前会先预览，不会覆盖已有记录。")
        elif self.can_add and may_write:
            buttons, text = [Button(_("新增"), "primary", "add-line", clicked=self.add)], ""
        else:
            text = ""
        return EmptyState(f"{self.spec.icon}-line", _("还没有{what}").format(what=self.what), text, buttons)

    def _show_state(self, state: QWidget) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self._pages.addWidget(state)
        self._pages.setCurrentWidget(state)

    def _show_error(self, error: UserError) -> None:
        self._show_state(ErrorState(_("读不出{what}").format(what=self.spec.label), error, self.refresh))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_changed(self, tables: frozenset[str]) -> None:
        mine = tables & self.tables
        if mine and not self.isVisible():
            self._stale = True
        elif mine and mine <= set(self.slow_tables):
            self._later.start() if not self._later.isActive() else None
        elif mine:
            self.refresh()

    def _on_expo(self) -> None:
        self.panel.close_panel()
        self._sized = False
        self.acts.clear()
        self.rows = []
        self._stale = True
        if self.isVisible():
            self.refresh()

    # --- going to a record ---

    @property
    def what(self) -> str:
        """The word for one record."""
        return _(self.noun) if self.noun else self.spec.label

    def open_with(
        self,
        record: uuid.UUID | None = None,
        search: str = "",
        new: bool = False,
        values: Mapping[str, Any] | None = None,
        **wanted: Any,
    ) -> None:
        """Show a record, a search, facets (field name → value) or toggles (name → True).

        `new` opens the form, filled with `values`.
        """
        self._wanted = {"record": record, "new": new, "values": values}
        if search or wanted or record:
            self.bar.clear()
            self.bar.choose(search=search, **wanted)
        if not self._stale and not self._loading:
            self._meet_wishes()

    def _meet_wishes(self) -> None:
        wanted, self._wanted = self._wanted, {}
        if wanted.get("record") is not None and self.view.select_id(wanted["record"]):
            self.view.setFocus()
            if self.has_panel:
                self.open_record(wanted["record"])
        if wanted.get("new"):
            self.add(wanted.get("values"))

    def open_record(self, record_id: uuid.UUID) -> None:
        """Open the detail panel."""
        self.panel.show_record(record_id)
        self.panel.show()

    def _on_clicked(self, index: Any) -> None:
        if self.model.columns[index.column()].kind != "check":
            self.open_record(self.model.id_at(index.row()))

    def _follow(self) -> None:
        current = self.view.current_id()
        if self.panel.isVisible() and current is not None and current != self.panel.record_id:
            self.panel.show_record(current, keep_tab=True)

    # --- acts ---

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        """Open the form for a new record, with `values` beside the page's defaults."""
        if self.can_add and self.context.may_write(self.spec.permission):
            self._open_dialog(None, values)

    def edit(self, record_id: uuid.UUID | None = None) -> None:
        """Open the form for a record, the current one without an id."""
        wanted = record_id or self.view.current_id()
        if wanted is not None:
            self._open_dialog(wanted)

    def _open_dialog(self, record_id: uuid.UUID | None, values: Mapping[str, Any] | None = None) -> None:
        given = {**self.defaults(), **(values or {})}
        try:
            dialog = self.dialog_class(
                self, self.context, self.spec, record_id, noun=self.what, values=given, fixed=self.fixed(),
                save=self.save,
            )  # fmt: skip
        except UserError as error:
            messages.show(self, error)
            return
        dialog.saved.connect(partial(self._on_saved, record_id is None))
        dialog.open()

    def _on_saved(self, is_new: bool, record_id: uuid.UUID, values: dict[str, Any], before: dict[str, Any]) -> None:
        self._wanted["record"] = record_id
        if is_new:
            self.remember(_("已新增{what}").format(what=self.what), lambda: self.delete([record_id]), None)
        elif any(self.spec.field(n).mask for n in values if n in self._names()):
            messages.show(self, _("已保存"), "ok")
        else:
            back = {name: "" if value is None else value for name, value in before.items()}
            undo, redo = partial(self.save, back, record_id, {}), partial(self.save, values, record_id, {})
            self.remember(_("已保存"), undo, redo)

    def _names(self) -> set[str]:
        return {field.name for field in self.spec.fields}

    def remove(self, ids: Sequence[uuid.UUID] | None = None) -> None:
        """Ask, then delete these records (the ticked ones, else the current one)."""
        if not self.can_delete or not self.context.may_write(self.spec.permission):
            return
        current = self.view.current_id()
        wanted = list(ids or self.checked() or ([current] if current is not None else []))
        if not wanted:
            return
        title = _("删除“{name}”？").format(name=self.name_of(wanted[0]))
        if len(wanted) > 1:
            title = _("删除选中的 {n} 条{what}？").format(n=len(wanted), what=self.what)
        text = _("删除后不能恢复，日志里留有记录。被其他资料用到的不会删除。")
        messages.confirm(self, title, text, _("删除"), partial(self._delete, wanted), danger=True, safe=_("保留"))

    def _delete(self, ids: list[uuid.UUID]) -> None:
        if self.panel.record_id in ids:
            self.panel.close_panel()
        self.attempt(lambda: self.delete(ids), _("已删除 {n} 条").format(n=len(ids)))

    def attempt(self, act: Callable[[], object], said: str = "") -> bool:
        """Do it and say so; a UserError is shown instead. Whether it worked."""
        return attempt(self, act, said)

    def name_of(self, record_id: uuid.UUID) -> str:
        """What a record is called: its bold field, else the one that names it in references."""
        place = self.model.place_of(record_id)
        named = next((f for f in self._fields if f.show == "bold" and not f.is_number), None)
        named = named or next((f for f in self._fields if f.name == self.spec.natural), self._fields[0])
        return self.words(named, self.model.row(place)[self._places[named.name]]) if place >= 0 else self.what

    def checked(self) -> list[uuid.UUID]:
        """Ids of the ticked rows, in the order of the list."""
        return [row_[0] for row_ in self.rows if row_[0] in self.model.checked]

    def _show_bulk(self, count: int) -> None:
        clear(self._bulk)
        if not count:
            return
        ids = self.checked()
        self._bulk.addWidget(Label(_("已选 {n}").format(n=f"{count:,}"), "fact"))
        acts = list(self.bulk_actions(ids))
        if self.can_export and self.context.may("data.export"):
            acts.append((_("导出"), "download-2-line", lambda _ids: self.export()))
        if self.can_delete and self.deletes_many and self.context.may_write(self.spec.permission):
            acts.append((_("删除"), "delete-bin-line", self.remove))
        for words, icon, call in acts:
            self._bulk.addWidget(Button(words, "text", icon, clicked=partial(call, ids)))

    # --- undo ---

    def remember(self, words: str, undo: Callable[[], object], redo: Callable[[], object] | None = None) -> None:
        """Say what was done, offer 撤销, and put it on the undo list."""
        self.acts.add(Act(words, undo, redo))

    def undo(self) -> None:
        """Take back the last act of this page."""
        self.acts.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.acts.redo()

    # --- files ---

    def import_file(self) -> None:
        """Open the import wizard."""
        from expo_app.ui.kit.import_wizard import ImportWizard

        ImportWizard(self, self.context, self.spec, self.what).open()

    def save_template(self) -> None:
        """Save an empty Excel file with this list's columns."""
        from expo_app.ui.kit.import_wizard import save_template

        save_template(self, self.context, self.spec)

    def export(self) -> None:
        """Open the export dialog over the ticked rows, those shown, or all."""
        from expo_app.ui.kit.export_dialog import ExportDialog

        every, shown = [row_[0] for row_ in self.rows], [row_[0] for row_ in self.model.rows()]
        ExportDialog(self, self.context, self.spec, every, shown, self.checked(), self.what).open()

    # --- keys ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter in the table is no search by first letter here: F goes to the filters."""
        if event.type() == QEvent.Type.Resize:
            self._refold.start()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        is_letter = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.text().isalpha()
        if is_letter:
            self.keyPressEvent(event)
        return is_letter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() == Qt.Key.Key_Escape and self.panel.isVisible():
            self.panel.close_panel()
        elif plain and event.key() == Qt.Key.Key_Escape and self.bar.describe():
            self.bar.clear()
        elif plain and event.key() == Qt.Key.Key_F5:
            self.refresh()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.focus_search()
        elif plain and event.key() == Qt.Key.Key_F2:
            self.edit()
        elif plain and event.key() == Qt.Key.Key_Delete and self.view.hasFocus():
            self.remove()
        elif plain and event.key() == Qt.Key.Key_F:
            self.bar.focus_filters()
        else:
            super().keyPressEvent(event)

    def add_side(self, widget: QWidget) -> None:
        """Put a column of the page's own at the right of everything."""
        self._outer.addWidget(widget)


def _allow(button: Button, allowed: bool, why_not: str) -> Button:
    button.setEnabled(allowed)
    if not allowed:
        button.setToolTip(why_not)
    return button
