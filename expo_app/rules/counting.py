"""Who counts as a visitor, and what is counted (terms of GB/T 26165, counting of ISO 25639-2).

What a category counts as is the organiser's to say (`model.CountsAs`); exhibitors' side, staff and nobody are none.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.model import CountsAs

TRADE_VISITORS = frozenset({CountsAs.TRADE_VISITOR})
VISITORS = TRADE_VISITORS | {CountsAs.VISITOR}

GUESTS = frozenset({"guest", "speaker"})
"""Keys of the categories that an expo may take for visitors once an entrance admits them (FKM's alternative rule)."""

Attendance = tuple[uuid.UUID, date, CountsAs]
"""One admission: attendee, local day, what the category counts as."""


@dataclass(frozen=True)
class Counts:
    """Figures of an expo or of one day.

    `visitors` counts persons once, `visits` once per person and day, `admissions` every row, `people` everybody
    once; the last two whatever the category and gate.
    """

    visitors: int
    trade_visitors: int
    visits: int
    trade_visits: int
    people: int
    admissions: int

    @property
    def trade_share(self) -> Decimal | None:
        """Share of trade visitors among visitors, 0 to 1; None without visitors."""
        return Decimal(self.trade_visitors) / self.visitors if self.visitors else None


def counts_as(key: str, said: CountsAs, counts_guests: bool) -> CountsAs:
    """What a category of this key, said to count as that, counts as by the expo's rule on guests and speakers."""
    return CountsAs.VISITOR if counts_guests and key in GUESTS and said is CountsAs.NOBODY else said


def is_visitor(counts_as: CountsAs) -> bool:
    return counts_as in VISITORS


def is_trade_visitor(counts_as: CountsAs) -> bool:
    return counts_as in TRADE_VISITORS


def count(rows: Iterable[Attendance]) -> Counts:
    """Counts over admissions; a person admitted twice a day, or at two gates, is one visit."""
    admissions = 0
    visits: set[tuple[uuid.UUID, date]] = set()
    trade_visits: set[tuple[uuid.UUID, date]] = set()
    people: set[uuid.UUID] = set()
    for attendee, day, counts_as in rows:
        admissions += 1
        people.add(attendee)
        if counts_as in VISITORS:
            visits.add((attendee, day))
        if counts_as in TRADE_VISITORS:
            trade_visits.add((attendee, day))
    return Counts(
        visitors=len({attendee for attendee, _day in visits}),
        trade_visitors=len({attendee for attendee, _day in trade_visits}),
        visits=len(visits),
        trade_visits=len(trade_visits),
        people=len(people),
        admissions=admissions,
    )
