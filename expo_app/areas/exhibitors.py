"""参展商."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from expo_app.areas.registration import BEFORE, NAMES, Act, Area, Count, Found, ListEntry, Offer, PageDef, SectionDef
from expo_app.documents import EXPORT, FOR_STAFF, Document, Writing
from expo_app.i18n import N_
from expo_app.model import ExhibitorState
from expo_app.routes import ListRoute
from expo_app.routes.first_steps import FirstStep
from expo_app.routes.reports import ReportsRoute
from expo_app.services import duplicates, exhibitors_merging, exhibitors_rules, floor_rules, organisations_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EXHIBITORS, ORGANISATIONS
from expo_app.specs.list_look import ALL, MERGE, ListLook
from expo_app.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from expo_app.documents.summary import SummaryPart
    from expo_app.services.statistics.scope import Scope
    from expo_app.specs.figures import Figure
    from expo_app.specs.report_data import Finding
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.exhibitors import ExhibitorsPage

    return ExhibitorsPage(context)


def _count(db: Database, expo_id: uuid.UUID) -> Count:
    from expo_app.services.statistics.exhibition import exhibition

    return int(exhibition(db, expo_id).exhibitors.value or 0), "mute"


def _directory(writing: Writing) -> None:
    from expo_app.reports import directory
    from expo_app.services import exhibitors_report

    writing.report(exhibitors_report.read, directory.write)


def _findings(db: Database, expo_id: uuid.UUID) -> Sequence[Finding]:
    from expo_app.services import exhibitors_report

    return exhibitors_report.findings(db, expo_id)


def _figures(session: Session, scope: Scope) -> Sequence[Figure]:
    from expo_app.services.statistics.exhibition import read_exhibition as read

    return read(session, scope).figures


def _summary() -> SummaryPart[Any]:
    from expo_app.documents.summary import SummaryPart
    from expo_app.reports import exhibition_summary
    from expo_app.services.statistics.exhibition import read_exhibition

    return SummaryPart(read_exhibition, exhibition_summary.chapter)


PILLS = {
    ExhibitorState.APPLIED: "warn", ExhibitorState.REVIEWED: "info", ExhibitorState.CONFIRMED: "info",
    ExhibitorState.SETTING_UP: "info", ExhibitorState.ARRIVED: "ok",
}  # fmt: skip
AREA = Area(
    "exhibitors",
    lists=(
        ListEntry(
            EXHIBITORS,
            Rules(
                before=(exhibitors_rules.fill_in,),
                after=(floor_rules.assign_named,),
                reviews=(organisations_rules.kept_apart, floor_rules.named_are_free, exhibitors_rules.mains_there),
                folding=exhibitors_merging.FOLDING,
                alike=duplicates.like_this,
            ),
            command_at=10,
            found=Found(
                2,
                ("organisation.name", "booths", "organisation.region_code", "organisation.industry_id"),
                ("contact.name", "contact.phone"),
            ),
            new=Offer(1, N_("新增参展商")),
            imported=Offer(1, N_("导入参展商")),
        ),
        ListEntry(
            ORGANISATIONS,
            Rules(
                before=(organisations_rules.usual_kind,),
                reviews=(organisations_rules.kept_apart,),
                alike=duplicates.like_this,
            ),
            command_at=70,
            command=N_("organisations 单位"),
            look=ListLook(N_("单位"), N_("共 {n} 家"), N_("单位名称、拼音首字母"), ALL | {MERGE}),
            section=SectionDef(30, N_("单位"), "building-line", NAMES),
        ),
    ),
    pages=(PageDef("exhibitors", N_("参展商"), "store-2", _page, BEFORE, _count),),
    reports=(
        Document(
            "directory",
            N_("参展商会刊"),
            N_("一家一条，附展位、产业、地区与拼音索引；先核对再印。"),
            group=FOR_STAFF,
            at=30,
            formats=("pdf",),
            shape="table",
            write=_directory,
            command_at=20,
            command=N_("directory 会刊"),
            check=_findings,
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
    figures=_figures,
    acts=(Act(N_("会刊核对"), "exhibitors", "list-check", EXPORT, ReportsRoute("directory")),),
    steps=(
        FirstStep(
            5,
            "exhibitors",
            N_("导入参展商"),
            N_("从 Excel 导入，或逐家新增"),
            N_("去导入"),
            ListRoute(EXHIBITORS),
            lacking=N_("没有参展商：会刊和到场统计都是空的。"),
        ),
        FirstStep(
            41,
            "brings_own",
            N_("注明联合参展商"),
            N_("有没有自己的人员和展品"),
            N_("去注明"),
            ListRoute(EXHIBITORS),
            optional=True,
            lacking=N_("有联合参展商没有注明自有人员、自有展品：统计时另外列出，不能确认是参展商。"),
            subject=N_("自有人员、自有展品"),
            there=exhibitors_rules.confirmed_co_exhibitors,
            at_start=False,
        ),
    ),
    pills=PILLS,
)
