"""对接设置: rules and matrix are saved and taken back, the lists stand beside them, a filter finds several choices."""

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from expo_app.model import AskerKind, Expo, Role
from expo_app.routes import ListRoute
from expo_app.routes.settings import SectionRoute
from expo_app.services import matching_setup
from expo_app.specs import ACHIEVEMENTS, MEETING_PLACES
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.buttons import Tick
from expo_app.ui.pages.achievements import AchievementsPage
from expo_app.ui.pages.matching_settings import MatchingSettingsPage
from expo_app.ui.pages.matching_settings.rules_face import RulesFace
from tests.factories import make_achievement
from tests.ui.conftest import put


@pytest.fixture
def page(context: Context, window: QMainWindow) -> MatchingSettingsPage:
    found = MatchingSettingsPage(context)
    put(window, found)
    return found


def rules(page: MatchingSettingsPage) -> RulesFace:
    face = page.shown
    assert isinstance(face, RulesFace)
    return face


def kept(page: MatchingSettingsPage) -> matching_setup.Setup:
    assert page.context.expo_id is not None
    return matching_setup.read(page.context.db, page.context.expo_id)


def test_a_tick_holds_at_once_and_is_taken_back(page: MatchingSettingsPage, qtbot: QtBot) -> None:
    face, pair = rules(page), (AskerKind.VISITOR, AskerKind.VISITOR)

    def is_on() -> bool:
        return face.ticks[pair].isChecked()  # another tick once it was read again

    tick: Tick = face.ticks[pair]
    assert not tick.isChecked()
    tick.click()
    assert AskerKind.VISITOR in kept(page).matrix[AskerKind.VISITOR]
    qtbot.wait(10)
    assert face.ticks[pair] is tick  # the focus stays where it was
    page.undo()
    assert AskerKind.VISITOR not in kept(page).matrix[AskerKind.VISITOR]
    qtbot.waitUntil(lambda: not is_on())
    page.redo()
    qtbot.waitUntil(is_on)


def press(page: MatchingSettingsPage, qtbot: QtBot) -> None:
    button = rules(page).submit_button
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: not jobs.running())


def test_rules_are_saved_by_their_button_and_wrong_ones_said_beside_the_field(
    page: MatchingSettingsPage, qtbot: QtBot
) -> None:
    face = rules(page)
    assert face.form is not None
    assert face.submit_button is not None
    assert not face.submit_button.isEnabled()
    face.form.fill({"gap_minutes": "5", "field_points": "41"})
    press(page, qtbot)
    assert kept(page).id is None
    assert "100" in face.form.box("field_points").problem
    face.form.fill({"field_points": "40"})
    press(page, qtbot)
    assert kept(page).values["gap_minutes"] == 5
    page.undo()
    assert kept(page).id is None


def test_who_may_not_change_settings_looks_at_them(context: Context, window: QMainWindow) -> None:
    context.db.actor = Actor("吴悠", Role.REGISTRAR)
    page = MatchingSettingsPage(context)
    put(window, page)
    face = rules(page)
    assert not any(tick.isEnabled() for tick in face.ticks.values())
    assert face.submit_button is not None
    assert face.submit_button.isHidden()


def test_lists_open_by_their_route_and_say_the_way_back(page: MatchingSettingsPage) -> None:
    for name in page.pages:
        page.open_with(SectionRoute(name))
        assert page.place() == SectionRoute(name)
        assert page.shown.switch.key == name
    page.open_with(ListRoute(MEETING_PLACES))
    assert page.place() == SectionRoute(MEETING_PLACES.name)


def test_a_result_is_found_by_each_way_it_may_be_had(context: Context, window: QMainWindow) -> None:
    ways = {"阀门": ["TRANSFER", "LICENCE"], "电堆": ["LICENCE"], "滤膜": None}
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        for title, said in ways.items():
            make_achievement(session, expo, title, transfer_ways=said)
    page = AchievementsPage(context)
    put(window, page)
    page.open_with(ListRoute(ACHIEVEMENTS))
    shown = page.shown
    for way, titles in (("LICENCE", {"阀门", "电堆"}), ("TRANSFER", {"阀门"})):
        member = ACHIEVEMENTS.field("transfer_ways").several[way]
        shown.bar.choose(transfer_ways=member)
        assert {shown.value(row, "title") for row in shown.model.rows()} == titles
    shown.bar.choose(transfer_ways=None)
    column = next(one for one in shown.model.columns if one.name == "transfer_ways")
    texts = {shown.value(row, "title"): column.words(shown.value(row, "transfer_ways")) for row in shown.model.rows()}
    assert texts == {"阀门": "可转让 +1", "电堆": "可许可", "滤膜": "—"}
