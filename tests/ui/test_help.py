"""The user guide: a page for every screen in both languages, with links and pictures that are there."""

import re

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication

from expo_app import i18n, paths
from expo_app.i18n import LANGUAGES
from expo_app.specs import VENUES
from expo_app.ui.kit import theme
from expo_app.ui.window.help import INDEX, HelpView, text_of, text_of_list
from expo_app.ui.window.pages import PAGES

NAMES = {INDEX, *(page.name for page in PAGES)}
WRITTEN = sorted(path.stem for path in paths.resource("help", "en").glob("*.md"))
LINK, PICTURE = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)"), re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
MOST_BYTES = 300 * 1024


def page_text(language: str, name: str) -> str:
    return paths.resource("help", language, f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_a_page_and_no_other(language: str) -> None:
    """A plain list may do with what is worked out from its spec."""
    plain = {page.name for page in PAGES if page.spec is not None}
    written = {path.stem for path in paths.resource("help", language).glob("*.md")}
    assert NAMES - plain <= written <= NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_plain_list_names_its_fields(language: str) -> None:
    i18n.set_language(language)
    text = text_of_list(VENUES)
    assert text.startswith(f"## {VENUES.label}\n\n- **")
    assert all(field.title in text for field in VENUES.writable)
    assert ("{" in text, len(text.splitlines())) == (False, 6)


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


def test_pictures_are_as_wide_as_the_text(qapp: QApplication) -> None:
    view = HelpView("home")
    kind = QTextDocument.ResourceType.ImageResource.value
    image = view.loadResource(kind, QUrl("../pictures/home.png"))
    assert image.deviceIndependentSize().width() == theme.Width.DIALOG - 4 * theme.Space.XL
    assert view.loadResource(kind, QUrl("../pictures/none.png")).isNull()


def test_links_open_here_or_in_the_browser(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toString())))
    view = HelpView("home")
    view.anchorClicked.emit(QUrl("deals.md"))
    assert (view.page, view.toPlainText().splitlines()[0], opened) == ("deals", "成交台账", [])
    view.anchorClicked.emit(QUrl("https://example.com/"))
    assert (view.page, opened) == ("deals", ["https://example.com/"])


def test_keys_follow_every_page_but_the_contents(qapp: QApplication) -> None:
    assert "| **Ctrl+K** | 命令面板 |" in text_of("guests")
    assert "|---|" not in text_of(INDEX)
    i18n.set_language("en")
    assert text_of("guests").startswith("## Guests & pitches")
