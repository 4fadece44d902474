"""Registering deals: duplicates, reasons, steps, what may be deleted."""

from datetime import date
from decimal import Decimal

import pytest

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import Deal, DealStage, Entry, Role
from expo_app.services import deals, expos, records
from expo_app.specs import DEALS
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
    deals.advance(db, [made], DealStage.REGISTERED, date(2018, 12, 10))
    deals.advance(db, [made], DealStage.LANDED, date(2019, 5, 1))
    assert [(s.stage, s.entry, s.on_date, s.operator) for s in deals.steps(db, made)] == [
        (DealStage.SIGNED, Entry.VALID, date(2018, 11, 28), "周敏"),
        (DealStage.REGISTERED, Entry.VALID, date(2018, 12, 10), "周敏"),
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
    deals.advance(db, [made], DealStage.PERFORMING, date(2018, 12, 10), signed_on=date(2018, 12, 10))
    assert records.get(db, DEALS, made)["signed_on"] == date(2018, 11, 28)


def test_voiding_needs_a_reason_and_keeps_the_deal(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    with pytest.raises(UserError):
        deals.set_entry(db, [made], Entry.VOID)
    deals.set_entry(db, [made], Entry.VOID, "重复登记")
    assert records.get(db, DEALS, made)["entry"] is Entry.VOID
    deals.register(db, expo_id, VALUES)


def test_an_entry_somebody_else_changed_since_is_not_taken_back(db, expo_id):
    made = deals.register(db, expo_id, VALUES)
    first = deals.set_entry(db, [made], Entry.CHECK)
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
