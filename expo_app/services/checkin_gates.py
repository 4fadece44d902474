"""Gates at work: stopped and opened again, taken out of use, made of the venue; and how full every place is now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict
from expo_app.i18n import _, named
from expo_app.model import AtCapacity, CheckIn, Desk, DeskCount, DeskSignal, Expo, Gate, GateKind, Hall, Room, Ways
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.verdict import ALARM, CALM, Hours, Place
from expo_app.services.checkin_desks import places_of_gates, say_here_on
from expo_app.services.record_writer import Writer, write_row, write_rows, writing
from expo_app.services.records import delete_whole, refuse_if_used
from expo_app.services.words import categories_of
from expo_app.specs import DESKS, GATES
from expo_app.specs.expo import venues_of
from expo_app.store.database import Database

SIGNAL = timedelta(seconds=30)
"""How often an open desk says that it is there; after three times that it is offline."""
_gate, _count, _signal = Gate.__table__, DeskCount.__table__, DeskSignal.__table__


# --- acts ---


def stop(db: Database, gate_id: uuid.UUID) -> None:
    """停止放行: nobody is let in at this gate from the next scan on; who stopped it and when is kept."""
    _set(db, gate_id, lambda w: {"is_stopped": True, "stopped_by": w.db.actor.name, "stopped_at": w.now})


def admit_again(db: Database, gate_id: uuid.UUID) -> None:
    """恢复放行."""
    _set(db, gate_id, lambda w: {"is_stopped": False, "stopped_by": "", "stopped_at": None})


def show_again(db: Database, gate_id: uuid.UUID) -> None:
    """A hidden gate is in use again."""
    _set(db, gate_id, lambda w: {"is_hidden": False})


def _set(db: Database, gate_id: uuid.UUID, values: Any) -> None:
    with writing(db, GATES.permission) as writer:
        old = _rows(writer, [gate_id])[gate_id]
        writer.update(_gate, gate_id, old, values(writer))


def _rows(writer: Writer, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    found = writer.rows(_gate, ids)
    if len(found) < len(set(ids)):
        raise Conflict(_("这个入口已被删除，未做任何改动。请刷新后再试。"), "E-GONE")
    return found


def remove(db: Database, gate_ids: Sequence[uuid.UUID]) -> list[str]:
    """Delete gates; one that has scans is hidden instead, and its name comes back. Conflict where desks work for one
    that would be deleted.
    """
    hidden = []
    with writing(db, GATES.permission) as writer:
        for gate_id, old in _rows(writer, gate_ids).items():
            scan = select(CheckIn.id).where(CheckIn.gate_id == gate_id).limit(1)
            if writer.session.execute(scan).first() is not None:
                writer.update(_gate, gate_id, old, {"is_hidden": True})
                hidden.append(old["name"])
            else:
                refuse_if_used(writer.session, _gate, [gate_id], {})
                delete_whole(writer, _gate, old)
    return hidden


def make_from_venue(db: Database, expo_id: uuid.UUID) -> int:
    """按会场生成: an entrance with a desk, and a gate for every room of the venue that has none; how many were made."""
    with writing(db, GATES.permission, expo_id) as writer:
        have = writer.session.execute(select(Gate.room_id, Gate.name).where(Gate.expo_id == expo_id)).all()
        rooms, taken = {row.room_id for row in have}, {row.name for row in have}
        query = (
            select(Room.id, Room.name).where(Room.venue_id.in_(venues_of(expo_id))).order_by(Room.position, Room.name)
        )
        new: list[dict[str, Any]] = [
            {"name": row.name, "kind": GateKind.ROOM, "room_id": row.id}
            for row in writer.session.execute(query)
            if row.id not in rooms and row.name not in taken
        ]
        if not have:
            gate = write_row(writer, GATES, {"name": _("主入口"), "kind": GateKind.ENTRANCE, "is_default": True})
            write_row(writer, DESKS, {"name": _("01 号台"), "gate_id": gate})
        write_rows(writer, GATES, [(None, values, 0) for values in new])
        return len(new) + (not have)


def say_here(db: Database, desk_id: uuid.UUID) -> None:
    """An open desk says that it is there."""
    with db.transaction() as session:
        say_here_on(session.connection(), desk_id, db.now(), db.is_sqlite)


# --- how it stands ---


class Alarms:
    """Which places were said to be nearly full: once as they cross 90 %, again only after they fell below 85 %."""

    def __init__(self) -> None:
        self._said: set[uuid.UUID] = set()

    def crossed(self, crowds: Mapping[uuid.UUID, Crowd]) -> list[uuid.UUID]:
        """Those that crossed it since the last call."""
        new = [
            key for key, crowd in crowds.items() if crowd.approved and crowd.share >= ALARM and key not in self._said
        ]
        self._said.update(new)
        self._said -= {key for key, crowd in crowds.items() if crowd.share < CALM}
        return new


@dataclass(frozen=True)
class Crowd:
    """How many are in a place or by a gate. `approved` 0: no number. `sees_out`: every exit is scanned, so that
    `inside` is true; else it is those who came in, without the few who were scanned going out.
    """

    come: int = 0
    gone: int = 0
    approved: int = 0
    sees_out: bool = False
    stops: bool = False

    @property
    def inside(self) -> int:
        return self.come - self.gone

    @property
    def share(self) -> float:
        """Of the approved number; 0 where there is none."""
        return self.inside / self.approved if self.approved else 0.0

    @property
    def room(self) -> int:
        """How many more may come in."""
        return max(self.approved - self.inside, 0)

    @property
    def level(self) -> str:
        """A kind of theme.KINDS: ok, warn from 90 % of the approved number, bad from 100 %."""
        return "bad" if self.approved and self.share >= 1 else "warn" if self.share >= ALARM else "ok"


@dataclass(frozen=True)
class DeskLine:
    """A desk of a gate; `seen_at` aware, None: never opened."""

    id: uuid.UUID
    name: str
    is_online: bool
    seen_at: datetime | None


@dataclass(frozen=True)
class GateLine:
    """One gate as it stands."""

    id: uuid.UUID
    name: str
    kind: GateKind
    leads_to: str
    """The room or hall; "": the expo as a whole."""
    is_default: bool
    is_hidden: bool
    ways: Ways
    place: Place
    follows_programme: bool
    hours: tuple[Hours, ...]
    """Of today; empty: all day, or as the programme says."""
    is_open: bool
    allowed: tuple[CategoryTerm, ...]
    missing: tuple[CategoryTerm, ...]
    """Who may pass, and who may not; categories no longer offered stand in neither."""
    crowd: Crowd
    stopped_by: str = ""
    stopped_at: datetime | None = None
    desks: tuple[DeskLine, ...] = ()


@dataclass(frozen=True)
class Board:
    """All gates of an expo and the expo as a whole, counted `at` (aware, in the expo's zone)."""

    at: datetime
    whole: Crowd
    gates: tuple[GateLine, ...] = ()
    by_id: Mapping[uuid.UUID, GateLine] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {gate.id: gate for gate in self.gates})

    @property
    def desks(self) -> tuple[DeskLine, ...]:
        return tuple(desk for gate in self.gates if not gate.is_hidden for desk in gate.desks)


def board(db: Database, expo_id: uuid.UUID) -> Board:
    """How every gate and the expo stand now."""
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        at = db.now().astimezone(expo.zone_info)
        gates = session.scalars(select(Gate).where(Gate.expo_id == expo_id).order_by(Gate.id)).all()
        counts = _counts(session, expo_id, at.date())
        desks = _desks(session, expo_id, at)
        places = _places(session, gates)
        seeing = _seeing_out(session, expo_id, gates)
        sees_all = {key: all(seeing[g.id] for g in gates if _leads_to(g) == key and not g.is_hidden)
                    for key in {_leads_to(g) for g in gates}}  # fmt: skip
        rules, offered = places_of_gates(session, expo, gates), categories_of(session, expo_id).offered
        lines = tuple(
            _line(expo, gate, rules[gate.id], at, places.get(_leads_to(gate)), offered, counts, sees_all, seeing, desks)
            for gate in gates
        )
        come, gone = _summed(counts, lambda row: row[0] == expo_id)
        whole = Crowd(come, gone, readable(expo.approved_headcount) or 0, sees_all.get(expo_id, False), True)
    return Board(at, whole, lines)


def crowd_of(db: Database, gate_id: uuid.UUID) -> Crowd:
    """How many are in the place a gate leads into."""
    with db.reading() as session:
        gate = session.get_one(Gate, gate_id)
        expo = session.get_one(Expo, gate.expo_id)
        place, day = _leads_to(gate), expo.local_day(db.now())
        gates = session.scalars(select(Gate).where(Gate.expo_id == expo.id, ~Gate.is_hidden)).all()
        of_it = [other for other in gates if _leads_to(other) == place]
        seeing = _seeing_out(session, expo.id, of_it)
        leads_to = _places(session, of_it).get(place)
        come, gone = _summed(_counts(session, expo.id, day), lambda row: row[0] == place)
        approved, stops = _approved(expo, gate, leads_to)
        return Crowd(come, gone, approved, bool(of_it) and all(seeing.values()), stops)


def _leads_to(gate: Gate) -> uuid.UUID:
    return gate.room_id or gate.hall_id or gate.expo_id


def _counts(session: Session, expo_id: uuid.UUID, day: date) -> list[tuple[uuid.UUID, uuid.UUID, int, int]]:
    """(place, gate, come, gone) of one day."""
    query = (
        select(_count.c.place_id, _count.c.gate_id, func.sum(_count.c.come), func.sum(_count.c.gone))
        .where(_count.c.expo_id == expo_id, _count.c.day == day)
        .group_by(_count.c.place_id, _count.c.gate_id)
    )
    return [(place, gate, int(come), int(gone)) for place, gate, come, gone in session.execute(query)]


def _summed(counts: list[tuple[uuid.UUID, uuid.UUID, int, int]], fits: Any) -> tuple[int, int]:
    fitting = [row for row in counts if fits(row)]
    return sum(row[2] for row in fitting), sum(row[3] for row in fitting)


def _desks(session: Session, expo_id: uuid.UUID, at: datetime) -> dict[uuid.UUID, tuple[DeskLine, ...]]:
    scanned = select(func.max(CheckIn.at)).where(CheckIn.desk_id == Desk.id).scalar_subquery()
    query = (
        select(Desk.id, Desk.name, Desk.gate_id, DeskSignal.at, scanned)
        .outerjoin(DeskSignal, DeskSignal.desk_id == Desk.id)
        .where(Desk.expo_id == expo_id)
        .order_by(Desk.name)
    )
    found: dict[uuid.UUID, list[DeskLine]] = {}
    for key, name, gate, said, last in session.execute(query):
        seen = max(filter(None, (said, last)), default=None)
        is_online = seen is not None and abs(at - seen) <= 3 * SIGNAL
        found.setdefault(gate, []).append(DeskLine(key, name, is_online, seen and seen.astimezone(at.tzinfo)))
    return {gate: tuple(lines) for gate, lines in found.items()}


def _places(session: Session, gates: Sequence[Gate]) -> dict[uuid.UUID, Room | Hall]:
    """Rooms and halls by id."""
    rooms = session.scalars(select(Room).where(Room.id.in_({g.room_id for g in gates if g.room_id})))
    halls = session.scalars(select(Hall).where(Hall.id.in_({g.hall_id for g in gates if g.hall_id})))
    return {place.id: place for place in (*rooms, *halls)}


def _seeing_out(session: Session, expo_id: uuid.UUID, gates: Sequence[Gate]) -> dict[uuid.UUID, bool]:
    """Whether people who leave by a gate are scanned: by how its desks are set, or the gate where it has none."""
    desks: dict[uuid.UUID, list[Ways | None]] = {}
    for gate, ways in session.execute(select(Desk.gate_id, Desk.ways).where(Desk.expo_id == expo_id)):
        desks.setdefault(gate, []).append(ways)
    return {
        gate.id: any((readable(ways) or readable(gate.ways, Ways.IN)).has_out for ways in desks.get(gate.id, [None]))
        for gate in gates
    }


def _approved(expo: Expo, gate: Gate, place: Room | Hall | None) -> tuple[int, bool]:
    """The number that holds for the place of a gate and whether admission stops there."""
    stops = gate.at_capacity is AtCapacity.STOP
    if place is None:
        return readable(expo.approved_headcount) or 0, True
    own = [
        (readable(gate.approved_headcount), stops),
        (readable(place.approved_headcount), stops or isinstance(place, Hall)),
    ]
    return min(((number, halts) for number, halts in own if number), default=(0, False))


def _line(
    expo: Expo, gate: Gate, rule: Place, at: datetime, place: Room | Hall | None,
    offered: Sequence[CategoryTerm], counts: Any, sees_all: Mapping[uuid.UUID, bool], seeing: Mapping[uuid.UUID, bool],
    desks: Mapping[uuid.UUID, tuple[DeskLine, ...]],
) -> GateLine:  # fmt: skip
    """A room's and a hall's gate shows its place, any other the people who are in by it."""
    if place is None:
        come, gone = _summed(counts, lambda row: row[1] == gate.id)
        stops = gate.at_capacity is AtCapacity.STOP
        crowd = Crowd(come, gone, readable(gate.approved_headcount) or 0, seeing[gate.id], stops)
    else:
        come, gone = _summed(counts, lambda row: row[0] == place.id)
        approved, stops = _approved(expo, gate, place)
        crowd = Crowd(come, gone, approved, sees_all[place.id], stops)
    passing = {term.id for term in (offered if rule.categories is None else rule.categories)}
    allowed, missing = ([t for t in offered if (t.id in passing) is may] for may in (True, False))
    return GateLine(
        gate.id, gate.name, gate.kind, named(place.name, place.name_en) if place else "", gate.is_default,
        gate.is_hidden, readable(gate.ways, Ways.IN), rule,
        gate.kind is GateKind.ROOM and gate.follows_programme and not rule.hours,
        rule.hours_on(at.date()), rule.is_open(at), tuple(allowed), tuple(missing), crowd,
        gate.stopped_by if gate.is_stopped else "",
        gate.stopped_at, desks.get(gate.id, ()),
    )  # fmt: skip
