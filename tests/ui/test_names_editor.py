"""Names in lines of their own, each with its list: typed, pasted, moved and taken away by keys."""

import uuid

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from expo_app.ui.records.names_editor import MOST_ROWS, NamesEditor
from tests.ui.conftest import put

KNOWN = ("甲公司 Alpha Valves", "乙研究所")


@pytest.fixture
def editor(window):
    made = NamesEditor(lambda text: [(uuid.uuid4(), name) for name in KNOWN if text.casefold() in name.casefold()])
    put(window, made)
    made.resize(520, made.height())
    made.setFocus()
    return made


def at(editor):
    return next(n for n, line in enumerate(editor.lines) if line.hasFocus())


def test_pasted_names_get_a_line_each(editor):
    QGuiApplication.clipboard().setText("甲公司\n乙研究所\nNova Co., Ltd.\n")
    QTest.keyClick(editor.lines[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (editor.names(), at(editor)) == (["甲公司", "乙研究所", "Nova Co., Ltd."], 3)


def test_names_typed_as_one_text_come_apart(editor):
    line = editor.lines[0]
    line.setText("丙大学、丁厂")
    line.textEdited.emit(line.text())
    assert ([one.text() for one in editor._shown()], at(editor)) == (["丙大学", "丁厂", ""], 2)
    assert editor.value() == "丙大学、丁厂"


def test_tab_takes_the_marked_name_of_the_line(editor, qtbot):
    line = editor.lines[0]
    QTest.keyClicks(line, "alpha")
    qtbot.waitUntil(lambda: line.is_offering)
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert (editor.names(), line.is_offering, editor.is_known()) == ([KNOWN[0]], False, True)


def test_keys_go_from_line_to_line_move_a_name_and_take_an_empty_line_away(editor):
    editor.set_value("甲、乙、丙")
    line = editor.lines
    QTest.keyClick(line[0], Qt.Key.Key_Return)
    assert at(editor) == 1
    QTest.keyClick(line[1], Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert (editor.names(), at(editor)) == (["乙", "甲", "丙"], 0)
    QTest.keyClick(line[0], Qt.Key.Key_Down)
    line[1].clear()
    QTest.keyClick(line[1], Qt.Key.Key_Backspace)
    assert ([one.text() for one in editor._shown()], at(editor)) == (["乙", "丙", ""], 0)
    QTest.keyClick(line[2], Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)  # no name to move
    assert editor.names() == ["乙", "丙"]


def test_many_names_scroll_in_themselves(editor):
    editor.set_value("、".join(f"第{n}方" for n in range(8)))
    line = editor.lines[0].sizeHint().height()
    assert (editor.columns, editor.height() < (MOST_ROWS + 1) * line) == (2, True)
    QTest.qWait(20)
    assert editor.verticalScrollBar().maximum() > 0
    editor.lines[8].setFocus()
    editor._go_to(editor.lines[8])
    assert editor.verticalScrollBar().value() > 0
