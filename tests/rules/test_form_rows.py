"""Fields fill the rows of a form, as their kind allows."""

import pytest

from expo_app.rules.form_rows import place


@pytest.mark.parametrize(
    ("spans", "grows", "places"),
    [
        ([4, 4, 4], [True] * 3, [(0, 0, 4), (0, 4, 4), (0, 8, 4)]),
        ([4, 12], [True, True], [(0, 0, 12), (1, 0, 12)]),
        ([4, 12], [False, True], [(0, 0, 4), (1, 0, 12)]),
        ([6, 4, 6], [True, True, True], [(0, 0, 6), (0, 6, 6), (1, 0, 6)]),
        ([], [], []),
    ],
)
def test_places(spans: list[int], grows: list[bool], places: list[tuple[int, int, int]]) -> None:
    assert place(spans, grows) == places
