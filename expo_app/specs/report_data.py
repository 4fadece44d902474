"""What documents are made from: plain data that `services.report_data` reads and `reports` prints.

Every moment is in the expo's time zone; every word is in the language current when it was read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from expo_app.model import DealKind, DealStage, Entry, Industry, ItemKind, ItemState
from expo_app.specs.figures import Attendance, DealFigures, Exhibition, ProgrammeFigures


@dataclass(frozen=True)
class Head:
    """What every document says of its expo; `at` is the moment its data were read."""

    expo_name: str
    dates: str
    venue: str
    days: tuple[date, ...]
    at: datetime
    is_sample: bool
    organisers: tuple[tuple[str, str], ...] = ()
    """(role, names) in order: 主办, 上海市嘉定区人民政府."""


# --- programme --------------------------------------------------------------------------------------------------------
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
    kind: ItemKind
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
        """Placed entries that begin on this day."""
        return [e for e in self.entries if e.is_placed and e.starts_at is not None and e.starts_at.date() == day]

    @property
    def unplaced(self) -> list[ProgrammeEntry]:
        return [entry for entry in self.entries if not entry.is_placed]


# --- directory --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DirectoryEntry:
    """An exhibitor as visitors read of it.

    `contact` holds name with title and phone only with the person's recorded consent, the phone masked unless it was
    revealed, and then the e-mail too; else it is empty.
    """

    id: uuid.UUID
    name: str
    spelling: tuple[str, ...]
    """Syllables by which names are sorted."""
    booths: str
    region: str
    industry: Industry | None
    exhibits: str
    wants: str
    summary: str
    address: str
    website: str
    contact: tuple[str, ...]
    partners: tuple[str, ...]
    """Co-exhibitors in its booth."""
    is_sample: bool

    @property
    def initial(self) -> str:
        """A–Z by pinyin, # for anything else."""
        letter = self.spelling[0][:1].upper() if self.spelling else ""
        return letter if "A" <= letter <= "Z" else "#"


@dataclass(frozen=True)
class DirectoryGroup:
    """Exhibitors of one region, or the service institutions."""

    title: str
    entries: tuple[DirectoryEntry, ...]


@dataclass(frozen=True)
class DirectoryData:
    """The exhibitor directory 会刊."""

    head: Head
    groups: tuple[DirectoryGroup, ...]
    figures: Exhibition
    is_revealed: bool

    @property
    def entries(self) -> list[DirectoryEntry]:
        return [entry for group in self.groups for entry in group.entries]


# --- deals ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DealLine:
    """One deal of the ledger: `values` by field name of the spec of deals, and what decides where it is printed."""

    id: uuid.UUID
    values: Mapping[str, Any]

    @property
    def kind(self) -> DealKind:
        kind: DealKind = self.values["kind"]
        return kind

    @property
    def stage(self) -> DealStage:
        stage: DealStage = self.values["stage"]
        return stage

    @property
    def entry(self) -> Entry:
        entry: Entry = self.values["entry"]
        return entry

    @property
    def amount(self) -> Decimal | None:
        amount: Decimal | None = self.values["amount"]
        return amount

    @property
    def is_sample(self) -> bool:
        return bool(self.values["is_sample"])


@dataclass(frozen=True)
class DealsData:
    """The ledger in three parts that are never added together, and the figures of the same reading."""

    head: Head
    signed: tuple[DealLine, ...]
    intended: tuple[DealLine, ...]
    left_out: tuple[DealLine, ...]
    """Drafts, to be checked, void, terminated, and samples in a real expo."""
    figures: DealFigures


# --- summary ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SummaryData:
    """Everything the summary report says."""

    head: Head
    attendance: Attendance
    exhibition: Exhibition
    programme: ProgrammeFigures
    deals: DealFigures
    entries: tuple[ProgrammeEntry, ...]


# --- plain tables for Excel -------------------------------------------------------------------------------------------
class Share(Decimal):
    """A share among other figures: 0.1 is shown as 10.0%."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: header, width in characters, kind of value, and the choices of its drop-down list.

    Kinds: text, long, general, int, count (with thousands), number, figure (with the decimals it is given with, a
    `Share` in percent), money (yuan), percent (0.1 is 10 %), date, moment (local).
    """

    header: str
    width: float = 12
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_bold: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A table of a report as values, for Excel: one sheet, `notes` below it."""

    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Any]]
    notes: tuple[str, ...] = ()
    totals: tuple[Sequence[Any], ...] = ()
