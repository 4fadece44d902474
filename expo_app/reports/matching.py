"""供需对接 in figures on a page: what was suggested, asked for, met about; days; the measured rates, both numbers.

data = services.matching_report.read(db, expo_id, now)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports.canvas import Progress
from expo_app.reports.matching_summary import day_titles, days_sheet, figures_sheet
from expo_app.reports.pdf import Column, Document, Row
from expo_app.reports.style import as_of, day_words, kpi, open_document, room_for
from expo_app.specs.figures import Figure
from expo_app.specs.matching_figures import MatchingReport
from expo_app.specs.report_data import SheetTable

TITLE = N_("供需对接统计")
RULES = N_("比率都是本届实测，没有参照值；没有分母的写“—”。意向只计场数，金额范围不是成交额；签约以成交台账为准。")
FIRST = ("matching_suggestions", "matching_accepted", "matching_agreed", "matching_published")


def write(path: Path, data: MatchingReport, progress: Progress | None = None) -> set[str]:
    """Write the page; the characters the font lacks come back. UserError where the place cannot be written."""
    figures = data.figures
    parts = [
        (_("需求和供给"), figures.supply), (_("建议"), (*figures.suggestions, *figures.unsuitable)),
        (_("洽谈请求"), figures.requests), (_("洽谈和结果"), figures.meetings),
    ]  # fmt: skip
    rows = sum(len(part) for _title, part in parts) + len(figures.rates) + len(figures.days)
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        doc.kpis([kpi(figures[name]) for name in FIRST])
        doc.heading(_("比率"), keep=room_for(len(figures.rates), total=False))
        doc.table(
            [Column(_("比率"), 3, bold=True), Column(_("数值"), 1.2, "right"), Column(_("口径"), 5)],
            [[rate.figure.label, rate.figure.shown, rate.figure.note] for rate in figures.rates],
        )
        if figures.days:
            doc.heading(_("各天洽谈"), keep=room_for(len(figures.days)))
            columns = [Column(_("日期"), 1.6, bold=True), *(Column(title, 1, "right") for title in day_titles())]
            days: list[Row] = [[day_words(line.day), *(f"{n:,}" for n in line.numbers)] for line in figures.days]
            doc.table(columns, days)
        for title, part in parts:
            _part(doc, title, part)
        doc.note(_(RULES))
        return doc.missing


def _part(doc: Document, title: str, figures: Sequence[Figure]) -> None:
    doc.heading(title, level=2, keep=room_for(len(figures), total=False))
    columns = [Column(_("指标"), 3, bold=True), Column(_("数值"), 1.2, "right"), Column(_("口径"), 5)]
    doc.table(columns, [[one.label, f"{one.shown} {one.unit_shown}".strip(), one.note or None] for one in figures])


def tables(data: MatchingReport) -> list[SheetTable]:
    """Every figure with how it was counted, and days."""
    return [figures_sheet(data.figures, (_(RULES), as_of(data.head))), days_sheet(data.figures)]
