"""A company's stays in a park: each a tenant of its own, the next one only once the last has ended."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged
from expo_app.errors import Conflict, InvalidRecord
from expo_app.i18n import _
from expo_app.model import Tenant, TenantState, TenantStep
from expo_app.rules import tenant_steps
from expo_app.services.record_rules import alone
from expo_app.services.record_writer import Draft, Writer, in_parts
from expo_app.services.tenant_rules import TAKEN, days_of, live, steps_of

_tenant, _step = Tenant.__table__, TenantStep.__table__
Place = tuple[uuid.UUID, uuid.UUID]
"""Park and organisation."""
Row = Mapping[str, Any]


def place_of(row: Row) -> Place:
    return row["park_id"], row["organisation_id"]


def stays_in(session: Session, places: Collection[Place]) -> dict[Place, list[Row]]:
    """The tenants of these companies in these parks, the first stay first."""
    found: dict[Place, list[Row]] = {place: [] for place in places}
    for part in in_parts(found):
        query = select(_tenant).where(tuple_(_tenant.c.park_id, _tenant.c.organisation_id).in_(part))
        for row in session.execute(query.order_by(_tenant.c.stay)).mappings():
            found[row["park_id"], row["organisation_id"]].append(dict(row))
    return found


def number_stays(writer: Writer, drafts: list[Draft]) -> None:
    """A new tenant is the next stay of its company in its park, or the one that a list says.

    One that comes from another park is the first that it can be there. InvalidRecord where the last has not ended, or
    began after this one.
    """
    judged = [one for one in drafts if TAKEN in one.virtual or one.changed("park_id") or one.changed("organisation_id")]
    of = {one.record_id: (one.get("park_id"), one.get("organisation_id")) for one in judged}
    own = {one.record_id for one in judged}
    if not writer.staged:  # a return waits for a step back
        there = stays_in(writer.session, set(of.values()))
        writer.locked(_tenant, (row["id"] for rows in there.values() for row in rows))
        alone(writer.session, _tenant.name)
    there = stays_in(writer.session, set(of.values()))
    steps = steps_of(writer.session, own | {row["id"] for rows in there.values() for row in rows})
    stays = {
        place: {row["stay"]: days_of(steps[row["id"]]) for row in rows if row["id"] not in own}
        for place, rows in there.items()
    }
    for draft in sorted(judged, key=lambda one: one.get("stay") or 0):
        known, days = stays[of[draft.record_id]], days_of(steps[draft.record_id])
        days |= draft.virtual[TAKEN][0] if TAKEN in draft.virtual else {}
        has_moved = not draft.is_new and (draft.changed("park_id") or draft.changed("organisation_id"))
        stay = draft.get("stay") if not has_moved else None
        draft.values["stay"] = stay = stay or _free(known, days)
        known[stay] = days
    for draft in judged:
        if why := tenant_steps.stays_contradict(stays[of[draft.record_id]]):
            raise InvalidRecord({"organisation_id" if draft.is_new else "left_on": why}, draft.row)


def _free(known: Mapping[int, Mapping[TenantState, str]], days: Mapping[TenantState, str]) -> int:
    """The first number that a stay of these days can have beside the others; a new last one where there is none."""
    last = max(known, default=0) + 1
    free = (stay for stay in range(1, last) if stay not in known)
    return next((stay for stay in free if not tenant_steps.stays_contradict({**known, stay: days})), last)


def why_not(writer: Writer, row: Row, days: Mapping[TenantState, str]) -> str:
    """Why a tenant cannot have these steps beside its company's other stays in its park; "" where it can. Who asks
    holds the tenant.
    """
    alone(writer.session, _tenant.name)
    others = [one for one in stays_in(writer.session, [place_of(row)])[place_of(row)] if one["id"] != row["id"]]
    steps = steps_of(writer.session, [one["id"] for one in others])
    return tenant_steps.stays_contradict(
        {one["stay"]: days_of(steps[one["id"]]) for one in others} | {row["stay"]: days}
    )


def agree(session: Session, table: Table, keys: Collection[uuid.UUID]) -> None:
    """Conflict where an undo or an import leaves steps of tenants that cannot have been, or two that hold for one
    state; nothing is judged by what cannot be read.
    """
    if table not in (_tenant, _step):
        return
    alone(session, _tenant.name)
    of = _tenant.c.id if table is _tenant else _step.c.tenant_id
    rows: dict[uuid.UUID, Row] = {}
    for part in in_parts(keys):
        ids = select(of).where(table.c.id.in_(part))
        rows |= {
            row["id"]: dict(row) for row in session.execute(select(_tenant).where(_tenant.c.id.in_(ids))).mappings()
        }
    there = stays_in(session, {place_of(row) for row in rows.values()})
    steps = steps_of(session, {row["id"] for stays in there.values() for row in stays})
    for stays in there.values():
        if any(is_damaged(value) for one in stays for row in (one, *steps[one["id"]]) for value in row.values()):
            continue
        whys = [_wrong(row, steps[row["id"]]) for row in stays]
        whys.append(tenant_steps.stays_contradict({row["stay"]: days_of(steps[row["id"]]) for row in stays}))
        if why := next(filter(None, whys), ""):
            raise Conflict(_("这样入驻企业的经过会前后矛盾：{why}没有动它，数据未变。").format(why=why), "E-STEP")


def _wrong(row: Row, steps: Sequence[Row]) -> str:
    held, days = live(steps), days_of(steps)
    if len(held) > len(days):
        return _("同一步有两个日期。")
    if days and tenant_steps.reached(days) is not row["state"]:
        return _("状态“{state}”不是最后一步。").format(state=row["state"].label)
    problem = tenant_steps.misplaced(days)
    return problem.words if problem else ""
