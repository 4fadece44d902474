"""The steps of a dialog side by side: done ones are buttons back, later ones are dead."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.layouts import row

DISC, LINK = 20, theme.Space.XL
"""Edge of the disc with the number; length of the line between two steps."""


class _Step(QAbstractButton):
    """A disc with a number, or a tick, and the words."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__()
        self.number, self.is_current, self.is_done = number, False, False
        self.setText(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, current: bool, done: bool) -> None:
        self.is_current, self.is_done = current, done
        is_button = done and not current
        self.setEnabled(is_button or current)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_button else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_button else Qt.CursorShape.ArrowCursor)
        state = _("现在") if current else _("已完成") if done else ""
        self.setAccessibleName(f"{self.number} {self.text()} {state}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font("strong")).horizontalAdvance(self.text())
        return QSize(DISC + words + 3 * theme.Space.S, theme.Height.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(theme.Space.S + DISC / 2, self.height() / 2)
        disc = QRectF(middle.x() - DISC / 2, middle.y() - DISC / 2, DISC, DISC)
        done = self.is_done and not self.is_current
        ground = "primary" if self.is_current else "ok.soft" if done else "bg.surface"
        painter.setPen(QPen(theme.color("border.button")) if not (done or self.is_current) else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawEllipse(disc)
        if done:
            icons.draw(painter, "check-line", "ok", disc.adjusted(3, 3, -3, -3))
        else:
            painter.setPen(theme.color("on.primary" if self.is_current else "text.2"))
            painter.setFont(theme.font("caption.bold"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.number))
        painter.setPen(theme.color("text.1" if self.is_current or (done and self.underMouse()) else "text.2"))
        painter.setFont(theme.font("strong" if self.is_current else "body"))
        words = QRectF(self.rect()).adjusted(DISC + 2 * theme.Space.S, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)


class _Link(QWidget):
    """The line between two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(LINK, theme.Height.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() // 2, self.width(), 1, theme.color("border.button"))


class Stepper(QWidget):
    """`Stepper([words, …])`; `pressed(place)` when a done step is pressed."""

    pressed = Signal(int)

    def __init__(self, steps: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = row(self, 0)
        self.steps: list[_Step] = []
        for place, words in enumerate(steps):
            if place:
                line.addWidget(_Link())
            step = _Step(place + 1, words)
            step.clicked.connect(lambda _checked=False, place=place: self._on_pressed(place))
            self.steps.append(step)
            line.addWidget(step)
        self.set(0)

    def set(self, current: int, done: int | None = None) -> None:
        """Show which step it is, and how many are done (by itself those before it)."""
        self.current = current
        done = current if done is None else done
        for place, step in enumerate(self.steps):
            step.set_state(place == current, place < done)

    def _on_pressed(self, place: int) -> None:
        if place != self.current:
            self.pressed.emit(place)
