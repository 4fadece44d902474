"""A session to be run in tests: an auction with lots, paddles and what the law asks for, all of it in order."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from expo_app.model import (
    Auction,
    Bidder,
    Expo,
    LadderKind,
    Lot,
    LotPatent,
    LotRight,
    ReserveKind,
    RightRole,
    WrittenOrder,
)
from expo_app.model.base import Base
from expo_app.rules.auction_checklist import CONSIGNMENT
from tests.factories import make_organisation


def _added(session: Session, record: Base) -> Any:
    session.add(record)
    session.flush()
    return record


def make_auction(session: Session, expo: Expo, title: str = "专利专场", **given: Any) -> Auction:
    """A session whose rules were read, with increments of 1-2.5-5."""
    return _added(session, Auction(expo_id=expo.id, title=title, **{"rules_read_at": _MORNING, **given}))


_MORNING = datetime(2018, 11, 29, 1, tzinfo=UTC)


def make_bidder(session: Session, auction: Auction, paddle: int, name: str = "", **given: Any) -> Bidder:
    """Whoever holds a paddle, of a new organisation unless `organisation_id` says which."""
    if "organisation_id" not in given:
        given["organisation_id"] = make_organisation(session, name or f"竞买单位{paddle:02d}").id
    return _added(session, Bidder(auction_id=auction.id, paddle=paddle, **{"is_identity_checked": True, **given}))


def make_lot(session: Session, auction: Auction, lot_no: str = "01", **given: Any) -> Lot:
    """A lot of one patent that may be called: start price 100 万元, 4 万元 a step, 无底价, a new owner."""
    if "owner_id" not in given:
        given["owner_id"] = make_organisation(session, f"权利人{uuid.uuid4().hex[:6]}").id
    usual = {
        "title": f"标的{lot_no}",
        "start_price": Decimal(1_000_000),
        "reserve_kind": ReserveKind.NONE,
        "ladder": LadderKind.FIXED,
        "ladder_step": Decimal(40_000),
        "consignment": list(CONSIGNMENT),
        "consignment_no": "委-1",
        "consigned_on": _MORNING.date(),
        "patents": [LotPatent(title=f"专利{lot_no}", patent_no="2018100000000")],
    }
    return _added(session, Lot(auction_id=auction.id, lot_no=lot_no, **{**usual, **given}))


def make_right(session: Session, lot: Lot, name: str, role: RightRole = RightRole.CO_OWNER, **given: Any) -> LotRight:
    """Somebody with a say in the sale of a lot."""
    return _added(session, LotRight(lot_id=lot.id, name=name, role=role, **given))


def make_order(session: Session, lot: Lot, bidder: Bidder, up_to: int, **given: Any) -> WrittenOrder:
    """A written order up to so many yuan."""
    values = {"received_at": _MORNING, **given}
    return _added(session, WrittenOrder(lot_id=lot.id, bidder_id=bidder.id, up_to=Decimal(up_to), **values))
