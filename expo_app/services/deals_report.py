"""What the ledger is made from, read in one go; figures come from `services.statistics`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from expo_app.model import SIGNED_STAGES, DealStage, Entry, Expo
from expo_app.rules.natural_order import natural_key
from expo_app.services.report_head import in_english, names_in_english, read_head
from expo_app.services.statistics.deals import damaged_deals, read_deal_figures
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.services.statistics.secret_parties import Secrets, discreet, secret_parties
from expo_app.specs import DEALS
from expo_app.specs.deals_figures import DealFigures
from expo_app.specs.deals_report import DealLine, DealsData
from expo_app.store.database import Database

DEAL_FIELDS = (
    "deal_no", "entry", "stage", "title", "kind", "contract_kind", "sellers", "buyers", "others", "amount", "currency",
    "foreign_amount", "rate", "tech_amount", "signed_on", "is_prior", "prior_note", "is_sample",
)  # fmt: skip
"""What a printed ledger needs of a deal."""


def read(db: Database, expo_id: uuid.UUID, now: datetime) -> DealsData:
    """The ledger: signed, intended, and what counts as neither."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        query = DEALS.query(tuple(DEALS.field(name) for name in DEAL_FIELDS), expo_id)
        names, secrets = names_in_english(session), secret_parties(session)
        lines = [
            DealLine(deal_id, _deal_values(deal_id, dict(zip(DEAL_FIELDS, values, strict=True)), names, secrets))
            for deal_id, *values in session.execute(query)
        ]
        head, figures = read_head(session, expo, now), read_deal_figures(session, scope)
        damaged = set(damaged_deals(session, scope))
    counted = [x for x in lines if x.entry is Entry.VALID and (expo.is_sample or not x.is_sample)]
    whole = [x for x in counted if x.id not in damaged]
    signed = [x for x in whole if x.stage in SIGNED_STAGES]
    intended = [x for x in whole if x.stage is DealStage.INTENT]
    kept = {x.id for x in (*signed, *intended)}
    left_out = [x for x in lines if x.id not in kept]
    return DealsData(head, _by_number(signed), _by_number(intended), _by_number(left_out), figures)


def read_summary(session: Session, scope: Scope) -> DealFigures:
    """What the summary report says of it."""
    figures, names = read_deal_figures(session, scope), names_in_english(session)
    return replace(figures, top=tuple(replace(deal, parties=in_english(deal.parties, names)) for deal in figures.top))


def _deal_values(
    deal_id: uuid.UUID, values: dict[str, Any], names: Mapping[str, str], secrets: Secrets
) -> dict[str, Any]:
    return values | {
        side: in_english(discreet(values[side] or "", deal_id, secrets), names)
        for side in ("sellers", "buyers", "others")
    }


def _by_number(lines: Iterable[DealLine]) -> tuple[DealLine, ...]:
    return tuple(sorted(lines, key=lambda line: natural_key(line.values["deal_no"])))
