"""The rehearsal's clock: one line of time for every program on a database, never behind what was scanned."""

import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from expo_app.model import Audit, Desk, Expo, new_id
from expo_app.model.base import moment_of
from expo_app.services import checkin, expos, records
from expo_app.services.rehearsal import RehearsalClock
from expo_app.specs import EXPOS
from expo_app.store.database import Database, open_database
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate

BEGIN = local(29, 10, 42)
MINUTE = timedelta(minutes=1)
NEAR = timedelta(seconds=2)
"""What a slow machine may take between two lines."""


@dataclass
class Program:
    """One program on the database, its clocks moved by hand."""

    db: Database
    expo: Expo
    passed: float = 0.0

    def start(self) -> RehearsalClock:
        return RehearsalClock(
            self.db, self.expo.id, BEGIN, lambda: time.time() + self.passed, lambda: 500.0 + self.passed
        )

    def scan(self, at: datetime) -> None:
        with self.db.transaction() as session:
            code = make_badge(session, make_attendee(session, self.expo)).code
            desk = session.scalars(select(Desk.id)).one()
        opened = checkin.OpenDesk(self.db, desk)
        opened.check_in(code, at)
        opened.close()


@pytest.fixture
def program(db: Database) -> Program:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18", rehearsal_at=BEGIN)
        make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
    return Program(db, expo)


def test_it_begins_at_the_moment_and_runs_on(program: Program) -> None:
    clock = program.start()
    assert BEGIN <= clock() < BEGIN + NEAR
    before = clock()
    program.passed = 480
    assert clock() - before == 8 * MINUTE


def test_after_a_restart_it_goes_on_from_the_last_scan(program: Program) -> None:
    program.scan(BEGIN + 8 * MINUTE)
    assert BEGIN + 8 * MINUTE <= program.start()() < BEGIN + 8 * MINUTE + NEAR


def test_what_was_scanned_before_the_moment_moves_nothing(program: Program) -> None:
    program.scan(BEGIN - MINUTE)
    assert program.start()() < BEGIN + NEAR


def test_after_a_restart_it_goes_on_from_where_it_stopped(program: Program) -> None:
    clock = program.start()
    program.passed = 480
    clock.keep()
    stopped = clock()
    program.passed = 5000  # nobody had the file open: it stood still
    again = program.start()
    assert stopped <= again() < stopped + NEAR
    clock.keep()
    program.start().keep()  # never back to an earlier one
    assert program.start()() >= stopped
    assert str(again().astimezone(program.expo.zone_info).tzinfo) == "Asia/Shanghai"


def test_a_moment_set_anew_forgets_where_it_stopped(program: Program) -> None:
    clock = program.start()
    program.passed = 480
    clock.keep()
    records.save(program.db, EXPOS, {"rehearsal_at": BEGIN - 60 * MINUTE}, record_id=program.expo.id)
    program.passed = 0
    assert program.start()() < BEGIN + NEAR


@pytest.mark.parametrize(
    ("zone", "local_time"),
    [(None, "2018-11-29 10:42"), ("Asia/Shanghai", "2018-11-29 10:42"), ("UTC", "2018-11-29 02:42")],
)
def test_the_moment_is_read_in_the_zone_of_its_own_expo(db: Database, zone: str | None, local_time: str) -> None:
    """Nothing else says in which: the file may hold no expo yet."""
    values = {"name": "甲", "code": "JIA18", "starts_on": "2018-11-28", "ends_on": "2018-11-30"}
    given = {"rehearsal_at": local_time, **({"time_zone": zone} if zone else {})}
    made = records.save(db, EXPOS, values | given)
    (info,) = expos.all_expos(db)
    assert info.rehearsal_at == BEGIN
    records.save(db, EXPOS, {"rehearsal_at": "2018-11-29 09:00"}, made)
    (info,) = expos.all_expos(db)
    assert info.rehearsal_at is not None
    assert f"{info.rehearsal_at.astimezone(info.zone):%H:%M}" == "09:00"
    other = expos.create(db, values | given | {"name": "乙", "code": "YI18"})
    assert {expo.id: expo.rehearsal_at for expo in expos.all_expos(db)}[other] == BEGIN


def test_the_order_of_scans_is_not_what_counts(program: Program) -> None:
    for minutes in (8, 3):
        program.scan(BEGIN + minutes * MINUTE)
    assert program.start()() >= BEGIN + 8 * MINUTE


def test_a_moment_set_anew_begins_anew(program: Program) -> None:
    program.scan(BEGIN + 8 * MINUTE)
    for moment in (BEGIN - 60 * MINUTE, BEGIN):
        records.save(program.db, EXPOS, {"rehearsal_at": moment}, record_id=program.expo.id)
    assert program.start()() < BEGIN + NEAR
    program.scan(BEGIN + MINUTE)
    assert BEGIN + MINUTE <= program.start()() < BEGIN + MINUTE + NEAR


def test_it_catches_up_with_other_programs_and_never_turns_back(program: Program) -> None:
    clock = program.start()
    program.scan(BEGIN + 5 * MINUTE)
    clock.catch_up()
    assert BEGIN + 5 * MINUTE <= clock() < BEGIN + 5 * MINUTE + NEAR
    program.passed = 600
    clock.catch_up()
    assert BEGIN + 15 * MINUTE <= clock() < BEGIN + 15 * MINUTE + NEAR


def test_a_desk_at_work_catches_up(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program.db.clock = clock = program.start()
    with program.db.reading() as session:
        desk = checkin.OpenDesk(program.db, session.scalars(select(Desk.id)).one())
    program.scan(BEGIN + 5 * MINUTE)
    assert clock() < BEGIN + NEAR
    monkeypatch.setattr(checkin, "POST_AGE", 0.0)
    assert desk.refresh().desk == "南门 01 号台"
    desk.close()
    assert clock() >= BEGIN + 5 * MINUTE


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Path, Program]]:
    """A file that a window took seven minutes ago."""
    path = tmp_path / "held.db"
    window = open_database(path, create=True, exclusive=True)
    with window.transaction() as session:
        expo = make_expo(session, code="KJH18", rehearsal_at=BEGIN)
        make_desk(session, make_gate(session, expo, "南门"), "南门 01 号台")
    with window.transaction() as session:
        session.execute(delete(Audit.__table__))  # made long before
    lock, since = path.with_name(f"{path.name}.lock"), time.time() - 420
    os.utime(lock, (since, since))
    yield path, Program(window, expo)
    window.close()


def test_a_gate_beside_a_window_has_its_time(held: tuple[Path, Program]) -> None:
    path, window = held
    gate = open_database(path)
    (info,) = expos.all_expos(gate)
    assert abs(expos.clock_of(gate, info)() - window.start()()) < NEAR
    assert abs(window.start()() - (BEGIN + 7 * MINUTE)) < NEAR
    window.scan(BEGIN + 9 * MINUTE)
    assert abs(expos.clock_of(gate, info)() - (BEGIN + 9 * MINUTE)) < NEAR
    gate.close()


def test_without_the_window_the_gate_goes_by_what_was_scanned(held: tuple[Path, Program]) -> None:
    path, window = held
    window.scan(BEGIN + 6 * MINUTE)
    window.db.close()
    gate = open_database(path)
    (info,) = expos.all_expos(gate)
    assert BEGIN + 6 * MINUTE <= expos.clock_of(gate, info)() < BEGIN + 6 * MINUTE + NEAR
    gate.close()


def test_a_real_expo_has_the_real_time(program: Program) -> None:
    with program.db.transaction() as session:
        session.get_one(Expo, program.expo.id).rehearsal_at = None
    (info,) = expos.all_expos(program.db)
    assert abs(expos.clock_of(program.db, info)().timestamp() - time.time()) < 2


def test_a_key_behind_another_though_the_clock_was_set_back() -> None:
    ahead = uuid.UUID(int=new_id().int + (3_600_000 << 80))
    keys = [ahead]
    for _n in range(5000):
        keys.append(new_id(after=keys[-1]))
    assert keys == sorted(set(keys))
    assert {(key.version, key.variant) for key in keys} == {(7, uuid.RFC_4122)}
    assert moment_of(keys[-1]) - moment_of(ahead) < 0.005
