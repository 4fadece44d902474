"""What every paddle of a session owes, paid and is to be given back, read in a fixed number of statements.

Nothing of it is kept: it is worked out from hammer prices, the commission of the session and the entries of money.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from expo_app.damaged import DamagedValue, is_damaged, readable
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    Auction,
    AuctionMoney,
    Bidder,
    CommissionBand,
    CommissionSide,
    Expo,
    Holiday,
    Lot,
    LotState,
    MoneyKind,
    Organisation,
)
from expo_app.rules import auction_money, auction_words, masks, regions
from expo_app.rules.auction_money import NOTHING, Claim, Tier, covered, working_days
from expo_app.specs.auction_cashier import Account, CashDesk, MoneyLine, Purchase, Refund, Standing, Unreadable
from expo_app.specs.records import spoken
from expo_app.store.database import Database

BOUGHT = (LotState.SOLD, LotState.DEFAULTED)
WAITS = (LotState.READY, LotState.OPEN)
_auction, _lot, _bidder = Auction.__table__, Lot.__table__, Bidder.__table__
_money, _organisation, _expo = AuctionMoney.__table__, Organisation.__table__, Expo.__table__
Row = Mapping[str, Any] | RowMapping
Tiers = Mapping[CommissionSide, Sequence[Tier]]


def read_desk(db: Database, auction_id: uuid.UUID) -> CashDesk:
    """The whole of a session's money at this moment; Conflict where it is gone."""
    with db.reading() as session:
        return desk_of(session, auction_id, db)


def desk_of(session: Session, auction_id: uuid.UUID, db: Database) -> CashDesk:
    """The same within a session that is already open."""
    query = select(_auction, spoken(Auction, "title").label("said"))
    row = session.execute(query.where(_auction.c.id == auction_id)).mappings().first()
    if row is None:
        raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
    expo = session.get_one(Expo, row["expo_id"])
    lots = _lots(session, auction_id)
    today = expo.local_day(db.now())
    accounts, unreadable = _accounts(session, row, lots, today)
    there = {lot["id"] for lot in lots}
    first = [lot for lot in lots if lot["resale_of_id"] not in there]  # a resale holds up nobody's deposit
    hammered = [at for lot in first if (at := readable(lot["hammered_at"])) is not None]
    waits = any(lot["state"] in WAITS for lot in first)
    is_over = row["closed_at"] is not None or bool(hammered and not waits)
    term = None
    closed_at = readable(row["closed_at"])
    if is_over and (end := closed_at if waits or not hammered else max(hammered)):  # closing later moves no term
        term = working_days(expo.local_day(end), row["refund_days"], _holidays(session))
    names = (row["house_id"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
    turn: dict[uuid.UUID, int] = {}
    for lot in lots:
        turn.setdefault(lot["leader_id"], len(turn))
    queue = sorted((one for one in accounts if one.purchases), key=lambda one: turn[one.bidder_id])
    deposits = {amount for lot in lots if (amount := readable(lot["deposit"]))}
    return CashDesk(
        auction_id=auction_id,
        expo_id=row["expo_id"],
        title=row["said"],
        called=auction_words.called(*names),
        is_auction=auction_words.is_auction(*names),
        is_over=is_over,
        is_closed=row["closed_at"] is not None,
        today=today,
        payment_days=row["payment_days"],
        refund_days=row["refund_days"],
        refund_term=term,
        sold=sum(lot["state"] is LotState.SOLD for lot in lots),
        unsold=sum(lot["state"] is LotState.PASSED for lot in lots),
        accounts=tuple(accounts),
        queue=tuple(queue),
        unreadable=unreadable,
        asked=deposits.pop() if len(deposits) == 1 else None,
        passed=tuple(
            (lot["id"], lot["lot_no"], lot["said"])
            for lot in lots
            if lot["state"] is LotState.PASSED and lot["deal_id"] is None
        ),
    )


def account_of(session: Session, bidder_id: uuid.UUID, today: date) -> Account:
    """One paddle's account; Conflict where it is gone."""
    query = select(_auction).join(_bidder, _bidder.c.auction_id == _auction.c.id).where(_bidder.c.id == bidder_id)
    row = session.execute(query).mappings().first()
    if row is None:
        raise Conflict(_("这个号牌已被删除，数据未变。请刷新。"), "E-GONE")
    accounts, unreadable = _accounts(session, row, _lots(session, row["id"]), today, bidder_id)
    for *_who, damage in unreadable:
        raise damage
    return accounts[0]


def tiers_of(session: Session, auction_id: uuid.UUID) -> dict[CommissionSide, list[Tier]]:
    """The commission of a session, by side."""
    table = CommissionBand.__table__
    found: dict[CommissionSide, list[Tier]] = {side: [] for side in CommissionSide}
    query = select(table.c.side, table.c.from_amount, table.c.percent).where(table.c.auction_id == auction_id)
    for side, start, percent in session.execute(query.order_by(table.c.from_amount)):
        found[side].append(Tier(start, percent))
    return found


def _lots(session: Session, auction_id: uuid.UUID) -> Sequence[RowMapping]:
    """Its lots in the order of their hammers; those without one last. What is sold again stands as `again_…`."""
    again, any_again = _lot.alias("again"), _lot.alias("any_again")
    newest = select(any_again.c.id).where(any_again.c.resale_of_id == _lot.c.id).order_by(any_again.c.id.desc())
    query = (
        select(_lot, spoken(Lot, "title").label("said"), again.c.lot_no.label("again_no"),
               again.c.state.label("again_state"), again.c.price.label("again_price"))
        .select_from(_lot)
        .outerjoin(again, again.c.id == newest.limit(1).correlate(_lot).scalar_subquery())
        .where(_lot.c.auction_id == auction_id)
        .order_by(_lot.c.hammered_at.is_(None), _lot.c.hammered_at, _lot.c.position, _lot.c.lot_no)
    )  # fmt: skip
    return session.execute(query).mappings().all()


def _holidays(session: Session) -> dict[date, bool]:
    table = Holiday.__table__
    return dict(session.execute(select(table.c.day, table.c.is_working)).all())


def _accounts(
    session: Session, auction: Row, lots: Sequence[Row], today: date, only: uuid.UUID | None = None
) -> tuple[list[Account], tuple[Unreadable, ...]]:
    """Every paddle's account, and those that cannot be told: no part of a sum is taken for the whole."""
    bidders = (
        select(_bidder, spoken(Organisation).label("name"), _organisation.c.region_code)
        .join(_organisation, _organisation.c.id == _bidder.c.organisation_id)
        .where(_bidder.c.auction_id == auction["id"])
        .order_by(_bidder.c.paddle)
    )
    money = (
        select(_money, _lot.c.lot_no)
        .join(_bidder, _bidder.c.id == _money.c.bidder_id)
        .outerjoin(_lot, _lot.c.id == _money.c.lot_id)
        .where(_bidder.c.auction_id == auction["id"])
        .order_by(_money.c.id)
    )
    if only is not None:
        bidders, money = bidders.where(_bidder.c.id == only), money.where(_money.c.bidder_id == only)
    by_bidder: dict[uuid.UUID, list[RowMapping]] = {}
    for row in session.execute(money).mappings():
        by_bidder.setdefault(row["bidder_id"], []).append(row)
    bought: dict[uuid.UUID, list[Row]] = {}
    for lot in lots:
        if (
            (lot["state"] in BOUGHT or is_damaged(lot["state"]))
            and lot["leader_id"] is not None
            and lot["price"] is not None
        ):
            bought.setdefault(lot["leader_id"], []).append(lot)
    tiers, found, unreadable = _read_tiers(session, auction["id"]), [], []
    for row in session.execute(bidders).mappings():
        try:
            found.append(_account(row, bought.get(row["id"], ()), by_bidder.get(row["id"], ()), tiers, auction, today))
        except DamagedValue as damage:
            unreadable.append((row["id"], row["paddle"], row["name"], damage))
    return found, tuple(unreadable)


def _read_tiers(session: Session, auction_id: uuid.UUID) -> Tiers | DamagedValue:
    try:
        return tiers_of(session, auction_id)
    except DamagedValue as damage:
        return damage


def _account(
    bidder: Row, lots: Sequence[Row], entries: Sequence[Row], tiers: Tiers | DamagedValue, auction: Row, today: date
) -> Account:
    decides = {"paddle": [bidder], "state": lots, "kind": entries}
    if damaged := [name for name, rows in decides.items() if any(is_damaged(row[name]) for row in rows)]:
        raise DamagedValue(damaged[0])
    if isinstance(tiers, DamagedValue):
        if lots:
            raise tiers
        tiers = {side: [] for side in CommissionSide}
    countered = {row["counters_id"] for row in entries} - {None}
    valid = [row for row in entries if row["id"] not in countered and row["counters_id"] is None]
    sums = {kind: _sum(row for row in valid if row["kind"] is kind) for kind in MoneyKind}
    kept = sums[MoneyKind.DEPOSIT] - sums[MoneyKind.FORFEIT]
    returned = max(NOTHING, sums[MoneyKind.REFUND] - kept)  # what went back beyond the deposit was price
    refunded = sums[MoneyKind.REFUND] - returned
    held, paid = kept - refunded, sums[MoneyKind.PAYMENT] - returned
    purchases = _purchases(lots, valid, held, paid, tiers, auction["is_commission_agreed"])
    owed = sum((one.owed for one in purchases), NOTHING)
    used = sum((one.need for one in purchases), NOTHING) - owed
    is_open = any(one.claim and one.resale_price is None for one in purchases)  # what is missing is not known yet
    left = held + paid - used
    surplus = NOTHING if owed > 0 or is_open else max(NOTHING, left)
    bank = readable(bidder["account"]) or ""
    refunds = [row["on_date"] for row in valid if row["kind"] is MoneyKind.REFUND]
    unpaid = [one.due_on for one in purchases if one.due_on and one.owed > 0]
    return Account(
        bidder_id=bidder["id"],
        paddle=bidder["paddle"],
        name=bidder["name"],
        place=regions.region_name(bidder["region_code"]),
        agent=bidder["agent"],
        phone=masks.mask_phone(readable(bidder["phone"]) or ""),
        channel=bidder["channel"],
        is_identity_checked=bidder["is_identity_checked"],
        is_confidential=bidder["is_confidential"],
        bank=masks.mask_account(bank),
        purchases=tuple(purchases),
        money=tuple(_line(row, countered) for row in entries),
        held=held,
        paid=paid,
        refunded=refunded,
        returned=returned,
        refunded_on=max(refunds, default=None),
        surplus=surplus,
        standing=_standing(purchases, owed, today),
        refund=_refund(surplus, left, bool(refunds), bank),
        due_on=min(unpaid, default=None),
    )


def _sum(rows: Iterable[Row]) -> Decimal:
    return sum((row["amount"] for row in rows), NOTHING)


def _purchases(
    lots: Sequence[Row], money: Sequence[Row], held: Decimal, paid: Decimal, tiers: Tiers, is_agreed: bool
) -> list[Purchase]:
    """Each with its part: the deposit first as far as each lot asked for one, then payments for it, then the rest."""
    dues = [_due(lot, money, tiers, is_agreed) for lot in lots]
    needs = [need for need, _claim, _forfeited in dues]
    asked = [(lot["deposit"] or NOTHING) - forfeited for lot, (_n, _c, forfeited) in zip(lots, dues, strict=True)]
    deposits = covered(held, [min(one, other) for one, other in zip(needs, asked, strict=True)])
    rest = covered(held - sum(deposits, NOTHING), _less(needs, deposits))
    deposits = [one + other for one, other in zip(deposits, rest, strict=True)]
    needs_left = _less(needs, deposits)
    meant = [_sum(row for row in money if row["kind"] is MoneyKind.PAYMENT and row["lot_id"] == lot["id"])
             for lot in lots]  # fmt: skip
    parts = covered(paid, [min(one, other) for one, other in zip(meant, needs_left, strict=True)])
    rest = covered(paid - sum(parts, NOTHING), _less(needs_left, parts))
    buyer = tiers[CommissionSide.BUYER]
    return [
        Purchase(
            lot_id=lot["id"],
            lot_no=lot["lot_no"],
            title=lot["said"],
            state=lot["state"],
            hammer=lot["price"],
            commission=auction_money.commission(lot["price"], buyer, is_agreed=is_agreed),
            tier=auction_money.tier_no(lot["price"], buyer),
            is_capped=auction_money.is_capped(lot["price"], buyer, is_agreed),
            need=need,
            deposit=deposit,
            paid=part + more,
            due_on=lot["due_on"],
            confirmed_on=lot["confirmed_on"],
            confirmation_prints=lot["confirmation_prints"],
            record_prints=lot["record_prints"],
            deal_id=lot["deal_id"],
            resale_consent_on=lot["resale_consent_on"],
            claim=claim,
            forfeited=forfeited,
            resale=lot["again_no"] or "",
            resale_price=_resold(lot),
        )
        for lot, (need, claim, forfeited), deposit, part, more in zip(lots, dues, deposits, parts, rest, strict=True)
    ]


def _less(amounts: Sequence[Decimal], taken: Sequence[Decimal]) -> list[Decimal]:
    return [one - other for one, other in zip(amounts, taken, strict=True)]


def _resold(lot: Row) -> Decimal | None:
    """What the resale was hammered at; None while it was not sold again.

    Whoever bought it and does not pay either answers for what a third sale brings less than that: no yuan is owed by
    two, and the first buyer's claim, once it is known, stays.
    """
    return lot["again_price"] if lot["again_state"] in BOUGHT else None


def _due(lot: Row, money: Sequence[Row], tiers: Tiers, is_agreed: bool) -> tuple[Decimal, Claim | None, Decimal]:
    """(what is to be paid, the claim it comes of, the deposit that was kept)."""
    seller, buyer = (
        auction_money.commission(lot["price"], tiers[side], is_agreed=is_agreed)
        for side in (CommissionSide.SELLER, CommissionSide.BUYER)
    )
    if lot["state"] is LotState.SOLD:
        return lot["price"] + buyer, None, NOTHING
    forfeited = _sum(row for row in money if row["kind"] is MoneyKind.FORFEIT and row["lot_id"] == lot["id"])
    owes = auction_money.claim(lot["price"], _resold(lot), seller, buyer)
    return max(NOTHING, owes.total - forfeited), owes, forfeited


def _standing(purchases: Sequence[Purchase], owed: Decimal, today: date) -> Standing:
    if not owed and not any(one.claim and one.resale_price is None for one in purchases):
        return Standing.SETTLED
    if any(one.claim for one in purchases):
        return Standing.DEFAULTED
    if any(one.is_overdue(today) for one in purchases):
        return Standing.OVERDUE
    is_begun = any(one.confirmation_prints or one.paid for one in purchases)
    return Standing.AWAITED if is_begun else Standing.NOT_COME


def _refund(surplus: Decimal, left: Decimal, is_refunded: bool, bank: str) -> Refund | None:
    """None: there is, and was, nothing to go back."""
    if surplus > 0:
        return Refund.WAITS if bank else Refund.NO_ACCOUNT
    if left > 0:
        return Refund.HELD
    return Refund.DONE if is_refunded else None


def _line(row: Row, countered: set[uuid.UUID]) -> MoneyLine:
    return MoneyLine(
        id=row["id"],
        kind=row["kind"],
        way=row["way"],
        amount=row["amount"],
        on_date=row["on_date"],
        at=row["at"],
        operator=row["operator"],
        reference=row["reference"],
        note=row["note"],
        lot_no=row["lot_no"] or "",
        is_void=row["id"] in countered or row["counters_id"] is not None,
        is_counter=row["counters_id"] is not None,
    )
