"""A headless gate while the database is locked, away or silent: every line has its answer, and the gate goes on."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from expo_app.model import CheckIn, DeskCount, Presence
from expo_app.store.database import Database, open_database
from tests.factories import local, make_attendee, make_badge, make_desk, make_expo, make_gate
from tests.journeys.command import start
from tests.own_time import own_time
from tests.proxy import Proxy

DESK, AT = "南门 01 号台", "2018-11-29T12:00"
LONGEST = 2.0
"""Seconds within which a line is answered, whatever happens."""


@dataclass
class Gate:
    """The program at work as `checkin --json`, fed line by line."""

    child: Any
    err: list[str] = field(default_factory=list)

    def read(self, code: str) -> dict[str, Any]:
        began = own_time(self.child.pid)
        self.child.stdin.write(code + "\n")
        self.child.stdin.flush()
        answer: dict[str, Any] = json.loads(self.child.stdout.readline())
        assert own_time(self.child.pid) - began < LONGEST + 0.3  # the pipe and a busy machine
        return answer

    def until_back(self) -> None:
        end = time.monotonic() + 60
        while not any(line.startswith("back") for line in self.err):
            assert time.monotonic() < end, self.err
            time.sleep(0.05)

    def end(self) -> int:
        self.child.stdin.close()
        status: int = self.child.wait(60)
        assert not any("Traceback" in line for line in self.err), self.err
        return status


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Callable[[str], Gate]]:
    children = []

    def opened(where: str) -> Gate:
        child = start("checkin", "--desk", DESK, "--at", AT, "--db", where, "--json", home=tmp_path / "home")
        found = Gate(child)
        threading.Thread(target=lambda: found.err.extend(child.stderr), daemon=True).start()
        children.append(child)
        return found

    yield opened
    for child in children:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            with suppress(OSError):
                stream.close()


def people(db: Database, count: int) -> list[str]:
    """The codes of so many people of one entrance."""
    with db.transaction() as session:
        expo = make_expo(session)
        make_desk(session, make_gate(session, expo, "南门"), DESK)
        return [make_badge(session, make_attendee(session, expo)).code for _n in range(count)]


def stored(db: Database) -> tuple[int, int, int]:
    """Scans, people inside, people who came by the desks' own count."""
    with db.reading() as session:
        counts = (select(func.count(CheckIn.id)), select(func.count(Presence.id)), select(func.sum(DeskCount.come)))
        return tuple(session.scalar(count) or 0 for count in counts)  # type: ignore[return-value]


def keys(answer: dict[str, Any]) -> list[str]:
    return list(answer)


def test_a_file_that_is_locked(db_path: Path, gate: Callable[[str], Gate]) -> None:
    db = open_database(db_path)
    codes = people(db, 3)
    at_work = gate(str(db_path))
    first = at_work.read(codes[0])
    assert first["verdict"] == "admitted"
    with db.writer.connect() as other, other.begin():
        lost = at_work.read(codes[1])
        assert (lost["verdict"], lost["code"], lost["name"]) == ("not_kept", codes[1], "")
        assert "另一个程序占用" in lost["reason"]
        assert keys(lost) == keys(first)
    at_work.until_back()
    assert at_work.read(codes[2])["verdict"] == "admitted"
    assert stored(db) == (2, 2, 2)
    assert at_work.read(codes[1])["verdict"] == "admitted"
    assert at_work.end() == 1
    db.close()


def test_a_busy_moment_is_waited_for(db_path: Path, gate: Callable[[str], Gate]) -> None:
    db = open_database(db_path)
    codes = people(db, 2)
    at_work = gate(str(db_path))
    at_work.read(codes[0])
    held = db.writer.connect()
    act = held.begin()
    free = threading.Timer(0.7, act.rollback)
    free.start()
    assert at_work.read(codes[1])["verdict"] == "admitted"
    free.join()
    held.close()
    assert at_work.end() == 0
    db.close()


def _cut(proxy: Proxy, pg: Database) -> None:
    proxy.cut()


def _silent(proxy: Proxy, pg: Database) -> None:
    proxy.fall_silent()


@pytest.mark.skipif("EXPO_TEST_PG" not in os.environ, reason="EXPO_TEST_PG is not set: no PostgreSQL to test on")
@pytest.mark.parametrize("fault", [_cut, _silent])
def test_a_server_that_is_away(
    network: tuple[Proxy, str], pg: Database, gate: Callable[[str], Gate], fault: Callable[[Proxy, Database], None]
) -> None:
    proxy, url = network
    codes = people(pg, 6)
    at_work = gate(url)
    first = at_work.read(codes[0])
    assert first["verdict"] == "admitted"
    fault(proxy, pg)
    for code in codes[1:4]:
        lost = at_work.read(code)
        assert (lost["verdict"], lost["code"]) == ("not_kept", code)
        assert "服务器" in lost["reason"]
        assert keys(lost) == keys(first)
    proxy.heal()
    at_work.until_back()
    assert at_work.read(codes[4])["verdict"] == "admitted"
    assert stored(pg) == (2, 2, 2)
    assert at_work.read(codes[1])["verdict"] == "admitted"
    assert at_work.end() == 1


@pytest.mark.skipif("EXPO_TEST_PG" not in os.environ, reason="EXPO_TEST_PG is not set: no PostgreSQL to test on")
def test_what_a_server_finished_without_an_answer_is_taken_out(pg: Database) -> None:
    from expo_app.services.checkin import OpenDesk

    codes = people(pg, 1)
    with pg.reading() as session:
        desk_id = session.scalar(text("SELECT id FROM desk"))
    desk = OpenDesk(pg, desk_id)
    scan_id = desk.new_id()
    desk.check_in(codes[0], local(29, 12), scan_id)
    assert stored(pg) == (1, 1, 1)
    assert desk.forget(scan_id) is True
    assert stored(pg) == (0, 0, 0)
    assert desk.forget(scan_id) is False
    desk.close()
