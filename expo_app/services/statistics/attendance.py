"""Who came: by day, hour and category (visits and visitors as ISO 25639-2 counts them)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from expo_app.i18n import N_, _, meant
from expo_app.model import Attendee, CheckIn, CountsAs, Gate
from expo_app.rules import counting
from expo_app.rules.categories import CategoryTerm
from expo_app.rules.terms import Terms
from expo_app.services.statistics.scope import (
    Scope,
    admitted,
    first_admissions,
    known,
    present_ids,
    registered,
    registrations,
    scope_of,
)
from expo_app.services.words import categories_of
from expo_app.specs.attendance_figures import Attendance, CategoryPart, DayVisits, HourVisits
from expo_app.specs.checkin import leads_into_expo
from expo_app.specs.figures import SHARE, Figure, Trace, ratio
from expo_app.store.database import Database
from expo_app.store.quarters import minutes_of, quarter_of

PEOPLE, TIMES = N_("人"), N_("人次")
Row = tuple[date, int, uuid.UUID, int]
"""Local day, quarter since the epoch, category, persons first admitted at an entrance then."""
Categories = Terms[CategoryTerm]


def attendance(db: Database, expo_id: uuid.UUID) -> Attendance:
    """Attendance of an expo so far: five statements."""
    with db.reading() as session:
        return read_attendance(session, scope_of(session, expo_id))


def read_attendance(session: Session, scope: Scope, categories: Categories | None = None) -> Attendance:
    """The same within a session that is already open; `categories`: as they might count, otherwise as they do."""
    categories = as_counted(scope, categories_of(session, scope.id) if categories is None else categories)
    visiting = ids_of(categories, counting.VISITORS)
    trading = ids_of(categories, counting.TRADE_VISITORS)
    listed = _registered(session, scope)
    came = _came(session, scope)
    rows = _first_by_quarter(session, scope)
    people, visits = sum(came.values()), _visits(rows)
    visitors = sum(came.get(category, 0) for category in visiting)
    trade = sum(came.get(category, 0) for category in trading)
    days = _days(rows, visiting, trading)
    return Attendance(
        days=days,
        hours=_hours(scope, rows, visiting),
        categories=_parts(categories, listed, came, visits),
        registered=registered(scope, sum(listed.values())),
        people=_figure(scope, "people", _("到场人数"), known(people, came), note=_("各类人员，每人计一次")),
        visitors=_figure(
            scope, "visitors", _("观众人数"), known(visitors, came), note=_left_out(categories), of=visiting
        ),
        trade_visitors=_figure(
            scope, "trade_visitors", _("专业观众人数"), known(trade, came), note=_also(categories), of=trading
        ),
        visits=Figure(
            "visits", _("观众人次"), known(sum(day.visits for day in days), days), _(TIMES), _("每人每天计一次"),
            Trace("checkins", _("观众每天首次到场"), _visit_ids(scope, visiting)),
        ),
        trade_share=Figure("trade_share", _("专业观众占比"), ratio(trade, visitors), SHARE, _("占观众人数")),
        admissions=Figure(
            "admissions", _("进场总人次（含工作人员）"), known(sum(day.people for day in days), days),
            meant("admissions", TIMES),
            _("各类人员每人每天计一次，不是观众人次"),
            Trace("checkins", _("各类人员每天首次到场"), _visit_ids(scope, frozenset(c.id for c in categories))),
        ),
        counts_guests=scope.counts_guests,
    )  # fmt: skip


def as_counted(scope: Scope, categories: Categories) -> Categories:
    """The categories as they count by the expo's rule on guests and speakers."""
    return Terms(
        replace(term, counts_as=counting.counts_as(term.key, term.counts_as, scope.counts_guests))
        for term in categories
    )


def guests_effect(db: Database, expo_id: uuid.UUID, counts_guests: bool) -> tuple[tuple[Figure, Figure], ...]:
    """(now, with that rule on guests and speakers) of the figures it changes: visitors, visits."""
    with db.reading() as session:
        scope = scope_of(session, expo_id)
        rules = (scope.counts_guests, counts_guests)
        now, then = (read_attendance(session, replace(scope, counts_guests=rule)) for rule in rules)
    return tuple((getattr(now, name), getattr(then, name)) for name in ("visitors", "visits"))


def ids_of(categories: Categories, counted: frozenset[CountsAs]) -> frozenset[uuid.UUID]:
    """Those that count as one of these."""
    return frozenset(term.id for term in categories if term.counts_as in counted)


def _left_out(categories: Categories) -> str:
    """The first category of each kind that is no visitor: enough to know whom the figure leaves out."""
    kinds = {c.counts_as: c.label for c in reversed(list(categories)) if not counting.is_visitor(c.counts_as)}
    firsts = [c.label for c in categories if c.label == kinds.get(c.counts_as)]
    return _("不含{names}等").format(names=_("、").join(firsts)) if firsts else ""


def _also(categories: Categories) -> str:
    """Who counts as a trade visitor besides those called so."""
    names = [c.label for c in categories if counting.is_trade_visitor(c.counts_as) and not c.is_hidden][1:]
    return _("含{names}").format(names=_("、").join(names)) if names else ""


def _figure(
    scope: Scope, name: str, label: str, value: int | None, *, note: str, of: frozenset[uuid.UUID] | None = None
) -> Figure:
    trace = Trace("attendees", _("到过场：{what}").format(what=label), present_ids(scope, categories=of))
    return Figure(name, label, value, _(PEOPLE), note, trace)


def _visit_ids(scope: Scope, visiting: frozenset[uuid.UUID]) -> Select[Any]:
    """The scans that visits are counted from: each visitor's first of the day at an entrance."""
    scan, gate, table = CheckIn.__table__, Gate.__table__, Attendee.__table__
    order = func.row_number().over(partition_by=(scan.c.attendee_id, scan.c.local_day), order_by=(scan.c.at, scan.c.id))
    numbered = (
        select(scan.c.id, order.label("place"))
        .select_from(scan.join(gate, gate.c.id == scan.c.gate_id).join(table, table.c.id == scan.c.attendee_id))
        .where(admitted(scope), leads_into_expo(gate), table.c.category_id.in_(sorted(visiting)))
        .subquery("numbered")
    )
    return select(numbered.c.id).where(numbered.c.place == 1)


def _registered(session: Session, scope: Scope) -> dict[uuid.UUID, int]:
    table = Attendee.__table__
    query = select(table.c.category_id, func.count()).where(registrations(scope)).group_by(table.c.category_id)
    return dict(session.execute(query).all())


def _came(session: Session, scope: Scope) -> dict[uuid.UUID, int]:
    """Persons ever admitted at an entrance, by category."""
    table = Attendee.__table__
    key = table.c.category_id
    query = select(key, func.count()).where(table.c.id.in_(present_ids(scope))).group_by(key)
    return dict(session.execute(query).all())


def _first_by_quarter(session: Session, scope: Scope) -> list[Row]:
    first, table = first_admissions(scope), Attendee.__table__
    keys = (first.c.local_day, quarter_of(first.c.at), table.c.category_id)
    query = (
        select(*keys, func.count()).select_from(first.join(table, table.c.id == first.c.attendee_id)).group_by(*keys)
    )
    return [(day, quarter, category, count) for day, quarter, category, count in session.execute(query)]


def _visits(rows: Sequence[Row]) -> Counter[uuid.UUID]:
    visits: Counter[uuid.UUID] = Counter()
    for _day, _quarter, category, count in rows:
        visits[category] += count
    return visits


def _parts(
    categories: Categories,
    listed: Mapping[uuid.UUID, int],
    came: Mapping[uuid.UUID, int],
    visits: Mapping[uuid.UUID, int],
) -> tuple[CategoryPart, ...]:
    return tuple(
        CategoryPart(
            c.key, c.label, listed.get(c.id, 0), came.get(c.id, 0), visits.get(c.id, 0), c.counts_as, c.token,
        )
        for c in categories
        if listed.get(c.id) or came.get(c.id)
    )  # fmt: skip


def _days(rows: Sequence[Row], visiting: frozenset[uuid.UUID], trading: frozenset[uuid.UUID]) -> tuple[DayVisits, ...]:
    people: Counter[date] = Counter()
    visits: Counter[date] = Counter()
    trade: Counter[date] = Counter()
    for day, _quarter, category, count in rows:
        people[day] += count
        visits[day] += count * (category in visiting)
        trade[day] += count * (category in trading)
    return tuple(DayVisits(day, people[day], visits[day], trade[day]) for day in sorted(people))


def _hours(scope: Scope, rows: Sequence[Row], visiting: frozenset[uuid.UUID]) -> tuple[HourVisits, ...]:
    people: Counter[tuple[date, int]] = Counter()
    visits: Counter[tuple[date, int]] = Counter()
    for day, quarter, category, count in rows:
        key = (day, minutes_of(quarter, scope.zone) // 60)
        people[key] += count
        visits[key] += count * (category in visiting)
    return tuple(HourVisits(*key, people[key], visits[key]) for key in sorted(people))
