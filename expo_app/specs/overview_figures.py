"""What the dashboard shows: what `services.statistics.overview` counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from expo_app.specs.deals_figures import DealTotals
from expo_app.specs.exhibition_figures import ExhibitorPart
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.trend_figures import Trend

QUARTER = 15
"""Minutes between two points of an attendance curve."""


@dataclass(frozen=True)
class Slot:
    """What runs in a room, as it shows it; local times."""

    id: uuid.UUID
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    registrations: int


@dataclass(frozen=True)
class RoomNow:
    """A room today: what runs, what comes next, and the persons admitted at its gate today."""

    id: uuid.UUID
    name: str
    seats: int
    present: int
    current: Slot | None
    next: Slot | None
    trace: Trace | None = None
    """The persons present."""


@dataclass(frozen=True)
class Curve:
    """First admissions of a day in quarters of an hour: (minutes since local midnight, persons), gaps filled with 0."""

    day: date
    points: tuple[tuple[int, int], ...]

    @property
    def peak(self) -> tuple[int, int] | None:
        """The first highest quarter; None on a day without anybody."""
        return max(self.points, key=lambda point: (point[1], -point[0])) if self.points else None

    def split(self, at: datetime) -> tuple[tuple[tuple[int, int], ...], tuple[int, int] | None]:
        """Quarters that were over at the local moment `at`, and the one still running (None on another day)."""
        over = at.hour * 60 + at.minute - QUARTER if at.date() == self.day else 24 * 60
        rest = [point for point in self.points if point[0] > over]
        return tuple(point for point in self.points if point[0] <= over), rest[0] if rest else None


@dataclass(frozen=True)
class Overview:
    """Everything the dashboard shows, at the moment `at` (the expo's time zone)."""

    at: datetime
    phase: str
    """before, running or after."""
    day_no: int
    """1 on the first day; 0 outside the expo's days."""
    checked_in: Figure
    registered: Figure
    exhibitors: Figure
    arrived: Figure
    applications: Figure
    services: Figure
    services_arrived: Figure
    deals: DealTotals
    signed_amount: Figure
    signed: Figure
    signed_today: Figure
    intended_amount: Figure
    signed_days: tuple[tuple[date, Decimal], ...]
    """Signed amount of each day that has one, for the small curve."""
    today: Curve
    yesterday: Curve | None
    rooms: tuple[RoomNow, ...]
    arrivals: tuple[ExhibitorPart, ...]
    clashes: Figure
    unissued: Figure
    unprinted: Figure
    duplicates: Figure
    absent: Figure
    due_tasks: Figure
    due_milestones: Figure
    """Overdue, or due within a week."""
    trends: Mapping[str, Trend]
    """Key figures beside those of the last edition, by name."""
    others: tuple[Figure, ...] = ()
    """What areas register as waiting for somebody, zero or not."""

    @property
    def alerts(self) -> tuple[Figure, ...]:
        """What needs doing, in order of urgency; nothing that is zero."""
        ordered = (
            self.clashes, self.unissued, self.unprinted, self.due_tasks, self.due_milestones, *self.others,
            self.duplicates, self.absent,
        )  # fmt: skip
        return tuple(figure for figure in ordered if figure.value)
