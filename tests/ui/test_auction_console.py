"""竞价台 by its keys: three for a bid, and what each act says; two consoles; what is lost and what is not."""

import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from expo_app.model import (
    Auction,
    Bidder,
    Channel,
    Deal,
    EventKind,
    Expo,
    Lot,
    LotState,
    Priority,
    ReserveKind,
    RightRole,
    Role,
)
from expo_app.services import auction_hall
from expo_app.store.database import Actor, open_database
from expo_app.ui.context import IN_THE_HALL, OTHERS, Context
from expo_app.ui.kit import jobs, sounds
from expo_app.ui.kit.overlay import Overlay
from expo_app.ui.pages.auction import AuctionPage, console
from expo_app.ui.pages.auction.console import ConsoleView
from expo_app.ui.pages.auction.console_dialogs import CorrectDialog, LookDialog
from expo_app.ui.pages.auction.console_parts import HallKey
from expo_app.ui.pages.auction.hall_line import HallLine
from expo_app.ui.parts.projector import Link
from tests.auction_room import make_auction, make_bidder, make_lot, make_order, make_right
from tests.factories import local
from tests.ui.conftest import put

NAMED = {
    "\n": Qt.Key.Key_Return, " ": Qt.Key.Key_Space, "+": Qt.Key.Key_Plus, "=": Qt.Key.Key_Equal,
    "F6": Qt.Key.Key_F6, "F7": Qt.Key.Key_F7, "F8": Qt.Key.Key_F8, "F9": Qt.Key.Key_F9, "Esc": Qt.Key.Key_Escape,
    "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down,
}  # fmt: skip
RESERVE = Decimal("1777700")
OWN = "这件标的的委托人或共有人的，或法定代表人是同一人"


@dataclass
class Room:
    """The console over a session of three lots; keys go to whatever has the focus."""

    view: ConsoleView
    context: Context
    app: QApplication
    lots: list[uuid.UUID]
    heard: list[str] = field(default_factory=list)

    def order(self) -> None:
        """07 left an order in writing for the first lot, up to 108 万元."""
        with self.context.db.transaction() as session:
            paddle = session.scalar(select(Bidder).where(Bidder.paddle == 7))
            make_order(session, session.get_one(Lot, self.lots[0]), paddle, 1_080_000)

    def settle(self) -> None:
        self.app.processEvents()
        while jobs.running():
            self.app.processEvents()
        self.app.processEvents()

    def keys(self, *keys: str) -> str:
        """Press them; what the line beside the fields says then."""
        for key in keys:
            for one in [key] if key in NAMED else list(key):
                if one in NAMED:
                    QTest.keyClick(self.target, NAMED[one])
                elif one.isascii():
                    QTest.keyClicks(self.target, one)
                else:  # an input method's
                    self.target.insert(one)
            self.settle()
        return self.says

    @property
    def target(self) -> Any:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.target, key, held)
        self.settle()

    @property
    def says(self) -> str:
        return self.view.body.bid.says.text()

    @property
    def tone(self) -> str:
        return str(self.view.body.bid.says.property("tone"))

    @property
    def live(self) -> Any:
        assert self.view.hall is not None
        return self.view.hall.live

    @property
    def at_home(self) -> bool:
        return bool(self.view.body.bid.paddle.hasFocus())

    @property
    def box(self) -> Any:
        """The dialog that is open."""
        return next(box for box in self.view.window().findChildren(Overlay) if box.is_open)

    def events(self, n: int = 0) -> list[tuple[str, int | None, Decimal | None]]:
        found = auction_hall.read_events(self.context.db, self.lots[n])
        return [(event.kind.name, event.paddle, event.amount) for event in reversed(found)]


@pytest.fixture
def room(context: Context, window: QMainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(console, "LEAST", QSize(400, 300))
    context.db.clock = lambda: local(29, 13, 58)
    with context.db.transaction() as session:
        auction = make_auction(session, session.get_one(Expo, context.expo_id), auctioneer="周衡")
        bidders = {n: make_bidder(session, auction, n) for n in (3, 5, 7, 12, 18)}
        make_bidder(session, auction, 23, channel=Channel.PHONE)
        hidden = {"reserve_kind": ReserveKind.SET, "reserve": RESERVE}
        lots = [
            make_lot(session, auction, "01", position=1),
            make_lot(session, auction, "02", position=2, **hidden),
            make_lot(session, auction, "03", position=3, owner_id=bidders[3].organisation_id),
        ]
        make_right(session, lots[0], "发明人", RightRole.INVENTOR, priority=Priority.CLAIMED, bidder_id=bidders[12].id)
        ids = [lot.id for lot in lots]
    page = AuctionPage(context)
    page.resize(1240, 740)
    put(window, page)
    assert isinstance(page.view, ConsoleView)
    made = Room(page.view, context, qapp, ids)
    monkeypatch.setattr(sounds, "play", lambda name, _volume: made.heard.append(name))
    made.settle()
    page.view.body.bid.go_home()
    yield made
    made.settle()


def test_two_digits_and_enter_are_a_bid(room: Room) -> None:
    assert room.keys("n") == "标的 01 开始竞价，起拍 100.0 万元。"
    room.heard.clear()
    pressed = 0
    for paddle in ("05", "18", "05"):
        room.keys(*paddle, "\n")
        pressed += 3
    assert (room.says, room.tone, room.heard) == ("已记录：05 号 108.0 万元", "ok", ["pass"] * 3)
    bids = [event for event in room.events() if event[0] == "BID"]
    assert pressed / len(bids) == 3
    assert bids == [("BID", 5, 1_000_000), ("BID", 18, 1_040_000), ("BID", 5, 1_080_000)]
    assert (room.view.body.lot.price.text, room.view.body.lot.leader.text) == ("108.0", "05")
    assert (room.at_home, room.view.body.bid.paddle.text()) == (True, "")


@pytest.mark.parametrize(
    ("keys", "yuan"),
    [
        ("18\n", 1_000_000), ("18+\n", 1_040_000), ("18++\n", 1_080_000), ("18+++\n", 1_000_000),
        ("18 150\n", 1_500_000), ("18 1500000元\n", 1_500_000), ("18 1500000y\n", 1_500_000), ("18 150.5\n", 1_505_000),
    ],
)  # fmt: skip
def test_steps_and_jumps(room: Room, keys: str, yuan: int) -> None:
    room.keys("n")
    room.keys(keys)
    assert (room.tone, room.events()[-1]) == ("ok", ("BID", 18, yuan))
    assert room.at_home


def test_what_would_be_recorded_stands_there_before_enter(room: Room) -> None:
    room.keys("n", "23")
    chip = room.view.body.bid.chip
    assert chip.text == "将记录：23 号 100.0 万元"
    room.keys("+")
    assert chip.text == "将记录：23 号 104.0 万元"
    room.keys(" ", "180")
    assert chip.text == "将记录：23 号 180.0 万元"
    room.keys("\n")
    assert not chip.isVisible()
    assert [key.words for key in room.view.body.bid.steps] == ["184.0", "188.0", "192.0"]
    assert [key.words for key in room.view.body.bid.active if key.isVisible()] == ["23"]


@pytest.mark.parametrize(
    ("lot", "keys", "says", "tone"),
    [
        (0, "99\n", "没有 99 号，没有记录。请核对号牌。", "bad"),
        (2, "03\n", f"03 号是{OWN}，不能竞买，没有记录。", "bad"),
        (0, "18 90\n", "90.00 万元 低于下一口最低 100.00 万元，没有记录。", "bad"),
        (0, "18 abc\n", "“abc”不是金额，写数字，如 860.00（万元）。", "bad"),
        (0, "\n", "先键入号牌。", "warn"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_line_and_the_number_is_selected(
    room: Room, lot: int, keys: str, says: str, tone: str
) -> None:
    room.view.pick(room.lots[lot], by_hand=True)
    room.keys("n")
    assert (room.keys(keys), room.tone) == (says, tone)
    assert [event[0] for event in room.events(lot)] == ["OPEN"]
    typed = keys.strip().split(" ")
    assert room.view.body.bid.paddle.text() == typed[0]
    assert room.target.selectedText() == typed[-1]
    room.keys("Esc")
    assert (room.view.body.bid.paddle.text(), room.says, room.at_home) == ("", "", True)


def test_a_digit_too_many_and_the_same_paddle_twice_are_asked_once(room: Room) -> None:
    room.keys("n")
    room.heard.clear()
    assert "十倍以上" in room.keys("18 1800\n")
    assert (room.tone, room.heard, room.target.selectedText()) == ("warn", ["repeat"], "1800")
    assert [event[0] for event in room.events()] == ["OPEN"]
    room.keys("Esc")
    assert "十倍以上" in room.keys("18 1800\n")
    assert room.keys("\n") == "已记录：18 号 1,800.0 万元"
    assert "已经领先" in room.keys("18\n")
    assert room.keys("\n") == "已记录：18 号 1,804.0 万元"
    assert "已经领先" in room.keys("18\n")
    room.keys("05", "\n")  # typed anew: the question is over
    assert room.events()[-1][1] == 5


def test_typing_goes_on_while_a_bid_is_kept(room: Room) -> None:
    room.keys("n")
    paddle = room.view.body.bid.paddle
    for key in "99":
        QTest.keyClicks(paddle, key)
    QTest.keyClick(paddle, Qt.Key.Key_Return)
    QTest.keyClicks(paddle, "05")  # before the answer
    room.settle()
    assert (paddle.text(), room.says) == ("05", "没有 99 号，没有记录。请核对号牌。")
    room.keys("\n")
    assert room.events()[-1][:2] == ("BID", 5)


def test_a_bid_that_was_refused_stays_in_sight_until_it_is_seen(room: Room) -> None:
    room.keys("n")
    paddle, missed = room.view.body.bid.paddle, room.view.body.bid.missed
    for number in ("99", "05", "03", "18", "07"):
        QTest.keyClicks(paddle, number)
        QTest.keyClick(paddle, Qt.Key.Key_Return)
    room.settle()
    assert [event[1] for event in room.events()[1:]] == [5, 3, 18, 7]
    assert (missed.isVisible(), missed.text()) == (
        True, "99 号没有记下：没有 99 号，没有记录。请核对号牌。 Esc 收起",
    )  # fmt: skip
    assert (room.says, paddle.text()) == ("已记录：07 号 112.0 万元", "")
    assert "99 号没有记下" in (room.keys("07\n") and missed.text())
    assert "07 号没有记下" not in missed.text()  # said beside the fields
    room.keys("05\n")
    assert missed.text().startswith("07 号没有记下：")
    assert missed.text().endswith("还有没记下的：99 号。 Esc 收起")
    room.keys("07\n")  # now it is recorded
    assert "07" not in missed.text()
    room.keys("Esc")
    assert (missed.isVisible(), missed.text()) == (False, "")


def test_no_two_consoles_have_one_name(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "same-name-for-every-computer" * 3)
    names = {HallLine(room.context.db, room.view).console for _n in range(3)}
    assert (len({name[:60] for name in names}), max(map(len, names)) <= 60) == (3, True)


def test_bids_typed_quickly_are_kept_in_their_order(room: Room) -> None:
    room.keys("n")
    paddle = room.view.body.bid.paddle
    for number in ("05", "18", "03", "05", "18", "23"):
        QTest.keyClicks(paddle, number)
        QTest.keyClick(paddle, Qt.Key.Key_Space)
        amount = room.target
        QTest.keyClicks(amount, str(110 + 10 * len(room.lots) + 5 * int(number == "18")))
        QTest.keyClick(amount, Qt.Key.Key_Escape)
    room.settle()
    assert len(room.events()) == 1
    for number, wan in (("05", 110), ("18", 120), ("03", 130), ("23", 140)):
        QTest.keyClicks(room.target, number)
        QTest.keyClick(room.target, Qt.Key.Key_Space)
        QTest.keyClicks(room.target, str(wan))
        QTest.keyClick(room.target, Qt.Key.Key_Return)
    room.settle()
    assert [event[1:] for event in room.events()[1:]] == [
        (5, 1_100_000), (18, 1_200_000), (3, 1_300_000), (23, 1_400_000),
    ]  # fmt: skip


def test_the_session_is_read_once_for_a_bid(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    read, heard = auction_hall.read_hall, []
    room.keys("n", "05\n")
    monkeypatch.setattr(auction_hall, "read_hall", lambda *given: heard.append(1) or read(*given))
    for paddle in ("18\n", "05\n", "18\n"):
        room.keys(paddle)
    assert len(heard) == 3


def test_calls_and_the_hammer(room: Room) -> None:
    room.keys("n", "18\n")
    assert room.keys("F6", "F6") == ""
    assert (room.live.calls_made, [key.words for key in room.view.body.hammer.calls]) == (
        2, ["✓ 第一次", "✓ 第二次", "第三次"],
    )  # fmt: skip
    assert room.keys("F8") == "再按一次 F8 落槌。"
    assert room.keys("F8") == "只报了 2 次，应报 3 次。仍要落槌，再按一次 F8。"
    assert room.live is not None
    room.keys("05\n")  # a bid clears calls and presses
    assert (room.live.calls_made, room.keys("F8")) == (0, "再按一次 F8 落槌。")
    room.keys("F6", "F6", "F6")
    assert room.keys("F6") == "已经报了 3 次，没有再记。可以落槌。"
    assert room.keys("F8") == "再按一次 F8 落槌。"
    assert room.keys("F8") == "成交：05 号 104.0 万元"
    with room.context.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Deal)) == 1
    assert (room.live, room.view.subject.state, room.view.body.lot.label.text()) == (None, LotState.SOLD, "成交价")
    assert len(room.view.body.record.events) == len(room.events())


def test_an_order_in_writing_is_told_of_before_the_hammer_and_before_a_lot_passes(room: Room) -> None:
    room.order()
    room.keys("n")
    waits = "07 号的书面委托还可以出价。"
    assert room.keys("F9") == "没有人出价。再按一次 F9 流拍。"
    assert room.keys("F9") == f"{waits}仍要流拍，再按一次 F9。"
    room.keys("18\n", "F6", "F6", "F6", "F8")
    assert room.keys("F8") == f"{waits}仍要落槌，再按一次 F8。"
    assert room.live is not None
    room.keys("F8")
    assert room.live is None


def test_a_held_key_is_the_hammer(room: Room, qtbot: QtBot) -> None:
    room.keys("n", "18\n", "F6", "F6", "F6")
    paddle = room.view.body.bid.paddle
    QTest.keyPress(paddle, Qt.Key.Key_F8)
    assert room.says == "再按一次 F8 落槌。"
    qtbot.waitUntil(lambda: room.live is None)
    QTest.keyRelease(paddle, Qt.Key.Key_F8)
    assert room.says == "成交：18 号 100.0 万元"


def test_nobody_bids_and_the_lot_passes(room: Room) -> None:
    room.keys("n")
    assert room.keys("F8") == "还没有人出价。要收场按 F9 流拍。"
    assert room.keys("F9") == "没有人出价。再按一次 F9 流拍。"
    assert room.keys("F9") == "流拍：没有人应价，流拍。"
    assert room.keys("n") == "标的 02 开始竞价，起拍 100.0 万元。"
    room.keys("18\n")
    assert room.keys("F9") == "已有出价，只能落槌；成交还是流拍由落槌的结果说。"


def test_under_the_reserve_the_hammer_alone_says_it(room: Room) -> None:
    room.keys("Down", "n", "18 150\n")
    assert room.view.body.lot.reserve.whole_text == "保留价 已设"
    assert room.keys("F6", "F6", "F6", "F8") == "再按一次 F8 落槌。"
    assert room.keys("F8") == "流拍：没有达到保留价，流拍。"
    room.keys("Up", "Down")
    assert room.view.coming.id == room.lots[1]
    room.keys("n")
    room.box.press("verb")  # called once more: asked first
    room.settle()
    assert room.live.id == room.lots[1]


def test_priority_bids_equal_by_one_key(room: Room) -> None:
    room.keys("n", "18 150\n", "05")
    bid = room.view.body.bid
    assert not bid.equal.isVisible()
    room.keys("Esc", "12")
    assert bid.equal.words == "12 号同价跟价 150.0 万元 · 按 ="
    assert room.keys("=") == "已记录：12 号 150.0 万元"
    assert room.view.hall.events[0].channel is Channel.PRIORITY
    assert "不能同价跟价" in room.keys("05", "=")
    assert len(room.events()) == 3


def test_a_written_order_is_offered_and_taken_by_one_key(room: Room) -> None:
    room.order()
    room.keys("n")
    order = room.view.body.bid.order
    assert order.words == "书面委托：07 号可出 100.0 万元 · F7"
    assert room.keys("F7") == "已记录：07 号 100.0 万元"
    assert (room.view.hall.events[0].channel, order.isVisible()) == (Channel.WRITTEN, False)
    room.keys("18\n")
    assert order.words == "书面委托：07 号可出 108.0 万元 · F7"
    room.keys("F7", "18\n")
    assert (order.isVisible(), room.keys("F7")) == (False, "没有可用的书面委托。")


def correct(room: Room) -> CorrectDialog:
    room.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    box = room.box
    assert isinstance(box, CorrectDialog)
    return box


def test_a_wrong_entry_is_corrected_by_the_keyboard_and_both_stay(room: Room) -> None:
    room.keys("n", "05\n", "18\n", "03\n")
    box = correct(room)
    assert [event.paddle for event in box.events] == [3, 18, 5]
    room.keys("Down")
    assert (box.paddle.text, box.amount.text) == ("18", "104.0")
    box.paddle.line.setFocus()
    box.paddle.line.selectAll()
    room.keys("23")
    room.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert room.says == "已更正：标的 01 现价 108.0 万元，03 号领先。"
    assert room.at_home
    assert room.events()[-1] == ("CORRECTION", 23, 1_040_000)
    struck = [(event.paddle, event.is_wrong) for event in room.view.body.record.events if event.kind is EventKind.BID]
    assert struck == [(3, False), (18, True), (5, False)]
    assert (room.live.leader, room.live.price) == (3, 1_080_000)


def test_no_such_bid_takes_the_price_back(room: Room) -> None:
    room.keys("n", "05\n", "18 150\n", "F6")
    box = correct(room)
    box.no_bid.setChecked(True)
    box.submit()
    room.settle()
    assert (room.live.leader, room.live.price, room.live.calls_made) == (5, 1_000_000, 0)


def test_what_was_taken_out_can_be_put_back(room: Room) -> None:
    room.keys("n", "05\n", "18\n")
    box = correct(room)
    box.no_bid.setChecked(True)
    box.submit()
    room.settle()
    assert room.live.leader == 5
    box = correct(room)
    assert [event.paddle for event in box.events] == [None, 5]
    assert (box.paddle.text, box.amount.text, "不计" in box.list.item(0).text()) == ("18", "104.0", True)
    box.submit()
    room.settle()
    assert (room.live.leader, room.live.price) == (18, 1_040_000)


def test_a_correction_with_a_digit_too_many_is_asked_about_once(room: Room) -> None:
    room.keys("n", "05\n", "18\n")
    box = correct(room)
    box.amount.line.setText("104000")
    box.submit()
    room.settle()
    assert (box.is_open, "十倍" in box.says.text(), room.live.price) == (True, True, 1_040_000)
    box.amount.line.setText("108000")  # another amount is another question
    box.submit()
    room.settle()
    assert (box.is_open, room.live.price) == (True, 1_040_000)
    box.submit()
    room.settle()
    assert (box.is_open, room.live.price) == (False, 1_080_000_000)


def test_what_was_asked_about_on_one_lot_is_asked_again_on_the_next(room: Room) -> None:
    room.keys("n", "05 5000\n")
    assert "十倍" in room.says
    auction_hall.hammer(room.context.db, room.lots[0], sure=True)  # from another console
    auction_hall.open_lot(room.context.db, room.lots[1])
    room.view.refresh()
    room.settle()
    assert (room.live.lot_no, room.keys("\n").count("十倍"), room.live.price) == ("02", 1, None)


def test_a_correction_that_breaks_the_order_is_refused_in_its_dialog(room: Room) -> None:
    room.keys("n", "05\n", "18\n")
    box = correct(room)
    box.by.line.clear()
    box.amount.line.setText("abc")
    box.submit()
    assert "不是金额" in box.amount.problem
    box.amount.line.setText("99")
    box.submit()
    room.settle()
    assert (box.is_open, box.says.text()) == (True, "更正要由主持人确认，没有改。请写明确认人。")
    box.by.line.setText("周衡")
    box.submit()
    room.settle()
    assert "低于下一口最低 104.00 万元" in box.says.text()
    box.close_with()
    assert [event[0] for event in room.events()] == ["OPEN", "BID", "BID"]


def test_after_the_hammer_nothing_is_corrected(room: Room) -> None:
    room.keys("n", "05\n", "F6", "F6", "F6", "F8", "F8")
    room.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert room.says == "没有可以更正的出价。落槌以后不能更正。"


def test_pause_and_resume(room: Room) -> None:
    room.keys("n", "05\n", "p")
    assert room.live.is_paused
    assert room.keys("18\n") == "竞价暂停着，没有记录。先继续竞价。"
    room.keys("p")
    assert (room.live.is_paused, room.keys("\n")) == (False, "已记录：18 号 104.0 万元")


def test_the_reserve_is_shown_after_a_logged_look_and_nowhere_else(room: Room) -> None:
    room.keys("Down", "n", "v")
    box = room.box
    assert isinstance(box, LookDialog)
    assert "177" not in box.amount.text()
    box.submit()
    room.settle()
    assert box.amount.text() == "保留价 177.77 万元。已记下这次查看。"
    assert room.events(1)[-1][0] == "RESERVE_SEEN"
    box.close_with()
    shown = [label.text() for label in room.view.window().findChildren(type(room.view.body.bid.says))]
    assert not any("177.77" in text for text in shown if text != box.amount.text())


def test_after_a_look_the_dialog_goes_at_once_and_bidding_goes_on(room: Room) -> None:
    room.keys("n", "05\n", "F8", "F8", "F8", "n", "v")
    room.box.why.line.setText("委托人问")
    room.box.submit()
    room.settle()
    QTest.keyClick(room.box, Qt.Key.Key_Escape)
    room.settle()
    assert not [box for box in room.view.window().findChildren(Overlay) if box.is_open]
    assert room.keys("18\n").startswith("已记录：18 号")


def test_bids_are_counted_from_the_call_of_the_lot_however_many_the_record_shows(room: Room) -> None:
    room.keys("n")
    for n in range(70):
        assert auction_hall.bid(room.context.db, room.lots[0], (5, 18)[n % 2]).is_done
    room.view.refresh()
    room.settle()
    assert room.keys("05\n").startswith("已记录")
    assert room.view.body.bids_fact.text() == "71 口"
    room.keys("F8", "F8", "F8")
    assert room.view.body.bids_fact.text() == "71 口"


def test_what_was_bid_on_a_lot_that_passed_leads_no_more(room: Room) -> None:
    room.keys("n", "05\n", "F8", "F8", "F8", "n", "18\n", "F8", "F8", "F8")
    lot = room.view.body.lot
    assert (lot.label.text(), lot.price.text, lot.holder.text(), lot.leader.text) == (
        "最高出价", "100.0", "出价号牌", "18",
    )  # fmt: skip
    assert (lot.leader._is_quiet, room.view.body.record.leading) == (True, None)
    room.keys("Up")
    assert (lot.label.text(), lot.holder.text(), lot.leader._is_quiet) == ("成交价", "买受人号牌", False)


def test_what_keeps_a_lot_from_being_called_is_said_while_another_is_open(room: Room) -> None:
    with room.context.db.transaction() as session:
        make_right(session, session.get_one(Lot, room.lots[1]), "共有单位")
    room.keys("n")
    assert [bool(lot.problem) for lot in room.view.hall.lots[1:]] == [True, False]


def test_a_form_that_cannot_succeed_is_not_opened(room: Room) -> None:
    assert room.keys("u") == "标的 01 没有锁定，数据未变。"
    room.keys("n")
    assert room.keys("w") == "标的 01 的状态是“正在竞价”，只有待拍的可以撤回，数据未变。"
    assert not [box for box in room.view.window().findChildren(Overlay) if box.is_open]


def test_enter_behind_the_reason_looks(room: Room) -> None:
    room.keys("Down", "n", "v")
    QTest.keyClick(room.box.why.line, Qt.Key.Key_Return)
    room.settle()
    assert "177.77" in room.box.amount.text()


def test_the_keys_are_grey_for_who_may_not_run_it_and_say_why(room: Room) -> None:
    room.keys("n")
    body = room.view.body
    keys = [key for card in (body.bid, body.hammer) for key in card.findChildren(HallKey)]
    on = [key.isEnabled() for key in keys]
    room.context.set_actor(Actor("志愿者", Role.REGISTRAR))
    room.view._show()
    assert {(key.isEnabled(), key.toolTip()) for key in keys} == {(False, "登记员没有这项权限")}
    room.context.set_actor(Actor("郑岚", Role.DEALS))
    room.view._show()
    assert [key.isEnabled() for key in keys] == on
    assert {key.toolTip() for key in keys} == {""}


def test_who_may_not_look_is_told(room: Room) -> None:
    room.context.set_actor(Actor("郑岚", Role.DEALS))
    room.keys("Down", "v")
    if not room.context.may("auction.reserve"):
        assert room.says == "没有看保留价的权限。"
    assert [event[0] for event in room.events(1)] == []


def test_increments_are_changed_while_the_lot_runs(room: Room) -> None:
    room.keys("n", "05\n", "l")
    room.box.step.line.setText("10")
    room.box.submit()
    room.settle()
    assert room.view.body.bid.steps[0].words == "110.0"
    assert room.events()[-1][0] == "LADDER"


def test_a_lot_is_withdrawn_before_it_is_called(room: Room) -> None:
    room.keys("w")
    room.box.submit()
    room.settle()
    assert room.box.says.text() == "撤回要写明原因，数据未变。"
    room.box.why.line.setText("委托人来函")
    room.box.submit()
    room.settle()
    assert room.events()[-1][0] == "WITHDRAWN"
    assert room.keys("n") == "标的 02 开始竞价，起拍 100.0 万元。"


def test_a_lot_that_may_not_be_called_says_why(room: Room) -> None:
    with room.context.db.transaction() as session:
        make_right(session, session.get_one(Lot, room.lots[0]), "共有单位")
    room.settle()
    assert room.keys("n") == "标的 01 不能开始，原因见上。"
    assert "共有单位" in room.view.body.lot.problem.text()  # said once
    assert (room.live, room.view.body.lot.problem.isVisible()) == (None, True)


def test_another_program_bids_and_the_console_shows_it(room: Room, qtbot: QtBot) -> None:
    room.keys("n", "05\n")
    assert room.context._others.interval() == IN_THE_HALL
    other = open_database(room.context.db.url)
    other.clock = room.context.db.clock
    try:
        assert auction_hall.bid(other, room.lots[0], 18, Decimal(1_500_000)).is_done
        qtbot.waitUntil(lambda: room.live.leader == 18)
        assert (room.view.body.lot.price.text, room.view.body.bid.steps[0].words) == ("150.0", "154.0")
        QTest.keyClicks(room.view.body.bid.paddle, "03")
        assert auction_hall.bid(other, room.lots[0], 5).is_done
        QTest.keyClick(room.view.body.bid.paddle, Qt.Key.Key_Return)  # it shows 150.0 still
        room.settle()
        assert "刚有新的变化" in room.says
        assert room.view.body.bid.paddle.selectedText() == "03"
        assert room.keys("\n") == "已记录：03 号 158.0 万元"
    finally:
        other.close()


def test_the_hammer_waits_for_a_bid_that_came_between(room: Room) -> None:
    room.keys("n", "05\n", "F6", "F6", "F6", "F8")
    other = open_database(room.context.db.url)
    other.clock = room.context.db.clock
    try:
        assert auction_hall.bid(other, room.lots[0], 18).is_done
        QTest.keyClick(room.view.body.bid.paddle, Qt.Key.Key_F8)
        room.settle()
    finally:
        other.close()
    with room.context.db.reading() as session:
        assert session.get_one(Lot, room.lots[0]).state is LotState.OPEN
    assert "刚有新的变化" in room.says


def test_nobody_is_hurried_when_nobody_looks(room: Room) -> None:
    assert room.context._others.interval() == IN_THE_HALL
    room.view.window().setCentralWidget(None)
    room.settle()
    room.view.hide()
    assert room.context._others.interval() == OTHERS


def test_a_full_disk_keeps_nothing_and_loses_nothing(room: Room) -> None:
    room.keys("n", "05\n")
    line = room.context.db.line
    with line.scan_transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("PRAGMA cache_size = 1")
    said = ""
    for _n in range(200):
        said = room.keys("18 ", str(110 + 10 * _n), "\n") if _n % 2 else room.keys("05 ", str(110 + 10 * _n), "\n")
        if room.tone == "bad":
            break
        room.keys("Esc")
    assert "磁盘" in said
    kept = len(room.events())
    typed = room.view.body.bid.typed
    assert (typed.number in (5, 18), typed.amount != "") == (True, True)
    line.close()  # there is room again
    assert room.keys("\n").startswith("已记录")
    assert len(room.events()) == kept + 1


def test_the_same_lot_stands_there_after_a_restart(room: Room, window: QMainWindow, qapp: QApplication) -> None:
    room.keys("Down", "n", "05\n", "18\n", "F6")
    page = AuctionPage(room.context)
    put(window, page)
    room.settle()
    again = page.view
    assert isinstance(again, ConsoleView)
    assert (again.subject.lot_no, again.body.lot.price.text, again.body.lot.leader.text) == ("02", "104.0", "18")
    assert again.hall.live.calls_made == 1


def test_in_a_small_window_the_console_has_its_own(
    room: Room, monkeypatch: pytest.MonkeyPatch, window: QMainWindow, qapp: QApplication
) -> None:
    room.keys("n", "05\n")
    monkeypatch.setattr(console, "LEAST", QSize(4000, 3000))
    room.view.refresh()
    room.settle()
    own = room.view._window
    assert own is not None
    assert (room.view.body.window(), own.isFullScreen()) == (own, True)
    own.activateWindow()
    room.settle()
    QTest.keyClicks(room.view.body.bid.paddle, "18")
    QTest.keyClick(room.view.body.bid.paddle, Qt.Key.Key_Return)
    room.settle()
    assert room.says == "已记录：18 号 104.0 万元"
    QTest.keyClick(room.view.body.bid.paddle, Qt.Key.Key_F)
    room.settle()
    assert (room.view._window, room.view.body.window()) == (None, window)


def test_a_click_takes_the_focus_nowhere(room: Room) -> None:
    room.keys("n", "05\n", "18\n")
    body = room.view.body
    for widget in (body.hammer.calls[0], body.bid.active[0], body.lots, body.record, body.hammer.pause):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        room.settle()
        assert room.at_home
    assert body.bid.paddle.text() == "05"


def test_the_rules_are_read_before_the_first_lot(room: Room) -> None:
    with room.context.db.transaction() as session:
        session.get_one(Auction, room.view.session_id).rules_read_at = None
    room.settle()
    rules = room.view.body.hammer.rules
    assert (rules.isVisible(), rules.keys) == (True, "G")
    assert "不能开始" in room.keys("n")
    assert "宣读规则" in room.view.body.lot.problem.text()
    assert room.keys("g") == "已记下：规则宣读了。"
    assert not rules.isVisible()
    assert room.keys("n") == "标的 01 开始竞价，起拍 100.0 万元。"


def test_after_a_sale_its_papers_are_one_key_away(room: Room) -> None:
    assert room.keys("c") == "成交以后才有成交确认书。"
    room.keys("n", "05\n", "F6", "F6", "F6", "F8", "F8")
    assert room.view.body.hammer.papers.isVisible()
    room.keys("c")
    with room.context.db.reading() as session:
        lot = session.get_one(Lot, room.lots[0])
        assert (lot.confirmation_prints, lot.record_prints) == (1, 1)
    assert room.at_home


def test_keys_of_the_window_are_the_consoles_while_the_paddle_has_the_focus(room: Room) -> None:
    taken: list[str] = []
    for keys in ("F6", "Ctrl+Z", "F9"):
        QShortcut(QKeySequence(keys), room.view.window()).activated.connect(lambda keys=keys: taken.append(keys))
    room.keys("n", "05\n", "F6")
    assert (room.live.calls_made, taken) == (1, [])
    box = correct(room)
    assert (box.is_open, taken) == (True, [])
    box.close_with()


def test_a_pulled_cable_is_a_strip_and_bidding_goes_on(room: Room) -> None:
    room.keys("o", "n")
    projector, (only,) = room.view.projector, room.app.screens()
    projector._place(only)
    room.app.screenRemoved.emit(only)
    assert (projector.link, room.view.body.lost.isVisible()) == (Link.LOST, True)
    room.view.window().activateWindow()
    assert room.keys("05\n") == "已记录：05 号 100.0 万元"
    room.app.screenAdded.emit(only)
    assert (projector.link, room.view.body.lost.isVisible()) == (Link.ON, False)
    assert projector.window.shown.paddle == "05"
    projector.close()


def test_projector_keys(room: Room) -> None:
    room.keys("o")
    projector = room.view.projector
    assert projector.link is Link.PREVIEW  # there is one screen alone here
    assert room.view.body.projector.says.whole_text == "投影：没有第二块屏"
    assert room.at_home
    room.keys("b")
    assert projector.window.is_black
    room.keys("b", "i")
    assert projector.preview is not None
    room.keys("n", "05\n")
    assert [stage.shown.paddle for stage in (projector.window, projector.preview)] == ["05", "05"]
    room.keys("i", "o")
    assert (projector.window, projector.preview, projector.link) == (None, None, Link.OFF)
