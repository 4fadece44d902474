"""Lists of deals as they are really sent, through the whole of an import: every row has the right value, or the right
sentence.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from expo_app.specs import ImportPlan, Outcome
from tests.exchange.test_cases import Fair, fair, fields_of, left_out  # noqa: F401

UNIVERSITY, MAKER, INSTITUTE = "甲大学（示例）", "乙制造有限公司（示例）", "丙研究院（示例）"
DAY = date(2018, 11, 28)


def read(plan: ImportPlan, field: str) -> dict[str, Any]:
    """Title → the value of a field in the rows that go in."""
    return {row.values["title"]: row.values.get(field) for row in plan.rows if row.goes_in}


def refused(plan: ImportPlan, header: str) -> dict[str, str]:
    """Title → why the value under this header keeps its row out."""
    return {row.values["title"]: row.problems[header] for row in plan.rows if row.outcome is Outcome.INVALID}


AMOUNTS = {
    "亿元": 120_000_000, "人民币号": 8_600_000, "全角": 12_005_000, "全角单位": 8_600_000,
    "到分": Decimal("8600000.55"),
    "四位一撇": 12_000, "人民币": 8_600_000, "空格": 12_005_000, "整": 8_600_000,
    "大写": 8_600_000, "大写到分": Decimal("8600000.50"), "小写汉字": 8_600_000, "亿又万": 120_000_000,
    "大写和小写": 8_600_000, "小写和大写": 8_600_000,
}  # fmt: skip
"""Title → yuan."""


def test_amounts_in_words(fair: Fair) -> None:  # noqa: F811
    plan = fair.bring("deals", "deals-amounts-in-words.csv")
    assert read(plan, "amount") == AMOUNTS
    assert dict(fair.has("deals", "title", "amount")) == AMOUNTS


def test_amounts_that_are_refused(fair: Fair) -> None:  # noqa: F811
    none = "“{}”不是金额，写数字，如 860.00（万元）。".format
    plan = fair.plan("deals", "deals-amounts-refused.csv")
    assert refused(plan, "成交额") == {
        "负数": "金额不能小于 0。", "括号负数": none("(860)"), "过大": "金额过大，核对单位是万元还是元。",
        "两个小数点": none("1.2.3"), "区间": none("500-800"), "不到分": "金额最多精确到分，即万元六位小数。",
        "约": none("约500"), "每年": none("50万元/年"), "逗号错位": "“1,20”的千分位逗号位置不对。",
        "科学计数": none("1.2E+08"), "含税": none("860（含税）"),
        "大小写不一": "“捌佰陆拾万元整（￥8600001.00）”里大写和小写不是同一个金额，核对后留一个。",
    }  # fmt: skip
    assert read(plan, "amount") == {}


FOREIGN = {
    "美元在后": ("USD", 500_000), "美元在前": ("USD", 1_200_000), "代码": ("EUR", Decimal("30000.50")),
    "符号": ("EUR", 30_000), "日元": ("JPY", 30_000_000), "港币": ("HKD", 1_200_000),
}  # fmt: skip
"""Title → currency and amount in it."""


def test_amounts_in_other_currencies(fair: Fair) -> None:  # noqa: F811
    """They come in with their own amount and no yuan, until somebody says the rate."""
    plan = fair.bring("deals", "deals-in-foreign-currency.csv")
    there = fair.has("deals", "title", "currency", "foreign_amount", "amount")
    assert {title: own for title, *own in there} == {title: [*own, None] for title, own in FOREIGN.items()}
    assert refused(plan, "成交额") == {"负数": "金额不能小于 0。"}
    noted = {row.values["title"]: dict(row.notes) for row in plan.rows if row.notes}
    assert noted == {"符号": {"成交额": "“€30000”按 3.00 万欧元读。"}}


def test_currency_and_rate_in_columns(fair: Fair) -> None:  # noqa: F811
    """Yuan are worked out; a list that says others is told so, and one that cannot be is refused."""
    plan = fair.bring("deals", "deals-in-columns-of-currency.csv")
    converted = ("USD", Decimal(500_000), Decimal("7.1986"), Decimal("3599300.00"))
    there = fair.has("deals", "title", "currency", "foreign_amount", "rate", "amount")
    assert {title: tuple(own) for title, *own in there} == {
        "折算": converted, "算好的": converted, "算错的": converted,
        "没有汇率": ("EUR", Decimal(300_000), None, None), "人民币": ("CNY", None, None, Decimal(8_600_000)),
    }  # fmt: skip
    wrong = {row.values["title"]: dict(row.notes) for row in plan.rows if row.notes}
    assert wrong == {"算错的": {"成交额（万元）": "外币项目的成交额由原币金额和汇率算出：359.93 万元。"}}
    assert {row.values["title"]: set(row.problems) for row in plan.rows if row.problems} == {
        "汇率为负": {"汇率"}, "汇率还没到": {"汇率日期"}, "人民币有汇率": {"汇率"},
        "没有这种钱": {"币种", "原币金额（万）", "汇率"},
    }  # fmt: skip


def test_days_of_signing(fair: Fair) -> None:  # noqa: F811
    plan = fair.plan("deals", "deals-dates.csv")
    written = ("点", "斜线", "紧排", "汉字", "无年", "全角", "带时刻", "带星期", "汉字数字", "日月年")
    assert read(plan, "signed_on") == dict.fromkeys(written, DAY) | {"待定": None}
    none, no_such = "“{}”不是日期，应按“年-月-日”写。".format, "“{}”这一天不存在，核对年、月、日。".format
    assert refused(plan, "签订日期") == {
        "Excel数": none("43432"), "十一月三十一": no_such("2018-11-31"), "二月二十九": no_such("2018.2.29"),
        "十三月": no_such("2018/13/01"), "还没到": "签订日期 2028-11-28 还没有到。", "只有年月": none("2018年11月"),
    }  # fmt: skip


def test_a_party_that_is_the_other_one(fair: Fair) -> None:  # noqa: F811
    plan = fair.plan("deals", "deals-party-with-itself.csv")
    both = "“{}”不能既是卖方又是买方。".format
    assert refused(plan, "买方") == {
        "同名": both("甲大学（示例）"), "半角括号": both("甲大学(示例)"), "多一家": both("丙研究院 （示例）"),
        "大小写": both("abc co. ltd"),
    }  # fmt: skip
    assert read(plan, "buyers") == {"不同": MAKER}


def test_parties_with_their_part_in_one_cell(fair: Fair) -> None:  # noqa: F811
    """甲方 is told by the kind of contract; where nothing tells, both are parties."""
    plan = fair.bring("deals", "deals-parties-with-roles.csv")
    sides = dict.fromkeys(("冒号", "换行", "转让", "卖买", "括号"), (UNIVERSITY, MAKER, None))
    sides |= {"委托": (f"{UNIVERSITY}、{INSTITUTE}", MAKER, None), "不明": (None, None, f"{MAKER}、{UNIVERSITY}")}
    there = fair.has("deals", "title", "sellers", "buyers", "others")
    assert {title: names for title, *names in there} == {title: [*names] for title, names in sides.items()}
    assert {row.outcome for row in plan.rows} == {Outcome.NEW}
    assert set(fair.bodies()) == {UNIVERSITY, MAKER, INSTITUTE}


def test_a_technical_part_above_the_whole(fair: Fair) -> None:  # noqa: F811
    plan = fair.plan("deals", "deals-technical-part-above.csv")
    above = "技术交易额不能超过成交额。"
    assert refused(plan, "技术交易额（万元）") == {"高出": above, "没有成交额": above}
    assert read(plan, "tech_amount") == {"相等": Decimal(8_600_000)}


def test_one_amount_in_two_units(fair: Fair) -> None:  # noqa: F811
    """A row may say it in one of them; in both it is read once, and refused where they are not one amount."""
    plan = fair.plan("deals", "deals-amount-in-two-units.xlsx")
    assert fields_of(plan)["成交额（元）"] == fields_of(plan)["成交额（万元）"] == ("amount",)
    assert read(plan, "amount") == {"甲项目": 8_600_000, "乙项目": 1_205_000, "丙项目": 1_205_000}
    assert refused(plan, "成交额（元）") == {"丁项目": "“300000元”和“31万元”不是同一个金额，核对后留一个。"}


@pytest.mark.parametrize(
    ("yuan", "wan", "read_as"),
    [
        ("8600123.45", "860.01", Decimal("8600123.45")),
        ("8600123.45", "—", Decimal("8600123.45")),
        ("8600151", "860.01", None),
    ],
)
def test_an_amount_in_wan_may_be_the_other_one_rounded(
    yuan: str,
    wan: str,
    read_as: Decimal | None,
    fair: Fair,  # noqa: F811
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    for row in (("项目名称", "金额（万元）", "金额（元）"), ("甲", wan, yuan)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (found,) = fair.plan("deals", tmp_path / "a.xlsx", fixed={"stage": "意向"}).rows
    assert found.values.get("amount") == read_as
    assert bool(found.problems) is (read_as is None)


OFFICE: Mapping[str, tuple[Any, ...]] = {
    "传感器项目": ("2018310114000123", "技术开发", "电子信息", "发明专利", 8_600_000, 8_000_000),
    "涂层项目": ("2018310114000124", "技术转让", "新材料及其应用", "技术秘密", 1_200_000, 1_200_000),
    "算法项目": ("18310114000125", "技术咨询", "电子信息", "未涉及", 500_000, 500_000),
    "少位项目": (None, None, "99 量子占卜", "技术秘密", 300_000, 300_000),
}
"""Title → number, kind, field, intellectual property, both amounts in yuan; each sheet column in a unit of its own."""


def test_the_register_of_an_office(fair: Fair) -> None:  # noqa: F811
    """Codes before the words, numbers in groups, days with dots, totals below; what is wrong is said and left out."""
    fair.db.clock = lambda: datetime(2018, 11, 30, 18, tzinfo=UTC)  # its last days of signing are over
    plan = fair.plan("deals", "register-of-an-office.xlsx")
    names = ("registry_no", "contract_kind", "tech_field", "ip_kind", "amount", "tech_amount")
    found = {row.values["title"]: tuple(map(row.values.get, names)) for row in plan.rows}
    assert found == OFFICE
    assert {row.values["signed_on"] for row in plan.rows} == {DAY, date(2018, 11, 29), date(2018, 11, 30)}
    assert left_out(plan) == {8: "合计", 9: "合计", 10: "附注"}
    assert [dict(row.notes) for row in plan.rows if row.notes] == [
        {
            "合同登记编号": "合同登记编号应为 16 位数字（早年 14 位）。",
            "合同类别": "没有“5 技术外包”这一项，可填：技术开发、技术转让、技术许可、技术咨询、技术服务。",
        }
    ]
    assert {(row.values["sellers"], row.values["buyers"]) for row in plan.rows} >= {(UNIVERSITY, MAKER)}
