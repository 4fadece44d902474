"""The best timetable by HiGHS, a mixed-integer solver, where highspy is installed; else the greedy one.

What is placed is settled first (agreed meetings before the others), then, without giving any of it up, how few are
moved and how few are in slots that a side avoids: two models, because one objective of all of it would have weights
beyond what floating-point numbers tell apart. A model whose bound the plan at hand reaches needs no solver; else its
relaxation is solved, and only where that is neither in whole numbers nor reached by the plan, HiGHS searches. All of
this is proved. The fewest idle slots are not: `rules.timetable_gaps` makes them few by local moves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import floor
from time import monotonic
from typing import TYPE_CHECKING, Any

from expo_app.rules.timetable import Plan, Problem, Result, greedy_plan, ground_of, result_of, start_plan
from expo_app.rules.timetable_gaps import fewer_gaps
from expo_app.rules.timetable_rows import Columns, columns_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE = 1e-6
"""How far from a whole number a value of the solver's may be."""
FIRST = 0.6
"""Share of the time for what is placed; the rest is for how little is moved."""

Bounded = tuple[list[int], int, int]
"""The columns of a row, the least and the most they may sum to."""


@cache
def has_solver() -> bool:
    return all(find_spec(name) is not None for name in ("highspy", "numpy"))


def solve(
    problem: Problem, *, seconds: float, cancelled: Callable[[], bool], better: Callable[[Result], None]
) -> Result:
    """The best plan found within `seconds`, no worse than the greedy one; `better` hears of each better one.

    Where it is proved, the same problem has the same plan every time; where time ran out, a slower computer may have
    a worse one.
    """
    ground = ground_of(problem)
    plan, by_solver, is_proved = greedy_plan(ground), has_solver(), False
    if by_solver:
        better(result_of(plan, is_proved=False, by_solver=False))
        plan, is_proved = _best(
            columns_of(ground),
            plan,
            _Limits(monotonic(), seconds, cancelled),
            lambda found: better(result_of(found, is_proved=False, by_solver=True)),
        )
    fewer_gaps(plan, cancelled)
    return result_of(plan, is_proved=is_proved, by_solver=by_solver)


@dataclass(frozen=True)
class _Limits:
    started: float
    seconds: float
    cancelled: Callable[[], bool]

    def stopped(self, share: float) -> Callable[[], bool]:
        """Whether to stop now, asked while that share of the time is to be used at most."""
        until = self.started + share * self.seconds
        return lambda: self.cancelled() or monotonic() >= until


def _best(columns: Columns, plan: Plan, limits: _Limits, told: Callable[[Plan], None]) -> tuple[Plan, bool]:
    """The best plan of both models, and whether it is proved."""
    ground = columns.ground
    wishes, stays = ground.problem.wishes, ground.stays
    others = sum(not wish.is_mutual for wish in wishes)
    worth = [others + 1 if wishes[number].is_mutual else 1 for number in columns.wish]
    once = [(row, 0, 1) for row in columns.meetings.values()]
    seats = sum(ground.capacity[slot][group] - columns.fixed.taken[slot, group] for slot, group in set(columns.cell))
    most = sum(sorted((worth[row[0]] for row in columns.meetings.values()), reverse=True)[:seats])
    plan, is_placed = _solved(columns, worth, once, most, plan, limits.stopped(FIRST), told)
    pain = [
        (len(wishes) + 1) * (stays[number] is not None and stays[number] != cell) + (cell[0] in wishes[number].busy)
        for number, cell in zip(columns.wish, columns.cell, strict=True)
    ]
    is_everything = len(plan.at) == len(columns.fixed.at) + len(columns.meetings)
    least = sum(min(pain[column] for column in row) for row in columns.meetings.values()) if is_everything else 0
    kept = [(row, 1, 1) for row in columns.meetings.values()] if is_everything else once + _no_fewer(columns, plan)
    plan, is_calm = _solved(columns, [-each for each in pain], kept, -least, plan, limits.stopped(1), told)
    return plan, is_placed and is_calm


def _no_fewer(columns: Columns, plan: Plan) -> list[Bounded]:
    """As many agreed meetings as the plan has, and as many others."""
    wishes = columns.ground.problem.wishes
    kinds: dict[bool, list[int]] = {True: [], False: []}
    for column, number in enumerate(columns.wish):
        kinds[wishes[number].is_mutual].append(column)
    placed = [wishes[number].is_mutual for number in plan.at if number not in columns.fixed.at]
    return [(those, placed.count(is_mutual), len(those)) for is_mutual, those in kinds.items() if those]


def _solved(
    columns: Columns,
    worth: Sequence[int],
    meetings: Sequence[Bounded],
    bound: int,
    plan: Plan,
    stopped: Callable[[], bool],
    told: Callable[[Plan], None],
) -> tuple[Plan, bool]:
    """The plan worth most, no less than the one given, and whether that is proved; `bound`: no plan is worth more."""
    value = {(number, cell): each for number, cell, each in zip(columns.wish, columns.cell, worth, strict=True)}

    def worth_of(one: Plan) -> int:
        return sum(value[number, cell] for number, cell in one.at.items() if number not in columns.fixed.at)

    def taken(chosen: Sequence[int]) -> None:
        nonlocal plan
        found = _plan_of(columns, chosen)
        if worth_of(found) > worth_of(plan):
            plan = found
            told(plan)

    if worth_of(plan) >= bound:
        return plan, True
    model = highs_model(columns, worth, meetings)
    relaxed = _relaxed(model, stopped)
    if relaxed is None:
        return plan, False
    most, chosen = relaxed
    if chosen is not None:
        taken(chosen)
        return plan, True
    if worth_of(plan) >= min(bound, floor(most + WHOLE * max(1.0, abs(most)))):
        return plan, True
    start = [
        c for c, pair in enumerate(zip(columns.wish, columns.cell, strict=True)) if plan.at.get(pair[0]) == pair[1]
    ]
    is_proved = _searched(model, start, stopped, taken)
    return plan, is_proved


def _plan_of(columns: Columns, chosen: Sequence[int]) -> Plan:
    plan = start_plan(columns.ground)
    for column in chosen:
        plan.put(columns.wish[column], columns.cell[column])
    return plan


def highs_model(columns: Columns, worth: Sequence[int], meetings: Sequence[Bounded]) -> Any:
    """The model as HiGHS takes it (a HighsLp), in whole numbers, of the most worth; handed over in arrays, at once."""
    import highspy
    import numpy as np

    rows: list[Bounded] = [*((row, 0, most) for row, most in columns.rows), *meetings]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_, model.sense_ = len(worth), len(rows), highspy.ObjSense.kMaximize
    model.col_cost_ = np.array(worth, dtype=np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(len(worth)), np.ones(len(worth))
    model.row_lower_ = np.array([low for _row, low, _high in rows], dtype=np.float64)
    model.row_upper_ = np.array([high for _row, _low, high in rows], dtype=np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(worth)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(row) for row, _low, _high in rows)], dtype=np.int32)
    matrix.index_ = np.fromiter((column for row, _low, _high in rows for column in row), dtype=np.int32)
    matrix.value_ = np.ones(len(matrix.index_))
    return model


def _highs(options: dict[str, float | str | bool], hears: Callable[[Any, Any, Any], None], *kinds: str) -> Any:
    """A solver that says nothing on the standard output, and calls `hears(kind, out, answer)`.

    Its base class: `Highs` itself writes a line to the standard output before it can be told not to.
    """
    import highspy

    solver = highspy._core._Highs()
    for option, value in {"output_flag": False, **options}.items():
        solver.setOptionValue(option, value)
    solver.setCallback(lambda kind, _message, out, answer, _data: hears(kind, out, answer), None)
    for kind in kinds:
        solver.startCallback(getattr(highspy.cb.HighsCallbackType, kind))
    return solver


def _relaxed(model: Any, stopped: Callable[[], bool]) -> tuple[float, list[int] | None] | None:
    """What the model is worth at most, with the columns chosen where the answer is in whole numbers; None: stopped."""
    import highspy
    import numpy as np

    def hears(_kind: object, _out: object, answer: Any) -> None:
        answer.user_interrupt = stopped()

    solver = _highs({"solve_relaxation": True, "presolve": "off"}, hears, "kCallbackSimplexInterrupt")
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.array(solver.getSolution().col_value)
    is_whole = bool(np.all(np.abs(values - np.round(values)) <= WHOLE))
    return solver.getInfo().objective_function_value, _chosen(values) if is_whole else None


def _chosen(values: "NDArray[Any]") -> list[int]:
    return [int(column) for column in (values > 0.5).nonzero()[0]]


def _searched(
    model: Any, start: Sequence[int], stopped: Callable[[], bool], taken: Callable[[Sequence[int]], None]
) -> bool:
    """Whether HiGHS proved its answer; `taken` hears of each better one. Worth is whole, so less than 1 is no gap."""
    import highspy
    import numpy as np

    def hears(kind: object, out: Any, answer: Any) -> None:
        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution:
            taken(_chosen(np.array(out.mip_solution)))
        else:
            answer.user_interrupt = stopped()

    solver = _highs(
        {"mip_rel_gap": 0.0, "mip_abs_gap": 0.99},
        hears,
        "kCallbackMipImprovingSolution",
        "kCallbackMipInterrupt",
        "kCallbackSimplexInterrupt",
    )
    solver.passModel(model)
    solver.setSolution(len(start), np.array(start, dtype=np.int32), np.ones(len(start)))
    solver.run()
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
