"""The program's own window on an expo set up from nothing: its clock, fingers on its keys, lists in, files out."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import select

from expo_app import settings
from expo_app.model import EventKind, Lot
from expo_app.routes import ListRoute
from expo_app.routes.auction import AuctionRoute
from expo_app.routes.reports import ReportsRoute
from expo_app.services import auction_hall, expos
from expo_app.specs import RecordSpec
from expo_app.store.database import Database, open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, labels, sounds
from expo_app.ui.kit.overlay import Overlay
from expo_app.ui.pages.auction import AuctionPage, cashier_papers
from expo_app.ui.pages.reports import ReportsPage
from expo_app.ui.window import Window
from tests import made_auction as made

WAN = Decimal(10_000)
TYPIST = 90.0
"""Milliseconds between two keys of a quick hand."""
NAMED = {
    "\n": Qt.Key.Key_Return, " ": Qt.Key.Key_Space, "Esc": Qt.Key.Key_Escape, "F6": Qt.Key.Key_F6,
    "F7": Qt.Key.Key_F7, "F8": Qt.Key.Key_F8, "F4": Qt.Key.Key_F4, "F2": Qt.Key.Key_F2, "Tab": Qt.Key.Key_Tab,
    "PgUp": Qt.Key.Key_PageUp,
}  # fmt: skip


@dataclass
class Clock:
    """The hall's time: it goes on by itself, and may be set forward."""

    starts: datetime
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.starts + timedelta(seconds=time.monotonic() - self.began)


def settle() -> None:
    """Until nothing runs and what came of it is on the screen."""
    for _turn in range(3):
        QApplication.processEvents()
        while jobs.running():
            QTest.qWait(1)
    QApplication.processEvents()


@dataclass
class Hand:
    """Fingers on the keyboard of one window: keys go where the system sends them, and are counted."""

    window: Any
    pressed: int = 0

    @property
    def target(self) -> Any:
        """The window that has the keys: its own, or one of its own that the console took."""
        return (QApplication.activeWindow() or self.window).windowHandle()

    def keys(self, *keys: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            for one in [key] if key in NAMED else list(key):
                self.pressed += 1
                if one.isascii() or one in NAMED:
                    QTest.keyClick(self.target, NAMED.get(one, one), held)
                else:  # an input method's
                    widget: Any = QApplication.focusWidget()
                    widget.insert(one)
            settle()


@dataclass
class Hall:
    """The window on a file that holds nothing but this expo, and its clock."""

    window: Window
    file: Path
    clock: Clock
    painted: list[str]
    out: Path

    @property
    def context(self) -> Context:
        return self.window.context

    @property
    def db(self) -> Database:
        return self.context.db

    def view(self, key: str) -> Any:
        self.context.navigate(AuctionRoute(key))
        settle()
        page = self.window.frame.page
        assert isinstance(page, AuctionPage)
        return page.view

    def box(self) -> Any:
        """The dialog in front."""
        return [box for box in self.window.findChildren(Overlay) if box.is_open][-1]

    def lots(self) -> dict[str, Lot]:
        with self.db.reading() as session:
            return {lot.lot_no: lot for lot in session.scalars(select(Lot))}

    def events(self, number: str) -> list[tuple[EventKind, int | None, Decimal | None]]:
        found = auction_hall.read_events(self.db, self.lots()[number].id)
        return [(event.kind, event.paddle, event.amount and event.amount / WAN) for event in reversed(found)]


@pytest.fixture(name="hall")
def made_hall(tmp_path: Path, themed: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    file, out = tmp_path / "own.db", tmp_path / "out"
    db = open_database(file, create=True)
    expos.create(db, made.EXPO)
    db.close()
    out.mkdir()
    kept = settings.load()
    kept.export_folder = str(out)
    painted: list[str] = []
    true = labels.write

    def write(painter: QPainter, rect: object, text: str, *rest: object) -> None:
        painted.append(text)
        true(painter, rect, text, *rest)

    monkeypatch.setattr("expo_app.ui.parts.hall_stage.write", write)
    monkeypatch.setattr(sounds, "play", lambda _name, _volume: None)
    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: None)  # no printer: papers are kept as files
    window = Window(kept)
    window.resize(1440, 900)
    window.open(str(file))
    window.show()
    window.activateWindow()
    settle()
    beats = itertools.count(1_000, TYPIST)
    window._codes.clock = lambda _event: next(beats)  # no reader is as slow as a person
    clock = Clock(made.BEGINS)
    window.context.db.clock = clock
    yield Hall(window, file, clock, painted, out)
    window.close_database()


def import_list(qtbot: Any, hall: Hall, spec: RecordSpec, path: Path) -> Any:
    """Through the import window; its plan."""
    hall.context.navigate(ListRoute(spec, imports=True))
    settle()
    wizard = dialog.top(hall.window)
    wizard.read(path)
    qtbot.waitUntil(lambda: wizard.plan is not None)
    plan = wizard.plan
    with qtbot.waitSignal(wizard.imported):
        wizard.apply()
    settle()
    return plan


def sheets_of(path: Path, header: str = "专场") -> dict[str, list[dict[str, Any]]]:
    """Sheet → its rows by their headers; notes above and below them are passed over."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        at = next(n for n, row in enumerate(rows) if header in row)
        found[name] = [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :] if len([*filter(None, row)]) > 1]
    return found


def yuan(wan: str) -> str:
    return f"{Decimal(wan) * WAN:,.2f}"


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def submit(box: Any) -> None:
    """What a dialog's verb does; it closes."""
    box.submit()
    settle()
    assert not box.is_open, [label.text() for label in box.findChildren(QLabel) if label.isVisible()]


def make_report(qtbot: Any, hall: Hall, name: str, ending: str) -> None:
    """One report in one format, from the page of reports."""
    hall.context.navigate(ReportsRoute(name))
    settle()
    page = hall.window.frame.page
    assert isinstance(page, ReportsPage)
    if page.panel.format is not None:
        page.panel.format.choose(ending)
    page.make()
    qtbot.waitUntil(lambda: page.maker.current is None and not page.maker.waiting, timeout=60_000)
    settle()
