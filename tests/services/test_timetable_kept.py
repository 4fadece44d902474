"""Seats of meetings: what is refused, what is only warned of, who comes first, what lies in the tray, publishing."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from expo_app.errors import Conflict, UserError
from expo_app.model import (
    AttendeeState,
    Audit,
    Exhibitor,
    ExhibitorState,
    Expo,
    MatchingTime,
    Meeting,
    MeetingPlace,
    MeetingState,
    Outcome,
    PlaceKind,
    TimeKind,
)
from expo_app.rules import meeting_seats
from expo_app.rules.meeting_board import TRAY, Seat
from expo_app.rules.meeting_seats import FindingKind, Why
from expo_app.rules.timetable import greedy
from expo_app.services import matching_setup, records, timetable, timetable_acts, timetable_plan
from expo_app.services.record_writer import followed
from expo_app.services.steps import do_again, step_of, take_back
from expo_app.services.timetable_acts import ChangeKind
from expo_app.specs import MATCHING_TIMES, MEETING_PLACES
from expo_app.store.database import Database
from tests.factories import local, make_attendee, make_expo, make_item, make_person, make_speaker
from tests.made_meetings import Fair, place_named


@pytest.fixture
def fair(db: Database) -> Fair:
    return Fair(db)


def refused(call: Any, *words: str) -> UserError:
    with pytest.raises(UserError) as found:
        call()
    for word in words:
        assert word in str(found.value)
    assert "数据未变" in str(found.value)
    return found.value


# --- reading ---
def test_slots_leave_the_break_out_and_places_come_as_a_person_counts(fair: Fair) -> None:
    board = fair.board()
    assert [f"{slot.starts_at:%d %H:%M}" for slot in board.day_slots(date(2018, 11, 28))] == [
        "28 09:30", "28 09:50", "28 10:10", "28 10:30", "28 10:50", "28 11:10", "28 11:30", "28 11:50",
        "28 13:30", "28 13:50", "28 14:10", "28 14:30",
    ]  # fmt: skip
    assert board.days == (date(2018, 11, 28), date(2018, 11, 29))
    assert [place.name for place in board.places] == ["01", "02", "03"]


def test_the_number_of_statements_does_not_grow_with_the_meetings(fair: Fair) -> None:
    def statements() -> int:
        seen: list[str] = []
        listen = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(fair.db.reader, "before_cursor_execute", listen)
        try:
            fair.board()
        finally:
            event.remove(fair.db.reader, "before_cursor_execute", listen)
        return len(seen)

    fair.meet("甲", "乙")
    few = statements()
    for number in range(20):
        fair.meet(f"甲{number}", f"乙{number}")
    assert statements() == few <= 12


def test_an_expo_without_hours_places_or_meetings_is_an_empty_board(db: Database) -> None:
    with db.transaction() as session:
        expo_id = make_expo(session).id
    board = timetable.read(db, expo_id)
    assert (board.slots, board.places, board.meetings) == ((), (), ())
    assert greedy(timetable.problem(board)).placed == {}


# --- placing ---
def test_a_meeting_gets_a_seat_and_the_log_knows(fair: Fair) -> None:
    one = fair.meet("甲", "乙", reason="上限放宽一次")
    moved = fair.place(one, "02", local(28, 10, 10))
    assert fair.seat(one) == ("02", "28 10:10")
    assert moved.was == {one: TRAY}
    assert moved.warnings == ()
    assert fair.shown(one).reason == "上限放宽一次"
    with fair.db.reading() as session:
        logged = session.scalars(select(Audit).where(Audit.record_id == one, Audit.action == "update")).all()
    assert len(logged) == 1


@pytest.mark.parametrize("case", ["occupied", "elsewhere", "outside", "closed table", "closed party", "gone", "booth"])
def test_what_refuses_is_said_and_changes_nothing(fair: Fair, case: str) -> None:
    fair.meet("甲", "丙", "01", local(28, 10, 10))
    one, at, where = fair.meet("甲", "乙"), local(28, 10, 10), "02"
    span = {"starts_at": local(28, 11), "ends_at": local(28, 11, 15), "kind": TimeKind.CLOSED}
    words = "甲 10:10–10:30已在 01 洽谈"
    if case == "occupied":
        one, where, words = fair.meet("丁", "戊"), "01", "01 10:10–10:30已有 甲 — 丙"
    elif case == "outside":
        at, words = local(28, 10, 15), "11-28 10:15不在洽谈时段里"
    elif case == "closed table":
        fair.add(MatchingTime(place_id=fair.places["02"], **span))
        at, words = local(28, 11, 10), "02 11:10–11:30不开放"
    elif case == "closed party":
        fair.add(MatchingTime(organisation_id=fair.organisation("乙"), **span))
        at, words = local(28, 10, 50), "乙 10:50–11:10不开放"
    elif case == "gone":
        fair.add(MeetingPlace(name="09", is_closed=True))
        fair.places["09"] = place_named(fair.board(), "09").id
        at, where, words = local(28, 11, 10), "09", "09已停用"
    elif case == "booth":
        with fair.db.transaction() as session:
            session.add(Exhibitor(expo_id=fair.expo, organisation_id=fair.organisation("丙")))
            session.flush()
            owner = session.scalars(select(Exhibitor.id)).one()
        fair.add(MeetingPlace(name="A01", kind=PlaceKind.BOOTH, exhibitor_id=owner))
        fair.places["A01"] = place_named(fair.board(), "A01").id
        at, where, words = local(28, 11, 10), "A01", "A01是丙的展位"
    refused(lambda: fair.place(one, where, at), words)
    assert fair.seat(one) == ("", "")


def test_busy_times_the_day_s_limit_and_the_way_only_warn(db: Database) -> None:
    fair = Fair(db, walk_minutes=10, a_day_at_most=1)
    fair.meet("甲", "丙", "01", local(28, 9, 30))
    fair.add(
        MatchingTime(
            organisation_id=fair.organisation("乙"), starts_at=local(28, 9), ends_at=local(28, 10), note="领奖"
        )
    )
    one = fair.meet("甲", "乙")
    moved = fair.place(one, "03", local(28, 9, 50))
    assert [finding.kind for finding in moved.warnings] == [FindingKind.WALK, FindingKind.DAY_LIMIT, FindingKind.BUSY]
    assert fair.seat(one) == ("03", "28 09:50")


def test_without_walk_and_gap_meetings_in_two_areas_lie_back_to_back(fair: Fair) -> None:
    fair.meet("甲", "丙", "01", local(28, 9, 30))
    one = fair.meet("甲", "乙")
    assert fair.place(one, "03", local(28, 9, 50)).warnings == ()
    assert timetable.problem(fair.board()).walk == 0


def test_two_named_persons_of_one_organisation_sit_at_two_tables_an_unnamed_one_does_not(fair: Fair) -> None:
    with fair.db.transaction() as session:
        first, second = make_person(session, "张三").id, make_person(session, "李四").id
    fair.meet("甲", "乙", "01", local(28, 9, 30), a_person_id=first)
    other, nobody = fair.meet("甲", "丙", a_person_id=second), fair.meet("甲", "丁")
    fair.place(other, "02", local(28, 9, 30))
    refused(lambda: fair.place(nobody, "03", local(28, 9, 30)), "甲 09:30")
    wishes = {wish.key: set(wish.parties) for wish in timetable.problem(fair.board()).wishes}
    assert {first, second} <= wishes[nobody]
    assert first not in wishes[other]


def test_a_table_of_two_takes_two_meetings(fair: Fair) -> None:
    fair.add(MeetingPlace(name="圆桌", capacity=2))
    fair.places["圆桌"] = place_named(fair.board(), "圆桌").id
    for number in range(2):
        fair.place(fair.meet(f"甲{number}", f"乙{number}"), "圆桌", local(28, 9, 30))
    refused(lambda: fair.place(fair.meet("丙", "丁"), "圆桌", local(28, 9, 30)), "圆桌 09:30–09:50已有")


def test_who_speaks_then_is_busy(fair: Fair) -> None:
    with fair.db.transaction() as session:
        item = make_item(session, session.get_one(Expo, fair.expo), "论坛", starts_at=local(28, 9, 30), minutes=60)
        person = make_speaker(session, item, "张三").person_id
    one = fair.meet("甲", "乙", a_person_id=person)
    board = fair.board()
    (found,) = meeting_seats.judge(board, board.by_id[one], board.places[0], local(28, 9, 30))
    assert (found.kind, found.values["note"], found.text) == (FindingKind.BUSY, "论坛", "张三 09:30–09:50忙")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"is_locked": True}, "已锁定"),
        ({"a_came_at": local(28, 9, 31)}, "已经开始或结束"),
        ({"outcome": Outcome.NO_SHOW_A}, "已经开始或结束"),
        ({"state": MeetingState.CANCELLED}, "已取消"),
    ],
)
def test_locked_begun_and_cancelled_meetings_do_not_move(fair: Fair, given: dict[str, Any], words: str) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30), **given)
    refused(lambda: fair.place(one, "02", local(28, 10, 10)), words)


@pytest.mark.parametrize("late", [timedelta(days=1), timedelta(0)])
def test_an_expired_request_holds_no_seat(fair: Fair, late: timedelta) -> None:
    by = fair.db.now() - late
    fair.meet("甲", "乙", "01", local(28, 9, 30), state=MeetingState.REQUESTED, answer_by=by)
    other = fair.meet("丙", "丁")
    fair.place(other, "01", local(28, 9, 30))
    assert fair.seat(other) == ("01", "28 09:30")


def test_who_saw_another_seat_is_told(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    fair.place(one, "02", local(28, 9, 50))
    old = Seat(fair.places["01"], local(28, 9, 30), 20)
    error = refused(lambda: fair.place(one, "03", local(28, 10, 10), seen=old), "刚被别人移动")
    assert isinstance(error, Conflict)


def test_of_two_programs_that_want_the_last_seat_one_gets_it(fair: Fair) -> None:
    ones = [fair.meet(f"甲{n}", f"乙{n}") for n in range(4)]
    start = threading.Barrier(len(ones))

    def clerk(one: uuid.UUID) -> str:
        start.wait()
        try:
            fair.place(one, "01", local(28, 9, 30))
        except UserError as error:
            return error.code
        return "got it"

    for _round in range(3):
        with ThreadPoolExecutor(len(ones)) as pool:
            answers = list(pool.map(clerk, ones))
        assert sorted(answers) == ["E-SEAT"] * 3 + ["got it"]
        (winner,) = [one for one in ones if fair.seat(one) != ("", "")]
        timetable_acts.unplace(fair.db, fair.expo, winner)


# --- several at once ---
def test_two_meetings_swap_their_seats(fair: Fair) -> None:
    one, other = fair.meet("甲", "乙", "01", local(28, 9, 30)), fair.meet("甲", "丙", "02", local(28, 11, 10))
    seen = {key: fair.shown(key).seat for key in (one, other)}
    moved = timetable_acts.swap(fair.db, fair.expo, one, other, seen=seen)
    assert (fair.seat(one), fair.seat(other)) == (("02", "28 11:10"), ("01", "28 09:30"))
    timetable_acts.rearrange(fair.db, fair.expo, moved.was, moved.now)
    assert (fair.seat(one), fair.seat(other)) == (("01", "28 09:30"), ("02", "28 11:10"))


def test_one_from_the_tray_swaps_the_other_into_it(fair: Fair) -> None:
    one, other = fair.meet("甲", "乙"), fair.meet("丙", "丁", "02", local(28, 11, 10))
    timetable_acts.swap(fair.db, fair.expo, one, other, seen={})
    assert (fair.seat(one), fair.seat(other)) == (("02", "28 11:10"), ("", ""))


def test_a_computed_timetable_is_one_step_and_its_undo_does_not_seat_two_in_one_place(fair: Fair) -> None:
    ones = [fair.meet("甲", f"乙{n}", is_mutual=True) for n in range(5)]
    board = fair.board()
    seats = timetable.seats_in(board, greedy(timetable.problem(board)))
    moved = timetable_acts.rearrange(fair.db, fair.expo, seats, dict.fromkeys(seats, TRAY))
    assert len({fair.seat(one)[1] for one in ones}) == 5
    timetable_acts.rearrange(fair.db, fair.expo, moved.was, moved.now)
    assert {fair.seat(one) for one in ones} == {("", "")}
    taken = next(iter(seats.values()))
    other = fair.meet("甲", "另一家")
    timetable_acts.place(fair.db, fair.expo, other, taken.place_id, taken.starts_at)  # type: ignore[arg-type]
    refused(lambda: timetable_acts.rearrange(fair.db, fair.expo, moved.now, moved.was), "没有排")
    assert {fair.seat(one) for one in ones} == {("", "")}


def test_locked_and_begun_meetings_stay_in_a_computed_timetable(fair: Fair) -> None:
    locked = fair.meet("甲", "乙", "01", local(28, 9, 30), is_locked=True)
    held = fair.meet("甲", "丙", "01", local(28, 10, 10), outcome=Outcome.HELD)
    fair.meet("甲", "丁")
    board = fair.board()
    result = greedy(timetable.problem(board))
    seats = timetable.seats_in(board, result)
    assert len(seats) == 1
    assert {locked, held}.isdisjoint(seats)


def test_a_meeting_at_a_time_of_other_slots_blocks_what_it_touches(fair: Fair) -> None:
    """Held before the slots were changed: it stays as it was."""
    fair.meet("甲", "乙", "01", local(28, 9, 35), outcome=Outcome.HELD)
    problem = timetable.problem(fair.board())
    assert [row[0] for row in problem.seats[:3]] == [0, 0, 1]
    fair.meet("甲", "丙")
    (wish,) = timetable.problem(fair.board()).wishes
    assert {0, 1}.isdisjoint(wish.slots or {0})


# --- who or what is gone ---
def test_the_meetings_of_who_does_not_come_lie_in_the_tray_with_the_reason(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30), is_locked=True)
    other = fair.meet("丙", "丁", "02", local(28, 9, 30))
    gone = timetable_acts.absent(fair.db, fair.expo, organisation_id=fair.organisation("乙"), reason="来电：不来了")
    assert gone == 1
    assert (fair.seat(one), fair.shown(one).reason) == (("", ""), "来电：不来了")
    assert fair.seat(other) == ("02", "28 09:30")
    board = fair.board()
    assert meeting_seats.reason_of(board, board.by_id[one]).text == "乙没有空闲时段"
    assert timetable.free_seats(board, board.by_id[one]) == []


@pytest.mark.parametrize("who", ["exhibitor", "attendee"])
def test_who_cancelled_anywhere_else_in_the_program_loses_the_seats_too(fair: Fair, who: str) -> None:
    with fair.db.transaction() as session:
        person = make_person(session, "张三").id
    one = fair.meet("甲", "乙", "01", local(28, 9, 30), a_person_id=person)
    with fair.db.transaction() as session:
        expo = session.get_one(Expo, fair.expo)
        if who == "exhibitor":
            session.add(
                Exhibitor(expo_id=expo.id, organisation_id=fair.organisation("甲"), state=ExhibitorState.CANCELLED)
            )
        else:
            attendee = make_attendee(session, expo, "张三")
            attendee.person_id, attendee.state = person, AttendeeState.CANCELLED
    assert fair.seat(one) == ("", "")
    assert "不开放" in fair.shown(one).reason
    other = fair.meet("丙", "丁")
    fair.place(other, "01", local(28, 9, 30))
    assert fair.kept(one).place_id is None, "the next act writes it down"


def test_a_table_that_disappears_gives_its_meetings_back(fair: Fair) -> None:
    one, held = (
        fair.meet("甲", "乙", "01", local(28, 9, 30)),
        fair.meet("甲", "丙", "01", local(28, 9, 50), outcome=Outcome.HELD),
    )
    assert timetable_acts.close_place(fair.db, fair.expo, fair.places["01"], "桌子撤走") == 1
    assert (fair.seat(one), fair.shown(one).reason) == (("", ""), "桌子撤走")
    assert fair.seat(held) == ("01", "28 09:50")


def test_a_table_closed_in_its_list_does_the_same(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    with fair.db.transaction() as session:
        session.get_one(MeetingPlace, fair.places["01"]).is_closed = True
    assert (fair.seat(one), fair.shown(one).reason) == (("", ""), "01已停用")


def test_a_table_closed_in_its_form_loses_its_meetings_in_the_same_step(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    with followed() as writers:
        records.save(fair.db, MEETING_PLACES, {"is_closed": True}, fair.places["01"], expo_id=fair.expo)
    assert _row(fair, one) == (None, "01已停用")
    step = step_of("settings.edit", writers)
    assert step is not None
    assert timetable_acts.lost_in(step) == 1
    take_back(fair.db, step)
    assert _row(fair, one) == (fair.places["01"], "")
    span = {"starts_at": "2018-11-28 09:00", "ends_at": "2018-11-28 10:00", "kind": TimeKind.CLOSED}
    records.save(fair.db, MATCHING_TIMES, {"organisation_id": "甲", **span}, expo_id=fair.expo)
    assert _row(fair, one)[0] is None


def _row(fair: Fair, key: uuid.UUID) -> tuple[uuid.UUID | None, str]:
    with fair.db.reading() as session:
        found = session.get_one(Meeting, key)
        return found.place_id, found.unseated


def test_slots_of_another_length_put_what_no_longer_fits_into_the_tray(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    assert [m.id for m in timetable_acts.unfit(fair.board(), 30)] == [one]
    assert matching_setup.save(fair.db, fair.expo, {"slot_minutes": 30}, {}) == 1
    board = fair.board()
    assert (board.slot_minutes, len(board.day_slots(date(2018, 11, 28)))) == (30, 8)
    assert (fair.seat(one), fair.shown(one).reason) == (("", ""), "时段改为 30 分钟")
    matching_setup.save(fair.db, fair.expo, {"slot_minutes": 15}, {})
    assert fair.board().slot_minutes == 15


def test_another_length_is_taken_back_whole_with_seats_and_locks(fair: Fair) -> None:
    one, other = fair.meet("甲", "乙", "01", local(28, 9, 50)), fair.meet("丙", "丁", "02", local(28, 9, 30))
    timetable_acts.lock(fair.db, fair.expo, one, True)
    with followed() as writers:
        matching_setup.save(fair.db, fair.expo, {"slot_minutes": 30}, {})
    step = step_of("settings.edit", writers)
    assert step is not None
    for _again in range(2):
        assert (fair.seat(one), fair.seat(other)) == (("", ""), ("", ""))
        take_back(fair.db, step)
        assert (fair.seat(one), fair.seat(other)) == (("01", "28 09:50"), ("02", "28 09:30"))
        assert (fair.shown(one).is_locked, fair.board().slot_minutes) == (True, 20)
        do_again(fair.db, step)


def test_a_computed_timetable_keeps_what_people_were_told(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "02", local(28, 10, 30))
    timetable_acts.publish(fair.db, fair.expo)
    matching_setup.save(fair.db, fair.expo, {"slot_minutes": 30}, {})
    plan = timetable_plan.compute(fair.board())
    timetable_acts.rearrange(fair.db, fair.expo, plan.seats, plan.seen)
    assert (fair.seat(one), plan.moved, plan.added) == (("02", "28 10:30"), (), ())


def test_settings_are_kept_whole_or_not_at_all(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> int:
        raise Conflict("另一个程序正忙，数据未变。", "E-BUSY")

    monkeypatch.setattr(timetable_acts, "release_unfit", fail)
    with pytest.raises(Conflict):
        matching_setup.save(fair.db, fair.expo, {"slot_minutes": 30, "gap_minutes": 5}, {})
    kept = matching_setup.read(fair.db, fair.expo).values
    assert (kept["slot_minutes"], kept["gap_minutes"]) == (20, 0)


# --- why ---
def test_why_a_meeting_is_in_the_tray_and_what_would_help(fair: Fair) -> None:
    one = fair.meet("甲", "乙")
    board = fair.board()
    found = meeting_seats.reason_of(board, board.by_id[one])
    assert found.why is Why.FREE
    assert found.seat == Seat(fair.places["01"], local(28, 9, 30), 20)
    day = {"kind": TimeKind.CLOSED, "starts_at": local(28, 0), "ends_at": local(29, 0)}
    fair.add(MatchingTime(organisation_id=fair.organisation("甲"), **day))
    fair.add(
        MatchingTime(organisation_id=fair.organisation("乙"), **{**day, "starts_at": local(29), "ends_at": local(30)})
    )
    board = fair.board()
    assert meeting_seats.reason_of(board, board.by_id[one]).why is Why.NO_COMMON_SLOT


# --- publishing ---
def test_only_what_both_accepted_is_published_and_what_is_moved_since_is_told(fair: Fair) -> None:
    agreed = fair.meet("甲", "乙", "01", local(28, 9, 30))
    asked = fair.meet("丙", "丁", "02", local(28, 9, 30), state=MeetingState.REQUESTED)
    assert [c.kind for c in timetable_acts.changes(fair.board())] == [ChangeKind.ADDED]
    assert timetable_acts.publish(fair.db, fair.expo) == 1
    assert fair.kept(asked).published is None
    assert fair.kept(agreed).published is not None
    fair.place(agreed, "03", local(29, 9, 30))
    (change,) = timetable_acts.changes(fair.board())
    assert (change.kind, change.before.place_id, change.after.place_id) == (
        ChangeKind.MOVED, fair.places["01"], fair.places["03"],
    )  # fmt: skip
    timetable_acts.discard(fair.db, fair.expo)
    assert fair.seat(agreed) == ("01", "28 09:30")
    assert timetable_acts.changes(fair.board()) == []


def test_what_was_published_and_lost_its_seat_is_said_when_publishing(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    timetable_acts.publish(fair.db, fair.expo)
    timetable_acts.unplace(fair.db, fair.expo, one, reason="改线上")
    assert [c.kind for c in timetable_acts.changes(fair.board())] == [ChangeKind.REMOVED]
    timetable_acts.publish(fair.db, fair.expo)
    assert fair.kept(one).published is None


def test_publishing_another_list_than_the_one_agreed_to_is_refused(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", local(28, 9, 30))
    seen = timetable_acts.changes(fair.board())
    fair.place(one, "02", local(28, 9, 30))
    refused(lambda: timetable_acts.publish(fair.db, fair.expo, seen), "刚被别人改过")


def test_a_double_booking_that_came_in_by_a_list_is_not_published(fair: Fair) -> None:
    fair.meet("甲", "乙", "01", local(28, 9, 30))
    fair.meet("甲", "丙", "02", local(28, 9, 30))
    refused(lambda: timetable_acts.publish(fair.db, fair.expo), "已在")


def test_a_lock_is_for_a_meeting_that_has_a_seat(fair: Fair) -> None:
    one = fair.meet("甲", "乙")
    refused(lambda: timetable_acts.lock(fair.db, fair.expo, one, True), "还没有排")
    fair.place(one, "01", local(28, 9, 30))
    timetable_acts.lock(fair.db, fair.expo, one, True)
    assert fair.shown(one).is_locked


def test_nothing_is_placed_into_the_past(fair: Fair) -> None:
    one = fair.meet("甲", "乙")
    fair.db.clock = lambda: local(28, 12).astimezone(UTC)
    refused(lambda: fair.place(one, "01", local(28, 9, 30)), "已经过去")
    assert all(start > local(28, 12) for start, _place in timetable.free_seats(fair.board(), fair.shown(one)))
