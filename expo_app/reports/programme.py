"""The programme as PDF: a page per day with rooms beside each other over the hours, then every item with its people.

write(path, services.report_data.programme(db, expo_id, now), progress)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

from expo_app.i18n import _
from expo_app.model import ItemState
from expo_app.reports import fonts
from expo_app.reports.canvas import Box, Ink, Progress
from expo_app.reports.pdf import Band, Column, Document, Row
from expo_app.reports.style import HOURS as CLOCK
from expo_app.reports.style import day_words, marked, open_document, room_for, term_mark
from expo_app.rules.terms import Term
from expo_app.specs.programme_report import ProgrammeData, ProgrammeEntry, RoomHead, SpeakerLine

GRID, HOURS, HEADS, LEGEND = 412.0, 34.0, 30.0, 14.0
MOST_ROOMS = 6
"""Rooms beside each other on one page; more go on to the next."""
LISTED = 4
"""People named in a block or row before the rest is counted."""


def write(path: Path, data: ProgrammeData, progress: Progress | None = None) -> set[str]:
    """Write the programme; the characters the font lacks come back. UserError where the place cannot be written."""
    details = sum(len(entry.agenda) + len(entry.pitches) for entry in data.entries)
    total = len(data.rooms) + len(data.entries) + details
    with open_document(path, _("活动日程"), data.head, progress, total, landscape=True) as doc:
        _overview(doc, data)
        if not data.entries:
            return doc.missing
        for day in data.days:
            _day(doc, data, day)
        doc.page_break()
        doc.heading(_("活动清单"), keep=120)
        doc.table(_columns(data), _rows(data))
        _details(doc, data)
        return doc.missing


def _overview(doc: Document, data: ProgrammeData) -> None:
    """All days on one page: rooms below each other, days beside each other."""
    if data.head.facts:
        doc.facts(data.head.facts)
    if not data.entries:
        doc.paragraph(_("还没有活动。排好后再生成，这里会有总表、每日日程和活动清单。"))
        return
    doc.heading(_("总表"), keep=120)
    doc.note(_summary(data))
    columns = [Column(_("会场"), 1.1, bold=True), *(Column(day_words(day), 3) for day in data.days)]
    doc.table(columns, [_room_row(data, room) for room in data.rooms], size=9, empty=_("还没有会场"))


def _room_row(data: ProgrammeData, room: RoomHead) -> Row:
    cells: list[str | None] = [_("{name}\n{n} 座").format(name=room.name, n=f"{room.seats:,}")]
    for day in data.days:
        here = [entry for entry in data.on(day) if entry.room_id == room.id]
        lines = [f"{entry.hours_on(day)}　{marked(entry.title, entry.is_sample)}" for entry in here]
        cells.append("\n".join(lines) or None)
    return cells


def _summary(data: ProgrammeData) -> str:
    kinds = _("、").join(f"{part.label} {part.count}" for part in data.figures.kinds)
    words = [_("共 {n} 场：{kinds}").format(n=data.figures.items.shown, kinds=kinds)]
    if data.figures.unplaced.value:
        words.append(_("其中 {n} 场会场或时间未定，列在最后").format(n=data.figures.unplaced.shown))
    if data.figures.cancelled.value:
        words.append(_("已取消 {n} 场，不列").format(n=data.figures.cancelled.shown))
    return _("；").join(words)


# --- the grid ---------------------------------------------------------------------------------------------------------
def _day(doc: Document, data: ProgrammeData, day: date) -> None:
    entries = data.on(day)
    which = _("展期外")
    if day in data.head.days:
        which = _("第 {n} 天").format(n=data.head.days.index(day) + 1)
    for start in range(0, max(len(data.rooms), 1), MOST_ROOMS):
        doc.page_break()
        part = data.rooms[start : start + MOST_ROOMS]
        title = _("{day} · {which} · {count} 场").format(day=day_words(day), which=which, count=len(entries))
        doc.heading(title, keep=GRID + LEGEND)
        shown = {entry.kind for entry in entries}
        _legend(doc, [kind for kind in data.figures.words if kind in shown])
        box = doc.place(GRID)
        _grid(doc.ink, box, part, entries, _span(data, day), day)


def _legend(doc: Document, kinds: Iterable[Term]) -> None:
    box = doc.place(LEGEND)
    x = box.x
    for kind in kinds:
        doc.ink.rect(x, box.y + 5, 7, 7, kind.token, radius=1)
        x += 11 + doc.ink.text(x + 11, box.y + 5.5, kind.label, 8, "text.2") + 14
    doc.ink.text(box.x + box.w, box.y + 5.5, _("虚线：待确认"), 8, "text.3", align="right")


def _span(data: ProgrammeData, day: date) -> tuple[int, int]:
    """Whole hours that hold every item of every day, 9 to 17 at least, so that all days read alike.

    A day on which something goes on from the night before begins at midnight.
    """
    placed = [entry for entry in data.entries if entry.is_placed]
    first = min((e.starts_at.hour for e in placed if e.starts_at), default=9)
    last = max((_last_hour(e.starts_at, e.ends_at) for e in placed if e.starts_at and e.ends_at), default=17)
    goes_on = any(e.starts_at.date() < day for e in data.on(day) if e.starts_at)
    return 0 if goes_on else min(first, 9), max(last, 17)


def _last_hour(start: datetime, end: datetime) -> int:
    """The hour that ends at or after `end`; 24 where it ends on a later day."""
    return 24 if end.date() > start.date() else end.hour + (end.minute > 0)


def _grid(
    ink: Ink, box: Box, rooms: Sequence[RoomHead], entries: Sequence[ProgrammeEntry], span: tuple[int, int], day: date
) -> None:
    first, last = span
    plot = Box(box.x + HOURS, box.y + 4, box.w - HOURS, box.h - HEADS - 4)
    step, wide = plot.h / (last - first), plot.w / max(len(rooms), 1)
    ink.rect(box.x, plot.y, box.w, box.h - 4, "white", "border", 0.8, 5)
    ink.rect(box.x + 0.4, plot.y + plot.h, box.w - 0.8, HEADS - 0.4, "bg.subtle")
    for hour in range(first, last + 1):
        y = plot.y + plot.h - step * (hour - first)
        ink.line([(plot.x, y), (plot.x + plot.w, y)], "border")
        if hour < last:
            ink.text(box.x + HOURS - 5, y - 9, f"{hour:02d}:00", 7.5, "text.3", align="right")
            ink.line([(plot.x, y - step / 2), (plot.x + plot.w, y - step / 2)], "border", 0.4, "1 2.5")
    for at, room in enumerate(rooms):
        x = plot.x + at * wide
        ink.line([(x, plot.y), (x, plot.y + plot.h + HEADS)], "border", 0.8)
        used = ink.text(x + 8, plot.y + plot.h + 10.5, fonts.elide(room.name, 11, wide * 0.6, True), 11, bold=True)
        facts = " · ".join(fact for fact in (room.purpose, _("{n} 座").format(n=room.seats)) if fact)
        ink.text(x + 16 + used, plot.y + plot.h + 11, fonts.elide(facts, 8, wide - used - 24), 8, "text.2")
        here = [entry for entry in entries if entry.room_id == room.id]
        for entry, lane, lanes in _lanes(here):
            top, bottom = _y(plot, span, entry.starts_at, day), _y(plot, span, entry.ends_at, day)
            room_wide = (wide - 8) / lanes
            _block(ink, Box(x + 4 + lane * room_wide, bottom + 1, room_wide - 2, max(top - bottom - 2, 11)), entry, day)


def _y(plot: Box, span: tuple[int, int], at: datetime | None, day: date) -> float:
    """Where a moment lies; an earlier day is the top, a later one the bottom."""
    first, last = span
    if at is None or at.date() > day:
        return plot.y
    if at.date() < day:
        return plot.y + plot.h
    return plot.y + plot.h * (1 - (at.hour + at.minute / 60 - first) / (last - first))


def _lanes(entries: Sequence[ProgrammeEntry]) -> Iterator[tuple[ProgrammeEntry, int, int]]:
    """(entry, lane, lanes): entries that overlap stand beside each other."""
    ends: list[datetime] = []
    group: list[tuple[ProgrammeEntry, int]] = []
    never = datetime.combine(date.min, time())
    for entry in sorted(entries, key=lambda e: (e.starts_at or never, e.title)):
        if entry.starts_at is None or entry.ends_at is None:
            continue
        if ends and entry.starts_at >= max(ends):
            yield from ((one, lane, len(ends)) for one, lane in group)
            ends, group = [], []
        lane = next((at for at, end in enumerate(ends) if end <= entry.starts_at), len(ends))
        ends[lane : lane + 1] = [entry.ends_at]
        group.append((entry, lane))
    yield from ((one, lane, len(ends)) for one, lane in group)


def _block(ink: Ink, box: Box, entry: ProgrammeEntry, day: date) -> None:
    """One item of a day: colour and word of its kind, hours, title, people, seats; as much as fits."""
    colour, is_draft = entry.kind.token, entry.state is ItemState.DRAFT
    ink.rect(box.x, box.y, box.w, box.h, "bg.subtle" if is_draft else "white", "" if is_draft else "border.strong", 0.6)
    if is_draft:
        corners = [(box.x, box.y), (box.x + box.w, box.y), (box.x + box.w, box.y + box.h), (box.x, box.y + box.h)]
        ink.line([*corners, corners[0]], "border.strong", 0.7, "3 2")
    ink.rect(box.x, box.y, 3, box.h, colour)
    left, room, y = box.x + 8, box.w - 14, box.y + box.h - 10.5
    title, shown = marked(entry.title, entry.is_sample), entry.hours_on(day)
    if box.h < 26:
        hours = ink.text(left, max(y, box.y + 2.5), shown, 7.5, "text.2", True)
        ink.text(left + hours + 5, max(y, box.y + 2.5), fonts.elide(title, 8, room - hours - 5, True), 8, bold=True)
        return
    tag = ink.text(box.x + box.w - 6, y, _tag(entry), 7.5, colour, True, "right")
    ink.text(left, y, fonts.elide(shown, 8, room - tag - 4, True), 8, "text.2", True)
    lines = fonts.wrap(title, 9, room, True, most=max(int((box.h - 16) / 12), 1))
    for line in lines:
        y -= 12
        ink.text(left, y, line, 9, bold=True)
    for line in _people_lines(entry, room):
        if y - 10.5 < box.y + 4:
            break
        y -= 10.5
        ink.text(left, y, line, 7.5, "text.2")


def _tag(entry: ProgrammeEntry) -> str:
    if entry.state is ItemState.DRAFT:
        return _("{kind} · 待确认").format(kind=entry.kind.label)
    return entry.kind.label


def _people_lines(entry: ProgrammeEntry, room: float) -> list[str]:
    moderators = [s.name for s in entry.speakers if s.is_moderator]
    others = [s.name for s in entry.speakers if not s.is_moderator]
    texts = (
        _("主办 {who}").format(who=entry.host) if entry.host else "",
        _("主持 {who}").format(who=_("、").join(moderators)) if moderators else "",
        _("嘉宾 {who}").format(who=_few(others)) if others else "",
        _("路演项目 {n} 项").format(n=len(entry.pitches)) if entry.pitches else "",
        _seats(entry),
    )
    return [fonts.elide(text, 7.5, room) for text in texts if text]


def _few(names: Sequence[str]) -> str:
    shown = _("、").join(names[:LISTED])
    return shown if len(names) <= LISTED else _("{names} 等 {n} 人").format(names=shown, n=len(names))


def _seats(entry: ProgrammeEntry) -> str:
    if entry.seats is None:
        return ""
    if not entry.registrations:
        return _("座位 {n}").format(n=entry.seats)
    return _("报名 {n} / 座位 {seats}").format(n=entry.registrations, seats=entry.seats)


# --- the list ---------------------------------------------------------------------------------------------------------
def _columns(data: ProgrammeData) -> list[Column]:
    return [
        Column(_("时间"), 1.5, bold=True, holds=(CLOCK,)), Column(_("会场"), 1.2, holds=[r.name for r in data.rooms]),
        Column(_("类型"), 1.2, holds=[term_mark(kind) for kind in data.figures.words]),
        Column(_("活动"), 5, bold=True), Column(_("主办"), 2.6), Column(_("主持与嘉宾"), 5),
        Column(_("座位"), 1, "right"), Column(_("报名"), 1.2, "right"),
    ]  # fmt: skip


def _rows(data: ProgrammeData) -> Iterator[Row]:
    for day in data.days:
        yield Band(day_words(day), _("{n} 场").format(n=len(data.on(day))))
        yield from (_row(entry, entry.hours_on(day)) for entry in data.on(day))
    if data.unplaced:
        yield Band(_("待排"), _("{n} 场").format(n=len(data.unplaced)))
        yield from (_row(entry, entry.dated_hours) for entry in data.unplaced)


def _row(entry: ProgrammeEntry, hours: str) -> Row:
    people = "\n".join(_speaker(speaker) for speaker in entry.speakers)
    title = marked(entry.title, entry.is_sample)
    if entry.state is ItemState.DRAFT:
        title = _("{title} · 待确认").format(title=title)
    return [
        hours or None, entry.room or None, term_mark(entry.kind), title,
        entry.host or None, people or None, None if entry.seats is None else f"{entry.seats:,}",
        f"{entry.registrations:,}" if entry.registrations else None,
    ]  # fmt: skip


def _speaker(speaker: SpeakerLine) -> str:
    """主持 沈知远 · 申江大学：题目."""
    words = f"{speaker.role} {speaker.name}" + (f" · {speaker.organisation}" if speaker.organisation else "")
    return _("{who}：{topic}").format(who=words, topic=speaker.topic) if speaker.topic else words


def _details(doc: Document, data: ProgrammeData) -> None:
    """Agendas and pitches of the items that have them."""
    detailed = [entry for entry in data.entries if entry.agenda or entry.pitches]
    if not detailed:
        return
    lines = max(len(detailed[0].agenda), len(detailed[0].pitches))
    doc.heading(_("议程与路演项目"), keep=60 + room_for(lines, total=False))
    for entry in detailed:
        when = day_words(entry.starts_at.date()) if entry.starts_at else _("待排")
        longest = max(len(entry.agenda), len(entry.pitches))
        doc.heading(marked(entry.title, entry.is_sample), 2, keep=20 + room_for(longest, total=False))
        doc.note(" · ".join(word for word in (when, entry.hours, entry.room) if word))
        if entry.agenda:
            timed = any(hours for hours, _what in entry.agenda)
            first = Column(_("时间"), 1, bold=True, holds=(CLOCK,)) if timed else Column(_("顺序"), 0.7, "right")
            rows: list[Row] = [
                [(hours or None) if timed else str(at), what] for at, (hours, what) in enumerate(entry.agenda, 1)
            ]
            doc.table([first, Column(_("议程"), 10)], rows)
        if entry.pitches:
            columns = [
                Column(_("顺序"), 0.7, "right"), Column(_("路演项目"), 5, bold=True), Column(_("单位"), 3.5),
                Column(_("路演人"), 1.5),
            ]  # fmt: skip
            rows = [
                [str(at), marked(pitch.title, pitch.is_sample), pitch.owner, pitch.presenter or None]
                for at, pitch in enumerate(entry.pitches, 1)
            ]
            doc.table(columns, rows)
