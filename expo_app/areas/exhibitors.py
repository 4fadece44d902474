"""参展商."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, Area, Count, ListEntry, PageDef
from expo_app.documents import FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.services import exhibitors_rules, floor_rules, organisations_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXHIBITORS, ORGANISATIONS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from expo_app.documents.summary import SummaryPart
    from expo_app.ui.context import Context


def _page(context: Context) -> QWidget:
    from expo_app.ui.pages.exhibitors import ExhibitorsPage

    return ExhibitorsPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services.statistics.exhibition import exhibition

    return int(exhibition(db, expo_id).exhibitors.value or 0), "mute"


def _directory(writing: Writing) -> None:
    from expo_app.reports import directory
    from expo_app.services import exhibitors_report

    writing.report(exhibitors_report.read, directory.write)


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import exhibition_summary
    from expo_app.services.statistics.exhibition import read_exhibition

    return SummaryPart(read_exhibition, exhibition_summary.chapter)


AREA = Area(
    "exhibitors",
    lists=(
        ListEntry(
            EXHIBITORS,
            Rules(
                before=(exhibitors_rules.fill_in,),
                after=(floor_rules.assign_named,),
                reviews=(organisations_rules.kept_apart, floor_rules.named_are_free, exhibitors_rules.mains_there),
            ),
            command_at=10,
        ),
        ListEntry(
            ORGANISATIONS,
            Rules(reviews=(organisations_rules.kept_apart,)),
            command_at=70,
            command=N_("organisations 单位"),
        ),
    ),
    pages=(PageDef("exhibitors", N_("参展商"), "store-2", _page, BEFORE, _count),),
    reports=(
        Document(
            "directory",
            N_("参展商会刊"),
            N_("按展区排列，附展位与拼音索引。"),
            group=FOR_STAFF,
            at=30,
            formats=("pdf",),
            shape="table",
            write=_directory,
            command_at=20,
            command=N_("directory 会刊"),
        ),
        Document(
            "exhibitors",
            N_("参展商名录"),
            N_("全部参展商，可再导入。"),
            group=FOR_STAFF,
            at=60,
            formats=("xlsx",),
            shape="table",
            write=lambda writing: writing.list_of(EXHIBITORS),
        ),
    ),
    summary=_summary,
)
