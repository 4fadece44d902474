"""By how much a bid has to be higher than the price there is: by price band, fixed, or in percent.

An increment is a minimum: any higher bid is valid. It is worked out from the price that is there, not from the bid.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from expo_app.model import LadderKind
from expo_app.rules.amounts import in_words

ROUND = Decimal(100)
"""Percent of a price goes up to the next whole 100 yuan, and is 100 yuan at least: nobody calls out odd yuan."""


@dataclass(frozen=True, slots=True)
class Band:
    """From this price on, a bid is at least so much higher; both in yuan."""

    from_amount: Decimal
    step: Decimal


PRESET: tuple[Band, ...] = tuple(
    Band(low, low / 10) for power in range(2, 12) for low in (Decimal(n) * 10**power for n in (1, Decimal("2.5"), 5))
)
"""1-2.5-5, as auction houses publish it (100–249: 10, 250–499: 25, 500–999: 50, 1,000–2,499: 100 …): each increment is
a tenth of its band's lower bound. What costs less than the first band goes up by the first increment.
"""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Increments of a lot. `step` is yuan, of FIXED; `percent` of PERCENT; `bands` those of TABLE, in rising order."""

    kind: LadderKind = LadderKind.BANDS
    step: Decimal | None = None
    percent: Decimal | None = None
    bands: tuple[Band, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it says an increment at every price."""
        match self.kind:
            case LadderKind.FIXED:
                return self.step is not None and self.step > 0
            case LadderKind.PERCENT:
                return self.percent is not None and self.percent > 0
            case LadderKind.TABLE:
                return bool(self.bands) and all(band.step > 0 for band in self.bands)
            case LadderKind.BANDS:
                return True
            case _:  # a kind that cannot be read
                return False


def step_at(ladder: Ladder, price: Decimal) -> Decimal:
    """The least increment at this price, in yuan, above nought. ValueError for a ladder that does not say it."""
    if not ladder.is_whole:
        raise ValueError(f"{ladder.kind.name} says no increment")
    if ladder.kind is LadderKind.FIXED:
        return ladder.step or ROUND
    if ladder.kind is LadderKind.PERCENT:
        share = price * (ladder.percent or 0) / 100
        return max(ROUND, (share / ROUND).to_integral_value(ROUND_CEILING) * ROUND)
    bands = PRESET if ladder.kind is LadderKind.BANDS else ladder.bands
    reached = [band.step for band in bands if band.from_amount <= price]
    return reached[-1] if reached else bands[0].step


def next_amount(ladder: Ladder, start: Decimal, price: Decimal | None) -> Decimal:
    """The least that the next bid has to be: the start price, or the price there is (None: no bid yet) and a step."""
    return start if price is None else price + step_at(ladder, price)


def steps(ladder: Ladder, start: Decimal, price: Decimal | None, count: int = 3) -> list[Decimal]:
    """The next amounts, each the least after the one before."""
    found: list[Decimal] = []
    for _n in range(count):
        price = next_amount(ladder, start, price)
        found.append(price)
    return found


def words(ladder: Ladder) -> str:
    """固定加价 4.00 万元, 按比例加价 5%: the increments in one line."""
    if ladder.kind is LadderKind.FIXED and ladder.step is not None:
        return f"{ladder.kind.label} {in_words(ladder.step)}"
    if ladder.kind is LadderKind.PERCENT and ladder.percent is not None:
        return f"{ladder.kind.label} {ladder.percent.normalize():f}%"
    return ladder.kind.label
