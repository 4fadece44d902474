"""Meetings as the desk looks at them: rows that say how each stands now, one of them with both its sides."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import named
from expo_app.model import Exhibitor, Expo, Meeting, MeetingPlace, MeetingState, Outcome, Person, Standby
from expo_app.rules import masks
from expo_app.rules.meeting_requests import Standing, standing
from expo_app.services import records
from expo_app.services.meeting_consents import Consents, read_consents
from expo_app.services.meeting_deals import deal_of
from expo_app.services.meetings_rules import ends, names_of
from expo_app.services.records import Row
from expo_app.specs import MEETINGS, Field
from expo_app.store.database import Database

NEEDED = ("state", "outcome", "answer_by", "starts_at", "minutes")
"""Fields that say how a meeting stands."""
_meeting, _standby = Meeting.__table__, Standby.__table__


def rows(db: Database, expo_id: uuid.UUID | None, fields: Sequence[Field]) -> list[Row]:
    """`records.list_rows` of meetings with `standing` filled in as of now."""
    more = [MEETINGS.field(name) for name in NEEDED]
    place = next((n for n, field in enumerate(fields, 1) if field.name == "standing"), 0)
    now, found = db.now(), []
    for row in records.list_rows(db, MEETINGS, expo_id, (*fields, *more), spoken=True):
        values = list(row[: len(fields) + 1])
        if place:
            state, outcome, answer_by, starts_at, minutes = map(readable, row[len(fields) + 1 : -1])
            values[place] = standing(state, outcome, answer_by, starts_at, minutes, now)
        found.append((*values, row[-1]))
    return found


@dataclass(frozen=True)
class SideCard:
    """One side of a meeting. `person`: who was named for it, else the exhibitor's contact. `contact`: telephone and
    address, masked; neither that nor who was not named is told before both accepted, or without consent (`is_shared`).
    `came_at`: when it checked in.
    """

    id: uuid.UUID
    name: str
    person: str
    contact: str
    is_shared: bool
    came_at: datetime | None


@dataclass(frozen=True)
class MeetingCard:
    """A meeting with both sides; `instead`: who stepped in; `waiting`: who stands by for a, for b, in their order."""

    id: uuid.UUID
    no: str
    standing: Standing
    state: MeetingState
    outcome: Outcome | None
    a: SideCard
    b: SideCard
    instead: str
    place: str
    place_id: uuid.UUID | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_locked: bool
    deal_id: uuid.UUID | None
    waiting: Mapping[str, tuple[str, ...]]


def card(db: Database, expo_id: uuid.UUID, meeting_id: uuid.UUID) -> MeetingCard | None:
    """One meeting as its panel shows it; None where it is gone."""
    with db.reading() as session:
        found = session.execute(select(_meeting).where(_meeting.c.id == meeting_id)).mappings().first()
        if found is None:
            return None
        row = {name: readable(value) for name, value in found.items()}
        now, expo = db.now(), session.get_one(Expo, expo_id)
        consents = read_consents(session, expo_id, expo.local_day(now))
        waiting = _waiting(session, expo_id, row)
        guests = [guest for several in waiting.values() for guest in several]
        names = names_of(session, (row["a_id"], row["b_id"], row["instead_id"], *guests))
        place = session.scalar(select(MeetingPlace.name).where(MeetingPlace.id == row["place_id"]))
        return MeetingCard(
            id=meeting_id, no=row["meeting_no"], state=row["state"], outcome=row["outcome"],
            standing=standing(
                row["state"], row["outcome"], row["answer_by"], row["starts_at"], row["minutes"], now
            ),
            a=_side(session, expo_id, row, "a", names, consents), b=_side(session, expo_id, row, "b", names, consents),
            instead=names.get(row["instead_id"], ""), place=place or "", place_id=row["place_id"],
            starts_at=row["starts_at"], ends_at=ends(row) if row["starts_at"] else None, is_locked=row["is_locked"],
            deal_id=deal_of(session, row),
            waiting={side: tuple(names.get(guest, "") for guest in several) for side, several in waiting.items()},
        )  # fmt: skip


def _waiting(session: Session, expo_id: uuid.UUID, row: Mapping[str, Any]) -> dict[str, list[uuid.UUID]]:
    found: dict[str, list[uuid.UUID]] = {}
    for side in ("a", "b"):
        query = select(_standby.c.guest_id).where(
            _standby.c.expo_id == expo_id, _standby.c.host_id == row[f"{side}_id"], _standby.c.used_at.is_(None)
        )
        found[side] = list(session.scalars(query.order_by(_standby.c.since, _standby.c.id)))
    return found


def _side(
    session: Session,
    expo_id: uuid.UUID,
    row: Mapping[str, Any],
    side: str,
    names: Mapping[uuid.UUID, str],
    consents: Consents,
) -> SideCard:
    body, named_for_it = row[f"{side}_id"], row[f"{side}_person_id"]
    key = named_for_it
    if key is None:
        query = select(Exhibitor.contact_id).where(Exhibitor.expo_id == expo_id, Exhibitor.organisation_id == body)
        key = session.scalar(query)
    person = session.get(Person, key) if key is not None else None
    is_shared = consents.is_shared(body, key)
    is_told = is_shared and row["state"] is MeetingState.ACCEPTED
    shown = person if is_told or named_for_it is not None else None
    said: tuple[str, ...] = ()
    if person is not None and is_told:
        said = (masks.mask_phone(readable(person.phone)), masks.mask_email(readable(person.email)))
    return SideCard(
        id=body, name=names.get(body, ""), is_shared=is_shared,
        came_at=row[f"{side}_came_at"] if row["instead_of"] != side else None,
        person=named(readable(shown.name) or "", readable(shown.name_en) or "") if shown is not None else "",
        contact=" · ".join(filter(None, said)),
    )  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """What was measured, counted as in the report (`services.statistics.matching`): each with its own whole.

    Requests that nobody answered, in time or yet, and those called off are in no whole.
    """

    asked: int
    accepted: int
    answered: int
    held: int
    missed: int
    ended: int


def rates(found: Sequence[Standing]) -> Rates:
    """Of meetings by how they stand: accepted of those answered, held and missed of those that ended.

    One that was moved counts once, as the meeting that stands in its place.
    """
    asked = [one for one in found if one is not Standing.MOVED]
    held = sum(one in (Standing.HELD, Standing.REPLACED) for one in asked)
    missed = sum(one in (Standing.NO_SHOW_A, Standing.NO_SHOW_B) for one in asked)
    refused = sum(one is Standing.DECLINED for one in asked)
    unanswered = sum(one in (Standing.WAITING, Standing.EXPIRED, Standing.CANCELLED) for one in asked)
    answered = len(asked) - unanswered
    return Rates(len(asked), answered - refused, answered, held, missed, held + missed)
