"""The statistic tables T1 to T10: a chapter of the closing report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from expo_app.i18n import _
from expo_app.reports.paper import Paper
from expo_app.reports.style import sentences
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.reports.trade_tables import tables, write_table
from expo_app.specs.report_data import Head, SheetTable
from expo_app.specs.trade_tables import Table, TradeTables

TOLD_BEFORE = ("T1", "T10")
"""Tables whose numbers the deals' chapter has told: by class, and by stage."""
FIRST_KEPT = 230
"""Points that a page must have left for the chapter to begin on it."""


def chapter(head: Head, asked: Callable[[datetime], TradeTables]) -> Chapter:
    """The chapter after that of the deals; its totals are figures of the deals' chapter, so it has none of its own."""
    data = asked(head.at)
    return Chapter(
        55, 45, data, _("技术合同统计表"), (), (), sum(len(table.lines) for table in data.tables),
        partial(_write, head, data), partial(_sheets, data), rules=tuple(data.notes),
    )  # fmt: skip


def _write(head: Head, data: TradeTables, doc: Paper) -> None:
    doc.chapter(_("技术合同统计表"), keep=FIRST_KEPT)
    doc.note(sentences([data.filter_line + _("。"), _("T1 和 T10 的数见“签约与意向”一章。")]))
    tables_here = [table for table in data.tables if table.no not in TOLD_BEFORE]
    told = [table for table in tables_here if (len(table.lines) > 1 or table.matrix) and not table.is_empty]
    for table in told:
        write_table(doc, data, table, 2, has_chart=False)
    alike = [_of_one_line(table) for table in tables_here if table not in told]
    if alike:
        doc.note(_("没有分组的表：{tables}。").format(tables=_("；").join(alike)))
    agreed = _("{n} 个合计已和原始记录核对一致").format(n=f"{len(data.checks):,}") if data.checks else ""
    end_chapter(doc, head, *filter(None, (agreed,)))


def _of_one_line(table: Table) -> str:
    """T6 计划来源 全部计划外; 没有项目 where it has no line with a deal."""
    words = _("没有项目") if table.is_empty else _("全部{what}").format(what=table.lines[0].label)
    return f"{table.no} {table.title} {words}"


def _sheets(data: TradeTables, _note: Notes) -> list[SheetTable]:
    return tables(data)
