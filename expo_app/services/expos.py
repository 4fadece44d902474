"""Expos: the list, the clock of one, a new one from the last one's set-up."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from expo_app import registry
from expo_app.damaged import readable, sound
from expo_app.i18n import _, named
from expo_app.model import Expo, ExpoOrganiser, ExpoVenue, Organisation, Venue
from expo_app.model.base import read_zone
from expo_app.rules import countries, regions
from expo_app.services.record_writer import copy_rows, write_row, writing
from expo_app.services.records import zone_named
from expo_app.services.rehearsal import RehearsalClock
from expo_app.services.steady_clock import SteadyClock
from expo_app.specs import EXPOS, ExpoFacts
from expo_app.specs.expo import ORGANISERS, venue_names
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
    venues: tuple[tuple[str, str], ...]
    """Name and English name of each, the first named first."""
    is_sample: bool
    rehearsal_at: datetime | None

    @property
    def days(self) -> list[date]:
        """Every day, first to last."""
        return [self.starts_on + timedelta(n) for n in range((self.ends_on - self.starts_on).days + 1)]

    @property
    def place(self) -> str:
        """Where it is held, in the language spoken; "" where no venue is named."""
        return _("、").join(named(*venue) for venue in self.venues)

    def local_day(self, at: datetime) -> date:
        """The calendar day of a moment in the expo's time zone."""
        return at.astimezone(self.zone).date()

    def facts(self, now: datetime) -> ExpoFacts:
        """What decides at a moment whether a record of the expo can be right."""
        return ExpoFacts(self.code, self.starts_on, self.ends_on, self.local_day(now), self.is_sample, self.zone)


def all_expos(db: Database) -> list[ExpoInfo]:
    """Every expo in the file, newest first."""
    expo, part, venue = Expo.__table__, ExpoVenue.__table__, Venue.__table__
    known = (
        select(part.c.expo_id, venue.c.name, venue.c.name_en)
        .join(venue, venue.c.id == part.c.venue_id)
        .order_by(part.c.position, part.c.id)
    )
    venues: dict[uuid.UUID, list[tuple[str, str]]] = {}
    with db.reading() as session:
        for expo_id, *names in session.execute(known):
            venues.setdefault(expo_id, []).append((names[0], names[1]))
        columns = (expo.c[name] for name in ("id", *_PLAIN, "time_zone"))
        rows = session.execute(select(*columns).order_by(expo.c.starts_on.desc(), expo.c.name)).all()
        # one that is damaged leaves the others in peace; where it is the only one, that is what there is to say
        return [_info(row, tuple(venues.get(row.id, ()))) for row in sound(rows) or rows]


_PLAIN = ("name", "name_en", "code", "edition_no", "starts_on", "ends_on", "is_sample", "rehearsal_at")


def _info(row: Row[Any], venues: tuple[tuple[str, str], ...]) -> ExpoInfo:
    values = {name: row._mapping[name] for name in _PLAIN}
    values["rehearsal_at"] = readable(values["rehearsal_at"])
    return ExpoInfo(id=row.id, zone=read_zone(row.time_zone), venues=venues, **values)


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
        return SteadyClock()
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
            same = writer.session.scalar(select(venue_names()).where(Expo.__table__.c.id == like))
            given.setdefault("venues", same or "")
        expo_id = write_row(writer, EXPOS, EXPOS.clean(given, zone_named(given.get("time_zone"))) | _references(given))
        if like is not None:
            if ORGANISERS.keys().isdisjoint(given):
                copy_rows(writer, ExpoOrganiser.__table__, like, expo_id)
            for copy in (area.copies for area in registry.areas() if area.copies):
                copy(writer, like, expo_id)
    return expo_id


def _references(values: Mapping[str, Any]) -> dict[str, Any]:
    """Ids given directly, which cleaning would take for names."""
    return {name: value for name, value in values.items() if isinstance(value, uuid.UUID)}


def homes(db: Database, expo_id: uuid.UUID | None) -> tuple[str, ...]:
    """See `Expo.homes`."""
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        return expo.homes if expo else ()


def places(db: Database, expo_id: uuid.UUID | None) -> list[str]:
    """Names to offer for a place: what occurs in the file and in the expo's groups, then provinces, then countries."""
    own = [prefix.ljust(6, "0") for prefix in homes(db, expo_id) if len(prefix) != 5]
    query = select(Organisation.region_code).where(Organisation.region_code.is_not(None)).distinct()
    with db.reading() as session:
        occurring = sorted(code for code in session.scalars(query) if code)
    codes = dict.fromkeys([*occurring, *own, *regions.provinces(), *countries.codes()])
    return [name for name in map(regions.region_name, codes) if regions.find_region(name)]
