"""The console in the program's own window: whose keys are whose, a badge that is read, the way from a restart back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from expo_app.routes.auction import AuctionRoute
from expo_app.services import auction_hall
from expo_app.store.database import open_database
from expo_app.ui.context import IN_THE_HALL, OTHERS
from expo_app.ui.kit import dialog, jobs, messages, sounds
from expo_app.ui.pages.auction import AuctionPage, cashier_papers
from expo_app.ui.pages.auction.console import ConsoleView
from expo_app.ui.pages.auction.console_dialogs import CorrectDialog
from expo_app.ui.window import Window
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import local, make_expo

CODE = "E1UNUNABCDEFGHIPNPUWGVLROBFH"
"""Most of its letters are keys of the console."""


@dataclass
class Stage:
    window: Window
    view: ConsoleView
    app: QApplication

    def settle(self) -> None:
        self.app.processEvents()
        while jobs.running():
            self.app.processEvents()
        self.app.processEvents()

    def press(self, *keys: Qt.Key | str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """As the system sends them: to the window that is active."""
        target = self.view.body.window()
        for key in keys:
            for one in key if isinstance(key, str) else [key]:
                QTest.keyClick(target.windowHandle(), one, held)
                self.settle()

    @property
    def seqs(self) -> list[int]:
        assert self.view.hall is not None
        return [lot.seq for lot in self.view.hall.lots]

    @property
    def says(self) -> str:
        return self.view.body.bid.says.text()


@pytest.fixture
def stage(main_window: Window, db_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(sounds, "play", lambda _name, _volume: None)
    db = open_database(db_path)
    with db.transaction() as session:
        auction = make_auction(session, make_expo(session, code="KJH18"))
        for paddle in (5, 18):
            make_bidder(session, auction, paddle)
        make_lot(session, auction, "01", position=1)
        make_lot(session, auction, "02", position=2)
    db.close()
    main_window.resize(1440, 900)
    yield opened(main_window, db_path, qapp)
    while jobs.running():
        qapp.processEvents()


def opened(window: Window, path: Path, app: QApplication) -> Stage:
    window.open(str(path))
    assert window.db is not None
    window.db.clock = lambda: local(29, 13, 58)
    assert window.frame is not None
    window.frame.go(AuctionRoute("console"))
    page = window.frame.page
    assert isinstance(page, AuctionPage)
    assert isinstance(page.view, ConsoleView)
    made = Stage(window, page.view, app)
    made.settle()
    return made


def test_keys_reach_the_console_before_the_frame(stage: Stage) -> None:
    assert stage.view.body.window() is stage.window
    stage.press("n", "05", Qt.Key.Key_Return, Qt.Key.Key_F6)
    assert (stage.seqs, stage.view.body.bid.paddle.hasFocus()) == ([3, 0], True)
    stage.press(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    box = dialog.top(stage.window)
    assert isinstance(box, CorrectDialog)
    stage.press(Qt.Key.Key_Escape)
    assert (dialog.top(stage.window), stage.view.body.bid.paddle.hasFocus()) == (None, True)
    stage.press(Qt.Key.Key_K, held=Qt.KeyboardModifier.ControlModifier)  # the palette is still the frame's
    assert not stage.view.body.bid.paddle.hasFocus()
    stage.press(Qt.Key.Key_Escape)
    assert stage.view.body.bid.paddle.hasFocus()


@pytest.mark.parametrize("is_full", [False, True])
def test_a_badge_that_is_read_does_nothing_in_the_hall(stage: Stage, qtbot: QtBot, is_full: bool) -> None:
    stage.press("n", "05", Qt.Key.Key_Return)
    if is_full:
        stage.press("f")
        own = stage.view.body.window()
        assert own is not stage.window
        own.activateWindow()
        stage.settle()
    before = stage.seqs
    handle, now = stage.view.body.window().windowHandle(), [1e9]
    usual, stage.window._codes.clock = stage.window._codes.clock, lambda _event: now[0]
    for key in (*CODE, Qt.Key.Key_Return):
        now[0] += 8
        QTest.keyClick(handle, key)
    stage.window._codes.clock = usual
    qtbot.waitUntil(lambda: not stage.window._codes._held)
    stage.settle()
    assert (stage.seqs, stage.view.body.bid.paddle.text(), stage.view.projector.is_open) == (before, "", False)
    assert not stage.view.hall.live.is_paused
    qtbot.wait(200)  # what follows is typed by hand
    stage.press("18", Qt.Key.Key_Return)
    assert stage.says == "已记录：18 号 104.0 万元"


@pytest.mark.parametrize("keys", ["05 120.5", "18 1240000y"])
def test_what_a_machine_types_is_a_bid_too(stage: Stage, qtbot: QtBot, keys: str) -> None:
    stage.press("n")
    handle, now = stage.view.body.window().windowHandle(), [1e9]
    usual, stage.window._codes.clock = stage.window._codes.clock, lambda _event: now[0]
    for key in (*keys, Qt.Key.Key_Return):
        now[0] += 8
        QTest.keyClick(handle, key)
    stage.window._codes.clock = usual
    stage.settle()
    assert stage.says.startswith(f"已记录：{keys[:2]} 号")


@pytest.mark.parametrize("pause", [0, 50])
def test_no_bid_typed_quickly_is_lost(stage: Stage, qtbot: QtBot, pause: int) -> None:
    """One console alone is refused nothing, however far its answers lag behind."""
    stage.press("n")
    handle = stage.view.body.window().windowHandle()
    for paddle in ("05", "18") * 10:
        for key in (*paddle, Qt.Key.Key_Return):
            if pause:
                QTest.keyClick(handle, key)
            else:
                QTest.keyClick(stage.view.body.bid.paddle, key)
        if pause:
            qtbot.wait(pause)
    stage.settle()
    events = auction_hall.read_events(stage.window.db, stage.view.hall.live.id)
    assert [event.paddle for event in reversed(events)] == [None, *[5, 18] * 10]
    assert (stage.view.body.bid.missed.text(), stage.view.body.bid.paddle.text()) == ("", "")
    assert stage.says.startswith("已记录：18 号")


def test_the_palette_offers_the_acts_of_the_view_in_front(stage: Stage) -> None:
    page = stage.window.frame.page
    stage.press("n", "05", Qt.Key.Key_Return)
    found = {command.words: command for command in page.commands()}
    found["报次"].call()
    found["暂停或继续"].call()
    stage.settle()
    assert (stage.view.hall.live.calls_made, stage.view.hall.live.is_paused) == (1, True)
    found["结算台"].call()
    assert page.key == "cashier"
    assert [command.words for command in page.commands()] == ["竞价台", "筹备检查"]


def test_what_became_of_papers_is_said_beside_the_fields(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: None)
    stage.window.context.settings.export_folder = str(tmp_path)
    stage.press("n", "05", Qt.Key.Key_Return, *[Qt.Key.Key_F8] * 3, "c")
    (made,) = tmp_path.glob("*.pdf")
    assert str(made) in stage.says  # the folder too: here is no button that opens it
    assert messages.toasts(stage.window) == []  # in the corner it would cover the record and the projector's keys


def test_the_program_is_ended_amid_a_lot_and_stands_there_again(
    stage: Stage, db_path: Path, qapp: QApplication
) -> None:
    stage.press("n", "05", Qt.Key.Key_Return, "18", Qt.Key.Key_Return, Qt.Key.Key_F6)
    stage.window.close_database()
    again = opened(stage.window, db_path, qapp)
    body = again.view.body
    assert (body.lot.price.text, body.lot.leader.text, again.view.hall.live.calls_made) == ("104.0", "18", 1)
    again.press("05", Qt.Key.Key_Return)
    assert again.says == "已记录：05 号 108.0 万元"


def test_a_window_that_is_too_small_gives_the_console_one_of_its_own(stage: Stage) -> None:
    stage.window.resize(1366, 768)
    stage.settle()
    assert stage.view.open_window.hasFocus()  # no lot is open: nobody is thrown out of the window
    stage.window.resize(1440, 900)
    stage.settle()
    assert stage.view.body.isVisible()
    stage.view.body.bid.go_home()
    stage.press("n")
    stage.window.resize(1366, 768)
    stage.settle()
    assert stage.view.body.window() is not stage.window
    stage.view.body.window().activateWindow()
    stage.press("05", Qt.Key.Key_Return)
    assert stage.says == "已记录：05 号 100.0 万元"
    stage.press("f")
    assert stage.view.body.window() is stage.window  # as somebody wished, though it is small
    assert auction_hall.read_hall(stage.window.db, stage.view.session_id).live.leader == 5


def test_another_view_and_back_leaves_the_hands_where_they_were(stage: Stage) -> None:
    page = stage.window.frame.page
    stage.press("n")
    page.switch.button("checklist").click()
    page.show_view("checklist")
    stage.settle()
    page.show_view("console")
    stage.settle()
    assert stage.view.body.bid.paddle.hasFocus()


def test_the_page_goes_and_takes_its_windows_and_its_hurry_along(stage: Stage, qtbot: QtBot) -> None:
    context = stage.window.context
    stage.press("o", "f")
    own, projector = stage.view.body.window(), stage.view.projector.window
    assert own is not stage.window
    assert context._others.interval() == IN_THE_HALL
    frame = stage.window.frame
    page = frame._made.pop(frame.page_name)
    frame.stack.removeWidget(page)
    page.hide()
    page.deleteLater()
    stage.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(own)
    assert not isValid(projector)
    qtbot.waitUntil(lambda: context._others.interval() == OTHERS)
