"""Meetings put on slots and places: the problem as data, a greedy plan, and why a meeting could not be placed.

Hard: a party sits in one meeting at a time, has its way between two areas, and has no more a day than allowed; a place
takes no more meetings at once than it has seats. Then, in this order: most meetings both sides agreed to, most of the
others, fewest moved from where they were, fewest in slots that a side avoids, fewest idle slots between two meetings
of a party on one day. `greedy` is quick, pure and the same for the same problem; it proves nothing.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from expo_app.i18n import N_, Labelled


class Left(Labelled):
    """Why a meeting is in no slot of a plan; A and B are its first and its second party."""

    NO_COMMON_SLOT = N_("双方没有共同的开放时段")
    A_FULL = N_("甲方的时段都已排满")
    B_FULL = N_("乙方的时段都已排满")
    NO_SEAT = N_("双方都有空的时段没有空桌")
    DAY_LIMIT = N_("已到每日场次上限")
    CROWDED_OUT = N_("双方没有同时空着的时段")


@dataclass(frozen=True)
class Wish:
    """One meeting to be placed. `slots` and `places` are what is allowed (None: all), `busy` is allowed but avoided.

    `at` is the (slot, place) it has today; a locked one stays there whatever else is said. `limited`: whose meetings of
    a day the limit counts, where those are others than the parties (two persons of one organisation).
    """

    key: Hashable
    parties: tuple[Hashable, ...]
    is_mutual: bool = False
    is_locked: bool = False
    at: tuple[int, int] | None = None
    slots: frozenset[int] | None = None
    busy: frozenset[int] = frozenset()
    places: frozenset[int] | None = None
    limited: tuple[Hashable, ...] | None = None


@dataclass(frozen=True)
class Problem:
    """`days`: of each slot, in order of time, its day. `seats[slot][place]`: meetings at once, 0 where it is closed.

    `areas`: of each place (none given: one area). Between two areas a party needs `walk` whole slots on the same day,
    or what `walks[area][area]` says.
    """

    wishes: tuple[Wish, ...]
    days: tuple[int, ...]
    seats: tuple[tuple[int, ...], ...]
    areas: tuple[int, ...] = ()
    walk: int = 0
    a_day_at_most: int | None = None
    walks: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Result:
    """`placed`: (slot, place) by key; `moved`: those that had another.

    `is_proved`: no plan is better in what is placed, moved and avoided (idle slots are made few, never proved fewest).
    """

    placed: Mapping[Hashable, tuple[int, int]]
    left: Mapping[Hashable, Left]
    moved: tuple[Hashable, ...]
    is_proved: bool
    by_solver: bool


Cell = tuple[int, int]
"""A slot and a group of places that are alike."""


@dataclass(frozen=True)
class Ground:
    """A problem made ready: places that are alike stand for each other as one group, wishes and parties are numbers."""

    problem: Problem
    groups: tuple[tuple[int, ...], ...]

    @cached_property
    def group_of(self) -> dict[int, int]:
        return {place: group for group, places in enumerate(self.groups) for place in places}

    @cached_property
    def capacity(self) -> tuple[tuple[int, ...], ...]:
        """[slot][group] → meetings at once."""
        return tuple(tuple(sum(row[place] for place in places) for places in self.groups) for row in self.problem.seats)

    @cached_property
    def area(self) -> tuple[int, ...]:
        return tuple(self.problem.areas[places[0]] if self.problem.areas else 0 for places in self.groups)

    @cached_property
    def parties(self) -> tuple[tuple[int, ...], ...]:
        """Of each wish its parties, each once."""
        return _numbered([wish.parties for wish in self.problem.wishes])

    @cached_property
    def limited(self) -> tuple[tuple[int, ...], ...]:
        """Of each wish those whose meetings of a day are counted, by numbers of their own."""
        return _numbered([wish.parties if wish.limited is None else wish.limited for wish in self.problem.wishes])

    @cached_property
    def stays(self) -> tuple[Cell | None, ...]:
        """Of each wish the (slot, group) where it is today, if that still exists."""
        return tuple(
            (wish.at[0], self.group_of[wish.at[1]])
            if wish.at and 0 <= wish.at[0] < len(self.problem.days) and wish.at[1] in self.group_of
            else None
            for wish in self.problem.wishes
        )

    def is_fixed(self, number: int) -> bool:
        return self.problem.wishes[number].is_locked and self.stays[number] is not None

    @cached_property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """Of each wish the (slot, group) it may be in, in order of time."""
        allowed = {
            places: [n for n, group in enumerate(self.groups) if places is None or group[0] in places]
            for places in {wish.places for wish in self.problem.wishes}
        }
        every = range(len(self.problem.days))
        return tuple(
            tuple(
                (slot, group)
                for slot in (every if wish.slots is None else sorted(wish.slots))
                if 0 <= slot < len(every)
                for group in allowed[wish.places]
                if self.capacity[slot][group]
            )
            for wish in self.problem.wishes
        )

    @cached_property
    def reach(self) -> int:
        """The longest way, in slots."""
        walks = self.problem.walks
        return max((max(row) for row in walks), default=0) if walks else self.problem.walk

    def way(self, one: int, other: int) -> int:
        """Whole slots between a meeting in one group of places and one in the other."""
        a, b = self.area[one], self.area[other]
        if self.problem.walks:
            return self.problem.walks[a][b]
        return self.problem.walk if a != b else 0


def _numbered(named: Sequence[tuple[Hashable, ...]]) -> tuple[tuple[int, ...], ...]:
    numbers: dict[Hashable, int] = {}
    return tuple(tuple(numbers.setdefault(one, len(numbers)) for one in dict.fromkeys(each)) for each in named)


def ground_of(problem: Problem) -> Ground:
    """Places are alike where they have the same seats all along, the same area, and are allowed to the same wishes.

    One that more meetings have today than it has seats stands alone, so that those who must leave it are counted.
    """
    choices = list(dict.fromkeys(wish.places for wish in problem.wishes if wish.places is not None))
    claims: dict[Cell, int] = defaultdict(int)
    for wish in problem.wishes:
        if wish.at:
            claims[wish.at] += 1
    count = len(problem.seats[0]) if problem.seats else 0
    crowded = {
        place
        for (slot, place), claimed in claims.items()
        if 0 <= slot < len(problem.days) and 0 <= place < count and claimed > problem.seats[slot][place]
    }
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place in range(count):
        seats = tuple(row[place] for row in problem.seats)
        allowed = frozenset(number for number, places in enumerate(choices) if place in places)
        area = problem.areas[place] if problem.areas else 0
        groups[seats, area, allowed, place if place in crowded else None].append(place)
    return Ground(problem, tuple(map(tuple, groups.values())))


@dataclass
class Plan:
    """A plan while it is made: where each wish is, by number; who sits where; how much is taken."""

    ground: Ground
    at: dict[int, Cell] = field(default_factory=dict)
    sits: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    on_day: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    slots: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    def put(self, number: int, cell: Cell) -> None:
        self.at[number] = cell
        self.taken[cell] += 1
        day = self.ground.problem.days[cell[0]]
        for party in self.ground.parties[number]:
            self.sits[party, cell[0]].append(number)
            insort(self.slots[party, day], cell[0])
        for who in self.ground.limited[number]:
            self.on_day[who, day] += 1

    def take(self, number: int) -> Cell:
        cell = self.at.pop(number)
        self.taken[cell] -= 1
        day = self.ground.problem.days[cell[0]]
        for party in self.ground.parties[number]:
            self.sits[party, cell[0]].remove(number)
            self.slots[party, day].remove(cell[0])
        for who in self.ground.limited[number]:
            self.on_day[who, day] -= 1
        return cell

    def has_seat(self, cell: Cell) -> bool:
        return self.taken[cell] < self.ground.capacity[cell[0]][cell[1]]

    def is_free(self, party: int, cell: Cell) -> bool:
        """Nothing else of the party's then, nor so near that it could not come from there or get there."""
        slot, group = cell
        if self.sits.get((party, slot)):
            return False
        reach, days = self.ground.reach, self.ground.problem.days
        for other in range(max(0, slot - reach), min(len(days), slot + reach + 1)) if reach else ():
            if other != slot and days[other] == days[slot]:
                for number in self.sits.get((party, other), ()):
                    if abs(other - slot) <= self.ground.way(group, self.at[number][1]):
                        return False
        return True

    def has_day(self, number: int, cell: Cell) -> bool:
        """Whether all of whom the limit counts may have one more that day."""
        most, day = self.ground.problem.a_day_at_most, self.ground.problem.days[cell[0]]
        return most is None or all(self.on_day.get((who, day), 0) < most for who in self.ground.limited[number])

    def fits(self, number: int, cell: Cell) -> bool:
        return (
            self.has_seat(cell)
            and self.has_day(number, cell)
            and all(self.is_free(party, cell) for party in self.ground.parties[number])
        )

    def gaps(self, number: int, cell: Cell) -> int:
        """Idle slots its parties would have on that day with it, less those without it (it is in no slot yet)."""
        day = self.ground.problem.days[cell[0]]
        more = 0
        for party in self.ground.parties[number]:
            if slots := self.slots.get((party, day)):
                more += max(slots[-1], cell[0]) - min(slots[0], cell[0]) - slots[-1] + slots[0] - 1
        return more


def start_plan(ground: Ground) -> Plan:
    """What is locked, where it is."""
    plan = Plan(ground)
    for number, cell in enumerate(ground.stays):
        if cell is not None and ground.is_fixed(number):
            plan.put(number, cell)
    return plan


def in_order(ground: Ground) -> list[int]:
    """Those that are not locked: agreed ones first, then those with the least choice."""
    wishes, cells = ground.problem.wishes, ground.cells
    return sorted(
        (number for number in range(len(wishes)) if not ground.is_fixed(number)),
        key=lambda number: (not wishes[number].is_mutual, len(cells[number]), number),
    )


def fill(plan: Plan) -> None:
    """Put whatever is in no slot where it fits: avoided slots last, then with the fewest idle slots, then early."""
    ground = plan.ground
    for number in in_order(ground):
        if number not in plan.at:
            busy = ground.problem.wishes[number].busy
            fitting = [cell for cell in ground.cells[number] if plan.fits(number, cell)]
            if fitting:
                plan.put(number, min(fitting, key=lambda cell: (cell[0] in busy, plan.gaps(number, cell), cell)))


def greedy_plan(ground: Ground) -> Plan:
    """First everything stays where it is, as far as it can; then the rest is put where it fits."""
    plan = start_plan(ground)
    for number in in_order(ground):
        cell = ground.stays[number]
        if cell is not None and cell in ground.cells[number] and plan.fits(number, cell):
            plan.put(number, cell)
    fill(plan)
    return plan


def why_left(plan: Plan, number: int) -> Left:
    """The one reason that is true of every cell the wish could have had."""
    ground, wish = plan.ground, plan.ground.problem.wishes[number]
    if wish.slots is not None and not any(0 <= slot < len(ground.problem.days) for slot in wish.slots):
        return Left.NO_COMMON_SLOT
    cells, parties = ground.cells[number], ground.parties[number]
    if not cells:
        return Left.NO_SEAT
    number_of = dict(zip(dict.fromkeys(wish.parties), parties, strict=True))
    for party, reason in zip(wish.parties, (Left.A_FULL, Left.B_FULL), strict=False):
        if not any(plan.is_free(number_of[party], cell) for cell in cells):
            return reason
    free = [cell for cell in cells if all(plan.is_free(party, cell) for party in parties)]
    if not free:
        return Left.CROWDED_OUT
    return Left.NO_SEAT if any(plan.has_day(number, cell) for cell in free) else Left.DAY_LIMIT


def places_of(plan: Plan) -> dict[int, tuple[int, int]]:
    """Each wish's (slot, place): those that stay keep their place, the others get what is free of its group."""
    ground, problem = plan.ground, plan.ground.problem
    given: dict[int, tuple[int, int]] = {}
    taken: dict[Cell, int] = defaultdict(int)
    for number in sorted(plan.at, key=lambda number: not ground.is_fixed(number)):
        at = problem.wishes[number].at
        if at is None or plan.at[number] != ground.stays[number]:
            continue
        if ground.is_fixed(number) or taken[at] < problem.seats[at[0]][at[1]]:
            given[number] = at
            taken[at] += 1
    for number in sorted(plan.at):
        if number not in given:
            slot, group = plan.at[number]
            place = next(p for p in ground.groups[group] if taken[slot, p] < problem.seats[slot][p])
            given[number] = (slot, place)
            taken[slot, place] += 1
    return given


def result_of(plan: Plan, *, is_proved: bool, by_solver: bool) -> Result:
    wishes, given = plan.ground.problem.wishes, places_of(plan)
    return Result(
        placed={wishes[number].key: given[number] for number in sorted(given)},
        left={wish.key: why_left(plan, number) for number, wish in enumerate(wishes) if number not in given},
        moved=tuple(wishes[n].key for n in sorted(given) if wishes[n].at is not None and wishes[n].at != given[n]),
        is_proved=is_proved,
        by_solver=by_solver,
    )


def greedy(problem: Problem) -> Result:
    """A plan in milliseconds, without any solver."""
    plan = greedy_plan(ground_of(problem))
    return result_of(plan, is_proved=False, by_solver=False)
