"""The checklist of a session, read from the database."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, exists, func, select

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Auction, Bidder, Expo, Lot, LotState, Organisation
from expo_app.model.base import read_zone
from expo_app.rules import auction_checklist, auction_words
from expo_app.rules.auction_checklist import CONCLUSIONS, Cell, Mark, Session
from expo_app.services.auction_floor import OWNER_NAMES, RIGHTS_OF_ALL, Row, by_lot, has_paid, local, lot_facts
from expo_app.services.auction_locks import is_fixed
from expo_app.services.auction_owners import HOLDERS_OF_ALL
from expo_app.specs.records import spoken
from expo_app.store.database import Database

_auction, _lot, _bidder, _body = (model.__table__ for model in (Auction, Lot, Bidder, Organisation))
COLUMNS = ("id", "lot_no", "title", "state", "start_price", "reserve_kind", "consignment", "consignment_no",
           "consigned_on", "is_state_asset", "appraisal_no", "deposit")  # fmt: skip
"""What the checklist reads of a lot: never the reserve's amount."""
PAID = select(func.count(), func.coalesce(func.sum(case((has_paid(_bidder.c.id), 1), else_=0)), 0)).where(
    _bidder.c.auction_id == bindparam("auction")
)
"""How many paddles a session has, and from how many a deposit came in."""

_first = _lot.alias("first")
_IS_RESALE = (
    exists().where(_first.c.id == _lot.c.resale_of_id, _first.c.auction_id == _lot.c.auction_id).label("is_resale")
)


@dataclass(frozen=True)
class Line:
    """A lot and how its items stand, in the order of `ITEMS`."""

    id: uuid.UUID
    lot_no: str
    title: str
    state: LotState
    cells: tuple[Cell, ...]

    @property
    def conclusion(self) -> Mark:
        """NONE of a lot that does not wait: `words` say how it went."""
        return auction_checklist.conclusion(self.cells) if self.state is LotState.READY else Mark.NONE

    @property
    def words(self) -> str:
        return self.state.label if self.conclusion is Mark.NONE else _(CONCLUSIONS[self.conclusion])


@dataclass(frozen=True)
class Checklist:
    """A session before it begins. Moments are in the expo's zone; `called`: 拍卖会 or 竞价会."""

    id: uuid.UUID
    title: str
    starts_at: datetime | None
    called: str
    is_auction: bool
    house: str
    licence_no: str
    auctioneer: str
    auctioneer_no: str
    recorder: str
    rules_read_at: datetime | None
    is_over: bool
    lines: tuple[Line, ...]

    def count(self, mark: Mark) -> int:
        """How many lots come to this conclusion."""
        return sum(line.conclusion is mark for line in self.lines)


def read(db: Database, auction_id: uuid.UUID) -> Checklist:
    """The checklist of a session; Conflict where it is gone."""
    query = (
        select(_auction, spoken(Organisation).label("house"), Expo.time_zone)
        .join(Expo, Expo.id == _auction.c.expo_id)
        .outerjoin(_body, _body.c.id == _auction.c.house_id)
        .where(_auction.c.id == auction_id)
    )
    lots = select(*(_lot.c[name] for name in COLUMNS if name != "title"), spoken(Lot, "title").label("title"),
                  *OWNER_NAMES, _IS_RESALE)  # fmt: skip
    with db.reading() as session:
        row = session.execute(query).mappings().first()
        if row is None:
            raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
        rights, patents = (by_lot(session.connection(), query, auction_id) for query in (RIGHTS_OF_ALL, HOLDERS_OF_ALL))
        order = (_lot.c.position, _lot.c.lot_no, _lot.c.id)
        paddles = session.execute(PAID, {"auction": auction_id}).one()
        lots = lots.join(_body, _body.c.id == _lot.c.owner_id)
        found = session.execute(lots.where(_lot.c.auction_id == auction_id).order_by(*order)).mappings().all()
    zone = read_zone(row["time_zone"])
    starts_at, read_at = (local(row[name], zone) for name in ("starts_at", "rules_read_at"))
    notice = (row[name] for name in ("notice_on", "viewing_from", "viewing_until"))
    about = Session(starts_at.date() if starts_at else None, *notice, *paddles)
    names = (row["house"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
    return Checklist(
        id=auction_id, title=row["title"], starts_at=starts_at, called=auction_words.called(*names),
        is_auction=auction_words.is_auction(*names), house=row["house"] or "", licence_no=row["licence_no"],
        auctioneer=row["auctioneer"], auctioneer_no=row["auctioneer_no"], recorder=row["recorder"],
        rules_read_at=read_at, is_over=row["closed_at"] is not None,
        lines=tuple(_line(about, lot, rights.get(lot["id"], []), patents.get(lot["id"], [])) for lot in found),
    )  # fmt: skip


def _line(about: Session, lot: Row, rights: Sequence[Row], patents: Sequence[Row]) -> Line:
    cells = auction_checklist.judge(about, lot_facts(lot, rights, patents))
    return Line(lot["id"], lot["lot_no"], lot["title"], lot["state"], cells)


def is_locked(db: Database, lot_id: uuid.UUID) -> bool:
    """Whether what a sale rests on is locked in a lot's form."""
    columns = ("id", "lot_no", "state", "seq")
    with db.reading() as session:
        row = session.execute(select(*(_lot.c[name] for name in columns)).where(_lot.c.id == lot_id)).mappings().first()
        return row is not None and is_fixed(session, row, db.now())


def is_reported(db: Database, expo_id: uuid.UUID, title: str) -> bool:
    """Whether a session of that name is one that was only reported."""
    query = select(_auction.c.is_reported).where(_auction.c.expo_id == expo_id, _auction.c.title == title)
    with db.reading() as session:
        return bool(session.scalar(query))
