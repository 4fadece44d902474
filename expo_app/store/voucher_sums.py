"""What vouchers hold and uses take of them, added up again: whether it is what stands in vouchers and pots."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from expo_app.model import UseState, Voucher, VoucherPolicy, VoucherPot, VoucherState, VoucherUse
from expo_app.model.base import new_id

COUNTED = (UseState.SUBMITTED, UseState.FIRST_PASSED, UseState.VERIFIED, UseState.SETTLED)
"""States in which a use takes its share of the voucher."""
NOTHING = Decimal("0.00")
Key = tuple[uuid.UUID, int, uuid.UUID | None]
"""(policy, calendar year, company), None for the budget."""
_voucher, _use, _pot, _policy = (model.__table__ for model in (Voucher, VoucherUse, VoucherPot, VoucherPolicy))


def drift(connection: Connection) -> int:
    """How many vouchers and pots are not what their uses and vouchers come to."""
    vouchers, pots = _wrong(connection)
    return len(vouchers) + len(pots)


def recount(connection: Connection) -> int:
    """Put in what they come to; how many were not right. A pot's limit rises where more was given: that stays given.

    A voucher whose uses come to more than its amount stays as it is, and is told by `drift`.
    """
    vouchers, pots = _wrong(connection)
    amounts = dict(connection.execute(select(_voucher.c.id, _voucher.c.amount)).all())
    sound = {key: values for key, values in vouchers.items() if 0 <= values["used"] <= amounts[key]}
    for key, values in sound.items():
        connection.execute(_voucher.update().where(_voucher.c.id == key).values(**values))
    kept, limits = _kept(connection), _limits(connection)
    for pot, taken in pots.items():
        policy, year, company = pot
        most = kept[pot]["most"] if pot in kept else limits[policy][company is None]
        own: dict[str, Decimal | None] = {"taken": taken, "most": None if most is None else max(most, taken)}
        if pot in kept:
            connection.execute(_pot.update().where(_pot.c.id == kept[pot]["id"]).values(**own))
        else:
            row = {"id": new_id(), "policy_id": policy, "year": year, "organisation_id": company, **own}
            connection.execute(_pot.insert(), [row])
    return len(sound) + len(pots)


def _limits(connection: Connection) -> dict[uuid.UUID, tuple[Decimal | None, Decimal | None]]:
    """Of each policy what one company and what all may have of a year."""
    rows = connection.execute(select(_policy.c.id, _policy.c.cap_per_year, _policy.c.budget))
    return {key: (cap, budget) for key, cap, budget in rows}


def _wrong(connection: Connection) -> tuple[dict[uuid.UUID, dict[str, Decimal]], dict[Key, Decimal]]:
    """What vouchers and pots should hold, of those that hold something else."""
    shares = select(_use.c.voucher_id, func.sum(_use.c.share)).where(
        _use.c.state.in_(COUNTED), _use.c.voucher_id.is_not(None)
    )
    used = dict(connection.execute(shares.group_by(_use.c.voucher_id)).all())
    vouchers: dict[uuid.UUID, dict[str, Decimal]] = {}
    taken: dict[Key, Decimal] = defaultdict(lambda: NOTHING)
    columns = ("id", "policy_id", "organisation_id", "state", "amount", "held", "used", "approved_on")
    for row in connection.execute(select(*(_voucher.c[name] for name in columns))).mappings():
        own = used.get(row["id"]) or NOTHING
        held = row["amount"] if row["state"] is VoucherState.APPROVED else own
        if (row["used"], row["held"]) != (own, held):
            vouchers[row["id"]] = {"used": own, "held": held}
        if row["approved_on"] is not None:
            for company in (row["organisation_id"], None):
                taken[row["policy_id"], row["approved_on"].year, company] += held
    kept = _kept(connection)
    there = {key: row["taken"] for key, row in kept.items()}
    return vouchers, {key: taken[key] for key in {*taken, *there} if taken[key] != there.get(key, NOTHING)}


def _kept(connection: Connection) -> dict[Key, Mapping[str, Any]]:
    rows = map(dict, connection.execute(select(_pot)).mappings())
    return {(row["policy_id"], row["year"], row["organisation_id"]): row for row in rows}
