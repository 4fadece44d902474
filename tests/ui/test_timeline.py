"""The day timeline alone: where blocks lie, what keys and mouse ask for. It knows plain data only."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from expo_app.ui.canvas.words import wrapped
from expo_app.ui.pages.programme.timeline import Block, Lane, Place, Timeline, TimelineView
from tests.ui.conftest import put

LANES = (Lane("a", "A 会场", "280 座"), Lane("b", "B 会场"), Lane("c", "C 会场"))
FORUM = Block("forum", Place("a", 570, 690), "论坛", "论坛", "cat.it", "主持 陆文涛", "报名 262 / 280")
MATCHING = Block("matching", Place("b", 840, 960), "对接会", "对接", "cat.energy", problem="换场仅 10 分钟")
LOCKED = Block("locked", Place("a", 810, 990), "拍卖", "拍卖", "plum", is_locked=True)


@pytest.fixture
def plan(window: QMainWindow) -> Timeline:
    made = Timeline()
    window.resize(1000, 800)
    put(window, made)
    made.set_day(LANES, [FORUM, MATCHING, LOCKED], now=642)
    made.view.setFocus()
    QApplication.processEvents()
    return made


@pytest.fixture
def view(plan: Timeline) -> TimelineView:
    return plan.view


def asked(view: TimelineView) -> list[object]:
    """(key, place, by mouse) of every move asked for, and the keys refused."""
    heard: list[object] = []
    view.moved.connect(lambda key, place, mouse: heard.append((key, place, mouse)))
    view.refused.connect(heard.append)
    return heard


def drag(view: TimelineView, start: QPoint, *ways: tuple[int, int], drop: bool = True) -> QPoint:
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    at = start
    for x, y in ((20, 20), *ways):
        at = start + QPoint(x, y)
        QTest.mouseMove(view.viewport(), at)
    if drop:
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    return at


def lane(view: TimelineView) -> int:
    return round(view.across.scale)


# --- where things lie ---


def test_the_usual_day_is_shown_at_1_2_px_a_minute(view: TimelineView) -> None:
    assert (view.first, view.last) == (540, 1050)
    assert view.items_by_key["forum"].size.height() == 144


def test_nothing_outside_the_usual_hours_is_hidden(plan: Timeline) -> None:
    early = replace(FORUM, key="early", place=Place("a", 425, 500))
    late = replace(FORUM, key="late", place=Place("b", 1400, 1500))
    plan.set_day(LANES, [early, late])
    view = plan.view
    assert (view.first, view.last) == (420, 1440)
    for key in ("early", "late"):
        assert view.sceneRect().contains(view.items_by_key[key].sceneBoundingRect()) is True


def test_blocks_in_one_lane_do_not_cover_each_other(plan: Timeline) -> None:
    plan.set_day(LANES, [FORUM, replace(FORUM, key="other", place=Place("a", 600, 660))])
    first, second = (plan.view.items_by_key[key].sceneBoundingRect() for key in ("forum", "other"))
    assert plan.view.items_by_key["forum"].size.translated(first.topLeft()).right() <= second.right()
    assert first.left() < second.left()
    assert [plan.view.item_at(plan.view.center_of(key)).thing.key for key in ("forum", "other")] == ["forum", "other"]


def test_lanes_share_the_width_and_never_get_too_narrow(plan: Timeline, window: QMainWindow) -> None:
    assert plan.view.horizontalScrollBar().maximum() == 0
    plan.set_day([Lane(n, f"{n} 会场") for n in range(9)], [])
    assert plan.view.across.scale == 176
    assert plan.view.horizontalScrollBar().maximum() > 0


def test_words_break_into_two_lines_and_end_in_dots(qapp: QApplication) -> None:
    lines = wrapped("长三角智能网联汽车产品开发及验证测试技术论坛", "strong", 120, 2)
    assert (len(lines), lines[1][-1]) == (2, "…")
    assert wrapped("论坛", "strong", 120, 2) == ("论坛",)


# --- keys ---


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, Place("b", 835, 955)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, Place("b", 845, 965)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier, Place("b", 825, 945)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier, Place("b", 855, 975)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, Place("b", 840, 965)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, Place("b", 840, 955)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, Place("a", 840, 960)),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, Place("c", 840, 960)),
    ],
)
def test_keys_move_the_chosen_block(
    view: TimelineView, key: Qt.Key, modifier: Qt.KeyboardModifier, expected: Place
) -> None:
    heard = asked(view)
    view.select("matching")
    QTest.keyClick(view, key, modifier)
    assert heard == [("matching", expected, False)]


def test_keys_stop_at_the_first_room_and_at_midnight(plan: Timeline) -> None:
    view, heard = plan.view, asked(plan.view)
    view.select("forum")
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert heard == []
    plan.set_day(LANES, [replace(FORUM, place=Place("a", 5, 10))])
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert heard == [("forum", Place("a", 0, 5), False)]


def test_keys_do_not_move_a_locked_block(view: TimelineView) -> None:
    heard = asked(view)
    view.select("locked")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_U):
        QTest.keyClick(view, key)
    assert heard == ["locked", "locked", "locked"]


def test_enter_u_and_n(view: TimelineView) -> None:
    heard: list[object] = []
    view.opened.connect(heard.append)
    view.tray_wanted.connect(heard.append)
    view.next_wanted.connect(lambda: heard.append("next"))
    view.select("matching")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_U, Qt.Key.Key_N):
        QTest.keyClick(view, key)
    assert heard == ["matching", "matching", "next"]


def test_tab_goes_from_block_to_block_and_out(view: TimelineView) -> None:
    view.select(None)
    found = []
    for _n in range(3):
        view.focusNextPrevChild(True)
        found.append(view.key)
    assert found == ["forum", "locked", "matching"]
    view.focusNextPrevChild(False)
    assert view.key == "locked"


def test_the_chosen_block_is_told_to_readers(view: TimelineView) -> None:
    view.select("matching")
    assert view.accessibleDescription() == "14:00–16:00 对接\n对接会\n换场仅 10 分钟"


# --- mouse ---


def test_a_drag_moves_in_steps_of_the_snap(view: TimelineView) -> None:
    heard = asked(view)
    view.snap = 15
    drag(view, view.center_of("forum"), (lane(view), 40))
    assert heard == [("forum", Place("b", 600, 720), True)]


def test_while_dragging_a_ghost_says_where_and_what_clashes(view: TimelineView) -> None:
    view.judge = lambda key, place: "会场重叠" if place.lane == "b" else ""
    drag(view, view.center_of("forum"), (lane(view), 24), drop=False)
    assert view.carried == Place("b", 590, 710)
    assert view._ghost is not None
    assert (view._ghost.thing.problem, view.items_by_key["forum"].opacity()) == ("会场重叠", 0.35)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (view.carried, view._ghost, view.items_by_key["forum"].opacity()) == (None, None, 1.0)


def test_edges_stretch(view: TimelineView) -> None:
    heard = asked(view)
    view.select("matching")
    box = view.items_by_key["matching"].sceneBoundingRect()
    bottom = view.mapFromScene(QPointF(box.center().x() + 60, view.down.px(960) - 2))
    drag(view, bottom, (0, 36))
    top = view.mapFromScene(QPointF(box.center().x() + 60, view.down.px(840) + 2))
    drag(view, top, (0, -36))
    assert heard == [("matching", Place("b", 840, 990), True), ("matching", Place("b", 810, 960), True)]


def test_a_locked_block_is_not_dragged(view: TimelineView) -> None:
    heard = asked(view)
    drag(view, view.center_of("locked"), (0, 60))
    assert heard == ["locked"]


def test_without_the_right_nothing_is_dragged(view: TimelineView) -> None:
    heard, view.may_move = asked(view), False
    drag(view, view.center_of("forum"), (0, 60))
    assert heard == ["forum"]


def test_a_press_is_no_drag_and_a_double_click_opens(view: TimelineView) -> None:
    heard, opened = asked(view), []
    view.opened.connect(opened.append)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.center_of("forum"))
    assert (view.key, heard) == ("forum", [])
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.center_of("forum"))
    assert opened == ["forum"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert view.key is None


def test_dropped_outside_it_is_thrown(view: TimelineView) -> None:
    heard, thrown = asked(view), []
    view.thrown.connect(lambda key, _at: thrown.append(key))
    drag(view, view.center_of("forum"), (2000, 0))
    assert (heard, thrown) == ([], ["forum"])


def test_a_block_carried_in_from_elsewhere(view: TimelineView) -> None:
    heard = asked(view)
    guest = Block("guest", Place(None, 0, 90), "待排")
    corner = view.mapFromScene(QPointF(view.across.px(2) + 40, view.down.px(660 + 15)))
    view.carry_block(guest, view.viewport().mapToGlobal(corner))
    assert view.carried == Place("c", 660, 750)
    view.drop_in()
    view.carry_block(guest, view.viewport().mapToGlobal(QPoint(-50, 10)))
    view.drop_in()
    assert heard == [("guest", Place("c", 660, 750), True)]


def test_ctrl_and_wheel_zoom_around_the_pointer(view: TimelineView, qtbot: QtBot) -> None:
    def wheel(by: int) -> None:
        at = QPointF(300, 300)
        event = QWheelEvent(
            at, view.viewport().mapToGlobal(at), QPoint(), QPoint(0, by), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    before = view.down.unit(view.mapToScene(0, 300).y())
    wheel(480)
    assert view.scale_now == pytest.approx(1.2 * 1.0015**480)
    assert view.down.unit(view.mapToScene(0, 300).y()) == pytest.approx(before, abs=1)
    wheel(9999)
    assert view.scale_now == 4.0
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.scale_now == 1.2


def test_the_menu_key_asks_for_the_chosen_block(view: TimelineView) -> None:
    heard: list[object] = []
    view.menu_wanted.connect(lambda key, _at: heard.append(key))
    view.select("matching")
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, QPoint(1, 1), QPoint(1, 1)))
    assert heard == ["matching"]


# --- refreshing ---


def test_a_refresh_keeps_choice_and_scroll_place(plan: Timeline) -> None:
    view = plan.view
    view.set_zoom(4.0, QPoint(0, 0))
    view.select("matching", show=True)
    at = view.verticalScrollBar().value()
    plan.set_day(LANES, [FORUM, replace(MATCHING, title="对接会（新）"), LOCKED], now=700)
    assert (view.key, view.verticalScrollBar().value(), view.now) == ("matching", at, 700)
    heard: list[object] = []
    view.selected.connect(heard.append)
    plan.set_day(LANES, [FORUM])
    assert (view.key, heard) == (None, [None])
