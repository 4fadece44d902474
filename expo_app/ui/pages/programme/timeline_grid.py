"""The ground of a day timeline: lanes, hours, the line of the present. Geometry first, then how it is painted."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from expo_app.ui.canvas.geometry import Axis
from expo_app.ui.canvas.view import Canvas
from expo_app.ui.canvas.words import advance, elided
from expo_app.ui.kit import theme
from expo_app.ui.pages.programme.timeline_block import SHORTEST, Block, Lane, clock

GUTTER, HEAD, TOP, INSET, LANE_MIN = 54, 42, 8, 6, 176  # px
USUAL_FIRST, USUAL_LAST, DAY = 9 * 60, 17 * 60 + 30, 24 * 60  # minutes
SCALE, SCALES = 1.2, (0.6, 4.0)  # px per minute; the least and the most
LEAST = 15  # px: the least height of a block


class TimelineGround(Canvas):
    """Where lanes (units across) and minutes (units down) lie, and the paper below the blocks."""

    pans, tabs = False, True
    zooms = (SCALES[0] / SCALE, SCALES[1] / SCALE)
    lanes: tuple[Lane, ...] = ()
    now: int | None = None
    first, last = USUAL_FIRST, USUAL_LAST

    def span(self, lanes: Sequence[Lane], blocks: Sequence[Block], now: int | None) -> None:
        """Take these lanes and enough hours for these blocks: nothing lies outside."""
        self.lanes, self.now = tuple(lanes), now
        starts = [max(0, block.place.start) for block in blocks]
        ends = [min(DAY, max(block.place.end, block.place.start + SHORTEST)) for block in blocks]
        self.first = min([USUAL_FIRST, *(start // 60 * 60 for start in starts)])
        self.last = max([USUAL_LAST, *(-(-end // 30) * 30 for end in ends)])

    def set_now(self, now: int | None) -> None:
        """Move the line of the present."""
        self.now = now
        self.viewport().update()

    def axes(self) -> tuple[Axis, Axis]:
        """The lanes share the room, but are never too narrow to read."""
        room = self.viewport().width() - GUTTER
        lane = max(float(LANE_MIN), room / max(1, len(self.lanes)))
        return Axis(GUTTER, lane), Axis(TOP, SCALE * self.zoom, self.first)

    def rect_of(self, thing: Block, at: int = 0, of: int = 1) -> QRectF:
        """Where a block lies, as column `at` of `of` in its lane."""
        place = thing.place
        number = next((n for n, lane in enumerate(self.lanes) if lane.key == place.lane), 0)
        top, bottom = self.down.px(max(place.start, 0)), self.down.px(min(place.end, DAY))
        part = (self.across.scale - 2 * INSET) / of
        gap = 2 if of > 1 else 0
        return QRectF(self.across.px(number) + INSET + at * part, top, part - gap, max(LEAST, bottom - top))

    @property
    def shows_now(self) -> bool:
        """Whether the present lies within the hours shown."""
        return self.now is not None and self.first <= self.now <= self.last

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        rect = QRectF(rect)
        painter.fillRect(rect, theme.color("bg.surface"))
        for number in range(1, len(self.lanes), 2):
            lane = QRectF(self.across.px(number), rect.top(), self.across.scale, rect.height())
            painter.fillRect(lane, theme.color("bg.canvas"))
        hour, half = QPen(theme.color("border"), 1), QPen(theme.color("border"), 1, Qt.PenStyle.DotLine)
        right = self.across.px(len(self.lanes))
        for minute in range(self.first, self.last + 1, 30):
            y = round(self.down.px(minute)) + 0.5
            painter.setPen(half if minute % 60 else hour)
            painter.drawLine(QPointF(GUTTER, y), QPointF(right, y))
        painter.setPen(hour)
        for number in range(len(self.lanes)):
            x = round(self.across.px(number)) - 0.5
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        if self.shows_now:
            y = self.down.px(self.now or 0)
            painter.fillRect(QRectF(GUTTER, y - 1, right - GUTTER, 2), theme.color("bad.solid"))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The hours and the present stay at the left edge of the view, whatever is scrolled."""
        rect, left = QRectF(rect), self.mapToScene(0, 0).x()
        gutter = QRectF(left, rect.top(), GUTTER - 1, rect.height())
        painter.fillRect(gutter, theme.color("bg.surface"))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        for minute in range(self.first, self.last + 1, 60):
            box = QRectF(left, self.down.px(minute) - 9, GUTTER - 18, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, clock(minute))
        if self.shows_now:
            self._draw_now(painter, left)
        super().drawForeground(painter, rect)

    def _draw_now(self, painter: QPainter, left: float) -> None:
        y, shade = self.down.px(self.now or 0), theme.color("bad.solid")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.fillRect(QRectF(left + GUTTER - 8, y - 1, 8, 2), shade)
        for number in range(len(self.lanes)):
            x = self.across.px(number)
            if x >= left + GUTTER - 1:
                painter.drawPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 8, y), QPointF(x, y + 5)]))
        box = QRectF(left + 2, y - 9, GUTTER - 10, 18)
        painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("on.bad"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock(self.now or 0))


class LaneHead(QWidget):
    """The lanes' names above the view, moving sideways with it."""

    def __init__(self, view: TimelineGround) -> None:
        super().__init__()
        self._view = view
        self.setFixedHeight(HEAD)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        view.arranged.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, view = QPainter(self), self._view
        shift = view.horizontalScrollBar().value()
        line = theme.color("border")
        for number, lane in enumerate(view.lanes):
            left = view.across.px(number) - shift
            wide = view.across.px(number + 1) - shift - left
            painter.setClipRect(QRect(GUTTER, 0, self.width() - GUTTER, HEAD))
            painter.fillRect(QRectF(left - 1, 0, 1, HEAD), line)
            inner = QRectF(left + 12, 0, wide - 20, HEAD - 1)
            self._words(painter, inner, lane)
        painter.setClipping(False)
        painter.fillRect(0, HEAD - 1, self.width(), 1, line)

    def _words(self, painter: QPainter, inner: QRectF, lane: Lane) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text.1"))
        title = elided(lane.title, "strong", inner.width())
        painter.drawText(inner, left, title)
        rest = inner.adjusted(advance(title, "strong") + 14, 1, 0, 0)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(rest, left, elided(lane.note, "caption", rest.width()))
