"""What the console is made of, painted: keys with their key, the lots, the price, the record of a lot."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.model import EventKind, LotState
from expo_app.rules.auction_words import paddle_no
from expo_app.services.auction_screen import wan
from expo_app.specs.auction_hall import HallEvent, HallLot
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import CENTER, LEFT, RIGHT, draw_box, elided, write
from expo_app.ui.kit.theme import Space

# Look of a key: ground, ink, edge.
LOOKS: dict[str, tuple[str, str, str]] = {
    "plain": ("bg.surface", "text.1", "border.button"), "primary": ("primary", "on.primary", "primary"),
    "soft": ("primary.soft", "primary", "primary"), "ok": ("ok.soft", "ok", "ok"),
    "warn": ("warn.solid", "on.warn", "warn.solid"), "bad": ("bad.soft", "bad", "bad"),
    "plum": ("plum.soft", "plum", "plum"), "off": ("bg.subtle", "text.disabled", "border"),
}  # fmt: skip
TONES = {LotState.OPEN: "plum", LotState.SOLD: "ok", LotState.DEFAULTED: "bad"}
KEY, LEAST_KEY, LOT_LINE, EVENT = 64, 72, 20, 40
KEPT = 240
"""So many painted rows are kept."""
CARD, AMOUNT = 84, 72
OPENING, CLOSING = "（《“【(", "），。；：、》”】)"


class HallKey(QAbstractButton):
    """A key of the console: what it does, and below it the key of the keyboard. It never takes the focus."""

    def __init__(self, words: str = "", keys: str = "", look: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.keys, self.look = words, keys, look
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(words, keys, look)

    def say(self, words: str, keys: str = "", look: str = "plain") -> None:
        """Other words, another look; painted only where that differs."""
        if (words, keys, look) != (self.words, self.keys, self.look) or not self.accessibleName():
            self.words, self.keys, self.look = words, keys, look
            self.setAccessibleName(f"{words} {keys}".strip())
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font("section")).horizontalAdvance(self.words)
        below = QFontMetrics(theme.font("caption")).horizontalAdvance(self.keys)
        return QSize(max(wide, below) + Space.L, KEY if self.keys else KEY - Space.L)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(LEAST_KEY, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        ground, ink, edge = LOOKS[self.look if self.isEnabled() else "off"]
        if self.isDown() and self.look == "plain":
            ground = "bg.selected"
        draw_box(painter, box, theme.color(ground), theme.color(edge), theme.Radius.CONTROL)
        inner = box.adjusted(Space.XS, Space.S, -Space.XS, -Space.S)
        face = theme.fitting("section", self.words, inner.width(), "mark")
        if not self.keys:
            write(painter, inner, self.words, face, ink, CENTER)
            return
        half = inner.height() * 0.56
        write(painter, QRectF(inner.x(), inner.y(), inner.width(), half), self.words, face, ink, CENTER)
        below = QRectF(inner.x(), inner.y() + half, inner.width(), inner.height() - half)
        small = theme.fitting("caption", self.keys, inner.width(), "mark")
        write(painter, below, self.keys, small, ink, CENTER)


class Digits(QWidget):
    """One text, as large as its place: the price, the paddle that leads. `on` paints it white on plum."""

    def __init__(self, role: str, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.unit, self._role, self._on, self._is_quiet = "", "", role, on, False
        self.setFixedHeight(theme.TYPE[role][1])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, text: str, unit: str = "", is_quiet: bool = False) -> None:
        """Show this; `is_quiet`: of what is over, without the plum."""
        if (text, unit, is_quiet) != (self.text, self.unit, self._is_quiet):
            self.text, self.unit, self._is_quiet = text, unit, is_quiet
            self.setAccessibleName(f"{text} {unit}".strip())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        if self._on:
            is_lit = bool(self.text) and not self._is_quiet
            ground = theme.color("hall.paddle" if is_lit else "bg.subtle")
            draw_box(painter, box, ground, ground, theme.Radius.VERDICT)
            face = theme.fitting(self._role, self.text, box.width() - Space.L)
            write(painter, box, self.text or "—", face, "hall.text" if is_lit else "text.3", CENTER)
            return
        unit = QFontMetrics(theme.font("section")).horizontalAdvance(self.unit) + Space.M
        face = theme.fitting(self._role, self.text, box.width() - unit)
        write(painter, box.adjusted(0, 0, -unit, 0), self.text, face, "text.1", LEFT)
        x, base = painter.fontMetrics().horizontalAdvance(self.text) + Space.M, painter.fontMetrics().ascent() * 0.24
        rest = QRectF(x, box.y() + base, box.width() - x, box.height())
        write(painter, rest, self.unit, theme.font("section"), "text.1", LEFT)


class LotList(QWidget):
    """All lots: number, title, state, price. `picked(id)` on a click."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lots: tuple[HallLot, ...] = ()
        self.current: uuid.UUID | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_lots(self, lots: tuple[HallLot, ...], current: uuid.UUID | None) -> None:
        """Show these; `current` is framed."""
        before = {lot.id: lot for lot in self.lots}
        if [lot.id for lot in lots] != list(before):
            self.setFixedHeight(max(0, len(lots) * (CARD + Space.S) - Space.S))
            self.update()
        was, self.lots, self.current = self.current, lots, current
        for n, lot in enumerate(lots):
            if lot != before.get(lot.id) or (lot.id in (was, current) and was != current):
                self.update(self.box_of(n).toAlignedRect())
        self.setAccessibleName("；".join(f"{lot.lot_no} {lot.title} {lot.state.label}" for lot in lots))

    def box_of(self, n: int) -> QRectF:
        """Where a lot is."""
        return QRectF(0, n * (CARD + Space.S), self.width(), CARD)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for n, lot in enumerate(self.lots):
            if self.box_of(n).contains(event.position()):
                self.picked.emit(lot.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for n, lot in enumerate(self.lots):
            box = self.box_of(n)
            if box.intersects(QRectF(event.rect())):
                self._paint(painter, box, lot)

    def _paint(self, painter: QPainter, box: QRectF, lot: HallLot) -> None:
        is_live, is_current = lot.state is LotState.OPEN, lot.id == self.current
        ground = "plum.soft" if is_live else "bg.selected" if is_current else "bg.surface"
        edge = "plum" if is_live else "primary" if is_current else "border"
        line = 2 if is_live or is_current else 1
        draw_box(painter, box, theme.color(ground), theme.color(edge), theme.Radius.CARD, line)
        inner = box.adjusted(Space.M, Space.S, -Space.M, -Space.S)
        number = 34
        token = "plum" if is_live else "text.2"
        write(painter, QRectF(inner.x(), inner.y(), number, inner.height()), lot.lot_no, theme.font("section"), token)
        words = inner.adjusted(number, 0, 0, 0)
        face = theme.font("strong" if is_live else "body")
        for n, text in enumerate(two_lines(lot.title, QFontMetrics(face), words.width())):
            top = QRectF(words.x(), words.y() + n * LOT_LINE, words.width(), LOT_LINE)
            write(painter, top, text, face, "text.1")
        foot = QRectF(words.x(), inner.bottom() - LOT_LINE, words.width(), LOT_LINE)
        state = _("暂停") if lot.is_paused else lot.state.label
        if lot.state is LotState.READY and lot.problem:
            state, tone = _("不能开始"), "warn"
        else:
            tone = TONES.get(lot.state, "text.2")
        write(painter, foot, state, theme.font("caption.bold"), tone)
        strong = is_live or lot.state is LotState.SOLD
        write(
            painter,
            foot,
            price_words(lot),
            theme.font("caption.bold" if strong else "caption"),
            "text.1" if strong else "text.2",
            RIGHT,
        )


def price_words(lot: HallLot) -> str:
    """What a lot's line says of money: the price, or what it begins at."""
    if lot.state in (LotState.OPEN, LotState.SOLD, LotState.DEFAULTED) and lot.price is not None:
        return _("{n} 万元").format(n=wan(lot.price))
    if lot.state in (LotState.READY, LotState.OPEN) and lot.start_price is not None:
        return _("起 {amount}").format(amount=_("{n} 万元").format(n=wan(lot.start_price)))
    return "—"


def two_lines(text: str, metrics: QFontMetrics, room: float) -> list[str]:
    """A title on one line, or on two of which the second ends in …."""
    if metrics.horizontalAdvance(text) <= room:
        return [text]
    cut = len(text)
    while cut > 1 and metrics.horizontalAdvance(text[:cut]) > room:
        cut -= 1
    if " " in text[1:cut] and not text[cut : cut + 1].isspace() and text[cut - 1 : cut + 1].isascii():
        cut = text.rindex(" ", 0, cut) + 1
    while cut > 1 and (text[cut] in CLOSING or text[cut - 1] in OPENING):
        cut -= 1
    return [text[:cut].rstrip(), elided(text[cut:].lstrip(), metrics, room)]


class EventList(QWidget):
    """What happened on a lot, newest first: bids with paddle, amount, channel and moment; what was wrong struck out.

    Each row is painted once and kept as a picture: with a bid, all of them move.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.events: tuple[HallEvent, ...] = ()
        self.leading: int | None = None
        self._rows: dict[tuple[object, ...], QPixmap] = {}

    def show_events(self, events: Sequence[HallEvent], leading: int | None = None) -> None:
        """Show these; `leading`: the `seq` of the entry that stands as the price."""
        if (tuple(events), leading) == (self.events, self.leading):
            return
        self.events, self.leading = tuple(events), leading
        self.setFixedHeight(len(self.events) * EVENT)
        self.setAccessibleName("；".join(" ".join(event_words(event)) for event in self.events[:5]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        first = max(0, event.rect().top() // EVENT)
        for n, one in enumerate(self.events[first : event.rect().bottom() // EVENT + 1], first):
            painter.drawPixmap(0, n * EVENT, self._row(one))

    def _row(self, event: HallEvent) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (event, event.seq == self.leading, self.width(), ratio, theme.theme())
        if key not in self._rows:
            if len(self._rows) >= KEPT:
                self._rows.clear()
            picture = QPixmap(QSize(self.width(), EVENT) * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            self._paint(painter, QRectF(0, 0, self.width(), EVENT), event, event.seq == self.leading)
            painter.end()
            self._rows[key] = picture
        return self._rows[key]

    @staticmethod
    def _paint(painter: QPainter, box: QRectF, event: HallEvent, is_first: bool) -> None:
        paddle, words, more = event_words(event)
        if is_first:
            draw_box(painter, box.adjusted(0, 1, 0, -1), theme.color("plum.soft"), theme.color("plum.soft"))
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.color("border"))
        chip = QRectF(box.x() + Space.S, box.y() + 8, 38, box.height() - 16)
        if paddle:
            shade = theme.color("hall.paddle" if is_first else "bg.subtle")
            draw_box(painter, chip, shade, shade, theme.Radius.MARK)
            write(painter, chip, paddle, theme.font("strong"), "hall.text" if is_first else "text.1", CENTER)
        time, small = f"{event.at:%H:%M:%S}", theme.font("caption")
        wide = QFontMetrics(small).horizontalAdvance(time) + Space.XS
        beside = QFontMetrics(small).horizontalAdvance(more)
        at = QRectF(box.right() - max(wide, beside) - Space.S, box.y(), max(wide, beside), box.height())
        rows = [text for text in (time, more) if text]  # one below the other: both are read whole
        for n, text in enumerate(rows):
            high = at.height() / len(rows)
            write(painter, QRectF(at.x(), at.y() + n * high, at.width(), high), text, small, "text.2", RIGHT)
        left = chip.right() + Space.S if paddle else box.x() + Space.M
        room = QRectF(left, box.y(), at.x() - Space.S - left, box.height())
        face = theme.font("section" if is_first else "strong" if paddle else "body")
        share = QFontMetrics(face).horizontalAdvance(words)
        if paddle and event.amount is not None:  # amounts stand below each other
            left += max(0, AMOUNT - share)
            room.setLeft(left)
        write(painter, room, words, face, "text.3" if event.is_wrong else "text.1")
        if event.is_wrong:
            painter.setPen(QPen(theme.color("text.3"), 1.5))
            y = box.center().y()
            painter.drawLine(QPointF(left - 2, y), QPointF(left + min(share, room.width()) + 2, y))


def event_words(event: HallEvent) -> tuple[str, str, str]:
    """A line of the record: the paddle, what was done, and a word more."""
    paddle = "" if event.paddle is None else paddle_no(event.paddle)
    if event.kind is EventKind.BID and event.amount is not None:
        return paddle, wan(event.amount), event.channel.label if event.channel else ""
    if event.kind is EventKind.CORRECTION:
        return (paddle, wan(event.amount), event.kind.label) if paddle else ("", _("更正：没有这一口"), "")
    if event.kind is EventKind.OPEN and event.amount is not None:
        return "—", wan(event.amount), _("起拍")
    return "", event.kind.label, ""


PLAIN_KEYS = {
    Qt.Key.Key_Return: "take", Qt.Key.Key_Enter: "take", Qt.Key.Key_F6: "call", Qt.Key.Key_F7: "order",
    Qt.Key.Key_F8: "hammer", Qt.Key.Key_F9: "pass", Qt.Key.Key_Escape: "clear",
}  # fmt: skip
"""In every field of the console."""
CTRL_KEYS = {Qt.Key.Key_Z: "correct", Qt.Key.Key_Return: "next", Qt.Key.Key_Enter: "next"}
LETTER_KEYS = {
    Qt.Key.Key_Space: "amount", Qt.Key.Key_Plus: "more", Qt.Key.Key_Equal: "equal", Qt.Key.Key_N: "next",
    Qt.Key.Key_P: "pause", Qt.Key.Key_B: "black", Qt.Key.Key_O: "project", Qt.Key.Key_I: "preview",
    Qt.Key.Key_G: "rules", Qt.Key.Key_L: "ladder", Qt.Key.Key_R: "lower", Qt.Key.Key_V: "look",
    Qt.Key.Key_C: "papers", Qt.Key.Key_W: "withdraw", Qt.Key.Key_U: "unlock", Qt.Key.Key_F: "full", Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}  # fmt: skip
"""Where the paddle is typed, which is digits alone."""
KEYS_OF = {
    "take": "Enter", "call": "F6", "order": "F7", "hammer": "F8", "pass": "F9", "correct": "Ctrl+Z", "next": "N",
    "amount": "Space", "more": "+", "equal": "=", "pause": "P", "black": "B", "project": "O", "preview": "I",
    "rules": "G", "ladder": "L", "lower": "R", "look": "V", "withdraw": "W", "unlock": "U", "full": "F",
    "papers": "C",
}  # fmt: skip
"""The key that is shown beside an act."""


def act_of(event: QKeyEvent, *, letters: bool) -> str:
    """The act of a key; "" for none. `letters`: plain characters are keys too."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    key = Qt.Key(event.key())
    if held == Qt.KeyboardModifier.ControlModifier:
        return CTRL_KEYS.get(key, "")
    if held != Qt.KeyboardModifier.NoModifier:
        return ""
    return PLAIN_KEYS.get(key) or (LETTER_KEYS.get(key, "") if letters else "")
