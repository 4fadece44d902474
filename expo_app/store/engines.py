"""How connections are made: one SQLite driver with its PRAGMAs, or psycopg with its timeouts."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Engine, Float, Integer, Numeric, String, Table, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, ExceptionContext
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.types import Enum, TypeDecorator, TypeEngine
from sqlcipher3 import dbapi2 as driver

from expo_app.damaged import Damaged, DamagedFlag, DamagedText
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Key
from expo_app.rules.natural_order import natural_key
from expo_app.store import deadlines

BUSY_MS = 5000
DESK_BUSY_MS = 200
ROUND_MS = 300
"""SQLite's wait for the write lock has no queue: it looks ever more seldom, at last ten times a second, and whoever
came later may be served first. Waiting in rounds of this length keeps looking often: none of many writers starves.
"""

OWN_OPTION = f"-c lock_timeout={BUSY_MS}"
HIDDEN = "***"
PASSWORDS = ("password", "sslpassword")
"""Options of an address that libpq takes for secrets."""

LOST = {driver.SQLITE_IOERR, driver.SQLITE_CORRUPT, driver.SQLITE_NOTADB}
"""After these the connection is dropped and a new one made: what it remembers can no longer be trusted."""

BACKUP_ERRORS = {
    "database or disk is full": driver.SQLITE_FULL,
    "disk I/O error": driver.SQLITE_IOERR,
    "database is locked": driver.SQLITE_BUSY,
    "database table is locked": driver.SQLITE_LOCKED,
    "database disk image is malformed": driver.SQLITE_CORRUPT,
    "file is not a database": driver.SQLITE_NOTADB,
    "attempt to write a readonly database": driver.SQLITE_READONLY,
    "unable to open database file": driver.SQLITE_CANTOPEN,
}
"""The driver's backup call raises without a number; SQLite's texts are the same in every language."""

PRAGMAS: tuple[str, ...] = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=4000",
    "temp_store=MEMORY",
    "secure_delete=ON",
)
"""A checkpoint costs the commit it falls on some 10 ms: with 16 MB (4,000 pages) of log far fewer than one scan in a
hundred pays it, with SQLite's usual 4 MB one in a hundred did.
"""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is past the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    return version >= (3, 51, 3)


def journal_mode() -> str:
    """`WAL`, or `DELETE` where WAL could damage the file."""
    return "WAL" if wal_is_safe(driver.sqlite_version_info) else "DELETE"


UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
"""What reading a damaged value raises."""


def guard_values(engine: Engine) -> None:
    """Let a value that cannot be read stand as `Damaged` in its row, instead of ending the statement."""

    class Guarded(engine.dialect.execution_ctx_cls):  # type: ignore[name-defined]
        def get_result_processor(self, type_: TypeEngine[Any], colname: str, coltype: Any) -> Any:
            return _guarded(super().get_result_processor(type_, colname, coltype), type_, colname)

    engine.dialect.execution_ctx_cls = Guarded


def _guarded(read: Callable[[Any], Any] | None, kind: TypeEngine[Any], name: str) -> Callable[[Any], Any] | None:
    """The processor of a result's column that never raises."""
    check, wrong = getattr(kind, "check", None), _wrong(kind)
    is_text, is_flag = isinstance(kind, String), isinstance(kind, Boolean)
    if wrong and not (read or check or is_flag):  # texts above all, of which there are most: nothing here can raise
        damaged = DamagedText if is_text else Damaged
        return lambda raw: damaged(name, raw) if isinstance(raw, wrong) else raw

    def value(raw: Any) -> Any:
        try:
            found = raw if read is None else read(raw)
            if is_flag and raw not in (None, 0, 1):
                return DamagedFlag(name, raw)
            if wrong and isinstance(found, wrong):
                return DamagedText(name, raw) if is_text else Damaged(name, raw)
            if check and found is not None:
                check(found)
        except UNREADABLE:
            return Damaged(name, raw)
        return found

    return value if read or wrong or check else None


def _wrong(kind: TypeEngine[Any]) -> tuple[type, ...]:
    """What a readable value of a column never is: SQLite keeps anything in any column."""
    if isinstance(kind, Key):
        return (str, bytes, int, float)
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(inner, Enum):
        return ()
    if isinstance(inner, String):
        return (bytes, memoryview)
    return (str, bytes, memoryview) if isinstance(inner, Integer | Numeric | Float) else ()


def insert_into(table: Table, is_sqlite: bool) -> Any:
    """An INSERT that can be told what to do ON CONFLICT; only the dialect in use is loaded."""
    if is_sqlite:
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table)


def connect(path: Path, mode: str, busy_ms: int | None = None) -> Any:
    """A bare driver connection; `mode` is rw, ro, rwc or immutable. It commits nothing by itself.

    A file it makes is its owner's alone, and SQLite's side files are as it is.
    """
    if mode == "rwc":
        path.touch(0o600)
    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = driver.connect(
        f"{path.absolute().as_uri()}?{query}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS if busy_ms is None else busy_ms}")
    connection.text_factory = _text
    connection.create_function("natural_key", 1, _natural_key, deterministic=True)
    return connection


def _text(kept: bytes) -> str | bytes:
    """A text as it is kept; its bytes where they are none, so that one such value does not end a whole statement."""
    try:
        return kept.decode()
    except UnicodeDecodeError:
        return kept


def _natural_key(text: Any) -> str | None:
    return natural_key(text) if isinstance(text, str) else None


def error_number(error: BaseException | None) -> int:
    """The primary SQLite result code of a driver error, 0 if it has none."""
    known = getattr(error, "sqlite_errorcode", None)
    return known & 0xFF if known else BACKUP_ERRORS.get(str(error), 0)


def sqlite_engine(path: Path, *, begin: str, mode: str, write: bool, extra: tuple[str, ...] = ()) -> Engine:
    """An engine whose transactions start with `begin`; without `write` the connections refuse to; `extra` PRAGMAs."""
    engine = create_engine(
        "sqlite+pysqlite://",
        module=driver,
        creator=lambda: connect(path, mode),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
    )
    pragmas = PRAGMAS + extra
    if mode == "rw":
        pragmas += (f"journal_mode={journal_mode()}",)
    if not write:
        pragmas += ("query_only=ON",)

    def prepare(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    def start(connection: Connection) -> None:
        options = connection.get_execution_options()
        statement = options.get("begin") or begin
        if not write or options.get("impatient"):
            connection.exec_driver_sql(statement)
            return
        until = time.monotonic() + BUSY_MS / 1000
        connection.exec_driver_sql(f"PRAGMA busy_timeout={min(ROUND_MS, BUSY_MS)}")
        try:
            while True:
                try:
                    connection.exec_driver_sql(statement)
                    return
                except OperationalError as error:
                    if error_number(error.orig) != driver.SQLITE_BUSY or time.monotonic() > until:
                        raise
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")

    def distrust(context: ExceptionContext) -> None:
        if error_number(context.original_exception) in LOST:
            context.is_disconnect = True

    guard_values(engine)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    event.listen(engine, "handle_error", distrust)
    return engine


def no_address() -> UserError:
    """For an address that cannot be understood; it may hold a password, so it is not repeated."""
    return UserError(
        _("看不懂这个数据库地址，没有改动任何数据。应是文件路径，或 postgresql://用户@主机/库名。"), "E-DB-ADDRESS"
    )


def postgresql_url(text: str) -> URL:
    """The address with psycopg 3 as its driver and waiting for locks limited as with SQLite; UserError: none."""
    url = _parsed(text).set(drivername="postgresql+psycopg")
    options = url.query.get("options", "")
    return url.update_query_dict({"options": f"{options} {OWN_OPTION}".strip()})


def _parsed(text: str) -> URL:
    """An address as it was typed, or an earlier version remembered it: our option on it, stars for a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise no_address() from None
    options = str(url.query.get("options", "")).replace(OWN_OPTION, "").strip()
    url = url.difference_update_query(["options"])
    url = url.update_query_dict({"options": options}) if options else url
    return url._replace(password=None) if url.password == HIDDEN else url


def without_password(text: str) -> str:
    """A server's address as it may be kept and shown."""
    url = _parsed(text).set(drivername="postgresql")._replace(password=None).difference_update_query(PASSWORDS)
    return url.render_as_string(hide_password=False)


def with_password(text: str, password: str) -> str:
    """The address to connect by now, never kept nor shown."""
    return _parsed(text).set(password=password).render_as_string(hide_password=False)


POOL: dict[str, Any] = {"pool_pre_ping": True, "pool_recycle": 300, "pool_size": 4, "max_overflow": 12}


def postgresql_engine(url: URL, *, pooled: bool = True) -> Engine:
    """READ COMMITTED, a ping before use, and timeouts that notice a cut network; `pooled`: kept for the next."""
    arguments: dict[str, Any] = {
        "connect_timeout": 3,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "application_name": "ExpoDesk",
    }
    if sys.platform == "linux":
        arguments["tcp_user_timeout"] = 3000
    arguments = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(
        url, connect_args=arguments, isolation_level="READ COMMITTED", **(POOL if pooled else {"poolclass": NullPool})
    )
    guard_values(engine)
    deadlines.limit(engine)
    return engine


def collect_tables(engine: Engine, touched: Callable[[Connection, str, bool], None]) -> None:
    """Call `touched(connection, table, is_delete)` for each INSERT, UPDATE and DELETE, from ORM or Core."""

    def before(
        connection: Connection, _cursor: object, _sql: str, _parameters: object, context: Any, _many: bool
    ) -> None:
        if context.isinsert or context.isupdate or context.isdelete:
            touched(connection, context.compiled.statement.table.name, context.isdelete)

    event.listen(engine, "before_cursor_execute", before)
