"""统计: every number leads to its records, keys alone do everything, what is exported is what is shown."""

import shutil
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from python_calamine import CalamineWorkbook

from expo_app import i18n
from expo_app.model import Role
from expo_app.routes import ListRoute
from expo_app.routes.statistics import StatisticsRoute
from expo_app.rules.registry_lists import shipped
from expo_app.services import expos
from expo_app.services.records import traced
from expo_app.services.statistics.trade_classes import CLASSINGS, FLOW_ORDER, SIZES, STEPS, flow_label
from expo_app.settings import Settings
from expo_app.specs import DEALS
from expo_app.specs.trade_tables import Basis, Check
from expo_app.store.database import Actor, open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.placeholders import EmptyState, NoResult
from expo_app.ui.pages.statistics import FACES, StatisticsPage
from expo_app.ui.pages.statistics.bars import CompareBar, CompareBars
from expo_app.ui.pages.statistics.figure_table import FigureTable
from expo_app.ui.pages.statistics.tables_face import BARS_WIDTH, NARROW_BARS
from tests.ui.conftest import put

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
from clipped import painted


@pytest.fixture
def opened(fair_file, tmp_path, qapp, window):
    """A context on the sample in the middle of its second morning."""
    db = open_database(shutil.copy(fair_file, tmp_path / "expo.db"))
    context = Context(db, Settings(), expos.current(db), window)
    yield context
    settle(qapp)
    context.close()
    db.close()


def settle(qapp) -> None:
    while jobs.running():
        qapp.processEvents()
    qapp.processEvents()


@pytest.fixture
def page(opened, window, qapp):
    made = StatisticsPage(opened)
    put(window, made)
    settle(qapp)
    return made


@pytest.fixture
def face(page):
    return page.face


def gone_to(context):
    """Where numbers lead: the routes, as they are asked for."""
    found = []
    context.navigated.connect(found.append)
    return found


def labels(table: FigureTable) -> list[str]:
    return [row.label for row in table.rows]


def cell(table: FigureTable, label: str, column: int):
    return next(row for row in table.rows if row.label == label).cells[column]


# --- what is shown ----------------------------------------------------------------------------------------------------
def test_t1_stands_beside_its_bars_and_the_matrix_is_pinned(face):
    assert labels(face.card.table) == ["技术开发", "技术转让", "技术咨询", "技术服务", "合计"]
    assert [one.text for one in face.card.table.rows[-1].cells[:2]] == ["13", "11,571.50"]
    assert [bar.label for bar in face.bars.bars.bars] == ["技术转让", "技术开发", "技术服务", "技术咨询"]
    assert face.below.shown == "T7"
    assert cell(face.below.table, "嘉定", -1).text == "+5,140.00"
    assert cell(face.below.table, "昆山", -1).text == "−1,504.00"
    assert cell(face.below.table, "吸纳", -1).text == "0.00"
    assert face.card.check.text() == "已核对：合计＝各项之和"


def test_the_header_says_when_it_was_counted(page):
    assert "13 份有效技术合同 · 点任何一个数看它的名单" in page.header._fact._whole
    assert page.header._fact._whole.startswith("数到 2018-11-29 ")


def test_marks_say_where_something_is_not_filled_in(face):
    states = {entry.no: entry.state for entry in face.list.entries}
    assert states["T1"] == "ok"
    for no, table in ((table.no, table) for table in face.tables.tables):
        assert states[no] == ("gaps" if table.has_gaps else "ok")


def test_shares_changes_and_dashes_lead_nowhere(face):
    for row in (*face.card.table.rows, *face.below.table.rows):
        for one in row.cells:
            leads_nowhere = one.text in ("—", "0.00") or one.text.endswith("%") or one.text.startswith(("+", "−"))
            assert (one.key is None) == leads_nowhere


# --- keys -------------------------------------------------------------------------------------------------------------
def test_keys_alone_go_from_the_list_to_the_records(face, opened, qtbot):
    routes = gone_to(opened)
    face.list.setFocus()
    qtbot.keyClick(face.list, Qt.Key.Key_Right)
    assert "合作开发" in labels(face.card.table)
    qtbot.keyClick(face.list, Qt.Key.Key_Return)
    assert face.card.table.hasFocus()
    qtbot.keyClick(face.card.table, Qt.Key.Key_Down)
    qtbot.keyClick(face.card.table, Qt.Key.Key_Right)
    qtbot.keyClick(face.card.table, Qt.Key.Key_Return)
    (route,) = routes
    assert isinstance(route, ListRoute)
    assert route.spec is DEALS
    line = face.tables.table("T1").lines[0].parts[0]
    assert route.trace.words == f"T1 合同类别 · 技术开发、{line.label}"
    assert traced(opened.db, route.trace) == set(line.sums.ids)


def test_arrows_pass_what_leads_nowhere_and_stay_at_the_edge(face, qtbot):
    table = face.below.table
    table.setFocus()
    assert table.at == (0, 0)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.at == (0, 2)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.at == (0, 2)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.at[0] > 0
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.rows[table.at[0]].label == "吸纳"
    assert table.accessibleName().startswith("吸纳 ")


def test_up_and_down_choose_a_table_and_p_pins_it(face, qtbot):
    face.list.setFocus()
    for _n in range(4):
        qtbot.keyClick(face.list, Qt.Key.Key_Down)
    assert (face.at, face.card.shown) == ("T5", "T5")
    qtbot.keyClick(face.list, Qt.Key.Key_P)
    assert face.pin == "T5"
    qtbot.keyClick(face.list, Qt.Key.Key_Home)
    assert (face.at, face.below.shown) == ("T1", "T5")
    qtbot.keyClick(face.list, Qt.Key.Key_Home)
    face.set_pin("T5")
    assert face.below.isHidden()
    qtbot.keyClick(face.list, Qt.Key.Key_End)
    assert face.at == "T10"
    assert [row.label for row in face.card.table.rows[:2]] == ["意向", "签约"]


def test_parts_stand_further_in_than_what_they_are_of(face, qtbot):
    face.choose("T10")
    table = face.card.table
    table.fold(next(at for at, row in enumerate(table.rows) if row.is_open is not None))
    part = next(row for row in table.rows if row.role == "part")
    assert table._lead_of(part) > table._lead_of(table.rows[0])


def test_t7_always_shows_its_matrix(face):
    face.set_pin("T1")
    face.choose("T7")
    assert labels(face.card.table) == ["本省（市）内", "跨省（市）", "合计"]
    assert face.below.shown == "T7"
    assert "嘉定" in labels(face.below.table)


def test_the_table_is_copied_with_what_was_asked(face, qtbot):
    face.list.setFocus()
    qtbot.keyClick(face.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "T1 合同类别\t万元"
    assert lines[1] == face.tables.filter_line
    assert lines[2].split("\t") == ["类别", "项数", "成交额", "技术交易额", "占比", "同比"]
    assert lines[-1].split("\t")[:3] == ["合计", "13", "11,571.50"]
    face.below.table.setFocus()
    qtbot.keyClick(face.below.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("T7 流向\t万元\n")
    assert "卖方 → 买方\t嘉定" in copied


def test_space_and_a_press_unfold_a_line(face, qtbot):
    table = face.card.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert "委托开发" in labels(table)
    qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(20, table._row_height + 10))
    assert "委托开发" not in labels(table)


def test_a_press_on_a_number_opens_it_and_one_beside_does_not(face, opened, qtbot):
    routes, table = gone_to(opened), face.card.table
    spot = table._cell_box(0, 0).center().toPoint()
    qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=spot)
    assert len(routes) == 1
    qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=table._cell_box(0, 3).center().toPoint())
    assert len(routes) == 1


# --- what is asked ----------------------------------------------------------------------------------------------------
def test_one_basis_at_a_time(face, page, qapp, qtbot):
    face._filters.basis.button(Basis.INTENDED).click()
    settle(qapp)
    assert face.query.basis is Basis.INTENDED
    assert "意向中的技术合同" in page.header._fact._whole
    assert "意向不是成交" in face.card._notes.text()


def test_a_period_that_excludes_all_says_so_and_is_taken_away(face, qapp):
    face._filters.ask(since=date(2001, 1, 1), until=date(2001, 1, 2))
    settle(qapp)
    assert isinstance(face._states.currentWidget(), NoResult)
    face.clear()
    settle(qapp)
    assert face.tables.contracts == 13
    assert face._states.currentWidget() is face._right


def test_days_are_asked_for_and_checked(face, qapp):
    dialog = face._filters.choose_days()
    dialog.since.setText("2018-11-29")
    dialog.until.setText("29 月")
    dialog.submit()
    assert dialog.fields[1].problem == "这不是日期，写成 2018-11-28。"
    dialog.until.setText("2018-11-28")
    dialog.submit()
    assert dialog.fields[1].problem == "结束日期早于开始日期。"
    dialog.until.setText("20181130")
    dialog.submit()
    settle(qapp)
    assert (face.query.since, face.query.until) == (date(2018, 11, 29), date(2018, 11, 30))
    assert face._filters.period.text() == "11-29 至 11-30"


def test_regions_by_city(face, qapp):
    face._filters.ask(rolls_up=True, region=None)
    settle(qapp)
    assert "苏州" in labels(face.below.table)
    assert "昆山" not in labels(face.below.table)
    assert "昆山、太仓计入苏州" in face.tables.filter_line
    face._filters.ask(region="苏州")
    settle(qapp)
    assert face._filters.region.text() == "苏州（按市）"
    assert 0 < face.tables.contracts < 13


@pytest.mark.parametrize("name", ["expo", "period", "region", "against"])
def test_each_menu_offers_what_there_is(face, name):
    button = getattr(face._filters, name)
    button.open_menu()
    actions = [action for action in button._popup.actions() if action.text()]
    button._popup.close()
    assert actions
    assert sum(action.isChecked() for action in actions) == 1


def test_what_was_asked_last_is_shown(face, qapp):
    face._filters.ask(region="昆山")
    face._filters.ask(region="太仓")
    face._filters.ask(region=None)
    settle(qapp)
    assert face.tables.query.region is None
    assert face.tables.contracts == 13


def test_old_numbers_are_grey_until_new_ones_are_there(face, qapp):
    face._grey(True)
    assert face.card.table.is_stale
    assert face.bars.bars.is_stale
    routes = gone_to(face.context)
    face.card.table.setFocus()
    face.refresh()
    settle(qapp)
    assert not face.card.table.is_stale
    assert routes == []


def test_a_change_elsewhere_is_counted(face, opened, qapp):
    from expo_app.services import deals

    deals.register(
        opened.db, opened.expo_id,
        {"title": "新的一项", "kind": "技术合同", "contract_kind": "技术开发", "stage": "签约", "sellers": "甲方某所",
         "buyers": "乙方某厂", "amount": "1", "signed_on": "2018-11-29"},
    )  # fmt: skip
    qapp.processEvents()
    settle(qapp)
    assert face.tables.contracts == 14


# --- reconciliation ---------------------------------------------------------------------------------------------------
def test_every_total_stands_beside_the_raw_records(face):
    dialog = face.show_checks()
    assert len(dialog.table.rows) == len(face.tables.checks) == 80
    assert {row.cells[-1].text for row in dialog.table.rows} == {"一致"}
    assert any("台账与发布口径" in row.label for row in dialog.table.rows)
    dialog.close_with()


def test_what_does_not_agree_is_red_and_leads_to_its_records(face, opened, qapp, tmp_path):
    ids = face.tables.tables[0].total.sums.ids[:1]
    wrong = Check("T1", "合计", "amount", face.tables.tables[0].total.sums.amount, 1, ids)
    face.tables = replace(face.tables, checks=(*face.tables.checks, wrong))
    face._show()
    assert face.card.check.text() == "▲ 对不上，差 115,714,999.00 元"
    assert face.list.entries[0].state == "bad"
    assert [button.isEnabled() for button in face.buttons()] == [False, False]
    assert face.excel_button.toolTip() == "有数和原始记录对不上，先查清"
    routes = gone_to(opened)
    dialog = face.show_checks()
    assert dialog.table.rows[0].cells[-1].text == "▲ 差 115,714,999.00 元"
    dialog.table.open_at((0, 2))
    assert traced(opened.db, routes[0].trace) == set(ids)


# --- files, rights, ways in -------------------------------------------------------------------------------------------
def test_a_deal_that_cannot_be_read_is_red_in_every_table(face, opened, qapp):
    from sqlalchemy import text

    key = face.tables.tables[0].total.sums.ids[0]
    with opened.db.writer.begin() as connection:
        connection.execute(text("UPDATE deal SET amount = 'abc' WHERE id = :id"), {"id": key.bytes})
    face.refresh()
    settle(qapp)
    assert {entry.state for entry in face.list.entries} == {"bad"}
    dialog = face.show_checks()
    assert "的成交额读不出" in dialog.table.rows[0].label
    assert dialog.table.rows[0].cells[-1].text == "▲ 没有计入"
    dialog.close_with()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", [NARROW_BARS, BARS_WIDTH])
def test_every_name_of_a_class_stands_whole_beside_its_bar(qapp, language, width):
    i18n.set_language(language)
    classings, lists = (*CLASSINGS, SIZES), shipped()
    labels = {classing.no: [classing.label(key) for key in classing.order(lists)] for classing in classings}
    labels |= {"T7": [flow_label(key) for key in FLOW_ORDER], "T10": [i18n._(step.words) for step in STEPS]}
    bars = CompareBars()
    assert [no for no, names in labels.items() if not names] == ["T9"]  # no goals ship
    for no, names in labels.items():
        if not names:
            continue
        bars.set([CompareBar(name, Decimal(123_456_789), key=name) for name in names], is_compared=no == "T1")
        bars.resize(width - 24, bars.height())
        with painted() as clips:
            picture = bars.grab()
        assert (picture.height(), clips) == (sum(bars._heights), []), no


def test_a_number_of_a_bar_below_a_long_name_is_pressed_where_it_stands(qapp, window):
    bars, pressed = CompareBars(), []
    bars.opened.connect(pressed.append)
    put(window, bars)
    long = "Exploration and exploitation of the earth and atmosphere, and whatever else is above or below it"
    bars.set([CompareBar(name, Decimal(10_000), key=key) for key, name in enumerate((long, "b", "c"))], False)
    bars.resize(200, bars.height())
    assert bars._heights[0] > 2 * bars._heights[1]
    for at in range(3):
        spot = QPoint(bars.width() - 5, sum(bars._heights[:at]) + bars._heights[at] // 2)
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=spot)
    assert pressed == [0, 1, 2]


def test_the_bars_say_what_is_compared(face):
    whole = face.tables
    face.bars.show_table(replace(whole, against="往届"), whole.table("T1"))
    assert face.bars._foot.whole_text == "色条＝本届；往届没有可比的数"


def test_what_is_exported_is_what_is_shown(face, qapp, tmp_path):
    face._filters.ask(region="太仓")
    settle(qapp)
    face.write(tmp_path / "t.xlsx")
    settle(qapp)
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    rows = {row[0]: row for row in book.get_sheet_by_index(0).to_python()}
    total = face.tables.tables[0].total.sums
    assert rows["合计"][1:3] == [total.count, float(total.amount / 10_000)]
    assert any(face.tables.filter_line in str(key) for key in rows)


def test_without_the_right_nothing_is_handed_out(face, opened):
    opened.db.actor = Actor("台", Role.DESK)
    opened.actor_changed.emit()
    assert [button.isEnabled() for button in face.buttons()] == [False, False]
    assert "没有这项权限" in face.excel_button.toolTip()


def test_a_route_opens_a_table(page, face):
    page.open_with(StatisticsRoute(face="tables", table="T8"))
    assert face.card.shown == "T8"
    assert page.place() == StatisticsRoute(face="tables", table="T8")
    assert "平均每份 890.12 万元（成交额 ÷ 有金额的 13 份）。" in face.card._notes.text()


def test_every_face_is_made_once_and_shows_its_own_buttons(page):
    for face in FACES:
        page.show_face(face.key)
        made = page.face
        page.show_face(face.key)
        assert page.face is made
        shown = {button for one in page.faces.values() for button in one.buttons() if not button.isHidden()}
        assert shown == set(made.buttons())


def test_a_file_without_an_expo_says_what_to_do(db, window, qapp):
    context = Context(db, Settings(), None, window)
    made = StatisticsPage(context)
    put(window, made)
    settle(qapp)
    assert isinstance(made.face._states.currentWidget(), EmptyState)
    context.close()


def test_the_words_of_a_long_name_stand_in_the_tooltip(face):
    say = partial(face._filters._say, face._filters.against, "对比")
    say("一个名字长得在一行里放不下的展会名称")
    assert face._filters.against.text().endswith("…")
    assert face._filters.against.toolTip() == "一个名字长得在一行里放不下的展会名称"
