"""Roadshows in figures: what `services.statistics.roadshow` counts of interest and of what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from expo_app.model import InterestLevel
from expo_app.specs.figures import Figure


@dataclass(frozen=True)
class ShowLine:
    """One roadshow: pitches and those with scores, interests by level, those with a task, a deal, a signed deal."""

    id: uuid.UUID
    title: str
    starts_at: datetime | None
    is_sample: bool
    pitches: int
    scored: int
    levels: Mapping[InterestLevel, int]
    interests: int
    tasked: int
    deals: int
    signed: int


@dataclass(frozen=True)
class RoadshowFigures:
    """All roadshows of an expo. An interest counts once, however many tasks it has; a void deal is none."""

    pitches: Figure
    scored: Figure
    interests: Figure
    strong: Figure
    real: Figure
    curious: Figure
    organisations: Figure
    tasked: Figure
    deals: Figure
    signed: Figure
    lines: tuple[ShowLine, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.pitches, self.scored, self.interests, self.strong, self.real, self.curious, self.organisations,
            self.tasked, self.deals, self.signed,
        )  # fmt: skip
