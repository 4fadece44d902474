"""Toasts stack and leave, questions answer through callbacks, dialogs keep the focus and stay inside the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import UserError
from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.widgets import Button, FormField

Shown = Callable[[QWidget], list[tuple[str, str]]]


def test_a_toast_says_what_it_was_given(window: QMainWindow, shown: Shown) -> None:
    messages.show(window.centralWidget(), "已保存", "ok")
    messages.show(window, UserError("磁盘已满。数据没有改动，清理后再试", "E-DISK"))
    messages.show(window, "已导入 3 条")
    assert shown(window) == [
        ("ok", "已保存"),
        ("bad", "磁盘已满。数据没有改动，清理后再试 [E-DISK]"),
        ("info", "已导入 3 条"),
    ]


def test_no_more_than_three_and_the_newest_lowest(window: QMainWindow, shown: Shown, qapp: QApplication) -> None:
    for number in range(5):
        messages.show(window, f"第 {number} 条", "warn")
    assert [text for _kind, text in shown(window)] == ["第 2 条", "第 3 条", "第 4 条"]
    tops = [toast.y() for toast in messages.toasts(window)]
    assert tops == sorted(tops)
    window.resize(1000, 700)
    qapp.processEvents()
    assert {toast.geometry().right() for toast in messages.toasts(window)} == {1000 - 16 - 1}


def _covered(window: QMainWindow) -> list[QWidget]:
    """What is pressed or written in, under a toast."""
    toasts = messages.toasts(window)
    found = [*window.findChildren(QPushButton), *window.findChildren(QLineEdit)]
    mine = [widget for widget in found if not any(toast.isAncestorOf(widget) for toast in toasts)]
    places = [QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()) for widget in mine]
    return [w for w, place in zip(mine, places, strict=True) if any(t.geometry().intersects(place) for t in toasts)]


def test_toasts_stand_beside_what_is_pressed(window: QMainWindow, qapp: QApplication) -> None:
    """The foot of a panel at the right, the search field above it: nothing of it is covered by three toasts."""
    middle = window.centralWidget()
    save, more = QPushButton("保存", middle), QPushButton("换发", middle)
    save.setGeometry(1080, 700, 100, 32)
    more.setGeometry(860, 700, 100, 32)
    for widget in (save, more):
        widget.show()
    for number in range(3):
        messages.show(window, f"第 {number} 条，没有保存，数据未变，改好后再试一次", "bad")
    assert _covered(window) == []
    right = [toast.geometry().right() for toast in messages.toasts(window)]
    assert right == [1200 - 16 - 1] * 3  # above the foot is nearer than beside it
    high = QPushButton("全部", middle)
    high.setGeometry(900, 200, 280, 490)
    high.show()
    messages.corner(window).arrange()
    assert _covered(window) == []
    high.hide()
    save.hide()
    more.hide()
    messages.corner(window).arrange()
    assert messages.toasts(window)[-1].geometry().bottom() == 760 - 28 - 16 - 1


def test_toasts_make_way_for_a_panel_that_opens_after_them(window: QMainWindow, qtbot: QtBot) -> None:
    messages.show(window, "已新增参展商", "ok")
    foot = QPushButton("登记成交", window.centralWidget())
    foot.setGeometry(1060, 680, 120, 50)
    foot.show()
    assert _covered(window) == [foot]
    qtbot.waitUntil(lambda: _covered(window) == [])


def test_a_problem_goes_when_its_owner_succeeds_or_its_page_is_left(window: QMainWindow, shown: Shown) -> None:
    page, other = QWidget(window.centralWidget()), QWidget(window.centralWidget())
    part = QWidget(page)
    messages.show(part, "没有保存", "bad")
    messages.show(other, "没有备份", "bad")
    messages.show(part, "已保存", "ok")
    assert shown(window) == [("bad", "没有备份"), ("ok", "已保存")]
    messages.show(part, "没有删除", "warn")
    messages.leave(page)
    assert shown(window) == [("bad", "没有备份"), ("ok", "已保存")]
    messages.hush(window)
    assert shown(window) == []


def test_a_problem_goes_with_its_dialog_and_its_face(window: QMainWindow, shown: Shown, qtbot: QtBot) -> None:
    face = QWidget(window.centralWidget())
    face.show()
    messages.show(face, "没有出", "bad")
    messages.show(window, "没有备份", "bad")
    face.hide()
    qtbot.waitUntil(lambda: shown(window) == [("bad", "没有备份")])
    box = Dialog(window, "登记签认")
    box.open()
    messages.show(box, "没有登记", "bad")
    box.cancel()
    qtbot.waitUntil(lambda: shown(window) == [("bad", "没有备份")])
    messages.show(face, "已登记", "ok")
    assert shown(window) == [("ok", "已登记")]


def test_a_problem_lies_over_no_dialog(window: QMainWindow, qtbot: QtBot) -> None:
    """One said before rests while the dialog is open; one of the dialog stands beside it."""
    messages.show(window, "没有出", "bad")
    box = Dialog(window, "登记签认", width=700)
    box.body.addWidget(QPlainTextEdit())
    box.body.itemAt(0).widget().setMinimumHeight(900)
    box.open()
    before = messages.toasts(window)[0]
    qtbot.waitUntil(lambda: not before.isVisible())
    messages.show(box, "没有登记", "bad")
    own = messages.toasts(window)[1]
    window.resize(1800, 760)
    qtbot.waitUntil(lambda: not own.geometry().intersects(box.geometry()))
    assert own.isVisible()
    box.cancel()
    qtbot.waitUntil(before.isVisible)


def test_a_toast_over_a_dialog_minds_the_dialog_alone(window: QMainWindow, qapp: QApplication) -> None:
    below = QPushButton("下面的", window.centralWidget())
    below.setGeometry(1080, 690, 100, 32)
    below.show()
    box = Dialog(window, "大对话框", width=1150)
    box.body.addWidget(QPlainTextEdit())
    box.body.itemAt(0).widget().setMinimumHeight(900)
    box.add_action(Button("保存", "primary"), safe=True)
    box.open()
    qapp.processEvents()
    messages.show(window, "没有保存", "bad")
    assert _covered(window) in ([], [below])
    box.cancel()


def test_good_news_leave_by_themselves_and_problems_stay(
    window: QMainWindow, shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "STAYS", 60)
    for kind in ("ok", "info", "warn", "bad"):
        messages.show(window, kind, kind)
    messages.show(window, "held", "info").enterEvent(None)
    qtbot.wait(200)
    assert [kind for kind, _text in shown(window)] == ["warn", "bad", "info"]
    messages.toasts(window)[-1].leaveEvent(None)
    qtbot.waitUntil(lambda: [kind for kind, _text in shown(window)] == ["warn", "bad"])


def test_the_action_of_a_toast_runs_once_and_takes_it_away(window: QMainWindow, shown: Shown) -> None:
    done: list[str] = []
    toast = messages.show(window, "已取消 2 张打印任务", action=("撤销", lambda: done.append("undo")))
    toast.findChild(Button).click()
    assert (done, shown(window)) == (["undo"], [])


@pytest.mark.parametrize(("which", "expected"), [("verb", ["then"]), ("safe", ["otherwise"])])
def test_a_question_is_answered(window: QMainWindow, which: str, expected: list[str]) -> None:
    said: list[str] = []
    question = messages.confirm(
        window, "删除场次？", "41 位已报名", "删除场次", lambda: said.append("then"), danger=True, safe="保留场次",
        otherwise=lambda: said.append("otherwise"),
    )  # fmt: skip
    assert dialog.top(window) is question
    assert question.safe.hasFocus()
    assert (question.safe.text(), question.verb.text()) == ("保留场次", "删除场次")
    question.press(which)
    assert (said, dialog.top(window)) == (expected, None)


def test_esc_is_the_safe_answer(window: QMainWindow) -> None:
    said: list[str] = []
    question = messages.confirm(window, "删除？", "", "删除", lambda: said.append("then"))
    QTest.keyClick(question.safe, Qt.Key.Key_Escape)
    assert (said, question.is_open) == ([], False)


def test_enter_on_a_question_presses_the_safe_button_only(window: QMainWindow) -> None:
    said: list[str] = []
    question = messages.confirm(window, "删除？", "", "删除", lambda: said.append("then"))
    QTest.keyClick(question.safe, Qt.Key.Key_Return)
    QTest.keyClick(question.safe, Qt.Key.Key_Space)
    assert (said, question.is_open) == ([], False)


def test_the_crash_dialog_gives_its_details_away(window: QMainWindow) -> None:
    box = messages.crash(window, "Traceback: ValueError")
    assert box.findChild(QPlainTextEdit).toPlainText() == "Traceback: ValueError"
    copy = next(button for button in box.findChildren(Button) if button.text() == "复制详情")
    copy.click()
    assert QGuiApplication.clipboard().text() == "Traceback: ValueError"
    assert box.is_open


def make_dialog(window: QMainWindow, fields: int) -> tuple[Dialog, list[QLineEdit]]:
    box = Dialog(window.centralWidget(), "新建成交", pill=("KJH-2018-025", "mute"))
    lines = [QLineEdit() for _field in range(fields)]
    for line in lines:
        box.body.addWidget(FormField("项目名称", line, "必填"))
    box.add_action(Button("取消", clicked=box.cancel))
    box.add_action(Button("保存", "primary", clicked=lambda: box.close_with({"title": lines[0].text()})))
    box.open()
    return box, lines


def test_a_dialog_gives_its_result_and_the_focus_back(window: QMainWindow, qapp: QApplication) -> None:
    field = QLineEdit(window.centralWidget())
    field.show()
    field.setFocus()
    results: list[object] = []
    box, lines = make_dialog(window, 2)
    box.closed.connect(results.append)
    assert lines[0].hasFocus()
    lines[0].setText("储氢")
    box.findChildren(Button)[-1].click()
    box.close_with("again")
    qapp.processEvents()
    assert (results, field.hasFocus()) == ([{"title": "储氢"}], True)


def test_tab_goes_round_inside(window: QMainWindow) -> None:
    behind = QPushButton("behind", window.centralWidget())
    behind.show()
    box, _lines = make_dialog(window, 2)
    visited = []
    for _turn in range(10):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
    assert all(box.isAncestorOf(widget) for widget in visited)
    assert len(set(visited)) == 5
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is visited[-2]


def test_shortcuts_below_sleep_and_its_own_work(window: QMainWindow) -> None:
    acted: list[str] = []
    for place, keys in ((window, "Ctrl+1"), (window, "F5")):
        QShortcut(QKeySequence(keys), place).activated.connect(lambda keys=keys: acted.append(keys))
    box, lines = make_dialog(window, 1)
    QShortcut(QKeySequence("Ctrl+S"), box).activated.connect(lambda: acted.append("Ctrl+S"))
    for key, modifier in (
        (Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier),
    ):
        QTest.keyClick(lines[0], key, modifier)
    assert acted == ["Ctrl+S"]
    box.cancel()
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert acted == ["Ctrl+S", "F5"]


def test_clicks_do_not_reach_what_lies_below(window: QMainWindow) -> None:
    pressed: list[bool] = []
    behind = QPushButton("behind", window.centralWidget())
    behind.clicked.connect(pressed.append)
    behind.show()
    box, _lines = make_dialog(window, 1)
    under = window.childAt(behind.mapTo(window, QPoint(5, 5)))
    QTest.mouseClick(under, Qt.MouseButton.LeftButton)
    assert (pressed, box.is_open) == ([], True)


@pytest.mark.parametrize("fields", [1, 30])
def test_a_dialog_stays_inside_the_window(window: QMainWindow, fields: int, qapp: QApplication) -> None:
    box, _lines = make_dialog(window, fields)
    for size in ((1200, 760), (1180, 680), (1400, 900)):
        window.resize(*size)
        qapp.processEvents()
        room = window.rect().adjusted(24, 24, -24, -24)
        assert room.contains(box.geometry())
        assert box.width() == 720
    assert (box.height() == 900 - 48) == (fields == 30)


def test_a_dialog_grows_when_a_problem_appears(window: QMainWindow, qtbot: QtBot) -> None:
    box, lines = make_dialog(window, 1)
    before = box.height()
    field = lines[0].parentWidget()
    assert isinstance(field, FormField)
    field.set_problem("少 1 位，应为 11 位数字。" * 12)
    qtbot.waitUntil(lambda: box.height() > before)
    assert field.problem.startswith("少 1 位")
    field.clear_problem()
    assert field.problem == ""


def test_dialogs_stack(window: QMainWindow, qapp: QApplication) -> None:
    box, lines = make_dialog(window, 1)
    question = messages.confirm(box, "放弃填写？", "", "放弃", box.cancel)
    assert dialog.top(window) is question
    question.press("safe")
    qapp.processEvents()
    assert dialog.top(window) is box
    assert lines[0].hasFocus()
