"""What experts' points come to: each expert's weighted share of the most there is, and the mean of the experts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
LEAST_RANKED = 2


@dataclass(frozen=True)
class Criterion:
    """What is scored by: `maximum` points at most, counted `weight` times. None: it cannot be read."""

    id: uuid.UUID
    name: str
    maximum: int | None
    weight: int | None


@dataclass(frozen=True)
class Mean:
    """`value`: 0–100, two places; None: nobody scored by every criterion. `experts` are in it, `unfinished` are not."""

    value: Decimal | None = None
    experts: int = 0
    unfinished: int = 0

    @property
    def shown(self) -> str:
        """The value as it is read: 86.50; — for none."""
        return "—" if self.value is None else f"{self.value:.2f}"


def total(criteria: Sequence[Criterion], points: Mapping[uuid.UUID, Decimal | None]) -> Fraction | None:
    """One expert's score of 0–100; None where a criterion is without points, or cannot be read.

    Each criterion's share of its maximum, weighed: a criterion of 20 points with weight 3 counts three times one of 100
    points with weight 1.
    """
    if not criteria:
        return None
    share, whole = Fraction(0), 0
    for criterion in criteria:
        given = points.get(criterion.id)
        if given is None or not criterion.maximum or not criterion.weight:
            return None
        share += Fraction(given) / criterion.maximum * criterion.weight
        whole += criterion.weight
    return share * 100 / whole


def mean(criteria: Sequence[Criterion], by_expert: Mapping[str, Mapping[uuid.UUID, Decimal | None]]) -> Mean:
    """What the experts who scored by every criterion think on average."""
    totals = [total(criteria, points) for points in by_expert.values()]
    done = [one for one in totals if one is not None]
    return Mean(rounded(sum(done, Fraction(0)) / len(done)) if done else None, len(done), len(totals) - len(done))


def averages(criteria: Sequence[Criterion], done: Sequence[Sequence[Decimal | None]]) -> tuple[Decimal | None, ...]:
    """What the experts in the mean gave on average by each criterion; `done`: the points of each of them."""
    if not done:
        return (None,) * len(criteria)
    columns = ([Fraction(given) for given in column if given is not None] for column in zip(*done, strict=True))
    return tuple(rounded(sum(column, Fraction(0)) / len(column)) if column else None for column in columns)


def ranks(values: Sequence[Decimal | None]) -> list[int | None]:
    """Places by the mean, the highest first; equal ones share a place (1, 2, 2, 4). None for one without, and for all
    where there is nothing to compare."""
    known = [value for value in values if value is not None]
    if len(known) < LEAST_RANKED:
        return [None] * len(values)
    return [None if value is None else 1 + sum(other > value for other in known) for value in values]


def rounded(exact: Fraction) -> Decimal:
    """To two places, half up, as people do it."""
    hundredths = (Decimal((exact * 100).numerator) / Decimal((exact * 100).denominator)).quantize(
        Decimal(1), ROUND_HALF_UP
    )
    return (hundredths / 100).quantize(CENT)
