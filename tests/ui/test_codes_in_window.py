"""A badge read while the main window has the focus: nothing there takes its characters for keys or words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from sqlalchemy import select

from expo_app.model import CheckIn, Expo, Interest, InterestLevel, ProgrammeItem, Role
from expo_app.routes import ListRoute
from expo_app.rules.badge_code import new_code
from expo_app.services import badges
from expo_app.specs import ATTENDEES, EXHIBITORS
from expo_app.store.database import Actor, open_database
from expo_app.ui.kit import dialog, messages
from expo_app.ui.pages.checkin_desk import CheckinDesk
from expo_app.ui.pages.programme import ProgrammePage
from expo_app.ui.pages.programme.timeline import TimelineView
from expo_app.ui.pages.roadshow.clerk import RoadshowPage
from expo_app.ui.parts import reader_keys
from expo_app.ui.parts.reader_keys import PAUSE, receiver
from expo_app.ui.records.import_wizard import ImportWizard
from expo_app.ui.records.import_wizard.dialog import COLUMNS
from expo_app.ui.records.list_page import ListPage
from expo_app.ui.window import Window
from expo_app.ui.window.frame import Frame
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_desk,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_pitch,
    make_room,
)  # fmt: skip

CODE = "E1UNUNABCDEFGHIJKLMNOPQRSTUV"
ENTER = Qt.Key.Key_Return


@dataclass
class Stage:
    """The main window on a file where 沈华棣 has the badge `CODE`, and a reader with a clock of its own."""

    window: Window
    frame: Frame
    bot: QtBot
    now: float = 1e9
    others: dict[str, str] | None = None

    def read(self, text: str, pace: float = 8, ends: tuple[Qt.Key, ...] = (ENTER,)) -> None:
        self.now += 1000
        for key in (*text, *ends):
            self.now += pace
            QTest.keyClick(self.window.windowHandle(), key)
        self.bot.waitUntil(lambda: not self.window._codes._held)

    @property
    def said(self) -> list[str]:
        return [toast.text for toast in messages.toasts(self.window)]

    def until_said(self, words: str) -> None:
        self.bot.waitUntil(lambda: self.said == [words])


SLOWER = 5
"""Keys have moments of their own here, a wait has not: it is long enough for a busy machine to press the next key."""
WHOSE = "沈华棣 · 嘉定氢能 · KJH18-E-00713的胸卡。没有签到。"


@pytest.fixture
def stage(main_window: Window, db_path: Path, qtbot: QtBot) -> Iterator[Stage]:
    db = open_database(db_path)
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        last_year = {"starts_on": expo.starts_on - timedelta(400), "ends_on": expo.ends_on - timedelta(400)}
        other = make_expo(session, name="往届", code="OLD17", **last_year)
        room = make_room(session, expo, "A 会场")
        make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
        make_item(session, expo, "高峰论坛", room_id=room.id, starts_at=local(28, 10))
        company = make_organisation(session, "嘉定氢能").id
        people = {
            "here": make_attendee(session, expo, "沈华棣", badge_no="KJH18-E-00713", organisation_id=company),
            "elsewhere": make_attendee(session, other, "周岚", badge_no="OLD17-V-00001"),
            "revoked": make_attendee(session, expo, "许静", badge_no="KJH18-V-00002"),
        }
        make_badge(session, people["here"], code=CODE)
        codes = {name: make_badge(session, people[name]).code for name in ("elsewhere", "revoked")}
    badges.revoke(db, people["revoked"].id, "遗失")
    db.close()
    main_window.open(str(db_path))
    main_window.activateWindow()
    qtbot.waitUntil(main_window.isActiveWindow)
    frame = main_window.frame
    assert frame is not None
    stage = Stage(main_window, frame, qtbot, others=codes)
    main_window._codes.clock = lambda _event: stage.now
    begin_wait = main_window._codes._begin_wait
    main_window._codes._begin_wait = lambda pause: begin_wait(SLOWER * pause)  # type: ignore[method-assign]
    frame.context.set_actor(Actor("李可", Role.ADMIN))
    yield stage
    if stage.window.frame is frame:
        frame.context.set_locked(False)
        frame.close_desk()


def chosen_item(stage: Stage) -> tuple[TimelineView, Any]:
    """The schedule, with its item chosen and the focus."""
    stage.frame.show_page("programme")
    page = stage.frame.page
    assert isinstance(page, ProgrammePage)
    view = page.plan.timeline.view
    stage.bot.waitUntil(lambda: len(view.things) == 1)
    (key,) = view.things
    view.select(key)
    view.setFocus()
    return view, key


@pytest.mark.parametrize("pace", [8, 50, 120])
@pytest.mark.parametrize("ends", [(ENTER,), (ENTER, ENTER), ()])
def test_a_code_on_the_schedule_moves_nothing(stage: Stage, pace: float, ends: tuple[Qt.Key, ...]) -> None:
    view, key = chosen_item(stage)
    before = view.things[key].place
    stage.read(CODE, pace, ends)
    stage.until_said(WHOSE)
    assert (view.things[key].place, view.key, dialog.top(stage.window)) == (before, key, None)
    with stage.frame.context.db.reading() as session:
        assert session.scalars(select(ProgrammeItem.starts_at)).one() == local(28, 10)


def test_a_busy_program_waits_a_moment_more_and_no_longer_each_time(stage: Stage) -> None:
    codes = stage.window._codes
    stage.now += 1000
    QTest.keyClick(stage.window.windowHandle(), "E")
    for _again in range(3):
        codes._due = 0.0
        codes._on_wait()
        assert codes._wait.interval() == SLOWER * PAUSE
    stage.bot.waitUntil(lambda: not codes._held)


def test_a_page_key_that_begins_no_code_acts_at_once(stage: Stage) -> None:
    view, key = chosen_item(stage)
    stage.now += 1000
    QTest.keyClick(stage.window.windowHandle(), "u")
    assert key not in view.things


def test_a_code_in_a_list_leads_to_the_person(stage: Stage) -> None:
    stage.frame.show_page("exhibitors")
    stage.read(CODE)
    stage.until_said(WHOSE)
    (toast,) = messages.toasts(stage.window)
    next(button for button in toast.findChildren(type(stage.frame.top.desk)) if button.text() == "打开").click()
    page = stage.frame.page
    assert isinstance(page, ListPage)
    assert (stage.frame.page_name, page.panel._title.text()) == (ATTENDEES.name, "沈华棣")


@pytest.mark.parametrize("pace", [8, 120])
def test_a_code_in_a_form_leaves_its_field(stage: Stage, pace: float) -> None:
    stage.frame.context.navigate(ListRoute(EXHIBITORS, new=True))
    form = dialog.top(stage.window)
    assert form is not None
    line = form.findChildren(QLineEdit)[0]
    line.setFocus()
    stage.read("31011419900307123X")
    stage.read(CODE.lower(), pace, (ENTER, ENTER))
    stage.until_said(WHOSE)
    assert (line.text(), dialog.top(stage.window)) == ("31011419900307123X", form)


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ("elsewhere", "周岚 · OLD17-V-00001的胸卡，是“往届”的。没有签到。"),
        ("revoked", "许静 · KJH18-V-00002的旧胸卡，已作废。没有签到。"),
        ("nobody", "读到一张胸卡，没有它的记录。没有签到。"),
    ],
)
def test_other_badges(stage: Stage, whose: str, said: str) -> None:
    assert stage.others is not None
    stage.read(stage.others.get(whose) or new_code())
    stage.until_said(said)


def test_an_open_desk_scans_what_was_read_here(stage: Stage) -> None:
    stage.frame.open_desk()
    desk = stage.frame.open_desk_page
    assert isinstance(desk, CheckinDesk)
    stage.window.activateWindow()
    stage.bot.waitUntil(stage.window.isActiveWindow)
    stage.read(CODE)
    stage.bot.waitUntil(lambda: desk.last is not None)
    with stage.frame.context.db.reading() as session:
        raw, verdict = session.execute(select(CheckIn.raw, CheckIn.verdict)).one()
    assert desk.last is not None
    assert (raw, verdict, desk.last.name) == (CODE, desk.last.verdict, "沈华棣")
    assert stage.said == ["读到的胸卡已交给签到台。"]


def test_a_locked_window_tells_nobody_whose_badge_it_is(stage: Stage) -> None:
    stage.window._on_lock(True)
    assert stage.window.is_locked
    stage.read(CODE)
    assert stage.said == ["读到一张胸卡，没有签到，也没有改动什么。要签到先打开签到台。"]


def test_without_a_file_a_code_moves_nothing(stage: Stage) -> None:
    stage.window.show_start()
    QApplication.processEvents()
    stage.read(CODE)
    assert stage.said == ["读到一张胸卡，没有签到，也没有改动什么。要签到先打开签到台。"]


# --- a page that takes them ---


@pytest.fixture
def roadshow(stage: Stage) -> RoadshowPage:
    """The clerk's page of a roadshow in front, its one pitch looked at."""
    context = stage.frame.context
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        item = make_item(session, expo, "路演专场", kind="roadshow", starts_at=local(28, 14))
        make_pitch(session, item, make_achievement(session, expo, "纳米膜"))
    stage.frame.show_page("roadshow")
    page = stage.frame.page
    assert isinstance(page, RoadshowPage)
    page.scores.expert.setFocus()
    return page


def interests(stage: Stage) -> list[str]:
    with stage.frame.context.db.reading() as session:
        return list(session.scalars(select(Interest.contact)))


@pytest.mark.parametrize("pace", [8, 120])
def test_a_code_in_front_of_a_roadshow_is_an_interest(stage: Stage, roadshow: RoadshowPage, pace: float) -> None:
    stage.read(CODE, pace)
    stage.until_said("沈华棣 · 嘉定氢能的意向已记下")
    assert (interests(stage), roadshow.scores.expert.text()) == (["沈华棣"], "")
    QTest.keyClick(stage.window.windowHandle(), "1")
    assert roadshow.interests.sheet is not None
    assert roadshow.interests.sheet.interests[0].level is InterestLevel.STRONG


def test_an_open_desk_does_not_take_the_codes_of_the_page_in_front(stage: Stage, roadshow: RoadshowPage) -> None:
    stage.frame.open_desk()
    stage.window.activateWindow()
    stage.bot.waitUntil(stage.window.isActiveWindow)
    stage.read(CODE)
    stage.bot.waitUntil(lambda: interests(stage) == ["沈华棣"])
    with stage.frame.context.db.reading() as session:
        assert session.scalars(select(CheckIn)).all() == []


def test_a_code_behind_a_dialog_is_no_interest(stage: Stage, roadshow: RoadshowPage) -> None:
    stage.frame.open_palette()
    stage.read(CODE)
    stage.until_said(WHOSE)
    assert interests(stage) == []


def test_a_widget_that_is_gone_gets_no_key(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that closes has the focus a moment longer than it is there."""
    line = QLineEdit()
    delete(line)
    monkeypatch.setattr(QApplication, "focusWidget", lambda: line)
    assert receiver() is None


def test_a_widget_that_goes_while_its_key_is_looked_at_is_let_be(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    line = QLineEdit()

    def gone() -> QLineEdit:
        delete(line)
        return line

    monkeypatch.setattr(reader_keys, "receiver", gone)
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not stage.window._codes.eventFilter(line, escape)


def test_escape_closes_a_list_of_the_import_by_real_keys(stage: Stage, tmp_path: Path) -> None:
    table = tmp_path / "名单.csv"
    table.write_text("单位名称,心情\n甲（示例）,好\n", encoding="utf-8")
    wizard = ImportWizard(stage.window, stage.frame.context, EXHIBITORS)
    wizard.open()
    wizard.read(table)
    stage.bot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    wizard.go(COLUMNS)
    stage.bot.wait(50)
    for _turn in range(2):
        box = wizard.columns_step.grid.box_of(1)
        QTest.mouseClick(box, Qt.MouseButton.LeftButton)
        stage.bot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        popup = QApplication.activePopupWidget()
        assert popup is not None
        QTest.keyClick(popup.windowHandle(), Qt.Key.Key_Escape)
        stage.bot.waitUntil(lambda: QApplication.activePopupWidget() is None)
        assert wizard.isVisible()
