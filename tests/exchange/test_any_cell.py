"""Whatever stands in a cell: a plan says what is wrong of it, or reads it; it never falls over."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from expo_app.errors import UserError
from expo_app.exchange import import_plan, table_reader
from expo_app.exchange.sheet_marks import Fault
from expo_app.exchange.workbook import Book
from expo_app.rules.likeness import Body
from expo_app.specs import SPECS, Existing, Outcome, RecordSpec
from expo_app.specs.choices import NEW, Choices
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.names import name_key

ZONE = ZoneInfo("Asia/Shanghai")
FACTS = ExpoFacts("KJH18", date(2018, 11, 28), date(2018, 11, 30), date(2018, 11, 28), False, ZONE)
KNOWN = {
    "organisations": ("上海嘉氢科技有限公司", "甲公司"), "industries": ("新能源",), "organisation_kinds": ("高校",),
    "booths": ("A-01", "A1-02", "3-1"), "rooms": ("主会场",), "categories": ("观众",), "people": ("张三",),
    "item_kinds": ("论坛",), "zones": ("A",), "booth_kinds": ("标准展位",), "halls": ("1 号馆",), "gates": ("北门",),
    "programme": ("开幕式",), "achievement_kinds": ("成果",), "achievements": ("成果一",), "venues": ("会展中心",),
}  # fmt: skip
"""What an expo has of everything that a field may name."""
THERE = Existing(
    (), {spec: frozenset(names) for spec, names in KNOWN.items()}, ZONE, FACTS,
    spellings={s: {name_key(n): n for n in names} for s, names in KNOWN.items() if SPECS[s].is_offered},
    bodies=tuple(Body(name, (), None) for name in KNOWN["organisations"]), has_venue=True,
)  # fmt: skip
SAID = """e\u0301 E+10 1.38E+10 NaN inf 上午 下午 中午 凌晨 周三 （周三） 24:00 25:61 2018-11-28 11月28日 2018-02-30
0000-00-00 9999-12-31 99999-12-31 13800000001 021-5957 ext 万元 美元 甲公司 乙公司 Co.,Ltd. A-01 A1-25~A1-26 3-1 待定
同上 合计 小计 #REF! ######## true 上海 苏州 江苏省苏州市 火星 观众 论坛 示例 gmail.com +08:00 W48 二十 =1+1"""
PIECES = (
    *"0123456789.,，、;；:：-—–~～/／\\|@#%+=()（）[]【】<>《》“”\"'‘’!！?？*_ \t\n\r\u3000\u00a0\u200b\u200f\ufeff",
    *"\x00\x07\ud800𠀀é㎡①Ⅷ½٣¥￥年月日时点半至到转元约亿与和无是否一号馆楼TZ",
    *SAID.split(), "0" * 400, "9" * 400, "长" * 400,
)  # fmt: skip
"""What real cells are made of, and what no cell should hold."""
FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001
ODD = (
    math.nan, math.inf, -math.inf, 1e308, 1e15, -0.0, -3.5, 43432.375, 13800000001.0, True, False, date.min, date.max,
    FIRST, LAST, time(9, 30), time.max, datetime(2018, 11, 28, 9, 0, 0, 5), Fault("#REF!"), Fault("="), "",  # noqa: DTZ001
)  # fmt: skip
seeds = st.integers(0, 2**32).map(Random)


def text(draw: Random) -> str:
    return "".join(draw.choice(PIECES) for _n in range(draw.choice((0, 1, 1, 2, 2, 3, 6))))


def cell(draw: Random) -> Any:
    return text(draw) if draw.random() < 0.75 else draw.choice(ODD)


WRITABLE = [spec for spec in SPECS.values() if spec.writable]


def planned(spec: RecordSpec, rows: Sequence[Sequence[Any]], choices: Choices) -> None:
    """The plan of these rows, in order: each has its reasons or what it would write."""
    book = Book("a.xlsx", (table_reader.Grid(table_reader.filled([list(row) for row in rows]), "名单"),))
    try:
        plan = import_plan.plan(spec, book, THERE, choices)
    except UserError:
        return  # no list in it: said as such
    for row in plan.rows:
        assert bool(row.problems) is (row.outcome is Outcome.INVALID)
        assert all(isinstance(said, str) and said for said in (*row.problems.values(), *row.notes.values()))


OPTIONS = (
    Choices(),
    Choices(new_words=True, new_booths=True, all_sheets=True, keeps_hidden=True, update=True, same_above=0.5),
    Choices(header=(1, 1), keeps_totals=True),
)
often = settings(deadline=None, max_examples=30, phases=[Phase.explicit, Phase.generate])


@pytest.mark.parametrize("spec", WRITABLE, ids=[spec.name for spec in WRITABLE])
@often
@given(draw=seeds)
def test_any_cells_under_known_headers(spec: RecordSpec, draw: Random) -> None:
    rows = [[cell(draw) for _field in spec.writable] for _n in range(3)]
    planned(spec, [[field.header for field in spec.writable], *rows], draw.choice(OPTIONS))


@often
@given(draw=seeds)
def test_any_sheet(draw: Random) -> None:
    width = draw.randint(1, 5)
    rows = [[cell(draw) for _n in range(width)] for _m in range(draw.randint(0, 8))]
    planned(draw.choice(WRITABLE), rows, draw.choice(OPTIONS))


@often
@given(draw=seeds)
def test_anything_decided_about_a_value(draw: Random) -> None:
    spec = draw.choice(WRITABLE)
    field, said, target = draw.choice(spec.writable), text(draw), draw.choice((text(draw), NEW))
    rows = [[one.header for one in spec.writable], [said if one is field else "甲公司" for one in spec.writable]]
    planned(spec, rows, Choices(values={field.name: {said: target}}, same={said: target}))


@often
@given(draw=seeds)
def test_any_column_given_to_any_fields(draw: Random) -> None:
    """Also two fields of one column that nobody would join."""
    spec = draw.choice(WRITABLE)
    fields = draw.sample([field.name for field in spec.writable], draw.randint(0, min(3, len(spec.writable))))
    rows = [[spec.writable[0].header, "说说"], *(["甲公司", cell(draw)] for _n in range(3))]
    planned(spec, rows, Choices(columns={"说说": tuple(fields)}))
