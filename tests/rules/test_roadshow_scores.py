"""What experts' points come to."""

import uuid
from decimal import Decimal

from expo_app.rules.roadshow_scores import Criterion, Mean, averages, mean, ranks, total

FIRST, SECOND, THIRD = (uuid.UUID(int=n) for n in (1, 2, 3))
NEW, MARKET = Criterion(FIRST, "创新性", 40, 1), Criterion(SECOND, "市场", 100, 3)
BOTH = (NEW, MARKET)


def points(new: str | None, market: str | None) -> dict[uuid.UUID, Decimal | None]:
    said = {FIRST: new, SECOND: market}
    return {key: None if text is None else Decimal(text) for key, text in said.items()}


def test_each_criterion_counts_by_its_share_and_its_weight() -> None:
    """30 of 40 is 75 once, 90 of 100 three times: (75 + 270) / 4."""
    assert mean(BOTH, {"甲": points("30", "90")}) == Mean(Decimal("86.25"), 1, 0)


def test_the_mean_is_of_those_who_finished() -> None:
    given = {"甲": points("30", "90"), "乙": points("40", "100"), "丙": points("40", None)}
    assert mean(BOTH, given) == Mean(Decimal("93.13"), 2, 1)  # 93.125, half up


def test_nobody_finished_is_no_zero() -> None:
    assert mean(BOTH, {"甲": {FIRST: Decimal(40)}}) == Mean(None, 0, 1)
    assert (mean(BOTH, {}).shown, mean(BOTH, {"甲": points("0", "0")}).shown) == ("—", "0.00")
    assert mean((), {"甲": points("30", "90")}) == Mean(None, 0, 1)


def test_what_cannot_be_read_is_missing() -> None:
    assert total((Criterion(FIRST, "创新性", None, 1),), points("30", "90")) is None
    assert total((Criterion(FIRST, "创新性", 40, None),), points("30", "90")) is None


def test_thirds_are_exact_until_the_end() -> None:
    thirds = (Criterion(FIRST, "甲", 3, 1), Criterion(SECOND, "乙", 3, 1), Criterion(THIRD, "丙", 3, 1))
    given = {FIRST: Decimal(1), SECOND: Decimal(1), THIRD: Decimal(1)}
    assert mean(thirds, {"甲": given, "乙": given, "丙": given}).value == Decimal("33.33")


def test_equal_means_share_a_place_and_one_alone_has_none() -> None:
    seven, eight = Decimal(70), Decimal(80)
    assert ranks([seven, eight, None, eight, Decimal(60)]) == [3, 1, None, 1, 4]
    assert ranks([seven, None]) == [None, None]


def test_the_average_of_a_criterion_is_of_whoever_is_in_the_mean() -> None:
    given = [(Decimal(30), Decimal(90)), (Decimal(35), Decimal("90.5"))]
    assert averages(BOTH, given) == (Decimal("32.50"), Decimal("90.25"))
    assert averages(BOTH, []) == (None, None)
