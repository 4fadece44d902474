"""What of an expo decides whether a record of it can be right."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class ExpoFacts:
    """`code`: prefix of its numbers; `today` by its own clock, in its zone."""

    code: str
    starts_on: date
    ends_on: date
    today: date
    is_sample: bool
    zone: ZoneInfo

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within its days."""
        return self.starts_on <= at.astimezone(self.zone).date() <= self.ends_on
