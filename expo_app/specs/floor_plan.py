"""A floor as plain data: what `services.floor` reads, and sheets ready to be drawn on the screen and in print.

Lengths are metres from the hall's upper left corner; colours are tokens of the design.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from expo_app.model import BoothState, ExhibitorKind, ExhibitorState, FeatureKind, WordRole
from expo_app.rules.region_groups import NO_GROUPS, RegionRule
from expo_app.rules.terms import Term
from expo_app.specs.floor import NOISE

HERE = (ExhibitorState.ARRIVED, ExhibitorState.DISMANTLED)
EXPECTED = (ExhibitorState.CONFIRMED, ExhibitorState.SETTING_UP)
"""States of an exhibitor under contract that has not arrived."""


SHELL_AREAS = (Decimal(9), Decimal(12), Decimal(15))
"""Square metres of a standard booth (标准展台); any other area is raw space (特装)."""


def sector(industry: Term | None, kind: Term | None) -> Term | None:
    """What an exhibitor is coloured by: its industry, else what kind of organisation it is, if that has a colour."""
    return industry or (kind if kind and kind.colour else None)


def kind_of(area: Decimal) -> WordRole:
    """What the kind of a booth of this area stands for."""
    return WordRole.SHELL_SCHEME if area in SHELL_AREAS else WordRole.RAW_SPACE


@dataclass(frozen=True)
class Tenant:
    """Who stands in a booth. `signed` and `intents`: what it has agreed at this expo; `badges`: its people."""

    exhibitor_id: uuid.UUID
    name: str
    state: ExhibitorState
    kind: ExhibitorKind
    organisation_kind: Term | None
    industry: Term | None
    region_code: str | None
    short_name: str = ""
    search_text: str = ""
    signed: int = 0
    intents: int = 0
    badges: int = 0
    unprinted: int = 0

    @property
    def sector(self) -> Term | None:
        """See `sector`."""
        return sector(self.industry, self.organisation_kind)

    @property
    def is_absent(self) -> bool:
        """Under contract and not yet here."""
        return self.state in EXPECTED


@dataclass(frozen=True)
class PlanBooth:
    """A booth on the plan."""

    id: uuid.UUID
    number: str
    zone_id: uuid.UUID
    kind: Term
    area: Decimal
    state: BoothState
    x: float
    y: float
    width: float
    depth: float
    note: str
    tenant: Tenant | None

    def fits(self, width: float, depth: float) -> bool:
        """Whether it lies wholly inside a hall of this size."""
        return (
            min(self.x, self.y) >= 0
            and min(self.width, self.depth) > 0
            and self.x + self.width <= width + NOISE
            and self.y + self.depth <= depth + NOISE
        )

    def shows(self, width: float, depth: float) -> bool:
        """Whether some of it is seen in a hall of this size, and it is no larger than the hall."""
        is_sound = 0 < self.width <= width + NOISE and 0 < self.depth <= depth + NOISE
        return is_sound and -self.width < self.x < width and -self.depth < self.y < depth


@dataclass(frozen=True)
class PlanZone:
    """A zone's title begins at (x, y); `count`: the exhibitors in it."""

    id: uuid.UUID
    code: str
    name: str
    x: float
    y: float
    count: int


@dataclass(frozen=True)
class PlanFeature:
    """What else stands in the hall: a title, and lines below it."""

    kind: FeatureKind
    title: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    depth: float


@dataclass(frozen=True)
class HallPlan:
    """One hall. `lost`: booths that lie nowhere in it or have no size, which cannot be drawn.

    `is_guessed`: the width or depth on file is none, and a usual one stands for it.
    """

    id: uuid.UUID
    name: str
    width: float
    depth: float
    features: tuple[PlanFeature, ...]
    zones: tuple[PlanZone, ...]
    booths: tuple[PlanBooth, ...]
    lost: tuple[PlanBooth, ...] = ()
    is_guessed: bool = False

    @property
    def sticking_out(self) -> tuple[PlanBooth, ...]:
        """Booths that are drawn and reach beyond a wall."""
        return tuple(booth for booth in self.booths if not booth.fits(self.width, self.depth))


@dataclass(frozen=True)
class Plan:
    """Every hall, main exhibitors that have no booth, and by which groups their regions are told apart."""

    halls: tuple[HallPlan, ...]
    unplaced: tuple[Tenant, ...]
    sectors: tuple[Term, ...] = ()
    """Industries, then coloured kinds of organisation, in the expo's order."""
    rule: RegionRule = NO_GROUPS


# --- ready to be drawn ------------------------------------------------------------------------------------------------
SOLID, HATCHED, BACK_HATCHED, DASHED = "solid", "hatched", "back", "dashed"
DOTTED, HORIZONTAL, VERTICAL, GRID, CROSSED = "dotted", "horizontal", "vertical", "grid", "crossed"
FRAMED, RESERVED, CORNER = "framed", "reserved", "corner"


@dataclass(frozen=True)
class Look:
    """How a box is filled. HATCHED leans right, BACK_HATCHED left, CROSSED does both; DASHED has a dashed outline.

    FRAMED has a second outline inside the first, RESERVED a dashed one around dots, CORNER nothing but the corner.
    `mark`: one or two letters that say in print what the colour says on the screen.
    """

    words: str
    fill: str
    line: str
    pattern: str = SOLID
    mark: str = ""
    is_awaited: bool = False
    """One corner is filled: colour and pattern stay those of who is not here yet."""


@dataclass(frozen=True)
class Box:
    """A booth to draw: its short number, who stands in it, and what a pointer or a screen reader is told.

    `short_name`: what stands for a name that has no room.
    """

    key: uuid.UUID
    label: str
    name: str
    words: str
    x: float
    y: float
    width: float
    depth: float
    look: Look
    short_name: str = ""

    def called(self, fits: Callable[[str], bool]) -> str:
        """The name, or the short one, whichever fits whole; "" where neither does."""
        return next((name for name in (self.name, self.short_name) if name and fits(name)), "")


@dataclass(frozen=True)
class Block:
    """A room, a service point, or an entrance (with an arrow)."""

    title: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    depth: float
    is_entrance: bool = False


@dataclass(frozen=True)
class Caption:
    """A zone's title and how many stand in it."""

    title: str
    note: str
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """One hall to draw; `legend` holds the looks that occur, in their order."""

    name: str
    width: float
    depth: float
    blocks: tuple[Block, ...] = ()
    captions: tuple[Caption, ...] = ()
    boxes: tuple[Box, ...] = ()
    legend: tuple[Look, ...] = ()

    def arrow_of(self, block: Block) -> str:
        """An arrow from the wall nearest to a block into the hall."""
        walls = {
            "↑": self.depth - block.y - block.depth,
            "↓": block.y,
            "→": block.x,
            "←": self.width - block.x - block.width,
        }
        return min(walls, key=lambda arrow: walls[arrow])
