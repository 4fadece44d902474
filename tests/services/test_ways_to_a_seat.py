"""Every way to a seat, the list, an undo, the desk, the timetable, is judged by one rule and by one right."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import MatchingTime, MeetingPlace, MeetingState, PlaceKind, Role, TimeKind
from expo_app.rules.timetable import Left, greedy
from expo_app.services import meeting_desk, meeting_requests, records, steps, timetable, timetable_acts
from expo_app.services.record_writer import followed
from expo_app.services.timetable_solver import solve
from expo_app.specs import MEETINGS
from expo_app.store.database import Actor, Database
from tests.factories import local, make_person
from tests.made_meetings import Fair

AT = local(28, 10, 10)


@pytest.fixture
def fair(db: Database) -> Fair:
    return Fair(db)


def save(fair: Fair, key: Any, place: str, at: Any) -> None:
    records.save(fair.db, MEETINGS, {"place": place, "starts_at": at}, key, expo_id=fair.expo)


def people(fair: Fair, organisation: str, *names: str) -> list[Any]:
    body = fair.organisation(organisation)
    with fair.db.transaction() as session:
        made = [make_person(session, name, organisation_id=body) for name in names]
        session.flush()
        return [person.id for person in made]


def test_who_may_not_plan_gives_and_takes_no_seat_by_the_list(fair: Fair) -> None:
    one, seated = fair.meet("甲", "乙"), fair.meet("丙", "丁", "02", AT)
    fair.db.actor = Actor("招商", Role.DEALS)
    with pytest.raises(UserError) as told:
        save(fair, one, "01", AT)
    assert told.value.code == "E-ACCESS"
    with pytest.raises(UserError):
        records.save(fair.db, MEETINGS, {"place": ""}, seated, expo_id=fair.expo)
    records.save(fair.db, MEETINGS, {"note": "样品"}, seated, expo_id=fair.expo)
    assert (fair.seat(one), fair.seat(seated)) == (("", ""), ("02", "28 10:10"))


@pytest.mark.parametrize(
    ("place", "at", "words"),
    [
        ("01", local(28, 3, 7), "不在洽谈时段里"),
        ("01", local(28, 11, 10), "不开放"),
        ("02", AT, "已有"),
        ("A01", AT, "没有展商"),
    ],
)
def test_the_list_gives_no_seat_that_the_timetable_refuses(fair: Fair, place: str, at: Any, words: str) -> None:
    fair.meet("丙", "丁", "02", AT)
    span = {"starts_at": local(28, 11), "ends_at": local(28, 12), "kind": TimeKind.CLOSED}
    fair.add(MatchingTime(organisation_id=fair.organisation("甲"), **span))
    fair.add(MeetingPlace(name="A01", kind=PlaceKind.BOOTH))
    one = fair.meet("甲", "乙")
    with pytest.raises(InvalidRecord, match=words):
        save(fair, one, place, at)
    assert fair.seat(one) == ("", "")


def test_a_locked_meeting_is_moved_by_nobody(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", AT, is_locked=True)
    with pytest.raises(InvalidRecord, match="已锁定"):
        save(fair, one, "01", local(28, 10, 50))
    with pytest.raises(UserError, match="已锁定"):
        meeting_desk.move(fair.db, fair.expo, one, fair.places["02"], local(28, 11, 10))
    assert fair.seat(one) == ("01", "28 10:10")


def test_two_persons_of_one_organisation_sit_at_two_tables_whoever_seats_them(fair: Fair) -> None:
    first, second = people(fair, "甲", "张", "李")
    one, other = fair.meet("甲", "乙", "01", AT, a_person_id=first), fair.meet("甲", "丙", a_person_id=second)
    save(fair, other, "02", AT)
    with followed() as written:
        meeting_requests.cancel(fair.db, fair.expo, one, "误点", seen=MeetingState.ACCEPTED)
    steps.take_back(fair.db, steps.step_of("matching.edit", written))
    assert fair.seat(one) == ("01", "28 10:10")
    third = fair.meet("甲", "丁", "03", local(28, 11, 10), a_person_id=first)
    with followed() as written:
        meeting_requests.cancel(fair.db, fair.expo, one, "误点", seen=MeetingState.ACCEPTED)
    moved = meeting_desk.move(fair.db, fair.expo, third, fair.places["01"], AT)
    assert fair.seat(moved) == ("01", "28 10:10")
    with pytest.raises(Conflict, match="已有 甲 — 丁"):
        steps.take_back(fair.db, steps.step_of("matching.edit", written))


def test_an_expired_request_is_in_nobody_s_way(fair: Fair) -> None:
    fair.meet("戊", "己", "01", AT, state=MeetingState.REQUESTED, answer_by=local(1))
    one = fair.meet("甲", "乙", "02", local(28, 11, 10))
    assert fair.seat(meeting_desk.move(fair.db, fair.expo, one, fair.places["01"], AT)) == ("01", "28 10:10")


def test_a_meeting_moved_to_the_next_table_at_its_own_time_goes_back(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", AT)
    with followed() as written:
        meeting_desk.move(fair.db, fair.expo, one, fair.places["02"], AT)
    steps.take_back(fair.db, steps.step_of("matching.desk", written))
    assert fair.seat(one) == ("01", "28 10:10")


def test_of_two_lists_that_want_one_seat_one_gets_it(fair: Fair) -> None:
    keys = fair.meet("甲", "乙"), fair.meet("丙", "丁")

    def tried(key: Any) -> str:
        try:
            save(fair, key, "01", AT)
        except InvalidRecord as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(tried, keys))
    assert sorted(map(bool, said)) == [False, True]
    assert sorted(fair.seat(key)[0] for key in keys) == ["", "01"]


def test_who_cancels_while_the_timetable_is_written_leaves_no_seat_behind(fair: Fair) -> None:
    one = fair.meet("甲", "乙")

    def cancelled() -> None:
        meeting_requests.cancel(fair.db, fair.expo, one, "不谈了", seen=MeetingState.ACCEPTED)

    def placed() -> None:
        with contextlib.suppress(UserError):  # cancelled by then
            fair.place(one, "01", AT)

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(placed), both.submit(cancelled)]:
            done.result()
    assert (fair.kept(one).state, fair.kept(one).place_id) == (MeetingState.CANCELLED, None)


@pytest.mark.parametrize("computed", [greedy, lambda one: solve(one, seconds=5, cancelled=bool, better=id)])
def test_the_limit_of_a_day_is_the_organisation_s_whoever_of_it_comes(db: Database, computed: Any) -> None:
    fair = Fair(db, a_day_at_most=1)
    for number, person in enumerate(people(fair, "甲", "张", "李", "王")):
        fair.meet("甲", f"乙{number}", a_person_id=person)
    result = computed(timetable.problem(fair.board()))
    days = [timetable.problem(fair.board()).days[slot] for slot, _place in result.placed.values()]
    assert sorted(days) == [0, 1]
    assert list(result.left.values()) == [Left.DAY_LIMIT]


def test_why_a_seat_was_lost_is_said_until_there_is_another(fair: Fair) -> None:
    one = fair.meet("甲", "乙", "01", AT, reason="名额破例")
    timetable_acts.close_place(fair.db, fair.expo, fair.places["01"], "桌子坏了")
    assert fair.shown(one).reason == "桌子坏了"
    fair.place(one, "02", AT)
    assert (fair.shown(one).reason, fair.kept(one).unseated) == ("名额破例", "")
