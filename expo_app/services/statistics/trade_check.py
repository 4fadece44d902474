"""对账: every total of the statistic tables, and those of ledger and press figures, counted again from the raw records.

A second reading that shares no counting with the first: the database adds whole fen, statement by statement.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, case, false, func, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from expo_app.damaged import sound
from expo_app.i18n import _
from expo_app.model import Deal, DealKind, DealParty, DealStage, Entry, Organisation, PartyRole, Registration
from expo_app.rules.region_groups import RegionRule
from expo_app.services.statistics import trade_classes as classes
from expo_app.services.statistics.deals import damaged_deals, read_deal_figures, unread_deals
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.services.statistics.trade_rows import begin_of, end_of, read_regions, read_scopes
from expo_app.specs.deals import in_yuan
from expo_app.specs.trade_tables import UNREAD, Basis, Check, Line, Sums, Table, TableQuery, TradeTables

Raw = tuple[int, int | None, int | None]
"""Deals, fen of 成交额, fen of 技术交易额."""
_deal, _party, _body = Deal.__table__, DealParty.__table__, Organisation.__table__
_fen, _tech_fen = (type_coerce(column, BigInteger) for column in (_deal.c.amount, _deal.c.tech_amount))
DONE = (DealStage.SIGNED, DealStage.REGISTERED, DealStage.PERFORMING, DealStage.LANDED)
MEASURES = ("count", "amount", "tech_amount")


def check_tables(session: Session, tables: TradeTables) -> tuple[Check, ...]:
    """Every total as published and as recounted; lines only where they differ, with the deals to look at."""
    query = tables.query
    scopes, rule = read_scopes(session, query), read_regions(session, query)
    again = Recount(session, query, scopes, rule)
    found = _unread(session, scopes)
    found += _converted(session, again)
    whole = again.sums(again.contracts)
    for table in tables.tables:
        if table.no == "T10":
            found += _steps(again, table)
        elif table.total is not None:
            found += _compare(table, table.total, whole, again)
            found += _lines(again, table)
    found += _figures(session, scopes)
    return tuple(found)


@dataclass(frozen=True)
class Recount:
    """The second reading: conditions on raw columns, sums by the database."""

    session: Session
    query: TableQuery
    scopes: Sequence[Scope]
    rule: RegionRule

    @cached_property
    def contracts(self) -> ColumnElement[bool]:
        """What T1 to T9 count."""
        return and_(_deal.c.kind == DealKind.TECH_CONTRACT, self.of(self.query.basis), self.within(self.query.basis))

    @cached_property
    def valid(self) -> ColumnElement[bool]:
        """Valid entries of these expos; what cannot be read counts nowhere."""
        own = (
            and_(_deal.c.expo_id == scope.id, true() if scope.is_sample else _deal.c.is_sample.is_(False))
            for scope in self.scopes
        )
        lost = [key for scope in self.scopes for key in damaged_deals(self.session, scope)]
        return and_(_deal.c.entry == Entry.VALID, or_(*own), *([_deal.c.id.not_in(lost)] if lost else []))

    def of(self, basis: Basis) -> ColumnElement[bool]:
        """How far a deal has come."""
        if basis is Basis.INTENDED:
            return and_(self.valid, _deal.c.stage == DealStage.INTENT)
        is_registered = or_(_deal.c.registration == Registration.REGISTERED, _deal.c.stage == DealStage.REGISTERED) & (
            _deal.c.kind == DealKind.TECH_CONTRACT
        )
        return and_(self.valid, _deal.c.stage.in_(DONE), is_registered if basis is Basis.REGISTERED else true())

    def within(self, basis: Basis) -> ColumnElement[bool]:
        """In the period and the region."""
        day = _deal.c.registered_on if basis is Basis.REGISTERED else _deal.c.signed_on
        zone, since, until = self.scopes[0].zone, self.query.since, self.query.until
        is_noted = and_(
            day.is_(None), _deal.c.stage == DealStage.INTENT, true() if basis is not Basis.REGISTERED else false()
        )
        found: list[ColumnElement[bool]] = []
        if since is not None:
            found.append(or_(day >= since, and_(is_noted, _deal.c.created_at >= begin_of(since, zone))))
        if until is not None:
            found.append(or_(day <= until, and_(is_noted, _deal.c.created_at < end_of(until, zone))))
        if self.query.region is not None:
            found.append(or_(self.lies(_seller.c.code), self.lies(_buyer.c.code)))
        return and_(true(), *found)

    def lies(self, code: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a place is in the region asked for."""
        known = self.session.scalars(select(_body.c.region_code).where(_body.c.region_code.is_not(None)).distinct())
        wanted = [one for one in known if self.rule.key_of(one) == self.query.region]
        inside = code.in_(wanted)
        return or_(inside, func.coalesce(code, "") == "") if self.rule.key_of(None) == self.query.region else inside

    def sums(self, where: ColumnElement[bool]) -> Sums:
        """Count and sums of what meets the condition."""
        query = select(func.count(), func.sum(_fen), func.sum(_tech_fen)).select_from(self.source).where(where)
        return _sums(self.session.execute(query).one())

    @property
    def source(self) -> FromClause:
        """The deals, beside their sellers and buyers where a region is asked for."""
        return _deal if self.query.region is None else SIDES

    def by(
        self, *keys: ColumnElement[Any], where: ColumnElement[bool], sided: bool = False
    ) -> dict[tuple[Any, ...], Sums]:
        """The same by the values of columns."""
        query = select(*keys, func.count(), func.sum(_fen), func.sum(_tech_fen))
        query = query.select_from(SIDES if sided else self.source).where(where).group_by(*keys)
        return {tuple(row[: len(keys)]): _sums(row[len(keys) :]) for row in self.session.execute(query)}

    def ids(self, where: ColumnElement[bool]) -> set[uuid.UUID]:
        """The deals themselves."""
        return set(self.session.scalars(select(_deal.c.id).select_from(SIDES).where(where)))


def _sums(raw: Sequence[Any]) -> Sums:
    count, amount, tech = raw
    return Sums(int(count), _yuan(amount), _yuan(tech))


def _yuan(fen: Any) -> Decimal | None:
    return None if fen is None else Decimal(str(fen)).scaleb(-2)


def _added(parts: Iterable[Sums]) -> Sums:
    """Sums of sums."""
    parts = list(parts)
    return Sums(
        sum(of.count or 0 for of in parts), _known(of.amount for of in parts), _known(of.tech_amount for of in parts)
    )


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


# --- columns of the raw records ---------------------------------------------------------------------------------------
_ranked = (
    select(
        _party.c.deal_id,
        _party.c.role,
        func.coalesce(func.nullif(_party.c.nature, ""), _body.c.nature).label("nature"),
        _body.c.region_code.label("code"),
        func.row_number()
        .over(partition_by=(_party.c.deal_id, _party.c.role), order_by=(_party.c.position, _party.c.id))
        .label("place"),
    )
    .join(_body, _body.c.id == _party.c.organisation_id)
    .cte("ranked")
)
_seller, _buyer = (
    select(_ranked).where(_ranked.c.role == role, _ranked.c.place == 1).subquery(name)
    for role, name in ((PartyRole.SELLER, "seller"), (PartyRole.BUYER, "buyer"))
)
"""The first body of each side, by position."""
SIDES = _deal.outerjoin(_seller, _seller.c.deal_id == _deal.c.id).outerjoin(_buyer, _buyer.c.deal_id == _deal.c.id)
_sizes = ((_fen >= 1_000_000_000, "very_large"), (_fen >= 500_000_000, "large"), (_fen >= 0, "small"))
_size = case((_fen.is_(None), ""), *_sizes, else_="negative")
_ip = case((_deal.c.ip_kind.in_(classes.PATENT_KINDS), classes.PATENT), else_=_deal.c.ip_kind)
KEYS: Mapping[str, ColumnElement[Any]] = {
    "T1": _deal.c.contract_kind,
    "T2": _deal.c.tech_field,
    "T3": _seller.c.nature,
    "T4": _buyer.c.nature,
    "T5": _ip,
    "T6": _deal.c.plan_source,
    "T8": _size,
    "T9": _deal.c.social_goal,
}
"""What each table's lines are made of. T7 asks for two places."""
SIDED = ("T3", "T4")


# --- comparing --------------------------------------------------------------------------------------------------------
def _lines(again: Recount, table: Table) -> list[Check]:
    """The sum of a table's lines against its total, and every line that the raw records tell otherwise."""
    if table.total is None:
        return []
    found = list(
        _compare(table, _renamed(table.total, _("各行之和")), _added(line.sums for line in table.lines), again)
    )
    if table.matrix is not None:
        by_pair = again.by(_seller.c.code, _buyer.c.code, where=again.contracts, sided=True)
        sides = (
            (_("输出合计"), _added(table.matrix.outputs.values())),
            (_("吸纳合计"), _added(table.matrix.intakes.values())),
        )
        for label, sums in sides:
            found += _compare(table, Line("", label, sums), _added(by_pair.values()), again)
        flows: dict[str, list[Sums]] = {}
        for (seller, buyer), sums in by_pair.items():
            flows.setdefault(classes.flow_between(seller, buyer), []).append(sums)
        recounted = {key: _added(parts) for key, parts in flows.items()}
        where: Callable[[str], ColumnElement[bool]] = lambda _key: again.contracts  # noqa: E731
    else:
        key = KEYS[table.no]
        recounted = {}
        for (value,), sums in again.by(key, where=again.contracts, sided=table.no in SIDED).items():
            name = getattr(value, "name", value) or ""
            recounted[name] = _added((recounted[name], sums)) if name in recounted else sums
        where = lambda name: and_(again.contracts, func.coalesce(key, "") == "" if not name else key == name)  # noqa: E731
    published = {line.key: line for line in table.lines}
    for name in {**published, **recounted}:
        line = published.get(name, Line(name, name, Sums()))
        checks = _compare(table, line, recounted.get(name, Sums()), again, where(name))
        found += [check for check in checks if not check.agrees]
    return found


def _renamed(line: Line, label: str) -> Line:
    return Line(line.key, label, line.sums)


def _steps(again: Recount, table: Table) -> list[Check]:
    """T10 has no total: each of its lines is one."""
    stages = {
        "intended": again.of(Basis.INTENDED) & again.within(Basis.INTENDED),
        "signed": again.of(Basis.SIGNED) & again.within(Basis.SIGNED),
        "registered": again.of(Basis.REGISTERED) & again.within(Basis.REGISTERED),
        "performed": again.valid
        & _deal.c.stage.in_((DealStage.PERFORMING, DealStage.LANDED))
        & again.within(Basis.SIGNED),
        "terminated": again.valid & (_deal.c.stage == DealStage.TERMINATED) & again.within(Basis.SIGNED),
    }
    return [
        check
        for line in table.lines
        for check in _compare(table, line, again.sums(stages[line.key]), again, stages[line.key])
    ]


def _compare(
    table: Table, line: Line, recounted: Sums, again: Recount, where: ColumnElement[bool] | None = None
) -> list[Check]:
    """The three measures of a line; the records to look at only where something differs."""
    pairs = [(measure, getattr(line.sums, measure), getattr(recounted, measure)) for measure in MEASURES]
    ids: tuple[uuid.UUID, ...] = ()
    if any((published or 0) != (raw or 0) for _measure, published, raw in pairs):
        raw_ids, own = again.ids(again.contracts if where is None else where), set(line.sums.ids)
        ids = tuple(sorted(raw_ids ^ own or raw_ids | own))
    return [Check(table.no, line.label, measure, published, raw, ids) for measure, published, raw in pairs]


def _unread(session: Session, scopes: Sequence[Scope]) -> list[Check]:
    """Every deal that no table can count, by its number."""
    found = [one for scope in scopes for one in unread_deals(session, scope).items()]
    return [Check("", words, UNREAD, 0, 1, (key,)) for key, words in found]


def _converted(session: Session, again: Recount) -> list[Check]:
    """Every amount that is not its own amount at its rate."""
    columns = (_deal.c[name] for name in ("id", "deal_no", "currency", "amount", "foreign_amount", "rate"))
    found = []
    for row in sound(session.execute(select(*columns).where(again.valid, _deal.c.foreign_amount.is_not(None)))):
        right = in_yuan(row._asdict()).get("amount", row.amount)
        if row.amount != right:
            words = _("{deal} 的外币折算").format(deal=row.deal_no)
            found.append(Check("", words, "amount", row.amount, right, (row.id,)))
    return found


def _figures(session: Session, scopes: Sequence[Scope]) -> list[Check]:
    """The deals' published figures of each expo, which the ledger's totals and the press figures are."""
    found = []
    for scope in scopes:
        again = Recount(session, TableQuery((scope.id,)), (scope,), RegionRule(()))
        signed, intended = again.sums(again.of(Basis.SIGNED)), again.sums(again.of(Basis.INTENDED))
        recounted = {
            "signed": ("count", signed.count), "signed_amount": ("amount", signed.amount),
            "tech_amount": ("tech_amount", signed.tech_amount), "intended": ("count", intended.count),
            "intended_amount": ("amount", intended.amount),
        }  # fmt: skip
        figures = {figure.name: figure for figure in read_deal_figures(session, scope_of(session, scope.id)).figures}
        for name, (measure, raw) in recounted.items():
            figure = figures[name]
            ids = (
                ()
                if (figure.value or 0) == (raw or 0) or figure.trace is None
                else tuple(sorted(session.scalars(figure.trace.ids)))
            )
            found.append(Check("", figure.label, measure, figure.value, raw, ids))
    return found
