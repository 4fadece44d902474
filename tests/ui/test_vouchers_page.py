"""双创券 → 用券 and 政策: the form while one types, drafts, somebody else in between, each act, and who may do it."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from sqlalchemy import insert, select

from expo_app.errors import UserError
from expo_app.model import (
    Instrument,
    ListedProvider,
    Provider,
    Role,
    UseState,
    Voucher,
    VoucherPolicy,
    VoucherPot,
    VoucherState,
    VoucherUse,
)
from expo_app.model.base import new_id
from expo_app.routes import ListRoute
from expo_app.routes.vouchers import UseRoute, VouchersRoute
from expo_app.services import records, voucher_acts, voucher_uses
from expo_app.specs import POLICIES, VOUCHER_USES, VOUCHERS
from expo_app.specs.voucher_shown import Application, UseDraft
from expo_app.store.database import Actor
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.pages.vouchers import VouchersPage, use_acts
from expo_app.ui.pages.vouchers.apply_form import ApplyDialog
from expo_app.ui.pages.vouchers.use_form import UseDialog
from expo_app.ui.pages.vouchers.use_parts import LimitView
from expo_app.ui.records import drafts
from tests.factories import local, make_organisation
from tests.ui.conftest import put

DAY = date(2018, 11, 28)


def settle():
    """Let workers, timers of nought and their results arrive."""
    for _turn in range(4):
        QApplication.processEvents()
        while jobs.running():
            QApplication.processEvents()


@pytest.fixture
def page(context, window):
    """A region's policy, a company with an approved voucher of 30,000, a listed provider with an instrument."""
    db = context.db
    db.clock = lambda: local(28, 10)
    with db.transaction() as session:
        company = make_organisation(session, "甲机器人公司", region_code="320583", legal_representative="张三")
        owner = make_organisation(session, "乙测试所", region_code="310114", legal_representative="李四")
        provider = Provider(organisation_id=owner.id)
        session.add(provider)
        session.flush()
        tool = Instrument(provider_id=provider.id, title="扫描电镜", instrument_no="A-1")
        policy = VoucherPolicy(
            region_code="320583", title="用券办法", valid_from=date(2018, 1, 1), valid_until=date(2018, 12, 31),
            rate=Decimal(50), cap_per_use=Decimal(20_000), cap_per_year=Decimal(50_000), budget=Decimal(1_000_000),
            kinds=["检测"], text="第一条",
        )  # fmt: skip
        session.add_all((tool, policy))
        session.flush()
        session.add(ListedProvider(region_code="320583", provider_id=provider.id, valid_from=date(2018, 1, 1)))
        keys = {"company": company.id, "provider": provider.id, "tool": tool.id, "policy": policy.id}
    keys["voucher"] = voucher_acts.apply(db, context.expo_id, Application(keys["company"], Decimal(30_000)))
    voucher_acts.approve(db, context.expo_id, keys["voucher"])
    made = VouchersPage(context)
    put(window, made)
    settle()
    made.keys = keys
    return made


def draft(page, amount=10_000, **more):
    keys = page.keys
    return UseDraft(
        organisation_id=keys["company"], voucher_id=keys["voucher"], provider_id=keys["provider"],
        instrument_id=keys["tool"], kind="检测", contract_on=DAY, contract_amount=Decimal(amount),
        other_support=Decimal(0), is_unrelated=True, **more,
    )  # fmt: skip


def submitted(page, **more):
    """A use that waits for its check, chosen in the list with its panel open."""
    context = page.context
    use = voucher_uses.submit(context.db, context.expo_id, draft(page, **more))
    show(page, use)
    return use


def show(page, use):
    settle()
    page.open_with(ListRoute(VOUCHER_USES, record=use))
    settle()


def form(page, **route) -> UseDialog:
    """用券登记 with company and instrument known, the other fields empty."""
    page.open_with(UseRoute(organisation=page.keys["company"], instrument=page.keys["tool"], **route))
    settle()
    return page.face.form


def write(box, **texts):
    """Type into fields of the form, key by key as far as signals go."""
    for name, text in texts.items():
        editor = box.fields.editor(name)
        editor.setText(text)
        editor.textEdited.emit(text)
    box.ask()
    settle()


def whole(box, amount="10,000"):
    write(box, contract_on="2018-11-28", kind="检测", contract_amount=amount, other_support="0")


def use_of(page, key):
    with page.context.db.reading() as session:
        return session.get_one(VoucherUse, key)


def uses(page):
    with page.context.db.reading() as session:
        return list(session.scalars(select(VoucherUse).order_by(VoucherUse.use_no)))


def held(page):
    with page.context.db.reading() as session:
        return session.get_one(Voucher, page.keys["voucher"])


def words(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def press(page, text, answer="", verb=""):
    """Press a button of the panel, and in the dialog that follows write into its first line and press its verb."""
    buttons = page.face.shown.panel.findChildren(Button)
    button = next(b for b in buttons if text in (b.text(), b.accessibleName()) and b.isVisible())
    button.click()
    settle()
    box = dialog.top(page.window())
    if box is None:
        return None
    if answer:
        line = next(one for one in box.findChildren(QLineEdit) if one.isVisible())
        line.setText(answer)
        line.textEdited.emit(answer)
    if verb:
        next(b for b in box.findChildren(Button) if b.text() == verb).click()
        settle()
    return box


def offered(page):
    shown = page.face.shown
    return [b.text() or b.accessibleName() for b in shown.panel.findChildren(Button) if b.isVisible()]


# --- the form ---------------------------------------------------------------------------------------------------------
def test_the_focus_opens_on_the_company_or_on_the_amount_where_both_are_known(page):
    page.face.shown.add()
    settle()
    box = page.face.form
    assert box.fields.editor("organisation").hasFocus()
    box.close_with(None)
    box = form(page)
    assert box.fields.editor("contract_amount").hasFocus()


def test_both_parts_add_up_while_typing_and_the_cap_that_bites_is_named(page):
    box = form(page)
    whole(box, "10,000.01")
    share, own = box.policy.bar.parts
    assert (share.amount, own.amount) == (Decimal("5000.00"), Decimal("5000.01"))
    editor = box.fields.editor("contract_amount")
    editor.setText("60,000")
    editor.textEdited.emit("60,000")  # before the database is asked again
    share, own = box.policy.bar.parts
    assert (share.amount, own.amount) == (Decimal(20_000), Decimal(40_000))
    assert "触及单次上限" in words(box.side.limits)
    settle()
    assert "触及单次上限" in words(box.side.limits)


def test_the_first_hint_is_the_first_empty_field_and_the_height_stays(page):
    page.face.shown.add()
    settle()
    empty = page.face.form
    assert empty._first.whole_text == "先处理：填用券企业"
    before = empty.geometry()
    empty.close_with(None)
    box = form(page)
    assert box._first.whole_text == "先处理：填签订日期"
    assert box.fields.boxes["contract_on"]._label.text().endswith("*")
    whole(box)
    assert box.geometry() == before
    box.side.declared.setChecked(False)
    write(box, contract_no="HT-1")
    assert box._first.whole_text == "先处理：要有企业的无关联声明"


def test_fields_stay_in_place_when_something_is_said_below_them(page):
    page.face.shown.add()
    settle()
    box = page.face.form
    before = box.fields.sizeHint().height()
    box.fields.say("organisation", "苏州")
    box.fields.say("contract_amount", "壹万元整")
    assert box.fields.sizeHint().height() == before


def test_other_support_is_said_beside_what_the_company_pays_itself(page):
    box = form(page)
    whole(box)
    write(box, other_support="1,000")
    share, own = box.policy.bar.parts
    assert (share.amount, own.amount) == (Decimal(5_000), Decimal(4_000))
    assert own.words == "自付 40 %"
    assert "另有其他财政资助 1,000.00 元" in own.note


def test_pots_say_what_is_approved_and_only_the_voucher_counts_the_use(page):
    box = form(page)
    whole(box)
    said = [view.limit.words for view in box.side.findChildren(LimitView)]
    assert said[1:] == [
        "已用 0.00，本次后余 25,000.00", "已批 30,000.00，余 20,000.00", "已批 30,000.00，余 970,000.00",
    ]  # fmt: skip


def test_only_what_nothing_stands_in_the_way_of_is_submitted(page):
    box = form(page)
    whole(box)
    assert not box.submit_button.isEnabled()
    box.side.declared.click()
    settle()
    assert box.submit_button.isEnabled()
    QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    (made,) = uses(page)
    assert (made.state, made.share, made.basis_amount) == (UseState.SUBMITTED, Decimal(5_000), Decimal(10_000))
    assert held(page).used == Decimal(5_000)
    assert not box.is_open
    assert page.face.shown.acts.last.words == "已登记用券，等核验"


def test_without_a_version_of_that_day_there_is_no_split_and_a_way_to_enter_one(page):
    gone = []
    page.context.navigated.connect(gone.append)
    box = form(page)
    whole(box)
    write(box, contract_on="2019-02-01")
    assert box.policy.bar.parts == ()
    assert box.policy.enter_button.isVisible()
    assert not box.submit_button.isEnabled()
    box.policy.enter_button.click()
    assert gone[-1] == ListRoute(POLICIES, new=True, values={"region_code": "320583"})
    assert len(drafts.kept(box._draft_key)) == 1


def test_a_draft_takes_nothing_and_is_gone_on_with(page):
    box = form(page)
    whole(box)
    box.put_draft()
    settle()
    (kept,) = uses(page)
    assert (kept.state, kept.share, held(page).used) == (UseState.DRAFT, None, Decimal(0))
    box.cancel()
    settle()
    page.open_with(UseRoute(use=kept.id))
    settle()
    again = page.face.form
    assert again.fields.editor("contract_amount").text() == "10,000.00"
    assert again.fields.resource.id == page.keys["tool"]
    again.side.declared.click()
    settle()
    again.submit()
    settle()
    assert [one.state for one in uses(page)] == [UseState.SUBMITTED]


def test_what_was_typed_outlives_a_form_that_was_closed(page):
    box = form(page)
    write(box, contract_no="HT-9", contract_amount="12x")
    box.cancel()
    settle()
    assert uses(page) == []
    page.face.shown.take_up()
    settle()
    again = page.face.form
    assert again.fields.editor("contract_no").text() == "HT-9"
    assert again.fields.editor("contract_amount").text() == "12x"
    assert again.fields.editor("organisation").key == page.keys["company"]
    assert again.fields.resource.id == page.keys["tool"]


def test_balance_used_meanwhile_turns_amber_and_submitting_asks_once(page):
    box = form(page)
    whole(box, "40,000")
    box.side.declared.click()
    settle()
    voucher_uses.submit(page.context.db, page.context.expo_id, draft(page, 30_000))
    settle()
    assert box.side.amber.isVisible()
    assert box.policy.bar.parts[0].amount == Decimal(15_000)
    box.submit()
    question = dialog.top(page.window())
    assert question is not box
    question.press("verb")
    settle()
    assert sorted(one.share for one in uses(page)) == [Decimal(15_000), Decimal(15_000)]
    assert held(page).used == Decimal(30_000)


def test_without_the_database_only_a_draft_of_this_computer_is_kept(page, monkeypatch):
    box = form(page)
    whole(box)
    box.side.declared.click()
    settle()

    def silent(*_given):
        raise UserError("连不上数据库。", "E-DB-AWAY")

    with monkeypatch.context() as away:
        away.setattr(voucher_uses, "look", silent)
        write(box, contract_no="HT-1")
        assert not box.submit_button.isEnabled()
        assert any("连不上数据库" in text for text in words(box))
        box.put_draft()
    assert uses(page) == []
    assert drafts.find(box._draft_key).values["contract_no"] == "HT-1"
    box._retry()
    settle()
    assert box.submit_button.isEnabled()


def test_a_company_without_a_voucher_applies_from_the_form(page):
    with page.context.db.transaction() as session:
        other = make_organisation(session, "丙公司", region_code="320583").id
    page.open_with(UseRoute(organisation=other, instrument=page.keys["tool"]))
    settle()
    box = page.face.form
    whole(box)
    assert box.voucher.apply_button.isVisible()
    box.voucher.apply_button.click()
    settle()
    asked = dialog.top(page.window())
    assert asked.company.key == other
    asked.amount.setText("8,000")
    asked.at_once.setChecked(True)
    asked.submit()
    settle()
    assert box.look.voucher.amount == Decimal(8_000)
    assert not box.voucher.apply_button.isVisible()


def test_of_several_vouchers_one_is_chosen(page):
    context = page.context
    other = voucher_acts.apply(context.db, context.expo_id, Application(page.keys["company"], Decimal(10_000)))
    voucher_acts.approve(context.db, context.expo_id, other)
    box = form(page)
    whole(box, "40,000")
    assert box.look.voucher is None
    assert box.voucher.box.count() == 3
    box.voucher.box.setCurrentIndex(box.voucher.box.findData(other))
    box.voucher.box.activated.emit(box.voucher.box.currentIndex())
    settle()
    assert box.policy.bar.parts[0].amount == Decimal(10_000)


def test_text_and_source_of_the_policy_open_over_the_form(page):
    box = form(page)
    whole(box)
    box.policy.text_button.click()
    assert "第一条" in words(dialog.top(page.window()))


# --- acts on uses -----------------------------------------------------------------------------------------------------
def test_a_use_is_checked_with_an_opinion_once_its_report_is_there(page):
    use = submitted(page)
    assert "核验通过" not in offered(page)
    press(page, "报告登记", "R-1", "登记")
    assert use_of(page, use).report_no == "R-1"
    show(page, use)
    press(page, "核验通过", "相符", "通过")
    assert (use_of(page, use).state, use_of(page, use).verified_on) == (UseState.VERIFIED, DAY)
    show(page, use)
    assert any("相符" in text for text in words(page.face.shown.panel))


def test_a_use_is_read_once_for_all_that_its_panel_shows(page, monkeypatch):
    use, read = submitted(page), []
    look = voucher_uses.look
    monkeypatch.setattr(voucher_uses, "look", lambda *given: read.append(1) or look(*given))
    show(page, use)
    assert offered(page)
    assert read == [1]


def test_a_use_is_sent_back_with_words_and_submitted_again(page):
    use = submitted(page, report_no="R-1")
    box = press(page, "退回补正", "", "退回补正")
    assert box.is_open  # it needs words
    box.close_with(None)
    press(page, "退回补正", "金额不符", "退回补正")
    assert (use_of(page, use).state, held(page).used) == (UseState.RETURNED, Decimal(5000))
    show(page, use)
    assert any("金额不符" in text for text in words(page.face.shown.panel))
    press(page, "接着填")
    again = page.face.form
    assert again.look.use_no == use_of(page, use).use_no
    again.submit()
    settle()
    assert use_of(page, use).state is UseState.SUBMITTED


def test_a_use_is_cancelled_and_taken_back(page):
    use = submitted(page)
    press(page, "撤销用券", "重复登记", "撤销用券")
    assert (use_of(page, use).state, held(page).used) == (UseState.CANCELLED, Decimal(0))
    page.undo()
    settle()
    assert (use_of(page, use).state, held(page).used) == (UseState.SUBMITTED, Decimal(5_000))


def test_what_no_statement_holds_is_not_corrected_and_says_so(page):
    use = submitted(page, report_no="R-1")
    voucher_uses.verify(page.context.db, page.context.expo_id, use)
    show(page, use)
    box = press(page, "更正用券", "100")
    lines = [one for one in box.findChildren(QLineEdit) if one.isVisible()]
    lines[1].setText("多记了")
    next(b for b in box.findChildren(Button) if b.text() == "更正用券").click()
    settle()
    assert len(uses(page)) == 1
    assert any("还没有进对账单" in toast.text for toast in messages.toasts(page))


# --- acts on vouchers -------------------------------------------------------------------------------------------------
def test_an_application_is_approved_and_its_budget_reserved(page):
    context = page.context
    key = voucher_acts.apply(context.db, context.expo_id, Application(page.keys["company"], Decimal(7_000)))
    settle()
    page.open_with(ListRoute(VOUCHERS, record=key))
    settle()
    press(page, "批准", "同意", "批准")
    with context.db.reading() as session:
        assert session.get_one(Voucher, key).state is VoucherState.APPROVED
        taken = session.scalar(select(VoucherPot.taken).where(VoucherPot.organisation_id.is_(None)))
    assert taken == Decimal(37_000)


def test_what_takes_a_voucher_away_is_neither_primary_nor_has_the_focus(page):
    context = page.context
    key = voucher_acts.apply(context.db, context.expo_id, Application(page.keys["company"], Decimal(7_000)))
    settle()
    page.open_with(ListRoute(VOUCHERS, record=key))
    settle()
    panel = page.face.shown.panel
    approve = next(b for b in panel.findChildren(Button) if b.text() == "批准")
    assert approve.property("kind") == "primary"
    approve.setFocus()
    place = approve.mapTo(panel, approve.rect().center())
    voucher_acts.approve(context.db, context.expo_id, key)
    settle()
    cancel = next(b for b in panel.findChildren(Button) if b.text() == "撤销券" and b.isVisible())
    assert cancel.property("kind") == "danger"
    assert not cancel.hasFocus()
    assert not cancel.geometry().contains(cancel.parentWidget().mapFrom(panel, place))


def test_what_is_more_than_is_left_is_said_while_typing_and_goes_once_it_was_approved(page):
    page.open_with(ListRoute(VOUCHERS))
    settle()
    page.face.shown.add()
    box = dialog.top(page.window())
    box.company.hold(page.keys["company"], "甲机器人公司")
    box.ask()
    settle()
    box.amount.setText("45,000")
    box.amount.textEdited.emit("45,000")
    assert "只余 20,000.00 元，申领后批不下来。" in words(box)
    box.at_once.setChecked(True)
    box.submit()
    settle()
    (said,) = [one for one in messages.toasts(page) if one.kind == "bad"]
    assert said.text.startswith("申领已提交，还在等批准。")
    messages.show(page.face.shown, "已批准", "ok")
    assert not [one for one in messages.toasts(page) if one.kind == "bad"]


def test_what_was_applied_for_is_approved_at_once_and_nothing_else(page, monkeypatch):
    apply = voucher_acts.apply

    def changed_at_once(db, expo_id, given):
        key = apply(db, expo_id, given)
        records.save(db, VOUCHERS, {"amount": Decimal(2_000)}, key, expo_id=expo_id)
        return key

    monkeypatch.setattr(voucher_acts, "apply", changed_at_once)
    page.open_with(ListRoute(VOUCHERS))
    settle()
    page.face.shown.add()
    box = dialog.top(page.window())
    box.company.hold(page.keys["company"], "甲机器人公司")
    box.amount.setText("1,000")
    box.at_once.setChecked(True)
    box.submit()
    settle()
    (said,) = [one for one in messages.toasts(page) if one.kind == "bad"]
    assert "金额刚刚改为 2,000.00 元，没有批准" in said.text


def test_more_than_the_year_gives_is_refused_beside_the_act(page):
    context = page.context
    key = voucher_acts.apply(context.db, context.expo_id, Application(page.keys["company"], Decimal(21_000)))
    settle()
    page.open_with(ListRoute(VOUCHERS, record=key))
    settle()
    press(page, "批准", "同意", "批准")
    with context.db.reading() as session:
        assert session.get_one(Voucher, key).state is VoucherState.APPLIED


def test_an_expired_voucher_with_a_use_begun_is_named_and_not_released(page):
    voucher_uses.save_draft(page.context.db, page.context.expo_id, draft(page))
    page.context.db.clock = lambda: local(28, 10).replace(year=2020)
    page.open_with(ListRoute(VOUCHERS))
    page.face.shown.refresh()
    settle()
    page.face.shown.release_expired()
    box = dialog.top(page.window())
    assert any("还有 1 张过期的券有没提交的用券" in text for text in words(box))
    assert not [b for b in box.findChildren(Button) if b.text() == "释放"]


def test_expired_vouchers_are_listed_before_anything_is_released(page):
    page.context.db.clock = lambda: local(28, 10).replace(year=2020)
    page.open_with(ListRoute(VOUCHERS))
    page.face.shown.refresh()
    settle()
    shown = page.face.shown
    button = next(b for b in shown.findChildren(Button) if b.text() == "释放过期的券")
    assert held(page).state is VoucherState.APPROVED
    button.click()
    box = dialog.top(page.window())
    assert any("甲机器人公司" in text for text in words(box))
    next(b for b in box.findChildren(Button) if b.text() == "释放").click()
    settle()
    assert (held(page).state, held(page).held) == (VoucherState.EXPIRED, Decimal(0))


def test_vouchers_of_the_other_kind_are_in_no_count_of_what_waits(page):
    """Samples beside real ones: neither the banner nor the quick filters take them, as no act does."""
    db = page.context.db
    with db.transaction() as session:
        base = dict(session.execute(select(Voucher.__table__)).mappings().one())
        others = [base | {"id": new_id(), "voucher_no": f"S-{n}", "is_sample": True} for n in range(5)]
        session.execute(insert(Voucher.__table__), others)
    db.clock = lambda: local(28, 10).replace(year=2020)
    page.open_with(ListRoute(VOUCHERS))
    page.face.shown.refresh()
    settle()
    assert [text for text in words(page) if "过了有效期" in text] == ["1 张券过了有效期，没用的部分还占着预算。"]
    page.face.shown.release_expired()
    assert not [text for text in words(dialog.top(page.window())) if "还有" in text]


# --- policies, roles, faces -------------------------------------------------------------------------------------------
def test_the_panel_of_a_policy_says_what_its_year_gave_and_what_rests_on_it(page):
    submitted(page)
    page.open_with(ListRoute(POLICIES, record=page.keys["policy"]))
    settle()
    said = words(page.face.shown.panel)
    assert any("1 张券、1 次用券" in text for text in said)
    assert any("第 1 版" in text for text in said)


def test_who_may_not_check_sees_no_such_act(page):
    submitted(page, report_no="R-1")
    page.context.set_actor(Actor(role=Role.REGISTRAR, name="登记员甲"))
    page.face.shown.refresh()
    settle()
    assert not {"核验通过", "退回补正", "更正用券"} & set(offered(page))
    assert {"核验通过", "退回补正"} <= {act.words for act in use_acts.USE_ACTS}


def test_faces_are_gone_through_by_keys_and_routes(page):
    assert page.key == "uses"
    page.open_with(VouchersRoute(face="policies"))
    assert page.key == "policies"
    page.open_with(ListRoute(VOUCHERS))
    assert (page.key, page.face.shown.spec) == ("uses", VOUCHERS)
    assert page.place() == ListRoute(VOUCHERS)


def test_the_rail_counts_what_waits_for_a_check(page):
    context = page.context
    assert voucher_uses.waiting(context.db, context.expo_id) == 0
    use = submitted(page, report_no="R-1")
    assert voucher_uses.waiting(context.db, context.expo_id) == 1
    with context.db.transaction() as session:
        session.get_one(VoucherUse, use).is_sample = True
    assert voucher_uses.waiting(context.db, context.expo_id) == 0  # of a real expo


def test_an_application_keeps_its_height_while_it_is_filled_in(page):
    page.show_face("uses")
    box = ApplyDialog(page, page.context)
    box.open()
    settle()

    def height():
        settle()
        box.body.activate()
        return box.at_once.mapTo(box, QPoint(0, 0)).y() - box.company.mapTo(box, QPoint(0, 0)).y()

    before, wide = height(), box.amount.width()
    box.company.hold(page.keys["company"], "")
    box.ask()
    settle()
    box.amount.set_value(Decimal(900_000_000))
    box._hint()
    settle()
    assert box.submit_button.isVisible()
    assert "申领后批不下来。" in "".join(words(box))
    assert (height(), box.amount.width()) == (before, wide)


def test_the_panel_of_a_correction_says_what_it_corrects_and_leads_there(page, monkeypatch):
    use = submitted(page, report_no="R-1")
    db, expo_id = page.context.db, page.context.expo_id
    voucher_uses.verify(db, expo_id, use)
    with db.transaction() as session:
        row = session.get_one(VoucherUse, use)
        row.state, number = UseState.SETTLED, row.use_no
    entry = voucher_uses.correct(db, expo_id, use, Decimal("4000.01"), "发票少开")
    show(page, entry)
    panel = page.face.shown.panel
    assert any(f"更正 {number} 的券付：-999.99 元" in text for text in words(panel))
    assert "更正用券" not in offered(page)
    gone = []
    monkeypatch.setattr(page.context, "navigate", gone.append)
    next(button for button in panel.findChildren(Button) if button.text() == number).click()
    assert [route.record for route in gone] == [use]
    show(page, use)
    assert any(f"更正 {number}-1 · 已核验" in text for text in words(page.face.shown.panel))
