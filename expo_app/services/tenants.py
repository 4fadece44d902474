"""One tenant as its page shows it: what it came of, states, dated figures, what it was granted, what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select

from expo_app.damaged import readable, told
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealKind,
    DealParty,
    Entry,
    Expo,
    Organisation,
    Park,
    Task,
    Tenant,
    TenantFigures,
    TenantState,
    TenantStep,
    TenantSupport,
)
from expo_app.model.base import read_zone
from expo_app.model.expo import USUAL_ZONE, today_of
from expo_app.rules import partial_days, regions, tenant_steps
from expo_app.rules.access import allowed
from expo_app.rules.amounts import in_words
from expo_app.rules.partial_days import first_day
from expo_app.rules.who import called
from expo_app.services.at_once import Part, read_at_once
from expo_app.services.chain import links_of
from expo_app.specs.chain import Link, Linked
from expo_app.specs.fields import MISSING
from expo_app.specs.park_shown import (
    ChainCard,
    ChainStep,
    FigureLine,
    Filled,
    Register,
    StateLine,
    Support,
    TenantPage,
    TenantTask,
)
from expo_app.specs.records import spoken
from expo_app.specs.tenants import MONEY, TENANTS, TORCH
from expo_app.store.database import Database

_tenant, _park, _step, _figures, _support, _task, _body, _deal, _party = (
    model.__table__
    for model in (Tenant, Park, TenantStep, TenantFigures, TenantSupport, Task, Organisation, Deal, DealParty)
)
ZONE = ZoneInfo(USUAL_ZONE)
Row = Mapping[str, Any]
PROFILE = (
    "founded_on", "registration_kind", "tech_field", "taxpayer_kind", "has_mentor", "is_high_tech",
    "founder_background", "is_serial_founder", "founder_sex", "registered_capital",
)  # fmt: skip


def read_tenant(db: Database, tenant_id: uuid.UUID, expo_id: uuid.UUID | None = None) -> TenantPage:
    """The tenant; days of its chain are those of the open expo. Conflict where it is gone.

    Four statements, those of its chain included, however much hangs on it.
    """
    sees_money, today = allowed(db.actor.role, MONEY), today_of(None, db.now())
    with db.reading() as session:
        rows = [_plain(row) for row in session.execute(_with_steps(tenant_id)).mappings()]
        if not rows:
            raise Conflict(_("这家入驻企业已被删除，数据未变。请返回园区。"), "E-GONE")
        read = read_at_once(session, _parts(tenant_id, rows[0]["organisation_id"], expo_id))
        zone = next((read_zone(one["time_zone"]) for one in read["expo"]), ZONE)
        links = links_of(session, TENANTS.name, tenant_id, zone, today)
    row = {**rows[0], "stay": rows[0]["stay"] or 1}
    supports, tasks, contracts = (read[name] for name in ("supports", "tasks", "contracts"))
    figures = [one for one in read["figures"] if one["on_date"] is not None]
    taken = [one for one in rows if one["step_state"] is not None]
    days = {one["step_state"]: one["step_on_day"] or "" for one in taken if not one["step_is_undone"]}
    steps = _steps(taken)
    return TenantPage(
        id=tenant_id,
        park_id=row["park_id"],
        park=row["park_name"] or "",
        organisation_id=row["organisation_id"],
        name=row["body_name"] or "",
        stay=row["stay"],
        state=row["state"] or tenant_steps.reached(days or {TenantState.VISITED: ""}),
        room=row["room"] or "",
        tech_field=row["tech_field"] or "",
        founded_on=row["founded_on"],
        research_region=regions.brief_name(row["research_region"] or ""),
        production_region=regions.brief_name(row["production_region"] or ""),
        summary=row["summary"] or "",
        sharing_terms=row["sharing_terms"] or "",
        source=row["source"] or "",
        is_sample=bool(row["is_sample"]),
        is_research_centre=bool(row["is_research_centre"]),
        today=today,
        sees_money=sees_money,
        chain=_chain(row, links, days, _below(figures, sees_money)),
        steps=steps,
        dates=[one["on_date"] for one in figures],
        figures=[_line(line, figures, sees_money) for line in TORCH],
        filled=[
            Filled(one["id"], called(one["filled_by"]), one["filled_on"], one["note"] or "", bool(one["is_sample"]))
            for one in figures
        ],
        register=_register(figures, contracts, sees_money),
        supports=[
            Support(
                one["id"], told(one["kind"], "kind"), one["title"] or "", one["amount"], told(one["state"], "state"),
                one["granted_on"],
                one["valid_from"], one["valid_until"], one["partner_name"] or "", one["basis"] or "",
                bool(one["is_sample"]),
            )
            for one in supports
        ],
        tasks=[
            TenantTask(one["id"], one["title"] or "", one["assignee"] or "", one["due_on"], one["state"])
            for one in tasks
        ],
        profile={name: None if name == "registered_capital" and not sees_money else row[name] for name in PROFILE},
    )  # fmt: skip


def _plain(row: RowMapping) -> dict[str, Any]:
    return {str(name): readable(value) for name, value in row.items()}


# --- queries ----------------------------------------------------------------------------------------------------------
def _with_steps(tenant_id: uuid.UUID) -> Any:
    """The tenant with its park and its organisation, once for each of its steps."""
    steps = [_step.c[name].label(f"step_{name}") for name in ("id", "state", "on_day", "at", "operator", "words",
             "where_to", "is_correction", "reason", "is_undone")]  # fmt: skip
    columns: list[Any] = [
        *_tenant.c, spoken(Park).label("park_name"), _park.c.sharing_terms, spoken(Organisation).label("body_name"),
        *steps,
    ]  # fmt: skip
    source = (
        _tenant.join(_park, _park.c.id == _tenant.c.park_id)
        .join(_body, _body.c.id == _tenant.c.organisation_id)
        .outerjoin(_step, _step.c.tenant_id == _tenant.c.id)
    )
    return select(*columns).select_from(source).where(_tenant.c.id == tenant_id).order_by(_step.c.id)


def _parts(tenant_id: uuid.UUID, body: uuid.UUID, expo_id: uuid.UUID | None) -> dict[str, Part]:
    """What hangs on a tenant, and the open expo's zone."""
    figures = select(_figures).where(_figures.c.tenant_id == tenant_id)
    supports = select(_support, spoken(Organisation).label("partner_name"))
    supports = supports.outerjoin(_body, _body.c.id == _support.c.partner_id)
    tasks = select(_task.c.id, _task.c.title, _task.c.assignee, _task.c.due_on, _task.c.state)
    return {
        "figures": Part(figures, (_figures.c.on_date,)),
        "supports": Part(supports.where(_support.c.tenant_id == tenant_id), (_support.c.granted_on, _support.c.id)),
        "tasks": Part(tasks.where(_task.c.tenant_id == tenant_id), (_task.c.due_on, _task.c.id)),
        "contracts": Part(_contracts(body), (_deal.c.id,)),
        "expo": Part(select(Expo.time_zone).where(Expo.id == expo_id), (Expo.id,)),
    }


def _contracts(body: uuid.UUID) -> Any:
    """Signed technology contracts of a body, whatever its part in them."""
    own = select(_party.c.deal_id).where(_party.c.organisation_id == body)
    return select(_deal.c.signed_on, _deal.c.amount).where(
        _deal.c.id.in_(own), _deal.c.kind == DealKind.TECH_CONTRACT, _deal.c.entry == Entry.VALID,
        _deal.c.stage.in_(SIGNED_STAGES), _deal.c.signed_on.is_not(None),
    )  # fmt: skip


# --- the chain --------------------------------------------------------------------------------------------------------
LINKS = (
    ("pitch", ChainStep.PITCH, "pitch_id"), ("meeting", ChainStep.MEETING, "meeting_id"),
    ("deal", ChainStep.DEAL, "deal_id"), ("tenant", ChainStep.MOVED_IN, ""), ("tenant_landing", ChainStep.LANDED, ""),
    ("use", ChainStep.USE, ""), ("settlement", ChainStep.SETTLEMENT, ""),
)  # fmt: skip
"""Step of `services.chain` → the page's, and the column that ties it where it is missing."""
WHERE_ANY = frozenset({ChainStep.USE, ChainStep.SETTLEMENT})


def _chain(row: Row, links: Sequence[Link], days: Mapping[TenantState, str], below: Mapping[ChainStep, str]) -> list[
    ChainCard
]:  # fmt: skip
    """The steps that the page shows of the chain; `below`: what stands below a step of the tenant itself."""
    by_key = {link.key: link.records for link in links}
    on = {
        ChainStep.MOVED_IN: tenant_steps.first_of(days, tenant_steps.MOVED_IN),
        ChainStep.LANDED: days.get(TenantState.LANDED),
    }
    cards: list[ChainCard] = []
    for key, step, column in LINKS:
        one = _first(by_key.get(key, ()), {row["id"], row.get(column)})
        if one is None or (step in on and on[step] is None):
            if step not in WHERE_ANY:
                cards.append(ChainCard(step, column=column))
            continue
        day = on.get(step) or (one.on.isoformat() if one.on else "")
        place = (row["park_name"], row["room"], tenant_steps.stay_words(row["stay"]))
        title = " ".join(filter(None, place)) if step is ChainStep.MOVED_IN else one.title
        if step is ChainStep.PITCH:
            title = next((result.title for result in by_key.get("result", ())), "") or title
        words = below.get(step, "") if step in on else one.note
        card = ChainCard(step, title or MISSING, words, day, one.spec, one.id, column, is_void=one.is_void)
        cards.insert(_place(cards, card), card)
    found, before = [], ""
    for card in cards:
        found.append(replace(card, days=partial_days.days_between(before, card.on) if before and card.on else None))
        before = card.on or before
    return found


def _place(cards: Sequence[ChainCard], card: ChainCard) -> int:
    """Where a card comes: vouchers are used before a tenant moves in as well as after."""
    if card.step in WHERE_ANY and card.on:
        later = (at for at, one in enumerate(cards) if one.on and first_day(one.on) > first_day(card.on))
        return next(later, len(cards))
    return len(cards)


def _first(records: Sequence[Linked], own: Container[Any]) -> Linked | None:
    """The record the tenant itself is tied to, else the first that holds, else the first."""
    return min(records, key=lambda one: (one.id not in own, one.is_void, not one.is_there), default=None)


def _below(figures: Sequence[Row], sees_money: bool) -> dict[ChainStep, str]:
    """The last area in the park and what was invested where it landed."""
    area, money = (
        next((one[name] for one in reversed(figures) if one[name] is not None), None) for name in ("area", "investment")
    )
    return {
        ChainStep.MOVED_IN: "" if area is None else _("{n} ㎡").format(n=f"{area:,.2f}"),
        ChainStep.LANDED: _("投资 {amount}").format(amount=in_words(money)) if money is not None and sees_money else "",
    }


# --- states and figures -----------------------------------------------------------------------------------------------
def _steps(rows: Sequence[Row]) -> list[StateLine]:
    """All steps as they were taken; of those that hold how long the one before lasted."""
    days = tenant_steps.holding(
        (one["step_state"], one["step_on_day"] or "", bool(one["step_is_undone"])) for one in rows
    )
    order = tenant_steps.in_order(days)
    lasted = {
        state: partial_days.days_between(days[before], days[state])
        for before, state in pairwise(order)
    }  # fmt: skip
    return [
        StateLine(
            one["step_id"], one["step_state"], one["step_on_day"] or "", one["step_at"], called(one["step_operator"]),
            one["step_words"] or "", one["step_where_to"] or "",
            None if one["step_is_undone"] else lasted.get(one["step_state"]), bool(one["step_is_correction"]),
            one["step_reason"] or "", bool(one["step_is_undone"]),
        )
        for one in rows
    ]  # fmt: skip


def _line(line: Any, figures: Sequence[Row], sees_money: bool) -> FigureLine:
    hidden = line.is_money and not sees_money
    values = [None if hidden else _number(one[line.name]) for one in figures]
    words = _("{label}（{unit}）").format(label=_(line.words), unit=_(line.unit)) if line.unit else _(line.words)
    return FigureLine(line.name, words, line.group, values, line.is_money, line.is_part)


def _number(value: Any) -> Decimal | bool | None:
    return value if value is None or isinstance(value, bool) else Decimal(value)


def _register(figures: Sequence[Row], contracts: Sequence[Row], sees_money: bool) -> list[Register]:
    """Contracts of the year up to each date, as the register has them, beside what the tenant says."""
    found = []
    for one in figures:
        day: date = one["on_date"]
        of = [deal for deal in contracts if deal["signed_on"].year == day.year and deal["signed_on"] <= day]
        amount = sum((deal["amount"] for deal in of if deal["amount"] is not None), Decimal(0))
        amounts = (amount, one["contracts_amount"]) if sees_money else (None, None)
        found.append(Register(day, len(of), amounts[0], one["contracts"], amounts[1]))
    return found
