"""Several names, a line each, every line a picker of its own: the parties of an agreement."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from expo_app.rules.parties import split_parties
from expo_app.ui.kit import theme
from expo_app.ui.kit.panels import scrolled
from expo_app.ui.kit.picker import SEPARATORS, Options, PickerLine

MOST_ROWS, COLUMN = 3, 210
JOINED = "、"


class NamesEditor(QScrollArea):
    """A value of names joined by 、, each in its line, with an empty one after the last; Tab takes the marked name.

    ↑↓ and Enter go from line to line, Ctrl+↑↓ move a name, Backspace takes an empty line away. Names typed or pasted
    as one text (`甲、乙、丙`, a column of a sheet) get a line each. More than fit are scrolled to.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options, self._name, self._is_fixed = options, "", False
        self.lines: list[PickerLine] = []
        self._at: PickerLine | None = None
        self._placed = 0
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.Space.XS)
        scrolled(content, self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show([])

    def names(self) -> list[str]:
        """The names typed, without empty lines."""
        return [text for line in self.lines if (text := line.text().strip())]

    def value(self) -> str:
        """The names joined by 、."""
        return JOINED.join(self.names())

    def set_value(self, value: Any) -> None:
        """Show names joined by 、 (None: none)."""
        self._show(split_parties(str(value)) if value else [])

    def is_known(self) -> bool:
        """Whether each name is one the look-up knows exactly."""
        return all(line.is_known() for line in self.lines if line.text().strip())

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self._name = name
        self._tell()

    def setReadOnly(self, is_fixed: bool) -> None:
        """Show, but do not let edit."""
        self._is_fixed = is_fixed
        for line in self.lines:
            line.setReadOnly(is_fixed)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The line that was left last, else the first one."""
        self._go_to(self._at if self._at in self.lines else self.lines[0], reason)

    # --- lines ---

    @property
    def columns(self) -> int:
        """How many lines stand side by side."""
        return max(1, min(2, self.width() // COLUMN))

    def _show(self, names: list[str]) -> None:
        """The names, a line each, and one to go on in."""
        while len(self.lines) <= len(names):
            self._make()
        for number, line in enumerate(self.lines):
            line.set_value(names[number] if number < len(names) else "")
            line.setVisible(number <= len(names))
        self._place()

    def _make(self) -> None:
        line = PickerLine(self._options, parent=self.widget())
        line.tab_takes = True
        line.setReadOnly(self._is_fixed)
        line.edited.connect(lambda: self._on_edited(line))
        line.left.connect(lambda: self._on_left(line))
        line.installEventFilter(self)
        self.lines.append(line)
        self._tell()

    def _tell(self) -> None:
        for number, line in enumerate(self.lines, 1):
            line.setAccessibleName(f"{self._name} {number}")

    def _shown(self) -> list[PickerLine]:
        return [line for line in self.lines if not line.isHidden()]

    def _place(self) -> None:
        shown, columns = self._shown(), self.columns
        self._placed = columns
        for number, line in enumerate(self.lines):
            self._grid.addWidget(line, number // columns, number % columns)
        rows = -(-len(shown) // columns)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        for column in range(2):
            self._grid.setColumnStretch(column, column < columns)
        seen = min(MOST_ROWS, rows)
        self.setFixedHeight(seen * self.lines[0].sizeHint().height() + (seen - 1) * theme.Space.XS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._placed != self.columns:
            self._place()

    def sizeHint(self) -> QSize:
        return QSize(COLUMN, self.height())

    # --- what is typed ---

    def _on_edited(self, line: PickerLine) -> None:
        if SEPARATORS.search(line.text()) or "\n" in line.text():
            self._apart(line)
        shown = self._shown()
        if line is shown[-1] and line.text().strip():
            if len(shown) == len(self.lines):
                self._make()
            self.lines[len(shown)].setVisible(True)
            self._place()
        self.edited.emit()

    def _apart(self, line: PickerLine) -> None:
        """What was typed or pasted as one text into a line of its own each; the focus to where one goes on."""
        at = self.lines.index(line)
        before = [text for one in self.lines[:at] if (text := one.text().strip())]
        after = [text for one in self.lines[at + 1 :] if (text := one.text().strip())]
        own = split_parties(line.text())
        is_open = line.hasFocus()
        self._show([*before, *own, *after])
        if is_open:
            self._go_to(self.lines[len(before) + len(own)])

    def _on_left(self, line: PickerLine) -> None:
        self._at = line
        if len(split_parties(line.text())) > 1:  # 甲公司,乙公司 are two only when they are whole
            self._apart(line)
        self.left.emit()

    def _go_to(self, line: PickerLine, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        line.setFocus(reason)
        self.ensureWidgetVisible(line, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, PickerLine):
            return self._on_key(watched, event)
        return super().eventFilter(watched, event)

    def _on_key(self, line: PickerLine, event: QKeyEvent) -> bool:
        """Whether a key meant the lines, not the words in one."""
        if line.is_offering or line.isReadOnly():
            return False
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._paste(line)
        shown = self._shown()
        at, key = shown.index(line), event.key()
        is_moving = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and not is_moving:
            return False
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps:
            to = at + steps[Qt.Key(key)]
            if 0 <= to < len(shown) and (shown[to].text() or not is_moving):
                if is_moving:
                    self._swap(line, shown[to])
                self._go_to(shown[to])
            return True
        if is_moving:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at + 1 < len(shown):
            self._go_to(shown[at + 1])
            return True
        if key == Qt.Key.Key_Backspace and at and not line.text():
            self._show(self.names())
            self._go_to(self.lines[at - 1])
            return True
        return False

    def _swap(self, one: PickerLine, other: PickerLine) -> None:
        mine, theirs = one.text(), other.text()
        one.set_value(theirs)
        other.set_value(mine)
        self.edited.emit()

    def _paste(self, line: PickerLine) -> bool:
        """Lines of a sheet: a field of one line would run them together."""
        text = QGuiApplication.clipboard().text()
        if len(split_parties(text)) < 2:
            return False
        line.insert(text)
        self._apart(line)
        self.edited.emit()
        return True
