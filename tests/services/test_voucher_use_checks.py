"""用券 as it is checked: what was for the day it was submitted stays, amounts are held against invoice and contract."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expo_app.errors import InvalidRecord
from expo_app.model import Organisation, Provider, ShareBasis, UseState, Voucher, VoucherPolicy, VoucherUse
from expo_app.services import voucher_acts, voucher_uses
from expo_app.specs.voucher_shown import Mark
from expo_app.store.database import Database
from tests.made_vouchers import THERE, Counter, check_sums


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db)


def test_a_provider_that_moves_blocks_and_changes_no_use_that_was_submitted(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, accepted_regions=[THERE])
    counter.voucher("30000.00")
    key = counter.use(report_no="")
    body = counter.row(Provider, counter.provider).organisation_id
    counter.change(Organisation, body, region_code="440106", legal_representative="王某")
    counter.change(Organisation, counter.company, legal_representative="王某")
    papers = replace(voucher_uses.open_use(counter.db, key), report_no="R-9", invoice_amount=Decimal(20000))
    voucher_uses.add_papers(counter.db, counter.expo_id, papers)
    assert voucher_uses.verify(counter.db, counter.expo_id, key) is UseState.VERIFIED
    row = counter.row(VoucherUse, key)
    assert (row.payee_code, row.share) == (THERE, Decimal(10000))


def test_a_relation_of_the_contracts_day_still_blocks_a_check(counter: Counter) -> None:
    counter.voucher("30000.00")
    key = counter.use()
    counter.relate()
    with pytest.raises(InvalidRecord, match="持股 35%"):
        voucher_uses.verify(counter.db, counter.expo_id, key)


def test_a_policy_to_come_decides_of_no_one_that_is_paid_today(counter: Counter) -> None:
    counter.voucher("30000.00")
    counter.add_policy(region_code="440305", valid_from=date(2035, 1, 1), valid_until=None)
    assert counter.row(VoucherUse, counter.use("2000.00")).payee_code == THERE
    check_sums(counter.db)


def test_more_than_the_invoice_is_not_verified_and_is_mended_by_sending_it_back(counter: Counter) -> None:
    """The policy goes by the contract, and the invoice came to less than the voucher pays."""
    counter.voucher("30000.00")
    key = counter.use(other_support=Decimal(1000))
    papers = replace(voucher_uses.open_use(counter.db, key), invoice_amount=Decimal("10999.99"))
    voucher_uses.add_papers(counter.db, counter.expo_id, papers)
    look = voucher_uses.look(counter.db, counter.expo_id, papers)
    assert [check.words for check in look.checks if check.key == "invoice"] == [
        "券付和其他财政资助共 11,000.00 元，多于发票的 10,999.99 元，这样不能核验"
    ]
    with pytest.raises(InvalidRecord, match=r"多于发票的 10,999\.99 元，不能核验.*退回补正"):
        voucher_uses.verify(counter.db, counter.expo_id, key)
    voucher_uses.send_back(counter.db, counter.expo_id, key, "发票少于合同")
    voucher_uses.submit(counter.db, counter.expo_id, replace(papers, contract_amount=Decimal("10999.99")))
    assert voucher_uses.verify(counter.db, counter.expo_id, key) is UseState.VERIFIED
    assert counter.row(VoucherUse, key).share == Decimal("5499.99")
    check_sums(counter.db)


def test_two_uses_of_one_contract_are_told_and_share_the_cap_of_a_use(counter: Counter) -> None:
    counter.voucher("150000.00")
    one = counter.use("60000.00", contract_no="HT-1")
    counter.use("60000.00", contract_no="HT-2")
    draft = counter.draft("200000.00", contract_no="HT-1")
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    (check,) = [check for check in look.checks if check.key == "contract"]
    assert check.mark is Mark.NOTE
    assert f"{counter.row(VoucherUse, one).use_no} 30,000.00 元" in check.words
    assert look.split is not None
    assert (look.split.share, look.split.bites) == (Decimal(20000), "per_use")
    other = voucher_uses.submit(counter.db, counter.expo_id, draft)
    own = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, one))
    assert {line.key: (line.used, line.now) for line in own.limits}["per_use"] == (20000, 30000)
    with pytest.raises(InvalidRecord, match="同一份合同的其他用券已到单次上限"):
        counter.use("100.00", contract_no="HT-1")
    for key in (one, other):
        assert voucher_uses.verify(counter.db, counter.expo_id, key) is UseState.VERIFIED
    check_sums(counter.db)


def test_sent_back_after_its_voucher_was_released_it_is_submitted_anew_or_cancelled(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, valid_months=1)
    voucher = counter.voucher("30000.00")
    key, other = counter.use(), counter.use("4000.00")
    counter.day(date(2030, 6, 20))
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == [voucher]
    for one in (key, other):
        voucher_uses.send_back(counter.db, counter.expo_id, one, "发票看不清")
    assert counter.pots()[""] == Decimal(12000)
    draft = voucher_uses.open_use(counter.db, key)
    seen = voucher_uses.look(counter.db, counter.expo_id, draft).split
    assert seen is not None
    voucher_uses.submit(counter.db, counter.expo_id, draft, seen.share)
    assert counter.row(VoucherUse, key).share == Decimal(10000)
    voucher_uses.cancel_use(counter.db, counter.expo_id, other, "不做了")
    assert counter.pots()[""] == Decimal(10000)
    check_sums(counter.db)


def test_sent_back_it_goes_over_to_another_voucher(counter: Counter) -> None:
    one, other = counter.voucher("10000.00"), counter.voucher("5000.00")
    key = counter.use(voucher_id=one)
    voucher_uses.send_back(counter.db, counter.expo_id, key, "用错了券")
    draft = replace(voucher_uses.open_use(counter.db, key), voucher_id=other)
    voucher_uses.save_draft(counter.db, counter.expo_id, draft)
    assert (counter.row(Voucher, one).used, counter.row(Voucher, other).used) == (0, 0)
    check_sums(counter.db)
    voucher_uses.submit(counter.db, counter.expo_id, draft)
    assert (counter.row(Voucher, one).used, counter.row(Voucher, other).used) == (0, 5000)
    check_sums(counter.db)


def test_a_slip_in_the_invoice_is_mended_after_the_voucher_is_over(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, basis=ShareBasis.INVOICE)
    voucher = counter.voucher("15000.00")
    key = counter.use(report_no="")
    voucher_acts.cancel(counter.db, counter.expo_id, voucher, "企业放弃")
    shares = []
    for invoice in (4000, 18000, 30000):
        papers = replace(voucher_uses.open_use(counter.db, key), report_no="R", invoice_amount=Decimal(invoice))
        voucher_uses.add_papers(counter.db, counter.expo_id, papers)
        shares.append(counter.row(VoucherUse, key).share)
        check_sums(counter.db)
    assert shares == [2000, 9000, 10000]
