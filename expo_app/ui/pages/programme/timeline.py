"""A day as columns of blocks: moved and stretched by mouse and keys, zoomed with Ctrl and the wheel.

    plan = Timeline()
    plan.set_day(lanes, blocks, now=642)
    plan.view.moved.connect(on_moved)        # key, Place, by mouse

The timeline only asks: who hears `moved` saves and calls `set_day` again. `view.judge(key, place)` gives the words
shown while a block is carried over a place where it would clash ("" for none).
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsView

from expo_app.i18n import _
from expo_app.ui.canvas.geometry import Spot, kept, side_by_side, snapped
from expo_app.ui.canvas.surroundings import CanvasCard
from expo_app.ui.canvas.view import MOVE, CanvasItem, Hold
from expo_app.ui.kit import theme
from expo_app.ui.pages.programme.timeline_block import SHORTEST, Block, BlockItem, Lane, Place, hours
from expo_app.ui.pages.programme.timeline_grid import DAY, GUTTER, LANE_MIN, TOP, LaneHead, TimelineGround

__all__ = ["Block", "Lane", "Place", "Timeline", "TimelineView"]

EDGE = 6  # px at top and bottom of a block that stretch it
STEP, BIG_STEP = 5, 15  # minutes per key
GRAB = 15  # minutes below its start where a block from the tray is held
UP_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
SIDES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TimelineView(TimelineGround):
    """The columns. Their places are `Place`s."""

    tray_wanted = Signal(object)
    next_wanted = Signal()

    wheel_step = 1.0015**120
    room = (theme.Space.L, theme.Space.XXL)
    snap = STEP

    def __init__(self) -> None:
        super().__init__(_("日程时间轴"))
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.reach = BlockItem.margin[1]

    def set_day(self, lanes: Sequence[Lane], blocks: Sequence[Block], now: int | None = None) -> None:
        """Show these. `now` is minutes, None for another day."""
        self.span(lanes, blocks, now)
        self.set_things(blocks)

    def make_item(self, thing: Block) -> BlockItem:
        return BlockItem(thing)

    def arrange(self) -> None:
        """Put every block in its place, those at the same time beside each other."""
        width, height = int(self.across.scale * len(self.lanes)) + GUTTER, self.down.px(self.last) + TOP
        fits = LANE_MIN * len(self.lanes) + GUTTER <= self.viewport().width()
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(bar)
        self._scene.setSceneRect(0, 0, width, max(height, self.viewport().height()))
        for lane in self.lanes:
            inside = [item for item in self.items_by_key.values() if item.thing.place.lane == lane.key]
            columns = side_by_side([(item.thing.place.start, item.thing.place.end) for item in inside], SHORTEST)
            for item, (at, of) in zip(inside, columns, strict=True):
                item.set_rect(self.rect_of(item.thing, at, of))

    def in_order(self) -> list[Hashable]:
        """By lane and time."""
        lanes = {lane.key: n for n, lane in enumerate(self.lanes)}
        places = {key: block.place for key, block in self.things.items()}
        return sorted(places, key=lambda key: (lanes.get(places[key].lane, 0), places[key].start, str(key)))

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_N and not event.modifiers():
            self.next_wanted.emit()
        elif event.key() == Qt.Key.Key_U and not event.modifiers() and self.thing is not None:
            self.ask(self.tray_wanted.emit, self.key)
        else:
            super().keyPressEvent(event)

    def walks(self, event: QKeyEvent) -> bool:
        return self.thing is None

    def nudged(self, thing: Block, event: QKeyEvent) -> Place | None:
        """Later, earlier, longer, shorter, or into the next room."""
        key, place = Qt.Key(event.key()), thing.place
        mods = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in UP_DOWN and mods == Qt.KeyboardModifier.ShiftModifier:
            return replace(place, end=max(place.start + SHORTEST, place.end + STEP * UP_DOWN[key]))
        if key in UP_DOWN and mods in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
            start = place.start + UP_DOWN[key] * (BIG_STEP if mods else STEP)
            start = int(kept(start, min(0, place.start), max(DAY - SHORTEST, place.start)))
            return place.shifted(start - place.start)
        if key in SIDES and not mods:
            keys = [lane.key for lane in self.lanes]
            return replace(place, lane=keys[int(kept(keys.index(place.lane) + SIDES[key], 0, len(keys) - 1))])
        return None

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses at once, with any button."""
        item = self.item_at(event.position().toPoint())
        super().mousePressEvent(event)
        self.select(item.thing.key if item else None)

    def part_at(self, item: CanvasItem, point: QPoint) -> str:
        y, height = self.mapToScene(point).y() - item.y(), item.size.height()
        edge = EDGE if item.is_chosen else EDGE / 2
        if height >= 4 * EDGE and y < edge:
            return "start"
        return "end" if height >= 3 * EDGE and y > height - edge else MOVE

    def cursor_of(self, item: CanvasItem, point: QPoint) -> Qt.CursorShape:
        shape = super().cursor_of(item, point)
        is_edge = shape == Qt.CursorShape.OpenHandCursor and self.part_at(item, point) != MOVE
        return Qt.CursorShape.SizeVerCursor if is_edge else shape

    def dragged(self, hold: Hold, spot: Spot) -> Place:
        place: Place = hold.thing.place
        minute = int(snapped(spot.y, self.snap))
        if hold.part == "start":
            return replace(place, start=max(0, min(minute, place.end - SHORTEST)))
        if hold.part == "end":
            return replace(place, end=max(minute, place.start + SHORTEST))
        start = int(kept(snapped(spot.y - round(hold.spot.y - place.start), self.snap), 0, DAY - SHORTEST))
        number = int(kept(spot.x // 1, 0, len(self.lanes) - 1))
        return replace(place.shifted(start - place.start), lane=self.lanes[number].key)

    def placed(self, thing: Block, place: Place, problem: str) -> Block:
        return replace(thing, place=place, problem=problem)

    def place_words(self, place: Place) -> str:
        """Room and snapped time."""
        room = next(lane.title for lane in self.lanes if lane.key == place.lane)
        return f"{room} {hours(place.start, place.end)}"

    def drop(self, hold: Hold, target: CanvasItem | None, screen: QPoint) -> None:
        """What falls outside is thrown: the page says whether somebody takes it."""
        inside = self.viewport().rect().contains(self.viewport().mapFromGlobal(screen))
        if hold.part == MOVE and not inside:
            self.thrown.emit(hold.thing.key, screen)
        else:
            super().drop(hold, target, screen)

    def carry_block(self, block: Block, at: QPoint) -> None:
        """Show a block dragged in from the tray at a global position."""
        if self.lanes:
            self.carry_in(block, at, Spot(0, block.place.start + min(block.place.length // 2, GRAB)))


class Timeline(CanvasCard):
    """A card with the lanes' names above the view."""

    def __init__(self) -> None:
        self.view = TimelineView()
        super().__init__(self.view, has_ring=False)
        self._head = LaneHead(self.view)
        self.body.addWidget(self._head)
        self.body.addWidget(self.view, 1)

    def set_day(self, lanes: Sequence[Lane], blocks: Sequence[Block], now: int | None = None) -> None:
        """Show a day; the scroll place stays."""
        bar = self.view.verticalScrollBar()
        at, first = bar.value(), self.view.first
        with QSignalBlocker(bar):
            self.view.set_day(lanes, blocks, now)
            bar.setValue(at + round((first - self.view.first) * self.view.scale_now))
        self._head.update()
