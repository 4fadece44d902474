"""专利拍卖: the console, the cashier and the checklist of one session, each a view of one page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.auction import AuctionRoute
from expo_app.rules.palette_rows import Command
from expo_app.services import auction_sessions
from expo_app.services.auction_sessions import SessionInfo, Standing
from expo_app.specs import LOTS
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.buttons import Button, Segmented
from expo_app.ui.kit.fields import ComboBox
from expo_app.ui.kit.labels import Pill
from expo_app.ui.kit.panels import PageHeader, column
from expo_app.ui.page import Page
from expo_app.ui.pages.auction.cashier import CashierView
from expo_app.ui.pages.auction.checklist import ChecklistView
from expo_app.ui.pages.auction.console import ConsoleView
from expo_app.ui.pages.auction.view import AuctionView


@dataclass(frozen=True)
class ViewDef:
    """A view, made when it is first looked at."""

    key: str
    words: str
    icon: str
    make: Callable[[Context], AuctionView]


VIEWS: tuple[ViewDef, ...] = (
    ViewDef("console", N_("竞价台"), "auction-line", ConsoleView),
    ViewDef("cashier", N_("结算台"), "money-cny-box-line", CashierView),
    ViewDef("checklist", N_("筹备检查"), "list-check", ChecklistView),
)
"""In the order of the switch in the header."""
PILLS = {Standing.BEFORE: "mute", Standing.RUNNING: "ok", Standing.OVER: "mute"}
TABLES = frozenset({"auction", "lot", "bidder"})
LATER = 400
"""Milliseconds after a change until the header is read anew: bids come many in a second."""


class AuctionPage(Page):
    """One header for all views: title, the session's facts, its state, the switch, the view's own buttons."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.views: dict[str, AuctionView] = {}
        self.sessions: list[SessionInfo] = []
        self.session_id: uuid.UUID | None = None
        self._facts: dict[str, str] = {}
        self.key = ""
        self._build()
        self._look = QTimer(self, singleShot=True, interval=LATER)
        self._look.timeout.connect(self._read_again)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.next_view(step))
        self.read_sessions()
        self.show_view(VIEWS[0].key)

    def _build(self) -> None:
        lines = column(self, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("专利拍卖"))
        self.pill = Pill("", "mute")
        self.chooser = ComboBox()
        self.chooser.setAccessibleName(_("专场"))
        self.chooser.setMaximumWidth(theme.Width.PANEL_NARROW)
        self.chooser.activated.connect(lambda _n: self.show_session(self.chooser.currentData()))
        self.switch = Segmented([(view.key, _(view.words), view.icon) for view in VIEWS])
        self.switch.setToolTip(_("Ctrl+Tab 换下一个"))
        self.switch.chosen.connect(lambda key: self.show_view(str(key)))
        self.lists = Button(_("名单"), icon="list-check", clicked=lambda: self.context.navigate(ListRoute(LOTS)))
        for widget in (self.pill, self.chooser, self.switch, self.lists):
            self.header.add(widget)
        lines.addWidget(self.header)
        self._stack = QStackedWidget()
        lines.addWidget(self._stack, 1)

    @property
    def view(self) -> AuctionView:
        """The one in front."""
        return self.views[self.key]

    # --- views ---

    def show_view(self, key: str) -> None:
        """Bring a view to front, made if it was not looked at yet."""
        if key not in self.views:
            self._make(key)
        self.key = key
        self.switch.choose(key)
        for other, view in self.views.items():
            for button in view.buttons():
                button.setVisible(other == key)
        self._stack.setCurrentWidget(self.view)
        if self.view.session_id != self.session_id:
            self.view.show_session(self.session_id)
        self.setFocusProxy(self.view)
        self._say()

    def _make(self, key: str) -> None:
        view = next(one for one in VIEWS if one.key == key).make(self.context)
        self.views[key] = view
        view.fact_changed.connect(lambda words: self._on_fact(key, words))
        for button in view.buttons():
            self.header.add(button)
        self._stack.addWidget(view)
        view.show_session(self.session_id)

    def next_view(self, step: int = 1) -> None:
        """Ctrl+Tab: the view beside, round."""
        keys = [view.key for view in VIEWS]
        self.show_view(keys[(keys.index(self.key) + step) % len(keys)])
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- sessions ---

    def read_sessions(self) -> None:
        """The sessions there are; the one shown stays while it is there."""
        expo_id = self.context.expo_id
        self._take(expo_id, auction_sessions.sessions(self.context.db, expo_id) if expo_id else [])

    def _read_again(self) -> None:
        """After a change, amid bids: in a worker; a server that is away is the view's to tell."""
        if (expo_id := self.context.expo_id) is not None:
            read = partial(auction_sessions.sessions, self.context.db, expo_id)
            jobs.run_job(
                self, "", lambda _progress: read(), partial(self._take, expo_id), lambda _error: None, card=False
            )

    def _take(self, expo_id: uuid.UUID | None, found: list[SessionInfo]) -> None:
        if expo_id != self.context.expo_id:
            return
        self.sessions = found
        known = {info.id for info in self.sessions}
        titles = [(info.title, info.id) for info in self.sessions]
        if titles != [(self.chooser.itemText(n), self.chooser.itemData(n)) for n in range(self.chooser.count())]:
            self.chooser.clear()  # not while somebody chooses
            for title, key in titles:
                self.chooser.addItem(title, key)
        self.chooser.setVisible(len(self.sessions) > 1)
        self.show_session(self.session_id if self.session_id in known else auction_sessions.usual(self.sessions))

    def show_session(self, session_id: uuid.UUID | None) -> None:
        """Another session in the header and in the view in front; the others follow when they are looked at."""
        is_other = self.session_id != session_id
        self.session_id = session_id
        self.chooser.setCurrentIndex(self.chooser.findData(session_id))
        if is_other and self.key:
            self.view.show_session(session_id)
        self._say()

    @property
    def session(self) -> SessionInfo | None:
        """The session shown."""
        return next((info for info in self.sessions if info.id == self.session_id), None)

    def _say(self) -> None:
        info = self.session
        self.pill.setVisible(info is not None)
        if info is None:
            self.header.set_fact(_("还没有专场") if self.context.expo_id else "")
            return
        self.pill.set(_(info.standing.value), PILLS[info.standing])
        self.header.set_fact(" · ".join(filter(None, (*self._told(info), self._facts.get(self.key, "")))))

    def _told(self, info: SessionInfo) -> list[str]:
        expo = self.context.expo
        at = info.starts_at.astimezone(expo.zone) if info.starts_at and expo else None
        when = f"{at:%m-%d %H:%M}" if at else _("时间未定")
        return [info.title, info.called, when, info.place, _("号牌 {n} 个").format(n=info.paddles)]

    def _on_fact(self, key: str, words: str) -> None:
        self._facts[key] = words
        if key == self.key:
            self._say()

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES and not self._look.isActive():
            self._look.start()

    def _on_expo(self) -> None:
        self.session_id = None
        self.read_sessions()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say()

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if isinstance(route, AuctionRoute):
            if route.session is not None and any(info.id == route.session for info in self.sessions):
                self.show_session(route.session)
            self.show_view(route.view or self.key)
            self.view.open_with(route)

    def place(self) -> Route | None:
        return AuctionRoute(self.key, self.session_id)

    def refresh(self) -> None:
        self.read_sessions()
        self.view.refresh()

    def focus_search(self) -> None:
        self.view.focus_search()

    def undo(self) -> None:
        self.view.undo()

    def redo(self) -> None:
        self.view.redo()

    def pane(self) -> QWidget | None:
        return self.view.pane()

    def read_code(self, raw: str) -> None:
        self.view.read_code(raw)

    def commands(self) -> list[Command]:
        """Those of the view in front, and the ways to the others."""
        others = (view for view in VIEWS if view.key != self.key)
        ways = [Command(_(v.words), _("专利拍卖"), v.icon, "", partial(self.show_view, v.key)) for v in others]
        return [*self.view.commands(), *ways]
