"""How the price of a service is split between a voucher and the company: whole fen, both parts adding up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
LIMITS = ("per_use", "per_year", "budget", "voucher")
"""What may cut a share, in the order in which of two equal ones is named."""


@dataclass(frozen=True)
class Split:
    """`share` (券付) and `own`, the rest, in yuan; together the basis. `bites`: which limit cut it, "" for none."""

    share: Decimal
    own: Decimal
    bites: str = ""


def own_part(rest: Decimal, support: Decimal | None) -> Decimal:
    """What the company pays itself (自付) of the rest that the voucher leaves, less what other public money pays."""
    return max(NOTHING, rest - (support or NOTHING))


def split(basis: Decimal, rate: Decimal, limits: Mapping[str, Decimal | None]) -> Split:
    """The voucher's share of `basis` yuan at `rate` percent, cut down to the fen, and the rest.

    `limits`: what is left of each of `LIMITS` in yuan, None where there is no such limit; one below nought is used up.
    """
    share = min(basis, max(NOTHING, (basis * rate / 100).quantize(FEN, ROUND_DOWN)))
    bites = ""
    for name in LIMITS:
        most = limits.get(name)
        if most is not None and most < share:
            share, bites = max(NOTHING, most.quantize(FEN, ROUND_DOWN)), name
    return Split(share, basis - share, bites)
