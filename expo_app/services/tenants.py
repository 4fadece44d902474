"""One tenant as its page shows it: what it came of, states, dated figures, what it was granted, what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    SIGNED_STAGES,
    Achievement,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    Entry,
    Meeting,
    MeetingState,
    Organisation,
    Park,
    Pitch,
    ProgrammeItem,
    Task,
    Tenant,
    TenantFigures,
    TenantState,
    TenantStep,
    TenantSupport,
)
from expo_app.model.expo import USUAL_ZONE
from expo_app.rules import partial_days, regions, tenant_steps
from expo_app.rules.access import allowed
from expo_app.rules.amounts import in_words
from expo_app.rules.deals_numbering import short_deal_no
from expo_app.services.parks import local_day
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
from expo_app.specs.tenants import MONEY, TORCH
from expo_app.store.database import Database

_tenant, _park, _step, _figures, _support, _task, _body, _deal, _party, _pitch, _item, _meeting, _result = (
    model.__table__
    for model in (
        Tenant, Park, TenantStep, TenantFigures, TenantSupport, Task, Organisation, Deal, DealParty, Pitch,
        ProgrammeItem, Meeting, Achievement,
    )
)  # fmt: skip
ZONE = ZoneInfo(USUAL_ZONE)
Row = Mapping[str, Any]
PROFILE = (
    "founded_on", "registration_kind", "tech_field", "taxpayer_kind", "has_mentor", "is_high_tech",
    "founder_background", "is_serial_founder", "founder_sex", "registered_capital",
)  # fmt: skip


def read_tenant(db: Database, tenant_id: uuid.UUID) -> TenantPage:
    """Five statements; Conflict where the tenant is gone."""
    sees_money, today = allowed(db.actor.role, MONEY), local_day(db.now())
    with db.reading() as session:
        rows = [_plain(row) for row in session.execute(_with_steps(tenant_id)).mappings()]
        if not rows:
            raise Conflict(_("这家入驻企业已被删除，数据未变。请返回园区。"), "E-GONE")
        figures = _all(session, select(_figures).where(_figures.c.tenant_id == tenant_id).order_by(_figures.c.on_date))
        supports = _all(session, _supports(tenant_id))
        tasks = _all(session, select(_task).where(_task.c.tenant_id == tenant_id).order_by(_task.c.due_on, _task.c.id))
        contracts = _all(session, _contracts(rows[0]["organisation_id"]))
    row = rows[0]
    steps = _steps([one for one in rows if one["step_id"] is not None])
    return TenantPage(
        id=tenant_id,
        park_id=row["park_id"],
        park=row["park_name"] or "",
        organisation_id=row["organisation_id"],
        name=row["body_name"] or "",
        state=row["state"],
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
        chain=_chain(row, steps, figures, sees_money),
        steps=steps,
        dates=[one["on_date"] for one in figures],
        figures=[_line(line, figures, sees_money) for line in TORCH],
        filled=[
            Filled(one["id"], one["filled_by"] or "", one["filled_on"], one["note"] or "", bool(one["is_sample"]))
            for one in figures
        ],
        register=_register(figures, contracts),
        supports=[
            Support(
                one["id"], one["kind"], one["title"] or "", one["amount"], one["state"], one["granted_on"],
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


def _all(session: Session, query: Any) -> list[dict[str, Any]]:
    return [_plain(row) for row in session.execute(query).mappings()]


# --- queries ----------------------------------------------------------------------------------------------------------
def _with_steps(tenant_id: uuid.UUID) -> Any:
    """The tenant with its park, its organisation and what it came of, once for each of its steps."""
    steps = [_step.c[name].label(f"step_{name}") for name in ("id", "state", "on_day", "at", "operator", "words",
             "where_to", "is_correction", "is_undone")]  # fmt: skip
    columns: list[Any] = [
        *_tenant.c, spoken(Park).label("park_name"), _park.c.sharing_terms, spoken(Organisation).label("body_name"),
        spoken(Achievement, "title").label("pitch_title"), _item.c.starts_at.label("pitch_at"),
        _pitch.c.started_at.label("pitched_at"), _meeting.c.meeting_no, _meeting.c.starts_at.label("met_at"),
        _meeting.c.state.label("meeting_state"), _meeting.c.outcome.label("meeting_outcome"), _deal.c.deal_no,
        _deal.c.title.label("deal_title"), _deal.c.signed_on, _deal.c.amount.label("deal_amount"),
        _deal.c.stage.label("deal_stage"), _deal.c.entry.label("deal_entry"), *steps,
    ]  # fmt: skip
    source = (
        _tenant.join(_park, _park.c.id == _tenant.c.park_id)
        .join(_body, _body.c.id == _tenant.c.organisation_id)
        .outerjoin(_pitch, _pitch.c.id == _tenant.c.pitch_id)
        .outerjoin(_item, _item.c.id == _pitch.c.item_id)
        .outerjoin(_result, _result.c.id == _pitch.c.achievement_id)
        .outerjoin(_meeting, _meeting.c.id == _tenant.c.meeting_id)
        .outerjoin(_deal, _deal.c.id == _tenant.c.deal_id)
        .outerjoin(_step, _step.c.tenant_id == _tenant.c.id)
    )
    return select(*columns).select_from(source).where(_tenant.c.id == tenant_id).order_by(_step.c.id)


def _supports(tenant_id: uuid.UUID) -> Any:
    query = select(_support, spoken(Organisation).label("partner_name"))
    query = query.outerjoin(_body, _body.c.id == _support.c.partner_id).where(_support.c.tenant_id == tenant_id)
    return query.order_by(_support.c.granted_on, _support.c.id)


def _contracts(body: uuid.UUID) -> Any:
    """Signed technology contracts of a body, whatever its part in them."""
    own = select(_party.c.deal_id).where(_party.c.organisation_id == body)
    return select(_deal.c.signed_on, _deal.c.amount).where(
        _deal.c.id.in_(own), _deal.c.kind == DealKind.TECH_CONTRACT, _deal.c.entry == Entry.VALID,
        _deal.c.stage.in_(SIGNED_STAGES), _deal.c.signed_on.is_not(None),
    )  # fmt: skip


# --- the chain --------------------------------------------------------------------------------------------------------
def _local(moment: Any) -> str:
    return moment.astimezone(ZONE).date().isoformat() if moment else ""


def _chain(
    row: Row, steps: Sequence[StateLine], figures: Sequence[Row], sees_money: bool
) -> list[ChainCard]:  # fmt: skip
    held = {line.state: line for line in steps if not line.is_undone}
    cards = [_pitch_card(row), _meeting_card(row), _deal_card(row), _moved_in(row, held, figures)]
    cards.append(_landed(row, held, figures, sees_money))
    found, before = [], ""
    for card in cards:
        days = partial_days.days_between(before, card.on) if before and card.on else None
        found.append(ChainCard(**{**vars(card), "days": days}))
        before = card.on or before
    return found


def _pitch_card(row: Row) -> ChainCard:
    if row["pitch_id"] is None:
        return ChainCard(ChainStep.PITCH, column="pitch_id")
    on = _local(row["pitched_at"] or row["pitch_at"])
    return ChainCard(ChainStep.PITCH, row["pitch_title"] or MISSING, "", on, "pitches", row["pitch_id"], "pitch_id")


def _meeting_card(row: Row) -> ChainCard:
    if row["meeting_id"] is None:
        return ChainCard(ChainStep.MEETING, column="meeting_id")
    how = row["meeting_outcome"] or row["meeting_state"]
    is_void = row["meeting_state"] in (MeetingState.DECLINED, MeetingState.CANCELLED)
    return ChainCard(
        ChainStep.MEETING, _("洽谈 {no}").format(no=row["meeting_no"]), how.label if how else "",
        _local(row["met_at"]), "meetings", row["meeting_id"], "meeting_id", is_void=is_void,
    )  # fmt: skip


def _deal_card(row: Row) -> ChainCard:
    if row["deal_id"] is None:
        return ChainCard(ChainStep.DEAL, column="deal_id")
    is_void = row["deal_entry"] is Entry.VOID or row["deal_stage"] is DealStage.TERMINATED
    on = row["signed_on"].isoformat() if row["signed_on"] else ""
    title = f"{short_deal_no(row['deal_no'] or '')} {row['deal_title'] or ''}".strip()
    words = _("无金额") if row["deal_amount"] is None else ""
    return ChainCard(ChainStep.DEAL, title, words, on, "deals", row["deal_id"], "deal_id", is_void=is_void)


def _moved_in(row: Row, held: Mapping[TenantState, StateLine], figures: Sequence[Row]) -> ChainCard:
    line = held.get(TenantState.MOVED_IN) or held.get(TenantState.INCUBATED)
    if line is None:
        return ChainCard(ChainStep.MOVED_IN)
    place = " ".join(filter(None, (row["park_name"], row["room"])))
    area = next((one["area"] for one in reversed(figures) if one["area"] is not None), None)
    words = "" if area is None else _("{n} ㎡").format(n=f"{area:,.2f}")
    return ChainCard(ChainStep.MOVED_IN, place, words, line.on, "tenants", row["id"])


def _landed(
    row: Row, held: Mapping[TenantState, StateLine], figures: Sequence[Row], sees_money: bool
) -> ChainCard:  # fmt: skip
    line = held.get(TenantState.LANDED)
    if line is None:
        return ChainCard(ChainStep.LANDED)
    money = next((one["investment"] for one in reversed(figures) if one["investment"] is not None), None)
    words = _("投资 {amount}").format(amount=in_words(money)) if money is not None and sees_money else ""
    where = line.where_to or regions.brief_name(row["production_region"] or "") or TenantState.LANDED.label
    return ChainCard(ChainStep.LANDED, where, words, line.on, "tenants", row["id"])


# --- states and figures -----------------------------------------------------------------------------------------------
def _steps(rows: Sequence[Row]) -> list[StateLine]:
    """All steps as they were taken; of those that hold how long the one before lasted."""
    days = {one["step_state"]: one["step_on_day"] or "" for one in rows if not one["step_is_undone"]}
    order = tenant_steps.in_order(days)
    lasted = {
        state: partial_days.days_between(days[before], days[state])
        for before, state in pairwise(order)
    }  # fmt: skip
    return [
        StateLine(
            one["step_id"], one["step_state"], one["step_on_day"] or "", one["step_at"], one["step_operator"] or "",
            one["step_words"] or "", one["step_where_to"] or "",
            None if one["step_is_undone"] else lasted.get(one["step_state"]), bool(one["step_is_correction"]),
            bool(one["step_is_undone"]),
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


def _register(figures: Sequence[Row], contracts: Sequence[Row]) -> list[Register]:
    """Contracts of the year up to each date, as the register has them, beside what the tenant says."""
    found = []
    for one in figures:
        day: date = one["on_date"]
        of = [deal for deal in contracts if deal["signed_on"].year == day.year and deal["signed_on"] <= day]
        amount = sum((deal["amount"] for deal in of if deal["amount"] is not None), Decimal(0))
        found.append(Register(day, len(of), amount, one["contracts"], one["contracts_amount"]))
    return found
