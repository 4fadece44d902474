"""A lot under the hammer: open, bid, call, hammer, correct. Each act is one transaction and answers after its commit.

`rules.auction_judge` decides; `services.auction_act` reads and writes.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expo_app.errors import Conflict
from expo_app.i18n import N_, _
from expo_app.model import Auction, Channel, EventKind, LadderKind, Lot, LotState, ReserveKind
from expo_app.rules import auction_ladder
from expo_app.rules.amounts import in_words, is_yuan
from expo_app.rules.auction_checklist import reminders
from expo_app.rules.auction_judge import (
    Answer,
    Bid,
    Entry,
    LotFacts,
    before,
    judge,
    opening_problem,
    place_of,
    standing,
    too_early,
)
from expo_app.rules.auction_ladder import Ladder
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_floor
from expo_app.services.access import require
from expo_app.services.auction_act import Floor, do
from expo_app.services.auction_floor import entries_of, opening_facts, rights_of
from expo_app.services.auction_owners import HOLDERS_OF_LOT
from expo_app.services.auction_sale import make_deal
from expo_app.services.record_writer import writing
from expo_app.specs.auction_hall import Outcome
from expo_app.specs.field_types import clean_text
from expo_app.specs.names import name_key
from expo_app.store.database import Database

read_hall, read_events = auction_floor.read_hall, auction_floor.read_events
sessions, numbers = auction_floor.sessions, auction_floor.numbers
PRICED = (EventKind.OPEN, EventKind.BID, EventKind.CORRECTION, EventKind.LADDER)
"""After these the next least amount is another one, or another paddle leads."""
UNDER, NO_BID = N_("没有达到保留价，流拍。"), N_("没有人应价，流拍。")
"""Why a lot passed, kept in its record as source text."""
EARLY = N_("{why}还没有落槌。仍要落槌就再来一次。")
ANY = Ladder(LadderKind.FIXED, Decimal("0.01"))
"""Increments that whatever is higher keeps."""
QUIET = (EventKind.CALL, EventKind.RESERVE_SEEN)
"""What may happen between a look and a hammer."""
_lot: Any = Lot.__table__


def read_rules(db: Database, auction_id: uuid.UUID) -> datetime:
    """宣读规则 (art. 49): the rules were read out now. Once is enough; the moment that is kept, in UTC."""
    require(db, "auction.run")
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


def open_lot(db: Database, lot_id: uuid.UUID, console: str = "", *, sure: bool = False) -> Outcome:
    """Begin with a lot that waits, or call one that passed once more: OPENED, or REFUSED with one sentence.

    CHECK asks of one that passed; with `sure` it is called. What its checklist reminds of is said as it opens.
    """

    def act(floor: Floor) -> Outcome:
        floor.hold()
        query = select(_lot.c.lot_no).where(
            _lot.c.auction_id == floor.lot["auction_id"], _lot.c.state == LotState.OPEN, _lot.c.id != lot_id
        )
        other = floor.connection.execute(query).scalar() or ""
        rights = rights_of(floor.connection, lot_id)
        patents = floor.connection.execute(HOLDERS_OF_LOT, {"lot": lot_id}).mappings().all()
        facts = opening_facts(floor.lot, floor.session, floor.ladder, rights, patents, other)
        if problem := opening_problem(facts):
            return floor.refused(problem)
        if floor.lot["state"] is LotState.PASSED and not sure:
            words = _("标的 {no} 已经流拍，再拍从起拍价重新开始；还没有开始。要再拍就再来一次。")
            return floor.answer(Answer.CHECK, None, words.format(no=floor.lot["lot_no"]))
        changed = {
            "state": LotState.OPEN, "is_paused": False, "price": None, "leader_id": None, "calls_made": 0,
            "opened_at": floor.at, "hammered_at": None,
        }  # fmt: skip
        floor.write(EventKind.OPEN, changed, amount=floor.lot["start_price"])
        lacking = reminders(auction_floor.lot_facts(floor.lot, rights, patents))
        words = _("提醒：{what}。").format(what=_("；").join(lacking)) if lacking else ""
        return floor.answer(Answer.OPENED, floor.lot["start_price"], words)

    try:
        return do(db, lot_id, console, act)
    except Conflict as problem:
        if problem.code == "E-GONE":
            raise
        return do(db, lot_id, console, act)  # another lot was opened in the same instant: now it is seen


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
    `seq` the console showed; a least amount that another console changed since answers MOVED, so that nobody bids more
    than was called out. `sure`: CHECK or AGAIN was answered and the auctioneer says yes.
    """

    def act(floor: Floor) -> Outcome:
        holder = floor.bidder(paddle)
        by_priority = is_equal and standing(entries_of(floor.connection, lot_id)).leads_by_priority
        facts = None if holder is None else floor.about(holder, channel or holder.channel)
        judged = judge(Bid(paddle, amount, is_equal, sure), floor.facts(by_priority), facts)
        asks_least = amount is None and judged.answer in (Answer.ACCEPTED, Answer.AGAIN)
        if asks_least and floor.moved(seen, *PRICED):
            return floor.answer(Answer.MOVED, judged.amount, _moved(floor))
        if judged.answer is not Answer.ACCEPTED or holder is None:
            return floor.answer(judged.answer, judged.amount, judged.reason)
        way = Channel.PRIORITY if is_equal else channel or holder.channel
        remarks = floor.remarks(holder)
        floor.write(
            EventKind.BID, {"price": judged.amount, "leader_id": holder.id, "calls_made": 0},
            amount=judged.amount, bidder_id=holder.id, channel=way,
        )  # fmt: skip
        return floor.answer(Answer.ACCEPTED, judged.amount, remarks)

    return do(db, lot_id, console, act)


def _moved(floor: Floor) -> str:
    words = _("刚有新的变化，现价 {price}，这一步没有记录。请看清再按一次。")
    return words.format(price=in_words(floor.lot["price"] or floor.lot["start_price"]))


def call(db: Database, lot_id: uuid.UUID, console: str = "", *, seen: int | None = None) -> Outcome:
    """报次: the price is called once more, as often as the session says; a bid clears the calls. CALLED with how often
    in `lot.calls_made`, MOVED where a bid came of another console since `seen`, CLOSED, or REFUSED where it was called
    often enough.
    """

    def act(floor: Floor) -> Outcome:
        if floor.is_closed:
            return floor.closed()
        if floor.moved(seen, *PRICED):
            return floor.answer(Answer.MOVED, floor.lot["price"], _moved(floor))
        if floor.lot["calls_made"] >= floor.lot["session_calls"]:
            words = _("已经报了 {n} 次，没有再记。可以落槌。")
            return floor.refused(words.format(n=floor.lot["calls_made"]))
        price, leader = floor.lot["price"], floor.lot["leader_id"]
        floor.write(EventKind.CALL, {"calls_made": floor.lot["calls_made"] + 1}, amount=price, bidder_id=leader)
        return floor.answer(Answer.CALLED, price)

    return do(db, lot_id, console, act)


def hammer(
    db: Database, lot_id: uuid.UUID, console: str = "", *, sure: bool = False, seen: int | None = None
) -> Outcome:
    """落槌 (art. 51): SOLD to the leading paddle, with its deal in the same transaction; or PASSED, the lot stands
    流拍: nobody bid, or the highest bid is under the reserve (art. 50). CLOSED where it is not open, or paused.

    CHECK where the price was not called as often as the session says, or an order in writing goes higher; with `sure`
    it falls all the same. `seen`: the `seq` the console showed; where anything but a call happened since, the answer is
    MOVED and nothing is done: the bid that came between counts. None takes the lot as it stands.
    """

    def act(floor: Floor) -> Outcome:
        if floor.is_closed:
            return floor.closed()
        if floor.happened(seen, but=QUIET):
            return floor.answer(Answer.MOVED, floor.lot["price"], _moved(floor))
        price, reserve = floor.lot["price"], floor.lot["reserve"]
        called, wanted = floor.lot["calls_made"], floor.lot["session_calls"]
        why = "" if sure else too_early(called, wanted, price is not None, floor.next_order())
        if why:
            return floor.answer(Answer.CHECK, price, _(EARLY).format(why=why))
        is_under = price is not None and floor.lot["reserve_kind"] is ReserveKind.SET and price < (reserve or price)
        if price is None or is_under:
            return _pass(floor, UNDER if is_under else NO_BID)
        return _sell(floor)

    return do(db, lot_id, console, act)


def _pass(floor: Floor, why: str) -> Outcome:
    price, leader = floor.lot["price"], floor.lot["leader_id"]
    changed = {"state": LotState.PASSED, "hammered_at": floor.at}
    floor.write(EventKind.PASSED, changed, amount=price, bidder_id=leader, note=why)
    return floor.answer(Answer.PASSED, price, _(why))


def _sell(floor: Floor) -> Outcome:
    lot, writer, today = floor.lot, floor.writer, floor.expo.local_day(floor.at)
    due_on = today + timedelta(days=lot["session_payment_days"])
    changed = {"state": LotState.SOLD, "hammered_at": floor.at, "due_on": due_on}
    floor.write(EventKind.SOLD, changed, amount=lot["price"], bidder_id=lot["leader_id"])
    was = {"deal_id": lot["deal_id"]}
    signed_on = min(today, floor.expo.local_day(writer.now))  # another console's clock may be a day ahead
    deal_id = make_deal(writer, floor.lot, signed_on)
    writer.update(_lot, floor.lot_id, was, {"deal_id": deal_id})
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
    def act(floor: Floor) -> Outcome:
        if floor.lot["state"] is not LotState.OPEN:
            return floor.closed()
        if floor.lot["is_paused"] is not paused:
            kind = EventKind.PAUSE if paused else EventKind.RESUME
            floor.write(kind, {"is_paused": paused}, note=clean_text(reason)[:300])
        return floor.answer(Answer.DONE, floor.lot["price"])

    return do(db, lot_id, console, act)


def correct(
    db: Database,
    lot_id: uuid.UUID,
    wrong: int,
    confirmed_by: str,
    paddle: int | None = None,
    amount: Decimal | None = None,
    *,
    no_bid: bool = False,
    sure: bool = False,
    reason: str = "",
    console: str = "",
) -> Outcome:
    """更正 of a wrong entry, before the hammer alone: a bid itself is never withdrawn (art. 36). Both entries stay.

    `wrong`: the `seq` of a bid, or of the correction that took its place. `paddle` and `amount` are what it should have
    been, what is not given stays; `no_bid`: nobody bid. `confirmed_by`: the auctioneer who confirms it. Price and
    leader are worked out anew from all entries, the calls begin anew. DONE with the price there is; else as `bid`
    answers it in its place (`sure` as there), LOW too where the bids would no longer rise one after the other.
    """

    def act(floor: Floor) -> Outcome:
        if floor.lot["state"] is not LotState.OPEN:
            return floor.closed()
        entries = entries_of(floor.connection, lot_id)
        entry = next((one for one in entries if one.seq == wrong), None)
        problem = _not_to_be_corrected(entries, entry) or _not_confirmed(floor, clean_text(confirmed_by))
        if problem or entry is None:
            return floor.refused(problem)
        fixed: Entry[int] = Entry(floor.lot["seq"] + 1, EventKind.CORRECTION, corrects=wrong)
        if not no_bid:
            put_right = _put_right(floor, entries, entry, Bid(paddle or 0, amount, sure=sure))
            if isinstance(put_right, Outcome):
                return put_right
            fixed = put_right
        note = "：".join(filter(None, (clean_text(confirmed_by), clean_text(reason))))
        return _write_correction(floor, entries, fixed, note)

    return do(db, lot_id, console, act)


def _not_to_be_corrected(entries: list[Entry[int]], entry: Entry[int] | None) -> str:
    begun = max((one.seq for one in entries if one.kind is EventKind.OPEN), default=0)
    if entry is None or entry.kind not in (EventKind.BID, EventKind.CORRECTION) or entry.seq < begun:
        return _("没有这一条出价，没有改。请在出价记录里选要更正的那一条。")
    if any(one.corrects == entry.seq for one in entries):
        return _("这一条已经更正过，没有改。要再改，请选更正后的那一条。")
    return ""


def _not_confirmed(floor: Floor, by: str) -> str:
    """Whoever conducts the session confirms it, not the clerk who may have seen wrong."""
    auctioneer = clean_text(floor.lot["session_auctioneer"])
    if not by:
        return _("更正要由主持人确认，没有改。请写明确认人。")
    if auctioneer and name_key(by) != name_key(auctioneer):
        return _("更正要由主持这一场的{name}确认，没有改。").format(name=auctioneer)
    if not auctioneer and name_key(by) == name_key(floor.db.actor.name):
        return _("更正要由主持人确认，不能是记录的人自己，没有改。")
    return ""


def _put_right(floor: Floor, entries: list[Entry[int]], entry: Entry[int], said: Bid) -> Outcome | Entry[int]:
    """The entry as it should have been, judged as a bid in its place; or the answer that it is none."""
    who, value = said.paddle or entry.who, entry.amount if said.amount is None else said.amount
    if who is None or value is None:
        return floor.refused(_("更正要写号牌和金额，没有改。"))
    if (who, value) == (entry.who, entry.amount):
        return floor.refused(_("和原来的一样，没有改。"))
    place = place_of(entries, entry.seq)
    there, holder, facts, way = before(entries, place), floor.bidder(who), None, Channel.ROOM
    if holder is not None:
        is_same = who == entry.who and entry.channel not in (None, Channel.PRIORITY)
        way = entry.channel if is_same and entry.channel else holder.channel
        facts = floor.about(holder, way)
        if facts.has_priority and value == there.price:
            way = Channel.PRIORITY
    # an amount that stays is not judged by increments that came later
    stays = value == entry.amount or any(one.kind is EventKind.LADDER and one.seq > place for one in entries)
    lot = LotFacts(
        LotState.OPEN, False, floor.lot["start_price"], there.price, there.leader, ANY if stays else floor.ladder,
        there.leads_by_priority,
    )  # fmt: skip
    judged = judge(Bid(who, value, way is Channel.PRIORITY, said.sure), lot, facts)
    if judged.answer is not Answer.ACCEPTED:
        return floor.answer(judged.answer, judged.amount, judged.reason)
    return Entry(floor.lot["seq"] + 1, EventKind.CORRECTION, value, who, way, entry.seq)


def _write_correction(floor: Floor, entries: list[Entry[int]], fixed: Entry[int], note: str) -> Outcome:
    was, after = standing(entries), standing([*entries, fixed])
    left = {bid[0] for bid in after.bids} - {place_of(entries, fixed.corrects or 0)}
    if fallen := was.equal & left - after.equal:
        who = next(paddle for seq, _amount, paddle, _way in was.bids if seq in fallen)
        words = _("{paddle} 号同价跟价跟的是这一口，没有改。先更正它的跟价，再改这一口。")
        return floor.refused(words.format(paddle=paddle_no(who)))
    if not after.rises:
        words = _("这样改，前后的出价就不是逐口升高了，没有改。请核对金额。")
        return floor.answer(Answer.LOW, fixed.amount, words)
    floor.write(
        EventKind.CORRECTION,
        {"price": after.price, "leader_id": _id_of(floor, after.leader), "calls_made": 0},
        amount=fixed.amount, bidder_id=_id_of(floor, fixed.who), channel=fixed.channel, corrects=fixed.corrects,
        note=note[:300],
    )  # fmt: skip
    return floor.answer(Answer.DONE, after.price)


def _id_of(floor: Floor, paddle: int | None) -> uuid.UUID | None:
    holder = None if paddle is None else floor.bidder(paddle)
    return None if holder is None else holder.id


def change_ladder(
    db: Database,
    lot_id: uuid.UUID,
    kind: LadderKind,
    step: Decimal | None = None,
    percent: Decimal | None = None,
    *,
    console: str = "",
) -> Outcome:
    """The auctioneer changes the increments of the open lot: from now on, as an event of it. `step` in yuan."""

    def act(floor: Floor) -> Outcome:
        if floor.lot["state"] is not LotState.OPEN:
            return floor.closed()
        was = {name: floor.lot[name] for name in ("ladder", "ladder_step", "ladder_percent")}
        after = {"ladder": kind, "ladder_step": step, "ladder_percent": percent}
        floor.lot |= after
        ladder = floor.ladder
        if not (step is None or is_yuan(step)) or not ladder.is_whole:
            floor.lot |= was
            return floor.refused(_("加价幅度没有写全，没有改。"))
        floor.write(EventKind.LADDER, amount=step, note=auction_ladder.words(ladder)[:300])
        floor.writer.update(_lot, lot_id, was, after)
        floor.writer.audit()
        return floor.answer(Answer.DONE, floor.lot["price"])

    return do(db, lot_id, console, act)


def lower_reserve(db: Database, lot_id: uuid.UUID, amount: Decimal, by: str, *, console: str = "") -> Outcome:
    """The owner lowers the reserve, before the hammer: only lower, in yuan; `by`: who said so for the owner.

    The record says that and when, never how much. It needs the right to look: whoever may only try amounts would find
    out by what is refused.
    """

    def act(floor: Floor) -> Outcome:
        lot = floor.lot
        if lot["state"] not in (LotState.READY, LotState.OPEN):
            return floor.closed()
        if lot["reserve_kind"] is not ReserveKind.SET or lot["reserve"] is None:
            return floor.refused(_("这件标的没有设保留价，没有改。"))
        if not clean_text(by):
            return floor.refused(_("降低保留价要写明委托人一方是谁提出的，没有改。"))
        if not is_yuan(amount) or amount >= lot["reserve"]:
            return floor.answer(Answer.LOW, None, _("保留价只能降低，没有改。"))
        floor.write(EventKind.RESERVE_LOWERED, note=clean_text(by)[:300])
        floor.writer.update(_lot, lot_id, {"reserve": lot["reserve"]}, {"reserve": amount})
        floor.writer.audit(clean_text(by)[:200])
        return floor.answer(Answer.DONE)

    return do(db, lot_id, console, act, "auction.reserve")


def look_at_reserve(db: Database, lot_id: uuid.UUID, *, console: str = "", reason: str = "") -> Decimal | None:
    """The reserve in yuan, None where there is none: shown once to whoever may, at any time, and every look is kept, in
    the record of the lot and in the log (art. 28).
    """

    def act(floor: Floor) -> Decimal | None:
        floor.write(EventKind.RESERVE_SEEN, note=clean_text(reason)[:300])
        floor.writer.note("reveal", _lot, lot_id)
        floor.writer.audit(clean_text(reason)[:200])
        reserve: Decimal | None = floor.lot["reserve"] if floor.lot["reserve_kind"] is ReserveKind.SET else None
        return reserve

    return do(db, lot_id, console, act, "auction.reserve")


def withdraw(db: Database, lot_id: uuid.UUID, reason: str, *, console: str = "") -> Outcome:
    """撤回 by the owner, before it is called (art. 29): it is not counted as passed."""

    def act(floor: Floor) -> Outcome:
        if floor.lot["state"] is not LotState.READY:
            words = _("标的 {no} 的状态是“{state}”，只有待拍的可以撤回，数据未变。")
            return floor.refused(words.format(no=floor.lot["lot_no"], state=floor.lot["state"].label))
        if not clean_text(reason):
            return floor.refused(_("撤回要写明原因，数据未变。"))
        floor.write(EventKind.WITHDRAWN, {"state": LotState.WITHDRAWN}, note=clean_text(reason)[:300])
        return floor.answer(Answer.DONE)

    return do(db, lot_id, console, act)


def unlock(db: Database, lot_id: uuid.UUID, reason: str, *, console: str = "") -> Outcome:
    """解除锁定 of a sold lot, for `auction_floor.UNLOCKED_FOR`: a form may put its words right. Price, buyer and deal
    stay as the hammer left them.
    """

    def act(floor: Floor) -> Outcome:
        if floor.lot["state"] not in auction_floor.LOCKED:
            return floor.refused(_("标的 {no} 没有锁定，数据未变。").format(no=floor.lot["lot_no"]))
        if not clean_text(reason):
            return floor.refused(_("解除锁定要写明原因，数据未变。"))
        floor.write(EventKind.REOPENED, note=clean_text(reason)[:300])
        return floor.answer(Answer.DONE, floor.lot["price"])

    return do(db, lot_id, console, act)
