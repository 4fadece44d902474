"""A lot under the hammer, act by act: what is answered, what is kept, what makes a deal, and what nobody is told."""

import json
import random
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from expo_app.errors import UserError
from expo_app.model import (
    Auction,
    Audit,
    Bidder,
    Channel,
    Consent,
    Deal,
    DealKind,
    DealParty,
    DealPatent,
    DealStage,
    DealStep,
    Entry,
    EventKind,
    IncrementBand,
    LadderKind,
    Lot,
    LotEvent,
    LotPatent,
    LotState,
    Organisation,
    PartyRole,
    PatentKind,
    PricingWay,
    Priority,
    ReserveKind,
    RightRole,
    Role,
)
from expo_app.rules.auction_judge import Answer, standing
from expo_app.rules.auction_ladder import Ladder
from expo_app.services import auction_floor, auction_hall, merging
from expo_app.services.auction_floor import entries_of
from expo_app.specs.auction_hall import Outcome
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database, open_database
from tests.auction_room import make_auction, make_bidder, make_lot, make_order, make_right
from tests.factories import make_expo, make_item, make_organisation

WAN = 10_000
RESERVE = Decimal("1234567.89")
LOOK = "1234567"


class Room:
    """A session with two lots and paddles 7, 18 and 23; lot 01 from 100 万, 4 万 a step."""

    def __init__(self, db: Database, **of_lot: Any) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session, code="KJH18")
            self.item = make_item(session, expo, "专利专场", kind="auction").id
            auction = make_auction(session, expo, programme_item_id=self.item, payment_days=7)
            self.owner = make_organisation(session, "光学研究所", nature="科研机构").id
            lot = make_lot(session, auction, "01", owner_id=self.owner, **of_lot)
            other = make_lot(session, auction, "02")
            self.bidders = {n: make_bidder(session, auction, n, agent=f"代理{n}").id for n in (7, 18, 23)}
            self.expo, self.auction, self.lot, self.other = expo.id, auction.id, lot.id, other.id

    def open(self, sure: bool = True) -> Outcome:
        return auction_hall.open_lot(self.db, self.lot, sure=sure)

    def bid(self, paddle: int, wan: float | None = None, **given: Any) -> Outcome:
        amount = None if wan is None else Decimal(str(wan)) * WAN
        return auction_hall.bid(self.db, self.lot, paddle, amount, **given)

    def row(self) -> Lot:
        with self.db.reading() as session:
            return session.get_one(Lot, self.lot)

    def events(self) -> list[LotEvent]:
        with self.db.reading() as session:
            return list(session.scalars(select(LotEvent).where(LotEvent.lot_id == self.lot).order_by(LotEvent.seq)))

    def check(self) -> None:
        """The row is where the events leave it."""
        row = self.row()
        with self.db.reading() as session:
            found = standing(entries_of(session.connection(), self.lot))
            leader = None if found.leader is None else self.bidders[found.leader]
        assert (row.price, row.leader_id, row.calls_made) == (found.price, leader, found.calls)
        assert row.seq == len(self.events())

    def change(self, **values: Any) -> None:
        with self.db.transaction() as session:
            lot = session.get_one(Lot, self.lot)
            for name, value in values.items():
                setattr(lot, name, value)


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


def test_from_the_first_hand_to_the_deal(room: Room) -> None:
    opened = room.open()
    assert (opened.answer, opened.amount, opened.lot.state) == (Answer.OPENED, 100 * WAN, LotState.OPEN)
    assert room.bid(7).amount == 100 * WAN
    assert room.bid(18).amount == 104 * WAN
    jump = room.bid(7, 120)
    assert (jump.answer, jump.lot.price, jump.lot.leader) == (Answer.ACCEPTED, 120 * WAN, 7)
    assert [auction_hall.call(room.db, room.lot).lot.calls_made for _n in range(2)] == [1, 2]
    assert room.bid(23).lot.calls_made == 0
    assert [auction_hall.call(room.db, room.lot).answer for _n in range(4)] == [*[Answer.CALLED] * 3, Answer.REFUSED]
    sold = auction_hall.hammer(room.db, room.lot)
    assert (sold.answer, sold.amount, sold.lot.leader, sold.lot.state) == (Answer.SOLD, 124 * WAN, 23, LotState.SOLD)
    room.check()
    kinds = [event.kind.name for event in room.events()]
    assert kinds == ["OPEN", *["BID"] * 3, *["CALL"] * 2, "BID", *["CALL"] * 3, "SOLD"]
    assert {event.channel for event in room.events() if event.kind is EventKind.BID} == {Channel.ROOM}


def test_a_sale_makes_its_deal(db: Database) -> None:
    patents = [
        LotPatent(position=0, kind=PatentKind.UTILITY_MODEL, title="甲", patent_no="2018200000001", applicant="所"),
        LotPatent(
            position=1, title="乙", application_no="201810000001X", holder="光学研究所", filed_on=date(2018, 1, 2)
        ),
    ]
    room, now = Room(db, patents=patents), datetime(2018, 11, 29, 17, 30, tzinfo=UTC)  # already the 30th there
    db.clock = lambda: now
    db.actor = Actor("张三", Role.DEALS, "竞价台")
    room.open()
    room.bid(18, 150)
    sold = auction_hall.hammer(db, room.lot, "01 号机", sure=True)
    with db.reading() as session:
        (deal,) = session.scalars(select(Deal)).all()
        parties = session.execute(select(DealParty.role, DealParty.nature, DealParty.signer, Organisation.name)
                                  .join(Organisation)).all()  # fmt: skip
        (step,) = session.scalars(select(DealStep)).all()
        copied = session.scalars(select(DealPatent).order_by(DealPatent.position)).all()
        told = session.execute(select(Audit.table_name, Audit.action, Audit.operator).where(Audit.table_name != "x"))
        logged = {(table, action) for table, action, operator in told if operator == "张三"}
    assert (sold.lot.deal_id, deal.deal_no, deal.title) == (deal.id, "KJH-2018-001", "标的01")
    assert (deal.kind, deal.stage, deal.entry) == (DealKind.AUCTION_SALE, DealStage.SIGNED, Entry.VALID)
    assert (deal.amount, deal.currency, deal.tech_amount) == (150 * WAN, "CNY", None)
    assert (deal.signed_on, deal.pricing_way, deal.contract_kind) == (date(2018, 11, 30), PricingWay.AUCTIONED, "")
    assert (deal.programme_item_id, deal.is_sample) == (room.item, False)
    assert {tuple(party) for party in parties} == {
        (PartyRole.SELLER, "科研机构", "", "光学研究所"), (PartyRole.BUYER, "", "代理18", "竞买单位18"),
    }  # fmt: skip
    assert (step.stage, step.entry, step.on_date, step.operator) == (
        DealStage.SIGNED, Entry.VALID, date(2018, 11, 30), "张三",
    )  # fmt: skip
    assert [(one.title, one.kind, one.patent_no, one.application_no, one.applicant, one.holder, one.filed_on)
            for one in copied] == [
        ("甲", PatentKind.UTILITY_MODEL, "2018200000001", "", "所", "", None),
        ("乙", PatentKind.INVENTION, "", "201810000001X", "", "光学研究所", date(2018, 1, 2)),
    ]  # fmt: skip
    row = room.row()
    assert (row.due_on, row.hammered_at, row.deal_id) == (date(2018, 12, 7), now, deal.id)
    assert {("deal", "insert"), ("deal_party", "insert"), ("deal_patent", "insert"), ("lot", "update")} <= logged
    last = room.events()[-1]
    assert (last.operator, last.console, last.amount) == ("张三", "01 号机", 150 * WAN)


def test_a_deal_of_a_sample_lot_is_a_sample(db: Database) -> None:
    room = Room(db, is_sample=True)
    room.open()
    room.bid(7)
    auction_hall.hammer(db, room.lot, sure=True)
    with db.reading() as session:
        assert session.scalar(select(Deal.is_sample)) is True
    assert all(event.is_sample for event in room.events())


def test_names_that_hold_a_mark_between_names_stay_whole(db: Database) -> None:
    room = Room(db)
    with db.transaction() as session:
        session.get_one(Organisation, room.owner).name = "甲、乙联合研究所，Ltd"
    room.open()
    room.bid(7)
    auction_hall.hammer(db, room.lot, sure=True)
    with db.reading() as session:
        assert session.scalars(select(DealParty.organisation_id).where(DealParty.role == PartyRole.SELLER)).all() == [
            room.owner
        ]


# --- the hammer ---


def test_without_a_bid_and_under_the_reserve_a_lot_passes_and_can_be_called_again(db: Database) -> None:
    room = Room(db, reserve_kind=ReserveKind.SET, reserve=RESERVE)
    room.open()
    assert auction_hall.hammer(db, room.lot, sure=True).answer is Answer.PASSED
    assert room.open().answer is Answer.OPENED
    room.bid(7, 120)
    passed = auction_hall.hammer(db, room.lot, sure=True)
    assert (passed.answer, passed.lot.state, passed.lot.deal_id) == (Answer.PASSED, LotState.PASSED, None)
    assert "没有达到保留价" in passed.reason
    assert room.open().lot.price is None
    room.check()
    room.bid(7, 123.456789)
    assert auction_hall.hammer(db, room.lot, sure=True).answer is Answer.SOLD
    with db.reading() as session:
        assert session.scalars(select(Deal.amount)).all() == [RESERVE]


def test_a_bid_that_came_between_keeps_the_hammer_up(room: Room) -> None:
    room.open()
    seen = room.bid(7).lot.seq
    auction_hall.call(room.db, room.lot)
    room.bid(18)
    moved = auction_hall.hammer(room.db, room.lot, seen=seen, sure=True)
    assert (moved.answer, moved.lot.state, moved.lot.leader) == (Answer.MOVED, LotState.OPEN, 18)
    assert "108" not in moved.reason
    assert "104.00 万元" in moved.reason
    auction_hall.call(room.db, room.lot)  # a call alone changes nothing for it
    assert auction_hall.hammer(room.db, room.lot, seen=moved.lot.seq, sure=True).answer is Answer.SOLD


def test_nothing_moves_a_lot_that_is_not_open(room: Room) -> None:
    def acts() -> list[Outcome]:
        return [
            room.bid(7), auction_hall.call(room.db, room.lot), auction_hall.hammer(room.db, room.lot, sure=True),
            auction_hall.correct(room.db, room.lot, 1, "张师"), auction_hall.pause(room.db, room.lot),
            auction_hall.resume(room.db, room.lot),
            auction_hall.change_ladder(room.db, room.lot, LadderKind.BANDS),
        ]  # fmt: skip

    assert {one.answer for one in acts()} == {Answer.CLOSED}
    assert room.row().seq == 0
    room.open()
    room.bid(7)
    auction_hall.hammer(room.db, room.lot, sure=True)
    seq = room.row().seq
    assert {one.answer for one in acts()} == {Answer.CLOSED}
    assert all(one.reason for one in acts())
    assert room.open().answer is Answer.REFUSED
    assert room.row().seq == seq


def test_a_pause_takes_no_bids_and_goes_on(room: Room) -> None:
    room.open()
    room.bid(7)
    assert auction_hall.pause(room.db, room.lot, reason="核对号牌").lot.is_paused
    auction_hall.pause(room.db, room.lot)  # once is enough
    acts = (room.bid(18), auction_hall.call(room.db, room.lot), auction_hall.hammer(room.db, room.lot, sure=True))
    assert {one.answer for one in acts} == {Answer.CLOSED}
    assert not auction_hall.resume(room.db, room.lot).lot.is_paused
    assert room.bid(18).is_done
    assert [e.kind.name for e in room.events()] == ["OPEN", "BID", "PAUSE", "RESUME", "BID"]
    assert room.events()[2].note == "核对号牌"


# --- opening ---


@pytest.mark.parametrize("consent", [None, Consent.PENDING, Consent.REFUSED])
def test_no_lot_is_called_without_the_consent_of_its_co_owners(room: Room, consent: Consent | None) -> None:
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "发明人甲", RightRole.INVENTOR, priority=Priority.PENDING)
        right = make_right(session, lot, "某大学", consent=consent)
    refused = room.open()
    assert (refused.answer, refused.lot.state, refused.lot.seq) == (Answer.REFUSED, LotState.READY, 0)
    assert "某大学" in refused.reason
    assert auction_hall.read_hall(room.db, room.auction).lots[0].problem == refused.reason
    with room.db.transaction() as session:
        session.get_one(type(right), right.id).consent = Consent.GIVEN
    assert room.open().answer is Answer.OPENED


def test_what_else_keeps_a_lot_closed(room: Room) -> None:
    for values in (
        {"start_price": None}, {"reserve_kind": ReserveKind.UNSET}, {"reserve_kind": ReserveKind.SET},
        {"ladder": LadderKind.TABLE}, {"ladder_step": None}, {"state": LotState.WITHDRAWN},
    ):  # fmt: skip
        before = {name: getattr(room.row(), name) for name in values}
        room.change(**values)
        assert room.open().answer is Answer.REFUSED, values
        room.change(**before)
    assert room.open().is_done
    refused = auction_hall.open_lot(room.db, room.other)
    assert (refused.answer, "标的 01 还在竞价" in refused.reason) == (Answer.REFUSED, True)


def test_the_rules_are_read_before_the_first_lot(room: Room) -> None:
    with room.db.transaction() as session:
        session.get_one(Auction, room.auction).rules_read_at = None
    assert "宣读规则" in room.open().reason
    at = auction_hall.read_rules(room.db, room.auction)
    assert auction_hall.read_rules(room.db, room.auction) == at
    assert room.open().is_done


# --- who bids ---


def test_owners_co_owners_and_the_house_bid_under_no_name(db: Database) -> None:
    room = Room(db)
    with db.transaction() as session:
        auction, house = session.get_one(Auction, room.auction), make_organisation(session, "某拍卖行")
        auction.house_id = house.id
        owner = session.get_one(Organisation, room.owner)
        owner.aliases, owner.name_en = ["光学所"], "Optics Institute"
        make_right(session, session.get_one(Lot, room.lot), "某 大学", consent=Consent.GIVEN)
        (one,) = session.scalars(select(Bidder).where(Bidder.auction_id == auction.id, Bidder.paddle == 7)).all()
        one.is_staff = True
        for paddle, given in {
            31: {"organisation_id": room.owner}, 32: {"name": "光学所"}, 33: {"name": "某大学"},
            34: {"name": "ＯＰＴＩＣＳ　Institute"}, 35: {"organisation_id": house.id}, 36: {"agent": "光学研究所"},
        }.items():  # fmt: skip
            room.bidders[paddle] = make_bidder(session, auction, paddle, **given).id
    room.open()
    for paddle in (7, 31, 32, 33, 34, 35, 36):
        refused = room.bid(paddle, 200, sure=True)
        assert (refused.answer, bool(refused.reason)) == (Answer.OWN_LOT, True), paddle
    assert room.bid(18).is_done
    other = auction_hall.bid  # on a lot of somebody else the owner is a bidder like any
    auction_hall.hammer(db, room.lot, sure=True)
    auction_hall.open_lot(db, room.other)
    assert other(db, room.other, 31).answer is Answer.ACCEPTED
    assert other(db, room.other, 7).answer is Answer.OWN_LOT


def test_an_owner_by_a_merge_is_the_owner(room: Room) -> None:
    with room.db.reading() as session:
        twin = session.scalar(select(Bidder.organisation_id).where(Bidder.paddle == 18))
    assert twin is not None
    room.open()
    assert room.bid(18).is_done
    with pytest.raises(UserError):  # who bid on it already does not become its owner unnoticed
        merging.merge(room.db, Pair("organisations", room.owner, twin))
    auction_hall.hammer(room.db, room.lot, sure=True)


def test_a_priority_bidder_takes_the_highest_bid_over_at_its_price(room: Room) -> None:
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "李发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=room.bidders[23])
        make_right(session, lot, "王发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=room.bidders[18])
    room.open()
    assert room.bid(23, is_equal=True).answer is Answer.LOW  # nothing to follow yet
    room.bid(7, 110)
    assert auction_hall.read_hall(room.db, room.auction).priority == {18, 23}
    assert room.bid(7, is_equal=True).answer is Answer.NO_PRIORITY
    equal = room.bid(23, is_equal=True)
    assert (equal.answer, equal.amount, equal.lot.leader) == (Answer.ACCEPTED, 110 * WAN, 23)
    assert room.bid(18, is_equal=True).answer is Answer.NO_PRIORITY  # one takes a price over, and once
    assert room.events()[-1].channel is Channel.PRIORITY
    room.check()
    assert room.bid(7).amount == 114 * WAN
    assert room.bid(18, is_equal=True).is_done
    sold = auction_hall.hammer(room.db, room.lot, sure=True)
    assert (sold.lot.leader, sold.amount) == (18, 114 * WAN)


def test_a_co_owner_who_claims_its_priority_bids_with_that_paddle(room: Room) -> None:
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "竞买单位18", consent=Consent.GIVEN, priority=Priority.CLAIMED,
                   bidder_id=room.bidders[18])  # fmt: skip
        make_right(session, lot, "竞买单位23", consent=Consent.GIVEN)
    room.open()
    assert room.bid(23).answer is Answer.OWN_LOT
    assert room.bid(18).is_done


def test_a_written_order_is_offered_and_never_taken_by_itself(room: Room) -> None:
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        for paddle, wan in ((7, 130), (18, 160), (23, 160)):
            later = datetime(2018, 11, 29, 2, tzinfo=UTC) + timedelta(minutes=paddle)
            make_order(session, lot, session.get_one(Bidder, room.bidders[paddle]), wan * WAN, received_at=later)
    room.open()

    def offered() -> int | None:
        order = auction_hall.read_hall(room.db, room.auction).next_order
        return order and order.paddle

    assert offered() == 18
    assert room.bid(18, channel=Channel.WRITTEN).is_done
    assert offered() == 23
    room.bid(7, 150)
    assert offered() == 18
    room.bid(7, 158, sure=True)
    assert offered() is None
    assert room.row().price == 158 * WAN
    assert room.events()[1].channel is Channel.WRITTEN


def test_an_order_in_writing_is_never_bid_beyond(room: Room) -> None:
    with room.db.transaction() as session:
        lot, written = session.get_one(Lot, room.lot), session.get_one(Bidder, room.bidders[7])
        written.channel = Channel.WRITTEN
        session.get_one(Bidder, room.bidders[23]).channel = Channel.WRITTEN
        make_order(session, lot, written, 110 * WAN)
        make_order(session, lot, session.get_one(Bidder, room.bidders[18]), 110 * WAN)
    room.open()
    beyond = room.bid(7, 110.01)
    assert (beyond.answer, "110.00 万元" in beyond.reason) == (Answer.REFUSED, True)
    assert room.bid(7, 300, sure=True).answer is Answer.REFUSED
    assert room.bid(18, 300, channel=Channel.WRITTEN).answer is Answer.REFUSED
    nobody = room.bid(23)  # whose order is for another lot
    assert (nobody.answer, "没有委托" in nobody.reason) == (Answer.REFUSED, True)
    assert room.bid(7).is_done
    assert room.bid(18, 120).is_done  # who left an order and came all the same
    fixed = auction_hall.correct(room.db, room.lot, room.row().seq, "张师", 7)
    assert (fixed.answer, room.row().price) == (Answer.REFUSED, 120 * WAN)


# --- what a console saw ---


def test_the_least_amount_is_not_another_one_than_was_seen(room: Room) -> None:
    seen = room.open().lot.seq
    room.bid(7)
    late = room.bid(18, seen=seen)
    assert (late.answer, late.lot.leader, late.is_done) == (Answer.MOVED, 7, False)
    assert room.bid(18, 104, seen=seen).is_done  # what was called out is judged as it was
    seen = room.row().seq
    auction_hall.call(room.db, room.lot)
    assert room.bid(7, seen=seen).is_done  # a call does not move the price


def test_what_a_console_did_itself_is_no_change_that_it_did_not_see(room: Room) -> None:
    seen = room.open().lot.seq
    for paddle in (7, 18, 7):  # typed before the first of them was answered
        assert room.bid(paddle, seen=seen, console="one").is_done
    assert auction_hall.call(room.db, room.lot, "one", seen=seen).is_done
    seen = room.row().seq
    assert room.bid(18, seen=seen, console="one").is_done
    assert room.bid(7, 130, console="two").is_done
    assert [room.bid(18, seen=seen, console=name).answer for name in ("one", "two")] == [Answer.MOVED] * 2
    assert auction_hall.call(room.db, room.lot, "one", seen=seen).answer is Answer.MOVED
    assert room.row().price == 130 * WAN


def test_a_digit_too_many_and_the_same_paddle_are_asked_about(room: Room) -> None:
    room.open()
    asked = room.bid(7, 10_000)
    assert (asked.answer, asked.amount, room.row().seq) == (Answer.CHECK, 10_000 * WAN, 1)
    assert room.bid(7, 1000).is_done
    assert room.bid(7).answer is Answer.AGAIN
    assert room.bid(7, sure=True).amount == 1004 * WAN
    assert room.bid(99).answer is Answer.UNKNOWN_PADDLE


def test_a_hammer_before_all_calls_is_asked_about(room: Room) -> None:
    room.open()
    assert auction_hall.hammer(room.db, room.lot).answer is Answer.PASSED  # without a bid nothing is called
    room.open()
    room.bid(7)
    auction_hall.call(room.db, room.lot)
    seq = room.row().seq
    early = auction_hall.hammer(room.db, room.lot)
    assert (early.answer, early.reason) == (Answer.CHECK, "只报了 1 次，应报 3 次。还没有落槌。仍要落槌就再来一次。")
    assert room.row().seq == seq
    assert auction_hall.hammer(room.db, room.lot, sure=True).answer is Answer.SOLD


@pytest.mark.parametrize("amount", ["1040000.001", "0", "-5", "NaN", "Infinity", "1E+20"])
def test_an_amount_that_is_none_is_refused(room: Room, amount: str) -> None:
    room.open()
    room.bid(7)
    wrong, none = room.row().seq, Decimal(amount)
    found = [
        auction_hall.bid(room.db, room.lot, 18, none, sure=True),
        auction_hall.correct(room.db, room.lot, wrong, "张师", amount=none, sure=True),
        auction_hall.change_ladder(room.db, room.lot, LadderKind.FIXED, none),
    ]
    assert {outcome.answer for outcome in found} == {Answer.REFUSED}
    room.change(reserve_kind=ReserveKind.SET, reserve=RESERVE)
    assert auction_hall.lower_reserve(room.db, room.lot, none, "李总").answer is Answer.LOW
    assert room.row().seq == wrong


# --- corrections ---


def test_a_wrong_entry_is_put_right_and_both_stay(room: Room) -> None:
    room.open()
    room.bid(7)
    wrong = room.bid(18).lot.seq
    auction_hall.call(room.db, room.lot)
    fixed = auction_hall.correct(room.db, room.lot, wrong, "张师", 23, reason="号牌看错")
    assert (fixed.answer, fixed.lot.leader, fixed.lot.price, fixed.lot.calls_made) == (Answer.DONE, 23, 104 * WAN, 0)
    room.check()
    (entry,) = [event for event in room.events() if event.kind is EventKind.CORRECTION]
    assert (entry.corrects, entry.note, entry.bidder_id) == (wrong, "张师：号牌看错", room.bidders[23])
    assert [event.is_wrong for event in auction_hall.read_hall(room.db, room.auction).events] == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert auction_hall.correct(room.db, room.lot, wrong, "张师", 7).answer is Answer.REFUSED  # it is right by now
    amount = auction_hall.correct(room.db, room.lot, entry.seq, "张师", amount=Decimal(106 * WAN))
    assert (amount.lot.price, amount.lot.leader) == (106 * WAN, 23)
    gone = auction_hall.correct(room.db, room.lot, amount.lot.seq, "张师", no_bid=True)
    assert (gone.lot.price, gone.lot.leader) == (100 * WAN, 7)
    room.check()
    back = auction_hall.correct(room.db, room.lot, gone.lot.seq, "张师", 18, Decimal(104 * WAN))
    assert (back.lot.price, back.lot.leader) == (104 * WAN, 18)
    room.check()


def test_a_correction_takes_nothing_that_a_bid_would_not(room: Room) -> None:
    room.open()
    room.bid(7)
    wrong = room.bid(18).lot.seq

    def fix(**given: Any) -> tuple[Answer, Decimal | None]:
        found = auction_hall.correct(room.db, room.lot, wrong, "张师", **given)
        return found.answer, found.lot.price

    assert fix(amount=Decimal(1_000_001)) == (Answer.LOW, 104 * WAN)  # less than a step above
    assert fix(amount=Decimal(104_000 * WAN)) == (Answer.CHECK, 104 * WAN)
    assert fix(amount=Decimal("1040000.001")) == (Answer.REFUSED, 104 * WAN)
    assert fix(paddle=7) == (Answer.AGAIN, 104 * WAN)  # who would have raised their own price
    assert fix(amount=Decimal(104_000 * WAN), sure=True) == (Answer.DONE, 104_000 * WAN)
    room.check()


def test_an_older_entry_is_not_judged_by_increments_that_came_later(room: Room) -> None:
    room.open()
    room.bid(7)
    wrong = room.bid(18).lot.seq
    auction_hall.change_ladder(room.db, room.lot, LadderKind.FIXED, Decimal(20 * WAN))
    room.bid(7)
    assert auction_hall.correct(room.db, room.lot, wrong, "张师", 23).is_done
    assert auction_hall.correct(room.db, room.lot, room.row().seq, "张师", amount=Decimal(106 * WAN)).is_done
    room.check()


def test_a_correction_is_confirmed_by_the_auctioneer(room: Room) -> None:
    room.db.actor = Actor("小王", Role.DEALS)
    room.open()
    wrong = room.bid(7).lot.seq

    def answer(by: str) -> Answer:
        return auction_hall.correct(room.db, room.lot, wrong, by, no_bid=True).answer

    assert answer("小 王") is Answer.REFUSED  # the clerk's own word
    with room.db.transaction() as session:
        session.get_one(Auction, room.auction).auctioneer = "顾 师"
    assert (answer("x"), answer("小王"), answer("顾师")) == (Answer.REFUSED, Answer.REFUSED, Answer.DONE)


def test_a_bid_equal_by_priority_may_be_what_an_entry_was_meant_to_be(room: Room) -> None:
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "李发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=room.bidders[23])
    room.open()
    room.bid(7)
    wrong = room.bid(23).lot.seq
    equal = auction_hall.correct(room.db, room.lot, wrong, "张师", amount=Decimal(100 * WAN))
    assert (equal.answer, equal.lot.price, equal.lot.leader) == (Answer.DONE, 100 * WAN, 23)
    assert room.events()[-1].channel is Channel.PRIORITY
    raised = auction_hall.correct(room.db, room.lot, room.row().seq, "张师", amount=Decimal(108 * WAN))
    assert (raised.lot.price, room.events()[-1].channel) == (108 * WAN, Channel.ROOM)
    other = auction_hall.correct(room.db, room.lot, room.row().seq, "张师", 18)
    assert (other.lot.leader, room.events()[-1].channel) == (18, Channel.ROOM)


def test_a_bid_under_an_equal_one_goes_only_after_it(room: Room) -> None:
    """What a priority bidder followed stays as long as it follows: else the price would be one that nobody offered."""
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "李发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=room.bidders[23])
    room.open()
    room.bid(7)
    followed = room.bid(18).lot.seq
    equal = room.bid(23, is_equal=True).lot.seq
    for given in ({"no_bid": True}, {"amount": Decimal(106 * WAN)}):
        refused = auction_hall.correct(room.db, room.lot, followed, "张师", **given)
        assert (refused.is_done, refused.lot.price) == (False, 104 * WAN)
    raised = auction_hall.correct(room.db, room.lot, followed, "张师", no_bid=True)
    assert "23 号同价跟价跟的是这一口，没有改。先更正它的跟价" in raised.reason
    assert auction_hall.correct(room.db, room.lot, equal, "张师", no_bid=True).lot.leader == 18
    assert auction_hall.correct(room.db, room.lot, followed, "张师", no_bid=True).lot.price == 100 * WAN
    room.check()


def test_the_hammer_asks_once_where_an_order_in_writing_can_still_bid(room: Room) -> None:
    with room.db.transaction() as session:
        absent = session.get_one(Bidder, room.bidders[23])
        absent.channel = Channel.WRITTEN
        make_order(session, session.get_one(Lot, room.lot), absent, 1_080_000)
    room.open()
    waits = auction_hall.hammer(room.db, room.lot)
    assert waits.answer is Answer.CHECK  # nobody bid, and the order would
    assert waits.reason == "23 号的书面委托还可以出价。还没有落槌。仍要落槌就再来一次。"
    room.bid(7)
    for _n in range(3):
        auction_hall.call(room.db, room.lot)
    assert auction_hall.hammer(room.db, room.lot).answer is Answer.CHECK
    room.bid(23)
    for _n in range(3):
        auction_hall.call(room.db, room.lot)
    assert auction_hall.hammer(room.db, room.lot).answer is Answer.SOLD  # the order leads


def test_a_lot_that_passed_is_asked_about_before_it_is_opened_once_more(room: Room) -> None:
    room.open()
    assert auction_hall.hammer(room.db, room.lot).answer is Answer.PASSED
    assert room.open(sure=False).answer is Answer.CHECK
    assert room.row().state is LotState.PASSED
    assert auction_hall.open_lot(room.db, room.lot, sure=True).answer is Answer.OPENED


def test_what_is_no_correction(room: Room) -> None:
    room.open()
    first, second = room.bid(7).lot.seq, room.bid(18, 120).lot.seq
    third = room.bid(7, 130).lot.seq

    def answer(wrong: int, by: str = "张师", *given: Any, **more: Any) -> Answer:
        found = auction_hall.correct(room.db, room.lot, wrong, by, *given, **more)
        assert found.reason
        return found.answer

    assert answer(1, "张师", 7) is Answer.REFUSED  # no bid
    assert answer(99, "张师", 7) is Answer.REFUSED
    assert answer(second, " ", 23) is Answer.REFUSED
    assert answer(second) is Answer.REFUSED  # nothing is other than it was
    assert answer(second, "张师", 99) is Answer.UNKNOWN_PADDLE
    assert answer(second, "张师", None, Decimal(130 * WAN)) is Answer.LOW
    assert answer(third, "张师", None, Decimal(120 * WAN)) is Answer.LOW
    assert answer(first, "张师", None, Decimal(99 * WAN)) is Answer.LOW
    assert room.row().seq == third
    room.check()


# --- increments, reserve, withdrawal, lock ---


def test_the_auctioneer_changes_the_increments(room: Room) -> None:
    room.open()
    room.bid(7)
    changed = auction_hall.change_ladder(room.db, room.lot, LadderKind.PERCENT, percent=Decimal("2.5"))
    assert changed.answer is Answer.DONE
    assert room.bid(18).amount == Decimal("1025000")
    assert auction_hall.change_ladder(room.db, room.lot, LadderKind.FIXED).answer is Answer.REFUSED
    assert auction_hall.change_ladder(room.db, room.lot, LadderKind.TABLE).answer is Answer.REFUSED
    with room.db.transaction() as session:
        session.add(IncrementBand(auction_id=room.auction, from_amount=Decimal(0), step=Decimal(1000)))
    assert auction_hall.change_ladder(room.db, room.lot, LadderKind.TABLE).is_done
    assert room.bid(7).amount == Decimal("1026000")
    assert [e.note for e in room.events() if e.kind is EventKind.LADDER] == ["按比例加价 2.5%", "自定阶梯"]
    assert auction_hall.read_hall(room.db, room.auction).steps == (1_027_000, 1_028_000, 1_029_000)


def test_a_lot_without_its_own_increments_has_those_of_the_session(db: Database) -> None:
    room = Room(db, ladder=None, ladder_step=None)
    room.open()
    hall = auction_hall.read_hall(db, room.auction)
    assert hall.live is not None
    assert hall.live.ladder == Ladder(LadderKind.BANDS)
    assert hall.steps == (1_000_000, 1_100_000, 1_200_000)


def everything(db: Database, room: Room) -> str:
    """All that a hall, a log and an answer say."""
    with db.reading() as session:
        logged = [json.dumps([row.before, row.after, row.reason]) for row in session.scalars(select(Audit))]
        kept = [f"{e.amount} {e.note}" for e in session.scalars(select(LotEvent))]
    hall = auction_hall.read_hall(db, room.auction)
    return repr((logged, kept, hall, auction_hall.read_events(db, room.lot)))


def test_nobody_learns_a_reserve_without_a_look_that_is_kept(db: Database) -> None:
    room = Room(db, reserve_kind=ReserveKind.SET, reserve=RESERVE)
    room.open()
    room.bid(7)
    said = [room.bid(18), auction_hall.hammer(db, room.lot, sure=True), room.open()]
    assert LOOK not in everything(db, room) + repr(said)
    db.actor = Actor("李监督", Role.SUPERVISOR)
    assert auction_hall.look_at_reserve(db, room.lot, reason="委托人要求") == RESERVE
    last = room.events()[-1]
    assert (last.kind, last.operator, last.amount, last.note) == (EventKind.RESERVE_SEEN, "李监督", None, "委托人要求")
    with db.reading() as session:
        looks = session.scalars(select(Audit).where(Audit.action == "reveal")).all()
    assert [(row.table_name, row.record_id, row.operator) for row in looks] == [("lot", room.lot, "李监督")]
    low = auction_hall.lower_reserve(db, room.lot, RESERVE, "王委托")
    assert (low.answer, low.amount) == (Answer.LOW, None)
    assert auction_hall.lower_reserve(db, room.lot, Decimal(0), "王委托").answer is Answer.LOW
    assert auction_hall.lower_reserve(db, room.lot, Decimal("1000000.33"), " ").answer is Answer.REFUSED
    assert auction_hall.lower_reserve(db, room.lot, Decimal("1000000.33"), "王委托").is_done
    assert room.events()[-1].note == "王委托"
    told = everything(db, room) + repr(low)
    assert LOOK not in told
    assert "1000000.33" not in told
    with db.reading() as session:
        changes = [row.after for row in session.scalars(select(Audit)) if "reserve" in (row.after or {})]
    assert [change["reserve"] for change in changes][-1:] == ["***"]
    room.bid(7, 101)
    assert auction_hall.hammer(db, room.lot, sure=True).answer is Answer.SOLD
    assert auction_hall.look_at_reserve(db, room.lot) == Decimal("1000000.33")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.SUPERVISOR)])
def test_who_only_works_the_console_neither_sees_nor_lowers_a_reserve(db: Database, role: Role) -> None:
    room = Room(db, reserve_kind=ReserveKind.SET, reserve=RESERVE)
    db.actor = Actor("某人", role)
    acts: list[Callable[[], Any]] = [
        lambda: auction_hall.look_at_reserve(db, room.lot),
        lambda: auction_hall.lower_reserve(db, room.lot, Decimal(1), "王委托"),
    ]
    for act in acts:
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code == "E-ACCESS"
    assert room.events() == []


def test_a_lot_without_reserve_has_none_to_be_lowered(room: Room) -> None:
    assert auction_hall.look_at_reserve(room.db, room.lot) is None
    assert auction_hall.lower_reserve(room.db, room.lot, Decimal(1), "王委托").answer is Answer.REFUSED
    room.open()
    room.bid(7)
    auction_hall.hammer(room.db, room.lot, sure=True)
    assert auction_hall.lower_reserve(room.db, room.lot, Decimal(1), "王委托").answer is Answer.CLOSED


def test_a_lot_is_withdrawn_before_it_is_called_alone(room: Room) -> None:
    assert auction_hall.withdraw(room.db, room.lot, "").answer is Answer.REFUSED
    gone = auction_hall.withdraw(room.db, room.lot, "权属有争议")
    assert (gone.lot.state, room.events()[-1].note) == (LotState.WITHDRAWN, "权属有争议")
    assert room.open().answer is Answer.REFUSED
    auction_hall.open_lot(room.db, room.other)
    assert auction_hall.withdraw(room.db, room.other, "反悔").answer is Answer.REFUSED


def test_a_sold_lot_is_locked_and_unlocked_for_a_while(room: Room) -> None:
    now = datetime(2018, 11, 29, 6, tzinfo=UTC)
    room.db.clock = lambda: now
    room.open()
    assert auction_hall.unlock(room.db, room.lot, "改题目").answer is Answer.REFUSED
    room.bid(7)
    auction_hall.hammer(room.db, room.lot, sure=True)

    def locked(at: datetime) -> bool:
        with room.db.reading() as session:
            row = session.execute(select(Lot.__table__).where(Lot.id == room.lot)).mappings().one()
            return auction_floor.is_locked(session, row, at)

    assert locked(now)
    assert auction_hall.unlock(room.db, room.lot, " ").answer is Answer.REFUSED
    assert auction_hall.unlock(room.db, room.lot, "题目有错字").is_done
    assert not locked(now)
    assert not locked(now + auction_floor.UNLOCKED_FOR)
    assert locked(now + auction_floor.UNLOCKED_FOR + timedelta(seconds=1))
    assert (room.row().state, room.row().price) == (LotState.SOLD, 100 * WAN)


# --- what fails ---


def test_a_clock_set_back_leaves_the_record_in_order(room: Room) -> None:
    now = datetime(2018, 11, 29, 6, tzinfo=UTC)
    for minutes in (0, -60, 60, -1):
        at = now + timedelta(minutes=minutes)
        room.db.clock = lambda at=at: at
        room.open() if minutes == 0 else room.bid(7 if minutes < 0 else 18, sure=True)
    room.db.clock = lambda: now - timedelta(days=1)
    auction_hall.hammer(room.db, room.lot, sure=True)
    moments = [event.at for event in room.events()]
    assert moments == sorted(moments)
    assert (room.row().hammered_at, room.row().due_on) == (moments[-1], date(2018, 12, 6))
    assert [event.id for event in room.events()] == sorted(event.id for event in room.events())


def test_an_act_that_cannot_be_kept_changes_nothing(room: Room) -> None:
    room.open()
    room.bid(7)
    room.db.read_only = True
    try:
        for act in (lambda: room.bid(18), lambda: auction_hall.hammer(room.db, room.lot, sure=True)):
            with pytest.raises(UserError) as refused:
                act()
            assert refused.value.code == "E-DB-READONLY"
    finally:
        room.db.read_only = False
    assert (room.row().price, room.row().seq) == (100 * WAN, 2)
    assert auction_hall.hammer(room.db, room.lot, sure=True).answer is Answer.SOLD


def test_a_file_held_by_another_program_is_waited_for_and_then_said(db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("a server's rows are held one by one")
    room = Room(db)
    room.open()
    other = open_database(db.target)
    with other.transaction() as session, pytest.raises(UserError) as busy:
        session.execute(text("UPDATE lot SET note = note"))
        room.bid(7)
    assert busy.value.code == "E-DB-LOCKED"
    assert room.bid(7).is_done
    other.close()


def test_other_programs_see_at_once_which_tables_moved(room: Room) -> None:
    """A bid is its own log: nobody reads everything anew because of it."""
    other = open_database(room.db.target)
    other.hear_others()
    room.open()
    room.bid(7)
    assert {"lot", "lot_event"} <= other.hear_others() < {"lot", "lot_event", "check_in", "x"}
    assert other.hear_others() == frozenset()
    auction_hall.hammer(room.db, room.lot, sure=True)
    assert "deal" in other.hear_others()
    other.close()


def test_a_hall_says_all_that_a_console_shows(room: Room) -> None:
    room.open()
    room.bid(7)
    room.bid(18)
    hall = auction_hall.read_hall(room.db, room.auction)
    assert hall.live is not None
    assert (hall.auction.called, hall.auction.is_auction, hall.auction.calls) == ("竞价会", False, 3)
    assert [lot.lot_no for lot in hall.lots] == ["01", "02"]
    assert (hall.live.leader, hall.live.price, hall.next_amount) == (18, 104 * WAN, 108 * WAN)
    assert [bidder.paddle for bidder in hall.bidders] == [7, 18, 23]
    assert [(event.kind, event.paddle) for event in hall.events] == [
        (EventKind.BID, 18), (EventKind.BID, 7), (EventKind.OPEN, None),
    ]  # fmt: skip
    assert hall.active == (18, 7)
    assert hall.events[0].at.utcoffset() == timedelta(hours=8)
    assert auction_hall.sessions(room.db, room.expo) == [(room.auction, "专利专场")]


def test_a_long_lot_is_shown_by_its_newest_entries_and_read_whole(room: Room) -> None:
    room.open()
    for n in range(auction_floor.SHOWN):
        room.bid((7, 18)[n % 2])
    hall, whole = auction_hall.read_hall(room.db, room.auction), auction_hall.read_events(room.db, room.lot)
    assert len(whole) == auction_floor.SHOWN + 1
    assert hall.events == whole[: auction_floor.SHOWN]
    assert auction_hall.read_events(room.db, uuid.uuid4()) == ()


def test_a_full_disk_keeps_nothing_of_an_act_and_the_hall_goes_on(db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("whose disk is full there, the server says")
    room = Room(db, patents=[LotPatent(position=n, title="薄膜" * 100) for n in range(30)])  # its deal takes pages
    room.open()
    room.bid(7)

    def fill_up() -> None:
        with db.line.reading() as session:  # no page more on this connection, as where the disk has none
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    kept, sums = 0, []
    for n in range(200):  # until an entry needs a page
        fill_up()
        try:
            kept += room.bid((18, 7)[n % 2]).is_done
        except UserError as problem:
            sums.append((problem.code, str(problem)))
            break
    assert [code for code, _words in sums] == ["E-DB-FULL"]
    assert len(room.events()) == kept + 2
    room.check()
    assert room.bid(23).is_done
    fill_up()
    with pytest.raises(UserError) as full:
        auction_hall.hammer(db, room.lot, sure=True)
    assert full.value.code == "E-DB-FULL"
    assert room.row().state is LotState.OPEN
    with db.reading() as session:
        assert session.scalars(select(Deal)).all() == []
    assert auction_hall.hammer(db, room.lot, sure=True).answer is Answer.SOLD


def test_two_consoles_that_open_two_lots_at_once_open_one(room: Room) -> None:
    """The database lets one through; the other is told which."""
    consoles = [open_database(room.db.target) for _n in range(2)]
    ready, found = threading.Barrier(2), []

    def open_one(db: Database, lot: uuid.UUID) -> None:
        auction_hall.read_hall(db, room.auction)
        db.line.close()  # both begin with nothing at hand
        ready.wait(60)
        found.append(auction_hall.open_lot(db, lot))

    both = zip(consoles, (room.lot, room.other), strict=True)
    threads = [threading.Thread(target=open_one, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for console in consoles:
        console.close()
    assert {one.answer for one in found} == {Answer.OPENED, Answer.REFUSED}
    assert all(one.reason for one in found if one.answer is Answer.REFUSED)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_done_the_row_is_where_the_events_leave_it(room: Room, seed: int) -> None:
    draw, answers = random.Random(seed), set()  # noqa: S311
    with room.db.transaction() as session:
        lot = session.get_one(Lot, room.lot)
        make_right(session, lot, "李发明", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=room.bidders[23])
    acts: list[Callable[[], Outcome]] = [
        room.open,
        lambda: room.bid(draw.choice((7, 18, 23)), sure=draw.random() < 0.5),
        lambda: room.bid(draw.choice((7, 18)), float(draw.randrange(90, 400))),
        lambda: room.bid(23, is_equal=True),
        lambda: auction_hall.call(room.db, room.lot),
        lambda: auction_hall.correct(
            room.db, room.lot, draw.randrange(1, room.row().seq + 2), "张师", draw.choice((None, 7, 18, 99)),
            draw.choice((None, Decimal(draw.randrange(90, 400) * WAN))), no_bid=draw.random() < 0.3,
        ),
        lambda: auction_hall.pause(room.db, room.lot),
        lambda: auction_hall.resume(room.db, room.lot),
        lambda: auction_hall.resume(room.db, room.lot),
        lambda: auction_hall.change_ladder(room.db, room.lot, LadderKind.FIXED, Decimal(draw.randrange(1, 9) * WAN)),
    ]  # fmt: skip
    for n in range(120):
        answers.add((auction_hall.hammer(room.db, room.lot, sure=True) if n == 119 else draw.choice(acts)()).answer)
        room.check()
    assert {Answer.ACCEPTED, Answer.CALLED, Answer.DONE, Answer.CLOSED} <= answers
