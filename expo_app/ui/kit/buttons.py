"""Buttons, chips and segments. Words are read from `_` when a widget is made: a new language rebuilds the pages."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from expo_app.plain_text import shown
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.menus import Menu, escape

# Colour of the icon beside the text, by kind of button.
ICON_TOKENS = {"section": "text.2",
    "primary": "on.primary", "plain": "text.1", "text": "text.2", "danger": "bad", "link": "primary", "chip": "text.2",
    "segment": "text.2", "tab": "text.2", "bar": "text.1", "expo": "text.2", "status": "text.2",
}  # fmt: skip


BOLD_WHEN_CHECKED = {"chip", "segment", "tab", "section"}  # see qss.py


def repolish(widget: QWidget) -> None:
    """Let QSS see a changed dynamic property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class _Steady(QPushButton):
    """A button that is as wide as its words in bold where the choice makes them bold: nothing is cut, nothing jumps."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.property("kind") in BOLD_WHEN_CHECKED:
            bold = QFontMetrics(theme.bold(self.font())).horizontalAdvance(self.text())
            hint.setWidth(hint.width() + max(0, bold - self.fontMetrics().horizontalAdvance(self.text())))
        return hint


class Button(_Steady):
    """A text button. `kind`: primary, plain, text, danger, link (12 px, blue) and the frame's own bar, expo, status.

    `keys` ("Ctrl+N") makes a shortcut and, with `show_keys`, writes it behind the text.
    """

    def __init__(
        self,
        text: str,
        kind: str = "plain",
        icon: str = "",
        keys: str = "",
        show_keys: bool = False,
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._icon_token, self._keys = icon, "", keys if show_keys else ""
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_text(text)
        self._draw_icon()
        theme.notifier().changed.connect(self._draw_icon)
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(self.click)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())

    def set_text(self, text: str) -> None:
        """Change the words; & is shown as it is."""
        hint = "  " + self._keys.replace("+", " ") if self._keys else ""
        self.setText(escape(text) + hint)

    def set_icon(self, name: str, token: str = "") -> None:
        """Change the icon; `token` overrules the colour that belongs to the kind."""
        self._icon_name, self._icon_token = name, token
        self._draw_icon()

    def set_kind(self, kind: str) -> None:
        """Make it another kind of button."""
        self.setProperty("kind", kind)
        repolish(self)
        self._draw_icon()

    def _draw_icon(self) -> None:
        if not self._icon_name:
            return
        token = self._icon_token or ICON_TOKENS[self.property("kind")]
        self.setIcon(icons.icon(self._icon_name, token))
        self.setIconSize(QSize(theme.IconSize.INLINE, theme.IconSize.INLINE))


class MenuButton(Button):
    """A button that opens a menu built at the moment of opening by `fill(menu)`."""

    def __init__(self, text: str, fill: Callable[[Menu], None], kind: str = "plain", icon: str = "") -> None:
        super().__init__(text, kind, icon)
        self._fill = fill
        self._popup = Menu(self)
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Show the menu under the button."""
        self._popup.clear()
        self._fill(self._popup)
        self._popup.popup(self.mapToGlobal(self.rect().bottomLeft()))


class Tick(QCheckBox):
    """A box to tick, its words behind it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(escape(text), parent)

    def set_text(self, text: str) -> None:
        """Change the words; & is shown as it is."""
        self.setText(escape(text))


class IconButton(QToolButton):
    """An icon alone; `label` is its tooltip and accessible name, and may not be empty."""

    def __init__(
        self,
        icon: str,
        label: str,
        clicked: Callable[[], object] | None = None,
        token: str = "text.2",
        size: int = theme.IconSize.INLINE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if not label:
            raise ValueError(icon)
        self.setProperty("kind", "icon")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._icon_name, self._icon_token, self._icon_size = icon, token, size
        self.set_label(label)
        self._draw_icon()
        theme.notifier().changed.connect(self._draw_icon)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())

    def set_label(self, label: str) -> None:
        """Change tooltip and accessible name."""
        self.setToolTip(shown(label))
        self.setAccessibleName(label)

    def set_icon(self, name: str, token: str = "text.2") -> None:
        """Change icon and colour."""
        self._icon_name, self._icon_token = name, token
        self._draw_icon()

    def _draw_icon(self) -> None:
        self.setIcon(icons.icon(self._icon_name, self._icon_token, self._icon_size))
        self.setIconSize(QSize(self._icon_size, self._icon_size))


class Chip(_Steady):
    """A filter that shows how many it would leave; grey, but there, at 0. `count` None shows no number."""

    def __init__(self, text: str, count: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._words = text
        self.set_count(count)

    def set_words(self, words: str) -> None:
        """Show other words."""
        self._words = words
        self.set_count(self.count)

    def set_count(self, count: int | None) -> None:
        """Show another number."""
        self.count = count
        self.setText(escape(self._words) + ("" if count is None else f" {count:,}"))
        self.setProperty("empty", "true" if count == 0 else "false")
        repolish(self)


class ChipRow(QWidget):
    """Chips of which one is chosen: `ChipRow([(key, words, count), …])`; `chosen(key)` on a choice by the person.

    `first`: the first is chosen from the beginning; else none, until the person chooses.
    """

    chosen = Signal(object)

    def __init__(
        self,
        items: Iterable[tuple[object, str, int | None]] = (),
        wrap: bool = True,
        parent: QWidget | None = None,
        first: bool = True,
    ) -> None:
        super().__init__(parent)
        self._first = first
        self._row: QLayout = FlowLayout(self, theme.Space.S) if wrap else _row(self, theme.Space.S)
        self._group = QButtonGroup(self)
        self._chips: dict[object, Chip] = {}
        self.set_items(items)

    @property
    def key(self) -> object:
        """The key of the chosen chip; None without one."""
        return next((key for key, chip in self._chips.items() if chip.isChecked()), None)

    def set_items(self, items: Iterable[tuple[object, str, int | None]]) -> None:
        """Show these chips; the choice stays where its key is still there, else it is as in the beginning."""
        before, wanted = self.key, list(items)
        if [key for key, _words, _count in wanted] != list(self._chips):
            self._rebuild(wanted)
        for key, _words, count in wanted:
            self._chips[key].set_count(count)
        if before in self._chips:
            self.choose(before)
        elif self._chips and self._first:
            self.choose(next(iter(self._chips)))

    def choose(self, key: object) -> None:
        """Choose without a signal; KeyError for an unknown key."""
        self._chips[key].setChecked(True)

    def chip(self, key: object) -> Chip:
        """The chip of `key`."""
        return self._chips[key]

    def _rebuild(self, items: Sequence[tuple[object, str, int | None]]) -> None:
        for chip in self._chips.values():
            self._group.removeButton(chip)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips = {}
        for key, words, count in items:
            chip = Chip(words, count, self)
            self._group.addButton(chip)
            self._row.addWidget(chip)
            chip.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._chips[key] = chip


class Segmented(QFrame):
    """Two to six choices side by side: `Segmented([(key, words), …])` or `(key, words, icon)`; `chosen(key)`."""

    chosen = Signal(object)

    def __init__(self, items: Iterable[tuple[object, ...]], key: object = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "segmented")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = _row(self, 0)
        row.setContentsMargins(2, 2, 2, 2)
        self._group = QButtonGroup(self)
        self._buttons: dict[object, Button] = {}
        for item in items:
            button = Button(str(item[1]), "segment", str(item[2]) if len(item) > 2 else "")
            button.setCheckable(True)
            self._group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, key=item[0]: self.chosen.emit(key))
            self._buttons[item[0]] = button
        self.choose(key if key in self._buttons else next(iter(self._buttons)))

    @property
    def key(self) -> object:
        """The key chosen."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def choose(self, key: object) -> None:
        """Choose without a signal; KeyError for an unknown key."""
        self._buttons[key].setChecked(True)

    def button(self, key: object) -> Button:
        """The button of `key`, to change its words or to switch it off."""
        return self._buttons[key]


def _row(parent: QWidget, spacing: int) -> QHBoxLayout:
    row = QHBoxLayout(parent)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    return row


def act_kind(is_first: bool, takes_away: bool) -> str:
    """Of an act's button: what takes something away is never the primary one."""
    return "danger" if takes_away else "primary" if is_first else "plain"
