"""What the panel of a policy and an application are told, and what a voucher may buy as it is found by typing."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from expo_app.model import Instrument, ListedProvider, ServiceItem, VoucherPolicy
from expo_app.services import policy_page, voucher_resources
from tests.made_vouchers import HERE, TODAY, Counter
from tests.services.test_voucher_limits import MOST, SECOND


@pytest.fixture
def counter(db):
    return Counter(db)


def test_a_policy_shows_the_versions_of_its_region_and_what_its_years_gave(counter):
    later = counter.add_policy(version_no=2, valid_from=date(2032, 1, 1), valid_until=None)
    counter.add_policy(region_code="4403", title="别处的办法")
    counter.use("2000.00", voucher_id=counter.voucher("3000.00"))
    found = policy_page.read(counter.db, counter.policy, TODAY)
    assert [(one.id, one.is_here) for one in found.versions] == [(counter.policy, True), (later, False)]
    (year,) = found.years
    assert (year.year, year.most, year.taken, year.companies) == (2030, Decimal(3_000_000), Decimal(3_000), 1)
    assert (found.vouchers, found.uses, found.listed, found.is_used) == (1, 1, 1, True)
    assert policy_page.read(counter.db, later, TODAY).is_used is False
    assert policy_page.read(counter.db, uuid.uuid4(), TODAY) is None


def test_what_is_left_of_a_years_budget_is_what_no_version_gave(db):
    counter = Counter(db, budget=MOST, valid_until=date(2030, 5, 31))
    later = counter.add_policy(**SECOND, budget=MOST)
    counter.voucher("6000.00")
    counter.day(date(2030, 6, 2))
    counter.voucher("1000.00", counter.add_company("丙公司"))
    for policy, taken in ((counter.policy, Decimal(6000)), (later, Decimal(1000))):
        (year,) = policy_page.read(db, policy, date(2030, 6, 2)).years
        assert (year.taken, year.pot, year.left) == (taken, Decimal(7000), Decimal(3000))


def test_a_provider_whose_listing_is_over_is_not_counted(counter):
    with counter.db.transaction() as session:
        session.query(ListedProvider).one().valid_until = date(2030, 5, 15)
    assert policy_page.read(counter.db, counter.policy, TODAY).listed == 0


def test_a_sample_of_a_list_is_no_provider_of_a_real_policy(counter):
    with counter.db.transaction() as session:
        session.query(ListedProvider).one().is_sample = True
    assert policy_page.read(counter.db, counter.policy, TODAY).listed == 0


def test_an_application_is_told_what_is_taken_of_both_pots(counter):
    counter.voucher("3000.00")
    found = policy_page.for_application(counter.db, counter.expo_id, counter.company, "", TODAY)
    assert found.policy.id == counter.policy
    assert found.year == (Decimal(200_000), Decimal(3_000))
    assert found.budget == (Decimal(3_000_000), Decimal(3_000))
    other = counter.add_company("丙公司")
    assert policy_page.for_application(counter.db, counter.expo_id, other, "", TODAY).year == (
        Decimal(200_000),
        Decimal(0),
    )


def test_an_application_without_a_policy_says_why(counter):
    found = policy_page.for_application(counter.db, counter.expo_id, counter.company, "", date(2040, 1, 1))
    assert found.policy is None
    assert "2040-01-01" in found.why


def test_what_a_voucher_may_buy_is_found_by_its_words_instruments_first(counter):
    with counter.db.transaction() as session:
        tool = Instrument(
            provider_id=counter.provider, title="扫描电镜", instrument_no="A-1", search_text="扫描电镜 smdj"
        )
        item = ServiceItem(provider_id=counter.provider, title="电镜测试", search_text="电镜测试 djcs")
        session.add_all((tool, item))
        session.flush()
        keys = tool.id, item.id
    found = voucher_resources.find(counter.db, "电镜")
    assert [(one.kind, one.id) for one in found] == [("instrument", keys[0]), ("service_item", keys[1])]
    assert found[0].words == "扫描电镜 — 乙检测所"
    assert voucher_resources.find(counter.db, "smdj")[0].id == keys[0]
    assert voucher_resources.read(counter.db, "provider", counter.provider).words == "乙检测所"
    assert voucher_resources.read(counter.db, "instrument", uuid.uuid4()) is None


def test_a_provider_without_instruments_is_found_by_its_name(counter):
    (found,) = voucher_resources.find(counter.db, "乙检测")
    assert (found.kind, found.id) == ("provider", counter.provider)


def test_versions_of_a_longer_code_are_another_region(counter):
    with counter.db.transaction() as session:
        session.add(
            VoucherPolicy(region_code=f"{HERE}02", title="区办法", valid_from=date(2030, 1, 1), rate=Decimal(10))
        )
    assert len(policy_page.read(counter.db, counter.policy, TODAY).versions) == 1
