"""Scans one after the other, none lost: each is tried until it is kept or refused, and answered only after its commit.

What passes by itself or by somebody's hand (a full disk, a busy file, a server that is away) makes all wait, in their
order; whatever else goes wrong with one is told, and that one tried again behind the others.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from expo_app.errors import UserError
from expo_app.services.checkin import Scan
from expo_app.services.checkin_spool import Kept
from expo_app.store.faults import passes
from expo_app.ui.kit import jobs

AGAIN, LATER, SLOW = 150, 1000, 300  # ms between tries at first, and after two seconds; ms until "saving" is said
SOON, ASIDE = 2.0, 15.0  # seconds of quick tries; until what failed by itself is tried again


@dataclass(frozen=True)
class Act:
    """One thing to do at the desk, and who is told; it is tried again under the same scan id."""

    run: Callable[[], Scan]
    done: Callable[[Scan], object]
    failed: Callable[[Exception], object]
    scan: Kept | None = None
    """What it is about, to be kept elsewhere while it waits; None: an act that only makes sense now."""


@dataclass(frozen=True)
class Waiting:
    """How many acts are not kept yet, what is in their way, and since when it is (local; None: they are just slow)."""

    count: int
    cause: UserError | None = None
    since: datetime | None = None
    seconds: float = 0.0


class Intake(QObject):
    """A queue of acts, each with a scan id of its own, so that trying again is harmless.

    They run in a thread that is the queue's alone: neither a slow disk or network nor other work of the program holds
    the window, or the scans. `waiting(Waiting)` tells whenever that changes while something waits.
    """

    waiting = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner, self._lane = parent, jobs.Lane(parent)
        self._acts: deque[Act] = deque()
        self._aside: list[Act] = []
        self._is_running = False
        self._cause: UserError | None = None
        self._since, self._since_at = 0.0, datetime.now().astimezone()
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._go)
        self._slow = QTimer(self, singleShot=True, interval=SLOW)
        self._slow.timeout.connect(self._tell)
        self._back = QTimer(self, singleShot=True, interval=int(ASIDE * 1000))
        self._back.timeout.connect(self._take_back)

    @property
    def count(self) -> int:
        """How many acts are not kept yet."""
        return len(self._acts) + len(self._aside)

    @property
    def state(self) -> Waiting:
        """What there is to say of those that wait."""
        if self._cause is None:
            return Waiting(self.count)
        return Waiting(self.count, self._cause, self._since_at, time.monotonic() - self._since)

    @property
    def scans(self) -> list[Kept]:
        """What is not in the database yet."""
        return [act.scan for act in (*self._acts, *self._aside) if act.scan is not None]

    def add(self, act: Act) -> None:
        """Do this after what waits. While something is in the way it is tried at once."""
        self._acts.append(act)
        if self._cause is not None:
            self._tell()
        self._go()

    def beside(self, work: Callable[[], bool], done: Callable[[bool], object]) -> None:
        """Something short in the same thread, between two acts."""
        self._lane.run(work, done, lambda _error: None)

    def stop(self) -> None:
        """Try no more: the desk closes. Returns once what runs has ended."""
        for timer in (self._again, self._slow, self._back):
            timer.stop()
        self._acts.clear()
        self._aside.clear()
        self._lane.wait()

    def _tell(self) -> None:
        self.waiting.emit(self.state)

    def _go(self) -> None:
        if self._is_running or not self._acts:
            return
        self._again.stop()
        act = self._acts[0]
        self._is_running = True
        if self._cause is None:
            self._slow.start()
        self._lane.run(act.run, self._done, self._refused)

    def _done(self, scan: Scan) -> None:
        if not self._acts:  # stopped meanwhile
            return
        act = self._next()
        self._cause = None
        act.done(scan)
        self._go()

    def _refused(self, error: Exception) -> None:
        if not self._acts:
            return
        if isinstance(error, UserError) and passes(error):
            self._is_running = False
            self._slow.stop()
            if self._cause is None:
                self._since, self._since_at = time.monotonic(), datetime.now().astimezone()
            self._cause = error
            self._tell()
            self._again.start(AGAIN if time.monotonic() - self._since < SOON else LATER)
            return
        act = self._next()
        if not isinstance(error, UserError):  # a fault of the program's: nothing says that it is kept
            self._aside.append(act)
            self._back.start()
        act.failed(error)
        self._go()

    def _take_back(self) -> None:
        self._acts.extend(self._aside)
        self._aside.clear()
        self._go()

    def _next(self) -> Act:
        """What was tried, taken out of the queue."""
        self._is_running = False
        self._slow.stop()
        return self._acts.popleft()
