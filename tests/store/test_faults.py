"""Killed, starved, locked out, crowded: what was acknowledged is there, nothing is half done."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from expo_app.errors import UserError
from expo_app.model import Counter, Hall, Venue, new_id
from expo_app.store import copying, engines, placing, schema, staging
from expo_app.store.backup import backup, restore, verify
from expo_app.store.database import Database, open_database
from tests.own_time import own_time

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, str(Path(__file__).with_name("process.py"))]
chance = random.Random()  # noqa: S311

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")


@contextmanager
def running(*arguments: object, **options: Any) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        **options,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def killed(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Let it work, kill it, and return the whole lines it had written."""
    assert process.stdout is not None
    first = process.stdout.readline()
    threading.Timer(seconds, process.send_signal, [signal.SIGKILL]).start()
    rest = process.stdout.read()
    assert process.wait() == -signal.SIGKILL
    return (first + rest).split("\n")[:-1]


def check(path: Path) -> None:
    """Whole to the last page."""
    connection = engines.connect(path, "rw")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def counted(path: Path, model: type = Venue) -> int:
    db = open_database(path)
    with db.reading() as session:
        found = session.scalar(select(func.count()).select_from(model))
    db.close()
    return found or 0


def rounds(few: int, many: int) -> list[Any]:
    return [*range(few), *(pytest.param(number, marks=pytest.mark.slow) for number in range(few, many))]


@posix
@pytest.mark.parametrize("_round", rounds(2, 60))
def test_killed_while_writing(db_path: Path, _round: int) -> None:
    with running("write", db_path, "w") as process:
        acknowledged = killed(process, chance.uniform(0.02, 0.2))
    db = open_database(db_path, exclusive=True)
    with db.reading() as session:
        stored = set(session.scalars(select(Counter.series)))
    db.close()
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + 1
    check(db_path)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`; then they may again."""
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@contextmanager
def filled(disk: Path, room: int) -> Iterator[None]:
    """The disk has no more than `room` left; then it has again."""
    left = shutil.disk_usage(disk).free - room
    (disk / "fill").write_bytes(bytes(max(left, 0)))
    try:
        yield
    finally:
        (disk / "fill").unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def goes_on(path: Path, without_room: AbstractContextManager[None]) -> None:
    """A desk scans until there is no room, and again once there is: every scan acknowledged is there, and no other."""
    db = open_database(path)
    desk = db.connection_for_desk()

    def scan(series: str) -> str:
        try:
            with desk.scan_transaction() as connection:
                connection.execute(insert(Counter), {"series": series})
        except UserError as refused:
            assert refused.code == "E-DB-FULL", refused  # noqa: PT017
            return ""
        return series

    told = [scan("before")]
    with without_room:
        told += [scan(f"while {number}") for number in range(12)]
    told += [scan("after"), scan("later")]
    with db.reading() as session:
        kept = session.scalars(select(Counter.series).order_by(Counter.id)).all()
    assert kept == [series for series in told if series]
    assert "" in told
    assert told[-2:] == ["after", "later"]
    db.close()


@posix
@pytest.mark.parametrize("more", [0, 100, 4096, 10_000])
def test_a_desk_goes_on_once_its_files_may_grow_again(db_path: Path, more: int) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        session.add(Counter(series="first"))
        session.flush()
        session.query(Counter).delete()
    size = db_path.with_name(f"{db_path.name}-wal").stat().st_size
    goes_on(db_path, files_up_to(size + more))
    db.close()


@posix
@pytest.mark.parametrize("room", [0, 4096, 20_000, 40_000])
def test_a_desk_goes_on_once_the_disk_has_room_again(db_path: Path, small_disk: Path, room: int) -> None:
    path = Path(shutil.copy(db_path, small_disk / "expo.db"))
    open_database(path).close()
    goes_on(path, filled(small_disk, room))


@posix
def test_a_large_write_that_finds_no_room_is_one_sentence(db_path: Path, small_disk: Path) -> None:
    """Also where only its commit needs the room; and the connection is of use again afterwards."""
    path = Path(shutil.copy(db_path, small_disk / "expo.db"))
    db = open_database(path)
    table = Venue.__table__

    def write(name: str) -> None:
        rows = [{"id": new_id(), "name": f"{name} {n}", "name_en": "", "address": "x" * 500} for n in range(1000)]
        staging.write(db, {table: rows}, {}, {})

    for room in (0, 100_000, 300_000):
        with filled(small_disk, room), pytest.raises(UserError, match="E-DB-FULL"):
            write(f"no room {room}")
    write("room")
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(table)) == 1000
    db.close()


@posix
@pytest.mark.parametrize("_round", rounds(1, 40))
def test_killed_while_backing_up(db_path: Path, tmp_path: Path, _round: int) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    db = open_database(db_path)
    with db.transaction() as session:
        session.add_all(Venue(name=f"{number}", address="x" * 200) for number in range(2000))
    first = backup(db, folder / "b.db")
    with running("copy", db_path, first.path) as process:
        killed(process, chance.uniform(0.01, 0.15))
    backup(db, folder / "other.db")
    left = sorted(entry.name for entry in folder.iterdir())
    db.close()
    assert left == ["b.db", "b.db.json", "other.db", "other.db.json"]
    try:
        verify(first.path)
    except UserError:  # killed between the file and its manifest: the file itself is whole
        first.manifest.unlink()
        verify(first.path)


@posix
@pytest.mark.parametrize("_round", rounds(1, 40))
def test_killed_while_restoring(db_path: Path, tmp_path: Path, _round: int) -> None:
    db = open_database(db_path)
    with db.transaction() as session:
        session.add_all(Venue(name=f"{number}", address="x" * 200) for number in range(2000))
    info = backup(db, tmp_path / "b.db")
    with db.transaction() as session:
        session.add(Venue(name="later"))
    db.close()
    with running("replace", info.path, db_path) as process:
        killed(process, chance.uniform(0.01, 0.15))
    assert counted(db_path) in {2000, 2001}
    check(db_path)
    for kept in tmp_path.glob("expo-before-restore-*.db"):
        assert counted(kept) in {2000, 2001}
    assert list(tmp_path.glob(".*.part*")) == []
    restore(info.path, db_path)
    assert counted(db_path) == 2000


REVISION = """
import sqlalchemy as sa
from alembic import op
def upgrade():
    for number in range(3):
        with op.batch_alter_table("venue", recreate="always") as batch:
            batch.add_column(sa.Column(f"city{number}", sa.String(40), nullable=False, server_default=""))
"""


@posix
@pytest.mark.parametrize("_round", rounds(1, 40))
def test_killed_while_migrating(db_path: Path, tmp_path: Path, _round: int) -> None:
    folder = tmp_path / "revisions"
    folder.mkdir()
    (folder / f"{int(schema.head()) + 1:04}_city.py").write_text(REVISION, encoding="utf-8")
    db = open_database(db_path)
    with db.transaction() as session:
        venues = [Venue(name=f"{number}", address="x" * 200) for number in range(3000)]
        session.add_all(venues)
        session.flush()
        session.add_all(Hall(venue_id=venue.id, name="厅", width=1, depth=1) for venue in venues)
    db.close()
    with running("migrate", db_path, folder) as process:
        killed_or_done(process, chance.uniform(0.05, 0.6))
    check(db_path)
    with running("migrate", db_path, folder) as process:
        assert process.stdout is not None
        assert process.stdout.read() == "start\ndone\n"
    connection = engines.connect(db_path, "rw")
    counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("venue", "hall")]  # noqa: S608
    assert counts == [3000, 3000]
    assert "city2" in {row[1] for row in connection.execute("PRAGMA table_info(venue)")}
    connection.close()
    for kept in tmp_path.glob("expo-before-migration-*.db"):
        assert verify(kept).counts["hall"] == 3000


def killed_or_done(process: subprocess.Popen[str], seconds: float) -> None:
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    process.wait()


@posix
@pytest.mark.parametrize(("processes", "writes"), [(4, 40), pytest.param(8, 1000, marks=pytest.mark.slow)])
def test_many_processes_write_one_file(db_path: Path, processes: int, writes: int) -> None:
    children = [
        subprocess.Popen(
            [*PROGRAM, "contend", str(db_path), f"p{number}", str(writes)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for number in range(processes)
    ]
    answers = [child.communicate(timeout=110) for child in children]
    assert answers == [("ready\ndone\n", "")] * processes
    assert counted(db_path, Counter) == processes * writes
    check(db_path)


@posix
def test_a_killed_window_frees_the_file_at_once(db_path: Path) -> None:
    with running("hold", db_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(UserError, match="E-DB-CLAIMED") as caught:
            open_database(db_path, exclusive=True)
        assert f"进程 {process.pid}" in caught.value.message
        db = open_database(db_path)
        desk = db.connection_for_desk()
        before = own_time()
        with pytest.raises(UserError, match="E-DB-LOCKED"), desk.scan_transaction():
            pass
        assert own_time() - before < 1
        with db.reading() as session:
            assert list(session.scalars(select(Venue.name))) == []
    with desk.scan_transaction() as connection:
        connection.execute(Counter.__table__.insert(), {"series": "a"})
    db.close()
    open_database(db_path, exclusive=True).close()
    assert counted(db_path) == 0


def test_a_file_locked_by_another_program(db_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 200)
    with copying.alone(db_path, "held"), pytest.raises(UserError, match="E-DB-LOCKED"):
        open_database(db_path)
    open_database(db_path).close()


def test_a_server_that_drops_the_line(pg: Database) -> None:
    desk = pg.connection_for_desk()
    with pytest.raises(UserError, match="E-DB-SERVER"), desk.scan_transaction() as connection:
        cut(pg, connection.scalar(text("SELECT pg_backend_pid()")))
        connection.execute(insert(Counter), {"series": "lost"})
    with pytest.raises(UserError, match="E-DB-SERVER"), pg.transaction() as session:
        session.add(Counter(series="lost too"))
        session.flush()
        cut(pg, session.scalar(text("SELECT pg_backend_pid()")))
    for number in range(2):
        with desk.scan_transaction() as connection:
            connection.execute(insert(Counter), {"series": f"desk {number}"})
        with pg.transaction() as session:
            session.add(Counter(series=f"window {number}"))
    with pg.reading() as session:
        assert sorted(session.scalars(select(Counter.series))) == ["desk 0", "desk 1", "window 0", "window 1"]


def cut(pg: Database, backend: int | None) -> None:
    """End one server process and wait until it is gone."""
    with pg.writer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})


def test_two_that_wait_for_each_other_on_a_server(pg: Database) -> None:
    with pg.transaction() as session:
        session.add_all([Venue(name="a"), Venue(name="b")])
    ready = threading.Barrier(2)
    codes: list[str] = []

    def lock(first: str, second: str) -> None:
        try:
            with pg.transaction() as session:
                session.execute(update(Venue).where(Venue.name == first).values(address=first))
                ready.wait(60)
                session.execute(update(Venue).where(Venue.name == second).values(address=first))
            codes.append("saved")
        except UserError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=lock, args=names) for names in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["E-DB-DEADLOCK", "saved"]


def starved(process: subprocess.Popen[str]) -> list[str]:
    """What it says up to its first failure."""
    assert process.stdout is not None
    lines = [process.stdout.readline().strip()]
    while lines[-1].isdecimal():
        lines.append(process.stdout.readline().strip())
    return lines


def fed(process: subprocess.Popen[str]) -> str:
    """Tell it that there is room again; what it says then."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@posix
def test_a_file_that_may_not_grow_and_then_may(db_path: Path) -> None:
    """The system refuses the write (SQLite: an I/O error): the connection is dropped, the next one works."""
    import resource

    limit = db_path.stat().st_size + 300_000

    def starve() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    with running("fill", db_path, preexec_fn=starve) as process:
        lines = starved(process)
        assert lines[-1] in {"E-DB-FULL", "E-DB-IO"}
        assert fed(process) == "resumed"
    assert counted(db_path) == len(lines) - 1 + 1 > 10
    check(db_path)


def mounted(folder: Path, *options: str) -> bool:
    return (
        shutil.which("mount") is not None
        and not subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode
    )


@posix
def test_a_full_disk_and_room_again(db_path: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if not mounted(small, "-t", "tmpfs", "-o", "size=3m", "tmpfs"):
        pytest.skip("only root can make a small disk")
    try:
        path = Path(shutil.copy(db_path, small / "expo.db"))
        (small / "ballast").write_bytes(b"x" * 800_000)
        with running("fill", path) as process:
            lines = starved(process)
            assert lines[-1] == "E-DB-FULL"
            db = open_database(path)
            with pytest.raises(UserError, match="E-DB-FULL"):
                backup(db, small / "b.db")
            db.close()
            (small / "ballast").unlink()
            assert fed(process) == "resumed"
        assert counted(path) == len(lines) - 1 + 1
        assert sorted(entry.name for entry in small.iterdir()) == ["expo.db"]
        check(path)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


@posix
def test_a_disk_that_is_read_only(db_path: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    shutil.copy(db_path, place / "expo.db")
    if not mounted(place, "--bind", str(place)):
        pytest.skip("only root can mount")
    try:
        assert mounted(place, "-o", "remount,ro,bind")
        for path in (place / "expo.db", db_path):
            db = open_database(path)
            assert db.read_only == (path != db_path)
            with db.reading() as session:
                assert session.scalar(select(func.count()).select_from(Venue)) == 0
            db.close()
        with pytest.raises(UserError, match="E-DB-READONLY"):
            open_database(place / "new.db", create=True)
        assert placing.access(place / "expo.db", read_only=False) == "immutable"
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
