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

    @property
    def latest(self) -> date | None:
        """The last day on which something can have been; None in a sample expo, whose clock stands at one long past."""
        return None if self.is_sample else self.today

    @property
    def usual_day(self) -> date:
        """The day an entry without one is about: today while the expo is on, else its first."""
        return self.today if self.starts_on <= self.today <= self.ends_on else self.starts_on

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day, as `rules.moments` asks for them."""
        return self.starts_on, self.ends_on

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within its days."""
        return self.starts_on <= at.astimezone(self.zone).date() <= self.ends_on
