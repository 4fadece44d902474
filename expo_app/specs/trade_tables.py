"""The statistic tables of trade, T1 to T10, as plain data: what `services.statistics.trade_tables` counts.

Amounts are exact yuan, shares 0 to 1. A line names the deals it was counted from by their ids.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from expo_app.i18n import N_, Labelled, _
from expo_app.rules.size_classes import net_outputs
from expo_app.specs.fields import MISSING
from expo_app.specs.figures import percent, ratio
from expo_app.specs.report_data import Head

UNKNOWN, UNKNOWN_WORDS = "", N_("未填")
"""The key of the line for what has no classification, and what it is called."""


UNREAD = "unread"
"""The measure of a check that names a deal no table can count."""


class Basis(Labelled):
    """口径: which deals a table counts; never two at a time."""

    SIGNED = N_("签约")
    REGISTERED = N_("已登记")
    INTENDED = N_("意向")


@dataclass(frozen=True)
class TableQuery:
    """What is asked. `expo_ids`: one expo or several; the first one's groups of regions and time zone hold.

    `since` and `until`: days of 签订日期 (登记日期 for 已登记), both included; `region`: key of the group that
    the first seller or buyer is in; `rolls_up`: groups count with their city; `against`: an expo or a past edition.
    """

    expo_ids: tuple[uuid.UUID, ...]
    basis: Basis = Basis.SIGNED
    since: date | None = None
    until: date | None = None
    region: str | None = None
    rolls_up: bool = False
    against: uuid.UUID | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is what key figures of an edition are of: one expo, all that was signed, of any time and place."""
        is_narrowed = any(value is not None for value in (self.since, self.until, self.region))
        return len(self.expo_ids) == 1 and self.basis is Basis.SIGNED and not is_narrowed


class DealRow(NamedTuple):
    """One valid deal as the tables take it. `day`: by its basis; natures and regions are of the first of each side."""

    id: uuid.UUID
    is_contract: bool
    is_signed: bool
    is_intended: bool
    is_registered: bool
    stage: str
    day: date | None
    registered_on: date | None
    amount: Decimal | None
    tech_amount: Decimal | None
    is_converted: bool
    kind: str
    subkind: str
    tech_field: str
    ip_kind: str
    plan_source: str
    social_goal: str
    seller_nature: str
    buyer_nature: str
    seller_code: str | None
    buyer_code: str | None
    sides: int
    """How many sellers, or buyers, whichever are more."""


@dataclass(frozen=True)
class Sums:
    """How many deals, their 成交额 and 技术交易额 in yuan (None: none has one), and which they are."""

    count: int | None = 0
    amount: Decimal | None = None
    tech_amount: Decimal | None = None
    ids: tuple[uuid.UUID, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_nothing(self) -> bool:
        return not self.count and not self.amount and not self.tech_amount


@dataclass(frozen=True)
class Line:
    """A line of a table: `share` of the table's amount, `before` the same line of what is compared with (None: no
    comparison), `parts` unfold below it."""

    key: str
    label: str
    sums: Sums
    share: Decimal | None = None
    before: Sums | None = None
    parts: tuple[Line, ...] = ()
    colour: str = ""

    @property
    def was_nothing(self) -> bool:
        """上届无: there is a comparison, and it has none of these."""
        return self.before is not None and self.before.is_nothing and not self.sums.is_nothing

    @property
    def change(self) -> Decimal | None:
        """同比 of 成交额 (of 技术交易额 where that alone is known of the other one): 0.121 is 12.1 % more."""
        if self.before is None:
            return None
        for now, then in ((self.sums.amount, self.before.amount), (self.sums.tech_amount, self.before.tech_amount)):
            if then:
                return ratio((now or Decimal(0)) - then, then)
        return None

    @property
    def change_shown(self) -> str:
        """+12.1%, −7.3%; 上届无 where there was none; — without a comparison."""
        if self.was_nothing:
            return _("上届无")
        return MISSING if self.change is None else signed(percent(abs(self.change)), self.change)


def signed(words: str, value: Decimal) -> str:
    """With the sign that a person writes: +, −, none for nothing."""
    return ("+" if value > 0 else "−" if value < 0 else "") + words


@dataclass(frozen=True)
class Matrix:
    """T7: what flows from the sellers' places (rows) to the buyers' (columns); `regions` are (key, label) in order."""

    regions: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], Sums]
    outputs: Mapping[str, Sums]
    intakes: Mapping[str, Sums]
    total: Sums

    def cell(self, seller: str, buyer: str) -> Sums:
        """What went from one place to another."""
        return self.cells.get((seller, buyer), Sums())

    @property
    def net(self) -> dict[str, Decimal]:
        """净输出 by place, in yuan."""
        return net_outputs(_amounts(self.outputs), _amounts(self.intakes))

    def net_of(self, place: str) -> Decimal | None:
        """净输出 of a place as it is shown; None where nothing goes out and nothing comes in."""
        return self.net[place] if self.outputs[place].count or self.intakes[place].count else None


def _amounts(sums: Mapping[str, Sums]) -> dict[str, Decimal]:
    return {key: of.amount or Decimal(0) for key, of in sums.items()}


@dataclass(frozen=True)
class Table:
    """`first`: header of the first column. `extras` are sums beside the lines, not added to them: 涉及知识产权.

    `total` None: its lines are never added (T10).
    """

    no: str
    title: str
    first: str
    lines: tuple[Line, ...]
    total: Line | None
    extras: tuple[Line, ...] = ()
    matrix: Matrix | None = None
    notes: tuple[str, ...] = ()
    mean: Decimal | None = None
    """Yuan a contract, of the `priced` ones that have an amount (T8)."""
    priced: int = 0
    holds_intentions: bool = False
    """Intentions are among what it counts: its amounts are no 成交额."""

    @property
    def amount(self) -> str:
        """Header of its amounts."""
        return _("金额") if self.holds_intentions else _("成交额")

    @property
    def has_gaps(self) -> bool:
        """Whether something is not classified: it has a line of its own."""
        return any(line.key == UNKNOWN and line.sums.count for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return all(not line.sums.count for line in self.lines)


@dataclass(frozen=True)
class Check:
    """One total, as published and as counted again from the raw records. `table` "" is of no table; `measure` is
    count, amount or tech_amount, in yuan, or UNREAD. `ids`: the records to look at where they differ."""

    table: str
    label: str
    measure: str
    published: int | Decimal | None
    recounted: int | Decimal | None
    ids: tuple[uuid.UUID, ...] = field(default=(), compare=False, repr=False)

    @property
    def difference(self) -> Decimal:
        """Published less recounted."""
        return Decimal(self.published or 0) - Decimal(self.recounted or 0)

    @property
    def agrees(self) -> bool:
        return (self.published or 0) == (self.recounted or 0)

    @property
    def words(self) -> str:
        """差 12.00 元, 差 1 项; a part of a fen is told, not rounded away."""
        if self.measure == UNREAD:
            return _("没有计入")
        if self.measure == "count":
            return _("差 {n} 项").format(n=f"{abs(self.difference):,.0f}")
        places = max(2, -int(self.difference.normalize().as_tuple().exponent))
        return _("差 {n} 元").format(n=f"{abs(self.difference):,.{places}f}")


@dataclass(frozen=True)
class TradeTables:
    """All tables of one moment. `filters`: what was asked, part by part; `notes`: what holds for every table."""

    query: TableQuery
    head: Head
    filters: tuple[str, ...]
    tables: tuple[Table, ...]
    against: str
    """What is compared with; "" for nothing."""
    notes: tuple[str, ...]
    checks: tuple[Check, ...] = ()

    @property
    def at(self) -> datetime:
        return self.head.at

    @property
    def filter_line(self) -> str:
        """展会 · 口径 · 时期 · 地区 · 对比."""
        return " · ".join(self.filters)

    @property
    def contracts(self) -> int:
        """Technology contracts counted."""
        total = self.tables[0].total
        return (total.sums.count or 0) if total else 0

    def table(self, no: str) -> Table:
        """T1 … T10; KeyError for another."""
        return {table.no: table for table in self.tables}[no]

    def failing(self, no: str | None = None) -> tuple[Check, ...]:
        """Checks that do not agree: of one table, or all. What cannot be read is missing in every table."""
        failing = (check for check in self.checks if not check.agrees)
        return tuple(check for check in failing if no in (None, check.table) or check.measure == UNREAD)


Key = Callable[[DealRow], str]
Values = Mapping[str, Any]
