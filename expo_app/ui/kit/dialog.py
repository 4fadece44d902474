"""Dialogs inside the window: a frame over a scrim, focus kept inside, never a nested event loop.

box = Dialog(self, _("登记签约"), width=860)
box.body.addWidget(form)
box.add_action(Button(_("取消"), clicked=box.cancel))
box.add_action(Button(_("保存"), "primary", clicked=lambda: box.close_with(form.values())), safe=True)
box.closed.connect(on_result)      # None after Esc, the cross or cancel()
box.open()

Keys of every dialog: Enter presses the button that has the focus, Ctrl+Enter the primary one, Esc cancels and asks
first where something was typed.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import KeyCap, Label, Line, Pill, draw_box
from expo_app.ui.kit.panels import column, row, scrolled

FADE = 120  # milliseconds
SUBMIT = ("Ctrl+Return", "Ctrl+Enter")
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def draw_shadow(painter: QPainter, rect: QRectF, radius: float, depth: int = theme.Space.L) -> None:
    """A soft shadow around `rect`, for what floats."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.tint("shadow", theme.color("shadow").alphaF() / 8))
    for step in range(depth, 0, -2):
        grown = rect.adjusted(-step, -step + depth / 3, step, step + depth / 3)
        painter.drawRoundedRect(grown, radius + step, radius + step)


class Scrim(QWidget):
    """Covers the window, darkens it, and keeps mouse, keys and shortcuts of what lies below away."""

    pressed = Signal()

    def __init__(self, window: QWidget, front: QWidget, radius: int = theme.Radius.OVERLAY) -> None:
        super().__init__(window)
        self._window, self._front, self._radius, self._shade = window, front, radius, 0.0
        self._muted: list[QShortcut] = []
        front.setParent(self)
        self._fade = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._on_fade)
        window.installEventFilter(self)

    def open(self) -> None:
        """Cover the window and bring the front widget up."""
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._front.show()
        self._mute()
        if theme.motion(FADE):
            self._fade.setDuration(FADE)
            self._fade.start()
        else:
            self._on_fade(1.0)

    def _on_fade(self, value: float) -> None:
        self._shade = value
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if QKeySequence(event.keyCombination()) not in self._own():
                event.accept()  # the window below must not act on it
            return True
        return super().event(event)

    def _own(self) -> list[QKeySequence]:
        """The keys of the front widget's shortcuts."""
        own = [part.key() for part in self.findChildren(QShortcut)]
        return own + [key for action in self.findChildren(QAction) for key in action.shortcuts()]

    def _mute(self) -> None:
        """Two shortcuts of one key in a window are ambiguous, and neither acts: those below rest meanwhile."""
        own, mine = self._own(), self.findChildren(QShortcut)
        every = [part for part in self._window.findChildren(QShortcut) if part.isEnabled() and part not in mine]
        self._muted = [part for part in every if part.key() in own]
        for part in self._muted:
            part.setEnabled(False)

    def close_up(self) -> None:
        """Uncover the window and go."""
        self.hide()
        for part in self._muted:
            if isValid(part):
                part.setEnabled(True)
        self.deleteLater()

    def mousePressEvent(self, event: QEvent) -> None:
        event.accept()
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shade = theme.color("scrim")
        painter.fillRect(self.rect(), theme.tint("scrim", shade.alphaF() * self._shade))
        draw_shadow(painter, QRectF(self._front.geometry()), self._radius)


class Overlay(QFrame):
    """A frame over a scrim that keeps the focus inside; Esc calls `cancel`. Dialog and palette are made of it."""

    closed = Signal(object)  # the result; None when cancelled

    def __init__(self, parent: QWidget, radius: int = theme.Radius.OVERLAY) -> None:
        window = parent.window()
        self._window, self._radius = window, radius
        self._back_to: QWidget | None = None
        self._is_open = False
        super().__init__(window)
        self.hide()
        self._scrim = Scrim(window, self, radius)
        self._scrim.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self._is_open

    def open(self) -> None:
        """Show it; focus goes to `first_focus()` and returns to where it was on closing."""
        self._back_to = QApplication.focusWidget()
        self._is_open = True
        self._window.installEventFilter(self)
        self._place()
        self._scrim.open()
        self._place()
        target = self.first_focus()
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def close_with(self, result: Any = None) -> None:
        """Take it away and emit `closed(result)`. A second call does nothing."""
        if not self._is_open:
            return
        self._is_open = False
        self._window.removeEventFilter(self)
        self._scrim.close_up()
        if self._back_to is not None and isValid(self._back_to) and self._back_to.isVisible():
            self._back_to.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit(result)

    def cancel(self) -> None:
        """What Esc and the cross do; a form with unsaved words overrides it to ask first."""
        self.close_with(None)

    def first_focus(self) -> QWidget | None:
        """The widget that gets the focus on opening."""
        chain = self._focusable()
        return chain[0] if chain else None

    def wanted_size(self) -> QSize:
        """The size it would like; the window limits it."""
        return self.sizeHint()

    def top(self, height: int) -> int:
        """Distance from the window's top for a frame of `height`: the middle."""
        return (self._window.height() - height) // 2

    def _place(self) -> None:
        room, wanted = self._window.size() - QSize(48, 48), self.wanted_size()
        size = wanted.boundedTo(room)
        self.setGeometry(QRect(QPoint((self._window.width() - size.width()) // 2, self.top(size.height())), size))
        self._scrim.update()

    def _focusable(self) -> list[QWidget]:
        found, widget = [], self.nextInFocusChain()
        while widget is not None and widget is not self:
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            if takes and widget.isEnabled() and widget.isVisibleTo(self) and self.isAncestorOf(widget):
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        chain, current = self._focusable(), QApplication.focusWidget()
        if not chain:
            return True
        place = chain.index(current) if current in chain else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(place + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self._is_open:
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self._is_open:
            handled = super().event(event)
            self._place()
            return handled
        return super().event(event)

    def submits_by_keys(self, button: QAbstractButton) -> None:
        """Ctrl+Enter presses `button`, wherever the focus is in here; a key held down presses once."""
        for keys in SUBMIT:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self.on_submit_keys, button))

    def on_submit_keys(self, button: QAbstractButton) -> None:
        """Ctrl+Enter: nothing happens where the button is grey, unless a dialog knows what stands in the way."""
        button.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in ENTER and is_plain and not event.isAutoRepeat():
            self._press_focused()
        event.accept()

    def _press_focused(self) -> None:
        """Enter: the button that has the focus, but not a tick, which is no act."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and not isinstance(focused, QCheckBox) and self.isAncestorOf(focused):
            focused.click()

    def mousePressEvent(self, event: QEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.color("bg.surface"), theme.color("border"), self._radius)


class Dialog(Overlay):
    """Header (title, pill, small words, cross), a body that scrolls, a fixed footer with the verbs."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        width: int = theme.Width.DIALOG,
        pill: tuple[str, str] | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self._wanted_width = width
        self._safe: QWidget | None = None
        self.setAccessibleName(title)
        self._outer = outer = column(self, 0, 1)
        outer.addWidget(self._make_head(title, pill, note))
        outer.addWidget(Line())
        self._content = QWidget()
        self.body: QVBoxLayout = column(self._content, theme.Space.M)
        self.body.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self._area: QScrollArea = scrolled(self._content)
        outer.addWidget(self._area, 1)
        self._footer = QWidget()
        self._footer_row = row(self._footer)
        self._footer_row.setContentsMargins(theme.Space.XL, theme.Space.M, theme.Space.XL, theme.Space.M)
        self._footer_row.addStretch(1)
        outer.addWidget(Line())
        outer.addWidget(self._footer)
        self._lefts = 0
        self._typed_before: list[str] = []
        self._content.installEventFilter(self)

    def open(self) -> None:
        super().open()
        self._typed_before = self._typed()

    def _typed(self) -> list[str]:
        """What every field for words in the body holds (a number's too); what only narrows a list is left out."""
        lines = [f for f in self._content.findChildren(QLineEdit) if not isinstance(f, SearchField) and f.isEnabled()]
        texts = self._content.findChildren(QPlainTextEdit)
        return [f.text() for f in lines] + [text.toPlainText() for text in texts]

    def cancel(self) -> None:
        """Esc and the cross: at once where nothing was typed since it opened, else after asking."""
        if not self._is_open or self._typed() == self._typed_before:
            super().cancel()
            return
        from expo_app.ui.kit import messages  # it is made of dialogs itself

        title, text = _("放弃填写的内容？"), _("关闭后要重新填写。")
        messages.confirm(self, title, text, _("放弃"), self.close_with, danger=True, safe=_("接着填"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._content and self.is_open:
            self._place()
        return super().eventFilter(watched, event)

    def _make_head(self, title: str, pill: tuple[str, str] | None, note: str) -> QWidget:
        head = QWidget()
        line = row(head)
        line.setContentsMargins(theme.Space.XL, theme.Space.M, theme.Space.L, theme.Space.M)
        self.title, self.note = Label(title, "title"), Label(note, "fact")
        line.addWidget(self.title)
        if pill:
            line.addWidget(Pill(*pill, shape=False))
        line.addWidget(self.note)
        line.addStretch(1)
        self.close_button = IconButton("close-line", _("关闭"), self.cancel)
        line.addWidget(self.close_button)
        return head

    def add_action(self, button: QWidget, safe: bool = False) -> None:
        """Add a button at the right of the footer; `safe` gets the focus on opening when the body has no field.

        The primary one is pressed by Ctrl+Enter too.
        """
        self._footer_row.addWidget(button)
        if safe:
            self._safe = button
        if isinstance(button, QAbstractButton) and button.property("kind") == "primary":
            self.submits_by_keys(button)
            button.setToolTip(button.toolTip() or SUBMIT[-1])

    def show_submit_keys(self) -> None:
        """Say at the left of the footer that Ctrl+Enter submits."""
        self.add_left(KeyCap(SUBMIT[-1]))
        self.add_left(Label(_("提交"), "fact"))

    def add_left(self, widget: QWidget) -> None:
        """Add a hint (keys, state of the draft) at the left of the footer."""
        self._footer_row.insertWidget(self._lefts, widget)
        self._lefts += 1

    def first_focus(self) -> QWidget | None:
        inside = [widget for widget in self._focusable() if self._content.isAncestorOf(widget)]
        return inside[0] if inside else self._safe or super().first_focus()

    def wanted_size(self) -> QSize:
        width = min(self._wanted_width, self._window.width() - 48)
        inner = self.body.totalHeightForWidth(width - 2)
        inner = inner if inner >= 0 else self.body.totalSizeHint().height()
        frame = self._outer.sizeHint().height() - self._area.sizeHint().height()
        return QSize(width, inner + frame)


def top(window: QWidget) -> Overlay | None:
    """The overlay in front in `window`, or None."""
    shown = [box for box in window.window().findChildren(Overlay) if box.is_open]
    return shown[-1] if shown else None
