"""The summary and the closing report: what every area tells, read in one go."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app import registry
from expo_app.i18n import _
from expo_app.model import Expo
from expo_app.reports.summary_chapter import Chapter, Summary
from expo_app.services.report_head import read_head
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.services.statistics.trends import read_trends
from expo_app.specs.editions import OWN_FIGURES
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.report_data import Head
from expo_app.store.database import Database

Data = TypeVar("Data")


@dataclass(frozen=True)
class SummaryPart(Generic[Data]):
    """An area's part of the closing report: what is read for it, and the chapter that tells it.

    `is_short`: the summary, its short form, tells it too. A chapter that has nothing to tell is None.
    """

    read: Callable[[Session, Scope], Data]
    chapter: Callable[[Head, Data], Chapter | None]
    is_short: bool = True


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> Summary:
    """Everything the summary report says, of one moment."""
    with db.reading() as session:
        return _read(session, expo_id, now, [part for part in _parts() if part.is_short])


def read_closing(db: Database, expo_id: uuid.UUID, now: datetime) -> Summary:
    """Everything the closing report says, of one moment: every chapter, and of each figure how many records are behind
    it and what it was at earlier editions."""
    with db.reading() as session:
        data = _read(session, expo_id, now, _parts())
        figures = [figure for chapter in data.chapters for figure in chapter.figures]
        told = {figure.name for figure in figures}
        known = [Figure(f.name, _(f.label), None, _(f.unit)) for f in OWN_FIGURES if f.name not in told]
        counts = {figure.name: _count(session, figure.trace) for figure in figures if figure.trace}
        return replace(
            data, records=counts, trends=read_trends(session, scope_of(session, expo_id), [*figures, *known])
        )


def _parts() -> list[SummaryPart[Any]]:
    return [area.summary() for area in registry.areas() if area.summary]


def _read(session: Session, expo_id: uuid.UUID, now: datetime, parts: list[SummaryPart[Any]]) -> Summary:
    scope, expo = replace(scope_of(session, expo_id), at=now), session.get_one(Expo, expo_id)
    head = read_head(session, expo, now)
    told = (part.chapter(head, part.read(session, scope)) for part in parts)
    chapters = [chapter for chapter in told if chapter is not None]
    return Summary(head, tuple(sorted(chapters, key=lambda chapter: chapter.at)))


def _count(session: Session, trace: Trace) -> int:
    return session.scalar(select(func.count()).select_from(trace.ids.subquery())) or 0
