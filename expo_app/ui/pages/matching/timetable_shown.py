"""A day of the timetable as lanes, rows and blocks: what the grid shows, worked out without a window."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import Enum
from functools import cached_property

from expo_app.i18n import N_, _
from expo_app.model import TimeKind
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import Board, Meeting, Place, Seat, Slot
from expo_app.rules.meeting_seats import clock

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
ROW, FOLDED, LEAST = 45, 24, 20
"""px: a slot, a break between two, and the least that a meeting takes."""
NOON = time(12, 30)
MOST_SEATS = 6
"""Lanes that a place of several seats is shown in at most."""


class Tone(Enum):
    """How a block looks, and what that means: in its words too, never by colour alone."""

    AGREED = N_("双方已同意")
    ASKED = N_("单方，预留不发布")
    CAME = N_("已签到")
    MISSED = N_("爽约")


@dataclass(frozen=True)
class Cell:
    """Where a block lies: numbers of its lane and its row."""

    lane: int
    row: int


@dataclass(frozen=True)
class Lane:
    """A column: one seat of a place."""

    place: Place
    title: str
    note: str
    seat: int = 0


@dataclass(frozen=True)
class Row:
    """A slot, or (`slot` None) the break between two; `top` in px."""

    top: int
    height: int
    starts_at: datetime
    ends_at: datetime
    slot: Slot | None = None


@dataclass(frozen=True)
class Block:
    """A meeting on the grid."""

    key: uuid.UUID
    place: Cell
    a: str
    b: str
    tone: Tone
    words: str
    is_locked: bool = False
    """It stays where it is: locked (`has_lock`), begun or over."""
    has_lock: bool = False
    is_found: bool = True
    span: tuple[float, float] | None = None
    """px from and to, where it is not held in a slot of now; None: it fills its cell."""


@dataclass(frozen=True)
class DayGrid:
    """Everything of a day. `closed`: cells in which nothing can be put."""

    day: date
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    closed: frozenset[Cell] = frozenset()
    _tops: tuple[int, ...] = field(default=())

    @cached_property
    def lies_at(self) -> Mapping[Cell, uuid.UUID]:
        """The meeting in each cell."""
        return {block.place: block.key for block in self.blocks}

    @property
    def height(self) -> int:
        return self.rows[-1].top + self.rows[-1].height if self.rows else 0

    def row_at(self, y: float) -> int:
        """The number of the row at so many px."""
        return max(0, bisect_right(self._tops, y) - 1)

    def y_of(self, moment: datetime) -> float | None:
        """Where a moment lies; None before the first slot, behind the last one, and on another day."""
        for row in self.rows:
            if row.starts_at <= moment < row.ends_at:
                return row.top + row.height * ((moment - row.starts_at) / (row.ends_at - row.starts_at))
        return None


def day_words(day: date) -> str:
    """周四 11-29."""
    return f"{_(WEEKDAYS[day.weekday()])} {day:%m-%d}"


def grid_of(board: Board, day: date, *, is_found: Callable[[Meeting], bool] = lambda _meeting: True) -> DayGrid:
    """The grid of a day; blocks in order of time."""
    rows = _rows(board, day)
    meetings = sorted(board.on_day(day), key=lambda one: (one.seat.starts_at, one.no))
    lanes = _lanes(board, meetings)
    first = {lane.place.id: number for number, lane in reversed(list(enumerate(lanes)))}
    tops = tuple(row.top for row in rows)
    taken: dict[int, list[Seat]] = defaultdict(list)
    blocks = []
    for meeting in meetings:
        place = first.get(meeting.seat.place_id) if meeting.seat.place_id else None
        if place is None or not rows:
            continue
        span = _span_of(rows, meeting)
        lane = _free_lane(taken, place, meeting.seat, lanes)
        cell = Cell(lane, _row_of(rows, meeting))
        taken[lane].append(meeting.seat)
        blocks.append(replace(block_of(board, meeting, cell, is_found(meeting)), span=span))
    return DayGrid(day, lanes, rows, tuple(blocks), _closed(board, lanes, rows), tops)


def block_of(board: Board, meeting: Meeting, cell: Cell, is_found: bool = True) -> Block:
    """A meeting as a block."""
    return Block(
        meeting.id, cell, meeting.a.short, meeting.b.short, tone_of(meeting), block_words(board, meeting),
        board.fixed(meeting), meeting.is_locked, is_found,
    )  # fmt: skip


def tone_of(meeting: Meeting) -> Tone:
    if meeting.was_missed:
        return Tone.MISSED
    if meeting.has_come or meeting.outcome is not None:
        return Tone.CAME
    return Tone.AGREED if meeting.is_agreed else Tone.ASKED


def block_words(board: Board, meeting: Meeting) -> str:
    """All that a block says, for tooltip and screen reader."""
    seat = meeting.seat
    place = board.place_by_id.get(seat.place_id) if seat.place_id else None
    hours = clock(seat.starts_at, seat.ends_at) if seat.starts_at and seat.ends_at else ""
    state = meeting.outcome.label if meeting.outcome is not None else _(tone_of(meeting).value)
    lines = (
        f"{hours} {place.name if place else ''} · {meeting.no}",
        *(f"{side.name} {side.person}".strip() for side in (meeting.a, meeting.b)),
        meeting.subject,
        _("、").join([state, *([_("已锁定")] if meeting.is_locked else [])]),
    )
    return "\n".join(line for line in lines if line)


def _rows(board: Board, day: date) -> tuple[Row, ...]:
    found: list[Row] = []
    top = 0
    for slot in board.day_slots(day):
        if found and (slot.starts_at - found[-1].ends_at).total_seconds() > 60 * board.gap_minutes:
            found.append(Row(top, FOLDED, found[-1].ends_at, slot.starts_at))
            top += FOLDED
        found.append(Row(top, ROW, slot.starts_at, slot.ends_at, slot))
        top += ROW
    return tuple(found)


def break_words(row: Row) -> str:
    """午休 12:10–13:30，不开放."""
    words = _("午休 {time}，不开放") if row.starts_at.time() <= NOON < row.ends_at.time() else _("休息 {time}，不开放")
    return words.format(time=clock(row.starts_at, row.ends_at))


def _row_of(rows: Sequence[Row], meeting: Meeting) -> int:
    """The slot a meeting begins in; the nearest one where it begins in none of now."""
    starts = meeting.seat.starts_at
    numbers = [number for number, row in enumerate(rows) if row.slot is not None]
    if starts is None:
        return numbers[0]
    within = (number for number in numbers if rows[number].starts_at <= starts < rows[number].ends_at)
    nearest = min(numbers, key=lambda n: abs((rows[n].starts_at - starts).total_seconds()))
    return next(within, nearest)


def _span_of(rows: Sequence[Row], meeting: Meeting) -> tuple[float, float] | None:
    """px between which a meeting lies that is not held in a slot of now; None for one that is."""
    starts, ends = meeting.seat.starts_at, meeting.seat.ends_at
    if starts is None or ends is None or any(row.starts_at == starts and row.ends_at == ends for row in rows):
        return None
    top = _px(rows, starts)
    return top, max(_px(rows, ends), top + LEAST)


def _px(rows: Sequence[Row], moment: datetime) -> float:
    """Where a moment lies, between two rows at the later one, outside of them at the nearest edge."""
    for row in rows:
        if moment < row.ends_at:
            within = max(0.0, (moment - row.starts_at) / (row.ends_at - row.starts_at))
            return row.top + row.height * within
    return rows[-1].top + rows[-1].height


def _lanes(board: Board, meetings: Sequence[Meeting]) -> tuple[Lane, ...]:
    """Places that are there, and closed ones in which somebody sits; of one of several seats as many as are needed."""
    at_once = Counter((meeting.seat.place_id, meeting.seat.starts_at) for meeting in meetings)
    busiest: dict[uuid.UUID | None, int] = {}
    for (place_id, _starts), count in at_once.items():
        busiest[place_id] = max(busiest.get(place_id, 0), count)
    found = []
    for place in board.places:
        there = busiest.get(place.id, 0)
        if place.is_closed and not there:
            continue
        for seat in range(max(there, min(place.capacity, there + 1, MOST_SEATS), 1)):
            title = place.name if place.capacity == 1 else f"{place.name}·{seat + 1}"
            found.append(Lane(place, title, place.area or place.kind.label, seat))
    return tuple(found)


def _free_lane(taken: Mapping[int, Sequence[Seat]], lane: int, seat: Seat, lanes: Sequence[Lane]) -> int:
    """The first lane of a place in which nothing else is held then."""
    place, starts, ends = lanes[lane].place.id, seat.starts_at, seat.ends_at
    if starts is None or ends is None:
        return lane
    while lane + 1 < len(lanes) and lanes[lane + 1].place.id == place:
        if not any(one.overlaps(starts, ends) for one in taken.get(lane, ())):
            break
        lane += 1
    return lane


def _closed(board: Board, lanes: Sequence[Lane], rows: Sequence[Row]) -> frozenset[Cell]:
    return frozenset(
        Cell(lane, row)
        for lane, one in enumerate(lanes)
        for row, span in enumerate(rows)
        if span.slot is not None
        and (one.place.is_closed or meeting_seats.is_closed(board, one.place.id, span.starts_at, span.ends_at))
    )


# --- while a meeting is moved -----------------------------------------------------------------------------------------
def busy_rows(board: Board, meeting: Meeting, grid: DayGrid) -> dict[int, str]:
    """Rows in which a side is busy, with who (and the rest in `closed_rows`)."""
    return _rows_of(board, meeting, grid, TimeKind.BUSY)


def closed_rows(board: Board, meeting: Meeting, grid: DayGrid) -> dict[int, str]:
    """Rows in which a side is closed, with who."""
    return _rows_of(board, meeting, grid, TimeKind.CLOSED)


def _rows_of(board: Board, meeting: Meeting, grid: DayGrid, kind: TimeKind) -> dict[int, str]:
    found: dict[int, str] = {}
    for side in meeting.sides:
        spans = meeting_seats.blocked(board, side, kind)
        for number, row in enumerate(grid.rows):
            if row.slot is not None and any(span.overlaps(row.starts_at, row.ends_at) for span in spans):
                found.setdefault(number, side.person or side.short)
    return found
