"""总览: one count, shown in both languages, refreshed after a change."""

import pytest
from PySide6.QtWidgets import QLabel

from expo_app import i18n
from expo_app.model import ExhibitorState, Expo
from expo_app.services import deals
from expo_app.ui.kit import jobs
from expo_app.ui.pages.home import HomePage
from tests.factories import local, make_attendee, make_exhibitor, make_gate, make_scan
from tests.ui.conftest import put


@pytest.fixture
def page(context, window):
    context.db.clock = lambda: local(29, 10, 42)
    made = HomePage(context)
    put(window, made)
    assert jobs.wait(60_000)
    return made


def settle(qapp):
    qapp.processEvents()
    assert jobs.wait(60_000)
    qapp.processEvents()


def test_figures_follow_a_change(page, context, qapp):
    settle(qapp)
    assert page.shown.checked_in.value == 0
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        gate = make_gate(session, expo, "南门")
        make_scan(session, gate, make_attendee(session, expo, "张三"), local(29, 9, 15))
    settle(qapp)
    settle(qapp)
    assert page.shown.checked_in.value == 1
    assert page.shown.today.peak == (9 * 60 + 15, 1)


def test_the_curve_ends_with_the_last_whole_quarter(page, context, qapp):
    """What runs still grows: it is a dot of its own, not a plunge of the curve."""
    with context.db.transaction() as session:
        gate = make_gate(session, session.get_one(Expo, context.expo_id), "南门")
        for minute, people in ((15, 3), (31, 1)):
            for _n in range(people):
                person = make_attendee(session, session.get_one(Expo, context.expo_id))
                make_scan(session, gate, person, local(29, 10, minute))
    settle(qapp)
    settle(qapp)
    board = page._body
    assert (board.curve.solid, board.curve.running) == ([(615, 3)], (630, 1))
    assert (board.people_line.values, page.shown.checked_in.value) == ([3.0], 4)
    assert board.curve._words_at(board.curve.width()) == "10:30  1（到现在）"
    now = board.curve._at((10 * 60 + 42, 0)).x()
    assert (board.curve.running_spot.x(), board.curve._at((630, 1)).x() < now) == (now, True)
    context.db.clock = lambda: local(29, 10, 45)
    page.refresh()
    settle(qapp)
    assert (board.curve.solid, board.curve.running) == ([(615, 3), (630, 1)], (645, 0))
    assert page.shown.today.split(local(30, 9)) == (page.shown.today.points, None)


def test_who_only_applied_is_not_nobody(page, context, qapp):
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for _n in range(4):
            make_exhibitor(session, expo, state=ExhibitorState.APPLIED)
    settle(qapp)
    settle(qapp)
    words = [label.text() for label in page._body.stands.findChildren(QLabel)]
    assert "申请 4 家待确认" in words
    assert "还没有参展商" not in words


def test_a_press_on_a_number_opens_its_list(page, context, qapp):
    settle(qapp)
    asked = []
    context.navigated.connect(lambda route: asked.append(route.spec.name))
    board = page._body
    for card in (board.people, board.stands, board.deals):
        card.pressed.emit()
    assert asked == ["attendees", "exhibitors", "deals"]


def test_money_on_the_dashboard_is_the_ledgers(page, context, qapp):
    deals.register(
        context.db, context.expo_id,
        {"title": "x", "kind": "采购 / 销售", "stage": "签约", "sellers": "甲", "buyers": "乙", "amount": "12.345678",
         "signed_on": "2018-11-29"},
    )  # fmt: skip
    settle(qapp)
    settle(qapp)
    assert page.shown.deals.signed_amount == page.shown.signed_amount.value
    assert str(page.shown.signed_amount.value) == "123456.78"
    assert page._body.deals._unit.text() == "万元"
    i18n.set_language("en")
    page._body.show_overview(page.shown)
    assert (page._body.deals._number.text(), page._body.deals._unit.text()) == ("CNY 123,456.78", "")


def test_it_opens_in_english(context, window, qapp):
    i18n.set_language("en")
    put(window, HomePage(context))
    settle(qapp)


def test_what_changes_while_it_counts_is_counted_a_little_later(page, context, qtbot):
    page.refresh()
    context.changed.emit(frozenset({"check_in"}))
    qtbot.waitUntil(lambda: not page._loading)
    first = page.shown
    assert page._soon.isActive()
    qtbot.waitUntil(lambda: page.shown is not first)
    assert not page._soon.isActive()
