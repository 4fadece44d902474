"""The timetable that is looked at and moved: tables as columns, slots as rows, meetings as blocks.

    view = TimetableView()
    view.set_grid(grid)
    view.moved.connect(on_moved)        # key, Cell, by mouse
    view.dropped.connect(on_dropped)    # key, key of the meeting it was dropped on

Arrows choose, Ctrl+arrows move by a slot or a table. It only asks: who hears saves, and calls `set_grid` again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from expo_app.i18n import _
from expo_app.ui.canvas.geometry import Spot, kept
from expo_app.ui.canvas.surroundings import CanvasCard
from expo_app.ui.canvas.view import ARROWS, DRAG, CanvasItem, Hold
from expo_app.ui.kit import theme
from expo_app.ui.pages.matching.timetable_block import BlockItem
from expo_app.ui.pages.matching.timetable_grid import GUTTER, LANE, LaneHead, TimetableGround
from expo_app.ui.pages.matching.timetable_shown import Block, Cell, DayGrid, clock

LETTERS = {
    Qt.Key.Key_U: "tray", Qt.Key.Key_L: "lock", Qt.Key.Key_N: "next", Qt.Key.Key_I: "check_in",
}  # fmt: skip
FREE = {"next"}
"""Letters that mean something without a meeting chosen."""


class TimetableView(TimetableGround):
    """The grid. Places of its things are `Cell`s."""

    wanted = Signal(str)  # a value of LETTERS, for the meeting chosen
    released = Signal()  # whatever was in the hand is no longer

    room = (theme.Space.XXL + theme.Space.L, theme.Space.L)
    reach = 0.0

    def __init__(self) -> None:
        super().__init__(_("排程"))
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        theme.notifier().changed.connect(self._repaint)
        self.setCornerWidget(QWidget())  # else the style paints a box between the bars
        self.lifted: Callable[[Any], None] = lambda _key: None
        """Told what is taken into the hand, before anything of it is drawn."""

    def set_grid(self, grid: DayGrid) -> None:
        """Show a day; scroll place and choice stay."""
        self.grid = grid
        self.set_things(grid.blocks)

    @property
    def is_dragging(self) -> bool:
        """Whether a meeting is in the hand."""
        return self._hold is not None and self._hold.mode == DRAG

    def lanes_shown(self) -> tuple[int, int] | None:
        """The first and the last lane that are in sight; None where there are none."""
        count = len(self.grid.lanes) if self.grid else 0
        if not count:
            return None
        left = self.mapToScene(GUTTER, 0).x()
        right = self.mapToScene(self.viewport().width(), 0).x()
        first = int(kept(round(self.across.unit(left)), 0, count - 1))
        return first, int(kept(int(self.across.unit(right) + 0.05) - 1, first, count - 1))

    def show_lane(self, number: int) -> None:
        """Scroll until a lane is the first one."""
        self.horizontalScrollBar().setValue(round(self.across.px(number) - GUTTER))

    def make_item(self, thing: Block) -> BlockItem:
        return BlockItem(thing)

    def _repaint(self) -> None:
        """In the colours of another theme: blocks are kept as pictures, so that a drag paints each of them once."""
        for item in self.items_by_key.values():
            item.update()

    def arrange(self) -> None:
        count = len(self.grid.lanes) if self.grid else 0
        width, height = int(self.across.scale * count) + GUTTER, self.grid.height if self.grid else 0
        fits = LANE * count + GUTTER <= self.viewport().width()
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(bar)
        self._scene.setSceneRect(0, 0, width, height)
        super().arrange()

    def in_order(self) -> list[Any]:
        """By slot, then by table."""
        cells = {key: block.place for key, block in self.things.items()}
        return sorted(cells, key=lambda key: (cells[key].row, cells[key].lane))

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = LETTERS.get(Qt.Key(event.key())) if not event.modifiers() else None
        if letter is not None and (self.thing is not None or letter in FREE):
            self.wanted.emit(letter)
        else:
            super().keyPressEvent(event)

    def nudged(self, thing: Block, event: QKeyEvent) -> Cell | None:
        """The next slot or table that takes it, in the direction of the arrow."""
        key = Qt.Key(event.key())
        if key not in ARROWS or self.grid is None:
            return None
        across, down = ARROWS[key]
        cell = Cell(thing.place.lane + across, thing.place.row + down)
        while 0 <= cell.lane < len(self.grid.lanes) and 0 <= cell.row < len(self.grid.rows):
            if self.grid.rows[cell.row].slot is not None and not self.judge(thing.key, cell):
                return cell
            cell = Cell(cell.lane + across, cell.row + down)
        return thing.place

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses at once."""
        item = self.item_at(event.position().toPoint())
        super().mousePressEvent(event)
        self.select(item.thing.key if item else None)

    def dragged(self, hold: Hold, spot: Spot) -> Cell:
        if self.grid is None:
            raise RuntimeError("nothing is shown that could be dragged")
        lane = int(kept(spot.x // 1, 0, len(self.grid.lanes) - 1))
        row = self.grid.row_at(kept(spot.y, 0, self.grid.height - 1))
        if self.grid.rows[row].slot is None:
            row -= 1
        return Cell(lane, row)

    def placed(self, thing: Block, place: Cell, problem: str) -> Block:
        return replace(thing, place=place)

    def place_words(self, place: Cell) -> str:
        """10:50–11:10 · 06."""
        if self.grid is None:
            return ""
        row = self.grid.rows[place.row]
        return f"{clock(row.starts_at, row.ends_at)} · {self.grid.lanes[place.lane].title}"

    def target_of(self, ghost: CanvasItem) -> CanvasItem | None:
        """The meeting that lies in the cell, if another one does."""
        block: Block = ghost.thing
        key = self.grid.lies_at.get(block.place) if self.grid else None
        return self.items_by_key.get(key) if key != block.key else None

    def lift(self, thing: Block) -> CanvasItem:
        self.lifted(thing.key)
        self.home = thing.place if thing.key in self.items_by_key else None
        ghost = super().lift(thing)
        if thing.key in self.items_by_key:
            self.items_by_key[thing.key].setOpacity(0)  # its home is drawn instead
        return ghost

    def cancel(self) -> bool:
        was = super().cancel()
        self.home, self.busy, self.shut = None, {}, {}
        if was:
            self.released.emit()
        return was

    def drop(self, hold: Hold, target: CanvasItem | None, screen: QPoint) -> None:
        """What falls outside is thrown: the page says whether the tray takes it."""
        if not self.viewport().rect().contains(self.viewport().mapFromGlobal(screen)):
            self.thrown.emit(hold.thing.key, screen)
        else:
            super().drop(hold, target, screen)

    def drop_in(self) -> None:
        """Let go of what was carried in from the tray: onto a meeting, or into a free cell."""
        hold, target = self._hold, self._target
        key = target.thing.key if target is not None else None
        if not self.cancel() or hold is None:
            return
        if key is not None:
            self.dropped.emit(hold.thing.key, key)
        else:
            self.moved.emit(hold.thing.key, hold.place, True)
        self.let_go.emit()

    def carry_block(self, block: Block, at: QPoint) -> None:
        """Show a block dragged in from the tray at a global position."""
        if self.grid is not None and self.grid.lanes and self.grid.rows:
            self.carry_in(block, at, Spot(0, 0))


class Timetable(CanvasCard):
    """A card with the tables' names above the grid."""

    def __init__(self) -> None:
        self.view = TimetableView()
        super().__init__(self.view, has_ring=False)
        self._head = LaneHead(self.view)
        self.body.addWidget(self._head)
        self.body.addWidget(self.view, 1)

    def set_grid(self, grid: DayGrid) -> None:
        """Show a day; the scroll place stays."""
        bars = (self.view.verticalScrollBar(), self.view.horizontalScrollBar())
        at = [bar.value() for bar in bars]
        with QSignalBlocker(bars[0]), QSignalBlocker(bars[1]):
            self.view.set_grid(grid)
            for bar, value in zip(bars, at, strict=True):
                bar.setValue(value)
        self._head.update()
