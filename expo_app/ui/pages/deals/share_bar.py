"""One bar cut into shares: what part of the whole each kind has."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.ui.kit import theme
from expo_app.ui.kit.charts import LEFT, MIDDLE, draw_empty
from expo_app.ui.kit.labels import elided

LEAD, GAP = 14, 8  # px before the words, where the colour stands, and between figure and note


@dataclass(frozen=True)
class Share:
    """One part of a ShareBar: its size, colour token, the figure shown and the small words after it."""

    label: str
    value: float
    token: str
    text: str
    note: str = ""


class ShareBar(QWidget):
    """One bar cut into shares, with label, figure and note of each below; notes too long for the place beside their
    figures stand on a line of their own, and a long label takes room from short ones.
    """

    HIGH, LINE = 72, 20
    BESIDE = LEAD + theme.Space.S + 2

    def __init__(self, shares: Sequence[Share] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(shares)

    def set(self, shares: Sequence[Share]) -> None:
        """Show other shares."""
        self.shares = list(shares)
        self._make_room()
        self.setAccessibleName("  ".join(f"{share.label} {share.text} {share.note}" for share in self.shares))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        label, figure, note = (
            [QFontMetrics(theme.font(role)).horizontalAdvance(words) for words in all_]
            for role, all_ in (
                ("body", [s.label for s in self.shares]),
                ("section", [s.text for s in self.shares]),
                ("caption", [s.note for s in self.shares]),
            )
        )
        room = self.width() / max(1, len(self.shares)) - self.BESIDE
        self._below = any(f + GAP + n > room for f, n in zip(figure, note, strict=True))
        needs = [max(words) + self.BESIDE for words in zip(label, figure, note, strict=True)]
        spare = self.width() - sum(needs)
        equal = max(needs, default=0) - self.BESIDE <= room or spare < 0
        self._widths = [self.width() / len(needs) if equal else need + spare / len(needs) for need in needs]
        self.setFixedHeight(self.HIGH + (self.LINE if self._below else 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.shares:
            draw_empty(self, painter)
            return
        self._draw_bar(painter)
        x = 0.0
        for share, wide in zip(self.shares, self._widths, strict=True):
            self._draw_words(painter, share, QRectF(x, 22, wide - theme.Space.S, self.height() - 22))
            x += wide

    def _draw_bar(self, painter: QPainter) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, self.width(), 10), 5, 5)
        painter.save()
        painter.setClipPath(clip)
        painter.fillRect(QRectF(0, 0, self.width(), 10), theme.color("bg.subtle"))
        shown = [share for share in self.shares if share.value > 0]
        total, x = sum(share.value for share in shown), 0.0
        for share in shown:
            width = self.width() * share.value / total
            painter.fillRect(QRectF(x, 0, width - (2 if share is not shown[-1] else 0), 10), theme.color(share.token))
            x += width
        painter.restore()

    def _draw_words(self, painter: QPainter, share: Share, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(share.token))
        painter.drawRoundedRect(QRectF(box.x(), box.y() + 7, 8, 8), 2, 2)
        inner = box.adjusted(LEAD, 0, 0, 0)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text.2"))
        label = elided(share.label, painter.fontMetrics(), inner.width())
        painter.drawText(QRectF(inner.x(), inner.y(), inner.width(), 22), LEFT | MIDDLE, label)
        painter.setFont(theme.fitting("section", share.text, inner.width(), "caption"))
        painter.setPen(theme.color("text.1"))
        painter.drawText(QRectF(inner.x(), inner.y() + 23, inner.width(), 24), LEFT | MIDDLE, share.text)
        after = 0 if self._below else painter.fontMetrics().horizontalAdvance(share.text) + GAP
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        rest, down = int(inner.width() - after), 24 + (self.LINE if self._below else 0)
        note = elided(share.note, painter.fontMetrics(), rest)
        painter.drawText(QRectF(inner.x() + after, inner.y() + down, max(0, rest), 24), LEFT | MIDDLE, note)
