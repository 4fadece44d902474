"""The chain of a tenant: 路演 → 对接 → 签约 → 入驻 → 落地, linked cards with days between; vouchers by their days.

A missing link is a dashed card; where it can be chosen it says 补关联. ←→ go from card to card, Enter opens.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.specs.park_shown import ChainCard, ChainStep
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.labels import CENTER, RIGHT, draw_box, write
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.parks import words

HEIGHT, ARROW, BAR = 84, 50, 4
"""px of a card, of the arrow between two, and of the bar at a card's left."""
NARROW = 170
"""px of a card below which its day stands beside its words, no longer beside its name."""
LOOKS = {
    ChainStep.PITCH: ("mic-line", "cat.research"), ChainStep.MEETING: ("links-line", "primary"),
    ChainStep.DEAL: ("hand-coin-line", "plum"), ChainStep.USE: ("coupon-3-line", "primary"),
    ChainStep.SETTLEMENT: ("scales-3-line", "primary"),
    ChainStep.MOVED_IN: ("door-open-line", "primary"),
    ChainStep.LANDED: ("flag-line", "ok.solid"),
}  # fmt: skip
"""Icon and colour of a step."""


class ChainTile(QWidget):
    """One card; `pressed` opens its record, or chooses one."""

    pressed = Signal()

    def __init__(self, card: ChainCard, is_last: bool, can_link: bool) -> None:
        super().__init__()
        self.card, self.is_last = card, is_last
        self.can_link = can_link and card.is_missing and bool(card.column)
        self.presses = self.can_link or (card.record_id is not None and bool(card.spec))
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" · ".join(filter(None, (_(card.step), self.title, card.words, card.on))))
        self.setToolTip(plain_text.shown("\n".join(filter(None, (self.title, card.words)))))
        if self.presses:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def title(self) -> str:
        """What stands in its middle."""
        if not self.card.is_missing:
            return self.card.title
        return _("补关联") if self.can_link else _("未关联") if self.card.column else _("还没有")

    def sizeHint(self) -> QSize:
        return QSize(190, HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self.presses and inside and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, card, box = QPainter(self), self.card, QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon, token = LOOKS[card.step]
        is_grey = card.is_missing or card.is_void
        if card.is_missing:
            pen = QPen(theme.color("focus" if self.hasFocus() else "border.strong"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(theme.color("bg.subtle"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.Radius.CARD, theme.Radius.CARD)
        else:
            is_strong = self.hasFocus() or self.is_last
            hot = self.presses and self.underMouse()
            edge = "focus" if self.hasFocus() else "primary" if self.is_last else "border.strong" if hot else "border"
            ground = theme.color("bg.subtle" if is_grey else "bg.surface")
            draw_box(painter, box, ground, theme.color(edge), line=2 if is_strong else 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("border.strong" if is_grey else token))
            painter.drawRoundedRect(QRectF(1, 10, BAR, box.height() - 20), 2, 2)
        is_narrow = box.width() < NARROW
        left, beside, end = (10.0, 20, 2) if is_narrow else (16.0, 24, 12)
        room = box.width() - left - end
        icons.draw(painter, icon, "text.3" if is_grey else token, QRectF(left, 13, 16, 16))
        day = card.on or ("" if card.is_missing else words.MISSING)
        if not is_narrow:
            write(painter, QRectF(left + beside, 9, room - beside, 24), day, theme.font("caption"), "text.2", RIGHT)
        taken = 0 if is_narrow or not day else painter.fontMetrics().horizontalAdvance(day) + 6
        name = QRectF(left + beside, 9, room - beside - taken, 24)
        face = theme.fitting("strong", _(card.step), name.width(), "caption.bold")
        write(painter, name, _(card.step), face, "text.3" if is_grey else "text.1")
        ink = "text.3" if is_grey and not self.can_link else "primary" if self.presses else "text.1"
        write(painter, QRectF(left, 34, room, 22), self.title, theme.font("body"), ink)
        said = _("已作废") if card.is_void else card.words
        below = " ".join(filter(None, (card.on, said))) if is_narrow else said
        write(painter, QRectF(left, 56, room, 18), below, theme.font("caption"), "text.2")


class _Arrow(QWidget):
    """How many days it took; no number where a day is not known in full."""

    def __init__(self, days: int | None) -> None:
        super().__init__()
        self.days = days
        self.setFixedSize(ARROW, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border.strong"), 1.4))
        y, right = self.height() / 2, self.width() - 5.0
        painter.drawLine(QPointF(4, y), QPointF(right, y))
        painter.drawPolyline([QPointF(right - 5, y - 4), QPointF(right, y), QPointF(right - 5, y + 4)])
        if self.days is not None:
            painter.setFont(theme.font("mark"))
            painter.setPen(theme.color("text.2"))
            painter.drawText(QRectF(0, y - 19, self.width(), 16), CENTER, words.days(self.days))


class ChainRow(QWidget):
    """All cards beside each other; `opened(card)`, `linking(card)`."""

    opened = Signal(object)
    linking = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[ChainTile] = []
        self._line = row(self, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, cards: Sequence[ChainCard], may_edit: bool) -> None:
        """Show a chain; where the focus was, it stays."""
        at = next((place for place, tile in enumerate(self.tiles) if tile.hasFocus()), -1)
        while (item := self._line.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        reached = [place for place, card in enumerate(cards) if not card.is_missing and not card.is_void]
        self.tiles = []
        for place, card in enumerate(cards):
            if place:
                self._line.addWidget(_Arrow(card.days))
            tile = ChainTile(card, bool(reached) and place == reached[-1], may_edit)
            tile.pressed.connect(lambda tile=tile: self._on_pressed(tile))
            self.tiles.append(tile)
            self._line.addWidget(tile, 1)
        if 0 <= at < len(self.tiles) and self.tiles[at].presses:
            self.tiles[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_pressed(self, tile: ChainTile) -> None:
        (self.linking if tile.can_link else self.opened).emit(tile.card)

    def step(self, by: int) -> None:
        """The card beside that can be pressed."""
        places = [place for place, tile in enumerate(self.tiles) if tile.presses]
        if not places:
            return
        at = next((place for place, tile in enumerate(self.tiles) if tile.hasFocus()), None)
        if at is None:
            wanted = places[0] if by > 0 else places[-1]
        else:
            wanted = next((p for p in (places if by > 0 else reversed(places)) if (p - at) * by > 0), at)
        self.tiles[wanted].setFocus(Qt.FocusReason.ShortcutFocusReason)
