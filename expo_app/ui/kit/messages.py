"""The one door for messages: toasts at the bottom right, questions, and the dialog for what must never happen.

Everything returns at once: a question takes the function to call when its verb is pressed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.dialog import Dialog, top
from expo_app.ui.kit.labels import IconView, Label, draw_box
from expo_app.ui.kit.panels import row
from expo_app.ui.kit.placeholders import BANNER_ICONS
from expo_app.ui.kit.questions import Question, confirm

__all__ = ["Corner", "Question", "Toast", "confirm", "corner", "crash", "hush", "leave", "show", "toasts"]

STAYS, MOVE, MOST = 4000, 160, 3  # milliseconds, milliseconds, toasts
LOOK = 100  # milliseconds between two looks whether something to press has come up below the cards
PROBLEMS = ("warn", "bad")
PRESSED: tuple[type[QWidget], ...] = (QAbstractButton, QLineEdit, QComboBox)
Action = tuple[str, Callable[[], object]]


class Toast(QFrame):
    """One short sentence with at most one action. ok and info go after 4 s (not while the pointer is on it); a problem
    stays until it is closed, something worked where it belongs, or its page, face or dialog is left; `stays`
    (milliseconds) lets it go by itself wherever the pointer happens to rest.
    """

    gone = Signal()

    def __init__(self, text: str, kind: str, action: Action | None, owner: QWidget, stays: int = 0) -> None:
        super().__init__(owner.window())
        self.text, self.kind, self.owner = text, kind, owner
        self.front = top(self.window())  # the dialog it was said in, None: the page
        self._was_seen = owner.isVisible()
        self.setFixedWidth(theme.Width.TOAST)
        self.setAccessibleName(text)
        line = row(self)
        line.setContentsMargins(theme.Space.L + theme.Space.XS, 5, theme.Space.S, 5)
        line.addWidget(IconView(BANNER_ICONS[kind], theme.KINDS[kind][0]))
        line.addWidget(Label(text, wrap=True), 1)
        if action is not None:
            button = Button(action[0], "link", clicked=self.dismiss)
            button.clicked.connect(lambda _checked=False: action[1]())
            line.addWidget(button)
        line.addWidget(IconButton("close-line", _("关闭"), self.dismiss))
        self._waits_for_pointer = not stays and kind not in PROBLEMS
        self._timer = QTimer(self, singleShot=True, interval=stays or STAYS)
        self._timer.timeout.connect(self.dismiss)
        if stays or kind not in PROBLEMS:
            self._timer.start()

    def dismiss(self) -> None:
        """Take it away."""
        self.hide()
        self.gone.emit()
        self.deleteLater()

    @property
    def is_problem(self) -> bool:
        """Whether it stays."""
        return self.kind in PROBLEMS

    @property
    def is_left(self) -> bool:
        """Whether it is a problem of something that is no longer on the screen."""
        if not self.is_problem:
            return False
        if not isValid(self.owner):
            return self.front is not None and not isValid(self.front)
        return self._was_seen and not self.owner.isVisible()

    def is_behind(self, front: QWidget | None) -> bool:
        """Whether it is a problem that was said before the dialog `front` came up."""
        return self.is_problem and front is not None and front is not self.front

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._waits_for_pointer:
            self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self._waits_for_pointer:
            self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), theme.color("bg.surface"), theme.color("border.button"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(theme.KINDS[self.kind][0]))
        painter.drawRoundedRect(QRectF(9, 10, 3, self.height() - 20), 1.5, 1.5)


class Corner(QObject):
    """Stacks cards at the bottom right of one window, the newest below: toasts (at most 3) and running jobs.

    They cover nothing that is pressed or written in: where something is, or comes up while they stand, they stand
    beside or above it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.cards: list[QWidget] = []
        self._look = QTimer(self, interval=LOOK)
        self._look.timeout.connect(self._make_way)
        window.installEventFilter(self)

    def add(self, card: QWidget) -> None:
        """Show `card`, sliding in; the oldest toast goes when there are more than three."""
        self.cards.append(card)
        old = [shown for shown in self.cards if isinstance(shown, Toast)]
        for toast in old[:-MOST]:
            toast.dismiss()
        card.adjustSize()
        self.arrange()
        self._look.start()
        if theme.motion(MOVE):
            slide = QPropertyAnimation(card, b"pos", card)
            slide.setDuration(MOVE)
            slide.setEasingCurve(QEasingCurve.Type.OutCubic)
            slide.setStartValue(card.pos() + QPoint(0, theme.Space.L))
            slide.setEndValue(card.pos())
            slide.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)

    def remove(self, card: QWidget) -> None:
        """Forget `card` and close the gap."""
        if card in self.cards:
            self.cards.remove(card)
            self.arrange()
        if not self.cards:
            self._look.stop()

    def _make_way(self) -> None:
        """What was said of something that is left goes; a panel or dialog that came up since is free of it."""
        _dismiss(card for card in self.cards if isinstance(card, Toast) and card.is_left)
        front = top(self._window)
        if any(isinstance(card, Toast) and card.is_behind(front) is card.isVisible() for card in self.cards):
            self.arrange()
        boxes = self._taken()
        if any(card.geometry().intersects(box) for card in self.cards for box in boxes):
            self.arrange()

    def arrange(self) -> None:
        """Put every card in its place; a problem said before the dialog in front rests until that is closed."""
        front = top(self._window)
        for card in self.cards:
            card.setVisible(not (isinstance(card, Toast) and card.is_behind(front)))
        cards = [card for card in self.cards if not card.isHidden()]
        for card in cards:
            height = card.heightForWidth(card.width()) if card.hasHeightForWidth() else card.sizeHint().height()
            card.resize(card.width(), max(height, card.minimumSizeHint().height()))
        right, bottom = self._place(cards)
        for card in reversed(cards):
            bottom -= card.height()
            for slide in card.findChildren(QPropertyAnimation):
                slide.stop()  # it would end where the card stood before
            card.move(right - card.width(), bottom)
            card.raise_()
            bottom -= theme.Space.S

    def _place(self, cards: list[QWidget]) -> tuple[int, int]:
        """Right edge and bottom of the stack: the nearest to the corner where it is in nobody's way.

        Outside the dialog in front; where that leaves no room, beside its words; at least beside what is pressed.
        """
        edge = self._window.width() - theme.Space.L
        base = self._window.height() - theme.Height.STATUS_BAR - theme.Space.L
        wide = max((card.width() for card in cards), default=0)
        high = sum(card.height() + theme.Space.S for card in cards)
        for taken in self._tiers():
            rights = {edge, *(box.left() - theme.Space.S for box in taken)}
            bottoms = {base, *(box.top() - theme.Space.S for box in taken)}
            places = [
                (edge - right + base - bottom, right, bottom)
                for right in rights
                for bottom in bottoms
                if wide + theme.Space.L <= right <= edge and high + theme.Height.TOP_BAR <= bottom <= base
            ]
            for _way, right, bottom in sorted(places):
                stack = QRect(right - wide, bottom - high, wide, high)
                if not any(stack.intersects(box) for box in taken):
                    return right, bottom
        return edge, base

    def _tiers(self) -> Iterator[list[QRect]]:
        """What the cards keep off, the best first."""
        if (front := top(self._window)) is not None:
            yield [front.geometry()]
            yield self._taken((*PRESSED, QLabel, QAbstractItemView))
        yield self._taken()

    def _taken(self, kinds: Sequence[type[QWidget]] = PRESSED) -> list[QRect]:
        """Where something is pressed or written in, as far as it is seen; of an open dialog alone."""
        front = top(self._window) or self._window
        found = []
        for kind in kinds:
            for widget in front.findChildren(kind):
                if widget.isVisible() and not any(card.isAncestorOf(widget) for card in self.cards):
                    seen = widget.visibleRegion().boundingRect()
                    found.append(QRect(widget.mapTo(self._window, seen.topLeft()), seen.size()))
        return [box for box in found if not box.isEmpty()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.arrange()
        return False


def corner(widget: QWidget) -> Corner:
    """The corner of the window `widget` is in, made on first use."""
    window = widget.window()
    found = window.findChild(Corner, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found if found is not None else Corner(window)


def show(
    parent: QWidget, message: UserError | str, kind: str = "", action: Action | None = None, stays: int = 0
) -> Toast:
    """Say one sentence. `kind`: ok, info, warn, bad (else a UserError is bad, words are info). `action`: verb, call.

    `stays`: milliseconds after which it goes, 0 as its kind does. Returns at once; the toast's signal `gone` tells
    when it left.
    """
    kind = kind or ("bad" if isinstance(message, UserError) else "info")
    place = corner(parent)
    if kind == "ok":
        leave(parent)
    toast = Toast(str(message), kind, action, parent, stays)
    toast.gone.connect(lambda: place.remove(toast))
    place.add(toast)
    return toast


def toasts(parent: QWidget) -> list[Toast]:
    """The toasts shown in this window, oldest first (for tests and for screens that withdraw a message)."""
    return [card for card in corner(parent).cards if isinstance(card, Toast)]


def leave(page: QWidget) -> None:
    """The page is left, or something worked there: problems of it, of what it is in, and of dialogs that are gone are
    told no longer.
    """
    _dismiss(
        toast
        for toast in toasts(page)
        if toast.is_problem and (not isValid(toast.owner) or _is_in(toast.owner, page) or _is_in(page, toast.owner))
    )


def hush(parent: QWidget) -> None:
    """Take every toast of the window away, as when it speaks another language."""
    _dismiss(toasts(parent))


def _is_in(widget: QWidget, page: QWidget) -> bool:
    return widget is page or page.isAncestorOf(widget)


def _dismiss(some: Iterable[Toast]) -> None:
    for toast in list(some):
        toast.dismiss()


def crash(parent: QWidget, details: str) -> Dialog:
    """Say that something unforeseen happened; `details` (traceback) can be copied. The window stays."""
    box = Dialog(parent, _("出了意外"))
    words = _("刚才的操作没有完成，已保存的数据不受影响。可以继续使用；再次出现时，请复制详情发给技术支持。")
    box.body.addWidget(Label(words, wrap=True))
    view = QPlainTextEdit(details)
    view.setAccessibleName(_("详情"))
    view.setReadOnly(True)
    view.setMinimumHeight(theme.Width.RAIL)
    box.body.addWidget(view)
    clipboard = QGuiApplication.clipboard()
    box.add_action(Button(_("复制详情"), icon="file-copy-line", clicked=lambda: clipboard.setText(details)))
    box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
    box.open()
    return box
