"""Co-operation across regions, a sheet of its own.

data = services.cooperation_report.read(db, expo_id, now)
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports import charts
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Cell, Column, Row
from expo_app.reports.style import as_of, kpi, open_document, room_for, sentences
from expo_app.rules.chart_layout import Bar
from expo_app.rules.cooperation_index import shown_rate
from expo_app.specs.cooperation_figures import (
    FLOWS,
    FORMULA,
    Cooperation,
    CooperationReport,
    FlowMatrix,
    Part,
    PublishedSeries,
    YearLine,
)
from expo_app.specs.fields import MISSING
from expo_app.specs.report_data import SheetChart, SheetColumn, SheetTable

TITLE = N_("区域协同")
RULES = (
    N_(
        "两地不同才算跨地区，地区按本届的分组；参展按主参展商，成交按签约（此前已签的不算），用券按核验日期，入驻按入驻日期计年，只有报道的企业不数。"
    ),
    N_("— 是这一年没有记录可数，不是 0；基年为 0 的部分不进指数。"),
    N_("复合年增长率 =（末年 ÷ 首年）的（1 ÷ 年数）次方 − 1，只看首尾两年。"),
)
SHEETS = {
    Part.EXHIBITORS: N_("参展流向"), Part.DEALS: N_("成交流向"), Part.VOUCHERS: N_("用券流向"),
    Part.TENANTS: N_("入驻流向"),
}  # fmt: skip
"""Names that a sheet has room for, with the mark of a sample, in either language."""
MOST_REGIONS, CHART = 8, 130
"""Regions side by side on a page; height of a chart."""


def write(path: Path, data: CooperationReport, progress: Progress | None = None) -> set[str]:
    """Write the sheet; the characters the font lacks come back. UserError where the place cannot be written."""
    found = data.cooperation
    with open_document(path, _(TITLE), data.head, progress, len(found.lines) + 8 * len(found.matrices)) as doc:
        doc.kpis([kpi(figure) for figure in found.figures])
        doc.heading(_("指数"), keep=room_for(len(found.lines)) + CHART)
        _write_index(doc, found)
        for matrix in found.matrices:
            if matrix.labels:
                _write_matrix(doc, matrix)
        for series in found.published:
            _write_series(doc, series)
        return doc.missing


def _write_index(doc: Paper, found: Cooperation) -> None:
    if found.base is None:
        doc.paragraph(_("还没有跨地区的记录，没有基年，指数不算。"))
        return
    base = _("基年 {year} = 100。").format(year=found.base)
    doc.note(sentences((_(FORMULA), base, *map(_, RULES))))
    columns = [
        Column(_("年份"), 1, bold=True),
        *(Column(part.label, 1.4, "right") for part in Part),
        Column(_("指数"), 1, "right", bold=True),
    ]
    rows: list[Row] = [_index_row(line) for line in found.lines]
    doc.table(columns, rows)
    bars = [Bar(str(line.year), line.index.value) for line in found.lines if line.index.value is not None]
    if len(bars) > 1:
        doc.chart(charts.bars(bars, "", _points), CHART, _("指数，基年 {year} = 100").format(year=found.base))
    for words in remarks(found):
        doc.note(words)


def _points(value: float | Decimal) -> str:
    return f"{value:,.2f}"


def _index_row(line: YearLine) -> list[Cell]:
    return [str(line.year), *(None if n is None else f"{n:,}" for n in line.counts), index_shown(line)]


def index_shown(line: YearLine) -> str:
    """The index of a year to two decimals; — where it is none."""
    return MISSING if line.index.value is None else f"{line.index.value:,.2f}"


def remarks(found: Cooperation) -> list[str]:
    """The rate of all years, parts that the base year lacks, years that lack a part, records without a place."""
    said = []
    counted = {line.year: dict(zip(Part, line.counts, strict=True)) for line in found.lines}
    of_base = counted.get(found.base, {}) if found.base is not None else {}
    if beside := [p.label for p in Part if of_base and not of_base[p] and any(year[p] for year in counted.values())]:
        words = _("基年 {year} 没有{what}，各年的这部分都不在指数里。")
        said.append(words.format(year=found.base, what=_("、").join(beside)))
    if found.rate is not None:
        said.append(_("自基年起年均 {rate}。").format(rate=shown_rate(found.rate)))
    for line in found.lines:
        if line.index.left_out and line.index.value is not None:
            names = _("、").join(Part[name].label for name in line.index.left_out)
            said.append(_("{year} 年没有{what}的记录，指数按其余部分算。").format(year=line.year, what=names))
    if found.unplaced:
        words = _("、").join(_("{part} {n}").format(part=part.label, n=n) for part, n in found.unplaced)
        said.append(_("地区或年份未填、没有算进来的：{what}。").format(what=words))
    return said


def _write_matrix(doc: Paper, matrix: FlowMatrix) -> None:
    heading = _("{part}：{flow}").format(part=matrix.part.label, flow=_(FLOWS[matrix.part]))
    doc.heading(heading, 2, keep=room_for(min(len(matrix.labels), 4)))
    if len(matrix.labels) <= MOST_REGIONS:
        columns = [
            Column("", 1.4, bold=True), *(Column(label, 1, "right") for label in matrix.labels),
            Column(_("流出"), 1, "right", bold=True),
        ]  # fmt: skip
        rows: list[Row] = [
            [label, *(_cell(n) for n in row), _cell(out)]
            for label, row, out in zip(matrix.labels, matrix.counts, matrix.outgoing, strict=True)
        ]
        doc.table(columns, rows, [_("流入"), *map(_cell, matrix.incoming), _cell(matrix.total)])
    else:
        columns = [Column(_("从"), 2, bold=True), Column(_("到"), 2), Column(_("数"), 1, "right")]
        flows = sorted(_flows(matrix), key=lambda flow: -flow[2])
        doc.table(columns, [[source, target, _cell(n)] for source, target, n in flows])
    doc.note(_("对角线是本地的，不计入流入和流出。"))


def _flows(matrix: FlowMatrix) -> list[tuple[str, str, int]]:
    return [
        (source, target, n)
        for source, row in zip(matrix.labels, matrix.counts, strict=True)
        for target, n in zip(matrix.labels, row, strict=True)
        if n and source != target
    ]


def _cell(n: int) -> str | None:
    return f"{n:,}" if n else None


def _write_series(doc: Paper, series: PublishedSeries) -> None:
    doc.heading(_("已发布：{name}").format(name=series.name), 2, keep=room_for(len(series.points)))
    columns = [Column(_("年份"), 1, bold=True), Column(_("指数值"), 1, "right")]
    doc.table(columns, [[str(year), _points(value)] for year, value in series.points])
    doc.note(series_note(series))


def series_note(series: PublishedSeries) -> str:
    """The rate between its end points, and who published it."""
    parts = []
    if series.rate is not None:
        first, last = series.points[0][0], series.points[-1][0]
        words = _("{first}–{last} 年均 {rate}。").format(first=first, last=last, rate=shown_rate(series.rate))
        parts.append(words)
    if series.source:
        parts.append(_("来源：{source}。").format(source=series.source))
    return sentences(parts) if parts else ""


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: CooperationReport) -> list[SheetTable]:
    """The years with a chart, a sheet for each matrix, and the published series."""
    found = data.cooperation
    notes = (_(FORMULA), *map(_, RULES), *remarks(found), as_of(data.head))
    return [years(found, notes), *_matrices(found, notes), *_series(found, notes)]


def years(found: Cooperation, notes: Sequence[str]) -> SheetTable:
    """Counts and index by year, with a chart."""
    columns = (
        SheetColumn(_("年份"), 8), *(SheetColumn(part.label, 14, "count") for part in Part),
        SheetColumn(_("指数"), 10, "figure"),
    )  # fmt: skip
    rows = [(str(line.year), *line.counts, line.index.value) for line in found.lines]
    at = len(columns) - 1
    chart = (SheetChart(_("指数"), (at,), shape="lines"),) if len(rows) > 1 else ()
    base = () if found.base is None else (_("基年 {year} = 100。").format(year=found.base),)
    return SheetTable(_("指数"), columns, rows, (*base, *notes), (), chart)


def _matrices(found: Cooperation, notes: Sequence[str]) -> list[SheetTable]:
    sheets = []
    for matrix in found.matrices:
        if matrix.labels:
            columns = (
                SheetColumn(_("从 \\ 到"), 14), *(SheetColumn(label, 10, "count") for label in matrix.labels),
                SheetColumn(_("流出"), 10, "count"),
            )  # fmt: skip
            lines = zip(matrix.labels, matrix.counts, matrix.outgoing, strict=True)
            rows = [(label, *(n or None for n in row), out) for label, row, out in lines]
            total = (_("流入"), *matrix.incoming, matrix.total)
            flow = _(FLOWS[matrix.part])
            sheets.append(SheetTable(_(SHEETS[matrix.part]), columns, rows, (flow, *notes), (total,)))
    return sheets


def _series(found: Cooperation, notes: Sequence[str]) -> list[SheetTable]:
    if not found.published:
        return []
    columns = (
        SheetColumn(_("指数名称"), 30), SheetColumn(_("年份"), 8), SheetColumn(_("指数值"), 10, "figure"),
        SheetColumn(_("来源"), 40),
    )  # fmt: skip
    rows = [(one.name, str(year), value, one.source) for one in found.published for year, value in one.points]
    said = [f"{one.name}：{series_note(one)}" for one in found.published]
    return [SheetTable(_("已发布指数"), columns, rows, (*said, *notes))]
