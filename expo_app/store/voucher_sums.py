"""What vouchers hold and uses take of them, added up again: whether it is what stands in vouchers and pots, and no more
than policies give.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, case, cast, extract, func, select

from expo_app.model import PolicyClass, UseState, Voucher, VoucherPolicy, VoucherPot, VoucherState, VoucherUse
from expo_app.model.base import new_id

COUNTED = (UseState.SUBMITTED, UseState.FIRST_PASSED, UseState.VERIFIED, UseState.SETTLED, UseState.RETURNED)
"""States in which a use takes its share of the voucher; of one that was sent back it is kept for it."""
NOTHING = Decimal("0.00")
Key = tuple[str, bool, int, uuid.UUID | None]
"""(region, whether it is a sample, calendar year, company), None for the budget."""
_voucher, _use, _pot, _policy, _class = (
    model.__table__ for model in (Voucher, VoucherUse, VoucherPot, VoucherPolicy, PolicyClass)
)


def key_of(row: Mapping[str, Any]) -> Key:
    """Which pot a row is."""
    return row["region_code"], row["is_sample"], row["year"], row["organisation_id"]


def year_of(day: ColumnElement[Any]) -> ColumnElement[int]:
    """The calendar year of a column of days."""
    return cast(extract("year", day), Integer)


def larger(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The larger of two limits; None is no limit."""
    return None if one is None or other is None else max(one, other)


@dataclass(frozen=True)
class Bounds:
    """`held`: what vouchers hold of each pot; `most`: how much that may be, by the highest limit of theirs;
    `mixed`: companies that hold vouchers of classes whose limits differ under one version.
    """

    held: Mapping[Key, Decimal]
    most: Mapping[Key, Decimal | None]
    mixed: Collection[Key]

    def is_beyond(self, key: Key, taken: Decimal) -> bool:
        """Whether so much is more than there may be."""
        most = self.most.get(key)
        return most is not None and taken > most


def read_bounds(
    connection: Connection, pots: Collection[Key], as_one: Mapping[uuid.UUID, uuid.UUID] | None = None
) -> Bounds:
    """Of these pots at least: of no other region or year, and where none is a budget of no other company than these
    and those in `as_one`, which count as another.
    """
    if not pots:
        return Bounds({}, {}, ())
    years = {year for _region, _is_sample, year, _company in pots if isinstance(year, int)}  # one may be damaged
    companies = {company for _region, _is_sample, _year, company in pots}
    columns = (
        _policy.c.region_code, _policy.c.is_sample, year_of(_voucher.c.approved_on), _voucher.c.organisation_id,
        _voucher.c.policy_id, _policy.c.budget, func.coalesce(_class.c.cap_per_year, _policy.c.cap_per_year),
    )  # fmt: skip
    query = select(func.sum(_voucher.c.held), *columns).join(_policy, _policy.c.id == _voucher.c.policy_id)
    of_class = (_class.c.policy_id == _voucher.c.policy_id) & (_class.c.applicant == _voucher.c.applicant)
    query = query.outerjoin(_class, of_class).where(
        _voucher.c.held > 0, _policy.c.region_code.in_({region for region, *_rest in pots}),
        year_of(_voucher.c.approved_on).in_(years),
    )  # fmt: skip
    if None not in companies:
        query = query.where(_voucher.c.organisation_id.in_({*companies, *(as_one or {})}))
    held: dict[Key, Decimal] = defaultdict(lambda: NOTHING)
    most: dict[Key, Decimal | None] = {}
    caps: dict[tuple[Key, uuid.UUID], Decimal | None] = {}
    mixed: set[Key] = set()
    for sum_, region, is_sample, year, holder, policy, budget, cap in connection.execute(query.group_by(*columns)):
        company: Key = region, is_sample, year, (as_one or {}).get(holder, holder)
        if caps.setdefault((company, policy), cap) != cap:
            mixed.add(company)
        for key, limit in ((company, cap), ((region, is_sample, year, None), budget)):
            held[key] += sum_
            most[key] = larger(most.get(key, limit), limit)
    return Bounds(held, most, mixed)


def beyond(connection: Connection) -> int:
    """Of how many pots more was given than policies give, or to two classes of applicants."""
    kept = _kept(connection)
    bounds = read_bounds(connection, kept.keys())
    return sum(bounds.is_beyond(key, row["taken"]) or key in bounds.mixed for key, row in kept.items())


def drift(connection: Connection) -> int:
    """How many vouchers and pots are not what their uses and vouchers come to."""
    vouchers, pots = _wrong(connection)
    return len(vouchers) + len(pots)


def is_apart(connection: Connection, vouchers: Collection[uuid.UUID]) -> bool:
    """Whether one of these vouchers is not what its uses come to, or does not hold what it should."""
    own = select(func.coalesce(func.sum(_use.c.share), NOTHING)).where(
        _use.c.voucher_id == _voucher.c.id, _use.c.state.in_(COUNTED)
    )
    should = case((_voucher.c.state == VoucherState.APPROVED, _voucher.c.amount), else_=_voucher.c.used)
    is_wrong = (_voucher.c.used != own.scalar_subquery()) | (_voucher.c.held != should)
    query = select(_voucher.c.id).where(_voucher.c.id.in_(vouchers), is_wrong)
    return connection.execute(query.limit(1)).first() is not None


def pots_of(connection: Connection, vouchers: Collection[uuid.UUID]) -> set[Key]:
    """The pots that these vouchers take of."""
    columns = (_policy.c.region_code, _policy.c.is_sample, year_of(_voucher.c.approved_on), _voucher.c.organisation_id)
    query = select(*columns).join(_policy, _policy.c.id == _voucher.c.policy_id)
    query = query.where(_voucher.c.id.in_(vouchers), _voucher.c.approved_on.is_not(None))
    return {
        (region, is_sample, year, of) for region, is_sample, year, holder in connection.execute(query)
        for of in (holder, None)
    }  # fmt: skip


def recount(connection: Connection) -> int:
    """Put in what they come to; how many were not right. A pot's limit rises where more was given: that stays given.

    A voucher whose uses come to more than its amount stays as it is, and is told by `drift`.
    """
    vouchers, pots = _wrong(connection)
    amounts = dict(connection.execute(select(_voucher.c.id, _voucher.c.amount)).all())
    sound = {key: values for key, values in vouchers.items() if 0 <= values["used"] <= amounts[key]}
    for key, values in sound.items():
        connection.execute(_voucher.update().where(_voucher.c.id == key).values(**values))
    kept = _kept(connection)
    most = read_bounds(connection, pots.keys()).most
    for pot, taken in pots.items():
        if pot in kept:
            own = {"taken": taken, "most": _at_least(kept[pot]["most"], taken)}
            connection.execute(_pot.update().where(_pot.c.id == kept[pot]["id"]).values(**own))
        else:
            row: dict[str, Any] = dict(zip(("region_code", "is_sample", "year", "organisation_id"), pot, strict=True))
            row |= {"id": new_id(), "taken": taken, "most": _at_least(most.get(pot), taken)}
            connection.execute(_pot.insert(), [row])
    return len(sound) + len(pots)


def _at_least(most: Decimal | None, taken: Decimal) -> Decimal | None:
    return None if most is None else max(most, taken)


def _wrong(connection: Connection) -> tuple[dict[uuid.UUID, dict[str, Decimal]], dict[Key, Decimal]]:
    """What vouchers and pots should hold, of those that hold something else."""
    shares = select(_use.c.voucher_id, func.sum(_use.c.share)).where(
        _use.c.state.in_(COUNTED), _use.c.voucher_id.is_not(None)
    )
    used = dict(connection.execute(shares.group_by(_use.c.voucher_id)).all())
    vouchers: dict[uuid.UUID, dict[str, Decimal]] = {}
    taken: dict[Key, Decimal] = defaultdict(lambda: NOTHING)
    names = ("id", "organisation_id", "state", "amount", "held", "used", "approved_on")
    columns = (*(_voucher.c[name] for name in names), _policy.c.region_code, _policy.c.is_sample)
    query = select(*columns).join(_policy, _policy.c.id == _voucher.c.policy_id)
    for row in connection.execute(query).mappings():
        own = used.get(row["id"]) or NOTHING
        held = row["amount"] if row["state"] is VoucherState.APPROVED else own
        if (row["used"], row["held"]) != (own, held):
            vouchers[row["id"]] = {"used": own, "held": held}
        if row["approved_on"] is not None:
            for company in (row["organisation_id"], None):
                taken[row["region_code"], row["is_sample"], row["approved_on"].year, company] += held
    kept = _kept(connection)
    there = {key: row["taken"] for key, row in kept.items()}
    return vouchers, {key: taken[key] for key in {*taken, *there} if taken[key] != there.get(key, NOTHING)}


def _kept(connection: Connection) -> dict[Key, Mapping[str, Any]]:
    rows = map(dict, connection.execute(select(_pot)).mappings())
    return {key_of(row): row for row in rows}
