"""What an undo and a merge may do with the auction's lists: never more than a save (`auction_locks`)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Select, Table, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Auction, Bidder, CommissionBand, IncrementBand, Lot, LotEvent, LotState, WrittenOrder
from expo_app.rules.auction_words import paddle_no
from expo_app.services.access import require
from expo_app.services.auction_locks import (
    AGREED,
    HAS_RESULTS,
    HOLDER,
    HOUSE_LOCKED,
    LADDER,
    OF_LOT,
    RESERVE,
    SAID_OF_HOUSE,
    TIED,
    WHOSE,
    Values,
    database_of,
    free_of,
    has_results,
    in_use,
    paddle_locked,
    refuse_move,
    states_of,
    tied,
)
from expo_app.services.record_writer import in_parts

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger
_auction, _lot, _bidder, _event = Auction.__table__, Lot.__table__, Bidder.__table__, LotEvent.__table__


def held(session: Session, table: Table, rows: Sequence[Values]) -> None:
    """Conflict where an undo would change what a sale rests on; `rows`: each with `id` and the columns concerned.

    UserError where it would change a reserve and the operator may not look at one; a lot that goes or comes back as a
    whole takes its own along.
    """
    parts = [row for row in rows if row.keys() < set(table.c.keys())]
    if table is _lot:
        if any(row.keys() & {"reserve", "reserve_kind"} for row in parts):
            require(database_of(session), RESERVE)
        _moves_held(session, [row["id"] for row in parts if "auction_id" in row])
        _lots_held(session, {row["id"]: set(row.keys() - {"id"}) for row in rows})
    elif table in OF_LOT:
        _lots_held(session, {key: {OF_LOT[table]} for key in _owners(session, table.c.lot_id, rows)})
    elif table is _bidder:
        _bidders_held(session, rows, parts)
    elif table is _auction:
        _sessions_held(session, parts)
    elif table in (CommissionBand.__table__, IncrementBand.__table__):
        is_money = table is CommissionBand.__table__
        _terms_held(session, _owners(session, table.c.auction_id, rows), is_money)


def _owners(session: Session, link: Column[Any], rows: Sequence[Values]) -> set[uuid.UUID]:
    """Whose these rows are, by the column that says it, whether it is among what is concerned or not."""
    found = {row[link.name] for row in rows if link.name in row}
    for part in in_parts(row["id"] for row in rows if link.name not in row):
        found.update(session.scalars(select(link).where(link.table.c.id.in_(part))))
    return found


def _lots_held(session: Session, lots: Mapping[uuid.UUID, set[str]]) -> None:
    for part in in_parts(sorted(lots)):
        query = select(_lot.c.id, _lot.c.lot_no, _lot.c.state, _lot.c.seq).where(_lot.c.id.in_(part))
        for lot in session.execute(query).mappings().all():
            free = free_of(session, lot, database_of(session).now())
            if free is not None and lots[lot["id"]] - free:
                words = _("标的 {no} {state}，它的条件已锁定，没有撤销，数据未变。要改先在竞价台解除锁定。")
                raise Conflict(words.format(no=lot["lot_no"], state=lot["state"].label), "E-LOT-LOCKED")


def _bidders_held(session: Session, rows: Sequence[Values], parts: Sequence[Values]) -> None:
    paddle = select(_bidder.c.paddle)
    for key in in_use(session, [row["id"] for row in rows if row.keys() & set(HOLDER)]):
        no = session.scalar(paddle.where(_bidder.c.id == key))
        raise Conflict(paddle_locked({"paddle": no}), "E-LOT-LOCKED")
    for key in tied(session, [row["id"] for row in parts if row.keys() & set(WHOSE)]):
        no = session.scalar(paddle.where(_bidder.c.id == key))
        raise Conflict(_(TIED).format(no=paddle_no(no or 0)), "E-LOT-LOCKED")


def _moves_held(session: Session, lots: Collection[uuid.UUID]) -> None:
    for part in in_parts(lots):
        for lot in session.execute(select(_lot).where(_lot.c.id.in_(part))).mappings().all():
            try:
                refuse_move(session, lot)
            except InvalidRecord as refused:
                raise Conflict(refused.problems["auction_id"], "E-LOT-LOCKED") from refused


def _sessions_held(session: Session, rows: Sequence[Values]) -> None:
    states = states_of(session, [row["id"] for row in rows])
    for row in rows:
        if "is_reported" in row and has_results(session, row["id"]):
            raise Conflict(_(HAS_RESULTS), "E-LOT-LOCKED")
        if states.get(row["id"], set()) - {LotState.READY, LotState.WITHDRAWN} and row.keys() & set(SAID_OF_HOUSE):
            raise Conflict(_(HOUSE_LOCKED), "E-LOT-LOCKED")
    for names, is_money in ((AGREED, True), (LADDER, False)):
        _terms_held(session, {row["id"] for row in rows if row.keys() & set(names)}, is_money)


def _terms_held(session: Session, sessions: Collection[uuid.UUID], is_money: bool) -> None:
    """Commissions stand from the first sale on, increments as long as a lot is under the hammer."""
    wanted = {LotState.SOLD, LotState.DEFAULTED} if is_money else {LotState.OPEN}
    if any(states & wanted for states in states_of(session, sessions).values()):
        words = _("这一场已有成交，佣金不再改，没有撤销，数据未变。")
        running = _("正在竞价，加价幅度在竞价台调整，没有撤销，数据未变。")
        raise Conflict(words if is_money else running, "E-LOT-LOCKED")


def not_its_own_bidder(merger: Merger, keep: Values, other: Values) -> dict[str, Any]:
    """Nobody bids on what is theirs (拍卖法 art. 30), nor the house in its own session (art. 22): two bodies stay two
    of which one bid on the other's lot or left an order for it, or holds a paddle where the other is the house.
    """
    pair: dict[uuid.UUID, uuid.UUID] = {keep["id"]: other["id"], other["id"]: keep["id"]}
    owner: ColumnElement[Any] = _lot.c.owner_id
    for table in (_event, WrittenOrder.__table__):
        query = (
            select(_lot.c.lot_no, _lot.c.title, owner, _bidder.c.organisation_id)
            .join(table, table.c.lot_id == _lot.c.id)
            .join(_bidder, _bidder.c.id == table.c.bidder_id)
            .where(owner.in_(pair), _bidder.c.organisation_id.in_(pair))
        )
        for no, title, seller, buyer in merger.session.execute(query):
            if pair[seller] == buyer:
                words = _(
                    "这两家一家是标的 {no}「{title}」的委托人，一家竞买过它或留了书面委托，不会是同一家，没有合并。"
                )
                raise Conflict(words.format(no=no, title=title), "E-MERGE-PARTIES")
    house: ColumnElement[Any] = _auction.c.house_id
    held_by: Select[Any] = (
        select(_auction.c.title, house, _bidder.c.organisation_id)
        .join(_bidder, _bidder.c.auction_id == _auction.c.id)
        .where(house.in_(pair), _bidder.c.organisation_id.in_(pair))
    )
    for title, holder, buyer in merger.session.execute(held_by):
        if pair[holder] == buyer:
            words = _("这两家一家是专场「{title}」的拍卖人，一家是它的竞买人，不会是同一家，没有合并。")
            raise Conflict(words.format(title=title), "E-MERGE-PARTIES")
    return {}
