"""What stands around a canvas: its card, the zoom buttons, its keys, cards of a tray that are dragged onto it."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from expo_app.i18n import _
from expo_app.ui.canvas.view import Canvas
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import IconButton
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import KeyCap, Label, draw_box
from expo_app.ui.kit.panels import column, row


class CanvasCard(QFrame):
    """A canvas in its rounded frame, with the focus ring around it unless the canvas shows its own."""

    def __init__(self, view: Canvas, spacing: int = 0, has_ring: bool = True) -> None:
        super().__init__()
        self._view, self._has_ring = view, has_ring
        self.body = column(self, spacing, 2 if has_ring else 1)
        self.setFocusProxy(view)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self._has_ring and self._view.hasFocus()
        edge = theme.color("focus" if focused else "border")
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), edge, line=2 if focused else 1)


class ZoomBar(QWidget):
    """− 100 % + and the whole; `whole` is what the last button says."""

    def __init__(self, view: Canvas, whole: str) -> None:
        super().__init__()
        line = row(self, theme.Space.XS)
        self.minus = IconButton("zoom-out-line", _("缩小（-）"), view.zoom_out)
        self.plus = IconButton("zoom-in-line", _("放大（+）"), view.zoom_in)
        self.whole = IconButton("fullscreen-line", whole, view.fit)
        self.words = Label("100%", "fact")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setMinimumWidth(theme.Space.XXXL)
        for widget in (self.minus, self.words, self.plus, self.whole):
            line.addWidget(widget)
        self._least = round(view.zooms[0] * 100)
        view.zoomed.connect(self._show)
        self._show(view.percent)

    def _show(self, percent: int) -> None:
        self.words.setText(f"{percent}%")
        self.minus.setEnabled(percent > self._least)


class DragCard(QFrame):
    """Something without a place: dragged onto a canvas, or opened by a press, Enter or Space."""

    pressed = Signal()
    dragged = Signal(QPoint)  # place on the screen
    dropped = Signal(QPoint)

    def __init__(self, words: str, may_drag: bool, radius: float = theme.Radius.CARD, edge: str = "border") -> None:
        super().__init__()
        self.may_drag, self.rest_cursor = may_drag, Qt.CursorShape.PointingHandCursor
        self._radius, self._edge = radius, edge
        self._start: QPoint | None = None
        self._is_dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(self.rest_cursor)
        self.setAccessibleName(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start, self._is_dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or not self.may_drag:
            return
        far = (event.position().toPoint() - self._start).manhattanLength()
        self._is_dragged = self._is_dragged or far >= QApplication.startDragDistance()
        if self._is_dragged:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, was, self._start, self._is_dragged = self._start, self._is_dragged, None, False
        self.setCursor(self.rest_cursor)
        if was:
            self.dropped.emit(event.globalPosition().toPoint())
        elif start is not None and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self.hasFocus()
        edge = "focus" if focused else "border.strong" if self.underMouse() else self._edge
        radius = min(self._radius, self.height() / 2)
        ground = theme.color("bg.surface")
        draw_box(QPainter(self), QRectF(self.rect()), ground, theme.color(edge), radius, 2 if focused else 1)


class KeysCard(QFrame):
    """Which keys move what is chosen: (caps, words), the words translated here."""

    def __init__(self, keys: Iterable[tuple[Sequence[str], str]]) -> None:
        super().__init__()
        lines = column(self, theme.Space.XS)
        lines.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        lines.addWidget(Label(_("键盘"), "caption.bold"))
        holder = QWidget()
        flow = FlowLayout(holder, theme.Space.XS)
        for caps, words in keys:
            pair = QWidget()
            line = row(pair, theme.Space.XS)
            line.setContentsMargins(0, 0, theme.Space.S, 0)
            for cap in caps:
                line.addWidget(KeyCap(cap))
            line.addWidget(Label(_(words), "fact"))
            flow.addWidget(pair)
        lines.addWidget(holder)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.subtle"), theme.color("bg.subtle"))


class DragLabel(Label):
    """What is being dragged, beside the pointer."""

    def __init__(self, window: QWidget) -> None:
        super().__init__("", "fact", parent=window)
        self.setMargin(theme.Space.S)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.color("bg.surface"), theme.color("focus"), theme.Radius.CONTROL)
        super().paintEvent(event)

    def follow(self, words: str, screen: QPoint, near: Callable[[QPoint], QPoint]) -> None:
        """Show `words` at a place on the screen; `near` maps it into the window."""
        self.setText(words)
        self.adjustSize()
        self.move(near(screen) + QPoint(theme.Space.M, theme.Space.M))
        self.raise_()
        self.show()
