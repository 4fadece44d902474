"""What the deals bulletin is made from; figures come from `services.statistics`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.i18n import _
from expo_app.model import Deal, Expo
from expo_app.rules.auction_words import SECRET
from expo_app.services import deals_report
from expo_app.services.record_writer import in_parts
from expo_app.services.region_groups import read_rule
from expo_app.services.report_head import read_head
from expo_app.services.statistics.deals_day import read_day, regions_of, sides_of
from expo_app.services.statistics.scope import scope_of
from expo_app.specs.deals_bulletin import DealsBulletin, Side
from expo_app.specs.deals_report import DealLine
from expo_app.store.database import Database


def read(db: Database, expo_id: uuid.UUID, now: datetime, day: date) -> DealsBulletin:
    """One local day of the expo's deals, as they stand at `now` (aware)."""
    ledger = deals_report.read(db, expo_id, now)
    signed = [line for line in ledger.signed if line.values["signed_on"] == day]
    with db.reading() as session:
        scope, rule = scope_of(session, expo_id), read_rule(session, expo_id)
        prior = _prior(session, [line.id for line in signed])
        found = sides_of(session, [line.id for line in (*signed, *ledger.intended)])
        first = sorted((line for line in signed if line.id not in prior), key=_largest_first)
        return DealsBulletin(
            read_head(session, session.get_one(Expo, expo_id), now),
            read_day(session, scope, day),
            tuple(first),
            tuple(line for line in signed if line.id in prior),
            tuple(sorted(ledger.intended, key=_largest_first)),
            regions_of(first, found, rule),
            {
                key: tuple(
                    Side(role, name, rule.label(rule.key_of(code)) if code and name != _(SECRET) else "")
                    for role, name, code in rows
                )
                for key, rows in found.items()
            },
        )


def _largest_first(line: DealLine) -> tuple[bool, Decimal]:
    return line.amount is None, -(line.amount or Decimal(0))


def _prior(session: Session, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    deal = Deal.__table__
    query = select(deal.c.id).where(deal.c.is_prior.is_(True))
    return {key for part in in_parts(ids) for key in session.scalars(query.where(deal.c.id.in_(part)))}
