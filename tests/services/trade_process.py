"""Somebody at work with deals: `trade_process.py DATABASE EXPO SEED ACTS`. Says each act after its commit, or why not.

Every edit adds to what it saw, each program in digits of its own, so that a lost one would be missing from the sum.
"""

import random
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import Deal, DealStage, Entry
from expo_app.services import contracts, deals, deals_ceremony, press, records
from expo_app.specs import DEALS
from expo_app.store.database import Database, open_database

NOW = datetime(2018, 11, 30, 7, tzinfo=UTC)
NUMBERS = tuple(f"2018330300999{n:03}" for n in range(1, 6))
DAY = date(2018, 11, 29)
STAGES = (DealStage.SIGNED, DealStage.PERFORMING, DealStage.TERMINATED)


class Desk:
    """Its acts: each returns what it did."""

    def __init__(self, db: Database, expo_id: uuid.UUID, seed: int) -> None:
        self.db, self.expo_id, self.chance, self.one = db, expo_id, random.Random(seed), 1000**seed  # noqa: S311
        with db.reading() as session:
            self.ids: Sequence[uuid.UUID] = session.scalars(select(Deal.id).order_by(Deal.id)).all()

    def some(self) -> list[uuid.UUID]:
        """Deals in any order."""
        return self.chance.sample(self.ids, self.chance.randint(1, len(self.ids)))

    def edit(self) -> int:
        """A higher amount."""
        key = self.chance.choice(self.ids)
        seen = records.get(self.db, DEALS, key)
        values = {"amount": seen["amount"] + self.one}
        deals.register(self.db, self.expo_id, values, key, reason="改", not_duplicate=True, seen=seen)
        return self.one

    def prepare(self) -> int:
        """Another witness."""
        key = self.chance.choice(self.ids)
        seen = records.get(self.db, DEALS, key)
        values = {"witness": str(int(seen["witness"] or 0) + self.one)}
        deals_ceremony.prepare(self.db, self.expo_id, key, values, seen)
        return self.one

    def step(self) -> int:
        """Many move, or become void or valid: a step of each."""
        keys = self.some()
        if self.chance.random() < 0.5:
            return len(deals.set_entry(self.db, keys, self.chance.choice((Entry.VOID, Entry.VALID)), "步"))
        deals.advance(self.db, keys, self.chance.choice(STAGES), reason="步")
        return len(keys)

    def arrange(self) -> int:
        """Another order on the stage."""
        seen = deals_ceremony.signings(self.db, self.expo_id)
        deals_ceremony.arrange(self.db, [("第 1 批", self.chance.sample(self.ids, len(self.ids)))], seen)
        return 1

    def number(self) -> int:
        """One of few numbers for any contract."""
        contracts.enter(self.db, self.chance.choice(self.ids), DAY, self.chance.choice(NUMBERS))
        return 1

    def approve(self) -> int:
        """Figures of the press."""
        press.approve(self.db, self.expo_id, NOW)
        return 1


ACTS = ("edit", "prepare", "step", "arrange", "number", "approve")


def main(target: str, expo_id: str, seed: str, acts: str) -> None:
    db = open_database(target, clock=lambda: NOW)
    desk = Desk(db, uuid.UUID(expo_id), int(seed))
    for _n in range(int(acts)):
        act = desk.chance.choice(ACTS)
        try:
            said = f"{act} {getattr(desk, act)()}"
        except UserError as refused:
            said = f"refused {refused.code or '/'.join(getattr(refused, 'problems', {}))}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
    db.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
