"""成果与需求: results, demands and open calls by region and field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from expo_app.areas.registration import BEFORE, Area, Found, ListEntry, PageDef
from expo_app.i18n import N_
from expo_app.model import TransferWay
from expo_app.rules.open_calls import Standing
from expo_app.specs import ACHIEVEMENTS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

PAGE = "achievements"


def _page(context: Context) -> Page:
    from expo_app.ui.pages.achievements import AchievementsPage

    return AchievementsPage(context)


def _figures(session: Session, scope: Scope) -> Sequence[Figure]:
    from expo_app.services.statistics.supply import read_supply as read

    return read(session, scope).figures


PILLS = {
    TransferWay.TRANSFER: "ok", TransferWay.LICENCE: "info", TransferWay.COOPERATION: "plum",
    TransferWay.INVESTMENT: "plum",
    Standing.OVERDUE: "bad", Standing.SOON: "warn", Standing.OPEN: "info", Standing.REVIEW: "info",
    Standing.AWARDED: "ok", Standing.PERFORMING: "ok", Standing.CLOSED: "mute",
}  # fmt: skip
AREA = Area(
    "achievements",
    lists=(ListEntry(ACHIEVEMENTS, command_at=50, found=Found(6, ("title", "owner_id"), ("field",))),),
    pages=(PageDef(PAGE, N_("成果与需求"), "lightbulb", _page, BEFORE),),
    figures=_figures,
    pills=PILLS,
)
