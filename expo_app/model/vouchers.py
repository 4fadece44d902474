"""双创券: instruments, what a region's policy says, vouchers, their uses, and the statements regions settle by.

They belong to the file, as providers do: a voucher is used for years after the expo that it came of. Money in yuan.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Rate, Texts, kept_by_name, part_of, partial_unique


class Instrument(Base):
    """仪器 of a provider. `price` for one `unit`; None: not published."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("provider_id", "instrument_no"),
        Index("ix_instrument_provider_title", "provider_id", "title"),
    )

    provider_id: Mapped[uuid.UUID] = mapped_column(part_of("provider.id"))
    instrument_no: Mapped[str | None] = mapped_column(String(40))
    """编号 in the provider's own list, or in the catalogue it came of."""
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    model_no: Mapped[str] = mapped_column(String(120), default="")
    """型号."""
    category: Mapped[str] = mapped_column(String(60), default="")
    """仪器类型: the catalogue's word (分析仪器)."""
    subcategory: Mapped[str] = mapped_column(String(60), default="")
    price: Mapped[Decimal | None]
    unit: Mapped[str] = mapped_column(String(20), default="")
    price_from: Mapped[date | None]
    """Since when it costs that."""
    original_value: Mapped[Decimal | None]
    """原值."""
    qualification: Mapped[str] = mapped_column(String(200), default="")
    qualified_until: Mapped[date | None]
    listed_from: Mapped[date | None]
    listed_until: Mapped[date | None]
    """目录有效: outside it, it is kept for old uses and cannot be booked."""
    accepts: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """GB/T 2260 codes of the regions whose vouchers it takes; None: those that list its provider."""
    is_bookable: Mapped[bool] = mapped_column(default=True)
    summary: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class PaidWay(Labelled):
    """Who gets the voucher's money: the Delta pilot's criterion."""

    REFUNDED = N_("通用")
    """The company pays all and its own region refunds it: nothing between regions."""
    PAID = N_("通兑")
    """The company pays its own share and its region pays the provider the rest."""


class ShareBasis(Labelled):
    CONTRACT = N_("合同金额")
    INVOICE = N_("发票金额")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            ShareBasis.CONTRACT: ("合同", "合同额", "按合同", "按合同金额", "合同价款"),
            ShareBasis.INVOICE: ("发票", "发票额", "按发票", "按发票金额", "开票金额"),
        }
        return words.get(self, ())


class VoucherPolicy(Base):
    """办法 of a region, one row for each version; two of a region are never valid on one day.

    `rate` in percent of the basis. None: no such limit. What is used once is changed by another version alone.
    """

    __tablename__ = "voucher_policy"
    __table_args__ = (
        UniqueConstraint("region_code", "title", "version_no"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="order"),
        CheckConstraint("review_levels BETWEEN 1 AND 2", name="levels"),
    )

    region_code: Mapped[str] = mapped_column(String(6), index=True)
    """GB/T 2260: whose companies it is for and whose money it is."""
    title: Mapped[str] = mapped_column(String(120))
    version_no: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    rate: Mapped[Decimal] = mapped_column(Rate)
    cap_per_use: Mapped[Decimal | None]
    cap_per_year: Mapped[Decimal | None]
    """Of one company in a calendar year, by the day its vouchers were approved, of whichever version of the region."""
    budget: Mapped[Decimal | None]
    """Of a calendar year, whichever version of the region gave it."""
    kinds: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Kinds of service it may pay for, in the region's words; None: all."""
    accepted_regions: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """GB/T 2260 codes of the providers' regions, prefixes; None: all."""
    basis: Mapped[ShareBasis] = mapped_column(kept_by_name(ShareBasis), default=ShareBasis.CONTRACT)
    way: Mapped[PaidWay] = mapped_column(kept_by_name(PaidWay), default=PaidWay.PAID)
    review_levels: Mapped[int] = mapped_column(default=1)
    needs_list: Mapped[bool] = mapped_column(default=True)
    """The provider must be on the region's list (名录) on the day of the contract."""
    refuses_related: Mapped[bool] = mapped_column(default=True)
    valid_months: Mapped[int | None]
    """How long a voucher holds from its approval; None: to the end of the policy."""
    settle_months: Mapped[int | None]
    """At least so often regions settle (浙江: 6)."""
    source: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(String(10_000), default="")
    """办法全文, where somebody entered it."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class PolicyClass(Base):
    """Limits of a policy for one class of applicant (企业, 创业者 / 团队, 在孵企业 …); None: those of the policy."""

    __tablename__ = "policy_class"
    __table_args__ = (UniqueConstraint("policy_id", "applicant"),)

    policy_id: Mapped[uuid.UUID] = mapped_column(part_of("voucher_policy.id"), index=True)
    applicant: Mapped[str] = mapped_column(String(40))
    rate: Mapped[Decimal | None] = mapped_column(Rate)
    cap_per_use: Mapped[Decimal | None]
    cap_per_year: Mapped[Decimal | None]


class ListedProvider(Base):
    """名录: a provider that a region's vouchers may pay between two days."""

    __tablename__ = "listed_provider"
    __table_args__ = (
        UniqueConstraint("region_code", "provider_id", "valid_from"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="order"),
    )

    region_code: Mapped[str] = mapped_column(String(6), index=True)
    provider_id: Mapped[uuid.UUID] = mapped_column(part_of("provider.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class RelatedBodies(Base):
    """关联关系 of two organisations (shareholding and the like) as recorded; which is named first says nothing."""

    __tablename__ = "related_bodies"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id", "words"),
        CheckConstraint("one_id <> other_id", name="sides"),
    )

    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    words: Mapped[str] = mapped_column(String(120), default="")
    """What relates them: 持股 35%."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class VoucherState(Labelled):
    """申领 → 已批; a voucher that expired or was cancelled gives back what was not used."""

    APPLIED = N_("申领中")
    APPROVED = N_("已批")
    REFUSED = N_("不予批准")
    CANCELLED = N_("已取消")
    EXPIRED = N_("已失效")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            VoucherState.APPLIED: ("申请中", "审批中", "审核中", "待审批", "待审核"),
            VoucherState.APPROVED: ("已批准", "批准", "通过", "已通过", "审批通过", "审核通过", "已发放", "有效"),
            VoucherState.REFUSED: ("未通过", "不通过", "审批未通过", "审核未通过", "未批准", "不予通过"),
            VoucherState.CANCELLED: ("取消", "作废", "已作废", "撤销", "已撤销"),
            VoucherState.EXPIRED: ("失效", "过期", "已过期", "到期", "已到期"),
        }
        return words.get(self, ())


class Voucher(Base):
    """券: what a region lets one of its companies use. `held` is its part of the budget, `used` what uses take of it.

    Both are kept by `services.voucher_acts` in the transaction that changes them, and the database refuses what would
    go beyond: `used` beyond `held`, `held` beyond the amount, the pots' `taken` beyond their `most`.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("held BETWEEN 0 AND amount", name="held"),
        CheckConstraint("used BETWEEN 0 AND held", name="used"),
    )

    voucher_no: Mapped[str] = mapped_column(String(40), unique=True)
    policy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("voucher_policy.id"), index=True)
    """The version on the day of application; the pots are those of this version."""
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    applicant: Mapped[str] = mapped_column(String(40), default="")
    """Class of applicant, a `PolicyClass` of the policy; "" where it has none."""
    applied_on: Mapped[date]
    amount: Mapped[Decimal]
    held: Mapped[Decimal] = mapped_column(default=Decimal(0))
    used: Mapped[Decimal] = mapped_column(default=Decimal(0))
    state: Mapped[VoucherState] = mapped_column(kept_by_name(VoucherState), default=VoucherState.APPLIED)
    approved_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    """The last day a contract may be signed."""
    purpose: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class VoucherPot(Base):
    """额度: what one region gives in one calendar year, to all or to one company, and what is taken of it.

    All versions of its policy share it. `most`: the highest limit of those under which something was taken, None where
    one had none; `taken` is kept all the same. `is_sum`: whoever takes of it adds to the row, so the undo of an import
    that began it leaves it there.
    """

    __tablename__ = "voucher_pot"
    __table_args__ = (
        UniqueConstraint("region_code", "is_sample", "year", "organisation_id"),
        partial_unique("uq_voucher_pot_budget", "region_code", "is_sample", "year", where="organisation_id IS NULL"),
        CheckConstraint("taken >= 0 AND (most IS NULL OR taken <= most)", name="taken"),
        {"info": {"is_sum": True}},
    )

    region_code: Mapped[str] = mapped_column(String(6))
    """As of its policies."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    year: Mapped[int]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(part_of("organisation.id"), index=True)
    """None: the budget of the year."""
    most: Mapped[Decimal | None]
    taken: Mapped[Decimal] = mapped_column(default=Decimal(0))


class UseState(Labelled):
    """使用 → 核验 (one or two levels) → 结算. A settled use is corrected by another entry alone."""

    DRAFT = N_("草稿")
    SUBMITTED = N_("待核验")
    FIRST_PASSED = N_("待复核")
    VERIFIED = N_("已核验")
    RETURNED = N_("退回")
    SETTLED = N_("已结算")
    CANCELLED = N_("已取消")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            UseState.SUBMITTED: ("已提交", "待审核", "审核中", "核验中"),
            UseState.FIRST_PASSED: ("复核中", "初审通过"),
            UseState.VERIFIED: ("核验通过", "审核通过", "已审核", "复核通过"),
            UseState.RETURNED: ("已退回", "驳回", "已驳回", "退回修改"),
            UseState.SETTLED: ("结算完成", "已兑付", "已拨付"),
            UseState.CANCELLED: ("取消", "作废", "已作废", "撤销", "已撤销"),
        }
        return words.get(self, ())


class VoucherUse(Base):
    """用券: a company buys a provider's resource and pays a part of it with its voucher.

    `share` (券付) is borne by `issuer_code`'s region; basis − share is the company's own part. What the policy said is
    kept with the use once it is submitted. A correction (`corrects_id`) is the difference and has a period of its own;
    a use with its corrections pays between nothing and its own `share`.
    """

    __tablename__ = "voucher_use"
    __table_args__ = (
        CheckConstraint("contract_amount IS NULL OR contract_amount >= 0", name="contract"),
        CheckConstraint("invoice_amount IS NULL OR invoice_amount >= 0", name="invoice"),
        CheckConstraint("corrects_id IS NOT NULL OR share IS NULL OR share >= 0", name="share"),
        Index("ix_voucher_use_verified", "verified_on", "state"),
    )

    use_no: Mapped[str] = mapped_column(String(40), unique=True)
    voucher_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("voucher.id"), index=True)
    """A draft may have none yet."""
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The company; that of the voucher."""
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    instrument_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("instrument.id", ondelete="SET NULL"), index=True
    )
    service_item_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("service_item.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str] = mapped_column(String(60), default="")
    """服务类别, in the policy's words."""
    title: Mapped[str] = mapped_column(String(200), default="")
    """服务内容."""
    contract_no: Mapped[str] = mapped_column(String(60), default="")
    contract_on: Mapped[date | None]
    contract_amount: Mapped[Decimal | None]
    invoice_amount: Mapped[Decimal | None]
    other_support: Mapped[Decimal | None]
    """其他财政资助: 0 says that there is none, None that nobody asked."""
    is_unrelated: Mapped[bool] = mapped_column(default=False)
    """The company declares that the two are not related; ticked by hand."""
    report_no: Mapped[str] = mapped_column(String(60), default="")
    report_on: Mapped[date | None]
    """The service's report, needed before 核验."""
    policy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("voucher_policy.id"), index=True)
    """The version valid on the day of the contract."""
    rate: Mapped[Decimal | None] = mapped_column(Rate)
    """Percent, as it was on submission."""
    way: Mapped[PaidWay | None] = mapped_column(kept_by_name(PaidWay))
    basis_amount: Mapped[Decimal | None]
    share: Mapped[Decimal | None]
    issuer_code: Mapped[str] = mapped_column(String(6), default="", index=True)
    """The region that pays: that of the policy."""
    payee_code: Mapped[str] = mapped_column(String(6), default="", index=True)
    """The region of the provider, as regions settle (`rules.settlement.party_of`)."""
    state: Mapped[UseState] = mapped_column(kept_by_name(UseState), default=UseState.DRAFT)
    submitted_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    """核验日期: the day whose period it belongs to."""
    statement_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("settlement_statement.id", ondelete="SET NULL"), index=True
    )
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("voucher_use.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it was corrected, sent back or cancelled."""
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), index=True)
    """The deal whose test or service it paid."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class VoucherStep(Base):
    """经过 of a voucher or of one of its uses: what, when, by whom, with which opinion; exactly one of both is set."""

    __tablename__ = "voucher_step"
    __table_args__ = (CheckConstraint("(voucher_id IS NULL) <> (use_id IS NULL)", name="subject"),)

    voucher_id: Mapped[uuid.UUID | None] = mapped_column(part_of("voucher.id"), index=True)
    use_id: Mapped[uuid.UUID | None] = mapped_column(part_of("voucher_use.id"), index=True)
    state: Mapped[str] = mapped_column(String(24))
    """The name of a `VoucherState` or `UseState`."""
    at: Mapped[datetime]
    on_date: Mapped[date]
    operator: Mapped[str] = mapped_column(String(40), default="")
    opinion: Mapped[str] = mapped_column(String(500), default="")


class SettlementStatement(Base):
    """对账单 of two regions, `a_code` < `b_code`, for one period; of one region with itself its list of local uses.

    A side signed where its `_version` is the statement's `version`: a change makes the next one, and both sign again.
    """

    __tablename__ = "settlement_statement"
    __table_args__ = (
        UniqueConstraint("a_code", "b_code", "period_from", "is_sample"),
        CheckConstraint("a_code <= b_code", name="sides"),
        CheckConstraint("period_from <= period_until", name="period"),
    )

    statement_no: Mapped[str] = mapped_column(String(30), unique=True)
    a_code: Mapped[str] = mapped_column(String(6))
    b_code: Mapped[str] = mapped_column(String(6))
    period_from: Mapped[date]
    period_until: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[str] = mapped_column(String(40), default="")
    sent_on: Mapped[date | None]
    sign_by: Mapped[date | None]
    a_version: Mapped[int | None]
    a_signed_on: Mapped[date | None]
    a_signer: Mapped[str] = mapped_column(String(60), default="")
    a_dispute: Mapped[str] = mapped_column(String(500), default="")
    b_version: Mapped[int | None]
    b_signed_on: Mapped[date | None]
    b_signer: Mapped[str] = mapped_column(String(60), default="")
    b_dispute: Mapped[str] = mapped_column(String(500), default="")
    paid_on: Mapped[date | None]
    """When the net was paid."""
    is_sample: Mapped[bool] = mapped_column(default=False)


class StatementStep(Base):
    """记录 of a statement: drawn, sent, signed, disputed, changed, paid."""

    __tablename__ = "statement_step"

    statement_id: Mapped[uuid.UUID] = mapped_column(part_of("settlement_statement.id"), index=True)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(String(500), default="")


class StatementPaper(Base):
    """The scanned signature of a side, without which nobody signs for the other one."""

    __tablename__ = "statement_paper"

    statement_id: Mapped[uuid.UUID] = mapped_column(part_of("settlement_statement.id"), index=True)
    side: Mapped[str] = mapped_column(String(1))
    """a or b."""
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(40), default="")
    data: Mapped[bytes] = mapped_column(LargeBinary)
