"""资源目录: find an instrument or a service, see whose voucher works there and what a company pays in the end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.vouchers import CatalogueRoute, UseRoute
from expo_app.rules.catalogue import Catalogue, Kind
from expo_app.rules.palette_rows import Command
from expo_app.services import catalogue as catalogues
from expo_app.services.catalogue import Shelf
from expo_app.specs import INSTRUMENTS, PROVIDERS
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, IconButton
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, Skeleton, StateStack
from expo_app.ui.kit.table import Row
from expo_app.ui.pages.vouchers import catalogue_list, catalogue_words
from expo_app.ui.pages.vouchers.catalogue_panel import Comparison, ResourcePanel
from expo_app.ui.pages.vouchers.catalogue_search import CatalogueSearch
from expo_app.ui.parts.faces import Face
from expo_app.ui.parts.list_face import InFace

SOON, KEY = 250, 0
"""Milliseconds between a change and the next reading, and after a key: finding takes less than a frame."""
USE = "vouchers.edit"
SUM_OF = frozenset({"voucher", "voucher_use", "voucher_pot", "voucher_policy", "related_bodies"})
"""Tables that the sum for a company rests on beside the catalogue."""
COMPARISON = 860


class InstrumentList(InFace):
    """The instruments as a list: to enter, change, import and export them."""

    spec = INSTRUMENTS
    noun, counted = N_("仪器"), N_("共 {n} 台（套）")
    placeholder = N_("仪器、型号、机构、拼音首字母")
    stretch = "title"


class CatalogueFace(Face):
    """Reading runs in a worker; what was read before stays usable until the new is there. Finding is done at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.shelf: Shelf | None = None
        self._rows: list[Row] = []
        self._loading = self._again = False
        self._wanted_entry: uuid.UUID | None = None
        self._list: InstrumentList | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self.list_button = IconButton("list-check", _("仪器名单"), self._turn)
        self.import_button = Button(_("导入目录"), icon="upload-2-line", clicked=self._import)
        self._tools = QWidget()
        self._tool_row = row(self._tools, theme.Space.XS)
        self._tool_row.addWidget(self.list_button)
        self._tool_row.addWidget(self.import_button)
        self.wants_panel, self._layered = True, False
        """Whether the person has not closed it; whether it was asked for in a narrow window."""
        self.panel = ResourcePanel(context)
        self.panel.hide()
        self.panel.closed.connect(self._on_panel_closed)
        self.panel.use_wanted.connect(self.use)
        self.panel.body_wanted.connect(self._open_body)
        self.panel.compare_wanted.connect(self.compare)
        self.panel.sum.company_changed.connect(self._on_company)
        self.setAccessibleName(_("资源目录"))
        self._stack = QStackedWidget()
        column(self, 0).addWidget(self._stack)
        self.search = CatalogueSearch()
        self.search.chosen_changed.connect(self._show_panel)
        self.search.details_wanted.connect(self._unfold)
        self.search.use_wanted.connect(self.use)
        self._states = StateStack(self.search)
        self._states.show_state(Skeleton())
        self._stack.addWidget(self._states)
        self.setFocusProxy(self.search.search)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show_panel)

    def buttons(self) -> Sequence[QWidget]:
        return (self._tools,)

    def side_panel(self) -> QWidget | None:
        return self.panel

    # --- reading ---

    def refresh(self) -> None:
        """Read again, in a worker."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        expo_id, db = self.context.expo_id, self.context.db

        def work(_progress: jobs.Progress) -> tuple[uuid.UUID | None, Shelf, list[Row]]:
            shelf = catalogues.read(db, expo_id)
            return expo_id, shelf, catalogue_list.rows_of(shelf.catalogue)

        jobs.run_job(self, _("资源目录"), work, self._on_read, self._on_failed, card=False)

    def _on_read(self, read: tuple[uuid.UUID | None, Shelf, list[Row]]) -> None:
        self._loading = False
        expo_id, shelf, rows = read
        if expo_id == self.context.expo_id:
            self.shelf, self._rows = shelf, rows
            self._show()
        if self._again or expo_id != self.context.expo_id:
            self._again = False
            self._soon.start(0)

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        if isinstance(error, UserError):
            self._states.show_state(ErrorState(_("读不出资源目录"), error, self.refresh))

    def _on_changed(self, tables: frozenset[str]) -> None:
        if not self.isVisible():
            return
        if not catalogues.READ_OF.isdisjoint(tables):
            self._soon.start(SOON)
        if not SUM_OF.isdisjoint(tables):
            self.panel.sum.again()

    def _on_expo(self) -> None:
        self.shelf = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._show_panel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()
        self.panel.hide()

    # --- what is shown ---

    def _show(self) -> None:
        shelf = self.shelf
        if shelf is None:
            return
        if not shelf.catalogue.entries:
            self._states.show_state(self._without_catalogue())
            self.panel.hide()
            self.fact_changed.emit("")
            return
        self._states.show_content()
        self.fact_changed.emit(catalogue_words.facts(shelf.catalogue))
        self.search.show_shelf(shelf, self._rows)
        if self._wanted_entry is not None:
            self._bring(self._wanted_entry)

    def _without_catalogue(self) -> EmptyState:
        buttons = []
        if self.context.may_write(PROVIDERS.permission):
            go = partial(self.context.navigate, ListRoute(PROVIDERS, imports=True))
            buttons.append(Button(_("导入服务机构"), "primary", "upload-2-line", clicked=go))
        text = _("先导入服务机构，再导入它们的仪器。目录向当地科技部门或券平台的运营单位要。")
        return EmptyState("microscope-line", _("还没有资源目录"), text, buttons)

    @property
    def catalogue(self) -> Catalogue | None:
        return self.shelf.catalogue if self.shelf else None

    def _show_panel(self) -> None:
        entry, catalogue = self.search.chosen(), self.catalogue
        is_wanted = self._stack.currentIndex() == 0 and self.isVisible()
        is_wanted = is_wanted and (self._layered if self._is_narrow() else self.wants_panel)
        if entry is None or catalogue is None or not is_wanted:
            self.panel.hide()
            return
        may = self.context.may_write(USE)
        lacks = "" if may else _("{role}没有这项权限").format(role=self.context.actor.role.label)
        self.panel.show_entry(entry, catalogue, may, lacks)
        self.panel.show_chosen(len(self.search.all_chosen()))
        self.panel.show()

    def _is_narrow(self) -> bool:
        """Whether the panel would stand over the list: there it is shown only when it is asked for."""
        return self.window().width() < theme.NARROW_WINDOW

    def _unfold(self) -> None:
        """The panel, wherever it was closed or is folded."""
        self.wants_panel = self._layered = True
        self._show_panel()

    def _on_panel_closed(self) -> None:
        self.wants_panel = self._layered = False
        self.search.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_company(self, region: str) -> None:
        issuers = self.catalogue.issuers if self.catalogue else ()
        self.search.view.set_own(next((issuer.name for issuer in issuers if issuer.code == region), ""))

    # --- acts ---

    def use(self) -> None:
        """登记用券 with this resource and the company that is reckoned for."""
        entry, catalogue = self.search.chosen(), self.catalogue
        if entry is None or catalogue is None:
            return
        if not self.context.may_write(USE):
            messages.show(self, _("{role}没有这项权限").format(role=self.context.actor.role.label), "warn")
        elif not entry.is_listed(catalogue.day):
            messages.show(self, _("不在目录有效期内，不能登记新的用券。"), "warn")
        else:
            self.context.navigate(
                UseRoute(
                    organisation=self.panel.sum.company, provider=entry.body.id,
                    instrument=entry.id if entry.kind is Kind.INSTRUMENT else None,
                    service_item=entry.id if entry.kind is Kind.SERVICE else None,
                )
            )  # fmt: skip

    def compare(self) -> None:
        """The chosen resources side by side."""
        catalogue = self.catalogue
        entries = self.search.all_chosen()
        if catalogue is None or not entries:
            return
        box = Dialog(self, _("对比"), COMPARISON)
        box.body.addWidget(Comparison(entries, catalogue))
        box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
        box.open()

    def _open_body(self) -> None:
        if (entry := self.search.chosen()) is not None:
            self.context.navigate(ListRoute(PROVIDERS, record=entry.body.id))

    def _import(self) -> None:
        self.show_list().open_with(ListRoute(INSTRUMENTS, imports=True))

    def show_list(self) -> InstrumentList:
        """The instruments as a list, in place of the search."""
        if self._list is None:
            self._list = InstrumentList(self.context)
            self._list.fact_shown.connect(self.fact_changed)
            self._stack.addWidget(self._list)
            for button in self._list.tools:
                self._tool_row.addWidget(button)
        self._stack.setCurrentWidget(self._list)
        self._show_tools(self._list)
        self.setFocusProxy(self._list.view)
        self.list_button.set_label(_("检索"))
        self.list_button.set_icon("search-line")
        self.panel.hide()
        return self._list

    def show_search(self) -> None:
        """The search again."""
        self._stack.setCurrentIndex(0)
        self._show_tools(None)
        self.setFocusProxy(self.search.search)
        self.list_button.set_label(_("仪器名单"))
        self.list_button.set_icon("list-check")
        self._show()

    def _show_tools(self, listed: InstrumentList | None) -> None:
        """The list's own buttons while it is in front, else the one to import."""
        self.import_button.setVisible(listed is None)
        for button in self._list.tools if self._list is not None else ():
            button.setVisible(listed is not None)

    def _turn(self) -> None:
        if self._stack.currentIndex():
            self.show_search()
        else:
            self.show_list().view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what the frame asks ---

    @property
    def shown(self) -> Face | InstrumentList:
        return self._list if self._list is not None and self._stack.currentIndex() else self

    def open_with(self, route: Route) -> None:
        if isinstance(route, ListRoute):
            self.show_list().open_with(route)
        elif isinstance(route, CatalogueRoute):
            self.show_search()
            if route.organisation is not None:
                self.panel.sum.set_company(route.organisation)
            self._wanted_entry = route.instrument or route.service_item
            if route.search:
                self.search.search.set_text(route.search)
            if self.shelf is not None:
                self._show()

    def _bring(self, key: uuid.UUID) -> None:
        """Show one resource and its panel."""
        self._wanted_entry = None
        if self.search.bring(key):
            self._unfold()
        else:
            messages.show(self, _("这项资源已不在目录里。"), "warn")

    def place(self) -> Route | None:
        if self._list is not None and self._stack.currentIndex():
            return ListRoute(INSTRUMENTS)
        entry = self.search.chosen()
        return CatalogueRoute(
            self.panel.sum.company,
            entry.id if entry and entry.kind is Kind.INSTRUMENT else None,
            entry.id if entry and entry.kind is Kind.SERVICE else None,
        )

    def focus_search(self) -> None:
        if self._list is not None and self._stack.currentIndex():
            self._list.focus_search()
            return
        self.search.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.search.hasFocus():
            self.search.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == Qt.Key.Key_Escape and self.search.search.text():
            self.search.search.clear()
        elif key == Qt.Key.Key_Escape and self.panel.isVisible():
            self.panel.close_panel()
        else:
            super().keyPressEvent(event)

    def pane(self) -> QWidget | None:
        if self._list is not None and self._stack.currentIndex():
            return self._list.panel
        return self.panel if self.panel.isVisible() else None

    def undo(self) -> None:
        if self._list is not None:
            self._list.undo()

    def redo(self) -> None:
        if self._list is not None:
            self._list.redo()

    def commands(self) -> Sequence[Command]:
        if self._list is not None and self._stack.currentIndex():
            return self._list.commands()
        return [Command(_("导入目录"), _("双创券"), "upload-2-line", "", self._import)]
