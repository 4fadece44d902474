"""What of one key is spent on duplicates among 10,000 deals, and how that compares with the bare comparison.

Ratios are printed beside the times, never asserted. The window's thread does `typing` after every key; reading the
deals into memory is a worker's and happens once and after changes.
"""

import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from expo_app.model import Deal, DealKind, DealParty, DealStage, Entry, Organisation, PartyRole, Role
from expo_app.model.base import new_ids
from expo_app.services import deals, expos
from expo_app.store.database import Actor, Database, open_database

DEALS, BODIES, KEYS = 10_000, 2_000, 200
TITLES = ("储氢阀门联合开发", "毫米波雷达专利转让", "园区能源平台运维", "微流控芯片许可", "康复外骨骼研发")


def main() -> None:
    """Print the figures as JSON lines."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPO_HOME"], os.environ["QT_QPA_PLATFORM"] = folder, "offscreen"
        db = open_database(Path(folder) / "deals.db", create=True)
        db.actor = Actor("bench", Role.ADMIN)
        dates = {"starts_on": "2018-11-28", "ends_on": "2018-11-30"}
        expo_id = expos.create(db, {"name": "展会", "code": "B18", **dates})
        names = fill(db, expo_id)
        index, reading = timed(lambda: deals.index(db, expo_id))
        mine = [typed(names, n) for n in range(KEYS)]
        found, spent = timed(lambda: [index.suspects(deals.as_facts(None, v, index.body)) for v in mine])
        _ratios, bare = timed(lambda: [SequenceMatcher(None, v["title"], TITLES[0]).ratio() for v in mine])
        _all, whole = timed(lambda: [deals.suspects(db, expo_id, values) for values in mine[:3]])
        window, slowest = in_window(db, mine)
        said = {
            "deals": DEALS, "suspicions": sum(map(len, found)), "reading in a worker, ms": 1000 * reading,
            "asking the database at every key, ms": 1000 * whole / 3, "comparing, ms a key": 1000 * spent / KEYS,
            "the form's thread, ms a key": 1000 * window, "the slowest, ms": 1000 * slowest,
        }  # fmt: skip
        print(json.dumps({name: round(value, 3) for name, value in said.items()}, ensure_ascii=False))
        print(json.dumps({"frame": 16, "comparing ÷ a bare comparison of two titles": round(spent / bare, 1)},
                         ensure_ascii=False))  # fmt: skip
        db.close()


def in_window(db: Database, mine: list[dict[str, Any]]) -> tuple[float, float]:
    """CPU of the window's thread for a key in the form, beside all that the form shows of it: mean and slowest."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMainWindow

    from expo_app.settings import Settings
    from expo_app.specs import DEALS as SPEC
    from expo_app.ui.context import Context
    from expo_app.ui.kit import theme
    from expo_app.ui.pages.deals import DealDialog

    app = QApplication([])
    theme.apply(app, "light")
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    context = Context(db, Settings(), expos.all_expos(db)[0], window)
    box = DealDialog(window, context, SPEC)
    box.open()
    while box._index is None:
        QTest.qWait(10)
    taken = []
    for values in mine:
        box.form.fill({name: values[name] for name in ("title", "sellers", "buyers", "amount")})
        began = time.thread_time()
        box._look()
        taken.append(time.thread_time() - began)
    box.close_with(None)
    context.close()
    return sum(taken) / len(taken), max(taken)


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the CPU it took."""
    began = time.process_time()
    result = act()
    return result, time.process_time() - began


def typed(names: list[str], n: int) -> dict[str, Any]:
    """What stands in a form after some key: half of them repeat a deal there is."""
    seller, buyer = pair(n if n % 2 else n + DEALS)
    return {
        "title": f"{TITLES[n % len(TITLES)]}（二期）"[: 4 + n % 12], "sellers": names[seller], "buyers": names[buyer],
        "amount": Decimal(100_000 * (n % 50 + 1)), "kind": DealKind.TECH_CONTRACT,
    }  # fmt: skip


def pair(n: int) -> tuple[int, int]:
    """Seller and buyer of a deal; five deals have the same two."""
    draw = random.Random(n // 5)  # noqa: S311
    seller = draw.randrange(BODIES)
    return seller, (seller + 1 + draw.randrange(BODIES - 1)) % BODIES


def fill(db: Database, expo_id: uuid.UUID) -> list[str]:
    """Deals and their parties, past the log; the names of the bodies."""
    names = [f"单位 {n} 有限公司" for n in range(BODIES)]
    bodies, keys, parties = new_ids(BODIES), new_ids(DEALS), iter(new_ids(2 * DEALS))
    at = datetime(2018, 11, 28, 2, tzinfo=UTC)
    with db.transaction() as session:
        session.execute(
            Organisation.__table__.insert(),
            [{"id": key, "name": name, "search_text": ""} for key, name in zip(bodies, names, strict=True)],
        )
        session.execute(
            Deal.__table__.insert(),
            [
                {
                    "id": key, "expo_id": expo_id, "deal_no": f"B18-2018-{n:05}", "title": TITLES[n % len(TITLES)],
                    "kind": DealKind.TECH_CONTRACT, "stage": DealStage.SIGNED, "entry": Entry.VALID,
                    "amount": Decimal(100_000 * (n % 50 + 1)), "signed_on": date(2018, 11, 28), "created_at": at,
                }
                for n, key in enumerate(keys)
            ],
        )  # fmt: skip
        session.execute(
            DealParty.__table__.insert(),
            [
                {"id": next(parties), "deal_id": key, "organisation_id": bodies[body], "role": role}
                for n, key in enumerate(keys)
                for role, body in zip((PartyRole.SELLER, PartyRole.BUYER), pair(n), strict=True)
            ],
        )
    return names


if __name__ == "__main__":
    main()
