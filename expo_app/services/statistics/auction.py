"""The auctions of an expo in figures, and beside those of earlier expos.

A lot counts once it was called: sold (成交), passed (流拍) or not paid (违约). One that was sold again counts by the
resale alone, a withdrawn one (art. 29) not at all. 成交额 is the sum of hammer prices of what stands as sold: without
commission, and without later sales by agreement. What was only reported has the figures that were reported, no others.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, exists, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.i18n import N_, _
from expo_app.model import Auction, Expo, Lot, LotState
from expo_app.rules import auction_words
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.specs.auction_figures import AuctionFigures, AuctionLine
from expo_app.specs.figures import SHARE, WAN, Figure, Trace, ratio
from expo_app.specs.records import spoken
from expo_app.store.database import Database

UNIT = N_("件")
ENDED = (LotState.SOLD, LotState.PASSED, LotState.DEFAULTED)
Row = Mapping[str, Any]
_auction, _lot, _expo = Auction.__table__, Lot.__table__, Expo.__table__


def auctions(db: Database, expo_id: uuid.UUID) -> AuctionFigures:
    """Every figure of an expo's auctions: three statements."""
    with db.reading() as session:
        return read_auctions(session, scope_of(session, expo_id))


def read_auctions(session: Session, scope: Scope, only: str = "") -> AuctionFigures:
    """The same within a session that is already open; `only`: the figures of this one, beside every other as it is."""
    own = _lines(session, scope, _auction.c.expo_id == scope.id)
    before = (_expo.c.starts_on < scope.starts_on) & (_expo.c.is_sample == scope.is_sample)
    earlier = _lines(session, scope, (_auction.c.expo_id != scope.id) & before)
    ours = [line for line in own if not line.is_reported and only in ("", str(line.id))]
    sums = {name: sum(getattr(line, name) or 0 for line in ours) for name in ("lots", "sold", "passed", "defaulted")}
    lots = sums["lots"]
    amount, started, raised = (_whole(ours, name) for name in ("amount", "started", "raised"))
    premium = None if started is None or raised is None else ratio(raised - started, started)
    figure, count = partial(_figure, scope, only), partial(_count, scope, only)
    return AuctionFigures(
        count("auction_lots", _("上拍标的"), known(lots, lots), _("叫过价的；撤回的不计"), ENDED),
        count("auction_sold", _("竞价成交"), known(sums["sold"], lots), "", (LotState.SOLD,)),
        count("auction_passed", _("流拍"), known(sums["passed"], lots), "", (LotState.PASSED,)),
        count("auction_defaulted", _("违约未再拍出"), known(sums["defaulted"], lots), "", (LotState.DEFAULTED,)),
        figure("auction_rate", _("成交率"), ratio(sums["sold"], lots), SHARE, _("成交件数比上拍件数"), ENDED),
        figure("auction_amount", _("竞价成交额"), amount, WAN, _("落槌价之和，不含佣金"), (LotState.SOLD,)),
        figure("auction_premium", _("溢价率"), premium, SHARE, _("成交价比起拍价高出的部分"), (LotState.SOLD,)),
        tuple(own),
        tuple(earlier),
    )


def _sum(amounts: Any) -> Decimal | None:
    """None without any, and where one of them cannot be read: a part of a sum is none."""
    there = [amount for amount in amounts if amount is not None]
    return sum(there, Decimal(0)) if there and not any(map(is_damaged, there)) else None


def _whole(lines: Sequence[AuctionLine], name: str) -> Decimal | None:
    """A sum of sessions that were run here; None where one with a sale does not know its own."""
    if any(line.sold and getattr(line, name) is None for line in lines):
        return None
    return _sum(getattr(line, name) for line in lines)


def _ids(scope: Scope, only: str, states: Sequence[LotState]) -> Any:
    sessions = select(_auction.c.id).where(scope.own(_auction), ~_auction.c.is_reported)
    if only:
        sessions = sessions.where(_auction.c.id == uuid.UUID(only))
    return select(_lot.c.id).where(
        _lot.c.auction_id.in_(sessions), scope.real(_lot), _lot.c.state.in_(states), ~_is_sold_again()
    )


def _figure(
    scope: Scope, only: str, name: str, label: str, value: int | Decimal | None, unit: str, note: str,
    states: Sequence[LotState],
) -> Figure:  # fmt: skip
    return Figure(name, label, value, unit, note, Trace("lots", label, _ids(scope, only, states)))


def _count(
    scope: Scope, only: str, name: str, label: str, value: int | None, note: str, states: Sequence[LotState]
) -> Figure:
    return _figure(scope, only, name, label, value, _(UNIT), note, states)


def _is_sold_again() -> ColumnElement[bool]:
    """A lot nobody paid that went once more as another one: until that hammer it counts itself."""
    again = _lot.alias("again")
    went = exists().where(again.c.resale_of_id == _lot.c.id, again.c.state.in_(ENDED))
    return (_lot.c.state == LotState.DEFAULTED) & went


def _lines(session: Session, scope: Scope, which: ColumnElement[bool]) -> list[AuctionLine]:
    query = (
        select(_auction, spoken(Auction, "title").label("said"), spoken(Expo).label("expo"))
        .join(_expo, _expo.c.id == _auction.c.expo_id)
        .where(which, scope.real(_auction))
        .order_by(_expo.c.starts_on.desc(), _auction.c.starts_at.is_(None), _auction.c.starts_at, _auction.c.title)
    )
    rows = session.execute(query).mappings().all()
    counts = _counts(session, scope, [row["id"] for row in rows])
    return [_line(scope, row, counts.get(row["id"], {})) for row in rows]


def _counts(session: Session, scope: Scope, sessions: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[LotState, Row]]:
    """Session → state → how many lots, and their sums in yuan."""
    query = select(_lot.c.auction_id, _lot.c.state, _lot.c.price, _lot.c.start_price)
    query = query.where(_lot.c.auction_id.in_(sessions), scope.real(_lot), ~_is_sold_again())
    groups: dict[tuple[uuid.UUID, LotState], list[tuple[Any, Any]]] = {}
    for auction_id, state, price, start in session.execute(query):
        if is_damaged(state):
            continue  # nobody can tell how it went; documents name its place
        groups.setdefault((auction_id, state), []).append((price, start))
    found: dict[uuid.UUID, dict[LotState, Row]] = {}
    for (auction_id, state), lots in groups.items():
        both = [(price, start) for price, start in lots if price is not None and start is not None]
        is_whole = not any(is_damaged(amount) for pair in both for amount in pair)
        found.setdefault(auction_id, {})[state] = {
            "n": len(lots),
            "amount": _sum(price for price, _start in lots),
            "started": _sum(start for _price, start in both) if is_whole else None,
            "raised": _sum(price for price, _start in both) if is_whole else None,
        }
    return found


def _line(scope: Scope, row: RowMapping, counts: Mapping[LotState, Row]) -> AuctionLine:
    names = (row["house_id"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
    numbers = {state: counts[state]["n"] if state in counts else 0 for state in LotState}
    ended = sum(numbers[state] for state in ENDED)
    sold = counts.get(LotState.SOLD)
    values: dict[str, Any] = {
        "lots": known(ended, ended), "sold": known(numbers[LotState.SOLD], ended),
        "passed": known(numbers[LotState.PASSED], ended), "defaulted": known(numbers[LotState.DEFAULTED], ended),
        "withdrawn": known(numbers[LotState.WITHDRAWN], numbers[LotState.WITHDRAWN] or ended),
        "amount": sold["amount"] if sold else None, "started": sold["started"] if sold else None,
        "raised": sold["raised"] if sold else None,
    }  # fmt: skip
    if row["is_reported"]:
        lots, done = row["reported_lots"], row["reported_sold"]
        lots = lots if lots is not None else known(ended, ended)
        done = done if done is not None else known(numbers[LotState.SOLD], ended)
        values = {
            "lots": lots, "sold": done, "passed": None if lots is None or done is None else lots - done,
            "defaulted": None, "withdrawn": None, "amount": row["reported_amount"],
        }  # fmt: skip
    return AuctionLine(
        id=row["id"],
        title=row["said"],
        called="" if row["is_reported"] else auction_words.called(*names),
        expo=row["expo"],
        starts_at=at.astimezone(scope.zone) if (at := readable(row["starts_at"])) else None,
        is_reported=row["is_reported"],
        source=row["source"],
        is_sample=row["is_sample"],
        **values,
    )
