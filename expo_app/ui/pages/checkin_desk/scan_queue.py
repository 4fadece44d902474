"""Scans one after the other, none lost: tried again while the file is busy, answered only after the commit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.services.checkin import Scan
from expo_app.ui.kit import jobs

AGAIN, SLOW, GIVE_UP = 150, 300, 10.0  # ms between tries, ms until "saving" is said, seconds of trying
BUSY = {"E-DB-LOCKED", "E-DB-DEADLOCK"}
BUSY_SERVER = BUSY | {"E-DB-SERVER"}


@dataclass(frozen=True)
class Act:
    """One thing to do at the desk, and who is told; it is tried again under the same scan id."""

    run: Callable[[], Scan]
    done: Callable[[Scan], object]
    failed: Callable[[Exception], object]


class Intake(QObject):
    """A queue of acts, each with a scan id of its own, so that trying again is harmless.

    With a local file an act runs at once; with a server in a worker, so that a slow network never holds the window.
    `waiting(n)`: n are not kept yet. An act that failed was given up: nothing of it is kept.
    """

    waiting = Signal(int)

    def __init__(self, parent: QWidget, in_worker: bool) -> None:
        super().__init__(parent)
        self._owner, self._in_worker = parent, in_worker
        self._acts: deque[Act] = deque()
        self._is_running = False
        self._since = 0.0
        self._again = QTimer(self, singleShot=True, interval=AGAIN)
        self._again.timeout.connect(self._go)
        self._slow = QTimer(self, singleShot=True, interval=SLOW)
        self._slow.timeout.connect(lambda: self.waiting.emit(len(self._acts)))

    @property
    def count(self) -> int:
        """How many acts are not kept yet."""
        return len(self._acts)

    def add(self, act: Act) -> None:
        """Do this after what waits."""
        self._acts.append(act)
        if len(self._acts) == 1:
            self._since = time.monotonic()
            self._go()
        elif self._again.isActive():
            self.waiting.emit(len(self._acts))

    def _go(self) -> None:
        if self._is_running or not self._acts:
            return
        act = self._acts[0]
        if self._in_worker:
            self._is_running = True
            self._slow.start()
            jobs.run_job(self._owner, "", lambda _progress: act.run(), self._done, self._refused, card=False)
            return
        try:
            scan = act.run()
        except UserError as error:
            self._refused(error)
        else:
            self._done(scan)

    def _done(self, scan: Scan) -> None:
        self._next().done(scan)
        self._go()

    def _refused(self, error: Exception) -> None:
        self._is_running = False
        codes = BUSY_SERVER if self._in_worker else BUSY
        if isinstance(error, UserError) and error.code in codes and time.monotonic() - self._since < GIVE_UP:
            self.waiting.emit(len(self._acts))
            self._again.start()
            return
        self._next().failed(error)
        self._go()

    def _next(self) -> Act:
        """What was tried, taken out of the queue."""
        self._is_running = False
        self._slow.stop()
        self._since = time.monotonic()
        return self._acts.popleft()
