"""The due list of the dashboard, and the landing report's figures, among many tasks and milestones.

    python tests/bench/bench_due.py [TASKS] [RUNS]

In turns: `statistics.follow_up.due` and one bare count over the same two tables; then `read_landing` over 10,000 deals
and reading the same rows by bare statements. CPU seconds, medians; the last lines are ratios.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select, text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from expo_app.model import (  # noqa: E402
    Deal,
    DealMilestone,
    DealParty,
    DealStage,
    DealStep,
    Entry,
    MilestoneKind,
    Organisation,
    PartyRole,
    Task,
    TaskState,
    new_id,
)
from expo_app.services.statistics.follow_up import due  # noqa: E402
from expo_app.services.statistics.landing import read_landing  # noqa: E402
from expo_app.services.statistics.scope import scope_of  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from tests.factories import local, make_expo  # noqa: E402

TODAY = date(2018, 12, 3)


def fill(db: Database, tasks: int, deals: int) -> Any:
    """So many tasks, and deals with two parties, two steps and a payment each."""
    with db.transaction() as session:
        expo = make_expo(session, code="BB18")
        expo_id = expo.id
        ids = [new_id() for _n in range(deals)]
        rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in (Organisation, Deal, DealParty, DealStep)}
        bodies = [new_id() for _n in range(200)]
        rows[Organisation] = [{"id": key, "name": f"单位 {n}", "region_code": "440300"} for n, key in enumerate(bodies)]
        for n, key in enumerate(ids):
            day = date(2018, 11, 28) + timedelta(n % 3)
            rows[Deal].append(
                {
                    "id": key, "expo_id": expo_id, "deal_no": f"BB-2018-{n:05}", "title": f"项目 {n}",
                    "entry": Entry.VALID, "amount": Decimal(100_000 + n), "signed_on": day, "created_at": local(28),
                }
            )  # fmt: skip
            for role, at in ((PartyRole.SELLER, n), (PartyRole.BUYER, n + 1)):
                rows[DealParty].append(
                    {"id": new_id(), "deal_id": key, "organisation_id": bodies[at % 200], "role": role}
                )
            for stage, on in ((DealStage.SIGNED, day), (DealStage.PERFORMING, day + timedelta(3))):
                rows[DealStep].append(
                    {
                        "id": new_id(), "deal_id": key, "stage": stage, "entry": Entry.VALID, "at": local(28),
                        "on_date": on,
                    }
                )  # fmt: skip
        points = [
            {
                "id": new_id(), "deal_id": key, "kind": MilestoneKind.PAYMENT, "title": "首付款",
                "due_on": TODAY + timedelta(n % 60 - 20), "amount": Decimal(1000),
            }
            for n, key in enumerate(ids)
        ]  # fmt: skip
        todo = [
            {
                "id": new_id(), "expo_id": expo_id, "task_no": f"T-{n:05}", "title": f"第 {n} 件", "assignee": "郑岚",
                "due_on": TODAY + timedelta(n % 60 - 20), "created_at": local(28),
                "state": TaskState.DONE if n % 2 else TaskState.OPEN,
            }
            for n in range(tasks)
        ]  # fmt: skip
        for model, made in (*rows.items(), (DealMilestone, points), (Task, todo)):
            session.execute(insert(model), made)
        return expo_id


def bare_due(session: Any) -> None:
    for table in ("task", "deal_milestone"):
        session.execute(text(f"SELECT count(*), min(due_on) FROM {table} WHERE due_on <= '2018-12-10'")).all()  # noqa: S608


def bare_landing(session: Any) -> None:
    for model in (Deal, DealStep, DealParty, DealMilestone):
        columns = [column for column in model.__table__.c if column.name not in ("note", "search_text", "reason")][:10]
        session.execute(select(*columns)).all()


def timed(work: Any, runs: int) -> float:
    taken = []
    for _n in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)


def main() -> None:
    """Fill, measure in turns, print."""
    tasks, runs = (int(text_) for text_ in (sys.argv[1:] + ["10000", "7"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.db", create=True)
        expo_id = fill(db, tasks, tasks)
        with db.reading() as session:
            scope = scope_of(session, expo_id)
            pairs = {
                "due list": (lambda: due(session, scope, TODAY), lambda: bare_due(session)),
                "landing report's figures": (
                    lambda: read_landing(session, scope, date(2018, 12, 31)), lambda: bare_landing(session),
                ),
            }  # fmt: skip
            for name, (ours, bare) in pairs.items():
                mine, theirs = timed(ours, runs), timed(bare, runs)
                print(json.dumps({"what": name, "rows": tasks, "ms": round(mine * 1000, 1)}, ensure_ascii=False))
                print(json.dumps({"what": f"{name} ÷ bare", "ratio": round(mine / theirs, 2)}, ensure_ascii=False))
        db.close()


if __name__ == "__main__":
    main()
