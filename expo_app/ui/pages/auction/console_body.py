"""The console's layout: lots, the lot under the hammer, the entry of a bid, calls and hammer, its record, projector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QWidget

from expo_app.i18n import _
from expo_app.model import EventKind, LotState
from expo_app.rules import auction_ladder
from expo_app.rules.auction_entry import Typed
from expo_app.rules.auction_words import paddle_no
from expo_app.services.auction_screen import ordinal, wan
from expo_app.specs.auction_hall import Hall, HallEvent, HallLot
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import MenuButton
from expo_app.ui.kit.labels import ElidedLabel, Label, Pill
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import Card, column, row, scrolled
from expo_app.ui.kit.placeholders import Banner
from expo_app.ui.kit.theme import Space
from expo_app.ui.pages.auction.console_fields import AmountField, PaddleField
from expo_app.ui.pages.auction.console_link import ProjectorCard
from expo_app.ui.pages.auction.console_parts import KEY, KEYS_OF, Digits, EventList, HallKey, LotList
from expo_app.ui.parts.projector import Link, Projector

LOTS_WIDE, RECORD_WIDE, LEADER, PADDLE_WIDE = 276, 256, 116, 132
ACTIVE, ACROSS = 12, 6
"""So many active paddles are offered, in rows of so many."""
STEPS = 3
ENTRIES = (EventKind.BID, EventKind.CORRECTION)


def unit(amount: str) -> str:
    """172.0 万元."""
    return _("{n} 万元").format(n=amount)


class LotCard(Card):
    """The lot under the hammer, or the one that is chosen."""

    def __init__(self) -> None:
        super().__init__()
        head = row()
        self.place, self.state, self.patents = (Pill("", kind, shape=False) for kind in ("plum", "mute", "mute"))
        self.owner, self.clock = ElidedLabel("", "fact"), Label("", "section")
        for widget in (self.place, self.state, self.patents):
            head.addWidget(widget)
        head.addWidget(self.owner, 1)
        head.addWidget(self.clock)
        self.title = ElidedLabel("", "title")
        self.body.addLayout(head)
        self.body.addWidget(self.title)
        line = row(spacing=Space.L)
        price, leader, facts = column(spacing=Space.XS), column(spacing=Space.XS), column(spacing=2)
        self.label, self.price = Label("", "caption"), Digits("kiosk.verdict")
        price.addWidget(self.label)
        price.addWidget(self.price)
        self.holder = Label("", "caption")
        leader.addWidget(self.holder)
        self.leader = Digits("kiosk.name", on=True)
        self.leader.setFixedSize(LEADER, self.price.height())
        leader.addWidget(self.leader)
        self.start, self.step, self.least, self.reserve = (ElidedLabel() for _n in range(4))
        self.least.setProperty("role", "strong")
        for label in (self.start, self.step, self.least, self.reserve):
            facts.addWidget(label)
        facts.addStretch(1)
        line.addLayout(price, 5)
        line.addLayout(leader)
        line.addLayout(facts, 3)
        self.body.addLayout(line)
        self.problem = Label("", "body", "warn", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)

    def show_lot(self, hall: Hall, lot: HallLot | None) -> None:
        """Show this one; None where there is none."""
        for widget in (self.place, self.state, self.patents):
            widget.setVisible(lot is not None)
        if lot is None:
            self.title.set_text(_("还没有标的"))
            self.price.say("—")
            return
        called = [one for one in hall.lots if one.state is not LotState.WITHDRAWN]
        number = called.index(lot) + 1 if lot in called else 0
        self.place.set(_("第 {i} 件 / 共 {n} 件").format(i=number or "—", n=len(called)), "plum")
        kinds = {LotState.OPEN: "plum", LotState.SOLD: "ok", LotState.DEFAULTED: "bad"}
        state = _("暂停") if lot.is_paused else lot.state.label
        self.state.set(state, "warn" if lot.is_paused else kinds.get(lot.state, "mute"))
        self.patents.set(_("专利 {n} 件").format(n=lot.patents), "mute")
        owner = _("委托人 {name}").format(name=lot.owner)
        self.owner.set_text(_("{owner}（对外保密）").format(owner=owner) if lot.is_owner_confidential else owner)
        self.title.set_text(lot.title)
        self._show_money(hall, lot)
        problem = lot.problem if lot.state in (LotState.READY, LotState.PASSED) and hall.live is None else ""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _show_money(self, hall: Hall, lot: HallLot) -> None:
        is_sold, has_price = lot.state in (LotState.SOLD, LotState.DEFAULTED), lot.price is not None
        is_passed = lot.state is LotState.PASSED  # what was bid is history
        now = _("最高出价") if is_passed else _("当前价")
        self.label.setText(_("成交价") if is_sold else now if has_price else _("起拍价"))
        self.price.say(wan(lot.price if has_price else lot.start_price), _("万元"))
        self.holder.setText(_("买受人号牌") if is_sold else _("出价号牌") if is_passed else _("领先号牌"))
        self.leader.say("" if lot.leader is None else paddle_no(lot.leader), is_quiet=is_passed)
        self.start.set_text(_("起拍 {amount}").format(amount=unit(wan(lot.start_price))))
        self.step.set_text(_("加价 {words}").format(words=auction_ladder.words(lot.ladder)))
        self.least.set_text(
            _("下一口最低 {n}").format(n=wan(lot.next_amount)) if lot.state is LotState.OPEN else lot.deal_no
        )
        self.least.setVisible(bool(self.least.whole_text))
        self.reserve.set_text(_("保留价 {words}").format(words=lot.reserve_kind.label))


class BidCard(Card):
    """A bid: the paddle, how much, and what would be recorded. `acted(act)`, `stepped(n)`, `edited()`."""

    acted = Signal(str)
    stepped = Signal(int)
    edited = Signal()

    def __init__(self) -> None:
        super().__init__(_("出价"), _("键入号牌后按 Enter 记最低价"))
        self.chip = Pill("", "info", shape=False)
        self.add_head(self.chip)
        self.paddle, self.amount = PaddleField(), AmountField()
        self.more = 0
        self.is_equal = False
        self.paddle.setFixedWidth(PADDLE_WIDE)
        self.amount.hide()
        line = row()
        line.addWidget(self.paddle)
        self.steps = [HallKey() for _n in range(STEPS)]
        for n, key in enumerate(self.steps):
            key.setFixedHeight(KEY)
            key.clicked.connect(lambda _checked=False, n=n: self.stepped.emit(n))
            line.addWidget(key, 1)
        self.jump = HallKey(_("自定…"), KEYS_OF["amount"])
        self.jump.clicked.connect(lambda: self.acted.emit("amount"))
        line.addWidget(self.jump, 1)
        line.addWidget(self.amount, 1)
        self.body.addLayout(line)
        self.missed = Label("", "strong", "bad", wrap=True)
        self.missed.hide()
        self.body.addWidget(self.missed)
        self.says = Label("", "body", wrap=True)
        self.says.setMinimumHeight(theme.TYPE["body"][1] + 2)
        self.body.addWidget(self.says)
        self.body.addLayout(self._make_offers())
        self._of_active = Label(_("活跃号牌（点选即填入）"), "caption")
        self.body.addWidget(self._of_active)
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        self.active = [HallKey() for _n in range(ACTIVE)]
        for n, key in enumerate(self.active):
            key.clicked.connect(lambda _checked=False, key=key: self.paddle.setText(key.words))
            keep = key.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            key.setSizePolicy(keep)
            grid.addWidget(key, n // ACROSS, n % ACROSS)
        self.body.addLayout(grid)
        self.paddle.textEdited.connect(self._on_typed)
        self.paddle.textChanged.connect(lambda _text: self.edited.emit())
        self.amount.textChanged.connect(lambda _text: self.edited.emit())
        self.amount.left.connect(self.leave_amount)
        for field in (self.paddle, self.amount):
            field.acted.connect(self.acted)

    def _make_offers(self) -> QHBoxLayout:
        line = row()
        self.order, self.equal = HallKey(look="soft"), HallKey(look="plum")
        for key, act in ((self.order, "order"), (self.equal, "equal")):
            key.setFixedHeight(theme.Height.CONTROL + Space.S)
            key.clicked.connect(lambda _checked=False, act=act: self.acted.emit(act))
            key.hide()
            line.addWidget(key, 1)
        return line

    @property
    def typed(self) -> Typed:
        """What stands there."""
        amount = self.amount.text().strip() if self.amount.isVisibleTo(self) else ""
        return Typed(self.paddle.text(), self.more, amount, self.is_equal)

    def _on_typed(self) -> None:
        self.more, self.is_equal = 0, False

    def go_home(self) -> None:
        """The focus to where something is typed, unless it is there."""
        if not (self.paddle.hasFocus() or self.amount.hasFocus()):
            (self.amount if self.amount.isVisibleTo(self) else self.paddle).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_amount(self) -> None:
        """Space: an amount behind the paddle."""
        self.jump.hide()
        self.amount.show()
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def leave_amount(self) -> None:
        """Back to the paddle alone."""
        self.amount.clear()
        self.amount.hide()
        self.jump.show()
        self.paddle.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def clear(self) -> None:
        """Ready for the next bid."""
        self.more, self.is_equal = 0, False
        if self.amount.isVisibleTo(self):
            self.leave_amount()
        self.paddle.clear()
        self.edited.emit()

    def put_back(self, typed: Typed, *, of_paddle: bool = False) -> None:
        """What was typed stands there again, what is to be typed anew selected: the amount, or the number `of_paddle`.
        Nothing is put over what was typed since.
        """
        if self.paddle.text() and self.typed != typed:
            return
        self.paddle.setText(typed.paddle)
        self.more, self.is_equal = typed.more, typed.is_equal
        if typed.amount:
            self.ask_amount()
            self.amount.setText(typed.amount)
        field = self.amount if typed.amount and not of_paddle else self.paddle
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        self.edited.emit()

    def say(self, text: str, tone: str = "", missed: str = "") -> None:
        """One line beside the fields; `missed`: what of bids that were not recorded is not to be talked over."""
        self.missed.setText(missed)
        self.missed.setVisible(bool(missed))
        self._of_active.setVisible(not missed)  # its room
        self.says.setText(text)
        self.says.set_tone(tone)

    def show_hall(self, hall: Hall) -> None:
        """Steps, active paddles and what is offered."""
        self._show_active(hall)
        order = hall.next_order
        self.order.setVisible(order is not None)
        if order is not None and hall.next_amount is not None:
            words = _("书面委托：{paddle} 号可出 {amount} · {keys}")
            words = words.format(
                paddle=paddle_no(order.paddle), amount=unit(wan(hall.next_amount)), keys=KEYS_OF["order"]
            )
            self.order.say(words, "", "soft")
        self.show_typed(hall)

    def show_typed(self, hall: Hall) -> None:
        """What depends on what is typed: asked for with every key, so it is as little as can be."""
        self._show_steps(hall)
        self.show_equal(hall)

    def _show_steps(self, hall: Hall) -> None:
        live = hall.live
        base = None if live is None else live.price
        taken = -1 if self.typed.amount else self.more  # what Enter takes is the amount that is typed
        for n, key in enumerate(self.steps):
            step = hall.steps[n] if n < len(hall.steps) else None
            key.setEnabled(step is not None)
            if step is None:
                key.say("—", "")
                continue
            above = _("起拍价") if base is None and n == 0 else f"+{wan(step - (base or hall.steps[0]))}"
            keys = "Enter" if n == 0 else _("按 {keys}").format(keys="+" * n)
            key.say(wan(step), f"{above} · {keys}", "primary" if n == taken else "plain")
        self.jump.setEnabled(live is not None)

    def _show_active(self, hall: Hall) -> None:
        live = hall.live
        shown = sorted(hall.active[:ACTIVE])
        recent = hall.active[:4]
        for n, key in enumerate(self.active):
            key.setVisible(n < len(shown))
            if n < len(shown):
                number = shown[n]
                leads = live is not None and live.leader == number
                key.say(paddle_no(number), "", "plum" if leads else "soft" if number in recent else "plain")

    def show_equal(self, hall: Hall) -> None:
        """同价跟价, while the paddle typed may."""
        live, number = hall.live, self.typed.number
        can = live is not None and live.price is not None and number in hall.priority and number != live.leader
        self.equal.setVisible(can)
        if can and number is not None and live is not None:
            words = _("{paddle} 号同价跟价 {amount} · 按 =")
            self.equal.say(words.format(paddle=paddle_no(number), amount=unit(wan(live.price))), "", "plum")


class HammerCard(Card):
    """Calls, hammer, what else is done to the lot. `acted(act)`."""

    acted = Signal(str)

    def __init__(self, more: Callable[[Menu], None]) -> None:
        super().__init__(_("落槌"), _("新出价会清零报次；落槌需连按两次 F8 或长按 1 秒"))
        self.menu = MenuButton(_("更多"), more, "text", "more-line")
        self.menu.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.add_head(self.menu)
        self._line = row()
        self.calls: list[HallKey] = []
        self._calls = row()
        self._line.addLayout(self._calls, 3)
        self.hammer = self._key(_("落槌"), _("F8 连按两次"), "hammer", "bad")
        self.passed = self._key(_("流拍"), KEYS_OF["pass"], "pass")
        self.correct = self._key(_("更正"), "Ctrl Z", "correct")
        self.pause = self._key(_("暂停"), KEYS_OF["pause"], "pause")
        self.rules = self._key(_("宣读规则"), KEYS_OF["rules"], "rules", "warn")
        self.papers = self._key(_("成交确认书"), KEYS_OF["papers"], "papers")
        self.next = self._key("", KEYS_OF["next"], "next", "primary")
        self.body.addLayout(self._line)

    def _key(self, words: str, keys: str, act: str, look: str = "plain") -> HallKey:
        key = HallKey(words, keys, look)
        key.clicked.connect(lambda: self.acted.emit(act))
        self._line.addWidget(key, 1)
        return key

    def show_hall(self, hall: Hall, chosen: HallLot | None, coming: HallLot | None) -> None:
        """`chosen`: the lot of the card; `coming`: the one that N opens, None where none can be opened now."""
        live = hall.live
        while len(self.calls) < hall.auction.calls:
            key = HallKey()
            key.clicked.connect(lambda: self.acted.emit("call"))
            self._calls.addWidget(key)
            self.calls.append(key)
        made = 0 if live is None else live.calls_made
        is_on = live is not None and not live.is_paused
        for n, key in enumerate(self.calls):
            key.setVisible(n < hall.auction.calls and live is not None)
            key.setEnabled(is_on and n <= made)
            words, look = ordinal(n + 1), "ok" if n < made else "warn" if n == made else "plain"
            key.say(
                f"✓ {words}" if n < made else words,
                _("已报") if n < made else KEYS_OF["call"] if n == made else "—",
                look,
            )
        for key in (self.hammer, self.passed, self.correct, self.pause):
            key.setVisible(live is not None)
        self.hammer.setEnabled(is_on and live is not None and live.price is not None)
        self.passed.setEnabled(is_on and live is not None and live.price is None)
        self.correct.setEnabled(live is not None and bool(hall.events) and live.seq > 1)
        paused = live is not None and live.is_paused
        self.pause.say(_("继续") if paused else _("暂停"), KEYS_OF["pause"], "warn" if paused else "plain")
        self.rules.setVisible(live is None and hall.auction.rules_read_at is None)
        self.papers.setVisible(live is None and chosen is not None and chosen.state is LotState.SOLD)
        self.next.setVisible(live is None)
        self.next.setEnabled(coming is not None)
        words = _("开始第 {no} 件").format(no=coming.lot_no) if coming is not None else _("没有待拍的标的")
        is_kept = coming is not None and bool(coming.problem)
        self.next.say(words, KEYS_OF["next"], "plain" if is_kept else "primary")


class ConsoleBody(QWidget):
    """All of it. `acted(act)`, `stepped(n)` (a step's key was pressed), `picked(lot)`, `edited()`."""

    acted = Signal(str)
    stepped = Signal(int)
    picked = Signal(object)
    edited = Signal()

    def __init__(self, more: Callable[[Menu], None]) -> None:
        super().__init__()
        lines = column(self, Space.M)
        self.lost = Banner("warn", _("投影断开，竞价照常进行。接回第二块屏会自动恢复。"), icon="slideshow-3-line")
        self.lost.hide()
        lines.addWidget(self.lost)
        across = row(spacing=Space.L)
        lines.addLayout(across, 1)
        across.addWidget(self._make_lots())
        across.addWidget(self._make_middle(more), 1)
        across.addWidget(self._make_record())

    def _make_lots(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(LOTS_WIDE)
        lines = column(side)
        self.lots_fact = Label("", "caption")
        head = row()
        head.addWidget(Label(_("标的"), "section"))
        head.addWidget(self.lots_fact, 1)
        lines.addLayout(head)
        self.lots = LotList()
        self.lots.picked.connect(self.picked)
        self.lots_area = scrolled(self.lots)
        lines.addWidget(self.lots_area, 1)
        return side

    def _make_middle(self, more: Callable[[Menu], None]) -> QScrollArea:
        middle = QWidget()
        lines = column(middle, Space.M)
        self.lot, self.bid, self.hammer = LotCard(), BidCard(), HammerCard(more)
        for card in (self.lot, self.bid, self.hammer):
            lines.addWidget(card)
        lines.addStretch(1)
        for card in (self.bid, self.hammer):
            card.acted.connect(self.acted)
        self.bid.stepped.connect(self.stepped)
        self.bid.edited.connect(self.edited)
        return scrolled(middle)

    def _make_record(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(RECORD_WIDE)
        lines = column(side)
        head = row()
        head.addWidget(Label(_("出价阶梯"), "section"), 1)
        self.bids_fact = Label("", "caption")
        head.addWidget(self.bids_fact)
        lines.addLayout(head)
        card = Card(padding=Space.S)
        self.record = EventList()
        card.body.addWidget(scrolled(self.record))
        lines.addWidget(card, 1)
        self.projector = ProjectorCard()
        self.projector.acted.connect(self.acted)
        lines.addWidget(self.projector)
        return side

    def show_hall(self, hall: Hall, chosen: HallLot | None, coming: HallLot | None) -> None:
        """A session; `chosen`: the lot of the card, `coming`: the one that N opens."""
        states = [lot.state for lot in hall.lots]
        counts = {"n": len(states), "sold": states.count(LotState.SOLD), "passed": states.count(LotState.PASSED)}
        self.lots_fact.setText(_("{n} 件 · 已成交 {sold} · 流拍 {passed}").format(**counts))
        is_other = chosen is not None and chosen.id != self.lots.current
        self.lots.show_lots(hall.lots, chosen.id if chosen else None)
        if is_other and chosen is not None:
            box = self.lots.box_of(hall.lots.index(chosen))
            self.lots_area.ensureVisible(0, int(box.center().y()), 0, int(box.height()))
        self.lot.show_lot(hall, chosen)
        self.bid.show_hall(hall)
        self.hammer.show_hall(hall, chosen, coming)

    def show_record(self, lot: HallLot | None, events: Sequence[HallEvent], bids: int) -> None:
        """What happened on the lot of the card, newest first; `bids`: how many there were since it was opened."""
        stands = lot is not None and lot.state is not LotState.PASSED
        standing = (lot.leader, lot.price) if lot is not None and stands else (None, None)
        entries = (event for event in events if event.kind in ENTRIES and not event.is_wrong)
        leading = next((event.seq for event in entries if (event.paddle, event.amount) == standing), None)
        self.record.show_events(events, leading)
        self.bids_fact.setText(_("{n} 口").format(n=bids) if bids else "")

    def show_link(self, projector: Projector) -> None:
        """The projector, and the strip above while it is lost."""
        self.projector.show_link(projector)
        self.lost.setVisible(projector.link is Link.LOST)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.bid.go_home()
