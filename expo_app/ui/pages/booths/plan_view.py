"""The floor plan on the screen: a sheet to look at, to walk through by keys, and, while adjusting, to rearrange.

    view = PlanView()
    view.set_sheet(sheet)
    view.chosen.connect(…)         # key of the booth the person chose, None for the empty ground
    view.set_adjusting(True)       # booths can be dragged: `moved(key, x, y)`, `dropped(key, other key)`

Keys: arrows nearest booth · Enter opens · + − 0 zoom · drag or Space+drag pan; while adjusting Ctrl+arrows move the
booth by half a metre and Del empties it. A zoom of 1 shows the whole hall.
"""

import uuid
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsScene, QGraphicsView, QWidget

from expo_app.i18n import _
from expo_app.specs.floor_plan import Sheet
from expo_app.ui.kit import theme
from expo_app.ui.parts.plan_items import PAD, BoothItem, GroundItem

SNAP = 0.5  # metres
STEP, MOST_ZOOM = 1.25, 8.0
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
SIDEWAYS = 3  # how much dearer a step aside is than a step ahead
PAN, DRAG = "pan", "drag"


class PlanView(QGraphicsView):
    """See the top of this file. Lengths in signals are metres."""

    chosen = Signal(object)
    stepped = Signal(object)  # chosen by an arrow key
    opened = Signal(object)
    zoomed = Signal(int)  # percent
    moved = Signal(object, float, float)
    dropped = Signal(object, object)
    emptied = Signal(object)  # Del on a booth while adjusting

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(theme.Width.PANEL_NARROW, theme.Width.RAIL)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("展位图"))
        self.sheet = Sheet("", 1, 1)
        self.items_by_key: dict[uuid.UUID, BoothItem] = {}
        self.key: uuid.UUID | None = None
        self.is_adjusting = False
        self.zoom = self._scale = 1.0
        self._ground: GroundItem | None = None
        self._press: tuple[QPoint, BoothItem | None] | None = None
        self._mode, self._last, self._grip = "", QPoint(), QPointF()
        self._target: BoothItem | None = None
        self._space = False
        theme.notifier().changed.connect(self.viewport().update)

    # --- what is shown ---

    def set_sheet(self, sheet: Sheet) -> None:
        """Show a hall. Zoom, place and choice stay where the hall is the same."""
        same = sheet.name == self.sheet.name
        self._cancel_drag()
        self._scene.clear()
        self.sheet, self._ground = sheet, GroundItem(sheet)
        self._scene.addItem(self._ground)
        self.items_by_key = {}
        for box in sheet.boxes:
            item = self.items_by_key[box.key] = BoothItem(box)
            item.setCursor(self._shape)
            self._scene.addItem(item)
        self._target = None
        if not same:
            self.zoom = 1.0
        self._lay_out()
        self.select(self.key if self.key in self.items_by_key else None)
        if not same:
            self.zoomed.emit(self.percent)

    def set_adjusting(self, on: bool) -> None:
        """Let booths be dragged, or not."""
        self._cancel_drag()
        self.is_adjusting = on
        for item in self.items_by_key.values():
            item.setCursor(self._shape)

    @property
    def _shape(self) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor if self.is_adjusting else Qt.CursorShape.PointingHandCursor

    def select(self, key: uuid.UUID | None) -> None:
        """Put the ring around a booth, without a signal; None takes it away."""
        for known in (self.key, key):
            item = self.items_by_key.get(known) if known else None
            if item is not None:
                item.is_chosen = known == key
                item.setZValue(1 if known == key else 0)
                item.update()
        self.key = key
        chosen = self.items_by_key.get(key) if key else None
        self.setAccessibleDescription(chosen.box.words if chosen else "")

    def center(self, key: uuid.UUID) -> None:
        """Bring a booth into the middle, as far as the hall allows."""
        item = self.items_by_key.get(key)
        if item is not None:
            self.centerOn(item.sceneBoundingRect().center())

    def reveal(self, key: uuid.UUID) -> None:
        """Scroll no further than needed to see a booth."""
        item = self.items_by_key.get(key)
        if item is not None:
            self.ensureVisible(item.sceneBoundingRect(), theme.Space.XL, theme.Space.XL)

    def booth_at(self, point: QPoint) -> uuid.UUID | None:
        """The booth under a point of the viewport."""
        item = self._item_at(self.mapToScene(point))
        return item.box.key if item else None

    def set_target(self, key: uuid.UUID | None) -> None:
        """Mark where something dragged from elsewhere would land."""
        self._aim(self.items_by_key.get(key) if key else None)

    # --- scale ---

    @property
    def percent(self) -> int:
        """The zoom in percent of the whole hall."""
        return round(self.zoom * 100)

    @property
    def scale_now(self) -> float:
        """Pixels per metre."""
        return self._scale

    def zoom_in(self) -> None:
        """Closer by a step, around the chosen booth or the middle."""
        self.set_zoom(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Further by a step."""
        self.set_zoom(self.zoom / STEP)

    def fit(self) -> None:
        """Show the whole hall."""
        self.set_zoom(1.0)

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that what lies under `around` (viewport) stays there."""
        zoom = min(max(zoom, 1.0), MOST_ZOOM)
        if zoom == self.zoom:
            return
        chosen = self.items_by_key.get(self.key) if self.key else None
        middle = QPointF(self.viewport().rect().center())
        if around is None and chosen is not None:
            around = QPointF(self.mapFromScene(chosen.sceneBoundingRect().center()))
            around = around if self.viewport().rect().contains(around.toPoint()) else middle
        around = around or middle
        before = (self.mapToScene(around.toPoint()) - QPointF(PAD, PAD)) / self._scale
        self.zoom = zoom
        self._lay_out()
        after = before * self._scale + QPointF(PAD, PAD)
        self.centerOn(after + middle - around)
        self.zoomed.emit(self.percent)

    def _lay_out(self) -> None:
        room, sheet = self.viewport().rect(), self.sheet
        fit = min((room.width() - 2 * PAD) / sheet.width, (room.height() - 2 * PAD) / sheet.depth)
        self._scale = max(fit, 0.5) * self.zoom
        if self._ground is not None:
            self._ground.lay_out(self._scale)
            self._scene.setSceneRect(QRectF(QPointF(), QSizeF(self._ground.boundingRect().size())))
        for item in self.items_by_key.values():
            item.lay_out(self._scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        middle = (self.mapToScene(self.viewport().rect().center()) - QPointF(PAD, PAD)) / self._scale
        super().resizeEvent(event)
        self._lay_out()
        if self.zoom > 1:
            self.centerOn(middle * self._scale + QPointF(PAD, PAD))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self.set_zoom(self.zoom * STEP**turns, event.position())
        event.accept()

    # --- mouse ---

    def _item_at(self, point: QPointF, besides: BoothItem | None = None) -> BoothItem | None:
        found = [
            item
            for item in self.items_by_key.values()
            if item is not besides and item.size.contains(item.mapFromScene(point))
        ]
        return found[-1] if found else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        point = event.position().toPoint()
        item = self._item_at(self.mapToScene(point)) if event.button() == Qt.MouseButton.LeftButton else None
        self._press, self._last, self._mode = (point, item), point, ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            super().mouseMoveEvent(event)  # tooltips and cursors
            return
        point, (start, item) = event.position().toPoint(), self._press
        if not self._mode and (point - start).manhattanLength() >= QApplication.startDragDistance():
            self._begin(start, item)
        if self._mode == PAN:
            step = point - self._last
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - step.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - step.y())
        elif self._mode == DRAG and item is not None:
            self._drag(item, self.mapToScene(point))
        self._last = point

    def _begin(self, start: QPoint, item: BoothItem | None) -> None:
        if self.is_adjusting and item is not None and not self._space:
            self._mode, self._grip = DRAG, self.mapToScene(start) - item.pos()
            item.setZValue(2)
        else:
            self._mode = PAN
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def _drag(self, item: BoothItem, point: QPointF) -> None:
        """Follow the pointer in steps of half a metre, inside the hall."""
        x, y = self._snapped(item, (point - self._grip - QPointF(PAD, PAD)) / self._scale)
        item.setPos(PAD + round(x * self._scale), PAD + round(y * self._scale))
        self._aim(self._item_at(item.mapToScene(item.size.center()), besides=item))

    def _snapped(self, item: BoothItem, place: QPointF) -> tuple[float, float]:
        box, sheet = item.box, self.sheet
        x = min(max(round(place.x() / SNAP) * SNAP, 0.0), sheet.width - box.width)
        y = min(max(round(place.y() / SNAP) * SNAP, 0.0), sheet.depth - box.depth)
        return round(x, 2), round(y, 2)

    def _aim(self, item: BoothItem | None) -> None:
        if item is self._target:
            return
        for other, on in ((self._target, False), (item, True)):
            if other is not None:
                other.is_target = on
                other.update()
        self._target = item

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, mode = self._press, self._mode
        self._press, self._mode = None, ""
        self.viewport().unsetCursor()
        if press is None:
            return
        item = press[1]
        if mode == DRAG and item is not None:
            self._let_go(item)
        elif not mode:
            key = item.box.key if item else None
            self.select(key)
            self.chosen.emit(key)

    def _let_go(self, item: BoothItem) -> None:
        target, place = self._target, (item.pos() - QPointF(PAD, PAD)) / self._scale
        self._aim(None)
        item.setZValue(1 if item.is_chosen else 0)
        if target is not None:
            item.lay_out(self._scale)  # it goes back; who stands in the two booths is asked
            self.dropped.emit(item.box.key, target.box.key)
            return
        self._put(item, *self._snapped(item, place))

    def _put(self, item: BoothItem, x: float, y: float) -> None:
        box = item.box
        item.lay_out(self._scale)
        if (x, y) != (box.x, box.y):
            item.box = replace(box, x=x, y=y)
            item.lay_out(self._scale)
            self.moved.emit(box.key, x, y)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self.booth_at(event.position().toPoint())
        if key is not None:
            self.opened.emit(key)

    def _cancel_drag(self) -> bool:
        """Put what is being dragged back; whether there was something."""
        was = self._mode == DRAG and self._press is not None
        if was and self._press is not None and self._press[1] is not None:
            self._aim(None)
            self._press[1].lay_out(self._scale)
        self._press, self._mode = None, ""
        return was

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, arrow = Qt.Key(event.key()), ARROWS.get(Qt.Key(event.key()))
        acts = {
            Qt.Key.Key_Plus: self.zoom_in, Qt.Key.Key_Equal: self.zoom_in, Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit, Qt.Key.Key_Space: self._hold_space,
        }  # fmt: skip
        if self.key is not None:
            acts |= dict.fromkeys((Qt.Key.Key_Return, Qt.Key.Key_Enter), partial(self.opened.emit, self.key))
        if arrow and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._nudge(*arrow)
        elif arrow:
            self.step(*arrow)
        elif key in acts and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            acts[key]()
        elif key == Qt.Key.Key_Delete and self.is_adjusting and self.key is not None:
            self.emptied.emit(self.key)
        elif key != Qt.Key.Key_Escape or not self._cancel_drag():
            event.ignore()

    def _hold_space(self) -> None:
        self._space = True
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.viewport().unsetCursor()

    def step(self, dx: int, dy: int) -> None:
        """Choose the nearest booth to the left, right, above or below; the first one when none is chosen."""
        current = self.items_by_key.get(self.key) if self.key else None
        if current is None:
            nearest = min(self.items_by_key.values(), key=lambda item: (item.box.y, item.box.x), default=None)
        else:
            nearest = self._nearest(current, dx, dy)
        if nearest is not None:
            self.select(nearest.box.key)
            self.reveal(nearest.box.key)
            self.stepped.emit(nearest.box.key)

    def _nearest(self, current: BoothItem, dx: int, dy: int) -> BoothItem | None:
        here = _middle(current)
        costs = []
        for item in self.items_by_key.values():
            way = _middle(item) - here
            ahead = way.x() * dx + way.y() * dy
            aside = abs(way.x() * dy) + abs(way.y() * dx)
            if ahead > 0.1:  # metres: not this one, nor one beside it
                costs.append((ahead + SIDEWAYS * aside, item.box.words, item))
        return min(costs, default=(0, "", None))[2]

    def _nudge(self, dx: int, dy: int) -> None:
        item = self.items_by_key.get(self.key) if self.key else None
        if self.is_adjusting and item is not None:
            self._put(item, *self._snapped(item, QPointF(item.box.x + dx * SNAP, item.box.y + dy * SNAP)))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, theme.color("bg.surface"))


def _middle(item: BoothItem) -> QPointF:
    """In metres."""
    box = item.box
    return QPointF(box.x + box.width / 2, box.y + box.depth / 2)
