"""Times as lists write them: what each cell means, and which sentence refuses what cannot be known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expo_app.rules.moments import join, read_clock, read_day, read_moment, split_span

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = (date(2018, 11, 28), date(2018, 11, 30))
NO_DAY = "没有写哪一天；加一列“日期”，或写成如 2018-11-28 09:30。"


def moment(*cells: Any, after: datetime | None = None, days: tuple[date, date] = DAYS) -> str:
    return f"{join(cells, days, ZONE, after=after).astimezone(ZONE):%m-%d %H:%M:%S}".removesuffix(":00")


def refusal(*cells: Any) -> str:
    with pytest.raises(ValueError, match=r"。$") as caught:
        join(cells, DAYS, ZONE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        # time-dots
        ("2018-11-28 10.30", "11-28 10:30"),
        ("2018-11-28 1030", "11-28 10:30"),
        ("20181128 10.30", "11-28 10:30"),
        ("2018年11月28日 10.30", "11-28 10:30"),
        ("2018/11/28 10.30", "11-28 10:30"),
        # programme-time-cells
        ("2018-11-28 9：00", "11-28 09:00"),
        ("2018-11-28 09:00:30", "11-28 09:00:30"),
        ("2018-11-28 24:00", "11-29 00:00"),
        ("2018-12-28 09:00", "12-28 09:00"),
        ("2018年11月28日9时30分", "11-28 09:30"),
        ("2018年11月28日 上午9:00", "11-28 09:00"),
        ("2018年11月28日 下午2:00", "11-28 14:00"),
        ("11月28日 9:00", "11-28 09:00"),
        ("2018-11-28 9.00", "11-28 09:00"),
        ("2018-11-28 9:00 AM", "11-28 09:00"),
        ("2018-11-28 2:00 PM", "11-28 14:00"),
        (43432.375, "11-28 09:00"),
        (43432.4375, "11-28 10:30"),
        ("2018-11-28T09:00:00+08:00", "11-28 09:00"),
        ("2018-11-28T02:30:00Z", "11-28 10:30"),
        # their relatives
        (datetime(2018, 11, 28, 9), "11-28 09:00"),  # noqa: DTZ001
        (datetime(2018, 11, 28, 1, tzinfo=UTC), "11-28 09:00"),
        ("2018-11-28T09:00:00-05:00", "11-28 22:00"),
        ("11-28 9:00", "11-28 09:00"),
        ("11/28 上午10点半", "11-28 10:30"),
        ("11.28 9:00", "11-28 09:00"),
        ("11月28日（周三）下午2点30分", "11-28 14:30"),
        ("十一月二十八日下午三点一刻", "11-28 15:15"),
        ("11月28号 晚上12点", "11-29 00:00"),
        ("11月28日 中午12:30", "11-28 12:30"),
        ("11月28日 凌晨1点", "11-28 01:00"),
        ("下午2:00 11月28日", "11-28 14:00"),
        ("2018-11-28 下午14:30", "11-28 14:30"),
        ("2018-11-28 12:00 AM", "11-28 00:00"),
        ("2018-11-28 12 p.m.", "11-28 12:00"),
        ("Wed, Nov 28, 2018 2pm", "11-28 14:00"),
        ("28/11/2018 9:00", "11-28 09:00"),
        ("18-11-28 9:00", "11-28 09:00"),
        ("27日 9:00", "11-27 09:00"),
        ("第二天 9:00", "11-29 09:00"),
        ("周五 9:00", "11-30 09:00"),
        ("2018-11-28 次日02:00", "11-29 02:00"),
        ("2018-11-28\n9:00", "11-28 09:00"),
        ("２０１８－１１－２８　９：００", "11-28 09:00"),
    ],
)
def test_a_moment_is_what_a_person_means(cell: Any, meant: str) -> None:
    assert moment(cell) == meant


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("2018-W48-3 10:30", "看不懂是哪天几点，写成如 2018-11-28 09:30。"),
        ("2018-11-28 10,30", "里的时刻不清楚，时和分之间用冒号：10:30。"),
        ("2018-11-28 09", "只写了小时，写成如 09:00。"),
        ("2018-11-28 10:30+08", "里的时区不清楚，只认 Z 或 +08:00。"),
        ("2018-11-28T10:30-05:00", "里的时区不清楚，只认 Z 或 +08:00。"),
        ("2018-11-28 10:30-11:30", "是一段时间，不是一个时刻；开始和结束分两列写，或让这一列对应两项。"),
        ("9:00", NO_DAY),
        ("上午9点", NO_DAY),
        ("2018-11-28", "没有写几点，写成如 2018-11-28 09:30。"),
        (date(2018, 11, 28), "没有写几点，写成如 2018-11-28 09:30。"),
        (43432, "没有写几点，写成如 2018-11-28 09:30。"),
        ("11月28日 下午", "没有写几点，写成如 2018-11-28 09:30。"),
        ("2018-11-28 25:00", "看不懂是哪天几点，写成如 2018-11-28 09:30。"),
        ("2018-11-28 9:00-10:30 14:00-15:30", "看不懂是哪天几点，写成如 2018-11-28 09:30。"),
        ("待定", "看不懂是哪天几点，写成如 2018-11-28 09:30。"),
    ],
)
def test_what_cannot_be_known_is_refused_with_the_right_advice(cell: Any, advice: str) -> None:
    assert refusal(cell) == f"“{cell}”{advice}"


def test_a_time_cell_alone_has_no_day() -> None:
    assert refusal(time(9)) == "“09:00:00”" + NO_DAY


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("11月28日（周四） 9:00", "“11月28日(周四)”的日期与星期不符，核对是不是 2018-11-28。"),
        ("2018-11-28 上午14:30", "“上午”与“14:30”不符，写成 14:30 这样的二十四小时制。"),
        ("2018-13-01 10:00", "“2018-13-01”这一天不存在，核对年、月、日。"),
        ("3月1日 9:00", "“3月1日”没有写年份，又离展期太远，应按“年-月-日”写。"),
        ("5/6/2018 9:00", "“5/6/2018”可以是不同的日子，写成如 2018-05-06。"),
        ("周一 9:00", "“周一”不是日期，应按“年-月-日”写。"),
        ("第四天 9:00", "“第四天”不是日期，应按“年-月-日”写。"),
    ],
)
def test_a_day_that_is_not_clear_is_named(cell: str, sentence: str) -> None:
    assert refusal(cell) == sentence


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        # time-range
        ("2018-11-28 10:30-11:30", "11-28 10:30", "11-28 11:30"),
        ("2018-11-28 14:00－15:30", "11-28 14:00", "11-28 15:30"),
        # programme-time-cells
        ("2018-11-28 9:00-10:30", "11-28 09:00", "11-28 10:30"),
        # their relatives
        ("11月28日 9:00-10:30", "11-28 09:00", "11-28 10:30"),
        ("11月28日9:00—11月29日17:00", "11-28 09:00", "11-29 17:00"),
        ("2018-11-28 1030-1130", "11-28 10:30", "11-28 11:30"),
        ("11-28 9-11点", "11-28 09:00", "11-28 11:00"),
        ("11-28 9:00 to 10:30 AM", "11-28 09:00", "11-28 10:30"),
        ("11-28 9:00-2:00 PM", "11-28 09:00", "11-28 14:00"),
        ("11月28日下午2点至4点", "11-28 14:00", "11-28 16:00"),
        ("11月28日 22:00–02:00", "11-28 22:00", "11-29 02:00"),
        ("11月28日 晚上10点-2点", "11-28 22:00", "11-29 02:00"),
        ("11月28日 22:00~24:00", "11-28 22:00", "11-29 00:00"),
        ("2018-11-28 22:00-2018-11-28 02:00", "11-28 22:00", "11-28 02:00"),
        ("2018-11-28 14:00-10:00", "11-28 14:00", "11-28 10:00"),
    ],
)
def test_a_span_in_one_cell_has_two_ends(cell: str, start: str, end: str) -> None:
    found = split_span(cell)
    assert found is not None
    assert (moment(found[0]), moment(found[1])) == (start, end)


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("9:00~10:30", ("9:00", "10:30")),
        ("9:00至10:30", ("9:00", "10:30")),
        ("上午9点—11点半", ("上午9:00", "上午11:30")),
        ("22:00–02:00", ("22:00", "次日2:00")),
        ("9-11 AM", ("9:00 AM", "11:00 AM")),
        ("11月28日-30日", ("11月28日", "11月30日")),
        ("2018-12-30至1月2日", ("2018-12-30", "2019-01-02")),
        ("10:30", None),
        ("2018-11-28", None),
        ("2018-11-28T10:30-11:30", None),
        ("10:30-11:30+08:00", None),
        ("9:00-10:30 14:00-15:30", None),
        (datetime(2018, 11, 28, 9), None),  # noqa: DTZ001
    ],
)
def test_the_ends_of_a_span_are_cells_again(cell: Any, ends: tuple[str, str] | None) -> None:
    assert split_span(cell) == ends


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (("2018-11-28", time(13, 30)), "11-28 13:30"),  # programme-day-and-times
        (("11月28日（周三）", "上午9点"), "11-28 09:00"),
        (("11月28日下午", "2:00"), "11-28 14:00"),
        (("11月28日下午", time(15, 30)), "11-28 15:30"),
        ((datetime(2018, 11, 28), 0.375), "11-28 09:00"),  # noqa: DTZ001
        ((date(2018, 11, 28), datetime(1899, 12, 30, 9)), "11-28 09:00"),  # noqa: DTZ001
        ((43432, timedelta(hours=9)), "11-28 09:00"),
        (("11月28日", 930), "11-28 09:30"),
        (("9:00", "11-28"), "11-28 09:00"),
        (("2018-11-28", "2018-11-28 9:00"), "11-28 09:00"),
        ((None, "2018-11-28 9:00"), "11-28 09:00"),
        (("11月28日", "次日2:00"), "11-29 02:00"),
    ],
)
def test_day_and_hour_of_two_columns_are_one_moment(cells: tuple[Any, ...], meant: str) -> None:
    assert moment(*cells) == meant


@pytest.mark.parametrize("cells", [("2018-11-28", "2018-11-29 9:00"), ("11月28日下午", "上午9点"), ("9:00", "10:00")])
def test_columns_that_contradict_each_other_are_refused(cells: tuple[str, str]) -> None:
    assert refusal(*cells) == f"“{' '.join(cells)}”里的日期或时刻互相矛盾。"


def test_an_end_before_its_beginning_is_on_the_next_day_where_the_day_is_shared() -> None:
    late, morning = datetime(2018, 11, 28, 22, tzinfo=ZONE), datetime(2018, 11, 28, 11, tzinfo=ZONE)
    assert moment("11月28日", "2:00", after=late) == "11-29 02:00"
    assert moment("11月28日", "23:00", after=late) == "11-28 23:00"
    assert moment("11月28日", "9:00", after=morning) == "11-28 09:00"  # 22 hours: a mistake, not a night


def test_a_day_alone_is_its_midnight_where_that_is_enough() -> None:
    assert read_moment("2018-11-28", None, ZONE) == datetime(2018, 11, 27, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("11-28", "2018-11-28"),
        ("11.28", "2018-11-28"),
        ("1月2日", "2019-01-02"),
        ("11月27日", "2018-11-27"),
        ("20181128", "2018-11-28"),
        (20181128, "2018-11-28"),
        (43432, "2018-11-28"),
        ("首日", "2018-11-28"),
        ("2016-02-29", "2016-02-29"),
    ],
)
def test_a_day_without_its_year_is_beside_the_expo(cell: Any, meant: str) -> None:
    assert str(read_day(cell, DAYS)) == meant


@pytest.mark.parametrize("cell", ["11-28", "28日", "第一天", "周三"])
def test_a_day_without_its_year_is_refused_where_no_expo_is_known(cell: str) -> None:
    with pytest.raises(ValueError, match="没有写年份或月份，应按“年-月-日”写。"):
        read_day(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("8:30", 510), ("0830", 510), (830, 510), ("下午2点半", 870), (time(9), 540), (0.375, 540), ("24:00", 1440)],
)
def test_an_hour_is_read_alone(cell: Any, minutes: int) -> None:
    assert read_clock(cell) == timedelta(minutes=minutes)


@pytest.mark.parametrize("cell", ["9", "08:60", "2018-11-28", "早", 10.3])
def test_no_hour(cell: Any) -> None:
    with pytest.raises(ValueError, match="不是时刻，应如 08:30。"):
        read_clock(cell)
