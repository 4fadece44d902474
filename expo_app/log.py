"""The protected log: one rotating file that says where something went wrong, never whose data it was about.

Texts of exceptions may hold names and phones, so only their types are kept, with the lines of code they passed.
"""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from expo_app import paths
from expo_app.errors import UserError

SIZE, KEPT = 1_000_000, 4  # bytes per file, older files
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def describe(error: BaseException) -> str:
    """The traceback of an error and of what caused it, without their texts; a UserError's code is kept."""
    parts = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        parts.append(describe(cause) + "\n")
    parts += traceback.format_tb(error.__traceback__)
    code = f" [{error.code}]" if isinstance(error, UserError) else ""
    return "".join(parts) + f"{type(error).__module__}.{type(error).__qualname__}{code}"


class Discreet(logging.Formatter):
    """Writes exceptions as `describe` does, whatever another handler made of the same record."""

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(  # noqa: N802  (logging's own name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return describe(ei[1]) if ei[1] is not None else ""


def start() -> Path:
    """Begin to log to a file; its path. Where that folder cannot be written, to standard error."""
    path = paths.log_dir() / "expo.log"
    try:
        handler: logging.Handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path
