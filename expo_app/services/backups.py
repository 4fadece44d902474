"""Backups by somebody's hand; those by the clock (`store.backup.auto_backup`) are made whoever works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from expo_app.services.access import require
from expo_app.store import backup
from expo_app.store.backup import BackupInfo
from expo_app.store.database import Database

Progress = Callable[[int, int], None]


def make(db: Database, target: Path, progress: Progress | None = None) -> BackupInfo:
    """`store.backup.backup` for whoever may run one."""
    require(db, "backup.run")
    return backup.backup(db, target, progress)
