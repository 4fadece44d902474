"""Intentions and signed agreements between parties."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Rate, kept_by_name, part_of


class DealKind(Labelled):
    FRAMEWORK = N_("战略合作框架协议")
    TECH_CONTRACT = N_("技术合同")
    PURCHASE = N_("采购 / 销售")
    INVESTMENT = N_("投资 / 融资")
    TENANCY = N_("园区入驻")
    AUCTION_SALE = N_("专利拍卖成交")
    OTHER = N_("其他")

    @property
    def also(self) -> tuple[str, ...]:
        return _ALSO.get(self.name, ())


_ALSO = {
    "FRAMEWORK": ("框架协议", "合作框架协议", "战略合作", "战略合作协议", "战略协议", "合作协议", "Framework"),
    "TECH_CONTRACT": ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务", "技术交易"),
    "PURCHASE": ("购销", "买卖", "采购合同", "销售合同", "购销合同", "买卖合同", "采购协议", "设备采购", "产品采购"),
    "INVESTMENT": ("投融资", "投资协议", "融资协议", "投资合同", "融资合同", "股权投资", "股权融资"),
    "TENANCY": ("入驻", "入园", "入驻协议", "园区入驻协议"),
    "AUCTION_SALE": ("拍卖", "专利拍卖", "拍卖成交"),
    "OTHER": ("其它",),
}
"""Kind → what lists call it too."""


class DealStage(Labelled):
    """REGISTERED is for technology contracts only."""

    INTENT = N_("意向")
    SIGNED = N_("签约")
    REGISTERED = N_("认定登记")
    PERFORMING = N_("履行中")
    LANDED = N_("落地 / 完成")
    TERMINATED = N_("终止")


SIGNED_STAGES = (DealStage.SIGNED, DealStage.REGISTERED, DealStage.PERFORMING, DealStage.LANDED)
"""Stages that count as signed; an intention does not yet, a terminated contract no longer."""


class Entry(Labelled):
    """Only VALID entries count."""

    DRAFT = N_("草稿")
    CHECK = N_("待核对")
    VALID = N_("有效")
    VOID = N_("作废")


class PartyRole(Labelled):
    SELLER = N_("卖方 / 受托方")
    BUYER = N_("买方 / 委托方")
    PARTY = N_("签约方")
    WITNESS = N_("见证方")


class PaymentWay(Labelled):
    LUMP_SUM = N_("一次支付")
    INSTALMENTS = N_("分期支付")
    ROYALTY = N_("提成支付")
    ENTRY_FEE_AND_ROYALTY = N_("提成支付＋入门费")
    OTHER = N_("其他")


class PlanSource(Labelled):
    STATE = N_("国家计划")
    MINISTRY = N_("部门计划")
    PROVINCE = N_("省市计划")
    CITY = N_("地市县计划")
    NONE = N_("计划外")

    @property
    def also(self) -> tuple[str, ...]:
        return () if self is PlanSource.NONE else (self.value.removesuffix("计划"),)


class CertificateState(Labelled):
    NONE = N_("未申请")
    APPLIED = N_("已申请")
    ISSUED = N_("已发证")
    REFUSED = N_("不予登记")


class Registration(Labelled):
    """认定登记 of a technology contract: handed in to the office, entered by it, or sent back."""

    OPEN = N_("未提交")
    SUBMITTED = N_("已提交")
    REGISTERED = N_("已登记")
    RETURNED = N_("退回")


class PricingWay(Labelled):
    """How a public institute prices a result (促进科技成果转化法 art. 18)."""

    AGREED = N_("协议定价")
    LISTED = N_("挂牌交易")
    AUCTIONED = N_("拍卖")

    @property
    def also(self) -> tuple[str, ...]:
        return {"AGREED": ("协议",), "LISTED": ("挂牌",)}.get(self.name, ())


class Mandate(Labelled):
    """What entitles a signatory to sign."""

    LEGAL_REPRESENTATIVE = N_("法定代表人")
    WRITTEN = N_("书面授权")
    MISSING = N_("授权未见")


class PatentKind(Labelled):
    """Its term runs from the filing date (专利法 art. 42)."""

    INVENTION = N_("发明专利")
    UTILITY_MODEL = N_("实用新型")
    DESIGN = N_("外观设计")

    @property
    def also(self) -> tuple[str, ...]:
        return self.value.removesuffix("专利"), f"{self.value.removesuffix('专利')}专利"


class MilestoneKind(Labelled):
    PAYMENT = N_("付款")
    STEP = N_("里程碑")


class AttachmentKind(Labelled):
    CONTRACT = N_("合同扫描件")
    COMMITMENT = N_("认定登记承诺书")
    MANDATE = N_("授权书")
    OTHER = N_("其他")


class Deal(Base):
    """签约项目. Amounts in yuan, exact to the fen; None means no amount, which is not 0.

    The technology-contract columns follow 技术合同认定登记; the choices come from `rules.tech_contracts`.
    """

    __tablename__ = "deal"
    __table_args__ = (
        UniqueConstraint("expo_id", "deal_no"),
        CheckConstraint("tech_amount IS NULL OR amount IS NOT NULL AND tech_amount <= amount", name="tech_amount"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),
        Index("ix_deal_expo_entry", "expo_id", "entry", "stage"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"))
    deal_no: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[DealKind] = mapped_column(kept_by_name(DealKind), default=DealKind.TECH_CONTRACT)
    stage: Mapped[DealStage] = mapped_column(kept_by_name(DealStage), default=DealStage.SIGNED)
    entry: Mapped[Entry] = mapped_column(kept_by_name(Entry), default=Entry.DRAFT)
    amount: Mapped[Decimal | None]
    """合同成交额, in yuan whatever the currency."""
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    """ISO 4217. What is not in yuan keeps its own amount, converted at the rate of a day that somebody names."""
    foreign_amount: Mapped[Decimal | None]
    rate: Mapped[Decimal | None] = mapped_column(Rate)
    rate_on: Mapped[date | None]
    rate_source: Mapped[str] = mapped_column(String(120), default="")
    tech_amount: Mapped[Decimal | None]
    """技术交易额, never above `amount`."""
    signed_on: Mapped[date | None]
    is_prior: Mapped[bool] = mapped_column(default=False)
    """此前已签: signed before this expo, and only shown in it; the press figure names it and does not count it."""
    prior_note: Mapped[str] = mapped_column(String(200), default="")
    """Where and when it was signed before."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    programme_item_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_item.id", ondelete="SET NULL"), index=True
    )
    signing_batch: Mapped[str] = mapped_column(String(40), default="")
    signing_order: Mapped[int | None]
    """Place on the stage within its batch."""
    witness: Mapped[str] = mapped_column(String(120), default="")
    is_text_ready: Mapped[bool] = mapped_column(default=False)
    """The text to be signed lies printed."""
    contract_no: Mapped[str | None] = mapped_column(String(40), index=True)
    contract_kind: Mapped[str] = mapped_column(String(40), default="")
    contract_subkind: Mapped[str] = mapped_column(String(40), default="")
    payment_way: Mapped[PaymentWay | None] = mapped_column(kept_by_name(PaymentWay))
    is_related_party: Mapped[bool] = mapped_column(default=False)
    plan_source: Mapped[PlanSource | None] = mapped_column(kept_by_name(PlanSource))
    ip_kind: Mapped[str] = mapped_column(String(40), default="")
    tech_field: Mapped[str] = mapped_column(String(40), default="")
    tech_subfield: Mapped[str] = mapped_column(String(80), default="")
    served_industry: Mapped[str] = mapped_column(String(60), default="")
    """The industry that the technology serves, beside that of the parties."""
    is_high_tech: Mapped[bool | None]
    pricing_way: Mapped[PricingWay | None] = mapped_column(kept_by_name(PricingWay))
    public_from: Mapped[date | None]
    """公示: an agreed price of a public body is made public."""
    public_until: Mapped[date | None]
    patent_registered_on: Mapped[date | None]
    """专利转让登记: a transfer of a patent takes effect on it (专利法 art. 10)."""
    registration: Mapped[Registration] = mapped_column(kept_by_name(Registration), default=Registration.OPEN)
    submitted_on: Mapped[date | None]
    social_goal: Mapped[str] = mapped_column(String(40), default="")
    registry_office: Mapped[str] = mapped_column(String(80), default="")
    registered_on: Mapped[date | None]
    registry_no: Mapped[str] = mapped_column(String(20), default="")
    """合同登记编号: 16 digits now, 14 before; text."""
    certificate_state: Mapped[CertificateState | None] = mapped_column(kept_by_name(CertificateState))
    not_duplicate_by: Mapped[str] = mapped_column(String(40), default="")
    """Who confirmed that a suspected duplicate is none."""
    note: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(1200), default="")

    parties: Mapped[list["DealParty"]] = relationship(cascade="all, delete-orphan", order_by="DealParty.position")
    steps: Mapped[list["DealStep"]] = relationship(cascade="all, delete-orphan", order_by="DealStep.at")
    patents: Mapped[list["DealPatent"]] = relationship(cascade="all, delete-orphan", order_by="DealPatent.position")


class DealParty(Base):
    """甲方 / 乙方 / 多方: an organisation's part in a deal; `nature` is 性质 (企业, 事业法人 …)."""

    __tablename__ = "deal_party"
    __table_args__ = (UniqueConstraint("deal_id", "organisation_id", "role"), {"info": {"title": N_("签约各方")}})

    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(kept_by_name(PartyRole), default=PartyRole.PARTY)
    nature: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    signer: Mapped[str] = mapped_column(String(60), default="")
    signer_post: Mapped[str] = mapped_column(String(60), default="")
    mandate: Mapped[Mandate | None] = mapped_column(kept_by_name(Mandate))
    assistant: Mapped[str] = mapped_column(String(60), default="")
    """助签: who turns the pages at this side."""


class DealStep(Base):
    """Each change of stage or entry: when, by whom, why."""

    __tablename__ = "deal_step"

    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    stage: Mapped[DealStage] = mapped_column(kept_by_name(DealStage))
    entry: Mapped[Entry] = mapped_column(kept_by_name(Entry))
    at: Mapped[datetime]
    on_date: Mapped[date | None]
    operator: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")


class DealPatent(Base):
    """A patent or application that a contract concerns (民法典 art. 845).

    `application_no` has 13 characters since 2003-10, 9 before, the last one a check digit; so has `patent_no`.
    """

    __tablename__ = "deal_patent"
    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[PatentKind] = mapped_column(kept_by_name(PatentKind), default=PatentKind.INVENTION)
    title: Mapped[str] = mapped_column(String(200))
    application_no: Mapped[str] = mapped_column(String(20), default="")
    patent_no: Mapped[str] = mapped_column(String(20), default="")
    applicant: Mapped[str] = mapped_column(String(200), default="")
    holder: Mapped[str] = mapped_column(String(200), default="")
    filed_on: Mapped[date | None]


class DealRegistration(Base):
    """Each change of a contract's registration: when, by whom, and what the office said."""

    __tablename__ = "deal_registration"

    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    state: Mapped[Registration] = mapped_column(kept_by_name(Registration))
    on_date: Mapped[date | None]
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(String(1000), default="")
    correct_by: Mapped[date | None]
    """The day the office named for what it sent back."""


class DealMilestone(Base):
    """What was agreed to happen, or to be paid, by when; and what came of it."""

    __tablename__ = "deal_milestone"
    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[MilestoneKind] = mapped_column(kept_by_name(MilestoneKind), default=MilestoneKind.PAYMENT)
    title: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date | None]
    amount: Mapped[Decimal | None]
    done_on: Mapped[date | None]
    done_amount: Mapped[Decimal | None]
    note: Mapped[str] = mapped_column(String(500), default="")


class Attachment(Base):
    """A file kept with a deal; its bytes lie in `AttachmentContent`, known by their SHA-256."""

    __tablename__ = "attachment"
    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(kept_by_name(AttachmentKind), default=AttachmentKind.CONTRACT)
    name: Mapped[str] = mapped_column(String(160))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(40), default="")


class AttachmentContent(Base):
    """The bytes of an attachment, apart from it so that lists never read them."""

    __tablename__ = "attachment_content"

    attachment_id: Mapped[uuid.UUID] = mapped_column(part_of("attachment.id"), unique=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
