"""The floor of an expo as it is drawn: halls, zones, booths, who stands in them. `services.floor` acts on it."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from expo_app.i18n import _, named
from expo_app.model import (
    SIGNED_STAGES,
    Attendee,
    AttendeeState,
    Badge,
    Booth,
    Deal,
    DealParty,
    DealStage,
    Entry,
    Exhibitor,
    ExhibitorState,
    Hall,
    HallFeature,
    Organisation,
    Room,
    Zone,
)
from expo_app.rules.terms import Term, Terms
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.deals import damaged_deals
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.services.words import terms_of
from expo_app.specs import BOOTH_KINDS, INDUSTRIES, ORGANISATION_KINDS
from expo_app.specs.expo import venues_of
from expo_app.specs.floor import FARTHEST
from expo_app.specs.floor_plan import HallPlan, Plan, PlanBooth, PlanFeature, PlanZone, Tenant
from expo_app.specs.natural_order import natural
from expo_app.specs.records import read_name, spoken
from expo_app.store.database import Database


def plan(db: Database, expo_id: uuid.UUID) -> Plan:
    """The floor of an expo; a fixed number of statements for any size.

    Halls are those of the expo's venues in their order, and any other in which one of its zones lies.
    """
    booth = Booth.__table__
    with db.reading() as session:
        venues = session.scalars(venues_of(expo_id)).all()
        industries, bodies = (terms_of(session, spec, expo_id) for spec in (INDUSTRIES, ORGANISATION_KINDS))
        tenants, kinds = _tenants(session, expo_id, industries, bodies), terms_of(session, BOOTH_KINDS, expo_id)
        rule = read_rule(session, expo_id)
        if not rule.is_chosen:  # so that colours go to the provinces that are there
            rule = rule.narrowed(tenant.region_code for tenant in tenants.values())
        zones = session.scalars(select(Zone).where(Zone.expo_id == expo_id).order_by(natural(Zone.code))).all()
        own = or_(Hall.venue_id.in_(venues), Hall.id.in_({zone.hall_id for zone in zones}))
        found = session.scalars(select(Hall).where(own).order_by(Hall.position, natural(Hall.name))).all()
        order = dict(zip(venues, range(len(venues)), strict=True))
        halls = sorted(found, key=lambda hall: order.get(hall.venue_id, len(order)))
        query = select(booth).where(booth.c.expo_id == expo_id).order_by(natural(booth.c.number))
        rows = session.execute(query).mappings().all()
        features = session.scalars(select(HallFeature).where(HallFeature.hall_id.in_([h.id for h in halls]))).all()
        rooms = session.execute(select(Room.name, Room.seats, spoken(Room)).where(Room.venue_id.in_(venues))).all()
        seats = {name: (count, read) for name, count, read in rooms}
    booths = [_plan_booth(row, kinds, tenants) for row in rows]
    placed = {b.tenant.exhibitor_id for b in booths if b.tenant}
    return Plan(
        tuple(_hall_plan(hall, zones, booths, features, seats) for hall in halls),
        tuple(t for key, t in tenants.items() if key not in placed and t.state is not ExhibitorState.CANCELLED),
        (*industries, *(kind for kind in bodies if kind.colour)),
        rule,
    )


def _tenants(
    session: Session, expo_id: uuid.UUID, industries: Terms[Term], kinds: Terms[Term]
) -> dict[uuid.UUID, Tenant]:
    """Main exhibitors of the expo by id, by name; co-exhibitors stand in their main exhibitor's booth."""
    exhibitor, organisation = Exhibitor.__table__, Organisation.__table__
    people, deals = _people(expo_id), _deals(session, scope_of(session, expo_id))
    counts = (deals.c.signed, deals.c.intents, people.c.badges, people.c.unprinted)
    query = (
        select(
            exhibitor.c.id, read_name(organisation), exhibitor.c.state, exhibitor.c.kind, organisation.c.kind_id,
            organisation.c.industry_id, organisation.c.region_code, organisation.c.name,
            organisation.c.short_name, organisation.c.search_text,
            *(func.coalesce(count, 0) for count in counts),
        )
        .select_from(
            exhibitor.join(organisation, organisation.c.id == exhibitor.c.organisation_id)
            .outerjoin(people, people.c.exhibitor_id == exhibitor.c.id)
            .outerjoin(deals, deals.c.organisation_id == organisation.c.id)
        )
        .where(exhibitor.c.expo_id == expo_id, exhibitor.c.main_id.is_(None))
        .order_by(organisation.c.name)
    )  # fmt: skip
    return {
        key: Tenant(
            key,
            name,
            state,
            kind,
            kinds.get(kind_id),
            industries.get(industry_id),
            region,
            short if name == own else "",  # it is short for the Chinese name
            *rest,
        )
        for key, name, state, kind, kind_id, industry_id, region, own, short, *rest in session.execute(query)
    }


def _people(expo_id: uuid.UUID) -> Subquery:
    """How many people each exhibitor has, and how many of them without a printed badge."""
    person, badge = Attendee.__table__, Badge.__table__
    return (
        select(
            person.c.exhibitor_id,
            func.count().label("badges"),
            func.sum(case((badge.c.printed_at.is_(None), 1), else_=0)).label("unprinted"),
        )
        .select_from(person.outerjoin(badge, (badge.c.attendee_id == person.c.id) & badge.c.revoked_at.is_(None)))
        .where(
            person.c.expo_id == expo_id, person.c.state != AttendeeState.CANCELLED, person.c.exhibitor_id.is_not(None)
        )
        .group_by(person.c.exhibitor_id)
        .subquery()
    )


def _deals(session: Session, scope: Scope) -> Subquery:
    """Deals that count, by party, signed and intended apart, by the rule of the statistics."""
    party, deal = DealParty.__table__, Deal.__table__
    signed = func.count(case((deal.c.stage.in_(SIGNED_STAGES), deal.c.id)).distinct())
    intents = func.count(case((deal.c.stage == DealStage.INTENT, deal.c.id)).distinct())
    return (
        select(party.c.organisation_id, signed.label("signed"), intents.label("intents"))
        .select_from(party.join(deal, deal.c.id == party.c.deal_id))
        .where(scope.own(deal), deal.c.entry == Entry.VALID, deal.c.id.not_in(damaged_deals(session, scope)))
        .group_by(party.c.organisation_id)
        .subquery()
    )


_BOOTH = ("id", "number", "zone_id", "area", "state", "x", "y", "width", "depth", "note")


_PLACE = ("x", "y", "width", "depth")


def _metres(value: Any, usual: float, least: float = 0.0) -> float:
    """A length as the file has it; `usual` for what is none: text, NaN, an infinity, or beyond any hall."""
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if is_number and least <= value <= FARTHEST else usual


def _plan_booth(row: Mapping[Any, Any], kinds: Terms[Term], tenants: Mapping[uuid.UUID, Tenant]) -> PlanBooth:
    """A booth whose place is no length is given no size, and so is drawn nowhere."""
    values = {name: row[name] for name in _BOOTH} | {name: _metres(row[name], -1.0) for name in _PLACE}
    if min(values[name] for name in _PLACE) < 0:
        values |= dict.fromkeys(("width", "depth"), 0.0)
    return PlanBooth(**values, kind=kinds[row["kind_id"]], tenant=tenants.get(row["exhibitor_id"]))


def _hall_plan(
    hall: Hall,
    zones: Sequence[Zone],
    booths: Sequence[PlanBooth],
    features: Sequence[HallFeature],
    seats: Mapping[str, tuple[int, str]],
) -> HallPlan:
    own = [zone for zone in zones if zone.hall_id == hall.id]
    keys = {zone.id for zone in own}
    width, depth = _metres(hall.width, USUAL[0], 1.0), _metres(hall.depth, USUAL[1], 1.0)
    mine = [b for b in booths if b.zone_id in keys]
    firms = {key: {b.tenant.exhibitor_id for b in mine if b.zone_id == key and b.tenant is not None} for key in keys}
    things = [f for f in features if f.hall_id == hall.id and all(_metres(getattr(f, n), -1.0) >= 0 for n in _PLACE)]
    titles = [(zone, min(_metres(zone.x, 0.0), width), min(_metres(zone.y, 0.0), depth)) for zone in own]
    return HallPlan(
        hall.id, named(hall.name, hall.name_en), width, depth,
        tuple(_feature(f, seats) for f in things),
        tuple(PlanZone(z.id, z.code, named(z.name, z.name_en), x, y, len(firms[z.id])) for z, x, y in titles),
        tuple(b for b in mine if b.shows(width, depth)),
        tuple(b for b in mine if not b.shows(width, depth)),
        is_guessed=(width, depth) != (hall.width, hall.depth),
    )  # fmt: skip


USUAL = (100.0, 80.0)
"""Metres, width and depth a hall is drawn with when the file holds none that can be."""
_SEATS = re.compile(r"\d+\s*(座|seats)")


def _feature(feature: HallFeature, seats: Mapping[str, tuple[int, str]]) -> PlanFeature:
    """A label's first line is the title. A room's seats are those of the room, whatever the label says."""
    title, *lines = feature.label.splitlines() or [""]
    room = next((name for name in seats if title.startswith(name)), None)
    if room is not None:
        count, read = seats[room]
        title = title.replace(room, read, 1)
        lines = [_("{n} 座").format(n=count), *(line for line in lines if not _SEATS.fullmatch(line.strip()))]
    f = feature
    return PlanFeature(f.kind, title, tuple(lines), f.x, f.y, f.width, f.depth)
