"""While one console opens a lot another program closes the session, edits the lot, or agrees on its sale: the second
waits for the first and sees what it did."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from expo_app.errors import UserError
from expo_app.model import Auction, LotState
from expo_app.rules.auction_judge import Answer
from expo_app.services import auction_cashier, auction_hall, records
from expo_app.specs import AUCTIONS, LOTS
from expo_app.store.database import Database, open_database
from tests.auction_till import Till


@pytest.fixture
def till(db: Database) -> Till:
    return Till(db)


@pytest.fixture
def other(db: Database, till: Till) -> Iterator[Database]:
    """Another program on the same data."""
    database = open_database(db.target)
    database.actor, database.clock = db.actor, db.clock
    yield database
    database.close()


def while_opening(monkeypatch: pytest.MonkeyPatch, till: Till, act: Callable[[], object]) -> str:
    """Open lot 01 and begin `act` between what is read and what is written; the other's refusal."""
    told: list[str] = []

    def begin() -> None:
        try:
            act()
        except UserError as refused:
            told.append(str(refused))

    thread = threading.Thread(target=begin)
    real = auction_hall.opening_problem

    def judged(facts: auction_hall.auction_floor.OpeningFacts) -> str:
        thread.start()
        thread.join(0.5)  # done by then, or waiting for us
        return real(facts)

    monkeypatch.setattr(auction_hall, "opening_problem", judged)
    assert auction_hall.open_lot(till.db, till.lots["01"], sure=True).answer is Answer.OPENED
    thread.join(60)
    assert not thread.is_alive()
    assert till.lot("01").state is LotState.OPEN
    return "".join(told)


def test_a_session_is_not_closed_while_a_lot_opens(
    till: Till, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = while_opening(monkeypatch, till, lambda: auction_cashier.close(other, till.auction))
    assert "正在竞价" in told
    with till.db.reading() as session:
        assert session.get_one(Auction, till.auction).closed_at is None


def test_a_lot_that_opens_is_not_edited(till: Till, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    key = till.lots["01"]
    told = while_opening(
        monkeypatch, till, lambda: records.save(other, LOTS, {"start_price": "300"}, key, expo_id=till.expo)
    )
    assert "已锁定" in told
    assert till.lot("01").start_price == Decimal(1_000_000)
    assert auction_hall.bid(till.db, key, 7).amount == Decimal(1_000_000)


def test_its_session_is_not_either(till: Till, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"house_id": "影子公司"}
    told = while_opening(
        monkeypatch, till, lambda: records.save(other, AUCTIONS, values, till.auction, expo_id=till.expo)
    )
    assert "不再改" in told


def test_no_sale_is_agreed_on_while_it_opens_once_more(
    till: Till, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.pass_("01")
    key = till.lots["01"]
    told = while_opening(monkeypatch, till, lambda: auction_cashier.agree(other, key, "协议买家", Decimal(5)))
    assert "没有流拍" in told
    assert till.lot("01").deal_id is None
