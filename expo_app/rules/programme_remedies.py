"""One-click remedies for clashes: one change of one unlocked item that settles the clash and makes no new one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from expo_app.i18n import N_, _
from expo_app.model import ItemState
from expo_app.rules.programme_clashes import Clash, ClashKind, Entry, Frame, RoomFacts, Slot, clashes_of

GRID = timedelta(minutes=15)
DAY_STARTS, DAY_ENDS = time(9), time(17, 30)
SHORTEST = timedelta(minutes=15)
"""No item is shortened below this."""


@dataclass(frozen=True)
class Remedy:
    """Put item `item_id` into this room at this time. `label` is the text of its button, in the current language."""

    item_id: UUID
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    words: str
    values: Mapping[str, str]

    @property
    def label(self) -> str:
        return _(self.words).format(**self.values)


def remedy(clash: Clash, items: Sequence[Slot], frame: Frame) -> Remedy | None:
    """The least change that settles `clash`, or None. Locked items stay; what an item clashed with before and does not
    concern `clash` may stay, nothing may get worse."""
    by_id = {item.id: item for item in items}
    for item, moved, words in _proposals(clash, [by_id[item_id] for item_id in clash.item_ids], frame):
        if _is_better(clash, item, moved, items, frame):
            return _remedy(item, moved, words)
    return None


def free_place(item: Slot, length: timedelta, items: Sequence[Slot], frame: Frame, day: date) -> Slot | None:
    """`item` at the first quarter hour of `day` where it clashes with nothing, in the smallest room that seats it."""
    at = datetime.combine(day, DAY_STARTS, frame.starts_at.tzinfo)
    while (at + length).replace(tzinfo=None) <= datetime.combine(day, DAY_ENDS):
        timed = replace(item, starts_at=at, ends_at=at + length, agenda=(), room_id=None, state=ItemState.CONFIRMED)
        for _item, moved, _words in _other_rooms([timed], frame):
            if not clashes_of(moved, items, frame):
                return moved
        at += GRID
    return None


Proposal = tuple[Slot, Slot, str]


def _proposals(clash: Clash, involved: list[Slot], frame: Frame) -> Iterator[Proposal]:
    """(item, the item changed, words), the mildest change first."""
    free = sorted((item for item in involved if not item.is_locked), key=lambda i: (i.registrations, i.id.int))
    if clash.kind is ClashKind.END_BEFORE_START:
        yield from ((i, replace(i, starts_at=i.ends_at, ends_at=i.starts_at), N_("对调起止时间")) for i in free)
    elif clash.kind is ClashKind.AGENDA_OUTSIDE:
        yield from _longer(free)
    elif clash.kind is ClashKind.OUTSIDE_EXPO:
        yield from _inside(free, frame)
    elif clash.kind is ClashKind.CAPACITY:
        yield from _other_rooms(free, frame)
    else:
        if clash.kind in (ClashKind.CHANGEOVER, ClashKind.WALK_TIME):
            yield from _shorter(involved, clash.minutes)
        if clash.kind is ClashKind.ROOM_OVERLAP:
            yield from _other_rooms(free, frame)
        yield from _other_times(free)
        for item in free:
            for other, placed, _words in _other_rooms([item], frame):
                yield from ((other, moved, N_("移到 {room} {start}")) for _i, moved, _w in _other_times([placed]))


def _shorter(involved: list[Slot], minutes: int) -> Iterator[Proposal]:
    first = involved[0]
    starts, ends = _times(first)
    if not first.is_locked and ends - starts - timedelta(minutes=minutes) >= SHORTEST:
        yield first, replace(first, ends_at=ends - timedelta(minutes=minutes)), N_("缩短 {n} 分钟")


def _longer(items: list[Slot]) -> Iterator[Proposal]:
    for item in items:
        starts, ends = _times(item)
        moments = [moment for entry in item.agenda for moment in (entry.starts_at, entry.ends_at) if moment]
        yield item, replace(item, starts_at=min(starts, *moments), ends_at=max(ends, *moments)), N_("延长 {n} 分钟")


def _inside(items: list[Slot], frame: Frame) -> Iterator[Proposal]:
    """The same hour on the nearest day of the expo."""
    for item in items:
        starts, ends = _times(item)
        day = min(max(starts, frame.starts_at), frame.ends_at - timedelta(microseconds=1)).date()
        moved = starts.replace(year=day.year, month=day.month, day=day.day)
        yield item, replace(item, starts_at=moved, ends_at=moved + (ends - starts)), N_("改到 {day} {start}")


def _other_rooms(items: list[Slot], frame: Frame) -> Iterator[Proposal]:
    """The same time in the smallest other room that seats the registrations and what the item needs."""
    for item in items:
        for room in sorted(frame.rooms, key=lambda room: room.seats):
            if room.id != item.room_id and room.seats >= max(item.registrations, item.wanted or 0):
                yield item, _in_room(item, room), N_("移到 {room}")


def _in_room(item: Slot, room: RoomFacts) -> Slot:
    return replace(item, room_id=room.id, room_name=room.name, seats=room.seats)


def _other_times(items: list[Slot]) -> Iterator[Proposal]:
    """Quarter hours of the same day and room, nearest first."""
    for item in items:
        starts, ends = _times(item)
        opens = datetime.combine(starts.date(), DAY_STARTS, starts.tzinfo)
        closes = datetime.combine(starts.date(), DAY_ENDS, starts.tzinfo)
        count = max(0, (closes - opens - (ends - starts)) // GRID + 1)
        moments = sorted((opens + n * GRID for n in range(count)), key=lambda at: abs(at - starts))
        for at in moments:
            if at != starts:
                moved = replace(item, starts_at=at, ends_at=at + (ends - starts))
                yield item, _with_agenda(moved, at - starts), N_("{room}改到 {start}")


def _with_agenda(item: Slot, by: timedelta) -> Slot:
    """The agenda goes along with its item."""
    return replace(item, agenda=later(item.agenda, by))


def later(agenda: Sequence[Entry], by: timedelta) -> tuple[Entry, ...]:
    """Lines of an agenda, `by` later."""
    return tuple(
        replace(line, starts_at=line.starts_at and line.starts_at + by, ends_at=line.ends_at and line.ends_at + by)
        for line in agenda
    )


def _times(item: Slot) -> tuple[datetime, datetime]:
    if item.starts_at is None or item.ends_at is None:
        raise ValueError("an item without a time has no clash")
    return item.starts_at, item.ends_at


def _is_better(clash: Clash, item: Slot, moved: Slot, items: Sequence[Slot], frame: Frame) -> bool:
    before = {found.key: found.minutes for found in clashes_of(item, items, frame)}
    after = {found.key: found.minutes for found in clashes_of(moved, items, frame)}
    return clash.key not in after and all(key in before and minutes <= before[key] for key, minutes in after.items())


def _remedy(item: Slot, moved: Slot, words: str) -> Remedy:
    old, new = _times(item), _times(moved)
    span = abs((new[1] - new[0]) - (old[1] - old[0]))
    values = {
        "room": moved.room_name,
        "start": f"{new[0]:%H:%M}",
        "day": f"{new[0]:%m-%d}",
        "n": str(span // timedelta(minutes=1)),
    }
    return Remedy(item.id, moved.room_id, *new, words, values)
