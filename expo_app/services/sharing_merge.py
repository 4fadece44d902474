"""What becomes of vouchers, tenants, members and parties when two organisations, or what hangs on them, become one.

What points at them follows by itself (`merging_fold`); here is what else must happen, or forbids it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from expo_app.errors import Conflict
from expo_app.i18n import _
from expo_app.model import (
    AgreementParty,
    Provider,
    RelatedBodies,
    Tenant,
    TenantState,
    TenantStep,
    Voucher,
    VoucherPot,
    VoucherUse,
)
from expo_app.rules import tenant_steps
from expo_app.rules.amounts import format_yuan
from expo_app.rules.partial_days import last_day
from expo_app.services.record_rules import alone
from expo_app.services.tenant_rules import days_of, live, steps_of
from expo_app.store import voucher_sums

if TYPE_CHECKING:
    from expo_app.services.merging_fold import Merger

_use, _related, _voucher, _pot, _provider, _tenant, _step, _party = (
    model.__table__
    for model in (VoucherUse, RelatedBodies, Voucher, VoucherPot, Provider, Tenant, TenantStep, AgreementParty)
)
Row = Mapping[str, Any]
STATES = list(TenantState)


def _pairs(rows: Iterable[Any], of: tuple[str, ...], keep: Row, other: Row) -> Iterable[tuple[Row, Row]]:
    """Rows of the one that stays with those of the other that are the same in the columns `of`."""
    found: dict[tuple[Any, ...], dict[uuid.UUID, Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in of), {})[row["organisation_id"]] = dict(row)
    return [(both[keep["id"]], both[other["id"]]) for both in found.values() if len(both) > 1]


def not_related_to_itself(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Two bodies stay two that are recorded as related."""
    pair = (keep["id"], other["id"])
    query = select(_related.c.words).where(_related.c.one_id.in_(pair), _related.c.other_id.in_(pair))
    words = merger.session.execute(query.limit(1)).first()
    if words is not None:
        said = _("这两家之间登记了关联关系「{words}」，不会是同一家，没有合并，数据未变。先删除那条关联关系。")
        raise Conflict(said.format(words=words[0] or "—"), "E-MERGE-PARTIES")
    return {}


def not_its_own_customer(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Two bodies stay two of which one bought of the other with a voucher."""
    pair = {keep["id"]: other["id"], other["id"]: keep["id"]}
    query = select(_use.c.use_no, _use.c.organisation_id, _provider.c.organisation_id)
    query = query.join(_provider, _provider.c.id == _use.c.provider_id)
    query = query.where(_use.c.organisation_id.in_(pair), _provider.c.organisation_id.in_(pair))
    for number, company, provider in merger.session.execute(query):
        if pair[company] == provider:
            words = _("用券 {no} 里这两家一家是企业，一家是服务机构，不会是同一家，没有合并，数据未变。")
            raise Conflict(words.format(no=number), "E-MERGE-PARTIES")
    return {}


def pots_meet(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """What both took of one region in one year is taken by the one that stays; Conflict where that is more than one
    company may have, or by two classes of applicants.

    Vouchers are held before pots, as by who approves one.
    """
    both = (keep["id"], other["id"])
    ids = merger.session.scalars(select(_voucher.c.id).where(_voucher.c.organisation_id.in_(both))).all()
    merger.writer.locked(_voucher, ids)
    query = select(_pot.c.id).where(_pot.c.organisation_id.in_(both))
    rows = merger.writer.locked(_pot, merger.session.scalars(query).all()).values()
    keys = set(map(voucher_sums.key_of, rows))
    bounds = voucher_sums.read_bounds(merger.session.connection(), keys, {other["id"]: keep["id"]})
    for mine, theirs in _pairs(rows, ("region_code", "is_sample", "year"), keep, other):
        taken, key = mine["taken"] + theirs["taken"], voucher_sums.key_of(mine)
        if key in bounds.mixed:
            words = _("{year} 年这两家按年度上限不同的类别领券，没有合并，数据未变。先撤销其中一家那一年的券。")
            raise Conflict(words.format(year=mine["year"]), "E-MERGE-VOUCHERS")
        if bounds.is_beyond(key, taken):
            words = _("{year} 年这两家的券合起来 {taken} 元，超过每企业每年上限 {most} 元，没有合并，数据未变。")
            told = words.format(year=mine["year"], taken=format_yuan(taken), most=format_yuan(bounds.most[key]))
            raise Conflict(told, "E-MERGE-VOUCHERS")
        most = voucher_sums.larger(mine["most"], theirs["most"])
        merger.writer.delete(_pot, theirs["id"], theirs)
        merger.writer.update(_pot, mine["id"], mine, {"taken": taken, "most": most})
    return {}


def signatures_meet(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Of one agreement that names both, the party that stays has signed where either has."""
    query = select(_party).where(_party.c.organisation_id.in_((keep["id"], other["id"])))
    for mine, theirs in _pairs(merger.session.execute(query).mappings().all(), ("agreement_id",), keep, other):
        if theirs["is_signed"] and not mine["is_signed"]:
            signed = {name: theirs[name] for name in ("is_signed", "signed", "signer")}
            merger.writer.update(_party, mine["id"], mine, signed)
    return {}


def tenants_meet(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Two tenants of one park that are one took the steps of both, each once, on the earliest day known; Conflict where
    they cannot have.
    """
    both = steps_of(merger.session, (keep["id"], other["id"]))
    steps = sorted((row for rows in both.values() for row in rows), key=lambda row: row["id"])
    twice: dict[TenantState, list[Row]] = {}
    for row in live(steps):
        twice.setdefault(row["state"], []).append(row)
    holds = {state: min(rows, key=_earliest) for state, rows in twice.items()}
    _refuse_misplaced(holds, twice)
    for state, rows in twice.items():
        for row in rows:
            if row is not holds[state]:
                merger.writer.update(_step, row["id"], row, {"is_undone": True})
    undone = [row if holds.get(row["state"]) is row else {**row, "is_undone": True} for row in steps]
    days = days_of(undone)
    return {"state": tenant_steps.reached(days) if days else max(keep["state"], other["state"], key=STATES.index)}


def stays_meet(merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Conflict where the stays of both in a park, those of one number made one, cannot be one company's."""
    own = select(_tenant.c.id).where(_tenant.c.organisation_id.in_((keep["id"], other["id"])))
    rows = merger.writer.locked(_tenant, merger.session.scalars(own)).values()
    alone(merger.session, _tenant.name)
    steps = steps_of(merger.session, [row["id"] for row in rows])
    parks: dict[uuid.UUID, dict[int, list[Row]]] = {}
    for row in rows:
        parks.setdefault(row["park_id"], {}).setdefault(row["stay"], []).extend(live(steps[row["id"]]))
    for stays in parks.values():
        days = {stay: {one["state"]: one["on_day"] for one in sorted(held, key=_earliest, reverse=True)}
                for stay, held in stays.items()}  # fmt: skip
        if why := tenant_steps.stays_contradict(days):
            words = _("这两家在同一个园区的经过合不起来：{why}没有合并，数据未变。")
            raise Conflict(words.format(why=why), "E-MERGE-TENANTS")
    return {}


def _earliest(row: Row) -> tuple[bool, date]:
    return (False, last_day(row["on_day"])) if row["on_day"] else (True, date.max)


def _refuse_misplaced(holds: Mapping[TenantState, Row], twice: Mapping[TenantState, Sequence[Row]]) -> None:
    """Conflict where a step lies before an earlier one, or one of the two did anything after it left."""
    problems = [tenant_steps.misplaced({state: row["on_day"] for state, row in holds.items()})]
    if TenantState.LEFT in holds:
        left = {TenantState.LEFT: holds[TenantState.LEFT]["on_day"]}
        others = (row for state, rows in twice.items() if state is not TenantState.LEFT for row in rows)
        problems += [tenant_steps.misplaced({row["state"]: row["on_day"]} | left) for row in others]
    for problem in filter(None, problems):
        words = _("这两家在同一个园区的经过合不起来：{why}没有合并，数据未变。")
        raise Conflict(words.format(why=problem.words), "E-MERGE-TENANTS")


def later_end(column: str, _merger: Merger, keep: Row, other: Row) -> dict[str, Any]:
    """Of two spans that begin on one day the longer holds; one without an end has none."""
    return {column: max((keep[column], other[column]), key=lambda end: (not end, end and str(end)))}
