"""三地结算: who settles with whom, and what uses of vouchers come to between regions; pure and in whole fen.

A use is paid by the region of its policy (issuer) to the region of its provider (payee). Only 通兑 is owed between
regions; 通用 is refunded by the company's own region and listed beside it. Uses within a region are its own list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from expo_app.i18n import _
from expo_app.rules.periods import Period, period
from expo_app.rules.regions import MUNICIPALITIES, brief_name

__all__ = [
    "Amount", "Cell", "Pair", "Period", "Settlement", "Use", "city_of_party", "effective_day", "folded", "party_name",
    "party_of",
    "period", "settle",
]  # fmt: skip
CITY, DISTRICT = 4, 6


def party_of(region_code: str, issuers: Collection[str]) -> str:
    """Who settles for a place: the longest issuer's code that begins it, else its city ("" for no place)."""
    found = [code for code in issuers if code and region_code.startswith(code)]
    return max(found, key=len) if found else city_of_party(region_code)


def city_of_party(code: str) -> str:
    """The city of a place: four digits, of municipalities the district's six."""
    return code[: DISTRICT if code.startswith(MUNICIPALITIES) else CITY]


class Use(NamedTuple):
    """One use: `fen` of the voucher's share, negative for a correction; `refunded`: 通用."""

    issuer: str
    payee: str
    fen: int
    refunded: bool


@dataclass(frozen=True)
class Amount:
    """How many uses and what they come to in yuan."""

    count: int = 0
    fen: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.count + other.count, self.fen + other.fen)

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.fen).scaleb(-2)


NOTHING = Amount()


@dataclass(frozen=True)
class Cell:
    """What one region issued to another: what is owed (通兑) and, beside it, what is not (通用)."""

    paid: Amount = NOTHING
    refunded: Amount = NOTHING

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.paid + other.paid, self.refunded + other.refunded)

    @property
    def all(self) -> Amount:
        return self.paid + self.refunded


EMPTY = Cell()


@dataclass(frozen=True)
class Pair:
    """Two regions, `a` < `b`: `a_pays` is what a issued to providers of b, `b_pays` the other way."""

    a: str
    b: str
    a_pays: Cell
    b_pays: Cell

    @property
    def count(self) -> int:
        """All uses between them, 通用 too."""
        return self.a_pays.all.count + self.b_pays.all.count

    @property
    def balance(self) -> int:
        """Fen that a owes b; negative: b owes a."""
        return self.a_pays.paid.fen - self.b_pays.paid.fen

    @property
    def net(self) -> Decimal:
        """What one pays the other in yuan, never negative."""
        return Decimal(abs(self.balance)).scaleb(-2)

    @property
    def payer(self) -> str:
        """Who pays it; "" where nobody owes anything."""
        return "" if not self.balance else self.a if self.balance > 0 else self.b

    @property
    def refunded(self) -> Amount:
        return self.a_pays.refunded + self.b_pays.refunded


@dataclass(frozen=True)
class Settlement:
    """What uses come to: by (issuer, payee) what one issued to the other; the diagonal are local uses."""

    cells: Mapping[tuple[str, str], Cell]

    @cached_property
    def parties(self) -> tuple[str, ...]:
        return tuple(sorted({code for place in self.cells for code in place}))

    def cell(self, issuer: str, payee: str) -> Cell:
        return self.cells.get((issuer, payee), EMPTY)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every two regions with a use between them."""
        places = sorted({(min(place), max(place)) for place in self.cells if place[0] != place[1]})
        return tuple(Pair(a, b, self.cell(a, b), self.cell(b, a)) for a, b in places)

    @cached_property
    def local(self) -> Mapping[str, Amount]:
        """By region its uses at its own providers."""
        return {issuer: cell.all for (issuer, payee), cell in sorted(self.cells.items()) if issuer == payee}

    @cached_property
    def issued(self) -> Mapping[str, Amount]:
        """By region what it owes to all others."""
        return self._sums(0)

    @cached_property
    def received(self) -> Mapping[str, Amount]:
        """By region what all others owe it."""
        return self._sums(1)

    def _sums(self, side: int) -> Mapping[str, Amount]:
        found = dict.fromkeys(self.parties, NOTHING)
        for place, cell in self.cells.items():
            if place[0] != place[1]:
                found[place[side]] += cell.paid
        return found

    def net(self, code: str) -> int:
        """Fen a region gets (negative: pays) over all pairs; for reading, money moves per pair."""
        return self.received[code].fen - self.issued[code].fen

    @cached_property
    def paid(self) -> Amount:
        """All that is owed between regions."""
        return sum(self.issued.values(), NOTHING)

    @cached_property
    def refunded(self) -> Amount:
        """通用 across regions."""
        return sum((cell.refunded for (one, other), cell in self.cells.items() if one != other), NOTHING)

    @cached_property
    def at_home(self) -> Amount:
        """All local uses."""
        return sum(self.local.values(), NOTHING)


def settle(uses: Iterable[Use]) -> Settlement:
    """Add up uses, each once."""
    found: dict[tuple[str, str], list[int]] = {}
    for issuer, payee, fen, refunded in uses:
        sums = found.get((issuer, payee))
        if sums is None:
            sums = found[issuer, payee] = [0, 0, 0, 0]
        at = 2 if refunded else 0
        sums[at] += 1
        sums[at + 1] += fen
    return Settlement({place: Cell(Amount(a, b), Amount(c, d)) for place, (a, b, c, d) in found.items()})


def folded(settlement: Settlement, whole: Callable[[str], str] = city_of_party) -> Settlement:
    """The same by city, for reading: what goes between two places of a city stands on the diagonal."""
    found: dict[tuple[str, str], Cell] = {}
    for (issuer, payee), cell in settlement.cells.items():
        place = whole(issuer), whole(payee)
        found[place] = found.get(place, EMPTY) + cell
    return Settlement(found)


def effective_day(day: date, closed: Iterable[tuple[date, date]]) -> date:
    """The day by which a use belongs to a period: its own, or the first one behind the periods closed already.

    `closed`: first and last days of the pair's statements, in order.
    """
    for first, last in closed:
        if first <= day <= last:
            day = last + timedelta(days=1)
    return day


def party_name(code: str, others: Collection[str] = ()) -> str:
    """What a region is called in the current language. Of a city whose counties settle for themselves its districts
    alone are meant, as by five digits, with which the codes of its districts begin.
    """
    if not code:
        return "—"
    name = brief_name(code.ljust(DISTRICT, "0"))
    is_part = len(code) == CITY + 1 or any(other != code and other.startswith(code) for other in others)
    return _("{city}市区").format(city=name) if is_part else name
