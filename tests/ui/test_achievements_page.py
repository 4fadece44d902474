"""成果与需求: the heat table above, the lists below, and how one filters the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app import i18n
from expo_app.errors import Conflict, InvalidRecord
from expo_app.model import Achievement, Demand, DemandState, Expo, ReportedCount, Role
from expo_app.routes import ListRoute
from expo_app.routes.matching import MatchingRoute
from expo_app.rules.open_calls import Standing
from expo_app.rules.tech_contracts import TECH_FIELDS
from expo_app.services import open_calls, records
from expo_app.specs import ACHIEVEMENTS, DEMANDS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import FactRow
from expo_app.ui.pages.achievements import AchievementsPage
from expo_app.ui.pages.achievements.calls import CallCard
from expo_app.ui.pages.achievements.heat import LOW_ROW, TO, strength, two_lines
from expo_app.ui.records.record_dialog import RecordDialog
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


def test_the_sums_stay_in_sight_while_the_regions_are_scrolled(page: AchievementsPage) -> None:
    table, heat, area = page.table, page.heat.map, page.heat._area
    assert table is not None
    area.setFixedHeight(heat.height() - 2 * LOW_ROW)
    QApplication.processEvents()
    last, bar = len(table.lines), area.verticalScrollBar()
    for at in (0, bar.maximum()):
        bar.setValue(at)
        seen = heat.sums.translated(heat.pos().toPointF()).toRect()
        assert (seen.bottom(), bar.maximum()) == (area.viewport().rect().bottom(), 2 * LOW_ROW)
    bar.setValue(0)
    QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.box((last, 3)).center().toPoint())
    assert (heat.at, bar.value()) == ((last, 3), 0)
    stand_on(page, 0, -1)
    keys(page, *[Qt.Key.Key_Down] * (last - 1))
    assert heat.at == (last - 1, -1)
    assert not heat.box(heat.at).intersects(heat.sums)


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
    assert two_lines("Electronics and information") == ("Electronics", "and information")


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


# --- demands and open calls ---
TODAY = date(2018, 11, 28)


class Calls:
    """A plain demand, and open calls: one past its deadline, one about to close, one open, one awarded."""

    def __init__(self, context: Context) -> None:
        context.db.clock = lambda: datetime(2018, 11, 28, 4, tzinfo=UTC)
        owner = {"owner_id": "姑苏厂", "field": BIO}
        solved = {"state": DemandState.AWARDED, "solver_id": "瓯江大学", "awarded_on": TODAY}

        def add(title: str, days: int | None = None, **values: Any) -> uuid.UUID:
            if days is not None:
                values |= {"is_open_call": True, "apply_by": TODAY + timedelta(days)}
            given = {"title": title, **owner, **values}
            return records.save(context.db, DEMANDS, given, expo_id=context.expo_id)

        self.plain = add("找涂层")
        self.open = add("找电池", 60, budget="300")
        self.awarded = add("找传感器", -40, **solved)
        self.overdue = add("找芯片", -3, applicants=0, budget="500")
        self.soon = add("找算法", 8, applicants=2)


@pytest.fixture
def calls(context: Context) -> Calls:
    return Calls(context)


@pytest.fixture
def called(calls: Calls, context: Context, window: QMainWindow) -> AchievementsPage:
    window.resize(1440, 900)
    made = AchievementsPage(context)
    put(window, made)
    return made


def card(page: AchievementsPage, call: uuid.UUID) -> CallCard:
    return next(card for card in page.calls.cards if card.call.id == call)


def press(page: AchievementsPage, call: uuid.UUID, words: str) -> None:
    button = next(button for button in card(page, call).findChildren(Button) if button.text() == words)
    button.click()
    QApplication.processEvents()


def test_calls_stand_in_the_order_in_which_they_need_somebody(called: AchievementsPage, calls: Calls) -> None:
    assert [card.call.id for card in called.calls.cards] == [calls.overdue, calls.soon, calls.open, calls.awarded]
    said = [card.accessibleName() for card in called.calls.cards]
    assert said[0] == "找芯片 · 已过期 · 姑苏厂 · 无人揭榜 · 截止 11-25 · 过期 3 天"
    assert said[1] == "找算法 · 将截止 · 姑苏厂 · 已揭榜 2 · 截止 12-06 · 还有 8 天"
    assert said[2] == "找电池 · 征集 · 姑苏厂 · 揭榜数未填 · 截止 01-27 · 还有 60 天"
    assert said[3] == "找传感器 · 已定 · 姑苏厂 · 瓯江大学 · 定榜 11-28"
    assert called.calls._fact.whole_text == "已过期 1 · 将截止 1 · 征集 1 · 已定 1"


def test_only_a_call_that_is_overdue_offers_what_may_be_done(called: AchievementsPage, calls: Calls) -> None:
    found = {c.call.id: [b.text() for b in c.findChildren(Button)] for c in called.calls.cards}
    assert found == {
        calls.overdue: ["延期", "定榜", "流榜", "撤回"], calls.soon: [], calls.open: [], calls.awarded: [],
    }  # fmt: skip


def test_who_may_not_write_is_offered_nothing(called: AchievementsPage, calls: Calls, context: Context) -> None:
    context.db.actor = Actor("孙正", Role.AUDITOR)
    called.read()
    assert card(called, calls.overdue).findChildren(Button) == []


def test_a_card_that_is_behind_changes_nothing(called: AchievementsPage, calls: Calls, context: Context) -> None:
    behind = card(called, calls.overdue).call
    values = {"state": DemandState.AWARDED, "solver_id": "瓯江大学", "awarded_on": TODAY}
    records.save(context.db, DEMANDS, values, behind.id, expo_id=context.expo_id)
    for act in (
        partial(open_calls.extend, apply_by=date(2018, 12, 5), today=TODAY),
        partial(open_calls.turn, state=DemandState.WITHDRAWN),
    ):
        with pytest.raises(Conflict):
            act(context.db, behind.id, seen=behind.state)
    with context.db.reading() as session:
        assert session.get_one(Demand, behind.id).state is DemandState.AWARDED


def test_a_call_is_extended_and_the_act_taken_back(called: AchievementsPage, calls: Calls, context: Context) -> None:
    press(called, calls.overdue, "延期")
    box = dialog.top(called)
    assert box is not None
    line = box.findChild(LineEditor)
    verb = next(button for button in box.findChildren(Button) if button.text() == "延期")
    line.setText("2018-11-27")
    verb.click()
    assert dialog.top(called) is box
    assert "请填今天或以后的日期。" in [label.text() for label in box.findChildren(Label)]
    line.setText("2018-12-31")
    verb.click()
    QApplication.processEvents()
    assert card(called, calls.overdue).call.stood.standing is Standing.OPEN
    called.undo()
    QApplication.processEvents()
    assert card(called, calls.overdue).call.stood.standing is Standing.OVERDUE
    assert records.get(context.db, DEMANDS, calls.overdue)["apply_by"] == TODAY - timedelta(3)


def test_a_call_fails_and_collects_again(called: AchievementsPage, calls: Calls) -> None:
    press(called, calls.overdue, "流榜")
    found = card(called, calls.overdue)
    assert found.call.stood.standing is Standing.FAILED
    assert [button.text() for button in found.findChildren(Button)] == ["延期", "撤回"]


def test_a_withdrawn_call_is_no_longer_counted(called: AchievementsPage, calls: Calls) -> None:
    assert called.figures is not None
    assert called.figures.calls.value == 4
    called.calls.turn(card(called, calls.overdue).call, DemandState.WITHDRAWN)
    QApplication.processEvents()
    assert called.figures.calls.value == 3
    assert card(called, calls.overdue).call.stood.standing is Standing.WITHDRAWN


def test_an_award_asks_who_solves_it(called: AchievementsPage, calls: Calls, context: Context) -> None:
    press(called, calls.overdue, "定榜")
    box = dialog.top(called)
    assert isinstance(box, RecordDialog)
    assert box.form.values()["state"] == DemandState.AWARDED.name
    assert box.form.editor("solver_id").isAncestorOf(QApplication.focusWidget())
    box.submit()
    assert dialog.top(called) is box  # nobody is named yet
    box.form.fill({"solver_id": "瓯江大学"})
    box.submit()
    QApplication.processEvents()
    known = records.get(context.db, DEMANDS, calls.overdue)
    assert (known["state"], known["awarded_on"]) == (DemandState.AWARDED, TODAY)


def test_a_card_opens_its_call_and_the_panel_takes_the_cards_place(called: AchievementsPage, calls: Calls) -> None:
    assert called.calls.isVisible()
    QTest.keyClick(card(called, calls.soon), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert (called.shown.key, called.shown.panel.record_id) == ("calls", calls.soon)
    assert not called.calls.isVisible()
    QTest.keyClick(called.shown.panel, Qt.Key.Key_Escape)
    assert called.calls.isVisible()


def next_view(page: AchievementsPage, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
    page.shown.view.setFocus()
    QTest.keyClick(page.shown.view, Qt.Key.Key_Tab, keys)
    QApplication.processEvents()


def test_ctrl_tab_goes_on_and_each_view_remembers(called: AchievementsPage, calls: Calls) -> None:
    line = next(line.key for line in called.figures.demands.lines if line.total.count)  # type: ignore[union-attr]
    next_view(called)
    assert called.shown.key == "demands"
    called.press((line, BIO))
    assert len(titles(called)) == 5
    called.shown.view.select_id(calls.soon)
    next_view(called)
    QApplication.processEvents()
    assert called.shown.key == "calls"
    assert called.heat.map.picked is None
    assert titles(called) == ["找传感器", "找电池", "找算法", "找芯片"]
    next_view(called)
    assert called.shown.key == "results"
    for _turn in range(2):
        next_view(called, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert called.shown.key == "demands"
    assert called.heat.map.picked == (line, BIO)
    assert called.shown.view.current_id() == calls.soon


def test_the_list_of_calls_says_where_each_stands_today(called: AchievementsPage, calls: Calls) -> None:
    called.show_list("calls")
    QApplication.processEvents()
    states = {called.shown.value(row, "title"): called.shown.value(row, "state") for row in called.shown.rows}
    assert states == {
        "找芯片": Standing.OVERDUE, "找算法": Standing.SOON, "找电池": Standing.OPEN, "找传感器": Standing.AWARDED,
    }  # fmt: skip
    called.shown.bar.choose(state=Standing.OVERDUE)
    assert titles(called) == ["找芯片"]


def test_s_takes_a_demand_to_matchmaking(called: AchievementsPage, calls: Calls, routes: list[Any]) -> None:
    called.open_with(ListRoute(DEMANDS, record=calls.plain))
    QApplication.processEvents()
    QTest.keyClick(called.shown.view, Qt.Key.Key_S)
    assert routes == [MatchingRoute(demand=calls.plain)]


def test_nobody_solves_what_they_ask_for(called: AchievementsPage, calls: Calls, context: Context) -> None:
    with pytest.raises(InvalidRecord, match="不能自己揭榜"):
        records.save(
            context.db, DEMANDS, {"solver_id": "姑苏厂", "state": DemandState.AWARDED}, calls.overdue,
            expo_id=context.expo_id,
        )  # fmt: skip
