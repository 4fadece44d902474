"""What ran: a chapter of the summary report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from expo_app.i18n import _
from expo_app.model import ItemState
from expo_app.reports import charts
from expo_app.reports.charts import Bar
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import HOURS, day_words, kpi, marked, term_mark
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.programme_figures import ItemPart, ProgrammeFigures
from expo_app.specs.programme_report import ProgrammeEntry
from expo_app.specs.report_data import Head, SheetChart, SheetColumn, SheetTable

Entries = tuple[ProgrammeEntry, ...]


def chapter(head: Head, data: tuple[ProgrammeFigures, Entries]) -> Chapter:
    """The fourth chapter."""
    figures, entries = data
    return Chapter(
        40, 20, data, _("活动"), figures.figures, (figures.items,), len(entries),
        partial(_write, head, figures, entries), partial(_sheets, figures),
    )  # fmt: skip


def _write(head: Head, figures: ProgrammeFigures, entries: Entries, doc: Paper) -> None:
    doc.chapter(_("活动情况"), keep=200 if entries else 60)
    if not entries:
        doc.paragraph(_("还没有活动。"))
        return
    doc.kpis([kpi(f) for f in (figures.forums, figures.speakers, figures.pitches, figures.unplaced)])
    tokens = {kind.key: kind.token for kind in figures.words}
    kinds = [Bar(part.label, part.count, tokens[part.key]) for part in figures.kinds]
    days = [Bar(day_words(date.fromisoformat(part.key)), part.count) for part in figures.days]
    doc.side_by_side(
        [(_("各类活动（场）"), charts.horizontal_bars(kinds)), (_("各日活动（场）"), charts.bars(days, _("场")))], 130
    )
    doc.heading(_("活动一览"), 2, keep=120)
    columns = [
        Column(_("日期"), 1.7, bold=True), Column(_("时间"), 1.7, holds=(HOURS,)), Column(_("会场"), 1.3),
        Column(_("类型"), 1.5, holds=[term_mark(kind) for kind in figures.words]), Column(_("活动"), 5.3, bold=True),
        Column(_("报名"), 1.3, "right"),
    ]  # fmt: skip
    doc.table(columns, [_item(entry) for entry in entries], empty=_("还没有活动"))
    words = _("不含已取消 {n} 场").format(n=figures.cancelled.shown)
    end_chapter(doc, head, words, _("待排 {n} 场，不计入各日").format(n=figures.unplaced.shown))


def _item(entry: ProgrammeEntry) -> Row:
    title = marked(entry.title, entry.is_sample)
    if entry.state is ItemState.DRAFT:
        title = _("{title} · 待确认").format(title=title)
    return [
        day_words(entry.starts_at.date()) if entry.starts_at else _("待排"), entry.hours or None,
        entry.room or (_("待排") if entry.starts_at else None), term_mark(entry.kind), title,
        f"{entry.registrations:,}" if entry.registrations else None,
    ]  # fmt: skip


def _sheets(figures: ProgrammeFigures, note: Notes) -> list[SheetTable]:
    columns = (
        SheetColumn(_("分组"), 12), SheetColumn(_("活动"), 18), SheetColumn(_("场次"), 10, "count"),
        SheetColumn(_("时长（分钟）"), 14, "count"), SheetColumn(_("报名"), 10, "count"),
    )  # fmt: skip

    def lines(title: str, parts: Sequence[ItemPart]) -> list[tuple[str | int, ...]]:
        return [(title, part.label, part.count, part.minutes, part.registrations) for part in parts]

    rows = lines(_("按类型"), figures.kinds) + lines(_("按日"), figures.days)
    chart = SheetChart(_("各类活动（场）"), (2,), labels=1, rows=len(figures.kinds))
    return [SheetTable(_("活动"), columns, rows, note, charts=(chart,) if figures.kinds else ())]
