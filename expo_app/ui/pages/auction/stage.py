"""The audience's picture of a session, in any size; painted anew only where it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services.auction_screen import Screen, Showing, ordinal
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import CENTER, LEFT, RIGHT, write

WIDE, HIGH, EDGE = 1440.0, 900.0, 64.0
"""The picture's own lengths, in which everything below is said; it is as large as both sides of a screen allow."""
PRICE, PADDLE = 240, 170
"""Heights of the digits; a long price is smaller."""
Box = tuple[float, float, float, float]
Words = Callable[[Screen], str]


@dataclass(frozen=True)
class Piece:
    """A box of the picture: what of a screen it shows, and how that is painted."""

    box: QRectF
    of: Callable[[Screen], object]
    paint: Callable[[QPainter, QRectF, Screen], object]


class Stage(QWidget):
    """What a `Screen` looks like. The ground is kept as a picture, and each piece knows what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = Screen(Showing.NOTHING, "")
        self.is_black = False
        self._ground = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("投影"))

    def show_screen(self, screen: Screen) -> None:
        """Show another state; only what differs is painted."""
        before, self.shown = self.shown, screen
        if before == screen or self.is_black:
            return
        self.setAccessibleName(" ".join(filter(None, (screen.title, screen.label, screen.price, screen.paddle))))
        if before.showing is not screen.showing:
            self.update()
            return
        for piece in self._pieces():
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

    def _pieces(self) -> Iterator[Piece]:
        """What is shown, from back to front."""
        yield from HEAD
        yield from BODY[self.shown.showing]

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
        touched = [piece for piece in self._pieces() if event.region().intersects(self._to_widget(piece.box).toRect())]
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


def _line(
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


def _words(
    box: Box, read: Words, size: float, token: str = "hall.text", *, bold: bool = False, flags: Qt.AlignmentFlag = LEFT
) -> Piece:
    """A piece that is one line."""

    def paint(painter: QPainter, room: QRectF, screen: Screen) -> None:
        if text := read(screen):
            _line(painter, room, text, size, token, bold=bold, flags=flags)

    return Piece(QRectF(*box), read, paint)


def _tile(painter: QPainter, box: QRectF, token: str, radius: float = 16) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(token))
    painter.drawRoundedRect(box, radius, radius)


def _rule(painter: QPainter, box: QRectF, _screen: Screen) -> None:
    painter.fillRect(box, theme.color("hall.line"))


def _price(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if not screen.price:
        return
    room = QRectF(box.x(), box.y(), box.width() - 190, box.height())
    wide = _line(painter, room, screen.price, PRICE, "hall.text", bold=True) + 28
    base = room.center().y() + painter.fontMetrics().ascent() * 0.36
    unit = QRectF(box.x() + wide, base - 58, box.width() - wide, 64)
    _line(painter, unit, _("万元"), 56, "hall.text.2", bold=True)


def _paddle(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if not screen.paddle:
        return
    _tile(painter, box, "hall.paddle", 24)
    label = _("买受人号牌") if screen.showing is Showing.SOLD else _("领先号牌")
    _line(painter, QRectF(box.x() + 8, box.y() + 22, box.width() - 16, 46), label, 28, "hall.text", flags=CENTER)
    inner = box.adjusted(20, 60, -20, -16)
    _line(painter, inner, screen.paddle, PADDLE, "hall.text", bold=True, flags=CENTER)


def _last(painter: QPainter, box: QRectF, screen: Screen) -> None:
    wide = (box.width() - 3 * 16) / 4
    for n, (paddle, amount) in enumerate(screen.last):
        tile = QRectF(box.x() + n * (wide + 16), box.y(), wide, box.height())
        _tile(painter, tile, "hall.tile", 12)
        inner = tile.adjusted(20, 0, -18, 0)
        used = _line(painter, inner, paddle, 34, "hall.bid", bold=True) + 12
        _line(painter, inner.adjusted(used, 0, 0, 0), amount, 34, "hall.text", bold=True, flags=RIGHT)


def _calls(painter: QPainter, box: QRectF, screen: Screen) -> None:
    """The bar: amber from the first call on; how many there are, and the hammer behind them."""
    is_paused = screen.showing is Showing.PAUSED
    is_on = bool(screen.called) and not is_paused
    ground, ink = ("warn.solid", "on.warn") if is_on else ("hall.tile", "hall.text")
    _tile(painter, box, ground)
    words = _("竞价暂停") if is_paused else _("竞价进行中")
    if is_on:
        words = _("{call}　{price} 万元").format(call=ordinal(screen.called), price=screen.price)
    _line(painter, box.adjusted(34, 0, -box.width() * 0.5, 0), words, 36, ink, bold=True)
    steps = [*(ordinal(n + 1) for n in range(screen.calls)), _("落槌")]
    wide = box.width() * 0.48 / len(steps)
    for n, word in enumerate(steps):
        x, is_done = box.right() - (len(steps) - n) * wide, n < screen.called
        painter.setPen(QPen(theme.color(ink), 3))
        painter.setBrush(theme.color(ink) if is_done else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x + 10, box.center().y()), 9.0, 9.0)
        _line(painter, QRectF(x + 30, box.y(), wide - 36, box.height()), word, 22, ink, bold=is_done)


def _badge(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if screen.badge:
        _tile(painter, box, "warn.solid", box.height() / 2)
        _line(painter, box.adjusted(16, 0, -16, 0), screen.badge, 36, "on.warn", bold=True, flags=CENTER)


def _stamp(words: Words, token: str, painter: QPainter, box: QRectF, screen: Screen) -> None:
    _tile(painter, box, token)
    _line(painter, box.adjusted(34, 0, -34, 0), words(screen), 40, "on.ok", bold=True, flags=CENTER)


def _middle(words: Words, size: float) -> Piece:
    return _words((EDGE, 330, FULL, 230), words, size, bold=True, flags=CENTER)


FULL = WIDE - 2 * EDGE
SIDE_X, SIDE = 1056.0, 320.0
HEAD = (
    _words((EDGE, 30, 880, 52), lambda s: s.head, 22, "hall.text.2"),
    _words((960, 30, 130, 52), lambda s: s.marks, 22, "hall.text.2", flags=RIGHT),
    _words((1100, 30, WIDE - EDGE - 1100, 52), lambda s: s.place, 22, bold=True, flags=RIGHT),
    Piece(QRectF(EDGE, 88, FULL, 1.5), lambda _s: None, _rule),
)
LOT = (
    _words((EDGE, 108, FULL, 88), lambda s: s.title, 54, bold=True),
    _words((EDGE, 194, FULL, 42), lambda s: "　　".join(s.facts), 23, "hall.text.2"),
)
AMOUNT = (
    _words((EDGE, 268, 600, 48), lambda s: s.label, 28, "hall.text.2"),
    Piece(QRectF(EDGE, 312, 970, 290), lambda s: s.price, _price),
    Piece(QRectF(SIDE_X, 296, SIDE, 300), lambda s: s.paddle, _paddle),
)
BAR = QRectF(EDGE, 800, FULL, 68)
BIDDING = (
    *LOT,
    *AMOUNT,
    Piece(QRectF(SIDE_X, 296, SIDE, 84), lambda s: s.badge, _badge),
    _words((EDGE, 636, 500, 42), lambda s: _("最近出价") if s.last else "", 23, "hall.text.2"),
    Piece(QRectF(EDGE, 684, 928, 74), lambda s: s.last, _last),
    _words((SIDE_X, 636, SIDE, 42), lambda s: _("下一口") if s.least else "", 23, "hall.text.2"),
    _words((SIDE_X, 684, SIDE, 74), lambda s: _("{n} 万元").format(n=s.least) if s.least else "", 46, bold=True),
    Piece(BAR, lambda s: (s.called, s.calls, s.price if s.called else ""), _calls),
)
BODY: dict[Showing, tuple[Piece, ...]] = {
    Showing.BIDDING: BIDDING,
    Showing.PAUSED: BIDDING,
    Showing.SOLD: (*LOT, *AMOUNT, Piece(BAR, lambda _s: None, partial(_stamp, lambda _s: _("落槌成交"), "ok.solid"))),
    Showing.PASSED: (*LOT, _middle(lambda _s: _("流拍"), 170)),
    Showing.NEXT: (*LOT, *AMOUNT, Piece(BAR, lambda _s: None, partial(_stamp, lambda _s: _("下一件"), "hall.tile"))),
    Showing.OVER: (_middle(lambda _s: _("本场标的已全部落槌"), 84),),
    Showing.NOTHING: (_middle(lambda _s: _("即将开始"), 84),),
}
"""What each state shows below the head."""
