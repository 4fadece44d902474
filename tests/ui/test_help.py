"""The user guide on the screen."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication

from expo_app import i18n
from expo_app.specs import VENUES
from expo_app.ui.kit import theme
from expo_app.ui.window.help import INDEX, HelpView, text_of, text_of_list


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


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_of_a_plain_list_names_its_fields(language: str) -> None:
    i18n.set_language(language)
    text = text_of_list(VENUES)
    assert text.startswith(f"## {VENUES.label}\n\n- **")
    assert all(field.title in text for field in VENUES.writable)
    assert ("{" in text, len(text.splitlines())) == (False, 6)
