"""A kind of column is one object, and a column of a parent is described once."""

from datetime import date
from pathlib import Path
from threading import Thread
from uuid import UUID

import openpyxl
import pytest

from expo_app.exchange import excel
from expo_app.exchange.columns import read_column
from expo_app.specs import ATTENDEES, EXHIBITORS, ORGANISATIONS, PEOPLE, Existing, Field, FieldType, RecordSpec
from expo_app.specs.field_types import as_text

YEAR = FieldType(
    parse=lambda raw, zone, field: int(as_text(raw).removesuffix("年")),
    show=lambda value, zone, field: f"{value} 年",
    is_number=True,
    sheet="int",
    guide=lambda field: "四位年份",
    example=lambda day: str(day.year),
)


def test_a_new_kind_of_column_is_one_object(tmp_path: Path) -> None:
    field = Field("founded", "成立年份", type=YEAR)
    assert (field.parse("2018年"), field.display(2018), field.is_number) == (2018, "2018 年", True)
    excel.write(ORGANISATIONS, [(UUID(int=1), 2018)], tmp_path / "years.xlsx", fields=[field])
    cell = openpyxl.load_workbook(tmp_path / "years.xlsx").worksheets[0]["A2"]
    assert (cell.value, cell.number_format, excel.example(field, date(2018, 11, 29))) == (2018, "0", "2018")
    column = read_column(ORGANISATIONS, field, "成立年份", ["2018年", 2019.0, None, "去年"], Existing((), {}, None))
    assert (column.values, list(column.problems)) == ([2018, 2019, None, None], [3])


@pytest.mark.parametrize(
    ("child", "through", "parent"),
    [(EXHIBITORS, "organisation", ORGANISATIONS), (EXHIBITORS, "contact", PEOPLE), (ATTENDEES, "person", PEOPLE)],
)
def test_a_child_takes_its_parents_columns_over(child: RecordSpec, through: str, parent: RecordSpec) -> None:
    taken = [field for field in child.fields if field.name.startswith(f"{through}.")]
    same = ("type", "max_length", "choices", "check", "format", "suggestions", "mask", "ref")
    assert taken
    for field in taken:
        own = parent.field(field.name.partition(".")[2])
        assert [getattr(field, name) for name in same] == [getattr(own, name) for name in same], field.name


def test_threads_join_one_table() -> None:
    """Each thread once made an alias of its own where two came first together: the same table joined twice."""
    found: list[object] = []
    threads = [Thread(target=lambda: found.append(EXHIBITORS.parent_table("organisation"))) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(table) for table in found}) == 1
