"""Matchmaking: demands, providers and their services, who may be matched, places and hours, suggestions, meetings."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Names, Texts, kept_by_name, part_of, partial_unique
from expo_app.model.roadshow import InterestLevel

LONG_TEXT = 10_000
"""Characters that a described problem or result may have."""
SLOT_MINUTES = 20
"""As long as a meeting is where the expo has not said."""


class DemandState(Labelled):
    """The states of an open call (揭榜挂帅); a plain demand stays COLLECTING until it is met or withdrawn."""

    COLLECTING = N_("征集")
    REVIEW = N_("评审")
    AWARDED = N_("已定")
    PERFORMING = N_("履约")
    CLOSED = N_("结题")
    FAILED = N_("流榜")
    WITHDRAWN = N_("撤回")

    @property
    def also(self) -> tuple[str, ...]:
        """What lists call it too."""
        return ("征集中", "正在征集", "公开征集") if self is DemandState.COLLECTING else ()


class CooperationWay(Labelled):
    """What a demander would agree to (demand forms of 揭榜挂帅)."""

    DEVELOPMENT = N_("独立开发")
    TRANSFER = N_("技术转让")
    LICENCE = N_("实施许可")
    INVESTMENT = N_("技术入股")
    JOINT = N_("合作开发")
    SERVICE = N_("技术服务")
    OTHER = N_("其他")

    @property
    def also(self) -> tuple[str, ...]:
        """What lists call it too."""
        return _WAY_ALSO.get(self.name, ())


_WAY_ALSO = {
    "DEVELOPMENT": ("委托开发", "技术开发", "定制开发", "委托研发"), "TRANSFER": ("转让", "专利转让", "专利权转让"),
    "LICENCE": ("许可", "技术许可", "专利许可", "许可使用", "License", "Licence", "Licensing"),
    "INVESTMENT": ("入股", "作价入股", "作价投资"), "JOINT": ("合作", "联合开发", "共同开发", "合作研发", "技术合作"),
    "SERVICE": ("服务", "技术咨询"),
}  # fmt: skip


class Demand(Base):
    """技术需求; `is_open_call` makes it 揭榜挂帅. Money in yuan. The solver is never the demander."""

    __tablename__ = "demand"
    __table_args__ = (UniqueConstraint("expo_id", "owner_id", "title"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    field: Mapped[str] = mapped_column(String(60), default="")
    """领域: one of the eleven of the technical contract statistics, or what the organiser calls it."""
    keywords: Mapped[str] = mapped_column(String(300), default="")
    problem: Mapped[str] = mapped_column(String(LONG_TEXT), default="")
    indicators: Mapped[str] = mapped_column(String(2000), default="")
    ways: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """Names of `CooperationWay`."""
    budget: Mapped[Decimal | None]
    needed_by: Mapped[date | None]
    """时限: when the problem must be solved."""
    ip_terms: Mapped[str] = mapped_column(String(500), default="")
    """知识产权归属."""
    conditions: Mapped[str] = mapped_column(String(2000), default="")
    """What is asked of the solver."""
    is_open_call: Mapped[bool] = mapped_column(default=False)
    public_money: Mapped[Decimal | None]
    """财政资金 in the budget of an open call."""
    apply_by: Mapped[date | None]
    """揭榜截止."""
    state: Mapped[DemandState] = mapped_column(kept_by_name(DemandState), default=DemandState.COLLECTING)
    applicants: Mapped[int | None]
    """How many came forward (已揭榜), where that is counted."""
    solver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    awarded_on: Mapped[date | None]
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class Provider(Base):
    """服务机构: an organisation that offers services in any expo of the file; vouchers may pay for them later."""

    __tablename__ = "provider"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(60), default="")
    """检验检测, 知识产权服务, 技术转移 …: the organiser's word."""
    qualification: Mapped[str] = mapped_column(String(200), default="")
    qualified_until: Mapped[date | None]
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    summary: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class ServiceItem(Base):
    """服务项目 of a provider. `price` in yuan for one `unit`; None: not published."""

    __tablename__ = "service_item"
    __table_args__ = (UniqueConstraint("provider_id", "title"),)

    provider_id: Mapped[uuid.UUID] = mapped_column(part_of("provider.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    field: Mapped[str] = mapped_column(String(60), default="")
    keywords: Mapped[str] = mapped_column(String(300), default="")
    price: Mapped[Decimal | None]
    unit: Mapped[str] = mapped_column(String(20), default="")
    valid_until: Mapped[date | None]
    summary: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class Counted(Labelled):
    RESULTS = N_("成果")
    DEMANDS = N_("技术需求")


class ReportedCount(Base):
    """报道数: how many results or demands somebody published, of a region or field or of all; never computed."""

    __tablename__ = "reported_count"
    __table_args__ = (UniqueConstraint("expo_id", "counted", "region_code", "field", "on_date"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    counted: Mapped[Counted] = mapped_column(kept_by_name(Counted), default=Counted.RESULTS)
    region_code: Mapped[str] = mapped_column(String(12), default="")
    """GB/T 2260 or ISO 3166; empty: of all regions."""
    field: Mapped[str] = mapped_column(String(60), default="")
    """Empty: of all fields."""
    on_date: Mapped[date]
    count: Mapped[int]
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class MatchingSettings(Base):
    """对接设置 of an expo, one row; what it begins with is in `rules.matching`."""

    __tablename__ = "matching_settings"
    __table_args__ = (CheckConstraint("slot_minutes > 0", name="slot"), CheckConstraint("gap_minutes >= 0", name="gap"))

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), unique=True)
    slot_minutes: Mapped[int] = mapped_column(default=SLOT_MINUTES)
    gap_minutes: Mapped[int] = mapped_column(default=0)
    """Between two slots."""
    walk_minutes: Mapped[int] = mapped_column(default=0)
    """From one area to another: a party has at least that long between two meetings in different areas."""
    sent_at_most: Mapped[int | None]
    """Requests one organisation may have sent and open or accepted."""
    a_day_at_most: Mapped[int | None]
    """Meetings of one organisation on a day."""
    expires_at: Mapped[datetime | None]
    """When unanswered requests expire; None: the evening before the expo's last day."""
    field_points: Mapped[int] = mapped_column(default=40)
    word_points: Mapped[int] = mapped_column(default=30)
    policy_points: Mapped[int] = mapped_column(default=12)
    way_points: Mapped[int] = mapped_column(default=8)
    history_points: Mapped[int] = mapped_column(default=10)
    matrix: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))
    """Who may ask whom: name of an `AskerKind` → names of those it may ask; None: as a new expo begins."""
    is_sample: Mapped[bool] = mapped_column(default=False)


class AskerKind(Labelled):
    """What an organisation or person is in the matrix who may ask whom."""

    EXHIBITOR = N_("参展商")
    SERVICE = N_("服务机构")
    VISITOR = N_("观众")
    SPEAKER = N_("嘉宾")


class RegionPolicy(Base):
    """地区政策: what makes co-operation from one region to another easier between two dates, with its source."""

    __tablename__ = "region_policy"
    __table_args__ = (UniqueConstraint("expo_id", "title", "demand_region", "supply_region"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    demand_region: Mapped[str] = mapped_column(String(12), default="")
    """A code whose places are meant; empty: any."""
    supply_region: Mapped[str] = mapped_column(String(12), default="")
    field: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class SharedWith(Labelled):
    ACCEPTED = N_("双方接受后")
    NOBODY = N_("不对外")


class MatchingConsent(Base):
    """可被推荐: whether an organisation, or one person of it, may be suggested, who then learns its contact, how long.

    Nothing recorded means no: who is not here is never suggested.
    """

    __tablename__ = "matching_consent"
    __table_args__ = (
        UniqueConstraint("expo_id", "organisation_id", "person_id"),
        partial_unique("uq_matching_consent_whole", "expo_id", "organisation_id", where="person_id IS NULL"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    may_match: Mapped[bool] = mapped_column(default=True)
    shared_with: Mapped[SharedWith] = mapped_column(kept_by_name(SharedWith), default=SharedWith.ACCEPTED)
    valid_until: Mapped[date | None]
    """The last day it holds."""
    given_on: Mapped[date | None]
    how: Mapped[str] = mapped_column(String(100), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class PlaceKind(Labelled):
    TABLE = N_("洽谈桌")
    BOOTH = N_("展位")
    ROOM = N_("洽谈室")


class MeetingPlace(Base):
    """洽谈点: where meetings are held, `capacity` of them at once. A booth is its exhibitor's own."""

    __tablename__ = "meeting_place"
    __table_args__ = (UniqueConstraint("expo_id", "name"), CheckConstraint("capacity > 0", name="capacity"))

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[PlaceKind] = mapped_column(kept_by_name(PlaceKind), default=PlaceKind.TABLE)
    area: Mapped[str] = mapped_column(String(40), default="")
    capacity: Mapped[int] = mapped_column(default=1)
    exhibitor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    is_closed: Mapped[bool] = mapped_column(default=False)
    """It is there no longer; its meetings wait for another place."""
    note: Mapped[str] = mapped_column(String(200), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class MeetingHours(Base):
    """洽谈时间 of a day, by the expo's clock; two rows of a day leave a break between them."""

    __tablename__ = "meeting_hours"
    __table_args__ = (UniqueConstraint("expo_id", "day", "opens"), CheckConstraint("opens < closes", name="order"))

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    opens: Mapped[time]
    closes: Mapped[time]
    is_sample: Mapped[bool] = mapped_column(default=False)


class TimeKind(Labelled):
    """Busy warns, closed refuses."""

    BUSY = N_("忙")
    CLOSED = N_("不开放")


class MatchingTime(Base):
    """When an organisation, a person or a place cannot well be met in (忙) or is not offered at all (不开放)."""

    __tablename__ = "matching_time"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    place_id: Mapped[uuid.UUID | None] = mapped_column(part_of("meeting_place.id"), index=True)
    kind: Mapped[TimeKind] = mapped_column(kept_by_name(TimeKind), default=TimeKind.BUSY)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class Answer(Labelled):
    NOT_ASKED = N_("未询问")
    WAITING = N_("待答复")
    ACCEPTED = N_("已接受")
    DECLINED = N_("已婉拒")


class Unsuitable(Labelled):
    PRICE = N_("价格差距大")
    MATURITY = N_("成熟度不够")
    KNOWN = N_("已有合作")
    FIELD = N_("领域不对")
    OTHER = N_("其他")


class Suggestion(Base):
    """建议: an offer for a demand, with its reasons as they were counted, and what both sides say.

    Exactly one of `achievement_id` and `service_item_id` is set. `reasons` adds up to `score` (0–100).
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("demand_id", "achievement_id"),
        UniqueConstraint("demand_id", "service_item_id"),
        CheckConstraint("(achievement_id IS NULL) <> (service_item_id IS NULL)", name="offer"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    demand_id: Mapped[uuid.UUID] = mapped_column(part_of("demand.id"), index=True)
    achievement_id: Mapped[uuid.UUID | None] = mapped_column(part_of("achievement.id"), index=True)
    service_item_id: Mapped[uuid.UUID | None] = mapped_column(part_of("service_item.id"), index=True)
    score: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))
    """Kind of reason (field, words, policy, way, history, judged) → {"points": int, "says": what stands behind it}."""
    counted_at: Mapped[datetime]
    counted_of: Mapped[str] = mapped_column(String(64), default="")
    """A fingerprint of what was compared: another one now means the texts changed since."""
    demand_answer: Mapped[Answer] = mapped_column(kept_by_name(Answer), default=Answer.NOT_ASKED)
    demand_answered_at: Mapped[datetime | None]
    demand_how: Mapped[str] = mapped_column(String(100), default="")
    """Who answered on whose behalf and how (电话, 现场)."""
    demand_answer_by: Mapped[datetime | None]
    """When the question to this side expires."""
    demand_reminded_at: Mapped[datetime | None]
    supply_answer: Mapped[Answer] = mapped_column(kept_by_name(Answer), default=Answer.NOT_ASKED)
    supply_answered_at: Mapped[datetime | None]
    supply_how: Mapped[str] = mapped_column(String(100), default="")
    supply_answer_by: Mapped[datetime | None]
    supply_reminded_at: Mapped[datetime | None]
    unsuitable: Mapped[Unsuitable | None] = mapped_column(kept_by_name(Unsuitable))
    unsuitable_words: Mapped[str] = mapped_column(String(200), default="")
    judged_by: Mapped[str] = mapped_column(String(40), default="")
    judged_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)


class MeetingState(Labelled):
    """请求 → 接受 → 安排 (a place and a time) or an end without a meeting; that a request expired is worked out."""

    REQUESTED = N_("待答复")
    ACCEPTED = N_("双方已同意")
    DECLINED = N_("已婉拒")
    CANCELLED = N_("已取消")


class Outcome(Labelled):
    HELD = N_("已洽谈")
    NO_SHOW_A = N_("甲方爽约")
    NO_SHOW_B = N_("乙方爽约")
    REPLACED = N_("候补顶替")
    MOVED = N_("改期")


class Meeting(Base):
    """洽谈: a request of A to B and what becomes of it: answer, place and time, outcome, deal.

    Place and time are a draft until they are `published`, which both sides must have accepted before.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("expo_id", "meeting_no"),
        CheckConstraint("a_id <> b_id", name="sides"),
        CheckConstraint("(place_id IS NULL) = (starts_at IS NULL)", name="placed"),
        Index("ix_meeting_expo_starts", "expo_id", "starts_at"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"))
    meeting_no: Mapped[str] = mapped_column(String(20))
    suggestion_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("suggestion.id", ondelete="SET NULL"), index=True
    )
    a_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    """甲方, who asks."""
    b_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    a_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    b_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[MeetingState] = mapped_column(kept_by_name(MeetingState), default=MeetingState.REQUESTED)
    is_mutual: Mapped[bool] = mapped_column(default=False)
    """双方互选: both wished for it; else one asked and the other accepted."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(40), default="")
    answer_by: Mapped[datetime | None]
    """When the request expires if B has not answered."""
    answered_at: Mapped[datetime | None]
    answer_how: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it was declined or cancelled, or a limit lifted."""
    place_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting_place.id"), index=True)
    starts_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    is_locked: Mapped[bool] = mapped_column(default=False)
    unseated: Mapped[str] = mapped_column(String(200), default="")
    """Why it lost its seat, until it has another."""
    published: Mapped[dict[str, Any] | None] = mapped_column(Names(none_as_null=True))
    """Place, start and minutes as last published; None: never."""
    outcome: Mapped[Outcome | None] = mapped_column(kept_by_name(Outcome))
    a_came_at: Mapped[datetime | None]
    b_came_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    instead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The one on the standby list who took the absent side's seat."""
    instead_of: Mapped[str | None] = mapped_column(String(1))
    """The side that was absent, a or b: its chair, and when somebody came for it, are those of `instead_id`."""
    level: Mapped[InterestLevel | None] = mapped_column(kept_by_name(InterestLevel))
    amount_from: Mapped[Decimal | None]
    amount_to: Mapped[Decimal | None]
    next_step: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class Standby(Base):
    """候补: who would meet an organisation at once, should somebody not come."""

    __tablename__ = "standby"
    __table_args__ = (
        UniqueConstraint("expo_id", "host_id", "guest_id"),
        CheckConstraint("host_id <> guest_id", name="sides"),
    )

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    guest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    since: Mapped[datetime]
    used_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
