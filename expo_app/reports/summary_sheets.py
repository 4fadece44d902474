"""The summary report as plain tables for Excel, and what both its forms share: the figures by chapter, the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from expo_app.i18n import _
from expo_app.reports.deals import APART, parts_table, what_counts
from expo_app.reports.style import as_of, marked
from expo_app.reports.summary_hours import hour_words, unfinished
from expo_app.specs import SPECS
from expo_app.specs.deals_figures import DealPart
from expo_app.specs.exhibition_figures import ExhibitorPart
from expo_app.specs.figures import SHARE, WAN, Figure, ratio
from expo_app.specs.programme_figures import ItemPart
from expo_app.specs.report_data import Share, SheetColumn, SheetTable
from expo_app.specs.summary_report import SummaryData

Notes = tuple[str, ...]


def scale(data: SummaryData) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    """Every figure of the report by chapter."""
    return (
        (_("到场"), data.attendance.figures),
        (_("参展"), data.exhibition.figures),
        (_("活动"), data.programme.figures),
        (_("签约与意向（不相加）"), data.deals.figures),
    )


def rules(data: SummaryData) -> tuple[str, ...]:
    """How the figures were counted, in sentences."""
    sample = (
        _("本展会为示例展会，全部记录计入其自身数字，不计入任何跨届合计。")
        if data.head.is_sample
        else _("标为示例的单条记录不计入任何数字。")
    )
    return (
        as_of(data.head) + _("。"),
        _("参展商按合同计；联合参展和技术服务机构另计；展览净面积为已签约展位面积之和（用语见 GB/T 26165）。"),
        _("观众不含参展商、媒体、工作人员、嘉宾和演讲人，投资人计为专业观众；人次为每人每天一次，人数为每人一次。"),
        _("签约只计登记为“有效”且阶段为签约、认定登记、履行中或落地的项目；意向另列，不与签约相加。"),
        _("没有金额的项目只计项数，不作 0 计；外币金额不折算、不相加。"),
        sample,
    )


def tables(data: SummaryData) -> list[SheetTable]:
    """The same figures as plain tables, one sheet each."""
    note, deals = (as_of(data.head),), data.deals
    return [
        _figures_sheet(data, note),
        _days_sheet(data, note),
        _hours_sheet(data, note),
        _categories_sheet(data, note),
        _parts_sheet(_("参展按地区"), _("地区"), data.exhibition.regions, note),
        _parts_sheet(_("参展按地市"), _("地市"), data.exhibition.cities, note),
        _parts_sheet(_("参展按产业"), _("产业"), data.exhibition.industries, note),
        _items_sheet(data, note),
        parts_table(_("签约按类型"), _("类型"), deals.kinds, deals.totals, (what_counts(deals.totals), *note)),
        _deal_parts_sheet(_("技术合同按类别"), _("合同类别"), deals.contract_kinds, note),
        _deal_parts_sheet(_("签约按日"), _("日期"), deals.days, note, by_day=True),
        _deal_parts_sheet(_("各阶段"), _("阶段"), deals.stages, (_(APART), *note)),
        _top_sheet(data, note),
        SheetTable(_("统计口径"), (SheetColumn(_("口径"), 90, "long"),), [(rule,) for rule in rules(data)]),
    ]


def figures_value(figure: Figure) -> int | Decimal | None:
    """The value in the unit that stands beside it: money in 万元; a share as a fraction, as on every other sheet."""
    if figure.value is None:
        return None
    if figure.unit == SHARE:
        return Share(round(Decimal(figure.value), 6))
    if figure.unit == WAN:
        return Decimal(figure.shown.replace(",", ""))
    return _tidy(Decimal(figure.value))


def source(figure: Figure) -> str:
    """The list that a figure was counted from, and which of its records."""
    return f"{SPECS[figure.trace.spec].label} · {figure.trace.words}" if figure.trace else ""


def _tidy(value: Decimal) -> int | Decimal:
    """Without decimals that say nothing: 1134.00 is 1134."""
    return int(value) if value == int(value) else value.normalize()


def _figures_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("章节"), 22), SheetColumn(_("指标"), 20), SheetColumn(_("数值"), 18, "figure"),
        SheetColumn(_("计量单位"), 10), SheetColumn(_("口径"), 36, "long"), SheetColumn(_("来源记录"), 36, "long"),
    )  # fmt: skip
    rows = [
        (title, f.label, figures_value(f), f.unit_shown or None, f.note or None, source(f) or None)
        for title, figures in scale(data)
        for f in figures
    ]
    return SheetTable(_("总体规模"), columns, rows, note)


def _days_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("日期"), 14, "date"), SheetColumn(_("到场人数"), 12, "count"),
        SheetColumn(_("观众人次"), 12, "count"), SheetColumn(_("专业观众人次"), 14, "count"),
        SheetColumn(_("专业观众占比"), 14, "percent"),
    )  # fmt: skip
    days = data.attendance.days
    rows = [(d.day, d.people, d.visits, d.trade_visits, _share(d.trade_visits, d.visits)) for d in days]
    people, visits, trade = (sum(getattr(d, n) for d in days) for n in ("people", "visits", "trade_visits"))
    total = (_("合计（人次）"), people, visits, trade, _share(trade, visits))
    return SheetTable(_("分日到场"), columns, rows, note, (total,))


def _share(part: int | Decimal, whole: int | Decimal | None) -> Decimal | None:
    """A share with six decimals: what a spreadsheet's number holds."""
    share = ratio(part, whole)
    return None if share is None else round(share, 6)


def _hours_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("日期"), 14, "date"), SheetColumn(_("时段"), 14), SheetColumn(_("首次到场"), 12, "count"),
        SheetColumn(_("其中观众"), 12, "count"),
    )  # fmt: skip
    hours = data.attendance.hours
    rows = [(h.day, hour_words(h.hour), h.people, h.visits) for h in hours]
    total = (_("合计（人次）"), None, sum(h.people for h in hours), sum(h.visits for h in hours))
    return SheetTable(_("分时到场"), columns, rows, tuple(filter(None, (unfinished(data), *note))), (total,))


def _categories_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("类别"), 14), SheetColumn(_("登记"), 12, "count"), SheetColumn(_("到场人数"), 12, "count"),
        SheetColumn(_("到场人次"), 12, "count"), SheetColumn(_("计入观众"), 12),
    )  # fmt: skip
    parts = data.attendance.categories
    rows = [(c.label, c.registered, c.people, c.visits, _("计入") if c.is_visitor else None) for c in parts]
    sums = (sum(getattr(c, name) for c in parts) for name in ("registered", "people", "visits"))
    return SheetTable(_("人员类别"), columns, rows, note, ((_("合计"), *sums, None),))


def _parts_sheet(title: str, first: str, parts: Sequence[ExhibitorPart], note: Notes) -> SheetTable:
    columns = (
        SheetColumn(first, 18), SheetColumn(_("参展商（家）"), 14, "count"), SheetColumn(_("占比"), 10, "percent"),
        SheetColumn(_("已到场（家）"), 14, "count"), SheetColumn(_("展位面积（㎡）"), 16, "figure"),
    )  # fmt: skip
    whole = sum(part.count for part in parts)
    rows = [(part.label, part.count, _share(part.count, whole), part.arrived, _tidy(part.area)) for part in parts]
    arrived, area = sum(part.arrived for part in parts), sum((part.area for part in parts), Decimal(0))
    return SheetTable(title, columns, rows, note, ((_("合计"), whole, _share(whole, whole), arrived, _tidy(area)),))


def _items_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("分组"), 12), SheetColumn(_("活动"), 18), SheetColumn(_("场次"), 10, "count"),
        SheetColumn(_("时长（分钟）"), 14, "count"), SheetColumn(_("报名"), 10, "count"),
    )  # fmt: skip

    def lines(title: str, parts: Sequence[ItemPart]) -> list[tuple[str | int, ...]]:
        return [(title, part.label, part.count, part.minutes, part.registrations) for part in parts]

    rows = lines(_("按类型"), data.programme.kinds) + lines(_("按日"), data.programme.days)
    return SheetTable(_("活动"), columns, rows, note)


def _deal_parts_sheet(
    title: str, first: str, parts: Sequence[DealPart], note: Notes, *, by_day: bool = False
) -> SheetTable:
    """Deals by what `first` says; a day is written as a date, what has none in words."""
    columns = (
        SheetColumn(first, 18, "date" if by_day else "text"), SheetColumn(_("项数"), 10, "count"),
        SheetColumn(_("金额（万元）"), 18, "money"),
        SheetColumn(_("技术交易额（万元）"), 18, "money"), SheetColumn(_("无金额"), 10, "count"),
    )  # fmt: skip
    names = [date.fromisoformat(p.key) if by_day and p.key else p.label for p in parts]
    rows = [(name, p.count, p.amount, p.tech_amount, p.without) for name, p in zip(names, parts, strict=True)]
    return SheetTable(title, columns, rows, note)


def _top_sheet(data: SummaryData, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("编号"), 18), SheetColumn(_("项目名称"), 40, "long"), SheetColumn(_("签约各方"), 50, "long"),
        SheetColumn(_("类别"), 16), SheetColumn(_("成交额（万元）"), 18, "money"),
        SheetColumn(_("签订日期"), 14, "date"),
    )  # fmt: skip
    rows = [
        (d.deal_no, marked(d.title, d.is_sample), d.parties, d.label, d.amount, d.signed_on) for d in data.deals.top
    ]
    return SheetTable(_("成交额居前"), columns, rows, note)
