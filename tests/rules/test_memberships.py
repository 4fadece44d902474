"""Spans of membership: who belongs on a day, what overlaps, what changed in a year."""

from datetime import date

import pytest

from expo_app.model import PlatformState
from expo_app.rules.memberships import Change, Span, changes, first_met, in_force, is_in_order, is_stalled, unbroken


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (Span("2018-11", "2019-12"), Span("2020-01"), False),
        (Span("2018-11", "2019-12"), Span("2019-12"), False),
        (Span("2018-11", "2019-12-15"), Span("2019-12"), True),
        (Span("2018", "2019"), Span("2019-06"), True),
        (Span("2018-11"), Span("2020"), True),
        (Span(), Span("2020", "2021"), True),
        (Span(until="2019"), Span("2020", "2021"), False),
        (Span("2018-11-28", "2018-11-28"), Span("2018-11-29"), False),
    ],
)
def test_what_overlaps(one: Span, other: Span, meets: bool) -> None:
    assert one.meets(other) is other.meets(one) is meets
    assert (first_met(one, [other]) == other) is meets


def test_a_span_holds_from_the_first_day_it_can_mean_to_the_last() -> None:
    span = Span("2018-11", "2019")
    assert not span.holds(date(2018, 10, 31))
    assert span.holds(date(2018, 11, 1))
    assert span.holds(date(2019, 12, 31))
    assert not span.holds(date(2020, 1, 1))
    assert is_in_order("2019", "2019-02")
    assert not is_in_order("2019-03", "2019-02")


def test_of_two_roles_on_one_day_the_later_holds() -> None:
    spans = {"member": Span("2018", "2019-12"), "council": Span("2019-12")}
    assert in_force(spans, date(2019, 12, 5)) == "council"
    assert in_force(spans, date(2019, 11, 30)) == "member"
    assert in_force(spans, date(2017, 1, 1)) is None


def test_changes_in_a_year() -> None:
    first, second = Span("2018-11", "2019-12"), Span("2019-12", "2021-03")
    assert changes([second, first], 2018) == [(Change.JOINED, first)]
    assert changes([second, first], 2019) == [(Change.TURNED, second)]
    assert changes([second, first], 2020) == []
    assert changes([second, first], 2021) == [(Change.LEFT, second)]
    again = Span("2021-09")
    assert changes([first, second, again], 2021) == [(Change.LEFT, second), (Change.JOINED, again)]
    assert changes([Span()], 2020) == []


def test_a_platform_stalls_before_it_runs() -> None:
    since = date(2019, 1, 1)
    assert not is_stalled(PlatformState.BUILDING, since, date(2019, 6, 30))
    assert is_stalled(PlatformState.BUILDING, since, date(2019, 7, 1))
    assert not is_stalled(PlatformState.RUNNING, since, date(2022, 1, 1))
    assert not is_stalled(PlatformState.PLANNED, None, date(2022, 1, 1))


def test_membership_goes_back_over_roles_and_not_over_a_break() -> None:
    first, second, third = Span("2018-11", "2019-02"), Span("2020-01", "2021-02"), Span("2021-03")
    assert unbroken([third, first, second], third) == second
    assert unbroken([first, second, third], first) == first
