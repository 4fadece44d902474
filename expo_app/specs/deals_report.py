"""What the ledger is printed from: plain data that `services.deals_report` reads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expo_app.model import DealKind, DealStage, Entry
from expo_app.specs.deals_figures import DealFigures
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class DealLine:
    """One deal of the ledger: `values` by field name of the spec of deals, and what decides where it is printed."""

    id: uuid.UUID
    values: Mapping[str, Any]

    @property
    def kind(self) -> DealKind:
        kind: DealKind = self.values["kind"]
        return kind

    @property
    def stage(self) -> DealStage:
        stage: DealStage = self.values["stage"]
        return stage

    @property
    def entry(self) -> Entry:
        entry: Entry = self.values["entry"]
        return entry

    @property
    def amount(self) -> Decimal | None:
        amount: Decimal | None = self.values["amount"]
        return amount

    @property
    def is_sample(self) -> bool:
        return bool(self.values["is_sample"])


@dataclass(frozen=True)
class DealsData:
    """The ledger in three parts that are never added together, and the figures of the same reading."""

    head: Head
    signed: tuple[DealLine, ...]
    intended: tuple[DealLine, ...]
    left_out: tuple[DealLine, ...]
    """Drafts, to be checked, void, terminated, and samples in a real expo."""
    figures: DealFigures
