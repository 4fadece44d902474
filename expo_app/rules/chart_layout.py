"""What a chart marks, and where its points stand: painted alike on the screen (`ui/kit/charts`) and in print
(`reports/charts`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

Number = int | float | Decimal
Point = tuple[float, Number]
"""Minutes since midnight, value."""
STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
"""Minutes between two times that are marked."""


@dataclass(frozen=True)
class Bar:
    """One bar or share: its words, its value, a colour token (the chart's own where none is given), and the total that
    the value is a part of."""

    label: str
    value: Number
    colour: str = ""
    total: Number = 0


@dataclass(frozen=True)
class Series:
    """One line: its words and its points (minutes since midnight, value), rising in time.

    `running`: the last point is of an interval that is not over; it is drawn open, with these words, and is no peak.
    """

    label: str
    points: Sequence[Point]
    colour: str = ""
    running: str = ""


def number(value: Number) -> str:
    """1,234 or 1,234.5: thousands set off, no needless digits."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def clock(minute: float) -> str:
    """510 → 08:30."""
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def scale(most: float, steps: int = 4) -> list[float]:
    """Round marks from 0 to at least `most`: about `steps` of them, each 1, 2, 2.5 or 5 times a power of ten.

    From 1 on they are whole, for nobody counts half a person.
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / steps
    power = 10.0 ** floor(log10(rough))
    enough = (power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    step = next(step for step in enough if most < 1 or step == int(step))
    return [step * at for at in range(ceil(most / step - 1e-9) + 1)]


@dataclass(frozen=True)
class LinePlot:
    """Lines over one day's time: from the first to the last minute, under the highest of the marked values."""

    first: float
    last: float
    marks: Sequence[float]

    @classmethod
    def of(cls, lines: Sequence[Sequence[Point]], until: float = 0) -> "LinePlot":
        """The place that these points ask for, and the time `until`; there is one for none at all."""
        points = [point for line in lines for point in line]
        first = min((at for at, _value in points), default=0)
        last = max((at for at, _value in points), default=0)
        return cls(first, max(last, until, first + 1), scale(max((float(value) for _at, value in points), default=0)))

    def place(self, point: Point) -> tuple[float, float]:
        """How far to the right and how high a point stands, each from 0 to 1."""
        return (point[0] - self.first) / (self.last - self.first), float(point[1]) / self.marks[-1]

    def times(self, most: float, every: int = 5) -> range:
        """Round times to be marked, at most about `most` of them and never closer than `every` minutes."""
        span = self.last - self.first
        step = next((step for step in STEPS if step >= every and span / step <= most), STEPS[-1])
        return range(ceil(self.first / step) * step, floor(self.last) + 1, step)
