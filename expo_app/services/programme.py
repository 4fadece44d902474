"""The programme at work: the day plan, moves with undo, clashes, waivers, publishing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from expo_app.damaged import read_past, readable, sound
from expo_app.errors import Conflict, UserError
from expo_app.i18n import N_, Labelled, _, named
from expo_app.model import (
    AgendaEntry,
    Expo,
    ExpoVenue,
    ItemState,
    Person,
    Pitch,
    ProgrammeItem,
    Room,
    Speaker,
    SpeakerRole,
    Venue,
)
from expo_app.model.base import read_zone
from expo_app.rules import programme_clashes
from expo_app.rules.programme_clashes import Clash, Entry, Frame, RoomFacts, Slot
from expo_app.rules.programme_remedies import later
from expo_app.rules.terms import Term, Terms
from expo_app.services.record_writer import writing
from expo_app.services.words import terms_of
from expo_app.specs import ITEM_KINDS, MISSING
from expo_app.specs.field_types import clean_text
from expo_app.specs.records import read_name
from expo_app.store.database import Database

SHORTEST = 5
"""Minutes that an item takes at least."""


class ChangeKind(Labelled):
    """What became of an item since it was published."""

    ADDED = N_("新增")
    MOVED = N_("改动")
    REMOVED = N_("移出")
    CANCELLED = N_("取消")


@dataclass(frozen=True)
class Change:
    """One difference between draft and published programme: place and time, then and now ("" for none)."""

    kind: ChangeKind
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    """A programme item as the day plan draws it; `slot` is what the clash check sees."""

    slot: Slot
    kind: Term
    minutes: int
    host: str
    moderator: str
    guests: int
    pitches: int
    summary: str
    is_sample: bool
    change: Change | None = None
    """How it differs from what was last published."""

    @property
    def id(self) -> uuid.UUID:
        return self.slot.id

    @property
    def is_changed(self) -> bool:
        """Differs from what was last published."""
        return self.change is not None

    @property
    def is_placed(self) -> bool:
        """On the plan, not in the tray: a room of this venue and a start."""
        return self.slot.room_id is not None and self.slot.starts_at is not None

    @property
    def position(self) -> Position:
        """Where it lies now."""
        slot = self.slot
        span = slot.ends_at - slot.starts_at if slot.starts_at and slot.ends_at else None
        minutes = self.minutes if span is None else int(span.total_seconds() // 60)
        return Position(slot.room_id, slot.starts_at, minutes)


@dataclass(frozen=True)
class Programme:
    """Everything of one expo's programme; moments in the expo's time zone. `purposes` by room."""

    frame: Frame
    items: tuple[Item, ...]
    clashes: tuple[Clash, ...]
    is_published: bool
    purposes: Mapping[uuid.UUID, str]

    @property
    def open_clashes(self) -> tuple[Clash, ...]:
        """Those not waived."""
        return tuple(clash for clash in self.clashes if clash.waived is None)

    @property
    def changed(self) -> tuple[Item, ...]:
        """Items that differ from the published programme."""
        return tuple(item for item in self.items if item.is_changed)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(item.slot for item in self.items)

    def find(self, item_id: uuid.UUID | None) -> Item | None:
        """The item of that id, if it is there."""
        return next((item for item in self.items if item.id == item_id), None)


AgendaTimes = tuple[tuple[uuid.UUID, datetime | None, datetime | None], ...]


@dataclass(frozen=True)
class Position:
    """Where an item lies; None for room and start: in the tray. `agenda`: its lines' times, kept for undo."""

    room_id: uuid.UUID | None
    starts_at: datetime | None
    minutes: int
    agenda: AgendaTimes | None = None

    @property
    def is_tray(self) -> bool:
        return self.room_id is None or self.starts_at is None

    def same_place(self, other: Position) -> bool:
        """Whether both mean one place, whatever the agenda."""
        return replace(self, agenda=None) == replace(other, agenda=None)


# --- reading ---


def load(db: Database, expo_id: uuid.UUID) -> Programme:
    """The whole programme with its clashes."""
    with db.reading() as session:
        return read(session, expo_id)


def read(session: Session, expo_id: uuid.UUID) -> Programme:
    """The same within a session that is already open; seven statements.

    Core, not ORM: the first page asks for it while the window opens, and the mappers would be configured for it.
    """
    expo_table, item = Expo.__table__, ProgrammeItem.__table__
    expo = session.execute(select(expo_table).where(expo_table.c.id == expo_id)).one()
    zone = read_zone(expo.time_zone)
    rooms = session.execute(rooms_of(expo_id)).all()
    frame = Frame(
        starts_at=datetime.combine(expo.starts_on, time(), zone),
        ends_at=datetime.combine(expo.ends_on + timedelta(1), time(), zone),
        rooms=tuple(_room_facts(r) for r in rooms),
        walks={r.venue_id: readable(r.walk_minutes, 0) for r in rooms},
    )
    in_expo = select(item).where(item.c.expo_id == expo_id).order_by(item.c.starts_at, item.c.title)
    parts = _Parts(*(_by_item(session, expo_id, model.__table__) for model in (Speaker, AgendaEntry, Pitch)))
    by_room = {room.id: room for room in frame.rooms}
    kinds = terms_of(session, ITEM_KINDS, expo_id)
    items = tuple(_item(row, kinds, parts, by_room, zone) for row in session.execute(in_expo))
    found_clashes = tuple(programme_clashes.check([i.slot for i in items], frame))
    return Programme(frame, items, found_clashes, expo.is_published, {r.id: r.purpose for r in rooms})


def _room_facts(room: Row[Any]) -> RoomFacts:
    return RoomFacts(
        room.id,
        named(room.name, room.name_en),
        readable(room.seats, 0),
        readable(room.changeover_minutes, 0),
        room.venue_id,
    )


def rooms_of(expo_id: uuid.UUID) -> Select[Any]:
    """Whole rooms of an expo's venues with the venue's `walk_minutes`, those of the first venue first."""
    part, venue, room = ExpoVenue.__table__, Venue.__table__, Room.__table__
    return (
        select(room, venue.c.walk_minutes)
        .join(venue, venue.c.id == room.c.venue_id)
        .join(part, part.c.venue_id == venue.c.id)
        .where(part.c.expo_id == expo_id)
        .order_by(part.c.position, part.c.id, room.c.position, room.c.name)
    )


class _Parts(NamedTuple):
    """What belongs to items, by item, in its order."""

    speakers: Mapping[uuid.UUID, Sequence[Row[Any]]]
    agenda: Mapping[uuid.UUID, Sequence[Row[Any]]]
    pitches: Mapping[uuid.UUID, Sequence[Row[Any]]]


def _by_item(session: Session, expo_id: uuid.UUID, table: Any) -> Mapping[uuid.UUID, Sequence[Row[Any]]]:
    """The rows of a table that hangs on the items of an expo; with a person's name where they are persons."""
    item, person = ProgrammeItem.__table__, Person.__table__
    query = select(table).join(item, item.c.id == table.c.item_id)
    if "person_id" in table.c:
        query = query.add_columns(read_name(person).label("name")).join(person, person.c.id == table.c.person_id)
    found: dict[uuid.UUID, list[Row[Any]]] = {}
    for row in session.execute(query.where(item.c.expo_id == expo_id).order_by(table.c.position)):
        found.setdefault(row.item_id, []).append(row)
    return found


def _item(
    kept: Row[Any], kinds: Terms[Term], parts: _Parts, rooms: Mapping[uuid.UUID, RoomFacts], zone: ZoneInfo
) -> Item:
    row = read_past(kept, title=kept.title, state=ItemState.DRAFT, minutes=0, host="", summary="")
    room = rooms.get(row.room_id) if row.room_id else None
    moment = partial(_local, zone)
    speakers = parts.speakers.get(row.id, ())
    slot = Slot(
        id=row.id,
        title=named(row.title, row.title_en),
        room_id=room.id if room else None,
        room_name=room.name if room else "",
        starts_at=moment(row.starts_at),
        ends_at=moment(row.ends_at),
        speakers=tuple((s.person_id, s.name) for s in speakers),
        seats=room.seats if room else None,
        wanted=row.capacity or None,
        registrations=row.registrations,
        equipment=frozenset(row.equipment or ()),
        is_locked=row.is_locked,
        state=row.state,
        waivers=row.waivers or {},
        agenda=tuple(
            Entry(e.title, moment(e.starts_at), moment(e.ends_at)) for e in sound(parts.agenda.get(row.id, ()))
        ),
    )
    pitches = sum(not readable(pitch.is_cancelled) for pitch in parts.pitches.get(row.id, ()))
    moderator = next((s.name for s in speakers if s.role is SpeakerRole.MODERATOR), "")
    return Item(
        slot=slot, kind=kinds[row.kind_id], minutes=row.minutes, host=row.host, moderator=moderator,
        guests=len(speakers), pitches=pitches, summary=row.summary, is_sample=row.is_sample,
        change=_change(row, slot, rooms, zone),
    )  # fmt: skip


def _local(zone: ZoneInfo, at: datetime | None) -> datetime | None:
    return at.astimezone(zone) if at else None


# --- what publishing would change ---


def as_published(row: ProgrammeItem | Row[Any]) -> dict[str, str | None]:
    """What publishing fixes of an item."""
    return {
        "title": row.title,
        "state": row.state.name,
        "room": str(row.room_id) if row.room_id else None,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
    }


def _change(row: Row[Any], slot: Slot, rooms: Mapping[uuid.UUID, RoomFacts], zone: ZoneInfo) -> Change | None:
    """None where the audience would see no difference."""
    old, new = row.published, as_published(row)
    now = "" if row.state is ItemState.CANCELLED else _place(slot.room_name, slot.starts_at, slot.ends_at)
    then = "" if old is None or old["state"] == ItemState.CANCELLED.name else _was(old, rooms, zone)
    if old == new or not (now or then):
        return None
    if old is None or not then:
        return Change(ChangeKind.ADDED, slot.title, "", now)
    if old["title"] != row.title:
        then = _("“{title}”").format(title=old["title"]) + f" {then}"
    if not now:
        gone = ChangeKind.CANCELLED if row.state is ItemState.CANCELLED else ChangeKind.REMOVED
        return Change(gone, slot.title, then, "")
    if then == now:  # 待确认 became 已确认, or the other way round
        then, now = (f"{now} {ItemState[state].label}" for state in (old["state"] or "", row.state.name))
    return Change(ChangeKind.MOVED, slot.title, then, now)


def _was(old: Mapping[str, str | None], rooms: Mapping[uuid.UUID, RoomFacts], zone: ZoneInfo) -> str:
    """Room and time of a published item; a room that is gone since is —."""
    if not old["room"] or not old["starts_at"]:
        return ""
    room = rooms.get(uuid.UUID(old["room"]))
    starts, ends = (
        datetime.fromisoformat(t).astimezone(zone) if (t := old[n]) else None for n in ("starts_at", "ends_at")
    )
    return _place(room.name if room else MISSING, starts, ends)


def _place(room: str, starts: datetime | None, ends: datetime | None) -> str:
    """C 会场 11-29 14:00–16:00, with the date of the end where it is another; "" where room or start is missing."""
    if not room or starts is None:
        return ""
    until = f"–{ends:{'%H:%M' if ends.date() == starts.date() else '%m-%d %H:%M'}}" if ends else ""
    return f"{room} {starts:%m-%d %H:%M}{until}"


def placed_on(items: Sequence[Item], day: date) -> list[Item]:
    """Items on the plan that touch a local day, cancelled ones left out."""
    return [item for item in items if day in days_of(item) and item.slot.state is not ItemState.CANCELLED]


def days_of(item: Item) -> list[date]:
    """The local days an item on the plan touches; one that ends at midnight does not touch the next day."""
    slot = item.slot
    if not item.is_placed or slot.starts_at is None:
        return []
    first = slot.starts_at.date()
    ends = (slot.ends_at or slot.starts_at) - timedelta(microseconds=1)
    return [first + timedelta(n) for n in range(max(0, (ends.date() - first).days) + 1)]


def clashes_at(programme: Programme, item: Item, to: Position) -> list[Clash]:
    """What `item` would clash with at another place, waived warnings left out. Nothing is read."""
    room = next((room for room in programme.frame.rooms if room.id == to.room_id), None)
    if room is None or to.starts_at is None:
        return []
    agenda = item.slot.agenda if item.slot.starts_at else ()
    if item.slot.starts_at and item.position.minutes == to.minutes:
        agenda = later(agenda, to.starts_at - item.slot.starts_at)
    moved = replace(
        item.slot, room_id=room.id, room_name=room.name, seats=room.seats, starts_at=to.starts_at,
        ends_at=to.starts_at + timedelta(minutes=to.minutes), agenda=agenda,
    )  # fmt: skip
    return [
        clash for clash in programme_clashes.clashes_of(moved, programme.slots, programme.frame) if clash.waived is None
    ]


# --- acts ---


def move(db: Database, item_id: uuid.UUID, to: Position, seen: Position | None = None) -> Position:
    """Place an item, or put it in the tray; where it was comes back, for undo.

    A clash is no reason to refuse; a locked item is. `seen` is where the person saw it: Conflict if it is elsewhere by
    now. The agenda goes along, unless only start or end is moved.
    """
    with writing(db, "programme.edit") as writer:
        item = _get(writer.session, item_id)
        if item.is_locked:
            raise UserError(_("“{title}”已锁定，没有移动。先解锁再改。").format(title=item.title), "E-LOCKED")
        before = _position(item)
        if seen is not None and not seen.same_place(before):
            raise Conflict(_("“{title}”刚被别人移动，没有再改。请看新的位置。").format(title=item.title), "E-CONFLICT")
        item.room_id, item.starts_at, item.minutes = to.room_id, to.starts_at, max(SHORTEST, to.minutes)
        item.ends_at = to.starts_at + timedelta(minutes=to.minutes) if to.starts_at else None
        _shift_agenda(item, before, to)
        return before


def _position(item: ProgrammeItem) -> Position:
    span = item.ends_at - item.starts_at if item.starts_at and item.ends_at else None
    minutes = item.minutes if span is None else int(span.total_seconds() // 60)
    agenda = tuple((line.id, line.starts_at, line.ends_at) for line in item.agenda)
    return Position(item.room_id, item.starts_at, minutes, agenda)


def _shift_agenda(item: ProgrammeItem, before: Position, to: Position) -> None:
    if to.agenda is not None:
        kept = {line_id: times for line_id, *times in to.agenda}
        for line in item.agenda:
            line.starts_at, line.ends_at = kept.get(line.id, (line.starts_at, line.ends_at))
        return
    begins = before.starts_at or min((line.starts_at for line in item.agenda if line.starts_at), default=None)
    if to.starts_at is None or begins is None or before.minutes != to.minutes:
        return
    by = to.starts_at - begins
    for line in item.agenda:
        line.starts_at = line.starts_at + by if line.starts_at else None
        line.ends_at = line.ends_at + by if line.ends_at else None


def lock(db: Database, item_id: uuid.UUID, locked: bool) -> None:
    """A locked item is not moved by anybody."""
    with writing(db, "programme.edit") as writer:
        _get(writer.session, item_id).is_locked = locked


def waive(db: Database, clash: Clash, reason: str) -> None:
    """Accept a warning with a reason, which is shown; "" takes the waiver back. A blocking clash cannot be waived."""
    with writing(db, "programme.edit") as writer:
        if clash.blocks:
            raise UserError(_("这类冲突必须改时间或会场，不能放过，数据未变。"), "E-BLOCKS")
        for item_id in clash.item_ids:
            item = _get(writer.session, item_id)
            kept = {key: text for key, text in (item.waivers or {}).items() if key != clash.key}
            said = clean_text(reason)
            item.waivers = kept | ({clash.key: said} if said else {})


def publish(db: Database, expo_id: uuid.UUID) -> int:
    """Fix rooms and times as published; refused while a blocking clash is left. How many items changed."""
    with writing(db, "programme.publish") as writer:
        session = writer.session
        programme = read(session, expo_id)
        blocking = programme_clashes.blocking(programme.clashes)
        if blocking:
            raise UserError(
                _("还有 {n} 处会场或时间冲突，没有发布：{first}。先处理再发布。").format(
                    n=len(blocking), first=blocking[0].text
                ),
                "E-CLASHES",
            )
        changed = [item.id for item in programme.changed]
        for item in session.scalars(select(ProgrammeItem).where(ProgrammeItem.id.in_(changed))):
            item.published = as_published(item)
        session.get_one(Expo, expo_id).is_published = True
    return len(changed)


def _get(session: Session, item_id: uuid.UUID) -> ProgrammeItem:
    item = session.get(ProgrammeItem, item_id)
    if item is None:
        raise Conflict(_("这场活动已被删除，数据未变。请刷新。"), "E-GONE")
    return item
