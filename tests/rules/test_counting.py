import uuid
from datetime import date
from decimal import Decimal

import pytest

from expo_app.model import Category
from expo_app.rules.counting import Attendance, Counts, count, is_trade_visitor, is_visitor, visits_by_day

ANN, BOB, CEM = (uuid.UUID(int=n) for n in (1, 2, 3))
ONE, TWO = date(2018, 11, 28), date(2018, 11, 29)


@pytest.mark.parametrize(
    ("category", "visitor", "trade"),
    [
        (Category.VISITOR, True, False),
        (Category.TRADE_VISITOR, True, True),
        (Category.INVESTOR, True, True),
        (Category.EXHIBITOR, False, False),
        (Category.GUEST, False, False),
        (Category.SPEAKER, False, False),
        (Category.MEDIA, False, False),
        (Category.STAFF, False, False),
    ],
)
def test_who_is_a_visitor(category: Category, visitor: bool, trade: bool) -> None:
    assert (is_visitor(category), is_trade_visitor(category)) == (visitor, trade)


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([], Counts(0, 0, 0, 0, 0, 0)),
        ([(ANN, ONE, Category.VISITOR)], Counts(1, 0, 1, 0, 1, 1)),
        ([(ANN, ONE, Category.VISITOR), (ANN, ONE, Category.VISITOR)], Counts(1, 0, 1, 0, 1, 2)),
        ([(ANN, ONE, Category.INVESTOR), (ANN, TWO, Category.INVESTOR)], Counts(1, 1, 2, 2, 1, 2)),
        (
            [(ANN, ONE, Category.TRADE_VISITOR), (BOB, ONE, Category.VISITOR), (CEM, TWO, Category.MEDIA)],
            Counts(2, 1, 2, 1, 3, 3),
        ),
        ([(BOB, ONE, Category.EXHIBITOR), (CEM, TWO, Category.STAFF)], Counts(0, 0, 0, 0, 2, 2)),
    ],
)
def test_counts(rows: list[Attendance], counts: Counts) -> None:
    assert count(rows) == counts


def test_share_of_trade_visitors() -> None:
    assert Counts(4, 1, 4, 1, 4, 4).trade_share == Decimal("0.25")
    assert Counts(0, 0, 0, 0, 2, 2).trade_share is None


def test_visits_by_day() -> None:
    rows = [
        (BOB, TWO, Category.VISITOR),
        (ANN, ONE, Category.VISITOR),
        (ANN, ONE, Category.VISITOR),
        (ANN, TWO, Category.VISITOR),
        (CEM, ONE, Category.GUEST),
    ]
    by_day = visits_by_day(rows)
    assert list(by_day.items()) == [(ONE, 1), (TWO, 2)]
    assert sum(by_day.values()) == count(rows).visits
