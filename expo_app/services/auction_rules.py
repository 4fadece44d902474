"""What a save and an import may do with the auction's lists; what stands is `auction_locks`, and `auction_undo` holds
an undo and a merge to the same. A console's acts are events, not edits.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.i18n import N_, _
from expo_app.model import (
    Auction,
    Bidder,
    Lot,
    LotEvent,
    LotPatent,
    LotRight,
    LotState,
    Organisation,
    ReserveKind,
    WrittenOrder,
)
from expo_app.rules.access import allowed
from expo_app.rules.auction_words import paddle_no
from expo_app.services.access import require
from expo_app.services.auction_locks import (
    AGREED,
    FREE,
    HAS_RESULTS,
    HOLDER,
    HOUSE_LOCKED,
    LADDER,
    OF_LOT,
    RESERVE,
    SAID_OF_HOUSE,
    TIED,
    WHOSE,
    WORDS,
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
from expo_app.services.child_rows import sync_children
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.specs import LOTS, Outcome, PlanRow, RecordSpec
from expo_app.specs.auction_lines import COMMISSIONS, INCREMENTS, ORDERS, PATENTS, RIGHTS

_auction, _lot, _bidder, _event = Auction.__table__, Lot.__table__, Bidder.__table__, LotEvent.__table__
LOCKED = N_("标的 {no} {state}，{what}已锁定，未保存，数据未变。要改先在竞价台解除锁定，并写明原因。")
IN_FORM = N_("已登记的标的，保留价只在标的表单里改：这一项没有写。")
NO_RIGHT = N_("没有保留价的权限，这一项没有写。由有权限的人在标的表单里填，或由他导入这份清单。")
REPORTED_SOLD = N_("标的 {no} 报道已成交，清单不改它的条件和价格，没有写入。要补要改，在标的表单里一件一件来。")
NO_HOLDER = N_("这一场没有 {no} 号牌，先登记竞买人。")
OWNERS_ORDER = N_("{no} 号是这件标的的委托人，不能竞买自己的标的。")
STAFFS_ORDER = N_("{no} 号是拍卖人的工作人员，不能竞买。")
BY_CONSOLE = N_("成交状态和成交价由竞价台记录，这里不改。")


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
        refuse_move(writer.session, old, {name for name in OF_LOT.values() if draft.gives(name)}, draft.row)
    free = free_of(writer.session, old, writer.now)
    if free is None:
        return
    names = [name for name in draft.values if draft.changed(name)]
    names = [name for name in (*names, *filter(draft.gives, OF_LOT.values())) if name not in free]
    if names:
        raise InvalidRecord({name: _locked(old, name) for name in names}, draft.row)


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
        raise InvalidRecord({name: _(NO_HOLDER).format(no=paddle_no(paddle))}, draft.row)
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
            raise InvalidRecord({"orders": _(OWNERS_ORDER).format(no=no)}, draft.row)
        if holder is not None and holder["is_staff"]:
            raise InvalidRecord({"orders": _(STAFFS_ORDER).format(no=no)}, draft.row)
        row["received_at"] = row["received_at"] or known.get(row["bidder_id"]) or writer.now
        rows.append(row)
    return rows


# --- sessions and bidders ---


def refuse_running(writer: Writer, drafts: list[Draft]) -> None:
    """Increments of a session with a lot under the hammer change at the console, commissions of one with a sale no
    more."""
    old = [draft for draft in drafts if draft.old is not None]
    states = states_of(writer.session, [draft.record_id for draft in old])
    for draft in old:
        there = states.get(draft.record_id, set())
        if draft.changed("is_reported") and has_results(writer.session, draft.record_id):
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
    for key in sorted(in_use(writer.session, changed)):
        draft = changed[key]
        names = [name for name in HOLDER if draft.changed(name)]
        raise InvalidRecord(dict.fromkeys(names, paddle_locked(draft.old or {})), draft.row)
    moved = {d.record_id: d for d in drafts if d.old is not None and any(map(d.changed, WHOSE))}
    for key in sorted(tied(writer.session, moved)):
        draft = moved[key]
        words = _(TIED).format(no=paddle_no((draft.old or {})["paddle"]))
        raise InvalidRecord({name: words for name in WHOSE if draft.changed(name)}, draft.row)


# --- plans ---


def as_said_here(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Lots come in as they stand before the session: how they went is the console's, and no list tells a reserve."""
    query = select(_auction.c.title).where(_auction.c.expo_id == expo_id, _auction.c.is_reported)
    reported = set(session.scalars(query))
    may_set = allowed(database_of(session).actor.role, RESERVE)

    def review(row: PlanRow) -> PlanRow:
        if not row.goes_in:
            return row
        if not may_set:
            row = _without_right(spec, row)
        ours = row.values.get("auction_id") not in reported
        return _without_reserve(spec, _as_set(spec, _without_state(spec, row) if ours else row))

    return _without_locked(session, spec, tuple(map(review, rows)))


def paddles_are_there(session: Session, expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """Rows that name a paddle nobody holds, or an order of who may not bid, stay out, by the words of the save."""
    query = (
        select(_auction.c.title, _bidder.c.paddle, _bidder.c.is_staff, Organisation.name)
        .join(_bidder, _bidder.c.auction_id == _auction.c.id)
        .join(Organisation, Organisation.id == _bidder.c.organisation_id)
        .where(_auction.c.expo_id == expo_id)
    )
    holders = {(row.title, row.paddle): row for row in session.execute(query)}

    def problem(row: PlanRow, name: str, paddle: int) -> str:
        holder = holders.get((row.values.get("auction_id"), paddle))
        if holder is None:
            return NO_HOLDER
        if name == "orders" and holder.name == row.values.get("owner_id"):
            return OWNERS_ORDER
        return STAFFS_ORDER if name == "orders" and holder.is_staff else ""

    def review(row: PlanRow) -> PlanRow:
        found = {}
        for name, lines in (("rights", RIGHTS), ("orders", ORDERS)):
            said = row.values.get(name) if row.outcome is Outcome.NEW or name in row.changes else None
            for paddle in (line["paddle"] for line in lines.rows(said) if line["paddle"] is not None):
                if words := problem(row, name, paddle):
                    found[spec.field(name).title] = _(words).format(no=paddle_no(paddle))
        return row.refused(found) if found else row

    return tuple(review(row) if row.goes_in else row for row in rows)


def _without_state(spec: RecordSpec, row: PlanRow) -> PlanRow:
    for name in ("state", "price"):
        is_said = name in row.changes or (
            row.outcome is Outcome.NEW and row.values.get(name) not in (None, LotState.READY)
        )
        if is_said:
            row = row.without(name).noted(spec.field(name).title, _(BY_CONSOLE))
    return row


def _without_right(spec: RecordSpec, row: PlanRow) -> PlanRow:
    """What only whoever may look at reserves says; the rest of the list comes in."""
    usual = {"reserve": (None,), "reserve_kind": (None, ReserveKind.UNSET)}
    for name, nothing in usual.items():
        is_said = name in row.changes or row.outcome is Outcome.NEW
        if is_said and row.values.get(name) not in nothing:
            row = row.without(name).noted(spec.field(name).title, _(NO_RIGHT))
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
    ids, now = [row.record_id for row in rows if row.record_id and row.changes], database_of(session).now()
    there: dict[uuid.UUID, Values] = {}
    for part in in_parts(ids):
        query = select(_lot.c.id, _lot.c.lot_no, _lot.c.state, _lot.c.seq).where(_lot.c.id.in_(part))
        query = query.add_columns(_auction.c.is_reported).join(_auction, _auction.c.id == _lot.c.auction_id)
        there |= {row["id"]: row for row in session.execute(query).mappings()}

    def review(row: PlanRow) -> PlanRow:
        lot = there.get(row.record_id) if row.record_id else None
        names = row.changes.keys() - FREE
        free = None if lot is None else free_of(session, lot, now)
        if lot is not None and lot["is_reported"] and lot["state"] is LotState.SOLD and (said := names - WORDS):
            words = _(REPORTED_SOLD).format(no=lot["lot_no"])
            return row.refused({spec.field(name).title: words for name in said})
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
