"""The three errors a person may see. Anything else that is raised is a bug.

Every text follows one order: what is wrong, whether the data is safe, what to do.
"""

import errno
from collections.abc import Iterable, Mapping

from expo_app.i18n import N_, _

WHY = {
    errno.ENOSPC: N_("磁盘已满"),
    errno.EDQUOT: N_("磁盘配额已满"),
    errno.EFBIG: N_("文件太大，这里放不下"),
    errno.EACCES: N_("没有权限"),
    errno.EPERM: N_("没有权限"),
    errno.EROFS: N_("这里只能读取"),
    errno.ENOENT: N_("路径不存在"),
    errno.ENOTDIR: N_("路径里有一段不是文件夹"),
    errno.EISDIR: N_("是文件夹"),
    errno.ENAMETOOLONG: N_("名字太长"),
    errno.EIO: N_("磁盘读写出错"),
}
"""What the usual errors of files are called; the rest keep the system's own words."""


def why(error: OSError) -> str:
    """The reason a file could not be read or written, in the person's language where it is known."""
    return _(WHY[error.errno]) if error.errno in WHY else error.strerror or str(error)


def joined(sentences: Iterable[str]) -> str:
    """Several sentences as one: only the last keeps its full stop."""
    *first, last = [*sentences] or [""]
    return _("；").join([*(text.rstrip("。. ") for text in first), last])


class UserError(Exception):
    """One clear sentence for the person; `code` is the short mark shown last, in brackets."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]" if self.code else self.message


class Conflict(UserError):  # noqa: N818  (the word of the trade)
    """Someone else changed or took the same thing first."""


class InvalidRecord(UserError):  # noqa: N818
    """Values that cannot be kept: `problems` maps a field's name to the reason, shown beside that field; `row` is the
    number in the file that they come from, 0 for a form."""

    def __init__(self, problems: Mapping[str, str], row: int = 0) -> None:
        super().__init__(joined(problems.values()))
        self.problems = dict(problems)
        self.row = row


class Cancelled(Exception):  # noqa: N818  (not an error: the person asked for it)
    """Raised by `progress(n, total)` after the person pressed cancel, so that a transaction rolls back."""
