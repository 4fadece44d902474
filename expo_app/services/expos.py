"""Expos: the list, the clock of one, a new one from the last one's set-up."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from expo_app.model import (
    Attendee,
    Badge,
    Base,
    Booth,
    BoothState,
    Desk,
    Exhibitor,
    Expo,
    ExpoOrganiser,
    Gate,
    Hall,
    ProgrammeItem,
    Room,
    Venue,
    Zone,
    new_id,
)
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.rehearsal import RehearsalClock
from expo_app.specs import EXPOS, ExpoFacts
from expo_app.specs.expo import ORGANISERS
from expo_app.store.database import Database

PARTS: dict[str, type[Base]] = {
    "zones": Zone, "booths": Booth, "exhibitors": Exhibitor, "items": ProgrammeItem, "attendees": Attendee,
}  # fmt: skip
"""What an expo is made of, by the name `set_up` knows it under."""


@dataclass(frozen=True)
class ExpoInfo:
    """What the frame of the window shows of an expo."""

    id: uuid.UUID
    name: str
    name_en: str
    code: str
    edition_no: int
    starts_on: date
    ends_on: date
    zone: ZoneInfo
    venue: str
    venue_id: uuid.UUID | None
    is_sample: bool
    rehearsal_at: datetime | None

    @property
    def days(self) -> list[date]:
        """Every day, first to last."""
        return [self.starts_on + timedelta(n) for n in range((self.ends_on - self.starts_on).days + 1)]

    def local_day(self, at: datetime) -> date:
        """The calendar day of a moment in the expo's time zone."""
        return at.astimezone(self.zone).date()

    def facts(self, now: datetime) -> ExpoFacts:
        """What decides at a moment whether a record of the expo can be right."""
        return ExpoFacts(self.code, self.starts_on, self.ends_on, self.local_day(now), self.is_sample, self.zone)


def all_expos(db: Database) -> list[ExpoInfo]:
    """Every expo in the file, newest first."""
    expo, venue = Expo.__table__, Venue.__table__
    query = (
        select(expo, venue.c.name.label("venue_name"))
        .select_from(expo.outerjoin(venue, venue.c.id == expo.c.venue_id))
        .order_by(expo.c.starts_on.desc(), expo.c.name)
    )
    with db.reading() as session:
        return [_info(row) for row in session.execute(query).mappings()]


def _info(row: Mapping[Any, Any]) -> ExpoInfo:
    return ExpoInfo(
        id=row["id"], name=row["name"], name_en=row["name_en"], code=row["code"], edition_no=row["edition_no"],
        starts_on=row["starts_on"], ends_on=row["ends_on"], zone=ZoneInfo(row["time_zone"]),
        venue=row["venue_name"] or "", venue_id=row["venue_id"], is_sample=row["is_sample"],
        rehearsal_at=row["rehearsal_at"],
    )  # fmt: skip


def current(db: Database, expo_id: uuid.UUID | None = None) -> ExpoInfo | None:
    """The expo asked for, else the one that runs now, else the newest; None in an empty file."""
    expos = all_expos(db)
    for expo in expos:
        if expo.id == expo_id:
            return expo
    today = datetime.now(UTC)
    running = [e for e in expos if e.starts_on <= e.local_day(today) <= e.ends_on and not e.is_sample]
    return next(iter(running or expos), None)


def clock_of(db: Database, expo: ExpoInfo | None) -> Callable[[], datetime]:
    """The expo's clock: the real one, or that of its rehearsal, which all programs on one database share."""
    if expo is None or expo.rehearsal_at is None:
        return lambda: datetime.now(UTC)
    return RehearsalClock(db, expo.id, expo.rehearsal_at)


def create(db: Database, values: Mapping[str, Any], like: uuid.UUID | None = None) -> uuid.UUID:
    """A new expo; `like` copies the set-up of another: zones, booths (all free), gates and desks, and its organisers
    where none are given."""
    with writing(db, "settings.edit") as writer:
        given = dict(values)
        if like is not None:
            given.setdefault("venue_id", writer.session.get_one(Expo, like).venue_id)
        expo_id = write_row(writer, EXPOS, EXPOS.clean(given) | _references(given))
        if like is not None:
            _copy_setup(writer, like, expo_id, organisers=ORGANISERS.keys().isdisjoint(given))
    return expo_id


def _references(values: Mapping[str, Any]) -> dict[str, Any]:
    """Ids given directly, which cleaning would take for names."""
    return {name: value for name, value in values.items() if isinstance(value, uuid.UUID)}


def _copy_setup(writer: Writer, source: uuid.UUID, target: uuid.UUID, organisers: bool) -> None:
    session = writer.session
    for table in (ExpoOrganiser.__table__, Zone.__table__) if organisers else (Zone.__table__,):
        rows = [dict(r) for r in session.execute(select(table).where(table.c.expo_id == source)).mappings()]
        renamed = {row["id"]: new_id() for row in rows}
        writer.insert(table, [{**row, "id": renamed[row["id"]], "expo_id": target} for row in rows])
    booth = Booth.__table__
    rows = [dict(r) for r in session.execute(select(booth).where(booth.c.expo_id == source)).mappings()]
    fresh = {"exhibitor_id": None, "state": BoothState.FREE, "note": ""}
    zones = renamed
    writer.insert(
        booth, [{**row, **fresh, "id": new_id(), "expo_id": target, "zone_id": zones[row["zone_id"]]} for row in rows]
    )
    _copy_desks(writer, source, target)


def _copy_desks(writer: Writer, source: uuid.UUID, target: uuid.UUID) -> None:
    """Entrances and desks by name; room gates exist already, made with the expo."""
    gate, desk = Gate.__table__, Desk.__table__
    own = {
        name: key
        for key, name in writer.session.execute(select(gate.c.id, gate.c.name).where(gate.c.expo_id == target))
    }
    names: dict[uuid.UUID, uuid.UUID] = {}
    for row in writer.session.execute(select(gate).where(gate.c.expo_id == source)).mappings().all():
        if row["name"] not in own:
            own[row["name"]] = new_id()
            writer.insert(gate, [{**row, "id": own[row["name"]], "expo_id": target}])
        names[row["id"]] = own[row["name"]]
    have = set(writer.session.scalars(select(desk.c.name).where(desk.c.expo_id == target)))
    rows = writer.session.execute(select(desk).where(desk.c.expo_id == source)).mappings().all()
    writer.insert(
        desk,
        [
            {**r, "id": new_id(), "expo_id": target, "gate_id": names[r["gate_id"]]}
            for r in rows
            if r["name"] not in have
        ],
    )


def set_up(db: Database, expo_id: uuid.UUID) -> dict[str, bool]:
    """Which parts of an expo there are: its venue, halls, rooms, zones, booths, exhibitors, items, attendees, badges.

    Asked without counting and without mapped classes, for it is asked while the window opens.
    """
    expo, hall, room, badge, attendee = (m.__table__ for m in (Expo, Hall, Room, Badge, Attendee))
    own = expo.c.id == expo_id
    parts = {
        "venues": select(expo.c.id).where(own, expo.c.venue_id.is_not(None)),
        "halls": select(hall.c.id).join(expo, expo.c.venue_id == hall.c.venue_id).where(own),
        "rooms": select(room.c.id).join(expo, expo.c.venue_id == room.c.venue_id).where(own),
    }
    for name, model in PARTS.items():
        parts[name] = select(model.__table__.c.id).where(model.__table__.c.expo_id == expo_id)
    held = select(badge.c.id).join(attendee, attendee.c.id == badge.c.attendee_id)
    parts["badges"] = held.where(attendee.c.expo_id == expo_id)
    with db.reading() as session:
        row = session.execute(select(*(query.exists().label(name) for name, query in parts.items()))).mappings().one()
    return {name: bool(there) for name, there in row.items()}
