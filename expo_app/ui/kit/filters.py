"""Search, filter chips and drop-downs of a list, with how many rows each choice would leave.

A `Facet` is a field to choose one value of; a `Toggle` is a condition to switch on; `only` narrows the list to the
records behind a published figure, under a chip that takes this away again. One pass over the rows counts for
every choice what the other conditions leave, so that a number on a chip is what a press on it shows.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import Labelled, _
from expo_app.rules.search_key import search_terms
from expo_app.ui.kit import tab_order, theme
from expo_app.ui.kit.buttons import Button, Chip, ChipRow, MenuButton
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import column, row

Row = Sequence[Any]
ALL: Hashable = None  # the key of 全部
UNFILLED: Hashable = ("unfilled",)  # the key of 未填: rows that say nothing, so that the choices add up to 全部
MOST_CHIPS, FEW_MEMBERS = 8, 5
SEARCH_WIDTH, NARROW_SEARCH = 264, 200


@dataclass(frozen=True)
class Facet:
    """`key(row)` gives the value to choose by (hashable; None for missing), `words(key)` its label.

    `known` values are offered even when no row has them; without it values are offered as they occur, most first.
    Rows without a value are the last choice, 未填.
    """

    name: str
    label: str
    key: Callable[[Row], Hashable]
    words: Callable[[Any], str]
    known: Callable[[], Sequence[Hashable]] = tuple
    several: bool = False
    """`key(row)` gives a tuple of values; a row is found by each of its own."""

    def said(self, key: Hashable) -> str:
        """The label of a choice."""
        return _("全部") if key is ALL else _("未填") if key == UNFILLED else self.words(key)


@dataclass(frozen=True)
class Toggle:
    """A condition to switch on: `Toggle("absent", _("未到场"), lambda row: …)`."""

    name: str
    label: str
    keep: Callable[[Row], bool]


@dataclass(frozen=True)
class Coded:
    """What a facet or toggle says of each row, as small numbers: those are counted fast, enums and keys are not.

    `values[code]`: all that a row with this number says, one thing but where a facet takes several.
    """

    codes: Sequence[int]
    values: Sequence[tuple[Hashable, ...]]

    @classmethod
    def of(cls, part: Callable[[Row], Hashable], rows: Iterable[Row], several: bool = False) -> "Coded":
        """What `part` gives (`several`: tuples of values), each under the number of its first appearance."""
        known: dict[Any, int] = {}
        codes = [known.setdefault(part(row), len(known)) for row in rows]
        said = [value or (UNFILLED,) for value in known] if several else [(value,) for value in known]
        return cls(codes, [(UNFILLED,) if value == (None,) else value for value in said])

    def saying(self, value: Hashable) -> frozenset[int]:
        """The numbers of the rows that say it; none where no row does."""
        return frozenset(code for code, said in enumerate(self.values) if value in said)

    def only(self, places: Iterable[int], wanted: frozenset[int]) -> list[int]:
        """Those of the rows at `places` that have one of these numbers."""
        codes = self.codes
        return [place for place in places if codes[place] in wanted]

    def count(self, places: Sequence[int]) -> Counter[Hashable]:
        """How many of the rows at `places` say what, and under ALL how many there are."""
        counted: Counter[Hashable] = Counter({ALL: len(places)})
        for code, n in Counter(map(self.codes.__getitem__, places)).items():
            for value in self.values[code]:
                counted[value] += n
        return counted


Keys = list[Coded]


class FacetMenu(MenuButton):
    """A facet as a drop-down: 产业：全部 ▾."""

    chosen = Signal(object)

    def __init__(self, facet: Facet) -> None:
        super().__init__("", self._fill_menu, "chip", "arrow-down-s-line")
        self.facet, self.key = facet, ALL
        self.items: list[tuple[Hashable, str, int]] = []
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.show_key(ALL)

    def show_key(self, key: Hashable) -> None:
        """Show a choice without a signal."""
        self.key = key
        self.set_text(_("{label}：{words}").format(label=self.facet.label, words=self.facet.said(key)))
        self.setProperty("on", key is not ALL)
        self.set_kind("chip")

    def _fill_menu(self, menu: Menu) -> None:
        for key, words, count in self.items:
            action = menu.add(f"{words}  {count:,}", partial(self._on_chosen, key), ticked=key == self.key)
            action.setEnabled(bool(count) or key is ALL)

    def _on_chosen(self, key: Hashable) -> None:
        self.show_key(key)
        self.chosen.emit(key)


class FilterBar(QWidget):
    """Two lines above a table. `changed` when the person (or `choose`) chose otherwise; `found` are the rows
    left, None: all."""

    changed = Signal()

    def __init__(
        self,
        facets: Sequence[Facet],
        toggles: Sequence[Toggle],
        placeholder: str,
        terms_of: Callable[[str], tuple[tuple[str, ...], ...]] = search_terms,
        one_line: bool = False,
    ) -> None:
        """`terms_of`: what each word of a search is looked for as; of its spellings one is enough. `one_line`: all
        facets are menus beside the search, for a list that shares its page."""
        super().__init__()
        self._one_line = one_line
        self._terms_of = terms_of
        self.facets, self.toggles = tuple(facets), tuple(toggles)
        self._rows: list[Row] = []
        self._keys: Keys = self.keys_of(())  # a choice may come before the first rows
        self._wanted: dict[str, Hashable] = {}
        self._terms: tuple[tuple[str, ...], ...] = ()
        self._only: frozenset[Hashable] | None = None
        self._only_words = ""
        self.found: list[Row] | None = None
        self._all: list[Counter[Hashable]] = [Counter() for _part in (*self.facets, *self.toggles)]
        self.search = SearchField(placeholder)
        self.search.searched.connect(self._on_search)
        self.search.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.search.setFixedWidth(self.search.fitting_width(NARROW_SEARCH if one_line else SEARCH_WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)  # chips may need a second line
        self.setProperty(tab_order.RANK, -1)  # before the buttons above it: one comes to a list to look for something
        self._make()

    def _make(self) -> None:
        lines = column(self, theme.Space.S)
        first = row(spacing=theme.Space.S if self._one_line else theme.Space.L)
        self.lead = row(spacing=0)  # what a page puts before the search
        first.addLayout(self.lead)
        first.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._chips = ChipRow()
        self._chips.chosen.connect(lambda key: self._want(self.facets[0].name, key))
        self._chips.setContentsMargins(0, 2, 0, 2)
        lines.addLayout(first)
        second = first
        if not self._one_line:
            first.addWidget(self._chips, 1)
            second = row(spacing=theme.Space.S)
            lines.addLayout(second)
        left = QWidget()
        flow = FlowLayout(left, theme.Space.S)
        self.only_chip = Chip("", 0)
        self.only_chip.clicked.connect(lambda _on: self.only(None))
        self._clear = Button(_("清除"), "link", clicked=self.clear)
        if self._one_line:
            flow.addWidget(self.only_chip)
            flow.addWidget(self._clear)
        self._menus = {facet.name: FacetMenu(facet) for facet in self.facets}
        for name, menu in self._menus.items():
            menu.chosen.connect(partial(self._want, name))
            flow.addWidget(menu)
        self._switches = {toggle.name: Chip(toggle.label, 0) for toggle in self.toggles}
        for name, chip in self._switches.items():
            chip.clicked.connect(partial(self._on_switch, name))
            flow.addWidget(chip)
        if not self._one_line:
            flow.addWidget(self.only_chip)
        second.addWidget(left, 1)
        self.side = row(spacing=0)  # the bulk actions stand here
        second.addLayout(self.side)
        self._left = left

    # --- rows in, ids out ---

    def keys_of(self, rows: Sequence[Row]) -> Keys:
        """What every facet and toggle says of the rows; touches no widget, so that a worker may do it."""
        said = [Coded.of(facet.key, rows, facet.several) for facet in self.facets]
        return said + [Coded.of(toggle.keep, rows) for toggle in self.toggles]

    def set_rows(self, rows: Iterable[Row], keys: Keys | None = None) -> None:
        """Count and filter these rows; `keys` where `keys_of` was asked before."""
        self._rows = list(rows)
        self._keys = self.keys_of(self._rows) if keys is None else keys
        self._all = [coded.count(range(len(self._rows))) for coded in self._keys]
        self.count()

    def count(self) -> None:
        """Which rows meet everything, and for each facet how many would under each of its values."""
        if not self._wanted and not self._terms and self._only is None:
            self.found = None
            self._show(self._all)
            return
        places: Sequence[int] = range(len(self._rows))
        if self._only is not None:
            places = [place for place in places if self._rows[place][0] in self._only]
        for term in self._terms:
            places = [place for place in places if any(spelling in self._rows[place][-1] for spelling in term)]
        names = [facet.name for facet in self.facets] + [toggle.name for toggle in self.toggles]
        asked = {n: self._keys[n].saying(self._wanted[name]) for n, name in enumerate(names) if name in self._wanted}
        met = places
        for n, codes in asked.items():
            met = self._keys[n].only(met, codes)
        self.found = [self._rows[place] for place in met]
        counts = [coded.count(met) for coded in self._keys]
        for n in asked:  # what its other values would leave
            near = places
            for m, codes in asked.items():
                near = near if m == n else self._keys[m].only(near, codes)
            counts[n] = self._keys[n].count(near)
        self._show(counts)

    def _show(self, counts: Sequence[Counter[Hashable]]) -> None:
        for place, facet in enumerate(self.facets):
            items = self._items(place, facet, counts[place])
            as_chips = place == 0 and not self._one_line and len(items) <= MOST_CHIPS + 1
            self._menus[facet.name].items = items
            self._menus[facet.name].show_key(self._wanted.get(facet.name, ALL))
            self._menus[facet.name].setHidden(as_chips or len(items) < 3)
            if place == 0:
                self._chips.set_items(items if as_chips else [])
                self._chips.setVisible(as_chips)
                if as_chips:
                    self._chips.choose(self._wanted.get(facet.name, ALL))
        for place, toggle in enumerate(self.toggles, len(self.facets)):
            self._switches[toggle.name].set_count(counts[place][True])
            self._switches[toggle.name].setChecked(toggle.name in self._wanted)
        self.only_chip.setHidden(self._only is None)
        self.only_chip.setChecked(self._only is not None)
        if self._only is not None:
            self.only_chip.set_words(self._only_words)
            self.only_chip.set_count(sum(row[0] in self._only for row in self._rows))
        self._clear.setHidden(not self._one_line or not (self._wanted or self._only is not None))
        parts = (*self._menus.values(), *self._switches.values(), self.only_chip)
        self._left.setVisible(self._one_line or any(not part.isHidden() for part in parts))

    def _items(self, place: int, facet: Facet, counts: Counter[Hashable]) -> list[tuple[Hashable, str, int]]:
        there = [key for key, _n in self._all[place].most_common() if key not in (ALL, UNFILLED)]
        every = facet.known()
        known = [key for key in every if key in there or len(every) <= FEW_MEMBERS]
        keys = known + [key for key in there if key not in known]
        keys += [UNFILLED] if UNFILLED in self._all[place] else []
        chosen = self._wanted.get(facet.name, ALL)
        keys += [chosen] if chosen is not ALL and chosen not in keys else []  # no row has it, or none is there yet
        return [(ALL, facet.said(ALL), counts[ALL]), *((key, facet.said(key), counts[key]) for key in keys)]

    # --- choices ---

    @property
    def wanted(self) -> dict[str, Hashable]:
        """What is chosen: facet name → key, toggle name → True."""
        return dict(self._wanted)

    def choose(self, search: str | None = None, **wanted: Hashable) -> None:
        """Choose as if by hand: `choose(search="shd", state=ExhibitorState.ARRIVED, absent=True)`; None takes away."""
        if search is not None:
            self.search.set_text(search)
            self._terms = self._terms_of(search)
        self._set(wanted)

    def _set(self, wanted: Mapping[str, Hashable]) -> None:
        switches = [toggle.name for toggle in self.toggles]
        for name, key in wanted.items():
            if key is ALL or (key is False and name in switches):  # 否 is a choice of a facet
                self._wanted.pop(name, None)
            else:
                self._wanted[name] = key
        self._again()

    def only(self, ids: Collection[Hashable] | None, words: str = "") -> None:
        """Show none but these records, which `words` name; None shows all again."""
        self._only, self._only_words = None if ids is None else frozenset(ids), words
        self._again()

    @property
    def is_narrowed(self) -> bool:
        """Whether only some records are shown, whatever else is chosen."""
        return self._only is not None

    def clear(self) -> None:
        """Take every condition away."""
        self._wanted.clear()
        self._only = None
        self.choose(search="")

    def describe(self) -> str:
        """The conditions in words: 浙江 · 未到场 · qn."""
        words = [facet.said(self._wanted[facet.name]) for facet in self.facets if facet.name in self._wanted]
        words += [toggle.label for toggle in self.toggles if toggle.name in self._wanted]
        words += [self._only_words] if self._only is not None else []
        return " · ".join([*words, *filter(None, [self.search.text().strip()])])

    def focus_filters(self) -> None:
        """Put the focus on the first filter."""
        chips = [self._chips.chip(self._chips.key)] if self._chips.isVisible() else []
        parts = (*chips, *self._menus.values(), *self._switches.values(), self.only_chip)
        shown = [w for w in parts if w.isVisible()]
        if shown:
            shown[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_search(self, text: str) -> None:
        self._terms = self._terms_of(text)
        self._again()

    def _want(self, name: str, key: Hashable) -> None:
        self._set({name: key})

    def _on_switch(self, name: str) -> None:
        """Qt leaves out whether it is on where the slot is a partial: the chip itself says so."""
        self._set({name: self._switches[name].isChecked()})

    def _again(self) -> None:
        self.count()
        self.changed.emit()


def enum_facet(name: str, label: str, choices: type[Labelled], key: Callable[[Row], Hashable]) -> Facet:
    """A facet over an enum column, in the enum's order."""
    return Facet(name, label, key, lambda member: member.label, lambda: tuple(choices))


def choices_facet(name: str, label: str, choices: type[Labelled], key: Callable[[Row], Sequence[str] | None]) -> Facet:
    """A facet over a column of several members of an enum, kept by their names: a row is found by each of them."""
    known = choices.__members__

    def members(row: Row) -> tuple[Hashable, ...]:
        names = key(row)
        return tuple(known[name] for name in names if name in known) if isinstance(names, list) else ()

    return Facet(name, label, members, lambda member: member.label, lambda: tuple(choices), several=True)
