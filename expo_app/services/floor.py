"""The floor plan: what stands where, and giving booths to exhibitors."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from expo_app.errors import Conflict, InvalidRecord, UserError
from expo_app.i18n import _
from expo_app.model import (
    Attendee,
    AttendeeState,
    Badge,
    Booth,
    BoothKind,
    BoothMove,
    BoothState,
    DealParty,
    Exhibitor,
    ExhibitorKind,
    ExhibitorState,
    Expo,
    FeatureKind,
    Hall,
    HallFeature,
    Industry,
    Organisation,
    OrganisationKind,
    Room,
    Zone,
    new_id,
)
from expo_app.services.access import require
from expo_app.services.hooks import assign_booth
from expo_app.services.writing import Writer
from expo_app.store.database import Database

SHELL_AREAS = (Decimal(9), Decimal(12), Decimal(15))
"""Square metres of a standard booth (标准展台); any other area is raw space (特装)."""


@dataclass(frozen=True)
class Tenant:
    """Who stands in a booth."""

    exhibitor_id: uuid.UUID
    name: str
    state: ExhibitorState
    kind: ExhibitorKind
    organisation_kind: OrganisationKind
    industry: Industry | None
    region_code: str | None
    deals: int = 0
    badges: int = 0
    unprinted: int = 0


@dataclass(frozen=True)
class PlanBooth:
    """A booth on the plan; lengths in metres from the hall's upper left corner."""

    id: uuid.UUID
    number: str
    zone_id: uuid.UUID
    kind: BoothKind
    area: Decimal
    state: BoothState
    x: float
    y: float
    width: float
    depth: float
    tenant: Tenant | None


@dataclass(frozen=True)
class PlanZone:
    """A zone's title stands at (x, y)."""

    id: uuid.UUID
    code: str
    name: str
    x: float
    y: float
    count: int


@dataclass(frozen=True)
class PlanFeature:
    """What else stands in the hall."""

    kind: FeatureKind
    label: str
    x: float
    y: float
    width: float
    depth: float
    detail: str = ""


@dataclass(frozen=True)
class HallPlan:
    """One hall, drawn from data."""

    id: uuid.UUID
    name: str
    width: float
    depth: float
    features: tuple[PlanFeature, ...]
    zones: tuple[PlanZone, ...]
    booths: tuple[PlanBooth, ...]


@dataclass(frozen=True)
class Plan:
    """Every hall, and exhibitors that have no booth yet."""

    halls: tuple[HallPlan, ...]
    unplaced: tuple[Tenant, ...]


def plan(db: Database, expo_id: uuid.UUID) -> Plan:
    """The floor of an expo; a fixed number of statements for any size."""
    booth = Booth.__table__
    with db.reading() as session:
        expo = session.get_one(Expo, expo_id)
        tenants = _tenants(session, expo_id)
        halls = session.scalars(
            select(Hall).where(Hall.venue_id == expo.venue_id).order_by(Hall.position, Hall.name)
        ).all()
        zones = session.scalars(select(Zone).where(Zone.expo_id == expo_id).order_by(Zone.code)).all()
        rows = (
            session.execute(select(booth).where(booth.c.expo_id == expo_id).order_by(booth.c.number)).mappings().all()
        )
        features = session.scalars(select(HallFeature).where(HallFeature.hall_id.in_([h.id for h in halls]))).all()
        seats = {
            room.name: _("{n} 座").format(n=room.seats)
            for room in session.scalars(select(Room).where(Room.venue_id == expo.venue_id))
        }
    booths = [_plan_booth(row, tenants) for row in rows]
    placed = {b.tenant.exhibitor_id for b in booths if b.tenant}
    return Plan(
        tuple(_hall_plan(hall, zones, booths, features, seats) for hall in halls),
        tuple(t for key, t in tenants.items() if key not in placed and t.state is not ExhibitorState.CANCELLED),
    )


def _tenants(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, Tenant]:
    """Main exhibitors of the expo by id, by name; co-exhibitors stand in their main exhibitor's booth."""
    exhibitor, organisation = Exhibitor.__table__, Organisation.__table__
    person, badge, party = Attendee.__table__, Badge.__table__, DealParty.__table__
    badges = (
        select(
            person.c.exhibitor_id,
            func.count().label("n"),
            func.sum(case((badge.c.printed_at.is_(None), 1), else_=0)).label("unprinted"),
        )
        .select_from(person.outerjoin(badge, (badge.c.attendee_id == person.c.id) & badge.c.revoked_at.is_(None)))
        .where(
            person.c.expo_id == expo_id, person.c.state != AttendeeState.CANCELLED, person.c.exhibitor_id.is_not(None)
        )
        .group_by(person.c.exhibitor_id)
        .subquery()
    )
    deals = select(party.c.organisation_id, func.count().label("n")).group_by(party.c.organisation_id).subquery()
    query = (
        select(
            exhibitor.c.id, organisation.c.name, exhibitor.c.state, exhibitor.c.kind, organisation.c.kind,
            organisation.c.industry, organisation.c.region_code, func.coalesce(deals.c.n, 0),
            func.coalesce(badges.c.n, 0), func.coalesce(badges.c.unprinted, 0),
        )
        .select_from(
            exhibitor.join(organisation, organisation.c.id == exhibitor.c.organisation_id)
            .outerjoin(badges, badges.c.exhibitor_id == exhibitor.c.id)
            .outerjoin(deals, deals.c.organisation_id == organisation.c.id)
        )
        .where(exhibitor.c.expo_id == expo_id, exhibitor.c.main_id.is_(None))
        .order_by(organisation.c.name)
    )  # fmt: skip
    return {row[0]: Tenant(*tuple(row)) for row in session.execute(query)}


def _plan_booth(row: Mapping[Any, Any], tenants: Mapping[uuid.UUID, Tenant]) -> PlanBooth:
    names = ("id", "number", "zone_id", "kind", "area", "state", "x", "y", "width", "depth")
    return PlanBooth(**{name: row[name] for name in names}, tenant=tenants.get(row["exhibitor_id"]))


def _hall_plan(
    hall: Hall,
    zones: Sequence[Zone],
    booths: Sequence[PlanBooth],
    features: Sequence[HallFeature],
    seats: Mapping[str, str],
) -> HallPlan:
    own = [zone for zone in zones if zone.hall_id == hall.id]
    keys = {zone.id for zone in own}
    inside = tuple(b for b in booths if b.zone_id in keys)
    counts = {key: sum(b.zone_id == key and b.tenant is not None for b in inside) for key in keys}
    return HallPlan(
        hall.id, hall.name, hall.width, hall.depth,
        tuple(
            PlanFeature(f.kind, f.label, f.x, f.y, f.width, f.depth, _seats_of(f.label, seats))
            for f in features
            if f.hall_id == hall.id
        ),
        tuple(PlanZone(z.id, z.code, z.name, z.x, z.y, counts[z.id]) for z in own),
        inside,
    )  # fmt: skip


def _seats_of(label: str, seats: Mapping[str, str]) -> str:
    """The seats of the room a feature shows, by its name."""
    return next((text for name, text in seats.items() if label.startswith(name)), "")


def assign(db: Database, booth_id: uuid.UUID, exhibitor_id: uuid.UUID, *, replace: bool = False) -> None:
    """Give a booth to an exhibitor. Conflict names who stands there, unless `replace` takes it from them."""
    require(db, "floor.edit")
    with db.transaction() as session:
        writer, booth = _booth(db, session, booth_id)
        if booth["exhibitor_id"] == exhibitor_id:
            return
        if booth["exhibitor_id"] is not None and not replace:
            name = session.scalar(
                select(Organisation.name).join(Exhibitor).where(Exhibitor.id == booth["exhibitor_id"])
            )
            raise Conflict(
                _("展位 {number} 已分给“{name}”，数据未变。先腾出，或确认改分。").format(
                    number=booth["number"], name=name
                ),
                "E-BOOTH-TAKEN",
            )
        if session.get_one(Exhibitor, exhibitor_id).main_id is not None:
            raise UserError(_("联合参展单位用主展商的展位，不单独分配，数据未变。"), "E-CO-EXHIBITOR")
        assign_booth(writer, booth, exhibitor_id)
        writer.audit()


def vacate(db: Database, booth_id: uuid.UUID) -> None:
    """Nobody stands in the booth any more."""
    require(db, "floor.edit")
    with db.transaction() as session:
        writer, booth = _booth(db, session, booth_id)
        if booth["exhibitor_id"] is not None:
            assign_booth(writer, booth, None)
        writer.audit()


def swap(db: Database, one: uuid.UUID, other: uuid.UUID) -> None:
    """The two booths exchange who stands in them."""
    require(db, "floor.edit")
    with db.transaction() as session:
        writer, first = _booth(db, session, one)
        _writer, second = _booth(db, session, other)
        assign_booth(writer, first, second["exhibitor_id"])
        assign_booth(writer, second, first["exhibitor_id"])
        writer.audit()


def hold(db: Database, booth_id: uuid.UUID, held: bool) -> None:
    """Keep a free booth back, or let it go."""
    require(db, "floor.edit")
    with db.transaction() as session:
        writer, booth = _booth(db, session, booth_id)
        if booth["exhibitor_id"] is not None:
            raise UserError(
                _("展位 {number} 已有参展商，不能预留，数据未变。").format(number=booth["number"]), "E-BOOTH-TAKEN"
            )
        writer.update(Booth.__table__, booth_id, booth, {"state": BoothState.HELD if held else BoothState.FREE})
        writer.audit()


def place(db: Database, booth_id: uuid.UUID, x: float, y: float) -> tuple[float, float]:
    """Put a booth elsewhere on the plan (metres); where it was comes back, for undo."""
    require(db, "floor.edit")
    with db.transaction() as session:
        writer, booth = _booth(db, session, booth_id)
        writer.update(Booth.__table__, booth_id, booth, {"x": round(x, 2), "y": round(y, 2)})
        writer.audit()
    return booth["x"], booth["y"]


def _booth(db: Database, session: Session, booth_id: uuid.UUID) -> tuple[Writer, Mapping[Any, Any]]:
    table = Booth.__table__
    row = session.execute(select(table).where(table.c.id == booth_id).with_for_update()).mappings().first()
    if row is None:
        raise Conflict(_("这个展位已被删除，数据未变。请刷新。"), "E-GONE")
    return Writer(db, session, session.get_one(Expo, row["expo_id"])), row


def history(db: Database, booth_id: uuid.UUID, limit: int = 50) -> list[tuple[datetime, str, str]]:
    """Who stood in the booth: moment, organisation ("" vacated), operator; newest first."""
    query = (
        select(BoothMove.at, Organisation.name, BoothMove.operator)
        .select_from(BoothMove)
        .outerjoin(Exhibitor, Exhibitor.id == BoothMove.exhibitor_id)
        .outerjoin(Organisation, Organisation.id == Exhibitor.organisation_id)
        .where(BoothMove.booth_id == booth_id)
        .order_by(BoothMove.at.desc(), BoothMove.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        return [(at, name or "", operator) for at, name, operator in session.execute(query)]


@dataclass(frozen=True)
class Rows:
    """What the row generator makes: `count` booths numbered from `first`, `per_row` in a row, rows in pairs.

    Lengths in metres; `aisle` is the gap after every second row.
    """

    zone_id: uuid.UUID
    first: int = 1
    count: int = 12
    per_row: int = 12
    x: float = 0.0
    y: float = 0.0
    width: float = 3.0
    depth: float = 3.0
    aisle: float = 2.0
    digits: int = 3
    kind: BoothKind = BoothKind.SHELL_SCHEME


def generated(rows: Rows, code: str) -> list[dict[str, Any]]:
    """Numbers and places of the booths `rows` describes, for a preview and for making them."""
    problems = {}
    if not 1 <= rows.count <= 500:
        problems["count"] = _("一次生成 1 到 500 个展位。")
    if rows.per_row < 1:
        problems["per_row"] = _("每排至少 1 个。")
    if rows.width <= 0 or rows.depth <= 0:
        problems["width"] = _("宽和深应大于 0。")
    if problems:
        raise InvalidRecord(problems)
    made = []
    for n in range(rows.count):
        row, column = divmod(n, rows.per_row)
        made.append(
            {
                "number": f"{code}-{rows.first + n:0{rows.digits}d}",
                "x": round(rows.x + column * rows.width, 2),
                "y": round(rows.y + row * rows.depth + row // 2 * rows.aisle, 2),
                "width": rows.width,
                "depth": rows.depth,
            }
        )
    return made


def generate(db: Database, expo_id: uuid.UUID, rows: Rows) -> int:
    """Make the booths of a row generator; Conflict if a number exists. How many were made."""
    require(db, "floor.edit")
    with db.transaction() as session:
        zone = session.get_one(Zone, rows.zone_id)
        made = generated(rows, zone.code)
        numbers = [row["number"] for row in made]
        taken = session.scalars(select(Booth.number).where(Booth.expo_id == expo_id, Booth.number.in_(numbers))).all()
        if taken:
            raise Conflict(
                _("已有展位 {number} 等 {n} 个，没有生成任何展位。请改起始号。").format(
                    number=min(taken), n=len(taken)
                ),
                "E-BOOTH-EXISTS",
            )
        writer = Writer(db, session, session.get_one(Expo, expo_id))
        area = Decimal(str(rows.width)) * Decimal(str(rows.depth))
        common = {
            "expo_id": expo_id, "zone_id": zone.id, "kind": rows.kind, "area": area,
            "state": BoothState.FREE, "exhibitor_id": None, "note": "",
        }  # fmt: skip
        writer.insert(Booth.__table__, [{"id": new_id(), **common, **row} for row in made])
        writer.audit()
    return len(made)
