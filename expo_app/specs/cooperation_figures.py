"""Co-operation across regions as plain data: what was counted by year, flows between regions, published series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from expo_app.i18n import N_, Labelled
from expo_app.rules.cooperation_index import IndexYear
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.report_data import Head

FORMULA = N_("指数 = 100 ×（各部分当年数 ÷ 基年数）的平均值，各部分权数相同。")


class Part(Labelled):
    """What is counted, from where to where."""

    EXHIBITORS = N_("跨地区参展")
    DEALS = N_("跨地区成交")
    VOUCHERS = N_("跨地区用券")
    TENANTS = N_("跨地区入驻")


FLOWS = {
    Part.EXHIBITORS: N_("参展商所在地 → 举办地"),
    Part.DEALS: N_("卖方所在地 → 买方所在地"),
    Part.VOUCHERS: N_("出券地 → 机构所在地"),
    Part.TENANTS: N_("产业化地 → 研发地"),
}
"""What a row and a column of each matrix are."""


@dataclass(frozen=True)
class YearLine:
    """A year: how many of each part, None where nothing is known of it, and the index."""

    year: int
    counts: tuple[int | None, ...]
    """In the order of `Part`."""
    index: IndexYear
    traces: tuple[Trace | None, ...] = field(compare=False, repr=False)
    """The records of each count, None where there is none."""


@dataclass(frozen=True)
class FlowMatrix:
    """From regions (rows) to regions (columns); the diagonal is what stayed within one and is in no total."""

    part: Part
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    traces: Mapping[tuple[int, int], Trace] = field(compare=False, repr=False)
    """The records of a cell, by row and column."""

    @property
    def outgoing(self) -> tuple[int, ...]:
        """Of each row what went elsewhere."""
        return tuple(sum(row) - row[at] for at, row in enumerate(self.counts))

    @property
    def incoming(self) -> tuple[int, ...]:
        """Of each column what came from elsewhere."""
        return tuple(sum(row[at] for row in self.counts) - self.counts[at][at] for at in range(len(self.labels)))

    @property
    def total(self) -> int:
        """All that went from one region to another."""
        return sum(self.outgoing)


@dataclass(frozen=True)
class PublishedSeries:
    """An index as somebody published it, and the yearly rate between its end points."""

    name: str
    points: tuple[tuple[int, Decimal], ...]
    rate: Decimal | None
    source: str


@dataclass(frozen=True)
class Cooperation:
    """All of it. `base`: the base year, None where no year has anything; `unplaced`: records left out, by part,
    because a region or the year is not known."""

    figures: tuple[Figure, ...]
    base: int | None
    lines: tuple[YearLine, ...]
    matrices: tuple[FlowMatrix, ...]
    rate: Decimal | None
    """Yearly, from the base year to the last one with an index."""
    unplaced: tuple[tuple[Part, int], ...]
    published: tuple[PublishedSeries, ...]
    bases: tuple[int, ...]
    """Years that may be the base."""


@dataclass(frozen=True)
class CooperationReport:
    head: Head
    cooperation: Cooperation
