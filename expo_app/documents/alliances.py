"""Certificates of the members that were ticked: what a report of a whole body cannot say."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from pathlib import Path

from expo_app.documents import EXPORT, Progress
from expo_app.services import alliance_report
from expo_app.services.access import require
from expo_app.services.expos import ExpoInfo
from expo_app.store.database import Database


def write_certificates(
    db: Database, expo: ExpoInfo, members: Collection[uuid.UUID], path: Path, progress: Progress | None = None
) -> None:
    """A page for each of these members who belongs today; UserError where the place cannot be written."""
    from expo_app.reports import certificate

    require(db, EXPORT)
    now = db.now()
    certificate.write(
        path, alliance_report.certificates(db, expo.id, now, expo.local_day(now), members=members), progress
    )
