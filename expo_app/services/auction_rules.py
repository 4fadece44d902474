"""What a save, an import, an undo and a merge may do with the auction's lists.

What a sale rests on is locked from the moment a lot is called: its owner, title, patents, prices, rights and orders,
who holds a paddle that bid, and the commissions of a session with a sale. A console's acts are events, not edits.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import (
    Auction,
    AuctionMoney,
    Bidder,
    CommissionBand,
    IncrementBand,
    Lot,
    LotEvent,
    LotPatent,
    LotRight,
    LotState,
    ReserveKind,
    WrittenOrder,
)
from expo_app.rules.auction_words import paddle_no
from expo_app.services.access import require
from expo_app.services.auction_floor import LOCKED as LOCKED_STATES
from expo_app.services.auction_floor import is_locked, was_called
from expo_app.services.child_rows import sync_children
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import LOTS, Outcome, PlanRow, RecordSpec
from expo_app.specs.auction_lines import COMMISSIONS, INCREMENTS, ORDERS, PATENTS, RIGHTS
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger

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
LOCKED = N_("标的 {no} {state}，{what}已锁定，未保存，数据未变。要改先在竞价台解除锁定，并写明原因。")
HAS_RESULTS = N_("这一场已有标的叫过或已有结果，是不是报道的专场不再改，未保存，数据未变。")
HOUSE_LOCKED = N_("这一场已有标的叫过，拍卖人、许可证、主持人和资格证号不再改，未保存，数据未变。")
TIED = N_("{no} 号牌有书面委托或优先权主张，专场和竞买人不再改，未保存，数据未变。先在标的里删去它们。")
IN_FORM = N_("已登记的标的，保留价只在标的表单里改：这一项没有写。")
BY_CONSOLE = N_("成交状态和成交价由竞价台记录，这里不改。")
Values = Mapping[str, Any] | RowMapping


# --- lots ---


def fill_in_lots(writer: Writer, drafts: list[Draft]) -> None:
    """The place among the session's lots; InvalidRecord for what is locked, or not to be said here."""
    _hold_current(writer, drafts)
    places = _next_places(writer, {draft.values["auction_id"] for draft in drafts if draft.is_new})
    reported = _reported(writer, {draft.get("auction_id") for draft in drafts})
    for draft in drafts:
        if draft.old is not None:
            _refuse_locked(writer, draft)
        elif draft.values.get("position") is None:
            session = draft.values["auction_id"]
            draft.values["position"] = places[session] = places.get(session, 0) + 1
        if draft.get("auction_id") not in reported or (draft.old or {}).get("seq"):
            _refuse_state(draft)
        _set_reserve(writer, draft)


def _hold_current(writer: Writer, drafts: Sequence[Draft]) -> None:
    """What is there now, held against a bid on its way until the save is done."""
    if writer.staged:
        return
    ids = [draft.record_id for draft in drafts if not draft.is_new]
    now = {key: row for part in in_parts(ids) for key, row in writer.locked(_lot, part).items()}
    for draft in drafts:
        draft.old = now.get(draft.record_id, draft.old)


def _refuse_locked(writer: Writer, draft: Draft) -> None:
    old = draft.old or {}
    if draft.changed("auction_id"):
        _refuse_move(writer.session, old, {name for name in OF_LOT.values() if draft.gives(name)}, draft.row)
    free = free_of(writer.session, old, writer.now)
    if free is None:
        return
    names = [name for name in draft.values if draft.changed(name)]
    names = [name for name in (*names, *filter(draft.gives, OF_LOT.values())) if name not in free]
    if names:
        raise InvalidRecord({name: _locked(old, name) for name in names}, draft.row)


def free_of(session: Session, lot: Values, now: datetime) -> frozenset[str] | None:
    """What may still be changed of a lot that was called here; None: everything. What was reported is free."""
    if not lot["seq"] or lot["state"] not in (LotState.OPEN, *LOCKED_STATES):
        return None
    return FREE if lot["state"] is LotState.OPEN or is_locked(session, lot, now) else WORDS


def is_fixed(session: Session, lot: Values, now: datetime) -> bool:
    """Whether a lot was called here and its terms stand, until a sold one is unlocked."""
    return free_of(session, lot, now) == FREE


def _refuse_move(session: Session, lot: Values, anew: Collection[str] = (), row: int = 0) -> None:
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


def _database(session: Session) -> Database:
    found: Database = session.connection().get_execution_options()["database"]
    return found


def _locked(lot: Values, name: str) -> str:
    field = next((field.title for field in LOTS.fields if field.name == name), name)
    return _(LOCKED).format(no=lot["lot_no"], state=lot["state"].label, what=_("“{field}”").format(field=field))


def _refuse_state(draft: Draft) -> None:
    """How a lot of our own went is said by its events alone."""
    begins = {"state": (None, LotState.READY), "price": (None,)}
    for name, usual in begins.items():
        said = draft.values.get(name)
        if draft.changed(name) and not (draft.is_new and said in usual):
            raise InvalidRecord({name: _(BY_CONSOLE)}, draft.row)


def _set_reserve(writer: Writer, draft: Draft) -> None:
    """An amount makes a reserve; UNSET and NONE have none. Only whoever may look at reserves says what they are."""
    given = draft.values.get("reserve")
    if given is not None:  # the same amount too: what is let through would tell it
        require(writer.db, RESERVE)
    if writer.staged and not draft.is_new and (draft.changed("reserve") or draft.changed("reserve_kind")):
        raise InvalidRecord({"reserve": _(IN_FORM)}, draft.row)
    if given is not None and draft.values.get("reserve_kind") is not ReserveKind.NONE:
        draft.values["reserve_kind"] = ReserveKind.SET
    elif given is None:
        draft.values.pop("reserve", None)  # an empty field says nothing
    kind = draft.get("reserve_kind") or ReserveKind.UNSET
    if kind is not ReserveKind.SET and given is not None:
        raise InvalidRecord({"reserve": _("无底价的标的不填保留价。")}, draft.row)
    if kind is ReserveKind.SET and draft.get("reserve") is None:
        raise InvalidRecord({"reserve": _("选了已设，要填保留价。")}, draft.row)
    if kind is not ReserveKind.SET and draft.get("reserve") is not None:
        draft.values["reserve"] = None
    begins = draft.is_new and kind is ReserveKind.UNSET
    if not begins and (draft.changed("reserve") or draft.changed("reserve_kind")):
        require(writer.db, RESERVE)


def _next_places(writer: Writer, sessions: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = select(_lot.c.auction_id, func.max(_lot.c.position)).group_by(_lot.c.auction_id)
    return {
        key: last or 0
        for part in in_parts(sessions)
        for key, last in writer.session.execute(query.where(_lot.c.auction_id.in_(part)))
    }


def _reported(writer: Writer, sessions: Collection[uuid.UUID]) -> set[uuid.UUID]:
    rows = writer.rows(_auction, sessions)
    made = {row["id"]: row for row in writer.pending(_auction)}
    return {key for key, row in {**rows, **made}.items() if row["is_reported"]}


def beside_lots(writer: Writer, drafts: list[Draft]) -> None:
    """Patents, rights and written orders as entered; what was not entered stays.

    InvalidRecord for a paddle nobody holds, and an order of the owner or the house (拍卖法 art. 22, 30).
    """
    holders = _holders(writer, [draft for draft in drafts if draft.gives("rights") or draft.gives("orders")])
    for draft in drafts:
        if draft.gives("patents"):
            rows = PATENTS.rows(draft.virtual["patents"])
            for n, row in enumerate(rows):
                row |= {"position": n, "title": row["title"] or draft.get("title")}
            sync_children(writer, LotPatent.__table__, "lot_id", draft, rows, ("position",))
        if draft.gives("rights"):
            rows = [
                {**_with_holder(row, holders, draft, "rights"), "position": n}
                for n, row in enumerate(RIGHTS.rows(draft.virtual["rights"]))
            ]
            sync_children(writer, LotRight.__table__, "lot_id", draft, rows, ("role", "name"))
        if draft.gives("orders"):
            rows = _orders(writer, holders, draft)
            sync_children(writer, WrittenOrder.__table__, "lot_id", draft, rows, ("bidder_id",))


def _holders(writer: Writer, drafts: Sequence[Draft]) -> dict[tuple[uuid.UUID, int], Values]:
    """(session, paddle) → its bidder."""
    sessions = {draft.get("auction_id") for draft in drafts}
    found: dict[tuple[uuid.UUID, int], Values] = {}
    for part in in_parts(sessions):
        for row in writer.session.execute(select(_bidder).where(_bidder.c.auction_id.in_(part))).mappings():
            found[row["auction_id"], row["paddle"]] = row
    return found


def _with_holder(row: Values, holders: Mapping[Any, Values], draft: Draft, name: str) -> dict[str, Any]:
    """A row with its paddle's bidder in the paddle's place."""
    values = dict(row)
    paddle = values.pop("paddle")
    if paddle is not None and (draft.get("auction_id"), paddle) not in holders:
        words = _("这一场没有 {no} 号牌，先登记竞买人。").format(no=paddle_no(paddle))
        raise InvalidRecord({name: words}, draft.row)
    values["bidder_id"] = holders[draft.get("auction_id"), paddle]["id"] if paddle is not None else None
    return values


def _orders(writer: Writer, holders: Mapping[Any, Values], draft: Draft) -> list[dict[str, Any]]:
    table = WrittenOrder.__table__
    query = select(table.c.bidder_id, table.c.received_at).where(table.c.lot_id == draft.record_id)
    known = dict(writer.session.execute(query).all())
    rows = []
    for line in ORDERS.rows(draft.virtual["orders"]):
        holder = holders.get((draft.get("auction_id"), line["paddle"]))
        row = _with_holder(line, holders, draft, "orders")
        no = paddle_no(line["paddle"])
        if holder is not None and holder["organisation_id"] == draft.get("owner_id"):
            words = _("{no} 号是这件标的的委托人，不能竞买自己的标的（拍卖法第三十条）。")
            raise InvalidRecord({"orders": words.format(no=no)}, draft.row)
        if holder is not None and holder["is_staff"]:
            words = _("{no} 号是拍卖人的工作人员，不能竞买（拍卖法第二十二条）。")
            raise InvalidRecord({"orders": words.format(no=no)}, draft.row)
        row["received_at"] = row["received_at"] or known.get(row["bidder_id"]) or writer.now
        rows.append(row)
    return rows


# --- sessions and bidders ---


def refuse_running(writer: Writer, drafts: list[Draft]) -> None:
    """Increments of a session with a lot under the hammer change at the console, commissions of one with a sale no
    more."""
    old = [draft for draft in drafts if draft.old is not None]
    states = _states(writer.session, [draft.record_id for draft in old])
    for draft in old:
        there = states.get(draft.record_id, set())
        if draft.changed("is_reported") and _has_results(writer.session, draft.record_id):
            raise InvalidRecord({"is_reported": _(HAS_RESULTS)}, draft.row)
        if there - {LotState.READY, LotState.WITHDRAWN}:
            said = [name for name in SAID_OF_HOUSE if draft.changed(name)]
            if said:
                raise InvalidRecord(dict.fromkeys(said, _(HOUSE_LOCKED)), draft.row)
        running = [name for name in LADDER if draft.changed(name)] + (["bands"] if draft.gives("bands") else [])
        if LotState.OPEN in there and running:
            words = _("正在竞价，加价幅度和报次在竞价台调整，记入笔录；这里没有保存。")
            raise InvalidRecord(dict.fromkeys(running, words), draft.row)
        paid = [name for name in AGREED if draft.changed(name)]
        paid += ["commissions"] if draft.gives("commissions") else []
        if there & {LotState.SOLD, LotState.DEFAULTED} and paid:
            words = _("这一场已有成交，佣金按成交时的约定，不再改；没有保存。")
            raise InvalidRecord(dict.fromkeys(paid, words), draft.row)


def _has_results(session: Session, auction_id: uuid.UUID) -> bool:
    """Whether a lot of a session was called, or is said to have gone (a look at a reserve is no call)."""
    gone = (_lot.c.state != LotState.READY) | _lot.c.price.is_not(None)
    return session.scalar(select(_lot.c.id).where(_lot.c.auction_id == auction_id, gone).limit(1)) is not None


def _states(session: Session, sessions: Collection[uuid.UUID]) -> dict[uuid.UUID, set[LotState]]:
    """Session → the states of those of its lots that were called here."""
    found: dict[uuid.UUID, set[LotState]] = {}
    query = select(_lot.c.auction_id, _lot.c.state).where(was_called()).distinct()
    for part in in_parts(sessions):
        for key, state in session.execute(query.where(_lot.c.auction_id.in_(part))):
            found.setdefault(key, set()).add(state)
    return found


def beside_auctions(writer: Writer, drafts: list[Draft]) -> None:
    """Increments and commissions as entered."""
    for draft in drafts:
        for name, lines, same in (
            ("bands", INCREMENTS, ("from_amount",)),
            ("commissions", COMMISSIONS, ("side", "from_amount")),
        ):
            if draft.gives(name):
                table = lines.model.__table__
                sync_children(writer, table, "auction_id", draft, lines.rows(draft.virtual[name]), same)


def refuse_holder(writer: Writer, drafts: list[Draft]) -> None:
    """Who holds a paddle that bid, or that money was taken of, stays."""
    changed = {d.record_id: d for d in drafts if d.old is not None and any(map(d.changed, HOLDER))}
    for key in sorted(_in_use(writer.session, changed)):
        draft = changed[key]
        names = [name for name in HOLDER if draft.changed(name)]
        raise InvalidRecord(dict.fromkeys(names, _paddle_locked(draft.old or {})), draft.row)
    moved = {d.record_id: d for d in drafts if d.old is not None and any(map(d.changed, WHOSE))}
    for key in sorted(_tied(writer.session, moved)):
        draft = moved[key]
        words = _(TIED).format(no=paddle_no((draft.old or {})["paddle"]))
        raise InvalidRecord({name: words for name in WHOSE if draft.changed(name)}, draft.row)


def _tied(session: Session, bidders: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them of whom a lot holds an order or a claim."""
    found: set[uuid.UUID] = set()
    for table in HELD_BY:
        for part in in_parts(bidders):
            query = select(table.c.bidder_id).distinct().where(table.c.bidder_id.in_(part))
            found.update(session.scalars(query))
    return found


def _in_use(session: Session, bidders: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them whose paddle bid, or of whom money was taken."""
    found: set[uuid.UUID] = set()
    for column in (_event.c.bidder_id, AuctionMoney.__table__.c.bidder_id):
        for part in in_parts(bidders):
            found.update(session.scalars(select(column).distinct().where(column.in_(part))))
    return found


def _paddle_locked(bidder: Values) -> str:
    words = _("{no} 号牌已经出过价或收过款，号牌和竞买人不再改，未保存，数据未变。")
    return words.format(no=paddle_no(bidder["paddle"]))


# --- undo and merge ---


def held(session: Session, table: Table, rows: Sequence[Values]) -> None:
    """Conflict where an undo would change what a sale rests on; `rows`: each with `id` and the columns concerned.

    UserError where it would change a reserve and the operator may not look at one; a lot that goes or comes back as a
    whole takes its own along.
    """
    lots: dict[uuid.UUID, set[str]] = {}
    if table is _lot:
        lots = {row["id"]: set(row.keys() - {"id"}) for row in rows}
        parts = [row for row in rows if row.keys() < set(table.c.keys())]
        if any(row.keys() & {"reserve", "reserve_kind"} for row in parts):
            require(_database(session), RESERVE)
        _moves_held(session, [row["id"] for row in parts if "auction_id" in row])
    elif table in OF_LOT:
        keys = {row["lot_id"] for row in rows if "lot_id" in row}
        known = [row["id"] for row in rows if "lot_id" not in row]
        for part in in_parts(known):
            keys.update(session.scalars(select(table.c.lot_id).where(table.c.id.in_(part))))
        lots = {key: {OF_LOT[table]} for key in keys}
    for part in in_parts(sorted(lots)):
        query = select(_lot.c.id, _lot.c.lot_no, _lot.c.state, _lot.c.seq).where(_lot.c.id.in_(part))
        for lot in session.execute(query).mappings().all():
            free = free_of(session, lot, _database(session).now())
            if free is not None and lots[lot["id"]] - free:
                words = _("标的 {no} {state}，它的条件已锁定，没有撤销，数据未变。要改先在竞价台解除锁定。")
                raise Conflict(words.format(no=lot["lot_no"], state=lot["state"].label), "E-LOT-LOCKED")
    if table is _bidder:
        concerned = {row["id"]: row for row in rows if row.keys() & set(HOLDER)}
        for key in _in_use(session, concerned):
            no = session.scalar(select(_bidder.c.paddle).where(_bidder.c.id == key))
            raise Conflict(_paddle_locked({"paddle": no}), "E-LOT-LOCKED")
        moved = [row["id"] for row in rows if row.keys() < set(table.c.keys()) and row.keys() & set(WHOSE)]
        for key in _tied(session, moved):
            no = session.scalar(select(_bidder.c.paddle).where(_bidder.c.id == key))
            raise Conflict(_(TIED).format(no=paddle_no(no or 0)), "E-LOT-LOCKED")
    if table is _auction:
        _sessions_held(session, [row for row in rows if row.keys() < set(table.c.keys())])
    if table in (CommissionBand.__table__, IncrementBand.__table__):
        _bands_held(session, table, rows)


def _moves_held(session: Session, lots: Collection[uuid.UUID]) -> None:
    for part in in_parts(lots):
        for lot in session.execute(select(_lot).where(_lot.c.id.in_(part))).mappings().all():
            try:
                _refuse_move(session, lot)
            except InvalidRecord as refused:
                raise Conflict(refused.problems["auction_id"], "E-LOT-LOCKED") from refused


def _sessions_held(session: Session, rows: Sequence[Values]) -> None:
    states = _states(session, [row["id"] for row in rows])
    for row in rows:
        if "is_reported" in row and _has_results(session, row["id"]):
            raise Conflict(_(HAS_RESULTS), "E-LOT-LOCKED")
        if states.get(row["id"], set()) - {LotState.READY, LotState.WITHDRAWN} and row.keys() & set(SAID_OF_HOUSE):
            raise Conflict(_(HOUSE_LOCKED), "E-LOT-LOCKED")
    for names, is_money in ((AGREED, True), (LADDER, False)):
        _terms_held(session, {row["id"] for row in rows if row.keys() & set(names)}, is_money)


def _bands_held(session: Session, table: Table, rows: Sequence[Values]) -> None:
    sessions = {row["auction_id"] for row in rows if "auction_id" in row}
    known = [row["id"] for row in rows if "auction_id" not in row]
    for part in in_parts(known):
        sessions.update(session.scalars(select(table.c.auction_id).where(table.c.id.in_(part))))
    _terms_held(session, sessions, is_money=table is CommissionBand.__table__)


def _terms_held(session: Session, sessions: Collection[uuid.UUID], is_money: bool) -> None:
    """Commissions stand from the first sale on, increments as long as a lot is under the hammer."""
    wanted = {LotState.SOLD, LotState.DEFAULTED} if is_money else {LotState.OPEN}
    if any(states & wanted for states in _states(session, sessions).values()):
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


# --- plans ---


def as_said_here(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Lots come in as they stand before the session: how they went is the console's, and no list tells a reserve."""
    query = select(_auction.c.title).where(_auction.c.expo_id == expo_id, _auction.c.is_reported)
    reported = set(session.scalars(query))

    def review(row: PlanRow) -> PlanRow:
        if not row.goes_in:
            return row
        ours = row.values.get("auction_id") not in reported
        return _without_reserve(spec, _as_set(spec, _without_state(spec, row) if ours else row))

    return _without_locked(session, spec, tuple(map(review, rows)))


def _without_state(spec: RecordSpec, row: PlanRow) -> PlanRow:
    for name in ("state", "price"):
        is_said = name in row.changes or (
            row.outcome is Outcome.NEW and row.values.get(name) not in (None, LotState.READY)
        )
        if is_said:
            row = row.without(name).noted(spec.field(name).title, _(BY_CONSOLE))
    return row


def _as_set(spec: RecordSpec, row: PlanRow) -> PlanRow:
    """A list sets reserves of new lots alone: its undo would keep what another had been, for anybody to read."""
    if row.outcome is not Outcome.NEW:
        for name in ("reserve", "reserve_kind"):
            if name in row.changes:
                row = row.without(name).noted(spec.field(name).title, _(IN_FORM))
    return row


def _without_reserve(spec: RecordSpec, row: PlanRow) -> PlanRow:
    """A list that says a reserve is set, and not how much, as an export does."""
    name = "reserve_kind"
    is_said = row.values.get(name) is ReserveKind.SET and row.values.get("reserve") is None
    if not is_said or (row.outcome is not Outcome.NEW and name not in row.changes):
        return row
    words = _("写了已设，没有写保留价是多少：这一项没有写，有权限的人再填。")
    return row.without(name).noted(spec.field(name).title, words)


def _without_locked(session: Session, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows that would change what a sale rests on stay out, by the words of the save."""
    ids, now = [row.record_id for row in rows if row.record_id and row.changes], _database(session).now()
    there: dict[uuid.UUID, Values] = {}
    for part in in_parts(ids):
        query = select(_lot.c.id, _lot.c.lot_no, _lot.c.state, _lot.c.seq).where(_lot.c.id.in_(part))
        there |= {row["id"]: row for row in session.execute(query).mappings()}

    def review(row: PlanRow) -> PlanRow:
        lot = there.get(row.record_id) if row.record_id else None
        names = row.changes.keys() - FREE
        free = None if lot is None else free_of(session, lot, now)
        if lot is None or free is None or not (names := names - free):
            return row
        return row.refused({spec.field(name).title: _locked(lot, name) for name in names})

    return tuple(map(review, rows))


def only_session(session: Session, expo_id: uuid.UUID) -> Mapping[str, str]:
    """The one session that is still to be held: a list of lots or paddles that names none means it."""
    query = select(_auction.c.title).where(
        _auction.c.expo_id == expo_id, _auction.c.is_reported.is_(False), _auction.c.closed_at.is_(None)
    )
    titles = session.scalars(query.limit(2)).all()
    return {"auction_id": titles[0]} if len(titles) == 1 else {}
