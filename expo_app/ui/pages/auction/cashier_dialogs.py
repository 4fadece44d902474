"""What the cashier asks: money in, deposits back, who a paddle is, a default, a resale, a sale by agreement."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from expo_app.errors import InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import MoneyKind, MoneyWay
from expo_app.rules.auction_entry import amount_of
from expo_app.rules.auction_money import NOTHING
from expo_app.rules.auction_words import paddle_no
from expo_app.rules.search_key import search_key
from expo_app.services import auction_cashier
from expo_app.services.auction_cashier import Paid
from expo_app.services.auction_sessions import SessionInfo
from expo_app.specs.auction_cashier import Account, CashDesk, MoneyLine, Purchase, Refund
from expo_app.store.database import Database
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.buttons import Button, Tick
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.fields import ComboBox, FormField
from expo_app.ui.kit.inputs import LineEditor
from expo_app.ui.kit.item_row import ask_reason
from expo_app.ui.kit.labels import Label
from expo_app.ui.kit.panels import column, row
from expo_app.ui.pages.auction.cashier_parts import yuan
from expo_app.ui.records.editors import DateEditor

NARROW = 480


class ActDialog(Dialog):
    """Fields, a verb, and the sentence that says why not; what was typed stays. `act()` does it or raises UserError."""

    def __init__(self, parent: QWidget, title: str, verb: str, width: int = NARROW) -> None:
        super().__init__(parent, title, width)
        self._fields: dict[str, FormField] = {}
        self.says = Label("", "body", "bad", wrap=True)
        self.says.hide()
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(verb, "primary", clicked=self.submit), safe=True)

    def field(
        self, name: str, label: str, editor: QWidget, hint: str = "", unit: str = "", required: bool = False
    ) -> Any:
        """One more field, which Enter submits; its editor."""
        self._fields[name] = FormField(label, editor, hint, required, unit)
        self.body.addWidget(self._fields[name])
        if isinstance(editor, LineEditor):
            editor.returnPressed.connect(self.submit)
        return editor

    def finish(self) -> None:
        """Below the fields: the sentence."""
        self.body.addWidget(self.says)

    def act(self) -> object:
        """What the verb does; what it returns closes the dialog."""
        raise NotImplementedError

    def submit(self) -> None:
        """Do it; what is refused is said here."""
        for field in self._fields.values():
            field.clear_problem()
        try:
            done = self.act()
        except InvalidRecord as problem:
            for name, words in problem.problems.items():
                self._tell(name, words)
        except UserError as problem:
            self._tell("", str(problem))
        else:
            self.close_with(True if done is None else done)

    def _tell(self, name: str, words: str) -> None:
        if name in self._fields:
            self._fields[name].set_problem(words)
            self._fields[name].editor.setFocus()
            return
        self.says.setText(words)
        self.says.show()


def in_yuan(text: str) -> Decimal:
    """An amount as the cashier types it: yuan, or in the unit written with it. InvalidRecord for what is none."""
    text = text.strip()
    if not text:
        raise InvalidRecord({"amount": _("填写金额。")})
    try:
        return amount_of(f"{text}元" if re.fullmatch(r"[\d.,，]+", text) else text)
    except ValueError as problem:
        raise InvalidRecord({"amount": str(problem)}) from None


def day_of(editor: DateEditor) -> Any:
    """The day of a field; None where it is empty. InvalidRecord for what is no day."""
    if (day := editor.day()) is None and editor.text().strip():
        raise InvalidRecord({"on": _("“{text}”不是日期，按“年-月-日”写。").format(text=editor.text().strip())})
    return day


def _ways() -> ComboBox:
    box = ComboBox()
    for way in MoneyWay:
        box.addItem(way.label, way)
    return box


class MoneyDialog(ActDialog):
    """到账 of a price, or a deposit: how much, how, by which paper, when."""

    def __init__(self, parent: QWidget, db: Database, desk: CashDesk, account: Account, kind: MoneyKind,
                 way: MoneyWay) -> None:  # fmt: skip
        is_price = kind is MoneyKind.PAYMENT
        title = _("登记到账") if is_price else _("收保证金")
        super().__init__(parent, title, title)
        self._db, self._account, self._is_price = db, account, is_price
        no = paddle_no(account.paddle)
        words = _("{no} 号 {name}，还应付 {owed} 元。可以分次登记。") if is_price else _("{no} 号 {name}。")
        self.body.addWidget(
            Label(words.format(no=no, name=account.name, owed=yuan(account.owed)), "secondary", wrap=True)
        )
        self.amount = self.field("amount", _("金额"), LineEditor(), unit=_("元"), required=True)
        usual = account.owed if is_price else None if account.held else desk.asked
        self.amount.setText("" if usual is None else f"{usual:.2f}")
        self.amount.selectAll()
        self.way = self.field("way", _("方式"), _ways())
        self.way.setCurrentIndex(self.way.findData(way))
        self.lot = ComboBox()
        self.lot.addItem(_("按落槌先后"), None)
        for one in account.purchases:
            if one.owed > 0:
                self.lot.addItem(_("标的 {no}，还差 {n} 元").format(no=one.lot_no, n=yuan(one.owed)), one.lot_id)
        if is_price and self.lot.count() > 2:
            self.field("lot", _("用于"), self.lot)
        self.reference = self.field("reference", _("凭证号"), LineEditor(), _("回单、支票或收据的号"))
        self.on = self.field("on", _("日期"), DateEditor(usual=desk.today), _("不填是今天"))
        self.finish()

    def first_focus(self) -> QWidget | None:
        return self.amount

    def act(self) -> object:
        paid = Paid(in_yuan(self.amount.text()), self.way.currentData(), self.reference.text(), day_of(self.on))
        if self._is_price:
            return auction_cashier.take_payment(self._db, self._account.bidder_id, paid, self.lot.currentData())
        return auction_cashier.take_deposit(self._db, self._account.bidder_id, paid)


class RefundDialog(ActDialog):
    """登记退款 of the paddles that are ticked, at once or none."""

    def __init__(self, parent: QWidget, db: Database, desk: CashDesk, chosen: int | None = None) -> None:
        super().__init__(parent, _("登记退款"), _("登记退款"), theme.Width.PALETTE)
        self._db = db
        self._sum = Label("", "strong")
        self.ticks: list[tuple[Tick, Account]] = []
        rows = column(spacing=theme.Space.XS)
        waiting = [one for one in desk.deposits if one.surplus > 0]
        is_one = any(one.paddle == chosen for one in waiting)
        for one in waiting:
            words = _("{no} 号 {name} {n} 元").format(no=paddle_no(one.paddle), name=one.name, n=yuan(one.surplus))
            bank = one.bank if one.refund is Refund.WAITS else _("缺账号")
            tick = Tick(_("{words} · {bank}").format(words=words, bank=bank))
            tick.setChecked(one.paddle == chosen if is_one else desk.is_over and one.refund is Refund.WAITS)
            tick.toggled.connect(self._add_up)
            self.ticks.append((tick, one))
            rows.addWidget(tick)
        self.body.addWidget(self._sum)
        self.body.addLayout(rows)
        if not waiting:
            self.body.addWidget(Label(_("没有要退的保证金。"), "secondary"))
        self.way = self.field("way", _("方式"), _ways())
        self.reference = self.field("reference", _("凭证号"), LineEditor(), _("付款批次、支票的号"))
        self.on = self.field("on", _("日期"), DateEditor(usual=desk.today), _("不填是今天"))
        self.finish()
        self._add_up()

    @property
    def chosen(self) -> list[Account]:
        """Whose deposit goes back."""
        return [one for tick, one in self.ticks if tick.isChecked()]

    def _add_up(self, _on: bool = False) -> None:
        whole = sum((one.surplus for one in self.chosen), NOTHING)
        self._sum.setText(_("{n} 个号牌，合计 {amount} 元").format(n=len(self.chosen), amount=yuan(whole)))

    def act(self) -> object:
        if not self.chosen:
            raise UserError(_("没有勾选号牌，没有登记。"), "E-AUCTION-MONEY")
        ids = [one.bidder_id for one in self.chosen]
        return auction_cashier.refund(self._db, ids, self.way.currentData(), self.reference.text(), day_of(self.on))


class FindDialog(Dialog):
    """F2: a paddle by the name of its holder; closes with the number."""

    def __init__(self, parent: QWidget, desk: CashDesk) -> None:
        super().__init__(parent, _("按名称找号牌"), NARROW)
        self._desk = desk
        self.line = LineEditor()
        self.line.setPlaceholderText(_("单位、受托人、拼音首字母"))
        self.line.setAccessibleName(_("名称"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("号牌"))
        self.list.setMinimumHeight(220)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # long names end in …
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self.take)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.body.addWidget(self.line)
        self.body.addWidget(self.list)
        self.add_action(Button(_("取消"), clicked=self.cancel))
        self.add_action(Button(_("打开"), "primary", clicked=self.take), safe=True)
        self._fill("")

    def first_focus(self) -> QWidget | None:
        return self.line

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = text.strip().lower()
        for one in self._desk.accounts:
            words = f"{paddle_no(one.paddle)} {one.name} {one.agent}"
            if wanted in words.lower() or wanted in search_key(one.name, one.agent):
                item = QListWidgetItem(" · ".join(filter(None, (paddle_no(one.paddle), one.name, one.agent))))
                item.setData(Qt.ItemDataRole.UserRole, one.paddle)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def take(self) -> None:
        """The paddle that is marked."""
        if (item := self.list.currentItem()) is not None:
            self.close_with(item.data(Qt.ItemDataRole.UserRole))


class DefaultDialog(ActDialog):
    """违约: why, and whether the deposit is kept."""

    def __init__(self, parent: QWidget, db: Database, account: Account, bought: Purchase) -> None:
        super().__init__(parent, _("登记违约"), _("登记违约"))
        self._db, self._lot_id = db, bought.lot_id
        words = _("标的 {no} 付款期到 {day}，还差 {n} 元。登记后成交项目转为终止，标的可以再拍；落槌价和佣金照旧留着。")
        day = bought.due_on.isoformat() if bought.due_on else "—"
        self.body.addWidget(Label(words.format(no=bought.lot_no, day=day, n=yuan(bought.owed)), "secondary", wrap=True))
        self.reason = self.field("reason", _("原因"), LineEditor(), _("记入笔录和日志"), required=True)
        self.forfeits = Tick(_("保证金不退，抵原买受人应付的佣金和差额"))
        self.forfeits.setChecked(True)
        self.forfeits.setEnabled(account.held > 0)
        self.body.addWidget(self.forfeits)
        self.finish()

    def act(self) -> object:
        forfeits = self.forfeits.isChecked()
        auction_cashier.default(self._db, self._lot_id, self.reason.text(), forfeits=forfeits)
        return True


class ResaleDialog(ActDialog):
    """再拍: which session, which number, when the owner agreed."""

    def __init__(self, parent: QWidget, db: Database, desk: CashDesk, bought: Purchase,
                 sessions: Sequence[SessionInfo]) -> None:  # fmt: skip
        super().__init__(parent, _("再拍"), _("建再拍标的"))
        self._db, self._lot_id = db, bought.lot_id
        words = _("标的 {no}「{title}」：名称、专利和条件照抄；共有人、优先权人重新问，保留价重新设。")
        self.body.addWidget(Label(words.format(no=bought.lot_no, title=bought.title), "secondary", wrap=True))
        self.session = self.field("auction_id", _("专场"), ComboBox())
        for info in sessions:
            self.session.addItem(info.title, info.id)
        self.session.setCurrentIndex(max(0, self.session.findData(desk.auction_id)))
        self.number = self.field("lot_no", _("标的号"), LineEditor(), required=True)
        self.number.setText(_("{no}再").format(no=bought.lot_no)[:10])
        self.on = self.field("on", _("委托人同意日期"), DateEditor(usual=desk.today), _("不填是今天"))
        self._today = desk.today
        self.finish()

    def act(self) -> object:
        day = day_of(self.on) or self._today
        return auction_cashier.resell(self._db, self._lot_id, self.session.currentData(), self.number.text(), day)


class AgreeDialog(ActDialog):
    """协议成交 of a lot that passed: who buys, for how much; closes with the draft deal."""

    def __init__(self, parent: QWidget, db: Database, desk: CashDesk) -> None:
        super().__init__(parent, _("登记协议成交"), _("建成交草稿"))
        self._db = db
        words = _("流拍以后双方另行协议成交的，建一个成交草稿，双方和专利带过去；不计入这一场的成交件数和成交额。")
        self.body.addWidget(Label(words, "secondary", wrap=True))
        self.lot = self.field("lot", _("标的"), ComboBox())
        for key, number, title in desk.passed:
            self.lot.addItem(f"{number} {title}", key)
        self.buyer = self.field("buyers", _("受让方"), LineEditor(), required=True)
        self.amount = self.field("amount", _("金额"), LineEditor(), _("没有定就空着"), unit=_("元"))
        self.finish()

    def act(self) -> object:
        amount = in_yuan(self.amount.text()) if self.amount.text().strip() else None
        return auction_cashier.agree(self._db, self.lot.currentData(), self.buyer.text(), amount)


class MoneyList(Dialog):
    """收退款明细 of a paddle; a wrong entry is set off, both stay. `changed()` after one was."""

    def __init__(self, parent: QWidget, db: Database, account: Account, changed: Callable[[], object]) -> None:
        title = _("{no} 号收退款").format(no=paddle_no(account.paddle))
        super().__init__(parent, title, theme.Width.DIALOG)
        self._db, self._changed = db, changed
        for line in account.money:
            self.body.addWidget(self._line(line))
        if not account.money:
            self.body.addWidget(Label(_("还没有收退款。"), "secondary"))
        self.add_action(Button(_("关闭"), clicked=self.cancel))

    def _line(self, line: MoneyLine) -> QWidget:
        held = QWidget()
        cells = row(held)
        words = [line.on_date.isoformat(), line.kind.label, line.way.label, line.reference,
                 _("标的 {no}").format(no=line.lot_no) if line.lot_no else "", line.operator, line.note]  # fmt: skip
        state = _("冲正") if line.is_counter else _("已冲正") if line.is_void else ""
        cells.addWidget(Label(" · ".join(filter(None, [*words, state])), "secondary", wrap=True), 1)
        cells.addWidget(Label(yuan(line.amount), "secondary" if line.is_void else "strong"))
        if not line.is_void and line.kind is not MoneyKind.FORFEIT:
            cells.addWidget(Button(_("冲正"), "text", clicked=partial(self._set_off, line.id)))
        return held

    def _set_off(self, money_id: uuid.UUID) -> None:
        def then(reason: str) -> None:
            try:
                auction_cashier.set_off(self._db, money_id, reason)
            except UserError as problem:
                messages.show(self, problem)
                return
            self.close_with(True)
            self._changed()

        ask_reason(self, _("冲正这一笔"), _("原来的一笔留着，另记一笔抵掉它，两笔都不再计。"), _("冲正"), then)
