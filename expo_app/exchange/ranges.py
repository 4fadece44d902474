"""What one cell says of two fields: a range (50-200, 50 以上, 200 以内) its ends, a price (480元/样) what it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from expo_app.rules.interest_range import parse_range
from expo_app.specs import Field

_BEHIND_STROKE = re.compile(r"(.*\d.*?)\s*(?:/|每|一)\s*([^\W\d][^/]*)")
_BEFORE = re.compile(r"每\s*(\D+?)\s*[:：]?\s*((?:[¥￥]\s*)?[\d.,]+\D*)")
_OF_HEADER = re.compile(r"元\s*/\s*([^\W\d][^()/]*?)\s*(?:\)|$)")
_UNIT, _BEHIND_DIGITS = re.compile("[元万亿千百]"), re.compile(r"(\d)(\D*)$")


def take_ranges(columns: dict[str, list[Any]], fields: Mapping[str, Field]) -> None:
    """What is one amount, none, or cannot be read stays as it is; an end with a column of its own is what that says."""
    for own in [field for field in fields.values() if field.up_to]:
        ends = columns.setdefault(own.up_to, [None] * len(columns[own.name]))
        for index, cell in enumerate(columns[own.name]):
            try:
                low, high = parse_range(cell) if isinstance(cell, str) else (None, None)
            except ValueError:
                continue  # said of the cell when it is read
            if low != high:
                columns[own.name][index] = _yuan(low)
                ends[index] = _yuan(high) if ends[index] is None else ends[index]


def with_unit(text: str, unit: str) -> str:
    """A range of bare numbers with the unit of its column; other texts as they are."""
    try:
        low, high = parse_range(text)
    except ValueError:
        return text
    is_bare = low != high and not _UNIT.search(text)
    return _BEHIND_DIGITS.sub(rf"\g<1>{unit}\2", text) if is_bare else text


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}元"
