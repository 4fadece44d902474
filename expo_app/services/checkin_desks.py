"""What a desk looks at: where it stands, who is searched for, what it has counted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from expo_app.damaged import readable, sound
from expo_app.errors import UserError
from expo_app.i18n import _, named
from expo_app.model import (
    AtCapacity,
    Attendee,
    AttendeeState,
    Category,
    CheckIn,
    Desk,
    DeskSignal,
    Expo,
    Gate,
    GateHours,
    GateKind,
    Hall,
    ItemState,
    Organisation,
    Person,
    Presence,
    ProgrammeItem,
    Room,
    Verdict,
    Ways,
    new_id,
)
from expo_app.rules import badge_code, phones
from expo_app.rules.search_key import ENDS, SEPARATOR, characters_begun, search_terms, surnames_read
from expo_app.rules.terms import Term
from expo_app.rules.verdict import Hours, Place
from expo_app.services import batches
from expo_app.services.categories import categories_by_gate
from expo_app.services.checkin_presence import Spot
from expo_app.specs.checkin import leads_into_expo
from expo_app.specs.natural_order import natural
from expo_app.specs.records import has_one, read_name
from expo_app.store.database import Database
from expo_app.store.engines import insert_into

PACE = timedelta(minutes=10)
"""What "per minute" looks back at."""
_scan, _attendee = CheckIn.__table__, Attendee.__table__
_signal = DeskSignal.__table__
_NOBODY = uuid.UUID(int=0)
_person, _organisation, _category = Person.__table__, Organisation.__table__, Category.__table__
_presence, _gate = Presence.__table__, Gate.__table__


@dataclass(frozen=True)
class Post:
    """Where a desk stands: its gate and its expo."""

    desk_id: uuid.UUID
    desk: str
    gate_id: uuid.UUID
    gate: str
    place: Place
    expo_id: uuid.UUID
    expo_names: Mapping[uuid.UUID, str]
    zone: ZoneInfo
    starts_on: date
    ends_on: date
    spot: Spot
    ways: Ways = Ways.IN
    place_name: str = ""
    """The room or hall the gate leads into; "": the expo as a whole."""
    arrives_by_scan: bool = True
    """Whether an exhibitor has arrived with the first of its people."""


def read_post(session: Session, desk_id: uuid.UUID, gate_id: uuid.UUID | None = None) -> Post:
    """The post of a desk at its own gate, or at another of the same expo; UserError when it is gone."""
    desk = session.get(Desk, desk_id)
    gate = session.get(Gate, gate_id or desk.gate_id) if desk else None
    if desk is None or gate is None or gate.is_hidden or gate.expo_id != desk.expo_id:
        raise UserError(_("这个签到台或入口已不存在，没有签到。请在“数据与设置”里核对。"), "E-DESK")
    expo = session.get_one(Expo, desk.expo_id)
    place = places_of_gates(session, expo, [gate])[gate.id]
    expo_names = {row.id: row.name for row in session.execute(select(Expo.id, Expo.name))}
    room = session.get(Room, gate.room_id) if readable(gate.room_id) else None
    hall = session.get(Hall, gate.hall_id) if readable(gate.hall_id) else None
    spot = _spot(expo, gate, room, hall, desk.id)
    leads_to = room or hall
    said = named(leads_to.name, leads_to.name_en) if leads_to else ""
    ways = readable(desk.ways) or readable(gate.ways, Ways.IN)
    return Post(
        desk.id, desk.name, gate.id, gate.name, place, expo.id, expo_names, expo.zone_info, expo.starts_on,
        expo.ends_on, spot, ways, said, readable(expo.arrives_by_scan, True),
    )  # fmt: skip


def places_of_gates(session: Session, expo: Expo, gates: Sequence[Gate]) -> dict[uuid.UUID, Place]:
    """What decides at each gate of an expo, as it is kept, by the gate's id."""
    ids = [gate.id for gate in gates]
    hours: dict[uuid.UUID, list[Hours]] = {}
    kept = select(GateHours.gate_id, GateHours.opens, GateHours.closes, GateHours.day)
    for gate_id, opens, closes, day in sound(session.execute(kept.where(GateHours.gate_id.in_(ids)))):
        hours.setdefault(gate_id, []).append(Hours(opens, closes, day))
    of_rooms = (g for g in gates if readable(g.room_id) and g.kind is GateKind.ROOM)
    following = {g.id: g.room_id for g in of_rooms if g.follows_programme}
    query = select(ProgrammeItem.room_id, ProgrammeItem.starts_at, ProgrammeItem.ends_at).where(
        ProgrammeItem.expo_id == expo.id,
        ProgrammeItem.room_id.in_(following.values()),
        ProgrammeItem.state != ItemState.CANCELLED,
    )
    items: dict[uuid.UUID | None, list[tuple[datetime, datetime]]] = {}
    for room_id, starts, ends in sound(session.execute(query)) if following else ():
        if starts and ends:
            items.setdefault(room_id, []).append((starts.astimezone(expo.zone_info), ends.astimezone(expo.zone_info)))
    categories = categories_by_gate(session, ids)
    return {
        gate.id: Place(
            kind=gate.kind,
            hours=tuple(hours.get(gate.id, ())),
            categories=categories.get(gate.id),
            items=tuple(items.get(following[gate.id], ())) if gate.id in following else (),
            lead=timedelta(minutes=readable(gate.lead_minutes, 30)),
            stopped_by=(gate.stopped_by or "—") if gate.is_stopped else "",
        )
        for gate in gates
    }


def _spot(expo: Expo, gate: Gate, room: Room | None, hall: Hall | None, desk_id: uuid.UUID) -> Spot:
    """Admission to the expo and to a hall stops at their approved number (decree 505, art. 18), at a gate's and a
    room's where the gate says so.
    """
    gate_stops = gate.at_capacity is AtCapacity.STOP
    own = _limit(gate, gate_stops)
    if room is not None:
        return Spot(expo.id, desk_id, gate.id, room.id, (*own, *_limit(room, gate_stops)))
    if hall is not None:
        return Spot(expo.id, desk_id, gate.id, hall.id, (*own, *_limit(hall, True)))
    return Spot(expo.id, desk_id, gate.id, expo.id, _limit(expo, True), own)


def _limit(place: Gate | Room | Hall | Expo, stops: bool) -> tuple[tuple[int, bool], ...]:
    approved = readable(place.approved_headcount) or 0
    return ((approved, stops),) if approved > 0 else ()


def names(db: Database, expo_id: uuid.UUID) -> tuple[dict[str, uuid.UUID], dict[str, uuid.UUID]]:
    """Desks and gates of an expo: name → id; the default entrance first, then entrances, then rooms, each by name."""
    with db.reading() as session:
        desks = session.execute(_desks(expo_id, Desk.name, Desk.id)).all()
        gates = session.execute(
            select(Gate.name, Gate.id)
            .where(Gate.expo_id == expo_id, Gate.is_hidden.is_not(True))
            .order_by(*_GATES_FIRST, natural(Gate.name))
        ).all()
    return {row.name: row.id for row in desks}, {row.name: row.id for row in gates}


def desks_and_gates(db: Database, expo_id: uuid.UUID) -> tuple[dict[str, str], list[str]]:
    """Desk → the gate it works for; every gate. Names, as `names` orders them."""
    with db.reading() as session:
        desks = session.execute(_desks(expo_id, Desk.name, Gate.name.label("gate"))).all()
    return {row.name: row.gate for row in desks}, list(names(db, expo_id)[1])


_GATES_FIRST = (case((Gate.kind == GateKind.ENTRANCE, 0), else_=1), Gate.is_default.desc())


def _desks(expo_id: uuid.UUID, *columns: Any) -> Select[Any]:
    """A new desk is taken for one at the entrance: those stand first."""
    joined = select(*columns).select_from(Desk).join(Gate, Gate.id == Desk.gate_id)
    query = joined.where(Desk.expo_id == expo_id, Gate.is_hidden.is_not(True))
    return query.order_by(*_GATES_FIRST, natural(Gate.name), natural(Desk.name))


@dataclass(frozen=True)
class Matches:
    """Some of those a search found, and how many there are in all."""

    found: list[Found]
    total: int


@dataclass(frozen=True)
class Found:
    """A search result; `phone_tail` is all of the phone that a desk sees.

    `inside_since` and `inside_by`: when, and by which gate, somebody came in today who is inside where the desk stands.
    """

    attendee_id: uuid.UUID
    name: str
    organisation: str
    title: str
    category: Term
    badge_no: str
    state: AttendeeState
    phone_tail: str
    inside_since: datetime | None = None
    inside_by: str = ""


_JOINED = _attendee.join(_person, _person.c.id == _attendee.c.person_id).outerjoin(
    _organisation, _organisation.c.id == _attendee.c.organisation_id
)


_TERM = ("id", "key", "name", "name_en", "colour")


def _people() -> Select[Any]:
    return select(
        _attendee.c.id, read_name(_person), read_name(_organisation), _attendee.c.title,
        _attendee.c.badge_no, _attendee.c.state, _person.c.phone, *(_category.c[name] for name in _TERM),
    ).select_from(_JOINED.join(_category, _category.c.id == _attendee.c.category_id))  # fmt: skip


_SEARCHED = (_person.c.search_text, _organisation.c.search_text, func.lower(_attendee.c.badge_no))


def _matching(term: Sequence[str]) -> CompoundSelect[Any]:
    """Attendees of any expo one term fits. Each table is read through by itself, and what it has leads by an index to
    the attendees: reading them joined takes several times as long.
    """
    names, companies, numbers = (has_one(text, term) for text in _SEARCHED)
    names = or_(names, *_ends_with(term))
    return union_all(
        select(_attendee.c.id).where(_attendee.c.person_id.in_(select(_person.c.id).where(names))),
        select(_attendee.c.id).where(_attendee.c.organisation_id.in_(select(_organisation.c.id).where(companies))),
        select(_attendee.c.id).where(numbers),
    )


def _ends_with(term: Sequence[str]) -> list[ColumnElement[bool]]:
    """Whether a person's number ends with the digits typed, if they are such; its extension does not count."""
    ends = [spelling.removeprefix(ENDS) for spelling in term if spelling.startswith(ENDS)]
    return [or_(_person.c.phone.endswith(end), _person.c.phone.contains(end + phones.EXTENSION)) for end in ends]


def find(
    db: Database, expo_id: uuid.UUID, text: str, limit: int = 50, after: int = 0, at: Post | None = None
) -> Matches:
    """People of this expo by one Chinese character, pinyin, initials, four or more last digits or all of the phone,
    company or badge number.

    Several words, separated by spaces, must all fit. They come as `_rank` says, then by name and badge number;
    `limit` of them, `after` so many. `at`: the post that wants to know who is inside already.
    """
    terms = search_terms(text)
    if not terms:
        return Matches([], 0)
    fits = _fits(expo_id, terms)
    order = (_rank(terms[0]), _person.c.name, natural(_attendee.c.badge_no))
    query = _people().where(fits).order_by(*order).limit(limit).offset(after)
    with db.reading() as session:
        found = _told_inside(session, at, db.now(), [_found(row) for row in session.execute(query)])
        total = after + len(found)
        if len(found) == limit:  # counted apart: counting while sorting takes three times as long
            source = _JOINED if terms[1:] else _attendee
            total = session.scalar(select(func.count()).select_from(source).where(fits)) or 0
    return Matches(found, total)


LATER = (2, 3, 4)
"""Where in a name a later syllable stands."""


def _rank(term: Sequence[str]) -> ColumnElement[int]:
    """0 a surname read as the term, 1 a name that begins with it in writing, pinyin or initials, 2 a name that has it
    written, 3 spelt from a later syllable on, 4 anywhere else in name or phone; 5 what only company or number fit.
    """
    key, name = _SEARCHED[0], _person.c.name
    begins = [key.startswith(one, autoescape=True) for one in term]
    begins += [key.contains(SEPARATOR + one, autoescape=True) for one in term]
    within = or_(has_one(key, term), *_ends_with(term))
    ranks: list[tuple[ColumnElement[bool], int]] = [(or_(*begins), 1), (has_one(name, term), 2)]
    if spelt := [one for one in term if one.isascii() and one.isalpha()]:
        surnames = {char for one in spelt for char in surnames_read(one)}
        ranks.insert(0, (func.substr(name, 1, 1).in_(surnames), 0))
        begun = {char for one in spelt for char in characters_begun(one)}
        ranks.append((and_(within, or_(*(func.substr(name, at, 1).in_(begun) for at in LATER))), 3))
    return case(*ranks, (within, 4), else_=5)


def _fits(expo_id: uuid.UUID, terms: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Which attendees all terms fit. The most telling one leads to few people; the others are asked of those."""
    telling = max(terms, key=lambda term: len(term[0]))
    others = [or_(*(has_one(text, term) for text in _SEARCHED), *_ends_with(term)) for term in terms if term != telling]
    return and_(_attendee.c.expo_id == expo_id, _attendee.c.id.in_(_matching(telling)), *others)


def by_badge_no(db: Database, expo_id: uuid.UUID, text: str, at: Post | None = None) -> Found | None:
    """The person whose badge number was typed, in any width or case; None where it is no number of this expo."""
    number = badge_code.badge_no(text)
    if number is None:
        return None
    with db.reading() as session:
        rows = session.execute(_people().where(_attendee.c.expo_id == expo_id, _attendee.c.badge_no == number))
        found = _told_inside(session, at, db.now(), [_found(row) for row in rows])
    return found[0] if found else None


def _told_inside(session: Session, at: Post | None, now: datetime, found: list[Found]) -> list[Found]:
    """The same, told who of them is inside where the post stands."""
    if at is None or not found:
        return found
    came = and_(
        _scan.c.attendee_id == _presence.c.attendee_id,
        _scan.c.local_day == _presence.c.day,
        _scan.c.at == _presence.c.at,
        _scan.c.undone_at.is_(None),
    )
    query = (
        select(_presence.c.attendee_id, _presence.c.at, read_name(_gate))
        .select_from(_presence.outerjoin(_scan, came).outerjoin(_gate, _gate.c.id == _scan.c.gate_id))
        .where(
            _presence.c.attendee_id.in_([one.attendee_id for one in found]),
            _presence.c.place_id == at.spot.place_id,
            _presence.c.day == now.astimezone(at.zone).date(),
            _presence.c.is_inside,
        )
    )
    inside = {key: (since.astimezone(at.zone), gate or "") for key, since, gate in session.execute(query)}
    return [
        replace(one, inside_since=inside[one.attendee_id][0], inside_by=inside[one.attendee_id][1])
        if one.attendee_id in inside
        else one
        for one in found
    ]


def holder_of(connection: Connection, expo_id: uuid.UUID, number: str) -> uuid.UUID | None:
    """The attendee of this expo with that badge number, or who had it before two registrations became one."""
    wanted = select(_attendee.c.id).where(_attendee.c.expo_id == expo_id, _attendee.c.badge_no == number)
    found: uuid.UUID | None = connection.scalar(wanted)
    return found or batches.once_called(connection, _attendee, "badge_no", number, expo_id)


def _found(row: Any) -> Found:
    key, name, organisation, title, badge_no, state, phone, *category = row
    return Found(key, name, organisation or "", title, Term(*category), badge_no, state, phones.tail(phone))


@dataclass(frozen=True)
class DeskFigures:
    """Today: persons let in for the first time at the desk, at all entrances, and the desk's scans per minute."""

    desk: int
    expo: int
    per_minute: float


def figures(db: Database, post: Post) -> DeskFigures:
    """Counts for the desk's side column: three index look-ups, one statement each."""
    now = db.now()
    day = now.astimezone(post.zone).date()
    today = and_(
        _scan.c.expo_id == post.expo_id,
        _scan.c.local_day == day,
        _scan.c.verdict == Verdict.ADMITTED,
        _scan.c.undone_at.is_(None),
    )
    people = func.count(func.distinct(_scan.c.attendee_id))
    gate = Gate.__table__
    entrances = select(gate.c.id).where(gate.c.expo_id == post.expo_id, leads_into_expo(gate))
    # a desk has few scans before now: its own index is the way, not the day's
    own = and_(_scan.c.desk_id == post.desk_id, _scan.c.at >= _day_start(now, post.zone))
    with db.reading() as session:
        desk = session.scalar(select(people).where(own, today))
        expo = session.scalar(select(people).where(today, _scan.c.gate_id.in_(entrances)))
        recent = session.scalar(
            select(func.count()).where(_scan.c.desk_id == post.desk_id, _scan.c.at > now - PACE, _scan.c.at <= now)
        )
    return DeskFigures(desk or 0, expo or 0, round((recent or 0) / (PACE / timedelta(minutes=1)), 1))


def _day_start(now: datetime, zone: ZoneInfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class LastScan:
    """A line of the desk's list; `name` is empty where nobody was known."""

    id: uuid.UUID
    verdict: Verdict
    name: str
    at: datetime
    is_undone: bool


def last_scans(db: Database, post: Post, limit: int = 5) -> list[LastScan]:
    """The desk's newest scans of today in the order of recording, the last kept first, in the expo's time."""
    query = (
        select(_scan.c.id, _scan.c.verdict, read_name(_person), _scan.c.at, _scan.c.undone_at)
        .select_from(
            _scan.outerjoin(_attendee, _attendee.c.id == _scan.c.attendee_id).outerjoin(
                _person, _person.c.id == _attendee.c.person_id
            )
        )
        .where(_scan.c.desk_id == post.desk_id, _scan.c.at >= _day_start(db.now(), post.zone))
        .order_by(_scan.c.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        rows = session.execute(query).all()
    return [LastScan(r[0], r[1], r[2] or "", r[3].astimezone(post.zone), r[4] is not None) for r in rows]


def say_here_on(connection: Connection, desk_id: uuid.UUID, now: datetime, is_sqlite: bool) -> None:
    """Write that an open desk is there at this moment; scans must be writable, too."""
    connection.execute(_scan.delete().where(_scan.c.id == _NOBODY))
    insert = insert_into(_signal, is_sqlite)
    kept = insert.on_conflict_do_update(index_elements=["desk_id"], set_={"at": insert.excluded.at})
    connection.execute(kept, {"id": new_id(), "desk_id": desk_id, "at": now})


def newest_scan(session: Session) -> uuid.UUID | None:
    """The key of the scan kept last, at whatever desk."""
    found: uuid.UUID | None = session.scalar(select(_scan.c.id).order_by(_scan.c.id.desc()).limit(1))
    return found
