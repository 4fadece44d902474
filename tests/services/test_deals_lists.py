"""Lists of deals through the whole road of an import: signatories, other currencies, prior signings, and back."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from expo_app import documents
from expo_app.model import DealParty, Mandate
from expo_app.services import imports, records
from expo_app.services.expos import all_expos
from expo_app.specs import DEALS, Outcome
from expo_app.specs.choices import Choices
from tests.factories import local, make_expo

LIST = """\
项目名称,卖方,买方,成交额（万元）,币种,原币金额（万）,汇率,汇率日期,汇率来源,签订日期,此前已签,此前签约时间地点,卖方签约人,\
卖方签约人职务,卖方授权,卖方助签,买方签约人
甲项目,一公司、二公司,三研究所,,美元,120,6.9347,2018-11-27,中间价,2018-11-28,否,,王一、—,董事长、,法定代表人、,小赵、,李三
乙项目,四公司,五研究所,860,,,,,,2018-11-28,是,2018-05 北京,,,,,
丙项目,六公司,七研究所,,EUR,5,,,,2018-11-28,,,,,,,钱七、孙八
"""


@pytest.fixture
def expo(db):
    db.clock = lambda: local(29, 10, 42)
    with db.transaction() as session:
        make_expo(session)
    return all_expos(db)[0]


def take_in(db, expo, path):
    plan = documents.plan_import(db, expo, DEALS, path)
    assert [dict(row.problems) for row in plan.rows] == [{}] * len(plan.rows)
    imports.apply(db, plan, expo.id)
    return plan


def rows_of(db, expo):
    found = [records.get(db, DEALS, row[0]) for row in records.list_rows(db, DEALS, expo.id)]
    return {row["title"]: row for row in found}


def test_a_list_brings_signatories_currencies_and_prior_signings_and_takes_them_out_again(db, expo, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(LIST, "utf-8")
    plan = take_in(db, expo, path)
    assert plan.count(Outcome.NEW) == 3
    found = rows_of(db, expo)
    first, prior, bare = (found[f"{name}项目"] for name in "甲乙丙")
    assert (first["currency"], first["amount"], first["rate"]) == ("USD", Decimal("8321640.00"), Decimal("6.9347"))
    assert (first["sellers_signer"], first["sellers_mandate"], first["buyers_signer"]) == (
        "王一、—", "法定代表人、—", "李三",
    )  # fmt: skip
    assert (prior["is_prior"], prior["prior_note"], prior["amount"]) == (True, "2018-05 北京", Decimal(8_600_000))
    assert (bare["currency"], bare["foreign_amount"], bare["amount"]) == ("EUR", Decimal(50_000), None)
    assert bare["buyers_signer"] == "钱七、孙八"
    with db.reading() as session:
        kept = session.execute(select(DealParty.signer, DealParty.mandate).where(DealParty.signer != "")).all()
    assert set(kept) == {("王一", Mandate.LEGAL_REPRESENTATIVE), ("李三", None), ("钱七、孙八", None)}
    for name in ("out.xlsx", "out.csv"):
        documents.export(db, expo, DEALS, tmp_path / name)
        again = documents.plan_import(db, expo, DEALS, tmp_path / name)
        assert [(row.outcome, dict(row.notes)) for row in again.rows] == [(Outcome.SAME, {})] * 3


def test_a_list_changes_a_rate_and_what_it_comes_to(db, expo, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(LIST, "utf-8")
    take_in(db, expo, path)
    number = rows_of(db, expo)["甲项目"]["deal_no"]
    path.write_text(f"编号,项目名称,汇率\n{number},甲项目,7\n", "utf-8")
    plan = documents.plan_import(db, expo, DEALS, path, Choices(update=True))
    imports.apply(db, plan, expo.id)
    got = rows_of(db, expo)["甲项目"]
    assert (got["rate"], got["amount"]) == (Decimal(7), Decimal(8_400_000))


def test_an_amount_that_does_not_follow_from_its_rate_is_remarked(db, expo, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text("项目名称,成交额（万元）,币种,原币金额（万）,汇率\n甲,900,USD,120,7\n", "utf-8")
    (row,) = documents.plan_import(db, expo, DEALS, path).rows
    assert list(row.notes.values()) == ["外币项目的成交额由原币金额和汇率算出：840.00 万元。"]
