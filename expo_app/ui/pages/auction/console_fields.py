"""The two fields of the console: the paddle, and an amount behind it. All keys of the console come through them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRegularExpression, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.i18n import _
from expo_app.rules.auction_entry import HELD
from expo_app.ui.pages.auction.console_parts import act_of

EDITING = {
    Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
}  # fmt: skip


class KeyField(QLineEdit):
    """`acted(act)`: a key of the console was pressed here, or F8 held (twice then)."""

    acted = Signal(str)
    letters = True
    is_fast = True
    """A number pad may be as quick as a reader of badges: what is typed here is a bid, unless it is a whole code."""

    def __init__(self, role: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._held = QTimer(self, singleShot=True, interval=int(HELD * 1000))
        self._held.timeout.connect(lambda: self.acted.emit("hammer"))

    def event(self, event: QEvent) -> bool:
        """Keys of the console go before the window's own: F6, Ctrl+Z."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and act_of(event, letters=self.letters):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event, letters=self.letters)
        if not act:
            self.type_key(event)
        elif not event.isAutoRepeat() or act in ("up", "down"):
            if act == "hammer":
                self._held.start()
            self.acted.emit(act)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F8 and not event.isAutoRepeat():
            self._held.stop()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._held.stop()
        super().focusOutEvent(event)

    def type_key(self, event: QKeyEvent) -> None:
        """A key that is no act."""
        super().keyPressEvent(event)


class PaddleField(KeyField):
    """Digits alone, whatever the input method or the keyboard's layout; every other character is a key or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("paddle", _("号牌"), parent)
        self.setMaxLength(4)
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def type_key(self, event: QKeyEvent) -> None:
        is_character = bool(event.text()) and event.text().isprintable()
        has_more = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in EDITING or has_more or not is_character or event.text().isdecimal():
            super().type_key(event)


class AmountField(KeyField):
    """An amount as people write it. `left`: emptied, the paddle again."""

    letters = False
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("jump", _("金额"), parent)
        self.setPlaceholderText(_("万元"))
        self.setMaxLength(24)

    def type_key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.left.emit()
        else:
            super().type_key(event)
