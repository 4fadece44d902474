"""Clashes of a programme: what blocks publishing and what only warns, each with its reason.

Every moment is aware and in the expo's time zone, as it is shown. Two items overlap when a.start < b.end and
b.start < a.end, across midnight too. Cancelled items and those without a time are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from math import ceil
from types import MappingProxyType
from uuid import UUID

from expo_app.i18n import N_, Labelled, _
from expo_app.model import ItemState
from expo_app.rules.day_spans import short_days


class Level(Enum):
    """BLOCK may be saved in the draft and refuses publishing; WARN may be waived with a reason."""

    BLOCK = "block"
    WARN = "warn"


class ClashKind(Labelled):
    ROOM_OVERLAP = N_("会场时间重叠")
    END_BEFORE_START = N_("结束不晚于开始")
    OUTSIDE_EXPO = N_("不在展期内")
    SPEAKER_OVERLAP = N_("嘉宾时间重叠")
    WALK_TIME = N_("转场时间不足")
    CHANGEOVER = N_("换场时间不足")
    CAPACITY = N_("座位不足")
    EQUIPMENT = N_("设备同时被用")
    AGENDA_OUTSIDE = N_("议程超出活动时间")

    @property
    def level(self) -> Level:
        return Level.BLOCK if self in BLOCKING else Level.WARN


BLOCKING = frozenset({ClashKind.ROOM_OVERLAP, ClashKind.END_BEFORE_START, ClashKind.OUTSIDE_EXPO})


@dataclass(frozen=True)
class RoomFacts:
    """A room: seats, and the minutes needed between two items in it."""

    id: UUID
    name: str
    seats: int = 0
    changeover_minutes: int = 15
    venue_id: UUID | None = None


WALK = 10
"""Minutes from room to room where nobody said."""


@dataclass(frozen=True)
class Frame:
    """Where and when a programme can be: `starts_at` is 0:00 of the first day, `ends_at` 24:00 of the last.

    `walks`: minutes from room to room by venue. Between two venues it takes the walks of both.
    """

    starts_at: datetime
    ends_at: datetime
    rooms: tuple[RoomFacts, ...] = ()
    walks: Mapping[UUID | None, int] = field(default_factory=dict)

    def walk(self, first: UUID | None, second: UUID | None) -> timedelta:
        """How long the way from one room to another takes."""
        venues = {room.venue_id for room in self.rooms if room.id in (first, second)} or {None}
        return timedelta(minutes=sum(self.walks.get(venue, WALK) for venue in venues))

    @property
    def longest_walk(self) -> timedelta:
        """The way between the two venues farthest apart."""
        venues = {room.venue_id for room in self.rooms} or {None}
        return timedelta(minutes=sum(sorted(self.walks.get(venue, WALK) for venue in venues)[-2:]))

    def changeover(self, room_id: UUID | None) -> timedelta:
        minutes = next((room.changeover_minutes for room in self.rooms if room.id == room_id), 0)
        return timedelta(minutes=minutes)


@dataclass(frozen=True)
class Entry:
    """A line of an item's agenda."""

    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Slot:
    """A programme item. `speakers` are (person id, name); `seats` are its room's, None: unknown; `wanted` are the
    seats it needs, None: it does not say; `waivers` are reasons by clash key."""

    id: UUID
    title: str
    room_id: UUID | None = None
    room_name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    speakers: tuple[tuple[UUID, str], ...] = ()
    seats: int | None = None
    wanted: int | None = None
    registrations: int = 0
    equipment: frozenset[str] = frozenset()
    is_locked: bool = False
    state: ItemState = ItemState.CONFIRMED
    waivers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    agenda: tuple[Entry, ...] = ()

    @property
    def hours(self) -> str:
        """14:00–16:00; the end's date is shown where it is another day."""
        if self.starts_at is None or self.ends_at is None:
            return "—"
        same_day = self.starts_at.date() == self.ends_at.date()
        return f"{self.starts_at:%H:%M}–{self.ends_at:{'%H:%M' if same_day else '%m-%d %H:%M'}}"

    @property
    def places(self) -> int | None:
        """How many can register: the room's seats, fewer where the item wants fewer."""
        return places(self.seats, self.wanted)


def places(seats: int | None, wanted: int | None) -> int | None:
    """How many an item of `wanted` seats takes in a room of `seats`; None where neither is known."""
    return min((number for number in (seats, wanted) if number is not None), default=None)


LONG, DAYS = 180, 2 * 24 * 60
"""Minutes from which a time is said in hours, and in days."""


def lasting(minutes: int) -> str:
    """A length of time in words: 45 分钟, 3.5 小时, 5 天; hours to the half, days whole."""
    if minutes < LONG:
        return _("{n} 分钟").format(n=minutes)
    if minutes < DAYS:
        return _("{n} 小时").format(n=f"{round(minutes / 30) / 2:g}")
    return _("{n} 天").format(n=round(minutes / 1440))


@dataclass(frozen=True)
class Clash:
    """One problem of one or two items. `minutes` is the overlap, the time lacking, or 0; `subject` tells apart several
    clashes of one kind between the same items (person, equipment, agenda line)."""

    kind: ClashKind
    item_ids: tuple[UUID, ...]
    minutes: int
    where: str
    measure: str
    values: Mapping[str, str]
    subject: str = ""
    waived: str | None = None

    @property
    def level(self) -> Level:
        return self.kind.level

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCK

    @property
    def key(self) -> str:
        """The same as long as the same items clash for the same reason, wherever they are moved."""
        return ":".join((self.kind.name, "+".join(sorted(str(item_id) for item_id in self.item_ids)), self.subject))

    @property
    def text(self) -> str:
        """What clashes where, in the current language."""
        return _(self.where).format(**self.values)

    @property
    def detail(self) -> str:
        """By how much, in the current language."""
        return _(self.measure).format(time=lasting(self.minutes), **self.values)


def check(items: Iterable[Slot], frame: Frame) -> list[Clash]:
    """Every clash, blocking ones first, then by time. A sweep over start times: n log n plus the pairs that meet."""
    slots = [item for item in items if _is_placed(item)]
    found = [(item.starts_at, clash) for item in slots for clash in alone(item, frame)]
    for first, second in _meeting(slots, frame):
        found += [(second.starts_at, clash) for clash in together(first, second, frame)]
    found.sort(key=lambda pair: (not pair[1].blocks, pair[0], pair[1].key))
    return [clash for _start, clash in found]


def clashes_of(item: Slot, others: Iterable[Slot], frame: Frame) -> list[Clash]:
    """The clashes `item` has or would have, beside items that stay where they are."""
    if not _is_placed(item):
        return []
    found = list(alone(item, frame))
    for other in others if _is_sound(item) else ():
        if other.id != item.id and _is_placed(other) and _is_sound(other):
            first, second = sorted((item, other), key=_order)
            found += together(first, second, frame)
    return found


def blocking(clashes: Sequence[Clash]) -> list[Clash]:
    """Those that refuse publishing."""
    return [clash for clash in clashes if clash.blocks]


def _is_placed(item: Slot) -> bool:
    return item.starts_at is not None and item.ends_at is not None and item.state is not ItemState.CANCELLED


def _starts(item: Slot) -> datetime:
    assert item.starts_at is not None  # noqa: S101
    return item.starts_at


def _ends(item: Slot) -> datetime:
    assert item.ends_at is not None  # noqa: S101
    return item.ends_at


def _is_sound(item: Slot) -> bool:
    return _starts(item) < _ends(item)


def _order(item: Slot) -> tuple[datetime, int]:
    return _starts(item), item.id.int


def _meeting(slots: list[Slot], frame: Frame) -> Iterator[tuple[Slot, Slot]]:
    """Pairs, earlier start first, that overlap or come closer than any required gap."""
    margin = max([frame.longest_walk, *(timedelta(minutes=room.changeover_minutes) for room in frame.rooms)])
    active: list[Slot] = []
    for item in sorted(filter(_is_sound, slots), key=_order):
        active = [other for other in active if _ends(other) + margin > _starts(item)]
        for other in active:
            yield other, item
        active.append(item)


def _minutes(span: timedelta) -> int:
    return ceil(span / timedelta(minutes=1))


def alone(item: Slot, frame: Frame) -> Iterator[Clash]:
    """Clashes of an item with itself and the frame."""
    values = {"title": item.title, "hours": item.hours, "room": item.room_name}
    starts, ends = _starts(item), _ends(item)
    if ends <= starts:
        span = _minutes(starts - ends)
        yield _clash(
            ClashKind.END_BEFORE_START, (item,), span, "{title} {hours}", N_("结束比开始早 {time}"), values=values
        )
    elif starts < frame.starts_at or ends > frame.ends_at:
        span = _minutes(max(frame.starts_at - starts, ends - frame.ends_at))
        last_day = (frame.ends_at - timedelta(microseconds=1)).date()
        first, last = short_days(frame.starts_at.date(), last_day)
        values |= {"day": f"{starts:%Y-%m-%d}", "first": first, "last": last}
        where = N_("{title}：{day} {hours}")
        measure = N_("不在展期 {first} 内") if first == last else N_("不在展期 {first} 至 {last} 内")
        yield _clash(ClashKind.OUTSIDE_EXPO, (item,), span, where, measure, values=values)
    yield from _crowding(item, values)
    for number, entry in enumerate(item.agenda):
        outside = max(
            starts - entry.starts_at if entry.starts_at else timedelta(0),
            entry.ends_at - ends if entry.ends_at else timedelta(0),
            (entry.starts_at or starts) - ends,
        )
        if outside > timedelta(0):
            where, measure = N_("{title} {hours}：{entry}"), N_("超出 {time}")
            more = values | {"entry": entry.title}
            yield _clash(
                ClashKind.AGENDA_OUTSIDE, (item,), _minutes(outside), where, measure, values=more, subject=str(number)
            )


def _crowding(item: Slot, values: Mapping[str, str]) -> Iterator[Clash]:
    """A room that is smaller than what the item needs, and more registrations than there are places."""
    where, places = N_("{room}：{title}"), item.places
    if item.seats is not None and item.wanted is not None and item.wanted > item.seats:
        more = {"wanted": str(item.wanted), "seats": str(item.seats), "lacking": str(item.wanted - item.seats)}
        measure = N_("需要 {wanted} 座，会场 {seats} 座，缺 {lacking}")
        yield _clash(ClashKind.CAPACITY, (item,), 0, where, measure, values={**values, **more}, subject="wanted")
    if places is not None and item.registrations > places:
        more = {"registrations": str(item.registrations), "seats": str(places)}
        more["lacking"] = str(item.registrations - places)
        measure = N_("报名 {registrations} 人，座位 {seats}，缺 {lacking}")
        yield _clash(ClashKind.CAPACITY, (item,), 0, where, measure, values={**values, **more})


def together(first: Slot, second: Slot, frame: Frame) -> Iterator[Clash]:
    """Clashes of two items, `first` being the one that starts earlier."""
    is_one_room = first.room_id is not None and first.room_id == second.room_id
    shared = _shared_speakers(first, second)
    gear = first.equipment & second.equipment
    if not (is_one_room or shared or gear):
        return
    gap = _starts(second) - _ends(first)
    overlap = _minutes(min(_ends(first), _ends(second)) - _starts(second))
    values = {
        "a": first.title, "room_a": first.room_name, "hours_a": first.hours, "end": f"{_ends(first):%H:%M}",
        "b": second.title, "room_b": second.room_name, "hours_b": second.hours, "start": f"{_starts(second):%H:%M}",
        "gap": str(_minutes(gap)),
    }  # fmt: skip
    pair = (first, second)
    if gap < timedelta(0):
        if is_one_room:
            where = N_("{room_a}：{a} {hours_a}，{b} {hours_b}")
            yield _clash(ClashKind.ROOM_OVERLAP, pair, overlap, where, OVERLAP, values=values)
        for person, name in shared:
            where, more = N_("{name}：{room_a} {a} {hours_a}，{room_b} {b} {hours_b}"), values | {"name": name}
            yield _clash(ClashKind.SPEAKER_OVERLAP, pair, overlap, where, OVERLAP, values=more, subject=str(person))
        for tag in sorted(gear) if not is_one_room else ():
            where, more = N_("{tag}：{room_a} {a} {hours_a}，{room_b} {b} {hours_b}"), values | {"tag": tag}
            yield _clash(ClashKind.EQUIPMENT, pair, overlap, where, OVERLAP, values=more, subject=tag)
    elif is_one_room:
        wanted = frame.changeover(first.room_id)
        if gap < wanted:
            where, more = N_("{room_a}：{a} {end} 结束，{b} {start} 开始"), values | {"wanted": str(_minutes(wanted))}
            yield _clash(ClashKind.CHANGEOVER, pair, _minutes(wanted - gap), where, GAP, values=more)
    elif first.room_id and second.room_id and shared and gap < (walk := frame.walk(first.room_id, second.room_id)):
        lacking = _minutes(walk - gap)
        for person, name in shared:
            where = N_("{name}：{room_a} {a} {end} 结束，{room_b} {b} {start} 开始")
            more = values | {"name": name, "wanted": str(_minutes(walk))}
            yield _clash(ClashKind.WALK_TIME, pair, lacking, where, GAP, values=more, subject=str(person))


OVERLAP = N_("重叠 {time}")
GAP = N_("间隔 {gap} 分钟，要求 {wanted} 分钟")


def _shared_speakers(first: Slot, second: Slot) -> list[tuple[UUID, str]]:
    if not first.speakers or not second.speakers:
        return []
    persons = {person for person, _name in second.speakers}
    return [(person, name) for person, name in first.speakers if person in persons]


def _clash(
    kind: ClashKind,
    items: tuple[Slot, ...],
    minutes: int,
    where: str,
    measure: str,
    *,
    values: Mapping[str, str],
    subject: str = "",
) -> Clash:
    clash = Clash(kind, tuple(item.id for item in items), minutes, where, measure, values, subject)
    reason = None if clash.blocks else next((r for item in items if (r := item.waivers.get(clash.key))), None)
    return clash if reason is None else Clash(**{**vars(clash), "waived": reason})
