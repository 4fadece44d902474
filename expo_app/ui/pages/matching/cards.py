"""Suggestions of one subject: a card for each, with score, reasons, and what both sides said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy, QWidget

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
PILLS = {Answer.NOT_ASKED: "mute", Answer.WAITING: "warn", Answer.ACCEPTED: "ok", Answer.DECLINED: "bad"}


def answer_pill(card: Card, party: Party, is_late: bool) -> Pill:
    """What a side said; 已过期 where it let its term pass."""
    said = card.said[party].answer
    if said is Answer.WAITING and is_late:
        return Pill(_("已过期"), "bad")
    return Pill(said.label, PILLS[said])


def facts_of(card: Card, party: Party) -> str:
    """Organisation, region and maturity of what is suggested."""
    subject = card.of(party)
    trl = f"TRL {subject.trl}" if subject.trl else ""
    return " · ".join(filter(None, (subject.owner, subject.region, trl)))


def state_words(card: Card, zone: tzinfo | None, is_late: bool) -> tuple[str, str]:
    """What stands at the right of a card, and its tone: a term, a reminder, what can be done next."""
    if card.meeting_no:
        return _("已约洽谈 {no}").format(no=card.meeting_no), "ok"
    if card.both_accepted:
        return _("可约洽谈"), "ok"
    waiting = next((party for party in Party if card.said[party].answer is Answer.WAITING), None)
    if waiting is None or is_late or card.answer_by is None:
        return "", ""
    if card.reminded_at is not None:
        return _("{party}已提醒 1 次").format(party=_(waiting)), ""
    return _("{party} {day} 前答复").format(party=_(waiting), day=f"{card.answer_by.astimezone(zone):%m-%d}"), ""


class SuggestionCard(QFrame):
    """`picked` by a press; `acted(verb)`: judge, accept, take_back or compute, by its own buttons."""

    picked = Signal()
    acted = Signal(str)

    def __init__(self, card: Card, shown: Party, zone: tzinfo | None, is_late: bool, may_edit: bool) -> None:
        """`shown`: the side it tells of, the other one than the list's."""
        super().__init__()
        self.card, self.is_chosen = card, False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        subject = card.of(shown)
        self.setAccessibleName(f"{subject.read_title} {card.score}")
        lines = column(self, 2)
        lines.setContentsMargins(14, 7, 14, 3)
        top = row(spacing=theme.Space.M)
        top.addWidget(ElidedLabel(subject.read_title, "strong"), 1)
        meter = Meter(max(0, card.score), 100, "primary" if card.score >= GREY_BELOW else "text.3", BAR[1])
        meter.setFixedWidth(BAR[0])
        top.addWidget(meter)
        score = Label(f"{card.score}", "strong")
        score.setFixedSize(26, 20)
        score.setAlignment(RIGHT)
        top.addWidget(score)
        lines.addLayout(top)
        lines.addWidget(ElidedLabel(facts_of(card, shown), "fact"))
        lines.addWidget(_tags(card))
        lines.addWidget(Line())
        lines.addLayout(self._make_foot(zone, is_late, may_edit), 1)

    def _make_foot(self, zone: tzinfo | None, is_late: bool, may_edit: bool) -> QLayout:
        card, foot = self.card, row(spacing=theme.Space.S)
        if card.unsuitable is not None:
            at = f"{card.judged_at.astimezone(zone):%H:%M}" if card.judged_at else ""
            why = card.unsuitable_words or card.unsuitable.label
            told = _("不合适：{why}").format(why=why)
            foot.addWidget(ElidedLabel(" · ".join(filter(None, (told, f"{card.judged_by} {at}".strip()))), "fact"), 1)
            if may_edit:
                foot.addWidget(Button(_("撤回判断"), "link", clicked=lambda: self.acted.emit("take_back")))
            return foot
        for party in Party:
            foot.addWidget(Label(_(party), "fact"))
            foot.addWidget(answer_pill(card, party, is_late))
        foot.addStretch(1)
        if card.is_stale:
            foot.addWidget(Label(_("题目已改"), "caption"))
            foot.addWidget(Button(_("重新算"), "link", clicked=lambda: self.acted.emit("compute")))
        words, tone = state_words(card, zone, is_late)
        untouched = all(said.answer is Answer.NOT_ASKED for said in card.said.values())
        if untouched and may_edit and not card.is_stale:
            for words, kind, verb in ((_("不合适…"), "plain", "judge"), (_("接受"), "primary", "accept")):
                foot.addWidget(Button(words, kind, clicked=partial(self.acted.emit, verb)))
        elif words:
            foot.addWidget(Label(words, "caption.bold" if tone else "fact", tone))
        return foot

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


class _Tag(Pill):
    """A reason; what stands behind it is its tooltip."""

    def __init__(self, words: str, kind: str, tip: str) -> None:
        super().__init__(words, kind, shape=False)
        self.setToolTip(plain_text.shown(tip))


def _tags(card: Card) -> QWidget:
    held = QWidget()
    held.setFixedHeight(theme.Height.PILL)
    line = row(held, theme.Space.S)
    for told in tell(card.reasons):
        if told.kind == "history":
            line.addWidget(IconView("history-line", "text.2"))
        line.addWidget(_Tag(told.short, TONES[told.kind], told.behind))
    line.addStretch(1)
    return held


class CardList(QWidget):
    """The cards below each other; `picked(card)`, `acted(card, verb)`."""

    picked = Signal(object)
    acted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[SuggestionCard] = []
        self._lines = column(self, GAP)
        self._lines.addStretch(1)

    def show_cards(
        self, cards: Sequence[Card], shown: Party, zone: tzinfo | None, late: Sequence[bool], may_edit: bool
    ) -> None:
        """These cards in place of those before."""
        for old in self.cards:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = []
        for place, (card, is_late) in enumerate(zip(cards, late, strict=True)):
            made = SuggestionCard(card, shown, zone, is_late, may_edit)
            made.picked.connect(lambda card=card: self.picked.emit(card))
            made.acted.connect(lambda verb, card=card: self.acted.emit(card, verb))
            self._lines.insertWidget(place, made)
            self.cards.append(made)

    def choose(self, card: Card | None) -> SuggestionCard | None:
        """Mark one; the widget that is marked."""
        found = None
        for made in self.cards:
            is_it = card is not None and made.card.id == card.id
            made.set_chosen(is_it)
            found = made if is_it else found
        return found
