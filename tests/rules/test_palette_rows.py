"""Rows of the command palette: what is stressed, and how kinds share the room."""

import pytest

from expo_app.rules.palette_rows import pieces, share


@pytest.mark.parametrize(
    ("matched", "cut"),
    [
        ((), [("昆山科创", False)]),
        (((2, 4),), [("昆山", False), ("科创", True)]),
        (((3, 4), (0, 1)), [("昆", True), ("山科", False), ("创", True)]),
        (((0, 3), (2, 4)), [("昆山科", True), ("创", True)]),
    ],
)
def test_matches_are_cut_out(matched: tuple[tuple[int, int], ...], cut: list[tuple[str, bool]]) -> None:
    assert pieces("昆山科创", matched) == cut


def test_the_palette_shares_its_places() -> None:
    assert share([9, 1, 4], 8) == [4, 1, 3]
    assert share([2, 1], 8) == [2, 1]
    assert share([], 8) == []
    assert share([5, 5, 5], 2) == [1, 1, 0]
