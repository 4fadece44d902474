"""Programme items as the blocks of a timeline: words under the title, words of a clash, minutes of a day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from expo_app.i18n import N_, _
from expo_app.model import ItemState, WordRole
from expo_app.rules.programme_clashes import Clash, ClashKind, lasting
from expo_app.services.programme import Item, Position, Programme, placed_on
from expo_app.ui.pages.programme.timeline import Block, Lane, Place

MINUTE = timedelta(minutes=1)
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
MEETINGS = frozenset({WordRole.SIGNING, WordRole.MATCHING})
REASONS: Mapping[ClashKind, str] = {
    ClashKind.ROOM_OVERLAP: N_("会场重叠 {time}：{other}"),
    ClashKind.END_BEFORE_START: N_("结束不晚于开始"),
    ClashKind.OUTSIDE_EXPO: N_("不在展期内"),
    ClashKind.SPEAKER_OVERLAP: N_("嘉宾冲突：{name}同时在 {room}"),
    ClashKind.WALK_TIME: N_("{name}转场仅 {gap} 分钟，要求 {wanted} 分钟"),
    ClashKind.CHANGEOVER: N_("换场仅 {gap} 分钟，要求 {wanted} 分钟"),
    ClashKind.CAPACITY: N_("报名 {registrations} 人，座位 {seats}，缺 {lacking}"),
    ClashKind.EQUIPMENT: N_("设备冲突：{tag} 同时在 {room}"),
    ClashKind.AGENDA_OUTSIDE: N_("议程“{entry}”超出 {time}"),
}


def day_words(day: date) -> str:
    """周四 11-29."""
    return f"{_(WEEKDAYS[day.weekday()])} {day:%m-%d}"


def lanes_of(programme: Programme) -> list[Lane]:
    """Rooms as columns: C 会场, 路演 · 60 座."""
    return [
        Lane(
            room.id,
            room.name,
            " · ".join(filter(None, (programme.purposes.get(room.id, ""), _("{n} 座").format(n=room.seats)))),
        )
        for room in programme.frame.rooms
    ]


def minutes_of(at: datetime, day: date) -> int:
    """Minutes of a local moment since midnight of `day`."""
    return round((at.replace(tzinfo=None) - datetime.combine(day, time())) / MINUTE)


def place_of(item: Item, day: date) -> Place:
    """Where an item lies on a day; one in the tray would take its minutes from midnight."""
    slot = item.slot
    if slot.starts_at is None:
        return Place(None, 0, max(1, item.position.minutes))
    start = minutes_of(slot.starts_at, day)
    return Place(slot.room_id, start, start + item.position.minutes)


def position_of(place: Place, day: date, zone: ZoneInfo) -> Position:
    """The same for the services."""
    starts = datetime.combine(day, time(), zone) + timedelta(minutes=place.start)
    return Position(place.lane, starts, place.length)  # type: ignore[arg-type]


def block_of(item: Item, day: date, problem: str = "", present: int = 0, now: datetime | None = None) -> Block:
    """What the plan shows of an item."""
    return Block(
        key=item.id,
        place=place_of(item, day),
        title=item.slot.title,
        tag=item.kind.label,
        token=item.kind.token,
        people=people_words(item),
        foot=seats_words(item, present, now),
        problem=problem,
        is_draft=item.slot.state is ItemState.DRAFT,
        is_locked=item.slot.is_locked,
    )


def blocks_on(programme: Programme, day: date, present: Mapping[uuid.UUID, int], now: datetime) -> list[Block]:
    """Every block of a day."""
    problems = problems_of(programme)
    blocked = {item_id for clash in programme.open_clashes if clash.blocks for item_id in clash.item_ids}
    shown = [
        block_of(item, day, problems.get(item.id, ""), present.get(item.id, 0), now)
        for item in placed_on(programme.items, day)
    ]
    return [replace(block, is_warning=bool(block.problem) and block.key not in blocked) for block in shown]


def problems_of(programme: Programme) -> dict[uuid.UUID, str]:
    """The reason in a block, by item; further ones are counted."""
    found: dict[uuid.UUID, list[str]] = {}
    for clash in programme.open_clashes:
        for item_id in clash.item_ids:
            found.setdefault(item_id, []).append(reason(clash, item_id))
    return {item_id: several(words) for item_id, words in found.items()}


def several(words: Sequence[str]) -> str:
    """The first of several reasons, and how many there are."""
    first = words[0] if words else ""
    return first if len(words) < 2 else _("{first}，等 {n} 处").format(first=first, n=len(words))


def reason(clash: Clash, item_id: uuid.UUID) -> str:
    """A clash in a few words, as seen from one of its items."""
    values = dict(clash.values)
    if len(clash.item_ids) == 2:
        side = "b" if clash.item_ids[0] == item_id else "a"
        values |= {"other": values[side], "room": values[f"room_{side}"]}
    return _(REASONS[clash.kind]).format(time=lasting(clash.minutes), **values)


def people_words(item: Item) -> str:
    """主持 陆文涛 · 嘉宾 6 人."""
    guests = item.guests - bool(item.moderator)
    parts = [_("主持 {name}").format(name=item.moderator)] if item.moderator else []
    if item.kind.role is WordRole.ROADSHOW and item.pitches:
        parts.append(_("路演项目 {n} 项").format(n=item.pitches))
    if guests:
        words = _("邀请中 {n} 人") if item.slot.state is ItemState.DRAFT else _("嘉宾 {n} 人")
        parts.append(words.format(n=guests))
    return " · ".join(parts) or item.host


def seats_words(item: Item, present: int = 0, now: datetime | None = None) -> str:
    """报名 262 / 280 · 在场 214; after the end 到场 214."""
    slot = item.slot
    seats = _("—") if slot.places is None else f"{slot.places:,}"
    words = (
        _("报名 {n} / {seats}").format(n=f"{slot.registrations:,}", seats=seats)
        if slot.registrations
        else _("{n} 座").format(n=seats)
    )
    if present and now is not None and slot.ends_at is not None:
        there = _("在场 {n}") if now < slot.ends_at else _("到场 {n}")
        words += " · " + there.format(n=f"{present:,}")
    return words


def tray_words(item: Item) -> str:
    """90 分钟 · 需要 100 座; what is missing where one half is known."""
    parts = [_("{n} 分钟").format(n=item.minutes)]
    if item.slot.wanted is not None:
        parts.append(_("需要 {n} 座").format(n=f"{item.slot.wanted:,}"))
    if item.slot.starts_at is not None:
        parts.append(f"{item.slot.starts_at:%m-%d %H:%M}")
    if item.slot.room_name:
        parts.append(item.slot.room_name)
    return " · ".join([*parts, *filter(None, [item.summary.partition("。")[0]])])
