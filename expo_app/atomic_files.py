"""Files being made: beside their place, under a name that says which process makes them, until they are whole."""

import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from expo_app.errors import UserError, why
from expo_app.i18n import _

STARTED = time.time()
ROOM = 256 * 1024
"""Bytes that must be free beside a file for its disk not to be full."""
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def refuse_share(path: Path) -> None:
    r"""`\\server\share\…` is a place on Windows only; elsewhere a file of that odd name would be made here."""
    if sys.platform != "win32" and str(path).startswith("\\\\"):
        raise UserError(
            _("“{path}”是 Windows 的网络位置，这台电脑用不了，没有写入。请先挂载到一个文件夹，或换到本机磁盘。").format(
                path=path
            ),
            "E-SHARE",
        )


def refuse_device(path: Path) -> None:
    """Whoever reads a pipe, a device or a socket may wait for ever, or read without end."""
    try:
        kind = path.stat().st_mode
    except OSError:  # whoever opens it says why it cannot be
        return
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise UserError(
            _("“{path}”是管道、设备或套接字，不是文件，什么也没有做。请先把内容存成文件。").format(path=path),
            "E-FILE-KIND",
        )


def privately(path: str, flags: int) -> int:
    """For `open(opener=…)`: a file it makes is its owner's alone, whatever the umask; on Windows the folder says."""
    return os.open(path, flags, 0o600)


def is_full(path: Path) -> bool:
    """Whether there is no room for a little more beside `path`, whatever it is that is used up."""
    if sys.platform != "win32" and _is_at_limit(path):
        return True
    probe = part(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
    try:
        with open(probe, "xb", opener=privately) as stream:
            stream.write(bytes(ROOM))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        return error.errno in NO_ROOM
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return False


def _is_at_limit(path: Path) -> bool:
    """Whether the largest file this process may write is no larger than those there are (`ulimit -f`)."""
    import resource

    limit, _hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    sizes = (file.stat().st_size for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())
    return limit != resource.RLIM_INFINITY and max(sizes, default=0) + ROOM > limit


def part(path: Path) -> Path:
    """The name under which `path` is being made by this process."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def sweep(folder: Path, name: str = "") -> list[Path]:
    """Remove what a process that is gone left unfinished in `folder` (of files called `name`); what was removed."""
    removed = []
    for left in folder.glob(".*.part*"):
        maker = left.name.rpartition(".part")[0].rpartition(".")[2]
        if not left.name.startswith(f".{name}") or not maker.isdecimal():
            continue
        if not _is_running(int(maker)) or _is_older(left, int(maker)):
            try:
                left.unlink(missing_ok=True)
            except PermissionError:  # Windows refuses while it is in use
                continue
            removed.append(left)
    return removed


def _is_older(left: Path, maker: int) -> bool:
    """Whether the maker bears our number but came before us, as in a container, where numbers begin anew."""
    try:
        return maker == os.getpid() and left.stat().st_mtime < STARTED
    except FileNotFoundError:
        return False


def _is_running(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def written(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` once it is whole and on disk; after an error or cancel nothing is left.

    `private`: for its owner alone; else as is usual here, by the umask. Two threads may write one place at once: the
    later one stays. Raises OSError.
    """
    temporary = part(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
    try:
        with open(temporary, "xb", opener=privately if private else None) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """The same for a file somebody asked for; what a killed process left of it goes first.

    Raises `UserError` where the place cannot be written; the old file is then as it was.
    """
    try:
        sweep(path.parent, path.name)
        with written(path) as handle:
            yield handle
    except OSError as error:
        raise UserError(
            _("没有写成 {name}：{reason}。原来的文件没有改动。换一个位置，或关闭正打开它的程序后再试。").format(
                name=path.name, reason=why(error)
            ),
            "E-FILE-WRITE",
        ) from error
