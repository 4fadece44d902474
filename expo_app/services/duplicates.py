"""Records that are probably one: the suspects of a list, and what somebody said about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from expo_app.model import NotSame, new_id
from expo_app.services.record_writer import writing
from expo_app.specs import RecordSpec
from expo_app.store.database import Database

_apart = NotSame.__table__
PairOfIds = tuple[uuid.UUID, uuid.UUID]


def set_apart(db: Database, spec: RecordSpec, pairs: Sequence[PairOfIds]) -> list[PairOfIds]:
    """These are not the same and are not offered again; those that were not known to be, the smaller key first."""
    with writing(db, spec.permission) as writer:
        wanted = {(min(pair), max(pair)) for pair in pairs}
        known = {(one, other) for one, other in writer.session.execute(select(_apart.c.one_id, _apart.c.other_id))}
        new = sorted(wanted - known)
        said = {"spec": spec.name, "at": writer.now, "operator": db.actor.name}
        writer.insert(_apart, [{"id": new_id(), "one_id": one, "other_id": other, **said} for one, other in new])
    return new


def offer_again(db: Database, spec: RecordSpec, pairs: Sequence[PairOfIds]) -> None:
    """The opposite: they may be the same after all."""
    with writing(db, spec.permission) as writer:
        for one, other in pairs:
            query = select(_apart).where(_apart.c.one_id == one, _apart.c.other_id == other)
            for row in writer.session.execute(query).mappings().all():
                writer.delete(_apart, row["id"], dict(row))
