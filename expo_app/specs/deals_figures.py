"""Signed and intended: what `services.statistics.deals` counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expo_app.i18n import _
from expo_app.model import DealStage
from expo_app.specs.figures import Figure


@dataclass(frozen=True)
class DealTotals:
    """Signed and intended, never added together, and what neither counts. Amounts in yuan; None: none has an amount.

    `…_without` are counted deals without an amount, `…_foreign` those in another currency that no rate turns into yuan:
    counted, not added up; `…_converted` those that one did. `…_prior` of the signed ones were signed before this expo,
    `first_amount` is that of the others.
    """

    signed: int = 0
    signed_amount: Decimal | None = None
    tech_amount: Decimal | None = None
    signed_without: int = 0
    signed_foreign: int = 0
    signed_converted: int = 0
    signed_prior: int = 0
    first_amount: Decimal | None = None
    intended: int = 0
    intended_amount: Decimal | None = None
    intended_without: int = 0
    intended_foreign: int = 0
    intended_converted: int = 0
    drafts: int = 0
    to_check: int = 0
    void: int = 0
    terminated: int = 0
    samples: int = 0

    @property
    def recorded(self) -> int:
        """Deals of the expo, whatever they are."""
        return self.signed + self.intended + self.drafts + self.to_check + self.void + self.terminated

    @property
    def counts_out(self) -> tuple[tuple[str, int], ...]:
        """What is left out of both columns, by reason; reasons without any are not named."""
        named = (
            (_("草稿"), self.drafts), (_("待核对"), self.to_check), (_("作废"), self.void),
            (DealStage.TERMINATED.label, self.terminated), (_("示例"), self.samples),
        )  # fmt: skip
        return tuple((label, count) for label, count in named if count)

    @property
    def left_out(self) -> str:
        """不含草稿 1 项、作废 1 项; empty where nothing is left out."""
        parts = [_("{what} {n} 项").format(what=label, n=f"{count:,}") for label, count in self.counts_out]
        return _("不含{what}").format(what=_("、").join(parts)) if parts else ""

    @property
    def first(self) -> int:
        """Signed for the first time at this expo."""
        return self.signed - self.signed_prior

    @property
    def without_words(self) -> str:
        """What the signed amount does not hold though it counts the deals: 无金额 2 项; empty if it holds all."""
        return _named(((_("无金额"), self.signed_without), (_("外币未折算"), self.signed_foreign)))

    @property
    def holding_words(self) -> str:
        """What the signed amount holds that is to be said: 含外币折算 1 项、此前已签 2 项; empty if nothing is."""
        found = _named(((_("外币折算"), self.signed_converted), (_("此前已签"), self.signed_prior)))
        return _("含{what}").format(what=found) if found else ""


def _named(counts: tuple[tuple[str, int], ...]) -> str:
    """无金额 2 项、外币未折算 1 项: those there are."""
    return _("、").join(_("{what} {n} 项").format(what=label, n=f"{count:,}") for label, count in counts if count)


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
class PriorDeal:
    """A signed deal that was signed before this expo and only shown in it: named, where and when beside it."""

    id: uuid.UUID
    deal_no: str
    title: str
    parties: str
    amount: Decimal | None
    prior_note: str
    is_sample: bool


@dataclass(frozen=True)
class DealFigures:
    """Deals of valid entries. `first` and `first_amount` are those signed first at this expo, `prior` names the rest.

    `kinds` and `contract_kinds` hold signed deals; `stages` every valid stage on its own."""

    totals: DealTotals
    signed: Figure
    signed_amount: Figure
    tech_amount: Figure
    first: Figure
    first_amount: Figure
    intended: Figure
    intended_amount: Figure
    kinds: tuple[DealPart, ...]
    contract_kinds: tuple[DealPart, ...]
    stages: tuple[DealPart, ...]
    days: tuple[DealPart, ...]
    top: tuple[TopDeal, ...]
    shares: tuple[DealPart, ...] = ()
    """Every signed deal once: technology contracts by class, the others by kind; the amounts add up to the total."""
    prior: tuple[PriorDeal, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.signed, self.signed_amount, self.tech_amount, self.intended, self.intended_amount)
