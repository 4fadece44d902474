"""First steps of an empty expo: in order, each a button that leads to where it is done, gone when all is there."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMainWindow
from sqlalchemy import delete

from expo_app import i18n
from expo_app.model import Expo, ExpoVenue, Role
from expo_app.routes import ListRoute, Route
from expo_app.routes.floor import BoothRowsRoute
from expo_app.services import expos
from expo_app.specs import EXHIBITORS, EXPOS, HALLS, ROOMS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.pages.home import HomePage, _Board
from expo_app.ui.pages.home.first_steps import FirstSteps
from expo_app.ui.pages.home.first_steps import steps as all_steps
from tests.factories import make_attendee, make_badge, make_booth, make_exhibitor, make_zone
from tests.ui.clipping import clipped
from tests.ui.conftest import put

ORDER = ["venues", "halls", "zones", "booths", "exhibitors", "rooms", "programme", "attendees", "badges"]


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
    assert [step.part for step in all_steps()] == ORDER
    assert kinds(steps) == dict.fromkeys(ORDER, "plain") | {"venues": "primary"}
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
    assert kinds(steps) == dict.fromkeys(ORDER[1:], "plain") | {"halls": "primary"}  # the expo has a venue
    steps.shown["halls"].click()
    assert gone_to == [ListRoute(HALLS, new=True)]
    with context.db.transaction() as session:
        make_zone(session, session.get_one(Expo, context.expo_id), "A")  # and its hall
    QApplication.processEvents()
    assert kinds(steps) == dict.fromkeys(ORDER[3:], "plain") | {"booths": "primary"}


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


def test_a_full_expo_has_no_first_steps(context: Context, window: QMainWindow) -> None:
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        make_booth(session, expo, "A-001", make_exhibitor(session, expo, "嘉芯"))
        make_badge(session, make_attendee(session, expo, "李雷"))
    there = expos.set_up(context.db, context.expo_id, ORDER)  # type: ignore[arg-type]
    assert there == dict.fromkeys(ORDER, True) | {"rooms": False, "programme": False}
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
