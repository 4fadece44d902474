"""All statistic tables of an expo with 10,000 deals, as a share of reading the same columns bare.

    python tests/bench/bench_tables.py [DEALS] [RUNS]

The bare work reads the columns that the tables need of deals and of their sellers and buyers by Core statements, in the
same two queries, and does nothing with them. Prints JSON lines: CPU milliseconds (medians of RUNS, taken in turns) of
the bare reading, of the tables, of their second reading from the raw records, of the whole, and of PDF and workbook;
then the ratio of the tables to the bare reading. Deals are made up and the same on every run; each has a seller and a
buyer, a tenth has two sellers, a twentieth no amount.
"""

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from factories import make_expo  # noqa: E402
from sqlalchemy import insert, select  # noqa: E402

from expo_app.exchange import excel  # noqa: E402
from expo_app.model import (  # noqa: E402
    Deal,
    DealKind,
    DealParty,
    DealStage,
    Entry,
    Organisation,
    PartyRole,
    PlanSource,
    Registration,
    new_id,
)
from expo_app.reports import trade_tables as report  # noqa: E402
from expo_app.rules import tech_contracts  # noqa: E402
from expo_app.services.statistics.scope import scope_of  # noqa: E402
from expo_app.services.statistics.trade_check import check_tables  # noqa: E402
from expo_app.services.statistics.trade_rows import COLUMNS  # noqa: E402
from expo_app.services.statistics.trade_tables import count_tables, read_tables  # noqa: E402
from expo_app.specs.trade_tables import TableQuery  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from tests.factories import local  # noqa: E402

PLACES = ("310114", "320505", "320583", "320585", "330302", "440305", "510104", "DE", None)
BODIES = 1_000


def fill(db: Database, deals: int) -> Any:
    """Made-up deals; the expo's key."""
    draw = random.Random(5)  # noqa: S311
    with db.transaction() as session:
        expo = make_expo(session).id
        bodies = [
            {"id": new_id(), "name": f"单位 {n}", "region_code": draw.choice(PLACES),
             "nature": draw.choice(tech_contracts.NATURES), "search_text": ""}
            for n in range(BODIES)
        ]  # fmt: skip
        session.execute(insert(Organisation), bodies)
        rows, parties = [], []
        for number in range(deals):
            amount = None if draw.random() < 0.05 else draw.randint(1, 2 * 10**7)
            rows.append(
                {"id": new_id(), "expo_id": expo, "deal_no": f"X-{number:05d}", "title": f"项目 {number}",
                 "kind": DealKind.TECH_CONTRACT if draw.random() < 0.8 else DealKind.PURCHASE,
                 "stage": draw.choice((DealStage.INTENT, DealStage.SIGNED, DealStage.SIGNED, DealStage.REGISTERED)),
                 "entry": Entry.VALID, "amount": amount, "tech_amount": amount and amount * 9 // 10,
                 "contract_kind": draw.choice(tech_contracts.kind_names()),
                 "contract_subkind": draw.choice(tech_contracts.subkind_names()),
                 "tech_field": draw.choice(tech_contracts.TECH_FIELDS), "ip_kind": draw.choice(tech_contracts.IP_KINDS),
                 "plan_source": draw.choice(list(PlanSource)), "registration": Registration.OPEN,
                 "social_goal": draw.choice([f"目标 {n}" for n in range(13)]),
                 "signed_on": date(2018, 11, 28) + timedelta(draw.randint(0, 2)), "created_at": local(28),
                 "search_text": ""}
            )  # fmt: skip
            some = draw.sample(bodies, 3)
            sides = [(PartyRole.SELLER, 0, 0), (PartyRole.BUYER, 1, 0)]
            sides += [(PartyRole.SELLER, 2, 1)] if number % 10 == 0 else []
            parties += [
                {"id": new_id(), "deal_id": rows[-1]["id"], "organisation_id": some[which]["id"], "role": role,
                 "position": position}
                for role, which, position in sides
            ]  # fmt: skip
        for start in range(0, len(rows), 2_000):
            session.execute(insert(Deal), rows[start : start + 2_000])
        for start in range(0, len(parties), 5_000):
            session.execute(insert(DealParty), parties[start : start + 5_000])
    return expo


def bare(db: Database) -> None:
    """The same columns by Core, and nothing else."""
    deal, party, body = Deal.__table__, DealParty.__table__, Organisation.__table__
    sides = (
        select(party.c.deal_id, party.c.role, party.c.nature, body.c.nature, body.c.region_code)
        .join(body, body.c.id == party.c.organisation_id)
        .order_by(party.c.position, party.c.id)
    )
    with db.reading() as session:
        for query in (select(*(deal.c[name] for name in COLUMNS)), sides):
            for _row in session.execute(query):
                pass


def cpu(work: Callable[[], Any]) -> float:
    """Milliseconds of this process."""
    gc.collect()
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def main() -> None:
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "expo.db", create=True)
        expo = fill(db, deals)
        query, now = TableQuery((expo,)), db.now()

        def tables() -> Any:
            with db.reading() as session:
                assert scope_of(session, expo)
                return count_tables(session, query, now)

        found = tables()

        def checks() -> None:
            with db.reading() as session:
                assert all(check.agrees for check in check_tables(session, found))

        whole = read_tables(db, query, now)
        works: dict[str, Callable[[], Any]] = {
            "bare": lambda: bare(db),
            "tables": tables,
            "checks": checks,
            "whole": lambda: read_tables(db, query, now),
            "pdf": lambda: report.write(Path(folder) / "t.pdf", whole),
            "xlsx": lambda: excel.write_tables(Path(folder) / "t.xlsx", report.tables(whole)),
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        for _run in range(runs):
            for name, work in works.items():
                times[name].append(cpu(work))
        median = {name: round(statistics.median(some), 1) for name, some in times.items()}
        print(json.dumps({"deals": deals, "cpu_ms": median}))
        print(json.dumps({"tables_to_bare": round(median["tables"] / median["bare"], 2)}))
        db.close()


if __name__ == "__main__":
    main()
