"""Rows in, cells out; order, filter, ticks and selection survive each other; keys do what the screen says."""

import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard, TotalsView
from expo_app.ui.kit.table_view import TableView
from tests.ui.conftest import put

COLUMNS = [
    Column("no", "展位", 70, role="muted"),
    Column("name", "参展单位", 200, stretch=True),
    Column("items", "展品", 60, "number"),
    Column("state", "到场", 110, "pill", text=str.upper, tone=lambda value: value),
    Column("badges", "胸卡", 120, "bar"),
]
ROWS = [
    ("a", "A-001", "嘉定氢能", 4, "ok", (6, 6)),
    ("b", "A-003", "苏州泊元", None, "warn", (4, 6)),
    ("c", "A-002", "昆山科创", 7, "bad", (0, 0)),
]


def texts(model: TableModel, column: int) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def model(qapp: QApplication) -> TableModel:
    return TableModel(COLUMNS, ROWS, checkable=True)


@pytest.fixture
def view(model: TableModel, qapp: QApplication) -> TableView:
    made = TableView(model, "名单")
    made.resize(820, 400)
    made.show()
    made.activateWindow()
    made.setFocus(Qt.FocusReason.TabFocusReason)
    qapp.processEvents()
    return made


@pytest.mark.parametrize("checkable", [False, True])
def test_the_model_keeps_qts_rules(qapp: QApplication, checkable: bool) -> None:
    model = TableModel(COLUMNS, ROWS, checkable=checkable)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.sort_by("items", descending=True)
    model.keep(lambda row: row[3] is not None)
    model.set_checked("a", True)
    model.check_all()
    model.set_rows(ROWS[1:])
    model.set_rows([])
    assert tester.model() is model


def test_cells_say_the_value_or_a_dash(model: TableModel) -> None:
    assert [model.index(1, column).data() for column in range(6)] == [None, "A-003", "苏州泊元", "—", "WARN", "4/6"]
    assert model.index(1, 1).data(Qt.ItemDataRole.UserRole) == "b"


def test_numbers_stand_right(model: TableModel) -> None:
    sides = [model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) for column in range(1, 6)]
    right = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
    assert [side == right for side in sides] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("name", "descending", "order"),
    [
        ("no", False, "acb"),
        ("no", True, "bca"),
        ("items", False, "acb"),
        ("items", True, "cab"),
        ("badges", False, "cba"),
    ],
)
def test_sorting_puts_empty_cells_last(model: TableModel, name: str, descending: bool, order: str) -> None:
    model.sort_by(name, descending)
    assert "".join(row[0] for row in model.rows()) == order


def test_numbers_in_a_text_are_sorted_as_they_are_counted(qapp: QApplication) -> None:
    model = TableModel([Column("no", "")], [(1, "1E10"), (2, "1E5"), (3, "1E100"), (4, None)])
    model.sort_by("no")
    assert texts(model, 0) == ["1E5", "1E10", "1E100", "—"]


def test_a_sort_key_of_its_own(qapp: QApplication) -> None:
    model = TableModel([Column("no", "", key=lambda value: -len(value))], [(1, "a"), (2, "aaa"), (3, "aa")])
    model.sort_by("no")
    assert texts(model, 0) == ["aaa", "aa", "a"]


def test_the_sorted_header_shows_its_arrow(model: TableModel) -> None:
    model.sort_by("no", descending=True)
    labels = [model.headerData(section, Qt.Orientation.Horizontal) for section in range(6)]
    assert labels == ["", "展位 ↓", "参展单位", "展品", "到场", "胸卡"]


def test_order_and_filter_hold_for_new_rows(model: TableModel) -> None:
    model.sort_by("no")
    model.keep(lambda row: row[3] is not None)
    model.set_rows([*ROWS, ("d", "A-000", "太仓", 1, "ok", (1, 1))])
    assert texts(model, 1) == ["A-000", "A-001", "A-002"]


def test_sorting_outside_only_asks(qapp: QApplication) -> None:
    model = TableModel(COLUMNS, ROWS, sorts_outside=True)
    asked = QSignalSpy(model.sort_requested)
    model.sort_by("no", True)
    assert [asked.at(place) for place in range(asked.count())] == [["no", True]]
    assert [row[0] for row in model.rows()] == ["a", "b", "c"]


def test_ticks_go_by_id_and_leave_with_their_rows(model: TableModel) -> None:
    counts = []
    model.checked_changed.connect(counts.append)
    model.set_checked("b", True)
    model.set_checked("b", True)
    model.sort_by("no", True)
    model.set_checked("c", True)
    model.set_rows(ROWS[:2])
    assert (model.checked, counts) == ({"b"}, [1, 2, 1])


def test_ticking_all_means_all_shown(model: TableModel) -> None:
    model.keep(lambda row: row[0] != "c")
    assert not model.all_checked()
    model.check_all()
    assert (model.checked, model.all_checked()) == ({"a", "b"}, True)
    model.check_all(False)
    assert model.checked == set()


def test_the_selection_stays_with_its_row(view: TableView, model: TableModel) -> None:
    heard: list[object] = []
    view.row_selected.connect(heard.append)
    assert view.select_id("b")
    model.sort_by("no")
    assert (view.current_id(), view.selected_ids(), view.currentIndex().row()) == ("b", ["b"], 2)
    model.set_rows(ROWS[:1])
    assert (view.current_id(), view.selected_ids()) == (None, [])
    assert heard == ["b", None]
    assert not view.select_id("b")


def test_space_enter_and_ctrl_a(view: TableView, model: TableModel) -> None:
    opened: list[object] = []
    view.opened.connect(opened.append)
    view.select_id("b")
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (model.checked, opened) == ({"b"}, ["b"])
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert model.checked == set()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert model.checked == {"a", "b", "c"}


def test_shift_and_arrows_select_a_range_for_space(view: TableView, model: TableModel) -> None:
    view.select_id("a")
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert (view.selected_ids(), model.checked) == (["a", "b"], {"a", "b"})


def test_ctrl_c_copies_lines_with_a_head(view: TableView) -> None:
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\n") == [
        "展位\t参展单位\t展品\t到场\t胸卡",
        "A-001\t嘉定氢能\t4\tOK\t6/6",
        "A-003\t苏州泊元\t\tWARN\t4/6",
        "A-002\t昆山科创\t7\tBAD\t0/0",
    ]


def test_a_click_on_a_tick_ticks_and_selects_nothing(view: TableView, model: TableModel) -> None:
    spot = view.visualRect(model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert model.checked == set()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (model.checked, view.selected_ids()) == ({"b"}, [])


def test_a_click_on_a_header_sorts_and_turns(view: TableView, model: TableModel) -> None:
    head = view.horizontalHeader()
    for expected in (("items", False), ("items", True)):
        spot = QPoint(head.sectionViewportPosition(3) + 20, 10)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert (model.sort_name, model.sort_descending) == expected
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert model.checked == {"a", "b", "c"}


def test_hover_takes_the_whole_row(view: TableView, model: TableModel) -> None:
    QTest.mouseMove(view.viewport(), view.visualRect(model.index(2, 3)).center())
    assert view.hovered == 2
    image = view.viewport().grab().toImage()
    y = view.rowViewportPosition(2) + 4
    ratio = image.devicePixelRatio()
    colors = {image.pixelColor(int(x * ratio), int(y * ratio)).name() for x in (5, 300, 800)}
    assert colors == {"#edf3fc"}


def test_the_stretch_column_takes_the_rest(view: TableView, qapp: QApplication) -> None:
    def used() -> int:
        return sum(view.columnWidth(section) for section in range(6))

    assert used() == view.viewport().width()
    view.setColumnWidth(3, 160)
    assert used() == view.viewport().width()
    view.resize(400, 300)
    assert view.columnWidth(2) == 200


def test_a_cut_text_has_a_tooltip(view: TableView, model: TableModel) -> None:
    long = "中国科学院上海微系统与信息技术研究所新能源技术中心" * 3
    model.set_rows([("a", "A-001", long, 4, "ok", (6, 6))])
    assert view._delegate.whole_text(model.index(0, 2)) == long
    assert view._delegate.whole_text(model.index(0, 1)) == ""


def test_totals_stand_under_their_columns(view: TableView, qapp: QApplication) -> None:
    totals = TotalsView(view)
    card = TableCard(view)
    card.add_below(totals)
    totals.set_totals({"no": "合计", "items": "11"})
    card.resize(820, 400)
    card.show()
    qapp.processEvents()
    rect, _side = totals._place(3, COLUMNS[2], 20, 16)
    assert rect.right() == view.columnViewportPosition(3) + view.columnWidth(3) - 12 - 1
    wide, side = totals._place(3, COLUMNS[2], 800, 400)  # over the empty cells after it, up to the next words
    assert (wide.x(), side) == (view.columnViewportPosition(3) + 12, Qt.AlignmentFlag.AlignLeft)
    assert wide.right() == 800 - 1
    assert totals.accessibleName() == "合计  11"


def test_no_reference_to_none_is_lost(view: TableView, qapp: QApplication) -> None:
    """PySide6 6.12 on Python 3.11 loses one with every call that returns None to C++, and dies after some thousands."""
    before = sys.getrefcount(None)
    for _turn in range(200):
        view.viewport().grab()
    assert sys.getrefcount(None) > before - 200


def test_what_totals_leave_out_stands_whole_on_a_line_of_its_own(view: TableView, qapp: QApplication) -> None:
    totals, card = TotalsView(view), TableCard(view)
    card.add_below(totals)
    card.resize(420, 400)
    card.show()
    totals.set_totals({"no": "合计"})
    qapp.processEvents()
    one_line = totals.height()
    note = "不含草稿 1 项、待核对 1 项、作废 1 项；无金额 5 项；意向 4 项 6,500.00 万元另计，不与签约相加"
    totals.set_totals({"no": "合计"}, note)
    qapp.processEvents()
    label = totals._note
    assert (one_line, totals.accessibleName()) == (36, f"合计  {note}")
    assert label.heightForWidth(label.width()) == label.height() > label.fontMetrics().height() * 1.5


def test_a_place_is_found_at_once_and_after_many_questions(model: TableModel) -> None:
    model.sort_by("no", descending=True)
    for _turn in range(12):
        assert [model.place_of(key) for key in "bcax"] == [0, 1, 2, -1]
    model.keep_rows(ROWS[:1])
    assert [model.place_of(key) for key in "bca"] == [-1, -1, 0]


def test_new_rows_and_their_filter_come_with_one_reset(view: TableView, model: TableModel) -> None:
    view.select_id("b")
    resets = QSignalSpy(model.modelReset)
    fresh = [tuple(row) for row in ROWS]
    model.replace_rows(fresh, fresh[1:])
    assert (resets.count(), [row[0] for row in model.rows()], view.current_id()) == (1, ["b", "c"], "b")
    model.keep_rows(None)
    assert model.rowCount() == 3


def test_the_row_chosen_is_the_only_one_even_while_ctrl_is_down(window: QMainWindow) -> None:
    """Ctrl+Enter saves a form: the new row is chosen before the key is let go."""
    view = TableView(TableModel([Column("name", "名称")]), "名单")
    put(window, view)
    view.rows_model.set_rows([(n, f"单位 {n}") for n in range(3)])
    view.select_id(0)
    QTest.keyPress(window, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
    view.select_id(2)
    chosen = view.selected_ids()
    QTest.keyRelease(window, Qt.Key.Key_Control)
    assert (chosen, view.current_id()) == ([2], 2)
