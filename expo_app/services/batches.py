"""What imports and merges, which can be undone long after, have in common."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, null, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import BatchKind, ImportBatch, ImportRow
from expo_app.store.database import Database

_row, _batch = ImportRow.__table__, ImportBatch.__table__
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
    query = (
        select(_row.c.record_id, _batch.c.file_name, _row.c.after.is_(null()))
        .join(_batch, _batch.c.id == _row.c.batch_id)
        .where(_batch.c.kind == BatchKind.MERGE, _batch.c.undone_at.is_(None), _batch.c.id > batch_id)
    )
    wanted = set(ids)
    for record_id, name, is_gone in session.execute(query.order_by(_batch.c.id.desc())):
        if record_id in wanted or (is_gone and record_id in needed):
            words = _("之后又合并过“{name}”，要先撤销那次合并，数据未变。")
            raise Conflict(words.format(name=name), "E-CHANGED-SINCE")


def gone_into(connection: Connection, table: Table, key: uuid.UUID) -> uuid.UUID | None:
    """The record that one went into by a merge that stands; None where it did not go."""
    made = connection.scalar(_merged(_batch.c.made, table, _row.c.record_id == key, _row.c.after.is_(null())))
    if made is None:
        return None
    both = unpacked(made[table.name])
    kept = both[::2][both[1::2].index(key)]
    return gone_into(connection, table, kept) or kept


def once_called(connection: Connection, table: Table, column: str, value: Any, expo_id: uuid.UUID) -> uuid.UUID | None:
    """The record of an expo that now stands for one that had this value in a column before a merge that stands."""
    for key, before, after in connection.execute(_merged((_row.c.record_id, _row.c.before, _row.c.after), table)):
        if before.get(column) == value:
            kept = gone_into(connection, table, key) or (None if after is None else key)
            here = select(table.c.id).where(table.c.id == kept, table.c.expo_id == expo_id)
            if kept is not None and connection.scalar(here) is not None:
                return kept
    return None


def _merged(columns: Any, table: Table, *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Rows of merges that stand, the latest first."""
    chosen = columns if isinstance(columns, tuple) else (columns,)
    query = select(*chosen).join_from(_row, _batch, _batch.c.id == _row.c.batch_id)
    stands = (_batch.c.kind == BatchKind.MERGE, _batch.c.undone_at.is_(None), _row.c.table_name == table.name)
    return query.where(*stands, *where).order_by(_batch.c.id.desc())


def without_added(now: list[str] | None, before: list[str] | None, after: list[str] | None) -> list[str] | None:
    """The other names of a record without those a batch added, and with those it took; what was done since stays."""
    if now == after:
        return before
    there, then, made = now or [], before or [], after or []
    kept = [name for name in there if name in then or name not in made]
    return kept + [name for name in then if name not in made and name not in there] or None
