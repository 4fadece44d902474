"""The real clock, as a desk can rely on it: when the computer's is set back or forward, time here runs on evenly.

Whoever was admitted stays admitted, because the day that is counted does not change unasked; a person decides.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

JUMP = timedelta(minutes=1)
"""What a clock that is kept right by the network never does at once."""


def running() -> float:
    """Seconds by a clock that nobody can set and that runs on while the computer sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(frozen=True)
class Jump:
    """What is said to be the time, and what the computer says; aware, in UTC. `is_kept`: time here goes by the first.

    Otherwise only a scan says so, kept at that moment: by a computer whose clock was wrong then, or is wrong now.
    """

    kept: datetime
    machine: datetime
    is_kept: bool = True


class SteadyClock:
    """Call it for the moment, aware. `jump`: what is still to be asked about; None: nothing."""

    def __init__(
        self, machine: Callable[[], datetime] = lambda: datetime.now(UTC), runs: Callable[[], float] = running
    ) -> None:
        self._machine, self._runs = machine, runs
        self._lock = threading.Lock()
        self._last = machine(), runs()
        self._ahead = timedelta()
        self.jump: Jump | None = None

    def __call__(self) -> datetime:
        with self._lock:
            at, seconds = self._machine(), self._runs()
            drift = at - self._last[0] - timedelta(seconds=seconds - self._last[1])
            self._last = at, seconds
            if abs(drift) > JUMP:
                self._ahead -= drift
                self.jump = Jump(at + self._ahead, at) if abs(self._ahead) > JUMP else None
            return at + self._ahead

    @property
    def is_own(self) -> bool:
        """Whether time here is not the computer's."""
        return abs(self._ahead) > JUMP

    def suspect(self, newest: datetime) -> None:
        """Something was kept at that moment. Where the computer says that this is still to come, it was or is wrong: it
        is believed until somebody says otherwise.
        """
        at = self()
        if newest - at > JUMP and not self.is_own:
            self.jump = Jump(newest, at, is_kept=False)

    def stay(self) -> None:
        """Go on by what the jump says is the time; the next one is asked about again."""
        with self._lock:
            if self.jump is not None and not self.jump.is_kept:
                self._ahead = self.jump.kept - self.jump.machine
            self.jump = None

    def follow(self) -> None:
        """The computer is right."""
        with self._lock:
            self._ahead, self.jump = timedelta(), None
