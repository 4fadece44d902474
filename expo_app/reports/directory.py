"""The exhibitor directory 会刊 as PDF: by region with booth, exhibits and wishes, then indexes by booth and by initial.

write(path, services.report_data.directory(db, expo_id, now), progress)
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from expo_app.i18n import _
from expo_app.reports import fonts
from expo_app.reports.canvas import Ink, Progress
from expo_app.reports.pdf import Column, Document, Noted, Row
from expo_app.reports.style import kpi, marked, open_document, term_mark
from expo_app.rules.natural_order import natural_key
from expo_app.specs.exhibitors_report import DirectoryData, DirectoryEntry, DirectoryGroup

COLUMNS, GAP, STEP = 2, 18.0, 13.0
"""Of an index: columns on a page, points between them, points per line."""


@dataclass(frozen=True)
class _Line:
    """One line of an index; a line without a page is the heading of a letter."""

    key: str
    name: str = ""
    page: int = 0


def write(path: Path, data: DirectoryData, progress: Progress | None = None) -> set[str]:
    """Write the directory; the characters the font lacks come back. UserError where the place cannot be written."""
    pages: dict[uuid.UUID, int] = {}
    with open_document(path, _("参展商会刊"), data.head, progress, len(data.entries)) as doc:
        if data.head.facts:
            doc.facts(data.head.facts)
        figures = data.figures
        doc.kpis([kpi(f) for f in (figures.exhibitors, figures.co_exhibitors, figures.services, figures.net_area)])
        if not data.entries:
            doc.paragraph(_("还没有参展商。确认参展后再生成，这里会有名录和索引。"))
            return doc.missing
        doc.note(_contact_note(data))
        for group in data.groups:
            _group(doc, data, group, pages)
        _index(doc, _("展位索引"), _by_booth(data.entries, pages))
        _index(doc, _("拼音索引"), _by_initial(data.entries, pages))
        return doc.missing


def _contact_note(data: DirectoryData) -> str:
    if data.is_revealed:
        return _("联系人只列已同意公开的，其余可向会务组询问。")
    return _("联系人只列已同意公开的，手机已遮挡；其余可向会务组询问。")


def _group(doc: Document, data: DirectoryData, group: DirectoryGroup, pages: dict[uuid.UUID, int]) -> None:
    doc.heading(_("{title} · {n} 家").format(title=group.title, n=f"{len(group.entries):,}"), keep=90)
    doc.table(
        [
            Column(_("展位"), 1, bold=True, holds=("A-0000",)), Column(_("参展单位"), 4.4, bold=True),
            Column(_("产业"), 1.5, holds=[term_mark(industry) for industry in data.industries]),
            Column(_("展品与成果"), 3.3), Column(_("合作需求"), 2.1), Column(_("联系人"), 2.2, holds=("138****0000",)),
        ],
        _rows(doc, group, pages),
        size=8,
    )  # fmt: skip


def _rows(doc: Document, group: DirectoryGroup, pages: dict[uuid.UUID, int]) -> Iterator[Row]:
    """The rows; a row is on the page once the next one is asked for, so its page is noted then."""
    is_mixed = len({entry.region for entry in group.entries}) > 1
    for entry in group.entries:
        yield _row(entry, is_mixed)
        pages[entry.id] = doc.page_no


def _row(entry: DirectoryEntry, with_region: bool) -> Row:
    """One exhibitor; its region only where the group holds several."""
    notes = [_("联合参展：{name}").format(name=partner) for partner in entry.partners]
    notes += [entry.region] if with_region and entry.region else []
    about = (entry.exhibits, entry.summary, entry.address, entry.website)
    return [
        entry.booths.replace("、", "\n") or None, Noted(marked(entry.name, entry.is_sample), tuple(notes)),
        term_mark(entry.industry) if entry.industry else None,
        "\n".join(text for text in about if text) or None, entry.wants or None, "\n".join(entry.contact) or None,
    ]  # fmt: skip


# --- indexes ----------------------------------------------------------------------------------------------------------
def _by_booth(entries: Sequence[DirectoryEntry], pages: dict[uuid.UUID, int]) -> list[_Line]:
    """A line for every booth, as booths are numbered."""
    lines = [
        _Line(booth, marked(entry.name, entry.is_sample), pages[entry.id])
        for entry in entries
        for booth in entry.booths.split("、")
        if booth
    ]
    return sorted(lines, key=lambda line: natural_key(line.key))


def _by_initial(entries: Sequence[DirectoryEntry], pages: dict[uuid.UUID, int]) -> list[_Line]:
    """Under each letter its exhibitors; anything that is no letter comes last."""
    found: dict[str, list[DirectoryEntry]] = {}
    for entry in sorted(entries, key=lambda e: (e.initial == "#", e.spelling, e.name)):
        found.setdefault(entry.initial, []).append(entry)
    lines = []
    for initial, members in found.items():
        lines.append(_Line(initial))
        lines += [_Line(e.booths.split("、")[0], marked(e.name, e.is_sample), pages[e.id]) for e in members]
    return lines


def _index(doc: Document, title: str, lines: Sequence[_Line]) -> None:
    """Lines in columns, filled one after the other on each page."""
    doc.page_break()
    doc.heading(title, keep=120)
    left = list(lines)
    while left:
        doc.need(4 * STEP)
        rows = min(int((doc.y - doc.bottom) / STEP), -(-len(left) // COLUMNS))
        box, wide = doc.place(rows * STEP), (doc.width - GAP * (COLUMNS - 1)) / COLUMNS
        for column in range(COLUMNS):
            part, left = _taken(left, rows)
            for at, line in enumerate(part):
                _line(doc.ink, line, box.x + column * (wide + GAP), box.y + box.h - STEP * (at + 1), wide)


def _taken(lines: list[_Line], rows: int) -> tuple[list[_Line], list[_Line]]:
    """The next column and the rest; a letter never stands alone at the foot of a column."""
    part = lines[:rows]
    if len(part) > 1 and len(lines) > rows and not part[-1].page:
        part = part[:-1]
    return part, lines[len(part) :]


def _line(ink: Ink, line: _Line, x: float, y: float, wide: float) -> None:
    if not line.page:
        ink.rect(x, y + 0.5, wide, STEP - 2, "primary.soft", radius=2)
        ink.text(x + 5, y + 3, line.key, 8.5, "primary", True)
        return
    booth, number = 44.0, 20.0
    ink.text(x + 5, y + 3, fonts.elide(line.key or "—", 8, booth - 4, True), 8, "text.2", True)
    room = wide - booth - number - 12
    size = next((size for size in (8, 7.5, 7, 6.5) if fonts.width(line.name, size) <= room), 6)
    ink.text(x + 5 + booth, y + 3, fonts.elide(line.name, size, room), size)
    ink.text(x + wide - 4, y + 3, str(line.page), 8, "text.3", align="right")
    ink.line([(x, y), (x + wide, y)], "border", 0.4)
