"""Size classes, means and flows: exact, and as the published figures of 2019 have them."""

import random
from decimal import Decimal

import pytest

from expo_app.rules.size_classes import CLASSES, class_of, mean, net_outputs, total

YI = Decimal(100_000_000)
NET = {"上海": "541.66", "江苏": "-295.85", "浙江": "-227.15", "安徽": "-160.40"}
"""净输出 of the four provinces of the Delta in 2019, in 亿元, as published."""


@pytest.mark.parametrize(
    ("amount", "key"),
    [
        (None, ""), ("0", "small"), ("4999999.99", "small"), ("5000000", "large"), ("9999999.99", "large"),
        ("10000000", "very_large"), ("1e15", "very_large"),
    ],
)  # fmt: skip
def test_every_amount_is_in_one_class(amount: str | None, key: str) -> None:
    assert class_of(None if amount is None else Decimal(amount)) == key
    assert key in {"", *(known for known, _words, _least in CLASSES)}


def test_what_is_below_nothing_is_named_as_wrong() -> None:
    assert class_of(Decimal("-0.01")) == "negative"


def test_the_mean_of_the_delta_in_2019() -> None:
    found = mean(Decimal("4624.95") * YI, 124_729)
    assert found is not None
    assert round(found / 10_000, 2) == Decimal("370.80")


@pytest.mark.parametrize(("amount", "count"), [(None, 3), (Decimal(5), 0), (None, 0)])
def test_nothing_to_divide_has_no_mean(amount: Decimal | None, count: int) -> None:
    assert mean(amount, count) is None


def test_net_outputs_of_the_delta_in_2019_meet_the_margin_but_for_rounding() -> None:
    """The four do not close, they trade with the rest of the country: their net is output less intake of all four."""
    outputs = {place: max(Decimal(net), Decimal(0)) for place, net in NET.items()}
    intakes = {place: max(-Decimal(net), Decimal(0)) for place, net in NET.items()}
    found = net_outputs(outputs, intakes)
    assert found == {place: Decimal(net) for place, net in NET.items()}
    margin = Decimal("4231.49") - Decimal("4373.25")
    assert margin == Decimal("-141.76")
    assert sum(found.values()) == Decimal("-141.74")
    assert abs(sum(found.values()) - margin) == Decimal("0.02")


@pytest.mark.parametrize("seed", range(50))
def test_net_outputs_add_up_to_output_less_intake(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    places = [f"地{n}" for n in range(draw.randint(1, 12))]

    def some() -> dict[str, Decimal]:
        return {place: Decimal(draw.randint(0, 10**15)).scaleb(-2) for place in places if draw.random() < 0.8}

    outputs, intakes = some(), some()
    found = net_outputs(outputs, intakes)
    assert sum(found.values(), Decimal(0)) == sum(outputs.values()) - sum(intakes.values())
    assert found.keys() == outputs.keys() | intakes.keys()


def test_a_sum_of_what_is_known() -> None:
    assert total([None, None]) is None
    assert total([]) is None
    assert total([None, Decimal("0.01"), Decimal("0.02")]) == Decimal("0.03")
