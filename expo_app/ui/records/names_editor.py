"""Several names, one a line, each offered from a look-up while one types: the parties of an agreement."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QPlainTextEdit, QWidget

from expo_app.ui.kit import theme
from expo_app.ui.kit.picker import SEPARATORS, WAIT, Options

LEAST_LINES, MOST_LINES = 3, 9
JOINED = "、"


class NamesEditor(QPlainTextEdit):
    """A value of names joined by 、, shown one a line and as high as they are many; Tab goes on to the next field.

    ↑↓ and Enter choose from the list of suggestions, Tab takes the one marked and goes on, Alt+↓ opens it.
    Pasted names may be joined by 、 or ；.
    """

    edited = Signal()
    left = Signal()
    tab_takes = False

    def __init__(self, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options, self._quiet = options, False
        self.setTabChangesFocus(True)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.setWrapAround(False)  # beyond the last one the arrows leave it chosen
        self._completer.activated[str].connect(self._on_chosen)  # type: ignore[index]
        self._wait = QTimer(self, singleShot=True, interval=WAIT)
        self._wait.timeout.connect(self.offer)
        self.textChanged.connect(self._on_changed)

    def names(self) -> list[str]:
        """The names typed, without empty lines."""
        parts = (part for line in self.toPlainText().split("\n") for part in SEPARATORS.split(line))
        return [part.strip() for part in parts if part.strip()]

    def value(self) -> str:
        """The names joined by 、."""
        return JOINED.join(self.names())

    def set_value(self, value: Any) -> None:
        """Show names joined by 、 (None: none)."""
        self._quiet = True
        self.setPlainText("\n".join(SEPARATORS.split(str(value))) if value else "")
        self._quiet = False

    def is_known(self) -> bool:
        """Whether each name is one the look-up knows exactly."""
        return all(any(name == known for _id, known in self._options(name)) for name in self.names())

    @property
    def is_offering(self) -> bool:
        """Whether the list of suggestions is open."""
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    def offer(self) -> None:
        """Show what matches the line being typed."""
        self._wait.stop()
        typed = self.textCursor().block().text().strip()
        names: Sequence[str] = [name for _id, name in self._options(typed)]
        self._names.setStringList(names)
        if names and list(names) != [typed] and self.hasFocus():
            at = self.cursorRect()
            self._completer.complete(QRect(0, at.top(), max(self.width(), theme.Width.PANEL_NARROW), at.height()))
        else:
            self._close_list()

    def _close_list(self) -> None:
        if (popup := self._completer.popup()) is not None:
            popup.hide()

    def _on_changed(self) -> None:
        self.updateGeometry()
        if not self._quiet:
            self.edited.emit()
            self._wait.start()

    def _on_chosen(self, name: str) -> None:
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.LineUnderCursor)
        cursor.insertText(name)
        self._wait.stop()

    def sizeHint(self) -> QSize:
        lines = min(MOST_LINES, max(LEAST_LINES, self.blockCount() + 1))
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * lines + 2 * theme.Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if self.is_offering and event.key() in keys:
            event.ignore()  # the list takes them
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.offer()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        popup = self._completer.popup()
        if is_next and self.tab_takes and popup is not None and self.is_offering and popup.currentIndex().isValid():
            self._on_chosen(popup.currentIndex().data())
        self._close_list()
        return super().focusNextPrevChild(is_next)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._wait.stop()
            self.left.emit()
