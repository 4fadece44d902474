"""The timetable of meetings as plain data: slots, places, who meets whom and where; moments in the expo's time zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from expo_app.model import MeetingState, Outcome, PlaceKind, TimeKind
from expo_app.model.matching import SLOT_MINUTES

Key = TypeVar("Key")
Value = TypeVar("Value")
LENGTHS = (15, 20, 30)
"""Minutes of a slot that are offered."""


@dataclass(frozen=True)
class Hours:
    """Meetings are held on a day from one hour to another; two of a day leave a break between them."""

    day: date
    opens: time
    closes: time


@dataclass(frozen=True)
class Slot:
    """One slot."""

    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        return self.starts_at.date()


def slots_of(hours: Iterable[Hours], minutes: int, gap: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Whole slots in order of time, `gap` minutes between two; hours that overlap give none twice."""
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + gap)
    found: list[Slot] = []
    for span in sorted(hours, key=lambda one: (one.day, one.opens)):
        start = datetime.combine(span.day, span.opens)
        while start + length <= datetime.combine(span.day, span.closes):
            slot = Slot(start.replace(tzinfo=zone), (start + length).replace(tzinfo=zone))
            if not found or slot.starts_at >= found[-1].ends_at:
                found.append(slot)
            start += step
    return tuple(found)


@dataclass(frozen=True)
class Seat:
    """Where and when a meeting is held; all None: in the tray."""

    place_id: UUID | None = None
    starts_at: datetime | None = None
    minutes: int | None = None

    @cached_property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes or 0) if self.starts_at else None

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it takes some of a span of time; a moment is enough, touching is none."""
        return self.starts_at is not None and self.ends_at is not None and self.starts_at < end and start < self.ends_at


TRAY = Seat()


@dataclass(frozen=True)
class Place:
    """A table, booth or room. `owner_id`: the organisation whose booth it is, None for everybody's."""

    id: UUID
    name: str
    kind: PlaceKind = PlaceKind.TABLE
    area: str = ""
    capacity: int = 1
    owner_id: UUID | None = None
    owner: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class Side:
    """Who comes: an organisation (its short name too), and the person it named."""

    id: UUID
    name: str
    short: str
    person_id: UUID | None = None
    person: str = ""


@dataclass(frozen=True)
class Meeting:
    """A request and its seat. `instead`: who took the seat of the side that did not come, `instead_of` (a or b)."""

    id: UUID
    no: str
    a: Side
    b: Side
    subject: str = ""
    state: MeetingState = MeetingState.ACCEPTED
    is_mutual: bool = False
    is_locked: bool = False
    is_expired: bool = False
    seat: Seat = TRAY
    published: Seat | None = None
    outcome: Outcome | None = None
    a_came: bool = False
    b_came: bool = False
    instead: Side | None = None
    instead_of: str | None = None
    reason: str = ""
    lost: Seat | None = None
    """The seat it holds on paper though it cannot be held there any more: the next act writes that down."""

    @property
    def is_live(self) -> bool:
        """Whether it takes its seat, or waits for one: asked for or agreed on, and not expired."""
        return self.state is MeetingState.ACCEPTED or (self.state is MeetingState.REQUESTED and not self.is_expired)

    @property
    def is_placed(self) -> bool:
        return self.is_live and self.seat.place_id is not None and self.seat.starts_at is not None

    @property
    def is_agreed(self) -> bool:
        """Whether both sides accepted: nothing else is published or printed."""
        return self.state is MeetingState.ACCEPTED

    @property
    def has_come(self) -> bool:
        """Both are there."""
        return self.outcome is Outcome.HELD or (self.a_came and self.b_came)

    @property
    def was_missed(self) -> bool:
        return self.outcome in (Outcome.NO_SHOW_A, Outcome.NO_SHOW_B)

    @property
    def sides(self) -> tuple[Side, ...]:
        """Who sits there: of a replaced side the one who came instead."""
        if self.instead is None:
            return self.a, self.b
        return (self.instead, self.b) if self.instead_of == "a" else (self.a, self.instead)

    @property
    def words(self) -> str:
        return f"{self.a.short} — {self.b.short}"


@dataclass(frozen=True)
class Blocked:
    """When an organisation, a person or a place is busy or closed: `who` is its id, `note` what is on then."""

    who: UUID
    kind: TimeKind
    starts_at: datetime
    ends_at: datetime
    note: str = ""

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.starts_at < end and start < self.ends_at


@dataclass(frozen=True)
class Board:
    """The timetable of an expo. Its meetings are all of them, in order of their numbers."""

    zone: ZoneInfo
    now: datetime
    days: tuple[date, ...]
    slots: tuple[Slot, ...]
    places: tuple[Place, ...]
    meetings: tuple[Meeting, ...]
    times: tuple[Blocked, ...] = ()
    slot_minutes: int = SLOT_MINUTES
    gap_minutes: int = 0
    walk_minutes: int = 0
    a_day_at_most: int | None = None

    @cached_property
    def by_id(self) -> Mapping[UUID, Meeting]:
        return {meeting.id: meeting for meeting in self.meetings}

    @cached_property
    def place_by_id(self) -> Mapping[UUID, Place]:
        return {place.id: place for place in self.places}

    @cached_property
    def slot_at(self) -> Mapping[datetime, int]:
        """The number of a slot by its start."""
        return {slot.starts_at: number for number, slot in enumerate(self.slots)}

    @cached_property
    def placed(self) -> tuple[Meeting, ...]:
        return tuple(meeting for meeting in self.meetings if meeting.is_placed)

    @cached_property
    def tray(self) -> tuple[Meeting, ...]:
        """Agreed on by both, and nowhere yet."""
        return tuple(one for one in self.meetings if one.is_agreed and not one.is_placed and one.outcome is None)

    @cached_property
    def at_place(self) -> Mapping[UUID, Sequence[Meeting]]:
        return _grouped((one.seat.place_id, one) for one in self.placed if one.seat.place_id)

    @cached_property
    def of_party(self) -> Mapping[UUID, Sequence[Meeting]]:
        """Placed meetings by organisation and by person."""
        return _grouped(
            (key, one) for one in self.placed for side in one.sides for key in (side.id, side.person_id) if key
        )

    @cached_property
    def people_of(self) -> Mapping[UUID, frozenset[UUID]]:
        """The persons an organisation names in any of its meetings."""
        sides = (side for one in self.meetings if one.is_live for side in one.sides)
        found = _grouped((side.id, side.person_id) for side in sides if side.person_id)
        return {key: frozenset(people) for key, people in found.items()}

    @cached_property
    def times_of(self) -> Mapping[UUID, Sequence[Blocked]]:
        return _grouped((blocked.who, blocked) for blocked in self.times)

    @cached_property
    def open_places(self) -> Sequence[tuple[Place, ...]]:
        """Of each slot the places that are there, open and not full then."""
        return [tuple(place for place in self.places if self._is_open(place, slot)) for slot in self.slots]

    def _is_open(self, place: Place, slot: Slot) -> bool:
        span = slot.starts_at, slot.ends_at
        if place.is_closed or any(
            one.kind is TimeKind.CLOSED and one.overlaps(*span) for one in self.times_of.get(place.id, ())
        ):
            return False
        there = sum(one.seat.overlaps(*span) for one in self.at_place.get(place.id, ()))
        return there < place.capacity

    def day_slots(self, day: date) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.day == day)

    def on_day(self, day: date) -> tuple[Meeting, ...]:
        """Placed meetings of a day."""
        return tuple(one for one in self.placed if one.seat.starts_at and one.seat.starts_at.date() == day)

    def fixed(self, meeting: Meeting) -> bool:
        """Whether it stays where it is: locked, begun, over, or with an outcome."""
        return meeting.is_placed and (meeting.is_locked or self.begun(meeting))

    def begun(self, meeting: Meeting) -> bool:
        """Whether it is running or over."""
        starts = meeting.seat.starts_at
        came = meeting.outcome is not None or meeting.a_came or meeting.b_came
        return meeting.is_placed and (came or (starts is not None and starts <= self.now))

    def seated(self, seats: Mapping[UUID, Seat]) -> Board:
        """The same with these meetings elsewhere."""
        moved = tuple(replace(one, seat=seats[one.id]) if one.id in seats else one for one in self.meetings)
        return replace(self, meetings=moved)


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
