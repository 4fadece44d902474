"""What 总览 asks at every refresh, against a bare count of the same scans: it must not grow with their number.

    python tests/bench/bench_dashboard.py [ATTENDEES] [SCANS …]

Prints a JSON line per number of scans: CPU milliseconds of the process (medians) for a refresh after scans, for one
after everything changed, and for a bare SQL count of the day's scans, and the ratio of the first to the last; then how
much more a refresh takes in the largest file than in the smallest. The goal: at most 50 ms at 300,000 scans, no more
than at 3,000.
"""

import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from sqlalchemy import func, insert, select  # noqa: E402

from expo_app.model import (  # noqa: E402
    Attendee,
    AttendeeSource,
    AttendeeState,
    Badge,
    CheckIn,
    Direction,
    Expo,
    Method,
    Person,
    Verdict,
    new_id,
)
from expo_app.rules.badge_code import new_code  # noqa: E402
from expo_app.services.statistics.overview import OverviewReader, overview  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from expo_app.store.presence import recount  # noqa: E402
from tests.factories import (  # noqa: E402
    category,
    make_deal,
    make_desk,
    make_exhibitor,
    make_expo,
    make_gate,
    make_item,
    make_organisation,
    make_room,
)

ATTENDEES, SCANS, RUNS = 10_000, (3_000, 30_000, 300_000), 15
DEALS, EXHIBITORS, DAYS = 1_000, 176, 3
START = datetime(2018, 11, 28, 1, tzinfo=UTC)
NOW = datetime(2018, 11, 30, 8, tzinfo=UTC)


def fill(path: Path, attendees: int, scans: int) -> uuid.UUID:
    """A file with an expo on its third day: people come once a day, and go in and out for the rest of the scans."""
    db = open_database(path, create=True)
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18", name="第一届")
        gates = [make_gate(session, expo, name) for name in ("南门", "东门")]
        desks = [(gate.id, make_desk(session, gate, f"{gate.name} {n}").id) for gate in gates for n in range(4)]
        kinds = [category(session, expo, key).id for key in ("visitor", "trade_visitor", "exhibitor", "media")]
        room = make_room(session, expo, "A 会场")
        for n in range(14):
            make_item(session, expo, f"论坛 {n}", room_id=room.id, starts_at=START + timedelta(hours=n))
        for n in range(EXHIBITORS):
            make_exhibitor(session, expo, f"展商{n}有限公司", region_code="310114")
        bodies = [make_organisation(session, f"单位{n}有限公司").id for n in range(200)]
        for n in range(DEALS):
            make_deal(session, expo, f"第 {n} 号技术合作", amount=Decimal(10_000 * (n + 1)), signed_on=NOW.date())
        expo_id = expo.id
    people = [
        {"id": new_id(), "name": f"人员{n}", "organisation_id": bodies[n % 200], "search_text": f"人员{n}"}
        for n in range(attendees)
    ]
    rows = [
        {"id": new_id(), "expo_id": expo_id, "person_id": one["id"], "organisation_id": one["organisation_id"],
         "category_id": kinds[n % 4], "state": AttendeeState.CONFIRMED, "source": AttendeeSource.IMPORT,
         "badge_no": f"KJH18-V-{n:06d}", "registered_at": START, "is_sample": False}
        for n, one in enumerate(people)
    ]  # fmt: skip
    badges = [
        {"id": new_id(), "attendee_id": one["id"], "code": new_code(), "issued_at": START, "printed_at": START,
         "print_count": 1}
        for one in rows
    ]  # fmt: skip
    with db.transaction() as session:
        for model, values in ((Person, people), (Attendee, rows), (Badge, badges)):
            session.connection().execute(insert(model.__table__), values)
        session.connection().execute(insert(CheckIn.__table__), list(_scans(expo_id, desks, rows, scans)))
        recount(session.connection())
    db.close()
    return expo_id


def _scans(expo: uuid.UUID, desks: list[Any], people: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    a_day = count // DAYS
    for n in range(count):
        day, place = divmod(n, a_day) if n < a_day * DAYS else (DAYS - 1, n)
        who = place % min(len(people), a_day)
        nth = place // min(len(people), a_day)
        gate, desk = desks[who % len(desks)]
        at = START + timedelta(days=day, seconds=(place * 28_000) // a_day)
        yield {
            "id": new_id(), "expo_id": expo, "gate_id": gate, "desk_id": desk, "attendee_id": people[who]["id"],
            "badge_id": None, "at": at, "local_day": at.date(),
            "verdict": Verdict.ADMITTED if nth == 0 else Verdict.OUT if nth % 2 else Verdict.AGAIN,
            "direction": Direction.OUT if nth % 2 else Direction.IN, "method": Method.SCAN, "raw": "", "reason": "",
            "operator": "",
        }  # fmt: skip


def bare(db: Database, expo_id: uuid.UUID) -> int:
    """The scans of the day, counted."""
    scan = CheckIn.__table__
    query = select(func.count()).select_from(scan).where(scan.c.expo_id == expo_id, scan.c.local_day == NOW.date())
    with db.reading() as session:
        return session.execute(query.where(scan.c.verdict == Verdict.ADMITTED)).scalar_one()


def measured(path: Path) -> dict[str, float]:
    db = open_database(path)
    with db.reading() as session:
        expo_id = session.scalars(select(Expo.id)).one()
    reader = OverviewReader(db)
    reader.read(expo_id, NOW)
    acts = {
        "refresh_ms": lambda: reader.read(expo_id, NOW),
        "anew_ms": lambda: overview(db, expo_id, NOW),
        "count_ms": lambda: bare(db, expo_id),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _run in range(RUNS):
        for name, act in acts.items():
            for heard in list(db._listeners):
                heard(frozenset({"check_in", "presence", "desk_quarter"}))  # as after a scan
            begun = time.process_time()
            act()
            taken[name].append((time.process_time() - begun) * 1000)
    db.close()
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    attendees = int(sys.argv[1]) if len(sys.argv) > 1 else ATTENDEES
    sizes = tuple(map(int, sys.argv[2:])) or SCANS
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for scans in sizes:
            path = Path(folder) / f"{scans}.db"
            fill(path, attendees, scans)
            found[scans] = measured(path)
            told = {name: round(value, 2) for name, value in found[scans].items()}
            ratio = found[scans]["refresh_ms"] / found[scans]["count_ms"]
            print(json.dumps({"attendees": attendees, "scans": scans, **told, "ratio": round(ratio, 2)}), flush=True)
    grown = found[max(sizes)]["refresh_ms"] / found[min(sizes)]["refresh_ms"]
    print(json.dumps({"measure": "largest ÷ smallest file", "ratio": round(grown, 2), "goal": "about 1"}))


if __name__ == "__main__":
    main()
