"""Charts painted by hand: line chart, sparkline, bars. Each says so when there is nothing to show."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from expo_app.i18n import _
from expo_app.rules.chart_layout import Bar, LinePlot, clock, number
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_meter, elided

Points = Sequence[tuple[float, float]]
CENTER, LEFT, RIGHT = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignVCenter


def smooth(points: Sequence[QPointF]) -> QPainterPath:
    """A curve through `points` that never rises above or sinks below them."""
    path = QPainterPath()
    for index, point in enumerate(points):
        if index == 0:
            path.moveTo(point)
            continue
        before = points[index - 1]
        middle = (before.x() + point.x()) / 2
        path.cubicTo(QPointF(middle, before.y()), QPointF(middle, point.y()), point)
    return path


def draw_empty(widget: QWidget, painter: QPainter) -> None:
    """Say that there is nothing to draw."""
    painter.setFont(theme.font("body"))
    painter.setPen(theme.color("text.3"))
    painter.drawText(widget.rect(), CENTER, _("暂无数据"))


class LineChart(QWidget):
    """Counts over the day: `solid` (today) with an area, `dashed` (the day before), a line at `now`, the peak named.

    Points are (minute of the day, value), ascending. `running` is the interval that is not over yet: a hollow dot at
    `now` on a dotted line, as its count still grows. `peak` makes the words at the highest point of today.
    """

    LEFT, TOP, RIGHT, BOTTOM = 42, 26, 12, 24

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(240, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._peak: Callable[[float, float], str] | None = None
        self.set()

    def set(
        self,
        solid: Points = (),
        dashed: Points = (),
        now: float | None = None,
        now_text: str = "",
        peak: Callable[[float, float], str] | None = None,
        running: tuple[float, float] | None = None,
    ) -> None:
        """Show other values; `peak(minute, value)` gives the words beside the highest point."""
        self.solid, self.dashed, self._now, self._now_text, self._peak = list(solid), list(dashed), now, now_text, peak
        self.running = running
        self._plot = LinePlot.of([self._today, self.dashed], until=(now or 0) if running else 0)
        self.update()

    @property
    def _today(self) -> list[tuple[float, float]]:
        """What is over, then what runs."""
        return [*self.solid, *([self.running] if self.running else [])]

    @property
    def running_spot(self) -> QPointF:
        """Where the interval that is not over stands: it has come as far as now."""
        at, value = self.running or (0.0, 0.0)
        return self._at((max(at, self._now if self._now is not None else at), value))

    def sizeHint(self) -> QSize:
        return QSize(480, 200)

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(self.LEFT, self.TOP, -self.RIGHT, -self.BOTTOM)

    def _at(self, point: tuple[float, float]) -> QPointF:
        frame, (right, up) = self._frame(), self._plot.place(point)
        return QPointF(frame.x() + frame.width() * right, frame.bottom() - frame.height() * up)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._today and not self.dashed:
            draw_empty(self, painter)
            return
        self._draw_axes(painter)
        if self.dashed:
            pen = QPen(theme.color("border.strong"), 1.4, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(smooth([self._at(point) for point in self.dashed]))
        if self.solid:
            self._draw_solid(painter)
        if self._now is not None and self._plot.first <= self._now <= self._plot.last:
            self._draw_now(painter)
        if self._today:
            self._draw_marks(painter)

    def _draw_axes(self, painter: QPainter) -> None:
        frame = self._frame()
        painter.setFont(theme.font("caption"))
        for tick in self._plot.marks:
            y = round(self._at((0, tick)).y()) + 0.5
            painter.setPen(theme.color("border"))
            painter.drawLine(QPointF(frame.x(), y), QPointF(frame.right(), y))
            painter.setPen(theme.color("text.2"))
            painter.drawText(QRectF(0, y - 10, self.LEFT - 8, 20), RIGHT | MIDDLE, number(tick))
        for minute in self._plot.times(max(2, frame.width() // 110)):
            x = self._at((minute, 0)).x()
            box = QRectF(min(max(x - 30, frame.x() - 8), frame.right() - 52), frame.bottom() + 5, 60, 18)
            side = LEFT if box.x() > x - 30 else RIGHT if box.x() < x - 30 else CENTER
            painter.drawText(box.adjusted(8, 0, -8, 0), side | MIDDLE, clock(minute))

    def _draw_solid(self, painter: QPainter) -> None:
        points = [self._at(point) for point in self.solid]
        path, frame = smooth(points), self._frame()
        area = QPainterPath(path)
        area.lineTo(points[-1].x(), frame.bottom())
        area.lineTo(points[0].x(), frame.bottom())
        shade = QLinearGradient(0, frame.top(), 0, frame.bottom())
        shade.setColorAt(0, theme.tint("primary", 0.24))
        shade.setColorAt(1, theme.tint("primary", 0.03))
        painter.fillPath(area, shade)
        painter.setPen(QPen(theme.color("primary"), 2.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_now(self, painter: QPainter) -> None:
        frame, x = self._frame(), self._at((self._now or 0, 0)).x()
        painter.setPen(QPen(theme.color("bad"), 1.2))
        painter.drawLine(QPointF(x, 0), QPointF(x, frame.bottom()))
        painter.setFont(theme.font("caption"))
        width = painter.fontMetrics().horizontalAdvance(self._now_text) + 16
        left = x + 6 if x + 6 + width < self.width() else x - 6 - width
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bad.soft"))
        painter.drawRoundedRect(QRectF(left, 0, width, 20), theme.Radius.MARK, theme.Radius.MARK)
        painter.setPen(theme.color("bad"))
        painter.drawText(QRectF(left, 0, width, 20), CENTER, self._now_text)

    def _draw_marks(self, painter: QPainter) -> None:
        peak = max(self._today, key=lambda point: point[1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary"))
        spot = self.running_spot if peak == self.running else self._at(peak)
        painter.drawEllipse(spot, 3.5, 3.5)
        if self.running is not None:
            self._draw_running(painter, self.running_spot)
        if self._peak is not None:
            words = self._peak(*peak)
            painter.setFont(theme.font("caption.bold"))
            painter.setPen(theme.color("primary"))
            width = painter.fontMetrics().horizontalAdvance(words)
            left = spot.x() + 24 if spot.x() + 24 + width < self.width() else spot.x() - 24 - width
            painter.drawText(QPointF(left, spot.y() + 6), words)

    def _draw_running(self, painter: QPainter, spot: QPointF) -> None:
        if self.solid:
            pen = QPen(theme.color("primary"), 1.4, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([1.5, 3])
            painter.setPen(pen)
            painter.drawLine(self._at(self.solid[-1]), spot)
        painter.setPen(QPen(theme.color("primary"), 2))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawEllipse(spot, 4, 4)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _words_at(self, x: float) -> str:
        """Time and value of today's point nearest to `x`."""
        today = self._today
        if not today:
            return ""
        frame, plot = self._frame(), self._plot
        minute = plot.first + (x - frame.x()) / max(frame.width(), 1) * (plot.last - plot.first)
        place = min(bisect_left(today, (minute, 0)), len(today) - 1)
        near = today[max(0, place - 1) : place + 1]
        at, value = min(near, key=lambda point: abs(point[0] - minute))
        words = f"{clock(at)}  {value:,.0f}"
        return _("{words}（到现在）").format(words=words) if (at, value) == self.running else words


class Legend(QWidget):
    """What the lines mean: Legend([("今天", "primary", False), ("昨天", "border.strong", True)])."""

    def __init__(self, items: Sequence[tuple[str, str, bool]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = list(items)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("caption"))
        return QSize(sum(metrics.horizontalAdvance(words) + 38 for words, _t, _d in self._items), theme.Height.PILL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("caption"))
        x, y = 0, self.height() / 2
        for words, token, dashed in self._items:
            pen = QPen(theme.color(token), 1.4 if dashed else 2.4)
            if dashed:
                pen.setDashPattern([4, 2])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, y), QPointF(x + 16, y))
            painter.setPen(theme.color("text.2"))
            painter.drawText(QRectF(x + 23, 0, 400, self.height()), LEFT | MIDDLE, words)
            x += painter.fontMetrics().horizontalAdvance(words) + 38


class Sparkline(QWidget):
    """The shape of some values in 90×30 or less, the last one marked; nothing with fewer than two."""

    def __init__(self, values: Sequence[float] = (), token: str = "primary", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self.setFixedHeight(30)
        self.setMinimumWidth(36)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set(values)

    def sizeHint(self) -> QSize:
        return QSize(90, 30)

    def set(self, values: Sequence[float]) -> None:
        """Show other values."""
        self.values = list(values)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self.values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = min(0, *self.values), max(self.values)
        wide, tall = self.width() - 6, self.height() - 6
        points = [
            QPointF(2 + wide * place / (len(self.values) - 1), 3 + tall * (1 - (value - low) / ((high - low) or 1)))
            for place, value in enumerate(self.values)
        ]
        path = smooth(points)
        area = QPainterPath(path)
        area.lineTo(points[-1].x(), self.height())
        area.lineTo(points[0].x(), self.height())
        painter.fillPath(area, theme.tint(self._token, 0.12))
        painter.setPen(QPen(theme.color(self._token), 1.8))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._token))
        painter.drawEllipse(points[-1], 3, 3)


class HBars(QWidget):
    """Bars below each other, their grounds as long as their totals: label, bar, value/total; coloured by how full they
    are. A press, or Enter on the one that ↑↓ chose, tells which: `pressed(place)`.
    """

    pressed = Signal(int)
    FULL = 0.95  # a share from which the usual colour is used

    def __init__(self, bars: Sequence[Bar] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self._chosen = 0
        self._under = -1  # the pointer
        self.set(bars)

    def set(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self.bars = list(bars)
        self._chosen = min(self._chosen, max(len(self.bars) - 1, 0))
        self.setMinimumHeight(max(1, len(self.bars)) * 26)
        self.setAccessibleName("  ".join(f"{bar.label} {bar.value:g}/{bar.total:g}" for bar in self.bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, max(1, len(self.bars)) * 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.bars:
            draw_empty(self, painter)
            return
        body, strong = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("strong"))
        figures = [f"{bar.value:,.0f}/{bar.total:,.0f}" for bar in self.bars]
        left = min(max(body.horizontalAdvance(bar.label) for bar in self.bars) + 16, self.width() // 3)
        right = max(strong.horizontalAdvance(words) for words in figures) + 20
        room, most = self.width() - left - right, max(float(bar.total) for bar in self.bars) or 1
        each = self.height() / len(self.bars)
        for place, (bar, words) in enumerate(zip(self.bars, figures, strict=True)):
            line = QRectF(0, place * each, self.width(), each)
            self._draw_ground(painter, line, place)
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text.2"))
            label = elided(bar.label, body, left - 8)
            painter.drawText(line, LEFT | MIDDLE, label)
            total = float(bar.total)
            part = float(bar.value) / total if total else 0.0
            token = bar.colour or ("primary" if part >= self.FULL else "warn.solid")
            box = QRectF(left, line.center().y() - 5, max(10, room * total / most), 10)
            draw_meter(painter, box, part, token)
            painter.setFont(theme.font("strong"))
            painter.setPen(theme.color("text.1"))
            painter.drawText(line, RIGHT | MIDDLE, words)

    def _draw_ground(self, painter: QPainter, line: QRectF, place: int) -> None:
        """What the pointer is over, and what Enter would press."""
        if place == self._under:
            painter.fillRect(line, theme.color("bg.hover"))
        if place == self._chosen and self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(line.adjusted(1, 1, -1, -1), theme.Radius.MARK, theme.Radius.MARK)

    def place_at(self, y: float) -> int:
        """The bar at this height; -1 where there is none."""
        place = int(y * len(self.bars) / max(self.height(), 1))
        return place if 0 <= place < len(self.bars) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self.place_at(event.position().y())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._chosen = place
            self.pressed.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self.bars:
            self._chosen = max(0, min(self._chosen + steps[Qt.Key(event.key())], len(self.bars) - 1))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.bars:
            self.pressed.emit(self._chosen)
        else:
            super().keyPressEvent(event)
