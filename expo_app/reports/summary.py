"""The summary report as PDF and as plain tables: the scale, a chapter per area, how it was counted.

    data = documents.summary.read(db, expo_id, now)
    write(path, data, progress);  tables(data) → sheets with the same figures

Every figure comes with the data from `services.statistics`; nothing is counted here.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from expo_app.i18n import _
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Band, Column, Row
from expo_app.reports.style import as_of, kpi, open_document, sentences
from expo_app.reports.summary_chapter import Notes, Summary, end_chapter, tidy
from expo_app.specs import SPECS
from expo_app.specs.figures import SHARE, WAN, Figure
from expo_app.specs.report_data import Share, SheetColumn, SheetTable


def write(path: Path, data: Summary, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(chapter.rows + len(chapter.figures) for chapter in data.chapters)
    with open_document(path, _("展会总结报告"), data.head, progress, rows) as doc:
        _first_page(doc, data)
        for chapter in data.chapters:
            chapter.write(doc)
        _rules(doc, data)
        return doc.missing


def tables(data: Summary) -> list[SheetTable]:
    """The same figures as plain tables, one sheet each."""
    note = (as_of(data.head),)
    return [
        _figures_sheet(data, note),
        *(sheet for chapter in data.chapters for sheet in chapter.sheets(note)),
        SheetTable(_("统计口径"), (SheetColumn(_("口径"), 90, "long"),), [(rule,) for rule in rules(data)]),
    ]


def scale(data: Summary) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    """Every figure of the report by chapter."""
    return tuple((chapter.title, chapter.figures) for chapter in data.chapters)


def rules(data: Summary) -> tuple[str, ...]:
    """How the figures were counted, in sentences."""
    said = (rule for chapter in data.on_the_first_page for rule in chapter.rules)
    return tuple(filter(None, (as_of(data.head) + _("。"), data.head.permits, *said, samples(data))))


def samples(data: Summary) -> str:
    """What becomes of records marked as samples."""
    if data.head.is_sample:
        return _("本展会为示例展会，全部记录计入其自身数字，不计入任何跨届合计。")
    return _("标为示例的单条记录不计入任何数字。")


def _first_page(doc: Paper, data: Summary) -> None:
    """The eight figures that count most, and the same in sentences."""
    if data.head.facts:
        doc.facts(data.head.facts)
    doc.chapter(_("总体规模"), keep=200)
    doc.kpis([kpi(f) for chapter in data.on_the_first_page for f in chapter.headline])
    figures = {figure.name: figure for chapter in data.chapters for figure in chapter.figures}
    doc.paragraph(sentences(list(filter(None, (chapter.words(figures) for chapter in data.on_the_first_page)))))
    end_chapter(doc, data.head)


def _rules(doc: Paper, data: Summary) -> None:
    doc.chapter(_("口径与指标一览"), keep=150)
    for rule in rules(data):
        doc.paragraph(f"· {rule}", 9, "text.2")
    doc.heading(_("指标一览"), 2, keep=100)
    columns = [
        Column(_("指标"), 2, bold=True), Column(_("数值"), 1.4, "right", bold=True),
        Column(_("计量单位"), 0.8, holds=[f.unit_shown for _title, figures in scale(data) for f in figures]),
        Column(_("口径"), 3), Column(_("来源记录"), 3.2),
    ]  # fmt: skip
    rows: list[Row] = []
    for title, figures in scale(data):
        rows.append(Band(title))
        rows += [[f.label, f.shown, f.unit_shown or None, f.note or None, source(f) or None] for f in figures]
    doc.table(columns, rows)


def _figures_sheet(data: Summary, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("章节"), 22), SheetColumn(_("指标"), 20), SheetColumn(_("数值"), 18, "figure"),
        SheetColumn(_("计量单位"), 10), SheetColumn(_("口径"), 36, "long"), SheetColumn(_("来源记录"), 36, "long"),
    )  # fmt: skip
    rows = [
        (title, f.label, figures_value(f), f.unit_shown or None, f.note or None, source(f) or None)
        for title, figures in scale(data)
        for f in figures
    ]
    return SheetTable(_("总体规模"), columns, rows, note)


def figures_value(figure: Figure) -> int | Decimal | None:
    """The value in the unit that stands beside it: money in 万元; a share as a fraction, as on every other sheet."""
    if figure.value is None:
        return None
    if figure.unit == SHARE:
        return Share(round(Decimal(figure.value), 6))
    if figure.unit == WAN:
        return Decimal(figure.shown.replace(",", ""))
    return tidy(Decimal(figure.value))


def source(figure: Figure) -> str:
    """The list that a figure was counted from, and which of its records."""
    return f"{SPECS[figure.trace.spec].label} · {figure.trace.words}" if figure.trace else ""
