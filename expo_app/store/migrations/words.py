"""For revisions: enums that were kept by name become words with ids, in their tables and in what imports kept."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from expo_app.model import base

Ids = Mapping[tuple[uuid.UUID | None, str], uuid.UUID]
"""(expo or None for the file, the enum's name) → the word."""
KEY = base.Key()


def expos(connection: sa.Connection) -> list[uuid.UUID]:
    """Every expo of the file."""
    return list(connection.scalars(sa.select(sa.table("expo", sa.column("id", KEY)).c.id)))


def add(
    connection: sa.Connection, table: str, homes: Sequence[uuid.UUID | None], rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[uuid.UUID | None, str], uuid.UUID]:
    """Insert words for the file (home None) or for each of these expos; their ids by expo and key in capitals."""
    ids: dict[tuple[uuid.UUID | None, str], uuid.UUID] = {}
    columns = [sa.column("id", KEY), sa.column("expo_id", KEY)]
    names = sorted({"position"} | {name for row in rows for name in row})
    target = sa.table(table, *columns, *(sa.column(name, _kind(rows, name)) for name in names))
    for home in homes:
        for place, row in enumerate(rows):
            ids[home, row["key"].upper()] = key = base.new_id()
            connection.execute(target.insert().values({"id": key, "expo_id": home, "position": place, **row}))
    return ids


def _kind(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """JSON for lists, else what Python's value says."""
    return sa.JSON(none_as_null=True) if any(isinstance(row.get(name), list) for row in rows) else None


def keep_ids(connection: sa.Connection, table: str, old: str, new: str, ids: Ids) -> None:
    """`table.new` holds the id of the word that `table.old` names; so do the values that imports kept for an undo."""
    scoped = any(home is not None for home, _name in ids)
    columns: list[sa.ColumnClause[Any]] = [sa.column(old, sa.String()), sa.column(new, KEY)]
    columns += [sa.column("expo_id", KEY)] if scoped else []
    target = sa.table(table, *columns)
    for (home, name), key in ids.items():
        here = target.c[old] == name
        mine = here & (target.c.expo_id == home) if scoped else here
        connection.execute(target.update().where(mine).values({new: key}))
    _imports(connection, table, old, new, ids)


def _imports(connection: sa.Connection, table: str, old: str, new: str, ids: Ids) -> None:
    json_type = sa.JSON(none_as_null=True)
    row = sa.table(
        "import_row", sa.column("id", KEY), sa.column("batch_id", KEY), sa.column("table_name", sa.String()),
        sa.column("before", json_type), sa.column("after", json_type),
    )  # fmt: skip
    batch = sa.table("import_batch", sa.column("id", KEY), sa.column("expo_id", KEY))
    query = sa.select(row.c.id, row.c.before, row.c.after, batch.c.expo_id).select_from(
        row.join(batch, batch.c.id == row.c.batch_id)
    )
    for key, before, after, expo_id in connection.execute(query.where(row.c.table_name == table)).all():
        kept = {
            name: _renamed(values, old, new, expo_id, ids)
            for name, values in (("before", before), ("after", after))
            if values and old in values
        }
        if kept:
            connection.execute(row.update().where(row.c.id == key).values(kept))


def _renamed(values: Mapping[str, Any], old: str, new: str, expo_id: uuid.UUID, ids: Ids) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if name != old}
    word = ids.get((None, values[old])) or ids.get((expo_id, values[old]))
    return {**found, new: str(word) if word else None}
