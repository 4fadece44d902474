"""The limits of a region's year, whichever version gives: by acts, undo, lists and merges; and versions that meet."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expo_app.errors import Conflict, UserError
from expo_app.model import Voucher, VoucherPolicy
from expo_app.services import imports, records, steps, voucher_acts, voucher_lists, voucher_uses
from expo_app.services.merging import Pair, merge
from expo_app.services.record_writer import followed
from expo_app.services.steps import Step
from expo_app.specs import ORGANISATIONS, POLICIES, SPECS, VOUCHERS
from expo_app.store import doctor, staging, voucher_sums
from expo_app.store.database import Database, open_database
from tests.factories import make_expo
from tests.made_vouchers import HERE, Counter, check_sums
from tests.services.test_voucher_lists import ISSUED, issued, plan

MOST = Decimal("10000.00")
SECOND = {"version_no": 2, "valid_from": date(2030, 6, 1), "valid_until": date(2030, 12, 31)}


@pytest.fixture
def counter(db: Database) -> Counter:
    """One budget, and one cap of a company, in two versions of the year."""
    counter = Counter(db, budget=MOST, cap_per_year=MOST, valid_until=date(2030, 5, 31))
    counter.add_policy(**SECOND, budget=MOST, cap_per_year=MOST)
    return counter


def step_of(act: Callable[[], object], permission: str = "vouchers.check") -> Step:
    with followed() as writers:
        act()
    step = steps.step_of(permission, writers)
    assert step is not None
    return step


def refused(counter: Counter, act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as caught:
        act()
    check_sums(counter.db)
    assert counter.pots()[""] <= MOST
    return caught.value


def second(counter: Counter, amount: str = "10000.00") -> None:
    """Another company takes so much under the second version."""
    counter.day(date(2030, 6, 2))
    counter.voucher(amount, counter.add_company("丙公司"))


def test_an_undone_cancellation_gives_no_year_twice(counter: Counter) -> None:
    voucher = counter.voucher("10000.00")
    step = step_of(lambda: voucher_acts.cancel(counter.db, counter.expo_id, voucher, "误"))
    second(counter)
    assert refused(counter, lambda: steps.take_back(counter.db, step)).code == "E-CHANGED-SINCE"


def test_an_approval_done_again_gives_no_year_twice(counter: Counter) -> None:
    voucher = counter.apply("10000.00")
    step = step_of(lambda: voucher_acts.approve(counter.db, counter.expo_id, voucher))
    steps.take_back(counter.db, step)
    second(counter)
    assert refused(counter, lambda: steps.do_again(counter.db, step)).code in ("E-CHANGED-SINCE", "E-GONE")


def test_a_pot_as_full_as_it_was_but_of_other_versions_is_no_way_round(db: Database) -> None:
    """Of three versions the most generous gave all back: what is undone is not within the limit of the others."""
    counter = Counter(db, budget=MOST, valid_until=date(2030, 5, 31))
    counter.add_policy(**SECOND | {"valid_until": date(2030, 8, 31)}, budget=MOST * 3)
    counter.add_policy(version_no=3, valid_from=date(2030, 9, 1), budget=MOST * 2)
    first = counter.voucher("10000.00")
    counter.day(date(2030, 6, 2))
    generous = counter.voucher("20000.00", counter.add_company("丙公司"))
    step = step_of(lambda: voucher_acts.cancel(db, counter.expo_id, first, "误"))
    voucher_acts.cancel(db, counter.expo_id, generous, "误")
    counter.day(date(2030, 9, 2))
    counter.voucher("20000.00", counter.add_company("丁公司"))
    with pytest.raises(Conflict, match=r"共 30,000\.00 元，超过上限 20,000\.00 元"):
        steps.take_back(db, step)
    check_sums(db)


def test_a_return_taken_back_does_not_pay_what_the_use_came_to_before(db: Database) -> None:
    """Returned, submitted for less and returned again: the first return undone leaves what it came to last."""
    counter = Counter(db)
    voucher = counter.voucher("10000.00")
    use = counter.use("20000.00", voucher_id=voucher)
    step = step_of(lambda: voucher_uses.send_back(db, counter.expo_id, use, "缺盖章"))
    less = replace(voucher_uses.open_use(db, use), contract_amount=Decimal(8000))
    voucher_uses.submit(db, counter.expo_id, less)
    voucher_uses.send_back(db, counter.expo_id, use, "缺盖章")
    steps.take_back(db, step)
    assert counter.row(Voucher, voucher).used == Decimal(4000)
    check_sums(db)


def test_one_company_of_two_classes_comes_of_no_undo(db: Database) -> None:
    counter = Counter(db, cap_per_year=MOST)
    counter.add_class("小微", cap_per_year=MOST * 2)
    one, other = counter.voucher("5000.00"), counter.voucher("5000.00")
    step = step_of(lambda: voucher_acts.cancel(db, counter.expo_id, one, "误"))
    voucher_acts.cancel(db, counter.expo_id, other, "误")
    counter.voucher("5000.00", applicant="小微")
    with pytest.raises(Conflict, match="两个年度上限不同的类别"):
        steps.take_back(db, step)
    check_sums(db)


@pytest.mark.parametrize("is_others", [False, True])
def test_a_list_that_began_a_year_is_taken_back_without_the_part_of_others(db: Database, is_others: bool) -> None:
    counter = Counter(db)
    batch = imports.apply(db, plan(counter, VOUCHERS, ISSUED, issued("K1", "100")), counter.expo_id)
    assert batch is not None
    if is_others:
        counter.voucher("10.00", counter.add_company("丙公司"))
        with pytest.raises(Conflict, match="不能整批撤销"):
            imports.undo(db, batch)
    else:
        imports.undo(db, batch)
        records.delete(db, ORGANISATIONS, [counter.company])  # of whom nothing is left: the empty pot goes along
    assert counter.pots()[""] == (Decimal(110) if is_others else Decimal(0))
    check_sums(db)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_list_and_a_desk_give_no_year_twice(counter: Counter, monkeypatch: pytest.MonkeyPatch, is_late: bool) -> None:
    counter.day(date(2030, 6, 2))
    planned = plan(counter, VOUCHERS, ISSUED, issued("K1", "10000"))
    key = counter.apply("10000.00", counter.add_company("丙公司"))

    def approve() -> None:
        desk = open_database(counter.db.target, clock=counter.db.clock)
        voucher_acts.approve(desk, counter.expo_id, key)
        desk.close()

    write = staging.write

    def late(*given: Any, **more: Any) -> None:
        approve()
        write(*given, **more)

    if is_late:
        monkeypatch.setattr(staging, "write", late)
    else:
        approve()
    refused(counter, lambda: imports.apply(counter.db, planned, counter.expo_id))
    assert counter.pots()[""] == MOST


@pytest.mark.parametrize("amount", ["4000.00", "4000.01"])
def test_two_companies_made_one_took_of_all_versions_what_one_may(db: Database, amount: str) -> None:
    counter = Counter(db, cap_per_year=MOST, valid_until=date(2030, 5, 31))
    counter.add_policy(**SECOND, cap_per_year=MOST)
    other = counter.add_company("丙公司")
    counter.voucher("6000.00")
    counter.day(date(2030, 6, 2))
    counter.voucher(amount, other)
    pair = Pair("organisations", counter.company, other)
    if amount == "4000.00":
        imports.undo(db, merge(db, pair))
        check_sums(db)
        merge(db, pair)
        assert counter.pots() == {"": MOST, "甲公司": MOST}
    else:
        with pytest.raises(Conflict, match=r"2030 年这两家的券合起来 10,000\.01 元，超过每企业每年上限 10,000\.00 元"):
            merge(db, pair)
    check_sums(db)


def test_companies_of_two_classes_stay_two(db: Database) -> None:
    counter = Counter(db, cap_per_year=MOST)
    counter.add_class("小微", cap_per_year=MOST * 2)
    other = counter.add_company("丙公司")
    counter.voucher("5000.00")
    counter.voucher("5000.00", other, applicant="小微")
    with pytest.raises(Conflict, match="不同的类别"):
        merge(db, Pair("organisations", counter.company, other))
    counter.voucher("1.00")
    counter.voucher("1.00", other, applicant="小微")
    check_sums(db)


@pytest.mark.parametrize("has_pot", [True, False])
def test_a_merge_waits_for_an_approval(db: Database, monkeypatch: pytest.MonkeyPatch, has_pot: bool) -> None:
    counter = Counter(db)
    other = counter.add_company("丙公司")
    counter.voucher("1000.00")
    if has_pot:
        counter.voucher("1000.00", other)
    third = counter.apply("1000.00", other)
    at_take, merging = threading.Event(), threading.Event()
    take = voucher_lists.take

    def late(*given: Any) -> None:
        at_take.set()
        merging.wait(3)
        take(*given)

    monkeypatch.setattr(voucher_lists, "take", late)
    failed: list[str] = []

    def tried(act: Callable[[Database], object]) -> None:
        desk = open_database(db.target, clock=db.clock)
        try:
            act(desk)
        except UserError as error:
            failed.append(repr(error))
        finally:
            desk.close()

    approving = threading.Thread(target=tried, args=(lambda desk: voucher_acts.approve(desk, counter.expo_id, third),))
    approving.start()
    at_take.wait(30)
    pair = Pair("organisations", counter.company, other)
    joining = threading.Thread(target=tried, args=(lambda desk: merge(desk, pair),))
    joining.start()
    time.sleep(0.5)
    merging.set()
    approving.join()
    joining.join()
    assert failed == []
    taken = Decimal(3000 if has_pot else 2000)
    assert counter.pots() == {"": taken, "甲公司": taken}
    check_sums(db)


def test_the_doctor_tells_of_a_year_that_was_given_out_twice(counter: Counter) -> None:
    counter.voucher("10000.00")
    with counter.db.reading() as session:
        assert voucher_sums.beyond(session.connection()) == 0
    counter.change(VoucherPolicy, counter.policy, budget=Decimal(5000), cap_per_year=Decimal(5000))
    with counter.db.reading() as session:
        assert voucher_sums.beyond(session.connection()) == 2
        assert any("上限" in finding.text for finding in doctor._vouchers(session.connection()))


# --- versions, and roles, that meet -----------------------------------------------------------------------------------
def versions(db: Database) -> int:
    return records.count(db, POLICIES)


def enter(db: Database, **given: Any) -> None:
    said = {"region_code": HERE, "title": "新办法", "rate": Decimal(30), "valid_from": date(2030, 6, 1), **given}
    records.save(db, POLICIES, said)


def test_an_end_taken_back_makes_no_two_versions_of_one_day(db: Database) -> None:
    counter = Counter(db)
    step = step_of(
        lambda: records.save(db, POLICIES, {"valid_until": date(2030, 5, 31)}, counter.policy), "vouchers.policy"
    )
    enter(db)
    with pytest.raises(Conflict, match="《新办法》第 1 版"):
        steps.take_back(db, step)
    assert counter.row(VoucherPolicy, counter.policy).valid_until == date(2030, 5, 31)


def test_a_deletion_taken_back_makes_no_two_versions_of_one_day(db: Database) -> None:
    counter = Counter(db)
    step = step_of(lambda: records.delete(db, POLICIES, [counter.policy]), "vouchers.policy")
    enter(db)
    with pytest.raises(Conflict, match="《新办法》第 1 版"):
        steps.take_back(db, step)
    assert versions(db) == 1


def test_a_version_done_again_makes_no_two_versions_of_one_day(db: Database) -> None:
    Counter(db, valid_until=date(2030, 5, 31))
    step = step_of(lambda: enter(db), "vouchers.policy")
    steps.take_back(db, step)
    enter(db, title="另一办法")
    with pytest.raises(Conflict, match="《另一办法》第 1 版"):
        steps.do_again(db, step)
    assert versions(db) == 2


def test_a_list_taken_back_makes_no_two_versions_of_one_day(db: Database) -> None:
    counter = Counter(db)
    header = ["地区", "办法名称", "版次", "有效期起", "有效期止", "补助比例"]
    row = [HERE, "创新券办法", 1, "2030-01-01", "2030-05-31", "50"]
    batch = imports.apply(db, plan(counter, POLICIES, header, row), counter.expo_id)
    assert batch is not None
    assert counter.row(VoucherPolicy, counter.policy).valid_until == date(2030, 5, 31)
    enter(db)
    with pytest.raises(Conflict, match="《新办法》第 1 版"):
        imports.undo(db, batch)


def test_a_membership_taken_back_makes_no_two_roles_at_one_time(db: Database) -> None:
    with db.transaction() as session:
        make_expo(session)
    members = SPECS["members"]
    records.save(db, SPECS["alliances"], {"name": "联盟"})
    said = {"alliance_id": "联盟", "organisation_id": "甲", "role": "理事", "since": "2019"}
    key = records.save(db, members, said)
    step = step_of(lambda: records.save(db, members, {"until": "2020-12-31"}, key), members.permission)
    records.save(db, members, {**said, "role": "会员", "since": "2021-01-01"})
    with pytest.raises(Conflict, match="2021-01-01"):
        steps.take_back(db, step)


def test_what_a_region_gave_is_read_of_the_years_and_companies_asked_alone(counter: Counter) -> None:
    counter.voucher("1000.00")
    second(counter, "2000.00")
    mine = (HERE, False, 2030, counter.company)
    with counter.db.reading() as session:
        bounds = voucher_sums.read_bounds(session.connection(), {mine})
        later = voucher_sums.read_bounds(session.connection(), {(HERE, False, 2031, None)})
        whole = voucher_sums.read_bounds(session.connection(), {mine, (HERE, False, 2030, None)})
    assert {key[3] for key in bounds.held} == {counter.company, None}
    assert (bounds.held[mine], dict(later.held)) == (Decimal(1000), {})
    assert whole.held[(HERE, False, 2030, None)] == Decimal(3000)


def test_what_gives_back_to_a_year_that_was_given_too_much_is_undone(counter: Counter) -> None:
    db, other = counter.db, counter.add_company("丙公司")
    counter.voucher("4000.00")
    late = counter.apply("5000.00", other)
    approved = step_of(lambda: voucher_acts.approve(db, counter.expo_id, late))
    counter.change(VoucherPolicy, counter.policy, budget=Decimal("3000.00"))  # as a file of before may have it
    steps.take_back(db, approved)
    assert counter.pots()[""] == Decimal(4000)
    with pytest.raises(Conflict, match="超过上限 3,000"):
        steps.do_again(db, approved)
    assert counter.pots()[""] == Decimal(4000)
