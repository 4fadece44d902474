"""What of an auction stands, whoever would change it: a save, an import, an undo.

What a sale rests on is locked from the moment a lot is called: its owner, title, patents, prices, rights and orders,
who holds a paddle that bid, and the commissions of a session with a sale.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import Auction, AuctionMoney, Bidder, Lot, LotEvent, LotPatent, LotRight, LotState, WrittenOrder
from expo_app.rules.auction_words import paddle_no
from expo_app.services.auction_floor import LOCKED as LOCKED_STATES
from expo_app.services.auction_floor import is_locked, was_called
from expo_app.services.record_writer import in_parts
from expo_app.store.database import Database

if TYPE_CHECKING:
    pass
_auction, _lot, _bidder, _event = Auction.__table__, Lot.__table__, Bidder.__table__, LotEvent.__table__
FREE = frozenset({"note", "title_en", "is_owner_confidential", "search_text", "is_sample", "confirmation_prints",
                  "record_prints", "confirmed_on", "resale_consent_on"})  # fmt: skip
"""Columns of a lot that no sale rests on."""
WORDS = FREE | {"title", "appraisal_no", "consignment_no", "consigned_on", "consignment", "patents"}
"""What may be put right of a sold lot that was unlocked: never who sold to whom, in which session, by what price."""
OF_LOT = {LotPatent.__table__: "patents", LotRight.__table__: "rights", WrittenOrder.__table__: "orders"}
"""Tables of what hangs on a lot, and the field it is entered in."""
HELD_BY = {LotRight.__table__: "rights", WrittenOrder.__table__: "orders"}
"""What of a lot is somebody's who holds a paddle."""
HOLDER = ("paddle", "organisation_id", "auction_id", "is_staff")
"""What must stay of a bidder whose paddle was in a lot."""
RESERVE = "auction.reserve"
SAID_OF_HOUSE = ("house_id", "licence_no", "auctioneer", "auctioneer_no")
"""By whom a session is held: who may not bid (art. 22, 23), and what the papers of its sales say."""
WHOSE = ("organisation_id", "auction_id")
"""Whose word an order is, and in which session."""
LADDER = ("ladder", "ladder_step", "ladder_percent", "calls")
AGREED = ("is_commission_agreed",)
HAS_RESULTS = N_("这一场已有标的叫过或已有结果，是不是报道的专场不再改，未保存，数据未变。")
HOUSE_LOCKED = N_("这一场已有标的叫过，拍卖人、许可证、主持人和资格证号不再改，未保存，数据未变。")
TIED = N_("{no} 号牌有书面委托或优先权主张，专场和竞买人不再改，未保存，数据未变。先在标的里删去它们。")
Values = Mapping[str, Any] | RowMapping


def free_of(session: Session, lot: Values, now: datetime) -> frozenset[str] | None:
    """What may still be changed of a lot that was called here; None: everything. What was reported is free."""
    if not lot["seq"] or lot["state"] not in (LotState.OPEN, *LOCKED_STATES):
        return None
    return FREE if lot["state"] is LotState.OPEN or is_locked(session, lot, now) else WORDS


def is_fixed(session: Session, lot: Values, now: datetime) -> bool:
    """Whether a lot was called here and its terms stand, until a sold one is unlocked."""
    return free_of(session, lot, now) == FREE


def refuse_move(session: Session, lot: Values, anew: Collection[str] = (), row: int = 0) -> None:
    """A lot that was called stays in its session, and so does one on which somebody of that session has a word.

    `anew`: what of it is entered along with the move.
    """
    words = ""
    if lot["state"] is not LotState.READY or lot["price"] is not None:
        words = _("标的 {no} 已经叫过或已有结果，留在这一场，未保存，数据未变。再拍请在结算台办理。")
    elif any(name not in anew and _has_holder(session, table, lot["id"]) for table, name in HELD_BY.items()):
        words = _("标的 {no} 有这一场号牌的书面委托或优先权主张，不能换专场，未保存，数据未变。先删去它们。")
    if words:
        raise InvalidRecord({"auction_id": words.format(no=lot["lot_no"])}, row)


def _has_holder(session: Session, table: Table, lot_id: uuid.UUID) -> bool:
    query = select(table.c.id).where(table.c.lot_id == lot_id, table.c.bidder_id.is_not(None))
    return session.scalar(query.limit(1)) is not None


def database_of(session: Session) -> Database:
    found: Database = session.connection().get_execution_options()["database"]
    return found


def has_results(session: Session, auction_id: uuid.UUID) -> bool:
    """Whether a lot of a session was called, or is said to have gone (a look at a reserve is no call)."""
    gone = (_lot.c.state != LotState.READY) | _lot.c.price.is_not(None)
    return session.scalar(select(_lot.c.id).where(_lot.c.auction_id == auction_id, gone).limit(1)) is not None


def states_of(session: Session, sessions: Collection[uuid.UUID]) -> dict[uuid.UUID, set[LotState]]:
    """Session → the states of those of its lots that were called here."""
    found: dict[uuid.UUID, set[LotState]] = {}
    query = select(_lot.c.auction_id, _lot.c.state).where(was_called()).distinct()
    for part in in_parts(sessions):
        for key, state in session.execute(query.where(_lot.c.auction_id.in_(part))):
            found.setdefault(key, set()).add(state)
    return found


def tied(session: Session, bidders: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them of whom a lot holds an order or a claim."""
    found: set[uuid.UUID] = set()
    for table in HELD_BY:
        for part in in_parts(bidders):
            query = select(table.c.bidder_id).distinct().where(table.c.bidder_id.in_(part))
            found.update(session.scalars(query))
    return found


def in_use(session: Session, bidders: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them whose paddle bid, or of whom money was taken."""
    found: set[uuid.UUID] = set()
    for column in (_event.c.bidder_id, AuctionMoney.__table__.c.bidder_id):
        for part in in_parts(bidders):
            found.update(session.scalars(select(column).distinct().where(column.in_(part))))
    return found


def paddle_locked(bidder: Values) -> str:
    words = _("{no} 号牌已经出过价或收过款，号牌和竞买人不再改，未保存，数据未变。")
    return words.format(no=paddle_no(bidder["paddle"]))
