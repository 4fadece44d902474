"""Co-operation across regions and editions: exhibitors, deals, voucher uses and tenants that link two regions.

A region is a group of the expo (`rules.region_groups`), outside every group a province or a country. Counted are the
real expos of the file, or its sample expos alone; vouchers and tenants belong to the file, and a real expo leaves
samples out of them. What links two places of one region is on the matrix's diagonal and in no total.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import (
    SIGNED_STAGES,
    Deal,
    DealParty,
    Entry,
    Exhibitor,
    ExhibitorKind,
    Expo,
    ExpoOrganiser,
    IndexPoint,
    Organisation,
    OrganiserRole,
    PartyRole,
    Tenant,
    TenantState,
    TenantStep,
    UseState,
    VoucherUse,
)
from expo_app.rules import regions
from expo_app.rules.cooperation_index import IndexYear, index_of, yearly_rate
from expo_app.rules.region_groups import OTHER, UNKNOWN, RegionRule
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.exhibition import CONTRACTED, exhibitor_ids
from expo_app.services.statistics.scope import Scope, known, scope_of
from expo_app.services.statistics.trends import known_editions
from expo_app.specs.cooperation_figures import Cooperation, FlowMatrix, Part, PublishedSeries, YearLine
from expo_app.specs.figures import Figure, Trace
from expo_app.store.database import Database

_exhibitor, _body, _organiser, _expo = (m.__table__ for m in (Exhibitor, Organisation, ExpoOrganiser, Expo))
_deal, _party, _use, _point = (m.__table__ for m in (Deal, DealParty, VoucherUse, IndexPoint))
_tenant, _step = Tenant.__table__, TenantStep.__table__
USED = (UseState.VERIFIED, UseState.SETTLED)
ARRIVED = (TenantState.MOVED_IN, TenantState.INCUBATED, TenantState.LANDED, TenantState.GRADUATED)
SPECS = {
    Part.EXHIBITORS: "exhibitors", Part.DEALS: "deals", Part.VOUCHERS: "voucher_uses", Part.TENANTS: "tenants",
}  # fmt: skip
TABLES = {Part.EXHIBITORS: _exhibitor, Part.DEALS: _deal, Part.VOUCHERS: _use, Part.TENANTS: _tenant}
UNITS = {Part.EXHIBITORS: N_("家"), Part.DEALS: N_("项"), Part.VOUCHERS: N_("笔"), Part.TENANTS: N_("家")}


@dataclass(frozen=True)
class Link:
    """One record that has two places. `year` None: not known; codes of GB/T 2260 or countries, "" not known."""

    id: uuid.UUID
    year: int | None
    source: str
    target: str


@dataclass(frozen=True)
class Counted:
    """The links of a part, and the years of which it is known, be it 0."""

    links: tuple[Link, ...]
    years: frozenset[int]


def cooperation(db: Database, expo_id: uuid.UUID, base: int | None = None) -> Cooperation:
    """As of now; `base`: the base year, else the first of those by which most years have an index."""
    with db.reading() as session:
        return read_cooperation(session, replace(scope_of(session, expo_id), at=db.now()), base)


def read_cooperation(session: Session, scope: Scope, base: int | None = None) -> Cooperation:
    """The same within a session that is already open; an edition that is still to come is not known yet."""
    rule = read_rule(session, scope.id)
    known_here = (one.scope for one in known_editions(session, scope.is_sample))
    expos = [one for one in known_here if one is not None and one.starts_on <= scope.today]
    counted = {
        Part.EXHIBITORS: _exhibitors(session, expos),
        Part.DEALS: _deals(session, expos, rule),
        Part.VOUCHERS: _vouchers(session, scope),
        Part.TENANTS: _tenants(session, scope),
    }
    across = {part: [link for link in one.links if _is_across(link, rule)] for part, one in counted.items()}
    by_year = {part: _by_year(across[part], counted[part].years) for part in Part}
    bases = tuple(sorted({year for of_years in by_year.values() for year, count in of_years.items() if count}))
    chosen = base if base in bases else max(bases, key=lambda year: (_known(by_year, year), -year), default=None)
    lines = _lines(by_year, chosen, across)
    return Cooperation(
        tuple(_figure(part, across[part], counted[part].years) for part in Part),
        chosen,
        lines,
        tuple(_matrix(part, counted[part].links, rule) for part in Part),
        _rate(lines, chosen),
        tuple((part, n) for part in Part if (n := sum(not _is_placed(link, rule) for link in counted[part].links))),
        _published(session, scope),
        bases,
    )


def _region(code: str, rule: RegionRule) -> str:
    """The key of a place's group; outside every group the code of its province or country."""
    key = rule.key_of(code)
    return regions.province_of(code) or code if key == OTHER else key


def _is_placed(link: Link, rule: RegionRule) -> bool:
    return link.year is not None and UNKNOWN not in (rule.key_of(link.source), rule.key_of(link.target))


def _is_across(link: Link, rule: RegionRule) -> bool:
    return _is_placed(link, rule) and _region(link.source, rule) != _region(link.target, rule)


def _by_year(links: Iterable[Link], years: frozenset[int]) -> dict[int, int]:
    counts = Counter(link.year for link in links)
    return {year: counts[year] for year in sorted(years)}


def _known(by_year: Mapping[Part, Mapping[int, int]], base: int) -> int:
    """Of how many years there is an index with this base."""
    return sum(one.value is not None for one in _index(by_year, base))


def _index(by_year: Mapping[Part, Mapping[int, int]], base: int) -> Sequence[IndexYear]:
    years = {year for of_years in by_year.values() for year in of_years}
    return index_of({part.name: by_year[part] for part in Part}, years, base)


def _lines(
    by_year: Mapping[Part, Mapping[int, int]], base: int | None, across: Mapping[Part, Sequence[Link]]
) -> tuple[YearLine, ...]:
    if base is None:
        return ()
    keys: dict[tuple[Part, int | None], list[uuid.UUID]] = defaultdict(list)
    for part, links in across.items():
        for link in links:
            keys[part, link.year].append(link.id)

    def trace(part: Part, year: int) -> Trace | None:
        found = keys.get((part, year))
        return _trace(part, f"{part.label} {year}", found) if found else None

    return tuple(
        YearLine(
            one.year,
            tuple(by_year[part].get(one.year) for part in Part),
            one,
            tuple(trace(part, one.year) for part in Part),
        )
        for one in _index(by_year, base)
    )


def _rate(lines: Sequence[YearLine], base: int | None) -> Decimal | None:
    known = [line.index for line in lines if line.index.value is not None and base is not None and line.year >= base]
    if len(known) < 2 or known[0].value is None or known[-1].value is None:
        return None
    return yearly_rate(known[0].value, known[-1].value, known[-1].year - known[0].year)


def _matrix(part: Part, links: Iterable[Link], rule: RegionRule) -> FlowMatrix:
    """Regions that anything came from or went to: the expo's groups in their order, then what is outside them."""
    flows: dict[tuple[str, str], list[uuid.UUID]] = defaultdict(list)
    for link in links:
        if _is_placed(link, rule):
            flows[_region(link.source, rule), _region(link.target, rule)].append(link.id)
    found = {key for pair in flows for key in pair}
    groups, others = [key for key in rule.keys if key in found], sorted(found.difference(rule.keys))
    keys = [*groups, *others]
    labels = (*map(rule.label, groups), *map(regions.brief_name, others))
    place = {key: at for at, key in enumerate(keys)}
    traces = {
        (place[source], place[target]): _trace(part, f"{labels[place[source]]} → {labels[place[target]]}", ids)
        for (source, target), ids in flows.items()
    }
    counts = tuple(tuple(len(flows.get((source, target), ())) for target in keys) for source in keys)
    return FlowMatrix(part, labels, counts, traces)


def _figure(part: Part, links: Sequence[Link], years: frozenset[int]) -> Figure:
    trace = _trace(part, part.label, [link.id for link in links])
    return Figure(f"across_{part.name.lower()}", part.label, known(len(links), years), _(UNITS[part]), "", trace)


def _trace(part: Part, words: str, keys: Iterable[uuid.UUID]) -> Trace:
    table, ids = TABLES[part], frozenset(keys)
    return Trace(SPECS[part], words, select(table.c.id).where(table.c.id.in_(sorted(ids))), ids)


# --- what links two places --------------------------------------------------------------------------------------------
def _exhibitors(session: Session, expos: Sequence[Scope]) -> Counted:
    """Main exhibitors under contract, from their own place to that of the first host that has one."""
    links: list[Link] = []
    years: set[int] = set()
    for expo in expos:
        host = session.scalar(
            select(_body.c.region_code)
            .join(_organiser, _organiser.c.organisation_id == _body.c.id)
            .where(_organiser.c.expo_id == expo.id, _organiser.c.role == OrganiserRole.HOST, _body.c.region_code != "")
            .order_by(_organiser.c.position)
        )
        if not (host := readable(host)):
            continue
        years.add(expo.starts_on.year)
        query = (
            select(_exhibitor.c.id, _body.c.region_code)
            .join(_body, _body.c.id == _exhibitor.c.organisation_id)
            .where(_exhibitor.c.id.in_(exhibitor_ids(expo, ExhibitorKind.EXHIBITOR, True, CONTRACTED)))
        )
        rows = session.execute(query)
        links += [Link(key, expo.starts_on.year, readable(code) or "", host) for key, code in rows]
    return Counted(tuple(links), frozenset(years))


def _deals(session: Session, expos: Sequence[Scope], rule: RegionRule) -> Counted:
    """Signed deals, each once: from the first seller to the first buyer; of parties of equal rank from the first to the
    first of another region."""
    links: list[Link] = []
    for expo in expos:
        query = (
            select(_deal.c.id, _party.c.role, _body.c.region_code)
            .join(_party, _party.c.deal_id == _deal.c.id)
            .join(_body, _body.c.id == _party.c.organisation_id)
            .where(expo.own(_deal), _deal.c.entry == Entry.VALID, _deal.c.stage.in_(SIGNED_STAGES))
            .where(_deal.c.is_prior.is_(False), _party.c.role != PartyRole.WITNESS)
            .order_by(_party.c.position, _party.c.id)
        )
        parties: dict[uuid.UUID, list[tuple[PartyRole, str]]] = defaultdict(list)
        for key, role, code in session.execute(query):
            parties[key].append((role, readable(code) or ""))
        year = expo.starts_on.year
        links += [Link(key, year, *_ends(of_deal, rule)) for key, of_deal in parties.items()]
    return Counted(tuple(links), frozenset(expo.starts_on.year for expo in expos))


def _ends(parties: Sequence[tuple[PartyRole, str]], rule: RegionRule) -> tuple[str, str]:
    def first(role: PartyRole) -> str | None:
        return next((code for party, code in parties if party is role), None)

    source, target = first(PartyRole.SELLER), first(PartyRole.BUYER)
    if source is not None and target is not None:
        return source, target
    codes = [code for _role, code in parties]
    start = codes[0]
    return start, next(
        (code for code in codes if _region(code, rule) not in (_region(start, rule), UNKNOWN)), codes[-1]
    )


def _vouchers(session: Session, scope: Scope) -> Counted:
    """Uses that were verified, by the day they were; corrections are of a use that counts already."""
    query = select(_use.c.id, _use.c.verified_on, _use.c.issuer_code, _use.c.payee_code).where(
        _use.c.state.in_(USED), _use.c.corrects_id.is_(None), scope.real(_use)
    )
    rows = [(key, readable(day), source, target) for key, day, source, target in session.execute(query)]
    return _of_the_file([Link(key, day.year if day else None, s or "", t or "") for key, day, s, t in rows])


def _tenants(session: Session, scope: Scope) -> Counted:
    """Companies that moved in, a park's each once, by the first day they had: from where they produce to where they
    research.

    Who is only known from a report is not counted: the park's reported total says how many there are.
    """
    moved = (
        select(_step.c.tenant_id, func.min(func.nullif(_step.c.on_day, "")).label("on_day"))
        .where(_step.c.state.in_(ARRIVED), _step.c.is_undone.is_(False))
        .group_by(_step.c.tenant_id)
        .subquery()
    )
    query = (
        select(
            _tenant.c.id,
            moved.c.on_day,
            _tenant.c.production_region,
            _tenant.c.research_region,
            _tenant.c.park_id,
            _tenant.c.organisation_id,
        )
        .join(moved, moved.c.tenant_id == _tenant.c.id)
        .where(scope.real(_tenant), _tenant.c.source == "")
        .order_by(_tenant.c.stay)
    )
    found: dict[tuple[uuid.UUID, ...], Link] = {}
    for key, on_day, home, park, *place in session.execute(query):
        day = readable(on_day) or ""
        found.setdefault(tuple(place), Link(key, int(day[:4]) if day else None, home or "", park or ""))
    return _of_the_file(list(found.values()))


def _of_the_file(links: Sequence[Link]) -> Counted:
    """Between its first and its last year a part without a record is 0, outside it is not known."""
    years = [link.year for link in links if link.year is not None]
    return Counted(tuple(links), frozenset(range(min(years), max(years) + 1)) if years else frozenset())


# --- what others published --------------------------------------------------------------------------------------------
def _published(session: Session, scope: Scope) -> tuple[PublishedSeries, ...]:
    query = select(_point).where(scope.real(_point)).order_by(_point.c.series, _point.c.year)
    series: dict[str, list[tuple[int, Decimal, str]]] = defaultdict(list)
    for row in session.execute(query).mappings():
        year, value = readable(row["year"]), readable(row["value"])
        if year is not None and value is not None:
            series[row["series"]].append((year, value, row["source"] or ""))
    return tuple(
        PublishedSeries(
            name,
            tuple((year, value) for year, value, _source in points),
            yearly_rate(points[0][1], points[-1][1], points[-1][0] - points[0][0]),
            "；".join(dict.fromkeys(source for _year, _value, source in points if source)),
        )
        for name, points in series.items()
    )
