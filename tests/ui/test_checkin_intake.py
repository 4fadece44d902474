"""The queue of a desk: in order, tried again while busy, given up with a reason, in a worker where a server is far."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from expo_app.errors import UserError
from expo_app.model import Verdict
from expo_app.services.checkin import Scan
from expo_app.ui.pages.checkin_desk import scan_queue
from expo_app.ui.pages.checkin_desk.scan_queue import Act, Intake

NOW = datetime(2018, 11, 29, 4, tzinfo=UTC)


class Counter:
    """Something to do that fails `times` times with `code`, then answers; notes the threads it ran in."""

    def __init__(self, name: str, log: list[str], times: int = 0, code: str = "E-DB-LOCKED") -> None:
        self.name, self.log, self.left, self.code = name, log, times, code
        self.threads: set[int] = set()

    def run(self) -> Scan:
        self.threads.add(threading.get_ident())
        if self.left:
            self.left -= 1
            raise UserError("忙", self.code)
        return Scan(uuid.uuid4(), self.name, Verdict.ADMITTED, "", NOW)

    def act(self) -> Act:
        return Act(
            self.run,
            lambda scan: self.log.append(f"done {scan.code}"),
            lambda error: self.log.append(f"failed {self.name} {getattr(error, 'code', '')}"),
        )


@pytest.mark.parametrize("in_worker", [False, True])
def test_acts_are_done_in_order_even_while_busy(qtbot: QtBot, in_worker: bool) -> None:
    owner, log, waits = QWidget(), [], []
    qtbot.addWidget(owner)
    queue = Intake(owner, in_worker)
    queue.waiting.connect(waits.append)
    acts = [Counter("a", log, 2), Counter("b", log), Counter("c", log, 1)]
    for one in acts:
        queue.add(one.act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["done a", "done b", "done c"]
    assert max(waits) == 3
    here = threading.get_ident()
    assert all((here not in one.threads) is in_worker for one in acts)


@pytest.mark.parametrize("in_worker", [False, True])
def test_what_fails_is_told_and_does_not_hold_the_rest(qtbot: QtBot, in_worker: bool) -> None:
    owner, log = QWidget(), []
    qtbot.addWidget(owner)
    queue = Intake(owner, in_worker)
    for one in (Counter("a", log, 1, "E-DB-FULL"), Counter("b", log)):
        queue.add(one.act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["failed a E-DB-FULL", "done b"]


def test_a_lost_server_is_tried_again_a_lost_file_is_not(qtbot: QtBot) -> None:
    owner, log = QWidget(), []
    qtbot.addWidget(owner)
    for in_worker in (True, False):
        queue = Intake(owner, in_worker)
        queue.add(Counter("a", log, 1, "E-DB-SERVER").act())
        qtbot.waitUntil(lambda queue=queue: queue.count == 0)
    assert log == ["done a", "failed a E-DB-SERVER"]


def test_it_gives_up_after_a_while(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_queue, "GIVE_UP", 0.3)
    owner, log = QWidget(), []
    qtbot.addWidget(owner)
    queue = Intake(owner, False)
    queue.add(Counter("a", log, 1000).act())
    qtbot.waitUntil(lambda: queue.count == 0)
    assert log == ["failed a E-DB-LOCKED"]
