"""The deal that a hammer makes, in the hammer's own transaction (拍卖法 art. 51, 52)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from expo_app.model import Bidder, DealKind, DealPatent, DealStage, Entry, LotPatent, PartyRole, PricingWay, new_id
from expo_app.services.deals_parties import add_parties
from expo_app.services.record_writer import Writer, write_row
from expo_app.specs import DEALS

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
    bidder = Bidder.__table__
    buyer = writer.session.execute(
        select(bidder.c.organisation_id, bidder.c.agent).where(bidder.c.id == lot["leader_id"])
    ).one()
    sides = ((lot["owner_id"], PartyRole.SELLER, ""), (buyer.organisation_id, PartyRole.BUYER, buyer.agent))
    add_parties(writer, deal_id, sides)
    copy_patents(writer, deal_id, lot["id"])
    return deal_id


def copy_patents(writer: Writer, deal_id: uuid.UUID, lot_id: uuid.UUID) -> None:
    """The patents of a lot become those of a deal."""
    source, table = LotPatent.__table__, DealPatent.__table__
    query = select(*(source.c[name] for name in _COPIED)).where(source.c.lot_id == lot_id).order_by(source.c.position)
    found = writer.session.execute(query).mappings().all()
    writer.insert(table, [{"id": new_id(), "deal_id": deal_id, **row} for row in found])
