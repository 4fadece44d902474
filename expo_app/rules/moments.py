"""Days, hours and spans of time as people write them in lists and forms.

A cell is a text, a number of Excel (days since its day 0, or a part of a day), a date, a time or a span since midnight.
What cannot be known is a ValueError with one sentence that says how to write it; nothing is guessed:

    2024-11-13 10:30   2024年11月13日 上午10点半   20241113 10.30   11/13 2:00 PM   Nov 13, 2024 9:00   24:00
    9:00-10:30   上午9点—11点半   11月28日9:00—11月29日17:00   22:00–02:00 (the end is on the next day)

A day without its year is of the year in which it is nearest to the expo's days; 周三 and 第二天 are days of the expo.
"""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from expo_app.i18n import N_, _

Days = tuple[date, date]
"""First and last day of an expo."""
DAY = timedelta(days=1)
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (Excel's serial day 0, local by nature)
NEAR = timedelta(days=60)
"""How far from the expo's days one without its year may lie."""
BESIDE = timedelta(days=5)
"""How far from the expo's days one without its month may lie: building up and taking down."""
UNCLEAR = N_("“{text}”看不懂是哪天几点，写成如 {example}。")
NIGHT = timedelta(hours=12)
"""How long something may last that ends at an earlier hour than it begins at: over midnight, not a mistake."""


def _hours(same: Sequence[int], later: Sequence[int] = (), **named: int) -> Mapping[int, int]:
    """Hour written → hour of the day: as it is, twelve later, and what twelve o'clock is."""
    found = {hour: hour for hour in same} | {hour: hour + 12 for hour in later}
    return found | {12: named["twelve"]} if named else found


_SMALL, _MORNING = _hours(range(7), twelve=0), _hours(range(13))
_NOON, _AFTERNOON = _hours((11, 12, 13, 14), (1, 2)), _hours(range(12, 24), range(1, 12))
_EVENING = _hours(range(16, 25), range(4, 12), twelve=24)
HALVES: Mapping[str, Mapping[int, int]] = {
    **dict.fromkeys(("凌晨",), _SMALL),
    **dict.fromkeys(("清晨", "清早", "早上", "早晨", "上午", "早"), _MORNING),
    **dict.fromkeys(("中午", "正午", "午间"), _NOON),
    **dict.fromkeys(("下午", "午后", "pm"), _AFTERNOON),
    **dict.fromkeys(("傍晚", "晚上", "晚间", "夜间", "夜里", "晚"), _EVENING),
    "am": _hours(range(12), twelve=0),
}  # fmt: skip
"""Part of the day → hour as written with it → hour of the day (24: of the next)."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HAN_WEEKDAYS = "一二三四五六日"
HAN_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PARTS_OF_HOUR = {"": 0, "整": 0, "一刻": 15, "半": 30, "三刻": 45}

_MONTH = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
_ONE_OR_TWO = r"\d{1,2}(?!\d)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_DATES = tuple(
    map(
        _pattern,
        (
            rf"(?P<y>\d{{4}})\s*年\s*(?P<m>{_ONE_OR_TWO})\s*月\s*(?P<d>{_ONE_OR_TWO})\s*[日号]?",
            rf"(?P<y>\d{{4}})\s*(?P<mark>[-/.])\s*(?P<m>{_ONE_OR_TWO})\s*(?P=mark)\s*(?P<d>{_ONE_OR_TWO})",
            r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
            r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{4}|\d{2})(?!\d)",
            rf"(?P<m>{_ONE_OR_TWO})\s*月\s*(?P<d>{_ONE_OR_TWO})\s*[日号]?",
            rf"{_MONTH}\s*(?P<d>{_ONE_OR_TWO})(?:st|nd|rd|th)?(?:\s*,?\s*(?P<y>\d{{4}})(?!\d))?",
            rf"(?P<d>{_ONE_OR_TWO})(?:st|nd|rd|th)?\s*{_MONTH}(?:\s*,?\s*(?P<y>\d{{4}})(?!\d))?",
            rf"(?P<d>{_ONE_OR_TWO})\s*[日号]",
        ),
    )
)
_SHORT_DATES = tuple(
    map(
        _pattern,
        (r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?![\d:.点时])", r"(?P<m>\d{1,2})\.(?P<d>\d{1,2})(?=\s+\d{1,2}\s*[:点时])"),
    )
)
"""Days without a year that might also be spans of hours (9-11 点)."""
_NTH = _pattern(r"第\s*(?P<n>\d{1,2}|[一二两三四五六七八九十])\s*[天日]|day\s*(?P<n2>\d{1,2})(?!\d)|(?P<first>首日)")
_WEEKDAY = _pattern(
    r"\(?\s*(?:周|星期|礼拜)\s*(?P<han>[一二三四五六日天])\s*\)?|\(\s*(?P<bare>[一二三四五六日天])\s*\)"
    rf"|\(?\s*(?P<name>{'|'.join(WEEKDAYS)})[a-z]*\.?\s*\)?,?"
)
_NEXT_DAY = _pattern(r"次日|翌日")
_HALF = _pattern(rf"(?P<half>{'|'.join(half for half in HALVES if not half.isascii())}|[ap]\.?m\.?(?![a-z]))")
_CLOCKS = tuple(
    map(
        _pattern,
        (
            r"(?P<h>\d{1,2})\s?:\s?(?P<m>\d{2})(?:\s?:\s?(?P<s>\d{2})(?:\.\d+)?)?(?!\d)",
            r"(?P<h>\d{1,2})\.(?P<m>\d{2})(?![\d.])",
            r"(?P<h>\d{1,2})\s*[点时](?:\s*(?P<m>\d{1,2})\s*分?(?:\s*(?P<s>\d{1,2})\s*秒)?(?![\d:.])|钟?(?P<part>整|半|一刻|三刻)|钟?)",
            r"(?P<h>\d{1,2})(?P<m>\d{2})(?!\d)",
        ),
    )
)
_BARE_HOUR = re.compile(r"(?P<h>\d{1,2})(?!\d)")
_OFFSET = _pattern(r"(?P<utc>z)|(?P<sign>[+-])(?P<h>\d{2}):(?P<m>\d{2})(?!\d)")
_SPAN = _pattern(r"\s*(?:-+|~+|至|到|to(?![a-z]))\s*")
_DASHES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−─━﹣", "-") | dict.fromkeys("〜∼∽", "~") | {"。": ".", "﹕": ":", "∶": ":"}
)
_HAN_YEAR = re.compile(r"[零〇○一二三四五六七八九]{4}(?=\s*年)")
_HAN_NUMBER = re.compile(
    r"(?<![第周期零〇一二两三四五六七八九十])(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
    r"(?=\s*[点时分月日号])"
)


@dataclass(frozen=True)
class _Day:
    """A day as it was written."""

    text: str = ""
    ymd: tuple[tuple[int | None, int, int], ...] = ()
    """What it may mean: year (None: not written), month, day."""
    of_month: int | None = None
    nth: int | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class _Point:
    """A moment, or the part of it that was written; the hour is as written, before the part of the day is applied."""

    day: _Day | None = None
    half: str = ""
    clock: tuple[int, int, int] | None = None
    is_bare: bool = False
    """Only an hour was written, without minutes or 点."""
    is_next_day: bool = False
    offset: tzinfo | None = None

    @property
    def since_midnight(self) -> timedelta | None:
        """None without hours; ValueError where the part of the day and the hour contradict each other."""
        if self.clock is None:
            return None
        hour, minute, second = self.clock
        if self.half:
            if hour not in HALVES[self.half]:
                words = _("“{half}”与“{clock}”不符，写成 14:30 这样的二十四小时制。")
                raise ValueError(words.format(half=self.half, clock=_clock_text(self.clock)))
            hour = HALVES[self.half][hour]
        return timedelta(hours=hour, minutes=minute, seconds=second) + (DAY if self.is_next_day else timedelta())

    def with_half(self, half: str) -> _Point:
        return self if self.half or self.clock is None else replace(self, half=half)


def read_day(cell: Any, days: Days | None = None) -> date:
    """The day that a cell means: 2026-05-21, 2026年5月21日, 11/28, 第一天, a number. ValueError with a sentence."""
    if isinstance(cell, str) and (short := re.fullmatch(r"(\d{1,2})\.(\d{1,2})", _normal(cell))):
        cell = f"{short[1]}月{short[2]}日"
    if (_is_number(cell) and cell < FIRST_SERIAL) or _year_alone(cell):
        raise _no_day(cell)
    point = _point_of(cell)
    if point is None or point.day is None:
        raise _no_day(cell)
    return _resolved(point.day, days)


FIRST_SERIAL = 366
"""A bare number below it is no day of Excel's but a count: six months, thirty days."""
_YEAR_ALONE = re.compile(r"((?:19|20)\d\d)年?")
_MONTH_OF_YEAR = r"\d{4}\s*(?:年\s*\d{1,2}\s*月?|[-/.]\s*\d{1,2})"
_MONTH_ALONE = re.compile(r"(\d{4})\s*(?:年\s*(\d{1,2})\s*月?|[-/.]\s*(\d{1,2}))\s*(底|末|前|之前|底前|以前)?")

_PERIOD = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?:年度?)?\s*(?:年?[底末]|全年|(?P<half>[上下])半年|[Hh](?P<h>[12]))?")
_MONTHS_SPAN = re.compile(rf"({_MONTH_OF_YEAR})\s*(?:-+|~+|至|到)\s*({_MONTH_OF_YEAR})")


def _year_alone(cell: Any) -> str:
    found = _YEAR_ALONE.fullmatch(_normal(f"{cell:.15g}" if isinstance(cell, float) else str(cell)))
    return found[1] if found else ""


def month_alone(cell: Any, is_end: bool) -> date | None:
    """The first day of a month that is written alone (2027年6月, 2027-10), or the last one; None for anything else."""
    found = _MONTH_ALONE.fullmatch(_normal(cell)) if isinstance(cell, str) else None
    if found is None or not 1 <= (month := int(found[2] or found[3])) <= 12 or (found[4] and not is_end):
        return None
    year = int(found[1])
    return date(year, month, monthrange(year, month)[1] if is_end else 1)


def period_end(cell: Any) -> date | None:
    """The last day of a year or a half-year that is written alone (2021年度, 2021 上半年, 2021H1); None of others."""
    found = _PERIOD.fullmatch(_normal(f"{cell:.15g}" if isinstance(cell, float) else str(cell)))
    if found is None:
        return None
    is_first = found["half"] == "上" or found["h"] == "1"
    return date(int(found["year"]), 6 if is_first else 12, 30 if is_first else 31)


def read_clock(cell: Any) -> timedelta:
    """The hour that a cell means, since the midnight its day begins with: 24:00 and 次日02:00 are a day and more."""
    if _is_number(cell) and cell >= 1:
        cell = f"{cell:.15g}"
    point = _point_of(cell)
    if point is None or point.clock is None or point.is_bare:
        raise ValueError(_("“{text}”不是时刻，应如 08:30。").format(text=cell))
    return point.since_midnight or timedelta()


def read_moment(cell: Any, days: Days | None, zone: tzinfo, needs_clock: bool = False) -> datetime:
    """The moment that a cell means, in UTC; local ones are of `zone`. A day alone is its midnight, or is refused."""
    return join((cell,), days, zone, needs_clock)


def past_moment(text: str, days: Days, zone: tzinfo, now: datetime) -> datetime:
    """The moment that a text means, with its hour, up to `now`. ValueError with a sentence otherwise."""
    moment = read_moment(text, days, zone, needs_clock=True)
    if moment > now:
        raise ValueError(_("这一刻还没到，写一个已经过去的时点。"))
    return moment


def join(
    cells: Sequence[Any], days: Days | None, zone: tzinfo, needs_clock: bool = True, after: datetime | None = None
) -> datetime:
    """The moment, in UTC, that several cells of a row say together: a day (and 上午), an hour.

    `after`: where the day is not the moment's own but that of what began then, an earlier hour is on the next day.
    """
    cells = [cell for cell in cells if cell is not None and cell != ""]
    if len(cells) == 1 and isinstance(cells[0], datetime) and cells[0].year > 1900 and after is None:
        return cells[0].astimezone(UTC) if cells[0].tzinfo else cells[0].replace(tzinfo=zone).astimezone(UTC)
    points = _without_midnights([_sure_point(cell, days) for cell in cells])
    text = " ".join(map(str, cells))
    dates = {_resolved(point.day, days) for point in points if point.day}
    halves = {point.half for point in points if point.half and point.clock is None}
    timed = [point for point in points if point.clock is not None]
    if len(dates) > 1 or len(halves) > 1 or len({point.clock for point in timed}) > 1:
        raise ValueError(_("“{text}”里的日期或时刻互相矛盾。").format(text=text))
    if not dates:
        words = _("“{text}”没有写哪一天；加一列“日期”，或写成如 {example}。") if timed else UNCLEAR
        raise _unclear(text, days, _(words))
    day = dates.pop()
    if not timed and (needs_clock or halves):
        words = _("“{text}”没有写几点，写成如 {example}。")
        raise ValueError(words.format(text=text, example=f"{day} 09:30"))
    point = timed[0].with_half("".join(halves)) if timed else _Point()
    if halves and point.half not in halves and HALVES[point.half] is not HALVES["".join(halves)]:
        raise ValueError(_("“{text}”里的日期或时刻互相矛盾。").format(text=text))
    local = datetime(day.year, day.month, day.day) + (point.since_midnight or timedelta())  # noqa: DTZ001
    found = local.replace(tzinfo=point.offset or zone).astimezone(UTC)
    if after is not None and found < after and found + DAY - after <= NIGHT:
        found = (local + DAY).replace(tzinfo=point.offset or zone).astimezone(UTC)
    return found


def split_span(cell: Any) -> tuple[str, str] | None:
    """The two ends of a cell that holds a span of time, each with all that both share; None where it holds none.

    “11月28日 上午9点-11点半” is “11月28日 上午9:00” and “11月28日 上午11:30”, “22:00-02:00” is “22:00” and “次日2:00”.
    """
    span = _span_of(_normal(cell)) if isinstance(cell, str) else None
    return (_written(span[0]), _written(span[1])) if span else None


def split_days(cell: Any) -> tuple[str, str] | None:
    """The two ends of a cell that holds a span of days or of months (2021.6-2024.6); None where it holds none."""
    text = _normal(cell) if isinstance(cell, str) else ""
    if months := _MONTHS_SPAN.fullmatch(text):
        return months[1], months[2]
    span = _span_of(text)
    return (_written(span[0]), _written(span[1])) if span and span[0].day and span[1].day else None


# --- cells ------------------------------------------------------------------------------------------------------------
def _point_of(cell: Any) -> _Point | None:
    """What a cell says; None where it says neither day nor hour."""
    if isinstance(cell, str):
        return _point_in(_normal(cell))
    if isinstance(cell, datetime):
        at = (cell.hour, cell.minute, cell.second)
        if cell.year <= 1900:  # an hour alone, as some programs keep it
            return _Point(clock=at)
        return _Point(_day(cell), clock=at, offset=cell.tzinfo)
    if isinstance(cell, date):
        return _Point(_day(cell))
    if isinstance(cell, time):
        return _Point(clock=(cell.hour, cell.minute, cell.second))
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        hours = (seconds // 3600, seconds // 60 % 60, seconds % 60)
        return _Point(clock=hours) if 0 <= seconds <= 86400 else None
    return _number(cell) if _is_number(cell) else None


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _number(cell: float) -> _Point | None:
    if not math.isfinite(cell):
        return None
    is_whole = cell == int(cell)
    if is_whole and 1900_01_01 <= cell <= 2999_12_31:
        return _point_in(str(int(cell)))
    if not 0 <= cell < 110_000:
        return None
    at = EXCEL_EPOCH + timedelta(minutes=round(cell * 1440))
    clock = (at.hour, at.minute, 0)
    if cell < 1:
        return _Point(clock=clock)
    return _Point(_day(at), clock=None if is_whole else clock)


def _day(day: date) -> _Day:
    return _Day(f"{day:%Y-%m-%d}", ((day.year, day.month, day.day),))


def _without_midnights(points: list[_Point]) -> list[_Point]:
    """A day that a program kept as its midnight is a day where another cell has the hour."""
    if sum(point.clock is not None for point in points) < 2:
        return points
    return [replace(p, clock=None) if p.day and p.clock == (0, 0, 0) and not p.half else p for p in points]


def _sure_point(cell: Any, days: Days | None) -> _Point:
    """What a cell says; ValueError with the advice that fits where it is not clear."""
    if _is_number(cell) and 100 <= cell < 2400 and cell == int(cell):
        cell = str(int(cell))  # 930: no day an expo knows, but half past nine
    point = _point_of(cell)
    if point is not None and not point.is_bare:
        return point
    text = _normal(str(cell))
    if point is not None and point.clock:
        words = _("“{text}”只写了小时，写成如 {example}。")
        raise ValueError(words.format(text=cell, example=f"{point.clock[0]:02d}:00"))
    if _span_of(text):
        raise ValueError(
            _("“{text}”是一段时间，不是一个时刻；开始和结束分两列写，或让这一列对应两项。").format(text=cell)
        )
    if re.fullmatch(r"[^:]*:\d{2}(:\d{2})?\s*[+-]\d{1,2}(:?\d{2})?", text):
        raise ValueError(_("“{text}”里的时区不清楚，只认 Z 或 +08:00。").format(text=cell))
    if re.search(r"\d\s*,\s*\d", text):
        raise ValueError(_("“{text}”里的时刻不清楚，时和分之间用冒号：10:30。").format(text=cell))
    raise _unclear(cell, days, _(UNCLEAR))


def _no_day(cell: Any) -> ValueError:
    shown = f"{cell:.15g}" if isinstance(cell, float) else cell
    if year := _year_alone(cell):
        return ValueError(_("“{text}”只写了年，要写到日，如 {year}-05-21。").format(text=shown, year=year))
    return ValueError(_("“{text}”不是日期，应按“年-月-日”写。").format(text=shown))


def _unclear(cell: Any, days: Days | None, words: str) -> ValueError:
    return ValueError(words.format(text=cell, example=f"{days[0] if days else '2026-05-21'} 09:30"))


def _resolved(day: _Day, days: Days | None) -> date:
    """The day that is meant. ValueError where that is not known."""
    found = _candidates(day, days)
    if len(found) > 1 and days is not None:
        found = {one for one in found if days[0] <= one <= days[1]} or found
    if not found and day.ymd:
        raise ValueError(_("“{text}”这一天不存在，核对年、月、日。").format(text=day.text))
    if not found:
        raise _no_day(day.text)
    if len(found) > 1:
        raise ValueError(_("“{text}”可以是不同的日子，写成如 {example}。").format(text=day.text, example=min(found)))
    one = found.pop()
    if day.weekday is not None and one.weekday() != day.weekday:
        raise ValueError(_("“{text}”的日期与星期不符，核对是不是 {day}。").format(text=day.text, day=one))
    return one


def _candidates(day: _Day, days: Days | None) -> set[date]:
    """The days it may be."""
    if day.ymd and day.ymd[0][0] is not None:
        return {one for y, m, d in day.ymd if y is not None and (one := _date(y, m, d))}
    if day.ymd and not any(_date(2000, m, d) for _y, m, d in day.ymd):
        return set()
    if days is None:
        raise ValueError(_("“{text}”没有写年份或月份，应按“年-月-日”写。").format(text=day.text))
    first, last = days
    if day.ymd:
        _year, month, number = day.ymd[0]
        years = range(first.year - 1, last.year + 2)
        near = [one for year in years if (one := _date(year, month, number)) and _distance(one, days) <= NEAR]
        if not near:
            words = _("“{text}”没有写年份，又离展期太远，应按“年-月-日”写。")
            raise ValueError(words.format(text=day.text))
        return {min(near, key=lambda one: _distance(one, days))}
    if day.nth is not None:
        one = first + DAY * (day.nth - 1)
        return {one} if first <= one <= last else set()
    beside = BESIDE if day.of_month is not None else timedelta()
    span = [first - beside + DAY * n for n in range((last - first + 2 * beside).days + 1)]
    if day.of_month is not None:
        return {one for one in span if one.day == day.of_month}
    return {one for one in span if one.weekday() == day.weekday}


def _distance(day: date, days: Days) -> timedelta:
    return max(days[0] - day, day - days[1], timedelta())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2999 else None
    except ValueError:
        return None


# --- texts ------------------------------------------------------------------------------------------------------------
@lru_cache(4096)
def _normal(text: str) -> str:
    """One spelling of width, dashes, spaces and Chinese numbers."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    plain = _HAN_YEAR.sub(lambda match: "".join(str(HAN_DIGITS[sign]) for sign in match[0]), plain)
    return _HAN_NUMBER.sub(lambda match: str(_han_number(match[0])), plain)


def _han_number(text: str) -> int:
    """二十八 is 28."""
    tens, ten, ones = text.rpartition("十")
    return 10 * (HAN_DIGITS.get(tens, 1) if ten else 0) + HAN_DIGITS.get(ones, 0)


@lru_cache(4096)
def _point_in(text: str) -> _Point | None:
    """What a whole text says; None where it is no moment, day or hour, or a span of time."""
    for dates in (_DATES + _SHORT_DATES, _DATES):
        point, end = _scan(text, 0, dates)
        if end == len(text) and point != _Point():
            return point
    return None


@lru_cache(4096)
def _span_of(text: str) -> tuple[_Point, _Point] | None:
    """Both ends of a span of time, each as if it stood alone; None for any other text."""
    for dates in (_DATES + _SHORT_DATES, _DATES):
        start, at = _scan(text, 0, dates)
        mark = _SPAN.match(text, at)
        if start == _Point() or mark is None or (mark[0] == "-" and "T" in text[:at].upper()):
            continue
        end, at = _scan(text, mark.end(), dates)
        if at == len(text) and end != _Point() and (whole := _completed(start, end)):
            return whole
    return None


def _completed(start: _Point, end: _Point) -> tuple[_Point, _Point] | None:
    """Each end with what the other one says for both; None where they do not go together."""
    if (start.clock is None) != (end.clock is None) or (end.day and not start.day) or end.is_bare:
        return None
    if start.offset or end.offset:
        return None
    may_be_next_day = end.day is None and not end.is_next_day
    if start.day:
        end = replace(end, day=_end_day(start.day, end.day))
    if start.clock is None or end.clock is None:
        return start, end
    from_hour, to_hour = start.clock[0], end.clock[0]
    start = replace(start, is_bare=False)
    if start.half and not end.half and to_hour <= 12:
        goes_on = HALVES[start.half] is _EVENING and to_hour < 4  # 晚上10点-2点
        end = end if goes_on else replace(end, half=start.half)
    elif end.half in {"am", "pm"} and not start.half and from_hour <= 12:
        start = _earlier(start, end)
    try:
        lasts = (end.since_midnight or timedelta()) - (start.since_midnight or timedelta())
    except ValueError:
        return None
    if may_be_next_day and -DAY < lasts < timedelta() and lasts + DAY <= NIGHT:
        end = replace(end, is_next_day=True)
    return start, end


def _earlier(start: _Point, end: _Point) -> _Point:
    """The beginning with the AM or PM that puts it before an end which alone says it: 9:00-2:00 PM."""
    same = replace(start, half=end.half)
    try:
        is_before = (same.since_midnight or timedelta()) < (end.since_midnight or timedelta())
    except ValueError:
        is_before = False
    return same if is_before or end.half == "am" else replace(start, half="am")


def _end_day(start: _Day, end: _Day | None) -> _Day:
    """The day of an end: that of the beginning, or its own with the year and month of that."""
    if end is None:
        return start
    if not start.ymd:
        return end
    year, month, day = start.ymd[0]
    if end.of_month is not None:
        end = _Day(end.text, ((year, month, end.of_month),), weekday=end.weekday)
    elif end.ymd and end.ymd[0][0] is None and year is not None:
        _none, to_month, to_day = end.ymd[0]
        end = replace(end, ymd=((year + ((to_month, to_day) < (month, day)), to_month, to_day),))
    return end


def _written(point: _Point) -> str:
    """A point as a text that is read as what it is."""
    day = point.day.text if point.day else ""
    if point.day and len(point.day.ymd) == 1:
        year, month, number = point.day.ymd[0]
        day = f"{year}-{month:02d}-{number:02d}" if year else f"{month}月{number}日"
        weekday = point.day.weekday
        day += f"(周{HAN_WEEKDAYS[weekday]})" if weekday is not None else ""
    clock = _clock_text(point.clock) if point.clock else ""
    hour = f"{clock} {point.half.upper()}" if point.half.isascii() and point.half else point.half + clock
    hour = ("次日" if point.is_next_day else "") + hour
    return " ".join(part for part in (day, hour) if part)


def _clock_text(clock: tuple[int, int, int]) -> str:
    hour, minute, second = clock
    return f"{hour}:{minute:02d}" + (f":{second:02d}" if second else "")


def _scan(text: str, at: int, dates: tuple[re.Pattern[str], ...]) -> tuple[_Point, int]:
    """The point that is written from there on, and where it ends."""
    point = _Point()
    while True:
        found = _next(text, at + (text[at : at + 1] == " "), point, dates)
        if found is None:
            return point, at
        point, at = found


def _next(text: str, at: int, point: _Point, dates: tuple[re.Pattern[str], ...]) -> tuple[_Point, int] | None:
    """The point with the next thing that is written, and where that ends; None where nothing more is."""
    day = point.day
    if day is None or not _is_dated(day):
        for pattern in (_NTH, *dates):
            if (match := pattern.match(text, at)) and (found := _dated(match, day)):
                return replace(point, day=found), match.end()
    if (day is None or day.weekday is None) and (match := _WEEKDAY.match(text, at)):
        han, name = match["han"] or match["bare"], (match["name"] or "").lower()
        weekday = HAN_WEEKDAYS.index(han.replace("天", "日")) if han else WEEKDAYS.index(name)
        whole = replace(day or _Day(), weekday=weekday, text=f"{day.text if day else ''}{match[0]}".strip())
        return replace(point, day=whole), match.end()
    if point.clock is None and not point.is_next_day and (match := _NEXT_DAY.match(text, at)):
        return replace(point, is_next_day=True), match.end()
    if not point.half and (match := _HALF.match(text, at)):
        half = match["half"].lower().replace(".", "")
        if not half.isascii() or point.clock or re.match(r"\s*\d", text[match.end() :]):
            return replace(point, half=half, is_bare=False), match.end()
    if point.clock is None:
        return _clocked(text, at, point)
    if point.offset is None:
        return _zoned(text, at, point)
    return None


def _is_dated(day: _Day) -> bool:
    return bool(day.ymd) or day.nth is not None or day.of_month is not None


def _dated(match: re.Match[str], day: _Day | None) -> _Day | None:
    """The day in a match of one of the patterns, with a weekday that stood before it."""
    groups, weekday = match.groupdict(), day.weekday if day else None
    whole = f"{day.text if day else ''}{match[0]}".strip()
    if "n" in groups:
        number = groups["n"] or groups["n2"] or "1"
        return _Day(whole, nth=int(number) if number.isdigit() else _han_number(number), weekday=weekday)
    if "a" in groups:
        a, b, c = int(groups["a"]), int(groups["b"]), int(groups["c"])
        last = [(c if c > 99 else 2000 + c, a, b), (c if c > 99 else 2000 + c, b, a)]
        first = [(2000 + a, b, c)] if c <= 99 else []
        ymd = tuple(one for one in dict.fromkeys(first + last) if _date(*one))
        return _Day(whole, ymd, weekday=weekday) if ymd else None
    number = int(groups["d"])
    month = groups.get("m") or (MONTHS.index(groups["name"].lower()) + 1 if groups.get("name") else None)
    if month is None:
        return _Day(whole, of_month=number, weekday=weekday)
    year = int(groups["y"]) if groups.get("y") else None
    return _Day(whole, ((year, int(month), number),), weekday=weekday)


def _clocked(text: str, at: int, point: _Point) -> tuple[_Point, int] | None:
    """The point with the hour that stands there; a T may stand before it."""
    if point.day and not point.half and text[at : at + 1] in {"T", "t"}:
        at += 1
    for pattern in _CLOCKS:
        if match := pattern.match(text, at):
            groups = match.groupdict()
            minute = int(groups["m"]) if groups["m"] else PARTS_OF_HOUR[groups.get("part") or ""]
            clock = (int(groups["h"]), minute, int(groups.get("s") or 0))
            return (replace(point, clock=clock), match.end()) if _is_hour(clock) else None
    match = _BARE_HOUR.match(text, at)
    if match and _is_hour((int(match["h"]), 0, 0)):
        return replace(point, clock=(int(match["h"]), 0, 0), is_bare=not point.half), match.end()
    return None


def _is_hour(clock: tuple[int, int, int]) -> bool:
    hour, minute, second = clock
    return clock == (24, 0, 0) or (hour < 24 and minute < 60 and second < 60)


def _zoned(text: str, at: int, point: _Point) -> tuple[_Point, int] | None:
    """The point with its distance from UTC; - is one only behind seconds, elsewhere it is a span's."""
    match = _OFFSET.match(text, at)
    if match is None or (match["sign"] == "-" and not re.search(r"T\d\d:\d\d:\d\d(\.\d+)?$", text[:at])):
        return None
    if match["utc"]:
        return replace(point, offset=UTC), match.end()
    distance = timedelta(hours=int(match["h"]), minutes=int(match["m"]))
    if distance >= DAY:
        return None
    return replace(point, offset=timezone(-distance if match["sign"] == "-" else distance)), match.end()
