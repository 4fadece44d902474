"""Dialogs by keys alone: Enter presses the button that has the focus, Ctrl+Enter submits, Esc asks after typing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import SearchField, SpinBox
from expo_app.ui.kit.inputs import LongTextEditor

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def box(window: QMainWindow) -> Dialog:
    """A line, a text and a number, 取消 and 保存; `results` holds what it closed with."""
    made = Dialog(window, "新增")
    made.line, made.text, made.number = QLineEdit("旧"), LongTextEditor(), SpinBox(0, 99)
    made.search = SearchField("找")
    for editor in (made.line, made.text, made.number, made.search):
        made.body.addWidget(editor)
    made.no, made.yes = Button("取消", clicked=made.cancel), Button("保存", "primary")
    made.yes.clicked.connect(lambda: made.close_with("saved"))
    made.add_action(made.no)
    made.add_action(made.yes)
    made.results = []
    made.closed.connect(made.results.append)
    made.open()
    QApplication.processEvents()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("where", ["line", "text", "number", "search", "no"])
def test_ctrl_enter_submits_from_everywhere(box: Dialog, key: Qt.Key, where: str) -> None:
    getattr(box, where).setFocus()
    QTest.keyClick(QApplication.focusWidget(), key, CTRL)
    assert box.results == ["saved"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus(box: Dialog, key: Qt.Key) -> None:
    box.line.setFocus()
    QTest.keyClick(box.line, key)
    assert box.results == []
    box.no.setFocus()
    QTest.keyClick(box.no, key)
    assert box.results == [None]


def test_esc_closes_what_was_not_touched(box: Dialog) -> None:
    box.search.setText("只是找找")
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert box.results == [None]


@pytest.mark.parametrize(("answer", "left"), [("safe", []), ("verb", [None])])
def test_esc_asks_after_typing(box: Dialog, window: QMainWindow, answer: str, left: list[object]) -> None:
    box.text.setFocus()
    QTest.keyClicks(box.text, "abc")
    QTest.keyClick(box.text, Qt.Key.Key_Escape)
    question = dialog.top(window)
    assert isinstance(question, messages.Question)
    assert (question.title, box.results) == ("放弃填写的内容？", [])
    question.press(answer)
    assert box.results == left
    assert box.text.toPlainText() == "abc"


def test_typed_back_is_not_typed(box: Dialog) -> None:
    box.line.end(False)
    QTest.keyClicks(box.line, "x")
    QTest.keyClick(box.line, Qt.Key.Key_Backspace)
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert box.results == [None]


def test_a_question_by_keys(window: QMainWindow) -> None:
    said: list[str] = []
    plain = messages.confirm(window, "改分？", "", "改分", lambda: said.append("done"))
    QTest.keyClick(plain.safe, Qt.Key.Key_Return, CTRL)
    assert (said, plain.is_open) == (["done"], False)
    grave = messages.confirm(window, "删除？", "", "删除", lambda: said.append("gone"), danger=True)
    QTest.keyClick(grave.safe, Qt.Key.Key_Return, CTRL)
    assert grave.is_open
    QTest.keyClick(grave.safe, Qt.Key.Key_Return)  # the safe button has the focus
    assert (said, grave.is_open) == (["done"], False)


def test_the_same_key_of_the_page_below_rests_meanwhile(window: QMainWindow) -> None:
    below: list[str] = []
    shortcut = QShortcut(QKeySequence("Ctrl+Return"), window.centralWidget())
    shortcut.activated.connect(lambda: below.append("page"))
    box = Dialog(window, "预览")
    box.add_action(Button("生成", "primary", clicked=lambda: box.close_with("made")), safe=True)
    results: list[object] = []
    box.closed.connect(results.append)
    box.open()
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert (results, below) == (["made"], [])
    window.centralWidget().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.centralWidget().setFocus()
    QTest.keyClick(window.centralWidget(), Qt.Key.Key_Return, CTRL)
    assert below == ["page"]
