"""路演: experts' scores and comments, the interest of investors and companies; the clerk's page in the hall."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Area, Found, ListEntry, Offer, PageDef
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.model import InterestLevel
from expo_app.services import programme_rules, roadshow_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import INTERESTS, PITCH_COMMENTS, PITCHES, SCORE_CRITERIA, SCORES
from expo_app.specs.list_look import ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page

LISTS = "roadshow_lists"


def _lists(context: Context) -> Page:
    from expo_app.ui.pages.roadshow.lists import RoadshowLists

    return RoadshowLists(context)


def _clerk(context: Context) -> Page:
    from expo_app.ui.pages.roadshow.clerk import RoadshowPage

    return RoadshowPage(context)


def _report(writing: Writing) -> None:
    from expo_app.reports import roadshow
    from expo_app.services import roadshow_report

    writing.report(partial(roadshow_report.read, only=writing.part), roadshow.write, roadshow.tables)


def _report_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str) -> object:
    from expo_app.services import roadshow_report

    return roadshow_report.as_json(db, expo_id, now, part)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import roadshow_report

    return roadshow_report.shows(db, expo_id)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import roadshow_summary
    from expo_app.services.statistics.roadshow import read_roadshows

    return SummaryPart(read_roadshows, roadshow_summary.chapter, is_short=False)


PILLS: Mapping[Any, str] = {
    InterestLevel.STRONG: "ok", InterestLevel.REAL: "info", InterestLevel.CURIOUS: "mute",
}  # fmt: skip
AREA = Area(
    "roadshow",
    adds=((PITCHES, Rules(before=(roadshow_rules.cancelled_or_pitched,), holds=(roadshow_rules.recorded_stays,))),),
    lists=(
        ListEntry(
            INTERESTS,
            Rules(before=(roadshow_rules.fill_in_interests,), reviews=(roadshow_rules.pitches_are_there,)),
            command_at=61,
            page=LISTS,
            look=ListLook(N_("意向"), N_("共 {n} 条")),
            found=Found(21, ("organisation_id", "interest_no", "pitch", "level"), ("contact",)),
            new=Offer(60, N_("登记路演意向")),
            imported=Offer(60, N_("导入路演意向")),
        ),
        ListEntry(
            SCORES,
            Rules(
                before=(roadshow_rules.fill_in_scores,),
                reviews=(roadshow_rules.pitches_are_there, roadshow_rules.criteria_are_there),
            ),
            command_at=62,
            page=LISTS,
            look=ListLook(N_("评分"), N_("共 {n} 条")),
            imported=Offer(61, N_("导入专家评分")),
        ),
        ListEntry(
            PITCH_COMMENTS,
            Rules(before=(roadshow_rules.fill_in_comments,), reviews=(roadshow_rules.pitches_are_there,)),
            command_at=63,
            page=LISTS,
            look=ListLook(N_("点评"), N_("共 {n} 条")),
        ),
        ListEntry(
            SCORE_CRITERIA,
            Rules(
                before=(programme_rules.in_roadshows, roadshow_rules.fits_scores),
                reviews=(programme_rules.pitches_in_roadshows,),
            ),
            command_at=64,
            page=LISTS,
            look=ListLook(N_("评分项"), N_("共 {n} 项")),
        ),
    ),
    reports=(
        Document(
            "roadshow",
            N_("路演结果单"),
            N_("各场路演的顺序、逐位专家的评分和点评、意向和去向，当晚可发。"),
            group=FOR_TRADE,
            at=29,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_report,
            command_at=44,
            command=N_("roadshow 路演结果单"),
            as_json=_report_json,
            parts=_parts,
        ),
    ),
    summary=_summary,
    pages=(
        PageDef("roadshow", N_("路演记录台"), "mic", _clerk, inside="guests"),
        PageDef(LISTS, N_("路演记录"), "mic", _lists, inside="guests"),
    ),
    pills=PILLS,
)
