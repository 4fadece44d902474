"""A bid from Enter to the painted projector, with a second console; frames while bids come every 50 ms; a hall at rest.

    python tests/bench/bench_auction_hall.py [BIDS] [FILE]

The console and a projector of 1920×1080 stand in one program; the second console is a process of its own that bids on
the same lot. `own`: two digits and Enter here, until the projector painted it: wall clock, and CPU of the window's
thread. `others`: the other's commit until it is painted here. `frames`: a timer of 60 a second in the window's thread
while the other bids every 50 ms: how late it was, and how long each painting took. `rest`: CPU of the whole program
while nobody bids and the file is looked at every 50 ms. Bare is a label of the same size in a window of Qt's own that
gets another text and is painted. Prints JSON lines, the goals in the last ones.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from expo_app.model import LadderKind
from expo_app.services import auction_hall, expos
from expo_app.services.auction_screen import wan
from expo_app.settings import Settings
from expo_app.store.database import open_database
from expo_app.ui.context import Context
from expo_app.ui.kit import jobs, theme
from expo_app.ui.pages.auction.console import ConsoleView
from expo_app.ui.pages.auction.stage import Stage
from expo_app.ui.parts.projector import Projector
from tests.auction_room import make_auction, make_bidder, make_lot
from tests.factories import make_expo

PADDLES, LOTS, FULL = 31, 7, (1920, 1080)
MINE, THEIRS = range(1, 15), range(15, 30)
FRAME, TICK = 1000 / 60, 16


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def told(values: list[float]) -> dict[str, float]:
    """Median and 99th percentile in ms, of seconds."""
    ordered = sorted(values)
    return {
        "median_ms": round(statistics.median(ordered) * 1000, 1),
        "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 1),
    }


class Watched(Stage):
    """Says when it painted which price, and how long that took."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.painted: dict[str, float] = {}
        self.took: list[float] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        super().paintEvent(event)
        now = time.perf_counter()
        self.took.append(now - began)
        self.painted.setdefault(self.shown.price, time.time())


def fill(path: Path) -> tuple[uuid.UUID, uuid.UUID]:
    """One session of seven lots; the first is open."""
    db = open_database(path, create=True)
    with db.transaction() as session:
        auction = make_auction(session, make_expo(session))
        steps = {"ladder": LadderKind.FIXED, "ladder_step": Decimal(1000)}
        lots = [make_lot(session, auction, f"{n:02d}", position=n, **steps) for n in range(1, LOTS + 1)]
        for paddle in range(1, PADDLES + 1):
            make_bidder(session, auction, paddle)
        found = auction.id, lots[0].id
    auction_hall.open_lot(db, found[1])
    db.close()
    return found


def beside(path: str, lot: str, pace: str, seconds: str) -> None:
    """The second console: a bid every `pace` seconds; says the price and the moment of each commit."""
    db = open_database(Path(path))
    end, n = time.time() + float(seconds), 0
    while time.time() < end:
        began = time.time()
        outcome = auction_hall.bid(db, uuid.UUID(lot), THEIRS[n % len(THEIRS)], console="second")
        if outcome.is_done:
            say({"price": str(outcome.amount), "at": time.time()})
        n += 1
        time.sleep(max(0.0, float(pace) - (time.time() - began)))
    db.close()


class Hall:
    """The console over the session, with a projector."""

    def __init__(self, app: QApplication, path: Path, auction: uuid.UUID, lot: uuid.UUID) -> None:
        self.app, self.path, self.lot = app, path, lot
        self.window = QMainWindow()
        self.window.resize(1440, 900)
        self.db = open_database(path)
        self.context = Context(self.db, Settings(sound_volume=0), expos.current(self.db), self.window)
        self.view = ConsoleView(self.context)
        self.window.setCentralWidget(self.view)
        self.window.show()
        self.window.activateWindow()
        self.view.show_session(auction)
        projector: Projector = self.view.projector
        projector.open()
        self.stage = Watched(self.window)
        self.stage.setWindowFlags(Qt.WindowType.Window)
        self.stage.resize(*FULL)
        assert projector.window is not None
        projector.window.hide()
        projector.window = self.stage  # type: ignore[assignment]
        self.stage.show()
        self.settle()

    def settle(self) -> None:
        self.app.processEvents()
        while jobs.running():
            self.app.processEvents()
        self.app.processEvents()

    def run(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.001)

    def rest(self, seconds: float) -> float:
        """Share of a core that this program takes while nothing happens."""
        loop, began = QEventLoop(), time.process_time()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
        return (time.process_time() - began) / seconds

    def whole_lot(self, bids: int) -> tuple[int, float]:
        """A lot from its opening to its deal by the keyboard, as fast as answers come: keys of its bids, seconds."""
        field, keys, began = self.view.body.bid.paddle, 0, time.perf_counter()
        self.press(field, Qt.Key.Key_N)
        for n in range(bids):
            for key in (*f"{MINE[n % len(MINE)]:02d}", Qt.Key.Key_Return):
                self.press(field, key)
                keys += 1
        for key in (Qt.Key.Key_F6,) * 3 + (Qt.Key.Key_F8,) * 2:
            self.press(field, key)
        return keys, time.perf_counter() - began

    def press(self, field: QWidget, key: Qt.Key | str) -> None:
        QTest.keyClicks(field, key) if isinstance(key, str) else QTest.keyClick(field, key)
        while self.view.line.acting:
            self.app.processEvents()

    def second(self, pace: float, seconds: float) -> "subprocess.Popen[str]":
        given = [sys.executable, __file__, "--beside", self.path, self.lot, pace, seconds]
        return subprocess.Popen([*map(str, given)], stdout=subprocess.PIPE, text=True)

    def own(self, bids: int) -> tuple[list[float], list[float]]:
        """Seconds from Enter to the painted bid, and CPU of this thread meanwhile."""
        waits, works = [], []
        field = self.view.body.bid.paddle
        for n in range(bids):
            QTest.keyClicks(field, f"{MINE[n % len(MINE)]:02d}")
            seq, painted = self.kept(), len(self.stage.took)
            began, work = time.perf_counter(), time.thread_time()
            QTest.keyClick(field, Qt.Key.Key_Return)
            while self.view.line.acting or len(self.stage.took) == painted:
                self.app.processEvents()
                if not self.view.line.acting and self.kept() == seq:  # the other was quicker: pressed again
                    QTest.keyClick(field, Qt.Key.Key_Return)
                    began, work = time.perf_counter(), time.thread_time()
                time.sleep(0.0005)
            waits.append(time.perf_counter() - began)
            works.append(time.thread_time() - work)
            self.view.body.bid.clear()
            self.run(0.03)
        return waits, works

    def kept(self) -> int:
        live = self.view.hall.live if self.view.hall else None
        return 0 if live is None else live.seq

    def frames(self, seconds: float) -> tuple[list[float], list[float], list[float]]:
        """How late a timer of 60 a second was, how long paintings took, and the other's commits until painted."""
        late: list[float] = []
        last = time.perf_counter()

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append(max(0.0, now - last - TICK / 1000))
            last = now

        other = self.second(0.05, seconds)
        self.run(1.5)  # until it has started
        timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        self.stage.took.clear()
        timer.start()
        last = time.perf_counter()
        end = time.perf_counter() + seconds - 1.5
        while time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.0005)
        timer.stop()
        until = time.time() - 0.2  # what is kept while this program waits for the other to end is painted late
        said = [json.loads(line) for line in other.communicate()[0].splitlines()]
        self.settle()
        waits = [
            self.stage.painted[price] - one["at"]
            for one in said
            if one["at"] < until
            if (price := wan(Decimal(one["price"]))) in self.stage.painted
        ]
        return late, list(self.stage.took), waits


def bare(app: QApplication, times: int) -> list[float]:
    """CPU of another text in a label of that size, painted."""
    label = QLabel("168.0")
    label.setFont(theme.scaled("168.0", 240, 1000, is_bold=True))
    label.resize(*FULL)
    label.show()
    app.processEvents()
    works = []
    for n in range(times):
        began = time.thread_time()
        label.setText(f"{n}.0")
        label.repaint()
        works.append(time.thread_time() - began)
    label.close()
    return works


def main(bids: int, path: Path) -> None:
    auction, lot = fill(path)
    app = QApplication([])
    app.setProperty("calm", True)
    theme.apply(app, "light")
    hall = Hall(app, path, auction, lot)
    hall.own(20)
    alone = hall.own(bids)
    other = hall.second(0.5, bids * 0.1 + 5)
    hall.run(1.5)
    together = hall.own(bids)
    other.terminate()
    other.communicate()
    late, took, waits = hall.frames(8.0)
    rest = hall.rest(5)
    hall.context.hurry(hall.view, False)
    slow = hall.rest(5)
    hall.context.hurry(hall.view, True)
    for key in (Qt.Key.Key_F8,) * 3:
        hall.press(hall.view.body.bid.paddle, key)
    keys, seconds = hall.whole_lot(9)
    label = bare(app, 200)
    hall.context.close()
    hall.db.close()
    for name, found in (("alone", alone), ("with a second console", together)):
        cpu = told(found[1])
        say({"what": f"own bid to painted, {name}", **told(found[0]), "window_cpu": cpu})
    say({"what": "the other's bid to painted here", "bids": len(waits), **told(waits)})
    on_time = sum(value <= FRAME / 1000 for value in late) / len(late)
    say({"what": "frames, a bid every 50 ms", "late": told(late), "on_time": round(on_time, 3), "painting": told(took)})
    for pace, found in (("50 ms", rest), ("2 s", slow)):
        say({"what": f"CPU at rest, looking every {pace}, of one core", "percent": round(found * 100, 2)})
    say({"what": "a lot of nine bids, three calls, the hammer", "keys_per_bid": keys / 9, "seconds": round(seconds, 2)})
    ratio = round(statistics.median(together[1]) / statistics.median(label), 1)
    say({"what": "window's CPU of a bid ÷ a bare label painted", "ratio": ratio, "bare": told(label)})
    say({"what": "p99 of own bid to painted", "ms": told(together[0])["p99_ms"], "goal_ms": 100})
    say({"what": "p99 of the window's CPU per bid", "ms": told(together[1])["p99_ms"], "goal_ms": 16})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--beside"]:
        beside(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as place:
            os.environ["EXPO_HOME"] = str(Path(place, "home"))
            given = sys.argv[1:]
            main(int(given[0]) if given else 100, Path(given[1]) if len(given) > 1 else Path(place, "hall.db"))
