"""Files being made: beside their place, under a name that says which process makes them, until they are whole."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from expo_app.errors import UserError
from expo_app.i18n import _


def part(path: Path) -> Path:
    """The name under which `path` is being made by this process."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def sweep(folder: Path, name: str = "") -> list[Path]:
    """Remove what a process that is gone left unfinished in `folder` (of files called `name`); what was removed."""
    removed = []
    for left in folder.glob(".*.part*"):
        maker = left.name.rpartition(".part")[0].rpartition(".")[2]
        if left.name.startswith(f".{name}") and maker.isdecimal() and not _is_running(int(maker)):
            try:
                left.unlink(missing_ok=True)
            except PermissionError:  # Windows refuses while it is in use
                continue
            removed.append(left)
    return removed


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
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` once it is whole and on disk; after an error or cancel nothing is left.

    Two threads may write one place at once: the later one stays. Raises OSError.
    """
    temporary = part(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
    try:
        with temporary.open("xb") as handle:
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
                name=path.name, reason=error.strerror or error
            ),
            "E-FILE-WRITE",
        ) from error
