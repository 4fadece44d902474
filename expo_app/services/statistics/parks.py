"""What parks are counted to from the records of their tenants, in the terms of what is reported of others.

A park of which anything that can be counted was reported is told by its reports alone; of the others everything is
counted, dated figures from the day a tenant moved in. Never both, and never one added to the other.
`specs.park_facts.HOW` says how each figure is counted; what nobody recorded is None.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.model import (
    Organisation,
    Park,
    ParkFigure,
    ParkTotal,
    SharingEvent,
    SharingEventState,
    SupportKind,
    Tenant,
    TenantFigures,
    TenantStep,
    TenantSupport,
)
from expo_app.rules import tenant_steps
from expo_app.rules.partial_days import last_day
from expo_app.specs.park_facts import COUNTED, DATED, FUNNEL, ParkFacts, TenantFacts, counts
from expo_app.specs.park_shown import Amount, DatedFigure, Funnel, Level, Origin, Point, Rate, bound_of
from expo_app.specs.records import spoken

_park, _figure, _tenant, _step, _figures, _support, _event, _body = (
    model.__table__
    for model in (Park, ParkFigure, Tenant, TenantStep, TenantFigures, TenantSupport, SharingEvent, Organisation)
)

COLUMNS = {
    ParkTotal.TALENTS: "staff_talents", ParkTotal.PATENTS: "ip_applied", ParkTotal.INVESTMENT: "investment",
    ParkTotal.REVENUE: "revenue",
}  # fmt: skip
"""Dated figure → what a tenant reports that it is counted from."""


# --- reading ----------------------------------------------------------------------------------------------------------
def read_facts(session: Session, park_id: uuid.UUID | None = None) -> list[ParkFacts]:
    """All parks, or one, with what hangs on them: seven statements however many there are."""
    of_park = _park.c.id == park_id if park_id else _park.c.id.is_not(None)
    parks = [
        _plain(row) for row in session.execute(select(_park, spoken(Park).label("spoken")).where(of_park)).mappings()
    ]
    keys = {row["id"] for row in parks}
    reports = _grouped(session, select(_figure).order_by(_figure.c.on_day, _figure.c.id), "park_id", keys)
    named = select(_tenant, spoken(Organisation).label("spoken"), _body.c.search_text.label("body_search"))
    tenants = _grouped(
        session, named.join(_body, _body.c.id == _tenant.c.organisation_id).order_by(_tenant.c.id), "park_id", keys
    )
    ids = {row["id"] for rows in tenants.values() for row in rows}
    taken = select(_step).where(_step.c.is_undone.is_(False)).order_by(_step.c.id)
    steps = _grouped(session, taken, "tenant_id", ids, needed="state")
    figures = _grouped(session, select(_figures).order_by(_figures.c.on_date), "tenant_id", ids, needed="on_date")
    supports = _grouped(session, select(_support.c.tenant_id, _support.c.kind, _support.c.is_sample), "tenant_id", ids)
    events = _grouped(session, select(_event.c.park_id, _event.c.state, _event.c.is_sample), "park_id", keys)

    def tenant(park: Mapping[str, Any], row: Mapping[str, Any]) -> TenantFacts:
        def own(of: Mapping[uuid.UUID, Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
            return [one for one in of.get(row["id"], ()) if counts(one, row, park)]

        days = {one["state"]: one["on_day"] or "" for one in steps.get(row["id"], ())}
        return TenantFacts(
            row["id"], {**row, "stay": row["stay"] or 1}, row["spoken"] or "",
            f"{row['search_text'] or ''} {row['body_search'] or ''}", days,
            [one for one in own(figures) if tenant_steps.is_since_moved_in(days, one["on_date"])],
            [one["kind"] for one in own(supports)],
        )  # fmt: skip

    found = []
    for row in parks:
        told = [one for one in reports.get(row["id"], ()) if counts(one, row)]
        told.sort(key=lambda one: last_day(one["on_day"]) if one["on_day"] else date.min)
        known = [one["state"] for one in events.get(row["id"], ()) if counts(one, row)]
        found.append(
            ParkFacts(
                row, row["spoken"] or "", _reports(told, row["is_sample"]),
                {one["figure"]: one["since"] or "" for one in told},
                [tenant(row, one) for one in tenants.get(row["id"], ())],
                known.count(SharingEventState.HELD) if known else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.is_sample, not one.row["source"], not one.is_reported, one.name))


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): readable(value) for name, value in row.items()}


def _grouped(
    session: Session, query: Any, name: str, keys: Iterable[uuid.UUID], needed: str = ""
) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Rows by what they hang on; without those of which this or what is `needed` cannot be read."""
    wanted = set(keys)
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in session.execute(query).mappings() if wanted else ():
        plain = _plain(row)
        if plain[name] in wanted and plain[needed or name] is not None:
            found.setdefault(plain[name], []).append(plain)
    return found


def _reports(rows: Sequence[Mapping[str, Any]], is_sample: bool) -> dict[ParkTotal, list[Point]]:
    found: dict[ParkTotal, list[Point]] = {}
    for row in rows:
        if row["figure"] is None or row["value"] is None:
            continue
        origin = Origin.SAMPLE if is_sample else Origin.REPORTED
        point = Point(row["on_day"] or "", Decimal(row["value"]), origin, row["qualifier"], row["source"] or "")
        found.setdefault(row["figure"], []).append(point)
    return found


# --- counting ---------------------------------------------------------------------------------------------------------
def totals(facts: ParkFacts) -> dict[ParkTotal, Amount | None]:
    """Every figure of a park: reported ones alone where there are any, else what is counted."""
    if facts.is_reported:
        return {total: _reported(facts, total) for total in ParkTotal}
    return {total: _reported(facts, total) or _counted(facts, total) for total in ParkTotal}


def _reported(facts: ParkFacts, total: ParkTotal) -> Amount | None:
    points = facts.reported.get(total)
    if not points:
        return None
    last = points[-1]
    return Amount(last.value, last.origin, last.qualifier, last.on, facts.since.get(total, ""), last.source)


def _counted(facts: ParkFacts, total: ParkTotal) -> Amount | None:
    if total in DATED:
        last = DatedFigure(total, _points(facts, total)).last
        return Amount(last.value, last.origin, on=last.on, firms=last.firms, of=last.of) if last else None
    value = counted_value(facts, total)
    return None if value is None else Amount(Decimal(value), facts.origin)


def counted_value(facts: ParkFacts, total: ParkTotal) -> Decimal | int | None:
    """A figure as it is counted (`HOW`)."""
    tenants = facts.companies
    if total is ParkTotal.EVENTS:
        return facts.events
    if total is ParkTotal.USED_AREA:
        areas = (*(one.last("area") for one in facts.counted if one.is_inside), facts.row["public_area"])
        return _known(areas)
    if total is ParkTotal.PARTNERS or not tenants:
        return None
    if total in COUNTED:
        return sum(total in one.steps for one in tenants)
    if total is ParkTotal.COOPERATIONS:
        kinds = [kind for one in tenants for kind in one.supports]
        return kinds.count(SupportKind.UNIVERSITY) if kinds else None
    last = DatedFigure(total, _points(facts, total)).last
    return last.value if last else None


def _known(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _points(facts: ParkFacts, total: ParkTotal) -> list[Point]:
    """A dated figure at each date that a tenant reported it for: known by then, of revenue reported for that very date.

    A date for which a tenant reported other figures alone is none of its.
    """
    column = COLUMNS[total]
    read: dict[ParkTotal, Callable[[TenantFacts, date], Any]] = {
        ParkTotal.TALENTS: lambda one, day: one.last(column, day),
        ParkTotal.PATENTS: lambda one, day: one.over_years(column, day),
        ParkTotal.INVESTMENT: lambda one, day: one.last(column, day),
        ParkTotal.REVENUE: lambda one, day: next(
            (row[column] for row in one.figures if row["on_date"] == day and row[column] is not None), None
        ),
    }
    found = []
    asked = sum(one.came for one in facts.companies)
    for day in sorted({row["on_date"] for one in facts.companies for row in one.figures if row[column] is not None}):
        values = [value for one in facts.companies if (value := read[total](one, day)) is not None]
        firms, of = (len(values), asked) if total is ParkTotal.REVENUE else (0, 0)
        found.append(Point(day.isoformat(), Decimal(sum(values)), facts.origin, firms=firms, of=of))
    return found


def dated(facts: ParkFacts) -> list[DatedFigure]:
    """Talents, patents, investment and revenue by date."""
    if facts.is_reported:
        return [DatedFigure(total, facts.reported.get(total, ())) for total in DATED]
    return [DatedFigure(total, _points(facts, total)) for total in DATED]


def funnel(facts: ParkFacts, of: Mapping[ParkTotal, Amount | None]) -> Funnel:
    """From the first visit to the landed project."""
    steps = {total: of[total] for total in FUNNEL}
    beside = {total: amount for total in (ParkTotal.RESEARCH_CENTRES, ParkTotal.GRADUATED) if (amount := of[total])}
    known = [(total, amount) for total, amount in steps.items() if amount is not None]
    rates = [
        Rate(above, below, lower.value / upper.value, bound_of(upper.qualifier, lower.qualifier))
        for (above, upper), (below, lower) in pairwise(known) if upper.value
    ]  # fmt: skip
    return Funnel(Origin.REPORTED if facts.is_reported else facts.origin, steps, beside, rates)


def levels(facts: ParkFacts, of: Mapping[ParkTotal, Amount | None]) -> dict[Level, Decimal | None]:
    """The figures of the park as a whole; of a reported one only what it says itself."""
    row = facts.row
    inside = [one for one in facts.counted if one.is_inside]
    came = [one for one in facts.companies if one.came]
    applied = [one for one in inside if one.over_years("ip_applied")]
    is_counted = not facts.is_reported and bool(facts.counted)
    used, graduated = (amount.value if (amount := of[x]) else None for x in (ParkTotal.USED_AREA, ParkTotal.GRADUATED))
    found: dict[Level, Any] = {
        Level.FLOOR_AREA: row["floor_area"], Level.OWN_AREA: row["own_area"], Level.USED_AREA: used,
        Level.USED_SHARE: _share(used, row["own_area"]), Level.ROOMS: row["rooms"], Level.DESKS: row["desks"],
        Level.MANAGERS: row["managers"], Level.TENANTS: len(inside) if is_counted else None,
        Level.APPLICANTS: len(applied) if is_counted else None,
        Level.APPLICANT_SHARE: _share(len(applied), len(inside)) if is_counted else None, Level.GRADUATED: graduated,
        Level.JOBS: _known(one.last("staff") for one in came) if is_counted else None,
        Level.COLLEGE: _known(one.last("staff_college") for one in came) if is_counted else None,
        Level.SEED_FUND: row["seed_fund"], Level.TRAINED_SHARE: _share(row["trained_managers"], row["managers"]),
    }  # fmt: skip
    return {level: None if value is None else Decimal(value) for level, value in found.items()}


def _share(part: Any, whole: Any) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if part is not None and whole else None
