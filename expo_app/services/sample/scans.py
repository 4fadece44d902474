"""Badges and check-ins of the first day, and the scans of the second morning; `rules.verdict` gives every verdict."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Category,
    CheckIn,
    Desk,
    Expo,
    Gate,
    Method,
    ProgrammeItem,
    Verdict,
)
from expo_app.rules import badge_code
from expo_app.rules.verdict import Facts, Holder, Judgement, Place, judge
from expo_app.services.sample import facts
from expo_app.services.sample.floor import DESKS, EAST, SOUTH
from expo_app.services.sample.rows import Row, Rows
from expo_app.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
DAY_1, DAY_2 = date(2018, 11, 28), date(2018, 11, 29)
PRINTED_AT = datetime(2018, 11, 27, 6, 0, tzinfo=UTC)
OPERATORS = ("李可", "吴悠", "许诺", "田禾", "简宁", "白露", "纪晨")
"""The volunteer at each desk, in the order of DESKS."""
CURVE_1 = (
    20,
    90,
    240,
    380,
    520,
    610,
    420,
    300,
    262,
    240,
    225,
    210,
    190,
    165,
    155,
    150,
    170,
    205,
    190,
    160,
    120,
    95,
    70,
    50,
    35,
    22,
)
CURVE_2 = (8, 20, 64, 170, 400, 566, 500, 372, 330, 305, 250)
"""First arrivals per quarter of an hour from 08:00; the second ends at 10:42 and not at 10:45."""
CAME_1, CAME_2 = 0.64, 0.57
"""Share of those registered who come on the first day, and by 10:42 on the second."""
NOT_CODES = ("https://example.com/v/8c21", "6900000000017", "WIFI:S:EXPO-FREE;;", "KJH18", "e1-0000")
Visit = tuple[str, int, int, int, int]
ROOMS_1: tuple[Visit, ...] = (
    ("A 会场", 9, 5, 55, 250),
    ("C 会场", 13, 40, 40, 52),
    ("A 会场", 13, 5, 45, 190),
    ("B 会场", 13, 5, 45, 104),
)
ROOMS_2: tuple[Visit, ...] = (("A 会场", 9, 5, 50, 214), ("C 会场", 9, 5, 50, 54))
"""Room, from what hour and minute, over how many minutes, how many people in a sample of 5,000."""
FULL = 5000


@dataclass(frozen=True)
class Reading:
    """One code shown at one desk. `person` is the index of a guest, None for a code that is nobody's."""

    at: datetime
    desk: str
    raw: str
    person: int | None = None


@dataclass
class Guest:
    """A registered person, as a desk meets them; `code` is that of the badge in force."""

    category: Category
    state: AttendeeState
    days: frozenset[date] | None
    code: str

    def may_enter(self, day: date) -> bool:
        """Confirmed and valid on this day."""
        return self.state is AttendeeState.CONFIRMED and (self.days is None or day in self.days)


def _local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def _arrival(rng: Random, day: date, curve: Sequence[int], end: datetime | None = None) -> datetime:
    """A moment drawn from the curve."""
    (quarter,) = rng.choices(range(len(curve)), curve)
    start = _local(day, 8) + quarter * timedelta(minutes=15)
    length = min(900.0, (end - start).total_seconds()) if end else 900.0
    return start + timedelta(seconds=round(rng.random() * length, 2))


def _plan(
    rng: Random, guests: Sequence[Guest], day: date, curve: Sequence[int], share: float, end: datetime | None
) -> list[Reading]:
    """Who comes when and to which desk: first entries, some again, some who may not enter."""
    found: list[Reading] = []
    south = [desk for desk, gate in DESKS if gate == SOUTH]
    (east,) = (desk for desk, gate in DESKS if gate == EAST)
    for n, guest in enumerate(guests):
        welcome = guest.may_enter(day)
        if rng.random() >= (share / 0.9 if welcome else 0.12):
            continue
        is_crew = guest.category in (Category.EXHIBITOR, Category.STAFF)
        at = _arrival(rng, day, curve, end)
        if is_crew:
            at = _local(day, 8) + (at - _local(day, 8)) / 3
        desk = east if is_crew and rng.random() < 0.8 else rng.choice(south)
        if not is_crew and rng.random() < 0.006:
            found.append(Reading(at - timedelta(seconds=150), east, guest.code, n))
        found.append(Reading(at, desk, guest.code, n))
        if welcome and rng.random() < 0.11:
            again = at + timedelta(minutes=rng.uniform(12, 240))
            if again < (end or _local(day, 16, 30)):
                found.append(Reading(again, rng.choice(south), guest.code, n))
    return found


def _to_rooms(
    rng: Random, readings: Sequence[Reading], guests: Sequence[Guest], day: date, rooms: Sequence[Visit]
) -> list[Reading]:
    """Of those who are in the hall by then, some go to each room."""
    scale = len(guests) / FULL
    desks = {gate: desk for desk, gate in DESKS}
    found = []
    for room, hour, minute, length, people in rooms:
        start = _local(day, hour, minute)
        here = {r.person for r in readings if r.person is not None and r.at < start}
        inside = sorted(n for n in here if guests[n].may_enter(day))
        for n in rng.sample(inside, min(len(inside) * 2 // 3, round(people * scale))):
            at = start + timedelta(seconds=round(rng.random() * length * 60, 2))
            found.append(Reading(at, desks[room], guests[n].code, n))
    return found


def _strangers(rng: Random, day: date, count: int, end: datetime) -> list[Reading]:
    """Codes that are no badge, and badge codes nobody has."""
    span = (end - _local(day, 8, 20)).total_seconds()
    found = []
    for n in range(count):
        raw = NOT_CODES[n // 2 % len(NOT_CODES)] if n % 2 else badge_code.new_code()
        at = _local(day, 8, 20) + timedelta(seconds=round(rng.random() * span, 2))
        found.append(Reading(at, rng.choice(DESKS[:3])[0], raw))
    return found


def add_first_day(rows: Rows, expo_id: uuid.UUID, attendees: list[Row]) -> None:
    """Badges of those who came on the first day, and every scan of that day."""
    rng = Random("day 1")  # noqa: S311
    guests = [_guest(row) for row in attendees]
    readings = _plan(rng, guests, DAY_1, CURVE_1, CAME_1, None)
    end = _local(DAY_1, 16)
    readings += _to_rooms(rng, readings, guests, DAY_1, ROOMS_1)
    came = sorted({r.person for r in readings if r.person is not None})
    badges = {n: _badge(rows, attendees[n], guests[n].code) for n in came}
    lost = rng.sample(sorted(badges), min(8, len(badges) // 20))
    readings += [_lost(rows, rng, attendees[n], badges[n], n) for n in lost]
    readings += _strangers(rng, DAY_1, max(4, len(guests) // 400), end)
    _judge_all(rows, expo_id, attendees, guests, sorted(readings, key=lambda r: (r.at, r.desk)))


def _guest(row: Row) -> Guest:
    return Guest(row["category"], row["state"], _days(row["valid_days"]), badge_code.new_code())


def _days(texts: list[str] | None) -> frozenset[date] | None:
    return None if texts is None else frozenset(map(date.fromisoformat, texts))


def _badge(rows: Rows, attendee: Row, code: str) -> Row:
    return rows.add(
        Badge,
        attendee_id=attendee["id"],
        code=code,
        issued_at=PRINTED_AT,
        printed_at=PRINTED_AT,
        print_count=1,
        handed_over_at=PRINTED_AT,
        issued_by="",
    )


def _lost(rows: Rows, rng: Random, attendee: Row, badge: Row, person: int) -> Reading:
    """A badge lost and replaced before the expo; someone shows the old one."""
    old = rows.add(
        Badge,
        attendee_id=attendee["id"],
        code=badge_code.new_code(),
        issued_at=PRINTED_AT - timedelta(days=2),
        printed_at=PRINTED_AT - timedelta(days=2),
        print_count=1,
        handed_over_at=PRINTED_AT - timedelta(days=2),
        revoked_at=PRINTED_AT,
        revoked_by=OPERATORS[1],
        revoke_reason="遗失补证",
    )
    at = _arrival(rng, DAY_1, CURVE_1)
    return Reading(at, rng.choice(DESKS[:3])[0], old["code"], person)


def _judge_all(
    rows: Rows, expo_id: uuid.UUID, attendees: list[Row], guests: list[Guest], readings: list[Reading]
) -> None:
    """Each reading judged in the order of the day, and kept."""
    gates = {row["id"]: row for row in rows.of(Gate)}
    desks = {row["name"]: row for row in rows.of(Desk)}
    places = {gate_id: _place(rows, gate) for gate_id, gate in gates.items()}
    by_code = {row["code"]: row for row in rows.of(Badge)}
    operators = dict(zip((name for name, _gate in DESKS), OPERATORS, strict=True))
    first: dict[tuple[int, uuid.UUID], tuple[datetime, str]] = {}
    for reading in readings:
        gate_id = desks[reading.desk]["gate_id"]
        code = badge_code.normalise(reading.raw)
        badge = by_code.get(code or "")
        key = (reading.person if reading.person is not None else -1, gate_id)
        holder = _holder(attendees[key[0]], guests[key[0]], badge) if badge else None
        judgement = _judge(reading, code, holder, places[gate_id], first.get(key))
        if judgement.verdict is Verdict.ADMITTED:
            first[key] = (reading.at, reading.desk)
        rows.add(
            CheckIn,
            expo_id=expo_id,
            gate_id=gate_id,
            desk_id=desks[reading.desk]["id"],
            attendee_id=badge["attendee_id"] if badge else None,
            badge_id=badge["id"] if badge else None,
            at=reading.at,
            local_day=DAY_1,
            verdict=judgement.verdict,
            method=Method.SCAN,
            raw=badge_code.clean_raw(reading.raw),
            reason=judgement.text,
            operator=operators[reading.desk],
        )


def _judge(
    reading: Reading, code: str | None, holder: Holder | None, place: Place, first: tuple[datetime, str] | None
) -> Judgement:
    first_at, first_desk = first or (None, "")
    return judge(
        Facts(
            now=reading.at,
            expo_starts_on=facts.STARTS_ON,
            expo_ends_on=facts.ENDS_ON,
            is_code=code is not None,
            holder=holder,
            place=place,
            first_at=first_at,
            first_desk=first_desk,
        )
    )


def _holder(attendee: Row, guest: Guest, badge: Row) -> Holder:
    return Holder(
        state=guest.state,
        category=guest.category,
        is_revoked=badge["revoked_at"] is not None,
        revoke_reason=badge["revoke_reason"],
        is_replaced=badge["revoked_at"] is not None,
        cancel_reason=attendee["note"] if guest.state is AttendeeState.CANCELLED else "",
        valid_days=guest.days,
    )


def _place(rows: Rows, gate: Row) -> Place:
    """As a desk sees its gate: a room's admits to what happens in it."""
    items = [
        (row["starts_at"].astimezone(ZONE), row["ends_at"].astimezone(ZONE))
        for row in rows.of(ProgrammeItem)
        if gate["room_id"] and row["room_id"] == gate["room_id"]
    ]
    categories = gate["categories"]
    return Place(
        kind=gate["kind"],
        categories=None if categories is None else frozenset(Category[name] for name in categories),
        items=tuple(items),
    )


def morning_of_day_2(db: Database, expo_id: uuid.UUID) -> list[tuple[datetime, str, str, str]]:
    """The scans of 29 November from 08:00 to 10:42, in order: (moment, desk, gate, what the reader sends).

    Of everybody who has a badge by then, so badges come first. Most are admitted; every kind of refusal that can
    happen is among them. To be replayed through `services.checkin`.
    """
    rng = Random("day 2")  # noqa: S311
    with db.reading() as session:
        end = session.get_one(Expo, expo_id).rehearsal_at or facts.REHEARSAL_AT
        query = (
            select(Attendee.category, Attendee.state, Attendee.valid_days, Badge.code, Badge.revoked_at)
            .join(Badge, Badge.attendee_id == Attendee.id)
            .where(Attendee.expo_id == expo_id)
            .order_by(Attendee.badge_no, Badge.revoked_at.is_not(None))
        )
        found = session.execute(query).all()
    end = end.astimezone(ZONE)
    guests = [
        Guest(row.category, row.state, _days(row.valid_days), row.code) for row in found if row.revoked_at is None
    ]
    revoked = [row.code for row in found if row.revoked_at is not None]
    readings = _plan(rng, guests, DAY_2, CURVE_2, CAME_2, end)
    readings += _to_rooms(rng, readings, guests, DAY_2, ROOMS_2)
    readings += [
        Reading(_arrival(rng, DAY_2, CURVE_2, end), DESKS[n % 3][0], code) for n, code in enumerate(revoked[:3])
    ]
    readings += _strangers(rng, DAY_2, max(4, len(guests) // 600), end)
    gates = dict(DESKS)
    return [(r.at, r.desk, gates[r.desk], r.raw) for r in sorted(readings, key=lambda r: (r.at, r.desk)) if r.at <= end]
