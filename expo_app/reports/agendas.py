"""The agendas of meetings: a sheet for each organisation with its own meetings alone, a list for each table.

data = services.agendas.read(db, expo_id, now, part)
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Cell, Column, Document, Noted, Row
from expo_app.reports.style import HOURS, as_of, day_words, open_document
from expo_app.specs.agendas import Agenda, AgendaLine, AgendaReport, StandbyLine, TableLine, TableList
from expo_app.specs.report_data import SheetColumn, SheetTable

TITLE = N_("洽谈日程单")
OWN_ONLY = N_("只有本单位已发布的洽谈；对方联系人只在对方同意提供时列出。以最近一次发布为准。")
BOX = "□"


def write(path: Path, data: AgendaReport, progress: Progress | None = None) -> set[str]:
    """Write the sheets; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(len(one.lines) for one in data.agendas) + sum(len(one.lines) for one in data.tables) + len(data.standby)
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        drawn = [
            *(partial(_agenda, doc, one) for one in data.agendas), *(partial(_table, doc, one) for one in data.tables),
            *([partial(_standby, doc, data)] if data.standby else []),
        ]  # fmt: skip
        for number, draw in enumerate(drawn):
            if number:
                doc.new_sheet()
            draw()
        if not drawn:
            doc.paragraph(_empty(data))
        return doc.missing


def _empty(data: AgendaReport) -> str:
    if data.unpublished:
        words = _("还没有发布的洽谈。已排 {n} 场，在排程里发布后再打印。")
        return words.format(n=f"{data.unpublished:,}")
    return _("还没有发布的洽谈。双方接受并排好、发布后，这里每家一张日程单，每张桌一份名单。")


def _agenda(doc: Document, one: Agenda) -> None:
    words = _("{n} 场洽谈").format(n=f"{len(one.lines):,}")
    doc.heading(one.title)
    doc.note(f"{one.organisation} · {words}" if one.is_person else words)
    columns = [
        Column(_("日期"), 1.5, holds=[_day(one.lines)]), Column(_("时间"), 1.3, holds=[HOURS]),
        Column(_("洽谈点"), 1.2, bold=True), Column(_("对方"), 3.6), Column(_("议题"), 3.6),
    ]  # fmt: skip
    if not one.is_person and any(line.own for line in one.lines):
        columns.append(Column(_("本单位人员"), 1.4))
    doc.table(columns, [_agenda_row(line)[: len(columns)] for line in one.lines], size=9.5)
    doc.note(_(OWN_ONLY))


def _agenda_row(line: AgendaLine) -> list[Cell]:
    return [
        day_words(line.starts_at.date()), _hours(line.starts_at, line.ends_at), _noted(line.place, line.area),
        _noted(line.other, line.contact), line.subject or None, line.own or None,
    ]  # fmt: skip


def _day(lines: Sequence[AgendaLine] | Sequence[TableLine]) -> str:
    """A day as the first of them has it."""
    return day_words(lines[0].starts_at.date()) if lines else ""


def _hours(start: datetime, end: datetime) -> str:
    return f"{start:%H:%M}–{end:%H:%M}"


def _noted(text: str, note: str) -> Cell:
    return Noted(text, (note,)) if note else text


def _table(doc: Document, one: TableList) -> None:
    doc.heading(_("洽谈点 {name}").format(name=one.title))
    words = _("现场用 · {n} 场洽谈").format(n=f"{len(one.lines):,}")
    closed = _("这个洽谈点已停用，它的洽谈要换地方。") if one.is_closed else ""
    doc.note(" · ".join(filter(None, (words, closed))))
    columns = [
        Column(_("日期"), 1.5, holds=[_day(one.lines)]), Column(_("时间"), 1.2, holds=[HOURS]), Column(_("甲方"), 2.8),
        Column(_("到场"), 0.6), Column(_("乙方"), 2.8), Column(_("到场"), 0.6), Column(_("备注"), 2.4),
    ]  # fmt: skip
    doc.table(columns, [_table_row(line) for line in one.lines])


def _table_row(line: TableLine) -> Row:
    standby = (_("候补：{names}").format(names=_("、").join(line.standby)),) if line.standby else ()
    changed = (_("已改，未发布"),) if line.differs else ()
    first = line.outcome.label if line.outcome else line.subject
    return [
        day_words(line.starts_at.date()), _hours(line.starts_at, line.ends_at), _noted(line.a, line.a_contact), BOX,
        _noted(line.b, line.b_contact), BOX, Noted(first, (*changed, *standby)),
    ]  # fmt: skip


def _standby(doc: Document, data: AgendaReport) -> None:
    doc.heading(_("候补名单"))
    doc.note(_("有一方没来时，按登记先后请候补单位顶替。"))
    columns = [
        Column(_("洽谈单位"), 3.2, bold=True), Column(_("候补单位"), 3.2), Column(_("登记时间"), 1.6),
        Column(_("顶替时间"), 1.6), Column(_("备注"), 2.4),
    ]  # fmt: skip
    doc.table(columns, map(_standby_row, data.standby))


def _standby_row(line: StandbyLine) -> Row:
    return [line.host, line.guest, _moment(line.since), _moment(line.used_at), line.note or None]


def _moment(at: datetime | None) -> str | None:
    return f"{at:%m-%d %H:%M}" if at else None


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: AgendaReport) -> list[SheetTable]:
    """The same as plain tables: by organisation, by table, who stands by; only those there are."""
    notes = (_(OWN_ONLY), as_of(data.head)) if data.agendas else (_empty(data), as_of(data.head))
    made: list[tuple[bool, Callable[[], SheetTable]]] = [
        (bool(data.agendas) or not data.tables, partial(_agendas_sheet, data, notes)),
        (bool(data.tables), partial(_tables_sheet, data)), (bool(data.standby), partial(_standby_sheet, data)),
    ]  # fmt: skip
    return [make() for wanted, make in made if wanted]


def _agendas_sheet(data: AgendaReport, notes: tuple[str, ...]) -> SheetTable:
    columns = (
        SheetColumn(_("单位"), 30), SheetColumn(_("本单位人员"), 12), SheetColumn(_("编号"), 10),
        SheetColumn(_("开始"), 17, "moment"), SheetColumn(_("结束"), 17, "moment"), SheetColumn(_("洽谈点"), 10),
        SheetColumn(_("区域"), 12), SheetColumn(_("对方"), 30), SheetColumn(_("对方联系人"), 12),
        SheetColumn(_("议题"), 40, "long"),
    )  # fmt: skip
    rows = [
        (one.organisation, line.own or None, line.no, *_plain(line.starts_at, line.ends_at), line.place,
         line.area or None, line.other, line.contact or None, line.subject or None)
        for one in data.agendas
        for line in one.lines
    ]  # fmt: skip
    return SheetTable(_("各单位"), columns, rows, notes)


def _tables_sheet(data: AgendaReport) -> SheetTable:
    columns = (
        SheetColumn(_("洽谈点"), 10), SheetColumn(_("区域"), 12), SheetColumn(_("编号"), 10),
        SheetColumn(_("开始"), 17, "moment"), SheetColumn(_("结束"), 17, "moment"), SheetColumn(_("甲方"), 30),
        SheetColumn(_("甲方联系人"), 12), SheetColumn(_("乙方"), 30), SheetColumn(_("乙方联系人"), 12),
        SheetColumn(_("议题"), 40, "long"), SheetColumn(_("结果"), 10), SheetColumn(_("未发布的改动"), 12),
        SheetColumn(_("候补"), 40, "long"),
    )  # fmt: skip
    rows = [
        (one.name, one.area or None, line.no, *_plain(line.starts_at, line.ends_at), line.a, line.a_contact or None,
         line.b, line.b_contact or None, line.subject or None, line.outcome.label if line.outcome else None,
         _("有") if line.differs else None, _("、").join(line.standby) or None)
        for one in data.tables
        for line in one.lines
    ]  # fmt: skip
    return SheetTable(_("各洽谈点"), columns, rows)


def _standby_sheet(data: AgendaReport) -> SheetTable:
    columns = (
        SheetColumn(_("洽谈单位"), 30), SheetColumn(_("候补单位"), 30), SheetColumn(_("登记时间"), 17, "moment"),
        SheetColumn(_("顶替时间"), 17, "moment"), SheetColumn(_("备注"), 30),
    )  # fmt: skip
    rows = [
        (line.host, line.guest, *_plain(line.since, line.used_at), line.note or None) for line in data.standby
    ]  # fmt: skip
    return SheetTable(_("候补名单"), columns, rows)


def _plain(*moments: datetime | None) -> tuple[datetime | None, ...]:
    """Local times as a workbook keeps them."""
    return tuple(at and at.replace(tzinfo=None) for at in moments)
