"""From interest to a deal, wherever interests are shown: the one dialog, the task of each, what may be taken back.

to_deals(self, self.context, self.acts, ids);  to_tasks(self, self.context, self.acts, ids)
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import DealKind
from expo_app.routes import ListRoute
from expo_app.rules import amounts
from expo_app.services import follow_up, roadshow_deals, steps
from expo_app.services.record_writer import followed
from expo_app.services.roadshow_deals import KINDS, Prospect
from expo_app.specs import DEALS, INTERESTS, TASKS
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import Label, Line
from expo_app.ui.records.form import Form
from expo_app.ui.records.undo_list import UndoList, step_act


def to_deals(owner: QWidget, context: Context, acts: UndoList, ids: Sequence[uuid.UUID]) -> Dialog | None:
    """Draft deals of interests: one that has its deal opens it, else what would be made is shown and asked once."""
    found = roadshow_deals.prospects(context.db, ids)
    open_ = [one for one in found if one.deal_id is None]
    if not open_:
        if found:
            context.navigate(ListRoute(DEALS, record=found[0].deal_id))
        return None
    if not context.may_write(DEALS.permission):
        messages.show(owner, _("你的角色不能登记成交，数据未变。请成交登记员来办。"), "warn")
        return None
    dialog = DealsDialog(owner, context, acts, open_, len(found) - len(open_))
    dialog.open()
    return dialog


class DealsDialog(Dialog):
    """What deals would be made, of which kind; who is interested is asked for where nobody said."""

    def __init__(self, owner: QWidget, context: Context, acts: UndoList, found: Sequence[Prospect], there: int) -> None:
        super().__init__(owner, _("转为签约草稿"), theme.Width.DIALOG)
        self.context, self._host, self._acts, self._found = context, owner, acts, found
        self.forms: dict[uuid.UUID, Form] = {}
        text = _("卖方是成果的持有单位，买方是意向单位，阶段是意向。草稿不计入任何合计，核对后再提交。")
        self.body.addWidget(Label(text, "secondary", wrap=True))
        self.kind = ComboBox()
        if len({one.usual for one in found}) > 1:
            self.kind.addItem(_("按各自的建议"), None)
        for kind in KINDS:
            self.kind.addItem(kind.label, kind)
        if len({one.usual for one in found}) == 1:
            self.kind.setCurrentIndex(KINDS.index(found[0].usual))
        self.body.addWidget(FormField(DEALS.field("kind").title, self.kind))
        for one in found:
            self._show(one)
        if there:
            words = _("另有 {n} 条早已转为签约，不再转。").format(n=f"{there:,}")
            self.body.addWidget(Label(words, "fact", wrap=True))
        self.add_action(Button(_("取消"), clicked=self.cancel))
        words = _("转为签约草稿") if len(found) == 1 else _("转为 {n} 项签约草稿").format(n=f"{len(found):,}")
        self.submit_button = Button(words, "primary", clicked=self.submit)
        self.add_action(self.submit_button, safe=True)
        self.show_submit_keys()

    def _show(self, one: Prospect) -> None:
        self.body.addWidget(Line())
        buyer = one.buyer or one.contact or _("未填")
        sides = _("{seller} → {buyer}").format(seller=one.seller, buyer=buyer)
        self.body.addWidget(ItemRow(one.title, sides, pill=(one.level.label, "info"), below=True))
        told = _("意向 {range}，签约金额之后填").format(range=one.range_shown) if one.range_shown else ""
        self.body.addWidget(Label(f"{one.usual.label} · {told or amounts.in_words(one.amount)}", "fact", wrap=True))
        if one.buyer_id is None:
            field = replace(INTERESTS.field("organisation_id"), group="")
            form = Form(INTERESTS, look_up=self.context.options, fields=[field], terms=self.context.terms)
            self.forms[one.id] = form
            self.body.addWidget(form)

    def first_focus(self) -> QWidget | None:
        """The first organisation nobody said; else the button, so that Enter is enough."""
        form = next(iter(self.forms.values()), None)
        return form.editor("organisation_id") if form else self.submit_button

    def submit(self) -> None:
        """Make the deals, all or none; one is opened, several are shown together."""
        named = {}
        for key, form in self.forms.items():
            form.clear_problems()
            name = form.values().get("organisation_id")
            if not name:
                form.show_problems({"organisation_id": _("请填意向单位，它是签约的买方。")})
                form.focus("organisation_id")
                return
            named[key] = name
        context, expo_id = self.context, self.context.expo_id
        if expo_id is None:
            return
        kind: DealKind | None = self.kind.currentData()
        ids = [one.id for one in self._found]
        try:
            with followed() as writers:
                made = roadshow_deals.make_deals(context.db, expo_id, ids, kind, named)
        except InvalidRecord as refused:
            messages.show(self, UserError(next(iter(refused.problems.values()))))
            return
        except UserError as error:
            messages.show(self, error)
            return
        self.close_with(True)
        keys = [*made.deals.values(), *made.there.values()]
        words = _("已转为签约草稿") if len(keys) == 1 else _("已转为 {n} 项签约草稿").format(n=f"{len(keys):,}")
        if made.deals:
            self._acts.add(step_act(words, context.db, steps.step_of(DEALS.permission, writers)))
        if len(keys) == 1 and not made.deals:
            context.navigate(ListRoute(DEALS, record=keys[0]))  # somebody else was first


def to_tasks(owner: QWidget, context: Context, acts: UndoList, ids: Sequence[uuid.UUID]) -> Dialog | None:
    """A task of each interest, called by its next step: who, by when."""
    expo_id, found = context.expo_id, roadshow_deals.prospects(context.db, ids)
    if not found or expo_id is None:
        return None
    box = Dialog(owner, _("加跟进任务"), theme.Width.DIALOG)
    fields = [replace(TASKS.field(name), group="") for name in ("assignee", "due_on")]
    for one in found[:MOST_NAMED]:
        box.body.addWidget(ItemRow(roadshow_deals.task_title(one), one.title, below=True))
    if len(found) > MOST_NAMED:
        box.body.addWidget(Label(_("另有 {n} 条").format(n=f"{len(found) - MOST_NAMED:,}"), "fact"))
    zone = context.expo.zone if context.expo else None
    form = Form(TASKS, zone=zone, fields=fields, offers={"assignee": follow_up.names_of_staff(context.db)})
    form.set_values({"assignee": context.actor.name})
    box.body.addWidget(form)

    def submit() -> None:
        if not form.check_all():
            return
        values = form.values()
        try:
            with followed() as writers:
                roadshow_deals.add_tasks(
                    context.db, expo_id, [one.id for one in found], values.get("assignee") or "", values.get("due_on"),
                )  # fmt: skip
        except InvalidRecord as refused:
            form.show_problems(refused.problems)
            return
        except UserError as error:
            messages.show(box, error)
            return
        box.close_with(True)
        words = _("已加任务") if len(found) == 1 else _("已加 {n} 件任务").format(n=f"{len(found):,}")
        acts.add(step_act(words, context.db, steps.step_of(TASKS.permission, writers)))

    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(_("加任务"), "primary", clicked=submit))
    box.show_submit_keys()
    box.open()
    return box


MOST_NAMED = 6
"""Tasks that are named before they are made; the others are counted."""


def ask_interest(
    owner: QWidget, context: Context, acts: UndoList, deal_id: uuid.UUID, choices: Sequence[tuple[uuid.UUID, str]]
) -> Dialog:
    """补关联: of which interest a deal came; `choices`: (id, words) of those that have no deal yet."""
    box = Dialog(owner, _("补关联"), theme.Width.DIALOG)
    chosen = ComboBox()
    for key, words in choices:
        chosen.addItem(words, key)
    box.body.addWidget(Label(_("这项签约来自哪条路演意向。只列还没有签约的意向。"), "secondary", wrap=True))
    box.body.addWidget(FormField(INTERESTS.label, chosen))

    def submit() -> None:
        link_interest(box, context, acts, chosen.currentData(), deal_id, partial(box.close_with, True))

    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(_("关联"), "primary", clicked=submit))
    box.open()
    return box


def link_interest(
    owner: QWidget,
    context: Context,
    acts: UndoList,
    interest_id: uuid.UUID,
    deal_id: uuid.UUID | None,
    then: Callable[[], Any] = lambda: None,
) -> None:
    """Say that a deal came of an interest, None: that it did not; it can be taken back."""
    if context.expo_id is None:
        return
    try:
        with followed() as writers:
            roadshow_deals.link(context.db, context.expo_id, interest_id, deal_id)
    except UserError as error:
        messages.show(owner, error)
        return
    then()
    words = _("已关联") if deal_id else _("已解除关联，签约留着")
    acts.add(step_act(words, context.db, steps.step_of(DEALS.permission, writers)))
