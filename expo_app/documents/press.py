"""发布口径 as it stands on the screen: the moment and version somebody chose, not those of now."""

from __future__ import annotations

from pathlib import Path

from expo_app.documents import EXPORT, Progress
from expo_app.services.access import require
from expo_app.services.press import made
from expo_app.specs.press import Press
from expo_app.store.database import Database


def write_shown(db: Database, shown: Press, path: Path, progress: Progress | None = None) -> Path:
    """Write exactly these figures as the report `press`; the path comes back. UserError without the right."""
    from expo_app.reports import press

    require(db, EXPORT)
    press.write(path, made(shown, db.now()), progress)
    return path
