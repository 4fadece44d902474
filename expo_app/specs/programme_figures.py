"""Items, speakers and pitches: what `services.statistics.programme` counts."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.rules.terms import Term, Terms
from expo_app.specs.figures import Figure


@dataclass(frozen=True)
class ItemPart:
    """Programme items of one kind or day, with the minutes they last and the persons registered for them."""

    key: str
    label: str
    count: int
    minutes: int
    registrations: int


@dataclass(frozen=True)
class ProgrammeFigures:
    """The programme without cancelled items; what has no room or time yet is in `unplaced` and in no day."""

    items: Figure
    forums: Figure
    speakers: Figure
    pitches: Figure
    unplaced: Figure
    cancelled: Figure
    words: Terms[Term]
    """Every kind there is, in the expo's order; `kinds` go by its key."""
    kinds: tuple[ItemPart, ...]
    days: tuple[ItemPart, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.items, self.forums, self.speakers, self.pitches, self.unplaced, self.cancelled)
