"""成果与需求: the heat table above, the lists below, and how one filters the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app import i18n
from expo_app.model import Achievement, Expo, ReportedCount
from expo_app.routes import ListRoute
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.tech_contracts import TECH_FIELDS
from expo_app.services import records
from expo_app.specs import ACHIEVEMENTS
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.pages.achievements import AchievementsPage
from expo_app.ui.pages.achievements.heat import TO, strength, two_lines
from tests.factories import make_achievement, make_item, make_organisation, make_pitch
from tests.ui.clipping import clipped
from tests.ui.conftest import put

BIO, METAL = TECH_FIELDS[3], TECH_FIELDS[4]


class Shelf:
    """Three results of 苏州市区 in one field and one in another, one of 温州; 40 were reported of 温州."""

    def __init__(self, context: Context) -> None:
        with context.db.transaction() as session:
            expo = session.get_one(Expo, context.expo_id)
            lake = make_organisation(session, "姑苏所", region_code="320508").id
            port = make_organisation(session, "瓯江所", region_code="330302").id
            self.results = [
                make_achievement(session, expo, title, owner_id=lake, field=BIO, trl=6).id
                for title in ("眼底相机", "骨钉材料", "导航镜")
            ]
            self.foil = make_achievement(session, expo, "铜箔", owner_id=lake, field=METAL).id
            self.other = make_achievement(session, expo, "电极", owner_id=port, field=BIO).id
            item = make_item(session, expo, "路演专场", kind="roadshow")
            make_pitch(
                session, item, session.get_one(Achievement, self.foil), position=1, presenter="路演人", score=86,
                comments="可先试用",
            )  # fmt: skip
            session.add(
                ReportedCount(
                    expo_id=expo.id, region_code="330300", on_date=date(2018, 11, 28), count=40, source="某报"
                )
            )


@pytest.fixture
def shelf(context: Context) -> Shelf:
    return Shelf(context)


@pytest.fixture
def page(shelf: Shelf, context: Context, window: QMainWindow) -> AchievementsPage:
    window.resize(1366, 768)
    made = AchievementsPage(context)
    put(window, made)
    return made


@pytest.fixture
def routes(context: Context) -> Iterator[list[Any]]:
    found: list[Any] = []
    context.navigated.connect(found.append)
    yield found
    context.navigated.disconnect(found.append)


def titles(page: AchievementsPage) -> list[str]:
    return sorted(str(page.shown.value(row, "title")) for row in page.shown.model.rows())


def keys(page: AchievementsPage, *wanted: Qt.Key) -> None:
    for key in wanted:
        QTest.keyClick(page.heat.map, key)


def stand_on(page: AchievementsPage, row: int, column: int) -> None:
    page.heat.map.at = (row, column)
    page.heat.map.setFocus()


def test_arrows_go_from_number_to_number_and_enter_filters_the_list(page: AchievementsPage) -> None:
    table = page.table
    assert table is not None
    row = [line.label for line in table.lines].index("苏州市区")
    stand_on(page, row, 3)
    keys(page, Qt.Key.Key_Return)
    assert titles(page) == ["导航镜", "眼底相机", "骨钉材料"]
    assert page.shown.bar.only_chip.isVisible()
    assert "苏州市区 · " in page.shown.bar.describe()
    keys(page, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert page.heat.map.at == (row, 4)
    assert titles(page) == ["铜箔"]
    keys(page, Qt.Key.Key_Return)
    assert len(titles(page)) == 5
    assert not page.shown.bar.is_narrowed


def test_heads_filter_a_whole_line_and_a_whole_column(page: AchievementsPage) -> None:
    table = page.table
    assert table is not None
    row = [line.label for line in table.lines].index("苏州市区")
    stand_on(page, row, 3)
    keys(page, Qt.Key.Key_Left)
    assert page.heat.map.at == (row, -1)
    keys(page, Qt.Key.Key_Space)
    assert titles(page) == ["导航镜", "眼底相机", "铜箔", "骨钉材料"]
    stand_on(page, -1, 3)
    keys(page, Qt.Key.Key_Return)
    assert titles(page) == ["导航镜", "电极", "眼底相机", "骨钉材料"]


def test_a_press_filters_and_what_says_clear_takes_it_away_from_both(page: AchievementsPage) -> None:
    heat = page.heat.map
    table = page.table
    assert table is not None
    row = [line.label for line in table.lines].index("温州")
    QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.box((row, 3)).center().toPoint())
    assert titles(page) == ["电极"]
    assert heat.picked == ("温州", BIO)
    page.shown.bar.clear()
    assert heat.picked is None
    assert len(titles(page)) == 5


def test_what_was_reported_stands_apart(page: AchievementsPage) -> None:
    table = page.table
    assert table is not None
    line = next(line for line in table.lines if line.label == "温州")
    assert (line.total.count, line.reported.count if line.reported else 0) == (1, 40)
    page.heat.map._go((list(table.lines).index(line), len(table.fields)))
    assert "报道 40（2018-11-28） · 某报" in page.heat.map.accessibleName()
    assert "报道：温州 40 项" in page.header._fact.whole_text
    assert table.total.count == 5


def test_new_results_are_counted_and_the_filter_stays(page: AchievementsPage, context: Context) -> None:
    page.press(("苏州市区", METAL))
    owner = next(row for row in page.shown.rows if page.shown.value(row, "title") == "铜箔")
    known = records.get(context.db, ACHIEVEMENTS, owner[0])
    values = {"title": "铝箔", "owner_id": known["owner_id"], "kind_id": known["kind_id"], "field": METAL}
    records.save(context.db, ACHIEVEMENTS, values, expo_id=context.expo_id)
    QApplication.processEvents()
    assert titles(page) == ["铜箔", "铝箔"]
    assert page.heat.map.picked == ("苏州市区", METAL)


def test_s_takes_the_result_to_matchmaking(page: AchievementsPage, shelf: Shelf, routes: list[Any]) -> None:
    page.shown.view.select_id(shelf.foil)
    QTest.keyClick(page.shown.view, Qt.Key.Key_S)
    assert routes == [MatchingRoute(offer=shelf.foil)]


def test_a_result_opens_with_where_it_was_pitched(page: AchievementsPage, shelf: Shelf) -> None:
    page.open_with(ListRoute(ACHIEVEMENTS, record=shelf.foil))
    QApplication.processEvents()
    panel = page.pane()
    assert panel.isVisible()
    page.shown.panel.choose_tab("pitches")
    page.shown.panel._build("pitches")
    words = [row.findChildren(type(row.layout().itemAt(1).widget()))[-1].text() for row in panel.findChildren(FactRow)]
    assert words[-4:] == ["1", "路演人", "86", "可先试用"]


def test_names_of_fields_stand_on_two_lines() -> None:
    assert two_lines(BIO) == ("生物医药", "和医疗器械")
    assert two_lines(METAL) == ("新材料", "及其应用")
    assert two_lines("农业") == ("农业", "")


def test_the_strongest_cell_keeps_its_number_readable() -> None:
    assert strength(24, 24) == TO <= 0.52
    assert strength(0, 24) == 0 < strength(1, 24)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "tone"), [(1240, "light"), (1166, "dark")])
def test_nothing_is_clipped(
    shelf: Shelf, context: Context, window: QMainWindow, language: str, width: int, tone: str
) -> None:
    i18n.set_language(language)
    theme.apply(QApplication.instance(), tone)  # type: ignore[arg-type]
    window.resize(width, 700)
    page = AchievementsPage(context)
    put(window, page)
    assert clipped(page) == []
    page.open_with(ListRoute(ACHIEVEMENTS, record=shelf.results[0]))
    assert clipped(page) == []
