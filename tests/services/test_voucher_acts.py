"""券: reserved when it is approved, given back when it is over, never beyond a budget or a company's cap."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import Role, Voucher, VoucherPolicy, VoucherPot, VoucherState, VoucherStep
from expo_app.model.expo import today_of
from expo_app.services import catalogue, policy_page, records, recounting, settlement, steps, voucher_acts, voucher_uses
from expo_app.services.record_writer import followed
from expo_app.specs import VOUCHERS
from expo_app.specs.voucher_shown import Application
from expo_app.store import voucher_sums
from expo_app.store.database import Actor, Database
from tests.factories import make_expo
from tests.made_vouchers import TODAY, Counter, check_sums


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db)


def test_an_application_reserves_nothing_and_its_approval_takes_from_both_pots(counter: Counter) -> None:
    key = counter.apply("3000.00", purpose="样机测试")
    assert counter.pots() == {}
    voucher_acts.approve(counter.db, counter.expo_id, key, "材料齐全")
    row = counter.row(Voucher, key)
    assert (row.state, row.held, row.approved_on, row.expires_on) == (
        VoucherState.APPROVED, Decimal("3000.00"), TODAY, date(2031, 12, 31)
    )  # fmt: skip
    assert row.voucher_no == "Q-30-0001"
    assert row.policy_id == counter.policy
    assert counter.pots() == {"甲公司": Decimal("3000.00"), "": Decimal("3000.00")}
    with counter.db.reading() as session:
        said = session.execute(select(VoucherStep.state, VoucherStep.opinion).order_by(VoucherStep.id)).all()
    assert [tuple(one) for one in said] == [("APPLIED", ""), ("APPROVED", "材料齐全")]
    check_sums(counter.db)


def test_samples_have_policies_and_budgets_of_their_own(db: Database) -> None:
    counter = Counter(db, budget=Decimal("1000.00"))
    with db.transaction() as session:
        sample = make_expo(session, code="SHOW", is_sample=True).id
    waits = counter.apply("1000.00")
    application = Application(counter.company, Decimal("1000.00"))
    with pytest.raises(InvalidRecord, match="没有登记过券的办法"):
        voucher_acts.apply(db, sample, application)
    with pytest.raises(Conflict, match="不是示例"):
        voucher_acts.approve(db, sample, waits)
    counter.add_policy(title="示例办法", is_sample=True)
    made_up = voucher_acts.apply(db, sample, application)
    voucher_acts.approve(db, sample, made_up)
    assert counter.row(Voucher, made_up).is_sample
    voucher_acts.approve(db, counter.expo_id, waits)
    with pytest.raises(InvalidRecord, match="示例企业"):
        counter.apply("1.00", counter.add_company("示例公司", is_sample=True))
    check_sums(db)


def test_another_version_in_mid_year_gives_no_second_cap_and_no_second_budget(db: Database) -> None:
    limits = {"cap_per_year": Decimal(1000), "budget": Decimal(1500)}
    counter = Counter(db, valid_until=date(2030, 6, 30), **limits)
    counter.voucher("800.00")
    counter.day(date(2030, 7, 1))
    counter.add_policy(version_no=2, valid_from=date(2030, 7, 1), **limits)
    with pytest.raises(UserError, match=r"还剩 200\.00 元"):
        counter.voucher("300.00")
    counter.voucher("200.00")
    with pytest.raises(UserError, match=r"预算还剩 500\.00 元"):
        counter.voucher("600.00", counter.add_company("丙公司"))
    told = policy_page.for_application(db, counter.expo_id, counter.company, "", date(2030, 7, 1))
    assert (told.year, told.budget) == ((Decimal(1000), Decimal(1000)), (Decimal(1500), Decimal(1000)))
    check_sums(db)


def test_what_is_more_than_a_pot_has_left_is_refused_with_what_is_left(counter: Counter) -> None:
    counter.voucher("150000.00")
    more = counter.apply("60000.00")
    with pytest.raises(UserError, match=r"50,000\.00 元"):
        voucher_acts.approve(counter.db, counter.expo_id, more)
    counter.change(VoucherPolicy, counter.policy, budget=Decimal("170000.00"))
    other = counter.apply("30000.00", counter.add_company("丙公司"))
    with pytest.raises(UserError, match=r"预算还剩 20,000\.00 元"):
        voucher_acts.approve(counter.db, counter.expo_id, other)
    assert counter.pots()[""] == Decimal("150000.00")
    check_sums(counter.db)


def pot_of(counter: Counter, company: object) -> object:
    with counter.db.reading() as session:
        return session.scalars(select(VoucherPot.id).where(VoucherPot.organisation_id == company)).one()


def test_a_company_has_vouchers_of_one_class_in_a_year_until_it_gave_them_back(counter: Counter) -> None:
    counter.add_class("创业团队", cap_per_year=Decimal("1000.00"))
    first = counter.voucher("600.00", applicant="创业团队")
    with pytest.raises(UserError, match="已按“创业团队”领券"):
        counter.voucher("1.00")
    voucher_acts.cancel(counter.db, counter.expo_id, first, "类别错了")
    counter.voucher("5000.00")
    counter.voucher("5000.00")
    check_sums(counter.db)
    with pytest.raises(UserError, match="已按“未分类”领券"):
        counter.voucher("1.00", applicant="创业团队")


def test_a_class_of_applicants_has_its_own_cap_of_the_year(counter: Counter) -> None:
    counter.add_class("创业团队", cap_per_year=Decimal("1000.00"))
    with pytest.raises(InvalidRecord, match="创业团队"):
        counter.apply("500.00", applicant="高校")
    with pytest.raises(UserError, match=r"1,000\.00"):
        counter.voucher("1000.01", applicant="创业团队")
    counter.voucher("1000.00", applicant="创业团队")
    check_sums(counter.db)


def test_versions_of_a_region_share_its_pots_each_as_far_as_its_own_limit(counter: Counter) -> None:
    counter.voucher("200000.00")
    counter.change(VoucherPolicy, counter.policy, valid_until=TODAY)
    counter.day(date(2030, 6, 1))
    counter.add_policy(version_no=2, valid_from=date(2030, 5, 17), cap_per_year=Decimal("200010.00"))
    with pytest.raises(UserError, match=r"还剩 10\.00"):
        counter.voucher("10.01")
    counter.voucher("10.00")
    with counter.db.reading() as session:
        most = session.scalars(select(VoucherPot.most).where(VoucherPot.organisation_id.is_not(None))).all()
    assert most == [Decimal("200010.00")]
    check_sums(counter.db)


def test_where_no_version_is_valid_an_application_says_what_to_do(counter: Counter) -> None:
    with pytest.raises(InvalidRecord, match=r"2029-12-31 没有有效的办法。先在政策里录入那一天有效的版本。$"):
        counter.apply("10.00", applied_on=date(2029, 12, 31))
    with pytest.raises(InvalidRecord, match="没有登记过券的办法"):
        counter.apply("10.00", counter.add_company("外地公司", "510104"))


def test_a_cancelled_or_expired_voucher_gives_back_what_no_use_takes(counter: Counter) -> None:
    one, other = counter.voucher("3000.00"), counter.voucher("5000.00")
    counter.use("2000.00", voucher_id=one)
    voucher_acts.cancel(counter.db, counter.expo_id, one, "企业放弃")
    assert counter.row(Voucher, one).held == Decimal("1000.00")
    counter.day(date(2032, 1, 1))
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == [other]
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == []
    assert counter.row(Voucher, other).state is VoucherState.EXPIRED
    assert counter.pots()[""] == Decimal("1000.00")
    check_sums(counter.db)


def test_a_voucher_with_a_use_begun_in_its_time_does_not_expire_before_it_is_decided(counter: Counter) -> None:
    key = counter.voucher("3000.00")
    use = voucher_uses.save_draft(counter.db, counter.expo_id, counter.draft(voucher_id=key))
    counter.day(date(2032, 1, 1))
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == []
    voucher_uses.cancel_use(counter.db, counter.expo_id, use, "不做了")
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == [key]


def test_an_act_is_refused_in_another_state_and_without_words(counter: Counter) -> None:
    key = counter.voucher("3000.00")
    with pytest.raises(Conflict, match="已批"):
        voucher_acts.approve(counter.db, counter.expo_id, key)
    with pytest.raises(UserError, match="原因"):
        voucher_acts.cancel(counter.db, counter.expo_id, key, " ")
    with pytest.raises(UserError, match="理由"):
        voucher_acts.refuse(counter.db, counter.expo_id, counter.apply("1.00"), "")


def test_approved_is_the_amount_that_was_shown(counter: Counter) -> None:
    key = counter.apply("100.00")
    records.save(counter.db, VOUCHERS, {"amount": "90000"}, key, expo_id=counter.expo_id)
    with pytest.raises(Conflict, match=r"刚刚改为 90,000\.00 元"):
        voucher_acts.approve(counter.db, counter.expo_id, key, "", Decimal(100))
    voucher_acts.approve(counter.db, counter.expo_id, key, "", Decimal(90_000))


def test_nothing_is_approved_on_a_day_without_a_policy(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, valid_until=date(2030, 12, 31), valid_months=6)
    key = counter.apply("5000.00")
    counter.day(date(2031, 3, 1))
    with pytest.raises(UserError, match="2031-03-01 没有有效的办法"):
        voucher_acts.approve(counter.db, counter.expo_id, key)
    assert counter.pots() == {}


def test_what_was_approved_is_neither_changed_nor_deleted(counter: Counter) -> None:
    key = counter.voucher("3000.00")
    for values in ({"amount": "1.00"}, {"applied_on": "2030-05-01"}):
        with pytest.raises(InvalidRecord, match="不能再改"):
            records.save(counter.db, VOUCHERS, values, key)
    with pytest.raises(Conflict, match="不能删除"):
        records.delete(counter.db, VOUCHERS, [key])
    records.save(counter.db, VOUCHERS, {"note": "纸质券已发"}, key)
    check_sums(counter.db)


def test_an_undone_approval_gives_back_its_pots_unless_somebody_took_since(counter: Counter) -> None:
    key = counter.apply("3000.00")
    with followed() as writers:
        voucher_acts.approve(counter.db, counter.expo_id, key)
    step = steps.step_of("vouchers.check", writers)
    assert step is not None
    steps.take_back(counter.db, step)
    assert counter.row(Voucher, key).held == 0
    check_sums(counter.db)
    steps.do_again(counter.db, step)
    counter.use("2000.00", voucher_id=key)
    with pytest.raises(Conflict):
        steps.take_back(counter.db, step)
    check_sums(counter.db)


def test_a_clerk_applies_and_only_who_may_check_approves(counter: Counter) -> None:
    counter.db.actor = Actor("前台", Role.REGISTRAR)
    key = counter.apply("10.00")
    with pytest.raises(UserError, match="权限"):
        voucher_acts.approve(counter.db, counter.expo_id, key)


def test_sums_that_came_apart_are_found_and_counted_anew(counter: Counter) -> None:
    key = counter.voucher("3000.00")
    counter.use("2000.00", voucher_id=key)
    with counter.db.reading() as session:
        assert voucher_sums.drift(session.connection()) == 0
    counter.change(Voucher, key, used=Decimal("1.00"))
    counter.change(VoucherPot, pot_of(counter, None), taken=Decimal("7.00"))
    with counter.db.reading() as session:
        assert voucher_sums.drift(session.connection()) == 2
    assert recounting.recount_vouchers(counter.db) == 2
    check_sums(counter.db)
    assert recounting.recount_vouchers(counter.db) == 0
    with counter.db.transaction() as session:
        session.delete(session.get_one(VoucherPot, pot_of(counter, None)))
    assert recounting.recount_vouchers(counter.db) == 1
    assert counter.row(VoucherPot, pot_of(counter, None)).most == Decimal(3_000_000)
    check_sums(counter.db)


def test_a_policy_that_ended_before_the_approval_is_said(counter: Counter) -> None:
    key = counter.apply("10.00")
    counter.day(date(2032, 1, 1))
    with pytest.raises(UserError, match="2031-12-31 已到期"):
        voucher_acts.approve(counter.db, counter.expo_id, key)
    assert counter.row(Voucher, key).state is VoucherState.APPLIED


def test_every_act_without_an_expo_is_of_one_day(db: Database) -> None:
    """Early in the morning it is yesterday by UTC: what is approved, seen and settled then is of today all the same."""
    counter = Counter(db)
    db.clock = lambda: datetime(2030, 6, 30, 22, tzinfo=UTC)
    day = date(2030, 7, 1)
    voucher = voucher_acts.apply(db, None, Application(counter.company, Decimal(100)))
    assert counter.row(Voucher, voucher).applied_on == day
    assert catalogue.read(db, None).catalogue.day == day
    assert settlement.read(db, None, "").period == settlement.usual_period(day)
    assert today_of(None, db.now()) == day
