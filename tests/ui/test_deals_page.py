"""成交台账: totals that name what they leave out, duplicates that block, nothing signed deleted."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from expo_app import documents, i18n
from expo_app.errors import InvalidRecord
from expo_app.model import DealKind, DealStage, Entry, RegistryChoice, RegistryList
from expo_app.services import deals, records
from expo_app.specs import DEALS
from expo_app.ui.kit import dialog, jobs, messages
from expo_app.ui.kit.buttons import Button
from expo_app.ui.kit.fields import FormField
from expo_app.ui.kit.labels import Label
from expo_app.ui.pages.deals import DealDialog, DealsPage
from expo_app.ui.pages.deals.side import checks
from expo_app.ui.records.editors import DateEditor
from tests.ui.conftest import put

VALUES = {
    "title": "车载储氢阀门联合开发", "kind": "技术合同", "contract_kind": "技术开发", "stage": "签约",
    "sellers": "嘉定氢能", "buyers": "中科光电", "amount": "860", "signed_on": "2018-11-28",
}  # fmt: skip


@pytest.fixture
def page(context, window):
    expo = context.expo_id
    deals.register(context.db, expo, VALUES)
    deals.register(
        context.db,
        expo,
        VALUES | {"title": "示范线", "sellers": "甲", "amount": "40.5", "stage": "意向", "signed_on": None},
    )
    deals.register(context.db, expo, {"title": "半份"}, draft=True)
    made = DealsPage(context)
    put(window, made)
    return made


def texts(page):
    return dict(page.totals(page.model.rows()))


def test_totals_never_add_intentions_and_say_what_they_leave_out(page):
    assert texts(page) == {
        "deal_no": "合计",
        "title": "已签约 1 项",
        "amount": "860.00",
        "": "不含草稿 1 项；意向 1 项 40.50 万元另计",
    }


def test_totals_follow_the_filter(page):
    page.bar.choose(stage=DealStage.INTENT)
    assert texts(page)["amount"] == "—"


def test_a_new_deal_appears_by_itself(page, context, qapp):
    deals.register(context.db, context.expo_id, VALUES | {"title": "另一项", "buyers": "乙", "amount": "1"})
    qapp.processEvents()
    assert jobs.wait(60_000)
    assert page.model.rowCount() == 4


def fill(box, **values):
    box.form.fill(values)
    read(box)
    box._look()


def read(box):
    """Wait until the deals that typing is compared with are in memory."""
    while box._index is None:
        QTest.qWait(5)


def test_a_suspected_duplicate_blocks_until_confirmed(page, context, window):
    page.add()
    box = dialog.top(window)
    assert isinstance(box, DealDialog)
    fill(box, title="储氢阀门联合开发", sellers="嘉定氢能", buyers="中科光电", amount="860", signed_on="2018-11-28")
    assert not box.submit_button.isEnabled()
    box.confirmed.setChecked(True)
    assert box.submit_button.isEnabled()
    box.submit()
    rows = records.list_rows(context.db, DEALS, context.expo_id, [DEALS.field("amount"), DEALS.field("entry")])
    assert [row[2] for row in rows if row[1] == Decimal(8600000)] == [Entry.VALID, Entry.VALID]


def test_editing_a_signed_deal_asks_for_the_reason(page, context, window):
    signed = next(row[0] for row in page.rows if page.value(row, "title") == VALUES["title"])
    page.edit(signed)
    box = dialog.top(window)
    fill(box, amount="900")
    box.submit()
    assert box.reason.problem == "已签约的项目改动要写明原因。"
    box.why.setText("补充协议")
    box.submit()
    assert records.get(context.db, DEALS, signed)["amount"] == Decimal(9000000)


def test_a_signed_deal_is_not_deleted(page, context, shown):
    signed = next(row[0] for row in page.rows if page.value(row, "title") == VALUES["title"])
    page._delete([signed])
    assert records.count(context.db, DEALS, context.expo_id) == 3
    assert [kind for kind, _words in shown(page)] == ["bad"]


def test_it_opens_in_english(context, window):
    i18n.set_language("en")
    put(window, DealsPage(context))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_beside_the_panel_money_and_date_stay_and_totals_are_whole(page, window, qapp, language):
    i18n.set_language(language)
    again = DealsPage(page.context)
    put(window, again)
    window.resize(1164, 700)  # what the rail leaves of 1366
    again.open_record(again.model.id_at(0))
    qapp.processEvents()
    columns = again.model.columns
    hidden = {column.name for n, column in enumerate(columns) if again.view.isColumnHidden(n)}
    assert hidden == {"zh_CN": {"contract_kind", "entry"}, "en": {"contract_kind", "entry", "buyers"}}[language]
    assert sum(again.view.columnWidth(n) for n in range(len(columns))) == again.view.viewport().width()
    note = again._totals._note
    assert note.text() == dict(again.totals(again.model.rows()))[""]
    assert note.height() >= note.heightForWidth(note.width())


def form_of(page, kind, language="zh_CN", **values):
    i18n.set_language(language)
    page.add({"title": "长三角合作", "kind": kind, **values})
    box = dialog.top(page)
    assert isinstance(box, DealDialog)
    return box


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (DealKind.FRAMEWORK, {"others"}),
        (DealKind.TECH_CONTRACT, {"sellers", "buyers", "contract_kind", "tech_amount"}),
        (DealKind.PURCHASE, {"sellers", "buyers"}),
        (DealKind.OTHER, {"sellers", "buyers", "others"}),
    ],
)
def test_the_form_shows_what_applies_to_the_kind(page, kind, shown):
    box = form_of(page, kind)
    names = ("sellers", "buyers", "others", "contract_kind", "tech_amount")
    assert {name for name in names if box.form.box(name).isVisible()} == shown
    assert {name for name in names if name in box.form.values()} == shown


def test_another_kind_changes_the_form_and_keeps_what_was_typed(page):
    box = form_of(page, DealKind.TECH_CONTRACT)
    box.form.fill({"sellers": "嘉定氢能", "kind": "FRAMEWORK"})
    assert not box.form.box("sellers").isVisible()
    assert "sellers" not in box.form.values()
    box.form.fill({"kind": "PURCHASE"})
    assert (box.form.box("sellers").isVisible(), box.form.values()["sellers"]) == (True, "嘉定氢能")


def test_what_a_deal_has_is_never_hidden(page, context):
    key = deals.register(context.db, context.expo_id, VALUES | {"title": "买卖", "kind": "采购 / 销售", "buyers": "丙"})
    page.edit(key)
    assert dialog.top(page).form.box("contract_kind").isVisible()


def test_eight_parties_have_a_line_each_and_are_saved_in_order(page, context):
    names = ["上海市嘉定区人民政府", "苏州市人民政府", *(f"第{n}方" for n in "三四五六七八")]
    box = form_of(page, DealKind.FRAMEWORK, signed_on="2018-11-28")
    editor = box.form.editor("others")
    editor.lines[0].setText("\n".join(names[:3]) + "\n" + "、".join(names[3:]))
    editor.lines[0].edited.emit()
    assert (editor.names(), editor.value()) == (names, "、".join(names))
    box.submit()
    assert not box.is_open
    (saved,) = [r for r in records.list_rows(context.db, DEALS, context.expo_id) if "长三角合作" in r]
    assert records.get(context.db, DEALS, saved[0])["others"] == "、".join(names)
    page.edit(saved[0])
    again = dialog.top(page).form.editor("others")
    assert again.names() == names


def test_registry_words_are_shown_in_the_language_and_kept_in_chinese(page, context):
    i18n.set_language("en")
    field = DEALS.field("contract_kind")
    assert (field.display("技术开发"), field.parse("Technology development")) == ("Technology development", "技术开发")
    assert field.parse("技术开发") == "技术开发"
    page.edit(next(row[0] for row in page.rows if page.value(row, "title") == VALUES["title"]))
    box = dialog.top(page)
    assert box.form.editor("contract_kind").currentText() == "Technology development"
    assert "Technology transfer" in box.form.editor("contract_kind").offered
    box.form.fill({"contract_kind": "technology transfer"})
    box.why.setText("改正")
    box.submit()
    assert not box.is_open
    assert {r["contract_kind"] for r in kinds(context)} == {"技术开发", "技术转让"}


def test_the_classes_of_the_day_of_signing_are_chosen_from(page, window):
    page.add()
    box = dialog.top(window)
    kind, subkind = box.form.editor("contract_kind"), box.form.editor("contract_subkind")
    assert (len(kind.offered), subkind.offered) == (5, [])
    fill(box, signed_on="2018-11-29", contract_kind="技术转让")
    assert kind.offered == ["技术开发", "技术转让", "技术咨询", "技术服务"]
    assert "专利实施许可" in subkind.offered
    fill(box, contract_subkind="专利实施许可")
    fill(box, contract_kind="技术服务")
    assert (subkind.value(), subkind.offered) == (None, ["一般技术服务", "技术中介", "技术培训"])
    fill(box, contract_kind="技术开发", signed_on="2024-05-06")
    assert kind.offered == ["技术开发", "技术转让", "技术许可", "技术咨询", "技术服务"]
    fill(box, contract_kind="技术许可", signed_on="2018-11-29")  # chosen before the date was mended
    assert kind.value() == "技术许可"
    assert not box.form.check_all()
    assert "没有“技术许可”这一类" in box.form.box("contract_kind").problem


def test_the_form_offers_the_classes_of_the_file(page, context, window):
    with context.db.transaction() as session:
        session.add(RegistryChoice(list=RegistryList.KIND, name="技术托管"))
        session.add(RegistryChoice(list=RegistryList.SUBKIND, name="整体托管", parent="技术托管"))
    page.add()
    box = dialog.top(window)
    kind, subkind = box.form.editor("contract_kind"), box.form.editor("contract_subkind")
    assert kind.offered[-1] == "技术托管"
    fill(
        box,
        **VALUES | {"title": "托管一项", "kind": DealKind.TECH_CONTRACT, "contract_kind": "技术托管", "buyers": "乙"},
    )
    assert subkind.offered == ["整体托管"]
    fill(box, contract_subkind="整体托管")
    box.submit()
    assert not box.is_open
    assert {r["contract_subkind"] for r in kinds(context)} == {"", "整体托管"}


def test_a_class_that_no_registry_knows_is_refused_by_form_and_import(page, context, tmp_path):
    with pytest.raises(ValueError, match="没有“瞎写的类别”这一项"):
        DEALS.field("contract_kind").parse("瞎写的类别")
    with pytest.raises(InvalidRecord) as refused:
        deals.register(context.db, context.expo_id, VALUES | {"title": "别的", "contract_kind": "瞎写的类别"})
    assert list(refused.value.problems) == ["contract_kind"]
    file = tmp_path / "deals.csv"
    file.write_text("项目名称,合同类别,合同子类\n甲,瞎写的类别,\n乙,技术开发,瞎写的子类\n", "utf-8")
    plan = documents.plan_import(context.db, context.expo, DEALS, file)
    assert [list(row.notes) for row in plan.rows] == [["合同类别"], ["合同子类"]]
    assert [plan.rows[0].values.get("contract_kind"), plan.rows[1].values.get("contract_subkind")] == [None, None]


def kinds(context):
    rows = records.list_rows(context.db, DEALS, context.expo_id)
    return [r for r in (records.get(context.db, DEALS, row[0]) for row in rows) if r["contract_kind"]]


def test_the_comparison_shows_whole_names(page, context, qapp):
    title = "车载储氢阀门联合开发及产业化示范应用（二期）"
    box = form_of(page, **{**VALUES, "kind": DealKind.TECH_CONTRACT, "title": title})
    read(box)
    qapp.processEvents()
    words = [label for label in box.findChildren(Label) if "产业化示范" in label.text()]
    assert [label.text() for label in words] == [title]
    assert words[0].height() >= words[0].heightForWidth(words[0].width())


def test_the_parts_of_the_bar_add_up_to_the_total_shown(page, context, qapp):
    """Whatever the kind: each signed amount is in the bar once, and a deal of any class more than there are colours
    is in the last part."""
    more = ("技术转让", "技术咨询", "技术服务", "")
    for number, kind in enumerate(more):
        named = {"title": f"合同 {number}", "contract_kind": kind, "buyers": f"乙{number}", "amount": "0.056"}
        deals.register(context.db, context.expo_id, VALUES | named)
    others = ("采购 / 销售", "投资 / 融资", "园区入驻", "其他")
    for number, kind in enumerate(others):
        named = {"title": f"别的 {number}", "kind": kind, "contract_kind": None, "buyers": f"丙{number}"}
        deals.register(context.db, context.expo_id, VALUES | named | {"amount": f"{number + 1}.5"})
    page.refresh()
    shown = page.shares.shares
    assert [share.label for share in shown] == [
        "技术开发", "技术合同", "采购 / 销售", "投资 / 融资", "园区入驻", "其他", "其余 3 类",
    ]  # fmt: skip
    total = sum(Decimal(share.text.replace(",", "")) for share in shown)
    assert texts(page)["amount"] == f"{total:.3f}" == "872.224"
    assert sum(int(share.note.split()[-2]) for share in shown) == 9
    qapp.processEvents()
    assert jobs.wait(60_000)


def test_the_bar_names_what_has_no_amount_and_comes_to_all_signed(page, context, qapp):
    foreign = {"amount": None, "currency": "USD", "foreign_amount": "5"}
    for title, given in (("无", {"amount": None}), ("外", foreign)):
        deals.register(context.db, context.expo_id, VALUES | given | {"title": title, "buyers": f"{title}公司"})
    page.refresh()
    known, rest = page.shares.shares
    assert (known.note, rest.label, rest.text, rest.value) == ("万元 · 1 项", "无金额或未折算", "2", 0)
    qapp.processEvents()
    assert jobs.wait(60_000)


def test_everything_wrong_is_said_at_once(page, context, window):
    page.add()
    box = dialog.top(window)
    fill(box, title="一项", sellers="甲", amount="10", tech_amount="20", programme_item_id="2018.11.31",
         valid_from="2019-01-02", valid_until="2019-01-01")  # fmt: skip
    box.submit()
    assert {f.name for f in box.form.fields if box.form.box(f.name).problem} == {
        "buyers", "signed_on", "tech_amount", "programme_item_id", "valid_until",
    }  # fmt: skip
    assert page.model.rowCount() == 3
    fill(box, signed_on="2099-01-01", amount="1e9")
    box.submit()
    assert box.form.box("signed_on").problem == "签订日期 2099-01-01 还没有到。"
    assert box.form.box("amount").problem == "“1e9”不是金额，写数字，如 860.00（万元）。"


def test_a_reason_that_is_missing_is_said_beside_what_is_wrong(page, context, window):
    page.edit(next(row[0] for row in page.rows if page.value(row, "title") == VALUES["title"]))
    box = dialog.top(window)
    fill(box, amount="870", tech_amount="900")
    box.submit()
    assert box.reason.problem == "已签约的项目改动要写明原因。"
    assert box.form.box("tech_amount").problem == "技术交易额不能超过成交额。"


def test_ctrl_enter_leads_to_the_duplicate_that_is_to_be_settled(page, window, qtbot):
    page.add()
    box = dialog.top(window)
    assert box._first.isHidden()
    fill(box, title="储氢阀门联合开发", sellers="嘉定氢能", buyers="中科光电", amount="860", signed_on="2018-11-28")
    assert (box._first.isVisible(), box._first.text()) == (True, "先处理“可能重复”")
    qtbot.keyClick(box.form.editor("title"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.confirmed.hasFocus()
    qtbot.keyClick(box.confirmed, Qt.Key.Key_Space)
    assert box._first.isHidden()
    qtbot.keyClick(box.confirmed, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not box.is_open


def test_an_intention_is_signed_by_a_day_and_a_confirmation(page, context, window):
    key = next(row[0] for row in page.rows if page.value(row, "title") == "示范线")

    def push(stage):
        page._advance(key, records.get(context.db, DEALS, key), stage)
        return dialog.top(window)

    box = push(DealStage.SIGNED)
    editor = box.findChild(DateEditor)
    today = context.expo.local_day(context.now())
    assert (box.title.text(), editor.value()) == ("推进到签约", today.isoformat())
    assert records.get(context.db, DEALS, key)["stage"] is DealStage.INTENT
    confirm = next(b for b in box.findChildren(Button) if b.text() == "确认签约")
    editor.set_value("")
    confirm.click()
    assert box.findChild(FormField).problem == "已签约的项目要填签订日期。"
    editor.set_value("2018-13-01")
    confirm.click()
    assert (box.is_open, box.findChild(FormField).problem) == (True, "“2018-13-01”这一天不存在，核对年、月、日。")
    editor.set_value("2018-11-28")
    confirm.click()
    got = records.get(context.db, DEALS, key)
    assert (box.is_open, got["stage"], got["signed_on"]) == (False, DealStage.SIGNED, date(2018, 11, 28))
    assert push(DealStage.PERFORMING) is None  # signed already: nothing to ask
    assert records.get(context.db, DEALS, key)["stage"] is DealStage.PERFORMING


def test_a_form_that_signs_an_intention_offers_today(page, context, window):
    page.edit(next(row[0] for row in page.rows if page.value(row, "title") == "示范线"))
    box = dialog.top(window)
    editor = box.form.editor("stage")
    editor.set_value(DealStage.SIGNED)
    box.form._on_edited(DEALS.field("stage"))
    assert box.form.editor("signed_on").value() == context.expo.local_day(context.now()).isoformat()


def test_a_deal_that_is_no_draft_is_offered_to_be_voided_before_anything_is_asked(page, context, window, shown):
    by_title = {page.value(row, "title"): row[0] for row in page.rows}
    valid, draft = by_title[VALUES["title"]], by_title["半份"]
    page.view.select_id(valid)
    page.view.setFocus()
    page.remove()
    assert dialog.top(window) is None
    number = next(page.value(row, "deal_no") for row in page.rows if row[0] == valid)
    assert shown(page)[-1] == ("warn", f"{number} 不是草稿，不能删除，可以作废。")
    next(b for b in messages.toasts(page)[-1].findChildren(Button) if b.text() == "作废").click()
    assert dialog.top(window).title.text() == "作废 1 项"
    dialog.top(window).cancel()
    page.remove([valid, by_title["示范线"], draft])
    assert (dialog.top(window), shown(page)[-1][1]) == (None, "其中 2 项不是草稿，不能删除，可以作废。")
    deals.set_entry(context.db, [valid], Entry.VOID, "重复")
    page.refresh()
    page.remove([valid])
    assert shown(page)[-1][1] == "已作废的项目留在台账里，不能删除。"
    page.remove([draft])
    assert dialog.top(window).title == "删除“003”？"


def test_in_english_every_amount_but_those_of_columns_is_told_in_cny(page, context, qapp):
    i18n.set_language("en")
    values = records.get(context.db, DEALS, next(r[0] for r in page.rows if page.value(r, "title") == VALUES["title"]))
    assert page.head(values)[1] == "Technology contract · CNY 8.60 m"
    page.refresh()
    fact = "1 signed · Signed CNY 8.60 m · 1 intention, CNY 405,000, not added"
    assert page.header._fact.whole_text == fact
    (share,) = page.shares.shares
    assert (share.text, share.note) == ("CNY 8.60 m", "1 item")
    page.open_record(page.rows[0][0])
    assert page.panel._words(DEALS.field("amount"), values["amount"]) == "CNY 8.60 m"
    qapp.processEvents()
    assert jobs.wait(60_000)


SIDES = {"sellers": "嘉定氢能", "buyers": "中科光电"}


def as_seen(box):
    """The lines of 提交前检查: the icon's token, the words."""
    lines = [box._checks.itemAt(n).layout() for n in range(box._checks.count())]
    return [(line.itemAt(0).widget()._token, line.itemAt(1).widget().text()) for line in lines]


def test_the_words_of_a_checklist_say_what_its_icons_say(page, window):
    page.add()
    box = dialog.top(window)
    box.form.fill({"kind": DealKind.TECH_CONTRACT, "stage": DealStage.SIGNED, "sellers": "嘉定氢能"})
    box._show_fields()
    box.form.fill({"signed_on": ""})
    box._look()
    assert as_seen(box) == [
        ("warn", "签约各方未填全"), ("text.3", "没有填技术交易额，不用核对"), ("warn", "签订日期未填"),
        ("ok", "没有待确认的重复"), ("text.3", "合同扫描件可稍后补"),
    ]  # fmt: skip
    fill(box, title="储氢阀门联合开发", buyers="中科光电", amount="860", tech_amount="900", signed_on="2018-11-28")
    assert as_seen(box) == [
        ("ok", "签约各方已填"), ("warn", "技术交易额超过成交额"), ("ok", "签订日期已填"), ("warn", "有 1 处重复待确认"),
        ("text.3", "合同扫描件可稍后补"),
    ]  # fmt: skip
    box.confirmed.setChecked(True)
    assert as_seen(box)[-2] == ("ok", "重复已核实")
    assert all(label.accessibleName() in ("", label.text()) for label in box.findChildren(QLabel))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2018-11-2O", "“2018-11-2O”不是日期，应按“年-月-日”写。"),
        ("2018-11-31", "“2018-11-31”这一天不存在，核对年、月、日。"),
        ("2999-01-01", "签订日期 2999-01-01 还没有到。"),
    ],
)
def test_the_check_of_the_day_says_what_its_field_says(page, window, day, said):
    page.add()
    box = dialog.top(window)
    box.form.fill({"title": "储氢", "sellers": "甲", "buyers": "乙", "signed_on": day})
    box.submit()
    assert box.form.box("signed_on").problem == said
    box._look()
    assert ("warn", said) in as_seen(box)


def test_a_void_row_is_grey(page, context):
    values = {"title": "储氢", "kind": "技术合同", "stage": "意向", "sellers": "甲", "buyers": "乙"}
    key = deals.register(context.db, context.expo_id, values)
    deals.set_entry(context.db, [key], Entry.VOID, "录错")
    page.refresh()
    assert [page.model.is_faded(row) for row in page.model.rows()] == [row[0] == key for row in page.model.rows()]


@pytest.mark.parametrize(
    ("values", "has_tech", "said"),
    [
        ({}, False, [(False, "签约各方未填"), (False, "签订日期未填")]),
        ({"others": "三方"}, False, [(True, "签约各方已填"), (False, "签订日期未填")]),
        ({"stage": DealStage.INTENT, **SIDES}, False, [(True, "签约各方已填"), (True, "意向不用填签订日期")]),
        (
            {"tech_amount": Decimal(5), "signed_on": "2018-11-28", **SIDES}, True,
            [(True, "签约各方已填"), (False, "技术交易额已填，成交额未填"), (True, "签订日期已填")],
        ),
        (
            {"tech_amount": Decimal(5), "amount": Decimal(5), "signed_on": "2018-11-28", **SIDES}, True,
            [(True, "签约各方已填"), (True, "技术交易额不超过成交额"), (True, "签订日期已填")],
        ),
    ],
)  # fmt: skip
def test_a_check_of_a_deal_says_how_it_stands(values, has_tech, said):
    assert checks(values, 0, False, has_tech) == [*said, (True, "没有待确认的重复")]


def test_bulk_acts_say_what_they_leave_out_ask_before_reviving_and_are_one_undo(page, context, window, shown, qapp):
    by_title = {page.value(row, "title"): row[0] for row in page.rows}
    one, other = by_title[VALUES["title"]], by_title["示范线"]
    deals.set_entry(context.db, [one], Entry.VALID)
    deals.set_entry(context.db, [other], Entry.VOID, "重复")
    page.refresh()
    acts = {words: call for words, _icon, call in page.bulk_actions([one, other])}
    for key in (one, other):
        page.model.set_checked(key, True)

    def entries():
        return [records.get(context.db, DEALS, key)["entry"] for key in (one, other)]

    page._act_on_ticked(acts["有效"])
    assert shown(page)[-1] == ("info", f"{page.name_of(one)}早已有效，没有动")
    question = dialog.top(window)
    assert question.title == "其中 1 条是“作废”，也要设为有效吗？"
    question.press("safe")
    assert entries() == [Entry.VALID, Entry.VOID]
    page._void_ticked([one, other])
    box = dialog.top(window)
    box.findChild(type(box.first_focus())).setText("算错了")
    next(b for b in box.findChildren(Button) if b.text() == "作废").click()
    assert entries() == [Entry.VOID, Entry.VOID]
    page.undo()
    assert entries() == [Entry.VALID, Entry.VOID]
    page.redo()
    assert entries() == [Entry.VOID, Entry.VOID]
