"""成果与需求: results, demands and open calls by region and field."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, Area, Found, ListEntry, PageDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import TransferWay
from expo_app.rules.open_calls import Standing
from expo_app.specs import ACHIEVEMENTS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from expo_app.documents.summary import SummaryPart
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


def _report(writing: Writing) -> None:
    from expo_app.reports import supply
    from expo_app.services import supply_report

    writing.report(supply_report.read, supply.write, supply.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    from expo_app.services import supply_report

    return supply_report.as_json(db, expo_id, now)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import supply
    from expo_app.services.statistics.supply import read_supply

    return SummaryPart(read_supply, supply.chapter, is_short=False)


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
    reports=(
        Document(
            "supply",
            N_("成果与需求分布"),
            N_("成果和技术需求各来自哪里、是什么领域，报道的数另列。"),
            group=FOR_TRADE,
            at=31,
            formats=("pdf", "xlsx"),
            shape="grid",
            write=_report,
            command_at=51,
            command=N_("supply 成果与需求分布"),
            as_json=_report_json,
        ),
    ),
    summary=_summary,
    figures=_figures,
    pills=PILLS,
)
