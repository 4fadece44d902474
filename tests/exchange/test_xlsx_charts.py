"""Native charts: they point at the very cells of their table, whatever stands above it."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from expo_app.exchange import excel
from expo_app.rules.colour_tokens import LIGHT
from expo_app.specs.report_data import SheetChart, SheetColumn, SheetTable

COLUMNS = (SheetColumn("类别"), SheetColumn("项数", 10, "count"), SheetColumn("成交额（万元）", 18, "money"))
ROWS = (("开发", 4, Decimal("23545000")), ("转让", 5, Decimal("86500000.01")), ("未填", 1, None))


def made(tmp_path: Path, *charts: SheetChart, rows=ROWS) -> openpyxl.worksheet.worksheet.Worksheet:
    table = SheetTable("T1 合同类别", COLUMNS, rows, ("口径。",), (("合计", 10, Decimal("110045000.01")),), charts)
    excel.write_tables(tmp_path / "t.xlsx", [table], sample=True)
    return openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]


def pointed(sheet: openpyxl.worksheet.worksheet.Worksheet, reference: str) -> list[object]:
    """The values of the cells that a chart names."""
    name, _mark, cells = reference.rpartition("!")
    assert name.strip("'") == sheet.title
    found = sheet[cells.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [cell.value for row in rows for cell in (row if isinstance(row, tuple) else (row,))]


@pytest.mark.parametrize(
    ("shape", "kind"), [("bars", "barChart"), ("columns", "barChart"), ("lines", "lineChart"), ("shares", "pieChart")]
)
def test_a_chart_shows_the_cells_of_its_table(tmp_path: Path, shape: str, kind: str) -> None:
    sheet = made(tmp_path, SheetChart("成交额", (2,), shape=shape))
    (chart,) = sheet._charts
    assert chart.tagname == kind
    (series,) = chart.series
    assert pointed(sheet, series.val.numRef.f) == [2354.5, 8650.000001, None]
    assert pointed(sheet, series.cat.numRef.f if series.cat.numRef else series.cat.strRef.f) == ["开发", "转让", "未填"]
    assert pointed(sheet, series.tx.strRef.f) == ["成交额（万元）"]


def test_several_series_are_named_by_their_headers(tmp_path: Path) -> None:
    sheet = made(tmp_path, SheetChart("两列", (1, 2), rows=2, colours=("cat.it", "plum")))
    (chart,) = sheet._charts
    assert [pointed(sheet, series.tx.strRef.f) for series in chart.series] == [["项数"], ["成交额（万元）"]]
    assert [pointed(sheet, series.val.numRef.f) for series in chart.series] == [[4, 5], [2354.5, 8650.000001]]
    colours = [series.graphicalProperties.solidFill.srgbClr for series in chart.series]
    assert colours == [LIGHT["cat.it"][1:], LIGHT["plum"][1:]]
    assert chart.legend is not None


def test_points_of_one_series_have_their_colours(tmp_path: Path) -> None:
    (chart,) = made(tmp_path, SheetChart("成交额", (2,), colours=("cat.it", "", "plum")))._charts
    points = {point.idx: point.graphicalProperties.solidFill.srgbClr for point in chart.series[0].data_points}
    assert points == {0: LIGHT["cat.it"][1:], 2: LIGHT["plum"][1:]}


def test_charts_stand_beside_the_table_below_each_other(tmp_path: Path) -> None:
    first, second = made(tmp_path, SheetChart("一", (1,)), SheetChart("二", (2,)))._charts
    assert first.anchor._from.col == second.anchor._from.col > len(COLUMNS)
    assert second.anchor._from.row > first.anchor._from.row


def test_a_table_without_rows_has_no_chart(tmp_path: Path) -> None:
    assert made(tmp_path, SheetChart("空", (2,)), rows=())._charts == []


def test_the_same_chart_as_bars_for_screen_and_paper() -> None:
    chart = SheetChart("成交额", (2,), colours=("cat.it",))
    bars = chart.bars(SheetTable("表", COLUMNS, ROWS, charts=(chart,)))
    assert [(bar.label, bar.value, bar.colour) for bar in bars] == [
        ("开发", Decimal("23545000"), "cat.it"), ("转让", Decimal("86500000.01"), ""),
    ]  # fmt: skip
