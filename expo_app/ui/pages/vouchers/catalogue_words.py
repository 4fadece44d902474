"""What the catalogue of resources says in words: prices, conditions, facts, what a region's voucher does here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from expo_app.i18n import N_, _
from expo_app.model import PaidWay, ShareBasis
from expo_app.rules.catalogue import CATEGORY, NATURE, REGION, TAKES, Catalogue, Entry, Found, Issuer, Kind, Wanted
from expo_app.rules.region_groups import RegionRule

KIND_HEADS = {Kind.INSTRUMENT: N_("仪器 / 机构"), Kind.SERVICE: N_("服务 / 机构"), Kind.BODY: N_("机构")}
FACET_WORDS = {REGION: N_("地区"), NATURE: N_("机构性质"), TAKES: N_("可收券")}
CATEGORY_WORDS = {Kind.INSTRUMENT: N_("仪器类型"), Kind.SERVICE: N_("服务领域"), Kind.BODY: N_("机构类别")}
BASIS_WORDS = {ShareBasis.CONTRACT: N_("按合同金额"), ShareBasis.INVOICE: N_("按发票金额")}
WAY_WORDS = {PaidWay.REFUNDED: N_("通用：先付后补"), PaidWay.PAID: N_("通兑：机构收券款")}


def facet_title(name: str, kind: Kind) -> str:
    """The heading of a facet."""
    return _(CATEGORY_WORDS[kind] if name == CATEGORY else FACET_WORDS[name])


def value_words(name: str, value: str, regions: RegionRule, issuers: Sequence[Issuer]) -> str:
    """A value of a facet, as its line says it under the facet's heading."""
    if name == REGION:
        return regions.label(value)
    if name == TAKES:
        return next((one.name for one in issuers if one.code == value), value)
    return _(value) if value else _("未填")


def price(entry: Entry) -> str:
    """480.00; — where none is published."""
    return "—" if entry.price is None else f"{entry.price:,.2f}"


def per(entry: Entry) -> str:
    """每样."""
    return _("每{unit}").format(unit=entry.unit) if entry.unit and entry.price is not None else ""


def whole_price(entry: Entry) -> str:
    """480.00 元 / 样 · 2019-03-01 起."""
    if entry.price is None:
        return ""
    words = _("{price} 元").format(price=price(entry)) + (f" / {entry.unit}" if entry.unit else "")
    since = _("{day} 起").format(day=entry.price_from.isoformat()) if entry.price_from else ""
    return " · ".join(filter(None, (words, since)))


def valid(entry: Entry) -> str:
    """From when until when the catalogue holds it."""
    start, end = (day.isoformat() if day else "" for day in (entry.listed_from, entry.listed_until))
    if start and end:
        return _("{start} 至 {end}").format(start=start, end=end)
    return _("{day} 起").format(day=start) if start else _("至 {day}").format(day=end) if end else ""


def qualified(entry: Entry, day: date) -> str:
    """CMA、CNAS，至 2021-09-30; says so where that day is past."""
    until = entry.qualified_until
    if until is None:
        return entry.qualification
    words = (_("至 {day}") if until >= day else _("{day} 已到期")).format(day=until.isoformat())
    return _("，").join(filter(None, (entry.qualification, words)))


def facts(catalogue: Catalogue) -> str:
    """What the catalogue holds, as of its day."""
    bodies, instruments, services = map(catalogue.count, (Kind.BODY, Kind.INSTRUMENT, Kind.SERVICE))
    counted = _("{bodies} 家机构 · {instruments} 台（套）仪器 · {services} 项服务").format(
        bodies=f"{bodies:,}", instruments=f"{instruments:,}", services=f"{services:,}"
    )
    return f"{counted} · " + _("按 {day} 计").format(day=catalogue.day.isoformat())


def told(wanted: Wanted, found: Found, regions: RegionRule, issuers: Sequence[Issuer]) -> str:
    """118 条：甲地或乙地，分析仪器，甲地券."""
    count = _("{n} 条").format(n=f"{found.count:,}")
    parts = [wanted.search.strip()] if wanted.search.strip() else []
    for name, values in wanted.ticked.items():
        words = [value_words(name, value, regions, issuers) for value in found.counts[name] if value in values]
        if name == TAKES:
            words = [_("{region}券").format(region=region) for region in words]
        if words:
            parts.append(_("或").join(words))
    return count + _("：") + _("，").join(parts) if parts else count


def kind_chips(counts: Mapping[Kind, int]) -> list[tuple[object, str, int | None]]:
    """仪器 412, 服务 23, 机构 9."""
    return [(kind, kind.label, counts.get(kind, 0)) for kind in Kind]
