"""Bringing an older database up to date: all of it or nothing, after a verified backup.

Alembic is loaded only here, and this package only when the stored revision is not the newest (`schema.head`).
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, text
from sqlalchemy import inspect as look
from sqlalchemy.exc import SQLAlchemyError

from expo_app.errors import Conflict, UserError
from expo_app.i18n import N_, _
from expo_app.model import base
from expo_app.store import copying, engines, faults, schema

Progress = Callable[[int, int], None]

log = logging.getLogger(__name__)
FAILED = N_("升级数据库没有成功，已全部撤回，数据仍是升级前的样子，旧版程序照常打开。请把日志交给管理员。")


def upgrade(connection: Connection) -> str:
    """Run every missing revision in the caller's transaction; returns the revision reached."""
    schema.VERSIONS.create(connection, checkfirst=True)
    reached = connection.scalar(text("SELECT version_num FROM alembic_version")) or ""
    with Operations.context(MigrationContext.configure(connection)):
        for found in schema.revisions():
            if found.name[:4] > reached:
                _loaded(found).upgrade()
    schema.stamp(connection, schema.head())
    return schema.head()


def _loaded(found: Any) -> Any:
    """A revision's module, read anew: its name begins with a digit, and tests have others of the same number."""
    spec = found.module_finder.find_spec(found.name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fill(table: str, column: str, kind: Any, value: Any) -> None:
    """For revisions: `value` for the rows that have nothing in a column; a function is called once for each of them."""
    connection = op.get_bind()
    target = sa.table(table, sa.column("id", base.Key()), sa.column(column, kind))
    empty = target.c[column].is_(None)
    if not callable(value):
        connection.execute(target.update().where(empty).values({column: value}))
        return
    change = target.update().where(target.c.id == sa.bindparam("key")).values({column: sa.bindparam("new")})
    rows = [{"key": key, "new": value()} for key in connection.scalars(sa.select(target.c.id).where(empty))]
    if rows:
        connection.execute(change, rows)


def migrate_file(path: Path, progress: Progress | None = None) -> Path:
    """Bring a SQLite file up to date; returns the verified backup made before.

    Foreign keys are off from before BEGIN: rebuilding a parent table would otherwise delete its children.
    """
    kept = path.with_name(f"{path.stem}-before-migration-{copying.stamp(datetime.now(UTC))}.db")
    copying.copy_file(path, kept, progress)
    engine = engines.sqlite_engine(
        path, begin="BEGIN EXCLUSIVE", mode="rw", write=True, extra=("foreign_keys=OFF", "locking_mode=EXCLUSIVE")
    )
    has_begun = False
    try:
        with engine.begin() as connection:
            has_begun = True
            _guarded(connection, kept)
    finally:
        if not has_begun:  # somebody works in the file: the next try makes a copy of its own
            kept.unlink(missing_ok=True)
        engine.dispose()
    return kept


def migrate_server(engine: Engine, progress: Progress | None = None) -> None:
    """Bring a PostgreSQL database up to date in one transaction; whoever comes second finds it done."""
    with engine.begin() as connection:
        schema.alone(connection)
        _guarded(connection)
    if progress:
        progress(1, 1)


def _guarded(connection: Connection, kept: Path | None = None) -> None:
    """`upgrade`, with every row and reference as before; else one sentence, which names the copy `kept`."""
    try:
        before, dangling = _counts(connection), _dangling(connection)
        upgrade(connection)
        after = _counts(connection)
        lost = [table for table, count in before.items() if after.get(table, count) != count]
        lost += _dangling(connection) - dangling  # what led nowhere before is mended by the doctor
    except SQLAlchemyError as error:
        log.exception("a migration failed")
        known = faults.fault(error)
        raise _refused(kept, None if isinstance(known, Conflict) else known) from error
    except (LookupError, ValueError, TypeError) as error:  # a revision that moves values met one that makes no sense
        log.exception("a migration failed")
        raise _refused(kept) from error
    if lost:
        log.error("a migration lost rows or references of %s", ", ".join(lost))
        raise _refused(kept)


def _dangling(connection: Connection) -> Counter[str]:
    """References to nothing by table; a server has none."""
    raw: Any = connection.connection.driver_connection
    return copying.dangling_by_table(raw) if connection.dialect.name == "sqlite" else Counter()


def _refused(kept: Path | None, known: UserError | None = None) -> UserError:
    words = known.message if known else _(FAILED)
    if kept:
        words = _("{sentence}升级前的副本是“{path}”。").format(sentence=words, path=kept)
    return UserError(words, known.code if known else "E-DB-MIGRATION")


def _counts(connection: Connection) -> dict[str, int]:
    tables = [name for name in look(connection).get_table_names() if name != schema.VERSION_TABLE]
    return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608
