"""用券: split by the version of the contract's day, checked, verified by one or two, corrected by another entry."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.model import (
    PaidWay,
    Role,
    ServiceItem,
    ShareBasis,
    UseState,
    Voucher,
    VoucherPolicy,
    VoucherState,
    VoucherUse,
)
from expo_app.rules.catalogue import Refusal, refusal
from expo_app.services import catalogue, records, settlement_acts, steps, voucher_acts, voucher_uses
from expo_app.services.record_writer import followed
from expo_app.specs import VOUCHER_USES
from expo_app.specs.voucher_shown import Mark, UseDraft
from expo_app.store.database import Actor, Database
from tests.made_vouchers import HERE, THERE, TODAY, Counter, check_sums


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db)


def blocking(counter: Counter, draft: UseDraft) -> dict[str, str]:
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    return {check.key: check.words for check in look.blocking}


def test_the_form_shows_split_and_every_limit_before_and_after(counter: Counter) -> None:
    counter.voucher("51500.00")
    voucher = counter.voucher("30000.00")
    look = voucher_uses.look(counter.db, counter.expo_id, counter.draft("20000.01", voucher_id=voucher))
    assert look.may_submit
    assert look.split is not None
    assert (look.split.share, look.split.own, look.split.bites) == (Decimal("10000.00"), Decimal("10000.01"), "")
    lines = {line.key: (line.used, line.now, line.left) for line in look.limits}
    ten = Decimal("10000.00")
    assert lines == {
        "per_use": (Decimal(0), ten, Decimal("40000.00")),
        "voucher": (Decimal(0), ten, Decimal("20000.00")),
        "per_year": (Decimal("81500.00"), Decimal(0), Decimal("118500.00")),
        "budget": (Decimal("81500.00"), Decimal(0), Decimal("2918500.00")),
    }
    assert [step.state for step in look.steps] == [VoucherState.APPLIED, VoucherState.APPROVED]


def test_the_limit_that_bites_is_named(counter: Counter) -> None:
    voucher = counter.voucher("60000.00")
    draft = counter.draft("200000.00", voucher_id=voucher)
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    assert look.split is not None
    assert (look.split.share, look.split.own, look.split.bites) == (Decimal(50000), Decimal(150000), "per_use")
    voucher_uses.submit(counter.db, counter.expo_id, draft)
    again = voucher_uses.look(counter.db, counter.expo_id, draft)
    assert again.split is not None
    assert (again.split.share, again.split.bites) == (Decimal(10000), "voucher")
    voucher_uses.submit(counter.db, counter.expo_id, draft)
    assert blocking(counter, draft) == {"voucher": f"券 {counter.row(Voucher, voucher).voucher_no} 已用完"}
    check_sums(counter.db)


def test_without_a_voucher_it_shows_what_one_could_pay_and_is_not_submitted(counter: Counter) -> None:
    draft = counter.draft("20000.00")
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    assert look.split is not None
    assert look.split.share == Decimal(10000)
    assert "先申领并批准" in look.no_voucher
    with pytest.raises(InvalidRecord, match="先申领并批准"):
        voucher_uses.submit(counter.db, counter.expo_id, draft)


def test_the_only_open_voucher_is_meant_and_of_several_one_is_chosen(counter: Counter) -> None:
    only = counter.voucher("3000.00")
    assert counter.row(VoucherUse, counter.use("100.00")).voucher_id == only
    counter.voucher("3000.00")
    assert blocking(counter, counter.draft("100.00")) == {"voucher": "这家企业有几张可用的券，选用哪一张。"}


def test_a_submitted_use_keeps_what_the_policy_said(counter: Counter) -> None:
    counter.voucher("30000.00")
    row = counter.row(VoucherUse, counter.use())
    assert (row.state, row.use_no, row.submitted_on) == (UseState.SUBMITTED, "YQ-30-0001", TODAY)
    assert (row.policy_id, row.rate, row.way) == (counter.policy, Decimal(50), PaidWay.PAID)
    assert (row.basis_amount, row.share) == (Decimal(20000), Decimal(10000))
    assert (row.issuer_code, row.payee_code) == (HERE, THERE)


def test_the_version_of_the_contracts_day_holds_and_the_money_stays_in_the_old_pot(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, valid_months=6, valid_until=date(2030, 6, 30))
    voucher = counter.voucher("30000.00")
    assert counter.row(Voucher, voucher).expires_on == date(2030, 11, 16)
    new = counter.add_policy(version_no=2, valid_from=date(2030, 7, 1), rate=Decimal(30))
    counter.day(date(2030, 8, 1))
    row = counter.row(VoucherUse, counter.use(contract_on=date(2030, 7, 10)))
    assert (row.policy_id, row.share) == (new, Decimal(6000))
    assert counter.pots()[""] == Decimal(30000)
    look = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, row.id))
    assert {line.key: line.most for line in look.limits}["budget"] == Decimal(3_000_000)
    check_sums(counter.db)


def test_a_day_between_two_versions_is_refused_with_the_reason(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, valid_months=6, valid_until=date(2030, 6, 30))
    counter.voucher("30000.00")
    counter.day(date(2030, 8, 1))
    draft = counter.draft(contract_on=date(2030, 7, 10))
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    assert look.policy is None
    assert look.split is None
    with pytest.raises(InvalidRecord, match="2030-07-10 没有有效的办法"):
        voucher_uses.submit(counter.db, counter.expo_id, draft)


def test_a_class_of_applicants_has_a_rate_and_a_cap_of_its_own(counter: Counter) -> None:
    counter.add_class("创业团队", rate=Decimal("70.5"), cap_per_use=Decimal("1000.00"))
    team, firm = counter.voucher("5000.00", applicant="创业团队"), counter.voucher("5000.00")
    shares = [
        counter.row(VoucherUse, counter.use(amount, voucher_id=voucher)).share
        for amount, voucher in (("100.01", team), ("2000.00", team), ("2000.00", firm))
    ]
    assert shares == [Decimal("70.50"), Decimal("1000.00"), Decimal("1000.00")]
    look = voucher_uses.look(counter.db, counter.expo_id, counter.draft("2000.00", voucher_id=team))
    assert look.policy is not None
    assert (look.policy.rate, look.split and look.split.bites) == (Decimal("70.5"), "per_use")


CASES = [
    ({"kind": "培训"}, "kind", "不在办法内"),
    ({"kind": ""}, "kind", "选服务类别"),
    ({"other_support": None}, "support", "没有就填 0"),
    ({"other_support": Decimal("10000.01")}, "support", "多于券付以外的 10,000.00 元"),
    ({"is_unrelated": False}, "declared", "要有企业的无关联声明"),
    ({"contract_on": date(2030, 5, 15)}, "voucher", "这家企业没有一张券在"),
    ({"contract_on": None}, "policy", "填签订日期"),
    ({"contract_amount": None}, "amount", "填合同金额"),
    ({"contract_amount": Decimal("0.01")}, "amount", "不到 1 分"),
]


@pytest.mark.parametrize(("given", "key", "words"), CASES)
def test_what_is_missing_or_wrong_blocks(counter: Counter, given: dict[str, object], key: str, words: str) -> None:
    counter.voucher("30000.00")
    draft = replace(counter.draft(), **given)  # type: ignore[arg-type]
    assert words in blocking(counter, draft)[key]
    with pytest.raises(InvalidRecord):
        voucher_uses.submit(counter.db, counter.expo_id, draft)


def test_a_provider_must_be_on_the_list_of_the_issuing_region_on_that_day(counter: Counter) -> None:
    counter.voucher("30000.00")
    unlisted = counter.add_provider("丁检测所", listed="")
    assert "名录" in blocking(counter, counter.draft(provider_id=unlisted))["provider"]
    counter.change(VoucherPolicy, counter.policy, needs_list=False)
    assert blocking(counter, counter.draft(provider_id=unlisted)) == {}
    counter.change(VoucherPolicy, counter.policy, accepted_regions=["3701", "11"])
    assert "不认" in blocking(counter, counter.draft(provider_id=unlisted))["provider"]


def test_an_empty_list_of_regions_or_kinds_is_no_limit(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, accepted_regions=[], kinds=[])
    counter.voucher("30000.00")
    assert blocking(counter, counter.draft()) == {}


def test_a_service_out_of_the_catalogue_takes_no_voucher_as_the_catalogue_says(counter: Counter) -> None:
    with counter.db.transaction() as session:
        item = ServiceItem(provider_id=counter.provider, title="旧服务", valid_until=date(2030, 5, 15))
        session.add(item)
        session.flush()
        key = item.id
    shelf = catalogue.read(counter.db, counter.expo_id).catalogue
    entry = next(entry for entry in shelf.entries if entry.id == key)
    assert {refusal(issuer, entry, shelf.day) for issuer in shelf.issuers} == {Refusal.EXPIRED}
    counter.voucher("30000.00")
    assert "目录" in blocking(counter, counter.draft(service_item_id=key))["resource"]


def test_related_parties_block_and_are_only_noted_where_the_policy_allows_them(counter: Counter) -> None:
    counter.voucher("30000.00")
    counter.relate(valid_until=date(2030, 5, 15), words="曾持股")
    assert blocking(counter, counter.draft()) == {}
    counter.relate()
    assert "持股 35%" in blocking(counter, counter.draft())["relation"]
    counter.change(VoucherPolicy, counter.policy, refuses_related=False)
    look = voucher_uses.look(counter.db, counter.expo_id, counter.draft(is_unrelated=False))
    assert look.blocking == ()
    assert {check.key: check.mark for check in look.related}["relation"] is Mark.NOTE


def test_the_same_head_and_the_same_body_block(db: Database) -> None:
    counter = Counter(db)
    counter.voucher("30000.00")
    same = counter.add_provider("戊检测所", legal_representative="王 某")
    head = counter.add_company("己公司", legal_representative="王某")
    counter.voucher("100.00", head)
    assert "head" in blocking(counter, counter.draft("100.00", organisation_id=head, provider_id=same))
    assert {c.key: c.mark for c in voucher_uses.look(db, None, counter.draft()).related}["head"] is Mark.NOTE


def test_two_levels_are_two_people(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, review_levels=2)
    counter.voucher("30000.00")
    key = counter.use()
    counter.db.actor = Actor("初核员", Role.ADMIN)
    assert voucher_uses.verify(counter.db, counter.expo_id, key, "属实") is UseState.FIRST_PASSED
    with pytest.raises(UserError, match="不同的人"):
        voucher_uses.verify(counter.db, counter.expo_id, key)
    counter.db.actor = Actor("复核员", Role.ADMIN)
    assert voucher_uses.verify(counter.db, counter.expo_id, key, "同意") is UseState.VERIFIED
    assert counter.row(VoucherUse, key).verified_on == TODAY
    look = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, key))
    assert [(one.operator, one.opinion) for one in look.steps[-2:]] == [("初核员", "属实"), ("复核员", "同意")]


def test_by_invoice_it_is_split_anew_and_not_verified_before_it_is_there(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, basis=ShareBasis.INVOICE)
    counter.voucher("30000.00")
    key = counter.use(report_no="")
    with pytest.raises(UserError, match="报告"):
        voucher_uses.verify(counter.db, counter.expo_id, key)
    draft = voucher_uses.open_use(counter.db, key)
    voucher_uses.add_papers(counter.db, counter.expo_id, replace(draft, report_no="R-9"))
    with pytest.raises(UserError, match="发票"):
        voucher_uses.verify(counter.db, counter.expo_id, key)
    invoiced = replace(draft, report_no="R-9", invoice_amount=Decimal("18000.03"))
    voucher_uses.add_papers(counter.db, counter.expo_id, invoiced)
    voucher_uses.verify(counter.db, counter.expo_id, key)
    row = counter.row(VoucherUse, key)
    assert (row.basis_amount, row.share) == (Decimal("18000.03"), Decimal("9000.01"))
    check_sums(counter.db)


def test_the_first_of_two_levels_waits_for_the_papers_too(counter: Counter) -> None:
    counter.change(VoucherPolicy, counter.policy, basis=ShareBasis.INVOICE, review_levels=2)
    counter.voucher("30000.00")
    key = counter.use()
    with pytest.raises(UserError, match="发票"):
        voucher_uses.verify(counter.db, counter.expo_id, key)
    draft = voucher_uses.open_use(counter.db, key)
    voucher_uses.add_papers(counter.db, counter.expo_id, replace(draft, invoice_amount=Decimal(18000)))
    assert voucher_uses.verify(counter.db, counter.expo_id, key) is UseState.FIRST_PASSED


def test_a_share_that_a_voucher_cut_does_not_grow_with_a_report(counter: Counter) -> None:
    counter.voucher("12000.00")
    first, cut = counter.use(), counter.use(report_no="")
    voucher_uses.cancel_use(counter.db, counter.expo_id, first, "合同解除")
    draft = replace(voucher_uses.open_use(counter.db, cut), report_no="R-9")
    voucher_uses.add_papers(counter.db, counter.expo_id, draft)
    assert counter.row(VoucherUse, cut).share == Decimal(2000)


def test_sent_back_it_keeps_its_share_until_it_is_submitted_anew(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    key = counter.use()
    with pytest.raises(UserError, match="原因"):
        voucher_uses.send_back(counter.db, counter.expo_id, key, "")
    voucher_uses.send_back(counter.db, counter.expo_id, key, "合同缺盖章")
    assert counter.row(Voucher, voucher).used == Decimal(10000)
    draft = replace(voucher_uses.open_use(counter.db, key), contract_amount=Decimal(10000))
    assert voucher_uses.submit(counter.db, counter.expo_id, draft) == key
    assert counter.row(Voucher, voucher).used == Decimal(5000)
    check_sums(counter.db)


def test_who_submits_an_outdated_split_is_told_once(counter: Counter) -> None:
    counter.voucher("12000.00")
    draft = counter.draft()
    seen = voucher_uses.look(counter.db, counter.expo_id, draft).split
    assert seen is not None
    counter.use("10000.00")
    with pytest.raises(Conflict, match=r"券付改为 7,000\.00 元"):
        voucher_uses.submit(counter.db, counter.expo_id, draft, seen.share)
    key = voucher_uses.submit(counter.db, counter.expo_id, draft, Decimal(7000))
    assert counter.row(VoucherUse, key).share == Decimal(7000)
    check_sums(counter.db)


def test_a_cancelled_use_gives_its_share_back_even_to_a_voucher_that_is_over(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    key = counter.verified()
    voucher_acts.cancel(counter.db, counter.expo_id, voucher, "企业放弃")
    assert counter.pots()[""] == Decimal(10000)
    voucher_uses.cancel_use(counter.db, counter.expo_id, key, "合同解除")
    assert counter.row(VoucherUse, key).state is UseState.CANCELLED
    assert counter.pots()[""] == 0
    check_sums(counter.db)


def test_what_stands_in_a_statement_is_corrected_by_entries_that_add_up(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    key = counter.verified()
    with pytest.raises(UserError, match="直接撤销"):
        voucher_uses.correct(counter.db, counter.expo_id, key, Decimal(0), "多付")
    counter.day(date(2030, 7, 1))
    settlement_acts.draw(counter.db, counter.expo_id, "2030H1")
    with pytest.raises(Conflict, match="对账单"):
        voucher_uses.cancel_use(counter.db, counter.expo_id, key, "错了")
    first = voucher_uses.correct(counter.db, counter.expo_id, key, Decimal("8000.50"), "发票少开")
    row = counter.row(VoucherUse, first)
    assert (row.share, row.state, row.verified_on) == (Decimal("-1999.50"), UseState.VERIFIED, date(2030, 7, 1))
    assert row.statement_id is None
    look = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, key))
    assert look.split is not None
    assert look.split.share == Decimal("8000.50")
    assert {(line.used, line.now) for line in look.limits if line.key == "voucher"} == {(0, Decimal("8000.50"))}
    entry = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, first))
    assert entry.split is None
    for share in (Decimal("8000.50"), Decimal("10000.01"), Decimal(-1), Decimal("1.005")):
        with pytest.raises(UserError, match=r"8,000\.50"):
            voucher_uses.correct(counter.db, counter.expo_id, key, share, "再改")
    voucher_uses.correct(counter.db, counter.expo_id, key, Decimal(0), "全部退回")
    with pytest.raises(UserError):
        voucher_uses.correct(counter.db, counter.expo_id, first, Decimal(0), "更正的更正")
    assert counter.row(Voucher, voucher).used == 0
    check_sums(counter.db)


def test_a_correction_takes_the_next_number_that_is_free(counter: Counter) -> None:
    counter.voucher("30000.00")
    one, other = counter.verified("2000.00"), counter.verified("3000.00", contract_no="2")
    counter.change(VoucherUse, one, use_no="U2")
    counter.change(VoucherUse, other, use_no="U2-1")
    counter.day(date(2030, 7, 1))
    settlement_acts.draw(counter.db, counter.expo_id, "2030H1")
    key = voucher_uses.correct(counter.db, counter.expo_id, one, Decimal(0), "多付")
    assert counter.row(VoucherUse, key).use_no == "U2-2"


def test_a_draft_reserves_nothing_and_alone_is_deleted(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    draft = voucher_uses.save_draft(counter.db, counter.expo_id, counter.draft(voucher_id=voucher))
    assert counter.row(Voucher, voucher).used == 0
    with pytest.raises(InvalidRecord, match="选服务机构"):
        voucher_uses.save_draft(counter.db, counter.expo_id, UseDraft(organisation_id=counter.company))
    records.delete(counter.db, VOUCHER_USES, [draft])
    key = counter.use()
    with pytest.raises(Conflict, match="不能删除"):
        records.delete(counter.db, VOUCHER_USES, [key])
    with pytest.raises(InvalidRecord, match="不能再改"):
        records.save(counter.db, VOUCHER_USES, {"contract_amount": "1.00"}, key)


def test_an_undone_cancellation_takes_from_no_voucher_that_is_over_by_now(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    key = counter.verified()
    with followed() as writers:
        voucher_uses.cancel_use(counter.db, counter.expo_id, key, "登记错了")
    step = steps.step_of("vouchers.check", writers)
    assert step is not None
    steps.take_back(counter.db, step)
    assert counter.row(Voucher, voucher).used == Decimal(10000)
    check_sums(counter.db)
    steps.do_again(counter.db, step)
    voucher_acts.cancel(counter.db, counter.expo_id, voucher, "企业放弃")
    with pytest.raises(Conflict, match="已取消"):
        steps.take_back(counter.db, step)
    check_sums(counter.db)


def test_an_undo_changes_nothing_that_a_statement_says(counter: Counter) -> None:
    counter.voucher("30000.00")
    key = counter.use()
    with followed() as writers:
        voucher_uses.verify(counter.db, counter.expo_id, key)
    step = steps.step_of("vouchers.check", writers)
    assert step is not None
    counter.day(date(2030, 7, 1))
    settlement_acts.draw(counter.db, counter.expo_id, "2030H1")
    with pytest.raises(Conflict, match="对账单"):
        steps.take_back(counter.db, step)
    check_sums(counter.db)


def test_a_check_is_of_the_share_that_was_shown(counter: Counter) -> None:
    counter.voucher("30000.00")
    key = counter.use()
    with pytest.raises(Conflict, match=r"刚刚改为 10,000\.00 元"):
        voucher_uses.verify(counter.db, counter.expo_id, key, "", Decimal("9999.99"))
    assert counter.row(VoucherUse, key).state is UseState.SUBMITTED
    assert voucher_uses.verify(counter.db, counter.expo_id, key, "", Decimal("10000.00")) is UseState.VERIFIED


def test_a_disputed_use_is_not_corrected_before_its_statement_is_signed(counter: Counter) -> None:
    """A correction is of the next period: it would leave the disputed statement as it is."""
    counter.voucher("30000.00")
    key = counter.verified()
    counter.day(date(2030, 7, 1))
    (statement,) = settlement_acts.draw(counter.db, counter.expo_id, "2030H1").made
    settlement_acts.send(counter.db, counter.expo_id, [statement], date(2030, 7, 8))
    settlement_acts.dispute(counter.db, counter.expo_id, statement, "b", 1, "多了 100 元", [key])
    with pytest.raises(UserError, match="撤销它，按对的金额重新登记"):
        voucher_uses.correct(counter.db, counter.expo_id, key, Decimal("9900.00"), "多了 100 元")
    with followed() as writers:
        voucher_uses.cancel_use(counter.db, counter.expo_id, key, "金额登错")
    step = steps.step_of("vouchers.check", writers)
    assert step is not None
    with pytest.raises(Conflict, match=r"已取消，对账单 .* 等着重出"):
        steps.take_back(counter.db, step)
    assert settlement_acts.redraw(counter.db, counter.expo_id, statement, 1) == 2


def test_a_disputed_use_is_cancelled_and_goes_out_of_its_statement(counter: Counter) -> None:
    voucher = counter.voucher("30000.00")
    key = counter.verified()
    counter.day(date(2030, 7, 1))
    (statement,) = settlement_acts.draw(counter.db, counter.expo_id, "2030H1").made
    settlement_acts.send(counter.db, counter.expo_id, [statement], date(2030, 7, 8))
    settlement_acts.dispute(counter.db, counter.expo_id, statement, "b", 1, "没有做过这次检测")
    voucher_uses.cancel_use(counter.db, counter.expo_id, key, "机构没有做")
    assert settlement_acts.redraw(counter.db, counter.expo_id, statement, 1) == 2
    assert counter.row(Voucher, voucher).used == 0
    check_sums(counter.db)
