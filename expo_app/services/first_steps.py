"""What an expo has of all that its areas say it needs before it opens."""

from __future__ import annotations

import uuid
from operator import attrgetter

from sqlalchemy import select

from expo_app.i18n import _
from expo_app.registry import areas
from expo_app.routes.first_steps import FirstStep
from expo_app.store.database import Database

Stand = list[tuple[FirstStep, bool]]


def steps() -> list[FirstStep]:
    """Every step of every area, in order."""
    return sorted((step for area in areas() for step in area.steps), key=attrgetter("order"))


def set_up(db: Database, expo_id: uuid.UUID) -> Stand:
    """Every step in order, and whether it is done.

    One statement, without counting and without mapped classes, for it is asked while the window opens.
    """
    known = steps()
    found = select(*(step.query(expo_id).exists().label(step.part) for step in known))
    with db.reading() as session:
        row = session.execute(found).mappings().one()
    return [(step, bool(row[step.part])) for step in known]


def is_ready(there: Stand) -> bool:
    """Whether nothing is missing that an expo cannot open without."""
    return all(done or step.optional for step, done in there)


def summary(there: Stand) -> str:
    """How much is missing, in words."""
    missing = sum(not (done or step.optional) for step, done in there)
    return _("还缺 {n} 项才能开展").format(n=missing) if missing else _("必须有的都有了，可以开展")
