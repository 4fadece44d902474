"""Every edition beside the others: counted where its records are in the file, else as they were reported."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from expo_app.model import Expo
from expo_app.rules.reported import Reported
from expo_app.services.report_head import read_head
from expo_app.services.statistics.trends import Known, known_editions, values_of
from expo_app.specs.editions import KEY_FIGURES, OWN_FIGURES
from expo_app.specs.editions_report import ComparedFigure, Comparison, ComparisonData, EditionHead
from expo_app.store.database import Database


def comparison(db: Database, expo_id: uuid.UUID | None) -> Comparison:
    """All real editions; in a file of samples alone, those. Made-up figures never stand beside real ones."""
    with db.reading() as session:
        return _read(session, expo_id)


def read_report(db: Database, expo_id: uuid.UUID, now: datetime) -> ComparisonData:
    """The same for a document."""
    with db.reading() as session:
        return ComparisonData(read_head(session, session.get_one(Expo, expo_id), now), _read(session, expo_id))


def _read(session: Session, expo_id: uuid.UUID | None) -> Comparison:
    known = known_editions(session, is_sample=False) or known_editions(session, is_sample=True)
    names = [figure.name for figure in OWN_FIGURES]
    values = [values_of(session, one, names) for one in known]
    rows = (ComparedFigure(figure, tuple(found[figure.name] for found in values)) for figure in OWN_FIGURES)
    totals = ((figure, tuple(_total(one, figure.name) for one in known)) for figure in KEY_FIGURES if figure.total)
    editions = tuple(_head(one, expo_id) for one in known)
    return Comparison(
        editions,
        tuple(row for row in rows if any(past.value is not None for past in row.past)),
        tuple((figure, found) for figure, found in totals if any(found)),
        expo_id is not None and bool(editions) and not any(one.is_this for one in editions),
    )


def _head(one: Known, expo_id: uuid.UUID | None) -> EditionHead:
    own = one.scope.id if one.scope else None
    return EditionHead(
        one.edition_no, one.name, one.starts_on, one.source, own is not None and own == expo_id, own, one.record_id
    )


def _total(one: Known, name: str) -> Reported | None:
    value, qualifier = one.totals.get(name, (None, None))
    return None if value is None else Reported(Decimal(value), qualifier)
