"""What the agendas of meetings are printed from: plain data that `services.agendas` reads; moments are local."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from expo_app.model import Outcome
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class AgendaLine:
    """One published meeting as one side reads it. `contact`: who comes for the other side, where it may be told."""

    no: str
    starts_at: datetime
    ends_at: datetime
    place: str
    area: str
    own: str
    other: str
    contact: str
    subject: str


@dataclass(frozen=True)
class Agenda:
    """The own meetings of an organisation, or of one person of it. `is_person`: `title` names a person."""

    key: str
    title: str
    organisation: str
    is_person: bool
    lines: tuple[AgendaLine, ...]


@dataclass(frozen=True)
class TableLine:
    """One published meeting as the staff at a table reads it. `differs`: its seat was changed since and not published.

    `standby`: who would step in for either side, in order.
    """

    no: str
    starts_at: datetime
    ends_at: datetime
    a: str
    a_contact: str
    b: str
    b_contact: str
    subject: str
    outcome: Outcome | None
    differs: bool
    standby: tuple[str, ...]


@dataclass(frozen=True)
class TableList:
    """The published meetings at one table, booth or room. `is_closed`: it is there no longer."""

    key: str
    name: str
    area: str
    is_closed: bool
    lines: tuple[TableLine, ...]

    @property
    def title(self) -> str:
        """Name and area."""
        return f"{self.name} · {self.area}" if self.area else self.name


@dataclass(frozen=True)
class StandbyLine:
    """Who would meet `host` at once, should somebody not come."""

    host: str
    guest: str
    since: datetime | None
    used_at: datetime | None
    note: str


@dataclass(frozen=True)
class AgendaReport:
    """Sheets for those who meet, lists for the staff. `unpublished`: agreed and placed ones that are in neither."""

    head: Head
    agendas: tuple[Agenda, ...]
    tables: tuple[TableList, ...]
    standby: tuple[StandbyLine, ...]
    unpublished: int


@dataclass(frozen=True)
class GridCell:
    """A meeting in the full grid: who meets whom. `is_agreed`: both accepted; `is_published`: here and now."""

    words: str
    subject: str
    is_agreed: bool
    is_published: bool
    is_locked: bool
    outcome: Outcome | None


@dataclass(frozen=True)
class GridDay:
    """A day of the full grid: `cells`[slot][place] are the meetings that begin there then, as a rule one or none."""

    day: date
    slots: tuple[tuple[datetime, datetime], ...]
    cells: Sequence[Sequence[tuple[GridCell, ...]]]


@dataclass(frozen=True)
class MeetingGrid:
    """All meetings on all places; `waiting`: agreed on and nowhere yet, with the reason where there is one."""

    head: Head
    places: tuple[str, ...]
    days: tuple[GridDay, ...]
    waiting: tuple[tuple[str, str], ...]
