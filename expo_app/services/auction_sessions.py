"""The sessions of an expo as the header of 专利拍卖 shows them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import case, func, select

from expo_app.i18n import N_
from expo_app.model import Auction, Bidder, Lot, LotState
from expo_app.rules import auction_words
from expo_app.services.auction_floor import was_called
from expo_app.specs.records import spoken
from expo_app.store.database import Database

_auction, _lot, _bidder = Auction.__table__, Lot.__table__, Bidder.__table__


class Standing(Enum):
    """How far a session is."""

    BEFORE = N_("未开始")
    RUNNING = N_("进行中")
    OVER = N_("已结束")


@dataclass(frozen=True)
class SessionInfo:
    """`called`: 拍卖会 or 竞价会 in the current language; `starts_at` aware. Counts are of its own lots and paddles."""

    id: uuid.UUID
    title: str
    starts_at: datetime | None
    place: str
    called: str
    is_auction: bool
    standing: Standing
    paddles: int
    lots: int
    sold: int
    passed: int


def sessions(db: Database, expo_id: uuid.UUID) -> list[SessionInfo]:
    """The sessions that are run here, none that was only reported, in their order of time."""
    states = (LotState.READY, LotState.OPEN, LotState.SOLD, LotState.PASSED, LotState.DEFAULTED)
    lots = (
        select(
            _lot.c.auction_id,
            func.count().label("lots"),
            func.sum(case((was_called(), 1), else_=0)).label("called"),
            *(func.sum(case((_lot.c.state == state, 1), else_=0)).label(state.name.lower()) for state in states),
        )
        .group_by(_lot.c.auction_id)
        .subquery()
    )
    paddles = select(_bidder.c.auction_id, func.count().label("n")).group_by(_bidder.c.auction_id).subquery()
    query = (
        select(_auction, spoken(Auction, "title").label("spoken"), lots, func.coalesce(paddles.c.n, 0).label("paddles"))
        .outerjoin(lots, lots.c.auction_id == _auction.c.id)
        .outerjoin(paddles, paddles.c.auction_id == _auction.c.id)
        .where(_auction.c.expo_id == expo_id, ~_auction.c.is_reported)
        .order_by(_auction.c.starts_at.is_(None), _auction.c.starts_at, _auction.c.title)
    )
    with db.reading() as session:
        rows = session.execute(query).mappings().all()
    found = []
    for row in rows:
        names = (row["house_id"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
        waits = (row["ready"] or 0) + (row["open"] or 0)
        is_over = row["closed_at"] is not None or bool(row["called"] and not waits)
        running = Standing.RUNNING if row["called"] else Standing.BEFORE
        found.append(
            SessionInfo(
                id=row["id"],
                title=row["spoken"],
                starts_at=row["starts_at"],
                place=row["place"],
                called=auction_words.called(*names),
                is_auction=auction_words.is_auction(*names),
                standing=Standing.OVER if is_over else running,
                paddles=row["paddles"],
                lots=row["lots"] or 0,
                sold=row["sold"] or 0,
                passed=row["passed"] or 0,
            )
        )
    return found


def usual(found: list[SessionInfo]) -> uuid.UUID | None:
    """The session somebody most likely means: the first that is not over, else the last."""
    going = [info.id for info in found if info.standing is not Standing.OVER]
    return going[0] if going else found[-1].id if found else None
