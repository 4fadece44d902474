"""日程."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, Area, Count, Found, ListEntry, Offer, PageDef
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.model import ItemState
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.services import programme_rules
from expo_app.services.record_rules import Folding, Rules
from expo_app.specs import PEOPLE, PITCHES, PROGRAMME
from expo_app.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from expo_app.documents.summary import SummaryPart
    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.programme import ProgrammePage

    return ProgrammePage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services import programme

    clashes = programme.load(db, expo_id).open_clashes
    return len(clashes), "bad" if any(clash.blocks for clash in clashes) else "warn"


def _agenda(writing: Writing) -> None:
    from expo_app.reports import programme
    from expo_app.services import programme_report

    writing.report(programme_report.read, programme.write)


def _figures(session: Session, scope: Scope) -> Sequence[Figure]:
    from expo_app.services.statistics.programme import read_programme_figures as read

    return read(session, scope).figures


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import programme_summary
    from expo_app.services import programme_report

    return SummaryPart(programme_report.read_summary, programme_summary.chapter)


AREA = Area(
    "programme",
    lists=(
        ListEntry(
            PROGRAMME,
            Rules(
                before=(programme_rules.fill_in, programme_rules.only_once),
                after=(programme_rules.speakers,),
                reviews=(programme_rules.locked_stay,),
            ),
            command_at=30,
            found=Found(1, ("title", "starts_at", "room_id"), ("speakers", "title_en", "host")),
            new=Offer(4, N_("新增场次")),
            imported=Offer(3, N_("导入日程")),
        ),
    ),
    adds=(
        (PITCHES, Rules(before=(programme_rules.in_roadshows,), reviews=(programme_rules.pitches_in_roadshows,))),
        (PEOPLE, Rules(folding=Folding(before=(programme_rules.waivers_follow,)))),
    ),
    pages=(PageDef("programme", N_("日程"), "calendar-event", _page, BEFORE, _count),),
    reports=(
        Document(
            "programme",
            N_("议程"),
            N_("各日总表与逐场清单。"),
            group=FOR_STAFF,
            at=50,
            formats=("pdf",),
            shape="grid",
            write=_agenda,
            command_at=10,
        ),
    ),
    summary=_summary,
    figures=_figures,
    steps=(
        FirstStep(
            7,
            "programme",
            N_("排日程"),
            N_("论坛、路演和签约，会场和时间"),
            N_("去排"),
            ListRoute(PROGRAMME),
            optional=True,
            lacking=N_("没有日程：议程印不出来，嘉宾没有场次。"),
        ),
    ),
    pills={ItemState.DRAFT: "warn", ItemState.CONFIRMED: "ok"},
)
