import uuid
from datetime import date
from decimal import Decimal

import pytest

from expo_app.model import CountsAs
from expo_app.rules.counting import Attendance, Counts, count, is_trade_visitor, is_visitor

ANN, BOB, CEM = (uuid.UUID(int=n) for n in (1, 2, 3))
ONE, TWO = date(2018, 11, 28), date(2018, 11, 29)


@pytest.mark.parametrize(
    ("counts_as", "visitor", "trade"),
    [
        (CountsAs.VISITOR, True, False),
        (CountsAs.TRADE_VISITOR, True, True),
        (CountsAs.EXHIBITOR, False, False),
        (CountsAs.STAFF, False, False),
        (CountsAs.NOBODY, False, False),
    ],
)
def test_who_is_a_visitor(counts_as: CountsAs, visitor: bool, trade: bool) -> None:
    assert (is_visitor(counts_as), is_trade_visitor(counts_as)) == (visitor, trade)


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([], Counts(0, 0, 0, 0, 0, 0)),
        ([(ANN, ONE, CountsAs.VISITOR)], Counts(1, 0, 1, 0, 1, 1)),
        ([(ANN, ONE, CountsAs.VISITOR), (ANN, ONE, CountsAs.VISITOR)], Counts(1, 0, 1, 0, 1, 2)),
        ([(ANN, ONE, CountsAs.TRADE_VISITOR), (ANN, TWO, CountsAs.TRADE_VISITOR)], Counts(1, 1, 2, 2, 1, 2)),
        (
            [(ANN, ONE, CountsAs.TRADE_VISITOR), (BOB, ONE, CountsAs.VISITOR), (CEM, TWO, CountsAs.STAFF)],
            Counts(2, 1, 2, 1, 3, 3),
        ),
        ([(BOB, ONE, CountsAs.EXHIBITOR), (CEM, TWO, CountsAs.STAFF)], Counts(0, 0, 0, 0, 2, 2)),
    ],
)
def test_counts(rows: list[Attendance], counts: Counts) -> None:
    assert count(rows) == counts


def test_share_of_trade_visitors() -> None:
    assert Counts(4, 1, 4, 1, 4, 4).trade_share == Decimal("0.25")
    assert Counts(0, 0, 0, 0, 2, 2).trade_share is None
