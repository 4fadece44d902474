"""A roadshow as it runs, for the hall's screen and the clerk's page. Moments are UTC."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from expo_app.model import InterestLevel
from expo_app.rules.roadshow_scores import Criterion, Mean


@dataclass(frozen=True)
class ShowInfo:
    """A roadshow that can be chosen."""

    id: uuid.UUID
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    room: str
    pitches: int


@dataclass(frozen=True)
class PitchLine:
    """A pitch of the running order, without anything that is not for the audience."""

    id: uuid.UUID
    title: str
    owner: str
    presenter: str
    minutes: int | None
    started_at: datetime | None
    ended_at: datetime | None
    is_cancelled: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it is being pitched now."""
        return self.started_at is not None and self.ended_at is None

    def left(self, now: datetime) -> timedelta | None:
        """How long it may still speak, below 0 what it is over; None: nobody said how long, or it is not running."""
        if self.started_at is None or self.ended_at is not None or self.minutes is None:
            return None
        return self.started_at + timedelta(minutes=self.minutes) - now


@dataclass(frozen=True)
class Show:
    """A roadshow and its running order, what was cancelled in its place."""

    info: ShowInfo
    pitches: tuple[PitchLine, ...]

    @property
    def held(self) -> tuple[PitchLine, ...]:
        """What is pitched: all but what was cancelled."""
        return tuple(pitch for pitch in self.pitches if not pitch.is_cancelled)

    @property
    def current(self) -> PitchLine | None:
        """What is pitched now."""
        begun = [(pitch.started_at, n) for n, pitch in enumerate(self.pitches) if pitch.started_at and pitch.is_running]
        return self.pitches[max(begun)[1]] if begun else None

    @property
    def next(self) -> PitchLine | None:
        """What comes next: the first behind the one that runs, or ran last, that was not pitched yet."""
        waiting = [pitch for pitch in self.held if pitch.started_at is None]
        ran = [n for n, pitch in enumerate(self.held) if pitch.started_at is not None]
        behind = [pitch for pitch in self.held[max(ran) + 1 :] if pitch.started_at is None] if ran else waiting
        return next(iter(behind or waiting), None)

    def of(self, pitch_id: uuid.UUID | None) -> PitchLine | None:
        """The pitch of that id."""
        return next((pitch for pitch in self.pitches if pitch.id == pitch_id), None)


@dataclass(frozen=True)
class InterestLine:
    """An interest as the clerk sees it: the phone masked, amounts in yuan."""

    id: uuid.UUID
    number: str
    organisation: str
    contact: str
    phone: str
    level: InterestLevel
    amount_from: Decimal | None
    amount_to: Decimal | None
    next_step: str
    recorded_by: str
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """All that was recorded of one pitch. `points` and `comments` by expert."""

    pitch_id: uuid.UUID
    criteria: tuple[Criterion, ...]
    experts: tuple[str, ...]
    """Who scored or commented here, then the item's speakers."""
    points: Mapping[str, Mapping[uuid.UUID, Decimal | None]]
    comments: Mapping[str, str]
    mean: Mean
    interests: tuple[InterestLine, ...]
    """The newest first."""
