"""Menus, and the words of whatever is pressed: they say what a name says, whatever signs are in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from expo_app.plain_text import shown


def escape(text: str) -> str:
    """`text` for a button or menu, where & would mark a shortcut."""
    return shown(text).replace("&", "&&")


class Menu(QMenu):
    """Filled by `add` alone: in Qt's own `addAction` an & marks a key and a tab begins a column."""

    def add(
        self, words: str, call: Callable[[], object] | None = None, keys: str = "", *, ticked: bool | None = None
    ) -> QAction:
        """An entry with its `keys` behind it; `ticked` makes it a choice; without `call` it is only read."""
        said = escape(words).replace("\t", " ")
        action = self.addAction(f"{said}\t{keys}" if keys else said)
        if ticked is not None:
            action.setCheckable(True)
            action.setChecked(ticked)
        if call is None:
            action.setEnabled(False)
        else:
            action.triggered.connect(lambda _checked=False: call())
        return action

    def submenu(self, words: str) -> Menu:
        """A menu that opens beside this one."""
        made = Menu(escape(words), self)
        self.addMenu(made)
        return made
