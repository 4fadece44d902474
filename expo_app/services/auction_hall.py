"""A lot under the hammer: open, bid, call, hammer, correct. Each act is one transaction and answers after its commit.

`rules.auction_judge` decides; this module gathers what is known, and writes the event and the lot's row together, the
row only where its `seq` is still what was read: the database arbitrates between consoles, on SQLite and on PostgreSQL
alike, and whoever was overtaken is judged again by what there is now. An event is its own record, as a scan is; what
else an act changes (the reserve, the increments, the deal) is logged beside it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import (
    Auction,
    Bidder,
    Channel,
    EventKind,
    Expo,
    Lot,
    LotEvent,
    LotRight,
    LotState,
    Organisation,
    ReserveKind,
    RightRole,
    new_id,
)
from expo_app.rules.amounts import in_words
from expo_app.rules.auction_judge import Answer, Bid, BidderFacts, LotFacts, judge, opening_problem, standing
from expo_app.rules.auction_ladder import Ladder
from expo_app.services import auction_floor
from expo_app.services.access import require
from expo_app.services.auction_floor import entries_of, ladder_of, names_of, opening_facts, rights_of
from expo_app.services.auction_sale import make_deal
from expo_app.services.record_writer import Writer, writing
from expo_app.specs.auction_hall import LotNow, Outcome
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key
from expo_app.store.database import Database

read_hall, read_events, sessions = auction_floor.read_hall, auction_floor.read_events, auction_floor.sessions
PATIENCE = 2.0
"""Seconds for which an act is tried again where another program holds the file."""
PRICED = (EventKind.OPEN, EventKind.BID, EventKind.CORRECTION, EventKind.LADDER)
"""After these the next least amount is another one, or another paddle leads."""
QUIET = (EventKind.CALL, EventKind.RESERVE_SEEN)
"""What may happen between a look and a hammer."""
_lot: Any = Lot.__table__
_event: Any = LotEvent.__table__
_bidder, _organisation, _right = Bidder.__table__, Organisation.__table__, LotRight.__table__
_NEWEST = select(_event.c.id).order_by(_event.c.id.desc()).limit(1)
_LAST_AT = select(_event.c.at).where(_event.c.lot_id == bindparam("lot")).order_by(_event.c.seq.desc()).limit(1)
_BIDDER = select(_bidder).where(_bidder.c.auction_id == bindparam("auction"), _bidder.c.paddle == bindparam("paddle"))
_PADDLE = select(_bidder.c.paddle).where(_bidder.c.id == bindparam("bidder"))
_HAPPENED = (
    select(func.count())
    .select_from(_event)
    .where(_event.c.lot_id == bindparam("lot"), _event.c.seq > bindparam("seen"))
)
_NAMES = ("id", "name", "name_en", "aliases")
_BODIES = select(*(_organisation.c[name] for name in _NAMES)).where(
    _organisation.c.id.in_(bindparam("bodies", expanding=True))
)


class _OvertakenError(Exception):
    """Somebody else wrote to the lot since it was read."""


class _Floor:
    """One lot within an act's transaction; `lot` is its row with its session's columns as `session_…`."""

    def __init__(self, db: Database, connection: Connection, lot_id: uuid.UUID, console: str) -> None:
        self.db, self.connection, self.console, self.lot_id = db, connection, console, lot_id
        self.now = db.now()
        self.read()

    def read(self) -> None:
        """What there is now; Conflict where the lot is gone."""
        row = self.connection.execute(auction_floor.LOT, {"lot": self.lot_id}).mappings().first()
        if row is None:
            raise Conflict(_("这件标的已被删除，数据未变。请刷新。"), "E-GONE")
        self.lot: dict[str, Any] = dict(row)

    @property
    def session(self) -> dict[str, Any]:
        """The columns of its session by their own names."""
        return {key.removeprefix("session_"): value for key, value in self.lot.items() if key.startswith("session_")}

    @property
    def ladder(self) -> Ladder:
        return ladder_of(self.connection, self.lot, self.lot, "session_")

    @property
    def leader(self) -> int | None:
        """The paddle that leads."""
        if self.lot["leader_id"] is None:
            return None
        return self.connection.execute(_PADDLE, {"bidder": self.lot["leader_id"]}).scalar_one()

    @cached_property
    def orm(self) -> Session:
        """For what is more than an event, within the same transaction."""
        return Session(self.connection, join_transaction_mode="rollback_only")

    @cached_property
    def expo(self) -> Expo:
        return self.orm.get_one(Expo, self.lot["session_expo_id"])

    @cached_property
    def writer(self) -> Writer:
        """What it writes is logged by `audit` at the end."""
        return Writer(self.db, self.orm, self.expo)

    def bidder(self, paddle: int) -> Row[Any] | None:
        """Whose paddle it is."""
        return self.connection.execute(_BIDDER, {"auction": self.lot["auction_id"], "paddle": paddle}).first()

    def about(self, bidder: Row[Any]) -> BidderFacts:
        """What keeps somebody from bidding, or lets them bid equal, on this lot.

        An owner is known by its record and by every name it goes by, the one who holds the paddle for somebody too. A
        co-owner is an owner, unless it claimed its priority with this very paddle (民法典 art. 860: one sells its
        share, the others come first).
        """
        rights = rights_of(self.connection, self.lot_id)
        claimed = {row["id"] for row in rights if row["bidder_id"] == bidder.id and auction_floor.may_bid_equal(row)}
        ids = {self.lot["owner_id"], self.lot["session_house_id"], bidder.organisation_id} - {None}
        bodies = {row["id"]: row for row in self.connection.execute(_BODIES, {"bodies": list(ids)}).mappings()}
        owners = names_of(bodies[self.lot["owner_id"]]) | {
            name_key(row["name"]) for row in rights if row["role"] is RightRole.CO_OWNER and row["id"] not in claimed
        }
        mine = names_of(bodies[bidder.organisation_id])
        house = bodies.get(self.lot["session_house_id"])
        return BidderFacts(
            is_own=not owners.isdisjoint(mine | {name_key(bidder.agent)} - {""}),
            is_staff=bidder.is_staff or (house is not None and not names_of(house).isdisjoint(mine)),
            has_priority=bool(claimed),
        )

    def facts(self, leads_by_priority: bool = False) -> LotFacts:
        lot = self.lot
        return LotFacts(
            lot["state"], lot["is_paused"], lot["start_price"], lot["price"], self.leader, self.ladder,
            leads_by_priority,
        )  # fmt: skip

    def happened(self, seen: int | None, *kinds: EventKind, but: tuple[EventKind, ...] = ()) -> bool:
        """Whether anything of these kinds (or of any but some) was written since the console looked."""
        if seen is None or self.lot["seq"] == seen:
            return False
        query = _HAPPENED.where(_event.c.kind.in_(kinds)) if kinds else _HAPPENED.where(_event.c.kind.not_in(but))
        return bool(self.connection.execute(query, {"lot": self.lot_id, "seen": seen}).scalar())

    def write(self, kind: EventKind, changed: dict[str, Any] | None = None, **event: Any) -> None:
        """The event, and the lot as it stands by it; raises _OvertakenError, with nothing written, where it moved.

        Its moment is never before that of the entry before it, whatever the clocks of two consoles say: the order of
        the entries is the order of recording, and so is that of their keys.
        """
        seq = self.lot["seq"]
        changed = {"seq": seq + 1, **(changed or {})}
        statement = update(_lot).where(_lot.c.id == self.lot_id, _lot.c.seq == seq).values(changed)
        if not self.connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount:
            raise _OvertakenError
        self.lot |= changed
        newest = self.connection.execute(_NEWEST).scalar()
        last = self.connection.execute(_LAST_AT, {"lot": self.lot_id}).scalar()
        row = {
            "id": new_id(after=newest), "lot_id": self.lot_id, "seq": seq + 1, "kind": kind,
            "at": max(self.now, last or self.now), "operator": self.db.actor.name, "console": self.console[:60],
            "is_sample": self.lot["is_sample"], **event,
        }  # fmt: skip
        self.connection.execute(_event.insert(), row)

    def answer(self, answer: Answer, amount: Decimal | None = None, reason: str = "") -> Outcome:
        lot = self.lot
        now = LotNow(
            lot["id"], lot["lot_no"], lot["state"], lot["is_paused"], lot["seq"], lot["price"], self.leader,
            lot["calls_made"], lot["deal_id"],
        )  # fmt: skip
        return Outcome(answer, now, amount, reason)

    def closed(self) -> Outcome | None:
        """The answer of whatever needs an open lot that is not paused, where this is none."""
        if self.lot["state"] is not LotState.OPEN:
            words = _("标的 {no} 没有在竞价（{state}），数据未变。")
            return self.answer(Answer.CLOSED, None, words.format(no=self.lot["lot_no"], state=self.lot["state"].label))
        if self.lot["is_paused"]:
            return self.answer(Answer.CLOSED, None, _("竞价暂停着，数据未变。先继续竞价。"))
        return None


Act = Callable[[_Floor], Outcome]


def _do(db: Database, lot_id: uuid.UUID, console: str, act: Act, permission: str = "auction.run") -> Outcome:
    """One act in one transaction, judged anew as often as somebody else was quicker.

    UserError where it cannot be kept (`faults.passes`): nothing is written.
    """
    require(db, permission)
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with db.line.scan_transaction() as connection:
                floor = _Floor(db, connection, lot_id, console)
                while True:
                    try:
                        return act(floor)
                    except _OvertakenError:
                        floor.read()
        except UserError as problem:
            if problem.code != "E-DB-LOCKED" or time.monotonic() > give_up:
                raise


def read_rules(db: Database, auction_id: uuid.UUID) -> datetime:
    """宣读规则 (art. 49): the rules were read out now. Once is enough; the moment that is kept, in UTC."""
    table = Auction.__table__
    with db.reading() as session:
        expo_id = session.scalar(select(table.c.expo_id).where(table.c.id == auction_id))
    with writing(db, "auction.run", expo_id) as writer:
        row = writer.locked(table, [auction_id]).get(auction_id)
        if row is None:
            raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
        at: datetime = row["rules_read_at"] or writer.now
        writer.update(table, auction_id, row, {"rules_read_at": at})
        return at


def open_lot(db: Database, lot_id: uuid.UUID, console: str = "") -> Outcome:
    """Begin with a lot that waits, or call one that passed once more: OPENED, or REFUSED with one sentence."""

    def act(floor: _Floor) -> Outcome:
        query = select(_lot.c.lot_no).where(
            _lot.c.auction_id == floor.lot["auction_id"], _lot.c.state == LotState.OPEN, _lot.c.id != lot_id
        )
        other = floor.connection.execute(query).scalar() or ""
        rights = rights_of(floor.connection, lot_id)
        facts = opening_facts(floor.lot, floor.session, floor.ladder, rights, other)
        if problem := opening_problem(facts):
            return floor.answer(Answer.REFUSED, None, problem)
        changed = {
            "state": LotState.OPEN, "is_paused": False, "price": None, "leader_id": None, "calls_made": 0,
            "opened_at": floor.now, "hammered_at": None,
        }  # fmt: skip
        floor.write(EventKind.OPEN, changed, amount=floor.lot["start_price"])
        return floor.answer(Answer.OPENED, floor.lot["start_price"])

    try:
        return _do(db, lot_id, console, act)
    except Conflict as problem:
        if problem.code == "E-GONE":
            raise
        return _do(db, lot_id, console, act)  # another lot was opened in the same instant: now it is seen


def bid(
    db: Database,
    lot_id: uuid.UUID,
    paddle: int,
    amount: Decimal | None = None,
    channel: Channel | None = None,
    *,
    is_equal: bool = False,
    sure: bool = False,
    seen: int | None = None,
    console: str = "",
) -> Outcome:
    """A bid, judged and kept; `amount` in yuan, None: the least that is possible.

    `channel`: where it came from, by default the bidder's own. `is_equal`: 同价跟价 of a priority bidder. `seen`: the
    `seq` the console showed; a least amount that is another one by now answers MOVED, so that nobody bids more than
    was called out. `sure`: CHECK or AGAIN was answered and the auctioneer says yes.
    """

    def act(floor: _Floor) -> Outcome:
        holder = floor.bidder(paddle)
        by_priority = is_equal and standing(entries_of(floor.connection, lot_id)).leads_by_priority
        facts = None if holder is None else floor.about(holder)
        judged = judge(Bid(paddle, amount, is_equal, sure), floor.facts(by_priority), facts)
        asks_least = amount is None and judged.answer in (Answer.ACCEPTED, Answer.AGAIN)
        if asks_least and floor.happened(seen, *PRICED):
            return floor.answer(Answer.MOVED, judged.amount, _moved(floor))
        if judged.answer is not Answer.ACCEPTED or holder is None:
            return floor.answer(judged.answer, judged.amount, judged.reason)
        way = Channel.PRIORITY if is_equal else channel or holder.channel
        floor.write(
            EventKind.BID, {"price": judged.amount, "leader_id": holder.id, "calls_made": 0},
            amount=judged.amount, bidder_id=holder.id, channel=way,
        )  # fmt: skip
        return floor.answer(Answer.ACCEPTED, judged.amount)

    return _do(db, lot_id, console, act)


def _moved(floor: _Floor) -> str:
    words = _("刚有新的变化，现价 {price}，这一步没有记录。请看清再按一次。")
    return words.format(price=in_words(floor.lot["price"] or floor.lot["start_price"]))


def call(db: Database, lot_id: uuid.UUID, console: str = "", *, seen: int | None = None) -> Outcome:
    """报次: the price is called once more, as often as the session says; a bid clears the calls. CALLED with how often
    in `lot.calls_made`, MOVED where a bid came since `seen`, CLOSED, or REFUSED where it was called often enough.
    """

    def act(floor: _Floor) -> Outcome:
        if closed := floor.closed():
            return closed
        if floor.happened(seen, *PRICED):
            return floor.answer(Answer.MOVED, floor.lot["price"], _moved(floor))
        if floor.lot["calls_made"] >= floor.lot["session_calls"]:
            words = _("已经报了 {n} 次，没有再记。可以落槌。")
            return floor.answer(Answer.REFUSED, floor.lot["price"], words.format(n=floor.lot["calls_made"]))
        price, leader = floor.lot["price"], floor.lot["leader_id"]
        floor.write(EventKind.CALL, {"calls_made": floor.lot["calls_made"] + 1}, amount=price, bidder_id=leader)
        return floor.answer(Answer.CALLED, price)

    return _do(db, lot_id, console, act)


def hammer(db: Database, lot_id: uuid.UUID, console: str = "", *, seen: int | None = None) -> Outcome:
    """落槌 (art. 51): SOLD to the leading paddle, with its deal in the same transaction; or PASSED, the lot stands
    流拍: nobody bid, or the highest bid is under the reserve (art. 50). CLOSED where it is not open, or paused.

    `seen`: the `seq` the console showed; where anything but a call happened since, the answer is MOVED and nothing is
    done: the bid that came between counts. None takes the lot as it stands.
    """

    def act(floor: _Floor) -> Outcome:
        if closed := floor.closed():
            return closed
        if floor.happened(seen, but=QUIET):
            return floor.answer(Answer.MOVED, floor.lot["price"], _moved(floor))
        price, reserve = floor.lot["price"], floor.lot["reserve"]
        is_under = price is not None and floor.lot["reserve_kind"] is ReserveKind.SET and price < (reserve or price)
        if price is None or is_under:
            return _pass(floor, _("没有达到保留价，流拍。") if is_under else _("没有人应价，流拍。"))
        return _sell(floor)

    return _do(db, lot_id, console, act)


def _pass(floor: _Floor, why: str) -> Outcome:
    price, leader = floor.lot["price"], floor.lot["leader_id"]
    changed = {"state": LotState.PASSED, "hammered_at": floor.now}
    floor.write(EventKind.PASSED, changed, amount=price, bidder_id=leader, note=why)
    return floor.answer(Answer.PASSED, price, why)


def _sell(floor: _Floor) -> Outcome:
    lot, writer, today = floor.lot, floor.writer, floor.expo.local_day(floor.now)
    due_on = today + timedelta(days=lot["session_payment_days"])
    changed = {"state": LotState.SOLD, "hammered_at": floor.now, "due_on": due_on}
    floor.write(EventKind.SOLD, changed, amount=lot["price"], bidder_id=lot["leader_id"])
    before = {"deal_id": lot["deal_id"]}
    deal_id = make_deal(writer, floor.lot, today)
    writer.update(_lot, floor.lot_id, before, {"deal_id": deal_id})
    writer.audit()
    floor.lot["deal_id"] = deal_id
    return floor.answer(Answer.SOLD, lot["price"])


def pause(db: Database, lot_id: uuid.UUID, console: str = "", reason: str = "") -> Outcome:
    """暂停: until `resume` no bid is taken."""
    return _set_paused(db, lot_id, console, True, reason)


def resume(db: Database, lot_id: uuid.UUID, console: str = "") -> Outcome:
    """继续, where it was paused."""
    return _set_paused(db, lot_id, console, False)


def _set_paused(db: Database, lot_id: uuid.UUID, console: str, paused: bool, reason: str = "") -> Outcome:
    def act(floor: _Floor) -> Outcome:
        if floor.lot["state"] is not LotState.OPEN:
            return floor.closed() or floor.answer(Answer.CLOSED)
        if floor.lot["is_paused"] is not paused:
            kind = EventKind.PAUSE if paused else EventKind.RESUME
            floor.write(kind, {"is_paused": paused}, note=clean_text(reason)[:300])
        return floor.answer(Answer.DONE, floor.lot["price"])

    return _do(db, lot_id, console, act)
