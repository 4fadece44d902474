"""What of the checklist matters at the cashier: lots that are still to be called."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import LotState
from expo_app.routes.auction import AuctionRoute
from expo_app.rules.auction_checklist import Mark
from expo_app.services import auction_checklist, auction_sessions
from expo_app.services.auction_sessions import Standing as SessionStanding
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import ElidedLabel, Label
from expo_app.ui.kit.panels import Card, row
from expo_app.ui.pages.auction.check_table import HEAD, ROW, CheckTable

LEAST = 2
"""So many lots are seen, however low the window is."""


class NextCard(Card):
    """Which lots of the next session may be called; a press leads there."""

    def __init__(self, context: Context) -> None:
        super().__init__(padding=0)
        self.set_padding(1, 1)
        self._context = context
        self.session_id: uuid.UUID | None = None
        top = row(spacing=theme.Space.S)
        top.setContentsMargins(theme.Space.L, theme.Space.M, theme.Space.L, theme.Space.S)
        top.addWidget(Label(_("筹备检查"), "section"))
        self.about, self.counts = ElidedLabel("", "fact"), Label("", "caption.bold")
        top.addWidget(self.about, 1)
        top.addWidget(self.counts)
        self.body.addLayout(top)
        self.table = CheckTable()
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.table.opened.connect(lambda _lot, _item: self.go())
        area = QScrollArea()
        area.setWidget(self.table)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area = area
        self.body.addWidget(area, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def read(self, session_id: uuid.UUID | None) -> None:
        """What is still to be called: of the next session, else of this one; without any the card is not there."""
        db, expo_id = self._context.db, self._context.expo_id
        known = auction_sessions.sessions(db, expo_id) if expo_id is not None else []
        going = [one for one in known if one.standing is not SessionStanding.OVER and one.lots]
        wanted = next((one for one in going if one.id != session_id), going[0] if going else None)
        self.session_id = wanted.id if wanted else None
        self.setVisible(wanted is not None)
        if wanted is None:
            return
        try:
            checklist = auction_checklist.read(db, wanted.id)
        except UserError:  # it went meanwhile; the page says so where it is looked at
            self.hide()
            return
        lines = [line for line in checklist.lines if line.state is LotState.READY]
        self.setVisible(bool(lines))
        self.table.set(lines)
        self._area.setMinimumHeight(min(self.table.height(), HEAD + LEAST * ROW))
        self._area.setMaximumHeight(self.table.height() + theme.Space.S)
        at = f"{checklist.starts_at:%m-%d %H:%M}" if checklist.starts_at else _("时间未定")
        first = _("下一场") if wanted.id != session_id else _("这一场")
        words = _("{which} {at} {title} · {n} 件")
        self.about.set_text(words.format(which=first, at=at, title=wanted.title, n=len(lines)))
        found = [line.conclusion for line in lines]
        ok, remind, blocks = (found.count(mark) for mark in (Mark.OK, Mark.REMIND, Mark.BLOCKS))
        self.counts.setText(_("可上拍 {a} · 要提醒 {b} · 不能上拍 {c}").format(a=ok, b=remind, c=blocks))

    def go(self) -> None:
        """To that session's checklist."""
        self._context.navigate(AuctionRoute("checklist", self.session_id))
