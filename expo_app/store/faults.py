"""What a database error means to the person: one clear sentence each, decided here and nowhere else."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlcipher3 import dbapi2 as driver

from expo_app.atomic_files import is_full
from expo_app.errors import Conflict, UserError
from expo_app.i18n import N_, _
from expo_app.store.engines import error_number

LOCKED = N_("数据库正被另一个程序占用，这一步没有保存。已保存的数据不受影响。请稍等片刻再试。")
READ_ONLY = N_("数据库现在只能查看，不能修改。已有数据不受影响。请检查文件和文件夹的写入权限，或另存一份再打开。")
FULL = N_("磁盘已满，这一步没有保存。此前保存的数据完好。请腾出空间后再试。")
FOREIGN = N_("这个文件不是展务台的数据库，没有改动它。请另选一个 .db 文件。")
DAMAGED = N_("数据库文件已损坏，程序已停止写入并保留原文件。请到“数据与设置”或用命令 restore，从最近的备份恢复。")
EMPTY_SERVER = N_("这个服务器数据库还是空的，没有改动它。请先用命令 new 在里面新建展会，或核对库名。")
FOREIGN_SERVER = N_("这个服务器数据库不是展务台建立的，没有改动它。请核对库名，或新建一个空库。")
OLD_READ_ONLY = N_("这个数据库由旧版本建立，要先升级，但现在只能查看，没有改动它。请检查写入权限后再打开。")
NEWER = N_("这个数据库由更新版本的展务台建立，没有改动它。请升级程序后再打开。")
NETWORK = N_("数据库放在网络共享或同步盘上，容易损坏，因此没有打开。请复制到本机磁盘，或改用 PostgreSQL 服务器。")
IO = N_("读写数据库时磁盘出错，这一步没有保存。此前保存的没有动。请检查磁盘空间和连线，再试一次。")
MISSING = N_("找不到数据库文件，没有改动任何数据。请检查路径，或新建一个。")
MOVED = N_(
    "数据库文件不在原处了（被移走、改名或删除），这一步没有保存，程序不再写入。此前保存的在那个文件和它的 -wal 文件里。"
    "请先把它放回原处，不要在别处打开；已经删除的，请从备份恢复。"
)
REPLACED = N_(
    "数据库文件被换成了另一个文件，这一步没有保存，程序不再写入。此前保存的都在原来那个文件里。"
    "请找回它放回原处，或打开正确的文件。"
)
TAKEN_AFTER = N_(
    "这一步刚存好，数据库文件就被移走、删除或替换了，程序不再写入。这一步和此前保存的在原来那个文件和它的 -wal 文件里。"
    "请先把它放回原处，不要在别处打开；已经删除的，请从备份恢复。"
)
SERVER = N_("连接不上数据库服务器，这一步没有保存。服务器上的数据不受影响。请检查网络和服务器，再试一次。")
LOGIN = N_("数据库服务器不接受这个用户名、密码或库名，数据没有变动。请核对连接地址。")
PASSWORD = N_("数据库服务器要密码，数据没有变动。请输入密码，或把它写进 libpq 自己的密码文件（.pgpass）再试。")
RIGHTS = N_("当前的数据库用户没有这项权限，这一步没有保存。已有数据不受影响。请联系管理员。")
DEADLOCK = N_("与另一台电脑的操作相撞，这一步没有保存。已有数据不受影响。请再试一次。")
LAST_ADMINISTRATOR = N_("至少要有一名启用的管理员，数据未变。先让另一人当管理员，再改。")
DUPLICATE = N_("已有相同的记录，这一步没有保存。已有数据不受影响。请刷新后核对，再保存。")
IN_USE = N_("记录仍被其他资料引用，或引用的资料已被删除，这一步没有保存。请刷新后核对，再操作。")
GONE = N_("这条记录刚被别人删除，这一步没有保存。其他数据不受影响。请刷新后再看。")

NO_PASSWORD = "E-DB-PASSWORD"  # noqa: S105  (the code of a sentence)
"""The code where a server asks for a password and neither the address nor libpq's own file has one."""

SQLITE = {
    driver.SQLITE_BUSY: (LOCKED, "E-DB-LOCKED"),
    driver.SQLITE_LOCKED: (LOCKED, "E-DB-LOCKED"),
    driver.SQLITE_PROTOCOL: (LOCKED, "E-DB-LOCKED"),
    driver.SQLITE_READONLY: (READ_ONLY, "E-DB-READONLY"),
    driver.SQLITE_PERM: (READ_ONLY, "E-DB-READONLY"),
    driver.SQLITE_AUTH: (READ_ONLY, "E-DB-READONLY"),
    driver.SQLITE_FULL: (FULL, "E-DB-FULL"),
    driver.SQLITE_NOTADB: (FOREIGN, "E-DB-FOREIGN"),
    driver.SQLITE_CORRUPT: (DAMAGED, "E-DB-DAMAGED"),
    driver.SQLITE_IOERR: (IO, "E-DB-IO"),
    driver.SQLITE_CANTOPEN: (IO, "E-DB-IO"),
}

UNSAID = {driver.SQLITE_IOERR, driver.SQLITE_CANTOPEN}
"""What SQLite says of many things: among others of a file that is gone, and of a disk with no room for a side file."""

POSTGRESQL = {
    "08": (SERVER, "E-DB-SERVER"),
    "57P": (SERVER, "E-DB-SERVER"),
    "53300": (SERVER, "E-DB-SERVER"),
    "28": (LOGIN, "E-DB-LOGIN"),
    "3D000": (LOGIN, "E-DB-LOGIN"),
    "42501": (RIGHTS, "E-DB-RIGHTS"),
    "25006": (READ_ONLY, "E-DB-READONLY"),
    "53100": (FULL, "E-DB-FULL"),
    "58030": (IO, "E-DB-IO"),
    "XX001": (DAMAGED, "E-DB-DAMAGED"),
    "XX002": (DAMAGED, "E-DB-DAMAGED"),
    "55P03": (LOCKED, "E-DB-LOCKED"),
    "57014": (LOCKED, "E-DB-LOCKED"),
}

FILES = {
    errno.ENOSPC: (FULL, "E-DB-FULL"),
    errno.EDQUOT: (FULL, "E-DB-FULL"),
    errno.EFBIG: (FULL, "E-DB-FULL"),
    errno.EROFS: (READ_ONLY, "E-DB-READONLY"),
    errno.EACCES: (READ_ONLY, "E-DB-READONLY"),
    errno.EPERM: (READ_ONLY, "E-DB-READONLY"),
    errno.ENOENT: (MISSING, "E-DB-MISSING"),
    errno.EIO: (IO, "E-DB-IO"),
}


PASSING = frozenset(
    f"E-DB-{name}"
    for name in (
        "LOCKED", "DEADLOCK", "SERVER", "FULL", "IO", "READONLY", "MOVED", "MISSING", "DAMAGED", "FOREIGN", "LOGIN",
        "PASSWORD", "RIGHTS",
    )
)  # fmt: skip


def passes(error: UserError) -> bool:
    """Whether the same act may succeed later as it is: what was in its way has nothing to do with the act."""
    return error.code in PASSING


@contextmanager
def with_room_for(file: Path) -> Iterator[None]:
    """While `file` is made: that there is no room is said here, before what there is of it goes and makes some."""
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        if error_number(getattr(error, "orig", error)) in UNSAID and is_full(file):
            raise UserError(_(FULL), FILES[errno.ENOSPC][1]) from error
        raise


def fault(error: BaseException, file: Path | None = None) -> UserError | None:
    """The sentence for a driver, SQLAlchemy or file error; None: a bug, to be raised as it is.

    `file`: the database at work, to be looked at where SQLite does not say what is the matter with it.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, IntegrityError):
        return _integrity(cause)
    if isinstance(cause, OSError):
        known = FILES.get(cause.errno or 0)
    elif isinstance(cause, driver.Error):
        number = error_number(cause)
        known = (_seen(file) if file and number in UNSAID else None) or SQLITE.get(number)
    else:
        return _server(error, cause)
    return UserError(_(known[0]), known[1]) if known else None


def _seen(file: Path) -> tuple[str, str] | None:
    """What is so about a file where SQLite speaks of an error of the disk: it is gone, or there is no room."""
    try:
        os.stat(file)
    except OSError as error:
        return FILES.get(error.errno or 0)
    return FILES[errno.ENOSPC] if is_full(file) else None


def _integrity(cause: BaseException | None) -> UserError | None:
    """Unique and reference violations happen to people; the rest (NOT NULL, CHECK) is a bug."""
    state = getattr(cause, "sqlstate", None)
    text = str(cause)
    if state == "23505" or text.startswith("UNIQUE constraint failed"):
        return Conflict(_(DUPLICATE), "E-DB-DUPLICATE")
    if state in {"23503", "23001"} or text.startswith("FOREIGN KEY constraint failed"):
        return Conflict(_(IN_USE), "E-DB-IN-USE")
    return None


def _server(error: BaseException, cause: BaseException | None) -> UserError | None:
    state = getattr(cause, "sqlstate", None)
    if state in {"40001", "40P01"}:
        return Conflict(_(DEADLOCK), "E-DB-DEADLOCK")
    for length in (5, 3, 2):
        if state and state[:length] in POSTGRESQL:
            text, code = POSTGRESQL[state[:length]]
            return UserError(_(text), code)
    if state or not isinstance(error, OperationalError):
        return None
    attempt = getattr(cause, "pgconn", None)
    if attempt is not None and attempt.needs_password:
        return UserError(_(PASSWORD), NO_PASSWORD)
    refused = attempt is not None and attempt.used_password
    return UserError(_(LOGIN), "E-DB-LOGIN") if refused else UserError(_(SERVER), "E-DB-SERVER")
