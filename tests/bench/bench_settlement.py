"""CPU of settling 100,000 uses between five regions, and ÷ the driver adding up the same rows bare; its growth.

    python tests/bench/bench_settlement.py [USES]

Read: everything of a period from the database, checked both ways, as the page shows it. Pure: the sums alone, of uses
in memory. Drawn: each use locked into its statement and logged. Ratios are printed beside the times, never asserted.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from expo_app.model import PaidWay, Role, VoucherUse
from expo_app.rules.settlement import Use, settle
from expo_app.services import settlement, settlement_acts
from expo_app.store.database import Actor, Database, open_database
from tests.made_settlement import PLACES, Fair, make_fair, row_of

BARE = (
    "SELECT issuer_code, payee_code, way, statement_id, share FROM voucher_use"
    " WHERE state IN ('VERIFIED', 'SETTLED') AND verified_on <= '2019-06-30'"
)
AGAIN = 3


def main() -> None:
    """Print the figures as JSON lines."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    last = 0.0
    for uses in (count // 10, count):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["EXPO_HOME"] = folder
            db = open_database(Path(folder) / "settlement.db", create=True)
            db.actor, db.clock = Actor("bench", Role.ADMIN), lambda: datetime(2019, 7, 9, tzinfo=UTC)
            fair = fill(db, uses)
            last = measure(db, fair, uses, last)
            db.close()


def measure(db: Database, fair: Fair, uses: int, smaller: float) -> float:
    """One size; the CPU of reading it drawn."""
    bare = min(cpu(lambda: added_bare(db)) for _n in range(AGAIN))
    waiting = min(cpu(lambda: settlement.read(db, fair.expo_id, "2019H1")) for _n in range(AGAIN))
    drawn = cpu(lambda: settlement_acts.draw(db, fair.expo_id, "2019H1"))
    read = min(cpu(lambda: settlement.read(db, fair.expo_id, "2019H1")) for _n in range(AGAIN))
    chance = random.Random(3)  # noqa: S311
    made = [Use(chance.choice(PLACES), chance.choice(PLACES), chance.randrange(10**6), False) for _n in range(uses)]
    pure = min(cpu(lambda: settle(made).pairs) for _n in range(AGAIN))
    said = {
        "uses": uses, "pure, s": round(pure, 3), "waiting, s": round(waiting, 2), "read, s": round(read, 2),
        "÷ the driver adding up": round(read / bare, 1), "drawn, s": round(drawn, 1),
        "÷ a tenth of the uses": round(read / smaller, 1) if smaller else None,
    }  # fmt: skip
    print(json.dumps(said, ensure_ascii=False))
    return read


def fill(db: Database, count: int) -> Fair:
    """Uses of half a year between five regions, a tenth of them refunded at home."""
    chance = random.Random(14)  # noqa: S311
    with db.transaction() as session:
        fair = make_fair(session)
        rows = [
            row_of(
                fair, chance.choice(PLACES), chance.choice(PLACES), Decimal(chance.randrange(1, 5_000_000)).scaleb(-2),
                date(2019, 1, 1) + timedelta(days=chance.randrange(180)),
                way=PaidWay.REFUNDED if n % 10 == 0 else PaidWay.PAID,
            )
            for n in range(count)
        ]  # fmt: skip
        session.execute(VoucherUse.__table__.insert(), rows)
    return fair


def added_bare(db: Database) -> dict[tuple[object, ...], list[int]]:
    """The same rows through the driver alone, added up by pair, way and statement."""
    found: dict[tuple[object, ...], list[int]] = {}
    with db.reading() as session:
        raw = session.connection().connection.driver_connection
        for issuer, payee, way, statement, fen in raw.execute(BARE):
            sums = found.setdefault((issuer, payee, way, statement), [0, 0])
            sums[0] += 1
            sums[1] += fen
    return found


def cpu(act: Callable[[], object]) -> float:
    """Seconds of this process for one run."""
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
