"""The first of an exhibitor's people at an entrance brings the exhibitor's arrival, on SQLite and PostgreSQL."""

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from expo_app.errors import UserError
from expo_app.model import (
    Attendee,
    Audit,
    Badge,
    Booth,
    BoothState,
    CountsAs,
    Direction,
    Exhibitor,
    ExhibitorState,
    Expo,
    Gate,
    Role,
    Verdict,
)
from expo_app.services import exhibitors
from expo_app.services.checkin import OpenDesk
from expo_app.specs.floor import state_of_taken
from expo_app.store.database import Actor, Database
from tests.factories import (
    category,
    local,
    make_attendee,
    make_badge,
    make_booth,
    make_desk,
    make_exhibitor,
    make_expo,
    make_gate,
    make_room,
)

NOON = local(29, 12)
ARRIVED, CONFIRMED = ExhibitorState.ARRIVED, ExhibitorState.CONFIRMED


class Fair:
    """An entrance with a desk; 氢能 in A-007 has two people with badges, 马陆 stands with it."""

    def __init__(self, db: Database) -> None:
        self.db, self.opened = db, list[OpenDesk]()
        with db.transaction() as session:
            self.expo = make_expo(session, code="KJH18")
            self.gate = make_gate(session, self.expo, "南门")
            own = make_exhibitor(session, self.expo, "嘉定氢能", state=CONFIRMED)
            self.id = own.id
            self.partner = make_exhibitor(session, self.expo, "马陆科讯", main_id=own.id, state=CONFIRMED).id
            self.booth = make_booth(session, self.expo, "A-007", own, state=BoothState.CONFIRMED).id
        self.first, self.second = self.badge("高建峰"), self.badge("许静")
        db.actor = Actor("李可", Role.DESK)
        self.now = NOON
        db.clock = lambda: self.now
        self.desk = self.open("1 号台")

    def badge(self, name: str, key: str = "exhibitor", of: uuid.UUID | None = None, **given: Any) -> str:
        with self.db.transaction() as session:
            expo = session.get_one(Expo, self.expo.id)
            person = make_attendee(session, expo, name, category=key, exhibitor_id=of or self.id, **given)
            return make_badge(session, person).code

    def open(self, name: str, gate: Gate | None = None) -> OpenDesk:
        with self.db.transaction() as session:
            desk = make_desk(session, gate or self.gate, name)
        self.opened.append(OpenDesk(self.db, desk.id))
        return self.opened[-1]

    def scan(self, code: str, at: datetime = NOON, desk: OpenDesk | None = None, **given: Any) -> Verdict:
        self.now = at
        return (desk or self.desk).check_in(code, at, **given).verdict

    def set(self, exhibitor_id: uuid.UUID, **values: Any) -> None:
        with self.db.transaction() as session:
            for name, value in values.items():
                setattr(session.get_one(Exhibitor, exhibitor_id), name, value)

    def state(self, exhibitor_id: uuid.UUID | None = None) -> tuple[ExhibitorState, datetime | None]:
        with self.db.reading() as session:
            row = session.get_one(Exhibitor, exhibitor_id or self.id)
            return row.state, row.arrived_at

    def booth_state(self) -> BoothState:
        with self.db.reading() as session:
            return session.get_one(Booth, self.booth).state

    def logged(self) -> list[tuple[str, str, Any]]:
        """Rows of the log about exhibitors: why, who, the state before."""
        with self.db.reading() as session:
            query = select(Audit.reason, Audit.operator, Audit.before).where(
                Audit.table_name == "exhibitor", Audit.reason != ""
            )
            return [(why, who, before["state"]) for why, who, before in session.execute(query.order_by(Audit.id))]


@pytest.fixture
def fair(db: Database) -> Iterator[Fair]:
    made = Fair(db)
    yield made
    for desk in made.opened:
        desk.close()


def test_the_first_who_is_let_in_brings_the_arrival(fair: Fair) -> None:
    heard: list[frozenset[str]] = []
    fair.db.listen(heard.append)
    assert fair.scan(fair.first) is Verdict.ADMITTED
    assert fair.state() == (ARRIVED, NOON)
    assert fair.logged() == [("扫码到场", "李可", "CONFIRMED")]
    assert {"exhibitor", "audit", "check_in"} <= frozenset().union(*heard)
    assert fair.state(fair.partner) == (CONFIRMED, None)
    fair.scan(fair.second, NOON + timedelta(minutes=5))
    fair.scan(fair.first, local(30, 9))
    assert (fair.state(), len(fair.logged())) == ((ARRIVED, NOON), 1)


def test_who_stands_with_another_arrives_by_its_own_people(fair: Fair) -> None:
    fair.scan(fair.badge("王一", of=fair.partner))
    assert (fair.state(fair.partner), fair.state()) == ((ARRIVED, NOON), (CONFIRMED, None))


def test_it_can_be_switched_off_and_on(fair: Fair) -> None:
    for on, state in ((False, CONFIRMED), (True, ARRIVED)):
        with fair.db.transaction() as session:
            session.get_one(Expo, fair.expo.id).arrives_by_scan = on
        fair.scan(fair.second if on else fair.first)
        assert fair.state()[0] is state


@pytest.mark.parametrize("state", [ExhibitorState.CANCELLED, ExhibitorState.DISMANTLED, ARRIVED])
def test_who_cancelled_left_or_is_here_stays_so(fair: Fair, state: ExhibitorState) -> None:
    fair.set(fair.id, state=state, arrived_at=local(28, 8) if state is ARRIVED else None)
    assert fair.scan(fair.first) is Verdict.ADMITTED
    assert fair.state() == (state, local(28, 8) if state is ARRIVED else None)


def test_who_builds_the_stand_has_not_come_to_exhibit(fair: Fair) -> None:
    """A build-up pass; and any pass on a day before the expo opens, when somebody opens the gate to it."""
    with fair.db.transaction() as session:
        expo = session.get_one(Expo, fair.expo.id)
        category(session, expo, "build_up").valid_days = None
        category(session, expo, "exhibitor").valid_days = ["2018-11-27", "2018-11-29"]
    assert fair.scan(fair.badge("搭建工", "build_up")) is Verdict.ADMITTED
    assert fair.state() == (CONFIRMED, None)
    fair.scan(fair.first, local(27, 12))
    assert fair.state() == (CONFIRMED, None)


def test_a_refusal_a_room_and_a_way_out_bring_nothing(fair: Fair) -> None:
    with fair.db.transaction() as session:
        expo = session.get_one(Expo, fair.expo.id)
        room = make_room(session, expo, "A 会场")
        inner = make_gate(session, expo, "A 会场", room, follows_programme=False)
        category(session, expo, "investor").counts_as = CountsAs.EXHIBITOR
    refused = fair.badge("取消的人", "investor", valid_days=["2018-11-30"])
    assert fair.scan(refused) is Verdict.WRONG_TIME
    inside = fair.open("会场台", inner)
    assert fair.scan(fair.first, desk=inside) is Verdict.ADMITTED
    fair.scan(fair.second, direction=Direction.OUT)
    assert fair.state() == (CONFIRMED, None)


@pytest.mark.parametrize("before", [ExhibitorState.APPLIED, ExhibitorState.SETTING_UP])
def test_taking_the_scan_back_takes_the_arrival_back(fair: Fair, before: ExhibitorState) -> None:
    """The booth goes with it: that of an application is only held."""
    fair.set(fair.id, state=before)
    booth = state_of_taken(before)
    with fair.db.transaction() as session:
        session.get_one(Booth, fair.booth).state = booth
    fair.scan(fair.first)
    assert (fair.state(), fair.booth_state()) == ((ARRIVED, NOON), BoothState.CONFIRMED)
    fair.desk.undo_last()
    assert (fair.state(), fair.booth_state()) == ((before, None), booth)
    assert [why for why, _who, _before in fair.logged()] == ["扫码到场", "撤销扫码"]
    fair.scan(fair.second, NOON + timedelta(minutes=1))
    assert fair.state() == (ARRIVED, NOON + timedelta(minutes=1))


def test_an_arrival_stays_while_somebody_else_of_the_exhibitor_is_in(fair: Fair) -> None:
    later = NOON + timedelta(minutes=2)
    other = fair.open("2 号台")
    fair.scan(fair.first)
    fair.scan(fair.second, later, other)
    fair.desk.undo_last()
    assert fair.state() == (ARRIVED, later)
    other.undo_last()
    assert fair.state() == (CONFIRMED, None)


def test_nobody_who_would_not_have_brought_it_keeps_an_arrival(fair: Fair) -> None:
    """A visitor who is known as one of the exhibitor's; an exhibitor's person let in on a day before the expo."""
    with fair.db.transaction() as session:
        category(session, session.get_one(Expo, fair.expo.id), "exhibitor").valid_days = ["2018-11-27", "2018-11-29"]
    fair.scan(fair.second, local(27, 12))
    fair.scan(fair.first)
    other = fair.open("2 号台")
    assert fair.scan(fair.badge("客人", "visitor"), NOON + timedelta(minutes=1), other) is Verdict.ADMITTED
    fair.desk.undo_last()
    assert fair.state() == (CONFIRMED, None)


def test_an_arrival_that_was_said_by_hand_stays(fair: Fair) -> None:
    fair.now = local(29, 8)
    exhibitors.arrive(fair.db, [fair.id])
    fair.scan(fair.first)
    fair.desk.undo_last()
    assert fair.state() == (ARRIVED, local(29, 8))


def test_what_was_done_to_the_exhibitor_since_is_not_undone(fair: Fair) -> None:
    fair.scan(fair.first)
    fair.set(fair.id, state=ExhibitorState.DISMANTLED)
    fair.desk.undo_last()
    assert fair.state() == (ExhibitorState.DISMANTLED, NOON)


def test_a_scan_that_waited_brings_the_moment_it_was_made_and_only_once(fair: Fair) -> None:
    made, key = NOON - timedelta(minutes=40), fair.desk.new_id()
    assert fair.scan(fair.first, made, scan_id=key) is Verdict.ADMITTED
    fair.set(fair.id, state=CONFIRMED, arrived_at=None)
    again = fair.open("2 号台")
    assert again.check_in(fair.first, made, key).verdict is Verdict.ADMITTED
    assert fair.state() == (CONFIRMED, None)


def test_a_scan_that_is_said_not_to_be_kept_brings_nothing(fair: Fair) -> None:
    key = fair.desk.new_id()
    fair.scan(fair.first, scan_id=key)
    assert fair.state()[0] is ARRIVED
    assert fair.desk.forget(key)
    assert fair.state() == (CONFIRMED, None)


def test_by_hand_and_on_a_supervisors_word_is_coming_too(fair: Fair) -> None:
    refused = fair.desk.check_in(fair.badge("明天的人", of=fair.partner, valid_days=["2018-11-30"]), NOON)
    assert (refused.verdict, fair.state(fair.partner)[0]) == (Verdict.WRONG_TIME, CONFIRMED)
    fair.desk.override(refused, Actor("周敏", Role.SUPERVISOR), "领导同意")
    assert fair.state(fair.partner) == (ARRIVED, NOON)
    with fair.db.reading() as session:
        known = session.scalars(select(Attendee.id).join(Badge).where(Badge.code == fair.first)).one()
    fair.desk.admit(known, NOON)
    assert fair.state() == (ARRIVED, NOON)


def test_two_desks_at_once_say_it_once(fair: Fair) -> None:
    desks = [fair.open(f"{n} 号快速台") for n in range(4)]
    codes = [fair.badge(f"员工{n}") for n in range(4)]
    start, heard = threading.Barrier(4), list[Verdict]()

    def scans(desk: OpenDesk, code: str) -> None:
        start.wait()
        for _again in range(50):
            try:
                heard.append(desk.check_in(code, NOON).verdict)
            except UserError:
                continue
            return

    threads = [threading.Thread(target=scans, args=pair) for pair in zip(desks, codes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [Verdict.ADMITTED] * 4
    assert (fair.state(), len(fair.logged())) == ((ARRIVED, NOON), 1)


def test_a_damaged_state_of_the_exhibitor_keeps_nobody_out(fair: Fair) -> None:
    if not fair.db.is_sqlite:
        pytest.skip("a server checks what a column holds")
    with fair.db.transaction() as session:
        session.execute(text("UPDATE exhibitor SET state = 'NO_STATE'"))
        session.connection().info["audited"] = {"exhibitor"}
    assert fair.scan(fair.first) is Verdict.ADMITTED


def test_nobody_waits_for_it_but_the_first(fair: Fair) -> None:
    """Whoever comes later is one query and three inserts, as any visitor."""
    visitor, words = fair.badge("观众", "visitor", of=fair.partner), list[str]()
    engine = fair.db.at_desks

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    try:
        for code, extra in ((visitor, 0), (fair.first, 4), (fair.second, 0)):
            words.clear()
            fair.scan(code)
            taken = [word for word in words if word != "BEGIN"]
            assert taken[:4] == ["SELECT", "INSERT", "INSERT", "INSERT"]
            assert len(taken) == 4 + extra
    finally:
        event.remove(engine, "before_cursor_execute", note)
