"""People, wherever they are named."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from expo_app.model import Organisation, Person
from expo_app.services.record_writer import Writer, write_rows
from expo_app.specs import PEOPLE


def person_of(writer: Writer, values: dict[str, Any]) -> uuid.UUID:
    """The person of that name (and organisation, a name, where given), found or made from these values."""
    table, organisation = Person.__table__, Organisation.__table__
    query = select(table.c.id).where(table.c.name == values["name"])
    if values["organisation_id"]:
        query = query.join(organisation, organisation.c.id == table.c.organisation_id).where(
            organisation.c.name == values["organisation_id"]
        )
    found = writer.session.execute(query.limit(1)).scalar() or next(
        (row["id"] for row in writer.pending(table) if row["name"] == values["name"]), None
    )
    return found or write_rows(writer, PEOPLE, [(None, values, 0)])[0]
