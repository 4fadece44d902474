"""One day at the gates: people inside and their peak, refused scans by verdict, exhibitors who came."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.model import Attendee, CheckIn, Desk, Direction, Exhibitor, ExhibitorKind, Expo, Gate, Verdict, Ways
from expo_app.services.statistics.exhibition import HERE, exhibitor_ids
from expo_app.services.statistics.scope import Scope
from expo_app.specs.bulletin import Inside
from expo_app.specs.checkin import leads_into_expo
from expo_app.store.presence import PASSED


def inside_on(session: Session, scope: Scope, day: date) -> Inside:
    """People inside the expo as a whole, by the scans of the day in the order in which they were recorded."""
    scan, gate, attendee = CheckIn.__table__, Gate.__table__, Attendee.__table__
    query = (
        select(scan.c.attendee_id, scan.c.direction, scan.c.at)
        .join(gate, gate.c.id == scan.c.gate_id)
        .join(attendee, attendee.c.id == scan.c.attendee_id)
        .where(
            scan.c.expo_id == scope.id, scan.c.local_day == day, scan.c.verdict.in_(PASSED),
            scan.c.undone_at.is_(None), leads_into_expo(gate), scope.real(attendee),
        )
        .order_by(scan.c.at, scan.c.id)
    )  # fmt: skip
    here, entered, peak, peak_at = set(), 0, 0, None
    for who, direction, at in session.execute(query):
        if direction is Direction.OUT:
            here.discard(who)
        elif who not in here:
            here.add(who)
            entered += 1
            if len(here) > peak:
                peak, peak_at = len(here), at
    expo = session.get_one(Expo, scope.id)
    local = peak_at.astimezone(scope.zone) if peak_at else None
    return Inside(entered, len(here), peak, local, _sees_out(session, scope), expo.approved_headcount)


def _sees_out(session: Session, scope: Scope) -> bool:
    """Whether whoever leaves the expo is scanned, at every gate in use: as its desks are set, or the gate itself."""
    gate, desk = Gate.__table__, Desk.__table__
    query = (
        select(gate.c.id, gate.c.ways, desk.c.ways)
        .outerjoin(desk, desk.c.gate_id == gate.c.id)
        .where(gate.c.expo_id == scope.id, leads_into_expo(gate), gate.c.is_hidden.is_(False))
    )
    sees: dict[object, bool] = {}
    for key, ways, own in session.execute(query):
        sees[key] = sees.get(key, False) or (own or ways or Ways.IN).has_out
    return bool(sees) and all(sees.values())


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
