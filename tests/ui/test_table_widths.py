"""Widths go by content: numbers, codes, dates and states are never cut, texts share the rest, the least needed go."""

import pytest
from PySide6.QtWidgets import QApplication

from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.kit.table_widths import measure

NAMES = ("石天", "欧阳雪晴")
LONG = "中国科学院上海微系统与信息技术研究所新能源技术中心（示例）"
COLUMNS = [
    Column("no", "证件号"),
    Column("name", "姓名"),
    Column("where", "单位", 100, stretch=True),
    Column("state", "胸卡", kind="pill", tone=lambda _value: "ok"),
    Column("at", "打印时间"),
    Column("money", "成交额（万元）", kind="number", role="strong"),
]
ROWS = [
    (n, f"KJH18-{'WEV'[n % 3]}-{n:05}", NAMES[n % 2], LONG[n % 9 :], "已领取", "11-27 14:00", f"{n * 977:,}.00")
    for n in range(600)
]


@pytest.fixture
def view(qapp: QApplication) -> TableView:
    made = TableView(TableModel(COLUMNS, ROWS, checkable=True), "名单")
    made.set_giving_way(["at", "name"])
    made.resize(900, 300)
    made.show()
    qapp.processEvents()
    made.fit()
    return made


def cut(view: TableView, names: set[str]) -> set[str]:
    """Columns of these names that cut a word of theirs, wherever the row."""
    model = view.rows_model
    return {
        column.name
        for section, column in enumerate(model.columns)
        if column.name in names
        and not view.isColumnHidden(section)
        and any(view._delegate.whole_text(model.index(row, section)) for row in range(model.rowCount()))
    }


def hidden(view: TableView) -> list[str]:
    return [column.name for n, column in enumerate(view.rows_model.columns) if view.isColumnHidden(n)]


def test_one_long_word_among_many_does_not_take_the_room_of_all(qapp: QApplication) -> None:
    names = ["石天"] * 300 + [LONG]
    need, wide = (measure(Column("where", "单位", stretch=stretch), names) for stretch in (False, True))
    assert (need.usual, need.most) == (wide.usual, need.usual * 3 // 2)
    assert need.most * 3 < wide.most


def test_a_rare_wide_code_is_seen(qapp: QApplication) -> None:
    """Every shape of a code is measured, not only those of the rows sampled."""
    rare = ["I-1"] * 1203 + ["WWWWWW-00001"]
    assert measure(Column("no", "证件号"), rare).least == measure(Column("no", "证件号"), rare[-1:]).least


def test_no_number_code_date_or_state_is_cut(view: TableView, qapp: QApplication) -> None:
    firm = {"no", "state", "at", "money"}
    for width in (1400, 900, 700, 560, 420):
        view.resize(width, 300)
        qapp.processEvents()
        assert cut(view, firm) == set()
    view.resize(1400, 300)
    assert cut(view, firm | {"name", "where"}) == set()
    assert sum(view.columnWidth(n) for n in range(7)) == view.viewport().width()


def test_what_does_not_fit_is_left_out_and_comes_back(view: TableView, qapp: QApplication) -> None:
    told: list[list[str]] = []
    view.folded.connect(lambda: told.append(view.hidden_labels()))
    for width, gone in ((960, []), (780, ["at"]), (660, ["name", "at"]), (960, [])):
        view.resize(width, 300)
        qapp.processEvents()
        assert hidden(view) == gone
    assert told == [["打印时间"], ["姓名", "打印时间"], []]


def test_a_width_the_person_drew_stays(view: TableView, qapp: QApplication) -> None:
    view.horizontalHeader().resizeSection(2, 90)
    view.rows_model.set_rows([*ROWS, (999, "KJH18-E-00999", LONG, LONG, "已领取", "11-27 14:00", "0.00")])
    view.fit()
    assert view.columnWidth(2) == 90
    view.fit(afresh=True)
    assert view.columnWidth(2) != 90


def test_columns_grow_with_new_rows_and_do_not_jump_back(view: TableView) -> None:
    before = view.columnWidth(6)
    view.rows_model.set_rows([(1, "KJH18-E-00001", "石天", LONG, "已领取", "11-27 14:00", "9,123,456,789.00")])
    view.fit()
    wide = view.columnWidth(6)
    view.rows_model.set_rows(ROWS[:3])
    view.fit()
    assert before < wide == view.columnWidth(6)
