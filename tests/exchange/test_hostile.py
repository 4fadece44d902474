"""Files that are broken, locked, enormous or made to harm: each refused quickly with a reason, nothing read."""

import io
import struct
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expo_app.errors import UserError
from expo_app.exchange import excel, input_limits, table_reader
from expo_app.specs import ATTENDEES, Outcome
from tests.lists import plan_of, rows_of, tables_of
from tests.own_time import own_time

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = f'<workbook {NS} xmlns:r="{RELS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>单位</t></is></c></row>'
)


def book(
    path: Path,
    sheet: Iterable[str | bytes],
    extra: dict[str, bytes] | None = None,
    prolog: str = "",
    links: str = LINKS,
) -> Path:
    """A workbook of one sheet whose data are these pieces of XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", links)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f"{prolog}<worksheet {NS}><sheetData>".encode())
            for piece in sheet:
                part.write(piece if isinstance(piece, bytes) else piece.encode())
            part.write(b"</sheetData></worksheet>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def row(n: int, name: str) -> str:
    return f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{name}</t></is></c></row>'


def good(path: Path) -> Path:
    return book(path, [HEADER, row(2, "王芳")])


def refused(path: Path) -> str:
    """The code of the refusal, which comes within ten seconds of its own."""
    started = own_time()
    with pytest.raises(UserError) as why:
        plan_of(ATTENDEES, path)
    assert own_time() - started < 10
    assert "没有导入任何内容" in why.value.message
    return why.value.code


def test_the_plain_book_of_these_tests_is_read(tmp_path: Path) -> None:
    assert rows_of(ATTENDEES, good(tmp_path / "a.xlsx")) == [(2, ("王芳", ""))]


def test_three_million_rows_in_a_small_file(tmp_path: Path) -> None:
    block = b'<row><c t="b"><v>1</v></c></row>' * 100_000
    path = book(tmp_path / "a.xlsx", [HEADER, *[block] * 30])
    assert path.stat().st_size < 400_000
    assert refused(path) == "E-FILE-UNPACKED"


@pytest.mark.parametrize("where", ["XFD1048576", "A1048576", "XFD2", "xfd1048576"])
def test_one_cell_far_away(where: str, tmp_path: Path) -> None:
    number = "".join(filter(str.isdigit, where))
    far = f'<row r="{number}"><c r="{where}"><v>1</v></c></row>'
    path = book(tmp_path / "a.xlsx", [HEADER, row(2, "王芳") if number != "2" else "", far])
    if where == "A1048576":  # one row more, however far down, is no harm
        assert [number for number, _cells in rows_of(ATTENDEES, path)] == [2, 1048576]
    else:
        assert refused(path) == ("E-FILE-COLUMNS" if number == "2" else "E-FILE-UNPACKED")


@pytest.mark.parametrize("spelling", ["r='XFD1048576'", 'r ="XFD1048576"', 'r\n=\n"XFD1048576"'])
def test_a_far_cell_in_another_spelling_does_not_reach_this_process(spelling: str, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, f"<row><c {spelling}><v>1</v></c></row>"])
    assert not input_limits.inspect(path.read_bytes()).is_small
    assert refused(path) in ("E-FILE-UNPACKED", "E-FILE-DAMAGED", "E-FILE-COLUMNS")


@pytest.mark.parametrize(
    "sheet",
    [
        "<row>" + "<c><v>1</v></c>" * 50_000 + "</row>",
        '<row r="2">' + "<c t='n'><v>1</v></c>" * 50_000 + "</row>",
        f'<x:row xmlns:x="{NS[7:-1]}" r="2">' + '<x:c r="B2"><v>1</v></x:c>' + "<x:c/>" * 100 + "</x:row>",
    ],
)
def test_cells_without_a_position_do_not_reach_this_process(sheet: str, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, sheet])
    assert not input_limits.inspect(path.read_bytes()).is_small


def test_a_claim_of_many_texts_does_not_reach_this_process(tmp_path: Path) -> None:
    """The reader makes room for as many as the file says, and ends the process that has not so much."""
    texts = f'<sst {NS} count="99999999999" uniqueCount="99999999999"><si><t>x</t></si></sst>'.encode()
    links = LINKS.replace("</R", f'<Relationship Id="rId2" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/></R')
    path = book(tmp_path / "a.xlsx", [HEADER], {"xl/sharedStrings.xml": texts}, links=links)
    assert not input_limits.inspect(path.read_bytes()).is_small
    assert refused(path) == "E-FILE-UNPACKED"


def test_the_theme_of_an_ordinary_book_is_no_far_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "单位"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b' r="50000"' in archive.read("xl/theme/theme1.xml")
    assert input_limits.inspect((tmp_path / "a.xlsx").read_bytes()).is_small


def test_a_sparse_sheet_does_not_reach_this_process(tmp_path: Path) -> None:
    """Two cells span a rectangle that a reader keeps whole."""
    path = book(tmp_path / "a.xlsx", [HEADER, '<row r="99999"><c r="GR99999"><v>1</v></c></row>'])
    assert not input_limits.inspect(path.read_bytes()).is_small
    assert refused(path) == "E-FILE-UNPACKED"


def test_a_frozen_program_knows_the_flag_of_its_child() -> None:
    from expo_app import app

    assert app.PARSE == table_reader.CHILD_FLAG


def test_the_child_answers_on_its_standard_output(tmp_path: Path) -> None:
    import pickle
    import subprocess
    import sys

    question = pickle.dumps(good(tmp_path / "a.xlsx").read_bytes())
    main = Path(__file__).resolve().parents[2] / "main.py"
    answer = subprocess.run(
        [sys.executable, main, table_reader.CHILD_FLAG], input=question, capture_output=True, check=True
    )
    assert [grid.rows for grid in pickle.loads(answer.stdout)] == [[(1, ["姓名", "单位"]), (2, ["王芳", ""])]]  # noqa: S301


def test_a_cell_of_two_hundred_megabytes(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [HEADER, '<row r="2"><c r="A2" t="inlineStr"><is><t>', *[b"x" * 2**20] * 200, "</t></is></c></row>"],
    )
    assert path.stat().st_size < 400_000
    assert refused(path) == "E-FILE-UNPACKED"


def test_billion_laughs_and_outside_entities(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for prolog in (laughs, outside):
        path = book(
            tmp_path / "a.xlsx",
            [HEADER, '<row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>'],
            prolog=prolog,
        )
        assert refused(path) == "E-FILE-UNSAFE"
    for part in ("xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml"):
        assert refused(book(tmp_path / "b.xlsx", [HEADER, row(2, "x")], {part: laughs.encode()})) == "E-FILE-UNSAFE"


def test_an_encrypted_container(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(
        input_limits.OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    )
    assert refused(tmp_path / "a.xlsx") == "E-FILE-PASSWORD"


def test_an_encrypted_part(tmp_path: Path) -> None:
    data = bytearray(good(tmp_path / "a.xlsx").read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    (tmp_path / "a.xlsx").write_bytes(data)
    assert refused(tmp_path / "a.xlsx") == "E-FILE-PASSWORD"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_truncated(part: float, tmp_path: Path) -> None:
    data = good(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(data[: int(len(data) * part)])
    assert refused(tmp_path / "a.xlsx") == "E-FILE-DAMAGED"


def lying(path: Path, offset: int, size: int) -> Path:
    """The directory's entry of the sheet states another size."""
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml", data.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", data, at + offset, size)
    path.write_bytes(data)
    return path


def test_sizes_that_lie(tmp_path: Path) -> None:
    assert refused(lying(good(tmp_path / "a.xlsx"), 24, 10)) == "E-FILE-UNSAFE"
    assert refused(lying(good(tmp_path / "b.xlsx"), 24, 10_000)) == "E-FILE-DAMAGED"
    assert refused(lying(good(tmp_path / "c.xlsx"), 20, 10)) == "E-FILE-DAMAGED"
    assert refused(lying(good(tmp_path / "d.xlsx"), 20, 2**31)) == "E-FILE-DAMAGED"
    assert refused(lying(good(tmp_path / "e.xlsx"), 42, 2**31 - 1)) == "E-FILE-DAMAGED"


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:\\x.xml", "xl/Workbook.xml"])
def test_names_that_leave_the_file_or_stand_twice(name: str, tmp_path: Path) -> None:
    assert refused(book(tmp_path / "a.xlsx", [HEADER], {name: b"<x/>"})) == "E-FILE-UNSAFE"


def test_too_many_parts(tmp_path: Path) -> None:
    assert refused(book(tmp_path / "a.xlsx", [HEADER], {f"xl/x{n}.xml": b"<x/>" for n in range(250)})) == "E-FILE-PARTS"
    pictures = {f"xl/media/{n}.png": b"x" for n in range(250)}
    assert rows_of(ATTENDEES, book(tmp_path / "b.xlsx", [HEADER, row(2, "王芳")], pictures)) == [(2, ("王芳", ""))]


def test_two_hundred_thousand_rows(tmp_path: Path) -> None:
    rows = (
        "".join(row(n, f"王{n * 7919 % 100003}") for n in range(start, start + 1000))
        for start in range(2, 200_002, 1000)
    )
    path, started = book(tmp_path / "a.xlsx", [HEADER, *rows]), own_time()
    with pytest.raises(UserError) as why:
        excel.open_book(path)
    assert own_time() - started < 10
    assert why.value.code == "E-FILE-ROWS"
    assert "200,001 行，一次最多 100,000 行" in why.value.message


def test_too_many_columns(tmp_path: Path) -> None:
    sheet = openpyxl.Workbook()
    sheet.active.append(["姓名", *range(205)])
    sheet.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == "E-FILE-COLUMNS"
    (tmp_path / "a.csv").write_text("姓名" + ",x" * 300 + "\n", encoding="utf-8")
    assert refused(tmp_path / "a.csv") == "E-FILE-COLUMNS"


def test_a_long_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名,单位\n" + "王芳,甲\n" * 150_000, encoding="utf-8")
    assert refused(tmp_path / "a.csv") == "E-FILE-ROWS"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E-FILE-EMPTY"),
        (b"\xef\xbb\xbf\r\n", "E-FILE-EMPTY"),
        (b"%PDF-1.7 ...", "E-FILE-KIND"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "E-FILE-KIND"),
        (bytes(range(256)) * 20, "E-FILE-KIND"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "E-FILE-WEB"),
        (b'<?xml version="1.0"?><Workbook/>', "E-FILE-WEB"),
        (input_limits.OLE + bytes(600), "E-FILE-DAMAGED"),
        (input_limits.OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "E-FILE-KIND"),
        (input_limits.OLE + bytes(600) + "Workbook".encode("utf-16-le"), "E-FILE-DAMAGED"),
        (b"PK\x03\x04 and nothing more", "E-FILE-DAMAGED"),
        (bytes(21 * 2**20).replace(b"\0", b"a"), "E-FILE-BIG"),
    ],
)
def test_what_is_no_table(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused(tmp_path / "a.xlsx") == code


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("stray", ["\x01", "\x07\x07", "\x0b", "\x0c", "\x1f", "\0", "\x7f"], ids=ascii)
def test_a_stray_control_character_is_dropped_and_said(stray: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"姓名,备注\n王{stray}芳,x\n李四,好\n".encode(encoding))
    plan = plan_of(ATTENDEES, tmp_path / "a.csv")
    note = "有看不见的控制字符，已去掉。"
    assert [(row.outcome, row.values["person.name"], dict(row.notes)) for row in plan.rows] == [
        (Outcome.NEW, "王芳", {"姓名": note}),
        (Outcome.NEW, "李四", {}),
    ]
    assert plan.notes == ()


def test_in_a_workbook_too(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, row(2, "王_x0001_芳")])
    plan = plan_of(ATTENDEES, path)
    assert [(row.values["person.name"], list(row.notes)) for row in plan.rows] == [("王芳", ["姓名"])]


def test_another_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "a.xlsx") == "E-FILE-KIND"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.xlsx", "E-FILE-GONE"), (tmp_path, "E-FILE-FOLDER")):
        with pytest.raises(UserError) as why:
            excel.open_book(path)
        assert why.value.code == code


def test_macros_are_said_and_ignored(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsm", [HEADER, row(2, "王芳")], {"xl/vbaProject.bin": b"macro"})
    (found,) = tables_of(ATTENDEES, path)
    assert (found.rows, found.notes) == ([(2, ("王芳", ""))], ("文件含宏，宏不会运行。",))


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [(1048576, 16384, "E-FILE-DAMAGED"), (100_000, 300, "E-FILE-UNPACKED"), (3, 16384, "E-FILE-COLUMNS")],
)
def test_an_ods_that_repeats_a_cell(rows: int, columns: int, code: str, tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="S">'
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        "<text:p>姓名</text:p></table:table-cell>"
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    assert refused(tmp_path / "a.ods") == code


@cache
def ordinary() -> bytes:
    """A workbook as openpyxl writes it."""
    out = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["姓名", "单位"])
    made.active.append(["王芳", "上海"])
    made.save(out)
    return out.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_are_read_or_refused(flips: list[tuple[float, int]]) -> None:
    content = bytearray(ordinary())
    for where, byte in flips:
        content[4 + int(where * (len(content) - 4))] = byte
    codes = []
    try:
        facts = input_limits.inspect(bytes(content))
        if facts.is_small:
            table_reader.grids(bytes(content), facts)
    except UserError as refusal:
        codes.append(refusal.code)
    assert all(code.startswith("E-FILE-") for code in codes)
