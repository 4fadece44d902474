"""Exhibitors and area: what `services.statistics.exhibition` counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from expo_app.rules.region_groups import RegionRule
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
    """Exhibitors under contract. `regions` are counted by the groups of `rule`, `cities` roll up as it says."""

    exhibitors: Figure
    arrived: Figure
    co_exhibitors: Figure
    """On another's stand, with people and products of their own."""
    exhibitors_all: Figure
    """Main and co-exhibitors together."""
    represented: Figure
    """Companies that others show: never in any total."""
    unproven: Figure
    """Co-exhibitors of which nobody said that people and products are their own."""
    services: Figure
    services_arrived: Figure
    net_area: Figure
    theme_area: Figure
    gross_area: Figure
    """As the organiser declares it; not known without."""
    net_share: Figure
    """Net of gross."""
    raw_area: Figure
    raw_share: Figure
    booths: Figure
    applications: Figure
    paid_area: Figure
    """Of the net area what is paid for; not known as long as no booth says."""
    declared: tuple[Figure, ...]
    """Net, paid and gross area as the organiser declares them."""
    regions: tuple[ExhibitorPart, ...]
    cities: tuple[ExhibitorPart, ...]
    industries: tuple[ExhibitorPart, ...]
    rule: RegionRule

    @property
    def areas(self) -> tuple[Figure, ...]:
        """All about the area: the booths' net and paid, then what is declared; the net one alone if no more is said."""
        is_said = any(figure.value is not None for figure in (self.paid_area, *self.declared))
        return (self.net_area, self.paid_area, *self.declared) if is_said else (self.net_area,)

    @property
    def lines(self) -> tuple[Figure, ...]:
        """Main exhibitors, co-exhibitors, both together, and represented companies, where there are any but main."""
        apart = (self.co_exhibitors, self.exhibitors_all, self.represented)
        return (self.exhibitors, *apart) if self.co_exhibitors.value or self.represented.value else (self.exhibitors,)

    @property
    def figures(self) -> tuple[Figure, ...]:
        theme = (self.theme_area,) if self.theme_area.value else ()
        shares = (self.net_share,) if self.net_share.value is not None else ()
        unproven = (self.unproven,) if self.unproven.value else ()
        return (
            self.exhibitors, self.arrived, self.co_exhibitors, self.exhibitors_all, self.represented, *unproven,
            self.services, self.services_arrived, *self.areas, *theme, *shares, self.raw_area, self.raw_share,
            self.booths, self.applications,
        )  # fmt: skip
