"""Deals of one day and until its end, counted from the same buckets as every other figure of deals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import SIGNED_STAGES, Deal, DealParty, Organisation, PartyRole
from expo_app.rules.region_groups import RegionRule
from expo_app.services.record_writer import in_parts
from expo_app.services.statistics.deals import (
    DEALS_UNIT,
    Bucket,
    amount_of,
    counted,
    deal_buckets,
    deals_where,
    kinds_of,
    money_note,
    signed_days,
    signed_figures,
    totals_of,
    with_amount,
)
from expo_app.services.statistics.scope import Scope
from expo_app.services.statistics.secret_parties import discreet, secret_parties
from expo_app.specs.deals_bulletin import DealDay, RegionPart
from expo_app.specs.deals_report import DealLine
from expo_app.specs.figures import WAN, Figure, Trace
from expo_app.specs.records import spoken

Party = tuple[PartyRole, str, str | None]
"""Role, name and code of the place of a party."""


def read_day(session: Session, scope: Scope, day: date) -> DealDay:
    """What was signed on a day (签订日期), and until its end; deals without a date are of no day but counted so far.

    Intentions are counted as they stand: they have no date of signing.
    """
    buckets, signed_on = deal_buckets(session, scope), Deal.__table__.c.signed_on
    here = [b for b in buckets if not b.is_prior]
    today = [b for b in here if b.signed_on == day]
    so_far = [b for b in here if b.signed_on is None or b.signed_on <= day]
    all_of_them = signed_figures(scope, totals_of(buckets))

    def first(name: str, label: str, part: list[Bucket], where: ColumnElement[bool]) -> tuple[Figure, Figure]:
        own = [b for b in part if b.is_signed]
        where &= Deal.__table__.c.is_prior.is_(False)
        ids, priced = deals_where(scope, SIGNED_STAGES, where), deals_where(scope, SIGNED_STAGES, where, with_amount())
        words = _("{what}的项目").format(what=label)
        note = money_note(totals_of(own))
        return (
            Figure(name, label, counted(own), _(DEALS_UNIT), _("首次签约于本届"), Trace("deals", words, ids)),
            Figure(
                f"{name}_amount", _("{what}成交额").format(what=label), amount_of(own), WAN, note,
                Trace("deals", words, priced),
            ),
        )  # fmt: skip

    day_first, day_amount = first("signed_of_day", _("当日签约"), today, signed_on == day)
    until = signed_on.is_(None) | (signed_on <= day)
    total_first, total_amount = first("signed_until_day", _("累计签约"), so_far, until)
    return DealDay(
        day, totals_of(today), day_first, day_amount, total_first, total_amount, all_of_them["intended"],
        all_of_them["intended_amount"], kinds_of(b for b in today if b.is_signed), signed_days(so_far),
    )  # fmt: skip


def sides_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Party]]:
    """(role, name, code of its region) of every party of these deals, in order; no witness, a secret one as 保密."""
    party, body = DealParty.__table__, Organisation.__table__
    query = (
        select(party.c.deal_id, party.c.role, spoken(Organisation), body.c.region_code)
        .join(body, body.c.id == party.c.organisation_id)
        .where(party.c.role != PartyRole.WITNESS)
        .order_by(party.c.position, body.c.name)
    )
    found: dict[uuid.UUID, list[Party]] = {}
    secrets = secret_parties(session)
    for part in in_parts(ids):
        for key, role, name, code in sound(session.execute(query.where(party.c.deal_id.in_(part)))):
            found.setdefault(key, []).append((role, discreet(name, key, secrets), code))
    return found


def regions_of(
    lines: Iterable[DealLine], sides: Mapping[uuid.UUID, Sequence[Party]], rule: RegionRule
) -> tuple[RegionPart, ...]:
    """By the expo's groups; a deal counts once in every place that one of its parties is from."""
    by_key: dict[str, list[DealLine]] = {}
    for line in lines:
        for key in sorted({rule.key_of(code) for _role, _name, code in sides.get(line.id, ())}):
            by_key.setdefault(key, []).append(line)
    parts = []
    for key, members in sorted(by_key.items(), key=lambda pair: (not pair[0], rule.place(pair[0]))):
        amounts = [line.amount for line in members if line.amount is not None]
        parts.append(RegionPart(key, rule.label(key), len(members), sum(amounts, Decimal(0)) if amounts else None))
    return tuple(parts)
