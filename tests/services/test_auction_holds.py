"""What stays while something of it is open: increments under the hammer, a defaulter's money before the resale, the
channel of an entry that was no priority bid."""

import pytest

from expo_app.errors import Conflict, UserError
from expo_app.model import Channel, Lot, LotEvent, Priority, RightRole
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_hall, record_writer, records, steps
from expo_app.specs import AUCTIONS
from expo_app.specs.auction_cashier import Refund
from expo_app.store.database import Database
from tests.auction_room import make_right
from tests.auction_till import WAN, Till


@pytest.fixture
def till(db: Database) -> Till:
    return Till(db)


def test_no_undo_changes_the_increments_of_a_lot_that_is_open(till: Till) -> None:
    with record_writer.followed() as writers:
        records.save(till.db, AUCTIONS, {"bands": "0；4\n200；10"}, till.auction, expo_id=till.expo)
    step = steps.step_of(AUCTIONS.permission, writers)
    assert step is not None
    auction_hall.open_lot(till.db, till.lots["01"])
    with pytest.raises(Conflict, match="正在竞价"):
        steps.take_back(till.db, step)
    auction_hall.hammer(till.db, till.lots["01"], sure=True)
    steps.take_back(till.db, step)


def test_nothing_goes_back_to_a_defaulter_before_the_resale(till: Till) -> None:
    """What is missing is not known yet: payments beyond what is owed now stay until the lot is sold again."""
    till.deposit(7, 5)
    till.sell("01", 7, 100)
    till.pay(7, "900000", "01")
    till.later(9)
    auction_cashier.default(till.db, till.lots["01"], "没有付清")
    account = till.account(7)
    assert (account.owed, account.surplus, account.refund) == (0, 0, Refund.HELD)
    with pytest.raises(UserError, match="没有"):
        auction_cashier.refund(till.db, [till.bidders[7]])
    assert account.paid == 90 * WAN


def test_a_correction_to_whoever_has_no_priority_is_none(till: Till) -> None:
    """Of whom has no priority, a bid that took a price over is none; above that price it is one of their channel."""
    with till.db.transaction() as session:
        claim = {"priority": Priority.CLAIMED, "bidder_id": till.bidders[18]}
        make_right(session, session.get_one(Lot, till.lots["01"]), "竞买单位18", RightRole.INVENTOR, **claim)
    lot = till.lots["01"]
    auction_hall.open_lot(till.db, lot)
    auction_hall.bid(till.db, lot, 7)
    assert auction_hall.bid(till.db, lot, 18, is_equal=True).answer is Answer.ACCEPTED
    equal = auction_hall.correct(till.db, lot, 3, "顾师", paddle=23)
    assert equal.answer is not Answer.DONE  # without priority nobody takes a price over
    higher = auction_hall.correct(till.db, lot, 3, "顾师", paddle=23, amount=104 * WAN)
    assert higher.answer is Answer.DONE
    with till.db.reading() as session:
        last = session.query(LotEvent).filter_by(lot_id=lot).order_by(LotEvent.seq.desc()).first()
        assert last is not None
        assert (last.channel, last.amount) == (Channel.ROOM, 104 * WAN)
