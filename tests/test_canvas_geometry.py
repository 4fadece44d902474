"""Where things lie on a canvas, without a window."""

import pytest

from expo_app.ui.canvas.geometry import Axis, Box, Spot, hit, kept, nearest, side_by_side, snapped


def test_an_axis_goes_both_ways() -> None:
    axis = Axis(8, 1.2, 540)
    assert (axis.px(540), axis.px(640), axis.unit(128)) == (8, 128, 640)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"), [(5, 0, 10, 5), (-1, 0, 10, 0), (11, 0, 10, 10), (3, 0, -2, -2)]
)
def test_kept_within_bounds(value: float, low: float, high: float, expected: float) -> None:
    assert kept(value, low, high) == expected


@pytest.mark.parametrize(
    ("value", "edges", "expected"),
    [(12.4, (), 10), (12.6, (), 15), (12.4, (13.1,), 13.1), (12.4, (14.5, 12.9), 12.9), (12.4, (14.5,), 10)],
)
def test_a_near_neighbour_comes_before_the_grid(value: float, edges: tuple[float, ...], expected: float) -> None:
    assert snapped(value, 5, edges, reach=1) == expected


def test_minutes_stay_whole() -> None:
    assert repr(snapped(12.4, 5)) == "10"


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (5, 5, "low"), (15, 15, "high"), (25, 25, "high"), (11.5, 5, "low"), (50, 50, None),
        (65, 17, "upper"), (65, 23, "lower"),
    ],
)  # fmt: skip
def test_what_is_hit(x: float, y: float, expected: str | None) -> None:
    boxes = [
        ("low", Box(0, 0, 10, 10)), ("covered", Box(10, 10, 20, 20)), ("high", Box(10, 10, 20, 20, 1)),
        ("upper", Box(60, 0, 10, 20)), ("lower", Box(60, 20, 10, 20)),
    ]  # fmt: skip
    assert hit(boxes, x, y, reach=2) == expected


@pytest.mark.parametrize(
    ("way", "expected"), [((1, 0), "east"), ((-1, 0), None), ((0, 1), "a twin"), ((0, -1), "far ahead")]
)
def test_the_nearest_ahead(way: tuple[int, int], expected: str | None) -> None:
    others = [
        ("self", Spot(0, 0), "self"), ("east", Spot(4, 1), "east"), ("b twin", Spot(1, 5), "b"),
        ("a twin", Spot(1, 5), "a"), ("far ahead", Spot(0, -9), "far"), ("aside", Spot(4, -2), "aside"),
    ]  # fmt: skip
    assert nearest(Spot(0, 0), others, *way) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 60), (60, 120)], [(0, 1), (0, 1)]),
        ([(0, 60), (30, 90)], [(0, 2), (1, 2)]),
        ([(0, 120), (30, 60), (60, 90)], [(0, 2), (1, 2), (1, 2)]),
        ([(30, 60), (0, 200), (40, 50), (210, 220)], [(1, 3), (0, 3), (2, 3), (0, 1)]),
        ([(60, 30), (60, 90)], [(1, 2), (0, 2)]),
        ([], []),
    ],
)
def test_what_overlaps_lies_side_by_side(spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert side_by_side(spans, 5) == expected
