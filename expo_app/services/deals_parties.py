"""Who the parties of a deal are: known or new, where they stand at the expo, whether they are there; made in place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.model import Booth, DealParty, Exhibitor, ExhibitorState, Organisation, PartyRole, Person, new_id
from expo_app.services.record_writer import Writer, in_parts, spellings, write_row, writing
from expo_app.services.records import entered
from expo_app.specs import ORGANISATIONS
from expo_app.specs.names import name_key
from expo_app.specs.natural_order import natural
from expo_app.specs.records import spoken
from expo_app.store.database import Database
from expo_app.store.staging import default

_organisation, _exhibitor = Organisation.__table__, Exhibitor.__table__


@dataclass(frozen=True)
class About:
    """What is known of a party: `booths` and `contact` where it exhibits at this expo, else ""."""

    id: uuid.UUID
    name: str
    booths: str = ""
    contact: str = ""
    is_here: bool | None = None
    """Whether it has arrived; None: it does not exhibit."""


def about(db: Database, expo_id: uuid.UUID, names: Sequence[str]) -> dict[str, About | None]:
    """Of each name who it is, by any of its spellings; None of one that nobody knows yet."""
    with db.reading() as session:
        known = _known(session, names)
        shown = _at_expo(session, expo_id, set(known.values()))
    found: dict[str, About | None] = {}
    for name in names:
        key = known.get(name)
        found[name] = shown.get(key, About(key, name)) if key else None
    return found


def _known(session: Session, names: Sequence[str]) -> dict[str, uuid.UUID]:
    found: dict[str, uuid.UUID] = {}
    for part in in_parts(dict.fromkeys(names)):
        query = select(_organisation.c.name, _organisation.c.id).where(_organisation.c.name.in_(part))
        found |= dict(session.execute(query).all())
    if missing := [name for name in names if name not in found]:
        every = spellings(session, ORGANISATIONS, None)
        found |= {name: every[name_key(name)][0] for name in missing if name_key(name) in every}
    return found


def _at_expo(session: Session, expo_id: uuid.UUID, ids: set[uuid.UUID]) -> dict[uuid.UUID, About]:
    found: dict[uuid.UUID, About] = {}
    for part in in_parts(ids):
        query = (
            select(_exhibitor.c.id, _exhibitor.c.organisation_id, _exhibitor.c.state, _exhibitor.c.main_id,
                   _organisation.c.name, spoken(Person))
            .join(_organisation, _organisation.c.id == _exhibitor.c.organisation_id)
            .outerjoin(Person.__table__, Person.__table__.c.id == _exhibitor.c.contact_id)
            .where(_exhibitor.c.expo_id == expo_id, _exhibitor.c.organisation_id.in_(part))
        )  # fmt: skip
        for key, body, state, main_id, name, contact in session.execute(query):
            numbers = select(Booth.number).where(Booth.exhibitor_id == (main_id or key)).order_by(natural(Booth.number))
            booths = "、".join(session.scalars(numbers))
            found[body] = About(body, name, booths, contact or "", state is ExhibitorState.ARRIVED)
    return found


def create(db: Database, values: Mapping[str, Any]) -> uuid.UUID:
    """Make an organisation that becomes a party; its key. Whoever enters deals may. InvalidRecord as for every one."""
    with writing(db, "deals.edit") as writer:
        _current, changes = entered(writer, ORGANISATIONS, values)
        return write_row(writer, ORGANISATIONS, changes)


def add_parties(writer: Writer, deal_id: uuid.UUID, sides: Sequence[tuple[uuid.UUID, PartyRole, str]]) -> None:
    """Parties of a deal that was just written: (organisation, role, who signs) of each, their 性质 taken from them.

    By their keys: a name may hold what separates names in a form.
    """
    query = select(_organisation.c.id, _organisation.c.nature)
    natures = dict(writer.session.execute(query.where(_organisation.c.id.in_([key for key, *_rest in sides]))).all())
    empty = {column.name: default(column) for column in DealParty.__table__.c}
    writer.insert(
        DealParty.__table__,
        [
            {**empty, "id": new_id(), "deal_id": deal_id, "organisation_id": key, "role": role, "signer": signer,
             "nature": natures[key]}
            for key, role, signer in sides
        ],
    )  # fmt: skip
