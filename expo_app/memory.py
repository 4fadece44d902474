"""Python's search for cyclic garbage, held back where it would only find what is still being made."""

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
