"""What every document says of its expo, and the names of bodies in the language it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.i18n import _, language, named
from expo_app.model import Expo, ExpoOrganiser, Organisation, OrganiserRole, Venue
from expo_app.rules.day_spans import day_span
from expo_app.specs.records import spoken
from expo_app.specs.report_data import Head
from expo_app.store.database import Database


def read_head(session: Session, expo: Expo, now: datetime) -> Head:
    """The head of a document of this moment."""
    venue = session.get(Venue, expo.venue_id) if expo.venue_id else None
    rows = session.execute(
        select(ExpoOrganiser.role, spoken(Organisation))
        .join(Organisation, Organisation.id == ExpoOrganiser.organisation_id)
        .where(ExpoOrganiser.expo_id == expo.id)
        .order_by(ExpoOrganiser.position, Organisation.name)
    )
    roles: dict[OrganiserRole, list[str]] = {}
    for role, name in rows:
        roles.setdefault(role, []).append(name)
    return Head(
        expo_name=named(expo.name, expo.name_en),
        dates=day_span(expo.starts_on, expo.ends_on),
        venue=named(venue.name, venue.name_en) if venue else "",
        days=tuple(expo.days),
        at=now.astimezone(expo.zone_info),
        is_sample=expo.is_sample,
        organisers=tuple((role.label, _("、").join(roles[role])) for role in OrganiserRole if role in roles),
    )


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
