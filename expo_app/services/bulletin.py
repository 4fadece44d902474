"""What the daily bulletin is made from; figures come from `services.statistics`."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.model import Deal, DealStage, DealStep, Entry, Expo
from expo_app.services import deals_bulletin, programme_checkins, programme_report
from expo_app.services.report_head import read_head
from expo_app.services.statistics.attendance import read_attendance
from expo_app.services.statistics.day import arrived_on, inside_on, refused_on
from expo_app.services.statistics.exhibition import count_of, exhibitor_stands
from expo_app.services.statistics.matching import read_days
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.attendance_figures import DayVisits
from expo_app.specs.bulletin import Bulletin
from expo_app.store.database import Database

ONE_DAY = timedelta(days=1)


def read(db: Database, expo_id: uuid.UUID, now: datetime, day: date) -> Bulletin:
    """One local day of the expo as it stands at `now` (aware)."""
    trade, planned = deals_bulletin.read(db, expo_id, now, day), programme_report.read(db, expo_id, now)
    present = programme_checkins.present(db, expo_id, day)
    with db.reading() as session:
        scope, expo = replace(scope_of(session, expo_id), at=now), session.get_one(Expo, expo_id)
        seen, stands = read_attendance(session, scope), exhibitor_stands(session, scope)
        intended = _intended_on(session, expo, day)
        return Bulletin(
            head=read_head(session, expo, now),
            day=day,
            visits=next((one for one in seen.days if one.day == day), DayVisits(day, 0, 0, 0)),
            hours=tuple(hour for hour in seen.hours if hour.day == day),
            inside=inside_on(session, scope, day),
            arrived=arrived_on(session, scope, day),
            arrived_so_far=count_of(stands, "arrived"),
            exhibitors=count_of(stands, "exhibitors"),
            items=tuple((entry, present.get(entry.id, 0)) for entry in planned.on(day)),
            tomorrow=tuple(planned.on(day + ONE_DAY)),
            deals=trade.figures,
            signed=trade.signed,
            prior=trade.prior,
            intended=tuple(line for line in trade.intended if line.id in intended),
            refused=refused_on(session, scope, day),
            meetings=next((line for line in read_days(session, scope) if line.day == day), None),
        )


def _intended_on(session: Session, expo: Expo, day: date) -> set[uuid.UUID]:
    """Deals that were a valid intention for the first time on this local day."""
    deal, step = Deal.__table__, DealStep.__table__
    first = (
        select(step.c.deal_id, func.min(step.c.at))
        .join(deal, deal.c.id == step.c.deal_id)
        .where(deal.c.expo_id == expo.id, step.c.stage == DealStage.INTENT, step.c.entry == Entry.VALID)
        .group_by(step.c.deal_id)
    )
    return {key for key, at in sound(session.execute(first)) if expo.local_day(at) == day}
