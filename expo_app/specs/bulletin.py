"""每日快报: what happened on one day, and what comes on the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from expo_app.model import Verdict
from expo_app.specs.attendance_figures import DayVisits, HourVisits
from expo_app.specs.deals_bulletin import DealDay
from expo_app.specs.deals_report import DealLine
from expo_app.specs.matching_figures import DayLine
from expo_app.specs.programme_report import ProgrammeEntry
from expo_app.specs.report_data import Head

FOR_POLICE = (Verdict.UNKNOWN, Verdict.WRONG_PLACE, Verdict.REVOKED)
"""A false ticket or one for another zone is reported to the police on site (大型群众性活动安全管理条例 art. 18)."""


@dataclass(frozen=True)
class Inside:
    """People inside the expo on one day. `entered`: how often somebody came in, `inside`: now, or at the day's end.

    `peak`: the most at the end of a quarter of an hour, which was `peak_at`. `sees_out`: people are scanned going out;
    without that only `entered` is known. `approved`: 核定人数, None: none entered.
    """

    entered: int
    inside: int
    peak: int
    peak_at: datetime | None
    sees_out: bool
    approved: int | None


@dataclass(frozen=True)
class Bulletin:
    """One day of an expo; `head.at` is when it was read. Moments in the expo's zone."""

    head: Head
    day: date
    visits: DayVisits
    hours: tuple[HourVisits, ...]
    """Of the day: hours without anybody are left out."""
    inside: Inside
    arrived: int
    """Exhibitors who came on the day."""
    arrived_so_far: int
    exhibitors: int
    items: tuple[tuple[ProgrammeEntry, int], ...]
    """What ran, and how many were let in to it; 0 also where nobody scans at the door."""
    tomorrow: tuple[ProgrammeEntry, ...]
    deals: DealDay
    signed: tuple[DealLine, ...]
    """Signed on the day, first at this expo."""
    prior: tuple[DealLine, ...]
    """Shown on the day, signed before the expo: not counted."""
    intended: tuple[DealLine, ...]
    """Entered as an intention on the day."""
    refused: tuple[tuple[Verdict, int], ...]
    """Scans that let nobody in, the most first."""
    meetings: DayLine | None = None
    """Meetings that both accepted and that have a seat on the day; None: there are none."""

    @property
    def day_no(self) -> int:
        """1 on the first day; 0 outside the expo's days."""
        return self.head.days.index(self.day) + 1 if self.day in self.head.days else 0

    @property
    def is_over(self) -> bool:
        """Whether the day was over when it was read."""
        return self.head.at.date() > self.day

    @property
    def to_report(self) -> int:
        """Refused scans that the police desk hears of."""
        return sum(n for verdict, n in self.refused if verdict in FOR_POLICE)


def amount_of(lines: tuple[DealLine, ...]) -> Decimal | None:
    """What these deals come to in yuan; None where none has an amount."""
    known = [line.amount for line in lines if line.amount is not None]
    return sum(known, Decimal(0)) if known else None
