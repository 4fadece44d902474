"""What the auction's report is made from, read in one go; and what is to be corrected before it is made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from expo_app.i18n import _
from expo_app.model import Auction, CommissionBand, Deal, DealStage, Entry, Expo, Lot, LotState
from expo_app.rules.auction_words import paddle_no
from expo_app.services.auction_accounts import desk_of
from expo_app.services.auction_papers import papers_of
from expo_app.services.report_head import read_head
from expo_app.services.statistics.auction import read_auctions
from expo_app.services.statistics.scope import scope_of
from expo_app.specs import AUCTIONS, BIDDERS, LOTS
from expo_app.specs.auction_cashier import CashDesk
from expo_app.specs.auction_figures import AuctionLine
from expo_app.specs.auction_report import AuctionReport, SessionReport
from expo_app.specs.records import spoken
from expo_app.specs.report_data import Finding
from expo_app.store.database import Database

_auction, _lot, _deal, _band = Auction.__table__, Lot.__table__, Deal.__table__, CommissionBand.__table__


def sessions(db: Database, expo_id: uuid.UUID) -> list[tuple[str, str]]:
    """Which sessions it may tell of alone: (key, title), those that are run here."""
    with db.reading() as session:
        return [(str(key), title) for key, title in _sessions(session, expo_id)]


def _sessions(session: Session, expo_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    query = select(_auction.c.id, spoken(Auction, "title")).where(
        _auction.c.expo_id == expo_id, ~_auction.c.is_reported
    )
    order = (_auction.c.starts_at.is_(None), _auction.c.starts_at, _auction.c.title)
    return [(key, title) for key, title in session.execute(query.order_by(*order))]


def read(db: Database, expo_id: uuid.UUID, now: datetime, only: str = "") -> AuctionReport:
    """Every session that is run here, or the one of this key."""
    with db.reading() as session:
        wanted = [key for key, _title in _sessions(session, expo_id) if only in ("", str(key))]
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        found = [SessionReport(desk_of(session, key, db), papers_of(session, db, key, now)) for key in wanted]
        return AuctionReport(read_head(session, expo, now), tuple(found), read_auctions(session, scope, only))


def as_json(db: Database, expo_id: uuid.UUID, now: datetime, only: str = "") -> object:
    """The figures, every session and its lots as plain data; what a session earns in commission is not of it, and who
    asked to be kept secret is not named.
    """
    data = read(db, expo_id, now, only)
    return {
        "figures": {figure.name: figure.as_value for figure in data.figures.figures},
        "sessions": [_session(line) for line in data.figures.lines],
        "earlier": [_session(line) for line in data.figures.earlier],
        "lots": [lot for one in data.sessions for lot in _lots(one)],
    }


def _session(line: AuctionLine) -> Mapping[str, object]:
    names = ("title", "called", "expo", "starts_at", "is_reported", "source", "is_sample", "lots", "sold", "passed",
             "defaulted", "withdrawn", "amount", "rate", "premium")  # fmt: skip
    return {name: getattr(line, name) for name in names}


def _lots(one: SessionReport) -> Iterator[Mapping[str, object]]:
    for lot in one.papers.lots:
        yield {
            "session": one.desk.title, "lot_no": lot.lot_no, "title": lot.title, "state": lot.state.name,
            "owner": None if lot.is_owner_confidential else lot.owner, "start_price": lot.start_price,
            "price": lot.price if lot.is_sold else None, "paddle": lot.paddle if lot.is_sold else None,
            "buyer": None if lot.is_buyer_confidential else lot.buyer or None, "deal_no": lot.deal_no or None,
            "hammered_at": lot.hammered_at, "resale_of": lot.resale_of or None,
        }  # fmt: skip


# --- what is to be corrected ------------------------------------------------------------------------------------------
def findings(db: Database, expo_id: uuid.UUID) -> Sequence[Finding]:
    """A sale without its deal or with another amount, a buyer who is late or not identified, a session without what
    its papers name."""
    with db.reading() as session:
        keys = [key for key, _title in _sessions(session, expo_id)]
        desks = [desk_of(session, key, db) for key in keys]
        rows = session.execute(
            select(_lot.c.id, _lot.c.lot_no, _lot.c.title, _lot.c.price, _deal.c.amount, _deal.c.stage, _deal.c.entry,
                   _lot.c.deal_id)
            .outerjoin(_deal, _deal.c.id == _lot.c.deal_id)
            .where(_lot.c.auction_id.in_(keys), _lot.c.state == LotState.SOLD)
            .order_by(_lot.c.auction_id, _lot.c.position)
        ).all()  # fmt: skip
        facts = session.execute(
            select(_auction.c.id, _auction.c.title, _auction.c.recorder, _auction.c.house_id,
                   exists().where(_band.c.auction_id == _auction.c.id).label("has_commission"))
            .where(_auction.c.id.in_(keys))
        ).all()  # fmt: skip
    found = [Finding(LOTS.name, row.id, f"{row.lot_no} {row.title}", words) for row in rows if (words := _sale(row))]
    for row in facts:
        if not row.recorder:
            found.append(Finding(AUCTIONS.name, row.id, row.title, _("没有记录人，笔录要有记录人签名。")))
        if row.house_id is None:
            found.append(Finding(AUCTIONS.name, row.id, row.title, _("没有拍卖人或组织方，成交确认书要由它签署。")))
        if not row.has_commission:
            found.append(Finding(AUCTIONS.name, row.id, row.title, _("没有填佣金各档，双方佣金都按 0 计。")))
    for desk in desks:
        found += [Finding(BIDDERS.name, key, f"{paddle_no(paddle)} {name}", str(damage))
                  for key, paddle, name, damage in desk.unreadable]  # fmt: skip
    return [*found, *(finding for desk in desks for finding in _buyers(desk))]


def _sale(row: object) -> str:
    deal_id, amount, price = (getattr(row, name) for name in ("deal_id", "amount", "price"))
    stage, entry = (getattr(row, name) for name in ("stage", "entry"))
    if deal_id is None:
        return _("已成交，台账里没有它的成交项目。")
    if entry is not Entry.VALID or stage is DealStage.TERMINATED:
        return _("已成交，台账里的项目已作废、终止或不是有效。")
    if amount != price:
        words = _("落槌价 {price} 元，台账里是 {amount} 元。")
        return words.format(price=_yuan(price), amount=_yuan(amount))
    return ""


def _yuan(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,.2f}"


def _buyers(desk: CashDesk) -> Iterator[Finding]:
    today: date = desk.today
    for account in desk.queue:
        name = f"{paddle_no(account.paddle)} {account.name}"
        late = [one.lot_no for one in account.purchases if one.is_overdue(today)]
        if late:
            words = _("标的 {no} 过了付款期还没有付清。").format(no=_("、").join(late))
            yield Finding(BIDDERS.name, account.bidder_id, name, words)
        if not account.is_identity_checked:
            yield Finding(BIDDERS.name, account.bidder_id, name, _("已成交，身份还没有核验。"))
