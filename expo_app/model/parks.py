"""合作园区: parks of two regions, who moved in, their dated figures, what was granted, and what others reported.

They belong to the file: a company that met its park at an expo lands years later. Money in yuan. A day that was
reported as a month or a year alone is kept as that (`rules.partial_days`): "2019-12".
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, PartialDay, Texts, kept_by_name, part_of
from expo_app.model.editions import Qualifier


class SupportKind(Labelled):
    RESEARCH = N_("研发")
    RENT = N_("租金")
    TALENT = N_("人才")
    UNIVERSITY = N_("高校对接")
    OTHER = N_("其他")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            SupportKind.RESEARCH: (
                "R&D",
                "research and development",
                "研发补贴",
                "研发补助",
                "研发政策",
                "研发支持",
                "研发费用补贴",
            ),
            SupportKind.RENT: ("租金补贴", "租金减免", "租金优惠", "房租", "房租减免", "房租补贴", "免租"),
            SupportKind.TALENT: ("人才政策", "人才补贴", "人才支持", "人才公寓"),
            SupportKind.UNIVERSITY: ("产学研", "产学研合作", "校企合作", "高校合作"),
            SupportKind.OTHER: ("其它", "其他政策", "其他支持"),
        }
        return words.get(self, ())


class Park(Base):
    """园区 of a region of research and one of production. Areas in square metres; figures of the Torch form."""

    __tablename__ = "park"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(200), default="")
    research_region: Mapped[str] = mapped_column(String(6), default="")
    """研发地, GB/T 2260: where the park is."""
    production_region: Mapped[str] = mapped_column(String(6), default="")
    """产业化地: where what it grows lands."""
    opened: Mapped[str] = mapped_column(PartialDay(), default="")
    operators: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    address: Mapped[str] = mapped_column(String(200), default="")
    floor_area: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """建筑面积."""
    own_area: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """自主支配面积."""
    public_area: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """公共服务面积: counts with that used by tenants."""
    rooms: Mapped[int | None]
    desks: Mapped[int | None]
    managers: Mapped[int | None]
    """管理人员."""
    trained_managers: Mapped[int | None]
    seed_fund: Mapped[Decimal | None]
    """孵化资金."""
    supports: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Names of `SupportKind` on offer."""
    max_stay_years: Mapped[int | None]
    sharing_terms: Mapped[str] = mapped_column(String(1000), default="")
    """两地怎么算: how tax and figures are shared."""
    source: Mapped[str] = mapped_column(String(300), default="")
    """Who reported it; "" where it was entered by who runs it."""
    note: Mapped[str] = mapped_column(String(1000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class ParkTotal(Labelled):
    """What is reported of a park as one number."""

    VISITED = N_("走访意向企业")
    INTENDED = N_("意向")
    SIGNED = N_("签约")
    TENANTS = N_("入驻企业和团队")
    RESEARCH_CENTRES = N_("其中研发中心")
    LANDED = N_("落地项目")
    GRADUATED = N_("毕业企业")
    TALENTS = N_("高层次人才")
    PATENTS = N_("协助专利申请")
    EVENTS = N_("举办活动")
    COOPERATIONS = N_("高校合作项目")
    PARTNERS = N_("服务平台")
    INVESTMENT = N_("投资")
    REVENUE = N_("营收")
    USED_AREA = N_("使用面积")

    @property
    def is_money(self) -> bool:
        return self in (ParkTotal.INVESTMENT, ParkTotal.REVENUE)

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            ParkTotal.VISITED: ("走访企业", "走访", "累计走访企业", "接触企业"),
            ParkTotal.INTENDED: ("意向企业", "意向入驻企业"),
            ParkTotal.SIGNED: ("签约企业",),
            ParkTotal.TENANTS: ("入驻企业", "入驻", "入驻企业和团队数", "入驻企业数"),
            ParkTotal.RESEARCH_CENTRES: ("研发中心", "其中：研发中心"),
            ParkTotal.LANDED: ("落地", "产业化落地项目", "落地项目数"),
            ParkTotal.GRADUATED: ("毕业",),
            ParkTotal.TALENTS: ("引进高层次人才", "引进人才"),
            ParkTotal.PATENTS: ("申请专利", "协助申请专利", "专利申请", "专利"),
            ParkTotal.EVENTS: ("活动", "活动场次", "举办活动场次"),
            ParkTotal.COOPERATIONS: ("高校合作", "合作高校项目", "产学研合作项目"),
            ParkTotal.PARTNERS: ("合作服务平台",),
            ParkTotal.INVESTMENT: ("投资额", "落地投资", "投资总额"),
            ParkTotal.REVENUE: ("营业收入", "总收入"),
            ParkTotal.USED_AREA: ("使用面积合计", "已用面积"),
        }
        return words.get(self, ())


class ParkFigure(Base):
    """报道数 of a park at a day, as it was reported, with its source; never added to what is counted."""

    __tablename__ = "park_figure"
    __table_args__ = (UniqueConstraint("park_id", "figure", "on_day"),)

    park_id: Mapped[uuid.UUID] = mapped_column(part_of("park.id"), index=True)
    figure: Mapped[ParkTotal] = mapped_column(kept_by_name(ParkTotal))
    on_day: Mapped[str] = mapped_column(PartialDay())
    since: Mapped[str] = mapped_column(PartialDay(), default="")
    """From when it was counted, where it is cumulative."""
    value: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    """A count, square metres or yuan."""
    qualifier: Mapped[Qualifier | None] = mapped_column(kept_by_name(Qualifier))
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class TenantState(Labelled):
    VISITED = N_("接触")
    INTENDED = N_("意向")
    SIGNED = N_("签约")
    MOVED_IN = N_("入驻")
    INCUBATED = N_("孵化")
    LANDED = N_("落地")
    GRADUATED = N_("毕业")
    LEFT = N_("退出")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            TenantState.VISITED: ("走访", "已走访", "接洽", "已接触"),
            TenantState.INTENDED: ("有意向", "意向入驻", "意向企业", "拟入驻"),
            TenantState.SIGNED: ("已签约", "签订协议"),
            TenantState.MOVED_IN: ("已入驻", "在园", "入园", "已入园", "入驻企业"),
            TenantState.INCUBATED: ("在孵", "在孵企业", "孵化中"),
            TenantState.LANDED: ("已落地", "产业化落地", "落地企业"),
            TenantState.GRADUATED: ("已毕业", "毕业企业"),
            TenantState.LEFT: ("已退出", "退园", "已退园", "迁出", "已迁出", "搬离", "退租"),
        }
        return words.get(self, ())


class Tenant(Base):
    """入驻企业: an organisation in a park, from the first visit on. `state` is that of its last step.

    One that left and comes back is a tenant anew: `stay` is its number among those of the park, 1 for the first.

    What never changes of the Torch form stands here, what changes by the year in `TenantFigures`.
    """

    __tablename__ = "tenant"
    __table_args__ = (UniqueConstraint("park_id", "organisation_id", "stay"),)

    park_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("park.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    stay: Mapped[int]
    state: Mapped[TenantState] = mapped_column(kept_by_name(TenantState), default=TenantState.VISITED)
    is_research_centre: Mapped[bool] = mapped_column(default=False)
    """研发中心 of a company of the region of production."""
    room: Mapped[str] = mapped_column(String(60), default="")
    research_region: Mapped[str] = mapped_column(String(6), default="")
    production_region: Mapped[str] = mapped_column(String(6), default="")
    summary: Mapped[str] = mapped_column(String(500), default="")
    """说明: what it makes and what became of it."""
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), index=True)
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    pitch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pitch.id", ondelete="SET NULL"), index=True)
    """What it came of."""
    founded_on: Mapped[date | None]
    registration_kind: Mapped[str] = mapped_column(String(60), default="")
    tech_field: Mapped[str] = mapped_column(String(60), default="")
    taxpayer_kind: Mapped[str] = mapped_column(String(40), default="")
    has_mentor: Mapped[bool | None]
    is_high_tech: Mapped[bool | None]
    founder_background: Mapped[str] = mapped_column(String(60), default="")
    is_serial_founder: Mapped[bool | None]
    founder_sex: Mapped[str] = mapped_column(String(10), default="")
    registered_capital: Mapped[Decimal | None]
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    source: Mapped[str] = mapped_column(String(300), default="")
    """Who reported it; "" where it was entered by who runs the park."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class TenantStep(Base):
    """Each state of a tenant: when, by whom, where to and why. A correction stands beside what it corrects."""

    __tablename__ = "tenant_step"

    tenant_id: Mapped[uuid.UUID] = mapped_column(part_of("tenant.id"), index=True)
    state: Mapped[TenantState] = mapped_column(kept_by_name(TenantState))
    on_day: Mapped[str] = mapped_column(PartialDay(), default="")
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    """Of 退出: why."""
    where_to: Mapped[str] = mapped_column(String(200), default="")
    is_correction: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Of a correction: why."""
    is_undone: Mapped[bool] = mapped_column(default=False)
    """A later correction went back before it."""


class TenantFigures(Base):
    """分期数据 of a tenant at the end of a year or half-year, in the words and order of the Torch yearly form (2017).

    None: not reported, which is not 0. Money in yuan (the form is in 千元), area in square metres.
    """

    __tablename__ = "tenant_figures"
    __table_args__ = (UniqueConstraint("tenant_id", "on_date"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(part_of("tenant.id"), index=True)
    on_date: Mapped[date]
    is_incubated: Mapped[bool | None]
    area: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    staff: Mapped[int | None]
    staff_doctors: Mapped[int | None]
    staff_college: Mapped[int | None]
    staff_returnees: Mapped[int | None]
    staff_talents: Mapped[int | None]
    """千人计划 and other talent programmes; what a park counts as 高层次人才."""
    staff_graduates: Mapped[int | None]
    """应届毕业生."""
    ip_applied: Mapped[int | None]
    ip_granted: Mapped[int | None]
    ip_valid: Mapped[int | None]
    ip_inventions: Mapped[int | None]
    ip_software: Mapped[int | None]
    ip_plants: Mapped[int | None]
    ip_layouts: Mapped[int | None]
    ip_foreign: Mapped[int | None]
    """购买国外专利."""
    contracts: Mapped[int | None]
    contracts_amount: Mapped[Decimal | None]
    """As the tenant reports them; what the register says is counted from the deals."""
    revenue: Mapped[Decimal | None]
    net_profit: Mapped[Decimal | None]
    trade: Mapped[Decimal | None]
    """进出口总额."""
    research_spending: Mapped[Decimal | None]
    taxes: Mapped[Decimal | None]
    venture_money: Mapped[Decimal | None]
    """获天使或风险投资额."""
    investment: Mapped[Decimal | None]
    """落地项目投资额, where it landed."""
    national_projects: Mapped[int | None]
    provincial_awards: Mapped[int | None]
    filled_by: Mapped[str] = mapped_column(String(60), default="")
    filled_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class SupportState(Labelled):
    AGREED = N_("已约定")
    RUNNING = N_("进行中")
    PAID = N_("已拨")
    ENDED = N_("已结束")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            SupportState.AGREED: ("约定", "签约", "已签约"),
            SupportState.RUNNING: ("执行中", "实施中", "享受中", "在享受"),
            SupportState.PAID: ("已拨付", "已兑现", "已兑付", "已发放", "已到账"),
            SupportState.ENDED: ("结束", "已完成", "完成", "到期", "已到期"),
        }
        return words.get(self, ())


class TenantSupport(Base):
    """政策支持 granted to a tenant (研发, 租金, 人才), or a co-operation it was led to (高校对接)."""

    __tablename__ = "tenant_support"
    __table_args__ = (CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),)

    tenant_id: Mapped[uuid.UUID] = mapped_column(part_of("tenant.id"), index=True)
    kind: Mapped[SupportKind] = mapped_column(kept_by_name(SupportKind))
    title: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal | None]
    """What was paid or waived so far; None: without money."""
    granted_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    state: Mapped[SupportState] = mapped_column(kept_by_name(SupportState), default=SupportState.RUNNING)
    partner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The university or institute of a 高校对接."""
    basis: Mapped[str] = mapped_column(String(300), default="")
    """The policy's name or number."""
    is_sample: Mapped[bool] = mapped_column(default=False)


class SharingEventState(Labelled):
    PLANNED = N_("筹备")
    OPEN = N_("报名中")
    WAITING = N_("待回执")
    HELD = N_("已办")
    CANCELLED = N_("取消")

    @property
    def also(self) -> tuple[str, ...]:
        """Other words by which a file calls it."""
        words = {
            SharingEventState.PLANNED: ("筹备中", "计划", "计划中", "拟举办", "待举办"),
            SharingEventState.OPEN: ("报名", "开放报名"),
            SharingEventState.HELD: ("已举办", "已举行", "已完成", "完成", "已结束", "举办"),
            SharingEventState.CANCELLED: ("已取消",),
        }
        return words.get(self, ())


class SharingEvent(Base):
    """活动 of a park or of an alliance; exactly one of both is set."""

    __tablename__ = "sharing_event"
    __table_args__ = (CheckConstraint("(park_id IS NULL) <> (alliance_id IS NULL)", name="body"),)

    park_id: Mapped[uuid.UUID | None] = mapped_column(part_of("park.id"), index=True)
    alliance_id: Mapped[uuid.UUID | None] = mapped_column(part_of("alliance.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    on_day: Mapped[str] = mapped_column(PartialDay())
    place: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[SharingEventState] = mapped_column(kept_by_name(SharingEventState), default=SharingEventState.HELD)
    capacity: Mapped[int | None]
    registered: Mapped[int | None]
    attended: Mapped[int | None]
    programme_item_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_item.id", ondelete="SET NULL"), index=True
    )
    """Its item of an expo's programme, whose attendance it then has."""
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(600), default="")
