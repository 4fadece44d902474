"""The queue of a desk: in order, in a thread of its own, tried until it is kept, told when something is in the way."""

import logging
import threading
import uuid
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import UserError
from expo_app.model import Direction, Verdict
from expo_app.services.checkin import Scan
from expo_app.services.checkin_spool import Kept, Spool
from expo_app.store.faults import PASSING
from expo_app.ui.pages.checkin_desk import scan_queue
from expo_app.ui.pages.checkin_desk.scan_queue import Act, Intake, Waiting

NOW = datetime(2018, 11, 29, 4, tzinfo=UTC)


class Counter:
    """Something to do that fails `times` times with `error`, then answers; notes the threads it ran in."""

    def __init__(self, name: str, log: list[str], times: int = 0, error: Exception | None = None) -> None:
        self.name, self.log, self.left = name, log, times
        self.error = error or UserError("忙", "E-DB-LOCKED")
        self.threads: set[int] = set()

    def run(self) -> Scan:
        self.threads.add(threading.get_ident())
        if self.left:
            self.left -= 1
            raise self.error
        return Scan(uuid.uuid4(), self.name, Verdict.ADMITTED, "", NOW)

    def act(self) -> Act:
        return Act(
            self.run,
            lambda scan: self.log.append(f"done {scan.code}"),
            lambda error: self.log.append(f"failed {self.name} {getattr(error, 'code', type(error).__name__)}"),
        )


@pytest.fixture
def queue(qtbot: QtBot) -> Intake:
    owner = QWidget()
    qtbot.addWidget(owner)
    return Intake(owner)


def test_acts_are_done_in_order_even_while_busy_and_never_on_the_windows_thread(qtbot: QtBot, queue: Intake) -> None:
    log: list[str] = []
    waits: list[Waiting] = []
    queue.waiting.connect(waits.append)
    acts = [Counter("a", log, 2), Counter("b", log), Counter("c", log, 1)]
    for one in acts:
        queue.add(one.act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["done a", "done b", "done c"]
    assert max(state.count for state in waits) == 3
    assert not {threading.get_ident()} & set.union(*(one.threads for one in acts))


@pytest.mark.parametrize("code", sorted(PASSING))
def test_whatever_is_in_the_way_all_wait_and_go_on_by_themselves(qtbot: QtBot, queue: Intake, code: str) -> None:
    log: list[str] = []
    waits: list[Waiting] = []
    queue.waiting.connect(waits.append)
    for one in (Counter("a", log, 3, UserError("出错", code)), Counter("b", log)):
        queue.add(one.act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["done a", "done b"]
    told = [state for state in waits if state.cause is not None]
    assert {state.cause.code for state in told if state.cause} == {code}
    assert all(state.since is not None for state in told)
    assert queue.state == Waiting(0)


def test_a_new_scan_is_a_new_try(qtbot: QtBot, queue: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_queue, "AGAIN", 60_000)
    log: list[str] = []
    queue.add(Counter("a", log, 1).act())
    qtbot.waitUntil(lambda: queue.state.cause is not None)
    queue.add(Counter("b", log).act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["done a", "done b"]


def test_what_is_refused_is_told_and_does_not_hold_the_rest(qtbot: QtBot, queue: Intake) -> None:
    log: list[str] = []
    for one in (Counter("a", log, 1, UserError("不行", "E-UNDO")), Counter("b", log)):
        queue.add(one.act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["failed a E-UNDO", "done b"]


def test_a_fault_of_the_programs_holds_nobody_and_is_tried_again(
    qtbot: QtBot, queue: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    log: list[str] = []
    with caplog.at_level(logging.CRITICAL):
        for one in (Counter("a", log, 1, ZeroDivisionError()), Counter("b", log)):
            queue.add(one.act())
        qtbot.waitUntil(lambda: "done b" in log)
        assert queue.count == 1
        queue._take_back()
        qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["failed a ZeroDivisionError", "done b", "done a"]


def test_other_work_of_the_program_is_not_in_the_way(qtbot: QtBot, queue: Intake) -> None:
    pool, gate = QThreadPool.globalInstance(), threading.Event()
    for _n in range(pool.maxThreadCount()):
        pool.start(gate.wait)
    log: list[str] = []
    try:
        queue.add(Counter("a", log).act())
        qtbot.waitUntil(lambda: log == ["done a"])
    finally:
        gate.set()
        pool.waitForDone()


def test_what_waits_is_written_beside_and_read_again() -> None:
    spool = Spool("/x/expo.db", uuid.UUID(int=7))
    scans = [
        Kept(uuid.uuid4(), NOW, Direction.IN, "E1AAAA"),
        Kept(uuid.uuid4(), NOW, Direction.OUT, attendee_id=uuid.uuid4()),
    ]
    assert spool.read() == []
    assert spool.write(scans)
    assert Spool("/x/expo.db", uuid.UUID(int=7)).read() == scans
    assert Spool("/x/expo.db", uuid.UUID(int=8)).read() == []
    spool.path.write_text("{", encoding="utf-8")
    assert spool.read() == []
    assert spool.write(())
    assert not spool.path.exists()
