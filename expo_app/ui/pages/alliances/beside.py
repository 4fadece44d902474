"""The right column: one agreement with the signature of each party, the platforms in four steps, what is next."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from expo_app import plain_text
from expo_app.i18n import BRIEF, MANY, _, language, meant
from expo_app.model import Entry, PlatformState
from expo_app.rules import amounts, partial_days, regions
from expo_app.specs.alliances_shown import STEPS, AgreementLine, AllianceSeen, EventLine, PartyLine, PlatformLine
from expo_app.ui.context import Context
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.flow_layout import FlowLayout
from expo_app.ui.kit.labels import RIGHT, ElidedLabel, IconView, Label, Line, Pill, SectionTitle, draw_box
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.pages.alliances.choices import origin
from expo_app.ui.pages.alliances.to_programme import may_enter
from expo_app.ui.records import state_colours

WIDTH, NARROW = 324, 288
MOST_PARTIES, PARTY = 10, 46
"""Parties in sight side by side in two columns, and px of one; more are scrolled to."""
GOVERNMENT = re.compile("人民政府$|People's Government")
BAR, BAR_GAP = QSize(20, 6), 3


class PartyBox(QFrame):
    """A party, its place, and whether it has signed; who signed and when stands in the tooltip.

    A place's government goes by the place.
    """

    def __init__(self, party: PartyLine) -> None:
        super().__init__()
        self.setFixedHeight(PARTY)
        words = column(self, 0)
        words.setContentsMargins(theme.Space.S, 0, theme.Space.S, 0)
        place = regions.region_name(party.region_code) if party.region_code else ""
        words.addStretch(1)
        told = (place, party.name) if place and GOVERNMENT.search(party.name) else (party.name, place)
        head = row(spacing=theme.Space.XS)
        head.addWidget(ElidedLabel(told[0]), 1)
        done = ("checkbox-circle-fill", "ok") if party.is_signed else ("time-line", "warn")
        head.addWidget(IconView(*done))
        words.addLayout(head)
        if told[1]:
            words.addWidget(ElidedLabel(told[1], "caption"))
        words.addStretch(1)
        state = _("已签") if party.is_signed else _("待签")
        said = " · ".join(filter(None, (party.name, place, state, party.signed, party.signer)))
        self.setToolTip(plain_text.shown(said))
        self.setAccessibleName(said)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(QPainter(self), QRectF(self.rect()), theme.color("bg.surface"), theme.color("border"))


class AgreementCard(Card):
    """`edit_wanted(id)`, `deal_wanted(expo, deal)`."""

    edit_wanted = Signal(object)
    deal_wanted = Signal(object)

    def show_one(self, agreement: AgreementLine | None) -> None:
        """Show an agreement; None: that there is none."""
        clear(self.body)
        if agreement is None:
            self.body.addWidget(SectionTitle(_("协议")))
            text = _("还没有协议。新增一份，或从成交台账里选一份框架协议。")
            self.body.addWidget(Label(text, "secondary", wrap=True))
            return
        head = row()
        title = Label(agreement.title, "section", wrap=True)
        head.addWidget(title, 1)
        head.addWidget(Pill(*signed_words(agreement)), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(Label(facts(agreement), "fact", wrap=True))
        self.body.addWidget(Line())
        if agreement.parties:
            self.body.addWidget(_parties(agreement))
        self.body.addWidget(Label(_note(agreement), "fact", wrap=True))
        held = QWidget()
        flow = FlowLayout(held, theme.Space.M)
        flow.addWidget(Button(_("打开协议"), "link", clicked=partial(self.edit_wanted.emit, agreement.id)))
        if agreement.deal is not None:
            expo_id, deal_id, number = agreement.deal
            words = _("打开成交 {no}").format(no=number)
            flow.addWidget(Button(words, "link", clicked=partial(self.deal_wanted.emit, (expo_id, deal_id))))
        self.body.addWidget(held)


def _parties(agreement: AgreementLine) -> QWidget:
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(theme.Space.S)
    wide = 1 if language() == "en" else 2  # English names need the whole line
    for n, party in enumerate(agreement.parties):
        grid.addWidget(PartyBox(party), n // wide, n % wide)
    for place in range(wide):
        grid.setColumnStretch(place, 1)
    lines = MOST_PARTIES // 2
    if len(agreement.parties) <= lines * wide:
        return content
    area = scrolled(content)
    area.setFixedHeight(lines * PARTY + (lines - 1) * theme.Space.S)
    return area


def signed_words(agreement: AgreementLine) -> tuple[str, str]:
    """The pill: all have signed, or how many of them; or its deal is void."""
    if agreement.is_void:
        return Entry.VOID.label, "mute"
    n = len(agreement.parties)
    if not n:
        return _("签约方未登记"), "mute"
    if agreement.is_whole:
        return _("{n} 方已签").format(n=n), "ok"
    return _("已签 {n} / {all}").format(n=agreement.signatures, all=n), "warn"


def facts(agreement: AgreementLine) -> str:
    """Day, place, amount, where it is known from."""
    when = " ".join(filter(None, (agreement.signed or _("日期未报道"), agreement.place)))
    money = _("无金额") if agreement.amount is None else amounts.in_words(agreement.amount)
    until = _("有效期至 {day}").format(day=agreement.valid_until.isoformat()) if agreement.valid_until else ""
    return " · ".join(filter(None, (when, money, until, origin(agreement.source, agreement.is_sample))))


def _note(agreement: AgreementLine) -> str:
    words = _("各方同等，次序按协议文本")
    if agreement.is_whole and not any(party.signer for party in agreement.parties):
        return words + _("；签署人未报道")
    return words


class Steps(QWidget):
    """Four bars: as many are filled as steps were reached; green once it runs."""

    def __init__(self, state: PlatformState, is_stalled: bool) -> None:
        super().__init__()
        self._reached = STEPS.index(state) + 1
        self._token = "warn" if is_stalled else "ok" if state is PlatformState.RUNNING else "primary"
        n = len(STEPS)
        self.setFixedSize(BAR.width() * n + BAR_GAP * (n - 1), BAR.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for n in range(len(STEPS)):
            painter.setBrush(theme.color(self._token if n < self._reached else "border"))
            box = QRectF(n * (BAR.width() + BAR_GAP), 0, BAR.width(), BAR.height())
            painter.drawRoundedRect(box, BAR.height() / 2, BAR.height() / 2)


class PlatformsCard(Card):
    """Each platform and how far it is."""

    def show_all(self, seen: AllianceSeen | None) -> None:
        clear(self.body)
        head = row()
        head.addWidget(SectionTitle(_("共建平台")))
        steps = ElidedLabel(" ".join(meant(BRIEF, step.value) for step in STEPS), "fact")
        steps.setAlignment(RIGHT)  # above the bars
        head.addWidget(steps, 1)
        self.body.addLayout(head)
        for platform in seen.platforms if seen else ():
            self.body.addWidget(Line())
            self.body.addWidget(self._line(platform))
        if not (seen and seen.platforms):
            self.body.addWidget(Label(_("还没有共建平台。"), "secondary"))

    def _line(self, platform: PlatformLine) -> QWidget:
        held = QWidget()
        line = row(held, theme.Space.S)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(platform.title))
        place = regions.region_name(platform.region_code) if platform.region_code else ""
        stalled = _("已停 180 天以上") if platform.is_stalled else ""
        known = origin(platform.source, platform.is_sample)
        detail = " · ".join(filter(None, (place, platform.state.label, stalled, known)))
        words.addWidget(ElidedLabel(detail, "fact", "warn" if platform.is_stalled else ""))
        line.addLayout(words, 1)
        line.addWidget(Steps(platform.state, platform.is_stalled))
        held.setAccessibleName(f"{platform.title} · {detail}")
        return held


class EventsCard(Card):
    """The latest events. `programme_wanted(event)` of 进日程."""

    programme_wanted = Signal(object)
    few = 4

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._seen: AllianceSeen | None = None
        self._is_narrow = False

    def set_narrow(self, on: bool) -> None:
        """The day stands with the other facts, where there is no room for it beside them."""
        if on != self._is_narrow:
            self._is_narrow = on
            self.show_all(self._seen)

    def show_all(self, seen: AllianceSeen | None) -> None:
        self._seen = seen
        clear(self.body)
        head = row()
        head.addWidget(SectionTitle(meant(MANY, "活动")), 1)
        events = seen.events[: self.few] if seen else ()
        self.body.addLayout(head)
        for event in events:
            self.body.addWidget(Line())
            self.body.addWidget(self._line(event))
        if not events:
            self.body.addWidget(Label(_("没有活动的记录。"), "secondary"))

    def _line(self, event: EventLine) -> QWidget:
        held = QWidget()
        line = row(held, theme.Space.S)
        facts = [event.place, people(event), origin(event.source, event.is_sample)]
        day = partial_days.shown(event.on_day)
        if self._is_narrow:
            facts.insert(0, day)
        else:
            line.addWidget(Pill(day, "mute", shape=False), 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(event.title))
        detail = " · ".join(filter(None, facts))
        words.addWidget(ElidedLabel(detail, "fact"))
        line.addLayout(words, 1)
        right = column(spacing=0)
        right.addWidget(Pill(event.state.label, state_colours.pill(event.state)), 0, Qt.AlignmentFlag.AlignRight)
        if may_enter(self.context, event):
            go = partial(self.programme_wanted.emit, event)
            right.addWidget(Button(_("进日程"), "link", clicked=go), 0, Qt.AlignmentFlag.AlignRight)
        line.addLayout(right)
        held.setAccessibleName(f"{event.on_day} {event.title} · {detail} · {event.state.label}")
        return held


def people(event: EventLine) -> str:
    """Who came, else who registered."""
    if event.attended is not None:
        return _("到场 {n}").format(n=f"{event.attended:,}")
    if event.registered is None:
        return ""
    most = f" / {event.capacity:,}" if event.capacity is not None else ""
    return _("报名 {n}").format(n=f"{event.registered:,}") + most


class Beside(QWidget):
    """The three cards below each other."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        content = QWidget()
        content.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        lines = column(content, theme.Space.M)
        self.agreement, self.platforms, self.events = AgreementCard(), PlatformsCard(), EventsCard(context)
        for card in (self.agreement, self.platforms, self.events):
            lines.addWidget(card)
        lines.addStretch(1)
        column(self, 0).addWidget(scrolled(content))
        self.set_narrow(False)

    def set_narrow(self, on: bool) -> None:
        """Less wide, in a narrow window."""
        self.setFixedWidth(NARROW if on else WIDTH)
        self.events.set_narrow(on)
