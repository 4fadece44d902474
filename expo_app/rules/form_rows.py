"""How the fields of a form fill its rows; nothing here draws."""

from collections.abc import Sequence

UNITS = 12  # a row of the form is twelve units wide


def place(spans: Sequence[int], may_grow: Sequence[bool]) -> list[tuple[int, int, int]]:
    """(row, unit, width) for fields of these widths, in order; a full row's rest goes to its last, if it may grow."""
    placed: list[tuple[int, int, int]] = []
    line = at = 0
    for wanted in spans:
        if at + wanted > UNITS:
            row, unit, width = placed[-1]
            placed[-1] = (row, unit, UNITS - unit if may_grow[len(placed) - 1] else width)
            line, at = line + 1, 0
        placed.append((line, at, wanted))
        at += wanted
    return placed
