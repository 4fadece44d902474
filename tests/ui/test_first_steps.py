"""First steps of an empty expo: in order, each a button that leads to where it is done, gone when all is there."""

import uuid

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMainWindow
from sqlalchemy import delete, update

from expo_app import i18n
from expo_app.model import Desk, Expo, ExpoVenue, Gate, GateKind, Role
from expo_app.routes import ListRoute, Route
from expo_app.routes.floor import BoothRowsRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import first_steps, records
from expo_app.specs import DESKS, EXHIBITORS, EXPOS, GATES, HALLS, ROOMS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.labels import ElidedLabel, Pill
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.home import HomePage, _Board
from expo_app.ui.pages.home.first_steps import FirstSteps
from expo_app.ui.pages.settings.missing import MissingSection
from tests.factories import (
    local,
    make_attendee,
    make_badge,
    make_booth,
    make_desk,
    make_exhibitor,
    make_gate,
    make_zone,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import put

ORDER = ["venues", "halls", "zones", "booths", "exhibitors", "rooms", "programme", "attendees", "badges"]


@pytest.fixture(autouse=True)
def doors(context: Context) -> None:
    """An entrance and a desk, which an expo has from its first moment; it is being set up."""
    context.db.clock = lambda: local(1)
    with context.db.transaction() as session:
        make_desk(session, make_gate(session, session.get_one(Expo, context.expo_id)))


@pytest.fixture
def gone_to(context: Context) -> list[Route]:
    places: list[Route] = []
    context.navigated.connect(places.append)
    return places


@pytest.fixture
def steps(context: Context, window: QMainWindow) -> FirstSteps:
    with context.db.transaction() as session:
        session.execute(delete(ExpoVenue))
    made = FirstSteps(context)
    put(window, made)
    return made


def expo_of(context: Context) -> uuid.UUID:
    assert context.expo_id is not None
    return context.expo_id


def settle() -> None:
    QApplication.processEvents()
    assert jobs.wait(60_000)
    for _turn in range(3):
        QApplication.processEvents()


def kinds(steps: FirstSteps) -> dict[str, str]:
    return {key: button.property("kind") for key, button in steps.shown.items()}


def test_every_step_is_a_button_and_the_first_is_the_one_to_press(
    steps: FirstSteps, context: Context, gone_to: list[Route]
) -> None:
    assert [step.part for step in first_steps.steps() if step.at_start] == ORDER
    assert kinds(steps) == dict.fromkeys((*ORDER, "confirmed"), "plain") | {"venues": "primary"}
    for key in ("venues", "halls", "booths", "exhibitors", "rooms"):
        steps.shown[key].click()
    assert gone_to == [
        ListRoute(EXPOS, record=context.expo_id), ListRoute(HALLS, new=True), BoothRowsRoute(), ListRoute(EXHIBITORS),
        ListRoute(ROOMS, new=True),
    ]  # fmt: skip


def test_what_is_done_is_ticked_and_the_next_is_offered(
    context: Context, window: QMainWindow, gone_to: list[Route]
) -> None:
    steps = FirstSteps(context)
    put(window, steps)
    assert kinds(steps) == dict.fromkeys((*ORDER[1:], "confirmed"), "plain") | {
        "halls": "primary"
    }  # the expo has a venue
    steps.shown["halls"].click()
    assert gone_to == [ListRoute(HALLS, new=True)]
    with context.db.transaction() as session:
        make_zone(session, session.get_one(Expo, context.expo_id), "A")  # and its hall
    QApplication.processEvents()
    assert kinds(steps) == dict.fromkeys((*ORDER[3:], "confirmed"), "plain") | {"booths": "primary"}


def test_they_go_when_all_is_there_and_nobody_else_sees_them(
    steps: FirstSteps, context: Context, window: QMainWindow
) -> None:
    assert steps.isVisible()
    context.db.actor = Actor("小李", Role.DESK)
    steps.refresh()
    assert not steps.isVisible()
    context.db.actor = Actor("管理员", Role.ADMIN)
    steps.refresh()
    assert steps.isVisible()


def test_an_expo_that_has_ended_is_not_set_up_any_more(steps: FirstSteps, context: Context) -> None:
    assert steps.isVisible()
    context.db.clock = lambda: local(1).replace(year=2019)
    steps.refresh()
    assert not steps.isVisible()


def test_a_full_expo_has_no_first_steps(context: Context, window: QMainWindow) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        make_booth(session, expo, "A-001", make_exhibitor(session, expo, "嘉芯"))
        make_badge(session, make_attendee(session, expo, "李雷"))
    there = first_steps.set_up(context.db, expo_of(context))
    missing = {"rooms", "programme", "hosts", "permits", "approved_headcount", "industries", "quotas"}
    assert {step.part for step, done in there if not done} == missing
    page = HomePage(context)
    put(window, page)
    settle()
    assert [found.isVisible() for found in page.findChildren(FirstSteps)] == [False]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_an_empty_overview_shows_them_whole(context: Context, window: QMainWindow, language: str) -> None:
    i18n.set_language(language)
    page = HomePage(context)
    window.resize(1180, 680)
    put(window, page)
    settle()
    (found,) = page.findChildren(FirstSteps)
    assert found.isVisible()
    assert clipped(found) == []


def test_they_stand_below_the_title_in_line_with_the_cards(context: Context, window: QMainWindow) -> None:
    window.resize(1440, 900)
    page = HomePage(context)
    put(window, page)
    settle()
    board = page._body
    assert isinstance(board, _Board)
    (found,) = page.findChildren(FirstSteps)
    edges = {
        (card.mapTo(page, QPoint(0, 0)).x(), card.mapTo(page, QPoint(card.width(), 0)).x())
        for card in (board.header, found._card)
    }
    assert len(edges) == 1
    assert board.people.mapTo(page, QPoint(0, 0)).x() == next(iter(edges))[0]
    assert board.header.y() < found.y() < board.people.y()
    assert found.height() == found.sizeHint().height()  # its rows are not drawn apart


# --- 还差什么 ---


@pytest.fixture
def page(context: Context, window: QMainWindow) -> MissingSection:
    made = MissingSection(context)
    put(window, made)
    return made


def said(page: MissingSection) -> dict[str, tuple[str, str]]:
    """Word and small words of each line by what it is about."""
    rows = page.findChildren(ItemRow)
    labels = {row: [label.whole_text for label in row.findChildren(ElidedLabel)] for row in rows}
    return {names[0]: (row.findChildren(Pill)[0].text, "".join(names[1:])) for row, names in labels.items()}


def test_the_page_says_of_everything_whether_it_is_there(page: MissingSection) -> None:
    lines = said(page)
    assert len(lines) == len(first_steps.steps())
    assert lines["展馆"] == lines["入口"] == lines["签到台"] == ("已有", "")
    assert lines["展厅"] == ("还缺", "没有展厅：展位图画不出来。")
    assert lines["备案与许可"] == ("没有，可不办", "没有备案号或许可文号：总结报告里不写这一条。")
    assert page.header._fact.whole_text == "还缺 7 项才能开展"
    kinds_of = {key: button.property("kind") for key, button in page.buttons.items()}
    assert [key for key, kind in kinds_of.items() if kind == "primary"] == ["halls"]  # the first that is needed
    assert all(step.lacking for step in first_steps.steps())


def test_each_button_leads_to_where_it_is_done(page: MissingSection, context: Context, gone_to: list[Route]) -> None:
    with context.db.transaction() as session:
        session.execute(delete(Desk))
        session.execute(update(Gate).values(kind=GateKind.ROOM))  # a door of a room is no entrance
    QApplication.processEvents()
    assert said(page)["入口"][0] == said(page)["签到台"][0] == "还缺"
    for key in ("gates", "desks", "hosts", "approved_headcount"):
        page.buttons[key].click()
    this_expo = ListRoute(EXPOS, record=context.expo_id)
    assert gone_to == [ListRoute(GATES), ListRoute(DESKS, new=True), this_expo, this_expo]


def test_the_page_is_made_anew_only_where_something_differs(page: MissingSection, context: Context) -> None:
    button = page.buttons["halls"]
    with context.db.transaction() as session:
        make_attendee(session, session.get_one(Expo, context.expo_id), "李雷")
    QApplication.processEvents()
    assert page.buttons["halls"] is not button
    button = page.buttons["halls"]
    with context.db.transaction() as session:
        make_attendee(session, session.get_one(Expo, context.expo_id), "韩梅")
    QApplication.processEvents()
    assert page.buttons["halls"] is button


def test_who_may_not_set_up_sees_what_is_missing_without_buttons(page: MissingSection, context: Context) -> None:
    context.set_actor(Actor("小李", Role.DESK))
    assert page.buttons == {}
    assert said(page)["展厅"][0] == "还缺"


def test_the_first_steps_name_a_missing_entrance_and_lead_to_the_page(
    steps: FirstSteps, context: Context, gone_to: list[Route]
) -> None:
    assert "gates" not in steps.shown
    with context.db.transaction() as session:
        session.execute(update(Gate).values(kind=GateKind.ROOM))
    QApplication.processEvents()
    assert "gates" in steps.shown
    (link,) = (button for button in steps.findChildren(Button) if button.text() == "还差什么")
    link.click()
    assert gone_to == [SectionRoute("missing")]


def test_the_page_without_an_expo_says_so(context: Context, window: QMainWindow) -> None:
    context.expo = None
    page = MissingSection(context)
    put(window, page)
    assert [state.title.text() for state in page.findChildren(EmptyState)] == ["还没有展会"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [920, 1180])
def test_the_page_is_shown_whole(context: Context, window: QMainWindow, language: str, width: int) -> None:
    i18n.set_language(language)
    window.resize(width, 680)
    page = MissingSection(context)
    put(window, page)
    settle()
    assert clipped(page) == []


def test_what_is_filled_in_is_done(context: Context) -> None:
    values = {"hosts": "科委", "filing_no": "沪商展 2024-118", "approved_headcount": "5000"}
    records.save(context.db, EXPOS, values, expo_of(context))
    there = {step.part: done for step, done in first_steps.set_up(context.db, expo_of(context))}
    assert (there["hosts"], there["permits"], there["approved_headcount"]) == (True, True, True)
