"""合作园区 in the window: cards, funnel, dated figures, the tenants of a park, and what is made of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from expo_app import i18n
from expo_app.model import ParkTotal, Qualifier, Role, TenantState
from expo_app.routes import ListRoute
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.services import records
from expo_app.services.parks import read_board
from expo_app.specs import PARKS, SHARING_EVENTS, TENANT_FIGURES, TENANT_SUPPORTS, TENANTS
from expo_app.specs.park_shown import DatedFigure, Point
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, messages
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.parks import ParksPage, board, words
from expo_app.ui.pages.parks.board import ParksFace
from expo_app.ui.pages.parks.funnel import LOW_HEIGHT, ORDER, FunnelView
from expo_app.ui.pages.parks.lists import TenantsFace
from expo_app.ui.pages.parks.park_cards import fitting_tags, place_words
from expo_app.ui.pages.parks.tiles import DateLine, FigureTiles
from expo_app.ui.records import files
from expo_app.ui.records.record_dialog import RecordDialog
from tests.made_parks import COUNTED, REPORTED, Parks
from tests.ui.clipping import clipped
from tests.ui.conftest import put


@pytest.fixture
def parks(context: Context) -> Parks:
    assert context.expo_id is not None
    return Parks(context.db, context.expo_id)


@pytest.fixture
def page(parks: Parks, context: Context, window: QMainWindow) -> ParksPage:
    window.resize(1366, 768)
    made = ParksPage(context)
    put(window, made)
    return made


def face_of(page: ParksPage) -> ParksFace:
    assert isinstance(page.face, ParksFace)
    return page.face


def names(face: ParksFace) -> list[str]:
    return [row[1] for row in face.table.model.rows()]


def test_reported_parks_stand_first_and_only_their_reported_numbers_make_the_funnel(page: ParksPage) -> None:
    face = face_of(page)
    assert [tile.park.name for tile in face.cards.tiles] == [REPORTED, COUNTED]
    view = face.funnel.view
    assert [view.value(step) for step in ORDER] == ["530+", "—", "—", "46", "14"]
    assert view.about(ParkTotal.INTENDED) == "未报道"
    assert face.table.about.whole_text == "报道入驻 46 家，已录入驻 1 家"
    assert "1 个报道园区，1 个登记园区" in page.header._fact.whole_text


def test_rates_stand_between_known_steps_and_say_what_they_are_worth(page: ParksPage) -> None:
    said = face_of(page).funnel.rates.whole_text
    assert said.startswith("接触 → 入驻 8.7 %    入驻 → 落地 30.4 %    ")
    assert "按 530 算，是上限" in said


def test_arrows_go_from_park_to_park_and_the_counted_one_is_counted(page: ParksPage, parks: Parks) -> None:
    face = face_of(page)
    face.table.view.setFocus()
    QTest.keyClick(face.table.view, Qt.Key.Key_Right)
    assert face.park_id == parks.counted
    view = face.funnel.view
    assert [view.value(step) for step in ORDER] == ["3", "3", "2", "2", "1"]
    assert sorted(names(face)) == ["丙生物", "乙光学", "甲储能"]
    QTest.keyClick(face.table.view, Qt.Key.Key_Right)
    assert face.park_id == parks.counted
    QTest.keyClick(face.table.view, Qt.Key.Key_Left)
    assert face.park_id == parks.reported


def test_a_step_pressed_narrows_the_table_and_once_more_shows_all(page: ParksPage, parks: Parks) -> None:
    face = face_of(page)
    face.choose(parks.counted)
    view: FunnelView = face.funnel.view
    place = ORDER.index(ParkTotal.LANDED)
    spot = view.shape(place).boundingRect().center().toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert (names(face), view.chosen) == (["甲储能"], ParkTotal.LANDED)
    for step in ORDER:  # whoever a step counts, those that went on or left too
        face.table.narrow(step)
        assert view.value(step) == str(len(names(face)))
    face.table.narrow(ParkTotal.LANDED)
    for step in ORDER:  # whoever a step counts, those that went on or left too
        face.table.narrow(step)
        assert view.value(step) == str(len(names(face)))
    face.table.narrow(ParkTotal.LANDED)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert (len(names(face)), view.chosen) == (3, None)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert face.table.step is ORDER[place - 1]


def test_who_left_has_a_chip_and_another_park_begins_anew(page: ParksPage, parks: Parks) -> None:
    face = face_of(page)
    face.choose(parks.counted)
    face.table.bar.choose(state=TenantState.LEFT)
    assert names(face) == ["丙生物"]
    face.choose(parks.reported)
    face.choose(parks.counted)
    assert len(names(face)) == 3


def test_a_figure_of_one_date_is_one_point_and_an_old_one_is_amber(page: ParksPage) -> None:
    tile = face_of(page).tiles.tiles[ParkTotal.TALENTS]
    assert (tile.value.text(), tile._day.text(), tile._few.text()) == ("126", "2021-06", "只有 1 个日期")
    assert tile._day.property("tone") == "warn"
    assert "超过一年" in tile.toolTip()
    unknown = face_of(page).tiles.tiles[ParkTotal.PATENTS]
    assert (unknown.value.text(), unknown._day.text()) == ("—", "未报道")


def test_how_many_reported_stands_below_the_line(qtbot: QtBot) -> None:
    tiles = FigureTiles()
    qtbot.addWidget(tiles)
    tiles.show()
    origin = next(iter(words.ORIGINS))
    points = [Point(f"{year}-12-31", Decimal(year), origin, firms=2, of=4) for year in (2021, 2022)]
    tile = tiles.tiles[ParkTotal.PATENTS]
    tile.set(DatedFigure(tile.total, points), date(2023, 1, 5), True)
    tiles.fit(LOW_HEIGHT, True, True)
    QApplication.processEvents()
    assert tile._few.text() == "2 / 4 家"
    for one in (tile._few, tile.value):
        assert not tile._line.geometry().intersects(one.geometry())


def test_points_stand_at_their_dates_joined_by_straight_lines(qapp: QApplication) -> None:
    line = DateLine([(date(2020, 1, 1), 0), (date(2020, 1, 11), 5), (date(2020, 4, 10), 10)])
    line.resize(110, 30)
    spots = line.spots()
    assert [round(spot.x()) for spot in spots] == [5, 15, 105]
    assert spots[0].y() > spots[1].y() > spots[2].y()


def test_tags_that_find_no_room_are_counted() -> None:
    names = ["研发", "租金", "人才", "高校对接"]
    assert fitting_tags(names, len, 70) == names
    assert fitting_tags(names, len, 60) == ["研发", "租金", "人才", "+1"]
    assert fitting_tags([], len, 60) == []


def test_enter_opens_the_tenant(page: ParksPage, parks: Parks, context: Context) -> None:
    asked: list[Any] = []
    context.navigated.connect(asked.append)
    face = face_of(page)
    face.choose(parks.counted)
    face.table.view.select_id(parks.first)
    QTest.keyClick(face.table.view, Qt.Key.Key_Return)
    assert asked == [TenantRoute(parks.first)]


def test_money_is_hidden_from_who_may_not_see_it(parks: Parks, context: Context, window: QMainWindow) -> None:
    context.set_actor(Actor(name="现场", role=Role.REGISTRAR))
    made = ParksPage(context)
    put(window, made)
    face = face_of(made)
    face.choose(parks.counted)
    row = next(row for row in face.table.model.rows() if row[0] == parks.first)
    column = next(one for one in face.table.model.columns if one.name == "revenue")
    assert column.words(row[8]) == "••••"
    assert face.tiles.tiles[ParkTotal.REVENUE].value.text() == "••••"
    assert not face.add_button.isEnabled()


def test_without_a_park_it_says_where_to_begin(context: Context, window: QMainWindow) -> None:
    made = ParksPage(context)
    put(window, made)
    state = face_of(made)._stack.currentWidget()
    assert isinstance(state, EmptyState)
    assert state.title.text() == "还没有园区"


def test_a_park_without_tenants_keeps_its_reported_numbers(page: ParksPage, parks: Parks, context: Context) -> None:
    from expo_app.services import records

    records.delete(context.db, TENANTS, [parks.told])
    QApplication.processEvents()
    face = face_of(page)
    state = face.table._stack.currentWidget()
    assert isinstance(state, EmptyState)
    assert face.funnel.view.value(ParkTotal.TENANTS) == "46"


def test_new_tenants_are_of_the_chosen_park_and_can_be_taken_back(page: ParksPage, parks: Parks) -> None:
    face = face_of(page)
    face.choose(parks.counted)
    face.add_tenant()
    form = dialog.top(page)
    assert isinstance(form, RecordDialog)
    form.form.fill({"organisation_id": "戊传感", "state": "意向"})
    form.submit()
    QApplication.processEvents()
    assert "戊传感" in names(face)
    page.undo()
    QApplication.processEvents()
    assert "戊传感" not in names(face)


def test_the_torch_sheet_is_written_for_the_chosen_park(
    page: ParksPage, parks: Parks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(files, "ask_where", lambda _p, _c, _title, name, _kinds: tmp_path / name)
    face = face_of(page)
    face.choose(parks.counted)
    assert face.park is not None
    assert face.park.dates[0] == date(2021, 12, 31)
    face.write_torch(face.park.dates[0])
    qtbot.waitUntil(lambda: bool(messages.toasts(page)))
    (made,) = tmp_path.glob("*.xlsx")
    assert (COUNTED in made.name, "2021-12-31" in made.name) == (True, True)
    book = openpyxl.load_workbook(made)
    cells = {cell.value for sheet in book.worksheets for line in sheet.iter_rows() for cell in line}
    assert "甲储能" in cells


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_report_is_written_for_the_chosen_park(
    page: ParksPage, parks: Parks, context: Context, tmp_path: Path, ending: str, qtbot: QtBot
) -> None:
    context.settings.export_folder = str(tmp_path)
    face_of(page).write(ending)
    qtbot.waitUntil(lambda: bool(messages.toasts(page)))
    assert [REPORTED in made.name for made in tmp_path.glob(f"*.{ending}")] == [True]


def test_many_tenants_are_read_in_a_worker(
    parks: Parks, context: Context, window: QMainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "LARGE", 1)
    made = ParksPage(context)
    put(window, made)
    face = face_of(made)
    qtbot.waitUntil(lambda: face.board is not None)
    parks.tenant("己材料")
    qtbot.waitUntil(lambda: face.board is not None and len(face.board.tenants) == 5)


def test_lists_are_reached_by_their_routes(page: ParksPage, parks: Parks) -> None:
    page.open_with(ListRoute(PARKS, record=parks.counted))
    QApplication.processEvents()
    assert (page.key, page.face.shown.spec.name) == ("tenants", "parks")  # type: ignore[attr-defined]
    page.open_with(ListRoute(TENANTS, record=parks.first))
    QApplication.processEvents()
    assert page.face.shown.panel.record_id == parks.first  # type: ignore[attr-defined]
    page.open_with(ParksRoute(parks.counted))
    QApplication.processEvents()
    assert (page.key, face_of(page).park_id) == ("board", parks.counted)


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900)])
def test_nothing_is_cut_in_english(parks: Parks, context: Context, window: QMainWindow, size: tuple[int, int]) -> None:
    i18n.set_language("en")
    try:
        window.resize(*size)
        made = ParksPage(context)
        put(window, made)
        for park in (parks.reported, parks.counted):
            face_of(made).choose(park)
            QApplication.processEvents()
            assert clipped(made) == []
    finally:
        i18n.set_language("zh_CN")


def test_all_lists_of_parks_stand_on_their_page(page: ParksPage) -> None:
    for spec in (TENANT_FIGURES, TENANT_SUPPORTS, SHARING_EVENTS):
        page.open_with(ListRoute(spec))
        assert isinstance(page.face, TenantsFace)
        assert page.face.key == spec.name


def test_a_card_says_who_runs_the_park(parks: Parks) -> None:
    records.save(parks.db, PARKS, {"operators": "甲运营公司、乙公司"}, parks.counted)
    (card,) = [one for one in read_board(parks.db).parks if one.id == parks.counted]
    assert place_words(card).endswith("甲运营公司、乙公司")


def test_investment_and_revenue_stand_in_one_unit_and_a_long_value_fits(qtbot: QtBot) -> None:
    """About 3.2亿 beside an investment: both in 万元, none cut."""
    tiles = FigureTiles()
    qtbot.addWidget(tiles)
    tiles.show()
    for total in (ParkTotal.INVESTMENT, ParkTotal.REVENUE):
        point = Point("2023-12-31", Decimal(320_000_000), next(iter(words.ORIGINS)), Qualifier.ABOUT)
        tile = tiles.tiles[total]
        tile.set(DatedFigure(total, (point,)), date(2024, 1, 5), True)
        tiles.fit(230, True, False)
        assert (tile.value.text(), tile._unit.whole_text) == ("约 32,000.00", "万元")
        assert tile.value.sizeHint().width() <= tile.width() - 24
