"""A whole new content for a database, which nobody else has open meanwhile.

It is copied into the file that is there, in one transaction, not moved over it: whoever comes while that lasts has the
same file in hand and waits for the new content, a program killed half-way leaves the old one, and Windows, where a
file that somebody has open cannot be replaced, does it like the others.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from expo_app.errors import UserError
from expo_app.store import engines, files

PAGES = 1024
"""Pages of 4 KiB copied between two reports of progress."""


@contextmanager
def alone(path: Path, refusal: str) -> Iterator[Any]:
    """`files.alone`; where somebody has the file open, the UserError E-DB-LOCKED says `refusal`."""
    try:
        with files.alone(path) as connection:
            yield connection
    except engines.driver.DatabaseError as error:
        if engines.error_number(error) != engines.driver.SQLITE_BUSY:
            raise
        raise UserError(refusal, "E-DB-LOCKED") from error


def put(ready: Path, old: Any, progress: Callable[[int, int], None] | None = None) -> None:
    """The finished file `ready` becomes the content of the file behind `old`, a connection of `alone`."""
    old.execute("PRAGMA synchronous=EXTRA")
    with closing(engines.connect(ready, "rw")) as new:
        transfer(new, old, progress)


def transfer(source: Any, copy: Any, progress: Callable[[int, int], None] | None = None) -> None:
    """One snapshot, page by page; the copy becomes a single file without side files."""

    def report(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    source.backup(copy, pages=PAGES, progress=report)
    copy.execute("PRAGMA journal_mode=DELETE")
