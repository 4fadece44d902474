"""Who came: what `services.statistics.attendance` counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expo_app.model import CountsAs
from expo_app.rules.counting import is_visitor
from expo_app.specs.figures import Figure


@dataclass(frozen=True)
class DayVisits:
    """One local day. `people`: everybody admitted at an entrance, once; `visits` and `trade_visits`: visitors alone."""

    day: date
    people: int
    visits: int
    trade_visits: int


@dataclass(frozen=True)
class HourVisits:
    """People whose first admission of the day fell into this local hour; `visits`: the visitors among them."""

    day: date
    hour: int
    people: int
    visits: int


@dataclass(frozen=True)
class CategoryPart:
    """One attendee category: registrations that were not cancelled, persons admitted, and their visits."""

    key: str
    label: str
    registered: int
    people: int
    visits: int
    counts_as: CountsAs
    colour: str
    """The token it is shown in."""

    @property
    def is_visitor(self) -> bool:
        return is_visitor(self.counts_as)


@dataclass(frozen=True)
class Attendance:
    """Who came, at the entrances. Hours and categories without anybody are left out."""

    days: tuple[DayVisits, ...]
    hours: tuple[HourVisits, ...]
    categories: tuple[CategoryPart, ...]
    registered: Figure
    people: Figure
    visitors: Figure
    trade_visitors: Figure
    visits: Figure
    trade_share: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.registered, self.people, self.visitors, self.visits, self.trade_visitors, self.trade_share)
