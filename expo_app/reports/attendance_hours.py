"""First arrivals hour by hour, for both forms of the summary; the hour that was not over is said to be so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expo_app.i18n import _
from expo_app.reports.charts import Series
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Cell, Column, Noted, Row
from expo_app.reports.style import day_words
from expo_app.specs.attendance_figures import Attendance
from expo_app.specs.report_data import Head


@dataclass(frozen=True)
class Arrivals:
    """Who came, and when that was read."""

    head: Head
    attendance: Attendance


def by_hour(data: Arrivals) -> dict[date, list[tuple[int, int]]]:
    """(hour, first arrivals) of each day, from the first to the last hour in which anybody came on any day; the day of
    the data ends with its own hour."""
    counts: dict[date, dict[int, int]] = {}
    for each in data.attendance.hours:
        counts.setdefault(each.day, {})[each.hour] = each.people
    today, now = data.head.at.date(), data.head.at.hour
    return {
        day: [(hour, known.get(hour, 0)) for hour in hours_of(data) if day != today or hour <= now]
        for day, known in counts.items()
    }


def hours_of(data: Arrivals) -> range:
    """The hours from the first to the last in which anybody came on any day."""
    hours = [each.hour for each in data.attendance.hours]
    return range(min(hours), max(hours) + 1) if hours else range(0)


def hour_words(hour: int) -> str:
    """09:00–10:00."""
    return f"{hour:02d}:00–{hour + 1:02d}:00"


def unfinished(data: Arrivals) -> str:
    """Which hour the figures hold only a part of; empty where all were over."""
    day, hour = data.head.at.date(), data.head.at.hour
    if hour not in dict(by_hour(data).get(day, ())):
        return ""
    return _("{day} {hours} 只到 {time}，还没有结束。").format(
        day=day_words(day), hours=hour_words(hour), time=f"{data.head.at:%H:%M}"
    )


def lines(data: Arrivals) -> list[Series]:
    """A line per day over the hours in which anybody came on any day."""
    return [
        Series(day_words(day), [(60 * hour, n) for hour, n in points], running=_running(data, day, points[-1][0]))
        for day, points in by_hour(data).items()
    ]


def _running(data: Arrivals, day: date, hour: int) -> str:
    """到 10:42, of the hour that was not over when the data were read; empty for any other."""
    at = data.head.at
    return _("到 {time}").format(time=f"{at:%H:%M}") if (day, hour) == (at.date(), at.hour) else ""


def table(doc: Paper, data: Arrivals) -> None:
    """A row per hour, a column per day; the sums are those of the days."""
    found = {day: dict(points) for day, points in by_hour(data).items()}
    columns = [
        Column(_("时段"), 2, bold=True),
        *(Column(day_words(day), 1.5, "right") for day in found),
        Column(_("合计"), 1.5, "right", bold=True),
    ]
    rows: list[Row] = [
        [
            hour_words(hour),
            *(_hour_cell(data, day, hour, counts.get(hour)) for day, counts in found.items()),
            f"{sum(counts.get(hour, 0) for counts in found.values()):,}",
        ]
        for hour in hours_of(data)
    ]
    sums = [sum(counts.values()) for counts in found.values()]
    doc.table(columns, rows, [_("合计"), *(f"{n:,}" for n in (*sums, sum(sums)))], empty=_("还没有人到场"))


def _hour_cell(data: Arrivals, day: date, hour: int, people: int | None) -> Cell:
    if people is None:
        return None
    running = _running(data, day, hour)
    return Noted(f"{people:,}", (running,)) if running else f"{people:,}"
