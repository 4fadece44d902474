"""Parties of auction deals who asked to be kept secret (拍卖法 art. 21): no report for others' eyes names them.

The register itself does, and the confirmation that the parties sign: whoever works with a deal has to know them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import Bidder, Lot, Organisation
from expo_app.rules.auction_words import SECRET
from expo_app.specs import confidential

Secrets = Mapping[uuid.UUID, frozenset[str]]
"""Deal → what those of its parties are called, in either language."""


def secret_parties(session: Session) -> Secrets:
    """Whom a lot that became a deal keeps secret: its owner, or the bidder who bought it."""
    lot, bidder, body = Lot.__table__, Bidder.__table__, Organisation.__table__
    owners = select(lot.c.deal_id, body.c.name, body.c.name_en).join(body, body.c.id == lot.c.owner_id)
    buyers = (
        select(lot.c.deal_id, body.c.name, body.c.name_en)
        .join(bidder, bidder.c.id == lot.c.leader_id)
        .join(body, body.c.id == bidder.c.organisation_id)
    )
    found: dict[uuid.UUID, frozenset[str]] = {}
    for query in (owners.where(confidential.owner()), buyers.where(confidential.buyer())):
        for deal_id, *names in sound(session.execute(query.where(lot.c.deal_id.is_not(None)))):
            found[deal_id] = found.get(deal_id, frozenset()) | set(filter(None, names))
    return found


def discreet(names: str, deal_id: uuid.UUID, secrets: Secrets) -> str:
    """The names of a deal's parties for others' eyes: 保密 in the place of whoever asked for it."""
    for name in sorted(secrets.get(deal_id, ()), key=len, reverse=True):
        names = names.replace(name, _(SECRET))
    return names
