"""Forms of every spec: what they show they give back; problems stand beside their fields."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app import i18n
from expo_app.specs import ATTENDEES, DEALS, EXHIBITORS, SPECS, Field, FieldType, RecordSpec
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.records.form import Form
from tests.ui.conftest import put

SHANGHAI = ZoneInfo("Asia/Shanghai")
FORMS = [spec for spec in SPECS.values() if any(f.in_form for f in spec.writable)]
TYPED: dict[FieldType, Any] = {
    FieldType.TEXT: "文字", FieldType.LONG_TEXT: "文字", FieldType.REF: "名称", FieldType.NUMBER: "7",
    FieldType.MONEY: "12.5", FieldType.DATE: "2018-11-29", FieldType.MOMENT: "2018-11-29 09:30", FieldType.BOOL: True,
    FieldType.YUAN: "36,000.50", FieldType.THOUSANDS: "12,480", FieldType.TIME: "08:30",
    FieldType.PHONE: "021-59571234 转 8012",
    FieldType.TAGS: "2018-11-28、2018-11-29", FieldType.REPORTED: "50 余",
    FieldType.REPORTED_MONEY: "约 7.7 亿元", FieldType.LINES: "",
}  # fmt: skip


def typed(field: Field) -> Any:
    """What a person would put into this field."""
    if field.check is not None:
        return None
    if field.several:
        return [choice.name for choice in list(field.several)[-2:]]
    if field.choices:
        return list(field.choices)[-1].name
    if field.type is FieldType.NUMBER and field.least > 7:
        return str(field.least)
    if field.type is FieldType.NUMBER and field.most < 7:
        return str(field.most)
    return TYPED[field.type]


@pytest.mark.parametrize("spec", FORMS, ids=lambda spec: spec.name)
def test_every_spec_makes_a_round_trip(qtbot: QtBot, spec: RecordSpec) -> None:
    form = Form(spec, zone=SHANGHAI)
    qtbot.addWidget(form)
    given = {f.name: typed(f) for f in form.fields if typed(f) is not None}
    form.fill(given)
    clean = spec.clean(form.changes(), SHANGHAI, partial=True)
    assert set(clean) == set(given)
    again = Form(spec, zone=SHANGHAI)
    qtbot.addWidget(again)
    again.set_values(clean)
    assert not again.is_dirty
    assert spec.clean({name: again.values()[name] for name in given}, SHANGHAI, partial=True) == clean


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("spec", FORMS, ids=lambda spec: spec.name)
def test_fields_fill_their_rows_and_never_overlap(qtbot: QtBot, spec: RecordSpec, language: str) -> None:
    i18n.set_language(language)
    form = Form(spec)
    qtbot.addWidget(form)
    form.resize(700, 100)
    form.show()
    form.resize(form.sizeHint().expandedTo(form.minimumSizeHint()))
    boxes = [form.box(f.name).geometry() for f in form.fields]
    assert [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.intersects(b)] == []


def test_a_field_is_checked_when_the_focus_leaves_it_after_an_edit(qtbot: QtBot, window: QMainWindow) -> None:
    form = Form(ATTENDEES)
    put(window, form)
    phone = form.editor("person.phone")
    form.focus("person.phone")
    form.focus("person.name")
    assert form.box("person.phone").problem == ""
    form.focus("person.phone")
    qtbot.keyClicks(phone, "1381234567")
    assert form.box("person.phone").problem == ""
    form.focus("person.name")
    assert form.box("person.phone").problem == "少 1 位，应为 11 位数字。"
    form.focus("person.phone")
    qtbot.keyClicks(phone, "8")
    assert form.box("person.phone").problem == ""


def test_submitting_checks_everything_and_goes_to_the_first_problem(window: QMainWindow) -> None:
    form = Form(ATTENDEES)
    put(window, form)
    form.fill({"person.email": "没有@"})
    assert form.check_all() is False
    assert [f.name for f in form.fields if form.box(f.name).problem] == ["person.name", "person.email"]
    assert window.focusWidget() is form.editor("person.name")
    form.fill({"person.name": "沈华棣", "person.email": ""})
    assert form.check_all() is True


def test_a_kept_number_is_shown_as_people_write_it(window: QMainWindow) -> None:
    form = Form(ATTENDEES, parent=window)
    form.set_values({"person.phone": "+862159571234;ext=8012"})
    assert form.editor("person.phone").value() == "021-59571234 转 8012"
    assert form.read("person.phone") == "+862159571234;ext=8012"


def test_only_edits_of_a_record_are_given_back_and_masked_phones_stay(window: QMainWindow) -> None:
    form = Form(ATTENDEES)
    put(window, form)
    form.set_values({"person.name": "沈华棣", "person.phone": "138****5678", "category_id": "媒体"})
    assert form.changes() == {}
    assert form.check_all() is True
    assert "person.phone" not in form.values()
    form.fill({"person.phone": "13912345678"})
    assert form.changes() == {"person.phone": "13912345678"}


def test_an_amount_is_said_in_capitals_and_in_english_short(qtbot: QtBot) -> None:
    form = Form(DEALS)
    qtbot.addWidget(form)
    form.set_values({"amount": Decimal(8_600_000)})
    assert form.box("amount")._below.text() == "捌佰陆拾万元整"
    i18n.set_language("en")
    english = Form(DEALS)
    qtbot.addWidget(english)
    english.set_values({"amount": Decimal(8_600_000)})
    assert english.box("amount")._below.text() == "CNY 8.60 m"


def test_names_nobody_knows_are_warned_of_or_refused(qtbot: QtBot, window: QMainWindow) -> None:
    form = Form(DEALS, look_up=lambda spec, text: [], several={"sellers": "organisations"})
    put(window, form)
    assert form.source_of(DEALS.field("programme_item_id")) == "programme"
    for name in ("sellers", "programme_item_id"):
        form.focus(name)
        qtbot.keyClicks(form.editor(name), "abc")
    form.focus("title")
    assert form.box("sellers").problem == "没有这个单位，保存时新建。"
    assert form.box("programme_item_id").problem == "没有这个日程，从列表中选一个。"


def test_the_name_of_a_parent_is_a_picker(qtbot: QtBot) -> None:
    form = Form(EXHIBITORS, look_up=lambda spec, text: [])
    qtbot.addWidget(form)
    sources = {f.name: form.source_of(f) for f in form.fields if form.source_of(f)}
    words = {"organisation.industry_id": "industries", "organisation.kind_id": "organisation_kinds"}
    assert sources == {"organisation.name": "organisations", "contact.name": "people", "booths": "booths", **words}


def test_tab_goes_in_reading_order(qtbot: QtBot, window: QMainWindow) -> None:
    form = Form(ATTENDEES)
    put(window, form)
    form.focus("person.name")
    order = [f.name for f in form.fields]
    reached: list[str] = []
    for _step in range(5):
        qtbot.keyClick(window.focusWidget() or QWidget(), Qt.Key.Key_Tab)
        reached += [name for name in order if form.editor(name) is window.focusWidget()]
    where = [form.box(name).pos() for name in reached]
    assert reached
    assert where == sorted(where, key=lambda point: (point.y(), point.x()))


def test_a_booth_lies_in_one_row_and_long_words_leave_no_hole(qtbot: QtBot) -> None:
    form = Form(SPECS["booths"])
    qtbot.addWidget(form)
    form.resize(720, 600)
    form.show()
    place = [form.box(name).geometry() for name in ("x", "y", "width", "depth")]
    assert len({box.top() for box in place}) == 1
    assert max(box.width() for box in place) - min(box.width() for box in place) <= 2
    assert form.box("depth").geometry().right() == form.box("note").geometry().right()


def test_the_section_that_must_be_filled_in_comes_first(qtbot: QtBot) -> None:
    form = Form(SPECS["exhibitors"])
    qtbot.addWidget(form)
    form.resize(720, 900)
    form.show()
    assert form.box("organisation.name").y() < form.box("booths").y()
    assert form.first_missing() == "organisation.name"


def test_an_ampersand_stays_in_a_label(window: QMainWindow) -> None:
    """A label that leads to its editor by a shortcut would show Exhibits _achievements."""
    field = FormField("Exhibits & achievements", LineEditor())
    assert field._label.buddy() is None
    assert field._label.text() == "Exhibits & achievements"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("A-001、A-002", ""),
        ("a001 / Ａ００２", ""),
        ("A-001~A-003", ""),
        ("待定", ""),
        ("A-001~A-004", "没有这个展位，从列表中选一个。"),
        ("A-001~B-003", "看不出“A-001~B-003”是哪些展位，应如 A1-01~A1-04。"),
    ],
)
def test_booths_are_known_in_whatever_spelling(qtbot: QtBot, typed: str, problem: str) -> None:
    there = [(None, f"A-00{n}") for n in (1, 2, 3)]
    form = Form(EXHIBITORS, look_up=lambda _spec, _text: there)
    qtbot.addWidget(form)
    form.editor("booths").set_value(typed)
    form.editor("booths").edited.emit()
    form.editor("booths").left.emit()
    assert form.box("booths").problem == problem
