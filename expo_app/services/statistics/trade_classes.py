"""By what the statistic tables class a contract: columns, the order of their words, what rolls up. Data alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from expo_app.i18n import N_, _
from expo_app.model import DealStage, PlanSource, RegistryList
from expo_app.rules import regions, tech_contracts
from expo_app.rules.countries import is_country
from expo_app.rules.registry_lists import Lists
from expo_app.rules.size_classes import CLASSES, LARGE, class_of
from expo_app.specs.trade_tables import UNKNOWN, Basis, DealRow, Key

Label = Callable[[str], str]
Has = Callable[[DealRow], bool]
Order = Callable[[Lists], Sequence[str]]


def _said(key: str) -> str:
    return _(key)


def _listed(of: RegistryList) -> Order:
    """As the office's list has its words, of any time."""
    return lambda lists: lists.names(of)


@dataclass(frozen=True)
class Part:
    """By what the lines of a table unfold."""

    key: Key
    order: Order
    label: Label = _said


@dataclass(frozen=True)
class Classing:
    """One table: `key` gives a contract's line ("" is 未填), `order` the lines' order; `extras`: sums beside them."""

    no: str
    title: str
    first: str
    key: Key
    order: Order
    label: Label = _said
    part: Part | None = None
    extras: tuple[tuple[str, str, Has], ...] = ()
    notes: tuple[str, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)


# --- T5 ---------------------------------------------------------------------------------------------------------------
PATENT, NOT_INVOLVED = N_("专利"), "未涉及"
PATENT_KINDS = ("发明专利", "实用新型", "外观设计")


def ip_group(kind: str) -> str:
    """The kinds of patents are one line, 专利, as offices publish it."""
    return PATENT if kind in PATENT_KINDS else kind


def _ip_order(lists: Lists) -> tuple[str, ...]:
    """As the list has them, patents as one; what concerns no right last."""
    kinds = dict.fromkeys(map(ip_group, lists.names(RegistryList.IP_KIND)))
    return (*(kind for kind in kinds if kind != NOT_INVOLVED), NOT_INVOLVED)


# --- T6 ---------------------------------------------------------------------------------------------------------------
def _plan_order(lists: Lists) -> list[str]:
    """As the office's list has them, those that are not in it behind."""
    listed = (*lists.names(RegistryList.PLAN), *(plan.value for plan in PlanSource))
    return [plan.name for plan in sorted(PlanSource, key=lambda plan: listed.index(plan.value))]


# --- T7 ---------------------------------------------------------------------------------------------------------------
LOCAL, OUTSIDE, EXPORT, IMPORT, BETWEEN = "local", "outside", "export", "import", "between"
FLOWS = {
    LOCAL: N_("本省（市）内"), OUTSIDE: N_("跨省（市）"), EXPORT: N_("出口（买方在境外）"),
    IMPORT: N_("引进（卖方在境外）"), BETWEEN: N_("买卖双方都在境外"),
}  # fmt: skip
FLOW_ORDER = tuple(FLOWS)
FLOW_NOTE = N_("省按行政区划代码（GB/T 2260）前两位，一方没有地区的列为未填。")


def flow_label(key: str) -> str:
    """A class of flow in words."""
    return _(FLOWS[key])


def flow_of(row: DealRow) -> str:
    """Within a province, to another one, out of the country or into it; UNKNOWN where a side has no region."""
    return flow_between(row.seller_code, row.buyer_code)


@lru_cache(maxsize=4096)
def flow_between(seller: str | None, buyer: str | None) -> str:
    """The same of two places by their codes."""
    if not seller or not buyer:
        return UNKNOWN
    abroad = is_country(seller), is_country(buyer)
    if abroad != (False, False):
        return {(True, True): BETWEEN, (False, True): EXPORT, (True, False): IMPORT}[abroad]
    return LOCAL if regions.province_of(seller) == regions.province_of(buyer) else OUTSIDE


# --- T1 to T6, T9 -----------------------------------------------------------------------------------------------------
KIND_COLOURS = {
    tech_contracts.DEVELOPMENT: "cat.it", tech_contracts.TRANSFER: "cat.research", tech_contracts.LICENCE: "plum",
    tech_contracts.CONSULTING: "cat.service", tech_contracts.SERVICE: "cat.energy",
}  # fmt: skip
CLASSINGS = (
    Classing(
        "T1", N_("合同类别"), N_("类别"), lambda row: row.kind, _listed(RegistryList.KIND),
        part=Part(lambda row: row.subkind, _listed(RegistryList.SUBKIND)), colours=KIND_COLOURS,
        notes=(N_("2020 年及以前的专利实施许可计入技术转让，2021 年起计入技术许可（民法典第八百六十三条）。"),),
    ),
    Classing("T2", N_("技术领域"), N_("领域"), lambda row: row.tech_field, _listed(RegistryList.TECH_FIELD)),
    Classing("T3", N_("卖方性质"), N_("卖方性质"), lambda row: row.seller_nature, _listed(RegistryList.NATURE)),
    Classing("T4", N_("买方性质"), N_("买方性质"), lambda row: row.buyer_nature, _listed(RegistryList.NATURE)),
    Classing(
        "T5", N_("知识产权"), N_("知识产权"), lambda row: ip_group(row.ip_kind), _ip_order,
        part=Part(lambda row: row.ip_kind, _listed(RegistryList.IP_KIND)),
        extras=(
            ("involved", N_("涉及知识产权"), lambda row: row.ip_kind not in (UNKNOWN, NOT_INVOLVED)),
            ("not_involved", N_("未涉及知识产权"), lambda row: row.ip_kind == NOT_INVOLVED),
        ),
        notes=(N_("发明专利、实用新型、外观设计合计为专利。"),),
    ),
    Classing(
        "T6", N_("计划来源"), N_("计划来源"), lambda row: row.plan_source, _plan_order,
        lambda key: PlanSource[key].label,
    ),
    Classing(
        "T9", N_("社会经济目标"), N_("社会经济目标"), lambda row: row.social_goal, _listed(RegistryList.SOCIAL_GOAL)
    ),
)  # fmt: skip
_SIZES = {key: words for key, words, _least in CLASSES}
SIZES = Classing(
    "T8", N_("金额档次"), N_("成交额"), lambda row: class_of(row.amount), lambda _lists: tuple(_SIZES),
    lambda key: _(_SIZES[key]),
    extras=(("from_large", N_("500 万元及以上"), lambda row: row.amount is not None and row.amount >= LARGE),),
)  # fmt: skip


# --- T10 --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """A line of T10: which deals it counts, by the day of which basis."""

    key: str
    words: str
    basis: Basis
    has: Has


STEPS = (
    Step("intended", N_("意向"), Basis.INTENDED, lambda row: row.is_intended),
    Step("signed", N_("签约"), Basis.SIGNED, lambda row: row.is_signed),
    Step("registered", N_("其中已认定登记"), Basis.REGISTERED, lambda row: row.is_registered),
    Step(
        "performed", N_("其中履行中和落地"), Basis.SIGNED,
        lambda row: row.stage in (DealStage.PERFORMING.name, DealStage.LANDED.name),
    ),
    Step("terminated", N_("已终止"), Basis.SIGNED, lambda row: row.stage == DealStage.TERMINATED.name),
)  # fmt: skip
STEP_NOTES = (
    N_("计全部有效项目，不限技术合同；意向、签约、登记、履约各行不相加。"),
    N_("签约含已登记、履行中和落地的；登记按登记日期计，其他按签订日期计。"),
)
