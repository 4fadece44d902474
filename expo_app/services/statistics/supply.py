"""Results and demands by region and field: counted from the records, beside what was reported of them.

A region is a group of the expo (`rules.region_groups`), a field one of the registry in its order, then whatever else
records say. What was reported stands beside what was counted and is never added to it, split or put in its place.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from expo_app.damaged import readable
from expo_app.i18n import N_, _
from expo_app.model import Achievement, Counted, Demand, DemandState, Organisation, ReportedCount
from expo_app.rules import regions
from expo_app.rules.region_groups import OTHER, UNKNOWN, RegionRule, whole
from expo_app.rules.tech_contracts import TECH_FIELDS, field_key
from expo_app.services.region_groups import read_rule
from expo_app.services.statistics.scope import Scope, scope_of
from expo_app.specs.figures import Figure, Trace
from expo_app.specs.supply_figures import HeatTable, Line, Part, Reported, SupplyFigures
from expo_app.store.database import Database

UNIT, NO_FIELD, ALL = N_("项"), N_("未填领域"), "*"
_organisation, _report = Organisation.__table__, ReportedCount.__table__
_demand = Demand.__table__
MODELS: Mapping[Counted, type[Achievement] | type[Demand]] = {Counted.RESULTS: Achievement, Counted.DEMANDS: Demand}
SPECS = {Counted.RESULTS: "achievements", Counted.DEMANDS: "demands"}
NAMES = {Counted.RESULTS: "supply_results", Counted.DEMANDS: "supply_demands"}


def supply(db: Database, expo_id: uuid.UUID) -> SupplyFigures:
    """Both tables of an expo, as of now: six statements."""
    with db.reading() as session:
        return read_supply(session, replace(scope_of(session, expo_id), at=db.now()))


def read_supply(session: Session, scope: Scope) -> SupplyFigures:
    """The same within a session that is already open."""
    rule, reports = read_rule(session, scope.id), _reports(session, scope)
    tables = {counted: _table(session, scope, rule, counted, reports[counted]) for counted in Counted}
    is_call = and_(_counts(scope, Counted.DEMANDS), _demand.c.is_open_call)
    calls = session.scalar(select(func.count()).where(is_call)) or 0
    return SupplyFigures(
        tables[Counted.RESULTS],
        tables[Counted.DEMANDS],
        Figure("supply_calls", _("揭榜挂帅"), calls, _(UNIT), "", _call_trace(_("揭榜挂帅"), is_call)),
        _overdue(session, scope, is_call),
    )


def _call_trace(words: str, which: ColumnElement[bool]) -> Trace:
    return Trace("demands", words, select(_demand.c.id).where(which))


def _overdue(session: Session, scope: Scope, is_call: ColumnElement[bool]) -> Figure:
    """Past their deadline while still collecting, by the scope's day."""
    words = _("已过期的揭榜挂帅")
    if scope.at is None:
        return Figure("supply_calls_overdue", words, None, _(UNIT))
    late = and_(is_call, _demand.c.state == DemandState.COLLECTING, _demand.c.apply_by < scope.today)
    n = session.scalar(select(func.count()).where(late)) or 0
    return Figure("supply_calls_overdue", words, n, _(UNIT), "", _call_trace(words, late))


# --- counting ---------------------------------------------------------------------------------------------------------
def _counts(scope: Scope, counted: Counted) -> ColumnElement[bool]:
    """Every result; every demand that was not withdrawn."""
    own = scope.own(MODELS[counted].__table__)
    return own if counted is Counted.RESULTS else and_(own, _demand.c.state != DemandState.WITHDRAWN)


@dataclass(frozen=True)
class _Counter:
    """What one table is made of: how many there are by (region code, field) and of them how many are samples."""

    scope: Scope
    rule: RegionRule
    counted: Counted
    numbers: Mapping[tuple[str, str], tuple[int, int]]
    spellings: Mapping[str, Sequence[str]]
    """Field → the spellings of it that records have."""

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """By the key of a region the codes that occur."""
        found: dict[str, set[str]] = {}
        for code, _field in self.numbers:
            found.setdefault(self.rule.key_of(code), set()).add(code)
        return found

    @cached_property
    def sums(self) -> dict[tuple[str | None, str | None], tuple[int, int]]:
        """By (key of a region, field), None for all: how many, and of them samples."""
        found: dict[tuple[str | None, str | None], tuple[int, int]] = {}
        for (code, field), (count, samples) in self.numbers.items():
            for place in product((self.rule.key_of(code), None), (field, None)):
                before = found.get(place, (0, 0))
                found[place] = (before[0] + count, before[1] + samples)
        return found

    def part(self, key: str | None, field: str | None) -> Part:
        """The records of a region and a field; None: of all."""
        count, samples = self.sums.get((key, field), (0, 0))
        words = " · ".join(
            [*([] if key is None else [self.rule.label(key)]), *([] if field is None else [field_words(field)])]
        )
        of_what = (
            () if key is None and field is None else (ALL if key is None else key, ALL if field is None else field)
        )
        name = ":".join((NAMES[self.counted], *of_what))
        label = words or self.counted.label
        trace = Trace(SPECS[self.counted], label, self._ids(key, field))
        return Part(Figure(name, label, count, _(UNIT), "", trace), samples)

    def _ids(self, key: str | None, field: str | None) -> Select[Any]:
        table = MODELS[self.counted].__table__
        query = select(table.c.id).where(_counts(self.scope, self.counted))
        if field is not None:
            query = query.where(table.c.field.in_(self.spellings.get(field, (field,))))
        if key is not None:
            query = query.join(_organisation, _organisation.c.id == table.c.owner_id).where(self._lies_in(key))
        return query

    def _lies_in(self, key: str) -> ColumnElement[bool]:
        code = _organisation.c.region_code
        if key == UNKNOWN:
            return or_(code.is_(None), code == "")
        return code.in_(sorted(self.codes.get(key, ())))


def field_words(field: str) -> str:
    """A field as it is shown."""
    return _(field) if field else _(NO_FIELD)


def _read(session: Session, scope: Scope, counted: Counted) -> dict[tuple[str, str], tuple[int, int]]:
    """(region code, field) → (how many, of them samples): one statement."""
    table = MODELS[counted].__table__
    keys = (_organisation.c.region_code, table.c.field, table.c.is_sample)
    query = (
        select(*keys, func.count())
        .select_from(table.join(_organisation, _organisation.c.id == table.c.owner_id))
        .where(_counts(scope, counted))
        .group_by(*keys)
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for code, field, is_sample, n in session.execute(query):
        key = (readable(code) or "", readable(field) or "")
        count, samples = found.get(key, (0, 0))
        found[key] = (count + n, samples + (n if readable(is_sample) else 0))
    return found


def _table(
    session: Session, scope: Scope, rule: RegionRule, counted: Counted, reports: Mapping[tuple[str, str], Reported]
) -> HeatTable:
    spelt = _read(session, scope, counted)
    used = Counter(field for _code, field in spelt)
    often = [field for field, _n in used.most_common()]
    shown_as = _shown_as([*TECH_FIELDS, *often, *(field for _code, field in reports)])
    numbers: dict[tuple[str, str], tuple[int, int]] = {}
    for (code, field), (count, samples) in spelt.items():
        before = numbers.get((code, shown_as[field]), (0, 0))
        numbers[code, shown_as[field]] = (before[0] + count, before[1] + samples)
    reports = {(code, shown_as[field]): one for (code, field), one in reports.items()}
    spellings = {
        shown: [field for field in used if shown_as[field] == shown] for shown in {shown_as[name] for name in used}
    }
    codes = [code for code, _field in numbers] + [code for code, _field in reports if code]
    shown = rule if rule.is_chosen else rule.narrowed(codes)
    counter = _Counter(scope, rule, counted, numbers, spellings)
    ends = [key for key in (OTHER, UNKNOWN) if key in counter.codes]
    fields = _fields(Counter(field for _code, field in numbers), {field for _code, field in reports if field})
    rows = _reported_lines(shown, reports)
    lines = tuple(
        Line(
            key, rule.label(key), tuple(counter.part(key, field) for field in fields), counter.part(key, None),
            rows.get(key),
        )
        for key in (*(group.name for group in shown.groups), *ends)
    )  # fmt: skip
    of_fields = tuple(reports.get(("", field)) if field else None for field in fields)
    taken = {id(one) for one in (*rows.values(), *of_fields, reports.get(("", ""))) if one}
    return HeatTable(
        counted,
        fields,
        lines,
        tuple(counter.part(None, field) for field in fields),
        counter.part(None, None),
        of_fields,
        reports.get(("", "")),
        tuple(one for one in reports.values() if id(one) not in taken),
    )


def _shown_as(names: Iterable[str]) -> dict[str, str]:
    """Each spelling of a field → the first of those that say the same: 农业机械 of 農業機械."""
    first: dict[str, str] = {}
    return {name: first.setdefault(field_key(name), name) for name in names}


def _fields(used: Counter[str], reported: Iterable[str]) -> tuple[str, ...]:
    """The registry's in its order where any of them is used or nothing is; then the other names in use; then none."""
    names = set(used) | set(reported)
    others = sorted(names - {*TECH_FIELDS, ""})
    standard = TECH_FIELDS if names & set(TECH_FIELDS) or not others else ()
    return (*standard, *others, *([""] if "" in used else []))


# --- what was reported ------------------------------------------------------------------------------------------------
def _reports(session: Session, scope: Scope) -> dict[Counted, dict[tuple[str, str], Reported]]:
    """By (region code, field) the latest report; empty words mean all."""
    query = select(_report).where(scope.own(_report)).order_by(_report.c.on_date, _report.c.id)
    found: dict[Counted, dict[tuple[str, str], Reported]] = {counted: {} for counted in Counted}
    for row in session.execute(query).mappings():
        counted, count = readable(row["counted"]), readable(row["count"])
        if counted is None or count is None:
            continue
        code, field = readable(row["region_code"]) or "", readable(row["field"]) or ""
        where = [regions.region_name(code)] if code else []
        label = " · ".join([*where, *([field_words(field)] if field else [])]) or counted.label
        found[counted][code, field] = Reported(
            label, count, readable(row["on_date"]) or scope.starts_on, readable(row["source"]) or "",
            bool(readable(row["is_sample"])),
        )  # fmt: skip
    return found


def _reported_lines(rule: RegionRule, reports: Mapping[tuple[str, str], Reported]) -> dict[str, Reported]:
    """What was reported of a place that is exactly a group of the rule, by the group's key."""
    found: dict[str, Reported] = {}
    for (code, field), report in reports.items():
        if code and not field:
            wanted = (whole(code),)
            found |= {group.name: report for group in rule.groups if group.prefixes == wanted}
    return found


# --- for programs -----------------------------------------------------------------------------------------------------
def as_json(figures: SupplyFigures) -> dict[str, object]:
    """Both tables for programs: counted and reported apart."""
    named = {"results": figures.results, "demands": figures.demands}
    return {
        **{name: _table_json(table) for name, table in named.items()},
        "calls": figures.calls.value,
        "calls_overdue": figures.calls_overdue.value,
    }


def _table_json(table: HeatTable) -> dict[str, object]:
    return {
        "fields": list(table.fields),
        "lines": [
            {
                "region": line.label,
                "counts": [part.count for part in line.parts],
                "total": _part_json(line.total),
                "reported": _reported_json(line.reported),
            }
            for line in table.lines
        ],
        "totals": [part.count for part in table.totals],
        "total": _part_json(table.total),
        "reported": _reported_json(table.reported),
        "reported_by_field": [_reported_json(one) for one in table.reported_fields],
        "also_reported": [_reported_json(one) for one in table.others],
    }


def _part_json(part: Part) -> dict[str, int]:
    return {"counted": part.count, "of_them_samples": part.samples}


def _reported_json(reported: Reported | None) -> dict[str, object] | None:
    if reported is None:
        return None
    return {
        "of": reported.label, "count": reported.count, "on": reported.on_date.isoformat(), "source": reported.source,
        "is_sample": reported.is_sample,
    }  # fmt: skip
