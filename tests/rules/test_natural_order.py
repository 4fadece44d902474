"""Texts with numbers in them in the order a person counts."""

import random

import pytest

from expo_app.rules.natural_order import natural_key

ORDERS = [
    ["KJH-2018-001", "KJH-2018-998", "KJH-2018-999", "KJH-2018-1000", "KJH-2018-100000"],
    ["KJH18-E-00002", "KJH18-E-99999", "KJH18-E-100000", "KJH18-V-00001"],
    ["1E5", "1E10", "2E1", "10A1"],
    ["A-2", "A-010", "A-11", "B-1"],
    ["", "一", "签到台 2", "签到台 10"],
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[-1])
def test_order(order: list[str]) -> None:
    mixed = random.sample(order, len(order))
    assert sorted(mixed, key=natural_key) == order


def test_a_number_past_all_counting_stands_as_it_is_written() -> None:
    assert natural_key("9131011400000000012345") == "9131011400000000012345"
    assert natural_key("A٣-3") == "A٣-000000000003"  # digits as a server's [0-9] knows them
