"""Registration at the desk: a walk-in with a badge in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from expo_app.model import Attendee, AttendeeSource, AttendeeState, Badge, Expo, new_id
from expo_app.rules import badge_code
from expo_app.services.access import require
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
    """Register a visitor on the spot, confirmed and with a badge; InvalidRecord names what is wrong."""
    require(db, "attendees.edit")
    with db.transaction() as session:
        writer = Writer(db, session, session.get_one(Expo, expo_id))
        clean = ATTENDEES.clean(values, writer.expo.zone_info if writer.expo else None)
        clean |= {"state": AttendeeState.CONFIRMED, "source": AttendeeSource.WALK_IN}
        (attendee_id,) = write_rows(writer, ATTENDEES, [(None, clean, 0)])
        writer.audit()
        badge_id, code = new_id(), badge_code.new_code()
        badge = {
            "id": badge_id,
            "attendee_id": attendee_id,
            "code": code,
            "issued_at": db.now(),
            "issued_by": db.actor.name,
            "print_count": 0,
        }
        session.execute(insert(Badge), [badge])
        record_audit(session, "insert", "badge", badge_id, after={"attendee_id": attendee_id})
        badge_no = session.get_one(Attendee, attendee_id).badge_no
    return Registration(attendee_id, badge_id, badge_no, code)
