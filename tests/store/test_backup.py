"""Backup, check, restore, thin out."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from expo_app.errors import Cancelled, UserError
from expo_app.model import Counter, Venue
from expo_app.store import backup as backups
from expo_app.store import copying, engines, schema
from expo_app.store.backup import BackupInfo, auto_backup, backup, restore, thin, verify
from expo_app.store.database import Database, open_database
from expo_app.store.doctor import doctor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


def names(path: Path) -> list[str]:
    db = open_database(path)
    with db.reading() as session:
        found = sorted(session.scalars(select(Venue.name)))
    db.close()
    return found


def add(db: Database, name: str) -> None:
    with db.transaction() as session:
        session.add(Venue(name=name))


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer stands eight hours east of UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's time zone cannot be set from a program")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("shanghai")
def test_a_backup_is_named_and_reported_by_the_local_time(db_path: Path, folder: Path) -> None:
    at = datetime(2018, 11, 28, 18, 42, tzinfo=UTC)
    db = open_database(db_path, clock=lambda: at)
    assert backup(db, folder).path.name == "expo-20181129-024200.db"
    db.close()
    found = {finding.title: finding for finding in doctor(db_path, folder)}["备份"]
    assert (found.level, found.text) == ("warning", "最近一份：2018-11-29 02:42（本机时间）。")


def test_a_backup_describes_itself_and_is_one_file(db_path: Path, folder: Path) -> None:
    db = open_database(db_path, clock=lambda: datetime(2018, 11, 29, 2, 42, tzinfo=UTC))
    add(db, "甲馆")
    steps: list[tuple[int, int]] = []
    info = backup(db, folder, lambda done, total: steps.append((done, total)))
    assert sorted(entry.name for entry in folder.iterdir()) == [
        f"expo-{copying.stamp(db.now())}.db",
        f"expo-{copying.stamp(db.now())}.db.json",
    ]
    assert (info.counts["venue"], info.revision, info.made_at, info.source) == (
        1,
        schema.head(),
        db.now(),
        str(db_path),
    )
    assert steps[-1][0] == steps[-1][1] > 0
    assert verify(info.path) == info
    assert backup(db, folder).path.name == f"expo-{copying.stamp(db.now())}-2.db"
    db.close()


def test_a_backup_goes_back(db_path: Path, folder: Path, tmp_path: Path) -> None:
    db = open_database(db_path, exclusive=True)
    add(db, "甲馆")
    info = backup(db, folder / "mine.db")
    add(db, "乙馆")
    with pytest.raises(UserError, match="E-DB-CLAIMED"):
        restore(info.path, db_path)
    db.close()
    kept = restore(info.path, db_path)
    assert kept is not None
    assert (names(db_path), names(kept)) == (["甲馆"], ["乙馆", "甲馆"])
    assert kept.name.startswith("expo-before-restore-")
    assert restore(info.path, tmp_path / "new.db") is None
    assert names(tmp_path / "new.db") == ["甲馆"]


def test_nothing_is_restored_while_a_desk_works(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    add(db, "甲馆")
    info = backup(db, folder)
    desk = db.connection_for_desk()
    with desk.scan_transaction() as connection:
        connection.execute(Counter.__table__.insert(), {"series": "a"})
    before = sorted(entry.name for entry in db_path.parent.iterdir())
    with pytest.raises(UserError, match="E-DB-LOCKED"):
        restore(info.path, db_path)
    assert sorted(entry.name for entry in db_path.parent.iterdir()) == before
    add(db, "乙馆")
    db.close()
    assert names(db_path) == ["乙馆", "甲馆"]


def test_a_damaged_file_is_replaced_and_kept(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    add(db, "甲馆")
    info = backup(db, folder)
    db.close()
    spoilt = b"\0" * 5000
    db_path.write_bytes(spoilt)
    db_path.with_name("expo.db-wal").write_bytes(b"old log")
    kept = restore(info.path, db_path)
    assert kept is not None
    assert kept.read_bytes() == spoilt
    assert not db_path.with_name("expo.db-wal").exists()
    assert names(db_path) == ["甲馆"]


def test_a_changed_backup_is_refused(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    add(db, "甲馆")
    info = backup(db, folder)
    db.close()
    whole = info.path.read_bytes()
    info.path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UserError, match="E-BACKUP-DAMAGED"):
        restore(info.path, db_path)
    info.manifest.unlink()
    os.truncate(info.path, len(whole) // 2)
    with pytest.raises(UserError, match="E-BACKUP-DAMAGED"):
        verify(info.path)
    info.path.write_text("not a backup at all", encoding="utf-8")
    with pytest.raises(UserError, match="E-BACKUP-DAMAGED"):
        verify(info.path)
    assert names(db_path) == ["甲馆"]


def test_a_plain_file_without_manifest_can_be_restored(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    add(db, "甲馆")
    info = backup(db, folder)
    db.close()
    info.manifest.write_text("{", encoding="utf-8")
    assert verify(info.path).counts == info.counts
    restore(info.path, db_path)
    assert names(db_path) == ["甲馆"]


def test_a_cancelled_backup_leaves_the_old_one(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    info = backup(db, folder / "mine.db")
    before = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    add(db, "甲馆")

    def cancel(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        backup(db, folder / "mine.db", cancel)
    assert {entry.name: entry.read_bytes() for entry in folder.iterdir()} == before
    assert verify(info.path) == info
    db.close()


def test_backups_under_load_hold_what_was_committed(db_path: Path, folder: Path) -> None:
    db = open_database(db_path)
    done = threading.Event()
    written: list[int] = []

    def work() -> None:
        while not done.is_set():
            with db.transaction() as session:
                session.add_all([Counter(series=f"{len(written)}-{half}") for half in "ab"])
            written.append(1)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for _round in range(5):
            before = len(written)
            info = backup(db, folder)
            assert 2 * before <= info.counts["counter"] <= 2 * (len(written) + 1)
            assert info.counts["counter"] % 2 == 0
    finally:
        done.set()
        writer.join()
        db.close()


def test_automatic_backups_only_when_something_changed(db_path: Path, folder: Path) -> None:
    minutes = iter(range(0, 50, 10))
    now = [datetime(2018, 11, 29, tzinfo=UTC)]
    db = open_database(db_path, clock=lambda: now[0])
    other = open_database(shutil.copy(db_path, db_path.with_name("other.db")))
    auto_backup(other, folder)
    made = []
    for _round in minutes:
        now[0] += timedelta(minutes=10)
        made.append(auto_backup(db, folder) is not None)
        if len(made) == 2:
            add(db, "甲馆")
    assert made == [True, False, True, False, False]
    assert len(backups.backups(folder)) == 3
    db.close()
    other.close()


def pretend(folder: Path, moments: list[datetime], source: str = "expo.db") -> None:
    for made_at in moments:
        path = folder / f"{Path(source).stem}-{made_at:%Y%m%d-%H%M%S}.db"
        path.touch()
        values = {
            "path": path.name,
            "source": source,
            "made_at": made_at.isoformat(),
            "size": 0,
            "sha256": "",
            "revision": "",
            "counts": {},
        }
        path.with_name(f"{path.name}.json").write_text(json.dumps(values), encoding="utf-8")


def test_old_backups_thin_out(folder: Path) -> None:
    now = datetime(2018, 11, 30, 4, tzinfo=UTC)
    pretend(folder, [now - timedelta(hours=6 * step) for step in range(4 * 30)])
    pretend(folder, [now - timedelta(days=300)], "another.db")
    (folder / "mine.db").touch()
    removed = thin(folder, now)
    left = [info for info in backups.backups(folder) if info.source == "expo.db"]
    assert len(left) + len(removed) == 120
    ages = [(now - info.made_at) / timedelta(hours=1) for info in left]
    assert ages[:9] == [6.0 * step for step in range(9)]
    assert len(ages) == 9 + 9
    assert len({info.made_at.astimezone().date() for info in left}) == 12
    assert thin(folder, now) == []
    assert len(backups.backups(folder)) == len(left) + 1


@pytest.mark.parametrize("jump", [timedelta(days=4000), timedelta(days=-4000)])
def test_a_jumping_clock_costs_little(folder: Path, jump: timedelta) -> None:
    now = datetime(2018, 11, 30, 4, tzinfo=UTC)
    pretend(folder, [now - timedelta(hours=6 * step) for step in range(20)])
    newest = backups.backups(folder)[:3]
    thin(folder, now + jump)
    left = backups.backups(folder)
    assert left[:3] == newest
    assert len({info.made_at.date() for info in left}) >= 5


def test_a_target_that_cannot_be_written_is_a_sentence(db_path: Path, tmp_path: Path) -> None:
    db = open_database(db_path)
    with pytest.raises(UserError) as caught:
        backup(db, tmp_path / "nowhere" / "x.db")
    assert caught.value.code == "E-FOLDER"
    db.close()


def test_a_server_is_dumped_and_read_back(pg: Database, folder: Path) -> None:
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not on the path")
    with pg.transaction() as session:
        session.add(Venue(name="甲馆"))
    info = backup(pg, folder)
    assert isinstance(info, BackupInfo)
    assert (info.counts["venue"], info.path.suffix, verify(info.path)) == (1, ".dump", info)


@pytest.mark.parametrize("name", ["p3", "pg.db"])
def test_a_dump_may_have_any_name(pg: Database, folder: Path, tmp_path: Path, name: str) -> None:
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not on the path")
    for _time in range(2):
        info = backup(pg, folder / name)
        assert verify(info.path) == info
    assert sorted(entry.name for entry in folder.iterdir()) == [name, f"{name}.json"]
    with pytest.raises(UserError, match="E-BACKUP-SERVER"):
        restore(info.path, tmp_path / "new.db")
    info.path.write_bytes(info.path.read_bytes() + b"x")
    with pytest.raises(UserError, match="E-BACKUP-DAMAGED"):
        verify(info.path)


def test_without_pg_dump_it_says_so(pg: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(UserError, match="E-BACKUP-PROGRAM"):
        backup(pg, folder)
    assert list(folder.iterdir()) == []


def test_a_file_with_a_reference_to_nothing_is_backed_up_as_it_is(db_path: Path, folder: Path) -> None:
    """One bad row is no reason to have no backup of the others; the doctor names it."""
    connection = engines.connect(db_path, "rw")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(
        "INSERT INTO hall (id, venue_id, name, name_en, width, depth, position) VALUES (x'00', x'01', 'a', '', 1, 1, 0)"
    )
    connection.close()
    counts = copying.copy_file(db_path, folder / "x.db")
    assert counts["hall"] == 1
    copy = engines.connect(folder / "x.db", "ro")
    assert copying.dangling_by_table(copy) == {"hall": 1}
    copy.close()
