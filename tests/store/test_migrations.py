"""Versions: a new database equals a migrated one; an old one is brought up to date whole, or left as it was."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, inspect, select, text

from expo_app.errors import UserError
from expo_app.model import Expo, Hall, Room, Venue
from expo_app.store import engines, migrations, schema
from expo_app.store.backup import verify
from expo_app.store.database import Database, open_database
from expo_app.store.migrations.__main__ import differences

NEXT = """
import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    with op.batch_alter_table("venue", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("city", sa.String(40), nullable=False, server_default=""))
    {more}
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`later(more)` makes this a program that knows one more revision, which rebuilds the table `venue`."""

    def install(more: str = "pass", recreate: str = "always") -> None:
        folder = tmp_path / "revisions"
        folder.mkdir()
        name = f"{int(schema.head()) + 1:04}_city.py"
        (folder / name).write_text(NEXT.format(more=more, recreate=recreate), encoding="utf-8")
        monkeypatch.setattr(schema, "FOLDERS", [*schema.FOLDERS, folder])

    return install


def fill(path: Path) -> None:
    db = open_database(path)
    with db.transaction() as session:
        venue = Venue(name="甲馆")
        session.add(venue)
        session.flush()
        session.add_all(Hall(venue_id=venue.id, name=f"{n} 厅", width=60, depth=40) for n in range(3))
        session.add(Room(venue_id=venue.id, name="会场"))
    db.close()


def contents(path: Path) -> list[Any]:
    db = open_database(path)
    with db.reading() as session:
        found: list[Any] = [
            session.scalar(select(func.count()).select_from(model)) for model in (Venue, Hall, Room, Expo)
        ]
        found.append([row[1] for row in session.execute(text("PRAGMA table_info(venue)"))][-1])
        found.append(session.scalar(text("SELECT version_num FROM alembic_version")))
    db.close()
    return found


def test_the_newest_revision_is_read_from_the_folder(later: Any) -> None:
    folder = Path(migrations.__file__).parent / "versions"
    numbers = sorted(path.name[:4] for path in folder.glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert schema.head() == numbers[-1]
    later()
    assert int(schema.head()) == len(numbers) + 1


def test_alembic_is_not_loaded_for_a_current_file(db_path: Path) -> None:
    code = f"""
import sys
from expo_app.store.database import open_database
open_database({str(db_path)!r}).close()
print('alembic' in sys.modules)
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "False\n"


def structure(connection: Connection) -> dict[str, list[Any]]:
    """Every table's columns, keys, references, indexes and checks, in no order: not the words they were made with."""
    inspector, dialect = inspect(connection), connection.dialect
    found: dict[str, list[Any]] = {}
    for table in inspector.get_table_names():
        parts: list[Any] = [inspector.get_pk_constraint(table)]
        for column in inspector.get_columns(table):
            kind = column["type"].compile(dialect)
            parts.append([column["name"], kind, column["nullable"], column["default"], column.get("primary_key")])
        parts += inspector.get_foreign_keys(table)
        parts += inspector.get_unique_constraints(table)
        parts += inspector.get_check_constraints(table)
        for index in inspector.get_indexes(table):
            options = {key: str(value) for key, value in index.pop("dialect_options", {}).items()}
            parts.append([index, options])
        found[table] = sorted(re.sub(r"expo_\w+?\.|'referred_schema': [^,]+, ", "", str(part)) for part in parts)
    return found


def test_the_revisions_make_what_the_model_says(db: Database, tmp_path: Path) -> None:
    with db.writer.connect() as connection:
        assert differences(connection) == []
        new = structure(connection)
    if db.is_sqlite:
        engine = engines.sqlite_engine(tmp_path / "old.db", begin="BEGIN", mode="rwc", write=True)
    else:
        engine = db.writer
    with engine.connect() as connection:
        if not db.is_sqlite:
            connection.execute(text("CREATE SCHEMA expo_migrated"))
            connection.execute(text("SET LOCAL search_path TO expo_migrated"))
        migrations.upgrade(connection)
        assert differences(connection) == []
        assert structure(connection) == new
        connection.rollback()
    if db.is_sqlite:
        engine.dispose()


def test_a_parent_table_is_rebuilt_and_keeps_its_children(db_path: Path, later: Any) -> None:
    fill(db_path)
    later()
    steps: list[tuple[int, int]] = []
    db = open_database(db_path, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0
    with db.writer.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    db.close()
    assert contents(db_path) == [1, 3, 1, 0, "city", schema.head()]
    kept = list(db_path.parent.glob("expo-before-migration-*.db"))
    assert [verify(path).counts["hall"] for path in kept] == [3]


@pytest.mark.parametrize(
    "more",
    [
        'op.execute("DELETE FROM room")',
        "op.execute(\"UPDATE hall SET venue_id = x'00'\")",
        'op.execute("no such statement")',
    ],
)
def test_a_migration_that_goes_wrong_leaves_everything(
    db_path: Path, later: Any, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    fill(db_path)
    before = contents(db_path)
    copy = shutil.copy(db_path, db_path.with_name("copy.db"))
    later(more)
    with pytest.raises(UserError, match="E-DB-MIGRATION") as refusal:
        open_database(db_path)
    (kept,) = db_path.parent.glob("expo-before-migration-*.db")
    assert f"“{kept}”" in refusal.value.message
    assert "升级" in caplog.text or "migration" in caplog.text  # whoever is given the log finds it there
    caplog.clear()
    schema.FOLDERS.pop()  # the old program again
    assert contents(db_path) == before == contents(copy) == contents(kept)


def test_an_old_file_is_not_migrated_while_someone_works(
    db_path: Path, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 200)
    db = open_database(db_path)
    with db.reading() as session:
        session.scalars(select(Venue)).all()
    later()
    with pytest.raises(UserError, match="E-DB-LOCKED"):
        open_database(db_path)
    assert list(db_path.parent.glob("*-before-migration-*")) == []
    db.close()
    assert contents(db_path)[-1] == schema.head()
    assert len(list(db_path.parent.glob("*-before-migration-*"))) == 1


def test_an_old_file_that_cannot_be_written_is_not_opened(db_path: Path, later: Any) -> None:
    later()
    with pytest.raises(UserError, match="E-DB-OLD"):
        open_database(db_path, read_only=True)


def test_a_server_is_migrated_once(pg: Database, later: Any) -> None:
    with pg.transaction() as session:
        session.add(Venue(name="甲馆"))
    old = schema.head()
    later(recreate="auto")
    address = pg.writer.url.render_as_string(hide_password=False)
    for _round in range(2):
        open_database(address).close()
    with pg.writer.begin() as connection:
        assert connection.scalar(text("SELECT city FROM venue")) == ""
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == schema.head()
        connection.execute(text("ALTER TABLE venue DROP COLUMN city"))
        connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": old})
