"""Pictures of the cashier after a session that was held: every lot that can be called, sold to a few, one passed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from hall_scenes import _session
from PySide6.QtWidgets import QWidget
from stage import Stage

from expo_app.model import MoneyKind, MoneyWay
from expo_app.routes.auction import AuctionRoute
from expo_app.services import auction_cashier, auction_hall
from expo_app.services.auction_accounts import read_desk
from expo_app.services.auction_cashier import CONFIRMATION, Paid
from expo_app.specs.auction_cashier import CashDesk

BUYERS, LATECOMER = 3, 5
"""So many paddles buy in turn; what they owe is paid in part, in full, not at all."""


def _held(stage: Stage) -> CashDesk:
    """The session's money, after its lots were sold."""
    db, session_id = stage.context.db, _session(stage)
    hall = auction_hall.read_hall(db, session_id)
    desk = read_desk(db, session_id)
    if any(one.money for one in desk.accounts):
        return desk
    if hall.live is not None:
        auction_hall.hammer(db, hall.live.id, sure=True)
    for n, one in enumerate(desk.accounts):
        auction_cashier.take_deposit(db, one.bidder_id, Paid(Decimal(50_000 * (1 + n % 2)), MoneyWay.BANK))
    paddles = [bidder.paddle for bidder in hall.bidders]
    for n, lot in enumerate(hall.lots):
        if not auction_hall.open_lot(db, lot.id).is_done:
            continue
        for wan in (0, 100, 200):
            paddle = paddles[(n % BUYERS) * 7 + 2 + wan // 100]
            amount = (lot.start_price or Decimal(0)) + wan * 10_000 if n else lot.start_price
            auction_hall.bid(db, lot.id, paddle, amount, sure=True)
        auction_hall.hammer(db, lot.id, sure=True)
    desk = read_desk(db, session_id)
    first, *more = desk.queue
    auction_cashier.take_payment(db, first.bidder_id, Paid(first.owed))
    auction_cashier.count_prints(db, [one.lot_id for one in more[0].purchases], CONFIRMATION)
    auction_cashier.sign(db, [more[0].purchases[0].lot_id])
    auction_cashier.refund(db, [one.bidder_id for one in desk.deposits if one.surplus and one.bank][:LATECOMER])
    return read_desk(db, session_id)


def _till(stage: Stage) -> Any:
    """The cashier, serving a buyer who still owes for several lots."""
    desk = _held(stage)
    view = stage.go(AuctionRoute("cashier", desk.auction_id)).view
    stage.settle()
    view.serve(max((one for one in desk.queue if one.owed), key=lambda one: len(one.purchases)).paddle)
    return view


def _serving(stage: Stage) -> None:
    _till(stage)


def _unknown(stage: Stage) -> None:
    view = _till(stage)
    view.card.field.setText("999")
    view.enter(999)


def _nothing_owed(stage: Stage) -> None:
    view = _till(stage)
    view.serve(next(one.paddle for one in view.desk.accounts if not one.purchases and one.surplus))


def _paying(stage: Stage) -> None:
    _till(stage)._take(MoneyKind.PAYMENT)


def _act(act: str, stage: Stage) -> None:
    _till(stage).do(act)


TILL: dict[str, Callable[[Stage], QWidget | None]] = {
    "cashier-serving": _serving,
    "cashier-unknown": _unknown,
    "cashier-deposit": _nothing_owed,
    "cashier-paying": _paying,
    "cashier-refund": partial(_act, "refund"),
    "cashier-find": partial(_act, "find"),
}
