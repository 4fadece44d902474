"""What the plan of an import says of rows that are wrong as a whole: never "new" and then refused."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from stdnum.cn import uscc

from expo_app import documents
from expo_app.errors import InvalidRecord, UserError
from expo_app.model import (
    Attendee,
    Badge,
    Booth,
    BoothState,
    Deal,
    DealStage,
    Entry,
    Exhibitor,
    ExhibitorState,
    Expo,
    Pitch,
    ProgrammeItem,
)
from expo_app.services import deals, expos, imports, records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import BOOTHS, DEALS, PITCHES, PROGRAMME, SPECS, ImportPlan, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.factories import (
    local,
    make_achievement,
    make_attendee,
    make_badge,
    make_booth,
    make_deal,
    make_exhibitor,
    make_expo,
    make_item,
)

UPDATE = Choices(update=True)
Said = list[tuple[Outcome, Mapping[str, str]]]


@pytest.fixture
def expo(db: Database) -> ExpoInfo:
    """A real expo on its second day."""
    db.clock = lambda: local(29, 10, 42)
    with db.transaction() as session:
        made = make_expo(session, code="KJH18").id
    return next(known for known in expos.all_expos(db) if known.id == made)


@pytest.fixture
def planned(db: Database, expo: ExpoInfo, tmp_path: Path) -> Any:
    """`planned(kind, header, row, …)`: the plan of a CSV file of these lines, whose values win over those there."""

    def plan(kind: str, *lines: str, choices: Choices = UPDATE) -> ImportPlan:
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return documents.plan_import(db, expo, SPECS[kind], path, choices)

    return plan


def said(plan: ImportPlan) -> Said:
    return [(row.outcome, dict(row.problems)) for row in plan.rows]


GOOD: tuple[Outcome, Mapping[str, str]] = (Outcome.NEW, {})


def noted(plan: ImportPlan) -> Said:
    return [(row.outcome, dict(row.notes)) for row in plan.rows]


def bad(header: str, reason: str) -> tuple[Outcome, Mapping[str, str]]:
    return Outcome.INVALID, {header: reason}


def test_an_item_ends_after_it_begins_and_the_good_rows_go_in(db: Database, expo: ExpoInfo, planned: Any) -> None:
    plan = planned(
        "programme", "活动名称,开始,结束,时长",
        "甲,2018-11-28 10:00,2018-11-28 09:00,", "乙,2018-11-28 10:00,2018-11-28 10:00,",
        "丙,2018-11-28 10:00,2018-11-28 11:00,", "丁,2018-11-28 10:00,2018-11-28 11:00,999",
        "戊,2018-11-28 10:00,,45", "己,,,0",
    )  # fmt: skip
    late = bad("结束", "结束时间应晚于开始时间。")
    minutes = "时长 999 分钟与开始、结束（60 分钟）不符，改对其中一项。"
    assert said(plan) == [late, late, GOOD, bad("时长", minutes), GOOD, GOOD]
    assert noted(plan)[-1] == (Outcome.NEW, {"时长": "不能小于 1。"})
    assert imports.apply(db, plan, expo.id)
    with db.reading() as session:
        there = {item.title: item.minutes for item in session.scalars(select(ProgrammeItem))}
    assert there == {"丙": 60, "戊": 45, "己": 90}


def test_an_item_moved_by_start_and_length_alone_ends_later(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        make_item(session, session.get_one(Expo, expo.id), "甲", starts_at=local(28, 9), minutes=60)
    plan = planned("programme", "活动名称,开始,时长", "甲,2018-11-28 14:00,30")
    assert said(plan) == [(Outcome.CHANGED, {})]
    imports.apply(db, plan, expo.id)
    with db.reading() as session:
        assert session.scalars(select(ProgrammeItem)).one().ends_at == local(28, 14, 30)
    late = planned("programme", "活动名称,开始", "甲,2018-11-28 15:00")
    assert said(late) == [bad("开始", "结束时间应晚于开始时间。")]


def test_locked_items_stay_and_their_row_says_so(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        make_item(session, own, "甲", starts_at=local(28, 9), is_locked=True)
    plan = planned("programme", "活动名称,结束,主办", "甲,2018-11-28 12:00,新主办", "乙,,")
    assert said(plan) == [bad("结束", "活动已锁定，时间和会场不能改。先解锁再改。"), GOOD]


LICENCE = "2018 年签订的合同没有“技术许可”这一类，可填：技术开发、技术转让、技术咨询、技术服务。"


@pytest.mark.parametrize(
    ("columns", "cells", "header", "reason"),
    [
        ("成交额,技术交易额", "100,200", "技术交易额", "技术交易额不能超过成交额。"),
        ("成交额,技术交易额", ",200", "技术交易额", "技术交易额不能超过成交额。"),
        ("技术交易额", "200", "技术交易额", "技术交易额不能超过成交额。"),
        ("有效期起,有效期止", "2018-11-29,2018-11-28", "有效期止", "有效期止不能早于有效期起。"),
        ("类型,阶段", "采购 / 销售,认定登记", "阶段", "只有技术合同可以认定登记。"),
        ("签订日期", "2999-01-01", "签订日期", "签订日期 2999-01-01 还没有到。"),
        ("签订日期,合同类别", "2018-11-28,技术许可", "合同类别", LICENCE),
        ("卖方,买方", "甲公司,甲 公司", "买方", "“甲 公司”不能既是卖方又是买方。"),
        ("登记,签订日期,卖方", "有效,2018-11-28,甲", "买方 / 委托方", "请填买方 / 委托方。"),
        ("登记,卖方,买方", "有效,甲,乙", "签订日期", "已签约的项目要填签订日期。"),
        ("登记,类型,签订日期,签约各方", "有效,战略合作框架协议,2018-11-28,甲", "签约各方",
         "框架协议至少填两家签约方。"),
    ],
)  # fmt: skip
def test_what_no_deal_is(
    db: Database, expo: ExpoInfo, planned: Any, columns: str, cells: str, header: str, reason: str
) -> None:
    plan = planned("deals", f"项目名称,{columns}", f"联合研发,{cells}", "另一项" + "," * (columns.count(",") + 1))
    assert said(plan) == [bad(header, reason), GOOD]
    assert imports.apply(db, plan, expo.id)


def test_a_registry_number_of_another_form_is_left_out_of_its_deal(planned: Any) -> None:
    plan = planned("deals", "项目名称,合同登记编号", "联合研发,12")
    assert noted(plan) == [(Outcome.NEW, {"合同登记编号": "合同登记编号应为 16 位数字（早年 14 位）。"})]
    assert dict(plan.rows[0].values) == {"title": "联合研发"}


def test_a_registry_number_of_another_deal_is_said_before_anything_is_written(
    db: Database, expo: ExpoInfo, planned: Any
) -> None:
    with db.transaction() as session:
        make_deal(session, session.get_one(Expo, expo.id), "旧的一项", registry_no="2018330300999002")
    plan = planned(
        "deals", "项目名称,合同登记编号", "甲,2018330300999001", "乙,2018330300999001", "丙,2018330300999002"
    )
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID, Outcome.INVALID]
    assert "第 2 行" in plan.rows[1].problems["合同登记编号"]
    assert "「旧的一项」" in plan.rows[2].problems["合同登记编号"]
    assert imports.apply(db, plan, expo.id)


def test_the_form_and_the_import_refuse_a_deal_alike(db: Database, expo: ExpoInfo) -> None:
    values = {"title": "联合研发", "kind": "技术合同", "sellers": "甲", "buyers": "乙", "signed_on": "2018-11-29"}
    for wrong, name in (
        ({"tech_amount": "5"}, "tech_amount"), ({"registry_no": "12"}, "registry_no"), ({"buyers": "甲"}, "buyers"),
        ({"contract_kind": "技术许可"}, "contract_kind"), ({"signed_on": "2018-12-01"}, "signed_on"),
    ):  # fmt: skip
        with pytest.raises(InvalidRecord) as refused:
            deals.register(db, expo.id, values | wrong)
        assert list(refused.value.problems) == [name]
    deals.register(db, expo.id, values | {"signed_on": "2018-11-28"})
    with pytest.raises(InvalidRecord):
        records.save(db, DEALS, {"title": "另一项", "tech_amount": "5"}, expo_id=expo.id)


def test_an_incomplete_deal_is_not_made_valid_by_hand(db: Database, expo: ExpoInfo) -> None:
    with db.transaction() as session:
        deal = make_deal(session, session.get_one(Expo, expo.id), entry=Entry.CHECK, buyers=())
        key, stage = deal.id, deal.stage
    with pytest.raises(UserError) as refused:
        deals.set_entry(db, [key], Entry.VALID)
    assert (refused.value.code, stage) == ("E-INCOMPLETE", DealStage.SIGNED)
    deals.clear_duplicate(db, key)
    with db.reading() as session:
        assert session.get_one(Deal, key).entry is Entry.CHECK


def test_a_valid_deal_that_may_repeat_another_comes_in_to_be_checked(
    db: Database, expo: ExpoInfo, planned: Any
) -> None:
    with db.transaction() as session:
        make_deal(session, session.get_one(Expo, expo.id), "氢能电堆", "1000000", deal_no="KJH-2018-900",
                  sellers=["甲"], buyers=["乙"])  # fmt: skip
    lines = ("项目名称,登记,卖方,买方,成交额,签订日期", "氢能电堆合作,有效,甲,乙,100,2018-11-28",
             "激光头,有效,丙,丁,5,2018-11-28", "激光头二,有效,丙,丁,5,2018-11-28")  # fmt: skip
    plan = planned("deals", *lines)
    assert said(plan) == [GOOD] * 3
    assert [list(row.notes) for row in plan.rows] == [["登记"], [], ["登记"]]
    assert plan.rows[0].notes["登记"].startswith("可能与 KJH-2018-900「氢能电堆」重复（签约各方相同")
    assert plan.rows[2].notes["登记"].startswith("可能与 第 3 行「激光头」重复")
    imports.apply(db, plan, expo.id)
    with db.reading() as session:
        entries = {deal.title: deal.entry for deal in session.scalars(select(Deal))}
    assert entries == {
        "氢能电堆": Entry.VALID, "氢能电堆合作": Entry.CHECK, "激光头": Entry.VALID, "激光头二": Entry.CHECK,
    }  # fmt: skip


def test_numbers_given_in_a_file_are_not_drawn_again(db: Database, expo: ExpoInfo, planned: Any) -> None:
    imports.apply(db, planned("deals", "编号,项目名称", "KJH-2018-002,甲", ",乙", "HT-7,丙"), expo.id)
    values = {"title": "丁", "sellers": "甲方", "buyers": "乙方", "signed_on": "2018-11-29"}
    deals.register(db, expo.id, values)
    with db.reading() as session:
        numbers = {deal.title: deal.deal_no for deal in session.scalars(select(Deal))}
    assert numbers == {"甲": "KJH-2018-002", "乙": "KJH-2018-003", "丙": "HT-7", "丁": "KJH-2018-004"}


def test_a_badge_number_is_one_of_this_expo(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        make_attendee(session, session.get_one(Expo, expo.id), "旧", badge_no="旧号")
    words = "本展会的证件号应如 KJH18-V-00001；新登记可以留空，自动编号。"
    plan = planned(
        "attendees", "证件号,姓名,有效日期,备注", "abc,甲,,", "kjh18-v-00009,乙,,", "KJH19-V-00001,丙,,", ",丁,11-29,",
        "旧号,旧,,补", ",戊,12-01,",
    )  # fmt: skip
    assert said(plan) == [
        bad("证件号", words), GOOD, bad("证件号", words), GOOD, (Outcome.CHANGED, {}),
        bad("有效日期", "2018-12-01 不在展期内。"),
    ]  # fmt: skip
    assert plan.rows[1].values["badge_no"] == "KJH18-V-00009"


def test_days_without_a_year_are_those_of_an_expo_over_new_year(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        own.starts_on, own.ends_on = date(2024, 12, 30), date(2025, 1, 2)
        make_attendee(session, own, "丁", badge_no="KJH18-V-00007", valid_days=["2024-12-31", "2025-01-01"])
    plan = planned(
        "attendees", "证件号,姓名,有效日期", ",甲,1月1日、12/31", ",乙,01-03", ",丙,12-29",
        "KJH18-V-00007,丁,01-01、12-31",
        ",戊,2024-01-01", ",己,02-30",
    )  # fmt: skip
    assert said(plan) == [
        GOOD,
        bad("有效日期", "2025-01-03 不在展期内。"), bad("有效日期", "2024-12-29 不在展期内。"), (Outcome.SAME, {}),
        bad("有效日期", "2024-01-01 不在展期内。"), bad("有效日期", "“02-30”不是日期，应按“年-月-日”写。"),
    ]  # fmt: skip
    imports.apply(db, plan, expo.id)
    with db.reading() as session:
        days = session.scalars(select(Attendee.valid_days).where(Attendee.badge_no == "KJH18-V-00001")).all()
    assert days == [["2024-12-31", "2025-01-01"]]


def test_nobody_stands_in_its_own_booth(db: Database, expo: ExpoInfo, planned: Any) -> None:
    plan = planned("exhibitors", "企业名称,联合参展于", "甲公司,甲公司", "乙公司,")
    assert said(plan) == [bad("联合参展于", "联合参展于的应是另一家单位。"), GOOD]


def credit_code(n: int) -> str:
    digits = f"91310114{n:09}"
    return digits + uscc.calc_check_digit(digits)


def test_two_bodies_are_not_mixed_up_and_a_new_name_is_said(db: Database, expo: ExpoInfo, planned: Any) -> None:
    code, other = credit_code(1), credit_code(2)
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        make_exhibitor(session, own, "甲公司", credit_code=code)
        make_deal(session, own, sellers=["甲公司"])
    name_note = "信用代码是“甲公司”的，导入后它改名为“甲集团”。1 个已签约项目里的名字也随之改变。"
    plan = planned("exhibitors", "企业名称,信用代码", f"甲集团,{code}")
    assert [(row.outcome, dict(row.notes)) for row in plan.rows] == [(Outcome.CHANGED, {"参展单位": name_note})]
    plan = planned("organisations", "单位名称,信用代码", f"甲公司,{other}", f"乙,{credit_code(3)}", "丙,")
    differs = f"“甲公司”登记的是 {code}，与这一行不同。核对名称和代码。"
    assert said(plan) == [bad("统一社会信用代码", differs), GOOD, GOOD]
    assert imports.apply(db, plan, expo.id)


def test_another_name_for_a_badge_in_hand_is_said(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        for n, name in enumerate(("沈甲", "沈乙"), 1):
            person = make_attendee(session, own, name, badge_no=f"KJH18-V-0000{n}")
            make_badge(session, person, handed_over_at=local(28) if n == 1 else None)
    plan = planned("attendees", "证件号,姓名", "KJH18-V-00001,王甲", "KJH18-V-00002,王乙")
    note = "KJH18-V-00001 的胸卡已由沈甲领走，导入后这个号改成王甲，领走的卡照旧有效。换人请用“补发”。"
    assert [(row.outcome, dict(row.notes)) for row in plan.rows] == [
        (Outcome.CHANGED, {"姓名": note}),
        (Outcome.CHANGED, {}),
    ]
    with db.transaction() as session:
        session.execute(update(Badge).values(revoked_at=local(29)))
    assert [dict(row.notes) for row in planned("attendees", "证件号,姓名", "KJH18-V-00001,王甲").rows] == [{}]


def test_the_state_of_a_booth_follows_who_stands_in_it(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        make_booth(session, own, "A-001", make_exhibitor(session, own, "甲公司"))
        free = make_booth(session, own, "A-002").id
    plan = planned(
        "booths", "展位号,展区,状态,备注", "A-001,A,空闲,", "A-001,A,预留,补", "A-002,A,已确认,", "A-003,A,已确认,角上",
        "A-004,A,预留,",
    )  # fmt: skip
    taken = "展位已分给参展商，状态只能是“已确认”，先腾出再改。其余照常导入。"
    nobody = "展位还没有分给参展商，不能是“已确认”。其余照常导入。"
    assert [(row.outcome, dict(row.notes)) for row in plan.rows] == [
        (Outcome.SAME, {"状态": taken}), (Outcome.INVALID, {}), (Outcome.SAME, {"状态": nobody}),
        (Outcome.NEW, {"状态": nobody}), (Outcome.NEW, {}),
    ]  # fmt: skip
    imports.apply(db, plan, expo.id)
    with db.reading() as session:
        there = {booth.number: booth.state for booth in session.scalars(select(Booth))}
    assert there == {
        "A-001": BoothState.CONFIRMED, "A-002": BoothState.FREE, "A-003": BoothState.FREE, "A-004": BoothState.HELD,
    }  # fmt: skip
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, BOOTHS, {"state": "已确认"}, free, expo_id=expo.id)
    assert list(refused.value.problems) == ["state"]


def test_booths_follow_a_file_that_changes_their_exhibitors(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        make_booth(session, own, "A-001", make_exhibitor(session, own, "甲公司"))
        make_booth(session, own, "A-002")
    plan = planned("exhibitors", "企业名称,展位,状态", "甲公司,A-001,申请", "乙公司,A-002,申请")
    batch = imports.apply(db, plan, expo.id)

    def states() -> dict[str, BoothState]:
        with db.reading() as session:
            return {booth.number: booth.state for booth in session.scalars(select(Booth))}

    assert states() == {"A-001": BoothState.HELD, "A-002": BoothState.HELD}
    plan = planned("exhibitors", "企业名称,状态", "甲公司,已确认", "乙公司,已到场")
    second = imports.apply(db, plan, expo.id)
    assert states() == {"A-001": BoothState.CONFIRMED, "A-002": BoothState.CONFIRMED}
    imports.undo(db, second)
    assert states() == {"A-001": BoothState.HELD, "A-002": BoothState.HELD}
    imports.undo(db, batch)
    assert states() == {"A-001": BoothState.CONFIRMED, "A-002": BoothState.FREE}


def test_an_arrival_is_the_one_the_file_tells(db: Database, expo: ExpoInfo, planned: Any) -> None:
    plan = planned(
        "exhibitors", "企业名称,状态,到场时间", "甲,已到场,2018-11-28 08:05", "乙,已到场,", "丙,已到场,2017-11-28 08:05"
    )
    assert said(plan) == [GOOD, GOOD, bad("到场时间", "2017-11-28 08:05 不在展期内。")]
    imports.apply(db, plan, expo.id)
    with db.reading() as session:
        there = sorted((row.state, row.arrived_at) for row in session.scalars(select(Exhibitor)) if row.arrived_at)
        empty = session.scalars(select(Exhibitor.state).where(Exhibitor.arrived_at.is_(None))).all()
    by_hand = records.save(db, SPECS["exhibitors"], {"organisation.name": "丁", "state": "已到场"}, expo_id=expo.id)
    with db.reading() as session:
        assert session.get_one(Exhibitor, by_hand).arrived_at == local(29, 10, 42)
    assert (there, empty) == ([(ExhibitorState.ARRIVED, local(28, 8, 5))], [ExhibitorState.ARRIVED])


def test_results_are_pitched_in_roadshows(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        opening = make_item(session, own, "开幕式", kind="ceremony").id
        make_item(session, own, "科创嘉路演", kind="roadshow")
        make_achievement(session, own, "激光头")
    lines = ("路演场次,项目,评分", "开幕式,激光头,90", "科创嘉路演,激光头,1000")
    plan = planned("pitches", *lines)
    assert said(plan) == [bad("路演场次", "“开幕式”不是路演场次。"), GOOD]
    assert noted(plan)[1] == (Outcome.NEW, {"评分": "不能大于 100。"})
    with pytest.raises(InvalidRecord) as refused:
        records.save(db, PITCHES, {"item_id": "开幕式", "achievement_id": "激光头"}, expo_id=expo.id)
    assert list(refused.value.problems) == ["item_id"]
    imports.apply(db, planned("pitches", lines[0], "科创嘉路演,激光头,100"), expo.id)
    with db.reading() as session:
        (pitch,) = session.scalars(select(Pitch)).all()
    assert pitch.item_id != opening


def test_a_row_that_is_refused_only_when_written_is_named(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        item = make_item(session, session.get_one(Expo, expo.id), "乙", starts_at=local(28, 9)).id
    plan = planned("programme", "活动名称,结束", "甲,", "乙,2018-11-28 12:00")
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.CHANGED]
    with db.transaction() as session:
        session.get_one(ProgrammeItem, item).is_locked = True
    with pytest.raises(imports.RowRefused) as refused:
        imports.apply(db, plan, expo.id)
    assert str(refused.value) == (
        "第 3 行写不进去：结束：活动已锁定，时间和会场不能改。先解锁再改。"
        "没有写入任何数据。改好这一行后再导入。 [E-IMPORT-ROW]"
    )
    assert said(refused.value.plan) == [GOOD, bad("结束", "活动已锁定，时间和会场不能改。先解锁再改。")]
    assert records.count(db, PROGRAMME, expo.id) == 1
    assert imports.history(db, expo.id) == []


@pytest.mark.parametrize("is_sample", [False, True])
def test_generated_rows_stay_in_sample_expos(db: Database, tmp_path: Path, is_sample: bool) -> None:
    with db.transaction() as session:
        key = make_expo(session, code="KJH18", is_sample=is_sample).id
        make_attendee(session, session.get_one(Expo, key), "旧", badge_no="KJH18-V-00900", is_sample=True)
    expo = next(known for known in expos.all_expos(db) if known.id == key)
    path = tmp_path / "a.csv"
    path.write_text("证件号,姓名,示例\n,甲,是\n,乙,否\n,丙,\nKJH18-V-00900,旧,是\n", encoding="utf-8")
    plan = documents.plan_import(db, expo, SPECS["attendees"], path)
    first = GOOD if is_sample else bad("示例", "这一行是示例数据，正式展会不收。")
    assert said(plan) == [first, GOOD, GOOD, (Outcome.SAME, {})]
    imports.apply(db, plan, key)
    rows = records.list_rows(db, SPECS["attendees"], key, [SPECS["attendees"].field("is_sample")])
    assert sorted(row[1] for row in rows) == ([True] * 4 if is_sample else [False, False, True])


def test_a_break_of_every_day_is_an_item_of_each(db: Database, expo: ExpoInfo, planned: Any) -> None:
    first = "茶歇,2018-11-28 10:00,2018-11-28 10:15"
    for day, row in enumerate((first, "茶歇,2018-11-29 10:00,2018-11-29 10:15"), 1):
        plan = planned("programme", "活动名称,开始,结束", row)
        assert said(plan) == [GOOD]
        assert imports.apply(db, plan, expo.id)
        with db.reading() as session:
            assert len(session.scalars(select(ProgrammeItem)).all()) == day
    assert said(planned("programme", "活动名称,开始,结束", first)) == [(Outcome.SAME, {})]
    later = planned("programme", "活动名称,开始,结束", "茶歇,2018-11-28 10:10,2018-11-28 10:25")
    assert [set(row.changes) for row in later.rows] == [{"starts_at", "ends_at"}]


def test_one_title_at_one_time_in_one_room_is_entered_once(db: Database, expo: ExpoInfo) -> None:
    item = {"title": "茶歇", "starts_at": local(28, 10)}
    records.save(db, PROGRAMME, item, expo_id=expo.id)
    records.save(db, PROGRAMME, item | {"starts_at": local(28, 15)}, expo_id=expo.id)
    with pytest.raises(InvalidRecord) as caught:
        records.save(db, PROGRAMME, item, expo_id=expo.id)
    assert caught.value.problems == {"title": "已有“茶歇”，时间和会场也相同，不能重复。"}


def test_a_title_that_recurs_names_no_item(db: Database, expo: ExpoInfo, planned: Any) -> None:
    with db.transaction() as session:
        own = session.get_one(Expo, expo.id)
        for day in (28, 29):
            make_item(session, own, "路演", kind="roadshow", starts_at=local(day, 10))
        make_achievement(session, own, "机器人")
    plan = planned("pitches", "路演场次,项目", "路演,机器人")
    with pytest.raises(imports.RowRefused, match="叫“路演”的日程不止一条，分不出是哪一条；先给它们不同的名称。"):
        imports.apply(db, plan, expo.id)
