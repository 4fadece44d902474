"""Bringing an older database up to date: all of it or nothing, after a verified backup.

Alembic is loaded only here, and this package only when the stored revision is not `schema.HEAD`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy import inspect as look

from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.model import Base
from expo_app.store import backup, engines, schema

VERSIONS = Path(__file__).parent / "versions"
FOLDERS: Sequence[Path] = (VERSIONS,)
"""Where revisions are looked for; tests add one of their own."""

Progress = Callable[[int, int], None]


def scripts() -> ScriptDirectory:
    """The revisions as Alembic reads them."""
    return ScriptDirectory(str(VERSIONS.parent), version_locations=[str(folder) for folder in FOLDERS])


def upgrade(connection: Connection) -> str:
    """Run every missing revision in the caller's transaction; returns the revision reached."""
    script = scripts()

    def missing(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=missing, destination_rev="head") as environment:
        environment.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        environment.run_migrations()
    head = str(script.get_current_head())
    schema.stamp(connection, head)
    return head


def differences(connection: Connection) -> list[Any]:
    """What the model has and this database has not, and the reverse (tests expect none)."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def migrate_file(path: Path, progress: Progress | None = None) -> Path:
    """Bring a SQLite file up to date; returns the verified backup made before.

    Foreign keys are off from before BEGIN: rebuilding a parent table would otherwise delete its children.
    """
    kept = path.with_name(f"{path.stem}-before-migration-{backup.stamp(datetime.now(UTC))}.db")
    backup.copy_file(path, kept, progress)
    engine = engines.sqlite_engine(
        path, begin="BEGIN EXCLUSIVE", mode="rw", write=True, extra=("foreign_keys=OFF", "locking_mode=EXCLUSIVE")
    )
    try:
        with engine.begin() as connection:
            _guarded(connection)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise _refused()
    finally:
        engine.dispose()
    return kept


def migrate_server(engine: Engine, progress: Progress | None = None) -> None:
    """Bring a PostgreSQL database up to date in one transaction; whoever comes second finds it done."""
    with engine.begin() as connection:
        schema.alone(connection)
        _guarded(connection)
    if progress:
        progress(1, 1)


def _guarded(connection: Connection) -> None:
    before = _counts(connection)
    upgrade(connection)
    after = _counts(connection)
    if any(after.get(table, count) != count for table, count in before.items()):
        raise _refused()


def _refused() -> UserError:
    return UserError(
        _("升级数据库时核对未通过，已全部撤回，数据仍是升级前的样子。请把日志交给管理员。"), "E-DB-MIGRATION"
    )


def _counts(connection: Connection) -> dict[str, int]:
    tables = [name for name in look(connection).get_table_names() if name != schema.VERSION_TABLE]
    return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608
