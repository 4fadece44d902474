"""At the tables: who came by badge, how a meeting ended, who stepped in, where it is held instead, quick seats."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Badge,
    Expo,
    InterestLevel,
    MatchingTime,
    Meeting,
    MeetingHours,
    MeetingPlace,
    MeetingState,
    Outcome,
    Role,
    Standby,
    TimeKind,
)
from expo_app.rules.meeting_desk import Due, meant, missed_from
from expo_app.services import meeting_desk as desk
from expo_app.store.database import Actor, Database
from tests.factories import local, make_attendee, make_badge, make_expo, make_organisation

ACCEPTED = MeetingState.ACCEPTED
TEN, NINE = local(28, 10), local(28, 9)


@dataclass
class World:
    """An expo with two tables from 10:00 to 12:00 on its first day, and organisations by name; the clock is told."""

    db: Database
    expo: Any
    places: list[Any] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    now: datetime = TEN

    def body(self, name):
        if name not in self.bodies:
            with self.db.transaction() as session:
                self.bodies[name] = make_organisation(session, name).id
        return self.bodies[name]

    def badge(self, name, body):
        key = self.body(body)
        with self.db.transaction() as session:
            person = make_attendee(session, session.get_one(Expo, self.expo), name, organisation_id=key)
            return make_badge(session, person).code

    def meeting(self, a="甲公司", b="乙公司", at=TEN, place=0, **given):
        one, other = self.body(a), self.body(b)
        with self.db.transaction() as session:
            n = session.scalar(select(func.count()).select_from(Meeting)) + 1
            seat = {"place_id": self.places[place], "starts_at": at, "minutes": 20} if at else {}
            row = Meeting(
                expo_id=self.expo, meeting_no=f"A-{n:03d}", a_id=one, b_id=other, asked_at=local(27),
                **{"state": ACCEPTED, **seat, **given},
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def standby(self, host, guest, since=NINE, **given):
        mine, theirs = self.body(host), self.body(guest)
        with self.db.transaction() as session:
            session.add(Standby(expo_id=self.expo, host_id=mine, guest_id=theirs, since=since, **given))

    def row(self, key):
        with self.db.reading() as session:
            return dict(session.execute(select(Meeting.__table__).where(Meeting.id == key)).mappings().one())

    def used(self, guest):
        with self.db.reading() as session:
            return session.scalar(select(Standby.used_at).where(Standby.guest_id == self.body(guest)))


@pytest.fixture
def world(db, monkeypatch):
    db.actor = Actor("桌长", Role.DESK)
    with db.transaction() as session:
        expo = make_expo(session)
        world = World(db, expo.id)
        session.add(MeetingHours(expo_id=expo.id, day=date(2018, 11, 28), opens=time(10), closes=time(12)))
        for name in ("T1", "T2"):
            place = MeetingPlace(expo_id=expo.id, name=name)
            session.add(place)
            session.flush()
            world.places.append(place.id)
    monkeypatch.setattr(db, "now", lambda: world.now)
    return world


# --- by badge ---------------------------------------------------------------------------------------------------------
def test_a_badge_checks_in_to_the_meeting_of_its_organisation(world):
    key, code = world.meeting(), world.badge("陆工", "乙公司")
    world.now = local(28, 9, 55)
    came = desk.check_in(world.db, world.expo, code)
    assert (came.meeting_id, came.side, came.name, came.organisation) == (key, "b", "陆工", "乙公司")
    assert (came.other, came.place, came.is_again) == ("甲公司", "T1", False)
    assert world.row(key)["b_came_at"] == local(28, 9, 55)
    world.now = local(28, 9, 58)
    assert desk.check_in(world.db, world.expo, code).is_again
    assert world.row(key)["b_came_at"] == local(28, 9, 55)


@pytest.mark.parametrize(("minute", "is_found"), [(29, False), (30, True), (59, True)])
def test_half_an_hour_before_the_slot_is_early_enough(world, minute, is_found):
    world.meeting()
    code, world.now = world.badge("陆工", "乙公司"), local(28, 9, minute)
    if is_found:
        assert desk.check_in(world.db, world.expo, code).side == "b"
        return
    with pytest.raises(UserError, match="下一场 11-28 10:00"):
        desk.check_in(world.db, world.expo, code)


def test_the_table_decides_between_two_meetings():
    one = Due(1, "T1", local(28, 10), local(28, 10, 20))
    two = Due(2, "T2", local(28, 10, 20), local(28, 10, 40))
    now = local(28, 10, 18)
    assert meant([one, two], now) is one
    assert meant([one, two], now, "T2") is two
    assert meant([one], local(28, 10, 50)) is None


def test_badges_that_are_none_say_why(world):
    world.meeting()
    code = world.badge("陆工", "乙公司")
    with pytest.raises(UserError, match="没有登记过"):
        desk.check_in(world.db, world.expo, "E1" + "A" * 26)
    with world.db.transaction() as session:
        session.scalars(select(Badge).where(Badge.code == code)).one().revoked_at = local(28, 9)
    with pytest.raises(UserError, match="已作废"):
        desk.check_in(world.db, world.expo, code)
    with world.db.transaction() as session:
        other = make_badge(session, make_attendee(session, make_expo(session), "外人")).code
        alone = make_badge(session, make_attendee(session, session.get_one(Expo, world.expo), "散客")).code
    with pytest.raises(UserError, match="另一届展会"):
        desk.check_in(world.db, world.expo, other)
    with pytest.raises(UserError, match="散客没有写单位"):
        desk.check_in(world.db, world.expo, alone)
    with pytest.raises(UserError, match="没有要签到的洽谈"):
        desk.check_in(world.db, world.expo, world.badge("顾工", "丙公司"))


def test_what_was_only_asked_is_not_checked_in_to(world):
    world.meeting(state=MeetingState.REQUESTED)
    with pytest.raises(UserError, match="没有要签到的洽谈"):
        desk.check_in(world.db, world.expo, world.badge("陆工", "乙公司"))


def test_by_hand_a_side_comes_and_goes(world):
    key = world.meeting()
    desk.mark_come(world.db, world.expo, key, "a")
    assert world.row(key)["a_came_at"] == local(28, 10)
    desk.mark_come(world.db, world.expo, key, "a", on=False)
    assert world.row(key)["a_came_at"] is None
    world.now = local(28, 9)
    with pytest.raises(UserError, match="10:00 才开始"):
        desk.mark_come(world.db, world.expo, key, "a")


# --- outcomes ---------------------------------------------------------------------------------------------------------
def test_held_from_its_beginning_and_not_before(world):
    key, world.now = world.meeting(), local(28, 9, 59)
    with pytest.raises(UserError, match="10:00 才开始"):
        desk.record(world.db, world.expo, key, Outcome.HELD)
    world.now = local(28, 10, 15)
    desk.record(world.db, world.expo, key, Outcome.HELD)
    assert (world.row(key)["outcome"], world.row(key)["ended_at"]) == (Outcome.HELD, local(28, 10, 15))


def test_a_no_show_is_none_before_five_minutes_after_the_slot(world):
    key = world.meeting()
    assert missed_from(local(28, 10, 20)) == local(28, 10, 25)
    world.now = local(28, 10, 25) - timedelta(seconds=1)
    with pytest.raises(UserError, match="10:25 才能记爽约"):
        desk.record(world.db, world.expo, key, Outcome.NO_SHOW_A)
    world.now = local(28, 10, 25)
    desk.record(world.db, world.expo, key, Outcome.NO_SHOW_A)
    assert (world.row(key)["outcome"], world.row(key)["ended_at"]) == (Outcome.NO_SHOW_A, local(28, 10, 20))


def test_who_came_is_no_no_show(world):
    key = world.meeting(a_came_at=local(28, 10))
    world.now = local(28, 10, 30)
    with pytest.raises(UserError, match="已签到"):
        desk.record(world.db, world.expo, key, Outcome.NO_SHOW_A)
    desk.record(world.db, world.expo, key, Outcome.NO_SHOW_B)


def test_the_second_clerk_sees_what_the_first_wrote(world):
    key, world.now = world.meeting(), local(28, 10, 30)
    desk.record(world.db, world.expo, key, Outcome.HELD)
    with pytest.raises(Conflict, match="刚被别人记为“已洽谈”"):
        desk.record(world.db, world.expo, key, Outcome.NO_SHOW_B)
    desk.record(world.db, world.expo, key, Outcome.NO_SHOW_B, seen=Outcome.HELD)


def test_an_outcome_is_taken_back(world):
    key, world.now = world.meeting(), local(28, 10, 30)
    desk.record(world.db, world.expo, key, Outcome.NO_SHOW_B)
    desk.take_back(world.db, world.expo, key, seen=Outcome.NO_SHOW_B)
    assert (world.row(key)["outcome"], world.row(key)["ended_at"]) == (None, None)


def test_without_a_seat_or_an_agreement_there_is_no_outcome(world):
    waiting, asked = world.meeting(at=None), world.meeting("丙公司", "丁公司", state=MeetingState.REQUESTED)
    with pytest.raises(UserError, match="还没有时间和桌位"):
        desk.record(world.db, world.expo, waiting, Outcome.HELD)
    with pytest.raises(UserError, match="双方同意后"):
        desk.record(world.db, world.expo, asked, Outcome.HELD)


def test_what_came_of_it_makes_it_held(world):
    key = world.meeting()
    given = {"level": "强烈", "amount_from": "50", "amount_to": "200", "next_step": "现场考察"}
    desk.note_result(world.db, world.expo, key, given, {})
    row = world.row(key)
    assert (row["outcome"], row["level"], row["next_step"]) == (Outcome.HELD, InterestLevel.STRONG, "现场考察")
    assert (row["amount_from"], row["amount_to"]) == (Decimal(500_000), Decimal(2_000_000))
    with pytest.raises(InvalidRecord):
        desk.note_result(world.db, world.expo, key, {"amount_to": "10"}, {})


def test_of_a_no_show_nothing_came(world):
    key = world.meeting(outcome=Outcome.NO_SHOW_A)
    with pytest.raises(UserError, match="甲方爽约"):
        desk.note_result(world.db, world.expo, key, {"next_step": "再约"}, {})


# --- stepping in ------------------------------------------------------------------------------------------------------
def test_the_first_who_is_free_steps_in(world):
    key = world.meeting(a_came_at=local(28, 10))
    world.meeting("丙公司", "丁公司", place=1)
    world.standby("甲公司", "丙公司", local(28, 8))  # sits at the other table
    world.standby("甲公司", "戊公司", local(28, 9))
    world.standby("甲公司", "己公司", local(28, 8, 30), used_at=local(28, 9))
    world.now = local(28, 10, 10)
    assert desk.step_in(world.db, world.expo, key, "b") == world.body("戊公司")
    row = world.row(key)
    assert (row["outcome"], row["instead_id"], row["b_came_at"]) == (Outcome.REPLACED, world.body("戊公司"), None)
    assert world.used("戊公司") == local(28, 10, 10)
    assert desk.check_in(world.db, world.expo, world.badge("小戊", "戊公司")).organisation == "戊公司"
    with pytest.raises(UserError, match="没有要签到的洽谈"):
        desk.check_in(world.db, world.expo, world.badge("陆工", "乙公司"))


def test_who_steps_in_is_who_was_named_or_nobody(world):
    key = world.meeting(a_came_at=local(28, 10))
    assert desk.who_steps_in(world.db, world.expo, key, "b") is None
    world.standby("甲公司", "戊公司")
    world.now = local(28, 10, 10)
    named = desk.who_steps_in(world.db, world.expo, key, "b")
    assert named == (world.body("戊公司"), "戊公司")
    with pytest.raises(Conflict, match="候补刚有变动"):
        desk.step_in(world.db, world.expo, key, "b", guest_id=world.body("己公司"))
    assert desk.step_in(world.db, world.expo, key, "b", guest_id=named[0]) == named[0]


def test_whoever_came_keeps_the_chair_and_nobody_steps_in_of_none(world):
    key = world.meeting(b_came_at=local(28, 10))
    with pytest.raises(UserError, match="已签到"):
        desk.step_in(world.db, world.expo, key, "b")
    with pytest.raises(UserError, match="没有能顶替的候补"):
        desk.step_in(world.db, world.expo, key, "a")


def test_who_stepped_in_stands_by_again_when_it_is_taken_back(world):
    key = world.meeting(b_came_at=local(28, 9, 55))
    world.standby("乙公司", "戊公司")
    desk.step_in(world.db, world.expo, key, "a")
    desk.take_back(world.db, world.expo, key, seen=Outcome.REPLACED)
    row = world.row(key)
    assert (row["instead_id"], row["outcome"], row["b_came_at"]) == (None, None, local(28, 9, 55))
    assert world.used("戊公司") is None


# --- another seat -----------------------------------------------------------------------------------------------------
def test_a_moved_meeting_ends_and_another_takes_the_new_seat(world):
    key = world.meeting(subject="阀门", is_mutual=True)
    new = desk.move(world.db, world.expo, key, world.places[1], local(28, 11))
    old, row = world.row(key), world.row(new)
    assert (old["outcome"], old["place_id"], old["starts_at"]) == (Outcome.MOVED, None, None)
    assert (row["place_id"], row["starts_at"], row["minutes"]) == (world.places[1], local(28, 11), 20)
    assert (row["a_id"], row["b_id"], row["subject"], row["is_mutual"]) == (old["a_id"], old["b_id"], "阀门", True)
    assert (row["state"], row["outcome"], row["reason"]) == (ACCEPTED, None, "由 A-001 改期")
    with pytest.raises(UserError, match="已改期"):
        desk.take_back(world.db, world.expo, key, seen=Outcome.MOVED)


def test_a_seat_that_is_taken_or_closed_is_none_to_move_to(world):
    key = world.meeting()
    world.meeting("丙公司", "丁公司", local(28, 11), place=1)
    with pytest.raises(UserError, match="没有改期：T2 11:00–11:20已有"):
        desk.move(world.db, world.expo, key, world.places[1], local(28, 11))
    with world.db.transaction() as session:
        session.add(
            MatchingTime(expo_id=world.expo, organisation_id=world.body("甲公司"), kind=TimeKind.CLOSED,
                         starts_at=local(28, 11, 20), ends_at=local(28, 12))
        )  # fmt: skip
    with pytest.raises(UserError, match="不开放"):
        desk.move(world.db, world.expo, key, world.places[1], local(28, 11, 40))
    assert world.row(key)["outcome"] is None


def test_the_quick_seat_is_the_first_free_one(world):
    world.now = local(28, 9)
    world.meeting("甲公司", "丙公司")
    key = world.meeting(at=None)
    seat = desk.quick_seat(world.db, world.expo, key)
    assert (seat.place_id, seat.starts_at) == (world.places[0], local(28, 10, 20))
    assert world.row(key)["starts_at"] == local(28, 10, 20)


def test_no_quick_seat_says_why(world):
    world.now = local(28, 13)
    key = world.meeting(at=None)
    with pytest.raises(UserError, match="没有排上"):
        desk.quick_seat(world.db, world.expo, key)


def test_what_was_moved_or_has_somebody_else_in_a_chair_ends_no_other_way(world):
    moved, world.now = world.meeting(), TEN
    desk.move(world.db, world.expo, moved, world.places[1], local(28, 11))
    with pytest.raises(UserError, match="先撤回结果"):
        desk.record(world.db, world.expo, moved, Outcome.HELD, seen=Outcome.MOVED)
    other = world.meeting("丙公司", "丁公司")
    world.standby("丙公司", "戊公司", local(28, 8))
    world.standby("丙公司", "己公司", local(28, 9))
    desk.step_in(world.db, world.expo, other, "b")
    with pytest.raises(UserError, match="先撤回结果"):
        desk.step_in(world.db, world.expo, other, "b", seen=Outcome.REPLACED)
    with pytest.raises(UserError, match="先撤回结果"):
        desk.record(world.db, world.expo, other, Outcome.HELD, seen=Outcome.REPLACED)
    assert world.used("己公司") is None


def test_the_badges_of_who_stepped_in_and_of_the_host_name_each_other(world):
    key, world.now = world.meeting(), local(28, 10, 5)
    world.standby("甲公司", "丙公司")
    guest, host, absent = world.badge("孙工", "丙公司"), world.badge("陆工", "甲公司"), world.badge("钱工", "乙公司")
    desk.step_in(world.db, world.expo, key, "b")
    world.now = local(28, 10, 7)
    came = desk.check_in(world.db, world.expo, guest)
    assert (came.organisation, came.other, came.is_again) == ("丙公司", "甲公司", False)
    assert world.row(key)["b_came_at"] == local(28, 10, 7)
    assert desk.check_in(world.db, world.expo, guest).is_again
    came = desk.check_in(world.db, world.expo, host)
    assert (came.organisation, came.other, came.is_again) == ("甲公司", "丙公司", True)
    with pytest.raises(UserError, match="没有要签到的洽谈"):
        desk.check_in(world.db, world.expo, absent)
    desk.take_back(world.db, world.expo, key, seen=Outcome.REPLACED)
    row = world.row(key)
    assert [row[name] for name in ("a_came_at", "b_came_at", "instead_id", "instead_of")] == [None] * 4
