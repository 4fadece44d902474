"""What is written: exact figures, texts that stay texts, marks, whole files or none."""

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_tables import ZONE, records
from openpyxl.utils import get_column_letter

from expo_app.errors import Cancelled, UserError
from expo_app.exchange import excel
from expo_app.specs import ATTENDEES, BOOTHS, DEALS, SPECS, VENUES, FieldType, RecordSpec
from expo_app.specs.report_data import SheetColumn as Layout
from expo_app.specs.report_data import SheetTable as Table
from tests.lists import plan_of, rows_of

TEXT = (VENUES.field("name"), VENUES.field("address"))
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    '=HYPERLINK("http://x")',
    "\0=1",
    "'=1",
]


def venue_rows(texts: list[str]) -> list[tuple[UUID, str, str]]:
    return [(UUID(int=n), f"馆{n}", text) for n, text in enumerate(texts)]


def test_formula_like_texts_are_texts_in_excel(tmp_path: Path) -> None:
    excel.write(VENUES, venue_rows(DANGEROUS), tmp_path / "a.xlsx", fields=TEXT)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.data_type, cell.value) for cell in cells] == [
        ("s", text.replace("\r", "\n").replace("\0", "")) for text in DANGEROUS
    ]
    assert [bool(cell.quotePrefix) for cell in cells[:-1]] == [text[0] != "\r" for text in DANGEROUS[:-1]]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


REPORTED = (FieldType.REPORTED, FieldType.REPORTED_MONEY)
"""A number, or a text that says how it is meant: the cells are of either kind."""


@pytest.mark.parametrize("spec", [s for s in SPECS.values() if s.writable], ids=lambda s: s.name)
def test_every_column_of_words_is_of_text_format_in_templates_and_exports(tmp_path: Path, spec: RecordSpec) -> None:
    excel.template(spec, tmp_path / "t.xlsx")
    excel.write(spec, [(1,)], tmp_path / "a.xlsx")
    money = (FieldType.MONEY, FieldType.YUAN, FieldType.THOUSANDS)
    numeric = (FieldType.NUMBER, *money, FieldType.DATE, FieldType.MOMENT, *REPORTED)
    asked = {"t.xlsx": [f for f in spec.writable if f.in_excel], "a.xlsx": list(spec.excel_fields)}
    for name, fields in asked.items():
        sheet = openpyxl.load_workbook(tmp_path / name).worksheets[0]
        formats = {
            f.header: sheet.column_dimensions[get_column_letter(n)].number_format
            for n, f in enumerate(fields, 1)
            if f.format or f.type not in numeric
        }
        assert formats == dict.fromkeys(formats, "@")


def test_a_text_too_long_for_a_text_cell_is_of_the_general_format(tmp_path: Path) -> None:
    table = Table("表", (Layout("备注", 40, "long"),), [("3-1",), ("字" * 255,), ("字" * 256,), (2,)])
    excel.write_tables(tmp_path / "a.xlsx", [table])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [sheet[f"A{n}"].number_format for n in range(3, 7)] == ["@", "@", "General", "General"]
    assert {sheet[f"A{n}"].alignment.wrap_text for n in range(3, 7)} == {True}


def test_csv_shows_two_decimals_of_an_amount_or_what_it_needs_and_no_empty_ones_of_a_size(tmp_path: Path) -> None:
    yuan = [Decimal("8000000.00"), Decimal("50000.00"), Decimal("4997250.00"), Decimal("0.01"), Decimal("0.00"), None]
    excel.write_csv(
        DEALS, [(n, amount) for n, amount in enumerate(yuan)], tmp_path / "a.csv", fields=[DEALS.field("amount")]
    )
    area = [Decimal("15.00"), Decimal("100.00"), Decimal("10.50"), None]
    excel.write_csv(BOOTHS, list(enumerate(area)), tmp_path / "b.csv", fields=[BOOTHS.field("area")])
    read = [(tmp_path / name).read_text("utf-8-sig").splitlines()[1:] for name in ("a.csv", "b.csv")]
    assert read == [["800.00", "5.00", "499.725", "0.000001", "0.00", '""'], ["15", "100", "10.5", '""']]


def test_formula_like_texts_stand_behind_an_apostrophe_in_csv(tmp_path: Path) -> None:
    excel.write_csv(VENUES, venue_rows(DANGEROUS), tmp_path / "a.csv", fields=TEXT)
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))[1:]
    assert [row[1][0] for row in rows] == ["\n" if text[0] == "\r" else "'" for text in DANGEROUS]
    read = [row[1] for _number, row in rows_of(VENUES, tmp_path / "a.csv")]
    assert read == [text.replace("\r", "\n").replace("\0", "") for text in DANGEROUS]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_text_is_written_and_read(tmp_path: Path, texts: list[str]) -> None:
    """Control characters and lone surrogates go, line ends become one kind; all else comes back."""
    from expo_app.exchange.xlsx_writer import clean

    excel.write(VENUES, venue_rows(texts), tmp_path / "a.xlsx", fields=TEXT)
    read = [row[1] if len(row) > 1 else "" for _number, row in rows_of(VENUES, tmp_path / "a.xlsx")]
    assert read == [clean(text) for text in texts]


def test_money_is_exact_and_a_figure_too_long_for_a_cell_is_text(tmp_path: Path) -> None:
    yuan = [Decimal("0.01"), Decimal("8600000.00"), Decimal("12345678901.23"), Decimal("9999999999999999.99"), None]
    field = DEALS.field("amount")
    excel.write(
        DEALS, [(n, f"P{n}", y) for n, y in enumerate(yuan)], tmp_path / "a.xlsx", fields=(DEALS.field("title"), field)
    )
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<v>0.000001</v>") == sheet.count("<v>860.00</v>") == sheet.count("<v>1234567.890123</v>") == 1
    rows = rows_of(DEALS, tmp_path / "a.xlsx")
    assert [row[1] for _number, row in rows] == [0.000001, 860.0, 1234567.890123, "999999999999.999999", ""]
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["B3"]
    assert (cell.value, cell.number_format) == (860, "#,##0.00####")


def test_dates_moments_and_words(tmp_path: Path) -> None:
    row = (1, "观众甲", datetime(2018, 11, 29, 1, 30, 15, tzinfo=UTC), True)
    fields = (ATTENDEES.field("person.name"), ATTENDEES.field("registered_at"), ATTENDEES.field("consent"))
    excel.write(ATTENDEES, [row], tmp_path / "a.xlsx", fields=fields, zone=ZONE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["姓名", "登记时间", "同意隐私告知"]
    assert [cell.value for cell in sheet[2]] == ["观众甲", datetime(2018, 11, 29, 9, 30, 15), "是"]  # noqa: DTZ001
    assert sheet["B2"].number_format == "yyyy-mm-dd hh:mm"
    deal = (1, "甲", date(2018, 11, 29))
    excel.write(DEALS, [deal], tmp_path / "b.xlsx", fields=(DEALS.field("title"), DEALS.field("signed_on")))
    cell = openpyxl.load_workbook(tmp_path / "b.xlsx").active["B2"]
    assert (cell.value, cell.number_format) == (datetime(2018, 11, 29), "yyyy-mm-dd")  # noqa: DTZ001


def test_phones_and_codes_are_text_cells_of_text_format(tmp_path: Path) -> None:
    fields = (ATTENDEES.field("person.name"), ATTENDEES.field("person.phone"))
    excel.write(ATTENDEES, [(1, "甲", "013812345678")], tmp_path / "a.xlsx", fields=fields)
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("013812345678", "s", "@")


def test_the_page_is_marked_and_laid_out(tmp_path: Path) -> None:
    rows = [(n, f"馆{n}", "") for n in range(3)]
    excel.write(VENUES, rows, tmp_path / "a.xlsx", fields=TEXT, title="展馆 A&B/C", sample=True, masked=True)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.active
    assert sheet.title == "展馆 A&B C（示例）"
    assert sheet.oddHeader.center.text == "展馆 A&&B/C（示例）"
    assert sheet.oddFooter.left.text is None
    assert (book.properties.category, book.properties.title) == ("示例", "展馆 A&B/C（示例）")
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.dimensions) == ("A2", "A1:B4", "A1:B4")
    assert sheet["A1"].font.b
    assert sheet.column_dimensions["A"].width == 26


def test_a_masked_sheet_changes_nothing_when_it_comes_back(tmp_path: Path) -> None:
    from made_tables import existing

    from expo_app.specs import Outcome

    fields = [f for f in ATTENDEES.writable if f.in_excel]
    rows = records(ATTENDEES, fields, 8)
    masked = [(row[0], *(f.masked(v) for f, v in zip(fields, row[1:], strict=True))) for row in rows]
    excel.write(ATTENDEES, masked, tmp_path / "a.xlsx", fields=fields, zone=ZONE, masked=True)
    note = openpyxl.load_workbook(tmp_path / "a.xlsx").active.oddFooter.left.text
    assert note == "手机与邮箱已遮盖，导入时不会覆盖原值。"
    plan = plan_of(ATTENDEES, tmp_path / "a.xlsx", existing(ATTENDEES, fields, rows))
    assert [(row.outcome, row.record_id) for row in plan.rows] == [(Outcome.SAME, row[0]) for row in rows]


def test_totals_are_passed_over_when_read(tmp_path: Path) -> None:
    fields = (DEALS.field("title"), DEALS.field("amount"))
    rows = [(1, "甲", Decimal("10000.00")), (2, "乙", Decimal("20000.00"))]
    excel.write(DEALS, rows, tmp_path / "a.xlsx", fields=fields, totals={"amount": Decimal("30000.00")})
    plan = plan_of(DEALS, tmp_path / "a.xlsx")
    assert [row.raw for row in plan.rows] == [("甲", 1.0), ("乙", 2.0)]
    assert plan.sheets[0].left_out == ((4, "合计"),)
    assert plan.notes == ("第 4 行是合计，没有当成记录。",)
    last = openpyxl.load_workbook(tmp_path / "a.xlsx").active[4]
    assert [(cell.value, cell.font.b) for cell in last] == [("合计", True), (3, True)]


@pytest.mark.parametrize("write", [excel.write, excel.write_csv])
def test_cancel_leaves_the_old_file_and_nothing_else(write, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("old")
    seen: list[tuple[int, int]] = []

    def progress(n: int, total: int) -> None:
        seen.append((n, total))
        if n >= 1000:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(VENUES, venue_rows(["x"] * 3000), path, fields=TEXT, progress=progress)
    assert seen == [(0, 3000), (500, 3000), (1000, 3000)]
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir() if p.is_file()] == [("a.xlsx", "old")]


@pytest.mark.parametrize("write", [excel.write, excel.write_csv])
def test_a_place_that_cannot_be_written_is_one_sentence(write, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        write(VENUES, venue_rows(["x"]), tmp_path / "missing" / "a.xlsx", fields=TEXT)
    assert refused.value.code == "E-FILE-WRITE"
    assert refused.value.message.startswith("没有写成 a.xlsx：")


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_every_list_can_be_exported_with_all_its_columns(spec: RecordSpec, tmp_path: Path) -> None:
    rows = [(*row, "search text") for row in records(spec, spec.excel_fields, 3)]
    names = {"badge": "PRINTED"}
    rows = [
        (
            row[0],
            *(names.get(f.name, v) if f.format else v for f, v in zip(spec.excel_fields, row[1:-1], strict=True)),
            row[-1],
        )
        for row in rows
    ]
    excel.write(spec, rows, tmp_path / "a.xlsx", zone=ZONE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for cell in sheet[1]] == [f.header for f in spec.excel_fields]
    assert sheet.max_row == 4


@pytest.mark.parametrize("spec", [s for s in SPECS.values() if s.writable], ids=lambda spec: spec.name)
def test_a_template_lists_what_is_read_and_explains_it(spec: RecordSpec, tmp_path: Path) -> None:
    excel.template(spec, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    fields = [f for f in spec.writable if f.in_excel]
    assert book.sheetnames == [spec.title, "填写说明"]
    assert [cell.value for cell in book[spec.title][1]] == [f.header + " *" * bool(f.required) for f in fields]
    assert [row[0].value for row in book["填写说明"].iter_rows(min_row=2)] == [f.header for f in fields]
    plan = plan_of(spec, tmp_path / "a.xlsx")
    assert ([(sheet.name, sheet.rows) for sheet in plan.sheets if sheet.used], plan.rows) == ([(spec.title, 0)], ())
    assert [column.fields for column in plan.columns] == [(field.name,) for field in fields]
    lists = {str(rule.sqref): rule.formula1 for rule in book[spec.title].data_validations.dataValidation}
    wanted = [[c.label for c in f.choices] for f in fields if f.choices] + [
        ["是", "否"] for f in fields if f.type is FieldType.BOOL
    ]
    wanted += [list(f.suggestions()) for f in fields if f.is_closed and f.suggestions]
    assert sorted(lists.values()) == sorted('"' + ",".join(words) + '"' for words in wanted)


def test_an_example_of_the_guide_is_a_value_of_its_column(tmp_path: Path) -> None:
    for spec in SPECS.values():
        for field in spec.writable:
            shown = excel.example(field)
            if shown is not None and field.name != "valid_days":
                assert field.parse(shown, ZONE) is not None


def test_the_guide_of_a_template_speaks_of_the_expos_days(tmp_path: Path) -> None:
    excel.template(SPECS["deals"], tmp_path / "a.xlsx", date(2024, 11, 6))
    said = [row[4].value for row in openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[1]]
    assert "2024-11-06" in said
    assert not [words for words in said if "2018" in str(words)]


@pytest.mark.parametrize(
    ("name", "words", "lists"),
    [
        ("programme", {"item_kinds": ("论坛", "赛事")}, ['"论坛,赛事"']),
        ("achievements", {"achievement_kinds": ("论坛", "赛事")}, []),
    ],
    ids=["closed", "open"],
)
def test_a_template_offers_the_words_of_the_expo(
    name: str, words: dict[str, tuple[str, ...]], lists: list[str], tmp_path: Path
) -> None:
    excel.template(SPECS[name], tmp_path / "a.xlsx", words=words)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rules = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation]
    assert [rule for rule in rules if "赛事" in rule] == lists  # a new word may be written where it is taken in
    assert "论坛、赛事" in [row[3].value for row in book.worksheets[1]]


def test_tables_of_a_report_are_exact(tmp_path: Path) -> None:
    table = Table(
        "分类统计",
        (
            Layout("类别", 20),
            Layout("项数", 8, "count"),
            Layout("成交额（万元）", 14, "money"),
            Layout("占比", 8, "percent"),
        ),
        [("技术开发", 1234, Decimal("12345678.90"), Decimal("0.6134")), ("=其他", 0, None, None)],
        notes=("不含草稿 1 项",),
        totals=(("合计", 1234, Decimal("12345678.90"), Decimal(1)),),
    )
    excel.write_tables(tmp_path / "a.xlsx", [table, table], title="汇总", sample=True)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["分类统计（示例）", "分类统计 2（示例）"]
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == [
        ["分类统计（示例）", None, None, None],
        ["类别", "项数", "成交额（万元）", "占比"],
        ["技术开发", 1234, 1234.56789, 0.6134],
        ["=其他", 0, None, None],
        ["合计", 1234, 1234.56789, 1],
        ["不含草稿 1 项", None, None, None],
    ]
    assert book.active["A4"].data_type == "s"
    assert [book.active[f"{c}3"].number_format for c in "BCD"] == ["#,##0", "#,##0.00####", "0.0%"]
    assert book.active.freeze_panes == "A3"


NASTY = "2018 &P\x1b[31m甲\u202e乙\u200b\x85\udcff & Co"
PLAIN = "2018 &P[31m甲乙 & Co"


def test_what_is_no_text_is_in_no_part_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    table = Table(NASTY, (Layout(NASTY, 20),), [(NASTY,)], notes=(NASTY,), totals=((NASTY,),))
    excel.write_tables(path, [table], title=NASTY)
    excel.template(SPECS["programme"], tmp_path / "t.xlsx", words={"item_kinds": (NASTY, "赛事")})
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert [cell.value for (cell,) in sheet.iter_rows()] == [PLAIN] * 5
    assert (sheet.title, book.properties.title) == (PLAIN.replace("[", " "), PLAIN)
    assert sheet.oddHeader.center.text == PLAIN.replace("&", "&&"), "no page number where a name says &P"
    rules = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0].data_validations.dataValidation
    assert f'"{PLAIN},赛事"' in [rule.formula1 for rule in rules]


def test_nor_of_a_table_as_csv(tmp_path: Path) -> None:
    excel.write_csv(VENUES, [(1, NASTY, "甲\u2028乙")], tmp_path / "a.csv", fields=TEXT)
    lines = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert next(csv.reader(lines[1:])) == [PLAIN, "甲\n乙"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("History", "History 2"),  # Excel repairs a book with that sheet
        ("𬭚" * 20, "𬭚" * 15),
        ("甲" * 30 + "'乙", "甲" * 30),
        ("'=1'", "=1"),
        ("甲" * 300, "甲" * 31),
        ("Payments and milestones overdue at last", "Payments and milestones overdue"),
        ("Technology contracts by category", "Technology contracts by"),
    ],
)
def test_a_sheets_name_is_one_that_excel_takes(name: str, kept: str, tmp_path: Path) -> None:
    excel.write_tables(tmp_path / "a.xlsx", [Table(name, (Layout("列", 20),), [("值",)])], title=name)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [kept]
    assert len(book.active.oddHeader.center.text) < 250
