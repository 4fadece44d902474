"""Who is inside, counted again from the scans."""

from __future__ import annotations

from expo_app.model import Presence
from expo_app.services.record_writer import writing
from expo_app.store import presence
from expo_app.store.database import Database


def recount(db: Database) -> int:
    """How many rows were not right and now are."""
    with writing(db, "settings.edit") as writer:
        wrong = presence.recount(writer.session.connection())
        if wrong:
            writer.note("recount", Presence.__table__, None, {"count": wrong})
    return wrong
