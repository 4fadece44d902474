"""Cold start to a usable window on the sample expo against an empty PySide6 window with SQLAlchemy and the driver.

    python tests/bench/bench_start.py [RUNS] [FILE]

Both are whole child processes, started in turns, offscreen, that end themselves as soon as they are usable: ours when
the first page has been painted with its figures, the empty one when its window has been painted. Each loads what is
not Qt's before Qt, which reads the source of every module loaded after it. Prints JSON lines:
medians of wall-clock and CPU seconds, then the ratio of the wall-clock medians. The goal: at most 2. Modules are
compiled, as they are from the second start on. FILE is a database to open; without it the sample expo is made.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WATCH = """
import os
from PySide6.QtCore import QEvent, QObject, QTimer

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: os._exit(0))  # what is painted with it in one go is painted by then
        return False
"""
EMPTY = f"""
import sqlalchemy.orm, sqlcipher3.dbapi2
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
{WATCH}
painted = Painted()
window.installEventFilter(painted)
window.show()
app.exec()
"""
OURS = f"""
import sys
from expo_app import app, opening
ready = opening.catch_everything

def watch(window):  # the program runs as it does by itself until its window is made
    {WATCH.replace(chr(10), chr(10) + "    ")}
    from expo_app.ui.pages.home import HomePage
    show = HomePage.show_overview

    def watched(page, overview):
        show(page, overview)
        page.painted = Painted()
        page._body.installEventFilter(page.painted)

    HomePage.show_overview = watched
    ready(window)

opening.catch_everything = watch
app.main([sys.argv[1]])
"""


def measure(code: str, file: Path, home: Path) -> tuple[float, float]:
    """(wall-clock, CPU) seconds of one child process from its start to its end."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
        "QT_QPA_PLATFORM": "offscreen", "EXPO_HOME": str(home), "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
    }  # fmt: skip
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code, str(file)], env=environment)
    _pid, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"a child ended with {child.returncode}")
    return wall, used.ru_utime + used.ru_stime


def main(runs: int = 7, file: str = "") -> None:
    """Run both in turns and print the medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        if not file:
            command = [sys.executable, str(ROOT / "main.py"), "demo", "--out", folder, "--no-window", "--json"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"EXPO_HOME": str(home)})
        database = Path(file or Path(folder, "expo.db"))
        ways = {"empty window": EMPTY, "sample expo": OURS}
        seen: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _run in range(runs + 1):
            for way, code in ways.items():
                seen[way].append(measure(code, database, home))
    medians = {}
    for way, times in seen.items():
        wall, cpu = (statistics.median(column) for column in zip(*times[1:], strict=True))  # the first compiles
        medians[way] = wall
        print(json.dumps({"work": f"start: {way}", "runs": runs, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3)}))
    ratio = medians["sample expo"] / medians["empty window"]
    print(json.dumps({"ratio": "start", "value": round(ratio, 2), "goal": 2.0}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7, *sys.argv[2:3])
