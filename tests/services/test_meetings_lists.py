"""Lists of meetings and of who stands by: requests and outcomes in from Excel, out again, and what is refused."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord
from expo_app.exchange import excel, import_plan
from expo_app.model import (
    Expo,
    InterestLevel,
    Meeting,
    MeetingHours,
    MeetingPlace,
    MeetingState,
    Outcome,
    Role,
    Standby,
)
from expo_app.services import import_review, imports, records
from expo_app.services.meeting_desk import record
from expo_app.specs import MATCHING_CONSENTS, MEETINGS, STANDBY
from expo_app.specs import Outcome as Does
from expo_app.specs.choices import Choices
from expo_app.store.database import Actor, Database, open_database
from tests.factories import local, make_attendee, make_expo, make_organisation
from tests.lists import book_of, plan_of

REQUESTS = ["甲方", "甲方人员", "乙方", "议题"]
SEATS = ["甲方", "乙方", "桌位", "开始时间", "结果"]


class World:
    """An expo with a table, three organisations and one person of the second."""

    def __init__(self, db: Database) -> None:
        db.actor = Actor("周敏", Role.ADMIN)
        db.clock = lambda: local(28, 9)
        self.db = db
        with db.transaction() as session:
            expo = make_expo(session)
            for name in ("甲公司", "丙公司", "丁公司"):
                make_organisation(session, name)
            body = make_organisation(session, "乙公司")
            make_attendee(session, expo, "陆工", organisation_id=body.id)
            session.add(MeetingPlace(expo_id=expo.id, name="T1"))
            session.add(MeetingHours(expo_id=expo.id, day=date(2018, 11, 28), opens=time(9), closes=time(12)))
            self.expo = expo.id

    def plan(self, spec: Any, header: list[str], *rows: list[Any]) -> Any:
        planned = import_plan.plan(spec, book_of(header, rows), imports.state(self.db, spec, self.expo), Choices())
        return import_review.review(self.db, planned, self.expo)

    def take(self, spec: Any, header: list[str], *rows: list[Any]) -> Any:
        plan = self.plan(spec, header, *rows)
        assert [row.problems for row in plan.rows] == [{}] * len(plan.rows)
        return imports.apply(self.db, plan, self.expo)

    def meetings(self) -> list[Any]:
        with self.db.reading() as session:
            return list(session.scalars(select(Meeting).order_by(Meeting.meeting_no)))


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


def test_requests_come_in_with_numbers_people_and_a_term(world: World) -> None:
    batch = world.take(MEETINGS, REQUESTS, ["乙公司", "陆工", "甲公司", "阀门"], ["甲公司", None, "丙公司", "检测"])
    one, two = world.meetings()
    assert (one.meeting_no, two.meeting_no) == ("QT-001", "QT-002")
    assert (one.state, one.answer_by, one.asked_by) == (MeetingState.REQUESTED, local(29, 18), "周敏")
    assert one.a_person_id is not None
    again = world.plan(MEETINGS, REQUESTS, ["乙公司", "陆工", "甲公司", "阀门"])
    assert [row.outcome for row in again.rows] == [Does.SAME]
    imports.undo(world.db, batch)
    assert world.meetings() == []


def test_outcomes_of_meetings_that_were_held_come_in(world: World) -> None:
    header = [*SEATS, "意向程度", "意向金额", "下一步"]
    world.take(MEETINGS, header, ["甲公司", "乙公司", "T1", "2018-11-28 10:00", "已洽谈", "强烈", "50-200", "考察"])
    (one,) = world.meetings()
    assert (one.state, one.outcome, one.level) == (MeetingState.ACCEPTED, Outcome.HELD, InterestLevel.STRONG)
    assert (one.starts_at, one.minutes, one.next_step) == (local(28, 10), 20, "考察")
    assert (one.amount_from, one.amount_to) == (500_000, 2_000_000)


def test_what_went_out_comes_in_unchanged(world: World, tmp_path: Any) -> None:
    world.take(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", "2018-11-28 10:00", None])
    with world.db.transaction() as session:
        session.scalars(select(Meeting)).one().state = MeetingState.ACCEPTED
        zone = session.get_one(Expo, world.expo).zone_info
    rows = records.list_rows(world.db, MEETINGS, world.expo, MEETINGS.excel_fields)
    excel.write(MEETINGS, rows, tmp_path / "m.xlsx", zone=zone)
    plan = plan_of(MEETINGS, tmp_path / "m.xlsx", imports.state(world.db, MEETINGS, world.expo))
    assert [(row.outcome, row.problems) for row in plan.rows] == [(Does.SAME, {})]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["甲公司", "甲公司", None, None, None], "同一家"),
        (["甲公司", "没有这家", None, None, None], "没有这家"),
        (["甲公司", "乙公司", "T9", "2018-11-28 10:00", None], "没有洽谈点“T9”"),
        (["甲公司", "乙公司", "T1", None, None], "还要写开始时间"),
        (["甲公司", "乙公司", None, "2018-11-28 10:00", None], "还要写桌位"),
    ],
)
def test_what_cannot_be_is_said_in_the_plan(world: World, row: list[Any], words: str) -> None:
    plan = world.plan(MEETINGS, SEATS, row)
    assert words in " ".join(plan.rows[0].problems.values())


def test_two_of_a_list_at_one_table_are_said_with_the_row_in_the_way(world: World) -> None:
    at = "2018-11-28 10:00"
    plan = world.plan(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", at, None], ["丙公司", "乙公司", "T1", at, None])
    first, second = plan.rows
    assert first.problems == {}
    assert "第 2 行" in " ".join(second.problems.values())
    world.take(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", at, None])
    later = world.plan(MEETINGS, SEATS, ["丙公司", "乙公司", "T1", at, None])
    assert "QT-001" in " ".join(later.rows[0].problems.values())


def test_a_person_of_somebody_else_is_said_in_the_plan(world: World) -> None:
    plan = world.plan(MEETINGS, REQUESTS, ["甲公司", "陆工", "乙公司", "阀门"])
    assert "没有叫“陆工”的人员" in " ".join(plan.rows[0].problems.values())


def test_a_pair_twice_says_which_row(world: World) -> None:
    plan = world.plan(STANDBY, ["洽谈单位", "候补单位"], ["甲公司", "乙公司"], ["甲公司", "乙公司"])
    assert "2" in " ".join(plan.rows[1].problems.values())


def test_who_stands_by_comes_in_and_never_for_itself(world: World) -> None:
    world.take(STANDBY, ["洽谈单位", "候补单位", "备注"], ["甲公司", "乙公司", "上午"])
    with world.db.reading() as session:
        one = session.scalars(select(Standby)).one()
    assert (one.since, one.note, one.used_at) == (local(28, 9), "上午", None)
    plan = world.plan(STANDBY, ["洽谈单位", "候补单位"], ["甲公司", "甲公司"])
    assert "同一家" in " ".join(plan.rows[0].problems.values())


def test_a_form_does_not_book_a_table_twice(world: World) -> None:
    world.take(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", "2018-11-28 10:00", None])
    given = {"a_id": "丙公司", "b_id": "甲公司", "place": "T1", "starts_at": "2018-11-28 10:00"}
    with pytest.raises(InvalidRecord, match="QT-001"):
        records.save(world.db, MEETINGS, given, expo_id=world.expo)


def test_long_texts_and_other_scripts_are_kept(world: World) -> None:
    key = records.save(
        world.db, MEETINGS, {"a_id": "甲公司", "b_id": "乙公司", "subject": "閥門合作 <b>& co</b>"}, expo_id=world.expo
    )
    assert records.get(world.db, MEETINGS, key)["subject"] == "閥門合作 <b>& co</b>"
    with pytest.raises(InvalidRecord):
        records.save(world.db, MEETINGS, {"subject": "长" * 10_000}, key, expo_id=world.expo)


def test_outcome_is_of_what_was_agreed_on(world: World) -> None:
    world.take(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", "2018-11-28 10:00", None])
    (one,) = world.meetings()
    with pytest.raises(InvalidRecord, match="不会有结果"):
        records.save(world.db, MEETINGS, {"outcome": "HELD"}, one.id, expo_id=world.expo)
    records.save(world.db, MEETINGS, {"state": "ACCEPTED"}, one.id, expo_id=world.expo)
    world.db.clock = lambda: local(28, 10, 30)
    record(world.db, world.expo, one.id, Outcome.HELD)
    assert world.meetings()[0].outcome is Outcome.HELD


def test_of_two_lists_at_once_one_gets_the_last_seat(world: World) -> None:
    row = ["T1", "2018-11-28 10:00"]
    mine = world.plan(MEETINGS, SEATS[:4], ["甲公司", "乙公司", *row])
    other = world.plan(MEETINGS, SEATS[:4], ["丙公司", "丁公司", *row])
    assert [one.problems for one in (*mine.rows, *other.rows)] == [{}, {}]
    first = []

    def the_other_comes_first(_done: int, _of: int) -> None:
        if not first:
            first.append(None)
            second = open_database(world.db.target, clock=world.db.clock)
            second.actor = world.db.actor
            imports.apply(second, other, world.expo)
            second.close()

    with pytest.raises(Conflict, match="刚刚被别的场次占用"):
        imports.apply(world.db, mine, world.expo, the_other_comes_first)
    assert first
    assert [(one.meeting_no, one.place_id is not None) for one in world.meetings()] == [("QT-002", True)]


def test_a_list_does_not_go_past_who_said_no(world: World) -> None:
    kept = records.save(
        world.db, MATCHING_CONSENTS, {"organisation_id": "乙公司", "may_match": "否"}, expo_id=world.expo
    )
    refused = world.plan(MEETINGS, SEATS[:2], ["甲公司", "乙公司"], ["甲公司", "丙公司"])
    assert [list(row.problems) for row in refused.rows] == [["乙方"], []]
    assert "不同意被推荐" in refused.rows[0].problems["乙方"]
    met = world.plan(MEETINGS, SEATS, ["甲公司", "乙公司", "T1", "2018-11-28 08:00", "已洽谈"])
    assert [row.problems for row in met.rows] == [{}]  # what was held is told as it was
    with pytest.raises(InvalidRecord, match="不同意被推荐"):
        records.save(world.db, MEETINGS, {"a_id": "甲公司", "b_id": "乙公司", "subject": "阀门"}, expo_id=world.expo)
    records.save(world.db, MATCHING_CONSENTS, {"may_match": "是"}, kept)
    world.take(MEETINGS, SEATS[:2], ["甲公司", "乙公司"])
