"""Values in the database that cannot be read, each by table, record and column; and a new value for one.

They are read as everything is read (`engines.guard_values`): what no statement can read is what is found here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, Numeric, String, Time, select
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.types import TypeDecorator

from expo_app.damaged import DamagedText, is_damaged
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Base, Fen, Key, Moment, Rate

AT_ONCE = 5_000
"""Rows held while a table is read through."""
LONGEST = 60
"""Characters of a damaged value that are shown."""


@dataclass(frozen=True)
class Damage:
    """One value: where it stands and what stands there. `record_id` is None where the key itself is damaged."""

    table: str
    record_id: uuid.UUID | None
    column: str
    found: str

    @property
    def place(self) -> str:
        """table.column id, as `doctor --mend` takes it."""
        return f"{self.table}.{self.column} {self.record_id or '?'}"


def damages(connection: Connection) -> Iterator[Damage]:
    """Every value that cannot be read, table by table."""
    for table in Base.metadata.sorted_tables:
        rows = connection.execute(select(table), execution_options={"yield_per": AT_ONCE})
        names = list(rows.keys())
        at = names.index("id")
        for row in rows:
            for name, value in zip(names, row, strict=True):
                if is_damaged(value):
                    key = None if is_damaged(row[at]) else row[at]
                    yield Damage(table.name, key, name, _said(value))


def dangling(connection: Any) -> Iterator[Damage]:
    """Every reference of a SQLite file to a record that is not there, on the driver's own connection."""
    for table, rowid, _parent, number in connection.execute("PRAGMA foreign_key_check").fetchall():
        keys = {row[0]: row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
        column = keys[number]
        row = connection.execute(f"SELECT id, {column} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()  # noqa: S608
        if _is_key(row[1]):  # what is no key at all is found among the values
            own = uuid.UUID(bytes=row[0]) if _is_key(row[0]) else None
            yield Damage(table, own, column, str(uuid.UUID(bytes=row[1])))


def _is_key(raw: object) -> bool:
    return isinstance(raw, bytes) and len(raw) == 16


def _said(value: DamagedText) -> str:
    text = value.raw if isinstance(value.raw, str) else repr(value.raw)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def column_of(place: str) -> Column[Any]:
    """The column that `table.column` names; UserError where there is none."""
    table, _dot, name = place.partition(".")
    known = Base.metadata.tables.get(table)
    if known is None or name not in known.c or name == "id":
        words = _("没有“{place}”这一列，没有改动任何数据。应写成 doctor 说的那样：表.列。")
        raise UserError(words.format(place=place), "E-MEND")
    return known.c[name]


def read_value(column: Column[Any], text: str) -> Any:
    """The value of a column from what a person typed: "" for none, the name of a word, ISO 8601 for days and moments
    (UTC), yuan for money, JSON for lists. UserError where it is none, or the column needs one.
    """
    if text == "" and column.nullable:
        return None
    if text == "" and column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    try:
        value = _read(column.type, text)
        check = getattr(column.type, "check", None)
        if check:
            check(value)
    except (ValueError, LookupError, InvalidOperation):
        words = _("“{text}”不是“{column}”能存的值，没有改动任何数据。{kind}")
        said = words.format(text=text, column=f"{column.table.name}.{column.name}", kind=_kind(column.type))
        raise UserError(said.strip(), "E-MEND") from None
    return value


def _read(kind: Any, text: str) -> Any:
    if isinstance(kind, SqlEnum):
        known = {word: member for member in kind.python_type for word in (member.name, member.label)}
        return known[text.upper() if text.isascii() else text]
    if isinstance(kind, Key):
        return uuid.UUID(text)
    if isinstance(kind, Fen):
        fen = Decimal(text) * 100
        if fen != fen.to_integral_value():
            raise ValueError(text)
        return Decimal(text)
    if isinstance(kind, Rate):
        if round(Decimal(text), kind.places) != Decimal(text):
            raise ValueError(text)
        return Decimal(text)
    if isinstance(kind, Moment):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    for types, read in _READERS:
        if isinstance(inner, types):
            return read(text)
    return text


def _yes_no(text: str) -> bool:
    return {"1": True, "是": True, "true": True, "0": False, "否": False, "false": False}[text.lower()]


_READERS: tuple[tuple[type, Any], ...] = (
    (JSON, json.loads),
    (Boolean, _yes_no),
    (Date, date.fromisoformat),
    (DateTime, datetime.fromisoformat),
    (Time, time.fromisoformat),
    (Integer, int),
    (Numeric, Decimal),
    (String, str),
)


def _kind(kind: Any) -> str:
    """What a column takes, in a few words; "" where there is nothing to say."""
    if isinstance(kind, SqlEnum):
        return _("可填：{choices}。").format(choices="、".join(member.label for member in kind.python_type))
    if isinstance(kind, Moment | Date | Time):
        return _("日期和时刻应如 2026-05-21 或 2026-05-21T09:00+08:00。")
    return ""
