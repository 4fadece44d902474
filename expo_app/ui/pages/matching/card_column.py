"""The middle of 建议: how many suggestions a subject has, their cards, and those that are folded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from expo_app.i18n import _
from expo_app.specs.suggested import LOW, Card, Party
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label
from expo_app.ui.kit.panels import column, row, scrolled
from expo_app.ui.kit.placeholders import StateStack
from expo_app.ui.pages.matching.cards import CardList

LEAST = 300
"""px that the cards have at least."""


class CardColumn(QWidget):
    """`cards` tells what is picked and done; `unfolded`: those below 40 points are wanted as well."""

    unfolded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(LEAST)
        lines = column(self, theme.Space.S)
        head = row(spacing=theme.Space.M)
        self.count = Label("", "section")
        head.addWidget(self.count)
        note = _("按分数 · 分数由各项理由相加，权重可改 · 只在本机计算，不发给任何人")
        head.addWidget(ElidedLabel(note, "caption"), 1)
        lines.addLayout(head)
        held = QWidget()
        held.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # as wide as there is room
        inside = column(held, theme.Space.S)
        self.cards = CardList()
        inside.addWidget(self.cards)
        folded = row()
        self.folded, self.unfold = Label("", "fact"), Button(_("展开"), "link", clicked=self.unfolded.emit)
        folded.addWidget(self.folded)
        folded.addStretch(1)
        folded.addWidget(self.unfold)
        inside.addLayout(folded)
        inside.addStretch(1)
        self._area = scrolled(held)
        self._states = StateStack(self._area)
        lines.addWidget(self._states, 1)

    def show_cards(
        self, cards: Sequence[Card], party: Party, zone: tzinfo | None, now: datetime, may_edit: bool, whole: bool
    ) -> Sequence[Card]:
        """Show them, told by what `party` brings; those shown. Of weak ones nobody spoke of, unless `whole`, the number
        alone is told; where there are no others they are shown.
        """
        shown = cards if whole else [card for card in cards if card.score >= LOW or card.is_spoken_of]
        shown = shown or cards
        self.count.setText(_("建议 {n} 条").format(n=len(cards)))
        self.cards.show_cards(shown, party, zone, [card.late(now) for card in shown], may_edit)
        hidden = len(cards) - len(shown)
        self.folded.setText(_("还有 {n} 条低于 {low} 分，已收起").format(n=hidden, low=LOW) if hidden else "")
        self.unfold.setVisible(bool(hidden))
        self._states.show_content()
        return shown

    def show_state(self, state: QWidget) -> None:
        """Say this in place of cards."""
        self._states.show_state(state)

    def choose(self, card: Card | None) -> None:
        """Mark one, and bring it into sight."""
        made = self.cards.choose(card)
        if made is not None:
            self._area.ensureWidgetVisible(made, 0, theme.Space.M)
