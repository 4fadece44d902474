"""投屏: the five figures and their moment on the second screen: no names, no checks, and nothing that moves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.specs.press import APART, Press, PressNumber
from expo_app.ui.kit import theme

MARGIN, LINE = 0.06, 0.11
"""Of the window's height: the edge, and the line with moment and marks."""


class Projector(QWidget):
    """A window of its own; what it shows was read when it opened. Esc or T ends it. `ended`: it was closed."""

    ended = Signal()

    def __init__(self, shown: Press, owner: QWidget | None = None) -> None:
        """`owner`: the window it goes with."""
        super().__init__(owner, Qt.WindowType.Window)
        self.shown = shown
        self.setWindowTitle(_("投屏"))
        self.setAccessibleName(" ".join(f"{n.label} {n.shown} {n.unit} {n.amount_shown}" for n in shown.numbers))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def open_on(self, screen: QScreen | None) -> None:
        """Fill this screen; what was its screen and goes takes the window with it."""
        if screen is not None:
            self.setGeometry(screen.geometry())
            app = QGuiApplication.instance()
            if isinstance(app, QGuiApplication):
                app.screenRemoved.connect(lambda gone: self.close() if gone is screen else None)
        self.showFullScreen()

    @property
    def marks(self) -> str:
        """示例 and 未核定, those that hold."""
        said = [_("示例")] if self.shown.head.is_sample else []
        return " · ".join([*said, *([] if self.shown.version else [_("未核定")])])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_T):
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.ended.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, high = QPainter(self), float(self.height())
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        edge, line = high * MARGIN, high * LINE
        room = QRectF(edge, edge, self.width() - 2 * edge, high - 2 * edge)
        self._moment(painter, QRectF(room.x(), room.y(), room.width(), line))
        each = (room.height() - line) / len(self.shown.numbers)
        for place, number in enumerate(self.shown.numbers):
            self._number(painter, QRectF(room.x(), room.y() + line + place * each, room.width(), each), number)

    def _moment(self, painter: QPainter, box: QRectF) -> None:
        self._write(painter, box, f"{self.shown.moment:%Y-%m-%d %H:%M}", 0.42, "text.2", left=True)
        self._write(painter, box, self.marks, 0.42, "warn", left=False)

    def _number(self, painter: QPainter, box: QRectF, number: PressNumber) -> None:
        is_apart = number.name == APART
        dash = Qt.PenStyle.DashLine if is_apart else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.color("border.strong" if is_apart else "border"), 2, dash))
        painter.drawLine(box.topLeft(), box.topRight())
        word, token = box.width() * 0.2, "text.2" if is_apart else "text.1"
        label = QRectF(box.x(), box.y(), word, box.height())
        words = _("{text}（{mark}）").format(text=number.label, mark=_("另列")) if is_apart else number.label
        self._write(painter, label, words, 0.24, "text.2", left=True)
        rest = QRectF(box.x() + word, box.y(), box.width() - word, box.height())
        share = 0.46 if is_apart else 0.62
        used = self._write(painter, rest, number.shown, share, token, left=True, bold=True)
        below = rest.height() * (share - 0.22) * 0.36  # on the number's own base line
        unit = QRectF(rest.x() + used + box.height() * 0.1, rest.y() + below, rest.width() - used, rest.height())
        if number.value is not None:
            self._write(painter, unit, number.unit, 0.22, "text.2", left=True)
        self._write(painter, rest, number.amount_shown, 0.34, token, left=False, bold=True)

    @staticmethod
    def _write(
        painter: QPainter, box: QRectF, text: str, share: float, token: str, *, left: bool, bold: bool = False
    ) -> float:
        """One line as high as a share of the box; how wide it became."""
        painter.setFont(theme.scaled(text, box.height() * share, box.width(), is_bold=bold))
        painter.setPen(theme.color(token))
        wide = float(painter.fontMetrics().horizontalAdvance(text))
        base = box.center().y() + painter.fontMetrics().ascent() / 2 - painter.fontMetrics().descent() / 3
        painter.drawText(QPointF(box.x() if left else box.right() - wide, base), text)
        return wide
