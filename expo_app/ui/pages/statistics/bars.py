"""The bars beside a table: this expo's amount filled, that of the one compared with hollow below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.rules import amounts
from expo_app.ui.kit import theme
from expo_app.ui.kit.charts import MIDDLE, RIGHT, draw_empty
from expo_app.ui.kit.labels import elided
from expo_app.ui.pages.statistics.figure_table import draw_link

ALONE, PAIR, THICK, THIN = 32, 56, 14, 7


@dataclass(frozen=True)
class CompareBar:
    """One line. `before` None: no comparison; `key`: what its number leads to."""

    label: str
    amount: Decimal | None
    before: Decimal | None = None
    colour: str = ""
    key: object = None


def lines_of(label: str, room: float) -> tuple[str, str]:
    """The font of a label and its text: on two lines of whole words where one is too short, so that names that begin
    alike can be told apart."""
    if QFontMetrics(theme.font("body")).horizontalAdvance(label) <= room:
        return "body", label
    small, words = QFontMetrics(theme.font("caption")), label.split(" ")
    if len(words) == 1:
        return "body", elided(label, QFontMetrics(theme.font("body")), room)
    fits = [n for n in range(1, len(words)) if small.horizontalAdvance(" ".join(words[:n])) <= room]
    first = max(fits, default=1)
    lines = (" ".join(words[:first]), " ".join(words[first:]))
    return "caption", "\n".join(elided(line, small, room) for line in lines)


class CompareBars(QWidget):
    """Bars of one scale with their amounts in 万元; a press on a number gives `opened(key)`."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[CompareBar, ...] = ()
        self.is_compared = self.is_stale = False
        self._under = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, bars: Sequence[CompareBar], is_compared: bool) -> None:
        """Show other bars, with the ones below them or without."""
        self.bars, self.is_compared, self.is_stale = tuple(bars), is_compared, False
        self.setAccessibleName("  ".join(f"{bar.label} {amounts.format_wan(bar.amount)}" for bar in self.bars))
        self.setFixedHeight(max(1, len(self.bars)) * self._each)
        self.update()

    def set_stale(self, on: bool) -> None:
        """Grey: the numbers are of before."""
        self.is_stale = on
        self.update()

    @property
    def _each(self) -> int:
        return PAIR if self.is_compared else ALONE

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def _split(self) -> tuple[float, float]:
        """Widths of the words and of the numbers."""
        body = QFontMetrics(theme.font("body"))
        words = max((body.horizontalAdvance(bar.label) for bar in self.bars), default=0) + 10
        shown = max((body.horizontalAdvance(amounts.format_wan(bar.amount)) for bar in self.bars), default=0) + 10
        return min(words, self.width() * 0.42), shown

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not any(bar.amount or bar.before for bar in self.bars):
            draw_empty(self, painter)
            return
        words, shown = self._split()
        values = [value for bar in self.bars for value in (bar.amount, bar.before) if value is not None]
        most, room = float(max(values)) or 1.0, self.width() - words - shown
        painter.setPen(theme.color("border.button"))
        painter.drawLine(int(words), 0, int(words), self.height())
        for at, bar in enumerate(self.bars):
            self._draw(painter, at, bar, (words, shown), room / most)

    def _draw(self, painter: QPainter, at: int, bar: CompareBar, sides: tuple[float, float], scale: float) -> None:
        words, shown = sides
        top = at * self._each
        line = QRectF(0, top + 5, self.width(), 22)
        painter.setPen(theme.color("text.3" if self.is_stale else "text.1"))
        role, label = lines_of(bar.label, words - 9)
        painter.setFont(theme.font(role))
        painter.drawText(QRectF(0, top - 1, words - 8, ALONE + 2), RIGHT | MIDDLE, label)
        painter.setFont(theme.font("body"))
        wide = float(bar.amount or 0) * scale
        box = QRectF(words, line.center().y() - THICK / 2, max(wide, 2 if bar.amount else 0), THICK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border.strong" if self.is_stale else bar.colour or "primary"))
        painter.drawRoundedRect(box, 2, 2)
        value = QRectF(self.width() - shown, line.y(), shown, 22)
        if bar.key is None or self.is_stale:
            painter.setPen(theme.color("text.3" if self.is_stale else "text.1"))
            painter.drawText(value, RIGHT | MIDDLE, amounts.format_wan(bar.amount))
        else:
            draw_link(painter, value, amounts.format_wan(bar.amount), self._under == at)
        if self.is_compared:
            self._draw_before(painter, bar, QRectF(0, top + ALONE, self.width(), 18), words, scale)

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
        at, inside = int(event.position().y() // self._each), event.position().x() >= self.width() - self._split()[1]
        return at if inside and 0 <= at < len(self.bars) and self.bars[at].key is not None else -1

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
