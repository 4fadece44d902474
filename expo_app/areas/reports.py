"""报表."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expo_app.areas.registration import ANALYSIS, Area, PageDef
from expo_app.documents import FOR_LEADERS, Document, Writing
from expo_app.i18n import N_

if TYPE_CHECKING:
    from expo_app.ui.context import Context
    from expo_app.ui.page import Page


def _page(context: Context) -> Page:
    from expo_app.ui.pages.reports import ReportsPage

    return ReportsPage(context)


def _summary(writing: Writing) -> None:
    from expo_app.documents.summary import read
    from expo_app.reports import summary

    writing.report(read, summary.write, summary.tables)


def _closing(writing: Writing) -> None:
    from expo_app.documents.summary import read_closing
    from expo_app.reports import closing

    writing.report(read_closing, closing.write, closing.tables)


AREA = Area(
    "reports",
    pages=(PageDef("reports", N_("报表"), "bar-chart-box", _page, ANALYSIS),),
    reports=(
        Document(
            "closing",
            N_("展后报告"),
            N_("从口径到每个数字的来源记录，带目录和往届比较；Word 供改写，Excel 为统计工作簿。"),
            group=FOR_LEADERS,
            at=5,
            formats=("pdf", "docx", "xlsx"),
            shape="chart",
            write=_closing,
            command_at=60,
            command=N_("closing 展后报告"),
        ),
        Document(
            "summary",
            N_("展会总结报告"),
            N_("规模、到场、活动、签约与意向，附图表；Excel 为同一组数字。"),
            group=FOR_LEADERS,
            at=10,
            formats=("pdf", "xlsx"),
            shape="chart",
            write=_summary,
            command_at=50,
            command=N_("summary 总结报告"),
        ),
    ),
)
