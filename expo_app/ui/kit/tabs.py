"""Underlined tabs over the bodies of a panel."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, repolish
from expo_app.ui.kit.labels import Line
from expo_app.ui.kit.layouts import clear, column, row


class Tabs(QWidget):
    """Underlined tabs: `Tabs([(key, words), …])`; `chosen(key)`."""

    chosen = Signal(object)

    def __init__(self, items: Iterable[tuple[object, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 0)
        self._row = row(spacing=theme.Space.L)
        outer.addLayout(self._row)
        outer.addWidget(Line())
        self._group = QButtonGroup(self)
        self._buttons: dict[object, Button] = {}
        self.set_items(items)

    def set_items(self, items: Iterable[tuple[object, str]]) -> None:
        """Show these tabs; the choice stays where its key is still there."""
        before, wanted = self.key, list(items)
        for button in self._buttons.values():
            self._group.removeButton(button)
        clear(self._row)
        self._buttons = {}
        for key, words in wanted:
            button = Button(words, "tab")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[key] = button
        self._row.addStretch(1)
        if wanted:
            self.choose(before if before in self._buttons else wanted[0][0])
        self._fit()

    def button(self, key: object) -> Button:
        """The tab of `key`."""
        return self._buttons[key]

    @property
    def key(self) -> object:
        """The key of the tab in front; None without tabs."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Tabs that would not fit stand closer, then smaller."""
        for spacing, tight in ((theme.Space.L, False), (theme.Space.XS, False), (theme.Space.XS, True)):
            self._row.setSpacing(spacing)
            for button in self._buttons.values():
                if bool(button.property("tight")) != tight:
                    button.setProperty("tight", tight)
                    repolish(button)
            words = sum(button.sizeHint().width() for button in self._buttons.values())
            if words + len(self._buttons) * spacing <= self.width():
                break

    def choose(self, key: object) -> None:
        """Bring a tab to front without a signal; KeyError for an unknown key."""
        self._buttons[key].setChecked(True)
