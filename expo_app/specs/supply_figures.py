"""成果与需求 in figures: results and demands by region and field, and what was reported of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expo_app.model import Counted
from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class Part:
    """How many there are, with the query behind it; of them `samples` are marked 示例. Its value is never None."""

    figure: Figure
    samples: int

    @property
    def count(self) -> int:
        return int(self.figure.value or 0)


@dataclass(frozen=True)
class Reported:
    """What somebody published on a day: never computed, and never added to what was counted."""

    label: str
    count: int
    on_date: date
    source: str
    is_sample: bool


@dataclass(frozen=True)
class Line:
    """A region: a part for each field of the table, all of them together, and what was reported of the region."""

    key: str
    label: str
    parts: tuple[Part, ...]
    total: Part
    reported: Reported | None


@dataclass(frozen=True)
class HeatTable:
    """Regions × fields. `fields`: the names of the columns; "" those that name none.

    `others`: what was reported of something that is no line, no column and not the whole.
    """

    counted: Counted
    fields: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: tuple[Part, ...]
    total: Part
    reported_fields: tuple[Reported | None, ...]
    reported: Reported | None
    others: tuple[Reported, ...]

    @property
    def most(self) -> int:
        """The largest number of a cell."""
        return max((part.count for line in self.lines for part in line.parts), default=0)

    @property
    def has_reports(self) -> bool:
        return bool(self.reported or any(line.reported for line in self.lines) or any(self.reported_fields))


@dataclass(frozen=True)
class SupplyFigures:
    """Both tables, and the open calls among the demands."""

    results: HeatTable
    demands: HeatTable
    calls: Figure
    calls_overdue: Figure
    """Past their deadline without a solver; None where the day is not said."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What may be published."""
        return (self.results.total.figure, self.demands.total.figure, self.calls, self.calls_overdue)


@dataclass(frozen=True)
class SupplyReport:
    """What the sheet of results and demands is made from."""

    head: Head
    figures: SupplyFigures
