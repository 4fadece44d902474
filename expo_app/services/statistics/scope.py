"""What published figures share: which records of an expo count, who came in, who is under contract.

Sample rule: in a sample expo every record counts; in a real one records flagged `is_sample` are left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, RowMapping, Select, Subquery, func, select, true
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import Attendee, AttendeeState, CheckIn, Expo, Gate, GateKind, Verdict
from expo_app.model.base import read_zone
from expo_app.specs.checkin import leads_into_expo
from expo_app.specs.figures import Figure, Trace

Row = TypeVar("Row")
Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True)
class Scope:
    """The expo whose records are counted."""

    id: uuid.UUID
    name: str
    is_sample: bool
    zone: ZoneInfo
    starts_on: date
    ends_on: date
    until: datetime | None = None
    """Scans count up to this moment (aware), as they stood then; None: all there are. The other tables of a moment
    are read through `services.statistics.history`."""
    at: datetime | None = None
    """The moment they are counted, for what goes by the day."""
    counts_guests: bool = False
    """Guests and speakers whom an entrance admits are visitors."""

    @property
    def days(self) -> list[date]:
        """Every day, first to last."""
        return [self.starts_on + timedelta(n) for n in range((self.ends_on - self.starts_on).days + 1)]

    @property
    def today(self) -> date:
        """The local day of `at`; ValueError where the moment was not said."""
        if self.at is None:
            raise ValueError("counted at no moment")
        return self.at.astimezone(self.zone).date()

    def own(self, table: FromClause) -> ColumnElement[bool]:
        """Records of this expo that count."""
        return (table.c.expo_id == self.id) & self.real(table)

    def real(self, table: FromClause) -> ColumnElement[bool]:
        """The sample rule alone, for tables that hang on another one."""
        return true() if self.is_sample else table.c.is_sample.is_(False)


def scope_of(session: Session, expo_id: uuid.UUID, until: datetime | None = None) -> Scope:
    """The scope of an expo, one statement; Conflict if it is gone. `until`: as `Scope.until`."""
    expo = Expo.__table__
    row = session.execute(select(expo).where(expo.c.id == expo_id)).mappings().first()
    if row is None:
        raise Conflict(_("这届展会已被删除，数据未变。请选择另一届。"), "E-GONE")
    return read_scope(row, until)


def read_scope(row: RowMapping, until: datetime | None = None) -> Scope:
    """The same of the expo's row."""
    guests, zone = bool(readable(row["counts_guests"])), read_zone(row["time_zone"])
    days = (row["starts_on"], row["ends_on"])
    return Scope(row["id"], row["name"], row["is_sample"], zone, *days, until, counts_guests=guests)


def known(value: Number, records: object) -> Number | None:
    """What was counted; None, which is not 0, where nobody recorded anything of the kind it is counted from.

    `records`: they, or how many there are: scans of visits, booths of an area, items of events.
    """
    return value if records else None


# --- lines of a table -------------------------------------------------------------------------------------------------
def grouped(
    rows: Iterable[Row],
    key: Callable[[Row], str],
    order: Sequence[str] = (),
    weight: Callable[[Sequence[Row]], int] = lambda _members: 0,
) -> list[tuple[str, list[Row]]]:
    """Rows by a key: in `order`, else the weightiest first, then by the key; those without one come last."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    place = {name: at for at, name in enumerate(order)}
    return sorted(found.items(), key=lambda of: (not of[0], place.get(of[0], len(place)), -weight(of[1]), of[0]))


# --- admissions -------------------------------------------------------------------------------------------------------
def admitted(scope: Scope) -> ColumnElement[bool]:
    """Scans that let somebody in and were not taken back."""
    scan, attendee = CheckIn.__table__, Attendee.__table__
    known = (scan.c.expo_id == scope.id) & (scan.c.verdict == Verdict.ADMITTED) & _stood(scope)
    if scope.is_sample:
        return known
    samples = select(attendee.c.id).where(attendee.c.expo_id == scope.id, attendee.c.is_sample)
    return known & scan.c.attendee_id.not_in(samples)


def _stood(scope: Scope) -> ColumnElement[bool]:
    """Scans that are not taken back, or at the scope's moment were not yet."""
    scan = CheckIn.__table__
    if scope.until is None:
        return scan.c.undone_at.is_(None)
    return (scan.c.at <= scope.until) & (scan.c.undone_at.is_(None) | (scan.c.undone_at > scope.until))


def gates(scope: Scope, kind: GateKind) -> Select[Any]:
    """Ids of the expo's gates of one kind; an entrance is whatever leads into the expo as a whole."""
    gate = Gate.__table__
    is_one = leads_into_expo(gate) if kind is GateKind.ENTRANCE else gate.c.kind == kind
    return select(gate.c.id).where(gate.c.expo_id == scope.id, is_one)


def first_admissions(scope: Scope, days: Sequence[date] | None = None) -> Subquery:
    """One row per attendee and local day with the first moment `at` at any entrance.

    So a second entrance, or coming back after lunch, is no second visit.
    """
    scan = CheckIn.__table__
    query = (
        select(scan.c.local_day, scan.c.attendee_id, func.min(scan.c.at).label("at"))
        .where(admitted(scope), scan.c.gate_id.in_(gates(scope, GateKind.ENTRANCE)))
        .group_by(scan.c.local_day, scan.c.attendee_id)
    )
    if days is not None:
        query = query.where(scan.c.local_day.in_(days))
    return query.subquery("first_admission")


def present_ids(scope: Scope, day: date | None = None, categories: Iterable[uuid.UUID] | None = None) -> Select[Any]:
    """Attendees admitted at an entrance, on one day or any, of some categories or all."""
    scan, attendee = CheckIn.__table__, Attendee.__table__
    seen = select(scan.c.attendee_id).where(admitted(scope), scan.c.gate_id.in_(gates(scope, GateKind.ENTRANCE)))
    if day is not None:
        seen = seen.where(scan.c.local_day == day)
    query = select(attendee.c.id).where(attendee.c.id.in_(seen))
    return query if categories is None else query.where(attendee.c.category_id.in_(sorted(categories)))


def registrations(scope: Scope) -> ColumnElement[bool]:
    """Registrations that were not cancelled."""
    attendee = Attendee.__table__
    return scope.own(attendee) & (attendee.c.state != AttendeeState.CANCELLED)


def registered(scope: Scope, value: int) -> Figure:
    """The figure of registrations, already counted."""
    trace = Trace("attendees", _("未取消的登记"), select(Attendee.__table__.c.id).where(registrations(scope)))
    return Figure("registered", _("登记人数"), known(value, value), _("人"), _("不含已取消"), trace)
