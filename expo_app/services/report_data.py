"""What documents are made from, read in one go each; figures come from `services.statistics`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from expo_app.i18n import N_, _, language, named
from expo_app.model import (
    Achievement,
    AgendaEntry,
    Attendee,
    DealStage,
    Entry,
    Exhibitor,
    ExhibitorKind,
    Expo,
    ExpoOrganiser,
    ItemState,
    Organisation,
    OrganiserRole,
    Person,
    ProgrammeItem,
    Room,
    Speaker,
    SpeakerRole,
    Venue,
)
from expo_app.rules import masks, regions
from expo_app.rules.clashes import places
from expo_app.rules.search_key import spelling
from expo_app.services.access import require
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.deals import SIGNED, read_deal_figures
from expo_app.services.statistics.exhibition import CONTRACTED, read_exhibition
from expo_app.services.statistics.programme import read_programme_figures
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs import DEALS
from expo_app.specs.exhibitors import booth_numbers
from expo_app.specs.report_data import (
    DealLine,
    DealsData,
    DirectoryData,
    DirectoryEntry,
    DirectoryGroup,
    Head,
    PitchLine,
    ProgrammeData,
    ProgrammeEntry,
    RoomHead,
    SpeakerLine,
    SummaryData,
)
from expo_app.store.database import Database, record_audit

UNKNOWN_REGION, SERVICE = N_("未填地区"), N_("技术服务机构")
DEAL_FIELDS = (
    "deal_no", "entry", "stage", "title", "kind", "contract_kind", "sellers", "buyers", "others", "amount",
    "tech_amount", "signed_on", "is_sample",
)  # fmt: skip
"""What a printed ledger needs of a deal."""


def programme(db: Database, expo_id: uuid.UUID, now: datetime) -> ProgrammeData:
    """The programme without cancelled items; `now` aware: the moment its data are of."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        rooms = session.scalars(
            select(Room).where(Room.venue_id == expo.venue_id).order_by(Room.position, Room.name)
        ).all()
        heads = tuple(RoomHead(room.id, room.name, room.purpose, room.seats) for room in rooms)
        figures = read_programme_figures(session, scope)
        return ProgrammeData(_head(session, expo, now), heads, _entries(session, expo), figures)


def directory(db: Database, expo_id: uuid.UUID, now: datetime, *, reveal: str = "") -> DirectoryData:
    """Exhibitors under contract by region, service institutions last.

    A contact stands in it only with recorded consent; phone and e-mail are masked unless `reveal` gives the reason,
    which needs the right to and is logged. UserError without that right.
    """
    if reveal:
        require(db, "data.reveal")
        with db.transaction() as session:
            record_audit(session, "reveal", Exhibitor.__tablename__, None, reason=reveal[:200])
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        groups = _groups(_exhibitor_rows(session, scope), bool(reveal))
        return DirectoryData(_head(session, expo, now), groups, read_exhibition(session, scope), bool(reveal))


def deals(db: Database, expo_id: uuid.UUID, now: datetime) -> DealsData:
    """The ledger: signed, intended, and what counts as neither."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        query = DEALS.query(tuple(DEALS.field(name) for name in DEAL_FIELDS), expo_id)
        names = _english_names(session)
        lines = [
            DealLine(deal_id, _deal_values(dict(zip(DEAL_FIELDS, values, strict=True)), names))
            for deal_id, *values in session.execute(query)
        ]
        head, figures = _head(session, expo, now), read_deal_figures(session, scope)
    counted = [x for x in lines if x.entry is Entry.VALID and (expo.is_sample or not x.is_sample)]
    signed = [x for x in counted if x.stage in SIGNED]
    intended = [x for x in counted if x.stage is DealStage.INTENT]
    kept = {x.id for x in (*signed, *intended)}
    left_out = [x for x in lines if x.id not in kept]
    return DealsData(head, _by_number(signed), _by_number(intended), _by_number(left_out), figures)


def _deal_values(values: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return values | {side: _in_english(values[side], names) for side in ("sellers", "buyers", "others")}


def _by_number(lines: Iterable[DealLine]) -> tuple[DealLine, ...]:
    return tuple(sorted(lines, key=lambda line: str(line.values["deal_no"])))


def summary(db: Database, expo_id: uuid.UUID, now: datetime) -> SummaryData:
    """Everything the summary report says, of one moment."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        figures, names = read_deal_figures(session, scope), _english_names(session)
        top = tuple(replace(deal, parties=_in_english(deal.parties, names)) for deal in figures.top)
        return SummaryData(
            _head(session, expo, now),
            read_attendance(session, scope),
            read_exhibition(session, scope),
            read_programme_figures(session, scope),
            replace(figures, top=top),
            _entries(session, expo),
        )


def english_names(db: Database) -> dict[str, str]:
    """English names of bodies by their own, where English is spoken; else nothing."""
    with db.reading() as session:
        return _english_names(session)


def _english_names(session: Session) -> dict[str, str]:
    if language() != "en":
        return {}
    query = select(Organisation.name, Organisation.name_en).where(Organisation.name_en != "")
    return dict(session.execute(query).all())


def _in_english(names: str, english: Mapping[str, str]) -> str:
    """Bodies joined by 、, those by their English names that have one."""
    return "、".join(english.get(name, name) for name in names.split("、")) if names and english else names


# --- head -------------------------------------------------------------------------------------------------------------
def _head(session: Session, expo: Expo, now: datetime) -> Head:
    venue = session.get(Venue, expo.venue_id) if expo.venue_id else None
    rows = session.execute(
        select(ExpoOrganiser.role, Organisation.name, Organisation.name_en)
        .join(Organisation, Organisation.id == ExpoOrganiser.organisation_id)
        .where(ExpoOrganiser.expo_id == expo.id)
        .order_by(ExpoOrganiser.position, Organisation.name)
    )
    roles: dict[OrganiserRole, list[str]] = {}
    for role, name, name_en in rows:
        roles.setdefault(role, []).append(named(name, name_en))
    return Head(
        expo_name=named(expo.name, expo.name_en),
        dates=_("{first} 至 {last}").format(first=expo.starts_on.isoformat(), last=expo.ends_on.isoformat()),
        venue=venue.name if venue else "",
        days=tuple(expo.days),
        at=now.astimezone(expo.zone_info),
        is_sample=expo.is_sample,
        organisers=tuple((role.label, _("、").join(roles[role])) for role in OrganiserRole if role in roles),
    )


# --- programme --------------------------------------------------------------------------------------------------------
def _entries(session: Session, expo: Expo) -> tuple[ProgrammeEntry, ...]:
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
    entries = tuple(_entry(item, rooms.get(item.room_id), people, results, expo.zone_info) for item in items)  # type: ignore[arg-type]
    names = _english_names(session)
    return tuple(replace(entry, host=_in_english(entry.host, names)) for entry in entries) if names else entries


def _entry(
    item: ProgrammeItem,
    room: Room | None,
    people: Mapping[uuid.UUID, tuple[str, str]],
    results: Mapping[uuid.UUID, tuple[str, str]],
    zone: ZoneInfo,
) -> ProgrammeEntry:
    return ProgrammeEntry(
        id=item.id,
        title=named(item.title, item.title_en),
        kind=item.kind,
        state=item.state,
        room_id=item.room_id,
        room=room.name if room else "",
        starts_at=item.starts_at and item.starts_at.astimezone(zone),
        ends_at=item.ends_at and item.ends_at.astimezone(zone),
        host=item.host,
        seats=places(room.seats if room else None, item.capacity or None),
        registrations=item.registrations,
        summary=item.summary,
        speakers=tuple(_speaker(speaker, people[speaker.person_id]) for speaker in item.speakers),
        agenda=tuple((_hours(line, zone), line.title) for line in item.agenda),
        pitches=tuple(PitchLine(*results[p.achievement_id], p.presenter, p.is_sample) for p in item.pitches),
        is_sample=item.is_sample,
    )


def _speaker(speaker: Speaker, person: tuple[str, str]) -> SpeakerLine:
    return SpeakerLine(speaker.role.label, speaker.role is SpeakerRole.MODERATOR, *person, speaker.topic)


def _hours(line: AgendaEntry, zone: ZoneInfo) -> str:
    """09:30–10:00, 09:30, or nothing."""
    return "–".join(f"{at.astimezone(zone):%H:%M}" for at in (line.starts_at, line.ends_at) if at)


def _people(session: Session, items: Iterable[ProgrammeItem]) -> dict[uuid.UUID, tuple[str, str]]:
    """(name, organisation) of the speakers."""
    wanted = {speaker.person_id for item in items for speaker in item.speakers}
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name, Organisation.name_en)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(wanted))
    )
    return {key: (name, named(body or "", body_en)) for key, name, body, body_en in rows}


def _results(session: Session, items: Iterable[ProgrammeItem]) -> dict[uuid.UUID, tuple[str, str]]:
    """(title, owner) of the achievements presented."""
    wanted = {pitch.achievement_id for item in items for pitch in item.pitches}
    rows = session.execute(
        select(Achievement.id, Achievement.title, Organisation.name, Organisation.name_en)
        .join(Organisation, Organisation.id == Achievement.owner_id)
        .where(Achievement.id.in_(wanted))
    )
    return {key: (title, named(owner, owner_en)) for key, title, owner, owner_en in rows}


# --- directory --------------------------------------------------------------------------------------------------------
def _exhibitor_rows(session: Session, scope: Scope) -> Sequence[Mapping[Any, Any]]:
    """Everything the directory says of exhibitors and co-exhibitors under contract, in one statement."""
    table, body, person = Exhibitor.__table__, Organisation.__table__, Person.__table__
    agreed = exists().where(
        Attendee.expo_id == scope.id, Attendee.person_id == table.c.contact_id, Attendee.consent_at.is_not(None)
    )
    query = (
        select(
            table.c.id, table.c.main_id, table.c.kind, table.c.exhibits, table.c.wants, table.c.is_sample,
            body.c.name, body.c.name_en, body.c.region_code, body.c.industry, body.c.summary, body.c.address,
            body.c.website, booth_numbers().label("booths"), agreed.label("agreed"),
            person.c.name.label("contact"), person.c.title, person.c.phone, person.c.email,
        )
        .select_from(
            table.join(body, body.c.id == table.c.organisation_id).outerjoin(person, person.c.id == table.c.contact_id)
        )
        .where(scope.own(table), table.c.state.in_(CONTRACTED))
    )  # fmt: skip
    return session.execute(query).mappings().all()


def _groups(rows: Sequence[Mapping[Any, Any]], revealed: bool) -> tuple[DirectoryGroup, ...]:
    partners: dict[uuid.UUID, list[str]] = {}
    for row in rows:
        if row["main_id"] is not None:
            partners.setdefault(row["main_id"], []).append(named(row["name"], row["name_en"]))
    groups: dict[str, list[DirectoryEntry]] = {key: [] for key in (*regions.GROUPS, regions.OTHER_GROUP, "", SERVICE)}
    for row in rows:
        if row["main_id"] is None:
            is_service = row["kind"] is ExhibitorKind.SERVICE
            key = SERVICE if is_service else regions.group_key(row["region_code"])
            groups[key].append(_directory_entry(row, sorted(partners.get(row["id"], ())), revealed))
    order = lambda entry: (not entry.booths, entry.booths, entry.spelling, entry.name)  # noqa: E731
    return tuple(
        DirectoryGroup(_(key) if key else _(UNKNOWN_REGION), tuple(sorted(entries, key=order)))
        for key, entries in groups.items()
        if entries
    )


def _directory_entry(row: Mapping[Any, Any], partners: Sequence[str], revealed: bool) -> DirectoryEntry:
    name = named(row["name"], row["name_en"])
    return DirectoryEntry(
        id=row["id"],
        name=name,
        spelling=spelling(name),
        booths=row["booths"] or "",
        region=regions.place_name(row["region_code"]),
        industry=row["industry"],
        exhibits=row["exhibits"],
        wants=row["wants"],
        summary=row["summary"],
        address=row["address"],
        website=row["website"],
        contact=_contact(row, revealed) if row["agreed"] else (),
        partners=tuple(partners),
        is_sample=row["is_sample"],
    )


def _contact(row: Mapping[Any, Any], revealed: bool) -> tuple[str, ...]:
    who = " ".join(text for text in (row["contact"], row["title"]) if text)
    shown = (row["phone"], row["email"]) if revealed else (masks.mask_phone(row["phone"]),)
    return tuple(text for text in (who, *shown) if text)
