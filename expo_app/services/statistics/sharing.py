"""Vouchers, parks and alliances as the closing report tells them: figures of their own reports, up to the day it is.

What was reported of a park stands by itself, with its day and its source; nothing counted is added to it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from expo_app.model import Expo, ParkTotal
from expo_app.rules.partial_days import is_to_come
from expo_app.rules.periods import Period
from expo_app.rules.settlement import NOTHING, Amount
from expo_app.services import alliance_report, settlement
from expo_app.services.statistics import parks
from expo_app.services.statistics.scope import Scope
from expo_app.specs import park_shown
from expo_app.specs.park_facts import FUNNEL, ParkFacts
from expo_app.specs.settlement import StatementLine
from expo_app.specs.sharing_figures import AlliancesTold, ParkReported, Sharing, TenantsTold, VouchersTold

STEPS = (*FUNNEL, ParkTotal.GRADUATED)


def read_sharing(session: Session, scope: Scope) -> Sharing:
    """All of the file by the sample rule, as of the scope's day; ValueError where its moment was not said."""
    if scope.at is None:
        raise ValueError("told of no moment")
    expo = session.get_one(Expo, scope.id)
    facts = [one for one in parks.read_facts(session) if scope.is_sample or not one.is_sample]
    return Sharing(
        _vouchers(session, expo, scope.today),
        _tenants(facts),
        tuple(line for one in facts for line in _reported(one, scope.today)),
        _alliances(session, expo, scope.at, scope.today),
    )


def _vouchers(session: Session, expo: Expo, today: date) -> VouchersTold | None:
    board = settlement.read_board(session, expo, Period("", date.min, today, 0))
    verified = sum(map(_amount, board.all_lines), NOTHING)
    if not verified.count:
        return None
    drawn = [line for line in board.lines if line.id is not None]
    settled = sum((_amount(line) for line in board.all_lines if line.is_settled), NOTHING)
    return VouchersTold(verified, settled, len(drawn), sum(line.is_settled for line in drawn))


def _amount(line: StatementLine) -> Amount:
    return line.pair.a_pays.all if line.is_local else line.pair.a_pays.all + line.pair.b_pays.all


def _tenants(facts: list[ParkFacts]) -> TenantsTold | None:
    counted = [one for one in facts if not one.is_reported and one.counted]
    found = [parks.totals(one) for one in counted]
    if not found:
        return None
    sums = {total: sum(int(amount.value) for of in found if (amount := of[total])) for total in STEPS}
    return TenantsTold(len(counted), tuple(sums.items()))


def _reported(facts: ParkFacts, today: date) -> list[ParkReported]:
    found: dict[tuple[str, str], list[tuple[ParkTotal, park_shown.Amount]]] = defaultdict(list)
    for total, amount in parks.totals(facts).items() if facts.is_reported else ():
        if amount is not None and not total.is_money and not (amount.on and is_to_come(amount.on, today)):
            found[amount.on, amount.source].append((total, amount))
    return [
        ParkReported(facts.name, facts.is_sample, on, source, tuple(figures))
        for (on, source), figures in sorted(found.items(), reverse=True)
    ]


def _alliances(session: Session, expo: Expo, now: datetime, today: date) -> AlliancesTold | None:
    found = alliance_report.read_within(session, expo, now, today)
    bodies = [year.seen.body for year in found.years if expo.is_sample or not year.seen.body.is_sample]
    return AlliancesTold(len(bodies), found.members, found.agreements) if bodies or found.agreements else None
