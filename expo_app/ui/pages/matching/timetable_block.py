"""How one meeting is painted on the timetable: two short names, a mark of its state, a lock."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from expo_app.ui.canvas.plane import CanvasItem
from expo_app.ui.canvas.words import elided
from expo_app.ui.kit import icons, theme
from expo_app.ui.pages.matching.timetable_shown import Block, Tone

STRIP, PAD, MARK, RING = 3, 8, 14, 2
LINE = 17
DIM = 0.3
"""Opacity of what a search does not mean."""
LOOKS = {
    Tone.AGREED: ("primary.soft", "primary", ""),
    Tone.ASKED: ("bg.surface", "border.strong", "○"),
    Tone.CAME: ("ok.soft", "ok.solid", "checkbox-circle-fill"),
    Tone.MISSED: ("bad.soft", "bad.solid", "alert-fill"),
}
"""Ground, edge, and the icon at the top right (a circle is drawn)."""
INKS = {Tone.CAME: "ok", Tone.MISSED: "bad"}
MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class BlockItem(CanvasItem):
    """Paints a Block."""

    thing: Block

    def __init__(self, thing: Block) -> None:
        super().__init__(thing)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        block = self.thing
        ground, edge, mark = LOOKS[block.tone]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(painter.opacity() * (1.0 if block.is_found else DIM))
        box = self.size.adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, theme.Radius.CONTROL, theme.Radius.CONTROL)
        painter.fillPath(path, theme.color("warn.soft" if self.is_target else ground))
        pen = QPen(theme.color("warn.solid" if self.is_target else edge), 2 if self.is_target else 1)
        if block.tone is Tone.ASKED:
            pen.setDashPattern([3, 3])
        else:
            painter.save()
            painter.setClipPath(path)
            painter.fillRect(QRectF(0, 0, STRIP, self.size.height()), theme.color(edge))
            painter.restore()
        painter.strokePath(path, pen)
        self._words(painter, mark)
        if self.is_chosen:
            painter.setPen(QPen(theme.color("focus" if self.has_focus else "border.strong"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = self.size.adjusted(-RING + 1, -RING + 1, RING - 1, RING - 1)
            painter.drawRoundedRect(ring, theme.Radius.CARD, theme.Radius.CARD)

    def _words(self, painter: QPainter, mark: str) -> None:
        block, right = self.thing, self.size.width() - PAD / 2
        lines = [(block.a, "caption.bold", "text.1"), (block.b, "caption", "text.2")]
        if self.size.height() < 2 * LINE:
            lines = [(f"{block.a} — {block.b}", "caption.bold", "text.1")]
        top = (self.size.height() - len(lines) * LINE) / 2
        edges = [right, right]
        if mark:
            edges[0] -= MARK + 2
            self._mark(painter, mark, QRectF(edges[0], top + 1, MARK, MARK))
        if block.has_lock:
            last = len(lines) - 1
            edges[last] -= MARK + 2
            icons.draw(painter, "lock-line", "text.2", QRectF(edges[last], top + last * LINE + 1, MARK, MARK))
        for number, (words, role, token) in enumerate(lines):
            box = QRectF(PAD, top + number * LINE, edges[number] - PAD, LINE)
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            painter.drawText(box, MIDDLE, elided(words, role, box.width() + 1))

    def _mark(self, painter: QPainter, mark: str, box: QRectF) -> None:
        if mark != "○":
            icons.draw(painter, mark, INKS[self.thing.tone], box)
            return
        painter.setPen(QPen(theme.color("text.2"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(4, 4, -4, -4))
