"""What the page and the papers of 联盟与共同体 show, as plain data."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.i18n import N_
from expo_app.model import AllianceKind, MemberRole, PlatformState, SharingEventState
from expo_app.rules.memberships import Change
from expo_app.specs.report_data import Head

STEPS = tuple(PlatformState)
"""筹备 签约 建设 运行."""
IN_ROLE = N_("任现角色")
"""Since when a member has the role it has."""


@dataclass(frozen=True)
class Body:
    """An alliance; counts by the sample rule. `has_samples`: some of its members are generated."""

    id: uuid.UUID
    name: str
    own_name: str
    kind: AllianceKind
    founded: str
    founding: str
    secretariat: str
    purpose: str
    source: str
    is_sample: bool
    members: int
    events: int
    has_samples: bool


@dataclass(frozen=True)
class PartyLine:
    organisation_id: uuid.UUID
    name: str
    region_code: str
    is_signed: bool
    signed: str
    signer: str


@dataclass(frozen=True)
class AgreementLine:
    """`amount` in yuan; None: without an amount. `deal`: (expo, deal, its number) where it is one; `is_void`: that deal
    was declared void, so there is nothing agreed any more."""

    id: uuid.UUID
    title: str
    alliance_id: uuid.UUID | None
    signed: str
    place: str
    valid_until: date | None
    amount: Decimal | None
    summary: str
    source: str
    is_sample: bool
    deal: tuple[uuid.UUID, uuid.UUID, str] | None
    parties: tuple[PartyLine, ...]
    is_void: bool = False

    @property
    def signatures(self) -> int:
        """How many parties have signed."""
        return sum(party.is_signed for party in self.parties)

    @property
    def is_whole(self) -> bool:
        """Whether all have signed."""
        return bool(self.parties) and self.signatures == len(self.parties)


@dataclass(frozen=True)
class DueTask:
    """A task of an alliance that is overdue by `days`."""

    id: uuid.UUID
    title: str
    assignee: str
    due_on: date
    days: int
    alliance_id: uuid.UUID
    is_sample: bool


@dataclass(frozen=True)
class Board:
    """All bodies of the file on a day. `members`: organisations that belong to any of them, each once."""

    day: date
    bodies: tuple[Body, ...]
    agreements: tuple[AgreementLine, ...]
    tasks: tuple[DueTask, ...]
    members: int
    platforms: int
    agreed: int
    """Agreements that count."""


@dataclass(frozen=True)
class MemberLine:
    """A role of a member from `since` to `until`; `joined`: since when it belongs without a break, whatever its role.

    `joined` is known of who belongs on a day.
    """

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    name_en: str
    own_name: str
    region_code: str
    role: MemberRole
    since: str
    until: str
    certificate_no: str
    source: str
    is_sample: bool
    joined: str = ""


@dataclass(frozen=True)
class Matrix:
    """Members by role and region on a day: (role, key of a region) → the ids of their records, those that count.

    `columns`: (key, label) in order, the last of them what the others do not hold.
    """

    columns: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[MemberRole, str], tuple[uuid.UUID, ...]]

    def ids(self, role: MemberRole | None, key: str | None) -> tuple[uuid.UUID, ...]:
        """The members of a cell, a row (no key), a column (no role) or of all."""
        return tuple(
            one
            for (of_role, of_key), ids in self.cells.items()
            if role in (None, of_role) and key in (None, of_key)
            for one in ids
        )

    @property
    def most(self) -> int:
        """The largest cell."""
        return max((len(ids) for ids in self.cells.values()), default=0)


@dataclass(frozen=True)
class PlatformLine:
    id: uuid.UUID
    title: str
    kind: str
    region_code: str
    state: PlatformState
    since: date | None
    lead: str
    source: str
    is_sample: bool
    is_stalled: bool


@dataclass(frozen=True)
class EventLine:
    id: uuid.UUID
    title: str
    on_day: str
    place: str
    state: SharingEventState
    registered: int | None
    capacity: int | None
    attended: int | None
    programme_item_id: uuid.UUID | None
    source: str
    is_sample: bool


@dataclass(frozen=True)
class AllianceSeen:
    """One body on a day."""

    body: Body
    day: date
    members: tuple[MemberLine, ...]
    matrix: Matrix
    platforms: tuple[PlatformLine, ...]
    events: tuple[EventLine, ...]


# --- papers -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ChangeLine:
    """Somebody joined, left or took another role, on a day that may be a month or a year."""

    change: Change
    name: str
    role: MemberRole
    on_day: str
    is_sample: bool


@dataclass(frozen=True)
class TaskDone:
    title: str
    assignee: str
    due_on: date | None
    state: str
    is_late: bool


@dataclass(frozen=True)
class AllianceYear:
    """One body in the year of the report's day."""

    seen: AllianceSeen
    changes: tuple[ChangeLine, ...]
    agreements: tuple[AgreementLine, ...]
    tasks: tuple[TaskDone, ...]


@dataclass(frozen=True)
class AllianceReport:
    """What there is on the day. `members` across all bodies told, each organisation once; `loose`: agreements that
    belong to no body; `platforms` and `agreements`: how many of them count."""

    head: Head
    day: date
    years: tuple[AllianceYear, ...]
    loose: tuple[AgreementLine, ...]
    members: int
    platforms: int
    agreements: int


@dataclass(frozen=True)
class Certificate:
    """One page: who belongs to what since when (`joined`), in which role, and since when in that (`since`)."""

    alliance: str
    alliance_en: str
    name: str
    name_en: str
    role: MemberRole
    joined: str
    since: str
    number: str
    is_sample: bool


@dataclass(frozen=True)
class Certificates:
    head: Head
    day: date
    pages: tuple[Certificate, ...]
