"""The valid deals of one expo or several as the statistic tables take them: few statements, whatever is asked.

Words and keys are read as they are kept: ten thousand deals have two hundred thousand of them, and only ids, days and
amounts need a type. What is no such word, or cannot be read, is not filled in; without what figures go by, a deal
counts nowhere until it is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from expo_app.damaged import is_damaged, readable
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    Entry,
    Organisation,
    PartyRole,
    PlanSource,
    Registration,
)
from expo_app.rules.currencies import HOME
from expo_app.rules.region_groups import RegionRule
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.deals import damaged_deals
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.trade_tables import DealRow, TableQuery

_deal, _party, _body = Deal.__table__, DealParty.__table__, Organisation.__table__
CONTRACT, ENTERED = DealKind.TECH_CONTRACT.name, Registration.REGISTERED.name
TYPED = ("id", "signed_on", "registered_on", "amount", "tech_amount")
WORDS = (
    "kind", "stage", "registration", "currency", "contract_kind", "contract_subkind", "tech_field", "ip_kind",
    "plan_source", "social_goal",
)  # fmt: skip
COLUMNS = (*TYPED, *WORDS)
"""What the tables need of a deal."""
STAGES = {stage.name: (stage in SIGNED_STAGES, stage is DealStage.INTENT) for stage in DealStage}
PLANS = frozenset(PlanSource.__members__)

Side = tuple[str, str | None, int]
"""The first body of a side: its nature (the contract's word, else the body's), its region, how many there are."""
NO_SIDE: Side = ("", None, 0)


def read_scopes(session: Session, query: TableQuery) -> list[Scope]:
    """The expos asked for; ValueError where samples and real ones are mixed."""
    scopes = [scope_of(session, key) for key in query.expo_ids]
    if len({scope.is_sample for scope in scopes}) != 1:
        raise ValueError("a sample is never counted together with a real expo")
    return scopes


def read_regions(session: Session, query: TableQuery) -> RegionRule:
    """The groups by which places are counted."""
    rule = read_rule(session, query.expo_ids[0])
    return rule.rolled if query.rolls_up else rule


def read_rows(session: Session, scopes: Sequence[Scope]) -> list[DealRow]:
    """Valid deals of these expos; samples of a real one and damaged ones are left out."""
    noted = case((and_(_deal.c.stage == DealStage.INTENT, _deal.c.signed_on.is_(None)), _deal.c.created_at))
    columns = (*(_deal.c[name] for name in TYPED), noted, *(_kept(_deal.c[name]) for name in ("id", *WORDS)))
    sides, zone = _sides(session, scopes), scopes[0].zone
    lost = {key for scope in scopes for key in damaged_deals(session, scope)}
    rows = session.execute(select(*columns).where(counted(scopes)))
    return [_row(values, sides, zone) for values in rows if not lost or values[0] not in lost]


def counted(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """Valid deals of these expos, each by its own rule of samples."""
    return and_(_deal.c.entry == Entry.VALID, or_(*(scope.own(_deal) for scope in scopes)))


def _kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """As the database gives it."""
    return type_coerce(column, NullType())


def _row(values: Sequence[Any], sides: tuple[dict[Any, Side], dict[Any, Side]], zone: ZoneInfo) -> DealRow:
    (key, signed_on, registered_on, amount, tech_amount, noted, kept_key, kind, stage, registration, currency,
     contract_kind, subkind, tech_field, ip_kind, plan, goal) = values  # fmt: skip
    is_signed, is_intended = STAGES[stage]
    is_contract, is_entered = kind == CONTRACT, ENTERED in (registration, stage)
    seller, buyer = sides[0].get(kept_key, NO_SIDE), sides[1].get(kept_key, NO_SIDE)
    if noted is not None and signed_on is None and not is_damaged(noted):
        signed_on = local_day(noted, zone)
    return DealRow(
        key, is_contract, is_signed, is_intended, is_signed and is_contract and is_entered, stage, signed_on,
        readable(registered_on), amount, tech_amount, amount is not None and currency != HOME, contract_kind,
        _word(subkind), _word(tech_field), _word(ip_kind), plan if plan in PLANS else "", _word(goal),
        seller[0], buyer[0], seller[1], buyer[1], max(seller[2], buyer[2]),
    )  # fmt: skip


def _word(kept: Any) -> str:
    return kept if type(kept) is str else ""


def _sides(session: Session, scopes: Sequence[Scope]) -> tuple[dict[Any, Side], dict[Any, Side]]:
    """The first seller and the first buyer of every deal, by position; deals by their keys as they are kept."""
    known = select(*(_kept(_body.c[name]) for name in ("id", "nature", "region_code")))
    bodies = {key: (_word(nature), _word(code) or None) for key, nature, code in session.execute(known)}
    is_buyer = case((_party.c.role == PartyRole.BUYER, 1), else_=0)
    own = _kept(func.nullif(_party.c.nature, ""))
    query = (
        select(_kept(_party.c.deal_id), is_buyer, _kept(_party.c.organisation_id), own)
        .join(_deal, _deal.c.id == _party.c.deal_id)
        .where(counted(scopes), _party.c.role.in_((PartyRole.SELLER, PartyRole.BUYER)))
        .order_by(_party.c.position, _party.c.id)
    )
    found: tuple[dict[Any, Side], dict[Any, Side]] = ({}, {})
    for deal, side, body, nature in session.execute(query):
        here = found[side]
        if (first := here.get(deal)) is None:
            usual, code = bodies.get(body, ("", None))
            here[deal] = (_word(nature) or usual, code, 1)
        else:
            here[deal] = (first[0], first[1], first[2] + 1)
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
