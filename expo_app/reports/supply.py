"""Results and demands by region and field: a sheet of its own, and a short chapter of the closing report.

data = services.supply_report.read(db, expo_id, now)
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.model import Counted
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Cell, Column, Row
from expo_app.reports.style import as_of, kpi, open_document, room_for, sentences
from expo_app.reports.summary_chapter import Chapter, Notes
from expo_app.specs.report_data import Head, SheetColumn, SheetTable
from expo_app.specs.supply_figures import HeatTable, Part, Reported, SupplyFigures, SupplyReport

TITLE, CHAPTER = N_("成果与需求分布"), N_("成果与需求")
RULES = (
    N_("按单位所在地区和技术领域计，撤回的需求不计；“报道”是别人发布的数，与数出来的分开列，不相加，没有报道的是 —。"),
)
MOST_REGIONS, LEAST = 7, 24
"""Regions side by side on a page, of more only their totals stand below each other; points a chapter has at least."""
NO_FIELD = N_("未填领域")
NAMES = {Counted.RESULTS: N_("成果"), Counted.DEMANDS: N_("技术需求")}


def write(path: Path, data: SupplyReport, progress: Progress | None = None) -> set[str]:
    """Write the sheet; the characters the font lacks come back. UserError where the place cannot be written."""
    figures = data.figures
    rows = sum(len(table.fields) + len(table.lines) for table in _both(figures))
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        doc.kpis([kpi(figure) for figure in figures.figures])
        doc.note(sentences(tuple(map(_, RULES))))
        for table in _both(figures):
            doc.heading(_(NAMES[table.counted]), keep=room_for(4))
            _table(doc, table)
        return doc.missing


def _both(figures: SupplyFigures) -> tuple[HeatTable, HeatTable]:
    return figures.results, figures.demands


def _table(doc: Paper, table: HeatTable) -> None:
    """Fields below each other, regions beside each other; reported numbers last."""
    if not table.total.count and not table.has_reports:
        doc.paragraph(_("还没有{what}。").format(what=_(NAMES[table.counted])))
        return
    if len(table.lines) > MOST_REGIONS:
        _regions(doc, table)
        return
    columns = [
        Column(_("领域"), 3, bold=True),
        *(Column(line.label, 1, "right") for line in table.lines),
        Column(_("合计"), 1, "right", bold=True), Column(_("报道"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            _field(field), *(_number(line.parts[at]) for line in table.lines), _number(table.totals[at]),
            _reported(table.reported_fields[at]),
        ]
        for at, field in enumerate(table.fields)
    ]  # fmt: skip
    total: list[Cell] = [
        _("合计"), *(_number(line.total) for line in table.lines), _number(table.total), _reported(table.reported),
    ]  # fmt: skip
    doc.table(columns, rows, total)
    _notes(doc, table)


def _regions(doc: Paper, table: HeatTable) -> None:
    columns = [Column(_("地区"), 3, bold=True), Column(_("合计"), 1, "right"), Column(_("报道"), 1, "right")]
    rows: list[Row] = [[line.label, _number(line.total), _reported(line.reported)] for line in table.lines]
    doc.table(columns, rows, [_("合计"), _number(table.total), _reported(table.reported)])
    columns = [Column(_("领域"), 3, bold=True), Column(_("合计"), 1, "right"), Column(_("报道"), 1, "right")]
    of_fields = zip(table.fields, table.totals, table.reported_fields, strict=True)
    doc.table(columns, [[_field(field), _number(part), _reported(report)] for field, part, report in of_fields])
    _notes(doc, table)


def _notes(doc: Paper, table: HeatTable) -> None:
    """Of which places what was reported, and how many of the counted are samples."""
    lines = [(line.label, line.reported) for line in table.lines if line.reported]
    told = [
        *lines,
        *((one.label, one) for one in table.others),
        *([(_("合计"), table.reported)] if table.reported else []),
    ]
    if told:
        said = _("、").join(f"{label} {report.count:,}" for label, report in told if report)
        sources = dict.fromkeys(report.source for _label, report in told if report and report.source)
        doc.note(_("报道：{what}。").format(what=said) + _("；").join(sources))
    if table.total.samples:
        doc.note(_("其中示例 {n} 项。").format(n=f"{table.total.samples:,}"))


def _field(field: str) -> str:
    return _(field) if field else _(NO_FIELD)


def _number(part: Part) -> str | None:
    return f"{part.count:,}" if part.count else None


def _reported(reported: Reported | None) -> str | None:
    return f"{reported.count:,}" if reported else None


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: SupplyReport) -> list[SheetTable]:
    """Regions × fields as a sheet each; what was reported stands in its own column and in the last line."""
    notes = (*map(_, RULES), as_of(data.head))
    return [_sheet(table, notes) for table in _both(data.figures)]


def _sheet(table: HeatTable, notes: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("地区"), 14),
        *(SheetColumn(_field(field), 12, "count") for field in table.fields),
        SheetColumn(_("合计"), 10, "count"), SheetColumn(_("其中示例"), 10, "count"),
        SheetColumn(_("报道"), 10, "count"), SheetColumn(_("来源"), 30),
    )  # fmt: skip
    rows = [_cells(line.label, line.parts, line.total, line.reported) for line in table.lines]
    if any(table.reported_fields):
        of_fields = (None if one is None else one.count for one in table.reported_fields)
        rows.append((_("报道"), *of_fields, None, None, None, ""))
    total = _cells(_("合计"), table.totals, table.total, table.reported)
    return SheetTable(_(NAMES[table.counted]), columns, rows, notes, (total,))


def _cells(label: str, parts: Sequence[Part], total: Part, reported: Reported | None) -> tuple[object, ...]:
    counts = (part.count or None for part in (*parts, total))
    report = (None, "") if reported is None else (reported.count, reported.source)
    return (label, *counts, total.samples or None, *report)


# --- the closing report -----------------------------------------------------------------------------------------------
def chapter(_head: Head, figures: SupplyFigures) -> Chapter | None:
    """Before what was signed; nothing where there is nothing."""
    if not any(table.total.count or table.has_reports for table in _both(figures)):
        return None
    return Chapter(
        47, 47, figures, _(CHAPTER), (), (), 0, partial(_write, figures),
        partial(_sheets, figures),
    )  # fmt: skip


def _write(figures: SupplyFigures, doc: Paper) -> None:
    """No more than a line or two: the sheet of its own tells the rest."""
    doc.chapter(_(CHAPTER), keep=LEAST)
    told = [_told(table) for table in _both(figures) if table.total.count or table.has_reports]
    calls = [_("揭榜挂帅 {n} 项").format(n=figures.calls.shown)] if figures.calls.value else []
    doc.note(_("；").join([*told, *calls]) + _("。"))


def _told(table: HeatTable) -> str:
    """How many there are and from where; then what was reported."""
    words = _("{what} {n} 项").format(what=_(NAMES[table.counted]), n=table.total.figure.shown)
    places = [f"{line.label} {line.total.figure.shown}" for line in table.lines if line.total.count]
    told = words + (_("（{words}）").format(words=_("、").join(places)) if places else "")
    return _("，").join([told, *([_reports(table)] if table.has_reports else [])])


def _reports(table: HeatTable) -> str:
    whole = [_("合计 {n}").format(n=f"{table.reported.count:,}")] if table.reported else []
    lines = [f"{line.label} {line.reported.count:,}" for line in table.lines if line.reported]
    return _("报道：{what}").format(what=_("、").join([*whole, *lines]))


def _sheets(figures: SupplyFigures, note: Notes) -> list[SheetTable]:
    return [_sheet(table, note) for table in _both(figures) if table.total.count or table.has_reports]
