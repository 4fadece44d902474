"""Exhibitors: what the detail panel shows of one, who arrived, and badges of their people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict
from expo_app.i18n import _, named
from expo_app.model import (
    Achievement,
    Attendee,
    AttendeeState,
    Badge,
    Booth,
    Deal,
    DealParty,
    Exhibitor,
    ExhibitorState,
    Organisation,
    Person,
)
from expo_app.rules.masks import mask_phone
from expo_app.services.floor_rules import follow
from expo_app.services.record_writer import Writer, writing
from expo_app.services.steps import Turned, Values, turn
from expo_app.specs.natural_order import natural
from expo_app.specs.profile import Contact, Exhibit, Partner, Profile, ProfileBooth, ProfileDeal
from expo_app.specs.records import spoken
from expo_app.store.database import Database

BEFORE_ARRIVAL = (ExhibitorState.APPLIED, ExhibitorState.REVIEWED, ExhibitorState.CONFIRMED, ExhibitorState.SETTING_UP)

_table = Exhibitor.__table__


# --- one exhibitor ----------------------------------------------------------------------------------------------------
def profile(db: Database, exhibitor_id: uuid.UUID) -> Profile:
    """Booths, people, exhibits, deals and partners of an exhibitor: seven statements; Conflict if it is gone."""
    with db.reading() as session:
        row = session.execute(
            select(
                Exhibitor.expo_id,
                Exhibitor.organisation_id,
                Exhibitor.main_id,
                Exhibitor.contact_id,
                Organisation.name,
                spoken(Organisation).label("read"),
            )
            .join(Organisation, Organisation.id == Exhibitor.organisation_id)
            .where(Exhibitor.id == exhibitor_id)
        ).first()
        if row is None:
            raise Conflict(_("这家参展商已被删除，数据未变。请刷新。"), "E-GONE")
        partners = _partners(session, exhibitor_id, row.main_id)
        return Profile(
            exhibitor_id, row.organisation_id, row.read, own_name=row.name,
            booths=_booths(session, row.main_id or exhibitor_id),
            contacts=_contacts(session, exhibitor_id, row.contact_id),
            exhibits=_exhibits(session, row.expo_id, row.organisation_id),
            deals=_deals(session, row.expo_id, row.organisation_id),
            main=next((p for p in partners if p.id == row.main_id), None),
            partners=tuple(p for p in partners if p.id != row.main_id),
        )  # fmt: skip


def _partners(session: Session, exhibitor_id: uuid.UUID, main_id: uuid.UUID | None) -> list[Partner]:
    query = (
        select(Exhibitor.id, spoken(Organisation))
        .join(Organisation, Organisation.id == Exhibitor.organisation_id)
        .where((Exhibitor.main_id == exhibitor_id) | (Exhibitor.id == main_id))
        .order_by(Organisation.name)
    )
    return [Partner(*row) for row in session.execute(query)]


def _booths(session: Session, exhibitor_id: uuid.UUID) -> tuple[ProfileBooth, ...]:
    query = (
        select(Booth.id, Booth.number, Booth.area)
        .where(Booth.exhibitor_id == exhibitor_id)
        .order_by(natural(Booth.number))
    )
    return tuple(ProfileBooth(*row) for row in session.execute(query))


def _contacts(session: Session, exhibitor_id: uuid.UUID, contact_id: uuid.UUID | None) -> tuple[Contact, ...]:
    """The main contact first, then everybody registered, in that order; each person once."""
    printed = select(Badge.id).where(
        Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None), Badge.printed_at.is_not(None)
    )
    staff = (
        select(Person.id, Attendee.id, spoken(Person), Attendee.title, Person.title, Person.phone, printed.exists())
        .join(Person, Person.id == Attendee.person_id)
        .where(Attendee.exhibitor_id == exhibitor_id, Attendee.state != AttendeeState.CANCELLED)
        .order_by(Attendee.registered_at, natural(Attendee.badge_no))
    )
    found = [
        Contact(person, attendee, name, own or usual, mask_phone(phone), person == contact_id, bool(is_printed))
        for person, attendee, name, own, usual, phone, is_printed in session.execute(staff)
    ]
    if contact_id is not None and all(contact.person_id != contact_id for contact in found):
        person = session.get_one(Person, contact_id)
        found.append(
            Contact(
                person.id, None, named(person.name, person.name_en), person.title, mask_phone(person.phone), True, False
            )
        )
    return tuple(sorted(found, key=lambda contact: not contact.is_main))


def bodies_of(db: Database, exhibitor_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """The organisation of each, in the same order; Conflict where one is gone."""
    with db.reading() as session:
        query = select(Exhibitor.id, Exhibitor.organisation_id).where(Exhibitor.id.in_(exhibitor_ids))
        found = {row.id: row.organisation_id for row in session.execute(query)}
    if len(found) < len(exhibitor_ids):
        raise Conflict(_("这家参展商已被删除，数据未变。请刷新。"), "E-GONE")
    return [found[exhibitor_id] for exhibitor_id in exhibitor_ids]


def _exhibits(session: Session, expo_id: uuid.UUID, organisation_id: uuid.UUID) -> tuple[Exhibit, ...]:
    query = (
        select(Achievement.id, spoken(Achievement, "title"), Achievement.transfer_ways)
        .where(Achievement.owner_id == organisation_id, Achievement.expo_id == expo_id)
        .order_by(Achievement.id)
    )
    return tuple(Exhibit(key, title, tuple(readable(ways) or ())) for key, title, ways in session.execute(query))


def _deals(session: Session, expo_id: uuid.UUID, organisation_id: uuid.UUID) -> tuple[ProfileDeal, ...]:
    party = select(DealParty.deal_id).where(DealParty.organisation_id == organisation_id)
    query = (
        select(Deal.id, Deal.deal_no, Deal.title, Deal.stage, Deal.entry, Deal.amount)
        .where(Deal.expo_id == expo_id, Deal.id.in_(party))
        .order_by(natural(Deal.deal_no))
    )
    return tuple(ProfileDeal(*row) for row in session.execute(query))


def people_of(db: Database, exhibitor_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Attendees of these exhibitors, not cancelled: those whose badges are printed together."""
    query = (
        select(Attendee.id)
        .where(Attendee.exhibitor_id.in_(exhibitor_ids), Attendee.state != AttendeeState.CANCELLED)
        .order_by(natural(Attendee.badge_no))
    )
    with db.reading() as session:
        return list(session.scalars(query))


# --- states -----------------------------------------------------------------------------------------------------------
def arrive(db: Database, ids: Sequence[uuid.UUID]) -> Turned:
    """They are here; who was changed, for `restore_states`. Whoever checks people in may say so."""
    return _move(db, "checkin.scan", ids, ExhibitorState.ARRIVED)


def set_state(db: Database, ids: Sequence[uuid.UUID], state: ExhibitorState) -> Turned:
    """Move exhibitors to a state; who was changed, for `restore_states`.

    The moment of arrival is set with the first arrival and goes with a state before it.
    """
    return _move(db, "exhibitors.edit", ids, state)


def restore_states(db: Database, changed: Turned, forth: bool = False) -> None:
    """Take a change of state back, or make it again, the moment of arrival included; Conflict where one was changed
    since.
    """
    with writing(db, "checkin.scan") as writer:
        turn(writer, _table, changed, forth)
        follow(writer, {key: (after if forth else before)["state"] for key, (before, after) in changed.items()})


def _move(db: Database, permission: str, ids: Sequence[uuid.UUID], state: ExhibitorState) -> Turned:
    changed: dict[uuid.UUID, tuple[Values, Values]] = {}
    with writing(db, permission) as writer:
        rows = {key: row for key, row in writer.locked(_table, ids).items() if row["state"] is not state}
        for key, row in rows.items():
            before = {"state": row["state"], "arrived_at": row["arrived_at"]}
            changed[key] = before, {"state": state, "arrived_at": _arrived_at(writer, row, state)}
        writer.update_many(_table, ((key, rows[key], after, 0) for key, (_before, after) in changed.items()))
        follow(writer, dict.fromkeys(changed, state))
    return changed


def _arrived_at(writer: Writer, row: Mapping[str, Any], state: ExhibitorState) -> datetime | None:
    if state in BEFORE_ARRIVAL:
        return None
    if state is ExhibitorState.ARRIVED and row["arrived_at"] is None:
        return writer.now
    at: datetime | None = row["arrived_at"]
    return at
