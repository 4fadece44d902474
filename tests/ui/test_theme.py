"""A theme can change while windows are open."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QTextEdit, QWidget

from expo_app import paths
from expo_app.ui.kit import icons, qss, theme
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.inputs import LineEditor, LongTextEditor
from expo_app.ui.kit.widgets import Button
from expo_app.ui.pages.checkin_desk.scan_line import ScanLine
from expo_app.ui.records.editors import DateEditor


def test_the_style_sheet_has_no_token_left_over() -> None:
    for tokens in theme.TOKENS.values():
        assert re.findall(r"\$\w+", qss.build(tokens)) == []


def test_the_shipped_faces_load() -> None:
    assert set(theme.load_fonts()) == {"Noto Sans SC"}


def test_a_change_is_told_once_and_only_when_it_is_one(qapp: QApplication) -> None:
    told = []
    theme.notifier().changed.connect(lambda: told.append(theme.theme()))
    theme.apply(qapp, "light")
    theme.apply(qapp, "dark")
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
    assert told == ["dark", "light"]
    assert theme.choice() == "light"


def test_an_unknown_theme_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="sepia"):
        theme.apply(qapp, "sepia")


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    button = Button("保存", "primary", "save-line")

    def ink() -> set[str]:
        image = button.icon().pixmap(16, 16).toImage()
        found = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return {color.name() for color in found if color.alpha() == 255}

    before = ink()
    theme.apply(qapp, "dark")
    assert (before, ink()) == ({"#ffffff"}, {"#0a1a33"})


def test_a_widget_that_is_gone_hears_of_no_change(qapp: QApplication, qtbot: object) -> None:
    button = Button("保存", icon="save-line")
    button.deleteLater()
    qapp.sendPostedEvents(button, 52)
    del button
    theme.apply(qapp, "dark")
    assert theme.theme() == "dark"


def test_every_icon_file_can_be_drawn() -> None:
    names = sorted(path.stem for path in paths.resource("icons").glob("*.svg"))
    blank = [name for name in names if icons.pixmap(name).toImage().allGray() and _is_clear(name)]
    assert blank == []


def _is_clear(name: str) -> bool:
    image = icons.pixmap(name).toImage()
    return all(image.pixelColor(x, y).alpha() == 0 for x in range(16) for y in range(16))


def search() -> SearchField:
    return SearchField("")


def scan() -> ScanLine:
    line = ScanLine()
    line.setProperty("role", "scan")
    return line


def of_a_combo() -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    return box


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("make", [search, scan, of_a_combo, LineEditor, LongTextEditor, QTextEdit, DateEditor])
def test_a_placeholder_is_painted_in_its_token(make: Callable[[], QWidget], name: str, qapp: QApplication) -> None:
    theme.apply(qapp, name)
    field = make()
    target = field.lineEdit() if isinstance(field, QComboBox) else field
    target.setPlaceholderText("\N{FULL BLOCK}" * 4)  # type: ignore[attr-defined]
    field.resize(300, 60)
    field.show()
    field.clearFocus()
    QApplication.processEvents()
    picture = field.grab().toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert theme.TOKENS[name]["text.3"].lower() in seen
    field.deleteLater()
