"""A paddle that bids without the deposit its lot asks for: the clerk is told with its first bid, and the bid stands."""

from decimal import Decimal

import pytest

from expo_app.model import Bidder, Lot
from expo_app.rules.auction_checklist import ITEMS
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_checklist, auction_hall
from expo_app.store.database import Database
from tests.auction_till import Till


@pytest.fixture
def till(db: Database) -> Till:
    made = Till(db)
    auction_hall.open_lot(db, made.lots["01"])
    return made


def said(till: Till, paddle: int, answer: Answer = Answer.ACCEPTED) -> str:
    outcome = auction_hall.bid(till.db, till.lots["01"], paddle, sure=True)
    assert outcome.answer is answer
    return outcome.reason


def test_a_first_bid_of_somebody_nobody_looked_at_is_told_once(till: Till) -> None:
    till.deposit(7, 5)
    with till.db.transaction() as session:
        session.get_one(Bidder, till.bidders[7]).is_identity_checked = False
    assert said(till, 7) == "07 号的身份还没有核验。"
    assert said(till, 7) == ""


def test_a_lot_opens_with_what_its_checklist_reminds_of(till: Till) -> None:
    auction_hall.hammer(till.db, till.lots["01"], sure=True)
    with till.db.transaction() as session:
        session.get_one(Lot, till.lots["02"]).consignment_no = ""
    assert auction_hall.open_lot(till.db, till.lots["02"]).reason == "提醒：委托合同：缺编号。"
    auction_hall.hammer(till.db, till.lots["02"], sure=True)
    assert auction_hall.open_lot(till.db, till.lots["03"]).reason == ""


def test_the_deposit_all_lots_ask_for_is_offered(till: Till) -> None:
    assert till.desk.asked == 50_000
    with till.db.transaction() as session:
        session.get_one(Lot, till.lots["02"]).deposit = Decimal(80_000)
    assert till.desk.asked is None


def test_a_first_bid_without_a_deposit_is_told_once(till: Till) -> None:
    assert said(till, 7) == "07 号没有交保证金，这件要 5.00 万元。请主持人决定。"
    assert said(till, 18)
    assert (said(till, 7), said(till, 18)) == ("", "")
    assert till.lot("01").price == Decimal(1_120_000)


def test_one_that_paid_is_not_spoken_of(till: Till) -> None:
    till.deposit(7, 5)
    assert said(till, 7) == ""


def test_a_deposit_that_was_set_off_is_none(till: Till) -> None:
    auction_cashier.set_off(till.db, till.deposit(7, 5), "支票退回")
    assert "没有交保证金" in said(till, 7)


def test_where_none_is_asked_nothing_is_said(till: Till) -> None:
    with till.db.transaction() as session:
        session.get_one(Lot, till.lots["01"]).deposit = None
    assert said(till, 7) == ""


def test_the_checklist_says_how_many_paid(till: Till) -> None:
    at = [item.key for item in ITEMS].index("deposit")

    def words() -> str:
        return auction_checklist.read(till.db, till.auction).lines[0].cells[at].words

    assert words() == "已交 0/3"
    wrong = till.deposit(7, 5)
    till.deposit(18, 5)
    auction_cashier.set_off(till.db, wrong, "支票退回")
    assert words() == "已交 1/3"
