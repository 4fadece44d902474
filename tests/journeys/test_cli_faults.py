"""The program killed, out of room, without rights or beside another copy: nothing half done, one clear sentence.

The database file alone (writes, backup, restore, migration) is treated the same way in tests/store.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from openpyxl import load_workbook

from expo_app.areas import AREAS
from expo_app.atomic_files import sweep
from expo_app.model import Provider, UseState, VoucherUse
from expo_app.services import expos, imports, records
from expo_app.specs import ATTENDEES
from expo_app.store import engines
from expo_app.store.database import Database, open_database
from tests.factories import make_organisation
from tests.journeys.command import called, start

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")
chance = random.Random()  # noqa: S311
PEOPLE = 900
LOGGED_FIRST = ("meeting-grid",)
"""Whoever gets it is in the log before it is written: without room for that, it is the database that says so."""
REPORTS = [f"{one.name}.{ending}" for area in AREAS for one in area.reports if one.command_at for ending in one.formats]


def rounds(many: int) -> list[Any]:
    return [0, *(pytest.param(number, marks=pytest.mark.slow) for number in range(1, many))]


@pytest.fixture
def file(sample_file: Path, tmp_path: Path) -> Path:
    """A copy of the sample expo in a folder of its own."""
    (tmp_path / "data").mkdir()
    return Path(shutil.copy(sample_file, tmp_path / "data" / "expo.db"))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """New people for the sample expo."""
    path = tmp_path / "名单.csv"
    lines = (f"新人{n},160{n:08},新公司{n % 300}（示例）,媒体" for n in range(PEOPLE))
    path.write_text("\n".join(("姓名,手机,单位,类别", *lines)), encoding="utf-8")
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    db = open_database(file)
    yield db
    db.close()


def people(db: Database) -> int:
    expo = expos.current(db)
    assert expo is not None
    return records.count(db, ATTENDEES, expo.id)


def check(path: Path) -> None:
    """Whole to the last page."""
    connection = engines.connect(path, "rw")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def kill_when(child: "subprocess.Popen[str]", is_time: Callable[[], object]) -> None:
    """SIGKILL as soon as it is time, or when the child has ended anyhow."""
    while not is_time() and child.poll() is None:
        time.sleep(0.001)
    child.send_signal(signal.SIGKILL)
    child.communicate()


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def sentence(*arguments: object, home: Path, **options: Any) -> str:
    """What a verb says that fails by the person's problem: one line."""
    child = start(*arguments, home=home, **options)
    _out, err = child.communicate()
    assert child.returncode == 1, err
    assert len(err.strip().splitlines()) == 1, err
    return str(err)


# --- killed ---


@posix
@pytest.mark.parametrize("number", rounds(40))
def test_an_import_that_is_killed_happened_or_did_not(
    opened: Database, file: Path, table: Path, tmp_path: Path, number: int
) -> None:
    """The first round kills it while what its undo needs is being kept, the others at any moment."""
    before = people(opened)

    def has_begun() -> bool:
        with opened.reading() as session:
            return bool(session.connection().exec_driver_sql("SELECT count(*) FROM import_batch").scalar())

    child = start("import", "attendees", table, "--db", file, "--apply", home=tmp_path / "home")
    kill_when(child, has_begun if number == 0 else after(chance.uniform(0.3, 1.5)))
    known = imports.history(opened)
    assert (people(opened) - before, [batch.new_count for batch in known]) in ((0, []), (PEOPLE, [PEOPLE]))
    again = json.loads(called("import", "attendees", table, "--db", file, "--apply", "--json"))
    assert (again["new"], again["same"]) == ((0, PEOPLE) if known else (PEOPLE, 0))
    assert people(opened) == before + PEOPLE
    imports.undo(opened, imports.history(opened)[0].id)
    assert people(opened) == before
    check(file)


def whole_pdf(path: Path) -> bool:
    return len(pypdf.PdfReader(path).pages) > 0


def whole_book(path: Path) -> bool:
    load_workbook(path, read_only=True).close()
    return True


def whole_text(path: Path) -> bool:
    return len(docx.Document(str(path)).tables) > 0


@posix
@pytest.mark.parametrize("number", rounds(15))
@pytest.mark.parametrize(
    ("verb", "name", "is_whole"),
    [
        (("export", "attendees"), "名单.xlsx", whole_book),
        (("report", "summary"), "总结.pdf", whole_pdf),
        (("report", "closing"), "展后.docx", whole_text),
        (("report", "tables"), "统计表.xlsx", whole_book),
        (("badges",), "胸卡.pdf", whole_pdf),
    ],
)
def test_a_document_that_is_killed_is_the_old_one_or_the_new_one(
    file: Path, tmp_path: Path, verb: tuple[str, ...], name: str, is_whole: Callable[[Path], bool], number: int
) -> None:
    """The first round kills it while the file is being made, the others at any moment; the next run clears up."""
    out, home = tmp_path / "out", tmp_path / "home"
    out.mkdir()
    command = (*verb, out / name, "--db", file)
    if number:
        called(*command)
    kill_when(start(*command, home=home), (lambda: any(out.glob(".*"))) if number == 0 else after(chance.uniform(0, 2)))
    assert not (out / name).exists() or is_whole(out / name)
    called(*command)
    assert is_whole(out / name)
    assert [path.name for path in out.iterdir()] == [name]
    check(file)


@posix
@pytest.mark.parametrize(
    ("report", "name", "is_whole"),
    [
        ("press", "发布.pdf", whole_pdf),
        ("tables", "统计表.xlsx", whole_book),
        pytest.param("closing", "展后.pdf", whole_pdf, marks=pytest.mark.slow),
        pytest.param("closing", "展后.docx", whole_text, marks=pytest.mark.slow),
    ],
)
def test_two_reports_to_one_file_leave_a_whole_one(
    file: Path, tmp_path: Path, report: str, name: str, is_whole: Callable[[Path], bool]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    children = [start("report", report, out / name, "--db", file, home=tmp_path / "home") for _n in range(2)]
    for child in children:
        _said, err = child.communicate()
        assert child.returncode == 0, err
    assert is_whole(out / name)
    assert [path.name for path in out.iterdir()] == [name]


# --- no room ---


def limited(size: int) -> Callable[[], None]:
    """For a child process: no file of it may grow beyond `size` bytes, as on a disk that is full."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@posix
@pytest.mark.parametrize("room", [700_000, *(pytest.param(n << 16, marks=pytest.mark.slow) for n in range(10, 34))])
def test_an_import_without_room_changes_nothing(
    opened: Database, file: Path, table: Path, tmp_path: Path, room: int
) -> None:
    """Whatever write it is that finds no room; with more of it the import is done."""
    before, home = people(opened), tmp_path / "home"
    command = ("import", "attendees", table, "--db", file, "--apply")
    child = start(*command, home=home, preexec_fn=limited(room))
    _out, err = child.communicate()
    if child.returncode:
        assert [line.endswith("[E-DB-FULL]") for line in err.splitlines()] == [True], err
        assert (people(opened), imports.history(opened)) == (before, [])
        called(*command)
    else:
        assert room > 800_000  # SQLite's log, the largest file that is written, takes some 1,000 kB
    assert people(opened) == before + PEOPLE
    check(file)


@posix
@pytest.mark.parametrize(
    ("verb", "name", "code"),
    [(("export", "exhibitors"), "名录.xlsx", "[E-FILE-WRITE]"), (("backup",), "备份.db", "[E-DB-FULL]")],
)
def test_a_file_without_room_leaves_the_old_one(
    opened: Database, file: Path, tmp_path: Path, verb: tuple[str, ...], name: str, code: str
) -> None:
    out, home = tmp_path / "out", tmp_path / "home"
    out.mkdir()
    called(*verb, out / name, "--db", file)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    limit = 8_000 if verb != ("backup",) else file.stat().st_size // 2
    assert people(opened) == 100  # and it stays open: SQLite's side files, which count too, are there already
    said = sentence(*verb, out / name, "--db", file, home=home, preexec_fn=limited(limit))
    assert said.strip().endswith(code), said
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def settled_use(db: Database) -> None:
    """One use of the sample, verified in the half-year before its expo."""
    with db.transaction() as session:
        company, body = (make_organisation(session, name, is_sample=True) for name in ("用券企业", "检测机构"))
        provider = Provider(organisation_id=body.id, is_sample=True)
        session.add(provider)
        session.flush()
        use = VoucherUse(
            use_no="U-1", organisation_id=company.id, provider_id=provider.id, state=UseState.VERIFIED,
            issuer_code="3101", payee_code="3205", share=Decimal(100), basis_amount=Decimal(200),
            verified_on=date(2018, 6, 1), is_sample=True,
        )  # fmt: skip
        session.add(use)


@posix
@pytest.mark.parametrize("document", REPORTS)
def test_a_report_without_room_leaves_the_old_one(opened: Database, file: Path, tmp_path: Path, document: str) -> None:
    """Every report in each of its formats, where hardly anything can be written and where most of it can."""
    import resource

    out = tmp_path / "out" / document
    out.parent.mkdir()
    if out.stem == "settlement":  # of a period without uses there is no document
        settled_use(opened)
    command = ("report", out.stem, out, "--db", file)
    called(*command)
    whole, limits = out.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    assert people(opened) == 100  # as above
    for room in (1_000, len(whole) - 1_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
        try:
            said = called(*command, status=1)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        codes = ("[E-FILE-WRITE]", "[E-DB-FULL]") if out.stem in LOGGED_FIRST else ("[E-FILE-WRITE]",)
        assert [line.endswith(codes) for line in said.splitlines()] == [True], said
        assert (out.read_bytes() == whole, list(out.parent.iterdir())) == (True, [out])


@posix
def test_a_new_file_without_room_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    expo = ("--code", "MY19", "--starts", "2019-11-01", "--ends", "2019-11-03", "--db", folder / "new.db")
    said = sentence("new", "我的展会", *expo, home=tmp_path / "home", preexec_fn=limited(100_000))
    assert said.strip().endswith("[E-DB-FULL]"), said
    assert list(folder.iterdir()) == []


@posix
def test_what_a_killed_program_of_the_same_number_left_goes_too(file: Path, tmp_path: Path) -> None:
    """In a container every run may have the same process number."""
    out = tmp_path / "out"
    out.mkdir()
    mine = out / f".名录.xlsx.0123abcd.{os.getpid()}.part"
    mine.write_bytes(b"half")
    assert sweep(out) == []
    os.utime(mine, (1, 1))
    assert sweep(out) == [mine]
    assert list(out.iterdir()) == []


@posix
@pytest.mark.parametrize("number", rounds(8))
def test_check_ins_that_were_answered_survive_a_kill(opened: Database, file: Path, tmp_path: Path, number: int) -> None:
    answered = 5 + 7 * number
    child = start("checkin", "--desk", "南门 01 号台", "--db", file, home=tmp_path / "home")
    assert child.stdin is not None
    assert child.stdout is not None
    for line in range(answered):
        child.stdin.write(f"code {line}\n")
        child.stdin.flush()
        assert child.stdout.readline().startswith("不是胸卡码")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with opened.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT raw FROM check_in WHERE raw LIKE 'code %'").scalars().all()
    assert sorted(kept) == sorted(f"code {line}" for line in range(answered))
    check(file)


# --- no right, another copy ---


@posix
def test_a_read_only_place_is_read_and_not_written(file: Path, table: Path, tmp_path: Path) -> None:
    """A file on a write-protected stick: documents go elsewhere, an import is refused."""
    home, place = tmp_path / "home", file.parent
    if os.getuid() == 0:
        bound = subprocess.run(["mount", "--bind", str(place), str(place)], capture_output=True, check=False)
        if bound.returncode:
            pytest.skip("this machine lets nobody mount, and root may write anywhere else")
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
    else:
        file.chmod(0o444)
        place.chmod(0o555)
    try:
        said = json.loads(called("export", "attendees", tmp_path / "a.xlsx", "--db", file, "--json"))
        assert said["rows"] == 100
        plan = json.loads(called("import", "attendees", table, "--db", file, "--json"))
        assert plan["new"] == PEOPLE
        assert "[E-DB-READONLY]" in sentence("import", "attendees", table, "--db", file, "--apply", home=home)
        assert "[E-DB-READONLY]" in sentence("backup", place, "--db", file, home=home)
        called("restore", file, "--db", tmp_path / "copy.db")
        check(tmp_path / "copy.db")
    finally:
        if os.getuid() == 0:
            subprocess.run(["umount", "-l", str(place)], check=True)
        else:
            place.chmod(0o755)
            file.chmod(0o644)


def test_what_a_window_has_open_is_not_replaced(file: Path, tmp_path: Path) -> None:
    """A restore and a new demo name who has the file; ordinary verbs work beside the window."""
    home, backup = tmp_path / "home", tmp_path / "b.db"
    db = open_database(file, exclusive=True)
    try:
        called("backup", backup, "--db", file)
        for command in (("restore", backup, "--db", file), ("demo", "--out", file.parent, "--no-window")):
            err = sentence(*command, home=home)
            assert f"进程 {os.getpid()}" in err
            assert "[E-DB-CLAIMED]" in err
        assert people(db) == 100
    finally:
        db.close()


def gate(file: Path, home: Path) -> "subprocess.Popen[str]":
    return start("checkin", "--desk", "南门 01 号台", "--db", file, home=home)


def scan(child: "subprocess.Popen[str]", line: str) -> str:
    """What the gate answers."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()
    return str(child.stdout.readline())


def read_at_gates(file: Path) -> list[str]:
    db = open_database(file)
    with db.reading() as session:
        found = session.connection().exec_driver_sql("SELECT raw FROM check_in WHERE raw LIKE 'line %' ORDER BY raw")
        kept = list(found.scalars())
    db.close()
    return kept


def test_no_demo_takes_the_place_of_a_file_a_gate_works_on(file: Path, tmp_path: Path) -> None:
    home, before = tmp_path / "home", file.stat().st_ino
    child = gate(file, home)
    assert scan(child, "line 1").startswith("不是胸卡码")
    said = sentence("demo", "--out", file.parent, "--attendees", "700", "--no-window", home=home)
    assert said.strip() == (
        "示例数据库正被另一个程序打开，没有重做示例，也没有改动。请关闭打开它的窗口和签到程序，再试一次。 [E-DB-LOCKED]"
    )
    assert scan(child, "line 2").startswith("不是胸卡码")
    child.communicate()
    assert child.returncode == 0
    assert (read_at_gates(file), file.stat().st_ino) == (["line 1", "line 2"], before)
    assert [path.name for path in file.parent.iterdir()] == ["expo.db"]


def test_a_gate_that_comes_while_the_demo_is_made_works_on_the_new_one(file: Path, tmp_path: Path) -> None:
    """Or it was refused, where that took too long; what it acknowledged is there."""
    home = tmp_path / "home"
    child = start("demo", "--out", file.parent, "--attendees", "700", "--no-window", home=home)
    while not (file.parent / "expo.db.part").exists():
        assert child.poll() is None
        time.sleep(0.005)
    out, err = gate(file, home).communicate("line 1\n")
    acknowledged = ["line 1"] if out else []
    assert (err == "") is bool(out), err
    assert out or "[E-DB-LOCKED]" in err
    _out, err = child.communicate()
    assert (child.returncode, err) == (0, "")
    assert read_at_gates(file) == acknowledged
    db = open_database(file)
    assert people(db) == 700
    db.close()
    check(file)


@posix
@pytest.mark.parametrize("fate", ["removed", "replaced"])
def test_a_gate_stops_when_its_file_is_taken_away(file: Path, tmp_path: Path, fate: str) -> None:
    copy = Path(shutil.copy(file, tmp_path / "copy.db"))
    child = gate(file, tmp_path / "home")
    assert scan(child, "line 1").startswith("不是胸卡码")
    if fate == "removed":
        file.unlink()
    else:
        copy.replace(file)
    out, err = child.communicate("line 2\nline 3\n")
    assert child.returncode == 1, err
    why = {"removed": "不在原处了（被移走、改名或删除）", "replaced": "被换成了另一个文件"}[fate]
    answers = out.splitlines()
    assert len(answers) == 2
    for answer in answers:
        assert answer.startswith(f"没有保存\t\t\t数据库文件{why}，这一步没有保存，程序不再写入。此前保存的")
        assert answer.endswith(" [E-DB-MOVED]")


@posix
@pytest.mark.parametrize("ending", ["docx", "xlsx", "pdf"])
def test_a_report_without_room_is_one_sentence(opened: Database, file: Path, tmp_path: Path, ending: str) -> None:
    """Nothing that was left half open says anything after it."""
    out = tmp_path / f"a.{ending}"
    child = start("report", "closing", out, "--db", file, home=tmp_path / "home", preexec_fn=limited(33_000))
    _out, err = child.communicate()
    if child.returncode:  # a small one may find room
        assert [line[-14:] for line in err.splitlines()] == ["[E-FILE-WRITE]"], err
        assert not out.exists()
    else:
        assert ending != "docx"
