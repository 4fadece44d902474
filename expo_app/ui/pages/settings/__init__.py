"""数据与设置: one list or card page per subject, chosen at the left."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from expo_app import registry
from expo_app.i18n import _
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row, scrolled


class SettingsPage(QWidget):
    """`open_with(section=…)` shows a subject; `new=True` opens its form (of a new expo), `rows=True` booths by rows."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._subjects = registry.sections()
        self._made: dict[str, QWidget] = {}
        self._buttons: dict[str, Button] = {}
        outer = row(self, 0)
        outer.addWidget(self._contents())
        self._stack = QStackedWidget()
        outer.addWidget(self._stack, 1)
        self.key = ""
        self.choose(self._subjects[0].key)

    def _contents(self) -> QFrame:
        side = QFrame()
        side.setProperty("role", "side")
        side.setFixedWidth(theme.Width.RAIL)
        content = QWidget()
        lines: QVBoxLayout = column(content, theme.Space.XS)
        lines.setContentsMargins(theme.Space.L, theme.Space.L, theme.Space.S, theme.Space.L)
        lines.addWidget(Label(_("数据与设置"), "title"))
        group = ""
        for section in self._subjects:
            if section.group != group:
                group = section.group
                lines.addSpacing(theme.Space.S)
                lines.addWidget(Label(_(group), "fact"))
            button = Button(_(section.title), "section", section.icon, clicked=partial(self.choose, section.key))
            button.setCheckable(True)
            button.setAutoExclusive(True)
            self._buttons[section.key] = button
            lines.addWidget(button)
        lines.addStretch(1)
        self._area = scrolled(content)
        column(side).addWidget(self._area)
        return side

    @property
    def current(self) -> QWidget:
        """The subject's page."""
        return self._made[self.key]

    def choose(self, key: str) -> None:
        """Show a subject."""
        self.key = key
        self._buttons[key].setChecked(True)
        self._reveal()
        if key not in self._made:
            section = next(s for s in self._subjects if s.key == key)
            self._made[key] = section.make(self.context)
            self._stack.addWidget(self._made[key])
        self._stack.setCurrentWidget(self._made[key])

    def _reveal(self) -> None:
        """The chosen subject in sight, however low the window is."""
        if self.key:
            self._area.ensureWidgetVisible(self._buttons[self.key], 0, theme.Space.L)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._reveal)  # the list has its new height by then

    def open_with(self, section: str = "", new: bool = False, rows: bool = False, **wanted: Any) -> None:
        """Go to a subject; what else is wanted goes to its list. `rows` opens the generator of booths."""
        if section or new or rows:
            self.choose(section or ("booths" if rows else "expos"))
        if rows and hasattr(self.current, "generate"):
            self.current.generate()
        if (new or wanted) and hasattr(self.current, "open_with"):
            self.current.open_with(new=new, **wanted)

    def place(self) -> dict[str, str]:
        """The subject shown, as `open_with` would be told."""
        return {"section": self.key}

    def undo(self) -> None:
        """Take back the last act of the list on the screen."""
        if hasattr(self.current, "undo"):
            self.current.undo()

    def redo(self) -> None:
        """Do it again."""
        if hasattr(self.current, "redo"):
            self.current.redo()

    def refresh(self) -> None:
        """Read the subject on the screen again."""
        again = getattr(self.current, "refresh", None) or getattr(self.current, "fill", None)
        if again is not None:
            again()
