"""统计."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import ANALYSIS, Area, PageDef, Verb
from expo_app.documents import FOR_TRADE, Document, Writing
from expo_app.i18n import N_
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.statistics import StatisticsPage

    return StatisticsPage(context)


def _verb() -> Verb:
    from expo_app.areas.statistics_verb import VERB

    return VERB


def _tables(writing: Writing) -> None:
    from expo_app.documents.trade_tables import read
    from expo_app.reports import trade_tables

    writing.report(read, trade_tables.write, trade_tables.tables)


def _tables_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    from expo_app.services.statistics.trade_tables import as_json

    return as_json(db, expo_id, now)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.documents.trade_tables import chapter_read
    from expo_app.reports import trade_summary

    return SummaryPart(chapter_read, trade_summary.chapter, is_short=False)


AREA = Area(
    "statistics",
    summary=_summary,
    verb=_verb,
    pages=(PageDef("statistics", N_("统计"), "pie-chart-2", _page, ANALYSIS),),
    reports=(
        Document(
            "tables",
            N_("统计表"),
            N_("T1–T10 十张表与流向矩阵，写明口径；Excel 带图表。"),
            group=FOR_TRADE,
            at=25,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_tables,
            command_at=47,
            command=N_("tables 统计表"),
            as_json=_tables_json,
        ),
    ),
)
