"""资源目录, read whole: 30,000 entries are searched in memory, a key at a time. The pure part is `rules.catalogue`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import named
from expo_app.model import Expo, Instrument, ListedProvider, Organisation, Provider, ServiceItem, VoucherPolicy
from expo_app.model.expo import today_of
from expo_app.rules.catalogue import Body, Catalogue, Entry, Issuer, Kind, PolicyOfDay
from expo_app.rules.region_groups import RegionRule, prefix_name
from expo_app.rules.regions import MUNICIPALITIES, brief_name
from expo_app.rules.terms import Term, Terms
from expo_app.services.region_groups import read_rule
from expo_app.services.voucher_grounds import is_sample_expo
from expo_app.services.words import terms_of
from expo_app.specs import ORGANISATION_KINDS
from expo_app.store.database import Database

READ_OF = frozenset(
    {
        "instrument", "service_item", "provider", "organisation", "voucher_policy", "listed_provider", "region_group",
        "word", "word_choice",
    }
)  # fmt: skip
"""Tables whose change makes a catalogue old."""
URBAN = 5
"""Digits of a prefix that means the districts of a city."""
LAST_DISTRICT = "20"
"""Of the last two digits of a code: what follows are counties and cities of their own."""
_instrument, _item, _provider, _body, _policy, _list = (
    model.__table__ for model in (Instrument, ServiceItem, Provider, Organisation, VoucherPolicy, ListedProvider)
)


class Shelf:
    """A catalogue, and how an expo calls and groups the regions in it. Made by `read`."""

    def __init__(self, catalogue: Catalogue, regions: RegionRule) -> None:
        self.catalogue, self.regions = catalogue, regions


def read(db: Database, expo_id: uuid.UUID | None) -> Shelf:
    """Everything, as of today by the expo's clock; takes about a second with 30,000 instruments, so in a worker."""
    with db.reading() as session:
        expo = session.get(Expo, expo_id) if expo_id else None
        day = today_of(expo, db.now())
        regions = read_rule(session, expo_id)
        bodies = _bodies(session, terms_of(session, ORGANISATION_KINDS, expo_id))
        entries = [*_instruments(session, bodies), *_services(session, bodies), *_providers(session, bodies)]
        in_sample = is_sample_expo(session, expo_id)
        issuers = _issuers(session, day, in_sample)
    return Shelf(Catalogue(entries, issuers, day, regions.key_of, with_samples=in_sample or expo_id is None), regions)


def _rows(session: Session, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    """Rows by name; a damaged value stands as None, as something nobody said."""
    result = session.execute(query)
    names = list(result.keys())
    for row in result:
        yield dict(zip(names, map(readable, row), strict=True))


def _columns(table: Any, names: str) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names.split()]


def _bodies(session: Session, kinds: Terms[Term]) -> dict[uuid.UUID, tuple[Body, Mapping[str, Any]]]:
    """Provider → what entries say of it, and its own row."""
    own = "id organisation_id kind qualification qualified_until is_sample search_text"
    query = select(
        *_columns(_provider, own), *_columns(_body, "name name_en region_code kind_id"),
        _body.c.search_text.label("names"),
    ).join(_body, _body.c.id == _provider.c.organisation_id)  # fmt: skip
    found = {}
    for row in _rows(session, query):
        code, nature = row["region_code"] or "", kinds.get(row["kind_id"])
        body = Body(
            row["id"], row["organisation_id"], named(row["name"] or "", row["name_en"]), code,
            _place(code), nature.label if nature else "", bool(row["is_sample"]),
            f"{row['names'] or ''}\n{row['search_text'] or ''}",
        )  # fmt: skip
        found[body.id] = (body, row)
    return found


def _place(code: str) -> str:
    """Where, as people say it: a district of a city by the city, of a municipality by itself."""
    is_district = "00" < code[4:] <= LAST_DISTRICT and code[:2] not in MUNICIPALITIES
    return brief_name(f"{code[:4]}00" if is_district else code) if code else ""


Bodies = Mapping[uuid.UUID, tuple[Body, Mapping[str, Any]]]


def _instruments(session: Session, bodies: Bodies) -> Iterator[Entry]:
    names = (
        "id provider_id title title_en model_no category subcategory price unit price_from qualification "
        "qualified_until listed_from listed_until accepts is_bookable is_sample search_text"
    )
    for row in _rows(session, select(*_columns(_instrument, names))):
        if (known := bodies.get(row["provider_id"])) is None:
            continue
        accepts = row["accepts"]
        yield Entry(
            Kind.INSTRUMENT, row["id"], named(row["title"] or "", row["title_en"]), known[0], row["search_text"] or "",
            row["category"] or "", row["subcategory"] or "", row["model_no"] or "", row["price"], row["unit"] or "",
            row["price_from"], row["qualification"] or "", row["qualified_until"], row["listed_from"],
            row["listed_until"], None if accepts is None else tuple(accepts), bool(row["is_bookable"]),
            bool(row["is_sample"]),
        )  # fmt: skip


def _services(session: Session, bodies: Bodies) -> Iterator[Entry]:
    names = "id provider_id title title_en field price unit valid_until is_sample search_text"
    for row in _rows(session, select(*_columns(_item, names))):
        if (known := bodies.get(row["provider_id"])) is None:
            continue
        body, provider = known
        yield Entry(
            Kind.SERVICE, row["id"], named(row["title"] or "", row["title_en"]), body, row["search_text"] or "",
            row["field"] or "", price=row["price"], unit=row["unit"] or "", listed_until=row["valid_until"],
            qualification=provider["qualification"] or "", qualified_until=provider["qualified_until"],
            is_sample=bool(row["is_sample"]),
        )  # fmt: skip


def _providers(session: Session, bodies: Bodies) -> Iterator[Entry]:
    for body, row in bodies.values():
        yield Entry(
            Kind.BODY, body.id, body.name, body, body.search, row["kind"] or "",
            qualification=row["qualification"] or "", qualified_until=row["qualified_until"], is_sample=body.is_sample,
        )  # fmt: skip


def _issuers(session: Session, day: date, in_sample: bool) -> list[Issuer]:
    """The regions that have a policy of any day, with the version of this day and their list, by code.

    Samples in a sample expo alone, as uses are judged.
    """
    names = "id region_code title version_no valid_from valid_until rate way accepted_regions needs_list is_sample"
    own = select(*_columns(_policy, names)).where(_policy.c.is_sample.is_(in_sample))
    policies = own.order_by(_policy.c.region_code, _policy.c.version_no)
    codes: dict[str, PolicyOfDay | None] = {}
    for row in _rows(session, policies):
        code = row["region_code"] or ""
        codes.setdefault(code, None)
        if _holds(row, day) and row["rate"] is not None and row["way"] is not None:
            codes[code] = PolicyOfDay(
                row["id"], row["title"] or "", row["version_no"] or 1, row["rate"], row["way"],
                tuple(row["accepted_regions"] or ()), bool(row["needs_list"]), bool(row["is_sample"]),
            )  # fmt: skip
    lists = select(*_columns(_list, "region_code provider_id valid_from valid_until"))
    if not in_sample:
        lists = lists.where(_list.c.is_sample.is_(False))
    listed: dict[str, set[uuid.UUID]] = {}
    for row in _rows(session, lists):
        if _holds(row, day):
            listed.setdefault(row["region_code"], set()).add(row["provider_id"])
    return [Issuer(code, _name(code), policy, frozenset(listed.get(code, ()))) for code, policy in codes.items()]


def _name(code: str) -> str:
    """A region as tags call it: without what kind of place it is, where it is a place of its own."""
    whole = prefix_name(code) if len(code) == URBAN else code
    return brief_name(f"{code[:4]:0<6}" if len(code) == URBAN else f"{code:0<6}") if code in whole else whole


def _holds(row: Mapping[str, Any], day: date) -> bool:
    start, end = row["valid_from"], row["valid_until"]
    return start is not None and start <= day and (end is None or day <= end)
