"""A new content in the place of a database: nobody else has it open, and nobody is left with the old one."""

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.errors import UserError
from expo_app.model import Venue
from expo_app.store import copying, engines, placing
from expo_app.store.backup import backup, restore
from expo_app.store.database import open_database


def add(path: Path, *names: str) -> None:
    db = open_database(path)
    with db.transaction() as session:
        session.add_all(Venue(name=name, address="x" * 500) for name in names)
    db.close()


def names(path: Path) -> list[str]:
    db = open_database(path)
    with db.reading() as session:
        found = sorted(session.scalars(select(Venue.name)))
    db.close()
    return found


def test_whoever_comes_meanwhile_waits_and_finds_the_new_content(db_path: Path, tmp_path: Path) -> None:
    ready = Path(shutil.copy(db_path, tmp_path / "ready.db"))
    add(db_path, "old")
    add(ready, *(f"new {n}" for n in range(500)))
    has_opened = threading.Event()
    seen: list[int] = []

    def come() -> None:
        connection = engines.connect(db_path, "rw", busy_ms=10_000)  # the file is in its hand now
        has_opened.set()
        seen.append(connection.execute("SELECT count(*) FROM venue").fetchone()[0])
        connection.execute("DELETE FROM venue WHERE name <> 'new 7'")
        connection.close()

    with copying.alone(db_path, "held") as connection:
        newcomer = threading.Thread(target=come)
        newcomer.start()
        assert has_opened.wait(60)
        copying.put(ready, connection)
        assert seen == []
    newcomer.join()
    assert (seen, names(db_path)) == ([500], ["new 7"])


def test_what_is_not_finished_leaves_the_old_content(db_path: Path, tmp_path: Path) -> None:
    ready = Path(shutil.copy(db_path, tmp_path / "ready.db"))
    add(db_path, "old")
    add(ready, *(f"new {n}" for n in range(9000)))
    steps = []

    def stop(done: int, total: int) -> None:
        steps.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), copying.alone(db_path, "held") as connection:
        copying.put(ready, connection, stop)
    assert len(steps) == 1
    assert names(db_path) == ["old"]
    assert sorted(entry.name for entry in db_path.parent.glob("expo.db*")) == ["expo.db"]


def test_a_restored_file_is_the_same_file(db_path: Path, tmp_path: Path) -> None:
    add(db_path, "a")
    db = open_database(db_path)
    info = backup(db, tmp_path / "b.db")
    db.close()
    add(db_path, "later")
    before = db_path.stat().st_ino
    restore(info.path, db_path)
    assert (names(db_path), db_path.stat().st_ino) == (["a"], before)


def test_what_somebody_has_open_is_refused_in_the_words_given(db_path: Path) -> None:
    db = open_database(db_path)
    with db.reading() as session:
        assert session.scalars(select(Venue.name)).all() == []
    with pytest.raises(UserError) as caught, copying.alone(db_path, "held"):
        pass
    assert str(caught.value) == "held [E-DB-LOCKED]"
    db.close()


def test_a_new_name_is_given_once(tmp_path: Path) -> None:
    first, second, place = tmp_path / "1", tmp_path / "2", tmp_path / "place"
    first.write_text("first")
    second.write_text("second")
    placing.settle(first, place, is_new=True)
    with pytest.raises(FileExistsError):
        placing.settle(second, place, is_new=True)
    assert place.read_text() == "first"
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.is_file()) == ["2", "place"]
