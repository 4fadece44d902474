"""The figures of matchmaking as a report of their own; they are `services.statistics.matching`'s."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from expo_app.model import Expo
from expo_app.services.report_head import read_head
from expo_app.services.statistics import matching as statistics
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.matching_figures import MatchingReport
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> MatchingReport:
    """All of them, of one moment."""
    with db.reading() as session:
        figures = statistics.read_matching(session, replace(scope_of(session, expo_id), at=now))
        return MatchingReport(read_head(session, session.get_one(Expo, expo_id), now), figures)


def as_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    """The same as plain data."""
    return statistics.as_json(read(db, expo_id, now).figures)
