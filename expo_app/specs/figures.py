"""Published figures as plain data: what `services.statistics` counts, screens show and reports print.

A figure carries its name, its value and its unit, and how to list the records it was counted from.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Select

from expo_app.i18n import N_, _
from expo_app.rules import amounts
from expo_app.specs.fields import MISSING

QUARTER = 15
"""Minutes between two points of an attendance curve."""
WAN, SHARE, SQUARE_METRES = N_("万元"), "%", "㎡"


@dataclass(frozen=True)
class Trace:
    """The records behind a figure: `spec` is their kind, `words` says which ones, `ids` selects their ids."""

    spec: str
    words: str
    ids: Select[Any] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Figure:
    """One number that may be published. Money is in yuan and shown in 万元; a share is 0 to 1 and shown in percent.

    `value` None: not known, or nothing to count it from; it is shown as —, never as 0.
    """

    name: str
    label: str
    value: int | Decimal | None
    unit: str = ""
    note: str = ""
    trace: Trace | None = None

    @property
    def shown(self) -> str:
        """The value as a person reads it, without its unit."""
        if self.unit == WAN:
            return amounts.format_wan(None if self.value is None else Decimal(self.value))
        if self.unit == SHARE:
            return percent(None if self.value is None else Decimal(self.value))
        return plain(self.value)

    @property
    def unit_shown(self) -> str:
        """The unit in the current language; a share carries its own."""
        return "" if self.unit == SHARE else _(self.unit)


def plain(value: int | Decimal | None) -> str:
    """1,234 or 1,234.5; None is —."""
    if value is None:
        return MISSING
    return f"{int(value):,}" if value == int(value) else f"{Decimal(value).normalize():,f}"


def percent(share: Decimal | None) -> str:
    """0.6134 as 61.3%; None is —."""
    return MISSING if share is None else f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def ratio(part: int | Decimal, whole: int | Decimal | None) -> Decimal | None:
    """`part` of `whole`, 0 to 1; None where there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


# --- attendance -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DayVisits:
    """One local day. `people`: everybody admitted at an entrance, once; `visits` and `trade_visits`: visitors alone."""

    day: date
    people: int
    visits: int
    trade_visits: int


@dataclass(frozen=True)
class HourVisits:
    """People whose first admission of the day fell into this local hour; `visits`: the visitors among them."""

    day: date
    hour: int
    people: int
    visits: int


@dataclass(frozen=True)
class CategoryPart:
    """One attendee category: registrations that were not cancelled, persons admitted, and their visits."""

    key: str
    label: str
    registered: int
    people: int
    visits: int
    is_visitor: bool


@dataclass(frozen=True)
class Attendance:
    """Who came, at the entrances. Hours and categories without anybody are left out."""

    days: tuple[DayVisits, ...]
    hours: tuple[HourVisits, ...]
    categories: tuple[CategoryPart, ...]
    registered: Figure
    people: Figure
    visitors: Figure
    trade_visitors: Figure
    visits: Figure
    trade_share: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.registered, self.people, self.visitors, self.visits, self.trade_visitors, self.trade_share)


# --- exhibition -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ExhibitorPart:
    """Main exhibitors of one region, industry or city: how many, how many arrived, their booths' square metres.

    `trace`: those who arrived, where the dashboard shows the part.
    """

    key: str
    label: str
    count: int
    arrived: int
    area: Decimal
    trace: Trace | None = None


@dataclass(frozen=True)
class Exhibition:
    """Exhibitors under contract. `regions` are the reporting groups; `cities` roll 昆山 and 太仓 up to 苏州."""

    exhibitors: Figure
    arrived: Figure
    co_exhibitors: Figure
    services: Figure
    services_arrived: Figure
    net_area: Figure
    raw_area: Figure
    raw_share: Figure
    booths: Figure
    applications: Figure
    regions: tuple[ExhibitorPart, ...]
    cities: tuple[ExhibitorPart, ...]
    industries: tuple[ExhibitorPart, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.exhibitors, self.arrived, self.co_exhibitors, self.services, self.services_arrived,
            self.net_area, self.raw_area, self.raw_share, self.booths, self.applications,
        )  # fmt: skip


# --- programme --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ItemPart:
    """Programme items of one kind or day, with the minutes they last and the persons registered for them."""

    key: str
    label: str
    count: int
    minutes: int
    registrations: int


@dataclass(frozen=True)
class ProgrammeFigures:
    """The programme without cancelled items; what has no room or time yet is in `unplaced` and in no day."""

    items: Figure
    forums: Figure
    speakers: Figure
    pitches: Figure
    unplaced: Figure
    cancelled: Figure
    kinds: tuple[ItemPart, ...]
    days: tuple[ItemPart, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.items, self.forums, self.speakers, self.pitches, self.unplaced, self.cancelled)


# --- deals ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DealTotals:
    """Signed and intended, never added together, and what neither counts. Amounts in yuan; None: none has an amount.

    `…_without` are counted deals without an amount, `…_foreign` those in another currency: counted, not added up.
    """

    signed: int = 0
    signed_amount: Decimal | None = None
    tech_amount: Decimal | None = None
    signed_without: int = 0
    signed_foreign: int = 0
    intended: int = 0
    intended_amount: Decimal | None = None
    intended_without: int = 0
    intended_foreign: int = 0
    drafts: int = 0
    to_check: int = 0
    void: int = 0
    terminated: int = 0
    samples: int = 0

    @property
    def counts_out(self) -> tuple[tuple[str, int], ...]:
        """What is left out of both columns, by reason; reasons without any are not named."""
        named = (
            (_("草稿"), self.drafts), (_("待核对"), self.to_check), (_("作废"), self.void),
            (_("终止"), self.terminated), (_("示例"), self.samples),
        )  # fmt: skip
        return tuple((label, count) for label, count in named if count)

    @property
    def left_out(self) -> str:
        """不含草稿 1 项、作废 1 项; empty where nothing is left out."""
        parts = [_("{what} {n} 项").format(what=label, n=f"{count:,}") for label, count in self.counts_out]
        return _("不含{what}").format(what=_("、").join(parts)) if parts else ""

    @property
    def without_words(self) -> str:
        """What the signed amount does not hold though it counts the deals: 无金额 2 项; empty if it holds all."""
        named = ((_("无金额"), self.signed_without), (_("外币"), self.signed_foreign))
        parts = [_("{what} {n} 项").format(what=label, n=f"{count:,}") for label, count in named if count]
        return _("、").join(parts)


@dataclass(frozen=True)
class DealPart:
    """One line of a statistic table (T1): 项数, 成交额, 技术交易额, 占比 of the signed amount (0 to 1)."""

    key: str
    label: str
    count: int
    amount: Decimal | None
    tech_amount: Decimal | None
    share: Decimal | None
    without: int


@dataclass(frozen=True)
class TopDeal:
    """A signed deal with its parties' names."""

    id: uuid.UUID
    deal_no: str
    title: str
    label: str
    parties: str
    amount: Decimal
    signed_on: date | None
    is_sample: bool


@dataclass(frozen=True)
class DealFigures:
    """Deals of valid entries. `kinds` and `contract_kinds` hold signed deals; `stages` every valid stage on its own."""

    totals: DealTotals
    signed: Figure
    signed_amount: Figure
    tech_amount: Figure
    intended: Figure
    intended_amount: Figure
    kinds: tuple[DealPart, ...]
    contract_kinds: tuple[DealPart, ...]
    stages: tuple[DealPart, ...]
    days: tuple[DealPart, ...]
    top: tuple[TopDeal, ...]
    shares: tuple[DealPart, ...] = ()
    """Every signed deal once: technology contracts by class, the others by kind; the amounts add up to the total."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.signed, self.signed_amount, self.tech_amount, self.intended, self.intended_amount)


# --- the dashboard ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Slot:
    """A programme item as a room shows it; local times."""

    id: uuid.UUID
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    registrations: int


@dataclass(frozen=True)
class RoomNow:
    """A room today: what runs, what comes next, and the persons admitted at its gate today."""

    id: uuid.UUID
    name: str
    seats: int
    present: int
    current: Slot | None
    next: Slot | None
    trace: Trace | None = None
    """The persons present."""


@dataclass(frozen=True)
class Curve:
    """First admissions of a day in quarters of an hour: (minutes since local midnight, persons), gaps filled with 0."""

    day: date
    points: tuple[tuple[int, int], ...]

    @property
    def peak(self) -> tuple[int, int] | None:
        """The first highest quarter; None on a day without anybody."""
        return max(self.points, key=lambda point: (point[1], -point[0])) if self.points else None

    def split(self, at: datetime) -> tuple[tuple[tuple[int, int], ...], tuple[int, int] | None]:
        """Quarters that were over at the local moment `at`, and the one still running (None on another day)."""
        over = at.hour * 60 + at.minute - QUARTER if at.date() == self.day else 24 * 60
        rest = [point for point in self.points if point[0] > over]
        return tuple(point for point in self.points if point[0] <= over), rest[0] if rest else None


@dataclass(frozen=True)
class Overview:
    """Everything the dashboard shows, at the moment `at` (the expo's time zone)."""

    at: datetime
    phase: str
    """before, running or after."""
    day_no: int
    """1 on the first day; 0 outside the expo's days."""
    checked_in: Figure
    registered: Figure
    exhibitors: Figure
    arrived: Figure
    applications: Figure
    services: Figure
    services_arrived: Figure
    deals: DealTotals
    signed_amount: Figure
    signed: Figure
    signed_today: Figure
    intended_amount: Figure
    signed_days: tuple[tuple[date, Decimal], ...]
    """Signed amount of each day that has one, for the small curve."""
    today: Curve
    yesterday: Curve | None
    rooms: tuple[RoomNow, ...]
    arrivals: tuple[ExhibitorPart, ...]
    clashes: Figure
    unissued: Figure
    unprinted: Figure
    duplicates: Figure
    absent: Figure

    @property
    def alerts(self) -> tuple[Figure, ...]:
        """What needs doing, in order of urgency; nothing that is zero."""
        ordered = (self.clashes, self.unissued, self.unprinted, self.duplicates, self.absent)
        return tuple(figure for figure in ordered if figure.value)
