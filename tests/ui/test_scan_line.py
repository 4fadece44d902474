"""A reader's burst arrives whole, whatever ends it and wherever the focus is; a hand's typing stays typing."""

import itertools
import random

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from expo_app.ui.pages.checkin_desk.scan_line import ScanLine, ScanRouter

CODE = "E1ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "E1ZYXWVUTSRQPONMLKJIHGFEDCBA"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
FAST, SLOW = 8.0, 120.0


class Desk(QWidget):
    """A scan field among other things that take keys, with a clock the test moves by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.scans: list[tuple[str, bool]] = []
        self.acted: list[str] = []
        self.line = ScanLine(clock=lambda _event: self.now)
        self.other, self.button, self.spin = QLineEdit("孙"), QPushButton("打印"), QSpinBox()
        box = QVBoxLayout(self)
        for widget in (self.line, self.other, self.button, self.spin):
            box.addWidget(widget)
        self.line.scanned.connect(lambda raw, burst: self.scans.append((raw, burst)))
        self.button.clicked.connect(lambda: self.acted.append("button"))
        self.button.setAutoDefault(True)
        for keys in ("Ctrl+K", "Ctrl+B", "F2", "F9", "Alt+P", "E", "X", "Return"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda keys=keys: self.acted.append(keys))
        self.router = ScanRouter(self.line, QApplication.instance())

    def key(self, key: str | Qt.Key, after: float = FAST, modifier: Qt.KeyboardModifier | None = None) -> None:
        self.now += after
        QTest.keyClick(QApplication.focusWidget(), key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str, after: float = FAST) -> None:
        for char in text:
            self.key(char, after)


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    made = Desk()
    made.show()
    made.activateWindow()
    made.line.setFocus()
    qapp.processEvents()
    return made


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_burst_ends_with_enter_or_tab(desk: Desk, end: Qt.Key) -> None:
    desk.type(CODE)
    desk.key(end)
    assert desk.scans == [(CODE, True)]
    assert desk.line.text() == ""
    assert desk.line.hasFocus()


def test_a_complete_code_needs_no_end(desk: Desk, qtbot: QtBot) -> None:
    desk.type(CODE)
    assert desk.scans == []
    qtbot.waitUntil(lambda: desk.scans == [(CODE, True)])


def test_an_incomplete_burst_waits_for_its_end(desk: Desk, qtbot: QtBot) -> None:
    desk.type(CODE[:-1])
    qtbot.wait(120)
    assert desk.scans == []
    desk.key(Qt.Key.Key_Return, 200)
    assert desk.scans == [(CODE[:-1], True)]


def test_two_codes_without_a_pause_between_them(desk: Desk, qtbot: QtBot) -> None:
    desk.type(CODE + OTHER)
    qtbot.waitUntil(lambda: len(desk.scans) == 2)
    assert desk.scans == [(CODE, True), (OTHER, True)]


CUTS = [(7,), (9,), (25,), (7, 20)]
IN_LINE = [(3,), (2, 4, 6)]  # fewer keys than a burst has are a hand's, elsewhere than in the scan field


@pytest.mark.parametrize(
    ("field", "cuts"), [("line", cuts) for cuts in CUTS + IN_LINE] + [("other", cuts) for cuts in CUTS]
)
@pytest.mark.parametrize("end", [Qt.Key.Key_Return, None])
def test_a_pause_within_a_code_loses_nothing(
    desk: Desk, qtbot: QtBot, field: str, cuts: tuple[int, ...], end: Qt.Key | None
) -> None:
    """A reader's breath, or the computer's: the code is whole all the same, wherever it was typed."""
    where: QLineEdit = getattr(desk, field)
    where.setFocus()
    for begin, stop in itertools.pairwise((0, *cuts, len(CODE))):
        desk.now += 100
        desk.type(CODE[begin:stop])
    if end is not None:
        desk.key(end)
    qtbot.waitUntil(lambda: desk.scans == [(CODE, True)])
    assert (desk.line.text(), desk.other.text()) == ("", "孙")


def test_a_broken_reading_does_not_spoil_the_next_code(desk: Desk) -> None:
    for field in (desk.line, desk.other):
        field.setFocus()
        desk.type(CODE[:9])
        desk.now += 300
        desk.type(OTHER)
        desk.key(Qt.Key.Key_Return)
    assert desk.scans == [(OTHER, True)] * 2


def test_one_long_line_is_one_reading(desk: Desk) -> None:
    desk.type("A" * 4000)
    desk.key(Qt.Key.Key_Return)
    assert desk.scans == [("A" * 4000, True)]


def test_two_scans_within_300_ms_both_arrive_in_order(desk: Desk) -> None:
    for code in (CODE, CODE[::-1]):
        desk.type(code, 3)
        desk.key(Qt.Key.Key_Return)
    assert desk.scans == [(CODE, True), (CODE[::-1], True)]


@pytest.mark.parametrize("pace", [50, 90, 120])
@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Tab, None])
@pytest.mark.parametrize("field", ["line", "other", "button"])
def test_a_slow_reader(desk: Desk, qtbot: QtBot, field: str, end: Qt.Key | None, pace: float) -> None:
    getattr(desk, field).setFocus()
    desk.now += 1000
    desk.type(CODE, pace)
    if end is not None:
        desk.key(end, pace)
    qtbot.waitUntil(lambda: [raw for raw, _read in desk.scans] == [CODE])
    assert (desk.line.text(), desk.other.text(), desk.acted) == ("", "孙", [])


@pytest.mark.parametrize("pace", [FAST, 90])
@pytest.mark.parametrize("field", ["line", "other", "button"])
def test_what_stands_beside_a_code_belongs_to_its_reading(desk: Desk, field: str, pace: float) -> None:
    reading = f"]C0{CODE},2018-11-29,EAN"
    for end in (Qt.Key.Key_Return, Qt.Key.Key_Tab):
        getattr(desk, field).setFocus()
        desk.now += 1000
        desk.type(reading, pace)
        desk.key(end, pace)
    assert [raw for raw, _read in desk.scans] == [reading] * 2
    assert (desk.other.text(), desk.acted) == ("孙", [])


def test_two_codes_side_by_side_are_one_reading(desk: Desk) -> None:
    desk.type(f"{CODE},{OTHER}")
    desk.key(Qt.Key.Key_Return)
    assert desk.scans == [(f"{CODE},{OTHER}", True)]


def test_two_codes_without_a_pause_elsewhere(desk: Desk, qtbot: QtBot) -> None:
    desk.other.setFocus()
    desk.type(CODE + OTHER)
    qtbot.waitUntil(lambda: desk.scans == [(CODE, True), (OTHER, True)])
    assert desk.other.text() == "孙"


@pytest.mark.parametrize("text", ["31011419900307123X", "+86 138-0000-0067", "13800000067"])
@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_number_stays_in_a_text_and_its_enter_does_nothing(desk: Desk, text: str, end: Qt.Key) -> None:
    desk.other.setFocus()
    desk.other.clear()
    desk.type(text)
    desk.key(end)
    desk.key(end, 90)
    assert (desk.scans, desk.other.text(), desk.acted) == ([], text, [])


def test_a_field_that_goes_while_a_code_is_read_loses_nothing(desk: Desk) -> None:
    desk.other.setFocus()
    desk.type(CODE[:9])
    desk.other.hide()
    desk.line.setFocus()
    desk.type(CODE[9:])
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.other.text()) == ([(CODE, True)], "孙")


def test_enter_for_a_button_that_went_presses_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.button.setFocus()
    desk.key(Qt.Key.Key_Enter, SLOW)
    desk.button.hide()
    desk.other.setFocus()
    qtbot.waitUntil(lambda: not desk.router._held)
    desk.button.show()
    assert desk.acted == []


def test_the_enter_of_a_hand_does_what_it_was_pressed_for(desk: Desk, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    desk.other.returnPressed.connect(lambda: pressed.append(True))
    desk.other.setFocus()
    desk.key(Qt.Key.Key_Enter, SLOW)
    assert pressed == []
    qtbot.waitUntil(lambda: pressed == [True])


def test_typing_by_hand_is_no_burst(desk: Desk) -> None:
    desk.type("KJH18-E-00713", SLOW)
    desk.key(Qt.Key.Key_Return, SLOW)
    assert desk.scans == [("KJH18-E-00713", False)]


def test_what_a_hand_left_in_the_field_does_not_spoil_a_code(desk: Desk) -> None:
    desk.type("138", SLOW)
    desk.now += SLOW
    desk.type(CODE)
    desk.key(Qt.Key.Key_Return)
    assert desk.scans == [(CODE, True)]


def test_an_empty_line_is_no_scan_and_tab_leaves_it(desk: Desk) -> None:
    desk.key(Qt.Key.Key_Return, SLOW)
    desk.key(Qt.Key.Key_Tab, SLOW)
    assert desk.scans == []
    assert desk.other.hasFocus()


def test_the_input_method_is_off(desk: Desk) -> None:
    assert desk.line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    assert desk.other.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True


def test_an_input_method_that_is_active_all_the_same_loses_nothing(desk: Desk) -> None:
    composing = QInputMethodEvent("kj", [])
    QCoreApplication.sendEvent(desk.line, composing)
    assert desk.line.text() == ""
    committed = QInputMethodEvent("", [])
    committed.setCommitString(CODE)
    QCoreApplication.sendEvent(desk.line, committed)
    desk.key(Qt.Key.Key_Return)
    assert [raw for raw, _burst in desk.scans] == [CODE]


def test_control_keys_inside_a_burst_do_nothing(desk: Desk) -> None:
    desk.type(CODE[:10])
    desk.key(Qt.Key.Key_B, FAST, Qt.KeyboardModifier.ControlModifier)
    desk.key(Qt.Key.Key_F2)
    desk.key(Qt.Key.Key_P, FAST, Qt.KeyboardModifier.AltModifier)
    desk.type(CODE[10:])
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.acted) == ([(CODE, True)], [])


def test_shortcuts_work_between_scans(desk: Desk) -> None:
    desk.type(CODE)
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_F2, SLOW)
    assert desk.acted == ["F2"]


def test_a_burst_into_another_field_is_routed_and_the_field_restored(desk: Desk) -> None:
    desk.other.setFocus()
    desk.other.setCursorPosition(1)
    desk.type(CODE)
    desk.key(Qt.Key.Key_Return)
    assert desk.scans == [(CODE, True)]
    assert (desk.other.text(), desk.other.cursorPosition()) == ("孙", 1)


def test_a_burst_replaces_no_selected_text(desk: Desk) -> None:
    desk.other.setFocus()
    desk.other.selectAll()
    desk.type(CODE)
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.other.text()) == ([(CODE, True)], "孙")


def test_a_burst_without_an_end_is_routed_too(desk: Desk, qtbot: QtBot) -> None:
    desk.other.setFocus()
    desk.type(CODE)
    qtbot.waitUntil(lambda: desk.scans == [(CODE, True)])
    assert desk.other.text() == "孙"


def test_a_burst_on_a_button_presses_nothing(desk: Desk) -> None:
    desk.button.setFocus()
    desk.type(CODE[1:])
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.acted) == ([(CODE[1:], True)], [])


def test_a_burst_of_digits_changes_no_number(desk: Desk) -> None:
    desk.spin.setValue(42)
    desk.spin.setFocus()
    desk.type("0" * 28)
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.spin.value()) == ([("0" * 28, True)], 42)


def test_typing_elsewhere_stays_there(desk: Desk) -> None:
    desk.other.setFocus()
    desk.other.clear()
    desk.type("sunmin00", SLOW)
    desk.key(Qt.Key.Key_Return, SLOW)
    assert (desk.scans, desk.other.text(), desk.acted) == ([], "sunmin00", ["Return"])


def test_a_short_quick_word_stays_where_it_was_typed(desk: Desk) -> None:
    desk.other.setFocus()
    desk.other.clear()
    desk.type("sunmi")
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, desk.other.text()) == ([], "sunmi")


def test_bursts_in_another_window_are_not_ours(desk: Desk, qapp: QApplication) -> None:
    window = QMainWindow()
    field = QLineEdit()
    window.setCentralWidget(field)
    window.show()
    window.activateWindow()
    field.setFocus()
    qapp.processEvents()
    desk.type(CODE)
    desk.key(Qt.Key.Key_Return)
    assert (desk.scans, field.text()) == ([], CODE)


def test_a_thousand_bursts_none_wrong_no_shortcut(desk: Desk) -> None:
    rand = random.Random(20181129)  # noqa: S311
    places: list[QWidget] = [desk.line, desk.other, desk.button]
    sent = []
    for _turn in range(1000):
        rand.choice(places).setFocus()
        code = "Z1" + "".join(rand.choices(ALPHABET, k=26))
        desk.now += rand.uniform(60, 400)
        for place, char in enumerate(code):
            if place and rand.random() < 0.02:
                desk.key(rand.choice([Qt.Key.Key_F2, Qt.Key.Key_F9]), rand.uniform(0, 10))
                desk.now -= 1
            desk.key(char, rand.uniform(0.5, 35))
        desk.key(rand.choice([Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab]), rand.uniform(0.5, 35))
        sent.append((code, True))
    assert desk.scans == sent
    assert (desk.acted, desk.other.text()) == ([], "孙")


def test_the_moment_comes_from_the_event() -> None:
    from expo_app.ui.pages.checkin_desk.scan_line import moment

    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    event.setTimestamp(4711)
    assert moment(event) == 4711.0
