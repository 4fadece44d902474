"""The cards of the cashier: paddle and queue, what is owed, deposits to return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from expo_app.i18n import _, language
from expo_app.model import LotState, MoneyWay
from expo_app.rules import amounts
from expo_app.rules.auction_money import NOTHING
from expo_app.rules.auction_words import paddle_no
from expo_app.specs.auction_cashier import Account, CashDesk, Purchase, Refund, Standing
from expo_app.ui.kit import theme
from expo_app.ui.kit.buttons import Button, ChipRow, MenuButton, repolish
from expo_app.ui.kit.labels import ElidedLabel, KeyCap, Label, Line, Pill
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import Card, clear, column, row, scrolled
from expo_app.ui.pages.auction.cashier_parts import OwedLine, OwedTable, PaddleLine, PaddleRows, yuan

STATES: dict[Standing, str] = {
    Standing.SETTLED: "ok", Standing.AWAITED: "warn", Standing.NOT_COME: "mute", Standing.OVERDUE: "bad",
    Standing.DEFAULTED: "bad",
}  # fmt: skip
REFUNDS = {Refund.WAITS: "mute", Refund.NO_ACCOUNT: "warn", Refund.HELD: "mute", Refund.DONE: "ok"}
KEYS = {Qt.Key.Key_Escape: "clear", Qt.Key.Key_F2: "find", Qt.Key.Key_P: "papers"}
LEAST = 32 + 34 * 3
"""Room for two lots and their sum, however low the window is."""


class PaddleField(QLineEdit):
    """The number of a paddle, digits alone. `entered(number | None)` on Enter, `acted(act)` on the cashier's keys."""

    entered = Signal(object)
    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "till")
        self.setAccessibleName(_("号牌"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMaxLength(4)
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def hold(self, paddle: int) -> None:
        """Show a number, marked: the next digits take its place."""
        self.set_bad(False)
        self.setText(paddle_no(paddle))
        self.selectAll()
        self.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Back from a dialog, or from the console: the next digits are another paddle."""
        super().focusInEvent(event)
        self.selectAll()

    def set_bad(self, on: bool) -> None:
        """Whether nobody holds what is typed."""
        if on != (self.property("state") == "bad"):
            self.setProperty("state", "bad" if on else "")
            repolish(self)

    def event(self, event: QEvent) -> bool:
        """The cashier's keys go before the window's own."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self._act(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def _act(self, event: QKeyEvent) -> str:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
        return "" if held else KEYS.get(Qt.Key(event.key()), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            text = self.text()
            self.entered.emit(int(text) if text and int(text) else None)
        elif act := self._act(event):
            self.acted.emit(act)
        else:
            super().keyPressEvent(event)


class PaddleCard(Card):
    """The field that keeps the focus, whose paddle it is, and the queue."""

    def __init__(self) -> None:
        super().__init__(_("号牌"), _("键入后按 Enter"))
        self.field = PaddleField()
        self.field.textEdited.connect(lambda _text: self._quiet())
        self.body.addWidget(self.field)
        self.says = Label("", "caption", "bad", wrap=True)
        self.says.hide()
        self.name, self.fact = ElidedLabel("", "strong"), ElidedLabel("", "fact")
        for widget in (self.says, self.name, self.fact):
            self.body.addWidget(widget)
        self._marks = row(spacing=theme.Space.S)
        self.body.addLayout(self._marks)
        self.body.addWidget(Line())
        head = row()
        head.addWidget(Label(_("排队"), "caption.bold"))
        head.addStretch(1)
        head.addWidget(Label(_("空着按 Enter 叫下一个"), "caption"))
        self.body.addLayout(head)
        self.rows = PaddleRows(_("排队"))
        self.body.addWidget(scrolled(self.rows), 1)

    def show_desk(self, desk: CashDesk, account: Account | None) -> None:
        """The queue, and who is served."""
        lines = []
        for one in desk.queue:
            is_now = account is not None and one.paddle == account.paddle and one.standing is not Standing.SETTLED
            state = (_("正在办"), "info") if is_now else (_(one.standing.value), STATES[one.standing])
            shown = one.owed if one.owed > 0 else one.total
            lines.append(PaddleLine(one.paddle, shown, state, is_past=one.standing is Standing.SETTLED))
        self.rows.set(lines, account.paddle if account else None)
        self.name.set_text(account.name if account else _("还没有叫号"))
        clear(self._marks)
        if account is None:
            self.fact.set_text(_("F2 按名称找"))
            return
        agent = _("受托人 {name}").format(name=account.agent) if account.agent else ""
        self.fact.set_text(" · ".join(filter(None, (account.place, agent, account.channel.label, account.phone))))
        checked = account.is_identity_checked
        self._marks.addWidget(Pill(_("身份已核") if checked else _("身份未核"), "ok" if checked else "warn"))
        if account.is_confidential:
            self._marks.addWidget(Pill(_("要求保密"), "info"))
        self._marks.addStretch(1)

    def refuse(self, words: str) -> None:
        """Nobody holds it: said in red, the number stays marked."""
        self.field.set_bad(True)
        self.field.selectAll()
        self.tell(words, "bad")

    def tell(self, words: str, tone: str = "") -> None:
        """One sentence below the field."""
        self.says.set_tone(tone)
        self.says.setText(words)
        self.says.show()

    def _quiet(self) -> None:
        self.field.set_bad(False)
        self.says.hide()


class OwedCard(Card):
    """What one paddle owes, lot by lot; papers and money. `acted(act)`."""

    acted = Signal(str)

    def __init__(self, fill_menu: Callable[[Menu], None]) -> None:
        super().__init__(_("应付"), "", padding=theme.Space.L)
        self.due = Pill("", "warn")
        self.add_head(self.due)
        self.more = MenuButton(_("更多"), fill_menu, "text")
        self.add_head(self.more)
        self.table = OwedTable()
        held = scrolled(self.table)
        held.setMinimumHeight(LEAST)
        self.entries = Label("", "secondary", wrap=True)
        self.body.addWidget(self.entries)
        self.body.addWidget(held, 1)
        self.box = Card(padding=theme.Space.L)
        self.box.set_colors("primary.soft", "primary.soft")
        self._make_box()
        self.body.addWidget(self.box)
        self.note = Label("", "body", "warn", wrap=True)
        self.body.addWidget(self.note)
        ways = row(spacing=theme.Space.M)
        self.way_label = Label(_("到账"), "caption.bold")
        self.ways = ChipRow([(way, way.label, None) for way in MoneyWay], wrap=False)
        self.late = ElidedLabel(_("逾期：委托人同意后再拍，差额由原买受人补"), "fact")
        ways.addWidget(self.way_label)
        ways.addWidget(self.ways)
        ways.addStretch(1)
        ways.addWidget(self.late)
        self.body.addLayout(ways)
        self._make_foot()

    def _make_box(self) -> None:
        line, left, right = row(), column(spacing=0), column(spacing=theme.Space.XS)
        self.label = Label("", "caption.bold", "info")
        sums = row(spacing=theme.Space.S)
        self.sum, self.unit = Label("", "kpi"), Label(_("元"), "secondary")
        sums.addWidget(self.sum)
        sums.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        sums.addStretch(1)
        left.addWidget(self.label)
        left.addLayout(sums)
        self.capitals, self.facts, self.tier = (ElidedLabel("", role) for role in ("body", "fact", "fact"))
        for label in (self.capitals, self.facts, self.tier):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            right.addWidget(label)
        line.addLayout(left, 2)
        line.addLayout(right, 3)
        self.box.body.addLayout(line)

    def _make_foot(self) -> None:
        foot = row()
        self.confirmations = Button("", icon="printer-line", clicked=lambda: self.acted.emit("confirmations"))
        self.records = Button("", icon="file-list-3-line", clicked=lambda: self.acted.emit("records"))
        self.pay = Button("", "primary", "check-line", keys="Ctrl+Return", clicked=lambda: self.acted.emit("pay"))
        self.pay.setToolTip("Ctrl+Enter")
        for button in (self.confirmations, self.records):
            foot.addWidget(button)
        foot.addStretch(1)
        self.key = KeyCap("P")
        foot.addWidget(self.key)
        self.both = ElidedLabel(_("打印两种"), "fact")
        foot.addWidget(self.both)
        foot.addWidget(self.pay)
        for widget in (self.confirmations, self.records, self.more, self.pay):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the focus on the paddle
        self.body.addLayout(foot)

    @property
    def way(self) -> MoneyWay:
        """How the money comes."""
        return self.ways.key  # type: ignore[return-value]

    def show_account(self, desk: CashDesk, account: Account | None, may: bool) -> None:
        """Show this one; None: nobody is served."""
        bought = account.purchases if account else ()
        no = paddle_no(account.paddle) if account else ""
        words = _("{no} 号 · {n} 件 · 元").format(no=no, n=len(bought)) if account else ""
        self._note.setText(words)
        self._show_due(desk, account)
        self.table.setVisible(bool(bought))
        if account is not None and bought:
            self.table.set([_line(one) for one in bought], _total(account))
        self.entries.setText("" if bought else _entries(account))
        self.entries.setVisible(not bought)
        self._show_sum(desk, account)
        self._show_note(account)
        for button, name in ((self.confirmations, _("确认书 {n} 份")), (self.records, _("笔录 {n} 份"))):
            button.setVisible(bool(bought))
            button.setEnabled(may)
            button.set_text(name.format(n=len(bought)))
        owes = account is not None and account.owed > 0
        shown: list[tuple[QWidget, bool]] = [(self.key, bool(bought)), (self.both, bool(bought))]
        shown += [(self.way_label, owes), (self.ways, owes), (self.late, owes)]
        for widget, on in shown:
            widget.setVisible(on)
        returns = account is not None and account.surplus > 0
        is_early = returns and not desk.is_over and not bought
        self.pay.setVisible(account is not None and not is_early)
        self.pay.setEnabled(may)
        other = _("下一个") if bought else _("收保证金")  # who bought has nothing to deposit any more
        self.pay.set_text(_("登记到账") if owes else _("登记退款") if returns else other)

    def _show_due(self, desk: CashDesk, account: Account | None) -> None:
        due = account.due_on if account else None
        self.due.setVisible(due is not None)
        if due is not None:
            words = _("付款期 {day}，{n} 日") if due >= desk.today else _("付款期 {day} 已过")
            kind = "warn" if due >= desk.today else "bad"
            self.due.set(words.format(day=f"{due:%m-%d}", n=desk.payment_days), kind)

    def _show_sum(self, desk: CashDesk, account: Account | None) -> None:
        self.box.setVisible(account is not None)
        if account is None:
            return
        if account.purchases:
            self.label.setText(_("还应付") if account.owed > 0 else _("已结清"))
            self.sum.setText(yuan(account.owed if account.owed > 0 else account.total))
            shown = account.owed if account.owed > 0 else account.total
            self.capitals.set_text(amounts.capitals(shown) if language() == "zh_CN" else "")
            parts = [_("佣金不进成交额；成交额 {n} 已记台账").format(n=yuan(account.hammer)) if account.sold else ""]
            if account.paid and account.owed > 0:
                parts.append(_("已到账 {n}").format(n=yuan(account.paid)))
            self.facts.set_text(" · ".join(filter(None, parts)))
            self.tier.set_text(_tier(account.purchases))
        else:
            self.label.setText(_("没有应付 · 保证金"))
            self.sum.setText(yuan(account.held))
            self.capitals.set_text("")
            state = _(account.refund.value) if account.refund else _("没有交过")
            self.facts.set_text(state)
            term = desk.refund_term
            self.tier.set_text(_("{day} 前退，不计息").format(day=term.day.isoformat()) if term else "")

    def _show_note(self, account: Account | None) -> None:
        words = [_claim(one) for one in account.purchases if one.claim] if account else []
        self.note.setText("\n".join(words))
        self.note.setVisible(bool(words))


def _line(one: Purchase) -> OwedLine:
    if one.state is LotState.DEFAULTED:
        state = (_("违约"), "bad")
    elif one.confirmed_on is not None:
        state = (_("已签"), "ok")
    else:
        state = (_("待签"), "warn") if one.confirmation_prints else (_("未打印"), "mute")
    return OwedLine(one.lot_no, one.title, one.hammer, one.commission, one.deposit, state)


def _total(account: Account) -> OwedLine | None:
    """The sum of what stands as sold, said where a lot is left out; None where none stands."""
    if not account.sold:
        return None
    words = _("合计") if len(account.sold) == len(account.purchases) else _("合计（不含违约）")
    deposit = sum((one.deposit for one in account.sold), NOTHING)
    return OwedLine("", words, account.hammer, account.commission, deposit)


def _entries(account: Account | None) -> str:
    """What came in and went back of a paddle that bought nothing; how to begin, while nobody is served."""
    if account is None:
        return _("键入号牌按 Enter：买受人看到应付，别的号牌看到保证金。空着按 Enter 叫下一个，按 F2 按名称找。")
    if not account.money:
        return _("没有竞得标的，也没有收过保证金。")
    lines = (
        " · ".join(filter(None, (line.on_date.isoformat(), line.kind.label, line.way.label, line.reference,
                                 yuan(line.amount), _("已冲正") if line.is_void else "")))
        for line in account.money
    )  # fmt: skip
    return "\n".join((_("没有竞得标的。收退款："), *lines))


def _tier(bought: Sequence[Purchase]) -> str:
    if any(one.is_capped for one in bought):
        return _("佣金没有约定，按不超过 5% 收")
    tiers = _("、").join(str(n) for n in sorted({one.tier for one in bought if one.tier}))
    return _("佣金按委托合同分档表第 {n} 档").format(n=tiers) if tiers else _("没有填买受人佣金各档，按 0 收")


def _claim(one: Purchase) -> str:
    """What a first buyer owes, in a sentence (art. 39)."""
    if one.claim is None:
        return ""
    both = yuan(one.claim.seller_commission + one.claim.buyer_commission)
    short = yuan(one.claim.shortfall) if one.resale_price is not None else _("再拍后算")
    words = _("标的 {no} 违约：两方佣金 {both}，差额 {short}，已扣不退的保证金 {kept}。")
    return words.format(no=one.lot_no, both=both, short=short, kept=yuan(one.forfeited))


class DepositCard(Card):
    """待退保证金: by paddle, with the last day. `acted(act)`."""

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("待退保证金"))
        self.count = Pill("", "warn", shape=False)
        self.add_head(self.count)
        self.about = Label("", "fact", wrap=True)
        self.body.addWidget(self.about)
        box = Card(padding=theme.Space.M)
        box.set_colors("bg.subtle", "bg.subtle")
        line = row()
        self.sum, self.first = Label("", "strong"), Label("", "strong")
        for words, label in ((_("待退合计（元）"), self.sum), (_("最晚退回"), self.first)):
            cell = column(spacing=2)
            cell.addWidget(Label(words, "caption"))
            cell.addWidget(label)
            line.addLayout(cell, 1)
        box.body.addLayout(line)
        self.body.addWidget(box)
        self.rows = PaddleRows(_("待退保证金"))
        self.body.addWidget(scrolled(self.rows), 1)
        foot = row()
        self.list = Button(_("退款清单"), icon="printer-line", clicked=lambda: self.acted.emit("list"))
        self.refund = Button(_("登记退款"), icon="check-line", clicked=lambda: self.acted.emit("refund"))
        foot.addWidget(self.list)
        foot.addStretch(1)
        foot.addWidget(self.refund)
        for button in (self.list, self.refund):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.body.addLayout(foot)

    def show_desk(self, desk: CashDesk, paddle: int | None, may: bool) -> None:
        """Show whose deposit goes back."""
        term, found = desk.refund_term, desk.deposits
        waiting = [one for one in found if one.refund in (Refund.WAITS, Refund.NO_ACCOUNT)]
        self.count.set(f"{len(waiting):,}", "warn" if waiting else "mute")
        words = _("{n} 个工作日内，不计息").format(n=desk.refund_days)
        if term is not None and term.unknown_year is not None:
            words = _("{words}；{year} 年的节假日没有录入，只跳过周末").format(words=words, year=term.unknown_year)
        self.about.setText(words)
        self.sum.setText(yuan(desk.to_return))
        self.first.setText(f"{term.day:%m-%d}" if term else _("散场后算"))
        self.rows.set([_deposit(one, term.day if term else None) for one in found], paddle)
        self.refund.setEnabled(may and bool(waiting))
        self.list.setEnabled(bool(found))


def _deposit(one: Account, last: date | None) -> PaddleLine:
    refund = one.refund or Refund.DONE
    is_done = refund is Refund.DONE
    day = one.refunded_on if is_done else last
    amount = one.refunded + one.returned if is_done else one.surplus if one.surplus else one.held
    return PaddleLine(one.paddle, amount, (_(refund.value), REFUNDS[refund]), f"{day:%m-%d}" if day else "", is_done)
