"""One act on a lot: its transaction, what it reads, and the one way to write an event.

The event and the lot's row are written together, the row only where its `seq` is still what was read: the database
arbitrates between consoles, on SQLite and on PostgreSQL alike, and whoever was overtaken is judged again by what there
is now. An event is its own record, as a scan is; what else an act changes (the reserve, the increments, the deal) goes
through `Floor.writer` and is logged beside it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from expo_app.damaged import readable
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
    LotState,
    Organisation,
    WrittenOrder,
    new_id,
)
from expo_app.rules.amounts import in_words
from expo_app.rules.auction_judge import Answer, BidderFacts, LotFacts, Order, next_order
from expo_app.rules.auction_ladder import Ladder, next_amount
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_floor
from expo_app.services.access import require
from expo_app.services.auction_floor import ladder_of, rights_of
from expo_app.services.auction_owners import HOLDERS_OF_LOT, OF_A_BODY, keys_of, names_of, owners_of
from expo_app.services.record_writer import Writer
from expo_app.specs.auction_hall import LotNow, Outcome
from expo_app.store.database import Database

PATIENCE = 1.5
"""Seconds for which an act is tried again where another program holds the file."""
_lot: Any = Lot.__table__
_event: Any = LotEvent.__table__
_auction, _bidder, _organisation = Auction.__table__, Bidder.__table__, Organisation.__table__
Found = TypeVar("Found")
_NEWEST = select(_event.c.id).order_by(_event.c.id.desc()).limit(1)
_LAST_AT = select(_event.c.at).where(_event.c.lot_id == bindparam("lot")).order_by(_event.c.seq.desc()).limit(1)
_BIDDER = select(_bidder).where(_bidder.c.auction_id == bindparam("auction"), _bidder.c.paddle == bindparam("paddle"))
_PADDLE = select(_bidder.c.paddle).where(_bidder.c.id == bindparam("bidder"))
_order = WrittenOrder.__table__
_ORDERED = select(_order.c.up_to).where(_order.c.lot_id == bindparam("lot"), _order.c.bidder_id == bindparam("bidder"))
_HAPPENED = (
    select(func.count())
    .select_from(_event)
    .where(_event.c.lot_id == bindparam("lot"), _event.c.seq > bindparam("seen"))
)
_BY_OTHERS = _HAPPENED.where((_event.c.console != bindparam("console")) | (_event.c.console == ""))
_BODIES = select(*(_organisation.c[name] for name in ("id", "legal_representative", *OF_A_BODY))).where(
    _organisation.c.id.in_(bindparam("bodies", expanding=True))
)


_KNOWN = select(
    exists().where(
        _event.c.lot_id == bindparam("lot"), _event.c.bidder_id == bindparam("bidder"), _event.c.kind == EventKind.BID
    ),
    auction_floor.has_paid(bindparam("bidder")),
)
"""Whether a paddle bid on a lot before, and whether a deposit came in of it."""


class OvertakenError(Exception):
    """Somebody else wrote to the lot since it was read."""


class Floor:
    """One lot within an act's transaction; `lot` is its row with its session's columns as `session_…`."""

    def __init__(self, db: Database, connection: Connection, lot_id: uuid.UUID, console: str) -> None:
        self.db, self.connection, self.console, self.lot_id = db, connection, console, lot_id
        self.read()

    def read(self) -> None:
        """What there is now; Conflict where the lot is gone."""
        row = self.connection.execute(auction_floor.LOT, {"lot": self.lot_id}).mappings().first()
        if row is None:
            raise Conflict(_("这件标的已被删除，数据未变。请刷新。"), "E-GONE")
        self.lot: dict[str, Any] = dict(row)
        now, last = self.db.now(), readable(self.connection.execute(_LAST_AT, {"lot": self.lot_id}).scalar())
        self.at = max(now, last or now)
        """The moment of this act: never before that of the entry before it, whatever the clocks of two consoles say."""

    def hold(self) -> None:
        """Nobody closes the session, edits it or the lot, or agrees on its sale until this act is done; read anew.

        A form and the cashier write no event: where an act rests on what they write, the rows are held, the session's
        first.
        """
        session = select(_auction.c.id).where(_auction.c.id == self.lot["auction_id"])
        for query in (session, select(_lot.c.id).where(_lot.c.id == self.lot_id)):
            self.connection.execute(query.with_for_update(key_share=True))
        self.read()

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

    def about(self, bidder: Row[Any], way: Channel) -> BidderFacts:
        """What keeps somebody from bidding, or lets them bid equal, on this lot; `way`: how they bid.

        An owner is known by its record, by every name it goes by and by its legal representative, and so is whoever
        holds the paddle for somebody. A co-owner, recorded as one or as a patent's holder, is an owner, unless it
        claimed its priority with this very paddle (民法典 art. 860: one sells its share, the others come first). Of the
        house are its auctioneer and recorder too, whoever they hold a paddle for (art. 22, 23).
        """
        rights = rights_of(self.connection, self.lot_id)
        claimed = [row for row in rights if row["bidder_id"] == bidder.id and auction_floor.may_bid_equal(row)]
        patents = self.connection.execute(HOLDERS_OF_LOT, {"lot": self.lot_id}).mappings().all()
        ids = {self.lot["owner_id"], self.lot["session_house_id"], bidder.organisation_id} - {None}
        bodies = {row["id"]: row for row in self.connection.execute(_BODIES, {"bodies": list(ids)}).mappings()}
        known = {key: names_of(body) | keys_of([body["legal_representative"]]) for key, body in bodies.items()}
        owners = owners_of(patents, known[self.lot["owner_id"]], rights, claimed)
        who = known[bidder.organisation_id] | keys_of([bidder.agent])
        staff = keys_of(self.lot[f"session_{name}"] for name in ("auctioneer", "recorder"))
        staff |= known.get(self.lot["session_house_id"], set())
        return BidderFacts(
            is_own=not owners.isdisjoint(who),
            is_staff=bidder.is_staff or not staff.isdisjoint(who),
            has_priority=bool(claimed),
            limit=self._ordered(bidder) if way is Channel.WRITTEN else None,
        )

    def _ordered(self, bidder: Row[Any]) -> Decimal:
        """Up to how much an order of theirs goes on this lot; 0 without one."""
        found = self.connection.execute(_ORDERED, {"lot": self.lot_id, "bidder": bidder.id}).scalar()
        return found or Decimal(0)

    def next_order(self) -> Order | None:
        """The written order that can still bid."""
        orders = auction_floor.orders_of(self.connection, self.lot_id)
        if not orders:
            return None
        return next_order(orders, next_amount(self.ladder, self.lot["start_price"], self.lot["price"]), self.leader)

    def remarks(self, bidder: Row[Any]) -> str:
        """What the clerk is told with a paddle's first bid on a lot: it paid no deposit, and one is asked; nobody
        looked at who its holder is; "" else.

        The bid stands: whether it may go on without is for the auctioneer to say.
        """
        if not self.lot["deposit"] and bidder.is_identity_checked:
            return ""
        has_bid, has_paid = self.connection.execute(_KNOWN, {"lot": self.lot_id, "bidder": bidder.id}).one()
        if has_bid:
            return ""
        found = []
        if self.lot["deposit"] and not has_paid:
            words = _("{paddle} 号没有交保证金，这件要 {amount}。请主持人决定。")
            found.append(words.format(paddle=paddle_no(bidder.paddle), amount=in_words(self.lot["deposit"])))
        if not bidder.is_identity_checked:
            found.append(_("{paddle} 号的身份还没有核验。").format(paddle=paddle_no(bidder.paddle)))
        return "".join(found)

    def facts(self, leads_by_priority: bool = False) -> LotFacts:
        lot = self.lot
        return LotFacts(
            lot["state"], lot["is_paused"], lot["start_price"], lot["price"], self.leader, self.ladder,
            leads_by_priority,
        )  # fmt: skip

    def happened(self, seen: int | None, *, but: tuple[EventKind, ...]) -> bool:
        """Whether anything but of these kinds was written since the console looked."""
        return self._count(_HAPPENED.where(_event.c.kind.not_in(but)), seen)

    def moved(self, seen: int | None, *kinds: EventKind) -> bool:
        """Whether another console wrote anything of these kinds since this one looked: its own acts, which it gives in
        their order, it need not have seen the answer of. What a console without a name wrote is another's.
        """
        return self._count(_BY_OTHERS.where(_event.c.kind.in_(kinds)), seen, console=self.console[:60])

    def _count(self, query: Select[Any], seen: int | None, **named: str) -> bool:
        if seen is None or self.lot["seq"] == seen:
            return False
        return bool(self.connection.execute(query, {"lot": self.lot_id, "seen": seen, **named}).scalar())

    def write(self, kind: EventKind, changed: dict[str, Any] | None = None, **event: Any) -> None:
        """The event, and the lot as it stands by it; raises OvertakenError, with nothing written, where it moved.

        The order of the entries is the order of recording, and so is that of their moments and keys.
        """
        seq = self.lot["seq"]
        changed = {"seq": seq + 1, **(changed or {})}
        statement = update(_lot).where(_lot.c.id == self.lot_id, _lot.c.seq == seq).values(changed)
        if not self.connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount:
            raise OvertakenError
        self.lot |= changed
        newest = self.connection.execute(_NEWEST).scalar()
        row = {
            "id": new_id(after=newest), "lot_id": self.lot_id, "seq": seq + 1, "kind": kind,
            "at": self.at, "operator": self.db.actor.name, "console": self.console[:60],
            "is_sample": self.lot["is_sample"], **event,
        }  # fmt: skip
        self.connection.execute(_event.insert(), row)

    def answer(self, answer: Answer, amount: Decimal | None = None, reason: str = "") -> Outcome:
        return Outcome(answer, self.stands(), amount, reason)

    def stands(self) -> LotNow:
        """Where the lot stands."""
        lot = self.lot
        return LotNow(
            lot["id"], lot["lot_no"], lot["state"], lot["is_paused"], lot["seq"], lot["price"], self.leader,
            lot["calls_made"], lot["deal_id"],
        )  # fmt: skip

    def refused(self, why: str) -> Outcome:
        return self.answer(Answer.REFUSED, None, why)

    @property
    def is_closed(self) -> bool:
        """Whether nobody can bid now."""
        return self.lot["state"] is not LotState.OPEN or self.lot["is_paused"]

    def closed(self) -> Outcome:
        """The answer of what needs an open lot that is not paused."""
        words = _("标的 {no} 没有在竞价（{state}），数据未变。")
        if self.lot["state"] is LotState.OPEN:
            words = _("标的 {no} 的竞价暂停着，数据未变。先继续竞价。")
        return self.answer(Answer.CLOSED, None, words.format(no=self.lot["lot_no"], state=self.lot["state"].label))


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is there: what it was, its amount in yuan and its `seq`."""

    kind: EventKind
    amount: Decimal | None
    seq: int


def kept_since(db: Database, lot_id: uuid.UUID, console: str, seq: int) -> tuple[list[Kept], LotNow]:
    """What this console wrote to a lot after the entry `seq`, and the lot as it stands: a server may have finished what
    it gave no answer to. UserError where that cannot be known now.
    """
    query = select(_event.c.kind, _event.c.amount, _event.c.seq).where(
        _event.c.lot_id == lot_id, _event.c.console == console[:60], _event.c.seq > seq
    )
    with db.line.reading() as session:
        floor = Floor(db, session.connection(), lot_id, console)
        return [Kept(*row) for row in session.execute(query.order_by(_event.c.seq))], floor.stands()


def do(
    db: Database, lot_id: uuid.UUID, console: str, act: Callable[[Floor], Found], permission: str = "auction.run"
) -> Found:
    """One act in one transaction, judged anew as often as somebody else was quicker; what it found, after its commit.

    UserError where it cannot be kept (`faults.passes`): nothing is written.
    """
    require(db, permission)
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with db.line.scan_transaction() as connection:
                floor = Floor(db, connection, lot_id, console)
                while True:
                    try:
                        return act(floor)
                    except OvertakenError:
                        floor.read()
        except UserError as problem:
            if problem.code != "E-DB-LOCKED" or time.monotonic() > give_up:
                raise
