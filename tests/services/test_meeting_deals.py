"""A meeting that was held becomes a task and a draft deal: both sides, once, its chain, and two clerks at one time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Answer,
    Deal,
    DealKind,
    DealStage,
    Demand,
    Entry,
    InterestLevel,
    MatchingConsent,
    MatchingSettings,
    Meeting,
    MeetingHours,
    MeetingPlace,
    MeetingState,
    Outcome,
    Provider,
    Role,
    ServiceItem,
    Standby,
    Suggestion,
    Task,
)
from expo_app.services import (
    chain,
    follow_up,
    imports,
    meeting_deals,
    meeting_desk,
    meeting_requests,
    merging,
    records,
    steps,
)
from expo_app.services.meeting_requests import Request
from expo_app.services.record_writer import followed
from expo_app.specs import DEALS, MEETINGS, TASKS
from expo_app.specs.merging import Pair
from expo_app.store.database import Actor, Database
from tests.factories import local, make_achievement, make_exhibitor, make_expo, make_organisation

HELD, ACCEPTED = Outcome.HELD, MeetingState.ACCEPTED


@dataclass
class World:
    """An expo whose exhibitor has a result that a visitor wants, and a table."""

    db: Database
    expo: Any
    owner: Any
    visitor: Any
    suggestion: Any
    place: Any
    demand: Any
    result: Any
    count: int = 0

    def meeting(self, **given):
        self.count += 1
        with self.db.transaction() as session:
            values = {"a_id": self.visitor, "b_id": self.owner, "state": ACCEPTED, "outcome": HELD} | given
            row = Meeting(expo_id=self.expo, meeting_no=f"QT-{self.count:03d}", asked_at=local(27), **values)
            session.add(row)
            session.flush()
            return row.id

    def deal(self, key):
        return records.get(self.db, DEALS, self.deal_id(key))

    def deal_id(self, key):
        with self.db.reading() as session:
            return session.scalar(select(Meeting.deal_id).where(Meeting.id == key))

    def count_of(self, model):
        with self.db.reading() as session:
            return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def world(db, monkeypatch):
    db.actor = Actor("周敏", Role.ADMIN)
    monkeypatch.setattr(db, "now", lambda: local(28, 9))
    with db.transaction() as session:
        expo = make_expo(session)
        owner, visitor = make_organisation(session, "甲研究所"), make_organisation(session, "乙公司")
        make_exhibitor(session, expo, organisation_id=owner.id)
        result = make_achievement(session, expo, "低温阀门", owner_id=owner.id, transfer_ways=["LICENCE"])
        demand = Demand(expo_id=expo.id, owner_id=visitor.id, title="要阀门")
        place = MeetingPlace(expo_id=expo.id, name="T1")
        session.add_all(
            [demand, place, *(MatchingConsent(expo_id=expo.id, organisation_id=b.id) for b in (owner, visitor))]
        )
        session.add(MeetingHours(expo_id=expo.id, day=date(2018, 11, 28), opens=time(10), closes=time(10, 20)))
        session.flush()
        found = Suggestion(
            expo_id=expo.id, demand_id=demand.id, achievement_id=result.id, counted_at=local(28), score=70,
            demand_answer=Answer.ACCEPTED, supply_answer=Answer.ACCEPTED,
        )  # fmt: skip
        session.add(found)
        session.flush()
        return World(db, expo.id, owner.id, visitor.id, found.id, place.id, demand.id, result.id)


def test_a_draft_deal_has_who_offers_as_its_seller(world):
    key = world.meeting(suggestion_id=world.suggestion, amount_from=Decimal(500_000), amount_to=Decimal(500_000))
    made = meeting_deals.make_deals(world.db, world.expo, [key])
    assert dict(made.deals) == {key: world.deal_id(key)}
    deal = world.deal(key)
    assert (deal["title"], deal["sellers"], deal["buyers"]) == ("低温阀门", "甲研究所", "乙公司")
    assert (deal["stage"], deal["entry"], deal["kind"]) == (DealStage.INTENT, Entry.DRAFT, DealKind.TECH_CONTRACT)
    assert (deal["amount"], deal["contract_kind"]) == (Decimal(500_000), "技术许可")
    assert "来自洽谈 QT-001" in deal["note"]
    again = meeting_deals.make_deals(world.db, world.expo, [key])
    assert (dict(again.deals), dict(again.there)) == ({}, {key: world.deal_id(key)})


def test_without_a_suggestion_the_exhibitor_sells_whoever_asked(world):
    for sides in ((world.visitor, world.owner), (world.owner, world.visitor)):
        key = world.meeting(a_id=sides[0], b_id=sides[1], subject="合作", amount_to=Decimal(2_000_000))
        meeting_deals.make_deals(world.db, world.expo, [key])
        deal = world.deal(key)
        assert (deal["title"], deal["sellers"], deal["buyers"]) == ("合作", "甲研究所", "乙公司")
        assert deal["amount"] is None
        assert "200.00 万元以内" in deal["note"]


def test_a_service_is_a_contract_of_services(world):
    with world.db.transaction() as session:
        provider = Provider(organisation_id=world.owner)
        session.add(provider)
        session.flush()
        item = ServiceItem(provider_id=provider.id, title="气密检测")
        session.add(item)
        session.flush()
        found = Suggestion(
            expo_id=world.expo, demand_id=world.demand, service_item_id=item.id, counted_at=local(28),
        )  # fmt: skip
        session.add(found)
        session.flush()
        suggestion = found.id
    key = world.meeting(suggestion_id=suggestion)
    meeting_deals.make_deals(world.db, world.expo, [key])
    assert (world.deal(key)["title"], world.deal(key)["contract_kind"]) == ("气密检测", "技术服务")


def test_who_stepped_in_is_the_side_of_the_deal(world):
    with world.db.transaction() as session:
        other = make_organisation(session, "丙公司").id
    key = world.meeting(outcome=Outcome.REPLACED, instead_id=other, instead_of="a", b_came_at=local(28, 10))
    meeting_deals.make_deals(world.db, world.expo, [key])
    assert (world.deal(key)["sellers"], world.deal(key)["buyers"]) == ("甲研究所", "丙公司")


@pytest.mark.parametrize(
    ("absent", "title", "contract_kind"), [("owner", "丙公司 — 乙公司", ""), ("visitor", "低温阀门", "技术许可")]
)
def test_nothing_of_the_absent_side_goes_into_the_deal(world, absent, title, contract_kind):
    with world.db.transaction() as session:
        other = make_organisation(session, "丙公司").id
    key = world.meeting(
        a_id=world.owner, b_id=world.visitor, suggestion_id=world.suggestion, subject="低温阀门转让",
        outcome=Outcome.REPLACED, instead_id=other, instead_of="a" if absent == "owner" else "b",
    )  # fmt: skip
    meeting_deals.make_deals(world.db, world.expo, [key])
    deal = world.deal(key)
    assert (deal["title"], deal["contract_kind"]) == (title, contract_kind)
    sides = ("丙公司", "乙公司") if absent == "owner" else ("甲研究所", "丙公司")
    assert (deal["sellers"], deal["buyers"]) == sides


@pytest.mark.parametrize("outcome", [None, Outcome.NO_SHOW_A, Outcome.MOVED])
def test_what_was_not_held_is_no_deal(world, outcome):
    held, other = world.meeting(), world.meeting(outcome=outcome)
    with pytest.raises(UserError, match="QT-002 还没有记为已洽谈"):
        meeting_deals.make_deals(world.db, world.expo, [held, other])
    assert world.count_of(Deal) == 0


def test_two_clerks_make_one_deal(world):
    key, start = world.meeting(), threading.Barrier(2)

    def clerk(_number):
        start.wait()
        made = meeting_deals.make_deals(world.db, world.expo, [key])
        return {**made.deals, **made.there}[key]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(clerk, range(2)))
    assert len(set(found)) == 1
    assert world.count_of(Deal) == 1


def test_two_requests_for_the_last_seat_get_it_once(world):
    with world.db.transaction() as session:
        more = make_organisation(session, "丙公司").id
    keys = [world.meeting(outcome=None), world.meeting(outcome=None, a_id=more)]
    start = threading.Barrier(2)

    def clerk(key):
        start.wait()
        try:
            return meeting_desk.quick_seat(world.db, world.expo, key).place_id
        except UserError as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(clerk, keys))
    assert sorted(map(str, found)) == sorted(["E-SEAT", str(world.place)])


def test_two_that_ask_at_once_share_the_last_one_of_a_cap(world):
    with world.db.transaction() as session:
        session.add(MatchingSettings(expo_id=world.expo, sent_at_most=1))
        others = [make_organisation(session, f"丁{n}公司").id for n in range(2)]
        session.add_all(MatchingConsent(expo_id=world.expo, organisation_id=key) for key in others)
    start = threading.Barrier(2)

    def clerk(other):
        start.wait()
        try:
            meeting_requests.ask(world.db, world.expo, Request(world.owner, other))
        except UserError as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(clerk, others)) == ["E-SENT", "asked"]


def test_one_who_stands_by_steps_in_at_one_table(world, monkeypatch):
    monkeypatch.setattr(world.db, "now", lambda: local(28, 10, 10))
    with world.db.transaction() as session:
        more, guest = make_organisation(session, "丙公司").id, make_organisation(session, "候补公司").id
        second = MeetingPlace(expo_id=world.expo, name="T2")
        session.add(second)
        session.add_all(
            Standby(expo_id=world.expo, host_id=h, guest_id=guest, since=local(28)) for h in (world.owner, more)
        )
        session.flush()
        other = second.id
    at = {"outcome": None, "starts_at": local(28, 10), "minutes": 20}
    with world.db.transaction() as session:
        fourth = make_organisation(session, "丁公司").id
    keys = [world.meeting(place_id=world.place, **at), world.meeting(place_id=other, a_id=fourth, b_id=more, **at)]
    start = threading.Barrier(2)

    def clerk(key):
        start.wait()
        try:
            return meeting_desk.step_in(world.db, world.expo, key, "a")
        except UserError as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(clerk, keys))
    assert sorted(map(str, found)) == sorted(["E-NO-STANDBY", str(guest)])


def test_a_deal_is_taken_back_as_a_whole_and_lets_go_of_its_meeting(world):
    key = world.meeting()
    with followed() as writers:
        meeting_deals.make_deals(world.db, world.expo, [key])
    steps.take_back(world.db, steps.step_of(DEALS.permission, writers))
    assert (world.deal_id(key), world.count_of(Deal)) == (None, 0)
    meeting_deals.make_deals(world.db, world.expo, [key])
    meeting_deals.unlink(world.db, world.expo, key)
    assert (world.deal_id(key), world.count_of(Deal)) == (None, 1)


def test_the_outcome_of_a_meeting_with_a_deal_stays(world):
    key = world.meeting(starts_at=local(28), place_id=world.place, minutes=20)
    meeting_deals.make_deals(world.db, world.expo, [key])
    with pytest.raises(UserError, match="已转签约"):
        meeting_desk.take_back(world.db, world.expo, key, seen=HELD)
    with world.db.transaction() as session:
        session.scalars(select(Deal)).one().entry = Entry.VOID
    meeting_desk.take_back(world.db, world.expo, key, seen=HELD)
    assert world.deal_id(key) is None


def test_a_task_is_called_by_the_next_step_and_says_who_met(world):
    key = world.meeting(next_step="现场考察", level=InterestLevel.STRONG)
    (made,) = meeting_deals.add_tasks(world.db, world.expo, [key], "小王", date(2018, 12, 5))
    task = records.get(world.db, TASKS, made)
    assert (task["title"], task["assignee"], task["meeting_id"]) == ("现场考察：甲研究所 — 乙公司", "小王", "QT-001")
    assert task["subject"] == "乙公司 — 甲研究所"
    assert [line.id for line in follow_up.tasks_of(world.db, "meeting_id", key)] == [made]
    assert world.count_of(Task) == 1


def test_the_chain_goes_from_demand_and_result_to_the_deal(world):
    key = world.meeting(suggestion_id=world.suggestion)
    (deal,) = meeting_deals.make_deals(world.db, world.expo, [key]).deals.values()
    for spec, record in (("meetings", key), ("deals", deal)):
        links = {link.key: link for link in chain.chain_of(world.db, world.expo, spec, record)}
        assert [one.id for one in links["demand"].records] == [world.demand]
        assert [one.id for one in links["result"].records] == [world.result]
        assert [one.id for one in links["suggestion"].records] == [world.suggestion]
        assert [(one.id, one.note) for one in links["meeting"].records] == [(key, "已洽谈")]
        assert [one.id for one in links["deal"].records] == [deal]
    down = {link.key: link for link in chain.chain_of(world.db, world.expo, "demands", world.demand)}
    assert [one.id for one in down["deal"].records] == [deal]


def test_two_that_were_to_meet_are_not_merged(world):
    world.meeting()
    with pytest.raises(Conflict, match="这两家之间有洽谈 QT-001"):
        merging.merge(world.db, Pair("organisations", world.owner, world.visitor))


def test_who_stood_by_for_itself_after_a_merge_does_so_no_more(world):
    with world.db.transaction() as session:
        session.add(Standby(expo_id=world.expo, host_id=world.owner, guest_id=world.visitor, since=local(28)))
    batch = merging.merge(world.db, Pair("organisations", world.owner, world.visitor))
    assert world.count_of(Standby) == 0
    imports.undo(world.db, batch)
    assert world.count_of(Standby) == 1


def test_a_request_by_names_says_which_is_not_known(world):
    with pytest.raises(InvalidRecord) as refused:
        meeting_requests.ask_named(world.db, world.expo, {"a_id": "没有这家", "b_id": "甲研究所"})
    assert "没有这家" in refused.value.problems["a_id"]
    with pytest.raises(InvalidRecord) as refused:
        meeting_requests.ask_named(
            world.db, world.expo, {"a_id": "乙公司", "b_id": "甲研究所", "a_person": "没有这人"}
        )  # fmt: skip
    assert "没有这人" in refused.value.problems["a_person"]
    asked = meeting_requests.ask_named(world.db, world.expo, {"a_id": "乙公司", "b_id": "甲研究所", "subject": "阀门"})
    assert records.get(world.db, MEETINGS, asked.id)["subject"] == "阀门"
