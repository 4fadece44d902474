"""The desk on the screen while something fails: scans kept, seconds to the next verdict, longest stall of the window.

    python tests/bench/bench_outages.py [POSTGRESQL-URL]

For each kind of fault: a desk at work, three codes read by key events while it lasts, then it ends. Prints a JSON line
each: scans read and kept, seconds from the end of the fault until the last is kept and until a new one is answered, and
the longest time the window's thread was kept from its events, in milliseconds (goal: 100). With the address of an empty
database on a server, reached through a proxy that falls silent or cuts, the server's faults as well.
"""

import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["EXPO_HOME"] = tempfile.mkdtemp()

from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from sqlalchemy import func, make_url, select, text  # noqa: E402

from expo_app.model import CheckIn  # noqa: E402
from expo_app.store import deadlines  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from expo_app.ui.kit import theme  # noqa: E402
from tests.proxy import Proxy  # noqa: E402
from tests.ui.test_checkin_outages import Stalls, Stand, fill, full, locked, moved  # noqa: E402

LASTS = 3.0
"""Seconds a fault lasts."""


class Waiting:
    """What `Stand` asks of a test's robot."""

    def addWidget(self, widget: Any) -> None:
        """It lives as long as the program."""

    def wait(self, milliseconds: int) -> None:
        """Let events run."""
        QTest.qWait(milliseconds)

    def waitUntil(self, done: Callable[[], bool], timeout: int = 30_000) -> None:
        """Let events run until it is so."""
        end = time.monotonic() + timeout / 1000
        while not done():
            if time.monotonic() > end:
                raise TimeoutError
            QTest.qWait(5)


def kept(db: Database) -> int:
    """How many scans are stored."""
    with db.reading() as session:
        return session.scalar(select(func.count(CheckIn.id))) or 0


def measured(name: str, stand: Stand, begin: Callable[[], Any], end: Callable[[], Any], count: Database) -> None:
    """One fault."""
    before, stalls = kept(count), Stalls()
    began = begin()
    for which in (1, 2, 3):
        stand.read(which)
        QTest.qWait(int(LASTS * 1000 / 3))
    end() if began is None else began.__exit__(None, None, None)
    healed = time.perf_counter()
    stand.bot.waitUntil(lambda: not stand.desk.intake.count)
    drained = time.perf_counter() - healed
    QTest.qWait(500)
    longest = stalls.longest
    stand.read(4)
    asked = time.perf_counter()
    stand.bot.waitUntil(lambda: kept(count) >= before + 4)
    answered = time.perf_counter() - asked
    said = {"scans": 4, "kept": kept(count) - before, "drained_s": round(drained, 2), "next_s": round(answered, 3)}
    sys.stdout.write(json.dumps({"fault": name, **said, "stall_ms": round(longest * 1000), "goal_ms": 100}) + "\n")
    sys.stdout.flush()


def entered(manager: Any) -> Any:
    """The same context manager, begun."""
    manager.__enter__()
    return manager


def damaged(db: Database) -> None:
    """One wrong letter in the row of whoever comes second."""
    with db.writer.begin() as connection:
        some = "SELECT attendee_id FROM badge ORDER BY id LIMIT 3 OFFSET 1"
        connection.execute(text(f"UPDATE attendee SET state = 'CONFIRMEX' WHERE id IN ({some})"))  # noqa: S608


def on_file(folder: Path) -> None:
    """The faults of a file."""
    for name, fault in (("disk full", full), ("locked", locked), ("file moved", moved)):
        stand = on_new_file(folder / f"{name}.db")
        measured(name, stand, lambda fault=fault, stand=stand: entered(fault(stand.db)), lambda: None, stand.db)  # type: ignore[misc]
        stand.desk.hide()
    stand = on_new_file(folder / "damaged.db")
    measured("damaged rows", stand, lambda: damaged(stand.db), lambda: None, stand.db)
    stand.desk.hide()
    stand = on_new_file(folder / "bug.db")
    measured("a fault of the program", stand, lambda: rename(stand.db, "presence", "absence"),
             lambda: rename(stand.db, "absence", "presence"), stand.db)  # fmt: skip
    stand.desk.hide()


def rename(db: Database, old: str, new: str) -> None:
    """A table under another name: what the program asks for is not there."""
    with db.writer.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def on_new_file(path: Path) -> Stand:
    """A desk at work on a file of its own."""
    db = open_database(path, create=True)
    return Stand(db, Waiting(), fill(db))  # type: ignore[arg-type]


def on_server(address: str) -> None:
    """The faults of a network, seen by a window that may not wait."""
    url = make_url(address)
    direct = open_database(address, create=True)
    codes = fill(direct)
    for name in ("cut", "fall_silent"):
        with direct.writer.begin() as connection:
            for table in ("presence", "desk_quarter", "check_in"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        proxy = Proxy(url.host or "127.0.0.1", url.port or 5432)
        through = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
        db = open_database(through)
        deadlines.guard_this_thread()
        stand = Stand(db, Waiting(), codes)  # type: ignore[arg-type]
        measured(f"server: {name}", stand, getattr(proxy, name), proxy.heal, direct)
        stand.desk.hide()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    app = QApplication([])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as place:
        on_file(Path(place))
        if len(sys.argv) > 1:
            on_server(sys.argv[1])
        os._exit(0)
