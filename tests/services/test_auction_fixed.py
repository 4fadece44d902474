"""What no form and no undo turns over once a session runs: whose order it is, what a sale rests on, who holds it."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Auction, Bidder, Expo, Lot, LotState, Priority, ReserveKind, RightRole, Role
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_hall, merging, record_writer, records, steps
from expo_app.services.statistics.auction import auctions
from expo_app.specs import AUCTIONS, BIDDERS, LOTS, ORGANISATIONS
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.auction_room import make_auction, make_bidder, make_order, make_right
from tests.auction_till import Till

REPORTED = {"is_reported": "是", "source": "报纸", "reported_lots": "50", "reported_sold": "50", "reported_amount": "9"}


@pytest.fixture
def till(db: Database) -> Till:
    return Till(db)


def save(till: Till, spec: Any, key: uuid.UUID, **values: Any) -> None:
    records.save(till.db, spec, values, key, expo_id=till.expo)


def saved(till: Till, spec: Any, key: uuid.UUID, **values: Any) -> steps.Step:
    with record_writer.followed() as writers:
        save(till, spec, key, **values)
    step = steps.step_of(spec.permission, writers)
    assert step is not None
    return step


def another(till: Till) -> uuid.UUID:
    """A second session, where another company holds paddle 7."""
    with till.db.transaction() as session:
        other = make_auction(session, session.get_one(Expo, till.expo), "另一场")
        make_bidder(session, other, 7, "完全另一家")
        return other.id


def tie(till: Till, what: str) -> None:
    with till.db.transaction() as session:
        lot = session.merge(till.lot("01"))
        if what == "order":
            make_order(session, lot, session.get_one(Bidder, till.bidders[7]), 2_000_000)
        else:
            claim = {"priority": Priority.CLAIMED, "bidder_id": till.bidders[7]}
            make_right(session, lot, "竞买单位07", RightRole.INVENTOR, **claim)


# --- reported ---


@pytest.mark.parametrize("how", ["open", "passed", "sold"])
def test_a_session_with_called_lots_is_never_a_reported_one(till: Till, how: str) -> None:
    if how == "sold":
        till.sell("01", 7, 100)
    elif how == "passed":
        till.pass_("01")
    else:
        auction_hall.open_lot(till.db, till.lots["01"])
    before = auctions(till.db, till.expo)
    with pytest.raises(InvalidRecord, match="报道的专场不再改"):
        save(till, AUCTIONS, till.auction, **REPORTED)
    assert auctions(till.db, till.expo) == before


def test_no_undo_makes_it_one_either(till: Till) -> None:
    away = saved(till, AUCTIONS, till.auction, **REPORTED)
    steps.take_back(till.db, away)
    till.pass_("01")
    with pytest.raises(Conflict, match="报道的专场不再改"):
        steps.do_again(till.db, away)


def test_what_was_reported_of_lots_is_never_ours(till: Till) -> None:
    save(till, AUCTIONS, till.auction, **REPORTED)
    save(till, LOTS, till.lots["02"], state="已成交", price="77")
    with pytest.raises(InvalidRecord, match="报道的专场不再改"):
        save(till, AUCTIONS, till.auction, is_reported="否")


def test_a_passed_lot_is_not_sold_by_moving_it_to_a_reported_session(till: Till) -> None:
    other = another(till)
    save(till, AUCTIONS, other, **REPORTED)
    till.pass_("01")
    with pytest.raises(InvalidRecord, match="留在这一场"):
        save(till, LOTS, till.lots["01"], auction_id="另一场", state="已成交", price="77")
    assert till.lot("01").state is LotState.PASSED


# --- an unlocked lot ---


@pytest.mark.parametrize("state", [LotState.SOLD, LotState.DEFAULTED])
@pytest.mark.parametrize(
    "values",
    [{"auction_id": "另一场"}, {"start_price": "200"}, {"owner_id": "竞买单位07"}, {"deposit": "1"}, {"lot_no": "99"},
     {"orders": "7；1"}],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_unlocking_frees_words_alone(till: Till, state: LotState, values: dict[str, str]) -> None:
    another(till)
    till.sell("01", 7, 100)
    with till.db.transaction() as session:
        session.merge(till.lot("01")).state = state
    assert auction_hall.unlock(till.db, till.lots["01"], "改错字").answer is Answer.DONE
    with pytest.raises(InvalidRecord, match=r"已锁定|留在这一场"):
        save(till, LOTS, till.lots["01"], **values)
    save(till, LOTS, till.lots["01"], title="改了一个字", patents="201619999003.7")
    assert (till.lot("01").title, till.lot("01").price) == ("改了一个字", Decimal(1_000_000))


def test_a_look_at_a_reserve_does_not_lock_what_was_unlocked(till: Till) -> None:
    with till.db.transaction() as session:
        lot = session.merge(till.lot("01"))
        lot.reserve_kind, lot.reserve = ReserveKind.SET, Decimal(900_000)
    till.sell("01", 7, 100)
    auction_hall.unlock(till.db, till.lots["01"], "改错字")
    till.db.actor = Actor("周敏", Role.SUPERVISOR)
    auction_hall.look_at_reserve(till.db, till.lots["01"])
    save(till, LOTS, till.lots["01"], title="改了一个字")
    assert till.lot("01").title == "改了一个字"


def test_an_undo_behind_an_unlocked_sale_is_refused(till: Till) -> None:
    step = saved(till, LOTS, till.lots["01"], deposit="9")
    till.sell("01", 7, 100)
    auction_hall.unlock(till.db, till.lots["01"], "改错字")
    with pytest.raises(Conflict, match="已锁定"):
        steps.take_back(till.db, step)
    assert till.lot("01").deposit == Decimal(90_000)


# --- the house and its people ---


@pytest.mark.parametrize(
    "values",
    [{"house_id": "影子公司"}, {"licence_no": ""}, {"auctioneer": "别人"}, {"auctioneer_no": "9"}],
    ids=lambda values: next(iter(values)),
)
def test_who_holds_a_session_stays_from_the_first_lot_on(till: Till, values: dict[str, str]) -> None:
    step = saved(till, AUCTIONS, till.auction, **values)
    steps.take_back(till.db, step)
    auction_hall.open_lot(till.db, till.lots["01"])
    with pytest.raises(InvalidRecord, match="不再改"):
        save(till, AUCTIONS, till.auction, **values)
    auction_hall.hammer(till.db, till.lots["01"], sure=True)
    with pytest.raises(InvalidRecord, match="不再改"):
        save(till, AUCTIONS, till.auction, **values)
    with pytest.raises(Conflict, match="不再改"):
        steps.do_again(till.db, step)
    save(till, AUCTIONS, till.auction, note="说明可以写")


@pytest.mark.parametrize("agent", ["顾师", "沈记", "练祁拍卖公司"])
def test_people_of_the_house_do_not_bid_for_others(till: Till, agent: str) -> None:
    with till.db.transaction() as session:
        session.get_one(Bidder, till.bidders[7]).agent = agent
    auction_hall.open_lot(till.db, till.lots["01"])
    assert auction_hall.bid(till.db, till.lots["01"], 7).answer is Answer.OWN_LOT
    assert auction_hall.bid(till.db, till.lots["01"], 18).answer is Answer.ACCEPTED


# --- orders and claims ---


@pytest.mark.parametrize("what", ["order", "claim"])
def test_an_order_and_a_claim_stay_whose_they_are(till: Till, what: str) -> None:
    other = another(till)
    tie(till, what)
    with pytest.raises(InvalidRecord, match="书面委托或优先权主张"):
        save(till, LOTS, till.lots["01"], auction_id="另一场")
    for values in ({"auction_id": "另一场", "paddle": "8"}, {"organisation_id": "完全另一家"}):
        with pytest.raises(InvalidRecord, match="书面委托或优先权主张"):
            save(till, BIDDERS, till.bidders[7], **values)
    assert till.lot("01").auction_id == till.auction
    with till.db.reading() as session:
        assert session.get_one(Bidder, till.bidders[7]).auction_id == till.auction
        assert session.get_one(Auction, other).title == "另一场"
    empty = {"orders": ""} if what == "order" else {"rights": ""}
    save(till, LOTS, till.lots["01"], auction_id="另一场", **empty)
    assert till.lot("01").auction_id == other


def test_neither_does_an_undo_take_them_elsewhere(till: Till) -> None:
    another(till)
    there = saved(till, LOTS, till.lots["01"], auction_id="另一场")
    paddle = saved(till, BIDDERS, till.bidders[7], organisation_id="完全另一家")
    steps.take_back(till.db, there)
    steps.take_back(till.db, paddle)
    tie(till, "order")
    for step in (there, paddle):
        with pytest.raises(Conflict, match="书面委托或优先权主张"):
            steps.do_again(till.db, step)
    assert till.lot("01").auction_id == till.auction


def test_a_lot_that_was_called_stays_in_its_session(till: Till) -> None:
    another(till)
    till.pass_("01")
    with pytest.raises(InvalidRecord, match="留在这一场"):
        save(till, LOTS, till.lots["01"], auction_id="另一场")


# --- merging ---


@pytest.mark.parametrize("what", ["house", "order"])
def test_who_may_not_bid_does_not_become_a_bidder_by_a_merge(till: Till, what: str) -> None:
    tie(till, "order")
    till.db.actor = Actor("周敏", Role.ADMIN)
    with till.db.reading() as session:
        bidder = session.get_one(Bidder, till.bidders[7]).organisation_id
        house = session.get_one(Auction, till.auction).house_id
        other = house if what == "house" else session.get_one(Lot, till.lots["01"]).owner_id
        free = session.get_one(Lot, till.lots["02"]).owner_id
    assert other is not None
    for pair in ((bidder, other), (other, bidder)):
        with pytest.raises(Conflict, match="没有合并"):
            merging.merge(till.db, Pair(ORGANISATIONS.name, *pair))
    merging.merge(till.db, Pair(ORGANISATIONS.name, bidder, free))
    assert till.lot("02").owner_id == bidder
