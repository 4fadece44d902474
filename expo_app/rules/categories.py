"""Attendee categories as gates, figures, badges and forms use them: who counts, when they are let in, how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from expo_app.model import CountsAs
from expo_app.rules.terms import Term, Usual, W

WALK_INS = (CountsAs.VISITOR, CountsAs.TRADE_VISITOR)


@dataclass(frozen=True)
class Quota:
    """How many passes an organisation has: `each`, or by its stand one for `area` square metres, at least `least`."""

    area: Decimal | None = None
    least: int | None = None
    each: int | None = None

    def of(self, area: Decimal | None) -> int | None:
        """The number for a stand of `area` square metres (None: it has no stand here); None: no limit."""
        if self.each is not None:
            return self.each
        if area is None or (self.area is None and self.least is None):
            return None
        by_area = int(area // self.area) if self.area else 0
        return max(by_area, self.least or 0)


@dataclass(frozen=True)
class CategoryTerm(Term):
    """A category. `valid_days` None: every day of the expo; `opens`, `closes` are local, None: no limit."""

    counts_as: CountsAs = CountsAs.NOBODY
    letter: str = "V"
    valid_days: frozenset[date] | None = None
    opens: time | None = None
    closes: time | None = None
    quota: Quota = Quota()

    @property
    def is_overnight(self) -> bool:
        """Whether its hours run past midnight."""
        return self.opens is not None and self.closes is not None and time.min < self.closes <= self.opens

    def day_of(self, now: datetime) -> date:
        """The day whose hours a local moment belongs to: what runs past midnight is still the day before."""
        is_yesterdays = self.is_overnight and self.closes is not None and now.time() < self.closes
        return now.date() - timedelta(1) if is_yesterdays else now.date()

    def is_let_in_at(self, clock: time) -> bool:
        """Whether that time of day lies within its hours; a closing time of 00:00 is the end of the day."""
        begun = clock >= (self.opens or time.min)
        before_end = self.closes is None or self.closes == time.min or clock < self.closes
        return begun or before_end if self.is_overnight else begun and before_end

    @property
    def hours(self) -> str:
        """08:30–16:30; empty without hours."""
        if self.opens is None and self.closes is None:
            return ""
        end = "24:00" if self.closes is None or self.closes == time.min else f"{self.closes:%H:%M}"
        return f"{self.opens or time.min:%H:%M}–{end}"


@dataclass(frozen=True)
class WalkIn(Usual):
    """What somebody is who comes unannounced, unless said otherwise: the first offered that counts as a visitor."""

    reads: ClassVar[str] = "counts_as"

    def among(self, offered: Iterable[tuple[W, Any]]) -> W | None:
        """That category, else the first; None where there is none."""
        words = list(offered)
        counted = (word for kind in WALK_INS for word, counts_as in words if counts_as is kind)
        return next(counted, words[0][0] if words else None)
