"""日程: the day plan with its clashes and the tray, and the same items as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.programme import DayRoute
from expo_app.specs import PROGRAMME
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Segmented
from expo_app.ui.kit.panels import column
from expo_app.ui.page import Page
from expo_app.ui.pages.programme.item_dialog import ItemDialog
from expo_app.ui.pages.programme.plan import DayPlanView
from expo_app.ui.records.list_page import ListPage

__all__ = ["ProgrammePage"]
VIEWS = (("plan", N_("时间轴"), "layout-column-line"), ("table", N_("表格"), "list-check"))


def view_switch(key: str) -> Segmented:
    """时间轴 | 表格."""
    return Segmented([(name, _(words), icon) for name, words, icon in VIEWS], key)


class ItemTable(ListPage):
    """Every item, cancelled ones too, as a list with import and export."""

    spec, dialog_class = PROGRAMME, ItemDialog
    noun, counted = N_("场次"), N_("共 {n} 场")
    placeholder = N_("活动、主办、嘉宾、拼音首字母")
    columns = ("title", "kind_id", "room_id", "starts_at", "ends_at", "state", "host", "capacity", "registrations")
    stretch = "title"
    also_shows = ("speaker", "person")

    def actions(self) -> list[QWidget]:  # type: ignore[override]
        self.switch = view_switch("table")
        return [self.switch]


class ProgrammePage(Page):
    """A record, a new one and a day (`DayRoute`) are shown on the plan; a search, facets and an import in the table."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stack = QStackedWidget()
        column(self, 0).addWidget(self._stack)
        switch = view_switch("plan")
        switch.chosen.connect(self.show_view)
        self.plan = DayPlanView(context, switch)
        self._stack.addWidget(self.plan)
        self._table: ItemTable | None = None
        self.plan.import_wanted.connect(self._import)
        self.setFocusProxy(self.plan.timeline)

    @property
    def table(self) -> ItemTable:
        """The table, made when it is first asked for."""
        if self._table is None:
            self._table = ItemTable(self.context)
            self._table.acts = self.plan.acts.list  # one programme, one history
            self._table.switch.chosen.connect(self.show_view)
            self._stack.addWidget(self._table)
        return self._table

    def _import(self) -> None:
        self.table.import_file()

    @property
    def shown(self) -> DayPlanView | ItemTable:
        """The view in front."""
        return self.table if self._table is not None and self._stack.currentWidget() is self._table else self.plan

    def pane(self) -> QWidget | None:
        return self.shown.panel

    def show_view(self, key: object) -> None:
        """Bring the plan or the table to front."""
        view = self.table if key == "table" else self.plan
        self._stack.setCurrentWidget(view)
        view.switch.choose(key)
        self.setFocusProxy(self.table.view if key == "table" else self.plan.timeline)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_with(self, route: Route) -> None:
        if isinstance(route, DayRoute):
            self.show_view("plan")
            self.plan.open_with(None, False, route.day)
        elif isinstance(route, ListRoute) and route.imports:
            self._import()
        elif isinstance(route, ListRoute) and (route.narrows or route.values):
            self.show_view("table")
            self.table.open_with(route)
        elif isinstance(route, ListRoute) and route.asks:
            self.show_view("plan")
            self.plan.open_with(route.record, route.new, None)

    # --- what the window asks for ---

    def refresh(self) -> None:
        self.shown.refresh()

    def undo(self) -> None:
        (self.plan.acts if self.shown is self.plan else self.table).undo()

    def redo(self) -> None:
        (self.plan.acts if self.shown is self.plan else self.table).redo()

    def focus_search(self) -> None:
        """Ctrl+F: the table has the search field."""
        self.show_view("table")
        self.table.focus_search()
