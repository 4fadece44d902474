"""The programme at work: the day plan, moves with undo, clashes, waivers, publishing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import Expo, ItemKind, ItemState, Person, ProgrammeItem, Room, Speaker, SpeakerRole, Venue
from expo_app.rules import clashes
from expo_app.rules.clashes import Clash, Entry, Frame, RoomFacts, Slot
from expo_app.services.access import require
from expo_app.store.database import Database


@dataclass(frozen=True)
class Item:
    """A programme item as the day plan draws it; `slot` is what the clash check sees."""

    slot: Slot
    kind: ItemKind
    minutes: int
    host: str
    moderator: str
    guests: int
    pitches: int
    summary: str
    is_sample: bool
    is_changed: bool
    """Differs from what was last published."""

    @property
    def id(self) -> uuid.UUID:
        return self.slot.id

    @property
    def is_placed(self) -> bool:
        """On the plan, not in the tray."""
        return self.slot.room_id is not None and self.slot.starts_at is not None


@dataclass(frozen=True)
class Programme:
    """Everything of one expo's programme; moments in the expo's time zone."""

    frame: Frame
    items: tuple[Item, ...]
    clashes: tuple[Clash, ...]
    is_published: bool

    @property
    def open_clashes(self) -> tuple[Clash, ...]:
        """Those not waived."""
        return tuple(clash for clash in self.clashes if clash.waived is None)

    @property
    def changed(self) -> tuple[Item, ...]:
        """Placed items that differ from the published programme."""
        return tuple(item for item in self.items if item.is_changed)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(item.slot for item in self.items)


@dataclass(frozen=True)
class Position:
    """Where an item lies; None for room and start: in the tray."""

    room_id: uuid.UUID | None
    starts_at: datetime | None
    minutes: int


def load(db: Database, expo_id: uuid.UUID) -> Programme:
    """The whole programme with its clashes."""
    with db.reading() as session:
        return read(session, expo_id)


def read(session: Session, expo_id: uuid.UUID) -> Programme:
    """The same within a session that is already open; eight statements."""
    expo = session.get_one(Expo, expo_id)
    zone = expo.zone_info
    venue = session.get(Venue, expo.venue_id) if expo.venue_id else None
    rooms = session.scalars(select(Room).where(Room.venue_id == expo.venue_id).order_by(Room.position, Room.name)).all()
    frame = Frame(
        starts_at=datetime.combine(expo.starts_on, time(), zone),
        ends_at=datetime.combine(expo.ends_on + timedelta(1), time(), zone),
        rooms=tuple(RoomFacts(r.id, r.name, r.seats, r.changeover_minutes) for r in rooms),
        walk_minutes=venue.walk_minutes if venue else 10,
    )
    found = session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.expo_id == expo_id)
        .options(
            *(selectinload(part) for part in (ProgrammeItem.speakers, ProgrammeItem.agenda, ProgrammeItem.pitches))
        )
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.title)
    ).all()
    names = dict(
        session.execute(
            select(Person.id, Person.name).join(Speaker).join(ProgrammeItem).where(ProgrammeItem.expo_id == expo_id)
        ).all()
    )
    by_room = {room.id: room for room in frame.rooms}
    items = tuple(_item(item, names, by_room, zone) for item in found)
    return Programme(frame, items, tuple(clashes.check([i.slot for i in items], frame)), expo.is_published)


def _item(row: ProgrammeItem, names: dict[uuid.UUID, str], rooms: dict[uuid.UUID, RoomFacts], zone: Any) -> Item:
    room = rooms.get(row.room_id) if row.room_id else None
    moment = lambda at: at.astimezone(zone) if at else None  # noqa: E731
    slot = Slot(
        id=row.id,
        title=row.title,
        room_id=row.room_id,
        room_name=room.name if room else "",
        starts_at=moment(row.starts_at),
        ends_at=moment(row.ends_at),
        speakers=tuple((s.person_id, names[s.person_id]) for s in row.speakers),
        seats=row.capacity or (room.seats if room else None),
        registrations=row.registrations,
        equipment=frozenset(row.equipment or ()),
        is_locked=row.is_locked,
        state=row.state,
        waivers=row.waivers or {},
        agenda=tuple(Entry(e.title, moment(e.starts_at), moment(e.ends_at)) for e in row.agenda),
    )
    moderator = next((names[s.person_id] for s in row.speakers if s.role is SpeakerRole.MODERATOR), "")
    return Item(
        slot=slot, kind=row.kind, minutes=row.minutes, host=row.host, moderator=moderator, guests=len(row.speakers),
        pitches=len(row.pitches), summary=row.summary, is_sample=row.is_sample, is_changed=row.published != _published(row)
        and (row.published is not None or row.room_id is not None),
    )  # fmt: skip


def _published(row: ProgrammeItem) -> dict[str, str | None]:
    """What publishing fixes of an item."""
    return {
        "title": row.title,
        "state": row.state.name,
        "room": str(row.room_id) if row.room_id else None,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
    }


def move(db: Database, item_id: uuid.UUID, to: Position) -> Position:
    """Place an item, or put it in the tray; where it was comes back, for undo.

    A clash is no reason to refuse; a locked item is.
    """
    require(db, "programme.edit")
    with db.transaction() as session:
        item = _get(session, item_id)
        if item.is_locked:
            raise UserError(_("“{title}”已锁定，没有移动。先解锁再改。").format(title=item.title), "E-LOCKED")
        before = Position(item.room_id, item.starts_at, item.minutes)
        shift = (to.starts_at - item.starts_at) if to.starts_at and item.starts_at else None
        item.room_id, item.starts_at, item.minutes = to.room_id, to.starts_at, max(5, to.minutes)
        item.ends_at = to.starts_at + timedelta(minutes=item.minutes) if to.starts_at else None
        if shift:
            for entry in item.agenda:
                entry.starts_at = entry.starts_at + shift if entry.starts_at else None
                entry.ends_at = entry.ends_at + shift if entry.ends_at else None
        return before


def lock(db: Database, item_id: uuid.UUID, locked: bool) -> None:
    """A locked item is not moved by anybody."""
    require(db, "programme.edit")
    with db.transaction() as session:
        _get(session, item_id).is_locked = locked


def waive(db: Database, clash: Clash, reason: str) -> None:
    """Accept a warning with a reason, which is shown; "" takes the waiver back. A blocking clash cannot be waived."""
    require(db, "programme.edit")
    if clash.blocks:
        raise UserError(_("这类冲突必须改时间或会场，不能放过，数据未变。"), "E-BLOCKS")
    with db.transaction() as session:
        for item_id in clash.item_ids:
            item = _get(session, item_id)
            kept = {key: text for key, text in (item.waivers or {}).items() if key != clash.key}
            item.waivers = kept | ({clash.key: reason.strip()} if reason.strip() else {})


def publish(db: Database, expo_id: uuid.UUID) -> int:
    """Fix rooms and times as published; refused while a blocking clash is left. How many items changed."""
    require(db, "programme.publish")
    with db.transaction() as session:
        programme = read(session, expo_id)
        blocking = [clash for clash in programme.clashes if clash.blocks]
        if blocking:
            raise UserError(
                _("还有 {n} 处会场或时间冲突，没有发布：{first}。先处理再发布。").format(
                    n=len(blocking), first=blocking[0].text
                ),
                "E-CLASHES",
            )
        changed = [item.id for item in programme.changed]
        for item in session.scalars(select(ProgrammeItem).where(ProgrammeItem.id.in_(changed))):
            item.published = _published(item)
        session.get_one(Expo, expo_id).is_published = True
    return len(changed)


def _get(session: Session, item_id: uuid.UUID) -> ProgrammeItem:
    item = session.get(ProgrammeItem, item_id)
    if item is None:
        raise Conflict(_("这场活动已被删除，数据未变。请刷新。"), "E-GONE")
    return item


def placed_on(items: Sequence[Item], day: Any) -> list[Item]:
    """Items on the plan that touch a local day."""
    return [
        i
        for i in items
        if i.is_placed
        and i.slot.starts_at
        and i.slot.starts_at.date() <= day
        and (i.slot.ends_at or i.slot.starts_at).date() >= day
        and i.slot.state is not ItemState.CANCELLED
    ]
