"""A desk that is killed loses nothing it acknowledged; what is there afterwards is whole."""

import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select

from expo_app.model import CheckIn, Verdict
from expo_app.services.checkin import OpenDesk
from expo_app.store import engines
from expo_app.store.database import Database, open_database
from tests.factories import make_attendee, make_badge, make_desk, make_expo, make_gate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def posts(db_path: Path) -> list[uuid.UUID]:
    """Two desks of one entrance, forty badges."""
    db = open_database(db_path)
    with db.transaction() as session:
        expo = make_expo(session)
        gate = make_gate(session, expo)
        for _n in range(40):
            make_badge(session, make_attendee(session, expo))
        desks = [make_desk(session, gate, name).id for name in ("01 号台", "02 号台")]
    db.close()
    return desks


def started(path: Path, desk: uuid.UUID, answers: Path) -> "subprocess.Popen[str]":
    """A desk at work, in a process of its own that writes its answers to a file."""
    command = [sys.executable, "-m", "tests.services.desk_process", str(path), str(desk)]
    with answers.open("w") as stream:
        return subprocess.Popen(command, cwd=ROOT, stdout=stream, text=True)


def stored(db: Database) -> dict[str, str]:
    with db.reading() as session:
        return {str(row.id): row.verdict.name for row in session.execute(select(CheckIn.id, CheckIn.verdict))}


def one_round(path: Path, posts: list[uuid.UUID], seed: int) -> None:
    files = [path.with_name(f"answers-{n}.txt") for n in range(len(posts))]
    runs = [started(path, desk, answers) for desk, answers in zip(posts, files, strict=True)]
    while not all(answers.stat().st_size for answers in files):
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0.05, 0.25))  # noqa: S311
    for run in runs:
        run.kill()
    for run in runs:
        run.wait()
    lines = [line for answers in files for line in answers.read_text().splitlines(keepends=True)]
    acknowledged = dict(line.split() for line in lines if line.endswith("\n"))
    assert acknowledged
    db = open_database(path)
    kept = stored(db)
    assert {scan: kept.get(scan) for scan in acknowledged} == acknowledged
    with db.reading() as session:
        admitted = session.execute(
            select(func.count(), func.count(func.distinct(CheckIn.attendee_id))).where(
                CheckIn.verdict == Verdict.ADMITTED
            )
        ).one()
    assert admitted[0] == admitted[1]
    assert OpenDesk(db, posts[0]).check_in("not a code").verdict is Verdict.MALFORMED
    db.close()
    check = engines.connect(path, "ro")
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert check.execute("PRAGMA foreign_key_check").fetchall() == []
    check.close()


def test_what_was_answered_survives_kill_9(db_path: Path, posts: list[uuid.UUID]) -> None:
    for seed in range(5):
        one_round(db_path, posts, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_what_was_answered_survives_kill_9_two_hundred_times(db_path: Path, posts: list[uuid.UUID]) -> None:
    for seed in range(200):
        one_round(db_path, posts, seed)
