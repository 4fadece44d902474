"""The solver's timetable: valid, proved, as good as trying everything, interruptible, and the greedy one without it."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from expo_app.rules.timetable import Problem, Result, Wish, greedy
from expo_app.services import timetable_solver
from expo_app.services.timetable_solver import has_solver, solve
from tests.rules.test_timetable import problems, told
from tests.timetables import best, faults, goodness, idle, made

ROOT = Path(__file__).resolve().parents[2]


def solved(problem: Problem, seconds: float = 60) -> Result:
    return solve(problem, seconds=seconds, cancelled=lambda: False, better=lambda _result: None)


def test_the_solver_is_installed_where_the_tests_run() -> None:
    assert has_solver()


@settings(max_examples=150, deadline=None)
@given(problems())
def test_a_plan_is_valid_proved_and_no_worse_than_the_greedy_one(problem: Problem) -> None:
    heard: list[Result] = []
    result = solve(problem, seconds=60, cancelled=lambda: False, better=heard.append)
    told(problem, result)
    assert result.is_proved
    assert result.by_solver
    steps = [goodness(problem, each.placed) for each in (*heard, result)]
    assert steps == sorted(steps)
    assert steps[0] == goodness(problem, greedy(problem).placed)
    for each in heard:
        assert not faults(problem, each.placed)


@pytest.mark.parametrize("seed", range(20))
def test_a_small_case_is_as_good_as_trying_everything(seed: int) -> None:
    """Five meetings of five parties, three slots, two tables (a walk apart in every other case), four placed before."""
    problem = made(5, 5, 3, 2, busy=0.3, closed=0.2, seed=seed, days=1, a_day_at_most=2 if seed % 3 else None)
    before = greedy(made(5, 5, 3, 2, seed=seed + 1, days=1)).placed
    wishes = [replace(w, at=before.get(w.key) if w.key != seed % 5 else None) for w in problem.wishes]
    wishes[0] = replace(wishes[0], places=frozenset({seed % 2}))
    problem = replace(problem, wishes=tuple(wishes), areas=(0, seed % 2), walk=1)
    result = solved(problem)
    assert result.is_proved
    assert not faults(problem, result.placed)
    assert goodness(problem, result.placed) == best(problem)


def test_the_solver_places_what_a_greedy_plan_cannot() -> None:
    problem = made(180, 30, 14, 16, seed=4)
    result = solved(problem)
    assert len(greedy(problem).placed) < len(result.placed)
    assert result.is_proved
    assert result == solved(problem)


def test_a_new_plan_after_five_absences_moves_those_who_must_and_few_others() -> None:
    """Five are away the first half of the time: whoever sat with them then must move, or goes."""
    problem = made(200, 60, 16, 14, closed=0.1)
    first = solved(problem)
    away, early = frozenset(range(5)), frozenset(range(8))
    wishes = tuple(
        replace(w, at=first.placed.get(w.key), slots=(w.slots or early) - (early if away & set(w.parties) else set()))
        for w in problem.wishes
    )
    problem = replace(problem, wishes=wishes)
    again = solved(problem)
    assert again.is_proved
    assert not faults(problem, again.placed)
    must = {w.key for w in wishes if w.at is not None and w.slots is not None and w.at[0] not in w.slots}
    print(
        "must", len(must), "moved", len(again.moved), len(first.placed), len(again.placed), len(greedy(problem).placed)
    )
    assert must - set(again.left) <= set(again.moved)
    assert len(again.moved) < len(must) + 5
    assert len(again.placed) > len(greedy(problem).placed)


def test_fewer_idle_slots_than_the_greedy_plan() -> None:
    problem = made(150, 100, 16, 30)
    assert idle(problem, solved(problem).placed) < idle(problem, greedy(problem).placed)


def test_cancelled_at_once_is_the_greedy_plan_unproved() -> None:
    problem = made(180, 30, 14, 16, seed=4)
    result = solve(problem, seconds=60, cancelled=lambda: True, better=lambda _result: None)
    assert result.placed == greedy(problem).placed
    assert not result.is_proved


def test_cancelled_in_the_middle_is_the_best_so_far() -> None:
    """A problem that takes longer than any test may: 500 meetings of 60 parties in 24 slots."""
    problem = made(500, 60, 24, 24, busy=0.2, closed=0.2)
    started = time.monotonic()
    result = solve(problem, seconds=600, cancelled=lambda: time.monotonic() > started + 1, better=lambda _result: None)
    assert not faults(problem, result.placed)
    assert goodness(problem, result.placed) >= goodness(problem, greedy(problem).placed)
    assert not result.is_proved


def test_without_the_solver_it_is_the_greedy_plan_with_fewer_idle_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable_solver, "has_solver", lambda: False)
    problem = made(60, 30, 12, 10)
    result = solved(problem)
    assert (result.by_solver, result.is_proved) == (False, False)
    assert set(result.placed) == set(greedy(problem).placed)
    assert not faults(problem, result.placed)


def test_a_computer_without_the_extra_imports_and_plans() -> None:
    """In a process of its own in which neither highspy nor numpy can be found."""
    code = """
import sys
sys.modules["highspy"] = sys.modules["numpy"] = None
from expo_app.rules.timetable import Problem, Wish
from expo_app.services.timetable_solver import has_solver, solve
problem = Problem((Wish("ab", ("a", "b")),), (0,), ((1,),))
print(has_solver(), solve(problem, seconds=1, cancelled=lambda: False, better=print))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    assert run.stdout.startswith("False Result(placed={'ab': (0, 0)}"), run.stdout
    assert "by_solver=False" in run.stdout


def test_the_solver_writes_nothing_to_the_standard_output() -> None:
    """What `schedule --json` prints is for programs."""
    code = """
from expo_app.rules.timetable import Problem, Wish
from expo_app.services.timetable_solver import solve
wishes = tuple(Wish(f"{a}{b}", (a, b), slots=frozenset({0, 1, 2})) for a in "abcd" for b in "xyzw")
problem = Problem(wishes, (0, 0, 0), ((2,),) * 3)
solve(problem, seconds=9, cancelled=lambda: False, better=lambda _result: None)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize(
    "problem",
    [
        Problem((), (), ()),
        Problem((Wish("ab", ("a", "b")),), (), ()),
        Problem((Wish("ab", ("a", "b")),), (0,), ((),)),
        Problem((), (0,), ((1,),)),
    ],
)
def test_a_problem_with_nothing_in_it(problem: Problem) -> None:
    result = solved(problem)
    assert not result.placed
    assert set(result.left) == {wish.key for wish in problem.wishes}
    assert result.is_proved
