"""What a panel spends on the chain of its record among 10,000 interests: CPU, and ÷ bare look-ups of the same rows.

    python tests/bench/bench_chain.py [INTERESTS]

Ratios are printed beside the times, never asserted. The window's thread reads a chain and paints its cards.
"""

import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text

from expo_app.model import Deal, DealKind, DealStage, Entry, Interest, InterestLevel, Role, Task
from expo_app.services.chain import chain_of
from expo_app.store.database import Actor, Database, open_database
from tests.factories import make_achievement, make_expo, make_item, make_organisation, make_pitch

LOOKS, PER_PITCH = 200, 20
TABLES = ("achievement", "pitch", "interest", "deal", "deal_step")


def main() -> None:
    """Print the figures as JSON lines."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPO_HOME"], os.environ["QT_QPA_PLATFORM"] = folder, "offscreen"
        db = open_database(Path(folder) / "chain.db", create=True)
        db.actor = Actor("bench", Role.ADMIN)
        expo, keys = fill(db, count)
        bare = look_ups(db, keys["deals"])
        for spec, found in keys.items():
            chain_of(db, expo, spec, found[0])
            spent = cpu(lambda spec=spec, found=found: [chain_of(db, expo, spec, key) for key in found]) / len(found)
            said = {"chain of": spec, "ms": round(1000 * spent, 2), "÷ five bare look-ups": round(spent / bare, 1)}
            print(json.dumps(said, ensure_ascii=False))
        print(json.dumps({"frame": 16, "read and painted, ms": round(1000 * painted(db, keys["deals"]), 2)}))
        db.close()


def fill(db: Database, count: int) -> tuple[uuid.UUID, dict[str, Sequence[uuid.UUID]]]:
    """Pitches with 20 interests each, every fourth a deal, every second with a task; some keys of each kind."""
    at, rng = datetime(2018, 11, 29, tzinfo=UTC), random.Random(7)  # noqa: S311
    keys: dict[str, list[uuid.UUID]] = {"achievements": [], "pitches": [], "interests": [], "deals": [], "tasks": []}
    with db.transaction() as session:
        expo = make_expo(session)
        item = make_item(session, expo, "路演", kind="roadshow")
        body = make_organisation(session, "乙公司").id
        for number in range(max(1, count // PER_PITCH)):
            result = make_achievement(session, expo, f"成果 {number}")
            pitch = make_pitch(session, item, result)
            keys["achievements"].append(result.id)
            keys["pitches"].append(pitch.id)
            for place in range(PER_PITCH):
                at_all = number * PER_PITCH + place
                deal = None
                if place % 4 == 0:
                    deal = Deal(
                        expo_id=expo.id, deal_no=f"D-{at_all}", title=result.title, kind=DealKind.TECH_CONTRACT,
                        stage=DealStage.INTENT, entry=Entry.DRAFT, created_at=at,
                    )  # fmt: skip
                    session.add(deal)
                    session.flush()
                    keys["deals"].append(deal.id)
                row = Interest(
                    expo_id=expo.id, interest_no=f"YX-{at_all}", pitch_id=pitch.id, organisation_id=body, at=at,
                    level=InterestLevel.REAL, deal_id=deal.id if deal else None,
                )  # fmt: skip
                session.add(row)
                session.flush()
                keys["interests"].append(row.id)
                if place % 2 == 0:
                    task = Task(
                        expo_id=expo.id, task_no=f"T-{at_all}", title="约洽谈", pitch_id=pitch.id, interest_id=row.id,
                        created_at=at,
                    )  # fmt: skip
                    session.add(task)
                    session.flush()
                    keys["tasks"].append(task.id)
        expo_id = expo.id
    return expo_id, {spec: rng.sample(found, min(LOOKS, len(found))) for spec, found in keys.items()}


def look_ups(db: Database, keys: Sequence[uuid.UUID]) -> float:
    """CPU of one row of each table by its key, through the driver alone."""
    with db.reading() as session:
        raw = session.connection().connection.driver_connection
        rows = {name: [row[0] for row in session.execute(text(f"SELECT id FROM {name} LIMIT 200"))] for name in TABLES}  # noqa: S608

        def look() -> None:
            for name in TABLES:
                for key in rows[name]:
                    raw.execute(f"SELECT * FROM {name} WHERE id = ?", (key,)).fetchall()  # noqa: S608

        return cpu(look) / len(keys)


def painted(db: Database, keys: Sequence[uuid.UUID]) -> float:
    """CPU of the window's thread for a look: the strip read, its cards made and painted."""
    from PySide6.QtWidgets import QApplication, QWidget

    from expo_app.services import expos
    from expo_app.settings import Settings
    from expo_app.ui.context import Context
    from expo_app.ui.kit import theme
    from expo_app.ui.parts.chain import ChainStrip

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")
    window = QWidget()
    context = Context(db, Settings(), expos.all_expos(db)[0], window)

    def look(key: uuid.UUID) -> None:
        strip = ChainStrip(context, "deals", key)
        strip.resize(328, 180)
        strip.grab()
        strip.deleteLater()

    look(keys[0])
    return cpu(lambda: [look(key) for key in keys]) / len(keys)


def cpu(act: Callable[[], object]) -> float:
    """Seconds of this process for one run."""
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
