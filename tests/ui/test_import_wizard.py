"""The import window step by step, by keys and clicks, on a list as an organiser sends it."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.model import AttendeeState
from expo_app.services import records
from expo_app.specs import ATTENDEES, EXHIBITORS, INDUSTRIES, ImportPlan, Outcome
from expo_app.specs.choices import EMPTY, NEW
from expo_app.specs.plan import How
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Tick
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.records.import_wizard import DropCard, ImportWizard, engine
from expo_app.ui.records.import_wizard.dialog import CHOOSE, COLUMNS, ROWS, VALUES
from expo_app.ui.records.list_page import ListPage
from tests.ui.conftest import put

Key, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
UPPER = ("单位信息", None, None, None, "联系信息", None)
LOWER = ("单位全称", "信用代码", "产业", "所在市", "联系人及电话", "心情")
SHEETS = {
    "安徽": (
        ("合肥量芯微电子有限公司（示例）", None, "量子", "合肥", "王磊 13800000001", "好"),
        ("芜湖海川智能装备有限公司（示例）", None, "高端制造", "芜湖", "李敏 13800000002", None),
        ("马鞍山精锻科技有限公司（示例）", None, "高端制造", "马鞍山", "孙宁 1380000005", None),
    ),
    "浙江": (
        ("宁波甬芯传感技术有限公司（示例）", None, "量子", "宁波", "周文博 13800000204", None),
        ("湖州苕溪生物科技有限公司（示例）", None, "太空", "湖州", "吴佳怡 13800000205", None),
        (None, None, "高端制造", "嘉兴", "许静 13800000206", None),
    ),
    "去年名单": (("旧单位有限公司（示例）", None, "高端制造", "嘉兴", "旧人 13800000009", None),),
}
NAME, INDUSTRY, REGION, WHO, PHONE = (
    "organisation.name", "organisation.industry_id", "organisation.region_code", "contact.name", "contact.phone",
)  # fmt: skip


def workbook(path: Path, upper: bool = True) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append([f"参展单位汇总表（{name}）"])
        if upper:
            sheet.append(UPPER)
            sheet.merge_cells("A2:D2")
            sheet.merge_cells("E2:F2")
        for row in (LOWER, *rows):
            sheet.append(row)
    book["去年名单"].sheet_state = "hidden"
    book.save(path)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return workbook(tmp_path / "各地报名汇总（示例）.xlsx")


@pytest.fixture(autouse=True)
def industries(context: Context) -> None:
    for name in ("高端制造", "新能源"):
        records.save(context.db, INDUSTRIES, {"name": name})


def add(context: Context, name: str, **values: str) -> uuid.UUID:
    given = {NAME: name, **{key.replace("__", "."): value for key, value in values.items()}}
    return records.save(context.db, EXHIBITORS, given, expo_id=context.expo_id)


def opened(window: QMainWindow, context: Context, path: Path, qtbot: QtBot) -> ImportWizard:
    window.resize(1440, 900)
    wizard = ImportWizard(window, context, EXHIBITORS)
    wizard.open()
    wizard.read(path)
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    return wizard


def settled(wizard: ImportWizard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not wizard.work.is_planning and not wizard.work.is_waiting)
    QApplication.processEvents()


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def type_in(words: str) -> None:
    """Words as an input method commits them where the focus is."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(QApplication.focusWidget(), event)
    QApplication.processEvents()


def choose(wizard: ImportWizard, at: int, words: str) -> None:
    """Choose in the drop-down of a column by keys."""
    grid = wizard.columns_step.grid
    while grid.current != at:
        press(Key.Key_Right if grid.current < at else Key.Key_Left, ALT)
    press(Key.Key_Down, ALT)
    box = grid.box_of(at)
    wanted = box.findText(words)
    assert wanted >= 0
    view = box.view()
    view.setCurrentIndex(box.model().index(wanted, 0))
    QTest.keyClick(view, Key.Key_Return)
    QApplication.processEvents()


def names(context: Context) -> list[str]:
    rows = records.list_rows(context.db, EXHIBITORS, context.expo_id, [EXHIBITORS.field(NAME)])
    return sorted(row[1] for row in rows)


# --- columns ---


def test_the_window_opens_at_the_first_column_that_wants_a_look(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = opened(window, context, table, qtbot)
    step = wizard.columns_step
    assert wizard.step == COLUMNS
    assert [(one.name, one.used) for one in (wizard.plan.sheets if wizard.plan else ())] == [
        ("安徽", True), ("浙江", True), ("去年名单", False),
    ]  # fmt: skip
    assert step.grid.columns[0].fields == (NAME,)
    assert step.grid.columns[4].fields == (WHO, PHONE)
    open_at = next(n for n, c in enumerate(step.grid.columns) if c.how is How.GUESS)
    assert QApplication.focusWidget() is step.grid.box_of(open_at)
    assert wizard.next_button.text() == "下一步：对应取值"


def test_columns_are_walked_and_mapped_by_keys(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = opened(window, context, table, qtbot)
    choose(wizard, 5, "备注")
    settled(wizard, qtbot)
    assert wizard.columns_step.grid.columns[5].fields == ("note",)
    assert wizard.columns_step.grid.columns[5].how is How.GIVEN
    assert (wizard.plan.rows[0].values.get("note") if wizard.plan else "") == "好"
    press(Key.Key_Z, CTRL)
    settled(wizard, qtbot)
    assert wizard.columns_step.grid.columns[5].fields == ()


def test_two_columns_on_one_field_are_red_and_nothing_goes_on(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = opened(window, context, table, qtbot)
    for at in (5, 3):
        choose(wizard, at, "地区")
        settled(wizard, qtbot)
    columns = wizard.columns_step.grid.columns
    assert [c.clash != "" for c in columns[:6]] == [False, False, False, True, False, True]
    assert wizard.columns_step.grid.box_of(5).property("state") == "bad"
    assert not wizard.next_button.isEnabled()
    assert wizard._said.text() == columns[3].clash
    press(Key.Key_Return, CTRL)
    assert wizard.step == COLUMNS


def test_a_mapping_of_one_sheet_alone(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    QTest.mouseClick(wizard.columns_step.alike, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    press(Key.Key_PageDown, CTRL)
    assert wizard.columns_step.sheet is not None
    assert wizard.columns_step.sheet.name == "浙江"
    choose(wizard, 5, "备注")
    settled(wizard, qtbot)
    assert wizard.work.columns_of("浙江")[5].fields == ("note",)
    assert wizard.work.columns_of("安徽")[5].fields == ()


def test_a_click_on_a_row_number_makes_it_the_header(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = opened(window, context, table, qtbot)
    sheet = wizard.columns_step.sheet
    assert sheet is not None
    assert sheet.header == (2, 3)
    numbers = wizard.columns_step.grid._numbers
    top = {number: y for y, number, _cells in numbers.lines.rows()} if numbers.lines else {}
    QTest.mouseClick(numbers, Qt.MouseButton.LeftButton, NONE, QPoint(20, top[3] + 5))
    settled(wizard, qtbot)
    assert [one.header for one in (wizard.plan.sheets if wizard.plan else ())][:2] == [(3, 3), (3, 3)]
    assert wizard.columns_step.header_box.currentText() == "第 3 行"
    top = {number: y for y, number, _cells in numbers.lines.rows()} if numbers.lines else {}
    QTest.mouseClick(numbers, Qt.MouseButton.LeftButton, SHIFT, QPoint(20, top[2] + 5))
    settled(wizard, qtbot)
    box = wizard.columns_step.header_box
    assert box.currentText() == "第 2–3 行（2 行合并）"
    box.activated.emit(box.findText("没有表头"))
    settled(wizard, qtbot)
    assert [one.header for one in (wizard.plan.sheets if wizard.plan else ())][:2] == [None, None]
    assert box.currentText() == "没有表头"
    wizard.columns_step.auto_button.click()
    settled(wizard, qtbot)
    assert not any(one.header for one in wizard.work.choices.sheets.values())


def test_a_hidden_sheet_comes_in_by_its_tick(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    box = wizard.columns_step.findChild(QWidget, "sheet 去年名单")
    assert box is not None
    before = len(wizard.plan.rows) if wizard.plan else 0
    box.setFocus()
    press(Key.Key_Space)
    settled(wizard, qtbot)
    assert wizard.plan is not None
    assert len(wizard.plan.rows) == before + 1


def test_a_mapping_is_saved_and_used(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard = opened(window, context, table, qtbot)
    choose(wizard, 5, "备注")
    settled(wizard, qtbot)
    path = tmp_path / "对应.json"
    wizard.columns_step.write_mapping(path)
    data = json.loads(path.read_text("utf-8"))
    assert data["kind"] == "exhibitors"
    key = wizard.columns_step.grid.columns[5].key
    assert data["columns"][key] == ["note"]
    wizard.close_with()
    again = opened(window, context, table, qtbot)
    assert again.columns_step.grid.columns[5].fields == ()
    again.columns_step.use_mapping(path)
    settled(again, qtbot)
    assert again.columns_step.grid.columns[5].fields == ("note",)


def test_what_the_cards_say(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    wizard.columns_step.grid.move_to(4)
    said = [label.text() for label in wizard.columns_step.findChildren(QWidget) if hasattr(label, "whole_text")]
    said += [label.whole_text for label in wizard.columns_step.findChildren(QWidget) if hasattr(label, "whole_text")]
    assert "王磊" in said
    assert "138****0001" in said


def test_rows_left_out_are_read_and_left_out_again(
    context: Context, window: QMainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("单位名称", "产业"),
        ("甲有限公司", "高端制造"),
        ("乙有限公司", "高端制造"),
        ("合计", 2),
        ("注：下略",),
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "名单.xlsx")
    wizard = opened(window, context, tmp_path / "名单.xlsx", qtbot)
    for name, rows in (("keeps_hidden", [2, 3]), ("keeps_totals", [2, 4])):
        for on, read in ((True, rows), (False, [2])):
            wizard.go(COLUMNS)
            button = wizard.columns_step.findChild(QAbstractButton, f"{name} {on}")
            assert button is not None, (name, on)
            button.click()
            settled(wizard, qtbot)
            assert wizard.plan is not None
            assert [row.row for row in wizard.plan.rows] == read


# --- values ---


def test_values_are_decided_by_keys(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    press(Key.Key_Return, CTRL)
    step = wizard.values_step
    assert wizard.step == VALUES
    assert QApplication.focusWidget() is step.values
    assert step.values.current_id() == (INDUSTRY, "量子")
    press(Key.Key_1)
    settled(wizard, qtbot)
    assert wizard.work.choices.values[INDUSTRY] == {"量子": NEW}
    press(Key.Key_N)
    assert step.values.current_id() == (INDUSTRY, "太空")
    press(Key.Key_2)
    editor = QApplication.focusWidget()
    assert editor is step.values._editor
    editor.selectAll()  # type: ignore[union-attr]
    type_in("新能源")
    editor.offer()  # type: ignore[union-attr]
    if editor.is_offering:  # type: ignore[union-attr]
        QTest.keyClick(editor._completer.popup(), Key.Key_Escape)  # type: ignore[union-attr]
    QTest.keyClick(editor, Key.Key_Return)
    settled(wizard, qtbot)
    assert wizard.work.choices.values[INDUSTRY] == {"量子": NEW, "太空": "新能源"}
    assert wizard._said.text() == ""
    press(Key.Key_Return, CTRL)
    assert wizard.step == ROWS
    plan = wizard.plan
    assert plan is not None
    assert [row.values.get(INDUSTRY) for row in plan.rows if row.goes_in][:2] == ["量子", "高端制造"]


def test_enter_takes_the_name_that_stands_in_the_line(
    context: Context, window: QMainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("新能源汽车", "汽车"):
        records.save(context.db, INDUSTRIES, {"name": name})
    path = tmp_path / "名单.csv"
    path.write_text("单位名称,产业\n合肥量芯微电子有限公司（示例）,新能源车\n芜湖海川有限公司（示例）,车\n", "utf-8")
    wizard = opened(window, context, path, qtbot)
    values = wizard.values_step.values
    for value, near, typed, taken in (("新能源车", "新能源汽车", "", "新能源汽车"), ("车", "汽车", "汽车", "汽车")):
        values.select_id((INDUSTRY, value))
        press(Key.Key_2)
        editor = values._editor
        assert editor is not None
        assert editor.text() == near
        if typed:
            editor.selectAll()
            type_in(typed)
            editor.offer()
        assert editor.is_offering
        QTest.keyClick(editor._completer.popup(), Key.Key_Return)
        settled(wizard, qtbot)
        assert wizard.work.choices.values[INDUSTRY][value] == taken


def test_where_there_is_nothing_to_merge_into_no_merging_is_offered(
    context: Context, window: QMainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "展位.csv"
    path.write_text(
        "单位名称,展位\n合肥量芯微电子有限公司（示例）,A-01\n芜湖海川智能装备有限公司（示例）,A-02\n", "utf-8"
    )
    wizard = opened(window, context, path, qtbot)
    assert wizard.step == VALUES
    step = wizard.values_step
    item = step.values.current_item()
    assert item.value == "A-01"
    assert [may for _key, _words, may in step.values.segments(item)] == [True, False, True]
    press(Key.Key_2)
    assert step.values._editor is None
    press(Key.Key_A, CTRL)
    assert step.bulk_ours.isHidden()
    step.bulk_new.click()
    settled(wizard, qtbot)
    assert wizard.plan is not None
    assert {value.target for value in wizard.plan.values} == {NEW}


def test_several_values_at_once(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    press(Key.Key_Return, CTRL)
    press(Key.Key_A, CTRL)
    step = wizard.values_step
    assert step.values.rows_model.checked == {(INDUSTRY, "量子"), (INDUSTRY, "太空")}
    step.bulk_empty.setFocus()
    press(Key.Key_Space)
    settled(wizard, qtbot)
    assert wizard.work.choices.values[INDUSTRY] == {"量子": EMPTY, "太空": EMPTY}
    assert QApplication.focusWidget() is step.values
    press(Key.Key_Z, CTRL)
    settled(wizard, qtbot)
    assert wizard.work.choices.values == {}


def test_names_that_look_alike(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    ours, theirs = "合肥量芯微电子股份有限公司（示例）", "合肥量芯微电子有限公司（示例）"
    add(context, ours)
    wizard = opened(window, context, table, qtbot)
    wizard.go(VALUES)
    step = wizard.values_step
    assert [(one.file, one.ours, one.choice) for one in step.suspects.items.values()] == [(theirs, ours, None)]
    step.values.setFocus(Qt.FocusReason.TabFocusReason)
    press(Key.Key_A, CTRL)
    step.bulk_new.click()
    settled(wizard, qtbot)
    press(Key.Key_N)
    assert QApplication.focusWidget() is step.suspects
    press(Key.Key_S)
    settled(wizard, qtbot)
    assert wizard.work.choices.same == {theirs: ours}
    assert wizard.plan is not None
    assert wizard.plan.rows[0].values[NAME] == ours
    press(Key.Key_D)
    settled(wizard, qtbot)
    assert wizard.work.choices.same == {theirs: EMPTY}
    assert wizard.plan.rows[0].values[NAME] == theirs


def test_open_values_may_be_carried_on(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = opened(window, context, table, qtbot)
    press(Key.Key_Return, CTRL)
    assert "2 处待定" in wizard._said.text()
    press(Key.Key_Return, CTRL)
    assert wizard.step == ROWS
    assert wizard.plan is not None
    assert len(wizard.plan.noted) >= 3


# --- rows ---


def at_rows(wizard: ImportWizard) -> ImportWizard:
    wizard.go(ROWS)
    QApplication.processEvents()
    return wizard


def test_rows_say_where_they_are_from_and_what_is_wrong(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    step = wizard.rows_step
    first = step.model.rows()[0]
    assert (first[1], first[2]) == (("浙江", 6), Outcome.INVALID)
    assert step.model.columns[1].words(first[1]) == "浙江 6"
    assert step.view.remarks["浙江", 6][0].kind == "bad"
    short = step.view.remarks["安徽", 6]
    assert any("少 1 位" in remark.words for remark in short)
    column = [c.name for c in step.model.columns].index(PHONE)
    row = next(r for r in step.model.rows() if r[0] == ("安徽", 6))
    assert "0005" in row[column]
    assert "13800" not in row[column]
    assert wizard.next_button.text() == "导入 5 行"


def test_a_cell_is_corrected_in_place(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    assert view.current_id() == ("浙江", 6)
    press(Key.Key_F2)
    editor = view.editor
    assert editor is QApplication.focusWidget()
    type_in("嘉兴新单位有限公司（示例）")
    press(Key.Key_Return)
    settled(wizard, qtbot)
    assert wizard.work.choices.cells == {("浙江", 6, NAME): "嘉兴新单位有限公司（示例）"}
    assert wizard.next_button.text() == "导入 6 行"
    assert view.rows_model.place_of(("浙江", 6)) == 0, "a mended row keeps its place"
    assert view.mended == {(("浙江", 6), NAME): ""}
    assert view.current_id() != ("浙江", 6), "on to the next problem"
    assert QApplication.focusWidget() is view
    press(Key.Key_Z, CTRL)
    settled(wizard, qtbot)
    assert wizard.next_button.text() == "导入 5 行"
    assert not view.mended


def test_escape_leaves_a_cell_as_it_was(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    press(Key.Key_F2)
    type_in("别的")
    press(Key.Key_Escape)
    assert wizard.is_open
    assert wizard.rows_step.view.editor is None
    assert wizard.work.choices.cells == {}


def test_a_cell_nothing_is_wrong_with_is_corrected_too(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    view.select_id(("安徽", 5))
    column = [c.name for c in view.rows_model.columns].index(WHO)
    at = view.visualRect(view.rows_model.index(view.currentIndex().row(), column)).center()
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, at)
    assert view.editor is not None
    assert view.editor.text() == "李敏"
    view.editor.selectAll()
    type_in("李明")
    press(Key.Key_Return)
    settled(wizard, qtbot)
    row = next(row for row in (wizard.plan.rows if wizard.plan else ()) if row.place == ("安徽", 5))
    assert (row.values[WHO], row.values[PHONE][-4:]) == ("李明", "0002")


def test_alt_down_mends_and_opens_the_next(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    press(Key.Key_F2)
    type_in("嘉兴新单位有限公司（示例）")
    press(Key.Key_Down, ALT)
    settled(wizard, qtbot)
    assert view.editor is not None
    assert view.current_id() != ("浙江", 6)


def test_ticks_decide_what_is_written(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, shown: Callable[[QWidget], list[tuple[str, str]]]
) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    press(Key.Key_Space)
    assert ("浙江", 6) not in view.rows_model.checked, "what is wrong has no tick"
    view.select_id(("安徽", 4))
    press(Key.Key_Space)
    assert wizard.work.choices.left_out == {("安徽", 4)}
    assert wizard.next_button.text() == "导入 4 行"
    with qtbot.waitSignal(wizard.imported):
        press(Key.Key_Return, CTRL)
    assert len(names(context)) == 4
    assert ("warn", "有问题的 1 行没有导入") in shown(window)
    assert "合肥量芯微电子有限公司（示例）" not in names(context)


def test_chips_search_and_sheet_narrow_the_rows(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    step = wizard.rows_step
    step.outcomes.chip(Outcome.INVALID).click()
    assert [row[0] for row in step.model.rows()] == [("浙江", 6)]
    step.outcomes.chip(None).click()
    press(Key.Key_F, CTRL)
    assert QApplication.focusWidget() is step.search
    type_in("甬芯")
    press(Key.Key_Return)
    assert [row[0] for row in step.model.rows()] == [("浙江", 4)]
    step.search.clear()
    press(Key.Key_Return)
    step.sheets.setCurrentIndex(step.sheets.findData("安徽"))
    step.sheets.activated.emit(step.sheets.currentIndex())
    assert {row[0][0] for row in step.model.rows()} == {"安徽"}


def test_a_filled_field_changes_only_by_its_own_tick(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    key = add(context, "芜湖海川智能装备有限公司（示例）", organisation__industry_id="新能源")
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    place = ("安徽", 5)
    ticks = [(r.words, r.is_on) for r in view.remarks[place] if r.field]
    assert ticks == [("产业 新能源（文件里 高端制造，不改）", False)]
    assert "空着的补上，已填的不改" in wizard.rows_step._summary.text()
    view.select_id(place)
    press(Key.Key_U)
    settled(wizard, qtbot)
    assert wizard.work.choices.updated == {(*place, INDUSTRY)}
    assert [(r.words, r.is_on) for r in view.remarks[place] if r.field] == [("产业 新能源 改成 高端制造", True)]
    press(Key.Key_U)
    settled(wizard, qtbot)
    QTest.mouseClick(wizard.rows_step.update_all, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    settled(wizard, qtbot)
    assert wizard.work.choices.update
    box, _remark = next((b, r) for b, r in view._lines(view.rows_model.place_of(place)) if r.field)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, box.center())
    settled(wizard, qtbot)
    assert [r.is_on for r in view.remarks[place] if r.field] == [False]
    with qtbot.waitSignal(wizard.imported):
        press(Key.Key_Return, CTRL)
    assert records.get(context.db, EXHIBITORS, key)[INDUSTRY] == "新能源"
    assert records.get(context.db, EXHIBITORS, key)[WHO] == "李敏", "an empty field is filled"


def test_reasons_are_shown_whole(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    view = wizard.rows_step.view
    for place in range(view.rows_model.rowCount()):
        row_id = view.rows_model.id_at(place)
        assert view.rowHeight(place) == view.height_of(row_id)
        lines = view._lines(place)
        assert all(box.bottom() <= view.rowViewportPosition(place) + view.rowHeight(place) for box, _remark in lines)


def test_going_back_loses_nothing(context: Context, window: QMainWindow, table: Path, qtbot: QtBot) -> None:
    wizard = at_rows(opened(window, context, table, qtbot))
    press(Key.Key_F2)
    type_in("嘉兴新单位有限公司（示例）")
    press(Key.Key_Return)
    settled(wizard, qtbot)
    wizard.back_button.click()
    assert wizard.step == VALUES
    wizard.stepper.steps[COLUMNS].click()
    assert wizard.step == COLUMNS
    choose(wizard, 5, "备注")
    settled(wizard, qtbot)
    wizard.go(ROWS)
    assert wizard.next_button.text() == "导入 6 行"
    wizard.cancel()
    assert dialog.top(window) is not wizard, "asks first"


def test_a_plain_list_goes_straight_to_its_rows(
    context: Context, window: QMainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "展商.csv"
    path.write_text("参展单位,联系人,手机\n甲单位（示例）,张三,13800000001\n", "utf-8")
    wizard = opened(window, context, path, qtbot)
    assert wizard.step == ROWS
    wizard.back_button.click()
    assert wizard.step == VALUES
    assert not wizard.values_step._empty.isHidden()
    wizard.back_button.click()
    assert wizard.step == COLUMNS
    wizard.back_button.click()
    assert wizard.step == CHOOSE
    assert wizard.plan is not None


def held_up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Plans wait for this event from now on."""
    real, goes = engine.planned, threading.Event()

    def slowly(*given: Any) -> ImportPlan:
        goes.wait(60)
        return real(*given)

    monkeypatch.setattr(engine, "planned", slowly)
    return goes


def test_a_plan_that_takes_its_time_can_be_stopped(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = opened(window, context, table, qtbot)
    goes = held_up(monkeypatch)
    choose(wizard, 5, "备注")
    qtbot.waitUntil(lambda: not wizard.stop_button.isHidden())
    assert wizard._said.text() == "正在重新核对"
    wizard.stop_button.click()
    goes.set()
    settled(wizard, qtbot)
    assert wizard.stop_button.isHidden()
    assert wizard.work.choices.columns == {}
    assert wizard.columns_step.grid.columns[5].fields == ()


def test_the_primary_key_waits_for_the_plan(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = opened(window, context, table, qtbot)
    goes = held_up(monkeypatch)
    choose(wizard, 5, "备注")
    press(Key.Key_Return, CTRL)
    assert wizard.step == COLUMNS
    goes.set()
    qtbot.waitUntil(lambda: wizard.step == VALUES)
    assert wizard.work.columns_of("安徽")[5].fields == ("note",)


# --- ways in ---


class People(ListPage):
    spec = ATTENDEES
    noun = "人员"


@pytest.fixture
def page(context: Context, window: QMainWindow) -> ListPage:
    made = People(context)
    put(window, made)
    return made


def test_a_table_on_the_clipboard_is_pasted_into_a_list(page: ListPage, window: QMainWindow, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("姓名\t手机\n韩梅\t13700001111\n周敏\t13700002222\n")
    page.view.setFocus()
    press(Key.Key_V, CTRL)
    wizard = dialog.top(window)
    assert isinstance(wizard, ImportWizard)
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    assert wizard.step == ROWS
    assert wizard.file_pill.text == "粘贴的表格"
    with qtbot.waitSignal(wizard.imported):
        press(Key.Key_Return, CTRL)
    assert len(records.list_rows(page.context.db, ATTENDEES, page.context.expo_id, [])) == 2


def test_a_word_on_the_clipboard_is_no_table(page: ListPage, window: QMainWindow) -> None:
    QApplication.clipboard().setText("韩梅")
    page.view.setFocus()
    press(Key.Key_V, CTRL)
    assert dialog.top(window) is None


def test_a_file_is_dropped_on_a_list(page: ListPage, window: QMainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,手机\n韩梅,13700001111\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left = Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, data, left, NONE))
    wizard = dialog.top(window)
    assert isinstance(wizard, ImportWizard)
    qtbot.waitUntil(lambda: wizard.plan is not None)
    assert jobs.wait(60_000)


def test_a_file_dropped_on_the_first_step_leads_on(
    context: Context, window: QMainWindow, table: Path, qtbot: QtBot
) -> None:
    window.resize(1440, 900)
    wizard = ImportWizard(window, context, EXHIBITORS)
    wizard.open()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    card = wizard.choose_step.findChild(DropCard)
    assert isinstance(card, DropCard)
    card.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE))
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    assert wizard.step == COLUMNS


def test_a_list_without_states_says_so_and_confirms_all_by_one_tick(
    page: ListPage, context: Context, window: QMainWindow, qtbot: QtBot
) -> None:
    QApplication.clipboard().setText("姓名\t手机\n韩梅\t13700001111\n周敏\t13700002222\n")
    wizard = ImportWizard(window, context, ATTENDEES)
    wizard.open()
    wizard.paste(QApplication.clipboard().text())
    qtbot.waitUntil(lambda: wizard.plan is not None and not wizard.work.is_waiting)
    wizard.go(ROWS)
    banner = next(b for b in wizard.rows_step.findChildren(Banner) if "待确认" in b.text)
    assert banner.text == "没有写“状态”的 2 人进来是待确认，确认之前各入口都不放行。"
    (tick,) = banner.findChildren(Tick)
    assert (tick.text(), tick.isChecked()) == ("这 2 人都算已确认", False)
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, NONE, QPoint(8, tick.height() // 2))
    settled(wizard, qtbot)
    (tick,) = next(b for b in wizard.rows_step.findChildren(Banner) if "状态" in b.text).findChildren(Tick)
    assert (tick.isChecked(), wizard.work.choices.filled) == (True, {"state": True})
    wizard.apply()
    qtbot.waitUntil(lambda: not wizard.is_open)
    rows = records.list_rows(context.db, ATTENDEES, context.expo_id, [ATTENDEES.field("state")])
    assert [row[1] for row in rows] == [AttendeeState.CONFIRMED] * 2
