"""What stands beside the statistic tables: the filter line, and how everything was counted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from expo_app.i18n import N_, _, named
from expo_app.model import Expo
from expo_app.rules.day_spans import day_span
from expo_app.rules.region_groups import RegionRule
from expo_app.services.statistics.scope import Scope
from expo_app.specs.trade_tables import Basis, DealRow, TableQuery

BASIS_NOTES = {
    Basis.SIGNED: N_("T1–T9 计有效的技术合同：签约、已登记、履行中、落地的，按签订日期。"),
    Basis.REGISTERED: N_("T1–T9 计有效的技术合同：已认定登记的，按登记日期。"),
    Basis.INTENDED: N_("T1–T9 计有效的技术合同意向，按签订日期，没有的按录入日期；意向不是成交，不与签约相加。"),
}


def filters(
    session: Session, query: TableQuery, scopes: Sequence[Scope], rule: RegionRule, against: str
) -> tuple[str, ...]:
    """What was asked, part by part: expos, basis, period, region, comparison."""
    expos = (session.get_one(Expo, scope.id) for scope in scopes)
    parts = [_("、").join(named(expo.name, expo.name_en) for expo in expos), query.basis.label, period_words(query)]
    parts.append(_("全部地区") if query.region is None else rule.label(query.region))
    if query.rolls_up and (words := rule_of_rolls(session, query)):
        parts.append(words)
    if against:
        parts.append(_("对比 {what}").format(what=against))
    return tuple(parts)


def rule_of_rolls(session: Session, query: TableQuery) -> str:
    """Which groups count with which city."""
    from expo_app.services.region_groups import read_rule

    return read_rule(session, query.expo_ids[0]).rolled_up


def period_words(query: TableQuery) -> str:
    """The period as a person says it."""
    if query.since and query.until:
        return day_span(query.since, query.until)
    if query.since:
        return _("{day} 起").format(day=query.since.isoformat())
    return _("{day} 止").format(day=query.until.isoformat()) if query.until else _("不限时期")


def of_all(
    rows: Sequence[DealRow], contracts: Sequence[DealRow], query: TableQuery, is_compared: bool
) -> tuple[str, ...]:
    """How T1 to T9 were counted, what their amounts hold or lack. `contracts`: those counted; `rows`: all."""
    words = [_(BASIS_NOTES[query.basis])]
    undated = sum(_undated(row, query.basis) for row in rows) if query.since or query.until else 0
    counted = (
        (_("{n} 份没有金额，计项数不计金额。"), sum(row.amount is None for row in contracts)),
        (_("成交额含外币折算 {n} 份。"), sum(row.is_converted for row in contracts)),
        (_("{n} 份有几个卖方或买方，性质和地区按第一个计。"), sum(row.sides > 1 for row in contracts)),
        (_("{n} 份没有日期，不在所选时期内。"), undated),
    )
    words += [text.format(n=f"{n:,}") for text, n in counted if n]
    if query.region is not None:
        words.append(_("地区：第一个卖方或第一个买方在其中的；只有签约方的项目不计。"))
    if is_compared and (query.since or query.until):
        words.append(_("对比的时期按各自开幕日平移。"))
    return tuple(words)


def _undated(row: DealRow, basis: Basis) -> bool:
    """Whether a contract of the basis has no day that could be in a period."""
    if basis is Basis.REGISTERED:
        return row.is_registered and row.registered_on is None
    return row.is_contract and row.is_signed and basis is Basis.SIGNED and row.day is None
