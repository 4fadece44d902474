"""Exhibitors and area: what `services.statistics.exhibition` counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from expo_app.specs.figures import Figure, Trace


@dataclass(frozen=True)
class ExhibitorPart:
    """Main exhibitors of one region, industry or city: how many, how many arrived, their booths' square metres.

    `trace`: those who arrived, where the dashboard shows the part.
    """

    key: str
    label: str
    count: int
    arrived: int
    area: Decimal
    trace: Trace | None = None
    colour: str = "cat.service"
    """The token it is shown in."""


@dataclass(frozen=True)
class Exhibition:
    """Exhibitors under contract. `regions` are the reporting groups; `cities` roll 昆山 and 太仓 up to 苏州."""

    exhibitors: Figure
    arrived: Figure
    co_exhibitors: Figure
    services: Figure
    services_arrived: Figure
    net_area: Figure
    raw_area: Figure
    raw_share: Figure
    booths: Figure
    applications: Figure
    regions: tuple[ExhibitorPart, ...]
    cities: tuple[ExhibitorPart, ...]
    industries: tuple[ExhibitorPart, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.exhibitors, self.arrived, self.co_exhibitors, self.services, self.services_arrived,
            self.net_area, self.raw_area, self.raw_share, self.booths, self.applications,
        )  # fmt: skip
