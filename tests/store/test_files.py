"""Opening: every wrong kind of file gets its own sentence and is left as it was."""

import ast
import hashlib
import os
import random
import shutil
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

import expo_app
from expo_app.errors import UserError
from expo_app.model import Venue
from expo_app.store import claims, engines, placing, schema
from expo_app.store.database import Database, open_database

PAGE = 4096
"""Bytes of a page of the file."""


def refusal(path: Path | str, **options: bool) -> str:
    with pytest.raises(UserError) as caught:
        open_database(path, **options)  # type: ignore[arg-type]
    return caught.value.code


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def alter(path: Path, *statements: str) -> None:
    connection = engines.connect(path, "rwc")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_missing_file_is_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "neu 新 #1%20.db"
    assert refusal(path) == "E-DB-MISSING"
    assert not path.exists()
    db = open_database(path, create=True)
    with db.transaction() as session:
        session.add(Venue(name="甲馆"))
    db.close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [path.name]
    again = open_database(path, create=True)
    with again.reading() as session:
        assert list(session.scalars(select(Venue.name))) == ["甲馆"]
    again.close()


def test_places_that_hold_no_database(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    assert refusal(tmp_path) == "E-DB-FOLDER"
    assert refusal(tmp_path / "nowhere" / "x.db", create=True) == "E-DB-MISSING"
    assert refusal(empty) == "E-DB-EMPTY"
    assert empty.stat().st_size == 0


def test_a_foreign_file_is_left_as_it_was(tmp_path: Path) -> None:
    plain, other, marked = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db"
    plain.write_text("单位名称,展位\n" * 1000, encoding="utf-8")
    alter(other, "CREATE TABLE song (title)")
    alter(marked, "PRAGMA application_id=7", "CREATE TABLE song (title)")
    for path in (plain, other, marked):
        before = digest(path)
        assert (refusal(path), refusal(path, create=True)) == ("E-DB-FOREIGN", "E-DB-FOREIGN")
        assert digest(path) == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.db", "b.db", "c.db"]


def test_a_newer_file_is_left_as_it_was(db_path: Path) -> None:
    alter(db_path, f"PRAGMA user_version={int(schema.head()) + 1}")
    before = digest(db_path)
    assert refusal(db_path) == "E-DB-NEWER"
    assert digest(db_path) == before


def test_a_network_drive_is_refused(db_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Path("/proc/self/mounts").read_text(encoding="utf-8")
    monkeypatch.setattr(placing, "NETWORK", {placing.mounted_as(db_path, table)})
    assert refusal(db_path) == "E-DB-NETWORK"


def test_the_innermost_mount_counts() -> None:
    table = "\n".join(
        [
            "/dev/sda1 / ext4 rw 0 0",
            "server:/home /home nfs4 rw 0 0",
            "/dev/sdb1 /home/li/local ext4 rw 0 0",
            "//nas/expo /mnt/my\\040share cifs rw 0 0",
            "li@host: /home/li/far fuse.sshfs rw 0 0",
        ]
    )
    places = ["/expo.db", "/home/a.db", "/home/li/local/a.db", "/mnt/my share/a.db", "/home/li/far/a.db", "/homes/a.db"]
    kinds = [placing.mounted_as(Path(place), table) for place in places]
    assert kinds == ["ext4", "nfs4", "ext4", "cifs", "fuse.sshfs", "ext4"]
    assert [kind in placing.NETWORK for kind in kinds] == [False, True, False, True, True, False]


def test_a_truncated_file_is_named_damaged(db_path: Path, tmp_path: Path) -> None:
    size = db_path.stat().st_size
    codes = set()
    for point in range(1, size - PAGE, size // 40):  # the last page is read when it is needed
        cut = tmp_path / "cut.db"
        shutil.copyfile(db_path, cut)
        os.truncate(cut, point)
        codes.add(refusal(cut))
        assert cut.stat().st_size == point
    assert codes == {"E-DB-FOREIGN", "E-DB-DAMAGED"}


def test_flipped_bits_never_surprise(db_path: Path, tmp_path: Path) -> None:
    whole = db_path.read_bytes()
    chance = random.Random(7)  # noqa: S311
    codes = set()
    for _round in range(60):
        bits = bytearray(whole)
        for _flip in range(20):
            bits[chance.randrange(100, 40_000)] ^= 1 << chance.randrange(8)
        spoilt = tmp_path / "spoilt.db"
        spoilt.write_bytes(bits)
        try:
            db = open_database(spoilt)
        except UserError as error:
            codes.add(error.code)
        else:
            with db.reading() as session:
                session.execute(text("SELECT 1"))
            db.close()
    assert "E-DB-DAMAGED" in codes
    assert codes <= {"E-DB-DAMAGED", "E-DB-FOREIGN"}


def test_reading_only(db_path: Path) -> None:
    writer = open_database(db_path, exclusive=True)
    with writer.transaction() as session:
        session.add(Venue(name="甲馆"))
    reader = open_database(db_path, read_only=True, exclusive=True)
    with reader.reading() as session:
        assert list(session.scalars(select(Venue.name))) == ["甲馆"]
    with pytest.raises(UserError, match="E-DB-READONLY"), reader.transaction():
        pass
    with pytest.raises(UserError, match="E-DB-READONLY"), reader.connection_for_desk().scan_transaction():
        pass
    assert (writer.read_only, reader.read_only) == (False, True)
    reader.close()
    writer.close()


def test_a_second_window_is_told_who_has_the_file(db_path: Path) -> None:
    first = open_database(db_path, exclusive=True)
    with pytest.raises(UserError) as caught:
        open_database(db_path, exclusive=True)
    assert caught.value.code == "E-DB-CLAIMED"
    assert f"进程 {os.getpid()}" in caught.value.message
    desk = open_database(db_path)
    with desk.transaction() as session:
        session.add(Venue(name="甲馆"))
    with pytest.raises(UserError, match="E-DB-CLAIMED"):
        desk.claim()
    assert claims.holder(db_path) is not None
    first.close()
    assert claims.holder(db_path) is None
    desk.claim()
    desk.claim()
    desk.close()


def test_a_file_refused_is_not_left_claimed(db_path: Path) -> None:
    alter(db_path, "PRAGMA user_version=9999")
    assert refusal(db_path, exclusive=True) == "E-DB-NEWER"
    assert claims.holder(db_path) is None


def test_a_claim_waits_for_who_only_asks(db_path: Path) -> None:
    asking = open(db_path.with_name(f"{db_path.name}.lock"), "a+", encoding="utf-8")  # noqa: SIM115  (closed by the timer)
    claims._lock(asking)
    threading.Timer(0.005, asking.close).start()
    with claims.claimed(db_path):
        assert claims.holder(db_path) is not None


def test_a_claim_given_up_leaves_no_file(db_path: Path) -> None:
    lock = db_path.with_name("expo.db.lock")
    lock.write_text("left by one that was killed", encoding="utf-8")
    first = claims.claim(db_path)
    assert lock.exists()
    first.release()
    assert not lock.exists()
    second = claims.claim(db_path)
    first.release()  # once more takes nothing from the next
    with pytest.raises(UserError, match="E-DB-CLAIMED"):
        claims.claim(db_path)
    second.release()
    assert not lock.exists()


def test_one_at_a_time_though_the_file_comes_and_goes(db_path: Path) -> None:
    inside, most, taken = [0], [0], [0]

    def work() -> None:
        while taken[0] < 1500:
            try:
                with claims.claimed(db_path):
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    taken[0] += 1
                    time.sleep(0)
                    inside[0] -= 1
            except UserError:
                continue

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (most, inside) == ([1], [0])
    assert not db_path.with_name("expo.db.lock").exists()


def test_every_connection_is_set_up(db_path: Path) -> None:
    db = open_database(db_path)
    names = "journal_mode synchronous foreign_keys busy_timeout trusted_schema cell_size_check mmap_size"
    found = []
    for engine in (db.writer, db.reader):
        with engine.connect() as connection:
            found.append(
                [connection.scalar(text(f"PRAGMA {name}")) for name in (*names.split(), "secure_delete", "query_only")]
            )
    assert found == [["wal", 2, 1, 5000, 0, 1, 0, 1, 0], ["wal", 2, 1, 5000, 0, 1, 0, 1, 1]]
    db.close()


def test_wal_only_on_a_sqlite_that_is_safe(db_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {
        (3, 40, 1): False, (3, 44, 5): False, (3, 44, 6): True, (3, 45, 0): False, (3, 50, 6): False, (3, 50, 7): True,
        (3, 51, 2): False, (3, 51, 3): True, (3, 53, 4): True, (4, 0, 0): True,
    }  # fmt: skip
    assert {version: engines.wal_is_safe(version) for version in versions} == versions
    monkeypatch.setattr(engines.driver, "sqlite_version_info", (3, 40, 1))
    db = open_database(db_path)
    with db.transaction() as session:
        session.add(Venue(name="甲馆"))
        assert session.scalar(text("PRAGMA journal_mode")) == "delete"
    db.close()


def test_no_second_sqlite_in_the_process() -> None:
    imported = set()
    for path in Path(expo_app.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    assert imported & {"sqlite3", "pysqlite3", "apsw", "QtSql"} == set()
    assert "sqlcipher3" in imported


def test_leftovers_of_the_dead_are_swept(db_path: Path) -> None:
    dead = db_path.with_name(f".expo.db.{2**22 - 1}.part-journal")
    alive = db_path.with_name(f".expo.db.{os.getppid()}.part")
    own = db_path.with_name(".notes.part.txt")
    for left in (dead, alive, own):
        left.touch()
    open_database(db_path).close()
    assert [left.exists() for left in (dead, alive, own)] == [False, True, True]


def test_a_server_out_of_reach_and_a_wrong_one(pg: Database) -> None:
    assert refusal("postgresql://nobody@127.0.0.1:1/none") == "E-DB-SERVER"
    address = pg.writer.url.set(database="no_such_database").render_as_string(hide_password=False)
    assert refusal(address) == "E-DB-SERVER"
    with pg.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    own = pg.writer.url.render_as_string(hide_password=False)
    assert refusal(own) == "E-DB-NEWER"
    with pg.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": schema.head()})
