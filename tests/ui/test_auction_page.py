"""专利拍卖: one header for its views, the checklist whose cells lead to their fields, rows entered with a record."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from expo_app.model import Auction, Expo, LadderKind, Lot, LotState, ReserveKind, Role
from expo_app.routes.auction import AuctionRoute
from expo_app.rules.auction_checklist import ITEMS
from expo_app.services import records
from expo_app.specs import AUCTIONS, LOTS
from expo_app.store.database import Actor
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs
from expo_app.ui.pages.auction import VIEWS, AuctionPage
from expo_app.ui.pages.auction.checklist import ChecklistView
from expo_app.ui.pages.auction.forms import AuctionDialog, LotDialog
from expo_app.ui.pages.auction.lists import AuctionLists
from expo_app.ui.records.record_dialog import RecordDialog
from tests.auction_room import make_auction, make_bidder, make_lot, make_right
from tests.factories import local
from tests.ui.conftest import put

CONSENT = next(n for n, item in enumerate(ITEMS, 1) if item.key == "consent")


def settle() -> None:
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QApplication.processEvents()


@pytest.fixture
def made(context: Context) -> dict[str, object]:
    """Two sessions; in the first, lots 01 (everything but its contract) and 02 (a co-owner not asked yet)."""
    context.db.clock = lambda: local(28, 10)
    with context.db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        first = make_auction(session, expo, "第一场", starts_at=local(29, 13, 30), place="A 会场", rules_read_at=None)
        second = make_auction(session, expo, "第二场", starts_at=local(30))
        make_bidder(session, first, 7)
        one, two = make_lot(session, first, "01", position=1), make_lot(session, first, "02", position=2)
        make_right(session, two, "丙大学")
        return {"first": first.id, "second": second.id, "one": one.id, "two": two.id}


@pytest.fixture
def view(context: Context, window: QMainWindow, made: dict[str, object]) -> ChecklistView:
    shown = ChecklistView(context)
    put(window, shown)
    shown.show_session(made["first"])  # type: ignore[arg-type]
    settle()
    return shown


def opened(window: QMainWindow) -> LotDialog | AuctionDialog:
    found = window.findChildren(RecordDialog)[-1]
    assert isinstance(found, LotDialog | AuctionDialog)
    return found


def test_the_chooser_says_which_session_it_is_after_every_act(context, window, made):
    page = AuctionPage(context)
    put(window, page)
    assert page.chooser.currentText() == "第一场"
    page.chooser.setCurrentIndex(1)
    page.chooser.activated.emit(1)
    records.save(context.db, LOTS, {"note": "改过"}, made["one"], expo_id=context.expo_id)
    page._read_again()
    settle()
    assert (page.chooser.currentText(), page.session_id) == ("第二场", made["second"])
    records.save(context.db, AUCTIONS, {"title": "改名的一场"}, made["second"], expo_id=context.expo_id)
    page.refresh()
    assert page.chooser.currentText() == "改名的一场"


def test_one_header_for_all_views(context, window, made):
    page = AuctionPage(context)
    put(window, page)
    page.open_with(AuctionRoute("checklist"))
    settle()
    assert (page.key, page.chooser.count(), page.session_id) == ("checklist", 2, made["first"])
    assert page.header._fact.text().startswith("第一场 · 竞价会 · 11-29 13:30 · A 会场 · 号牌 1 个")
    assert page.pill.text == "未开始"
    page.open_with(AuctionRoute(session=made["second"]))
    assert (page.key, page.view.session_id) == ("checklist", made["second"])
    assert page.place() == AuctionRoute("checklist", made["second"])
    keys = [view.key for view in VIEWS]
    for step in (1, 2, 3):
        page.next_view()
        settle()
        assert page.key == keys[(keys.index("checklist") + step) % len(keys)]


def test_what_happens_in_the_hall_is_in_the_header_soon(context, window, made, qtbot):
    page = AuctionPage(context)
    put(window, page)
    page.show_view("checklist")
    with context.db.transaction() as session:
        lot = session.get_one(Lot, made["one"])
        lot.seq, lot.state = 1, LotState.OPEN
    qtbot.waitUntil(lambda: page.pill.text == "进行中")


def test_keys_lead_to_what_is_missing(view, window, made):
    assert [line.conclusion.value for line in view.checklist.lines] == ["warn", "bad"]
    view.table.setFocus()
    for key in (Qt.Key.Key_Down, *[Qt.Key.Key_Right] * CONSENT):
        QTest.keyClick(view.table, key)
    assert "丙大学" in view.table.words_at(view.table.at)
    assert "丙大学" in view.table.accessibleName()
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    settle()
    form = opened(window)
    assert isinstance(form, LotDialog)
    (card,) = form.form.editor("rights").cards
    assert card.editor("consent").hasFocus()
    card.editor("consent").set_value("GIVEN")
    card.editor("consent").edited.emit()
    form.submit()
    settle()
    assert view.checklist.lines[1].cells[CONSENT - 1].words == "同意 1/1"
    view.undo()
    settle()
    assert view.checklist.lines[1].cells[CONSENT - 1].words == "缺 1 方"


def test_an_item_of_the_session_opens_the_session(view, window):
    view.table.open_at((0, 1))
    settle()
    form = opened(window)
    assert isinstance(form, AuctionDialog)
    assert form.form.editor("notice_on").hasFocus()


def test_the_conclusion_leads_to_what_stands_in_the_way(view, window):
    view.table.open_at((1, len(ITEMS) + 1))
    settle()
    assert opened(window).wanted == "rights"


def test_the_rules_are_read_once(view, context, made):
    assert view._rules.isEnabled()
    view.read_rules()
    settle()
    assert (view._rules.isVisible(), view._read.kind) == (False, "ok")
    with context.db.reading() as session:
        assert session.get_one(Auction, made["first"]).rules_read_at == local(28, 10)


def test_without_a_session_it_offers_one(context, window):
    shown = ChecklistView(context)
    put(window, shown)
    shown.show_session(None)
    shown.add_session()
    settle()
    assert isinstance(opened(window), AuctionDialog)


def test_who_may_not_set_a_reserve_cannot_type_one(context, window, made):
    form = LotDialog(window, context, LOTS, made["one"])
    assert form.form.editor("reserve").isEnabled()
    context.db.actor = Actor("郑岚", Role.DEALS)
    form = LotDialog(window, context, LOTS, made["one"])
    assert not form.form.editor("reserve").isEnabled()
    assert not form.form.is_shown("state")


def test_a_reserve_below_the_start_price_is_said_and_taken(context, window, made):
    form = LotDialog(window, context, LOTS, made["one"])
    form.open()
    box = form.form.box("reserve")
    for name, value in (("start_price", "40"), ("reserve", "30")):
        form.form.editor(name).set_value(value)
        form.form.editor(name).edited.emit()
    assert "低于起拍价" in box.problem
    form.form.editor("reserve").set_value("50")
    form.form.editor("reserve").edited.emit()
    assert box.problem == ""


def test_lines_are_typed_and_come_back(context, window, made):
    key = made["first"]
    form = AuctionDialog(window, context, AUCTIONS, key)
    form.open()
    settle()
    assert not form.form.is_shown("bands")
    form.form.editor("ladder").set_value(LadderKind.TABLE)
    form.form.editor("ladder").edited.emit()
    assert form.form.is_shown("bands")
    bands = form.form.editor("bands")
    for start, step in (("100", "5"), ("0", "1.5")):
        card = bands.add()
        card.editor("from_amount").setText(start)
        card.editor("step").setText(step)
    bands.add()  # nothing typed in it: no line
    bands.edited.emit()
    form.take_court_bands()
    form.submit()
    settle()
    there = records.get(context.db, AUCTIONS, key)
    assert AUCTIONS.field("bands").display(there["bands"]) == "0.00；1.50\n100.00；5.00"
    assert AUCTIONS.field("commissions").display(there["commissions"]).count("\n") == 9
    again = AuctionDialog(window, context, AUCTIONS, key)
    assert [card.editor("step").text() for card in again.form.editor("bands").cards] == ["1.50", "5.00"]
    assert not again.form.is_dirty


def test_a_line_that_says_too_little_is_said(context, window, made):
    form = LotDialog(window, context, LOTS, made["one"])
    form.open()
    orders = form.form.editor("orders")
    orders.add().editor("paddle").setText("7")
    orders.edited.emit()
    form.submit()
    assert "缺最高出到" in form.form.box("orders").problem


def test_a_sold_lot_says_that_it_is_locked(context, window, made):
    with context.db.transaction() as session:
        lot = session.get_one(Lot, made["one"])
        lot.seq, lot.state, lot.price = 3, LotState.SOLD, Decimal(1_000_000)
    form = LotDialog(window, context, LOTS, made["one"])
    form.open()
    form.form.editor("title").setText("别的名称")
    form.form.editor("title").edited.emit()
    form.submit()
    assert "已锁定" in form.form.box("title").problem


def test_the_lists_stand_on_one_page(context, window, made):
    page = AuctionLists(context)
    put(window, page)
    for name, count in (("lots", 2), ("bidders", 1), ("auctions", 2), ("bids", 0)):
        assert len(page.show_list(name).rows) == count
    assert made["one"] in {row[0] for row in page.show_list("lots").rows}
    assert ReserveKind.NONE in {page.shown.value(row, "reserve_kind") for row in page.shown.rows}
    assert date(2018, 11, 29) in {
        row[2].astimezone(local(1).tzinfo).date() for row in page.show_list("auctions").rows if row[2]
    }
