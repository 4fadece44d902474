"""A desk as a program of its own, to be killed: `desk_process.py FILE DESK`.

Reads the codes from the file, scans them again and again by a running clock, and prints the id and verdict of each
scan after its commit.
"""

import itertools
import sys
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import Badge, new_id
from expo_app.services.checkin import OpenDesk
from expo_app.store.database import open_database


def main(path: str, desk_id: str) -> None:
    db = open_database(path)
    with db.reading() as session:
        codes = session.scalars(select(Badge.code).order_by(Badge.code)).all()
    desk = OpenDesk(db, uuid.UUID(desk_id))
    at = datetime(2018, 11, 29, 1, tzinfo=UTC)
    for code in itertools.cycle([*codes, "not a code"]):
        at, scan_id, scan = at + timedelta(seconds=1), new_id(), None
        while scan is None:
            try:
                scan = desk.check_in(code, at, scan_id)
            except UserError as busy:
                if busy.code != "E-DB-LOCKED":
                    raise
        if not scan.bounce:
            sys.stdout.write(f"{scan.id} {scan.verdict.name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
