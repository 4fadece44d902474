"""Money after the hammer: exact to the fen, never paid twice, nothing above what the law allows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expo_app.rules import auction_money
from expo_app.rules.auction_money import NOTHING, Term, Tier, cap, claim, commission, covered, tier_no, working_days
from expo_app.rules.auction_presets import COURT_BANDS

COURT = [Tier(*band) for band in COURT_BANDS]
yuan = st.integers(0, 10**14).map(lambda fen: Decimal(fen).scaleb(-2))


@st.composite
def tiers(draw: st.DrawFn) -> list[Tier]:
    starts = sorted({0, *draw(st.lists(st.integers(1, 10**11), max_size=5))})
    percents = st.integers(0, 1_000_000)
    return [Tier(Decimal(start).scaleb(-2), Decimal(draw(percents)).scaleb(-4)) for start in starts]


@pytest.mark.parametrize(
    ("price", "wanted"),
    [
        ("0.00", "0.00"), ("100.00", "5.00"), ("2000000.00", "100000.00"), ("3000000.00", "130000.00"),
        ("10000000.00", "340000.00"), ("100000000.00", "1640000.00"), ("200000000.00", "2140000.00"),
        ("860000.00", "43000.00"), ("0.10", "0.01"), ("0.09", "0.00"),
    ],
)  # fmt: skip
def test_the_court_s_table_is_marginal(price: str, wanted: str) -> None:
    assert commission(Decimal(price), COURT) == Decimal(wanted)
    assert commission(Decimal(price), COURT[::-1]) == Decimal(wanted)


@given(yuan, tiers())
def test_a_commission_is_whole_fen_and_close_to_the_exact_sum(price: Decimal, bands: list[Tier]) -> None:
    found = commission(price, bands)
    exact, left = NOTHING, price
    for band in reversed(bands):  # from the top down, another way round
        if left > band.from_amount:
            exact += (left - band.from_amount) * band.percent / 100
            left = band.from_amount
    assert found == found.quantize(Decimal("0.01"))
    assert -Decimal("0.005") < found - exact <= Decimal("0.005")


@given(yuan, yuan, tiers())
def test_a_higher_price_never_pays_less(one: Decimal, other: Decimal, bands: list[Tier]) -> None:
    low, high = sorted((one, other))
    assert commission(low, bands) <= commission(high, bands)


@given(yuan, tiers())
def test_what_is_not_agreed_is_five_percent_at_most(price: Decimal, bands: list[Tier]) -> None:
    found = commission(price, bands, is_agreed=False)
    assert found * 20 <= price
    agreed = commission(price, bands)
    assert found == min(agreed, cap(price))
    assert auction_money.is_capped(price, bands, False) is (found < agreed)
    assert not auction_money.is_capped(price, bands, True)


def test_nobody_pays_where_nothing_was_written() -> None:
    assert commission(Decimal(1_000_000), []) == 0
    assert tier_no(Decimal(1_000_000), []) == 0


@pytest.mark.parametrize(("price", "no"), [("1.00", 1), ("2000000.00", 1), ("2000000.01", 2), ("99999999.00", 4)])
def test_the_tier_a_price_reaches(price: str, no: int) -> None:
    assert tier_no(Decimal(price), COURT) == no


@given(yuan, st.lists(yuan, max_size=6))
def test_money_covers_one_after_the_other(available: Decimal, needs: list[Decimal]) -> None:
    found = covered(available, needs)
    assert sum(found, NOTHING) == min(available, sum(needs, NOTHING))
    assert all(0 <= part <= need for part, need in zip(found, needs, strict=True))
    short = [at for at, (part, need) in enumerate(zip(found, needs, strict=True)) if part < need]
    assert not short or not any(found[short[0] + 1 :])


def test_the_first_buyer_owes_both_commissions_and_what_is_missing() -> None:
    seller, buyer = Decimal("43000.00"), Decimal("21500.00")
    less = claim(Decimal(860_000), Decimal(700_000), seller, buyer)
    assert (less.shortfall, less.total) == (Decimal(160_000), Decimal("224500.00"))
    more = claim(Decimal(860_000), Decimal(900_000), seller, buyer)
    assert (more.shortfall, more.total) == (0, Decimal("64500.00"))
    assert claim(Decimal(860_000), None, seller, buyer).total == Decimal("64500.00")


HOLIDAYS = {date(2018, 12, 31): False, date(2018, 12, 29): True, date(2019, 1, 1): False}


@pytest.mark.parametrize(
    ("start", "days", "holidays", "wanted"),
    [
        (date(2018, 11, 29), 5, {}, Term(date(2018, 12, 6), 2018)),
        (date(2018, 11, 29), 5, HOLIDAYS, Term(date(2018, 12, 6))),
        (date(2018, 12, 28), 1, HOLIDAYS, Term(date(2018, 12, 29))),  # a Saturday that is worked
        (date(2018, 12, 28), 2, HOLIDAYS, Term(date(2019, 1, 2))),
        # 1 January 2019 is a Tuesday of which nobody said that it is free
        (date(2018, 12, 28), 2, {date(2018, 12, 31): False}, Term(date(2019, 1, 2), 2019)),
        (date(2018, 11, 30), 0, HOLIDAYS, Term(date(2018, 11, 30))),
    ],
)
def test_working_days(start: date, days: int, holidays: dict[date, bool], wanted: Term) -> None:
    assert working_days(start, days, holidays) == wanted


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_a_term_ends_on_a_working_day(start: date, days: int) -> None:
    term = working_days(start, days, {})
    between = [start + timedelta(n) for n in range(1, (term.day - start).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == days
    assert not days or term.day.weekday() < 5
