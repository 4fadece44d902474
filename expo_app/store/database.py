"""The one door to the data: transactions, and what they announce.

A write is `with database.transaction() as session: …`; after its commit, and only then, every listener hears
which tables changed. Errors a person can do something about leave here as `UserError` or `Conflict`.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from expo_app.atomic_files import sweep
from expo_app.errors import Conflict, UserError
from expo_app.i18n import _
from expo_app.model import Base, Operator, Role
from expo_app.store import claims, deadlines, engines, faults, placing, schema
from expo_app.store.audit import AuditedSession, record_audit
from expo_app.store.watch import FileWatch, ServerWatch

__all__ = ["Actor", "Database", "DeskConnection", "announce", "open_database", "record_audit"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Actor:
    """Who is working: written into every audit row."""

    name: str = ""
    role: Role = Role.ADMIN
    desk: str = ""
    is_known: bool = True
    """False: nobody said who works where somebody has a PIN, so nothing may be written or handed out."""


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class Database:
    """An open database; `open_database` makes it. Safe to use from several threads at once."""

    def __init__(
        self,
        writer: Engine,
        reader: Engine,
        *,
        url: str,
        path: Path | None,
        read_only: bool,
        clock: Callable[[], datetime],
        at_desks: Engine | None = None,
    ) -> None:
        """`at_desks`: what makes the desks' connections, where that is not the writer."""
        self.url = url
        self.path = path
        self.is_sqlite = path is not None
        self.read_only = read_only
        self.actor = Actor()
        self.clock = self.machine_clock = clock
        """`clock` may be set to a rehearsal's; backups go by the machine's."""
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._here = threading.local()
        self._claim: claims.Claim | None = None
        self._desks: list[DeskConnection] = []
        self._watch: FileWatch | ServerWatch | None = None
        self._file: tuple[int, int] | None = None
        for engine in {writer, at_desks or writer}:
            engines.collect_tables(engine, _touch)
        for engine in (writer, reader) if path is not None else ():
            event.listen(engine, "connect", self._note_file)
        self.writer = writer.execution_options(database=self)
        self.at_desks = at_desks.execution_options(database=self) if at_desks else self.writer
        self.reader = reader.execution_options(database=self)

    @property
    def target(self) -> str:
        """What opens it again in this run: its path, or its address with the password, never to be kept or shown."""
        return self.url if self.is_sqlite else self.writer.url.render_as_string(hide_password=False)

    @property
    def _told(self) -> dict[str, Any]:
        """What a session knows of its database: `now`, by whose clock a rule that has the session alone judges."""
        return {"now": self.now}

    def now(self) -> datetime:
        """The moment by this database's clock, aware, in UTC."""
        return self.clock().astimezone(UTC)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One write: commits and announces at the end; any exception rolls everything back."""
        with (
            self._writing(),
            self.writer.connect() as connection,
            AuditedSession(connection, expire_on_commit=False, info=self._told) as session,
        ):
            tables = _collect(session.connection())
            yield session
            session.flush()
            self._keep_administrator(session.connection(), tables)
            with self._committing(connection):
                session.commit()
        self._announce(tables)

    def _keep_administrator(self, connection: Connection, tables: set[str]) -> None:
        """Whatever changed the operators: where somebody could administer the file, somebody still can."""
        table = Operator.__table__
        if table.name not in tables:
            return
        able = select(table.c.id).where(table.c.role == Role.ADMIN, table.c.is_active)
        if connection.execute(able.with_for_update()).first() is None:
            with self.reader.connect() as before:
                if before.execute(able).first() is not None:
                    raise UserError(_(faults.LAST_ADMINISTRATOR), "E-LAST-ADMIN")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot to read from; what it returns stays usable afterwards. It cannot write."""
        with (
            translated(self.path),
            Session(self.reader, autoflush=False, expire_on_commit=False, info=self._told) as session,
        ):
            yield session

    def connection_for_desk(self) -> "DeskConnection":
        """A long-lived connection for scans, to be closed by its owner (or with the database)."""
        desk = DeskConnection(self)
        self._desks.append(desk)
        return desk

    @cached_property
    def line(self) -> "DeskConnection":
        """One such connection for whatever of this program has to write at once, whoever asks; closed with the
        database.
        """
        return self.connection_for_desk()

    @contextmanager
    def written(self, connection: Connection) -> Iterator[None]:
        """One write on a connection of the caller's own: commits and announces at the end."""
        with self._writing(), connection.begin() as transaction:
            tables = _collect(connection)
            yield
            self._keep_administrator(connection, tables)
            with self._committing(connection):
                try:
                    transaction.commit()
                except BaseException:  # what SQLite and SQLAlchemy take it for then differs: the next one starts anew
                    connection.invalidate()
                    raise
        self._announce(tables)

    def listen(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `callback(tables)` after each commit, in the thread that committed; returns the unsubscribe function."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    def hear_others(self) -> frozenset[str]:
        """Announce, and return, what other programs changed since the last call; the first begins to watch.

        A file: microseconds, no lock taken, nothing waited for. A server: one query, so call it in a worker.
        """
        if self._watch is None:
            mode = "ro" if self.read_only else "rw"
            # its first connection may have to set the journal's mode
            with translated(self.path), self.reader.connect():
                self._watch = FileWatch(self.path, mode) if self.path is not None else ServerWatch(self.reader)
            return frozenset()
        with translated(self.path):
            changed = self._watch.poll()
        self._announce(set(changed))
        return changed

    def claim(self) -> None:
        """Take this file for one window: a second one gets a `UserError` that names the first."""
        if self.path is not None and self._claim is None:
            self._claim = claims.claim(self.path)

    def claimed_since(self) -> float | None:
        """When the window that has this file took it, in seconds since 1970; None without one, and on a server."""
        return None if self.path is None else claims.claimed_since(self.path)

    def close(self) -> None:
        """Release every connection and the claim; the object is of no use afterwards."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        for desk in list(self._desks):
            desk.close()
        self.writer.dispose()
        self.reader.dispose()
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Errors translated; refused when read-only; a write inside a write would wait for itself, so it is a bug."""
        if self.read_only:
            raise UserError(_(faults.READ_ONLY), "E-DB-READONLY")
        if getattr(self._here, "writing", False):
            raise RuntimeError("a transaction is already open in this thread: pass its session on")
        self._here.writing = True
        try:
            with translated(self.path):
                if self._file is not None:
                    self._check_file()
                yield
        finally:
            self._here.writing = False

    @contextmanager
    def _committing(self, connection: Connection) -> Iterator[None]:
        """Nothing is kept in a file that was taken away, nor said to be kept in one that has just been."""
        self._check_file()
        with nullcontext() if self._watch is None else self._watch.own_commit(connection):
            yield
        self._check_file(is_saved=True)

    def _note_file(self, _connection: object, _record: object) -> None:
        """With the first connection, which holds the file from then on."""
        if self._file is None and self.path is not None:
            self._file = placing.identity(self.path)

    def _check_file(self, is_saved: bool = False) -> None:
        """SQLite goes on writing into a file that was removed or replaced; two microseconds to notice it."""
        if self.path is not None and (found := placing.identity(self.path)) != self._file:
            before = faults.REPLACED if any(found) else faults.MOVED
            raise UserError(_(faults.TAKEN_AFTER if is_saved else before), "E-DB-MOVED")

    def _announce(self, tables: set[str]) -> None:
        if tables:
            changed = frozenset(tables)
            for callback in list(self._listeners):
                callback(changed)


HARMLESS = {"E-DB-LOCKED", "E-DB-MOVED"}
"""After these a connection is as good as before."""
CONNECT_WAIT = 0.8
"""Seconds a scan waits for a server to take a connection; it goes on being tried behind."""


class DeskConnection:
    """The scan path: one connection kept open, short waits. Whatever fails on it, it is given up and made anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._coming: Future[Connection] | None = None
        self._busy = threading.RLock()
        """One act at a time; whoever closes the connection waits for it."""

    @contextmanager
    def scan_transaction(self) -> Iterator[Connection]:
        """One durable write. A busy file after 0.2 s, and a server without an answer after a second, are `UserError`:
        nothing is kept, to be tried again by the caller's timer.
        """
        with self._busy:
            connection = self._ready()
            try:
                with self._database.written(connection):
                    yield connection
            except BaseException as error:
                self._distrust(connection, error)
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot to read from, within the same deadlines."""
        with self._busy:
            connection = self._ready()
            connection.execution_options(begin="BEGIN")
            try:
                with translated(self._database.path), connection.begin():
                    yield Session(connection, join_transaction_mode="rollback_only")
            except BaseException as error:
                self._distrust(connection, error)
                raise
            finally:
                if not connection.closed:
                    connection.execution_options(begin=None)

    def _distrust(self, connection: Connection, error: BaseException) -> None:
        """An act that was refused leaves the connection as it was; anything else may have spoilt it."""
        is_answer = isinstance(error, UserError) and (error.code in HARMLESS or not error.code.startswith("E-DB-"))
        if not is_answer or connection.invalidated or connection.in_transaction():
            self.close()

    def _ready(self) -> Connection:
        if self._connection is not None and self._connection.invalidated:
            self.close()
        if self._connection is None:
            with translated(self._database.path):
                self._connection = self._connect() if self._database.is_sqlite else self._connect_behind()
        return self._connection

    def _connect(self) -> Connection:
        connection = self._database.at_desks.connect().execution_options(impatient=True)
        raw: Any = connection.connection.driver_connection
        if self._database.is_sqlite:
            raw.execute(f"PRAGMA busy_timeout={engines.DESK_BUSY_MS}").close()
        else:
            raw.seconds = deadlines.AT_DESK
            with connection.begin():
                connection.exec_driver_sql(f"SET lock_timeout = {int(deadlines.AT_DESK * 800)}")
        return connection

    def _connect_behind(self) -> Connection:
        """A connection to a server, made in a thread of its own, so that a scan need not wait for it to the end."""
        if self._coming is None:
            self._coming = Future()
            Thread(target=self._fulfil, args=(self._coming,), daemon=True).start()
        try:
            connection = self._coming.result(CONNECT_WAIT)
        except TimeoutError:
            raise UserError(_(faults.SERVER), "E-DB-SERVER") from None
        except BaseException:
            self._coming = None
            raise
        self._coming = None
        return connection

    def _fulfil(self, coming: "Future[Connection]") -> None:
        try:
            coming.set_result(self._connect())
        except BaseException as error:  # noqa: BLE001  told to whoever waits for it
            coming.set_exception(error)

    def close(self) -> None:
        """Give the connection up; the next scan would open a new one."""
        with self._busy:
            if (coming := self._coming) is not None:
                self._coming = None
                coming.add_done_callback(_give_up)
            connection, self._connection = self._connection, None
            if connection is not None:
                if not connection.invalidated:
                    connection.detach()
                with suppress(DBAPIError):  # of what was lost nothing need be taken back
                    connection.close()


def _give_up(coming: "Future[Connection]") -> None:
    """Close a connection that came when nobody wanted it any more."""
    if coming.exception() is None:
        with suppress(DBAPIError):
            coming.result().close()


@contextmanager
def translated(file: Path | None = None) -> Iterator[None]:
    """Driver and file errors leave as the sentences of `faults`, told of the database `file`; the rest as it is."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict(_(faults.GONE), "E-DB-GONE") from error
    except StatementError as error:
        if isinstance(error.orig, UserError):  # a damaged value where a statement needed a sound one
            raise error.orig from error
        if not isinstance(error, DBAPIError) or (sentence := faults.fault(error, file)) is None:
            raise
        raise sentence from error
    except (OSError, engines.driver.Error) as error:
        sentence = faults.fault(error, file)
        if sentence is None:
            raise
        raise sentence from error


def announce(target: Session | Connection, *tables: str) -> None:
    """Add tables to what this transaction announces: for SQL text, which nobody else can read."""
    connection = target.connection() if isinstance(target, Session) else target
    connection.info["tables"].update(tables)


def _collect(connection: Connection) -> set[str]:
    tables: set[str] = set()
    connection.info.update(tables=tables, written=set(), audited=set())
    return tables


def _touch(connection: Connection, table: str, is_delete: bool) -> None:
    tables = connection.info.get("tables")
    if tables is not None:
        tables.update(_reached(table) if is_delete else (table,))
        connection.info["written"].add(table)


@lru_cache
def _reached(table: str) -> frozenset[str]:
    """The table and those that the database itself changes when rows of it are deleted."""
    deleted, changed = {table}, {table}
    for other in Base.metadata.sorted_tables:
        rules = {key.ondelete for key in other.foreign_keys if key.column.table.name in deleted}
        if "CASCADE" in rules:
            deleted.add(other.name)
        if rules - {None}:
            changed.add(other.name)
    return frozenset(changed)


def shown(path_or_url: str) -> str:
    """A path as it is, an address as it may be kept and shown."""
    return engines.without_password(path_or_url) if is_server(path_or_url) else path_or_url


def is_server(path_or_url: str | Path) -> bool:
    """Whether this names a PostgreSQL database, not a file."""
    return str(path_or_url).startswith(("postgresql:", "postgresql+psycopg:", "postgres:"))


def open_database(
    path_or_url: str | Path,
    *,
    create: bool = False,
    read_only: bool = False,
    exclusive: bool = False,
    clock: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
    password: str = "",
) -> Database:
    """Open a SQLite file or a PostgreSQL URL; an older one is backed up and brought up to date first.

    `create` makes a missing (or empty) one; `exclusive` claims the file for one window; without the right to
    write it opens read-only; `password` is for a server that asks for one. Raises `UserError` for whatever is wrong.
    """
    with translated():
        if is_server(path_or_url):
            address = str(path_or_url)
            address = engines.with_password(address, password) if password else address
            return _open_server(address, create, read_only, clock, progress)
        if "://" in str(path_or_url):
            raise engines.no_address()
        return _open_file(
            Path(path_or_url), create=create, read_only=read_only, exclusive=exclusive, clock=clock, progress=progress
        )


def _open_file(
    path: Path,
    *,
    create: bool,
    read_only: bool,
    exclusive: bool,
    clock: Callable[[], datetime],
    progress: Progress | None,
) -> Database:
    path = placing.check_place(path, create)
    with translated(path if path.exists() else None):
        return _open_checked(path, read_only=read_only, exclusive=exclusive, clock=clock, progress=progress)


def _open_checked(
    path: Path, *, read_only: bool, exclusive: bool, clock: Callable[[], datetime], progress: Progress | None
) -> Database:
    claim = claims.claim(path) if exclusive and not read_only else None
    try:
        if not path.exists() or not path.stat().st_size:
            schema.create_file(path)
        mode = placing.access(path, read_only)
        if mode == "rw":
            sweep(path.parent)
        if schema.file_revision(path, mode) < schema.head():
            if mode != "rw":
                raise UserError(_(faults.OLD_READ_ONLY), "E-DB-OLD")
            from expo_app.store.migrations import migrate_file

            migrate_file(path, progress)
    except BaseException:
        if claim is not None:
            claim.release()
        raise
    reader = engines.sqlite_engine(path, begin="BEGIN", mode=mode, write=False)
    writer = engines.sqlite_engine(path, begin="BEGIN IMMEDIATE", mode=mode, write=True)
    database = Database(writer, reader, url=str(path), path=path, read_only=mode != "rw", clock=clock)
    database._claim = claim
    return database


def _open_server(
    text: str, create: bool, read_only: bool, clock: Callable[[], datetime], progress: Progress | None
) -> Database:
    engine = engines.postgresql_engine(engines.postgresql_url(text))
    try:
        _prepare_server(engine, create and not read_only, progress)
    except BaseException:
        engine.dispose()
        raise
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    url = engines.without_password(text)
    at_desks = engines.postgresql_engine(engine.url, pooled=False)
    return Database(engine, reader, url=url, path=None, read_only=read_only, clock=clock, at_desks=at_desks)


def known_revision(connection: Connection, may_be_empty: bool = False) -> str:
    """The revision of a server database; UserError where it is not ours, or empty."""
    revision = schema.server_revision(connection)
    if revision is None:
        raise UserError(_(faults.FOREIGN_SERVER), "E-DB-FOREIGN")
    if not revision and not may_be_empty:
        raise UserError(_(faults.EMPTY_SERVER), "E-DB-EMPTY")
    return revision


def _prepare_server(engine: Engine, create: bool, progress: Progress | None) -> None:
    with engine.connect() as connection:
        revision = known_revision(connection, may_be_empty=create)
    if revision > schema.head():
        raise UserError(_(faults.NEWER), "E-DB-NEWER")
    if revision == "":
        with engine.begin() as connection:
            schema.alone(connection)
            if schema.server_revision(connection) == "":
                schema.create(connection)
    elif revision < schema.head():
        from expo_app.store.migrations import migrate_server

        migrate_server(engine, progress)
