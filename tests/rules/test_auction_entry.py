"""What a clerk's fingers mean."""

from decimal import Decimal

import pytest

from expo_app.rules.auction_entry import Means, Presses, Typed, amount_of


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("180", "1800000"), ("172.5", "1725000"), (" 180万 ", "1800000"), ("1720000元", "1720000"),
        ("1720000y", "1720000"), ("172W", "1720000"), ("1.2e", "120000000"), ("0.000001", "0.01"),
        ("１８０", "1800000"), ("1,720", "17200000"),
    ],
)  # fmt: skip
def test_an_amount_is_in_wan_unless_it_says_otherwise(text: str, yuan: str) -> None:
    assert amount_of(text) == Decimal(yuan)


@pytest.mark.parametrize("text", ["", "abc", "-5", "1e9", "18o", "172 万 5", "$180"])
def test_what_is_no_amount_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="。"):
        amount_of(text)


def test_a_paddle_is_a_number_above_nought() -> None:
    assert [Typed(text).number for text in ("", "0", "00", "7", "07", "018")] == [None, None, None, 7, 7, 18]


def test_twice_within_two_seconds_is_the_hammer() -> None:
    presses = Presses()
    assert [presses.press(0, True), presses.press(1.9, True)] == [Means.ONCE, Means.NOW]
    assert [presses.press(2, True), presses.press(4.1, True)] == [Means.ONCE, Means.ONCE]
    presses.forget()
    assert presses.press(4.2, True) is Means.ONCE


def test_calls_that_lack_are_said_and_a_third_press_takes_it() -> None:
    presses = Presses()
    assert [presses.press(at, False) for at in (0, 1, 6)] == [Means.ONCE, Means.EARLY, Means.NOW]
    assert [presses.press(at, False) for at in (10, 11, 18)] == [Means.ONCE, Means.EARLY, Means.ONCE]
