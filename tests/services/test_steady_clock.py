"""A computer's clock that is set while a desk works: time runs on, and somebody is asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from expo_app.model import Verdict
from expo_app.services.checkin import OpenDesk
from expo_app.services.steady_clock import Jump, SteadyClock
from expo_app.store.database import Database
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate, make_scan

NOON = datetime(2018, 11, 29, 4, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(1), timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Computer:
    """What says the time, and what nobody can set."""

    at: datetime = NOON
    seconds: float = 0.0
    clock: SteadyClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SteadyClock(lambda: self.at, lambda: self.seconds)

    def passes(self, by: timedelta) -> datetime:
        self.at += by
        self.seconds += by.total_seconds()
        return self.clock()


@pytest.mark.parametrize("by", [-DAY, DAY, -HOUR, timedelta(minutes=2), timedelta(-6000)])
def test_a_jump_is_not_followed_and_asked_about(by: timedelta) -> None:
    computer = Computer()
    computer.at += by
    assert computer.passes(10 * SECOND) == NOON + 10 * SECOND
    assert computer.clock.jump == Jump(NOON + 10 * SECOND, NOON + by + 10 * SECOND)
    assert computer.clock.is_own
    assert computer.passes(HOUR) == NOON + HOUR + 10 * SECOND
    computer.clock.stay()
    assert (computer.clock.jump, computer.passes(SECOND)) == (None, NOON + HOUR + 11 * SECOND)
    computer.clock.follow()
    assert (computer.passes(SECOND), computer.clock.is_own) == (NOON + by + HOUR + 12 * SECOND, False)


def test_one_that_comes_right_again_is_no_matter() -> None:
    computer = Computer()
    computer.at -= DAY
    computer.clock()
    computer.at += DAY
    assert (computer.passes(SECOND), computer.clock.jump, computer.clock.is_own) == (NOON + SECOND, None, False)


def test_what_the_network_corrects_is_followed() -> None:
    computer = Computer()
    computer.at += 20 * SECOND
    assert (computer.passes(SECOND), computer.clock.jump) == (NOON + 21 * SECOND, None)


def test_a_night_asleep_is_no_jump() -> None:
    computer = Computer()
    assert (computer.passes(9 * HOUR), computer.clock.jump) == (NOON + 9 * HOUR, None)


def test_what_was_kept_later_than_now_is_asked_about_and_not_believed_before() -> None:
    computer = Computer()
    computer.clock.suspect(NOON + 30 * SECOND)
    assert computer.clock.jump is None
    computer.clock.suspect(NOON + DAY)
    assert computer.clock.jump == Jump(NOON + DAY, NOON, is_kept=False)
    assert computer.passes(SECOND) == NOON + SECOND
    computer.clock.stay()
    assert (computer.passes(SECOND), computer.clock.is_own) == (NOON + DAY + 2 * SECOND, True)


def test_one_scan_by_a_clock_that_was_ahead_moves_no_other_gate(db: Database) -> None:
    now = datetime.now(UTC)
    with db.transaction() as session:
        days = {"starts_on": now.date() - DAY, "ends_on": now.date() + 5 * DAY, "time_zone": "UTC"}
        expo = make_expo(session, **days)
        gate = make_gate(session, expo)
        desk_id = make_desk(session, gate).id
        codes = [make_badge(session, make_attendee(session, expo)).code for _n in range(2)]
        ahead = UUID(int=int((now + 3 * DAY).timestamp() * 1000) << 80)
        make_scan(session, gate, None, now + 3 * DAY, id=ahead)
    db.clock = SteadyClock()
    desk = OpenDesk(db, desk_id)
    assert desk.clock is not None
    assert desk.clock.jump is not None
    assert desk.check_in(codes[0]).at - now < HOUR
    desk.clock.follow()
    assert desk.check_in(codes[1]).verdict is Verdict.ADMITTED
    desk.close()


@pytest.mark.parametrize("by", [-DAY, DAY])
def test_who_was_admitted_stays_admitted(db: Database, by: timedelta) -> None:
    computer = Computer()
    db.clock = computer.clock
    with db.transaction() as session:
        expo = make_expo(session)
        desk_id = make_desk(session, make_gate(session, expo)).id
        codes = [make_badge(session, make_attendee(session, expo)).code for _n in range(2)]
    desk = OpenDesk(db, desk_id)
    assert desk.check_in(codes[0]).verdict is Verdict.ADMITTED
    computer.at += by
    computer.passes(10 * SECOND)
    again = desk.check_in(codes[0])
    assert (again.verdict, again.at) == (Verdict.AGAIN, local(29, 12) + 10 * SECOND)
    assert desk.check_in(codes[1]).verdict is Verdict.ADMITTED
    assert desk.clock is not None
    assert desk.clock.jump is not None
    desk.close()
