"""What to do first in an empty expo, in order, each with a button; gone once the expo has what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.services import expos
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, IconView, Label
from expo_app.ui.kit.layouts import clear, column, row
from expo_app.ui.kit.panels import Card

HIGH = 5  # steps below each other


@dataclass(frozen=True)
class Step:
    """`part`: what of `expos.set_up` makes it done. `optional`: the others suffice to be through."""

    part: str
    title: str
    about: str
    verb: str
    page: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False


HALLS, ZONES, ROOMS = ({"section": part, "new": True} for part in ("halls", "zones", "rooms"))
STEPS = (
    Step("venues", N_("填展馆"), N_("在哪里办，写进展会资料"), N_("去填"), "settings", {"section": "expos"}),
    Step("halls", N_("建展厅"), N_("写上宽和深，展位图照此画"), N_("建展厅"), "settings", HALLS),
    Step("zones", N_("分展区"), N_("展区代号是展位号的开头，如 A"), N_("建展区"), "settings", ZONES),
    Step("booths", N_("生成展位"), N_("按排生成，先看图再写入"), N_("成排生成"), "settings", {"rows": True}),
    Step("exhibitors", N_("导入参展商"), N_("从 Excel 导入，或逐家新增"), N_("去导入"), "exhibitors"),
    Step("rooms", N_("建会场"), N_("论坛和路演的房间，写上座位数"), N_("建会场"), "settings", ROOMS, optional=True),
    Step("programme", N_("排日程"), N_("论坛、路演和签约，会场和时间"), N_("去排"), "programme", optional=True),
    Step("attendees", N_("登记观众"), N_("从 Excel 导入，或在现场登记"), N_("去登记"), "attendees"),
    Step("badges", N_("制证"), N_("发胸卡，打印，然后就能签到"), N_("去制证"), "badges"),
)


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
        there: dict[str, bool] = {}
        if expo_id is not None:
            with suppress(UserError):  # the page below says why it cannot be read
                there = expos.set_up(self._context.db, expo_id, [step.part for step in STEPS])
        self._is_wanted = bool(there) and not all(there[step.part] for step in STEPS if not step.optional)
        self.setVisible(self._is_wanted and self._context.may_write("settings.edit"))
        if self._is_wanted:
            self._fill(there)

    def _on_changed(self, _tables: frozenset[str]) -> None:
        if self._is_wanted:  # a full expo is not asked after every scan
            self.refresh()

    def _fill(self, there: Mapping[str, bool]) -> None:
        clear(self._grid)
        self.shown = {}
        first = next((step for step in STEPS if not there.get(step.part)), None)
        for place, step in enumerate(STEPS):
            line = self._line(place + 1, step, there.get(step.part, False), step is first)
            self._grid.addWidget(line, place % HIGH, place // HIGH)

    def _line(self, number: int, step: Step, done: bool, is_next: bool) -> QWidget:
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

    def _go(self, step: Step) -> None:
        arguments = dict(step.arguments)
        if step.part == "venues":
            arguments["record"] = self._context.expo_id
        self._context.navigate(step.page, **arguments)
