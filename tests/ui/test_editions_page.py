"""往届 in the window: editions side by side, last time's figures on the overview, the rule on guests asked first."""

import time
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from expo_app import i18n
from expo_app.model import Expo
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import records
from expo_app.specs import EDITIONS, EXPOS
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.editions import SparkBars
from expo_app.ui.pages.home import HomePage
from expo_app.ui.pages.settings import SettingsPage
from tests.factories import local, make_attendee, make_deal, make_exhibitor, make_gate, make_scan
from tests.ui.conftest import put


def settle(qapp):
    """Until no job runs and what they found is shown."""
    until = time.monotonic() + 60
    qapp.processEvents()
    while jobs.running() and time.monotonic() < until:
        qapp.processEvents()
        time.sleep(0.005)
    for _n in range(3):
        qapp.processEvents()


def words(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def known(context, **given):
    values = {"name": "某展", "edition_no": 1, "starts_on": "2017-11-28"} | given
    return records.save(context.db, EDITIONS, values)


@pytest.fixture
def third(context):
    """The expo that is open is the second edition, with three exhibitors and a deal."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        expo.edition_no, expo.is_sample = 2, False
        for _n in range(3):
            make_exhibitor(session, expo)
        make_deal(session, expo, amount=Decimal(1_500_000), signed_on=date(2018, 11, 28))
    return context


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_editions_stand_beside_each_other(third, window, qapp, language):
    i18n.set_language(language)
    known(third, exhibitors="约 2", items="14", total_tech_amount="约 12 亿元")
    page = SettingsPage(third)
    put(window, page)
    page.open_with(SectionRoute("comparison"))
    settle(qapp)
    section = page.current
    seen = section.shown
    assert [one.edition_no for one in seen.editions] == [1, 2]
    shown = {row.figure.name: [row.shown(past) for past in row.past] for row in seen.rows}
    about = {"zh_CN": "约", "en": "about"}[language]
    assert shown["exhibitors"] == [f"{about} 2", "3"]
    assert shown["items"] == ["14", "—"]
    assert "tech_amount" not in shown or shown["tech_amount"][0] == "—", "what is cumulative is no edition's own"
    assert f"{about} 120,000.00" in words(section)
    bars = section.findChildren(SparkBars)
    assert len(bars) == len(seen.rows)
    assert bars[0].values == [2.0, 3.0]


def test_an_edition_leads_to_its_record(third, window, qapp):
    key = known(third, exhibitors="2")
    page = SettingsPage(third)
    put(window, page)
    page.open_with(SectionRoute("comparison"))
    settle(qapp)
    gone = []
    third.navigate = gone.append
    head = next(b for b in page.current.findChildren(QPushButton) if "2017" in b.accessibleName() + b.text())
    head.click()
    assert gone == [ListRoute(EDITIONS, record=key)]


def test_a_new_record_shows_by_itself(third, window, qapp):
    page = SettingsPage(third)
    put(window, page)
    page.open_with(SectionRoute("comparison"))
    settle(qapp)
    known(third, visits="超过 1000")
    settle(qapp)
    assert "超过 1,000" in words(page.current)


def test_the_overview_says_what_it_was_last_time(third, window, qapp):
    known(third, exhibitors="2", signed_amount="100")
    third.db.clock = lambda: local(29, 10, 42)
    page = HomePage(third)
    put(window, page)
    settle(qapp)
    said = " ".join(words(page._body))
    assert "上届 +50.0% ·" in said, "the change comes first, where nothing cuts it off"
    assert [card._fact.toolTip().splitlines()[0] for card in (page._body.stands, page._body.deals)] == [
        "上届 2 家 +50.0%", "上届 100.00 万元 +50.0%",
    ]  # fmt: skip


def test_without_an_earlier_edition_it_says_nothing(third, window, qapp):
    third.db.clock = lambda: local(29, 10, 42)
    page = HomePage(third)
    put(window, page)
    settle(qapp)
    assert "上届" not in " ".join(words(page._body))


def test_counting_guests_is_asked_with_what_it_makes_of_the_figures(third, window, qapp):
    with third.db.transaction() as session:
        expo = session.get_one(Expo, third.expo_id)
        gate = make_gate(session, expo, "南门")
        for kind in ("visitor", "guest"):
            make_scan(session, gate, make_attendee(session, expo, category=kind), local(28, 9))
    page = SettingsPage(third)
    put(window, page)
    page.open_with(ListRoute(EXPOS, record=third.expo_id))
    settle(qapp)
    page.current.edit(third.expo_id)
    box = dialog.top(window)
    assert box is not None
    box.form.fill({"counts_guests": True})
    box.submit()
    settle(qapp)
    asked = dialog.top(window)
    assert asked is not box
    assert "观众人数  1 → 2" in " ".join(words(asked))
    with third.db.reading() as session:
        assert not session.get_one(Expo, third.expo_id).counts_guests, "nothing is written before the answer"
    next(b for b in asked.findChildren(QPushButton) if b.accessibleName() == "改" or b.text() == "改").click()
    settle(qapp)
    with third.db.reading() as session:
        assert session.get_one(Expo, third.expo_id).counts_guests
