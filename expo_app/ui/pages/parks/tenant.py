"""One tenant: its chain, its states, its dated figures, what was granted to it and what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.documents import tenants as papers
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import TenantState
from expo_app.routes import ListRoute, Route
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.rules import tenant_steps
from expo_app.rules.palette_rows import Command
from expo_app.services import chain, steps, tenant_acts, tenant_origins, tenants
from expo_app.services.record_writer import followed
from expo_app.specs import TASKS, TENANT_SUPPORTS, TENANTS
from expo_app.specs.park_shown import ChainCard, TenantPage
from expo_app.specs.records import by_name
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import PageHeader, column, row
from expo_app.ui.kit.picker import pick
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, StateStack
from expo_app.ui.page import Page
from expo_app.ui.pages.parks.fill_dialog import FillDialog
from expo_app.ui.pages.parks.step_dialog import Entered, StepDialog, ask_back
from expo_app.ui.pages.parks.tenant_chain import ChainRow
from expo_app.ui.pages.parks.tenant_figures import FiguresCard
from expo_app.ui.pages.parks.tenant_side import Side
from expo_app.ui.pages.parks.tenant_states import StatesCard
from expo_app.ui.parts.follow_up import TaskBox
from expo_app.ui.records import printing
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import UndoList, step_act

TABLES = chain.TABLES | {"tenant_figures", "tenant_support"}
LINKS = {
    "pitch_id": ("pitches", "mic-line"),
    "meeting_id": ("meetings", "links-line"),
    "deal_id": ("deals", "hand-coin-line"),
}
"""Column of a tenant → kind of record that fills it, and its icon."""


class TenantView(Page):
    """Shows the tenant of its route; until it is sent to one it says where they are."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.acts = UndoList(self)
        self.tenant_id: uuid.UUID | None = None
        self.shown: TenantPage | None = None
        self.tasks: TaskBox | None = None
        self._stale = False
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(TENANTS.label)
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(TENANTS.label)
        self._make_buttons()
        lines.addWidget(self.header)
        self._stack = StateStack(self._make_body())
        lines.addWidget(self._stack, 1)
        self._make_keys()
        context.changed.connect(self._on_changed)
        self.read()

    def _make_buttons(self) -> None:
        self.back_button = Button(_("返回园区"), "text", "arrow-go-back-line", clicked=self.back)
        self.back_button.setToolTip("Alt+←")
        self.print_button = Button(_("打印档案"), icon="printer-line", clicked=self.print_file)
        self.print_button.setToolTip("Ctrl+P")
        self.step_button = Button(_("记变更"), icon="edit-line", clicked=self.record_step)
        self.fill_button = Button(_("填年度数"), "primary", "add-line", clicked=self.fill)
        for button in (self.back_button, self.print_button, self.step_button, self.fill_button):
            self.header.add(button)

    def _make_body(self) -> QWidget:
        held = QWidget()
        lines = column(held, theme.Space.M)
        self.chain = ChainRow()
        self.chain.opened.connect(self.open_link)
        self.chain.linking.connect(self.link)
        lines.addWidget(self.chain)
        below = row(spacing=theme.Space.L)
        self.states, self.figures, self.side = StatesCard(), FiguresCard(), Side()
        self.states.going_back.connect(self.go_back)
        self.figures.filling.connect(self.fill)
        self.figures.table.opened.connect(self.fill)
        self.side.supports.adding.connect(self.add_support)
        self.side.supports.opened.connect(self.edit_support)
        below.addWidget(self.states)
        below.addWidget(self.figures, 1)
        below.addWidget(self.side)
        lines.addLayout(below, 1)
        return held

    def _make_keys(self) -> None:
        for keys, act in (("Alt+Left", self.back), ("Ctrl+P", self.print_file)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- showing ---

    def read(self) -> None:
        """Show it as it stands."""
        self._stale = False
        if self.tenant_id is None:
            ways = [Button(_("返回园区"), "primary", clicked=self.back)]
            words = _("企业从合作园区的名单里打开，也可以用 Ctrl+K 找名字。")
            self._stack.show_state(EmptyState("building-4-line", _("还没有选企业"), words, ways))
            self._allow()
            return
        try:
            self.shown = tenants.read_tenant(self.context.db, self.tenant_id, self.context.expo_id)
        except UserError as error:
            self.shown = None
            ways = [Button(_("返回园区"), clicked=self.back)]
            self._stack.show_state(ErrorState(_("读不出{what}").format(what=TENANTS.label), error, self.read, ways))
            self._allow()
            return
        page, may = self.shown, self.may_edit
        self.header.set_title(page.title)
        self.header.set_fact(fact(page))
        self.chain.set(page.chain, may)
        self.states.set(page, may)
        self.figures.set(page, may)
        self.side.supports.set(page, may)
        self.side.terms.set(page)
        self._allow()
        self._stack.show_content()

    @property
    def may_edit(self) -> bool:
        """Whether anything can be entered here."""
        return self.context.may_write(TENANTS.permission)

    def _allow(self) -> None:
        is_there = self.shown is not None
        self.print_button.setEnabled(is_there)
        for button in (self.step_button, self.fill_button):
            button.setEnabled(is_there and self.may_edit)
            button.setToolTip("" if self.may_edit else _("只能查看：当前角色没有修改权限"))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            if self.isVisible():
                self.read()
            else:
                self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.window().width() < theme.NARROW_WINDOW
        self.states.fit(is_narrow)
        self.side.fit(is_narrow)

    # --- acts ---

    def _do(self, said: str, act: Callable[[], object]) -> None:
        """One act, taken back as a whole; what it refuses is for who asked."""
        with followed() as writers:
            act()
        self.acts.add(step_act(said, self.context.db, steps.step_of(TENANTS.permission, writers)))

    def _try(self, said: str, act: Callable[[], object]) -> None:
        try:
            self._do(said, act)
        except UserError as error:
            messages.show(self, error)

    def record_step(self) -> None:
        """记变更."""
        page, context = self.shown, self.context
        if page is None or not self.may_edit:
            return
        if not tenant_steps.following(page.state):
            messages.show(
                self,
                _("已经退出，没有下一步可记。又来的企业在园区用“新增”登记；记错了用状态下面的“更正状态”。"),
                "info",
            )
            return

        def then(entered: Entered) -> None:
            words = _("已记为“{state}”").format(state=entered.state.label)
            self._do(words, partial(
                tenant_acts.step, context.db, context.expo_id, page.id, entered.state, entered.on_day,
                words=entered.words, where_to=entered.place,
            ))  # fmt: skip

        StepDialog(self, page, then).open()

    def go_back(self) -> None:
        """The last step was a mistake: it stays, taken back, with the reason."""
        page, context = self.shown, self.context
        if page is None or not self.may_edit:
            return

        def then(state: TenantState, reason: str, day: str) -> None:
            self._do(
                _("已退回“{state}”").format(state=state.label),
                partial(tenant_acts.go_back, context.db, context.expo_id, page.id, state, reason, day),
            )

        ask_back(self, page, then)

    def fill(self, day: date | None = None) -> None:
        """填年度数: of a date that is there, or of the next one."""
        page, context = self.shown, self.context
        if page is None or not self.may_edit:
            return

        def then(on_date: date, values: Mapping[str, Any]) -> None:
            words = _("已存 {day} 的数").format(day=on_date.isoformat())
            self._do(words, partial(tenant_acts.fill, context.db, context.expo_id, page.id, on_date, values))

        again = partial(tenants.read_tenant, context.db, page.id, context.expo_id)
        FillDialog(self, page, then, again, day).open()

    def add_support(self) -> None:
        """The form of what was granted."""
        if self.shown is not None:
            self._support(None)

    def edit_support(self, support_id: uuid.UUID) -> None:
        """The form of one of them."""
        self._support(support_id)

    def _support(self, support_id: uuid.UUID | None) -> None:
        page = self.shown
        if page is None:
            return
        given = {"tenant": page.name, "park": page.park, "stay": page.stay}
        try:
            dialog = RecordDialog(
                self, self.context, TENANT_SUPPORTS, support_id, noun=TENANT_SUPPORTS.title, values=given
            )
        except UserError as error:
            messages.show(self, error)
            return
        dialog.saved.connect(lambda _id, _values, step: self.acts.add(step_act(_("已保存"), self.context.db, step)))
        dialog.open()

    def add_task(self) -> None:
        """N: who does what by when."""
        if self.tasks is not None and self.context.may_write(TASKS.permission):
            self.tasks.add()

    # --- the chain ---

    def open_link(self, card: ChainCard) -> None:
        """The record that a card names; of this tenant itself its form."""
        if card.record_id is None:
            return
        spec = by_name(card.spec)
        if spec is TENANTS and card.record_id == self.tenant_id:
            dialog = RecordDialog(self, self.context, TENANTS, card.record_id, noun=TENANTS.title)
            dialog.saved.connect(lambda _id, _values, step: self.acts.add(step_act(_("已保存"), self.context.db, step)))
            dialog.open()
        else:
            self.context.navigate(ListRoute(spec, record=card.record_id))

    def link(self, card: ChainCard) -> None:
        """补关联: choose the record that is missing."""
        page, context = self.shown, self.context
        if page is None or card.column not in LINKS or not self.may_edit:
            return
        kind, icon = LINKS[card.column]

        def then(record_id: uuid.UUID, name: str) -> None:
            self._try(
                _("已关联“{name}”").format(name=name),
                partial(tenant_acts.link, context.db, context.expo_id, page.id, card.column, record_id),
            )

        offer = partial(tenant_origins.offered, context.db, context.expo_id, page.id, card.column)
        pick(self, _("关联{what}").format(what=by_name(kind).label), icon, offer, then)

    # --- papers ---

    def print_file(self) -> None:
        """Ctrl+P: the tenant on a page."""
        page, context = self.shown, self.context
        if page is None:
            return

        def make(path: Path, progress: jobs.Progress) -> object:
            return papers.write_file(context.db, page.id, path, context.expo)

        printing.print_made(self, _("企业档案_{name}").format(name=page.name), make)

    # --- keys and what the frame asks ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        steps_ = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if plain and event.key() in steps_:
            self.chain.step(steps_[Qt.Key(event.key())])
        elif plain and event.key() == Qt.Key.Key_N:
            self.add_task()
        else:
            super().keyPressEvent(event)

    def back(self) -> None:
        """To the park it is in."""
        self.context.navigate(ParksRoute(self.shown.park_id if self.shown else None, "board"))

    def open_with(self, route: Route) -> None:
        if not isinstance(route, TenantRoute):
            return
        if route.record != self.tenant_id:
            self.tenant_id = route.record
            self.acts.clear()
            self.tasks = TaskBox(self, self.context, self.acts, "tenant_id", route.record)
            self.side.set_tasks(self.tasks)
        self.read()

    def place(self) -> Route | None:
        return TenantRoute(self.tenant_id) if self.tenant_id is not None else None

    def refresh(self) -> None:
        self.read()

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()

    def pane(self) -> QWidget:
        return self.side

    def commands(self) -> list[Command]:
        if self.shown is None:
            return []
        name, found = self.shown.name, [Command(_("打印档案"), self.shown.name, "printer-line", "", self.print_file)]
        if self.may_edit:
            found += [
                Command(_("记变更"), name, "edit-line", "", self.record_step),
                Command(_("填年度数"), name, "add-line", "", self.fill),
            ]
        return found


def fact(page: TenantPage) -> str:
    """The line under the name: park, field, founded, both places."""
    where = [
        _("研发地 {place}").format(place=page.research_region) if page.research_region else "",
        _("产业化地 {place}").format(place=page.production_region) if page.production_region else "",
    ]
    founded = _("{day} 成立").format(day=f"{page.founded_on:%Y-%m}") if page.founded_on else ""
    origin = _("示例") if page.is_sample else _("报道：{source}").format(source=page.source) if page.source else ""
    parts = (_("合作园区") + " / " + page.park, page.tech_field, founded, _("，").join(filter(None, where)), origin)
    return " · ".join(filter(None, parts))
