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
class AudiencePart:
    """Visitors of one region or industry: persons, and their visits."""

    key: str
    label: str
    visitors: int
    visits: int
    colour: str = "cat.service"


@dataclass(frozen=True)
class InsideHour:
    """The most people inside at once in a local hour; where exits are not scanned, who had come in by its end."""

    day: date
    hour: int
    most: int


@dataclass(frozen=True)
class Audience:
    """Where visitors come from, how long they stay, how often they come back, and how many people are inside at once.

    `sees_out`: somebody was scanned going out, so that stays and people inside are known.
    """

    home: Figure
    abroad: Figure
    """Of Hong Kong, Macao and Taiwan too."""
    trade_home: int
    trade_abroad: int
    visits_home: int
    visits_abroad: int
    countries: int
    """From how many other countries and regions visitors came."""
    stay_mean: Figure
    stay_median: Figure
    returns: Figure
    peak: Figure
    sees_out: bool
    regions: tuple[AudiencePart, ...]
    industries: tuple[AudiencePart, ...]
    inside: tuple[InsideHour, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.home, self.abroad, self.stay_mean, self.stay_median, self.returns, self.peak)


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
    admissions: Figure
    """Everybody's days, staff too: never called visits."""
    counts_guests: bool = False
    audience: Audience | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        own = (self.registered, self.people, self.visitors, self.visits, self.trade_visitors, self.trade_share)
        return (*own, self.admissions, *(self.audience.figures if self.audience else ()))
