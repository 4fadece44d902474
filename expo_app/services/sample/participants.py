"""Exhibitors, service institutions and co-exhibitors with their booths, contacts and exhibits."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select, update

from expo_app.model import (
    Achievement,
    AchievementKind,
    BoothMove,
    BoothState,
    Exhibitor,
    ExhibitorKind,
    ExhibitorState,
    Industry,
    IpStatus,
    Organisation,
    TransferWay,
)
from expo_app.rules.search_key import search_key
from expo_app.services.sample import exhibits, facts
from expo_app.services.sample.people import Cast, Company, Participant
from expo_app.services.sample.rows import Row, Rows
from expo_app.store.database import Database

ASSIGNED_AT = datetime(2018, 11, 5, 2, 0, tzinfo=UTC)
DOORS = datetime(2018, 11, 27, 23, 30, tzinfo=UTC)
"""07:30 in Shanghai on the first day."""
REAL_NOTE = "单位据报道；展位、面积、到场状态为示例"
WAYS = (
    TransferWay.TRANSFER,
    TransferWay.LICENCE,
    TransferWay.COOPERATION,
    TransferWay.COOPERATION,
    TransferWay.SHOW_ONLY,
)


def add_bodies(rows: Rows) -> None:
    """Every real organisation, unmarked."""
    for body in facts.BODIES:
        rows.organisation(
            body.name,
            kind=body.kind,
            region_code=body.region,
            industry=body.industry,
            summary=body.summary,
            name_en=body.name_en,
            is_sample=False,
        )


def add_participants(rows: Rows, expo_id: uuid.UUID, cast: Cast, booths: dict[str, Row]) -> dict[str, Row]:
    """Exhibitor rows by organisation name. Those of the untidy file are left out, their booths held for them."""
    rng = Random("participants")  # noqa: S311
    by_booth: dict[str, Row] = {}
    found: dict[str, Row] = {}
    for participant in cast.participants:
        if participant.in_file:
            booths[participant.booth]["state"] = BoothState.HELD
            continue
        main = by_booth[participant.main]["id"] if participant.main else None
        row = found[participant.name] = _exhibitor(rows, rng, expo_id, participant, main)
        if participant.booth:
            by_booth[participant.booth] = row
            _occupy(rows, booths[participant.booth], row)
        _exhibits(rows, rng, expo_id, participant, row["organisation_id"])
    return found


def _exhibitor(rows: Rows, rng: Random, expo_id: uuid.UUID, participant: Participant, main_id: uuid.UUID | None) -> Row:
    values = {
        "expo_id": expo_id,
        "main_id": main_id,
        "kind": participant.kind,
        "state": participant.state,
        "wants": participant.wants,
        "badge_quota": participant.quota,
    }
    if isinstance(participant.company, str):
        return rows.add(
            Exhibitor, **values, organisation_id=rows.organisations[participant.name],
            exhibits=facts.EXHIBITS.get(participant.name, ""), contact_id=_real_contact(rows, participant.name),
            note=REAL_NOTE,
        )  # fmt: skip
    organisation = _organisation(rows, participant.company)
    contact = participant.contact
    if contact is None:
        raise ValueError(f"{participant.name} has no contact")
    person = rows.person(
        contact.name, phone=contact.phone, email=contact.email, title=contact.title, organisation_id=organisation
    )
    is_here = participant.state is ExhibitorState.ARRIVED
    return rows.add(
        Exhibitor, **values, organisation_id=organisation, contact_id=person, exhibits="、".join(participant.titles),
        arrived_at=DOORS + timedelta(seconds=rng.randrange(5400)) if is_here else None, is_sample=True,
    )  # fmt: skip


def mark_arrivals(db: Database, expo_id: uuid.UUID) -> None:
    """Those whom the untidy file calls arrived came as the others did: it does not say when."""
    rng = Random("arrivals")  # noqa: S311
    table, organisation = Exhibitor.__table__, Organisation.__table__
    query = (
        select(table.c.id)
        .join(organisation, organisation.c.id == table.c.organisation_id)
        .where(table.c.expo_id == expo_id, table.c.state == ExhibitorState.ARRIVED)
        .where(table.c.arrived_at.is_(None), table.c.is_sample)
        .order_by(organisation.c.name)
    )
    with db.transaction() as session:
        for key in session.scalars(query).all():
            at = DOORS + timedelta(seconds=rng.randrange(5400))
            session.execute(update(Exhibitor).where(Exhibitor.id == key).values(arrived_at=at))


def _organisation(rows: Rows, company: Company) -> uuid.UUID:
    return rows.organisation(
        company.name, kind=company.kind, region_code=company.region, industry=company.industry,
        credit_code=company.credit_code,
    )  # fmt: skip


def _real_contact(rows: Rows, name: str) -> uuid.UUID | None:
    person, title, organisation = facts.CONTACT
    if name != organisation:
        return None
    return rows.person(person, title=title, organisation_id=rows.organisations[name], is_sample=False)


def _occupy(rows: Rows, booth: Row, exhibitor: Row) -> None:
    booth |= {"exhibitor_id": exhibitor["id"], "state": BoothState.CONFIRMED}
    if not exhibitor["is_sample"]:
        booth["note"] = "展位与面积为示例"
    rows.add(BoothMove, booth_id=booth["id"], exhibitor_id=exhibitor["id"], at=ASSIGNED_AT)


def _exhibits(rows: Rows, rng: Random, expo_id: uuid.UUID, participant: Participant, owner_id: uuid.UUID) -> None:
    """What it shows, as achievements; of a real exhibitor only what is reported."""
    if isinstance(participant.company, str):
        if text := facts.EXHIBITS.get(participant.name):
            title, _colon, summary = text.partition("：")
            achievement(
                rows, expo_id, owner_id, title, kind=AchievementKind.PRODUCT, field=exhibits.FIELDS[Industry.MFG],
                summary=summary, is_sample=False,
            )  # fmt: skip
        return
    is_service = participant.kind is ExhibitorKind.SERVICE
    field = exhibits.FIELDS[participant.company.industry or Industry.OTHER] if not is_service else ""
    for title in participant.titles:
        kind = AchievementKind.SERVICE if is_service else rng.choice((AchievementKind.RESULT, AchievementKind.PRODUCT))
        more = {} if is_service else {"trl": rng.randint(5, 9), "ip_status": rng.choice(tuple(IpStatus)[1:])}
        achievement(
            rows, expo_id, owner_id, title, kind=kind, field=field,
            transfer_way=TransferWay.SHOW_ONLY if is_service else rng.choice(WAYS), **more,
        )  # fmt: skip


def achievement(rows: Rows, expo_id: uuid.UUID, owner_id: uuid.UUID, title: str, **values: object) -> Row:
    """A result, product, service or patent; generated unless `is_sample` says otherwise."""
    words = search_key(title, str(values.get("field", "")))[:600]
    given = {"is_sample": True, **values}
    return rows.add(Achievement, expo_id=expo_id, owner_id=owner_id, title=title, search_text=words, **given)
