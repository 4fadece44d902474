"""Lists of matchmaking as others send them: open calls, catalogues of services, forms of consent, lists of tables."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from expo_app.model import DemandState, PlaceKind, TimeKind
from expo_app.specs import (
    ACHIEVEMENTS,
    DEMANDS,
    MATCHING_CONSENTS,
    MATCHING_TIMES,
    MEETING_HOURS,
    MEETING_PLACES,
    PROVIDERS,
    REGION_POLICIES,
    REPORTED_COUNTS,
    SERVICE_ITEMS,
    Existing,
    ExpoFacts,
    Outcome,
)
from tests.lists import plan_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
FACTS = ExpoFacts("WH26", date(2026, 11, 26), date(2026, 11, 28), date(2026, 11, 1), False, SHANGHAI)
OF_2026 = Existing((), {}, SHANGHAI, FACTS)


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_sheet_of_open_calls_is_read_below_its_title_and_without_its_total(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "榜单.xlsx",
        ("2026 年揭榜挂帅技术需求榜单",),
        ("序号", "榜单名称", "发榜企业", "所属领域", "技术难题描述", "主要技术指标", "拟合作方式", "榜单金额（万元）",
         "揭榜截止日期", "完成期限", "是否揭榜挂帅", "揭榜单位"),
        (1, "废水深度处理", "甲公司", "环境保护与资源综合利用", "COD 高\n难降解", "COD≤50", "合作开发、技术转让", 300,
         "2027年1月15日", "2027-12-31", "是", ""),
        (2, "雷达目标仿真", "乙公司", "现代交通", "雨雾难复现", "77 GHz", "实施许可/其他", "450.5", "2027.2.1", "", "√",
         "丙研究院"),
        ("合计", "", "", "", "", "", "", 750.5, "", "", "", ""),
    )  # fmt: skip
    first, second = plan_of(DEMANDS, path, OF_2026).rows
    assert (first.values["title"], first.values["owner_id"]) == ("废水深度处理", "甲公司")
    assert (first.values["ways"], first.values["budget"]) == (["TRANSFER", "JOINT"], Decimal(3_000_000))
    assert (first.values["apply_by"], first.values["needed_by"]) == (date(2027, 1, 15), date(2027, 12, 31))
    assert (first.values["is_open_call"], first.values["problem"]) == (True, "COD 高\n难降解")
    assert (second.values["ways"], second.values["solver_id"]) == (["LICENCE", "OTHER"], "丙研究院")
    assert second.values["budget"] == Decimal(4_505_000)


def test_states_and_ways_that_are_none_are_said_and_the_rest_comes_in(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ("需求", "提出单位", "合作方式", "需求状态"),
        ("甲题", "甲公司", "面议", "征集"),
        ("乙题", "乙公司", "合作开发", "进行中"),
    )
    first, second = plan_of(DEMANDS, path, OF_2026).rows
    assert (first.outcome, first.values["state"], "ways" in first.values) == (
        Outcome.NEW,
        DemandState.COLLECTING,
        False,
    )
    assert "面议" in str(first.notes)
    assert second.outcome is Outcome.INVALID


def test_a_catalogue_of_services_says_prices_in_yuan(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ("服务名称", "服务单位", "服务领域", "收费标准（元）", "收费单位", "服务内容"),
        ("水质检测", "丙检测", "环境保护与资源综合利用", 600, "样", "COD、氨氮"),
        ("成果评价", "丁中心", "", 15000, "项", ""),
    )
    there = Existing((), {"providers": frozenset({"丙检测", "丁中心"})}, SHANGHAI, FACTS)
    rows = plan_of(SERVICE_ITEMS, path, there).rows
    assert [(row.values["provider"], row.values["price"], row.values["unit"]) for row in rows] == [
        ("丙检测", Decimal(600), "样"), ("丁中心", Decimal(15000), "项"),
    ]  # fmt: skip
    path = sheet(tmp_path / "b.xlsx", ("服务机构", "服务类别", "所属地区", "联系人", "联系电话"),
                 ("丙检测", "检验检测", "武汉市", "王芳", "13800000001"))  # fmt: skip
    (row,) = plan_of(PROVIDERS, path, OF_2026).rows
    assert (row.values["organisation.name"], row.values["organisation.region_code"]) == ("丙检测", "420100")
    assert (row.values["kind"], row.values["contact.name"]) == ("检验检测", "王芳")


def test_tables_hours_and_times_of_a_plan(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ("桌号", "区域", "容量"), ("01", "东厅", 1), ("02", "东厅", 2))
    rows = plan_of(MEETING_PLACES, path, OF_2026).rows
    assert [(row.values["name"], row.values["area"], row.values["capacity"]) for row in rows] == [
        ("01", "东厅", 1), ("02", "东厅", 2),
    ]  # fmt: skip
    path = sheet(tmp_path / "b.xlsx", ("洽谈日期", "时段"), ("11月26日", "9:30-12:10"), ("11月26日", "13:30～16:30"))
    rows = plan_of(MEETING_HOURS, path, OF_2026).rows
    assert [(row.values["day"], row.values["opens"], row.values["closes"]) for row in rows] == [
        (date(2026, 11, 26), time(9, 30), time(12, 10)), (date(2026, 11, 26), time(13, 30), time(16, 30)),
    ]  # fmt: skip
    path = sheet(
        tmp_path / "c.xlsx", ("单位", "状态", "时间", "事由"), ("甲公司", "不开放", "11月27日 9:30-11:30", "签约")
    )
    (row,) = plan_of(MATCHING_TIMES, path, OF_2026).rows
    assert row.values["starts_at"] == datetime(2026, 11, 27, 9, 30, tzinfo=SHANGHAI)
    assert (row.values["kind"], row.values["ends_at"]) == (
        TimeKind.CLOSED, datetime(2026, 11, 27, 11, 30, tzinfo=SHANGHAI),
    )  # fmt: skip
    assert PlaceKind.TABLE is MEETING_PLACES.field("kind").default


def test_consents_policies_and_reported_counts(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx", ("企业名称", "同意推荐", "有效期"), ("甲公司", "同意", "2026-12-31"), ("乙公司", "否", "")
    )
    first, second = plan_of(MATCHING_CONSENTS, path, OF_2026).rows
    assert first.values["valid_until"] == date(2026, 12, 31)
    assert second.values["may_match"] is False
    path = sheet(tmp_path / "b.xlsx", ("政策", "需方地区", "供方地区", "有效期", "文号"),
                 ("互认", "武汉市", "不限", "2026.1.1-2026.12.31", "武科〔2026〕1 号"))  # fmt: skip
    (row,) = plan_of(REGION_POLICIES, path, OF_2026).rows
    assert (row.values["demand_region"], row.values["supply_region"]) == ("420100", "")
    assert (row.values["valid_from"], row.values["valid_until"]) == (date(2026, 1, 1), date(2026, 12, 31))
    path = sheet(
        tmp_path / "c.xlsx", ("对象", "省份", "项数", "统计日期", "来源"), ("成果", "湖北", 104, "2026-11-26", "公报")
    )
    (row,) = plan_of(REPORTED_COUNTS, path, OF_2026).rows
    assert (row.values["region_code"], row.values["count"]) == ("420000", 104)


def test_a_thing_called_as_its_owner_or_its_contact_keeps_its_name(tmp_path: Path) -> None:
    rows = [("成果名称", "完成单位"), ("光谷激光", "光谷激光")]
    (row,) = plan_of(ACHIEVEMENTS, sheet(tmp_path / "a.xlsx", *rows), OF_2026).rows
    assert (row.values["title"], row.values["owner_id"]) == ("光谷激光", "光谷激光")
    rows = [("需求名称", "需求单位", "联系人"), ("王芳", "甲公司", "王芳")]  # type: ignore[list-item]
    (row,) = plan_of(DEMANDS, sheet(tmp_path / "b.xlsx", *rows), OF_2026).rows
    assert (row.values["title"], row.values["contact.name"]) == ("王芳", "王芳")
