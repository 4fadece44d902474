"""A clock that a busy machine does not hurry."""

import time
from pathlib import Path

SCHEDULE = Path("/proc/thread-self/schedstat")  # nanoseconds at work, nanoseconds ready to work, turns


def own_time(child: int | None = None) -> float:
    """Seconds by the clock, less those in which this thread was ready and others had the processor.

    What it works, sleeps, or waits for a lock, a disk or another process counts; where it waits for the first thread
    of a `child`, by its process id, that thread's waiting for the processor does not.
    """
    waited = _ready(SCHEDULE) + (_ready(Path(f"/proc/{child}/schedstat")) if child is not None else 0)
    return time.monotonic() - waited / 1e9


def _ready(schedule: Path) -> int:
    return int(schedule.read_text(encoding="ascii").split()[1]) if schedule.exists() else 0
