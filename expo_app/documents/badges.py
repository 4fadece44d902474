"""Badges as PDF: what may be printed, what to know before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expo_app.documents import Progress
from expo_app.services import badges
from expo_app.store.database import Database

if TYPE_CHECKING:
    from expo_app.reports.badges import BadgeReport
    from expo_app.reports.badges import Survey as BadgeSurvey


def write_badges(
    cards: Sequence[badges.BadgeCard], path: Path, layout: str, progress: Progress | None = None, *, now: datetime
) -> BadgeReport:
    """The badge PDF of these cards."""
    from expo_app.reports import badges as report

    faces = [report.BadgeFace(**card.face()) for card in cards]
    return report.write(path, faces, report.LAYOUTS[layout], progress, now=now)


def survey_badges(cards: Sequence[badges.BadgeCard], layout: str) -> BadgeSurvey:
    """What to know before printing: names that do not fit, characters the font lacks, the size of each name."""
    from expo_app.reports import badges as report

    return report.survey([report.BadgeFace(**card.face()) for card in cards], report.LAYOUTS[layout])


@dataclass(frozen=True)
class Printed:
    """Badges that went into a PDF, by id; `held`: how many were left out because their holders have them already."""

    badge_ids: tuple[uuid.UUID, ...]
    held: int


def print_badges(
    db: Database,
    expo_id: uuid.UUID,
    attendee_ids: Sequence[uuid.UUID],
    path: Path,
    layout: str,
    progress: Progress | None = None,
) -> Printed:
    """The PDF of these people's badges, as far as they may be printed; nothing is marked as printed yet.

    Conflict where none is left: nobody has a badge yet (E-NO-BADGE), or all have theirs in hand (E-HANDED-OVER).
    """
    cards, held = badges.to_print(db, expo_id, attendee_ids)
    write_badges(cards, path, layout, progress, now=db.now())
    return Printed(tuple(card.badge_id for card in cards), held)
