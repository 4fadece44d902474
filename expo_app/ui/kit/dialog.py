"""Dialogs inside the window: a frame over a scrim, focus kept inside, never a nested event loop.

box = Dialog(self, _("登记签约"), width=860)
box.body.addWidget(form)
box.add_action(Button(_("取消"), clicked=box.cancel))
box.add_action(Button(_("保存"), "primary", clicked=lambda: box.close_with(form.values())), safe=True)
box.closed.connect(on_result)      # None after Esc, the cross or cancel()
box.open()
"""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.labels import Label, Line, Pill, draw_box
from expo_app.ui.kit.panels import column, row, scrolled

FADE = 120  # milliseconds


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
            if not self._is_own(QKeySequence(event.keyCombination())):
                event.accept()  # the window below must not act on it
            return True
        return super().event(event)

    def _is_own(self, keys: QKeySequence) -> bool:
        """Whether a shortcut of the front widget wants `keys`."""
        own = [part.key() for part in self.findChildren(QShortcut)]
        own += [key for action in self.findChildren(QAction) for key in action.shortcuts()]
        return keys in own

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
        self._scrim.hide()
        self._scrim.deleteLater()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        event.accept()

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
        self._content.installEventFilter(self)

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
        """Add a button at the right of the footer; `safe` gets the focus on opening when the body has no field."""
        self._footer_row.addWidget(button)
        if safe:
            self._safe = button

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
