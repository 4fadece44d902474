"""What of a deal's chain lies beyond the expo: vouchers used for it, their settlement, the tenant and its landing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

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
from expo_app.specs.chain import Linked
from expo_app.specs.records import spoken

_use, _step, _statement = (model.__table__ for model in (VoucherUse, TenantStep, SettlementStatement))
Read = Mapping[str, Sequence[Mapping[str, Any]]]


def queries() -> dict[str, tuple[str, Select[Any], Any, tuple[Any, ...]]]:
    """As `services.chain._queries`."""
    body = spoken(Organisation).label("body")
    uses = select(
        VoucherUse.id, VoucherUse.title, VoucherUse.use_no, VoucherUse.state, VoucherUse.share, VoucherUse.contract_on,
        body,
    ).join(Provider, Provider.id == VoucherUse.provider_id)  # fmt: skip
    uses = uses.join(Organisation, Organisation.id == Provider.organisation_id)
    settled = select(
        _use.c.id, _use.c.state, _statement.c.a_code, _statement.c.b_code, _statement.c.version,
        _statement.c.a_signed_on, _statement.c.b_signed_on,
    ).join(_statement, _statement.c.id == _use.c.statement_id)  # fmt: skip
    tenants = select(Tenant.id, body, spoken(Park).label("park"), Tenant.state, Tenant.stay, Tenant.production_region)
    tenants = tenants.join(Organisation, Organisation.id == Tenant.organisation_id)
    tenants = tenants.join(Park, Park.id == Tenant.park_id)
    steps = select(_step.c.tenant_id, _step.c.state, _step.c.on_day, _step.c.where_to).where(~_step.c.is_undone)
    return {
        "use": ("use", uses, _use.c.id, (_use.c.id,)),
        "settlement": ("use", settled, _use.c.id, (_use.c.id,)),
        "tenant": ("tenant", tenants, Tenant.id, (Tenant.id,)),
        "tenant_step": ("tenant", steps, _step.c.tenant_id, (_step.c.id,)),
    }


def uses_of(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Uses of vouchers by the day of their contract; a draft was not used yet, one cancelled is void."""
    found = []
    for one in read["use"]:
        state, share = one["state"], one["share"]
        paid = _("券付 {n} 元").format(n=format_yuan(share)) if share is not None else ""
        note = " ".join(filter(None, (state.label if state else "", paid)))
        title = one["title"] or one["body"] or one["use_no"] or ""
        is_there, is_void = state is not UseState.DRAFT, state is UseState.CANCELLED
        found.append(Linked("voucher_uses", one["id"], title, note, one["contract_on"], is_there, is_void))
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


def settlements_of(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Of the uses that stand in a statement: between whom, of which version; reached once both have signed."""
    found = []
    for one in read["settlement"]:
        state, days = one["state"], (one["a_signed_on"], one["b_signed_on"])
        is_there = state is UseState.SETTLED
        on = max(days) if is_there and all(days) else None
        title = f"{prefix_name(one['a_code'] or '')} — {prefix_name(one['b_code'] or '')}"
        note = state.label if is_there and state else _("对账单第 {n} 版，还没有都签").format(n=one["version"])
        found.append(Linked("voucher_uses", one["id"], title, note, on, is_there))
    return found


def tenants_of(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Tenants by the day they moved in; of one that has not, how far it is."""
    moved = _days_of(read, tenant_steps.MOVED_IN)
    found = []
    for one in read["tenant"]:
        day, state = moved.get(one["id"]), one["state"]
        note = " ".join(
            filter(
                None,
                (one["park"], tenant_steps.stay_words(one["stay"] or 1), state.label if state else "", _rough(day)),
            )
        )
        found.append(Linked("tenants", one["id"], one["body"] or "", note, _full(day), is_there=day is not None))
    return found


def tenant_landings_of(read: Read, zone: ZoneInfo) -> list[Linked]:
    """Tenants that landed, where and when; the others have nothing to show."""
    landed = _days_of(read, (TenantState.LANDED,))
    where = {one["tenant_id"]: one["where_to"] for one in read["tenant_step"] if one["state"] is TenantState.LANDED}
    found = []
    for one in read["tenant"]:
        if one["id"] in landed:
            place, day = one["production_region"], landed[one["id"]]
            title = where[one["id"]] or (region_name(place) if place else one["body"] or "")
            found.append(Linked("tenants", one["id"], title, _rough(day), _full(day)))
    return found


def _days_of(read: Read, states: tuple[TenantState, ...]) -> dict[uuid.UUID, str]:
    """Tenant → the day, month or year it first came to one of these states; "" where it is not known."""
    held: dict[uuid.UUID, dict[TenantState, str]] = {}
    for one in read["tenant_step"]:
        held.setdefault(one["tenant_id"], {})[one["state"]] = one["on_day"] or ""
    first = {key: tenant_steps.first_of(days, states) for key, days in held.items()}
    return {key: day for key, day in first.items() if day is not None}


def _full(day: str | None) -> date | None:
    return date.fromisoformat(day) if day and partial_days.is_full(day) else None


def _rough(day: str | None) -> str:
    """A month or a year that is all that is known of a day."""
    return "" if not day or partial_days.is_full(day) else day
