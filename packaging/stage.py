"""The sample expo on a stage: built once, opened in one size, theme and language, its clock standing still."""

from __future__ import annotations

import gc
import os
import shutil
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from expo_app import demo, i18n, memory
from expo_app.routes import Route
from expo_app.services import sample
from expo_app.settings import Settings
from expo_app.store import backup
from expo_app.store.database import open_database
from expo_app.ui.kit import dialog, jobs, messages, theme
from expo_app.ui.window import Window, translators
from expo_app.ui.window.frame import Frame

REHEARSAL_AT = sample.rehearsal_at()
FEW, ALL = 700, 5000
"""People of the sample: enough to find text that does not fit, and as many as there were."""
QUIET, LONG, PATIENCE = 0.015, 0.22, 20.0
"""Seconds without work after which a window is taken as settled, is certainly settled, and is given up."""
TURNS = 12
"""Turns of the event loop that a window takes at least: a card in an area that scrolls lays its page out over five of
them, and a busy machine gets through one or two in `LONG`."""


def build(folder: Path, people: int = FEW) -> Path:
    """The sample as a file, as the demo makes it."""
    path = folder / "kjh-2018.db"
    db = open_database(path, create=True)
    try:
        demo.fill(db, people, demo.Made())
    finally:
        db.close()
    return path


class Stage:
    """One window on its own copy of the sample. `size` in logical pixels."""

    still = QUIET

    def __init__(self, source: Path, folder: Path, language: str, look: str, size: tuple[int, int]) -> None:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("no application: call calm() first")
        self.app, self.language, self.theme, self.size = app, language, look, size
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.file = folder, Path(shutil.copy(source, folder / source.name))
        i18n.set_language(language)
        translators.install(language)
        theme.apply(app, look)
        wanted = Settings(
            language=language, theme=look, desk_name="南门 02 号台", backup_folder=str(folder / "backups")
        )
        wanted.export_folder = str(self._documents())
        self.window = Window(wanted)
        self.window.resize(*size)
        self._extra: list[QWidget] = []

    def _documents(self) -> Path:
        """A folder whose path looks at home in a picture."""
        place = self.folder / "报表"
        place.mkdir(exist_ok=True)
        return place

    def open(self) -> None:
        """Show the sample in its frame."""
        self.window.open(str(self.file))
        self.freeze()
        self.window.show()
        self.settle()
        backup.auto_backup(self.context.db, self.folder / "backups")
        self.frame.machine.backups.look()
        self.frame.count()
        self.settle()

    def freeze(self, at: Any = REHEARSAL_AT) -> None:
        """Let the expo's clock stand at a moment."""
        if self.window.db is not None:
            self.window.db.clock = lambda: at

    @property
    def frame(self) -> Frame:
        """The frame; there is one once `open` was called."""
        if self.window.frame is None:
            raise RuntimeError("the window shows no frame: call open() first")
        return self.window.frame

    @property
    def context(self) -> Any:
        """The context of the open database."""
        return self.window.context

    def go(self, to: str | Route) -> Any:
        """Show a page of the frame by its name, or a place on one, settled."""
        if isinstance(to, Route):
            self.frame.go(to)
        else:
            self.frame.show_page(to)
        self.settle()
        return self.frame.page

    def keep(self, widget: QWidget) -> QWidget:
        """Show a window of its own in the stage's size, until `clear`."""
        widget.resize(*self.size)
        widget.show()
        self._extra.append(widget)
        self.settle()
        return widget

    def settle(self, still: float = 0) -> None:
        """Let events and workers run until no worker ran for `still` seconds and `TURNS`; not given, the stage's."""
        still = still or self.still
        end, quiet, turns = time.monotonic() + PATIENCE, time.monotonic() + still, 0
        while turns < TURNS or (time.monotonic() < end and (time.monotonic() < quiet or jobs.running())):
            self.app.processEvents()
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            turns += 1
            if jobs.running() and time.monotonic() < end:
                quiet, turns = time.monotonic() + still, 0
            time.sleep(0.002)
        self.app.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # a clock may have changed a text in the last turn
        memory.collect_due()

    def clear(self) -> None:
        """Close what a picture opened: windows of their own, dialogs, messages."""
        for widget in self._extra:
            widget.close()
            widget.deleteLater()
        self.window.activateWindow()  # else no field of the next picture shows that it has the focus
        self._extra = []
        while (box := dialog.top(self.window)) is not None:
            box.close_with(None)
        for toast in messages.toasts(self.window):
            toast.dismiss()
        self._forget_page()

    def _forget_page(self) -> None:
        """The next picture of this page starts from a new one, without panels, filters and ticks."""
        if self.window.frame is not None and self.frame.page_name:
            page = self.frame._made.pop(self.frame.page_name)
            self.frame.stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    def close(self) -> None:
        """Take everything down."""
        self.clear()
        self.window.close_database()
        self.window.close()
        self.window.deleteLater()
        self.settle()


def calm() -> QApplication:
    """The application, without a screen and without motion."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["shots"])
    app.setProperty("calm", True)
    gc.disable()
    return app
