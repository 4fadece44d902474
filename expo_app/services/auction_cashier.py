"""The cashier's acts: money in and back, default and resale, papers handed out, a later sale by agreement.

Every act that moves money holds the paddle's row first, so that of two cashiers the second sees what the first did.
An entry of money is never changed or deleted: a wrong one is set off by another that says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import (
    Auction,
    AuctionMoney,
    Bidder,
    Consent,
    DealKind,
    DealStage,
    Entry,
    EventKind,
    Expo,
    Lot,
    LotPatent,
    LotRight,
    LotState,
    MoneyKind,
    MoneyWay,
    Organisation,
    PricingWay,
    Priority,
    ReserveKind,
    new_id,
)
from expo_app.rules.amounts import MAX_YUAN
from expo_app.rules.auction_money import FEN, NOTHING
from expo_app.rules.auction_words import paddle_no
from expo_app.services.access import require
from expo_app.services.auction_accounts import BOUGHT, account_of
from expo_app.services.auction_act import Floor
from expo_app.services.auction_sale import copy_patents
from expo_app.services.deals import move
from expo_app.services.record_writer import Writer, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import DEALS, LOTS
from expo_app.specs.auction_cashier import Account, Purchase, Refund
from expo_app.specs.field_types import clean_text
from expo_app.store.database import Database

SETTLE = "auction.settle"
_auction, _lot, _bidder, _money = Auction.__table__, Lot.__table__, Bidder.__table__, AuctionMoney.__table__
SOLD_AGAIN = (
    "title", "title_en", "owner_id", "is_owner_confidential", "achievement_id", "start_price", "deposit", "ladder",
    "ladder_step", "ladder_percent", "is_state_asset", "appraisal_no", "consignment_no", "consigned_on", "consignment",
)  # fmt: skip
"""What a lot that is sold again keeps; its reserve is set anew, by whoever may."""


# --- money ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Paid:
    """Money on its way in: yuan above nought, in whole fen; `on` None: today. `reference`: of the bank, a cheque."""

    amount: Decimal
    way: MoneyWay = MoneyWay.BANK
    reference: str = ""
    on: date | None = None


def take_deposit(db: Database, bidder_id: uuid.UUID, paid: Paid) -> uuid.UUID:
    """收保证金 of a paddle; the entry's key. UserError for an amount that is none, or a day to come."""
    with _at(db, bidder_id) as (writer, expo):
        return _enter(writer, expo, bidder_id, MoneyKind.DEPOSIT, paid)


def take_payment(db: Database, bidder_id: uuid.UUID, paid: Paid, lot_id: uuid.UUID | None = None) -> uuid.UUID:
    """登记到账, in as many parts as it comes: never more than is owed. `lot_id`: what it is meant for.

    Without it, it goes to what is not covered yet, in the order of the hammers.
    """
    with _at(db, bidder_id) as (writer, expo):
        account = _account(writer, expo, bidder_id)
        meant = [one for one in account.purchases if lot_id in (None, one.lot_id)]
        owed = sum((one.owed for one in meant), NOTHING)
        if paid.amount > owed:
            words = _("{no} 号还应付 {owed} 元，{amount} 元多了，没有登记。请核对金额。")
            no = paddle_no(account.paddle)
            raise UserError(words.format(no=no, owed=yuan(owed), amount=yuan(paid.amount)), "E-AUCTION-MONEY")
        return _enter(writer, expo, bidder_id, MoneyKind.PAYMENT, paid, lot_id)


def refund(
    db: Database, bidder_ids: Sequence[uuid.UUID], way: MoneyWay = MoneyWay.BANK, reference: str = "",
    on: date | None = None,
) -> dict[uuid.UUID, Decimal]:  # fmt: skip
    """退保证金: to each paddle what is to go back to it, all of them or none; how much each got, in yuan.

    UserError where nothing is to go back: it was returned, turned into price, is held until the lots are paid or a lot
    its paddle leads is hammered, or no account is known for a transfer.
    """
    found: dict[uuid.UUID, Decimal] = {}
    with _at(db, *bidder_ids) as (writer, expo):
        for bidder_id in bidder_ids:
            account = _account(writer, expo, bidder_id)
            _refuse_leader(writer, account)
            _refuse_refund(account, way)
            found[bidder_id] = account.surplus
            _enter(writer, expo, bidder_id, MoneyKind.REFUND, Paid(account.surplus, way, reference, on))
    return found


def set_off(db: Database, money_id: uuid.UUID, reason: str) -> uuid.UUID:
    """冲正 of a wrong entry: one more that sets it off, with the reason; both stay. The new entry's key.

    UserError without a reason, for one that was set off or sets off another, and where the money it brought went back.
    """
    require(db, SETTLE)
    with db.reading() as session:
        bidder_id = session.scalar(select(_money.c.bidder_id).where(_money.c.id == money_id))
    if bidder_id is None:
        raise Conflict(_("这一笔已不在，数据未变。请刷新。"), "E-GONE")
    with _at(db, bidder_id) as (writer, expo):
        account = _account(writer, expo, bidder_id)
        line = next(one for one in account.money if one.id == money_id)
        if not clean_text(reason):
            raise UserError(_("冲正要写明原因，没有登记。"), "E-REASON")
        if line.is_void:
            raise UserError(_("这一笔已经冲正过，没有再登记。"), "E-AUCTION-MONEY")
        if line.kind is MoneyKind.FORFEIT:
            raise UserError(_("违约不退的保证金不能冲正，没有登记。"), "E-AUCTION-MONEY")
        if line.kind is MoneyKind.DEPOSIT and account.held < line.amount:
            words = _("{no} 号的保证金已退或已不退，这一笔不能冲正，没有登记。先冲正后面的一笔。")
            raise UserError(words.format(no=paddle_no(account.paddle)), "E-AUCTION-MONEY")
        if line.kind is MoneyKind.PAYMENT and account.paid < line.amount:
            words = _("{no} 号的货款已退回 {n} 元，这一笔不能冲正，没有登记。先冲正那笔退款。")
            no = paddle_no(account.paddle)
            raise UserError(words.format(no=no, n=yuan(account.returned)), "E-AUCTION-MONEY")
        paid = Paid(line.amount, line.way, line.reference, expo.local_day(writer.now))
        lot_id = writer.session.scalar(select(_money.c.lot_id).where(_money.c.id == money_id))
        return _enter(writer, expo, bidder_id, line.kind, paid, lot_id, note=reason, counters_id=money_id)


@contextmanager
def _at(db: Database, *bidder_ids: uuid.UUID) -> Iterator[tuple[Writer, Expo]]:
    """One write about paddles of one session, their rows held against other cashiers."""
    require(db, SETTLE)
    query = select(_auction.c.expo_id).join(_bidder, _bidder.c.auction_id == _auction.c.id)
    with db.reading() as session:
        expo_id = session.scalar(query.where(_bidder.c.id.in_(bidder_ids)).limit(1))
    with writing(db, SETTLE, expo_id) as writer:
        if writer.expo is None or len(writer.locked(_bidder, bidder_ids)) < len(set(bidder_ids)):
            raise Conflict(_("这个号牌已被删除，数据未变。请刷新。"), "E-GONE")
        yield writer, writer.expo


def _account(writer: Writer, expo: Expo, bidder_id: uuid.UUID) -> Account:
    return account_of(writer.session, bidder_id, expo.local_day(writer.now))


def _enter(
    writer: Writer, expo: Expo, bidder_id: uuid.UUID, kind: MoneyKind, paid: Paid, lot_id: uuid.UUID | None = None,
    note: str = "", counters_id: uuid.UUID | None = None,
) -> uuid.UUID:  # fmt: skip
    today = expo.local_day(writer.now)
    on = paid.on or today
    if not paid.amount.is_finite() or paid.amount <= 0 or paid.amount != paid.amount.quantize(FEN):
        raise UserError(_("金额要大于 0，最多两位小数，没有登记。"), "E-AUCTION-MONEY")
    if paid.amount > MAX_YUAN:
        raise UserError(_("金额太大，没有登记。请核对金额。"), "E-AUCTION-MONEY")
    if on > today:
        words = _("日期 {day} 还没有到，没有登记。")
        raise UserError(words.format(day=on.isoformat()), "E-DAY")
    key = new_id()
    row = {
        "id": key, "bidder_id": bidder_id, "lot_id": lot_id, "kind": kind, "way": paid.way, "amount": paid.amount,
        "on_date": on, "at": writer.now, "operator": writer.db.actor.name,
        "reference": clean_text(paid.reference)[:120], "note": clean_text(note)[:300], "counters_id": counters_id,
        "is_sample": writer.in_sample,
    }  # fmt: skip
    writer.insert(_money, [row])
    return key


def _refuse_leader(writer: Writer, account: Account) -> None:
    """Whoever leads a lot that is under the hammer may buy it in a moment."""
    leads = select(_lot.c.lot_no).where(_lot.c.leader_id == account.bidder_id, _lot.c.state == LotState.OPEN)
    if number := writer.session.scalar(leads):
        words = _("{no} 号正领先标的 {lot}，保证金不退，没有登记。落槌后再退。")
        raise UserError(words.format(no=paddle_no(account.paddle), lot=number), "E-AUCTION-MONEY")


def _refuse_refund(account: Account, way: MoneyWay) -> None:
    no = paddle_no(account.paddle)
    if account.surplus > 0:
        if way is MoneyWay.BANK and not account.bank:
            words = _("{no} 号没有退款账号，没有登记退款。在竞买人里补上账号，或换一种方式。")
            raise UserError(words.format(no=no), "E-AUCTION-ACCOUNT")
        return
    if account.owed > 0:
        words = _("{no} 号还有 {n} 元没有付清，保证金不退，没有登记。付清后再退。")
        raise UserError(words.format(no=no, n=yuan(account.owed)), "E-AUCTION-MONEY")
    if account.refund is Refund.HELD:
        words = _("{no} 号有违约的标的，再拍后才算得出差额，没有登记退款。")
        raise UserError(words.format(no=no), "E-AUCTION-MONEY")
    words = _("{no} 号没有可退的保证金：已退、已抵价款或没有交过，没有登记。请刷新。")
    raise UserError(words.format(no=no), "E-AUCTION-REFUNDED")


def yuan(amount: Decimal) -> str:
    """1,564,250.00: money as the cashier shows it, in yuan."""
    return f"{amount:,.2f}"


# --- default and resale -----------------------------------------------------------------------------------------------
def default(db: Database, lot_id: uuid.UUID, reason: str, *, forfeits: bool = True, console: str = "") -> None:
    """违约 (art. 39): the buyer did not pay by the last day. The lot stands DEFAULTED, its deal is 终止.

    `forfeits`: the deposit for this lot is not given back, as far as it did not turn into the price of another; it goes
    off what the buyer owes. UserError before the last day is over, without a reason, and for what is paid.
    """
    buyer = _buyer_of(db, lot_id)
    with _at(db, buyer) as (writer, expo):
        lot = writer.locked(_lot, [lot_id])[lot_id]
        account = _account(writer, expo, buyer)
        bought = next((one for one in account.purchases if one.lot_id == lot_id), None)
        today = expo.local_day(writer.now)
        bought = _refuse_default(lot, bought, today, reason)
        if lot["deal_id"] is not None:
            words = _("标的 {no} 买受人逾期未付：{why}").format(no=lot["lot_no"], why=clean_text(reason))
            move(writer, [lot["deal_id"]], DealStage.TERMINATED, None, words)
            writer.session.flush()
        note = {"bidder_id": buyer, "amount": lot["price"], "note": clean_text(reason)[:300]}
        floor = Floor(db, writer.session.connection(), lot_id, console)
        floor.write(EventKind.DEFAULT, {"state": LotState.DEFAULTED}, **note)
        writer.update(_lot, lot_id, {"defaulted_on": None}, {"defaulted_on": today})
        kept = bought.deposit if lot["deposit"] is None else min(bought.deposit, lot["deposit"])
        if forfeits and kept > 0:
            _enter(writer, expo, buyer, MoneyKind.FORFEIT, Paid(kept), lot_id, note=reason)


def _buyer_of(db: Database, lot_id: uuid.UUID) -> uuid.UUID:
    require(db, SETTLE)
    with db.reading() as session:
        buyer = session.scalar(select(_lot.c.leader_id).where(_lot.c.id == lot_id))
    if buyer is None:
        raise Conflict(_("这件标的没有买受人，数据未变。请刷新。"), "E-GONE")
    return buyer


def _refuse_default(lot: Mapping[str, Any], bought: Purchase | None, today: date, reason: str) -> Purchase:
    no = lot["lot_no"]
    if lot["state"] is not LotState.SOLD or bought is None:
        words = _("标的 {no} 的状态是“{state}”，不能登记违约，数据未变。请刷新。")
        raise Conflict(words.format(no=no, state=lot["state"].label), "E-AUCTION-STATE")
    if bought.owed <= 0:
        raise UserError(_("标的 {no} 已付清，没有登记违约。").format(no=no), "E-AUCTION-STATE")
    if not bought.is_overdue(today):
        words = _("标的 {no} 的付款期到 {day}，还没有过，没有登记违约。")
        day = bought.due_on.isoformat() if bought.due_on else "—"
        raise UserError(words.format(no=no, day=day), "E-AUCTION-STATE")
    if not clean_text(reason):
        raise UserError(_("违约要写明原因，没有登记。"), "E-REASON")
    return bought


def resell(db: Database, lot_id: uuid.UUID, auction_id: uuid.UUID, lot_no: str, consent_on: date) -> uuid.UUID:
    """再拍 with the owner's consent (art. 39): a new lot of a session, title and patents copied; its key.

    Who has a say in it is copied without what they said: it was said of the first sale. UserError for a lot that was
    paid or is on its way again, and for a session that is over; InvalidRecord for a number that is taken.
    """
    require(db, SETTLE)
    with db.reading() as session:
        expo_id = session.scalar(select(_auction.c.expo_id).where(_auction.c.id == auction_id))
    with writing(db, SETTLE, expo_id) as writer:
        lot = writer.locked(_lot, [lot_id]).get(lot_id)
        if lot is None or writer.expo is None:
            raise Conflict(_("这件标的已被删除，数据未变。请刷新。"), "E-GONE")
        _refuse_resale(writer, writer.expo.id, lot, auction_id)
        if not lot["defaulted_on"] <= consent_on <= writer.expo.local_day(writer.now):
            raise UserError(_("委托人同意再拍的日期要在违约之后、今天之前，没有建。"), "E-DAY")
        values = {name: lot[name] for name in SOLD_AGAIN}
        values |= {"auction_id": auction_id, "lot_no": clean_text(lot_no), "reserve_kind": ReserveKind.UNSET}
        new = write_row(writer, LOTS, values)
        if lot["is_sample"] != writer.in_sample:
            writer.update(_lot, new, {"is_sample": writer.in_sample}, {"is_sample": lot["is_sample"]})
        writer.update(_lot, new, {"resale_of_id": None}, {"resale_of_id": lot_id})
        _copy_parts(writer, lot_id, new)
        writer.update(_lot, lot_id, lot, {"resale_consent_on": consent_on})
        return new


def _refuse_resale(writer: Writer, expo_id: uuid.UUID, lot: Mapping[str, Any], auction_id: uuid.UUID) -> None:
    if lot["state"] is not LotState.DEFAULTED:
        words = _("标的 {no} 没有违约，不能再拍，数据未变。")
        raise UserError(words.format(no=lot["lot_no"]), "E-AUCTION-STATE")
    gone = (LotState.PASSED, LotState.WITHDRAWN)
    on_its_way = select(_lot.c.lot_no).where(_lot.c.resale_of_id == lot["id"], _lot.c.state.not_in(gone))
    if number := writer.session.scalar(on_its_way.limit(1)):
        words = _("这件标的已经以 {no} 再拍，没有再建。")
        raise UserError(words.format(no=number), "E-AUCTION-STATE")
    both = {row["id"]: row for row in writer.rows(_auction, {auction_id, lot["auction_id"]}).values()}
    session, first = both.get(auction_id), both[lot["auction_id"]]
    if session is not None and (first["expo_id"] != expo_id or session["is_sample"] != lot["is_sample"]):
        words = _("再拍要在同一个展会的专场里，示例标的只进示例专场，没有建。请选别的专场。")
        raise UserError(words, "E-AUCTION-STATE")
    if session is None or session["closed_at"] is not None or session["is_reported"]:
        raise UserError(_("这一场不能再加标的，没有建。请选别的专场。"), "E-AUCTION-STATE")


def _copy_parts(writer: Writer, old: uuid.UUID, new: uuid.UUID) -> None:
    """Patents as they are; whoever has a say is asked anew."""
    for model in (LotPatent, LotRight):
        table = model.__table__
        rows = writer.session.execute(select(table).where(table.c.lot_id == old)).mappings().all()
        writer.insert(table, [{**row, "id": new_id(), "lot_id": new, **_asked_anew(row)} for row in rows])


def _asked_anew(row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    if "consent" not in row:
        return {}
    return {
        "consent": row["consent"] and Consent.PENDING, "priority": row["priority"] and Priority.PENDING,
        "consented_on": None, "told_on": None, "bidder_id": None,
    }  # fmt: skip


# --- the end of a session ---------------------------------------------------------------------------------------------
def close(db: Database, auction_id: uuid.UUID, on: bool = True) -> None:
    """散场: no lot is called any more, and deposits are due back from today; not `on`: it goes on after all.

    UserError while a lot is under the hammer.
    """
    require(db, SETTLE)
    with db.reading() as session:
        expo_id = session.scalar(select(_auction.c.expo_id).where(_auction.c.id == auction_id))
    with writing(db, SETTLE, expo_id) as writer:
        row = writer.locked(_auction, [auction_id]).get(auction_id)
        if row is None:
            raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
        under = select(_lot.c.lot_no).where(_lot.c.auction_id == auction_id, _lot.c.state == LotState.OPEN)
        if on and (number := writer.session.scalar(under)):
            words = _("标的 {no} 正在竞价，还不能散场，数据未变。")
            raise UserError(words.format(no=number), "E-AUCTION-STATE")
        writer.update(_auction, auction_id, row, {"closed_at": (row["closed_at"] or writer.now) if on else None})


# --- papers, and a sale by agreement ----------------------------------------------------------------------------------
CONFIRMATION, RECORD = "confirmation_prints", "record_prints"
"""成交确认书, 拍卖笔录: the column that counts how often one was printed."""


def count_prints(db: Database, lot_ids: Sequence[uuid.UUID], paper: str) -> dict[uuid.UUID, int]:
    """One more of a paper was made of each lot; how many there are now. The second says 补打."""
    with _of_lots(db, lot_ids) as (writer, lots):
        for key, lot in lots.items():
            writer.update(_lot, key, lot, {paper: lot[paper] + 1})
        return {key: lot[paper] + 1 for key, lot in lots.items()}


def sign(db: Database, lot_ids: Sequence[uuid.UUID]) -> None:
    """The 成交确认书 of these lots was signed today (art. 52)."""
    with _of_lots(db, lot_ids) as (writer, lots):
        for key, lot in lots.items():
            if lot["state"] not in BOUGHT:
                words = _("标的 {no} 没有成交，没有成交确认书，数据未变。")
                raise UserError(words.format(no=lot["lot_no"]), "E-AUCTION-STATE")
            if lot["confirmed_on"] is None and writer.expo is not None:
                writer.update(_lot, key, lot, {"confirmed_on": writer.expo.local_day(writer.now)})


@contextmanager
def _of_lots(db: Database, lot_ids: Sequence[uuid.UUID]) -> Iterator[tuple[Writer, Mapping[uuid.UUID, Any]]]:
    require(db, SETTLE)
    query = select(_auction.c.expo_id).join(_lot, _lot.c.auction_id == _auction.c.id).where(_lot.c.id.in_(lot_ids))
    with db.reading() as session:
        expo_id = session.scalar(query.limit(1))
    with writing(db, SETTLE, expo_id) as writer:
        lots = writer.locked(_lot, lot_ids)
        if len(lots) < len(set(lot_ids)):
            raise Conflict(_("这件标的已被删除，数据未变。请刷新。"), "E-GONE")
        yield writer, lots


def agree(db: Database, lot_id: uuid.UUID, buyer: str, amount: Decimal | None = None) -> uuid.UUID:
    """登记协议成交: after 流拍 owner and buyer agreed; a draft deal with both sides, tied to the lot; its key.

    It is no sale of the auction and never in its figures. `amount` in yuan. InvalidRecord without a buyer.
    """
    with _of_lots(db, [lot_id]) as (writer, lots):
        lot = lots[lot_id]
        if lot["state"] is not LotState.PASSED:
            words = _("标的 {no} 没有流拍，不能登记协议成交，数据未变。")
            raise UserError(words.format(no=lot["lot_no"]), "E-AUCTION-STATE")
        if lot["deal_id"] is not None:
            words = _("标的 {no} 已经登记过协议成交，没有再建。")
            raise UserError(words.format(no=lot["lot_no"]), "E-AUCTION-STATE")
        if not clean_text(buyer):
            raise InvalidRecord({"buyers": _("填写受让方。")})
        body = Organisation.__table__
        owner = writer.session.scalar(select(body.c.name).where(body.c.id == lot["owner_id"]))
        values = {"title": lot["title"], "kind": DealKind.TECH_CONTRACT, "stage": DealStage.INTENT, "sellers": owner,
                  "buyers": buyer}  # fmt: skip
        _current, clean = entered(writer, DEALS, values)
        more = {"entry": Entry.DRAFT, "amount": amount, "pricing_way": PricingWay.AGREED, "is_sample": lot["is_sample"]}
        deal_id = write_row(writer, DEALS, clean | more)
        copy_patents(writer, deal_id, lot_id)
        writer.update(_lot, lot_id, lot, {"deal_id": deal_id})
        return deal_id
