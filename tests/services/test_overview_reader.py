"""The dashboard read again and again: what it keeps and what desks count is what a full count finds in the scans."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from factories import (
    SHANGHAI,
    make_attendee,
    make_badge,
    make_deal,
    make_desk,
    make_exhibitor,
    make_expo,
    make_gate,
    make_room,
)
from sqlalchemy import event, func, select, update

from expo_app.errors import UserError
from expo_app.model import Attendee, CheckIn, Direction, Expo, GateKind, Person, Role, Ways
from expo_app.services import merging, merging_undo, records
from expo_app.services.checkin import OpenDesk
from expo_app.services.statistics import overview as dashboard
from expo_app.services.statistics.overview import OverviewReader, overview
from expo_app.services.statistics.scope import first_admissions, gates, scope_of
from expo_app.specs import ATTENDEES, PEOPLE
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from expo_app.store.presence import drift, recount
from expo_app.store.quarters import quarter_of

DAYS = (date(2018, 11, 28), date(2018, 11, 29))


def at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(minutes=minutes)


class Hall:
    """Two entrances and a room with a desk each, ten people; two of them samples."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session, code="KJH18")
            gates_ = [make_gate(session, expo, name, ways=Ways.BOTH) for name in ("南门", "东门")]
            gates_.append(make_gate(session, expo, room=make_room(session, expo, "A 会场"), ways=Ways.BOTH))
            people = [make_attendee(session, expo, is_sample=n < 2) for n in range(10)]
            self.codes = [make_badge(session, person).code for person in people]
            desks = [make_desk(session, gate).id for gate in gates_]
            self.expo_id, self.people = expo.id, [person.id for person in people]
        db.actor = Actor("陈放", Role.ADMIN)
        self.desks = [OpenDesk(db, key) for key in desks]

    def counted(self) -> tuple[object, object, int]:
        """What the dashboard reads of counters: (curves, people in rooms by day), and how far those have drifted."""
        with self.db.reading() as session:
            scope = scope_of(session, self.expo_id)
            curves = Counter({row[:2]: row[2] for row in dashboard._admissions(session, scope, DAYS)})
            rooms = [sum(dashboard._in_rooms(session, scope, day).values()) for day in DAYS]
            return curves, rooms, drift(session.connection())

    def found(self) -> tuple[object, object, int]:
        """The same of the scans themselves."""
        with self.db.reading() as session:
            scope = scope_of(session, self.expo_id)
            first = first_admissions(scope, DAYS)
            keys = (first.c.local_day, quarter_of(first.c.at))
            rows = session.execute(select(*keys, func.count()).group_by(*keys))
            curves = Counter({(day, quarter): n for day, quarter, n in rows})
            scan = CheckIn.__table__
            whole = select(func.count(scan.c.attendee_id.distinct())).where(
                scan.c.gate_id.in_(gates(scope, GateKind.ROOM)), scan.c.verdict == "ADMITTED",
                scan.c.expo_id == scope.id, scan.c.undone_at.is_(None),
            )  # fmt: skip
            return curves, [session.scalar(whole.where(scan.c.local_day == day)) for day in DAYS], 0


@pytest.fixture
def hall(db: Database) -> Iterator[Hall]:
    found = Hall(db)
    yield found
    for desk in found.desks:
        desk.close()


@pytest.mark.parametrize("seed", range(6))
def test_counters_come_to_what_the_scans_come_to(hall: Hall, seed: int) -> None:
    """Scans at every gate both ways, late uploads of earlier moments, scans taken back and forgotten, a merge and its
    undo, a moment changed and counted again.
    """
    draw = random.Random(seed)  # noqa: S311
    clock = 8 * 60
    kept = []
    for _n in range(90):
        clock += draw.randrange(9)
        day = DAYS[clock > 13 * 60]
        desk = draw.choice(hall.desks)
        act = draw.random()
        hall.db.clock = lambda day=day, clock=clock: at(day, clock)
        try:
            if act < 0.12:
                desk.undo_last()
            elif act < 0.16 and kept:
                desk.forget(kept.pop(draw.randrange(len(kept))))
            else:
                late = draw.choice((0, 0, 0, 20, 90, 200))
                moment = max(at(day, 7 * 60), at(day, clock - late))
                way = draw.choice((Direction.IN, Direction.IN, Direction.OUT))
                kept.append(desk.check_in(draw.choice(hall.codes), moment, direction=way).id)
        except UserError as refused:
            assert refused.code == "E-UNDO"  # noqa: PT017
        for other in hall.desks:
            other._recent.clear()
    assert hall.counted() == hall.found()
    with hall.db.reading() as session:
        keep, other = (session.get_one(Attendee, key).person_id for key in draw.sample(hall.people[2:], 2))
    made = merging.merge(hall.db, Pair("people", keep, other))
    assert hall.counted() == hall.found()
    merging_undo.take_back(hall.db, PEOPLE, made)
    assert hall.counted() == hall.found()
    with hall.db.transaction() as session:
        moved = select(CheckIn.id).where(CheckIn.local_day == DAYS[0]).limit(5)
        session.execute(update(CheckIn).where(CheckIn.id.in_(moved)).values(at=at(DAYS[0], 427)))
        recount(session.connection())
    assert hall.counted() == hall.found()


def look(reader: OverviewReader, hall: Hall) -> object:
    return reader.read(hall.expo_id, at(DAYS[0], 12 * 60))


def test_what_is_kept_is_what_is_there(hall: Hall) -> None:
    """Whatever is written, the next look says what a first look would."""
    reader = OverviewReader(hall.db)
    hall.db.clock = lambda: at(DAYS[0], 600)
    acts: list[Callable[[], object]] = [
        lambda: hall.desks[0].check_in(hall.codes[4]),
        lambda: hall.desks[2].check_in(hall.codes[4]),
        lambda: records.save(hall.db, ATTENDEES, {"person.name": "李雷"}, expo_id=hall.expo_id),
        lambda: _made(hall, make_exhibitor),
        lambda: _made(hall, make_deal, title="膜材料合作"),
        lambda: _made(hall, make_deal, title="膜材料合作"),
        hall.desks[0].undo_last,
        lambda: records.save(hall.db, PEOPLE, {"name": "韩梅梅"}, _someone(hall)),
    ]
    for act in acts:
        act()
        assert look(reader, hall) == overview(hall.db, hall.expo_id, at(DAYS[0], 12 * 60))
    reader.close()
    _made(hall, make_exhibitor)
    assert look(reader, hall) != overview(hall.db, hall.expo_id, at(DAYS[0], 12 * 60)), "it no longer hears"


def test_a_scan_leaves_everything_else_unread(hall: Hall) -> None:
    reader, asked = OverviewReader(hall.db), []
    look(reader, hall)
    event.listen(hall.db.reader, "before_cursor_execute", lambda *given: asked.append(given[2]))
    hall.db.clock = lambda: at(DAYS[0], 600)
    hall.desks[0].check_in(hall.codes[4])
    asked.clear()
    found = look(reader, hall)
    told = [statement for statement in asked if statement.startswith("SELECT")]
    assert found.checked_in.value == 1
    assert len(told) <= 5, told
    assert not any("FROM deal" in statement or "exhibitor" in statement for statement in told)
    reader.close()


def _made(hall: Hall, make: Callable[..., object], **given: object) -> None:
    with hall.db.transaction() as session:
        make(session, session.get_one(Expo, hall.expo_id), **given)


def _someone(hall: Hall) -> object:
    with hall.db.reading() as session:
        return session.scalars(select(Person.id).limit(1)).one()
