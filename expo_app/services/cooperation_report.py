"""What the index of co-operation is printed from; figures are `services.statistics.cooperation`'s."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from expo_app.model import Expo
from expo_app.services.report_head import read_head
from expo_app.services.statistics.cooperation import read_cooperation
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.cooperation_figures import CooperationReport, FlowMatrix, Part
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime, base: int | None = None) -> CooperationReport:
    """All of it, of one moment; `base`: as `read_cooperation`."""
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        found = read_cooperation(session, replace(scope_of(session, expo_id), at=now), base)
        return CooperationReport(read_head(session, expo, now), found)


def as_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    """The same for programs: counts as numbers, index values and rates as exact text, None not known."""
    found = read(db, expo_id, now).cooperation
    return {
        "base": found.base,
        "rate": None if found.rate is None else str(found.rate),
        "years": [
            {
                "year": line.year,
                "counts": {part.name.lower(): count for part, count in zip(Part, line.counts, strict=True)},
                "index": None if line.index.value is None else str(line.index.value),
                "left_out": [name.lower() for name in line.index.left_out],
            }
            for line in found.lines
        ],
        "flows": {matrix.part.name.lower(): _flows(matrix) for matrix in found.matrices},
        "unplaced": {part.name.lower(): n for part, n in found.unplaced},
        "published": [
            {
                "series": one.name,
                "points": {str(year): str(value) for year, value in one.points},
                "rate": None if one.rate is None else str(one.rate),
                "source": one.source,
            }
            for one in found.published
        ],
    }


def _flows(matrix: FlowMatrix) -> list[dict[str, object]]:
    return [
        {"from": source, "to": target, "count": count}
        for source, row in zip(matrix.labels, matrix.counts, strict=True)
        for target, count in zip(matrix.labels, row, strict=True)
        if count
    ]
