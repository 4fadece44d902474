"""One of two values side by side: chosen by a click, ← and →; ↑ and ↓ go to the next choice."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import Label, draw_box
from expo_app.ui.kit.layouts import row

DOT, INDENT = 16, 36
KEYS = {Qt.Key.Key_Left: 0, Qt.Key.Key_Right: 1}


class _Side(QFrame):
    """One of the two: its words in a box with a round mark."""

    pressed = Signal()

    def __init__(self, owner: "Either") -> None:
        super().__init__(owner)
        self._owner, self.is_on = owner, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        line = row(self)
        line.setContentsMargins(INDENT, 6, theme.Space.M, 6)
        self.words = Label("", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        line.addWidget(self.words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, may = QPainter(self), self._owner.isEnabled()
        ground = "primary.soft" if self.is_on else "bg.hover" if may and self.underMouse() else "bg.surface"
        edge = ("focus" if self._owner.hasFocus() else "primary") if self.is_on else "border"
        line = 2 if self.is_on and self._owner.hasFocus() else 1
        draw_box(painter, QRectF(self.rect()), theme.color(ground), theme.color(edge), theme.Radius.CONTROL, line)
        center = QPointF(theme.Space.M + DOT / 2, 16)
        painter.setPen(QPen(theme.color("primary" if self.is_on else "border.strong"), 1.5))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawEllipse(center, DOT / 2 - 1, DOT / 2 - 1)
        if self.is_on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("primary"))
            painter.drawEllipse(center, 4, 4)


class Either(QWidget):
    """What is chosen and its two values: `Either("地址", ("甲路", "乙路"), 0)`; `chosen(side)` by the person."""

    chosen = Signal(int)
    walked = Signal(int)  # -1, 1: to the one above or below

    def __init__(self, caption: str, sides: Sequence[str], side: int, width: int) -> None:
        """`width` of the caption, so that choices below each other begin at one edge."""
        super().__init__()
        self.caption, self.side = caption, side
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = row(self)
        name = Label(caption, "caption", wrap=True)
        name.setFixedWidth(width)
        line.addWidget(name)
        self.sides = (_Side(self), _Side(self))
        for place, part in enumerate(self.sides):
            part.pressed.connect(lambda place=place: self._choose(place))
            line.addWidget(part, 1)
        self.show_sides(sides, side)

    def show_sides(self, sides: Sequence[str], side: int) -> None:
        """Show other values, and which is chosen, without a signal."""
        self.side = side
        for place, (part, words) in enumerate(zip(self.sides, sides, strict=True)):
            part.words.setText(words or "—")
            part.is_on = place == side
            part.update()
        self.setAccessibleName(f"{self.caption} {sides[side] or '—'}")
        self.setAccessibleDescription(sides[1 - side] or "—")

    def _choose(self, side: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if side != self.side:
            self.show_sides([part.words.text() for part in self.sides], side)
            self.chosen.emit(side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEYS:
            self._choose(KEYS[key])
        elif key == Qt.Key.Key_Space:
            self._choose(1 - self.side)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()

    def _repaint(self) -> None:
        for part in self.sides:
            part.update()
