"""The closing report: how everything was counted, then every area's chapter, then each figure with its records.

    data = documents.summary.read_closing(db, expo_id, now)
    write(path, data, progress)  # a PDF or, where the path says so, a text for Word
    tables(data)                 # the statistics workbook, with the same figures

Every figure comes with the data from `services.statistics`; nothing is counted here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from expo_app.i18n import _
from expo_app.reports import summary
from expo_app.reports.book import Book
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Band, Column, Row
from expo_app.reports.style import as_of, kpi, room_for, sentences
from expo_app.reports.summary_chapter import Chapter, Notes, Summary, end_chapter
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import SheetColumn, SheetTable
from expo_app.specs.trend_figures import CHANGE, Past, Trend

MOST_EDITIONS = 4
"""Earlier editions beside each other on a page; the workbook has all of them."""


def write(path: Path, data: Summary, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    title, rows = _("展后报告"), sum(chapter.rows + len(chapter.figures) for chapter in data.chapters)
    if path.suffix.lower() == ".docx":
        from expo_app.reports.word import Text

        with Text(path, title, data.head, progress=progress, total=rows) as text:
            text.contents()
            _tell(text, data)
        return text.missing
    with Book(path, title, data.head, progress=progress, total=rows) as book:
        book.contents()
        _tell(book, data)
        return book.missing


def _tell(paper: Paper, data: Summary) -> None:
    _method(paper, data)
    _scale(paper, data)
    for chapter in data.chapters:
        chapter.write(paper)
    _trends(paper, data)
    _figures(paper, data)


# --- how it was counted -----------------------------------------------------------------------------------------------
def method(data: Summary) -> list[tuple[str, str]]:
    """How everything was counted: (what it is about, in sentences), what holds for all of it first."""
    told = [
        (_("数据来源"), _("全部数字由登记在本程序里的记录算出；每个数字的口径、来源记录和记录数见最后一章。")),
        (_("数据时点"), sentences([as_of(data.head) + _("。"), data.head.permits])),
        (_("证据"), _("到场只认入口核验通过的记录；登记了、印了胸卡而没有核验的人不算到场。")),
        (_("金额"), _("金额以元存储，精确到分，以万元列示；没有金额的项目只计项数，不作 0 计；意向与签约不相加。")),
        (_("占比"), _("占比由未舍入的数字算出，四舍五入到 0.1%，所以各项之和可能不是 100.0%。")),
        (_("缺数"), _("不知道的数写作“—”，不作 0 计，也不推算。")),
        (_("示例"), summary.samples(data)),
    ]
    return told + [(chapter.title, sentences(chapter.rules)) for chapter in data.chapters if chapter.rules]


def _method(paper: Paper, data: Summary) -> None:
    paper.chapter(_("统计口径与方法"), keep=120)
    paper.facts(method(data), 120)


def _scale(paper: Paper, data: Summary) -> None:
    """The figures that count most, and the same in sentences."""
    paper.chapter(_("总体规模"), keep=210)
    paper.kpis([kpi(f) for chapter in data.on_the_first_page for f in chapter.headline])
    paper.paragraph(_in_words(data))
    end_chapter(paper, data.head)


def _in_words(data: Summary) -> str:
    figures = {figure.name: figure for chapter in data.chapters for figure in chapter.figures}
    return sentences(filter(None, (chapter.words(figures) for chapter in data.on_the_first_page)))


# --- earlier editions -------------------------------------------------------------------------------------------------
def compared(data: Summary) -> tuple[list[int], list[Trend]]:
    """Places of the earlier editions that say anything, the last first, and the figures that any of them knows.

    By place in `Trend.past`: two editions may have one number.
    """
    known = [trend for trend in data.trends.values() if any(past.value is not None for past in trend.past)]
    places = {place for trend in known for place, past in enumerate(trend.past) if past.value is not None}
    return sorted(places), known


def _trends(paper: Paper, data: Summary) -> None:
    places, known = compared(data)
    if not known:
        return
    paper.chapter(_("与往届比较"), keep=100)
    shown = places[:MOST_EDITIONS]
    columns = [Column(_("指标"), 2, bold=True), Column(_("本届"), 1.5, "right", bold=True)]
    columns += [Column(_edition(known[0].past[place]), 1.5, "right") for place in shown]
    columns.append(Column(_("变化"), 1.2, "right"))
    rows: list[Row] = []
    for trend in known:
        earlier = [trend.shown(trend.past[place]) for place in shown]
        rows.append([trend.figure.label, with_unit(trend.figure), *earlier, trend.change_shown])
    paper.table(columns, rows)
    paper.note(sentences([_(CHANGE) + _("。"), _("没有报道也没有记录的数写作“—”；累计数不作某一届的数。")]))
    sources = dict.fromkeys(past.source for trend in known for past in trend.past if past.source)
    if sources:
        paper.note(_("往届数来源：{sources}。").format(sources=_("；").join(text.rstrip("。.") for text in sources)))
    end_chapter(paper, data.head)


def _edition(past: Past) -> str:
    return f"{past.called}\n{past.starts_on.year}" if past.starts_on else past.called


def with_unit(figure: Figure) -> str:
    """12,249.30 万元; what is not known has no unit."""
    unit = "" if figure.value is None else figure.unit_shown
    return f"{figure.shown} {unit}" if unit else figure.shown


# --- every figure -----------------------------------------------------------------------------------------------------
def _figures(paper: Paper, data: Summary) -> None:
    paper.chapter(_("指标一览与来源记录"), keep=room_for(3))
    shown = [f for chapter in data.chapters for f in chapter.figures]
    has_past = bool(compared(data)[1])
    no_past = "" if has_past else _("没有可比的往届：没有更早的届次，也没有登记往届的主要指标。")
    paper.note(sentences([_("“记录数”是生成时在“来源记录”里查到的条数。"), no_past]))
    columns = [
        Column(_("指标"), 2.5, bold=True), Column(_("数值"), 1.1, "right", bold=True, holds=[f.shown for f in shown]),
        Column(_("计量单位"), 0.6, holds=[f.unit_shown for f in shown]), Column(_("口径"), 3.4),
        Column(_("来源记录"), 3.5), Column(_("记录数"), 0.6, "right"),
    ]  # fmt: skip
    rows: list[Row] = []
    for chapter in data.chapters:
        if chapter.figures:
            rows.append(Band(chapter.title))
        rows += [_figure_row(data, figure, has_past) for figure in chapter.figures]
    if has_past:
        columns.insert(3, Column(_("上届及变化"), 1.9))
    paper.table(columns, rows, size=6.5)


def _figure_row(data: Summary, figure: Figure, has_past: bool) -> Row:
    count, trend = data.records.get(figure.name), data.trends.get(figure.name)
    past = [trend.line or None if trend else None] if has_past else []
    return [
        figure.label, figure.shown, figure.unit_shown or None, *past, figure.note or None,
        summary.source(figure) or None, None if count is None else f"{count:,}",
    ]  # fmt: skip


# --- the workbook -----------------------------------------------------------------------------------------------------
def tables(data: Summary) -> list[SheetTable]:
    """The statistics workbook: every figure with its records, then each chapter's tables, then how it was counted."""
    note = (as_of(data.head),)
    rules = SheetTable(
        _("统计口径与方法"), (SheetColumn(_("事项"), 18), SheetColumn(_("口径"), 100, "long")), method(data), note
    )
    sheets = [sheet for chapter in data.chapters for sheet in chapter.sheets(note)]
    return [_figures_sheet(data, note), *sheets, *_trends_sheet(data, note), rules]


def _trends_sheet(data: Summary, note: Notes) -> list[SheetTable]:
    """Every earlier edition that says anything, a row for each figure; nothing where there is none."""
    places, known = compared(data)
    if not known:
        return []
    editions = [known[0].past[place] for place in places]
    columns = [SheetColumn(_("指标"), 22), SheetColumn(_("计量单位"), 10), SheetColumn(_("本届"), 16, "figure")]
    columns += [SheetColumn(f"{past.called} {past.name}", 18, "figure") for past in editions]
    columns += [SheetColumn(_("变化"), 12, "percent"), SheetColumn(_("说明"), 40, "long")]
    rows = []
    for trend in known:
        values = [summary.figures_value(replace(trend.figure, value=trend.past[place].value)) for place in places]
        change = None if trend.change is None else round(trend.change, 6)
        own = summary.figures_value(trend.figure)
        rows.append((trend.figure.label, trend.figure.unit_shown or None, own, *values, change, trend.line or None))
    return [SheetTable(_("与往届比较"), tuple(columns), rows, (_(CHANGE) + _("。"), *note))]


def _figures_sheet(data: Summary, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("章节"), 18), SheetColumn(_("指标"), 22), SheetColumn(_("数值"), 18, "figure"),
        SheetColumn(_("计量单位"), 10), SheetColumn(_("口径"), 36, "long"), SheetColumn(_("来源记录"), 36, "long"),
        SheetColumn(_("记录数"), 10, "count"),
    )  # fmt: skip
    return SheetTable(_("指标一览"), columns, [_sheet_row(c, f, data) for c in data.chapters for f in c.figures], note)


def _sheet_row(chapter: Chapter, figure: Figure, data: Summary) -> tuple[object, ...]:
    return (
        chapter.title, figure.label, summary.figures_value(figure), figure.unit_shown or None, figure.note or None,
        summary.source(figure) or None, data.records.get(figure.name),
    )  # fmt: skip
