"""The split of an amount between voucher and company: cut by proportion, lines below each part."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.plain_text import shown
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import LEFT, RIGHT, write

HIGH, GAP, PADDING = 40, 2, 12
"""px of the bar, between the parts, and at their edges."""
THIN, LINE = 10, 24
"""px of the bar, and of a part's words and amount, where they stand below it and not in it."""


WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Part:
    """A part of the amount in yuan: its words (券付 50 %) and the line below (由武汉承担)."""

    words: str
    amount: Decimal
    note: str = ""

    @property
    def figure(self) -> str:
        """The amount as the bar shows it."""
        return f"{self.amount:,.2f}"


class SplitBar(QWidget):
    """Two parts; before there is anything to split a line says why (`set_empty`)."""

    TOKENS = ("plum", "text.2")

    def __init__(self, high: int = HIGH, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._high, self._parts, self._empty = high, tuple[Part, ...](), ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The voucher's part and the company's; () where there is nothing to split."""
        return self._parts

    def set_parts(self, share: Part, own: Part) -> None:
        """Show the split."""
        self._parts, self._empty = (share, own), ""
        self.setAccessibleName("  ".join(f"{part.words} {part.figure} {part.note}" for part in self._parts))
        self.setToolTip(shown("\n".join(part.note for part in self._parts if part.note)))
        self._fit()
        self.update()

    def set_empty(self, words: str) -> None:
        """Show no split and why there is none."""
        self._parts, self._empty = (), words
        self.setAccessibleName(words)
        self.setToolTip("")
        self._fit()
        self.update()

    @property
    def is_stacked(self) -> bool:
        """Whether the words and amounts have no room side by side: they stand below each other then."""
        return all(part.amount for part in self._parts) and sum(self._least()) > max(0, self.width() - GAP)

    def _least(self) -> list[float]:
        """px that words and amount of each part need."""
        strong, small = QFontMetrics(theme.font("section")), QFontMetrics(theme.font("caption.bold"))
        return [
            strong.horizontalAdvance(part.figure) + small.horizontalAdvance(part.words) + 3.0 * PADDING
            for part in self._parts
        ]

    def _note_high(self, part: Part, wide: float) -> int:
        room = QRect(0, 0, max(1, int(wide) - theme.Space.S), 1000)
        return QFontMetrics(theme.font("caption")).boundingRect(room, int(WRAPPED), shown(part.note)).height()

    def _fit(self) -> None:
        """As high as the lines need."""
        if self._parts and self.is_stacked:
            notes = sum(self._note_high(part, self.width()) for part in self._parts)
            self.setFixedHeight(THIN + 2 * LINE + notes + 3)
            return
        boxes = self._boxes() if self._parts else ()
        needs = [
            self._note_high(part, box.width()) for part, box in zip(self._parts, boxes, strict=True) if box.width()
        ]
        self.setFixedHeight(self._high + max(needs, default=0) + 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def widths(self) -> tuple[float, float]:
        """px of both: by proportion, but never narrower than the words where the other one has room for that."""
        share, own = self._parts
        room = max(0, self.width() - GAP)
        if not share.amount:
            return 0.0, float(self.width())
        if not own.amount:
            return float(self.width()), 0.0
        least = self._least()
        wanted = room * float(share.amount / (share.amount + own.amount))
        if sum(least) <= room:
            wanted = min(max(wanted, least[0]), room - least[1])
        return wanted, room - wanted

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stacked = bool(self._parts) and self.is_stacked
        bar = QRectF(0, 0, self.width(), THIN if stacked else self._high)
        clip = QPainterPath()
        clip.addRoundedRect(bar, theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.setClipPath(clip)
        painter.fillRect(bar, theme.color("bg.surface" if self._parts else "bg.subtle"))
        if not self._parts:
            write(painter, bar.adjusted(PADDING, 0, -PADDING, 0), self._empty, theme.font("body"), "text.2")
            return
        boxes = self._boxes()
        if stacked:
            self._paint_stacked(painter, boxes)
            return
        for part, token, box in zip(self._parts, self.TOKENS, boxes, strict=True):
            if box.width():
                self._paint(painter, part, token, box)
        painter.setClipping(False)
        for part, box in zip(self._parts, boxes, strict=True):
            below = QRectF(box.x(), self._high + 3, box.width() - theme.Space.S, self.height() - self._high - 3)
            if below.width() > 0:
                painter.setFont(theme.font("caption"))
                painter.setPen(theme.color("text.2"))
                painter.drawText(below, WRAPPED, shown(part.note))

    def _paint_stacked(self, painter: QPainter, boxes: list[QRectF]) -> None:
        """The parts in the bar, what they are below each other over the whole width."""
        for token, box in zip(self.TOKENS, boxes, strict=True):
            painter.fillRect(box, theme.color(token))
        painter.setClipping(False)
        y = THIN + 3.0
        for part, token in zip(self._parts, self.TOKENS, strict=True):
            line = QRectF(0, y, self.width(), LINE)
            face = theme.fitting("section", part.figure, line.width(), "caption")
            write(painter, line, part.figure, face, "text.1", RIGHT)
            words = line.adjusted(0, 0, -QFontMetrics(face).horizontalAdvance(part.figure) - theme.Space.S, 0)
            write(painter, words, part.words, theme.font("caption.bold"), token, LEFT)
            high = self._note_high(part, self.width())
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.2"))
            painter.drawText(QRectF(0, y + LINE, self.width() - theme.Space.S, high), WRAPPED, shown(part.note))
            y += LINE + high

    def _boxes(self) -> list[QRectF]:
        first, second = self.widths()
        return [QRectF(0, 0, first, self._high), QRectF(self.width() - second, 0, second, self._high)]

    def _paint(self, painter: QPainter, part: Part, token: str, box: QRectF) -> None:
        painter.fillRect(box, theme.color(token))
        inner = box.adjusted(PADDING, 0, -PADDING, 0)
        beside = QFontMetrics(theme.font("caption.bold")).horizontalAdvance(part.words) + theme.Space.S
        face = theme.fitting("section", part.figure, inner.width() - beside, "caption")
        wide = QFontMetrics(face).horizontalAdvance(part.figure)
        write(painter, inner, part.figure, face, "bg.surface", RIGHT)
        words = inner.adjusted(0, 0, -wide - theme.Space.S, 0)
        if words.width() > 0:
            write(painter, words, part.words, theme.font("caption.bold"), "bg.surface", LEFT)
