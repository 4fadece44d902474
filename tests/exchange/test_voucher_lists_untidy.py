"""Policies, lists of providers, instruments and uses as regions head them: other words, months alone, open prices."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from expo_app.specs import INSTRUMENTS, LISTED_PROVIDERS, POLICIES, VOUCHER_USES, ImportPlan, RecordSpec
from expo_app.specs.field_types import FieldType
from expo_app.specs.fields import Field
from tests.lists import plan_of


def plan(spec: RecordSpec, path: Path, *rows: tuple[Any, ...]) -> ImportPlan:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return plan_of(spec, path)


def test_months_of_validity_are_no_day_and_every_word_of_a_policy_is_known(tmp_path: Path) -> None:
    header = (
        "省份", "政策名称", "实施日期", "终止日期", "补助比例", "结算依据", "兑付方式", "单笔限额（万元）",
        "企业年度限额", "仅限入库机构", "有效期（月）",
    )  # fmt: skip
    row = ("湖北", "甲办法", "2026年1月", "2026年12月", "50%", "合同金额", "通兑", 3, "10万元", "是", 6)
    made = plan(POLICIES, tmp_path / "a.xlsx", header, row)
    (read,) = made.rows
    known = {name: read.values.get(name) for name in ("valid_from", "valid_until", "cap_per_use", "cap_per_year")}
    assert known == {
        "valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31),
        "cap_per_use": Decimal(30_000), "cap_per_year": Decimal(100_000),
    }  # fmt: skip
    assert (read.values["rate"], read.values["needs_list"], read.values["valid_months"]) == (50, True, 6)
    assert read.values["basis"]
    assert "“2026年1月”没有写哪一天，按 2026-01-01 读。" in str(read.notes)
    assert not [note for note in made.notes if "没有写单位" in note]


@pytest.mark.parametrize(("cell", "words"), [(6, "“6”不是日期"), (2026, "只写了年"), ("2026年", "只写了年")])
def test_a_count_and_a_year_are_no_day(cell: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Field("day", "日", type=FieldType.DATE).parse(cell)


def test_the_day_an_instrument_was_put_to_use_is_no_validity(tmp_path: Path) -> None:
    header = ("设备名称", "资产编号", "所属单位", "设备大类", "设备小类", "收费标准", "启用时间")
    rows = [("三坐标", "1", "甲", "计量仪器", "长度", "480元/样", "2019年3月"),
            ("光谱仪", "2", "甲", "分析仪器", "光谱", "面议", "2020.5"),
            ("电镜", "3", "甲", "分析仪器", "电镜", "300-500元/样", "2017")]  # fmt: skip
    made = plan(INSTRUMENTS, tmp_path / "a.xlsx", header, *rows)
    assert [row.values.get("listed_from") for row in made.rows] == [None] * 3
    assert [row.values.get("subcategory") for row in made.rows] == ["长度", "光谱", "电镜"]
    assert [row.values.get("category") for row in made.rows] == ["计量仪器", "分析仪器", "分析仪器"]
    assert [dict(row.notes) for row in made.rows] == [
        {},
        {"收费标准": "“面议”没有写成金额，不记金额。"},
        {"收费标准": "“300-500元/样”是一个范围，不记金额；改成一个数，或写在说明里。"},
    ]


def test_a_use_and_a_listing_go_by_other_words(tmp_path: Path) -> None:
    header = ("用券单位", "服务提供方", "合同额", "券付金额", "报告时间", "审核日期")
    (use,) = plan(
        VOUCHER_USES, tmp_path / "a.xlsx", header, ("甲", "乙", "200元", "100元", "2026-04-02", "2026-04-10")
    ).rows
    assert (use.values["provider"], use.values["share"]) == ("乙", Decimal(100))
    assert (use.values["report_on"], use.values["verified_on"]) == (date(2026, 4, 2), date(2026, 4, 10))
    listed = plan(
        LISTED_PROVIDERS, tmp_path / "b.xlsx", ("认定省份", "机构名称", "认定日期"), ("湖北", "乙", "2026年1月")
    )
    assert listed.rows[0].values["valid_from"] == date(2026, 1, 1)
