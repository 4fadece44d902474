"""How wide the columns of a table are: by what stands in them.

Numbers, codes, dates, money and states are *firm*: as wide as their longest words, never cut. Names and texts want
what nine in ten of their words need. How columns share a room by these needs: `rules.column_widths`.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtGui import QFontMetrics

from expo_app.rules.column_widths import Need, fixed, is_code
from expo_app.ui.kit import theme
from expo_app.ui.kit.labels import pill_width
from expo_app.ui.kit.table import CHECK_WIDTH, Column
from expo_app.ui.kit.table_cells import METER, PAD, ROLES, advance

FIRM = ("number", "pill", "bar", "check")
LEAST_TEXT, LEAST_STRETCH = 144, 240
"""px a text has at least, where its words are not shorter, and the text that takes the rest."""
SAMPLED, LOOKED_AT = 300, 5000
"""Rows measured of a text, and about how many of a firm column (words of one shape are measured once)."""
ONE_SHAPE = str.maketrans("123456789", "0" * 9)


def head_width(column: Column) -> int:
    """What the header needs, with the arrow it may carry."""
    return advance("caption.bold", f"{column.label} ↓") + 2 * PAD + 2


def measure(column: Column, values: Sequence[Any], first: bool = False) -> Need:
    """The need of a column that holds these values; the `first` one names the row and keeps what it usually needs."""
    if column.kind == "check":
        return fixed(CHECK_WIDTH)
    if column.held:
        width = max(column.width, head_width(column))
        return Need(width, width, 2 * width if column.stretch else width)
    head, some = head_width(column), _some(values)
    words = _words(column, some)
    firm = column.kind in FIRM or is_code(set(words))
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


def _width_of(column: Column) -> Callable[[str], int]:
    if column.kind == "pill":
        return pill_width
    face = "caption" if column.kind == "bar" else ROLES[column.role][0]
    lead = METER + 8 if column.kind == "bar" else theme.Space.L if column.kind == "dot" else 0
    metrics = QFontMetrics(theme.font(face))
    return lambda words: metrics.horizontalAdvance(words) + lead + 1
