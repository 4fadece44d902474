"""The agendas of meetings: for each organisation only its own, for each table one list, the full grid for the admin.

Only what was published is told, as it was published; a contact only of who agreed to be shared, once both accepted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import Expo, Meeting, Organisation, Outcome, Standby
from expo_app.rules import meeting_board as boards
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import Board, Seat, Side
from expo_app.rules.natural_order import natural_key
from expo_app.services import timetable
from expo_app.services.meeting_consents import Consents, read_consents
from expo_app.services.record_writer import writing
from expo_app.services.report_head import read_head
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.agendas import (
    Agenda,
    AgendaLine,
    AgendaReport,
    GridCell,
    GridDay,
    MeetingGrid,
    StandbyLine,
    TableLine,
    TableList,
)
from expo_app.specs.records import spoken
from expo_app.specs.report_data import Head
from expo_app.store.database import Database

GRID = "matching.grid"
BODY, PERSON, PLACE = "body", "person", "place"
"""What a part is of; its key is `kind:id`."""
_meeting, _standby = Meeting.__table__, Standby.__table__


@dataclass(frozen=True)
class _Published:
    """A meeting both accepted, at the seat that was published last."""

    meeting: boards.Meeting
    seat: Seat
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class _Read:
    """What the agendas are made of, read in one snapshot."""

    head: Head
    board: Board
    consents: Consents
    standby: tuple[tuple[uuid.UUID, StandbyLine], ...]
    """Who stands by, with the key of whom for; in the order they came."""

    @cached_property
    def published(self) -> tuple[_Published, ...]:
        """By time and place."""
        found = [one for meeting in self.board.meetings for one in _of(meeting)]
        return tuple(sorted(found, key=lambda one: (one.starts_at, natural_key(self.place(one.seat)), one.meeting.no)))

    def place(self, seat: Seat) -> str:
        place = self.board.place_by_id.get(seat.place_id) if seat.place_id else None
        return place.name if place else meeting_seats.MISSING

    def area(self, seat: Seat) -> str:
        place = self.board.place_by_id.get(seat.place_id) if seat.place_id else None
        return place.area if place else ""

    def contact(self, side: Side) -> str:
        """The person who comes for a side, as far as the others may learn it."""
        return side.person if side.person_id and self.consents.is_shared(side.id, side.person_id) else ""


def _of(meeting: boards.Meeting) -> Iterator[_Published]:
    seat = meeting.published
    if not meeting.is_agreed or meeting.outcome is Outcome.MOVED:
        return  # moved: another meeting stands in its place
    if seat is not None and seat.starts_at is not None and seat.ends_at is not None:
        yield _Published(meeting, seat, seat.starts_at, seat.ends_at)


def _read(session: Session, expo_id: uuid.UUID, now: datetime) -> _Read:
    scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
    board = timetable.read_kept(session, expo_id, now)
    counted = set(session.scalars(select(_meeting.c.id).where(scope.own(_meeting))))
    board = replace(board, meetings=tuple(one for one in board.meetings if one.id in counted))
    consents = read_consents(session, expo_id, now.astimezone(scope.zone).date())
    return _Read(read_head(session, expo, now), board, consents, tuple(_standing_by(session, scope)))


def _standing_by(session: Session, scope: Scope) -> Iterator[tuple[uuid.UUID, StandbyLine]]:
    columns = (_standby.c.host_id, _standby.c.guest_id, _standby.c.since, _standby.c.used_at, _standby.c.note)
    query = select(*columns).where(scope.own(_standby)).order_by(_standby.c.since, _standby.c.id)
    rows = sound(session.execute(query).all())
    bodies = {key for row in rows for key in (row.host_id, row.guest_id)}
    query = select(Organisation.__table__.c.id, spoken(Organisation)).where(Organisation.__table__.c.id.in_(bodies))
    names = {row[0]: row[1] for row in sound(session.execute(query).all())}
    for row in rows:
        since, used = (at and at.astimezone(scope.zone) for at in (row.since, row.used_at))
        yield row.host_id, StandbyLine(names.get(row.host_id, ""), names.get(row.guest_id, ""), since, used, row.note)


# --- sheets and lists -------------------------------------------------------------------------------------------------
def read(db: Database, expo_id: uuid.UUID, now: datetime, part: str = "") -> AgendaReport:
    """Every organisation's sheet, every table's list and who stands by; or only the part of this key (`parts`)."""
    with db.reading() as session:
        data = _read(session, expo_id, now)
    kind = part.partition(":")[0]
    agendas = _people(data) if kind == PERSON else _bodies(data) if kind in ("", BODY) else ()
    tables = _tables(data) if kind in ("", PLACE) else ()
    seated = [one for one in data.board.placed if one.is_agreed]
    return AgendaReport(
        data.head,
        tuple(agenda for agenda in agendas if part in ("", agenda.key)),
        tuple(table for table in tables if part in ("", table.key)),
        tuple(line for _host, line in data.standby) if not part else (),
        sum(one.published is None for one in seated),
    )


def own_part(board: Board, organisation_id: uuid.UUID) -> str:
    """The key of the sheet of an organisation; "" where none of its meetings is published."""
    own = (one for one in board.meetings if organisation_id in (side.id for side in one.sides))
    return f"{BODY}:{organisation_id}" if any(True for one in own for _seat in _of(one)) else ""


def parts(db: Database, expo_id: uuid.UUID) -> list[tuple[str, str]]:
    """Of which organisation, person or table it may tell alone: (key, name); those with published meetings."""
    with db.reading() as session:
        data = _read(session, expo_id, db.now())
    people = [(one.key, _("{name}（{organisation}）").format(name=one.title, organisation=one.organisation))
              for one in _people(data)]  # fmt: skip
    tables = [(one.key, _("洽谈点 {name}").format(name=one.name)) for one in _tables(data)]
    return [*((one.key, one.title) for one in _bodies(data)), *tables, *people]


def _bodies(data: _Read) -> Sequence[Agenda]:
    """A sheet for each organisation with published meetings, by name."""
    return _sheets(data, BODY)


def _people(data: _Read) -> Sequence[Agenda]:
    """A sheet for each person whom a published meeting names, by name."""
    return _sheets(data, PERSON)


def _sheets(data: _Read, kind: str) -> Sequence[Agenda]:
    is_person = kind == PERSON
    found: dict[uuid.UUID, tuple[Side, list[AgendaLine]]] = {}
    for one in data.published:
        for own, other in _seen_by(one.meeting):
            key = own.person_id if is_person else own.id
            if key:
                found.setdefault(key, (own, []))[1].append(_line(data, one, own, other))
    sheets = [
        Agenda(f"{kind}:{key}", own.person if is_person else own.name, own.name, is_person, tuple(lines))
        for key, (own, lines) in found.items()
    ]
    return sorted(sheets, key=lambda sheet: (natural_key(sheet.title), sheet.key))


def _seen_by(meeting: boards.Meeting) -> Iterator[tuple[Side, Side]]:
    """Each of those who sit there, and whom they meet."""
    one, other = meeting.sides
    yield from ((one, other), (other, one))


def _line(data: _Read, one: _Published, own: Side, other: Side) -> AgendaLine:
    return AgendaLine(
        one.meeting.no, one.starts_at, one.ends_at, data.place(one.seat), data.area(one.seat), own.person, other.name,
        data.contact(other), one.meeting.subject,
    )  # fmt: skip


def _tables(data: _Read) -> Sequence[TableList]:
    """A list for each place that has published meetings, in the order of the timetable."""
    found: dict[uuid.UUID | None, list[_Published]] = {}
    for one in data.published:
        found.setdefault(one.seat.place_id, []).append(one)
    return [
        TableList(
            f"{PLACE}:{place.id}", place.name, place.area, place.is_closed,
            tuple(_table_line(data, one) for one in found[place.id]),
        )
        for place in data.board.places
        if place.id in found
    ]  # fmt: skip


def _table_line(data: _Read, one: _Published) -> TableLine:
    meeting = one.meeting
    a, b = meeting.sides
    return TableLine(
        meeting.no, one.starts_at, one.ends_at, a.name, data.contact(a), b.name, data.contact(b), meeting.subject,
        meeting.outcome, meeting.seat != one.seat,
        () if meeting.outcome else tuple(_waiting(data.standby, (a, b))),
    )  # fmt: skip


def _waiting(standby: Iterable[tuple[uuid.UUID, StandbyLine]], sides: Sequence[Side]) -> Iterator[str]:
    """Who would step in for either side and has not been used, the first first, and whom they wait for."""
    hosts = {side.id: side.short for side in sides}
    for host, line in standby:
        if host in hosts and line.used_at is None:
            yield _("{guest}（等{host}）").format(guest=line.guest, host=hosts[host])


# --- the full grid ----------------------------------------------------------------------------------------------------
def read_grid(db: Database, expo_id: uuid.UUID, now: datetime) -> MeetingGrid:
    """Who meets whom, where and when, drafts too: for the admin alone, and the log keeps who read it."""
    with writing(db, GRID, expo_id) as writer:
        data = _read(writer.session, expo_id, now)
        writer.note("reveal", _meeting)
    board = meeting_seats.settled(data.board)
    places = tuple(place for place in board.places if not place.is_closed or place.id in board.at_place)
    days = tuple(_grid_day(board, [place.id for place in places], day) for day in _days(board))
    waiting = tuple((one.words, one.reason) for one in board.tray)
    return MeetingGrid(data.head, tuple(place.name for place in places), days, waiting)


def _days(board: Board) -> list[date]:
    """Days with slots or meetings."""
    return sorted({*board.days, *(one.seat.starts_at.date() for one in board.placed if one.seat.starts_at)})


def _grid_day(board: Board, places: Sequence[uuid.UUID], day: date) -> GridDay:
    """Slots of the day, and whenever else a meeting begins."""
    here: dict[tuple[datetime, uuid.UUID], list[GridCell]] = {}
    spans = {slot.starts_at: slot.ends_at for slot in board.day_slots(day)}
    for one in board.on_day(day):
        if one.seat.starts_at is None or one.seat.ends_at is None or one.seat.place_id is None:
            continue
        spans.setdefault(one.seat.starts_at, one.seat.ends_at)
        here.setdefault((one.seat.starts_at, one.seat.place_id), []).append(_cell(one))
    slots = tuple(sorted(spans.items()))
    return GridDay(day, slots, [[tuple(here.get((start, key), ())) for key in places] for start, _end in slots])


def _cell(one: boards.Meeting) -> GridCell:
    words = " — ".join(side.short for side in one.sides)
    return GridCell(words, one.subject, one.is_agreed, one.seat == one.published, one.is_locked, one.outcome)


# --- for programs -----------------------------------------------------------------------------------------------------
def as_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str = "") -> object:
    """Sheets and lists as plain data; contacts as they are printed."""
    data = read(db, expo_id, now, part)
    return {
        "agendas": [
            {"organisation": one.organisation, "person": one.title if one.is_person else None,
             "meetings": [_line_json(line) for line in one.lines]}
            for one in data.agendas
        ],
        "tables": [
            {"name": one.name, "area": one.area, "is_closed": one.is_closed,
             "meetings": [_table_json(line) for line in one.lines]}
            for one in data.tables
        ],
        "standby": [
            {"host": one.host, "guest": one.guest, "since": one.since, "used_at": one.used_at} for one in data.standby
        ],
        "unpublished": data.unpublished,
    }  # fmt: skip


def _line_json(line: AgendaLine) -> dict[str, object]:
    return {
        "number": line.no, "starts_at": line.starts_at, "ends_at": line.ends_at, "place": line.place,
        "area": line.area, "own_person": line.own or None, "other": line.other, "contact": line.contact or None,
        "subject": line.subject,
    }  # fmt: skip


def _table_json(line: TableLine) -> dict[str, object]:
    return {
        "number": line.no, "starts_at": line.starts_at, "ends_at": line.ends_at, "a": line.a, "b": line.b,
        "subject": line.subject, "outcome": line.outcome.name if line.outcome else None,
        "changed_since": line.differs, "standby": list(line.standby),
    }  # fmt: skip
