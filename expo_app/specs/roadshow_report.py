"""What the results sheet of a roadshow is printed from: plain data that `services.roadshow_report` reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from expo_app.model import DealStage, Entry, InterestLevel
from expo_app.rules.roadshow_scores import Criterion, Mean
from expo_app.specs.report_data import Head
from expo_app.specs.roadshow_figures import RoadshowFigures


@dataclass(frozen=True)
class ExpertLine:
    """What one expert gave: points by criterion in their order (None: none), what they come to of 100, and words."""

    name: str
    points: tuple[Decimal | None, ...]
    total: Decimal | None
    words: str


@dataclass(frozen=True)
class InterestRow:
    """An interest and what became of it; the phone is masked, amounts in yuan. `tasks`: done, and how many."""

    number: str
    organisation: str
    contact: str
    phone: str
    level: InterestLevel | None
    low: Decimal | None
    high: Decimal | None
    next_step: str
    tasks: tuple[int, int]
    deal_no: str
    entry: Entry | None
    stage: DealStage | None
    is_sample: bool


@dataclass(frozen=True)
class PitchResult:
    """A pitch and all that was said of it. `reported`, `comments`, `interest`: what was only reported of it. `rank`:
    its place among the scored ones of its roadshow; `averages`: what the experts in the mean gave by each criterion.
    """

    id: uuid.UUID
    position: int
    title: str
    owner: str
    presenter: str
    minutes: int | None
    started_at: datetime | None
    ended_at: datetime | None
    is_cancelled: bool
    is_sample: bool
    mean: Mean
    reported: int | None
    rank: int | None
    averages: tuple[Decimal | None, ...]
    comments: str
    interest: str
    experts: tuple[ExpertLine, ...]
    interests: tuple[InterestRow, ...]


@dataclass(frozen=True)
class ShowResult:
    """A roadshow in its running order; moments are local."""

    id: uuid.UUID
    title: str
    room: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_sample: bool
    criteria: tuple[Criterion, ...]
    pitches: tuple[PitchResult, ...]


@dataclass(frozen=True)
class RoadshowReport:
    """The roadshows it tells of, and the figures of all of the expo's."""

    head: Head
    shows: tuple[ShowResult, ...]
    figures: RoadshowFigures
