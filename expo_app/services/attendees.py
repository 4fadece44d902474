"""Registrations: a walk-in with a badge, confirming, cancelling, a person's way through the gates."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, Person
from expo_app.rules.person_names import person_key
from expo_app.services.badges import new_badge
from expo_app.services.record_writer import write_row, writing
from expo_app.services.statistics.scope import present_ids, scope_of
from expo_app.specs import ATTENDEES
from expo_app.specs.field_types import clean_text
from expo_app.specs.natural_order import natural
from expo_app.store.database import Database


@dataclass(frozen=True)
class Registration:
    """What the desk needs after a walk-in."""

    attendee_id: uuid.UUID
    badge_id: uuid.UUID
    badge_no: str
    code: str


def walk_in(db: Database, expo_id: uuid.UUID, values: Mapping[str, Any]) -> Registration:
    """Register a visitor on the spot, confirmed and with a badge; `values` by field name of the spec ATTENDEES.

    InvalidRecord names what is wrong; Conflict E-REGISTERED when name and phone are registered already.
    """
    with writing(db, "attendees.edit", expo_id) as writer:
        clean = ATTENDEES.clean(values, writer.zone)
        _refuse_second(writer.session, expo_id, clean)
        clean |= {"state": AttendeeState.CONFIRMED, "source": AttendeeSource.WALK_IN}
        attendee_id = write_row(writer, ATTENDEES, clean)
        badge = new_badge(db, attendee_id)
        writer.session.execute(insert(Badge), [badge])
        writer.note("insert", Badge.__table__, badge["id"], {"attendee_id": attendee_id})
        badge_no = writer.session.get_one(Attendee, attendee_id).badge_no
    return Registration(attendee_id, badge["id"], badge_no, badge["code"])


def _refuse_second(session: Session, expo_id: uuid.UUID, clean: Mapping[str, Any]) -> None:
    """One person, one registration: a second badge would be counted as a second visitor."""
    name = clean.get("person.name") or ""
    known = _known(session, expo_id, name, clean.get("person.phone") or "")
    if known is not None:
        raise Conflict(
            _("{name}已经登记过，证件号 {number}，没有重复登记。请用人工查询。").format(name=name, number=known[1]),
            "E-REGISTERED",
        )


def _known(
    session: Session, expo_id: uuid.UUID, name: str, phone: str, person_id: uuid.UUID | None = None
) -> tuple[uuid.UUID, str] | None:
    """(attendee, badge number) of whom the phone and a spelling of the name, or the person, mean in this expo."""
    same = (Person.phone == phone) & (Person.phone != "")
    query = (
        select(Attendee.id, Attendee.badge_no, Person.id, Person.name)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.expo_id == expo_id,
            Attendee.state != AttendeeState.CANCELLED,
            same if person_id is None else same | (Person.id == person_id),
        )
        .order_by(natural(Attendee.badge_no))
    )
    key = person_key(name)
    for attendee_id, badge_no, own, called in session.execute(query):
        if own == person_id or person_key(called) == key:
            return attendee_id, badge_no
    return None


def registered_as(
    db: Database, expo_id: uuid.UUID, name: str, phone: str, person_id: uuid.UUID | None = None
) -> tuple[uuid.UUID, str] | None:
    """(attendee, badge number) of whoever is registered under this name and phone (as kept), or is this person."""
    with db.reading() as session:
        return _known(session, expo_id, name, phone, person_id)


def present(db: Database, expo_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Who was let in at an entrance on this local day, as the published figure counts them."""
    with db.reading() as session:
        return set(session.scalars(present_ids(scope_of(session, expo_id), day)))


# --- states -----------------------------------------------------------------------------------------------------------
Standing = Mapping[uuid.UUID, tuple[AttendeeState, str]]
"""State and note by registration, as they were before a change: what `restore` takes."""


def confirm(db: Database, attendee_ids: Sequence[uuid.UUID]) -> Standing:
    """These are confirmed, the cancelled ones too; who was changed, as they stood before."""
    return _set(db, attendee_ids, AttendeeState.CONFIRMED, "")


def cancel(db: Database, attendee_ids: Sequence[uuid.UUID], reason: str) -> Standing:
    """These will not come: every gate refuses them with the reason, which may not be empty. As they stood before."""
    if not clean_text(reason):
        raise UserError(_("取消登记要写明原因，未做任何改动。"), "E-REASON")
    return _set(db, attendee_ids, AttendeeState.CANCELLED, clean_text(reason))


def restore(db: Database, before: Standing) -> None:
    """Take a change of state back: everybody stands as before."""
    table = ATTENDEES.table
    with writing(db, "attendees.edit", reason=_("撤销")) as writer:
        for key, row in writer.rows(table, before).items():
            state, note = before[key]
            writer.update(table, key, row, {"state": state, "note": note})


def _set(db: Database, ids: Sequence[uuid.UUID], state: AttendeeState, reason: str) -> Standing:
    """The reason goes to the front of the note: that is what a gate says."""
    table = ATTENDEES.table
    with writing(db, "attendees.edit", reason=reason) as writer:
        old = {key: row for key, row in writer.rows(table, ids).items() if row["state"] is not state}
        most = ATTENDEES.field("note").max_length
        for key, row in old.items():
            note = "；".join(filter(None, (reason, row["note"])))[:most]
            writer.update(table, key, row, {"state": state, "note": note})
    return {key: (row["state"], row["note"]) for key, row in old.items()}


# --- what a person did ------------------------------------------------------------------------------------------------
