"""By how much a bid has to be higher: the published ladder, percent rounded up, tables of one's own."""

from decimal import Decimal
from itertools import pairwise

import pytest

from expo_app.model import LadderKind
from expo_app.rules.auction_ladder import PRESET, Band, Ladder, next_amount, step_at, steps, words

BY_BANDS = Ladder()


@pytest.mark.parametrize(
    ("price", "step"),
    [
        ("100", "10"), ("249", "10"), ("250", "25"), ("499", "25"), ("500", "50"), ("999", "50"), ("1000", "100"),
        ("2499", "100"), ("2500", "250"), ("999999.99", "50000"), ("1000000", "100000"), ("2500000", "250000"),
        ("9999999", "500000"), ("10000000", "1000000"), ("99", "10"), ("0.01", "10"),
    ],
)  # fmt: skip
def test_the_published_ladder(price: str, step: str) -> None:
    assert step_at(BY_BANDS, Decimal(price)) == Decimal(step)


def test_each_increment_of_the_preset_is_a_tenth_of_its_band() -> None:
    assert all(band.step * 10 == band.from_amount for band in PRESET)
    assert all(one.from_amount < other.from_amount for one, other in pairwise(PRESET))
    assert PRESET[-1].from_amount >= Decimal(10) ** 11


def test_every_amount_of_the_preset_is_whole_fen() -> None:
    assert all(band.step == band.step.quantize(Decimal("0.01")) for band in PRESET)


@pytest.mark.parametrize(
    ("price", "percent", "step"),
    [
        ("1000000", "5", "50000"),
        ("1000001", "5", "50100"),  # 50,000.05 goes up to the next whole 100
        ("1020000", "5", "51000"),
        ("1000", "5", "100"),  # 50 is less than the least
        ("1234567", "0.5", "6200"),
        ("100", "0.01", "100"),
    ],
)
def test_percent_goes_up_to_whole_hundreds(price: str, percent: str, step: str) -> None:
    assert step_at(Ladder(LadderKind.PERCENT, percent=Decimal(percent)), Decimal(price)) == Decimal(step)


def test_a_fixed_step_is_the_same_at_every_price() -> None:
    ladder = Ladder(LadderKind.FIXED, Decimal(40_000))
    assert steps(ladder, Decimal(1_200_000), Decimal(1_680_000)) == [1_720_000, 1_760_000, 1_800_000]


def test_a_table_counts_from_the_band_that_the_price_is_in() -> None:
    ladder = Ladder(LadderKind.TABLE, bands=(Band(Decimal(1000), Decimal(50)), Band(Decimal(2000), Decimal(200))))
    assert [step_at(ladder, Decimal(price)) for price in (10, 999, 1000, 1999, 2000, 10**9)] == [
        50,
        50,
        50,
        50,
        200,
        200,
    ]


def test_the_steps_climb_through_the_bands() -> None:
    assert steps(BY_BANDS, Decimal(2000), Decimal(2300), 4) == [2400, 2500, 2750, 3000]


def test_the_first_bid_is_the_start_price() -> None:
    assert next_amount(BY_BANDS, Decimal(777), None) == 777
    assert steps(Ladder(LadderKind.FIXED, Decimal(10)), Decimal(100), None) == [100, 110, 120]


@pytest.mark.parametrize(
    "ladder",
    [
        Ladder(LadderKind.FIXED), Ladder(LadderKind.FIXED, Decimal(0)), Ladder(LadderKind.PERCENT),
        Ladder(LadderKind.PERCENT, percent=Decimal(0)), Ladder(LadderKind.TABLE),
        Ladder(LadderKind.TABLE, bands=(Band(Decimal(1), Decimal(0)),)),
    ],
)  # fmt: skip
def test_a_ladder_that_says_no_increment_is_not_whole(ladder: Ladder) -> None:
    assert not ladder.is_whole
    with pytest.raises(ValueError, match="no increment"):
        step_at(ladder, Decimal(100))


@pytest.mark.parametrize("text", ["100", "249", "1e3", "99999", "12345678.90", "1e11", "9e12"])
def test_no_bid_is_ever_as_low_as_the_price(text: str) -> None:
    price = Decimal(text)
    for ladder in (BY_BANDS, Ladder(LadderKind.PERCENT, percent=Decimal("0.01"))):
        assert next_amount(ladder, Decimal(1), price) > price


def test_a_ladder_in_words() -> None:
    assert words(Ladder(LadderKind.FIXED, Decimal(40_000))) == "固定加价 4.00 万元"
    assert words(Ladder(LadderKind.PERCENT, percent=Decimal("2.50"))) == "按比例加价 2.5%"
    assert words(BY_BANDS) == "1-2.5-5 阶梯"
