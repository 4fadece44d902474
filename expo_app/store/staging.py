"""Large writes that hold the write lock only for a moment, so that a desk never waits.

Rows go to temporary tables first: on SQLite those live in memory and lock nothing. One short transaction then
moves them in. PostgreSQL locks rows, not the file, and needs no stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, bindparam, insert, select, update

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Base
from expo_app.store.database import Database, translated

Rows = Sequence[Mapping[str, Any]]
CHUNK = 1000


def write(
    db: Database,
    inserts: Mapping[Table, Rows],
    updates: Mapping[Table, Sequence[tuple[Any, Mapping[str, Any], Mapping[str, Any]]]],
    also: Callable[[Connection], None] = lambda connection: None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Insert `table → rows` and update `table → (id, old, new values)` in one transaction; `also` runs inside it.

    Conflict, with nothing written, when a record to update no longer holds its old values.
    """
    order = [table for table in Base.metadata.sorted_tables if table in inserts]
    total = sum(map(len, inserts.values())) + sum(map(len, updates.values()))
    step = _Steps(progress, total)
    with translated(), db.writer.connect() as connection:
        if not db.is_sqlite:
            with db.written(connection):
                for table in order:
                    _in_chunks(connection, insert(table), inserts[table], step)
                for table, rows in updates.items():
                    _update(connection, table, rows)
                also(connection)
            return
        connection.execution_options(begin="BEGIN")
        with connection.begin():
            stages = {table: _stage(connection, table, inserts[table], step) for table in order}
        connection.execution_options(begin="BEGIN IMMEDIATE")
        try:
            with db.written(connection):
                for table, stage in stages.items():
                    names = [column.name for column in stage.columns]
                    connection.execute(insert(table).from_select(names, select(stage)))
                for table, rows in updates.items():
                    _update(connection, table, rows)
                also(connection)
        finally:
            if not connection.invalidated:  # the stages go with a connection that was lost
                connection.execution_options(begin="BEGIN")
                with connection.begin():
                    for stage in stages.values():
                        stage.drop(connection)
                connection.execution_options(begin="BEGIN IMMEDIATE")


class _Steps:
    def __init__(self, progress: Callable[[int, int], None] | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def advance(self, n: int) -> None:
        self.done += n
        if self.progress:
            self.progress(self.done, self.total)


def _stage(connection: Connection, table: Table, rows: Rows, step: _Steps) -> Table:
    """A temporary copy of the table's columns, filled; it takes no lock on the file."""
    columns = [Column(column.name, column.type) for column in table.columns]
    stage = Table(f"stage_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    stage.create(connection)
    _in_chunks(connection, insert(stage), rows, step)
    return stage


def _in_chunks(connection: Connection, statement: Any, rows: Rows, step: _Steps) -> None:
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        connection.execute(statement, part)
        step.advance(len(part))


def _update(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    grouped: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record_id, old, new in rows:
        values = {f"new_{k}": v for k, v in new.items()} | {f"old_{k}": old[k] for k in new}
        grouped.setdefault(tuple(new), []).append({**values, "key": record_id})
    for names, parameters in grouped.items():
        unchanged = [
            table.c[name].is_not_distinct_from(bindparam(f"old_{name}", type_=table.c[name].type))
            for name in names
            if not isinstance(table.c[name].type, JSON)  # PostgreSQL cannot compare it
        ]
        statement = update(table).where(table.c.id == bindparam("key"), *unchanged)
        done = connection.execute(
            statement.values({table.c[name]: bindparam(f"new_{name}") for name in names}), parameters
        )
        if done.rowcount != len(parameters):
            raise Conflict(_("核对之后有记录被别人改动，本次没有写入任何数据。请重新核对文件后再导入。"), "E-CHANGED")
