"""联盟与共同体: who belongs in which role, what was agreed, what is built together, what is next."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import MANY, _, meant
from expo_app.routes import ListRoute, Route
from expo_app.rules.palette_rows import Command
from expo_app.services import alliances, records
from expo_app.specs import AGREEMENTS, ALLIANCES, MEMBERS
from expo_app.specs.alliances_shown import AgreementLine, AllianceSeen, Board
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.labels import ElidedLabel, SectionTitle
from expo_app.ui.kit.panels import Card, PageHeader, column, row
from expo_app.ui.page import Page
from expo_app.ui.pages.alliances.beside import Beside
from expo_app.ui.pages.alliances.lists import LISTS, VIEWS, Shelf, view_of
from expo_app.ui.pages.alliances.making import Making
from expo_app.ui.pages.alliances.matrix import Key, RoleMap
from expo_app.ui.pages.alliances.side import SideColumn
from expo_app.ui.records.editors import DateEditor

TABLES = frozenset(
    {
        "alliance", "alliance_member", "joint_platform", "sharing_event", "agreement", "agreement_party", "deal",
        "deal_party", "task", "organisation", "programme_item", "check_in", "region_group", "expo",
    }
)  # fmt: skip


DAY = 124
"""px of the day looked back to."""


LARGE = 500
"""Members; more are read in a worker."""


def _read(db: Database, expo_id: uuid.UUID | None, _progress: jobs.Progress) -> Board:
    return alliances.read_board(db, expo_id)


class AlliancesPage(Page):
    """Bodies at the left, one of them in the middle, an agreement and what is next at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board: Board | None = None
        self.seen: AllianceSeen | None = None
        self.body_id: uuid.UUID | None = None
        self.agreement_id: uuid.UUID | None = None
        self.day: date | None = None
        """The day looked back to; None: today."""
        self.lists: dict[str, Shelf] = {}
        self.making = Making(self)
        self._picked: Key | None = None
        self._stale, self._loading, self._again = True, False, False
        self._build()
        self._bind_keys()
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.show_list(VIEWS[0][0])

    def _build(self) -> None:
        self._outer = row(self, 0)
        main = QWidget()
        lines = column(main, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_("联盟与共同体"))
        self.header.add(Button(_("成员证"), icon="article-line", clicked=partial(self.making.report, "certificate")))
        self.header.add(Button(_("年度报告"), icon="file-text-line", clicked=partial(self.making.report, "alliance")))
        self.new = MenuButton(_("新增"), self.making.fill_new, "primary", "add-line")
        self.header.add(self.new)
        lines.addWidget(self.header)
        below = row(spacing=theme.Space.M)
        self.side = SideColumn(self.context)
        self.side.body_chosen.connect(self.choose)
        self.side.agreement_chosen.connect(self.choose_agreement)
        self.side.agreement_wanted.connect(partial(self.making.open_form, AGREEMENTS))
        below.addWidget(self.side)
        middle = column(spacing=theme.Space.M)
        middle.addWidget(self._make_map())
        self._stack = QStackedWidget()
        middle.addWidget(self._stack, 1)
        below.addLayout(middle, 1)
        self.beside = Beside(self.context)
        self.beside.agreement.edit_wanted.connect(partial(self.making.open_form, AGREEMENTS))
        self.beside.agreement.deal_wanted.connect(self.making.open_deal)
        self.beside.events.programme_wanted.connect(self.making.to_programme)
        below.addWidget(self.beside)
        lines.addLayout(below, 1)
        self._outer.addWidget(main, 1)

    def _make_map(self) -> Card:
        card = Card(padding=0)
        card.set_padding(1, 1)
        card.body.setSpacing(0)
        head = row(spacing=theme.Space.M)
        head.setContentsMargins(theme.Space.L, theme.Space.S, theme.Space.M, theme.Space.S)
        self._count = SectionTitle("")
        head.addWidget(self._count)
        head.addWidget(ElidedLabel(_("按角色与地区；点一格看名单"), "fact"), 1)
        self._until = DateEditor()
        self._until.setFixedWidth(DAY)
        self._until.setToolTip(_("看哪一天的成员"))
        self._until.setAccessibleName(_("截至日期"))
        for signal in (self._until.left, self._until.editingFinished, self._until.edited):
            signal.connect(self._on_day)
        head.addWidget(ElidedLabel(_("截至"), "fact"))
        head.addWidget(self._until)
        card.body.addLayout(head)
        self.map = RoleMap()
        self.map.chosen.connect(self.press)
        card.body.addWidget(self.map)
        return card

    def _bind_keys(self) -> None:
        keys = {
            "Ctrl+N": self.making.add_here, "Ctrl+Tab": partial(self.next_list, 1),
            "Ctrl+Shift+Tab": partial(self.next_list, -1),
        }  # fmt: skip
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- the lists ---

    @property
    def shown(self) -> Shelf:
        """The list in front."""
        return next(page for page in self.lists.values() if page is self._stack.currentWidget())

    def show_list(self, key: str) -> Shelf:
        """Bring a list to front, made on the first visit; KeyError for an unknown one."""
        if key not in self.lists:
            self._make(key)
        page = self.lists[key]
        for other, made in self.lists.items():
            if other != key:
                made.panel.close_panel()
        page.switch.choose(key)
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(page.view)
        return page

    def _make(self, key: str) -> None:
        page = LISTS[key](self.context)
        self.lists[key] = page
        page.switch.chosen.connect(self.show_wanted)
        page.view_wanted.connect(self.show_wanted)
        page.body_wanted.connect(partial(self.making.open_form, ALLIANCES))
        page.bar.changed.connect(self._on_filter)
        page.seen = self.seen
        self._stack.addWidget(page)
        self._outer.addWidget(page.panel)
        page.panel.installEventFilter(self)
        self._name_views()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if wanted := view_of(event):
            self.show_wanted(wanted)
        else:
            super().keyPressEvent(event)

    def next_list(self, step: int) -> None:
        """The next view, or the one before, round."""
        keys = [key for key, _words in VIEWS]
        at = keys.index(self.shown.key) if self.shown.key in keys else -step
        self.show_wanted(keys[(at + step) % len(keys)])

    def show_wanted(self, key: object) -> None:
        self.show_list(str(key)).view.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel that opens takes the place of what stands at the right."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return False

    def _place(self) -> None:
        is_narrow = self.window().width() < theme.NARROW_WINDOW
        self.beside.setVisible(not self.shown.panel.isVisible())
        self.beside.set_narrow(is_narrow)
        self.side.set_narrow(is_narrow)
        self.map.fit()

    # --- reading ---

    def read(self) -> None:
        """Everything anew; what was looked at stays. Many members are read in a worker."""
        if self._loading:
            self._again = True
            return
        self._stale, db, expo_id = False, self.context.db, self.context.expo_id
        try:
            if records.count(db, MEMBERS, None) <= LARGE:
                self._take(alliances.read_board(db, expo_id))
                return
        except UserError as error:
            messages.show(self, error)
            return
        self._loading = True
        work = partial(_read, db, expo_id)
        jobs.run_job(self, _("联盟与共同体"), work, self._on_read, self._on_failed, card=False)

    def _on_read(self, board: Board) -> None:
        self._loading = False
        if not self._again:
            self._take(board)
        self._read_again()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        if isinstance(error, UserError):
            messages.show(self, error)
        self._read_again()

    def _read_again(self) -> None:
        if self._again:
            self._again = False
            self.read()

    def _take(self, board: Board) -> None:
        self.board = board
        self.header.set_fact(fact(board))
        self.side.set(board)
        ids = [body.id for body in board.bodies]
        if self.body_id not in ids:
            self.body_id = ids[0] if ids else None
        self._read_body()

    def _read_body(self) -> None:
        board = self.board
        if board is None:
            return
        day = self.day or board.day
        if self._until.day() != day:
            self._until.set_value(day)
        db, expo_id = self.context.db, self.context.expo_id
        try:
            self.seen = alliances.read_alliance(db, expo_id, self.body_id, day) if self.body_id else None
        except UserError as error:
            messages.show(self, error)
            return
        if self.seen:
            self.map.set(self.seen.matrix)
        self._count.setText(_("成员 {n}").format(n=f"{len(self.seen.matrix.ids(None, None)) if self.seen else 0:,}"))
        self.beside.platforms.show_all(self.seen)
        self.beside.events.show_all(self.seen)
        for page in self.lists.values():
            page.show_of(self.seen)
        self._narrow()
        self._name_views()
        self._show_agreement()

    def _read_attendance(self) -> None:
        """Who was let in, and nothing else: the desks write it by the second."""
        if self.seen is None or all(event.programme_item_id is None for event in self.seen.events):
            return
        self.seen = replace(self.seen, events=alliances.read_events(self.context.db, self.seen.body.id))
        self.beside.events.show_all(self.seen)
        if "events" in self.lists:
            self.lists["events"].show_of(self.seen)

    def _show_agreement(self) -> None:
        if self.board is None:
            return
        agreements = self.board.agreements
        mine = [one for one in agreements if one.alliance_id == self.body_id]
        known = {one.id: one for one in agreements}
        if self.agreement_id not in known:
            first = next(iter(mine or agreements), None)
            self.agreement_id = first.id if first else None
        self.beside.agreement.show_one(known.get(self.agreement_id) if self.agreement_id else None)
        self.side.choose(self.body_id, self.agreement_id)

    @property
    def agreement(self) -> AgreementLine | None:
        """The one at the right."""
        agreements = self.board.agreements if self.board else ()
        return next((one for one in agreements if one.id == self.agreement_id), None)

    def _name_views(self) -> None:
        if self.seen is None:
            return
        seen = self.seen
        numbers = (len(seen.members), len(seen.platforms), len(seen.events))
        for page in self.lists.values():
            own = dict(page.views())
            for (key, words), n in zip(VIEWS, numbers, strict=True):
                if key in own:
                    page.switch.button(key).set_text(f"{meant(MANY, words)} {n:,}")
            page.switch.setMinimumWidth(page.switch.sizeHint().width())

    def choose(self, body_id: uuid.UUID) -> None:
        """Look at another body, and at its latest agreement."""
        self.body_id, self._picked = body_id, None
        mine = [one.id for one in (self.board.agreements if self.board else ()) if one.alliance_id == body_id]
        self.agreement_id = mine[0] if mine else self.agreement_id
        self._read_body()

    def choose_agreement(self, agreement_id: uuid.UUID) -> None:
        """Show another agreement at the right."""
        self.agreement_id = agreement_id
        self.shown.panel.close_panel()
        self._show_agreement()

    def _on_day(self) -> None:
        day = self._until.day()
        if day is None or self.board is None or day == (self.day or self.board.day):
            return
        self.day, self._picked = day, None
        self._read_body()

    # --- the matrix narrows the members ---

    def press(self, key: Key) -> None:
        """Show the members of a cell; the same once more, or the sum of all, shows all again."""
        self._picked = None if key in (self._picked, (None, None)) else key
        self.show_list("members")
        self._narrow()

    def _narrow(self) -> None:
        page = self.lists.get("members")
        self.map.pick(self._picked)
        if page is None:
            return
        if self._picked is None or self.seen is None:
            page.bar.only(None)
        else:
            page.bar.only(self.seen.matrix.ids(*self._picked), self.map.said(self._picked))

    def _on_filter(self) -> None:
        """Whoever took the narrowing away in the list took it away in the table."""
        if self._picked is not None and not self.lists["members"].bar.is_narrowed:
            self._picked = None
            self.map.pick(None)

    # --- keeping in step ---

    def _on_changed(self, tables: frozenset[str]) -> None:
        if self.isVisible() and not self._stale and tables & TABLES == {"check_in"}:
            self._read_attendance()
        elif tables & TABLES:
            if self.isVisible():
                self.read()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        self.board, self.seen, self.day, self._picked = None, None, None, None
        self._stale = True
        if self.isVisible():
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    # --- what the frame asks ---

    def open_with(self, route: Route) -> None:
        if not isinstance(route, ListRoute):
            return
        if self.board is None:
            self.read()
        if route.spec is ALLIANCES or route.spec is AGREEMENTS:
            self._open_one(route)
            return
        key = next(key for key, made in LISTS.items() if made.spec is route.spec)
        owner = alliances.alliance_of(self.context.db, route.spec.name, route.record) if route.record else None
        if owner is not None:
            self.choose(owner)
        self.show_list(key).open_with(route)

    def _open_one(self, route: ListRoute) -> None:
        if route.imports or route.narrows:
            self.show_list(route.spec.name).open_with(route)
        elif route.new:
            self.making.open_form(route.spec)
        elif route.record is not None and route.spec is ALLIANCES:
            self.choose(route.record)
        elif route.record is not None:
            self.choose_agreement(route.record)

    def place(self) -> Route | None:
        return ListRoute(ALLIANCES, record=self.body_id) if self.body_id else None

    def pane(self) -> QWidget:
        return self.shown.panel if self.shown.panel.isVisible() else self.beside

    def refresh(self) -> None:
        self.read()

    def focus_search(self) -> None:
        self.shown.focus_search()

    def undo(self) -> None:
        self.shown.undo()

    def redo(self) -> None:
        self.shown.redo()

    def commands(self) -> list[Command]:
        return list(self.shown.commands())


def fact(board: Board) -> str:
    """The line under the title."""
    words = [
        _("{n} 个联盟与共同体").format(n=f"{len(board.bodies):,}"),
        _("成员 {n} 家").format(n=f"{board.members:,}"),
        _("共建平台 {n} 个").format(n=f"{board.platforms:,}"),
        _("协议 {n} 份").format(n=f"{board.agreed:,}"),
    ]
    if board.tasks:
        words.append(_("跟进 {n} 项逾期").format(n=len(board.tasks)))
    return " · ".join(words)
