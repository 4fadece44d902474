from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from expo_app.model import CountsAs
from expo_app.rules.categories import Quota, WalkIn
from expo_app.rules.terms import Terms
from tests.factories import local, term

NIGHT = replace(term("build_up"), opens=time(20), closes=time(2))


@pytest.mark.parametrize(
    ("quota", "area", "passes"),
    [
        (Quota(), Decimal(36), None),
        (Quota(Decimal(3), 2), Decimal(36), 12),
        (Quota(Decimal(3), 2), Decimal("35.9"), 11),
        (Quota(Decimal(3), 2), Decimal(3), 2),
        (Quota(Decimal(9)), Decimal(0), 0),
        (Quota(least=2), Decimal(0), 2),
        (Quota(Decimal(3), 2), None, None),
        (Quota(each=3), None, 3),
        (Quota(each=0), Decimal(36), 0),
    ],
)
def test_passes_of_an_organisation(quota: Quota, area: Decimal | None, passes: int | None) -> None:
    assert quota.of(area) == passes


@pytest.mark.parametrize(
    ("opens", "closes", "hours", "inside", "outside"),
    [
        (None, None, "", (time(0), time(23, 59)), ()),
        (time(8, 30), time(16, 30), "08:30–16:30", (time(8, 30), time(16, 29)), (time(8, 29), time(16, 30))),
        (time(20), time(2), "20:00–02:00", (time(20), time(23, 59), time(1, 59)), (time(2), time(19, 59))),
        (time(20), time(0), "20:00–24:00", (time(20), time(23, 59)), (time(0), time(19, 59))),
        (time(20), None, "20:00–24:00", (time(23),), (time(1),)),
        (None, time(9), "00:00–09:00", (time(0), time(8, 59)), (time(9),)),
    ],
)
def test_hours(
    opens: time | None, closes: time | None, hours: str, inside: tuple[time, ...], outside: tuple[time, ...]
) -> None:
    category = replace(term("visitor"), opens=opens, closes=closes)
    assert category.hours == hours
    assert [category.is_let_in_at(clock) for clock in (*inside, *outside)] == [True] * len(inside) + [False] * len(
        outside
    )


def test_what_runs_past_midnight_is_still_the_day_before() -> None:
    assert NIGHT.day_of(local(27, 1, 59)) == date(2018, 11, 26)
    assert NIGHT.day_of(local(27, 20)) == date(2018, 11, 27)
    assert term("visitor").day_of(local(27, 1, 59)) == date(2018, 11, 27)


def test_a_walk_in_is_the_first_that_counts_as_a_visitor() -> None:
    exhibitor, trade, visitor = term("exhibitor"), term("trade_visitor"), term("visitor")
    assert WalkIn().of(Terms([exhibitor, trade, visitor])) == visitor
    assert WalkIn().of(Terms([exhibitor, trade, replace(visitor, is_hidden=True)])) == trade
    assert WalkIn().of(Terms([exhibitor])) == exhibitor
    assert WalkIn().of(Terms()) is None
    renamed = replace(exhibitor, counts_as=CountsAs.VISITOR)
    assert WalkIn().of(Terms([renamed, visitor])) == renamed
