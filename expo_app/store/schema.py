"""Which version of the tables a database holds, and a new database."""

from typing import Any

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, text
from sqlalchemy import inspect as look

from expo_app.model import Base

APPLICATION_ID = 0x45585044
"""`EXPD` in the SQLite header: this file is ours."""
HEAD = "0001"
"""The newest revision in `migrations/versions`; a test compares them. `user_version` holds it as a number."""

VERSION_TABLE = "alembic_version"
VERSIONS = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it, so that it need not be loaded."""


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
    """All tables, stamped with HEAD, in the caller's transaction."""
    Base.metadata.create_all(connection)
    VERSIONS.create(connection)
    stamp(connection, HEAD)


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
