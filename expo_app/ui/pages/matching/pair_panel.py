"""Both sides of a suggestion side by side, why it is suggested, and what can be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from expo_app.i18n import N_, _
from expo_app.model import Answer
from expo_app.rules.amounts import in_words
from expo_app.specs.reason_words import tell
from expo_app.specs.suggested import Card, Party, Subject
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.labels import ElidedLabel, Label, Meter, SectionTitle, breakable
from expo_app.ui.kit.panels import DetailPanel, clear, column, row
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.pages.matching.cards import answer_words
from expo_app.ui.parts.contact_row import ContactRow, reveal_phone

WIDTH = 372
CAPTION = 56
"""px that the words of a line have at least."""
WITHDRAW = {"withdraw_demand": Party.DEMAND, "withdraw_supply": Party.SUPPLY}
"""Acts that take back what a side said."""
LONGEST = 90
"""Characters of a text that the comparison shows; the whole is its tooltip and in its record."""


@dataclass(frozen=True)
class Row:
    """A line of the comparison; `agrees`: both say the same."""

    words: str
    of: Callable[[Subject], str]
    agrees: Callable[[Card], bool] = lambda _card: False


def _amount(subject: Subject) -> str:
    if subject.amount is None:
        return ""
    if subject.spec == "service-items":
        unit = f" / {subject.unit}" if subject.unit else ""
        return _("报价 {amount} 元").format(amount=f"{subject.amount:,.2f}") + unit
    words = _("预算 {amount}") if subject.spec == "demands" else _("报价 {amount}")
    return words.format(amount=in_words(subject.amount))


def _term(subject: Subject) -> str:
    if subject.term is not None:
        return _("{day} 前").format(day=subject.term.isoformat())
    return _("成熟度 TRL {n}").format(n=subject.trl) if subject.trl else ""


def _same(card: Card, of: Callable[[Subject], str]) -> bool:
    """Both say it, and the same: two that say nothing agree on nothing."""
    return bool(of(card.demand)) and of(card.demand) == of(card.supply)


ROWS = (
    Row(N_("单位"), lambda one: one.owner),
    Row(N_("地区"), lambda one: one.region,
        lambda card: _same(card, lambda one: one.region if one.side.region else "")),
    Row(N_("领域"), lambda one: _(one.side.field) if one.side.field else "",
        lambda card: _same(card, lambda one: one.side.field)),
    Row(N_("题目"), lambda one: one.read_title),
    Row(N_("指标"), lambda one: one.indicators),
    Row(N_("方式"), lambda one: _("、").join(one.ways), lambda card: "way" in card.reasons),
    Row(N_("金额"), _amount),
    Row(N_("时限"), _term),
    Row(N_("知识产权"), lambda one: one.ip),
    Row(N_("在场"), lambda one: one.there),
)  # fmt: skip


class _Line(QFrame):
    """One line: caption, demand, supply; green where they agree."""

    def __init__(self, words: str, demand: str, supply: str, agrees: bool, is_head: bool = False) -> None:
        super().__init__()
        self._agrees, self._is_head = agrees, is_head
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, theme.Space.S, 6)
        grid.setHorizontalSpacing(theme.Space.S)
        caption = Label(words, "caption", wrap=True)
        caption.setFixedWidth(_caption())
        grid.addWidget(caption, 0, 0, Qt.AlignmentFlag.AlignTop)
        for place, text in enumerate((demand, supply), 1):
            whole = " ".join(text.split())
            shown = Label(breakable(_cut(whole)) or "—", "caption.bold" if is_head else "fact", wrap=True)
            shown.setToolTip(Label(whole).text() if len(whole) > LONGEST else "")
            shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            shown.setAccessibleName(f"{words} {whole}")
            grid.addWidget(shown, 0, place)
            grid.setColumnStretch(place, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_head:
            painter.fillRect(self.rect(), theme.color("bg.subtle"))
            return
        if self._agrees:
            box = QRectF(self.rect()).adjusted(_caption() + 4, 1, 0, -2)
            painter.fillRect(box, theme.color("ok.soft"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))


def _caption() -> int:
    metrics = QFontMetrics(theme.font("caption"))
    return max(CAPTION, *(metrics.horizontalAdvance(_(one.words)) + 2 for one in ROWS))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class PairPanel(DetailPanel):
    """`act(verb)` is called by its buttons: judge, answer, ask, remind, accept, meet, take_back, open_demand,
    open_supply, and those of WITHDRAW.
    """

    def __init__(self, context: Context, act: Callable[[str], object]) -> None:
        super().__init__()
        self._context, self._act = context, act
        self.card: Card | None = None
        self._known: dict[uuid.UUID, str] = {}  # person → number, shown for a reason given
        self.setAccessibleName(_("建议的双方"))
        self.setFixedWidth(WIDTH)

    def _take_width(self) -> None:
        if self.maximumWidth() != WIDTH:
            self.setFixedWidth(WIDTH)
            self._fit_actions()

    def show_card(self, card: Card, focus: Party, zone: tzinfo | None, late: Collection[Party], may_edit: bool) -> None:
        """Show a suggestion; `focus`: the side that an act is about, `late`: those that let their term pass."""
        if self.card is None or self.card.id != card.id:
            self._known.clear()
        self.card = card
        words, pills = _("{party}{answer}"), [(_("得分 {n}").format(n=card.score), "info")]
        for party in Party:
            answer, kind = answer_words(card, party, late)
            pills.append((words.format(party=_(party), answer=answer), kind))
        title = f"{card.demand.read_title} ↔ {card.supply.read_title}"
        self.set_head(title, _("{demand}与{supply}").format(demand=card.demand.owner, supply=card.supply.owner), pills)
        clear(self.body)
        self.body.setSpacing(0)
        self.body.addWidget(_Line("", _("需方"), _("供方"), False, is_head=True))
        for one in ROWS:
            demand, supply = one.of(card.demand), one.of(card.supply)
            if demand or supply:
                self.body.addWidget(_Line(_(one.words), demand, supply, one.agrees(card)))
        self._add_contacts(card)
        self._add_answers(card, zone)
        if may_edit and not card.meeting_no and card.unsuitable is None:
            self._add_withdrawing(card)
        self.body.addSpacing(theme.Space.M)
        self.body.addWidget(SectionTitle(_("为什么建议")))
        self.body.addSpacing(theme.Space.S)
        self.body.addWidget(_reasons(card))
        self.body.addSpacing(theme.Space.M)
        note = _("双方都接受后才互看联系人，才进入排程。建议只在本机计算，不发给任何人。")
        self.body.addWidget(Banner("info", note, small=True))
        self._add_links()
        self._set_buttons(card, focus, focus in late, may_edit)

    def _add_contacts(self, card: Card) -> None:
        may_reveal = self._context.may_write("data.reveal")
        reveal = partial(reveal_phone, self, self._context.db, self._known)
        for party in (one for one in Party if one in card.contacts):
            contact = card.contacts[party]
            shown = ContactRow(replace(contact, title=_(party)), may_reveal, reveal)
            if contact.person_id in self._known:
                shown.set_phone(self._known[contact.person_id])
            self.body.addWidget(shown)

    def _add_answers(self, card: Card, zone: tzinfo | None) -> None:
        told = []
        for party in Party:
            said = card.said[party]
            at = f"{said.at.astimezone(zone):%m-%d %H:%M}" if said.at else ""
            told.append(" · ".join(filter(None, (said.how, at))))
        demand, supply = told
        if demand or supply:
            self.body.addWidget(_Line(_("答复"), demand, supply, False))

    def _add_withdrawing(self, card: Card) -> None:
        for verb, party in WITHDRAW.items():
            said = card.said[party].answer
            if said is not Answer.NOT_ASKED:
                words = _("撤回对{party}的询问") if said is Answer.WAITING else _("撤回{party}的答复")
                button = Button(words.format(party=_(party)), "link", clicked=partial(self._act, verb))
                self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_links(self) -> None:
        line = row()
        for words, verb in ((_("打开需求"), "open_demand"), (_("打开供给"), "open_supply")):
            line.addWidget(Button(words, "link", clicked=partial(self._act, verb)))
        line.addStretch(1)
        self.body.addLayout(line)

    def _set_buttons(self, card: Card, focus: Party, is_late: bool, may_edit: bool) -> None:
        if not may_edit:
            self.set_actions()
            return
        if card.unsuitable is not None:
            self.set_actions(self._button(_("撤回判断"), "take_back", "arrow-go-back-line", primary=True))
            return
        if card.both_accepted:
            words = _("看洽谈") if card.meeting_no else _("约洽谈")
            judge = [] if card.meeting_no else [self._button(_("不合适…"), "judge", "close-line")]
            self.set_actions(*judge, self._button(words, "meet", "calendar-check-line", primary=True))
            return
        party = _(focus)
        answer = self._button(_("代{party}答复").format(party=party), "answer", "edit-line")
        said = card.said[focus].answer
        if said is Answer.WAITING and not is_late and card.said[focus].reminded_at is None:
            last = self._button(_("提醒{party}").format(party=party), "remind", "user-received-line", primary=True)
        elif said is Answer.NOT_ASKED or is_late:
            last = self._button(_("已问{party}").format(party=party), "ask", "user-received-line", primary=True)
        else:
            last = self._button(_("{party}接受").format(party=party), "accept", "check-line", primary=True)
        self.set_actions(self._button(_("不合适…"), "judge", "close-line"), answer, last)

    def set_actions(self, *buttons: QWidget) -> None:
        super().set_actions(*buttons)
        for button in buttons:
            button.show()  # what is hidden still takes no room, and the footer would seem wide enough
        self._fit_actions()

    def _button(self, words: str, verb: str, icon: str = "", primary: bool = False) -> Button:
        return Button(words, "primary" if primary else "plain", icon, clicked=lambda: self._act(verb))


def _reasons(card: Card) -> QWidget:
    """Each reason: what, what stands behind it, how much of the score."""
    held = QWidget()
    lines = column(held, theme.Space.S)
    most = max((abs(told.points) for told in tell(card.reasons)), default=1)
    for told in tell(card.reasons):
        line = row(spacing=theme.Space.S)
        title = ElidedLabel(told.title, "fact")
        title.setFixedWidth(118)
        line.addWidget(title)
        line.addWidget(ElidedLabel(told.behind, "caption"), 1)
        meter = Meter(max(0, told.points), most, "primary", 6)
        meter.setFixedWidth(48)
        line.addWidget(meter)
        points = Label(f"{told.points:+}", "caption.bold")
        points.setFixedWidth(30)
        points.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.addWidget(points)
        lines.addLayout(line)
    if not card.reasons:
        lines.addWidget(Label(_("现在的题目已没有共同之处；留着是因为已有答复。"), "caption", wrap=True))
    return held
