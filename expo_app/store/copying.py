"""Copies of a database: one that can be trusted, and one that becomes the content of a file that is there.

That content goes into the file in one transaction, it is not moved over it: whoever comes while that lasts has the
same file in hand and waits for the new content, a program killed half-way leaves the old one, and Windows, where a
file that somebody has open cannot be replaced, does it like the others.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from expo_app.atomic_files import part
from expo_app.errors import UserError
from expo_app.i18n import N_, _
from expo_app.store import engines, faults, placing

Progress = Callable[[int, int], None]

PAGES = 1024
"""Pages of 4 KiB copied between two reports of progress."""
UNFINISHED = N_("备份没有通过核对，没有保留。当前数据不受影响。请检查磁盘后再备份一次。")


def stamp(at: datetime) -> str:
    """A moment as it stands in the name of a file: this computer's local time, as in every list of backups."""
    return f"{at.astimezone():%Y%m%d-%H%M%S}"


@contextmanager
def alone(path: Path, refusal: str) -> Iterator[Any]:
    """A driver connection that nobody else shares the file with; where somebody does, E-DB-LOCKED says `refusal`.

    The log of recent pages is merged into the file and gone.
    """
    try:
        with closing(engines.connect(path, "rw", busy_ms=engines.DESK_BUSY_MS)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            yield connection
    except engines.driver.DatabaseError as error:
        if engines.error_number(error) != engines.driver.SQLITE_BUSY:
            raise
        raise UserError(refusal, "E-DB-LOCKED") from error


def put(ready: Path, old: Any, progress: Progress | None = None) -> None:
    """The finished file `ready` becomes the content of the file behind `old`, a connection of `alone`."""
    old.execute("PRAGMA synchronous=EXTRA")
    with closing(engines.connect(ready, "rw")) as new:
        transfer(new, old, progress)


def transfer(source: Any, copy: Any, progress: Progress | None = None) -> None:
    """One snapshot, page by page; the copy becomes a single file without side files."""

    def report(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    (_number, _name, file), *_more = copy.execute("PRAGMA database_list").fetchall()
    with faults.with_room_for(Path(file)):
        source.backup(copy, pages=PAGES, progress=report)
        copy.execute("PRAGMA journal_mode=DELETE")


def copy_file(path: Path, target: Path, progress: Progress | None = None) -> dict[str, int]:
    """Copy a SQLite file, in use or not, as of one moment; returns the rows per table, equal in both."""
    temporary = part(target)
    try:
        with (
            closing(engines.connect(path, placing.access(path, read_only=False))) as source,
            closing(engines.connect(temporary, "rwc")) as copy,
        ):
            source.execute("BEGIN")
            counts, dangling = row_counts(source), dangling_by_table(source)
            transfer(source, copy, progress)
            if is_damaged(copy) or row_counts(copy) != counts or dangling_by_table(copy) != dangling:
                raise UserError(_(UNFINISHED), "E-BACKUP-CHECK")
        placing.settle(temporary, target)
    finally:
        placing.remove_parts(temporary)
    return counts


def row_counts(connection: Any) -> dict[str, int]:
    """The rows of each table behind a driver connection."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in sorted(tables)
    }


def is_damaged(connection: Any) -> bool:
    """Whether a page is broken."""
    return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")


def dangling_by_table(connection: Any) -> Counter[str]:
    """How many references to nothing each table holds: the file's own, which no copy makes better or worse."""
    return Counter(row[0] for row in connection.execute("PRAGMA foreign_key_check").fetchall())
