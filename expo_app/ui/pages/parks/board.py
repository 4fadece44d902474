"""园区: the parks, and of the chosen one its funnel, dated figures and tenants."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from expo_app import documents
from expo_app.documents import tenants as papers
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import ParkTotal
from expo_app.routes import ListRoute, Route
from expo_app.routes.parks import ParksRoute, TenantRoute
from expo_app.rules.palette_rows import Command
from expo_app.services import parks, records
from expo_app.specs import PARKS, TENANTS
from expo_app.specs.park_shown import ParkCard, ParksBoard
from expo_app.store.database import Database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, MenuButton
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, StateStack
from expo_app.ui.pages.parks.funnel import HEIGHT, LOW_HEIGHT, FunnelCard
from expo_app.ui.pages.parks.park_cards import ParkRow
from expo_app.ui.pages.parks.park_table import ParkTable
from expo_app.ui.pages.parks.tiles import FigureTiles
from expo_app.ui.parts.faces import Face
from expo_app.ui.records import files
from expo_app.ui.records.record_dialog import RecordDialog
from expo_app.ui.records.undo_list import UndoList, step_act

DOCUMENT = "park"
TABLES = frozenset(
    {
        "park",
        "park_figure",
        "tenant",
        "tenant_step",
        "tenant_figures",
        "tenant_support",
        "sharing_event",
        "organisation",
    }
)
LARGE = 150
"""Tenants; more are read in a worker."""


def _read(db: Database, _progress: jobs.Progress) -> ParksBoard:
    return parks.read_board(db)


class ParksFace(Face):
    """Reads when it is first shown and whenever one of its tables was written."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.acts = UndoList(self)
        self.board: ParksBoard | None = None
        self.park_id: uuid.UUID | None = None
        self._stale, self._loading, self._again = True, False, False
        self._make_buttons()
        lines = column(self, theme.Space.M)
        self._stack = StateStack(self._make_body())
        lines.addWidget(self._stack)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        self.setFocusProxy(self.table.view)

    def _make_body(self) -> QWidget:
        held = QWidget()
        lines = column(held, theme.Space.M)
        self.cards, self.funnel, self.tiles = ParkRow(), FunnelCard(), FigureTiles()
        self.cards.chosen.connect(self.choose)
        self.funnel.view.pressed.connect(self.press)
        lines.addWidget(self.cards)
        middle = row(spacing=theme.Space.L)
        middle.addWidget(self.funnel, 1)
        middle.addWidget(self.tiles)
        lines.addLayout(middle)
        self.table = ParkTable(self.context.may("parks.money"))
        self.table.opened.connect(self.open_tenant)
        self.table.narrowed.connect(lambda _step: self._show_funnel())
        self.table.view.installEventFilter(self)
        lines.addWidget(self.table, 1)
        return held

    # --- buttons ---

    def _make_buttons(self) -> None:
        self.add_button = MenuButton(_("新增"), self._fill_new, icon="add-line")
        self.add_button.setEnabled(self.context.may_write(PARKS.permission))
        self.torch_button = MenuButton(_("导出火炬口径"), self._fill_torch, icon="file-excel-2-line")
        self.report_button = MenuButton(_("三年成效报告"), self._fill_report, "primary", "article-line")
        for button in (self.torch_button, self.report_button):
            button.setEnabled(self.context.may("data.export"))

    def buttons(self) -> Sequence[QWidget]:
        return (self.add_button, self.torch_button, self.report_button)

    def _fill_new(self, menu: Menu) -> None:
        menu.add(_("入驻企业"), self.add_tenant).setEnabled(self.park is not None)
        menu.add(_("园区"), self.add_park)

    def _fill_report(self, menu: Menu) -> None:
        menu.add(_("PDF"), partial(self.write, "pdf"))
        menu.add(_("Word"), partial(self.write, "docx"))

    def _fill_torch(self, menu: Menu) -> None:
        dates = self.park.dates if self.park else ()
        for day in dates:
            menu.add(day.isoformat(), partial(self.write_torch, day))
        menu.add(_("全部日期") if dates else _("还没有分期数据"), partial(self.write_torch, None))

    def write_torch(self, day: date | None) -> None:
        """The Torch form of the chosen park's companies at a date, where the person says; None: at all dates."""
        context, park, expo = self.context, self.park, self.context.expo
        if park is None or expo is None:
            messages.show(self, _nothing_open(expo is not None))
            return
        stem = "_".join(filter(None, (_("火炬口径"), park.name, day.isoformat() if day else "")))
        name = f"{files.safe_name(stem)}.xlsx"
        path = files.ask_where(self, context, _("导出火炬口径"), name, files.excel_kinds())
        if path is None:
            return

        context.run(
            _("正在写 {name}").format(name=path.name),
            lambda _progress: papers.write_torch(context.db, expo, park.id, day, path),
            lambda _none: messages.show(self, _("已存为 {name}").format(name=path.name), "ok",
                                        (_("打开文件夹"), partial(files.open_folder, path))),
            parent=self,
        )  # fmt: skip

    def write(self, ending: str) -> None:
        """The report of the chosen park, among the files exported before."""
        context, park, expo = self.context, self.park, self.context.expo
        if park is None or expo is None:
            messages.show(self, _nothing_open(expo is not None))
            return
        stem = files.safe_name(f"{_('三年成效报告')}_{park.name}")
        path = files.free(files.folder_of(context) / f"{stem}.{ending}")

        def done(lacking: frozenset[str]) -> None:
            messages.show(self, _("已存为 {name}").format(name=path.name), "ok",
                          (_("打开文件夹"), partial(files.open_folder, path)))  # fmt: skip
            if words := documents.lacking_words(lacking):
                messages.show(self, words, "warn")

        context.run(
            _("正在写 {name}").format(name=path.name),
            lambda progress: documents.write(context.db, expo, DOCUMENT, path, progress, part=str(park.id)),
            done,
            parent=self,
        )

    def add_park(self) -> None:
        """The form of a new park."""
        self._form(RecordDialog(self, self.context, PARKS, noun=PARKS.title), _("已新增园区"))

    def add_tenant(self) -> None:
        """The form of a new tenant of the chosen park."""
        if self.park is not None:
            given = {"park_id": self.park.name}
            dialog = RecordDialog(self, self.context, TENANTS, noun=TENANTS.title, values=given)
            self._form(dialog, _("已新增入驻企业"))

    def import_tenants(self) -> None:
        """A list of tenants."""
        self.context.navigate(ListRoute(TENANTS, imports=True))

    def _form(self, dialog: RecordDialog, said: str) -> None:
        dialog.saved.connect(lambda _id, _values, step: self.acts.add(step_act(said, self.context.db, step)))
        dialog.open()

    # --- showing ---

    @property
    def park(self) -> ParkCard | None:
        """The chosen one."""
        found = self.board.parks if self.board else ()
        return next((park for park in found if park.id == self.park_id), found[0] if found else None)

    def read(self) -> None:
        """Show everything as it stands; many tenants are read in a worker, and what was there stays until then."""
        if self._loading:
            self._again = True
            return
        self._stale, db = False, self.context.db
        try:
            if records.count(db, TENANTS, None) <= LARGE:
                self._take(parks.read_board(db))
                return
        except UserError as error:
            self._on_failed(error)
            return
        self._loading = True
        work = partial(_read, db)
        jobs.run_job(self, _("合作园区"), work, self._on_read, self._on_failed, card=False)

    def _on_read(self, board: ParksBoard) -> None:
        self._loading = False
        self._take(board)
        if self._again:
            self._again = False
            self.read()

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        if isinstance(error, UserError):
            self._stack.show_state(ErrorState(_("读不出{what}").format(what=_("合作园区")), error, self.read))

    def _take(self, board: ParksBoard) -> None:
        self.board = board
        self.fact_changed.emit(fact(self.board))
        if self.park is None:
            self._stack.show_state(self._empty())
            return
        self.park_id = self.park.id
        self.cards.set_parks(self.board.parks, self.park_id)
        self._stack.show_content()
        self._show()

    def _empty(self) -> EmptyState:
        may, buttons = self.context.may_write(PARKS.permission), []
        if may:
            buttons = [
                Button(_("导入园区"), icon="upload-2-line",
                       clicked=lambda: self.context.navigate(ListRoute(PARKS, imports=True))),
                Button(_("新增园区"), "primary", "add-line", clicked=self.add_park),
            ]  # fmt: skip
        text = _("先建园区，再录入驻企业；别人报道的总数记在“园区报道数”，与逐家的记录分开，从不相加。")
        return EmptyState("building-4-line", _("还没有园区"), text, buttons)

    def _show(self) -> None:
        park, board = self.park, self.board
        if park is None or board is None:
            return
        self.tiles.set(park, board.today, board.sees_money)
        empty: list[QWidget] = []
        if self.context.may_write(TENANTS.permission):
            empty = [
                Button(_("导入名单"), icon="upload-2-line", clicked=self.import_tenants),
                Button(_("新增入驻企业"), "primary", "add-line", clicked=self.add_tenant),
            ]
        self.table.set(park, board.of(park.id), empty)
        self._show_funnel()

    def _show_funnel(self) -> None:
        if self.park is not None:
            self.funnel.set(self.park, self.table.step)

    def choose(self, park_id: uuid.UUID) -> None:
        """Tell of another park."""
        self.park_id = park_id
        self.cards.choose(park_id)
        self.table.bar.clear()
        self._show()

    def press(self, step: ParkTotal) -> None:
        """Narrow the table to a step; the same once more shows all again."""
        self.table.narrow(None if self.table.step is step else step)

    def open_tenant(self, tenant_id: uuid.UUID) -> None:
        """The page of a tenant."""
        self.context.navigate(TenantRoute(tenant_id))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            if self.isVisible():
                self.read()
            else:
                self._stale = True

    def _on_expo(self) -> None:
        self.acts.clear()
        self._stale = True
        if self.isVisible():
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        window = self.window()
        is_low = window.height() < theme.LOW_WINDOW
        self.funnel.fit(is_low)
        self.tiles.fit(LOW_HEIGHT if is_low else HEIGHT, window.width() < theme.NARROW_WINDOW, is_low)

    # --- keys and what the frame asks ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """←→ in the table go from park to park, F to the filters."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return False
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self.cards.step(steps[Qt.Key(event.key())])
            return True
        if event.key() == Qt.Key.Key_F:
            self.table.bar.focus_filters()
            return True
        return False

    def open_with(self, route: Route) -> None:
        if isinstance(route, ParksRoute) and route.park is not None:
            self.park_id = route.park
        if self.isVisible():
            self.read()

    def place(self) -> Route | None:
        return ParksRoute(self.park_id, "board")

    def refresh(self) -> None:
        self.read()

    def focus_search(self) -> None:
        self.table.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.table.bar.search.selectAll()

    def undo(self) -> None:
        self.acts.undo()

    def redo(self) -> None:
        self.acts.redo()

    def commands(self) -> list[Command]:
        return []


def _nothing_open(is_open: bool) -> UserError:
    """Why nothing can be written; `is_open`: an expo is."""
    words = _("先选一个园区，没有写入。") if is_open else _("先打开一个展会，没有写入。")
    return UserError(words, "E-NO-EXPO")


def fact(board: ParksBoard) -> str:
    """The line under the title."""
    own = len(board.parks) - board.reported - board.samples
    parts = [
        _("{n} 个报道园区").format(n=board.reported) if board.reported else "",
        _("{n} 个登记园区").format(n=own) if own else "",
        _("{n} 个示例园区").format(n=board.samples) if board.samples else "",
    ]
    said = _("，").join(filter(None, parts)) or _("还没有园区")
    return f"{said} · " + _("报道数字标来源和日期，未报道的显示 —，不推算")
