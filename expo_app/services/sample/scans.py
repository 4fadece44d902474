"""Badges and check-ins of the first day, and the scans of the second morning; `rules.verdict` gives every verdict."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Select, select

from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Base,
    CheckIn,
    Desk,
    Direction,
    Exhibitor,
    Expo,
    Gate,
    Method,
    ProgrammeItem,
    Verdict,
    new_id,
)
from expo_app.rules import badge_code
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Terms
from expo_app.rules.verdict import Facts, Holder, Judgement, Place, judge
from expo_app.services.categories import categories_at
from expo_app.services.exhibitors import BEFORE_ARRIVAL
from expo_app.services.record_writer import Writer
from expo_app.services.sample.lists import ZONE, Values, read
from expo_app.services.words import categories_of
from expo_app.specs import DESKS, EXPOS
from expo_app.specs.natural_order import natural
from expo_app.store.database import Database
from expo_app.store.presence import recount
from expo_app.store.staging import default

SOUTH, EAST = "南门", "东门"
DAY_1, DAY_2 = date(2018, 11, 28), date(2018, 11, 29)
PRINTED_AT = datetime(2018, 11, 27, 6, 0, tzinfo=UTC)
OPERATORS = ("李可", "吴悠", "许诺", "田禾", "简宁", "白露", "纪晨")
"""The volunteer at each desk, in the order of `desks`."""
CURVE_1 = (
    20, 90, 240, 380, 520, 610, 420, 300, 262, 240, 225, 210, 190,
    165, 155, 150, 170, 205, 190, 160, 120, 95, 70, 50, 35, 22,
)  # fmt: skip
CURVE_2 = (8, 20, 64, 170, 400, 566, 500, 372, 330, 305, 250)
"""First arrivals per quarter of an hour from 08:00; the second ends at 10:42 and not at 10:45."""
CAME_1, CAME_2 = 0.64, 0.57
"""Share of those registered who come on the first day, and by 10:42 on the second."""
NOT_CODES = ("https://example.com/v/8c21", "6900000000017", "WIFI:S:EXPO-FREE;;", "KJH18", "e1-0000")
Visit = tuple[str, int, int, int, int]
First = tuple[datetime, str]
"""When and at which desk somebody was admitted first."""
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

    category: CategoryTerm
    state: AttendeeState
    days: frozenset[date] | None
    code: str

    def may_enter(self, day: date) -> bool:
        """Confirmed and valid on this day."""
        return self.state is AttendeeState.CONFIRMED and (self.days is None or day in self.days)


@cache
def desks() -> tuple[tuple[str, str], ...]:
    """Every desk with its gate, in the order of the file."""
    return tuple((row["name"], row["gate_id"]) for row in read(DESKS))


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
    south = [desk for desk, gate in desks() if gate == SOUTH]
    (east,) = (desk for desk, gate in desks() if gate == EAST)
    for n, guest in enumerate(guests):
        welcome = guest.may_enter(day)
        if rng.random() >= (share / 0.9 if welcome else 0.12):
            continue
        is_crew = guest.category.key in ("exhibitor", "staff")
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
    at_room = {gate: desk for desk, gate in desks()}
    found = []
    for room, hour, minute, length, people in rooms:
        start = _local(day, hour, minute)
        here = {r.person for r in readings if r.person is not None and r.at < start}
        inside = sorted(n for n in here if guests[n].may_enter(day))
        for n in rng.sample(inside, min(len(inside) * 2 // 3, round(people * scale))):
            at = start + timedelta(seconds=round(rng.random() * length * 60, 2))
            found.append(Reading(at, at_room[room], guests[n].code, n))
    return found


def _strangers(rng: Random, day: date, count: int, end: datetime) -> list[Reading]:
    """Codes that are no badge, and badge codes nobody has."""
    span = (end - _local(day, 8, 20)).total_seconds()
    found = []
    for n in range(count):
        raw = NOT_CODES[n // 2 % len(NOT_CODES)] if n % 2 else badge_code.new_code()
        at = _local(day, 8, 20) + timedelta(seconds=round(rng.random() * span, 2))
        found.append(Reading(at, rng.choice(desks()[:3])[0], raw))
    return found


def add_first_day(writer: Writer, expo: Expo) -> None:
    """Badges of those who came on the first day, and every scan of that day."""
    rng = Random("day 1")  # noqa: S311
    attendees = writer.made[Attendee.__table__]
    categories = categories_of(writer.session, expo.id)
    guests = [_guest(row, categories) for row in attendees]
    readings = _plan(rng, guests, DAY_1, CURVE_1, CAME_1, None)
    end = _local(DAY_1, 16)
    readings += _to_rooms(rng, readings, guests, DAY_1, ROOMS_1)
    came = sorted({r.person for r in readings if r.person is not None})
    badges = {n: _badge(attendees[n], guests[n].code) for n in came}
    lost = {n: _lost(attendees[n]) for n in rng.sample(came, min(8, len(came) // 20))}
    readings += [_shown(rng, badge["code"], n) for n, badge in lost.items()]
    readings += _strangers(rng, DAY_1, max(4, len(guests) // 400), end)
    writer.insert(Badge.__table__, [*badges.values(), *lost.values()])
    awaited = set(writer.session.scalars(_awaited()))
    absent = {n for n, row in enumerate(attendees) if row["exhibitor_id"] in awaited}
    readings = [reading for reading in readings if reading.person not in absent]
    _judge_all(writer, expo, attendees, guests, sorted(readings, key=lambda r: (r.at, r.desk)))


def _awaited() -> Select[uuid.UUID]:
    """Exhibitors of whom nobody has come: none of their people is scanned."""
    return select(Exhibitor.id).where(Exhibitor.state.in_(BEFORE_ARRIVAL))


def _guest(row: Values, categories: Terms[CategoryTerm]) -> Guest:
    return Guest(categories[row["category_id"]], row["state"], _days(row["valid_days"]), badge_code.new_code())


def _days(texts: list[str] | None) -> frozenset[date] | None:
    return None if texts is None else frozenset(map(date.fromisoformat, texts))


def _badge(attendee: Values, code: str, at: datetime = PRINTED_AT, **more: Any) -> Values:
    """A badge printed and handed over at that moment."""
    blank = {column.name: default(column) for column in Badge.__table__.c}
    given = {"issued_at": at, "printed_at": at, "handed_over_at": at, "print_count": 1, "issued_by": "", **more}
    return {**blank, **given, "id": new_id(), "attendee_id": attendee["id"], "code": code}


def _lost(attendee: Values) -> Values:
    """A badge lost and replaced before the expo."""
    revoked = {"revoked_at": PRINTED_AT, "revoked_by": OPERATORS[1], "revoke_reason": "遗失补证"}
    return _badge(attendee, badge_code.new_code(), PRINTED_AT - timedelta(days=2), **revoked)


def _shown(rng: Random, code: str, person: int) -> Reading:
    """Someone shows the badge that was lost."""
    at = _arrival(rng, DAY_1, CURVE_1)
    return Reading(at, rng.choice(desks()[:3])[0], code, person)


def _judge_all(
    writer: Writer, expo: Expo, attendees: list[Values], guests: list[Guest], readings: list[Reading]
) -> None:
    """Each reading judged in the order of the day, and kept."""
    places = {gate["id"]: _place(writer, gate) for gate in _all(writer, Gate)}
    there = {row["name"]: row for row in _all(writer, Desk)}
    by_code = {row["code"]: row for row in writer.made[Badge.__table__]}
    operators = dict(zip((name for name, _gate in desks()), OPERATORS, strict=True))
    first: dict[tuple[int, uuid.UUID], First] = {}
    scans = []
    for reading in readings:
        desk = there[reading.desk]
        code = badge_code.normalise(reading.raw)
        badge = by_code.get(code or "")
        key = (reading.person if reading.person is not None else -1, desk["gate_id"])
        holder = _holder(attendees[key[0]], guests[key[0]], badge) if badge else None
        judgement = _judge(expo, reading, code, holder, places[desk["gate_id"]], first.get(key))
        if judgement.verdict is Verdict.ADMITTED:
            first[key] = (reading.at, reading.desk)
        scans.append(
            {
                "id": new_id(),
                "expo_id": expo.id,
                "gate_id": desk["gate_id"],
                "desk_id": desk["id"],
                "attendee_id": badge["attendee_id"] if badge else None,
                "badge_id": badge["id"] if badge else None,
                "at": reading.at,
                "local_day": DAY_1,
                "verdict": judgement.verdict,
                "method": Method.SCAN,
                "direction": Direction.IN,
                "raw": badge_code.clean_raw(reading.raw),
                "reason": judgement.text,
                "operator": operators[reading.desk],
            }
        )
    writer.insert(CheckIn.__table__, scans)
    recount(writer.session.connection())


def _all(writer: Writer, model: type[Base]) -> list[Values]:
    return [dict(row) for row in writer.session.execute(select(model.__table__)).mappings()]


def _judge(
    expo: Expo, reading: Reading, code: str | None, holder: Holder | None, place: Place, first: First | None
) -> Judgement:
    first_at, first_desk = first or (None, "")
    return judge(
        Facts(
            now=reading.at,
            expo_starts_on=expo.starts_on,
            expo_ends_on=expo.ends_on,
            is_code=code is not None,
            holder=holder,
            place=place,
            first_at=first_at,
            first_desk=first_desk,
        )
    )


def _holder(attendee: Values, guest: Guest, badge: Values) -> Holder:
    return Holder(
        state=guest.state,
        category=guest.category,
        is_revoked=badge["revoked_at"] is not None,
        revoke_reason=badge["revoke_reason"],
        is_replaced=badge["revoked_at"] is not None,
        cancel_reason=attendee["note"] if guest.state is AttendeeState.CANCELLED else "",
        valid_days=guest.days,
    )


def _place(writer: Writer, gate: Values) -> Place:
    """As a desk sees its gate: a room's admits to what happens in it."""
    items = [
        (row["starts_at"].astimezone(ZONE), row["ends_at"].astimezone(ZONE))
        for row in _all(writer, ProgrammeItem)
        if gate["room_id"] and row["room_id"] == gate["room_id"]
    ]
    return Place(
        kind=gate["kind"],
        categories=categories_at(writer.session, gate["id"]),
        items=tuple(items),
        lead=timedelta(minutes=gate["lead_minutes"]),
    )


def morning_of_day_2(db: Database, expo_id: uuid.UUID) -> list[tuple[datetime, str, str, str]]:
    """The scans of 29 November from 08:00 to 10:42, in order: (moment, desk, gate, what the reader sends).

    Of everybody who has a badge by then, so badges come first. Most are admitted; every kind of refusal that can
    happen is among them. To be replayed through `services.checkin`.
    """
    rng = Random("day 2")  # noqa: S311
    with db.reading() as session:
        end = session.get_one(Expo, expo_id).rehearsal_at or read(EXPOS)[0]["rehearsal_at"]
        query = (
            select(Attendee.category_id, Attendee.state, Attendee.valid_days, Badge.code, Badge.revoked_at)
            .join(Badge, Badge.attendee_id == Attendee.id)
            .where(Attendee.expo_id == expo_id)
            .order_by(natural(Attendee.badge_no), Badge.revoked_at.is_not(None))
        )
        found, categories = session.execute(query).all(), categories_of(session, expo_id)
        theirs = query.with_only_columns(Badge.code).where(Attendee.exhibitor_id.in_(_awaited()))
        absent = set(session.scalars(theirs))
    end = end.astimezone(ZONE)
    guests = [
        Guest(categories[row.category_id], row.state, _days(row.valid_days), row.code)
        for row in found
        if row.revoked_at is None
    ]
    revoked = [row.code for row in found if row.revoked_at is not None]
    readings = _plan(rng, guests, DAY_2, CURVE_2, CAME_2, end)
    readings += _to_rooms(rng, readings, guests, DAY_2, ROOMS_2)
    readings += [
        Reading(_arrival(rng, DAY_2, CURVE_2, end), desks()[n % 3][0], code) for n, code in enumerate(revoked[:3])
    ]
    readings += _strangers(rng, DAY_2, max(4, len(guests) // 600), end)
    gates = dict(desks())
    seen = sorted((r for r in readings if r.at <= end and r.raw not in absent), key=lambda r: (r.at, r.desk))
    return [(r.at, r.desk, gates[r.desk], r.raw) for r in seen]
