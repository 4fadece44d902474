"""The register of technology contracts: what is in it, the steps with the office, its sheet, and what it may not do."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from expo_app import documents, paths
from expo_app.errors import InvalidRecord, UserError
from expo_app.model import (
    Deal,
    DealPatent,
    DealStage,
    DealStep,
    Entry,
    Expo,
    Organisation,
    Registration,
    RegistryChoice,
    RegistryDeadline,
    RegistryList,
)
from expo_app.services import (
    contracts,
    contracts_lists,
    contracts_report,
    deals,
    deals_history,
    expos,
    imports,
    record_writer,
    records,
    steps,
)
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs import CONTRACTS, DEALS, ImportPlan, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.factories import local, make_deal, make_expo

NUMBER = "2014199990131"
PATENT = f"发明专利；镜片；{NUMBER}；{NUMBER}；甲院；甲院；2014-03-28"
CODES = ("91310114000101042E", "91330300000105115G")
WHOLE: dict[str, Any] = {
    "contract_kind": "技术转让", "contract_subkind": "专利实施许可", "ip_kind": "发明专利", "tech_field": "电子信息",
    "payment_way": "一次支付", "plan_source": "计划外", "social_goal": "工商业发展", "valid_from": "2018-11-28",
    "valid_until": "2020-11-27", "seller_code": CODES[0], "seller_nature": "事业法人（科研机构）",
    "seller_region": "温州市", "buyer_code": CODES[1], "buyer_nature": "内资企业", "buyer_region": "嘉定区",
    "registry_office": "甲市登记处",
    "patents": PATENT,
}  # fmt: skip
SIGNED, HANDED, ENTERED = date(2018, 11, 28), date(2018, 11, 28), date(2018, 11, 29)
REGISTRY_NO = "2018330300999001"


class World:
    """An expo with one technology contract in the register and all that is not in it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        db.clock = lambda: local(29, 10)
        with db.transaction() as session:
            expo = make_expo(session, code="KJH24")
            self.expo_id = expo.id
            more = {"signed_on": SIGNED, "contract_no": "HT-1", "tech_amount": 800}
            self.deal = make_deal(session, expo, "镜片许可", "1000", sellers=("甲院",), buyers=("乙公司",), **more).id
            make_deal(session, expo, "意向", stage=DealStage.INTENT)
            for entry in (Entry.DRAFT, Entry.CHECK, Entry.VOID):
                make_deal(session, expo, entry.label, entry=entry)
            make_deal(session, expo, "已终止", stage=DealStage.TERMINATED)

    def fill(self, **values: Any) -> None:
        records.save(self.db, CONTRACTS, values, self.deal, expo_id=self.expo_id)

    def line(self) -> Any:
        return contracts.lines(self.db, self.expo_id)[self.deal]

    def value(self, name: str) -> Any:
        return records.get(self.db, CONTRACTS, self.deal)[name]

    def deal_row(self) -> Deal:
        with self.db.reading() as session:
            return session.get_one(Deal, self.deal)

    def history(self) -> list[tuple[Registration, date | None, str, date | None]]:
        return [(s.state, s.on_date, s.words, s.correct_by) for s in contracts.history(self.db, self.deal)]


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


@pytest.fixture
def whole(world: World) -> World:
    world.fill(**WHOLE)
    return world


@pytest.fixture
def planned(world: World, tmp_path: Path) -> Callable[..., ImportPlan]:
    """`planned(header, row, …)`: the plan of the office's sheet with these rows."""

    def plan(*rows: tuple[Any, ...], choices: Choices | None = None) -> ImportPlan:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)  # type: ignore[union-attr]
        path = tmp_path / "office.xlsx"
        book.save(path)
        expo = expos.current(world.db)
        assert expo is not None
        return documents.plan_import(world.db, expo, CONTRACTS, path, choices)

    return plan


def test_only_valid_signed_technology_contracts_are_in_the_register(world: World) -> None:
    assert list(contracts.lines(world.db, world.expo_id)) == [world.deal]
    assert [row[0] for row in records.list_rows(world.db, CONTRACTS, world.expo_id)] == [world.deal]
    assert contracts.left_out(world.db, world.expo_id) == "另有草稿 1、待核对 1、作废 1、意向 1、终止 1，不在簿里"
    assert contracts.count_lacking(world.db, world.expo_id) == 1


def test_what_is_missing_goes_with_what_is_filled_in(world: World) -> None:
    before = world.line()
    assert before.lacking == before.total - 3  # what the deal says: signed on, and the amounts
    world.fill(**WHOLE)
    assert (world.line().lacking, world.line().total) == (0, 20)
    assert contracts.count_lacking(world.db, world.expo_id) == 0
    with world.db.reading() as session:
        kept = session.execute(select(DealPatent.patent_no, DealPatent.holder, DealPatent.filed_on)).all()
        bodies = session.execute(
            select(Organisation.name, Organisation.credit_code, Organisation.nature, Organisation.region_code)
            .where(Organisation.name.in_(("甲院", "乙公司"))).order_by(Organisation.name)
        ).all()  # fmt: skip
    assert [tuple(row) for row in kept] == [(NUMBER, "甲院", date(2014, 3, 28))]
    assert [tuple(row) for row in bodies] == [
        ("乙公司", CODES[1], "内资企业", "310114"), ("甲院", CODES[0], "事业法人（科研机构）", "330300"),
    ]  # fmt: skip


def test_what_is_known_of_a_party_holds_for_its_next_contract(whole: World) -> None:
    with whole.db.transaction() as session:
        expo = session.get_one(Expo, whole.expo_id)
        more = {"signed_on": SIGNED, "contract_no": "HT-2"}
        other = make_deal(session, expo, "另一份", "5", sellers=("乙公司",), buyers=("甲院",), **more).id
    values = records.get(whole.db, CONTRACTS, other)
    assert (values["seller_code"], values["buyer_nature"]) == (CODES[1], "事业法人（科研机构）")


@pytest.mark.parametrize(
    ("name", "value"),
    [("amount", "0.2"), ("tech_amount", "0.05"), ("title", "别的"), ("sellers", "丙公司"), ("signed_on", "2018-11-27"),
     ("contract_no", "HT-9"), ("valid_until", "2037-11-27"), ("valid_from", None)],
)  # fmt: skip
def test_what_was_signed_is_not_changed_here(whole: World, name: str, value: str) -> None:
    before = records.get(whole.db, DEALS, whole.deal)
    with pytest.raises(InvalidRecord) as refused:
        whole.fill(**{name: value})
    assert list(refused.value.problems) == [name]
    assert records.get(whole.db, DEALS, whole.deal) == before


def test_a_contract_is_not_made_here(world: World) -> None:
    with pytest.raises(InvalidRecord, match="先在成交台账登记签约"):
        records.save(world.db, CONTRACTS, {"title": "新的"}, expo_id=world.expo_id)


def test_from_the_desk_of_the_organiser_to_the_number_of_the_office(whole: World) -> None:
    contracts.submit(whole.db, [whole.deal], HANDED)
    contracts.send_back(whole.db, whole.deal, ENTERED, "缺附件", date(2018, 12, 8))
    assert (whole.line().due, whole.line().returned) == (date(2018, 12, 8), "缺附件")
    contracts.submit(whole.db, [whole.deal], ENTERED)
    assert whole.line().returned == ""
    totals = deal_totals(whole.db, whole.expo_id)
    contracts.enter(whole.db, whole.deal, ENTERED, " 2018 3303 00 999001 ")
    deal = whole.deal_row()
    assert (deal.registry_no, deal.registered_on, deal.stage) == (REGISTRY_NO, ENTERED, DealStage.REGISTERED)
    assert deal_totals(whole.db, whole.expo_id) == totals  # a registered contract is signed all the same
    assert whole.history() == [
        (Registration.SUBMITTED, HANDED, "", None),
        (Registration.RETURNED, ENTERED, "缺附件", date(2018, 12, 8)),
        (Registration.SUBMITTED, ENTERED, "", None),
        (Registration.REGISTERED, ENTERED, "", None),
    ]
    with whole.db.reading() as session:
        stages = session.scalars(select(DealStep.stage).where(DealStep.deal_id == whole.deal)).all()
    assert list(stages) == [DealStage.REGISTERED]


def test_a_step_is_taken_back_as_a_whole(whole: World) -> None:
    before = whole.deal_row()
    with record_writer.followed() as writers:
        contracts.enter(whole.db, whole.deal, ENTERED, REGISTRY_NO)
    step = steps.step_of("contracts.edit", writers)
    assert step is not None
    steps.take_back(whole.db, step)
    after = whole.deal_row()
    names = ("registration", "registry_no", "registered_on", "stage")
    assert [getattr(after, n) for n in names] == [getattr(before, n) for n in names]
    assert whole.history() == []
    steps.do_again(whole.db, step)
    assert whole.deal_row().stage is DealStage.REGISTERED


def test_what_is_not_complete_is_not_submitted_and_nothing_is_changed(world: World) -> None:
    with pytest.raises(UserError, match="还有要补的"):
        contracts.submit(world.db, [world.deal], HANDED)
    assert (world.value("registration"), world.history()) == (Registration.OPEN, [])


def test_steps_keep_to_their_order_and_their_days(whole: World) -> None:
    with pytest.raises(UserError, match="不能改为“退回”"):
        contracts.send_back(whole.db, whole.deal, ENTERED, "缺附件")
    for day, words in ((date(2018, 11, 27), "早于签订日期"), (date(2030, 1, 1), "还没有到")):
        with pytest.raises(InvalidRecord, match=words):
            contracts.submit(whole.db, [whole.deal], day)
    contracts.submit(whole.db, [whole.deal], ENTERED)
    with pytest.raises(UserError, match="不能改为“已提交”"):
        contracts.submit(whole.db, [whole.deal], ENTERED)
    with pytest.raises(InvalidRecord, match="早于提交日期"):
        contracts.enter(whole.db, whole.deal, SIGNED, REGISTRY_NO)
    for number in ("", "123", "2018330300999OO1"):
        with pytest.raises(InvalidRecord):
            contracts.enter(whole.db, whole.deal, ENTERED, number)
    with pytest.raises(InvalidRecord, match="登记机构的意见"):
        contracts.send_back(whole.db, whole.deal, ENTERED, "  ")
    with pytest.raises(InvalidRecord, match="补正期限"):
        contracts.send_back(whole.db, whole.deal, ENTERED, "缺附件", SIGNED)
    assert whole.value("registration") is Registration.SUBMITTED
    contracts.send_back(whole.db, whole.deal, ENTERED, "缺附件")
    assert whole.line().due is None  # the office named no day


def test_registered_in_the_form_asks_for_number_and_day_too(whole: World) -> None:
    with pytest.raises(InvalidRecord) as refused:
        whole.fill(registration="已登记")
    assert set(refused.value.problems) == {"registry_no", "registered_on"}
    whole.fill(registry_no=REGISTRY_NO, registered_on="2018-11-29")  # both say it
    assert whole.value("registration") is Registration.REGISTERED
    whole.fill(registration="未提交")
    assert whole.deal_row().stage is DealStage.SIGNED


def test_two_dates_one_of_the_organiser_and_one_of_the_office(whole: World) -> None:
    assert whole.line().due is None  # nobody said
    with whole.db.transaction() as session:
        session.get_one(Expo, whole.expo_id).submit_days = 20
    assert whole.line().due == date(2018, 12, 18)
    contracts.submit(whole.db, [whole.deal], HANDED)
    assert whole.line().due == date(2018, 12, 28)  # in 2018 Wenzhou's office had the country's thirty days
    with whole.db.transaction() as session:
        session.add(RegistryDeadline(region_code="330300", since=date(2018, 1, 1), days=10))
    assert whole.line().due == date(2018, 12, 8)
    contracts.enter(whole.db, whole.deal, ENTERED, REGISTRY_NO)
    assert whole.line().due is None


def test_a_credit_code_of_somebody_else_is_refused_at_its_field(whole: World) -> None:
    with pytest.raises(InvalidRecord) as refused:
        whole.fill(buyer_code=CODES[0])
    assert list(refused.value.problems) == ["buyer_code"]
    assert whole.value("buyer_code") == CODES[1]


@pytest.mark.parametrize("text", ["发明专利", "专利；镜片", "发明专利；a；b；c；d；e；2014-13-01", "；；；；；；；；"])
def test_lines_that_are_no_patents_are_refused(whole: World, text: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        whole.fill(patents=text)
    assert list(refused.value.problems) == ["patents"]
    assert whole.value("patents") == PATENT


def test_patents_are_written_however_they_are_typed(whole: World) -> None:
    whole.fill(patents="发明专利;镜片;ZL201419999013.1;zl 201419999013．1;甲院;甲院;2014-03-28\n外观设计；外壳")
    assert whole.value("patents") == f"{PATENT}\n外观设计；外壳；—；—；—；—；—"
    whole.fill(patents="")
    assert whole.value("patents") == ""


def test_a_number_alone_is_a_patent_of_its_kind_that_lacks_the_rest(
    whole: World, planned: Callable[..., ImportPlan]
) -> None:
    """An office's sheet has numbers in a cell and no more; a wrong check digit is kept and said by the materials."""
    whole.fill(patents=None)
    plan = planned(("合同编号", "专利"), ("HT-1", "ZL201410123456.8、201430123456.1"))
    assert dict(plan.rows[0].problems) == {}
    imports.apply(whole.db, plan, whole.expo_id)
    with whole.db.reading() as session:
        kept = session.execute(select(DealPatent.kind, DealPatent.application_no, DealPatent.patent_no))
        assert [(kind.value, *numbers) for kind, *numbers in kept] == [
            ("发明专利", "2014101234568", "2014101234568"), ("外观设计", "2014301234561", ""),
        ]  # fmt: skip
    text = whole.value("patents")
    whole.fill(patents=text)
    assert whole.value("patents") == text
    assert whole.line().lacking == 3


def test_words_of_the_office_are_known_in_short(world: World, planned: Callable[..., ImportPlan]) -> None:
    plan = planned(("合同编号", "定价方式", "计划来源"), ("HT-1", "协议", "省市"))
    imports.apply(world.db, plan, world.expo_id)
    assert (world.value("pricing_way").name, world.value("plan_source").name) == ("AGREED", "PROVINCE")


def test_an_expo_of_other_days_goes_by_the_rules_of_its_own(db: Database) -> None:
    """Five kinds, Zhejiang's ten days: another edition, elsewhere, set up from nothing."""
    db.clock = lambda: datetime(2024, 11, 14, 2, tzinfo=UTC)
    days = {"starts_on": date(2024, 11, 13), "ends_on": date(2024, 11, 15)}
    signed = date(2024, 11, 13)
    with db.transaction() as session:
        expo = make_expo(session, code="KJH24", submit_days=15, **days)
        expo_id = expo.id
        more = {"signed_on": signed, "tech_amount": 800}
        deal = make_deal(session, expo, "电池许可", "1000", sellers=("丙院",), buyers=("丁公司",), **more).id
    dates = {"valid_from": "2024-11-13", "valid_until": "2027-11-12", "contract_kind": "技术许可"}
    records.save(db, CONTRACTS, {**WHOLE, **dates, "seller_region": "杭州市"}, deal, expo_id=expo_id)
    line = contracts.lines(db, expo_id)[deal]
    assert (line.lacking, line.due) == (0, date(2024, 11, 28))
    contracts.submit(db, [deal], date(2024, 11, 14))
    assert contracts.lines(db, expo_id)[deal].due == date(2024, 11, 24)
    contracts.enter(db, deal, date(2024, 11, 14), "2024330100999001")
    assert records.get(db, DEALS, deal)["stage"] is DealStage.REGISTERED


# --- the office's lists -----------------------------------------------------------------------------------------------
def test_an_office_may_have_words_of_its_own(whole: World) -> None:
    whole.fill(contract_kind="技术交易服务", contract_subkind="")
    assert [f.field for f in whole.line().findings if f.state.value == "wrong"] == ["contract_kind"]
    values = {"list": "合同类别", "name": "技术交易服务", "since": "2018-01-01"}
    records.save(whole.db, contracts_list_spec(), values)
    assert whole.line().lacking == 0


def contracts_list_spec() -> Any:
    from expo_app.specs import REGISTRY_CHOICES

    return REGISTRY_CHOICES


def test_a_second_level_names_the_first_and_nothing_ends_before_it_begins(db: Database) -> None:
    for values, name in (
        ({"list": "技术领域二级", "name": "集成电路"}, "parent"),
        ({"list": "性质", "name": "军队", "since": "2020-01-01", "until": "2019-01-01"}, "until"),
    ):
        with pytest.raises(InvalidRecord) as refused:
            records.save(db, contracts_list_spec(), values)
        assert list(refused.value.problems) == [name]


def test_what_ships_can_be_taken_over_and_changed_and_comes_once(db: Database) -> None:
    shipped = contracts_lists.lists(db)
    count = contracts_lists.add_shipped(db)
    assert count == sum(map(len, shipped.choices.values())) + len(shipped.deadlines)
    assert contracts_lists.add_shipped(db) == 0
    assert contracts_lists.lists(db).names(RegistryList.KIND, SIGNED) == shipped.names(RegistryList.KIND, SIGNED)
    with db.transaction() as session:
        kind = select(RegistryChoice).where(RegistryChoice.list == RegistryList.KIND, RegistryChoice.name == "技术咨询")
        session.scalars(kind).one().until = date(2018, 1, 1)
    assert "技术咨询" not in contracts_lists.lists(db).names(RegistryList.KIND, SIGNED)


# --- the office's sheet -----------------------------------------------------------------------------------------------
HEADER = ("登记编号", "合同名称", "卖方名称", "买方名称", "合同成交金额（元）", "登记日期", "状态")


def test_the_office_answers_by_a_sheet(whole: World, planned: Callable[..., ImportPlan]) -> None:
    contracts.submit(whole.db, [whole.deal], HANDED)
    plan = planned(HEADER, (REGISTRY_NO, "镜片许可", "甲院", "乙公司", 1000, "2018-11-29", "已登记"))
    (row,) = plan.rows
    assert (row.outcome, row.record_id, dict(row.notes)) == (Outcome.CHANGED, whole.deal, {})
    assert row.changes["registration"] == (Registration.SUBMITTED, Registration.REGISTERED)
    batch = imports.apply(whole.db, plan, whole.expo_id)
    assert (whole.deal_row().stage, whole.value("registry_no")) == (DealStage.REGISTERED, REGISTRY_NO)
    assert whole.history()[-1] == (Registration.REGISTERED, ENTERED, "", None)
    assert batch is not None
    imports.undo(whole.db, batch)
    assert (whole.deal_row().stage, whole.value("registry_no")) == (DealStage.SIGNED, "")
    assert [state for state, *_more in whole.history()] == [Registration.SUBMITTED]


def test_the_offices_sheet_changes_no_term_that_was_signed(whole: World, planned: Callable[..., ImportPlan]) -> None:
    (row,) = planned(("合同编号", "有效期止"), ("HT-1", "2037-11-27"), choices=Choices(update=True)).rows
    assert (row.outcome, dict(row.notes)) == (
        Outcome.SAME, {"有效期止": "台账里是 2020-11-27，这里不改；要改先到成交台账写明原因。"},
    )  # fmt: skip


def test_handed_in_with_gaps_goes_in_and_is_said_to(world: World, planned: Callable[..., ImportPlan]) -> None:
    world.fill(**{name: value for name, value in WHOLE.items() if name not in ("social_goal", "registry_office")})
    sheet = ("合同编号", "状态", "提交日期", "登记机构"), ("HT-1", "已提交", "2018-11-29", "甲市登记处")
    (row,) = planned(*sheet).rows
    assert (row.outcome, dict(row.notes)) == (
        Outcome.CHANGED, {"登记状态": "还缺 1 项（社会经济目标），照写已提交；在登记簿里补齐。"},
    )  # fmt: skip
    world.fill(social_goal="工商业发展")
    assert dict(planned(*sheet).rows[0].notes) == {}


def test_patents_are_part_of_what_became_of_the_deal(world: World, planned: Callable[..., ImportPlan]) -> None:
    def told() -> list[tuple[str, str, str]]:
        events = deals_history.history(world.db, world.deal)
        return [change for event in events for change in event.changes if change[0] == "专利"]

    world.db.clock = lambda: local(29, 10, 30)
    world.fill(patents=PATENT)
    made = ("专利", "", f"发明专利 镜片 {NUMBER} {NUMBER} 甲院 甲院 2014-03-28")
    assert told() == [made]
    world.db.clock = lambda: local(29, 11)
    world.fill(patents=PATENT.replace("镜片", "镜头"))
    assert told() == [made, ("专利", "镜片", "镜头")]
    world.db.clock = lambda: local(29, 12)
    (row,) = (plan := planned(("合同编号", "专利"), ("HT-1", f"{PATENT}\n{PATENT}"), choices=Choices(update=True))).rows
    assert row.outcome is Outcome.CHANGED
    imports.apply(world.db, plan, world.expo_id)
    assert set(told()[2:]) == {("专利", "镜头", f"镜片、{made[2]}")}
    world.db.clock = lambda: local(29, 13)
    world.fill(patents=None)
    assert told()[-1][:1] + told()[-1][2:] == ("专利", "")


def test_number_and_day_alone_say_that_it_is_registered(whole: World, planned: Callable[..., ImportPlan]) -> None:
    plan = planned(("合同编号", "登记编号", "登记日期"), ("HT-1", REGISTRY_NO, "2018-11-29"))
    assert plan.rows[0].changes["registration"] == (Registration.OPEN, Registration.REGISTERED)
    imports.apply(whole.db, plan, whole.expo_id)
    assert whole.value("registration") is Registration.REGISTERED


def test_sent_back_brings_the_offices_words(whole: World, planned: Callable[..., ImportPlan]) -> None:
    contracts.submit(whole.db, [whole.deal], HANDED)
    plan = planned(("合同编号", "状态", "退回原因", "补正期限"), ("HT-1", "退回", "缺附件", "2018-12-08"))
    imports.apply(whole.db, plan, whole.expo_id)
    assert whole.history()[-1] == (Registration.RETURNED, ENTERED, "缺附件", date(2018, 12, 8))


def test_other_amounts_and_unknown_contracts_stay_out(whole: World, planned: Callable[..., ImportPlan]) -> None:
    rows = (
        (REGISTRY_NO, "镜片许可", "甲院", "乙公司", 2000, "2018-11-29", "已登记"),
        ("2018330300999002", "没有这份", "甲院", "乙公司", 1, "2018-11-29", "已登记"),
    )
    for choices in (None, Choices(update=True)):
        plan = planned(HEADER, *rows, choices=choices)
        assert [row.outcome for row in plan.rows] == [Outcome.CHANGED, Outcome.INVALID]
        assert "amount" not in plan.rows[0].changes
        said = "这里不改" if choices else "没有改"
        assert "0.10" in plan.rows[0].notes["成交额"]
        assert said in plan.rows[0].notes["成交额"]
        assert "先在成交台账登记签约" in plan.rows[1].problems[""]
    imports.apply(whole.db, plan, whole.expo_id)
    assert whole.deal_row().amount == 1000


def test_wrong_codes_are_said_and_keep_no_other_row_out(whole: World, planned: Callable[..., ImportPlan]) -> None:
    plan = planned(
        ("合同编号", "登记编号", "登记日期", "状态", "卖方信用代码", "类别"),
        ("HT-1", "2018-33", "2018-11-29", "已登记", "91310114000101042F", "技术交易"),
    )
    (row,) = plan.rows
    assert row.outcome is Outcome.INVALID
    assert "登记编号" in "".join(row.problems.values())
    plan = planned(("合同编号", "卖方信用代码", "类别"), ("HT-1", "91310114000101042F", "技术交易"),
                   choices=Choices(update=True))  # fmt: skip
    assert any("校验码" in note for note in plan.rows[0].notes.values())
    assert any("不在登记机构的合同类别里" in note for note in plan.rows[0].notes.values())


# --- the register as a file -------------------------------------------------------------------------------------------
def test_the_register_is_written_in_the_offices_columns_and_yuan(whole: World, tmp_path: Path) -> None:
    expo = expos.current(whole.db)
    assert expo is not None
    documents.write(whole.db, expo, "register", tmp_path / "r.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    (sheet,) = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    header, values = sheet[1], dict(zip(sheet[1], sheet[2], strict=True))
    assert header == [column.header for column in contracts_report.office_columns()]
    assert (values["合同成交金额（元）"], values["其中技术交易额（元）"]) == (1000, 800)
    assert (values["卖方地区代码"], values["签订日期"], values["专利"]) == ("330300", SIGNED, PATENT)
    whole.fill(registry_office="")
    documents.write(whole.db, expo, "register", tmp_path / "r.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    assert book.get_sheet_by_name(book.sheet_names[1]).to_python()[2][1] == "登记机构：没填"


def test_an_office_may_have_columns_of_its_own(whole: World, tmp_path: Path) -> None:
    own = paths.config_dir() / contracts_report.COLUMNS
    own.write_text("header,from,width\n项目,title,30\n金额（元）,amount,\n", encoding="utf-8-sig")
    expo = expos.current(whole.db)
    assert expo is not None
    documents.write(whole.db, expo, "register", tmp_path / "r.xlsx")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[1:3] == [["项目", "金额（元）"], ["镜片许可", 1000]]
    for text in ("header,from\n甲,nothing\n", "甲,乙\n1,2\n", "header,from,width\n甲,title,breit\n"):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match=r"没有写入"):
            documents.write(whole.db, expo, "register", tmp_path / "other.xlsx")
        assert not (tmp_path / "other.xlsx").exists()
    own.unlink()


def test_a_contract_that_is_gone_says_nothing(db: Database) -> None:
    assert contracts.line(db, uuid.uuid4()) is None
    assert contracts.contract(db, uuid.uuid4()).values == {}


def test_only_what_is_in_the_register_is_moved(whole: World) -> None:
    deals.advance(whole.db, [whole.deal], DealStage.TERMINATED, reason="谈崩")
    for act in (
        lambda: contracts.submit(whole.db, [whole.deal], HANDED),
        lambda: contracts.send_back(whole.db, whole.deal, HANDED, "缺页"),
        lambda: contracts.enter(whole.db, whole.deal, ENTERED, REGISTRY_NO),
    ):
        with pytest.raises(UserError, match="登记簿里没有"):
            act()
    assert whole.deal_row().stage is DealStage.TERMINATED


def test_a_registry_number_belongs_to_one_contract(whole: World) -> None:
    contracts.enter(whole.db, whole.deal, ENTERED, REGISTRY_NO)
    with whole.db.transaction() as session:
        other = make_deal(session, session.get_one(Expo, whole.expo_id), "另一份", "5", signed_on=SIGNED).id
    with pytest.raises(InvalidRecord) as refused:
        contracts.enter(whole.db, other, ENTERED, REGISTRY_NO)
    assert "镜片许可" in refused.value.problems["registry_no"]
    with pytest.raises(InvalidRecord):
        deals.register(whole.db, whole.expo_id, {"registry_no": REGISTRY_NO}, other, reason="补编号")


def test_a_plan_says_which_numbers_are_taken(whole: World, planned: Callable[..., ImportPlan]) -> None:
    """In the file and by another contract, before anything is written; numbers that change places go in."""
    with whole.db.transaction() as session:
        here = session.get_one(Expo, whole.expo_id)
        for n, number in ((2, "2018330300999002"), (3, "")):
            make_deal(session, here, f"另{n}份", "5", signed_on=SIGNED, contract_no=f"HT-{n}", registry_no=number)
    head = ("合同编号", "登记编号")
    twice = planned(head, ("HT-1", REGISTRY_NO), ("HT-3", REGISTRY_NO))
    assert [row.outcome for row in twice.rows] == [Outcome.CHANGED, Outcome.INVALID]
    assert twice.rows[1].problems == {"合同登记编号": "第 2 行也是这个登记编号，核对后再填。"}
    taken = planned(head, ("HT-1", "2018330300999002"))
    assert "「另2份」" in taken.rows[0].problems["合同登记编号"]
    moved = planned(head, ("HT-1", "2018330300999002"), ("HT-2", REGISTRY_NO), choices=Choices(update=True))
    assert [row.outcome for row in moved.rows] == [Outcome.CHANGED, Outcome.CHANGED]
    for plan in (twice, moved):
        assert imports.apply(whole.db, plan, whole.expo_id)


def test_a_sample_in_a_real_expo_is_in_no_count_of_the_register(world: World) -> None:
    with world.db.transaction() as session:
        make_deal(session, session.get_one(Expo, world.expo_id), "示例一份", "5", is_sample=True)
        make_deal(session, session.get_one(Expo, world.expo_id), "示例草稿", entry=Entry.DRAFT, is_sample=True)
    assert list(contracts.lines(world.db, world.expo_id)) == [world.deal]
    assert contracts.count_lacking(world.db, world.expo_id) == 1
    assert "草稿 1" in contracts.left_out(world.db, world.expo_id)


def test_a_void_contract_comes_back_without_anothers_number(whole: World) -> None:
    with whole.db.transaction() as session:
        expo = session.get_one(Expo, whole.expo_id)
        other = make_deal(session, expo, "声学测量", "7000", signed_on=SIGNED).id
    contracts.enter(whole.db, other, ENTERED, REGISTRY_NO)
    changed = deals.set_entry(whole.db, [other], Entry.VOID, "签错了")
    contracts.enter(whole.db, whole.deal, ENTERED, REGISTRY_NO)
    with pytest.raises(UserError, match="这个登记编号已经是"):
        deals.set_entry(whole.db, [other], Entry.VALID, "没有签错")
    with pytest.raises(UserError, match="这个登记编号已经是"):
        deals.restore_entries(whole.db, changed)
    deals.set_entry(whole.db, [whole.deal], Entry.VOID, "签错了")
    with pytest.raises(UserError, match="这个登记编号已经是"):
        deals.set_entry(whole.db, [other, whole.deal], Entry.VALID, "没有签错")
    deals.set_entry(whole.db, [other], Entry.VALID, "没有签错")
