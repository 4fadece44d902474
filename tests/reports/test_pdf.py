"""The page frame: what every report shares."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from expo_app import i18n
from expo_app.errors import Cancelled, UserError
from expo_app.reports.pdf import Band, Column, Document, Kpi, Mark, Noted
from expo_app.reports.table import share_out

NOW = datetime(2018, 11, 29, 10, 42, tzinfo=UTC)
COLUMNS = [Column("序", 1, "right"), Column("单位", 4), Column("行业", 2), Column("成交额（万元）", 2, "right")]


def rows(count):
    return (
        [str(at), f"第 {at} 家有限公司", Mark("信息技术", "cat.it"), f"{at * 1000:,.2f}"] for at in range(1, count + 1)
    )


def document(path: Path, **options) -> Document:
    return Document(path, "成交台账", **{"expo_name": "首届长三角科技交易博览会", "now": NOW} | options)


def test_every_page_has_its_header_footer_and_number(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path, subtitle="截至 10:42") as doc:
        doc.table(COLUMNS, rows(120))
    pages = ["".join(page.split()) for page in pdf_text(path)]
    assert len(pages) == 4
    for number, page in enumerate(pages, 1):
        frame = ("首届长三角科技交易博览会", "2018-11-2910:42生成", f"{number}/4", "展务台", "成交台账", "示例")
        assert [page.count(words) for words in frame] == [1, 1, 1, 1, 1, 0]


def test_a_table_repeats_its_header_and_keeps_every_row(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path, landscape=True) as doc:
        assert doc.table(COLUMNS, rows(150), ["", "合计", None, "11,325,000.00"]) == 150
    pages = pdf_text(path)
    assert [page.count("成交额（万元）") for page in pages] == [1] * len(pages)
    text = "".join(pages)
    assert [text.count(f"第 {at} 家有限公司") for at in range(1, 151)] == [1] * 150
    assert [page.count("11,325,000.00") for page in pages] == [0] * (len(pages) - 1) + [1]
    assert text.count("—") == 1, "the missing total"


@pytest.mark.parametrize("count", range(52, 62))
def test_the_last_rows_and_their_group_stay_with_the_totals(tmp_path, pdf_text, count):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        every = list(rows(count))
        assert doc.table(COLUMNS, [*every[:-1], Band("末组"), every[-1]], ["", "合计", None, "11.00"]) == count
    last = [page for page in pdf_text(path) if "合计" in page]
    assert [("末组" in page, f"第 {count} 家有限公司" in page) for page in last] == [(True, True)]


def test_a_column_gives_way_so_that_no_word_is_broken(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    columns = [
        Column("Registered", 1, bold=True, holds=("00:00–00:00",)),
        Column("Kind", 1, holds=[Mark("Matchmaking", "bad")]),
        Column("活动", 40),
    ]
    with document(path) as doc:
        doc.table(columns, [["09:30–11:30", Mark("Opening ceremony", "bad"), "开幕式"]])
    lines = pdf_text(path)[0].splitlines()
    words = ("Registered", "09:30–11:30", "Opening", "ceremony")
    assert [sum(word in line for line in lines) for word in words] == [1, 1, 1, 1]


def test_a_bold_total_and_a_unit_in_brackets_are_never_broken(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    amounts = [Column("Technology value (10k CNY)", 1, "right", holds=["72,197.095654"]) for _n in range(2)]
    with document(path) as doc:
        doc.table([Column("单位", 30), *amounts], [["甲", "1", "2"]], ["合计", "72,197.095654", "2"])
    lines = pdf_text(path)[0].splitlines()
    for words, count in (("72,197.095654", 1), ("(10k CNY)", 2)):
        assert sum(line.count(words) for line in lines) == count, words


def test_rows_of_key_figures_stay_on_one_page(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        doc.place(doc.y - doc.bottom - 90)
        doc.kpis([Kpi(f"指标{at}", "1") for at in range(8)])
    assert ["指标0" in page for page in pdf_text(path)] == ["指标7" in page for page in pdf_text(path)] == [False, True]


@pytest.mark.parametrize(
    ("shares", "needs", "widths"),
    [
        ([1, 1, 2], [0, 0, 0], [25, 25, 50]),
        ([1, 1, 2], [40, 0, 0], [40, 20, 40]),
        ([1, 1, 2], [40, 22, 0], [40, 22, 38]),
        ([1, 1], [150, 50], [75, 25]),
    ],
    ids=["as shared", "one needs more", "its neighbour then too", "too much is needed"],
)
def test_columns_share_the_width(shares, needs, widths):
    assert share_out(100, shares, needs) == widths


def test_notes_stand_below_the_words_of_a_cell(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        doc.table([Column("单位", bold=True)], [[Noted("嘉芯传感", ("联合参展：德盈", "吴江区"))]])
    lines = pdf_text(path)[0].splitlines()
    assert lines[lines.index("嘉芯传感") :][:3] == ["嘉芯传感", "联合参展：德盈", "吴江区"]


def test_a_long_name_or_remark_of_a_figure_is_never_cut(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    label, note = "Technology service providers at the expo", "By contract, without co-exhibitors and service providers"
    with document(path) as doc:
        doc.kpis([Kpi(label, "12,249.30", note, "10k CNY"), Kpi("参展商", "176", "", "家")])
    text = " ".join(pdf_text(path)[0].split())
    assert [text.count(words) for words in (label, note, "12,249.30", "10k CNY", "…")] == [1, 1, 1, 1, 0]


def test_the_unit_of_an_amount_that_fills_its_box_stands_below_it(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        doc.kpis([Kpi("Signed", "1,114,330.380968", "No amount 5", "(10k CNY)")])
    assert "(10k CNY) · No amount 5" in pdf_text(path)[0].splitlines()


def test_a_cell_longer_than_a_page_goes_on_to_the_next(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    words = "".join(chr(0x4E00 + at) for at in range(6000))
    with document(path) as doc:
        doc.table([Column("名", 1), Column("说明", 2)], [["甲", words]])
    pages = pdf_text(path)
    read = "".join("".join(page.split()) for page in pages)
    assert len(pages) > 1
    assert [char for char in words if char not in read] == []


def test_a_table_without_rows_says_so(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        assert doc.table(COLUMNS, []) == 0
        assert doc.table(COLUMNS, [Band("嘉定", "0 家")], empty="还没有成交") == 0
    lines = pdf_text(path)[0].splitlines()
    assert [line for line in lines if line in {"没有记录", "还没有成交"}] == ["没有记录", "还没有成交"]


def test_a_sample_is_marked_on_every_page(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path, sample=True) as doc:
        doc.table(COLUMNS, rows(120))
    assert [page.count("示例数据") for page in pdf_text(path)] == [1] * 4


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_mark_of_samples_stays_on_a_page_of_any_size(tmp_path, language):
    i18n.set_language(language)
    with document(tmp_path / "a.pdf", sample=True) as doc:
        doc.bare_page("A5", "牌")
    book = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    page = book[len(book) - 1]
    text, (wide, high) = page.get_textpage(), page.get_size()
    boxes = [text.get_charbox(at) for at in range(text.count_chars())]
    assert boxes
    assert all(left >= 0 and bottom >= 0 and right <= wide and top <= high for left, bottom, right, top in boxes)


def test_words_figures_and_facts_stand_in_the_text_layer(tmp_path, pdf_text):
    path = tmp_path / "a.pdf"
    with document(path) as doc:
        doc.heading("一、规模")
        doc.kpis([Kpi("参展商", "176", "家"), Kpi("成交额", "18,640.50", "万元")])
        doc.facts([("主办", "上海市嘉定区人民政府"), ("协办", None)])
        doc.note("未计草稿 2 项。")
        assert doc.missing == set()
        doc.paragraph("缺字 \U0001f600")
        assert doc.missing == {"\U0001f600"}
    lines = pdf_text(path)[0].splitlines()
    for words in ("一、规模", "参展商", "176", "18,640.50", "上海市嘉定区人民政府", "—", "未计草稿 2 项。"):
        assert sum(words in line for line in lines) == 1, words


def test_bookmarks_and_metadata_describe_the_document(tmp_path):
    path = tmp_path / "a.pdf"
    with document(path, subtitle="2018-11-28 至 2018-11-30") as doc:
        doc.heading("一、规模")
        doc.heading("参展商", 2)
        doc.page_break()
        doc.heading("二、签到")
    reader = pypdf.PdfReader(path)

    def named(entries):
        return [named(entry) if isinstance(entry, list) else entry.title for entry in entries]

    assert named(reader.outline) == ["成交台账", ["一、规模", ["参展商"], "二、签到"]]
    info = reader.metadata
    assert (info.title, info.author) == ("成交台账 · 首届长三角科技交易博览会", "展务台")
    assert (info.subject, info.keywords) == ("2018-11-28 至 2018-11-30", "")
    assert info.creation_date == NOW
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_what_is_no_text_is_in_no_part_of_a_document(tmp_path, pdf_text):
    nasty, plain = "<b>&amp;A&B\u202e\u2066\x1b\x85</b>", "<b>&amp;A&B</b>"
    path = tmp_path / "a.pdf"
    with Document(path, nasty, expo_name=nasty, subtitle=nasty, now=NOW) as doc:
        doc.heading(nasty)
        doc.table(COLUMNS, [["1", nasty, nasty, "2"]])
    reader = pypdf.PdfReader(path)
    assert (reader.metadata.title, reader.metadata.subject) == (f"{plain} · {plain}", plain)
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == [plain]
    (page,) = pdf_text(path)
    assert "".join(page.split()).count(plain) == 6  # expo, title, subtitle, heading and two cells
    assert not set("\u202e\u2066\x1b\x85") & set(page)


def test_the_properties_of_a_sample_say_so(tmp_path):
    with document(tmp_path / "a.pdf", sample=True):
        pass
    info = pypdf.PdfReader(tmp_path / "a.pdf").metadata
    assert (info.title, info.keywords) == ("成交台账 · 首届长三角科技交易博览会（示例）", "示例数据")


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        with document(tmp_path / name, sample=True) as doc:
            doc.table(COLUMNS, rows(60))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_reader_is_told_the_language(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "_current", "en")
    with document(tmp_path / "a.pdf"):
        pass
    assert pypdf.PdfReader(tmp_path / "a.pdf").trailer["/Root"]["/Lang"] == "en"


@pytest.mark.parametrize(
    ("size", "landscape", "points"), [("A4", False, (595.28, 841.89)), ("A3", True, (1190.55, 841.89))]
)
def test_pages_have_the_size_asked_for(tmp_path, size, landscape, points):
    with document(tmp_path / "a.pdf", size=size, landscape=landscape):
        pass
    box = pypdf.PdfReader(tmp_path / "a.pdf").pages[0].mediabox
    assert (round(float(box.width), 2), round(float(box.height), 2)) == points


def test_cancel_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"the old one")
    seen = []

    def progress(done, total):
        seen.append((done, total))
        if done >= 100:
            raise Cancelled

    with pytest.raises(Cancelled), document(path, progress=progress, total=200) as doc:
        doc.table(COLUMNS, rows(200))
    assert seen[-1] == (100, 200)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == {"a.pdf": b"the old one"}


def test_an_error_in_the_data_leaves_nothing(tmp_path):
    def broken():
        yield from rows(10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), document(tmp_path / "a.pdf") as doc:
        doc.table(COLUMNS, broken())
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


@pytest.mark.parametrize("place", ["missing/a.pdf", "folder"])
def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path, place):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r"^没有写成 .*原来的文件没有改动。") as caught, document(tmp_path / place):
        pass
    assert caught.value.code == "E-FILE-WRITE"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_memory_grows_with_the_packed_pages_alone(tmp_path):
    def peak(count):
        tracemalloc.start()
        with document(tmp_path / "a.pdf") as doc:
            doc.table(COLUMNS, rows(count))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(40)
    few, many = peak(200), peak(1200)
    written = (tmp_path / "a.pdf").stat().st_size
    assert many - few < 3.5 * written, "three copies of the file: pages, their parts and the whole while it is saved"
