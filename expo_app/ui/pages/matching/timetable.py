"""排程: who meets whom where and when; computed, moved by hand, published."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.matching import MatchingRoute
from expo_app.routes.settings import SectionRoute
from expo_app.rules.meeting_board import Board, Meeting
from expo_app.rules.palette_rows import Command
from expo_app.services import agendas, meeting_desk, timetable_acts
from expo_app.specs import MATCHING_SETTINGS, MATCHING_TIMES
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, Skeleton, StateStack
from expo_app.ui.pages.matching.timetable_bar import TimetableBar
from expo_app.ui.pages.matching.timetable_commands import TimetableActs
from expo_app.ui.pages.matching.timetable_computing import Computing
from expo_app.ui.pages.matching.timetable_dialogs import PublishDialog
from expo_app.ui.pages.matching.timetable_legend import Legend
from expo_app.ui.pages.matching.timetable_moving import Moving
from expo_app.ui.pages.matching.timetable_reading import Read, read_all
from expo_app.ui.pages.matching.timetable_shown import DayGrid, grid_of
from expo_app.ui.pages.matching.timetable_side import TimetableSide
from expo_app.ui.pages.matching.timetable_view import Timetable
from expo_app.ui.parts.faces import Face
from expo_app.ui.records import printing

TABLES = frozenset(
    {
        "meeting", "meeting_place", "meeting_hours", "matching_time", "matching_settings", "organisation", "person",
        "exhibitor", "attendee", "speaker", "programme_item", "expo",
    }
)  # fmt: skip
BEAT = 20_000
"""ms between two looks at the line of the present."""


class TimetableFace(Face):
    """See the top of this file."""

    takes_codes = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.acts = TimetableActs(self, context, self._on_done)
        self.found: Read | None = None
        self.grid: DayGrid | None = None
        self.day: date | None = None
        self._job: jobs.Job | None = None
        self._stale = True
        self._wanted: uuid.UUID | None = None
        self._build()
        self._connect()

    # --- building ---

    def _build(self) -> None:
        self.print_button = MenuButton(_("打印日程单"), self._fill_print, icon="printer-line")
        self.compute_button = Button(_("自动排程"), icon="magic-line", clicked=self._compute_all)
        self.publish_button = Button(_("发布改动"), "primary", "check-line", clicked=self._ask_publish)
        lines = column(self, theme.Space.M)
        self.bar = TimetableBar()
        lines.addWidget(self.bar)
        self.computing = Computing(self, self.acts)
        lines.addWidget(self.computing)
        content = QWidget()
        middle = row(content, theme.Space.L)
        self.timetable = Timetable()
        self.timetable.body.addWidget(Legend())
        self.side = TimetableSide(self.acts.may_plan)
        middle.addWidget(self.timetable, 1)
        middle.addWidget(self.side)
        self._pages = StateStack(content)
        lines.addWidget(self._pages, 1)
        self.moving = Moving(
            self, self.timetable.view, self.side, self.acts, self.open_meeting, self._to_times, self._to_settings
        )
        self.setFocusProxy(self.timetable.view)

    def _connect(self) -> None:
        view, bar = self.timetable.view, self.bar
        self.context.changed.connect(self._on_changed)
        self.context.expo_changed.connect(self._on_expo)
        bar.day_chosen.connect(self.show_day)
        bar.length_chosen.connect(self._ask_length)
        bar.lane_chosen.connect(view.show_lane)
        bar.searched.connect(self._show_day)
        bar.next_wanted.connect(self._next_found)
        self.computing.ended.connect(self._show_head)
        self.side.retry_wanted.connect(self._retry)
        self.side.more_wanted.connect(self.refresh)
        view.let_go.connect(lambda: self.refresh() if self._stale else None)
        view.horizontalScrollBar().valueChanged.connect(self._show_lanes)
        view.arranged.connect(self._show_lanes)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self._show_now)
        self._beat.start()

    def buttons(self) -> Sequence[QWidget]:
        return self.print_button, self.compute_button, self.publish_button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.set_narrow(self.window().width() < theme.NARROW_WINDOW)

    # --- reading ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
        self._show_now()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def _on_expo(self) -> None:
        self.acts.list.clear()
        self.computing.stop()
        self.found, self.day, self._stale = None, None, True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the timetable again, in a worker; not while a meeting is in the hand."""
        expo_id = self.context.expo_id
        self._stale = True
        if expo_id is None:
            words = _("先建一届展会，再排洽谈。")
            self._pages.show_state(EmptyState("calendar-check-line", _("还没有展会"), words))
            return
        if self.timetable.view.carried is not None or self._job is not None:
            return
        if self.found is None:
            self._pages.show_state(Skeleton())
        self._stale = False
        db, most = self.context.db, self.side.most
        self._job = jobs.run_job(
            self, _("读排程"), lambda _progress: read_all(db, expo_id, most), partial(self._take, expo_id),
            self._failed, card=False,
        )  # fmt: skip
        self._job.finished.connect(self._on_read)

    @property
    def is_reading(self) -> bool:
        """Whether what is shown is about to be read again."""
        return self._job is not None

    def _on_read(self) -> None:
        self._job = None
        if self._stale and self.isVisible():
            self.refresh()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._pages.show_state(ErrorState(_("读不出排程"), error, self.refresh))

    def _take(self, expo_id: uuid.UUID, found: Read) -> None:
        if expo_id != self.context.expo_id or self.timetable.view.carried is not None:
            self._stale = True
            return
        self.found, self.acts.board = found, found.board
        self.computing.settle()
        self._show_head()
        if not found.board.slots or not any(not place.is_closed for place in found.board.places):
            self._pages.show_state(self._empty())
            return
        self._pages.show_content()
        focus = self.window().focusWidget()
        if self.isVisible() and (focus is None or not focus.isVisible()):
            self.timetable.view.setFocus(Qt.FocusReason.OtherFocusReason)  # it was hidden when the page was given it
        self._show_days()
        self._show_day()
        self.side.show_tray(found.waiting, len(found.board.tray))
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_meeting(wanted)

    @property
    def board(self) -> Board:
        """The timetable shown."""
        if self.found is None:
            raise RuntimeError("the timetable has not been read yet")
        return self.found.board

    def _empty(self) -> EmptyState:
        go = Button(_("设桌与时段"), "primary", "settings-3-line", clicked=self._to_settings)
        words = _("先设洽谈桌或洽谈室，再写每天的洽谈时间；双方同意的洽谈就能排进来。")
        return EmptyState("calendar-check-line", _("还没有洽谈点或洽谈时间"), words, [go])

    def _to_settings(self) -> None:
        """Tables, hours and the rules of a slot."""
        self.context.navigate(SectionRoute(MATCHING_SETTINGS.name))

    def _to_times(self) -> None:
        """Who is busy or closed when."""
        self.context.navigate(ListRoute(MATCHING_TIMES))

    def _show_head(self) -> None:
        if self.found is None:
            return  # another expo is being read
        board, may = self.board, self.acts.may_plan
        most = max((len(board.day_slots(day)) for day in board.days), default=0)
        changes = len(self.found.changes)
        words = [
            _("{n} 天").format(n=len(board.days)),
            _("{n} 桌").format(n=sum(not place.is_closed for place in board.places)),
            _("每天 {n} 个 {minutes} 分钟时段").format(n=most, minutes=board.slot_minutes),
            _("双方已同意 {n} 场").format(n=f"{sum(one.is_agreed for one in board.meetings):,}"),
            _("未发布的改动 {n} 处").format(n=f"{changes:,}") if changes else _("没有未发布的改动"),
        ]
        self.fact_changed.emit(" · ".join(words))
        self.compute_button.setEnabled(may and bool(board.slots) and not self.computing.is_running)
        self.publish_button.setEnabled(may)
        why = "" if may else _("{role}没有这项权限").format(role=self.context.actor.role.label)
        for button in (self.compute_button, self.publish_button):
            button.setToolTip(why)
        if not self.context.may("data.export"):
            self.print_button.setEnabled(False)
            self.print_button.setToolTip(_("{role}没有这项权限").format(role=self.context.actor.role.label))
        self.bar.show_length(board.slot_minutes, self.context.may_write("settings.edit"))

    # --- days ---

    def _show_days(self) -> None:
        days = self.board.days
        if self.day not in days:
            today = self.board.now.date()
            self.day = today if today in days else days[0]
        self.bar.show_days(days, self.day)

    def show_day(self, day: date) -> None:
        """Show another day."""
        self.day = day
        if self.found is not None and day in self.board.days:
            self.bar.show_days(self.board.days, day)
            self._show_day()

    def _show_day(self) -> None:
        if self.found is None or self.day is None:
            return
        meant = self.found.searched(self.bar.search.text())
        self.grid = grid_of(self.board, self.day, is_found=lambda meeting: meeting.id in meant)
        self.timetable.set_grid(self.grid)
        self._show_now()
        self._show_lanes()

    def _show_now(self) -> None:
        expo = self.context.expo
        if self.grid is not None and expo is not None and self.isVisible():
            self.timetable.view.set_now(self.grid.y_of(self.context.now().astimezone(expo.zone)))

    def _show_lanes(self) -> None:
        seen = self.timetable.view.lanes_shown()
        if self.grid is not None and seen is not None:
            self.bar.show_lanes(self.grid, seen)

    def _next_found(self) -> None:
        """Enter in the search: the next meeting that is meant, on whatever day."""
        if self.found is None:
            return
        meant = self.found.searched(self.bar.search.text())
        order = [one.id for one in sorted(self.board.placed, key=_time_of) if one.id in meant]
        key = self.timetable.view.key
        if order:
            self.show_meeting(order[(order.index(key) + 1) % len(order) if key in order else 0], focus=False)
        else:
            self.acts.say(_("没有排上的洽谈是“{text}”").format(text=self.bar.search.text()), "info")

    # --- going somewhere ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, MatchingRoute) and route.meeting is not None:
            self._wanted = route.meeting
            if not self._stale and self._job is None and self.found is not None:
                wanted, self._wanted = self._wanted, None
                self.show_meeting(wanted)

    def show_meeting(self, key: uuid.UUID, focus: bool = True) -> None:
        """Choose a meeting on its day, or put the focus on it in the tray."""
        meeting = self.acts.find(key)
        if meeting is None:
            return
        if meeting.is_placed and meeting.seat.starts_at is not None:
            if meeting.seat.starts_at.date() != self.day:
                self.show_day(meeting.seat.starts_at.date())
            self.timetable.view.select(key, show=True)
            if focus:
                self.timetable.view.setFocus(Qt.FocusReason.OtherFocusReason)
        for card in self.side.cards:
            if card.waiting.meeting.id == key and focus:
                card.setFocus(Qt.FocusReason.OtherFocusReason)
                self.side.tray_area.ensureWidgetVisible(card)

    def open_meeting(self, key: uuid.UUID) -> None:
        """Enter: its details, in the face of the meetings."""
        self.context.navigate(MatchingRoute(face="meetings", meeting=key))

    def _on_done(self, key: uuid.UUID | None) -> None:
        self._wanted = key
        self.refresh()

    # --- slots, computing, publishing, printing ---

    def _ask_length(self, to: int) -> None:
        """Placed meetings return to the tray, so it is asked first."""
        board = self.board
        if to == board.slot_minutes:
            return
        self.bar.show_length(board.slot_minutes, may_change=True)
        waiting = timetable_acts.unfit(board, to)
        if not waiting:
            self.acts.set_length(to)
            return
        title = _("时段改为 {n} 分钟？").format(n=to)
        words = _("已排的 {n} 场不合新的时段，要放回未排，重新排。已经开始的不动。Ctrl+Z 可撤销。")
        locked = sum(one.is_locked for one in waiting)
        if locked:
            words = _("已排的 {n} 场不合新的时段，要放回未排，其中 {locked} 场已锁定。已经开始的不动。Ctrl+Z 可撤销。")
        words = words.format(n=f"{len(waiting):,}", locked=f"{locked:,}")
        messages.confirm(self, title, words, _("改时段"), partial(self.acts.set_length, to), safe=_("不改"))

    def _compute(self, ids: frozenset[uuid.UUID] | None) -> None:
        if self.found is not None:
            self.computing.start(self.board, ids)
            self._show_head()

    def _compute_all(self) -> None:
        self._compute(None)

    def _retry(self) -> None:
        """全部重试: what is in the tray, without moving anything else."""
        self._compute(frozenset(meeting.id for meeting in self.board.tray))

    def _ask_publish(self) -> None:
        if self.found is not None:
            PublishDialog(self, self.board, list(self.found.changes), self.acts.publish).open()

    def _fill_print(self, menu: Menu) -> None:
        title = _("日程单")
        meeting = self.acts.find(self.timetable.view.key)
        for side in (meeting.a, meeting.b) if meeting is not None else ():
            part = agendas.own_part(self.board, side.id)
            words = _("只打印 {who} 的") if part else _("只打印 {who} 的（还没有发布）")
            make = partial(self._make, "agendas", part=part)
            one = menu.add(words.format(who=side.short), partial(printing.print_made, self, title, make))
            one.setEnabled(bool(part))
        menu.add(_("打印每家一张、每桌一张"), partial(printing.print_made, self, title, partial(self._make, "agendas")))
        menu.add(_("存为 PDF"), partial(printing.save_pdf, self, title, partial(self._make, "agendas")))
        grid = partial(printing.save_pdf, self, _("洽谈总表"), partial(self._make, "meeting-grid"))
        menu.add(_("完整总表（写入日志）"), grid).setEnabled(self.context.may("matching.grid"))
        menu.add(_("放弃未发布的改动"), self.acts.discard).setEnabled(self.acts.may_plan)

    def _make(self, name: str, path: Path, progress: jobs.Progress, part: str = "") -> None:
        from expo_app import documents

        if self.context.expo is not None:
            documents.write(self.context.db, self.context.expo, name, path, progress, part=part)

    # --- what the frame asks for ---

    def place(self) -> Route | None:
        key = self.timetable.view.key
        return MatchingRoute(face="timetable", meeting=key if isinstance(key, uuid.UUID) else None)

    def focus_search(self) -> None:
        self.bar.focus_search()

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()

    def pane(self) -> QWidget | None:
        return self.side

    def read_code(self, raw: str) -> None:
        """A badge read at a table checks its holder in."""
        if self.context.expo_id is None:
            return
        try:
            came = meeting_desk.check_in(self.context.db, self.context.expo_id, raw)
        except UserError as error:
            messages.show(self, error)
            return
        words = _("{name}早已签到") if came.is_again else _("{name}已签到：{place}，对方{other}")
        self.acts.say(words.format(name=came.name, place=came.place, other=came.other), "ok")
        self._on_done(came.meeting_id)

    def commands(self) -> Sequence[Command]:
        page = _("供需对接")
        return [
            Command(_("自动排程"), page, "magic-line", "", self._compute_all),
            Command(_("发布排程的改动"), page, "check-line", "", self._ask_publish),
        ]


def _time_of(meeting: Meeting) -> Any:
    return meeting.seat.starts_at, meeting.no
