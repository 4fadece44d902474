"""Lists of vouchers and of their uses: judged row by row like the acts, in the plan and once more on the save."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from expo_app.errors import Conflict
from expo_app.exchange import import_plan
from expo_app.model import (
    Instrument,
    Role,
    ServiceItem,
    ShareBasis,
    UseState,
    Voucher,
    VoucherPolicy,
    VoucherPot,
    VoucherState,
    VoucherStep,
    VoucherUse,
)
from expo_app.rules.regions import region_name
from expo_app.rules.voucher_split import Split
from expo_app.services import import_review, imports, voucher_acts, voucher_uses
from expo_app.specs import POLICIES, VOUCHER_USES, VOUCHERS
from expo_app.specs.choices import Choices
from expo_app.store.database import Actor, Database
from tests.lists import book_of
from tests.made_vouchers import HERE, Counter, check_sums

ISSUED = ["券号", "申领企业", "申领日期", "金额", "状态", "批准日期", "有效期至"]
USED = [
    "编号", "用券企业", "服务机构", "券号", "服务类别", "合同编号", "签订日期", "合同金额", "其他财政资助",
    "企业声明无关联", "报告编号", "状态", "核验日期",
]  # fmt: skip
DAY = "2030-05-16"


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db)


def plan(counter: Counter, spec: Any, header: list[str], *rows: list[Any], expo: bool = True) -> Any:
    expo_id = counter.expo_id if expo else None
    planned = import_plan.plan(
        spec, book_of(header, rows), imports.state(counter.db, spec, expo_id), Choices(update=True)
    )
    return import_review.review(counter.db, planned, expo_id)


def test_two_equal_vouchers_without_numbers_are_told_apart_by_their_numbers(counter: Counter) -> None:
    row = issued("", "30000")[1:]
    planned = plan(counter, VOUCHERS, ISSUED[1:], row, row)
    assert planned.rows[0].problems == {}
    (words,) = planned.rows[1].problems.values()
    assert words == "与第 2 行相同，都没有写券号：是两条就都补上券号，是一条就只留一行。"


def take(counter: Counter, spec: Any, header: list[str], *rows: list[Any], expo: bool = True) -> Any:
    planned = plan(counter, spec, header, *rows, expo=expo)
    assert [row.problems for row in planned.rows] == [{}] * len(planned.rows)
    return imports.apply(counter.db, planned, counter.expo_id if expo else None)


PLAIN = ["发券地区", "办法名称", "起日", "券付比例"]


def test_a_version_entered_while_a_list_waits_keeps_the_list_out(db: Database) -> None:
    counter = Counter(db, is_sample=True)
    region = region_name(HERE)
    planned = plan(counter, POLICIES, PLAIN, [region, "甲办法", "2030-02-01", 30])
    assert refused(planned) == [""]
    counter.add_policy(title="乙办法")
    with pytest.raises(Conflict, match="乙办法"):
        imports.apply(db, planned, counter.expo_id)
    assert "有同一天" in refused(plan(counter, POLICIES, PLAIN, [region, "甲办法", "2030-02-01", 30]))[0]


def refused(planned: Any) -> list[str]:
    return ["".join(row.problems.values()) for row in planned.rows]


def issued(no: str, amount: Any, company: str = "甲公司", state: str = "已批", day: str = DAY) -> list[Any]:
    return [no, company, DAY, amount, state, day if state == "已批" else None, None]


def used(no: str, amount: Any, **given: Any) -> list[Any]:
    row = {
        "编号": no, "用券企业": "甲公司", "服务机构": "乙检测所", "服务类别": "检测", "合同编号": f"HT-{no}",
        "签订日期": DAY, "合同金额": amount, "其他财政资助": 0, "企业声明无关联": "是", "报告编号": "R-1",
        "状态": "待核验",
    }  # fmt: skip
    return [(row | given).get(name) for name in USED]


@pytest.mark.parametrize("expo", [True, False])
def test_approved_vouchers_come_in_through_their_pots(counter: Counter, expo: bool) -> None:
    rows = [issued("K1", 3000), issued("K2", "1.5万元"), issued("K3", 10, state="申领中")]
    batch = take(counter, VOUCHERS, ISSUED, *rows, expo=expo)
    assert counter.pots() == {"甲公司": Decimal(18000), "": Decimal(18000)}
    check_sums(counter.db)
    with counter.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(VoucherStep)) == 3
        assert session.scalars(select(Voucher.expires_on).where(Voucher.voucher_no == "K1")).one() == date(2031, 12, 31)
    imports.undo(counter.db, batch)
    assert not any(counter.pots().values())
    check_sums(counter.db)


def test_rows_that_are_more_than_a_pot_has_left_say_so_each_after_those_above_it(counter: Counter) -> None:
    planned = plan(counter, VOUCHERS, ISSUED, issued("K1", 150000), issued("K2", 60000), issued("K3", 50000))
    one, two, three = refused(planned)
    assert (one, three) == ("", "")
    assert "额度还剩 50,000.00 元" in two
    counter.change(VoucherPolicy, counter.policy, budget=Decimal(1000))
    assert "预算还剩 1,000.00 元" in refused(plan(counter, VOUCHERS, ISSUED, issued("K1", 1001)))[0]


def test_what_no_act_would_do_is_refused_in_the_plan(counter: Counter) -> None:
    rows = [
        issued("K1", 10, day="2030-05-01"), issued("K2", 10, "外地公司"), ["K3", "甲公司", DAY, 10, "已批", None, None],
    ]  # fmt: skip
    counter.add_company("外地公司", "510104")
    early, nowhere, undated = refused(plan(counter, VOUCHERS, ISSUED, *rows))
    assert "批准日期不能早于申领日期" in early
    assert "没有登记过券的办法" in nowhere
    assert "要填批准日期" in undated


def test_a_list_that_was_judged_is_not_written_once_somebody_took_from_a_pot(counter: Counter) -> None:
    counter.voucher("100000.00")
    planned = plan(counter, VOUCHERS, ISSUED, issued("K1", 90000))
    counter.voucher("20000.00")
    with pytest.raises(Conflict):
        imports.apply(counter.db, planned, counter.expo_id)
    assert counter.pots()[""] == Decimal(120000)
    check_sums(counter.db)


@pytest.mark.parametrize("spec", [VOUCHERS, VOUCHER_USES])
def test_a_list_that_was_judged_is_not_written_once_a_policy_was_changed(counter: Counter, spec: Any) -> None:
    """Changed after it was judged and before it is written: another version, other limits, or a class of applicants."""
    if spec is VOUCHERS:
        header, row = ISSUED, issued("K1", 90000)
    else:
        header, row = USED, used("U1", 2000, 状态="草稿")
    changes = (
        lambda: counter.change(VoucherPolicy, counter.policy, budget=Decimal(200000)),
        lambda: counter.add_class("企业", cap_per_year=Decimal(100000)),
        lambda: counter.add_policy(region_code="370102"),
    )
    for change in changes:
        planned, left = plan(counter, spec, header, row), [change]

        def meanwhile(_done: int, _total: int, left: list[Any] = left) -> None:
            if left:
                at_another_desk = Thread(target=left.pop())
                at_another_desk.start()
                at_another_desk.join()

        with pytest.raises(Conflict, match="办法刚刚改过"):
            imports.apply(counter.db, planned, counter.expo_id, meanwhile)
        assert not left
        with counter.db.reading() as session:
            assert session.scalar(select(func.count()).select_from(spec.table)) == 0
    assert not any(counter.pots().values())


def test_a_list_approves_an_application_and_lets_a_voucher_expire(counter: Counter) -> None:
    key = counter.apply("3000.00")
    no = counter.row(Voucher, key).voucher_no
    take(counter, VOUCHERS, ["券号", "申领企业", "状态", "批准日期"], [no, "甲公司", "已批", DAY])
    assert counter.pots()[""] == Decimal(3000)
    again = plan(counter, VOUCHERS, ["券号", "申领企业", "金额"], [no, "甲公司", 5000])
    assert "不能再改" in refused(again)[0]
    check_sums(counter.db)


def test_a_list_makes_no_voucher_last_longer(counter: Counter) -> None:
    take(counter, VOUCHERS, ISSUED, issued("K1", 3000))
    header = ["券号", "申领企业", "有效期至"]
    assert "不能再改" in refused(plan(counter, VOUCHERS, header, ["K1", "甲公司", "2031-12-30"]))[0]
    long, short = ([*issued(no, 10)[:-1], day] for no, day in (("K2", "2099-01-01"), ("K3", "2030-12-31")))
    assert "最晚到 2031-12-31" in refused(plan(counter, VOUCHERS, ISSUED, long))[0]
    take(counter, VOUCHERS, ISSUED, short)


def test_only_who_may_check_brings_in_what_was_approved(counter: Counter) -> None:
    counter.db.actor = Actor("登记员", Role.REGISTRAR)
    planned = plan(counter, VOUCHERS, ISSUED, issued("K1", 10))
    with pytest.raises(Exception, match="权限"):
        imports.apply(counter.db, planned, counter.expo_id)
    take(counter, VOUCHERS, ISSUED, issued("K1", 10, state="申领中"))


def test_only_who_may_check_takes_back_a_list_of_what_was_approved(counter: Counter) -> None:
    counter.db.actor = Actor("成交员", Role.DEALS)
    approved = take(counter, VOUCHERS, ISSUED, issued("K1", 3000))
    applied = take(counter, VOUCHERS, ISSUED, issued("K2", 10, state="申领中"))
    counter.db.actor = Actor("登记员", Role.REGISTRAR)
    with pytest.raises(Exception, match="权限"):
        imports.undo(counter.db, approved)
    imports.undo(counter.db, applied)
    assert counter.pots()["甲公司"] == Decimal(3000)


@pytest.mark.parametrize("expo", [True, False])
def test_uses_come_in_split_and_of_their_voucher(counter: Counter, expo: bool) -> None:
    voucher = counter.voucher("30000.00")
    counter.day(date(2030, 5, 17))
    batch = take(
        counter, VOUCHER_USES, USED, used("U1", "1000.01"), used("U2", 2000, 状态="已核验", 核验日期="2030-05-16"),
        used("U3", 3000, 状态="草稿"), expo=expo,
    )  # fmt: skip
    with counter.db.reading() as session:
        rows = {row.use_no: row for row in session.scalars(select(VoucherUse))}
    assert {no: (row.state, row.share) for no, row in rows.items()} == {
        "U1": (UseState.SUBMITTED, Decimal(500)), "U2": (UseState.VERIFIED, Decimal(1000)),
        "U3": (UseState.DRAFT, None),
    }  # fmt: skip
    assert rows["U2"].verified_on == date(2030, 5, 16)
    with counter.db.reading() as session:
        steps = session.execute(select(VoucherStep.use_id, VoucherStep.opinion).where(VoucherStep.use_id.is_not(None)))
        assert dict(map(tuple, steps)) == {rows["U1"].id: "", rows["U2"].id: "按名单补录", rows["U3"].id: ""}
    assert counter.row(Voucher, voucher).used == Decimal(1500)
    check_sums(counter.db)
    imports.undo(counter.db, batch)
    assert counter.row(Voucher, voucher).used == 0


CASES = [
    ({"服务类别": "培训"}, "不在办法内"),
    ({"服务机构": "丁检测所"}, "名录"),
    ({"签订日期": "2029-05-16"}, "没有有效的办法"),
    ({"企业声明无关联": "否"}, "要有企业的无关联声明。"),
    ({"其他财政资助": None}, "没有就填 0"),
    ({"券号": "K9"}, ""),
    ({"状态": "已结算"}, "由核验和结算得出"),
    ({"状态": "已核验", "核验日期": DAY, "报告编号": None}, "检测报告"),
    ({"状态": "已核验"}, "今天以前的核验日期"),
    ({"状态": "已核验", "核验日期": "2030-05-17"}, "今天以前的核验日期"),
    ({"状态": "已核验", "核验日期": "2030-05-15"}, "不能早于签订日期"),
    ({"状态": None, "核验日期": DAY}, "写了核验日期，状态却不是“已核验”：补上状态，或去掉核验日期。"),
]


@pytest.mark.parametrize(("given", "words"), CASES)
def test_a_use_that_no_counter_would_take_is_refused_in_the_plan(
    counter: Counter, given: dict[str, Any], words: str
) -> None:  # fmt: skip
    counter.voucher("30000.00")
    counter.add_provider("丁检测所", listed="")
    counter.day(date(2030, 5, 17))
    planned = plan(counter, VOUCHER_USES, USED, used("U1", 1000, **given))
    (said,) = refused(planned)
    assert said
    assert words in said


def test_a_voucher_is_not_used_beyond_its_amount_by_rows_of_one_list(counter: Counter) -> None:
    counter.voucher("1000.00")
    planned = plan(counter, VOUCHER_USES, USED, used("U1", 1000), used("U2", 1500), used("U3", 10))
    assert refused(planned)[:2] == ["", ""]
    assert refused(planned)[2]
    imports.apply(counter.db, planned, counter.expo_id)
    with counter.db.reading() as session:
        shares = session.scalars(select(VoucherUse.share).order_by(VoucherUse.use_no)).all()
    assert shares == [Decimal(500), Decimal(500)]
    check_sums(counter.db)


def test_a_share_in_a_list_may_be_less_and_not_more_than_the_policy_says(counter: Counter) -> None:
    counter.voucher("30000.00")
    header = [*USED, "券付"]
    more, less = (plan(counter, VOUCHER_USES, header, [*used("U1", 1000), share]) for share in ("500.01", "499.99"))
    assert "最多 500.00 元" in refused(more)[0]
    imports.apply(counter.db, less, counter.expo_id)
    check_sums(counter.db)


def test_a_share_that_was_less_stays_so_and_is_shown_as_it_was_kept(counter: Counter) -> None:
    counter.voucher("30000.00")
    take(counter, VOUCHER_USES, [*USED, "券付"], [*used("U1", 20000), 50])
    with counter.db.reading() as session:
        key = session.scalars(select(VoucherUse.id)).one()
    draft = voucher_uses.open_use(counter.db, key)
    look = voucher_uses.look(counter.db, counter.expo_id, draft)
    assert look.split == Split(Decimal(50), Decimal(19950))
    assert {limit.now for limit in look.limits if not limit.is_reserved} == {Decimal(50)}
    voucher_uses.add_papers(counter.db, counter.expo_id, replace(draft, report_no="R-9"))
    assert counter.row(VoucherUse, key).share == Decimal(50)
    counter.change(VoucherPolicy, counter.policy, basis=ShareBasis.INVOICE)
    invoiced = replace(draft, report_no="R-9", invoice_amount=Decimal(18000))
    voucher_uses.add_papers(counter.db, counter.expo_id, invoiced)
    row = counter.row(VoucherUse, key)
    assert (row.basis_amount, row.share) == (Decimal(18000), Decimal(50))
    check_sums(counter.db)


@pytest.mark.parametrize("levels", [1, 2])
def test_no_list_checks_a_use_that_is_there(counter: Counter, levels: int) -> None:
    counter.change(VoucherPolicy, counter.policy, review_levels=levels)
    counter.voucher("30000.00")
    take(counter, VOUCHER_USES, USED, used("U1", 1000), used("U2", 1000, 状态="草稿"))
    counter.day(date(2030, 5, 17))
    header = ["编号", "用券企业", "服务机构", "状态", "核验日期"]
    rows = [[no, "甲公司", "乙检测所", "已核验", DAY] for no in ("U1", "U2")]
    assert all("不能这样改为“已核验”" in words for words in refused(plan(counter, VOUCHER_USES, header, *rows)))


def test_a_report_is_of_no_day_to_come_with_or_without_an_expo(counter: Counter) -> None:
    counter.voucher("30000.00")
    for expo in (True, False):
        planned = plan(counter, VOUCHER_USES, [*USED, "报告日期"], [*used("U1", 1000), "2035-01-01"], expo=expo)
        assert "还没有到" in refused(planned)[0]


def test_a_list_of_uses_is_not_written_once_somebody_used_the_balance(counter: Counter) -> None:
    counter.voucher("1000.00")
    planned = plan(counter, VOUCHER_USES, USED, used("U1", 1000))
    counter.use("2000.00")
    with pytest.raises(Conflict, match="没有可用的券"):
        imports.apply(counter.db, planned, counter.expo_id)
    check_sums(counter.db)


def test_an_import_of_expired_vouchers_after_their_uses_frees_the_rest(counter: Counter) -> None:
    take(counter, VOUCHERS, ISSUED, issued("K1", 3000))
    take(counter, VOUCHER_USES, USED, used("U1", 2000))
    take(counter, VOUCHERS, ["券号", "申领企业", "状态"], ["K1", "甲公司", "已失效"])
    with counter.db.reading() as session:
        row = session.scalars(select(Voucher)).one()
        assert session.scalars(select(VoucherPot.taken)).all() == [Decimal(1000), Decimal(1000)]
    assert (row.state, row.held) == (VoucherState.EXPIRED, Decimal(1000))
    assert voucher_acts.release_expired(counter.db, counter.expo_id) == []


def test_a_resource_is_found_by_name_or_number_among_the_providers(counter: Counter) -> None:
    counter.voucher("30000.00")
    with counter.db.transaction() as session:
        session.add(Instrument(provider_id=counter.provider, instrument_no="YQ-7", title="扫描电镜"))
        session.add(ServiceItem(provider_id=counter.provider, title="密封测试"))
    header = [*USED, "资源"]
    rows = [[*used(f"U{n}", 100), name] for n, name in enumerate(("YQ-7", "扫描电镜", "密封测试", "没有的"))]
    planned = plan(counter, VOUCHER_USES, header, *rows)
    assert refused(planned)[:3] == ["", "", ""]
    assert "没有仪器或服务项目“没有的”" in refused(planned)[3]
    imports.apply(counter.db, planned, counter.expo_id)
    with counter.db.reading() as session:
        found = session.scalars(select(VoucherUse).order_by(VoucherUse.use_no)).all()
    assert [(row.instrument_id is None, row.service_item_id is None) for row in found] == [
        (False, True), (False, True), (True, False)
    ]  # fmt: skip


def test_a_list_without_numbers_brings_its_vouchers_once(counter: Counter) -> None:
    """The second voucher of a company on one day over one amount has to have its number."""
    row = ["甲公司", DAY, 200000, "已批", DAY]
    take(counter, VOUCHERS, ISSUED[1:6], row)
    assert [one.outcome.name for one in plan(counter, VOUCHERS, ISSUED[1:6], row).rows] == ["SAME"]
    numbered = plan(counter, VOUCHERS, ISSUED[:6], ["Q-9", "甲公司", DAY, 200000, "申领中", ""])
    assert [one.outcome.name for one in numbered.rows] == ["NEW"]
    counter.apply("200000.00", applied_on=date(2030, 5, 16))
