"""Lists of vouchers as regions send them: two rows of headers, levels, shares of classes, 万元/天."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expo_app.model import PaidWay, ShareBasis
from expo_app.specs import INSTRUMENTS, POLICIES, SERVICE_ITEMS, VOUCHER_USES, Outcome
from tests.exchange.test_voucher_lists_untidy import plan

TWO_ROWS = (
    ("发券省份", "办法", "执行期限", "", "补贴标准", "", "方式", "依据", "审核级数", "认可机构所在地区", "文号"),
    ("", "", "起", "止", "比例", "单次上限（万元）", "", "", "", "", ""),
)


def test_a_policy_under_two_rows_of_headers(tmp_path: Path) -> None:
    rows = (
        (
            "湖北省",
            "甲办法",
            "2026年1月1日",
            "长期",
            "30%",
            5,
            "通兑",
            "合同",
            "两级",
            "湖南省、江西省",
            "甲〔2026〕1号",
        ),
        ("湖南省", "乙细则", "2026-1-1", "2026-9-30", 50, 3, "通用", "发票", "一级", "湖北", "乙〔2026〕7号"),
    )
    first, second = plan(POLICIES, tmp_path / "a.xlsx", *TWO_ROWS, *rows).rows
    names = ("valid_from", "valid_until", "rate", "cap_per_use", "way", "basis", "review_levels", "source")
    assert [first.values.get(name) for name in names] == [
        date(2026, 1, 1), None, 30, 50_000, PaidWay.PAID, ShareBasis.CONTRACT, 2, "甲〔2026〕1号",
    ]  # fmt: skip
    assert [second.values.get(name) for name in names] == [
        date(2026, 1, 1), date(2026, 9, 30), 50, 30_000, PaidWay.REFUNDED, ShareBasis.INVOICE, 1, "乙〔2026〕7号",
    ]  # fmt: skip
    assert [row.values["accepted_regions"] for row in (first, second)] == [["43", "36"], ["42"]]


def test_the_grounds_of_a_policy_may_be_its_document(tmp_path: Path) -> None:
    (row,) = plan(
        POLICIES, tmp_path / "a.xlsx", ("地区", "政策", "起日", "比例", "依据"),
        ("湖北", "甲", "2026-1-1", "30%", "甲〔2026〕1号"),
    ).rows  # fmt: skip
    assert (row.values["source"], "basis" in row.values) == ("甲〔2026〕1号", False)


def test_a_share_of_a_class_is_written_as_it_is_shown(tmp_path: Path) -> None:
    header = ("地区", "政策", "起日", "比例", "各类申领人")
    (row,) = plan(
        POLICIES, tmp_path / "a.xlsx", header, ("湖北", "甲", "2026-1-1", "30%", "大型企业；20％；3万元")
    ).rows
    assert row.values["classes"] == "大型企业；20.00000000；30000.00元；—"
    assert POLICIES.field("rate").parse("45 %") == 45


@pytest.mark.parametrize(
    ("price", "unit", "read"),
    [
        (1.2, "万元/天", (12_000, "天")), ("1.2", "万/天", (12_000, "天")), (300, "元每样", (300, "样")),
        ("2千元", "千元/次", (2_000, "次")), (1.5, "万元", (15_000, None)), (1.5, "天", (Decimal("1.5"), "天")),
        ("800元", "万元/天", "价格写的是“800元”，计价单位写的是“万元/天”，金额的单位不一样，改成一样。"),
    ],
)  # fmt: skip
def test_the_unit_of_a_price_may_stand_with_what_it_is_for(price: Any, unit: str, read: Any, tmp_path: Path) -> None:
    for header, what in (("单价", None), ("单价（元/台次）", "台次")):
        (row,) = plan(
            INSTRUMENTS, tmp_path / "a.xlsx", ("仪器名称", "服务机构", header, "计价单位"), ("甲机", "乙", price, unit)
        ).rows
        if isinstance(read, str):
            assert read in str(row.problems or row.notes)
        else:
            assert (row.values["price"], row.values.get("unit")) == (read[0], read[1] or what)


def test_the_price_of_a_service_in_its_unit(tmp_path: Path) -> None:
    header = ("服务项目", "服务机构", "价格", "计价单位")
    (row,) = plan(SERVICE_ITEMS, tmp_path / "a.xlsx", header, ("甲检测", "乙", 800, "元/天")).rows
    assert (row.values["price"], row.values["unit"]) == (800, "天")


def test_a_day_that_is_none_keeps_its_row_out_and_the_mended_one_goes_in(tmp_path: Path) -> None:
    header = ("仪器名称", "仪器编号", "服务机构", "目录有效期起")
    rows = (("甲机", "N1", "乙", "2026-02-30"), ("甲机", "N1", "乙", "2026-02-28"), ("甲机", "N1", "乙", "2026-03-28"))
    wrong, right, again = plan(INSTRUMENTS, tmp_path / "a.xlsx", header, *rows).rows
    assert dict(wrong.problems) == {"目录有效期起": "“2026-02-30”这一天不存在，核对年、月、日。"}
    assert (right.outcome, right.values["listed_from"]) == (Outcome.NEW, date(2026, 2, 28))
    assert dict(again.problems) == {"": "与第 3 行重复，只留一行。"}


def test_words_for_days_and_shares_of_uses(tmp_path: Path) -> None:
    header = ("企业名称", "服务机构", "签约日期", "合同额（元）", "券抵扣（元）", "报告日期")
    (row,) = plan(VOUCHER_USES, tmp_path / "a.xlsx", header, ("甲", "乙", "2026-3-15", 500, 150, "2026-4-1")).rows
    assert (row.values["contract_on"], row.values["share"]) == (date(2026, 3, 15), 150)
