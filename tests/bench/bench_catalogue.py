"""A key in the catalogue of resources: 28,634 instruments, 5,500 services, 1,825 providers.

    python tests/bench/bench_catalogue.py [INSTRUMENTS] [RUNS]

Prints JSON lines: CPU of finding with all counts ÷ a bare scan of the same keys for the same term (`term in key`),
milliseconds in the window from a key to the painted rows and to the painted counts, and seconds of reading all of it in
its worker. Goals: a key 16 ms of the window's thread, rows 50 ms, counts 150 ms.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # noqa: E402

from expo_app.rules.catalogue import CATEGORY, Wanted  # noqa: E402
from expo_app.services import catalogue, expos  # noqa: E402
from expo_app.settings import Settings  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402
from expo_app.ui.context import Context  # noqa: E402
from expo_app.ui.kit import jobs, theme  # noqa: E402
from expo_app.ui.pages.vouchers.catalogue import CatalogueFace  # noqa: E402
from tests import made_instruments  # noqa: E402
from tests.factories import make_expo  # noqa: E402

SEARCHES = ("电", "电镜", "dj", "s", "sm", "x-01", "YQ-0123", "示例第0012", "没有这个", "")


def median_of(work: Callable[[], Any], runs: int) -> float:
    """Milliseconds of CPU."""
    taken = []
    for _run in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1_000


def finding(db: Database, runs: int) -> None:
    start = time.process_time()
    whole = catalogue.read(db, expos.current(db).id).catalogue  # type: ignore[union-attr]
    print(json.dumps({"work": "read", "entries": len(whole.entries), "cpu_s": round(time.process_time() - start, 2)}))
    keys = [entry.search for entry in whole.entries]
    ratios = []
    for search in filter(None, SEARCHES):
        wanted = Wanted(search=search, ticked={CATEGORY: frozenset(("分析仪器", "计量仪器"))})
        ours = median_of(lambda w=wanted: whole.find(w), runs)
        term = search.lower()
        bare = median_of(lambda t=term: [key for key in keys if t in key], runs)
        ratios.append(ours / bare)
        print(json.dumps({"search": search, "find_ms": round(ours, 2), "bare_ms": round(bare, 2)}))
    print(json.dumps({"ratio": "find with counts ÷ bare scan", "value": round(statistics.median(ratios), 2)}))


def in_the_window(db: Database, runs: int) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    face = CatalogueFace(Context(db, Settings(), expos.current(db)))
    face.resize(1440, 900)
    face.show()
    while face.search.found is None:
        app.processEvents()
    jobs.wait()
    app.processEvents()
    keyed, painted, counted = [], [], []
    for search in SEARCHES * runs:
        face.search.search.set_text(search)
        begun, cpu = time.perf_counter(), time.process_time()
        face.search.show_found()
        keyed.append(time.process_time() - cpu)
        face.search.view.viewport().repaint()
        painted.append(time.perf_counter() - begun)
        app.processEvents()
        counted.append(time.perf_counter() - begun)
    for name, taken, goal in (("key, cpu", keyed, 16), ("rows painted", painted, 50), ("counts painted", counted, 150)):
        told = {"ms": round(statistics.median(taken) * 1_000, 1), "slowest": round(max(taken) * 1_000, 1)}
        print(json.dumps({"work": name, **told, "goal": goal}))


def main(count: int = made_instruments.INSTRUMENTS, runs: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder, "expo.db"), create=True)
        with db.transaction() as session:
            make_expo(session)
            made_instruments.put_all(session, count)
        finding(db, runs)
        in_the_window(db, runs)
        db.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
