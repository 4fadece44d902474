"""A day as columns of blocks: moved and stretched by mouse and keys, zoomed with Ctrl and the wheel.

    plan = Timeline()
    plan.set_day(lanes, blocks, now=642)
    plan.view.moved.connect(on_moved)        # key, Place, by mouse

The timeline only asks: who hears `moved` saves and calls `set_day` again. `view.judge(key, place)` gives the words
shown while a block is carried over a place where it would clash ("" for none).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from expo_app.i18n import _
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import draw_box
from expo_app.ui.kit.panels import column
from expo_app.ui.pages.programme.timeline_block import SHORTEST, Block, BlockItem, Lane, Place, advance, elided, hours
from expo_app.ui.pages.programme.timeline_grid import (
    DAY,
    GUTTER,
    INSET,
    LANE_MIN,
    SCALE,
    SCALES,
    TOP,
    LaneHead,
    TimelineGround,
)

__all__ = ["Block", "Lane", "Place", "Timeline", "TimelineView", "columns_of"]

EDGE = 6  # px at top and bottom of a block that stretch it
LABEL = 420  # px: the widest label of a block in the hand
STEP, BIG_STEP = 5, 15  # minutes per key
SCROLL_AT, SCROLL_BY = 24, 16  # px


def columns_of(places: Sequence[Place]) -> list[tuple[int, int]]:
    """(column, of how many) for places in one lane, so that those that overlap lie side by side."""
    order = sorted(range(len(places)), key=lambda n: (places[n].start, -places[n].end))
    found: list[tuple[int, int]] = [(0, 1)] * len(places)
    group: list[int] = []
    ends: list[int] = []

    def close() -> None:
        for n in group:
            found[n] = (found[n][0], len(ends))

    for n in order:
        place = places[n]
        if ends and place.start >= max(ends):
            close()
            group, ends = [], []
        free = next((column for column, end in enumerate(ends) if end <= place.start), len(ends))
        last = max(place.end, place.start + SHORTEST)
        ends[free : free + 1] = [last]
        group.append(n)
        found[n] = (free, 1)
    close()
    return found


@dataclass
class Carry:
    """A block in the person's hand. `part`: move, start or end; `grab` minutes below its start."""

    block: Block
    part: str
    grab: int
    pressed_at: QPoint
    place: Place
    moved: bool = False


class TimelineView(TimelineGround):
    """The columns. `selected` and the other signals carry a block's key."""

    selected = Signal(object)  # None when nothing is
    opened = Signal(object)
    moved = Signal(object, object, bool)  # key, Place, by mouse
    let_go = Signal()  # after a block was in the hand
    refused = Signal(object)  # somebody tried to move a locked block
    thrown = Signal(object, object)  # dropped outside: key, global position
    tray_wanted = Signal(object)
    next_wanted = Signal()
    menu_wanted = Signal(object, object)  # key, global position

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks: dict[Hashable, Block] = {}
        self.snap = STEP
        self.may_move = True
        self.judge: Callable[[Hashable, Place], str] = lambda _key, _place: ""
        self.key: Hashable = None
        self._items: dict[Hashable, BlockItem] = {}
        self._carry: Carry | None = None
        self._ghost: BlockItem | None = None
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("日程时间轴"))

    # --- what is shown ---

    def set_day(self, lanes: Sequence[Lane], blocks: Sequence[Block], now: int | None = None) -> None:
        """Show these; the selection stays where its block is still there. `now` is minutes, None for another day."""
        self.span(lanes, blocks, now)
        self.blocks = {block.key: block for block in blocks}
        self._end_carry()
        self._scene.clear()
        self._items = {}
        for key, block in self.blocks.items():
            self._items[key] = BlockItem(block)
            self._scene.addItem(self._items[key])
        self.arrange()
        if self.key not in self.blocks:
            self.select(None)
        self._show_ring()

    def arrange(self) -> None:
        """Put every block in its place."""
        width, height = int(self.lane_width * len(self.lanes)) + GUTTER, self.y_of(self.last) + TOP
        fits = LANE_MIN * len(self.lanes) + GUTTER <= self.viewport().width()
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(bar)
        self._scene.setSceneRect(0, 0, width, max(height, self.viewport().height()))
        for lane in self.lanes:
            inside = [block for block in self.blocks.values() if block.place.lane == lane.key]
            for block, (at, of) in zip(inside, columns_of([b.place for b in inside]), strict=True):
                self._items[block.key].set_rect(self.rect_of(block.place, at, of))
        self.scaled.emit()

    def item(self, key: Hashable) -> BlockItem:
        """The painted block of `key`; KeyError for an unknown one."""
        return self._items[key]

    def center_of(self, key: Hashable) -> QPoint:
        """The middle of a block in the viewport."""
        return self.mapFromScene(self._items[key].sceneBoundingRect().center())

    # --- selection ---

    def select(self, key: Hashable, show: bool = False) -> None:
        """Choose a block (None: none); `show` brings it into view."""
        changed, self.key = key != self.key, key
        self._show_ring()
        block = self.blocks.get(key)
        self.setAccessibleDescription(block.words if block else "")
        if show and block is not None:
            self.ensureVisible(self._items[key], theme.Space.L, theme.Space.XXL)
        if changed:
            self.selected.emit(key)

    def _show_ring(self) -> None:
        for key, item in self._items.items():
            item.set_chosen(key == self.key, self.hasFocus())

    def in_order(self) -> list[Hashable]:
        """Keys by lane and time: the order of Tab."""
        place = {lane.key: n for n, lane in enumerate(self.lanes)}
        return sorted(
            self.blocks, key=lambda k: (place.get(self.blocks[k].place.lane, 0), self.blocks[k].place.start, str(k))
        )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from block to block and leaves after the last."""
        keys = self.in_order()
        at = keys.index(self.key) if self.key in keys else (-1 if forward else len(keys))
        to = at + (1 if forward else -1)
        if not 0 <= to < len(keys):
            return super().focusNextPrevChild(forward)
        self.select(keys[to], show=True)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.key is None and self.blocks and event.reason() == Qt.FocusReason.TabFocusReason:
            self.select(self.in_order()[0], show=True)
        self._show_ring()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_ring()
        self.viewport().update()

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, block = event.key(), self.blocks.get(self.key)
        if key == Qt.Key.Key_Escape and self._carry is not None:
            self._end_carry()
        elif key == Qt.Key.Key_N and not event.modifiers():
            self.next_wanted.emit()
        elif self._zoomed(event):
            pass
        elif block is None and key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            if self.blocks:
                self.select(self.in_order()[0], show=True)
        elif block is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(block.key)
        elif block is not None and key == Qt.Key.Key_U and not event.modifiers():
            self._ask(block, self.tray_wanted.emit, block.key)
        elif block is not None and (place := self._nudged(block.place, event)) is not None:
            if place != block.place:
                self._ask(block, self.moved.emit, block.key, place, False)
        else:
            event.ignore()

    def _ask(self, block: Block, emit: Callable[..., object], *arguments: object) -> None:
        """Emit, unless the block is locked or nothing may be moved."""
        if block.is_locked or not self.may_move:
            self.refused.emit(block.key)
        else:
            emit(*arguments)

    def _nudged(self, place: Place, event: QKeyEvent) -> Place | None:
        """Where a key moves a block to; None for another key."""
        mods = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in ways and mods == Qt.KeyboardModifier.ShiftModifier:
            return replace(place, end=max(place.start + SHORTEST, place.end + STEP * ways[event.key()]))  # type: ignore[index]
        if event.key() in ways and mods in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
            by = ways[event.key()] * (BIG_STEP if mods else STEP)  # type: ignore[index]
            start = min(max(place.start + by, min(0, place.start)), max(DAY - SHORTEST, place.start))
            return place.shifted(start - place.start)
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in sides and not mods:
            keys = [lane.key for lane in self.lanes]
            at = keys.index(place.lane) + sides[event.key()]  # type: ignore[index]
            return replace(place, lane=keys[min(max(at, 0), len(keys) - 1)])
        return None

    def _zoomed(self, event: QKeyEvent) -> bool:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        factors = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8, Qt.Key.Key_0: None}
        if event.key() not in factors:
            return False
        factor = factors[event.key()]  # type: ignore[index]
        self.zoom(self.scale_ * factor if factor else SCALE, self.viewport().height() // 2)
        return True

    def zoom(self, scale: float, at: int) -> None:
        """Show `scale` px per minute; what lies at `at` px of the viewport stays there."""
        minute = self.minute_at(self.mapToScene(0, at).y())
        self.scale_ = min(max(scale, SCALES[0]), SCALES[1])
        self.arrange()
        self.verticalScrollBar().setValue(round(self.y_of(minute) - at))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(self.scale_ * 1.0015 ** event.angleDelta().y(), int(event.position().y()))
            event.accept()
        else:
            super().wheelEvent(event)

    # --- mouse ---

    def block_at(self, point: QPoint) -> Block | None:
        """The block at a point of the viewport, with the few pixels around it that stretch it."""
        spot = self.mapToScene(point)
        near = [
            (abs(item.rect.center().y() + item.y() - spot.y()), item)
            for item in self._items.values()
            if item.sceneBoundingRect().contains(spot)
        ]
        near.sort(key=lambda pair: (not pair[1].contains(pair[1].mapFromScene(spot)), -pair[1].zValue(), pair[0]))
        return near[0][1].block if near else None

    def _part_at(self, block: Block, point: QPoint) -> str:
        item = self._items[block.key]
        y, height = self.mapToScene(point).y() - item.y(), item.rect.height()
        edge = EDGE if block.key == self.key else EDGE / 2
        if height >= 4 * EDGE and y < edge:
            return "start"
        return "end" if height >= 3 * EDGE and y > height - edge else "move"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        block = self.block_at(point)
        part = self._part_at(block, point) if block else ""
        self.select(block.key if block else None)
        if block is not None and event.button() == Qt.MouseButton.LeftButton:
            grab = round(self.minute_at(self.mapToScene(point).y()) - block.place.start)
            self._carry = Carry(block, part, grab, point, block.place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        block = self.block_at(event.position().toPoint())
        self._end_carry()
        if block is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(block.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        carry = self._carry
        if carry is None:
            self._show_cursor(point)
            return
        if not carry.moved and (point - carry.pressed_at).manhattanLength() < QApplication.startDragDistance():
            return
        if carry.block.is_locked or not self.may_move:
            self._end_carry()
            self.refused.emit(carry.block.key)
            return
        carry.moved = True
        self._scroll_near(point)
        self._carry_to(carry, point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        carry, point = self._carry, event.position().toPoint()
        self._end_carry()
        if carry is None or not carry.moved:
            return
        if carry.part == "move" and not self.viewport().rect().contains(point):
            self.thrown.emit(carry.block.key, event.globalPosition().toPoint())
        elif carry.place != carry.block.place:
            self.moved.emit(carry.block.key, carry.place, True)
        self.let_go.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            if self.key in self._items:
                self.menu_wanted.emit(self.key, self.viewport().mapToGlobal(self.center_of(self.key)))
            return
        block = self.block_at(event.pos())
        if block is not None:
            self.menu_wanted.emit(block.key, event.globalPos())

    def _show_cursor(self, point: QPoint) -> None:
        block = self.block_at(point)
        shape = Qt.CursorShape.ArrowCursor
        if block is not None and self.may_move and not block.is_locked:
            is_edge = self._part_at(block, point) != "move"
            shape = Qt.CursorShape.SizeVerCursor if is_edge else Qt.CursorShape.OpenHandCursor
        self.viewport().setCursor(shape)

    # --- carrying ---

    @property
    def carried(self) -> Place | None:
        """Where the block in hand would come to lie; None while nothing is carried."""
        return self._carry.place if self._carry and self._carry.moved else None

    def _lift(self, carry: Carry) -> BlockItem:
        ghost = BlockItem(carry.block)
        ghost.set_chosen(True, True)
        ghost.setZValue(2)
        self._scene.addItem(ghost)
        if carry.block.key in self._items:
            self._items[carry.block.key].setOpacity(0.35)
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return ghost

    def _carry_to(self, carry: Carry, point: QPoint) -> None:
        spot, place = self.mapToScene(point), carry.block.place
        minute = self.minute_at(spot.y())
        if carry.part == "start":
            start = min(self._snapped(minute), place.end - SHORTEST)
            carry.place = replace(place, start=max(0, start))
        elif carry.part == "end":
            carry.place = replace(place, end=max(self._snapped(minute), place.start + SHORTEST))
        else:
            start = min(max(0, self._snapped(minute - carry.grab)), DAY - SHORTEST)
            number = min(max(0, int((spot.x() - GUTTER) // self.lane_width)), len(self.lanes) - 1)
            carry.place = replace(place.shifted(start - place.start), lane=self.lanes[number].key)
        self._ghost = self._ghost or self._lift(carry)
        self._ghost.block = replace(carry.block, place=carry.place, problem=self.judge(carry.block.key, carry.place))
        self._ghost.set_rect(self.rect_of(carry.place))
        self.viewport().update()

    def _snapped(self, minute: float) -> int:
        return round(minute / self.snap) * self.snap

    def _scroll_near(self, point: QPoint) -> None:
        bar = self.verticalScrollBar()
        if point.y() < SCROLL_AT:
            bar.setValue(bar.value() - SCROLL_BY)
        elif point.y() > self.viewport().height() - SCROLL_AT:
            bar.setValue(bar.value() + SCROLL_BY)

    def _end_carry(self) -> None:
        carry, self._carry = self._carry, None
        if self._ghost is not None:
            self._scene.removeItem(self._ghost)
            self._ghost = None
        if carry is not None and carry.block.key in self._items:
            self._items[carry.block.key].setOpacity(1)
        self.viewport().unsetCursor()
        self.viewport().update()

    # --- a block from elsewhere (the tray) ---

    def carry_in(self, block: Block, at: QPoint) -> None:
        """Show a block that is dragged in from outside at a global position; outside the view nothing is shown."""
        point = self.viewport().mapFromGlobal(at)
        if not self.viewport().rect().contains(point) or not self.lanes:
            self._end_carry()
            return
        if self._carry is None or self._carry.block.key != block.key:
            self._carry = Carry(block, "move", min(block.place.length // 2, 15), point, block.place, moved=True)
        self._scroll_near(point)
        self._carry_to(self._carry, point)

    def drop_in(self) -> None:
        """Let go of what was carried in."""
        carry = self._carry
        self._end_carry()
        if carry is not None:
            self.moved.emit(carry.block.key, carry.place, True)
            self.let_go.emit()

    # --- painting ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        if self._ghost is not None:
            self._draw_label(painter, self._ghost, rect.top())

    def _draw_label(self, painter: QPainter, ghost: BlockItem, highest: float) -> None:
        """Room and snapped time above the block in hand, with what it clashes with."""
        place, problem = ghost.block.place, ghost.block.problem
        room = next(lane.title for lane in self.lanes if lane.key == place.lane)
        words = " · ".join(filter(None, (f"{room} {hours(place.start, place.end)}", problem)))
        box = ghost.sceneBoundingRect()
        wide = min(advance(words, "caption.bold") + 20, LABEL)
        top = box.top() - 24 if box.top() - 24 >= highest else box.top() + 10
        most = self.mapToScene(self.viewport().width(), 0).x() - wide - INSET
        tag = QRectF(min(box.left() + INSET, most), top, wide, 22)
        ground, ink = ("bad.solid", "on.bad") if problem else ("primary", "on.primary")
        draw_box(painter, tag, theme.color(ground), theme.color(ground), theme.Radius.MARK)
        painter.setFont(theme.font("caption.bold"))
        painter.setPen(theme.color(ink))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, elided(words, "caption.bold", wide - 12))


class Timeline(QFrame):
    """A card with the lanes' names above the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = TimelineView()
        lines = column(self, 0, 1)
        self._head = LaneHead(self.view)
        lines.addWidget(self._head)
        lines.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def set_day(self, lanes: Sequence[Lane], blocks: Sequence[Block], now: int | None = None) -> None:
        """Show a day; the scroll place stays."""
        bar = self.view.verticalScrollBar()
        at, first = bar.value(), self.view.first
        with QSignalBlocker(bar):
            self.view.set_day(lanes, blocks, now)
            bar.setValue(at + round((first - self.view.first) * self.view.scale_))
        self._head.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), theme.color("border"))
