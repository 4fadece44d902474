"""A price in one cell with what it is for (480元/样, 每样 480 元) goes to the two fields that hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from expo_app.i18n import _
from expo_app.specs import Field

_BEHIND = re.compile(r"(\D*\d[\d,.]*\s*[^\W\d]*?)\s*(?:/|每(?=\D))\s*(?:每|1|一)?\s*([^\W\d][^/]*)")
_BEFORE = re.compile(r"[每一]\s*([^\W\d]+?)\s*[:,]?\s*([¥$]?\s*\d[\d,.]*\s*[^\W\d]*)")
_UNIT = re.compile(r"[百千万亿]*元|[百千万亿]+")
_OF_HEADER = re.compile(r"元\s*/\s*(?:每|1|一)?\s*([^\W\d][^()/]*?)\s*(?:\)|$)")
_BARE = re.compile(r"[\d,.\s]+")
_MONEY = re.compile(
    r"(?:人民币|rmb|cny)?((?:[百千万亿]+元?|元)|(?:人民币|rmb|cny))\s*(?:(?:/|每)\s*(?:每|1|一)?\s*([^\W\d][^/]*))?",
    re.IGNORECASE,
)
"""What a price is for with the unit of its amount: 万元/天, 元每样; 万元 alone."""


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


def by_said_units(amounts: Sequence[Any], units: Sequence[Any]) -> tuple[list[Any], list[Any], dict[int, str]]:
    """Amounts with the unit that the column of what they are for says (1.2 beside 万元/天), and that column without it.

    The third: index → what is wrong where a cell of the one and of the other say different units.
    """
    said, what_for, wrong = list(amounts), list(units), dict[int, str]()
    for index, (cell, unit) in enumerate(zip(amounts, units, strict=True)):
        found = _MONEY.fullmatch(unicodedata.normalize("NFKC", str(unit or "")).strip())
        if found is None:
            continue
        money, what_for[index] = found[1].removesuffix("元") + "元", found[2]
        text = f"{cell:.15g}" if isinstance(cell, float) else "" if cell is None else str(cell).strip()
        if _BARE.fullmatch(text):
            said[index] = f"{text}{money}"
        elif (own := _UNIT.search(unicodedata.normalize("NFKC", text))) and own[0].removesuffix("元") + "元" != money:
            words = _("价格写的是“{price}”，计价单位写的是“{unit}”，金额的单位不一样，改成一样。")
            wrong[index] = words.format(price=text, unit=unit)
    return said, what_for, wrong


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
