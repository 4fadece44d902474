"""Expos: the list, the clock of one, a new one from the last one's set-up."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select

from expo_app import registry
from expo_app.model import Attendee, Badge, Expo, ExpoOrganiser, Venue, new_id
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import zone_named
from expo_app.services.rehearsal import RehearsalClock
from expo_app.specs import EXPOS, SPECS, ExpoFacts
from expo_app.specs.expo import ORGANISERS
from expo_app.store.database import Database


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
    venue_en: str
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
        select(expo, venue.c.name.label("venue_name"), venue.c.name_en.label("venue_en"))
        .select_from(expo.outerjoin(venue, venue.c.id == expo.c.venue_id))
        .order_by(expo.c.starts_on.desc(), expo.c.name)
    )
    with db.reading() as session:
        return [_info(row) for row in session.execute(query).mappings()]


def _info(row: Mapping[Any, Any]) -> ExpoInfo:
    return ExpoInfo(
        id=row["id"], name=row["name"], name_en=row["name_en"], code=row["code"], edition_no=row["edition_no"],
        starts_on=row["starts_on"], ends_on=row["ends_on"], zone=ZoneInfo(row["time_zone"]),
        venue=row["venue_name"] or "", venue_en=row["venue_en"] or "", venue_id=row["venue_id"],
        is_sample=row["is_sample"], rehearsal_at=row["rehearsal_at"],
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


def keep_clock(db: Database) -> None:
    """Keep where a rehearsal's clock is, for the next window on this database."""
    if isinstance(db.clock, RehearsalClock) and not db.read_only:
        db.clock.keep()


def create(db: Database, values: Mapping[str, Any], like: uuid.UUID | None = None) -> uuid.UUID:
    """A new expo; `like` copies the set-up of another, as its areas do, and its organisers where none are given."""
    with writing(db, "settings.edit") as writer:
        given = dict(values)
        if like is not None:
            given.setdefault("venue_id", writer.session.get_one(Expo, like).venue_id)
        expo_id = write_row(writer, EXPOS, EXPOS.clean(given, zone_named(given.get("time_zone"))) | _references(given))
        if like is not None:
            if ORGANISERS.keys().isdisjoint(given):
                copy_rows(writer, ExpoOrganiser.__table__, like, expo_id)
            for copy in (area.copies for area in registry.areas() if area.copies):
                copy(writer, like, expo_id)
    return expo_id


def copy_rows(writer: Writer, table: Table, source: uuid.UUID, target: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Copy an expo's rows of a table to another expo; the new ids by the old ones."""
    rows = [dict(r) for r in writer.session.execute(select(table).where(table.c.expo_id == source)).mappings()]
    renamed = {row["id"]: new_id() for row in rows}
    writer.insert(table, [{**row, "id": renamed[row["id"]], "expo_id": target} for row in rows])
    return renamed


def _references(values: Mapping[str, Any]) -> dict[str, Any]:
    """Ids given directly, which cleaning would take for names."""
    return {name: value for name, value in values.items() if isinstance(value, uuid.UUID)}


def set_up(db: Database, expo_id: uuid.UUID, parts: Iterable[str]) -> dict[str, bool]:
    """Which parts of an expo there are: "venues" is its own, "badges" some issued one, the others are lists by name.

    Asked without counting and without mapped classes, for it is asked while the window opens.
    """
    expo, badge, attendee = (m.__table__ for m in (Expo, Badge, Attendee))
    held = select(badge.c.id).join(attendee, attendee.c.id == badge.c.attendee_id)
    asked = {
        "venues": select(expo.c.id).where(expo.c.id == expo_id, expo.c.venue_id.is_not(None)),
        "badges": held.where(attendee.c.expo_id == expo_id),
    }
    queries = {part: asked[part] if part in asked else SPECS[part].query((), expo_id).order_by(None) for part in parts}
    with db.reading() as session:
        found = select(*(query.exists().label(part) for part, query in queries.items()))
        row = session.execute(found).mappings().one()
    return {part: bool(there) for part, there in row.items()}
