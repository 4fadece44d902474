"""联盟与共同体: who belongs in which role, what was agreed, what is built together; and published index series."""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, PartialDay, kept_by_name, part_of

AGREEMENT_TITLE = 200
"""Letters of an agreement's title."""


class AllianceKind(Labelled):
    ALLIANCE = N_("联盟")
    COMMUNITY = N_("共同体")
    CIRCLE = N_("创新圈")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            AllianceKind.ALLIANCE: ("产业联盟", "创新联盟", "战略联盟", "产业技术创新战略联盟"),
            AllianceKind.COMMUNITY: ("创新共同体", "科技创新共同体"),
            AllianceKind.CIRCLE: ("科创圈", "科技创新圈"),
        }
        return words.get(self, ())


class Alliance(Base):
    """A body of many organisations; which belong to it say its members."""

    __tablename__ = "alliance"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[AllianceKind] = mapped_column(kept_by_name(AllianceKind), default=AllianceKind.ALLIANCE)
    founded: Mapped[str] = mapped_column(PartialDay(), default="")
    founding: Mapped[str] = mapped_column(String(120), default="")
    """How it was founded: 成立, 揭牌, 成立大会."""
    secretariat: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(600), default="")


class MemberRole(Labelled):
    FOUNDER = N_("发起")
    COUNCIL = N_("理事")
    MEMBER = N_("会员")
    OBSERVER = N_("观察员")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            MemberRole.FOUNDER: ("发起单位", "发起方", "发起人", "founding member", "founder member", "co-founder"),
            MemberRole.COUNCIL: ("理事单位",),
            MemberRole.MEMBER: ("会员单位", "成员", "成员单位", "普通会员", "普通会员单位"),
            MemberRole.OBSERVER: ("观察员单位", "观察单位"),
        }
        return words.get(self, ())


class AllianceMember(Base):
    """An organisation's role in an alliance for a span of time; leaving ends the span."""

    __tablename__ = "alliance_member"
    __table_args__ = (UniqueConstraint("alliance_id", "organisation_id", "since"),)

    alliance_id: Mapped[uuid.UUID] = mapped_column(part_of("alliance.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(kept_by_name(MemberRole), default=MemberRole.MEMBER)
    since: Mapped[str] = mapped_column(PartialDay(), default="")
    until: Mapped[str] = mapped_column(PartialDay(), default="")
    certificate_no: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class PlatformState(Labelled):
    PLANNED = N_("筹备")
    AGREED = N_("签约")
    BUILDING = N_("建设")
    RUNNING = N_("运行")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            PlatformState.PLANNED: ("筹备中", "规划", "规划中", "筹建", "筹建中", "拟建"),
            PlatformState.AGREED: ("已签约",),
            PlatformState.BUILDING: ("建设中", "在建"),
            PlatformState.RUNNING: ("运行中", "已运行", "运营", "运营中", "已运营", "投入运行"),
        }
        return words.get(self, ())


class JointPlatform(Base):
    """共建平台 of an alliance: 产业技术研究院, 重点实验室, 区域创新服务中心 …"""

    __tablename__ = "joint_platform"
    __table_args__ = (UniqueConstraint("alliance_id", "title"),)

    alliance_id: Mapped[uuid.UUID] = mapped_column(part_of("alliance.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(60), default="")
    region_code: Mapped[str] = mapped_column(String(6), default="")
    state: Mapped[PlatformState] = mapped_column(kept_by_name(PlatformState), default=PlatformState.PLANNED)
    state_since: Mapped[date | None]
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class Agreement(Base):
    """协议 between bodies of equal rank, with or without an amount.

    One that was signed in an expo of this file is its deal (`deal_id`): parties and signatures are then those of the
    deal, and nothing of it is said twice.
    """

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),)

    title: Mapped[str] = mapped_column(String(AGREEMENT_TITLE), unique=True)
    title_en: Mapped[str] = mapped_column(String(300), default="")
    alliance_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("alliance.id", ondelete="SET NULL"), index=True)
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), unique=True)
    signed: Mapped[str] = mapped_column(PartialDay(), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    valid_until: Mapped[date | None]
    amount: Mapped[Decimal | None]
    summary: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class AgreementParty(Base):
    """A party of an agreement, in the order of its text."""

    __tablename__ = "agreement_party"
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"), {"info": {"title": N_("协议各方")}})

    agreement_id: Mapped[uuid.UUID] = mapped_column(part_of("agreement.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    is_signed: Mapped[bool] = mapped_column(default=False)
    signed: Mapped[str] = mapped_column(PartialDay(), default="")
    signer: Mapped[str] = mapped_column(String(60), default="")


class IndexPoint(Base):
    """One year of a published index series, as it was published."""

    __tablename__ = "index_point"
    __table_args__ = (UniqueConstraint("series", "year"),)

    series: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
