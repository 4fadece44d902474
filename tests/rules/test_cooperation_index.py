"""The index by its formula, and the yearly rate between two end points."""

from decimal import Decimal

from expo_app.rules.cooperation_index import index_of, shown_rate, yearly_rate


def test_the_rate_of_a_published_series_from_its_end_points() -> None:
    # published: 100.00 in 2010, 178.91 in 2017, “+8.67 % a year”
    rate = yearly_rate(Decimal("100.00"), Decimal("178.91"), 2017 - 2010)
    assert shown_rate(rate, 3) == "8.665 %"
    assert shown_rate(rate) == "8.67 %"


def test_no_rate_without_years_or_from_nothing() -> None:
    assert yearly_rate(Decimal(100), Decimal(120), 0) is None
    assert yearly_rate(Decimal(0), Decimal(120), 3) is None
    assert shown_rate(None) == "—"


def test_falling_is_a_rate_below_zero() -> None:
    assert shown_rate(yearly_rate(Decimal(100), Decimal(81), 2)) == "-10.00 %"


def test_the_index_is_the_mean_of_the_ratios_to_the_base_year() -> None:
    parts = {"a": {2018: 10, 2019: 15, 2020: 0}, "b": {2018: 4, 2019: 4, 2020: 8}}
    found = index_of(parts, (2018, 2019, 2020), 2018)
    assert [(one.year, one.value) for one in found] == [
        (2018, Decimal("100.00")), (2019, Decimal("125.00")), (2020, Decimal("100.00")),
    ]  # fmt: skip


def test_a_part_that_the_base_year_has_nothing_of_is_in_no_year() -> None:
    parts = {"a": {2018: 10, 2019: 20}, "new": {2018: 0, 2019: 500}}
    assert [one.value for one in index_of(parts, (2018, 2019), 2018)] == [Decimal("100.00"), Decimal("200.00")]


def test_a_year_without_a_part_goes_by_the_others_and_says_so() -> None:
    parts = {"fair": {2018: 10}, "use": {2018: 3, 2019: 4}}
    last = index_of(parts, (2018, 2019), 2018)[1]
    assert (last.value, last.left_out) == (Decimal("133.33"), ("fair",))


def test_a_year_that_nothing_is_known_of_has_no_index() -> None:
    assert index_of({"fair": {2018: 10}}, (2018, 2019), 2018)[1].value is None
