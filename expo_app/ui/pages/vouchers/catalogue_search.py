"""The search of the catalogue: line, kinds, facets, list and foot; what is found is shown at every key."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from expo_app.i18n import _
from expo_app.rules.catalogue import CATEGORY, FACETS, ORDERS, REGION, TAKES, Entry, Found, Kind, Wanted
from expo_app.services.catalogue import Shelf
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import ChipRow
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import NoResult, StateStack
from expo_app.ui.kit.table import Row
from expo_app.ui.kit.table_card import TableCard
from expo_app.ui.pages.vouchers import catalogue_words
from expo_app.ui.pages.vouchers.catalogue_facets import FacetColumn
from expo_app.ui.pages.vouchers.catalogue_list import ResourceView

AT_ONCE = 0
"""Milliseconds after a key: finding takes less than a frame."""


class CatalogueSearch(QWidget):
    """`chosen_changed`: another resource, or other ones, in focus; `details_wanted` by a click or →, `use_wanted` by
    Enter. Counts follow once the list is painted.
    """

    chosen_changed = Signal()
    details_wanted = Signal()
    use_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shelf: Shelf | None = None
        self.found: Found | None = None
        self._rows: Sequence[Row] = ()
        self._usual: dict[Kind, Found] = {}
        self._order, self._descending = ORDERS[0], False
        self._after = QTimer(self, singleShot=True, interval=0)
        self._after.timeout.connect(self._show_counts)
        lines = column(self, theme.Space.M)
        bar = row(spacing=theme.Space.S)
        self.search = SearchField(_("名称、型号、机构、拼音首字母"), AT_ONCE)
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
        self._set_up_view()
        card = TableCard(self.view)
        card.add_below(self._make_foot())
        self._results = StateStack(card)
        body.addWidget(self._results, 1)
        lines.addLayout(body, 1)

    def _set_up_view(self) -> None:
        view = self.view
        view.rows_model.sort_by(self._order)
        view.rows_model.sort_requested.connect(self._on_sort)
        view.row_selected.connect(lambda _key: self._after.start())
        view.selectionModel().selectionChanged.connect(lambda *_which: self._after.start())
        view.opened.connect(lambda _key: self.use_wanted.emit())
        view.clicked.connect(lambda _index: self.details_wanted.emit())
        for key, call in (("F", self.facets.focus_first), ("Right", self.details_wanted.emit)):
            shortcut = QShortcut(QKeySequence(key), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)

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

    def show_shelf(self, shelf: Shelf, rows: Sequence[Row]) -> None:
        """Another reading of the catalogue, with a row for each entry; what is looked for stays. The first one begins
        with a kind that has something.
        """
        if self._shelf is None:
            counts = shelf.catalogue.find(Wanted(self.kind)).kinds
            self.kinds.choose(next((kind for kind in (self.kind, *Kind) if counts.get(kind)), self.kind))
        self._shelf, self._rows, self._usual = shelf, rows, {}
        self.view.take_issuers(shelf.catalogue.issuers)
        self.view.resources.take(rows)
        day = shelf.catalogue.day
        self.view.rows_model.is_faded = lambda line: not line[1].is_listed(day)
        self.view.set_head(_(catalogue_words.KIND_HEADS[self.kind]))
        self.show_found()
        self.view.fit()

    # --- finding ---

    @property
    def kind(self) -> Kind:
        return self.kinds.key if isinstance(self.kinds.key, Kind) else Kind.INSTRUMENT

    def wanted(self) -> Wanted:
        """What is looked for as it stands in the face."""
        return Wanted(self.kind, self.search.text(), self.facets.ticked, self._order, self._descending)

    def show_found(self) -> None:
        """Find and show, at once."""
        shelf = self._shelf
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
            self._results.show_state(NoResult(_("资源"), _("换个词，或清除条件。"), self.clear))
        self._after.start()

    def _show_counts(self) -> None:
        """What else could be ticked, and how many that would leave."""
        self.chosen_changed.emit()
        shelf, found = self._shelf, self.found
        if shelf is None or found is None:
            return
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
        self.facets.show_counts(self._facet_title, values, found.counts)
        self.kinds.set_items(catalogue_words.kind_chips(found.kinds))

    def _facet_title(self, name: str) -> str:
        return catalogue_words.facet_title(name, self.kind)

    def clear(self) -> None:
        """Take every condition away."""
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

    # --- what is chosen ---

    def chosen(self) -> Entry | None:
        """The resource of the row in focus."""
        index = self.view.currentIndex()
        return self.view.rows_model.row(index.row())[1] if index.isValid() else None

    def all_chosen(self) -> list[Entry]:
        """All that are chosen, from top to bottom."""
        places = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self.view.rows_model.row(place)[1] for place in places]

    def bring(self, key: uuid.UUID) -> bool:
        """Show one resource, whatever was ticked; False where it is gone."""
        entry = next((line[1] for line in self._rows if line[0] == key), None)
        if entry is None:
            return False
        self.kinds.choose(entry.kind)
        self.clear()
        return self.view.select_id(key)
