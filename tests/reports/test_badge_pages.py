"""Badges: codes that read, names that fit or are listed, sheets that can be cut."""

import random
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
import qrcode
import zxingcpp
from qrcode import util

from expo_app import i18n
from expo_app.errors import Cancelled, UserError
from expo_app.reports import badges, beside, card, fonts, qr
from expo_app.reports.badges import LAYOUTS, BadgeFace, Problem, ProblemKind, check, write
from expo_app.reports.canvas import MM
from expo_app.rules.badge_code import new_code

FACE = BadgeFace(
    name="沈华棣", organisation="嘉定氢能动力系统有限公司", title="市场总监", category_label="参展商",
    category_colour_key="primary", badge_no="KJH18-E-00713", code="E1" + "A" * 26, sample=False,
    expo_name="首届长三角科技交易博览会", dates_text="2018.11.28–30", venue_text="上海汽车会展中心",
)  # fmt: skip
CATEGORIES = (("参展商", "primary"), ("嘉宾", "plum"), ("专业观众", "cat.energy"))
MILLIMETRES = {"90x130": (90, 130), "A6": (105, 148), "4xA6": (210, 297), "8xA7": (297, 210)}
LONG_NAME = "沃尔夫施莱格尔施泰因豪森贝格多夫先生大人阁下"


def faces(count, **changes):
    names = ("沈华棣", "王𬭚", "陈𫖯", "欧阳雪晴", "Anna Müller")
    return [
        replace(
            FACE, name=names[at % 5], code=new_code(), badge_no=f"KJH18-E-{at:05d}",
            category_label=CATEGORIES[at % 3][0], category_colour_key=CATEGORIES[at % 3][1], **changes,
        )
        for at in range(count)
    ]  # fmt: skip


def pages_of(path, dpi):
    document = pypdfium2.PdfDocument(path)
    images = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return images


def codes_on(image):
    """The codes on a page as they are read: rows from the top, then from the left."""
    found = zxingcpp.read_barcodes(image)
    return [
        code.text for code in sorted(found, key=lambda c: (round(c.position.top_left.y, -1), c.position.top_left.x))
    ]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_code_is_read_back_from_the_page(tmp_path, layout):
    people = faces(40)
    report = write(tmp_path / "b.pdf", people, layout)
    assert (report.count, report.pages) == (40, -(-40 // layout.per_page))
    images = pages_of(tmp_path / "b.pdf", 130)
    assert [code for image in images for code in codes_on(image)] == [face.code for face in people]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_pages_have_the_size_in_millimetres(tmp_path, layout):
    write(tmp_path / "b.pdf", faces(layout.per_page + 1), layout)
    boxes = [page.mediabox for page in pypdf.PdfReader(tmp_path / "b.pdf").pages]
    sizes = [(round(float(box.width) / MM, 3), round(float(box.height) / MM, 3)) for box in boxes]
    assert sizes == [MILLIMETRES[layout.key]] * 2


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_code_is_large_and_its_quiet_zone_free(tmp_path, layout):
    left, bottom, side = card.qr_place(layout)
    assert side / MM >= 22
    write(tmp_path / "b.pdf", [replace(FACE, title="研究员" * 20, organisation="单位" * 60)], layout)
    x, y = layout.origin(0)
    dots, zone = 300 / 72, card.quiet(layout)
    image = pages_of(tmp_path / "b.pdf", 300)[0]
    left, top = (x + left) * dots, image.height - (y + bottom + side) * dots
    size, zone = side * dots, zone * dots
    for area in (
        (left - zone, top - zone, left + size + zone, top - 2),
        (left - zone, top + size + 2, left + size + zone, top + size + zone),
        (left - zone, top, left - 2, top + size),
        (left + size + 2, top, left + size + zone, top + size),
    ):
        assert image.crop(tuple(map(round, area))).getextrema() == (255, 255)


def test_the_drawn_modules_are_the_librarys():
    for _round in range(20):
        code = new_code()
        theirs = qrcode.QRCode(version=2, error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=3)
        theirs.add_data(util.QRData(code, mode=util.MODE_ALPHA_NUM))
        theirs.make(fit=False)
        assert qr.modules(code) == ["".join("01"[cell] for cell in row) for row in theirs.modules]


@pytest.mark.parametrize("code", ["", "E1", "E1" + "a" * 26, "E1" + "A" * 27, "E1" + "A" * 25 + "1", "X" * 28])
def test_what_is_no_code_is_not_drawn(tmp_path, code):
    with pytest.raises(ValueError, match="not a badge code"):
        write(tmp_path / "b.pdf", [replace(FACE, code=code)], LAYOUTS["A6"])
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_words_can_be_searched_and_copied(tmp_path, pdf_text, layout):
    people = [
        replace(FACE, name="王𬭚", name_latin="WANG Chun"),
        replace(FACE, name="㛃䶮𬭚𫖯喆翀媗璟", code=new_code()),
    ]
    write(tmp_path / "b.pdf", people, layout)
    text = "\n".join(pdf_text(tmp_path / "b.pdf"))
    lines = text.splitlines()
    for words, times in (("王𬭚", 1), ("WANG Chun", 1), ("㛃䶮𬭚𫖯喆翀媗璟", 1), (FACE.organisation, 2)):
        assert sum(words in line for line in lines) == times, (words, lines)
    assert [text.count(words) for words in (FACE.title, FACE.badge_no, "参展商", "上海汽车会展中心")] == [2, 2, 2, 2]
    read = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "b.pdf").pages)
    assert [read.count(words) for words in ("王𬭚", "㛃䶮𬭚𫖯喆翀媗璟")] == [1, 1]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_sample_is_marked_on_every_card_and_only_a_sample(tmp_path, pdf_text, layout):
    write(tmp_path / "s.pdf", faces(10, sample=True), layout)
    write(tmp_path / "r.pdf", faces(10), layout)
    counts = [page.count("示例") for page in pdf_text(tmp_path / "s.pdf")]
    assert (sum(counts), min(counts) > 0) == (10, True)
    assert "".join(pdf_text(tmp_path / "r.pdf")).count("示例") == 0


@pytest.mark.parametrize("key", ["4xA6", "8xA7"])
def test_sheets_have_cut_marks_where_cards_meet(tmp_path, key):
    layout = LAYOUTS[key]
    write(tmp_path / "b.pdf", faces(1), layout)
    image = pages_of(tmp_path / "b.pdf", 300)[0]
    dots = 300 / 25.4
    left, bottom = (margin / MM for margin in layout.margins)
    columns = [round((left + at * layout.card[0]) * dots) for at in range(1, layout.grid[0])]
    rows = [round((bottom + at * layout.card[1]) * dots) for at in range(1, layout.grid[1])]
    at_bottom = image.height - round((bottom + 1.5) * dots)

    def darkest(x, y):
        return image.crop((x - 3, y - 3, x + 3, y + 3)).getextrema()[0]

    # The only card is the first; the marks stand on the empty places too.
    assert [darkest(x, at_bottom) < 120 for x in columns] == [True] * len(columns)
    assert [darkest(image.width - round((left + 1.5) * dots), y) < 120 for y in rows] == [True] * len(rows)
    halfway = image.height - round((bottom + layout.card[1] / 2) * dots)
    assert darkest(columns[-1], halfway) == 255


@pytest.mark.parametrize(
    ("name", "key", "sizes", "verdict"),
    [
        ("沈华棣", "90x130", [41], (0, [])),
        ("欧阳雪晴儿子", "90x130", [37.5], (1, [])),
        ("一二三四五六七八九", "90x130", [25], (1, [])),
        ("一二三四五六七八九十", "90x130", [27, 27], (1, [])),
        ("阿卜杜热西提·买买提依明", "90x130", [27, 27], (1, [])),
        ("一二三四五六七八九十一", "8xA7", [16.5], (1, [])),
        (LONG_NAME, "90x130", [20.5, 20.5], (0, [("KJH18-E-00713", LONG_NAME)])),
        (LONG_NAME, "8xA7", [16.5, 16.5], (1, [])),
    ],
)
def test_names_shrink_then_take_two_lines_then_are_listed(tmp_path, name, key, sizes, verdict):
    face, layout = replace(FACE, name=name), LAYOUTS[key]
    report = write(tmp_path / "b.pdf", [face], layout)
    assert (report.shrunk, report.unfit) == verdict
    assert [problem.kind for problem in check([face], layout)] == [ProblemKind.NAME_SMALL] * len(verdict[1])
    assert sorted(_sizes_of(tmp_path / "b.pdf", name)) == sorted(sizes)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
@pytest.mark.parametrize("char", ["馆", "W", "馆a "])
def test_what_is_made_just_small_enough_is_not_said_to_be_cut(layout, char):
    """Where and when, and a title, of every length: as long as they may still be smaller, nothing of them is cut."""
    for length in range(1, 90):
        text = (char * length)[:length].strip()
        shown = card.header(replace(FACE, dates_text="", venue_text=text).background, layout)
        if shown.when_size > 0.6001 * card._WHEN * layout.scale:
            assert (shown.when, shown.cut) == (text, ())
        face = replace(FACE, title=text)
        fit = badges._fits(face, layout)[2]
        if fit.size > badges._TITLE_LEAST * layout.scale:
            assert (fit.lines, fit.is_cut) == ((text,), False)


def test_a_name_printed_whole_but_small_is_told_from_one_that_is_cut():
    small, cut = replace(FACE, name="Christopher Montgomery-Featherstone"), replace(FACE, name="名" * 200)
    assert check([FACE, small, cut], LAYOUTS["90x130"]) == [
        Problem(FACE.badge_no, small.name, ProblemKind.NAME_SMALL, "2 行 17.5 pt，一般不小于 24 pt"),
        Problem(FACE.badge_no, cut.name, ProblemKind.NAME_TOO_LONG, f"{'名' * 27}… / {'名' * 27}…"),
    ]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_long_expo_name_takes_two_lines_and_is_listed_once_where_even_they_do_not_hold_it(tmp_path, layout):
    usual = card.header(FACE.background, layout)
    assert (usual.title, usual.cut) == ((FACE.expo_name,), ())
    long = "第二届长江三角洲区域一体化发展科技成果交易与创新服务博览会暨新能源汽车产业大会"
    shown = card.header(replace(FACE, expo_name=long).background, layout)
    assert (len(shown.title), "".join(shown.title), shown.cut) == (2, long, ())
    assert abs(len(shown.title[0]) - len(shown.title[1])) <= 3
    endless = long * 3
    people = [replace(face, expo_name=endless) for face in faces(9)]
    shown = card.header(people[0].background, layout)
    assert (len(shown.title), shown.title[1][-1], shown.cut) == (2, "…", (endless,))
    assert check(people, layout) == [Problem("", endless, ProblemKind.TEXT_CUT, endless)]
    assert write(tmp_path / "b.pdf", people, layout).problems == check(people, layout)


def _sizes_of(path, name):
    """The sizes of the bold lines that make up `name`."""
    found = {}

    def visit(text, _ctm, matrix, font, size):
        words = text.strip()
        if words and words in name and font is not None and "Bold" in font["/BaseFont"]:
            found[round(matrix[5])] = size

    pypdf.PdfReader(path).pages[0].extract_text(visitor_text=visit)
    return list(found.values())


def test_problems_are_listed_before_printing():
    people = [
        FACE,
        replace(FACE, badge_no="KJH18-E-00001", name="李\U0001f600", title="พ"),
        replace(FACE, badge_no="KJH18-E-00002", organisation="单位" * 60, title="职务" * 30),
    ]
    long = people[2]
    assert check(people, LAYOUTS["90x130"]) == [
        Problem("KJH18-E-00001", "李\U0001f600", ProblemKind.MISSING_GLYPHS, "พ\U0001f600"),
        Problem("KJH18-E-00002", FACE.name, ProblemKind.TEXT_CUT, long.organisation),
        Problem("KJH18-E-00002", FACE.name, ProblemKind.TEXT_CUT, long.title),
    ]


def test_the_report_names_what_the_check_names(tmp_path):
    people = [FACE, replace(FACE, name=LONG_NAME), replace(FACE, name="李\U0001f600", badge_no="KJH18-E-00009")]
    report = write(tmp_path / "b.pdf", people, LAYOUTS["A6"])
    assert report.problems == check(people, LAYOUTS["A6"])
    assert report.missing == {"KJH18-E-00009": "\U0001f600"}


def test_words_stay_inside_the_card(tmp_path):
    draw = random.Random(5)  # noqa: S311  (made-up words)
    for layout in LAYOUTS.values():
        people = [
            replace(
                FACE, name="".join(draw.choices("沈华棣 ·Wm", k=draw.randint(1, 40))), title="W" * draw.randint(0, 90),
                organisation="".join(draw.choices("上海嘉定 Wm（）", k=draw.randint(0, 120))),
            )
            for _count in range(8)
        ]  # fmt: skip
        write(tmp_path / "b.pdf", people, replace(layout, grid=(1, 1), page=layout.card))
        for image in pages_of(tmp_path / "b.pdf", 72):
            top, bottom = round(image.height * 0.21), round(image.height * 0.86)
            edge = round(4.5 * layout.scale * MM)
            assert image.crop((0, top, edge, bottom)).getextrema() == (255, 255)
            assert image.crop((image.width - edge, top, image.width, bottom)).getextrema() == (255, 255)


@pytest.mark.parametrize("is_sample", [True, False])
def test_the_properties_name_the_expo_and_the_sample(tmp_path, is_sample):
    write(tmp_path / "b.pdf", [replace(FACE, sample=is_sample)], LAYOUTS["90x130"])
    info = pypdf.PdfReader(tmp_path / "b.pdf").metadata
    assert (info.title, info.subject) == (
        "胸卡 · 首届长三角科技交易博览会" + "（示例）" * is_sample,
        "2018.11.28–30 · 上海汽车会展中心",
    )


def test_cancel_leaves_no_file(tmp_path):
    calls = []

    def progress(done, total):
        calls.append((done, total))
        if done == 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(tmp_path / "b.pdf", faces(60), LAYOUTS["8xA7"], progress)
    assert calls == [(25, 60), (50, 60)]
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_progress_ends_with_all(tmp_path):
    calls = []
    write(
        tmp_path / "b.pdf",
        (face for face in faces(30)),
        LAYOUTS["8xA7"],
        lambda done, total: calls.append((done, total)),
    )
    assert calls == [(25, 25), (30, 30)]


def test_nothing_to_print_is_said_and_keeps_the_old_file(tmp_path):
    (tmp_path / "b.pdf").write_bytes(b"old")
    with pytest.raises(UserError, match="没有选中胸卡"):
        write(tmp_path / "b.pdf", [], LAYOUTS["A6"])
    assert (tmp_path / "b.pdf").read_bytes() == b"old"


def test_fonts_and_backgrounds_are_in_the_file_once(tmp_path):
    write(tmp_path / "b.pdf", faces(200), LAYOUTS["90x130"])
    content = (tmp_path / "b.pdf").read_bytes()
    assert content.count(b"/Subtype /Form") == 3, "one background a category"
    assert content.count(b"/FontFile2") == 2, "regular and bold, one subset each"
    assert len(content) < 400_000


# --- what stands beside the code ---

FORUM = ("11-28 14:00 A 会场", "长三角氢能与燃料电池产业高质量发展论坛")
TALK = (
    "11-30 10:00 Meeting room 3",
    "Technology transfer: what universities can learn from industry, and the other way",
)
BESIDE = {
    "booth": {"booth": "A-007"},
    "booths": {"booth": " ".join(f"N1-A{n:03d}" for n in range(1, 13))},
    "session": {"sessions": (FORUM,)},
    "sessions": {"sessions": (FORUM, TALK, ("另有 2 场", ""))},
    "both": {"booth": "A-007 A-008", "sessions": (FORUM, TALK)},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_codes_with_words_beside_them_are_read_back(tmp_path, layout):
    people = [replace(face, **given) for face, given in zip(faces(5), BESIDE.values(), strict=True)]
    write(tmp_path / "b.pdf", people, layout)
    images = pages_of(tmp_path / "b.pdf", 130)
    assert [code for image in images for code in codes_on(image)] == [face.code for face in people]


@pytest.mark.parametrize("what", BESIDE)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_words_beside_the_code_stay_in_their_place_and_are_large_enough(layout, what):
    """Between the code's quiet zone and the margin, no higher or lower than the code; no number is broken in two."""
    given = {"booth": "", "sessions": (), **BESIDE[what]}
    found = beside.set_lines(given["booth"], given["sessions"], layout)
    left, wide, high = beside.room(layout)
    x, _y, side = card.qr_place(layout, aside=True)
    assert x - card.quiet(layout) >= 0
    assert left >= x + side + card.quiet(layout) - 0.01
    assert left + wide <= layout.card[0] * MM
    assert found.lines
    for line in found.lines:
        assert fonts.width(line.text, line.size, line.is_bold) <= wide + 0.01
        assert line.size >= 7.5 * layout.scale
        assert 0 <= line.below - line.size * 0.9 <= line.below <= high
    shown = [word for line in found.lines if line.is_bold for word in line.text.split()]
    assert shown == given["booth"].split()


def test_one_booth_is_large_and_many_are_smaller_but_all_there(tmp_path, pdf_text):
    sizes = [
        max(line.size for line in beside.set_lines(booth, (), LAYOUTS["90x130"]).lines)
        for booth in ("A-007", BESIDE["booths"]["booth"])
    ]
    assert sizes[0] == 30
    assert sizes[1] < 14
    write(tmp_path / "b.pdf", [replace(FACE, booth=BESIDE["booths"]["booth"])], LAYOUTS["8xA7"])
    text = "\n".join(pdf_text(tmp_path / "b.pdf"))
    assert all(f"N1-A{n:03d}" in text for n in range(1, 13))


def test_what_is_cut_beside_the_code_is_said_before_printing(tmp_path):
    long = tuple((f"11-2{n} 14:00 A 会场", "长三角一体化科技成果转移转化的制度创新与实践" * 4) for n in range(3))
    problems = check([replace(FACE, sessions=long)], LAYOUTS["90x130"])
    assert {(one.badge_no, one.kind) for one in problems} == {(FACE.badge_no, ProblemKind.TEXT_CUT)}
    assert check([replace(FACE, booth="A-007", sessions=(FORUM,))], LAYOUTS["8xA7"]) == []
    (lacking,) = check([replace(FACE, booth="A-00\U0001f600")], LAYOUTS["A6"])
    assert (lacking.kind, lacking.detail) == (ProblemKind.MISSING_GLYPHS, "\U0001f600")


def test_without_booth_or_sessions_the_code_stands_in_the_middle(tmp_path):
    for given, middle in (({}, True), ({"booth": "A-007"}, False)):
        write(tmp_path / "b.pdf", [replace(FACE, **given)], LAYOUTS["90x130"])
        (image,) = pages_of(tmp_path / "b.pdf", 130)
        (code,) = zxingcpp.read_barcodes(image)
        at = (code.position.top_left.x + code.position.top_right.x) / 2
        assert (abs(at - image.width / 2) < 5) is middle


def test_an_elided_line_keeps_the_space_where_it_was_broken():
    assert fonts.wrap("what universities can learn", 10, 60, most=1)[0].startswith("what univ")


def test_the_booth_is_called_so_in_the_language_of_the_moment():
    for language, head in (("zh_CN", "展位"), ("en", "Booth"), ("zh_CN", "展位")):
        i18n.set_language(language)
        assert beside.set_lines("A-007", (), LAYOUTS["A6"]).lines[0].text == head
