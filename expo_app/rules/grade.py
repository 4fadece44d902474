"""Thresholds of exhibition grades, as data: what a standard asks of each criterion. Nothing is graded by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from expo_app.i18n import N_

STANDARD, BESIDE = "SB/T 10358-2012", "GB/T 35659-2017"
"""The standard whose thresholds are known, and the one beside it, whose are not: its text was not at hand."""
NET_AREA, RAW_SHARE, EDITIONS, SATISFIED = "net_area", "raw_share", "editions", "satisfied"


@dataclass(frozen=True)
class Criterion:
    """What a grade looks at, by the name of its figure."""

    name: str
    label: str


@dataclass(frozen=True)
class Grade:
    """A grade and the least value of each criterion: square metres, shares of 0 to 1, a number of editions."""

    name: str
    least: Mapping[str, Decimal]


CRITERIA = (
    Criterion(NET_AREA, N_("展出净面积")),
    Criterion(RAW_SHARE, N_("特装面积比")),
    Criterion(EDITIONS, N_("已办届数")),
    Criterion(SATISFIED, N_("参展商满意率")),
)
GRADES = (
    Grade(
        "AAA", {NET_AREA: Decimal(10_000), RAW_SHARE: Decimal("0.5"), EDITIONS: Decimal(6), SATISFIED: Decimal("0.8")}
    ),
    Grade(
        "AA", {NET_AREA: Decimal(8_000), RAW_SHARE: Decimal("0.4"), EDITIONS: Decimal(4), SATISFIED: Decimal("0.75")}
    ),
)


def is_met(value: int | Decimal | None, least: Decimal) -> bool | None:
    """Whether a value reaches what a grade asks; None where it is not known."""
    return None if value is None else Decimal(value) >= least
