"""What every document says of its expo, and the names of bodies in the language it is written in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable, sound
from expo_app.i18n import _, language, named
from expo_app.model import Expo, ExpoOrganiser, ExpoVenue, Organisation, OrganiserRole, Venue
from expo_app.rules.day_spans import day_span
from expo_app.specs.records import spoken
from expo_app.specs.report_data import Head
from expo_app.store.database import Database


def read_head(session: Session, expo: Expo, now: datetime) -> Head:
    """The head of a document of this moment."""
    rows = session.execute(
        select(ExpoOrganiser.role, spoken(Organisation))
        .join(Organisation, Organisation.id == ExpoOrganiser.organisation_id)
        .where(ExpoOrganiser.expo_id == expo.id)
        .order_by(ExpoOrganiser.position, Organisation.name)
    )
    roles: dict[OrganiserRole, list[str]] = {}
    for role, name in sound(rows):
        roles.setdefault(role, []).append(name)
    return Head(
        expo_name=named(expo.name, expo.name_en),
        dates=day_span(expo.starts_on, expo.ends_on),
        venue=place_of(session, expo.id),
        theme=named(expo.theme, expo.theme_en),
        permits=_permits(expo),
        days=tuple(expo.days),
        at=now.astimezone(expo.zone_info),
        is_sample=expo.is_sample,
        organisers=tuple((role.label, _("、").join(roles[role])) for role in OrganiserRole if role in roles),
    )


def _permits(expo: Expo) -> str:
    parts = []
    if expo.filing_no:
        filed_on: date | None = readable(expo.filed_on)
        day = _("（{day}）").format(day=filed_on.isoformat()) if filed_on else ""
        parts.append(_("备案号 {no}").format(no=expo.filing_no) + day)
    if expo.permit_no:
        parts.append(_("许可文号 {no}").format(no=expo.permit_no))
    if readable(expo.approved_headcount):
        parts.append(_("核定同时在场 {n} 人").format(n=f"{expo.approved_headcount:,}"))
    return _("{text}。").format(text=_("；").join(parts)) if parts else ""


def place_of(session: Session, expo_id: uuid.UUID) -> str:
    """The names of an expo's venues, as they are read; "" where there is none."""
    part, venue = ExpoVenue.__table__, Venue.__table__
    named_ones = select(spoken(Venue)).join(part, part.c.venue_id == venue.c.id).where(part.c.expo_id == expo_id)
    return _("、").join(session.scalars(named_ones.order_by(part.c.position, part.c.id)))


def english_names(db: Database) -> dict[str, str]:
    """`names_in_english` in a session of its own."""
    with db.reading() as session:
        return names_in_english(session)


def names_in_english(session: Session) -> dict[str, str]:
    """English names of bodies by their own, where English is spoken; else nothing."""
    if language() != "en":
        return {}
    query = select(Organisation.name, Organisation.name_en).where(Organisation.name_en != "")
    return dict(session.execute(query).all())


def in_english(names: str, english: Mapping[str, str]) -> str:
    """Bodies joined by 、, those by their English names that have one."""
    return "、".join(english.get(name, name) for name in names.split("、")) if names and english else names
