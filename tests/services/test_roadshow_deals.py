"""Interest in a pitch becomes a task and a draft deal: both sides, once, and taken back as a whole."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    Deal,
    DealKind,
    DealParty,
    DealPatent,
    DealStage,
    DealStep,
    Entry,
    Expo,
    Interest,
    InterestLevel,
    Organisation,
    PartyRole,
    PatentKind,
    ProgrammeItem,
    Role,
    Task,
)
from expo_app.rules import patents
from expo_app.services import deals, follow_up, records, roadshow, roadshow_deals, steps
from expo_app.services.record_writer import followed
from expo_app.services.statistics.deals import deal_totals
from expo_app.specs import DEALS, INTERESTS, TASKS
from expo_app.store.database import Actor, Database
from tests.factories import local, make_achievement, make_expo, make_item, make_organisation, make_pitch, word


@dataclass
class World:
    """An expo with one roadshow and one pitch, and what it takes to be interested in it."""

    db: Database
    expo: object
    item: object
    pitch: object
    owner: object
    count: int = 0

    def interest(self, body="", **given):
        self.count += 1
        with self.db.transaction() as session:
            key = None
            if body:
                key = session.scalar(select(Organisation.id).where(Organisation.name == body))
                key = key or make_organisation(session, body).id
            row = Interest(
                expo_id=self.expo, pitch_id=self.pitch, interest_no=f"YX-{self.count:03d}", organisation_id=key,
                at=local(29, 15), **{"level": InterestLevel.REAL, **given},
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def deal(self, interest):
        return records.get(self.db, DEALS, self.deal_id(interest))

    def deal_id(self, interest):
        with self.db.reading() as session:
            return session.scalar(select(Interest.deal_id).where(Interest.id == interest))

    def count_of(self, model):
        with self.db.reading() as session:
            return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def world(db):
    db.actor = Actor("周敏", Role.ADMIN)
    with db.transaction() as session:
        expo = make_expo(session)
        item = make_item(session, expo, "成果路演", kind="roadshow")
        owner = make_organisation(session, "甲研究所", nature="事业法人")
        result = make_achievement(
            session, expo, "低温阀门", owner_id=owner.id, transfer_ways=["LICENCE", "INVESTMENT"], patent_no=_valid(),
        )  # fmt: skip
        pitch = make_pitch(session, item, result)
        return World(db, expo.id, item.id, pitch.id, owner.id)


def _valid():
    """A granted patent's number with the right last digit."""
    return f"ZL201310123456.{patents.check_digit('201310123456')}"


def test_a_draft_deal_has_both_sides(world):
    with world.db.transaction() as session:
        make_organisation(session, "乙公司", nature="有限责任公司")
    one = world.interest("乙公司", amount_from=Decimal(2_000_000), amount_to=Decimal(2_000_000))
    made = roadshow_deals.make_deals(world.db, world.expo, [one])
    assert dict(made.deals) == {one: world.deal_id(one)}
    assert not made.there
    deal = world.deal(one)
    assert (deal["title"], deal["sellers"], deal["buyers"]) == ("低温阀门", "甲研究所", "乙公司")
    assert (deal["stage"], deal["entry"], deal["kind"]) == (DealStage.INTENT, Entry.DRAFT, DealKind.TECH_CONTRACT)
    assert (deal["amount"], deal["contract_kind"], deal["signed_on"]) == (Decimal(2_000_000), "技术许可", None)
    with world.db.reading() as session:
        key = made.deals[one]
        assert session.scalar(select(Deal.programme_item_id).where(Deal.id == key)) == world.item
        query = select(DealParty.role, DealParty.nature).where(DealParty.deal_id == key)
        assert set(session.execute(query).all()) == {(PartyRole.SELLER, "事业法人"), (PartyRole.BUYER, "有限责任公司")}
        patent = session.scalars(select(DealPatent).where(DealPatent.deal_id == key)).one()
        assert (patent.kind, patent.title, patent.holder) == (PatentKind.INVENTION, "低温阀门", "甲研究所")
        assert patent.patent_no == patent.application_no
        assert len(patent.patent_no) == 13


def test_a_draft_counts_in_no_figure(world):
    one = world.interest("乙公司", amount_from=Decimal(2_000_000), amount_to=Decimal(2_000_000))
    roadshow_deals.make_deals(world.db, world.expo, [one])
    totals = deal_totals(world.db, world.expo)
    assert (totals.signed, totals.intended) == (0, 0)


@pytest.mark.parametrize(
    ("low", "high", "noted"),
    [
        (None, None, ""), ("500000", "2000000", "意向金额：50.00–200.00 万元"),
        ("500000", None, "意向金额：50.00 万元以上"), (None, "500000", "意向金额：50.00 万元以内"),
    ],
)  # fmt: skip
def test_a_range_is_no_amount_and_stands_in_the_note(world, low, high, noted):
    given = {"amount_from": low and Decimal(low), "amount_to": high and Decimal(high)}
    one = world.interest("乙公司", **given)
    roadshow_deals.make_deals(world.db, world.expo, [one])
    assert world.deal(one)["amount"] is None
    assert [line for line in (world.deal(one)["note"] or "").splitlines() if "金额" in line] == [noted] * bool(noted)


def test_an_investor_invests_and_somebody_may_say_otherwise(world):
    with world.db.transaction() as session:
        kind = word(session, "organisation_kinds", "investor")
        make_organisation(session, "丙资本", kind_id=kind)
    one, other = world.interest("丙资本"), world.interest("丙资本")
    assert {found.usual for found in roadshow_deals.prospects(world.db, [one, other])} == {DealKind.INVESTMENT}
    roadshow_deals.make_deals(world.db, world.expo, [one])
    assert (world.deal(one)["kind"], world.deal(one)["contract_kind"]) == (DealKind.INVESTMENT, "")
    roadshow_deals.make_deals(world.db, world.expo, [other], DealKind.FRAMEWORK)
    deal = world.deal(other)
    assert (deal["kind"], deal["others"], deal["sellers"]) == (DealKind.FRAMEWORK, "甲研究所、丙资本", None)


def test_a_second_time_gives_the_deal_there_is(world):
    one, other = world.interest("乙公司"), world.interest("丙公司")
    first = roadshow_deals.make_deals(world.db, world.expo, [one]).deals[one]
    again = roadshow_deals.make_deals(world.db, world.expo, [one, other])
    assert dict(again.there) == {one: first}
    assert set(again.deals) == {other}
    assert world.count_of(Deal) == 2


def test_a_void_deal_is_none_and_another_may_be_made(world):
    one = world.interest("乙公司")
    first = roadshow_deals.make_deals(world.db, world.expo, [one]).deals[one]
    deals.set_entry(world.db, [first], Entry.VOID, "填错了")
    assert [key for key, _words in roadshow_deals.without_deal(world.db, world.expo)] == [one]
    with followed() as writers:
        again = roadshow_deals.make_deals(world.db, world.expo, [one])
    assert (again.there, world.deal_id(one)) == ({}, again.deals[one])
    assert again.deals[one] != first
    steps.take_back(world.db, steps.step_of(DEALS.permission, writers))
    assert world.deal_id(one) == first


def test_without_an_organisation_it_is_asked_for_and_kept(world):
    one, other = world.interest(contact="周舟"), world.interest("乙公司")
    with pytest.raises(InvalidRecord) as refused:
        roadshow_deals.make_deals(world.db, world.expo, [other, one])
    assert set(refused.value.problems) == {"organisation_id"}
    assert world.count_of(Deal) == 0  # all or none
    roadshow_deals.make_deals(world.db, world.expo, [one], organisations={one: "丁公司（新）"})
    assert world.deal(one)["buyers"] == "丁公司（新）"
    assert records.get(world.db, INTERESTS, one)["organisation_id"] == "丁公司（新）"


def test_the_owner_cannot_buy_its_own_result(world):
    one = world.interest("甲研究所")
    with pytest.raises(UserError) as refused:
        roadshow_deals.make_deals(world.db, world.expo, [one])
    assert refused.value.code == "E-ONESELF"
    assert world.count_of(Deal) == 0


def test_a_number_that_cannot_be_read_is_told_in_the_note(world):
    with world.db.transaction() as session:
        expo, item = session.get_one(Expo, world.expo), session.get_one(ProgrammeItem, world.item)
        result = make_achievement(session, expo, "未定专利", owner_id=world.owner, patent_no="申请中 12-3")
        pitch = make_pitch(session, item, result)
        world.pitch = pitch.id
    one = world.interest("乙公司")
    roadshow_deals.make_deals(world.db, world.expo, [one])
    assert "申请中 12-3" in world.deal(one)["note"]
    assert world.count_of(DealPatent) == 0


def test_taken_back_and_done_again_as_a_whole(world):
    one = world.interest(contact="周舟")
    with followed() as writers:
        roadshow_deals.make_deals(world.db, world.expo, [one], organisations={one: "丁公司"})
    step = steps.step_of(DEALS.permission, writers)
    key = world.deal_id(one)
    steps.take_back(world.db, step)
    assert [world.count_of(model) for model in (Deal, DealParty, DealStep, DealPatent)] == [0, 0, 0, 0]
    assert world.deal_id(one) is None
    assert records.get(world.db, INTERESTS, one)["organisation_id"] is None
    steps.do_again(world.db, step)
    assert world.deal_id(one) == key
    assert world.deal(one)["buyers"] == "丁公司"


def test_taking_back_is_refused_once_the_deal_was_worked_on(world):
    one = world.interest("乙公司")
    with followed() as writers:
        made = roadshow_deals.make_deals(world.db, world.expo, [one])
    step = steps.step_of(DEALS.permission, writers)
    deals.register(world.db, world.expo, {"amount": "90"}, made.deals[one], draft=True)
    with pytest.raises(Conflict):
        steps.take_back(world.db, step)
    assert world.deal_id(one) == made.deals[one]


def test_a_draft_that_is_deleted_lets_its_interest_go_and_comes_back_to_it(world):
    one = world.interest("乙公司")
    key = roadshow_deals.make_deals(world.db, world.expo, [one]).deals[one]
    with followed() as writers:
        deals.delete_drafts(world.db, [key])
    assert world.deal_id(one) is None
    steps.take_back(world.db, steps.step_of(DEALS.permission, writers))
    assert world.deal_id(one) == key


def test_two_clerks_make_one_deal(world):
    one = world.interest("乙公司")
    start = threading.Barrier(2)

    def clerk(_number):
        start.wait()
        made = roadshow_deals.make_deals(world.db, world.expo, [one])
        return {**made.deals, **made.there}[one]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(clerk, range(2)))
    assert len(set(found)) == 1
    assert world.count_of(Deal) == 1


def killed_at(process, step):
    """How the process that makes the deal ended that was to die there."""
    process.stdin.write(f"{step}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_program_killed_between_interest_and_deal_leaves_both_or_neither(world, stride):
    """Before and behind every statement, and at the commit; afterwards one deal can still be made, and one alone is."""
    one = world.interest("乙公司", amount_from=Decimal(500_000), amount_to=Decimal(2_000_000))
    command = [sys.executable, "-m", "tests.services.roadshow_process", world.db.target, str(one)]
    killed = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for step in range(1, 300, stride):
            status = killed_at(process, step)
            parts = [world.count_of(model) for model in (Deal, DealParty, DealPatent)]
            if world.deal_id(one) is not None:
                break
            killed += 1
            assert (status, parts) == (-signal.SIGKILL, [0, 0, 0])
        process.communicate(timeout=60)
    assert parts == [1, 2, 1]
    assert killed * stride > 20  # so many places to die in
    made = roadshow_deals.make_deals(world.db, world.expo, [one])
    assert (len(made.deals), list(made.there.values())) == (0, [world.deal_id(one)])


def test_a_full_disk_keeps_neither_interest_nor_deal_and_says_so(world):
    """What was there stays; once there is room the same is done."""
    if not world.db.is_sqlite:
        pytest.skip("whose disk is full there, the server says")
    record = partial(roadshow.record_interest, world.db, world.pitch)
    several = [record({"organisation_id": "乙公司", "contact": f"某{n}"}) for n in range(60)]

    def room(pages):
        with world.db.writer.connect() as connection:
            now = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")

    room(0)
    with pytest.raises(UserError) as full:
        for _n in range(200):
            record({"level": InterestLevel.STRONG, "note": "长" * 900})
            room(0)
    assert full.value.code == "E-DB-FULL"
    made = []
    room(0)
    with pytest.raises(UserError) as full:
        for one in several:
            made += roadshow_deals.make_deals(world.db, world.expo, [one]).deals
            room(0)
    assert full.value.code == "E-DB-FULL"
    linked = [one for one in several if world.deal_id(one)]
    assert (linked, world.count_of(Deal), world.count_of(DealParty)) == (made, len(made), 2 * len(made))
    room(10_000)
    assert len(roadshow_deals.make_deals(world.db, world.expo, several).deals) == len(several) - len(made)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DESK, Role.AUDITOR])
def test_only_who_enters_deals_may(world, role):
    one = world.interest("乙公司")
    world.db.actor = Actor("某人", role)
    with pytest.raises(UserError):
        roadshow_deals.make_deals(world.db, world.expo, [one])
    assert world.deal_id(one) is None


def test_tasks_of_interests_concern_their_pitch(world):
    one, other = world.interest("乙公司", next_step="约洽谈"), world.interest(contact="周舟")
    made = roadshow_deals.add_tasks(world.db, world.expo, [one, other], "王工", date(2018, 12, 5))
    titles = [records.get(world.db, TASKS, key)["title"] for key in made]
    assert titles == ["约洽谈：乙公司", "跟进意向：周舟"]
    with world.db.reading() as session:
        query = select(Task.pitch_id, Task.interest_id, Task.assignee, Task.due_on).order_by(Task.task_no)
        found = session.execute(query).all()
    assert found == [(world.pitch, key, "王工", date(2018, 12, 5)) for key in (one, other)]
    assert [line.id for line in follow_up.tasks_of(world.db, "interest_id", one)] == made[:1]
    assert {line.id for line in follow_up.tasks_of(world.db, "pitch_id", world.pitch)} == set(made)


def test_a_deal_that_came_of_an_interest_all_the_same_is_linked(world):
    one, other = world.interest("乙公司"), world.interest("丙公司")
    made = roadshow_deals.make_deals(world.db, world.expo, [other])
    key = deals.register(world.db, world.expo, {"title": "另签", "kind": "其他", "stage": "意向"}, draft=True)
    roadshow_deals.link(world.db, world.expo, one, key)
    assert world.deal_id(one) == key
    with pytest.raises(Conflict) as refused:
        roadshow_deals.link(world.db, world.expo, other, key)
    assert refused.value.code == "E-LINKED"
    assert world.deal_id(other) == made.deals[other]
    roadshow_deals.link(world.db, world.expo, one, None)
    assert world.deal_id(one) is None


def test_what_is_gone_is_said(world):
    one = world.interest("乙公司")
    records.delete(world.db, INTERESTS, [one])
    for act in (
        lambda: roadshow_deals.make_deals(world.db, world.expo, [one]),
        lambda: roadshow_deals.add_tasks(world.db, world.expo, [one], "王工", None),
        lambda: roadshow_deals.link(world.db, world.expo, one, None),
    ):
        with pytest.raises(Conflict):
            act()
