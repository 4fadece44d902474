"""Files as people send them: titles, merged cells, synonyms, totals, old formats, every encoding."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import xlwt

from expo_app.errors import UserError
from expo_app.exchange import excel, import_plan
from expo_app.model import Channel
from expo_app.specs import ACHIEVEMENTS, ATTENDEES, BIDDERS, BOOTHS, DEALS, EXHIBITORS, PROGRAMME, Existing, Outcome
from expo_app.specs.choices import Choices, SheetChoice
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.people import expo_days
from expo_app.specs.plan import How
from tests.lists import NOTHING, book_of, plan_of, rows_of, tables_of

ZONE = ZoneInfo("Asia/Shanghai")
OF_2018 = Existing(
    (),
    {"rooms": frozenset({"A 会场"})},
    ZONE,
    ExpoFacts("KJH18", date(2018, 11, 28), date(2018, 11, 30), date(2018, 11, 28), False, ZONE),
)


def xlsx(path: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def test_title_rows_merged_header_synonyms_totals_and_wide_digits(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        [
            ["首届长三角科技交易博览会参展商名单"],
            ["制表日期：2018-11-20"],
            [],
            ["序号", "企业 名称", "展位号", "联系人", None, "行业（代码）", "未知列"],
            [None, None, None, "姓名", "手  机*", None, None],
            [1, " 上海星河(集团)有限公司 ", "Ａ０１", "王　芳", 13812345678.0, None, "x"],
            [2, "昆山云图机器人有限公司", None, "李强", "１３９ １２３４ ５６７８", None, None],
            [None, None, None, "赵敏", "13712345678", None, None],
            ["序号", "企业 名称", "展位号", "联系人", None, "行业（代码）", None],
            [None, None, None, None, None, None, None],
            [3, "温州泵业有限公司", None, None, None, None, None],
            ["合计：3 家", None, None, None, None, None, None],
            ["备注：以上名单截至 11 月 20 日", None, None, None, None, None, None],
        ],
        ("A1:G1", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5", "B7:B8"),
    )
    (table,) = tables_of(EXHIBITORS, path)
    assert table.headers == ("序号", "企业 名称", "展位号", "联系人\n姓名", "联系人\n手  机*", "行业（代码）", "未知列")
    assert table.header == (4, 5)
    plan = plan_of(EXHIBITORS, path)
    assert [(row.row, row.outcome) for row in plan.rows] == [
        (6, Outcome.NEW), (7, Outcome.NEW), (8, Outcome.INVALID), (11, Outcome.NEW)
    ]  # fmt: skip
    assert dict(plan.rows[0].values) == {
        "organisation.name": "上海星河（集团）有限公司",
        "booths": "A01",
        "contact.name": "王芳",
        "contact.phone": "+8613812345678",
    }
    assert plan.rows[1].values["contact.phone"] == "+8613912345678"
    assert dict(plan.rows[2].problems) == {"": "与第 7 行重复，只留一行。"}
    assert plan.unknown == ("未知列",)
    assert plan.notes == (
        "第 9 行是重复的表头，没有当成记录。",
        "第 12 行是合计，没有当成记录。",
        "第 13 行是附注，没有当成记录。",
    )


def test_a_company_whose_name_begins_like_a_total_stays(tmp_path: Path) -> None:
    rows = [["单位名称", "联系人"], ["合计算科技有限公司", "王芳"], ["总计软件", "李强"]]
    plan = plan_of(EXHIBITORS, xlsx(tmp_path / "a.xlsx", rows))
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.NEW]
    assert plan.notes == ()


def test_dates_as_text_numbers_and_cells(tmp_path: Path) -> None:
    days = [
        "2018年11月29日",
        "2018/11/29",
        "2018.11.29",
        20181129,
        datetime(2018, 11, 29),  # noqa: DTZ001
        date(2018, 11, 29),
        "２０１８-１１-２９",
        43433,
    ]
    rows = [["项目名称", "签约日期", "金额"], *([f"项目 {n}", day, "1,200.5"] for n, day in enumerate(days))]
    plan = plan_of(DEALS, xlsx(tmp_path / "a.xlsx", rows))
    assert [row.values.get("signed_on") for row in plan.rows] == [date(2018, 11, 29)] * len(days)
    assert {row.values["amount"] for row in plan.rows} == {12_005_000}


def test_the_unit_in_a_money_header_counts(tmp_path: Path) -> None:
    plan = plan_of(
        DEALS, xlsx(tmp_path / "a.xlsx", [["项目名称", "合同金额（元）"], ["甲", 8600000], ["乙", "860万元"]])
    )
    assert [row.values["amount"] for row in plan.rows] == [8_600_000, 8_600_000]
    plan = plan_of(DEALS, xlsx(tmp_path / "b.xlsx", [["项目名称", "合同金额（美元）"], ["甲", 100]]))
    assert dict(plan.rows[0].values) == {"title": "甲", "currency": "USD", "foreign_amount": 100}
    plan = plan_of(DEALS, xlsx(tmp_path / "c.xlsx", [["项目名称", "合同金额（万美元）"], ["甲", 1.2]]))
    assert plan.rows[0].values["foreign_amount"] == 12_000


def test_of_two_columns_of_one_meaning_the_first_is_guessed_and_said(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "联系电话", "手机号码"], ["王芳", "13800000001", "13800000002"]])
    plan = plan_of(ATTENDEES, path)
    assert [dict(row.values) for row in plan.rows] == [{"person.name": "王芳", "person.phone": "+8613800000001"}]
    assert [(column.how, column.why) for column in plan.columns] == [
        (How.NAME, ""),
        (How.GUESS, "另一列也像“手机”，只读这一列"),
        (How.NONE, ""),
    ]
    assert plan.unknown == ("手机号码",)


def test_two_columns_given_one_field_are_not_read_and_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "联系电话", "手机号码"], ["王芳", "13800000001", "13800000002"]])
    given = dict.fromkeys(("联系电话", "手机号码"), ("person.phone",))
    plan = plan_of(ATTENDEES, path, choices=Choices(columns=given))
    assert [dict(row.values) for row in plan.rows] == [{"person.name": "王芳"}]
    assert [bool(column.clash) for column in plan.columns] == [False, True, True]
    assert plan.columns[1].clash.startswith("和第 C 列“手机号码”都是“手机”，两列都没有读。")
    assert set(plan.notes) == {column.clash for column in plan.columns if column.clash}


def test_the_own_title_wins_over_a_synonym(tmp_path: Path) -> None:
    plan = plan_of(
        ATTENDEES, xlsx(tmp_path / "a.xlsx", [["姓名", "联系电话", "手机"], ["王芳", "021-59571234", "13812345678"]])
    )
    assert plan.rows[0].values["person.phone"] == "+8613812345678"
    assert plan.unknown == ("联系电话",)


def test_a_word_with_two_meanings_is_decided_by_its_cells() -> None:
    def field_of(cell: object) -> tuple[str, ...]:
        plan = import_plan.plan(EXHIBITORS, book_of(("单位名称", "展品"), [("甲公司", cell)]), NOTHING)
        return plan.columns[1].fields

    assert (field_of(3.0), field_of("巡检机器人")) == ((), ("exhibits",))


def test_a_formula_without_result_and_an_error_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    xlsx(path, [["姓名", "职务", "备注"], ["王芳", "=A2&1", "#N/A"]])
    plan = plan_of(ATTENDEES, path)
    assert [dict(row.values) for row in plan.rows] == [{"person.name": "王芳"}]
    assert dict(plan.rows[0].notes) == {"职务": "公式没有算出结果。", "备注": "单元格是错误值 #N/A，没有内容可读。"}


def test_a_formula_with_a_result_is_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "备注"], ["王芳", "=1+1"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert sheet.count(b"<v></v>") + sheet.count(b"<v/>") == 1
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v></v>", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    (found,) = tables_of(ATTENDEES, path)
    assert (found.rows, found.notes) == ([(2, ("王芳", 2.0))], ())


def test_every_sheet_with_a_header_is_read_and_no_cover(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["只有一句话"])
    for name, person in (("名单", "王芳"), ("旧名单", "李强")):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "单位"])
        sheet.append([person, "甲"])
    book.save(tmp_path / "a.xlsx")
    plan = plan_of(ATTENDEES, tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.used, sheet.rows) for sheet in plan.sheets] == [
        ("封面", False, 0),
        ("名单", True, 1),
        ("旧名单", True, 1),
    ]
    assert [(row.place, row.raw) for row in plan.rows] == [
        (("名单", 2), ("王芳", "甲")),
        (("旧名单", 2), ("李强", "甲")),
    ]
    assert plan.notes == ("读了 2 张表：名单、旧名单。", "“封面”没有读：不像名单：没有“姓名”列。")
    one = Choices(sheets={"名单": SheetChoice(used=False)})
    plan = plan_of(ATTENDEES, tmp_path / "a.xlsx", choices=one)
    assert [row.place for row in plan.rows] == [("旧名单", 2)]


TABLE = [["姓名", "单位", "备注"], ["王芳", "嘉定，安亭", '说"好"'], ["陈𫖯", "上海", "两\n行"]]
READ = [(2, tuple(TABLE[1])), (3, tuple(TABLE[2]))]


def csv_text(rows: list[list[str]], mark: str = ",") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{mark}"\n') else text

    return "\r\n".join(mark.join(map(cell, row)) for row in rows) + "\r\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ","),
        ("gb18030", ","),
        ("gb18030", "\t"),
        ("utf-16", "\t"),
        ("utf-16-le", ","),
        ("utf-8", ";"),
    ],
)
def test_text_tables_of_every_encoding(encoding: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"  # the name says nothing
    path.write_bytes(csv_text(TABLE, mark).encode(encoding))
    assert rows_of(ATTENDEES, path) == READ


def test_old_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    day = datetime(2018, 11, 29)  # noqa: DTZ001
    for r, row in enumerate([["姓名", "单位", "手机", "参会日期"], ["王芳", "上海", 13812345678, day]]):
        for c, cell in enumerate(row):
            sheet.write(
                r, c, cell, xlwt.easyxf(num_format_str="yyyy-mm-dd") if isinstance(cell, datetime) else xlwt.XFStyle()
            )
    sheet.write_merge(2, 3, 0, 0, "李强")
    sheet.write(2, 1, "甲")
    sheet.write(3, 1, "乙")
    book.save(str(tmp_path / "a.csv"))
    plan = plan_of(ATTENDEES, tmp_path / "a.csv")
    assert [dict(row.values) for row in plan.rows] == [
        {
            "person.name": "王芳",
            "organisation_id": "上海",
            "person.phone": "+8613812345678",
            "valid_days": ["2018-11-29"],
        },
        {"person.name": "李强", "organisation_id": "甲"},
        {"person.name": "李强", "organisation_id": "乙"},
    ]


def ods(rows: list[list[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="名单">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def test_ods(tmp_path: Path) -> None:
    (tmp_path / "a.ods").write_bytes(ods([["姓名", "单位"], ["王芳", "上海"]]))
    (found,) = tables_of(ATTENDEES, tmp_path / "a.ods")
    assert (found.rows, found.sheet) == ([(2, ("王芳", "上海"))], "名单")


def test_no_header_names_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        plan_of(ATTENDEES, xlsx(tmp_path / "a.xlsx", [["只有一句话"]]))
    assert refused.value.code == "E-FILE-HEADER"
    assert "表头应有：证件号、姓名、单位" in refused.value.message


def test_a_fuller_header_further_down_does_not_hide_the_rows_above_it(tmp_path):
    path = tmp_path / "twice.csv"
    lines = [
        "姓名,手机,单位,,",
        "张一,16000000001,甲,,",
        "张二,16000000002,甲,,",
        "姓名,手机,单位,邮箱,职务",
        "张三,16000000003,乙,,",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [row[0] for _number, row in rows_of(ATTENDEES, path)] == ["张一", "张二", "张三"]


@pytest.mark.parametrize("name", ["list.xlsx", "list.XLS", "list.ods"])
def test_a_text_named_like_a_workbook_is_called_a_text(tmp_path: Path, name: str) -> None:
    """Unless it is a table: some programs write CSV under that name."""
    (tmp_path / name).write_text("你好，这不是表格\n只是文字\n", "utf-8")
    with pytest.raises(UserError, match="只是名字像") as refused:
        plan_of(DEALS, tmp_path / name)
    assert refused.value.code == "E-FILE-KIND"
    (tmp_path / name).write_text("项目名称,成交额\n甲,1\n", "utf-8")
    assert plan_of(DEALS, tmp_path / name).headers == ("项目名称", "成交额")


def test_a_list_without_a_header_is_read_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("张三,甲乙科技有限公司,13800000071\n李四,丙丁大学,13800000072\n", "utf-8")
    plan = plan_of(ATTENDEES, path)
    found = [(column.header, column.fields, column.how) for column in plan.columns]
    assert found == [
        ("A", ("person.name",), How.GUESS),
        ("B", ("organisation_id",), How.GUESS),
        ("C", ("person.phone",), How.GUESS),
    ]
    assert [row.values["person.name"] for row in plan.rows] == ["张三", "李四"]
    path.write_text("13,25\n14,26\n", "utf-8")
    with pytest.raises(UserError, match="E-FILE-HEADER"):
        plan_of(ATTENDEES, path)


def test_what_the_contents_of_one_sheet_tell_holds_for_all_of_the_same_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheets = {"安徽": ["合肥", "芜湖"], "浙江": ["待定"]}
    for number, (name, places) in enumerate(sheets.items()):
        sheet = book.create_sheet(name)
        sheet.append(["单位名称", "落户"])
        for n, place in enumerate(places):
            sheet.append([f"第{number}{n}科技有限公司", place])
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    plan = plan_of(EXHIBITORS, tmp_path / "a.xlsx")
    places = {(column.sheet, column.index): column.fields for column in plan.columns if column.index in (1, -1)}
    assert places == {
        ("安徽", 1): ("organisation.region_code",), ("安徽", -1): (),
        ("浙江", 1): ("organisation.region_code",), ("浙江", -1): (),
    }  # fmt: skip


def test_a_museum_alone_in_its_row_is_an_exhibitor(tmp_path: Path) -> None:
    rows = [
        ["参展单位", "地区", "联系人"],
        ["上海示例科技馆", None, None],
        ["上海展区", None, None],
        ["甲公司", "上海", None],
    ]
    plan = plan_of(EXHIBITORS, xlsx(tmp_path / "a.xlsx", rows))
    assert [row.values["organisation.name"] for row in plan.rows] == ["上海示例科技馆", "甲公司"]
    assert [row for row, _why in plan.sheets[0].left_out] == [3]


def test_a_unit_above_the_table_is_read_however_it_is_said(tmp_path: Path) -> None:
    for title, fen in (
        ("成交统计（金额：亿元）", 125_000_000), ("成交统计（亿元）", 125_000_000), ("（以下金额均为元）", "1.25"),
        ("成交一览 单位：万元", 12_500),
    ):  # fmt: skip
        path = tmp_path / "a.csv"
        path.write_text(f"{title},\n项目名称,合同额\n甲,1.25\n", "utf-8")
        (row,) = plan_of(DEALS, path).rows
        assert row.values["amount"] == Decimal(fen), title
    path.write_text("项目名称,合同额(RMB)\n甲,8600000\n合计金额 12 亿元,\n", "utf-8")
    (row,) = plan_of(DEALS, path).rows
    assert row.values["amount"] == Decimal(8_600_000)


def test_surname_and_given_name_are_one_name_in_either_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for lines in ("姓,名\n欧阳,明月\n", "名,姓\n明月,欧阳\n"):
        path.write_text(lines, "utf-8")
        assert [row.values["person.name"] for row in plan_of(ATTENDEES, path).rows] == ["欧阳明月"]


def test_a_number_that_lost_its_digits_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("参展单位,联系人\n甲公司,何平 1.38E+10\n乙公司,徐磊 13800000071；备用：高阳 13800000072\n", "utf-8")
    first, second = plan_of(EXHIBITORS, path).rows
    assert (first.values["contact.name"], first.values.get("contact.phone")) == ("何平", None)
    assert first.refused_fields == {"contact.phone"}
    assert second.companions == ({"name": "高阳", "phone": "+8613800000072"},)
    assert second.notes == {"人员": "还有高阳，记在人员名录里。"}


def test_a_correction_file_says_the_day_that_stood_above_the_rows(tmp_path: Path) -> None:
    rows = [["时间", "活动名称", "会场"], ["11月28日（星期三）", None, None], ["9:30-10:00", "开幕式", "序厅"]]
    plan = plan_of(PROGRAMME, xlsx(tmp_path / "a.xlsx", rows), OF_2018)
    assert plan.rows[0].notes
    excel.correction(plan, tmp_path / "b.xlsx")
    again = plan_of(PROGRAMME, tmp_path / "b.xlsx", OF_2018)
    assert again.rows[0].values["starts_at"] == plan.rows[0].values["starts_at"]


def test_numbers_under_a_header_of_needs_are_no_wishes(tmp_path: Path) -> None:
    rows = [["参展单位", "参展需求", None], [None, "申请面积", "特殊要求"], ["甲公司", 36, "靠近入口"]]
    plan = plan_of(EXHIBITORS, xlsx(tmp_path / "a.xlsx", rows, ("B1:C1", "A1:A2")))
    assert "wants" not in {field for column in plan.columns if column.index == 1 for field in column.fields}


def test_a_currency_in_a_column_of_its_own_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for header in ("币种", "单位"):
        path.write_text(
            f"项目名称,签约金额,{header}\n甲,350,万元人民币\n乙,3500000,元\n丙,1.2,亿元\n丁,5,人民币\n", "utf-8"
        )
        plan = plan_of(DEALS, path)
        amounts = [row.values["amount"] for row in plan.rows]
        assert amounts == [3_500_000, 3_500_000, 120_000_000, 50_000], header
    path.write_text("项目名称,签约金额,币种\n甲,350,万元\n乙,30万,欧元\n丙,30,USD\n", "utf-8")
    good, *foreign = plan_of(DEALS, path).rows
    assert good.values["amount"] == 3_500_000
    kept = [[row.values.get(name) for name in ("amount", "currency", "foreign_amount")] for row in foreign]
    assert kept == [[None, "EUR", 300_000], [None, "USD", 300_000]]
    path.write_text("项目名称,签约金额（元）,币种\n丙,30,USD\n", "utf-8")
    assert plan_of(DEALS, path).rows[0].values["foreign_amount"] == 30


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("120万美元", ["USD", 1_200_000]), ("US$1.2百万", ["USD", 1_200_000]), ("$860", ["USD", 860]),
        ("EUR 50,000.05", ["EUR", Decimal("50000.05")]), ("８００万日元", ["JPY", 8_000_000]), ("￥860", ["CNY", None]),
    ],
)  # fmt: skip
def test_an_amount_in_another_currency_goes_in_as_such(tmp_path: Path, text: str, kept: list[Any]) -> None:
    (row,) = plan_of(DEALS, xlsx(tmp_path / "a.xlsx", [["项目名称", "成交额"], ["甲", text]])).rows
    assert [row.values.get("currency", "CNY"), row.values.get("foreign_amount")] == kept
    assert (row.outcome, row.values.get("amount")) == (Outcome.NEW, 860 if text == "￥860" else None)


@pytest.mark.parametrize(
    ("header", "unit"), [("成交额（万元）", "万元"), ("成交额（千元）", "千元"), ("成交额", ""), ("成交额（元）", "")]
)
def test_a_sign_of_money_without_a_unit_is_yuan_whatever_the_header_says(
    tmp_path: Path, header: str, unit: str
) -> None:
    rows = [["项目名称", header], ["甲", "￥8600000"], ["乙", "￥860万"]]
    first, second = plan_of(DEALS, xlsx(tmp_path / "a.xlsx", rows)).rows
    assert (first.values["amount"], second.values["amount"]) == (8_600_000, 8_600_000)
    said = [f"表头写的是{unit}，“￥8600000”带货币符号、没有写单位，按元读。"] if unit else []
    assert [words for words in first.notes.values() if "符号" in words] == said
    assert "符号" not in "".join(second.notes.values())


def test_columns_of_another_currency_say_what_does_not_go_together(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "项目名称,成交额（万元）,币种,原币金额（万）,汇率,汇率日期,汇率来源\n"
        "甲,852,美元,120,7.1,2018-11-28,中间价\n乙,,,3,7,,\n丙,35,EUR,,,,\n丁,,USD,3,0,,\n戊,,USD,-3,,,\n己,,英磅,3,,,\n",
        "utf-8",
    )
    plan = plan_of(DEALS, path)
    first = plan.rows[0]
    assert (first.values["currency"], first.values["rate"], first.values["rate_source"]) == (
        "USD", Decimal("7.1"), "中间价",
    )  # fmt: skip
    assert [dict(row.problems) for row in plan.rows[:5]] == [
        {},
        {"原币金额（万）": "填了原币金额，要选外币的币种。", "汇率": "人民币没有汇率，去掉汇率或选外币的币种。"},
        {"成交额（万元）": "币种是 EUR，要填原币金额；已折成人民币的，币种选 CNY。"},
        {"汇率": "汇率要大于 0。"},
        {"原币金额（万）": "金额不能小于 0。"},
    ]
    assert "没有“英磅”这个币种" in str({**plan.rows[5].problems, **plan.rows[5].notes})


def test_who_gives_and_who_takes_is_said_by_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("项目名称,甲方（受让方）,乙方/转让方\n甲,买家公司,卖家大学\n", "utf-8")
    (row,) = plan_of(DEALS, path).rows
    assert (row.values["buyers"], row.values["sellers"]) == ("买家公司", "卖家大学")


def test_an_area_beside_several_booths_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("展位号,面积\nA1-A4,36\nB1-B2,6\nC1,36\n", "utf-8")
    areas = {row.values["number"]: row.values.get("area") for row in plan_of(BOOTHS, path).rows}
    assert areas == {"A1": None, "A2": None, "A3": None, "A4": None, "B1": 6, "B2": 6, "C1": 36}


def test_an_organisation_and_a_title_in_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cells = ("示例大学 教授", "示例公司总经理", "Acme Ltd. / CEO", "区投促办")
    path.write_text("姓名,工作单位及职务\n" + "".join(f"王芳{n},{cell}\n" for n, cell in enumerate(cells)), "utf-8")
    rows = plan_of(ATTENDEES, path).rows
    assert [(row.values["organisation_id"], row.values.get("title")) for row in rows] == [
        ("示例大学", "教授"), ("示例公司", "总经理"), ("Acme Ltd.", "CEO"), ("区投促办", None)
    ]  # fmt: skip


def test_a_mail_address_in_a_cell_of_people_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('单位,联系人及方式\n甲公司,"王芳（13800000001，wang@example.cn）"\n', "utf-8")
    (row,) = plan_of(EXHIBITORS, path).rows
    assert (row.values["contact.name"], row.values["contact.phone"], row.values["contact.email"]) == (
        "王芳", "+8613800000001", "wang@example.cn"
    )  # fmt: skip


def test_days_from_one_to_another_are_each_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,参会日期\n甲,11.28-11.30\n乙,11月28日至29日\n丙,2018-11-28、11/30\n", "utf-8")
    days = [row.values["valid_days"] for row in plan_of(ATTENDEES, path).rows]
    assert [expo_days(texts, OF_2018.facts) for texts in days] == [
        ["2018-11-28", "2018-11-29", "2018-11-30"], ["2018-11-28", "2018-11-29"], ["2018-11-28", "2018-11-30"]
    ]  # fmt: skip


def test_a_row_of_units_belongs_to_the_header(tmp_path: Path) -> None:
    rows = [
        ["项目", "合同金额", None, "技术交易额"],
        [None, "万元", "美元", "元"],
        ["甲", 100, None, 500000],
        ["乙", None, 5000, None],
    ]
    plan = plan_of(DEALS, xlsx(tmp_path / "a.xlsx", rows, ("B1:C1",)))
    first, second = plan.rows
    assert (first.values["amount"], first.values["tech_amount"]) == (1_000_000, 500_000)
    assert "amount" not in second.values


def test_a_day_above_the_header_is_that_of_the_first_rows(tmp_path: Path) -> None:
    rows = [
        ["11月28日（周三）", None],
        ["时间", "活动"],
        ["9:30-10:30", "开幕式"],
        ["11月29日（周四）", None],
        ["10:00-11:00", "论坛"],
    ]
    plan = plan_of(PROGRAMME, xlsx(tmp_path / "a.xlsx", rows, ("A1:B1", "A4:B4")), OF_2018)
    assert [row.values["starts_at"].astimezone(ZONE).strftime("%d %H:%M") for row in plan.rows] == [
        "28 09:30",
        "29 10:00",
    ]


def test_a_column_of_numbers_may_hold_the_names_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公司,联系方式\n甲公司,李强/13800000009/q@example.cn\n乙公司,021-59520001（张工）\n", "utf-8")
    first, second = (row.values for row in plan_of(EXHIBITORS, path).rows)
    assert (first["contact.name"], first["contact.phone"], first["contact.email"]) == (
        "李强", "+8613800000009", "q@example.cn"
    )  # fmt: skip
    assert (second["contact.name"], second["contact.phone"]) == ("张工", "+862159520001")


def test_parties_joined_by_an_ampersand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("项目,签约方\n甲,甲公司 & 乙大学\n乙,Smith & Sons Ltd.\n", "utf-8")
    assert [row.values["others"] for row in plan_of(DEALS, path).rows] == ["甲公司、乙大学", "Smith & Sons Ltd."]


def test_hours_are_minutes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("活动名称,时长\n甲,1.5小时\n乙,90分钟\n丙,2 h\n", "utf-8")
    assert [row.values["minutes"] for row in plan_of(PROGRAMME, path, OF_2018).rows] == [90, 90, 120]


def test_people_who_are_counted_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "企业名称,联系人1,电话1,联系人2,电话2\n甲公司,王芳,13800000001,李强,13800000002\n乙公司,赵敏,13800000003,,\n",
        "utf-8",
    )
    first, second = plan_of(EXHIBITORS, path).rows
    assert (first.values["contact.name"], first.values["contact.phone"]) == ("王芳", "+8613800000001")
    assert first.companions == ({"name": "李强", "phone": "+8613800000002"},)
    assert not second.companions


def test_ways_a_result_may_be_had_and_a_bid_comes_in_by_the_words_of_the_trade(tmp_path: Path) -> None:
    ways = ("许可", "合作开发", "作价投资", "转让", "技术入股", "许可、转让", "作价入股/合作；转让", "可许可，可许可")
    rows: list[list[object]] = [["成果名称", "完成单位", "转化方式"], *([f"成果{way}", "甲所", way] for way in ways)]
    plan = plan_of(ACHIEVEMENTS, xlsx(tmp_path / "a.xlsx", rows))
    assert [row.values["transfer_ways"] for row in plan.rows] == [
        ["LICENCE"], ["COOPERATION"], ["INVESTMENT"], ["TRANSFER"], ["INVESTMENT"], ["TRANSFER", "LICENCE"],
        ["TRANSFER", "COOPERATION", "INVESTMENT"], ["LICENCE"],
    ]  # fmt: skip
    rows = [
        ["专场", "号牌", "竞买单位", "参与方式"],
        *(["专场", n, f"单位{n}", how] for n, how in enumerate(("现场", "书面"), 1)),
    ]
    plan = plan_of(BIDDERS, xlsx(tmp_path / "b.xlsx", rows))
    assert [row.values["channel"] for row in plan.rows] == [Channel.ROOM, Channel.WRITTEN]
