"""Where files lie: run from source, installed, or frozen into one folder."""

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

APP = "ExpoDesk"


@cache
def root() -> Path:
    """The folder that holds `resources/`."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """A file shipped with the program, below `resources/`."""
    return root().joinpath("resources", *parts)


def own_folder(folder: Path) -> Path:
    """Make a folder that nobody but its owner looks into, where there is none yet; Windows goes by the one above."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _user(kind: str) -> Path:
    home = os.environ.get("EXPO_HOME")
    folder = Path(home) / kind if home else Path(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))
    with suppress(OSError):  # whoever writes there without success says so; reading needs no folder
        own_folder(folder)
        if sys.platform != "win32" and folder.stat().st_mode & 0o077:  # of an earlier version
            folder.chmod(0o700)
    return folder


def config_dir() -> Path:
    """The person's settings; `EXPO_HOME` moves all three folders below one place."""
    return _user("config")


def data_dir() -> Path:
    """Databases and backups, unless the person chose another place."""
    return _user("data")


def log_dir() -> Path:
    """The protected log."""
    return _user("log")
