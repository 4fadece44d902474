"""What parks are counted from, as plain data: reports, tenants with steps, figures and what they were granted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from expo_app.i18n import N_
from expo_app.model import ParkTotal, SupportKind, TenantState
from expo_app.rules import tenant_steps
from expo_app.specs.park_shown import Origin, Point

FUNNEL = (ParkTotal.VISITED, ParkTotal.INTENDED, ParkTotal.SIGNED, ParkTotal.TENANTS, ParkTotal.LANDED)
DATED = (ParkTotal.TALENTS, ParkTotal.PATENTS, ParkTotal.INVESTMENT, ParkTotal.REVENUE)
HOW = {
    ParkTotal.VISITED: N_("有任何一步经过的企业，退出的也在内"),
    ParkTotal.INTENDED: N_("到过意向或更后一步的企业"),
    ParkTotal.SIGNED: N_("到过签约或更后一步的企业"),
    ParkTotal.TENANTS: N_("到过入驻、孵化、落地或毕业的企业和团队，后来退出的也在内；退出后再来的还是一家"),
    ParkTotal.RESEARCH_CENTRES: N_("其中登记为研发中心的"),
    ParkTotal.LANDED: N_("有落地一步的企业"),
    ParkTotal.GRADUATED: N_("有毕业一步的企业"),
    ParkTotal.TALENTS: N_("每家企业最近一次报的高层次人才之和"),
    ParkTotal.PATENTS: N_("每家企业各年申请数之和，半年数并入当年"),
    ParkTotal.EVENTS: N_("园区已办的活动"),
    ParkTotal.COOPERATIONS: N_("高校对接的项目"),
    ParkTotal.INVESTMENT: N_("每家企业最近一次报的落地投资之和"),
    ParkTotal.REVENUE: N_("各企业同一日期报的总收入之和；取报数企业不少于最全一期一半的最近日期，并标家数"),
    ParkTotal.USED_AREA: N_("在园企业（到过入驻、孵化或落地，没有毕业或退出）最近一次报的使用面积之和，加公共服务面积"),
}
"""How each figure is counted; 服务平台 is only ever reported."""


COUNTED = (
    ParkTotal.VISITED, ParkTotal.INTENDED, ParkTotal.SIGNED, ParkTotal.TENANTS, ParkTotal.RESEARCH_CENTRES,
    ParkTotal.LANDED, ParkTotal.GRADUATED,
)  # fmt: skip
"""Figures that are a number of tenants."""


def counts(row: Mapping[str, Any], *owners: Mapping[str, Any]) -> bool:
    """Whether a record counts: a generated one only where something that it hangs on is itself generated."""
    return not row["is_sample"] or any(one["is_sample"] for one in owners)


@dataclass(frozen=True)
class TenantFacts:
    """A tenant. `days`: state → day of its step that holds; `figures`: rows of `TenantFigures` since it
    moved in, earliest first."""

    id: uuid.UUID
    row: Mapping[str, Any]
    name: str
    search: str
    days: Mapping[TenantState, str]
    figures: Sequence[Mapping[str, Any]]
    supports: Sequence[SupportKind] = ()
    earlier: Sequence[TenantFacts] = ()
    """Its company's stays in the park before this one, where it stands for all of them (`ParkFacts.companies`)."""

    @property
    def is_sample(self) -> bool:
        return bool(self.row["is_sample"])

    @property
    def title(self) -> str:
        """Its name, and of a company that came back which stay it is."""
        return tenant_steps.stay_title(self.name, self.row["stay"])

    @property
    def rank(self) -> int:
        """How far it came, whether or not it left since; −1 without a step."""
        return max((tenant_steps.RANK[state] for state in self.days if state is not TenantState.LEFT), default=-1)

    @property
    def came(self) -> bool:
        """Whether it moved in, is or was incubated, landed or graduated."""
        return any(tenant_steps.CAME & one.days.keys() for one in (self, *self.earlier))

    @property
    def is_inside(self) -> bool:
        """Whether it is in the park (在园, 在孵): it came, landed or not, and neither graduated nor left."""
        return bool(tenant_steps.CAME & self.days.keys()) and not self.days.keys() & {
            TenantState.GRADUATED,
            TenantState.LEFT,
        }

    @property
    def steps(self) -> Sequence[ParkTotal]:
        """The figures that count it as one of them (`HOW`)."""
        counts = {
            ParkTotal.VISITED: bool(self.days),
            ParkTotal.INTENDED: self.rank >= tenant_steps.RANK[TenantState.INTENDED],
            ParkTotal.SIGNED: self.rank >= tenant_steps.RANK[TenantState.SIGNED],
            ParkTotal.TENANTS: self.came,
            ParkTotal.RESEARCH_CENTRES: self.came and bool(self.row["is_research_centre"]),
            ParkTotal.LANDED: TenantState.LANDED in self.days,
            ParkTotal.GRADUATED: TenantState.GRADUATED in self.days,
        }
        before = {total for one in self.earlier for total in one.steps}
        return [total for total, is_one in counts.items() if is_one or total in before]

    def last(self, name: str, until: date | None = None) -> Any:
        """The last known value of a figure, up to a date; None where it was never reported."""
        known = [
            row[name] for row in self.figures if row[name] is not None and (until is None or row["on_date"] <= until)
        ]
        return known[-1] if known else None

    def over_years(self, name: str, until: date | None = None) -> Any:
        """A figure of the year (当年申请数) over all years: of each its last report, which holds its half-year."""
        by_year = {
            row["on_date"].year: row[name] for row in self.figures
            if row[name] is not None and (until is None or row["on_date"] <= until)
        }  # fmt: skip
        return sum(by_year.values()) if by_year else None


@dataclass(frozen=True)
class ParkFacts:
    """A park with all that hangs on it. `reported`: figure → its reports, earliest first."""

    row: Mapping[str, Any]
    name: str
    reported: Mapping[ParkTotal, Sequence[Point]]
    since: Mapping[ParkTotal, str]
    tenants: Sequence[TenantFacts]
    events: int | None
    """Held ones; None where none is entered at all."""

    @property
    def is_sample(self) -> bool:
        return bool(self.row["is_sample"])

    @property
    def is_reported(self) -> bool:
        """Whether its figures are what was reported: then nothing of it is counted but what nobody can count."""
        return bool(self.reported.keys() - {ParkTotal.PARTNERS})

    @property
    def origin(self) -> Origin:
        """Of what is counted here."""
        return Origin.SAMPLE if self.is_sample else Origin.COUNTED

    @cached_property
    def counted(self) -> Sequence[TenantFacts]:
        """Tenants that count: a generated one only where the park itself is."""
        return [one for one in self.tenants if counts(one.row, self.row)]

    @cached_property
    def companies(self) -> Sequence[TenantFacts]:
        """The same, a company's stays as one: it stands as in the last, with the steps and the figures of all."""
        found: dict[Any, TenantFacts] = {}
        for one in sorted(self.counted, key=lambda one: one.row["stay"]):
            body = one.row["organisation_id"]
            found[body] = _after(found[body], one) if body in found else one
        return list(found.values())


def _after(before: TenantFacts, last: TenantFacts) -> TenantFacts:
    figures = sorted((*before.figures, *last.figures), key=lambda row: row["on_date"])
    supports = (*before.supports, *last.supports)
    return replace(last, figures=figures, supports=supports, earlier=(*before.earlier, before))
