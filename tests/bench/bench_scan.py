"""A durable scan against bare Core statements on the same file: 100,000 badges and 300,000 scans in it.

    python tests/bench/bench_scan.py [SCANS] [FILE]

Prints JSON lines: p50 and p99 in milliseconds of the bare statements and of `OpenDesk.check_in`, taken in turns, alone
and while another process imports 10,000 attendees; how long the import kept others waiting; the time from the answer to
the painted verdict. The goal: at most 1.5 times the bare statements at p99, plus one frame. FILE is kept for the next
run when given.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from sqlalchemy import Connection, bindparam, func, insert, select  # noqa: E402
from sqlalchemy.dialects import sqlite  # noqa: E402

from expo_app.errors import UserError  # noqa: E402
from expo_app.model import (  # noqa: E402
    Attendee,
    AttendeeSource,
    AttendeeState,
    Badge,
    CheckIn,
    DeskCount,
    Method,
    Person,
    Presence,
    Verdict,
    new_id,
)
from expo_app.rules.badge_code import new_code  # noqa: E402
from expo_app.services.checkin import OpenDesk  # noqa: E402
from expo_app.store import engines  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from expo_app.store.quarters import quarter_at  # noqa: E402
from tests.factories import category, make_desk, make_expo, make_gate, make_organisation  # noqa: E402

BADGES, SCANS_KEPT, COMPANIES, IMPORTED = 100_000, 300_000, 2_000, 10_000
START = datetime(2018, 11, 28, 1, tzinfo=UTC)
NOW = datetime(2018, 11, 30, 2, tzinfo=UTC)
Take = Callable[[str], object]


def fill(path: Path) -> None:
    """The file to measure on: everybody was scanned three times on the first two days, nobody on the third."""
    db = open_database(path, create=True)
    with db.transaction() as session:
        expo = make_expo(session, code="KJH18", name="示例 第一届", is_sample=True)
        gate, visitor = make_gate(session, expo, "南门"), category(session, expo, "trade_visitor").id
        desks = [make_desk(session, gate, f"{n:02d} 号台").id for n in range(1, 9)]
        companies = [make_organisation(session, f"示例科技{n}有限公司").id for n in range(COMPANIES)]
    people = [_person(n, companies[n % COMPANIES]) for n in range(BADGES)]
    attendees = [_attendee(n, expo.id, visitor, person) for n, person in enumerate(people)]
    badges = [
        {"id": new_id(), "attendee_id": a["id"], "code": new_code(), "issued_at": START, "print_count": 1}
        for a in attendees
    ]
    with db.transaction() as session:
        for model, rows in ((Person, people), (Attendee, attendees), (Badge, badges)):
            session.connection().execute(insert(model.__table__), rows)
        scans = _scans(expo.id, gate.id, desks, attendees, badges)
        for _part in range(6):
            session.connection().execute(insert(CheckIn.__table__), [next(scans) for _n in range(SCANS_KEPT // 6)])
    db.close()


def _person(n: int, company: uuid.UUID) -> dict[str, Any]:
    name = f"示例{chr(0x4E00 + n % 5000)}{chr(0x5000 + n % 997)}"
    return {"id": new_id(), "name": name, "organisation_id": company, "search_text": name, "phone": f"138{n:08d}"}


def _attendee(n: int, expo: uuid.UUID, category: uuid.UUID, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(), "expo_id": expo, "person_id": person["id"], "organisation_id": person["organisation_id"],
        "category_id": category, "state": AttendeeState.CONFIRMED, "source": AttendeeSource.IMPORT,
        "badge_no": f"KJH18-V-{n + 800_001:06d}", "registered_at": START, "is_sample": True,
    }  # fmt: skip


def _scans(
    expo: uuid.UUID, gate: uuid.UUID, desks: list[uuid.UUID], attendees: list[Any], badges: list[Any]
) -> Iterator[dict[str, Any]]:
    for n in range(SCANS_KEPT):
        who, visit = n % BADGES, n // BADGES
        at = START + timedelta(days=min(visit, 1), seconds=n % BADGES / 3)
        yield {
            "id": new_id(), "expo_id": expo, "gate_id": gate, "desk_id": desks[n % 8],
            "attendee_id": attendees[who]["id"], "badge_id": badges[who]["id"], "at": at, "local_day": at.date(),
            "verdict": Verdict.ADMITTED if visit < 2 else Verdict.AGAIN, "method": Method.SCAN,
            "raw": badges[who]["code"], "reason": "", "operator": "",
        }  # fmt: skip


class Bare:
    """What a scan cannot do without: one select by the code's join, one guarded insert, who is inside and how many the
    desk saw come, one durable commit.
    """

    def __init__(self, db: Database, desk: OpenDesk) -> None:
        self.connection = db.writer.connect()
        badge, attendee, person = Badge.__table__, Attendee.__table__, Person.__table__
        joined = badge.join(attendee, attendee.c.id == badge.c.attendee_id).join(
            person, person.c.id == attendee.c.person_id
        )
        columns = (
            badge.c.id,
            badge.c.revoked_at,
            attendee.c.id,
            attendee.c.state,
            attendee.c.category_id,
            person.c.name,
        )
        self.find = select(*columns).select_from(joined).where(badge.c.code == bindparam("code"))
        self.keep = sqlite.insert(CheckIn.__table__).on_conflict_do_nothing()
        inside, seen = sqlite.insert(Presence.__table__), sqlite.insert(DeskCount.__table__)
        self.inside = inside.on_conflict_do_update(
            index_elements=["attendee_id", "place_id", "day"], set_={"is_inside": True, "at": inside.excluded.at}
        )
        self.seen = seen.on_conflict_do_update(
            index_elements=["desk_id", "gate_id", "day", "quarter"], set_={"come": DeskCount.__table__.c.come + 1}
        )
        self.post = desk.post

    def __call__(self, code: str) -> object:
        post = self.post
        with self.connection.begin():
            badge_id, _revoked, attendee_id, _state, _category, name = self.connection.execute(
                self.find, {"code": code}
            ).one()
            row = {
                "id": new_id(), "expo_id": post.expo_id, "gate_id": post.gate_id, "desk_id": post.desk_id,
                "attendee_id": attendee_id, "badge_id": badge_id, "at": NOW, "local_day": NOW.date(),
                "verdict": Verdict.ADMITTED, "method": Method.SCAN, "raw": code, "reason": "", "operator": "",
            }  # fmt: skip
            self.connection.execute(self.keep, row)
            place, day = post.spot.place_id, NOW.date()
            here = {"id": new_id(), "place_id": place, "attendee_id": attendee_id, "day": day}
            self.connection.execute(self.inside, {**here, "is_inside": True, "at": NOW, "first_at": NOW})
            counted = {"id": new_id(), "expo_id": post.expo_id, "place_id": place, "desk_id": post.desk_id}
            sums = {"quarter": quarter_at(NOW), "come": 1, "gone": 0, "firsts": 1}
            self.connection.execute(self.seen, {**counted, "gate_id": post.gate_id, "day": day, **sums})
        return name


def patient(desk: OpenDesk) -> Take:
    """A scan as a desk makes it: busy is tried again at once, with the same id."""

    def take(code: str) -> object:
        scan_id = new_id()
        while True:
            try:
                return desk.check_in(code, NOW, scan_id)
            except UserError as busy:
                if busy.code != "E-DB-LOCKED":
                    raise

    return take


def in_turns(first: Take, second: Take, codes: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of each call; who begins changes, since a checkpoint falls on whoever comes then."""
    taken: tuple[list[float], list[float]] = ([], [])
    ways = (first, second)
    for n in range(0, len(codes) - 1, 2):
        for k, code in enumerate(codes[n : n + 2]):
            which = (k + n // 2) % 2
            begin = time.perf_counter()
            ways[which](code)
            taken[which].append(time.perf_counter() - begin)
    return taken


def percentiles(seconds: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(seconds, n=100)
    return {
        "p50_ms": round(cut[49] * 1000, 3),
        "p99_ms": round(cut[98] * 1000, 3),
        "max_ms": round(max(seconds) * 1000, 1),
    }


def compare(name: str, bare: Take, ours: Take, codes: list[str]) -> None:
    floor, scans = in_turns(bare, ours, codes)
    low, high = percentiles(floor), percentiles(scans)
    ratios = {f"ratio_{p}": round(high[f"{p}_ms"] / low[f"{p}_ms"], 2) for p in ("p50", "p99")}
    say({"what": name, "scans": len(scans), "bare": low, "ours": high, **ratios, "goal": 1.5})


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def new_people(turn: int) -> Any:
    """The plan of a list of attendees nobody knows yet; each turn has others."""
    from expo_app.specs import ATTENDEES, ImportPlan, Outcome, PlanRow

    rows = [
        PlanRow(
            n, Outcome.NEW,
            {
                "person.name": f"示例甲{turn}乙{n}", "person.phone": f"139{turn % 100:02d}{n:06d}",
                "category_id": "观众", "organisation_id": f"示例科技{n % 500}有限公司",
                "state": AttendeeState.CONFIRMED,
            },
        )
        for n in range(IMPORTED)
    ]  # fmt: skip
    return ImportPlan(ATTENDEES.name, f"{turn}.xlsx", (), tuple(rows))


def import_again_and_again(path: str, expo_id: str) -> None:
    """Import 10,000 new attendees until killed; says each import, its seconds, and those it held the write lock."""
    from expo_app.services import imports

    db, expo = open_database(path), uuid.UUID(expo_id)
    held = timed_lock(db)
    for turn in range(1_000_000):
        plan = new_people(turn)
        begin = time.perf_counter()
        imports.apply(db, plan, expo)
        seconds = time.perf_counter() - begin
        say({"rows": IMPORTED, "seconds": round(seconds, 2), "lock_held_s": round(held.pop(), 3), "goal_s": 0.2})


def timed_lock(db: Database) -> list[float]:
    """Seconds from the write lock to the end of the commit, of each large write to come."""
    written, seconds = db.written, []

    @contextmanager
    def timed(connection: Connection) -> Iterator[None]:
        with written(connection):
            begin = time.perf_counter()
            yield
        seconds.append(time.perf_counter() - begin)

    db.written = timed  # type: ignore[method-assign]
    return seconds


def waits(path: Path, until: Callable[[], bool]) -> list[float]:
    """How long a bare writer waits for the lock, asked every 5 ms."""
    connection, found = engines.connect(path, "rw"), []
    while not until():
        begin = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE").close()
        found.append(time.perf_counter() - begin)
        connection.execute("ROLLBACK").close()
        time.sleep(0.005)
    connection.close()
    return found


def main(scans: int, path: Path) -> None:
    if not path.exists():
        begin = time.perf_counter()
        fill(path)
        say({"what": "file made", "seconds": round(time.perf_counter() - begin, 1), "bytes": path.stat().st_size})
    db = open_database(path)
    with db.reading() as session:
        codes = list(session.scalars(select(Badge.code).order_by(Badge.code).limit(BADGES)))
        desk_id = session.scalar(select(CheckIn.desk_id).limit(1))
        last = session.scalar(select(func.max(CheckIn.local_day)))
    random.Random(7).shuffle(codes)  # noqa: S311
    if last == NOW.date():
        with db.transaction() as session:
            session.execute(CheckIn.__table__.delete().where(CheckIn.local_day == last))
    desk = OpenDesk(db, desk_id)
    bare, ours = Bare(db, desk), patient(desk)
    in_turns(bare, ours, codes[:200])
    fresh = iter(range(200, len(codes), 2 * scans))
    at = next(fresh)
    compare("alone", bare, ours, codes[at : at + 2 * scans])
    at = next(fresh)
    painted(desk, [*codes[at : at + 200], *codes[at : at + 200], *["no code"] * 100])
    with started_import(path, desk.post.expo_id) as importer:
        at = next(fresh)
        compare("while 10,000 rows are imported", bare, ours, codes[at : at + 2 * scans])
        end = time.monotonic() + 15
        found = waits(path, lambda: time.monotonic() > end)
        over = sum(wait > 0.2 for wait in found)
        say({"what": "waits of a writer beside the import", **percentiles(found), "over_200_ms": over})
        importer.kill()
        for line in importer.communicate()[0].splitlines():
            say({"what": "import", **json.loads(line)})
    db.close()


def painted(desk: OpenDesk, codes: list[str]) -> None:
    """From an answer to the pixels of its verdict and person, 1440 × 900, drawn by the processor alone."""
    from PySide6.QtWidgets import QApplication

    from expo_app.ui.kit import theme
    from expo_app.ui.pages.checkin_desk import verdict_words
    from expo_app.ui.pages.checkin_desk.kiosk import PersonCard, VerdictView

    app = QApplication([])
    theme.apply(app, "light")
    verdict, person = VerdictView(verdict_words.idle_face()), PersonCard(verdict_words.nobody_face())
    for part, size in ((verdict, (1036, 436)), (person, (1036, theme.Kiosk.PERSON))):
        part.resize(*size)
        part.grab()
    taken = []
    for code in codes:
        scan = desk.check_in(code, NOW)
        begin = time.perf_counter()
        verdict.show_face(verdict_words.verdict_face(scan))
        person.show_face(verdict_words.person_face(scan, desk.post))
        verdict.grab()
        person.grab()
        taken.append(time.perf_counter() - begin)
    say({"what": "from the answer to the painted verdict", **percentiles(taken), "goal_ms": 16.7})


def started_import(path: Path, expo_id: uuid.UUID) -> "subprocess.Popen[str]":
    command = [sys.executable, __file__, "--import", str(path), str(expo_id)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--import"]:
        import_again_and_again(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as folder:
            given = sys.argv[1:]
            main(int(given[0]) if given else 2000, Path(given[1]) if len(given) > 1 else Path(folder, "scan.db"))
