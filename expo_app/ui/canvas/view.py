"""The canvas: a plane whose things are moved: pan, drag ghost, keys; what lies on it is said by a subclass.

Keys: arrows choose the nearest or move · Enter opens · + − 0 zoom (with Ctrl where there are scroll bars) · Space with
the pointer pans · Esc puts back what is in the hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from expo_app.ui.canvas.geometry import Spot
from expo_app.ui.canvas.plane import STEP, CanvasItem, Plane
from expo_app.ui.canvas.words import advance, elided
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_box

ZOOM_KEYS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1 / STEP, Qt.Key.Key_0: 0.0}
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
PAN, DRAG = "pan", "drag"
MOVE = "move"  # the part of a thing that moves it as a whole; others stretch it
LABEL, TAG, ASIDE = 420, 22, 6  # px: greatest width, height and inset of the words above what is in the hand
SCROLL_AT, SCROLL_BY = 24, 16  # px
FADED = 0.35  # what stays behind while its ghost is in the hand


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


class Canvas(Plane):
    """See the top of this file. Signals carry keys; they tell what the person wants."""

    chosen = Signal(object)  # pressed by the pointer; None for the ground
    opened = Signal(object)
    moved = Signal(object, object, bool)  # key, place, by mouse
    dropped = Signal(object, object)  # key, key of what it was dropped on
    thrown = Signal(object, object)  # dropped outside: key, global position
    refused = Signal(object)  # somebody tried to move what is locked
    let_go = Signal()  # after something was in the hand
    menu_wanted = Signal(object, object)  # key, global position

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.may_move = True
        self.judge: Callable[[Any, Any], str] = lambda _key, _place: ""
        self._hold: Hold | None = None
        self._ghost: CanvasItem | None = None
        self._target: CanvasItem | None = None
        self._space = False
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    # --- what a subclass says ---

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

    def set_things(self, things: Iterable[Any]) -> None:
        self.cancel()
        super().set_things(things)

    # --- mouse ---

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
            room = self.viewport()
            self._scroll(QPoint(_towards(point.x(), room.width()), _towards(point.y(), room.height())))
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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False


def _towards(at: int, room: int) -> int:
    """px to scroll while something is held near an edge."""
    return SCROLL_BY * ((at > room - SCROLL_AT) - (at < SCROLL_AT))
