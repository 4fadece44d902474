"""What only the database can say of a plan: the rows it would refuse, and what others will notice of the rest."""

from __future__ import annotations

import uuid
from dataclasses import replace

from expo_app.services.record_rules import rules_of
from expo_app.specs import SPECS, ImportPlan
from expo_app.store.database import Database


def review(db: Database, plan: ImportPlan, expo_id: uuid.UUID | None) -> ImportPlan:
    """The plan with rows refused, and others noted, for what there is in the database."""
    rows, spec = plan.rows, SPECS[plan.spec]
    reviews = rules_of(spec).reviews
    if expo_id is None or not reviews or not any(row.goes_in for row in rows):
        return plan
    with db.reading() as session:
        for look in reviews:
            rows = look(session, expo_id, spec, rows)
    return replace(plan, rows=rows)
