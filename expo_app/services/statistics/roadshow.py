"""The roadshow in figures: what experts' scores of a pitch come to."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import Pitch, PitchScore, ScoreCriterion
from expo_app.rules.roadshow_scores import Criterion, Mean, mean
from expo_app.services.record_writer import in_parts

Points = dict[str, dict[uuid.UUID, Decimal | None]]
"""By expert: points by criterion; None: they cannot be read."""
_pitch, _score, _criterion = Pitch.__table__, PitchScore.__table__, ScoreCriterion.__table__


def criteria_of(session: Session, items: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Criterion, ...]]:
    """What is scored by in each roadshow, in its order."""
    names = ("item_id", "id", "name", "maximum", "weight")
    query = select(*(_criterion.c[name] for name in names)).order_by(_criterion.c.position, _criterion.c.name)
    found: dict[uuid.UUID, list[Criterion]] = {item: [] for item in items}
    for part in in_parts(items):
        for item, key, name, *numbers in session.execute(query.where(_criterion.c.item_id.in_(part))):
            found[item].append(Criterion(key, readable(name) or "", *map(readable, numbers)))
    return {item: tuple(those) for item, those in found.items()}


def points_of(session: Session, pitches: Collection[uuid.UUID]) -> dict[uuid.UUID, Points]:
    """Who gave each pitch what."""
    query = select(_score.c.pitch_id, _score.c.expert, _score.c.criterion_id, _score.c.points).order_by(_score.c.id)
    found: dict[uuid.UUID, Points] = {pitch: {} for pitch in pitches}
    for part in in_parts(pitches):
        for pitch, expert, criterion, points in session.execute(query.where(_score.c.pitch_id.in_(part))):
            found[pitch].setdefault(readable(expert) or "", {})[criterion] = readable(points)
    return found


def means(session: Session, pitches: Collection[uuid.UUID]) -> dict[uuid.UUID, Mean]:
    """The weighted mean of the experts' scores of each pitch: the one place where it is worked out.

    It goes before `Pitch.score`, which was reported; a pitch nobody scored has none.
    """
    items: dict[uuid.UUID, uuid.UUID] = {}
    for part in in_parts(pitches):
        items |= dict(session.execute(select(_pitch.c.id, _pitch.c.item_id).where(_pitch.c.id.in_(part))).all())
    criteria = criteria_of(session, set(items.values()))
    return {pitch: mean(criteria[items[pitch]], given) for pitch, given in points_of(session, items).items()}
