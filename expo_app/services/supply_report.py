"""What the sheet of results and demands is made from; figures are `services.statistics.supply`'s."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from expo_app.model import Expo
from expo_app.services.report_head import read_head
from expo_app.services.statistics import supply
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.supply_figures import SupplyReport
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> SupplyReport:
    """Both tables, of one moment."""
    with db.reading() as session:
        scope, expo = replace(scope_of(session, expo_id), at=now), session.get_one(Expo, expo_id)
        return SupplyReport(read_head(session, expo, now), supply.read_supply(session, scope))


def as_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    """The same for programs: counted and reported apart."""
    return supply.as_json(read(db, expo_id, now).figures)
