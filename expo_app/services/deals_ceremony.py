"""The signing ceremony: what is signed in which batch and place, by whom, and what is written on the day's sheets."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from expo_app.damaged import is_damaged, readable
from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealParty,
    Entry,
    Expo,
    Organisation,
    PartyRole,
    ProgrammeItem,
    Room,
    Word,
    WordRole,
)
from expo_app.rules.access import allowed
from expo_app.rules.deals_ceremony import Signatory, Signing, in_order
from expo_app.services.record_writer import write_row, writing
from expo_app.services.records import entered, log_reveal
from expo_app.services.report_head import read_head
from expo_app.services.statistics.secret_parties import Secrets, discreet, secret_parties
from expo_app.services.steps import Turned, turn
from expo_app.specs import DEALS
from expo_app.specs.deals_signing import FIELDS
from expo_app.specs.deals_stage import Confirmation, ConfirmationData, StageData
from expo_app.specs.records import spoken
from expo_app.store.database import Database

_deal, _party = Deal.__table__, DealParty.__table__
PREPARED = frozenset({"witness", "is_text_ready", "signing_batch", "signing_order", "programme_item_id", *FIELDS})
"""What is prepared for a ceremony: fields of a deal that change neither what was agreed nor what is counted."""


def signings(db: Database, expo_id: uuid.UUID, item_id: uuid.UUID | None = None) -> list[Signing]:
    """What is to be signed, in the order of the stage; with `item_id` at this item of the programme.

    Every deal with a batch or an item of the programme that it is signed at, but void ones.
    """
    with db.reading() as session:
        return read_signings(session, expo_id, item_id)


def read_signings(session: Session, expo_id: uuid.UUID, item_id: uuid.UUID | None = None) -> list[Signing]:
    """The same within a session that is already open; two statements."""
    item, room, expo = ProgrammeItem.__table__, Room.__table__, session.get_one(Expo, expo_id)
    query = (
        select(_deal, spoken(ProgrammeItem, "title").label("item"), item.c.starts_at, spoken(Room).label("place"))
        .outerjoin(item, item.c.id == _deal.c.programme_item_id)
        .outerjoin(room, room.c.id == item.c.room_id)
        .where(_deal.c.expo_id == expo_id, _deal.c.entry != Entry.VOID)
    )
    on_stage = (_deal.c.signing_batch != "") | _deal.c.programme_item_id.is_not(None)
    query = query.where(on_stage if item_id is None else _deal.c.programme_item_id == item_id)
    rows = session.execute(query).mappings().all()
    people = _signatories(session, expo_id)
    return in_order(
        Signing(
            id=row["id"],
            deal_no=row["deal_no"],
            title=row["title"],
            batch=row["signing_batch"],
            order=readable(row["signing_order"]),
            item_id=readable(row["programme_item_id"]),
            item=row["item"] or "",
            place=row["place"] or "",
            starts_at=at.astimezone(expo.zone_info) if (at := readable(row["starts_at"])) else None,
            witness=row["witness"],
            is_text_ready=row["is_text_ready"],
            amount=readable(row["amount"]),
            currency=row["currency"],
            foreign_amount=readable(row["foreign_amount"]),
            signatories=tuple(people.get(row["id"], ())),
            is_sample=row["is_sample"],
        )
        for row in rows
    )


def signing_items(expo_id: uuid.UUID) -> Any:
    """Selects the keys of the expo's items that are there for signing."""
    item, word = ProgrammeItem.__table__, Word.__table__
    kinds = select(word.c.id).where(word.c.role == WordRole.SIGNING)
    return select(item.c.id).where(item.c.expo_id == expo_id, item.c.kind_id.in_(kinds))


def items(db: Database, expo_id: uuid.UUID) -> list[tuple[uuid.UUID, str, datetime | None]]:
    """(key, title, start) of the items that are there for signing, or that something is signed at, by their time."""
    item = ProgrammeItem.__table__
    used = select(_deal.c.programme_item_id).where(_deal.c.expo_id == expo_id, _deal.c.programme_item_id.is_not(None))
    query = select(item.c.id, spoken(ProgrammeItem, "title"), item.c.starts_at)
    query = query.where(item.c.id.in_(signing_items(expo_id)) | item.c.id.in_(used))
    with db.reading() as session:
        return [tuple(row) for row in session.execute(query.order_by(item.c.starts_at.nulls_last(), item.c.id))]


def _signatories(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, list[Signatory]]:
    query = (
        select(_party, spoken(Organisation).label("organisation"))
        .join(Organisation.__table__, Organisation.__table__.c.id == _party.c.organisation_id)
        .join(_deal, _deal.c.id == _party.c.deal_id)
        .where(_deal.c.expo_id == expo_id)
        .order_by(_party.c.position, _party.c.id)
    )
    found: dict[uuid.UUID, list[Signatory]] = {}
    for row in session.execute(query).mappings():
        if is_damaged(row["role"]) or is_damaged(row["deal_id"]):
            continue  # nobody can tell on which side, or of which deal; the document names its place
        one = Signatory(
            row["id"], row["role"], row["organisation"], row["signer"], row["signer_post"], readable(row["mandate"]),
            row["assistant"],
        )  # fmt: skip
        found.setdefault(row["deal_id"], []).append(one)
    places = {role: place for place, role in enumerate(PartyRole)}
    return {key: sorted(people, key=lambda one: places[one.role]) for key, people in found.items()}


def prepare(
    db: Database,
    expo_id: uuid.UUID,
    deal_id: uuid.UUID,
    values: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Say who signs, who witnesses, whether the text lies ready: fields of `PREPARED`, others raise ValueError.

    Raises InvalidRecord, Conflict as `records.save`.
    """
    with writing(db, "deals.edit", expo_id) as writer:
        if other := values.keys() - PREPARED:
            raise ValueError(f"not of a ceremony: {sorted(other)}")
        _current, changes = entered(writer, DEALS, values, deal_id, seen)
        write_row(writer, DEALS, changes, deal_id)


def move_to_item(db: Database, deal_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Have a deal signed at an item of the programme."""
    with writing(db, "deals.edit") as writer:
        for key, old in writer.locked(_deal, [deal_id]).items():
            writer.update(_deal, key, old, {"programme_item_id": item_id})


def arrange(db: Database, order: Sequence[tuple[str, Sequence[uuid.UUID]]], seen: Sequence[Signing] = ()) -> Turned:
    """Put deals into batches in this order, each with its place from 1; a batch "" takes them off the stage.

    What was changed, for `rearrange`. Conflict where one no longer stands as it was `seen`.
    """
    with writing(db, "deals.edit") as writer:
        wanted = {
            key: {"signing_batch": batch, "signing_order": place if batch else None}
            for batch, members in order
            for place, key in enumerate(members, 1)
        }
        there = writer.locked(_deal, wanted)
        places = {key: (row["signing_batch"], readable(row["signing_order"])) for key, row in there.items()}
        if any(places.get(one.id) != (one.batch, one.order) for one in seen if one.id in wanted):
            raise Conflict(_("签约顺序刚被别人改过，这次没有调整，数据未变。请看过新的顺序再调。"), "E-CONFLICT")
        changed = {}
        for key, old in there.items():
            before = {name: old[name] for name in wanted[key]}
            if before != wanted[key]:
                changed[key] = (before, wanted[key])
                writer.update(_deal, key, old, wanted[key])
    return changed


def rearrange(db: Database, changed: Turned, *, forth: bool = False) -> None:
    """Take an arrangement back, or make it again; Conflict where one of them was moved since."""
    with writing(db, "deals.edit") as writer:
        turn(writer, _deal, changed, forth)


# --- the day's sheets -------------------------------------------------------------------------------------------------
def read_stage(db: Database, expo_id: uuid.UUID, now: datetime) -> StageData:
    """What the running list and the host's cards are printed from; who asked to be kept secret is not called out."""
    with db.reading() as session:
        head, secrets = read_head(session, session.get_one(Expo, expo_id), now), secret_parties(session)
        return StageData(head, tuple(_for_others(one, secrets) for one in read_signings(session, expo_id)))


def _for_others(signing: Signing, secrets: Secrets) -> Signing:
    return replace(signing, signatories=_not_named(signing.id, signing.signatories, secrets))


def _not_named(deal_id: uuid.UUID, people: Sequence[Signatory], secrets: Secrets) -> tuple[Signatory, ...]:
    """Who signs a deal, with 保密 for whoever asked for it."""

    def shown(one: Signatory) -> Signatory:
        name = discreet(one.organisation, deal_id, secrets)
        if name == one.organisation:
            return one
        return replace(one, organisation=name, signer="", post="", assistant="")

    return tuple(map(shown, people))


CONFIRMED = (
    "deal_no", "title", "kind", "contract_kind", "contract_no", "amount", "tech_amount", "currency", "foreign_amount",
    "rate", "rate_on", "rate_source", "signed_on", "valid_from", "valid_until", "is_prior", "prior_note", "stage",
    "is_sample",
)  # fmt: skip


def read_confirmations(
    db: Database, expo_id: uuid.UUID, now: datetime, deal_id: uuid.UUID | None = None
) -> ConfirmationData:
    """What the confirmation pages are printed from: every valid deal that is signed, by number, or this one.

    Who asked to be kept secret stands in the page of this one alone, the parties' own paper, printed by somebody who
    may see personal data; that is logged.
    """
    fields = tuple(DEALS.field(name) for name in CONFIRMED)
    query = DEALS.query(fields, expo_id, spoken=True)
    signed = and_(_deal.c.entry == Entry.VALID, _deal.c.stage.in_(SIGNED_STAGES))
    query = query.where(_deal.c.id == deal_id if deal_id else signed)
    with db.reading() as session:
        head, secrets = read_head(session, session.get_one(Expo, expo_id), now), secret_parties(session)
        people = _signatories(session, expo_id)
        names_all = deal_id in secrets and allowed(db.actor.role, "data.reveal")
        found = [
            Confirmation(
                key, dict(zip(CONFIRMED, values, strict=True)),
                _not_named(key, people.get(key, ()), {} if names_all else secrets),
            )
            for key, *values in session.execute(query)
        ]  # fmt: skip
    if names_all:
        log_reveal(db, _deal, _("签约确认单"), deal_id)
    return ConfirmationData(head, tuple(reversed(found)))
