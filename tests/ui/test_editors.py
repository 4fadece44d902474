"""Editors hold what Field.parse takes, show what a record holds, and say when the person edits."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from expo_app.i18n import Labelled
from expo_app.model import DealKind, ExhibitorKind
from expo_app.specs import BOOTHS, DEALS, Field, FieldType
from expo_app.ui.kit import calendar, inputs, theme
from expo_app.ui.kit.picker import PickerLine, from_words
from expo_app.ui.records import editors
from tests.ui.conftest import put

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Size(Labelled):
    SMALL = "小"
    LARGE = "大"


CASES = [
    (Field("a", "文字"), "沈华棣"),
    (Field("a", "长文", type=FieldType.LONG_TEXT), "一行\n两行"),
    (Field("a", "整数", type=FieldType.NUMBER), 42),
    (Field("a", "小数", type=FieldType.NUMBER, places=2), Decimal("18.5")),
    (Field("a", "金额", type=FieldType.MONEY), Decimal("8600000.05")),
    (Field("a", "金额（元）", type=FieldType.YUAN), Decimal("36000.05")),
    (Field("a", "金额（千元）", type=FieldType.THOUSANDS, least=-1), Decimal("-1920000.5")),
    (Field("a", "日期", type=FieldType.DATE), date(2018, 11, 29)),
    (Field("a", "时间", type=FieldType.MOMENT), datetime(2018, 11, 29, 2, 42, tzinfo=UTC)),
    (Field("a", "是否", type=FieldType.BOOL, default=False), True),
    (Field("a", "是否", type=FieldType.BOOL), True),
    (Field("a", "是否", type=FieldType.BOOL), False),
    (Field("a", "少选", type=FieldType.ENUM, choices=Size, default=Size.SMALL), Size.LARGE),
    (Field("a", "多选", type=FieldType.ENUM, choices=DealKind), DealKind.INVESTMENT),
    (Field("a", "几项", type=FieldType.CHOICES, several=Size), ["SMALL", "LARGE"]),
    (Field("a", "标签", type=FieldType.TAGS), ["2018-11-28", "2018-11-29"]),
    (Field("a", "建议", suggestions=lambda: ("嘉定区", "昆山市")), "嘉定区"),
]


@pytest.mark.parametrize(("field", "value"), CASES, ids=[f.label for f, _v in CASES])
def test_what_is_shown_reads_back_as_it_was(qtbot: QtBot, field: Field, value: object) -> None:
    editor = editors.make(field, SHANGHAI)
    qtbot.addWidget(editor)
    editor.set_value(editors.shown(field, value))
    assert field.parse(editor.value(), SHANGHAI) == value
    again = editors.make(field, SHANGHAI)
    qtbot.addWidget(again)
    again.set_value(editor.value())  # as a draft keeps it
    assert again.value() == editor.value()


@pytest.mark.parametrize("field", [f for f, _v in CASES], ids=[f.label for f, _v in CASES])
def test_an_empty_editor_is_an_empty_value(qtbot: QtBot, field: Field) -> None:
    editor = editors.make(field, SHANGHAI)
    qtbot.addWidget(editor)
    editor.set_value(None)
    assert field.parse(editor.value(), SHANGHAI) in (None, False, Size.SMALL)


def test_only_the_person_edits(qtbot: QtBot, window: QMainWindow) -> None:
    editor = inputs.LineEditor()
    put(window, editor)
    editor.setFocus()
    editor.set_value("旧")
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClicks(editor, "x")
    assert editor.value() == "x旧"


def test_money_is_tidied_when_the_focus_leaves(window: QMainWindow) -> None:
    editor = editors.MoneyEditor()
    put(window, editor)
    editor.setFocus()
    editor.setText("1286.5")
    assert editor.yuan() == Decimal(12_865_000)
    editor.clearFocus()
    assert editor.value() == "1,286.50"
    editor.setText("不清楚")
    assert editor.yuan() is None


@pytest.mark.parametrize(
    ("kind", "typed", "yuan", "tidied"),
    [
        (FieldType.YUAN, "36000", "36000", "36,000.00"),
        (FieldType.YUAN, "3.6万", "36000", "36,000.00"),
        (FieldType.THOUSANDS, "12480", "12480000", "12,480"),
        (FieldType.THOUSANDS, "12480.5元", "12480.50", "12.4805"),
    ],
)
def test_a_bare_amount_is_in_the_unit_of_its_field(
    window: QMainWindow, kind: FieldType, typed: str, yuan: str, tidied: str
) -> None:
    editor = editors.make(Field("a", "金额", type=kind), None)
    put(window, editor)
    editor.setFocus()
    editor.setText(typed)
    assert editor.yuan() == Decimal(yuan)
    editor.clearFocus()
    assert editor.value() == tidied


def test_the_calendar_opens_by_key_and_writes_the_day(qtbot: QtBot, window: QMainWindow) -> None:
    editor = editors.MomentEditor(SHANGHAI)
    put(window, editor)
    editor.setFocus()
    editor.set_value(datetime(2018, 11, 28, 5, 30, tzinfo=UTC))
    qtbot.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.calendar is not None
    editor._on_day(QDate(2018, 11, 29))
    assert editor.value() == "2018-11-29 13:30"
    assert editor.calendar is None


def shades(widget: QWidget) -> set[str]:
    picture = widget.grab().toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_calendar_is_drawn_in_tokens(look: str, window: QMainWindow, qapp: QApplication) -> None:
    theme.apply(qapp, look)
    editor = editors.DateEditor(SHANGHAI, date(2024, 11, 6))
    put(window, editor)
    editor.open_calendar()
    assert editor.calendar is not None
    tokens, sheet = theme.TOKENS[look], editor.calendar.sheet
    for name in ("qt_calendar_prevmonth", "qt_calendar_nextmonth"):
        arrow = sheet.findChild(QToolButton, name)
        assert tokens["text.2"].lower() in shades(arrow)
    for day in calendar.WEEKEND:
        assert sheet.weekdayTextFormat(day).foreground().color().name() == tokens["text.2"].lower()
    seen = shades(editor.calendar)
    assert {tokens[name].lower() for name in ("bg.surface", "border.button", "text.1", "primary")} <= seen
    assert "#ff0000" not in seen
    edge = editor.calendar.grab().toImage()
    assert {edge.pixelColor(0, y).name() for y in range(edge.height())} == {tokens["border.button"].lower()}
    editor.calendar.close()


def test_it_opens_at_the_day_typed_else_at_the_usual_one(window: QMainWindow) -> None:
    editor = editors.MomentEditor(SHANGHAI, date(2024, 11, 6))
    put(window, editor)
    assert editor.placeholderText() == "yyyy-mm-dd hh:mm"
    for typed, opens in (("", QDate(2024, 11, 6)), ("2025/3/1 10:00", QDate(2025, 3, 1)), ("bald", QDate(2024, 11, 6))):
        editor.set_value(typed)
        editor.open_calendar()
        assert editor.calendar is not None
        assert editor.calendar.sheet.selectedDate() == opens
        editor.calendar.close()


def test_without_an_expo_the_day_is_today(window: QMainWindow) -> None:
    assert editors.DateEditor(SHANGHAI).usual == datetime.now(SHANGHAI).date()


ROOM = QRect(0, 0, 800, 600)


@pytest.mark.parametrize(
    ("field", "opens"),
    [
        (QRect(10, 100, 200, 30), (10, 132)),  # under it
        (QRect(10, 560, 200, 30), (10, 358)),  # no room below
        (QRect(700, 100, 90, 30), (500, 132)),  # nor at the right
        (QRect(-20, 100, 90, 30), (0, 132)),
        (QRect(10, 150, 200, 400), (10, 552)),  # nowhere: as usual
    ],
)
def test_it_stays_on_the_screen(field: QRect, opens: tuple[int, int]) -> None:
    assert calendar.beside(field, QSize(300, 200), ROOM).toTuple() == opens


def test_two_choices_stand_side_by_side_and_many_in_a_list(qtbot: QtBot) -> None:
    few = Field("a", "", type=FieldType.ENUM, choices=ExhibitorKind, default=ExhibitorKind.EXHIBITOR)
    assert type(editors.make(few)) is editors.SegmentEditor
    many = editors.make(DEALS.field("kind"))
    assert type(many) is editors.EnumEditor
    assert [many.itemData(i) for i in range(many.count())] == [kind.name for kind in DealKind]
    optional = editors.make(DEALS.field("payment_way"))
    assert optional.itemData(0) is None


def test_words_are_offered_by_pinyin_initials() -> None:
    look_up = from_words(lambda: ("嘉定区", "昆山市", "太仓市"))
    assert [name for _id, name in look_up("ks")] == ["昆山市"]
    assert [name for _id, name in look_up("市")] == ["昆山市", "太仓市"]
    assert len(look_up("")) == 3


def test_a_picker_replaces_the_name_being_typed(qtbot: QtBot, window: QMainWindow) -> None:
    key = uuid.uuid4()
    asked: list[str] = []

    def options(text: str) -> list[tuple[uuid.UUID | None, str]]:
        asked.append(text)
        return [(key, "昆山德盈机器人有限公司")]

    line = PickerLine(options, several=True)
    put(window, line)
    line.setFocus()
    line.set_value("嘉定氢能动力系统有限公司、昆山")
    line.offer()
    assert asked == ["昆山"]
    assert line.is_offering
    with qtbot.waitSignal(line.picked) as picked:
        line._on_chosen("昆山德盈机器人有限公司")
    assert picked.args == [key, "昆山德盈机器人有限公司"]
    assert line.value() == "嘉定氢能动力系统有限公司、昆山德盈机器人有限公司"


def test_enter_takes_what_stands_in_the_line(qtbot: QtBot, window: QMainWindow) -> None:
    line = PickerLine(from_words(lambda: ("王芳华", "王芳")))
    put(window, line)
    line.setFocus()
    for typed, taken in (("王芳", "王芳"), ("王", "王芳华")):
        line.set_value(typed)
        line.offer()
        assert line.is_offering
        QTest.keyClick(line._completer.popup(), Qt.Key.Key_Return)
        assert line.value() == taken


def test_what_nobody_said_is_neither_yes_nor_no(qtbot: QtBot) -> None:
    editor = editors.make(BOOTHS.field("is_paid"))
    qtbot.addWidget(editor)
    said = []
    for value in (None, True, None, False):
        editor.set_value(value)
        said.append(BOOTHS.field("is_paid").parse(editor.value()))
    assert said == [None, True, None, False]


def test_down_stays_on_the_only_name_offered(window: QMainWindow, qtbot: QtBot) -> None:
    line = PickerLine(from_words(lambda: ["嘉定氢能"]))
    put(window, line)
    line.setFocus()
    line.setText("嘉定")
    line.offer("嘉定")
    popup = line._completer.popup()
    for _press in range(2):
        qtbot.keyClick(popup, Qt.Key.Key_Down)
        assert popup.currentIndex().data() == "嘉定氢能"
    popup.hide()
