"""What is one contract, and its cap per use: not passed by corrections, undo, lists or other spellings."""

from decimal import Decimal

import pytest

from expo_app.errors import Conflict, UserError
from expo_app.model import Voucher, VoucherUse
from expo_app.services import imports, settlement_acts, steps, voucher_uses
from expo_app.specs import VOUCHER_USES
from expo_app.store import staging
from expo_app.store.database import Database, open_database
from tests.made_vouchers import Counter, check_sums
from tests.services.test_voucher_limits import step_of
from tests.services.test_voucher_lists import DAY, USED, plan

CAP = Decimal("5000.00")


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db, cap_per_use=CAP)


def paid(counter: Counter) -> Decimal:
    """What all vouchers pay."""
    check_sums(counter.db)
    with counter.db.reading() as session:
        return sum((one.used for one in session.query(Voucher)), Decimal(0))


def test_another_providers_contract_of_the_same_number_is_another_one(counter: Counter) -> None:
    counter.voucher("20000.00")
    counter.use("10000.00", contract_no="001")
    key = counter.use("10000.00", contract_no="001", provider_id=counter.add_provider("丁检测所"))
    assert counter.row(VoucherUse, key).share == CAP


@pytest.mark.parametrize(("one", "other"), [("HT-1", "ht-1"), ("001", "００１"), ("HT 1", "HT1")])
def test_a_number_typed_otherwise_is_the_same_contract(counter: Counter, one: str, other: str) -> None:
    counter.voucher("20000.00")
    counter.use("8000.00", contract_no=one)
    key = counter.use("8000.00", contract_no=other)
    assert counter.row(VoucherUse, key).share == Decimal("1000.00")


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_what_a_correction_left_to_another_use_is_not_put_back(counter: Counter, is_cancelled: bool) -> None:
    counter.voucher("20000.00")
    first = counter.verified("10000.00", contract_no="K-1")
    counter.day(settled := counter.db.clock().date().replace(month=7, day=2))
    settlement_acts.draw(counter.db, counter.expo_id, f"{settled.year}H1")
    fix = voucher_uses.correct(counter.db, counter.expo_id, first, Decimal("1000.00"), "多付")
    counter.use("10000.00", contract_no="K-1")
    with pytest.raises(Conflict, match="超过单次上限 5,000"):
        if is_cancelled:
            voucher_uses.cancel_use(counter.db, counter.expo_id, fix, "误")
        else:
            voucher_uses.correct(counter.db, counter.expo_id, first, Decimal("3000.00"), "少付")
    assert paid(counter) == CAP


def test_a_cancelled_use_does_not_come_back_beside_the_one_that_took_its_contract(counter: Counter) -> None:
    one, other = counter.voucher("6000.00"), counter.voucher("6000.00")
    use = counter.use("10000.00", contract_no="N-1", voucher_id=one)
    step = step_of(lambda: voucher_uses.cancel_use(counter.db, counter.expo_id, use, "误"))
    counter.use("10000.00", contract_no="n-1", voucher_id=other)
    with pytest.raises(Conflict, match="超过单次上限"):
        steps.take_back(counter.db, step)
    assert paid(counter) == CAP


def test_a_list_is_not_written_beside_a_use_that_took_its_contract_meanwhile(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (counter.row(Voucher, counter.voucher("6000.00")) for _ in range(2))
    row = ["U1", "甲公司", "乙检测所", one.voucher_no, "检测", "L-1", DAY, "10000", "0", "是", "R-1", "待核验", ""]
    planned = plan(counter, VOUCHER_USES, USED, row)
    assert planned.rows[0].problems == {}
    write = staging.write

    def late(*given: object, **named: object) -> None:
        desk = open_database(counter.db.target, clock=counter.db.clock)
        voucher_uses.submit(desk, counter.expo_id, counter.draft("10000.00", contract_no="L-1", voucher_id=other.id))
        desk.close()
        write(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(staging, "write", late)
    with pytest.raises(UserError, match="超过单次上限"):
        imports.apply(counter.db, planned, counter.expo_id)
    assert paid(counter) == CAP
