"""Large writes that hold the write lock only for a moment, so that a desk never waits.

Rows go to temporary tables first: on SQLite those live in memory and lock nothing. One short transaction then
moves them in. PostgreSQL locks rows, not the file, and needs no stage.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Connection,
    MetaData,
    Select,
    Table,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Base
from expo_app.store.database import Database, translated

Rows = Sequence[Mapping[str, Any]]
Updates = Mapping[Table, Sequence[tuple[uuid.UUID, Mapping[str, Any], Mapping[str, Any]]]]
"""Table → (id, old values, new values)."""
Stage = tuple[Table, Select[Any]]
"""A temporary table, and the query that gives the rows to insert."""
CHUNK = 1000


def write(
    db: Database,
    inserts: Mapping[Table, Rows],
    updates: Updates,
    deletes: Mapping[Table, Sequence[uuid.UUID]],
    also: Callable[[Connection], None] = lambda connection: None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Insert, update and delete records in one transaction; `also` runs inside it.

    Conflict, with nothing written, when a record to update or delete no longer holds its old values.
    """
    step = _Steps(progress, sum(map(len, inserts.values())) + sum(map(len, updates.values())))
    ordered = {table: inserts[table] for table in Base.metadata.sorted_tables if inserts.get(table)}
    with translated(db.path), db.writer.connect() as connection:
        if not db.is_sqlite:
            with db.written(connection):
                _delete(connection, deletes)
                for table, rows in ordered.items():
                    for part in _parts(rows, step):
                        connection.execute(insert(table), part)
                _update(connection, updates)
                also(connection)
            return
        with _staged(connection, ordered, step) as stages, db.written(connection):
            _delete(connection, deletes)
            for table, (_table, whole_rows) in stages.items():
                names = [column.name for column in table.columns]
                connection.execute(insert(table).from_select(names, whole_rows))
            _update(connection, updates)
            also(connection)


def take_back(
    db: Database,
    updates: Updates,
    deletes: Mapping[Table, Sequence[uuid.UUID]],
    inserts: Mapping[Table, Rows],
    refuse: Callable[[Connection, Table, Select[Any]], None],
    also: Callable[[Connection], None],
) -> None:
    """The opposite of `write`, in one transaction as short: old values, then records out (`refuse` is asked first of
    each table, whose children are gone by then), then what was deleted in again; `also` runs inside it.

    Conflict, with nothing changed, when a record no longer holds the values to be replaced.
    """
    with (
        translated(),
        db.writer.connect() as connection,
        _keys_at_hand(connection, db.is_sqlite, deletes) as keys,
        db.written(connection),
    ):
        _update(connection, updates)
        for table in reversed(Base.metadata.sorted_tables):
            if table in keys:
                refuse(connection, table, keys[table])
                connection.execute(delete(table).where(table.c.id.in_(keys[table])))
        for table, rows in inserts.items():
            connection.execute(insert(table), rows)
        also(connection)


@contextmanager
def _keys_at_hand(
    connection: Connection, is_sqlite: bool, keys: Mapping[Table, Sequence[uuid.UUID]]
) -> Iterator[dict[Table, Select[Any]]]:
    """The queries that give the keys of each table's records: from a temporary table on SQLite, else from an array."""
    if not is_sqlite:
        yield {table: select(func.unnest(literal(list(ids), ARRAY(Uuid())))) for table, ids in keys.items()}
        return
    wanted = {table: [{"id": key} for key in ids] for table, ids in keys.items() if ids}
    with _staged(connection, wanted, _Steps(None, 0), only=("id",)) as stages:
        yield {table: select(stage.c.id) for table, (stage, _query) in stages.items()}


class _Steps:
    def __init__(self, progress: Callable[[int, int], None] | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def advance(self, n: int) -> None:
        self.done += n
        if self.progress:
            self.progress(self.done, self.total)


def _parts(rows: Sequence[Any], step: _Steps) -> Iterator[Any]:
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        yield part
        step.advance(len(part))


@contextmanager
def _staged(
    connection: Connection, inserts: Mapping[Table, Rows], step: _Steps, only: tuple[str, ...] = ()
) -> Iterator[dict[Table, Stage]]:
    """Temporary tables with what is to be inserted; they take no lock on the file and go at the end."""
    connection.execution_options(begin="BEGIN")
    with connection.begin():
        stages = {table: _stage(connection, table, rows, step, only) for table, rows in inserts.items()}
    connection.execution_options(begin="BEGIN IMMEDIATE")
    try:
        yield stages
    finally:
        if not connection.invalidated:  # the stages go with a connection that was lost
            connection.execution_options(begin="BEGIN")
            with connection.begin():
                for stage, _query in stages.values():
                    stage.drop(connection)
            connection.execution_options(begin="BEGIN IMMEDIATE")


def _stage(connection: Connection, table: Table, rows: Rows, step: _Steps, only: tuple[str, ...]) -> Stage:
    """`only`: of these columns alone, for a stage that is not inserted."""
    same, columns = _columns(connection, [c for c in table.columns if not only or c.name in only], rows)
    stage = Table(
        f"stage_{table.name}",
        MetaData(),
        *(Column(name, table.c[name].type) for name in columns),
        prefixes=["TEMPORARY"],
    )
    stage.create(connection)
    statement = str(insert(stage).compile(connection))
    for part in _parts(list(zip(*columns.values(), strict=True)), step):
        connection.exec_driver_sql(statement, part)
    kept = [c for c in table.columns if not only or c.name in only]
    whole = [literal(same[c.name], c.type) if c.name in same else stage.c[c.name] for c in kept]
    return stage, select(*whole)


def _columns(
    connection: Connection, columns: Iterable[Column[Any]], rows: Rows
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The columns in which all rows hold the same object, as that; the others as values that the driver takes.

    What a row leaves out is the column's default. An object is converted once, however many rows it stands in:
    SQLAlchemy, which goes by the cell, takes three times as long.
    """
    same: dict[str, Any] = {}
    found: dict[str, list[Any]] = {}
    for column in columns:
        name, missing = column.name, default(column)
        values = [row.get(name, missing) for row in rows]
        objects = dict(zip(map(id, values), values, strict=True))
        if len(objects) == 1 and name != "id":
            same[name] = values[0]
            continue
        convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if convert is not None:
            known = {key: convert(value) for key, value in objects.items()}
            values = [known[key] for key in map(id, values)]
        found[name] = values
    return same, found


def default(column: Column[Any]) -> Any:
    """What a new row holds where nothing is given: the column's constant, else None."""
    return column.default.arg if column.default is not None and column.default.is_scalar else None  # type: ignore[attr-defined]


def _delete(connection: Connection, deletes: Mapping[Table, Sequence[uuid.UUID]]) -> None:
    for table, keys in deletes.items():
        _all(connection, delete(table).where(table.c.id == bindparam("key")), [{"key": key} for key in keys])


def _update(connection: Connection, updates: Updates) -> None:
    grouped: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}
    for table, rows in updates.items():
        for record_id, old, new in rows:
            values = {f"new_{k}": v for k, v in new.items()} | {f"old_{k}": old[k] for k in new}
            grouped.setdefault((table, tuple(new)), []).append({**values, "record": record_id})
    for (table, names), parameters in grouped.items():
        unchanged = [
            table.c[name].is_not_distinct_from(bindparam(f"old_{name}", type_=table.c[name].type))
            for name in names
            if not isinstance(table.c[name].type, JSON)  # PostgreSQL cannot compare it
        ]
        statement = update(table).where(table.c.id == bindparam("record"), *unchanged)
        _all(connection, statement.values({table.c[name]: bindparam(f"new_{name}") for name in names}), parameters)


def _all(connection: Connection, statement: Any, parameters: list[dict[str, Any]]) -> None:
    """Run it for each of the parameters; every one must find its record."""
    if connection.execute(statement, parameters).rowcount != len(parameters):
        raise Conflict(_("核对之后有记录被别人改动，本次没有写入任何数据。请重新核对文件后再导入。"), "E-CHANGED")
