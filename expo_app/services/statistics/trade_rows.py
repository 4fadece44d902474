"""The valid deals of one expo or several as the statistic tables take them: two statements, whatever is asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.model import Deal, DealKind, DealParty, DealStage, Entry, Organisation, PartyRole, Registration
from expo_app.rules.currencies import HOME
from expo_app.services.statistics.deals import SIGNED
from expo_app.services.statistics.scope import Scope
from expo_app.specs.trade_tables import DealRow

_deal, _party, _body = Deal.__table__, DealParty.__table__, Organisation.__table__

COLUMNS = (
    "id", "kind", "stage", "registration", "signed_on", "registered_on", "amount", "tech_amount", "currency",
    "contract_kind", "contract_subkind", "tech_field", "ip_kind", "plan_source", "social_goal",
)  # fmt: skip
VITAL = frozenset({"kind", "stage", "signed_on", "amount", "tech_amount", "currency", "contract_kind"})
"""What figures of deals go by: a deal in which one of these cannot be read counts nowhere until it is mended."""


@dataclass(frozen=True)
class Side:
    """The first body of a side: its nature (the contract's word, else the body's), its region, how many."""

    nature: str = ""
    code: str | None = None
    bodies: int = 0


def read_rows(session: Session, scopes: Sequence[Scope]) -> list[DealRow]:
    """Valid deals of these expos; samples of a real one and damaged ones are left out."""
    noted = case((and_(_deal.c.stage == DealStage.INTENT, _deal.c.signed_on.is_(None)), _deal.c.created_at))
    query = select(*(_deal.c[name] for name in COLUMNS), noted).where(counted(scopes))
    sides = _sides(session, scopes)
    vital = [COLUMNS.index(name) for name in sorted(VITAL)]
    rows = session.execute(query).all()
    return [
        _row(values, sides.get(values[0], {}), scopes[0].zone)
        for values in rows
        if not any(is_damaged(values[at]) for at in vital)
    ]


def counted(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """Valid deals of these expos, each by its own rule of samples."""
    return and_(_deal.c.entry == Entry.VALID, or_(*(scope.own(_deal) for scope in scopes)))


def _row(values: Sequence[Any], sides: dict[PartyRole, Side], zone: ZoneInfo) -> DealRow:
    (key, kind, stage, registration, signed_on, registered_on, amount, tech_amount, currency,
     *words, plan_source, social_goal, noted) = values  # fmt: skip
    seller, buyer = sides.get(PartyRole.SELLER, Side()), sides.get(PartyRole.BUYER, Side())
    contract_kind, subkind, tech_field, ip_kind = (readable(word, "") for word in words)
    plan, noted = readable(plan_source), readable(noted)
    is_signed, is_contract = stage in SIGNED, kind is DealKind.TECH_CONTRACT
    is_entered = registration is Registration.REGISTERED or stage is DealStage.REGISTERED
    return DealRow(
        id=key,
        is_contract=is_contract,
        is_signed=is_signed,
        is_intended=stage is DealStage.INTENT,
        is_registered=is_signed and is_contract and is_entered,
        stage=stage.name,
        day=signed_on or (local_day(noted, zone) if noted else None),
        registered_on=readable(registered_on),
        amount=amount,
        tech_amount=tech_amount,
        is_converted=amount is not None and currency != HOME,
        kind=contract_kind,
        subkind=subkind,
        tech_field=tech_field,
        ip_kind=ip_kind,
        plan_source=plan.name if plan else "",
        social_goal=readable(social_goal, ""),
        seller_nature=seller.nature,
        buyer_nature=buyer.nature,
        seller_code=seller.code,
        buyer_code=buyer.code,
        sides=max(seller.bodies, buyer.bodies),
    )  # fmt: skip


def _sides(session: Session, scopes: Sequence[Scope]) -> dict[uuid.UUID, dict[PartyRole, Side]]:
    """The first seller and buyer of every deal, by position."""
    nature = func.coalesce(func.nullif(_party.c.nature, ""), _body.c.nature)
    query = (
        select(_party.c.deal_id, _party.c.role, nature, _body.c.region_code)
        .join(_body, _body.c.id == _party.c.organisation_id)
        .join(_deal, _deal.c.id == _party.c.deal_id)
        .where(counted(scopes), _party.c.role.in_((PartyRole.SELLER, PartyRole.BUYER)))
        .order_by(_party.c.position, _party.c.id)
    )
    found: dict[uuid.UUID, dict[PartyRole, Side]] = {}
    for deal_id, role, word, code in session.execute(query):
        if is_damaged(role):
            continue
        sides = found.setdefault(deal_id, {})
        first = sides.get(role)
        if first is None:
            sides[role] = Side(readable(word, "") or "", readable(code) or None, 1)
        else:
            sides[role] = replace(first, bodies=first.bodies + 1)
    return found


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the expo's zone."""
    return at.astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in the expo's zone."""
    return datetime.combine(day, time(), zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a day."""
    return begin_of(day + timedelta(1), zone)
