"""A picture for an audience, in any size; painted anew only where it changed. What it shows is one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import LEFT, write

WIDE, HIGH, EDGE = 1440.0, 900.0, 64.0
"""The picture's own lengths, in which everything below is said; it is as large as both sides of a screen allow."""
FULL = WIDE - 2 * EDGE
PREVIEW = QSize(720, 450)
Box = tuple[float, float, float, float]
Words = Callable[[Any], str]


@dataclass(frozen=True)
class Piece:
    """A box of the picture: what of the value it shows, and how that is painted."""

    box: QRectF
    of: Callable[[Any], object]
    paint: Callable[[QPainter, QRectF, Any], object]


class HallStage(QWidget):
    """What `shown` looks like: `pieces`, from back to front. The ground is kept as a picture.

    `closed`: its window was shut by hand.
    """

    closed = Signal()

    def __init__(self, shown: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Any = shown
        self.is_black = False
        self._ground = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("投影"))

    # --- what a subclass says ---

    def pieces(self) -> Iterable[Piece]:
        """What is shown now, from back to front."""
        raise NotImplementedError

    def is_other(self, before: Any, now: Any) -> bool:
        """Whether nothing of what was shown before stays in its place."""
        return False

    def said(self, shown: Any) -> str:
        """The same in words, for who does not see it."""
        return ""

    # --- showing ---

    def show_screen(self, screen: Any) -> None:
        """Show another state; only what differs is painted."""
        before, self.shown = self.shown, screen
        if before == screen or self.is_black:
            return
        self.setAccessibleName(self.said(screen) or _("投影"))
        if self.is_other(before, screen):
            self.update()
            return
        for piece in self.pieces():
            if piece.of(before) != piece.of(screen):
                self.update(self._to_widget(piece.box).toAlignedRect())

    def set_black(self, on: bool) -> None:
        """Cover it, or show it again."""
        self.is_black = on
        self.update()

    def _scale(self) -> tuple[float, float, float]:
        """Pixels for one length, and where the picture begins: centred on a screen of another shape."""
        by = min(self.width() / WIDE, self.height() / HIGH)
        return by, (self.width() - WIDE * by) / 2, (self.height() - HIGH * by) / 2

    def _to_widget(self, box: QRectF) -> QRectF:
        by, left, top = self._scale()
        return QRectF(left + box.x() * by, top + box.y() * by, box.width() * by, box.height() * by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ground = QPixmap()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_black:
            painter.fillRect(event.rect(), Qt.GlobalColor.black)
            return
        if self._ground.isNull():
            self._ground = self._paint_ground()
        ratio = self.devicePixelRatioF()
        parts: Iterable[QRect] = event.region()  # type: ignore[assignment]
        for part in parts:  # a whole picture through a clip costs many times as much
            source = QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio)
            painter.drawPixmap(QRectF(part), self._ground, source)
        by, left, top = self._scale()
        touched = [piece for piece in self.pieces() if event.region().intersects(self._to_widget(piece.box).toRect())]
        painter.translate(left, top)
        painter.scale(by, by)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for piece in touched:
            piece.paint(painter, piece.box, self.shown)

    def _paint_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        painter = QPainter(ground)
        shades = QLinearGradient(0, 0, self.width(), self.height())
        shades.setColorAt(0, theme.color("hall.ground"))
        shades.setColorAt(1, theme.color("hall.ground.end"))
        painter.fillRect(self.rect(), shades)
        by, left, top = self._scale()
        painter.translate(left, top)
        painter.scale(by, by)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.tint("hall.text.2", 0.09), 2))
        for n in range(5):
            y, aside = HIGH * 0.7 + n * 38, left / by
            wave = QPainterPath(QPointF(-aside, y))
            wave.cubicTo(WIDE * 0.3, y - 110, WIDE * 0.6, y + 130, WIDE + aside, y - 40)
            painter.drawPath(wave)
        painter.end()
        return ground

    # --- a window of its own ---

    def as_window(self, title: str) -> None:
        """A window that takes no keys: they belong to whoever shows it."""
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(title)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def line(
    painter: QPainter,
    box: QRectF,
    text: str,
    size: float,
    token: str,
    *,
    bold: bool = False,
    flags: Qt.AlignmentFlag = LEFT,
) -> float:
    """One line, smaller where it does not fit; how wide it became."""
    write(painter, box, text, theme.scaled(text, size, box.width(), is_bold=bold), token, flags)
    return float(painter.fontMetrics().horizontalAdvance(text))


def text_piece(
    box: Box, read: Words, size: float, token: str = "hall.text", *, bold: bool = False, flags: Qt.AlignmentFlag = LEFT
) -> Piece:
    """A piece that is one line."""

    def paint(painter: QPainter, room: QRectF, shown: Any) -> None:
        if text := read(shown):
            line(painter, room, text, size, token, bold=bold, flags=flags)

    return Piece(QRectF(*box), read, paint)


def fill(painter: QPainter, box: QRectF, token: str, radius: float = 16) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(token))
    painter.drawRoundedRect(box, radius, radius)
