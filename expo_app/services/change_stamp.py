"""Whether something was written since a document was made."""

from __future__ import annotations

from sqlalchemy import select

from expo_app.model import LOGS
from expo_app.store.database import Database


def stamp(db: Database) -> str:
    """A text that is another one after every write and every scan in this file, also by another program."""
    with db.reading() as session:
        newest = [session.scalar(select(t.id).order_by(t.id.desc()).limit(1)) for t in LOGS]
    return "-".join(key.hex if key else "0" for key in newest)
