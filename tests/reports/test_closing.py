"""The closing report: PDF, Word and Excel read back with other readers say what database and screen say, to the fen."""

import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import polib
import pypdfium2
import pytest
from docx.oxml.ns import qn
from factories import local, make_deal, make_exhibitor, make_expo, make_organisation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from expo_app import documents, i18n, paths
from expo_app.documents.summary import read_closing
from expo_app.errors import Cancelled, UserError
from expo_app.model import DealKind, Edition, EditionFigure, Expo, Qualifier
from expo_app.reports import closing, summary
from expo_app.reports.paper import numbered
from expo_app.reports.pdf import MARGIN
from expo_app.rules import amounts
from expo_app.services import expos
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs.figures import SHARE, WAN
from expo_app.store.database import open_database

ALONE = {"amount": Decimal("12345678.91")}
"""An amount that no rounding may touch."""


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def in_word(path: Path) -> list[list[str]]:
    """Every row of every table of a Word text."""
    return [[cell.text for cell in row.cells] for table in docx.Document(path).tables for row in table.rows]


@pytest.fixture(scope="module")
def made(fair_file, tmp_path_factory):
    """The sample's closing report in its three forms, with one more deal to the fen."""
    folder = tmp_path_factory.mktemp("closing")
    path = folder / "expo.db"
    path.write_bytes(Path(fair_file).read_bytes())
    db = open_database(path)
    expo = expos.all_expos(db)[0]
    db.clock = expos.clock_of(db, expo)
    with db.transaction() as session:
        make_deal(session, session.get_one(Expo, expo.id), "到分为止（示例）", kind=DealKind.PURCHASE, **ALONE)
    for ending in ("pdf", "docx", "xlsx"):
        documents.write(db, expo, "closing", folder / f"closing.{ending}")
    yield db, expo, folder
    db.close()


def test_every_figure_agrees_in_pdf_word_excel_and_database(made, pdf_text):
    db, expo, folder = made
    data = read_closing(db, expo.id, db.now())
    figures = [figure for chapter in data.chapters for figure in chapter.figures]
    assert len(figures) > 25
    printed = flat("".join(pdf_text(folder / "closing.pdf")))
    rows = {row[0]: row for row in in_word(folder / "closing.docx") if len(row) == 6}
    sheet = CalamineWorkbook.from_path(folder / "closing.xlsx").get_sheet_by_name("指标一览（示例）").to_python()
    cells = {row[1]: row for row in sheet[2:] if len(row) > 6}
    for figure in figures:
        assert flat(figure.label + figure.shown) in printed
        assert rows[figure.label][1] == figure.shown
        value = cells[figure.label][2]
        if figure.value is None:
            assert value in ("", None)
        else:
            exact = Decimal(figure.value) / (10_000 if figure.unit == WAN else 1)
            assert Decimal(str(value)) == (round(exact, 6) if figure.unit == SHARE else exact)
    totals = deal_totals(db, expo.id)
    assert totals.signed_amount % 1 == Decimal("0.91")
    assert rows["签约成交额"][1] == amounts.format_wan(totals.signed_amount) == "13,483.867891"


def test_every_figure_says_how_many_records_are_behind_it(made):
    db, expo, folder = made
    data = read_closing(db, expo.id, db.now())
    counted = {"signed", "exhibitors", "registered", "people", "visitors", "booths", "items", "intended"}
    figures = {figure.name: figure for chapter in data.chapters for figure in chapter.figures}
    assert {name: data.records[name] for name in counted} == {name: figures[name].value for name in counted}
    rows = {row[0]: row for row in in_word(folder / "closing.docx") if len(row) == 6}
    assert rows["签约项目"][5] == f"{figures['signed'].value:,}"
    assert rows["特装面积比"][4:] == ["—", "—"], "a share is of the figures beside it"


def test_its_chapters_stand_in_contents_and_bookmarks_and_lead_to_their_pages(made, pdf_text):
    _db, _expo, folder = made
    reader = PdfReader(folder / "closing.pdf")
    pages = pdf_text(folder / "closing.pdf")
    assert 6 <= len(pages) <= 12
    outline = [
        (item.title, reader.get_destination_page_number(item))
        for part in reader.outline
        if isinstance(part, list)
        for item in part
        if not isinstance(item, list)
    ]
    titles = [
        "统计口径与方法", "总体规模", "到场情况", "参展情况", "活动情况", "项目路演", "成果与需求",
        "签约与意向", "技术合同统计表", "专利拍卖", "区域协同", "跟进与投诉",
        "指标一览与来源记录",
    ]  # fmt: skip
    assert [title for title, _page in outline] == ["目录", *(numbered(at, t) for at, t in enumerate(titles, 1))]
    told = flat(pages[0])
    links = [a.get_object() for a in reader.pages[0]["/Annots"]]
    assert len(links) >= len(titles)
    for title, page in outline[1:]:
        assert flat(title) in flat(pages[page])
        assert re.search(re.escape(flat(title)) + rf"{page + 1}(?!\d)", told), title
    ends = [reader.get_page_number(link["/Dest"][0].get_object()) for link in links]
    assert {page for _title, page in outline[1:]} <= set(ends)


def test_the_pdf_says_its_title_and_language_and_its_charts_say_their_numbers(made, pdf_text):
    _db, expo, folder = made
    reader = PdfReader(folder / "closing.pdf")
    assert reader.metadata.title == f"展后报告 · {expo.name}（示例）"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert str(reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]).lower() == "true"
    whole = "".join(pdf_text(folder / "closing.pdf"))
    assert "嘉定 55，苏州市区 32，昆山 28" in whole.replace("\n", "")
    cover = pdf_text(folder / "closing.pdf")[0]
    for words in (expo.name, "展后报告", "上海市嘉定区人民政府", "2018-11-28 至 2018-11-30", "示例数据"):
        assert words in cover


def test_contracts_by_class_add_up(made, pdf_text):
    _db, _expo, folder = made
    told = flat("".join(pdf_text(folder / "closing.pdf"))).split("占技术合同")[1]
    assert re.match(r".*?4\.5%合计1311,571\.5010,940\.225100\.0%", told)
    rows = CalamineWorkbook.from_path(folder / "closing.xlsx").get_sheet_by_name("技术合同按类别（示例）").to_python()
    assert next(row for row in rows if row[0] == "合计")[1:3] == [13, 11571.5]


def test_no_heading_stands_alone_at_the_foot_of_a_page(made, pdf_text):
    _db, _expo, folder = made
    reader = PdfReader(folder / "closing.pdf")
    titles = set()

    def gather(items):
        for item in items:
            gather(item) if isinstance(item, list) else titles.add(flat(item.title))

    gather(reader.outline)
    for page in pdf_text(folder / "closing.pdf"):
        lines = [flat(line) for line in page.splitlines() if flat(line)]
        body = [
            line for line in lines if "生成" not in line and line not in ("展务台",) and not line.startswith("展后")
        ]
        assert body[-1] not in titles


def test_word_has_headings_tables_and_pictures_that_say_what_they_show(made):
    _db, expo, folder = made
    text = docx.Document(folder / "closing.docx")
    heads = [p.text for p in text.paragraphs if p.style.name == "Heading 1"]
    assert heads[:3] == ["目录", "一、统计口径与方法", "二、总体规模"]
    assert {p.text for p in text.paragraphs if p.style.name == "Heading 2"} >= {"分日到场", "各阶段"}
    pictures = [shape._inline.docPr for shape in text.inline_shapes]
    assert len(pictures) >= 6
    assert all(picture.get("descr") for picture in pictures)
    assert any("嘉定 55" in picture.get("descr") for picture in pictures)
    fonts = {s.element.rPr.rFonts.get(qn("w:eastAsia")) for s in map(text.styles.__getitem__, ("Normal", "Heading 1"))}
    assert fonts == {"Microsoft YaHei"}
    about = text.core_properties
    assert (about.author, about.title, about.keywords) == ("展务台", f"展后报告 · {expo.name}", "示例数据")
    with zipfile.ZipFile(folder / "closing.docx") as book:
        footer = "".join(book.read(name).decode() for name in book.namelist() if "footer" in name)
        body = book.read("word/document.xml").decode()
    assert ("PAGE" in footer, "NUMPAGES" in footer, 'TOC \\o "1-2"' in body) == (True, True, True)
    anchors = set(re.findall(r'w:anchor="([^"]+)"', body))
    assert anchors <= set(re.findall(r'bookmarkStart [^>]*w:name="([^"]+)"', body))
    assert len(anchors) >= 15


def test_a_word_text_of_its_own_is_replaced_and_a_foreign_one_is_not(made, tmp_path):
    _db, _expo, folder = made
    assert documents.free_path(folder / "closing.docx", "docx") == folder / "closing.docx"
    docx.Document().save(tmp_path / "theirs.docx")
    with pytest.raises(UserError, match="不是本程序生成的"):
        documents.free_path(tmp_path / "theirs.docx", "docx")


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_cancelling_leaves_nothing(made, tmp_path, ending):
    db, expo, _folder = made

    def stop(n, _total):
        if n > 20 or ending == "xlsx":
            raise Cancelled

    with pytest.raises(Cancelled):
        documents.write(db, expo, "closing", tmp_path / f"a.{ending}", stop)
    assert list(tmp_path.glob("*a.*")) == list(tmp_path.glob(".*a.*")) == []


def test_in_english_nothing_of_the_program_is_left_in_chinese(made, tmp_path, pdf_text):
    db, expo, _folder = made
    i18n.set_language("en")
    documents.write(db, expo, "closing", tmp_path / "a.pdf")
    documents.write(db, expo, "closing", tmp_path / "a.docx")
    head = numbered(3, "Attendance")
    assert head == "3. Attendance"
    pages = pdf_text(tmp_path / "a.pdf")
    assert 6 <= len(pages) <= 13
    assert head in "".join(pages)
    assert PdfReader(tmp_path / "a.pdf").trailer["/Root"]["/Lang"] == "en"
    heads = [p.text for p in docx.Document(tmp_path / "a.docx").paragraphs if p.style.name.startswith("Heading")]
    assert [text for text in heads if re.search("[\u4e00-\u9fff]", text)] == []


def test_names_beside_facts_are_whole_and_no_card_stands_twice(made, tmp_path, pdf_text):
    db, expo, _folder = made
    i18n.set_language("en")
    documents.write(db, expo, "closing", tmp_path / "a.pdf")
    pages = pdf_text(tmp_path / "a.pdf")
    assert "…" not in "".join(pages)
    assert "(10k\n" not in "".join(pages)
    assert len(pages) <= 13
    (scale,) = (page for page in pages if "2. Overall scale" in page and "Contents" not in page)
    assert [scale.count(name) for name in ("Event\n", "Intended amount")] == [1, 1]  # the first key figure and the last
    chapter = next(page for page in pages if "4. Exhibitors" in page and "Contents" not in page)
    assert chapter.count("Co-exhibitors") == 1
    cover = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0]
    text, words = cover.get_textpage(), "Made from a sample expo"
    at = text.get_text_range().replace("\r\n", "\n").index(words)
    box = range(at, at + 150)
    assert max(text.get_charbox(char)[2] for char in box) < cover.get_width() - MARGIN - 12


def test_no_page_of_the_sample_holds_a_few_rows_that_were_left_over(made, tmp_path, pdf_text):
    db, expo, _folder = made
    documents.write(db, expo, "closing", tmp_path / "a.pdf")
    pages = pdf_text(tmp_path / "a.pdf")
    assert len(pages) <= 12
    assert min(len(page.split()) for page in pages) > 80


def test_names_of_sheets_are_whole_in_english_with_the_mark_of_a_sample(made, tmp_path):
    db, expo, _folder = made
    i18n.set_language("en")
    words = {
        entry.msgstr.removeprefix("T7 ")
        for entry in polib.pofile(str(paths.resource("i18n", "en", "LC_MESSAGES", "expo.po")))
    }
    made_of = [one for one in documents.all_documents() if "xlsx" in one.formats and not one.of_period]
    for name in (document.name for document in made_of):
        documents.write(db, expo, name, tmp_path / f"{name}.xlsx")
        names = CalamineWorkbook.from_path(tmp_path / f"{name}.xlsx").sheet_names
        titles = [re.sub(r"^T\d+ | \(Sample\)$", "", sheet) for sheet in names]
        assert [title for title in titles if title not in words and not title.startswith("As of 20")] == [], name


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_an_expo_without_anything_has_a_closing_report(db, tmp_path, ending):
    with db.transaction() as session:
        expo_id = make_expo(session).id
    data = read_closing(db, expo_id, local(29, 10, 42))
    if ending == "xlsx":
        assert next(sheet.title for sheet in closing.tables(data)) == "指标一览"
        return
    assert closing.write(tmp_path / f"a.{ending}", data) == set()
    assert (tmp_path / f"a.{ending}").stat().st_size > 5000


def test_the_summary_stays_its_short_form(made):
    db, expo, _folder = made
    with_records, without = read_closing(db, expo.id, db.now()), documents.summary.read(db, expo.id, db.now())
    whole, short = summary.scale(with_records), summary.scale(without)
    assert [part for part in whole if part in short] == list(short)
    assert {title for title, _figures in whole} > {title for title, _figures in short}
    assert (without.records, with_records.records != {}) == ({}, True)


def test_every_figure_stands_beside_those_of_earlier_editions(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session, edition_no=7, starts_on=date(2024, 11, 13), ends_on=date(2024, 11, 15))
        for name in ("甲光电有限公司", "乙激光有限公司"):
            make_exhibitor(session, expo, name)
        for number, (day, exhibitors) in {5: (date(2022, 11, 16), None), 6: (date(2023, 11, 15), 4)}.items():
            edition = Edition(name="科交会", edition_no=number, starts_on=day, source="新闻报道")
            session.add(edition)
            session.flush()
            figures = {"items": (50, False), "tech_amount": (770_000_000, True)}
            figures |= {"exhibitors": (exhibitors, False)} if exhibitors else {}
            for figure, (value, cumulative) in figures.items():
                about = Qualifier.ABOUT if figure == "items" else None
                session.add(
                    EditionFigure(
                        edition_id=edition.id, figure=figure, value=value, qualifier=about, is_cumulative=cumulative
                    )
                )
    data = read_closing(db, expo.id, datetime(2024, 11, 14, 10, tzinfo=UTC))
    assert closing.write(tmp_path / "a.pdf", data) == set()
    whole = flat("".join(pdf_text(tmp_path / "a.pdf")))
    told = whole.split("与往届比较")[2].split("指标一览与来源记录")[0]
    assert "参展商2家4家—−50.0%" in told
    assert "活动—约50场约50场—" in told
    assert "新闻报道" in told
    assert "77,000" not in whole, "a cumulative figure is no edition's own"
    sheet = next(table for table in closing.tables(data) if table.title == "与往届比较")
    rows = {row[0]: row for row in sheet.rows}
    assert rows["参展商"][2:6] == (2, 4, None, Decimal("-0.5"))


def test_flows_between_regions_are_told_where_all_are_across_provinces_and_what_only_the_past_knows(
    db, tmp_path, pdf_text
):
    with db.transaction() as session:
        expo = make_expo(session, (("广东", ("44",), None), ("四川", ("51",), None)))
        make_organisation(session, "粤公司", region_code="440300")
        make_organisation(session, "川公司", region_code="510100")
        make_deal(session, expo, amount="100", sellers=("粤公司",), buyers=("川公司",), signed_on=expo.starts_on)
        edition = Edition(name="往届", edition_no=1, starts_on=date(2017, 11, 20))
        edition.figures = [EditionFigure(figure="area", value=Decimal(10_000), qualifier=Qualifier.ABOUT)]
        session.add(edition)
    documents.write(db, expos.all_expos(db)[0], "closing", tmp_path / "closing.pdf")
    words = flat("".join(pdf_text(tmp_path / "closing.pdf")))
    assert "T7流向矩阵" in words
    assert "净输出" in words
    assert "T7流向全部" not in words
    assert "展览面积（未说明净毛）—约10,000" in words


def test_two_editions_of_one_number_keep_their_own_figures(db, tmp_path, pdf_text):
    with db.transaction() as session:
        expo = make_expo(session, edition_no=7, starts_on=date(2024, 11, 13), ends_on=date(2024, 11, 15))
        for name, day, exhibitors in (("科交会", date(2023, 11, 15), 4), ("光博会", date(2022, 11, 16), 9)):
            edition = Edition(name=name, edition_no=6, starts_on=day)
            session.add(edition)
            session.flush()
            session.add(EditionFigure(edition_id=edition.id, figure="exhibitors", value=exhibitors))
    data = read_closing(db, expo.id, datetime(2024, 11, 14, 10, tzinfo=UTC))
    sheet = next(table for table in closing.tables(data) if table.title == "与往届比较")
    assert {row[0]: row[3:5] for row in sheet.rows} == {"参展商": (4, 9)}
    assert [column.header for column in sheet.columns[3:5]] == ["上届 科交会", "第 6 届 光博会"]
    closing.write(tmp_path / "a.pdf", data)
    told = flat("".join(pdf_text(tmp_path / "a.pdf"))).split("与往届比较")[2].split("指标一览与来源记录")[0]
    assert "4家9家" in told


def test_the_workbook_draws_native_charts_of_its_own_cells(made):
    _db, _expo, folder = made
    book = openpyxl.load_workbook(folder / "closing.xlsx")
    charts = {sheet.title.removesuffix("（示例）"): len(sheet._charts) for sheet in book}
    assert sum(charts.values()) >= 10
    assert {name for name, count in charts.items() if count} >= {"分日到场", "参展按地区", "签约按类型", "T1 合同类别"}
    (chart,) = book["分日到场（示例）"]._charts
    assert "分日到场" in chart.series[0].val.numRef.f
    kinds = {cell.number_format for cell in book["指标一览（示例）"]["C"][2:] if cell.value is not None}
    assert kinds >= {"#,##0", "#,##0.00", "0.0%"}


def test_what_the_font_lacks_is_said(made, tmp_path, monkeypatch):
    db, expo, _folder = made
    assert documents.write(db, expo, "closing", tmp_path / "a.pdf") == frozenset()
    assert documents.lacking_words(()) == ""
    monkeypatch.setattr(documents, "by_name", lambda _name: replace(LACKING))
    found = documents.write(db, expo, "closing", tmp_path / "b.pdf")
    assert found == {"\u1000"}
    assert documents.lacking_words(found).startswith("字体里没有 1 个字（\u1000）")


def _lacking(writing):
    from expo_app.reports.book import Book

    def paper(path, data, _progress):
        with Book(path, "展后报告", data.head) as book:
            book.paragraph("\u1000")
        return book.missing

    writing.report(read_closing, paper)


LACKING = documents.Document("closing", "展后报告", "", "", ("pdf",), "chart", 1, _lacking)
