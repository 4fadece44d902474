"""Who is inside a place: counted with the scan, by the last direction, reset at midnight, counted again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from expo_app.errors import UserError
from expo_app.model import (
    AtCapacity,
    CheckIn,
    Desk,
    DeskCount,
    Direction,
    Expo,
    Gate,
    GateKind,
    Presence,
    Role,
    Room,
    Verdict,
    Ways,
)
from expo_app.services import checkin_gates, records
from expo_app.services.checkin import OpenDesk, open_desk
from expo_app.specs import GATES
from expo_app.store.database import Actor, Database
from expo_app.store.doctor import doctor
from expo_app.store.presence import drift, recount
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate, make_hall, make_room

NOON = local(29, 12)
MINUTE = timedelta(minutes=1)
IN, OUT = Direction.IN, Direction.OUT


@dataclass
class World:
    """An expo with two entrances and a room, all scanned both ways; `desks` by the name of their gate."""

    db: Database
    expo: Expo
    desks: dict[str, OpenDesk] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    at: datetime = NOON

    def scan(self, gate: str, person: int, way: Direction = IN) -> Verdict:
        """The person passes a minute after whoever passed last."""
        self.at += MINUTE
        self.desks[gate].direction = way
        return self.desks[gate].check_in(self.codes[person], self.at).verdict

    def set(self, gate: str, **values: Any) -> None:
        with self.db.transaction() as session:
            one = session.scalars(select(Gate).where(Gate.name == gate)).one()
            for name, value in values.items():
                setattr(one, name, value)

    def limit(self, number: int | None) -> None:
        with self.db.transaction() as session:
            session.get_one(Expo, self.expo.id).approved_headcount = number

    def inside(self, gate: str = "") -> tuple[int, int, int]:
        """(come, gone, inside) of the expo, or of what a gate shows."""
        found = checkin_gates.board(self.db, self.expo.id)
        crowd = next(g.crowd for g in found.gates if g.name == gate) if gate else found.whole
        return crowd.come, crowd.gone, crowd.inside

    def drift(self) -> int:
        with self.db.reading() as session:
            return drift(session.connection())


@pytest.fixture
def world(db: Database) -> Iterator[World]:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        gates = [make_gate(session, expo, name, ways=Ways.BOTH) for name in ("南门", "东门")]
        gates.append(make_gate(session, expo, room=make_room(session, expo, "A 会场"), ways=Ways.BOTH))
        desks = {gate.name: make_desk(session, gate).id for gate in gates}
        people = [make_attendee(session, expo) for _ in range(6)]
        codes = [make_badge(session, person).code for person in people]
    found = World(db, expo, codes=codes)
    db.clock = lambda: found.at
    db.actor = Actor("陈放", Role.ADMIN)
    found.desks = {name: OpenDesk(db, key) for name, key in desks.items()}
    yield found
    for desk in found.desks.values():
        desk.close()


def test_everybody_is_counted_once_by_the_last_direction(world: World) -> None:
    assert [world.scan("南门", 0), world.scan("南门", 1), world.scan("东门", 0)] == [Verdict.ADMITTED] * 3
    assert world.inside() == (2, 0, 2)
    assert world.scan("东门", 1, OUT) is Verdict.OUT
    assert (world.inside(), world.inside("南门"), world.inside("东门")) == ((2, 1, 1), (2, 0, 2), (0, 1, -1))
    assert world.scan("南门", 1) is Verdict.AGAIN
    assert world.inside() == (3, 1, 2)
    assert world.drift() == 0


def test_who_was_not_inside_goes_out_uncounted(world: World) -> None:
    world.desks["南门"].direction = OUT
    answer = world.desks["南门"].check_in(world.codes[0], NOON)
    assert (answer.verdict, answer.reason, answer.lets_in) == (Verdict.OUT, "没有扫到进场，出场照记", False)
    with world.db.reading() as session:
        kept = session.scalars(select(CheckIn)).one()
        assert (kept.direction, kept.verdict) == (OUT, Verdict.OUT)
    assert (world.inside(), world.drift()) == ((0, 0, 0), 0)


def test_a_refused_scan_is_not_counted(world: World) -> None:
    with world.db.reading() as session:
        gate = session.scalars(select(Gate.id).where(Gate.name == "南门")).one()
    records.save(world.db, GATES, {"categories": "工作人员"}, gate, expo_id=world.expo.id)
    assert world.scan("南门", 0) is Verdict.WRONG_CATEGORY
    assert world.inside() == (0, 0, 0)


def test_a_room_counts_its_own_people(world: World) -> None:
    world.scan("南门", 0)
    world.scan("A 会场", 0)
    world.scan("A 会场", 1)
    assert (world.inside(), world.inside("A 会场")) == ((1, 0, 1), (2, 0, 2))
    world.scan("A 会场", 0, OUT)
    assert (world.inside(), world.inside("A 会场")) == ((1, 0, 1), (2, 1, 1))


def test_the_day_ends_at_local_midnight(world: World) -> None:
    world.at = local(28, 23, 57)
    world.scan("南门", 0)
    assert world.inside() == (1, 0, 1)
    world.at = local(29, 0, 1)
    assert world.inside() == (0, 0, 0)
    assert world.scan("南门", 0) is Verdict.ADMITTED
    assert (world.inside(), world.drift()) == ((1, 0, 1), 0)


def test_taking_a_scan_back_takes_the_person_out(world: World) -> None:
    world.scan("南门", 0)
    world.desks["南门"].undo_last()
    assert (world.inside(), world.drift()) == ((0, 0, 0), 0)
    world.scan("南门", 0)
    world.scan("东门", 0)
    world.desks["南门"].undo_last()  # the other gate's scan is the one that counts now
    assert (world.inside(), world.inside("南门"), world.inside("东门"), world.drift()) == (
        (1, 0, 1), (0, 0, 0), (1, 0, 1), 0,
    )  # fmt: skip
    world.scan("东门", 0, OUT)
    world.desks["东门"].undo_last()
    assert (world.inside(), world.drift()) == ((1, 0, 1), 0)


def test_what_a_desk_scanned_at_another_gate_is_taken_back_there(world: World) -> None:
    south = world.desks["南门"].post
    room = OpenDesk(world.db, south.desk_id, world.desks["A 会场"].post.gate_id)
    room.check_in(world.codes[0], world.at)
    room.close()
    assert world.inside("A 会场") == (1, 0, 1)
    world.desks["南门"].undo_last()
    assert (world.inside("A 会场"), world.drift()) == ((0, 0, 0), 0)


def test_full_at_the_approved_number_of_the_expo(world: World) -> None:
    world.limit(2)
    assert [world.scan("南门", n) for n in range(3)] == [Verdict.ADMITTED, Verdict.ADMITTED, Verdict.FULL]
    assert world.scan("南门", 0) is Verdict.AGAIN
    assert world.scan("东门", 1) is Verdict.AGAIN  # inside already, by the other gate
    assert world.scan("南门", 0, OUT) is Verdict.OUT
    assert world.scan("南门", 2) is Verdict.ADMITTED
    assert world.scan("南门", 0) is Verdict.FULL
    assert (world.inside(), world.drift()) == ((3, 1, 2), 0)


def test_a_supervisor_lets_one_in_although_it_is_full(world: World) -> None:
    world.limit(1)
    world.scan("南门", 0)
    refused = world.desks["南门"].check_in(world.codes[1], world.at + MINUTE)
    assert (refused.verdict, refused.reason) == (Verdict.FULL, "里面已有 1 人，核定 1 人")
    let_in = world.desks["南门"].override(refused, world.db.actor, "讲者", world.at + 2 * MINUTE)
    assert (let_in.verdict, let_in.reason) == (Verdict.ADMITTED, "强制放行（陈放）：讲者")
    assert (world.inside(), world.drift()) == ((2, 0, 2), 0)


@pytest.mark.parametrize(
    ("policy", "answer"), [(AtCapacity.WARN, Verdict.ADMITTED), (AtCapacity.STOP, Verdict.FULL)], ids=["warn", "stop"]
)
def test_a_room_and_a_gate_only_warn_unless_they_are_to_stop(world: World, policy: AtCapacity, answer: Verdict) -> None:
    world.set("南门", approved_headcount=1, at_capacity=policy)
    world.set("A 会场", at_capacity=policy)
    with world.db.transaction() as session:
        session.scalars(select(Room)).one().approved_headcount = 1
    for gate in ("南门", "A 会场"):
        assert world.scan(gate, 0) is Verdict.ADMITTED
        assert world.scan(gate, 1) is answer
    assert world.scan("东门", 2) is Verdict.ADMITTED  # the number is the other gate's


def test_a_hall_stops_at_its_number(world: World) -> None:
    with world.db.transaction() as session:
        hall = make_hall(session, world.expo, "9 号馆", approved_headcount=1)
        gate = make_gate(session, world.expo, "9 号馆", kind=GateKind.HALL, hall_id=hall.id)
        desk = make_desk(session, gate).id
    world.desks["9 号馆"] = OpenDesk(world.db, desk)
    assert [world.scan("9 号馆", n) for n in (0, 1)] == [Verdict.ADMITTED, Verdict.FULL]


def test_a_stopped_gate_keeps_nobody_out_who_is_inside(world: World) -> None:
    world.scan("南门", 0)
    gate = world.desks["南门"].post.gate_id
    checkin_gates.stop(world.db, gate)
    assert [world.scan("南门", n) for n in (0, 1)] == [Verdict.AGAIN, Verdict.CLOSED]
    line = checkin_gates.board(world.db, world.expo.id).by_id[gate]
    assert (line.stopped_by, line.is_open, line.stopped_at is not None) == ("陈放", False, True)
    checkin_gates.admit_again(world.db, gate)
    assert world.scan("南门", 1) is Verdict.ADMITTED


def test_where_an_exit_is_not_scanned_only_who_came_is_known(world: World) -> None:
    assert checkin_gates.board(world.db, world.expo.id).whole.sees_out
    world.set("东门", ways=Ways.IN)
    assert not checkin_gates.board(world.db, world.expo.id).whole.sees_out
    with world.db.transaction() as session:
        session.get_one(Desk, world.desks["东门"].post.desk_id).ways = Ways.BOTH
    assert checkin_gates.board(world.db, world.expo.id).whole.sees_out


def test_the_direction_is_the_desks(world: World) -> None:
    with world.db.transaction() as session:
        session.get_one(Desk, world.desks["东门"].post.desk_id).ways = Ways.OUT
    with world.db.reading() as session:
        name = session.get_one(Desk, world.desks["东门"].post.desk_id).name
    desk = open_desk(world.db, world.expo.id, name)
    assert desk.direction is OUT
    assert desk.check_in(world.codes[0], NOON).verdict is Verdict.OUT
    with pytest.raises(UserError, match="只管出") as caught:
        desk.turn(IN)
    assert caught.value.code == "E-DIRECTION"
    desk.close()
    with pytest.raises(UserError, match="只管出"):
        open_desk(world.db, world.expo.id, name, direction=IN)


def test_the_same_code_the_other_way_is_no_bounce(world: World) -> None:
    desk = world.desks["南门"]
    desk.check_in(world.codes[0], NOON)
    desk.direction = OUT
    answer = desk.check_in(world.codes[0], NOON + timedelta(seconds=1))
    assert (answer.bounce, answer.verdict) == (False, Verdict.OUT)


def test_what_was_spoilt_is_counted_again(world: World) -> None:
    for person in range(4):
        world.scan("南门", person)
    world.scan("东门", 3, OUT)
    with world.db.transaction() as session:
        session.execute(DeskCount.__table__.update().values(come=7))
        session.execute(Presence.__table__.delete())
    assert world.drift() > 0
    with world.db.transaction() as session:
        assert recount(session.connection()) > 0
    assert (world.inside(), world.drift()) == ((4, 1, 3), 0)


def test_the_doctor_finds_counts_that_are_wrong(world: World) -> None:
    if world.db.path is None:
        pytest.skip("of a file; a server is asked the same")
    world.scan("南门", 0)
    assert "在场人数" not in {finding.title for finding in doctor(world.db.path)}
    with world.db.transaction() as session:
        session.execute(DeskCount.__table__.update().values(gone=1))
    (told,) = [finding for finding in doctor(world.db.path) if finding.title == "在场人数"]
    assert (told.level, "1 处" in told.text) == ("warning", True)


def test_desks_count_at_once_without_losing_anybody(world: World) -> None:
    """Two desks at two gates scan the same people at the same time: each person is inside once."""

    def shift(gate: str) -> None:
        desk = world.desks[gate]
        for code in world.codes:
            for way in (IN, OUT, IN):
                desk.direction = way
                _patiently(desk, code)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(shift, ("南门", "东门")))
    come, gone, inside = world.inside()
    with world.db.reading() as session:
        rows = session.scalars(select(Presence.is_inside)).all()
    assert (come - gone, inside) == (sum(rows), sum(rows))


def _patiently(desk: OpenDesk, code: str) -> None:
    key = desk.new_id()
    while True:
        try:
            desk.check_in(code, NOON, key)
            return
        except UserError as busy:
            if busy.code != "E-DB-LOCKED":
                raise


def test_the_board_asks_as_often_for_many_gates_as_for_few(world: World) -> None:
    few = _statements(world)
    with world.db.transaction() as session:
        for n in range(5):
            make_gate(session, world.expo, room=make_room(session, world.expo, f"{n} 号会场"))
    assert _statements(world) == few
    assert len(checkin_gates.board(world.db, world.expo.id).gates) == 8


def _statements(world: World) -> int:
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement)

    event.listen(world.db.reader, "before_cursor_execute", note)
    try:
        checkin_gates.board(world.db, world.expo.id)
    finally:
        event.remove(world.db.reader, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in heard)


def test_a_gate_with_scans_is_hidden_not_deleted(world: World) -> None:
    world.scan("南门", 0)
    with world.db.transaction() as session:
        spare = make_gate(session, world.expo, "北门")
    south = world.desks["南门"].post.gate_id
    assert checkin_gates.remove(world.db, [south, spare.id]) == ["南门"]
    with world.db.reading() as session:
        assert session.get(Gate, spare.id) is None
        assert session.get_one(Gate, south).is_hidden
    with pytest.raises(UserError):
        OpenDesk(world.db, world.desks["南门"].post.desk_id)
    checkin_gates.show_again(world.db, south)
    assert world.scan("南门", 1) is Verdict.ADMITTED


def test_where_a_gate_with_scans_leads_stays(world: World) -> None:
    world.scan("A 会场", 0)
    gate = world.desks["A 会场"].post.gate_id
    with pytest.raises(UserError) as caught:
        records.save(world.db, GATES, {"room_id": None, "kind": "入口"}, gate, expo_id=world.expo.id)
    assert "已有签到记录" in str(caught.value)
    records.save(world.db, GATES, {"name": "A 厅"}, gate, expo_id=world.expo.id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8:30-16:30", "08:30–16:30"),
        ("20:00 – 02:00、 2018.11.30 09:00~15:00", "20:00–02:00、2018-11-30 09:00–15:00"),
        ("08:30–24:00", "08:30–00:00"),
        ("", None),
    ],
)
def test_hours_are_entered_as_text_and_kept_as_rows(world: World, typed: str, kept: str | None) -> None:
    key = records.save(world.db, GATES, {"name": "北门", "hours": typed}, expo_id=world.expo.id)
    assert records.get(world.db, GATES, key)["hours"] == kept
    records.save(world.db, GATES, {"hours": "10:00–11:00"}, key, expo_id=world.expo.id)
    assert records.get(world.db, GATES, key)["hours"] == "10:00–11:00"


@pytest.mark.parametrize("typed", ["早上", "25:00–26:00", "08:30", "08:61–09:00"])
def test_hours_that_are_none_are_refused(world: World, typed: str) -> None:
    with pytest.raises(UserError, match="不是开放时段"):
        records.save(world.db, GATES, {"name": "北门", "hours": typed}, expo_id=world.expo.id)


def test_gates_are_made_of_the_venue(world: World) -> None:
    with world.db.transaction() as session:
        make_room(session, world.expo, "B 会场")
    assert checkin_gates.make_from_venue(world.db, world.expo.id) == 1
    assert checkin_gates.make_from_venue(world.db, world.expo.id) == 0


def test_a_desk_says_that_it_is_there(world: World) -> None:
    desk = world.desks["南门"].post.desk_id
    assert [line.is_online for line in checkin_gates.board(world.db, world.expo.id).desks] == [False] * 3
    checkin_gates.say_here(world.db, desk)
    checkin_gates.say_here(world.db, desk)
    assert {line.id for line in checkin_gates.board(world.db, world.expo.id).desks if line.is_online} == {desk}
    world.at += 3 * MINUTE
    assert not any(line.is_online for line in checkin_gates.board(world.db, world.expo.id).desks)
