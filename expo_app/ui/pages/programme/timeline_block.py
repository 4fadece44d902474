"""What a day timeline shows, as plain data, and how one block of it is painted.

Times are minutes since midnight of the day shown; they may lie before 0 or after 1440.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from expo_app.ui.canvas.plane import CanvasItem
from expo_app.ui.canvas.words import advance, elided, wrapped
from expo_app.ui.kit import icons, theme

SHORTEST = 5  # minutes
STRIP, PAD, RING, HANDLE = 5, 9, 3, 28  # px: colour at the left, inset of words, ring outside, width of a handle
LINE, TITLE, TAG = 17, 20, 20  # px: height of a caption line, of a title line, of the tag
ONE_LINE = 46  # px: blocks below this height show one line
ICON = theme.IconSize.INLINE
MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Lane:
    """A column of the timeline: a room."""

    key: Hashable
    title: str
    note: str = ""


@dataclass(frozen=True)
class Place:
    """Where a block lies: lane, start and end in minutes."""

    lane: Hashable
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def shifted(self, minutes: int) -> "Place":
        """The same, later or earlier."""
        return replace(self, start=self.start + minutes, end=self.end + minutes)


PROBLEM_ICONS = {"bad": "error-warning-fill", "warn": "alert-fill"}


@dataclass(frozen=True)
class Block:
    """One item on the timeline. `token` colours strip and tag; `problem` (words) makes it red, amber where
    it only warns."""

    key: Hashable
    place: Place
    title: str
    tag: str = ""
    token: str = "cat.service"  # noqa: S105
    people: str = ""
    foot: str = ""
    problem: str = ""
    is_warning: bool = False
    is_draft: bool = False
    is_locked: bool = False

    @property
    def hours(self) -> str:
        return hours(self.place.start, self.place.end)

    @property
    def words(self) -> str:
        """Everything it says, for tooltips and readers."""
        lines = (f"{self.hours} {self.tag}".strip(), self.title, self.people, self.foot, self.problem)
        return "\n".join(line for line in lines if line)


def clock(minute: int) -> str:
    """570 → 09:30; past midnight the clock begins again."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def hours(start: int, end: int) -> str:
    """09:30–11:30."""
    return f"{clock(start)}–{clock(end)}"


class BlockItem(CanvasItem):
    """Paints a Block."""

    thing: Block
    margin = (RING + 2, RING + 4)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter)
        if self.size.height() < ONE_LINE:
            self._one_line(painter)
        else:
            self._lines(painter)
        if self.is_chosen:
            self._ring(painter)

    @property
    def _ink(self) -> str:
        """The colour of its problem; "" without one."""
        return "" if not self.thing.problem else "warn" if self.thing.is_warning else "bad"

    def _ground(self, painter: QPainter) -> None:
        block, ink = self.thing, self._ink
        box = self.size.adjusted(0.75, 0.75, -0.75, -0.75)
        path = QPainterPath()
        path.addRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.fillPath(path, theme.color(f"{ink}.soft" if ink else "bg.surface"))
        strip = ink or block.token
        painter.save()
        painter.setClipPath(path)
        if block.is_draft:
            self._hatch(painter, self.size, theme.color("border"), 8)
            self._hatch(painter, QRectF(0, 0, STRIP, self.size.height()), theme.color(strip), 3)
        else:
            painter.fillRect(QRectF(0, 0, STRIP, self.size.height()), theme.color(strip))
        painter.restore()
        edge = QPen(theme.color(ink or "border.button"), 1.5 if ink else 1)
        if block.is_draft:
            edge.setDashPattern([4, 3])
        painter.strokePath(path, edge)

    def _hatch(self, painter: QPainter, area: QRectF, shade: QColor, step: int) -> None:
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(shade, 1 if step > 4 else 1.6))
        height = area.height()
        x = area.left() - height
        while x < area.right():
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x + height, area.top()))
            x += step
        painter.restore()

    def _one_line(self, painter: QPainter) -> None:
        """Mark, hours and title on one line."""
        block, x = self.thing, float(STRIP + PAD)
        middle = self.size.height() / 2
        for name, token in self._marks():
            if self.size.height() >= ICON:
                icons.draw(painter, name, token, QRectF(x, middle - 7, 14, 14))
                x += 18
        row = QRectF(x, 0, max(0.0, self.size.width() - x - PAD), self.size.height())
        if self.size.height() < LINE - 4:
            return
        role = "caption.bold"
        self._text(painter, row, block.hours, role, self._ink or "text.2")
        gap = advance(block.hours, role) + 6
        self._text(painter, row.adjusted(gap, 0, 0, 0), block.title, role, "text.1")

    def _marks(self) -> list[tuple[str, str]]:
        marks = [(PROBLEM_ICONS[self._ink], self._ink)] if self._ink else []
        return [*marks, ("lock-line", "text.2")] if self.thing.is_locked else marks

    def _lines(self, painter: QPainter) -> None:
        block, width = self.thing, self.size.width()
        left, right = float(STRIP + PAD + 1), width - PAD
        inner = int(right - left)
        edge = self._tag(painter, right)
        says = bool(block.problem) and self.size.height() >= 29 + TITLE + LINE + 12
        marks = self._marks()[1 if says else 0 :]
        for name, token in reversed(marks):
            edge -= ICON + 2
            icons.draw(painter, name, token, QRectF(edge, 8, 14, 14))
        hours_box = QRectF(left, 8, edge - left - 4, LINE)
        self._text(painter, hours_box, block.hours, "caption.bold", self._ink or "text.2")
        y, bottom = 29.0, self.size.height() - 7
        if says:
            bottom = self._problem(painter, left, right, y + TITLE + 4, bottom)
        most = 2 if bottom - y >= 2 * TITLE else 1
        for line in wrapped(block.title, "strong", inner, most):
            self._text(painter, QRectF(left, y, inner, TITLE), line, "strong", "text.1")
            y += TITLE
        if block.people and bottom - y >= LINE:
            self._text(painter, QRectF(left, y, inner, LINE + 2), block.people, "caption", "text.2")
            y += LINE + 2
        if block.foot and bottom - y >= LINE + 2:
            row = QRectF(left, bottom - LINE - 2, inner, LINE)
            icons.draw(painter, "group-line", "text.2", QRectF(left, row.y() + 1.5, 14, 14))
            self._text(painter, row.adjusted(18, 0, 0, 0), block.foot, "caption", "text.2")

    def _tag(self, painter: QPainter, right: float) -> float:
        """The kind at the top right; where it begins comes back. Left out where hours would not fit beside it."""
        block = self.thing
        wide = advance(block.tag, "caption") + 12
        if not block.tag or wide + advance(block.hours, "caption.bold") > right - STRIP - PAD - ICON:
            return right
        box = QRectF(right - wide, 6, wide, TAG)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{block.token}.soft"))
        painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text.1" if block.token.startswith("cat.") else block.token))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, block.tag)
        return box.left() - 4

    def _problem(self, painter: QPainter, left: float, right: float, top: float, bottom: float) -> float:
        """The reason in a white box at the foot; its top comes back."""
        inner = right - left - 26
        most = 2 if bottom - top >= 2 * LINE + TITLE + 8 else 1
        lines = wrapped(self.thing.problem, "caption", int(inner), most)
        box = QRectF(left - 4, bottom - len(lines) * LINE - 3, right - left + 4, len(lines) * LINE + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bg.surface"))
        painter.drawRoundedRect(box, theme.Radius.MARK, theme.Radius.MARK)
        place = QRectF(box.x() + 7, box.center().y() - 7, 14, 14)
        icons.draw(painter, PROBLEM_ICONS[self._ink], self._ink, place)
        for number, line in enumerate(lines):
            row = QRectF(left + 24, box.y() + 2 + number * LINE, inner, LINE)
            self._text(painter, row, line, "caption", self._ink)
        return box.top() - 4

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, token: str) -> None:
        if box.width() < theme.Space.L:
            return
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(token))
        painter.drawText(box, MIDDLE | Qt.AlignmentFlag.AlignLeft, elided(text, role, box.width() + 1))

    def _ring(self, painter: QPainter) -> None:
        shade = theme.color("focus" if self.has_focus else "border.strong")
        ring = self.size.adjusted(-RING + 0.5, -RING + 0.5, RING - 0.5, RING - 0.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(shade, 2))
        painter.drawRoundedRect(ring, theme.Radius.CARD, theme.Radius.CARD)
        if self.thing.is_locked:
            return
        painter.setBrush(theme.color("bg.surface"))
        for y in (ring.top(), ring.bottom()):
            painter.drawRoundedRect(QRectF(ring.center().x() - HANDLE / 2, y - 3.5, HANDLE, 7), 3.5, 3.5)
        if self.size.height() >= 2 * ONE_LINE:
            self._grip(painter)

    def _grip(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border.strong"))
        for n in range(6):
            at = QPointF(self.size.right() - 8 - 4 * (n % 2), self.size.center().y() - 5 + 5 * (n // 2))
            painter.drawEllipse(at, 1.2, 1.2)
