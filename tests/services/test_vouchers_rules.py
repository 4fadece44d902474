"""Lists of vouchers: instruments, what regions say, who is listed and related; what they refuse, keep and merge."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Agreement,
    AgreementParty,
    Instrument,
    ListedProvider,
    Organisation,
    PolicyClass,
    Provider,
    Role,
    Tenant,
    TenantState,
    UseState,
    Voucher,
    VoucherPolicy,
    VoucherPot,
    VoucherState,
    VoucherUse,
)
from expo_app.services import import_review, imports, merging, records, steps
from expo_app.services.record_writer import followed
from expo_app.specs import SPECS, ImportPlan, Outcome
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.factories import make_organisation
from tests.lists import plan_of

POLICY = {"region_code": "武汉", "title": "创新券办法", "valid_from": "2026-01-01", "rate": "50"}


@dataclass(frozen=True)
class World:
    """A file without any expo: a company, two providers, all of one city."""

    db: Database

    def save(self, name: str, key: uuid.UUID | None = None, /, **values: Any) -> uuid.UUID:
        return records.save(self.db, SPECS[name], values, key)

    def add(self, model: Any, **values: Any) -> uuid.UUID:
        with self.db.transaction() as session:
            row = model(**values)
            session.add(row)
            session.flush()
            return row.id

    def one(self, query: Any) -> Any:
        with self.db.reading() as session:
            return session.scalar(query)

    def body(self, name: str) -> uuid.UUID:
        return self.one(select(Organisation.id).where(Organisation.name == name))

    def provider(self, name: str) -> uuid.UUID:
        return self.one(select(Provider.id).where(Provider.organisation_id == self.body(name)))

    def problems(self, name: str, key: uuid.UUID | None = None, /, **values: Any) -> dict[str, str]:
        with pytest.raises(InvalidRecord) as refused:
            self.save(name, key, **values)
        return dict(refused.value.problems)

    def plan(self, kind: str, path: Path, *rows: str) -> ImportPlan:
        path.write_text("\n".join(rows) + "\n", "utf-8")
        spec = SPECS[kind]
        return import_review.review(self.db, plan_of(spec, path, imports.state(self.db, spec, None)), None)

    def merge(self, keep: str, other: str) -> uuid.UUID:
        return merging.merge(self.db, Pair("organisations", self.body(keep), self.body(other)))

    def voucher(self, policy: uuid.UUID, company: str, **values: Any) -> uuid.UUID:
        given = {"voucher_no": f"Q-{uuid.uuid4().hex[:8]}", "applied_on": date(2026, 3, 1), "amount": Decimal(1000)}
        return self.add(
            Voucher,
            policy_id=policy,
            organisation_id=self.body(company),
            **given | {"state": VoucherState.APPROVED} | values,
        )

    def use(self, company: str, provider: str, **values: Any) -> uuid.UUID:
        given = {"use_no": f"Y-{uuid.uuid4().hex[:8]}", "state": UseState.SUBMITTED}
        bodies = {"organisation_id": self.body(company), "provider_id": self.provider(provider)}
        return self.add(VoucherUse, **bodies, **given | values)


@pytest.fixture
def world(db: Database) -> World:
    db.actor = Actor("周敏", Role.SUPERVISOR)
    with db.transaction() as session:
        for name in ("甲公司", "乙检测", "丙研究院"):
            make_organisation(session, name, region_code="420100")
    made = World(db)
    for name in ("乙检测", "丙研究院"):
        made.add(Provider, organisation_id=made.body(name))
    return made


# --- instruments ------------------------------------------------------------------------------------------------------
HEADER = "仪器名称,资产编号,规格型号,所属单位,一级分类,设备原值（元）,收费标准,有效期"


def test_a_list_of_instruments_as_institutions_have_it(world: World, tmp_path: Path) -> None:
    plan = world.plan(
        "instruments", tmp_path / "a.csv", HEADER,
        "扫描电子显微镜,SB-001,Zeiss G3,乙检测,分析仪器,3200000,480元/样,2027-12-31",
        "气相色谱仪,SB-002,7890B,丙研究院,分析仪器,450000,200 元/机时,",
        "老化箱,SB-003,,乙检测,工艺试验仪器,,面议,2025-06",
    )  # fmt: skip
    assert [(row.outcome, dict(row.problems)) for row in plan.rows] == [(Outcome.NEW, {})] * 3
    imports.apply(world.db, plan)
    query = select(Instrument.price, Instrument.unit, Instrument.original_value, Instrument.listed_until)
    with world.db.reading() as session:
        found = [tuple(row) for row in session.execute(query.order_by(Instrument.instrument_no))]
    assert found == [
        (Decimal(480), "样", Decimal(3_200_000), date(2027, 12, 31)),
        (Decimal(200), "机时", Decimal(450_000), None),
        (None, "", None, date(2025, 6, 30)),
    ]


def test_a_unit_in_the_header_is_that_of_every_price(world: World, tmp_path: Path) -> None:
    rows = ("仪器名称,机构,收费标准（元/样）", "电镜,乙检测,480", "色谱仪,乙检测,200元/机时")
    plan = world.plan("instruments", tmp_path / "a.csv", *rows)
    assert [(row.values["price"], row.values["unit"]) for row in plan.rows] == [(480, "样"), (200, "机时")]


def test_an_instrument_of_nobody_known_is_refused_and_one_of_another_has_its_number_too(
    world: World, tmp_path: Path
) -> None:
    rows = ("仪器名称,仪器编号,机构", "电镜,1,丁公司", "电镜,1,乙检测", "电镜,1,丙研究院")
    plan = world.plan("instruments", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW, Outcome.NEW]
    assert plan.rows[0].problems == {"机构": "没有服务机构“丁公司”，可填：丙研究院、乙检测。"}


def test_of_two_rows_of_one_number_the_second_says_which_the_first_is(world: World, tmp_path: Path) -> None:
    rows = ("仪器名称,仪器编号,型号,机构", "电镜,SB-1,G3,乙检测", "电镜,SB-1,G3,乙检测", "色谱仪,sb-1,7890B,乙检测")
    plan = world.plan("instruments", tmp_path / "a.csv", *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID, Outcome.INVALID]
    assert [dict(row.problems) for row in plan.rows[1:]] == [
        {"": "与第 2 行重复，只留一行。"},
        {"": "与第 2 行的仪器编号相同，其他内容不同：改正仪器编号，或只留一行。"},
    ]
    imports.apply(world.db, plan)
    assert world.one(select(func.count()).select_from(Instrument)) == 1


# --- policies ---------------------------------------------------------------------------------------------------------
def test_two_versions_of_a_region_are_never_valid_on_one_day(world: World) -> None:
    first = world.save("policies", **POLICY, valid_until="2026-06-30")
    assert "valid_from" in world.problems("policies", **POLICY | {"version_no": 2, "valid_from": "2026-06-30"})
    world.save("policies", **POLICY | {"version_no": 2, "valid_from": "2026-07-01"})
    world.save("policies", **POLICY | {"region_code": "黄石"})
    words = world.problems("policies", first, valid_until="")["valid_from"]
    assert "第 2 版" in words
    assert "没有保存" in words


def test_rows_of_a_file_that_overlap_are_refused_one_by_one(world: World, tmp_path: Path) -> None:
    world.save("policies", **POLICY, valid_until="2026-06-30")
    plan = world.plan(
        "policies", tmp_path / "a.csv", "地区,办法名称,版本,起日,止日,券付比例（%）,单次上限（元）",
        "武汉,创新券办法,2,2026-06-01,2026-12-31,50,20000",
        "武汉,创新券办法,3,2026-07-01,2026-12-31,50,2万元",
        "武汉市,创新券办法,4,2026-12-31,,60,20000",
        "黄石,创新券办法,1,2026-01-01,,60,20000",
    )  # fmt: skip
    assert [row.outcome for row in plan.rows] == [Outcome.INVALID, Outcome.NEW, Outcome.INVALID, Outcome.NEW]
    assert plan.rows[1].values["cap_per_use"] == Decimal(20_000)
    imports.apply(world.db, plan)
    assert world.one(select(func.count()).select_from(VoucherPolicy)) == 3


def test_limits_of_classes_are_lines_of_the_policy(world: World) -> None:
    key = world.save("policies", **POLICY, classes="企业；；20,000；10万元\n创业者或团队；60；；")
    with world.db.reading() as session:
        rows = session.execute(
            select(PolicyClass.applicant, PolicyClass.rate, PolicyClass.cap_per_use, PolicyClass.cap_per_year)
            .where(PolicyClass.policy_id == key)
            .order_by(PolicyClass.applicant)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("企业", None, Decimal(20_000), Decimal(100_000)),
        ("创业者或团队", Decimal(60), None, None),
    ]
    assert "classes" in world.problems("policies", key, classes="企业；0；；")


def test_what_a_voucher_rests_on_is_changed_by_another_version_alone(world: World) -> None:
    key = world.save("policies", **POLICY, classes="企业；；20000；")
    world.voucher(key, "甲公司", applied_on=date(2026, 3, 1))
    world.use("甲公司", "乙检测", policy_id=key, contract_on=date(2026, 4, 1))
    world.use("甲公司", "乙检测", policy_id=key, contract_on=date(2026, 9, 1), state=UseState.CANCELLED)
    assert world.problems("policies", key, rate="60").keys() == {"rate"}
    assert world.problems("policies", key, classes="企业；；30000；").keys() == {"classes"}
    assert "2026-04-01" in world.problems("policies", key, valid_until="2026-03-31")["valid_until"]
    world.save("policies", key, valid_until="2026-04-01", source="鄂科规〔2026〕1 号")
    with pytest.raises(Conflict):
        records.delete(world.db, SPECS["policies"], [key])
    world.save("policies", **POLICY | {"version_no": 2, "valid_from": "2026-04-02", "rate": "60"})


def test_an_undo_leaves_alone_what_a_voucher_rests_on(world: World) -> None:
    key = world.save("policies", **POLICY)
    with followed() as writers:
        world.save("policies", key, rate="60", classes="企业；；20000；")
    step = steps.step_of("vouchers.policy", writers)
    assert step is not None
    world.voucher(key, "甲公司")
    with pytest.raises(Conflict, match="新增一版"):
        steps.take_back(world.db, step)
    assert world.one(select(VoucherPolicy.rate).where(VoucherPolicy.id == key)) == 60


def test_a_plan_leaves_alone_what_a_voucher_rests_on(world: World, tmp_path: Path) -> None:
    key = world.save("policies", **POLICY)
    world.voucher(key, "甲公司")
    rows = ("地区,办法名称,版本,止日,年度预算（元）", "武汉,创新券办法,1,2026-12-31,500000")
    (row,) = world.plan("policies", tmp_path / "a.csv", *rows).rows
    assert row.outcome is Outcome.INVALID
    assert row.problems.keys() == {"年度预算"}


def test_only_the_supervisor_writes_what_a_region_says(world: World) -> None:
    world.db.actor = Actor("李强", Role.DEALS)
    with pytest.raises(UserError, match="权限"):
        world.save("policies", **POLICY)
    world.save("instruments", title="电镜", provider="乙检测")


# --- two organisations become one -------------------------------------------------------------------------------------
def test_whom_a_relation_or_a_use_keeps_apart_are_not_merged(world: World) -> None:
    key = world.save("related_bodies", one_id="甲公司", other_id="乙检测", words="持股 35%")
    with pytest.raises(Conflict, match="持股 35%"):
        world.merge("甲公司", "乙检测")
    records.delete(world.db, SPECS["related_bodies"], [key])
    world.use("甲公司", "乙检测", use_no="Y-7")
    with pytest.raises(Conflict, match="Y-7"):
        world.merge("乙检测", "甲公司")


def test_a_relation_both_have_with_a_third_one_stands_once(world: World) -> None:
    for one in ("甲公司", "丁公司"):
        world.save("related_bodies", one_id=one, other_id="乙检测", words="同一法定代表人")
    world.merge("甲公司", "丁公司")
    assert records.count(world.db, SPECS["related_bodies"], None) == 1


POT = {"region_code": "4201", "year": 2026}


def given(world: World, *taken: tuple[str, int]) -> None:
    """Vouchers of one year, and what is taken of its pots."""
    policy = world.save("policies", **POLICY, cap_per_year="5000")
    world.save("related_bodies", one_id="丁公司", other_id="丙研究院", words="持股 10%")
    for name, amount in taken:
        world.voucher(policy, name, amount=Decimal(amount), held=Decimal(amount), approved_on=date(2026, 3, 1))
        world.add(VoucherPot, organisation_id=world.body(name), most=Decimal(5000), taken=Decimal(amount), **POT)
    world.add(VoucherPot, taken=Decimal(sum(amount for _name, amount in taken)), **POT)


def test_vouchers_and_what_is_taken_of_the_pots_go_over(world: World) -> None:
    given(world, ("甲公司", 2000), ("丁公司", 3000))
    batch = world.merge("甲公司", "丁公司")
    assert world.one(select(VoucherPot.taken).where(VoucherPot.organisation_id.is_not(None))) == 5000
    assert world.one(select(func.count()).where(Voucher.organisation_id == world.body("甲公司"))) == 2
    imports.undo(world.db, batch)
    with world.db.reading() as session:
        assert session.scalars(select(VoucherPot.taken).order_by(VoucherPot.taken)).all() == [2000, 3000, 5000]


def test_two_who_took_more_than_the_cap_of_a_year_are_not_merged(world: World) -> None:
    given(world, ("甲公司", 2000), ("丁公司", 3001))
    with pytest.raises(Conflict, match=r"2026 年这两家的券合起来 5,001.00 元"):
        world.merge("甲公司", "丁公司")
    assert world.one(select(func.max(VoucherPot.taken))) == 5001


def test_two_providers_that_are_one_keep_instruments_and_the_longer_listing(world: World) -> None:
    for name, until in (("乙检测", "2026-12-31"), ("丙研究院", "")):
        world.save("instruments", title="电镜", instrument_no="1", provider=name)
        world.save("listed_providers", region_code="武汉", provider=name, valid_from="2026-01-01", valid_until=until)
    world.save("instruments", title="色谱仪", instrument_no="2", provider="丙研究院")
    world.use("甲公司", "丙研究院")
    world.merge("乙检测", "丙研究院")
    with world.db.reading() as session:
        assert session.scalars(select(Instrument.instrument_no).order_by(Instrument.instrument_no)).all() == ["1", "2"]
        assert session.execute(select(ListedProvider.valid_until)).all() == [(None,)]
        assert session.scalar(select(VoucherUse.provider_id)) == world.provider("乙检测")


@pytest.mark.parametrize("keep", ["甲公司", "丁公司"])
def test_tenants_of_one_park_become_one_and_keep_how_far_it_came(world: World, keep: str) -> None:
    park = world.save("parks", name="示范园")
    world.save("related_bodies", one_id="丁公司", other_id="丙研究院", words="持股 10%")
    for name, state in (("甲公司", TenantState.VISITED), ("丁公司", TenantState.MOVED_IN)):
        world.add(Tenant, park_id=park, organisation_id=world.body(name), state=state, stay=1)
    world.merge(keep, "丁公司" if keep == "甲公司" else "甲公司")
    with world.db.reading() as session:
        assert session.execute(select(Tenant.state)).all() == [(TenantState.MOVED_IN,)]


def test_a_party_that_signed_by_either_name_has_signed(world: World) -> None:
    agreement = world.add(Agreement, title="共建协议")
    world.save("related_bodies", one_id="丁公司", other_id="丙研究院", words="持股 10%")
    for position, (name, signed) in enumerate((("甲公司", False), ("丁公司", True))):
        given = {"organisation_id": world.body(name), "position": position, "is_signed": signed}
        world.add(AgreementParty, agreement_id=agreement, signer="王某" if signed else "", **given)
    world.merge("甲公司", "丁公司")
    with world.db.reading() as session:
        rows = session.execute(select(AgreementParty.organisation_id, AgreementParty.is_signed, AgreementParty.signer))
        assert [tuple(row) for row in rows] == [(world.body("甲公司"), True, "王某")]
