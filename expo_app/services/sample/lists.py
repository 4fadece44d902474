"""The lists of the sample: one CSV file each in `resources/sample/`, with the columns that an export has.

A file called after a list that an area registers goes in with `build`, by the road of everybody's records; nothing
else is to be done for it. A header that is no column of the list is a column of its table.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Table, select

from expo_app import paths, registry
from expo_app.model import AgendaEntry, Base, Desk, Expo, Gate, GateCategory, HallFeature, new_id
from expo_app.model.base import Moment
from expo_app.services.people import person_of
from expo_app.services.record_writer import Writer, find_by, write_rows
from expo_app.specs import CATEGORIES, EXPOS, GATES, HALLS, ORGANISATIONS, PROGRAMME, Field, RecordSpec
from expo_app.specs.records import by_name
from expo_app.store.staging import default

ZONE = ZoneInfo("Asia/Shanghai")
YES = "是"
SEPARATOR = "、"
LATER = frozenset(
    {"deals", "contracts", "tasks", "milestones", "complaints", "scores", "pitch_comments", "interests", "meetings",
     "standby"}
)  # fmt: skip
"""Lists that are entered in the course of the expo."""
MADE_BY_ITSELF = {"gates": select(Gate.id).where(Gate.is_default), "desks": select(Desk.id)}
"""An expo has an entrance and a desk from its first moment: the first row of the file says what they are. Rows with
the name of one that came with a room say more of it."""
PARTS: tuple[tuple[str, type[Base], Mapping[str, RecordSpec]], ...] = (
    ("hall_features", HallFeature, {"hall_id": HALLS}),
    ("agenda_entries", AgendaEntry, {"item_id": PROGRAMME}),
    ("gate_categories", GateCategory, {"gate_id": GATES, "category_id": CATEGORIES}),
)
"""Files of what hangs on records and is no list: its table, and the columns that name the records."""

Values = dict[str, Any]


def file_of(name: str) -> Path:
    """The file of that name without its suffix."""
    return paths.resource("sample", f"{name}.csv")


def read(spec: RecordSpec, path: Path | None = None) -> list[Values]:
    """The rows of a file, by default that of the list, as values by field name; an empty cell gives none."""
    return _read(path or file_of(spec.name), spec.table, spec.fields)


def _read(path: Path, table: Table, fields: tuple[Field, ...] = ()) -> list[Values]:
    with path.open(encoding="utf-8", newline="") as handle:
        headers, *rows = csv.reader(handle)
    known = {f"{f.label}（{f.unit}）" if f.unit else f.label: f for f in fields}
    readers: list[tuple[str, Callable[[str], Any]]] = [
        (known[text].name, cache(partial(known[text].parse, zone=ZONE)))
        if text in known
        else (text, _plain(table.c[text]))
        for text in headers
    ]
    return [{name: parse(cell) for (name, parse), cell in zip(readers, row, strict=True) if cell} for row in rows]


def _plain(column: Column[Any]) -> Callable[[str], Any]:
    """How a cell of a column without a field is read; what refers to a record stays its name."""
    if column.foreign_keys:
        return str
    if isinstance(column.type, JSON):
        return lambda text: text.split(SEPARATOR)
    if isinstance(column.type, Moment):
        return lambda text: datetime.fromisoformat(text).replace(tzinfo=ZONE)
    kind = column.type.python_type
    if kind is bool:
        return lambda text: text == YES
    return kind.__getitem__ if issubclass(kind, Enum) else kind


def read_plain(name: str, table: Table) -> list[Values]:
    """The rows of a file whose headers are columns of a table; what refers to a record is its name."""
    return _read(file_of(name), table)


def insert(writer: Writer, table: Table, rows: Iterable[Values]) -> None:
    """Write rows past any list, each with whatever it does not say."""
    blank = {column.name: default(column) for column in table.c}
    writer.insert(table, [{**blank, **row, "id": new_id()} for row in rows])


def load() -> list[tuple[RecordSpec, list[Values]]]:
    """Every list that has a file, each behind those it refers to."""
    return [(spec, read(spec)) for spec in _in_order() if file_of(spec.name).exists()]


def _in_order() -> Iterator[RecordSpec]:
    registered = [entry.spec for area in registry.areas() for entry in area.lists]
    done: set[str] = set()

    def visit(spec: RecordSpec) -> Iterator[RecordSpec]:
        if spec.name in done or spec.name in LATER:
            return
        done.add(spec.name)
        needed = [field.ref for field in spec.fields if field.ref]
        needed += [parent.spec for parent in (spec.parents or {}).values()]
        needed += [EXPOS.name] if spec.scope or spec.scope_filter else []
        for name in needed:
            yield from visit(by_name(name))
        yield spec

    for spec in (ORGANISATIONS, EXPOS, *registered):
        yield from visit(spec)


def write(writer: Writer, spec: RecordSpec, rows: list[Values]) -> None:
    """Write the rows of a list; whatever does not say otherwise is marked as sample."""
    if "is_sample" in spec.table.c:
        rows = [{"is_sample": True, **row} for row in rows]
    if spec.name == "speakers":
        rows = [{**row, "person_id": _speaker(writer, row)} for row in rows]
    ids = {}
    if (first := MADE_BY_ITSELF.get(spec.name)) is not None:
        named = find_by(writer, spec, spec.natural, {row[spec.natural] for row in rows})
        ids = {n: named.get(row[spec.natural]) for n, row in enumerate(rows)} | dict(
            enumerate(writer.session.scalars(first))
        )
    written = write_rows(writer, spec, [(ids.get(n), row, n + 2) for n, row in enumerate(rows)])
    if spec is EXPOS:
        writer.expo = writer.session.get_one(Expo, written[0])


def add_missing(writer: Writer, bodies: Iterable[Values]) -> None:
    """Write the organisations whose names are not there yet."""
    named = {row["name"]: row for row in bodies}
    known = find_by(writer, ORGANISATIONS, "name", named)
    write(writer, ORGANISATIONS, [row for name, row in named.items() if name not in known])


def _speaker(writer: Writer, row: Values) -> Any:
    return person_of(writer, {"name": row["person"], "organisation_id": row["organisation"]})


def write_parts(writer: Writer) -> None:
    """Write what hangs on records and is no list."""
    for name, model, links in PARTS:
        table = model.__table__
        rows = _read(file_of(name), table)
        for link, spec in links.items():
            ids = find_by(writer, spec, spec.natural, {row[link] for row in rows})
            rows = [{**row, link: ids[row[link]]} for row in rows]
        insert(writer, table, rows)
