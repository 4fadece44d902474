"""Which version of the tables a database holds, and a new database."""

import pkgutil
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, text
from sqlalchemy import inspect as look

from expo_app.atomic_files import part
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Base
from expo_app.store import engines, faults, placing

APPLICATION_ID = 0x45585044
"""`EXPD` in the SQLite header: this file is ours."""
FOLDERS = [Path(__file__).parent / "migrations" / "versions"]
"""Where revisions lie, `0002_what_changed.py`; tests add one of their own."""

QUICK_CHECK_BYTES = 32 * 2**20
"""Up to this size the structure is checked at every start (a few hundredths of a second)."""

VERSION_TABLE = "alembic_version"
VERSIONS = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it, so that it need not be loaded."""


def revisions() -> list[pkgutil.ModuleInfo]:
    """The revisions this program knows, in order, by the names of their files alone; in a frozen program, too."""
    found = pkgutil.iter_modules([str(folder) for folder in FOLDERS])
    return sorted((info for info in found if info.name[:4].isdigit()), key=lambda info: info.name)


def head() -> str:
    """The number of the newest revision, `0002`; `user_version` of a file holds it as a number."""
    return revisions()[-1].name[:4]


def file_revision(path: Path, mode: str) -> str:
    """The revision of a file that is ours, whole, and of a version this program knows; UserError otherwise."""
    with closing(engines.connect(path, mode)) as connection:
        connection.execute("PRAGMA cell_size_check=ON")
        revision = sqlite_revision(connection)
        if not revision:
            raise UserError(_(faults.FOREIGN), "E-DB-FOREIGN")
        if revision > head():
            raise UserError(_(faults.NEWER), "E-DB-NEWER")
        if (
            path.stat().st_size <= QUICK_CHECK_BYTES
            and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"
        ):
            raise UserError(_(faults.DAMAGED), "E-DB-DAMAGED")
    return revision


def sqlite_revision(connection: Any) -> str | None:
    """The revision of the file behind a driver connection: None for a foreign file, `` for an empty one.

    The newest of what its header and Alembic's table say: a newer program may have changed either.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application == APPLICATION_ID:
        return max(f"{connection.execute('PRAGMA user_version').fetchone()[0]:04}", *_written(connection))
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return None if tables or application else ""


def _written(connection: Any) -> list[str]:
    """The revisions in Alembic's table, of which there may be none."""
    known = "SELECT 1 FROM pragma_table_info('alembic_version') WHERE name = 'version_num'"
    if connection.execute(known).fetchone() is None:
        return [""]
    return ["", *(str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version"))]


def server_revision(connection: Connection) -> str | None:
    """The revision in a PostgreSQL database: None for a foreign one, `` for an empty one."""
    tables = look(connection).get_table_names()
    if not tables:
        return ""
    if VERSION_TABLE not in tables or "expo" not in tables:
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def create(connection: Connection) -> None:
    """All tables, stamped with the newest revision, in the caller's transaction."""
    Base.metadata.create_all(connection)
    VERSIONS.create(connection)
    stamp(connection, head())


def create_file(path: Path) -> None:
    """A new database, made beside its place and moved there whole; where another program was first, its stays."""
    placing.check_folder(path.parent)
    temporary, is_new = part(path), not path.exists()
    engine = engines.sqlite_engine(temporary, begin="BEGIN IMMEDIATE", mode="rwc", write=True)
    try:
        try:
            with faults.with_room_for(temporary), engine.begin() as connection:
                create(connection)
        finally:
            engine.dispose()
        with suppress(FileExistsError):
            placing.settle(temporary, path, is_new)
    finally:
        placing.remove_parts(temporary)


def alone(connection: Connection) -> None:
    """On a server: until the end of the transaction nobody else creates or migrates."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPLICATION_ID})


def stamp(connection: Connection, revision: str) -> None:
    """Write the revision where `open_database` looks for it."""
    connection.execute(text("DELETE FROM alembic_version"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={int(revision)}")
