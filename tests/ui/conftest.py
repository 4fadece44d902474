"""For every window test: the themed application, no motion, nothing left at work, open or held down afterwards."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.services import expos
from expo_app.settings import Settings
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.window import Window, translators
from tests.factories import make_expo


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme and in Chinese; workers are awaited and windows closed afterwards."""
    qapp.setProperty("calm", True)
    theme.apply(qapp, "light")
    translators.install("zh_CN")
    yield qapp
    settle(qapp)
    for button in Qt.MouseButton:
        if button & qapp.mouseButtons():  # pressed and never released: whatever comes next would begin with it
            QTest.mouseRelease(QWidget(), button)
    QTest.keyRelease(QWidget(), Qt.Key.Key_Control)  # a key pressed with it leaves it held
    assert not qapp.mouseButtons()
    assert not qapp.keyboardModifiers()
    for window in qapp.topLevelWidgets():
        window.close()
        if window.windowType() != Qt.WindowType.Popup:  # those go with what they belong to
            window.deleteLater()
    qapp.processEvents()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle(qapp)
    QGuiApplication.clipboard().clear()
    theme.apply(qapp, "light")


def settle(qapp: QApplication) -> None:
    """Until nothing is at work, nor anything that the end of another began: the next test would be told of it."""
    end = time.monotonic() + 60
    while True:
        assert jobs.wait(60_000)
        qapp.processEvents()
        if not jobs.running():
            return
        assert time.monotonic() < end, [job.title for job in jobs.running()]


class PatientBot(QtBot):
    """Waits as long as a busy machine needs: how quick the program is, is measured in `tests/bench`."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = 60_000) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = 60_000, **given: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **given)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture
def window(qapp: QApplication) -> QMainWindow:
    """An empty window of 1200×760, shown and active, for things that live inside one."""
    made = QMainWindow()
    made.setCentralWidget(QWidget())
    made.resize(1200, 760)
    made.show()
    made.activateWindow()
    qapp.processEvents()
    return made


@pytest.fixture
def main_window(qapp: QApplication) -> Iterator[Window]:
    """The program's own window at its start page, shown and active."""
    made = Window(Settings())
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qapp.processEvents()
    yield made
    made.close_database()


def put(window: QMainWindow, widget: QWidget) -> None:
    """Make `widget` the content of `window`, visible and ready to take the focus."""
    window.setCentralWidget(widget)
    widget.show()
    QApplication.processEvents()


@pytest.fixture
def shown() -> Callable[[QWidget], list[tuple[str, str]]]:
    """Call with any widget of a window: the (kind, words) of its toasts, oldest first."""
    return lambda widget: [(toast.kind, toast.text) for toast in messages.toasts(widget)]


@pytest.fixture
def context(db: Database, window: QMainWindow, qapp: QApplication) -> Iterator[Context]:
    """An administrator at work on an expo of 2018 without any records, in `window`."""
    with db.transaction() as session:
        make_expo(session, name="第一届科技交易博览会", name_en="First technology expo", code="KJH18")
    made = Context(db, Settings(), expos.current(db), window)
    yield made
    settle(qapp)
    made.close()
