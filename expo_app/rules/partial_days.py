"""Days that may be known to the month or the year alone: 2019, 2019-12, 2019-12-05, kept as texts of ISO 8601.

Texts of the same length sort by time; what is compared across lengths asks `first_day` and `last_day`.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from expo_app.damaged import DamagedText, DamagedValue
from expo_app.i18n import _
from expo_app.rules import moments

_PATTERN = re.compile(
    r"((?:19|20)\d\d)(?:\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*[日号]?)?\s*月?)?\s*(?:年度?)?"
)
_HOUR = r"(?:[上下]午|晚上)?\s*\d{1,2}\s*[:点时](?:\s*\d{2}(?::\d{2})?)?\s*分?"
_CLOCK = re.compile(rf"(?<=\d[ 日号T])\s*{_HOUR}(?:\s*[-~–—至到]+\s*{_HOUR})?$")
"""The hour behind a day (2021-03-05 14:00), or from and to which, that says nothing here."""
_SERIAL = re.compile(r"[345]\d{4}")
"""A day that a sheet shows as its number, from 1982 to 2064."""
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)?")
_NAMED = rf"(?P<month>{'|'.join(moments.MONTHS)})[a-z]*\.?"
_ENGLISH_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY_MONTH = re.compile(rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?{_NAMED},?\s*{_ENGLISH_YEAR}", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"{_NAMED}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_ENGLISH_YEAR}", re.IGNORECASE)
_YEAR_END = re.compile(r"((?:19|20)\d\d)\s*年?[底末]")
_EPOCH = date(1899, 12, 30)
_MONTH, _YEAR = len("2019-12"), len("2019")


def parse(text: str) -> str:
    """The form that is kept, of 2019年12月, 2019/12/5, 201912 …; "" of nothing. ValueError with a sentence else."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        return ""
    clock = _CLOCK.search(plain)
    written = plain[: clock.start()] if clock else _in_figures(plain)
    if _SERIAL.fullmatch(plain):
        return (_EPOCH + timedelta(int(plain))).isoformat()
    found = _PATTERN.fullmatch(written) or _DIGITS.fullmatch(written)
    if found is None or (clock and not found[3]):
        raise ValueError(_("“{text}”不是日期，写年、年月或年月日，如 2019-12。").format(text=text.strip()[:20]))
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        known = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise ValueError(_("没有“{text}”这一天，请改正。").format(text=text.strip()[:20])) from None
    return known.isoformat()[: _YEAR if month is None else _MONTH if day is None else None]


def _in_figures(text: str) -> str:
    """The same day in figures where its month is a word (12 May 2021, May 2021) or the end of its year (2021年末)."""
    if end := _YEAR_END.fullmatch(text):
        return f"{end[1]}-12"
    found = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if found is None:
        return text
    month = moments.MONTHS.index(found["month"].casefold()) + 1
    return f"{found['year']}-{month:02d}" + (f"-{int(found['day']):02d}" if found["day"] else "")


def shown(text: str) -> str:
    """The form that is read: 2019-12 as it is kept, — of nothing."""
    return text or "—"


def first_day(text: str) -> date:
    """The earliest day it can mean; DamagedValue of what cannot be read."""
    if isinstance(text, DamagedText):
        raise DamagedValue(text.column)
    return date.fromisoformat(text + "-01-01"[len(text) - _YEAR :])


def last_day(text: str) -> date:
    """The latest day it can mean."""
    first = first_day(text)
    if len(text) == _YEAR:
        return date(first.year, 12, 31)
    if len(text) == _MONTH:
        return date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    return first


def is_full(text: str) -> bool:
    """Whether it says a day."""
    return len(text) > _MONTH


def days_between(earlier: str, later: str) -> int | None:
    """How many days lie between two full days; None where one is a month, a year or unknown."""
    if not (is_full(earlier) and is_full(later)):
        return None
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def surely_before(one: str, other: str) -> bool:
    """Whether the whole of `one` lies before `other`; never where one is unknown."""
    return bool(one and other) and last_day(one) < first_day(other)


def meets(text: str, first: date, last: date) -> bool:
    """Whether a known day can lie between two days, both included."""
    return bool(text) and first_day(text) <= last and last_day(text) >= first


def is_to_come(day: str, latest: date | None) -> bool:
    """Whether all of it is still to come; None: no day is (a sample expo's clock stands at a day long past)."""
    return latest is not None and bool(day) and first_day(day) > latest


def to_come(values: Mapping[str, Any], names: Iterable[str], latest: date | None) -> dict[str, str]:
    """Name → the sentence about its day, a text or a date, of those after `latest` (`specs.expo_facts.ExpoFacts`)."""
    days = {name: str(values[name]) for name in names if values.get(name)}
    return {name: _("{day} 还没有到。").format(day=day) for name, day in days.items() if is_to_come(day, latest)}
