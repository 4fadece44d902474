"""What was signed by the sample's second morning. Amounts belong to generated bodies only.

Real governments appear with the framework agreements that are reported, without amounts and without a day where
only the month is known.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from expo_app.model import Deal, DealStep, Entry, Expo, new_id
from expo_app.services.record_writer import Writer, write_rows
from expo_app.services.sample.contracts import enter_registrations
from expo_app.services.sample.follow_up import add_follow_up
from expo_app.services.sample.lists import add_missing, file_of, read
from expo_app.specs import DEALS, ORGANISATIONS
from expo_app.store.database import Database

PARTIES = "organisations_in_deals"
"""The file of the parties that neither exhibit nor speak."""


def register_deals(db: Database, expo_id: uuid.UUID) -> int:
    """Enter the sample's deals, in the order they came in; how many there are."""
    with db.transaction() as session:
        expo = session.get_one(Expo, expo_id)
        add_missing(Writer(db, session, expo), read(ORGANISATIONS, file_of(PARTIES)))
        writer = Writer(db, session, expo)
        rows = read(DEALS)
        ids = write_rows(writer, DEALS, [(None, row, 0) for row in rows])
        enter_registrations(writer)
        add_follow_up(writer)
        writer.audit()
        created = select(Deal.created_at).where(Deal.id == DealStep.deal_id).scalar_subquery()
        session.execute(update(DealStep).where(DealStep.deal_id.in_(ids)).values(at=created))
        void = {key: row for key, row in zip(ids, rows, strict=True) if row["entry"] is Entry.VOID}
        for key, row in void.items():  # it was valid first
            valid = {"entry": Entry.VALID, "at": row["created_at"] - timedelta(minutes=2)}
            session.execute(update(DealStep).where(DealStep.deal_id == key).values(valid))
        session.execute(insert(DealStep), [_voided(key, row) for key, row in void.items()])
    return len(ids)


def _voided(deal_id: uuid.UUID, row: dict[str, Any]) -> dict[str, Any]:
    """The step by which an entry became void."""
    return {
        "id": new_id(),
        "deal_id": deal_id,
        "stage": row["stage"],
        "entry": Entry.VOID,
        "at": row["created_at"],
        "on_date": row["signed_on"],
        "operator": "",
        "reason": "",
    }
