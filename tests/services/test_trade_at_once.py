"""Two programs at the same deals at once: nothing is lost, one wins and the other is told, nobody waits for ever."""

import os
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from expo_app.errors import UserError
from expo_app.model import Deal, DealStage, DealStep, Entry, PressVersion
from expo_app.services import contracts, deals, deals_ceremony, records, steps
from expo_app.services.record_writer import followed
from expo_app.specs import CONTRACTS, DEALS
from expo_app.store.database import Database, open_database
from tests.factories import local, make_deal, make_expo
from tests.services.test_contracts import WHOLE

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ("2018330300999001", "2018330300999002", "2018330300999003")
Act = Callable[[Database], object]


class Fair:
    """An expo with some signed contracts, complete but for the register, and an intention."""

    def __init__(self, db: Database) -> None:
        db.clock = lambda: local(30, 15)
        with db.transaction() as session:
            expo = make_expo(session, code="KJH24")
            self.expo_id = expo.id
            more: dict[str, Any] = {"signed_on": date(2018, 11, 28), "sellers": ("甲院",), "buyers": ("乙公司",)}
            made = {"镜片许可": "1000", "储氢阀门": "50000", "声学测量": "700000"}
            self.deals = [make_deal(session, expo, *deal, tech_amount=800, **more).id for deal in made.items()]
            self.intended = make_deal(session, expo, "意向", "1000", stage=DealStage.INTENT, signed_on=None).id
            self.draft = make_deal(session, expo, "草稿", "1000", entry=Entry.DRAFT, stage=DealStage.INTENT).id


@pytest.fixture
def fair(db: Database) -> Fair:
    return Fair(db)


def meanwhile(db: Database, first: Act, second: Act) -> tuple[str, str]:
    """What became of two acts, the second of which begins when the first has written and not committed yet.

    "" for one that was done, else its code or the field that was refused. Each has connections of its own.
    """
    has_written, may_end, ends = threading.Event(), threading.Event(), dict[str, str]()
    holder, other = (open_database(db.target, clock=db.clock) for _n in range(2))

    @event.listens_for(holder.writer, "commit")
    def wait(_connection: Connection) -> None:
        has_written.set()
        may_end.wait(60)

    def run(name: str, own: Database, act: Act) -> None:
        try:
            act(own)
            ends[name] = ""
        except UserError as refused:
            ends[name] = refused.code or "".join(getattr(refused, "problems", {}))
        finally:
            has_written.set()

    threads = [threading.Thread(target=run, args=("first", holder, first))]
    threads.append(threading.Thread(target=run, args=("second", other, second)))
    threads[0].start()
    has_written.wait(60)
    threads[1].start()
    threads[1].join(0.15)  # it waits for the first, or was done without having to
    may_end.set()
    for thread in threads:
        thread.join(60)
    holder.close()
    other.close()
    return ends["first"], ends["second"]


def of(db: Database, key: uuid.UUID) -> dict[str, Any]:
    return records.get(db, DEALS, key)


def test_an_edit_of_what_somebody_just_changed_is_refused(db: Database, fair: Fair) -> None:
    """In the signing desk, on the stage and in the register alike."""
    (deal, *_rest), seen = fair.deals, of(db, fair.deals[0])

    def said(amount: str) -> Act:
        values = {"amount": amount}
        return lambda own: deals.register(own, fair.expo_id, values, deal, reason="补充协议", seen=seen)

    assert meanwhile(db, said("1"), said("2")) == ("", "E-CONFLICT")
    assert of(db, deal)["amount"] == Decimal(10_000)

    def witness(name: str) -> Act:
        return lambda own: deals_ceremony.prepare(own, fair.expo_id, deal, {"witness": name}, seen)

    assert meanwhile(db, witness("甲"), witness("乙")) == ("", "E-CONFLICT")
    assert of(db, deal)["witness"] == "甲"
    before = records.get(db, CONTRACTS, deal)

    def office(name: str) -> Act:
        values = {"registry_office": name}
        return lambda own: records.save(own, CONTRACTS, values, deal, expo_id=fair.expo_id, seen=before)

    assert meanwhile(db, office("甲市登记处"), office("乙市登记处")) == ("", "E-CONFLICT")
    assert records.get(db, CONTRACTS, deal)["registry_office"] == "甲市登记处"


def test_what_is_signed_meanwhile_goes_back_with_a_reason_alone(db: Database, fair: Fair) -> None:
    key = fair.intended
    ends = meanwhile(
        db,
        lambda own: deals.advance(own, [key], DealStage.SIGNED, signed_on=date(2018, 11, 29)),
        lambda own: deals.advance(own, [key], DealStage.INTENT),
    )
    assert ends == ("", "E-REASON")
    assert of(db, key)["stage"] is DealStage.SIGNED


def test_what_is_void_meanwhile_moves_nowhere(db: Database, fair: Fair) -> None:
    key = fair.deals[0]
    ends = meanwhile(
        db,
        lambda own: deals.set_entry(own, [key], Entry.VOID, "签错了"),
        lambda own: deals.advance(own, fair.deals[::-1], DealStage.PERFORMING),
    )
    assert ends == ("", "E-STATE")
    assert {of(db, one)["stage"] for one in fair.deals} == {DealStage.SIGNED}


def test_many_in_another_order_wait_for_each_other_and_both_are_done(db: Database, fair: Fair) -> None:
    ends = meanwhile(
        db,
        lambda own: deals.advance(own, fair.deals, DealStage.PERFORMING),
        lambda own: deals.set_entry(own, fair.deals[::-1], Entry.VOID, "签错了"),
    )
    assert ends == ("", "")
    assert {(of(db, one)["stage"], of(db, one)["entry"]) for one in fair.deals} == {
        (DealStage.PERFORMING, Entry.VOID)
    }  # fmt: skip


@pytest.mark.parametrize("act", range(4))
def test_a_draft_that_is_deleted_meanwhile_is_said_to_be_gone(db: Database, fair: Fair, act: int) -> None:
    acts: list[Act] = [
        lambda own: deals.register(own, fair.expo_id, {"title": "改"}, fair.draft, draft=True),
        lambda own: deals.advance(own, [fair.draft], DealStage.SIGNED, signed_on=date(2018, 11, 29)),
        lambda own: deals.set_entry(own, [fair.draft], Entry.CHECK),
        lambda own: deals.clear_duplicate(own, fair.draft),
    ]
    assert meanwhile(db, lambda own: deals.delete_drafts(own, [fair.draft]), acts[act]) == ("", "E-GONE")


def test_the_same_deal_entered_at_two_desks_is_asked_about_at_the_second(db: Database, fair: Fair) -> None:
    values = {
        "title": "传感器联合开发", "kind": "技术合同", "stage": "签约", "sellers": "甲院", "buyers": "丙公司",
        "amount": "860", "tech_amount": "780", "signed_on": "2018-11-28",
    }  # fmt: skip

    def enter(own: Database) -> None:
        deals.register(own, fair.expo_id, values)

    assert meanwhile(db, enter, enter) == ("", "E-DUPLICATE")


def test_what_is_undone_meanwhile_is_gone_and_what_was_changed_is_not_undone(db: Database, fair: Fair) -> None:
    def made(title: str) -> tuple[uuid.UUID, steps.Step]:
        with followed() as writers:
            key = deals.register(db, fair.expo_id, {"title": title}, draft=True)
        step = steps.step_of("deals.edit", writers)
        assert step is not None
        return key, step

    def edit(key: uuid.UUID) -> Act:
        return lambda own: deals.register(own, fair.expo_id, {"note": "改"}, key, draft=True)

    key, step = made("一")
    assert meanwhile(db, lambda own: steps.take_back(own, step), edit(key)) == ("", "E-GONE")
    key, step = made("二")
    assert meanwhile(db, edit(key), lambda own: steps.take_back(own, step)) == ("", "E-CHANGED-SINCE")
    assert of(db, key)["note"] == "改"


def test_the_order_of_a_stage_that_was_changed_meanwhile_is_looked_at_again(db: Database, fair: Fair) -> None:
    deals_ceremony.arrange(db, [("第 1 批", fair.deals)])
    seen = deals_ceremony.signings(db, fair.expo_id)

    def put(*order: int) -> Act:
        batch = ("第 1 批", [fair.deals[place] for place in order])
        return lambda own: deals_ceremony.arrange(own, [batch], seen)

    assert meanwhile(db, put(2, 1, 0), put(1, 0, 2)) == ("", "E-CONFLICT")
    assert [one.id for one in deals_ceremony.signings(db, fair.expo_id)] == fair.deals[::-1]


def test_a_contract_goes_to_the_office_once(db: Database, fair: Fair) -> None:
    for key in fair.deals:
        records.save(db, CONTRACTS, WHOLE, key, expo_id=fair.expo_id)

    def submit(*keys: uuid.UUID) -> Act:
        return lambda own: contracts.submit(own, keys, date(2018, 11, 29))

    assert meanwhile(db, submit(*fair.deals), submit(*fair.deals[::-1])) == ("", "E-STATE")
    assert [len(contracts.history(db, key)) for key in fair.deals] == [1, 1, 1]


def test_what_is_emptied_meanwhile_is_not_handed_in(db: Database, fair: Fair) -> None:
    key = fair.deals[0]
    records.save(db, CONTRACTS, WHOLE, key, expo_id=fair.expo_id)
    ends = meanwhile(
        db,
        lambda own: records.save(own, CONTRACTS, {"patents": None}, key, expo_id=fair.expo_id),
        lambda own: contracts.submit(own, [key], date(2018, 11, 29)),
    )
    assert ends == ("", "E-INCOMPLETE")


def test_a_number_of_the_office_is_given_once(db: Database, fair: Fair) -> None:
    """To one contract, and in one expo, by the step with the office or by the form."""
    one, two, three = fair.deals

    def give(key: uuid.UUID, number: str) -> Act:
        return lambda own: contracts.enter(own, key, date(2018, 11, 30), number)

    def fill_in(own: Database) -> None:
        values = {"registry_no": NUMBERS[2], "registered_on": "2018-11-30"}
        records.save(own, CONTRACTS, values, three, expo_id=fair.expo_id)

    assert meanwhile(db, give(one, NUMBERS[0]), give(one, NUMBERS[1])) == ("", "E-STATE")
    assert of(db, one)["stage"] is DealStage.REGISTERED
    assert meanwhile(db, give(two, NUMBERS[2]), fill_in) == ("", "registry_no")
    assert [records.get(db, CONTRACTS, key)["registry_no"] or "" for key in fair.deals] == [
        NUMBERS[0], NUMBERS[2], "",
    ]  # fmt: skip


def worked(target: str, expo_id: uuid.UUID, acts: int, is_killed: bool) -> tuple[Counter[str], Counter[str]]:
    """What three programs did at once and how often, and what they were refused; one may be killed half way."""
    command = [sys.executable, str(Path(__file__).with_name("trade_process.py")), target, str(expo_id)]
    environment, said = os.environ | {"PYTHONPATH": str(ROOT)}, list[str]()
    children = [
        subprocess.Popen([*command, str(seed), str(acts)], stdout=subprocess.PIPE, text=True, env=environment)
        for seed in range(3)
    ]
    first, *others = children
    assert first.stdout is not None
    if is_killed:
        said += [first.stdout.readline() for _n in range(acts // 2)]
        first.kill()
    with first.stdout as rest:
        said += rest.readlines()
    assert first.wait() == 0 or is_killed
    for child in others:
        said += child.communicate()[0].splitlines()
        assert child.returncode == 0
    done, refused = Counter[str](), Counter[str]()
    for act, what in map(str.split, said):
        if act == "refused":
            refused[what] += 1
        else:
            done[act] += int(what)
    return done, refused


@pytest.mark.slow
@pytest.mark.parametrize("is_killed", [False, True])
def test_three_programs_at_the_same_deals_lose_nothing(db: Database, fair: Fair, is_killed: bool) -> None:
    """One that is killed may have kept an act that it did not come to say."""
    deals.delete_drafts(db, [fair.draft])
    deals.advance(db, [fair.intended], DealStage.SIGNED, signed_on=date(2018, 11, 29))
    before = sum(of(db, key)["amount"] for key in [*fair.deals, fair.intended])
    done, refused = worked(db.target, fair.expo_id, 40, is_killed)
    assert set(refused) <= {"E-CONFLICT", "E-STATE", "E-INCOMPLETE", "registry_no"}, refused
    with db.reading() as session:
        rows = session.scalars(select(Deal)).all()
        stepped = session.scalar(select(func.count()).where(DealStep.reason == "步"))
        versions = sorted(session.scalars(select(PressVersion.version_no)))
    kept = {
        "edit": sum(row.amount or 0 for row in rows) - before, "prepare": sum(int(row.witness or 0) for row in rows),
        "step": stepped, "approve": len(versions),
    }  # fmt: skip
    unsaid = {name: kept[name] - done[name] for name in kept}
    assert not any(unsaid.values()) or (is_killed and sorted(unsaid.values())[:3] == [0] * 3), unsaid
    assert versions == list(range(1, len(versions) + 1))
    numbers = [row.registry_no for row in rows if row.registry_no and row.entry is not Entry.VOID]
    assert len(numbers) == len(set(numbers))
    on_stage = sorted(row.signing_order for row in rows if row.signing_order)
    assert on_stage == list(range(1, len(on_stage) + 1))
    for row in rows:
        last = deals.steps(db, row.id)[-1]
        assert (row.stage, row.entry) == (last.stage, last.entry)
