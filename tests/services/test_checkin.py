"""A desk at work, on SQLite and PostgreSQL: verdicts, days, bounces, races, taking back, overruling."""

import threading
import time as time_module
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from expo_app.errors import UserError
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    CheckIn,
    Desk,
    Direction,
    Expo,
    Gate,
    GateHours,
    Method,
    Role,
    Verdict,
    Ways,
    new_id,
)
from expo_app.rules.badge_code import new_code
from expo_app.services import badges, checkin
from expo_app.services.checkin import OpenDesk, Scan
from expo_app.store.database import Actor, Database
from tests.factories import (
    local,
    make_attendee,
    make_badge,
    make_desk,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_room,
)

SECOND = timedelta(seconds=1)
NOON = local(29, 12)


@dataclass
class Hall:
    """One entrance with a desk, one person with a badge; makes more of them."""

    db: Database
    expo: Expo
    gate: Gate
    desk: OpenDesk
    person: Attendee
    code: str
    opened: list[OpenDesk] = field(default_factory=list)

    def add(self, name: str = "", **given: Any) -> tuple[Attendee, str]:
        """Another person with a badge in force."""
        with self.db.transaction() as session:
            person = make_attendee(session, given.pop("expo", self.expo), name, **given)
            return person, make_badge(session, person).code

    def open(self, name: str, gate: Gate | None = None) -> OpenDesk:
        with self.db.transaction() as session:
            desk = make_desk(session, gate or self.gate, name)
        self.opened.append(OpenDesk(self.db, desk.id))
        return self.opened[-1]


@pytest.fixture
def hall(db: Database) -> Iterator[Hall]:
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18")
        gate = make_gate(session, expo, "南门")
        desk = make_desk(session, gate, "南门 03 号台")
        person = make_attendee(
            session, expo, "沈华棣", category="exhibitor", title="市场总监", phone="13812345678",
            organisation_id=make_organisation(session, "嘉定氢能动力系统有限公司").id,
        )  # fmt: skip
        code = make_badge(session, person).code
    db.clock = lambda: NOON
    db.actor = Actor("李可", Role.DESK)
    hall = Hall(db, expo, gate, OpenDesk(db, desk.id), person, code)
    yield hall
    for opened in (hall.desk, *hall.opened):
        opened.close()


def rows(db: Database) -> list[tuple[Verdict, str, str]]:
    """Verdict, raw text and reason of every row kept, oldest first."""
    with db.reading() as session:
        query = select(CheckIn.verdict, CheckIn.raw, CheckIn.reason).order_by(CheckIn.id)
        return [tuple(row) for row in session.execute(query)]


def verdicts(db: Database) -> list[Verdict]:
    return [row[0] for row in rows(db)]


def test_an_admission_says_who_and_when(hall: Hall) -> None:
    scan = hall.desk.check_in(f" {hall.code.lower()}\r", NOON)
    assert scan == Scan(
        id=scan.id, code=hall.code, verdict=Verdict.ADMITTED, reason="", at=NOON, name="沈华棣",
        organisation="嘉定氢能动力系统有限公司", title="市场总监", category=scan.category,
        badge_no=hall.person.badge_no, attendee_id=hall.person.id, first_at=NOON, first_desk="南门 03 号台",
    )  # fmt: skip
    assert scan.category is not None
    assert (scan.category.key, scan.category.label, scan.category.token) == ("exhibitor", "参展商", "cat.it")
    assert (scan.tone, scan.lets_in) == ("ok", True)
    with hall.db.reading() as session:
        row = session.scalars(select(CheckIn)).one()
    assert (row.id, row.local_day, row.operator, row.method) == (scan.id, NOON.date(), "李可", Method.SCAN)


def _cancelled(hall: Hall) -> str:
    return hall.add("马骁", state=AttendeeState.CANCELLED, note="本人取消")[1]


def _other_expo(hall: Hall) -> str:
    with hall.db.transaction() as session:
        other = make_expo(session, name="第二届科交会")
    return hall.add(expo=other)[1]


def _revoked(hall: Hall) -> str:
    badges.reissue(hall.db, hall.person.id, "遗失")
    return hall.code


REFUSED: dict[str, tuple[Callable[[Hall], str], Verdict, str]] = {
    "not a code": (lambda _hall: "https://example.com", Verdict.MALFORMED, "读到的不是胸卡二维码"),
    "no such badge": (lambda _hall: new_code(), Verdict.UNKNOWN, "没有这张胸卡的记录"),
    "revoked": (_revoked, Verdict.REVOKED, "已换发新卡，这张作废：遗失"),
    "not confirmed": (lambda hall: hall.add(state=AttendeeState.REGISTERED)[1], Verdict.UNCONFIRMED, "登记尚未确认"),
    "cancelled": (_cancelled, Verdict.UNCONFIRMED, "登记已取消：本人取消"),
    "another day": (
        lambda hall: hall.add(valid_days=["2018-11-28"])[1],
        Verdict.WRONG_TIME,
        "今日不可入场，有效日期：11-28",
    ),
    "another expo": (_other_expo, Verdict.WRONG_PLACE, "这是“第二届科交会”的胸卡"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_are_answers_and_are_kept(hall: Hall, case: str) -> None:
    make, verdict, reason = REFUSED[case]
    raw = make(hall)
    scan = hall.desk.check_in(raw, NOON)
    assert (scan.verdict, scan.reason, scan.lets_in) == (verdict, reason, False)
    assert rows(hall.db) == [(verdict, raw, reason)]


@pytest.mark.parametrize(
    ("gate", "at", "verdict"),
    [
        ({"opens": time(8, 30), "closes": time(17)}, local(29, 8, 29), Verdict.CLOSED),
        ({"opens": time(8, 30), "closes": time(17)}, local(29, 8, 30), Verdict.ADMITTED),
        ({"opens": time(8, 30), "closes": time(17)}, local(29, 17), Verdict.CLOSED),
        ({"categories": ["media", "staff"]}, NOON, Verdict.WRONG_CATEGORY),
        ({"categories": ["exhibitor"]}, NOON, Verdict.ADMITTED),
        ({}, local(27, 12), Verdict.WRONG_TIME),
        ({}, local(28, 0), Verdict.ADMITTED),
        ({}, local(30, 23, 59), Verdict.ADMITTED),
    ],
)
def test_gates_have_hours_and_categories(hall: Hall, gate: dict[str, Any], at: datetime, verdict: Verdict) -> None:
    with hall.db.transaction() as session:
        side = make_gate(session, hall.expo, "侧门", **gate)
    assert hall.open("侧门 01 号台", side).check_in(hall.code, at).verdict is verdict


def test_a_rooms_gate_follows_its_programme(hall: Hall) -> None:
    with hall.db.transaction() as session:
        room = make_room(session, hall.expo, "C 会场")
        gate = make_gate(session, hall.expo, room=room)
        make_item(session, hall.expo, room_id=room.id, starts_at=local(29, 14), minutes=60)
    desk = hall.open("C 会场 01 号台", gate)
    asked = [local(29, 13, 29), local(29, 13, 30), local(29, 14, 59), local(29, 15)]
    answers = [desk.check_in(hall.code, at).verdict for at in asked]
    assert answers == [Verdict.WRONG_TIME, Verdict.ADMITTED, Verdict.AGAIN, Verdict.WRONG_TIME]


def test_a_change_of_the_gate_counts_at_once(hall: Hall) -> None:
    assert hall.desk.check_in(hall.code, NOON).verdict is Verdict.ADMITTED
    with hall.db.transaction() as session:
        session.add(GateHours(gate_id=hall.gate.id, opens=time(8), closes=time(11)))
    assert hall.desk.check_in(hall.code, NOON + 10 * SECOND).verdict is Verdict.CLOSED


def test_a_desk_that_is_gone_says_so(hall: Hall) -> None:
    spare = hall.open("备用台")
    with hall.db.transaction() as session:
        session.delete(session.get_one(Desk, spare.post.desk_id))
    with pytest.raises(UserError) as caught:
        spare.check_in(hall.code, NOON)
    assert caught.value.code == "E-DESK"
    assert rows(hall.db) == []


def test_again_names_the_first_time_and_desk(hall: Hall) -> None:
    hall.desk.check_in(hall.code, local(29, 9, 12))
    scan = hall.open("02 号台").check_in(hall.code, local(29, 10, 42))
    assert (scan.verdict, scan.tone, scan.lets_in) == (Verdict.AGAIN, "warn", True)
    assert (scan.first_at, scan.first_desk) == (local(29, 9, 12), "南门 03 号台")
    assert scan.reason == "首次签到 09:12 · 南门 03 号台"


def test_another_gate_has_its_own_admission(hall: Hall) -> None:
    with hall.db.transaction() as session:
        north = make_gate(session, hall.expo, "北门")
    hall.desk.check_in(hall.code, NOON)
    assert hall.open("北门 01 号台", north).check_in(hall.code, NOON + 10 * SECOND).verdict is Verdict.ADMITTED


def test_admissions_begin_anew_at_local_midnight(hall: Hall) -> None:
    last, first = local(28, 23, 59) + 59 * SECOND, local(29, 0) + 4 * SECOND
    assert last.astimezone(UTC).date() == first.astimezone(UTC).date()
    asked = [last - 10 * SECOND, last, first, first + 4 * SECOND]
    answers = [hall.desk.check_in(hall.code, at).verdict for at in asked]
    assert answers == [Verdict.ADMITTED, Verdict.AGAIN, Verdict.ADMITTED, Verdict.AGAIN]


def test_a_bouncing_reader_gets_the_first_answer_and_no_row(hall: Hall) -> None:
    first = hall.desk.check_in(hall.code, NOON)
    assert hall.desk.check_in(hall.code, NOON + 3 * SECOND) == replace(first, bounce=True)
    assert verdicts(hall.db) == [Verdict.ADMITTED]
    later = hall.desk.check_in(hall.code, NOON + 3 * SECOND + timedelta(microseconds=1))
    assert (later.verdict, later.bounce) == (Verdict.AGAIN, False)


def test_a_bounce_after_another_code_is_still_one(hall: Hall) -> None:
    _person, other = hall.add()
    answers = [hall.desk.check_in(code, NOON + n * SECOND) for n, code in enumerate((hall.code, other, hall.code))]
    assert [(a.verdict, a.bounce) for a in answers] == [
        (Verdict.ADMITTED, False), (Verdict.ADMITTED, False), (Verdict.ADMITTED, True),
    ]  # fmt: skip


def test_another_desk_is_no_bounce(hall: Hall) -> None:
    hall.desk.check_in(hall.code, NOON)
    scan = hall.open("02 号台").check_in(hall.code, NOON + SECOND)
    assert (scan.verdict, scan.bounce) == (Verdict.AGAIN, False)


def test_a_reading_that_is_no_code_bounces_like_a_code(hall: Hall) -> None:
    asked = [("helloworld1", 0), ("helloworld1", 1), ("helloworld2", 1), ("helloworld1", 3), ("helloworld1", 4)]
    answers = [hall.desk.check_in(raw, NOON + n * SECOND) for raw, n in asked]
    assert [(a.verdict, a.bounce) for a in answers] == [
        (Verdict.MALFORMED, bounce) for bounce in (False, True, False, True, False)
    ]
    assert [raw for _verdict, raw, _reason in rows(hall.db)] == ["helloworld1", "helloworld2", "helloworld1"]


def test_two_codes_100_ms_apart_both_count(hall: Hall) -> None:
    _person, other = hall.add()
    asked = [(hall.code, NOON), (other, NOON + timedelta(milliseconds=100))]
    assert [hall.desk.check_in(*one).verdict for one in asked] == [Verdict.ADMITTED] * 2
    assert verdicts(hall.db) == [Verdict.ADMITTED] * 2


def test_a_reissued_badge_counts_at_once_and_once(hall: Hall) -> None:
    hall.desk.check_in(hall.code, NOON)
    new = badges.reissue(hall.db, hall.person.id, "遗失")
    with hall.db.reading() as session:
        code = session.get_one(Badge, new).code
    old, again = hall.desk.check_in(hall.code, NOON + SECOND), hall.desk.check_in(code, NOON + 2 * SECOND)
    assert (old.verdict, old.bounce, old.reason) == (Verdict.REVOKED, False, "已换发新卡，这张作废：遗失")
    assert (again.verdict, again.first_at) == (Verdict.AGAIN, NOON)


def test_a_repeated_scan_gets_the_same_answer(hall: Hall) -> None:
    scan_id = new_id()
    first = hall.desk.check_in(hall.code, NOON, scan_id)
    assert hall.desk.check_in(hall.code, NOON, scan_id) == first
    assert hall.open("02 号台").check_in(hall.code, NOON + 60 * SECOND, scan_id) == first
    again = hall.open("04 号台").check_in(hall.code, NOON + 90 * SECOND, other := new_id())
    assert hall.open("05 号台").check_in(hall.code, NOON + 99 * SECOND, other) == again
    assert verdicts(hall.db) == [Verdict.ADMITTED, Verdict.AGAIN]


def _together(count: int, work: Callable[[int], None]) -> None:
    """Run `work(n)` in threads that start at once; what any of them raises is raised here."""
    start, failed = threading.Barrier(count), []

    def run(n: int) -> None:
        try:
            start.wait()
            work(n)
        except BaseException as error:  # noqa: BLE001  a thread's failure is the test's
            failed.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in failed:
        raise error


def _patient(desk: OpenDesk, code: str, at: datetime, scan_id: uuid.UUID | None = None) -> Scan:
    """As a desk does: busy is no answer, try again with the same id."""
    scan_id = scan_id or new_id()
    while True:
        try:
            return desk.check_in(code, at, scan_id)
        except UserError as busy:
            if busy.code != "E-DB-LOCKED":
                raise


def test_one_badge_at_eight_desks_is_admitted_once(hall: Hall) -> None:
    desks = [hall.open(f"{n} 号台") for n in range(8)]
    codes = [hall.code, *(hall.add()[1] for _ in range(4))]
    for code in codes:
        answers: list[Scan] = []
        _together(8, lambda n, code=code, answers=answers: answers.append(_patient(desks[n], code, NOON)))
        assert Counter(a.verdict for a in answers) == {Verdict.ADMITTED: 1, Verdict.AGAIN: 7}
        (winner,) = [a for a in answers if a.verdict is Verdict.ADMITTED]
        assert {(a.first_at, a.first_desk) for a in answers} == {(NOON, winner.first_desk)}
    assert Counter(verdicts(hall.db)) == {Verdict.ADMITTED: 5, Verdict.AGAIN: 35}


def test_one_scan_sent_eight_times_at_once_is_one_row(hall: Hall) -> None:
    desks = [hall.open(f"{n} 号台") for n in range(8)]
    for _round in range(5):
        answers: list[Scan] = []
        code, scan_id = hall.add()[1], new_id()
        _together(8, lambda n, c=code, s=scan_id, a=answers: a.append(_patient(desks[n], c, NOON, s)))
        assert {(a.id, a.verdict, a.reason, a.at, a.first_at) for a in answers} == {
            (scan_id, Verdict.ADMITTED, "", NOON, NOON)
        }
    assert verdicts(hall.db) == [Verdict.ADMITTED] * 5


@pytest.mark.slow
def test_eight_desks_with_a_thousand_scans_each(hall: Hall) -> None:
    desks = [hall.open(f"{n} 号台") for n in range(8)]
    answers: list[list[Verdict]] = [[] for _ in desks]

    def work(n: int) -> None:
        for k in range(1000):
            answers[n].append(_patient(desks[n], hall.code, NOON + 4 * k * SECOND).verdict)

    _together(8, work)
    assert Counter(v for each in answers for v in each) == {Verdict.ADMITTED: 1, Verdict.AGAIN: 7999}
    assert Counter(verdicts(hall.db)) == {Verdict.ADMITTED: 1, Verdict.AGAIN: 7999}


HOSTILE = [
    "", " ", "\x00\x1b[2J", "'; DROP TABLE badge; --", "../../etc/passwd", "E1" + "A" * 25, "E1" + "A" * 27,
    "E1" + "0" * 26, "\u202eE1" + "A" * 25, "Е1" + "A" * 26, "x" * 4296, "{reason}", "%s%(x)s", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_readings_are_refused_and_kept_clean(hall: Hall, raw: str) -> None:
    assert hall.desk.check_in(raw, NOON).verdict is Verdict.MALFORMED
    ((_verdict, kept, _reason),) = rows(hall.db)
    assert len(kept) == min(len(raw), 256)
    assert kept == "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in raw[:256])


def test_a_manual_admission_is_kept_as_such(hall: Hall) -> None:
    scan = hall.desk.admit(hall.person.id, NOON)
    assert (scan.verdict, scan.method, scan.name) == (Verdict.ADMITTED, Method.MANUAL, "沈华棣")
    assert hall.desk.check_in(hall.code, NOON + SECOND).verdict is Verdict.AGAIN


def test_a_badge_number_is_its_holder_and_one_of_nobody_is_unknown(hall: Hall) -> None:
    known = hall.desk.admit_number(f" {hall.person.badge_no.lower()} ", NOON)
    assert (known.verdict, known.name, known.method) == (Verdict.ADMITTED, "沈华棣", Method.MANUAL)
    again = new_id()
    nobody = [hall.desk.admit_number("abc18-v-99999", NOON, again) for _twice in range(2)]
    answer = (again, "ABC18-V-99999", Verdict.UNKNOWN, "没有这张胸卡的记录", None)
    assert [(s.id, s.code, s.verdict, s.reason, s.attendee_id) for s in nobody] == [answer, answer]
    assert ("UNKNOWN", "abc18-v-99999") in [(kept.name, raw) for kept, raw, _reason in rows(hall.db)]


def test_a_person_without_a_badge_is_admitted_by_hand(hall: Hall) -> None:
    with hall.db.transaction() as session:
        person = make_attendee(session, hall.expo, "周岚")
    assert hall.desk.admit(person.id, NOON).verdict is Verdict.ADMITTED


def test_a_person_whose_badge_was_taken_is_not_admitted_by_hand(hall: Hall) -> None:
    badges.revoke(hall.db, hall.person.id, "扰乱秩序")
    scan = hall.desk.admit(hall.person.id, NOON)
    assert (scan.verdict, scan.reason) == (Verdict.REVOKED, "此卡已作废：扰乱秩序")
    badges.reissue(hall.db, hall.person.id, "重新发证")
    assert hall.desk.admit(hall.person.id, NOON).verdict is Verdict.ADMITTED


def test_the_last_scan_can_be_taken_back(hall: Hall) -> None:
    first = hall.desk.check_in(hall.code, NOON)
    back = hall.desk.undo_last()
    assert (back.id, back.verdict, back.name) == (first.id, Verdict.ADMITTED, "沈华棣")
    assert checkin.last_scans(hall.db, hall.desk.post)[0].is_undone is True
    assert hall.desk.check_in(hall.code, NOON + SECOND).verdict is Verdict.ADMITTED
    assert verdicts(hall.db) == [Verdict.ADMITTED] * 2


def test_what_was_kept_last_is_taken_back_whatever_the_clock_says(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back between two scans and between two programs it changes neither the last scan nor the list."""
    hall.desk.check_in(hall.code, NOON)
    codes = [hall.add(name)[1] for name in ("马骁", "许静")]
    real = time_module.time_ns
    monkeypatch.setattr(time_module, "time_ns", lambda: real() - 3_600_000_000_000)
    hall.desk.check_in(codes[0], NOON - timedelta(hours=1))
    hall.db.clock = lambda: NOON - timedelta(hours=1)
    again = OpenDesk(hall.db, hall.desk.post.desk_id)
    hall.opened.append(again)
    again.check_in(codes[1], NOON - timedelta(hours=1) + SECOND)
    listed = checkin.last_scans(hall.db, hall.desk.post)
    assert [line.name for line in listed] == ["许静", "马骁", "沈华棣"]
    assert [again.undo_last().name for _ in range(3)] == ["许静", "马骁", "沈华棣"]


def test_what_cannot_be_taken_back(hall: Hall) -> None:
    def refused() -> str:
        with pytest.raises(UserError) as caught:
            hall.desk.undo_last()
        return f"{caught.value.code} {caught.value.message}"

    nothing = "E-UNDO 10 分钟内没有可撤销的签到，数据未变。"
    assert refused() == nothing
    hall.desk.check_in(hall.code, NOON - timedelta(minutes=11))
    assert refused() == nothing
    hall.open("02 号台").check_in(hall.code, NOON - SECOND)
    assert refused() == nothing
    hall.desk.check_in("?", NOON)
    assert refused() == "E-UNDO 上一次没有放行，不用撤销，数据未变。"


def test_a_supervisor_may_overrule(hall: Hall) -> None:
    _person, code = hall.add("马骁", valid_days=["2018-11-28"])
    scan = hall.desk.check_in(code, NOON)
    let_in = hall.desk.override(scan, Actor("周敏", Role.SUPERVISOR), "现场改签 {x}", NOON + SECOND)
    assert (let_in.verdict, let_in.method, let_in.name) == (Verdict.ADMITTED, Method.MANUAL, "马骁")
    assert let_in.reason == "强制放行（周敏）：现场改签 {x}"
    assert [(v, reason) for v, _raw, reason in rows(hall.db)] == [
        (Verdict.WRONG_TIME, "今日不可入场，有效日期：11-28"),
        (Verdict.ADMITTED, "强制放行（周敏）：现场改签 {x}"),
    ]
    twice = hall.desk.override(scan, Actor("周敏", Role.SUPERVISOR), "现场改签", NOON + 2 * SECOND)
    assert (twice.verdict, twice.first_at) == (Verdict.AGAIN, NOON + SECOND)


@pytest.mark.parametrize(
    ("role", "reason", "code"),
    [(Role.DESK, "改签", "E-ACCESS"), (Role.REGISTRAR, "改签", "E-ACCESS"), (Role.ADMIN, " ", "E-OVERRIDE")],
)
def test_who_may_not_overrule(hall: Hall, role: Role, reason: str, code: str) -> None:
    scan = hall.desk.check_in(hall.add(state=AttendeeState.REGISTERED)[1], NOON)
    with pytest.raises(UserError) as caught:
        hall.desk.override(scan, Actor("某人", role), reason)
    assert caught.value.code == code
    assert verdicts(hall.db) == [Verdict.UNCONFIRMED]


@pytest.mark.parametrize("case", ["not a code", "no such badge", "revoked", "another expo"])
def test_what_nobody_overrules(hall: Hall, case: str) -> None:
    scan = hall.desk.check_in(REFUSED[case][0](hall), NOON)
    with pytest.raises(UserError) as caught:
        hall.desk.override(scan, Actor("周敏", Role.SUPERVISOR), "现场改签")
    assert caught.value.code == "E-OVERRIDE"


def test_who_may_not_scan(hall: Hall) -> None:
    hall.db.actor = Actor("审计", Role.AUDITOR)
    for act in (lambda: hall.desk.check_in(hall.code), lambda: hall.desk.admit(hall.person.id), hall.desk.undo_last):
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.code == "E-ACCESS"
    assert rows(hall.db) == []


def test_a_scan_takes_the_same_statements_however_much_there_is(hall: Hall) -> None:
    statements: list[str] = []
    engine = hall.db.at_desks

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    def taken(code: str, at: datetime) -> list[str]:
        statements.clear()
        hall.desk.check_in(code, at)
        return [word for word in statements if word != "BEGIN"]

    people = [hall.add()[1] for _ in range(3)]
    event.listen(engine, "before_cursor_execute", note)
    try:
        first = taken(hall.code, NOON)
        others = [taken(code, NOON) for code in people] + [taken(hall.code, NOON + 9 * SECOND)]
        *entered, again = [first, *others]
        assert entered == [["SELECT", "INSERT", "INSERT", "INSERT"]] * 4  # scan, presence, the desk's count
        assert again == ["SELECT", "INSERT"]
        assert taken("?", NOON) == ["INSERT"]
        assert taken(people[0], NOON + SECOND) == []
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_what_a_scan_announces(hall: Hall) -> None:
    told: list[frozenset[str]] = []
    stop = hall.db.listen(told.append)
    hall.desk.check_in(hall.code, NOON)
    stop()
    assert told == [frozenset({"check_in", "presence", "desk_quarter"})]


def test_a_desk_by_name(hall: Hall) -> None:
    with hall.db.transaction() as session:
        north = make_gate(session, hall.expo, "北门")
    desk = checkin.open_desk(hall.db, hall.expo.id, "南门 03 号台", "北门")
    assert (desk.post.desk, desk.post.gate, desk.post.gate_id) == ("南门 03 号台", "北门", north.id)
    desk.close()
    with pytest.raises(UserError, match="没有签到台“X”，可用：南门 03 号台。"):
        checkin.open_desk(hall.db, hall.expo.id, "X")
    with pytest.raises(UserError, match=r"没有入口“Y”，可用：(北门、南门|南门、北门)。"):
        checkin.open_desk(hall.db, hall.expo.id, "南门 03 号台", "Y")


FINDS = {
    "沈": ["沈华棣"], "华": ["沈华棣"], "shd": ["沈华棣"], "ShenHua": ["沈华棣"], "shenhuadi": ["沈华棣"],
    "5678": ["沈华棣"],
    "+86 138 1234-5678": ["沈华棣"], "13812345679": [], "沈华棣女士": ["沈华棣"],
    "氢能": ["沈华棣"], "zeng": ["曾喆"], "zz": ["曾喆"], "王": ["王𬭚"], "𬭚": ["王𬭚"],
    "kjh18-x-00007": ["单雨桐"], "ＫＪＨ18-X-00007": ["单雨桐"], "沈 氢能": ["沈华棣"], "沈 华为": [], "%": [], "_": [],
    "": [], "  ": [],
}  # fmt: skip


def test_people_are_found_however_they_are_named(hall: Hall) -> None:
    hall.add("曾喆", phone="13900000001")
    hall.add("王𬭚")
    hall.add("单雨桐", badge_no="KJH18-X-00007")
    with hall.db.transaction() as session:
        make_attendee(session, make_expo(session), "沈从文")
    found = {text: [f.name for f in checkin.find(hall.db, hall.expo.id, text).found] for text in FINDS}
    assert found == FINDS


ABROAD = {
    "Muller": ["Hans Müller"], "müller": ["Hans Müller"], "MUELLER": ["Hans Müller"],
    "hm": ["Hans Müller", "阿卜杜·热合曼"],
    "Nguyen": ["Nguyễn Văn Đức"], "van duc": ["Nguyễn Văn Đức"], "nvd": ["Nguyễn Văn Đức"],
    "Nguyễn": ["Nguyễn Văn Đức"], "Lukasz": ["Łukasz Żak"], "l. z.": ["Łukasz Żak"], "lz": ["Łukasz Żak"],
    "陈大文": ["陳大文"], "陳大": ["陳大文"], "cdw": ["陳大文"], "chendawen": ["陳大文"],
    "热合曼": ["阿卜杜·热合曼"], "阿卜杜•热合曼": ["阿卜杜·热合曼"], "阿卜杜‧热合曼": ["阿卜杜·热合曼"],
    "阿卜杜・热合曼": ["阿卜杜·热合曼"], "阿卜杜.热合曼": ["阿卜杜·热合曼"], "阿卜杜热合曼": ["阿卜杜·热合曼"],
    "Ivanov": ["Иванов Олег"], "Strasse": ["Ida Straße"], "Mulle Nguyen": [],
}  # fmt: skip


def test_names_are_found_by_what_every_keyboard_has(hall: Hall) -> None:
    for names in ABROAD.values():
        for name in names:
            if not checkin.find(hall.db, hall.expo.id, name).found:
                hall.add(name)
    hall.add("李四")
    found = {text: [f.name for f in checkin.find(hall.db, hall.expo.id, text).found] for text in ABROAD}
    assert found == ABROAD


NUMBERS = {
    "13812345678": True, "+86 138-1234-5678": True, "0086 138 1234 5678": True, "８６１３８１２３４５６７８": True,
    "(+86) 138 1234 5678": True, "138.1234.5678": True, "5678": True, "45678": True, "345678": True, "234 5678": True,
    "1234-5678": True, "3812345678": True, "沈 345678": True, "1345678": False, "12345": False, "1381234": False,
    "王 345678": False, "812345678 氢能": True, "3456": False,
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_a_person_is_found_by_the_end_of_the_number(hall: Hall, text: str) -> None:
    hall.add("王芳", phone="13912340000")
    found = [one.name for one in checkin.find(hall.db, hall.expo.id, text).found]
    assert found == (["沈华棣"] if NUMBERS[text] else [])


@pytest.mark.parametrize("text", ["021-59571234", "59571234", "571234", "02159571234转8012", "5957 1234"])
def test_the_extension_is_no_end_of_a_number(hall: Hall, text: str) -> None:
    hall.add("王芳", phone="+862159571234;ext=8012")
    hall.add("李四", phone="+14155550100")
    assert [one.name for one in checkin.find(hall.db, hall.expo.id, text).found] == ["王芳"]
    assert [one.name for one in checkin.find(hall.db, hall.expo.id, "1 (415) 555-0100").found] == ["李四"]
    assert [one.name for one in checkin.find(hall.db, hall.expo.id, "48012").found] == []


def test_a_hit_says_who_is_in_already_since_when_and_by_which_gate(hall: Hall) -> None:
    with hall.db.transaction() as session:
        north = make_gate(session, hall.expo, "北门", ways=Ways.BOTH)
        room = make_gate(session, hall.expo, room=make_room(session, hall.expo, "A 会场"))
    other, there = hall.open("北门 01 号台", north), hall.open("A 会场 01 号台", room)
    hall.db.clock = lambda: NOON

    def told(post: checkin.Post) -> tuple[Any, str]:
        (one,) = checkin.find(hall.db, hall.expo.id, "沈华棣", at=post).found
        assert one == checkin.by_badge_no(hall.db, hall.expo.id, hall.person.badge_no, post)
        return one.inside_since, one.inside_by

    assert told(hall.desk.post) == (None, "")
    other.check_in(hall.code, NOON - timedelta(days=1))
    assert told(hall.desk.post) == (None, "")
    other.check_in(hall.code, NOON)
    hall.desk.check_in(hall.code, NOON + 9 * SECOND)
    assert [told(desk.post) for desk in (hall.desk, other)] == [(NOON, "北门")] * 2
    assert told(there.post) == (None, "")
    other.turn(Direction.OUT)
    other.check_in(hall.code, NOON + 19 * SECOND)
    assert told(hall.desk.post) == (None, "")


def test_names_that_begin_with_the_words_come_first(hall: Hall) -> None:
    company = {}
    with hall.db.transaction() as session:
        company["organisation_id"] = make_organisation(session, "沈氏精密").id
    for name in ("陈沈", "沈阳", "王芳"):
        hall.add(name, **(company if name == "王芳" else {}))
    assert [f.name for f in checkin.find(hall.db, hall.expo.id, "沈").found][-2:] == ["陈沈", "王芳"]
    assert {f.name for f in checkin.find(hall.db, hall.expo.id, "沈", limit=2).found} == {"沈华棣", "沈阳"}


def test_short_pinyin_finds_surnames_before_later_syllables_before_companies(hall: Hall) -> None:
    with hall.db.transaction() as session:
        company = make_organisation(session, "测试单位（示例）").id  # shi li
    for name in ("王芳", "刘洋", "李娜", "黎明", "王丽", "张万里", "王玲", "单雨", "Lisa Wu"):
        hall.add(name, organisation_id=company)
    found = [f.name for f in checkin.find(hall.db, hall.expo.id, "li").found]
    assert [set(found[:2]), set(found[2:4]), set(found[4:7]), set(found[7:])] == [
        {"李娜", "黎明"}, {"刘洋", "Lisa Wu"}, {"王丽", "张万里", "王玲"}, {"王芳", "单雨", "沈华棣"},
    ]  # fmt: skip
    pages = [checkin.find(hall.db, hall.expo.id, "li", limit=2, after=after) for after in range(0, 10, 2)]
    assert [one.name for page in pages for one in page.found] == found
    assert [f.name for f in checkin.find(hall.db, hall.expo.id, "shan").found][:1] == ["单雨"]


def test_a_search_says_how_many_there_are_and_goes_on(hall: Hall) -> None:
    with hall.db.transaction() as session:
        for n in range(70):
            make_attendee(session, hall.expo, f"徐秀{n:02d}", badge_no=f"KJH18-V-{n:05d}")
    pages = [checkin.find(hall.db, hall.expo.id, "秀", limit=30, after=after) for after in (0, 30, 60)]
    assert [(len(page.found), page.total) for page in pages] == [(30, 70), (30, 70), (10, 70)]
    assert [one.name for page in pages for one in page.found] == [f"徐秀{n:02d}" for n in range(70)]
    assert checkin.find(hall.db, hall.expo.id, "秀 v", limit=7).total == 70
    assert checkin.find(hall.db, hall.expo.id, "没有").total == 0


def test_a_desk_sees_four_digits_of_a_phone(hall: Hall) -> None:
    (found,) = checkin.find(hall.db, hall.expo.id, "沈华棣").found
    assert found == checkin.Found(
        hall.person.id, "沈华棣", "嘉定氢能动力系统有限公司", "市场总监", found.category, hall.person.badge_no,
        AttendeeState.CONFIRMED, "5678",
    )  # fmt: skip
    assert found.category.key == "exhibitor"
    assert checkin.by_badge_no(hall.db, hall.expo.id, f" {hall.person.badge_no.lower()} ") == found
    assert checkin.by_badge_no(hall.db, hall.expo.id, "沈华棣") is None


def test_the_desk_counts_people_of_today(hall: Hall) -> None:
    second = hall.open("02 号台")
    with hall.db.transaction() as session:
        room = make_gate(session, hall.expo, room=make_room(session, hall.expo, "A 会场"))
    _person, other = hall.add("周岚")
    _person, yesterday = hall.add("许静")
    hall.desk.check_in(yesterday, NOON - timedelta(days=1))
    hall.desk.check_in(hall.code, NOON - timedelta(minutes=11))
    hall.desk.check_in(hall.code, NOON - timedelta(minutes=5))
    hall.desk.check_in("?", NOON)
    second.check_in(other, NOON)
    hall.open("A 会场 01 号台", room).check_in(other, NOON)
    assert checkin.figures(hall.db, hall.desk.post) == checkin.DeskFigures(desk=1, expo=2, per_minute=0.2)
    lines = [(s.verdict, s.name, s.at, s.is_undone) for s in checkin.last_scans(hall.db, hall.desk.post, 2)]
    assert lines == [
        (Verdict.MALFORMED, "", NOON, False),
        (Verdict.AGAIN, "沈华棣", NOON - timedelta(minutes=5), False),
    ]


def test_a_busy_file_is_said_at_once_and_nothing_is_kept(hall: Hall) -> None:
    if not hall.db.is_sqlite:
        pytest.skip("a server's desks do not wait for each other")
    with hall.db.writer.connect() as other, other.begin(), pytest.raises(UserError) as caught:
        hall.desk.check_in(hall.code, NOON)
    assert caught.value.code == "E-DB-LOCKED"
    assert rows(hall.db) == []
    assert hall.desk.check_in(hall.code, NOON).verdict is Verdict.ADMITTED


def test_rows_kept_equal_answers_given(hall: Hall) -> None:
    """Many kinds of scans in a row: one row each, bounces none."""
    codes = [hall.code, "?", new_code(), hall.add()[1], hall.add(state=AttendeeState.CANCELLED)[1]]
    answers = [hall.desk.check_in(codes[n % 5], NOON + n * SECOND) for n in range(40)]
    kept = [a for a in answers if not a.bounce]
    with hall.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) == len(kept) == 40
        assert {row.id for row in session.execute(select(CheckIn.id))} == {a.id for a in kept}
