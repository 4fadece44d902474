"""Numbers of Chinese patents and applications, and how long a patent lives.

A number has 13 characters since 2003-10-01 (year 4, kind 1, serial 7, check 1) and 9 before (year 2, kind 1, serial 5,
check 1): 专利申请号标准 ZC 0006-2003. The check digit is the sum of the digits by the weights 2…9, repeated, modulo
11; 10 is X. Kept plain; people also write ZL or CN in front, blanks, and a dot before the check digit.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from expo_app.i18n import _
from expo_app.model import PatentKind

LONG, SHORT = 13, 9
"""Characters of a number, since 2003-10-01 and before."""
KIND_DIGITS = {
    "1": PatentKind.INVENTION, "8": PatentKind.INVENTION, "2": PatentKind.UTILITY_MODEL,
    "9": PatentKind.UTILITY_MODEL, "3": PatentKind.DESIGN,
}  # fmt: skip
"""8 and 9 came by the Patent Cooperation Treaty."""
FIRST_YEAR, LONG_SINCE = 1985, 2003
YEARS = {PatentKind.INVENTION: 20, PatentKind.UTILITY_MODEL: 10, PatentKind.DESIGN: 15}
"""Years from the filing date (专利法 2020, art. 42)."""
DESIGN_BEFORE = date(2021, 6, 1)
"""The 2020 revision is in force from here; designs filed before keep their ten years."""
DESIGN_YEARS_BEFORE = 10
_SHAPE = re.compile(r"[0-9]+[0-9X]")


@dataclass(frozen=True)
class Number:
    """A number taken apart. `text` is plain; `year` that of filing."""

    text: str
    year: int
    kind: PatentKind

    @property
    def shown(self) -> str:
        """With the dot before the check digit, as the office prints it."""
        return f"{self.text[:-1]}.{self.text[-1]}"


def check_digit(digits: str) -> str:
    """The last character of a number whose other digits are these."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits))
    return "0123456789X"[total % 11]


def plain(text: str) -> str:
    """The number without what people write around and between."""
    bare = re.sub(r"[\s.．。·\-]", "", unicodedata.normalize("NFKC", text)).upper()
    return re.sub(r"^(ZL|CN)+", "", bare)


def kind_of(text: str) -> PatentKind | None:
    """Which kind a number says of itself, whatever its check digit; None where it has not the form of one."""
    number = plain(text)
    if len(number) not in (LONG, SHORT) or not _SHAPE.fullmatch(number):
        return None
    return KIND_DIGITS.get(number[4 if len(number) == LONG else 2])


def parse(text: str) -> Number:
    """A number of an application or patent; ValueError with a sentence if it cannot be one."""
    number = plain(text)
    if len(number) not in (LONG, SHORT) or not _SHAPE.fullmatch(number):
        raise ValueError(_("专利号应为 13 位（2003 年 10 月前 9 位），末位是校验位。"))
    year = int(number[:4]) if len(number) == LONG else _year(int(number[:2]))
    kind = kind_of(number)
    if kind is None or not (year >= LONG_SINCE if len(number) == LONG else FIRST_YEAR <= year <= LONG_SINCE):
        raise ValueError(_("专利号“{number}”的年份或种类位不对。").format(number=number))
    right = check_digit(number[:-1])
    if number[-1] != right:
        raise ValueError(_("专利号“{number}”的校验位不对，请核对证书。").format(number=number))
    return Number(number, year, kind)


def _year(short: int) -> int:
    return 1900 + short if short >= FIRST_YEAR % 100 else 2000 + short


def problem(text: str, kind: PatentKind, filed_on: date | None = None) -> str:
    """What is wrong with a number for a patent of this kind, filed on this day; "" for nothing."""
    try:
        number = parse(text)
    except ValueError as wrong:
        return str(wrong)
    if number.kind is not kind:
        words = _("专利号“{number}”是{found}的号，这里填的是{kind}。")
        return words.format(number=number.text, found=number.kind.label, kind=kind.label)
    if filed_on and filed_on.year != number.year:
        words = _("专利号“{number}”是 {year} 年申请的，申请日填的是 {day}。")
        return words.format(number=number.text, year=number.year, day=filed_on.isoformat())
    return ""


def shown(text: str) -> str:
    """A number as the office prints it; what is none stays as it is."""
    try:
        return parse(text).shown
    except ValueError:
        return text


def years(kind: PatentKind, filed_on: date) -> int:
    """How long the right lasts from filing."""
    return DESIGN_YEARS_BEFORE if kind is PatentKind.DESIGN and filed_on < DESIGN_BEFORE else YEARS[kind]


def ends_on(kind: PatentKind, filed_on: date) -> date:
    """The last day of the right, if its fees are paid: one filed on 1999-09-06 for ten years lives to 2009-09-05."""
    return _years_after(filed_on, years(kind, filed_on)) - timedelta(1)


def _years_after(day: date, count: int) -> date:
    try:
        return day.replace(year=day.year + count)
    except ValueError:  # 29 February
        return date(day.year + count, 3, 1)


def left(until: date, today: date) -> str:
    """How long it is to a day, in years and months; past: 已届满."""
    if until < today:
        return _("已届满")
    return span(today, until)


def span(start: date, end: date) -> str:
    """From day to day, in whole years and months, in days below a month."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    if months < 1:
        return _("{n} 天").format(n=(end - start).days)
    whole, rest = divmod(months, 12)
    if not whole:
        return _("{n} 个月").format(n=rest)
    return _("{n} 年 {m} 个月").format(n=whole, m=rest) if rest else _("{n} 年").format(n=whole)


def last_of(ends: Iterable[date | None]) -> date | None:
    """When the last of several patents ends; None where one is not known (民法典 art. 865)."""
    known = list(ends)
    return max((day for day in known if day), default=None) if known and all(known) else None
