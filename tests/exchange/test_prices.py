"""A price with what it is for in one cell, and what of it each field gets."""

from typing import Any

import pytest

from expo_app.exchange.prices import split_price, take_prices, with_unit
from expo_app.specs import INSTRUMENTS

FIELDS = {name: INSTRUMENTS.field(name) for name in ("price", "unit")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("480元/样", ("480元", "样")),
        ("200 元/机时", ("200 元", "机时")),
        ("1,200元／次", ("1,200元", "次")),
        ("480/样", ("480", "样")),
        ("100元/每样", ("100元", "样")),
        ("1200 元每小时", ("1200 元", "小时")),
        ("每样480元", ("480元", "样")),
        ("每次：1,200", ("1,200", "次")),
        ("480", None),
        ("480元", None),
        ("面议", None),
        ("300元/小时/人", None),
        ("2018/11", None),
    ],
)
def test_a_price_and_what_it_is_for(text: str, said: tuple[str, str] | None) -> None:
    assert split_price(text) == said


def test_a_bare_amount_gets_the_unit_of_its_column() -> None:
    assert with_unit("0.05/样", "万元") == "0.05万元/样"
    assert with_unit("480元/样", "万元") == "480元/样"
    assert with_unit("480", "万元") == "480"


@pytest.mark.parametrize(
    ("header", "cells", "units", "kept"),
    [
        ("收费标准", ["480元/样", "480", None], None, [("480元", "样"), ("480", None), (None, None)]),
        ("收费标准（元/样）", ["480", "200元/机时"], None, [("480", "样"), ("200元", "机时")]),
        ("单价(元/每机时)", [480], None, [(480, "机时")]),
        ("收费标准", ["480元/样", "480"], ["样品", "次"], [("480元", "样品"), ("480", "次")]),
    ],
)
def test_a_column_of_its_own_then_the_cell_then_the_header_say_what_a_price_is_for(
    header: str, cells: list[Any], units: list[Any] | None, kept: list[tuple[Any, Any]]
) -> None:
    columns = {"price": list(cells)} | ({"unit": list(units)} if units else {})
    take_prices(columns, FIELDS, [{"price": header}] * len(cells))
    assert list(zip(columns["price"], columns["unit"], strict=True)) == kept
