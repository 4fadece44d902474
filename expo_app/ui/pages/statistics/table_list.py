"""T1 to T10 below each other: what each is, whether its sums agree, which one is pinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import icons, theme
from expo_app.ui.kit.charts import LEFT, MIDDLE
from expo_app.ui.kit.labels import draw_shape, elided

ROW, LOW_ROW, NUMBER, MARK, MOST_WIDE = 34, 29, 34, 16, 216


@dataclass(frozen=True)
class Entry:
    """One table. `state`: ok, gaps (something is not classified), bad (sums do not agree)."""

    no: str
    title: str
    state: str


class TableList(QWidget):
    """`chosen(no)`, `pinned(no)`, `folded(open)` for ←→, `entered()` for Enter: into the table."""

    chosen = Signal(str)
    pinned = Signal(str)
    folded = Signal(bool)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.at, self.pin, self._under = "", "", -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, entries: Sequence[Entry], at: str, pin: str) -> None:
        """Show the tables, the one that is shown and the one that stays below."""
        self.entries, self.at, self.pin = tuple(entries), at, pin
        self.setFixedHeight(max(1, len(self.entries)) * self._each)
        here = next((entry for entry in self.entries if entry.no == at), None)
        states = {"ok": _("合计对得上"), "gaps": _("有没填的"), "bad": _("对不上")}
        self.setAccessibleName(f"{here.no} {here.title} {states[here.state]}" if here else _("统计表"))
        self.update()

    @property
    def _each(self) -> int:
        return LOW_ROW if self.window().height() < theme.LOW_WINDOW else ROW

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize) and self.height() != len(self.entries) * self._each:
            self.setFixedHeight(max(1, len(self.entries)) * self._each)
        return super().event(event)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font("strong"))
        widest = max((words.horizontalAdvance(entry.title) for entry in self.entries), default=0)
        return QSize(min(widest + theme.Space.M + NUMBER + MARK + theme.Space.L + 2, MOST_WIDE), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, entry in enumerate(self.entries):
            self._draw(painter, at, entry, QRectF(0, at * self._each, self.width(), self._each))

    def _draw(self, painter: QPainter, at: int, entry: Entry, box: QRectF) -> None:
        is_here = entry.no == self.at
        ground = "bg.selected" if is_here else "bg.hover" if at == self._under or entry.no == self.pin else ""
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(ground))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.Radius.CONTROL, theme.Radius.CONTROL)
        if is_here:
            painter.fillRect(QRectF(0, box.y() + 8, 3, box.height() - 16), theme.color("primary"))
        if is_here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 2, -1, -2), theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.setFont(theme.font("caption.bold" if is_here else "caption"))
        painter.setPen(theme.color("primary" if is_here else "text.2"))
        painter.drawText(box.adjusted(theme.Space.M, 0, 0, 0), LEFT | MIDDLE, entry.no)
        painter.setFont(theme.font("strong" if is_here else "body"))
        painter.setPen(theme.color("text.1"))
        inner = box.adjusted(theme.Space.M + NUMBER, 0, -MARK - theme.Space.L, 0)
        painter.drawText(inner, LEFT | MIDDLE, elided(entry.title, painter.fontMetrics(), inner.width()))
        self._draw_mark(
            painter, entry, QRectF(box.right() - MARK - theme.Space.M, box.center().y() - MARK / 2, MARK, MARK)
        )

    def _draw_mark(self, painter: QPainter, entry: Entry, spot: QRectF) -> None:
        if entry.no == self.pin and entry.state != "bad":
            icons.draw(painter, "pushpin-line", "primary", spot)
        else:
            draw_state(painter, entry.state, spot)

    # --- keys and pointer ---

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self.entries) and self.entries[at].no != self.at:
            self.chosen.emit(self.entries[at].no)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, numbers = Qt.Key(event.key()), [entry.no for entry in self.entries]
        here = numbers.index(self.at) if self.at in numbers else 0
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choose(here + (1 if key == Qt.Key.Key_Down else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose(0 if key == Qt.Key.Key_Home else len(numbers) - 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.folded.emit(key == Qt.Key.Key_Right)
        elif key == Qt.Key.Key_P:
            self.pinned.emit(self.at)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = int(event.position().y() // self._each)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(int(event.position().y() // self._each))

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()


def draw_state(painter: QPainter, state: str, spot: QRectF) -> None:
    """✓ sums agree, ■ something is not filled in, ▲ sums do not agree."""
    if state == "ok":
        icons.draw(painter, "check-line", "ok", spot)
        return
    kind = "warn" if state == "gaps" else "bad"
    draw_shape(painter, kind, kind, spot.center())
