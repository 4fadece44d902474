"""结算期: a quarter, a half-year or a year, as it is written (2019, 2019H1, 2019Q2) and where it lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from expo_app.i18n import _

QUARTER, HALF, YEAR = 3, 6, 12
"""Lengths in months."""
SIZES = (QUARTER, HALF, YEAR)
_TEXT = re.compile(r"(20[0-9]{2})(?:H([12])|Q([1-4]))?", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """From one day to another, both in it; `text` as it is typed, `months` its length."""

    text: str
    from_day: date
    until: date
    months: int

    @property
    def label(self) -> str:
        """2019 上半年."""
        year, part = self.from_day.year, (self.from_day.month - 1) // self.months + 1
        if self.months == YEAR:
            name = _("{year} 全年").format(year=year)
        elif self.months == QUARTER:
            name = _("{year} 第 {n} 季度").format(year=year, n=part)
        else:
            name = (_("{year} 上半年") if part == 1 else _("{year} 下半年")).format(year=year)
        return name

    @property
    def days(self) -> str:
        """01-01 至 06-30."""
        return _("{a} 至 {b}").format(a=f"{self.from_day:%m-%d}", b=f"{self.until:%m-%d}")


def period(text: str) -> Period:
    """The period that is meant; ValueError with a sentence for anything else."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise ValueError(_("“{text}”不是结算期。按 2019、2019H1 或 2019Q2 写。").format(text=text))
    year, half, quarter = int(found[1]), found[2], found[3]
    if half:
        return _of(year, HALF, int(half))
    return _of(year, QUARTER, int(quarter)) if quarter else _of(year, YEAR, 1)


def containing(day: date, months: int) -> Period:
    """The period of that length a day lies in."""
    return _of(day.year, months, (day.month - 1) // months + 1)


def previous(of: Period) -> Period:
    """The one before, of the same length."""
    return containing(of.from_day - timedelta(days=1), of.months)


def exactly(from_day: date, until: date) -> Period | None:
    """The period with these ends, if there is one."""
    found = (containing(from_day, months) for months in SIZES)
    return next((one for one in found if (one.from_day, one.until) == (from_day, until)), None)


def _of(year: int, months: int, part: int) -> Period:
    first = date(year, (part - 1) * months + 1, 1)
    after = date(year + 1, 1, 1) if part * months == YEAR else date(year, part * months + 1, 1)
    text = str(year) if months == YEAR else f"{year}{'H' if months == HALF else 'Q'}{part}"
    return Period(text, first, after - timedelta(days=1), months)
