"""People, wherever they are named."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import or_, select

from expo_app.model import Person, Speaker
from expo_app.rules.person_names import person_key
from expo_app.rules.search_key import SEPARATOR, search_term
from expo_app.services.record_writer import Writer, find_by, write_rows
from expo_app.specs import ORGANISATIONS, PEOPLE


def person_of(writer: Writer, values: dict[str, Any]) -> uuid.UUID:
    """The person of that name (and organisation, a name, where given), found or made from these values."""
    table = Person.__table__
    key = person_key(values["name"])
    query = select(table.c.id, table.c.name).order_by(table.c.id)
    if values["organisation_id"]:
        of = find_by(writer, ORGANISATIONS, "name", {values["organisation_id"]})
        query = query.where(table.c.organisation_id.in_(of.values()))
    else:  # a bare name is nobody's of an organisation who has not spoken yet; search words begin with the name's key
        query = query.where(or_(table.c.organisation_id.is_(None), table.c.id.in_(select(Speaker.person_id))))
        begins = search_term(key)
        query = query.where(
            or_(table.c.search_text == begins, table.c.search_text.startswith(begins + SEPARATOR, autoescape=True))
        )
    known = [*writer.session.execute(query), *((row["id"], row["name"]) for row in writer.pending(table))]
    found = next((record for record, name in known if person_key(name) == key), None)
    return found or write_rows(writer, PEOPLE, [(None, values, 0)])[0]
