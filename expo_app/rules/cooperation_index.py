"""An index of co-operation: parts of a year beside those of a base year, and the yearly rate between two end points.

    I(t) = 100 × mean over the parts k of  x_k(t) ÷ x_k(base)

A part that the base year has nothing of says nothing and is left out of every year; one that is not known of a year is
left out of that year, and the year says so. All parts weigh the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

BASE = Decimal(100)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class IndexYear:
    """A year of the index. `value` None: nothing to work it out from; `left_out`: parts not known of this year."""

    year: int
    value: Decimal | None
    left_out: tuple[str, ...] = ()


def index_of(parts: Mapping[str, Mapping[int, int]], years: Collection[int], base: int) -> tuple[IndexYear, ...]:
    """The index of each year, to two decimals, halves up; `parts`: part → year → count, a missing year not known."""
    counted = {name: of_years for name, of_years in parts.items() if of_years.get(base)}
    return tuple(_year(counted, year, base) for year in sorted(years))


def _year(parts: Mapping[str, Mapping[int, int]], year: int, base: int) -> IndexYear:
    ratios = [Decimal(of_years[year]) / of_years[base] for of_years in parts.values() if year in of_years]
    left_out = tuple(name for name, of_years in parts.items() if year not in of_years)
    if not ratios:
        return IndexYear(year, None, left_out)
    value = BASE * sum(ratios, Decimal(0)) / len(ratios)
    return IndexYear(year, value.quantize(HUNDREDTH, ROUND_HALF_UP), left_out)


def yearly_rate(first: Decimal, last: Decimal, years: int) -> Decimal | None:
    """The rate by which `first` becomes `last` in so many years, 0.0867 for 8.67 %; None where there is none."""
    if years <= 0 or first <= 0 or last <= 0:
        return None
    with localcontext() as context:
        context.prec = 28
        return (Decimal(last) / Decimal(first)) ** (Decimal(1) / years) - 1


def shown_rate(rate: Decimal | None, places: int = 2) -> str:
    """A rate in percent, halves up: 8.67 %; None is —."""
    if rate is None:
        return "—"
    return f"{(rate * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f} %"
