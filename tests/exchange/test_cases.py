"""Every file of `cases` through the whole of an import: what its README says must happen is what stands here.

An empty expo, the plan of the file, and where records come in, the records afterwards.
"""

import io
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pypdfium2
import pytest
import xlwt
from sqlalchemy import select

from expo_app import documents
from expo_app.documents.badges import survey_badges
from expo_app.exchange import excel
from expo_app.model import Organisation, Person
from expo_app.services import badges, expos, imports, records
from expo_app.services.expos import ExpoInfo
from expo_app.services.statistics.programme import programme_figures
from expo_app.specs import SPECS, ImportPlan, Outcome, PlanRow
from expo_app.specs.choices import ANY_SHEET, EMPTY, Choices, SheetChoice
from expo_app.specs.plan import How
from expo_app.store.database import Database
from tests.exchange.test_whole_workbook import line, ods_table, text
from tests.factories import make_expo, make_hall, make_room, make_zone, word

CASES = Path(__file__).parent / "cases"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_ONE, SAME, INVALID = Outcome.NEW, Outcome.SAME, Outcome.INVALID
SHORTENED = "被 Excel 缩短过，末几位已经丢失，要重新填写。"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Fair:
    """An empty expo, and what an import makes of a file for it."""

    db: Database
    expo: ExpoInfo

    def plan(self, kind: str, file: str | Path, **decided: Any) -> ImportPlan:
        path = CASES / file if isinstance(file, str) else file
        return documents.plan_import(self.db, self.expo, SPECS[kind], path, Choices(**decided))

    def bring(self, kind: str, file: str | Path, **decided: Any) -> ImportPlan:
        """The same, and written."""
        plan = self.plan(kind, file, **decided)
        imports.apply(self.db, plan, self.expo.id)
        return plan

    def has(self, kind: str, *fields: str) -> list[tuple[Any, ...]]:
        """What stands in the list now, in the order of the values; None for an empty one."""
        spec = SPECS[kind]
        wanted = [spec.field(name) for name in fields]
        rows = records.list_rows(self.db, spec, self.expo.id, wanted, reveal="check")
        return sorted((tuple(None if cell == "" else cell for cell in row[1:-1]) for row in rows), key=repr)

    def bodies(self) -> dict[str, list[str]]:
        """Organisations and their other names."""
        with self.db.reading() as session:
            return {
                name: names or [] for name, names in session.execute(select(Organisation.name, Organisation.aliases))
            }

    def people(self) -> list[tuple[str, str | None]]:
        with self.db.reading() as session:
            return sorted((name, phone) for name, phone in session.execute(select(Person.name, Person.phone)))


def _fair(db: Database, code: str, first: date) -> Fair:
    db.clock = lambda: datetime(first.year, first.month, first.day, 9, tzinfo=SHANGHAI)
    with db.transaction() as session:
        expo = make_expo(session, code=code, starts_on=first, ends_on=first + timedelta(2))
        make_hall(session, expo)
        key = expo.id
    return Fair(db, next(known for known in expos.all_expos(db) if known.id == key))


@pytest.fixture
def fair(db: Database) -> Fair:
    """2018-11-28 to 11-30."""
    return _fair(db, "KJH18", date(2018, 11, 28))


@pytest.fixture
def seventh(db: Database) -> Fair:
    """The 7th edition: 2024-11-13 to 11-15."""
    return _fair(db, "KJH24", date(2024, 11, 13))


def got(plan: ImportPlan, *fields: str) -> list[tuple[Any, ...]]:
    """Row number, outcome, values."""
    return [(row.row, row.outcome, *map(row.values.get, fields)) for row in plan.rows]


def row_of(plan: ImportPlan, number: int) -> PlanRow:
    return next(row for row in plan.rows if row.row == number)


def fields_of(plan: ImportPlan) -> dict[str, tuple[str, ...]]:
    """Header → fields."""
    return {column.header: column.fields for column in plan.columns}


def left_out(plan: ImportPlan) -> dict[int, str]:
    return {row: why for sheet in plan.sheets for row, why in sheet.left_out}


# --- exhibitors ---


def test_exhibitors_tidy_60(fair: Fair) -> None:
    industries = {
        "人工智能": 11, "集成电路": 10, "新能源汽车": 9, "新材料": 8, "高端装备": 7, "生物医药": 6, "节能环保": 6,
        "数字经济": 3,
    }  # fmt: skip
    file = "exhibitors-tidy-60.xlsx"
    plan = fair.plan("exhibitors", file)
    assert (plan.count(NEW_ONE), len(plan.rows)) == (60, 60)
    words = {value.value: value for value in plan.values if value.field == "organisation.industry_id"}
    assert {name: one.rows for name, one in words.items()} == industries
    assert {(one.target, one.may_be_new) for one in words.values()} == {(None, True)}
    with fair.db.transaction() as session:
        word(session, "industries", "health")
    (known,) = [name for (name,) in fair.has("industries", "name")]
    mapped = {"organisation.industry_id": {"生物医药": known, "数字经济": EMPTY}}
    fair.bring("exhibitors", file, new_words=True, values=mapped)
    there = fair.has(
        "exhibitors", "organisation.name", "organisation.short_name", "exhibits", "organisation.industry_id"
    )
    assert len(there) == 60
    assert all(short and exhibits.endswith("核心产品与解决方案") for _name, short, exhibits, _industry in there)
    assert ("宁波凌霄半导体科技有限公司（示例）", "凌霄半导", "集成电路核心产品与解决方案", "集成电路") in there
    assert Counter(industry for *_others, industry in there) == {
        **{name: n for name, n in industries.items() if name not in mapped["organisation.industry_id"]},
        known: 6, None: 3,
    }  # fmt: skip


def test_exhibitors_two_headers(seventh: Fair) -> None:
    file = "exhibitors-two-headers.xlsx"
    plan = seventh.bring("exhibitors", file, new_booths=True)
    assert fields_of(plan) == {
        "序号": (),
        "单位信息 单位全称": ("organisation.name",),
        "单位信息 单位简称": ("organisation.short_name",),
        "单位信息 所在地": ("organisation.region_code",),
        "联系信息 联系人及电话": ("contact.name", "contact.phone"),
        "联系信息 邮箱": ("contact.email",),
        "展位信息 展位号": ("booths",),
        "展位信息 面积（㎡）": (),
        "报名日期": (),
        "产业方向": ("organisation.industry_id",),
        "备注": ("note",),
    }
    assert plan.unknown == ("报名日期",)  # the area is the booth's own: known, and shown alone
    assert left_out(plan) == {35: "合计", 37: "附注", 38: "附注"}
    assert [note for note in plan.notes if "行是" in note] == [
        "第 35 行是合计，没有当成记录。",
        "第 37、38 行是附注，没有当成记录。",
    ]
    assert (plan.count(NEW_ONE), len(plan.rows)) == (30, 30)
    there = {
        row[0]: row[1:]
        for row in seventh.has("exhibitors", "organisation.name", "contact.name", "contact.phone", "booths")
    }
    assert len(there) == 30
    assert there["南京长青半导体科技股份有限公司（示例）"] == ("苗国庆", "+8613800000520", "A1-25、A1-26")
    assert there["广州绿能新材料有限公司（示例）"] == ("冯建华", "+8613800000066", None)
    assert there["浦东同创汽车电子股份有限公司（示例）"] == ("水平", "+8613800000521", "C-006、C-007")
    assert there["无锡凌霄机器人有限公司（示例）"] == ("李子轩", "+8613800000522", "C-027")
    assert there["广州星原机器人（集团）有限公司（示例）"][:2] == ("朱杰", "+8613800000506")
    assert ("李秘书", "+862159528888") in seventh.people()
    assert not any(map(str.isdigit, "".join(name for name, _phone in seventh.people())))
    assert all(phone for _name, phone in seventh.people())


REGIONS = [("上海甲", "310000"), ("江苏乙", "320000"), ("浙江丙", "330000")]


def test_one_sheet_per_region(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "one-sheet-per-region.xlsx")
    assert [(s.name, s.rows, s.used) for s in plan.sheets] == [("上海", 1, True), ("江苏", 1, True), ("浙江", 1, True)]
    assert fair.has("exhibitors", "organisation.name", "organisation.region_code") == REGIONS


def test_one_sheet_per_region_chosen(fair: Fair) -> None:
    chosen = {ANY_SHEET: SheetChoice(used=False), "浙江": SheetChoice(used=True)}
    plan = fair.plan("exhibitors", "one-sheet-per-region.xlsx", sheets=chosen)
    assert [s.used for s in plan.sheets] == [False, False, True]
    assert [row.values["organisation.name"] for row in plan.rows] == ["浙江丙"]


def test_the_name_of_a_sheet_can_fill_the_region(fair: Fair) -> None:
    region = ("organisation.region_code",)
    columns = {"地区": (), "@sheet": region}
    plan = fair.plan("exhibitors", "one-sheet-per-region.xlsx", columns=columns)
    assert {(c.header, c.fields) for c in plan.columns if c.index == -1} == {
        ("（工作表名）", ("organisation.region_code",))
    }
    assert [(r.values["organisation.name"], r.values["organisation.region_code"]) for r in plan.rows] == REGIONS


def test_summary_sheet_first(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "summary-sheet-first.xlsx")
    assert [(s.name, s.used, s.why) for s in plan.sheets] == [
        ("汇总", False, "不像名单：没有“参展单位”列"), ("名单", True, ""),
    ]  # fmt: skip
    assert "“汇总”没有读：不像名单：没有“参展单位”列。" in plan.notes
    assert fair.has("exhibitors", "organisation.name") == [("上海甲",)]


def test_hidden_rows_and_sheet(fair: Fair) -> None:
    file = "hidden-rows-and-sheet.xlsx"
    plan = fair.plan("exhibitors", file)
    assert [(s.name, s.is_hidden, s.used, s.hidden_rows, s.hidden_columns) for s in plan.sheets] == [
        ("旧名单", True, False, (), ()), ("名单", False, True, (3,), (2,)),
    ]  # fmt: skip
    assert plan.notes[2:] == ("隐藏的 1 行没有读：第 3 行。", "隐藏的 1 列没有读。")
    assert got(plan, "organisation.name", "contact.name") == [
        (2, NEW_ONE, "甲有限公司", None), (4, NEW_ONE, "乙有限公司", None), (5, NEW_ONE, "丙有限公司", None),
    ]  # fmt: skip
    kept = fair.plan("exhibitors", file, keeps_hidden=True)
    assert [(row.values["organisation.name"], row.values["contact.name"]) for row in kept.rows] == [
        (f"{name}", "张三") for name in ("甲有限公司", "已取消公司", "乙有限公司", "丙有限公司")
    ]
    both = fair.plan("exhibitors", file, all_sheets=True)
    assert {row.sheet for row in both.rows} == {"旧名单", "名单"}


TOTALS = {3: "合计", 31: "分组标题", 34: "附注"}
"""From which row on what a row is."""


@pytest.mark.parametrize(
    ("kind", "file", "record"),
    [
        ("deals", "total-rows-deals.xlsx", ("真项目", Decimal(1000000))),
        ("exhibitors", "total-rows-exhibitors.xlsx", ("真公司", "张三")),
    ],
)
def test_total_rows(kind: str, file: str, record: tuple[Any, ...], fair: Fair) -> None:
    plan = fair.bring(kind, file)
    assert [row.row for row in plan.rows] == [2]
    rows = left_out(plan)
    assert list(rows) == list(range(3, len(excel.open_book(CASES / file).grids[0].rows) + 1))
    assert {row: rows[row] for row in TOTALS} == TOTALS
    assert sum("没有当成记录" in note for note in plan.notes) == 3
    fields = {"deals": ("title", "amount"), "exhibitors": ("organisation.name", "contact.name")}[kind]
    assert fair.has(kind, *fields) == [record]


def test_section_rows(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "section-rows.xlsx")
    assert left_out(plan) == {2: "分组标题", 4: "分组标题", 6: "合计", 7: "合计", 8: "附注"}
    assert fair.has("exhibitors", "organisation.name", "organisation.region_code") == REGIONS[:2]


def test_english_second_header(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "english-second-header.xlsx")
    assert left_out(plan) == {2: "重复的表头"}
    assert fair.has("exhibitors", "organisation.name", "contact.name") == [("上海甲", "张三")]


def test_transposed(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "transposed.xlsx")
    assert [sheet.is_turned for sheet in plan.sheets] == [True]
    assert fair.has("exhibitors", "organisation.name", "organisation.region_code", "contact.name", "contact.phone") == [
        ("上海甲", "310000", "张三", "+8613800000067"), ("江苏乙", "320000", "李四", "+8613800000068"),
    ]  # fmt: skip


def test_two_contacts(fair: Fair) -> None:
    fair.bring("exhibitors", "two-contacts.xlsx")
    assert fair.people() == [
        ("周八", "+8613800000072"), ("孙七", "+8613800000071"), ("张三", "+8613800000067"), ("李四", "+8613800000068"),
        ("王五", "+8613800000069"), ("赵六", "+8613800000070"),
    ]  # fmt: skip
    assert fair.has("exhibitors", "organisation.name", "contact.name") == [
        ("上海丁", "周八"), ("上海丙", "孙七"), ("上海乙", "王五"), ("上海甲", "张三"),
    ]  # fmt: skip
    again = fair.plan("exhibitors", "two-contacts.xlsx")
    assert [row.outcome for row in again.rows] == [SAME] * 4


def test_name_and_phone(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "name-and-phone.csv")
    assert fields_of(plan)["联系人"] == ("contact.name", "contact.phone")
    assert fair.has("exhibitors", "organisation.name", "contact.name", "contact.phone") == [
        ("上海丁", "孙八", "+8613800000070"), ("上海丙", "孙七", "+8613800000071"),
    ]  # fmt: skip


def test_line_breaks(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "line-breaks.xlsx")
    assert [row.outcome for row in plan.rows] == [NEW_ONE, INVALID, NEW_ONE]
    assert row_of(plan, 3).problems == {"": "与第 2 行重复，只留一行。"}
    names = [name for (name,) in fair.has("exhibitors", "organisation.name")]
    assert [name.replace(" ", "") for name in names] == ["上海乙", "上海甲科技有限公司"]
    assert not any("\n" in name for name in names)


def test_bilingual_header(fair: Fair) -> None:
    plan = fair.plan("exhibitors", "bilingual-header.xlsx")
    assert [(column.header, column.fields, column.how) for column in plan.columns] == [
        ("参展单位 Company", ("organisation.name",), How.NAME),
        ("地区 Region", ("organisation.region_code",), How.NAME),
        ("联系人 Contact", ("contact.name",), How.NAME),
        ("手机 Mobile", ("contact.phone",), How.NAME),
    ]
    fields = ("organisation.name", "organisation.region_code", "contact.name", "contact.phone")
    assert got(plan, *fields) == [(2, NEW_ONE, "上海甲", "310000", "张三", "+8613800000067")]


def test_merged_cells(fair: Fair, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("地区", "参展单位", "联系人"), ("上海", "甲公司", "张甲"), (None, "乙公司", "张乙"), (None, "丙公司", "张丙"),
        ("江苏", "丁公司", "共用人"), (None, "戊公司", None),
    ):  # fmt: skip
        book.active.append(row)
    for cells in ("A2:A4", "A5:A6", "C5:C6"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "merged.xlsx")
    of_ods, of_xlsx = fair.plan("exhibitors", "merged-cells.ods"), fair.plan("exhibitors", tmp_path / "merged.xlsx")
    fields = ("organisation.name", "organisation.region_code", "contact.name")
    assert got(of_ods, *fields) == got(of_xlsx, *fields) == [
        (2, NEW_ONE, "甲公司", "310000", "张甲"), (3, NEW_ONE, "乙公司", "310000", "张乙"),
        (4, NEW_ONE, "丙公司", "310000", "张丙"), (5, NEW_ONE, "丁公司", "320000", "共用人"),
        (6, NEW_ONE, "戊公司", "320000", "共用人"),
    ]  # fmt: skip


# --- faults ---


def _error_xlsx(folder: Path) -> Path:
    return CASES / "error-cells.xlsx"


HEADERS = ("项目名称", "阶段", "类型", "卖方", "买方", "成交额（万元）", "签订日期")
DEAL = ("意向", "技术合同", "示例大学")
FAULTS = (
    ("氢燃料电池项目", *DEAL, "上海甲公司", None, "2018-11-29"), ("项目二", *DEAL, "#REF!", 100, "#N/A"),
    ("项目三", *DEAL, "#VALUE!", 100, "2018-11-29"),
)  # fmt: skip
"""What is in `error-cells.xlsx`; None: a formula that came to nothing."""


def _error_xls(folder: Path) -> Path:
    codes = {"#REF!": 23, "#N/A": 42, "#VALUE!": 15, None: 42}
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for r, row in enumerate((HEADERS, *FAULTS)):
        for c, cell in enumerate(row):
            if cell in codes:
                sheet.row(r).set_cell_error(c, codes[cell])
            else:
                sheet.write(r, c, cell)
    out = io.BytesIO()
    book.save(out)
    path = folder / "error-cells.xls"
    path.write_bytes(out.getvalue())
    return path


def _error_ods(folder: Path) -> Path:
    error = (
        '<table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>{}</text:p></table:table-cell>'
    )

    def cell(value: Any) -> str:
        if value is None or str(value).startswith("#"):
            return error.format(value or "#N/A")
        return text(str(value))

    path = folder / "error-cells.ods"
    path.write_bytes(ods_table("".join(line(*map(cell, row)) for row in (HEADERS, *FAULTS))))
    return path


@pytest.mark.parametrize("saved", [_error_xlsx, _error_xls, _error_ods])
def test_error_cells(saved: Any, fair: Fair, tmp_path: Path) -> None:
    """An amount and a date of a deal keep the row out; a party does not."""
    plan = fair.bring("deals", saved(tmp_path))
    assert [row.outcome for row in plan.rows] == [INVALID, INVALID, NEW_ONE]
    no_result = "公式没有算出结果。"
    named = "单元格是错误值 {}，没有内容可读。".format
    is_computed = saved is not _error_xlsx
    assert row_of(plan, 2).problems == {"成交额（万元）": named("#N/A") if is_computed else no_result}
    assert row_of(plan, 3).problems == {"买方": named("#REF!") if is_computed else no_result, "签订日期": named("#N/A")}
    assert row_of(plan, 4).notes["买方"] == named("#VALUE!")
    assert set(fair.bodies()) == {"示例大学"}
    assert fair.has("deals", "title", "amount", "buyers") == [("项目三", Decimal(1000000), None)]


def test_error_words(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "error-words.csv")
    assert {row.row: row.problems["参展单位"] for row in plan.rows} == {
        2: "单元格是错误值 #REF!，没有内容可读。", 3: "单元格是错误值 ########，没有内容可读。",
        4: "单元格是错误值 #DIV/0!，没有内容可读。", 5: "单元格是错误值 #NAME?，没有内容可读。", 6: "“无”不是名称。",
        7: "“待定”不是名称。", 8: "写的是“同上”，要写全。", 9: "写的是“〃”，要写全。", 10: "“'''”不是名称。",
    }  # fmt: skip
    assert (fair.bodies(), fair.people()) == ({}, [])


def test_long_numbers(fair: Fair) -> None:
    plan = fair.bring("deals", "long-numbers.xlsx")
    lost = "数字超过 15 位，Excel 没有留下末几位，要从原件重抄，并把格子设成文本。"
    assert [(row.outcome, dict(row.notes)) for row in plan.rows] == [
        (NEW_ONE, {"合同编号": lost, "合同登记编号": lost, "备注": lost}),
        (NEW_ONE, {"合同编号": lost, "合同登记编号": lost}),
        (NEW_ONE, {"合同登记编号": "合同登记编号应为 16 位数字（早年 14 位）。", "备注": lost}),
    ]
    assert fair.has("deals", "title", "contract_no", "registry_no", "note") == [
        ("丙", "0.3", None, None), ("乙", None, None, "3.1"), ("甲", None, None, None),
    ]  # fmt: skip


# --- amounts ---


@pytest.mark.parametrize(
    ("file", "told", "amounts"),
    [
        ("unit-in-upper-header.xlsx", "header", {"某项目": 8600000}),
        ("unit-on-first-line-of-cell.xlsx", "header", {"某项目": 8600000}),
        ("unit-in-title-line.xlsx", "above", {"甲": 8600000}),
        ("unit-by-number-format.xlsx", "format", {"甲": 8600000, "乙": Decimal("1234.50")}),
    ],
)
def test_units(file: str, told: str, amounts: Mapping[str, Any], fair: Fair) -> None:
    plan = fair.bring("deals", file)
    assert [(c.unit, c.unit_from) for c in plan.columns if c.fields == ("amount",)] == [("元", told)]
    assert not any("没有写单位" in note for note in plan.notes)
    assert dict(fair.has("deals", "title", "amount")) == amounts


def test_no_unit_anywhere_is_said_once_with_the_largest_amount(fair: Fair) -> None:
    plan = fair.plan("deals", "long-numbers.xlsx")
    assert [note for note in plan.notes if "单位" in note] == ["“金额”没有写单位，按万元读，最大的一笔是 1.00 万元。"]
    decided = fair.plan("deals", "long-numbers.xlsx", units={"金额": "元"})
    assert {row.values["amount"] for row in decided.rows} == {Decimal(1)}
    assert not any("单位" in note for note in decided.notes)


# --- telephone numbers and people ---


@pytest.mark.parametrize(
    ("kind", "file", "phone", "refused", "read"),
    [
        ("exhibitors", "phones-shortened.csv", "contact.phone", [2, 3, 5], {4: "+8613812345678"}),
        (
            "attendees", "phones-shortened-list.xlsx", "person.phone", [4],
            {2: "+862159571234", 3: "+8613800000067"},
        ),
        (
            "attendees", "phones-as-forced-text.csv", "person.phone", [7],
            {n: f"+86138000000{73 + n - 2}" for n in (2, 3, 4, 5, 6)}
            | {8: "+8613800000078", 9: "+8613812345678", 10: "+8613800000079"},
        ),
    ],
)  # fmt: skip
def test_phones(kind: str, file: str, phone: str, refused: list[int], read: Values, fair: Fair, tmp_path: Path) -> None:
    """A number that lost its last digits is refused; its row comes in and asks for care."""
    plan = fair.bring(kind, file)
    assert {row.outcome for row in plan.rows} == {NEW_ONE}
    assert {row.row: row.values[phone] for row in plan.rows if phone in row.values} == read
    assert [row.row for row in plan.rows if row.refused_fields == {phone}] == refused
    assert all(row_of(plan, row).notes["手机"].endswith(SHORTENED) for row in refused)
    name = phone.replace("phone", "name")
    assert fair.people() == sorted((row.values[name], row.values.get(phone)) for row in plan.rows)
    excel.correction(plan, tmp_path / "mended.xlsx")
    mended = openpyxl.load_workbook(tmp_path / "mended.xlsx").worksheets[0]
    assert mended.max_row == 1 + len(refused)


def test_phones_conflated(fair: Fair) -> None:
    """Two of one name whose numbers Excel shortened to the same are two, and nobody gets a number of zeros."""
    for file in ("phones-conflated-a.csv", "phones-conflated-b.csv"):
        plan = fair.bring("attendees", file)
        assert row_of(plan, 2).notes == {"手机": f"“1.38E+10”{SHORTENED}"}
    assert fair.has("attendees", "person.name", "organisation_id", "person.phone") == [
        ("李强", "乙公司", None), ("李强", "甲公司", None),
    ]  # fmt: skip
    assert fair.people() == [("李强", None), ("李强", None)]


def test_landline(fair: Fair) -> None:
    fair.bring("attendees", "landline-a.csv")
    again = fair.plan("attendees", "landline-b.csv")
    assert [row.outcome for row in again.rows] == [SAME]
    assert fair.people() == [("张伟", "+862159571234;ext=8012")]


def test_names_decomposed(fair: Fair) -> None:
    plan = fair.bring("attendees", "names-decomposed.csv")
    assert [row.outcome for row in plan.rows] == [NEW_ONE, INVALID]
    assert row_of(plan, 3).problems == {"": "与第 2 行重复，只留一行。"}
    ((name, phone),) = fair.people()
    assert (name, phone) == (unicodedata.normalize("NFC", "José García"), "+8613800000071")
    badges.issue_all(fair.db, fair.expo.id)
    cards, _held = badges.to_print(fair.db, fair.expo.id, [key for (key,) in _keys(fair, "attendees")])
    assert [card.face()["name"] for card in cards] == [name]
    assert survey_badges(cards, "90x130").problems == ()


def _keys(fair: Fair, kind: str) -> list[tuple[Any]]:
    return [(row[0],) for row in records.list_rows(fair.db, SPECS[kind], fair.expo.id)]


# --- programme ---


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2018, month, day, hour, minute, second, tzinfo=SHANGHAI)


Times = tuple[datetime | None, datetime | None]
OPEN: Times = (None, None)
NO_DAY, NO_TIME = "没有写哪一天", "没有写几点"
USUAL: Times = (at(28, 10, 30), at(28, 11, 30))
TIMES: dict[str, dict[str, tuple[Times, str]]] = {
    "time-range.csv": {
        "开幕式": (USUAL, ""), "论坛": ((at(28, 14), at(28, 15, 30)), ""), "路演": (USUAL, ""),
    },
    "time-dots.csv": {
        "开幕式": (USUAL, ""), "论坛": (USUAL, ""), "周历": (OPEN, "看不懂是哪天几点"),
        "逗号": (OPEN, "时和分之间用冒号"),
        "小时": (OPEN, "只写了小时"), "时区": (USUAL, ""), "时区2": ((None, at(28, 11, 30)), "只认 Z 或 +08:00"),
        "点": (USUAL, ""), "中": (USUAL, ""), "斜": (USUAL, ""),
    },
    "programme-time-cells.xlsx": {
        "时间格": (OPEN, NO_DAY), "文字时间": (OPEN, NO_DAY), "上午": (OPEN, NO_DAY),
        "全角": ((at(28, 9), at(28, 10, 30)), ""), "秒": ((at(28, 9, 0, 30), at(28, 10, 30)), ""),
        "跨夜": ((at(28, 22), at(29, 2)), ""), "二十四": ((at(28, 22), at(29, 0)), ""),
        "展期外": ((at(28, 9, month=12), at(28, 10, month=12)), "不在展期内"), "只有日": (OPEN, NO_TIME),
        "只有开始": ((at(28, 9), None), "按 90 分钟算"), "长": ((at(28, 9), at(30, 17)), ""),
        "中文": ((at(28, 9, 30), at(28, 10, 30)), ""), "中文2": ((at(28, 9), at(28, 14)), ""),
        "月日": ((at(28, 9), at(28, 10)), ""), "范围": ((at(28, 9), at(28, 10, 30)), ""),
        "点": ((at(28, 9), at(28, 10, 30)), ""), "AM": ((at(28, 9), at(28, 14)), ""),
        "数值": ((at(28, 9), at(28, 10, 30)), ""), "时区": ((at(28, 9), at(28, 10, 30)), ""),
    },
}  # fmt: skip
"""File → title → start and end, and what is said where they cannot be known."""


@pytest.mark.parametrize("file", TIMES)
def test_times(file: str, fair: Fair) -> None:
    plan = fair.bring("programme", file)
    read = {row.values["title"]: row for row in plan.rows if row.goes_in}
    assert {title: (row.values.get("starts_at"), row.values.get("ends_at")) for title, row in read.items()} == {
        title: times for title, (times, _said) in TIMES[file].items()
    }
    said = {title: " ".join(row.notes.values()) for title, row in read.items()}
    assert {title: words in said[title] for title, (_times, words) in TIMES[file].items()} == dict.fromkeys(read, True)
    assert {title for title, words in said.items() if words} == {t for t, (_times, w) in TIMES[file].items() if w}
    assert len(fair.has("programme", "title")) == len(TIMES[file])


def test_an_item_that_ends_as_it_begins_is_refused(fair: Fair) -> None:
    plan = fair.plan("programme", "programme-time-cells.xlsx")
    assert [(row.row, row.problems) for row in plan.rows if row.problems] == [(7, {"结束": "结束时间应晚于开始时间。"})]


def test_times_alone_are_read_with_the_day_that_a_column_says(seventh: Fair) -> None:
    with seventh.db.transaction() as session:
        for name in ("主会场", "路演厅", "签约洽谈厅"):
            make_room(session, _expo(session, seventh), name)
    plan = seventh.bring("programme", "programme-day-and-times.xlsx")
    fields = fields_of(plan)
    assert (fields["日期"], fields["开始时间"], fields["结束时间"]) == (
        ("starts_at", "ends_at"), ("starts_at",), ("ends_at",),
    )  # fmt: skip
    assert {row.outcome for row in plan.rows} == {NEW_ONE}
    there = {row[0]: row[1:] for row in seventh.has("programme", "title", "starts_at", "ends_at", "room_id", "host")}
    assert len(there) == 11

    def moment(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2024, 11, day, hour, minute, tzinfo=SHANGHAI)

    assert there["长三角科技成果转化论坛"] == (moment(13, 13, 30), moment(13, 15, 30), "主会场", "东部中心")
    assert there["供需对接会（集成电路）"] == (moment(13, 15, 5), moment(13, 16), "签约洽谈厅", "嘉定区科委")
    assert there["初创企业路演第二场"] == (moment(14, 9, 30), moment(14, 11), "路演厅", "东部中心")
    assert there["闭幕式暨成果发布"] == (moment(15, 14), moment(15, 15), "主会场", "组委会")


def _expo(session: Any, fair: Fair) -> Any:
    from expo_app.model import Expo

    return session.get_one(Expo, fair.expo.id)


def test_same_title_on_two_days(fair: Fair) -> None:
    fair.bring("programme", "same-title-day1.csv")
    second = fair.bring("programme", "same-title-day2.csv")
    assert [row.outcome for row in second.rows] == [NEW_ONE]
    assert fair.has("programme", "title", "starts_at") == [("茶歇", at(28, 10)), ("茶歇", at(29, 10))]
    for file in ("same-title-day1.csv", "same-title-day2.csv"):
        assert [row.outcome for row in fair.plan("programme", file).rows] == [SAME]


@pytest.mark.parametrize(
    ("file", "title", "day"),
    [("item-before-the-expo.csv", "布展", "11-27"), ("item-without-room.csv", "无会场", "11-29")],
)
def test_items_outside_the_days_and_without_a_room_are_printed(
    file: str, title: str, day: str, fair: Fair, tmp_path: Path
) -> None:
    fair.bring("programme", file)
    assert programme_figures(fair.db, fair.expo.id).items.value == 1
    for name in ("programme", "summary"):
        path = tmp_path / f"{name}.pdf"
        documents.write(fair.db, fair.expo, name, path)
        pdf = pypdfium2.PdfDocument(path)
        words = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        assert (title in words, day in words or day.replace("-", " 月 ") in words) == (True, True), (name, words)


# --- parties ---


def test_party_a_party_b(fair: Fair) -> None:
    """Of a technology contract 甲方 commissions: it pays."""
    fair.bring("deals", "party-a-party-b.xlsx")
    assert fair.has("deals", "buyers", "sellers", "amount") == [
        ("委托企业有限公司（示例）", "某某大学", Decimal(1000000))
    ]


def test_parties_in_one_cell(fair: Fair) -> None:
    plan = fair.bring("deals", "parties-in-one-cell.xlsx")
    assert {row.outcome for row in plan.rows} == {NEW_ONE}
    assert fair.has("deals", "title", "others") == [
        (title, "A Co., Ltd.、B Co.,Ltd." if title == "g" else "甲公司、乙公司") for title in "abcdefghi"
    ]
    assert set(fair.bodies()) == {"甲公司", "乙公司", "A Co., Ltd.", "B Co.,Ltd."}


# --- names that are probably the same ---

BODY = "上海嘉氢科技有限公司"
GROUP = "上海嘉氢科技（集团）有限公司"
ENGLISH = "Shanghai Jiaqing Technology Co., Ltd."
SUSPECTS = {
    "上海嘉氢科技有限责任公司": BODY, "上海嘉氢科技公司": BODY, "上海嘉氢科技": BODY, "嘉氢科技": BODY, GROUP: BODY,
    "上海嘉氢科技[集团]有限公司": GROUP, "上海嘉氢科技有限公司（原上海旧名科技有限公司）": BODY,
    "上海嘉氫科技有限公司": BODY, "上海嘉氢科技有限公司。": BODY, "上海嘉氢科技有限公司（本部）": BODY, ENGLISH: BODY,
    "Shanghai Jiaqing Technology Co.,Ltd": ENGLISH, "SHANGHAI JIAQING TECHNOLOGY CO LTD": ENGLISH,
    "上海嘉氢科技股份有限公司": BODY, "上海市嘉氢科技有限公司": BODY, "“嘉氢”科技": BODY, '"嘉氢"科技': BODY,
    "嘉氢—科技": BODY, "嘉氢-科技": BODY,
}  # fmt: skip
"""A spelling in the file → what it is probably the same as."""
REPEATED = {8: 7, 9: 7, 13: 2, 23: 22, 25: 24, 26: 2, 27: 2, 32: 31}
"""A row in the file that differs from another in width, brackets' width and spaces alone → that other."""


def test_organisations_in_31_spellings(fair: Fair) -> None:
    plan = fair.bring("exhibitors", "organisations-in-31-spellings.xlsx")
    assert {pair.file: pair.ours for pair in plan.suspects} == SUSPECTS
    assert {pair.choice for pair in plan.suspects} == {None}
    assert {row.row: row.problems for row in plan.rows if row.outcome is INVALID} == {
        row: {"": f"与第 {other} 行重复，只留一行。"} for row, other in REPEATED.items()
    }
    assert plan.count(NEW_ONE) + len(REPEATED) == len(plan.rows) == 31
    names = {row.values["organisation.name"] for row in plan.rows if row.outcome is NEW_ONE}
    assert set(fair.bodies()) == names
    assert {BODY, *SUSPECTS, "上海嘉氢科技有限公司嘉定分公司", "3M中国"} < names
    assert not any(fair.bodies().values())


def test_spellings_that_somebody_takes_for_the_same_are_kept_where_they_are(fair: Fair) -> None:
    same = {file: BODY for file in SUSPECTS if file not in (GROUP, "上海嘉氢科技[集团]有限公司")}
    plan = fair.bring("exhibitors", "organisations-in-31-spellings.xlsx", same=same)
    there = fair.bodies()
    assert set(there[BODY]) == {*same, "嘉氢－科技"}
    assert {GROUP, "上海嘉氢科技[集团]有限公司"} < set(there)
    assert plan.count(INVALID) == len(REPEATED) + len(same)
    assert len(fair.has("exhibitors", "organisation.name")) == 31 - len(REPEATED) - len(same)
    again = fair.plan("exhibitors", "organisations-in-31-spellings.xlsx", uses_memory=False)
    assert {row.values["organisation.name"] for row in again.rows if row.outcome is SAME} >= {BODY, GROUP}
    assert again.count(NEW_ONE) == 0


# --- booths ---


def test_booths_small_letters(fair: Fair) -> None:
    with fair.db.transaction() as session:
        make_zone(session, _expo(session, fair), "A")
    fair.bring("booths", "booths-small-letters.xlsx")
    assert fair.has("booths", "number") == [("A901",), ("A902",)]
    assert [row.outcome for row in fair.plan("booths", "booths-small-letters.xlsx").rows] == [SAME, SAME]


def test_booth_eaten_by_excel(fair: Fair) -> None:
    with fair.db.transaction() as session:
        make_zone(session, _expo(session, fair), "A")
    plan = fair.bring("booths", "booth-eaten-by-excel.xlsx")
    asked = {row.row: row.problems["展位"] for row in plan.rows if row.outcome is INVALID}
    start = {row: words.partition("。")[0] for row, words in asked.items()}
    assert start == {
        2: "“2018-03-01”多半是 Excel 由 3-1 或 18-3 改成的", 4: "“1.1”多半是 Excel 由 1-1 或 1.10 改成的",
        7: "“100000”多半是 Excel 由 1E5 改成的",
    }  # fmt: skip
    assert fair.has("booths", "number") == [("12",), ("1E5",), ("4-2",)]


@pytest.mark.parametrize("file", sorted(path.name for path in CASES.iterdir() if path.suffix != ".md"))
def test_every_case_has_its_test(file: str) -> None:
    tests = Path(__file__).parent.glob("test_*cases.py")
    assert f'"{file}"' in "".join(path.read_text(encoding="utf-8") for path in tests)


def test_further_people_are_kept_where_the_columns_are_remembered(fair: Fair, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    first = "企业名称,联系人1,电话1,联系人2,电话2\n甲公司,王芳,13800000001,李强,13800000002\n"
    path.write_text(first, "utf-8")
    fair.bring("exhibitors", path)
    path.write_text(f"{first}乙公司,赵敏,13800000003,孙八,13800000004\n", "utf-8")
    fair.bring("exhibitors", path)
    assert [name for name, _phone in fair.people()] == ["孙八", "李强", "王芳", "赵敏"]
