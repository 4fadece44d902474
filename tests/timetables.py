"""Timetables of meetings as tests need them: made problems, and what is wrong with a plan, by the words of the rules.

Nothing here is taken over from the program: a plan is judged cell by cell, place by place.
"""

import random
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from itertools import combinations, product

from expo_app.rules.timetable import Left, Problem, Result, Wish

Placed = Mapping[Hashable, tuple[int, int]]


def made(
    meetings: int,
    parties: int,
    slots: int,
    tables: int,
    *,
    busy: float = 0.0,
    closed: float = 0.0,
    seed: int = 1,
    days: int = 2,
    a_day_at_most: int | None = None,
) -> Problem:
    """Meetings of two parties, no pair twice, half of them agreed; `busy`, `closed`: shares of each party's slots."""
    draw = random.Random(seed)  # noqa: S311
    shut = [frozenset(slot for slot in range(slots) if draw.random() < closed) for _ in range(parties)]
    full = [frozenset(slot for slot in range(slots) if draw.random() < busy) for _ in range(parties)]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < meetings:
        one, other = sorted(draw.sample(range(parties), 2))
        pairs[one, other] = None
    every = frozenset(range(slots))
    wishes = tuple(
        Wish(
            number,
            pair,
            is_mutual=draw.random() < 0.5,
            slots=every - shut[pair[0]] - shut[pair[1]],
            busy=full[pair[0]] | full[pair[1]],
        )
        for number, pair in enumerate(pairs)
    )
    by_day = tuple(slot * days // slots for slot in range(slots))
    return Problem(wishes, by_day, ((1,) * tables,) * slots, a_day_at_most=a_day_at_most)


def way(problem: Problem, place: int, other: int) -> int:
    if not problem.areas or problem.areas[place] == problem.areas[other]:
        return 0
    return problem.walks[problem.areas[place]][problem.areas[other]] if problem.walks else problem.walk


def meet(problem: Problem, cell: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether one party can be in both."""
    if problem.days[cell[0]] != problem.days[other[0]]:
        return True
    return abs(cell[0] - other[0]) > way(problem, cell[1], other[1])


def allowed(problem: Problem, wish: Wish) -> Iterator[tuple[int, int]]:
    slots = set(range(len(problem.days))) & (wish.slots if wish.slots is not None else set(range(len(problem.days))))
    places = range(len(problem.seats[0])) if problem.seats else ()
    for slot, place in product(sorted(slots), places):
        if problem.seats[slot][place] and (wish.places is None or place in wish.places):
            yield slot, place


def faults(problem: Problem, placed: Placed) -> list[str]:
    """What is wrong, one sentence each; what is locked may be where it is."""
    wishes = {wish.key: wish for wish in problem.wishes}
    locked = {key for key in placed if wishes[key].is_locked and wishes[key].at is not None}
    found = [f"{key} is locked" for key in locked if placed[key] != wishes[key].at]
    found += [
        f"{k} must not be there" for k in set(placed) - locked if placed[k] not in set(allowed(problem, wishes[k]))
    ]
    for (slot, place), count in Counter(placed.values()).items():
        if count > problem.seats[slot][place] and not all(
            k in locked for k, at in placed.items() if at == (slot, place)
        ):
            found.append(f"{count} meetings in slot {slot} at {place}")
    for one, other in combinations(placed, 2):
        both = set(wishes[one].parties) & set(wishes[other].parties)
        if both and not {one, other} <= locked and not meet(problem, placed[one], placed[other]):
            found.append(f"{both} cannot be in {one} and {other}")
    if problem.a_day_at_most is not None:
        of_day = Counter((p, problem.days[cell[0]]) for key, cell in placed.items() for p in limited(wishes[key]))
        found += [f"{key} has {count}" for key, count in of_day.items() if count > problem.a_day_at_most]
    return found


def limited(wish: Wish) -> set[Hashable]:
    """Whose meetings of a day are counted."""
    return set(wish.parties if wish.limited is None else wish.limited)


def goodness(problem: Problem, placed: Placed) -> tuple[int, int, int, int]:
    """Agreed meetings placed, others placed, less those moved, less those in avoided slots."""
    wishes = [wish for wish in problem.wishes if wish.key in placed]
    return (
        sum(wish.is_mutual for wish in wishes),
        sum(not wish.is_mutual for wish in wishes),
        -sum(wish.at is not None and wish.at != placed[wish.key] for wish in wishes),
        -sum(placed[wish.key][0] in wish.busy for wish in wishes if not wish.is_locked or wish.at is None),
    )


def best(problem: Problem) -> tuple[int, int, int, int]:
    """The best there is, by trying everything."""

    def tried(number: int, placed: dict[Hashable, tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
        if number == len(problem.wishes):
            yield goodness(problem, placed)
            return
        wish = problem.wishes[number]
        if wish.is_locked and wish.at is not None:
            yield from tried(number + 1, placed)
            return
        yield from tried(number + 1, placed)
        for cell in allowed(problem, wish):
            with_it = {**placed, wish.key: cell}
            if not faults(problem, with_it):
                yield from tried(number + 1, with_it)

    locked = {wish.key: wish.at for wish in problem.wishes if wish.is_locked and wish.at is not None}
    return max(tried(0, locked))


def idle(problem: Problem, placed: Placed) -> int:
    """Idle slots between two meetings of a party on one day, of all parties."""
    times: dict[tuple[Hashable, int], list[int]] = {}
    for wish in problem.wishes:
        if wish.key in placed:
            slot = placed[wish.key][0]
            for party in set(wish.parties):
                times.setdefault((party, problem.days[slot]), []).append(slot)
    return sum(max(slots) - min(slots) + 1 - len(slots) for slots in times.values())


def is_true(problem: Problem, result: Result, wish: Wish) -> bool:
    """Whether the reason given for a wish that is left holds in the plan."""
    wishes = {each.key: each for each in problem.wishes}
    cells = list(allowed(problem, wish))

    def is_free(party: Hashable, cell: tuple[int, int]) -> bool:
        return all(meet(problem, cell, at) for key, at in result.placed.items() if party in wishes[key].parties)

    def has_day(party: Hashable, cell: tuple[int, int]) -> bool:
        day = problem.days[cell[0]]
        count = sum(party in limited(wishes[k]) and problem.days[at[0]] == day for k, at in result.placed.items())
        return problem.a_day_at_most is None or count < problem.a_day_at_most

    def has_seat(cell: tuple[int, int]) -> bool:
        return sum(at == cell for at in result.placed.values()) < problem.seats[cell[0]][cell[1]]

    free = [cell for cell in cells if all(is_free(party, cell) for party in wish.parties)]
    open_days = [cell for cell in free if all(has_day(party, cell) for party in limited(wish))]
    match result.left[wish.key]:
        case Left.NO_COMMON_SLOT:
            return wish.slots is not None and not wish.slots & set(range(len(problem.days)))
        case Left.A_FULL:
            return bool(cells) and not any(is_free(wish.parties[0], cell) for cell in cells)
        case Left.B_FULL:
            return bool(cells) and not any(is_free(wish.parties[1], cell) for cell in cells)
        case Left.NO_SEAT:
            return not cells or (bool(open_days) and not any(has_seat(cell) for cell in open_days))
        case Left.DAY_LIMIT:
            return bool(free) and not open_days
        case Left.CROWDED_OUT:
            return bool(cells) and not free
