"""Where a database file may lie, who holds it, and whether it is one of ours."""

import errno
import getpass
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from expo_app.atomic_files import part, refuse_share
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.store import engines, faults, schema

# fmt: off
NETWORK = {
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "webdav", "ceph", "glusterfs", "ncpfs",
    "lustre", "vboxsf", "vmhgfs", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.glusterfs",
    "fuse.vmhgfs-fuse",
}
# fmt: on
QUICK_CHECK_BYTES = 32 * 2**20
"""Up to this size the structure is checked at every start (a few hundredths of a second)."""
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


def check_place(path: Path, create: bool) -> Path:
    """The real path; refuses folders, missing files (unless they are to be made) and network drives."""
    refuse_share(Path(path))
    path = Path(path).expanduser()
    try:
        path = path.resolve()
        path.exists()
    except PermissionError:
        raise _unreadable(path) from None
    if path.is_dir():
        raise UserError(_("“{path}”是文件夹，不是数据库文件。请选一个 .db 文件。").format(path=path), "E-DB-FOLDER")
    if not path.parent.is_dir():
        raise UserError(
            _("文件夹“{path}”不存在，没有改动任何数据。请检查路径。").format(path=path.parent), "E-DB-MISSING"
        )
    if not create and not path.exists():
        raise UserError(
            _("找不到数据库文件“{path}”，没有改动任何数据。请检查路径，或新建一个。").format(path=path), "E-DB-MISSING"
        )
    if not create and not path.stat().st_size:
        raise UserError(
            _("“{path}”是空文件，里面没有数据。请从备份恢复，或另选一个文件。").format(path=path), "E-DB-EMPTY"
        )
    if on_network(path):
        raise UserError(_(faults.NETWORK), "E-DB-NETWORK")
    return path


def check_folder(folder: Path) -> None:
    """Somewhere a file can be made."""
    if not folder.is_dir():
        raise UserError(_("文件夹“{path}”不存在，没有改动任何数据。请检查路径。").format(path=folder), "E-FOLDER")
    if not os.access(folder, os.W_OK):
        raise UserError(
            _("文件夹“{path}”不能写入，没有改动任何数据。请检查权限，或换一个文件夹。").format(path=folder),
            "E-DB-READONLY",
        )


def on_network(path: Path) -> bool:
    """Whether the file lies on another machine, where SQLite's locks do not hold."""
    if sys.platform == "win32":
        import ctypes

        drive = path.drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == 4
    if sys.platform == "darwin":
        mounts = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True).stdout
        table = "\n".join(
            f"- {place} {kind.split(',')[0]}"
            for _source, _on, rest in (line.partition(" on ") for line in mounts.splitlines())
            for place, _open, kind in [rest.partition(" (")]
        )
    else:
        table = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    return mounted_as(path, table) in NETWORK


def mounted_as(path: Path, table: str) -> str:
    """The file system type of the mount that holds `path`; `table` has the form of /proc/mounts."""
    best, kind = "", ""
    for line in table.splitlines():
        _device, place, found = [*line.split(" "), "", "", ""][:3]
        place = place.replace("\\040", " ")
        if path.is_relative_to(place or "-") and len(place) >= len(best):
            best, kind = place, found
    return kind


def access(path: Path, read_only: bool) -> str:
    """How to open: rw where file and folder allow it, else ro (immutable where not even the folder can be used)."""
    folder = os.access(path.parent, os.W_OK)
    if folder and not read_only and os.access(path, os.W_OK):
        return "rw"
    if not os.access(path, os.R_OK):
        raise _unreadable(path)
    return "ro" if folder or path.with_name(f"{path.name}-shm").exists() else "immutable"


def _unreadable(path: Path) -> UserError:
    return UserError(
        _("没有权限读取“{path}”，没有改动任何数据。请检查文件和文件夹的权限。").format(path=path), "E-DB-READONLY"
    )


def check_content(path: Path, mode: str, progress: Callable[[int, int], None] | None) -> None:
    """Ours, whole, and of a version this program knows; an older one is migrated."""
    connection = engines.connect(path, mode)
    try:
        connection.execute("PRAGMA cell_size_check=ON")
        revision = schema.sqlite_revision(connection)
        if not revision:
            raise UserError(_(faults.FOREIGN), "E-DB-FOREIGN")
        if revision > schema.HEAD:
            raise UserError(_(faults.NEWER), "E-DB-NEWER")
        if (
            path.stat().st_size <= QUICK_CHECK_BYTES
            and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"
        ):
            raise UserError(_(faults.DAMAGED), "E-DB-DAMAGED")
    finally:
        connection.close()
    if revision < schema.HEAD:
        if mode != "rw":
            raise UserError(_(faults.OLD_READ_ONLY), "E-DB-OLD")
        from expo_app.store.migrations import migrate_file

        migrate_file(path, progress)


def create(path: Path) -> None:
    """A new database, made beside its place and moved there whole; where another program was first, its stays."""
    check_folder(path.parent)
    temporary, is_new = part(path), not path.exists()
    engine = engines.sqlite_engine(temporary, begin="BEGIN IMMEDIATE", mode="rwc", write=True)
    try:
        try:
            with engine.begin() as connection:
                schema.create(connection)
        finally:
            engine.dispose()
        with suppress(FileExistsError):
            settle(temporary, path, is_new)
    finally:
        remove_parts(temporary)


def remove_parts(temporary: Path) -> None:
    """Remove what is left of a database that was being made, its side files included."""
    for ending in ("", "-journal", "-wal", "-shm"):
        temporary.with_name(f"{temporary.name}{ending}").unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[Any]:
    """A driver connection that nobody else shares the file with; busy (SQLITE_BUSY) if somebody does.

    The log of recent pages is merged into the file and gone.
    """
    with closing(engines.connect(path, "rw", busy_ms=engines.DESK_BUSY_MS)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection


def identity(path: Path) -> tuple[int, int]:
    """Which file lies at `path` now; (0, 0): none. Always so on Windows, which keeps an open file where it is."""
    if sys.platform == "win32":
        return 0, 0
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return 0, 0
    return found.st_dev, found.st_ino


def settle(temporary: Path, path: Path, is_new: bool = False) -> None:
    """Make a finished file durable and give it its name in one step; `is_new`: FileExistsError where one has it."""
    with open(temporary, "rb+") as stream:
        os.fsync(stream.fileno())
    if is_new:
        _name(temporary, path)
    else:
        os.replace(temporary, path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _name(temporary: Path, path: Path) -> None:
    if sys.platform == "win32":
        os.rename(temporary, path)  # there it replaces nothing
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.replace(temporary, path)
    else:
        temporary.unlink()
