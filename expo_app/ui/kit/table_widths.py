"""How wide the columns of a table are: by what stands in them.

Numbers, codes, dates, money and states are *firm*: as wide as their longest words, never cut. Names and texts want
what nine in ten of their words need, give way evenly (the widest first) where room is short, and share what is left
over up to half as much again. What still does not fit is left out, in the order the page chose.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QFontMetrics

from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import pill_width
from expo_app.ui.kit.table import CHECK_WIDTH, Column
from expo_app.ui.kit.table_cells import METER, PAD, ROLES, advance

FIRM = ("number", "pill", "bar", "check")
CODE = re.compile(r"[A-Za-z0-9*#_/.:+-]{1,24}|[0-9*¥%/.,:+ -]{1,24}")
"""What is read character by character: KJH18-E-00001, A-003, 160****0119, 2018-11-29 14:00."""
LEAST_TEXT, LEAST_STRETCH = 144, 240
"""px a text has at least, where its words are not shorter, and the text that takes the rest."""
SAMPLED, LOOKED_AT = 300, 5000
"""Rows measured of a text, and about how many of a firm column (words of one shape are measured once)."""
ONE_SHAPE = str.maketrans("123456789", "0" * 9)


@dataclass(frozen=True)
class Need:
    """px a column cannot do without, wants, and can use at most."""

    least: int
    usual: int
    most: int


def fixed(width: int) -> Need:
    """A column of this width, whatever the room."""
    return Need(width, width, width)


def head_width(column: Column) -> int:
    """What the header needs, with the arrow it may carry."""
    return advance("caption.bold", f"{column.label} ↓") + 2 * PAD + 2


def measure(column: Column, values: Sequence[Any], first: bool = False) -> Need:
    """The need of a column that holds these values; the `first` one names the row and keeps what it usually needs."""
    if column.kind == "check":
        return fixed(CHECK_WIDTH)
    head, some = head_width(column), _some(values)
    words = _words(column, some)
    firm = column.kind in FIRM or _is_code(set(words))
    if firm:
        words = list({word.translate(ONE_SHAPE): word for word in _words(column, _different(values))}.values())
    wide = _width_of(column)
    widths = sorted(map(wide, words))
    most = max(head, widths[-1] + 2 * PAD if widths else 0)
    if firm:
        return fixed(most)
    usual = max(head, widths[(len(widths) - 1) * 9 // 10] + 2 * PAD if widths else 0)
    least = LEAST_STRETCH if column.stretch else LEAST_TEXT
    most = most if column.stretch else min(most, usual * 3 // 2)  # one long name makes no gap beside all others
    return Need(usual if first else max(head, min(usual, least)), usual, most)


def _some(values: Sequence[Any]) -> list[Any]:
    """Some of many values, the longest text among them."""
    if len(values) <= SAMPLED:
        return list(values)
    texts = [value for value in values if isinstance(value, str)]
    return [*values[:: len(values) // SAMPLED | 1], *([max(texts, key=len)] if texts else [])]


def _different(values: Sequence[Any]) -> list[Any]:
    return list(dict.fromkeys(values)) if all(isinstance(value, Hashable) for value in values) else list(values)


def _words(column: Column, values: Sequence[Any]) -> list[str]:
    return [column.words(value) for value in values if value is not None]


def _is_code(words: set[str]) -> bool:
    said = words - {"—"}
    return bool(said) and all(CODE.fullmatch(word) for word in said)


def _width_of(column: Column) -> Callable[[str], int]:
    if column.kind == "pill":
        return pill_width
    face = "caption" if column.kind == "bar" else ROLES[column.role][0]
    lead = METER + 8 if column.kind == "bar" else theme.Space.L if column.kind == "dot" else 0
    metrics = QFontMetrics(theme.font(face))
    return lambda words: metrics.horizontalAdvance(words) + lead + 1


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
