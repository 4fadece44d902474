"""Rows of the command palette as plain data: what matches, which stands first, and how kinds share the room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from expo_app.rules.search_key import matches

MOST = 8  # rows in sight


@dataclass(frozen=True)
class PaletteRow:
    """One hit. `matched`, `why`: parts of title and detail to stress, (start, end); `key_hint` stands at the right
    (打开, Ctrl N).
    """

    group: str
    icon: str
    title: str
    action: Callable[[], object]
    detail: str = ""
    key_hint: str = ""
    matched: tuple[tuple[int, int], ...] = ()
    why: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Command:
    """Something to do: words, where it belongs, icon, key, and the act. `also`: further words that find it."""

    words: str
    detail: str
    icon: str
    keys: str
    call: Callable[[], object]
    also: tuple[str, ...] = ()


def pieces(title: str, matched: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """`title` cut into (text, stressed)."""
    found, at = [], 0
    for start, end in sorted(matched):
        found += [(title[at:start], False), (title[max(at, start) : end], True)]
        at = max(at, end)
    found.append((title[at:], False))
    return [piece for piece in found if piece[0]]


def share(wanted: Sequence[int], room: int) -> list[int]:
    """Places for each, given in turn until nobody wants more or the room is used: of 8 for 9, 1, 4 → 4, 1, 3."""
    given = [0] * len(wanted)
    while sum(given) < min(room, sum(wanted)):
        for place, most in enumerate(wanted):
            if given[place] < most and sum(given) < room:
                given[place] += 1
    return given


def rank(hit: PaletteRow) -> tuple[bool, int]:
    """Titles that match before those found by other words, the earlier the better."""
    return not hit.matched, hit.matched[0][0] if hit.matched else 0


def stressed(title: str, text: str) -> tuple[tuple[int, int], ...]:
    """The parts of a title that match a word of the text."""
    found: list[Any] = [pair for word in text.split() for pair in matches(title, word)]
    return tuple(sorted(found))
