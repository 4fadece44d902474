"""Demands and supply of an expo as they are compared and shown, and what else decides: consent, policies, history."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import _, named
from expo_app.model import (
    Achievement,
    Booth,
    CooperationWay,
    Deal,
    DealParty,
    Demand,
    DemandState,
    Entry,
    Exhibitor,
    Expo,
    Meeting,
    Organisation,
    Outcome,
    Provider,
    RegionPolicy,
    ServiceItem,
    TransferWay,
)
from expo_app.rules.matching_score import Known, Points, Policy, Side, pair
from expo_app.rules.plain_letters import unmarked
from expo_app.services.meeting_consents import read_consents
from expo_app.services.meetings_rules import settings_of
from expo_app.services.region_groups import read_rule
from expo_app.specs.names import name_key
from expo_app.specs.natural_order import natural
from expo_app.specs.suggested import Subject

OPEN = (DemandState.COLLECTING, DemandState.REVIEW)
"""Demands for which something is still looked for."""
LATEST = 3
"""So many earlier editions are told of two that met."""
OWNER = ("name", "name_en", "short_name", "aliases", "region_code")
_demand, _achievement, _provider, _item, _body = (
    model.__table__ for model in (Demand, Achievement, Provider, ServiceItem, Organisation)
)
_owner = tuple(_body.c[name].label(f"owner_{name}") for name in OWNER)


def fingerprint(*parts: object) -> str:
    """64 hex digits of what was compared; other ones mean that it changed."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=32).hexdigest()


def of_pair(demand: Subject, supply: Subject) -> str:
    """The fingerprint of a suggestion."""
    return fingerprint(demand.mark, supply.mark)


class _Reader:
    """What is the same for all subjects of one reading."""

    def __init__(self, session: Session, expo_id: uuid.UUID, now: datetime) -> None:
        self.session, self.expo_id = session, expo_id
        self.expo = session.get_one(Expo, expo_id)
        self.day = self.expo.local_day(now)
        self.regions = read_rule(session, expo_id)
        self.consents = read_consents(session, expo_id, self.day)
        self.there = _arrivals(session, expo_id)

    def subject(self, row: Mapping[str, Any], spec: str, ways: Iterable[str], **shown: Any) -> Subject:
        """A row with its owner's columns. The fingerprint is of what is compared alone."""
        owner, aliases = row["owner_id"], row["owner_aliases"] or ()
        names = filter(None, (row["owner_name"], row["owner_name_en"], *aliases))
        parts = (row["title"], row["field"], row["keywords"], shown.pop("body"))
        title, field, keywords, body = (text if isinstance(text, str) else "" for text in parts)
        side = Side(
            row["id"], owner, title, field.strip(), keywords, body, row["owner_region_code"] or "", tuple(ways),
            frozenset(map(name_key, names)), spec == "service-items", bool(row["is_sample"]),
            self.consents.may_match(owner),
        )  # fmt: skip
        words = (
            title,
            row["title_en"],
            field,
            keywords,
            row["owner_name"],
            row["owner_short_name"],
            row["search_text"],
        )
        return Subject(
            side, fingerprint(title, field, keywords, body, side.region, *side.ways), named(title, row["title_en"]),
            named(row["owner_name"], row["owner_name_en"]), self.regions.label_of(row["owner_region_code"]),
            shown.pop("ways_shown"), there=self.there.get(owner, ""), spec=spec,
            search=unmarked(" ".join(filter(None, words))), **shown,
        )  # fmt: skip


def read_both(session: Session, expo_id: uuid.UUID, now: datetime) -> tuple[list[Subject], list[Subject]]:
    """Demands and supply, what they share read once."""
    reader = _Reader(session, expo_id, now)
    return _demands(reader), _supply(reader)


def _demands(reader: _Reader) -> list[Subject]:
    query = select(_demand, *_owner).join(_body, _body.c.id == _demand.c.owner_id)
    query = query.where(_demand.c.expo_id == reader.expo_id).order_by(natural(_demand.c.title), _demand.c.id)
    found = []
    for row in _rows(reader.session, query):
        ways = [name for name in row["ways"] or () if name in CooperationWay.__members__]
        found.append(
            reader.subject(
                row, "demands", ways, body=_joined(row["problem"], row["indicators"], row["conditions"]),
                ways_shown=tuple(CooperationWay[name].label for name in ways), amount=row["budget"],
                indicators=row["indicators"] or row["problem"] or "", term=row["needed_by"], ip=row["ip_terms"] or "",
                is_open=row["state"] in OPEN, contact_id=row["contact_id"],
            )
        )  # fmt: skip
    return found


def _supply(reader: _Reader) -> list[Subject]:
    return [*_results(reader), *_services(reader)]


def _results(reader: _Reader) -> list[Subject]:
    query = select(_achievement, *_owner).join(_body, _body.c.id == _achievement.c.owner_id)
    query = query.where(_achievement.c.expo_id == reader.expo_id)
    contacts = _contacts(reader.session, reader.expo_id)
    found = []
    for row in _rows(reader.session, query.order_by(natural(_achievement.c.title), _achievement.c.id)):
        ways = [TransferWay[name] for name in row["transfer_ways"] or () if name in TransferWay.__members__]
        ip = " ".join(filter(None, (row["ip_status"].label if row["ip_status"] else "", row["patent_no"])))
        found.append(
            reader.subject(
                row, "achievements", [way.name for way in ways],
                body=_joined(row["summary"], row["indicators"]),
                amount=row["asking_price"], indicators=row["indicators"] or row["summary"] or "", trl=row["trl"], ip=ip,
                ways_shown=tuple(way.label for way in ways), contact_id=contacts.get(row["owner_id"]),
            )
        )  # fmt: skip
    return found


def _services(reader: _Reader) -> list[Subject]:
    query = (
        select(_item, _provider.c.organisation_id.label("owner_id"), _provider.c.contact_id, *_owner)
        .join(_provider, _provider.c.id == _item.c.provider_id)
        .join(_body, _body.c.id == _provider.c.organisation_id)
        .where(_item.c.valid_until.is_(None) | (_item.c.valid_until >= reader.day))
        .order_by(natural(_item.c.title), _item.c.id)
    )
    return [
        reader.subject(
            row, "service-items", (), body=row["summary"] or "", ways_shown=(CooperationWay.SERVICE.label,),
            amount=row["price"], unit=row["unit"] or "", indicators=row["summary"] or "", contact_id=row["contact_id"],
        )
        for row in _rows(reader.session, query)
        if reader.consents.may_match(row["owner_id"])
    ]  # fmt: skip


def _rows(session: Session, query: Any) -> list[dict[str, Any]]:
    """Rows by name; a damaged value stands as None, as something nobody said."""
    return [{name: readable(value) for name, value in row.items()} for row in session.execute(query).mappings()]


def _joined(*texts: str | None) -> str:
    return "\n".join(filter(None, texts))


def _contacts(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Organisation → the person it named as exhibitor."""
    query = select(Exhibitor.organisation_id, Exhibitor.contact_id)
    query = query.where(Exhibitor.expo_id == expo_id, Exhibitor.contact_id.is_not(None))
    return {body: person for body, person in session.execute(query) if person is not None}


def _arrivals(session: Session, expo_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Exhibiting organisation → 已到场 or 未到场, and its booths."""
    booths: dict[uuid.UUID, list[str]] = {}
    query = select(Exhibitor.id, Booth.number).join(Booth, Booth.exhibitor_id == Exhibitor.id)
    query = query.where(Exhibitor.expo_id == expo_id)
    for exhibitor, number in session.execute(query.order_by(natural(Booth.__table__.c.number))):
        booths.setdefault(exhibitor, []).append(readable(number) or "")
    there = select(Exhibitor.id, Exhibitor.organisation_id, Exhibitor.arrived_at)
    return {
        body: " · ".join((_("已到场") if readable(at) else _("未到场"), *booths.get(key, ())))
        for key, body, at in session.execute(there.where(Exhibitor.expo_id == expo_id))
    }


# --- what else decides ------------------------------------------------------------------------------------------------
def points_of(session: Session, expo_id: uuid.UUID) -> Points:
    """What each reason counts at most in this expo."""
    row = settings_of(session, expo_id)
    return Points(*(row[f"{kind}_points"] for kind in ("field", "word", "policy", "way", "history")))


def read_known(
    session: Session,
    expo_id: uuid.UUID,
    now: datetime,
    unsuitable: Collection[tuple[uuid.UUID, uuid.UUID]],
    kept: Collection[tuple[uuid.UUID, uuid.UUID]],
) -> Known:
    """Policies, and who met or signed before, of the whole file."""
    expo = session.get_one(Expo, expo_id)
    names = ("title", "demand_region", "supply_region", "field", "valid_from", "valid_until")
    query = select(*(RegionPolicy.__table__.c[name] for name in names)).where(RegionPolicy.expo_id == expo_id)
    policies = [Policy(**row) for row in _rows(session, query.order_by(RegionPolicy.title))]
    met = _met(session, expo.is_sample)
    return Known(expo.local_day(now), policies, met, frozenset(unsuitable), frozenset(kept))


def _met(session: Session, is_sample: bool) -> dict[tuple[uuid.UUID, uuid.UUID], list[str]]:
    """Two organisations → editions in which they held a meeting or signed, the newest first."""
    held = (
        select(Meeting.a_id, Meeting.b_id, Expo.starts_on, Expo.short_name)
        .join(Expo, Expo.id == Meeting.expo_id)
        .where(Meeting.outcome == Outcome.HELD, Expo.is_sample == is_sample)
    )
    one, other = DealParty.__table__.alias(), DealParty.__table__.alias()
    signed = (
        select(one.c.organisation_id, other.c.organisation_id, Expo.starts_on, Expo.short_name)
        .select_from(one)
        .join(other, (other.c.deal_id == one.c.deal_id) & (other.c.organisation_id > one.c.organisation_id))
        .join(Deal, Deal.id == one.c.deal_id)
        .join(Expo, Expo.id == Deal.expo_id)
        .where(Deal.entry == Entry.VALID, Expo.is_sample == is_sample)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], set[tuple[Any, str]]] = {}
    for query in (held, signed):
        for a, b, starts_on, name in session.execute(query):
            found.setdefault(pair(a, b), set()).add((readable(starts_on), readable(name) or ""))
    return {
        both: [f"{name} {day:%Y}" if day else name for day, name in sorted(editions, key=str, reverse=True)[:LATEST]]
        for both, editions in found.items()
    }
