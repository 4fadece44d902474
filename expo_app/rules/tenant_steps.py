"""The steps of a tenant: 接触 → 意向 → 签约 → 入驻 / 孵化 → 落地 / 毕业, or 退出 from any of them.

Days are partial (`rules.partial_days`); "" is an unknown one and contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from expo_app.i18n import _
from expo_app.model import TenantState as State
from expo_app.rules.partial_days import first_day, last_day, surely_before

RANK = {
    State.VISITED: 0, State.INTENDED: 1, State.SIGNED: 2, State.MOVED_IN: 3, State.INCUBATED: 3, State.LANDED: 4,
    State.GRADUATED: 4, State.LEFT: 5,
}  # fmt: skip
"""Steps of one rank may come in any order; one may be left out."""
CAME = frozenset({State.MOVED_IN, State.INCUBATED, State.LANDED, State.GRADUATED})
"""Who has one of these came to the park."""
MOVED_IN = (State.MOVED_IN, State.INCUBATED)
"""Who has one of these is in it, or was."""


@dataclass(frozen=True)
class Misplaced:
    """A step that cannot be on its day, with the sentence that says why."""

    state: State
    words: str


def misplaced(days: Mapping[State, str]) -> Misplaced | None:
    """The first step whose day lies before that of a step of a lower rank."""
    order = sorted(days, key=RANK.__getitem__)
    for at, later in enumerate(order):
        for earlier in order[:at]:
            if RANK[earlier] < RANK[later] and surely_before(days[later], days[earlier]):
                return Misplaced(later, _refused(later, days[later], earlier, days[earlier]))
    return None


def _refused(later: State, day: str, earlier: State, before: str) -> str:
    if later is State.LEFT:
        words = _("退出的 {day} 早于{earlier}的 {before}：还没有来，不能先退出。请改日期。")
        return words.format(day=day, earlier=earlier.label, before=before)
    words = _("{later}的 {day} 早于{earlier}的 {before}。请改日期。")
    return words.format(later=later.label, day=day, earlier=earlier.label, before=before)


def first_of(days: Mapping[State, str], states: Collection[State]) -> str | None:
    """The earliest day of any of these steps; "" where none is known, None where none was taken."""
    held = [days[state] for state in states if state in days]
    return min(filter(None, held), key=first_day, default="") if held else None


def is_since_moved_in(days: Mapping[State, str], on_date: date) -> bool:
    """Whether a tenant was in the park on a date, or had been; all dates where nobody knows since when."""
    came = first_of(days, MOVED_IN)
    return on_date >= first_day(came) if came else bool(CAME & days.keys())


def first_contact(days: Mapping[State, str]) -> str:
    """The day of the first step up to moving in; "" where it is not known."""
    before = [days[state] for state in days if RANK[state] <= RANK[State.MOVED_IN]]
    return min(before, key=first_day, default="") if all(before) else ""


def holding(recorded: Iterable[tuple[State, str, bool]]) -> dict[State, str]:
    """State → the day of its step that holds, in the order the states were first recorded.

    `recorded`: all steps in the order they were recorded, each with its state, its day and whether it was undone.
    """
    lines = list(recorded)
    days = {state: day for state, day, is_undone in lines if not is_undone}
    return {state: days[state] for state in dict.fromkeys(state for state, _day, _undone in lines) if state in days}


def following(state: State) -> Sequence[State]:
    """What may come next, in order; nothing after somebody left."""
    if state is State.LEFT:
        return ()
    return [one for one in State if one is not state and RANK[one] >= RANK[state]]


def in_order(days: Mapping[State, str]) -> list[State]:
    """The steps as they were taken: by rank, those of one rank by their days.

    Where one of a rank has no day, or they may be the same, in the order of `days` (see `holding`).
    """
    unknown = {RANK[one] for one, day in days.items() if not day}
    return sorted(days, key=lambda one: (RANK[one], date.min if RANK[one] in unknown else last_day(days[one])))


def reached(days: Mapping[State, str]) -> State:
    """The state of who took these steps."""
    return in_order(days)[-1]


def stay_words(stay: int) -> str:
    """Which stay of a company it is; "" of the first, which most have alone."""
    return _("第{n}次入驻").format(n=stay) if stay > 1 else ""


def stay_title(name: str, stay: int) -> str:
    """A company's name with `stay_words`."""
    return _("{name}（{stay}）").format(name=name, stay=stay_words(stay)) if stay > 1 else name


def stays_contradict(stays: Mapping[int, Mapping[State, str]]) -> str:
    """Why a company cannot have been in a park at these stays, each with its steps; "" where it can."""
    for earlier, later in pairwise(sorted(stays)):
        if State.LEFT not in stays[earlier]:
            words = _("第{earlier}次入驻还没有退出，不能有第{later}次。先记退出，再登记这一次。")
            return words.format(earlier=earlier, later=later)
        end = stays[earlier][State.LEFT]
        for state, day in stays[later].items():
            if surely_before(day, end):
                words = _("第{later}次入驻里{state}的 {day} 早于第{earlier}次退出的 {end}。请改日期。")
                return words.format(later=later, state=state.label, day=day, earlier=earlier, end=end)
    return ""
