"""成果 → 路演 → 意向 → 签约 → 登记 → 落地: how a record came about and what became of it, as plain data."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Linked:
    """A record in the chain. `spec`: its kind; `note`: how it stands; `on`: its local day.

    `is_there` False: the step was not reached, and the record is where that would be done; `is_void`: it came to
    nothing (已作废, 终止, 流拍).
    """

    spec: str
    id: uuid.UUID
    title: str
    note: str = ""
    on: date | None = None
    is_there: bool = True
    is_void: bool = False


@dataclass(frozen=True)
class Link:
    """A step of the chain. `missing`: what is said where it has no records; `new`: kind and first values of a record
    that would fill it; `is_here`: the record whose chain this is."""

    key: str
    words: str
    records: tuple[Linked, ...] = ()
    missing: str = ""
    new: tuple[str, Mapping[str, Any]] | None = field(default=None, hash=False)
    is_here: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the step was reached by anything that holds."""
        return any(one.is_there and not one.is_void for one in self.records)

    @property
    def is_void(self) -> bool:
        """Whether all that reached it came to nothing."""
        reached = [one for one in self.records if one.is_there]
        return bool(reached) and all(one.is_void for one in reached)
