"""`roadshow_process.py DATABASE INTEREST`: for each number read, a deal is made of the interest in a process that kills
itself at so many steps; its exit code is printed.
"""

import sys
import uuid

from sqlalchemy import select

from expo_app.model import Interest, Role
from expo_app.services import roadshow_deals
from expo_app.store.database import Actor, open_database
from tests.services.hall_process import die_at, in_a_child


def make(target: str, interest_id: uuid.UUID, left: int) -> None:
    db = open_database(target)
    db.actor = Actor("周敏", Role.ADMIN)
    with db.reading() as session:
        expo_id = session.scalars(select(Interest.expo_id).where(Interest.id == interest_id)).one()
    die_at(db, left)
    roadshow_deals.make_deals(db, expo_id, [interest_id])


if __name__ == "__main__":
    for step in map(int, sys.stdin):
        in_a_child(lambda step=step: make(sys.argv[1], uuid.UUID(sys.argv[2]), step))  # type: ignore[misc]
