"""成交快报: what was signed on one day and so far, by kind and place, each deal with its parties."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.model import PartyRole
from expo_app.specs.deals_figures import DealPart, DealTotals
from expo_app.specs.deals_report import DealLine
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class RegionPart:
    """Deals that a party of one place takes part in, each once, and what they come to in yuan."""

    key: str
    label: str
    count: int
    amount: Decimal | None


@dataclass(frozen=True)
class Side:
    """A party of a deal, with the place it is from."""

    role: PartyRole
    name: str
    region: str


@dataclass(frozen=True)
class DealDay:
    """Signed on one day and until its end, all of it first at this expo; what was signed before is named apart."""

    day: date
    totals: DealTotals
    first: Figure
    first_amount: Figure
    first_so_far: Figure
    first_amount_so_far: Figure
    intended: Figure
    intended_amount: Figure
    kinds: tuple[DealPart, ...]
    days: tuple[tuple[date, Decimal], ...]
    """Signed amount of each day until this one."""


@dataclass(frozen=True)
class DealsBulletin:
    """The bulletin of one day; `sides` of the deals by their ids."""

    head: Head
    figures: DealDay
    signed: tuple[DealLine, ...]
    """First signed at this expo on the day, the largest first."""
    prior: tuple[DealLine, ...]
    intended: tuple[DealLine, ...]
    """Every valid intention: they are of no day."""
    regions: tuple[RegionPart, ...]
    sides: Mapping[uuid.UUID, tuple[Side, ...]]
