"""Lists of vouchers, parks, alliances and indices as they are sent: planned against a file, as the wizard does it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlwt
from openpyxl import Workbook
from sqlalchemy import select

from expo_app import documents
from expo_app.model import (
    AllianceKind,
    MemberRole,
    Organisation,
    ParkTotal,
    PlatformState,
    ShareBasis,
    SharingEventState,
    SupportKind,
    SupportState,
    TenantState,
    UseState,
    Vocabulary,
    VoucherState,
    Word,
)
from expo_app.services import expos, imports, records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import SPECS, ImportPlan, Outcome
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.exchange.test_whole_workbook import line, ods_table, text
from tests.factories import make_expo, make_organisation

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2022, 12, 20)
PARK, ALLIANCE, LAB, CENTRE = "两地园", "六城联盟", "甲检测所", "乙检测中心"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Desk:
    """A file with two providers, a park and an alliance, and what an import makes of rows."""

    db: Database
    expo: ExpoInfo
    folder: Path

    def sheet(self, *rows: Row, merged: Sequence[str] = (), formats: dict[str, str] | None = None) -> Path:
        book = Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        for cell, code in (formats or {}).items():
            sheet[cell].number_format = code
        path = self.folder / "a.xlsx"
        book.save(path)
        return path

    def plan(self, kind: str, *rows: Row, **more: Any) -> ImportPlan:
        return self.plan_file(kind, self.sheet(*rows, **more))

    def plan_file(self, kind: str, path: Path) -> ImportPlan:
        return documents.plan_import(self.db, self.expo, SPECS[kind], path)

    def bring(self, kind: str, *rows: Row, **more: Any) -> ImportPlan:
        plan = self.plan(kind, *rows, **more)
        imports.apply(self.db, plan, self.expo.id)
        return plan

    def values(self, kind: str, *rows: Row, **more: Any) -> list[dict[str, Any]]:
        return [dict(row.values) for row in self.plan(kind, *rows, **more).rows]

    def refusals(self, kind: str, *rows: Row) -> list[dict[str, str]]:
        return [dict(row.problems) for row in self.plan(kind, *rows).rows]


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Desk:
    db.clock = lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=SHANGHAI)
    with db.transaction() as session:
        expo = make_expo(session, starts_on=TODAY, ends_on=TODAY + timedelta(2))
        key = expo.id
        for name in (LAB, CENTRE, "丙公司", "丁公司"):
            make_organisation(session, name)
    for name in (LAB, CENTRE):
        records.save(db, SPECS["providers"], {"organisation.name": name}, expo_id=key)
    records.save(db, SPECS["parks"], {"name": PARK})
    records.save(db, SPECS["alliances"], {"name": ALLIANCE})
    info = next(known for known in expos.all_expos(db) if known.id == key)
    return Desk(db, info, tmp_path)


# --- units ------------------------------------------------------------------------------------------------------------
def test_a_unit_in_one_header_is_no_other_columns(desk: Desk) -> None:
    """A short list ends near its header, which says nothing of other columns; a line below the list does."""
    header = ("企业", "营业收入（万元）", "净利润", "研发投入（元）", "数据日期")
    rows = (("丙公司", 1234.5, -20, 3_000_000, "2021-12-31"), ("丁公司", "0.5亿元", "30", "50万元", "2021-12-31"))
    plan = desk.plan("tenant_figures", header, *rows)
    money = [tuple(row.values[name] for name in ("revenue", "net_profit", "research_spending")) for row in plan.rows]
    assert money == [(12_345_000, -20_000, 3_000_000), (50_000_000, 30_000, 500_000)]
    assert "“净利润”没有写单位，按千元读，最大的一笔是 30 千元。" in plan.notes
    for foot in (("单位：万元",), ("注：单位：万元",), ("合计（万元）", 1, 1, 1)):
        below = desk.plan("tenant_figures", header, *rows, foot)
        assert [row.values["net_profit"] for row in below.rows] == [-200_000, 300_000], foot


def test_the_largest_amount_without_a_unit_is_one_that_has_none(desk: Desk) -> None:
    rows = (("丙公司", "2022-03-01", "2000万元"), ("丁公司", "2022-03-01", 3000))
    plan = desk.plan("vouchers", ("企业名称", "申领日期", "金额"), *rows)
    assert "“金额”没有写单位，按元读，最大的一笔是 3,000.00 元。" in plan.notes


def test_every_scale_that_people_write_is_known_to_lists(desk: Desk) -> None:
    rows = [(f"{scale}园", f"0.5{scale}㎡") for scale in ("千", "万", "百万", "千万")]
    found = desk.values("parks", ("园区名称", "建筑面积"), *rows)
    assert [one["floor_area"] for one in found] == [500, 5_000, 500_000, 5_000_000]


def test_areas_and_counts_in_tens_of_thousands(desk: Desk) -> None:
    header = ("园区名称", "建筑面积（万平方米）", "可自主支配面积", "公共服务面积（公顷）")
    first, second = desk.values("parks", header, ("子园", 1.2, "8000㎡", 0.05), ("丑园", "1.5", "0.9万㎡", "600平方米"))
    assert [first[name] for name in ("floor_area", "own_area", "public_area")] == [12_000, 8_000, 500]
    assert [second[name] for name in ("floor_area", "own_area", "public_area")] == [15_000, 9_000, 600]
    plan = desk.plan("parks", ("园区名称", "建筑面积（亩）"), ("子园", 30))
    assert "floor_area" not in plan.rows[0].values
    assert "“建筑面积（亩）”的单位不认识，这一列没有读。" in plan.notes
    two_lines = desk.values("parks", ("园区名称", "建筑面积"), ("", "万平方米"), ("子园", 1.2))
    assert two_lines[0]["floor_area"] == 12_000


def test_reported_money_says_its_unit(desk: Desk) -> None:
    header = ("园区", "指标", "数值（万元）", "截至")
    rows = ((PARK, "投资", 35000, "2021"), (PARK, "营业收入", "约 5200", "2021"))
    assert [one["said"] for one in desk.values("park_figures", header, *rows)] == ["350000000", "约 52000000"]
    rows = ((PARK, "投资额", "3.5亿元", "2021"), (PARK, "走访企业", "530余家", "2021.12"))
    first, second = desk.values("park_figures", ("园区", "指标", "数值", "截至"), *rows)
    assert (first["figure"], first["said"]) == (ParkTotal.INVESTMENT, "350000000")
    assert (second["figure"], second["said"], second["on_day"]) == (ParkTotal.VISITED, "超过 530", "2021-12")


def test_a_price_in_its_unit_for_what_it_is(desk: Desk) -> None:
    header = ("仪器名称", "服务机构", "收费标准（万元/年）")
    first, second = desk.values("instruments", header, ("甲机", LAB, 1.5), ("乙机", CENTRE, "2千元/月"))
    assert (first["price"], first["unit"], second["price"], second["unit"]) == (15_000, "年", 2_000, "月")


# --- percentages ------------------------------------------------------------------------------------------------------
POLICY = ("发券地区", "政策", "起日", "比例")


def test_a_share_is_read_as_it_is_shown(desk: Desk) -> None:
    rows = [("浙江", "甲", "2022-1-1", 0.6), ("江苏", "乙", "2022-1-1", "50％"), ("上海", "丙", "2022-1-1", 40)]
    made = desk.values("policies", POLICY, *rows, formats={"D2": "0%"})
    assert [row["rate"] for row in made] == [60, 50, 40]
    (rate,) = desk.refusals("policies", POLICY, ("浙江", "甲", "2022-1-1", 0.6))
    assert rate == {"比例": "“0.6”没有写 %，看不出是 0.6% 还是 60%，写上 %。"}
    said = desk.values("policies", (*POLICY[:3], "比例（%）"), ("浙江", "甲", "2022-1-1", 0.5))
    assert said[0]["rate"] == Decimal("0.5")
    words = desk.values(
        "related_bodies", ("单位", "关联单位", "持股"), ("丙公司", "丁公司", 0.35), formats={"C2": "0.0%"}
    )
    assert words[0]["words"] == "35%"


def test_a_share_of_another_program(desk: Desk) -> None:
    path = desk.folder / "a.xls"
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for column, (header, cell) in enumerate(zip(POLICY, ("浙江", "甲", "2022-1-1", 0.6), strict=True)):
        sheet.write(0, column, header)
        sheet.write(1, column, cell, *([xlwt.easyxf(num_format_str="0%")] if cell == 0.6 else []))
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())
    assert desk.plan_file("policies", path).rows[0].values["rate"] == 60
    share = (
        '<table:table-cell office:value-type="percentage" office:value="0.6"><text:p>60%</text:p></table:table-cell>'
    )
    lines = line(*map(text, POLICY)) + line(*map(text, ("浙江", "甲", "2022-1-1")), share)
    path = desk.folder / "a.ods"
    path.write_bytes(ods_table(lines))
    assert desk.plan_file("policies", path).rows[0].values["rate"] == 60


# --- days -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019.3", "2019-03"), ("2019年3月", "2019-03"), ("2019/3/5", "2019-03-05"), (43466, "2019-01-01"),
        ("2019-03-05 14:00", "2019-03-05"), ("2019年3月5日14:00", "2019-03-05"), ("2019年度", "2019"), (2019, "2019"),
        ("19.3.5", None), ("2019-2020", None), ("20191", None), ("2019 14:00", None), ("2019年3月5日-6日", None),
    ],
)  # fmt: skip
def test_days_of_tenants(cell: Any, day: str | None, desk: Desk) -> None:
    (row,) = desk.plan("tenants", ("企业名称", "园区", "入驻时间"), ("丙公司", PARK, cell)).rows
    assert row.values.get("moved_in_on") == day
    assert ("入驻时间" in row.problems) is (day is None)


@pytest.mark.parametrize(
    ("cell", "day"),
    [(2021, "2021-12-31"), ("2021年度", "2021-12-31"), ("2021上半年", "2021-06-30"), ("2021H1", "2021-06-30"),
     ("2021年末", "2021-12-31"),
     ("2021年6月", "2021-06-30"), ("2021.6.30", "2021-06-30")],
)  # fmt: skip
def test_a_year_of_figures_is_its_end(cell: Any, day: str, desk: Desk) -> None:
    (values,) = desk.values("tenant_figures", ("企业", "年度", "从业人员"), ("丙公司", cell, 5))
    assert values["on_date"] == date.fromisoformat(day)


def test_an_end_may_be_the_end_of_a_span_or_open(desk: Desk) -> None:
    header = ("发券地区", "机构", "列入日期", "有效期")
    rows = [("浙江温州", LAB, "2022-01-01", "2022.1.1-2023.12.31"), ("3303", CENTRE, "2022-01-02", "长期")]
    first, second = desk.values("listed_providers", header, *rows)
    assert (first["region_code"], second["region_code"]) == ("3303", "3303")
    assert (first["valid_until"], second.get("valid_until")) == (date(2023, 12, 31), None)
    (span,) = desk.values("listed_providers", ("地区", "机构", "有效期"), ("温州市", LAB, "2022.1-2023.6"))
    assert (span["valid_from"], span["valid_until"]) == (date(2022, 1, 1), date(2023, 6, 30))
    (wrong,) = desk.refusals("listed_providers", ("地区", "机构", "有效期"), ("温州市", LAB, "2021-2022"))
    assert wrong == {"有效期": "“2021-2022”不是日期，应按“年-月-日”写。"}
    (member,) = desk.values("members", ("联盟", "单位", "加入时间", "退出时间"), (ALLIANCE, "丙公司", 43613, "至今"))
    assert (member["since"], member.get("until")) == ("2019-05-28", None)
    (agreed,) = desk.values("agreements", ("协议名称", "有效期"), ("甲协议", "2021.6-2024.6"))
    assert agreed["valid_until"] == date(2024, 6, 30)


# --- words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "header", "row", "field", "words"),
    [
        ("tenants", ("企业名称", "园区", "状态"), ("丙公司", PARK), "state", {
            "已入驻": TenantState.MOVED_IN, "在孵": TenantState.INCUBATED, "毕业企业": TenantState.GRADUATED,
            "意向入驻": TenantState.INTENDED, "已签约": TenantState.SIGNED, "已落地": TenantState.LANDED}),
        ("vouchers", ("企业名称", "申领日期", "金额（元）", "状态"), ("丙公司", "2022-3-1", 500), "state", {
            "审批通过": VoucherState.APPROVED, "审核中": VoucherState.APPLIED, "未通过": VoucherState.REFUSED,
            "作废": VoucherState.CANCELLED, "过期": VoucherState.EXPIRED}),
        ("voucher_uses", ("企业名称", "服务机构", "签订日期", "合同金额（元）", "状态"),
         ("丙公司", LAB, "2022-3-1", 500), "state", {
            "审核通过": UseState.VERIFIED, "待审核": UseState.SUBMITTED, "驳回": UseState.RETURNED}),
        ("tenant_supports", ("企业", "内容", "类别"), ("丙公司", "一项"), "kind", {
            "租金减免": SupportKind.RENT, "人才补贴": SupportKind.TALENT, "产学研合作": SupportKind.UNIVERSITY}),
        ("tenant_supports", ("企业", "内容", "类别", "状态"), ("丙公司", "一项", "租金"), "state", {
            "执行中": SupportState.RUNNING, "已兑现": SupportState.PAID, "已到期": SupportState.ENDED}),
        ("sharing_events", ("活动", "园区", "日期", "状态"), ("路演", PARK, "2022-3-1"), "state", {
            "已举办": SharingEventState.HELD, "计划": SharingEventState.PLANNED,
            "已取消": SharingEventState.CANCELLED}),
        ("alliances", ("名称", "类别"), ("子会",), "kind", {
            "产业联盟": AllianceKind.ALLIANCE, "创新共同体": AllianceKind.COMMUNITY, "科创圈": AllianceKind.CIRCLE}),
        ("members", ("联盟", "单位", "会员类别"), (ALLIANCE, "丙公司"), "role", {
            "理事单位": MemberRole.COUNCIL, "成员单位": MemberRole.MEMBER, "发起单位": MemberRole.FOUNDER}),
        ("platforms", ("平台", "联盟", "建设进展"), ("甲院", ALLIANCE), "state", {
            "规划": PlatformState.PLANNED, "在建": PlatformState.BUILDING, "已运行": PlatformState.RUNNING}),
        ("policies", ("地区", "政策", "起日", "比例", "结算依据"), ("浙江", "甲", "2022-1-1", "50%"), "basis", {
            "按合同": ShareBasis.CONTRACT, "发票": ShareBasis.INVOICE}),
    ],
)  # fmt: skip
def test_states_in_the_senders_words(
    kind: str, header: Row, row: Row, field: str, words: dict[str, Any], desk: Desk
) -> None:
    made = desk.values(kind, header, *((*row, word) for word in words))
    assert {word: values.get(field) for word, values in zip(words, made, strict=True)} == words


def test_what_a_word_leaves_open_is_asked(desk: Desk) -> None:
    header = ("联盟", "单位", "会员类别")
    for word in ("理事长单位", "副理事长单位", "荣誉会员"):
        (found,) = desk.refusals("members", header, (ALLIANCE, "丙公司", word))
        assert found == {"会员类别": f"没有“{word}”这一项，可填：发起、理事、会员、观察员。"}


def test_regions_kinds_and_what_is_unlimited(desk: Desk) -> None:
    header = (*POLICY, "认可地区", "服务类别", "券有效期")
    rows = [
        ("3303", "甲", "2022-1-1", "50%", "不限", "检验检测/研发设计", "一年"),
        ("温州市", "乙", "2023-1-1", "50%", "浙江、3205", "不限", "半年"),
    ]
    first, second = desk.values("policies", header, *rows)
    assert (first["region_code"], first.get("accepted_regions"), first["kinds"], first["valid_months"]) == (
        "3303", None, ["检验检测", "研发设计"], 12,
    )  # fmt: skip
    assert (second["accepted_regions"], second.get("kinds"), second["valid_months"]) == (["33", "3205"], None, 6)
    parks = desk.values(
        "parks", ("园区名称", "研发地", "产业化地"), ("子园", "3101", "3303"), ("丑园", "31", "浙江温州")
    )
    assert [tuple(p[f"{name}_region"] for name in ("research", "production")) for p in parks] == [
        ("310000", "330300"), ("310000", "330300"),
    ]  # fmt: skip


def test_how_often_and_how_many_in_words(desk: Desk) -> None:
    header = (*POLICY, "核验级数", "至少多久结算一次", "仅限入库机构")
    rows = [
        ("浙江", "甲", "2022-1-1", "50%", "两级", "每半年", "☑"),
        ("江苏", "乙", "2022-1-1", "50%", "1级", "每季度", "✗"),
    ]
    made = desk.values("policies", header, *rows)
    assert [(one["review_levels"], one["settle_months"], one["needs_list"]) for one in made] == [
        (2, 6, True), (1, 3, False),
    ]  # fmt: skip
    (yearly,) = desk.values("policies", (*POLICY, "至少多久结算一次"), ("浙江", "甲", "2022-1-1", "50%", "每年"))
    assert yearly["settle_months"] == 12


def test_a_policy_without_its_version_is_the_one_that_begins_on_that_day(desk: Desk) -> None:
    desk.bring("policies", POLICY, ("浙江", "甲", "2022-1-1", "60%"))
    path = desk.sheet((*POLICY, "止日"), ("浙江", "甲", "2022-1-1", "50%", "2022-12-31"))
    (mended,) = documents.plan_import(desk.db, desk.expo, SPECS["policies"], path, Choices(update=True)).rows
    assert (mended.outcome, sorted(mended.changes)) == (Outcome.CHANGED, ["rate", "valid_until"])
    imports.apply(desk.db, desk.plan_file("policies", path), desk.expo.id)
    (next_one,) = desk.plan("policies", POLICY, ("浙江", "甲", "2023-1-1", "50%")).rows
    assert dict(next_one.problems) == {"版本": "《甲》第 1 版已经有了，这一版写明版本。"}
    numbered = desk.plan("policies", (*POLICY, "版本"), ("浙江", "甲", "2023-1-1", "50%", 2))
    assert numbered.rows[0].outcome is Outcome.NEW


def test_an_index_is_told_by_its_numbers(desk: Desk) -> None:
    header = ("系列", "年份", "指数")
    rows = (("总指数", 2010, 100), ("总指数", "2011年", 105.2), ("总指数", "2012年度", "112"), ("平均", "", 105))
    plan = desk.plan("index_points", header, *rows)
    assert [(row.values["year"], row.values["value"]) for row in plan.rows] == [
        (2010, 100), (2011, Decimal("105.2")), (2012, 112),
    ]  # fmt: skip


# --- several in a cell, rows that are none ----------------------------------------------------------------------------
def test_two_bodies_in_a_cell_for_one_are_refused(desk: Desk) -> None:
    both = "示例大学、示例科技有限公司"
    said = f"一格写了 2 家单位：{both}。一行写一家。"
    assert desk.refusals("members", ("联盟", "成员单位"), (ALLIANCE, both)) == [{"成员单位": said}]
    assert desk.refusals("tenants", ("企业", "园区"), (both, PARK)) == [{"企业": said}]
    assert desk.refusals("related_bodies", ("单位", "关联单位", "关系"), ("丙公司", both, "持股")) == [
        {"关联单位": said}
    ]
    (one,) = desk.values("members", ("联盟", "成员单位"), (ALLIANCE, "Sample Co., Ltd."))
    assert one["organisation_id"] == "Sample Co., Ltd."


def test_sums_signatures_and_section_rows_are_no_records(desk: Desk) -> None:
    plan = desk.plan(
        "tenants",
        ("企业名称", "园区", "状态", "房间"),
        ("一、在园企业（1 家）",),
        ("丙公司", PARK, "入驻", "101"),
        ("小计 1 家",),
        ("二、毕业企业",),
        ("丁公司", PARK, "毕业", "102"),
        ("合计2家", "", "", ""),
        ("单位负责人：", "统计负责人：赵示例", "填表人：钱示例", "报出日期：2022年12月"),
        ("填表人：孙示例", "审核人：李示例", "2022年12月"),
    )
    assert [row.values["organisation_id"] for row in plan.rows] == ["丙公司", "丁公司"]
    header = ("活动", "园区", "日期", "参加人数")
    held = ("路演", PARK, "2022-3-1", 20)
    events = desk.plan("sharing_events", header, held, ("合计5场次", "", "", 20), ("共 1 场", "", "", ""))
    assert [row.values["title"] for row in events.rows] == ["路演"]


# --- a row that cannot be written is told in the plan, and the others go in -------------------------------------------
def test_rows_of_who_is_no_tenant_are_refused_alone(desk: Desk) -> None:
    records.save(desk.db, SPECS["tenants"], {"organisation_id": "丙公司", "park_id": PARK, "visited_on": "2020-05"})
    header = ("企业", "园区", "年度", "从业人员")
    rows = (("丙公司", PARK, 2021, 5), ("丁公司", PARK, 2021, 6), ("丙公司", "", 2019, 7))
    plan = desk.bring("tenant_figures", header, *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID, Outcome.INVALID]
    assert plan.rows[1].problems == {"企业": f"“{PARK}”里没有入驻企业“丁公司”。先把它登记到园区。"}
    assert "早于第一次接触的 2020-05" in plan.rows[2].problems["数据日期"]
    support = desk.bring(
        "tenant_supports", ("企业", "类别", "内容"), ("丙公司", "租金", "免租"), ("丁公司", "租金", "免租")
    )
    assert [row.outcome for row in support.rows] == [Outcome.NEW, Outcome.INVALID]


def test_steps_that_cannot_be_are_refused_alone(desk: Desk) -> None:
    header = ("企业", "园区", "状态", "签约日期", "入驻日期", "退出去向", "退出原因")
    rows = (
        ("丙公司", PARK, "入驻", "2020-01", "2020-03", "", ""), ("丁公司", PARK, "在孵", "2020-01", "2019-03", "", ""),
        ("子公司", PARK, "退园", "", "2020", "", ""), ("丑公司", PARK, "退园", "", "2020", "外地", "到期"),
    )  # fmt: skip
    plan = desk.bring("tenants", header, *rows)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID, Outcome.INVALID, Outcome.NEW]
    back = desk.plan("tenants", header[:3], ("丙公司", PARK, "意向"))
    assert back.rows[0].outcome is Outcome.SAME or "不能改回" in str(back.rows[0].problems)


def test_an_event_of_nobody_and_a_number_twice_are_refused_alone(desk: Desk) -> None:
    plan = desk.bring("sharing_events", ("活动", "园区", "日期"), ("路演", PARK, "2022-3-1"), ("沙龙", "", "2022-3-1"))
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID]
    members = (ALLIANCE, "丙公司", "001"), (ALLIANCE, "丁公司", "001"), (ALLIANCE, "子公司", "002")
    plan = desk.bring("members", ("联盟", "成员单位", "证书编号"), *members)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.INVALID, Outcome.NEW]
    agreed = desk.bring(
        "agreements", ("协议名称", "签约方"), ("甲协议", "丙公司；待签；2021-06-08"), ("乙协议", "丙公司、丁公司")
    )
    assert [row.outcome for row in agreed.rows] == [Outcome.INVALID, Outcome.NEW]


# --- sheets, sections, other programs ---------------------------------------------------------------------------------
def test_a_sheet_or_a_section_for_each_park(desk: Desk) -> None:
    records.save(desk.db, SPECS["parks"], {"name": "海边园"})
    header = ("企业名称", "状态")
    first, second = ("丙公司", "在孵"), ("丁公司", "毕业企业")
    book = Workbook()
    sheets = {"汇总": (("园区", "企业数"), (PARK, 1), ("海边园", 1)), PARK: (header, first), "海边园": (header, second)}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    path = desk.folder / "parks.xlsx"
    book.save(path)
    plan = desk.plan_file("tenants", path)
    assert [(sheet.name, sheet.used) for sheet in plan.sheets] == [("汇总", False), (PARK, True), ("海边园", True)]
    under_titles = desk.plan("tenants", header, (f"{PARK}（1家）",), first, ("二、海边园（共 1 户）",), second)
    for made in (plan, under_titles):
        assert [(row.values["park_id"], row.values["organisation_id"]) for row in made.rows] == [
            (PARK, "丙公司"), ("海边园", "丁公司"),
        ]  # fmt: skip


def test_numbers_that_a_text_file_keeps_as_texts(desk: Desk) -> None:
    path = desk.folder / "a.csv"
    lines = (
        '甲机,="00123",' + LAB + ",是",
        "乙机,'0045," + LAB + ",×",
        "丙机,1.23457E+17," + LAB + ",√",
        "丁机,'甲'," + LAB + ",",
    )
    path.write_text("\n".join(("仪器名称,编号,服务机构,可预约", *lines)), encoding="gbk")
    rows = desk.plan_file("instruments", path).rows
    assert [row.values.get("instrument_no") for row in rows] == ["00123", "0045", None, "'甲'"]
    assert [row.values.get("is_bookable") for row in rows] == [True, False, True, None]
    assert "数字超过 15 位" in rows[2].notes["编号"]


def test_english_headers_with_their_units(desk: Desk) -> None:
    header = ("Company", "Park", "Year", "Revenue (CNY thousand)", "Net profit (RMB 10,000)", "Taxes (CNY million)")
    (figures,) = desk.values("tenant_figures", header, ("丙公司", PARK, 2021, 100, 10, 1))
    assert [figures.get(name) for name in ("revenue", "net_profit", "taxes")] == [100_000, 100_000, 1_000_000]
    (agreed,) = desk.values("agreements", ("Agreement", "Parties", "Amount (CNY 10,000)"), ("A", "甲区、乙市", 500))
    assert agreed["amount"] == 5_000_000


def test_of_two_amounts_a_voucher_has_the_granted_one(desk: Desk) -> None:
    header = ("申领企业", "申领日期", "申领金额（元）", "批准金额（元）")
    plan = desk.plan("vouchers", header, ("丙公司", "2022-3-1", 50000, 30000))
    assert plan.rows[0].values["amount"] == 30_000
    assert plan.unknown == ("申领金额（元）",)


def test_classes_of_applicants_in_one_cell(desk: Desk) -> None:
    header = (*POLICY, "各类申领人")
    told, loose = "企业；50%；5万元；20万元\n创业团队；100%；2万元；—", "企业50%，团队100%"
    plan = desk.plan(
        "policies", header, ("浙江", "甲", "2022-1-1", "50%", told), ("江苏", "乙", "2022-1-1", "50%", loose)
    )
    first, second = plan.rows
    assert [line.split("；")[0] for line in first.values["classes"].split("\n")] == ["企业", "创业团队"]
    assert second.problems == {"各类申领人": f"“{loose}”不是一类申领人；一行写一类，类别和比例用分号隔开。"}


def test_heads_of_an_event_and_its_hours(desk: Desk) -> None:
    header = ("活动", "园区", "时间", "报名人数", "到场人数")
    row = ("路演", PARK, "2021.3.5 14:00-16:00", "100人", "80人次")
    (event,) = desk.values("sharing_events", header, row)
    assert (event["on_day"], event["registered"], event["attended"]) == ("2021-03-05", 100, 80)


def test_a_form_of_two_header_rows_and_columns_of_years(desk: Desk) -> None:
    groups = ("", "", "从业人员（人）", "", "知识产权（件）", "", "经济指标（千元）", "")
    header = ("企业名称", "数据年度", "合计", "其中：博士", "当年申请", "当年授权", "总收入", "净利润")
    rows = (("丙公司", "2021年", 20, 2, 3, 1, 1000, -50), ("丁公司", "2021年", 10, "—", 0, "/", "无", "0.5万元"))
    first, second = desk.values("tenant_figures", groups, header, *rows, merged=("C1:D1", "E1:F1", "G1:H1"))
    names = ("staff", "staff_doctors", "ip_applied", "ip_granted", "revenue", "net_profit")
    assert [first.get(name) for name in names] == [20, 2, 3, 1, 1_000_000, -50_000]
    assert [second.get(name) for name in names] == [10, None, 0, None, None, 5_000]
    plan = desk.plan("tenant_figures", ("企业名称", "2020年营业收入", "2021年营业收入"), ("丙公司", 100, 200))
    assert plan.unknown == ("2020年营业收入", "2021年营业收入")


def test_a_new_provider_is_of_the_kind_that_its_list_says(desk: Desk) -> None:
    rows = (("戊试验所", "科研院所"), ("己检测站", "检验检测"), ("丙公司", "科研院所"))
    with desk.db.transaction() as session:
        for key, name in (("enterprise", "企业"), ("research", "科研院所")):
            session.add(Word(vocabulary=Vocabulary.ORGANISATION_KIND, key=key, name=name))
    desk.bring("providers", ("机构名称", "机构类别"), *rows)
    word, body = Word.__table__, Organisation.__table__
    with desk.db.reading() as session:
        query = select(body.c.name, word.c.key).join(word, word.c.id == body.c.kind_id)
        kinds = {row.name: row.key for row in session.execute(query)}
    assert (kinds["戊试验所"], kinds["己检测站"], kinds.get("丙公司")) == ("research", "enterprise", None)
