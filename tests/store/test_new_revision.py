"""The command that writes a revision: what it writes runs, unedited, on databases that hold rows."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from expo_app.model import Base, Hall, Room, Venue
from expo_app.model.base import Fen, Key, Moment, kept_by_name, new_id
from expo_app.model.floor import BoothState
from expo_app.store import schema
from expo_app.store.database import Database, open_database, utc_now
from expo_app.store.migrations import __main__ as command
from expo_app.store.migrations import upgrade
from tests.store.test_migrations import structure

pytestmark = pytest.mark.usefixtures("folder")
ROOT = Path(command.__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the revisions of this test are written."""
    made = tmp_path / "revisions"
    made.mkdir()
    monkeypatch.setattr(schema, "FOLDERS", [*schema.FOLDERS, made])
    return made


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Callable[..., MetaData]:
    """`model(change)` is the program after `change(tables)`: its tables are copies."""

    def changed(change: Callable[[MetaData], Any] = lambda _tables: None) -> MetaData:
        metadata = MetaData(naming_convention=Base.metadata.naming_convention)
        for table in Base.metadata.tables.values():
            table.to_metadata(metadata)
        change(metadata)
        monkeypatch.setattr(command, "Base", SimpleNamespace(metadata=metadata))
        return metadata

    return changed


Look = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture
def filled(db: Database) -> Iterator[Look]:
    """A database with a parent and its children, which the newest program opens each time one looks into it."""
    with db.transaction() as session:
        venues = [Venue(name=name) for name in ("甲馆", "乙馆")]
        session.add_all(venues)
        session.flush()
        session.add_all(Hall(venue_id=venue.id, name="厅", width=60, depth=40) for venue in venues)
        session.add(Room(venue_id=venues[0].id, name="会场", purpose="论坛"))
    if db.path is not None:
        path = db.path
        db.close()

        @contextmanager
        def look() -> Iterator[Connection]:
            found = open_database(path)
            with found.reader.connect() as connection:
                yield connection
            found.close()

        yield look
        return
    with db.writer.connect() as connection:  # the server's tables are as they were afterwards

        @contextmanager
        def look() -> Iterator[Connection]:
            upgrade(connection)
            yield connection

        yield look
        connection.rollback()


def widened(tables: MetaData) -> None:
    """All that a table can gain at once."""
    venue, hall, room = (tables.tables[name] for name in ("venue", "hall", "room"))
    for column in (
        Column("city", String(40), default="上海", nullable=False),
        Column("note", String(40)),
        Column("code", Key(), default=new_id, nullable=False, unique=True),
        Column("known_at", Moment(), default=utc_now, nullable=False),
        Column("opened_at", Moment(), default=datetime(2018, 11, 29, 1, tzinfo=UTC), nullable=False),
        Column("fee", Fen(), default=Decimal("1.50"), nullable=False),
        Column("state", kept_by_name(BoothState), default=BoothState.HELD, nullable=False, index=True),
        Column("tags", sa.JSON(none_as_null=True), default=list, nullable=False),
    ):
        venue.append_column(column)
    hall.append_column(Column("sponsor_id", Key(), ForeignKey("organisation.id"), index=True))
    hall.c.name.type = String(60)
    hall.append_constraint(CheckConstraint("width > 0", name="width"))
    Index("ix_hall_position", hall.c.position)
    room.append_constraint(UniqueConstraint("venue_id", "purpose"))
    room.c.changeover_minutes.nullable = True
    gift = Table(
        "gift",
        tables,
        Column("id", Key(), primary_key=True),
        Column("venue_id", Key(), ForeignKey("venue.id", ondelete="CASCADE"), nullable=False, index=True),
        Column("given_at", Moment()),
    )
    Index("uq_gift_open", gift.c.venue_id, unique=True, sqlite_where=text("given_at IS NULL"))


def renamed(tables: MetaData) -> None:
    """The city is called town, the rest of it is gone."""
    tables.tables["venue"].append_column(Column("town", String(40), default="", nullable=False))


def test_what_a_table_can_gain_and_lose(filled: Look, model: Any) -> None:
    with filled() as connection:
        old = structure(connection)
    model(widened)
    first = command.write("wider tables")
    with filled() as connection:
        rows = connection.execute(text("SELECT name, city, note, fee, state FROM venue"))
        assert sorted(map(tuple, rows)) == [(name, "上海", None, 150, "HELD") for name in ("乙馆", "甲馆")]
        assert connection.scalars(sa.select(sa.column("tags", sa.JSON())).select_from(text("venue"))).all() == [[], []]
        assert connection.scalar(text("SELECT count(DISTINCT code) FROM venue")) == 2
        assert connection.scalar(text("SELECT count(*) FROM hall WHERE venue_id IN (SELECT id FROM venue)")) == 2
        assert command.differences(connection) == []
    model(renamed)
    second = command.write("narrower again", renamed=["venue.city=town"])
    numbers = [f"{int(schema.head()) + step:04}" for step in (-1, 0)]
    assert [path.name for path in (first, second)] == [
        f"{numbers[0]}_wider_tables.py",
        f"{numbers[1]}_narrower_again.py",
    ]
    with filled() as connection:
        assert connection.scalars(text("SELECT town FROM venue")).all() == ["上海", "上海"]
        assert command.differences(connection) == []
        found = structure(connection)
    found["venue"] = [part for part in found["venue"] if "town" not in part]
    assert found == old


def test_it_is_clean_as_it_is_written(model: Any) -> None:
    model(widened)
    paths = [command.write("wider tables")]
    model(renamed)
    paths.append(command.write("narrower again", renamed=["venue.city=town"], data=True))
    for path in paths:
        place = str(Path(command.__file__).parent / "versions" / path.name)
        for tool in (["check"], ["format", "--check"]):
            done = subprocess.run(
                [sys.executable, "-m", "ruff", *tool, "--stdin-filename", place, "-"],
                input=path.read_bytes(),
                capture_output=True,
                cwd=ROOT,
                check=False,
            )
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_marked_place_for_values(filled: Look, model: Any) -> None:
    """A new column that must not be empty and has no default takes what the old one held."""

    def split(tables: MetaData) -> None:
        tables.tables["room"].append_column(Column("level", String(10), nullable=False))

    model(split)
    with pytest.raises(SystemExit, match=r"room\.level is required"):
        command.write("levels")
    path = command.write("levels", data=True)
    written = path.read_text("utf-8")
    assert written.index("add_column") < written.index("move_data(op.get_bind())") < written.index("nullable=False")
    step = """    connection.execute(sa.text("UPDATE room SET level = purpose"))"""
    path.write_text(f"{written}{step}\n", encoding="utf-8")
    with filled() as connection:
        assert connection.scalars(text("SELECT level FROM room")).all() == ["论坛"]


def test_a_default_that_would_not_be_unique_is_refused(model: Any) -> None:
    def change(tables: MetaData) -> None:
        room = tables.tables["room"]
        room.append_column(Column("code", String(8), nullable=False, default="-"))
        room.append_constraint(UniqueConstraint("venue_id", "code"))

    model(change)
    with pytest.raises(SystemExit, match=r"room\.code must be unique"):
        command.write("codes of rooms")
    assert command.write("codes of rooms", data=True).exists()


def test_a_default_that_cannot_be_named_is_refused(model: Any) -> None:
    model(
        lambda tables: tables.tables["room"].append_column(Column("n", sa.Integer(), default=lambda: 1, nullable=False))
    )
    with pytest.raises(SystemExit, match=r"room\.n has no name"):
        command.write("numbers")


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_a_rebuilt_table_is_the_same(db_path: Path, folder: Path, name: str) -> None:
    db = open_database(db_path)
    with db.reader.connect() as connection:
        before = structure(connection)
    db.close()
    code = f'with op.batch_alter_table("{name}", recreate="always"):\n        pass\n'
    (folder / "9000_again.py").write_text(f"from alembic import op\ndef upgrade():\n    {code}", encoding="utf-8")
    db = open_database(db_path)
    with db.reader.connect() as connection:
        assert structure(connection) == before
    db.close()
