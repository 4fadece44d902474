"""竞价台: hands stay on the keyboard, the focus on the paddle; each act is answered after its commit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _, named
from expo_app.model import LotState
from expo_app.routes import ListRoute
from expo_app.rules.palette_rows import Command
from expo_app.services import auction_hall
from expo_app.services.auction_screen import bids_since_opened, screen, upcoming
from expo_app.specs import LOTS
from expo_app.specs.auction_hall import Hall, HallEvent, HallLot
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.panels import column
from expo_app.ui.kit.placeholders import EmptyState
from expo_app.ui.pages.auction.console_acts import COMMANDS, Acts
from expo_app.ui.pages.auction.console_body import ConsoleBody
from expo_app.ui.pages.auction.console_parts import KEYS_OF, HallKey
from expo_app.ui.pages.auction.console_window import ConsoleWindow
from expo_app.ui.pages.auction.hall_line import HallLine
from expo_app.ui.pages.auction.stage import Stage
from expo_app.ui.pages.auction.view import AuctionView
from expo_app.ui.parts.projector import Projector

LEAST = QSize(theme.NARROW_WINDOW, theme.LOW_WINDOW)
"""In a smaller window the console has a window of its own."""
TABLES = frozenset(
    {
        "auction", "bidder", "increment_band", "lot", "lot_event", "lot_patent", "lot_right", "organisation",
        "written_order",
    }
)  # fmt: skip


class ConsoleView(AuctionView):
    """The session as `HallLine` sees it, what is typed, and what becomes of it."""

    body: ConsoleBody
    projector: Projector

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.hall: Hall | None = None
        self.chosen: uuid.UUID | None = None
        """The lot of the card while none is open; one that a person chose is called again by N, even if it passed."""
        self._is_picked = False
        self._why = ""
        """Why nothing can be done here; "" where it can."""
        self._recorded: tuple[uuid.UUID, int] | None = None
        self.acts = Acts(self)
        self._window: ConsoleWindow | None = None
        self.line = HallLine(context.db, self)
        self.line.seen.connect(self._on_hall)
        self.line.failed.connect(self._on_unread)
        self.body = ConsoleBody(self.acts.fill_menu)
        self.projector = Projector(self, Stage)
        self.project = Button(_("打开投影"), icon="slideshow-3-line", clicked=lambda: self.acts.do("project"))
        self.full = Button(_("全屏"), icon="fullscreen-line", clicked=lambda: self.acts.do("full"))
        self._build()
        self._connect()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        lists = Button(_("名单"), "primary", "list-check", clicked=lambda: self.context.navigate(ListRoute(LOTS)))
        words = _("先在名单里建专场、标的和号牌，再来竞价。")
        self._empty = EmptyState("auction-line", _("还没有标的"), words, [lists])
        self.open_window = Button(_("打开竞价台"), "primary", "fullscreen-line", clicked=self.go_full)
        words = _("竞价台要整块屏幕，所以开在自己的窗口里。")
        self._elsewhere = EmptyState("window-line", _("竞价台在自己的窗口里"), words, [self.open_window])
        for widget in (self._empty, self.body, self._elsewhere):
            self._stack.addWidget(widget)
        column(self, 0).addWidget(self._stack)

    def _connect(self) -> None:
        self.body.acted.connect(self.acts.do)
        self.body.stepped.connect(self.acts.on_stepped)
        self.body.picked.connect(partial(self.pick, by_hand=True))
        self.body.edited.connect(self.acts.on_edited)
        self.projector.changed.connect(self._on_projector)
        self.context.changed.connect(self._on_changed)
        self._beat = QTimer(self, interval=1000)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()
        self._on_projector()

    # --- the page's ---

    def buttons(self) -> Sequence[QWidget]:
        return (self.full, self.project)

    def show_session(self, session_id: uuid.UUID | None) -> None:
        self.session_id, self.hall, self.chosen, self._is_picked = session_id, None, None, False
        self.line.show(session_id)
        self._show()

    def refresh(self) -> None:
        self.line.look()

    def undo(self) -> None:
        self.acts.do("correct")

    def commands(self) -> Sequence[Command]:
        if self.hall is None:
            return ()
        where, icon, do = _("竞价台"), "auction-line", self.acts.do
        return [Command(_(words), where, icon, KEYS_OF[act], partial(do, act)) for act, words in COMMANDS]

    def focus_search(self) -> None:
        self.body.bid.go_home()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.body.bid.go_home()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._heed()
        self.line.look()
        self._show()
        if self._window is None:
            self.body.bid.go_home()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._heed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.hall is not None and self.hall.lots:
            self._seat()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.body.isVisibleTo(self):
            self.body.bid.go_home()

    @property
    def is_watched(self) -> bool:
        """Whether anybody looks at the hall through this console."""
        return self.isVisible() or self._window is not None or self.projector.is_open

    def _heed(self) -> None:
        self.context.hurry(self, self.is_watched)

    # --- what there is ---

    def _on_changed(self, tables: frozenset[str]) -> None:
        if self.is_watched and tables & TABLES:
            self.line.look(tables)

    def _on_unread(self, error: Exception) -> None:
        if self.body.bid.says.property("tone") != "bad":  # what became of a bid is not talked over
            self.acts.say(
                str(error) if isinstance(error, UserError) else _("读不到这一场，数据未变。按 F5 再试。"), "bad"
            )

    def _on_hall(self, hall: Hall) -> None:
        before, self.hall = self.hall, hall
        was, now = (one.live if one else None for one in (before, hall))
        is_other = before is None or (was and was.id) != (now and now.id)
        if is_other or (was and was.seq) != (now and now.seq):
            self.acts.forget(is_other)
        if before is not None and before.live is not None and hall.live is None:
            self.chosen, self._is_picked = before.live.id, False
        self._show()

    def _show(self) -> None:
        """Everything again, of `hall`; parts repaint where they differ."""
        hall = self.hall
        if hall is None or not hall.lots:
            self._stack.setCurrentWidget(self._empty)
        else:
            self._seat()
            self._show_clock()
            self._show_keys(hall)
            self.acts.show_chip()
            self._show_record(hall)
        self._show_screen()

    def _show_keys(self, hall: Hall) -> None:
        """The session; its keys are grey for who may not run it, and say why."""
        why, keys = "", [key for card in (self.body.bid, self.body.hammer) for key in card.findChildren(HallKey)]
        if not self.context.may_write("auction.run"):
            usual = _("{role}没有这项权限").format(role=self.context.actor.role.label)
            why = _("数据库以只读方式打开") if self.context.is_read_only else usual
        for key in keys if why != self._why else ():
            key.setEnabled(True)
            key.setToolTip(why)
        self._why = why
        self.body.show_hall(hall, self.subject, self.coming)
        for key in keys if why else ():
            key.setEnabled(False)

    def _show_record(self, hall: Hall) -> None:
        """What happened on the lot of the card: of one that is not open it is read when it is looked at."""
        lot = self.subject
        if hall.live is not None or lot is None or not lot.seq:
            self._recorded = None
            self.body.show_record(lot, hall.events, hall.bids)
        elif (lot.id, lot.seq) != self._recorded:
            self._recorded = lot.id, lot.seq
            self.line.ask(partial(auction_hall.read_events, lot_id=lot.id), partial(self._on_record, self._recorded))

    def _on_record(self, wanted: tuple[uuid.UUID, int], events: Sequence[HallEvent]) -> None:
        if wanted == self._recorded:
            self.body.show_record(self.subject, events, bids_since_opened(events))

    def _seat(self) -> None:
        """Where the console is: here, or in a window of its own where this one is too small."""
        if self._window is not None:
            self._stack.setCurrentWidget(self._elsewhere)
            return
        room = self.window().size()
        is_small = room.width() < LEAST.width() or room.height() < LEAST.height()
        if is_small and self.isVisible():
            is_new = self._stack.currentWidget() is not self._elsewhere
            self._stack.setCurrentWidget(self._elsewhere)
            if is_new:
                self.open_window.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.hall is not None and self.hall.live is not None and not self._was_left:
                self.go_full()
            return
        is_new = self._stack.currentWidget() is not self.body
        self._stack.setCurrentWidget(self.body)
        if is_new and self.isVisible():
            self.body.bid.go_home()

    _was_left = False
    """The window of its own was closed by hand: it does not come again by itself."""

    @property
    def subject(self) -> HallLot | None:
        """The lot that acts are about: the open one, else the one chosen, else the next."""
        if self.hall is None:
            return None
        found = self.hall.live or (self.hall.lot(self.chosen) if self.chosen else None)
        return found or upcoming(self.hall) or next(iter(self.hall.lots), None)

    @property
    def coming(self) -> HallLot | None:
        """The lot that N opens: the one a person chose, else the next in their order."""
        if self.hall is None or self.hall.live is not None:
            return None
        chosen = self.hall.lot(self.chosen) if self.chosen else None
        if chosen is not None and (
            chosen.state is LotState.READY or (self._is_picked and chosen.state is LotState.PASSED)
        ):
            return chosen
        return upcoming(self.hall)

    def pick(self, lot_id: uuid.UUID, by_hand: bool = False) -> None:
        """Choose a lot to be looked at; the open one stays in front."""
        self.chosen, self._is_picked = lot_id, by_hand
        self._show()
        self.body.bid.go_home()

    def step_lot(self, step: int) -> None:
        hall, subject = self.hall, self.subject
        if hall is not None and subject is not None and hall.live is None:
            at = hall.lots.index(subject) + step
            self.pick(hall.lots[max(0, min(len(hall.lots) - 1, at))].id, by_hand=True)

    # --- what the hall sees ---

    def _show_screen(self) -> None:
        expo = self.context.expo
        if self.projector.is_open and expo is not None:
            name = named(expo.name, expo.name_en)
            self.projector.show_screen(screen(self.hall, name, self.context.now(), expo.is_sample))

    def _on_projector(self) -> None:
        self.body.show_link(self.projector)
        self.project.set_text(_("关闭投影") if self.projector.window is not None else _("打开投影"))
        self._heed()
        self._show_screen()

    def _on_beat(self) -> None:
        if self.is_watched:
            self._show_clock()
            self._show_screen()

    def _show_clock(self) -> None:
        if (expo := self.context.expo) is not None:
            self.body.lot.clock.setText(f"{self.context.now().astimezone(expo.zone):%H:%M:%S}")

    # --- a window of its own ---

    def go_full(self) -> None:
        """The console in a window of its own, without the rail; the page keeps its place."""
        if self._window is None:
            self._window = ConsoleWindow(self, self.body, self._head())
            self._window.closed.connect(self._on_window_closed)
            self._stack.setCurrentWidget(self._elsewhere)
            self._window.showFullScreen()
            self.body.show()
            self.body.bid.go_home()
            self._heed()

    def toggle_full(self) -> None:
        """F."""
        if self._window is None:
            self.go_full()
        else:
            self.leave_full()

    def leave_full(self) -> None:
        """Back into the main window, where it was out of it."""
        if self._window is not None:
            self._window.close()

    def _head(self) -> str:
        if self.hall is None:
            return ""
        session = self.hall.auction
        return " · ".join(filter(None, (session.title, session.called, session.place)))

    def _on_window_closed(self) -> None:
        gone, self._window = self._window, None
        self._stack.addWidget(self.body)
        if gone is not None:
            gone.deleteLater()
        self._was_left = True
        self._heed()
        self._show()
