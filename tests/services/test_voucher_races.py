"""Desks that claim at once, each a database of its own: never over, not a fen lost, and pots made once."""

import random
import threading
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from expo_app.errors import InvalidRecord, UserError
from expo_app.model import Voucher, VoucherPot, VoucherState, VoucherUse
from expo_app.services import voucher_acts, voucher_lists, voucher_uses
from expo_app.services.record_writer import write_row, write_rows, writing
from expo_app.specs import POLICIES, VOUCHERS
from expo_app.store.database import Database, open_database
from tests.made_vouchers import HERE, TODAY, Counter, check_sums

DESKS, CLAIMS = 8, 1000
FEN = Decimal("0.01")


def at_once(db: Database, parts: Iterable[list[Any]], act: Callable[[Database, Any], None]) -> dict[Any, str]:
    """Every desk does its part in its own order; who was refused, by the code of the refusal."""
    refused: dict[Any, str] = {}
    broken: list[BaseException] = []
    begin = threading.Barrier(DESKS)

    def work(part: list[Any]) -> None:
        try:
            desk = open_database(db.target, clock=db.clock)
            begin.wait()
            for one in part:
                if (refusal := tried(desk, one, act)) is not None:
                    refused[one] = refusal.code
            desk.close()
        except BaseException as error:
            broken.append(error)
            raise

    threads = [threading.Thread(target=work, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return refused


def tried(desk: Database, one: Any, act: Callable[[Database, Any], None]) -> UserError | None:
    """Its refusal, None where it was done. Who waited too long for others is told so and asks again, as people do."""
    while True:
        try:
            act(desk, one)
        except UserError as error:
            if error.code != "E-DB-LOCKED":
                return error
        else:
            return None


def applied(counter: Counter, amounts: list[Decimal], companies: list[uuid.UUID]) -> list[uuid.UUID]:
    rows = [
        (None, {"organisation_id": companies[n % len(companies)], "amount": amount, "applied_on": TODAY}, 0)
        for n, amount in enumerate(amounts)
    ]
    with writing(counter.db, "vouchers.edit", counter.expo_id) as writer:
        return write_rows(writer, VOUCHERS, rows)


@pytest.mark.timeout(300)
def test_a_thousand_claims_race_for_a_budget_that_is_never_over_nor_short_of_a_fen(db: Database) -> None:
    budget = Decimal("400000.37")
    counter = Counter(db, budget=budget, cap_per_year=Decimal("30000.00"))
    draw = random.Random(14)  # noqa: S311
    companies = [counter.add_company(f"企业 {n}") for n in range(40)]
    amounts = [Decimal(draw.randint(1, 150_000)) * FEN for _ in range(CLAIMS)]
    keys = applied(counter, amounts, companies)
    asked = dict(zip(keys, amounts, strict=True))
    draw.shuffle(keys)
    refused = at_once(
        db, (keys[n::DESKS] for n in range(DESKS)), lambda desk, key: voucher_acts.approve(desk, counter.expo_id, key)
    )
    with db.reading() as session:
        pot = session.scalars(select(VoucherPot).where(VoucherPot.organisation_id.is_(None))).one()
        granted = session.scalars(select(Voucher.held).where(Voucher.state == VoucherState.APPROVED)).all()
    assert len(granted) + len(refused) == CLAIMS
    assert set(refused.values()) == {"E-VOUCHER-POT"}
    assert sum(granted) == pot.taken <= budget
    assert budget - pot.taken < min(asked[key] for key in refused)
    check_sums(db)


def test_desks_that_use_one_voucher_at_once_share_it_to_the_last_fen(db: Database) -> None:
    counter = Counter(db)
    voucher = counter.voucher("1000.01")
    each = [[counter.draft("100.00", voucher_id=voucher, contract_no=f"{n}-{m}") for m in range(6)] for n in range(8)]
    refused = at_once(db, each, lambda desk, draft: voucher_uses.submit(desk, counter.expo_id, draft))
    with db.reading() as session:
        shares = list(session.scalars(select(VoucherUse.share).order_by(VoucherUse.share)))
    assert shares == [FEN, *[Decimal(50)] * 20]
    assert len(refused) == 48 - 21
    assert counter.row(Voucher, voucher).used == Decimal("1000.01")
    check_sums(db)


def test_of_desks_that_enter_a_version_at_once_one_does(db: Database) -> None:
    counter = Counter(db, is_sample=True)

    def enter(desk: Database, title: str) -> None:
        said = {"region_code": HERE, "title": title, "valid_from": TODAY, "rate": Decimal(30)}
        with writing(desk, "vouchers.policy", counter.expo_id) as writer:
            write_row(writer, POLICIES, said)

    refused = at_once(db, ([f"办法{n}"] for n in range(DESKS)), enter)
    assert len(refused) == DESKS - 1


def test_no_version_changes_under_an_application(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(db)
    reached, changes = threading.Event(), threading.Event()
    take = voucher_lists.take

    def late(*given: Any) -> None:
        reached.set()
        changes.wait(0.5)
        take(*given)

    monkeypatch.setattr(voucher_lists, "take", late)
    desk = open_database(db.target, clock=db.clock)
    applying = threading.Thread(target=counter.apply, args=("100.00",))
    applying.start()
    reached.wait(60)
    with (
        pytest.raises(InvalidRecord, match="按这一版办理"),
        writing(desk, "vouchers.policy", counter.expo_id) as writer,
    ):
        write_row(writer, POLICIES, {"rate": Decimal(99)}, counter.policy)
        changes.set()
    applying.join()
    desk.close()
