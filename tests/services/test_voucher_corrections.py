"""更正 of what a statement says: wrong ones are cancelled or put back, and never beyond what was paid at first."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expo_app import documents
from expo_app.errors import Conflict, UserError
from expo_app.model import UseState, Voucher, VoucherUse
from expo_app.services import expos, settlement_acts, voucher_acts, voucher_uses
from expo_app.specs import VOUCHER_USES
from expo_app.specs.choices import Choices
from expo_app.store.database import Database
from tests.made_vouchers import Counter, check_sums


@pytest.fixture
def counter(db: Database) -> Counter:
    """One use of 10,000 of a voucher of 12,000 stands in a statement of the half-year that is over."""
    counter = Counter(db)
    counter.voucher("12000.00")
    counter.verified()
    counter.day(date(2030, 7, 1))
    settlement_acts.draw(db, counter.expo_id, "2030H1")
    return counter


@pytest.fixture
def use(counter: Counter) -> VoucherUse:
    with counter.db.reading() as session:
        return session.query(VoucherUse).one()


def correct(counter: Counter, use: VoucherUse, share: str) -> VoucherUse:
    key = voucher_uses.correct(counter.db, counter.expo_id, use.id, Decimal(share), "发票少开")
    found: VoucherUse = counter.row(VoucherUse, key)
    return found


def used(counter: Counter, use: VoucherUse) -> Decimal:
    check_sums(counter.db)
    found: Decimal = counter.row(Voucher, use.voucher_id).used
    return found


def test_a_wrong_correction_is_cancelled_while_it_stands_in_no_statement(counter: Counter, use: VoucherUse) -> None:
    wrong = correct(counter, use, "100.00")
    voucher_uses.cancel_use(counter.db, counter.expo_id, wrong.id, "少写一个零")
    assert counter.row(VoucherUse, wrong.id).state is UseState.CANCELLED
    assert used(counter, use) == Decimal(10000)
    again = correct(counter, use, "1000.00")
    counter.day(date(2031, 1, 1))
    settlement_acts.draw(counter.db, counter.expo_id, "2030H2")
    with pytest.raises(Conflict, match="更正的那一条"):
        voucher_uses.cancel_use(counter.db, counter.expo_id, again.id, "登记错了")


def test_what_was_corrected_too_much_is_put_back_up_to_what_was_paid_at_first(
    counter: Counter, use: VoucherUse
) -> None:
    first = correct(counter, use, "100.00")
    back = correct(counter, use, "10000.00")
    assert (first.share, back.share) == (Decimal("-9900.00"), Decimal("9900.00"))
    with pytest.raises(UserError, match=r"原来的 10,000\.00 元"):
        correct(counter, use, "10000.01")
    with pytest.raises(Conflict, match=r"券付会是 19,900\.00 元"):
        voucher_uses.cancel_use(counter.db, counter.expo_id, first.id, "登记错了")
    assert used(counter, use) == Decimal(10000)


def test_what_another_use_took_meanwhile_is_not_put_back(counter: Counter, use: VoucherUse) -> None:
    wrong = correct(counter, use, "100.00")
    counter.use("8000.00", contract_on=date(2030, 7, 1))
    for put_back in (
        lambda: correct(counter, use, "10000.00"),
        lambda: voucher_uses.cancel_use(counter.db, counter.expo_id, wrong.id, "登记错了"),
    ):
        with pytest.raises(UserError, match=r"只剩 7,900\.00 元，不够 9,900\.00 元"):
            put_back()
    assert used(counter, use) == Decimal(4100)


def test_of_a_voucher_that_is_over_it_is_put_back_out_of_the_pots(counter: Counter, use: VoucherUse) -> None:
    voucher_acts.cancel(counter.db, counter.expo_id, use.voucher_id, "企业放弃")  # type: ignore[arg-type]
    correct(counter, use, "100.00")
    assert counter.pots()[""] == Decimal(100)
    correct(counter, use, "9000.00")
    assert counter.pots()[""] == used(counter, use) == Decimal(9000)


def test_a_correction_says_what_it_corrects_and_the_use_tells_of_it(counter: Counter, use: VoucherUse) -> None:
    entry = correct(counter, use, "9000.01")
    look = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, entry.id))
    assert (look.entered, look.corrects) == (Decimal("-999.99"), (use.id, use.use_no))
    look = voucher_uses.look(counter.db, counter.expo_id, voucher_uses.open_use(counter.db, use.id))
    assert (look.entered, look.corrects) == (Decimal(10000), None)
    last = look.steps[-1]
    assert (last.correction, last.state, last.opinion) == (entry.use_no, UseState.VERIFIED, "发票少开")


@pytest.mark.parametrize("update", [False, True])
def test_its_own_export_comes_back_as_it_is_there(
    counter: Counter, use: VoucherUse, tmp_path: Path, update: bool
) -> None:
    correct(counter, use, "9000.01")
    expo = expos.current(counter.db, counter.expo_id)
    path = tmp_path / "uses.xlsx"
    assert documents.export(counter.db, expo, VOUCHER_USES, path) == 2
    plan = documents.plan_import(counter.db, expo, VOUCHER_USES, path, Choices(update=update))
    assert [(row.outcome.name, row.problems) for row in plan.rows] == [("SAME", {})] * 2


def test_no_list_brings_in_a_correction(counter: Counter, use: VoucherUse, tmp_path: Path) -> None:
    entry = correct(counter, use, "9000.01")
    expo = expos.current(counter.db, counter.expo_id)
    path = tmp_path / "uses.xlsx"
    documents.export(counter.db, expo, VOUCHER_USES, path)
    counter.change(VoucherUse, entry.id, use_no="YQ-X")
    plan = documents.plan_import(counter.db, expo, VOUCHER_USES, path)
    (row,) = [row for row in plan.rows if row.outcome.name != "SAME"]
    assert "更正用券" in "".join(row.problems.values())


def test_what_replaces_a_disputed_use_is_of_the_period_it_is_verified_in(counter: Counter, use: VoucherUse) -> None:
    """As the panel of the disputed statement says: it does not come back into that one."""
    statement = counter.row(VoucherUse, use.id).statement_id
    settlement_acts.send(counter.db, counter.expo_id, [statement], date(2030, 7, 8))
    settlement_acts.dispute(counter.db, counter.expo_id, statement, "b", 1, "多了 100 元", [use.id])
    voucher_uses.cancel_use(counter.db, counter.expo_id, use.id, "金额登错")
    new = counter.verified("19800.00")
    settlement_acts.redraw(counter.db, counter.expo_id, statement, 1)
    assert counter.row(VoucherUse, new).statement_id is None
    counter.day(date(2031, 1, 1))
    (later,) = settlement_acts.draw(counter.db, counter.expo_id, "2030H2").made
    assert counter.row(VoucherUse, new).statement_id == later
