"""A timetable of meetings, by the whole program ÷ bare HiGHS on the same model in the same run, and a plan made anew.

    python tests/bench/bench_timetable.py [RUNS]

The model is that of what can be placed, agreed meetings first; HiGHS gets it in arrays and searches with its own
settings, down to the proved optimum. Ours makes the model, and settles as well what is moved, what is avoided and how
many slots are idle; both end proved. `again` is planned after five parties said that they are away half of the time.
Cases: 500 meetings of 500 parties, 24 slots, 60 tables, 20 % of each party's slots busy; 2,000 of 1,100 on 48 and 80;
the same 500 with those slots closed. Two more have no goal: 500 meetings of 100 parties on 24 tables, and 2,000 on 40
tables, fewer seats than meetings. Prints JSON lines of wall-clock seconds (medians of RUNS, taken in turns), then the
ratios.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import highspy  # noqa: E402

from expo_app.rules.timetable import Problem, Result, greedy, ground_of  # noqa: E402
from expo_app.rules.timetable_rows import columns_of  # noqa: E402
from expo_app.services.timetable_solver import highs_model, solve  # noqa: E402
from tests.timetables import idle, made  # noqa: E402

GOAL = 1.5
CASES: dict[str, Callable[[], Problem]] = {
    "500 meetings, 20 % busy": lambda: made(500, 500, 24, 60, busy=0.2),
    "2,000 meetings, 20 % busy": lambda: made(2000, 1100, 48, 80, busy=0.2),
    "500 meetings, 20 % closed": lambda: made(500, 500, 24, 60, closed=0.2),
    "500 meetings, crowded": lambda: made(500, 100, 24, 24, busy=0.2, closed=0.2),
    "2,000 meetings, too few tables": lambda: made(2000, 1100, 48, 40, busy=0.2, closed=0.2),
}


def ours(problem: Problem) -> Result:
    return solve(problem, seconds=300, cancelled=lambda: False, better=lambda _result: None)


def bare(problem: Problem) -> Callable[[], int]:
    """HiGHS alone on the model of what is placed; answers how many meetings its optimum places."""
    columns = columns_of(ground_of(problem))
    wishes = problem.wishes
    others = sum(not wish.is_mutual for wish in wishes)
    worth = [others + 1 if wishes[number].is_mutual else 1 for number in columns.wish]
    model = highs_model(columns, worth, [(row, 0, 1) for row in columns.meetings.values()])

    def work() -> int:
        solver = highspy.Highs()
        solver.silent()
        solver.passModel(model)
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return round(sum(solver.getSolution().col_value))

    return work


def with_absences(problem: Problem, placed: Result, draw: random.Random) -> Problem:
    """The plan as it stands, when five parties are away half of the time."""
    count = len(problem.days)
    parties = sorted({party for wish in problem.wishes for party in wish.parties})
    away = {party: frozenset(draw.sample(range(count), count // 2)) for party in draw.sample(parties, 5)}
    wishes = (
        replace(
            wish,
            at=placed.placed.get(wish.key),
            slots=(wish.slots or frozenset()).difference(*(away.get(party, ()) for party in wish.parties)),
        )
        for wish in problem.wishes
    )
    return replace(problem, wishes=tuple(wishes))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def main(runs: int = 3) -> None:
    """Run each case in turns and print the medians and their ratios."""
    for case, make in CASES.items():
        problem = make()
        seconds: dict[str, list[float]] = {"bare": [], "ours": [], "again": [], "greedy": []}
        work = bare(problem)
        for run in range(runs):
            used, optimum = timed(work)
            seconds["bare"].append(used)
            used, plan = timed(lambda problem=problem: ours(problem))
            seconds["ours"].append(used)
            assert plan.is_proved, case
            assert len(plan.placed) == optimum, (case, len(plan.placed), optimum)
            anew = with_absences(problem, plan, random.Random(run))  # noqa: S311
            used, again = timed(lambda anew=anew: ours(anew))
            seconds["again"].append(used)
            assert again.is_proved, case
            used, quick = timed(lambda problem=problem: greedy(problem))
            seconds["greedy"].append(used)
        medians = {way: statistics.median(each) for way, each in seconds.items()}
        must = sum(wish.at is not None and wish.at[0] not in (wish.slots or ()) for wish in anew.wishes)
        figures = {
            "placed": len(plan.placed),
            "greedy": len(quick.placed),
            "idle": idle(problem, plan.placed),
            "idle, greedy": idle(problem, quick.placed),
            "again: placed": len(again.placed),
            "moved": len(again.moved),
            "must go": must,
        }
        print(json.dumps({"case": case, **{f"{way} s": round(each, 3) for way, each in medians.items()}, **figures}))
        for way, to, goal in (("ours", "bare", GOAL if "%" in case else None), ("again", "ours", 1)):
            value = round(medians[way] / medians[to], 2)
            print(json.dumps({"ratio": f"{case}: {way} / {to}", "value": value, "goal": goal}), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
