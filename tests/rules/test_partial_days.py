"""Days known to the month or the year alone."""

from datetime import date

import pytest

from expo_app.rules import partial_days as days


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2019", "2019"), ("2019年", "2019"), ("2019-12", "2019-12"), ("2019年12月", "2019-12"), ("2019/3", "2019-03"),
        ("2019.12.5", "2019-12-05"), ("2019年12月5日", "2019-12-05"), ("201912", "2019-12"), ("20191205", "2019-12-05"),
        (" ２０１９－１２ ", "2019-12"), ("2019-12-05 00:00:00", "2019-12-05"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_what_is_said_is_kept_as_far_as_it_is_known(said: str, kept: str) -> None:
    assert days.parse(said) == kept


@pytest.mark.parametrize("said", ["去年", "2019-13", "2019-02-30", "19-12", "2019-12-05-01", "12月"])
def test_what_is_no_day_is_refused_with_the_words_given(said: str) -> None:
    with pytest.raises(ValueError, match=said):
        days.parse(said)


@pytest.mark.parametrize(
    ("kept", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-02-03", date(2020, 2, 3), date(2020, 2, 3)),
    ],
)
def test_a_partial_day_is_a_span(kept: str, first: date, last: date) -> None:
    assert (days.first_day(kept), days.last_day(kept)) == (first, last)


def test_days_are_counted_between_full_days_alone() -> None:
    assert days.days_between("2020-01-08", "2022-06-20") == 894
    assert days.days_between("2020-01", "2022-06-20") is None
    assert days.days_between("2020-01-08", "") is None


def test_a_month_is_before_a_day_only_when_all_of_it_is() -> None:
    assert days.surely_before("2019-11", "2019-12-01")
    assert not days.surely_before("2019-12", "2019-12-31")
    assert not days.surely_before("2019", "2019-06")
    assert not days.surely_before("", "2019")
