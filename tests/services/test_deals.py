"""Registering deals: duplicates, reasons, steps, what may be deleted."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from expo_app import documents
from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import Audit, Deal, DealStage, Entry, Role
from expo_app.services import deals, deals_history, expos, imports, records
from expo_app.specs import DEALS, ORGANISATIONS
from expo_app.specs.choices import Choices
from expo_app.store.database import Actor
from tests.factories import local

VALUES = {
    "title": "车载储氢阀门联合开发", "kind": "技术合同", "stage": "签约", "sellers": "嘉定氢能（示例）",
    "buyers": "中科光电（示例）", "amount": "860", "tech_amount": "780", "signed_on": "2018-11-28",
}  # fmt: skip


@pytest.fixture
def expo_id(db):
    db.actor = Actor("周敏", Role.DEALS)
    admin = Actor("管理员", Role.ADMIN)
    db.actor = admin
    made = expos.create(db, {"name": "科交会", "code": "KJH18", "starts_on": "2018-11-28", "ends_on": "2018-11-30"})
    db.actor = Actor("周敏", Role.DEALS)
    return made


def test_money_is_exact(db, expo_id):
    made = deals.register(db, expo_id, VALUES | {"amount": "860.000001"})
    assert records.get(db, DEALS, made)["amount"] == Decimal("8600000.01")


def test_a_duplicate_is_refused_until_confirmed(db, expo_id):
    deals.register(db, expo_id, VALUES)
    again = VALUES | {"title": "储氢瓶阀联合开发", "amount": "900"}
    with pytest.raises(UserError) as refused:
        deals.register(db, expo_id, again)
    assert refused.value.code == "E-DUPLICATE"
    draft = deals.register(db, expo_id, again, draft=True)
    assert records.get(db, DEALS, draft)["entry"] is Entry.DRAFT
    deals.register(db, expo_id, again, draft, not_duplicate=True)
    assert records.get(db, DEALS, draft)["entry"] is Entry.VALID
    assert deals.suspected(db, expo_id) == []


def test_the_check_for_duplicates_reads_of_a_deal_what_it_compares(db, expo_id):
    told = []
    with db.reading() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: told.append(given[2]))
        deals.read_facts(session, expo_id)
    assert [statement.count("deal.") < 15 for statement in told] == [True, True]


def test_a_missing_amount_never_hides_a_duplicate(db, expo_id):
    deals.register(db, expo_id, VALUES)
    with pytest.raises(UserError):
        deals.register(db, expo_id, VALUES | {"title": "别的", "amount": None, "tech_amount": None})


def test_a_framework_of_eight_without_amount(db, expo_id):
    names = "、".join(f"某市{n}（示例）" for n in "甲乙丙丁戊己庚辛")
    values = {"title": "合作框架", "kind": "战略合作框架协议", "others": names, "stage": "签约"}
    values |= {"signed_on": "2018-11-28"}
    made = deals.register(db, expo_id, values)
    got = records.get(db, DEALS, made)
    assert (got["others"], got["amount"]) == (names, None)
    with pytest.raises(InvalidRecord) as alone:
        deals.register(db, expo_id, values | {"title": "独自", "others": "某市甲（示例）"})
    assert list(alone.value.problems) == ["others"]


def test_a_deal_that_came_in_without_a_date_can_be_edited(db, expo_id):
    """Reported agreements whose day nobody wrote down count all the same; only their own date is not taken away."""
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(InvalidRecord) as emptied:
        deals.register(db, expo_id, {"signed_on": None}, made, reason="不知道哪天")
    assert list(emptied.value.problems) == ["signed_on"]
    with db.transaction() as session:
        session.get_one(Deal, made).signed_on = None
    deals.register(db, expo_id, {"note": "据报道"}, made)
    got = records.get(db, DEALS, made)
    assert (got["note"], got["signed_on"], got["entry"]) == ("据报道", None, Entry.VALID)
    with pytest.raises(InvalidRecord) as lost:
        deals.register(db, expo_id, {"sellers": None}, made, reason="误填")
    assert list(lost.value.problems) == ["sellers"]
    draft = deals.register(
        db, expo_id, VALUES | {"title": "另一项", "signed_on": None, "tech_amount": None}, draft=True
    )
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo_id, {"note": "提交"}, draft, not_duplicate=True)
    assert list(refused.value.problems) == ["signed_on"]


def test_a_signed_deal_changes_only_with_a_reason(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo_id, {"amount": "861"}, made)
    assert list(refused.value.problems) == ["reason"]
    deals.register(db, expo_id, {"amount": "861"}, made, reason="补充协议")
    assert records.get(db, DEALS, made)["amount"] == Decimal(8610000)


def test_every_step_is_dated_and_by_whom(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    deals.advance(db, [made], DealStage.PERFORMING, date(2018, 12, 10))
    deals.advance(db, [made], DealStage.LANDED, date(2019, 5, 1))
    assert [(s.stage, s.entry, s.on_date, s.operator) for s in deals.steps(db, made)] == [
        (DealStage.SIGNED, Entry.VALID, date(2018, 11, 28), "周敏"),
        (DealStage.PERFORMING, Entry.VALID, date(2018, 12, 10), "周敏"),
        (DealStage.LANDED, Entry.VALID, date(2019, 5, 1), "周敏"),
    ]


def test_an_intention_is_signed_on_a_day_that_is_kept(db, expo_id):
    db.clock = lambda: local(29, 10, 42)
    made = deals.register(db, expo_id, VALUES | {"stage": "意向", "signed_on": None})
    for stage in (DealStage.SIGNED, DealStage.PERFORMING, DealStage.LANDED):
        with pytest.raises(InvalidRecord) as refused:
            deals.advance(db, [made], stage, date(2018, 11, 29))
        assert refused.value.problems == {"signed_on": "已签约的项目要填签订日期。"}
    with pytest.raises(InvalidRecord) as refused:
        deals.advance(db, [made], DealStage.SIGNED, signed_on=date(2018, 12, 1))
    assert refused.value.problems == {"signed_on": "签订日期 2018-12-01 还没有到。"}
    assert records.get(db, DEALS, made)["stage"] is DealStage.INTENT
    deals.advance(db, [made], DealStage.SIGNED, date(2018, 11, 29), signed_on=date(2018, 11, 28))
    got = records.get(db, DEALS, made)
    assert (got["stage"], got["signed_on"]) == (DealStage.SIGNED, date(2018, 11, 28))
    assert [(s.stage, s.on_date) for s in deals.steps(db, made)][-1] == (DealStage.SIGNED, date(2018, 11, 28))
    deals.advance(db, [made], DealStage.PERFORMING, date(2018, 11, 29), signed_on=date(2018, 11, 29))
    assert records.get(db, DEALS, made)["signed_on"] == date(2018, 11, 28)


def test_the_term_is_filled_in_freely_and_changed_with_a_reason_and_the_registration_is_not_signed(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    deals.register(db, expo_id, {"valid_from": "2018-11-28", "valid_until": "2060-11-27"}, made)
    for given in ({"valid_until": "2037-11-27"}, {"valid_from": None}):
        with pytest.raises(InvalidRecord) as refused:
            deals.register(db, expo_id, given, made)
        assert list(refused.value.problems) == ["reason"]
    deals.register(db, expo_id, {"valid_until": "2037-11-27"}, made, reason="补充协议")
    deals.register(db, expo_id, {"payment_way": "一次支付", "note": "已寄"}, made)


def test_voiding_needs_a_reason_and_keeps_the_deal(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(UserError):
        deals.set_entry(db, [made], Entry.VOID)
    deals.set_entry(db, [made], Entry.VOID, "重复登记")
    assert records.get(db, DEALS, made)["entry"] is Entry.VOID
    deals.register(db, expo_id, VALUES)


def test_an_entry_somebody_else_changed_since_is_not_taken_back(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    first = deals.set_entry(db, [made], Entry.CHECK, "金额有疑")
    deals.set_entry(db, [made], Entry.VOID, "假项目")
    with pytest.raises(Conflict) as refused:
        deals.restore_entries(db, first)
    assert (refused.value.code, records.get(db, DEALS, made)["entry"]) == ("E-CHANGED-SINCE", Entry.VOID)
    again = deals.set_entry(db, [made], Entry.VALID)
    deals.restore_entries(db, again)
    deals.restore_entries(db, again, "补齐", forth=True)
    assert [(s.entry, s.reason) for s in deals.steps(db, made)][-3:] == [
        (Entry.VALID, ""), (Entry.VOID, "撤销"), (Entry.VALID, "补齐"),
    ]  # fmt: skip


def test_only_drafts_are_deleted(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(UserError):
        deals.delete_drafts(db, [made])
    draft = deals.register(db, expo_id, {"title": "半份"}, draft=True)
    deals.delete_drafts(db, [draft])
    assert records.count(db, DEALS, expo_id) == 1


FOREIGN = VALUES | {"amount": None, "tech_amount": None, "currency": "USD", "foreign_amount": "120"}
RATE = {"rate": "6.93471234", "rate_on": "2018-11-27", "rate_source": "中国外汇交易中心中间价"}


def test_another_currency_is_converted_exactly_or_has_no_amount_in_yuan(db, expo_id):
    db.clock = lambda: local(29, 10, 42)
    made = deals.register(db, expo_id, FOREIGN)
    got = records.get(db, DEALS, made)
    assert (got["currency"], got["foreign_amount"], got["amount"]) == ("USD", Decimal(1200000), None)
    deals.register(db, expo_id, RATE, made, reason="定了汇率")
    got = records.get(db, DEALS, made)
    assert (got["rate"], got["amount"]) == (Decimal("6.93471234"), Decimal("8321654.81"))
    deals.register(db, expo_id, {"rate": None, "rate_on": None, "rate_source": None}, made, reason="汇率作废")
    assert records.get(db, DEALS, made)["amount"] is None
    assert records.options(db, DEALS, "usd", expo_id) == [(made, got["deal_no"])]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"currency": "CNY"}, {"foreign_amount": "填了原币金额，要选外币的币种。"}),
        (RATE | {"rate": "0"}, {"rate": "汇率要大于 0。"}),
        (RATE | {"rate": "-7"}, {"rate": "不能小于 0。"}),
        (RATE | {"rate_on": "2018-12-05"}, {"rate_on": "汇率日期 2018-12-05 还没有到。"}),
        (RATE | {"rate_on": None}, {"rate_on": "请填汇率是哪天的。"}),
        (RATE | {"rate_source": ""}, {"rate_source": "请填汇率的来源，如中国外汇交易中心中间价。"}),
        (RATE | {"tech_amount": "900"}, {"tech_amount": "技术交易额不能超过成交额。"}),
        ({"foreign_amount": None, "amount": "860"},
         {"amount": "币种是 USD，要填原币金额；已折成人民币的，币种选 CNY。"}),
        ({"currency": "CNY", "foreign_amount": None, "rate": "7"},
         {"rate": "人民币没有汇率，去掉汇率或选外币的币种。"}),
        ({"is_prior": True}, {"prior_note": "请写明此前何时在何地签约。"}),
        ({"signed_on": "2018-02-30"}, {"signed_on": "“2018-02-30”这一天不存在，核对年、月、日。"}),
        ({"foreign_amount": "1e9"}, {"foreign_amount": "“1e9”不是金额，写数字，如 860.00（万元）。"}),
        ({"buyers": "嘉定氢能 (示例)"}, {"buyers": "“嘉定氢能 (示例)”不能既是卖方又是买方。"}),
    ],
)  # fmt: skip
def test_what_money_dates_and_parties_cannot_be(db, expo_id, given, problems):
    db.clock = lambda: local(29, 10, 42)
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo_id, FOREIGN | given)
    assert {name: refused.value.problems.get(name) for name in problems} == problems
    assert records.count(db, DEALS, expo_id) == 0


def test_a_party_is_not_its_own_partner_by_another_of_its_names(db, expo_id):
    admin, db.actor = db.actor, Actor("管理员", Role.ADMIN)
    records.save(db, ORGANISATIONS, {"name": "嘉定氢能（示例）", "aliases": "嘉氢"})
    db.actor = admin
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo_id, VALUES | {"buyers": "嘉氢"})
    assert list(refused.value.problems) == ["buyers"]


SIGNERS = {
    "sellers": "甲公司、乙公司", "sellers_signer": "王一、—", "sellers_signer_post": "董事长、总经理",
    "sellers_mandate": "法定代表人、", "buyers_signer": "李四、王五", "buyers_assistant": "小赵",
}  # fmt: skip


def test_signatories_stay_with_their_parties(db, expo_id):
    made = deals.register(db, expo_id, VALUES | SIGNERS)
    got = records.get(db, DEALS, made)
    assert {name: got[name] for name in got if name.partition("_")[2] in ("signer", "signer_post", "mandate")} == {
        "sellers_signer": "王一、—", "sellers_signer_post": "董事长、总经理", "sellers_mandate": "法定代表人、—",
        "buyers_signer": "李四、王五", "buyers_signer_post": None, "buyers_mandate": None,
        "others_signer": None, "others_signer_post": None, "others_mandate": None,
    }  # fmt: skip
    deals.register(db, expo_id, {"sellers": "乙公司、甲公司"}, made, reason="换次序")
    got = records.get(db, DEALS, made)
    assert (got["sellers_signer"], got["sellers_signer_post"]) == ("—、王一", "总经理、董事长")
    deals.register(db, expo_id, {"sellers_signer": "张三、王一", "sellers_mandate": None}, made, reason="补签约人")
    got = records.get(db, DEALS, made)
    assert (got["sellers_signer"], got["sellers_mandate"], got["buyers_assistant"]) == ("张三、王一", None, "小赵")
    with pytest.raises(InvalidRecord) as refused:
        deals.register(db, expo_id, {"sellers_signer": "一、二、三"}, made, reason="多填")
    assert refused.value.problems == {"sellers_signer": "填了 3 位，签约单位只有 2 家。"}


def refused(act, *given, **more):
    with pytest.raises(UserError) as said:
        act(*given, **more)
    return said.value.code


def test_no_detour_around_the_reason_of_an_edit_after_signing(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    for entry in (Entry.CHECK, Entry.DRAFT):
        assert refused(deals.set_entry, db, [made], entry) == "E-REASON"
    assert refused(deals.advance, db, [made], DealStage.INTENT) == "E-REASON"
    with pytest.raises(InvalidRecord):
        deals.register(db, expo_id, {"stage": "意向"}, made)
    deals.advance(db, [made], DealStage.INTENT, reason="买方反悔")
    with pytest.raises(InvalidRecord):
        deals.register(db, expo_id, {"amount": "5", "tech_amount": None}, made)
    assert refused(deals.advance, db, [made], DealStage.SIGNED) == "E-REASON"
    deals.advance(db, [made], DealStage.TERMINATED, reason="谈崩")
    assert refused(deals.advance, db, [made], DealStage.LANDED) == "E-REASON"
    deals.set_entry(db, [made], Entry.DRAFT, "退回重填")
    with pytest.raises(InvalidRecord):
        deals.register(db, expo_id, {"title": "换个名称"}, made, draft=True)
    assert refused(deals.delete_drafts, db, [made]) == "E-NOT-DRAFT"
    deals.set_entry(db, [made], Entry.VOID, "重复")
    assert refused(deals.advance, db, [made], DealStage.LANDED, reason="又有了") == "E-STATE"
    assert deals.was_signed(db, made)


def test_a_later_stage_lies_between_signing_and_today(db, expo_id):
    db.clock = lambda: local(29, 10)
    made = deals.register(db, expo_id, VALUES)
    for day in (date(2018, 11, 27), date(2018, 11, 30)):
        assert refused(deals.advance, db, [made], DealStage.LANDED, day) == "E-DAY"
    deals.advance(db, [made], DealStage.LANDED, date(2018, 11, 28))


def test_what_counts_is_not_written_to_as_a_draft(db, expo_id):
    """Somebody submitted it meanwhile; a form that was still open saves by itself."""
    draft = deals.register(db, expo_id, {"title": "半份"}, draft=True)
    deals.register(db, expo_id, VALUES, draft)
    with pytest.raises(Conflict):
        deals.register(db, expo_id, {"sellers": None}, draft, draft=True, reason="自动保存")
    assert records.get(db, DEALS, draft)["sellers"] == VALUES["sellers"]


def test_a_deal_is_registered_by_its_number_alone(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(UserError, match="技术合同"):
        deals.advance(db, [made], DealStage.REGISTERED)
    assert records.get(db, DEALS, made)["stage"] is DealStage.SIGNED


def test_a_deleted_draft_is_logged_with_its_parts(db, expo_id):
    draft = deals.register(db, expo_id, {"title": "半份", "sellers": "甲"}, draft=True)
    deals.delete_drafts(db, [draft])
    with db.reading() as session:
        gone = session.scalars(select(Audit.table_name).where(Audit.action == "delete")).all()
    assert sorted(gone) == ["deal", "deal_party", "deal_step"]


def test_what_an_import_changed_stands_in_the_history_with_its_file(db, expo_id, tmp_path):
    made = deals.register(db, expo_id, VALUES)
    number = records.get(db, DEALS, made)["deal_no"]
    path = tmp_path / "更正.csv"
    path.write_text(f"编号,成交额,买方,阶段\n{number},900,丙大学,履行中\n", encoding="utf-8")
    db.actor = Actor("管理员", Role.ADMIN)
    plan = documents.plan_import(db, expos.current(db), DEALS, path, Choices(update=True))
    batch = imports.apply(db, plan, expo_id)
    events = deals_history.history(db, made)
    (told,) = [event for event in events if event.changes]
    assert (told.reason, told.operator) == ("更正.csv", "管理员")
    assert set(told.changes) == {
        ("成交额", "860.00 万元", "900.00 万元"), ("买方 / 委托方", VALUES["buyers"], "丙大学"),
    }  # fmt: skip
    assert [(step.stage, step.reason) for step in deals.steps(db, made)][-1] == (DealStage.PERFORMING, "更正.csv")
    imports.undo(db, batch)
    assert not [event for event in deals_history.history(db, made) if event.changes]
