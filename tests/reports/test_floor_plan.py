"""The floor plan on paper: a page for each hall, then the index; cancel and refusal leave nothing."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from expo_app.errors import Cancelled, UserError
from expo_app.reports import floor_plan
from expo_app.reports.canvas import rgb
from expo_app.specs.floor_plan import DASHED, HATCHED, Block, Box, Caption, Look, Sheet

NOW = datetime(2018, 11, 29, 10, 42, tzinfo=UTC)
IT = Look("信息技术", "cat.it.soft", "cat.it", mark="信")
AWAITED = Look("未到场", "bg.surface", "bad", HATCHED, "未")
FREE = Look("空闲", "", "border.strong", DASHED)


def sheet(name="1 号馆", looks=(IT, AWAITED, FREE)):
    boxes = tuple(
        Box(
            uuid.UUID(int=n), f"{n + 1:02d}", "" if look is FREE else f"公司{n}", f"A-{n + 1:03d} · …",
            3 + 5 * n, 8, 4, 4, look,
        )
        for n, look in enumerate(looks)
    )  # fmt: skip
    blocks = (Block("签约台", ("咖啡",), 2, 20, 12, 6), Block("北门", (), 10, 0.5, 8, 2.5, is_entrance=True))
    return Sheet(name, 40, 30, blocks, (Caption("A · 嘉定展区", "2 家", 3, 5),), boxes, looks)


def write(path, sheets, **given):
    return floor_plan.write(path, sheets, expo_name="展会", by="产业", now=NOW, **given)


def test_each_hall_has_its_page_and_the_index_follows(tmp_path, pdf_text):
    assert write(tmp_path / "plan.pdf", [sheet(), sheet("2 号馆")]) == 6
    first, second, index = pdf_text(tmp_path / "plan.pdf")
    assert [word in first for word in ("1 号馆", "A · 嘉定展区 2 家", "签约台", "咖啡", "↓ 北门")] == [True] * 5
    assert ("2 号馆" in second, "1 号馆" in second) == (True, False)
    assert [index.count(word) for word in ("A-001", "公司0", "空闲")] == [2, 2, 2]


def test_marks_say_what_colours_say_and_patterns_speak_for_themselves(tmp_path, pdf_text):
    write(tmp_path / "plan.pdf", [sheet()])
    text = pdf_text(tmp_path / "plan.pdf")[0]
    assert (text.count("信"), text.count("信息技术")) == (3, 1)  # booth, legend, and the legend's words
    assert (text.count("未"), text.count("未到场")) == (1, 1)


def test_who_is_awaited_has_a_corner_on_its_own_colour(tmp_path):
    def red(*looks):
        write(tmp_path / "plan.pdf", [sheet(looks=looks)])
        with pypdfium2.PdfDocument(tmp_path / "plan.pdf") as document:
            picture = document[0].render(scale=2).to_pil().convert("RGB")
        bad = tuple(round(part * 255) for part in rgb("bad"))
        return sum(count for count, colour in picture.getcolors(1 << 24) if colour == bad)

    assert red(IT, IT) == 0
    assert red(IT, replace(IT, is_awaited=True)) > 40  # in the booth and in the legend


def test_a_cancel_leaves_nothing(tmp_path):
    def stop(_n, _total):
        raise Cancelled

    with pytest.raises(Cancelled):
        write(tmp_path / "plan.pdf", [sheet()], progress=stop)
    assert list(tmp_path.glob("**/*.p*")) == []


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(UserError, match="E-FILE-WRITE"):
        write(tmp_path / "nowhere" / "plan.pdf", [sheet()])


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        write(tmp_path / name, [sheet()])
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_booth_says_who_stands_there_in_short_where_the_name_has_no_room(tmp_path, pdf_text):
    whole, short = "上海嘉定光电科技股份有限公司北京分公司研发中心", "光电简称"
    plan = sheet(looks=(IT,))
    (booth,) = plan.boxes
    booth = replace(booth, name=whole, short_name=short)

    def on_the_plan(width: float, **given: str) -> str:
        write(tmp_path / "plan.pdf", [replace(plan, boxes=(replace(booth, width=width, depth=1.6, **given),))])
        return "".join(pdf_text(tmp_path / "plan.pdf")[0].split())

    wide, narrow = on_the_plan(20), on_the_plan(2)
    assert (whole in wide, short in wide) == (True, False)
    assert (whole in narrow, short in narrow) == (False, True)
    assert short not in on_the_plan(0.6)
    assert whole[:4] not in on_the_plan(2, short_name="")
