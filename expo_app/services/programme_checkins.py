"""Who was let in to what runs in the rooms."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.model import Attendee, CheckIn, Direction, Expo, Gate, ProgrammeItem, Verdict
from expo_app.store.database import Database

DOORS_OPEN = timedelta(minutes=30)
"""So long before its start people are let in to an item."""


def present(db: Database, expo_id: uuid.UUID, day: date) -> dict[uuid.UUID, int]:
    """How many persons were let in to each item of a local day at its room's gate, from half an hour before its start
    to its end; items where nobody was are left out."""
    with db.reading() as session:
        return read_present(session, expo_id, day)


def read_present(session: Session, expo_id: uuid.UUID, day: date) -> dict[uuid.UUID, int]:
    """The same within a session that is already open."""
    scan, gate, attendee = CheckIn.__table__, Gate.__table__, Attendee.__table__
    expo = session.get_one(Expo, expo_id)
    real: ColumnElement[bool] = true() if expo.is_sample else ~attendee.c.is_sample
    rows = session.execute(
        select(gate.c.room_id, scan.c.attendee_id, scan.c.at)
        .select_from(scan)
        .join(gate, gate.c.id == scan.c.gate_id)
        .join(attendee, attendee.c.id == scan.c.attendee_id)
        .where(
            scan.c.expo_id == expo_id, scan.c.local_day == day, scan.c.undone_at.is_(None),
            scan.c.direction == Direction.IN, scan.c.verdict.in_((Verdict.ADMITTED, Verdict.AGAIN)),
            gate.c.room_id.is_not(None), real,
        )
    ).all()  # fmt: skip
    items = session.execute(
        select(ProgrammeItem.id, ProgrammeItem.room_id, ProgrammeItem.starts_at, ProgrammeItem.ends_at).where(
            ProgrammeItem.expo_id == expo_id, ProgrammeItem.room_id.is_not(None)
        )
    ).all()
    by_room: dict[uuid.UUID, list[tuple[uuid.UUID, datetime]]] = {}
    for room_id, who, at in rows:
        by_room.setdefault(room_id, []).append((who, at))
    found: dict[uuid.UUID, int] = {}
    for item_id, room_id, starts, ends in sound(items):
        if room_id and starts and ends and expo.local_day(starts) == day:
            found[item_id] = len({who for who, at in by_room.get(room_id, ()) if starts - DOORS_OPEN <= at < ends})
    return {item_id: count for item_id, count in found.items() if count}
