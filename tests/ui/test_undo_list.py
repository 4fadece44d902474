"""Acts of a page and their toasts: an offered 撤销 takes back the act it tells of, never another."""

import threading
from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import Conflict
from expo_app.ui.kit import jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.records.undo_list import Act, UndoList


def offers(window: QMainWindow) -> list[tuple[str, Button]]:
    """What toasts on the screen offer to take back."""
    QApplication.processEvents()
    found = [(toast.text, toast.findChildren(Button)) for toast in messages.toasts(window) if toast.isVisible()]
    return [(text, buttons[0]) for text, buttons in found if buttons]


def test_only_the_last_act_is_offered_for_undo(window: QMainWindow) -> None:
    state: list[str] = []
    acts = UndoList(window.centralWidget())
    for name in ("甲", "乙"):
        state.append(name)
        acts.add(Act(name, state.pop, lambda name=name: state.append(name)))
    assert [text for text, _button in offers(window)] == ["乙"]
    acts.undo()  # by Ctrl+Z, while the toast still stands
    assert (state, offers(window)) == (["甲"], [])
    acts.redo()
    assert (state, offers(window)) == (["甲", "乙"], [])


def test_the_offer_takes_its_act_back(window: QMainWindow) -> None:
    state = ["甲"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("甲", state.pop))
    ((_text, button),) = offers(window)
    button.click()
    assert (state, acts.can_undo, offers(window)) == ([], False, [])


def test_nothing_is_taken_back_past_what_cannot_be(
    window: QMainWindow, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    state = ["甲"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("甲", state.pop))
    acts.bar("已删除 1 条")
    assert offers(window) == []
    for _press in range(2):
        acts.undo()
        assert (state, acts.can_undo) == (["甲"], False)
        assert shown(window)[-1] == ("info", "“已删除 1 条”不能撤销")
    state.append("乙")
    acts.add(Act("乙", state.pop))
    acts.undo()
    assert (state, acts.can_undo) == (["甲"], False)


def test_what_cannot_be_done_again_says_so_and_keeps_what_came_after_it(
    window: QMainWindow, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    state = ["导入", "改"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("导入", state.pop))
    acts.add(Act("改", state.pop, lambda: state.append("改")))
    acts.undo()
    acts.undo()
    acts.redo()
    acts.redo()
    assert (state, shown(window)[-1]) == ([], ("info", "“导入”撤销后不能重做"))


def test_a_refusal_keeps_the_act_unless_nothing_is_left_of_it(window: QMainWindow) -> None:
    codes = ["E-IN-USE", "E-UNDONE"]

    def refused() -> None:
        raise Conflict("没有撤销", codes.pop(0))

    acts = UndoList(window.centralWidget())
    acts.add(Act("导入", refused))
    acts.undo()
    assert acts.can_undo
    acts.undo()
    assert not acts.can_undo


def test_slow_work_is_a_job_and_done_once(window: QMainWindow, qtbot: QtBot) -> None:
    state = ["甲", "乙"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("甲", state.pop))
    acts.add(Act("乙", state.pop, slow=True))
    acts.undo()
    acts.undo()  # while the first is at work
    qtbot.waitUntil(lambda: acts._job is None)
    assert state == ["甲"]
    acts.undo()
    assert state == []


def test_a_save_that_wrote_nothing_leaves_what_came_before_it(
    window: QMainWindow, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    state = ["甲"]
    acts = UndoList(window.centralWidget())
    acts.add(Act("甲", state.pop))
    acts.add(Act("已保存", None, wrote=False))
    assert (acts.can_undo, shown(window)[-1]) == (True, ("ok", "已保存"))
    acts.undo()
    assert state == []


def test_what_is_slow_goes_and_comes_again_in_a_worker(
    window: QMainWindow, qtbot: QtBot, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    state, threads = ["甲"], list[int]()

    def noted(act: Callable[[], object]) -> Callable[[], object]:
        return lambda: (threads.append(threading.get_ident()), act())

    acts = UndoList(window.centralWidget())
    acts.add(Act("已合并甲", noted(state.pop), noted(lambda: state.append("甲")), slow=True))
    acts.undo()
    qtbot.waitUntil(lambda: state == [] and not jobs.running())
    acts.redo()
    qtbot.waitUntil(lambda: state == ["甲"] and not jobs.running())
    assert (acts.can_undo, shown(window)[-1]) == (True, ("ok", "已合并甲"))
    assert threading.get_ident() not in threads


def test_a_slow_act_that_cannot_be_done_again_stays_undone(
    window: QMainWindow, qtbot: QtBot, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    def refuse() -> None:
        raise Conflict("有人改过，数据未变。", "E-CHANGED")

    acts = UndoList(window.centralWidget())
    acts.add(Act("已合并甲", lambda: None, refuse, slow=True))
    acts.undo()
    qtbot.waitUntil(lambda: not jobs.running() and not acts.can_undo)
    acts.redo()
    qtbot.waitUntil(lambda: shown(window)[-1][0] == "bad")
    assert not acts.can_undo
