"""What to do first in an empty expo, in order, each with a button; gone once the expo has what it is made of."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes.first_steps import FirstStep
from expo_app.routes.settings import SectionRoute
from expo_app.services import first_steps
from expo_app.services.first_steps import Stand
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label
from expo_app.ui.kit.layouts import clear, column, row
from expo_app.ui.kit.panels import Card

HIGH = 5  # steps below each other


class FirstSteps(QWidget):
    """Looks after itself: reads again when the file changes, hides in a full expo; `shown`: the buttons by step."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)  # without one it would come up as a window of its own for a moment
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._context = context
        self.shown: dict[str, Button] = {}
        self._is_wanted = False
        lines = column(self)
        self._card = Card(_("从这里开始"))
        self._card.add_head(Button(_("还差什么"), "link", clicked=partial(context.navigate, SectionRoute("missing"))))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.Space.XXL)
        self._grid.setVerticalSpacing(theme.Space.S)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
        self._card.body.addLayout(self._grid)
        lines.addWidget(self._card)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self.refresh)
        context.actor_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look again what there is."""
        expo_id = self._context.expo_id
        there: Stand = []
        if expo_id is not None:
            with suppress(UserError):  # the page below says why it cannot be read
                there = first_steps.set_up(self._context.db, expo_id)
        expo = self._context.expo
        has_ended = expo is not None and expo.local_day(self._context.now()) > expo.ends_on
        self._is_wanted = not (has_ended or first_steps.is_ready(there))
        self.setVisible(self._is_wanted and self._context.may_write("settings.edit"))
        if self._is_wanted:
            self._fill(there)

    def _on_changed(self, _tables: frozenset[str]) -> None:
        if self._is_wanted:  # a full expo is not asked after every scan
            self.refresh()

    def _fill(self, there: Stand) -> None:
        clear(self._grid)
        self.shown = {}
        told = [(step, done) for step, done in there if step.at_start or not (done or step.optional)]
        first = next((step for step, done in told if not done), None)
        for place, (step, done) in enumerate(told):
            line = self._line(place + 1, step, done, step is first)
            self._grid.addWidget(line, place % HIGH, place // HIGH)

    def _line(self, number: int, step: FirstStep, done: bool, is_next: bool) -> QWidget:
        box = QWidget()
        line = row(box, theme.Space.M)
        icon = "checkbox-circle-fill" if done else "arrow-right-line"
        line.addWidget(IconView(icon, "ok" if done else "primary" if is_next else "text.3"))
        line.addWidget(Label(f"{number}. {_(step.title)}", "strong"))
        line.addWidget(ElidedLabel(_("已有") if done else _(step.about), "secondary"), 1)
        if not done:
            go = partial(self._go, step)
            self.shown[step.part] = Button(_(step.verb), "primary" if is_next else "plain", clicked=go)
            line.addWidget(self.shown[step.part])
        return box

    def _go(self, step: FirstStep) -> None:
        self._context.navigate(step.leads(self._context.expo_id))
