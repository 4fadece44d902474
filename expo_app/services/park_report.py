"""What the report of parks is made from, read in one go; figures are `services.statistics.parks`'s."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable, sound, told
from expo_app.model import (
    Expo,
    Organisation,
    Park,
    ParkTotal,
    Task,
    TaskState,
    Tenant,
    TenantState,
    TenantSupport,
    Word,
)
from expo_app.rules import tenant_steps
from expo_app.rules.access import allowed
from expo_app.services.parks import card_of, row_of
from expo_app.services.report_head import read_head
from expo_app.services.statistics import parks as counted
from expo_app.specs.park_facts import ParkFacts, TenantFacts, counts
from expo_app.specs.park_report import Granted, OpenTask, ParkPart, ParkReport, TorchRow
from expo_app.specs.park_shown import Amount
from expo_app.specs.records import spoken
from expo_app.specs.tenants import MONEY
from expo_app.store.database import Database

_support, _task, _tenant, _body = (model.__table__ for model in (TenantSupport, Task, Tenant, Organisation))


def parts_of(db: Database, _expo_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    """The parks that a report may tell of alone."""
    with db.reading() as session:
        rows = sound(session.execute(select(Park.id, spoken(Park)).order_by(Park.is_sample, Park.name)))
        return [(str(key), name) for key, name in rows]


def read(db: Database, expo_id: uuid.UUID, now: datetime, part: str = "") -> ParkReport:
    """All parks, or the one whose key is `part`."""
    sees_money = allowed(db.actor.role, MONEY)
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        facts = counted.read_facts(session, uuid.UUID(part) if part else None)
        found = tuple(_part(session, one, sees_money) for one in facts)
        return ParkReport(read_head(session, expo, now), found, expo.local_day(now), sees_money)


def _part(session: Session, facts: ParkFacts, sees_money: bool) -> ParkPart:
    tenants = {one.id: one for one in facts.counted}
    own = select(_tenant.c.id).where(_tenant.c.park_id == facts.row["id"])
    granted = select(_support).where(_support.c.tenant_id.in_(own))
    supports = _counted(
        session, facts, tenants, granted.order_by(_support.c.kind, _support.c.granted_on, _support.c.id)
    )
    to_do = select(_task).where(_task.c.tenant_id.in_(own), _task.c.state == TaskState.OPEN)
    tasks = _counted(session, facts, tenants, to_do.order_by(_task.c.due_on, _task.c.id))
    bodies = {
        key: (code or "", industry or "")
        for key, code, industry in sound(
            session.execute(
                select(_body.c.id, _body.c.credit_code, spoken(Word))
                .join(_tenant, _tenant.c.organisation_id == _body.c.id)
                .outerjoin(Word, Word.id == _body.c.industry_id)
                .where(_tenant.c.park_id == facts.row["id"])
            )
        )
    }
    order: dict[TenantState | None, int] = {state: at for at, state in enumerate(STANDING)}
    rows = [row_of(one, sees_money) for one in facts.counted if one.came]
    return ParkPart(
        card_of(facts, sees_money),
        [(total.label, point) for total, points in facts.reported.items() for point in points],
        sorted(rows, key=lambda row: (order.get(row.state, len(order)), row.name)),
        [
            Granted(
                tenants[row["tenant_id"]].title, told(row["kind"], "kind"), row["title"] or "", row["amount"],
                row["granted_on"], row["valid_until"], told(row["state"], "state"),
            )
            for row in supports
        ],
        [
            OpenTask(
                tenants[row["tenant_id"]].title, row["title"], row["assignee"] or "", row["due_on"], row["state"],
            )
            for row in tasks
        ],
        [_torch(one, figures, bodies) for one in facts.counted if one.came for figures in one.figures or [{}]],
    )  # fmt: skip


def _counted(
    session: Session, facts: ParkFacts, tenants: Mapping[uuid.UUID, TenantFacts], query: Any
) -> list[dict[str, Any]]:
    """What hangs on the tenants that count, and counts itself."""
    rows = [
        {name: readable(value) for name, value in row.items()} for row in session.execute(query).mappings()
    ]  # fmt: skip
    return [
        row for row in rows
        if (of := tenants.get(row["tenant_id"])) is not None and counts(row, of.row, facts.row)
    ]  # fmt: skip


STANDING = (
    TenantState.LANDED, TenantState.GRADUATED, TenantState.INCUBATED, TenantState.MOVED_IN, TenantState.SIGNED,
    TenantState.INTENDED, TenantState.VISITED, TenantState.LEFT,
)  # fmt: skip
"""Cases by name, those furthest along first."""


def _torch(one: TenantFacts, figures: Any, bodies: dict[Any, tuple[str, str]]) -> TorchRow:
    code, industry = bodies.get(one.row["organisation_id"], ("", ""))
    moved_in = tenant_steps.first_of(one.days, tenant_steps.MOVED_IN) or ""
    return TorchRow(
        one.name, code, industry, moved_in, TenantState.GRADUATED in one.days, one.days.get(TenantState.GRADUATED, ""),
        one.row, figures,
    )  # fmt: skip


def as_json(db: Database, expo_id: uuid.UUID, now: datetime, part: str = "") -> object:
    """Figures of each park for programs: value, how it is meant, of when, whose it is."""
    return [
        {
            "park": one.card.name,
            "origin": one.card.funnel.origin.name.lower(),
            "is_sample": one.card.is_sample,
            "figures": {total.name.lower(): _told(total, amount) for total, amount in one.card.totals.items()},
        }
        for one in read(db, expo_id, now, part).parts
    ]


def _told(total: ParkTotal, amount: Amount | None) -> dict[str, object]:
    return {
        "label": total.label,
        "value": None if amount is None else amount.value,
        "qualifier": amount.qualifier.label if amount and amount.qualifier else "",
        "on": amount.on if amount else "",
        "source": amount.source if amount else "",
    }
