"""The floor plan on the screen: a sheet to look at, to walk through by keys, and, while adjusting, to rearrange.

    view = PlanView()
    view.set_sheet(sheet)
    view.chosen.connect(…)         # key of the booth the person pressed, None for the empty ground
    view.set_adjusting(True)       # booths can be moved: `moved(key, Spot, by mouse)`, `dropped(key, other key)`

While adjusting, Ctrl+arrows move a booth by half a metre and Del empties it. A zoom of 1 shows the whole hall.
"""

from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QGraphicsView

from expo_app.i18n import _
from expo_app.specs.floor_plan import Box, Sheet
from expo_app.ui.canvas.geometry import Axis, Spot, kept, snapped
from expo_app.ui.canvas.view import ARROWS, Canvas, CanvasItem, Hold
from expo_app.ui.kit import theme
from expo_app.ui.parts.plan_items import LOW, PAD, BoothItem, GroundItem

SNAP = 0.5  # metres


class PlanView(Canvas):
    """See the top of this file. Units are metres."""

    emptied = Signal(object)  # Del on a booth while adjusting

    sheet = Sheet("", 1, 1)
    _ground: GroundItem | None = None

    def __init__(self) -> None:
        super().__init__(_("展位图"))
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setMinimumSize(theme.Width.PANEL_NARROW, theme.Width.RAIL)
        self.may_move = False

    def set_sheet(self, sheet: Sheet) -> None:
        """Show a hall. Zoom, place and choice stay where the hall is the same."""
        same, self.sheet, self._ground = sheet.name == self.sheet.name, sheet, None
        if not same:
            self.zoom = 1.0
        self.set_things(sheet.boxes)
        if not same:
            self.zoomed.emit(self.percent)

    def set_adjusting(self, on: bool) -> None:
        """Let booths be moved, or not."""
        self.cancel()
        self.may_move = on

    # --- what the canvas asks ---

    def axes(self) -> tuple[Axis, Axis]:
        room, sheet = self.viewport().rect(), self.sheet
        fit = min((room.width() - 2 * PAD) / sheet.width, (room.height() - 2 * PAD) / sheet.depth)
        axis = Axis(PAD, max(fit, 0.5) * self.zoom)
        return axis, axis

    def arrange(self) -> None:
        """The ground first: it says how large the scene is."""
        if self._ground is None:
            self._ground = GroundItem(self.sheet)
            self._scene.addItem(self._ground)
        self._ground.lay_out(self.scale_now)
        self._scene.setSceneRect(self._ground.boundingRect())
        super().arrange()

    def make_item(self, thing: Box) -> BoothItem:
        return BoothItem(thing)

    def put(self, item: CanvasItem) -> None:
        super().put(item)
        item.is_low = min(item.thing.width, item.thing.depth) * self.scale_now < LOW  # type: ignore[attr-defined]

    def rect_of(self, thing: Box) -> QRectF:
        scale = self.scale_now
        left, top = round(thing.x * scale), round(thing.y * scale)
        right, bottom = round((thing.x + thing.width) * scale), round((thing.y + thing.depth) * scale)
        return QRectF(PAD + left, PAD + top, max(4, right - left - 1), max(4, bottom - top - 1))

    def middle_of(self, item: CanvasItem) -> Spot:
        box = item.thing
        return Spot(box.x + box.width / 2, box.y + box.depth / 2)

    def in_order(self) -> list[object]:
        """From the top left corners."""
        boxes = self.things
        return sorted(boxes, key=lambda key: (boxes[key].y, boxes[key].x))

    def place_of(self, thing: Box) -> Spot:
        return Spot(thing.x, thing.y)

    def placed(self, thing: Box, place: Spot, problem: str) -> Box:
        return replace(thing, x=place.x, y=place.y)

    def dragged(self, hold: Hold, spot: Spot) -> Spot:
        return self._inside(hold.thing, hold.thing.x + spot.x - hold.spot.x, hold.thing.y + spot.y - hold.spot.y)

    def nudged(self, thing: Box, event: QKeyEvent) -> Spot | None:
        if Qt.Key(event.key()) not in ARROWS:
            return None
        dx, dy = ARROWS[Qt.Key(event.key())]
        return self._inside(thing, thing.x + dx * SNAP, thing.y + dy * SNAP)

    def _inside(self, box: Box, x: float, y: float) -> Spot:
        """In steps of half a metre, inside the hall."""
        x = kept(snapped(x, SNAP), 0.0, self.sheet.width - box.width)
        y = kept(snapped(y, SNAP), 0.0, self.sheet.depth - box.depth)
        return Spot(round(x, 2), round(y, 2))

    def lift(self, thing: Box) -> CanvasItem:
        """The booth itself is in the hand."""
        item = self.items_by_key[thing.key]
        item.setZValue(2)
        return item

    def target_of(self, ghost: CanvasItem) -> CanvasItem | None:
        """Another booth below the middle of this one: who stands in the two is asked."""
        middle = ghost.mapToScene(ghost.size.center())
        return self.item_on(middle, besides=ghost)

    def cursor_of(self, item: CanvasItem, point: QPoint) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor if self.may_move else Qt.CursorShape.PointingHandCursor

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.may_move and self.thing is not None:
            self.emptied.emit(self.key)
        else:
            super().keyPressEvent(event)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, theme.color("bg.surface"))
