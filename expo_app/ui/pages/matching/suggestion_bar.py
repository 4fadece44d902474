"""Above and below the cards of 建议: whose cards stand at the left, which of them, and the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from expo_app.i18n import N_, _
from expo_app.rules.search_key import search_terms
from expo_app.specs.suggested import Board, Party, Subject
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import ChipRow, Segmented
from expo_app.ui.kit.fields import SearchField
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label
from expo_app.ui.kit.panels import row
from expo_app.ui.pages.matching.subjects import Entry

SIDES = {Party.DEMAND: N_("需求"), Party.SUPPLY: N_("供给")}
KINDS = {"all": N_("全部"), "with": N_("有建议"), "open": N_("待处理"), "none": N_("无建议")}
KEYS = (
    ("↑↓", N_("需求")), ("←→", N_("建议")), ("A", N_("接受")), ("X", N_("不合适")), ("M", N_("约洽谈")),
)  # fmt: skip


class SuggestionBar(QWidget):
    """`turned`: the other Party is wanted at the left; `changed`: other words or another chip."""

    turned = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        bar = row(self, spacing=theme.Space.S)
        self.turn = Segmented([(party, _(words)) for party, words in SIDES.items()])
        self.turn.chosen.connect(lambda key: self.turned.emit(Party(key)))
        self.search = SearchField(_("单位、题目、关键词、拼音"))
        self.search.searched.connect(lambda _text: self.changed.emit())
        self.search.setFixedWidth(self.search.fitting_width(150))
        self.chips = ChipRow([(key, _(words), 0) for key, words in KINDS.items()], wrap=False)
        self.chips.chosen.connect(lambda _key: self.changed.emit())
        bar.addWidget(self.turn)
        bar.addWidget(self.search)
        bar.addWidget(self.chips)
        bar.addStretch(1)

    def show_sides(self, board: Board) -> None:
        """How many there are of each side."""
        for party, subjects in ((Party.DEMAND, board.demands), (Party.SUPPLY, board.supply)):
            self.turn.button(party).set_text(f"{_(SIDES[party])} {len(subjects):,}")

    def means(self, subject: Subject) -> bool:
        """Whether the search means it."""
        return all(any(one in subject.search for one in term) for term in search_terms(self.search.text()))

    def show_kinds(self, found: Sequence[Entry]) -> Mapping[str, Sequence[Entry]]:
        """How many of those found each chip means; which those are."""
        kinds = {
            "all": found, "with": [one for one in found if one.count], "open": [one for one in found if one.has_open],
            "none": [one for one in found if not one.count],
        }  # fmt: skip
        self.chips.set_items([(key, _(KINDS[key]), len(entries)) for key, entries in kinds.items()])
        return kinds


class SuggestionFoot(QWidget):
    """`told`, and the keys beside it."""

    def __init__(self) -> None:
        super().__init__()
        foot = row(self, spacing=theme.Space.XS)
        self.told = ElidedLabel("", "fact")
        foot.addWidget(self.told, 1)
        for keys, words in KEYS:
            foot.addWidget(KeyCap(keys))
            foot.addWidget(Label(_(words), "fact"))
            foot.addSpacing(theme.Space.XS)
