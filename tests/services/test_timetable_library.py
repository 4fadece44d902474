"""The 27 meeting scheduling instances of CSPLib (prob046): each is feasible or infeasible as published.

Each meeting has a place, and an area, of its own, with the published slots between every two; feasible means that all
are placed, infeasible that the solver proves that not all can be.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from expo_app.rules.timetable import Problem, Wish, greedy
from expo_app.services.timetable_solver import solve
from tests.timetables import faults

FILE = Path(__file__).with_name("csplib_prob046.txt")
SLOTS = 12
SLOW = {6, 9, 11, 12, 18, 19, 21, 26}
"""Those that take more than four seconds, the last one four minutes."""


def instances() -> Iterator[pytest.ParameterSet]:
    """Of each line the problem and whether all of it can be placed."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            number, size, answer, agents, apart = line.split(";")
            marks = [pytest.mark.slow, pytest.mark.timeout(900)] if int(number) in SLOW else []
            meetings = [list(map(int, agent.split())) for agent in agents.split(",")]
            yield pytest.param(problem(int(size), meetings, apart), answer == "feasible", id=number, marks=marks)


def problem(size: int, agents: list[list[int]], apart: str) -> Problem:
    walks = [[0] * size for _ in range(size)]
    pairs = sorted({pair for meetings in agents for pair in combinations(meetings, 2)})
    for (one, other), slots in zip(pairs, apart, strict=True):
        walks[one][other] = walks[other][one] = int(slots)
    wishes = tuple(
        Wish(
            meeting,
            tuple(agent for agent, meetings in enumerate(agents) if meeting in meetings),
            is_mutual=True,
            places=frozenset({meeting}),
        )
        for meeting in range(size)
    )
    return Problem(
        wishes, (0,) * SLOTS, ((1,) * size,) * SLOTS, tuple(range(size)), walks=tuple(tuple(row) for row in walks)
    )


def test_the_file_has_all_instances() -> None:
    assert [param.id for param in instances()] == [str(number) for number in range(1, 28)]
    assert sum(bool(param.values[1]) for param in instances()) == 11


@pytest.mark.parametrize(("wanted", "is_feasible"), list(instances()))
def test_each_instance_has_its_published_answer(wanted: Problem, is_feasible: bool) -> None:
    result = solve(wanted, seconds=1400, cancelled=lambda: False, better=lambda _result: None)
    assert not faults(wanted, result.placed)
    assert not faults(wanted, greedy(wanted).placed)
    assert result.is_proved
    assert (not result.left) == is_feasible
