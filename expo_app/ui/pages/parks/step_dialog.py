"""记变更: the next state of a tenant with its day, its place and words; who leaves says where to and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import ACT, N_, _, meant
from expo_app.model import TenantState
from expo_app.rules import partial_days, tenant_steps
from expo_app.specs.park_shown import TenantPage
from expo_app.specs.tenants import MOST_PLACE, MOST_ROOM, MOST_WORDS
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, ChipRow
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label

PLACES = {
    TenantState.MOVED_IN: N_("房间"), TenantState.INCUBATED: N_("房间"), TenantState.LANDED: N_("落地在哪里"),
    TenantState.LEFT: N_("去向"),
}  # fmt: skip
"""States that say a place, and what it is called."""


OF_DAY = ("E-DAY", "E-STEP")
"""Codes of refusals that are about the day, or the step that it is the day of."""


@dataclass(frozen=True)
class Entered:
    """What somebody entered. `place`: of a state in `PLACES`."""

    state: TenantState
    on_day: str
    place: str
    words: str


def ask_back(parent: QWidget, page: TenantPage, then: Callable[[TenantState, str, str], object]) -> Dialog:
    """更正: the state a tenant really stands at, why, and its right day where that was wrong. What was recorded later
    stays, struck through. `then(state, reason, day)` does it; what it refuses is said here.
    """
    box = Dialog(parent, _("更正状态"), theme.Width.DIALOG, note=page.name)
    words = _("退回到选中的状态：后面的各步划线留着，不删除；只改日期就选现在的状态并写日期。")
    box.body.addWidget(Label(words, "secondary", wrap=True))
    held = list(dict.fromkeys(line.state for line in page.steps if not line.is_undone))
    states = ChipRow([(state, state.label, None) for state in held])
    states.choose(held[-2] if len(held) > 1 else held[-1])
    box.body.addWidget(FormField(_("退回到"), states, required=True))
    day, reason = LineEditor(), LineEditor()
    reason.setMaxLength(MOST_WORDS)
    day_field = FormField(_("这个状态的日期"), day, _("日期没有记错就留空"))
    why = FormField(_("原因"), reason, _("会记入日志"), required=True)
    box.body.addWidget(day_field)
    box.body.addWidget(why)

    def press() -> None:
        for field in (day_field, why):
            field.clear_problem()
        if not reason.text().strip():
            why.set_problem(_("不能为空。"))
            reason.setFocus()
            return
        state = states.key
        if not isinstance(state, TenantState):
            return
        try:
            then(state, reason.text().strip(), day.text().strip())
        except UserError as error:
            (day_field if error.code in OF_DAY else why).set_problem(error.message)
        else:
            box.close_with(True)

    reason.returnPressed.connect(press)
    box.add_action(Button(_("取消"), clicked=box.cancel))
    box.add_action(Button(meant(ACT, "退回"), "primary", "arrow-go-back-line", clicked=press))
    box.open()
    return box


class StepDialog(Dialog):
    """`then(entered)` does it; what it refuses is said here, and the dialog stays open."""

    def __init__(self, parent: QWidget, page: TenantPage, then: Callable[[Entered], object]) -> None:
        super().__init__(parent, _("记变更"), theme.Width.DIALOG, note=page.name)
        self._then = then
        known = _("现在是“{state}”").format(state=page.state.label)
        states = tenant_steps.following(page.state)
        self.body.addWidget(Label(known, "secondary"))
        self.states = ChipRow([(state, state.label, None) for state in states], wrap=True)
        self.states.chosen.connect(lambda _state: self._fit())
        self._state_field = FormField(_("改为"), self.states, required=True)
        self.body.addWidget(self._state_field)
        self.day, self.place, self.words = LineEditor(), LineEditor(), LineEditor()
        self.day.set_value(page.today.isoformat())
        self.words.setMaxLength(MOST_WORDS)
        hint = _("年、年月或年月日，如 2019-12")
        self._day_field = FormField(_("日期"), self.day, hint, required=True)
        self._place_field = FormField(_("地点"), self.place)
        self._words_field = FormField(_("说明"), self.words)
        for field in (self._day_field, self._place_field, self._words_field):
            self.body.addWidget(field)
            field.editor.returnPressed.connect(self.submit)  # type: ignore[attr-defined]
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("记下"), "primary", "check-line", clicked=self.submit))
        self._fit()

    @property
    def state(self) -> TenantState:
        """The state chosen."""
        found = self.states.key
        if not isinstance(found, TenantState):
            raise LookupError("no state chosen")
        return found

    def _fit(self) -> None:
        """The fields of the state chosen, under its own words."""
        leaving = self.state is TenantState.LEFT
        self._place_field.setVisible(self.state in PLACES)
        name = _(PLACES.get(self.state, N_("地点")))
        self._place_field.set_label(name, leaving)
        self.place.setMaxLength(MOST_ROOM if self.state in tenant_steps.MOVED_IN else MOST_PLACE)
        self._words_field.set_label(_("原因") if leaving else _("说明"), leaving)

    def submit(self) -> None:
        """Check what can be checked here, then do it."""
        for field in (self._day_field, self._place_field, self._words_field):
            field.clear_problem()
        place = self.place.text().strip() if self.state in PLACES else ""
        said = self.words.text().strip()
        try:
            day = partial_days.parse(self.day.text())
        except ValueError as problem:
            self._day_field.set_problem(str(problem))
            return
        if not day:
            self._day_field.set_problem(_("不能为空。"))
            return
        if self.state is TenantState.LEFT and not (place and said):
            (self._words_field if place else self._place_field).set_problem(_("退出要写去向和原因。"))
            return
        try:
            self._then(Entered(self.state, day, place, said))
        except UserError as error:
            self._day_field.set_problem(error.message)
        else:
            self.close_with(True)
