"""The check-in desk as a volunteer meets it: readings by keys, the verdict on the screen, rows in the database."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from sqlalchemy import func, select

from expo_app import i18n, settings
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    Expo,
    Gate,
    GateKind,
    Method,
    Operator,
    Person,
    Role,
    Verdict,
    Ways,
)
from expo_app.rules import pins
from expo_app.rules.badge_code import new_code
from expo_app.services import badges
from expo_app.services.checkin import Matches
from expo_app.services.expos import current
from expo_app.settings import Settings
from expo_app.store.database import Actor, Database
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, sounds, theme
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.checkin_desk import CheckinDesk, commands, desk_window
from expo_app.ui.pages.checkin_desk.arrivals import SearchPanel, WalkInPanel
from expo_app.ui.pages.checkin_desk.panels import BadgePanel, ChoosePanel, DonePanel, HelpPanel, PinPanel, SidePanel
from expo_app.ui.pages.checkin_desk.scan_line import Burst
from expo_app.ui.parts.reader_keys import REACH
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate, make_organisation

PIN, PHONE = "48151623", "13812345678"
PIN_HASH = pins.hash_pin(PIN)
NOON = local(29, 12)
ENTER, TAB, ESC = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape
F1, F2, F3, F4, F6, F7 = (getattr(Qt.Key, f"Key_F{n}") for n in (1, 2, 3, 4, 6, 7))


@dataclass
class Stand:
    """A desk on the screen, its database and the codes of the people who come."""

    db: Database
    desk: CheckinDesk
    bot: QtBot
    context: Context
    codes: dict[str, str] = field(default_factory=dict)
    people: dict[str, Attendee] = field(default_factory=dict)

    def read(self, text: str, end: Qt.Key | None = ENTER) -> None:
        """A reader's burst into whatever has the focus."""
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)
        if end is not None:
            QTest.keyClick(QApplication.focusWidget(), end)

    def scan(self, name: str) -> None:
        self.read(self.codes[name])
        self.settle()

    def by_hand(self, text: str) -> None:
        """A hand: each key long after the one before."""
        line, ticks = self.desk.line, itertools.count()
        usual, line.clock = line.clock, lambda _event: 1000.0 * next(ticks)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, ENTER)
        line.clock, line._burst = usual, Burst()

    def press(self, key: Qt.Key) -> None:
        """A function key, well after the last character."""
        self.bot.wait(60)
        QTest.keyClick(QApplication.focusWidget() or self.desk, key)
        if self.desk.intake.state.cause is None:
            self.settle()

    def enter(self, widget: QWidget, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A hand's Enter: long after the last key, and done once nothing followed."""
        self.bot.wait(int(REACH) + 10)
        QTest.keyClick(widget, ENTER, modifier)
        self.bot.waitUntil(lambda: not self.desk._router._held)

    def typed(self, text: str) -> None:
        """Into the field that has the focus, as an input method does, and on with Enter."""
        line: Any = QApplication.focusWidget()
        if text:
            line.insert(text)
            line.textEdited.emit(line.text())
        self.enter(line)

    def settle(self) -> None:
        """Until every answer was shown."""
        self.bot.waitUntil(lambda: not self.desk.intake.count and not self.desk._answers)

    def until_panel(self, kind: type[Any]) -> Any:
        """The panel of that kind, once it has the focus."""
        self.bot.waitUntil(lambda: isinstance(self.desk.right.shown, kind))
        panel: Any = self.desk.right.shown
        self.bot.waitUntil(panel.first.hasFocus)
        return panel

    @property
    def word(self) -> str:
        return self.desk.body.verdict.face.word

    @property
    def reason(self) -> str:
        return self.desk.body.verdict.face.reason

    @property
    def name(self) -> str:
        return self.desk.body.person.face.name

    def rows(self) -> list[tuple[Verdict, Method]]:
        with self.db.reading() as session:
            return [tuple(r) for r in session.execute(select(CheckIn.verdict, CheckIn.method).order_by(CheckIn.id))]


def _fill(db: Database) -> tuple[dict[str, str], dict[str, Attendee]]:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18", name="首届科交会", is_sample=True)
        other = make_expo(session, name="第二届科交会", starts_on=expo.starts_on - timedelta(400))
        gate = make_gate(session, expo, "南门")
        make_gate(session, expo, "媒体入口", categories=["media"])
        make_desk(session, gate, "南门 03 号台")
        company = make_organisation(session, "嘉定氢能动力系统有限公司").id
        people = {
            "沈华棣": make_attendee(
                session, expo, "沈华棣", category="exhibitor", title="市场总监", organisation_id=company,
                phone=PHONE, badge_no="KJH18-E-00713",
            ),
            "许静": make_attendee(session, expo, "许静", phone="13900000002"),
            "马骁": make_attendee(session, expo, "马骁", valid_days=["2018-11-28"]),
            "待确认": make_attendee(session, expo, "何其光", state=AttendeeState.REGISTERED),
            "别届": make_attendee(session, other, "周岚"),
            "作废": make_attendee(session, expo, "赵长庚"),
        }  # fmt: skip
        codes = {name: make_badge(session, person).code for name, person in people.items()}
        codes |= {"没有的": new_code(), "不是码": "https://example.com/x"}
        session.add(Operator(name="周敏", role=Role.SUPERVISOR, pin_hash=PIN_HASH))
    badges.revoke(db, people["作废"].id, "遗失")
    return codes, people


@pytest.fixture
def stand(db: Database, qtbot: QtBot) -> Iterator[Stand]:
    codes, people = _fill(db)
    expo = next(e for e in [current(db, people["沈华棣"].expo_id)] if e)
    context = Context(db, Settings(sound_volume=0), expo)
    db.clock = lambda: NOON
    context.set_actor(Actor("李可", Role.DESK))
    desk = CheckinDesk(context, "南门 03 号台")
    desk.resize(1440, 900)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.line.hasFocus)
    yield Stand(db, desk, qtbot, context, codes, people)
    context.set_locked(False)
    desk.close()
    context.close()


# --- readings ---


@pytest.mark.parametrize("end", [ENTER, Qt.Key.Key_Enter, TAB, None])
def test_a_reader_may_end_with_enter_tab_or_nothing(stand: Stand, end: Qt.Key | None) -> None:
    stand.read(stand.codes["沈华棣"], end)
    stand.bot.waitUntil(lambda: stand.word == "通过")
    assert (stand.name, stand.rows()) == ("沈华棣", [(Verdict.ADMITTED, Method.SCAN)])
    assert stand.desk.line.text() == ""
    assert stand.desk.line.hasFocus()


def test_an_input_method_cannot_eat_a_scan(stand: Stand) -> None:
    line = stand.desk.line
    assert line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    QApplication.sendEvent(line, QInputMethodEvent("e1abc", []))
    assert line.text() == ""
    composed = QInputMethodEvent()
    composed.setCommitString(stand.codes["沈华棣"].lower())
    QApplication.sendEvent(line, composed)
    QTest.keyClick(line, ENTER)
    stand.settle()
    assert stand.word == "通过"


VERDICTS = {
    "沈华棣": ("ok", "checkbox-circle-fill", "通过", "请进"),
    "马骁": ("bad", "close-circle-fill", "不能入场", "今日不可入场，有效日期：11-28"),
    "待确认": ("bad", "close-circle-fill", "不能入场", "登记尚未确认"),
    "别届": ("bad", "close-circle-fill", "不能入场", "这是“第二届科交会”的胸卡"),
    "作废": ("bad", "close-circle-fill", "不能入场", "此卡已作废：遗失"),
    "没有的": ("bad", "close-circle-fill", "不能入场", "没有这张胸卡的记录"),
    "不是码": ("bad", "close-circle-fill", "不能入场", "读到的不是胸卡二维码"),
}


@pytest.mark.parametrize("who", VERDICTS)
def test_a_verdict_is_a_colour_a_shape_and_a_word(stand: Stand, who: str) -> None:
    stand.scan(who)
    face, view = stand.desk.body.verdict.face, stand.desk.body.verdict
    assert (face.tone, face.icon, face.word, face.reason) == VERDICTS[who]
    assert len(face.steps) >= 2
    painted = view.grab().toImage().pixelColor(QPoint(theme.Space.L, view.height() // 2))
    assert painted == theme.color(f"{face.tone}.solid")


def test_a_repeat_says_when_and_where(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.db.clock = lambda: NOON + timedelta(minutes=90)
    stand.scan("沈华棣")
    face = stand.desk.body.verdict.face
    assert (face.tone, face.icon, face.word) == ("warn", "error-warning-fill", "已签到过")
    assert face.reason == "12:00 · 南门 03 号台"
    facts = [fact.text for fact in stand.desk.body.person.face.facts]
    assert facts == ["首次签到 12:00:00 · 南门 03 号台", "距首次 1 小时 30 分", "核对本人后可放行"]


def test_a_repeat_by_a_clock_set_back_says_so(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.db.clock = lambda: NOON - timedelta(minutes=8)
    stand.scan("沈华棣")
    facts = [fact.text for fact in stand.desk.body.person.face.facts]
    assert facts == ["首次签到 12:00:00 · 南门 03 号台", "本机时钟早于首次签到，请校时", "核对本人后可放行"]


@pytest.mark.parametrize(
    ("state", "note", "said"),
    [
        (AttendeeState.REGISTERED, "", "登记尚未确认"),
        (AttendeeState.CANCELLED, "", "登记已取消"),
        (AttendeeState.CANCELLED, "本人不来", "登记已取消：本人不来"),
    ],
)
def test_the_card_says_what_the_verdict_says(stand: Stand, state: AttendeeState, note: str, said: str) -> None:
    with stand.db.transaction() as session:
        person = session.get_one(Attendee, stand.people["许静"].id)
        person.state, person.note = state, note
    stand.scan("许静")
    assert (stand.reason, stand.desk.body.person.face.facts[0].text) == (said, said)


@pytest.mark.parametrize("size", [(1180, 680), (1366, 768), (1440, 900)])
def test_the_list_of_last_scans_says_how_many_it_shows(stand: Stand, size: tuple[int, int]) -> None:
    stand.desk.resize(*size)
    for name in ("沈华棣", "马骁", "许静", "作废", "别届", "待确认"):
        stand.scan(name)
    last = stand.desk.body.side.last
    shown = min(5, last.room)
    assert last._row(shown - 1).bottom() <= last.height()
    assert (last.said_title, len(last.lines)) == (f"最近 {shown} 次", 5)
    assert shown == (4 if size[1] == 680 else 5)


def test_another_gate_has_its_own_rule(stand: Stand) -> None:
    stand.desk.open_desk("南门 03 号台", "媒体入口")
    assert stand.desk.body.header.rule.whole_text == "媒体入口：媒体"
    stand.scan("沈华棣")
    assert stand.reason == "参展商不从此处入场，这里接待：媒体"


def test_sounds_follow_the_tone(stand: Stand) -> None:
    told = []
    for who in ("沈华棣", "马骁"):
        stand.scan(who)
        told.append(stand.desk.body.verdict.face.sound)
    stand.db.clock = lambda: NOON + timedelta(minutes=1)
    stand.scan("沈华棣")
    assert [*told, stand.desk.body.verdict.face.sound] == ["提示音：一声短音", "提示音：一声长低音", "提示音：两声短音"]


def test_two_codes_at_once_are_both_kept_and_both_shown(stand: Stand) -> None:
    shown: list[str] = []
    view, show = stand.desk.body.person, stand.desk.body.person.show_face
    view.show_face = lambda face: (shown.append(face.name), show(face))  # type: ignore[method-assign,assignment]
    stand.read(stand.codes["沈华棣"] + stand.codes["许静"])
    stand.settle()
    assert [name for name in shown if name] == ["沈华棣", "许静"]  # a slow disk is said between, with nobody's name
    assert stand.rows() == [(Verdict.ADMITTED, Method.SCAN)] * 2
    assert [line.title for line in stand.desk.body.side.last.lines] == ["许静", "沈华棣"]


def test_a_bouncing_reader_changes_nothing(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.scan("沈华棣")
    assert (stand.word, stand.rows()) == ("通过", [(Verdict.ADMITTED, Method.SCAN)])
    assert len(stand.desk.body.side.last.lines) == 1


def test_what_is_no_code_bounces_too_and_a_long_line_is_one_row(stand: Stand) -> None:
    for text in ["helloworld1"] * 3 + ["A" * 4000]:
        stand.read(text)
        stand.settle()
    assert stand.rows() == [(Verdict.MALFORMED, Method.SCAN)] * 2


def test_function_keys_inside_a_burst_do_nothing(stand: Stand) -> None:
    stand.read(stand.codes["沈华棣"][:20], F2)
    QTest.keyClicks(stand.desk.line, stand.codes["沈华棣"][20:])
    QTest.keyClick(stand.desk.line, ENTER)
    stand.settle()
    assert (stand.desk.right.shown, stand.word) == (None, "通过")


def test_busy_says_saving_and_green_comes_after_the_commit(stand: Stand) -> None:
    with stand.db.writer.connect() as other, other.begin():
        stand.read(stand.codes["沈华棣"])
        stand.bot.waitUntil(lambda: (stand.word, stand.desk.intake.count) == ("正在保存", 1))
        stand.read(stand.codes["许静"])
        stand.bot.waitUntil(lambda: (stand.word, stand.desk.intake.count) == ("正在保存", 2))
        stand.desk.close()
        assert stand.desk.isVisible()
    stand.settle()
    assert (stand.word, stand.name) == ("通过", "许静")
    assert stand.rows() == [(Verdict.ADMITTED, Method.SCAN)] * 2


def test_what_was_not_kept_says_so(stand: Stand) -> None:
    stand.context.set_actor(Actor("审计", Role.AUDITOR))
    stand.scan("沈华棣")
    assert (stand.word, stand.name, stand.rows()) == ("没有保存", "", [])
    assert stand.reason.endswith("[E-ACCESS]")


def test_after_a_minute_it_asks_for_the_next(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.desk._on_beat()
    assert stand.word == "通过"
    stand.desk._shown_at -= 61
    stand.desk._on_beat()
    assert (stand.word, stand.name) == ("请扫码", "")


def test_counts_and_last_scans(stand: Stand) -> None:
    for who in ("沈华棣", "马骁", "许静"):
        stand.scan(who)
    stand.desk.tally.recount()
    counts = stand.desk.body.side.counts
    stand.bot.waitUntil(lambda: counts.note == "近 10 分钟每分钟 0.3 人")
    assert (counts.number, counts.side) == ("2", "全场 2")
    lines = [(line.title, line.text, line.figure) for line in stand.desk.body.side.last.lines]
    assert lines == [("许静", "通过", "12:00:00"), ("马骁", "不能入场", "12:00:00"), ("沈华棣", "通过", "12:00:00")]


def test_both_counts_are_of_one_moment(stand: Stand) -> None:
    """At a room's desk nobody enters the expo: the total is not raised with the desk's own count, not for a moment."""
    with stand.db.transaction() as session:
        room = make_gate(session, session.get_one(Expo, stand.context.expo_id), "A 会场", kind=GateKind.ROOM)
        make_desk(session, room, "A 会场 签到台")
    seen: set[tuple[str, str]] = set()
    counts = stand.desk.body.side.counts
    show = counts.show_counts
    counts.show_counts = lambda *words: (seen.add((words[1], words[3])), show(*words))  # type: ignore[method-assign,assignment]
    stand.desk.open_desk("A 会场 签到台", "")
    stand.scan("沈华棣")
    assert stand.word == "通过"
    stand.bot.waitUntil(lambda: (counts.number, counts.side) == ("1", "全场 0"))
    stand.desk.open_desk("南门 03 号台", "")
    stand.scan("许静")
    stand.bot.waitUntil(lambda: (counts.number, counts.side) == ("1", "全场 1"))
    assert seen <= {("0", "全场 0"), ("1", "全场 0"), ("1", "全场 1")}


# --- by hand ---


def test_a_typed_number_opens_the_person_and_a_second_enter_admits(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_window, "SECOND_ENTER", 60.0)  # no machine is so busy
    stand.by_hand("kjh18-e-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert (stand.name, stand.rows()) == ("沈华棣", [])
    QTest.keyClick(stand.desk.line, ENTER)
    assert stand.rows() == []  # a reader's double Enter is no second look
    monkeypatch.setattr(desk_window, "SECOND_ENTER", 0.0)
    stand.enter(stand.desk.line)
    stand.settle()
    assert (stand.word, stand.rows()) == ("通过", [(Verdict.ADMITTED, Method.MANUAL)])


def test_esc_leaves_an_opened_person(stand: Stand) -> None:
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    QTest.keyClick(stand.desk.line, ESC)
    stand.bot.wait(310)
    stand.enter(stand.desk.line)
    assert (stand.word, stand.name, stand.rows()) == ("请扫码", "", [])


def test_f4_names_whom_it_is_about(stand: Stand) -> None:
    key = stand.desk.body.side.keys["F4"]
    stand.scan("马骁")
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert key.words == "上一位：沈华棣"
    QTest.keyClick(stand.desk.line, ESC)
    assert (stand.word, key.words) == ("请扫码", "上一位：马骁")
    stand.press(F4)
    assert stand.until_panel(BadgePanel).about == stand.people["马骁"].id


def test_other_typed_words_are_a_search(stand: Stand) -> None:
    stand.by_hand("shd")
    panel = stand.until_panel(SearchPanel)
    stand.bot.waitUntil(lambda: [f.name for f in panel.found] == ["沈华棣"])
    assert stand.rows() == []


def _search(stand: Stand, words: str, found: int) -> SearchPanel:
    stand.press(F3)
    panel = stand.until_panel(SearchPanel)
    panel.line.setText(words)
    stand.bot.waitUntil(lambda: panel._asked == words and len(panel.found) == found)
    return panel


def test_search_by_one_character_arrows_and_enter(stand: Stand) -> None:
    panel = _search(stand, "kjh18", 5)
    names = [f.name for f in panel.found]
    QTest.keyClick(panel.line, Qt.Key.Key_Down)
    QTest.keyClick(panel.line, Qt.Key.Key_Down)
    QTest.keyClick(panel.line, Qt.Key.Key_Up)
    stand.enter(panel.line)
    stand.settle()
    assert (stand.name, stand.desk.right.shown) == (names[1], None)
    assert [method for _verdict, method in stand.rows()] == [Method.MANUAL]
    assert stand.desk.line.hasFocus()


def test_search_esc_returns_to_the_scan_field(stand: Stand) -> None:
    panel = _search(stand, "沈", 1)
    QTest.keyClick(panel.line, ESC)
    assert (stand.desk.right.shown, stand.desk.line.hasFocus(), stand.rows()) == (None, True, [])


def test_an_answer_to_a_closed_panel_is_nobodys(stand: Stand) -> None:
    stand.press(F3)
    panel = stand.until_panel(SearchPanel)
    waiting: list[Any] = []
    panel._ask = panel.while_here(lambda _work, done, _failed: waiting.append(done))
    panel._search("沈")
    stand.desk.right.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    waiting[0](Matches([], 0))
    assert (stand.desk.right.shown, isValid(panel)) == (None, False)


def test_a_long_search_is_counted_and_gone_through(stand: Stand) -> None:
    """Arrows go past the last row in sight and past the last one fetched; the wheel shows what is below."""
    with stand.db.transaction() as session:
        expo = session.get_one(Expo, stand.context.expo_id)
        for n in range(70):
            make_attendee(session, expo, f"徐秀{n:02d}", badge_no=f"KJH18-V-{90000 + n}")
    panel = _search(stand, "秀", 50)
    assert (panel.count.text(), panel.results.top) == ("第 1 人，共 70 人", 0)
    assert panel.results.room < 20
    for _n in range(49):
        QTest.keyClick(panel.line, Qt.Key.Key_Down)
    stand.bot.waitUntil(lambda: len(panel.found) == 70)
    for _n in range(10):
        QTest.keyClick(panel.line, Qt.Key.Key_Down)
    results = panel.results
    assert (panel.count.text(), results.current, results.top) == ("第 60 人，共 70 人", 59, 60 - results.room)
    QTest.keyClick(panel.line, Qt.Key.Key_PageUp)
    QTest.keyClick(panel.line, Qt.Key.Key_PageDown)
    wheel = QWheelEvent(
        QPointF(9, 99), QPointF(9, 99), QPoint(), QPoint(0, -1200), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(results, wheel)
    assert (results.current, results.top) == (59, 70 - results.room)
    QTest.mouseClick(results, Qt.MouseButton.LeftButton, pos=results._row(69).center().toPoint())
    stand.settle()
    assert (stand.name, stand.rows()) == ("徐秀69", [(Verdict.ADMITTED, Method.MANUAL)])


def test_search_takes_up_what_was_not_understood(stand: Stand) -> None:
    stand.scan("不是码")
    stand.press(F3)
    panel = stand.until_panel(SearchPanel)
    assert (panel.line.text(), panel.line.selectedText()) == (stand.codes["不是码"], stand.codes["不是码"])


def test_nobody_sees_a_whole_phone_number(stand: Stand) -> None:
    stand.scan("沈华棣")
    panel = _search(stand, "5678", 1)
    said = [w.accessibleName() for w in stand.desk.findChildren(QWidget)]
    said += [w.text() for w in stand.desk.findChildren(QLabel)]
    assert [text for text in said if PHONE in text or PHONE[:7] in text] == []
    assert panel.results.lines[0].text == "尾号 5678 · 嘉定氢能动力系统有限公司"


def test_a_hit_says_who_is_in_already(stand: Stand) -> None:
    stand.scan("沈华棣")
    panel = _search(stand, "345678", 1)
    assert panel.results.lines[0].warning == "12:00 已进场 · 南门"
    stand.press(ESC)
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert "12:00 已进场 · 南门" in _facts(stand)


def test_a_scan_reaches_the_desk_from_any_field_and_leaves_no_trace_there(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.name.setText("赵")
    panel.name.setFocus()
    stand.read(stand.codes["沈华棣"])
    stand.settle()
    assert (stand.word, stand.name) == ("通过", "沈华棣")
    assert (panel.name.text(), panel.phone.text(), stand.desk.right.shown) == ("赵", "", panel)


# --- readers of other habits, wherever the focus is ---


SLOWER = 5


class Reader:
    """Types with a pace of its own, by a clock of its own, and with what it sends before and behind a code."""

    def __init__(self, stand: Stand, pace: float = 8, front: Sequence[Qt.Key] = (), ends: Sequence[Qt.Key] = (ENTER,)):
        self.stand, self.pace, self.front, self.ends = stand, pace, front, ends
        self.now = 1e9
        stand.desk.line.clock = lambda _event: self.now
        router = stand.desk._router
        begin_wait = router._begin_wait  # its time is the machine's, which may be busy before the next key
        router._begin_wait = lambda pause: begin_wait(SLOWER * pause)  # type: ignore[method-assign]

    def key(self, key: Qt.Key | str) -> None:
        self.now += self.pace
        QTest.keyClick(self.stand.desk.windowHandle(), key)

    def read(self, text: str) -> None:
        self.now += 1000
        for key in (*self.front, *text, *self.ends):
            self.key(key)
        self.stand.bot.wait(int(REACH) + 50)
        self.stand.bot.waitUntil(lambda: not self.stand.desk._router._held and not self.stand.desk.line.text())
        self.stand.settle()


def _found(stand: Stand) -> SidePanel:
    return _search(stand, "kjh18", 5)


def _registering(stand: Stand) -> SidePanel:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.name.setText("赵")
    return panel


def _replacing(stand: Stand) -> SidePanel:
    panel = _printing(stand)
    panel.again.setFocus()
    return panel


def _printing(stand: Stand) -> Any:
    stand.scan("许静")
    stand.press(F4)
    return stand.until_panel(BadgePanel)


def _overruling(stand: Stand) -> SidePanel:
    stand.scan("马骁")
    stand.press(F7)
    panel = stand.until_panel(PinPanel)
    panel.reason.setText("现场改签")
    panel.pin.setText(PIN)
    panel.pin.setFocus()
    return panel


def _choosing(stand: Stand) -> SidePanel:
    stand.desk.acts.choose()
    return stand.until_panel(ChoosePanel)


def _offering(stand: Stand) -> SidePanel:
    panel = _printing(stand)
    panel.reason.setText("遗失")
    stand.enter(panel.reason)
    return stand.until_panel(DonePanel)


PLACES = {f.__name__: f for f in (_found, _registering, _replacing, _overruling, _choosing, _offering)}
KEYPAD_ENTER = Qt.Key.Key_Enter
HABITS: dict[str, tuple[Sequence[Qt.Key], Sequence[Qt.Key]]] = {
    "one": ((), (ENTER,)), "two": ((), (ENTER, ENTER)), "three": ((), (ENTER, KEYPAD_ENTER, ENTER)),
    "tab": ((), (TAB, ENTER)), "first": ((ENTER,), (ENTER,)), "first two": ((ENTER, ENTER), ()), "none": ((), ()),
}  # fmt: skip


USUAL = {(8, "two"), (8, "first"), (120, "two")}
READERS = [
    pytest.param(habit, pace, marks=() if (pace, habit) in USUAL else pytest.mark.slow)
    for habit, pace in itertools.product(HABITS, (8, 50, 85, 120))
]


@pytest.mark.parametrize(("habit", "pace"), READERS)
@pytest.mark.parametrize("place", PLACES)
def test_a_reader_does_nothing_but_its_code(
    stand: Stand, place: str, habit: str, pace: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Enters it sends and however slowly: no panel acts, no button is pressed, no field sees a character."""
    printed: list[Any] = []
    monkeypatch.setattr(commands, "print_now", lambda *args: printed.append(args))
    panel = PLACES[place](stand)
    before = [line.text() for line in panel.findChildren(QLineEdit)]
    rows, focused = stand.rows(), QApplication.focusWidget()
    Reader(stand, pace, *HABITS[habit]).read(stand.codes["沈华棣"])
    assert stand.rows() == [*rows, (Verdict.ADMITTED, Method.SCAN)]
    assert (stand.word, stand.name, printed) == ("通过", "沈华棣", [])
    if place in ("_replacing", "_overruling"):
        assert stand.desk.right.shown is None  # it was about somebody else
    else:
        assert (stand.desk.right.shown, QApplication.focusWidget()) == (panel, focused)
        assert [line.text() for line in panel.findChildren(QLineEdit)] == before


@pytest.mark.parametrize(("habit", "pace"), READERS)
def test_a_reader_does_not_admit_who_was_opened_by_hand(stand: Stand, habit: str, pace: float) -> None:
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    stand.bot.wait(310)
    Reader(stand, pace, *HABITS[habit]).read(stand.codes["许静"])
    assert (stand.name, stand.rows()) == ("许静", [(Verdict.ADMITTED, Method.SCAN)])


def test_two_readings_one_after_the_other_with_two_enters(stand: Stand) -> None:
    reader = Reader(stand, 8, (), (ENTER, ENTER))
    _found(stand)
    for name in ("沈华棣", "许静"):
        for key in (*stand.codes[name], ENTER, ENTER):
            reader.key(key)
    stand.settle()
    assert stand.rows() == [(Verdict.ADMITTED, Method.SCAN)] * 2


@pytest.mark.parametrize("number", [PHONE, "+86 138-1234-5678", "31011419900307123X"])
@pytest.mark.parametrize("ends", [(ENTER,), (ENTER, ENTER), ()])
def test_a_number_at_the_speed_of_a_reader_stays_in_the_form(stand: Stand, number: str, ends: Sequence[Qt.Key]) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.phone.setFocus()
    Reader(stand, 8, (), ends).read(number)
    assert (panel.phone.text(), panel.phone.hasFocus(), stand.rows()) == (number, True, [])


def test_a_phone_read_into_the_search_is_searched_and_admits_nobody(stand: Stand) -> None:
    stand.press(F3)
    panel = stand.until_panel(SearchPanel)
    Reader(stand, 8, (), (ENTER, ENTER)).read(PHONE)
    stand.bot.waitUntil(lambda: [found.name for found in panel.found] == ["沈华棣"])
    assert (panel.line.text(), stand.rows(), stand.desk.right.shown) == (PHONE, [], panel)


def test_a_badge_number_read_into_a_form_opens_its_person(stand: Stand) -> None:
    panel = _registering(stand)
    assert isinstance(panel, WalkInPanel)
    Reader(stand).read("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert (stand.name, panel.name.text()) == ("沈华棣", "赵")


@pytest.mark.parametrize("reading", ["]Q1{}", "{},2018-11-29,12:00:07", "2018-11-29 12:00,{}"])
@pytest.mark.parametrize("pace", [8, 90])
def test_a_reading_with_more_than_the_code_is_its_code(stand: Stand, reading: str, pace: float) -> None:
    Reader(stand, pace).read(reading.format(stand.codes["沈华棣"].lower()))
    assert (stand.word, stand.rows()) == ("通过", [(Verdict.ADMITTED, Method.SCAN)])
    assert stand.desk.line.text() == ""


@pytest.mark.parametrize("reading", ["]Q1{}", "{},2018-11-29,12:00:07"])
@pytest.mark.parametrize("pace", [8, 90])
def test_a_reading_with_more_than_the_code_elsewhere(stand: Stand, reading: str, pace: float) -> None:
    panel = _registering(stand)
    assert isinstance(panel, WalkInPanel)
    Reader(stand, pace).read(reading.format(stand.codes["沈华棣"].lower()))
    assert (stand.word, stand.rows(), panel.name.text()) == ("通过", [(Verdict.ADMITTED, Method.SCAN)], "赵")


def test_what_a_hand_types_is_all_there_and_in_order(stand: Stand) -> None:
    """Keys that may begin a code, and Enter before them, go on to where they were typed."""
    panel = _registering(stand)
    assert isinstance(panel, WalkInPanel)
    hand = Reader(stand, 70, (), ())
    panel.name.clear()
    for key in ("e", "e", "E", "1", "x", "]", "3", ENTER, "E", "1", "3", "8", ENTER, "E", "1", "A"):
        hand.key(key)
    stand.bot.waitUntil(lambda: not stand.desk._router._held)
    assert [panel.name.text(), panel.phone.text(), panel.place.text()] == ["eeE1x]3", "E138", "E1A"]


# --- F2 ---


def test_a_walk_in_is_registered_admitted_and_offered_a_badge(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.name.setText("李新")
    panel.phone.setText("138 0000 0009")
    panel.place.setText("太仓欧恒精密传动有限公司")
    panel.consent.setChecked(True)
    QTest.keyClick(panel.place, ENTER, Qt.KeyboardModifier.ControlModifier)
    done = stand.until_panel(DonePanel)
    stand.settle()
    assert (stand.word, stand.name) == ("通过", "李新")
    assert stand.desk.body.verdict.face.steps == ("核对姓名", "放行", "按 F4 打印胸卡")
    assert "KJH18-V-00001" in [label.text() for label in done.findChildren(QLabel)]
    with stand.db.reading() as session:
        phone, category = session.execute(
            select(Person.phone, Category.key)
            .join(Attendee, Attendee.person_id == Person.id)
            .join(Category, Category.id == Attendee.category_id)
            .where(Person.name == "李新")
        ).one()
    assert (phone, category) == ("+8613800000009", "visitor")
    QTest.keyClick(done, ESC)
    assert stand.desk.line.hasFocus()


def test_a_walk_in_says_beside_the_field_what_is_wrong(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.phone.setText("123")
    panel.save.click()
    stand.bot.waitUntil(lambda: bool(panel.fields["person.name"].problem))
    assert bool(panel.fields["person.phone"].problem)
    assert (panel.phone.text(), panel.name.hasFocus(), stand.rows()) == ("123", True, [])


def test_a_phone_is_checked_when_its_field_is_left(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.phone.setFocus()
    said = []
    for text in ("123", "138 0000 0009", "abc", ""):
        panel.phone.setFocus()
        panel.phone.setText(text)
        panel.place.setFocus()
        said.append(panel.fields["person.phone"].problem)
    assert said == ["少 8 位，应为 11 位数字。", "", "“abc”不是电话号码，只能有数字。", ""]


def test_a_half_filled_registration_is_kept(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.name.setText("李新")
    stand.press(F2)
    assert (stand.until_panel(WalkInPanel), panel.isVisible()) == (panel, True)
    stand.press(F3)
    stand.until_panel(SearchPanel)
    stand.press(F2)
    assert stand.until_panel(WalkInPanel) is panel
    assert panel.name.text() == "李新"
    QTest.keyClick(panel.name, ESC)
    stand.press(F2)
    assert stand.until_panel(WalkInPanel) is not panel


def test_who_is_registered_is_not_registered_again(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    panel.name.setText("沈华棣")
    panel.phone.setText(PHONE)
    panel.save.click()
    stand.bot.waitUntil(panel.notice.isVisible)
    assert panel.findChildren(Banner)[0].text == "已登记过：KJH18-E-00713"
    stand.bot.waitUntil(lambda: QApplication.focusWidget() in panel.notice.buttons)
    stand.enter(QApplication.focusWidget())
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert (stand.name, stand.desk.right.shown, stand.rows()) == ("沈华棣", None, [])


def _registered(stand: Stand) -> int:
    with stand.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Attendee)) or 0


def test_who_is_probably_registered_is_asked_about(stand: Stand) -> None:
    """By the keyboard: Enter through the fields does not register; the choice is said while typing."""
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    for text in ("沈 华棣", "", "嘉定氢能动力系统有限公司", "", "", ""):
        stand.typed(text)
    stand.bot.waitUntil(lambda: panel.notice.blocks)
    assert "同名同单位，一处没有电话" in panel.findChildren(Banner)[0].text
    people = _registered(stand)
    panel.save.click()
    stand.settle()
    assert (_registered(stand), panel.isVisible()) == (people, True)
    panel.notice.buttons[1].click()
    stand.bot.waitUntil(lambda: not panel.notice.blocks)
    panel.save.click()
    stand.until_panel(DonePanel)
    assert _registered(stand) == people + 1


def test_enter_goes_through_the_form_and_registers_and_the_next_one_offers(stand: Stand) -> None:
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    for text in ("李新", "13800000009", "太仓欧恒精密传动有限公司"):
        stand.typed(text)
    panel.category.setCurrentIndex(1)
    kept = panel.category.currentData()
    panel.today.setChecked(True)
    for widget in (panel.category, panel.today, panel.consent):
        assert QApplication.focusWidget() is widget
        stand.enter(widget)
    done = stand.until_panel(DonePanel)
    stand.settle()
    assert (stand.word, stand.name) == ("通过", "李新")
    QTest.keyClick(done, ESC)
    stand.press(F2)
    panel = stand.until_panel(WalkInPanel)
    assert (panel.place.text(), panel.category.currentData(), panel.today.isChecked(), panel.is_started) == (
        "太仓欧恒精密传动有限公司", kept, True, False,
    )  # fmt: skip


# --- F4, F6, F7 ---


def test_a_badge_in_use_is_replaced_with_a_reason(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    assert (panel.what, panel.again.isVisible()) == ("reissue", False)
    stand.enter(panel.reason)
    assert panel.field.problem == "不能为空。"
    panel.reason.setText("遗失")
    stand.enter(panel.reason)
    stand.until_panel(DonePanel)
    QTest.keyClick(QApplication.focusWidget(), ESC)
    stand.scan("沈华棣")
    assert (stand.word, stand.reason) == ("不能入场", "已换发新卡，这张作废：遗失")
    (card,) = badges.cards(stand.db, stand.context.expo_id, [stand.people["沈华棣"].id])
    stand.read(card.code)
    stand.settle()
    assert stand.word == "已签到过"


def test_a_badge_nobody_has_yet_is_replaced_or_printed_again(stand: Stand) -> None:
    """Both are offered; the new code is the first choice and refuses the old one."""
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    assert (panel.what, panel.again.isVisible()) == ("reissue", True)
    wanted: list[tuple[str, str]] = []
    panel.wanted.disconnect()
    panel.wanted.connect(lambda what, reason: wanted.append((what, reason)))
    panel.again.setFocus()
    stand.enter(panel.again)
    panel.reason.setFocus()
    panel.reason.setText("姓名有误")
    stand.enter(panel.reason)
    assert wanted == [("again", ""), ("reissue", "姓名有误")]


def test_a_person_found_by_number_gets_a_new_badge(stand: Stand) -> None:
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    panel.reason.setText("损坏")
    panel.go.click()
    stand.until_panel(DonePanel)
    stand.scan("沈华棣")
    assert (stand.word, stand.reason) == ("不能入场", "已换发新卡，这张作废：损坏")


def test_a_cancelled_registration_gets_no_badge(stand: Stand) -> None:
    with stand.db.transaction() as session:
        session.get_one(Attendee, stand.people["沈华棣"].id).state = AttendeeState.CANCELLED
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    panel.go.click()
    stand.bot.waitUntil(lambda: panel._banner is not None)
    assert panel._banner is not None
    assert panel._banner.text == "登记已取消，没有制证，数据未变。先恢复登记。 [E-CANCELLED]"


def test_who_has_no_badge_gets_one(stand: Stand) -> None:
    with stand.db.transaction() as session:
        session.delete(session.scalars(select(Badge).where(Badge.attendee_id == stand.people["沈华棣"].id)).one())
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    assert panel.what == "issue"
    panel.go.click()
    stand.until_panel(DonePanel)
    assert len(badges.cards(stand.db, stand.context.expo_id, [stand.people["沈华棣"].id])) == 1


def test_the_last_admission_can_be_taken_back(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.press(F6)
    assert (stand.word, stand.reason) == ("已撤销", "沈华棣 12:00:00 的签到不再计数")
    stand.bot.waitUntil(lambda: [line.text for line in stand.desk.body.side.last.lines] == ["已撤销"])
    stand.scan("沈华棣")
    assert stand.word == "通过"
    assert stand.rows() == [(Verdict.ADMITTED, Method.SCAN)] * 2


def _facts(stand: Stand) -> list[str]:
    return [fact.text for fact in stand.desk.body.person.face.facts]


def test_the_card_says_what_is_true_after_a_scan_was_taken_back(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.press(F6)
    assert (stand.name, _facts(stand)) == (
        "沈华棣",
        ["12:00:00 的签到已撤销", "今天在这里还没有签到", "放行要再扫一次"],
    )
    assert stand.desk.body.side.keys["F4"].words == ""


def test_the_card_keeps_the_first_admission_when_a_repeat_was_taken_back(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.db.clock = lambda: NOON + timedelta(minutes=2)
    stand.scan("沈华棣")
    stand.press(F6)
    assert _facts(stand) == ["12:02:00 的签到已撤销", "首次签到 12:00:00 · 南门 03 号台", "首次签到仍有效"]


def test_nothing_to_take_back_is_said(stand: Stand) -> None:
    stand.press(F6)
    assert [toast.text for toast in messages.toasts(stand.desk)] == ["10 分钟内没有可撤销的签到，数据未变。 [E-UNDO]"]
    assert stand.word == "请扫码"


def test_a_refusal_is_said_once_and_leaves_by_itself_and_with_the_next_scan(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (F6, F6, F7, F7):
        stand.press(key)
    assert [toast.text[:3] for toast in messages.toasts(stand.desk)] == ["10 ", "没有可"]
    stand.scan("沈华棣")
    assert messages.toasts(stand.desk) == []
    monkeypatch.setattr(commands, "STAYS", 200)
    stand.press(F7)
    stand.press(F6)
    stand.press(F6)
    stand.bot.waitUntil(lambda: not messages.toasts(stand.desk))


def _give_pin(stand: Stand, panel: PinPanel, pin: str) -> None:
    panel.pin.setText(pin)
    stand.enter(panel.pin)
    stand.bot.waitUntil(lambda: not panel._is_asking)


def test_a_supervisor_lets_a_refused_person_in(stand: Stand) -> None:
    stand.scan("马骁")
    stand.press(F7)
    panel = stand.until_panel(PinPanel)
    panel.reason.setText("现场改签")
    _give_pin(stand, panel, "00000000")
    assert panel.pin_field.problem.startswith("PIN 不对")
    assert (panel.pin.text(), panel.reason.text(), stand.word) == ("", "现场改签", "不能入场")
    _give_pin(stand, panel, PIN)
    stand.settle()
    assert (stand.word, stand.name, stand.desk.right.shown) == ("通过", "马骁", None)
    assert stand.rows()[-1] == (Verdict.ADMITTED, Method.MANUAL)
    with stand.db.reading() as session:
        reasons = set(session.scalars(select(CheckIn.reason)))
    assert "强制放行（周敏）：现场改签" in reasons
    assert stand.db.actor.name == "李可"


@pytest.mark.parametrize("key", [F4, F7])
@pytest.mark.parametrize("other", ["作废", "不是码", "沈华棣"])
def test_a_panel_about_a_person_closes_when_another_is_scanned(stand: Stand, key: Qt.Key, other: str) -> None:
    stand.scan("马骁")
    stand.press(key)
    panel = stand.until_panel(SidePanel)
    assert panel.about == stand.people["马骁"].id
    stand.scan("马骁")
    assert stand.desk.right.shown is panel
    stand.scan(other)
    assert (stand.desk.right.shown, stand.desk.line.hasFocus()) == (None, True)
    stand.db.clock = lambda: NOON + timedelta(minutes=1)
    stand.scan("马骁")
    stand.press(key)
    assert stand.until_panel(SidePanel).about == stand.people["马骁"].id


def test_a_panel_about_a_person_closes_when_another_is_opened(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.scan("马骁")
    stand.press(F7)
    stand.until_panel(PinPanel)
    stand.by_hand("KJH18-E-00713")
    stand.bot.waitUntil(lambda: stand.word == "核对本人")
    assert stand.desk.right.shown is None


def test_an_offer_to_print_says_whose_and_stays_while_scans_go_on(stand: Stand) -> None:
    stand.scan("沈华棣")
    stand.press(F4)
    panel = stand.until_panel(BadgePanel)
    panel.reason.setText("遗失")
    stand.enter(panel.reason)
    done = stand.until_panel(DonePanel)
    stand.scan("马骁")
    assert stand.desk.right.shown is done
    said = [label.text() for label in done.findChildren(QLabel)]
    assert [text for text in said if text in ("沈华棣", "马骁", "KJH18-E-00713")] == ["沈华棣", "KJH18-E-00713"]


@pytest.mark.parametrize("who", ["沈华棣", "没有的", "作废", "别届"])
def test_who_cannot_be_let_in_by_a_word(stand: Stand, who: str) -> None:
    stand.scan(who)
    stand.press(F7)
    assert stand.desk.right.shown is None
    assert [toast.kind for toast in messages.toasts(stand.desk)] == ["info"]


# --- the window ---


def test_no_key_opens_anything_modal_and_esc_leads_home(stand: Stand) -> None:
    stand.scan("马骁")
    for key in (F1, F2, F3, F4, F7):
        stand.press(key)
        stand.until_panel(SidePanel)
        assert QApplication.activeModalWidget() is None
        QTest.keyClick(QApplication.focusWidget(), ESC)
        assert (stand.desk.right.shown, stand.desk.line.hasFocus()) == (None, True)


def test_any_click_returns_to_the_scan_field(stand: Stand) -> None:
    stand.press(F1)
    stand.until_panel(HelpPanel)
    for widget in (stand.desk.body.verdict, stand.desk.body.person, stand.desk.body.header, stand.desk.body.box):
        stand.desk.right.shown.first.setFocus()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        assert stand.desk.line.hasFocus()
    for key in stand.desk.body.side.keys.values():
        assert key.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_locked_desk_is_left_with_a_pin_only(stand: Stand) -> None:
    stand.desk.body.header.lock.click()
    stand.desk.close()
    assert stand.desk.isVisible()
    panel = stand.until_panel(PinPanel)
    stand.scan("沈华棣")
    assert stand.word == "通过"
    _give_pin(stand, panel, PIN)
    stand.bot.waitUntil(lambda: not stand.desk.isVisible())


def test_a_desk_without_a_lock_is_left_at_once(stand: Stand) -> None:
    stand.desk.close()
    assert not stand.desk.isVisible()


def test_nothing_moves_between_two_scans(stand: Stand) -> None:
    def places() -> list[tuple[int, int, int, int]]:
        QApplication.processEvents()
        parts = (stand.desk.body.verdict, stand.desk.body.person, stand.desk.body.box, stand.desk.body.side.last)
        return [part.geometry().getRect() for part in parts]

    before = places()
    for who in ("沈华棣", "马骁", "不是码"):
        stand.scan(who)
        assert places() == before


@pytest.mark.parametrize(
    ("size", "language"), [((1440, 900), "en"), ((1366, 768), "en"), ((1366, 768), "zh_CN"), ((1180, 680), "zh_CN")]
)
def test_everything_is_on_the_screen(stand: Stand, size: tuple[int, int], language: str) -> None:
    i18n.set_language(language)
    stand.context.language_changed.emit()
    stand.desk.resize(*size)
    stand.scan("马骁")
    QApplication.processEvents()
    assert (stand.desk.width(), stand.desk.height()) == size
    for part in (stand.desk.body.verdict, stand.desk.body.box, *stand.desk.body.side.keys.values()):
        corner = part.mapTo(stand.desk, part.rect().bottomRight())
        assert stand.desk.rect().contains(corner), part
    last, key = stand.desk.body.side.last, stand.desk.body.side.keys["F2"]
    assert last.mapTo(stand.desk, last.rect().bottomLeft()).y() < key.mapTo(stand.desk, QPoint(0, 0)).y()


def pills(stand: Stand) -> list[str]:
    found = stand.desk.body.header.pills
    return [found.itemAt(n).widget().text for n in range(found.count())]


def test_a_desk_for_both_ways_turns_by_a_key(stand: Stand) -> None:
    with stand.db.transaction() as session:
        session.scalars(select(Gate).where(Gate.name == "南门")).one().ways = Ways.BOTH
    stand.scan("沈华棣")
    stand.press(Qt.Key.Key_F8)
    assert (stand.word, pills(stand)[1]) == ("扫码出场", "方向：出")
    stand.scan("沈华棣")
    assert (stand.word, stand.rows()[-1][0]) == ("已出场", Verdict.OUT)
    stand.press(Qt.Key.Key_F8)
    stand.scan("沈华棣")
    assert stand.word == "已签到过"


def test_a_desk_for_one_way_does_not_turn(stand: Stand) -> None:
    stand.press(Qt.Key.Key_F8)
    assert pills(stand)[1] == "方向：进"
    assert stand.desk.body.footer.keys["F8"].isHidden()


def test_a_full_place_says_so_and_turns_red(stand: Stand) -> None:
    with stand.db.transaction() as session:
        session.get_one(Expo, stand.context.expo_id).approved_headcount = 1
        session.scalars(select(Gate).where(Gate.name == "南门")).one().ways = Ways.BOTH
        session.scalars(select(Gate).where(Gate.name == "媒体入口")).one().ways = Ways.BOTH
    stand.scan("沈华棣")
    stand.scan("许静")
    assert (stand.word, stand.reason) == ("满员", "里面已有 1 人，核定 1 人")
    stand.bot.waitUntil(lambda: pills(stand)[-1] == "在场 1 / 1 · 已满")


def test_the_header_says_where_and_who(stand: Stand) -> None:
    header = stand.desk.body.header
    assert (header.desk.text(), header.operator.text()) == ("南门 03 号台", "签到志愿者 李可")
    assert (header.rule.whole_text, header.clock.text()) == ("南门：全部证件", "12:00")
    stand.bot.waitUntil(lambda: pills(stand) == ["示例", "方向：进", "已进 0"])
    stand.context.set_actor(Actor("王芳", Role.REGISTRAR))
    assert header.operator.text() == "登记员 王芳"


@pytest.fixture
def fresh(stand: Stand, qtbot: QtBot) -> Iterator[CheckinDesk]:
    """A desk window on a computer that never had a desk; rooms come first in the alphabet."""
    with stand.db.transaction() as session:
        expo = session.get_one(Expo, stand.context.expo_id)
        room = make_gate(session, expo, "A 会场", kind=GateKind.ROOM)
        make_desk(session, room, "A 会场 签到台")
        make_desk(session, make_gate(session, expo, "东门"), "东门 01 号台")
        session.scalars(select(Gate).where(Gate.name == "南门")).one().is_default = True
    stand.desk.close()
    context = Context(stand.db, Settings(sound_volume=0), stand.context.expo)
    stand.db.clock = lambda: NOON
    made = CheckinDesk(context)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: isinstance(made.right.shown, ChoosePanel) and made.right.shown.first.hasFocus())
    stand.desk = made
    yield made
    made.close()
    context.close()


def _seems_ready(desk: CheckinDesk) -> list[str]:
    """What of the window asks for a code."""
    said = [desk.line.placeholderText(), desk.body.footer.state.text, desk.body.verdict.face.word]
    return [words for words in said if words.startswith(("请扫码", "可以扫码"))]


def test_the_desk_offered_first_is_one_of_the_default_entrance(stand: Stand, fresh: CheckinDesk) -> None:
    assert isinstance(fresh.right.shown, ChoosePanel)
    desks = [fresh.right.shown.desk.itemText(n) for n in range(fresh.right.shown.desk.count())]
    assert desks == ["南门 03 号台", "东门 01 号台", "A 会场 签到台"]
    assert (fresh.right.shown.desk.currentText(), fresh.right.shown.gate.currentText()) == ("南门 03 号台", "南门")


def test_without_a_desk_nothing_seems_ready(stand: Stand, fresh: CheckinDesk) -> None:
    assert _seems_ready(fresh) == []
    fresh._shown_at -= 61
    fresh._on_beat()
    assert (_seems_ready(fresh), fresh.body.verdict.face.word) == ([], "先选签到台")
    assert [key.isEnabled() for key in fresh.body.side.keys.values()] == [False] * 3


@pytest.mark.parametrize("key", [F1, F2, F3, F4, F6, F7, None])
def test_the_choice_of_a_desk_returns(stand: Stand, fresh: CheckinDesk, key: Qt.Key | None) -> None:
    if key is not None:
        stand.press(key)
        stand.until_panel(HelpPanel if key == F1 else ChoosePanel)
    stand.press(ESC)
    stand.until_panel(ChoosePanel)
    fresh._retranslate()
    stand.until_panel(ChoosePanel)
    assert _seems_ready(fresh) == []


def test_a_scan_without_a_desk_is_refused_aloud(
    stand: Stand, fresh: CheckinDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[str] = []
    monkeypatch.setattr(sounds, "play", lambda name, _volume: played.append(name))
    assert isinstance(fresh.right.shown, ChoosePanel)
    fresh.right.shown.desk.setCurrentText("东门 01 号台")
    stand.read(stand.codes["沈华棣"])
    assert (stand.word, stand.reason) == ("没有保存", "还没有选签到台，刚才扫的没有保存")
    assert (played, stand.rows()) == (["reject"], [])
    assert fresh.right.shown.desk.currentText() == "东门 01 号台"  # the choice begun is kept
    fresh.right.shown.go.click()
    assert (stand.word, _seems_ready(fresh)[0]) == ("请扫码", "请扫码，或输入证件号后按 Enter")
    stand.bot.waitUntil(fresh.line.hasFocus)
    stand.scan("沈华棣")
    assert (stand.word, stand.rows()) == ("通过", [(Verdict.ADMITTED, Method.SCAN)])


def test_a_desk_is_chosen_once_and_remembered(stand: Stand, qtbot: QtBot) -> None:
    with stand.db.transaction() as session:
        north = make_gate(session, session.get_one(Expo, stand.context.expo_id), "北门")
        make_desk(session, north, "北门 01 号台")
    context = Context(stand.db, Settings(sound_volume=0), stand.context.expo)
    fresh = CheckinDesk(context)
    fresh.show()
    stand.bot.waitUntil(lambda: isinstance(fresh.right.shown, ChoosePanel))
    assert isinstance(fresh.right.shown, ChoosePanel)
    fresh.right.shown.desk.setCurrentText("北门 01 号台")
    assert fresh.right.shown.gate.currentText() == "北门"
    fresh.right.shown.gate.setCurrentText("媒体入口")
    fresh.right.shown.go.click()
    assert (fresh.desk.post.desk, fresh.desk.post.gate) == ("北门 01 号台", "媒体入口")
    fresh.close()
    stored = settings.load()
    assert (stored.desk_name, stored.gate_name) == ("北门 01 号台", "媒体入口")
    context.settings = stored
    again = CheckinDesk(context)
    assert (again.desk.post.desk, again.desk.post.gate) == ("北门 01 号台", "媒体入口")
    again.close()
    context.close()


def test_a_made_up_supervisor_of_the_sample_says_the_pin(stand: Stand) -> None:
    with stand.db.transaction() as session:
        chief = session.scalars(select(Operator).where(Operator.name == "周敏")).one()
        chief.is_sample, chief.pin_hash = True, pins.hash_pin("310114")
    stand.scan("马骁")
    stand.press(F7)
    panel = stand.until_panel(PinPanel)
    stand.bot.waitUntil(lambda: panel.pin_field._below.text() == "示例操作员的 PIN：310114")
    _give_pin(stand, panel, "")
    assert panel.pin_field.problem == ""  # the reason comes first
    panel.reason.setText("现场改签")
    _give_pin(stand, panel, "310114")
    stand.settle()
    assert stand.word == "通过"
