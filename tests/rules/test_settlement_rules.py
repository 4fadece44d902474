"""Who settles for a place, what a period is, and what uses come to: against plain sums."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from expo_app.rules import periods
from expo_app.rules.periods import period
from expo_app.rules.settlement import Use, effective_day, folded, party_name, party_of, settle

ISSUERS = {"310114", "3205", "320583", "33"}


@pytest.mark.parametrize(
    ("code", "party"),
    [
        ("310114", "310114"), ("320506", "3205"), ("320583", "320583"), ("330302", "33"), ("310120", "310120"),
        ("340200", "3402"), ("110105", "110105"), ("", ""),
    ],
)  # fmt: skip
def test_the_longest_issuer_settles_for_a_place_else_its_city(code: str, party: str) -> None:
    assert party_of(code, ISSUERS) == party


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2019", "2019-01-01", "2019-12-31", 12), ("2019H1", "2019-01-01", "2019-06-30", 6),
        (" 2020h2 ", "2020-07-01", "2020-12-31", 6), ("2019Q2", "2019-04-01", "2019-06-30", 3),
        ("2019q4", "2019-10-01", "2019-12-31", 3), ("2020Q1", "2020-01-01", "2020-03-31", 3),
    ],
)  # fmt: skip
def test_a_period_is_read(text: str, first: str, last: str, months: int) -> None:
    found = period(text)
    assert (found.from_day.isoformat(), found.until.isoformat(), found.months) == (first, last, months)
    assert periods.exactly(found.from_day, found.until) == found
    assert periods.previous(found).until < found.from_day


@pytest.mark.parametrize("text", ["", "2019H3", "2019Q0", "19H1", "2019-06", "Q1", "2019H", "2019Q11", "２０１９"])
def test_what_is_no_period_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="2019Q2"):
        period(text)


def test_uses_add_up_to_the_fen_and_every_pair_has_one_net() -> None:
    chance = random.Random(14)  # noqa: S311
    places = ("310114", "3205", "320583", "320585", "3303")
    uses = [
        Use(chance.choice(places), chance.choice(places), chance.randrange(-5000, 900_000), chance.random() < 0.2)
        for _n in range(5000)
    ]
    owed: Counter[tuple[str, str]] = Counter()
    for use in uses:
        if not use.refunded and use.issuer != use.payee:
            owed[use.issuer, use.payee] += use.fen
    found = settle(uses)
    assert len(found.pairs) == 10
    for pair in found.pairs:
        balance = owed[pair.a, pair.b] - owed[pair.b, pair.a]
        assert pair.net == Decimal(abs(balance)) / 100
        assert pair.payer == (pair.a if balance > 0 else pair.b)
    assert sum(found.net(code) for code in places) == 0
    assert found.paid.fen == sum(owed.values())
    assert found.paid.count + found.refunded.count + found.at_home.count == len(uses)
    cities = folded(found)
    assert cities.parties == ("310114", "3205", "3303")
    total = sum(cell.all.fen for cell in cities.cells.values())
    assert total == sum(use.fen for use in uses)


def test_a_correction_may_turn_who_pays_whom() -> None:
    (pair,) = settle([Use("a", "b", 500, False), Use("a", "b", -800, False)]).pairs
    assert (pair.net, pair.payer, pair.count) == (Decimal(3), "b", 2)


def test_a_day_that_was_settled_already_belongs_behind_it() -> None:
    closed = [(date(2019, 1, 1), date(2019, 3, 31)), (date(2019, 4, 1), date(2019, 6, 30))]
    assert effective_day(date(2019, 2, 1), closed) == date(2019, 7, 1)
    assert effective_day(date(2018, 12, 31), closed) == date(2018, 12, 31)


def test_a_city_within_which_others_settle_is_told_apart() -> None:
    assert party_name("3205", {"3205", "320583"}) == f"{party_name('3205')}市区"
    assert party_name("320583", {"3205", "320583"}) == party_name("320583")
    assert party_name("32050") == party_name("3205", {"3205", "320583"})
