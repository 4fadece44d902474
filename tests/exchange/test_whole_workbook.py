"""A workbook read whole: every sheet, and what stands in it beside the values, in every format alike."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlwt

from expo_app.errors import UserError
from expo_app.exchange import input_limits, table_reader
from expo_app.exchange.number_units import unit_of
from expo_app.exchange.sheet_marks import Fault, is_fault
from expo_app.exchange.table_reader import Grid, grids, pasted


def read(data: bytes) -> tuple[Grid, ...]:
    return grids(data, input_limits.inspect(data))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(rows: list[list[Any]]) -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book, book.active


def with_part(data: bytes, name: str, *changes: tuple[str, str]) -> bytes:
    """The archive with texts of one part replaced, each of which must be there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in archive.namelist():
            content = archive.read(part)
            for old, new in changes if part == name else ():
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            changed.writestr(part, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LIST = [["单位", "地区", "电话"], ["甲", "上海", "1"], ["乙", "江苏", "2"], ["丙", "浙江", "3"]]


def cells(sheet: Grid) -> list[list[Any]]:
    return [row for _number, row in sheet.rows]


# Sheets ---------------------------------------------------------------------------------------------------------------


def test_every_sheet_in_its_order_hidden_and_empty_ones_too() -> None:
    book, first = xlsx([["单位"], ["甲"]])
    first.title = "上海"
    book.create_sheet("空")
    for name, state in (("旧", "hidden"), ("更旧", "veryHidden")):
        sheet = book.create_sheet(name)
        sheet.append([name])
        sheet.sheet_state = state
    book.create_chartsheet("图")
    found = read(saved(book))
    assert [(one.sheet, one.is_hidden, len(one.rows), one.width) for one in found] == [
        ("上海", False, 2, 1),
        ("空", False, 0, 0),
        ("旧", True, 1, 1),
        ("更旧", True, 1, 1),
    ]
    assert {one.sheets for one in found} == {("上海", "空")}


def test_hidden_sheets_of_xls_and_ods() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, visibility in (("名单", 0), ("旧", 1), ("更旧", 2)):
        sheet = book.add_sheet(name)
        sheet.visibility = visibility
        sheet.write(0, 0, name)
    assert [(one.sheet, one.is_hidden) for one in read(saved(book))] == [("名单", False), ("旧", True), ("更旧", True)]
    found = read(
        ods(
            f'<table:table table:name="名单">{line(text("甲"))}</table:table>'
            f'<table:table table:name="旧" table:style-name="ta2">{line(text("乙"))}</table:table>',
            '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
            "</style:style>",
        )
    )
    assert [(one.sheet, one.is_hidden, cells(one)) for one in found] == [
        ("名单", False, [["甲"]]),
        ("旧", True, [["乙"]]),
    ]


def test_a_sheet_over_the_limits_does_not_take_the_others_with_it() -> None:
    book, first = xlsx([["单位"], ["甲"]])
    book.create_sheet("宽").append(list(range(300)))
    whole, wide = read(saved(book))
    assert (cells(whole), whole.refused) == ([["单位"], ["甲"]], "")
    assert (wide.rows, wide.refused) == ([], "表格有 300 列，最多 200 列。没有导入任何内容。删去不用的列再导入。")
    first.delete_rows(1, 2)
    with pytest.raises(UserError) as refused:
        read(saved(book))
    assert refused.value.code == "E-FILE-COLUMNS"


def test_a_text_is_one_sheet() -> None:
    (only,) = read("单位,地区\n甲,上海\n".encode())
    assert (cells(only), only.sheet, only.is_hidden) == ([["单位", "地区"], ["甲", "上海"]], "", False)


# Hidden rows and columns ----------------------------------------------------------------------------------------------


def test_rows_hidden_by_a_filter_and_columns_hidden_by_hand() -> None:
    book, sheet = xlsx([*LIST, [], ["丁"]])
    sheet.auto_filter.ref = "A1:C4"
    sheet.auto_filter.add_filter_column(1, ["上海", "浙江"])
    for row in (3, 5):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions.group("C", "XFD", hidden=True)
    (found,) = read(saved(book))
    assert (found.hidden_rows, found.hidden_columns) == ({3}, {2})
    assert len(found.rows) == 5


@pytest.mark.parametrize("spelling", ["hidden='true'", 'hidden = "1"'])
def test_rows_without_numbers_and_other_spellings(spelling: str) -> None:
    data = saved(xlsx(LIST)[0])
    rows = (('<row r="2">', "<row>"), ('<row r="3">', f"<row {spelling}>"))
    (found,) = read(with_part(data, SHEET, *rows))
    assert found.hidden_rows == {3}


def test_names_with_a_prefix_as_some_programs_write_them() -> None:
    book, sheet = xlsx([*LIST, ["#REF!"]])
    sheet.row_dimensions[3].hidden = True
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(SHEET).decode()
    prefixed = content.replace("</", "<\0").replace("<", "<x:").replace("<x:\0", "</x:").replace("xmlns=", "xmlns:x=")
    (found,) = read(with_part(data, SHEET, (content, prefixed)))
    assert found.hidden_rows == {3}
    assert found.rows[-1] == (5, [Fault("#REF!"), "", ""])
    assert isinstance(found.rows[-1][1][0], Fault)


def test_hidden_rows_are_found_wherever_the_pieces_end() -> None:
    """The sheet is searched in pieces of one megabyte."""
    hidden = set(range(7, 60_000, 7))
    rows = "".join(
        f'<row r="{n}" spans="1:1"{" hidden=" + chr(34) + "1" + chr(34) if n in hidden else ""}>'
        f'<c r="A{n}" t="e"><v>#N/A</v></c><c r="B{n}" t="str"><v>{"甲" * (n % 13)}x</v></c></row>'
        for n in range(1, 60_001)
    )
    data = saved(xlsx([["x"]])[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(SHEET).decode()
    start, end = content.index("<sheetData>") + 11, content.index("</sheetData>")
    (found,) = read(with_part(data, SHEET, (content[start:end], rows)))
    assert found.hidden_rows == hidden
    assert all(isinstance(row[0], Fault) for row in cells(found))
    assert len(found.rows) == 60_000


def test_hidden_rows_and_columns_of_xls() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for r, row in enumerate(LIST):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    (found,) = read(saved(book))
    assert (found.hidden_rows, found.hidden_columns, cells(found)) == ({3}, {1}, LIST)


# Faults ---------------------------------------------------------------------------------------------------------------

CODES = ["#REF!", "#DIV/0!", "#NAME?", "#N/A", "#VALUE!", "#NUM!", "#NULL!"]


def faults(sheet: Grid) -> dict[tuple[int, int], str]:
    return {(n, c): str(cell) for n, row in sheet.rows for c, cell in enumerate(row) if isinstance(cell, Fault)}


def test_errors_of_xlsx() -> None:
    book, sheet = xlsx([["单位", *CODES], ["甲", "=A1"], ["=1/0"]])
    (found,) = read(saved(book))
    errors = {(1, column): code for column, code in enumerate(CODES, 1)}
    assert faults(found) == {**errors, (2, 1): "=", (3, 0): "="}
    sheet["AD9"] = "#REF!"  # a row and columns of nothing else
    (found,) = read(saved(book))
    assert (found.rows[-1][0], found.width, faults(found)[9, 29]) == (9, 30, "#REF!")


def test_a_formula_that_came_to_nothing_is_no_fault() -> None:
    data = saved(xlsx([["单位", "备注"], ["甲", '=""']])[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        empty = "<v/>" if b"<v/>" in archive.read(SHEET) else "<v></v>"
    kept = with_part(data, SHEET, ('<c r="B2">', '<c r="B2" t="str">'), (empty, "<v></v>"))
    (found,) = read(kept)
    assert cells(found)[1] == ["甲", ""]
    (found,) = read(with_part(data, SHEET, ('<c r="B2">', '<c r="B2" t="e">'), (empty, "<v>#N/A</v>")))
    assert faults(found) == {(2, 1): "#N/A"}


def test_errors_of_xls() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    sheet.write(0, 0, "单位")
    for column, code in enumerate((23, 7, 29, 42, 15, 36, 0), 1):
        sheet.row(0).set_cell_error(column, code)
    (found,) = read(saved(book))
    assert faults(found) == {(1, column): code for column, code in enumerate(CODES, 1)}


def test_errors_of_ods() -> None:
    error = (
        '<table:table-cell{} table:formula="of:=[.A1]&gt;1" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>{}</text:p></table:table-cell>'
    )
    kept = '<table:table-cell table:formula="of:=1" office:value-type="string"><text:p>#N/A</text:p></table:table-cell>'
    uncomputed = '<table:table-cell table:formula="of:=A1"/>'
    empty = '<table:table-cell table:formula="of:=A1" office:value-type="string" office:string-value=""/>'
    (found,) = read(
        ods_table(
            line(text("单位"), error.format("", "#REF!"), error.format("", "Err:502"), kept, uncomputed, empty)
            + '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
            + line(text("甲"), error.format(' table:number-columns-repeated="2"', "#DIV/0!"))
        )
    )
    assert faults(found) == {
        (1, 1): "#REF!", (1, 2): "Err:502", (1, 3): "#N/A", (1, 4): "=", (4, 1): "#DIV/0!", (4, 2): "#DIV/0!"
    }  # fmt: skip


@pytest.mark.parametrize("cell", [*CODES, "#SPILL!", " #n/a ", "########", "Err:502", Fault("=")])
def test_what_is_a_fault(cell: str) -> None:
    assert is_fault(cell)


@pytest.mark.parametrize("cell", ["", "#", "#1", "=", "N/A", "#REF!公司", "＃号", 1.0, None, date(2018, 11, 29)])
def test_what_is_none(cell: Any) -> None:
    assert not is_fault(cell)


def test_more_faults_than_are_kept_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expo_app.exchange.sheet_marks.MAX_FAULTS", 3)
    (found,) = read(saved(xlsx([["单位", *CODES]])[0]))
    assert len(faults(found)) == 3
    assert len(found.notes) == 1
    assert "其余按空白读" in found.notes[0]


def test_an_xls_whose_marks_cannot_be_known_is_read_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlrd

    def fail(**_given: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(xlrd, "open_workbook", fail)
    monkeypatch.setattr(table_reader, "_parse_in_child", table_reader.parse)
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("名单").write(0, 0, "单位")
    (found,) = read(saved(book))
    assert cells(found) == [["单位"]]
    assert [note[:8] for note in found.notes] == ["看不出这个文件里"]


# Units ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ('"￥"#,##0.00', "元"),
        ("¥#,##0", "元"),
        ("[$¥-804]#,##0.00;[Red]-[$¥-804]#,##0.00", "元"),
        ('_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ', "元"),
        ("[$CNY] #,##0", "元"),
        ('General"元"', "元"),
        ('[DBNum2][$-804]General"元整"', "元"),
        ('#,##0"万元"', "万元"),
        ('0.00"千元"', "千元"),
        ("#,##0.00\\亿", "亿元"),
        # shown divided: the number itself is in 元
        ('0!.0,"万"', "元"),
        ('0!.0000"万元"', "元"),
        ('0"."0,"万元"', "元"),
        ("0!.0,", "元"),
        ('#,##0,"千元"', "元"),
        ('[>=10000]0!.0,"万";0', "元"),
        ('"$"#,##0.00_);("$"#,##0.00)', "美元"),
        ("[$$-409]#,##0", "美元"),
        ("[$USD] 0.00", "美元"),
        ('0"万美元"', "万美元"),
        ("[$HK$-C04]#,##0", "港元"),
        ("[$$-404]#,##0", "新台币"),
        ("[$¥-411]#,##0", "日元"),
        ('#,##0.00 "€"', "欧元"),
        ("[$R$-416] #,##0", "R$"),
        ("General", None),
        ("#,##0.00_);(#,##0.00)", None),
        ("0.00%", "%"),
        ("0.00E+00", None),
        ("@", None),
        ('0"家"', None),
        ('0"万人"', None),
        ('yyyy"年"m"月"d"日"', None),
        ("[$-804]aaaa", None),
        ("#,##0,", None),
    ],
)
def test_what_a_number_format_says(code: str, unit: str | None) -> None:
    assert unit_of(code) == unit


MONEY = [["项目", "金额", "金额", "金额", "家数"], *([f"项目{n}", n, n, n, n] for n in range(1, 6))]
FORMATS = {2: '"￥"#,##0.00', 3: '#,##0"万元"', 4: "[$USD] 0.00"}
UNITS = {1: "元", 2: "万元", 3: "美元"}


def test_units_of_xlsx_are_those_of_most_numbers() -> None:
    book, sheet = xlsx(MONEY)
    for column, code in FORMATS.items():
        for row in range(2, 7 - column // 4 * 2):  # three of the five dollars
            sheet.cell(row, column).number_format = code
    sheet.cell(2, 5).number_format = FORMATS[2]
    (found,) = read(saved(book))
    assert found.units == UNITS
    sheet.cell(2, 4).number_format = "General"
    assert 3 not in read(saved(book))[0].units


def test_the_built_in_currency_is_that_of_whoever_opens_the_file() -> None:
    book, sheet = xlsx([["金额"], [1]])
    sheet["A2"].number_format = '"$"#,##0.00_);("$"#,##0.00)'
    assert read(saved(book))[0].units == {}


def test_units_of_xls() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for r, row in enumerate(MONEY):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell, xlwt.easyxf(num_format_str=FORMATS[c + 1] if r and c + 1 in FORMATS else "General"))
    assert read(saved(book))[0].units == UNITS


# .ods -----------------------------------------------------------------------------------------------------------------


def text(words: str, attributes: str = "") -> str:
    return f'<table:table-cell{attributes} office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def number(value: int, attributes: str = "", kind: str = "float") -> str:
    return (
        f'<table:table-cell{attributes} office:value-type="{kind}" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def line(*found: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{''.join(found)}</table:table-row>"


def ods(tables: str, styles: str = "") -> bytes:
    names = {
        "office": "office:1.0", "table": "table:1.0", "text": "text:1.0", "style": "style:1.0",
        "number": "datastyle:1.0",
    }  # fmt: skip
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}"' for name, urn in names.items())
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods_table(rows: str, styles: str = "") -> bytes:
    return ods(f'<table:table table:name="名单">{rows}</table:table>', styles)


def test_merged_cells_of_ods_are_those_of_xlsx() -> None:
    book, sheet = xlsx([["地区", "单位", "电话"], ["上海", "甲", "1"], [None, "乙", "2"], ["江苏", "丙", None]])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B4:C4")
    (of_xlsx,) = read(saved(book))
    covered = "<table:covered-table-cell/>"
    (of_ods,) = read(
        ods_table(
            line(text("地区"), text("单位"), text("电话"))
            + line(
                text("上海", ' table:number-columns-spanned="1" table:number-rows-spanned="2"'), text("甲"), text("1")
            )
            + line(covered, text("乙"), text("2"))
            + line(text("江苏"), text("丙", ' table:number-columns-spanned="2" table:number-rows-spanned="1"'), covered)
        )
    )
    assert set(of_ods.merged) == set(of_xlsx.merged) == {((1, 0), (2, 0)), ((3, 1), (3, 2))}
    assert of_ods.rows == of_xlsx.rows


def test_hidden_rows_and_columns_of_ods() -> None:
    column = '<table:table-column table:number-columns-repeated="{}" table:visibility="{}"/>'
    rows = [line(*map(text, row)) for row in LIST]
    rows[2] = rows[2].replace("<table:table-row", '<table:table-row table:visibility="filter"')
    rows[3] = rows[3].replace(
        "<table:table-row", '<table:table-row table:number-rows-repeated="2" table:visibility="collapse"'
    )
    (found,) = read(
        ods_table(column.format(1, "visible") + column.format(1, "collapse") + "".join(rows) + line(text("丁")))
    )
    assert [n for n, _row in found.rows] == [1, 2, 3, 4, 5, 6]
    assert (found.hidden_rows, found.hidden_columns) == ({3, 4, 5}, {1})


def test_units_of_ods() -> None:
    styles = (
        '<number:currency-style style:name="N1"><number:currency-symbol number:language="zh" number:country="CN">￥'
        '</number:currency-symbol><number:number number:decimal-places="2"/></number:currency-style>'
        '<number:number-style style:name="N2"><number:number number:grouping="true"/><number:text>万元</number:text>'
        "</number:number-style>"
        '<number:number-style style:name="N3"><number:number number:display-factor="1000">'
        '<number:embedded-text number:position="1">.</number:embedded-text></number:number>'
        "<number:text>万</number:text></number:number-style>"
    ) + "".join(
        f'<style:style style:name="ce{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in (1, 2, 3)
    )
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="ce2"/>'
    row = line(
        number(1, ' table:style-name="ce1"'),
        number(2),
        number(3, ' office:currency="USD"', "currency"),
        number(4, ' table:style-name="ce3"'),
        number(5),
    )
    (found,) = read(ods_table(columns + line(*(text("金额") for _n in range(5))) + row * 3, styles))
    assert found.units == {0: "元", 1: "万元", 2: "美元", 3: "元"}


# Pasted text ----------------------------------------------------------------------------------------------------------


def test_cells_copied_from_a_spreadsheet() -> None:
    copied = '姓名\t备注\r\n王芳\t"两\n行，说""好"""\r\n"甲"公司\t18" 屏\r\n"未闭\t=1\r\n\t\r\n李\t"q"\r\n'
    assert pasted(copied).rows == [
        (1, ["姓名", "备注"]),
        (2, ["王芳", '两\n行，说"好"']),
        (3, ['"甲"公司', '18" 屏']),
        (4, ['"未闭', "=1"]),
        (6, ["李", '"q"']),
    ]


def test_a_pasted_text_without_tabs_is_read_as_a_file_is() -> None:
    assert cells(pasted('姓名,单位\n王芳,"甲,乙"\n')) == [["姓名", "单位"], ["王芳", "甲,乙"]]
    assert cells(pasted("姓名\n王芳\n")) == [["姓名"], ["王芳"]]
    with pytest.raises(UserError) as refused:
        pasted("\t" * 300)
    assert refused.value.code == "E-FILE-COLUMNS"
