"""The greedy timetable: never anybody or any place twice, whatever is asked, and a true reason for what is left."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expo_app.rules.timetable import Left, Problem, Result, Wish, greedy, greedy_plan, ground_of, result_of
from expo_app.rules.timetable_gaps import fewer_gaps
from tests.timetables import faults, idle, is_true, made


@st.composite
def problems(draw: st.DrawFn, meetings: int = 8) -> Problem:
    """Small and crowded: some closed places, some locked and some placed before, walks, limits, three in a meeting."""
    slots, places = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    some_slots = st.none() | st.frozensets(st.integers(0, max(slots - 1, 0)), max_size=slots)
    some_places = st.none() | st.frozensets(st.integers(0, max(places - 1, 0)), max_size=places)
    cells = st.none() | st.tuples(st.integers(0, slots), st.integers(0, places))
    wishes = []
    for key in range(draw(st.integers(0, meetings))):
        parties = tuple(draw(st.lists(st.integers(0, 5), min_size=2, max_size=3)))
        at, busy = draw(cells), draw(st.frozensets(st.integers(0, 5), max_size=3))
        wishes.append(Wish(key, parties, draw(st.booleans()), False, at, draw(some_slots), busy, draw(some_places)))
    seats = draw(st.lists(st.tuples(*[st.integers(0, 2)] * places), min_size=slots, max_size=slots))
    days = tuple(sorted(draw(st.lists(st.integers(0, 1), min_size=slots, max_size=slots))))
    areas = draw(st.just(()) | st.tuples(*[st.integers(0, 1)] * places))
    limit = draw(st.none() | st.integers(0, 2))
    problem = Problem(tuple(wishes), days, tuple(seats), areas, draw(st.integers(0, 2)), limit)
    return _locked(problem, draw(st.integers(0, 2)))


def _locked(problem: Problem, count: int) -> Problem:
    """The first so many of a plan, locked where they are in it."""
    placed = greedy(replace(problem, wishes=tuple(replace(wish, at=None) for wish in problem.wishes))).placed
    keys = list(placed)[:count]
    wishes = (replace(w, at=placed[w.key], is_locked=True) if w.key in keys else w for w in problem.wishes)
    return replace(problem, wishes=tuple(wishes))


def told(problem: Problem, result: Result) -> None:
    """That a plan is valid, whole and honest."""
    wishes = {wish.key: wish for wish in problem.wishes}
    assert not faults(problem, result.placed)
    assert set(result.placed) | set(result.left) == set(wishes)
    assert not set(result.placed) & set(result.left)
    assert all(is_true(problem, result, wishes[key]) for key in result.left), result
    assert set(result.moved) == {k for k, cell in result.placed.items() if wishes[k].at not in {None, cell}}


@settings(max_examples=300, deadline=None)
@given(problems())
def test_a_plan_is_valid_and_says_why_something_was_left(problem: Problem) -> None:
    result = greedy(problem)
    told(problem, result)
    assert greedy(problem) == result
    assert not result.is_proved
    assert not result.by_solver


@settings(max_examples=150, deadline=None)
@given(problems())
def test_fewer_idle_slots_cost_nothing_else(problem: Problem) -> None:
    plan = greedy_plan(ground_of(problem))
    before = result_of(plan, is_proved=False, by_solver=False)
    fewer_gaps(plan)
    after = result_of(plan, is_proved=False, by_solver=False)
    told(problem, after)
    assert idle(problem, after.placed) <= idle(problem, before.placed)
    assert set(after.placed) == set(before.placed)
    assert len(after.moved) <= len(before.moved)
    stayed = {wish.key for wish in problem.wishes if wish.at is not None and before.placed.get(wish.key) == wish.at}
    assert all(after.placed[key] == before.placed[key] for key in stayed)


def two(*, slots: int = 2, **more: object) -> Problem:
    """Two meetings of one party, one table."""
    return replace(
        Problem((Wish("ab", ("a", "b"), True), Wish("ac", ("a", "c"))), (0,) * slots, ((1,),) * slots), **more
    )


@pytest.mark.parametrize(
    ("problem", "key", "reason"),
    [
        (two(wishes=(Wish("ab", ("a", "b"), slots=frozenset()),)), "ab", Left.NO_COMMON_SLOT),
        (two(seats=((0,), (0,)), wishes=(Wish("ac", ("a", "c")),)), "ac", Left.NO_SEAT),
        (two(slots=1, seats=((2,),)), "ac", Left.A_FULL),
        (two(slots=1, wishes=(Wish("ab", ("a", "b"), True), Wish("cb", ("c", "b")))), "cb", Left.B_FULL),
        (two(slots=1, wishes=(Wish("ab", ("a", "b"), True), Wish("cd", ("c", "d")))), "cd", Left.NO_SEAT),
        (two(a_day_at_most=1), "ac", Left.DAY_LIMIT),
        (
            Problem(
                (
                    Wish("ax", ("a", "x"), True, slots=frozenset({0})),
                    Wish("bx", ("b", "x"), True, slots=frozenset({1})),
                    Wish("ab", ("a", "b")),
                ),
                (0, 0),
                ((3,), (3,)),
            ),
            "ab",
            Left.CROWDED_OUT,
        ),
        (two(areas=(0, 1), walk=1, seats=((1, 0), (0, 1))), "ac", Left.A_FULL),
    ],
)
def test_why_a_meeting_was_left(problem: Problem, key: str, reason: Left) -> None:
    assert greedy(problem).left == {key: reason}


def test_back_to_back_in_two_areas_where_no_way_is_asked_for() -> None:
    assert not greedy(two(areas=(0, 1), seats=((1, 0), (0, 1)))).left


def test_a_way_ends_with_the_day() -> None:
    assert not greedy(two(areas=(0, 1), walk=1, seats=((1, 0), (0, 1)), days=(0, 1))).left


def test_an_agreed_meeting_comes_before_one_sided_ones() -> None:
    asked = Wish("asked", ("a", "b"))
    agreed = Wish("agreed", ("a", "c"), is_mutual=True)
    assert list(greedy(Problem((asked, agreed), (0,), ((5,),))).placed) == ["agreed"]


def test_a_locked_meeting_stays_where_nobody_else_could_be() -> None:
    locked = Wish("locked", ("a", "b"), is_locked=True, at=(0, 0), slots=frozenset())
    result = greedy(Problem((locked, Wish("new", ("a", "c"), True)), (0, 0), ((0,), (1,))))
    assert result.placed == {"locked": (0, 0), "new": (1, 0)}


def test_a_table_that_disappeared_moves_its_meetings_alone() -> None:
    """Three tables, the second is gone; who sat there gets the table that is free, the others keep theirs."""
    wishes = tuple(Wish(n, (f"a{n}", f"b{n}"), at=(0, n)) for n in range(2))
    result = greedy(Problem(wishes, (0,), ((1, 0, 1),)))
    assert result.placed == {0: (0, 0), 1: (0, 2)}
    assert result.moved == (1,)


def test_two_meetings_said_to_be_at_one_table_do_not_both_stay() -> None:
    wishes = tuple(Wish(n, (f"a{n}", f"b{n}"), at=(0, 0)) for n in range(2))
    result = greedy(Problem(wishes, (0,), ((1, 1),)))
    assert sorted(result.placed.values()) == [(0, 0), (0, 1)]
    assert len(result.moved) == 1


def test_a_booth_is_for_its_owner() -> None:
    """Place 1 is a booth: the meeting that may be there goes there, since the table is the other's only one."""
    owner = Wish("owner", ("a", "b"), places=frozenset({1}))
    guest = Wish("guest", ("c", "d"), is_mutual=True, places=frozenset({0}))
    assert greedy(Problem((owner, guest), (0,), ((1, 1),))).placed == {"guest": (0, 0), "owner": (0, 1)}


def test_avoided_slots_come_last() -> None:
    wish = Wish("ab", ("a", "b"), busy=frozenset({0, 1}))
    assert greedy(Problem((wish,), (0, 0, 0), ((1,),) * 3)).placed == {"ab": (2, 0)}


def test_meetings_of_a_party_follow_each_other() -> None:
    problem = made(60, 40, 16, 12)
    assert idle(problem, greedy(problem).placed) < 40
