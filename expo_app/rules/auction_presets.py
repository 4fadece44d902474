"""Commission by bands as court sales have it, for comparison; a voluntary auction agrees its own."""

from decimal import Decimal

COURT_BANDS: tuple[tuple[Decimal, Decimal], ...] = tuple(
    (Decimal(start), Decimal(percent))
    for start, percent in ((0, "5"), (2_000_000, "3"), (10_000_000, "2"), (50_000_000, "1"), (100_000_000, "0.5"))
)
"""From so many yuan on, so many percent of the part above, marginal (2020 judicial provisions on court auctions, art.
29)."""
CAP = Decimal(5)
"""Percent that each side pays at most where nothing is agreed, falling as the price rises (拍卖法 art. 56)."""
