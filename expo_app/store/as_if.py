"""The database as it would be: temporary views over its tables, so that any query reads what is not written.

Nothing is locked against other writers, and the views go with the transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Boolean, Column, Connection, MetaData, Table, insert, text
from sqlalchemy.orm import Session

from expo_app.store.database import Database, translated

After = Mapping[Table, Mapping[uuid.UUID, Mapping[str, Any]]]
"""Table → record → the whole row as it would be."""
Gone = Mapping[Table, Collection[uuid.UUID]]
"""Table → records that would not be there."""


@contextmanager
def as_if(db: Database, after: After, gone: Gone) -> Iterator[Session]:
    """A session that reads the database as if these rows were `after`, and the records in `gone` were not there.

    A row of `after` that is not in the database is there too.
    """
    with snapshot(db) as session:
        show(session, after, gone)
        yield session


def show(session: Session, after: After, gone: Gone) -> None:
    """From here on a session of `snapshot` reads the database as `as_if` says: what it read before is of the same."""
    for table in {*after, *gone}:
        _shadow(session.connection(), table, after.get(table, {}), gone.get(table, ()))


@contextmanager
def snapshot(db: Database) -> Iterator[Session]:
    """A session that reads one state of the database, which `show` may change for it alone."""
    with translated(db.path), db.writer.connect() as connection:
        connection.execution_options(begin="BEGIN")  # on SQLite: no lock but a reader's
        if not db.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")  # until the pool has it back
        try:
            with connection.begin() as transaction:
                with Session(connection, autoflush=False) as session:
                    yield session
                transaction.rollback()
        finally:
            if not connection.invalidated:
                connection.execution_options(begin="BEGIN IMMEDIATE" if db.is_sqlite else None)


def _shadow(
    connection: Connection, table: Table, after: Mapping[uuid.UUID, Mapping[str, Any]], gone: Collection[uuid.UUID]
) -> None:
    """A view of the table's own name, which goes before it, over a temporary table of what differs."""
    names = [column.name for column in table.columns if column.name != "id"]
    stage = Table(
        f"as_if_{table.name}",
        MetaData(),
        Column("id", table.c.id.type, primary_key=True),
        Column("is_gone", Boolean),
        *(Column(name, table.c[name].type) for name in names),
        prefixes=["TEMPORARY"],
    )
    stage.create(connection)
    rows = [{**row, "is_gone": False} for row in after.values()]
    rows += [{"id": key, "is_gone": True, **dict.fromkeys(names)} for key in gone]
    connection.execute(insert(stage), rows)
    quote = connection.dialect.identifier_preparer.quote
    home = "main" if connection.dialect.name == "sqlite" else connection.scalar(text("SELECT current_schema()"))
    more = ", ".join(f"s.{c}" for c in map(quote, names))
    columns = (f"CASE WHEN s.id IS NULL THEN t.{c} ELSE s.{c} END AS {c}" for c in map(quote, names))
    connection.execute(
        text(
            f"CREATE TEMPORARY VIEW {quote(table.name)} AS SELECT t.id, {', '.join(columns)} "  # noqa: S608  (our own names)
            f"FROM {quote(home)}.{quote(table.name)} AS t LEFT JOIN {stage.name} AS s ON s.id = t.id "
            f"WHERE s.is_gone IS NULL OR NOT s.is_gone UNION ALL SELECT s.id, {more} FROM {stage.name} AS s "
            f"WHERE NOT s.is_gone AND s.id NOT IN (SELECT id FROM {quote(home)}.{quote(table.name)})"
        )
    )
