"""What the agenda is printed from: plain data that `services.programme_report` reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from expo_app.model import ItemState
from expo_app.rules.terms import Term
from expo_app.specs.programme_figures import ProgrammeFigures
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class RoomHead:
    """A room as a column of the grid."""

    id: uuid.UUID
    name: str
    purpose: str
    seats: int


@dataclass(frozen=True)
class SpeakerLine:
    """A speaker: role, name, organisation, what about."""

    role: str
    is_moderator: bool
    name: str
    organisation: str
    topic: str


@dataclass(frozen=True)
class PitchLine:
    """A result presented: title, whose, by whom."""

    title: str
    owner: str
    presenter: str
    is_sample: bool


@dataclass(frozen=True)
class ProgrammeEntry:
    """A programme item that was not cancelled; without room or time it is still to be placed."""

    id: uuid.UUID
    title: str
    kind: Term
    state: ItemState
    room_id: uuid.UUID | None
    room: str
    starts_at: datetime | None
    ends_at: datetime | None
    host: str
    seats: int | None
    registrations: int
    summary: str
    speakers: tuple[SpeakerLine, ...]
    agenda: tuple[tuple[str, str], ...]
    """(hours, what)."""
    pitches: tuple[PitchLine, ...]
    is_sample: bool

    @property
    def hours(self) -> str:
        """09:30–11:30, with the date where it ends on another day; empty without a time."""
        if self.starts_at is None or self.ends_at is None:
            return ""
        same_day = self.starts_at.date() == self.ends_at.date()
        return f"{self.starts_at:%H:%M}–{self.ends_at:{'%H:%M' if same_day else '%m-%d %H:%M'}}"

    @property
    def dated_hours(self) -> str:
        """Its hours with the day they are on, where no heading says it: 11-28 10:00–10:15."""
        return f"{self.starts_at:%m-%d} {self.hours}" if self.starts_at and self.hours else ""

    def hours_on(self, day: date) -> str:
        """Its hours on one of its days: 11-28 22:00–01:00 on the second."""
        if self.starts_at is None or self.ends_at is None:
            return ""
        both = (self.starts_at, self.ends_at)
        return "–".join(f"{at:{'%H:%M' if at.date() == day else '%m-%d %H:%M'}}" for at in both)

    def touches(self, day: date) -> bool:
        """Whether some of it takes place on this day; what ends at midnight does not touch the next one."""
        if self.starts_at is None or self.ends_at is None:
            return False
        last = max(self.starts_at, self.ends_at - timedelta(microseconds=1))
        return self.starts_at.date() <= day <= last.date()

    @property
    def is_placed(self) -> bool:
        return self.room_id is not None and self.starts_at is not None and self.ends_at is not None


@dataclass(frozen=True)
class ProgrammeData:
    """The programme by time; `figures` from the statistics."""

    head: Head
    rooms: tuple[RoomHead, ...]
    entries: tuple[ProgrammeEntry, ...]
    figures: ProgrammeFigures

    def on(self, day: date) -> list[ProgrammeEntry]:
        """Placed entries of this day, those too that began before it."""
        return [e for e in self.entries if e.is_placed and e.touches(day)]

    @property
    def days(self) -> list[date]:
        """The expo's days and those outside them on which a placed entry begins (布展), in order."""
        begun = {e.starts_at.date() for e in self.entries if e.is_placed and e.starts_at}
        return sorted({*self.head.days, *begun})

    @property
    def unplaced(self) -> list[ProgrammeEntry]:
        return [entry for entry in self.entries if not entry.is_placed]
