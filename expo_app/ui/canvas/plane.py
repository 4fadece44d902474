"""A plane: things in units of their axes, one of them chosen, walked through and zoomed. What moves them is in `view`.

One pixel of the scene is one of the screen, so that lines stay crisp and words readable at every zoom.
"""

from collections.abc import Hashable, Iterable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainterPath, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

from expo_app import plain_text
from expo_app.ui.canvas.geometry import Axis, Box, Spot, hit, kept, nearest
from expo_app.ui.kit import theme

STEP = 1.25  # one press of + or −


class CanvasItem(QGraphicsItem):
    """One thing, painted into `size`: ringed where chosen, brighter with the focus; a target is what one drops on."""

    margin = (4, 4)  # px a ring may reach outside, across and down

    def __init__(self, thing: Any) -> None:
        super().__init__()
        self.thing, self.size = thing, QRectF()
        self.is_chosen = self.has_focus = self.is_target = False
        self.setToolTip(plain_text.shown(thing.words))

    def set_rect(self, rect: QRectF) -> None:
        """Lie there, in pixels of the scene."""
        self.prepareGeometryChange()
        self.size = QRectF(0, 0, rect.width(), rect.height())
        self.setPos(rect.topLeft())

    def set_chosen(self, chosen: bool, has_focus: bool) -> None:
        """Show the ring, above the others."""
        if (chosen, has_focus) != (self.is_chosen, self.has_focus):
            self.is_chosen, self.has_focus = chosen, has_focus
            self.setZValue(1 if chosen else 0)
            self.update()

    @property
    def box(self) -> Box:
        """Where it lies, for geometry."""
        return Box(self.x(), self.y(), self.size.width(), self.size.height(), self.zValue())

    def boundingRect(self) -> QRectF:
        across, down = self.margin
        return self.size.adjusted(-across, -down, across, down)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.size)
        return path


class Plane(QGraphicsView):
    """See the top of this file. A subclass says where things lie and who paints them."""

    selected = Signal(object)  # another one is chosen, by whomever; None when none is
    stepped = Signal(object)  # reached by an arrow key
    zoomed = Signal(int)  # percent
    arranged = Signal()

    pans = True
    """A sheet moved by hand and zoomed by the wheel; else scroll bars, and Ctrl to zoom."""
    tabs = False
    """Whether Tab goes from thing to thing."""
    zooms = (1.0, 8.0)
    wheel_step = STEP
    reach = 0.0
    """px around a thing that still belong to it."""
    room = (theme.Space.XL, theme.Space.XL)
    """px around what is brought into view."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items_by_key: dict[Hashable, CanvasItem] = {}
        self.key: Any = None
        self.zoom = 1.0
        self.across = self.down = Axis(0, 1)
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        if self.pans:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.notifier().changed.connect(self.viewport().update)

    # --- what a subclass says ---

    def axes(self) -> tuple[Axis, Axis]:
        """Across and down, at the zoom and the size of now."""
        raise NotImplementedError

    def make_item(self, thing: Any) -> CanvasItem:
        """Its painter."""
        raise NotImplementedError

    def rect_of(self, thing: Any) -> QRectF:
        """Where a thing lies, in pixels."""
        raise NotImplementedError

    def middle_of(self, item: CanvasItem) -> Spot:
        """The middle of a thing in units."""
        middle = item.pos() + item.size.center()
        return Spot(self.across.unit(middle.x()), self.down.unit(middle.y()))

    def in_order(self) -> list[Any]:
        """Keys as Tab and the first arrow go through them."""
        return sorted(self.items_by_key, key=lambda key: self.middle_of(self.items_by_key[key])[::-1])

    def arrange(self) -> None:
        """Put every item in its place, for the axes of now."""
        for item in self.items_by_key.values():
            self.put(item)

    # --- what is shown ---

    def set_things(self, things: Iterable[Any]) -> None:
        """Show these; the choice stays where its thing is still there."""
        self._scene.clear()
        self.items_by_key = {thing.key: self.make_item(thing) for thing in things}
        for item in self.items_by_key.values():
            self._scene.addItem(item)
        self.lay_out()
        self.select(self.key if self.key in self.items_by_key else None)

    def lay_out(self) -> None:
        """Take the axes of now, and arrange."""
        self.across, self.down = self.axes()
        self.arrange()
        self.arranged.emit()

    def put(self, item: CanvasItem) -> None:
        """Put one item in its place."""
        item.set_rect(self.rect_of(item.thing))

    @property
    def things(self) -> dict[Any, Any]:
        """What is shown, by key."""
        return {key: item.thing for key, item in self.items_by_key.items()}

    @property
    def thing(self) -> Any:
        """What is chosen, or None."""
        item = self.items_by_key.get(self.key)
        return item.thing if item else None

    def select(self, key: Any, show: bool = False) -> None:
        """Choose a thing (None: none); `show` brings it into view."""
        was, self.key = self.key, key
        self._show_ring()
        self.setAccessibleDescription(self.thing.words if self.thing is not None else "")
        if show:
            self.reveal(key)
        if key != was:
            self.selected.emit(key)

    def _show_ring(self) -> None:
        for key, item in self.items_by_key.items():
            item.set_chosen(key == self.key, self.hasFocus())

    def center(self, key: Any) -> None:
        """Bring a thing into the middle, as far as the scene allows."""
        if key in self.items_by_key:
            self.centerOn(self.items_by_key[key].sceneBoundingRect().center())

    def reveal(self, key: Any) -> None:
        """Scroll no further than needed to see a thing."""
        if key in self.items_by_key:
            self.ensureVisible(self.items_by_key[key].sceneBoundingRect(), *self.room)

    def center_of(self, key: Any) -> QPoint:
        """The middle of a thing in the viewport."""
        return self.mapFromScene(self.items_by_key[key].sceneBoundingRect().center())

    def spot_at(self, point: QPoint) -> Spot:
        """What lies at a point of the viewport, in units."""
        at = self.mapToScene(point)
        return Spot(self.across.unit(at.x()), self.down.unit(at.y()))

    # --- zoom ---

    @property
    def percent(self) -> int:
        """The zoom in percent."""
        return round(self.zoom * 100)

    @property
    def scale_now(self) -> float:
        """Pixels per unit, downwards."""
        return self.down.scale

    def zoom_in(self) -> None:
        """Closer by a step."""
        self.set_zoom(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Further by a step."""
        self.set_zoom(self.zoom / STEP)

    def fit(self) -> None:
        """As at the beginning."""
        self.set_zoom(1.0)

    def set_zoom(self, zoom: float, around: QPoint | None = None) -> None:
        """Zoom so that what lies under `around` (viewport; else the choice, or the middle) stays there."""
        zoom = kept(zoom, *self.zooms)
        if zoom == self.zoom:
            return
        point = self._anchor() if around is None else around
        spot, self.zoom = self.spot_at(point), zoom
        self.lay_out()
        self.hold_at(spot, point)
        self.zoomed.emit(self.percent)

    def _anchor(self) -> QPoint:
        room = self.viewport().rect()
        chosen = self.center_of(self.key) if self.pans and self.key in self.items_by_key else room.center()
        return chosen if room.contains(chosen) else room.center()

    def hold_at(self, spot: Spot, point: QPoint) -> None:
        """Scroll until `spot` lies at `point` of the viewport."""
        self._scroll(self.mapFromScene(QPointF(self.across.px(spot.x), self.down.px(spot.y))) - point)

    def _scroll(self, by: QPoint) -> None:
        for bar, step in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
            bar.setValue(bar.value() + step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        spot = self.spot_at(self.viewport().rect().center())
        super().resizeEvent(event)
        self.lay_out()
        if self.pans:
            self.hold_at(spot, self.viewport().rect().center())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) or self.pans:
            turns = event.angleDelta().y() / 120
            self.set_zoom(self.zoom * self.wheel_step**turns, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    # --- what lies where ---

    def item_at(self, point: QPoint) -> CanvasItem | None:
        """What lies at a point of the viewport."""
        return self.item_on(self.mapToScene(point))

    def item_on(self, at: QPointF, besides: CanvasItem | None = None) -> CanvasItem | None:
        """What lies at a point of the scene."""
        boxes = ((key, item.box) for key, item in self.items_by_key.items() if item is not besides)
        return self.items_by_key.get(hit(boxes, at.x(), at.y(), self.reach))

    def key_under(self, screen: QPoint) -> Any:
        """The key of what lies at a place on the screen, if that is on the canvas; else None."""
        point = self.viewport().mapFromGlobal(screen)
        item = self.item_at(point) if self.viewport().rect().contains(point) else None
        return item.thing.key if item else None

    def step(self, dx: int, dy: int) -> None:
        """Choose the nearest thing to the left, right, above or below; the first one when none is chosen."""
        current = self.items_by_key.get(self.key)
        if current is None:
            key = next(iter(self.in_order()), None)
        else:
            others = ((key, self.middle_of(item), item.thing.words) for key, item in self.items_by_key.items())
            key = nearest(self.middle_of(current), others, dx, dy)
        if key is not None:
            self.select(key, show=True)
            self.stepped.emit(key)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from thing to thing and leaves after the last."""
        keys = self.in_order() if self.tabs else []
        at = keys.index(self.key) if self.key in keys else (-1 if forward else len(keys))
        to = at + (1 if forward else -1)
        if not 0 <= to < len(keys):
            return super().focusNextPrevChild(forward)
        self.select(keys[to], show=True)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.tabs and self.key is None and event.reason() == Qt.FocusReason.TabFocusReason:
            self.select(next(iter(self.in_order()), None), show=True)
        self._show_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_ring()
