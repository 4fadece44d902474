"""How much somebody is interested in, as people say it."""

from decimal import Decimal

import pytest

from expo_app.rules.interest_range import parse_range, range_text, range_words


def yuan(wan: str | None) -> Decimal | None:
    return None if wan is None else Decimal(wan) * 10_000


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", None, None), ("50-200", "50", "200"), ("５０—２００", "50", "200"), ("50万-200万", "50", "200"),
        ("50 至 200 万元", "50", "200"), ("50 以上", "50", None), ("50万元以上", "50", None), ("50+", "50", None),
        ("200 以内", None, "200"), ("不超过 300", None, "300"), ("80", "80", "80"), ("1,200", "1200", "1200"),
        ("1-2亿元", "10000", "20000"), ("5000万-1亿", "5000", "10000"), ("0.5-1.25", "0.5", "1.25"),
    ],
)  # fmt: skip
def test_ranges_are_read(text: str, low: str | None, high: str | None) -> None:
    assert parse_range(text) == (yuan(low), yuan(high))


@pytest.mark.parametrize(("text", "why"), [
    ("200-50", "上限不能低于下限"), ("许多", "不是金额范围"), ("1-2-3", "不是金额范围"), ("0", "大于 0"),
    ("-", "不是金额范围"),
])  # fmt: skip
def test_what_is_no_range_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_range(text)


@pytest.mark.parametrize("text", ["", "50-200", "50 以上", "200 以内", "80", "0.5-1.25"])
def test_what_is_typed_comes_back(text: str) -> None:
    assert range_text(*parse_range(text)) == text


def test_ranges_are_read_as_words() -> None:
    said = [range_words(yuan(low), yuan(high)) for low, high in (("50", "200"), ("50", None), (None, "9"), ("8", "8"))]
    assert said == ["50.00–200.00 万元", "50.00 万元以上", "9.00 万元以内", "8.00 万元"]
    assert range_words(None, None) == ""
