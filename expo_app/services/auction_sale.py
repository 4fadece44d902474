"""The deal that a hammer makes, in the hammer's own transaction (拍卖法 art. 51, 52)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from expo_app.model import (
    Bidder,
    DealKind,
    DealParty,
    DealPatent,
    DealStage,
    Entry,
    LotPatent,
    Organisation,
    PartyRole,
    PricingWay,
    new_id,
)
from expo_app.services.record_writer import Writer, write_row
from expo_app.specs import DEALS
from expo_app.store.staging import default

_COPIED = ("position", "kind", "title", "application_no", "patent_no", "applicant", "holder", "filed_on")


def make_deal(writer: Writer, lot: Mapping[str, Any], today: date) -> uuid.UUID:
    """The deal of a lot that has just been sold, signed today; its key.

    `lot`: its row, with `price` and `leader_id` as the hammer found them and `session_programme_item_id`. Numbered,
    dated and logged as a deal that a form enters.
    """
    values = {
        "title": lot["title"],
        "kind": DealKind.AUCTION_SALE,
        "stage": DealStage.SIGNED,
        "entry": Entry.VALID,
        "amount": lot["price"],
        "signed_on": today,
        "pricing_way": PricingWay.AUCTIONED,
        "programme_item_id": lot["session_programme_item_id"],
        "is_sample": lot["is_sample"],
    }
    deal_id = write_row(writer, DEALS, values)
    _add_parties(writer, deal_id, lot)
    copy_patents(writer, deal_id, lot["id"])
    return deal_id


def _add_parties(writer: Writer, deal_id: uuid.UUID, lot: Mapping[str, Any]) -> None:
    """By their keys: a name may hold what separates names in a form."""
    bidder, body = Bidder.__table__, Organisation.__table__
    buyer = writer.session.execute(
        select(bidder.c.organisation_id, bidder.c.agent).where(bidder.c.id == lot["leader_id"])
    ).one()
    sides = ((lot["owner_id"], PartyRole.SELLER, ""), (buyer.organisation_id, PartyRole.BUYER, buyer.agent))
    natures = dict(
        writer.session.execute(select(body.c.id, body.c.nature).where(body.c.id.in_([key for key, *_r in sides]))).all()
    )
    table = DealParty.__table__
    empty = {column.name: default(column) for column in table.c}
    writer.insert(
        table,
        [
            {**empty, "id": new_id(), "deal_id": deal_id, "organisation_id": key, "role": role, "signer": signer,
             "nature": natures[key]}
            for key, role, signer in sides
        ],
    )  # fmt: skip


def copy_patents(writer: Writer, deal_id: uuid.UUID, lot_id: uuid.UUID) -> None:
    """The patents of a lot become those of a deal."""
    source, table = LotPatent.__table__, DealPatent.__table__
    query = select(*(source.c[name] for name in _COPIED)).where(source.c.lot_id == lot_id).order_by(source.c.position)
    found = writer.session.execute(query).mappings().all()
    writer.insert(table, [{"id": new_id(), "deal_id": deal_id, **row} for row in found])
