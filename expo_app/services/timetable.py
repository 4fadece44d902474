"""The timetable of meetings read as data, and as the problem a solver works on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from math import ceil
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from expo_app.damaged import read_past, sound
from expo_app.i18n import _, named
from expo_app.model import (
    Attendee,
    AttendeeState,
    Exhibitor,
    ExhibitorState,
    Expo,
    ItemState,
    MatchingSettings,
    MatchingTime,
    Meeting,
    MeetingHours,
    MeetingPlace,
    Organisation,
    Person,
    PlaceKind,
    ProgrammeItem,
    Speaker,
    TimeKind,
)
from expo_app.model.base import read_zone
from expo_app.model.matching import SLOT_MINUTES
from expo_app.rules import meeting_board as boards
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import Blocked, Board, Hours, Place, Seat, Side, slots_of
from expo_app.rules.meeting_requests import is_expired
from expo_app.rules.natural_order import natural_key
from expo_app.rules.short_names import shortened
from expo_app.rules.timetable import Problem, Result, Wish
from expo_app.specs.records import spoken
from expo_app.store.database import Database

BODIES, PEOPLE = ("a_id", "b_id", "instead_id"), ("a_person_id", "b_person_id")
ALWAYS = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def read(db: Database, expo_id: uuid.UUID) -> Board:
    """The timetable now; meetings that lost their seat lie in the tray."""
    with db.reading() as session:
        return meeting_seats.settled(read_kept(session, expo_id, db.now()))


def read_kept(session: Session, expo_id: uuid.UUID, now: datetime) -> Board:
    """The timetable as it is kept, within a session; nine statements."""
    expo = Expo.__table__
    zone = read_zone(session.execute(select(expo.c.time_zone).where(expo.c.id == expo_id)).scalar_one())
    own = MatchingSettings.__table__
    found = session.execute(select(own).where(own.c.expo_id == expo_id)).first()
    rules = read_past(found, slot_minutes=SLOT_MINUTES, gap_minutes=0, walk_minutes=0) if found is not None else None
    minutes, gap = (rules.slot_minutes, rules.gap_minutes) if rules else (SLOT_MINUTES, 0)
    slots = slots_of(_hours(session, expo_id), minutes, gap, zone)
    local = now.astimezone(zone)
    meetings = tuple(_meetings(session, expo_id, zone, now))
    return Board(
        zone=zone,
        now=local,
        days=tuple(dict.fromkeys(slot.day for slot in slots)),
        slots=slots,
        places=tuple(_places(session, expo_id)),
        meetings=meetings,
        times=tuple(_times(session, expo_id, zone)),
        slot_minutes=minutes,
        gap_minutes=gap,
        walk_minutes=rules.walk_minutes if rules else 0,
        a_day_at_most=rules.a_day_at_most if rules else None,
    )


def _hours(session: Session, expo_id: uuid.UUID) -> list[Hours]:
    table = MeetingHours.__table__
    rows = sound(session.execute(select(table).where(table.c.expo_id == expo_id)).all())
    return [Hours(row.day, row.opens, row.closes) for row in rows]


def _places(session: Session, expo_id: uuid.UUID) -> list[Place]:
    """Open and closed ones, tables before booths, each as a person counts."""
    place, exhibitor, organisation = MeetingPlace.__table__, Exhibitor.__table__, Organisation.__table__
    query = (
        select(place, exhibitor.c.organisation_id, spoken(Organisation).label("owner"))
        .outerjoin(exhibitor, exhibitor.c.id == place.c.exhibitor_id)
        .outerjoin(organisation, organisation.c.id == exhibitor.c.organisation_id)
        .where(place.c.expo_id == expo_id)
    )
    order = list(PlaceKind)
    found = [
        Place(row.id, row.name, row.kind, row.area, row.capacity, row.organisation_id, row.owner or "", row.is_closed)
        for row in sound(session.execute(query).all())
    ]
    return sorted(found, key=lambda one: (order.index(one.kind), natural_key(one.name)))


def _meetings(session: Session, expo_id: uuid.UUID, zone: ZoneInfo, now: datetime) -> Iterator[boards.Meeting]:
    meeting = Meeting.__table__
    query = select(meeting).where(meeting.c.expo_id == expo_id).order_by(meeting.c.meeting_no)
    rows = sound(session.execute(query).all())
    side = _naming(_names(session, _met(expo_id, *BODIES)), _people(session, _met(expo_id, *PEOPLE)))
    for row in rows:
        yield _shown(row, side, zone, now)


def with_rows(session: Session, board: Board, rows: Iterable[Mapping[str, Any]]) -> Board:
    """The timetable as it would be with these rows of meetings, new ones or other ones than it has."""
    given = [SimpleNamespace(**row) for row in rows]
    bodies, people = (
        {getattr(row, name) for row in given for name in columns if getattr(row, name)} for columns in (BODIES, PEOPLE)
    )
    side = _naming(_names(session, bodies), _people(session, people))
    shown = {row.id: _shown(row, side, board.zone, board.now) for row in given}
    return replace(board, meetings=tuple({**board.by_id, **shown}.values()))


def _naming(
    names: Mapping[uuid.UUID, tuple[str, str]], people: Mapping[uuid.UUID, str]
) -> Callable[[uuid.UUID, uuid.UUID | None], Side]:
    @cache
    def side(organisation_id: uuid.UUID, person_id: uuid.UUID | None) -> Side:
        name, short = names.get(organisation_id, ("", ""))
        return Side(organisation_id, name, short, person_id, people.get(person_id, "") if person_id else "")

    return side


def _shown(
    row: Any, side: Callable[[uuid.UUID, uuid.UUID | None], Side], zone: ZoneInfo, now: datetime
) -> boards.Meeting:
    return boards.Meeting(
        id=row.id,
        no=row.meeting_no,
        a=side(row.a_id, row.a_person_id),
        b=side(row.b_id, row.b_person_id),
        subject=row.subject,
        state=row.state,
        is_mutual=row.is_mutual,
        is_locked=row.is_locked,
        is_expired=is_expired(row.state, row.answer_by, now),
        seat=seat_of(row, zone),
        published=published_seat(row.published, zone),
        outcome=row.outcome,
        a_came=row.a_came_at is not None,
        b_came=row.b_came_at is not None,
        instead=side(row.instead_id, None) if row.instead_id else None,
        instead_of=row.instead_of,
        reason=row.unseated or row.reason,
    )


def _met(expo_id: uuid.UUID, *columns: str) -> CompoundSelect[Any]:
    """Whatever stands in these columns of the expo's meetings."""
    meeting = Meeting.__table__
    return union(*(select(meeting.c[name]).where(meeting.c.expo_id == expo_id) for name in columns))


def _names(session: Session, keys: Any) -> dict[uuid.UUID, tuple[str, str]]:
    """(name, short one) of organisations, by id."""
    table = Organisation.__table__
    columns = (table.c.id, table.c.name, table.c.name_en, table.c.short_name)
    rows = sound(session.execute(select(*columns).where(table.c.id.in_(keys))).all())
    return {row.id: (name := named(row.name, row.name_en), _short(row, name)) for row in rows}


def _short(row: Any, name: str) -> str:
    """Its short name, which is short for the Chinese one; else the name without what most names end in."""
    return row.short_name if row.short_name and name == row.name else shortened(name)


def _people(session: Session, keys: Any) -> dict[uuid.UUID, str]:
    """Names of persons, by id."""
    wanted = Person.__table__.c.id.in_(keys)
    rows = session.execute(select(Person.__table__.c.id, spoken(Person).label("name")).where(wanted)).all()
    return {row.id: row.name for row in sound(rows)}


def seat_of(row: Any, zone: ZoneInfo) -> Seat:
    """The seat a row of a meeting holds."""
    if row.place_id is None or row.starts_at is None:
        return boards.TRAY
    return Seat(row.place_id, row.starts_at.astimezone(zone), row.minutes)


def as_published(seat: Seat) -> dict[str, Any] | None:
    """What publishing keeps of a seat; None for none."""
    if seat.place_id is None or seat.starts_at is None:
        return None
    starts = seat.starts_at.astimezone(UTC).isoformat()
    return {"place": str(seat.place_id), "starts_at": starts, "minutes": seat.minutes}


def published_seat(kept: Mapping[str, Any] | None, zone: ZoneInfo) -> Seat | None:
    """The seat that was published last; None where none was."""
    if not kept:
        return None
    starts = datetime.fromisoformat(kept["starts_at"]).astimezone(zone)
    return Seat(uuid.UUID(kept["place"]), starts, kept["minutes"])


# --- when somebody is busy or closed ----------------------------------------------------------------------------------
def _times(session: Session, expo_id: uuid.UUID, zone: ZoneInfo) -> Iterator[Blocked]:
    """As entered; what persons do in the programme (busy); who cancelled (closed, always)."""
    table = MatchingTime.__table__
    for row in sound(session.execute(select(table).where(table.c.expo_id == expo_id)).all()):
        span = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        for who in filter(None, (row.organisation_id, row.person_id, row.place_id)):
            yield Blocked(who, row.kind, *span, row.note)
    yield from _programme(session, expo_id, zone)
    yield from _cancelled(session, expo_id, zone)


def _programme(session: Session, expo_id: uuid.UUID, zone: ZoneInfo) -> Iterator[Blocked]:
    item, speaker = ProgrammeItem.__table__, Speaker.__table__
    title = spoken(ProgrammeItem, "title").label("title")
    query = (
        select(speaker.c.person_id, item.c.starts_at, item.c.ends_at, title)
        .join(item, item.c.id == speaker.c.item_id)
        .where(item.c.expo_id == expo_id, item.c.state != ItemState.CANCELLED)
        .where(item.c.starts_at < item.c.ends_at)
        .where(speaker.c.person_id.in_(_met(expo_id, *PEOPLE)))
    )
    for row in sound(session.execute(query).all()):
        span = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        yield Blocked(row.person_id, TimeKind.BUSY, *span, row.title)


def _cancelled(session: Session, expo_id: uuid.UUID, zone: ZoneInfo) -> Iterator[Blocked]:
    exhibitor, attendee = Exhibitor.__table__, Attendee.__table__
    gone = select(exhibitor.c.organisation_id.label("who")).where(
        exhibitor.c.expo_id == expo_id, exhibitor.c.state == ExhibitorState.CANCELLED
    )
    here = select(attendee.c.person_id).where(
        attendee.c.expo_id == expo_id, attendee.c.state != AttendeeState.CANCELLED
    )
    stays = select(attendee.c.person_id.label("who")).where(
        attendee.c.expo_id == expo_id,
        attendee.c.state == AttendeeState.CANCELLED,
        attendee.c.person_id.not_in(here),
        attendee.c.person_id.in_(_met(expo_id, *PEOPLE)),
    )
    begins, ends = ALWAYS
    for query, words in ((gone, _("已取消参展")), (stays, _("已取消登记"))):
        for row in session.execute(query):
            yield Blocked(row.who, TimeKind.CLOSED, begins.astimezone(zone), ends.astimezone(zone), words)


# --- as a problem to be solved ----------------------------------------------------------------------------------------
def problem(board: Board, ids: Iterable[uuid.UUID] | None = None) -> Problem:
    """All agreed meetings, and requests that hold a seat, as wishes; others stay where they are.

    `ids`: only these may be moved or placed.
    """
    free = None if ids is None else frozenset(ids)
    numbers = {place.id: number for number, place in enumerate(board.places)}
    seats = [_capacities(board, slot) for slot in board.slots]
    wishes: list[Wish] = []
    strays: list[boards.Meeting] = []
    for meeting in (*board.placed, *board.tray):
        at = _at(board, numbers, meeting.seat)
        if meeting.is_placed and at is None:
            strays.append(meeting)
            continue
        stays = board.fixed(meeting) or (free is not None and meeting.id not in free)
        if stays and at is None:
            continue
        wishes.append(_wish(board, meeting, at or _told(board, numbers, meeting), stays))
    for stray in strays:
        _take(board, seats, numbers, stray)
    areas = {area: number for number, area in enumerate(dict.fromkeys(place.area for place in board.places))}
    pitch = board.slot_minutes + board.gap_minutes
    return Problem(
        wishes=tuple(_besides(board, wish, strays) for wish in wishes),
        days=tuple(board.days.index(slot.day) for slot in board.slots),
        seats=tuple(tuple(row) for row in seats),
        areas=tuple(areas[place.area] for place in board.places),
        walk=ceil(max(0, board.walk_minutes - board.gap_minutes) / pitch),
        a_day_at_most=board.a_day_at_most,
    )


def _capacities(board: Board, slot: boards.Slot) -> list[int]:
    return [
        0
        if place.is_closed or meeting_seats.is_closed(board, place.id, slot.starts_at, slot.ends_at)
        else place.capacity
        for place in board.places
    ]


def _at(board: Board, numbers: Mapping[uuid.UUID, int], seat: Seat) -> tuple[int, int] | None:
    """(slot, place) of a seat; None for the tray, and for one that is no slot of now."""
    slot = board.slot_at.get(seat.starts_at) if seat.starts_at else None
    place = numbers.get(seat.place_id) if seat.place_id else None
    if slot is None or place is None or board.slots[slot].ends_at != seat.ends_at:
        return None
    return slot, place


def _told(board: Board, numbers: Mapping[uuid.UUID, int], meeting: boards.Meeting) -> tuple[int, int] | None:
    """(slot, place) that was published of a meeting in the tray, where one begins then: it stays what people know."""
    seat = meeting.published
    slot = board.slot_at.get(seat.starts_at) if seat is not None and seat.starts_at else None
    place = numbers.get(seat.place_id) if seat is not None and seat.place_id else None
    return None if slot is None or place is None else (slot, place)


def _wish(board: Board, meeting: boards.Meeting, at: tuple[int, int] | None, stays: bool) -> Wish:
    closed, busy = (
        [span for side in meeting.sides for span in meeting_seats.blocked(board, side, kind)]
        for kind in (TimeKind.CLOSED, TimeKind.BUSY)
    )
    allowed = frozenset(
        number
        for number, slot in enumerate(board.slots)
        if slot.starts_at > board.now and not any(span.overlaps(slot.starts_at, slot.ends_at) for span in closed)
    )
    avoided = frozenset(
        number
        for number, slot in enumerate(board.slots)
        if any(span.overlaps(slot.starts_at, slot.ends_at) for span in busy)
    )
    mine = frozenset(n for n, place in enumerate(board.places) if meeting_seats.may_sit(meeting, place))
    return Wish(
        key=meeting.id,
        parties=meeting_seats.parties(board, meeting),
        is_mutual=meeting.is_mutual and meeting.is_agreed,
        is_locked=stays,
        at=at,
        slots=allowed,
        busy=avoided,
        places=None if len(mine) == len(board.places) else mine,
        limited=tuple(side.id for side in meeting.sides),
    )


def _take(board: Board, seats: list[list[int]], numbers: Mapping[uuid.UUID, int], stray: boards.Meeting) -> None:
    """A meeting at another time than the slots of now takes its place in each it touches."""
    place = numbers.get(stray.seat.place_id) if stray.seat.place_id else None
    for number, slot in enumerate(board.slots):
        if place is not None and stray.seat.overlaps(slot.starts_at, slot.ends_at):
            seats[number][place] = max(0, seats[number][place] - 1)


def _besides(board: Board, wish: Wish, strays: Iterable[boards.Meeting]) -> Wish:
    """A wish without the slots in which its parties sit in a meeting at another time than the slots of now."""
    taken = [one for one in strays if set(meeting_seats.parties(board, one)) & set(wish.parties)]
    if not taken or wish.slots is None:
        return wish
    kept = frozenset(
        number
        for number in wish.slots
        if not any(one.seat.overlaps(board.slots[number].starts_at, board.slots[number].ends_at) for one in taken)
    )
    return replace(wish, slots=kept)


def seats_in(board: Board, result: Result) -> dict[uuid.UUID, Seat]:
    """The seats of a result, of those meetings alone that it places or moves."""
    found: dict[uuid.UUID, Seat] = {}
    for key, (slot, place) in result.placed.items():
        seat = Seat(board.places[place].id, board.slots[slot].starts_at, board.slot_minutes)
        if isinstance(key, uuid.UUID) and not board.fixed(board.by_id[key]) and board.by_id[key].seat != seat:
            found[key] = seat
    lost = [key for key in result.left if isinstance(key, uuid.UUID) and board.by_id[key].is_placed]
    return found | dict.fromkeys(lost, boards.TRAY)


def free_seats(board: Board, meeting: boards.Meeting) -> list[tuple[datetime, Place]]:
    """Seats nothing is wrong with, the earliest first."""
    return meeting_seats.free_seats(board, meeting)
