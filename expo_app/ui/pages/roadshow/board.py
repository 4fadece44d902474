"""The running order as the audience sees it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.services.roadshow_screen import Board, Stands
from expo_app.ui.kit.labels import CENTER, RIGHT
from expo_app.ui.parts.hall_stage import EDGE, FULL, WIDE, HallStage, Piece, fill, line, text_piece

CLOCK = 250
"""Height of the digits."""
TONES = {"": ("hall.tile", "hall.text"), "warn": ("warn.solid", "on.warn"), "bad": ("bad.solid", "on.bad")}


class BoardStage(HallStage):
    """What a `Board` looks like."""

    shown: Board

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Board(Stands.NOTHING), parent)
        self.setAccessibleName(_("路演大屏"))

    def pieces(self) -> Iterator[Piece]:
        yield from HEAD
        yield from BODY[self.shown.stands]

    def is_other(self, before: Board, now: Board) -> bool:
        return before.stands is not now.stands

    def said(self, shown: Board) -> str:
        return " ".join(filter(None, (shown.title, shown.label, shown.clock, shown.next_title)))


def _rule(painter: QPainter, box: QRectF, _board: Board) -> None:
    fill(painter, box, "hall.line", 0)


def _clock(painter: QPainter, box: QRectF, board: Board) -> None:
    if not board.clock:
        return
    ground, ink = TONES[board.tone]
    fill(painter, box, ground, 24)
    head = QRectF(box.x() + 40, box.y(), 300, box.height())
    line(painter, head, board.label, 44, ink, bold=True)
    line(painter, box.adjusted(340, 0, -40, 0), board.clock, CLOCK, ink, bold=True, flags=CENTER)


def _then(painter: QPainter, box: QRectF, board: Board) -> None:
    """What comes later, in one line of tiles."""
    wide = (box.width() - 3 * 16) / 4
    for n, title in enumerate(board.then):
        tile = QRectF(box.x() + n * (wide + 16), box.y(), wide, box.height())
        fill(painter, tile, "hall.tile", 12)
        line(painter, tile.adjusted(18, 0, -18, 0), title, 22, "hall.text.2")


HEAD = (
    text_piece((EDGE, 30, 820, 52), lambda b: b.head, 22, "hall.text.2"),
    text_piece((900, 30, 90, 52), lambda b: b.marks, 22, "hall.text.2", flags=RIGHT),
    text_piece((1000, 30, WIDE - EDGE - 1000, 52), lambda b: b.place, 22, bold=True, flags=RIGHT),
    Piece(QRectF(EDGE, 88, FULL, 1.5), lambda _b: None, _rule),
)
NEXT = (
    text_piece((EDGE, 640, FULL, 40), lambda b: _("下一项") if b.next_title else "", 24, "hall.text.2"),
    text_piece((EDGE, 682, FULL, 62), lambda b: b.next_title, 42, bold=True),
    text_piece((EDGE, 742, FULL, 38), lambda b: b.next_who, 24, "hall.text.2"),
    Piece(QRectF(EDGE, 806, FULL, 56), lambda b: b.then, _then),
)
BODY: dict[Stands, tuple[Piece, ...]] = {
    Stands.RUNNING: (
        text_piece((EDGE, 112, FULL, 44), lambda b: b.number, 26, "hall.text.2"),
        text_piece((EDGE, 156, FULL, 92), lambda b: b.title, 62, bold=True),
        text_piece((EDGE, 250, FULL, 50), lambda b: b.who, 30, "hall.text.2"),
        Piece(QRectF(EDGE, 326, FULL, 280), lambda b: (b.clock, b.tone), _clock),
        *NEXT,
    ),
    Stands.BETWEEN: (
        text_piece((EDGE, 160, FULL, 60), lambda _b: _("即将开始"), 40, "hall.text.2", flags=CENTER),
        text_piece((EDGE, 250, FULL, 130), lambda b: b.title, 84, bold=True, flags=CENTER),
        text_piece((EDGE, 400, FULL, 60), lambda b: b.who, 34, "hall.text.2", flags=CENTER),
        text_piece((EDGE, 470, FULL, 50), lambda b: b.number, 26, "hall.text.2", flags=CENTER),
        *NEXT,
    ),
    Stands.OVER: (text_piece((EDGE, 330, FULL, 230), lambda _b: _("本场路演已结束"), 84, bold=True, flags=CENTER),),
    Stands.NOTHING: (
        text_piece((EDGE, 270, FULL, 120), lambda b: b.title, 64, bold=True, flags=CENTER),
        text_piece((EDGE, 400, FULL, 120), lambda _b: _("即将开始"), 64, "hall.text.2", flags=CENTER),
    ),
}
"""What each state shows below the head."""
