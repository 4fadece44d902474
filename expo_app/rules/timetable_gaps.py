"""Fewer idle slots in a plan that is as good as it gets otherwise: each meeting goes where it leaves fewer of them.

Nothing that stayed where it was is moved, nothing is put into a slot that a side avoids unless it was in one. A local
search in polynomial time: it ends where no single meeting can do better, which need not be the fewest there can be.
"""

from collections.abc import Callable

from expo_app.rules.timetable import Plan

ROUNDS = 20


def fewer_gaps(plan: Plan, cancelled: Callable[[], bool] = lambda: False) -> None:
    ground = plan.ground
    free = [
        number for number in sorted(plan.at) if not ground.is_fixed(number) and plan.at[number] != ground.stays[number]
    ]
    for _round in range(ROUNDS):
        changed = False
        for number in free:
            if cancelled():
                return
            old = plan.take(number)
            new = min(_no_worse(plan, number, old), default=None)
            plan.put(number, new[1] if new else old)
            changed |= new is not None
        if not changed:
            return


def _no_worse(plan: Plan, number: int, old: tuple[int, int]) -> list[tuple[int, tuple[int, int]]]:
    """The cells that leave fewer idle slots than the old one, with how many more there are in each than without it."""
    wish = plan.ground.problem.wishes[number]
    was = plan.gaps(number, old)
    better = [
        (gaps, cell)
        for cell in plan.ground.cells[number]
        if (cell[0] not in wish.busy or old[0] in wish.busy) and (gaps := plan.gaps(number, cell)) < was
    ]
    return [(gaps, cell) for gaps, cell in better if plan.fits(number, cell)]
