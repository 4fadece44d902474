"""A console as a program of its own: `hall_process.py HOW DATABASE LOT PADDLE COUNT [SECONDS]`.

`bids`: bids COUNT times, the least amount and now and then a jump, and prints of each `answer amount`; its clock is
SECONDS off. `hammer`: after so many bids were kept it hammers, and prints the answer. `sale`: for each number read, one
of COUNT paddles bids and the hammer falls in a process that kills itself at so many steps of the hammer's transaction
(before and behind each statement, and at the commit); its exit code is printed.
"""

import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import event, func, select

from expo_app.errors import UserError
from expo_app.model import EventKind, LotEvent
from expo_app.services import auction_hall
from expo_app.store.database import Database, open_database
from expo_app.store.faults import passes


def told(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def bids(db: Database, lot_id: uuid.UUID, paddle: int, count: int) -> None:
    draw, name = random.Random(paddle), f"console {paddle}"  # noqa: S311
    amount = None
    for _n in range(count):
        try:
            found = auction_hall.bid(db, lot_id, paddle, amount, sure=True, console=name)
        except UserError as problem:
            if not passes(problem):
                raise
            told("not_kept", "", problem)
            continue
        told(found.answer.name.lower(), found.amount or "", found.reason)
        jumps = found.lot.price is not None and draw.random() < 0.2
        amount = (found.lot.price or Decimal(0)) + 100 * draw.randrange(1, 4) if jumps else None


def hammer(db: Database, lot_id: uuid.UUID, _paddle: int, count: int) -> None:
    kept = select(func.count()).where(LotEvent.lot_id == lot_id, LotEvent.kind == EventKind.BID)
    while True:
        with db.reading() as session:
            if (session.scalar(kept) or 0) >= count:
                break
        time.sleep(0.01)
    while True:
        try:
            found = auction_hall.hammer(db, lot_id, "hammer", sure=True)
            break
        except UserError as problem:  # the file was held too long: once more
            if not passes(problem):
                raise
    told(found.answer.name.lower(), found.amount, found.lot.leader)


def sale(target: str, lot_id: uuid.UUID, paddle: int, count: int) -> None:
    """In a process of its own, made in an instant, for each line read: a number of steps after which it dies."""
    for left in map(int, sys.stdin):
        in_a_child(lambda left=left: _sell(target, lot_id, paddle + left % count, left))  # type: ignore[misc]


def in_a_child(act: Callable[[], None]) -> None:
    """Say how a process that does nothing else ended."""
    child = os.fork()
    if not child:
        act()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    told(os.waitstatus_to_exitcode(status))


def _sell(target: str, lot_id: uuid.UUID, paddle: int, left: int) -> None:
    db = open_database(target)
    auction_hall.bid(db, lot_id, paddle, sure=True)
    die_at(db, left)
    auction_hall.hammer(db, lot_id, sure=True)


def die_at(db: Database, left: int) -> None:
    """From now on this process dies at so many steps: before and behind each statement, and at the commit."""

    def die(*_args: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in {db.writer.engine, db.at_desks.engine}:
        for when in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, when, die)


def main(how: str, target: str, lot: str, paddle: str, count: str, off: str = "0") -> None:
    away = timedelta(seconds=int(off))
    if how == "sale":
        return sale(target, uuid.UUID(lot), int(paddle), int(count))
    db = open_database(target, clock=lambda: datetime.now(UTC) + away)
    {"bids": bids, "hammer": hammer}[how](db, uuid.UUID(lot), int(paddle), int(count))
    db.close()
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
