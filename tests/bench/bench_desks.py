"""Eight desks on one SQLite file, with an export, an import of 10,000 rows and its undo beside, against one desk alone.

    python tests/bench/bench_desks.py [SCANS] [FILE]

Each desk is a process that scans ten people a second, SCANS of them (300), as `bench_scan.patient` does. Prints JSON
lines: p50 and p99 of one desk alone and of the eight together in milliseconds, their ratio (goal: 5 at p99), what ran
beside them, and how long import and undo held the write lock (goal: 0.2 s). FILE is that of `bench_scan`.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import select

from expo_app import documents
from expo_app.model import Badge, CheckIn, Desk
from expo_app.services import expos, imports
from expo_app.services.checkin import OpenDesk
from expo_app.specs import ATTENDEES
from expo_app.store.database import open_database
from tests.bench.bench_scan import NOW, fill, new_people, patient, percentiles, say, timed_lock

PACE, DESKS = 0.1, 8


def at_desk(path: str, which: str, scans: str) -> None:
    """Scan on time, however long the one before took; prints the seconds of each."""
    db = open_database(path)
    number, count = int(which), int(scans)
    with db.reading() as session:
        desk_id = session.scalars(select(Desk.id).order_by(Desk.name)).all()[number % DESKS]
        codes = session.scalars(select(Badge.code).order_by(Badge.code).offset(number * count).limit(count)).all()
    take, taken = patient(OpenDesk(db, desk_id)), []
    due = time.monotonic() + number * PACE / DESKS
    for code in codes:
        time.sleep(max(0.0, due - time.monotonic()))
        begin = time.perf_counter()
        take(code)
        taken.append(time.perf_counter() - begin)
        due += PACE
    db.close()
    sys.stdout.write(json.dumps(taken))


def beside(path: str, folder: str) -> None:
    """An export, an import, its undo: each once, told with its seconds and those of the write lock."""
    db = open_database(path)
    expo = expos.all_expos(db)[0]
    held = timed_lock(db)
    plan = new_people(int(time.time()) % 100_000)
    acts = {
        "export": lambda: documents.export(db, expo, ATTENDEES, Path(folder, "out.csv")),
        "import": lambda: imports.apply(db, plan, expo.id),
        "undo": lambda: imports.undo(db, imports.history(db, expo.id)[0].id),
    }
    for name, act in acts.items():
        begin = time.perf_counter()
        act()
        seconds = round(time.perf_counter() - begin, 2)
        lock = round(held.pop(), 3) if held else 0.0
        say({"what": name, "seconds": seconds, "lock_held_s": lock, "goal_s": 0.2})
    db.close()


def started(*arguments: object) -> "subprocess.Popen[str]":
    """This file in a process of its own."""
    return subprocess.Popen([sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def main(scans: int, path: Path, folder: str) -> None:
    """Alone, then together."""
    if not path.exists():
        fill(path)
    db = open_database(path)
    with db.transaction() as session:  # a run before this one scanned on the same day
        session.execute(CheckIn.__table__.delete().where(CheckIn.local_day == NOW.date()))
    db.close()
    alone = percentiles(json.loads(started("--desk", path, DESKS, scans).communicate()[0]))
    desks = [started("--desk", path, n, scans) for n in range(DESKS)]
    time.sleep(3)
    other = started("--beside", path, folder)
    taken = [seconds for desk in desks for seconds in json.loads(desk.communicate()[0])]
    together = percentiles(taken)
    sys.stdout.write(other.communicate()[0])
    ratio = round(together["p99_ms"] / alone["p99_ms"], 2)
    say(
        {
            "what": "eight desks",
            "scans": len(taken),
            "alone": alone,
            "together": together,
            "ratio_p99": ratio,
            "goal": 5,
        }
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--desk"]:
        at_desk(*sys.argv[2:])
    elif sys.argv[1:2] == ["--beside"]:
        beside(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as place:
            given = sys.argv[1:]
            main(int(given[0]) if given else 300, Path(given[1]) if len(given) > 1 else Path(place, "scan.db"), place)
