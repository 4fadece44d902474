"""A frame over a scrim in the window, the focus kept inside: dialogs, questions and the palette are made of it."""

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QFrame, QWidget
from shiboken6 import isValid

from expo_app.ui.kit import tab_order, theme
from expo_app.ui.kit.labels import draw_box

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
        self._back_to: list[QWidget] = []
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
        """Show it; focus goes to `first_focus()` and returns on closing to where it was, or beside what is gone by
        then.
        """
        self._back_to = tab_order.line_of(QApplication.focusWidget())
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
        if (target := tab_order.heir(self._back_to)) is not None:
            target.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit(result)

    def cancel(self) -> None:
        """What Esc and the cross do; a form with unsaved words overrides it to ask first."""
        self.close_with(None)

    def first_focus(self) -> QWidget | None:
        """The widget that gets the focus on opening."""
        chain = tab_order.stops(self)
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

    def focusNextPrevChild(self, forward: bool) -> bool:
        tab_order.go_on(self, forward)
        return True  # it never leaves

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


def top(window: QWidget) -> Overlay | None:
    """The overlay in front in `window`, or None."""
    shown = [box for box in window.window().findChildren(Overlay) if box.is_open]
    return shown[-1] if shown else None
