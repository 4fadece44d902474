"""What the fault tests run as a program of its own, to be stopped, starved or killed: `process.py VERB ARGUMENTS`.

Each verb prints a line when it has something to acknowledge.
"""

import itertools
import sys
import time
from pathlib import Path

from sqlalchemy import func, insert, select

from expo_app.errors import UserError
from expo_app.model import Counter, Venue
from expo_app.store import backup, schema
from expo_app.store.database import open_database


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write(path: str, prefix: str, count: str = "1000000") -> None:
    """Write counters until killed, saying each one after its commit; half by the desk's way."""
    db = open_database(path)
    desk = db.connection_for_desk()
    for number in range(int(count)):
        series = f"{prefix}-{number}"
        if number % 2:
            with db.transaction() as session:
                session.add(Counter(series=series))
        else:
            with desk.scan_transaction() as connection:
                connection.execute(insert(Counter), {"series": series})
        say(series)


def contend(path: str, prefix: str, count: str) -> None:
    """Read, then write, `count` times, as many desks would."""
    db = open_database(path)
    say("ready")
    for number in range(int(count)):
        with db.transaction() as session:
            session.scalar(select(func.count()).select_from(Counter))
            session.add(Counter(series=f"{prefix}-{number}"))
    say("done")


def fill(path: str) -> None:
    """Write until the disk is full, say so, wait for room, write once more."""
    db = open_database(path)
    try:
        for number in itertools.count():
            with db.transaction() as session:
                session.add(Venue(name=f"v{number}", address="x" * 150))
            say(number)
    except UserError as error:
        say(error.code)
    sys.stdin.readline()
    if sys.platform != "win32":
        import resource

        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    with db.transaction() as session:
        session.add(Venue(name="afterwards"))
    db.close()
    say("resumed")


def hold(path: str) -> None:
    """Claim the file and hold a write transaction until killed."""
    db = open_database(path, exclusive=True)
    with db.transaction() as session:
        session.add(Venue(name="never"))
        session.flush()
        say("held")
        time.sleep(60)


def copy(path: str, target: str) -> None:
    """Back up again and again to one place."""
    db = open_database(path)
    say("start")
    while True:
        backup.backup(db, Path(target))


def replace(source: str, path: str) -> None:
    """Restore again and again."""
    say("start")
    while True:
        backup.restore(Path(source), Path(path))


def migrate(path: str, folder: str) -> None:
    """Open with a program that knows one more revision, found in `folder`."""
    schema.FOLDERS.append(Path(folder))
    say("start")
    open_database(path).close()
    say("done")


def read_only(path: str) -> None:
    """Open without the right to write; say what can be done."""
    db = open_database(path)
    with db.reading() as session:
        say(session.query(Venue).count())
    try:
        with db.transaction():
            say("written")
    except UserError as error:
        say(error.code)
    say(db.read_only)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
