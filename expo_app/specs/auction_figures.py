"""Auctions in figures: what `services.statistics.auction` counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from expo_app.specs.figures import Figure, ratio


@dataclass(frozen=True)
class AuctionLine:
    """One session. Run here: counted from its lots, called ones alone; else `is_reported`, with `source`; None is not
    known. Amounts in yuan. `started`: the sum of the start prices of what was sold and had one, `raised` their prices.
    """

    id: uuid.UUID
    title: str
    called: str
    expo: str
    starts_at: datetime | None
    is_reported: bool
    source: str
    is_sample: bool
    lots: int | None
    sold: int | None
    passed: int | None
    defaulted: int | None
    withdrawn: int | None
    amount: Decimal | None
    started: Decimal | None = None
    raised: Decimal | None = None

    @property
    def is_told(self) -> bool:
        """Whether anything was counted or reported of it."""
        return any(value is not None for value in (self.lots, self.sold, self.amount))

    @property
    def rate(self) -> Decimal | None:
        """Sold of called, 0 to 1."""
        return ratio(self.sold, self.lots)

    @property
    def premium(self) -> Decimal | None:
        """How much more than the start prices was bid, as a share of them."""
        if self.started is None or self.raised is None:
            return None
        return ratio(self.raised - self.started, self.started)


@dataclass(frozen=True)
class AuctionFigures:
    """The sessions of an expo that were run here, added up, or one of them; each by itself, reported ones too; earlier
    ones."""

    lots: Figure
    sold: Figure
    passed: Figure
    defaulted: Figure
    rate: Figure
    amount: Figure
    premium: Figure
    lines: tuple[AuctionLine, ...]
    earlier: tuple[AuctionLine, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.lots, self.sold, self.passed, self.defaulted, self.rate, self.amount, self.premium)
