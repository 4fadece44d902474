from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from expo_app.rules.programme_clashes import Entry, Frame, RoomFacts, Slot, check
from expo_app.rules.programme_remedies import Remedy, free_place, remedy

ZONE = ZoneInfo("Asia/Shanghai")
A, B, C = (UUID(int=n) for n in (1, 2, 3))
SHEN = (UUID(int=101), "沈知远")
NAMES = {A: "A 会场", B: "B 会场", C: "C 会场"}


def at(text: str) -> datetime:
    """“28 09:30” in November 2018."""
    return datetime.strptime(f"2018-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


ROOMS = (RoomFacts(A, "A 会场", 280), RoomFacts(B, "B 会场", 120), RoomFacts(C, "C 会场", 60))
SEATS = {room.id: room.seats for room in ROOMS}
FRAME = Frame(at("28 00:00"), datetime(2018, 12, 1, tzinfo=ZONE), ROOMS)


def slot(n: int, room: UUID, start: str, end: str, **more: Any) -> Slot:
    return Slot(UUID(int=n), f"活动{n}", room, NAMES[room], at(start), at(end), **more)


def applied(items: list[Slot], change: Remedy) -> list[Slot]:
    return [
        replace(
            item,
            room_id=change.room_id,
            room_name=NAMES[change.room_id] if change.room_id else "",
            seats=SEATS[change.room_id] if change.room_id and item.seats else item.seats,
            starts_at=change.starts_at,
            ends_at=change.ends_at,
        )
        if item.id == change.item_id
        else item
        for item in items
    ]


DAY = [
    slot(3, C, "29 11:00", "29 12:00"),
    slot(4, C, "29 15:50", "29 17:00"),
    slot(1, B, "29 14:00", "29 16:00", speakers=(SHEN,), registrations=100),
    slot(2, C, "29 14:15", "29 15:30", speakers=(SHEN,)),
]
SIGNING = slot(1, A, "29 11:45", "29 13:20")
AUCTION = slot(2, A, "29 13:30", "29 16:30", is_locked=True)

CASES: list[tuple[str, list[Slot], str | None]] = [
    ("a speaker twice: another hour", DAY, "C 会场改到 12:30"),
    ("changeover: end earlier", [SIGNING, AUCTION], "缩短 5 分钟"),
    (
        "changeover, the first is locked: start later",
        [replace(SIGNING, is_locked=True), replace(AUCTION, is_locked=False)],
        "A 会场改到 13:45",
    ),
    ("both locked", [replace(SIGNING, is_locked=True), AUCTION], None),
    ("too short to shorten: another time", [slot(1, A, "29 13:05", "29 13:20"), AUCTION], "A 会场改到 13:00"),
    (
        "walk: end earlier",
        [slot(1, B, "29 14:00", "29 15:00", speakers=(SHEN,)), slot(2, C, "29 15:04", "29 16:00", speakers=(SHEN,))],
        "缩短 6 分钟",
    ),
    (
        "room twice: the smallest room that is free and large enough",
        [slot(1, A, "29 09:00", "29 10:00", registrations=50), slot(2, A, "29 09:30", "29 11:00", registrations=200)],
        "移到 C 会场",
    ),
    (
        "room twice, only one is large enough: another hour",
        [slot(1, A, "29 09:00", "29 10:00", registrations=150), slot(2, A, "29 09:30", "29 11:00", registrations=200)],
        "A 会场改到 11:15",
    ),
    (
        "no hour left in the room: another room and hour",
        [
            slot(1, A, "29 09:00", "29 17:30", is_locked=True),
            slot(2, A, "29 10:00", "29 11:00", registrations=100),
            slot(3, B, "29 09:00", "29 11:30", is_locked=True),
            slot(4, C, "29 09:00", "29 12:00", is_locked=True),
        ],
        "移到 B 会场 11:45",
    ),
    (
        "no hour left at all",
        [slot(n, room, "29 09:00", "29 17:30", is_locked=True) for n, room in ((1, A), (3, B), (4, C))]
        + [slot(2, A, "29 10:00", "29 11:00")],
        None,
    ),
    (
        "equipment twice: another hour",
        [
            slot(1, A, "29 09:00", "29 10:00", equipment=frozenset({"同传"}), is_locked=True),
            slot(2, B, "29 09:30", "29 10:30", equipment=frozenset({"同传"})),
        ],
        "B 会场改到 10:00",
    ),
    ("capacity: a larger room", [slot(1, C, "29 09:00", "29 10:00", seats=60, registrations=100)], "移到 B 会场"),
    ("capacity: a room for what it needs", [slot(1, C, "29 09:00", "29 10:00", seats=60, wanted=100)], "移到 B 会场"),
    ("capacity: no room for what it needs", [slot(1, C, "29 09:00", "29 10:00", seats=60, wanted=500)], None),
    ("capacity: none is larger", [slot(1, A, "29 09:00", "29 10:00", seats=280, registrations=300)], None),
    (
        "capacity: the larger are taken",
        [
            slot(1, C, "29 09:00", "29 10:00", seats=60, registrations=100),
            slot(2, A, "29 09:00", "29 10:00"),
            slot(3, B, "29 09:30", "29 10:00"),
        ],
        None,
    ),
    ("too early: the first day", [slot(1, A, "26 09:00", "26 10:00")], "改到 11-28 09:00"),
    (
        "too late: the last day",
        [
            replace(
                slot(1, A, "30 09:00", "30 10:00"),
                starts_at=datetime(2018, 12, 5, 9, tzinfo=ZONE),
                ends_at=datetime(2018, 12, 5, 10, tzinfo=ZONE),
            )
        ],
        "改到 11-30 09:00",
    ),
    (
        "longer than the expo",
        [replace(slot(1, A, "27 09:00", "27 10:00"), ends_at=datetime(2018, 12, 9, tzinfo=ZONE))],
        None,
    ),
    ("turned round", [slot(1, A, "29 10:00", "29 09:00")], "对调起止时间"),
    ("no length", [slot(1, A, "29 10:00", "29 10:00")], None),
    (
        "turned round, but taken",
        [slot(1, A, "29 10:00", "29 09:00"), slot(2, A, "29 09:30", "29 09:45", is_locked=True)],
        None,
    ),
    (
        "agenda runs over: longer",
        [slot(1, A, "29 09:00", "29 10:00", agenda=(Entry("答疑", at("29 09:50"), at("29 10:20")), Entry("茶歇")))],
        "延长 20 分钟",
    ),
    (
        "agenda runs over, the room is taken",
        [
            slot(1, A, "29 09:00", "29 10:00", agenda=(Entry("答疑", at("29 09:50"), at("29 10:20")),)),
            slot(2, A, "29 10:15", "29 11:00"),
        ],
        None,
    ),
]


@pytest.mark.parametrize(("items", "label"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_remedy(items: list[Slot], label: str | None) -> None:
    before = check(items, FRAME)
    change = remedy(before[0], items, FRAME)
    assert (change.label if change else None) == label
    if change:
        after = check(applied(items, change), FRAME)
        assert len(after) < len(before)
        assert {clash.key for clash in after} < {clash.key for clash in before}


def test_the_agenda_moves_along() -> None:
    agenda = (Entry("致辞", at("29 09:30"), at("29 09:40")), Entry("茶歇"))
    items = [slot(1, A, "29 09:00", "29 10:00", registrations=150, is_locked=True)]
    items.append(slot(2, A, "29 09:30", "29 11:00", registrations=200, agenda=agenda))
    change = remedy(check(items, FRAME)[0], items, FRAME)
    assert change is not None
    assert (change.label, change.starts_at, change.ends_at) == ("A 会场改到 10:15", at("29 10:15"), at("29 11:45"))


def test_an_item_without_a_time_has_no_remedy_to_ask_for() -> None:
    items = [slot(1, C, "29 09:00", "29 10:00", seats=60, registrations=100)]
    clash = check([replace(items[0], agenda=(Entry("答疑", at("29 11:00")),))], FRAME)[-1]
    with pytest.raises(ValueError, match="without a time"):
        remedy(clash, [replace(items[0], starts_at=None)], FRAME)


def test_the_first_free_place_is_in_the_smallest_room_that_seats_it() -> None:
    tray = Slot(UUID(int=9), "待排", registrations=100)
    found = free_place(tray, timedelta(minutes=90), DAY, FRAME, date(2018, 11, 29))
    assert found is not None
    assert (found.room_id, found.hours) == (B, "09:00–10:30")
    full = [slot(n, room, "29 08:00", "29 18:00") for n, room in enumerate((A, B, C), 1)]
    assert free_place(tray, timedelta(minutes=90), full, FRAME, date(2018, 11, 29)) is None
    assert free_place(tray, timedelta(minutes=600), [], FRAME, date(2018, 11, 29)) is None
