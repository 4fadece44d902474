"""How numbers and days of parks are said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from expo_app.i18n import N_, _
from expo_app.model import ParkTotal, Qualifier, TenantState
from expo_app.rules import amounts, partial_days
from expo_app.specs.fields import MISSING
from expo_app.specs.park_shown import Amount, Bound, Funnel, Origin, Point, Rate

ORIGINS = {Origin.REPORTED: "info", Origin.SAMPLE: "warn", Origin.COUNTED: "mute"}
"""Kinds of the mark beside a number."""
STEPS = {
    ParkTotal.VISITED: (N_("接触"), N_("走访的意向企业")), ParkTotal.INTENDED: (N_("意向"), ""),
    ParkTotal.SIGNED: (N_("签约"), ""), ParkTotal.TENANTS: (N_("孵化 / 入驻"), ""),
    ParkTotal.LANDED: (N_("落地"), N_("落地的项目")),
}  # fmt: skip
"""What a step of the funnel is called, and what it counts where nothing stands beside it."""
FIGURES = {
    ParkTotal.TALENTS: (N_("高层次人才"), N_("人")), ParkTotal.PATENTS: (N_("专利申请"), N_("件")),
    ParkTotal.INVESTMENT: (N_("投资"), N_("万元")), ParkTotal.REVENUE: (N_("营收"), N_("万元")),
}  # fmt: skip
"""Name and unit of a dated figure."""
OLD = 365
"""Days after which a figure is said to be old."""


def number(value: Decimal | int | None) -> str:
    """A count or an area without zeros at its end; — of nothing."""
    if value is None:
        return MISSING
    plain = Decimal(value).normalize()
    return f"{plain:,f}"


def area(value: Decimal | None) -> str:
    """Square metres with their unit."""
    return MISSING if value is None else _("{n} ㎡").format(n=number(value))


def count(amount: Amount | None) -> str:
    """A total as it was said: 530+, 约 50."""
    if amount is None:
        return MISSING
    if amount.qualifier is Qualifier.OVER:
        return f"{number(amount.value)}+"
    return qualified(amount.qualifier, number(amount.value))


def qualified(qualifier: Qualifier | None, words: str) -> str:
    """A number behind what is said of it."""
    return words if qualifier is None else _("{how} {n}").format(how=qualifier.label, n=words)


def thousands(yuan: Decimal | None) -> str:
    """千元, without decimals where there are none."""
    return MISSING if yuan is None else amounts.format_in(yuan, amounts.THOUSAND, 0).replace("-", "−")


def figure(total: ParkTotal, point: Point) -> str:
    """The value of a dated figure in its unit."""
    if total in (ParkTotal.INVESTMENT, ParkTotal.REVENUE):
        words = amounts.format_wan(point.value)
    else:
        words = number(point.value)
    return f"{words}+" if point.qualifier is Qualifier.OVER else qualified(point.qualifier, words)


def firms(of: Point | Amount) -> str:
    """3 / 4 家, how many reported it; "" where nobody is asked."""
    return _("{n} / {m} 家").format(n=of.firms, m=of.of) if of.firms else ""


def is_old(on: str, today: date) -> bool:
    """Whether a figure of that day is older than a year."""
    return bool(on) and (today - partial_days.last_day(on)).days > OLD


def days(n: int) -> str:
    """19 天."""
    return _("{n} 天").format(n=f"{n:,}")


def span(funnel: Funnel) -> str:
    """When its numbers were counted: 2019-12 至 2022-12 累计; "" where no day is said."""
    known = [amount for amount in funnel.steps.values() if amount is not None and amount.on]
    if not known:
        return ""
    last = max(known, key=lambda one: partial_days.last_day(one.on))
    if last.since:
        return _("{first} 至 {last} 累计").format(first=last.since, last=last.on)
    return _("截至 {day}").format(day=last.on)


def _brief(step: ParkTotal) -> str:
    return TenantState.MOVED_IN.label if step is ParkTotal.TENANTS else _(STEPS[step][0])


def _rate(rate: Rate, is_told: bool) -> str:
    words = f"{_brief(rate.above)} → {_brief(rate.below)} {rate.share * 100:.1f} %"
    return words + (_("（{what}）").format(what=_(rate.bound)) if rate.bound and not is_told else "")


def _over(funnel: Funnel, rate: Rate) -> Amount | None:
    """The step above of a share that is at most so much because it was reported as more."""
    above = funnel.steps[rate.above]
    is_over = rate.bound is Bound.MOST and above is not None and above.qualifier is Qualifier.OVER
    return above if is_over else None


def rates(funnel: Funnel) -> Sequence[str]:
    """接触 → 入驻 8.7 %, between known steps; last the sentence what they are worth."""
    found = [_rate(one, _over(funnel, one) is not None) for one in funnel.rates]
    vague = next(filter(None, (_over(funnel, one) for one in funnel.rates)), None)
    if vague is not None:
        n = number(vague.value)
        found.append(_("前一步报道为“超过 {n}”，比率按 {n} 算，是上限").format(n=n))
    elif not found:
        found.append(_("已知的步骤不足两个，不算比率"))
    return found
