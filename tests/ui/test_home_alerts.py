"""需要处理 of what areas register: each for whoever may do it alone, and each leads to where it is done."""

from datetime import date

import pytest
from PySide6.QtTest import QTest

from expo_app.model import Role
from expo_app.routes.vouchers import SettlementRoute
from expo_app.services import expos, settlement_acts
from expo_app.services.statistics.overview import OverviewReader, overview
from expo_app.settings import Settings
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.pages.home import HomePage
from expo_app.ui.pages.vouchers import VouchersPage
from tests.made_vouchers import Counter
from tests.ui.conftest import put

FIRST, SECOND = "DZ-30H1-01", "DZ-30H2-01"
CHECKS = ["用券待核验 1 条", "申领待批准 1 张"]
SETTLES = ["对账单有异议 1 份", "对账单待签认 1 份"]


@pytest.fixture
def counter(db):
    """A use to check, an application, a statement that is disputed and one that waits for signatures."""
    made = Counter(db)
    db.actor = Actor("周敏", Role.ADMIN)
    made.voucher("50000.00")
    for until, drawn, period in (
        (date(2030, 5, 20), date(2030, 7, 5), "2030H1"), (date(2030, 8, 20), date(2031, 1, 5), "2030H2"),
    ):  # fmt: skip
        made.day(until)
        made.verified("2000.00", contract_on=until)
        made.day(drawn)
        keys = settlement_acts.draw(db, made.expo_id, period).made
        settlement_acts.send(db, made.expo_id, keys, date(2031, 1, 12))
        if period == "2030H1":
            settlement_acts.dispute(db, made.expo_id, keys[0], "a", 1, "金额不符")
    made.use("2000.00", contract_on=date(2030, 8, 21))
    made.apply("1000.00")
    return made


def settle():
    for _turn in range(4):
        while jobs.running():
            QTest.qWait(2)
        QTest.qWait(2)


def shown(counter, window, role):
    counter.db.actor = Actor("周敏", role)
    expo = expos.current(counter.db, counter.expo_id)
    clock = counter.db.clock
    context = Context(counter.db, Settings(), expo, window, clock)
    page = HomePage(context)
    put(window, page)
    settle()
    return page


def told(page):
    return [label.text() for label in page._body.alerts.listed.findChildren(Label) if label.text()[-1] in "条张份"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.SUPERVISOR, [*CHECKS, *SETTLES]), (Role.DEALS, CHECKS), (Role.REGISTRAR, []), (Role.AUDITOR, [])],
)
def test_who_may_do_it_is_told(counter, window, role, expected):
    page = shown(counter, window, role)
    assert sorted(told(page)) == sorted(expected)
    assert page._body.alerts.count.text == str(len(expected))


def test_another_person_at_the_desk_is_told_their_own(counter, window):
    page = shown(counter, window, Role.AUDITOR)
    page.context.set_actor(Actor("李可", Role.DEALS))
    settle()
    assert sorted(told(page)) == sorted(CHECKS)


def test_each_leads_to_where_it_is_done(counter, window):
    page = shown(counter, window, Role.SUPERVISOR)
    asked = []
    page.context.navigated.connect(asked.append)
    for button in page._body.alerts.listed.findChildren(Button):
        button.click()
    place = VouchersPage(page.context)
    put(window, place)
    reached = []
    for route in asked:
        place.open_with(route)
        settle()
        if isinstance(route, SettlementRoute):
            reached.append((place.key, place.face.line.no, place.face.period.text))
        else:
            rows = place.face.shown.view.rows_model.rows()
            reached.append((place.face.key, len(rows), place.face.shown.value(rows[0], "state").label))
    assert sorted(reached, key=str) == sorted([
        ("settlement", FIRST, "2030H1"), ("settlement", SECOND, "2030H2"), ("voucher_uses", 1, "待核验"),
        ("vouchers", 1, "申领中"),
    ], key=str)  # fmt: skip


def test_they_are_counted_anew_once_something_was_done(counter):
    reader, now = OverviewReader(counter.db), counter.db.now()
    before = [figure.value for figure in reader.read(counter.expo_id, now).others]
    assert before == [1, 1, 1, 1]
    counter.apply("1000.00")
    after = reader.read(counter.expo_id, now)
    assert sorted(figure.value for figure in after.others) == [1, 1, 1, 2]
    assert after == overview(counter.db, counter.expo_id, now)
    reader.close()
