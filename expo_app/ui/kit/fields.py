"""Input fields with a label above and a hint or problem below; the search field."""

from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.buttons import repolish
from expo_app.ui.kit.labels import Label

AROUND_SEARCH = 48  # px beside the words: magnifier, margins, edges


class SearchField(QLineEdit):
    """A line with a magnifier; `searched(text)` comes `delay` ms after the last key, at once on Enter. Esc empties."""

    searched = Signal(str)

    def __init__(self, placeholder: str, delay: int = 120, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(False)
        self._said = ""
        self._timer = QTimer(self, singleShot=True, interval=delay)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._say)

    def set_text(self, text: str) -> None:
        """Show `text` without searching."""
        self._said = text
        self.setText(text)
        self._timer.stop()

    def fitting_width(self, least: int) -> int:
        """`least`, or more where the placeholder needs it."""
        return max(least, self.fontMetrics().horizontalAdvance(self.placeholderText()) + AROUND_SEARCH)

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._say()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z and Ctrl+Y are the page's where the line has nothing of its own to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = (event.matches(QKeySequence.StandardKey[name]) for name in ("Undo", "Redo"))
            if (undo and not self.isUndoAvailable()) or (redo and not self.isRedoAvailable()):
                event.ignore()
                return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        size = theme.IconSize.INLINE
        icons.draw(painter, "search-line", "text.2", QRectF(9, (self.height() - size) // 2, size, size))


class ComboBox(QComboBox):
    """A choice from a short list that the wheel does not change while the page scrolls under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def findData(self, data: object, *given: Any) -> int:
        """The row of an equal value; Qt finds only the very same object, and what is read anew is another one."""
        if given:
            return super().findData(data, *given)
        return next((n for n in range(self.count()) if self.itemData(n) == data), -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SpinBox(QSpinBox):
    """A whole number that the wheel changes only where the focus is."""

    def __init__(self, least: int = 0, most: int = 99, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(theme.Space.S, 0, 0, 0)  # QSS does not reach the line inside

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FormField(QWidget):
    """`editor` under its label (12 px bold, star when required), with hint or problem below in the same place."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        hint: str = "",
        required: bool = False,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor, self._hint = editor, hint
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.Space.XS)
        self._label = Label(f"{label} *" if required else label, "caption.bold")  # no buddy: that would eat an &
        editor.setAccessibleName(label)
        if hasattr(editor, "edited"):
            editor.edited.connect(self._on_edited)
        column.addWidget(self._label)
        if unit:
            row = QHBoxLayout()
            row.setSpacing(theme.Space.S)
            row.addWidget(editor, 1)
            row.addWidget(Label(unit, "secondary"))
            column.addLayout(row)
        else:
            column.addWidget(editor)
        self._below = Label("", "caption", wrap=True)
        column.addWidget(self._below)
        if not editor.sizePolicy().expandingDirections() & Qt.Orientation.Vertical:
            column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.clear_problem()

    @property
    def problem(self) -> str:
        """The words of the problem shown, or ""."""
        return self._below.text() if self.editor.property("state") in ("bad", "warn") else ""

    def set_problem(self, text: str, kind: str = "bad") -> None:
        """Say what is wrong ("bad") or doubtful ("warn") beside the field."""
        self._show(text, kind)

    def clear_problem(self) -> None:
        """Show the hint again."""
        self._show(self._hint, "")

    def _on_edited(self) -> None:
        """What is being put right is told no longer; whether it is right now is judged anew."""
        if self.problem:
            self.clear_problem()

    def set_label(self, label: str, required: bool = False) -> None:
        """Change what it is called, and whether it must be filled in."""
        self._label.setText(f"{label} *" if required else label)
        self.editor.setAccessibleName(label)

    def set_hint(self, text: str) -> None:
        """Change the hint; a problem in its place stays."""
        self._hint = text
        if not self.problem:
            self.clear_problem()

    def keep_room(self) -> None:
        """Keep a line below from the start: what is said there later moves nothing."""
        policy = self._below.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._below.setSizePolicy(policy)
        self._below.setMinimumHeight(self._below.fontMetrics().height())

    def _show(self, text: str, kind: str) -> None:
        self._below.setText(text)
        self._below.setVisible(bool(text))
        self._below.set_tone(kind)
        if self.editor.property("state") != kind:
            self.editor.setProperty("state", kind)
            repolish(self.editor)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._label.setEnabled(self.isEnabled())
