"""A session as it stands: what the hall is shown, read in one snapshot; and one lot within an act's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from expo_app.damaged import DamagedValue, is_damaged, readable, sound
from expo_app.errors import Conflict
from expo_app.i18n import _, language
from expo_app.model import (
    Auction,
    AuctionMoney,
    Bidder,
    Deal,
    EventKind,
    Expo,
    IncrementBand,
    LadderKind,
    Lot,
    LotEvent,
    LotPatent,
    LotRight,
    LotState,
    MoneyKind,
    Organisation,
    Priority,
    ReserveKind,
    WrittenOrder,
)
from expo_app.model.base import read_zone
from expo_app.rules import auction_words
from expo_app.rules.auction_checklist import LotFacts, Right, why_not
from expo_app.rules.auction_judge import Entry, OpeningFacts, Order, next_order, opening_problem
from expo_app.rules.auction_ladder import Band, Ladder, next_amount, steps
from expo_app.services.auction_owners import HOLDERS_OF_ALL, OF_A_BODY, names_of, unasked
from expo_app.specs.auction_hall import Hall, HallAuction, HallBidder, HallEvent, HallLot
from expo_app.specs.records import spoken
from expo_app.store.database import Database

UNLOCKED_FOR = timedelta(minutes=10)
"""How long a sold lot stays unlocked."""
SHOWN = 60
"""Events of the live lot that a hall says, the newest: a look costs the same however long it takes."""
LOCKED = (LotState.SOLD, LotState.DEFAULTED)
"""Nothing of these is changed by a form: a deal rests on them."""
_auction, _lot, _bidder, _event = (model.__table__ for model in (Auction, Lot, Bidder, LotEvent))
_organisation, _right, _band, _order = (m.__table__ for m in (Organisation, LotRight, IncrementBand, WrittenOrder))
_expo = Expo.__table__
_OF_THE_SESSION = (
    "expo_id", "house_id", "calls", "ladder", "ladder_step", "ladder_percent", "payment_days", "programme_item_id",
    "is_reported", "rules_read_at", "closed_at", "auctioneer", "recorder",
)  # fmt: skip
HAS_RESERVE = _lot.c.reserve.is_not(None).label("has_reserve")
"""All that is read of a reserve, but where the hammer falls on it or it is lowered or looked at."""
OWNER_NAMES = tuple(_organisation.c[name].label(f"owner_{name}") for name in OF_A_BODY)
"""What the owner of a lot is called."""
LOT = (
    select(
        _lot,
        HAS_RESERVE,
        *OWNER_NAMES,
        *(_auction.c[name].label(f"session_{name}") for name in _OF_THE_SESSION),
        _expo.c.time_zone,
    )
    .join(_auction, _auction.c.id == _lot.c.auction_id)
    .join(_expo, _expo.c.id == _auction.c.expo_id)
    .join(_organisation, _organisation.c.id == _lot.c.owner_id)
    .where(_lot.c.id == bindparam("lot"))
)
_BANDS = select(_band.c.from_amount, _band.c.step).where(_band.c.auction_id == bindparam("auction"))
_BANDS = _BANDS.order_by(_band.c.from_amount)
_EVENTS = (
    select(_event.c.seq, _event.c.kind, _event.c.at, _event.c.amount, _bidder.c.paddle, _event.c.channel,
           _event.c.corrects, _event.c.operator, _event.c.console, _event.c.note)
    .outerjoin(_bidder, _bidder.c.id == _event.c.bidder_id)
    .where(_event.c.lot_id == bindparam("lot"))
    .order_by(_event.c.seq.desc())
)  # fmt: skip
_NEWEST_EVENTS = _EVENTS.limit(bindparam("shown"))
_ACTIVE = (
    select(_bidder.c.paddle)
    .join(_event, _event.c.bidder_id == _bidder.c.id)
    .where(_bidder.c.auction_id == bindparam("auction"), _event.c.kind == EventKind.BID)
    .group_by(_bidder.c.paddle)
    .order_by(func.max(_event.c.at).desc(), _bidder.c.paddle)
)
_OPENED = select(func.max(_event.c.seq)).where(_event.c.lot_id == bindparam("lot"), _event.c.kind == EventKind.OPEN)
_BIDS = (
    select(func.count())
    .select_from(_event)
    .where(
        _event.c.lot_id == bindparam("lot"), _event.c.kind == EventKind.BID,
        _event.c.seq > _OPENED.scalar_subquery(),
    )
)  # fmt: skip
_ORDERS = (
    select(_bidder.c.paddle, _order.c.up_to)
    .join(_bidder, _bidder.c.id == _order.c.bidder_id)
    .where(_order.c.lot_id == bindparam("lot"))
    .order_by(_order.c.received_at, _order.c.id)
)
_OF_A_RIGHT = ("role", "name", "told_on", "consent", "priority", "paddle")
_RIGHTS = (
    select(*(_right.c[name] for name in ("id", "lot_id", "bidder_id", *_OF_A_RIGHT[:-1])), _bidder.c.paddle)
    .outerjoin(_bidder, _bidder.c.id == _right.c.bidder_id)
    .order_by(_right.c.position, _right.c.id)
)  # fmt: skip
_RIGHTS_OF_LOT = _RIGHTS.where(_right.c.lot_id == bindparam("lot"))
RIGHTS_OF_ALL = _RIGHTS.join(_lot, _lot.c.id == _right.c.lot_id).where(_lot.c.auction_id == bindparam("auction"))
Row = Mapping[Any, Any]


def ladder_of(connection: Connection, lot: Row, session: Row, prefix: str = "") -> Ladder:
    """The increments of a lot: its own, else those of its session (`prefix` of the columns in `session`)."""
    is_own = lot["ladder"] is not None
    kind = lot["ladder"] if is_own else session[f"{prefix}ladder"]
    step, percent = (lot[name] if is_own else session[f"{prefix}{name}"] for name in ("ladder_step", "ladder_percent"))
    if kind is not LadderKind.TABLE:
        return Ladder(kind, step, percent)
    return Ladder(kind, bands=_bands(connection, lot["auction_id"]))


def _bands(connection: Connection, auction_id: uuid.UUID) -> tuple[Band, ...]:
    return tuple(Band(*row) for row in connection.execute(_BANDS, {"auction": auction_id}))


def entries_of(connection: Connection, lot_id: uuid.UUID) -> list[Entry[int]]:
    """The events of a lot in their order, as `auction_judge.standing` reads them; bidders are told by their paddles."""
    return [
        Entry(row.seq, row.kind, row.amount, row.paddle, row.channel, row.corrects)
        for row in reversed(connection.execute(_EVENTS, {"lot": lot_id}).all())
    ]


def orders_of(connection: Connection, lot_id: uuid.UUID) -> tuple[Order, ...]:
    """The written orders for a lot, as they came in."""
    return tuple(Order(*order) for order in sound(connection.execute(_ORDERS, {"lot": lot_id})))


def has_paid(bidder: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a deposit came in of a paddle, and was not set off."""
    money, counter = AuctionMoney.__table__, AuctionMoney.__table__.alias("counter")
    set_off = exists().where(counter.c.counters_id == money.c.id)
    return exists().where(
        money.c.bidder_id == bidder, money.c.kind == MoneyKind.DEPOSIT, money.c.counters_id.is_(None), ~set_off
    )


def may_bid_equal(right: Row) -> bool:
    """Whether somebody claimed their priority and has a paddle for it."""
    return right["priority"] is Priority.CLAIMED and right["bidder_id"] is not None


def by_lot(connection: Connection, query: Select[Any], auction_id: uuid.UUID) -> dict[uuid.UUID, list[Row]]:
    """What hangs on the lots of a session (`RIGHTS_OF_ALL`, `HOLDERS_OF_ALL`), lot by lot."""
    found: dict[uuid.UUID, list[Row]] = {}
    for row in connection.execute(query, {"auction": auction_id}).mappings():
        found.setdefault(row["lot_id"], []).append(row)
    return found


def rights_of(connection: Connection, lot_id: uuid.UUID) -> list[Row]:
    """Who has a say in the sale of a lot, with the paddle."""
    return list(connection.execute(_RIGHTS_OF_LOT, {"lot": lot_id}).mappings())


def lot_facts(lot: Row, rights: Sequence[Row], patents: Iterable[Row]) -> LotFacts:
    """A lot for the checklist; `lot` with the names of its owner as `OWNER_NAMES` calls them."""
    said, patents = tuple(Right(*(right[name] for name in _OF_A_RIGHT)) for right in rights), tuple(patents)
    others = unasked(patents, names_of(lot, "owner_"), rights)
    return LotFacts(lot, said, others, bool(patents), bool(lot.get("is_resale")))


def opening_facts(
    lot: Row, session: Row, ladder: Ladder, rights: Sequence[Row], patents: Iterable[Row], open_lot: str
) -> OpeningFacts:
    """What `auction_judge.opening_problem` asks; `session` by the names of the columns of `Auction`."""
    is_unset = lot["reserve_kind"] is ReserveKind.SET and not lot["has_reserve"]
    values = {**lot, "reserve_kind": ReserveKind.UNSET} if is_unset else lot
    return OpeningFacts(
        lot_no=lot["lot_no"],
        state=lot["state"],
        ladder=ladder,
        lacking=tuple(why_not(lot_facts(values, rights, patents))),
        open_lot=open_lot,
        rules_read=session["rules_read_at"] is not None,
        is_reported=session["is_reported"],
        is_over=session["closed_at"] is not None,
        has_deal=lot["deal_id"] is not None,
    )


def was_called() -> ColumnElement[bool]:
    """Opened once at least: a look at its reserve before the session is an event of a lot, and no call."""
    return (_lot.c.seq > 0) & _lot.c.state.not_in((LotState.READY, LotState.WITHDRAWN))


def is_locked(session: Session, lot: Row, now: datetime) -> bool:
    """Whether nothing of a lot may be changed by a form: it was sold, and not unlocked a moment ago."""
    if lot["state"] not in LOCKED:
        return False
    query = select(_event.c.kind, _event.c.at).where(_event.c.lot_id == lot["id"])
    query = query.where(_event.c.kind != EventKind.RESERVE_SEEN).order_by(_event.c.seq.desc())
    last = session.execute(query.limit(1)).first()
    return last is None or last.kind is not EventKind.REOPENED or not now - UNLOCKED_FOR <= last.at <= now


def sessions(db: Database, expo_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """The sessions of an expo that are run here, (key, title), in their order of time."""
    query = select(_auction.c.id, _auction.c.title).where(_auction.c.expo_id == expo_id, ~_auction.c.is_reported)
    with db.reading() as session:
        found = session.execute(query.order_by(_auction.c.starts_at.is_(None), _auction.c.starts_at, _auction.c.title))
        return [(key, title) for key, title in found]


def numbers(db: Database, auction_id: uuid.UUID) -> list[tuple[uuid.UUID, str, int]]:
    """Its lots as (key, number, newest entry)."""
    query = select(_lot.c.id, _lot.c.lot_no, _lot.c.seq).where(_lot.c.auction_id == auction_id)
    with db.reading() as session:
        return [(key, number, seq) for key, number, seq in session.execute(query)]


def read_hall(db: Database, auction_id: uuid.UUID) -> Hall:
    """The whole of a session at one moment, never with the amount of a reserve. Conflict where it is gone."""
    with db.reading() as session:
        return _hall(session, auction_id)


def read_events(db: Database, lot_id: uuid.UUID) -> tuple[HallEvent, ...]:
    """What happened on any lot, newest first."""
    with db.reading() as session:
        zone = session.scalar(
            select(_expo.c.time_zone)
            .join(_auction, _auction.c.expo_id == _expo.c.id)
            .join(_lot, _lot.c.auction_id == _auction.c.id)
            .where(_lot.c.id == lot_id)
        )
        rows = session.execute(_EVENTS, {"lot": lot_id}).all()
        return _events(rows, read_zone(zone)) if zone else ()


@cache
def _spoken_queries(_language: str) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """Of a session, its paddles and its lots, in the language that is spoken; made once, being read at each bid."""
    deal, patent = Deal.__table__, LotPatent.__table__
    session = (
        select(_auction, spoken(Auction, "title").label("said"), _expo.c.time_zone)
        .join(_expo, _expo.c.id == _auction.c.expo_id)
        .where(_auction.c.id == bindparam("auction"))
    )
    names = ("id", "paddle", "channel", "is_confidential", "is_staff", "is_identity_checked")
    bidders = (
        select(*(_bidder.c[name] for name in names), spoken(Organisation).label("name"))
        .join(_organisation, _organisation.c.id == _bidder.c.organisation_id)
        .where(_bidder.c.auction_id == bindparam("auction"))
        .order_by(_bidder.c.paddle)
    )
    count = select(func.count()).where(patent.c.lot_id == _lot.c.id).scalar_subquery()
    more = ("auction_id", "leader_id", "ladder", "ladder_step", "ladder_percent", "opened_at", "hammered_at")
    lots = (
        select(*(_lot.c[name] for name in (*_AS_KEPT, *more)), HAS_RESERVE, *OWNER_NAMES,
               spoken(Lot, "title").label("said"),
               spoken(Organisation).label("owner"), deal.c.deal_no, count.label("patent_count"))
        .join(_organisation, _organisation.c.id == _lot.c.owner_id)
        .outerjoin(deal, deal.c.id == _lot.c.deal_id)
        .where(_lot.c.auction_id == bindparam("auction"))
        .order_by(_lot.c.position, _lot.c.lot_no)
    )  # fmt: skip
    return session, bidders, lots


def _hall(session: Session, auction_id: uuid.UUID) -> Hall:
    connection, this = session.connection(), {"auction": auction_id}
    of_session, of_bidders, of_lots = _spoken_queries(language())
    row = connection.execute(of_session, this).mappings().first()
    if row is None:
        raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
    auction = _session(row)
    paddles_of = connection.execute(of_bidders, this).mappings()
    bidders = tuple(HallBidder(**one) for one in paddles_of if not is_damaged(one["paddle"]))
    paddles = {bidder.id: bidder.paddle for bidder in bidders}
    lots = _lots(connection, row, connection.execute(of_lots, this).mappings().all(), paddles, auction.zone)
    live = next((lot for lot in lots if lot.state is LotState.OPEN), None)
    active = tuple(paddle for (paddle,) in sound(connection.execute(_ACTIVE, this)))
    if live is None or live.start_price is None or live.next_amount is None:
        return Hall(auction, lots, bidders, live, active=active)
    events = connection.execute(_NEWEST_EVENTS, {"lot": live.id, "shown": SHOWN}).all()
    claimed = [readable(row["paddle"]) for row in rights_of(connection, live.id) if may_bid_equal(row)]
    orders = orders_of(connection, live.id)
    return Hall(
        auction=auction,
        lots=lots,
        bidders=bidders,
        live=live,
        events=_events(events, auction.zone),
        next_amount=live.next_amount,
        steps=tuple(steps(live.ladder, live.start_price, live.price)),
        orders=orders,
        next_order=next_order(orders, live.next_amount, live.leader),
        priority=frozenset(claimed) - {None},
        active=active,
        bids=connection.execute(_BIDS, {"lot": live.id}).scalar() or 0,
    )


def _session(row: Row) -> HallAuction:
    zone = read_zone(row["time_zone"])
    names = (row["house_id"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
    return HallAuction(
        id=row["id"],
        expo_id=row["expo_id"],
        title=row["said"],
        called=auction_words.called(*names),
        is_auction=auction_words.is_auction(*names),
        starts_at=local(row["starts_at"], zone),
        place=row["place"],
        auctioneer=row["auctioneer"],
        recorder=row["recorder"],
        calls=row["calls"],
        rules_read_at=local(row["rules_read_at"], zone),
        closed_at=local(row["closed_at"], zone),
        is_reported=row["is_reported"],
        zone=zone,
    )


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A moment in the expo's zone; None for one that cannot be read."""
    at = readable(at)
    return None if at is None else at.astimezone(zone)


def _lots(
    connection: Connection, auction: Row, rows: Sequence[Row], paddles: Mapping[uuid.UUID, int], zone: ZoneInfo
) -> tuple[HallLot, ...]:
    rights, patents = (by_lot(connection, query, auction["id"]) for query in (RIGHTS_OF_ALL, HOLDERS_OF_ALL))
    found = []
    for row in rows:
        ladder = ladder_of(connection, row, auction)
        try:
            of_lot = (rights.get(row["id"], ()), patents.get(row["id"], ()))
            problem = opening_problem(opening_facts(row, auction, ladder, *of_lot, ""))
            is_known = row["start_price"] is not None and ladder.is_whole
            least = next_amount(ladder, row["start_price"], row["price"]) if is_known else None
        except DamagedValue as damage:  # one lot's trouble is not the room's
            problem, least = str(damage), None
        found.append(
            HallLot(
                **{name: readable(row[name]) if name in _SHOWN_ALONE else row[name] for name in _AS_KEPT},
                title=row["said"],
                owner=row["owner"],
                leader=paddles.get(row["leader_id"]),
                ladder=ladder,
                next_amount=readable(least),
                patents=row["patent_count"],
                opened_at=local(row["opened_at"], zone),
                hammered_at=local(row["hammered_at"], zone),
                deal_no=row["deal_no"] or "",
                problem=problem,
            )
        )
    return tuple(found)


_AS_KEPT = (
    "id", "lot_no", "is_owner_confidential", "state", "is_paused", "seq", "start_price", "reserve_kind", "deposit",
    "price", "calls_made", "due_on", "deal_id",
)  # fmt: skip

_SHOWN_ALONE = ("start_price", "deposit", "price", "due_on")
"""Of what is kept: nothing is decided by it here, so that a damaged one is shown as none."""


def _events(rows: Sequence[Any], zone: ZoneInfo) -> tuple[HallEvent, ...]:
    """Rows of `_EVENTS`, newest first; whatever corrects an entry is newer than it. What cannot be told is left out."""
    rows = [row for row in rows if not any(map(is_damaged, (row.seq, row.kind, row.at)))]
    wrong = {readable(row.corrects) for row in rows} - {None}
    return tuple(
        HallEvent(
            row.seq, row.kind, row.at.astimezone(zone), row.amount, row.paddle, row.channel, readable(row.corrects),
            row.seq in wrong, row.operator, row.console, row.note,
        )
        for row in rows
    )  # fmt: skip
