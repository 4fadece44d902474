"""Python's search for cyclic garbage: held back where it would only find what is still being made, and where there are
windows done by their thread alone.

A worker in which it happens to run would destroy what it finds there: a Qt object's end waits for the interpreter while
it holds a lock of Qt's, and the window waits for that lock while it holds the interpreter. Both stand still for good.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Rows by the thousand, none in a cycle: looking for cycles while they are made costs as much as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_due() -> None:
    """What Python would do by itself, now and in this thread: the generations whose counts are over their limits."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [n for n in range(3) if counts[n] > limits[n]]
    if 0 in due:
        gc.collect(max(due))
