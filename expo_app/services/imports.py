"""Importing a planned file: what there is now, the write as one transaction, its undo."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from expo_app.errors import Conflict, InvalidRecord, joined
from expo_app.i18n import _
from expo_app.memory import no_collection
from expo_app.model import Base, Expo, ImportBatch, ImportRow, new_id
from expo_app.model.base import first_id
from expo_app.services.access import require
from expo_app.services.record_writer import Change, Writer, facts_of, in_parts, spellings, write_rows
from expo_app.services.records import refuse_if_used
from expo_app.specs import SPECS, Existing, ImportPlan, Outcome, RecordSpec
from expo_app.specs.records import by_name
from expo_app.store import staging
from expo_app.store.audit import from_json, record_audit, to_json
from expo_app.store.database import Database

Progress = Callable[[int, int], None]
KEPT_AT_ONCE = 500
"""Old values written in one short transaction, so that a desk never waits."""
ABANDONED = 3600
"""Seconds after which an import that has not taken effect never will."""


@dataclass(frozen=True)
class Batch:
    """One import in the history."""

    id: uuid.UUID
    spec: str
    file_name: str
    at: datetime
    operator: str
    new_count: int
    changed_count: int
    undone_at: datetime | None


class RowRefused(Conflict):
    """The database refuses a row that the plan let in. `plan` is the plan with that row invalid."""

    def __init__(self, plan: ImportPlan, refused: InvalidRecord) -> None:
        fields = {field.name: field.header for field in SPECS[plan.spec].fields}
        problems = {fields.get(name, name): reason for name, reason in refused.problems.items()}
        reasons = joined(f"{header}：{reason}" for header, reason in problems.items())
        words = _("第 {row} 行写不进去：{reasons}没有写入任何数据。改好这一行后再导入。")
        super().__init__(words.format(row=refused.row, reasons=reasons), "E-IMPORT-ROW")
        self.plan = plan.refused(refused.row, problems)


def state(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None) -> Existing:
    """What a plan is compared with: every record's values and the names its references may use."""
    fields = spec.writable
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        facts = facts_of(expo, db.now()) if expo else None
        homes = expo.homes if expo else ()
        rows = tuple(
            (row[0], dict(zip((f.name for f in fields), row[1:], strict=True)))
            for row in session.execute(spec.query(fields, expo_id))
        )
        names: dict[str, frozenset[str]] = {}
        spelt: dict[str, dict[str, str]] = {}
        # organisations live across expos: a file's spelling of a known name must not make a second one
        known = {link.spec for link in (spec.parents or {}).values() if link.spec == "organisations"}
        for ref in known | {field.ref for field in fields if field.ref}:
            target = by_name(ref)
            if target.is_offered:
                spelt[ref] = {key: name for key, (_id, name) in spellings(session, target, expo_id).items()}
            found = session.execute(target.query((target.field(target.natural),), expo_id))
            names[ref] = frozenset(row[1] for row in found)
    return Existing(rows, names, facts.zone if facts else None, facts, homes, spelt)


@no_collection()
def apply(
    db: Database, plan: ImportPlan, expo_id: uuid.UUID | None = None, progress: Progress | None = None
) -> uuid.UUID | None:
    """Write the new and changed rows of a plan, all or nothing; the batch's id, None when nothing was to write.

    Raises Conflict if a record to change has been changed since the plan was made, RowRefused if what there is now
    forbids a row.
    """
    spec = SPECS[plan.spec]
    require(db, "data.import")
    require(db, spec.permission)
    rows = [row for row in plan.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
    rows.sort(key=lambda row: "main" in row.values)  # a server wants the exhibitor first with whom another stands
    if not rows:
        return None
    with db.reading() as session:
        writer = Writer(db, session, session.get(Expo, expo_id) if expo_id else None, staged=True)
        payload = []
        for row in rows:
            given = row.values if row.outcome is Outcome.NEW else {name: row.values[name] for name in row.changes}
            payload.append((row.record_id, given, row.row))
        try:
            write_rows(writer, spec, payload)
        except InvalidRecord as refused:
            raise RowRefused(plan, refused) from refused
    return _switch_in(db, writer, plan, expo_id, progress)


def _switch_in(
    db: Database, writer: Writer, plan: ImportPlan, expo_id: uuid.UUID | None, progress: Progress | None
) -> uuid.UUID:
    """What the undo needs is kept first, as a batch that has not taken effect; then everything at once."""
    _sweep(db)
    now, batch_id = db.now(), new_id()
    batch = {
        "id": batch_id,
        "expo_id": expo_id,
        "spec": plan.spec,
        "file_name": plan.file_name[:260],
        "at": now,
        "operator": db.actor.name,
        "new_count": plan.count(Outcome.NEW),
        "changed_count": plan.count(Outcome.CHANGED),
        "undone_at": now,
    }
    made = {table.name: _packed([row["id"] for row in rows]) for table, rows in writer.made.items()}
    kept = [_import_row(batch_id, change) for change in writer.changes]
    with db.transaction() as session:
        session.execute(insert(ImportBatch), [batch | {"made": made}])
    for start in range(0, len(kept), KEPT_AT_ONCE):
        with db.transaction() as session:
            session.connection().execute(insert(ImportRow.__table__), kept[start : start + KEPT_AT_ONCE])

    def take_effect(connection: Connection) -> None:
        table = ImportBatch.__table__
        connection.execute(update(table).where(table.c.id == batch_id).values(undone_at=None))
        record_audit(connection, "import", table.name, batch_id, after=batch | {"undone_at": None})

    updates: dict[Table, list[tuple[uuid.UUID, dict[str, Any], dict[str, Any]]]] = {}
    deletes: dict[Table, list[uuid.UUID]] = {}
    for change in writer.changes:
        if change.after is None:
            deletes.setdefault(change.table, []).append(change.record_id)
        else:
            updates.setdefault(change.table, []).append((change.record_id, change.before, change.after))
    try:
        staging.write(db, writer.made, updates, deletes, take_effect, progress)
    except BaseException:
        with db.transaction() as session:
            session.execute(delete(ImportBatch).where(ImportBatch.id == batch_id))
        raise
    return batch_id


def _sweep(db: Database) -> None:
    """Remove what imports that were killed had kept for their undo. Keys tell the real time, expos may rehearse."""
    batch, row = ImportBatch.__table__, ImportRow.__table__
    no_longer_running = batch.c.id < first_id(time.time() - ABANDONED)
    with db.reading() as session:
        left = session.scalars(select(batch.c.id).where(~_took_effect(), no_longer_running)).all()
    for batch_id in left:
        kept = select(row.c.id).where(row.c.batch_id == batch_id).limit(KEPT_AT_ONCE)
        some = 1
        while some:
            with db.transaction() as session:
                some = session.connection().execute(delete(row).where(row.c.id.in_(kept))).rowcount
        with db.transaction() as session:
            session.connection().execute(delete(batch).where(batch.c.id == batch_id))


def _took_effect() -> ColumnElement[bool]:
    table = ImportBatch.__table__
    return table.c.undone_at.is_distinct_from(table.c.at)


def _import_row(batch_id: uuid.UUID, change: Change) -> dict[str, Any]:
    return {
        "id": new_id(),
        "batch_id": batch_id,
        "row_no": change.row,
        "table_name": change.table.name,
        "record_id": change.record_id,
        "before": to_json(change.before),
        "after": None if change.after is None else to_json(change.after),
    }


def _packed(keys: list[uuid.UUID]) -> str:
    return b"".join([key.bytes for key in keys]).hex()


def _unpacked(text: str) -> list[uuid.UUID]:
    return [uuid.UUID(text[at : at + 32]) for at in range(0, len(text), 32)]


def history(db: Database, expo_id: uuid.UUID | None = None) -> list[Batch]:
    """Imports of this expo, newest first."""
    table = ImportBatch.__table__
    columns = (table.c[name] for name in Batch.__dataclass_fields__)
    query = select(*columns).where(_took_effect()).order_by(table.c.at.desc(), table.c.id.desc())
    if expo_id is not None:
        query = query.where(table.c.expo_id == expo_id)
    with db.reading() as session:
        return [Batch(*row) for row in session.execute(query)]


def undo(db: Database, batch_id: uuid.UUID) -> None:
    """Take a whole import back: new records go, changed ones get their old values.

    Raises Conflict, with nothing changed, if something was built on it or changed since.
    """
    require(db, "data.import")
    with db.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.undone_at is not None:
            raise Conflict(_("这次导入已经撤销过，数据未变。"), "E-UNDONE")
        writer = Writer(db, session, None)
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id)).all()
        made = {table: set(_unpacked(keys)) for table, keys in batch.made.items()}
        there = [row for row in rows if row.record_id not in made.get(row.table_name, ())]
        _restore(writer, [row for row in there if row.after is not None])
        for table in reversed(Base.metadata.sorted_tables):
            ids = sorted(made.get(table.name, ()))
            refuse_if_used(session, table, ids, made)
            for part in in_parts(ids):
                session.execute(table.delete().where(table.c.id.in_(part)))
        _revive(writer, [row for row in there if row.after is None])
        batch.undone_at = db.now()
        record_audit(session, "undo_import", "import_batch", batch_id, after={"file_name": batch.file_name})


def _restore(writer: Writer, rows: list[ImportRow]) -> None:
    """Put old values back; a value changed since the import is not overwritten but refused."""
    by_table: dict[str, list[ImportRow]] = {}
    for row in rows:
        by_table.setdefault(row.table_name, []).append(row)
    for name, changed in by_table.items():
        table = Base.metadata.tables[name]
        now = writer.rows(table, [row.record_id for row in changed])
        # two rows of one import may have changed one record: the first holds its oldest values, the last its newest
        merged: dict[uuid.UUID, tuple[dict[str, Any], dict[str, Any]]] = {}
        for row in sorted(changed, key=lambda r: r.id):
            before, after = merged.setdefault(row.record_id, ({}, {}))
            before.update({k: v for k, v in row.before.items() if k not in before})
            after.update(row.after or {})
        updates = []
        for record_id, (before, after) in merged.items():
            current = now.get(record_id)
            if current is None or any(current[k] != v for k, v in from_json(table, after).items()):
                raise _changed_since()
            updates.append((record_id, current, from_json(table, before), 0))
        writer.update_many(table, updates)


def _revive(writer: Writer, rows: list[ImportRow]) -> None:
    """Write again what the import deleted: rows that were parts of a record."""
    try:
        for row in rows:
            table = Base.metadata.tables[row.table_name]
            writer.insert(table, [{"id": row.record_id, **from_json(table, row.before)}])
    except IntegrityError as error:  # what it belonged to is gone, or it was entered again
        raise _changed_since() from error


def _changed_since() -> Conflict:
    return Conflict(_("导入之后有记录又被改动，不能整批撤销，数据未变。可逐条改回。"), "E-CHANGED-SINCE")
