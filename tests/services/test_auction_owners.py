"""Whose a lot is: no owner bids on it by any name (拍卖法 art. 30), and co-owners consent first (专利法 art. 14)."""

from typing import Any

import pytest

from expo_app.model import Auction, Bidder, Consent, Lot, Organisation, Priority, RightRole
from expo_app.rules.auction_checklist import ITEMS, Mark
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_checklist, auction_hall
from expo_app.store.database import Database
from tests.auction_room import make_right
from tests.auction_till import Till


@pytest.fixture
def till(db: Database) -> Till:
    return Till(db)


def set_up(till: Till, who: str, **values: Any) -> None:
    """Columns of the owner of lot 01, of its patent, of the house, of paddle 7 or of the organisation behind it."""
    with till.db.transaction() as session:
        lot, bidder = session.get_one(Lot, till.lots["01"]), session.get_one(Bidder, till.bidders[7])
        house = session.get_one(Auction, till.auction).house_id
        found: Any = {
            "owner": lambda: session.get_one(Organisation, lot.owner_id),
            "house": lambda: session.get_one(Organisation, house),
            "body": lambda: session.get_one(Organisation, bidder.organisation_id),
            "patent": lambda: lot.patents[0],
            "paddle": lambda: bidder,
        }[who]()
        for name, value in values.items():
            setattr(found, name, value)


def answer(till: Till, paddle: int = 7) -> Answer:
    return auction_hall.bid(till.db, till.lots["01"], paddle).answer


SAME = {
    "short name": (("owner", {"short_name": "练祁所"}), ("body", {"name": "练祁所"})),
    "short name of the bidder": (("owner", {"name": "练祁所"}), ("body", {"short_name": "练祁所"})),
    "legal representative": (("owner", {"legal_representative": "王大"}), ("body", {"legal_representative": "王大"})),
    "held by the representative": (("owner", {"legal_representative": "王大"}), ("paddle", {"agent": "王 大"})),
    "holder of the patent": (("patent", {"holder": "竞买单位07"}),),
    "one who applied": (("patent", {"applicant": "竞买单位07"}),),
}


@pytest.mark.parametrize("how", SAME)
def test_an_owner_bids_through_nobody(till: Till, how: str) -> None:
    for who, values in SAME[how]:
        set_up(till, who, **values)
    assert auction_hall.open_lot(till.db, till.lots["01"]).answer is Answer.OPENED
    assert answer(till) is Answer.OWN_LOT
    assert answer(till, 18) is Answer.ACCEPTED


def test_neither_does_the_house_through_its_representative(till: Till) -> None:
    set_up(till, "house", legal_representative="王大")
    set_up(till, "body", legal_representative="王大")
    auction_hall.open_lot(till.db, till.lots["01"])
    assert answer(till) is Answer.OWN_LOT


def test_a_patents_holder_that_claimed_its_priority_may(till: Till) -> None:
    owner = till.lot("01").owner_id
    with till.db.reading() as session:
        name = session.get_one(Organisation, owner).name
    set_up(till, "patent", holder=f"{name}；竞买单位07")
    with till.db.transaction() as session:
        claim = {"consent": Consent.GIVEN, "priority": Priority.CLAIMED, "bidder_id": till.bidders[7]}
        make_right(session, session.get_one(Lot, till.lots["01"]), "竞买单位07", **claim)
    auction_hall.open_lot(till.db, till.lots["01"])
    assert answer(till) is Answer.ACCEPTED


def consent(till: Till) -> tuple[Mark, str]:
    at = [item.key for item in ITEMS].index("consent")
    cell = auction_checklist.read(till.db, till.auction).lines[0].cells[at]
    return cell.mark, cell.more


@pytest.mark.parametrize("column", ["holder", "applicant"])
def test_a_patent_of_two_is_not_called_before_the_other_consented(till: Till, column: str) -> None:
    set_up(till, "owner", name="甲大学", aliases=["甲工学院"])
    set_up(till, "patent", **{column: "甲工学院；乙公司"})
    assert consent(till) == (Mark.BLOCKS, "缺乙公司的同意")
    assert "乙公司" in auction_hall.read_hall(till.db, till.auction).lots[0].problem
    refused = auction_hall.open_lot(till.db, till.lots["01"])
    assert (refused.answer, "缺乙公司的同意" in refused.reason) == (Answer.REFUSED, True)
    with till.db.transaction() as session:
        right = make_right(session, session.get_one(Lot, till.lots["01"]), "乙 公司", consent=Consent.PENDING)
    assert auction_hall.open_lot(till.db, till.lots["01"]).answer is Answer.REFUSED
    with till.db.transaction() as session:
        session.merge(right).consent = Consent.GIVEN
    assert consent(till)[0] is Mark.OK
    assert auction_hall.open_lot(till.db, till.lots["01"]).answer is Answer.OPENED


def test_an_inventor_is_no_co_owner(till: Till) -> None:
    set_up(till, "owner", name="甲大学")
    set_up(till, "patent", holder="甲大学、乙公司")
    with till.db.transaction() as session:
        make_right(session, session.get_one(Lot, till.lots["01"]), "乙公司", RightRole.INVENTOR, consent=Consent.GIVEN)
    assert consent(till)[0] is Mark.BLOCKS


@pytest.mark.parametrize("name", ["甲公司、乙公司联合实验室", "Alpha; Beta & Partners"])
def test_an_owner_whose_name_has_marks_is_one_holder(till: Till, name: str) -> None:
    set_up(till, "owner", name=name)
    set_up(till, "patent", holder=name)
    assert consent(till)[0] is Mark.OK
    assert auction_hall.open_lot(till.db, till.lots["01"]).answer is Answer.OPENED
