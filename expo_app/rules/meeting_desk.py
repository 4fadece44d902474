"""At the tables: which meeting somebody came for, and from when it may be said that a side did not come."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

EARLY = timedelta(minutes=30)
"""So long before its slot somebody is checked in for a meeting."""
LATE = timedelta(minutes=30)
"""So long after its slot they still are: a talk that runs over."""
GRACE = timedelta(minutes=5)
"""A side did not come once its slot has been over for so long, never before."""


OTHER = {"a": "b", "b": "a"}


def chairs(row: Mapping[str, Any]) -> dict[str, uuid.UUID]:
    """Who sits for each side of a meeting's row: for the one that did not come who stepped in."""
    found = {"a": row["a_id"], "b": row["b_id"]}
    return found | ({row["instead_of"]: row["instead_id"]} if row["instead_of"] else {})


@dataclass(frozen=True)
class Due:
    """A meeting of somebody, with a place and a time."""

    id: uuid.UUID
    place_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


def meant(due: Iterable[Due], now: datetime, place_id: uuid.UUID | None = None) -> Due | None:
    """The meeting somebody came for: at that table before others, running before near, the nearest of those."""
    near = [one for one in due if one.starts_at - EARLY <= now < one.ends_at + LATE]

    def order(one: Due) -> tuple[bool, bool, timedelta]:
        runs = one.starts_at <= now < one.ends_at
        return place_id is not None and one.place_id != place_id, not runs, abs(one.starts_at - now)

    return min(near, key=order, default=None)


def missed_from(ends_at: datetime) -> datetime:
    """From when a side that has not come did not come."""
    return ends_at + GRACE
