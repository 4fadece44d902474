"""The exhibitor directory 会刊 as PDF: by pinyin with booth, exhibits and wishes, then indexes.

write(path, services.report_data.directory(db, expo_id, now), progress)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from expo_app.i18n import _, language
from expo_app.reports import fonts
from expo_app.reports.canvas import Ink, Progress
from expo_app.reports.pdf import Band, Column, Document, Noted, Row
from expo_app.reports.style import kpi, marked, open_document, term_mark
from expo_app.rules.directory_checks import printed_address, printed_name, printed_text
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
    with open_document(path, _("参展商会刊"), data.head, progress, len(data.entries)) as doc:
        if data.head.facts:
            doc.facts(data.head.facts)
        figures = data.figures
        doc.kpis([kpi(f) for f in (figures.exhibitors, figures.co_exhibitors, figures.services, figures.net_area)])
        if not data.entries:
            doc.paragraph(_("还没有参展商。确认参展后再生成，这里会有名录和索引。"))
            return doc.missing
        doc.note(_contact_note(data))
        alone = [entry for entry in data.entries if entry.is_alone]
        services = [entry for entry in data.entries if entry.is_service and not entry.is_alone]
        exhibitors = [entry for entry in data.entries if not entry.is_service and not entry.is_alone]
        _entries(doc, data, _("参展商"), exhibitors)
        _entries(doc, data, _("技术服务机构"), services)
        _entries(doc, data, _("联合参展与代表企业（主展商未列）"), alone)
        doc.page_break()
        pages = doc.places
        _index(doc, _("拼音索引"), _by_initial(data.entries, pages))
        _index(doc, _("产业索引"), _by_industry(data, pages))
        _index(doc, _("地区索引"), _by_region(data.regions, pages))
        _index(doc, _("展位索引"), _by_booth(data.entries, pages))
        return doc.missing


def _contact_note(data: DirectoryData) -> str:
    if data.is_revealed:
        return _("联系人只列已同意公开的，其余可向会务组询问。")
    return _("联系人只列已同意公开的，手机已遮挡；其余可向会务组询问。")


def _entries(doc: Document, data: DirectoryData, title: str, entries: Sequence[DirectoryEntry]) -> None:
    """One row for each company, by pinyin under its letter."""
    if not entries:
        return
    doc.heading(_("{title} · {n} 家").format(title=title, n=f"{len(entries):,}"), keep=90)
    doc.table(
        [
            Column(_("展位"), 1, bold=True, holds=("A-0000",)), Column(_("参展单位"), 3.6, bold=True),
            Column(_("产业"), 1.3, holds=[term_mark(industry) for industry in data.industries]),
            Column(_("展品、需求与简介"), 4.6), Column(_("联系"), 2.4, holds=("138****0000",)),
        ],
        _rows(data, entries),
        size=8,
    )  # fmt: skip


def _rows(data: DirectoryData, entries: Sequence[DirectoryEntry]) -> Iterator[Row]:
    for letter, members in groupby(sorted(entries, key=_order), _letter):
        yield Band(_title(letter))
        for entry in members:
            yield _row(entry, data.limit)


def _order(entry: DirectoryEntry) -> tuple[bool, str, tuple[str, ...], str]:
    return _letter(entry) == "#", _letter(entry), entry.spelling, entry.name


def _letter(entry: DirectoryEntry) -> str:
    """A–Z by pinyin; in English by the English name, and those with a Chinese one alone come after Z."""
    return "#" if language() == "en" and not entry.name.isascii() else entry.initial


def _title(letter: str) -> str:
    return _("只有中文名的") if letter == "#" and language() == "en" else letter


def _row(entry: DirectoryEntry, limit: int) -> Row:
    """One exhibitor with who stands with it and whom it shows."""
    notes = [printed_name(entry.name_en)] if entry.name_en and entry.name != entry.name_en else []
    notes += [_("联合参展：{name}").format(name=partner) for partner in entry.partners]
    notes += [_("代表企业：{name}").format(name=shown) for shown in entry.represented]
    notes += [entry.region] if entry.region else []
    told = (
        (_("展品：{text}"), entry.exhibits), (_("需求：{text}"), entry.wants), (_("简介：{text}"), entry.summary),
    )  # fmt: skip
    about = [words.format(text=printed_text(text, limit)) for words, text in told if text]
    reached = [*entry.contact, printed_address(entry.website), entry.address]
    return [
        entry.booths.replace("、", "\n") or None, Noted(_name(entry), tuple(notes), entry.id),
        term_mark(entry.industry) if entry.industry else None, "\n".join(about) or None,
        "\n".join(filter(None, reached)) or None,
    ]  # fmt: skip


def _name(entry: DirectoryEntry) -> str:
    """As it is printed: an English name in capitals."""
    name = printed_name(entry.name) if entry.name == entry.name_en else entry.name
    return marked(name, entry.is_sample)


# --- indexes ----------------------------------------------------------------------------------------------------------
def _by_booth(entries: Sequence[DirectoryEntry], pages: Mapping[Hashable, int]) -> list[_Line]:
    """A line for every booth, as booths are numbered."""
    lines = [
        _Line(booth, _name(entry), pages[entry.id]) for entry in entries for booth in entry.booths.split("、") if booth
    ]
    return sorted(lines, key=lambda line: natural_key(line.key))


def _by_initial(entries: Sequence[DirectoryEntry], pages: Mapping[Hashable, int]) -> list[_Line]:
    """Under each letter its exhibitors, and those who stand with one under their own; what is no letter comes last."""
    lines = []
    for letter, members in groupby(sorted(_own_and_shared(entries), key=_order), _letter):
        lines.append(_Line(_title(letter)))
        lines += [_entry_line(entry, pages) for entry in members]
    return lines


def _own_and_shared(entries: Sequence[DirectoryEntry]) -> Iterator[DirectoryEntry]:
    """Every exhibitor, and each of those at its stand as an entry that leads to it."""
    for entry in entries:
        yield entry
        yield from entry.beside


def _by_industry(data: DirectoryData, pages: Mapping[Hashable, int]) -> list[_Line]:
    """Under each industry, in the expo's order, its exhibitors by pinyin; those without one come last."""
    lines = []
    entries = sorted((e for e in _own_and_shared(data.entries) if not e.is_service), key=_order)
    for industry in (*data.industries, None):
        members = [entry for entry in entries if entry.industry == industry]
        if members:
            lines.append(_Line(industry.label if industry else _("未填产业")))
            lines += [_entry_line(entry, pages) for entry in members]
    return lines


def _by_region(groups: Sequence[DirectoryGroup], pages: Mapping[Hashable, int]) -> list[_Line]:
    lines = []
    for group in groups:
        lines.append(_Line(group.title))
        lines += [_entry_line(entry, pages) for entry in sorted(group.entries, key=_order)]
    return lines


def _entry_line(entry: DirectoryEntry, pages: Mapping[Hashable, int]) -> _Line:
    return _Line(entry.booths.split("、")[0], _name(entry), pages[entry.id])


def _index(doc: Document, title: str, lines: Sequence[_Line]) -> None:
    """Lines in columns, filled one after the other on each page."""
    if not lines:
        return
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
