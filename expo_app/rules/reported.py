"""Numbers as they are reported: 约 50, 超过 1,000, 50 余, 近 250. What is reported roughly is never kept as exact.

A reported number is kept as one text, `Reported.text`, which says its qualifier before digits without separators: a
count, square metres with at most two decimals, or 万元.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from expo_app.i18n import _
from expo_app.model import Qualifier
from expo_app.rules import amounts

MOST = Decimal(10**11)
"""No count and no area is larger."""
_WORDS = {
    Qualifier.ABOUT: (
        "大约", "约为", "约", "左右", "上下", "about", "around", "approx.", "approximately", "ca.", "c.", "~", "≈",
    ),
    Qualifier.OVER: (
        "超过", "多于", "不少于", "逾", "超", "余", "多", "以上", "over", "morethan", "above", "atleast", ">", "≥", "+",
    ),
    Qualifier.NEARLY: ("接近", "将近", "近", "不到", "nearly", "almost", "closeto", "<"),
}  # fmt: skip
"""What people write before or behind a number; spaces are gone and letters small."""
_UNITS = ("平方米", "平米", "人次", "人民币", "家", "个", "场", "人", "项", "届", "次", "件", "㎡", "m2", "元")
SCALES = {
    "": Decimal(1), "千": Decimal(1_000), "万": Decimal(10_000), "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000), "亿": Decimal(100_000_000),
}  # fmt: skip
"""What may stand behind a number, and by what that multiplies it."""
_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)([百千]?万|[千亿]?)")
_LONGEST = 40


@dataclass(frozen=True)
class Reported:
    """A count, square metres or yuan, and how it is meant; without a qualifier it is exact."""

    value: Decimal
    qualifier: Qualifier | None = None

    def text(self, is_money: bool = False) -> str:
        """The form it is kept in: 约 50; of money 万元."""
        number = self.value.scaleb(-4) if is_money else self.value
        return f"{self.qualifier.value} {_plain(number)}" if self.qualifier else _plain(number)

    def shown(self, is_money: bool = False) -> str:
        """The form that is read, in the current language: 超过 1,000."""
        number = amounts.format_wan(self.value) if is_money else f"{Decimal(_plain(self.value)):,f}"
        return qualified(self.qualifier, number)


def qualified(qualifier: Qualifier | None, number: str) -> str:
    """A number's words behind those of its qualifier."""
    return number if qualifier is None else _("{how} {n}").format(how=qualifier.label, n=number)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def parse(text: str, is_money: bool = False) -> Reported:
    """What a person writes of a reported number; of money a bare number is in 万元.

    ValueError with a sentence for what is none, is below zero or larger than anything an expo has.
    """
    qualifier, plain = _qualifier(unicodedata.normalize("NFKC", text))
    if is_money:
        return Reported(amounts.parse_wan(plain), qualifier)
    for unit in _UNITS:
        plain = plain.replace(unit, "")
    found = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None:
        raise ValueError(_("“{text}”不是数，写数字，可在前面写约、近、超过，如 约 50。").format(text=text.strip()[:20]))
    value = Decimal(found[1].replace(",", "")) * SCALES[found[2]]
    if value > MOST:
        raise ValueError(_("不能大于 {n}。").format(n=f"{MOST:,f}"))
    if round(value, 2) != value:
        raise ValueError(_("最多 {n} 位小数。").format(n=2))
    return Reported(value, qualifier)


def _qualifier(text: str) -> tuple[Qualifier | None, str]:
    """How a number is meant, and what is left of its text: the longest word of a qualifier is taken out once."""
    plain = "".join(text.split()).lower()
    every = sorted(((word, which) for which, words in _WORDS.items() for word in words), key=lambda of: -len(of[0]))
    for word, which in every:
        if word in plain:
            return which, plain.replace(word, "", 1)
    return None, plain


def of_text(text: str, is_money: bool = False) -> Reported:
    """What a kept text means."""
    word, _space, number = text.rpartition(" ")
    value = Decimal(number)
    qualifier = next((one for one in Qualifier if one.value == word), None)
    return Reported(value.scaleb(4) if is_money else value, qualifier)


def of_column(packed: str) -> Reported:
    """What the database says of a figure in one text: the qualifier's name or nothing, a space, whole hundredths."""
    name, _space, hundredths = packed.rpartition(" ")
    return Reported(Decimal(hundredths).scaleb(-2), Qualifier[name] if name else None)
