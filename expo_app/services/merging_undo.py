"""A merge taken back: the steps it was written in, backwards, so that every constraint holds on the way."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Base, ImportBatch, ImportRow
from expo_app.services import records
from expo_app.services.batches import changed_since, moment_of_undo, refuse_if_merged, unpacked, without_added
from expo_app.services.merging_fold import ALIASES, OWN_KEYS, Row, counted, is_named, pointing, searched
from expo_app.services.record_rules import folding_of, refuse_disagreeing
from expo_app.services.record_writer import Writer, writing
from expo_app.specs import RecordSpec
from expo_app.store.audit import from_json
from expo_app.store.database import Database

_batch = ImportBatch.__table__


def take_back(db: Database, spec: RecordSpec, batch_id: uuid.UUID) -> None:
    """A merge of records of this kind as if it had never been; Conflict, with nothing changed, where something was
    built on it since.
    """
    with writing(db, spec.permission, reason=_("撤销合并")) as writer:
        session = writer.session
        batch = session.get_one(ImportBatch, batch_id)
        undone = moment_of_undo(db, batch.at)
        taken = update(_batch).where(_batch.c.id == batch_id, _batch.c.undone_at.is_(None)).values(undone_at=undone)
        if not session.connection().execute(taken).rowcount:
            raise Conflict(_("这次合并已经撤销过，数据未变。"), "E-UNDONE")
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row_no)).all()
        both = {Base.metadata.tables[name]: unpacked(text) for name, text in batch.made.items() if "." not in name}
        stayed = {table: keys[::2] for table, keys in both.items()}
        with ExitStack() as stack:
            for table, keys in both.items():
                stack.enter_context(folding_of(table).during(writer, keys))
            touched = {row.record_id for row in rows}
            refuse_if_merged(session, batch_id, touched.union(*stayed.values()), _named_in(rows))
            _refuse_if_used(session, batch, stayed, touched)
            try:
                _walk_back(writer, rows)
            except IntegrityError as error:
                words = _("合并掉的那条的名称或编号，之后又被别的记录用了，不能撤销，数据未变。先改那条记录再撤销。")
                raise Conflict(words, "E-CHANGED-SINCE") from error
        changed: dict[Table, set[uuid.UUID]] = {}
        for row in rows:
            changed.setdefault(Base.metadata.tables[row.table_name], set()).add(row.record_id)
        refuse_disagreeing(session, changed, {one.record_id: one.before for one in writer.changes})
        writer.note("undo_merge", _batch, batch_id, {"file_name": batch.file_name})


def _refuse_if_used(
    session: Session, batch: ImportBatch, stayed: Mapping[Table, Sequence[uuid.UUID]], touched: Collection[uuid.UUID]
) -> None:
    """Conflict where a record that was made since points at one that stayed: it may mean either of the two."""
    for child, column, ids in pointing(stayed):
        query = select(child.c.id).where(child.c[column].in_(ids), child.c.id > batch.id)
        more = len(set(session.scalars(query)) - set(touched))
        if child in OWN_KEYS:
            more = counted(session, child, column, ids) - int(batch.made.get(f"{child.name}.{column}", 0))
        if more > 0:
            what = records.title_of(child) if is_named(child) else _("记录")
            words = _("合并之后又有 {n} 条“{what}”用到它，分不清是谁的，不能撤销，数据未变。")
            raise Conflict(words.format(n=more, what=what), "E-CHANGED-SINCE")


def _named_in(rows: Sequence[ImportRow]) -> set[uuid.UUID]:
    """The records that the rows point at, as they were before."""
    tables = Base.metadata.tables
    return {
        uuid.UUID(value)
        for row in rows
        for name, value in row.before.items()
        if value and tables[row.table_name].c[name].foreign_keys
    }


def _walk_back(writer: Writer, rows: Sequence[ImportRow]) -> None:
    """Each step of the merge backwards; Conflict where a value is no longer what the step made it."""
    ids: dict[Table, set[uuid.UUID]] = {}
    for row in rows:
        ids.setdefault(Base.metadata.tables[row.table_name], set()).add(row.record_id)
    now = {table: {key: dict(row) for key, row in writer.rows(table, keys).items()} for table, keys in ids.items()}
    for table, of_table in groupby(reversed(rows), key=lambda row: Base.metadata.tables[row.table_name]):
        for is_gone, some in groupby(of_table, key=lambda row: row.after is None):
            if is_gone:
                again = [_revived(table, row) for row in some]
                writer.insert(table, again)
                now[table].update({row["id"]: row for row in again})
            else:
                writer.update_many(table, [_step_back(table, row, now[table]) for row in some])


def _revived(table: Table, row: ImportRow) -> dict[str, Any]:
    values = {"id": row.record_id, **from_json(table, row.before)}
    return {**values, **searched(table, values)}


def _step_back(
    table: Table, row: ImportRow, now: dict[uuid.UUID, dict[str, Any]]
) -> tuple[uuid.UUID, Row, dict[str, Any], int]:
    current = now.get(row.record_id)
    before, after = from_json(table, row.before), from_json(table, row.after or {})
    if current is not None and ALIASES in after:
        before[ALIASES] = without_added(current[ALIASES], before[ALIASES], after.pop(ALIASES))
    if current is None or any(current[name] != value for name, value in after.items()):
        raise changed_since()
    new = {**before, **searched(table, {**current, **before})}
    now[row.record_id] = {**current, **new}
    return row.record_id, current, new, 0
