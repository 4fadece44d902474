"""入口与通道: the board, the form beside it, stop and go, hiding, the empty state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from expo_app import i18n
from expo_app.model import AtCapacity, CheckIn, Desk, Expo, Gate, Presence, Role, Ways
from expo_app.rules.verdict import Hours
from expo_app.services import checkin_gates, records
from expo_app.services.checkin import OpenDesk
from expo_app.specs import GATES
from expo_app.store.database import Actor
from expo_app.ui.kit import messages
from expo_app.ui.kit.questions import Question
from expo_app.ui.pages.settings.gates import GatesList, said_allowed, said_hours
from expo_app.ui.parts.crowd_words import said_count, said_share
from tests.factories import local, make_attendee, make_badge, make_desk, make_gate, make_room

NOON = local(29, 12)


@pytest.fixture
def gate(context: Any) -> Gate:
    """南门, both ways, for at most ten people, with a desk and nine of them inside."""
    context.db.clock = lambda: NOON
    context.db.actor = Actor("陈放", Role.ADMIN)
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        made = make_gate(session, expo, "一号门", ways=Ways.BOTH, approved_headcount=10, at_capacity=AtCapacity.STOP)
        desk = make_desk(session, made).id
        codes = [make_badge(session, make_attendee(session, expo)).code for _ in range(9)]
    opened = OpenDesk(context.db, desk)
    for code in codes:
        opened.check_in(code, NOON)
    opened.close()
    return made


@pytest.fixture
def page(gate: Gate, context: Any, qtbot: Any) -> GatesList:
    made = GatesList(context)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitUntil(lambda: bool(made.rows))
    return made


def test_a_gate_that_is_nearly_full_says_so_once(page: GatesList, gate: Gate, context: Any) -> None:
    line = page.line_of(gate.id)
    assert line is not None
    assert (said_count(line.crowd), said_share(line.crowd), line.crowd.level) == ("9 / 10", "90%", "warn")
    said = [toast.text for toast in messages.toasts(page)]
    assert said == ["一号门快满了：9 / 10"]
    page.refresh()
    assert [toast.text for toast in messages.toasts(page)] == said


def test_the_next_warning_comes_only_after_it_fell_below() -> None:
    alarms, key = checkin_gates.Alarms(), CheckIn.__table__
    crowds = [checkin_gates.Crowd(come=n, approved=100, sees_out=True) for n in (89, 90, 95, 86, 91, 84, 90)]
    assert [bool(alarms.crossed({key: crowd})) for crowd in crowds] == [  # type: ignore[dict-item]
        False, True, False, False, False, False, True,
    ]  # fmt: skip


def test_the_form_stands_beside_and_is_saved_there(page: GatesList, gate: Gate, context: Any) -> None:
    page.open_record(gate.id)
    form = page.panel.form
    form.fill({"hours": "8:30-16:30", "approved_headcount": "20"})
    page.panel.keep()
    kept = records.get(context.db, GATES, gate.id)
    assert (kept["hours"], kept["approved_headcount"]) == ("08:30–16:30", 20)
    page.undo()
    assert records.get(context.db, GATES, gate.id)["approved_headcount"] == 10


def test_what_is_typed_stays_while_people_are_counted(page: GatesList, gate: Gate, context: Any) -> None:
    page.open_record(gate.id)
    page.panel.form.fill({"approved_headcount": "33"})
    context.changed.emit(frozenset({"gate"}))
    assert page.panel.form.editor("approved_headcount").value() == "33"


def test_hours_that_are_none_are_said_beside_the_field(page: GatesList, gate: Gate) -> None:
    page.open_record(gate.id)
    page.panel.form.fill({"hours": "早上"})
    page.panel.keep()
    assert "不是开放时段" in page.panel.form.box("hours").problem


def test_o_stops_after_a_question_and_admits_again(page: GatesList, gate: Gate, qtbot: Any) -> None:
    page.view.select_id(gate.id)
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_O)
    (asked,) = page.window().findChildren(Question)
    asked.press("verb")
    qtbot.waitUntil(lambda: page.line_of(gate.id).stopped_by == "陈放")
    page.open_record(gate.id)
    assert page.head_of(page.line_of(gate.id))[2][0] == ("已停止放行", "bad")
    QTest.keyClick(page.view, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: page.line_of(gate.id).stopped_by == "")


def test_a_gate_with_scans_is_hidden_and_can_come_back(page: GatesList, gate: Gate, qtbot: Any) -> None:
    page.remove([gate.id])
    (asked,) = page.window().findChildren(Question)
    assert "只是隐藏" in asked.text
    asked.press("verb")
    qtbot.waitUntil(lambda: page.line_of(gate.id).is_hidden)
    assert page.rows[-1][0] == gate.id
    page.show_again(gate.id)
    qtbot.waitUntil(lambda: not page.line_of(gate.id).is_hidden)


def test_without_gates_they_are_made_of_the_venue(context: Any, qtbot: Any) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for table in (Presence, CheckIn, Desk, Gate):
            session.execute(table.__table__.delete())
        make_room(session, expo, "大会议室")
    page = GatesList(context)
    qtbot.addWidget(page)
    page.show()
    assert page._state.title.text() == "还没有入口"
    page.make_from_venue()
    qtbot.waitUntil(lambda: "大会议室" in [page.value(row, "name") for row in page.rows])


def test_who_may_pass_in_few_words(page: GatesList, gate: Gate) -> None:
    line = page.line_of(gate.id)
    assert said_allowed(line) == ("全部证件",)
    fewer = replace(line, allowed=line.allowed[:-1], missing=line.allowed[-1:])
    assert said_allowed(fewer) == (f"{line.allowed[-1].label}除外",)
    two = replace(line, allowed=line.allowed[:2], missing=line.allowed[2:])
    assert said_allowed(two) == tuple(category.label for category in line.allowed[:2])
    hours = replace(line, hours=(Hours(),), is_open=True)
    assert said_hours(hours) == ("00:00–24:00", "开放中")
    assert said_hours(replace(line, follows_programme=True, is_open=False)) == (
        "跟日程走", "现在没有活动",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_cell_is_painted(gate: Gate, context: Any, language: str, qtbot: Any) -> None:
    """An error while a cell is painted fails the test."""
    i18n.set_language(language)
    made = GatesList(context)
    qtbot.addWidget(made)
    made.show()
    made.open_record(gate.id)
    assert made.grab().toImage().height() == made.height()
    assert made.header._fact.whole_text.endswith("12:00")
