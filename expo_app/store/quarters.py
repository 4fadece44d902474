"""Quarters of an hour, in SQL and in Python: what comings are counted by. A day begins on one in every time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SECONDS = 900


class quarter_of(FunctionElement[int]):  # noqa: N801  (an SQL function)
    """Quarters of an hour since the epoch of a moment."""

    type = BigInteger()
    inherit_cache = True
    name = "quarter_of"


@compiles(quarter_of, "sqlite")
def _quarter_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"(unixepoch({compiler.process(element.clauses, **words)}) / {SECONDS})"


@compiles(quarter_of, "postgresql")
def _quarter_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **words)}) / {SECONDS}) AS BIGINT)"


class seconds_of(FunctionElement[int]):  # noqa: N801  (an SQL function)
    """Whole seconds since the epoch of a moment."""

    type = BigInteger()
    inherit_cache = True
    name = "seconds_of"


@compiles(seconds_of, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"unixepoch({compiler.process(element.clauses, **words)})"


@compiles(seconds_of, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **words)})) AS BIGINT)"


def quarter_at(at: datetime) -> int:
    """`quarter_of` of an aware moment."""
    return int(at.timestamp() // SECONDS)


def minutes_of(quarter: int, zone: ZoneInfo) -> int:
    """Minutes since local midnight at which a quarter begins."""
    at = datetime.fromtimestamp(quarter * SECONDS, UTC).astimezone(zone)
    return at.hour * 60 + at.minute
