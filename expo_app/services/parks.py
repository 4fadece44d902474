"""All parks as their page shows them."""

from __future__ import annotations

from expo_app.model import SupportKind
from expo_app.model.expo import today_of
from expo_app.rules import regions
from expo_app.rules.access import allowed
from expo_app.services.statistics import parks as counted
from expo_app.specs.park_facts import ParkFacts, TenantFacts
from expo_app.specs.park_shown import DatedFigure, ParkCard, ParksBoard, TenantRow
from expo_app.specs.tenants import MONEY
from expo_app.store.database import Database


def read_board(db: Database) -> ParksBoard:
    """Parks with their figures and tenants: seven statements."""
    with db.reading() as session:
        facts = counted.read_facts(session)
    sees_money = allowed(db.actor.role, MONEY)
    rows = [row_of(tenant, sees_money) for one in facts for tenant in one.tenants]
    return ParksBoard([card_of(one, sees_money) for one in facts], rows, today_of(None, db.now()), sees_money)


def card_of(facts: ParkFacts, sees_money: bool) -> ParkCard:
    """A park with its figures; money counted from its tenants for who may see it."""
    row, totals, dated = facts.row, counted.totals(facts), counted.dated(facts)
    levels = counted.levels(facts, totals)
    if not sees_money and not facts.is_reported:
        totals |= {total: None for total in totals if total.is_money}
        dated = [DatedFigure(one.total, () if one.total.is_money else one.points) for one in dated]
    return ParkCard(
        id=row["id"],
        name=facts.name,
        research_region=regions.brief_name(row["research_region"] or ""),
        production_region=regions.brief_name(row["production_region"] or ""),
        opened=row["opened"] or "",
        operators=tuple(row["operators"] or ()),
        supports=tuple(SupportKind[name] for name in row["supports"] or () if name in SupportKind.__members__),
        area=row["floor_area"],
        occupancy=levels[counted.Level.USED_SHARE],
        tenants=totals[counted.ParkTotal.TENANTS],
        funnel=counted.funnel(facts, totals),
        figures=dated,
        totals=totals,
        levels=levels,
        sharing_terms=row["sharing_terms"] or "",
        source=row["source"] or "",
        note=row["note"] or "",
        is_sample=facts.is_sample,
        known=sum(one.came for one in facts.companies),
        samples=sum(one.is_sample for one in facts.tenants),
        dates=sorted({row["on_date"] for one in facts.counted for row in one.figures}, reverse=True),
    )


def row_of(one: TenantFacts, sees_money: bool) -> TenantRow:
    """A tenant in the table of its park."""
    row = one.row
    return TenantRow(
        id=one.id,
        park_id=row["park_id"],
        name=one.title,
        state=row["state"],
        state_day=one.days.get(row["state"], ""),
        research_region=regions.brief_name(row["research_region"] or ""),
        production_region=regions.brief_name(row["production_region"] or ""),
        is_research_centre=bool(row["is_research_centre"]),
        area=one.last("area"),
        talents=one.last("staff_talents"),
        patents=one.over_years("ip_applied"),
        revenue=one.last("revenue") if sees_money else None,
        summary=row["summary"] or "",
        source=row["source"] or "",
        is_sample=one.is_sample,
        search=one.search,
        steps=one.steps,
    )
