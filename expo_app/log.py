"""The protected log: one rotating file that says where something went wrong, never whose data it was about.

Texts of exceptions may hold names and phones, so only their types are kept, with the lines of code they passed.
"""

import logging
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from expo_app import paths
from expo_app.atomic_files import privately
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


class OnFirstRecord(logging.Handler):
    """Opens the file when there is something to say: most starts have nothing. Without a file, standard error."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._to: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._to is None:
            self._to = self._open()
            self._to.setFormatter(self.formatter)
        self._to.emit(record)

    def _open(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        class OwnFiles(RotatingFileHandler):
            def _open(self) -> TextIOWrapper:
                return open(self.baseFilename, self.mode, encoding=self.encoding, opener=privately)  # type: ignore[return-value]

        try:
            return OwnFiles(self.path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
        except OSError:
            return logging.StreamHandler(sys.stderr)

    def close(self) -> None:
        if self._to is not None:
            self._to.close()
        super().close()


def start() -> Path:
    """Begin to log to a file; its path."""
    path = paths.log_dir() / "expo.log"
    root = logging.getLogger()
    if any(isinstance(handler, OnFirstRecord) and handler.path == path for handler in root.handlers):
        return path
    handler = OnFirstRecord(path)
    handler.setFormatter(Discreet(FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path
