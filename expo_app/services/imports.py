"""Importing a planned file: what there is now, the write as one transaction, its undo."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.errors import Conflict, InvalidRecord, joined
from expo_app.i18n import _
from expo_app.memory import no_collection
from expo_app.model import (
    Audit,
    Base,
    BatchKind,
    Expo,
    ExpoVenue,
    ImportBatch,
    ImportMemory,
    ImportRow,
    Organisation,
    new_id,
)
from expo_app.model.base import first_id
from expo_app.rules.likeness import Body
from expo_app.services import import_memory
from expo_app.services.access import require
from expo_app.services.batches import (
    IMPORTED,
    MERGED,
    changed_since,
    moment_of_undo,
    packed,
    refuse_if_merged,
    unpacked,
    without_added,
)
from expo_app.services.record_rules import in_file, refuse_disagreeing, refuse_held, rules_of
from expo_app.services.record_writer import (
    ORGANISATIONS,
    Change,
    Writer,
    facts_of,
    find_by,
    in_parts,
    match,
    spellings,
    write_rows,
)
from expo_app.services.records import refuse_users
from expo_app.specs import SPECS, Existing, ImportPlan, Outcome, PlanRow, RecordSpec
from expo_app.specs.choices import NEW
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key
from expo_app.specs.records import by_name
from expo_app.store import staging
from expo_app.store.audit import from_json, record_audit, to_json
from expo_app.store.database import Database

PEOPLE = "people"
ALIASES = "aliases"
Progress = Callable[[int, int], None]
_batch = ImportBatch.__table__
KEPT_AT_ONCE = 500
"""Old values written in one short transaction, so that a desk never waits."""
ABANDONED = 3600
"""Seconds after which an import that has not taken effect never will."""


@dataclass(frozen=True)
class Batch:
    """One import or merge in the history."""

    id: uuid.UUID
    kind: BatchKind
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
        row = _written(plan)[refused.row - 1] if refused.row else None
        if row:
            words = _("第 {row} 行写不进去：{reasons}没有写入任何数据。改好这一行后再导入。")
            super().__init__(words.format(row=row.row, reasons=reasons), "E-IMPORT-ROW")
        else:
            super().__init__(_("{reasons}没有写入任何数据。").format(reasons=reasons), "E-IMPORT-ROW")
        self.plan = plan.refused(row.place, problems) if row else plan


def require_right(db: Database, spec: RecordSpec) -> None:
    """UserError unless the operator may import such a list."""
    require(db, "data.import")
    require(db, spec.permission)


def state(db: Database, spec: RecordSpec, expo_id: uuid.UUID | None = None) -> Existing:
    """What a plan is compared with: every record's values, not masked, and the names its references may use."""
    require_right(db, spec)
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
        known = {link.spec for link in (spec.parents or {}).values() if link.spec == ORGANISATIONS}
        for ref in known | {field.ref for field in fields if field.ref}:
            target = by_name(ref)
            if target.is_offered or ref == ORGANISATIONS:
                spelt[ref] = {key: name for key, (_id, name) in spellings(session, target, expo_id).items()}
            told = (target.natural, target.also_by) if target.also_by else (target.natural,)
            found = session.execute(target.query(tuple(map(target.field, told)), expo_id)).all()
            names[ref] = frozenset(row[1] for row in found)
            if target.also_by:
                spelt[ref] = _either_name((row[1], row[2]) for row in found)
        bodies = _bodies(session) if ORGANISATIONS in names or spec.name == ORGANISATIONS else ()
        venue = select(ExpoVenue.venue_id).where(ExpoVenue.expo_id == expo_id).limit(1)
        has_venue = expo_id is not None and session.scalar(venue) is not None
        memory = import_memory.of(session, spec.name)
        others = _other_names(session, spec, expo_id)
        only = rules_of(spec).only
        usual = only(session, expo_id) if only is not None and expo_id is not None else {}
        here = in_file(session, spec)
    zone = facts.zone if facts else None
    return Existing(rows, names, zone, facts, homes, spelt, bodies, has_venue, memory, others, usual, here)


def _either_name(known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Both spellings of records → the first one; "" for a second one of several, which says of none which it is."""
    found: dict[str, str] = {}
    pairs = [pair for pair in known if not any(map(is_damaged, pair))]
    for name, other in pairs:
        key = name_key(other)
        found[key] = "" if key in found else name
    return found | {name_key(name): name for name, _other in pairs}


def _other_names(session: Session, spec: RecordSpec, expo_id: uuid.UUID | None) -> dict[uuid.UUID, tuple[str, ...]]:
    """Further spellings of the people that records are, or are known by."""
    parents = (name for name, link in (spec.parents or {}).items() if link.spec == PEOPLE)
    parent = next((name for name in parents if any(key.startswith(f"{name}.") for key in spec.key_names)), "")
    if not parent and spec.name != PEOPLE:
        return {}
    people = spec.parent_table(parent) if parent else spec.table
    query = spec.query((), expo_id).add_columns(people.c.aliases)
    return {row[0]: tuple(names) for row in session.execute(query) if (names := readable(row[-1]) or ())}


def _bodies(session: Session) -> tuple[Body, ...]:
    """Every organisation with its other names."""
    table = Organisation.__table__
    columns = (table.c.name, table.c.short_name, table.c.name_en, table.c.aliases, table.c.credit_code)
    return tuple(
        Body(name, tuple(dict.fromkeys(filter(None, (short, english, *(readable(aliases) or ()))))), code)
        for name, short, english, aliases, code in session.execute(select(*columns))
    )


@no_collection()
def apply(
    db: Database, plan: ImportPlan, expo_id: uuid.UUID | None = None, progress: Progress | None = None
) -> uuid.UUID | None:
    """Write the new and changed rows of a plan, all or nothing; the batch's id, None when nothing was to write.

    Raises Conflict if a record to change has been changed since the plan was made, RowRefused if what there is now
    forbids a row.
    """
    spec = SPECS[plan.spec]
    require_right(db, spec)
    rows = _written(plan)
    if not rows:
        return None
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        writer = Writer(db, session, expo, staged=True, reason=clean_text(plan.file_name))
        payload = []
        for number, row in enumerate(rows, 1):
            given = row.values if row.outcome is Outcome.NEW else _changed(spec, row)
            payload.append((row.record_id, given, number))
        try:
            _make_places(writer, plan)
            write_rows(writer, spec, payload)
            _write_companions(writer, spec, rows)
        except InvalidRecord as refused:
            raise RowRefused(plan, refused) from refused
        import_memory.keep(writer, plan)
    return _switch_in(db, writer, plan, rows, expo_id, progress)


def _changed(spec: RecordSpec, row: PlanRow) -> dict[str, Any]:
    """What a changed row writes: another person comes with all that the row says of them."""
    renamed = tuple(
        f"{p}." for p, parent in (spec.parents or {}).items() if f"{p}.{by_name(parent.spec).natural}" in row.changes
    )
    return {n: value for n, value in row.values.items() if n in row.changes or (renamed and n.startswith(renamed))}


def _written(plan: ImportPlan) -> list[PlanRow]:
    """The rows that are written, in the order that they are."""
    return sorted(plan.to_write, key=lambda row: "main" in row.values)  # the exhibitor first with whom another stands


def _make_places(writer: Writer, plan: ImportPlan) -> None:
    """Booths and rooms that the file names and that are to be made with it."""
    spec = SPECS[plan.spec]
    by_ref: dict[str, list[str]] = {}
    for value in plan.values:
        ref = spec.field(value.field).ref
        if value.target == NEW and rules_of(by_name(ref)).make is not None:
            by_ref.setdefault(ref, []).append(value.value)
    for ref, names in by_ref.items():
        make = rules_of(by_name(ref)).make
        if make is not None:
            make(writer, list(dict.fromkeys(names)), plan.choices.booth_hall)


def _write_companions(writer: Writer, spec: RecordSpec, rows: list[PlanRow]) -> None:
    """Further people that a row names, as people of the organisation beside whose name they stand."""
    people = by_name(PEOPLE)
    found = [
        {**one, "organisation_id": row.values.get("organisation.name") or row.values.get("organisation_id")}
        for row in rows
        for one in row.companions
    ]
    bodies = find_by(writer, by_name(ORGANISATIONS), "name", {one["organisation_id"] for one in found} - {None})
    given = [{**one, "organisation_id": bodies.get(one["organisation_id"])} for one in found]
    there = match(writer, people, given) if given else []
    new = {(one["name"], one.get("phone")): one for one, known in zip(given, there, strict=True) if known is None}
    write_rows(writer, people, [(None, one, 0) for one in new.values()])


def _own(writer: Writer) -> dict[Table, list[dict[str, Any]]]:
    """The rows that an import made. A sum that others add to is none: with a list goes its part of it, not the row that
    it happened to begin.
    """
    return {table: rows for table, rows in writer.made.items() if not table.info.get("is_sum")}


def _switch_in(
    db: Database,
    writer: Writer,
    plan: ImportPlan,
    rows: list[PlanRow],
    expo_id: uuid.UUID | None,
    progress: Progress | None,
) -> uuid.UUID:
    """What the undo needs is kept first, as a batch that has not taken effect; then everything at once."""
    _sweep(db)
    now, batch_id = db.now(), new_id()
    batch = {
        "id": batch_id,
        "expo_id": expo_id,
        "spec": plan.spec,
        "file_name": clean_text(plan.file_name)[:260],
        "at": now,
        "operator": db.actor.name,
        "new_count": sum(row.outcome is Outcome.NEW for row in rows),
        "changed_count": sum(row.outcome is Outcome.CHANGED for row in rows),
        "undone_at": now,
    }
    made = {table.name: packed([row["id"] for row in rows]) for table, rows in _own(writer).items()}
    kept = [_import_row(batch_id, change, rows) for change in writer.changes]
    with db.transaction() as session:
        session.execute(insert(ImportBatch), [batch | {"made": made}])
    for start in range(0, len(kept), KEPT_AT_ONCE):
        with db.transaction() as session:
            session.connection().execute(insert(ImportRow.__table__), kept[start : start + KEPT_AT_ONCE])

    def take_effect(connection: Connection) -> None:
        table = ImportBatch.__table__
        connection.execute(update(table).where(table.c.id == batch_id).values(undone_at=None))
        record_audit(connection, IMPORTED, table.name, batch_id, after=batch | {"undone_at": None})
        spec = SPECS[plan.spec]
        written = {table: [row["id"] for row in rows] for table, rows in _own(writer).items()}
        for change in writer.changes:
            if change.after:
                written.setdefault(change.table, []).append(change.record_id)
        if asked := rules_of(spec).stands:
            with Session(connection, join_transaction_mode="rollback_only", info=writer.session.info) as session:
                for stands, (table, keys) in product(asked, written.items()):
                    stands(session, table, keys)

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


def _import_row(batch_id: uuid.UUID, change: Change, rows: list[PlanRow]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "batch_id": batch_id,
        "row_no": rows[change.row - 1].row if change.row else 0,
        "table_name": change.table.name,
        "record_id": change.record_id,
        "before": to_json(change.before),
        "after": None if change.after is None else to_json(change.after),
    }


def made_by(db: Database, batch_id: uuid.UUID, spec: RecordSpec) -> list[uuid.UUID]:
    """The records of a kind that an import made."""
    with db.reading() as session:
        return unpacked(session.get_one(ImportBatch, batch_id).made.get(spec.table.name, ""))


def history(db: Database, expo_id: uuid.UUID | None = None) -> list[Batch]:
    """Imports of this expo and merges that reach beyond one, the one that took effect last first: by the keys of their
    rows in the log, which tell the order also where a clock was set back. An import's own key is made when it begins: a
    longer one may end later.
    """
    table, log = ImportBatch.__table__, Audit.__table__
    columns = (table.c[name] for name in Batch.__dataclass_fields__)
    told = select(log.c.id).where(
        log.c.table_name == table.name, log.c.record_id == table.c.id, log.c.action.in_((IMPORTED, MERGED))
    )
    order = func.coalesce(told.limit(1).scalar_subquery(), table.c.id)
    query = select(*columns).where(_took_effect()).order_by(order.desc())
    if expo_id is not None:
        query = query.where(or_(table.c.expo_id == expo_id, table.c.expo_id.is_(None)))
    with db.reading() as session:
        return [Batch(*row) for row in session.execute(query)]


def numbered(batches: Sequence[Batch]) -> dict[int, Batch]:
    """A history by number: 1 is the first there was; a later one changes no number."""
    return dict(enumerate(reversed(batches), 1))


def number_of(db: Database, batch_id: uuid.UUID, expo_id: uuid.UUID | None = None) -> int:
    """The number of a batch in its history."""
    return next(number for number, one in numbered(history(db, expo_id)).items() if one.id == batch_id)


def _require_undone_by(db: Database, spec: RecordSpec, keys: Collection[uuid.UUID]) -> None:
    if (undone_by := rules_of(spec).undone_by) is not None:
        with db.reading() as session:
            queries = [select(spec.table).where(spec.table.c.id.in_(part)) for part in in_parts(keys)]
            there = [dict(row) for query in queries for row in session.execute(query).mappings()]
        if permission := undone_by(there):
            require(db, permission)


def undo(db: Database, batch_id: uuid.UUID) -> None:
    """Take a whole import back: new records go, changed ones get their old values; a merge: the two are two again.

    Raises Conflict, with nothing changed, if something was built on it or changed since.
    """
    with db.reading() as session:
        found = session.get(ImportBatch, batch_id)
    if found is not None and found.kind is BatchKind.MERGE:
        from expo_app.services import merging_undo

        merging_undo.take_back(db, SPECS[found.spec], batch_id)
        return
    require(db, "data.import")
    with db.reading() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.undone_at is not None:
            raise Conflict(_("这次导入已经撤销过，数据未变。"), "E-UNDONE")
        require_right(db, SPECS[batch.spec])
        rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id)).all()
        made = {table: set(unpacked(keys)) for table, keys in batch.made.items()}
        refuse_if_merged(session, batch_id, {row.record_id for row in rows}.union(*made.values()))
        there = [row for row in rows if row.record_id not in made.get(row.table_name, ())]
        updates = _old_values(Writer(db, session, None), [row for row in there if row.after is not None])
    spec = SPECS[batch.spec]
    mine = {row.record_id for row in rows if row.table_name == spec.table.name}
    _require_undone_by(db, spec, mine | made.get(spec.table.name, set()))
    deletes = {table: sorted(made[table.name]) for table in Base.metadata.sorted_tables if made.get(table.name)}
    inserts: dict[Table, list[dict[str, Any]]] = {}
    for row in there:
        if row.after is None:  # the import deleted it: a part of a record
            table = Base.metadata.tables[row.table_name]
            inserts.setdefault(table, []).append({"id": row.record_id, **from_json(table, row.before)})
    with db.reading() as session:
        for table, changed in updates.items():
            refuse_held(session, table, [{**back, "id": key} for key, _now, back in changed])
        for table, keys in deletes.items():
            refuse_held(session, table, list(Writer(db, session, None).rows(table, keys).values()))
        for table, again in inserts.items():
            refuse_held(session, table, again)

    def also(connection: Connection) -> None:
        taken = (
            update(_batch)
            .where(_batch.c.id == batch_id, _batch.c.undone_at.is_(None))
            .values(undone_at=moment_of_undo(db, batch.at))
        )
        if not connection.execute(taken).rowcount:
            raise Conflict(_("这次导入已经撤销过，数据未变。"), "E-UNDONE")
        was = {key: now for changed in updates.values() for key, now, _back in changed}
        back = {table: {key for key, _now, _back in changed} for table, changed in updates.items()}
        for table, again in inserts.items():
            back.setdefault(table, set()).update(row["id"] for row in again)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            refuse_disagreeing(session, back, was)
        record_audit(connection, "undo_import", "import_batch", batch_id, after={"file_name": batch.file_name})

    try:
        staging.take_back(db, updates, deletes, inserts, refuse_users, also)
    except Conflict as conflict:
        if conflict.code in ("E-CHANGED", "E-DB-DUPLICATE", "E-DB-IN-USE"):
            raise changed_since() from conflict
        raise


def _old_values(writer: Writer, rows: list[ImportRow]) -> dict[Table, list[tuple[uuid.UUID, Any, Any]]]:
    """(id, values now, values to put back) of what an import changed; Conflict where one was changed since."""
    found: dict[Table, list[tuple[uuid.UUID, Any, Any]]] = {}
    by_table: dict[str, list[ImportRow]] = {}
    for row in rows:
        by_table.setdefault(row.table_name, []).append(row)
    for name, changed in by_table.items():
        table = Base.metadata.tables[name]
        searched = next((spec for spec in SPECS.values() if spec.table is table and spec.search_words), None)
        now = writer.rows(table, [row.record_id for row in changed])
        # two rows of one import may have changed one record: the first holds its oldest values, the last its newest
        merged: dict[uuid.UUID, tuple[dict[str, Any], dict[str, Any]]] = {}
        for row in sorted(changed, key=lambda r: r.id):
            before, after = merged.setdefault(row.record_id, ({}, {}))
            before.update({k: v for k, v in row.before.items() if k not in before})
            after.update(row.after or {})
        for record_id, (before, after) in merged.items():
            current = now.get(record_id)
            old = from_json(table, before)
            if name == ImportMemory.__tablename__ and (
                current is None or current["at"] != from_json(table, after)["at"]
            ):
                continue  # a later list decided anew
            if current is not None and ALIASES in after:
                old[ALIASES] = without_added(current[ALIASES], before[ALIASES], after.pop(ALIASES))
            if current is None or any(current[k] != v for k, v in from_json(table, after).items()):
                raise changed_since()
            if searched is not None:
                old["search_text"] = searched.searched_by({**current, **old}.get)
            back = {column: value for column, value in old.items() if current[column] != value}
            if back:
                found.setdefault(table, []).append((record_id, current, back))
    return found
