"""The counter of vouchers: the form's look while typing, a submission and an approval, among many uses.

    python tests/bench/bench_vouchers.py [USES] [RUNS]

Bare is the driver reading the rows a look rests on, by their keys. Prints JSON lines: median CPU milliseconds of each,
and as the last one the ratios.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import insert

from expo_app.model import Organisation, PaidWay, UseState, Voucher, VoucherPot, VoucherState, VoucherUse, new_id
from expo_app.services import voucher_acts, voucher_uses
from expo_app.store import audit, engines
from expo_app.store.database import open_database
from tests.made_vouchers import HERE, THERE, TODAY, Counter

AMOUNT, SHARE = Decimal(30_000), Decimal(1000)
EACH = 10
"""Uses of one company."""


def fill(path: Path, uses: int) -> Counter:
    """So many uses of a tenth as many companies, one voucher each; the counter's own company is one of them."""
    counter = Counter(open_database(path, create=True), budget=Decimal(10**9))
    others = [new_id() for _ in range(uses // EACH - 1)]
    bodies = [{"id": key, "name": f"企业 {n}", "region_code": "370102"} for n, key in enumerate(others)]
    vouchers = [
        {"id": new_id(), "voucher_no": f"V{n}", "policy_id": counter.policy, "organisation_id": key,
         "applied_on": TODAY, "approved_on": TODAY, "amount": AMOUNT, "held": AMOUNT, "used": EACH * SHARE,
         "state": VoucherState.APPROVED, "expires_on": TODAY.replace(year=2031)}
        for n, key in enumerate((*others, counter.company))
    ]  # fmt: skip
    rows = [
        {"id": new_id(), "use_no": f"U{n}", "voucher_id": voucher["id"], "organisation_id": voucher["organisation_id"],
         "provider_id": counter.provider, "kind": "检测", "contract_on": TODAY, "contract_amount": 2 * SHARE,
         "policy_id": counter.policy, "rate": Decimal(50), "way": PaidWay.PAID, "basis_amount": 2 * SHARE,
         "share": SHARE, "issuer_code": HERE, "payee_code": THERE, "state": UseState.VERIFIED, "verified_on": TODAY}
        for n, voucher in enumerate(v for v in vouchers for _ in range(EACH))
    ]  # fmt: skip
    pots = [
        {"id": new_id(), "region_code": HERE, "is_sample": False, "year": TODAY.year, "organisation_id": key,
         "most": most, "taken": taken}
        for key, most, taken in (
            (None, Decimal(10**9), AMOUNT * len(vouchers)),
            *((voucher["organisation_id"], Decimal(10**8), AMOUNT) for voucher in vouchers),
        )
    ]  # fmt: skip
    with counter.db.transaction() as session:
        for table, made in ((Organisation, bodies), (Voucher, vouchers), (VoucherUse, rows), (VoucherPot, pots)):
            session.connection().execute(insert(table.__table__), made)
            audit.record_audit(session, "insert", table.__tablename__, None)
    return counter


def bare(path: Path, counter: Counter) -> Callable[[], object]:
    connection = engines.connect(path, "ro", busy_ms=5000)
    company, provider = counter.company.bytes, counter.provider.bytes
    reads = (
        ("SELECT * FROM voucher_policy", ()),
        ("SELECT * FROM policy_class", ()),
        ("SELECT * FROM voucher WHERE organisation_id = ?", (company,)),
        ("SELECT * FROM provider WHERE id = ?", (provider,)),
        ("SELECT * FROM listed_provider WHERE provider_id = ?", (provider,)),
        ("SELECT * FROM related_bodies WHERE one_id = ? OR other_id = ?", (company, company)),
        ("SELECT * FROM organisation WHERE id = ?", (company,)),
        ("SELECT provider_id, contract_on FROM voucher_use WHERE organisation_id = ?", (company,)),
        ("SELECT * FROM voucher_pot WHERE region_code = ? AND organisation_id = ?", (HERE, company)),
        ("SELECT * FROM voucher_pot WHERE region_code = ? AND organisation_id IS NULL", (HERE,)),
    )
    return lambda: [connection.execute(*one).fetchall() for one in reads]


def cpu(run: Callable[[], object], times: int) -> float:
    """Median milliseconds of CPU."""
    run()
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def main(uses: int, runs: int) -> None:
    path = Path(tempfile.mkdtemp()) / "expo.db"
    counter = fill(path, uses)
    db, expo = counter.db, counter.expo_id
    draft = counter.draft("2.00")
    numbers = iter(range(10**6))
    said = {"uses": uses}
    said |= {
        "bare": cpu(bare(path, counter), runs),
        "look": cpu(lambda: voucher_uses.look(db, expo, draft), runs),
        "submit": cpu(lambda: voucher_uses.submit(db, expo, replace(draft, contract_no=f"HT-{next(numbers)}")), runs),
        "approve": cpu(lambda: voucher_acts.approve(db, expo, counter.apply("0.01")), runs),
    }
    print(json.dumps(said))
    print(json.dumps({name: round(said[name] / said["bare"], 1) for name in ("look", "submit", "approve")}))
    db.close()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [20_000, 50][len(given) :]))
