"""Numbers with their unit beside them or in their header: 1.2万㎡ and 1.2 below 面积（万平方米） are 12,000 ㎡."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from expo_app.exchange.headers import normal
from expo_app.i18n import _
from expo_app.rules.reported import SCALES
from expo_app.specs import Field, FieldType

PERCENT = "%"
_SQUARE_METRES = ("㎡", "m²", "m2", "平方米", "平米", "平方", "平")
_AREAS = {"公顷": Decimal(10_000), "平方公里": Decimal(1_000_000), "平方千米": Decimal(1_000_000)}
_OTHERS = {"㎡": ("亩", "英亩", "坪")}
"""Units of the same kind that are no round number of the field's: a column in one is not read."""
_OF_MONEY = "元"
_NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?[\d,]*\.?\d+")
_HOURS = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:个?小时|h|hours?)", re.IGNORECASE)
_YEARS = re.compile(r"每?(半|[一二两三四五六七八九十]|\d{1,2})? ?(?:个?(?:周|整)?年|years?)", re.IGNORECASE)
_QUARTER = re.compile(r"每?一?个?季度?")
_HAN = {"半": Decimal("0.5"), "两": Decimal(2)} | {one: Decimal(n) for n, one in enumerate("一二三四五六七八九十", 1)}


def plain_number(cell: str, own: Field) -> str:
    """The number that a text says in the field's unit; the text itself where it says none."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if own.unit == "分钟" and (hours := _HOURS.fullmatch(text)):
        return f"{Decimal(hours[1]) * 60:f}"
    if own.unit == "个月" and (years := _YEARS.fullmatch(text)):
        return f"{(_HAN.get(years[1]) or Decimal(years[1] or 1)) * 12:f}"
    if own.unit == "个月" and _QUARTER.fullmatch(text):
        return "3"
    for word, scale in _words(own):
        number = text[: len(text) - len(word)].strip()
        if text.casefold().endswith(word) and _NUMBER.fullmatch(number):
            return number if scale == 1 else f"{Decimal(number.replace(',', '')) * scale:f}"
    return cell


def unit_in(words: Iterable[str], own: Field) -> str | None:
    """Of what stands in a header's brackets the unit that bare numbers are in, "" for the field's own; None for one
    that its numbers cannot be taken over from."""
    for word in words:
        if word in map(normal, _OTHERS.get(own.unit, ())):
            return None
        if any(word == normal(known) and scale != 1 for known, scale in _words(own)):
            return word
        if own.unit == PERCENT == word:
            return word
    return ""


def with_unit(cells: Sequence[Any], unit: str) -> list[Any]:
    """Bare numbers with the unit of their column behind them."""

    def said(cell: Any) -> Any:
        if cell is None or isinstance(cell, bool | datetime):
            return cell
        text = f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
        return f"{text}{unit}" if _NUMBER.fullmatch(unicodedata.normalize("NFKC", text)) else cell

    table = {cell: said(cell) for cell in set(cells)}
    return [table[cell] for cell in cells]


def doubtful_share(cell: Any, own: Field) -> None:
    """ValueError for a bare share of one at most: 0.6 may be 60 % or 0.6 %, and nothing beside it says which."""
    if own.unit != PERCENT or isinstance(cell, bool):
        return
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if _NUMBER.fullmatch(text) and 0 < abs(Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))) <= 1:
        shown = f"{Decimal(text) * 100:f}".rstrip("0").rstrip(".")
        words = _("“{text}”没有写 %，看不出是 {text}% 还是 {percent}%，写上 %。")
        raise ValueError(words.format(text=text, percent=shown))


def _words(own: Field) -> tuple[tuple[str, Decimal], ...]:
    return _known(own.unit, _(own.unit) if own.unit else "", own.type is FieldType.REPORTED)


@lru_cache(64)
def _known(unit: str, spoken: str, is_reported: bool) -> tuple[tuple[str, Decimal], ...]:
    """What may stand behind a number in a unit → by what it is multiplied, longer words first."""
    units = (_OF_MONEY,) if is_reported else _SQUARE_METRES if unit == "㎡" else (spoken, unit)
    names = [unicodedata.normalize("NFKC", word).casefold() for word in units if word]
    found = dict.fromkeys(names, Decimal(1))
    if unit != PERCENT:
        found |= {f"{scale}{name}": power for scale, power in SCALES.items() for name in ("", *names) if scale}
    found |= _AREAS if unit == "㎡" else {}
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))
