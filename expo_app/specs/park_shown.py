"""What the pages of parks show, as plain data: parks with funnel and dated figures, tenants, one tenant with its chain.

Money in yuan, areas in square metres. None: nobody reported it and it cannot be counted; it is shown as —.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from expo_app.i18n import N_
from expo_app.model import ParkTotal, Qualifier, SupportKind, SupportState, TaskState, TenantState
from expo_app.rules.tenant_steps import stay_title


class Origin(StrEnum):
    """Where a number comes from. Reported and counted ones are never added."""

    REPORTED = N_("报道")
    COUNTED = N_("计数")
    SAMPLE = N_("示例")
    """Counted from generated records, or itself generated."""


@dataclass(frozen=True)
class Amount:
    """A number with its origin. `on`: the day it is of, partial; `since`: from when it counts; `source`: whose."""

    value: Decimal
    origin: Origin
    qualifier: Qualifier | None = None
    on: str = ""
    since: str = ""
    source: str = ""
    firms: int = 0
    of: int = 0
    """As of `Point`."""


@dataclass(frozen=True)
class Point:
    """One value of a dated figure; `firms`: how many of `of` reported it for that very date, 0 where none is asked."""

    on: str
    value: Decimal
    origin: Origin
    qualifier: Qualifier | None = None
    source: str = ""
    firms: int = 0
    of: int = 0


@dataclass(frozen=True)
class DatedFigure:
    """A figure at its dates, earliest first: talents, patents, investment, revenue. () where nothing is known."""

    total: ParkTotal
    points: Sequence[Point]

    @property
    def full(self) -> Sequence[Point]:
        """Those that can be compared: at least half as many reported as on the fullest date."""
        most = max((one.firms for one in self.points), default=0)
        return [one for one in self.points if 2 * one.firms >= most]

    @property
    def last(self) -> Point | None:
        return self.full[-1] if self.points else None


class Bound(StrEnum):
    """What a share is worth of which a number was not reported exactly."""

    MOST = N_("上限")
    LEAST = N_("下限")
    ABOUT = N_("约数")


def bound_of(above: Qualifier | None, below: Qualifier | None) -> Bound | None:
    """What the share of two numbers is worth; None: it is exact."""
    is_most = above is Qualifier.OVER or below is Qualifier.NEARLY
    is_least = above is Qualifier.NEARLY or below is Qualifier.OVER
    if Qualifier.ABOUT in (above, below) or (is_most and is_least):
        return Bound.ABOUT
    return Bound.MOST if is_most else Bound.LEAST if is_least else None


@dataclass(frozen=True)
class Rate:
    """How many of one step came to another, both known."""

    above: ParkTotal
    below: ParkTotal
    share: Decimal
    """0–1, unrounded."""
    bound: Bound | None = None


@dataclass(frozen=True)
class Funnel:
    """From the first visit to the landed project: VISITED, INTENDED, SIGNED, TENANTS, LANDED, each a number or None.

    All of it is reported, or all of it counted. `beside`: RESEARCH_CENTRES and the like, told below a step.
    """

    origin: Origin
    steps: Mapping[ParkTotal, Amount | None]
    beside: Mapping[ParkTotal, Amount]
    rates: Sequence[Rate]


@dataclass(frozen=True)
class TenantRow:
    """A tenant in the table of a park. Each figure is its last known; `revenue` is None for who may not see it too."""

    id: uuid.UUID
    park_id: uuid.UUID
    name: str
    state: TenantState | None
    """None: what is kept cannot be read."""
    state_day: str
    research_region: str
    """As it is said in the language of the screen."""
    production_region: str
    is_research_centre: bool
    area: Decimal | None
    talents: int | None
    patents: int | None
    """Applied for, of all dates together."""
    revenue: Decimal | None
    summary: str
    source: str
    """Who reported it, "" where it was entered."""
    is_sample: bool
    search: str = ""
    steps: Sequence[ParkTotal] = ()
    """The figures of the park that count it as one of them."""

    @property
    def state_words(self) -> str:
        return self.state.label if self.state else ""

    @property
    def is_reported(self) -> bool:
        return bool(self.source)

    @property
    def origin(self) -> Origin:
        return Origin.SAMPLE if self.is_sample else Origin.REPORTED if self.source else Origin.COUNTED


class Level(StrEnum):
    """分园区 figures of the Torch declaration, in its order."""

    FLOOR_AREA = N_("建筑面积（㎡）")
    OWN_AREA = N_("自主支配面积（㎡）")
    USED_AREA = N_("在园企业使用面积（含公共服务，㎡）")
    USED_SHARE = N_("使用面积占比")
    ROOMS = N_("房间（间）")
    DESKS = N_("工位（个）")
    MANAGERS = N_("管理人员（人）")
    TENANTS = N_("在园企业（家）")
    APPLICANTS = N_("申请专利的企业（家）")
    APPLICANT_SHARE = N_("申请专利的企业占比")
    GRADUATED = N_("累计毕业企业（家）")
    JOBS = N_("在园和毕业企业从业人员（人）")
    COLLEGE = N_("其中大专以上（人）")
    SEED_FUND = N_("孵化资金（元）")
    TRAINED_SHARE = N_("受过培训的管理人员占比")

    @property
    def is_share(self) -> bool:
        return self in (Level.USED_SHARE, Level.APPLICANT_SHARE, Level.TRAINED_SHARE)


@dataclass(frozen=True)
class ParkCard:
    """A park. `occupancy`: 0–1, tenants' area and the public one of the own area. `tenants`: reported where it was."""

    id: uuid.UUID
    name: str
    research_region: str
    production_region: str
    opened: str
    operators: Sequence[str]
    supports: Sequence[SupportKind]
    area: Decimal | None
    occupancy: Decimal | None
    tenants: Amount | None
    funnel: Funnel
    figures: Sequence[DatedFigure]
    """TALENTS, PATENTS, INVESTMENT, REVENUE."""
    totals: Mapping[ParkTotal, Amount | None]
    """Every figure there is of a park, the reported or the counted one, in the order of `ParkTotal`."""
    levels: Mapping[Level, Decimal | None]
    """Counts, areas, yuan; shares 0–1."""
    sharing_terms: str
    source: str
    note: str
    is_sample: bool
    known: int
    """Tenants that came to the park and are known by name, without generated ones."""
    samples: int
    """Generated records among its tenants."""
    dates: Sequence[date]
    """Of its tenants' figures, the last first."""

    @property
    def origin(self) -> Origin:
        """Reported is a park with a report of its numbers, whoever named it."""
        return Origin.SAMPLE if self.is_sample else self.funnel.origin


@dataclass(frozen=True)
class ParksBoard:
    """All parks of the file: reported ones first, then those entered, then generated ones."""

    parks: Sequence[ParkCard]
    tenants: Sequence[TenantRow]
    today: date
    sees_money: bool

    @property
    def reported(self) -> int:
        return sum(one.origin is Origin.REPORTED for one in self.parks)

    @property
    def samples(self) -> int:
        return sum(one.is_sample for one in self.parks)

    def of(self, park_id: uuid.UUID | None) -> Sequence[TenantRow]:
        """The tenants of a park, or of all."""
        return [row for row in self.tenants if park_id in (None, row.park_id)]


# --- one tenant -------------------------------------------------------------------------------------------------------
class ChainStep(StrEnum):
    PITCH = N_("路演")
    MEETING = N_("对接")
    DEAL = N_("签约")
    USE = N_("用券")
    SETTLEMENT = N_("结算")
    MOVED_IN = N_("入驻")
    LANDED = N_("落地")


@dataclass(frozen=True)
class ChainCard:
    """A step of a tenant's chain; where several records hang on it, the tenant's own or the first that holds.

    `spec`, `record_id`: what it opens; None where it is not linked or not there yet.

    `column`: of the tenant, where a link is missing and can be chosen: pitch_id, meeting_id, deal_id. `days`: from the
    card before it, where both days are full.
    """

    step: ChainStep
    title: str = ""
    words: str = ""
    on: str = ""
    spec: str = ""
    record_id: uuid.UUID | None = None
    column: str = ""
    days: int | None = None
    is_void: bool = False

    @property
    def is_missing(self) -> bool:
        return not self.title


@dataclass(frozen=True)
class StateLine:
    """A step of a tenant, in the order they were taken. `days`: how long the state before it lasted.

    `reason`: of a correction, why.
    """

    id: uuid.UUID
    state: TenantState
    on: str
    at: datetime
    operator: str
    words: str
    where_to: str
    days: int | None
    is_correction: bool
    reason: str
    is_undone: bool


@dataclass(frozen=True)
class FigureLine:
    """A row of the figures table: a column of `TenantFigures` at the dates of `TenantPage.dates`, in the form's order.

    `values` stand beside `TenantPage.dates`; bools of yes-no rows as they are. `is_money`: yuan, shown in 千元, hidden
    where `TenantPage.sees_money` is not set (values are None then). `is_part`: said 其中, below the one before it.
    """

    name: str
    words: str
    """Source text with its unit."""
    group: str
    values: Sequence[Decimal | bool | None]
    is_money: bool = False
    is_part: bool = False


@dataclass(frozen=True)
class Register:
    """Technology contracts of one period in the register of deals: how many, yuan of them; beside what the tenant says.

    Amounts are None for who may not see them. `differs`: the tenant reports another number or amount.
    """

    on_date: date
    count: int
    amount: Decimal | None
    said_count: int | None
    said_amount: Decimal | None

    @property
    def differs(self) -> bool:
        return self.said_count not in (None, self.count) or self.said_amount not in (None, self.amount)


@dataclass(frozen=True)
class Support:
    id: uuid.UUID
    kind: SupportKind
    title: str
    amount: Decimal | None
    state: SupportState
    granted_on: date | None
    valid_from: date | None
    valid_until: date | None
    partner: str
    basis: str
    is_sample: bool


@dataclass(frozen=True)
class TenantTask:
    id: uuid.UUID
    title: str
    assignee: str
    due_on: date | None
    state: TaskState


@dataclass(frozen=True)
class Filled:
    """Who filled in the figures of a date, and when."""

    id: uuid.UUID
    by: str
    on: date | None
    note: str
    is_sample: bool


@dataclass(frozen=True)
class TenantPage:
    """All that the page of a tenant shows. `dates` of the figures, earliest first; `filled`, `register` beside them."""

    id: uuid.UUID
    park_id: uuid.UUID
    park: str
    organisation_id: uuid.UUID
    name: str
    stay: int
    state: TenantState
    room: str
    tech_field: str
    founded_on: date | None
    research_region: str
    production_region: str
    summary: str
    sharing_terms: str
    """两地怎么算, of the park."""
    source: str
    is_sample: bool
    is_research_centre: bool
    today: date
    sees_money: bool
    chain: Sequence[ChainCard]
    steps: Sequence[StateLine]
    """All of them, those taken back too, in the order they were taken."""
    dates: Sequence[date]
    figures: Sequence[FigureLine]
    filled: Sequence[Filled]
    register: Sequence[Register]
    supports: Sequence[Support]
    tasks: Sequence[TenantTask]
    profile: Mapping[str, object] = field(default_factory=dict)
    """Fields of the tenants' list that never change, by their names."""

    @property
    def title(self) -> str:
        """The name, and of a company that came back which stay it is."""
        return stay_title(self.name, self.stay)

    @property
    def granted(self) -> Decimal:
        """What was paid or waived so far, in yuan."""
        return sum((one.amount for one in self.supports if one.amount is not None), Decimal(0))
