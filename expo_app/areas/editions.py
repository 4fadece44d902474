"""往届与评价: key figures of past editions, surveys, trends, the grade sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import GROUNDS, ON_THE_SPOT, Act, Area, ListEntry, SectionDef
from expo_app.documents import FOR_LEADERS, Document, Writing
from expo_app.i18n import N_
from expo_app.routes.settings import SectionRoute
from expo_app.services import editions_rules
from expo_app.services.record_rules import Rules
from expo_app.specs import EDITIONS, SURVEYS
from expo_app.specs.list_look import ListLook

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _comparison(context: Context) -> Page:
    from expo_app.ui.pages.editions import ComparisonSection

    return ComparisonSection(context)


def _trends(writing: Writing) -> None:
    from expo_app.reports import editions as report
    from expo_app.services import editions

    writing.report(editions.read_report, report.write, report.tables)


def _grade(writing: Writing) -> None:
    from expo_app.reports import grade as report
    from expo_app.services.statistics.grade import grade

    writing.report(grade, report.write, report.tables)


AREA = Area(
    "editions",
    lists=(
        ListEntry(
            EDITIONS,
            Rules(after=(editions_rules.figures,), alike=editions_rules.same_number),
            command_at=150,
            look=ListLook(N_("往届"), N_("共 {n} 届"), N_("届次名称、展馆")),
            section=SectionDef(16, N_("往届"), "history-line", GROUNDS),
        ),
        ListEntry(
            SURVEYS,
            command_at=155,
            look=ListLook(N_("满意度调查"), N_("共 {n} 次")),
            section=SectionDef(24, N_("满意度调查"), "service-line", ON_THE_SPOT),
        ),
    ),
    sections=(SectionDef(18, N_("历届对比"), "bar-chart-box-line", GROUNDS, _comparison, "comparison"),),
    acts=(Act(N_("历届对比"), "settings", "bar-chart-box-line", "data.export", SectionRoute("comparison")),),
    reports=(
        Document(
            "trends",
            N_("历届对比"),
            N_("各届主要数字并列，累计数字另列。"),
            group=FOR_LEADERS,
            at=140,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_trends,
            command_at=80,
        ),
        Document(
            "grade",
            N_("评级参考"),
            N_("展览等级的条件逐项对照，附审计表，仅供参考。"),
            group=FOR_LEADERS,
            at=150,
            formats=("pdf", "xlsx"),
            shape="table",
            write=_grade,
            command_at=90,
        ),
    ),
)
