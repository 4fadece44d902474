"""What of a deal's chain lies beyond the expo: vouchers used for it, their settlement, the tenant and its landing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import _
from expo_app.model import (
    Organisation,
    Park,
    Provider,
    SettlementStatement,
    Tenant,
    TenantState,
    TenantStep,
    UseState,
    VoucherUse,
)
from expo_app.rules import partial_days, tenant_steps
from expo_app.rules.amounts import format_yuan
from expo_app.rules.region_groups import prefix_name
from expo_app.rules.regions import region_name
from expo_app.services.record_writer import in_parts
from expo_app.specs.chain import Linked
from expo_app.specs.records import spoken

_use, _step, _statement = (model.__table__ for model in (VoucherUse, TenantStep, SettlementStatement))


def _rows(session: Session, query: Any, key: Any, ids: Sequence[uuid.UUID]) -> list[tuple[Any, ...]]:
    found = [row for part in in_parts(ids) for row in session.execute(query.where(key.in_(part)))]
    return [tuple(map(readable, row)) for row in found]


def uses_of(session: Session, ids: Sequence[uuid.UUID], zone: ZoneInfo) -> list[Linked]:
    """Uses of vouchers by the day of their contract; a draft was not used yet, one cancelled is void."""
    query = select(
        VoucherUse.id, VoucherUse.title, VoucherUse.use_no, VoucherUse.state, VoucherUse.share, VoucherUse.contract_on,
        spoken(Organisation),
    )  # fmt: skip
    query = query.join(Provider, Provider.id == VoucherUse.provider_id)
    query = query.join(Organisation, Organisation.id == Provider.organisation_id)
    found = []
    for key, title, no, state, share, on, provider in _rows(session, query.order_by(_use.c.id), _use.c.id, ids):
        paid = _("券付 {n} 元").format(n=format_yuan(share)) if share is not None else ""
        note = " ".join(filter(None, (state.label if state else "", paid)))
        is_there, is_void = state is not UseState.DRAFT, state is UseState.CANCELLED
        found.append(Linked("voucher_uses", key, title or provider or no or "", note, on, is_there, is_void))
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


def settlements_of(session: Session, ids: Sequence[uuid.UUID], zone: ZoneInfo) -> list[Linked]:
    """Of the uses that stand in a statement: between whom, of which version; reached once both have signed."""
    sides = (_statement.c.a_code, _statement.c.b_code, _statement.c.version)
    signed = (_statement.c.a_signed_on, _statement.c.b_signed_on)
    query = select(_use.c.id, _use.c.state, *sides, *signed)
    query = query.join(_statement, _statement.c.id == _use.c.statement_id)
    found = []
    for key, state, a, b, version, one, other in _rows(session, query.order_by(_use.c.id), _use.c.id, ids):
        is_there = state is UseState.SETTLED
        on = max(one, other) if is_there and one and other else None
        title = f"{prefix_name(a)} — {prefix_name(b)}"
        note = state.label if is_there and state else _("对账单第 {n} 版，还没有都签").format(n=version)
        found.append(Linked("voucher_uses", key, title, note, on, is_there))
    return found


def tenants_of(session: Session, ids: Sequence[uuid.UUID], zone: ZoneInfo) -> list[Linked]:
    """Tenants by the day they moved in; of one that has not, how far it is."""
    query = select(Tenant.id, spoken(Organisation), spoken(Park), Tenant.state)
    query = query.join(Organisation, Organisation.id == Tenant.organisation_id).join(Park, Park.id == Tenant.park_id)
    moved = _days_of(session, ids, tenant_steps.MOVED_IN)
    found = []
    for key, body, park, state in _rows(session, query.order_by(Tenant.id), Tenant.id, ids):
        day = moved.get(key)
        note = " ".join(filter(None, (park, state.label if state else "", _rough(day))))
        found.append(Linked("tenants", key, body or "", note, _full(day), is_there=day is not None))
    return found


def tenant_landings_of(session: Session, ids: Sequence[uuid.UUID], zone: ZoneInfo) -> list[Linked]:
    """Tenants that landed, where and when; the others have nothing to show."""
    query = select(Tenant.id, spoken(Organisation), Tenant.production_region, _step.c.where_to)
    query = query.join(Organisation, Organisation.id == Tenant.organisation_id)
    query = query.join(_step, (_step.c.tenant_id == Tenant.id) & (_step.c.state == TenantState.LANDED))
    landed = _days_of(session, ids, (TenantState.LANDED,))
    rows = _rows(session, query.where(~_step.c.is_undone).order_by(Tenant.id), Tenant.id, ids)
    return [
        Linked(
            "tenants", key, where_to or (region_name(place) if place else body or ""), _rough(landed[key]),
            _full(landed[key]),
        )
        for key, body, place, where_to in rows
    ]  # fmt: skip


def _days_of(session: Session, ids: Sequence[uuid.UUID], states: tuple[TenantState, ...]) -> dict[uuid.UUID, str]:
    """Tenant → the day, month or year it first came to one of these states; "" where it is not known."""
    query = select(_step.c.tenant_id, _step.c.state, _step.c.on_day).where(~_step.c.is_undone)
    held: dict[uuid.UUID, dict[TenantState, str]] = {}
    for key, state, day in _rows(session, query.order_by(_step.c.id), _step.c.tenant_id, ids):
        held.setdefault(key, {})[state] = day or ""
    first = {key: tenant_steps.first_of(days, states) for key, days in held.items()}
    return {key: day for key, day in first.items() if day is not None}


def _full(day: str | None) -> date | None:
    return date.fromisoformat(day) if day and partial_days.is_full(day) else None


def _rough(day: str | None) -> str:
    """A month or a year that is all that is known of a day."""
    return "" if not day or partial_days.is_full(day) else day
