"""What only the database can say of a plan: the rows it would refuse, and what others will notice of the rest."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.model import Person
from expo_app.services.record_rules import rules_of
from expo_app.services.record_writer import in_parts
from expo_app.specs import SPECS, ImportPlan, Outcome, PlanRow
from expo_app.store.database import Database

NO_EXPO = uuid.UUID(int=0)
"""Where a list of the file, which no expo says anything of, is reviewed without one."""


def review(db: Database, plan: ImportPlan, expo_id: uuid.UUID | None) -> ImportPlan:
    """The plan with rows refused, and others noted, for what there is in the database."""
    rows, spec = plan.rows, SPECS[plan.spec]
    reviews = rules_of(spec).reviews
    if not any(row.goes_in for row in rows):
        return plan
    with db.reading() as session:
        if any(row.companions for row in rows):
            rows = _without_known(session, rows)
        if expo_id is not None or not spec.needs_expo:
            for look in reviews:
                rows = look(session, expo_id or NO_EXPO, spec, rows)
    return replace(plan, rows=rows)


def _without_known(session: Session, rows: tuple[PlanRow, ...]) -> tuple[PlanRow, ...]:
    """Further people of a row who are there already are nothing new."""
    people = Person.__table__
    names = {one["name"] for row in rows for one in row.companions}
    there: set[tuple[str, str | None]] = set()
    for part in in_parts(names):
        query = select(people.c.name, people.c.phone).where(people.c.name.in_(part))
        there |= {(name, phone or None) for name, phone in session.execute(query)}

    def reviewed(row: PlanRow) -> PlanRow:
        left = tuple(one for one in row.companions if (one["name"], one.get("phone")) not in there)
        is_same = row.outcome is Outcome.CHANGED and not row.changes and not left
        return replace(row, companions=left, outcome=Outcome.SAME if is_same else row.outcome)

    return tuple(reviewed(row) if row.companions else row for row in rows)
