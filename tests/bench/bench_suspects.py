"""Suspects among 10,000 organisations and 100,000 people of a file, as a share of reading and grouping them bare.

    python tests/bench/bench_suspects.py [NAMES] [PEOPLE] [RUNS]

The bare work reads the same columns of both tables by Core statements and puts the people into a dictionary by name
and by number. Of the organisations a tenth stands twice in another spelling, of the people a twentieth. Prints JSON
lines of CPU seconds (medians of RUNS, taken in turns) and wall-clock seconds of the whole, the peak of memory, then the
ratio; then, of 200 forms half typed, the median and the longest milliseconds in a worker, and how long a thread that
ticks beside it was held up.
"""

import gc
import json
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from bench_likeness import names, timed, written_otherwise  # noqa: E402
from sqlalchemy import insert, select  # noqa: E402

from expo_app.model import Organisation, Person, new_id  # noqa: E402
from expo_app.rules.person_names import person_key  # noqa: E402
from expo_app.rules.search_key import search_key  # noqa: E402
from expo_app.services.duplicates import like_this, suspects  # noqa: E402
from expo_app.specs import ORGANISATIONS, PEOPLE  # noqa: E402
from expo_app.store.database import Database, open_database  # noqa: E402

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红飞鹏辉波斌宇浩凯健俊帆雪琳晨阳欣怡子涵梓萱一诺思远博文"
BATCH = 5_000
LOADED = 2


def fill(db: Database, bodies: int, people: int) -> list[str]:
    """Made-up organisations and people, the same on every run; the names of the organisations."""
    draw = random.Random(11)  # noqa: S311
    known = names(bodies * 9 // 10, draw)
    known += [name for each in draw.sample(known, bodies // 10) if (name := f"{written_otherwise(each, draw)}")]
    known = list(dict.fromkeys(known))
    organisations = [
        {"id": new_id(), "name": name, "name_en": "", "short_name": "", "address": "", "postcode": "", "website": "",
         "summary": "", "is_sample": False, "search_text": search_key(name)[:600]}
        for name in known
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for number in range(people * 19 // 20):
        name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
        rows.append(_person(name, draw.choice(organisations)["id"], f"+8613{number:09d}"))
    for row in draw.sample(rows, people - len(rows)):
        rows.append(_person(f"{row['name'][0]} {row['name'][1:]}", row["organisation_id"], row["phone"]))
    with db.transaction() as session:
        for table, all_rows in ((Organisation.__table__, organisations), (Person.__table__, rows)):
            for at in range(0, len(all_rows), BATCH):
                session.execute(insert(table), all_rows[at : at + BATCH])
    return known


def _person(name: str, organisation_id: Any, phone: str) -> dict[str, Any]:
    return {
        "id": new_id(), "name": name, "name_en": "", "phone": phone, "email": None, "title": "",
        "organisation_id": organisation_id, "is_sample": False,
        "search_text": search_key(person_key(name), name, phone=phone)[:400],
    }  # fmt: skip


def bare(db: Database) -> int:
    """Both tables read, and the people by name and by number."""
    o, p = Organisation.__table__.c, Person.__table__.c
    by: dict[Any, list[Any]] = {}
    with db.reading() as session:
        count = len(session.execute(select(o.id, o.name, o.short_name, o.name_en, o.aliases, o.credit_code)).all())
        for row in session.execute(select(p.id, p.name, p.phone, p.email, p.organisation_id)):
            by.setdefault(row.name, []).append(row)
            by.setdefault(row.phone, []).append(row)
    return count + len(by)


def typed(db: Database, known: list[str]) -> tuple[list[float], float]:
    """Seconds of each question a form asks, and the longest that a thread ticking beside them was held up."""
    gc.disable()  # as in the program, whose window looks for garbage when nothing else is to do
    draw = random.Random(3)  # noqa: S311
    waits, is_over = [0.0], threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not is_over.wait(0.001):
            now = time.perf_counter()
            waits.append(now - last - 0.001)
            last = now

    ticking = threading.Thread(target=tick)
    ticking.start()
    seconds = []
    for number in range(202):
        if number == LOADED:  # the tables of spellings are
            waits[:], seconds[:] = [0.0], []
        spec, values = ORGANISATIONS, {"name": written_otherwise(draw.choice(known), draw)}
        if number % 2:
            name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))
            spec, values = (
                PEOPLE,
                {"name": name, "phone": f"13{draw.randrange(10**9):09d}", "organisation_id": known[0]},
            )
        started = time.perf_counter()
        like_this(db, spec, values)
        seconds.append(time.perf_counter() - started)
    is_over.set()
    ticking.join()
    return seconds, max(waits)


def main(bodies: int = 10_000, people: int = 100_000, runs: int = 3) -> None:
    """Run the ways in turns and print the medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.db", create=True)
        known = fill(db, bodies, people)
        used: dict[str, list[float]] = {"bare": [], "organisations": [], "people": []}
        walls, found = [], {}
        for _run in range(runs):
            used["bare"].append(timed(lambda: bare(db))[0])
            started = time.perf_counter()
            for spec in (ORGANISATIONS, PEOPLE):
                seconds, found[spec.name] = timed(lambda spec=spec: suspects(db, spec))  # type: ignore[misc]
                used[spec.name].append(seconds)
            walls.append(time.perf_counter() - started)
        medians = {way: statistics.median(values) for way, values in used.items()}
        for way, value in medians.items():
            print(json.dumps({"work": way, "found": len(found.get(way, ())), "cpu_s": round(value, 2)}))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"work": "both", "wall_s": round(statistics.median(walls), 2), "goal": 10, "peak_mib": peak}))
        ratio = (medians["organisations"] + medians["people"]) / medians["bare"]
        print(json.dumps({"ratio": "suspects", "value": round(ratio, 1)}))
        seconds, held_up = typed(db, known)
        words = {"median_ms": statistics.median(seconds) * 1000, "longest_ms": max(seconds) * 1000}
        words["held_up_ms"] = held_up * 1000
        print(json.dumps({"work": "typing"} | {name: round(value, 1) for name, value in words.items()}))
        db.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
