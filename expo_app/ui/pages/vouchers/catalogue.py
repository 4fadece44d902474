"""资源目录: find an instrument or a service, see whose voucher works there and what a company pays in the end."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.routes import ListRoute, Route
from expo_app.routes.vouchers import CatalogueRoute, UseRoute
from expo_app.rules.catalogue import CATEGORY, FACETS, ORDERS, REGION, TAKES, Catalogue, Entry, Found, Kind, Wanted
from expo_app.rules.palette_rows import Command
from expo_app.services import catalogue as catalogues
from expo_app.services.catalogue import Shelf
from expo_app.specs import INSTRUMENTS, PROVIDERS
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, messages, theme
from expo_app.ui.kit.buttons import Button, ChipRow, IconButton
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState, NoResult, Skeleton, StateStack
from expo_app.ui.kit.table import Row
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.pages.vouchers import catalogue_list, catalogue_words
from expo_app.ui.pages.vouchers.catalogue_facets import FacetColumn
from expo_app.ui.pages.vouchers.catalogue_list import ResourceView
from expo_app.ui.pages.vouchers.catalogue_panel import Comparison, ResourcePanel
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
    noun, counted = N_("仪器"), N_("共 {n} 台")
    placeholder = N_("仪器、型号、机构、拼音首字母")
    stretch = "title"


class CatalogueFace(Face):
    """Reading runs in a worker; what was read before stays usable until the new is there. Finding is done at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.shelf: Shelf | None = None
        self.found: Found | None = None
        self._rows: list[Row] = []
        self._usual: dict[Kind, Found] = {}
        self._loading = self._again = False
        self._wanted_entry: uuid.UUID | None = None
        self._order, self._descending = ORDERS[0], False
        self._list: InstrumentList | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._after = QTimer(self, singleShot=True, interval=0)
        self._after.timeout.connect(self._show_beside)
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
        self._stack.addWidget(self._make_search())
        self.setFocusProxy(self.search)
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        context.actor_changed.connect(self._show_panel)

    # --- building ---

    def _make_search(self) -> QWidget:
        content = QWidget()
        lines = column(content, theme.Space.M)
        bar = row(spacing=theme.Space.S)
        self.search = SearchField(_("名称、型号、机构、拼音首字母"), KEY)
        self.search.setFixedWidth(self.search.fitting_width(264))
        self.search.searched.connect(lambda _text: self.show_found())
        bar.addWidget(self.search)
        self.kinds = ChipRow([(kind, kind.label, 0) for kind in Kind], wrap=False)
        self.kinds.chosen.connect(lambda _kind: self._on_kind())
        bar.addWidget(self.kinds)
        self._told = ElidedLabel("", "fact")
        bar.addStretch(1)
        bar.addWidget(self._told)
        lines.addLayout(bar)
        body = row(spacing=theme.Space.M)
        self.facets = FacetColumn()
        self.facets.changed.connect(self.show_found)
        body.addWidget(self.facets)
        self.view = ResourceView()
        self.view.rows_model.sort_by(self._order)
        self.view.rows_model.sort_requested.connect(self._on_sort)
        self.view.row_selected.connect(lambda _key: self._after.start())
        self.view.selectionModel().selectionChanged.connect(lambda *_which: self._show_chosen())
        self.view.opened.connect(lambda _key: self.use())
        self.view.clicked.connect(lambda _index: self._unfold())
        card = TableCard(self.view)
        card.add_below(self._make_foot())
        self._results = StateStack(card)
        body.addWidget(self._results, 1)
        lines.addLayout(body, 1)
        for key, call in (("F", self.facets.focus_first), ("Right", self._unfold)):
            shortcut = QShortcut(QKeySequence(key), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)
        self._states = StateStack(content)
        self._states.show_state(Skeleton())
        return self._states

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        line = row(foot, theme.Space.S)
        line.setContentsMargins(theme.Space.M, theme.Space.S, theme.Space.M, theme.Space.S)
        self.foot = ElidedLabel("", "fact")
        line.addWidget(self.foot, 1)
        for key, words in (("↑↓", _("选择")), ("→", _("详情")), ("F", _("筛选")), ("Enter", _("登记用券"))):
            line.addWidget(KeyCap(key))
            line.addWidget(Label(words, "fact"))
        return foot

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
            self._usual = {}
            self.view.take_issuers(shelf.catalogue.issuers)
            self.view.resources.take(rows)
            self.view.rows_model.is_faded = self._is_faded
            self._show()
        if self._again or expo_id != self.context.expo_id:
            self._again = False
            self._soon.start(0)

    def _on_failed(self, error: Exception) -> None:
        self._loading = self._again = False
        if isinstance(error, UserError):
            self._states.show_state(ErrorState(_("读不出资源目录"), error, self.refresh))

    def _is_faded(self, line: Row) -> bool:
        return self.shelf is not None and not line[1].is_listed(self.shelf.catalogue.day)

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

    # --- finding ---

    @property
    def catalogue(self) -> Catalogue | None:
        return self.shelf.catalogue if self.shelf else None

    @property
    def kind(self) -> Kind:
        return self.kinds.key if isinstance(self.kinds.key, Kind) else Kind.INSTRUMENT

    def wanted(self) -> Wanted:
        """What is looked for as it stands in the face."""
        return Wanted(self.kind, self.search.text(), self.facets.ticked, self._order, self._descending)

    def show_found(self) -> None:
        """Find and show, at once."""
        shelf = self.shelf
        if shelf is None:
            return
        wanted = self.wanted()
        self.found = found = shelf.catalogue.find(wanted)
        self.view.show_places(found.places)
        whole = sum(found.kinds.values())
        words = wanted.search.strip()
        self._told.set_text(_("{words}：{n} 条").format(words=words, n=f"{whole:,}") if words else "")
        self.foot.set_text(catalogue_words.told(wanted, found, shelf.regions, shelf.catalogue.issuers))
        if found.places:
            self._results.show_content()
        else:
            self._results.show_state(NoResult(_("资源"), _("换个词，或清除条件。"), self._clear))
        self._after.start()

    def _show_beside(self) -> None:
        """Counts and panel, once the list is painted."""
        if self.shelf is not None and self.found is not None:
            self._show_counts(self.shelf, self.found)
        self._show_panel()

    def _show_counts(self, shelf: Shelf, found: Found) -> None:
        issuers = shelf.catalogue.issuers
        if self.kind not in self._usual:
            self._usual[self.kind] = shelf.catalogue.find(Wanted(self.kind))
        usual, values = self._usual[self.kind].counts, {}
        for name in FACETS:
            keys = [value for value, _count in Counter(usual[name]).most_common()]
            if name == REGION:
                keys = [key for key in shelf.regions.keys if key in usual[name]]
            elif name == TAKES:
                keys = [issuer.code for issuer in issuers if issuer.code in usual[name]]
            values[name] = [(key, catalogue_words.value_words(name, key, shelf.regions, issuers)) for key in keys]
        self.facets.show_counts(partial(self._facet_title), values, found.counts)
        self.kinds.set_items(catalogue_words.kind_chips(found.kinds))

    def _facet_title(self, name: str) -> str:
        return catalogue_words.facet_title(name, self.kind)

    def _clear(self) -> None:
        self.search.set_text("")
        for name in FACETS:
            self.facets.want(name, frozenset())
        self.show_found()

    def _on_kind(self) -> None:
        self.facets.want(CATEGORY, frozenset())
        self.view.set_head(_(catalogue_words.KIND_HEADS[self.kind]))
        self.show_found()

    def _on_sort(self, order: str, descending: bool) -> None:
        if order in ORDERS and (order, descending) != (self._order, self._descending):
            self._order, self._descending = order, descending
            self.show_found()

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
        self.view.set_head(_(catalogue_words.KIND_HEADS[self.kind]))
        with_samples = self.context.expo is None or self.context.expo.is_sample
        self.fact_changed.emit(catalogue_words.facts(shelf.catalogue, with_samples))
        self.show_found()
        self.view.fit()
        if self._wanted_entry is not None:
            self._bring(self._wanted_entry)

    def _without_catalogue(self) -> EmptyState:
        buttons = []
        if self.context.may_write(PROVIDERS.permission):
            go = partial(self.context.navigate, ListRoute(PROVIDERS, imports=True))
            buttons.append(Button(_("导入服务机构"), "primary", "upload-2-line", clicked=go))
        text = _("先导入服务机构，再导入它们的仪器。目录向当地科技部门或券平台的运营单位要。")
        return EmptyState("microscope-line", _("还没有资源目录"), text, buttons)

    def chosen(self) -> Entry | None:
        """The resource of the row in focus."""
        index = self.view.currentIndex()
        return self.view.rows_model.row(index.row())[1] if index.isValid() else None

    def _show_panel(self) -> None:
        entry, catalogue = self.chosen(), self.catalogue
        is_wanted = self._stack.currentIndex() == 0 and self.isVisible()
        is_wanted = is_wanted and (self._layered if self._is_narrow() else self.wants_panel)
        if entry is None or catalogue is None or not is_wanted:
            self.panel.hide()
            return
        may = self.context.may_write(USE)
        lacks = "" if may else _("{role}没有这项权限").format(role=self.context.actor.role.label)
        self.panel.show_entry(entry, catalogue, may, lacks)
        self._show_chosen()
        self.panel.show()

    def _show_chosen(self) -> None:
        self.panel.show_chosen(len(self.view.selectionModel().selectedRows()))

    def _is_narrow(self) -> bool:
        """Whether the panel would stand over the list: there it is shown only when it is asked for."""
        return self.window().width() < theme.NARROW_WINDOW

    def _unfold(self) -> None:
        """The panel, wherever it was closed or is folded."""
        self.wants_panel = self._layered = True
        self._after.start()

    def _on_panel_closed(self) -> None:
        self.wants_panel = self._layered = False
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_company(self, region: str) -> None:
        issuers = self.catalogue.issuers if self.catalogue else ()
        self.view.set_own(next((issuer.name for issuer in issuers if issuer.code == region), ""))

    # --- acts ---

    def use(self) -> None:
        """登记用券 with this resource and the company that is reckoned for."""
        entry, catalogue = self.chosen(), self.catalogue
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
        rows = [self.view.rows_model.row(index.row()) for index in self.view.selectionModel().selectedRows()]
        if catalogue is None or not rows:
            return
        box = Dialog(self, _("对比"), COMPARISON)
        box.body.addWidget(Comparison([one[1] for one in rows], catalogue))
        box.add_action(Button(_("关闭"), "primary", clicked=box.cancel), safe=True)
        box.open()

    def _open_body(self) -> None:
        if (entry := self.chosen()) is not None:
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
        self.setFocusProxy(self.search)
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
                self.search.set_text(route.search)
            if self.shelf is not None:
                self._show()

    def _bring(self, key: uuid.UUID) -> None:
        """Show one resource, whatever was ticked."""
        self._wanted_entry = None
        entry = next((line[1] for line in self._rows if line[0] == key), None)
        if entry is None:
            messages.show(self, _("这项资源已不在目录里。"), "warn")
            return
        self.kinds.choose(entry.kind)
        self._clear()
        self.view.select_id(key)
        self._unfold()

    def place(self) -> Route | None:
        if self._list is not None and self._stack.currentIndex():
            return ListRoute(INSTRUMENTS)
        entry = self.chosen()
        return CatalogueRoute(
            self.panel.sum.company,
            entry.id if entry and entry.kind is Kind.INSTRUMENT else None,
            entry.id if entry and entry.kind is Kind.SERVICE else None,
        )

    def focus_search(self) -> None:
        if self._list is not None and self._stack.currentIndex():
            self._list.focus_search()
            return
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
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
