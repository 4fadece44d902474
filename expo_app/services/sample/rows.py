"""Rows gathered while the sample is put together, then written in the order their references ask for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, insert
from sqlalchemy.orm import Session

from expo_app.model import Base, Organisation, Person, new_id
from expo_app.rules.search_key import search_key

CHUNK = 1000
Row = dict[str, Any]
Progress = Callable[[int, int], None]


class Rows:
    """New records by table. `add` returns the row, whose `id` others may refer to at once."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[Row]] = {}
        self.organisations: dict[str, uuid.UUID] = {}
        """Ids by name."""

    def add(self, model: type[Base], **values: Any) -> Row:
        """A row with the model's defaults for whatever is not given."""
        row = {"id": new_id(), **_blank(model), **values}
        self._rows.setdefault(model, []).append(row)
        return row

    def of(self, model: type[Base]) -> list[Row]:
        """The rows of one table, in the order they were added."""
        return self._rows.get(model, [])

    def organisation(self, name: str, **values: Any) -> uuid.UUID:
        """The id of the body of that name, made with these values at first mention."""
        if name not in self.organisations:
            given = {"is_sample": True, **values}
            words = search_key(name, str(given.get("name_en", "")))[:600]
            row = self.add(Organisation, name=name, search_text=words, **given)
            self.organisations[name] = row["id"]
        return self.organisations[name]

    def person(self, name: str, **values: Any) -> uuid.UUID:
        """The id of a new person."""
        words = search_key(name, phone=values.get("phone"))[:400]
        row: Row = self.add(Person, **{"name": name, "search_text": words, "is_sample": True, **values})
        return row["id"]

    def write(self, session: Session, progress: Progress | None = None) -> None:
        """Insert everything; `progress(rows done, all rows)` may raise to stop."""
        total, done = sum(map(len, self._rows.values())), 0
        order = {table: n for n, table in enumerate(Base.metadata.sorted_tables)}
        for model in sorted(self._rows, key=lambda m: order[m.__table__]):
            rows = self._rows[model]
            for start in range(0, len(rows), CHUNK):
                if progress:
                    progress(done, total)
                _insert(session, model, rows[start : start + CHUNK])
                done += len(rows[start : start + CHUNK])
        if progress:
            progress(total, total)


def _insert(session: Session, model: type[Base], rows: list[Row]) -> None:
    """An empty JSON column is left out, so that it is NULL and not JSON's null."""
    empty = {c.name for c in model.__table__.c if isinstance(c.type, JSON)}
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        kept = {k: v for k, v in row.items() if v is not None or k not in empty}
        alike.setdefault(tuple(kept), []).append(kept)
    for group in alike.values():
        session.execute(insert(model.__table__), group)


@lru_cache
def _blank(model: type[Base]) -> Row:
    return {
        c.name: c.default.arg if c.default is not None and c.default.is_scalar else None  # type: ignore[attr-defined]
        for c in model.__table__.c
        if c.name != "id"
    }
