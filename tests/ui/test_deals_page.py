"""成交台账: totals that name what they leave out, duplicates that block, nothing signed deleted."""

from decimal import Decimal

import pytest

from expo_app import i18n
from expo_app.model import DealStage, Entry
from expo_app.services import deals, records
from expo_app.specs import DEALS
from expo_app.ui.kit import dialog, jobs
from expo_app.ui.pages.deals import DealDialog, DealsPage
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
    assert jobs.wait()
    assert page.model.rowCount() == 4


def fill(box, **values):
    box.form.fill(values)
    box._look()


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
    assert hidden == {"zh_CN": {"contract_kind", "buyers"}, "en": {"contract_kind", "buyers", "sellers"}}[language]
    assert sum(again.view.columnWidth(n) for n in range(len(columns))) == again.view.viewport().width()
    note = again._totals._note
    assert note.text() == dict(again.totals(again.model.rows()))[""]
    assert note.height() >= note.heightForWidth(note.width())
