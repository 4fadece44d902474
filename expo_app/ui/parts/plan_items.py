"""What is painted on a floor plan: the hall with its rooms and titles, and its booths. Plain data in, pixels out.

One scene unit is one pixel; the view lays the items out anew for every scale, so lines stay crisp and words readable.
"""

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from expo_app import plain_text
from expo_app.specs.floor_plan import (
    BACK_HATCHED,
    CROSSED,
    DASHED,
    DOTTED,
    FRAMED,
    GRID,
    HATCHED,
    HORIZONTAL,
    RESERVED,
    SOLID,
    VERTICAL,
    Block,
    Box,
    Look,
    Sheet,
)
from expo_app.ui.canvas.plane import CanvasItem
from expo_app.ui.canvas.words import broken
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import elided

PAD = 10.0  # px around the hall
ROOM_FOR_NAME = (67.0, 1)  # px and lines below its number from which a booth says a part of who stands in it
NARROW = 36.0  # px, the least in which a name is read
LARGEST = 2_000  # px: a larger booth has no pattern, which would fill the memory
LOW = 18.0  # px below which a booth's number is set smaller
PATTERNS = {
    HATCHED: "/", BACK_HATCHED: "\\", CROSSED: "/\\", HORIZONTAL: "-", VERTICAL: "|", GRID: "-|", DOTTED: ".",
    RESERVED: ".",
}  # fmt: skip
"""The strokes of a pattern."""
GAP, STRENGTH, FAINT = 5, 0.5, 0.6  # px between two strokes, their opacity, that of the ground over them
DOT = 1.1  # px, radius
CORNER_SIDE = 9.0  # px
FRAME = 2.5  # px between the two outlines of FRAMED
CENTER = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def draw_look(painter: QPainter, rect: QRectF, look: Look, radius: float = theme.Radius.MARK) -> None:
    """Fill, pattern and outline of a look, inside `rect`."""
    painter.setPen(Qt.PenStyle.NoPen)
    if look.fill:
        painter.setBrush(theme.color(look.fill))
        painter.drawRoundedRect(rect, radius, radius)
    if look.pattern in PATTERNS:
        _strokes(painter, rect, look, radius)
    if look.is_awaited:
        _corner(painter, rect, radius)
    pen = QPen(theme.color(look.line), 1)
    if look.pattern in (DASHED, RESERVED):
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, radius, radius)
    if look.pattern == FRAMED:
        painter.drawRoundedRect(rect.adjusted(FRAME, FRAME, -FRAME, -FRAME), radius - 1, radius - 1)


def _corner(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The filled corner of who is not here yet."""
    side = min(CORNER_SIDE, rect.width() / 2, rect.height() / 2)
    shape, inside = QPainterPath(), QPainterPath()
    tip = rect.topRight()
    shape.addPolygon(QPolygonF([tip - QPointF(side, 0), tip, tip + QPointF(0, side)]))
    inside.addRoundedRect(rect, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("bad"))
    painter.drawPath(shape & inside)


def _strokes(painter: QPainter, rect: QRectF, look: Look, radius: float) -> None:
    """The pattern of a look, beginning anew in every rectangle, so that all of a kind look alike."""
    shape = QPainterPath()
    shape.addRoundedRect(rect, radius, radius)
    painter.save()
    painter.setClipPath(shape)
    painter.setPen(QPen(theme.tint(look.line, STRENGTH), 1))
    left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
    across = [left + (rect.width() % GAP + GAP) // 2 + n * GAP for n in range(int(rect.width() / GAP) + 1)]
    down = [top + (rect.height() % GAP + GAP) // 2 + n * GAP for n in range(int(rect.height() / GAP) + 1)]
    slanted = [left + n * (GAP + 1) for n in range(int((rect.width() + rect.height()) / (GAP + 1)) + 1)]
    high = rect.height()
    lines = {
        "|": [QLineF(x, top, x, bottom) for x in across],
        "-": [QLineF(left, y, right, y) for y in down],
        "/": [QLineF(x, top, x - high, bottom) for x in slanted],
        "\\": [QLineF(x - high, top, x, bottom) for x in slanted],
    }
    for stroke in PATTERNS[look.pattern]:
        if stroke == ".":
            painter.setBrush(theme.tint(look.line, STRENGTH))
            painter.setPen(Qt.PenStyle.NoPen)
            for y in down:
                for x in across:
                    painter.drawEllipse(QPointF(x, y), DOT, DOT)
        else:
            painter.drawLines(lines[stroke])
    painter.restore()


@lru_cache(maxsize=512)
def stamp(look: Look, width: int, height: int, ratio: float, _theme: str) -> QImage:
    """A look as a picture of so many pixels, made once for all the booths that share it."""
    image = QImage(QSize(width, height) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_look(painter, QRectF(0.5, 0.5, width - 1, height - 1), look)
    painter.end()
    return image


def named(box: Box, width: float, most: int) -> tuple[str, ...]:
    """Who stands in a booth, in at most `most` lines of `width` px below its number; () where there is no room.

    The name where all of it fits, else the short name where that does, else, in a booth large enough, as much of the
    name as fits.
    """

    def lines(name: str) -> tuple[str, ...]:
        return broken(name, "mark", width, most)

    if width >= NARROW and (called := box.called(lambda name: "".join(lines(name)) == name)):
        return lines(called)
    return lines(box.name) if width >= ROOM_FOR_NAME[0] and most >= ROOM_FOR_NAME[1] else ()


class BoothItem(CanvasItem):
    """A booth. A dashed ring says that what is dragged would land here."""

    thing: Box
    is_low = False
    """Too low for a number of the usual size."""

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.size.adjusted(0.5, 0.5, -0.5, -0.5)
        size, ratio = self.size.size().toSize(), painter.device().devicePixelRatioF()
        if max(size.width(), size.height()) > LARGEST:
            draw_look(painter, rect, replace(self.thing.look, pattern=SOLID))
        else:
            painter.drawImage(0, 0, stamp(self.thing.look, size.width(), size.height(), ratio, theme.theme()))
        self._words(painter, rect)
        if self.is_chosen or self.is_target:
            pen = QPen(theme.color("focus"), 3)
            if self.is_target:
                pen.setDashPattern([2, 1])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)  # the view keeps what the item before this one set
            painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), theme.Radius.MARK + 1, theme.Radius.MARK + 1)

    def _words(self, painter: QPainter, rect: QRectF) -> None:
        box = self.thing
        inner = rect.adjusted(5, 3, -4, -2)
        high, line = theme.TYPE["caption"][1], theme.TYPE["mark"][1]
        below = inner.adjusted(0, high, 0, 0)
        lines = named(box, below.width(), int(below.height() // line))
        if not lines:
            self._line(painter, rect, CENTER, "mark" if self.is_low else "caption.bold", box.label)
            return
        self._line(painter, QRectF(inner.x(), inner.y(), inner.width(), high), LEFT, "caption.bold", box.label)
        for n, words in enumerate(lines):
            self._line(painter, QRectF(below.x(), below.y() + n * line, below.width(), line), LEFT, "mark", words)

    def _line(self, painter: QPainter, rect: QRectF, flags: int, role: str, words: str) -> None:
        """One line of words; a pattern stops around them, or grows faint where little else of it would be left."""
        words = plain_text.shown(words)
        painter.setFont(theme.font(role))
        if self.thing.look.pattern in PATTERNS:
            around = painter.boundingRect(rect, flags, words)
            spare = (around.height() - theme.TYPE[role][0]) / 2 - 1
            ground = theme.tint(self.thing.look.fill or "bg.surface", 1 if rect.width() > NARROW else FAINT)
            painter.fillRect(around.adjusted(-1, spare, 1, -spare), ground)
        painter.setPen(theme.color("text.1" if self.thing.name else "text.3"))
        painter.drawText(rect, flags, words)


class GroundItem(QGraphicsItem):
    """The hall: walls, rooms and service points, entrances with an arrow, titles of zones."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet, self._scale = sheet, 1.0
        self.setZValue(-1)

    def lay_out(self, scale: float) -> None:
        """Draw at `scale` pixels per metre."""
        self.prepareGeometryChange()
        self._scale = scale

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._sheet.width * self._scale + 2 * PAD, self._sheet.depth * self._scale + 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border.strong"), 1))
        painter.setBrush(theme.color("bg.surface"))
        radius = theme.Radius.CARD
        painter.drawRoundedRect(self.boundingRect().adjusted(1.5, 1.5, -1.5, -1.5), radius, radius)
        for block in self._sheet.blocks:
            self._block(painter, block)
        self._captions(painter)

    def _rect(self, x: float, y: float, width: float, depth: float) -> QRectF:
        scale = self._scale
        return QRectF(PAD + x * scale, PAD + y * scale, width * scale, depth * scale)

    def _block(self, painter: QPainter, block: Block) -> None:
        rect = self._rect(block.x, block.y, block.width, block.depth).toRect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        ground, edge = ("primary.soft", "primary") if block.is_entrance else ("bg.subtle", "border")
        painter.setPen(QPen(theme.color(edge), 1))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(rect, theme.Radius.CONTROL, theme.Radius.CONTROL)
        title = f"{self._sheet.arrow_of(block)} {block.title}" if block.is_entrance else block.title
        role = "strong" if block.lines else "caption.bold" if block.is_entrance else "caption"
        lines = [(title, role, "primary" if block.is_entrance else "text.1" if block.lines else "text.2")]
        lines += [(line, "caption", "text.2") for line in block.lines]
        heights = [theme.TYPE[role][1] + 3 for _words, role, _token in lines]
        while len(lines) > 1 and sum(heights) > rect.height():
            lines.pop()
            heights.pop()
        y = rect.center().y() - sum(heights) / 2
        for (words, role, token), height in zip(lines, heights, strict=True):
            painter.setPen(theme.color(token))
            painter.setFont(theme.font(role))
            if painter.fontMetrics().horizontalAdvance(words) > rect.width() - 6:
                painter.setFont(theme.font("mark"))
            shown = elided(words, painter.fontMetrics(), rect.width() - 6)
            painter.drawText(QRectF(rect.x(), y, rect.width(), height), CENTER, shown)
            y += height

    def _captions(self, painter: QPainter) -> None:
        for caption in self._sheet.captions:
            others = [c.x for c in self._sheet.captions if c.x > caption.x and abs(c.y - caption.y) < 2]
            room = (min(others, default=self._sheet.width) - caption.x) * self._scale - theme.Space.S
            role = "strong" if self._scale > 7 else "caption.bold"
            at = self._rect(caption.x, caption.y, 0, 0).topLeft()
            painter.setFont(theme.font(role))
            painter.setPen(theme.color("text.1"))
            metrics = painter.fontMetrics()
            words = elided(f"{caption.title}  {caption.note}", metrics, room)
            size = theme.TYPE[role][0]
            painter.drawText(QPointF(at.x(), at.y() + 0.9 * size), words)  # the body of a character, without leading
