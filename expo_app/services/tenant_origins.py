"""What a tenant may have come of: the records that 补关联 offers, those of its own company first."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, or_, select

from expo_app.model import Achievement, DealParty, Meeting, Pitch, Tenant
from expo_app.model.base import read_zone
from expo_app.model.expo import USUAL_ZONE, Expo
from expo_app.services.records import query_of
from expo_app.specs import SPECS
from expo_app.store.database import Database

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "deal_id": ("deals", ("deal_no", "title", "signed_on")),
    "meeting_id": ("meetings", ("meeting_no", "a_id", "b_id")),
    "pitch_id": ("pitches", ("achievement_id", "item_id")),
}
"""Column of a tenant → the kind of record that fills it, and the fields by which a person knows one."""
MOST = 20
"""Records offered at a time."""


def offered(
    db: Database, expo_id: uuid.UUID | None, tenant_id: uuid.UUID, column: str, text: str
) -> list[tuple[uuid.UUID, str]]:
    """(id, words) of records that match what was typed."""
    kind, names = KINDS[column]
    spec = SPECS[kind]
    fields = [spec.field(name) for name in names]
    query, own = query_of(db, spec, fields, expo_id, text), _own(column, tenant_id)
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        zone = read_zone(expo.time_zone if expo else USUAL_ZONE)
        rows = list(session.execute(query.where(spec.table.c.id.in_(own)).limit(MOST)))
        rows += session.execute(query.where(spec.table.c.id.not_in(own)).limit(MOST - len(rows)))
    return [
        (row[0], " · ".join(field.display(value, zone) for field, value in zip(fields, row[1:], strict=False) if value))
        for row in rows
    ]


def _own(column: str, tenant_id: uuid.UUID) -> Select[Any]:
    """The keys of the records of a tenant's company."""
    body = select(Tenant.organisation_id).where(Tenant.id == tenant_id).scalar_subquery()
    if column == "deal_id":
        return select(DealParty.deal_id).where(DealParty.organisation_id == body)
    if column == "meeting_id":
        return select(Meeting.id).where(or_(Meeting.a_id == body, Meeting.b_id == body))
    return (
        select(Pitch.id).join(Achievement, Achievement.id == Pitch.achievement_id).where(Achievement.owner_id == body)
    )
