"""Several queries by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from expo_app.damaged import readable


@dataclass(frozen=True)
class Part:
    """One of the queries, its columns of different names. `order`: what its rows are put in order by."""

    query: Select[Any]
    order: Sequence[Any]


def read_at_once(session: Session, parts: Mapping[str, Part]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each part, in its order: column → value."""
    if not parts:
        return {}
    tables = {
        name: part.query.add_columns(func.row_number().over(order_by=part.order).label("place")).subquery()
        for name, part in parts.items()
    }
    own = {name: [column for column in table.c if column.name != "place"] for name, table in tables.items()}
    rows = union_all(
        *(
            select(
                literal(name), table.c.place,
                *(
                    column if other == name else cast(null(), column.type).label(f"{other}_{at}")
                    for other, columns in own.items() for at, column in enumerate(columns)
                ),
            )
            for name, table in tables.items()
        )
    )  # fmt: skip
    starts, start = {}, 2
    for name, columns in own.items():
        starts[name] = start
        start += len(columns)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in parts}
    for row in sorted(session.execute(rows), key=lambda row: row[1]):
        columns, start = own[row[0]], starts[row[0]]
        found[row[0]].append({column.name: readable(row[start + at]) for at, column in enumerate(columns)})
    return found
