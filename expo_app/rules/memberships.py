"""Spans of membership: days that may be a month or a year alone, open at either end, and who belongs on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from expo_app.i18n import N_, Labelled
from expo_app.model import PlatformState
from expo_app.rules import partial_days

Key = TypeVar("Key")
STALLED = 180
"""Days after which a platform that is not running yet has stalled."""


@dataclass(frozen=True)
class Span:
    """From the first day of `since` to the last of `until`; "" is open."""

    since: str = ""
    until: str = ""

    @property
    def first(self) -> date:
        return partial_days.first_day(self.since) if self.since else date.min

    @property
    def last(self) -> date:
        return partial_days.last_day(self.until) if self.until else date.max

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    def meets(self, other: Span) -> bool:
        """Whether they overlap. One may end in the month in which the other begins: a change of role."""
        if any(one and one == begun for one, begun in ((self.until, other.since), (other.until, self.since))):
            return False
        return self.first <= other.last and other.first <= self.last


def is_in_order(since: str, until: str) -> bool:
    """Whether a span ends no earlier than it begins."""
    return Span(since, until).first <= Span(since, until).last


def first_met(span: Span, others: Iterable[Span]) -> Span | None:
    """The first of the others that a span overlaps."""
    return next((other for other in others if span.meets(other)), None)


def in_force(spans: Mapping[Key, Span], day: date) -> Key | None:
    """The key of the span that holds a day, the latest begun; None where none does."""
    held = [key for key, span in spans.items() if span.holds(day)]
    return max(held, key=lambda key: spans[key].first, default=None)


def goes_on(span: Span, before: Span) -> bool:
    """Whether a span follows the one before it without a break."""
    return (span.first - before.last).days <= 1


def unbroken(spans: Iterable[Span], last: Span) -> Span:
    """The earliest span from which a body belonged without a break up to `last`, one of them."""
    for span in sorted(spans, key=lambda span: span.first, reverse=True):
        if span.first < last.first and goes_on(last, span):
            last = span
    return last


class Change(Labelled):
    JOINED = N_("加入")
    TURNED = N_("换角色")
    LEFT = N_("退出")


def changes(spans: Sequence[Span], year: int) -> list[tuple[Change, Span]]:
    """What one body's spans, of one alliance, say happened in a year."""
    found: list[tuple[Change, Span]] = []
    ordered = sorted(spans, key=lambda span: span.first)
    for place, span in enumerate(ordered):
        if span.since and span.first.year == year:
            is_turned = place > 0 and goes_on(span, ordered[place - 1])
            found.append((Change.TURNED if is_turned else Change.JOINED, span))
        is_last = place == len(ordered) - 1 or not goes_on(ordered[place + 1], span)
        if span.until and span.last.year == year and is_last:
            found.append((Change.LEFT, span))
    return found


def by_founding(founded: str) -> date:
    """In which order bodies stand: one of which the month alone is known after those of its days, unknown ones last."""
    return Span(until=founded).last


def is_stalled(state: PlatformState, since: date | None, day: date) -> bool:
    """Whether a platform has stood at a step before running for longer than `STALLED` days."""
    return state is not PlatformState.RUNNING and since is not None and (day - since).days > STALLED
