"""The bars beside a table: this expo's amount filled, that of the one compared with hollow below it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.plain_text import shown
from expo_app.rules import amounts
from expo_app.ui.kit import theme
from expo_app.ui.kit.charts import MIDDLE, RIGHT, draw_empty
from expo_app.ui.pages.statistics.figure_table import draw_link

ALONE, BEFORE, THICK, THIN = 32, 24, 14, 7
BETWEEN = 6
"""What stands between names of several lines."""
MOST_WORDS = 0.44
"""Of the width, for names; longer ones go on lines of their own."""


@dataclass(frozen=True)
class CompareBar:
    """One line. `before` None: no comparison; `key`: what its number leads to."""

    label: str
    amount: Decimal | None
    before: Decimal | None = None
    colour: str = ""
    key: object = None


class Name(NamedTuple):
    """A name as it is written into so much room: whole, on lines of whole words where there is room for them."""

    text: str
    font: QFont
    wrap: Qt.TextFlag
    high: int

    @classmethod
    def of(cls, label: str, room: float) -> Name:
        """Smaller where it needs several lines."""
        text, body, small = shown(label), theme.font("body"), theme.font("caption")
        if QFontMetrics(body).horizontalAdvance(text) <= room:
            return cls(text, body, Qt.TextFlag.TextSingleLine, 0)
        wrap, page = Qt.TextFlag.TextWordWrap, QRect(0, 0, int(room), 10_000)
        box = QFontMetrics(small).boundingRect(page, int(wrap), text)
        if box.width() > room:
            wrap = Qt.TextFlag.TextWrapAnywhere
            box = QFontMetrics(small).boundingRect(page, int(wrap), text)
        return cls(text, small, wrap, box.height())


class CompareBars(QWidget):
    """Bars of one scale with their amounts in 万元; a press on a number gives `opened(key)`."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[CompareBar, ...] = ()
        self.is_compared = self.is_stale = False
        self._heights: list[int] = []
        self._under = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, bars: Sequence[CompareBar], is_compared: bool) -> None:
        """Show other bars, with the ones below them or without."""
        self.bars, self.is_compared, self.is_stale = tuple(bars), is_compared, False
        self.setAccessibleName("  ".join(f"{bar.label} {amounts.format_wan(bar.amount)}" for bar in self.bars))
        self._lay()
        self.update()

    def set_stale(self, on: bool) -> None:
        """Grey: the numbers are of before."""
        self.is_stale = on
        self.update()

    def _lay(self) -> None:
        """How high each bar is: its whole name, and the bar of before."""
        room, below = self._split()[0] - 8, BEFORE if self.is_compared else 0
        self._heights = [max(ALONE, Name.of(bar.label, room).high + BETWEEN) + below for bar in self.bars]
        self.setFixedHeight(sum(self._heights) or ALONE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def _split(self) -> tuple[float, float]:
        """Widths of the words and of the numbers."""
        body = QFontMetrics(theme.font("body"))
        words = max((body.horizontalAdvance(bar.label) for bar in self.bars), default=0) + 10
        numbers = max((body.horizontalAdvance(amounts.format_wan(bar.amount)) for bar in self.bars), default=0) + 10
        return min(words, self.width() * MOST_WORDS), numbers

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not any(bar.amount or bar.before for bar in self.bars):
            draw_empty(self, painter)
            return
        words, numbers = self._split()
        values = [value for bar in self.bars for value in (bar.amount, bar.before) if value is not None]
        most, room = float(max(values)) or 1.0, self.width() - words - numbers
        painter.setPen(theme.color("border.button"))
        painter.drawLine(int(words), 0, int(words), self.height())
        top = 0
        for at, high in enumerate(self._heights):
            self._draw(painter, at, top, (words, numbers), room / most)
            top += high

    def _draw(self, painter: QPainter, at: int, top: int, sides: tuple[float, float], scale: float) -> None:
        bar, (words, numbers) = self.bars[at], sides
        high = self._heights[at] - (BEFORE if self.is_compared else 0)
        line = QRectF(0, top + (high - 22) / 2, self.width(), 22)
        painter.setPen(theme.color("text.3" if self.is_stale else "text.1"))
        name = Name.of(bar.label, words - 8)
        painter.setFont(name.font)
        painter.drawText(QRectF(0, top, words - 8, high), RIGHT | MIDDLE | name.wrap, name.text)
        painter.setFont(theme.font("body"))
        wide = float(bar.amount or 0) * scale
        box = QRectF(words, line.center().y() - THICK / 2, max(wide, 2 if bar.amount else 0), THICK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border.strong" if self.is_stale else bar.colour or "primary"))
        painter.drawRoundedRect(box, 2, 2)
        value = QRectF(self.width() - numbers, line.y(), numbers, 22)
        if bar.key is None or self.is_stale:
            painter.setPen(theme.color("text.3" if self.is_stale else "text.1"))
            painter.drawText(value, RIGHT | MIDDLE, amounts.format_wan(bar.amount))
        else:
            draw_link(painter, value, amounts.format_wan(bar.amount), self._under == at)
        if self.is_compared:
            self._draw_before(painter, bar, QRectF(0, top + high, self.width(), 18), words, scale)

    def _draw_before(self, painter: QPainter, bar: CompareBar, line: QRectF, words: float, scale: float) -> None:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(QRectF(0, line.y(), words - 8, line.height()), RIGHT | MIDDLE, _("上届"))
        painter.drawText(line, RIGHT | MIDDLE, amounts.format_wan(bar.before))
        if bar.before:
            painter.setPen(QPen(theme.color("border.strong"), 1))
            painter.setBrush(theme.color("bg.canvas"))
            painter.drawRoundedRect(
                QRectF(words, line.center().y() - THIN / 2, max(float(bar.before) * scale, 2), THIN), 2, 2
            )

    # --- pointer ---

    def _place(self, event: QMouseEvent) -> int:
        inside = event.position().x() >= self.width() - self._split()[1]
        at = bisect(list(accumulate(self._heights)), event.position().y())
        return at if inside and at < len(self.bars) and self.bars[at].key is not None else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._place(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if under >= 0 else Qt.CursorShape.ArrowCursor)
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (at := self._place(event)) >= 0 and not self.is_stale:
            self.opened.emit(self.bars[at].key)
