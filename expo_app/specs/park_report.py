"""What the report of a park is made from: figures with their sources, cases by name, what was granted, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expo_app.model import SupportKind, SupportState, TaskState
from expo_app.specs.park_shown import ParkCard, Point, TenantRow
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class Granted:
    """Something granted to a tenant; `amount` in yuan."""

    tenant: str
    kind: SupportKind
    title: str
    amount: Decimal | None
    granted_on: date | None
    valid_until: date | None
    state: SupportState


@dataclass(frozen=True)
class OpenTask:
    """Follow-up that is not done."""

    tenant: str
    title: str
    assignee: str
    due_on: date | None
    state: TaskState


@dataclass(frozen=True)
class TorchRow:
    """A tenant at a date in the Torch form. `values` by the names of lists, money in yuan; `figures` likewise."""

    name: str
    credit_code: str
    industry: str
    moved_in: str
    is_graduate: bool
    graduated: str
    """The day, "" where it is not known."""
    values: Mapping[str, Any]
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class ParkPart:
    """One park. `reports`: figure → every report of it, in the order of the figures."""

    card: ParkCard
    reports: Sequence[tuple[str, Point]]
    tenants: Sequence[TenantRow]
    granted: Sequence[Granted]
    tasks: Sequence[OpenTask]
    torch: Sequence[TorchRow]

    @property
    def is_bare(self) -> bool:
        """Whether no figure, tenant or event of it is known."""
        return not any(self.card.totals.values()) and not (self.tenants or self.granted or self.tasks)


@dataclass(frozen=True)
class ParkReport:
    """The report of one park or of all; `sees_money` says whether its reader may see what a tenant earns."""

    head: Head
    parts: Sequence[ParkPart]
    today: date
    sees_money: bool
