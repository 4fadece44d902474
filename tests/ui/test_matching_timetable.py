"""排程: meetings moved by mouse and keys, swapped, put back, computed, published; each act can be taken back."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, time, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app import i18n
from expo_app.model import MatchingTime, MeetingState, Outcome, Role, TimeKind
from expo_app.routes.matching import MatchingRoute
from expo_app.routes.settings import SectionRoute
from expo_app.rules.meeting_board import Hours, Seat, slots_of
from expo_app.services import expos, timetable_acts, timetable_plan
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.kit.questions import Question
from expo_app.ui.pages.matching import timetable_side
from expo_app.ui.pages.matching.timetable import TimetableFace
from expo_app.ui.pages.matching.timetable_dialogs import PublishDialog
from expo_app.ui.pages.matching.timetable_shown import Cell, Tone, grid_of
from tests.factories import local, make_expo
from tests.made_meetings import Fair
from tests.ui.clipping import clipped
from tests.ui.conftest import put

Shown = Callable[[QWidget], list[tuple[str, str]]]


class Hall(Fair):
    """01 9:30 甲—乙, 02 9:50 locked 丙—丁, 03 9:30 asked 戊—己 and, in the tray, 甲—丙; at 9:00 of the first day."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.db, expo_id=context.expo_id)
        self.first = self.meet("甲", "乙", "01", local(28, 9, 30), is_mutual=True)
        self.locked = self.meet("丙", "丁", "02", local(28, 9, 50), is_locked=True)
        self.asked = self.meet("戊", "己", "03", local(28, 9, 30), state=MeetingState.REQUESTED)
        self.waiting = self.meet("甲", "丙", is_mutual=True, reason="丁来电改期")
        context.db.clock = lambda: local(28, 9).astimezone(UTC)


@pytest.fixture
def hall(context: Context) -> Hall:
    return Hall(context)


@pytest.fixture
def face(hall: Hall, context: Context, window: QMainWindow, qtbot: QtBot) -> TimetableFace:
    window.resize(1240, 820)
    made = TimetableFace(context)
    put(window, made)
    settle(made, qtbot)
    made.setFocus()
    return made


def settle(face: TimetableFace, qtbot: QtBot) -> None:
    """Until what is read and computed is shown."""
    for _turn in range(3):  # what is written is announced, and read again
        QApplication.processEvents()
        qtbot.waitUntil(lambda: face.found is not None and not jobs.running())
    QApplication.processEvents()


def center(face: TimetableFace, cell: Cell) -> QPoint:
    view = face.timetable.view
    return view.mapFromScene(view.cell_rect(cell).center())


def drag(face: TimetableFace, key: uuid.UUID, to: Cell, *, let_go: bool = True) -> None:
    view = face.timetable.view
    at, end = view.center_of(key), center(face, to)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view.viewport(), (at + end) / 2)
    QTest.mouseMove(view.viewport(), end)
    if let_go:
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    QApplication.processEvents()


def press(face: TimetableFace, key: Any, *keys: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    face.timetable.view.select(key)
    for one in keys:
        QTest.keyClick(face.timetable.view, one, modifier)
    QApplication.processEvents()


def dialog(face: TimetableFace, kind: type[Dialog]) -> Any:
    return next(one for one in face.window().findChildren(kind) if one.isVisible())


# --- what is shown ---
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(1240, 820), (1000, 620)])
def test_opens_in_both_languages_and_nothing_is_cut(
    hall: Hall, context: Context, window: QMainWindow, qtbot: QtBot, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    window.resize(*size)
    face = TimetableFace(context)
    put(window, face)
    settle(face, qtbot)
    assert clipped(face) == []
    assert face.day == date(2018, 11, 28)
    assert set(face.timetable.view.things) == {hall.first, hall.locked, hall.asked}


def test_blocks_say_their_state_in_words(face: TimetableFace, hall: Hall) -> None:
    things = face.timetable.view.things
    assert {key: block.tone for key, block in things.items()} == {
        hall.first: Tone.AGREED, hall.locked: Tone.AGREED, hall.asked: Tone.ASKED,
    }  # fmt: skip
    assert "单方，预留不发布" in things[hall.asked].words
    assert "双方已同意、已锁定" in things[hall.locked].words
    face.timetable.view.select(hall.locked)
    assert face.timetable.view.accessibleDescription() == things[hall.locked].words


def test_the_tray_says_why_and_what_would_help(face: TimetableFace) -> None:
    (card,) = face.side.cards
    assert card.waiting.facts == "20 分 · 双方互选 · 丁来电改期"
    assert (card.waiting.reason.text, card.help_button.text()) == ("有空位", "排到 11-28 10:10")


def test_the_tray_is_shown_to_its_end(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    for number in range(timetable_side.SHOWN * 2):
        hall.meet(f"早{number}", f"晚{number}")
    settle(face, qtbot)
    shown = []
    while not face.side.more_button.isHidden():
        shown.append(len(face.side.cards))
        face.side.more_button.click()
        settle(face, qtbot)
    assert (shown, len(face.side.cards)) == ([20, 40], 41)
    assert all(card.waiting.reason.text for card in face.side.cards)


def test_the_break_is_folded_and_the_present_has_its_line(face: TimetableFace, context: Context, qtbot: QtBot) -> None:
    assert face.grid is not None
    assert [row.height for row in face.grid.rows] == [45] * 8 + [24] + [45] * 4
    assert face.timetable.view.now is None
    context.db.clock = lambda: local(28, 9, 40).astimezone(UTC)
    face._show_now()
    assert face.timetable.view.now == pytest.approx(22.5)


def test_without_tables_one_is_sent_to_the_settings(context: Context, window: QMainWindow, qtbot: QtBot) -> None:
    face = TimetableFace(context)
    put(window, face)
    settle(face, qtbot)
    state = face.findChild(EmptyState)
    assert state is not None
    assert state.title.text() == "还没有洽谈点或洽谈时间"
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    next(b for b in state.findChildren(Button) if b.text() == "设桌与时段").click()
    assert isinstance(asked[0], SectionRoute)


def test_it_is_read_again_when_somebody_changes_it(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    hall.place(hall.waiting, "02", local(28, 10, 30))
    qtbot.waitUntil(lambda: hall.waiting in face.timetable.view.things)
    assert face.side.cards == []


# --- by mouse ---
def test_a_drag_moves_a_meeting_and_ctrl_z_brings_it_back(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    drag(face, hall.first, Cell(1, 3))
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("02", "28 10:30")
    face.undo()
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("01", "28 09:30")
    face.redo()
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("02", "28 10:30")


def test_while_it_is_held_home_is_dashed_busy_rows_stand_out_and_the_card_says_what_is_so(
    face: TimetableFace, hall: Hall, qtbot: QtBot
) -> None:
    span = {"starts_at": local(28, 10, 10), "ends_at": local(28, 10, 30)}
    hall.add(MatchingTime(organisation_id=hall.organisation("乙"), kind=TimeKind.BUSY, note="领奖", **span))
    face.refresh()
    settle(face, qtbot)
    drag(face, hall.first, Cell(1, 2), let_go=False)
    view = face.timetable.view
    assert (view.home, dict(view.busy)) == (Cell(0, 0), {2: "乙"})
    moving = face.side.moving
    assert moving.isVisible()
    assert [value.text() for value in moving.values] == [
        "11-28 09:30–09:50 · 01", "11-28 10:10–10:30 · 02", "乙 10:10–10:30忙", "不挤别的场次",
    ]  # fmt: skip
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=center(face, Cell(1, 2)))
    assert (view.home, dict(view.busy), moving.isVisible()) == (None, {}, False)
    assert hall.seat(hall.first) == ("01", "28 09:30")


def test_a_drop_on_an_occupied_cell_offers_to_swap(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    other = hall.meet("庚", "辛", "01", local(28, 10, 10))
    face.refresh()
    settle(face, qtbot)
    drag(face, hall.first, Cell(0, 2))
    question = dialog(face, Question)
    next(b for b in question.findChildren(Button) if b.text() == "交换").click()
    settle(face, qtbot)
    assert (hall.seat(hall.first), hall.seat(other)) == (("01", "28 10:10"), ("01", "28 09:30"))
    face.undo()
    settle(face, qtbot)
    assert (hall.seat(hall.first), hall.seat(other)) == (("01", "28 09:30"), ("01", "28 10:10"))


def test_a_locked_meeting_is_not_dragged_and_says_so(face: TimetableFace, hall: Hall, shown: Shown) -> None:
    drag(face, hall.locked, Cell(1, 5))
    assert hall.seat(hall.locked) == ("02", "28 09:50")
    assert shown(face) == [("info", "“丙 — 丁”已锁定，没有移动")]


def test_what_is_refused_is_said_and_nothing_moves(face: TimetableFace, hall: Hall, shown: Shown, qtbot: QtBot) -> None:
    hall.meet("甲", "壬", "02", local(28, 10, 30))
    face.refresh()
    settle(face, qtbot)
    drag(face, hall.first, Cell(0, 3))
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("01", "28 09:30")
    assert "甲 10:30–10:50已在 02 洽谈" in shown(face)[-1][1]


def test_from_the_tray_onto_the_grid_and_back(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    (card,) = face.side.cards
    start = card.rect().center()
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=start)
    view = face.timetable.view
    goal = view.viewport().mapToGlobal(center(face, Cell(0, 4)))
    for step in (0.5, 1.0):
        from_ = card.mapToGlobal(start)
        at = from_ + (goal - from_) * step
        QTest.mouseMove(card, card.mapFromGlobal(at))
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=card.mapFromGlobal(goal))
    settle(face, qtbot)
    assert hall.seat(hall.waiting) == ("01", "28 10:50")
    press(face, hall.waiting, Qt.Key.Key_U)
    settle(face, qtbot)
    assert hall.seat(hall.waiting) == ("", "")


def test_the_button_of_a_card_places_it(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    face.side.cards[0].help_button.click()
    settle(face, qtbot)
    assert hall.seat(hall.waiting) == ("01", "28 10:10")
    assert face.timetable.view.key == hall.waiting


# --- by keys ---
def test_arrows_choose_and_with_ctrl_they_move(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    press(face, hall.first, Qt.Key.Key_Right)
    assert face.timetable.view.key == hall.asked
    press(face, hall.first, Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.ControlModifier)
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("01", "28 09:50")
    press(face, hall.first, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ControlModifier)
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("03", "28 09:50"), "past the table that is taken"


def test_l_locks_and_n_goes_through_the_tray(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    press(face, hall.first, Qt.Key.Key_L)
    settle(face, qtbot)
    assert hall.shown(hall.first).is_locked
    face.undo()
    settle(face, qtbot)
    assert not hall.shown(hall.first).is_locked
    assert face.isActiveWindow()
    press(face, hall.first, Qt.Key.Key_N)
    assert face.side.cards[0].hasFocus()


def test_enter_opens_the_details(face: TimetableFace, hall: Hall, context: Context) -> None:
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    press(face, hall.first, Qt.Key.Key_Return)
    assert asked == [MatchingRoute(face="meetings", meeting=hall.first)]


def test_i_checks_in_who_came(face: TimetableFace, hall: Hall, context: Context, qtbot: QtBot) -> None:
    context.db.clock = lambda: local(28, 9, 31).astimezone(UTC)
    press(face, hall.first, Qt.Key.Key_I)
    menu = next(one for one in face.findChildren(Menu) if one.isVisible())
    assert [action.text() for action in menu.actions()] == ["双方都到了", "甲到了", "乙到了"]
    menu.actions()[0].trigger()
    menu.close()
    settle(face, qtbot)
    assert face.timetable.view.things[hall.first].tone is Tone.CAME


def test_a_search_dims_the_others_and_enter_goes_on(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    later = hall.meet("戊", "癸", "01", local(29, 9, 30))
    face.refresh()
    settle(face, qtbot)
    face.bar.search.setText("戊")
    things = face.timetable.view.things
    assert [key for key, block in things.items() if block.is_found] == [hall.asked]
    for wanted in (hall.asked, later):
        QTest.keyClick(face.bar.search, Qt.Key.Key_Return)
        assert face.timetable.view.key == wanted
    assert face.day == date(2018, 11, 29)


@pytest.mark.parametrize(
    ("entry", "words"), [("乙不来了…", "乙不来了，放回未排 1 场"), ("停用 01…", "01已停用，放回未排 1 场")]
)
def test_who_does_not_come_and_a_table_that_goes_empty_their_seats(
    face: TimetableFace, hall: Hall, qtbot: QtBot, shown: Shown, entry: str, words: str
) -> None:
    face.moving._show_menu(hall.first, face.mapToGlobal(QPoint(100, 100)))
    menu = next(one for one in face.findChildren(Menu) if one.isVisible())
    next(action for action in menu.actions() if action.text() == entry).trigger()
    menu.close()
    asked = dialog(face, Dialog)
    asked.findChild(QLineEdit).setText("来电告知")
    QTest.keyClick(asked.findChild(QLineEdit), Qt.Key.Key_Return)
    settle(face, qtbot)
    assert shown(face)[-1] == ("ok", words)
    assert (hall.seat(hall.first), hall.shown(hall.first).reason) == (("", ""), "来电告知")
    face.undo()
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("01", "28 09:30")


# --- computed ---
def test_a_computed_timetable_says_what_it_did_and_is_taken_back_whole(
    face: TimetableFace, hall: Hall, qtbot: QtBot
) -> None:
    before = {key: hall.seat(key) for key in (hall.first, hall.locked, hall.asked)}
    face.compute_button.click()
    settle(face, qtbot)
    assert hall.seat(hall.waiting) != ("", "")
    assert hall.seat(hall.locked) == before[hall.locked]
    assert face.computing.words.startswith("已排 4 / 4；移动 0 场；锁定 1 场未动。")
    face.computing.back_button.click()
    settle(face, qtbot)
    assert hall.seat(hall.waiting) == ("", "")
    assert {key: hall.seat(key) for key in before} == before
    assert face.computing.words == ""


def test_the_line_of_a_plan_goes_when_the_plan_is_undone_by_its_key(face: TimetableFace, qtbot: QtBot) -> None:
    face.compute_button.click()
    settle(face, qtbot)
    assert face.computing.words
    face.undo()
    settle(face, qtbot)
    assert face.computing.words == ""


def test_a_switch_of_expo_gives_up_what_is_being_computed(
    face: TimetableFace, hall: Hall, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, real = threading.Event(), timetable_plan.compute

    def waiting(*args: Any, **more: Any) -> timetable_plan.Plan:
        going.wait(60)
        return real(*args, **more)

    monkeypatch.setattr(timetable_plan, "compute", waiting)
    face.compute_button.click()
    with context.db.transaction() as session:
        other = make_expo(session, code="ZZ").id
    context.set_expo(next(one for one in expos.all_expos(context.db) if one.id == other))
    going.set()
    settle(face, qtbot)
    assert hall.seat(hall.waiting) == ("", "")  # nothing was written, here or there
    assert (face.computing.isHidden(), face.acts.list.last) == (True, None)


def test_after_another_act_the_computed_one_is_not_taken_back_alone(
    face: TimetableFace, hall: Hall, qtbot: QtBot, shown: Shown
) -> None:
    face.compute_button.click()
    settle(face, qtbot)
    press(face, hall.first, Qt.Key.Key_U)
    settle(face, qtbot)
    face.computing.back_button.click()
    assert "之后又有改动，没有撤销" in shown(face)[-1][1]
    assert hall.seat(hall.waiting) != ("", "")


def test_cancelled_it_keeps_the_best_so_far(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    for number in range(40):
        hall.meet(f"庚{number}", f"辛{number}")
    face.refresh()
    settle(face, qtbot)
    face.compute_button.click()
    face.computing.cancel_button.click()
    settle(face, qtbot)
    assert len(hall.board().tray) == 0
    assert face.computing.words.startswith("已排 44 / 44")


def test_where_nothing_is_better_it_says_so(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    for _time in range(2):
        face.compute_button.click()
        settle(face, qtbot)
    assert "没有找到比现在更好的排法，什么也没有改" in face.computing.words


# --- slots, publishing, rights ---
def test_only_the_agenda_of_who_has_published_meetings_is_printed_alone(
    face: TimetableFace, hall: Hall, qtbot: QtBot
) -> None:
    timetable_acts.publish(hall.db, hall.expo)
    hall.meet("庚", "辛", "01", local(29, 9, 30))
    settle(face, qtbot)
    face.show_meeting(hall.first)
    menu = Menu(face)
    face._fill_print(menu)
    assert [(one.text(), one.isEnabled()) for one in menu.actions()[:2]] == [
        ("只打印 甲 的", True), ("只打印 乙 的", True),
    ]  # fmt: skip
    assert hall.asked in face.timetable.view.things
    face.show_meeting(hall.asked)
    menu = Menu(face)
    face._fill_print(menu)
    assert [(one.text(), one.isEnabled()) for one in menu.actions()[:2]] == [
        ("只打印 戊 的（还没有发布）", False), ("只打印 己 的（还没有发布）", False),
    ]  # fmt: skip


def test_another_length_of_slots_asks_first(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    face.bar.lengths.button(30).click()
    question = dialog(face, Question)
    assert "已排的 3 场不合新的时段" in question.text
    assert face.bar.lengths.key == 20
    next(b for b in question.findChildren(Button) if b.text() == "改时段").click()
    settle(face, qtbot)
    assert (face.board.slot_minutes, face.bar.lengths.key) == (30, 30)
    assert hall.seat(hall.first) == ("", "")
    face.acts.undo()
    settle(face, qtbot)
    assert (face.board.slot_minutes, face.bar.lengths.key) == (20, 20)
    assert hall.seat(hall.first) != ("", "")


def test_another_length_names_what_is_locked_and_asks_nothing_where_all_fit(
    face: TimetableFace, hall: Hall, qtbot: QtBot
) -> None:
    timetable_acts.lock(hall.db, hall.expo, hall.first, True)
    face.refresh()
    settle(face, qtbot)
    face.bar.lengths.button(30).click()
    assert "其中 2 场已锁定" in dialog(face, Question).text
    dialog(face, Question).cancel()
    for one in face.board.placed:
        timetable_acts.lock(hall.db, hall.expo, one.id, False)
        timetable_acts.unplace(hall.db, hall.expo, one.id)
    face.refresh()
    settle(face, qtbot)
    face.bar.lengths.button(30).click()
    settle(face, qtbot)
    assert face.board.slot_minutes == 30


def test_what_began_in_slots_of_another_length_lies_at_its_true_time(face: TimetableFace, hall: Hall) -> None:
    board, day = face.board, face.board.days[0]
    slots = slots_of([Hours(day, time(9, 30), time(12, 30))], 30, 0, board.zone)
    seat = Seat(board.places[0].id, slots[0].starts_at + timedelta(minutes=20), 20)
    found = replace(board.by_id[hall.first], seat=seat)
    grid = grid_of(replace(board, slots=slots, slot_minutes=30, meetings=(found,)), day)
    assert [(block.place.row, block.span) for block in grid.blocks] == [(0, (30.0, 60.0))]


def test_publishing_lists_what_moved_first_and_leaves_requests_out(
    face: TimetableFace, hall: Hall, qtbot: QtBot, shown: Shown
) -> None:
    timetable_acts.publish(hall.db, hall.expo)
    hall.place(hall.first, "03", local(29, 9, 30))
    hall.place(hall.waiting, "02", local(28, 10, 30))
    face.refresh()
    settle(face, qtbot)
    face.publish_button.click()
    listed = dialog(face, PublishDialog)
    words = [label.text() for label in listed.findChildren(QWidget) if hasattr(label, "text") and callable(label.text)]
    assert "单方的 1 场只是预留，不发布。" in words
    moved = words.index("11-28 09:30–09:50 01 → 11-29 09:30–09:50 03")
    assert moved < words.index("11-28 10:30–10:50 02")
    listed.publish_button.click()
    settle(face, qtbot)
    assert shown(face)[-1] == ("ok", "已发布 2 处改动")
    assert timetable_acts.changes(hall.board()) == []


def test_unpublished_changes_are_given_up_after_a_question(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    timetable_acts.publish(hall.db, hall.expo)
    hall.place(hall.first, "03", local(29, 9, 30))
    face.acts.discard()
    dialog(face, Question).verb.click()
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("01", "28 09:30")
    face.undo()
    settle(face, qtbot)
    assert hall.seat(hall.first) == ("03", "29 09:30")


@pytest.mark.parametrize("role", [Role.DEALS, Role.DESK])
def test_who_may_not_plan_sees_it_and_moves_nothing(
    hall: Hall, context: Context, window: QMainWindow, qtbot: QtBot, shown: Shown, role: Role
) -> None:
    context.db.actor = Actor("某人", role)
    face = TimetableFace(context)
    put(window, face)
    settle(face, qtbot)
    drag(face, hall.first, Cell(1, 3))
    assert hall.seat(hall.first) == ("01", "28 09:30")
    assert shown(face) == [("info", f"{role.label}没有这项权限")]
    assert not face.compute_button.isEnabled()
    assert not face.publish_button.isEnabled()


def test_a_meeting_is_opened_from_elsewhere(face: TimetableFace, hall: Hall, qtbot: QtBot) -> None:
    later = hall.meet("庚", "辛", "01", local(29, 9, 30), outcome=Outcome.NO_SHOW_A)
    face.open_with(MatchingRoute(face="timetable", meeting=later))
    face.refresh()
    settle(face, qtbot)
    face.open_with(MatchingRoute(face="timetable", meeting=later))
    assert (face.day, face.timetable.view.key) == (date(2018, 11, 29), later)
    assert face.timetable.view.things[later].tone is Tone.MISSED
