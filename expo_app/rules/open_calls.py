"""Where an open call (揭榜挂帅) stands on a day: its state, and while it is open how long one may come forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expo_app.i18n import N_, Labelled
from expo_app.model import DemandState

SOON = 10
"""Days before its deadline from which a call is about to close."""


class Standing(Labelled):
    """In the order in which calls are looked at."""

    OVERDUE = N_("已过期")
    SOON = N_("将截止")
    OPEN = N_("征集")
    REVIEW = N_("评审")
    AWARDED = N_("已定")
    PERFORMING = N_("履约")
    CLOSED = N_("结题")
    FAILED = N_("流榜")
    WITHDRAWN = N_("撤回")


ORDER = {standing: place for place, standing in enumerate(Standing)}
OPEN = (Standing.OVERDUE, Standing.SOON, Standing.OPEN)
"""Nobody is chosen yet."""


@dataclass(frozen=True)
class Stood:
    """`days` left until the deadline, below 0 where it is past; None where there is none or it is decided."""

    standing: Standing
    days: int | None = None


def stood(state: DemandState, apply_by: date | None, today: date) -> Stood:
    """Where a call stands on `today`: 将截止 and 已过期 are worked out, everything else is its state."""
    if state is not DemandState.COLLECTING:
        return Stood(Standing[state.name])
    if apply_by is None:
        return Stood(Standing.OPEN)
    days = (apply_by - today).days
    standing = Standing.OVERDUE if days < 0 else Standing.SOON if days <= SOON else Standing.OPEN
    return Stood(standing, days)


NEXT: dict[DemandState, tuple[DemandState, ...]] = {
    DemandState.COLLECTING: (DemandState.REVIEW, DemandState.AWARDED, DemandState.FAILED, DemandState.WITHDRAWN),
    DemandState.REVIEW: (DemandState.AWARDED, DemandState.FAILED, DemandState.WITHDRAWN),
    DemandState.AWARDED: (DemandState.PERFORMING, DemandState.CLOSED),
    DemandState.PERFORMING: (DemandState.CLOSED,),
    DemandState.FAILED: (DemandState.COLLECTING, DemandState.WITHDRAWN),
}
"""What a call may become next, as its card offers it; the form takes any state, as a correction does."""
