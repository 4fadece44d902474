"""Short names, slots, and where a seat is judged without a database."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from expo_app.rules.meeting_board import Hours, slots_of
from expo_app.rules.short_names import shortened

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("甲乙精密传动有限公司（示例）", "甲乙精密传动"),
        ("甲乙集团股份有限公司", "甲乙"),
        ("甲研究院", "甲研究院"),
        ("Alpha Optics Co., Ltd.", "Alpha Optics"),
        ("Beta GmbH", "Beta"),
        ("公司", "公司"),
        ("北京某某科技有限公司", "某某科技"),
        ("北京大学", "北京大学"),
        ("某有限公司", "某有限公司"),
        ("", ""),
    ],
)
def test_a_name_is_shortened_by_what_most_names_end_in(name: str, short: str) -> None:
    assert shortened(name) == short


def hours(day: int, opens: time, closes: time) -> Hours:
    return Hours(date(2018, 11, day), opens, closes)


@pytest.mark.parametrize(
    ("minutes", "gap", "count", "last"),
    [(20, 0, 8, "11:50"), (20, 5, 6, "11:35"), (30, 0, 5, "11:30"), (15, 0, 10, "11:45"), (240, 0, 0, "")],
)
def test_only_whole_slots_count(minutes: int, gap: int, count: int, last: str) -> None:
    slots = slots_of([hours(28, time(9, 30), time(12, 10))], minutes, gap, SHANGHAI)
    assert len(slots) == count
    assert (f"{slots[-1].starts_at:%H:%M}" if slots else "") == last


def test_hours_that_overlap_give_no_slot_twice_and_days_come_in_order() -> None:
    spans = [
        hours(29, time(9), time(9, 20)), hours(28, time(9), time(10)), hours(28, time(9, 30), time(10, 30)),
    ]  # fmt: skip
    slots = slots_of(spans, 20, 0, SHANGHAI)
    assert [f"{slot.starts_at:%d %H:%M}" for slot in slots] == [
        "28 09:00",
        "28 09:20",
        "28 09:40",
        "28 10:10",
        "29 09:00",
    ]
    assert all(isinstance(slot.ends_at, datetime) and slot.ends_at > slot.starts_at for slot in slots)
