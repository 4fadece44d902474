"""A list screen from its spec: toolbar, filters, table, panel, forms, undo, live refresh. `list_hooks` says what a page
writes to get one; `list_parts` are what it is made of, `list_columns` makes columns and facets of fields.
"""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.routes import ListRoute, Route
from expo_app.routes.duplicates import DuplicatesRoute
from expo_app.services import records
from expo_app.services.records import Row
from expo_app.specs.figures import Trace
from expo_app.specs.records import by_name, searched_words
from expo_app.ui.context import TERM_TABLES, Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.filters import Facet, FilterBar, Keys, Toggle
from expo_app.ui.kit.labels import Line
from expo_app.ui.kit.panels import PageHeader, clear, column, row
from expo_app.ui.kit.placeholders import Banner, EmptyState, ErrorState, Skeleton
from expo_app.ui.kit.table import Column, TableModel
from expo_app.ui.kit.table_card import TableCard, TotalsView
from expo_app.ui.kit.table_view import TableView
from expo_app.ui.records import drafts, files, list_columns, list_parts
from expo_app.ui.records.list_commands import ListActs
from expo_app.ui.records.record_dialog import draft_key
from expo_app.ui.records.record_panel import Panel
from expo_app.ui.records.undo_list import UndoList

__all__ = ["Column", "Facet", "ListPage", "Panel", "Toggle"]
LARGE = 1500  # rows; more are read in a worker
Ready = tuple[list[Row], Keys, dict[uuid.UUID, int]]
SLOWLY = 2000  # ms between two readings when only `slow_tables` change: every scan at a gate does


class ListPage(ListActs):
    """See the top of this file. Made with the window's context; reads its rows when first shown."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows: list[Row] = []
        self._index: dict[uuid.UUID, int] = {}
        self._stale, self._loading, self._again, self._sized = True, False, False, False
        self._has_read = False  # what is there is known
        self._wanted: dict[str, Any] = {}
        self._left_out: list[str] = []  # what the act under way does not touch, and why
        self._offered: tuple[list[uuid.UUID], int] = ([], 0)  # ticked rows that acts are offered for, hidden ones
        self._trace: Trace | None = None
        self.acts = UndoList(self)
        stretch = self.stretch or list_columns.widest_text(self._shown)
        columns = [
            list_columns.column_of(f, self.words, self.cell_pill, f.name == stretch, self.terms_of(f))
            for f in self._shown
        ]
        self.model = TableModel(columns, checkable=self.ticks and (self.can_export or self.can_delete))
        self.model.is_faded = self.is_faded
        self.view = TableView(self.model, _(self.title) if self.title else self.spec.label)
        self.view.set_giving_way(list_columns.giving_way(self._shown, stretch, self.gives_way))
        chosen = [self.spec.field(name) for name in self.chips or self.spec.chips]
        facets = [self.facet(field) for field in chosen]
        terms_of = partial(searched_words, self.spec)
        self.bar = FilterBar(facets, self.filters(), _(self.placeholder), terms_of, self.one_line)
        self._build()
        self._connect()
        self.setFocusProxy(self.view)
        self.setAcceptDrops(True)

    # --- building ---

    def _build(self) -> None:
        self._outer = outer = row(self, 0)
        main = QWidget()
        lines = column(main, theme.Space.M)
        lines.setContentsMargins(theme.Space.XL, theme.Space.L, theme.Space.XL, theme.Space.L)
        self.header = PageHeader(_(self.title) if self.title else self.spec.label)
        for widget in (*self.actions(), *self._toolbar()):
            self.header.add(widget)
        lines.addWidget(self.header)
        self._lines = lines
        lines.addWidget(self.bar)
        self._drafts, self._waiting = column(), 0
        lines.addLayout(self._drafts)
        above = self.above_table()
        if above is not None:
            lines.addWidget(above)
        self._bulk = list_parts.BulkBar()
        self.bar.side.addWidget(self._bulk)
        self._pages = QStackedWidget()
        self._card = self._make_card()
        self._skeleton = Skeleton()
        for page in (self._card, self._skeleton):
            self._pages.addWidget(page)
        self._state: QWidget | None = None
        lines.addWidget(self._pages, 1)
        outer.addWidget(main, 1)
        self.panel = self.panel_class(self)
        self.panel.hide()
        outer.addWidget(self.panel)

    def _toolbar(self) -> list[Button]:
        return list_parts.toolbar(
            self.context, self.spec, self.import_file if self.can_import else None,
            self.export if self.can_export else None, self.add if self.can_add else None,
        )  # fmt: skip

    def _make_card(self) -> TableCard:
        card = TableCard(self.view)
        self._totals, self._foot = TotalsView(self.view), list_parts.Foot(self.model.checkable)
        if self.merges is not None:
            route = DuplicatesRoute(spec=self.merges.name)
            self._foot.add_link(_("查重"), "git-merge-line", partial(self.context.navigate, route))
        for widget in (self._totals, Line(), self._foot):
            card.add_below(widget)
        return card

    def _connect(self) -> None:
        context, view = self.context, self.view
        context.changed.connect(self._on_changed)
        context.expo_changed.connect(self._on_expo)
        drafts.notifier.changed.connect(self._show_drafts)
        view.folded.connect(lambda: self._foot.set_hidden(view.hidden_labels()))
        view.installEventFilter(self)
        self.bar.changed.connect(self._on_filter)
        self.model.checked_changed.connect(lambda _n: self._show_bulk())
        self.model.rows_changed.connect(self._show_hidden)
        self._later = QTimer(self, singleShot=True, interval=SLOWLY)
        self._later.timeout.connect(self.refresh)
        self._look = QTimer(self, singleShot=True, interval=60)
        self._look.timeout.connect(self._follow)
        if self.has_panel:
            view.opened.connect(self.open_record)
            view.clicked.connect(self._on_clicked)
            view.row_selected.connect(lambda _id: self._look.start())
            self.panel.closed.connect(lambda: view.setFocus(Qt.FocusReason.OtherFocusReason))
        else:
            view.opened.connect(self.edit)

    def pane(self) -> QWidget:
        return self.panel

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    # --- reading ---

    @property
    def tables(self) -> frozenset[str]:
        """Tables whose change means new rows: the spec's own, those it joins, `also_shows`."""
        own = {self.spec.table.name, *self.also_shows}
        own |= {by_name(f.ref).table.name for f in self.spec.fields if f.ref and not f.select}
        own |= {by_name(parent.spec).table.name for parent in (self.spec.parents or {}).values()}
        return frozenset(own if own.isdisjoint(TERM_TABLES) else own | TERM_TABLES)

    def refresh(self) -> None:
        """Read the rows again, in a worker when there are many; selection, ticks and scroll place stay."""
        if self._loading:
            self._again = True
            return
        db, expo_id = self.context.db, self.context.expo_id
        self._stale = False
        try:
            many = len(self.rows) or records.count(db, self.spec, expo_id)
            if many <= LARGE:
                self._take(*self._ready(self.load(db, expo_id)))
                return
        except UserError as error:
            self._show_error(error)
            return
        self._loading = True
        if not self.rows:
            self._pages.setCurrentWidget(self._skeleton)
        jobs.run_job(
            self,
            self.spec.label,
            lambda _progress: self._ready(self.load(db, expo_id)),
            self._on_loaded,
            self._on_failed,
            card=False,
        )

    @property
    def is_current(self) -> bool:
        """Whether the rows here are the latest: none are being read or about to be."""
        return not self._stale and not self._loading

    def _ready(self, rows: Sequence[Row]) -> Ready:
        """Rows as the table paints them, what the filters choose by, where each id stands: all that needs no widget."""
        bars = [self._places[f.name] for f in self._shown if f.show == "bar"]
        ready = [list_columns.with_parts(row_, bars) for row_ in rows] if bars else list(rows)
        return ready, self.bar.keys_of(ready), {row_[0]: place for place, row_ in enumerate(ready)}

    def _on_loaded(self, ready: Ready) -> None:
        self._loading = False
        self._take(*ready)
        if self._again:
            self._again = False
            self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        if isinstance(error, UserError):
            self._show_error(error)

    def _take(self, rows: list[Row], keys: Keys, index: dict[uuid.UUID, int]) -> None:
        self.rows, self._index, self._has_read = rows, index, True
        self.bar.set_rows(rows, keys)
        self._narrow()
        scroll = self.view.verticalScrollBar().value()
        self.model.replace_rows(rows, self.bar.found)
        if self.rows:
            self._begin_order()
            self.view.fit(afresh=not self._sized)
            self._sized = True
        self._show_found()
        self.view.verticalScrollBar().setValue(scroll)
        self.header.set_fact(self.fact(self.rows))
        self.refreshed()
        if self.panel.isVisible() and self.panel.record_id is not None:
            self.panel.show_record(self.panel.record_id, keep_tab=True)
        self._meet_wishes()

    def _begin_order(self) -> None:
        """The spec's order as the arrow in the header; later the person's."""
        first = self.spec.order[0] if self.spec.order and not self._sized else ""
        name = first.removeprefix("-")
        if name and any(column_.name == name for column_ in self.model.columns):
            self.model.sort_by(name, first.startswith("-"))

    def _on_filter(self) -> None:
        if self._has_read:  # else the rows, once there, are shown as chosen now
            self.model.keep_rows(self.bar.found)
            self._show_found()

    def _show_found(self) -> None:
        """Counts, totals, and the table or what stands in its place."""
        shown = cast(list[Row], self.model.rows())
        said = _(self.counted).format(n=f"{len(self.rows):,}")
        found = _("显示 {n} · ").format(n=f"{len(shown):,}") if len(shown) < len(self.rows) else ""
        self._foot.count.setText(found + said)
        totals = dict(self.totals(shown))
        self._totals.setVisible(bool(totals))
        self._totals.set_totals(totals, totals.pop("", ""))
        if not self.rows:
            self._show_state(self._empty())
        elif not shown:
            add = self.add if self.can_add else None
            self._show_state(list_parts.nothing_found(self.bar.describe(), self.bar.clear, add))
        else:
            self._pages.setCurrentWidget(self._card)

    def _empty(self) -> EmptyState:
        may_write = self.context.may_write(self.spec.permission)
        takes, adds = self.can_import and may_write, self.can_add and may_write
        return list_parts.nothing_there(
            f"{self.spec.icon}-line", self.what, self.save_template if takes else None,
            self.import_file if takes else None, self.add if adds else None, self.elsewhere(),
        )  # fmt: skip

    def elsewhere(self) -> Sequence[QWidget]:
        """Buttons of the empty list to what it needs first."""
        return ()

    def _show_state(self, state: QWidget) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self._pages.addWidget(state)
        self._pages.setCurrentWidget(state)

    def _show_error(self, error: UserError) -> None:
        self._has_read = False
        self._show_state(ErrorState(_("读不出{what}").format(what=self.spec.label), error, self.refresh))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_drafts()
        if self._stale:
            self.refresh()

    def _show_drafts(self) -> None:
        """New records that somebody began here and did not submit."""
        may = self.can_add and self.isVisible() and self.context.may_write(self.spec.permission)
        waiting = len(drafts.kept(draft_key(self.context, self.spec))) if may else 0
        if waiting == self._waiting:
            return
        self._waiting = waiting
        clear(self._drafts)
        if waiting:
            words = _("有 {n} 份没有提交的草稿。").format(n=waiting)
            take = Button(_("接着填"), clicked=self.take_up)
            self._drafts.addWidget(Banner("info", words, [take], icon="draft-line"))

    def _on_changed(self, tables: frozenset[str]) -> None:
        mine = tables & self.tables
        if mine and not self.isVisible():
            self._stale = True
        elif mine and mine <= set(self.slow_tables):
            self._later.start() if not self._later.isActive() else None
        elif mine:
            self.refresh()

    def _on_expo(self) -> None:
        self._show_drafts()
        self.panel.close_panel()
        self._sized = False
        self.acts.clear()
        self.rows, self._index = [], {}
        self._stale, self._has_read = True, False
        self._trace = None
        self.bar.only(None)
        if self.isVisible():
            self.refresh()

    # --- going to a record ---

    def open_with(self, route: Route) -> None:
        """Show what the route asks for; a record and the form for a new one once the rows are there."""
        if not isinstance(route, ListRoute) or not route.asks:
            return
        if route.imports:
            self.import_file()
            return
        self._wanted = {"record": route.record, "new": route.new, "values": route.values}
        if route.narrows or route.record:
            self.bar.clear()
            self.bar.choose(search=route.search, **route.facets)
        if route.trace is not None:
            self._trace = route.trace
            self._narrow(afresh=True)
        if self.is_current:
            self._meet_wishes()

    def _narrow(self, afresh: bool = False) -> None:
        """Show the records behind a figure as they are now, `afresh` or as long as nobody asked for all again."""
        if self._trace is not None and (afresh or self.bar.is_narrowed):
            self.bar.only(records.traced(self.context.db, self._trace, self.spec), self._trace.words)

    def _meet_wishes(self) -> None:
        wanted, self._wanted = self._wanted, {}
        if wanted.get("record") is not None and self.view.select_id(wanted["record"]):
            self.view.setFocus()
            if self.has_panel:
                self.open_record(wanted["record"])
        if wanted.get("new"):
            self.add(wanted.get("values"))

    def open_record(self, record_id: uuid.UUID) -> None:
        """Open the detail panel."""
        self.panel.show_record(record_id)
        self.panel.show()

    def _on_clicked(self, index: Any) -> None:
        if self.model.columns[index.column()].kind != "check":
            self.open_record(self.model.id_at(index.row()))

    def _follow(self) -> None:
        current = self.view.current_id()
        if self.panel.isVisible() and current is not None and current != self.panel.record_id:
            self.panel.show_record(current, keep_tab=True)

    # --- keys ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter in the table is no search by first letter here: F goes to the filters."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        is_letter = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.text().isalpha()
        if is_letter:
            self.keyPressEvent(event)
        return is_letter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() == Qt.Key.Key_Escape and self.panel.isVisible():
            self.panel.close_panel()
        elif plain and event.key() == Qt.Key.Key_Escape and self.bar.describe():
            self.bar.clear()
        elif plain and event.key() == Qt.Key.Key_Escape and not self.view.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif plain and event.key() == Qt.Key.Key_F5:
            self.refresh()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.focus_search()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.paste():
            pass
        elif plain and event.key() == Qt.Key.Key_F2:
            self.edit()
        elif plain and event.key() == Qt.Key.Key_Delete and self.view.hasFocus():
            self.remove()
        elif plain and event.key() == Qt.Key.Key_F:
            self.bar.focus_filters()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.may_import and files.dropped_table(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.import_file(Path(files.dropped_table(event.mimeData().urls())))

    def add_side(self, widget: QWidget) -> None:
        """Put a column of the page's own at the right of everything."""
        self._outer.addWidget(widget)
