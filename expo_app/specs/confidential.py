"""What an auction keeps secret, as conditions: whose name (拍卖法 art. 21), which lists, exports and reports ask before
they name an owner, a bidder or a party of the deal that a lot became; and how far an order goes while it can be bid."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, case, exists

from expo_app.model import Bidder, Deal, Lot, LotState, PartyRole, WrittenOrder

_lot, _bidder, _deal, _order = Lot.__table__, Bidder.__table__, Deal.__table__, WrittenOrder.__table__
BOUGHT = (LotState.SOLD, LotState.DEFAULTED)


def owner() -> ColumnElement[bool]:
    """Of a lot: its owner asked for it."""
    return _lot.c.is_owner_confidential.is_(True)


def bidder() -> ColumnElement[bool]:
    """Of a paddle: whoever holds it asked for it."""
    return _bidder.c.is_confidential.is_(True)


def orders() -> ColumnElement[bool]:
    """Of a lot: orders were left for it in writing, and it is not over; one that passed may be called again."""
    is_over = _lot.c.state.in_((*BOUGHT, LotState.WITHDRAWN))
    return exists().where(_order.c.lot_id == _lot.c.id).correlate(_lot) & ~is_over


def unless(secret: Callable[[], ColumnElement[bool]], text: ColumnElement[str]) -> ColumnElement[str]:
    """A text to be searched, of records in which it is not secret."""
    return case((secret(), ""), else_=text)


def buyer() -> ColumnElement[bool]:
    """Of a lot with the paddle that leads it: it was bought by one who asked for it."""
    return bidder() & _lot.c.state.in_(BOUGHT)


def seller_of_deal() -> ColumnElement[bool]:
    """Of a deal: it came of a lot whose owner asked for it."""
    return exists().where(_lot.c.deal_id == _deal.c.id, owner()).correlate(_deal)


def buyer_of_deal() -> ColumnElement[bool]:
    """Of a deal: it came of a lot bought by one who asked for it."""
    joined = (_lot.c.deal_id == _deal.c.id, _bidder.c.id == _lot.c.leader_id)
    return exists().where(*joined, buyer()).correlate(_deal)


OF_SIDE = {PartyRole.SELLER: seller_of_deal, PartyRole.BUYER: buyer_of_deal}
"""Of a deal's parties, by their part in it."""
