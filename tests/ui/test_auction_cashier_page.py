"""结算台 by its keys: number and Enter, the next one, papers, money; the focus never leaves the number for long."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import UserError
from expo_app.model import Auction, Bidder, Deal, Entry, Expo, LotState, MoneyKind, MoneyWay
from expo_app.routes import ListRoute, Route
from expo_app.services import auction_cashier
from expo_app.services.auction_accounts import read_desk
from expo_app.services.auction_cashier import Paid
from expo_app.specs.auction_cashier import Refund, Standing
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.kit.menus import Menu
from expo_app.ui.kit.overlay import Overlay
from expo_app.ui.pages.auction import AuctionPage, cashier_papers
from expo_app.ui.pages.auction.cashier import CashierView
from expo_app.ui.pages.auction.cashier_dialogs import MoneyDialog
from expo_app.ui.records import printing
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.auction_till import WAN, Till
from tests.ui.conftest import put

Said = Callable[[QWidget], list[tuple[str, str]]]


@dataclass
class Counter:
    """The cashier over a session of three buyers; keys go to whatever has the focus."""

    view: CashierView
    till: Till
    app: QApplication
    went: list[Route]

    def settle(self) -> None:
        self.app.processEvents()
        while jobs.running():
            self.app.processEvents()
        self.app.processEvents()

    def keys(self, *keys: str) -> None:
        named = {"\n": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "F2": Qt.Key.Key_F2, "P": Qt.Key.Key_P}
        for key in keys:
            widget = QApplication.focusWidget()
            assert widget is not None
            if key in named:
                QTest.keyClick(widget, named[key])
            elif key.isascii():
                QTest.keyClicks(widget, key)
            else:  # an input method's
                widget.insert(key)  # type: ignore[attr-defined]
            self.settle()

    @property
    def box(self) -> Any:
        return next(box for box in self.view.window().findChildren(Overlay) if box.is_open)

    @property
    def at_home(self) -> bool:
        return self.view.card.field.hasFocus()

    def menu(self) -> dict[str, Any]:
        menu = Menu(self.view)
        self.view._fill_menu(menu)
        return {action.text(): action for action in menu.actions() if action.text()}


@pytest.fixture
def counter(context: Context, window: QMainWindow, qapp: QApplication, tmp_path: Path) -> Counter:
    window.resize(1440, 900)
    context.settings.export_folder = str(tmp_path)
    till = Till(context.db, context.expo_id)
    for paddle in (7, 18, 23):
        till.deposit(paddle, 5)
    till.sell("01", 18, 150)
    till.sell("02", 7, 250)
    till.sell("03", 18, 100)
    till.pass_("04")
    page = AuctionPage(context)
    went: list[Route] = []
    context.navigate = went.append  # type: ignore[method-assign]
    put(window, page)
    page.show_view("cashier")
    view = page.view
    assert isinstance(view, CashierView)
    view.card.field.setFocus()
    made = Counter(view, till, qapp, went)
    made.settle()
    return made


def test_number_enter_and_what_is_owed(counter: Counter) -> None:
    assert counter.at_home
    counter.keys("18", "\n")
    owed = counter.view.owed
    assert [line.lot_no for line in owed.table.lines] == ["01", "03"]
    assert owed.sum.text() == "2,575,000.00"
    assert owed.capitals.whole_text == "贰佰伍拾柒万伍仟元整"
    assert "2,500,000.00" in owed.facts.whole_text
    assert "第 1 档" in owed.tier.whole_text
    assert counter.at_home
    counter.keys("7", "\n")  # the next digits take the number's place
    assert counter.view.paddle == 7
    assert "第 2 档" in owed.tier.whole_text


def test_enter_on_an_empty_field_is_the_next_one(counter: Counter) -> None:
    counter.keys("\n")
    assert counter.view.paddle == 18
    counter.view.card.field.clear()
    counter.keys("\n")
    assert counter.view.paddle == 7
    account = counter.till.account(18)
    auction_cashier.take_payment(counter.till.db, account.bidder_id, Paid(account.owed))
    counter.view.refresh()
    counter.view.card.field.clear()
    counter.keys("\n")
    assert counter.view.paddle == 7  # the other one is settled
    assert "没有别的号牌" in counter.view.card.says.text()
    assert [line.state[0] for line in counter.view.card.rows.lines] == ["已结清", "正在办"]


def test_a_paddle_nobody_holds(counter: Counter) -> None:
    counter.keys("99", "\n")
    field = counter.view.card.field
    assert field.property("state") == "bad"
    assert field.selectedText() == "99"
    assert "没有 99 号牌" in counter.view.card.says.text()
    counter.keys("2")
    assert field.text() == "2"
    assert not counter.view.card.says.isVisible()
    counter.keys("Esc")
    assert field.text() == ""
    assert counter.view.paddle is None


def test_a_payment_in_parts(counter: Counter, shown: Said) -> None:
    counter.keys("7", "\n")
    counter.view.owed.pay.click()
    counter.settle()
    box = counter.box
    assert box.amount.text() == "2565000.00"
    assert box.amount.hasFocus()
    counter.keys("1000000", "\n")
    assert counter.view.owed.sum.text() == "1,565,000.00"
    assert "已到账 1,000,000.00" in counter.view.owed.facts.whole_text
    assert counter.at_home
    assert ("ok", "已登记到账") in shown(counter.view)
    counter.view.owed.pay.click()
    counter.settle()
    counter.keys("99999999", "\n")
    assert "多了" in counter.box.says.text()
    counter.box.cancel()


def test_after_money_the_next_digits_are_another_paddle(counter: Counter) -> None:
    counter.keys("7", "\n")
    counter.view.do("pay")
    counter.settle()
    counter.keys("1000000", "\n", "18", "\n")
    assert counter.view.paddle == 18


def test_a_wrong_amount_is_said_beside_the_field(counter: Counter) -> None:
    counter.keys("7", "\n")
    counter.view.owed.pay.click()
    counter.settle()
    counter.box.amount.setText("很多")
    counter.box.submit()
    assert counter.box._fields["amount"].problem
    counter.box.cancel()


def test_nothing_owed_shows_the_deposit(counter: Counter) -> None:
    counter.keys("23", "\n")
    owed = counter.view.owed
    assert (owed.label.text(), owed.sum.text()) == ("没有应付 · 保证金", "50,000.00")
    assert owed.pay.text() == "登记退款"
    assert "收保证金" in owed.entries.text()
    owed.pay.click()
    counter.settle()
    box = counter.box
    assert [one.paddle for one in box.chosen] == [23]
    box.submit()
    assert counter.till.account(23).refund is Refund.DONE
    assert [line.state[0] for line in counter.view.deposits.rows.lines] == ["已退"]


def test_after_one_is_settled_the_button_calls_the_next(counter: Counter) -> None:
    counter.till.pay(7, "2565000")
    counter.view.refresh()
    counter.keys("7", "\n")
    assert (counter.view.owed.label.text(), counter.view.owed.pay.text()) == ("已结清", "下一个")
    counter.view.owed.pay.click()
    assert counter.view.paddle == 18


def test_a_session_with_lots_left_ends_after_a_question(counter: Counter) -> None:
    make = counter.till
    with make.db.transaction() as session:
        make_lot(session, session.get_one(Auction, make.auction), "09", position=9)
    counter.view.refresh()
    counter.view._ask_to_close(counter.view.desk)
    counter.settle()
    with make.db.reading() as session:
        assert session.get_one(Auction, make.auction).closed_at is None
    counter.box.verb.click()
    counter.settle()
    assert counter.view.desk.is_closed
    counter.view._ask_to_close(counter.view.desk)
    assert not counter.view.desk.is_closed


def test_a_deposit_is_filled_in_with_what_the_lots_ask_for(counter: Counter) -> None:
    with counter.till.db.transaction() as session:
        make_bidder(session, session.get_one(Auction, counter.till.auction), 31)
    asked = counter.till.desk
    usual = {
        paddle: MoneyDialog(
            counter.view, counter.till.db, asked, counter.till.account(paddle), MoneyKind.DEPOSIT, MoneyWay.BANK
        ).amount.text()
        for paddle in (31, 23)
    }
    assert usual == {31: "50000.00", 23: ""}  # 23 brought its own


def test_before_the_end_a_deposit_goes_back_by_the_menu_alone(counter: Counter) -> None:
    make = counter.till
    with make.db.transaction() as session:
        make_lot(session, session.get_one(Auction, make.auction), "09", position=9)
    counter.view.refresh()
    counter.keys("23", "\n")
    assert not counter.view.owed.pay.isVisible()
    counter.view.do("pay")  # Ctrl+Enter
    assert not [box for box in counter.view.window().findChildren(Overlay) if box.is_open]
    counter.view.do("refund")
    assert [one.paddle for one in counter.box.chosen] == [23]
    counter.box.cancel()
    counter.keys("18", "\n")
    counter.view.do("refund")
    assert counter.box.chosen == []  # nobody is ticked while the session goes on
    counter.box.cancel()
    counter.keys("23", "\n")
    counter.menu()["登记退款…"].trigger()
    counter.box.submit()
    assert make.account(23).refund is Refund.DONE


def test_a_missing_account_is_amber_and_no_transfer(counter: Counter) -> None:
    with counter.till.db.transaction() as session:
        session.get_one(Bidder, counter.till.bidders[23]).account = ""
    counter.view.refresh()
    assert [line.state for line in counter.view.deposits.rows.lines] == [("缺账号", "warn")]
    counter.view.do("refund")
    box = counter.box
    assert box.chosen == []
    box.ticks[0][0].setChecked(True)
    box.submit()
    assert "没有退款账号" in box.says.text()
    box.cancel()


def test_f2_finds_by_name(counter: Counter) -> None:
    counter.keys("F2", "代理18", "\n")
    assert counter.view.paddle == 18
    assert counter.at_home


def test_papers_wait_as_files_where_no_printer_takes_them(
    counter: Counter, tmp_path: Path, shown: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: None)
    counter.keys("18", "\n", "P")
    (made,) = tmp_path.glob("成交确认书和笔录*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    words = [text for kind, text in shown(counter.view) if kind == "warn"]
    assert any("没有默认打印机" in text and made.name in text for text in words)
    assert (counter.till.lot("01").confirmation_prints, counter.till.lot("03").record_prints) == (1, 1)
    assert [line.state[0] for line in counter.view.owed.table.lines] == ["待签", "待签"]
    counter.menu()["确认书已签署"].trigger()
    assert [line.state[0] for line in counter.view.owed.table.lines] == ["已签", "已签"]


def test_a_printer_that_stops_leaves_the_papers_too(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Said
) -> None:
    def stops(*_args: Any) -> int:
        raise UserError("打印机没有接受，没有打印，也没有记数。检查打印机后再试。", "E-PRINTER")

    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: object())
    monkeypatch.setattr(printing, "spool", stops)
    counter.keys("7", "\n", "P")
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert any("打印机没有接受" in text for _kind, text in shown(counter.view))


def test_neither_printer_nor_folder(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Said
) -> None:
    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: None)
    monkeypatch.setattr(cashier_papers.files, "folder_of", lambda _context: tmp_path / "gone")
    counter.keys("7", "\n", "P")
    (words,) = [text for kind, text in shown(counter.view) if kind == "bad"]
    assert "存不到" in words
    assert "补打" in words


def test_a_printer_that_takes_them_leaves_no_file(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    monkeypatch.setattr(cashier_papers, "_usual", lambda _title: object())
    monkeypatch.setattr(printing, "spool", lambda _printer, path, _progress: sent.append(path.read_bytes()) or 1)
    counter.keys("7", "\n", "P")
    assert len(sent) == 1
    assert list(tmp_path.glob("*.pdf")) == []
    assert counter.till.lot("02").confirmation_prints == 1


def test_default_and_resale_by_the_menu(counter: Counter) -> None:
    counter.till.later(8)
    counter.view.refresh()
    counter.keys("7", "\n")
    assert counter.view.owed.due.kind == "bad"
    counter.menu()["标的 02 登记违约…"].trigger()
    counter.box.reason.setText("没有到账")
    counter.box.submit()
    assert counter.till.lot("02").state is LotState.DEFAULTED
    assert counter.till.account(7).standing is Standing.DEFAULTED
    assert counter.view.owed.table.total is None  # nothing stands as sold
    assert "两方佣金 230,000.00" in counter.view.owed.note.text()
    assert "第 2 档" in counter.view.owed.tier.whole_text
    counter.menu()["标的 02 再拍…"].trigger()
    counter.box.number.setText("02R")
    counter.box.submit()
    counter.settle()
    assert "02R" in [line.lot_no for line in counter.view.next.table.lines]


def test_the_sum_leaves_out_what_was_not_paid_and_says_so(counter: Counter) -> None:
    counter.till.later(8)
    counter.view.refresh()
    counter.keys("18", "\n")
    whole = counter.view.owed.table.total
    assert (whole.title, whole.hammer) == ("合计", 250 * WAN)
    counter.menu()["标的 03 登记违约…"].trigger()
    counter.box.reason.setText("没有到账")
    counter.box.submit()
    whole = counter.view.owed.table.total
    assert (whole.title, whole.hammer) == ("合计（不含违约）", 150 * WAN)


def test_an_agreed_sale_becomes_a_draft(counter: Counter) -> None:
    counter.view.clear()
    counter.menu()["登记协议成交…"].trigger()
    counter.box.submit()
    assert counter.box._fields["buyers"].problem
    counter.box.buyer.setText("竞买单位23")
    counter.box.amount.setText("900000")
    counter.box.submit()
    (route,) = counter.went
    assert isinstance(route, ListRoute)
    with counter.till.db.reading() as session:
        deal = session.get_one(Deal, route.record)
        assert (deal.entry, deal.amount) == (Entry.DRAFT, 90 * WAN)


def test_a_wrong_entry_is_set_off_from_the_list(counter: Counter) -> None:
    counter.till.pay(7, "1")
    counter.view.refresh()
    counter.keys("7", "\n")
    counter.menu()["收退款明细…"].trigger()
    line = next(one for one in counter.till.account(7).money if one.kind is MoneyKind.PAYMENT)
    counter.box._set_off(line.id)
    ask = [box for box in counter.view.window().findChildren(Overlay) if box.is_open][-1]
    ask.close_with("打错了")
    counter.settle()
    assert counter.till.account(7).paid == Decimal(0)


def test_another_cashier_s_payment_is_seen(counter: Counter, qtbot: QtBot) -> None:
    counter.keys("7", "\n")
    counter.till.pay(7, "565000")
    counter.view.context.changed.emit(frozenset({"auction_money"}))
    qtbot.waitUntil(lambda: counter.view.owed.sum.text() == "2,000,000.00")
    assert read_desk(counter.till.db, counter.till.auction).account(7) is not None


def test_before_anybody_has_a_paddle(context: Context, window: QMainWindow) -> None:
    view = CashierView(context)
    put(window, view)
    view.show_session(None)
    assert view._pages.currentWidget() is view._state
    with context.db.transaction() as session:
        made = make_auction(session, session.get_one(Expo, context.expo_id)).id
    view.show_session(made)
    assert view._pages.currentWidget() is view._state
