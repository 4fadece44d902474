"""The canvas: zoom, pan, choice, drag ghost, keys and accessibility; what lies on it is said by a subclass.

Keys: arrows choose the nearest or move · Enter opens · + − 0 zoom (with Ctrl where there are scroll bars) · Space with
the pointer pans · Esc puts back what is in the hand. One pixel of the scene is one of the screen, so that lines stay
crisp and words readable at every zoom; places are in the units of the axes.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

from expo_app.ui.canvas.geometry import Axis, Box, Spot, hit, kept, nearest
from expo_app.ui.canvas.words import advance, elided
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_box

STEP = 1.25  # one press of + or −
ZOOM_KEYS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1 / STEP, Qt.Key.Key_0: 0.0}
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
PAN, DRAG = "pan", "drag"
MOVE = "move"  # the part of a thing that moves it as a whole; others stretch it
LABEL, TAG, ASIDE = 420, 22, 6  # px: greatest width, height and inset of the words above what is in the hand
SCROLL_AT, SCROLL_BY = 24, 16  # px
FADED = 0.35  # what stays behind while its ghost is in the hand


class CanvasItem(QGraphicsItem):
    """One thing, painted into `size`: ringed where chosen, brighter with the focus; a target is what one drops on."""

    margin = (4, 4)  # px a ring may reach outside, across and down

    def __init__(self, thing: Any) -> None:
        super().__init__()
        self.thing, self.size = thing, QRectF()
        self.is_chosen = self.has_focus = self.is_target = False
        self.setToolTip(thing.words)

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


@dataclass
class Hold:
    """What the pointer is about: pressed at `point`, which is `spot` in units; `thing` None for the ground."""

    thing: Any
    part: str
    point: QPoint
    spot: Spot
    last: QPoint
    place: Any = None
    problem: str = ""
    mode: str = ""


class Canvas(QGraphicsView):
    """See the top of this file. Signals carry keys; all but `selected` tell what the person wants."""

    selected = Signal(object)  # another one is chosen, by whomever; None when none is
    chosen = Signal(object)  # pressed by the pointer; None for the ground
    stepped = Signal(object)  # reached by an arrow key
    opened = Signal(object)
    moved = Signal(object, object, bool)  # key, place, by mouse
    dropped = Signal(object, object)  # key, key of what it was dropped on
    thrown = Signal(object, object)  # dropped outside: key, global position
    refused = Signal(object)  # somebody tried to move what is locked
    let_go = Signal()  # after something was in the hand
    menu_wanted = Signal(object, object)  # key, global position
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
        self.may_move = True
        self.judge: Callable[[Any, Any], str] = lambda _key, _place: ""
        self.zoom = 1.0
        self.across = self.down = Axis(0, 1)
        self._hold: Hold | None = None
        self._ghost: CanvasItem | None = None
        self._target: CanvasItem | None = None
        self._space = False
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
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

    def dragged(self, hold: Hold, spot: Spot) -> Any:
        """The place for what is in the hand while the pointer is at `spot`: snapped, and inside."""
        raise NotImplementedError

    def nudged(self, thing: Any, event: QKeyEvent) -> Any:
        """The place a key moves a thing to; None for another key."""
        raise NotImplementedError

    def place_of(self, thing: Any) -> Any:
        """Where a thing lies, in units."""
        return thing.place

    def placed(self, thing: Any, place: Any, problem: str) -> Any:
        """The thing as its ghost shows it."""
        return replace(thing, place=place)

    def place_words(self, place: Any) -> str:
        """What is said above the ghost; "" with no problem shows nothing."""
        return ""

    def part_at(self, item: CanvasItem, point: QPoint) -> str:
        """MOVE, or what of a thing is stretched there."""
        return MOVE

    def target_of(self, ghost: CanvasItem) -> CanvasItem | None:
        """What a thing let go here would be dropped on."""
        return None

    def walks(self, event: QKeyEvent) -> bool:
        """Whether an arrow key chooses another thing."""
        return not event.modifiers() & Qt.KeyboardModifier.ControlModifier

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
        self.cancel()
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

    # --- mouse ---

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left, point = event.button() == Qt.MouseButton.LeftButton, event.position().toPoint()
        if not is_left and not (self.pans and event.button() == Qt.MouseButton.MiddleButton):
            return
        item = self.item_at(point) if is_left else None
        part = self.part_at(item, point) if item else ""
        self._hold = Hold(item.thing if item else None, part, point, self.spot_at(point), point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hold, point = self._hold, event.position().toPoint()
        if hold is None:
            self._show_cursor(point)
            return
        if not hold.mode and (point - hold.point).manhattanLength() >= QApplication.startDragDistance():
            self._begin(hold)
        if hold.mode == PAN:
            self._scroll(hold.last - point)
        elif hold.mode == DRAG:
            self._carry(hold, point)
        hold.last = point

    def _begin(self, hold: Hold) -> None:
        if hold.thing is not None and not self._space and self._is_free(hold.thing):
            hold.mode = DRAG
        elif self.pans:
            hold.mode = PAN
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.cancel()
            if hold.thing is not None:
                self.refused.emit(hold.thing.key)

    def _is_free(self, thing: Any) -> bool:
        return self.may_move and not getattr(thing, "is_locked", False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hold, target = self._hold, self._target
        self.cancel()
        if hold is not None and hold.mode == DRAG:
            self.drop(hold, target, event.globalPosition().toPoint())
            self.let_go.emit()
        elif hold is not None and not hold.mode:
            key = hold.thing.key if hold.thing is not None else None
            self.select(key)
            self.chosen.emit(key)

    def drop(self, hold: Hold, target: CanvasItem | None, screen: QPoint) -> None:
        """Ask for what letting go means."""
        if target is not None:
            self.dropped.emit(hold.thing.key, target.thing.key)
        elif hold.place != self.place_of(hold.thing):
            self.moved.emit(hold.thing.key, hold.place, True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.item_at(event.position().toPoint())
        self.cancel()
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(item.thing.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.items_by_key.get(self.key) if by_key else self.item_at(event.pos())
        if item is not None:
            at = self.viewport().mapToGlobal(self.center_of(self.key)) if by_key else event.globalPos()
            self.menu_wanted.emit(item.thing.key, at)

    def cursor_of(self, item: CanvasItem, point: QPoint) -> Qt.CursorShape:
        """What the pointer looks like over an item."""
        return Qt.CursorShape.OpenHandCursor if self._is_free(item.thing) else Qt.CursorShape.ArrowCursor

    def _show_cursor(self, point: QPoint) -> None:
        item = self.item_at(point)
        shape = self.cursor_of(item, point) if item else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._space else shape)

    # --- in the hand ---

    @property
    def carried(self) -> Any:
        """The place of what is in the hand; None while nothing is carried."""
        return self._hold.place if self._hold is not None and self._hold.mode == DRAG else None

    def _carry(self, hold: Hold, point: QPoint) -> None:
        if not self.pans:
            height = self.viewport().height()
            self._scroll(QPoint(0, SCROLL_BY * ((point.y() > height - SCROLL_AT) - (point.y() < SCROLL_AT))))
        hold.place = self.dragged(hold, self.spot_at(point))
        hold.problem = self.judge(hold.thing.key, hold.place)
        self._ghost = self._ghost or self.lift(hold.thing)
        self._ghost.thing = self.placed(hold.thing, hold.place, hold.problem)
        self.put(self._ghost)
        self._aim(self.target_of(self._ghost))
        self.viewport().update()

    def lift(self, thing: Any) -> CanvasItem:
        """The ghost: a second item, the first one faded; or the item itself."""
        ghost = self.make_item(thing)
        ghost.set_chosen(True, True)
        ghost.setZValue(2)
        self._scene.addItem(ghost)
        if thing.key in self.items_by_key:
            self.items_by_key[thing.key].setOpacity(FADED)
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return ghost

    def cancel(self) -> bool:
        """Put back what is in the hand; whether there was something."""
        hold, self._hold = self._hold, None
        ghost, self._ghost = self._ghost, None
        item = self.items_by_key.get(hold.thing.key) if hold is not None and hold.thing is not None else None
        if item is not None and hold is not None:
            item.setOpacity(1)
            if ghost is item:
                item.thing = hold.thing
                item.setZValue(1 if item.is_chosen else 0)
                self.put(item)
        if ghost is not None and ghost is not item:
            self._scene.removeItem(ghost)
        self._aim(None)
        self.viewport().unsetCursor()
        self.viewport().update()
        return hold is not None and hold.mode == DRAG

    def _aim(self, item: CanvasItem | None) -> None:
        if item is not self._target:
            for other, on in ((self._target, False), (item, True)):
                if other is not None:
                    other.is_target = on
                    other.update()
            self._target = item

    def set_target(self, key: Any) -> None:
        """Mark what something dragged from elsewhere would be dropped on; None marks nothing."""
        self._aim(self.items_by_key.get(key))

    def carry_in(self, thing: Any, screen: QPoint, spot: Spot) -> None:
        """Show a thing dragged in from elsewhere, held at `spot`; outside the canvas nothing is shown."""
        point = self.viewport().mapFromGlobal(screen)
        if not self.viewport().rect().contains(point):
            self.cancel()
            return
        if self._hold is None or self._hold.thing is None or self._hold.thing.key != thing.key:
            self._hold = Hold(thing, MOVE, point, spot, point, mode=DRAG)
        self._carry(self._hold, point)

    def drop_in(self) -> None:
        """Let go of what was carried in."""
        hold = self._hold
        if self.cancel() and hold is not None:
            self.moved.emit(hold.thing.key, hold.place, True)
            self.let_go.emit()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Say above the ghost where it is, and what is wrong there."""
        hold, ghost = self._hold, self._ghost
        words = " · ".join(filter(None, (self.place_words(hold.place), hold.problem))) if hold and ghost else ""
        if hold is None or ghost is None or not words:
            return
        box = ghost.sceneBoundingRect()
        wide = min(advance(words, "caption.bold") + 20, LABEL)
        top = box.top() - 24 if box.top() - 24 >= rect.top() else box.top() + 10
        most = self.mapToScene(self.viewport().width(), 0).x() - wide - ASIDE
        tag = QRectF(min(box.left() + ASIDE, most), top, wide, TAG)
        ground, ink = ("bad.solid", "on.bad") if hold.problem else ("primary", "on.primary")
        draw_box(painter, tag, theme.color(ground), theme.color(ground), theme.Radius.MARK)
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color(ink))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, elided(words, "caption.bold", wide - 12))

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, thing = Qt.Key(event.key()), self.thing
        has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in ZOOM_KEYS and has_ctrl is not self.pans:
            self.set_zoom(self.zoom * ZOOM_KEYS[key] or 1.0)
        elif key == Qt.Key.Key_Space and self.pans and not has_ctrl:
            self._space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in ARROWS and self.walks(event):
            self.step(*ARROWS[key])
        elif thing is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(thing.key)
        elif thing is not None and (place := self.nudged(thing, event)) is not None:
            if place != self.place_of(thing):
                self.ask(self.moved.emit, thing.key, place, False)
        elif key != Qt.Key.Key_Escape or not self.cancel():
            event.ignore()

    def ask(self, emit: Callable[..., object], key: Any, *arguments: object) -> None:
        """Emit, unless what is chosen is locked or nothing may be moved."""
        if self._is_free(self.thing):
            emit(key, *arguments)
        else:
            self.refused.emit(key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._space and not event.isAutoRepeat():
            self._space = False
            self.viewport().unsetCursor()

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
        self._space = False
        self._show_ring()
