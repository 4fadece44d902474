"""结算台: number, what is owed, papers, money, next. The focus stays on the paddle; nothing here moves a bid."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import LotState, MoneyKind, MoneyWay
from expo_app.reports.auction_papers import CONFIRMATION, RECORD
from expo_app.routes import ListRoute
from expo_app.rules.auction_words import paddle_no
from expo_app.services import auction_cashier, auction_sessions
from expo_app.services.auction_accounts import read_desk
from expo_app.specs import DEALS
from expo_app.specs.auction_cashier import Account, CashDesk, Purchase, Standing
from expo_app.ui.context import Context
from expo_app.ui.kit import messages, theme
from expo_app.ui.kit.dialog import Dialog
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.panels import column, row
from expo_app.ui.kit.placeholders import EmptyState, ErrorState
from expo_app.ui.kit.questions import confirm
from expo_app.ui.pages.auction import cashier_papers
from expo_app.ui.pages.auction.cashier_cards import DepositCard, OwedCard, PaddleCard
from expo_app.ui.pages.auction.cashier_dialogs import (
    AgreeDialog,
    DefaultDialog,
    FindDialog,
    MoneyDialog,
    MoneyList,
    RefundDialog,
    ResaleDialog,
)
from expo_app.ui.pages.auction.cashier_next import NextCard
from expo_app.ui.pages.auction.view import AuctionView

TABLES = frozenset({"auction", "lot", "bidder", "auction_money", "commission_band", "holiday", "organisation"})
"""What an account is worked out from."""
LEFT, RIGHT = 268, 276
LATER = 150
"""Milliseconds after a change until all is read anew: bids come many in a second."""


class CashierView(AuctionView):
    """`desk` is the session's money as it was read last, `paddle` the one that is served."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.desk: CashDesk | None = None
        self.paddle: int | None = None
        self.card = PaddleCard()
        self.owed = OwedCard(self._fill_menu)
        self.deposits = DepositCard()
        self.next = NextCard(context)
        self._pages = QStackedWidget()
        column(self, 0).addWidget(self._pages)
        self._pages.addWidget(self._make_page())
        self._state: QWidget | None = None
        self.setFocusProxy(self.card.field)
        self._look = QTimer(self, singleShot=True, interval=LATER)
        self._look.timeout.connect(self._look_again)
        self._connect()

    def _make_page(self) -> QWidget:
        page = QWidget()
        line = row(page, theme.Space.L)
        left, middle = column(spacing=theme.Space.M), column(spacing=theme.Space.M)
        self.card.setFixedWidth(LEFT)
        self.deposits.setFixedWidth(RIGHT)
        upper = row(spacing=theme.Space.L)
        upper.addWidget(self.card)
        upper.addWidget(self.owed, 1)
        middle.addLayout(upper, 1)
        middle.addWidget(self.next)
        left.addLayout(middle)
        line.addLayout(left, 1)
        line.addWidget(self.deposits)
        return page

    def _connect(self) -> None:
        self.card.field.entered.connect(self.enter)
        self.card.field.acted.connect(self.do)
        self.card.rows.picked.connect(self.serve)
        self.deposits.rows.picked.connect(self.serve)
        self.owed.acted.connect(self.do)
        self.deposits.acted.connect(self.do)
        self.context.changed.connect(self._on_changed)

    # --- reading ---

    def refresh(self) -> None:
        if self.session_id is None:
            self._show_state(EmptyState("auction-line", _("还没有专场"), _("先在筹备检查里建专场，再来结算。"), []))
            return
        try:
            self.desk = read_desk(self.context.db, self.session_id)
        except UserError as error:
            self._show_state(ErrorState(_("读不出结算"), error, self.refresh))
            return
        if not self.desk.accounts:
            words = _("登记竞买人、发号牌以后，这里收保证金；落槌以后结算。")
            self._show_state(EmptyState("auction-line", _("还没有号牌"), words, []))
            return
        self._pages.setCurrentIndex(0)
        self._show()

    def _show_state(self, state: QWidget) -> None:
        if self._state is not None:
            self._pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        self._pages.addWidget(state)
        self._pages.setCurrentWidget(state)

    def _show(self) -> None:
        desk = self.desk
        if desk is None:
            return
        account = self.account
        may = self.context.may_write(auction_cashier.SETTLE)
        self.card.show_desk(desk, account)
        self.owed.show_account(desk, account, may)
        self.deposits.show_desk(desk, self.paddle, may)
        self.next.read(self.session_id)
        words = _("拍卖人、拍卖师证号已登记，文件称“{word}”") if desk.is_auction else _("证照没有填全，文件称“{word}”")
        sold = _("成交 {n} 件，流拍 {m} 件").format(n=desk.sold, m=desk.unsold)
        self.fact_changed.emit(f"{sold} · {words.format(word=desk.called)}")

    @property
    def account(self) -> Account | None:
        """Who is served."""
        return self.desk.account(self.paddle) if self.desk is not None and self.paddle is not None else None

    def _on_changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self.isVisible() and not self._look.isActive():
            self._look.start()

    def _look_again(self) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.card.field.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.card.field.setFocus()

    def show_session(self, session_id: uuid.UUID | None) -> None:
        self.paddle = None
        self.card.field.clear()
        super().show_session(session_id)

    def focus_search(self) -> None:
        self.do("find")

    # --- the paddle ---

    def enter(self, number: int | None) -> None:
        """Enter: the paddle that is typed; on an empty field the next one of the queue."""
        if self.desk is None:
            return
        if number is None:
            self.serve_next()
        elif self.desk.account(number) is None:
            words = _("没有 {no} 号牌。核对号码，或按 F2 按名称找。").format(no=paddle_no(number))
            self.card.refuse(self.desk.damage_of(number) or words)
        else:
            self.serve(number)

    def serve(self, paddle: int) -> None:
        """Show this one; its number stays marked, so that the next digits take its place."""
        self.paddle = paddle
        self._show()
        self.card.field.hold(paddle)

    def serve_next(self) -> None:
        """The next of the queue behind the one served that is not settled; none: that is said."""
        queue = list(self.desk.queue) if self.desk is not None else []
        at = next((n for n, one in enumerate(queue) if one.paddle == self.paddle), -1)
        order = queue[at + 1 :] + queue[: max(0, at)]
        waiting = next((one for one in order if one.standing is not Standing.SETTLED), None)
        if waiting is not None:
            self.serve(waiting.paddle)
        else:
            self.card.tell(_("队里没有别的号牌要结算。"))

    def clear(self) -> None:
        """Esc: nobody is served."""
        self.paddle = None
        self.card.field.clear()
        self._show()

    # --- acts ---

    def do(self, act: str) -> None:
        """One of the keys or buttons: clear, find, pay, refund, list, papers, confirmations, records."""
        acts: dict[str, Callable[[], object]] = {
            "clear": self.clear, "find": self._find, "pay": self._pay, "refund": self._refund, "list": self._list,
            "papers": partial(self._print, CONFIRMATION, RECORD), "confirmations": partial(self._print, CONFIRMATION),
            "records": partial(self._print, RECORD),
        }  # fmt: skip
        acts[act]()

    def _ask(self, box: Dialog, then: Callable[[Any], object] | None = None) -> None:
        """Open a dialog; afterwards everything is read again and the focus is on the paddle."""

        def closed(answer: Any) -> None:
            if answer is not None:
                self.refresh()
                if then is not None:
                    then(answer)
            self.card.field.setFocus()

        box.closed.connect(closed)
        box.open()

    def _find(self) -> None:
        if self.desk is not None:
            box = FindDialog(self, self.desk)
            box.closed.connect(lambda paddle: self.serve(paddle) if paddle is not None else self.card.field.setFocus())
            box.open()

    def _pay(self) -> None:
        account = self.account
        if account is not None and account.owed > 0:
            self._take(MoneyKind.PAYMENT)
        elif account is not None and account.surplus > 0:
            if self.owed.pay.isVisibleTo(self.owed):  # before the end it is in the menu
                self._refund()
        elif account is not None and account.purchases:
            self.serve_next()
        elif account is not None:
            self._take(MoneyKind.DEPOSIT)

    def _take(self, kind: MoneyKind) -> None:
        if self.desk is None or self.account is None:
            return
        way = self.owed.way if kind is MoneyKind.PAYMENT else MoneyWay.BANK
        words = _("已登记到账") if kind is MoneyKind.PAYMENT else _("已收保证金")
        box = MoneyDialog(self, self.context.db, self.desk, self.account, kind, way)
        self._ask(box, lambda _done: messages.show(self, words, "ok"))

    def _refund(self) -> None:
        if self.desk is not None:
            box = RefundDialog(self, self.context.db, self.desk, self.paddle)
            words = _("已登记退款 {n} 笔")
            self._ask(box, lambda done: messages.show(self, words.format(n=len(done)), "ok"))

    def _money(self) -> None:
        if self.account is not None:
            self._ask(MoneyList(self, self.context.db, self.account, self.refresh))

    def _agree(self) -> None:
        if self.desk is not None and self.desk.passed:
            self._ask(
                AgreeDialog(self, self.context.db, self.desk),
                lambda deal: self.context.navigate(ListRoute(DEALS, record=deal)),
            )

    def _sign(self) -> None:
        account = self.account
        if account is None:
            return
        try:
            auction_cashier.sign(self.context.db, [one.lot_id for one in account.purchases])
        except UserError as error:
            messages.show(self, error)
            return
        messages.show(self, _("已记下确认书签署"), "ok")
        self.refresh()

    def _ask_to_close(self, desk: CashDesk) -> None:
        """At once where nothing is left to be called, else after asking."""
        if desk.is_over:
            self._close(not desk.is_closed)
            return
        text = _("散场以后不能再开始标的，保证金的退还期限从今天算。")
        confirm(self, _("还有没拍的标的，仍要散场？"), text, _("散场"), partial(self._close, True))

    def _close(self, on: bool) -> None:
        """散场, or back to it."""
        if self.session_id is None:
            return
        try:
            auction_cashier.close(self.context.db, self.session_id, on)
        except UserError as error:
            messages.show(self, error)
            return
        messages.show(self, _("已散场，保证金的期限从今天算") if on else _("这一场继续"), "ok")
        self.refresh()

    def _default(self, bought: Purchase) -> None:
        if self.account is not None:
            words = _("已登记违约，成交项目转为终止")
            self._ask(
                DefaultDialog(self, self.context.db, self.account, bought),
                lambda _done: messages.show(self, words, "ok"),
            )

    def _resell(self, bought: Purchase) -> None:
        if self.desk is None:
            return
        found = auction_sessions.sessions(self.context.db, self.desk.expo_id)
        words = _("已建再拍标的。到筹备检查补保留价和各方同意。")
        self._ask(
            ResaleDialog(self, self.context.db, self.desk, bought, found),
            lambda _done: messages.show(self, words, "ok"),
        )

    # --- papers ---

    def _print(self, *kinds: str) -> None:
        """The papers of who is served; without anybody, records of every lot that was called."""
        desk, account = self.desk, self.account
        if desk is None:
            return
        lots = [one.lot_id for one in account.purchases] if account is not None else None
        if lots == []:
            self.card.tell(_("这个号牌没有竞得标的，没有文件。"))
            return
        if lots is None and CONFIRMATION in kinds:
            kinds = (RECORD,)
        cashier_papers.hand_out(self, self.context, desk.auction_id, lots, kinds, self._on_printed)

    def _on_printed(self) -> None:
        self.refresh()
        self.card.field.setFocus()

    def _list(self) -> None:
        if self.desk is not None:
            cashier_papers.refund_list(self, self.context, self.desk.auction_id)

    def _fill_menu(self, menu: Menu) -> None:
        account, desk = self.account, self.desk
        may = self.context.may_write(auction_cashier.SETTLE)
        if desk is None:
            return
        if account is not None:
            menu.add(_("收保证金…"), lambda: self._take(MoneyKind.DEPOSIT)).setEnabled(may)
            if account.surplus > 0:
                menu.add(_("登记退款…"), self._refund).setEnabled(may)
            menu.add(_("收退款明细…"), self._money)
            unsigned = [one for one in account.sold if one.confirmed_on is None]
            menu.add(_("确认书已签署"), self._sign).setEnabled(may and bool(unsigned))
            for bought in account.purchases:
                if bought.is_overdue(desk.today):
                    words = _("标的 {no} 登记违约…").format(no=bought.lot_no)
                    menu.add(words, partial(self._default, bought)).setEnabled(may)
                if bought.state is LotState.DEFAULTED and not bought.resale:
                    menu.add(_("标的 {no} 再拍…").format(no=bought.lot_no), partial(self._resell, bought)).setEnabled(
                        may
                    )
            menu.addSeparator()
        menu.add(_("全部笔录"), partial(cashier_papers.hand_out, self, self.context, desk.auction_id, None, (RECORD,),
                                   self._on_printed)).setEnabled(may)  # fmt: skip
        words = _("继续这一场") if desk.is_closed else _("散场")
        menu.add(words, partial(self._ask_to_close, desk)).setEnabled(may)
        menu.add(_("登记协议成交…"), self._agree).setEnabled(may and bool(desk.passed))

    def buttons(self) -> Sequence[QWidget]:
        return ()
