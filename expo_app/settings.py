"""What this computer remembers between starts, each setting declared once; one JSON file in `paths.config_dir()`.

`load()` never fails: a value that does not fit becomes its default, a file that cannot be read is kept aside.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expo_app import paths
from expo_app.atomic_files import written
from expo_app.errors import UserError, why
from expo_app.i18n import LANGUAGES, _

RECENT = 8


def _one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


def _between(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: low <= value <= high


def _all(kind: type) -> Callable[[Any], bool]:
    return lambda value: all(type(item) is kind for item in value)


def asked_file() -> str:
    """The database that whoever started the program asks for: path or URL in `EXPO_DB`; "" without."""
    return os.environ.get("EXPO_DB", "")


def usual_language() -> str:
    """The language of a person who has chosen none: English where the system's is, else Chinese."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next(filter(None, (os.environ.get(name) for name in names)), "")
    return "en" if said.lower().startswith("en") else "zh_CN"


@dataclass
class Settings:
    """Values of this computer and person; what belongs to an expo lies in its database."""

    language: str = field(default_factory=usual_language)
    theme: str = "light"
    last_file: str = ""
    """Path or database URL opened last, without a password; empty: show the start page."""
    recent_files: list[str] = field(default_factory=list)
    sound_volume: int = 70
    """Per cent; 0 is silent."""
    backup_folder: str = ""
    """Empty: `backups` in the data folder; see `backup_path`."""
    backup_minutes: int = 10
    export_folder: str = ""
    """Where the person saved a file last."""
    rail_collapsed: bool = False
    desk_name: str = ""
    gate_name: str = ""
    """Where the desk was last opened, when that is not its own gate."""
    locked_file: str = ""
    """The database whose check-in desk was locked on this computer, until a supervisor unlocks it; "" for none."""
    operator_name: str = ""
    window: list[int] = field(default_factory=list)
    """x, y, width, height; empty: the default place."""
    columns: dict[str, Any] = field(default_factory=dict)
    """Per list, what the person changed about its columns."""
    badge_layout: str = "90x130"
    """Paper that badges were printed on last: a key of `reports.badges.LAYOUTS`."""
    daily_reports: list[str] = field(default_factory=list)
    """Documents made by themselves every day while the window is open, name and ending: bulletin.pdf."""
    daily_at: str = "18:00"
    daily_folder: str = ""
    """Empty: where the person saved a file last."""
    daily_marks: dict[str, str] = field(default_factory=dict)
    """What was made last, and since when, by expo: "id bulletin.pdf" → the day, "id since" → the moment."""
    made_files: list[dict[str, str]] = field(default_factory=list)
    """Documents made on this computer, newest first: document, path, expo, at, stamp."""

    def remember(self, file: str, was: str = "") -> None:
        """Put `file` first in the recent files and make it the one opened at the next start; `was`: what it was
        called when it was remembered before."""
        self.last_file = file
        self.recent_files = [file, *(other for other in self.recent_files if other not in (file, was))][:RECENT]

    @property
    def file_to_open(self) -> str:
        """The database to work on when none is named: the one in `EXPO_DB`, else the last one; "" for neither."""
        return asked_file() or self.last_file

    @property
    def backup_path(self) -> Path:
        """The folder for automatic backups; it may not exist yet."""
        return Path(self.backup_folder) if self.backup_folder else paths.data_dir() / "backups"


RULES: Mapping[str, Callable[[Any], bool]] = {
    "language": _one_of(*LANGUAGES),
    "theme": _one_of("light", "dark", "system"),
    "recent_files": _all(str),
    "sound_volume": _between(0, 100),
    "backup_minutes": _between(1, 1440),
    "daily_reports": _all(str),
    "daily_at": lambda value: re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None,
    "daily_marks": lambda value: _all(str)(value.values()),
    "made_files": lambda value: all(type(item) is dict and _all(str)(item.values()) for item in value),
    "window": lambda value: len(value) in {0, 4} and _all(int)(value),
}
"""What a stored value must be, beyond its type."""


def path() -> Path:
    """The settings file."""
    return paths.config_dir() / "settings.json"


def load() -> Settings:
    """The stored settings, or the defaults."""
    try:
        stored = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        stored = None
    if not isinstance(stored, Mapping):
        _set_aside()
        return Settings()
    usual = asdict(Settings())
    return Settings(**{name: stored[name] for name in usual if name in stored and _fits(name, stored[name], usual)})


def _fits(name: str, value: Any, usual: Mapping[str, Any]) -> bool:
    return type(value) is type(usual[name]) and RULES.get(name, lambda _value: True)(value)


def _set_aside() -> None:
    """Keep a file nobody can read under another name; where even that is refused it is left."""
    try:
        os.replace(path(), path().with_name(f"settings-unreadable-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"))
    except OSError:
        return


def look_again(settings: Settings) -> None:
    """Take over the marks that other windows kept since: several write the one file, each mark on its own."""
    if path().is_file():
        settings.daily_marks = {**settings.daily_marks, **load().daily_marks}


def save(settings: Settings, mark: Mapping[str, str] | None = None) -> None:
    """Write all settings at once, whole or not at all; raises `UserError`. `mark`: what `daily_marks` get besides."""
    look_again(settings)
    settings.daily_marks |= mark or {}
    try:
        with written(path(), private=True) as stream:
            stream.write(json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise UserError(
            _("设置没有存上（{reason}）。展会数据不受影响。请检查“{folder}”的空间和写入权限。").format(
                reason=why(error), folder=path().parent
            ),
            "E-SETTINGS",
        ) from error
