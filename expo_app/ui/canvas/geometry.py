"""Where things lie on a canvas, without a window: axes, snapping, hits, neighbours."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SIDEWAYS = 3  # how much dearer a step aside is than a step ahead
AHEAD = 0.1  # nearer than this is beside, not ahead


class Spot(NamedTuple):
    """A point in units of the scene."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle in pixels of the scene, and how high it lies above others."""

    x: float
    y: float
    width: float
    height: float
    z: float = 0

    def holds(self, x: float, y: float, reach: float = 0) -> bool:
        """Whether a point lies inside, or at most `reach` outside."""
        across = self.x - reach <= x <= self.x + self.width + reach
        return across and self.y - reach <= y <= self.y + self.height + reach


@dataclass(frozen=True)
class Axis:
    """One direction of a scene: the unit `first` lies at the pixel `start`."""

    start: float
    scale: float  # pixels per unit
    first: float = 0

    def px(self, unit: float) -> float:
        """Where a unit lies."""
        return self.start + (unit - self.first) * self.scale

    def unit(self, px: float) -> float:
        """What lies at a pixel."""
        return self.first + (px - self.start) / self.scale


def kept(value: float, low: float, high: float) -> float:
    """`value` within bounds; where they cross, the upper one counts."""
    return min(max(value, low), high)


def snapped(value: float, step: float, edges: Iterable[float] = (), reach: float = 0) -> float:
    """The nearest edge of a neighbour within `reach`, else the nearest line of the grid."""
    near = min(edges, key=lambda edge: abs(edge - value), default=None)
    return near if near is not None and abs(near - value) <= reach else round(value / step) * step


def hit(boxes: Iterable[tuple[Hashable, Box]], x: float, y: float, reach: float = 0) -> Hashable:
    """The key of what lies at a point, or None: inside before beside, above before below, then the nearest middle."""
    found = [
        ((not box.holds(x, y), -box.z, abs(box.y + box.height / 2 - y)), key)
        for key, box in boxes
        if box.holds(x, y, reach)
    ]
    return min(found, key=lambda pair: pair[0], default=(None, None))[1]


def nearest(here: Spot, others: Iterable[tuple[Hashable, Spot, str]], dx: int, dy: int) -> Hashable:
    """The key of what lies next in a direction, or None. `others`: key, middle, words (they decide between equals)."""
    costs: list[tuple[float, str, Hashable]] = []
    for key, spot, words in others:
        x, y = spot.x - here.x, spot.y - here.y
        ahead, aside = x * dx + y * dy, abs(x * dy) + abs(y * dx)
        if ahead > AHEAD:
            costs.append((ahead + SIDEWAYS * aside, words, key))
    return min(costs, key=lambda cost: cost[:2], default=(0, "", None))[2]


def side_by_side(spans: Sequence[tuple[int, int]], shortest: int) -> list[tuple[int, int]]:
    """(column, of how many) for (start, end) in one lane, so that those that overlap lie beside each other."""
    order = sorted(range(len(spans)), key=lambda n: (spans[n][0], -spans[n][1]))
    found: list[tuple[int, int]] = [(0, 1)] * len(spans)
    group: list[int] = []
    ends: list[int] = []

    def close() -> None:
        for n in group:
            found[n] = (found[n][0], len(ends))

    for n in order:
        start, end = spans[n]
        if ends and start >= max(ends):
            close()
            group, ends = [], []
        free = next((column for column, last in enumerate(ends) if last <= start), len(ends))
        ends[free : free + 1] = [max(end, start + shortest)]
        group.append(n)
        found[n] = (free, 1)
    close()
    return found
