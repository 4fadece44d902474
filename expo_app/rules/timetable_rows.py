"""A timetable as a model in whole numbers: one 0/1 column per meeting and cell, and rows of what cannot be together.

Every column of a row counts once; `most` is what those of the row may sum to.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from expo_app.rules.timetable import Cell, Ground, Plan, start_plan

Row = tuple[list[int], int]


@dataclass(frozen=True)
class Columns:
    """Of each column its wish (by number) and its cell; `meetings` are the rows of each wish, `rows` the others."""

    ground: Ground
    fixed: Plan
    wish: list[int]
    cell: list[Cell]
    meetings: dict[int, list[int]]
    rows: list[Row]


def columns_of(ground: Ground) -> Columns:
    """What may be chosen beside what is locked."""
    fixed = start_plan(ground)
    wish: list[int] = []
    cell: list[Cell] = []
    for number, cells in enumerate(ground.cells):
        if not ground.is_fixed(number):
            fitting = [each for each in cells if fixed.fits(number, each)]
            wish += [number] * len(fitting)
            cell += fitting
    meetings: dict[int, list[int]] = defaultdict(list)
    seats: dict[Cell, list[int]] = defaultdict(list)
    parties: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    of_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, (number, at) in enumerate(zip(wish, cell, strict=True)):
        meetings[number].append(column)
        seats[at].append(column)
        for party in ground.parties[number]:
            parties[party][at[0]].append(column)
        for who in ground.limited[number]:
            of_day[who, ground.problem.days[at[0]]].append(column)
    rows = [(columns, ground.capacity[at[0]][at[1]] - fixed.taken[at]) for at, columns in seats.items()]
    for by_slot in parties.values():
        rows += _once(ground, by_slot, wish, cell)
    if (limit := ground.problem.a_day_at_most) is not None:
        rows += [(columns, limit - fixed.on_day.get(key, 0)) for key, columns in of_day.items()]
    kept = [(columns, most) for columns, most in rows if len({wish[column] for column in columns}) > most]
    return Columns(ground, fixed, wish, cell, dict(meetings), kept)


def _once(ground: Ground, by_slot: dict[int, list[int]], wish: list[int], cell: list[Cell]) -> Iterator[Row]:
    """One meeting of a party at a time, and the way between two.

    Where every two of its meetings are at least so many slots apart, wherever they are held, those of any such stretch
    stand in one row: it says more than their pairs.
    """
    days, reach = ground.problem.days, ground.reach
    apart = _apart(ground, by_slot, wish, cell) if reach else 0
    for slot in sorted(by_slot):
        stretch = [s for s in range(slot, slot + apart + 1) if s < len(days) and days[s] == days[slot]]
        yield [column for s in stretch for column in by_slot.get(s, ())], 1
        for later in range(apart + 1, reach + 1):
            there = by_slot.get(slot + later, ()) if slot + later < len(days) else ()
            if not there or days[slot + later] != days[slot]:
                continue
            for group in sorted({cell[column][1] for column in by_slot[slot]}):
                if far := [column for column in there if ground.way(group, cell[column][1]) >= later]:
                    yield [column for column in by_slot[slot] if cell[column][1] == group] + far, 1


def _apart(ground: Ground, by_slot: dict[int, list[int]], wish: list[int], cell: list[Cell]) -> int:
    """Whole slots that lie between any two meetings of a party, wherever they are held."""
    groups: dict[int, set[int]] = defaultdict(set)
    for columns in by_slot.values():
        for column in columns:
            groups[wish[column]].add(cell[column][1])
    return min(
        (ground.way(a, b) for one in groups for two in groups if one < two for a in groups[one] for b in groups[two]),
        default=0,
    )
