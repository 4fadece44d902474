"""The audience's window on the second screen. A pulled cable takes nothing with it but the picture."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.kit.screens import other_screen
from expo_app.ui.parts.hall_stage import PREVIEW, HallStage


class Link(Enum):
    """Whether the hall sees anything."""

    OFF = auto()
    ON = auto()
    PREVIEW = auto()
    """There is no second screen: an ordinary window on this one."""
    LOST = auto()
    """Its screen is gone; it comes back with the next one."""


class Projector(QObject):
    """`changed`: the link, or whether it is black. `show_screen` reaches the projector and its preview alike."""

    changed = Signal()

    def __init__(self, owner: QWidget, make: Callable[[QWidget], HallStage]) -> None:
        """`owner`: the widget whose window it goes with, and whose screen it leaves free; `make`(owner) the picture."""
        super().__init__(owner)
        self._make = make
        self._owner = owner
        self._screen: QScreen | None = None
        self._shown: Any = None
        self.link, self.is_black = Link.OFF, False
        self.window: HallStage | None = None
        self.preview: HallStage | None = None
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self._on_removed)
            app.screenAdded.connect(self._on_added)

    @property
    def is_open(self) -> bool:
        """Whether anything of it can be seen."""
        return self.window is not None or self.preview is not None

    @property
    def screen_name(self) -> str:
        """The screen's name as the system says it."""
        return self._screen.name() if self._screen is not None else ""

    def show_screen(self, screen: Any) -> None:
        """What the hall sees from now on."""
        self._shown = screen
        for stage in (self.window, self.preview):
            if stage is not None:
                stage.show_screen(screen)

    def open(self) -> None:
        """Show it: on a screen where the console is not, else as a window beside it."""
        self.close()
        self.window = self._made(_("投影"))
        self.window.closed.connect(self._on_closed)
        self._place(other_screen(self._owner))

    def close(self) -> None:
        """Take it away."""
        if self.window is not None:
            self.window.close()

    def toggle(self) -> None:
        """Show it, or take it away."""
        if self.window is None:
            self.open()
        else:
            self.close()

    def toggle_black(self) -> None:
        """Nothing to be seen for a while; the console goes on."""
        self.is_black = not self.is_black
        for stage in (self.window, self.preview):
            if stage is not None:
                stage.set_black(self.is_black)
        self.changed.emit()

    def toggle_preview(self) -> None:
        """The same small, beside the console."""
        if self.preview is not None:
            self.preview.close()
            return
        self.preview = self._made(_("投影预览"))
        self.preview.closed.connect(self._on_preview_closed)
        self.preview.resize(PREVIEW)
        self.preview.show()

    def _made(self, title: str) -> HallStage:
        made = self._make(self._owner)
        made.as_window(title)
        made.set_black(self.is_black)
        if self._shown is not None:
            made.show_screen(self._shown)
        return made

    def _place(self, screen: QScreen | None) -> None:
        if self.window is None:
            return
        self._screen = screen
        if screen is None:
            self.window.resize(PREVIEW)
            self.window.show()
        else:
            self.window.setGeometry(screen.geometry())
            self.window.setWindowState(Qt.WindowState.WindowFullScreen)
            self.window.show()  # `showFullScreen` would take the keys
        self.link = Link.PREVIEW if screen is None else Link.ON
        self.changed.emit()

    def _on_removed(self, gone: QScreen) -> None:
        if self.window is not None and gone is self._screen:
            self.window.hide()
            self._screen, self.link = None, Link.LOST
            self.changed.emit()

    def _on_added(self, screen: QScreen) -> None:
        if self.window is not None and self.link in (Link.LOST, Link.PREVIEW):
            self._place(screen)

    def _on_closed(self) -> None:
        gone, self.window = self.window, None
        if gone is not None:
            gone.deleteLater()
        self._screen, self.link = None, Link.OFF
        self.changed.emit()

    def _on_preview_closed(self) -> None:
        gone, self.preview = self.preview, None
        if gone is not None:
            gone.deleteLater()
        self.changed.emit()
