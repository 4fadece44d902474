"""A clock that a busy machine does not hurry."""

import time
from pathlib import Path

SCHEDULE = Path("/proc/thread-self/schedstat")  # nanoseconds at work, nanoseconds ready to work, turns


def own_time() -> float:
    """Seconds by the clock, less those in which this thread was ready and others had the processor.

    What it works, sleeps, or waits for a lock, a disk or another process counts.
    """
    waited = int(SCHEDULE.read_text(encoding="ascii").split()[1]) if SCHEDULE.exists() else 0
    return time.monotonic() - waited / 1e9
