"""Once a day at an hour: the last one that is due, once, and nothing from before it was wanted."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expo_app.rules.daily_run import due_day, last_due, read_hour

ZONE = ZoneInfo("Asia/Shanghai")
SIX = time(18)


def at(day, hour, minute=0):
    return datetime(2018, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "since", "done", "due"),
    [
        (at(29, 17, 59), at(29, 9), None, None),
        (at(29, 18), at(29, 9), None, date(2018, 11, 29)),
        (at(29, 23), at(29, 9), date(2018, 11, 29), None),
        (at(30, 9), at(28, 9), date(2018, 11, 28), date(2018, 11, 29)),
        (at(30, 19), at(27, 9), date(2018, 11, 27), date(2018, 11, 30)),
        (at(29, 19), at(29, 18, 30), None, None),
        (at(29, 18), at(29, 18), None, date(2018, 11, 29)),
        (at(29, 11), at(27, 9), date(2018, 11, 29), None),
        (at(29, 19), at(27, 9), date(2030, 1, 1), date(2018, 11, 29)),
    ],
)
def test_the_last_hour_that_is_due(now, since, done, due):
    assert due_day(now, SIX, since, done) == due


@given(st.integers(0, 60 * 24 * 9), st.integers(0, 60 * 24 - 1), st.lists(st.integers(1, 900), max_size=60))
def test_every_day_is_made_at_most_once_whenever_one_looks(begin, minute, steps):
    hour, now = time(minute // 60, minute % 60), at(1, 0) + timedelta(minutes=begin)
    since, done, made = now, None, []
    for step in steps:
        now += timedelta(minutes=step)
        if day := due_day(now, hour, since, done):
            made.append(day)
            done = day
            assert last_due(now, hour) <= now
    assert made == sorted(set(made))
    assert all(datetime.combine(day, hour, ZONE) >= since for day in made)


def test_an_hour_is_read_as_it_is_written():
    assert [read_hour(text) for text in ("18:00", " 7:05", "18：30")] == [time(18), time(7, 5), time(18, 30)]
    for text in ("", "25:00", "18", "18:00:30", "六点", "18:00+08:00"):
        with pytest.raises(ValueError, match="不是钟点"):
            read_hour(text)
