"""A person's way through the gates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo_app.model import CheckIn, Desk, Method, Verdict
from expo_app.specs.checkin import read_gate
from expo_app.store.database import Database


@dataclass(frozen=True)
class Visit:
    """One scan of a person; `at` is aware, in UTC. `is_undone`: the desk took it back."""

    at: datetime
    gate: str
    desk: str
    verdict: Verdict
    method: Method
    reason: str
    is_undone: bool


def visits_of(db: Database, attendee_id: uuid.UUID, limit: int = 200) -> list[Visit]:
    """The person's scans at every gate, refused ones too, the newest first."""
    query = (
        select(
            CheckIn.at, read_gate(CheckIn.__table__), Desk.name, CheckIn.verdict, CheckIn.method, CheckIn.reason,
            CheckIn.undone_at.is_not(None),
        )
        .join(Desk, Desk.id == CheckIn.desk_id)
        .where(CheckIn.attendee_id == attendee_id)
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
        .limit(limit)
    )  # fmt: skip
    with db.reading() as session:
        return [Visit(*row) for row in session.execute(query)]
