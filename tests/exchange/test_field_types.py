"""A kind of column is one object, and a column of a parent is described once."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from expo_app.exchange import excel
from expo_app.exchange.columns import read_column
from expo_app.specs import (
    ATTENDEES,
    EXHIBITORS,
    ORGANISATIONS,
    PEOPLE,
    PROGRAMME,
    Existing,
    Field,
    FieldType,
    RecordSpec,
)
from expo_app.specs.choices import Choices
from expo_app.specs.field_types import as_text

YEAR = FieldType(
    parse=lambda raw, zone, field, days: int(as_text(raw).removesuffix("年")),
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
    column = read_column(ORGANISATIONS, field, ["2018年", 2019.0, None, "去年"], Existing((), {}, None), Choices())
    assert (column.values, list(column.notes), column.refused) == ([2018, 2019, None, None], [3], {3})


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


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("张", "国强"), "张国强"),
        (("Hans", "Müller"), "Hans Müller"),
        (("李", None), "李"),
        (("欧阳", "Ann"), "欧阳 Ann"),
    ],
)
def test_family_and_given_name_make_one(parts: tuple[str | None, ...], name: str) -> None:
    field = PEOPLE.field("name")
    assert field.is_joined
    assert field.type.join is not None
    assert field.parse(field.type.join(parts, None, field, None, None)) == name


def test_only_what_two_columns_can_make_is_joined() -> None:
    joined = [field.name for field in PROGRAMME.writable if field.is_joined]
    assert joined == ["starts_at", "ends_at"]


def test_an_item_that_ends_at_midnight_comes_back_from_excel_as_it_was(tmp_path: Path) -> None:
    field, zone = PROGRAMME.field("ends_at"), ZoneInfo("Asia/Shanghai")
    midnight = datetime(2018, 11, 28, 16, tzinfo=UTC)
    excel.write(PROGRAMME, [(UUID(int=1), midnight)], tmp_path / "items.xlsx", fields=[field], zone=zone)
    cell = openpyxl.load_workbook(tmp_path / "items.xlsx").worksheets[0]["A2"].value
    assert field.parse(cell, zone) == midnight
