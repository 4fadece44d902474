"""Requests for meetings: the matrix, consent, caps, one open meeting of a pair, answers, expiry, and setting back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Answer,
    AskerKind,
    Audit,
    Demand,
    Exhibitor,
    Expo,
    MatchingConsent,
    MatchingSettings,
    Meeting,
    MeetingPlace,
    MeetingState,
    Outcome,
    Provider,
    Role,
    SharedWith,
    Suggestion,
)
from expo_app.rules.meeting_requests import MATRIX, is_expired, matrix_of, usual_expiry
from expo_app.services import meeting_requests as requests
from expo_app.services.meeting_consents import read_consents
from expo_app.services.meeting_requests import OverLimitError, Request
from expo_app.store.database import Actor, Database
from tests.factories import (
    SHANGHAI,
    local,
    make_achievement,
    make_attendee,
    make_exhibitor,
    make_expo,
    make_item,
    make_organisation,
    make_speaker,
)

REQUESTED, ACCEPTED = MeetingState.REQUESTED, MeetingState.ACCEPTED


@dataclass
class World:
    """An expo on its first morning with two exhibitors, a visitor and consent of all three."""

    db: Database
    expo: Any
    one: Any
    two: Any
    visitor: Any

    def set(self, **given):
        with self.db.transaction() as session:
            row = session.scalars(select(MatchingSettings).where(MatchingSettings.expo_id == self.expo)).first()
            if row is None:
                row = MatchingSettings(expo_id=self.expo)
                session.add(row)
            for name, value in given.items():
                setattr(row, name, value)

    def ask(self, a, b, **given):
        return requests.ask(self.db, self.expo, Request(a, b, **given))

    def row(self, key):
        with self.db.reading() as session:
            return dict(session.execute(select(Meeting.__table__).where(Meeting.id == key)).mappings().one())

    def put(self, key, **values):
        with self.db.transaction() as session:
            session.execute(update(Meeting).where(Meeting.id == key).values(**values))

    def table(self):
        with self.db.transaction() as session:
            place = MeetingPlace(expo_id=self.expo, name="T1")
            session.add(place)
            session.flush()
            return place.id


@pytest.fixture
def world(db, monkeypatch):
    db.actor = Actor("周敏", Role.ADMIN)
    monkeypatch.setattr(db, "now", lambda: local(28, 9))
    with db.transaction() as session:
        expo = make_expo(session)
        one, two, visitor = (make_organisation(session, name) for name in ("甲公司", "乙公司", "丙公司"))
        make_exhibitor(session, expo, organisation_id=one.id)
        make_exhibitor(session, expo, organisation_id=two.id)
        for body in (one, two, visitor):
            session.add(MatchingConsent(expo_id=expo.id, organisation_id=body.id))
        return World(db, expo.id, one.id, two.id, visitor.id)


def test_a_request_waits_until_the_evening_before_the_last_day(world):
    asked = world.ask(world.visitor, world.one, subject="低温阀门")
    row = world.row(asked.id)
    assert not asked.is_mutual
    assert (row["meeting_no"], row["state"], row["subject"]) == ("QT-001", REQUESTED, "低温阀门")
    assert (row["asked_by"], row["asked_at"], row["answer_by"]) == ("周敏", local(28, 9), local(29, 18))


def test_the_term_is_what_is_set_and_a_request_after_it_is_refused(world):
    world.set(expires_at=local(28, 12))
    assert world.row(world.ask(world.visitor, world.one).id)["answer_by"] == local(28, 12)
    world.set(expires_at=local(28, 8))
    with pytest.raises(UserError, match="答复期限"):
        world.ask(world.visitor, world.two)


def test_an_expo_of_one_day_has_its_term_before_it():
    assert usual_expiry(date(2018, 11, 28), date(2018, 11, 28), SHANGHAI) == local(27, 18)


def test_nobody_asks_itself(world):
    with pytest.raises(InvalidRecord) as problem:
        world.ask(world.one, world.one)
    assert "同一家" in str(problem.value.problems["b_id"])


def test_exhibitors_may_be_asked_by_visitors_who_do_not_ask_each_other(world):
    with world.db.transaction() as session:
        other = make_organisation(session, "丁公司").id
        session.add(MatchingConsent(expo_id=world.expo, organisation_id=other))
    with pytest.raises(OverLimitError, match="丙公司是观众，不能向观众请求洽谈"):
        world.ask(world.visitor, other)
    asked = world.ask(world.visitor, other, override="组委会安排")
    assert world.row(asked.id)["reason"] == "组委会安排"


def test_a_reason_that_lifts_a_limit_is_logged(world):
    world.set(sent_at_most=0)
    asked = world.ask(world.one, world.two, override="书记点名")
    with world.db.reading() as session:
        query = select(Audit.reason).where(Audit.record_id == asked.id)
        assert session.scalars(query).all() == ["书记点名"]


def test_speakers_are_neither_asked_nor_ask(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        body = make_organisation(session, "主讲大学")
        person = make_attendee(session, expo, "沈老师", organisation_id=body.id)
        make_speaker(session, make_item(session, expo, "论坛"), person_id=person.person_id)
        session.add(MatchingConsent(expo_id=world.expo, organisation_id=body.id))
        key = body.id
    with world.db.reading() as session:
        assert requests.kinds_of(session, world.expo, [key])[key] == {AskerKind.SPEAKER}
    with pytest.raises(OverLimitError, match="嘉宾"):
        world.ask(world.one, key)
    with pytest.raises(OverLimitError, match="嘉宾"):
        world.ask(key, world.one)


def test_an_organisation_of_two_kinds_may_what_either_may(world):
    with world.db.transaction() as session:
        session.add(Provider(organisation_id=world.one))
    with world.db.reading() as session:
        assert requests.kinds_of(session, world.expo, [world.one])[world.one] == {
            AskerKind.EXHIBITOR, AskerKind.SERVICE,
        }  # fmt: skip
    world.set(matrix={"SERVICE": ["VISITOR"]})
    assert world.ask(world.one, world.visitor).id
    with pytest.raises(OverLimitError):
        world.ask(world.one, world.two)


def test_the_matrix_as_kept_is_read_by_names():
    assert matrix_of(None) == MATRIX
    kept = matrix_of({"VISITOR": ["EXHIBITOR"]})
    assert kept[AskerKind.VISITOR] == {AskerKind.EXHIBITOR}
    assert not kept[AskerKind.EXHIBITOR]


def test_what_one_sends_is_capped_and_what_expired_does_not_count(world):
    world.set(sent_at_most=1)
    first = world.ask(world.one, world.two)
    with pytest.raises(OverLimitError, match="已有 1 个请求"):
        world.ask(world.one, world.visitor)
    world.put(first.id, answer_by=local(28, 8))
    assert world.ask(world.one, world.visitor).id


def test_what_one_is_asked_does_not_count_for_its_cap(world):
    world.set(sent_at_most=1)
    world.ask(world.two, world.one)
    assert world.ask(world.one, world.visitor).id


def test_nobody_agrees_on_more_than_the_days_take(world):
    world.set(a_day_at_most=1)
    with world.db.transaction() as session:
        others = [make_organisation(session, f"丁{n}公司").id for n in range(3)]
        for n, other in enumerate(others):
            session.add(
                Meeting(expo_id=world.expo, meeting_no=f"QT-1{n}", a_id=other, b_id=world.one, state=ACCEPTED,
                        asked_at=local(28))
            )  # fmt: skip
    with pytest.raises(OverLimitError, match="甲公司已有 3 场洽谈"):
        world.ask(world.two, world.one)


def test_without_consent_nobody_is_asked_and_no_reason_lifts_that(world):
    with world.db.transaction() as session:
        other = make_organisation(session, "没同意公司").id
    for given in ({}, {"override": "领导要求"}):
        with pytest.raises(UserError, match="没同意公司没有同意被推荐"):
            world.ask(world.one, other, **given)


def test_consent_that_ended_ends_sharing_too(world):
    with world.db.transaction() as session:
        row = session.scalars(select(MatchingConsent).where(MatchingConsent.organisation_id == world.two)).one()
        row.valid_until = date(2018, 11, 28)
    with world.db.reading() as session:
        on_the_day = read_consents(session, world.expo, date(2018, 11, 28))
        after = read_consents(session, world.expo, date(2018, 11, 29))
    assert on_the_day.may_match(world.two)
    assert on_the_day.is_shared(world.two)
    assert not after.may_match(world.two)
    assert not after.is_shared(world.two)


def test_a_persons_own_word_goes_before_the_organisations(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        person = make_attendee(session, expo, "陆工", organisation_id=world.two).person_id
        other = make_attendee(session, expo, "顾工", organisation_id=world.two).person_id
        session.add(
            MatchingConsent(expo_id=world.expo, organisation_id=world.two, person_id=person, may_match=True,
                            shared_with=SharedWith.NOBODY)
        )  # fmt: skip
    with world.db.reading() as session:
        consents = read_consents(session, world.expo, date(2018, 11, 28))
    assert consents.may_match(world.two, person)
    assert not consents.is_shared(world.two, person)
    assert consents.is_shared(world.two, other)
    assert not consents.may_match(other)


def test_a_pair_has_one_open_meeting(world):
    world.ask(world.one, world.two)
    with pytest.raises(Conflict, match="甲公司和乙公司已有洽谈 QT-001（待答复）"):
        world.ask(world.one, world.two)


def test_who_is_asked_back_has_agreed(world):
    first = world.ask(world.one, world.two)
    back = world.ask(world.two, world.one)
    assert (back.id, back.is_mutual) == (first.id, True)
    row = world.row(first.id)
    assert (row["state"], row["is_mutual"], row["a_id"]) == (ACCEPTED, True, world.one)
    with pytest.raises(Conflict, match="双方已同意"):
        world.ask(world.two, world.one)


def test_an_expired_request_does_not_keep_a_pair(world):
    first = world.ask(world.one, world.two)
    world.put(first.id, answer_by=local(28, 8))
    assert is_expired(REQUESTED, local(28, 8), local(28, 9))
    assert world.ask(world.one, world.two).id != first.id


def test_what_both_accepted_is_no_cold_request_and_who_shows_a_result_is_an_exhibitor(world):
    """Visitors do not ask each other, but two that accepted a suggestion need no exception."""
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        owner, other = (make_organisation(session, name).id for name in ("研究所", "戊公司"))
        session.add_all(MatchingConsent(expo_id=world.expo, organisation_id=body) for body in (owner, other))
        result = make_achievement(session, expo, "低温阀门", owner_id=owner)
        demand = Demand(expo_id=world.expo, owner_id=world.visitor, title="要低温阀门")
        session.add(demand)
        session.flush()
        found = Suggestion(
            expo_id=world.expo, demand_id=demand.id, achievement_id=result.id, counted_at=local(28),
            demand_answer=Answer.ACCEPTED, supply_answer=Answer.ACCEPTED,
        )  # fmt: skip
        session.add(found)
        session.flush()
        key = found.id
    with world.db.reading() as session:
        assert requests.kinds_of(session, world.expo, [owner])[owner] == {AskerKind.EXHIBITOR}
    world.set(matrix={})  # nobody may ask anybody
    with pytest.raises(OverLimitError, match="不能向"):
        world.ask(world.visitor, other)
    asked = requests.ask_of_suggestion(world.db, world.expo, key)
    assert asked.is_mutual
    assert world.row(asked.id)["reason"] == ""


def test_both_accepted_suggestion_is_agreed_on_at_once(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        result = make_achievement(session, expo, "低温阀门", owner_id=world.one)
        demand = Demand(expo_id=world.expo, owner_id=world.visitor, title="要低温阀门")
        session.add(demand)
        session.flush()
        found = Suggestion(
            expo_id=world.expo, demand_id=demand.id, achievement_id=result.id, counted_at=local(28),
            demand_answer=Answer.ACCEPTED, supply_answer=Answer.WAITING,
        )  # fmt: skip
        session.add(found)
        session.flush()
        key = found.id
    waiting = requests.ask_of_suggestion(world.db, world.expo, key)
    assert not waiting.is_mutual
    with world.db.transaction() as session:
        session.get_one(Suggestion, key).supply_answer = Answer.ACCEPTED
    agreed = requests.ask_of_suggestion(world.db, world.expo, key)
    assert agreed == requests.Asked(waiting.id, is_mutual=True)
    requests.cancel(world.db, world.expo, waiting.id, "重来", seen=ACCEPTED)
    again = requests.ask_of_suggestion(world.db, world.expo, key)
    row = world.row(again.id)
    assert again.is_mutual
    assert (row["state"], row["a_id"], row["b_id"]) == (ACCEPTED, world.visitor, world.one)
    assert (row["suggestion_id"], row["answer_by"]) == (key, None)
    with pytest.raises(Conflict, match="不是这两家在本届的"):  # it says nothing of another pair
        world.ask(world.two, world.one, suggestion_id=key)
    with world.db.transaction() as session:
        elsewhere = make_expo(session, code="X2").id
        session.add_all(MatchingConsent(expo_id=elsewhere, organisation_id=body) for body in (world.visitor, world.one))
    with pytest.raises(Conflict, match="不是这两家在本届的"):
        requests.ask_of_suggestion(world.db, elsewhere, key, "破例")


def test_an_answer_says_who_gave_it_and_comes_once(world):
    asked = world.ask(world.one, world.two)
    requests.accept(world.db, world.expo, asked.id, "陆工 · 电话", seen=REQUESTED)
    row = world.row(asked.id)
    assert (row["state"], row["answer_how"], row["answered_at"]) == (ACCEPTED, "陆工 · 电话", local(28, 9))
    with pytest.raises(Conflict, match="刚被改为“双方已同意”"):
        requests.decline(world.db, world.expo, asked.id, "不方便", seen=REQUESTED)
    with pytest.raises(UserError, match="不再等答复"):
        requests.decline(world.db, world.expo, asked.id, "不方便", seen=ACCEPTED)


@pytest.mark.parametrize("whose", ["one", "two"])
def test_nobody_accepts_for_who_no_longer_agrees_to_be_matched(world, whose):
    asked = world.ask(world.one, world.two)
    body = getattr(world, whose)
    with world.db.transaction() as session:
        session.execute(update(MatchingConsent).where(MatchingConsent.organisation_id == body).values(may_match=False))
    with pytest.raises(UserError, match="没有同意被推荐，或同意已过期，没有保存，数据未变"):
        requests.accept(world.db, world.expo, asked.id, "电话", seen=REQUESTED)
    assert world.row(asked.id)["state"] is REQUESTED
    requests.decline(world.db, world.expo, asked.id, "不再参加", seen=REQUESTED)


def test_no_answer_after_the_term_until_it_is_set_back(world, monkeypatch):
    asked = world.ask(world.one, world.two)
    world.put(asked.id, answer_by=local(28, 8))
    with pytest.raises(UserError, match="期限已过"):
        requests.accept(world.db, world.expo, asked.id, "电话", seen=REQUESTED)
    requests.set_back(world.db, world.expo, asked.id, seen=REQUESTED)
    assert world.row(asked.id)["answer_by"] == local(29, 18)
    requests.accept(world.db, world.expo, asked.id, "电话", seen=REQUESTED)


def test_declining_and_cancelling_need_a_reason(world):
    asked = world.ask(world.one, world.two)
    for act in (requests.decline, requests.cancel):
        with pytest.raises(InvalidRecord):
            act(world.db, world.expo, asked.id, " ", seen=REQUESTED)
    requests.decline(world.db, world.expo, asked.id, "没有时间", seen=REQUESTED)
    assert (world.row(asked.id)["state"], world.row(asked.id)["reason"]) == (MeetingState.DECLINED, "没有时间")
    assert world.ask(world.one, world.two).id != asked.id


def test_cancelling_gives_the_seat_back_until_the_slot_begins(world, monkeypatch):
    place, asked = world.table(), world.ask(world.one, world.two)
    requests.accept(world.db, world.expo, asked.id, "", seen=REQUESTED)
    world.put(asked.id, place_id=place, starts_at=local(28, 10), minutes=20, is_locked=True)
    monkeypatch.setattr(world.db, "now", lambda: local(28, 10))
    with pytest.raises(UserError, match="时段已开始"):
        requests.cancel(world.db, world.expo, asked.id, "来不了", seen=ACCEPTED)
    monkeypatch.setattr(world.db, "now", lambda: local(28, 10) - timedelta(seconds=1))
    requests.cancel(world.db, world.expo, asked.id, "来不了", seen=ACCEPTED)
    row = world.row(asked.id)
    assert (row["state"], row["place_id"], row["starts_at"], row["is_locked"]) == (
        MeetingState.CANCELLED, None, None, False,
    )  # fmt: skip


def test_what_was_held_is_not_set_back(world):
    asked = world.ask(world.one, world.two)
    world.put(asked.id, state=ACCEPTED, outcome=Outcome.HELD)
    with pytest.raises(UserError, match="已有结果“已洽谈”"):
        requests.set_back(world.db, world.expo, asked.id, seen=ACCEPTED)


def test_a_declined_one_is_not_set_back_beside_another(world):
    first = world.ask(world.one, world.two)
    requests.decline(world.db, world.expo, first.id, "没有时间", seen=REQUESTED)
    world.ask(world.one, world.two)
    with pytest.raises(Conflict, match="QT-002"):
        requests.set_back(world.db, world.expo, first.id, seen=MeetingState.DECLINED)


def test_who_asks_back_says_who_comes_and_what_about(world):
    with world.db.transaction() as session:
        person = make_attendee(session, session.get_one(Expo, world.expo), "陆工", organisation_id=world.two).person_id
    first = world.ask(world.one, world.two, subject="阀门")
    world.ask(world.two, world.one, subject="检测", a_person_id=person)
    row = world.row(first.id)
    assert (row["a_person_id"], row["b_person_id"], row["subject"]) == (None, person, "阀门 / 检测")


def test_an_expired_request_of_the_pair_is_in_no_way_of_setting_back(world):
    first = world.ask(world.one, world.two)
    requests.decline(world.db, world.expo, first.id, "时间不合", seen=REQUESTED)
    world.put(world.ask(world.one, world.two).id, answer_by=local(28, 8))
    requests.set_back(world.db, world.expo, first.id, seen=MeetingState.DECLINED)
    assert world.row(first.id)["state"] is REQUESTED


def test_the_contacts_named_with_demand_and_stand_come_to_the_meeting_unless_they_said_no(world):
    with world.db.transaction() as session:
        expo = session.get_one(Expo, world.expo)
        asks, answers = (
            make_attendee(session, expo, name, organisation_id=body).person_id
            for name, body in (("李芳", world.visitor), ("陆工", world.one))
        )
        stand = session.scalars(select(Exhibitor).where(Exhibitor.organisation_id == world.one)).one()
        stand.contact_id = answers
        result = make_achievement(session, expo, "低温阀门", owner_id=world.one)
        demand = Demand(expo_id=world.expo, owner_id=world.visitor, title="要低温阀门", contact_id=asks)
        session.add(demand)
        session.add(MatchingConsent(expo_id=world.expo, organisation_id=world.one, person_id=answers, may_match=False))
        session.flush()
        found = Suggestion(
            expo_id=world.expo, demand_id=demand.id, achievement_id=result.id, counted_at=local(28),
            demand_answer=Answer.ACCEPTED, supply_answer=Answer.ACCEPTED,
        )  # fmt: skip
        session.add(found)
        session.flush()
        key = found.id
    row = world.row(requests.ask_of_suggestion(world.db, world.expo, key).id)
    assert (row["a_person_id"], row["b_person_id"]) == (asks, None)
