"""The confirmation page of one deal."""

from __future__ import annotations

import uuid
from pathlib import Path

from expo_app.documents import EXPORT, Progress
from expo_app.services import deals_ceremony
from expo_app.services.access import require
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database


def confirm(db: Database, expo: ExpoInfo, deal_id: uuid.UUID, path: Path, progress: Progress | None = None) -> None:
    """Write the page that a deal's parties confirm it with; UserError without the right, or where it cannot be put."""
    from expo_app.reports import deals_confirmations

    require(db, EXPORT)
    data = deals_ceremony.read_confirmations(db, expo.id, db.now(), deal_id)
    deals_confirmations.write(path, data, progress)
