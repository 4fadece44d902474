"""The patent auction: sessions, lots, bidders, what happened on every lot, and the money beside it (拍卖法, 2015)."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expo_app.i18n import N_, Labelled
from expo_app.model.base import Base, Rate, Texts, kept_by_name, part_of, partial_unique
from expo_app.model.deals import PatentKind


class LadderKind(Labelled):
    """How much more than the current price the next bid is at least; the value stands beside it."""

    BANDS = N_("1-2.5-5 阶梯")
    FIXED = N_("固定加价")
    PERCENT = N_("按比例加价")
    TABLE = N_("自定阶梯")


class ReserveKind(Labelled):
    """保留价: what everybody may know of it. Its amount is looked at by right alone, and each look is logged."""

    UNSET = N_("未设")
    SET = N_("已设")
    NONE = N_("无底价")


class LotState(Labelled):
    """A sold lot is locked; DEFAULTED was sold and not paid (art. 39); WITHDRAWN before it was called (art. 29)."""

    READY = N_("待拍")
    OPEN = N_("正在竞价")
    SOLD = N_("已成交")
    PASSED = N_("流拍")
    WITHDRAWN = N_("撤回")
    DEFAULTED = N_("违约")


class Channel(Labelled):
    """Where a bid comes from."""

    ROOM = N_("场内")
    PHONE = N_("电话")
    WRITTEN = N_("书面委托")
    PRIORITY = N_("优先竞买")

    @property
    def also(self) -> tuple[str, ...]:
        """What lists call it too."""
        return _ALSO[self.name]


_ALSO = {
    "ROOM": ("现场", "现场举牌", "现场竞价", "到场"), "PHONE": ("电话委托", "电话竞价"),
    "WRITTEN": ("书面", "书面报价", "书面出价"), "PRIORITY": ("优先", "优先购买权人", "优先权人"),
}  # fmt: skip


class RightRole(Labelled):
    """Who has a say in a sale: co-owners (专利法 art. 14), inventors and clients (民法典 art. 847, 859, 860)."""

    CO_OWNER = N_("共有人")
    INVENTOR = N_("发明人")
    CLIENT = N_("委托开发方")


class Consent(Labelled):
    PENDING = N_("待答")
    GIVEN = N_("同意")
    REFUSED = N_("不同意")


class Priority(Labelled):
    """优先受让权 on equal terms."""

    PENDING = N_("待答")
    WAIVED = N_("已放弃")
    CLAIMED = N_("主张")


class EventKind(Labelled):
    """What can happen to a lot, in the words of the 拍卖笔录."""

    OPEN = N_("开始竞价")
    BID = N_("出价")
    CALL = N_("报次")
    CORRECTION = N_("更正")
    PAUSE = N_("暂停")
    RESUME = N_("继续")
    LADDER = N_("调整加价幅度")
    RESERVE_LOWERED = N_("降低保留价")
    RESERVE_SEEN = N_("查看保留价")
    SOLD = N_("落槌成交")
    PASSED = N_("流拍")
    WITHDRAWN = N_("撤回")
    REOPENED = N_("解除锁定")
    DEFAULT = N_("违约")


class CommissionSide(Labelled):
    SELLER = N_("委托人")
    BUYER = N_("买受人")


class MoneyKind(Labelled):
    DEPOSIT = N_("收保证金")
    REFUND = N_("退保证金")
    PAYMENT = N_("到账")
    FORFEIT = N_("保证金不退")


class MoneyWay(Labelled):
    BANK = N_("银行转账")
    CHEQUE = N_("支票")
    CASH = N_("现金")


class Auction(Base):
    """专场. Only with a licensed 拍卖人 and a certified 拍卖师 it is called 拍卖会 (art. 10–14), else 竞价会.

    `is_reported`: not run by this program; its lots, or its figures alone, are what was reported, with `source`.
    """

    __tablename__ = "auction"
    __table_args__ = (UniqueConstraint("expo_id", "title"),)

    expo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expo.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(240), default="")
    programme_item_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("programme_item.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    house_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """拍卖人."""
    licence_no: Mapped[str] = mapped_column(String(60), default="")
    auctioneer: Mapped[str] = mapped_column(String(60), default="")
    auctioneer_no: Mapped[str] = mapped_column(String(60), default="")
    recorder: Mapped[str] = mapped_column(String(60), default="")
    notice_on: Mapped[date | None]
    """公告, at least 7 days before (art. 45)."""
    viewing_from: Mapped[date | None]
    viewing_until: Mapped[date | None]
    """展示, at least 2 days (art. 48)."""
    rules_read_at: Mapped[datetime | None]
    """宣读规则 (art. 49)."""
    closed_at: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=3)
    ladder: Mapped[LadderKind] = mapped_column(kept_by_name(LadderKind), default=LadderKind.BANDS)
    ladder_step: Mapped[Decimal | None]
    """Yuan, of FIXED."""
    ladder_percent: Mapped[Decimal | None] = mapped_column(Rate)
    """Of PERCENT."""
    is_commission_agreed: Mapped[bool] = mapped_column(default=True)
    """What is not agreed is at most 5 % from each side (art. 56)."""
    payment_days: Mapped[int] = mapped_column(default=7)
    refund_days: Mapped[int] = mapped_column(default=5)
    """Working days."""
    is_reported: Mapped[bool] = mapped_column(default=False)
    reported_lots: Mapped[int | None]
    reported_sold: Mapped[int | None]
    reported_amount: Mapped[Decimal | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")

    bands: Mapped[list["IncrementBand"]] = relationship(
        cascade="all, delete-orphan", order_by="IncrementBand.from_amount"
    )
    commissions: Mapped[list["CommissionBand"]] = relationship(
        cascade="all, delete-orphan", order_by="CommissionBand.from_amount"
    )


class IncrementBand(Base):
    """From this price on, a bid is at least so much higher; both in yuan."""

    __tablename__ = "increment_band"
    __table_args__ = (UniqueConstraint("auction_id", "from_amount"), CheckConstraint("step > 0", name="step"))

    auction_id: Mapped[uuid.UUID] = mapped_column(part_of("auction.id"), index=True)
    from_amount: Mapped[Decimal]
    step: Mapped[Decimal]


class CommissionBand(Base):
    """佣金: the part of the hammer price from this amount on pays so many percent, marginal."""

    __tablename__ = "commission_band"
    __table_args__ = (UniqueConstraint("auction_id", "side", "from_amount"),)

    auction_id: Mapped[uuid.UUID] = mapped_column(part_of("auction.id"), index=True)
    side: Mapped[CommissionSide] = mapped_column(kept_by_name(CommissionSide))
    from_amount: Mapped[Decimal]
    percent: Mapped[Decimal] = mapped_column(Rate)


class Bidder(Base):
    """竞买人 with a paddle (号牌), a number; shown with two digits at least."""

    __tablename__ = "bidder"
    __table_args__ = (UniqueConstraint("auction_id", "paddle"), CheckConstraint("paddle > 0", name="paddle"))

    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auction.id", ondelete="CASCADE"), index=True)
    paddle: Mapped[int]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    agent: Mapped[str] = mapped_column(String(60), default="")
    """受托人, who holds the paddle."""
    phone: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[Channel] = mapped_column(kept_by_name(Channel), default=Channel.ROOM)
    is_identity_checked: Mapped[bool] = mapped_column(default=False)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    """Asked to be kept secret (art. 21)."""
    is_staff: Mapped[bool] = mapped_column(default=False)
    """Of the auction house or its staff: may not bid (art. 22, 23)."""
    account: Mapped[str] = mapped_column(String(80), default="")
    """Where a deposit goes back to."""
    note: Mapped[str] = mapped_column(String(500), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(800), default="")


class Lot(Base):
    """标的. Amounts in yuan. `seq`, `price`, `leader_id` and `calls_made` are where its events stand: whoever writes
    an event writes them in the same statement, only if `seq` is still what was read, and so the database arbitrates.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("auction_id", "lot_no"),
        partial_unique("uq_lot_auction_id_open", "auction_id", where="state = 'OPEN'"),
        CheckConstraint("start_price IS NULL OR start_price > 0", name="start_price"),
        CheckConstraint("reserve IS NULL OR reserve > 0", name="reserve"),
    )

    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auction.id", ondelete="CASCADE"), index=True)
    lot_no: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    """委托人."""
    is_owner_confidential: Mapped[bool] = mapped_column(default=False)
    achievement_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("achievement.id", ondelete="SET NULL"), index=True
    )
    start_price: Mapped[Decimal | None]
    reserve_kind: Mapped[ReserveKind] = mapped_column(kept_by_name(ReserveKind), default=ReserveKind.UNSET)
    reserve: Mapped[Decimal | None] = mapped_column(info={"secret": True})
    """The log says that it changed, never what to."""
    deposit: Mapped[Decimal | None]
    ladder: Mapped[LadderKind | None] = mapped_column(kept_by_name(LadderKind))
    """Its own increments, where they are not those of the auction."""
    ladder_step: Mapped[Decimal | None]
    ladder_percent: Mapped[Decimal | None] = mapped_column(Rate)
    is_state_asset: Mapped[bool] = mapped_column(default=False)
    """Its reserve follows an appraisal (art. 28)."""
    appraisal_no: Mapped[str] = mapped_column(String(60), default="")
    consignment_no: Mapped[str] = mapped_column(String(60), default="")
    consigned_on: Mapped[date | None]
    consignment: Mapped[list[str] | None] = mapped_column(Texts(none_as_null=True))
    """What of art. 44 the consignment contract holds, by the keys of `rules.auction_checklist`."""
    state: Mapped[LotState] = mapped_column(kept_by_name(LotState), default=LotState.READY)
    is_paused: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(default=0)
    price: Mapped[Decimal | None]
    leader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bidder.id"), index=True)
    calls_made: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    hammered_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    """The day the buyer has to have paid by."""
    defaulted_on: Mapped[date | None]
    resale_consent_on: Mapped[date | None]
    resale_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id", ondelete="SET NULL"), index=True)
    """The lot whose buyer did not pay, sold again."""
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deal.id", ondelete="SET NULL"), index=True)
    confirmation_prints: Mapped[int] = mapped_column(default=0)
    record_prints: Mapped[int] = mapped_column(default=0)
    confirmed_on: Mapped[date | None]
    """The 成交确认书 was signed."""
    note: Mapped[str] = mapped_column(String(2000), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(String(1200), default="")

    patents: Mapped[list["LotPatent"]] = relationship(cascade="all, delete-orphan", order_by="LotPatent.position")
    rights: Mapped[list["LotRight"]] = relationship(cascade="all, delete-orphan", order_by="LotRight.position")
    orders: Mapped[list["WrittenOrder"]] = relationship(cascade="all, delete-orphan", order_by="WrittenOrder.id")


class LotPatent(Base):
    """A patent of a lot; numbers as in `DealPatent`."""

    __tablename__ = "lot_patent"

    lot_id: Mapped[uuid.UUID] = mapped_column(part_of("lot.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[PatentKind] = mapped_column(kept_by_name(PatentKind), default=PatentKind.INVENTION)
    title: Mapped[str] = mapped_column(String(200))
    application_no: Mapped[str] = mapped_column(String(20), default="")
    patent_no: Mapped[str] = mapped_column(String(20), default="")
    applicant: Mapped[str] = mapped_column(String(200), default="")
    holder: Mapped[str] = mapped_column(String(200), default="")
    filed_on: Mapped[date | None]


class LotRight(Base):
    """Somebody who must consent to a sale, or may take the lot on equal terms; with a paddle, 同价跟价."""

    __tablename__ = "lot_right"
    __table_args__ = (UniqueConstraint("lot_id", "role", "name"), {"info": {"title": N_("权利人")}})

    lot_id: Mapped[uuid.UUID] = mapped_column(part_of("lot.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[RightRole] = mapped_column(kept_by_name(RightRole), default=RightRole.CO_OWNER)
    name: Mapped[str] = mapped_column(String(120))
    told_on: Mapped[date | None]
    consent: Mapped[Consent | None] = mapped_column(kept_by_name(Consent))
    consented_on: Mapped[date | None]
    priority: Mapped[Priority | None] = mapped_column(kept_by_name(Priority))
    bidder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bidder.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")


class WrittenOrder(Base):
    """书面委托: bid for this paddle up to that amount, in yuan."""

    __tablename__ = "written_order"
    __table_args__ = (UniqueConstraint("lot_id", "bidder_id"), CheckConstraint("up_to > 0", name="up_to"))

    lot_id: Mapped[uuid.UUID] = mapped_column(part_of("lot.id"), index=True)
    bidder_id: Mapped[uuid.UUID] = mapped_column(part_of("bidder.id"), index=True)
    up_to: Mapped[Decimal]
    received_at: Mapped[datetime]


class LotEvent(Base):
    """One line of the 拍卖笔录; never changed. A wrong entry stays, and the correction names it (`corrects`).

    It is no part that goes with its lot: a lot on which something happened is not deleted.
    """

    __tablename__ = "lot_event"
    __table_args__ = (UniqueConstraint("lot_id", "seq"), {"info": {"title": N_("竞价记录")}})

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(kept_by_name(EventKind))
    at: Mapped[datetime]
    amount: Mapped[Decimal | None]
    bidder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bidder.id"), index=True)
    channel: Mapped[Channel | None] = mapped_column(kept_by_name(Channel))
    corrects: Mapped[int | None]
    """The `seq` of the entry that was wrong; what the auctioneer confirms stands in this row."""
    operator: Mapped[str] = mapped_column(String(40), default="")
    console: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)


class AuctionMoney(Base):
    """收退款: what came in or went back, of a paddle, which is kept with it; amounts in yuan, above nought.

    A row is never changed or deleted. A wrong one is set off, once, by another of its kind and amount (`counters_id`):
    neither counts any more.
    """

    __tablename__ = "auction_money"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("counters_id"),
        {"info": {"title": N_("收退款")}},
    )

    bidder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bidder.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id", ondelete="SET NULL"), index=True)
    kind: Mapped[MoneyKind] = mapped_column(kept_by_name(MoneyKind))
    way: Mapped[MoneyWay] = mapped_column(kept_by_name(MoneyWay), default=MoneyWay.BANK)
    amount: Mapped[Decimal]
    on_date: Mapped[date]
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(40), default="")
    reference: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    counters_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("auction_money.id", ondelete="CASCADE"))
    """The entry that was wrong; why stands in `note`."""
    is_sample: Mapped[bool] = mapped_column(default=False)


class Holiday(Base):
    """节假日: a day off, or a weekend day that is worked; for terms in working days. Valid for the whole file."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(unique=True)
    is_working: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(60), default="")
