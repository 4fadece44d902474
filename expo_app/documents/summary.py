"""The summary report: what every area tells, read in one go."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.model import Expo
from expo_app.reports.summary_chapter import Chapter, Summary
from expo_app.services.report_head import read_head
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.report_data import Head
from expo_app.store.database import Database

Data = TypeVar("Data")


@dataclass(frozen=True)
class SummaryPart(Generic[Data]):
    """An area's part of the summary report: what is read for it, and the chapter that tells it."""

    read: Callable[[Session, Scope], Data]
    chapter: Callable[[Head, Data], Chapter]


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> Summary:
    """Everything the summary report says, of one moment."""
    parts = [area.summary() for area in registry.areas() if area.summary]
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        head = read_head(session, expo, now)
        chapters = [part.chapter(head, part.read(session, scope)) for part in parts]
    return Summary(head, tuple(sorted(chapters, key=lambda chapter: chapter.at)))
