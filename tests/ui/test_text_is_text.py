"""An expo whose every name is a tag that asks for a picture: nothing takes it for one, whatever the pointer rests on.

Each screen, panel, form and dialog is opened, all that can be pointed at is pointed at, and the words come back as they
were written, without the marks that turn the direction of what follows. The picture is watched: it is never opened.
"""

import ctypes
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QGraphicsView,
    QHeaderView,
    QLabel,
    QMainWindow,
    QMenu,
    QTableView,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from sqlalchemy import Enum, String, text

from expo_app.model import Base
from expo_app.model.base import PartialDay
from expo_app.services import records
from expo_app.specs import EXHIBITORS, INDUSTRIES
from expo_app.store.database import open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.kit.buttons import Button, MenuButton, Tick
from expo_app.ui.kit.labels import ElidedLabel
from expo_app.ui.kit.menus import Menu
from expo_app.ui.records.import_wizard import ImportWizard
from tests.ui.conftest import put

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
import scenes
from stage import Stage

IN_OPEN, NONBLOCK = 0x20, os.O_NONBLOCK
TURN = "\u202e"
NOT_NAMES = {
    "a_code", "action", "b_code", "badge_no", "code", "consent_version", "contract_kind", "contract_subkind",
    "credit_code", "currency", "email", "fingerprint", "founded", "ip_kind", "issuer_code", "key", "kind", "letter",
    "number", "on_day", "opened", "payee_code", "phone", "pin_hash", "postcode", "production_region", "region_code",
    "research_region", "rolls_up", "search_text", "series", "side", "signed", "since", "spec", "state", "table_name",
    "tech_field", "time_zone", "until",
}  # fmt: skip
"""Columns of text that the program chose itself, or whose form it checks."""
KNOWN = ("南门", "A 会场", "南门 02 号台", "东门 04 号台", "陈放")
"""What scenes ask for by its whole name."""
WITHOUT = (
    "dialog-import-values", "dialog-import-plan", "dialog-import-cell",  # they map words by their names
    "desk-wrong_place", "dialog-reissue", "dialog-toasts", "dialog-preview", "dialog-help", "dialog-crash",
)  # fmt: skip
FIRST = (
    "home",
    "exhibitors-panel",
    "booths-panel",
    "programme",
    "guests-panel",
    "settings-words-industries",
    "statistics",
)
"""Scenes in the fast run: one of every way of painting a name."""


@pytest.fixture
def canary() -> Iterator[Path]:
    """The picture that every name asks for; in a folder with a short name, for names have a longest length."""
    with tempfile.TemporaryDirectory(prefix="c") as folder:
        path = Path(folder, "c.png")
        picture = QPixmap(8, 8)
        picture.fill(Qt.GlobalColor.red)
        assert picture.save(str(path))
        yield path


@contextmanager
def watched(path: Path) -> Iterator[Callable[[], bool]]:
    """Call it: whether the file was opened since. Linux tells; elsewhere the absence of rich text has to do."""
    if sys.platform != "linux":
        yield lambda: False
        return
    library = ctypes.CDLL(None, use_errno=True)
    heard = library.inotify_init1(NONBLOCK)
    assert heard >= 0
    assert library.inotify_add_watch(heard, os.fsencode(path), IN_OPEN) >= 0

    def opened() -> bool:
        try:
            return bool(os.read(heard, 4096))
        except BlockingIOError:
            return False

    try:
        yield opened
    finally:
        os.close(heard)


def names() -> list[tuple[str, str]]:
    """Every table and column of names and other free texts."""
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, (Enum, PartialDay))
        if column.name not in NOT_NAMES
    ]


def tag(canary: Path) -> str:
    return f'<img src="file://{canary}"><b>&amp;A&B{TURN}'


@pytest.fixture
def stage(fair_file: Path, canary: Path, tmp_path: Path, themed: QApplication) -> Iterator[Stage]:
    """The sample, every name of which ends in the tag, written past the program: a file may hold anything."""
    path = Path(shutil.copy(fair_file, tmp_path / "tagged.db"))
    db = open_database(path)
    known = ", ".join(f"'{name}'" for name in KNOWN)
    with db.writer.begin() as connection:
        for name in ("short_name", "name_en", "legal_representative"):  # two that share one would be one and the same
            act = f"UPDATE organisation SET {name} = substr(hex(id), -6) WHERE {name} = ''"  # noqa: S608
            connection.execute(text(act))
        for table, name in names():
            act = f"UPDATE {table} SET {name} = {name} || :tag WHERE {name} NOT IN ({known})"  # noqa: S608
            connection.execute(text(act), {"tag": tag(canary)})
    db.close()
    made = Stage(path, tmp_path / "stage", "zh_CN", "light", (1366, 768))
    made.open()
    yield made
    made.close()


# --- pointing at things -----------------------------------------------------------------------------------------------
def places(widget: QWidget) -> list[QPoint]:
    """Where the pointer rests on what a widget shows: on each cell, heading and thing of it."""
    view = widget.parentWidget()
    if isinstance(view, QHeaderView) and widget is view.viewport():
        sections = [view.sectionViewportPosition(n) + view.sectionSize(n) // 2 for n in range(view.count())]
        return [
            QPoint(at, widget.height() // 2) if view.orientation() is Qt.Orientation.Horizontal else QPoint(4, at)
            for at in sections
        ]
    if isinstance(view, QTableView) and widget is view.viewport():
        model = view.model()
        boxes = [
            view.visualRect(model.index(row, column))
            for row in range(model.rowCount())
            for column in range(model.columnCount())
            if 0 <= view.rowViewportPosition(row) < widget.height() and not view.isRowHidden(row)
        ]
        spread = range(12, widget.width(), 40)  # things inside of cells, such as marks of aliases
        points = [box.center() for box in boxes]
        lines = sorted({box.center().y() for box in boxes})[:8]
        return points + [QPoint(x, y) for x in spread for y in lines]
    if isinstance(view, QAbstractItemView) and widget is view.viewport():
        model, root = view.model(), view.rootIndex()
        return [view.visualRect(model.index(row, 0, root)).center() for row in range(model.rowCount(root))]
    if isinstance(view, QGraphicsView) and widget is view.viewport():
        return [view.mapFromScene(item.sceneBoundingRect().center()) for item in view.scene().items()]
    return [widget.rect().center()]


def tip() -> QLabel:
    """The label that Qt shows a tooltip in."""
    return next(w for w in QApplication.topLevelWidgets() if is_tip(w) and w.isVisible())


def is_tip(widget: QWidget) -> bool:
    return widget.metaObject().className() == "QTipLabel"


def is_rich(label: QLabel) -> bool:
    """Whether Qt made a document of a label's text."""
    if label.textFormat() is Qt.TextFormat.PlainText:
        return False
    made = any(child.metaObject().className() == "QWidgetTextControl" for child in label.children())
    return made or Qt.mightBeRichText(label.text())


def pointed_at(root: QWidget) -> list[str]:
    """Every tooltip that comes up, wherever the pointer rests."""
    said: list[str] = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not isValid(widget) or not widget.isVisible() or is_tip(widget):
            continue
        for at in places(widget):
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
            if QToolTip.isVisible():
                assert not is_rich(tip()), tip().text()
                said.append(tip().text())
                tip().hide()
    return said


@contextmanager
def drawn() -> Iterator[list[str]]:
    """The words painted meanwhile."""
    original, found = QPainter.drawText, list[str]()

    def draw(painter: QPainter, *given: Any) -> Any:
        found.extend(value for value in given if isinstance(value, str))
        return original(painter, *given)

    QPainter.drawText = draw  # type: ignore[method-assign]
    try:
        yield found
    finally:
        QPainter.drawText = original  # type: ignore[method-assign]


def menus_of(root: QWidget) -> list[QMenu]:
    """The menus of a screen, filled."""
    found = []
    for button in root.findChildren(MenuButton):
        if button.isVisible():
            button._popup.clear()
            button._fill(button._popup)
            found.append(button._popup)
    return found


def faults(root: QWidget, tips: list[str]) -> list[str]:
    """What on a screen is not the text it should be; its tooltips are added to `tips`."""
    with drawn() as painted:
        root.grab()
    buttons = [button for button in root.findChildren(QAbstractButton) if button.isVisible()]
    pressed = [action.text() for menu in menus_of(root) for action in menu.actions()]
    pressed += [button.text() for button in buttons if button.property("kind") != "step"]
    tips += (said := pointed_at(root))
    labels = [label for label in QApplication.allWidgets() if isinstance(label, QLabel)]
    shown = [*painted, *said, *pressed, *(label.text() for label in labels)]
    return [
        *(f"rich: {label.text()}" for label in labels if is_rich(label)),
        *(f"a key is marked: {words}" for words in pressed if "&" in words.replace("&&", "")),
        *(f"& stands twice: {words}" for words in pressed if "&&&" in words),
        *(f"turned: {words!r}" for words in shown if TURN in words),
        *(f"& stands twice: {words}" for words in (*painted, *said) if "&&" in words),
    ]


def walk(stage: Stage, names: list[str], canary: Path) -> tuple[dict[str, list[str]], int]:
    """Faults by scene, and how many tooltips held the tag whole."""
    known = {scene.name: scene for scene in scenes.scenes()}
    wrong, tips = {}, list[str]()
    with watched(canary) as opened:
        for name in names:
            root = known[name].draw(stage) or stage.window
            stage.settle()
            if found := faults(root, tips):
                wrong[name] = found
            if opened():
                wrong.setdefault(name, []).append("the picture was opened")
            stage.clear()
            stage.freeze()
    return wrong, sum(tag(canary).replace(TURN, "") in words for words in tips)


def test_names_that_are_tags_are_shown_as_they_are(stage: Stage, canary: Path) -> None:
    wrong, whole = walk(stage, list(FIRST), canary)
    assert wrong == {}
    assert whole > 50


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_so_they_are_on_every_screen_form_and_dialog(stage: Stage, canary: Path) -> None:
    wrong, whole = walk(stage, [s.name for s in scenes.scenes() if s.name not in WITHOUT], canary)
    assert wrong == {}
    assert whole > 500


def test_so_are_the_sheets_headings_and_cells_of_a_list(
    context: Context, window: QMainWindow, canary: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    mark = tag(canary)
    for name in ("高端制造", "新能源"):
        records.save(context.db, INDUSTRIES, {"name": f"{name}<b>&amp;A&B"})
    book = openpyxl.Workbook()
    for name in ("浙江<b>&amp;A&B", f"江苏<img src=c>{TURN}"):
        sheet = book.create_sheet(name)
        sheet.append(["单位全称", f"产业{mark}", "所在市", "联系人", "面积", f"备注{mark}", mark])
        for n in range(8):
            sheet.append([f"{name} {n} 公司{mark}", f"高端制遣{mark}", mark, f"王{n}{mark}", mark, mark, mark])
    book.remove(book.worksheets[0])
    path = tmp_path / f"<b>&amp;A&B{TURN}名单.xlsx"
    book.save(path)
    window.resize(1440, 900)
    wizard = ImportWizard(window, context, EXHIBITORS)
    wizard.open()
    tips, work = list[str](), wizard.work
    with watched(canary) as opened:
        wizard.read(path)
        for step in (1, 2, 3):
            qtbot.waitUntil(lambda: wizard.plan is not None and not work.is_waiting and not work.is_planning)
            wizard.go(step)
            QApplication.processEvents()
            assert wizard.step == step
            assert faults(window, tips) == []
        assert not opened()
    assert any("&amp;A&B" in words for words in tips)


def test_the_watch_notices_what_it_is_there_for(window: QMainWindow, canary: Path) -> None:
    """A label of Qt's own opens the picture; ours and a tooltip do not."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells which file is opened")
    with watched(canary) as opened:
        label = ElidedLabel(tag(canary))
        label.setMaximumWidth(60)
        put(window, label)
        assert faults(window, []) == []
        assert not opened()
        own = QLabel(tag(canary))
        put(window, own)
        own.grab()
        assert is_rich(own)
        assert opened()


# --- the doors --------------------------------------------------------------------------------------------------------
def test_the_words_of_a_menu_are_what_a_name_says(window: QMainWindow) -> None:
    menu, heard = Menu(window), list[str]()
    entry = menu.add("A&B\t<b>", lambda: heard.append("A&B"), "Del", ticked=True)
    assert entry.text() == "A&&B <b>\tDel"
    assert (entry.isChecked(), entry.isEnabled()) == (True, True)
    entry.trigger()
    assert heard == ["A&B"]
    assert not menu.add("only read").isEnabled()
    inside = menu.submenu("R&D")
    assert isinstance(inside, Menu)
    assert inside.title() == "R&&D"


def test_buttons_ticks_and_toasts_say_what_a_name_says(window: QMainWindow) -> None:
    assert (Button("A&B").text(), Tick("A&B").text()) == ("A&&B", "A&&B")
    toast = messages.show(window, f"已删除“甲{TURN}乙\x1b”，可撤销 <b>")
    said = [label.text() for label in toast.findChildren(QLabel)]
    assert "已删除“甲乙”，可撤销 <b>" in said


def test_nothing_in_the_window_adds_to_a_menu_or_prints_past_the_doors() -> None:
    """What ruff's list of banned names cannot say (see pyproject.toml)."""
    root = Path(__file__).resolve().parents[2] / "expo_app"
    doors = {"ui/kit/menus.py", "ui/records/editors.py", "cli_output.py"}  # an icon in a line edit is no menu
    past = re.compile(
        r"\.addAction\(|\.addMenu\(|(?<![.\w])(?<!def )print\(|sys\.std(?:out|err)\.write|setHtml\(|RichText"
    )
    found = [
        f"{path.relative_to(root)}: {line.strip()}"
        for path in root.rglob("*.py")
        if str(path.relative_to(root)) not in doors
        for line in path.read_text(encoding="utf-8").splitlines()
        if past.search(line)
    ]
    assert found == ["store/migrations/__main__.py: " + LINE]


LINE = 'sys.stdout.write(f"{write(arguments.title, arguments.renamed, arguments.data)}\\n")'
