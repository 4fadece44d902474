"""还差什么: what an expo needs before it opens, what there is of it, and a button to whatever is missing."""

from __future__ import annotations

from functools import partial

from expo_app.i18n import N_, _
from expo_app.routes.first_steps import FirstStep
from expo_app.services import first_steps
from expo_app.ui.context import Context
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.panels import Card, clear
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.settings.data import Section

THERE, LACKING, LEFT_OUT = (
    ("checkbox-circle-fill", "ok", N_("已有")),
    ("error-warning-fill", "bad", N_("还缺")),
    ("information-line", "mute", N_("没有，可不办")),
)
"""Icon, kind and word of a state."""


class MissingSection(Section):
    """One line for each thing that an area registers as a first step; what is missing stands first."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("还差什么"))
        self.buttons: dict[str, Button] = {}
        self._filled: object = None
        context.expo_changed.connect(self.fill)
        context.actor_changed.connect(self.fill)

    def fill(self) -> None:
        """Made anew only where something differs: the focus stays, and a press is not lost."""
        expo_id, may_write = self.context.expo_id, self.context.may_write("settings.edit")
        there = first_steps.set_up(self.context.db, expo_id) if expo_id else []
        now = expo_id, may_write, [done for _step, done in there]
        if now == self._filled:
            return
        self._filled = now
        clear(self.cards)
        self.buttons = {}
        if expo_id is None:
            self.header.set_fact("")
            self.cards.addWidget(EmptyState("calendar-event-line", _("还没有展会"), _("先建一届展会，再看还差什么。")))
            return
        self.header.set_fact(first_steps.summary(there))
        needed = [step for step, done in there if not done and not step.optional]
        free = [step for step, done in there if not done and step.optional]
        done = [step for step, is_there in there if is_there]
        for title, steps, state in (
            (_("开展前必须有"), needed, LACKING), (_("可以没有"), free, LEFT_OUT), (_("已经有了"), done, THERE),
        ):  # fmt: skip
            if steps:
                self.cards.addWidget(self._card(title, steps, state))

    def _card(self, title: str, steps: list[FirstStep], state: tuple[str, str, str]) -> Card:
        card = Card(title, _("{n} 项").format(n=len(steps)))
        icon, kind, word = state
        for step in steps:
            words = "" if state is THERE else _(step.lacking)
            look = "primary" if state is LACKING and step is steps[0] else "plain"
            may_go = state is not THERE and self.context.may_write("settings.edit")
            buttons = [self._button(step, look)] if may_go else []
            token = "text.2" if kind == "mute" else kind
            card.body.addWidget(
                ItemRow(step.name, words, icon, (_(word), kind), buttons=buttons, token=token, below=bool(words))
            )
        return card

    def _button(self, step: FirstStep, kind: str) -> Button:
        button = Button(_(step.verb), kind, clicked=partial(self._go, step))
        button.setAccessibleName(_(step.title))
        self.buttons[step.part] = button
        return button

    def _go(self, step: FirstStep) -> None:
        self.context.navigate(step.leads(self.context.expo_id))

    def _on_changed(self, _tables: frozenset[str]) -> None:
        if self.isVisible():  # any table may be part of some area's answer
            self.fill()
