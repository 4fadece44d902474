"""What the agenda is made from, read in one go; figures come from `services.statistics`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from expo_app.damaged import readable
from expo_app.i18n import named
from expo_app.model import (
    Achievement,
    AgendaEntry,
    Expo,
    ItemState,
    Organisation,
    Person,
    ProgrammeItem,
    Room,
    Speaker,
    SpeakerRole,
)
from expo_app.rules.programme_clashes import places
from expo_app.rules.terms import Term, Terms
from expo_app.services.programme import rooms_of
from expo_app.services.report_head import in_english, names_in_english, read_head
from expo_app.services.statistics.programme import read_programme_figures
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.programme_figures import ProgrammeFigures
from expo_app.specs.programme_report import PitchLine, ProgrammeData, ProgrammeEntry, RoomHead, SpeakerLine
from expo_app.specs.records import spoken
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> ProgrammeData:
    """The programme without cancelled items; `now` aware: the moment its data are of."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        rooms = session.execute(rooms_of(expo_id)).all()
        heads = tuple(RoomHead(room.id, named(room.name, room.name_en), room.purpose, room.seats) for room in rooms)
        figures = read_programme_figures(session, scope)
        return ProgrammeData(read_head(session, expo, now), heads, _entries(session, expo, figures.words), figures)


def read_summary(session: Session, scope: Scope) -> tuple[ProgrammeFigures, tuple[ProgrammeEntry, ...]]:
    """What the summary report says of it."""
    figures = read_programme_figures(session, scope)
    return figures, _entries(session, session.get_one(Expo, scope.id), figures.words)


def _entries(session: Session, expo: Expo, kinds: Terms[Term]) -> tuple[ProgrammeEntry, ...]:
    """Items that were not cancelled, by time; those without one last. In a real expo samples are left out."""
    query = (
        select(ProgrammeItem)
        .where(ProgrammeItem.expo_id == expo.id, ProgrammeItem.state != ItemState.CANCELLED)
        .options(
            *(selectinload(part) for part in (ProgrammeItem.speakers, ProgrammeItem.agenda, ProgrammeItem.pitches))
        )
        .order_by(ProgrammeItem.starts_at.nulls_last(), ProgrammeItem.title)
    )
    if not expo.is_sample:
        query = query.where(ProgrammeItem.is_sample.is_(False))
    items = session.scalars(query).all()
    rooms = {r.id: r for r in session.scalars(select(Room).where(Room.id.in_({i.room_id for i in items if i.room_id})))}
    people, results = _people(session, items), _results(session, items)
    entries = tuple(
        _entry(item, kinds[item.kind_id], rooms.get(item.room_id), people, results, expo.zone_info)  # type: ignore[arg-type]
        for item in items
    )
    names = names_in_english(session)
    return tuple(replace(entry, host=in_english(entry.host, names)) for entry in entries) if names else entries


def _entry(
    item: ProgrammeItem,
    kind: Term,
    room: Room | None,
    people: Mapping[uuid.UUID, tuple[str, str]],
    results: Mapping[uuid.UUID, tuple[str, str]],
    zone: ZoneInfo,
) -> ProgrammeEntry:
    def at(moment: datetime | None) -> datetime | None:
        return readable(moment) and moment.astimezone(zone)  # type: ignore[union-attr]

    return ProgrammeEntry(
        id=item.id,
        title=named(item.title, item.title_en),
        kind=kind,
        state=item.state,
        room_id=item.room_id,
        room=named(room.name, room.name_en) if room else "",
        starts_at=at(item.starts_at),
        ends_at=at(item.ends_at),
        host=item.host,
        seats=places(room.seats if room else None, readable(item.capacity) or None),
        registrations=readable(item.registrations, 0),
        summary=item.summary,
        speakers=tuple(_speaker(speaker, people[speaker.person_id]) for speaker in item.speakers),
        agenda=tuple((_hours(line, zone), line.title) for line in item.agenda),
        pitches=tuple(
            PitchLine(*results[p.achievement_id], p.presenter, p.is_sample)
            for p in item.pitches
            if not readable(p.is_cancelled)
        ),
        is_sample=item.is_sample,
    )


def _speaker(speaker: Speaker, person: tuple[str, str]) -> SpeakerLine:
    return SpeakerLine(speaker.role.label, speaker.role is SpeakerRole.MODERATOR, *person, speaker.topic)


def _hours(line: AgendaEntry, zone: ZoneInfo) -> str:
    """09:30–10:00, 09:30, or nothing."""
    return "–".join(f"{at.astimezone(zone):%H:%M}" for at in map(readable, (line.starts_at, line.ends_at)) if at)


def _people(session: Session, items: Iterable[ProgrammeItem]) -> dict[uuid.UUID, tuple[str, str]]:
    """(name, organisation) of the speakers."""
    wanted = {speaker.person_id for item in items for speaker in item.speakers}
    rows = session.execute(
        select(Person.id, spoken(Person), spoken(Organisation))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(wanted))
    )
    return {key: (name, body or "") for key, name, body in rows}


def _results(session: Session, items: Iterable[ProgrammeItem]) -> dict[uuid.UUID, tuple[str, str]]:
    """(title, owner) of the achievements presented."""
    wanted = {pitch.achievement_id for item in items for pitch in item.pitches}
    rows = session.execute(
        select(Achievement.id, spoken(Achievement, "title"), spoken(Organisation))
        .join(Organisation, Organisation.id == Achievement.owner_id)
        .where(Achievement.id.in_(wanted))
    )
    return {key: (title, owner) for key, title, owner in rows}
