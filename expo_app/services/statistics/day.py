"""One day at the gates: people inside and their peak, refused scans by verdict, exhibitors who came."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.model import CheckIn, Exhibitor, ExhibitorKind, Expo, Verdict
from expo_app.services.statistics.audience import ends_at, people_inside
from expo_app.services.statistics.exhibition import HERE, exhibitor_ids
from expo_app.services.statistics.scope import Scope
from expo_app.specs.bulletin import Inside
from expo_app.store.presence import PASSED


def inside_on(session: Session, scope: Scope, day: date) -> Inside:
    """People inside the expo as a whole on one day, as the closing report counts them for all days."""
    by_day, entered, sees_out = people_inside(session, scope)
    quarters = by_day.get(day, [])
    peak, quarter = max(((n, -quarter) for quarter, n in quarters), default=(0, None))
    expo = session.get_one(Expo, scope.id)
    return Inside(
        entered.get(day, 0), quarters[-1][1] if quarters else 0, peak,
        None if quarter is None else ends_at(-quarter, scope), sees_out, expo.approved_headcount,
    )  # fmt: skip


def refused_on(session: Session, scope: Scope, day: date) -> tuple[tuple[Verdict, int], ...]:
    """Scans of a day that let nobody in, by verdict, the most first; a scan taken back was none."""
    scan = CheckIn.__table__
    query = (
        select(scan.c.verdict, func.count())
        .where(scan.c.expo_id == scope.id, scan.c.local_day == day, scan.c.verdict.not_in(PASSED))
        .where(scan.c.undone_at.is_(None))
        .group_by(scan.c.verdict)
    )
    found = [(verdict, n) for verdict, n in session.execute(query)]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].name)))


def arrived_on(session: Session, scope: Scope, day: date) -> int:
    """Exhibitors who came on a local day."""
    table = Exhibitor.__table__
    begins = datetime(day.year, day.month, day.day, tzinfo=scope.zone)
    came = exhibitor_ids(scope, ExhibitorKind.EXHIBITOR, True, HERE)
    came = came.where(table.c.arrived_at >= begins, table.c.arrived_at < begins + timedelta(days=1))
    return session.scalar(select(func.count()).select_from(came.subquery())) or 0
