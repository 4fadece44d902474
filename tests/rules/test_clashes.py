import time as clock
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from expo_app.model import ItemState
from expo_app.rules.programme_clashes import (
    BLOCKING,
    Clash,
    ClashKind,
    Entry,
    Frame,
    Level,
    RoomFacts,
    Slot,
    blocking,
    check,
    clashes_of,
    lasting,
)

ZONE = ZoneInfo("Asia/Shanghai")
A, B, C = (UUID(int=n) for n in (1, 2, 3))
SHEN = (UUID(int=101), "沈知远")
LU = (UUID(int=102), "陆文涛")


def at(text: str) -> datetime:
    """“28 09:30” in November 2018."""
    return datetime.strptime(f"2018-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


FRAME = Frame(
    at("28 00:00"),
    datetime(2018, 12, 1, tzinfo=ZONE),
    (RoomFacts(A, "A 会场", 280), RoomFacts(B, "B 会场", 120), RoomFacts(C, "C 会场", 60, 5)),
)
NAMES = {A: "A 会场", B: "B 会场", C: "C 会场"}


def slot(n: int, room: UUID | None, start: str, end: str, **more: Any) -> Slot:
    return Slot(UUID(int=n), f"活动{n}", room, NAMES.get(room, "") if room else "", at(start), at(end), **more)


def brief(clashes: Iterable[Clash]) -> list[tuple[str, tuple[int, ...], int]]:
    return [(c.kind.name, tuple(item_id.int for item_id in c.item_ids), c.minutes) for c in clashes]


OVERLAPS = [
    ("apart", "29 09:00", "29 10:00", "29 11:00", "29 12:00", 0),
    ("touching is a change of scene, no overlap", "29 09:00", "29 10:00", "29 10:00", "29 11:00", 0),
    ("one minute", "29 09:00", "29 10:00", "29 09:59", "29 11:00", 1),
    ("inside", "29 09:00", "29 12:00", "29 10:00", "29 10:30", 30),
    ("around", "29 10:00", "29 10:30", "29 09:00", "29 12:00", 30),
    ("same", "29 09:00", "29 10:00", "29 09:00", "29 10:00", 60),
    ("same start", "29 09:00", "29 10:00", "29 09:00", "29 12:00", 60),
    ("same end", "29 09:00", "29 12:00", "29 11:00", "29 12:00", 60),
    ("across midnight", "28 22:00", "29 01:00", "29 00:30", "29 02:00", 30),
    ("both across midnight", "28 22:00", "29 01:00", "28 23:00", "29 03:00", 120),
    ("same hours, other day", "28 09:00", "28 10:00", "29 09:00", "29 10:00", 0),
]


@pytest.mark.parametrize(
    ("one", "two", "three", "four", "minutes"), [c[1:] for c in OVERLAPS], ids=[c[0] for c in OVERLAPS]
)
def test_room_overlap(one: str, two: str, three: str, four: str, minutes: int) -> None:
    first, second = slot(1, A, one, two), slot(2, A, three, four)
    for items in ([first, second], [second, first]):
        found = [c for c in check(items, FRAME) if c.kind is ClashKind.ROOM_OVERLAP]
        assert [c.minutes for c in found] == ([minutes] if minutes else [])
        assert check([replace(i, room_id=None) for i in items], FRAME) == []
        other_room = [items[0], replace(items[1], room_id=B)]
        assert check(other_room, FRAME) == []


SINGLE = [
    ("fits", slot(1, A, "28 00:00", "30 23:59"), []),
    (
        "starts as the expo does, ends as it does",
        replace(slot(1, A, "28 00:00", "28 01:00"), ends_at=FRAME.ends_at),
        [],
    ),
    ("ends before it starts", slot(1, A, "29 10:00", "29 09:30"), [("END_BEFORE_START", (1,), 30)]),
    ("ends as it starts", slot(1, A, "29 10:00", "29 10:00"), [("END_BEFORE_START", (1,), 0)]),
    ("day before", slot(1, A, "27 23:30", "28 00:30"), [("OUTSIDE_EXPO", (1,), 30)]),
    (
        "day after",
        replace(slot(1, A, "30 23:00", "30 23:30"), ends_at=FRAME.ends_at + timedelta(minutes=5)),
        [("OUTSIDE_EXPO", (1,), 5)],
    ),
    ("full house", slot(1, B, "29 09:00", "29 10:00", seats=120, registrations=120), []),
    ("too small", slot(1, B, "29 09:00", "29 10:00", seats=120, registrations=121), [("CAPACITY", (1,), 0)]),
    ("needs as many", slot(1, B, "29 09:00", "29 10:00", seats=120, wanted=120), []),
    ("needs more", slot(1, B, "29 09:00", "29 10:00", seats=120, wanted=121), [("CAPACITY", (1,), 0)]),
    (
        "needs fewer and is full",
        slot(1, B, "29 09:00", "29 10:00", seats=120, wanted=40, registrations=41),
        [("CAPACITY", (1,), 0)],
    ),
    (
        "needs more and is full",
        slot(1, B, "29 09:00", "29 10:00", seats=60, wanted=100, registrations=80),
        [("CAPACITY", (1,), 0), ("CAPACITY", (1,), 0)],
    ),
    ("needs any room", slot(1, B, "29 09:00", "29 10:00", wanted=100), []),
    ("seats unknown", slot(1, B, "29 09:00", "29 10:00", registrations=500), []),
    (
        "agenda inside",
        slot(1, B, "29 09:00", "29 10:00", agenda=(Entry("致辞", at("29 09:00"), at("29 10:00")), Entry("茶歇"))),
        [],
    ),
    (
        "agenda before, after, beginning after the end",
        slot(
            1,
            B,
            "29 09:00",
            "29 10:00",
            agenda=(
                Entry("签到", at("29 08:45"), at("29 09:00")),
                Entry("答疑", at("29 09:50"), at("29 10:20")),
                Entry("合影", at("29 10:30")),
            ),
        ),
        [("AGENDA_OUTSIDE", (1,), 15), ("AGENDA_OUTSIDE", (1,), 20), ("AGENDA_OUTSIDE", (1,), 30)],
    ),
    ("in the tray", Slot(UUID(int=1), "待排", registrations=5, seats=1), []),
    ("without an end", replace(slot(1, A, "27 09:00", "27 10:00"), ends_at=None), []),
    ("cancelled", slot(1, A, "27 09:00", "27 08:00", state=ItemState.CANCELLED), []),
]


@pytest.mark.parametrize(("item", "expected"), [c[1:] for c in SINGLE], ids=[c[0] for c in SINGLE])
def test_one_item(item: Slot, expected: list[tuple[str, tuple[int, ...], int]]) -> None:
    assert brief(check([item], FRAME)) == expected
    assert brief(clashes_of(item, [item], FRAME)) == expected


PAIRS = [
    ("changeover kept", slot(1, A, "29 09:00", "29 10:00"), slot(2, A, "29 10:15", "29 11:00"), []),
    (
        "changeover too short",
        slot(1, A, "29 11:45", "29 13:20"),
        slot(2, A, "29 13:30", "29 16:30"),
        [("CHANGEOVER", (1, 2), 5)],
    ),
    (
        "none at all",
        slot(1, A, "29 09:00", "29 10:00"),
        slot(2, A, "29 10:00", "29 11:00"),
        [("CHANGEOVER", (1, 2), 15)],
    ),
    ("each room its own", slot(1, C, "29 09:00", "29 10:00"), slot(2, C, "29 10:05", "29 11:00"), []),
    ("midnight", slot(1, A, "28 23:00", "28 23:55"), slot(2, A, "29 00:05", "29 01:00"), [("CHANGEOVER", (1, 2), 5)]),
    (
        "speaker twice",
        slot(1, B, "29 14:00", "29 16:00", speakers=(LU, SHEN)),
        slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN,)),
        [("SPEAKER_OVERLAP", (1, 2), 75)],
    ),
    (
        "two speakers twice",
        slot(1, B, "29 14:00", "29 16:00", speakers=(LU, SHEN)),
        slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN, LU)),
        [("SPEAKER_OVERLAP", (1, 2), 75), ("SPEAKER_OVERLAP", (1, 2), 75)],
    ),
    (
        "speaker without room",
        slot(1, None, "29 14:00", "29 16:00", speakers=(SHEN,)),
        slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN,)),
        [("SPEAKER_OVERLAP", (1, 2), 75)],
    ),
    (
        "walk",
        slot(1, B, "29 14:00", "29 15:00", speakers=(SHEN,)),
        slot(2, C, "29 15:04", "29 16:00", speakers=(SHEN,)),
        [("WALK_TIME", (1, 2), 6)],
    ),
    (
        "walk just long enough",
        slot(1, B, "29 14:00", "29 15:00", speakers=(SHEN,)),
        slot(2, C, "29 15:10", "29 16:00", speakers=(SHEN,)),
        [],
    ),
    (
        "no walk within a room",
        slot(1, C, "29 14:00", "29 15:00", speakers=(SHEN,)),
        slot(2, C, "29 15:05", "29 16:00", speakers=(SHEN,)),
        [],
    ),
    (
        "no walk to nowhere",
        slot(1, None, "29 14:00", "29 15:00", speakers=(SHEN,)),
        slot(2, C, "29 15:05", "29 16:00", speakers=(SHEN,)),
        [],
    ),
    (
        "other people",
        slot(1, B, "29 14:00", "29 16:00", speakers=(LU,)),
        slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN,)),
        [],
    ),
    (
        "equipment",
        slot(1, B, "29 14:00", "29 16:00", equipment=frozenset({"同传", "投影"})),
        slot(2, C, "29 15:00", "29 15:30", equipment=frozenset({"同传"})),
        [("EQUIPMENT", (1, 2), 30)],
    ),
    (
        "equipment one after the other",
        slot(1, B, "29 14:00", "29 15:00", equipment=frozenset({"同传"})),
        slot(2, C, "29 15:00", "29 15:30", equipment=frozenset({"同传"})),
        [],
    ),
    (
        "one room: the room is the problem, not its equipment",
        slot(1, B, "29 14:00", "29 16:00", equipment=frozenset({"同传"})),
        slot(2, B, "29 15:00", "29 15:30", equipment=frozenset({"同传"})),
        [("ROOM_OVERLAP", (1, 2), 30)],
    ),
    (
        "cancelled",
        slot(1, A, "29 14:00", "29 16:00", state=ItemState.CANCELLED),
        slot(2, A, "29 15:00", "29 15:30"),
        [],
    ),
]


@pytest.mark.parametrize(("first", "second", "expected"), [c[1:] for c in PAIRS], ids=[c[0] for c in PAIRS])
def test_two_items(first: Slot, second: Slot, expected: list[tuple[str, tuple[int, ...], int]]) -> None:
    assert brief(check([second, first], FRAME)) == expected
    assert brief(clashes_of(first, [first, second], FRAME)) == expected
    assert brief(clashes_of(second, [second, first], FRAME)) == expected


def test_a_broken_item_is_reported_once_and_meets_nobody() -> None:
    items = [slot(1, A, "29 10:00", "29 09:00"), slot(2, A, "29 09:00", "29 11:00")]
    assert brief(check(items, FRAME)) == [("END_BEFORE_START", (1,), 60)]
    assert brief(clashes_of(items[1], items, FRAME)) == []


def test_three_in_one_room_clash_pairwise_blocking_first() -> None:
    items = [
        slot(1, A, "29 09:00", "29 12:00"),
        slot(2, A, "29 10:00", "29 11:00"),
        slot(3, A, "29 10:30", "29 11:30"),
        slot(4, B, "28 09:00", "28 10:00", seats=1, registrations=2),
    ]
    assert brief(check(items, FRAME)) == [
        ("ROOM_OVERLAP", (1, 2), 60),
        ("ROOM_OVERLAP", (1, 3), 60),
        ("ROOM_OVERLAP", (2, 3), 30),
        ("CAPACITY", (4,), 0),
    ]
    assert len(blocking(check(items, FRAME))) == 3


def test_levels() -> None:
    assert [kind.name for kind in ClashKind if kind.level is Level.BLOCK] == [
        "ROOM_OVERLAP",
        "END_BEFORE_START",
        "OUTSIDE_EXPO",
    ]
    assert {kind for kind in ClashKind if kind.level is Level.BLOCK} == BLOCKING


def test_words() -> None:
    items = [
        slot(1, B, "29 14:00", "29 16:00", speakers=(SHEN,)),
        slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN,)),
        slot(3, A, "29 11:45", "29 13:20"),
        slot(4, A, "29 13:30", "29 16:30", seats=280, registrations=300),
        slot(5, A, "27 09:00", "27 10:00"),
        slot(6, C, "28 10:00", "28 09:00"),
    ]
    assert [(c.kind.label, c.text, c.detail) for c in check(items, FRAME)] == [
        ("不在展期内", "活动5：2018-11-27 09:00–10:00", "不在展期 11-28 至 11-30 内"),
        ("结束不晚于开始", "活动6 10:00–09:00", "结束比开始早 60 分钟"),
        ("座位不足", "A 会场：活动4", "报名 300 人，座位 280，缺 20"),
        ("换场时间不足", "A 会场：活动3 13:20 结束，活动4 13:30 开始", "间隔 10 分钟，要求 15 分钟"),
        ("嘉宾时间重叠", "沈知远：B 会场 活动1 14:00–16:00，C 会场 活动2 14:15–15:30", "重叠 75 分钟"),
    ]


def test_the_days_of_an_expo_of_one_day_and_over_new_year_in_words() -> None:
    early = slot(1, A, "27 09:00", "27 10:00")

    def outside(first: datetime, end: datetime) -> list[str]:
        return [clash.detail for clash in check([early], replace(FRAME, starts_at=first, ends_at=end))]

    assert outside(at("28 00:00"), at("29 00:00")) == ["不在展期 11-28 内"]
    over_new_year = at("28 00:00").replace(month=12)
    assert outside(over_new_year, over_new_year + timedelta(7)) == ["不在展期 2018-12-28 至 2019-01-03 内"]


def test_hours_over_midnight_and_of_the_tray() -> None:
    assert slot(1, A, "28 22:00", "29 01:00").hours == "22:00–11-29 01:00"
    assert Slot(A, "待排").hours == "—"


def test_a_warning_is_waived_by_either_item_and_stays_shown() -> None:
    first, second = slot(1, A, "29 09:00", "29 10:00"), slot(2, A, "29 10:05", "29 11:00")
    key = check([first, second], FRAME)[0].key
    for items in (
        [replace(first, waivers={key: "同一批嘉宾"}), second],
        [first, replace(second, waivers={key: "同一批嘉宾"})],
    ):
        assert [(c.key, c.waived) for c in check(items, FRAME)] == [(key, "同一批嘉宾")]
    moved = replace(second, starts_at=at("29 10:08"))
    assert check([first, moved], FRAME)[0].key == key


def test_a_block_cannot_be_waived() -> None:
    first, second = slot(1, A, "29 09:00", "29 10:00"), slot(2, A, "29 09:30", "29 11:00")
    key = check([first, second], FRAME)[0].key
    assert [c.waived for c in check([replace(first, waivers={key: "不管"}), second], FRAME)] == [None]


def test_the_sweep_finds_what_pairwise_comparison_finds() -> None:
    items = [
        slot(
            n,
            (A, B, C)[n % 3],
            f"{28 + n % 3} {9 + n % 8:02d}:{n * 7 % 60:02d}",
            f"{28 + n % 3} {10 + n % 8:02d}:{n * 11 % 60:02d}",
            speakers=((UUID(int=200 + n % 9), f"嘉宾{n % 9}"),),
            equipment=frozenset({f"设备{n % 4}"}),
        )
        for n in range(1, 90)
    ]
    swept = [clash.key for clash in check(items, FRAME)]
    assert len(swept) == len(set(swept)) > 50
    assert set(swept) == {clash.key for item in items for clash in clashes_of(item, items, FRAME)}


def test_a_large_programme_is_checked_in_milliseconds() -> None:
    rooms = tuple(RoomFacts(UUID(int=1000 + n), f"{n} 会场", 100) for n in range(20))
    start = at("28 09:00")
    items = [
        Slot(UUID(int=n), f"活动{n}", rooms[n % 20].id, rooms[n % 20].name, start + timedelta(minutes=65 * (n // 20)),
             start + timedelta(minutes=65 * (n // 20) + 50), speakers=((UUID(int=5000 + n), "某"),))
        for n in range(1300)
    ]  # fmt: skip
    frame = Frame(at("28 00:00"), datetime(2018, 12, 5, tzinfo=ZONE), rooms)
    began = clock.process_time()
    assert check(items, frame) == []
    assert clock.process_time() - began < 0.25


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 分钟"), (179, "179 分钟"), (200, "3.5 小时"), (1440, "24 小时"), (7800, "5 天")]
)
def test_a_length_of_time_is_said_as_people_say_it(minutes: int, words: str) -> None:
    assert lasting(minutes) == words
