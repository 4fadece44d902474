"""Registration at the desk: a walk-in with a badge in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, Expo, Person
from expo_app.services.access import require
from expo_app.services.badges import new_badge
from expo_app.services.writing import Writer, write_rows
from expo_app.specs import ATTENDEES
from expo_app.store.audit import record_audit
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
    require(db, "attendees.edit")
    with db.transaction() as session:
        writer = Writer(db, session, session.get_one(Expo, expo_id))
        clean = ATTENDEES.clean(values, writer.expo.zone_info if writer.expo else None)
        _refuse_second(session, expo_id, clean)
        clean |= {"state": AttendeeState.CONFIRMED, "source": AttendeeSource.WALK_IN}
        (attendee_id,) = write_rows(writer, ATTENDEES, [(None, clean, 0)])
        writer.audit()
        badge = new_badge(db, attendee_id)
        session.execute(insert(Badge), [badge])
        record_audit(session, "insert", "badge", badge["id"], after={"attendee_id": attendee_id})
        badge_no = session.get_one(Attendee, attendee_id).badge_no
    return Registration(attendee_id, badge["id"], badge_no, badge["code"])


def _refuse_second(session: Session, expo_id: uuid.UUID, clean: Mapping[str, Any]) -> None:
    """One person, one registration: a second badge would be counted as a second visitor."""
    name, phone = clean.get("person.name"), clean.get("person.phone")
    if not phone:
        return
    badge_no = session.scalar(
        select(Attendee.badge_no)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.expo_id == expo_id,
            Attendee.state != AttendeeState.CANCELLED,
            Person.name == name,
            Person.phone == phone,
        )
        .limit(1)
    )
    if badge_no is not None:
        raise Conflict(
            _("{name}已经登记过，证件号 {number}，没有重复登记。请用人工查询。").format(name=name, number=badge_no),
            "E-REGISTERED",
        )
