"""Intentions and signed agreements between parties."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, kept_by_name, part_of


class DealKind(Labelled):
    FRAMEWORK = N_("战略合作框架协议")
    TECH_CONTRACT = N_("技术合同")
    PURCHASE = N_("采购 / 销售")
    INVESTMENT = N_("投资 / 融资")
    TENANCY = N_("园区入驻")
    AUCTION_SALE = N_("专利拍卖成交")
    OTHER = N_("其他")


class DealStage(Labelled):
    """REGISTERED is for technology contracts only."""

    INTENT = N_("意向")
    SIGNED = N_("签约")
    REGISTERED = N_("认定登记")
    PERFORMING = N_("履行中")
    LANDED = N_("落地 / 完成")
    TERMINATED = N_("终止")


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
    OTHER = N_("其他")


class PlanSource(Labelled):
    STATE = N_("国家计划")
    MINISTRY = N_("部门计划")
    PROVINCE = N_("省市计划")
    CITY = N_("地市县计划")
    NONE = N_("计划外")


class CertificateState(Labelled):
    NONE = N_("未申请")
    APPLIED = N_("已申请")
    ISSUED = N_("已发证")
    REFUSED = N_("不予登记")


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
    """合同成交额."""
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    tech_amount: Mapped[Decimal | None]
    """技术交易额, never above `amount`."""
    signed_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    programme_item_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_item.id", ondelete="SET NULL"), index=True
    )
    signing_order: Mapped[int | None]
    signer_seller: Mapped[str] = mapped_column(String(60), default="")
    signer_buyer: Mapped[str] = mapped_column(String(60), default="")
    witness: Mapped[str] = mapped_column(String(120), default="")
    contract_no: Mapped[str | None] = mapped_column(String(40), index=True)
    contract_kind: Mapped[str] = mapped_column(String(40), default="")
    contract_subkind: Mapped[str] = mapped_column(String(40), default="")
    payment_way: Mapped[PaymentWay | None] = mapped_column(kept_by_name(PaymentWay))
    is_related_party: Mapped[bool] = mapped_column(default=False)
    plan_source: Mapped[PlanSource | None] = mapped_column(kept_by_name(PlanSource))
    ip_kind: Mapped[str] = mapped_column(String(40), default="")
    tech_field: Mapped[str] = mapped_column(String(40), default="")
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


class DealParty(Base):
    """甲方 / 乙方 / 多方: an organisation's part in a deal; `nature` is 性质 (企业, 事业法人 …)."""

    __tablename__ = "deal_party"
    __table_args__ = (UniqueConstraint("deal_id", "organisation_id", "role"), {"info": {"title": N_("签约各方")}})

    deal_id: Mapped[uuid.UUID] = mapped_column(part_of("deal.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(kept_by_name(PartyRole), default=PartyRole.PARTY)
    nature: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)


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
