"""The ground of the timetable: tables across, slots down, the break folded, closed cells hatched, the present."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.ui.canvas.geometry import Axis
from expo_app.ui.canvas.view import Canvas
from expo_app.ui.canvas.words import advance, elided
from expo_app.ui.kit import theme
from expo_app.ui.pages.matching.timetable_shown import Block, Cell, DayGrid, break_words

GUTTER, HEAD, LANE, INSET = 56, 34, 84, 3
"""px: the axis, the names of the tables, the least width of one, what a block leaves free around it."""
CENTER = Qt.AlignmentFlag.AlignCenter


class TimetableGround(Canvas):
    """Where lanes (units across) and px of a day (units down) lie, and the paper below the blocks."""

    pans, tabs = False, True
    zooms = (1.0, 1.0)
    grid: DayGrid | None = None
    now: float | None = None
    """px where the present is; None where it is not on this day."""
    home: Cell | None = None
    """Where what is in the hand came from."""
    busy: Mapping[int, str] = {}
    shut: Mapping[int, str] = {}
    """Rows in which a side of the meeting in the hand is busy, or closed, with who."""

    def axes(self) -> tuple[Axis, Axis]:
        count = len(self.grid.lanes) if self.grid else 1
        lane = max(float(LANE), (self.viewport().width() - GUTTER) / max(1, count))
        return Axis(GUTTER, lane), Axis(0, 1)

    def cell_rect(self, cell: Cell) -> QRectF:
        """A whole cell, in px of the scene."""
        if self.grid is None:
            return QRectF()
        row = self.grid.rows[cell.row]
        return QRectF(self.across.px(cell.lane), row.top, self.across.scale, row.height)

    def rect_of(self, thing: Block) -> QRectF:
        box = self.cell_rect(thing.place)
        if thing.span is not None:
            box.setTop(thing.span[0])
            box.setBottom(thing.span[1])
        return box.adjusted(INSET, INSET, -INSET, -INSET)

    def set_now(self, now: float | None) -> None:
        """Move the line of the present."""
        if now != self.now:
            self.now = now
            self.viewport().update()

    # --- the ground ---

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        rect, grid = QRectF(rect), self.grid
        painter.fillRect(rect, theme.color("bg.surface"))
        if grid is None:
            return
        right = self.across.px(len(grid.lanes))
        hatch = QBrush(theme.color("border.button"), Qt.BrushStyle.BDiagPattern)
        for number, row in enumerate(grid.rows):
            whole = QRectF(GUTTER, row.top, right - GUTTER, row.height)
            if not whole.intersects(rect):
                continue
            if row.slot is None:
                painter.fillRect(whole, theme.color("bg.subtle"))
                painter.fillRect(whole, hatch)
            elif number in self.shut:
                painter.fillRect(whole, hatch)
            elif number in self.busy:
                painter.fillRect(whole, theme.color("warn.soft"))
        for cell in grid.closed:
            box = self.cell_rect(cell)
            if box.intersects(rect):
                painter.fillRect(box, theme.color("bg.subtle"))
                painter.fillRect(box, hatch)
        self._lines(painter, rect, right)
        if self.home is not None:
            self._home(painter)

    def _lines(self, painter: QPainter, rect: QRectF, right: float) -> None:
        grid = self.grid
        if grid is None:
            return
        painter.setPen(QPen(theme.color("border"), 1))
        for row in grid.rows:
            y = row.top + row.height - 0.5
            painter.drawLine(QPointF(GUTTER, y), QPointF(right, y))
        for number in range(1, len(grid.lanes) + 1):
            x = round(self.across.px(number)) - 0.5
            if rect.left() <= x <= rect.right():
                painter.drawLine(QPointF(x, 0), QPointF(x, grid.height))

    def _home(self, painter: QPainter) -> None:
        """原位置, dashed."""
        if self.home is None:
            return
        box = self.cell_rect(self.home).adjusted(INSET + 0.5, INSET + 0.5, -INSET - 0.5, -INSET - 0.5)
        pen = QPen(theme.color("primary"), 1.5)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(theme.color("bg.surface"))
        painter.drawRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.2"))
        painter.drawText(box, CENTER, elided(_("原位置"), "caption", box.width()))

    # --- the axis stays at the left ---

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        rect, left = QRectF(rect), self.mapToScene(0, 0).x()
        self._now_line(painter, left)
        painter.fillRect(QRectF(left, rect.top(), GUTTER - 1, rect.height()), theme.color("bg.surface"))
        painter.fillRect(QRectF(left + GUTTER - 1, rect.top(), 1, rect.height()), theme.color("border"))
        for number, row in enumerate(self.grid.rows if self.grid else ()):
            if row.top + row.height >= rect.top() and row.top <= rect.bottom():
                self._axis_words(painter, left, number)
        self._now_mark(painter, left)
        super().drawForeground(painter, rect)

    def _axis_words(self, painter: QPainter, left: float, number: int) -> None:
        if self.grid is None:
            return
        row = self.grid.rows[number]
        box = QRectF(left, row.top, GUTTER - 1, row.height)
        if row.slot is None:
            painter.fillRect(box, theme.color("bg.subtle"))
            words = QRectF(left + GUTTER + theme.Space.S, row.top, self.viewport().width(), row.height)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.2"))
            said = break_words(row)
            ground = QRectF(words.left() - 4, row.top + 3, advance(said, "caption") + 8, row.height - 6)
            painter.fillRect(ground, theme.color("bg.subtle"))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
            return
        who = self.shut.get(number) or self.busy.get(number)
        if who:
            painter.fillRect(
                box.adjusted(0, 0, 0, -1), theme.color("bg.subtle" if number in self.shut else "warn.soft")
            )
        painter.fillRect(QRectF(left, row.top + row.height - 1, GUTTER - 1, 1), theme.color("border"))
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("text.1"))
        hour = QRectF(left, row.top + (5 if who else 0), GUTTER - 1, 17 if who else 28)
        painter.drawText(hour, CENTER, f"{row.starts_at:%H:%M}")
        if who:
            painter.setFont(theme.font("mark"))
            painter.setPen(theme.color("text.2" if number in self.shut else "warn"))
            below = QRectF(left + 2, row.top + 22, GUTTER - 5, 16)
            painter.drawText(below, CENTER, elided(who, "mark", below.width()))

    def _now_line(self, painter: QPainter, left: float) -> None:
        if self.now is not None and self.grid is not None:
            right = self.across.px(len(self.grid.lanes))
            painter.fillRect(QRectF(left + GUTTER, self.now - 1, right - left - GUTTER, 2), theme.color("bad.solid"))

    def _now_mark(self, painter: QPainter, left: float) -> None:
        if self.now is None or self.grid is None:
            return
        row = self.grid.rows[self.grid.row_at(self.now)]
        at = row.starts_at + (row.ends_at - row.starts_at) * ((self.now - row.top) / row.height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bad.solid"))
        box = QRectF(left + 5, self.now - 9, GUTTER - 11, 18)
        painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color("on.bad"))
        painter.drawText(box, CENTER, f"{at:%H:%M}")


class LaneHead(QWidget):
    """The names of the tables above the grid, moving sideways with it."""

    def __init__(self, view: TimetableGround) -> None:
        super().__init__()
        self._view = view
        self.setFixedHeight(HEAD)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        view.arranged.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, view = QPainter(self), self._view
        shift = view.horizontalScrollBar().value()
        line = theme.color("border")
        painter.setClipRect(QRect(GUTTER, 0, self.width() - GUTTER, HEAD))
        for number, lane in enumerate(view.grid.lanes if view.grid else ()):
            left = view.across.px(number) - shift
            if left + view.across.scale < GUTTER or left > self.width():
                continue
            painter.fillRect(QRectF(left - 1, 0, 1, HEAD), line)
            inner = QRectF(left + theme.Space.S, 0, view.across.scale - theme.Space.M, HEAD - 1)
            middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            title = elided(lane.title, "strong", inner.width())
            painter.setFont(theme.font("strong"))
            painter.setPen(theme.color("text.1"))
            painter.drawText(inner, middle, title)
            rest = inner.adjusted(advance(title, "strong") + 6, 1, 0, 0)
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text.2"))
            if rest.width() > theme.Space.L:
                painter.drawText(rest, middle, elided(lane.note, "caption", rest.width()))
        painter.setClipping(False)
        painter.fillRect(0, HEAD - 1, self.width(), 1, line)
