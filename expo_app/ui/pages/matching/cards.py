"""Suggestions of one subject: a card for each, with score, reasons, and what both sides said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import _
from expo_app.model import Answer
from expo_app.specs.reason_words import TONES, tell
from expo_app.specs.suggested import Card, Party
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import RIGHT, ElidedLabel, IconView, Label, Line, Meter, Pill, draw_box
from expo_app.ui.kit.panels import column, row

HEIGHT, GAP = 110, 10
"""px of a card and between two."""
BAR = (84, 6)
"""px of the score's bar."""
GREY_BELOW = 60
AT_FIRST, AT_ONCE = 6, 3
"""Cards shown at once, as many as a screen takes, and in each turn of the event loop after that."""
PILLS = {Answer.NOT_ASKED: "mute", Answer.WAITING: "warn", Answer.ACCEPTED: "ok", Answer.DECLINED: "bad"}


def answer_words(card: Card, party: Party, late: Collection[Party]) -> tuple[str, str]:
    """What a side said, and the kind of its pill; 已过期 where it let its term pass (`late`)."""
    said = card.said[party].answer
    if party in late:
        return _("已过期"), "bad"
    return said.label, PILLS[said]


def facts_of(card: Card, party: Party) -> str:
    """Organisation, region and maturity of what is suggested."""
    subject = card.of(party)
    trl = f"TRL {subject.trl}" if subject.trl else ""
    return " · ".join(filter(None, (subject.owner, subject.region, trl)))


def state_words(card: Card, zone: tzinfo | None, late: Collection[Party]) -> tuple[str, str]:
    """What stands at the right of a card, and its tone: a term, a reminder, what can be done next."""
    if card.meeting_no:
        return _("已约洽谈 {no}").format(no=card.meeting_no), "ok"
    if card.both_accepted:
        return _("可约洽谈"), "ok"
    asked = (party for party in Party if card.said[party].answer is Answer.WAITING and party not in late)
    if (waiting := next(asked, None)) is None or (term := card.said[waiting].answer_by) is None:
        return "", ""
    if card.said[waiting].reminded_at is not None:
        return _("{party}已提醒 1 次").format(party=_(waiting)), ""
    return _("{party} {day} 前答复").format(party=_(waiting), day=f"{term.astimezone(zone):%m-%d}"), ""


class SuggestionCard(QFrame):
    """Shows one suggestion after another: the parts stay, for making them is what costs. `picked` by a press;
    `acted(verb)`: judge, accept, take_back or compute, by its own buttons.
    """

    picked = Signal()
    acted = Signal(str)
    card: Card

    def __init__(self) -> None:
        super().__init__()
        self.is_chosen = False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        lines = column(self, 2)
        lines.setContentsMargins(14, 7, 14, 3)
        top = row(spacing=theme.Space.M)
        self._title = ElidedLabel("", "strong")
        self._meter = Meter(0, 100, "primary", BAR[1])
        self._meter.setFixedWidth(BAR[0])
        self._score = Label("", "strong")
        self._score.setFixedSize(26, 20)
        self._score.setAlignment(RIGHT)
        top.addWidget(self._title, 1)
        top.addWidget(self._meter)
        top.addWidget(self._score)
        lines.addLayout(top)
        self._facts, self._tags = ElidedLabel("", "fact"), _Tags()
        lines.addWidget(self._facts)
        lines.addWidget(self._tags)
        lines.addWidget(Line())
        self._judged, self._open = self._make_judged(), self._make_open()
        lines.addWidget(self._judged, 1)
        lines.addWidget(self._open, 1)

    def _make_judged(self) -> QWidget:
        """The foot of one that somebody called unsuitable."""
        held = QWidget()
        foot = row(held, theme.Space.S)
        self._why, self._take_back = ElidedLabel("", "fact"), self._button(_("撤回判断"), "link", "take_back")
        foot.addWidget(self._why, 1)
        foot.addWidget(self._take_back)
        return held

    def _make_open(self) -> QWidget:
        """The foot of any other: what both sides said, and what can be done."""
        held = QWidget()
        foot = row(held, theme.Space.S)
        self._answers = {party: Pill("") for party in Party}
        for party, pill in self._answers.items():
            foot.addWidget(Label(_(party), "fact"))
            foot.addWidget(pill)
        foot.addStretch(1)
        self._stale: list[QWidget] = [Label(_("题目已改"), "caption"), self._button(_("重新算"), "link", "compute")]
        self._offers: list[QWidget] = [
            self._button(_("不合适…"), "plain", "judge"),
            self._button(_("接受"), "primary", "accept"),
        ]
        self._state, self._can = Label("", "fact"), Label("", "caption.bold")
        for part in (*self._stale, *self._offers, self._state, self._can):
            foot.addWidget(part)
        return held

    def _button(self, words: str, kind: str, verb: str) -> Button:
        return Button(words, kind, clicked=partial(self.acted.emit, verb))

    def show_card(self, card: Card, shown: Party, zone: tzinfo | None, late: Collection[Party], may_edit: bool) -> None:
        """Show this one; `shown`: the side it tells of, the other one than the list's."""
        self.card = card
        subject = card.of(shown)
        self.setAccessibleName(f"{subject.read_title} {card.score}")
        self._title.set_text(subject.read_title)
        self._meter.set(max(0, card.score), 100, "primary" if card.score >= GREY_BELOW else "text.3")
        self._score.setText(f"{card.score}")
        self._facts.set_text(facts_of(card, shown))
        self._tags.set(card)
        self._judged.setVisible(card.unsuitable is not None)
        self._open.setVisible(card.unsuitable is None)
        if card.unsuitable is not None:
            at = f"{card.judged_at.astimezone(zone):%H:%M}" if card.judged_at else ""
            told = _("不合适：{why}").format(why=card.unsuitable_words or card.unsuitable.label)
            self._why.set_text(" · ".join(filter(None, (told, f"{card.judged_by} {at}".strip()))))
            self._take_back.setVisible(may_edit)
            return
        for party, pill in self._answers.items():
            pill.set(*answer_words(card, party, late))
        untouched = all(said.answer is Answer.NOT_ASKED for said in card.said.values())
        may_offer = untouched and may_edit and not card.is_stale
        words, tone = state_words(card, zone, late) if not may_offer else ("", "")
        for parts, is_shown in ((self._stale, card.is_stale), (self._offers, may_offer)):
            for part in parts:
                part.setVisible(is_shown)
        for label, is_meant in ((self._state, not tone), (self._can, bool(tone))):
            label.setText(words if is_meant else "")
            label.setVisible(bool(words) and is_meant)
        self._can.set_tone(tone)

    def set_chosen(self, on: bool) -> None:
        """Show that it is the one in focus."""
        self.is_chosen = on
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.picked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, edge = ("primary.soft", "primary") if self.is_chosen else ("bg.surface", "border")
        box, line = QRectF(self.rect()), 1.6 if self.is_chosen else 1
        draw_box(QPainter(self), box, theme.color(ground), theme.color(edge), line=line)


class _Tags(QWidget):
    """The reasons in short; what stands behind one is its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.Height.PILL)
        self._line = row(self, theme.Space.S)
        self._line.addStretch(1)
        self._pills: list[Pill] = []
        self._history = IconView("history-line", "text.2")
        self._line.addWidget(self._history)

    def set(self, card: Card) -> None:
        """Those of this suggestion."""
        told = tell(card.reasons)
        while len(self._pills) < len(told):
            self._line.insertWidget(len(self._pills), made := Pill("", shape=False))
            self._pills.append(made)
        for pill in self._pills[len(told) :]:
            pill.hide()
        self._line.removeWidget(self._history)
        self._history.hide()
        for place, (pill, one) in enumerate(zip(self._pills, told, strict=False)):
            pill.set(one.short, TONES[one.kind])
            pill.setToolTip(plain_text.shown(one.behind))
            pill.show()
            if one.kind == "history":
                self._line.insertWidget(place, self._history)
                self._history.show()


class CardList(QWidget):
    """The cards below each other; `picked(card)`, `acted(card, verb)`. `cards` are those made so far: what is far below
    the edge follows in the next turns of the event loop. `shown`: what all of them are of.
    """

    picked = Signal(object)
    acted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.shown: Sequence[Card] = ()
        self.cards: list[SuggestionCard] = []
        self._spare: list[SuggestionCard] = []
        self._show: Callable[[SuggestionCard, int], None] = lambda _made, _place: None
        self._lines = column(self, GAP)
        self._lines.addStretch(1)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._show_more)

    def show_cards(
        self,
        cards: Sequence[Card],
        shown: Party,
        zone: tzinfo | None,
        late: Sequence[Collection[Party]],
        may_edit: bool,
    ) -> None:
        """These cards in place of those before."""

        def show(made: SuggestionCard, place: int) -> None:
            made.show_card(cards[place], shown, zone, late[place], may_edit)
            made.set_chosen(False)
            made.show()

        self.shown, self._show = cards, show
        self._spare, self.cards = [*self.cards, *self._spare], []
        self._show_more(AT_FIRST)
        for unused in self._spare:
            unused.hide()

    def _show_more(self, count: int = AT_ONCE) -> None:
        for place in range(len(self.cards), min(len(self.shown), len(self.cards) + count)):
            made = self._spare.pop(0) if self._spare else self._make(place)
            self._show(made, place)
            self.cards.append(made)
        if len(self.cards) < len(self.shown):
            self._next.start()

    def _make(self, place: int) -> SuggestionCard:
        made = SuggestionCard()
        made.picked.connect(lambda: self.picked.emit(made.card))
        made.acted.connect(lambda verb: self.acted.emit(made.card, verb))
        self._lines.insertWidget(place, made)
        return made

    def choose(self, card: Card | None) -> SuggestionCard | None:
        """Mark one; the widget that is marked."""
        found = None
        place = next((n for n, one in enumerate(self.shown) if card is not None and one.id == card.id), -1)
        self._show_more(max(0, place + 1 - len(self.cards)))
        for made in self.cards:
            is_it = card is not None and made.card.id == card.id
            made.set_chosen(is_it)
            found = made if is_it else found
        return found
