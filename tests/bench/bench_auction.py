"""A bid in the hall, alone and beside a second console, against the bare driver doing the same statements.

    python tests/bench/bench_auction.py [BIDS] [FILE]

Ours is `auction_hall.bid`: judged, kept, answered after a durable commit; and `read_hall`, what console and projector
show after it. Bare is the driver alone: the lot and the bidder looked up, the lot's row written where its entry is
still what was read, the event inserted, one durable commit. Both take turns on two lots of one file, as many bids each
(300), ten a second with a second console in a process of its own beside them. Prints JSON lines: CPU of the thread and
wall-clock milliseconds, and as the last ones the ratios with their goals.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from expo_app.errors import UserError
from expo_app.model import LadderKind, Lot, new_id
from expo_app.services import auction_hall
from expo_app.store import engines
from expo_app.store.database import Database, open_database
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import make_expo

PADDLES, LOTS, PACE = 31, 7, 0.1
Take = Callable[[int], object]
Figures = dict[str, float]


def fill(path: Path) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]:
    """Three sessions of seven lots and 31 paddles; a lot of each that is open, and the first session."""
    db = open_database(path, create=True)
    found = []
    with db.transaction() as session:
        expo = make_expo(session)
        for title in ("ours", "bare", "beside"):
            auction = make_auction(session, expo, title)
            steps = {"ladder": LadderKind.FIXED, "ladder_step": Decimal(100)}
            lots = [make_lot(session, auction, f"{n:02d}", **steps) for n in range(1, LOTS + 1)]
            for paddle in range(1, PADDLES + 1):
                make_bidder(session, auction, paddle, f"{title}{paddle}")
            found.append((auction.id, lots[0].id))
    for _auction, lot in found:
        auction_hall.open_lot(db, lot)
    db.close()
    return found[0][1], found[1][1], found[2][1], found[0][0]


def bare(path: Path, lot_id: uuid.UUID) -> Take:
    """What a bid cannot do without, in four statements of the driver."""
    connection = engines.connect(path, "rw", busy_ms=5000)
    for pragma in engines.PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()

    def take(n: int) -> object:
        connection.execute("BEGIN IMMEDIATE")
        auction, seq, price, _state, _paused = connection.execute(
            "SELECT auction_id, seq, price, state, is_paused FROM lot WHERE id = ?", (lot_id.bytes,)
        ).fetchone()
        bidder, _organisation = connection.execute(
            "SELECT id, organisation_id FROM bidder WHERE auction_id = ? AND paddle = ?", (auction, n % PADDLES + 1)
        ).fetchone()
        amount = (price or 0) + 10_000
        connection.execute(
            "UPDATE lot SET seq = ?, price = ?, leader_id = ?, calls_made = 0 WHERE id = ? AND seq = ?",
            (seq + 1, amount, bidder, lot_id.bytes, seq),
        )
        connection.execute(
            "INSERT INTO lot_event (id, lot_id, seq, kind, at, amount, bidder_id, channel, operator, console, note,"
            " is_sample) VALUES (?, ?, ?, 'BID', '2018-11-29 05:00:00.000000', ?, ?, 'ROOM', '', '', '', 0)",
            (new_id().bytes, lot_id.bytes, seq + 1, amount, bidder),
        )
        connection.execute("COMMIT")
        return amount

    return take


def ours(db: Database, lot_id: uuid.UUID) -> Take:
    """A bid as a console makes it."""
    return lambda n: auction_hall.bid(db, lot_id, n % PADDLES + 1, sure=True)


def beside(path: str, lot: str, seconds: str) -> None:
    """A second console: a bid of its own every tenth of a second."""
    db, lot_id, end, n = open_database(path), uuid.UUID(lot), time.monotonic() + float(seconds), 0
    while time.monotonic() < end:
        try:
            auction_hall.bid(db, lot_id, n % PADDLES + 1, sure=True)
        except UserError as busy:
            if busy.code != "E-DB-LOCKED":
                raise
        n += 1
        time.sleep(PACE)
    db.close()


def measured(takes: dict[str, Take], count: int, pace: float = 0.0) -> dict[str, tuple[list[float], list[float]]]:
    """Wall-clock and CPU milliseconds of each call, in turns; who begins changes."""
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in takes}
    for n in range(count):
        for name in sorted(takes, reverse=bool(n % 2)):
            time.sleep(pace / len(takes))
            wall, work = time.perf_counter(), time.thread_time()
            takes[name](n)
            found[name][1].append((time.thread_time() - work) * 1000)
            found[name][0].append((time.perf_counter() - wall) * 1000)
    return found


def told(wall: list[float], work: list[float]) -> Figures:
    cut = statistics.quantiles(wall, n=100)
    return {
        "cpu_ms": round(statistics.median(work), 3),
        "p50_ms": round(cut[49], 2),
        "p99_ms": round(cut[98], 2),
        "max_ms": round(max(wall), 1),
    }


def say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(count: int, path: Path) -> None:
    own, other, third, auction_id = fill(path)
    db = open_database(path)
    takes = {"ours": ours(db, own), "bare": bare(path, other)}
    measured(takes, 50)
    alone = {name: told(*taken) for name, taken in measured(takes, count).items()}
    arguments = [sys.executable, __file__, "--beside", path, third, count * PACE + 5]
    second = subprocess.Popen([*map(str, arguments)])
    time.sleep(3)
    together = {name: told(*taken) for name, taken in measured(takes, count, PACE).items()}
    second.wait()
    hall = told(*measured({"hall": lambda _n: auction_hall.read_hall(db, auction_id)}, count)["hall"])
    with db.reading() as session:
        say({"what": "bids kept on our lot", "bids": session.get_one(Lot, own).seq - 1})
    for name in ("bare", "ours"):
        say({"what": f"a bid, {name}", "alone": alone[name], "two_consoles": together[name]})
    say({"what": "reading the hall, 7 lots, 31 paddles", **hall})
    work = round(alone["ours"]["cpu_ms"] + hall["cpu_ms"], 2)
    say({"what": "CPU of a bid and of the look after it", "ms": work, "goal_ms": 16})
    for name, found in (("alone", alone), ("two consoles", together)):
        ratio = round(found["ours"]["p99_ms"] / found["bare"]["p99_ms"], 2)
        say({"what": f"a bid ÷ bare statements at p99, {name}", "ratio": ratio, "p99_ms": found["ours"]["p99_ms"]})
    db.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--beside"]:
        beside(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as place:
            given = sys.argv[1:]
            main(int(given[0]) if given else 300, Path(given[1]) if len(given) > 1 else Path(place, "hall.db"))
