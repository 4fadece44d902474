"""Statistic tables T1 to T10: rows are read once, every table is counted from them, and counted again by `trade_check`.

T1 to T9 count technology contracts by one basis at a time (签约, 已登记, 意向); T10 counts deals of every kind by how
far they came and never adds its lines. A deal is in one line of each table; several sellers or buyers: the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from expo_app.i18n import _, named
from expo_app.model import Deal, DealStage, Edition, EditionFigure, Expo
from expo_app.rules.region_groups import OTHER, RegionRule
from expo_app.rules.registry_lists import Lists
from expo_app.rules.size_classes import mean, total
from expo_app.services.contracts_lists import lists_of
from expo_app.services.report_head import read_head
from expo_app.services.statistics import trade_classes as classes
from expo_app.services.statistics import trade_notes as notes
from expo_app.services.statistics.scope import Scope, grouped, scope_of
from expo_app.services.statistics.trade_check import check_tables
from expo_app.services.statistics.trade_rows import read_regions, read_rows, read_scopes
from expo_app.specs.figures import Trace, ratio
from expo_app.specs.trade_tables import (
    UNKNOWN,
    UNKNOWN_WORDS,
    Basis,
    DealRow,
    Key,
    Line,
    Matrix,
    Sums,
    Table,
    TableQuery,
    TradeTables,
)
from expo_app.store.database import Database

SIGNED_LINE, NOTHING = "signed", Decimal(0)


# --- reading ----------------------------------------------------------------------------------------------------------
def read_tables(db: Database, query: TableQuery, now: datetime) -> TradeTables:
    """Every table of one moment, checked against the raw records in the same transaction.

    Conflict where an expo is gone; ValueError where a sample is asked for together, or compared, with a real expo.
    """
    with db.reading() as session:
        found = count_tables(session, query, now)
        return replace(found, checks=check_tables(session, found))


def trace_of(words: str, ids: Sequence[uuid.UUID]) -> Trace:
    """The deals behind a number, as the ledger opens them."""
    key = Deal.__table__.c.id
    return Trace("deals", words, select(key).where(key.in_(ids)))


def as_json(db: Database, expo_id: uuid.UUID, now: datetime) -> object:
    """The tables of an expo as plain data: amounts are yuan as text, exact; shares and changes numbers."""
    from expo_app.services.statistics.trade_json import plain

    return plain(read_tables(db, TableQuery((expo_id,)), now))


def count_tables(session: Session, query: TableQuery, now: datetime) -> TradeTables:
    """The tables without their checks."""
    scopes, rule = read_scopes(session, query), read_regions(session, query)
    rows, other = read_rows(session, scopes), _compared(session, query, scopes[0])
    tables = _with_totals(tables_of(rows, query, rule, lists_of(session), other.rows, other.query), other.figures)
    contracts = [row for row in rows if is_counted(row, query, rule)]
    head = read_head(session, session.get_one(Expo, query.expo_ids[0]), now)
    asked = notes.filters(session, query, scopes, rule, other.name)
    said = notes.of_all(rows, contracts, query, bool(other.rows))
    if other.is_left_out:
        said = (*said, _("往届只有整届的签约数，缩小范围或换口径后不比。"))
    return TradeTables(query, head, asked, tables, other.name, said)


@dataclass(frozen=True)
class Compared:
    """What is compared with: the deals of another expo, by the query of its days, or the key figures of an edition."""

    name: str = ""
    rows: list[DealRow] | None = None
    query: TableQuery | None = None
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    is_left_out: bool = False
    """Key figures are of a whole edition, and a part is asked for."""


def _compared(session: Session, query: TableQuery, scope: Scope) -> Compared:
    if query.against is None:
        return Compared()
    edition = session.get(Edition, query.against)
    if edition is not None:
        _same_origin(edition.is_sample, scope)
        own = select(EditionFigure.figure, EditionFigure.value).where(
            EditionFigure.edition_id == edition.id, EditionFigure.is_cumulative.is_(False)
        )
        figures: dict[str, Decimal] = dict(session.execute(own).all())
        return Compared(edition.name, figures=figures if query.is_whole else {}, is_left_out=not query.is_whole)
    other = scope_of(session, query.against)
    _same_origin(other.is_sample, scope)
    expo = session.get_one(Expo, other.id)
    days = (other.starts_on - scope.starts_on).days
    return Compared(named(expo.name, expo.name_en), read_rows(session, [other]), shifted(query, days))


def _same_origin(is_sample: bool, scope: Scope) -> None:
    if is_sample != scope.is_sample:
        raise ValueError("a sample is never compared with a real expo")


def shifted(query: TableQuery, days: int) -> TableQuery:
    """The same days counted from another opening."""
    by = timedelta(days)
    return replace(query, since=query.since and query.since + by, until=query.until and query.until + by)


# --- counting: pure ---------------------------------------------------------------------------------------------------
def tables_of(
    rows: Sequence[DealRow],
    query: TableQuery,
    rule: RegionRule,
    lists: Lists,
    before: Sequence[DealRow] | None = None,
    before_query: TableQuery | None = None,
) -> tuple[Table, ...]:
    """T1 to T10 of these deals, in the order of the `lists`.

    `before`: the deals compared with, counted by `before_query` or the same one.
    """
    contracts = [row for row in rows if is_counted(row, query, rule)]
    past = None if before is None else [row for row in before if is_counted(row, before_query or query, rule)]
    whole = Line("total", _("合计"), sums_of(contracts), before=None if past is None else sums_of(past))
    whole = replace(whole, share=Decimal(1) if whole.sums.amount else None)
    found = [_classed(classing, contracts, past, lists, whole) for classing in classes.CLASSINGS]
    by_no = {
        table.no: table
        for table in (*found, _flow(contracts, past, rule, whole), _sizes(contracts, past, lists, whole))
    }
    by_no["T10"] = _progress(rows, before, query, before_query or query, rule)
    if query.basis is Basis.INTENDED:
        by_no = {no: replace(table, holds_intentions=True) for no, table in by_no.items()}
    return tuple(by_no[f"T{at}"] for at in range(1, 11))


def is_counted(row: DealRow, query: TableQuery, rule: RegionRule) -> bool:
    """Whether T1 to T9 count it: a technology contract of the basis, in period and region."""
    return row.is_contract and is_of(row, query.basis) and is_within(row, query, rule, query.basis)


def is_of(row: DealRow, basis: Basis) -> bool:
    """Whether it has come as far as the basis asks, and no other way."""
    if basis is Basis.INTENDED:
        return row.is_intended
    return row.is_registered if basis is Basis.REGISTERED else row.is_signed


def is_within(row: DealRow, query: TableQuery, rule: RegionRule, basis: Basis) -> bool:
    """Whether it is in the period, by the day of its basis, and its first seller or buyer in the region."""
    day = row.registered_on if basis is Basis.REGISTERED else row.day
    if query.since is not None and (day is None or day < query.since):
        return False
    if query.until is not None and (day is None or day > query.until):
        return False
    return query.region is None or query.region in (rule.key_of(row.seller_code), rule.key_of(row.buyer_code))


def sums_of(rows: Iterable[DealRow]) -> Sums:
    """How many, what they come to, and which they are."""
    rows = list(rows)
    amounts = [row.amount for row in rows if row.amount is not None]
    techs = [row.tech_amount for row in rows if row.tech_amount is not None]
    return Sums(
        len(rows), sum(amounts, NOTHING) if amounts else None, sum(techs, NOTHING) if techs else None,
        tuple([row.id for row in rows]),
    )  # fmt: skip


def merged(parts: Iterable[Sums]) -> Sums:
    """Sums of sums that have no deal in common."""
    parts = list(parts)
    return Sums(
        sum(of.count or 0 for of in parts), total(of.amount for of in parts), total(of.tech_amount for of in parts),
        tuple([key for of in parts for key in of.ids]),
    )  # fmt: skip


def _classed(
    classing: classes.Classing, rows: Sequence[DealRow], past: Sequence[DealRow] | None, lists: Lists, whole: Line
) -> Table:
    inner = (classing.part, classing.part.order(lists)) if classing.part else None
    lines = _lines(rows, past, classing.key, classing.order(lists), classing.label, whole.sums.amount, inner)
    lines = tuple(replace(line, colour=classing.colours.get(line.key, "")) for line in lines)
    extras = tuple(
        Line(key, _(words), sums_of(filter(has, rows)), before=None if past is None else sums_of(filter(has, past)))
        for key, words, has in classing.extras
    )
    return Table(
        classing.no, _(classing.title), _(classing.first), lines, whole, extras,
        notes=tuple(map(_, classing.notes)),
    )  # fmt: skip


def _lines(
    rows: Sequence[DealRow],
    past: Sequence[DealRow] | None,
    key: Key,
    order: Sequence[str],
    label: classes.Label,
    whole: Decimal | None,
    inner: tuple[classes.Part, Sequence[str]] | None = None,
) -> tuple[Line, ...]:
    """The lines in `order`, what is not classified last; a line that only the past has shows that there is none now."""
    now = dict(grouped(rows, key, order))
    then = {} if past is None else dict(grouped(past, key, order))
    place = {name: at for at, name in enumerate(order)}
    found = []
    for name in sorted({**now, **then}, key=lambda name: (not name, place.get(name, len(place)), name)):
        members, others = now.get(name, []), None if past is None else then.get(name, [])
        parts: tuple[Line, ...] = ()
        if inner is not None:
            part, own = inner
            parts = _lines(members, others, part.key, own, part.label, whole)
            if len(parts) == 1 and parts[0].key in (UNKNOWN, name):
                parts = ()
        sums = sums_of(members)
        shown = label(name) if name else _(UNKNOWN_WORDS)
        share = ratio(sums.amount, whole) if sums.amount is not None else None
        found.append(Line(name, shown, sums, share, None if others is None else sums_of(others), parts))
    return tuple(found)


def _flow(rows: Sequence[DealRow], past: Sequence[DealRow] | None, rule: RegionRule, whole: Line) -> Table:
    """T7: where contracts go, and the matrix of the expo's regions."""
    lines = _lines(rows, past, classes.flow_of, classes.FLOW_ORDER, classes.flow_label, whole.sums.amount)
    words = [_(classes.FLOW_NOTE)]
    if several := sum(row.sides > 1 for row in rows):
        words.append(_("{n} 份有几个卖方或买方，性质和地区按第一个计。").format(n=f"{several:,}"))
    return Table("T7", _("流向"), _("流向"), lines, whole, matrix=matrix_of(rows, rule), notes=tuple(words))


def matrix_of(rows: Sequence[DealRow], rule: RegionRule) -> Matrix:
    """Sellers' places by buyers' places; every deal is in one cell, so that rows and columns close."""
    if not rule.is_chosen:
        rule = rule.narrowed([code for row in rows for code in (row.seller_code, row.buyer_code)])
    cells: dict[tuple[str, str], list[DealRow]] = {}
    for row in rows:
        cells.setdefault((rule.key_of(row.seller_code), rule.key_of(row.buyer_code)), []).append(row)
    sums = {pair: sums_of(members) for pair, members in cells.items()}
    used = {key for pair in cells for key in pair}
    keys = [key for key in rule.keys if key not in (OTHER, UNKNOWN)] + [OTHER] + [UNKNOWN] * (UNKNOWN in used)
    return Matrix(
        tuple((key, rule.label(key)) for key in keys),
        sums,
        {key: merged(of for (seller, _to), of in sums.items() if seller == key) for key in keys},
        {key: merged(of for (_from, buyer), of in sums.items() if buyer == key) for key in keys},
        merged(sums.values()),
    )


def _sizes(rows: Sequence[DealRow], past: Sequence[DealRow] | None, lists: Lists, whole: Line) -> Table:
    priced = sum(row.amount is not None for row in rows)
    table = _classed(classes.SIZES, rows, past, lists, whole)
    return replace(table, mean=mean(whole.sums.amount, priced), priced=priced)


# --- T10 --------------------------------------------------------------------------------------------------------------
def _progress(
    rows: Sequence[DealRow],
    past: Sequence[DealRow] | None,
    query: TableQuery,
    before_query: TableQuery,
    rule: RegionRule,
) -> Table:
    """T10: how far deals of every kind came; its lines are never added, each by the day of its own basis."""

    def those(some: Sequence[DealRow], asked: TableQuery, step: classes.Step) -> list[DealRow]:
        return [row for row in some if step.has(row) and is_within(row, asked, rule, step.basis)]

    lines = []
    for step in classes.STEPS:
        now = those(rows, query, step)
        then = None if past is None else those(past, before_query, step)
        parts: tuple[Line, ...] = ()
        if step.key == SIGNED_LINE:
            order = [stage.name for stage in DealStage]
            parts = _lines(now, then, lambda row: row.stage, order, lambda key: DealStage[key].label, None)
            parts = parts if len(parts) > 1 else ()
        lines.append(Line(step.key, _(step.words), sums_of(now), None, None if then is None else sums_of(then), parts))
    words = tuple(map(_, classes.STEP_NOTES))
    return Table("T10", _("意向到履约"), _("进展"), tuple(lines), None, notes=words, holds_intentions=True)


def _with_totals(tables: Sequence[Table], figures: Mapping[str, Decimal]) -> tuple[Table, ...]:
    """The tables beside an edition of which key figures alone are known: 技术交易额 of the totals, lines of T10."""
    if not figures:
        return tuple(tables)
    tech, known = figures.get("tech_amount"), dict[str, Sums]()
    for name in ("signed", "intended"):
        count, amount = figures.get(name), figures.get(f"{name}_amount")
        if count is not None or amount is not None:
            known[name] = Sums(None if count is None else int(count), amount)
    found = []
    for table in tables:
        if table.total is None:
            lines = tuple(replace(line, before=known.get(line.key)) for line in table.lines)
            found.append(replace(table, lines=lines))
        else:
            before = None if tech is None else Sums(None, None, tech)
            found.append(replace(table, total=replace(table.total, before=before)))
    return tuple(found)
