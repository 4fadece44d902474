"""Interest on its way to a deal in the window: one key, one dialog, once; the chain's cards lead on."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from expo_app.model import Deal, DealKind, Expo, Interest, InterestLevel, Role, Task
from expo_app.routes import ListRoute
from expo_app.services import deals, records, roadshow_deals
from expo_app.specs import DEALS, INTERESTS, PITCHES
from expo_app.specs.chain import Link, Linked
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.labels import SectionTitle
from expo_app.ui.pages.deals import DealsPage
from expo_app.ui.pages.follow_up import FollowUpPage
from expo_app.ui.pages.guests import GuestsPage
from expo_app.ui.pages.roadshow.lists import RoadshowLists
from expo_app.ui.parts.chain import ChainStrip, _days, _words
from expo_app.ui.parts.roadshow_deals import DealsDialog
from tests.factories import local, make_achievement, make_deal, make_item, make_organisation, make_pitch
from tests.ui.clipping import clipped
from tests.ui.conftest import put


@pytest.fixture(autouse=True)
def at_ten(context):
    context.db.clock = lambda: local(29, 10)
    context.set_actor(Actor("周敏", Role.ADMIN))


@pytest.fixture
def ids(context):
    """A pitch with three interests: of a company, of an investor, of somebody who said no organisation."""
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        item = make_item(session, expo, "路演", kind="roadshow")
        pitch = make_pitch(session, item, make_achievement(session, expo, "纳米膜"), position=1)
        found = {"pitch": pitch.id}
        for number, (name, body) in enumerate((("company", "乙公司"), ("other", "丙公司"), ("nobody", "")), 1):
            row = Interest(
                expo_id=expo.id, pitch_id=pitch.id, interest_no=f"YX-{number:03d}", level=InterestLevel.REAL,
                organisation_id=make_organisation(session, body).id if body else None, contact="周舟",
                amount_from=Decimal(900_000), amount_to=Decimal(900_000), next_step="约洽谈", at=local(29, 9, number),
            )  # fmt: skip
            session.add(row)
            session.flush()
            found[name] = row.id
        return found


@pytest.fixture
def page(context, window, ids):
    made = RoadshowLists(context)
    put(window, made)
    settle()
    return made.shown


@pytest.fixture
def went(context, monkeypatch):
    """Where somebody was sent."""
    found = []
    monkeypatch.setattr(context, "navigate", found.append)
    return found


def settle():
    for _n in range(20):
        QApplication.processEvents()
        while jobs.running():
            QApplication.processEvents()


def count(context, model):
    with context.db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def deal_of(context, interest):
    with context.db.reading() as session:
        return session.scalar(select(Interest.deal_id).where(Interest.id == interest))


def press(widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(widget, key, modifier)
    settle()


def top(page) -> DealsDialog:
    return dialog.top(page.window())


def strip(page) -> ChainStrip:
    settle()
    return page.findChild(ChainStrip)


def card(page, key):
    return next(one for one in strip(page).cards if one.link.key == key)


# --- to a deal ---
def test_two_keys_make_a_draft_deal_and_one_takes_it_back(page, context, ids):
    page.view.select_id(ids["company"])
    page.view.setFocus()
    press(page.view, Qt.Key.Key_D)
    box = top(page)
    assert (box.kind.currentData(), not clipped(box)) == (DealKind.TECH_CONTRACT, True)
    press(box.submit_button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    deal = records.get(context.db, DEALS, deal_of(context, ids["company"]))
    assert (deal["title"], deal["buyers"], deal["amount"]) == ("纳米膜", "乙公司", Decimal(900_000))
    page.undo()
    assert (count(context, Deal), deal_of(context, ids["company"])) == (0, None)
    page.redo()
    assert (count(context, Deal), deal_of(context, ids["company"]) is not None) == (1, True)


def test_a_second_time_opens_the_deal_there_is(page, context, ids, went):
    key = roadshow_deals.make_deals(context.db, context.expo_id, [ids["company"]]).deals[ids["company"]]
    page.to_deals([ids["company"]])
    assert top(page) is None
    assert (went[-1].spec, went[-1].record) == (DEALS, key)
    page.open_record(ids["company"])
    settle()
    assert "打开签约" in {button.text() for button in page.panel_actions(ids["company"], {})}


def test_a_deal_linked_by_mistake_is_parted_and_stays(page, context, ids):
    key = roadshow_deals.make_deals(context.db, context.expo_id, [ids["company"]]).deals[ids["company"]]
    page.open_record(ids["company"])
    settle()
    next(b for b in page.panel_actions(ids["company"], {}) if b.text() == "解除关联").click()
    assert (deal_of(context, ids["company"]), count(context, Deal)) == (None, 1)
    assert [toast.text for toast in messages.toasts(page)] == ["已解除关联，签约留着"]
    page.undo()
    assert deal_of(context, ids["company"]) == key


def test_whoever_was_second_in_the_dialog_is_led_to_the_deal(page, context, ids, went):
    page.to_deals([ids["company"]])
    key = roadshow_deals.make_deals(context.db, context.expo_id, [ids["company"]]).deals[ids["company"]]
    top(page).submit()
    assert (count(context, Deal), went[-1].record) == (1, key)
    assert not page.acts.can_undo


def test_several_at_once_ask_who_it_is_where_nobody_said(page, context, ids):
    page.to_deals([ids["company"], ids["other"], ids["nobody"]])
    box = top(page)
    assert list(box.forms) == [ids["nobody"]]
    box.submit()
    assert count(context, Deal) == 0  # it is still asked
    box.forms[ids["nobody"]].editor("organisation_id").setText("丁公司")
    box.kind.setCurrentIndex(box.kind.findData(DealKind.INVESTMENT))
    box.submit()
    settle()
    assert count(context, Deal) == 3
    assert records.get(context.db, DEALS, deal_of(context, ids["nobody"]))["buyers"] == "丁公司"
    kinds = {records.get(context.db, DEALS, deal_of(context, ids[name]))["kind"] for name in ("company", "nobody")}
    assert kinds == {DealKind.INVESTMENT}


def test_a_role_that_enters_no_deals_is_told_and_offered_nothing(page, context, ids):
    context.set_actor(Actor("某人", Role.DESK))
    assert page.bulk_actions([ids["company"]]) == []
    page.to_deals([ids["company"]])
    assert top(page) is None
    assert "不能登记成交" in " ".join(toast.text for toast in messages.toasts(page.window()))
    press(page.view, Qt.Key.Key_D)
    assert count(context, Deal) == 0


def test_tasks_of_several_take_one_dialog(page, context, ids):
    page.to_tasks([ids["company"], ids["nobody"]])
    box = top(page)
    press(box.first_focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert count(context, Task) == 2
    page.undo()
    assert count(context, Task) == 0


def test_the_palette_offers_both_for_the_one_in_front(page, context, ids):
    page.view.select_id(ids["company"])
    found = {command.keys: command for command in page.commands()}
    assert set(found) == {"D", "T"}
    found["D"].call()
    assert isinstance(top(page), DealsDialog)


# --- the chain ---
def test_cards_say_what_there_is_and_lead_on(page, context, ids, went):
    page.open_record(ids["company"])
    assert [one.link.key for one in strip(page).cards] == [
        "result", "pitch", "interest", "deal", "registration", "landing",
    ]  # fmt: skip
    assert not clipped(strip(page))
    press(card(page, "pitch"), Qt.Key.Key_Return)
    assert (went[-1].spec, went[-1].record) == (PITCHES, ids["pitch"])
    went.clear()
    press(card(page, "interest"), Qt.Key.Key_Return)
    assert went == []  # one is there already
    press(card(page, "deal"), Qt.Key.Key_Space)
    assert isinstance(top(page), DealsDialog)


def test_the_strip_follows_what_others_write(page, context, ids):
    page.open_record(ids["company"])
    assert card(page, "deal").title == "还没有"
    roadshow_deals.make_deals(context.db, context.expo_id, [ids["company"]])
    settle()
    assert card(page, "deal").title == "纳米膜"
    assert card(page, "deal").detail.endswith("草稿")
    key = deal_of(context, ids["company"])
    deals.delete_drafts(context.db, [key])
    settle()
    assert card(page, "deal").title == "还没有"


def test_a_deal_says_what_it_came_of_and_may_be_linked_afterwards(context, window, ids):
    with context.db.transaction() as session:
        key = make_deal(session, session.get_one(Expo, context.expo_id), "另签的").id
    page = DealsPage(context)
    put(window, page)
    settle()
    page.open_record(key)
    assert strip(page).findChild(SectionTitle).text() == "来龙去脉"
    press(card(page, "interest"), Qt.Key.Key_Return)
    box = top(page)
    press(box.first_focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert deal_of(context, ids["nobody"]) == key  # the newest stands first
    settle()
    assert strip(page).findChild(SectionTitle).text() == "来源：路演意向"
    page.undo()
    assert deal_of(context, ids["nobody"]) is None


def test_several_interests_are_chosen_from_a_menu(context, window, ids, monkeypatch):
    page = GuestsPage(context)
    put(window, page)
    page.open_with(ListRoute(PITCHES, record=ids["pitch"]))
    settle()
    shown = card(page.shown, "interest")
    assert (shown.title, len(shown.link.records)) == ("共 3 条", 3)
    went, menus = [], []
    monkeypatch.setattr(context, "navigate", went.append)
    monkeypatch.setattr("expo_app.ui.parts.chain.Menu.popup", lambda menu, _at: menus.append(menu))
    press(shown, Qt.Key.Key_Return)
    (menu,) = menus
    assert [action.text().split(" · ")[0] for action in menu.actions()] == ["乙公司", "丙公司", "周舟"]
    menu.actions()[1].trigger()
    assert (went[-1].spec, went[-1].record) == (INTERESTS, ids["other"])


def test_a_task_shows_the_chain_of_its_interest(context, window, ids):
    (key,) = roadshow_deals.add_tasks(context.db, context.expo_id, [ids["company"]], "王工", None)
    page = FollowUpPage(context)
    put(window, page)
    settle()
    page.shown.open_record(key)
    assert card(page.shown, "interest").title == "乙公司"
    assert card(page.shown, "interest").link.is_here


def test_a_chain_through_several_years_says_them() -> None:
    def link(*days: date) -> Link:
        return Link("deal", "签约", tuple(Linked("deals", uuid.uuid4(), "甲", on=day) for day in days))

    chain = [link(date(2021, 5, 21)), link(date(2023, 6, 15))]
    assert [_words(one, False, _days(chain))[1] for one in chain] == ["2021-05-21", "2023-06-15"]
    assert _words(chain[0], False, _days(chain[:1]))[1] == "05-21"
