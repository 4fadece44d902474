"""No answer of a server is waited for without end: a frozen one, or a cut network, says nothing at all.

The desk's own connection and the window's thread have a short limit each, everything else a long one. Once a server
let somebody wait in vain, the window's thread asks it nothing for a while: the workers notice when it is back.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    import psycopg

LONG, AT_DESK, IN_WINDOW = 60.0, 1.0, 1.0
"""Seconds for one answer: in a worker, of the connection a desk keeps, on the window's thread."""
SPARED = 5.0
"""Seconds for which the window's thread asks nothing after it, or anybody else, waited in vain."""


class _Window:
    """Which thread must not wait, and until when it is spared."""

    thread = 0
    spared_until = 0.0


def guard_this_thread() -> None:
    """From now on this is the window's thread."""
    _Window.thread = threading.get_ident()


def limit(engine: Engine) -> None:
    """Give every connection of a server's engine its deadlines."""
    import psycopg

    class Limited(psycopg.Connection[Any]):
        """`seconds` for one answer; without it in time the connection is closed, for nobody knows what it is at."""

        seconds = LONG

        @classmethod
        def connect(cls, *args: Any, **given: Any) -> Any:
            _spare_window()
            try:
                return super().connect(*args, **given)
            except psycopg.OperationalError:
                _Window.spared_until = time.monotonic() + SPARED
                raise

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                _spare_window()
            except psycopg.OperationalError:
                self.close()
                raise
            is_window = threading.get_ident() == _Window.thread
            seconds = min(self.seconds, IN_WINDOW) if is_window else self.seconds
            until = time.monotonic() + seconds
            try:
                found = super().wait(gen, interval, seconds if timeout is None else timeout)
            except psycopg.OperationalError:
                if time.monotonic() >= until:
                    self.close()
                    _Window.spared_until = time.monotonic() + SPARED
                raise
            _Window.spared_until = 0.0
            return found

    def connect(_dialect: object, _record: object, args: Any, given: Any) -> psycopg.Connection[Any]:
        found: psycopg.Connection[Any] = Limited.connect(*args, **given)
        return found

    event.listen(engine, "do_connect", connect)


def _spare_window() -> None:
    """OperationalError at once on the window's thread, while the server is known to be away."""
    if threading.get_ident() == _Window.thread and time.monotonic() < _Window.spared_until:
        import psycopg

        raise psycopg.OperationalError("the server did not answer a moment ago")
