"""What the dashboard shows: one reading of the file, the same few statements whatever its size."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.i18n import _, language
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    Deal,
    DeskCount,
    Gate,
    GateKind,
    Presence,
    ProgrammeItem,
)
from expo_app.rules import deals_duplicates
from expo_app.rules.counting import GUESTS
from expo_app.services import deals, programme
from expo_app.services.programme import Item, Programme
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.deals import deal_buckets, signed_days, signed_figures, signed_today, totals_of
from expo_app.services.statistics.exhibition import Stand, arrivals, count_figure, exhibitor_stands, region_parts
from expo_app.services.statistics.follow_up import due
from expo_app.services.statistics.scope import Scope, admitted, gates, present_ids, registered, registrations, scope_of
from expo_app.services.statistics.trends import read_past
from expo_app.specs.exhibition_figures import ExhibitorPart
from expo_app.specs.figures import Figure, Trace, percent, ratio
from expo_app.specs.overview_figures import QUARTER, Curve, Overview, RoomNow, Slot
from expo_app.specs.people import is_in_hand
from expo_app.specs.trend_figures import Trend
from expo_app.store.database import Database
from expo_app.store.quarters import minutes_of, quarter_of

ONE_DAY = timedelta(1)


SCANS = frozenset({"check_in", "presence", "desk_quarter", "desk_signal", "audit", "lot", "lot_event"})
"""Tables of which nothing is kept from one look to the next: what depends on them is read of counters every time."""


@dataclass(frozen=True)
class _Part:
    """What one look may leave to the next: `tables` say when it is read anew; none: whenever anything but scans is."""

    read: Callable[[Session, Scope], Any]
    tables: tuple[str, ...] = ()


class OverviewReader:
    """The dashboard of a database, read again and again. What nobody wrote to since the last look is not read anew, so
    a look costs the same whatever number of scans there is. `read` is for one thread at a time.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._writes: Counter[str] = Counter()
        self._kept: dict[str, tuple[Any, Any]] = {}
        self._stop = db.listen(self._heard)

    def close(self) -> None:
        """Hear no more of the database."""
        self._stop()

    def read(self, expo_id: uuid.UUID, now: datetime) -> Overview:
        """See `overview`."""
        with self.db.reading() as session:
            scope = _of_day(scope_of(session, expo_id), now)
            return _overview(session, scope, now, {name: self._part(session, scope, name) for name in _parts()})

    def _heard(self, tables: frozenset[str]) -> None:
        for table in tables:
            self._writes[table] += 1
        self._writes[""] += not tables <= SCANS

    def _part(self, session: Session, scope: Scope, name: str) -> Any:
        part = _parts()[name]
        # taken before it is read: what is written meanwhile makes it read again
        as_of = (scope, language(), *(self._writes[table] for table in part.tables or ("",)))
        kept_of, kept = self._kept.get(name, (None, None))
        if kept_of != as_of:
            kept = part.read(session, scope)
            self._kept[name] = (as_of, kept)
        return kept


def overview(db: Database, expo_id: uuid.UUID, now: datetime) -> Overview:
    """Everything the dashboard shows at `now` (aware; the expo's clock, which may be a rehearsal's)."""
    with db.reading() as session:
        scope = _of_day(scope_of(session, expo_id), now)
        return _overview(session, scope, now, {name: part.read(session, scope) for name, part in _parts().items()})


def _of_day(scope: Scope, now: datetime) -> Scope:
    """The scope with the beginning of the local day, the same for every look of one day."""
    return replace(scope, at=now.astimezone(scope.zone).replace(hour=0, minute=0, second=0, microsecond=0))


def _due(session: Session, scope: Scope) -> tuple[Figure, Figure]:
    if scope.at is None:
        raise ValueError("what is due is due on a day")
    return due(session, scope, scope.at.date())


def _overview(session: Session, scope: Scope, now: datetime, parts: Mapping[str, Any]) -> Overview:
    badges, stands, rule, buckets = (parts[name] for name in ("badges", "stands", "rule", "buckets"))
    planned, suspicions, past = (parts[name] for name in ("programme", "suspicions", "past"))
    at = now.astimezone(scope.zone)
    today = at.date()
    admissions = _admissions(session, scope, (today, today - ONE_DAY))
    present = _in_rooms(session, scope, today)
    used = _used(session, scope) if any(has and not done for _of, _state, has, done, _n in badges) else Counter()
    due_tasks, due_milestones = parts["due"]
    totals = totals_of(buckets)
    money = signed_figures(scope, totals)
    listed = sum(count for *_key, count in badges)
    curve = _curve(scope, admissions, today, at)
    before = _curve(scope, admissions, today - ONE_DAY, None)
    regions = region_parts(stands, rule)
    exhibitors = _stands(scope, stands, "exhibitors")
    return Overview(
        at=at,
        phase="before" if today < scope.starts_on else "after" if today > scope.ends_on else "running",
        day_no=scope.days.index(today) + 1 if today in scope.days else 0,
        checked_in=_checked_in(scope, today, sum(count for _minute, count in curve.points), listed),
        registered=registered(scope, listed),
        exhibitors=exhibitors,
        arrived=_stands(scope, stands, "arrived"),
        applications=_stands(scope, stands, "applications"),
        services=_stands(scope, stands, "services"),
        services_arrived=_stands(scope, stands, "services_arrived"),
        deals=totals,
        signed=money["signed"],
        signed_amount=money["signed_amount"],
        intended_amount=money["intended_amount"],
        signed_today=signed_today(scope, buckets, today),
        signed_days=signed_days(buckets),
        today=curve,
        yesterday=before if before.points else None,
        rooms=tuple(replace(room, trace=_in_room(scope, room, today)) for room in _rooms(planned, at, present)),
        arrivals=arrivals(scope, stands, regions, rule),
        clashes=_clashes(planned),
        unissued=_unissued(scope, badges),
        unprinted=_unprinted(scope, badges, used),
        duplicates=_duplicates(suspicions),
        absent=_absent(_stands(scope, stands, "absent"), regions),
        due_tasks=due_tasks,
        due_milestones=due_milestones,
        trends={
            figure.name: Trend(figure, past.get(figure.name, ())) for figure in (exhibitors, money["signed_amount"])
        },
        others=tuple(parts[name] for name in parts if name not in _PARTS),
    )


def _stands(scope: Scope, stands: Sequence[Stand], name: str) -> Figure:
    return count_figure(scope, name, stands)


# --- people -----------------------------------------------------------------------------------------------------------
def _badge_rows(session: Session, scope: Scope) -> list[tuple[str, AttendeeState, bool, bool, int]]:
    """(key of the category, state, has a valid badge, it is printed or handed over, how many) of all registrations."""
    table, badge, category = Attendee.__table__, Badge.__table__, Category.__table__
    valid = (badge.c.attendee_id == table.c.id) & badge.c.revoked_at.is_(None)
    has, done = badge.c.id.is_not(None), badge.c.printed_at.is_not(None) | badge.c.handed_over_at.is_not(None)
    each = (
        select(table.c.category_id, table.c.state, has.label("has"), done.label("done"))
        .select_from(table.outerjoin(badge, valid))
        .where(registrations(scope))
        .subquery()
    )
    keys = (each.c.category_id, each.c.state, each.c.has, each.c.done)
    counted = select(*keys, func.count().label("n")).group_by(*keys).subquery()
    query = select(category.c.key, *(counted.c[name] for name in ("state", "has", "done", "n"))).join(
        counted, counted.c.category_id == category.c.id
    )
    return [(of, state, bool(has), bool(done), n) for of, state, has, done, n in session.execute(query)]


def _checked_in(scope: Scope, today: date, value: int, listed: int) -> Figure:
    share = percent(ratio(value, listed))
    note = _("登记 {n} 人，已到 {share}").format(n=f"{listed:,}", share=share)
    return Figure(
        "checked_in", _("今日签到"), value, _("人"), note,
        Trace("attendees", _("今天在入口签到的人员"), present_ids(scope, today)),
    )  # fmt: skip


def _unissued(scope: Scope, rows: Iterable[tuple[str, AttendeeState, bool, bool, int]]) -> Figure:
    value = sum(n for _of, state, has, _done, n in rows if state is AttendeeState.CONFIRMED and not has)
    table = Attendee.__table__
    ids = select(table.c.id).where(
        registrations(scope), table.c.state == AttendeeState.CONFIRMED, table.c.id.not_in(_holders())
    )
    trace = Trace("attendees", _("未制证的人员"), ids)
    return Figure("unissued", _("未制证"), value, _("人"), _("已确认，还没有胸卡"), trace)


def _used(session: Session, scope: Scope) -> Counter[str]:
    """Badges neither printed nor handed over that let their holder in, by the key of the category."""
    table, badge, category = Attendee.__table__, Badge.__table__, Category.__table__
    query = (
        select(category.c.key, func.count())
        .select_from(badge.join(table, table.c.id == badge.c.attendee_id))
        .join(category, category.c.id == table.c.category_id)
        .where(
            registrations(scope), badge.c.revoked_at.is_(None), badge.c.printed_at.is_(None),
            badge.c.handed_over_at.is_(None), is_in_hand(),
        )
        .group_by(category.c.key)
    )  # fmt: skip
    return Counter(dict(session.execute(query).all()))


def _unprinted(scope: Scope, rows: Sequence[tuple[str, AttendeeState, bool, bool, int]], used: Counter[str]) -> Figure:
    waiting: Counter[str] = Counter()
    for category, _state, has, done, n in rows:
        waiting[category] += n * (has and not done)
    waiting.subtract(used)
    guests = sum(waiting[category] for category in GUESTS)
    note = _("其中嘉宾和演讲人 {n} 张").format(n=f"{guests:,}") if guests else ""
    table, badge = Attendee.__table__, Badge.__table__
    waits = _holders().where(badge.c.printed_at.is_(None), ~is_in_hand())
    ids = select(table.c.id).where(registrations(scope), table.c.id.in_(waits))
    return Figure(
        "unprinted", _("胸卡未打印"), waiting.total(), _("张"), note,
        Trace("attendees", _("胸卡未打印的人员"), ids),
    )  # fmt: skip


def _holders() -> Select[Any]:
    """Attendees with a badge that is not revoked."""
    badge = Badge.__table__
    return select(badge.c.attendee_id).where(badge.c.revoked_at.is_(None))


# --- admissions -------------------------------------------------------------------------------------------------------
def _admissions(session: Session, scope: Scope, days: Sequence[date]) -> list[tuple[date, int, int]]:
    """(local day, quarter, persons first admitted at an entrance then), as `first_admissions` finds them in the scans.

    Read of what desks counted, so that it does not grow with the scans; samples in a real expo are taken off.
    """
    count, table, person = DeskCount.__table__, Presence.__table__, Attendee.__table__
    keys = (count.c.day, count.c.quarter)
    counted = select(*keys, func.sum(count.c.firsts)).where(
        count.c.place_id == scope.id, count.c.day.in_(days), count.c.gate_id.in_(gates(scope, GateKind.ENTRANCE))
    )
    found = Counter({(day, quarter): int(n) for day, quarter, n in session.execute(counted.group_by(*keys))})
    if not scope.is_sample:
        samples = select(person.c.id).where(person.c.expo_id == scope.id, person.c.is_sample)
        theirs = select(table.c.day, quarter_of(table.c.first_at)).where(
            table.c.attendee_id.in_(samples), table.c.place_id == scope.id, table.c.day.in_(days),
            table.c.first_at.is_not(None),
        )  # fmt: skip
        found.subtract((day, int(quarter)) for day, quarter in session.execute(theirs))
    return [(day, quarter, n) for (day, quarter), n in sorted(found.items()) if n]


def _curve(scope: Scope, rows: Iterable[tuple[date, int, int]], day: date, until: datetime | None) -> Curve:
    """The curve of one day without gaps; today's runs on to the quarter of `until`."""
    found = {minutes_of(quarter, scope.zone): count for on, quarter, count in rows if on == day}
    if not found:
        return Curve(day, ())
    last = max(found) if until is None else max(*found, (until.hour * 60 + until.minute) // QUARTER * QUARTER)
    return Curve(day, tuple((at, found.get(at, 0)) for at in range(min(found), last + 1, QUARTER)))


def _in_rooms(session: Session, scope: Scope, day: date) -> dict[uuid.UUID, int]:
    """Persons admitted at each room's gates on a day."""
    count = DeskCount.__table__
    rooms = select(count.c.place_id, func.sum(count.c.firsts)).where(
        count.c.expo_id == scope.id, count.c.day == day, count.c.gate_id.in_(gates(scope, GateKind.ROOM))
    )
    return {room: int(n) for room, n in session.execute(rooms.group_by(count.c.place_id))}


def _in_room(scope: Scope, room: RoomNow, day: date) -> Trace:
    """Who was admitted at this room's gate on the day."""
    scan, gate = CheckIn.__table__, Gate.__table__
    here = scan.c.gate_id.in_(gates(scope, GateKind.ROOM).where(gate.c.room_id == room.id))
    ids = select(scan.c.attendee_id).where(admitted(scope), scan.c.local_day == day, here)
    return Trace("attendees", _("今日在{room}签到").format(room=room.name), ids)


def _rooms(planned: Programme, at: datetime, present: Mapping[uuid.UUID, int]) -> tuple[RoomNow, ...]:
    today = programme.placed_on(planned.items, at.date())
    rooms = []
    for room in planned.frame.rooms:
        here = _slots(item for item in today if item.slot.room_id == room.id)
        current = next((slot for slot in here if slot.starts_at <= at < slot.ends_at), None)
        following = next((slot for slot in here if slot.starts_at > at), None)
        rooms.append(RoomNow(room.id, room.name, room.seats, present.get(room.id, 0), current, following))
    return tuple(rooms)


def _slots(items: Iterable[Item]) -> list[Slot]:
    """Items with both times, in order of start."""
    found = [
        Slot(i.id, i.slot.title, i.kind.label, i.slot.starts_at, i.slot.ends_at, i.slot.places, i.slot.registrations)
        for i in items
        if i.slot.starts_at and i.slot.ends_at
    ]
    return sorted(found, key=lambda slot: slot.starts_at)


# --- alerts -----------------------------------------------------------------------------------------------------------
def _clashes(planned: Programme) -> Figure:
    found = planned.open_clashes
    ids = {item_id for clash in found for item_id in clash.item_ids}
    note = _("、").join(dict.fromkeys(clash.kind.label for clash in found))
    table = ProgrammeItem.__table__
    trace = Trace("programme", _("有冲突的活动"), select(table.c.id).where(table.c.id.in_(ids)))
    return Figure("clashes", _("日程冲突"), len(found), _("处"), note, trace)


def _duplicates(suspicions: Sequence[deals_duplicates.Suspicion]) -> Figure:
    first = next(iter(suspicions), None)
    note = ""
    if first is not None:
        note = _("{one} 与 {other}：{why}").format(one=first.deal.deal_no, other=first.other.deal_no, why=first.text)
    later = {suspicion.deal.id for suspicion in suspicions if suspicion.deal.id}
    table = Deal.__table__
    trace = Trace("deals", _("疑似重复的签约项目"), select(table.c.id).where(table.c.id.in_(later)))
    return Figure("duplicates", _("疑似重复"), len(later), _("项"), note, trace)


def _absent(figure: Figure, regions: Sequence[ExhibitorPart]) -> Figure:
    """Exhibitors not here yet, by region in the note: 广东 2 · 四川 2."""
    missing = [(part.label, part.count - part.arrived) for part in regions if part.count > part.arrived]
    note = " · ".join(f"{label} {count}" for label, count in sorted(missing, key=lambda pair: -pair[1]))
    return Figure(figure.name, figure.label, figure.value, figure.unit, note, figure.trace)


_PARTS: Mapping[str, _Part] = {
    "badges": _Part(_badge_rows, ("attendee", "badge", "category")),
    "stands": _Part(exhibitor_stands, ("exhibitor", "organisation")),
    "rule": _Part(lambda session, scope: read_rule(session, scope.id)),
    "buckets": _Part(deal_buckets, ("deal",)),
    "due": _Part(_due, ("task", "deal_milestone", "deal")),
    "programme": _Part(lambda session, scope: programme.read(session, scope.id)),
    "suspicions": _Part(
        lambda session, scope: deals_duplicates.pairs(deals.read_facts(session, scope.id)),
        ("deal", "deal_party", "organisation"),
    ),
    "past": _Part(lambda session, scope: read_past(session, scope, ("exhibitors", "signed_amount"), last_only=True)),
}
"""What is read of the file, but for the scans."""


@cache
def _parts() -> Mapping[str, _Part]:
    """These, and by its name what every area says waits for somebody."""
    alerts = (alert for area in registry.areas() for alert in area.alerts)
    return {**_PARTS, **{alert.name: _Part(alert.read, alert.tables) for alert in alerts}}
