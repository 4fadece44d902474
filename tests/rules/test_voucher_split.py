"""The split of a price: both parts are the price, the voucher's cut down to the fen, the limit that cut it named."""

import random
from decimal import Decimal

import pytest

from expo_app.rules.voucher_split import FEN, LIMITS, split

CASES = [
    ("20000.00", "50", {}, ("10000.00", "10000.00", "")),
    ("0.03", "50", {}, ("0.01", "0.02", "")),
    ("0.01", "50", {}, ("0.00", "0.01", "")),
    ("100.00", "33.33333333", {}, ("33.33", "66.67", "")),
    ("100.00", "100", {}, ("100.00", "0.00", "")),
    ("100.00", "120", {}, ("100.00", "0.00", "")),
    ("200000.00", "50", {"per_use": "50000.00", "voucher": "60000.00"}, ("50000.00", "150000.00", "per_use")),
    ("200000.00", "50", {"per_use": "50000.00", "voucher": "30000.01"}, ("30000.01", "169999.99", "voucher")),
    ("200000.00", "50", {"per_year": "100.00", "budget": "100.00"}, ("100.00", "199900.00", "per_year")),
    ("100.00", "50", {"per_use": "50.00", "budget": None}, ("50.00", "50.00", "")),
    ("100.00", "50", {"voucher": "0.00"}, ("0.00", "100.00", "voucher")),
    ("100.00", "50", {"per_year": "-3.00"}, ("0.00", "100.00", "per_year")),
]


@pytest.mark.parametrize(("basis", "rate", "limits", "parts"), CASES)
def test_split(basis: str, rate: str, limits: dict[str, str | None], parts: tuple[str, str, str]) -> None:
    found = split(Decimal(basis), Decimal(rate), {k: None if v is None else Decimal(v) for k, v in limits.items()})
    assert (str(found.share), str(found.own), found.bites) == parts


def test_any_split_adds_up_and_is_within_every_limit() -> None:
    draw = random.Random(15)  # noqa: S311
    for _ in range(5000):
        basis = Decimal(draw.randint(1, 10**9)) * FEN
        rate = Decimal(draw.randint(1, 10**10)).scaleb(-8)
        limits = {name: draw.choice((None, Decimal(draw.randint(0, 10**9)) * FEN)) for name in LIMITS}
        found = split(basis, rate, limits)
        assert found.share + found.own == basis
        assert found.share == found.share.quantize(FEN)
        assert 0 <= found.share <= basis * rate / 100
        assert all(most is None or found.share <= most for most in limits.values())
        whole = split(basis, rate, {}).share
        assert (found.share < whole) is bool(found.bites)
        assert not found.bites or found.share == limits[found.bites]
