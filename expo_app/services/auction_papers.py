"""What the papers of a lot say, read from its events: nothing of them is entered a second time (拍卖法 art. 52, 53)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from expo_app.damaged import SHOWN, DamagedValue, readable
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Auction, Bidder, Deal, EventKind, Expo, Lot, LotEvent, LotPatent, LotState, Organisation
from expo_app.rules import auction_ladder, auction_words, patents
from expo_app.rules.auction_ladder import Ladder
from expo_app.rules.day_spans import day_span
from expo_app.services.auction_accounts import desk_of
from expo_app.services.auction_floor import ladder_of, local, was_called
from expo_app.services.report_head import read_head
from expo_app.specs.auction_cashier import Purchase
from expo_app.specs.auction_papers import PRICED, LotPaper, PapersData, PatentLine, RecordLine, SessionFacts
from expo_app.specs.records import read_name, spoken
from expo_app.store.database import Database

KEPT_TO_ITSELF = frozenset({EventKind.RESERVE_SEEN})
"""Who looked at a reserve is in the log, not in a paper that the buyer signs."""
CALLED = (LotState.SOLD, LotState.PASSED, LotState.DEFAULTED)
_auction, _lot, _bidder, _event = (model.__table__ for model in (Auction, Lot, Bidder, LotEvent))
_patent, _deal, _body = LotPatent.__table__, Deal.__table__, Organisation.__table__
Row = Mapping[str, Any] | RowMapping


def read_papers(db: Database, auction_id: uuid.UUID, now: datetime, lot_ids: Collection[uuid.UUID] | None = None) \
        -> PapersData:  # fmt: skip
    """Papers of these lots of a session, or of every one that was called to its end. Conflict where it is gone."""
    with db.reading() as session:
        return papers_of(session, db, auction_id, now, lot_ids)


def papers_of(
    session: Session, db: Database, auction_id: uuid.UUID, now: datetime, lot_ids: Collection[uuid.UUID] | None = None
) -> PapersData:
    """The same within a session that is already open."""
    house = _body.alias("house")
    query = (
        select(_auction, spoken(Auction, "title").label("said"), read_name(house, "name").label("house"),
               house.c.address.label("house_address"))
        .outerjoin(house, house.c.id == _auction.c.house_id)
        .where(_auction.c.id == auction_id)
    )  # fmt: skip
    row = session.execute(query).mappings().first()
    if row is None:
        raise Conflict(_("这一场已被删除，数据未变。请刷新。"), "E-GONE")
    expo = session.get_one(Expo, row["expo_id"])
    bought = {one.lot_id: one for account in desk_of(session, auction_id, db).accounts for one in account.purchases}
    lots = _lots(session, auction_id, lot_ids)
    zone, keys = expo.zone_info, [lot["id"] for lot in lots]
    lines, held = _lines(session, keys, zone), _patents(session, keys)
    connection = session.connection()
    papers = (
        _paper(
            lot, bought.get(lot["id"]), held.get(lot["id"], ()), lines.get(lot["id"], ()),
            _increments(ladder_of(connection, lot, row)), zone,
        )
        for lot in lots
    )  # fmt: skip
    return PapersData(read_head(session, expo, now), _facts(row, zone), tuple(papers))


def _increments(ladder: Ladder) -> str:
    try:
        return auction_ladder.words(ladder)
    except DamagedValue:
        return _(SHOWN)


def _facts(row: Row, zone: ZoneInfo) -> SessionFacts:
    names = (row["house_id"], row["licence_no"], row["auctioneer"], row["auctioneer_no"])
    start, end = (readable(row[name]) for name in ("viewing_from", "viewing_until"))
    return SessionFacts(
        title=row["said"],
        called=auction_words.called(*names),
        is_auction=auction_words.is_auction(*names),
        house=row["house"] or "",
        house_address=row["house_address"] or "",
        licence_no=row["licence_no"],
        auctioneer=row["auctioneer"],
        auctioneer_no=row["auctioneer_no"],
        recorder=row["recorder"],
        starts_at=local(row["starts_at"], zone),
        place=row["place"],
        notice_on=row["notice_on"],
        viewing=day_span(start, end) if start and end else "",
        rules_read_at=local(row["rules_read_at"], zone),
        payment_days=row["payment_days"],
        calls=row["calls"],
    )


def _lots(session: Session, auction_id: uuid.UUID, lot_ids: Collection[uuid.UUID] | None) -> Sequence[RowMapping]:
    owner, buyer, first = _body.alias("owner"), _body.alias("buyer"), _lot.alias("first")
    columns = [column for column in _lot.c if not column.info.get("secret")]
    query = (
        select(*columns, spoken(Lot, "title").label("said"), read_name(owner, "name").label("owner"),
               read_name(buyer, "name").label("buyer"), buyer.c.address.label("buyer_address"), _bidder.c.agent,
               _bidder.c.is_confidential,
               _bidder.c.paddle, _deal.c.deal_no, first.c.lot_no.label("first_no"))
        .join(owner, owner.c.id == _lot.c.owner_id)
        .outerjoin(_bidder, _bidder.c.id == _lot.c.leader_id)
        .outerjoin(buyer, buyer.c.id == _bidder.c.organisation_id)
        .outerjoin(_deal, _deal.c.id == _lot.c.deal_id)
        .outerjoin(first, first.c.id == _lot.c.resale_of_id)
        .where(_lot.c.auction_id == auction_id)
        .order_by(_lot.c.position, _lot.c.lot_no)
    )  # fmt: skip
    query = query.where(_lot.c.state.in_(CALLED) if lot_ids is None else _lot.c.id.in_(lot_ids))
    return session.execute(query.where(was_called())).mappings().all()


def _paper(
    lot: Row, bought: Purchase | None, held: Sequence[PatentLine], lines: Sequence[RecordLine], increments: str,
    zone: ZoneInfo,
) -> LotPaper:  # fmt: skip
    is_sold = lot["state"] in (LotState.SOLD, LotState.DEFAULTED)
    return LotPaper(
        id=lot["id"],
        lot_no=lot["lot_no"],
        title=lot["said"],
        owner=lot["owner"],
        is_owner_confidential=lot["is_owner_confidential"],
        patents=tuple(held),
        start_price=lot["start_price"],
        increments=increments,
        reserve=lot["reserve_kind"].label,
        deposit=lot["deposit"],
        state=lot["state"],
        hammered_at=local(lot["hammered_at"], zone),
        price=lot["price"],
        paddle=lot["paddle"],
        buyer=lot["buyer"] if is_sold else "",
        buyer_address=(lot["buyer_address"] or "") if is_sold else "",
        agent=(lot["agent"] or "") if is_sold else "",
        is_buyer_confidential=bool(lot["is_confidential"]),
        purchase=bought,
        deal_no=(lot["deal_no"] or "") if is_sold else "",
        resale_of=lot["first_no"] or "",
        copies=(lot["confirmation_prints"], lot["record_prints"]),
        lines=tuple(lines),
        is_sample=lot["is_sample"],
    )


def _patents(session: Session, lot_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[PatentLine]]:
    found: dict[uuid.UUID, list[PatentLine]] = {}
    query = select(_patent).where(_patent.c.lot_id.in_(lot_ids)).order_by(_patent.c.position, _patent.c.id)
    for row in session.execute(query).mappings():
        kind, filed = readable(row["kind"]), readable(row["filed_on"])
        line = PatentLine(
            kind=row["kind"].label,
            title=row["title"],
            application_no=row["application_no"],
            patent_no=f"ZL{row['patent_no']}" if row["patent_no"] else "",
            applicant=row["applicant"],
            holder=row["holder"],
            filed_on=filed,
            ends_on=patents.ends_on(kind, filed) if kind is not None and filed is not None else None,
        )
        found.setdefault(row["lot_id"], []).append(line)
    return found


def _lines(session: Session, lot_ids: Sequence[uuid.UUID], zone: ZoneInfo) -> dict[uuid.UUID, list[RecordLine]]:
    query = (
        select(_event, _bidder.c.paddle)
        .outerjoin(_bidder, _bidder.c.id == _event.c.bidder_id)
        .where(_event.c.lot_id.in_(lot_ids), _event.c.kind.not_in(KEPT_TO_ITSELF))
        .order_by(_event.c.lot_id, _event.c.seq)
    )
    by_lot: dict[uuid.UUID, list[RowMapping]] = {}
    for row in session.execute(query).mappings():
        by_lot.setdefault(row["lot_id"], []).append(row)
    return {key: _numbered(rows, zone) for key, rows in by_lot.items()}


def _numbered(rows: Sequence[RowMapping], zone: ZoneInfo) -> list[RecordLine]:
    places = {seq: no for no, row in enumerate(rows, 1) if (seq := readable(row["seq"])) is not None}
    wrong = {readable(row["corrects"]) for row in rows} - {None}
    calls = _calls(rows)
    return [
        RecordLine(
            no=no,
            at=local(row["at"], zone),
            kind=row["kind"],
            paddle=row["paddle"],
            amount=row["amount"],
            channel=row["channel"].label if row["channel"] else "",
            corrects=places.get(readable(row["corrects"])),
            is_wrong=readable(row["seq"]) in wrong,
            note=_spoken_note(row["kind"], row["note"]),
            call=calls[no - 1],
        )
        for no, row in enumerate(rows, 1)
    ]


def _calls(rows: Sequence[RowMapping]) -> list[int]:
    """Of each line, which call of its price it is; 0 for what is none (`auction_judge.standing`)."""
    found, said = [], 0
    for row in rows:
        kind = readable(row["kind"])
        said = said + 1 if kind is EventKind.CALL else 0 if kind in PRICED else said
        found.append(said if kind is EventKind.CALL else 0)
    return found


def _spoken_note(kind: EventKind, note: str) -> str:
    """Why a lot passed is kept as source text, everything else as somebody wrote it."""
    return _(note) if kind is EventKind.PASSED and note else note
