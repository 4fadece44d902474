"""Marks of charts, on the screen and in print."""

from decimal import Decimal

import pytest

from expo_app.rules.chart_layout import LinePlot, clock, number, scale


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (10, [0, 5, 10]),
        (90, [0, 25, 50, 75, 100]),
        (610, [0, 200, 400, 600, 800]),
        (700, [0, 200, 400, 600, 800]),
        (2104, [0, 1000, 2000, 3000]),
        (0.3, [0, 0.1, 0.2, 0.3]),
        (18640.5, [0, 5000, 10000, 15000, 20000]),
    ],
)
def test_scales_are_round_and_reach_the_top(most: float, marks: list[float]) -> None:
    assert scale(most) == pytest.approx(marks)


def test_what_is_counted_is_marked_in_whole_steps() -> None:
    for most in (*range(1, 400), *range(400, 100_000, 97)):
        marks = scale(most)
        assert all(mark == int(mark) for mark in marks), most
        assert (marks[-1] >= most > marks[-2], 2 <= len(marks) <= 6) == (True, True), most


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234, "1,234"), (Decimal("18640.50"), "18,640.5"), (7.5, "7.5")]
)
def test_numbers_have_no_needless_digits(value: Decimal, text: str) -> None:
    assert number(value) == text


def test_points_stand_between_the_first_and_the_last_minute() -> None:
    plot = LinePlot.of([[(495, 10), (540, 60)], [(510, 3)]], until=615)
    assert [plot.place(point) for point in ((495, 0), (555, 30), (615, 60))] == [(0, 0), (0.5, 0.5), (1, 1)]
    assert LinePlot.of([]).place((0, 0)) == (0, 0)


@pytest.mark.parametrize(
    ("most", "every", "times"),
    [(5, 5, ["08:30", "09:00", "09:30", "10:00"]), (3, 5, ["09:00", "10:00"]), (9, 60, ["09:00", "10:00"])],
)
def test_times_are_round_however_the_day_begins(most: float, every: int, times: list[str]) -> None:
    assert [clock(minute) for minute in LinePlot(495, 615, [0, 1]).times(most, every)] == times
