"""One open database on the screen: top bar, rail, pages, status bar.

What the frame asks of a page says `ui/page.py`; where somebody goes is a `routes.Route`.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from expo_app.areas import AREAS
from expo_app.errors import UserError
from expo_app.i18n import LANGUAGES, N_, _, language, named
from expo_app.routes import ListRoute, Route
from expo_app.routes.settings import SectionRoute
from expo_app.rules.day_spans import short_day_span
from expo_app.rules.likeness import core
from expo_app.rules.palette_rows import Command
from expo_app.rules.search_key import matches
from expo_app.services.expos import ExpoInfo, all_expos
from expo_app.services.finder import Finder
from expo_app.specs import EXPOS
from expo_app.ui.context import Context
from expo_app.ui.kit import dialog, jobs, messages, tab_order, theme
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.palette import Palette
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import ErrorState
from expo_app.ui.page import Page
from expo_app.ui.window.pages import PAGES, Count, PageDef
from expo_app.ui.window.shell import Content, Rail, RailEntry, StatusBar, TopBar
from expo_app.ui.window.status import Machine

WARM_UP = 1500  # milliseconds after the window has opened
AFTER_FIRST = 400  # milliseconds the first page has for itself
SETTLE = 300  # milliseconds after a change before the rail counts again
THEMES = {"light": N_("浅色"), "dark": N_("深色"), "system": N_("跟随系统")}
Counts = dict[str, Count]


class Frame(QWidget):
    """See the top of this file. `start_wanted`: back to the start page; `operator_wanted`: somebody else works."""

    start_wanted = Signal()
    operator_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self, context: Context, page: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.defs = {known.name: known for known in PAGES}
        self._lists = {entry.spec.name: entry for area in AREAS for entry in area.lists}
        self._made: dict[str, QWidget] = {}
        self._desk: Page | None = None
        self._silent = Page(self)
        self._silent.hide()
        self._palette: Palette | None = None
        self._build()
        self._connect()
        first = next(iter(name for name, known in self.defs.items() if not known.own_window), "")
        if page in self.defs or first:
            self.show_page(page if page in self.defs else first)
        self._show_expo()
        self.status.set_items(self.machine.items())

    # --- building ---

    def _build(self) -> None:
        self.top = TopBar(self._fill_expos, self._fill_user)
        entries = [
            RailEntry(
                known.name,
                _(known.title),
                known.icon,
                _(known.group) if known.group else "",
                known.at_end,
                known.badge is not None,
            )
            for known in self.defs.values()
            if not known.inside
        ]
        self.rail = Rail(entries)
        self.rail.fold(self.context.settings.rail_collapsed)
        self.content = Content()
        self.stack = QStackedWidget()
        self.content.body.addWidget(self.stack)
        self.status = StatusBar()
        self.machine = Machine(self.context, self)
        lines = column(self, 0)
        lines.addWidget(self.top)
        middle = row(spacing=0)
        middle.addWidget(self.rail)
        middle.addWidget(self.content, 1)
        lines.addLayout(middle, 1)
        lines.addWidget(self.status)
        self.top.desk.setVisible(self._own_window() is not None)

    def _connect(self) -> None:
        self.top.search_pressed.connect(self.open_palette)
        self.top.desk_pressed.connect(self.open_desk)
        self.top.theme_pressed.connect(self.toggle_theme)
        self.top.help_pressed.connect(self.open_help)
        self.rail.chosen.connect(self.show_page)
        self.rail.folded.connect(lambda folded: self.context.remember(rail_collapsed=folded))
        self.status.pressed.connect(self._on_status)
        self.machine.told.connect(self.status.set_items)
        self.context.navigated.connect(self.go)
        self.context.expo_changed.connect(self._on_expo)
        self.context.changed.connect(self._on_changed)
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self.count)
        self._settle.start(AFTER_FIRST)
        idle = QTimer(self, singleShot=True, interval=WARM_UP)  # a singleShot would keep a frame that is gone
        idle.timeout.connect(self._warm_up)
        idle.start()
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.open_palette, "F1": self.open_help, "F11": self.open_desk, "F6": self.next_pane,
            "F5": self.refresh, "Ctrl+F": self.focus_search, "Ctrl+Z": self.undo,
            "Ctrl+Y": self.redo, "Ctrl+Shift+Z": self.redo,
        }  # fmt: skip
        for key, call in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(call)

    # --- pages ---

    @property
    def page(self) -> QWidget | None:
        """The page on the screen."""
        return self.stack.currentWidget()

    @property
    def page_name(self) -> str:
        """The name of the page on the screen; "" before the first."""
        return next((name for name, page in self._made.items() if page is self.page), "")

    def _warm_up(self) -> None:
        """Load what names are compared by while nobody waits for it: the palette's first key would, and a walk-in."""
        jobs.run_job(self, _("拼音"), lambda _progress: (matches("展", "z"), core("展")), card=False)

    @property
    def asked(self) -> Page:
        """The page on the screen, for what it can be asked; one without answers where none could be made."""
        return self.page if isinstance(self.page, Page) else self._silent

    def go(self, route: Route) -> None:
        """Show a place: its page, made on the first visit, and on it what the route asks for."""
        name = route.page
        if not name and isinstance(route, ListRoute):
            entry = self._lists.get(route.spec.name)
            if entry is not None and entry.shown_by is not None:
                route = ListRoute(entry.shown_by, trace=route.trace)
                entry = self._lists[route.spec.name]
            name = entry.page_name if entry is not None else ""
        if name in self.defs:
            self.show_page(name, route)
        else:
            messages.show(self, _("这些记录没有自己的列表。请用导出（export）查看。"), "info")

    def show_page(self, name: str, route: Route | None = None) -> None:
        """Show the page of that name as it was left, or what a route asks of it."""
        known = self.defs[name]
        if known.own_window:
            self.open_desk()
            return
        before, page = self.page, self._page(known)
        if before is not None and before is not page:
            messages.leave(before)
        self.stack.setCurrentWidget(page)
        self.rail.choose(known.inside or name)
        if route is not None:
            self.asked.open_with(route)
        if dialog.top(self) is None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _page(self, known: PageDef) -> QWidget:
        if known.name not in self._made:
            try:
                page: QWidget = known.make(self.context)
            except UserError as error:
                page = ErrorState(_("打不开{page}").format(page=_(known.title)), error, partial(self._retry, known))
            self._made[known.name] = page
            self.stack.addWidget(page)
        return self._made[known.name]

    def _retry(self, known: PageDef) -> None:
        page = self._made.pop(known.name)
        self.stack.removeWidget(page)
        page.deleteLater()
        self.show_page(known.name)

    def refresh(self) -> None:
        """Read what is on the page again."""
        self.asked.refresh()

    def focus_search(self) -> None:
        """Go to the page's search field."""
        self.asked.focus_search()

    def undo(self) -> None:
        """Take back the last act of the page; not behind an open form or question."""
        if dialog.top(self) is None:
            self.asked.undo()

    def redo(self) -> None:
        """Do it again; likewise."""
        if dialog.top(self) is None:
            self.asked.redo()

    def next_pane(self) -> None:
        """F6: rail, page, panel, top bar, and round again."""
        panes: list[QWidget] = [self.rail.item(self.rail.key)] if self.rail.key else []
        panes += [self.page] if self.page else []
        panel = self.asked.pane()
        panes += [panel] if panel is not None and panel.isVisible() else []
        panes.append(self.top.expo)
        at = max((i for i, pane in enumerate(panes) if pane.hasFocus() or _holds_focus(pane)), default=-1)
        wanted = panes[(at + 1) % len(panes)]
        target = next(iter(tab_order.stops(wanted)), wanted) if wanted is panel else wanted
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- counts in the rail ---

    def _on_changed(self, _tables: frozenset[str]) -> None:
        self._settle.start(SETTLE)

    def count(self) -> None:
        """Count what the rail's badges say, off the GUI thread."""
        db, expo_id = self.context.db, self.context.expo_id
        if expo_id is None:
            return
        wanted = [known for known in self.defs.values() if known.badge is not None]

        def work(_progress: jobs.Progress) -> Counts:
            return {known.name: known.badge(db, expo_id) for known in wanted if known.badge is not None}

        jobs.run_job(self, _("统计"), work, partial(self._on_counted, expo_id), lambda _error: None, card=False)

    def _on_counted(self, expo_id: uuid.UUID, counts: Counts) -> None:
        if expo_id == self.context.expo_id:
            for name, (number, kind) in counts.items():
                self.rail.set_badge(name, number, kind)

    # --- expo, person, language, theme ---

    def _show_expo(self) -> None:
        expo, context = self.context.expo, self.context
        actor = context.actor
        self.top.set_user(actor.name or actor.role.label, actor.role.label)
        if expo is None:
            self.top.set_expo(_("还没有展会"))
            return
        self.top.set_expo(named(expo.name, expo.name_en), days_of(expo, context.now()), expo.is_sample)

    def _on_expo(self) -> None:
        self._show_expo()
        self.machine.tell()
        self.count()

    def _fill_expos(self, menu: Menu) -> None:
        for expo in all_expos(self.context.db):
            place = f" · {expo.place}" if expo.place else ""
            words = f"{named(expo.name, expo.name_en)}    {expo.starts_on}{place}"
            menu.add(words, partial(self.switch_expo, expo), ticked=expo.id == self.context.expo_id)
        menu.addSeparator()
        menu.add(_("新建展会"), lambda: self.go(ListRoute(EXPOS, new=True)))
        menu.add(_("打开其他文件"), self.start_wanted.emit)

    def switch_expo(self, expo: ExpoInfo) -> None:
        """Work on another expo; asks first while the check-in desk is open."""
        if expo.id == self.context.expo_id:
            return
        if self.open_desk_page is not None:
            messages.confirm(
                self, _("签到台还开着，换到“{name}”？").format(name=named(expo.name, expo.name_en)),
                _("签到台会先关闭。已签到的记录都已保存。"), _("关闭并切换"), partial(self._switch, expo),
            )  # fmt: skip
        else:
            self._switch(expo)

    def _switch(self, expo: ExpoInfo) -> None:
        if self.close_desk():
            self.context.set_expo(expo)

    def _fill_user(self, menu: Menu) -> None:
        menu.add(_("换人操作"), self.operator_wanted.emit)
        words = menu.submenu(_("语言"))
        for key, name in LANGUAGES.items():
            self._choice(words, name, key == language(), partial(self._on_language, key))
        looks = menu.submenu(_("外观"))
        for key, name in THEMES.items():
            self._choice(looks, _(name), key == theme.choice(), partial(self.set_theme, key))
        menu.addSeparator()
        menu.add(_("打开其他文件"), self.start_wanted.emit)

    def _choice(self, menu: Menu, words: str, on: bool, call: Callable[[], object]) -> None:
        group = menu.findChild(QActionGroup) or QActionGroup(menu)
        menu.add(words, call, ticked=on).setActionGroup(group)

    def _on_language(self, name: str) -> None:
        QTimer.singleShot(0, self, lambda: self.language_wanted.emit(name))  # after the menu has gone

    def set_theme(self, name: str) -> None:
        """Put a theme in force and remember it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        self.context.remember(theme=name)

    def toggle_theme(self) -> None:
        """Light becomes dark, dark becomes light."""
        self.set_theme("light" if theme.theme() == "dark" else "dark")

    # --- palette, help, desk, status ---

    def open_palette(self) -> None:
        """Ctrl+K."""
        if dialog.top(self) is None:
            self._palette = Palette(self, Finder(self.context, self.commands))
            self._palette.open()

    def commands(self) -> list[Command]:
        """What the page offers, then everything that can be done from anywhere."""
        from expo_app.ui.window import commands  # with the subjects of the settings, for whoever opens the palette

        return [*self.asked.commands(), *commands.everywhere(self)]

    def open_help(self) -> None:
        """F1."""
        from expo_app.ui.window import help as help_pages  # its documents are nothing for the start

        if dialog.top(self) is None and self.page_name:
            help_pages.show(self, self.page_name, _(self.defs[self.page_name].title))

    def _own_window(self) -> PageDef | None:
        """The page with a window of its own, where this operator may use it."""
        found = (known for known in self.defs.values() if known.own_window and self.context.may(known.permission))
        return next(found, None)

    @property
    def open_desk_page(self) -> Page | None:
        """The check-in desk, while it is open."""
        return self._desk if self._desk is not None and self._desk.isVisible() else None

    def open_desk(self) -> None:
        """F11: the check-in desk in its own full-screen window; brought to front when it is open."""
        known = self._own_window()
        if known is None or self.context.expo is None:
            return
        if (desk := self.open_desk_page) is not None:
            desk.raise_()
            desk.activateWindow()
            return
        if not self.close_desk():
            return
        try:
            self._desk = known.make(self.context)
        except UserError as error:
            messages.show(self, error)
            return
        self._desk.installEventFilter(self)
        self._desk.showFullScreen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever leaves the check-in desk goes on here, even where no window manager sees to it."""
        if event.type() == QEvent.Type.Hide and watched is self._desk and self.isVisible():
            self.window().activateWindow()
        return False

    def close_desk(self) -> bool:
        """Close the check-in desk, if it is open. False: it stays, comes to the front and says why."""
        if self._desk is None:
            return True
        if not self._desk.close():
            self._desk.raise_()
            self._desk.activateWindow()
            return False
        self._desk.deleteLater()
        self._desk = None
        return True

    def _on_status(self, key: str) -> None:
        if key == "database":
            self.machine.show_database()
        elif key == "backup":
            self.machine.backups.back_up()
        elif key == "desk":
            self.open_desk()
        elif key in ("clock", "time"):
            self.go(SectionRoute())


def _holds_focus(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and widget.isAncestorOf(focused)


def days_of(expo: ExpoInfo, now: Any) -> str:
    """11-28 至 11-30 · 第 2 天."""
    span = short_day_span(expo.starts_on, expo.ends_on)
    today = expo.local_day(now)
    if today < expo.starts_on:
        return _("{span} · 还有 {n} 天").format(span=span, n=(expo.starts_on - today).days)
    if today > expo.ends_on:
        return _("{span} · 已结束").format(span=span)
    return _("{span} · 第 {n} 天").format(span=span, n=(today - expo.starts_on).days + 1)
