"""How columns of a table share a room by what each needs, in px; nothing here draws.

Columns give way evenly (the widest first) where room is short, and share what is left over up to half as much again.
What still does not fit is left out, in the order the page chose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CODE = re.compile(r"[A-Za-z0-9*#_/.:+-]{1,24}|[0-9*¥%/.,:+ -]{1,24}")
"""What is read character by character: EX26-E-00001, A-003, 160****0119, 2026-05-21 14:00."""


@dataclass(frozen=True)
class Need:
    """px a column cannot do without, wants, and can use at most."""

    least: int
    usual: int
    most: int


def fixed(width: int) -> Need:
    """A column of this width, whatever the room."""
    return Need(width, width, width)


def is_code(words: set[str]) -> bool:
    """Whether all of these words, dashes aside, are read character by character."""
    said = words - {"—"}
    return bool(said) and all(CODE.fullmatch(word) for word in said)


def fill(low: Sequence[int], high: Sequence[int], room: int) -> list[int]:
    """Widths between `low` and `high`, together at most `room` (or as `low`): all raised to one level, then kept."""
    widths, open_ = list(low), [n for n in range(len(low)) if high[n] > low[n]]
    spare = room - sum(widths)
    while spare > 0 and open_:
        bottom = min(widths[n] for n in open_)
        lowest = [n for n in open_ if widths[n] == bottom]
        above = [widths[n] for n in open_ if widths[n] > bottom] + [high[n] for n in lowest]
        step = min(min(above) - bottom, spare // len(lowest)) or 1
        for n in lowest[:spare] if step == 1 else lowest:
            widths[n] += step
            spare -= step
        open_ = [n for n in open_ if widths[n] < high[n]]
    return widths


def share(needs: Sequence[Need], stretch: Sequence[int], room: int) -> list[int]:
    """The widths of columns with these needs in `room` px; `stretch` come first, and take what nobody can use."""
    least, usual, most = ([getattr(need, name) for need in needs] for name in ("least", "usual", "most"))
    first = [usual[n] if n in stretch else least[n] for n in range(len(needs))]
    widths = fill(fill(least, first, room), usual, room)  # what names the rows before what is said of them
    if widths == usual:
        widths = fill(usual, most, room)
    left = room - sum(widths)
    for place in stretch if left > 0 else ():
        widths[place] += left // len(stretch)
    return widths


def left_out(needs: Sequence[Need], order: Sequence[int], room: int) -> list[int]:
    """Which columns are left out where not even their least widths fit: the first ones of `order`."""
    over, out = sum(need.least for need in needs) - room, list[int]()
    for place in order:
        if over <= 0:
            break
        out.append(place)
        over -= needs[place].least
    return out
