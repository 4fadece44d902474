"""技术合同登记簿: what is missing leads to its field, keys complete a contract, acts go and come back."""

import time
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from python_calamine import CalamineWorkbook

from expo_app.model import Deal, DealStage, Entry, Expo, Registration, RegistryChoice, RegistryList
from expo_app.rules.patents import check_digit
from expo_app.services import contracts, deals, records
from expo_app.specs import CONTRACTS
from expo_app.specs.deals import NO_LIST
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.item_row import ItemRow
from expo_app.ui.kit.picker import WAIT
from expo_app.ui.kit.table_cells import advance
from expo_app.ui.pages.contracts import ContractsPage, cells
from expo_app.ui.pages.contracts.export import ExportDialog
from expo_app.ui.pages.contracts.form import ContractDialog
from expo_app.ui.pages.contracts.lists import RegistryDeadlines
from tests.factories import local, make_deal
from tests.services.test_contracts import PATENT, WHOLE
from tests.ui.conftest import put

SIGNED = date(2018, 11, 28)
NUMBER = "201419999013" + check_digit("201419999013")


def settle() -> None:
    """Let workers, timers of nought and their results arrive."""
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QApplication.processEvents()


@pytest.fixture
def page(context, window):
    """Two contracts: of one a patent number and the office are missing, of one everything is there."""
    db = context.db
    db.clock = lambda: local(29, 10)
    with db.transaction() as session:
        expo = session.get_one(Expo, context.expo_id)
        expo.submit_days = 20
        more = {"signed_on": SIGNED, "tech_amount": 800}
        whole = make_deal(session, expo, "齐全的", "1000", sellers=("甲院",), buyers=("乙公司",), **more).id
        short = make_deal(session, expo, "差两项的", "2000", sellers=("甲院",), buyers=("乙公司",), **more).id
        make_deal(session, expo, "草稿的", entry=Entry.DRAFT)
    records.save(db, CONTRACTS, WHOLE, whole, expo_id=context.expo_id)
    patent = PATENT.replace(f"{NUMBER}；{NUMBER}", f"{NUMBER}；—")
    records.save(db, CONTRACTS, {**WHOLE, "patents": patent, "registry_office": ""}, short, expo_id=context.expo_id)
    made = ContractsPage(context)
    put(window, made)
    settle()
    made.ids = {"whole": whole, "short": short}
    return made


def state(page, name="whole"):
    return records.get(page.context.db, CONTRACTS, page.ids[name])["registration"]


def buttons(widget):
    return {button.text(): button for button in widget.findChildren(Button) if not button.isHidden()}


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel)]


def press(key):
    QTest.keyClick(QApplication.focusWidget(), key)
    settle()


def test_rows_say_what_is_missing_and_totals_count_what_is_shown(page):
    lines = {name: page.lines[key] for name, key in page.ids.items()}
    assert (lines["whole"].lacking, lines["short"].lacking) == (0, 2)
    cells = {name: page.cell("due", key) for name, key in page.ids.items()}
    assert {(cell.words, cell.small) for cell in cells.values()} == {("12-18", "还有 19 天")}
    totals = page.totals(page.model.rows())
    assert (totals["title"], totals["amount"], totals["tech_amount"]) == ("2 份", "0.30", "0.16")
    assert totals[""] == "另有草稿 1，不在簿里"
    page.bar.choose(lacking=True)
    assert [row[0] for row in page.model.rows()] == [page.ids["short"]]
    assert page.totals(page.model.rows())["amount"] == "0.20"


def test_the_panel_leads_to_the_field(page, window):
    page.view.select_id(page.ids["short"])
    page.open_record(page.ids["short"])
    settle()
    rows = [row for row in page.panel.findChildren(ItemRow) if row.findChildren(Button)]
    assert len(rows) == 2
    again = buttons(page.panel)["提交"]
    assert not again.isEnabled()
    assert "登记机构" in again.toolTip()
    rows[0].findChild(Button).click()
    settle()
    box = dialog.top(window)
    assert isinstance(box, ContractDialog)
    assert box.form.box("registry_office").isAncestorOf(QApplication.focusWidget())


def test_a_contract_is_completed_by_keys_alone(page, context, window, record_property):
    began, keys = time.perf_counter(), 0
    page.view.setFocus()
    page.view.select_id(page.ids["whole"])
    press(Qt.Key.Key_F4)
    box = dialog.top(window)
    assert isinstance(box, ContractDialog)
    assert box.record_id == page.ids["short"]
    words = {"registry_office": "Office 1", "patents": NUMBER}
    for _gap in range(2):
        typed = words.pop(box._field_with_focus())
        QTest.keyClicks(QApplication.focusWidget(), typed)
        press(Qt.Key.Key_F4)
        keys += len(typed) + 1
    keys += 1  # the F4 that opened it
    assert words == {}
    assert dialog.top(window) is None  # saved, and no other contract lacks anything
    assert contracts.lines(context.db, context.expo_id)[page.ids["short"]].lacking == 0
    record_property("keys", keys)
    record_property("seconds", round(time.perf_counter() - began, 2))
    page.undo()
    assert contracts.lines(context.db, context.expo_id)[page.ids["short"]].lacking == 2


def offer_goals(db):
    with db.transaction() as session:
        session.add(RegistryChoice(list=RegistryList.SOCIAL_GOAL, code="10", name="工商业发展"))


@pytest.mark.parametrize("is_there", [False, True])
def test_a_list_nobody_has_is_typed_and_says_where_it_comes_from(page, context, window, is_there):
    if is_there:
        offer_goals(context.db)
    page.fill(page.ids["short"], "social_goal")
    settle()
    form = dialog.top(window).form
    said = {name: texts(form.box(name)) for name in ("social_goal", "tech_field")}
    assert (NO_LIST in said["social_goal"]) is not is_there
    assert NO_LIST not in said["tech_field"]
    form.fill({"social_goal": "照填的"})
    assert form.read("social_goal") == "照填的"


def test_a_contract_that_lacks_seven_items_takes_about_fifty_keys(page, context, window, record_property):
    """By initials, first letters and arrows: nothing is chosen by mouse, nothing is typed in full."""
    given = ("valid_from", "valid_until", "payment_way", "plan_source", "tech_field", "social_goal", "buyer_nature")
    bare = dict.fromkeys(given[2:], "") | {"registry_office": ""}
    term = dict.fromkeys(given[:2])
    deals.register(context.db, context.expo_id, term, page.ids["whole"], reason="误填", not_duplicate=True)
    offer_goals(context.db)
    records.save(context.db, CONTRACTS, bare, page.ids["whole"], expo_id=context.expo_id)
    settle()
    page.view.setFocus()
    page.view.select_id(page.ids["whole"])
    pressed, began = [], time.perf_counter()

    def key(code, modifier=Qt.KeyboardModifier.NoModifier):
        pressed.append(code)
        QTest.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), code, modifier)
        settle()

    def typed(text):
        pressed.extend(text)
        QTest.keyClicks(QApplication.focusWidget(), text)
        QTest.qWait(2 * WAIT)
        QApplication.processEvents()  # whatever was due by then, on a busy machine too

    def dates():
        typed("20181128")
        key(Qt.Key.Key_Tab)
        typed("20201127")

    def chosen(initials):
        typed(initials)
        key(Qt.Key.Key_Return)

    ways = {
        "valid_from": dates, "payment_way": lambda: key(Qt.Key.Key_Down), "plan_source": lambda: key(Qt.Key.Key_End),
        "tech_field": lambda: chosen("xjzz"), "social_goal": lambda: chosen("gsy"),
        "buyer_nature": lambda: chosen("nz"), "registry_office": lambda: typed("Office 1"),
    }  # fmt: skip
    key(Qt.Key.Key_F4)
    box = dialog.top(window)
    while ways:
        ways.pop(box._field_with_focus())()
        key(Qt.Key.Key_F4)
    assert contracts.lines(context.db, context.expo_id)[page.ids["whole"]].lacking == 0
    assert dialog.top(window).record_id == page.ids["short"]  # the next one that lacks something
    assert len(pressed) <= 55
    record_property("keys", len(pressed))
    record_property("seconds", round(time.perf_counter() - began, 2))


def test_a_number_is_judged_where_it_is_typed(page, window):
    page.fill(page.ids["short"], "patents")
    settle()
    box = dialog.top(window)
    card = box.form.editor("patents").cards[0]
    assert QApplication.focusWidget() is card.editor("patent_no")
    QTest.keyClicks(card.editor("patent_no"), NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    card.editor("filed_on").setFocus()
    settle()
    assert "校验位" in card.boxes["patent_no"].problem
    assert "2034-03-27" in card._term.text()
    card.editor("patent_no").set_value("201429999013" + check_digit("201429999013"))
    card._on_edited("patent_no")
    assert card._kind().name == "UTILITY_MODEL"  # the number says so
    assert "2024-03-27" in card._term.text()


def test_amounts_are_changed_in_the_deals_register(page, context, window):
    went = []
    context.navigate = went.append
    page.fill(page.ids["whole"], "tech_amount")
    assert [(route.spec.name, route.record) for route in went] == [("deals", page.ids["whole"])]
    assert dialog.top(window) is None


def test_the_term_that_was_signed_is_changed_in_the_deals_register(page, context, window):
    key = page.ids["whole"]
    page.fill(key, "payment_way")
    form = dialog.top(window).form
    assert (form.editor("valid_until").isEnabled(), form.editor("payment_way").isEnabled()) == (False, True)
    assert "签下来的，到成交台账里改，要写原因" in words_below(form.box("valid_until"))
    dialog.top(window).close()
    went = []
    context.navigate = went.append
    page.fill(key, "valid_until")
    assert [(route.spec.name, route.record) for route in went] == [("deals", key)]


def words_below(box):
    return [label.text() for label in box.findChildren(QLabel)]


def test_ticked_contracts_are_submitted_together_and_taken_back(page, window):
    for key in page.ids.values():
        page.model.set_checked(key, True)
    page._act_on_ticked(page._submit_ticked)
    box = dialog.top(window)
    box._footer.findChildren(Button)[-1].click()
    settle()
    assert dialog.top(window) is None
    assert (state(page), state(page, "short")) == (Registration.SUBMITTED, Registration.OPEN)
    page.undo()
    assert state(page) is Registration.OPEN
    page.redo()
    assert state(page) is Registration.SUBMITTED


def test_seller_and_buyer_share_the_room_and_neither_hides_the_other(qapp):
    seller, buyer, room = "上海示例汽车电子有限公司", "苏州示例激光装备有限公司", 160.0
    said = cells.shared(seller, buyer, room)
    one, other = said.split(cells.ARROW)
    assert (one[:3], other[:3], said.count("…")) == ("上海示", "苏州示", 2)
    assert advance("caption", said) <= room
    assert cells.shared("甲", "乙", room) == "甲 → 乙"


def test_sent_back_and_registered_are_asked_for_what_they_need(page, context, window):
    contracts.submit(context.db, [page.ids["whole"]], SIGNED)
    settle()
    page.view.select_id(page.ids["whole"])
    page.open_record(page.ids["whole"])
    settle()
    buttons(page.panel)["退回记录"].click()
    box = dialog.top(window)
    verb = box._footer.findChildren(Button)[-1]
    verb.click()
    assert dialog.top(window) is box  # without the office's words nothing is recorded
    assert state(page) is Registration.SUBMITTED
    box.cancel()
    settle()
    buttons(page.panel)["已登记"].click()
    box = dialog.top(window)
    fields = {field.editor.accessibleName(): field for field in box.findChildren(type(box.body.itemAt(1).widget()))}
    fields["合同登记编号"].editor.setText("123")
    box._footer.findChildren(Button)[-1].click()
    assert "16 位" in fields["合同登记编号"].problem
    fields["合同登记编号"].editor.setText("2018 3303 00 999001")
    box._footer.findChildren(Button)[-1].click()
    settle()
    with context.db.reading() as session:
        deal = session.get_one(Deal, page.ids["whole"])
    assert (deal.registration, deal.stage, deal.registry_no) == (
        Registration.REGISTERED, DealStage.REGISTERED, "2018330300999001",
    )  # fmt: skip
    page.undo()
    assert state(page) is Registration.SUBMITTED


def test_an_export_with_gaps_needs_one_more_press(page, window, tmp_path):
    page.export_register()
    box = dialog.top(window)
    assert isinstance(box, ExportDialog)
    box.path.set_value(str(tmp_path / "登记表.xlsx"))
    box.submit()
    settle()
    assert list(tmp_path.glob("*.xlsx")) == []
    box.submit()
    settle()
    (path,) = tmp_path.glob("*.xlsx")
    assert len(CalamineWorkbook.from_path(str(Path(path))).get_sheet_by_index(0).to_python()) == 4


def test_an_empty_register_says_how_contracts_come(context, window):
    made = ContractsPage(context)
    put(window, made)
    settle()
    words = [label.text() for label in made._state.findChildren(QLabel)]
    assert "签约后，技术合同会自动列在这里。" in words


def test_the_settings_say_what_ships_and_take_it_over(context, window):
    made = RegistryDeadlines(context)
    put(window, made)
    settle()
    words = " ".join(label.text() for label in made._state.findChildren(QLabel))
    assert "全国 30 天（2000-02-16 至 2026-02-28）" in words
    assert "浙江省 10 天（2021-09-30 起）" in words
    made.add_shipped()
    settle()
    assert [(made.value(row, "region_code"), made.value(row, "days")) for row in made.rows] == [
        ("", 30),
        ("330000", 10),
    ]
