"""成果与需求: where results and demands come from, by field; the lists of both, and the open calls."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.rules.palette_rows import Command
from expo_app.services.statistics.supply import field_words, supply
from expo_app.specs.supply_figures import HeatTable, SupplyFigures
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.page import Page
from expo_app.ui.pages.achievements.calls import CallsColumn
from expo_app.ui.pages.achievements.heat import Key, part_of, two_lines
from expo_app.ui.pages.achievements.heat_card import HeatCard
from expo_app.ui.pages.achievements.lists import VIEWS, CallList, Demanded, DemandList, ResultList, Shelf

TABLES = frozenset({"achievement", "demand", "organisation", "reported_count", "region_group", "expo"})
LISTS: dict[str, type[Shelf]] = {"results": ResultList, "demands": DemandList, "calls": CallList}


class AchievementsPage(Page):
    """The heat table above, the list in front below it, the open calls beside; a panel takes the place of the calls."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lists: dict[str, Shelf] = {}
        self.figures: SupplyFigures | None = None
        self._picked: dict[str, Key] = {}
        self._stale = True
        self._build()
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.next_list, step))
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.show_list(next(iter(LISTS)))

    def _build(self) -> None:
        self._outer = row(self, 0)
        main = QWidget()
        lines = column(main, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("成果与需求"))
        self._tools: dict[str, list[Button]] = {}
        lines.addWidget(self.header)
        self.heat = HeatCard()
        self.heat.map.chosen.connect(self.press)
        lines.addWidget(self.heat)
        below = row(spacing=theme.Space.L)
        self._stack = QStackedWidget()
        below.addWidget(self._stack, 1)
        self.calls = CallsColumn(self.context, lambda: self.shown.acts)
        self.calls.opened.connect(self.open_call)
        self.calls.awarding.connect(self.award)
        self.calls.all_wanted.connect(lambda: self._on_chosen("demands"))
        below.addWidget(self.calls)
        lines.addLayout(below, 1)
        self._outer.addWidget(main, 1)

    # --- the lists ---

    @property
    def shown(self) -> Shelf:
        """The list in front."""
        return next(page for page in self.lists.values() if page is self._stack.currentWidget())

    def show_list(self, key: str) -> Shelf:
        """Bring a list to front, made on the first visit; KeyError for an unknown one."""
        if key not in self.lists:
            self._make(key)
        page = self.lists[key]
        for other, made in self.lists.items():
            if other != key:
                made.panel.close_panel()
            for tool in self._tools[other]:
                tool.setVisible(other == key)
        page.switch.choose(key)
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(page.view)
        self._show_table()
        return page

    def _make(self, key: str) -> None:
        page = LISTS[key](self.context)
        self.lists[key] = page
        page.switch.chosen.connect(self._on_chosen)
        page.bar.changed.connect(partial(self._on_filter, key))
        self._tools[key] = page.tools
        for tool in page.tools:
            self.header.add(tool)
        self._stack.addWidget(page)
        self._outer.addWidget(page.panel)
        page.panel.installEventFilter(self)
        self._name_views()

    def next_list(self, step: int) -> None:
        """The next view, or the one before; behind the last one comes the first."""
        keys = list(LISTS)
        self._on_chosen(keys[(keys.index(self.shown.key) + step) % len(keys)])

    def _on_chosen(self, key: object) -> None:
        self.show_list(str(key)).view.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel that opens takes the place of the calls."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._place_calls()
        return False

    def _place_calls(self) -> None:
        self.calls.setVisible(not self.shown.panel.isVisible())
        self.calls.set_narrow(self.window().width() < theme.NARROW_WINDOW)
        self.heat.fit()

    def open_call(self, record_id: uuid.UUID) -> None:
        """The call in its list, with its panel."""
        self.show_list("calls").open_with(ListRoute(CallList.spec, record=record_id))

    def award(self, record_id: uuid.UUID) -> None:
        """The form in which a call is decided."""
        page = self.show_list("calls")
        if isinstance(page, Demanded):
            page.award(record_id)

    # --- the figures ---

    @property
    def table(self) -> HeatTable | None:
        """The one above the list in front."""
        if self.figures is None:
            return None
        both = (self.figures.results, self.figures.demands)
        return next(table for table in both if table.counted is self.shown.counted_as)

    def read(self) -> None:
        """Count again."""
        self._stale = False
        if self.context.expo_id is None:
            return
        try:
            self.figures = supply(self.context.db, self.context.expo_id)
            self.calls.read()
        except UserError as error:
            messages.show(self, error)
            return
        self.header.set_fact(fact(self.figures))
        self._name_views()
        self._show_table()
        for key, page in self.lists.items():
            self._narrow(key, page)

    def _name_views(self) -> None:
        if self.figures is None:
            return
        figures = (self.figures.results.total.figure, self.figures.demands.total.figure, self.figures.calls)
        for page in self.lists.values():
            for (key, words), figure in zip(VIEWS, figures, strict=True):
                page.switch.button(key).set_text(f"{_(words)} {figure.shown}")

    def _show_table(self) -> None:
        if (table := self.table) is not None:
            self.heat.set(table)
            self.heat.map.pick(self._picked.get(self.shown.key))

    def press(self, key: Key) -> None:
        """Filter the list in front by a number of the table; the same once more shows all again."""
        page = self.shown
        if key == (None, None) or self._picked.get(page.key) == key:
            self._picked.pop(page.key, None)
        else:
            self._picked[page.key] = key
        self._narrow(page.key, page, afresh=True)
        self.heat.map.pick(self._picked.get(page.key))

    def _narrow(self, key: str, page: Shelf, afresh: bool = False) -> None:
        """The list as its number asks; one that is gone asks for nothing."""
        picked, figures = self._picked.get(key), self.figures
        if figures is None or (picked is None and not afresh):
            return
        table = figures.results if page.counted_as is figures.results.counted else figures.demands
        part = part_of(table, picked) if picked is not None else None
        if part is None:
            self._picked.pop(key, None)
        trace = part.figure.trace if part is not None else None
        page.narrow(replace(trace, words=self._briefly(table, picked)) if trace is not None and picked else None)

    def _briefly(self, table: HeatTable, key: Key) -> str:
        """What the chip of a narrowed list says: 浙江 · 生物医药."""
        region, field = key
        label = next((line.label for line in table.lines if line.key == region), "")
        named = two_lines(field_words(field))[0] if field is not None else ""
        return " · ".join(filter(None, (label, named)))

    def _on_filter(self, key: str) -> None:
        """Whoever took the narrowing away in the list took it away in the table."""
        if key in self._picked and not self.lists[key].bar.is_narrowed:
            del self._picked[key]
            self.heat.map.pick(self._picked.get(self.shown.key))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self.read() if self.isVisible() else self._wait()

    def _wait(self) -> None:
        self._stale = True

    def _on_expo(self) -> None:
        self._picked.clear()
        self.figures, self._stale = None, True
        if self.isVisible():
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_calls()

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if not isinstance(route, ListRoute):
            return
        key = next(key for key, made in LISTS.items() if made.spec is route.spec)
        key = self.shown.key if self.shown.spec is route.spec else key
        if route.narrows or route.record is not None:
            self._picked.pop(key, None)
        self.show_list(key).open_with(route)
        self.heat.map.pick(self._picked.get(key))

    def place(self) -> Route | None:
        return ListRoute(self.shown.spec)

    def pane(self) -> QWidget:
        return self.shown.panel

    def refresh(self) -> None:
        self.read()
        self.shown.refresh()

    def focus_search(self) -> None:
        self.shown.focus_search()

    def undo(self) -> None:
        self.shown.undo()

    def redo(self) -> None:
        self.shown.redo()

    def commands(self) -> list[Command]:
        return list(self.shown.commands())


def fact(figures: SupplyFigures) -> str:
    """The line under the title: counted, of it samples, and apart from that what was reported."""
    results = figures.results
    words = _("成果 {n} 项").format(n=results.total.figure.shown)
    if results.total.samples:
        words += _("（示例 {n}）").format(n=f"{results.total.samples:,}")
    lines = [line for line in results.lines if line.reported]
    if results.reported or lines:
        whole = [_("共 {n} 项").format(n=f"{results.reported.count:,}")] if results.reported else []
        parts = [
            _("{place} {n} 项").format(place=line.label, n=f"{line.reported.count:,}")
            for line in lines
            if line.reported
        ]
        words += " · " + _("报道：{what}").format(what=_("，").join([*whole, *parts]))
    words += " · " + _("技术需求 {n} 项").format(n=figures.demands.total.figure.shown)
    words += " · " + _("揭榜挂帅 {n} 项").format(n=figures.calls.shown)
    if figures.calls_overdue.value:
        words += _("，{n} 项过期").format(n=figures.calls_overdue.shown)
    return words
