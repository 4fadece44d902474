"""What other programs wrote to the same database, noticed without a lock and without a message between them.

On SQLite a connection of its own asks `PRAGMA data_version`, which moves with every commit of any other connection.
Our own commits are taken off exactly: while we hold the write lock nobody else can commit, so what moved until then
was others', and the connection that committed tells whether somebody followed right behind it. On a server the newest
row of the log and the newest scan are compared; our own count as news there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from expo_app.model import LOGS, Base, CheckIn, Lot, LotEvent
from expo_app.store import engines

NOTHING: frozenset[str] = frozenset()
MOVED_BY = ({CheckIn.__tablename__}, {LotEvent.__tablename__, Lot.__tablename__})
"""A scan is its own log, and so is what happens on a lot and moves it: every other write leaves a row in `audit`."""
UNLOGGED = NOTHING.union(*MOVED_BY)


def everything() -> frozenset[str]:
    """All tables: who wrote says nothing about which."""
    return frozenset(Base.metadata.tables)


def told(before: tuple[Any, ...], now: tuple[Any, ...]) -> frozenset[str]:
    """The tables that moved with the newest rows of `LOGS`; with none of them, all that are no part of the first."""
    if before[0] != now[0]:
        return everything()
    moved = [tables for was, new, tables in zip(before[1:], now[1:], MOVED_BY, strict=True) if was != new]
    return NOTHING.union(*moved) or UNLOGGED


class FileWatch:
    """For one SQLite file. `poll()` takes microseconds and never waits; safe from several threads."""

    NEWEST = (  # as in LOGS
        "SELECT (SELECT max(rowid) FROM audit), (SELECT max(rowid) FROM check_in), (SELECT max(rowid) FROM lot_event)"
    )

    def __init__(self, path: Path, mode: str) -> None:
        """`mode` rw where the file may be written: a connection that only reads cannot share the index of the WAL."""
        self._lock = threading.Lock()
        self._connection = engines.connect(path, mode, busy_ms=0)
        self._connection.execute("PRAGMA query_only=ON").close()
        self._seen, self._logged = self._version(self._connection), self._newest()
        self._is_moved = False

    @contextmanager
    def own_commit(self, connection: Connection) -> Iterator[None]:
        """Around a commit of ours, inside its transaction."""
        raw = connection.connection.driver_connection
        with self._lock:
            before = self._version(raw)
            self._look()
            yield
            self._seen = self._version(self._connection)
            if self._version(raw) != before:
                self._is_moved = True

    def poll(self) -> frozenset[str]:
        """The tables others may have changed since the last call."""
        if not self._lock.acquire(blocking=False):
            return NOTHING  # one of our own writes is being kept: next time
        try:
            self._look()
            if not self._is_moved:
                return NOTHING
            self._is_moved = False
            before, self._logged = self._logged, self._newest()
            return told(before, self._logged)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Give the connection up."""
        with self._lock:
            self._connection.close()

    def _look(self) -> None:
        now = self._version(self._connection)
        if now is not None and now != self._seen:
            self._seen, self._is_moved = now, True

    @staticmethod
    def _version(connection: Any) -> int | None:
        """None where it cannot be told just now: after a commit an error here must not look like a failed write."""
        try:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
        except engines.driver.Error:
            return None
        return int(version)

    def _newest(self) -> tuple[Any, ...]:
        try:
            return tuple(self._connection.execute(self.NEWEST).fetchone())
        except engines.driver.Error:
            return (None,) * len(LOGS)


class ServerWatch:
    """For a server: a query each time, so not on the window's thread."""

    NEWEST = select(
        *(select(log.c.id).order_by(log.c.id.desc()).limit(1).scalar_subquery() for log in (m.__table__ for m in LOGS))
    )

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._seen = self._newest()

    @contextmanager
    def own_commit(self, connection: Connection) -> Iterator[None]:
        """Ours are not told from others'."""
        yield

    def poll(self) -> frozenset[str]:
        """The tables somebody may have changed since the last call; driver errors pass."""
        before, self._seen = self._seen, self._newest()
        if self._seen == before:
            return NOTHING
        return told(before, self._seen)

    def close(self) -> None:
        """Nothing is held."""

    def _newest(self) -> tuple[Any, ...]:
        with self._reader.connect() as connection:
            return tuple(connection.execute(self.NEWEST).one())
