"""Wrapping, missing characters and the text layer of the printed font."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pypdf
import pytest

from expo_app.reports import fonts
from expo_app.reports.pdf import Document

NOW = datetime(2018, 11, 29, 10, 42, tzinfo=UTC)
RARE = ["王𬭚", "陈𫖯", "㛃䶮𬭚𫖯喆翀媗璟"]


def made(path: Path, lines: list[str]) -> Path:
    with Document(path, "试页", expo_name="首届科交会", now=NOW) as doc:
        for line in lines:
            doc.paragraph(line)
            doc.heading(line, 2, keep=0)
    return path


def test_rare_characters_are_read_back_by_two_readers(tmp_path, pdf_text):
    path = made(tmp_path / "rare.pdf", RARE)
    lines = [line for line in pdf_text(path)[0].splitlines() if line in RARE]
    assert lines == [text for text in RARE for _weight in ("regular", "bold")]
    read = pypdf.PdfReader(path).pages[0].extract_text().splitlines()
    assert [line.strip() for line in read if line.strip() in RARE] == lines


def test_a_text_layer_stays_right_over_many_subsets(tmp_path, pdf_text):
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 700)) + RARE[2]
    path = made(tmp_path / "many.pdf", [text])
    read = "".join("".join(pdf_text(path)).split())
    assert read.count(text) == 2, "the paragraph regular, the heading bold"


def test_to_unicode_is_written_in_surrogates_and_small_blocks():
    written = fonts.to_unicode_cmap("Any", [0, 0x41, 0x2CB5A, *range(0x4E00, 0x4E00 + 150)])
    lines = written.splitlines()
    assert lines[lines.index("100 beginbfchar") + 1 :][:3] == ["<00> <FFFD>", "<01> <0041>", "<02> <D872DF5A>"]
    assert [line for line in lines if line.endswith("beginbfchar")] == ["100 beginbfchar", "53 beginbfchar"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("王𬭚", None),
        ("李\u3000四\n\t\xa0 A", None),
        ("葛\U000e0100城", None),
        ("a\u0e01b", {"\u0e01"}),
        ("𠮷\U0001f600", {"𠮷", "\U0001f600"}),
    ],
)
def test_missing_glyphs_names_the_characters(text, missing):
    found = fonts.missing_glyphs(["沈华棣", text])
    assert found == ({text: missing} if missing else {})


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 100, [""]),
        ("成交额", 100, ["成交额"]),
        ("first-class engineering 2018-11-29", 100, ["first-class", "engineering", "2018-11-29"]),
        ("合同金额1,234,567.89元整", 70, ["合同金额", "1,234,567.89元", "整"]),
        ("一二三四五六，七", 60, ["一二三四五", "六，七"]),
        ("一二三四五（六七）", 60, ["一二三四五", "（六七）"]),
        ("上一行\n下一行", 100, ["上一行", "下一行"]),
        ("0123456789012345678901234", 60, ["0123456789", "0123456789", "01234"]),
    ],
)
def test_lines_break_where_a_reader_expects(text, room, lines):
    assert fonts.wrap(text, 10, room) == lines


def test_lines_fit_and_lose_nothing():
    text = "“科创嘉”科研院所路演专场（11月29日，C 会场）：first-class engineering，78.9%！" * 5
    lines = fonts.wrap(text, 9, 123)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(fonts.width(line, 9) for line in lines) <= 123
    assert [line for line in lines if line[0] in "，。：）！”"] == []


def test_the_last_line_allowed_is_elided():
    assert fonts.wrap("一二三四五六七八九十", 10, 40, most=2) == ["一二三四", "五六七…"]
    assert fonts.elide("一二三四", 10, 40) == "一二三四"


def test_two_documents_may_be_written_at_once(tmp_path, pdf_text):
    texts = {f"{at}.pdf": "".join(chr(0x5000 + at * 400 + n) for n in range(400)) for at in range(4)}
    threads = [Thread(target=made, args=(tmp_path / name, [text])) for name, text in texts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, text in texts.items():
        assert text in "".join("".join(pdf_text(tmp_path / name)).split())
