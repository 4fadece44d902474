"""Meetings in the hand: judged where they are held, dropped, thrown into the tray, helped out of it; keys and menus."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import Board, Meeting, Seat
from expo_app.rules.meeting_seats import Finding, Why
from expo_app.ui.kit.menus import Menu
from expo_app.ui.pages.matching.timetable_commands import TimetableActs
from expo_app.ui.pages.matching.timetable_shown import Cell, DayGrid, block_of, busy_rows, closed_rows
from expo_app.ui.pages.matching.timetable_side import TimetableSide, Waiting, move_facts
from expo_app.ui.pages.matching.timetable_view import TimetableView


class Moving:
    """Between grid, tray and acts. `opened`(meeting's id), `to_times`() and `to_settings`() go elsewhere."""

    def __init__(
        self,
        host: QWidget,
        view: TimetableView,
        side: TimetableSide,
        acts: TimetableActs,
        opened: Callable[[uuid.UUID], object],
        to_times: Callable[[], object],
        to_settings: Callable[[], object],
    ) -> None:
        self._host, self._view, self._side, self._acts = host, view, side, acts
        self._opened, self._to_times, self._to_settings = opened, to_times, to_settings
        view.judge = self.judge
        view.lifted = self._on_lifted
        view.may_move = acts.may_plan
        view.opened.connect(opened)
        view.moved.connect(self._on_moved)
        view.dropped.connect(self._on_dropped)
        view.refused.connect(acts.refuse)
        view.thrown.connect(self._on_thrown)
        view.wanted.connect(self._on_letter)
        view.menu_wanted.connect(self._show_menu)
        view.released.connect(side.moving.hide)
        side.opened.connect(opened)
        side.helped.connect(self._help)
        side.dragged.connect(self._on_tray_dragged)
        side.dropped.connect(lambda _meeting, _at: view.drop_in())
        side.menu_wanted.connect(self._show_menu)

    @property
    def _board(self) -> Board | None:
        return self._acts.board

    @property
    def _grid(self) -> DayGrid | None:
        return self._view.grid

    def _seat(self, cell: Cell) -> Seat | None:
        grid, board = self._grid, self._board
        if grid is None or board is None or cell.lane >= len(grid.lanes) or grid.rows[cell.row].slot is None:
            return None
        return Seat(grid.lanes[cell.lane].place.id, grid.rows[cell.row].starts_at, board.slot_minutes)

    def _lies_at(self, cell: Cell, besides: Meeting) -> Meeting | None:
        key = self._grid.lies_at.get(cell) if self._grid else None
        return self._acts.find(key) if key != besides.id else None

    def _findings(self, meeting: Meeting, cell: Cell, other: Meeting | None) -> tuple[Finding, ...]:
        """What would be wrong there; the meeting that lies in the cell, which could be swapped, aside."""
        board, grid = self._board, self._grid
        if board is None or grid is None or grid.rows[cell.row].slot is None:
            return ()
        besides = frozenset({other.id}) if other is not None else meeting_seats.NOBODY
        place = grid.lanes[cell.lane].place
        return meeting_seats.judge(board, meeting, place, grid.rows[cell.row].starts_at, besides=besides)

    def judge(self, key: Any, cell: Cell) -> str:
        """What refuses, in a few words; while something is in the hand the moving card says the rest."""
        meeting, grid, board = self._acts.find(key), self._grid, self._board
        if meeting is None or grid is None or board is None:
            return ""
        other = self._lies_at(cell, meeting)
        found = self._findings(meeting, cell, other)
        refused = meeting_seats.refusing(found)
        if not self._view.is_dragging:
            return other.words if other is not None else refused[0].text if refused else ""
        row, lane = grid.rows[cell.row], grid.lanes[cell.lane]
        to = lane.place, f"{grid.day:%m-%d} {meeting_seats.clock(row.starts_at, row.ends_at)} · {lane.title}"
        texts = [finding.text for finding in found]
        facts = move_facts(board, meeting, to, texts, bool(refused), other.words if other else "")
        self._side.moving.show_move(meeting.no, facts)
        return refused[0].text if refused else ""

    def _on_lifted(self, key: Any) -> None:
        meeting, grid, board = self._acts.find(key), self._grid, self._board
        if meeting is not None and grid is not None and board is not None:
            self._view.busy, self._view.shut = busy_rows(board, meeting, grid), closed_rows(board, meeting, grid)

    def _on_moved(self, key: Any, cell: Cell, by_mouse: bool) -> None:
        meeting, seat = self._acts.find(key), self._seat(cell)
        if meeting is not None and seat is not None:
            self._acts.put(meeting, seat, quiet=not by_mouse)

    def _on_dropped(self, key: Any, other_key: Any) -> None:
        meeting, other = self._acts.find(key), self._acts.find(other_key)
        if meeting is not None and other is not None:
            self._acts.ask_swap(meeting, other)

    def _on_thrown(self, key: Any, at: QPoint) -> None:
        meeting = self._acts.find(key)
        if meeting is not None and self._side.is_over(at):
            self._acts.to_tray(meeting)

    def _on_tray_dragged(self, meeting: Meeting, at: QPoint) -> None:
        if self._board is not None:
            self._view.carry_block(block_of(self._board, meeting, Cell(0, 0)), at)

    def _help(self, waiting: Waiting) -> None:
        """What the button of a tray card does."""
        if waiting.reason.seat is not None:
            self._acts.put(waiting.meeting, waiting.reason.seat)
        elif waiting.reason.why is Why.NOT_FREE:
            self._opened(waiting.meeting.id)
        elif waiting.reason.why is Why.NO_COMMON_SLOT:
            self._to_times()
        else:
            self._to_settings()

    # --- keys and menus ---

    def _on_letter(self, what: str) -> None:
        meeting = self._acts.find(self._view.key)
        if what == "next":
            if self._side.next_card() is None:
                self._acts.say(_("没有未排的洽谈"), "ok")
        elif meeting is None:
            return
        elif what == "tray":
            self._acts.to_tray(meeting)
        elif what == "lock":
            self._acts.lock(meeting)
        else:
            self._check_in(meeting)

    def _check_in(self, meeting: Meeting) -> None:
        menu = Menu(self._host)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._acts.fill_check_in(menu, meeting)
        if menu.actions():
            menu.popup(self._view.viewport().mapToGlobal(self._view.center_of(meeting.id)))
        else:
            self._acts.say(_("“{meeting}”双方都已签到").format(meeting=meeting.words), "info")

    def _show_menu(self, key: Any, at: QPoint) -> None:
        meeting = self._acts.find(key)
        if meeting is None:
            return
        menu = Menu(self._host)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        may = self._acts.may_plan
        menu.add(_("详情"), partial(self._opened, meeting.id), "Enter")
        if meeting.is_placed:
            lock = _("解锁") if meeting.is_locked else _("锁定")
            menu.add(lock, partial(self._acts.lock, meeting), "L").setEnabled(may)
            tray = menu.add(_("放回未排"), partial(self._acts.to_tray, meeting), "U")
            tray.setEnabled(may and not meeting.is_locked)
            self._acts.fill_check_in(menu, meeting)
        self._fill_gone(menu, meeting)
        menu.popup(at)

    def _fill_gone(self, menu: Menu, meeting: Meeting) -> None:
        """Who of its sides may be said not to come, and its table not to be there."""
        for side in meeting.sides:
            for is_person, who in ((True, side.person), (False, side.short)):
                if who:
                    ask = partial(self._acts.ask_absent, side, is_person)
                    menu.add(_("{who}不来了…").format(who=who), ask).setEnabled(self._acts.may_plan)
        seat = meeting.seat
        place = self._board.place_by_id.get(seat.place_id) if self._board and seat.place_id else None
        if place is not None and not place.is_closed:
            words = _("停用 {place}…").format(place=place.name)
            menu.add(words, partial(self._acts.ask_close, place)).setEnabled(self._acts.may_plan)
