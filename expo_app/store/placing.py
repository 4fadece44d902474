"""Where a file may lie, how it may be opened there, and how a finished one takes its place."""

import errno
import os
import subprocess
import sys
from pathlib import Path

from expo_app.atomic_files import refuse_device, refuse_share
from expo_app.errors import UserError
from expo_app.i18n import _
from expo_app.store import faults

# fmt: off
NETWORK = {
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "webdav", "ceph", "glusterfs", "ncpfs",
    "lustre", "vboxsf", "vmhgfs", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.glusterfs",
    "fuse.vmhgfs-fuse",
}
# fmt: on


def check_place(path: Path, create: bool) -> Path:
    """The real path; refuses folders, missing files (unless they are to be made) and network drives."""
    refuse_share(Path(path))
    path = Path(path).expanduser()
    try:
        path = path.resolve()
        path.exists()
    except PermissionError:
        raise _unreadable(path) from None
    refuse_device(path)
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


def remove_parts(temporary: Path) -> None:
    """Remove what is left of a database that was being made, its side files included."""
    for ending in ("", "-journal", "-wal", "-shm"):
        temporary.with_name(f"{temporary.name}{ending}").unlink(missing_ok=True)


def identity(path: Path) -> tuple[int, int]:
    """Which file lies at `path` now; (0, 0): none. Always so on Windows, which keeps an open file where it is."""
    if sys.platform == "win32":
        return 0, 0
    try:
        found = os.stat(path)
    except OSError:  # gone, or behind something that leads nowhere
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
