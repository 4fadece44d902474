"""Size classes of contracts (金额档次), the mean of a contract, and what flows out of a place and into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from expo_app.i18n import N_

LARGE, VERY_LARGE = Decimal(5_000_000), Decimal(10_000_000)
"""Yuan from which the statistics name a contract large, and very large."""
CLASSES = (
    ("very_large", N_("1,000 万元及以上"), VERY_LARGE),
    ("large", N_("500 万至 1,000 万元（不含）"), LARGE),
    ("small", N_("500 万元以下"), Decimal(0)),
    ("negative", N_("低于 0 元（有误）"), Decimal("-Infinity")),
)
"""Key, words and lowest amount of each class, the largest first; every amount is in exactly one."""


def class_of(amount: Decimal | None) -> str:
    """The key of the class that an amount in yuan is in; "" without an amount."""
    return "" if amount is None else next(key for key, _words, least in CLASSES if amount >= least)


def mean(amount: Decimal | None, count: int) -> Decimal | None:
    """成交额 / 项数 in yuan, unrounded; None where there is nothing to divide."""
    return amount / count if amount is not None and count else None


def net_outputs(outputs: Mapping[str, Decimal], intakes: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """净输出 = 输出 − 吸纳 of every place that has one of the two.

    Their sum is all output less all intake: 0 where the places are all there are.
    """
    nothing = Decimal(0)
    return {key: outputs.get(key, nothing) - intakes.get(key, nothing) for key in dict.fromkeys((*outputs, *intakes))}


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
