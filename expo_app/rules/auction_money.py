"""What is owed after the hammer, in exact yuan: commission by bands, money over lots, what a first buyer owes, terms.

Commission is what a side pays the house; it never is part of a price (拍卖法 art. 56).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from expo_app.rules.auction_presets import CAP

FEN, NOTHING = Decimal("0.01"), Decimal(0)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Tier:
    """From so many yuan on, so many percent of the part above, up to the next tier."""

    from_amount: Decimal
    percent: Decimal


def commission(price: Decimal, tiers: Sequence[Tier], *, is_agreed: bool = True) -> Decimal:
    """What one side pays of a hammer price, marginal, half up to the fen; without tiers nothing.

    Where nothing was agreed it is never more than the `cap` of that price.

    >>> court = [Tier(Decimal(0), Decimal(5)), Tier(Decimal(2_000_000), Decimal(3))]
    >>> commission(Decimal(3_000_000), court)
    Decimal('130000.00')
    """
    rising = sorted(tiers, key=lambda tier: tier.from_amount)
    ends = (*(tier.from_amount for tier in rising[1:]), price)
    parts = (
        max(NOTHING, min(price, end) - tier.from_amount) * tier.percent
        for tier, end in zip(rising, ends, strict=bool(rising))
    )  # fmt: skip
    whole = (sum(parts, NOTHING) / 100).quantize(FEN, ROUND_HALF_UP)
    return whole if is_agreed else min(whole, cap(price))


def cap(price: Decimal) -> Decimal:
    """5 % of a price: what a side pays at most where nothing was agreed, never a fen above (art. 56)."""
    return (price * CAP / 100).quantize(FEN, ROUND_DOWN)


def is_capped(price: Decimal, tiers: Sequence[Tier], is_agreed: bool) -> bool:
    """Whether the cap took something off the commission."""
    return commission(price, tiers) > commission(price, tiers, is_agreed=is_agreed)


def tier_no(price: Decimal, tiers: Sequence[Tier]) -> int:
    """Which tier a price reaches, the first is 1; 0 where there is none."""
    return sum(tier.from_amount < price or tier.from_amount == 0 for tier in tiers)


def covered(available: Decimal, needs: Sequence[Decimal]) -> list[Decimal]:
    """How much of each need an amount pays, one after the other; nothing is ever paid twice."""
    left, found = max(available, NOTHING), []
    for need in needs:
        part = min(left, max(need, NOTHING))
        found.append(part)
        left -= part
    return found


@dataclass(frozen=True, slots=True)
class Claim:
    """What a first buyer owes after a resale (art. 39): both commissions of the first sale, and the shortfall."""

    seller_commission: Decimal
    buyer_commission: Decimal
    shortfall: Decimal

    @property
    def total(self) -> Decimal:
        return self.seller_commission + self.buyer_commission + self.shortfall


def claim(first: Decimal, again: Decimal | None, seller: Decimal, buyer: Decimal) -> Claim:
    """`first`, `again`: hammer prices of the first sale and the resale, None: not sold again yet; `seller`, `buyer`:
    the commissions of the first sale. Without a second sale there is no shortfall to be known.
    """
    return Claim(seller, buyer, NOTHING if again is None else max(NOTHING, first - again))


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a term; `unknown_year`: one whose holidays nobody entered, weekends alone were skipped."""

    day: date
    unknown_year: int | None = None


def working_days(start: date, days: int, holidays: Mapping[date, bool]) -> Term:
    """The working day that is so many after `start`. `holidays`: day → whether it is worked all the same."""
    known = {day.year for day in holidays}
    day, left, years = start, days, {start.year}
    while left > 0:
        day += timedelta(1)
        years.add(day.year)
        left -= holidays.get(day, day.weekday() < SATURDAY)
    return Term(day, next((year for year in sorted(years) if year not in known), None))
