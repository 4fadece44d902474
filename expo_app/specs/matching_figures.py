"""供需对接 in figures: what `services.statistics.matching` counts of suggestions, requests, meetings and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expo_app.specs.figures import Figure
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class Rate:
    """A measured share: `figure` is `part` of `whole`, both counted; its value is None where there is no whole."""

    figure: Figure
    part: Figure
    whole: Figure

    @property
    def fraction(self) -> str:
        """12 / 36."""
        return f"{self.part.shown} / {self.whole.shown}"


@dataclass(frozen=True)
class DayLine:
    """Meetings of one day by the expo's clock: how many have a seat then, and what became of them."""

    day: date
    planned: int
    held: int
    replaced: int
    no_show_a: int
    no_show_b: int
    deals: int

    @property
    def took_place(self) -> int:
        """Held with both sides, or with a substitute."""
        return self.held + self.replaced

    @property
    def numbers(self) -> tuple[int, ...]:
        """In the order of the columns."""
        return (self.planned, self.held, self.replaced, self.no_show_a, self.no_show_b, self.deals)


@dataclass(frozen=True)
class MatchingFigures:
    """Both sides of supply and demand, what was suggested, asked for, met about, and what came of it.

    `unsuitable`: the suggestions a person set aside, by their reason. Rates are measured and never promised.
    """

    supply: tuple[Figure, ...]
    suggestions: tuple[Figure, ...]
    unsuitable: tuple[Figure, ...]
    requests: tuple[Figure, ...]
    meetings: tuple[Figure, ...]
    rates: tuple[Rate, ...]
    days: tuple[DayLine, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Everything, in the order of the way from a demand to a deal; rates last."""
        counted = (*self.supply, *self.suggestions, *self.unsuitable, *self.requests, *self.meetings)
        return (*counted, *(rate.figure for rate in self.rates))

    def __getitem__(self, name: str) -> Figure:
        """The figure of that name; KeyError where there is none."""
        return {figure.name: figure for figure in self.figures}[name]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was suggested and nobody asked for a meeting."""
        return not any(figure.value for figure in (*self.suggestions, *self.requests))


@dataclass(frozen=True)
class MatchingReport:
    """The figures as a document of their own."""

    head: Head
    figures: MatchingFigures
