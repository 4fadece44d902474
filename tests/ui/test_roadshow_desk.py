"""The clerk's page of a roadshow: points and interest by keys alone, a badge, the running order, a draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from expo_app import i18n
from expo_app.errors import InvalidRecord
from expo_app.model import Expo, Interest, InterestLevel, Pitch, PitchScore, Role, ScoreCriterion
from expo_app.routes.roadshow import RoadshowRoute
from expo_app.services import records, roadshow
from expo_app.services.roadshow_screen import Stands
from expo_app.specs import PITCHES
from expo_app.specs.roadshow_hall import Sheet
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.pages.roadshow.clerk import RoadshowPage
from expo_app.ui.pages.roadshow.interest_form import InterestCard
from expo_app.ui.pages.roadshow.scoring import ScoreCard
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_item,
    make_organisation,
    make_pitch,
    make_room,
    make_speaker,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import put

ENTER = Qt.Key.Key_Return


class Room:
    """A roadshow of three results, its page in front; 林岚 of 远帆资本 has a badge."""

    def __init__(self, context: Context, window: QMainWindow) -> None:
        self.context, self.window = context, window
        with context.db.transaction() as session:
            expo = session.get_one(Expo, context.expo_id)
            place = make_room(session, expo, "C 会场").id
            item = make_item(session, expo, "路演专场", room_id=place, starts_at=local(29, 9), kind="roadshow")
            make_speaker(session, item, "沈知远")
            college = make_organisation(session, "甲研究院").id
            titles = ("纳米膜", "雷达", "芯片")
            results = [make_achievement(session, expo, title, owner_id=college) for title in titles]
            self.pitches = [
                make_pitch(session, item, result, position=n, minutes=8, presenter=f"讲者{n}").id
                for n, result in enumerate(results, 1)
            ]
            session.add_all(
                ScoreCriterion(item_id=item.id, name=name, maximum=most, weight=most, position=n)
                for n, (name, most) in enumerate((("创新", 40), ("市场", 60)))
            )
            body = make_organisation(session, "远帆资本").id
            visitor = make_attendee(session, expo, "林岚", phone="+8613800000067", organisation_id=body)
            self.code = make_badge(session, visitor).code
            self.item = item.id
        self.page = self.open()

    def open(self) -> RoadshowPage:
        page = RoadshowPage(self.context)
        put(self.window, page)
        page.setFocus()
        return page

    @property
    def scores(self) -> ScoreCard:
        return self.page.scores

    @property
    def interests(self) -> InterestCard:
        return self.page.interests

    def sheet(self, n: int = 0) -> Sheet:
        found = roadshow.read_sheet(self.context.db, self.pitches[n])
        assert found is not None
        return found

    def press(self, *keys: str | Qt.Key) -> int:
        """Keys where the focus is; how many that were."""
        count = 0
        for each in keys:
            for key in each if isinstance(each, str) else (each,):
                QTest.keyClick(QApplication.focusWidget() or self.page, key)
                count += 1
        QApplication.processEvents()
        return count

    def type_expert(self, name: str) -> None:
        self.scores.choose_expert(name)

    @property
    def said(self) -> list[str]:
        return [toast.text for toast in messages.toasts(self.page)]


@pytest.fixture
def room(context: Context, window: QMainWindow) -> Room:
    return Room(context, window)


# --- points ---


def test_a_score_is_three_keys_and_goes_on_to_the_next_criterion(room: Room) -> None:
    room.type_expert("沈知远")
    assert room.press("35", ENTER) == 3
    assert room.press("52", ENTER) == 3
    assert QApplication.focusWidget() is room.scores.comment
    assert [str(points) for points in room.sheet().points["沈知远"].values()] == ["35.00", "52.00"]
    assert (room.sheet().mean.value, room.scores.mean.text()) == (Decimal("87.00"), "均分 87.00")


def test_the_expert_stays_for_the_next_pitch(room: Room) -> None:
    room.type_expert("沈知远")
    room.press("35", ENTER, Qt.Key.Key_PageDown, "30", ENTER)
    assert room.page.pitch_id == room.pitches[1]
    assert [list(map(int, filter(None, room.sheet(n).points["沈知远"].values()))) for n in (0, 1)] == [[35], [30]]


def test_a_wrong_number_stays_and_says_why(room: Room) -> None:
    room.type_expert("沈知远")
    room.press("41", ENTER)
    line = next(iter(room.scores._lines.values()))
    assert (QApplication.focusWidget(), line.text(), line.selectedText()) == (line, "41", "41")
    assert "最多 40 分" in room.scores.problem.text()
    assert room.sheet().points == {}
    room.page.choose(room.pitches[1])
    assert (room.page.pitch_id, line.text()) == (room.pitches[0], "41")
    line.setFocus()
    line.selectAll()
    room.press("39", ENTER)
    assert (room.scores.problem.isVisible(), room.sheet().points["沈知远"]) != (True, {})


def test_points_without_an_expert_are_not_kept(room: Room) -> None:
    line = next(iter(room.scores._lines.values()))
    line.setFocus()
    room.press("30", ENTER)
    assert "先选或输入专家" in room.scores.problem.text()
    assert room.sheet().points == {}


def test_what_was_typed_and_not_entered_is_kept_when_the_pitch_changes(room: Room) -> None:
    room.type_expert("沈知远")
    room.press("35")
    room.scores.comment.setFocus()
    room.press("ok")
    room.page.choose(room.pitches[1])
    assert (list(room.sheet().points["沈知远"].values()), room.sheet().comments) == ([Decimal(35)], {"沈知远": "ok"})
    assert (room.scores.comment.text(), room.sheet(1).comments) == ("", {})


def test_a_point_is_taken_back_and_done_again(room: Room) -> None:
    room.type_expert("沈知远")
    room.press("35", ENTER)
    room.page.undo()
    assert room.sheet().points == {}
    assert next(iter(room.scores._lines.values())).text() == ""
    room.page.redo()
    assert list(room.sheet().points["沈知远"].values()) == [Decimal(35)]


def test_ctrl_z_behind_a_point_is_the_pages_and_in_a_line_that_is_typed_in_its_own(room: Room) -> None:
    undone: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+Z"), room.window)
    shortcut.activated.connect(lambda: undone.append(True))
    room.type_expert("沈知远")
    room.press("35", ENTER)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    room.press("5")
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "5"
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (undone, line.text()) == ([True], "")


def test_points_in_the_place_of_an_expert_make_none(room: Room) -> None:
    room.type_expert("45")
    assert "不是姓名" in room.scores.problem.text()
    assert QApplication.focusWidget() is not next(iter(room.scores._lines.values()))
    with pytest.raises(InvalidRecord):
        roadshow.comment(room.context.db, room.pitches[0], "45", "好")


def test_a_pitch_that_was_given_begins_again_by_a_second_f7_alone(room: Room) -> None:
    room.scores.expert.setFocus()
    room.press(Qt.Key.Key_F7, Qt.Key.Key_F7)

    def times() -> tuple[object, object]:
        with room.context.db.reading() as session:
            pitch = session.get_one(Pitch, room.pitches[0])
            return pitch.started_at, pitch.ended_at

    given = times()
    room.press(Qt.Key.Key_F7)
    assert times() == given
    assert "再按一次 F7" in room.said[-1]
    room.press(Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_F7)
    assert times() == given
    room.press(Qt.Key.Key_F7)
    assert times()[1] is None


def test_another_clerks_points_arrive_and_leave_alone_what_is_typed(room: Room, qtbot: QtBot) -> None:
    room.type_expert("沈知远")
    room.press("3")
    with room.context.db.reading() as session:
        market = session.scalars(select(ScoreCriterion.id).where(ScoreCriterion.name == "市场")).one()
    roadshow.score(room.context.db, room.pitches[0], market, "沈知远", "50")
    first, second = room.scores._lines.values()
    qtbot.waitUntil(lambda: second.text() == "50")
    assert first.text() == "3"


def test_points_another_clerk_entered_meanwhile_are_written_over_by_a_second_enter_alone(
    room: Room, qtbot: QtBot
) -> None:
    room.type_expert("沈知远")
    room.press("3")
    with room.context.db.reading() as session:
        novel = session.scalars(select(ScoreCriterion.id).where(ScoreCriterion.name == "创新")).one()
    roadshow.score(room.context.db, room.pitches[0], novel, "沈知远", "30")
    qtbot.waitUntil(lambda: room.scores.sheet.points != {})  # type: ignore[union-attr]
    room.press("8", ENTER)
    assert "刚被别人记为“30”" in room.scores.problem.text()
    room.scores.comment.setFocus()  # leaving the line is no consent
    room.page.choose(room.pitches[1])
    assert (room.page.pitch_id, list(room.sheet().points["沈知远"].values())) == (room.pitches[0], [Decimal(30)])
    line = next(iter(room.scores._lines.values()))
    line.setFocus()
    room.press(ENTER)
    assert list(room.sheet().points["沈知远"].values()) == [Decimal(38)]
    assert (line.text(), room.scores.problem.text()) == ("38", "")


def test_a_comment_another_clerk_entered_meanwhile_is_written_over_by_a_second_enter_alone(
    room: Room, qtbot: QtBot
) -> None:
    room.type_expert("沈知远")
    room.scores.comment.setFocus()
    room.press("o")
    roadshow.comment(room.context.db, room.pitches[0], "沈知远", "先做样机")
    qtbot.waitUntil(lambda: room.scores.sheet.comments != {})  # type: ignore[union-attr]
    room.press("k", ENTER)
    assert (room.sheet().comments, room.scores.comment.text()) == ({"沈知远": "先做样机"}, "ok")
    assert "刚被别人记为“先做样机”" in room.scores.problem.text()
    room.press(ENTER)
    assert room.sheet().comments == {"沈知远": "ok"}


# --- interest ---


def test_an_interest_is_three_keys(room: Room) -> None:
    assert room.press(Qt.Key.Key_F4, "1", ENTER) == 3
    line = room.sheet().interests[0]
    assert (line.level, line.organisation, room.said) == (InterestLevel.STRONG, "", ["意向已记下"])


def test_an_interest_is_typed_with_its_range(room: Room) -> None:
    room.press(Qt.Key.Key_F4, "2")
    form = {
        "organisation_id": "新来的基金",
        "contact": "周舟",
        "phone": "13800000000",
        "range": "50-200",
        "next_step": "寄资料",
    }
    for name, text in form.items():
        room.interests.lines[name].setFocus()
        room.interests.lines[name].setText(text)
    room.interests.lines["next_step"].setFocus()
    room.press(ENTER)
    line = room.sheet().interests[0]
    assert (line.organisation, line.contact, line.phone, line.next_step) == (
        "新来的基金",
        "周舟",
        "138****0000",
        "寄资料",
    )
    assert (line.amount_from, line.amount_to, line.recorded_by) == (500_000, 2_000_000, room.context.actor.name)
    assert room.interests.typed == {}


def test_a_range_that_is_none_says_why_and_keeps_what_was_typed(room: Room) -> None:
    room.press(Qt.Key.Key_F4)
    room.interests.lines["range"].setText("很多")
    room.press(ENTER)
    assert "不是金额范围" in room.interests.problem.text()
    assert (room.sheet().interests, QApplication.focusWidget()) == ((), room.interests.lines["range"])


def test_a_badge_is_an_interest_and_a_digit_says_how_much(room: Room) -> None:
    room.page.read_code(room.code)
    assert room.said == ["林岚 · 远帆资本的意向已记下"]
    room.press("1")
    line = room.sheet().interests[0]
    assert (line.level, line.contact, line.organisation, line.phone) == (
        InterestLevel.STRONG, "林岚", "远帆资本", "138****0067",
    )  # fmt: skip
    room.interests.lines["next_step"].setText("约洽谈")
    room.interests.submit()
    with room.context.db.reading() as session:
        kept = session.scalars(select(Interest)).one()
    assert (kept.next_step, kept.phone) == ("约洽谈", "+8613800000067")


def test_what_was_said_before_the_badge_was_read_is_its_holders(room: Room) -> None:
    room.press(Qt.Key.Key_F4, "1")
    room.interests.lines["range"].setText("50-200")
    room.interests.lines["next_step"].setText("约洽谈")
    room.page.read_code(room.code)
    (line,) = room.sheet().interests
    assert (line.contact, line.level, line.amount_from, line.amount_to, line.next_step) == (
        "林岚", InterestLevel.STRONG, 500_000, 2_000_000, "约洽谈",
    )  # fmt: skip
    room.press("3")
    assert room.sheet().interests[0].level is InterestLevel.CURIOUS
    room.press(Qt.Key.Key_F4, "1")
    room.page.read_code(room.code)
    assert [one.level for one in room.sheet().interests] == [InterestLevel.STRONG]


def test_a_badge_leaves_alone_what_was_begun_of_somebody_else(room: Room) -> None:
    room.press(Qt.Key.Key_F4, "1")
    room.interests.lines["contact"].setText("周舟")
    room.page.read_code(room.code)
    assert [(one.contact, one.level) for one in room.sheet().interests] == [("林岚", InterestLevel.REAL)]
    room.press(ENTER)
    assert [(one.contact, one.level) for one in room.sheet().interests] == [
        ("周舟", InterestLevel.STRONG), ("林岚", InterestLevel.REAL),
    ]  # fmt: skip


def test_a_badge_read_twice_is_one_interest_and_an_unknown_one_none(room: Room) -> None:
    for code in (room.code, room.code, "E1" + "A" * 26):
        room.page.read_code(code)
    assert len(room.sheet().interests) == 1
    assert any("没有登记过" in words for words in room.said)
    assert any("已经记过" in words for words in room.said)


def test_an_interest_by_badge_is_taken_back(room: Room) -> None:
    room.page.read_code(room.code)
    room.page.undo()
    assert room.sheet().interests == ()


def test_an_interest_that_was_begun_waits_at_its_pitch(room: Room) -> None:
    room.press(Qt.Key.Key_F4, "1")
    room.interests.lines["contact"].setText("周舟")
    room.page.choose(room.pitches[1])
    assert room.interests.typed == {}
    room.page.choose(room.pitches[0])
    assert room.interests.typed == {"level": "STRONG", "contact": "周舟"}
    room.page.read_code(room.code)
    assert room.interests.typed == {"level": "STRONG", "contact": "周舟"}
    assert room.sheet().interests[0].contact == "林岚"


def test_two_clerks_who_change_one_interest_do_not_undo_each_other(room: Room) -> None:
    room.page.read_code(room.code)
    key = room.sheet().interests[0].id
    roadshow.record_interest(room.context.db, room.pitches[0], {"next_step": "寄资料"}, key)
    room.interests.lines["range"].setText("80")
    assert room.interests.submit()
    line = room.sheet().interests[0]
    assert (line.next_step, line.amount_from) == ("寄资料", 800_000)
    room.interests.load(line)
    roadshow.record_interest(room.context.db, room.pitches[0], {"next_step": "约洽谈"}, key)
    room.interests.lines["next_step"].setText("现场考察")
    assert not room.interests.submit()
    assert (room.interests.problem.text() != "", room.sheet().interests[0].next_step) == (True, "约洽谈")


# --- the running order ---


def test_a_pitch_is_cancelled_and_comes_back_by_undo(room: Room) -> None:
    room.page.choose(room.pitches[1])
    room.page.running.drop.click()
    assert room.said == ["“雷达”已取消，不计入项数"]
    running = room.page.running
    assert (running.state.text, running.run.isEnabled(), running.drop.text()) == ("已取消", False, "恢复本项")
    assert "已讲 0 / 2" in room.page.header._fact.toolTip() + room.page.header._fact.text()
    room.page.undo()
    assert (running.state.text, running.run.isEnabled(), running.drop.text()) == ("待讲", True, "取消本项")
    room.press(Qt.Key.Key_F7)
    assert not running.drop.isVisible()


def test_keys_run_the_order(room: Room) -> None:
    room.page.setFocus()
    room.scores.expert.setFocus()
    room.press(Qt.Key.Key_F7)
    assert room.page.show_ is not None
    assert (room.page.show_.current or room.page.show_.pitches[2]).title == "纳米膜"
    room.press(Qt.Key.Key_F8)
    assert (room.page.pitch_id, room.page.show_.current and room.page.show_.current.title) == (room.pitches[1], "雷达")
    room.press(Qt.Key.Key_F9)
    room.press(Qt.Key.Key_F7)
    with room.context.db.reading() as session:
        first, second = (session.get_one(Pitch, key) for key in room.pitches[:2])
    assert (first.ended_at, second.minutes) == (second.started_at, 9)
    assert second.ended_at is not None
    room.page.undo()
    assert room.page.show_.current is not None


def test_the_audience_follows_and_never_sees_what_was_recorded(room: Room) -> None:
    roadshow.start(room.context.db, room.pitches[0])
    room.type_expert("沈知远")
    room.press("35", ENTER)
    roadshow.comment(room.context.db, room.pitches[0], "沈知远", "值得跟进")
    room.page.read_code(room.code)
    room.page.projector.open()
    window = room.page.projector.window
    assert window is not None
    QApplication.processEvents()
    shown = window.shown
    assert (shown.stands, shown.title, shown.who, shown.next_title) == (
        Stands.RUNNING,
        "纳米膜",
        "讲者1 · 甲研究院",
        "雷达",
    )
    words = " ".join(str(value) for value in (getattr(shown, name) for name in shown.__slots__))
    for secret in ("35", "值得跟进", "林岚", "远帆资本", "沈知远"):
        assert secret not in words
    assert (window.grab().isNull(), bool(window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus)) == (
        False,
        True,
    )
    room.page.projector.close()
    assert room.page.project.text() == "打开大屏"


def test_the_clock_turns_amber_and_red(room: Room) -> None:
    roadshow.start(room.context.db, room.pitches[0])
    began = room.context.now()
    seen = []
    for minutes in (1, 6.5, 9):
        room.context.db.clock = lambda minutes=minutes: began + timedelta(minutes=minutes)
        board = room.page.board()
        room.page._read()
        board = room.page.board()
        seen.append((board.tone, board.clock[:1], board.label))
    assert seen == [("", "0", "剩余时间"), ("warn", "0", "剩余时间"), ("bad", "+", "超时")]


# --- the page ---


def test_what_is_typed_outlives_the_program(room: Room, qtbot: QtBot) -> None:
    room.page.choose(room.pitches[1])
    room.press(Qt.Key.Key_F4, "3")
    room.interests.lines["contact"].setFocus()
    room.press("zhou")
    room.type_expert("沈知远")
    room.scores.comment.setFocus()
    room.press("good")
    qtbot.waitUntil(lambda: not room.page._later.isActive())
    again = RoadshowPage(room.context)
    assert (again.pitch_id, again.scores.name, again.scores.comment.text()) == (room.pitches[1], "沈知远", "good")
    assert again.interests.typed == {"level": "CURIOUS", "contact": "zhou"}
    again.scores.flush()
    assert again.interests.submit()
    again.keep_draft()
    assert RoadshowPage(room.context).interests.typed == {}
    assert (room.sheet(1).comments, room.sheet(1).interests[0].contact) == ({"沈知远": "good"}, "zhou")


def test_who_may_not_record_changes_nothing(room: Room) -> None:
    room.context.set_actor(Actor("孙正", Role.AUDITOR))
    room.type_expert("沈知远")
    room.press("35", ENTER, Qt.Key.Key_F7, Qt.Key.Key_F8)
    room.page.read_code(room.code)
    room.interests.submit()
    with room.context.db.reading() as session:
        for model in (PitchScore, Interest):
            assert session.scalar(select(func.count()).select_from(model)) == 0
    assert room.page.show_ is not None
    assert room.page.show_.current is None


def test_a_pitch_that_is_deleted_leaves_the_page_standing(room: Room, qtbot: QtBot) -> None:
    room.page.choose(room.pitches[1])
    records.delete(room.context.db, PITCHES, [room.pitches[1]])
    qtbot.waitUntil(lambda: room.page.pitch_id != room.pitches[1])
    records.delete(room.context.db, PITCHES, [room.pitches[0], room.pitches[2]])
    qtbot.waitUntil(lambda: room.page.pitch_id is None)
    assert room.page._stack.currentIndex() == 0


def test_a_route_leads_to_the_pitch(room: Room) -> None:
    room.page.open_with(RoadshowRoute(room.item, room.pitches[2]))
    assert room.page.place() == RoadshowRoute(room.item, room.pitches[2])
    room.page.open_with(RoadshowRoute(uuid.uuid4(), uuid.uuid4()))
    assert room.page.pitch_id == room.pitches[2]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_is_cut_in_a_small_window(context: Context, window: QMainWindow, language: str) -> None:
    i18n.set_language(language)
    window.resize(1366 - 200, 768 - 80)
    room = Room(context, window)
    roadshow.start(context.db, room.pitches[0])
    room.page._read()
    room.page.read_code(room.code)
    QApplication.processEvents()
    assert clipped(room.page) == []


@pytest.fixture(autouse=True)
def _closed(window: QMainWindow) -> Iterator[None]:
    yield
    taken: QWidget = QWidget()
    window.setCentralWidget(taken)
