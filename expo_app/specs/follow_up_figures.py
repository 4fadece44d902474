"""What follows a signing, in figures: what `services.statistics.follow_up` and `…landing` count."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.model import DealKind, DealStage
from expo_app.rules.landing import Standing
from expo_app.specs.figures import Figure


@dataclass(frozen=True)
class Payments:
    """Payments of one deal in yuan: agreed, and made. `amount`: 成交额; None where there is none."""

    amount: Decimal | None
    agreed: Decimal
    made: Decimal

    @property
    def is_above(self) -> bool:
        """Whether more was agreed, or paid, than the deal is worth."""
        return self.amount is not None and max(self.agreed, self.made) > self.amount


@dataclass(frozen=True)
class FollowUpFigures:
    """Tasks, milestones and payments of an expo as they stand on `day`; amounts in yuan."""

    day: date
    tasks: Figure
    tasks_open: Figure
    tasks_overdue: Figure
    tasks_done: Figure
    milestones: Figure
    milestones_done: Figure
    milestones_overdue: Figure
    payments_agreed: Figure
    payments_due: Figure
    payments_made: Figure
    payments_overdue: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.tasks, self.tasks_open, self.tasks_overdue, self.tasks_done, self.milestones, self.milestones_done,
            self.milestones_overdue, self.payments_agreed, self.payments_due, self.payments_made,
            self.payments_overdue,
        )  # fmt: skip


@dataclass(frozen=True)
class ComplaintPart:
    """Complaints of one kind, state or measure."""

    label: str
    count: int
    open: int


@dataclass(frozen=True)
class ComplaintFigures:
    """The register of complaints: how many, how many are open, and by kind, state and measure."""

    total: Figure
    open: Figure
    settled: Figure
    kinds: tuple[ComplaintPart, ...]
    states: tuple[ComplaintPart, ...]
    measures: tuple[ComplaintPart, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.total, self.open, self.settled)


@dataclass(frozen=True)
class LandingLine:
    """One valid deal that was signed, or intended, by the day. `then`: how it stood when the expo closed.

    `due`, `made`: payments that had to be, and were, made by the day, in yuan; `overdue`: payments not made in time.
    Pairs are (done, of how many). `region`: where the buyer is, of other agreements the first party.
    """

    id: uuid.UUID
    deal_no: str
    title: str
    kind: DealKind
    parties: str
    region: str
    amount: Decimal | None
    signed_on: date | None
    then: Standing
    now: Standing
    due: Decimal
    made: Decimal
    overdue: int
    milestones: tuple[int, int]
    """(reached, of how many), payments apart."""
    tasks: tuple[int, int]
    is_prior: bool
    is_sample: bool

    @property
    def is_landed(self) -> bool:
        return self.now.stage is DealStage.LANDED


@dataclass(frozen=True)
class LandingPart:
    """Signed deals of one region or kind: how many, and how many of them landed; amounts in yuan, None: none known."""

    key: str
    label: str
    signed: int
    amount: Decimal | None
    landed: int
    landed_amount: Decimal | None
    terminated: int
    rate: Decimal | None
    """Landed of signed, 0 to 1."""


@dataclass(frozen=True)
class StagePart:
    """Signed deals in one stage on the day the expo closed, and on the day of the report."""

    label: str
    then: int
    then_amount: Decimal | None
    now: int
    now_amount: Decimal | None


@dataclass(frozen=True)
class LateLine:
    """A payment or milestone whose term was over by the day: not made, not in full, not reached."""

    deal_no: str
    title: str
    name: str
    due_on: date
    amount: Decimal | None
    made: Decimal | None
    days: int
    is_sample: bool = False


@dataclass(frozen=True)
class LandingFigures:
    """What had become, by the end of `day`, of what was signed; compared with `closed_on`, the expo's last day."""

    day: date
    closed_on: date
    signed: Figure
    signed_amount: Figure
    landed: Figure
    landed_amount: Figure
    landing_rate: Figure
    landing_amount_rate: Figure
    performing: Figure
    terminated: Figure
    intended: Figure
    intended_signed: Figure
    follow: FollowUpFigures
    """Tasks, milestones and payments on the same day."""
    stages: tuple[StagePart, ...]
    kinds: tuple[LandingPart, ...]
    regions: tuple[LandingPart, ...]
    lines: tuple[LandingLine, ...]
    """Signed by the day, those terminated since included."""
    intentions: tuple[LandingLine, ...]
    """Intended at some time by the day."""
    late: tuple[LateLine, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.signed, self.signed_amount, self.landed, self.landed_amount, self.landing_rate,
            self.landing_amount_rate, self.performing, self.terminated, self.intended, self.intended_signed,
            *self.follow.figures,
        )  # fmt: skip
