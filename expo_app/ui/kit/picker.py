"""Choosing a record by typing: a line that suggests names, and a palette to pick one record.

Look-ups are callables `(text) -> [(id, name), …]` from the page, so that the kit knows no business.
"""

import re
import uuid
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from expo_app.i18n import _
from expo_app.rules.palette_rows import PaletteRow
from expo_app.rules.search_key import matches, search_term
from expo_app.ui.kit import theme
from expo_app.ui.kit.palette import Palette

Options = Callable[[str], Sequence[tuple[uuid.UUID | None, str]]]
WAIT = 120  # ms after the last key before a look-up
SEPARATORS = re.compile(r"[、;；]")


def from_words(words: Callable[[], Sequence[str]]) -> Options:
    """A look-up over a short list of words, by text, pinyin or initials."""

    def look_up(text: str) -> list[tuple[uuid.UUID | None, str]]:
        term = search_term(text)
        by_sound = term.isascii() and term.isalpha()
        found = [w for w in words() if not term or term in search_term(w) or (by_sound and matches(w, term))]
        return [(None, word) for word in found]

    return look_up


class PickerLine(QLineEdit):
    """A line that offers what matches while one types; ↑↓ and Enter choose, Alt+↓ offers everything.

    Enter takes what stands in the line, else the first name offered; the list marks which.

    `picked(id, name)` after a choice. `several`: names joined by 、, the one being typed is looked up.
    `tab_takes`: Tab takes the marked name too and goes on; else what was typed stays.
    """

    edited = Signal()
    left = Signal()
    picked = Signal(object, str)
    tab_takes = False

    def __init__(self, options: Options, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options, self._several = options, several
        self._found: list[tuple[uuid.UUID | None, str]] = []
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(8)
        self._completer.setWidget(self)
        self._completer.setWrapAround(False)  # beyond the last one the arrows leave it chosen
        self._completer.activated[str].connect(self._on_chosen)  # type: ignore[index]
        self._wait = QTimer(self, singleShot=True, interval=WAIT)
        self._wait.timeout.connect(self.offer)
        self.textEdited.connect(self._on_edited)

    def value(self) -> str:
        """The name or names as typed."""
        return self.text()

    def set_value(self, value: object) -> None:
        """Show a name (None empties)."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    @property
    def is_offering(self) -> bool:
        """Whether the list of suggestions is open."""
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    def offer(self, text: str | None = None) -> None:
        """Show what matches the part being typed, or `text`."""
        self._wait.stop()
        self._found = list(self._options(self._part() if text is None else text))
        names = [name for _id, name in self._found]
        self._names.setStringList(names)
        if names and names != [self._part()] and (self.hasFocus() or text is not None):
            self._completer.complete(QRect(0, 0, max(self.width(), theme.Width.PANEL_NARROW), self.height()))
            self._mark(names)
        elif (popup := self._completer.popup()) is not None:
            popup.hide()

    def _mark(self, names: list[str]) -> None:
        popup, said = self._completer.popup(), self._part()
        if popup is not None and self.is_offering:
            at = names.index(said) if said in names else 0 if said else -1
            popup.setCurrentIndex(popup.model().index(at, 0))

    def is_known(
        self, split: Callable[[str], list[str]] = SEPARATORS.split, alike: Callable[[str], str] = str.strip
    ) -> bool:
        """Whether each name typed is one the look-up knows, in a spelling that is `alike`."""
        names = [part for part in split(self.text()) if part.strip()] if self._several else [self.text()]
        wanted = [name.strip() for name in names if name.strip()]
        return all(any(alike(name) == alike(known) for _id, known in self._options(name)) for name in wanted)

    def _part(self) -> str:
        return (SEPARATORS.split(self.text())[-1] if self._several else self.text()).strip()

    def _on_edited(self, _text: str) -> None:
        self.edited.emit()
        self._wait.start()

    def _on_chosen(self, name: str) -> None:
        before = self.text()[: len(self.text()) - len(SEPARATORS.split(self.text())[-1])] if self._several else ""
        self.setText(before + name)
        self.edited.emit()
        self.picked.emit(next((key for key, known in self._found if known == name), None), name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.offer("" if not self._several else None)
        elif self.is_offering and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()  # the list takes them
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        popup = self._completer.popup()
        if is_next and self.tab_takes and popup is not None and self.is_offering and popup.currentIndex().isValid():
            self._on_chosen(popup.currentIndex().data())
            popup.hide()
        return super().focusNextPrevChild(is_next)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.text() and not self.isReadOnly() and event.button() == Qt.MouseButton.LeftButton:
            self.offer("")

    def hideEvent(self, event: QHideEvent) -> None:
        """The list is a window of its own: it must not outlive the line it belongs to."""
        super().hideEvent(event)
        if (popup := self._completer.popup()) is not None:
            popup.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._wait.stop()
            self.left.emit()


def pick(parent: QWidget, title: str, icon: str, options: Options, then: Callable[[uuid.UUID, str], object]) -> Palette:
    """Let the person choose one record by typing; `then(id, name)` after Enter, nothing after Esc."""

    def rows(text: str) -> list[PaletteRow]:
        return [
            PaletteRow(
                title, icon, name, lambda key=key, name=name: then(key, name),  # type: ignore[misc]
                key_hint=_("选用"), matched=tuple(matches(name, text)) if text else (),
            )
            for key, name in options(text)
            if key is not None
        ]  # fmt: skip

    palette = Palette(parent, rows, placeholder=title)
    palette.open()
    return palette
