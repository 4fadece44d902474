"""Whether a meeting can be held at a place and a time, in words: what refuses, what only warns, what would help.

An organisation that names a person for a meeting is free elsewhere with another one; where it names nobody it is at one
place at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from expo_app.i18n import N_, Labelled, _
from expo_app.model import PlaceKind, TimeKind
from expo_app.rules.meeting_board import TRAY, Blocked, Board, Meeting, Place, Seat, Side

NOBODY: frozenset[UUID] = frozenset()
MISSING = "—"


class Level(Enum):
    """WARN may be done all the same; REFUSE may not."""

    WARN = "warn"
    REFUSE = "refuse"


class FindingKind(Labelled):
    """What is wrong with a seat, as it is said of it."""

    PLACE_GONE = N_("{place}已停用")
    OUTSIDE = N_("{time}不在洽谈时段里")
    PAST = N_("{time}已经过去")
    PLACE_CLOSED = N_("{place} {time}不开放")
    OTHERS_BOOTH = N_("{place}是{owner}的展位，只接待它自己的洽谈")
    NOBODYS_BOOTH = N_("{place}这个展位没有展商")
    OCCUPIED = N_("{place} {time}已有 {other}")
    ELSEWHERE = N_("{who} {time}已在 {place} 洽谈")
    PARTY_CLOSED = N_("{who} {time}不开放")
    BUSY = N_("{who} {time}忙")
    WALK = N_("{who}要从 {place} 走过来，两场之间不够 {n} 分钟")
    DAY_LIMIT = N_("{who}当天已有 {n} 场，到了上限")

    @property
    def level(self) -> Level:
        return Level.WARN if self in WARNINGS else Level.REFUSE


WARNINGS = frozenset({FindingKind.BUSY, FindingKind.WALK, FindingKind.DAY_LIMIT})


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `meeting_id`: the meeting in the way."""

    kind: FindingKind
    values: Mapping[str, str] = field(default_factory=dict)
    meeting_id: UUID | None = None

    @property
    def refuses(self) -> bool:
        return self.kind.level is Level.REFUSE

    @property
    def text(self) -> str:
        """As it is said: no full sentence."""
        return _(self.kind.value).format(**self.values)


def refusing(findings: Collection[Finding]) -> tuple[Finding, ...]:
    """Those that refuse."""
    return tuple(finding for finding in findings if finding.refuses)


def clock(start: datetime, end: datetime) -> str:
    """10:50–11:10."""
    return f"{start:%H:%M}–{end:%H:%M}"


def judge(
    board: Board, meeting: Meeting, place: Place, start: datetime, *, besides: Collection[UUID] = NOBODY
) -> tuple[Finding, ...]:
    """What is wrong with a seat, refusals first; `besides`: meetings that would be elsewhere by then."""
    number = board.slot_at.get(start)
    if number is None:
        return (Finding(FindingKind.OUTSIDE, {"time": f"{start:%m-%d %H:%M}"}),)
    return _judged(board, meeting, place, start, board.slots[number].ends_at, besides)


def _judged(
    board: Board, meeting: Meeting, place: Place, start: datetime, end: datetime, besides: Collection[UUID]
) -> tuple[Finding, ...]:
    away = {meeting.id, *besides}
    found = [
        *_of_place(board, meeting, place, start, end, away),
        *(finding for side in meeting.sides for finding in _of_side(board, side, place, start, end, away)),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.refuses))


def _of_place(
    board: Board, meeting: Meeting, place: Place, start: datetime, end: datetime, away: Collection[UUID]
) -> Iterator[Finding]:
    values = {"place": place.name, "time": clock(start, end)}
    if end <= board.now:
        yield Finding(FindingKind.PAST, {"time": f"{start:%m-%d} {clock(start, end)}"})
    if place.is_closed:
        yield Finding(FindingKind.PLACE_GONE, values)
    if is_closed(board, place.id, start, end):
        yield Finding(FindingKind.PLACE_CLOSED, values)
    if not may_sit(meeting, place):
        yield _not_its_booth(place)
    there = [one for one in board.at_place.get(place.id, ()) if one.id not in away and one.seat.overlaps(start, end)]
    if len(there) >= place.capacity:
        yield Finding(FindingKind.OCCUPIED, {**values, "other": there[0].words}, there[0].id)


def _of_side(
    board: Board, side: Side, place: Place, start: datetime, end: datetime, away: Collection[UUID]
) -> Iterator[Finding]:
    values = {"who": side.person or side.short, "time": clock(start, end)}
    for kind, found in ((TimeKind.CLOSED, FindingKind.PARTY_CLOSED), (TimeKind.BUSY, FindingKind.BUSY)):
        note = next((b.note for b in blocked(board, side, kind) if b.overlaps(start, end)), None)
        if note is not None:
            yield Finding(found, {**values, "note": note})
    others = [one for one in with_side(board, side) if one.id not in away]
    clash = next((one for one in others if one.seat.overlaps(start, end)), None)
    if clash is not None:
        where = board.place_by_id.get(clash.seat.place_id) if clash.seat.place_id else None
        yield Finding(FindingKind.ELSEWHERE, {**values, "place": where.name if where else ""}, clash.id)
    yield from _of_walk(board, values, place, others, start, end)
    today = sum(side.id in (s.id for s in one.sides) for one in _that_day(board, side, start.date(), away))
    if board.a_day_at_most is not None and today >= board.a_day_at_most:
        yield Finding(FindingKind.DAY_LIMIT, {"who": side.short, "n": str(today)})


def _that_day(board: Board, side: Side, day: date, away: Collection[UUID]) -> list[Meeting]:
    return [
        one
        for one in board.of_party.get(side.id, ())
        if one.id not in away and one.seat.starts_at and one.seat.starts_at.date() == day
    ]


def _of_walk(
    board: Board, values: Mapping[str, str], place: Place, others: Collection[Meeting], start: datetime, end: datetime
) -> Iterator[Finding]:
    walk = timedelta(minutes=board.walk_minutes)
    for one in others if walk else ():
        there = board.place_by_id.get(one.seat.place_id) if one.seat.place_id else None
        if there is None or there.area == place.area or one.seat.overlaps(start, end):
            continue
        if one.seat.overlaps(start - walk, end + walk):
            yield Finding(FindingKind.WALK, {**values, "place": there.name, "n": str(board.walk_minutes)}, one.id)
            return


def findings(board: Board, meeting: Meeting, *, besides: Collection[UUID] = NOBODY) -> tuple[Finding, ...]:
    """What is wrong with the seat a meeting has on a board, as `judge` says it."""
    seat, place = meeting.seat, board.place_by_id.get(meeting.seat.place_id) if meeting.seat.place_id else None
    if place is None or seat.starts_at is None:
        return (Finding(FindingKind.PLACE_GONE, {"place": MISSING}),)
    start, end = seat.starts_at, seat.ends_at or seat.starts_at
    found = _judged(board, meeting, place, start, end, besides)
    number = board.slot_at.get(start)
    if number is None or board.slots[number].ends_at != end:
        time = f"{start:%m-%d %H:%M}" if number is None else clock(start, end)
        return (Finding(FindingKind.OUTSIDE, {"time": time}), *found)
    return found


def refusal(board: Board, meeting: Meeting, *, besides: Collection[UUID] = NOBODY) -> Finding | None:
    """Why a list does not give a meeting the seat it has on a board; None where it does.

    Of what has begun by now it is no matter that it is past, nor that there is no slot then any more.
    """
    starts = meeting.seat.starts_at
    history = (FindingKind.PAST, FindingKind.OUTSIDE) if starts is not None and starts <= board.now else ()
    found = refusing(findings(board, meeting, besides=besides))
    return next((one for one in found if one.kind not in history), None)


def clash(board: Board, meeting: Meeting) -> Finding | None:
    """What another meeting has against the seat that a meeting has on a board."""
    return next((one for one in refusing(findings(board, meeting)) if one.meeting_id is not None), None)


def may_sit(meeting: Meeting, place: Place) -> bool:
    """Whether a place takes this meeting: a booth those of its own organisation alone, nobody's booth none."""
    if place.kind is PlaceKind.BOOTH or place.owner_id is not None:
        return any(place.owner_id == side.id for side in meeting.sides)
    return True


def _not_its_booth(place: Place) -> Finding:
    kind = FindingKind.OTHERS_BOOTH if place.owner_id is not None else FindingKind.NOBODYS_BOOTH
    return Finding(kind, {"place": place.name, "owner": place.owner})


def is_closed(board: Board, who: UUID, start: datetime, end: datetime) -> bool:
    """Whether somebody, or a place, is closed then."""
    times = board.times_of.get(who, ())
    return any(one.kind is TimeKind.CLOSED and one.overlaps(start, end) for one in times)


def blocked(board: Board, side: Side, kind: TimeKind) -> list[Blocked]:
    """When a side, its organisation or its person, is busy or closed."""
    if not board.times_of:
        return []
    keys = (side.id, side.person_id) if side.person_id else (side.id,)
    return [one for key in keys for one in board.times_of.get(key, ()) if one.kind is kind]


def with_side(board: Board, side: Side) -> list[Meeting]:
    """Placed meetings that whoever comes for this side cannot be away from."""
    if side.person_id is None:
        return list(board.of_party.get(side.id, ()))
    unnamed = [
        one
        for one in board.of_party.get(side.id, ())
        if any(s.id == side.id and s.person_id is None for s in one.sides)
    ]
    return [*board.of_party.get(side.person_id, ()), *unnamed]


def parties(board: Board, meeting: Meeting) -> tuple[UUID, ...]:
    """What can be in one meeting at a time: the named person; of a side that names nobody all who could be meant."""
    first = [side.person_id or side.id for side in meeting.sides]
    more = [key for s in meeting.sides if s.person_id is None for key in sorted(board.people_of.get(s.id, ()))]
    return tuple(dict.fromkeys([*first, *more]))


def settled(board: Board) -> Board:
    """The same where meetings whose seat is none any more (place or side closed, slots changed) lie in the tray."""
    away = {}
    for meeting in board.placed:
        found = None if board.begun(meeting) else _lost(board, meeting)
        if found is not None:
            away[meeting.id] = replace(meeting, seat=TRAY, lost=meeting.seat, is_locked=False, reason=found.text)
    return replace(board, meetings=tuple(away.get(one.id, one) for one in board.meetings)) if away else board


def _lost(board: Board, meeting: Meeting) -> Finding | None:
    """Why a seat is none any more, whoever else sits where."""
    seat, place = meeting.seat, board.place_by_id.get(meeting.seat.place_id) if meeting.seat.place_id else None
    if seat.starts_at is None or place is None:
        return Finding(FindingKind.PLACE_GONE, {"place": MISSING})
    number = board.slot_at.get(seat.starts_at)
    start, end = seat.starts_at, board.slots[number].ends_at if number is not None else None
    if end is None or end != seat.ends_at:
        return Finding(FindingKind.OUTSIDE, {"time": f"{start:%m-%d %H:%M}"})
    if place.is_closed:
        return Finding(FindingKind.PLACE_GONE, {"place": place.name})
    if is_closed(board, place.id, start, end):
        return Finding(FindingKind.PLACE_CLOSED, {"place": place.name, "time": clock(start, end)})
    if not may_sit(meeting, place):
        return _not_its_booth(place)
    for side in meeting.sides:
        if any(span.overlaps(start, end) for span in blocked(board, side, TimeKind.CLOSED)):
            return Finding(FindingKind.PARTY_CLOSED, {"who": side.person or side.short, "time": clock(start, end)})
    return None


# --- free seats, and why there is none --------------------------------------------------------------------------------
def open_slots(board: Board, meeting: Meeting, side: Side) -> frozenset[int]:
    """Numbers of the slots in which a side is neither closed nor elsewhere; nor past."""
    closed = blocked(board, side, TimeKind.CLOSED)
    others = [one.seat for one in with_side(board, side) if one.id != meeting.id]
    return frozenset(
        number
        for number, slot in enumerate(board.slots)
        if slot.starts_at > board.now
        and not any(one.overlaps(slot.starts_at, slot.ends_at) for one in closed)
        and not any(seat.overlaps(slot.starts_at, slot.ends_at) for seat in others)
    )


def free_seats(board: Board, meeting: Meeting) -> list[tuple[datetime, Place]]:
    """Seats nothing is wrong with, not even a warning, in order of time and place; those to come only."""
    common = frozenset.intersection(*(open_slots(board, meeting, side) for side in meeting.sides))
    return [
        (board.slots[number].starts_at, place)
        for number in sorted(common)
        for place in board.open_places[number]
        if may_sit(meeting, place) and not judge(board, meeting, place, board.slots[number].starts_at)
    ]


class Why(Labelled):
    """Why a meeting lies in the tray."""

    FREE = N_("有空位")
    NOT_FREE = N_("{who}没有空闲时段")
    NO_COMMON_SLOT = N_("两方空闲时段不相交")
    NO_SEAT = N_("桌位已满")
    DAY_LIMIT = N_("{who}已达每日 {n} 场上限")
    ONLY_BUSY = N_("只剩有人忙的时段")


@dataclass(frozen=True)
class Reason:
    """Why a meeting has no seat, and the first one it could take (with a warning unless `why` is FREE)."""

    why: Why
    values: Mapping[str, str] = field(default_factory=dict)
    seat: Seat | None = None

    @property
    def text(self) -> str:
        return _(self.why.value).format(**self.values)


def reason_of(board: Board, meeting: Meeting) -> Reason:
    """Why a meeting is in the tray as the others lie now."""
    each = [open_slots(board, meeting, side) for side in meeting.sides]
    for side, mine in zip(meeting.sides, each, strict=True):
        if not mine:
            return Reason(Why.NOT_FREE, {"who": side.person or side.short})
    common = sorted(frozenset.intersection(*each))
    if not common:
        return Reason(Why.NO_COMMON_SLOT)
    warned: Reason | None = None
    for number in common:
        start = board.slots[number].starts_at
        for place in board.open_places[number]:
            if not may_sit(meeting, place):
                continue
            found = judge(board, meeting, place, start)
            seat = Seat(place.id, start, board.slot_minutes)
            if not found:
                return Reason(Why.FREE, seat=seat)
            if warned is None and not refusing(found):
                limit = next((one for one in found if one.kind is FindingKind.DAY_LIMIT), None)
                warned = Reason(Why.DAY_LIMIT, limit.values, seat) if limit else Reason(Why.ONLY_BUSY, seat=seat)
            if all(one.kind is not FindingKind.WALK for one in found):
                break  # what is wrong is wrong of the slot: another place is no better
    return warned or Reason(Why.NO_SEAT)
