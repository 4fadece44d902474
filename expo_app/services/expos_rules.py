"""What an expo has from the start, and who holds it."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, func, or_, select

from expo_app.errors import InvalidRecord
from expo_app.i18n import _
from expo_app.model import Expo, ExpoOrganiser, ExpoVenue, OrganiserRole
from expo_app.services.child_rows import sync_bodies, sync_children
from expo_app.services.record_writer import Draft, Writer, find_by, write_rows
from expo_app.specs import HALLS, ROOMS, VENUES
from expo_app.specs.expo import ORGANISERS, venue_names
from expo_app.specs.names import listed_names


def organisers(writer: Writer, drafts: list[Draft]) -> None:
    """Organisers as entered; roles not entered stay as they are."""
    sync_bodies(writer, ExpoOrganiser.__table__, "expo_id", drafts, ORGANISERS)


def venues(writer: Writer, drafts: list[Draft]) -> None:
    """The venues named, in their order; unknown ones are made. What says the same as before changes nothing."""
    expo = Expo.__table__
    for draft in drafts:
        if not draft.gives("venues"):
            continue
        text = draft.virtual["venues"] or ""
        if text == (writer.session.scalar(select(venue_names()).where(expo.c.id == draft.record_id)) or ""):
            continue
        names = listed_names(text)
        known = find_by(writer, VENUES, "name", names)
        missing = [name for name in names if name not in known]
        made = write_rows(writer, VENUES, [(None, {"name": name}, 0) for name in missing]) if missing else []
        known |= dict(zip(missing, made, strict=True))
        rows = [{"venue_id": known[name], "position": at} for at, name in enumerate(names)]
        sync_children(writer, ExpoVenue.__table__, "expo_id", draft, rows, ("venue_id",))
        refuse_twins(writer, "venues")


def names_differ(writer: Writer, _drafts: list[Draft]) -> None:
    """Halls and rooms are told apart by their names wherever one expo has several venues."""
    refuse_twins(writer, "name")


def refuse_twins(writer: Writer, field: str) -> None:
    """InvalidRecord at `field` if two venues of an expo have a hall, or a room, of the same name."""
    part = ExpoVenue.__table__
    for spec in (HALLS, ROOMS):
        place = spec.table
        query = (
            select(place.c.name)
            .join(part, part.c.venue_id == place.c.venue_id)
            .group_by(part.c.expo_id, place.c.name)
            .having(func.count() > 1)
            .limit(1)
        )
        if (name := writer.session.scalar(query)) is not None:
            words = _("这届展会的两个展馆都有{what}“{name}”，分不清。请先给其中一个改名，如在前面加上展馆的简称。")
            raise InvalidRecord({field: words.format(what=spec.label, name=name)})


def hosts_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """Who holds the expo, by the key of their part in it."""
    part = ExpoOrganiser.__table__
    return select(part.c.id).where(part.c.expo_id == expo_id, part.c.role == OrganiserRole.HOST)


def permits_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """The expo, if it was filed or permitted."""
    expo = Expo.__table__
    return select(expo.c.id).where(expo.c.id == expo_id, or_(expo.c.filing_no != "", expo.c.permit_no != ""))


def headcount_of(expo_id: uuid.UUID) -> Select[uuid.UUID]:
    """The expo, if it says how many people may be there at once."""
    expo = Expo.__table__
    return select(expo.c.id).where(expo.c.id == expo_id, expo.c.approved_headcount.is_not(None))
