"""Lines and blocks of text with the signals `edited` (by the person) and `left` (focus went elsewhere)."""

import unicodedata
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QValidator
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from expo_app.ui.kit import theme

LINES = 3  # height of a long text, in lines
STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


class LineEditor(QLineEdit):
    """One line of text, or of digits (`right` aligned)."""

    edited = Signal()
    left = Signal()

    def __init__(self, right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> str:
        return self.text()

    def set_value(self, value: Any) -> None:
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.left.emit()


class Capitals(QValidator):
    """Letters become capitals as they are typed, full-width ones ordinary; nothing is refused."""

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, unicodedata.normalize("NFKC", text).upper(), place


class LongTextEditor(QPlainTextEdit):
    """Several lines; Tab goes on to the next field."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._quiet = False
        self.textChanged.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * LINES + 2 * theme.Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def value(self) -> str:
        return self.toPlainText()

    def set_value(self, value: Any) -> None:
        self._quiet = True
        self.setPlainText("" if value is None else str(value))
        self._quiet = False

    def _on_changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.left.emit()
