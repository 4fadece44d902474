"""A price in one cell with what it is for (480元/样, 每样 480 元) goes to the two fields that hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from expo_app.specs import Field

_BEHIND = re.compile(r"(\D*\d[\d,.]*\s*[^\W\d]*?)\s*(?:/|每(?=\D))\s*(?:每|1|一)?\s*([^\W\d][^/]*)")
_BEFORE = re.compile(r"[每一]\s*([^\W\d]+?)\s*[:,]?\s*([¥$]?\s*\d[\d,.]*\s*[^\W\d]*)")
_OF_HEADER = re.compile(r"元\s*/\s*(?:每|1|一)?\s*([^\W\d][^()/]*?)\s*(?:\)|$)")
_BARE = re.compile(r"[\d,.\s]+")


def split_price(text: str) -> tuple[str, str] | None:
    """Amount and what it is for; None where a cell says one of them alone."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _BEHIND.fullmatch(plain):
        return found[1], found[2].strip()
    if found := _BEFORE.fullmatch(plain):
        return found[2], found[1]
    return None


def with_unit(text: str, unit: str) -> str:
    """A price whose amount is bare with the unit of its column; other texts as they are."""
    said = split_price(text)
    return f"{said[0]}{unit}/{said[1]}" if said and _BARE.fullmatch(said[0]) else text


def take_prices(
    columns: dict[str, list[Any]], fields: Mapping[str, Field], headers: Sequence[Mapping[str, str]]
) -> None:
    """What a column of its own says a price is for stands; else what the cell says, or the header (收费标准（元/样）).

    `headers`: of each row, field → the header of its column.
    """
    for own in [field for field in fields.values() if field.per]:
        units = columns.setdefault(own.per, [None] * len(columns[own.name]))
        for index, cell in enumerate(columns[own.name]):
            if cell is None:
                continue
            amount, what = (split_price(cell) if isinstance(cell, str) else None) or (cell, "")
            columns[own.name][index] = amount
            if units[index] is None:
                units[index] = what or _of_header(headers[index].get(own.name, "")) or None


def _of_header(header: str) -> str:
    found = _OF_HEADER.search(unicodedata.normalize("NFKC", header))
    return found[1] if found else ""
