"""Pages as pictures."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from expo_app.errors import UserError
from expo_app.reports.pdf import Document
from expo_app.reports.preview import page_sizes, render

NOW = datetime(2018, 11, 29, 10, 42, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.pdf"
    with Document(path, "总结", expo_name="首届科交会", now=NOW) as doc:
        place = doc.place(100)
        doc.ink.rect(0, place.y, 600, 100, "#FF0000")
        doc.page_break()
        doc.paragraph("第二页")
    return path


def test_a_page_is_a_picture_of_the_size_asked_for(path):
    picture = render(path, 1, dpi=72)
    assert (picture.width, picture.height, len(picture.rgba)) == (596, 842, 596 * 842 * 4)
    assert picture.rgba[:4] == b"\xff\xff\xff\xff"
    assert [tuple(round(side, 1) for side in size) for size in page_sizes(path)] == [(210.0, 297.0)] * 2


def test_red_is_red(path):
    picture = render(path, 0, dpi=36)
    pixels = {picture.rgba[at : at + 4] for at in range(0, len(picture.rgba), 4)}
    assert b"\xff\x00\x00\xff" in pixels
    assert b"\x00\x00\xff\xff" not in pixels


def test_the_png_shows_the_same_pixels(path):
    picture = render(path, 0, dpi=36)
    image = Image.open(io.BytesIO(picture.png()))
    assert (image.size, image.tobytes()) == ((picture.width, picture.height), picture.rgba)


@pytest.mark.parametrize("content", [b"", b"no PDF at all", None])
def test_what_is_no_pdf_is_said_in_a_sentence(tmp_path, content):
    path = tmp_path / "bad.pdf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"^打不开 bad\.pdf："):
        render(path)


def test_a_page_that_is_not_there(path):
    with pytest.raises(IndexError, match="page 2 of 2"):
        render(path, 2)
