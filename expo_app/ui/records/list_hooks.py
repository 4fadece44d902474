"""What a page says to make a list screen of its spec; `list_page` does the rest. What a page writes:

    class ThingsPage(ListPage):
        spec = THINGS
        noun, counted = N_("物品"), N_("共 {n} 项")          # "新增物品", "共 25 项"
        placeholder = N_("编号、名称、拼音首字母")
        columns = ("number", "state", "name", …)             # field names; () = spec.table_fields without is_sample
        stretch = "name"                                     # takes the width left over; "" = the widest text column
        gives_way = ("owner", "remarks")                     # left out first where the table is narrow; then the rest
        chips = ("state", "kind")                            # facets: first as chips, others in menus; () = spec.chips
        also_shows = ("thing_part",)                         # further tables whose change refreshes the list
        slow_tables = ("reading",)                           # those that change all the time: read every 2 s at most
        also_reads = ("consent",)                            # fields that only toggles and acts need
        facts = ("wants", "note")                            # fields listed in the panel's 概况; () = all
        dialog_class = ThingDialog                           # a RecordDialog
        panel_class = ThingPanel                             # a RecordPanel

Hooks, all optional (`row` is `(id, *values, search text)`; read it with `self.value(row, "field")`):

    load(db, expo_id) -> rows          other rows or a narrower list; may run in a worker: no widgets
    fact(rows) -> str                  the line under the title, from all rows
    facet(field) -> Facet              what one of `chips` is chosen by, where the usual one is not right
    filters() -> [Toggle]              conditions beside the drop-downs
    actions() -> [QWidget]             buttons before 导入 / 导出 / 新增
    bulk_actions(ids) -> [(words, icon, call(ids))]      shown when rows are ticked; 导出 and 删除 are there.
                                       `call` gets the ticked rows that are shown; `taken` says what it leaves out,
                                       `reviving` asks before something given up comes back
    above_table() -> QWidget | None    between filters and table (a share bar, a banner)
    totals(rows) -> {column: words}    a totals row under the table, from the rows shown; "": a line of its own below
    cell_pill(field, value) -> kind    state_colours.pill unless overridden
    head(values) -> (title, facts, pills)                 top of the detail panel
    panels(record_id, values) -> [Panel]                  tabs after 概况; `build()` returns widgets when first shown
    notices(record_id, values) -> [QWidget]               banners at the top of 概况
    panel_actions(record_id, values) -> [Button]          footer after 编辑, primary last; at most 3 in all
    defaults() -> values a new record starts with;  fixed() -> values that go with every save
    save(values, record_id, seen) -> id;  delete(ids)     other services than services.records
    refreshed()                        after new rows are shown
    imported(batch id, plan)           after a list came in
    can_add, can_import, can_export, can_delete, has_panel = True
    ticks = True                       whether rows can be ticked, where anything is done with several
    deletes_many = True                whether 删除 is offered for ticked rows
    one_line = True                    search and filters beside each other, for a list that shares its page
    merges = THINGS                    spec of what two ticked rows are, where they may be one: offers 合并 and 查重
    merged(ids) -> ids                 the records of that spec, where the rows are of another

Other pages reach it by `context.navigate(ListRoute(THINGS, record=id))`, see `expo_app.routes`. A list that wants none
of this needs no class: `ListEntry(SPEC, look=ListLook(…))` in its area's registration makes one.
`remember(words, undo, redo)` puts an act on the page's undo list (Ctrl+Z, Ctrl+Y) and offers 撤销 in a toast.
"""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.services import records
from expo_app.services.records import Row
from expo_app.specs import Field, ImportPlan, RecordSpec
from expo_app.specs.records import by_name
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.filters import Facet, Toggle
from expo_app.ui.page import Page
from expo_app.ui.records import list_columns, state_colours
from expo_app.ui.records.list_parts import BulkAction
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.record_panel import Panel, RecordPanel


class ListHooks(Page):
    """The usual answers, from the spec; ListPage asks, pages override."""

    spec: RecordSpec
    noun = ""
    counted = N_("共 {n} 条")
    placeholder = N_("搜索，可用拼音首字母")
    columns: tuple[str, ...] = ()
    stretch = ""
    gives_way: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    also_reads: tuple[str, ...] = ()
    also_shows: tuple[str, ...] = ()
    slow_tables: tuple[str, ...] = ()
    dialog_class: type[RecordDialog] = RecordDialog
    panel_class: type[RecordPanel] = RecordPanel
    can_add = can_import = can_export = can_delete = has_panel = True
    deletes_many = ticks = True
    merges: RecordSpec | None = None
    title = ""
    one_line = False

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._fields, self._shown = self._chosen_fields()
        self._places = {field.name: place for place, field in enumerate(self._fields, 1)}

    # --- hooks ---

    def load(self, db: Database, expo_id: uuid.UUID | None) -> Sequence[Row]:
        """Every row of the list, `(id, *values of self.fields, search text)`."""
        return records.list_rows(db, self.spec, expo_id, self._fields, spoken=True)

    def fact(self, rows: Sequence[Row]) -> str:
        """The line under the title."""
        return _(self.counted).format(n=f"{len(rows):,}")

    def facet(self, field: Field) -> Facet:
        """What one of `chips` is chosen by."""
        return list_columns.facet_of(field, self._places[field.name], self.words, self.terms_of(field))

    def terms_of(self, field: Field) -> list_columns.TermsOf | None:
        """What gives the words that a field chooses from; None where it does not."""
        return partial(self.context.terms, field.ref) if field.ref and by_name(field.ref).is_offered else None

    def filters(self) -> list[Toggle]:
        return []

    def actions(self) -> list[QWidget]:  # type: ignore[override]  # Qt's own of that name is for menus
        return []

    def bulk_actions(self, ids: list[uuid.UUID]) -> list[BulkAction]:
        return []

    def merged(self, ids: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
        """The records that two rows are of."""
        return ids

    def above_table(self) -> QWidget | None:
        return None

    def totals(self, rows: Sequence[Row]) -> Mapping[str, str]:
        return {}

    def cell_pill(self, field: Field, value: Any) -> str:
        return state_colours.pill(value)

    def head(self, values: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, str]]] | None:
        return None

    def panels(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Panel]:
        return []

    def notices(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[QWidget]:
        return []

    def panel_actions(self, record_id: uuid.UUID, values: Mapping[str, Any]) -> list[Button]:
        return []

    def defaults(self) -> dict[str, Any]:
        return {}

    def fixed(self) -> dict[str, Any]:
        return {}

    def save(self, values: dict[str, Any], record_id: uuid.UUID | None, seen: Mapping[str, Any]) -> uuid.UUID:
        """Save one record; raises InvalidRecord, Conflict, UserError."""
        context = self.context
        return records.save(context.db, self.spec, values, record_id, expo_id=context.expo_id, seen=seen)

    def delete(self, ids: Sequence[uuid.UUID]) -> None:
        """Delete records; raises Conflict, UserError."""
        records.delete(self.context.db, self.spec, ids)

    def refreshed(self) -> None:
        """New rows are on the screen."""

    def imported(self, batch_id: uuid.UUID | None, plan: ImportPlan | None) -> None:
        """A list came in; what follows from it may be offered."""

    # --- fields and columns ---

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields whose values a row holds, in order: the table's columns, then what only filters need."""
        return self._fields

    def _chosen_fields(self) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """What a row holds, and of that what the table shows."""
        usual = [f for f in self.spec.table_fields if f.name != "is_sample"]
        shown = [self.spec.field(name) for name in self.columns] if self.columns else usual
        names = dict.fromkeys((*(self.chips or self.spec.chips), *self.also_reads))
        hidden = [self.spec.field(name) for name in names]
        return (*shown, *(field for field in hidden if field not in shown)), tuple(shown)

    def value(self, row: Sequence[Any], name: str) -> Any:
        """The value of a field in a row; KeyError for a field the list does not hold."""
        return row[self._places[name]]

    def is_faded(self, row: Sequence[Any]) -> bool:
        """Whether a row is kept and counts for nothing, so that it is grey."""
        return False

    def words(self, field: Field, value: Any) -> str:
        """The value as a person reads it, in the expo's time zone."""
        return field.display(value, self.context.expo.zone if self.context.expo else None)
