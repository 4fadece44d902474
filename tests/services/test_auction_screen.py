"""What the audience sees: the lot, the price, the paddle; never what is secret."""

import dataclasses
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from expo_app.model import Auction, Expo, Lot, ReserveKind
from expo_app.services import auction_hall
from expo_app.services.auction_screen import Screen, Showing, ordinal, screen
from expo_app.store.database import Database
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import make_expo, make_organisation

NOON = datetime(2018, 11, 29, 4, tzinfo=UTC)


@dataclasses.dataclass
class Room:
    db: Database
    auction: uuid.UUID
    lots: list[uuid.UUID]
    now: datetime = NOON

    def screen(self, **given: Any) -> Screen:
        return screen(auction_hall.read_hall(self.db, self.auction), "科交会", self.now, **given)

    def bid(self, paddle: int, wan: str | None = None) -> None:
        amount = None if wan is None else Decimal(wan) * 10_000
        assert auction_hall.bid(self.db, self.lots[0], paddle, amount, sure=True).is_done


@pytest.fixture
def room(db: Database) -> Room:
    with db.transaction() as session:
        expo: Expo = make_expo(session)
        auction: Auction = make_auction(session, expo)
        for paddle in (5, 7, 18, 123):
            make_bidder(session, auction, paddle, f"机密买家{paddle}", is_confidential=True)
        owner = make_organisation(session, "机密委托人").id
        secret = {"owner_id": owner, "is_owner_confidential": True}
        hidden = {"reserve_kind": ReserveKind.SET, "reserve": Decimal("1777700")}
        lots: list[Lot] = [
            make_lot(session, auction, "01", position=1, **secret, **hidden),
            make_lot(session, auction, "02", position=2),
            make_lot(session, auction, "03", position=3, **hidden),
        ]
        made = Room(db, auction.id, [lot.id for lot in lots])
    db.clock = lambda: made.now
    return made


def test_before_the_first_lot_the_next_one_is_announced(room: Room) -> None:
    assert screen(None, "科交会", NOON).showing is Showing.NOTHING
    seen = room.screen(is_sample=True)
    assert (seen.showing, seen.place, seen.title, seen.label, seen.price) == (
        Showing.NEXT, "第 1 件 / 共 3 件", "标的01", "起拍价", "100.0",
    )  # fmt: skip
    assert (seen.head, seen.marks, seen.facts) == ("科交会 · 专利专场", "示例", ("委托人 保密", "专利 1 件"))


def test_a_bid_is_the_price_and_the_paddle_and_the_ones_before_stand_below(room: Room) -> None:
    auction_hall.open_lot(room.db, room.lots[0])
    seen = room.screen()
    assert (seen.showing, seen.label, seen.price, seen.paddle, seen.least) == (
        Showing.BIDDING, "起拍价", "100.0", "", "100.0",
    )  # fmt: skip
    for paddle, wan in ((5, None), (7, None), (18, "120.5"), (123, None), (7, "200"), (5, None)):
        room.bid(paddle, wan)
    seen = room.screen()
    assert (seen.label, seen.price, seen.paddle, seen.least, seen.called) == ("当前价", "204.0", "05", "208.0", 0)
    assert seen.last == (("07", "200.0"), ("123", "124.5"), ("18", "120.5"), ("07", "104.0"))
    assert "起拍价 100.0 万元" in seen.facts
    auction_hall.call(room.db, room.lots[0])
    assert (room.screen().called, room.screen().calls) == (1, 3)
    auction_hall.pause(room.db, room.lots[0])
    assert room.screen().showing is Showing.PAUSED


def test_what_was_corrected_is_not_among_the_last_bids(room: Room) -> None:
    auction_hall.open_lot(room.db, room.lots[0])
    for paddle in (5, 7, 18):
        room.bid(paddle)
    events = auction_hall.read_events(room.db, room.lots[0])
    wrong = next(event for event in events if event.paddle == 7)
    assert auction_hall.correct(room.db, room.lots[0], wrong.seq, "主持人", paddle=123).is_done
    assert room.screen().last == (("123", "104.0"), ("05", "100.0"))
    newest = next(event for event in events if event.paddle == 18)
    assert auction_hall.correct(room.db, room.lots[0], newest.seq, "主持人", no_bid=True).is_done
    seen = room.screen()
    assert (seen.price, seen.paddle, seen.last) == ("104.0", "123", (("05", "100.0"),))


def test_a_result_stands_for_a_while_then_the_next_lot_is_announced(room: Room) -> None:
    auction_hall.open_lot(room.db, room.lots[0])
    room.bid(18, "180")
    auction_hall.hammer(room.db, room.lots[0], sure=True)
    seen = room.screen()
    assert (seen.showing, seen.price, seen.paddle, seen.title) == (Showing.SOLD, "180.0", "18", "标的01")
    room.now += timedelta(seconds=13)
    assert (room.screen().showing, room.screen().title) == (Showing.NEXT, "标的02")
    auction_hall.open_lot(room.db, room.lots[1])
    assert room.screen().badge == "无底价"
    auction_hall.hammer(room.db, room.lots[1], sure=True)
    seen = room.screen()
    assert (seen.showing, seen.price, seen.paddle) == (Showing.PASSED, "", "")
    auction_hall.withdraw(room.db, room.lots[2], "委托人撤回")
    assert room.screen().place == "第 2 件 / 共 2 件"
    room.now += timedelta(seconds=13)
    assert room.screen().showing is Showing.OVER


def said(seen: Screen) -> str:
    return repr(dataclasses.astuple(seen))


@pytest.mark.parametrize("end", [auction_hall.hammer, auction_hall.pause, auction_hall.call])
def test_no_state_says_a_reserve_a_bidder_or_a_confidential_owner(room: Room, end: Callable[..., Any]) -> None:
    seen = [said(room.screen())]
    auction_hall.open_lot(room.db, room.lots[0])
    seen.append(said(room.screen()))
    room.bid(18, "150")
    seen.append(said(room.screen()))
    auction_hall.look_at_reserve(room.db, room.lots[0])
    assert auction_hall.lower_reserve(room.db, room.lots[0], Decimal("1666600"), "机密委托人代表").is_done
    seen.append(said(room.screen()))
    end(room.db, room.lots[0])
    seen.append(said(room.screen()))
    together = "".join(seen)
    assert "标的01" in together
    for secret in ("机密", "1777700", "1666600", "177.77", "166.66", "保留价", "Decimal"):
        assert secret not in together


def test_under_the_reserve_nothing_but_the_result_is_said(room: Room) -> None:
    auction_hall.open_lot(room.db, room.lots[0])
    room.bid(18, "150")
    auction_hall.hammer(room.db, room.lots[0], sure=True)
    seen = room.screen()
    assert (seen.showing, seen.price, seen.paddle, seen.last) == (Showing.PASSED, "", "", ())


def test_calls_have_their_words() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4)] == ["第一次", "第二次", "第三次", "第 4 次"]
