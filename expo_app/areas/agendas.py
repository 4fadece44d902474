"""供需对接 on paper: sheets for those who meet and for the tables, the full grid, its chapter of the report."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import Area
from expo_app.documents import FOR_LEADERS, FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart


def _agendas(writing: Writing) -> None:
    from expo_app.reports import agendas as paper
    from expo_app.services import agendas

    writing.report(partial(agendas.read, part=writing.part), paper.write, paper.tables)


def _agendas_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str) -> object:
    from expo_app.services import agendas

    return agendas.as_json(db, expo_id, now, part)


def _parts(db: Database, expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    from expo_app.services import agendas

    return agendas.parts(db, expo_id)


def _grid(writing: Writing) -> None:
    from expo_app.reports import meeting_grid
    from expo_app.services import agendas

    writing.report(agendas.read_grid, meeting_grid.write, meeting_grid.tables)


def _figures(writing: Writing) -> None:
    from expo_app.reports import matching
    from expo_app.services import matching_report

    writing.report(matching_report.read, matching.write, matching.tables)


def _figures_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    from expo_app.services import matching_report

    return matching_report.as_json(db, expo_id, now)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import matching_summary
    from expo_app.services.statistics.matching import read_matching

    return SummaryPart(read_matching, matching_summary.chapter, is_short=False)


AREA = Area(
    "agendas",
    reports=(
        Document(
            "agendas",
            N_("洽谈日程单"),
            N_("每家单位一张、只有自己的洽谈；每张桌一份名单给现场；候补名单。只含已发布的。"),
            group=FOR_TRADE,
            at=43,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_agendas,
            command_at=57,
            command=N_("agendas 洽谈日程单"),
            as_json=_agendas_json,
            parts=_parts,
            part_label=N_("单位、人员、洽谈点"),
        ),
        Document(
            "meeting-grid",
            N_("洽谈总表"),
            N_("全部洽谈的桌位和时间，含未发布的；写明谁和谁洽谈，只给管理员，记入日志。"),
            group=FOR_TRADE,
            at=44,
            formats=("pdf", "xlsx"),
            shape="grid",
            write=_grid,
            command_at=58,
            command=N_("meeting-grid 洽谈总表"),
            permission="matching.grid",
        ),
        Document(
            "matching",
            N_("供需对接统计"),
            N_("需求、建议、请求、洽谈到结果和签约的数字；比率都写明分子和分母。"),
            group=FOR_LEADERS,
            at=46,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_figures,
            command_at=59,
            command=N_("matching 供需对接统计"),
            as_json=_figures_json,
        ),
    ),
    summary=_summary,
)
