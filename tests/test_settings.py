"""Settings: kept whole, and never a reason not to start."""

import json
from pathlib import Path

import pytest

from expo_app import paths, settings
from expo_app.errors import UserError
from expo_app.settings import Settings


def test_without_a_file_there_are_defaults(home: Path) -> None:
    assert settings.load() == Settings()
    assert settings.load().backup_path == home / "data" / "backups"


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    changed = Settings(
        language="en", sound_volume=0, backup_folder=str(tmp_path), window=[1, 2, 3, 4], columns={"a": [1]}
    )
    changed.remember("一.db")
    changed.remember("二.db")
    changed.remember("一.db")
    settings.save(changed)
    assert settings.load() == changed
    assert (changed.last_file, changed.recent_files, changed.backup_path) == ("一.db", ["一.db", "二.db"], tmp_path)
    assert [entry.name for entry in paths.config_dir().iterdir()] == ["settings.json"]


def test_a_value_that_does_not_fit_becomes_its_default() -> None:
    stored = {
        "language": "fr", "theme": "dark", "sound_volume": 101, "backup_minutes": True, "recent_files": ["a", 1],
        "window": [1, 2], "columns": [], "unknown": 1, "desk_name": None, "rail_collapsed": 1,
    }  # fmt: skip
    settings.path().write_text(json.dumps(stored), encoding="utf-8")
    assert settings.load() == Settings(theme="dark")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"null"])
def test_an_unreadable_file_is_kept_aside(content: bytes) -> None:
    settings.path().write_bytes(content)
    assert settings.load() == Settings()
    kept = list(paths.config_dir().iterdir())
    assert [path.read_bytes() for path in kept] == [content]
    assert kept[0].name.startswith("settings-unreadable-")


def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    settings.path().mkdir()
    with pytest.raises(UserError, match="E-SETTINGS"):
        settings.save(Settings())
    assert [entry.name for entry in paths.config_dir().iterdir()] == ["settings.json"]
