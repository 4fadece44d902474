"""What the frame asks of a page; a page overrides what it has an answer to. Do not bind these keys in a page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from expo_app.routes import Route
from expo_app.rules.palette_rows import Command


class Page(QWidget):
    """A page of the window, made with the context. `reads_codes`: it sees to the codes of badges itself.

    `takes_codes`: in front of the window, those that are read are its own.
    """

    reads_codes = takes_codes = False

    def open_with(self, route: Route) -> None:
        """Go to a place on it, after `context.navigate(route)`."""

    def place(self) -> Route | None:
        """The way back to what it shows, for when the language changes; None: as it opens."""
        return None

    def refresh(self) -> None:
        """F5."""

    def focus_search(self) -> None:
        """Ctrl+F."""

    def undo(self) -> None:
        """Ctrl+Z."""

    def redo(self) -> None:
        """Ctrl+Y."""

    def pane(self) -> QWidget | None:
        """The pane beside, for F6."""
        return None

    def read_code(self, raw: str) -> None:
        """A badge was read: while another window had the focus, asked of an open page that `reads_codes`; in front of
        the window, of one that `takes_codes`."""

    def commands(self) -> Sequence[Command]:
        """What it adds to the palette."""
        return ()
