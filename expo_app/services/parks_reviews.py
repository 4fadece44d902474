"""What a plan says of rows that the lists of parks would refuse when they are written, in the words of their rules."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.errors import InvalidRecord
from expo_app.model import Organisation, Park, Tenant, TenantState
from expo_app.rules import tenant_steps
from expo_app.services.record_rules import Rows
from expo_app.services.record_writer import Draft
from expo_app.services.tenant_rules import chosen, days_of, judged, not_both, steps_of, too_early
from expo_app.specs import TENANT_FIGURES, Outcome, PlanRow, RecordSpec
from expo_app.specs.names import name_key
from expo_app.specs.tenants import LEAVING, STEP_DAYS

_tenant, _park, _organisation = Tenant.__table__, Park.__table__, Organisation.__table__
Days = Mapping[TenantState, str]
Home = tuple[str, str]
"""Keys of the names of a company and its park."""


def tenants_are_there(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """New rows name one stay of a tenant that there is; figures are of no year before its first contact."""
    query = (
        select(_tenant.c.id, _tenant.c.stay, _organisation.c.name, _park.c.name)
        .join(_organisation, _organisation.c.id == _tenant.c.organisation_id)
        .join(_park, _park.c.id == _tenant.c.park_id)
    )
    there: dict[str, list[dict[str, Any]]] = {}
    for key, stay, body, park in session.execute(query):
        there.setdefault(name_key(body), []).append({"id": key, "park_id": name_key(park), "stay": stay})
    known = steps_of(session, [one["id"] for stays in there.values() for one in stays])

    def problem(row: PlanRow) -> Mapping[str, str]:
        name, park = row.values.get("tenant") or "", row.values.get("park") or ""
        found = [one for one in there.get(name_key(name), ()) if not park or one["park_id"] == name_key(park)]
        try:
            tenant = chosen(found, name, park, row.values.get("stay"))
        except InvalidRecord as refused:
            return refused.problems
        day = row.values.get("on_date") if spec is TENANT_FIGURES else None
        words = too_early(day, tenant_steps.first_contact(days_of(known[tenant["id"]]))) if day else ""
        return {"on_date": words} if words else {}

    return tuple(_refused(spec, row, problem(row)) if row.outcome is Outcome.NEW else row for row in rows)


def steps_can_be(session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """The days and the state of a row are steps that its tenant can have taken, beside the company's other stays."""
    keys = [row.record_id for row in rows if row.outcome is Outcome.CHANGED and row.record_id]
    known = steps_of(session, keys)
    taken: dict[tuple[str, int], Days] = {}

    def problem(row: PlanRow) -> Mapping[str, str]:
        is_new = row.outcome is Outcome.NEW
        given: dict[str, Any] = {n: value for n, value in row.values.items() if is_new or n in row.changes}
        steps = {} if is_new or not row.record_id else days_of(known[row.record_id])
        old = None if is_new else {"state": tenant_steps.reached(steps) if steps else None}
        own = {"state": given["state"]} if given.get("state") is not None else {}
        draft = Draft(row.record_id or uuid.UUID(int=0), own, given, old)
        said = {name: given[name] for name in (*STEP_DAYS, *LEAVING) if draft.gives(name)}
        try:
            days, _leaving = judged(draft, [] if is_new else known.get(draft.record_id, []), said)
        except InvalidRecord as refused:
            return refused.problems
        if is_new or said or own:
            taken[row.place] = steps | days
        return {}

    rows = tuple(_refused(spec, row, problem(row)) if row.goes_in else row for row in rows)
    whys = _contradicting(session, [row for row in rows if row.place in taken], taken)
    return tuple(_refused(spec, row, {"left_on": whys[row.place]}) if row.place in whys else row for row in rows)


def _contradicting(
    session: Session, rows: Sequence[PlanRow], taken: Mapping[tuple[str, int], Days]
) -> dict[tuple[str, int], str]:
    """Place of a row → why its stay cannot be beside the others: of one company in one park all rows together, else as
    many as can be, the first stay first.
    """
    there: dict[Home, dict[int, Days]] = {}
    for home, stay, days in _stays(session, {home for row in rows if (home := _home(row))}):
        there.setdefault(home, {})[stay] = days
    by_home: dict[Home, list[PlanRow]] = {}
    for row in sorted(rows, key=lambda one: one.values.get("stay") or 0):
        if home := _home(row):
            by_home.setdefault(home, []).append(row)
    found = {}
    for home, mine in by_home.items():
        stays = there.get(home, {})
        numbers = {row.place: row.values.get("stay") or max(stays, default=0) + 1 for row in mine}
        if not tenant_steps.stays_contradict(stays | {numbers[row.place]: taken[row.place] for row in mine}):
            continue
        for row in mine:
            with_it = stays | {numbers[row.place]: taken[row.place]}
            if why := tenant_steps.stays_contradict(with_it):
                found[row.place] = why
            else:
                stays = with_it
    return found


def _home(row: PlanRow) -> Home | None:
    names = row.values.get("organisation_id"), row.values.get("park_id")
    return (name_key(names[0]), name_key(names[1])) if all(names) else None


def _stays(session: Session, homes: Collection[Home]) -> list[tuple[Home, int, Days]]:
    """Of these companies in these parks: each stay, and the days of its steps."""
    query = (
        select(_tenant.c.id, _organisation.c.name, _park.c.name, _tenant.c.stay)
        .join(_organisation, _organisation.c.id == _tenant.c.organisation_id)
        .join(_park, _park.c.id == _tenant.c.park_id)
    )
    rows = [(key, (name_key(body), name_key(park)), stay) for key, body, park, stay in session.execute(query)]
    rows = [row for row in rows if row[1] in homes]
    steps = steps_of(session, [row[0] for row in rows])
    return [(home, stay, days_of(steps[key])) for key, home, stay in rows]


def of_one_body(_session: Session, _expo_id: uuid.UUID, spec: RecordSpec, rows: Rows) -> Rows:
    """A new event is a park's or an alliance's, also where the list has a column of one of them alone."""

    def problem(row: PlanRow) -> dict[str, str]:
        is_one = bool(row.values.get("park_id")) is not bool(row.values.get("alliance_id"))
        return {} if is_one else {"park_id": not_both()}

    return tuple(_refused(spec, row, problem(row)) if row.outcome is Outcome.NEW else row for row in rows)


def _refused(spec: RecordSpec, row: PlanRow, problems: Mapping[str, str]) -> PlanRow:
    return row.refused({spec.field(name).title: words for name, words in problems.items()}) if problems else row
