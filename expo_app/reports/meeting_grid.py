"""The full grid of meetings: who meets whom, at which table and when, drafts too. For the admin alone.

data = services.agendas.read_grid(db, expo_id, now)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expo_app.i18n import N_, _
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Cell, Column, Document, Row
from expo_app.reports.style import HOURS, as_of, day_words, open_document
from expo_app.specs.agendas import GridCell, GridDay, MeetingGrid
from expo_app.specs.report_data import SheetColumn, SheetTable

TITLE = N_("洽谈总表")
MOST_PLACES = 8
"""Places beside each other on a page; more go on to the next."""
INSIDE = N_("总表写明谁和谁洽谈，只供管理员使用，不外发。")


def write(path: Path, data: MeetingGrid, progress: Progress | None = None) -> set[str]:
    """Write the grid; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(len(day.slots) for day in data.days) + len(data.waiting)
    with open_document(path, _(TITLE), data.head, progress, rows, landscape=True) as doc:
        doc.note(_(INSIDE))
        if not data.days:
            doc.paragraph(_("还没有洽谈时段。先在对接设置里填洽谈时间和洽谈点。"))
        for day in data.days:
            for first in range(0, max(len(data.places), 1), MOST_PLACES):
                doc.page_break()
                _day(doc, data, day, first)
        if data.waiting:
            doc.heading(_("未排"))
            doc.table([Column(_("洽谈"), 3, bold=True), Column(_("原因"), 4)],
                      [[words, reason or None] for words, reason in data.waiting])  # fmt: skip
        return doc.missing


def _day(doc: Document, data: MeetingGrid, day: GridDay, first: int) -> None:
    names = data.places[first : first + MOST_PLACES]
    doc.heading(day_words(day.day))
    columns = [Column(_("时间"), 1, holds=[HOURS]), *(Column(name, 1.4) for name in names)]
    rows: list[Row] = [
        [f"{start:%H:%M}–{end:%H:%M}", *map(_paper_cell, cells[first : first + MOST_PLACES])]
        for (start, end), cells in zip(day.slots, day.cells, strict=True)
    ]
    doc.table(columns, rows, size=7.5, empty=_("还没有洽谈时段。先在对接设置里填洽谈时间和洽谈点。"))


def _paper_cell(cells: Sequence[GridCell]) -> Cell:
    return words_of(cells) or None


def words_of(cells: Sequence[GridCell]) -> str:
    """The meetings of a cell, each with its state where there is more to say."""
    return "\n".join(_words(cell) for cell in cells)


def _words(cell: GridCell) -> str:
    states = [
        *([cell.outcome.label] if cell.outcome else []), *([] if cell.is_agreed else [_("单方")]),
        *([_("未发布")] if cell.is_agreed and not cell.is_published else []), *([_("锁定")] if cell.is_locked else []),
    ]  # fmt: skip
    return _("{text}（{mark}）").format(text=cell.words, mark=_("、").join(states)) if states else cell.words


def tables(data: MeetingGrid) -> list[SheetTable]:
    """A row for each slot of each day, and what has no place yet."""
    columns = (
        SheetColumn(_("日期"), 12, "date"), SheetColumn(_("时间"), 14),
        *(SheetColumn(name, 22, "long") for name in data.places),
    )  # fmt: skip
    notes = (_(INSIDE), as_of(data.head))
    rows = [
        (day.day, f"{start:%H:%M}–{end:%H:%M}", *(words_of(cell) or None for cell in cells))
        for day in data.days
        for (start, end), cells in zip(day.slots, day.cells, strict=True)
    ]
    waiting = (SheetColumn(_("洽谈"), 50), SheetColumn(_("原因"), 50))
    return [SheetTable(_(TITLE), columns, rows, notes), SheetTable(_("未排"), waiting, data.waiting, notes)]
