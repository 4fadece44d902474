"""The statistic tables on paper and as a workbook: read back, every figure is that of the database, to the fen."""

import re
import shutil
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from factories import make_deal, make_expo, make_organisation
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from expo_app import documents, i18n
from expo_app.errors import UserError
from expo_app.reports import trade_tables as report
from expo_app.rules import amounts
from expo_app.services import expos
from expo_app.services.statistics.trade_tables import read_tables
from expo_app.specs.trade_tables import Basis, TableQuery
from expo_app.store.database import open_database
from expo_app.ui.pages.statistics.shown import headers_of, matrix_rows
from tests.reports.conftest import PdfText

WAN = 10_000


@pytest.fixture
def fair(fair_file: Path, tmp_path: Path):
    """The sample in the middle of its second morning."""
    opened = open_database(shutil.copy(fair_file, tmp_path / "expo.db"))
    yield opened, expos.current(opened)
    opened.close()


def made(fair, path: Path):
    """The document, and what it was made from."""
    db, expo = fair
    documents.write(db, expo, "tables", path)
    return read_tables(db, TableQuery((expo.id,)), db.now())


def bare(text: str) -> str:
    """Without blanks: a reader of PDFs puts some where there are none."""
    return "".join(text.split())


def words(pdf_text: PdfText, path: Path) -> str:
    return bare("".join(pdf_text(path)))


def test_paper_says_every_figure_of_the_tables(fair, tmp_path: Path, pdf_text: PdfText) -> None:
    data, found = made(fair, tmp_path / "t.pdf"), words(pdf_text, tmp_path / "t.pdf")
    for table in data.tables:
        assert bare(f"{table.no} {table.title}") in found
        for line in (*table.lines, *([table.total] if table.total else [])):
            assert bare(line.label) in found
            for amount in (line.sums.amount, line.sums.tech_amount):
                assert amount is None or amounts.format_wan(amount) in found
    assert bare(data.filter_line) in found
    assert "以上80个合计已和原始记录核对一致。" in found
    assert "11,571.50" in found
    assert "示例" in found


def test_the_workbook_holds_them_as_numbers(fair, tmp_path: Path) -> None:
    data = made(fair, tmp_path / "t.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    for table in data.tables:
        name = next(name for name in book.sheet_names if name.startswith(f"{table.no} {table.title}"))
        rows = {row[0]: row for row in book.get_sheet_by_name(name).to_python()}
        for line in (*table.lines, *([table.total] if table.total else [])):
            _label, count, amount, tech, *_more = rows[line.label]
            assert count == line.sums.count
            for value, yuan in ((amount, line.sums.amount), (tech, line.sums.tech_amount)):
                assert value == ("" if yuan is None else float(yuan / WAN))
    assert rows["签约"][1:3] == [20, 12249.3]
    assert rows["意向"][1:3] == [4, 6500.0]


def test_the_matrix_of_the_workbook_closes(fair, tmp_path: Path) -> None:
    data = made(fair, tmp_path / "t.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    name = next(name for name in book.sheet_names if name.startswith("T7 流向矩阵"))
    rows = {row[0]: row for row in book.get_sheet_by_name(name).to_python()}
    regions = data.table("T7").matrix.regions
    net = [rows[label][-1] for _key, label in regions]
    assert round(sum(n or 0 for n in net), 6) == 0
    assert rows["嘉定"][-1] == 5140.0
    assert rows["吸纳"][-2] == 11571.5


def test_a_place_without_flows_has_no_net_output_anywhere_and_the_matrix_bears_its_own_note(
    fair, tmp_path: Path, pdf_text: PdfText
) -> None:
    data = made(fair, tmp_path / "t.pdf")
    matrix = data.table("T7").matrix
    idle = {label for key, label in matrix.regions if not matrix.outputs[key].ids and not matrix.intakes[key].ids}
    assert idle == {"其他"}
    assert {row.label for row in matrix_rows(matrix) if row.cells[-1].text == "—"} == idle
    paper = words(pdf_text, tmp_path / "t.pdf").split("T7流向矩阵")[-1]
    assert paper.index("对角线上是本地成交") < paper.index("净输出")
    assert re.search("其他—+吸纳", paper)
    sheets = {table.title: table for table in report.tables(data)}
    assert {row[0] for row in sheets["T7 流向矩阵"].rows if row[-1] is None} == idle
    said = {title: "对角线" in "".join(table.notes) for title, table in sheets.items()}
    assert [title for title, is_said in said.items() if is_said] == ["T7 流向矩阵"]


def test_amounts_of_intentions_are_no_deal_value(fair) -> None:
    db, expo = fair
    for basis, no, amount in (
        (Basis.SIGNED, "T1", "成交额"), (Basis.SIGNED, "T10", "金额"), (Basis.INTENDED, "T1", "金额"),
    ):  # fmt: skip
        data = read_tables(db, TableQuery((expo.id,), basis), db.now())
        table = data.table(no)
        sheet = report.sheet_of(data, table)
        assert headers_of(table)[2] == amount
        assert sheet.columns[report.AMOUNT].header == f"{amount}（万元）"
        assert sheet.charts[0].title.endswith(f"{no} {table.title}：{amount}（万元）")


def test_every_sheet_has_its_native_chart(fair, tmp_path: Path) -> None:
    made(fair, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert {sheet.title: len(sheet._charts) for sheet in book} == {sheet.title: 1 for sheet in book}
    assert len(book.worksheets) == 11
    assert all("示例" in name for name in book.sheetnames)


def test_in_english(fair, tmp_path: Path, pdf_text: PdfText) -> None:
    i18n.set_language("en")
    made(fair, tmp_path / "t.pdf")
    found = words(pdf_text, tmp_path / "t.pdf")
    assert "T7Flow" in found
    assert "These80totalswerecountedagain" in found
    assert "合同" not in found


def test_what_was_asked_stands_on_paper(fair, tmp_path: Path, pdf_text: PdfText) -> None:
    db, expo = fair
    query = TableQuery((expo.id,), Basis.INTENDED, region="嘉定", rolls_up=True)
    from expo_app.documents.trade_tables import write_tables

    write_tables(db, query, tmp_path / "t.pdf")
    found = words(pdf_text, tmp_path / "t.pdf")
    assert "意向" in found
    assert "意向不是成交，不与签约相加" in found
    assert "嘉定" in found


def test_many_places_are_a_list_of_flows(db, tmp_path: Path, pdf_text: PdfText) -> None:
    codes = ["110000", "120000", "310000", "320000", "330000", "340000", "440000", "510000", "610000", "DE"]
    with db.transaction() as session:
        expo = make_expo(session, groups=())
        for seller, buyer in pairwise(codes):
            names = [make_organisation(session, region_code=code).name for code in (seller, buyer)]
            make_deal(session, expo, amount="1234500", sellers=names[:1], buyers=names[1:])
        key = expo.id
    data = read_tables(db, TableQuery((key,)), db.now())
    report.write(tmp_path / "t.pdf", data)
    found = words(pdf_text, tmp_path / "t.pdf")
    assert "广东四川1123.45" in found
    assert "境外" in found


def test_an_empty_expo_has_tables_that_say_so(db, tmp_path: Path, pdf_text: PdfText) -> None:
    with db.transaction() as session:
        key = make_expo(session).id
    data = read_tables(db, TableQuery((key,)), db.now())
    report.write(tmp_path / "t.pdf", data)
    assert words(pdf_text, tmp_path / "t.pdf").count("没有符合条件的项目") == 9
    assert all(table.rows == [] for table in report.tables(data) if table.title.startswith(("T1 ", "T9")))


def test_the_mean_is_said_to_the_fen_of_a_wan(db, tmp_path: Path) -> None:
    with db.transaction() as session:
        expo = make_expo(session)
        for amount in ("3000000", "4000000", "4000000"):
            make_deal(session, expo, amount=amount)
        key = expo.id
    data = read_tables(db, TableQuery((key,)), db.now())
    assert report.notes_of(data.table("T8"))[0] == "平均每份 366.67 万元（成交额 ÷ 有金额的 3 份）。"


def test_nothing_is_written_while_sums_differ(fair, tmp_path: Path) -> None:
    """What the document is made from was changed past the program, between its two readings."""
    from expo_app.documents.trade_tables import agreed
    from expo_app.services.statistics.trade_check import check_tables

    db, expo = fair
    data = read_tables(db, TableQuery((expo.id,)), db.now())
    with db.transaction() as session:
        session.execute(text("UPDATE deal SET amount = amount + 100 WHERE kind = 'TECH_CONTRACT'"))
    with db.reading() as session:
        checks = check_tables(session, data)
    doubtful = replace(data, checks=checks)
    with pytest.raises(UserError, match=r"差 13\.00 元"):
        agreed(doubtful)
    assert doubtful.failing("T1")[0].difference == Decimal(-13)
