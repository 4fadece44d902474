"""What imports and merges, which can be undone long after, have in common."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import BatchKind, ImportBatch, ImportRow
from expo_app.store.database import Database

IMPORTED, MERGED = "import", "merge"
"""Acts in the log by which a batch took effect."""


def packed(keys: Iterable[uuid.UUID]) -> str:
    """Keys as a batch keeps them: 32 hexadecimal digits each."""
    return b"".join([key.bytes for key in keys]).hex()


def unpacked(text: str) -> list[uuid.UUID]:
    """The opposite."""
    return [uuid.UUID(text[at : at + 32]) for at in range(0, len(text), 32)]


def moment_of_undo(db: Database, at: datetime) -> datetime:
    """When a batch of that moment is taken back: later, though the clock stood still (see `ImportBatch`)."""
    return max(db.now(), at + timedelta(microseconds=1))


def changed_since() -> Conflict:
    """Why a batch is not taken back."""
    return Conflict(_("之后有记录又被改动，不能整批撤销，数据未变。可逐条改回。"), "E-CHANGED-SINCE")


def refuse_if_merged(
    session: Session, batch_id: uuid.UUID, ids: Collection[uuid.UUID], needed: Collection[uuid.UUID] = ()
) -> None:
    """Conflict where a later merge that stands touched one of these records, or made one that is `needed` go into
    another: it goes back first.
    """
    row, batch = ImportRow.__table__, ImportBatch.__table__
    query = (
        select(row.c.record_id, batch.c.file_name, row.c.after.is_(null()))
        .join(batch, batch.c.id == row.c.batch_id)
        .where(batch.c.kind == BatchKind.MERGE, batch.c.undone_at.is_(None), batch.c.id > batch_id)
    )
    wanted = set(ids)
    for record_id, name, is_gone in session.execute(query.order_by(batch.c.id.desc())):
        if record_id in wanted or (is_gone and record_id in needed):
            words = _("之后又合并过“{name}”，要先撤销那次合并，数据未变。")
            raise Conflict(words.format(name=name), "E-CHANGED-SINCE")


def without_added(now: list[str] | None, before: list[str] | None, after: list[str] | None) -> list[str] | None:
    """The other names of a record without those a batch added, and with those it took; what was done since stays."""
    if now == after:
        return before
    there, then, made = now or [], before or [], after or []
    kept = [name for name in there if name in then or name not in made]
    return kept + [name for name in then if name not in made and name not in there] or None
