"""What the form of a voucher's use works with and shows, and what an application says: plain data. Money in yuan."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from expo_app.i18n import N_
from expo_app.model import PaidWay, ShareBasis, UseState, VoucherState
from expo_app.rules.voucher_split import NOTHING, Split, split


@dataclass(frozen=True)
class Application:
    """申领. `applicant`: a class of the policy, "" where it has none; `applied_on` None: today."""

    organisation_id: uuid.UUID
    amount: Decimal
    applicant: str = ""
    applied_on: date | None = None
    purpose: str = ""
    note: str = ""


@dataclass(frozen=True)
class UseDraft:
    """What the form of a use holds so far; `use_id` None: it was not saved yet. `voucher_id` None: the only open one.

    `other_support` None: nobody asked; 0: there is none.
    """

    use_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    voucher_id: uuid.UUID | None = None
    provider_id: uuid.UUID | None = None
    instrument_id: uuid.UUID | None = None
    service_item_id: uuid.UUID | None = None
    kind: str = ""
    title: str = ""
    contract_no: str = ""
    contract_on: date | None = None
    contract_amount: Decimal | None = None
    invoice_amount: Decimal | None = None
    other_support: Decimal | None = None
    is_unrelated: bool = False
    report_no: str = ""
    report_on: date | None = None
    deal_id: uuid.UUID | None = None


class Mark(StrEnum):
    """How a check came out. Only BAD and OPEN keep a use from being submitted; LATER is needed before 核验."""

    OK = N_("通过")
    BAD = N_("不通过")
    OPEN = N_("未填")
    NOTE = N_("提醒")
    LATER = N_("可稍后补")


@dataclass(frozen=True)
class Check:
    """One line of a list of checks. `field`: the one of the form that answers it; `words` are shown as they are."""

    key: str
    mark: Mark
    words: str
    field: str = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing can be submitted because of it."""
        return self.mark in (Mark.BAD, Mark.OPEN)


@dataclass(frozen=True)
class Limit:
    """额度. `key` of `voucher_split.LIMITS`; `most` None: no such limit. `used`: before this use, by all it counts.

    `now`: this use's share; `bites`: it is what cut the share. `is_reserved`: of a pot that the voucher was taken out
    of, so that the use takes nothing of it any more.
    """

    key: str
    most: Decimal | None
    used: Decimal
    now: Decimal
    bites: bool = False
    is_reserved: bool = False

    def taking(self, now: Decimal, bites: str) -> Limit:
        """The same with this use's share; `bites`: the key of what cut it."""
        return replace(self, now=NOTHING if self.is_reserved else now, bites=self.key == bites)

    @property
    def left(self) -> Decimal | None:
        """What is left after this use; None where there is no limit."""
        return None if self.most is None else self.most - self.used - self.now

    @property
    def part(self) -> Decimal | None:
        """How much of it is used with this use, in percent with one decimal."""
        if not self.most:
            return None
        return ((self.used + self.now) * 100 / self.most).quantize(Decimal("0.1"))


LIMIT_WORDS = {
    "per_use": N_("单次上限"), "per_year": N_("企业年度余额"), "budget": N_("预算余额"), "voucher": N_("券余额"),
}  # fmt: skip
BITES_WORDS = {
    "per_use": N_("触及单次上限"), "per_year": N_("触及企业年度上限"), "budget": N_("触及年度预算"),
    "voucher": N_("触及券余额"),
}  # fmt: skip


@dataclass(frozen=True)
class PolicyShown:
    """A version of a region's policy, with the limits of the company's class. `rate` in percent."""

    id: uuid.UUID
    region_code: str
    title: str
    version_no: int
    valid_from: date
    valid_until: date | None
    rate: Decimal
    cap_per_use: Decimal | None
    cap_per_year: Decimal | None
    budget: Decimal | None
    kinds: tuple[str, ...] | None
    accepted_regions: tuple[str, ...] | None
    basis: ShareBasis
    way: PaidWay
    review_levels: int
    needs_list: bool
    refuses_related: bool
    valid_months: int | None
    applicants: tuple[str, ...] = ()
    source: str = ""
    text: str = ""
    is_sample: bool = False

    def basis_of(self, contract: Decimal | None, invoice: Decimal | None) -> Decimal | None:
        """What is split: by contract or invoice as the policy says; before the invoice is there, by the contract."""
        return invoice if self.basis is ShareBasis.INVOICE and invoice is not None else contract


@dataclass(frozen=True)
class VoucherShown:
    """A voucher of the company that may pay. `left`: of its amount."""

    id: uuid.UUID
    voucher_no: str
    region_code: str
    applicant: str
    amount: Decimal
    held: Decimal
    used: Decimal
    state: VoucherState
    applied_on: date
    approved_on: date | None
    expires_on: date | None
    is_sample: bool = False

    @property
    def left(self) -> Decimal:
        return self.held - self.used


@dataclass(frozen=True)
class BodyShown:
    """The company or the provider, by name as it is read. `listed_until`: on the list of the policy's region."""

    id: uuid.UUID
    name: str
    region_code: str | None
    is_sample: bool = False
    listed_until: date | None = None


@dataclass(frozen=True)
class StepShown:
    """A step of the voucher (`of_voucher`), of the use, or of its correction `correction`, in their order."""

    state: VoucherState | UseState
    at: datetime
    on_date: date
    operator: str
    opinion: str
    of_voucher: bool = False
    correction: str = ""


@dataclass(frozen=True)
class Look:
    """All that the form of a use shows. `no_policy` and `no_voucher`: why there is none, a sentence; "" where there is.

    `basis`: what is split; `split` None while it is not known; `bound`: what is left of the limits that may cut it.
    `related`: the checks of related parties, `checks` those
    before submission. `is_open`: it may still be written and submitted. `entered`: the share as it was entered, without
    corrections; of a correction, of the use with the key and number `corrects`, the difference. `statement`: key
    and number of the one that it stands in.
    """

    draft: UseDraft
    use_no: str = ""
    state: UseState = UseState.DRAFT
    company: BodyShown | None = None
    provider: BodyShown | None = None
    resource: str = ""
    policy: PolicyShown | None = None
    no_policy: str = ""
    vouchers: tuple[VoucherShown, ...] = ()
    voucher: VoucherShown | None = None
    no_voucher: str = ""
    basis: Decimal | None = None
    split: Split | None = None
    bound: Mapping[str, Decimal | None] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    related: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    steps: tuple[StepShown, ...] = ()
    reason: str = ""
    entered: Decimal | None = None
    corrects: tuple[uuid.UUID, str] | None = None
    statement: tuple[uuid.UUID, str] | None = None

    def with_basis(self, basis: Decimal | None) -> Look:
        """The same, another amount split, with what was left of the limits when it was read."""
        found = None
        if self.policy is not None and basis is not None and basis > 0:
            found = split(basis, self.policy.rate, self.bound)
        now, bites = (found.share, found.bites) if found else (NOTHING, "")
        limits = tuple(limit.taking(now, bites) for limit in self.limits)
        return replace(self, basis=basis, split=found, limits=limits)

    @property
    def is_open(self) -> bool:
        return self.state in (UseState.DRAFT, UseState.RETURNED)

    @property
    def blocking(self) -> tuple[Check, ...]:
        """What is to be put right before it can be submitted, in the order shown."""
        return tuple(check for check in (*self.related, *self.checks) if check.blocks)

    @property
    def may_submit(self) -> bool:
        return self.is_open and self.policy is not None and self.voucher is not None and self.split is not None and (
            not self.blocking
        )  # fmt: skip
