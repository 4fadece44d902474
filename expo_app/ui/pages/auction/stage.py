"""The audience's picture of a session."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services.auction_screen import Screen, Showing, ordinal
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import CENTER, RIGHT
from expo_app.ui.parts.hall_stage import EDGE, FULL, WIDE, HallStage, Piece, Words, fill, line, text_piece

PRICE, PADDLE = 240, 170
"""Heights of the digits; a long price is smaller."""
DOT, STEP_GAP = 30.0, 34.0
"""Before the word of a call, and behind it."""


class Stage(HallStage):
    """What a `Screen` looks like."""

    shown: Screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Screen(Showing.NOTHING, ""), parent)

    def pieces(self) -> Iterator[Piece]:
        yield from HEAD
        yield from BODY[self.shown.showing]

    def is_other(self, before: Screen, now: Screen) -> bool:
        return before.showing is not now.showing

    def said(self, shown: Screen) -> str:
        return " ".join(filter(None, (shown.title, shown.label, shown.price, shown.paddle)))


def _rule(painter: QPainter, box: QRectF, _screen: Screen) -> None:
    painter.fillRect(box, theme.color("hall.line"))


def _price(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if not screen.price:
        return
    room = QRectF(box.x(), box.y(), box.width() - 190, box.height())
    wide = line(painter, room, screen.price, PRICE, "hall.text", bold=True) + 28
    base = room.center().y() + painter.fontMetrics().ascent() * 0.36
    unit = QRectF(box.x() + wide, base - 58, box.width() - wide, 64)
    line(painter, unit, _("万元"), 56, "hall.text.2", bold=True)


def _paddle(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if not screen.paddle:
        return
    fill(painter, box, "hall.paddle", 24)
    label = _("买受人号牌") if screen.showing is Showing.SOLD else _("领先号牌")
    line(painter, QRectF(box.x() + 8, box.y() + 22, box.width() - 16, 46), label, 28, "hall.text", flags=CENTER)
    inner = box.adjusted(20, 60, -20, -16)
    line(painter, inner, screen.paddle, PADDLE, "hall.text", bold=True, flags=CENTER)


def _last(painter: QPainter, box: QRectF, screen: Screen) -> None:
    wide = (box.width() - 3 * 16) / 4
    for n, (paddle, amount) in enumerate(screen.last):
        tile = QRectF(box.x() + n * (wide + 16), box.y(), wide, box.height())
        fill(painter, tile, "hall.tile", 12)
        inner = tile.adjusted(20, 0, -18, 0)
        used = line(painter, inner, paddle, 34, "hall.bid", bold=True) + 12
        line(painter, inner.adjusted(used, 0, 0, 0), amount, 34, "hall.text", bold=True, flags=RIGHT)


def _calls(painter: QPainter, box: QRectF, screen: Screen) -> None:
    """The bar: amber from the first call on; how many there are, and the hammer behind them."""
    is_paused = screen.showing is Showing.PAUSED
    is_on = bool(screen.called) and not is_paused
    ground, ink = ("warn.solid", "on.warn") if is_on else ("hall.tile", "hall.text")
    fill(painter, box, ground)
    words = _("竞价暂停") if is_paused else _("竞价进行中")
    if is_on:
        words = f"{ordinal(screen.called)}　{_('{n} 万元').format(n=screen.price)}"
    line(painter, box.adjusted(34, 0, -box.width() * 0.5, 0), words, 36, ink, bold=True)
    steps = [*(ordinal(n + 1) for n in range(screen.calls)), _("落槌")]
    face = theme.scaled("", 22, box.width(), is_bold=True)
    needs = [QFontMetricsF(face).horizontalAdvance(word) + DOT + STEP_GAP for word in steps]
    fits = min(1.0, box.width() * 0.48 / sum(needs))
    x = box.right() - sum(needs) * fits
    for n, (word, need) in enumerate(zip(steps, needs, strict=True)):
        is_done = n < screen.called
        painter.setPen(QPen(theme.color(ink), 3))
        painter.setBrush(theme.color(ink) if is_done else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x + 10, box.center().y()), 9.0, 9.0)
        word_box = QRectF(x + DOT, box.y(), need * fits - DOT - 4, box.height())
        line(painter, word_box, word, 22, ink, bold=is_done)
        x += need * fits


def _badge(painter: QPainter, box: QRectF, screen: Screen) -> None:
    if screen.badge:
        fill(painter, box, "warn.solid", box.height() / 2)
        line(painter, box.adjusted(16, 0, -16, 0), screen.badge, 36, "on.warn", bold=True, flags=CENTER)


def _stamp(words: Words, token: str, painter: QPainter, box: QRectF, screen: Screen) -> None:
    fill(painter, box, token)
    line(painter, box.adjusted(34, 0, -34, 0), words(screen), 40, "on.ok", bold=True, flags=CENTER)


def _middle(words: Words, size: float) -> Piece:
    return text_piece((EDGE, 330, FULL, 230), words, size, bold=True, flags=CENTER)


SIDE_X, SIDE = 1056.0, 320.0
HEAD = (
    text_piece((EDGE, 30, 880, 52), lambda s: s.head, 22, "hall.text.2"),
    text_piece((960, 30, 130, 52), lambda s: s.marks, 22, "hall.text.2", flags=RIGHT),
    text_piece((1100, 30, WIDE - EDGE - 1100, 52), lambda s: s.place, 22, bold=True, flags=RIGHT),
    Piece(QRectF(EDGE, 88, FULL, 1.5), lambda _s: None, _rule),
)
LOT = (
    text_piece((EDGE, 108, FULL, 88), lambda s: s.title, 54, bold=True),
    text_piece((EDGE, 194, FULL, 42), lambda s: "　　".join(s.facts), 23, "hall.text.2"),
)
AMOUNT = (
    text_piece((EDGE, 268, 600, 48), lambda s: s.label, 28, "hall.text.2"),
    Piece(QRectF(EDGE, 312, 970, 290), lambda s: s.price, _price),
    Piece(QRectF(SIDE_X, 296, SIDE, 300), lambda s: s.paddle, _paddle),
)
BAR = QRectF(EDGE, 800, FULL, 68)
BIDDING = (
    *LOT,
    *AMOUNT,
    Piece(QRectF(SIDE_X, 296, SIDE, 84), lambda s: s.badge, _badge),
    text_piece((EDGE, 636, 500, 42), lambda s: _("最近出价") if s.last else "", 23, "hall.text.2"),
    Piece(QRectF(EDGE, 684, 928, 74), lambda s: s.last, _last),
    text_piece((SIDE_X, 636, SIDE, 42), lambda s: _("下一口") if s.least else "", 23, "hall.text.2"),
    text_piece((SIDE_X, 684, SIDE, 74), lambda s: _("{n} 万元").format(n=s.least) if s.least else "", 46, bold=True),
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
