"""Who has a database file: one window claims it, others are told who."""

import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from expo_app.errors import UserError
from expo_app.i18n import _

ASKING = 3
"""Times a claim is tried again, 10 ms apart: whoever asks who has a file holds its lock for an instant."""
LOCK_BYTE = 0x7FFFFFF0
"""Windows locks a byte far behind the text, so that others can read who holds it."""


class Claim:
    """A held lock; the operating system frees it when the process dies."""

    def __init__(self, stream: IO[str], lock: Path) -> None:
        self._stream, self._lock = stream, lock

    def release(self) -> None:
        """Let the next window in, and take the lock's file away.

        Elsewhere it goes while we still hold it: whoever had opened it already finds that it is no longer the one in
        the folder, and tries again (`claim`). Windows removes no file that somebody has open, so there it goes after.
        """
        if self._stream.closed:
            return
        if sys.platform == "win32":
            self._stream.close()
        with suppress(OSError):
            self._lock.unlink()
        self._stream.close()


def claim(path: Path) -> Claim:
    """Take `path` for one window, or raise a `UserError` that names who has it."""
    lock = path.with_name(f"{path.name}.lock")
    patience = ASKING
    while True:
        stream = open(lock, "a+", encoding="utf-8")  # noqa: SIM115  (held until release)
        try:
            _lock(stream)
        except OSError:
            if patience:  # somebody who only asks (`holder`) has it for an instant
                patience -= 1
                stream.close()
                time.sleep(0.01)
                continue
            found = _named(stream)
            stream.close()
            raise UserError(
                _(
                    "{user} 正在电脑 {host} 上使用这个数据库（进程 {pid}），所以没有再打开一次。数据不受影响。"
                    "请先关闭那个窗口，或以只读方式打开。"
                ).format(**found),
                "E-DB-CLAIMED",
            ) from None
        if _lies_at(stream, lock):
            break
        stream.close()  # its holder took it away between our opening and our locking
    stream.truncate(0)
    json.dump({"host": socket.gethostname(), "pid": os.getpid(), "user": getpass.getuser()}, stream)
    stream.flush()
    return Claim(stream, lock)


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """`claim` for as long as this lasts."""
    held = claim(path)
    try:
        yield
    finally:
        held.release()


def _lies_at(stream: IO[str], lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), lock.stat())
    except FileNotFoundError:
        return False


def _lock(stream: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        stream.seek(LOCK_BYTE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def holder(path: Path) -> dict[str, object] | None:
    """Who has claimed `path` (`host`, `pid`, `user`), None if nobody has."""
    with suppress(FileNotFoundError), open(path.with_name(f"{path.name}.lock"), encoding="utf-8") as stream:
        try:
            _lock(stream)
        except OSError:
            return _named(stream)
    return None


def claimed_since(path: Path) -> float | None:
    """When whoever has claimed `path` took it, in seconds since 1970; None if nobody has."""
    with suppress(FileNotFoundError):
        since = path.with_name(f"{path.name}.lock").stat().st_mtime
        return None if holder(path) is None else since
    return None


def _named(stream: IO[str]) -> dict[str, object]:
    unknown: dict[str, object] = {"host": "?", "pid": "?", "user": "?"}
    stream.seek(0)
    try:
        found = json.loads(stream.read())
    except ValueError:
        return unknown
    return unknown | found if isinstance(found, dict) else unknown
