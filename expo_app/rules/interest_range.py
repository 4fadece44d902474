"""How much somebody is interested in, as people say it in a hall: 50-200, 50 以上, 200 以内, 80 (万元)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from expo_app.i18n import _
from expo_app.rules import amounts

Range = tuple[Decimal | None, Decimal | None]
"""From and to, in yuan; None: open on that side. One figure is both."""
_BETWEEN = re.compile(r"\s*(?:-|–|—|~|〜|至|到)\s*")
_ABOVE = re.compile(r"(?:以上|及以上|起|\+|or more|and more|plus)$", re.IGNORECASE)
_BELOW = re.compile(r"(?:以内|以下|之内|or less)$", re.IGNORECASE)
_UPTO = re.compile(r"^(?:up to|不超过|最多|≤|<=?)\s*", re.IGNORECASE)

_UNIT = re.compile(r"[^\d.,\s]+$")
"""Said once behind a range, it is meant for both ends: 1-2 亿元, 50-200 万."""


def parse_range(text: str) -> Range:
    """(from, to) in yuan of a text in 万元; "" is no range at all. ValueError with a sentence for what is none.

    A figure with another unit (元, 亿元) is read as `amounts.parse_wan` reads it.
    """
    said = unicodedata.normalize("NFKC", text).replace("〜", "~").strip()
    if not said:
        return None, None
    if _ABOVE.search(said):
        return _amount(_ABOVE.sub("", said), text), None
    if _BELOW.search(said) or _UPTO.search(said):
        return None, _amount(_UPTO.sub("", _BELOW.sub("", said)), text)
    parts = _BETWEEN.split(said)
    if len(parts) > 2:
        raise ValueError(_unreadable(text))
    unit = _UNIT.search(parts[-1])
    first = parts[0] if unit is None or _UNIT.search(parts[0]) else parts[0] + unit[0]
    low, high = _amount(first, text), _amount(parts[-1], text)
    if high < low:
        raise ValueError(_("意向金额的上限不能低于下限。"))
    return low, high


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """50.00–200.00 万元, 50.00 万元以上, 200.00 万元以内, 80.00 万元; "" where nobody said."""
    if low is None and high is None:
        return ""
    if high is None:
        return _("{amount}以上").format(amount=_("{n} 万元").format(n=_wan(low)))
    if low is None:
        return _("{amount}以内").format(amount=_("{n} 万元").format(n=_wan(high)))
    return _("{n} 万元").format(n=_wan(low) if low == high else f"{_wan(low)}–{_wan(high)}")


def range_text(low: Decimal | None, high: Decimal | None) -> str:
    """The same as it is typed: 50-200, 50 以上, 200 以内, 80."""
    if low is None and high is None:
        return ""
    if high is None:
        return f"{_plain(low)} 以上"
    if low is None:
        return f"{_plain(high)} 以内"
    return _plain(low) if low == high else f"{_plain(low)}-{_plain(high)}"


def _amount(part: str, text: str) -> Decimal:
    try:
        amount = amounts.parse_wan(part.strip())
    except ValueError:
        raise ValueError(_unreadable(text)) from None
    if amount <= 0:
        raise ValueError(_("金额要大于 0。"))
    return amount


def _unreadable(text: str) -> str:
    return _("“{text}”不是金额范围。写成 50-200、50 以上或 80，单位万元。").format(text=text)


def _wan(amount: Decimal | None) -> str:
    return amounts.format_wan(amount) if amount is not None else ""


def _plain(amount: Decimal | None) -> str:
    return f"{(amount or Decimal(0)).scaleb(-4).normalize():f}"
