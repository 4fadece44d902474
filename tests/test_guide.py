"""The user guide: a page for every screen in both languages, with links and pictures that are there."""

import re

import pytest

from expo_app import paths
from expo_app.i18n import LANGUAGES
from expo_app.registry import areas

PAGES = [page for area in areas() for page in area.pages]
NAMES = {
    "index",
    "importing",
    "merging",
    "matching_lists",
    "auction_cashier",
    "auction_console",
    "meetings",
    *(page.name for page in PAGES),
}
PLAIN = {page.name for page in PAGES if page.spec is not None}
"""Lists whose page is worked out from their spec; one may be written all the same."""
WRITTEN = sorted(path.stem for path in paths.resource("help", "en").glob("*.md"))
LINK, PICTURE = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)"), re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
MOST_BYTES = 300 * 1024


def page_text(language: str, name: str) -> str:
    return paths.resource("help", language, f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_a_page_and_no_other(language: str) -> None:
    written = {path.stem for path in paths.resource("help", language).glob("*.md")}
    assert NAMES - PLAIN <= written <= NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_and_pictures_are_there(language: str) -> None:
    for name in WRITTEN:
        text = page_text(language, name)
        assert {link.removesuffix(".md") for link in LINK.findall(text)} <= NAMES, name
        for picture in PICTURE.findall(text):
            file = paths.resource("help", language, picture)
            assert (file.exists(), file.stat().st_size <= MOST_BYTES) == (True, True), picture


def test_every_picture_is_used_and_the_languages_say_the_same() -> None:
    here = {path.name for path in paths.resource("help", "pictures").glob("*.png")}
    used = {language: {p for n in WRITTEN for p in PICTURE.findall(page_text(language, n))} for language in LANGUAGES}
    assert used == {language: {f"../pictures/{name}" for name in here} for language in LANGUAGES}
    for name in WRITTEN:
        shapes = {language: re.sub(r"[^\n|#>-]", "", page_text(language, name)).count("|") for language in LANGUAGES}
        assert len(set(shapes.values())) == 1, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chinese_guide_keeps_to_the_house_style(language: str) -> None:
    for name in WRITTEN:
        text = page_text(language, name)
        assert [word for word in ("您", "！", "成功", "please", "successfully") if word in text.lower()] == []
        assert text.startswith("## ")
