"""28,634 instruments from Excel into a file with their 1,825 providers, measured as `bench_excel.py` measures people.

    python tests/bench/bench_instruments.py [ROWS] [RUNS]

Prints JSON lines of CPU seconds (medians of RUNS, taken in turns) and the ratio to calamine's read and one bulk Core
insert of the same 20 columns; 10 of them belong to fields. Then the same list once more, all of it known already, and
how long the list of instruments takes to read.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_excel import COLUMNS, floor_insert, floor_read, new_database, sheet_of, timed

from expo_app import documents
from expo_app.services import imports, records
from expo_app.services.expos import ExpoInfo
from expo_app.specs import INSTRUMENTS, Outcome
from expo_app.store.database import Database
from tests import made_instruments


def sheet(count: int, seed: int) -> list[list[str]]:
    """The rows of the workbook, with columns of no field behind as many as the floor has."""
    header, *rows = made_instruments.sheet_rows(count, seed=seed)
    others = COLUMNS - len(header)
    texts = [[str(cell) for cell in row] + [f"内容 {n % 40}"] * others for n, row in enumerate(rows)]
    return [[*header, *(f"来源{n}" for n in range(others))], *texts]


def whole_import(path: Path, db: Database, expo: ExpoInfo, outcome: Outcome, count: int) -> None:
    """What the command line does for `import instruments --apply`."""
    plan = documents.plan_import(db, expo, INSTRUMENTS, path)
    assert plan.count(outcome) == count, plan.rows[0]
    imports.apply(db, plan, expo.id)


def main(count: int = made_instruments.INSTRUMENTS, runs: int = 3) -> None:
    seconds: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], Any]) -> Any:
        used, result = timed(work)
        seconds.setdefault(name, []).append(used)
        return result

    with tempfile.TemporaryDirectory() as folder:
        for turn in range(runs):
            path = Path(folder, f"{turn}.xlsx")
            sheet_of(sheet(count, turn), path)
            cells = note("floor read", lambda p=path: floor_read(p))
            bare = Path(folder, f"bare{turn}.db")
            note("floor insert", lambda c=cells, to=bare: floor_insert(c, to, {}))
            db, expo = new_database(Path(folder, f"{turn}.db"))
            with db.transaction() as session:
                made_instruments.put_providers(session)
            for name, outcome in (("import new", Outcome.NEW), ("import known", Outcome.SAME)):
                note(name, lambda p=path, d=db, e=expo, o=outcome: whole_import(p, d, e, o, count))
            note("list", lambda d=db, e=expo: records.list_rows(d, INSTRUMENTS, e.id))
            db.close()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, value in medians.items():
        print(json.dumps({"work": name, "rows": count, "cpu_s": round(value, 3)}))
    floor = medians["floor read"] + medians["floor insert"]
    for name in ("import new", "import known"):
        print(json.dumps({"ratio": name, "value": round(medians[name] / floor, 2)}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
