"""What the directory 会刊 is made from, read in one go."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import Attendee, Exhibitor, ExhibitorKind, Expo, Organisation, Person
from expo_app.rules import masks, phones, regions
from expo_app.rules.directory_checks import USUAL_LIMIT, Flaw, Listed, flaws, printed_address, printed_phone, repeated
from expo_app.rules.natural_order import natural_key
from expo_app.rules.region_groups import UNKNOWN, RegionRule
from expo_app.rules.search_key import spelling
from expo_app.rules.terms import Term, Terms
from expo_app.services.records import log_reveal
from expo_app.services.report_head import read_head
from expo_app.services.statistics.exhibition import CONTRACTED, read_exhibition
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.services.words import terms_of
from expo_app.specs import EXHIBITORS, INDUSTRIES
from expo_app.specs.exhibitors import booth_numbers
from expo_app.specs.exhibitors_report import DirectoryData, DirectoryEntry, DirectoryGroup
from expo_app.specs.names import name_key
from expo_app.specs.records import spoken
from expo_app.specs.report_data import Finding
from expo_app.store.database import Database

UNKNOWN_REGION, SERVICE, ALONE = N_("未填地区"), N_("技术服务机构"), N_("联合参展与代表企业（主展商未列）")


def read(db: Database, expo_id: uuid.UUID, now: datetime, *, reveal: str = "") -> DirectoryData:
    """Exhibitors under contract by region, service institutions last.

    A contact stands in it only with recorded consent; phone and e-mail are masked unless `reveal` gives the reason,
    which needs the right to and is logged. UserError without that right.
    """
    if reveal:
        log_reveal(db, Exhibitor.__table__, reveal)
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        industries, figures = terms_of(session, INDUSTRIES, expo_id), read_exhibition(session, scope)
        groups, by_region = _groups(_exhibitor_rows(session, scope), figures.rule, industries, bool(reveal))
        head, limit = read_head(session, expo, now), readable(expo.directory_limit, USUAL_LIMIT)
        return DirectoryData(head, groups, figures, bool(reveal), tuple(industries), limit, by_region)


def _exhibitor_rows(session: Session, scope: Scope) -> Sequence[Mapping[Any, Any]]:
    """Everything the directory says of exhibitors and co-exhibitors under contract, in one statement."""
    table, body, person = Exhibitor.__table__, Organisation.__table__, Person.__table__
    agreed = exists().where(
        Attendee.expo_id == scope.id, Attendee.person_id == table.c.contact_id, Attendee.consent_at.is_not(None)
    )
    query = (
        select(
            table.c.id, table.c.main_id, table.c.kind, table.c.brings_own,
            table.c.exhibits, table.c.wants, table.c.is_sample,
            spoken(Organisation).label("name"), body.c.name.label("own_name"), body.c.name_en,
            body.c.region_code, body.c.industry_id, body.c.summary, body.c.address, body.c.website,
            booth_numbers().label("booths"), agreed.label("agreed"),
            spoken(Person).label("contact"), person.c.title, person.c.phone, person.c.email,
        )
        .select_from(
            table.join(body, body.c.id == table.c.organisation_id).outerjoin(person, person.c.id == table.c.contact_id)
        )
        .where(scope.own(table), table.c.state.in_(CONTRACTED))
    )  # fmt: skip
    return session.execute(query).mappings().all()


def _groups(
    rows: Sequence[Mapping[Any, Any]], rule: RegionRule, industries: Terms[Term], revealed: bool
) -> tuple[tuple[DirectoryGroup, ...], tuple[DirectoryGroup, ...]]:
    """Stands by region, then the service institutions and who is at no stand in it; everybody by region."""
    stands = _stands(rows)
    beside: dict[uuid.UUID, list[Mapping[Any, Any]]] = {}
    for row in rows:
        if (stand := stands[row["id"]]) is not None and stand != row["id"]:
            beside.setdefault(stand, []).append(row)
    groups: dict[tuple[str, str], list[DirectoryEntry]] = {("", key): [] for key in rule.keys}
    groups |= {(SERVICE, UNKNOWN): [], (ALONE, UNKNOWN): []}
    regions: dict[str, list[DirectoryEntry]] = {key: [] for key in rule.keys}
    for row in rows:
        if stands[row["id"]] in (None, row["id"]):
            apart = ALONE if stands[row["id"]] is None else SERVICE if row["kind"] is ExhibitorKind.SERVICE else ""
            region = rule.key_of(row["region_code"])
            entry = _directory_entry(row, beside.get(row["id"], ()), industries, revealed)
            entry = replace(entry, is_alone=apart == ALONE)
            groups[apart, UNKNOWN if apart else region].append(entry)
            regions.setdefault(region, []).append(entry)
            for other, at in zip(_by_name(beside.get(row["id"], ())), entry.beside, strict=True):
                regions.setdefault(rule.key_of(other["region_code"]), []).append(at)
    order = lambda entry: (not entry.booths, natural_key(entry.booths), entry.spelling, entry.name)  # noqa: E731
    told = tuple(
        DirectoryGroup(_title(apart, key, rule), tuple(sorted(entries, key=order)))
        for (apart, key), entries in groups.items()
        if entries
    )
    indexed = sorted(regions.items(), key=lambda pair: pair[0] == UNKNOWN)
    return told, tuple(DirectoryGroup(_title("", key, rule), tuple(entries)) for key, entries in indexed if entries)


def _stands(rows: Iterable[Mapping[Any, Any]]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Whose stand each is at in the end, where who is represented hangs on a co-exhibitor; None: no stand's in it."""
    mains = {row["id"]: row["main_id"] for row in rows}
    own = {row["id"] for row in rows if row["main_id"] is None and row["kind"] is not ExhibitorKind.REPRESENTED}

    def stand(at: uuid.UUID | None) -> uuid.UUID | None:
        seen: set[uuid.UUID] = set()
        while at is not None and at not in own and at not in seen:
            seen.add(at)
            at = mains.get(at)
        return at if at in own else None

    return {key: stand(key) for key in mains}


def _by_name(rows: Iterable[Mapping[Any, Any]]) -> list[Mapping[Any, Any]]:
    return sorted(rows, key=lambda row: str(row["name"]))


def _title(apart: str, key: str, rule: RegionRule) -> str:
    if apart:
        return _(apart)
    return rule.label(key) if key != UNKNOWN else _(UNKNOWN_REGION)


def _directory_entry(
    row: Mapping[Any, Any], beside: Iterable[Mapping[Any, Any]], industries: Terms[Term], revealed: bool
) -> DirectoryEntry:
    name, booths = row["name"], row["booths"] or ""
    others = (_directory_entry(other, (), industries, revealed) for other in _by_name(beside))
    return DirectoryEntry(
        id=row["id"],
        name=name,
        name_en=row["name_en"] or "",
        spelling=spelling(name),
        booths=booths,
        region=regions.place_name(row["region_code"]),
        industry=industries.get(row["industry_id"]),
        exhibits=row["exhibits"],
        wants=row["wants"],
        summary=row["summary"],
        address=row["address"],
        website=row["website"],
        contact=_contact(row, revealed) if row["agreed"] else (),
        is_sample=row["is_sample"],
        is_service=row["kind"] is ExhibitorKind.SERVICE,
        is_represented=row["kind"] is ExhibitorKind.REPRESENTED
        or (row["main_id"] is not None and row["brings_own"] is False),
        beside=tuple(replace(other, id=row["id"], booths=booths) for other in others),
    )


def _contact(row: Mapping[Any, Any], revealed: bool) -> tuple[str, ...]:
    who = " ".join(text for text in (row["contact"], row["title"]) if text)
    phone = phones.show(row["phone"] or "") if revealed else masks.mask_phone(row["phone"])
    mail = printed_address(row["email"] or "") if revealed else ""
    return tuple(text for text in (who, printed_phone(phone), mail) if text)


# --- what is to be corrected before it is printed ---------------------------------------------------------------------
def findings(db: Database, expo_id: uuid.UUID) -> tuple[Finding, ...]:
    """What entries have that the directory does not want, as `rules.directory_checks` says; to be corrected first."""
    with db.reading() as session:
        scope, expo = scope_of(session, expo_id), session.get_one(Expo, expo_id)
        limit = readable(expo.directory_limit, USUAL_LIMIT)
        rows = sorted(_exhibitor_rows(session, scope), key=lambda row: (spelling(row["name"]), row["name"]))
        twice = repeated(name_key(row["own_name"]) for row in rows)
        found, stands = [], _stands(rows)
        for row in rows:
            own = flaws(_listed(row), limit)
            if name_key(row["own_name"]) in twice:
                own.insert(0, Flaw("name", _("这家单位在会刊里不止一次；一家只登一条，几个展位也一样。")))
            if stands[row["id"]] is None:
                words = _("会刊里没有它的主展商，单列在最后。把“联合参展于”填成已确认参展的一家。")
                own.insert(0, Flaw("main", words))
            found += [Finding(EXHIBITORS.name, row["id"], row["name"], flaw.words, flaw.is_mended) for flaw in own]
        return tuple(sorted(found, key=lambda finding: finding.is_mended))


def _listed(row: Mapping[Any, Any]) -> Listed:
    """What is printed of a row: a contact only where it is agreed to."""
    agreed = bool(row["agreed"])
    return Listed(
        row["own_name"], row["name_en"] or "", row["website"] or "", (row["email"] or "") if agreed else "",
        (row["phone"] or "") if agreed else "",
        tuple((name, row[name]) for name in ("exhibits", "wants", "summary") if row[name]),
    )  # fmt: skip
