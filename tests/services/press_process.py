"""Approves press figures again and again until it is killed: `press_process.py DATABASE EXPO`."""

import sys
import uuid
from datetime import UTC, datetime

from expo_app.services import press
from expo_app.store.database import open_database


def main(path: str, expo_id: str) -> None:
    db = open_database(path)
    while True:
        version = press.approve(db, uuid.UUID(expo_id), datetime(2018, 11, 29, 2, 30, tzinfo=UTC))
        sys.stdout.write(f"{version.version_no}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
