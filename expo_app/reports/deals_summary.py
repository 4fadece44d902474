"""Signed and intended: a chapter of the summary report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from expo_app.i18n import _
from expo_app.reports import charts
from expo_app.reports.charts import Bar
from expo_app.reports.deals import APART, amount_bars, parts_table, show_wan, wan, what_counts, write_parts
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import day_words, kpi, marked, room_for, sentences
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.deals_figures import DealFigures, DealPart
from expo_app.specs.figures import WAN, percent
from expo_app.specs.report_data import Head, SheetChart, SheetColumn, SheetTable


def chapter(head: Head, deals: DealFigures) -> Chapter:
    """The fifth chapter."""
    return Chapter(
        50, 40, deals, _("签约与意向（不相加）"), deals.figures, (deals.signed_amount, deals.intended_amount),
        len(deals.kinds) + len(deals.contract_kinds) + len(deals.stages) + len(deals.top),
        partial(_write, head, deals), partial(_sheets, deals), lambda _figures: _in_words(deals),
        (
            _("签约只计登记为“有效”且阶段为签约、认定登记、履行中或落地的项目；意向另列，不与签约相加。"),
            _("没有金额的项目只计项数，不作 0 计；外币按登记的汇率折算，没有汇率的不相加。"),
        ),
    )  # fmt: skip


def _in_words(deals: DealFigures) -> str:
    """Signed and intended in one sentence; an amount only where there is one."""
    if not deals.signed.value and not deals.intended.value:
        return _("还没有签约和意向项目。")
    parts = []
    if deals.signed.value:
        amount = deals.signed_amount
        has = _("签约 {n} 项，成交额 {amount}") if amount.value is not None else _("签约 {n} 项，没有金额")
        parts.append(has.format(n=deals.signed.shown, amount=amount.in_words))
    if deals.intended.value:
        amount = deals.intended_amount
        has = _("意向 {n} 项，金额 {amount}") if amount.value is not None else _("意向 {n} 项，没有金额")
        parts.append(has.format(n=deals.intended.shown, amount=amount.in_words))
    return _("；").join(parts) + (_("，两者不相加") if len(parts) > 1 else "") + _("。")


def _write(head: Head, deals: DealFigures, doc: Paper) -> None:
    doc.chapter(_("签约与意向"), keep=200 if deals.stages else 60)
    if not deals.stages:
        doc.paragraph(_in_words(deals))
        doc.note(what_counts(deals.totals))
        return
    doc.kpis([kpi(f) for f in (deals.signed_amount, deals.signed, deals.tech_amount)], per_row=3)
    doc.kpis([kpi(f) for f in (deals.intended_amount, deals.intended)], per_row=3)
    doc.note(sentences([_with_prior(deals), what_counts(deals.totals)]))
    doc.side_by_side(
        [
            (_("签约成交额按类型（万元）"), charts.horizontal_bars(amount_bars(deals.kinds), show_wan)),
            (_("各日签约成交额（万元）"), charts.bars(_by_day(deals.days, head.days), "", show_wan)),
        ],
        120,
    )
    doc.heading(_("签约项目按类型"), 2, keep=room_for(len(deals.kinds)))
    write_parts(doc, _("类型"), deals.kinds, deals.totals)
    doc.heading(_("技术合同按类别（万元）"), 2, keep=90 + room_for(len(deals.contract_kinds), total=False))
    doc.chart(charts.shares(amount_bars(deals.contract_kinds), "", show_wan), charts.SHARES)
    _contracts(doc, deals.contract_kinds)
    doc.heading(_("各阶段"), 2, keep=room_for(len(deals.stages)))
    _stages(doc, deals.stages)
    doc.heading(_("成交额居前的签约项目"), 2, keep=120)
    _top(doc, deals)
    end_chapter(doc, head, _("金额以元存储，精确到分"))


def _with_prior(deals: DealFigures) -> str:
    """How the press's figure comes of the one here; empty where all were signed first at this expo."""
    if not deals.totals.signed_prior:
        return ""
    return _("签约 {n} 项，其中此前已签 {prior} 项；首次签约于本届 {first} 项，成交额 {amount}。").format(
        n=deals.signed.shown, prior=f"{deals.totals.signed_prior:,}", first=deals.first.shown,
        amount=deals.first_amount.in_words,
    )  # fmt: skip


def _by_day(parts: Sequence[DealPart], days: Collection[date]) -> list[Bar]:
    """The expo's own days, then all others as one; what has no date keeps its bar."""
    known = [(date.fromisoformat(p.key) if p.key else None, p.label, p.amount) for p in parts if p.amount is not None]
    bars = [Bar(day_words(day), amount) for day, _label, amount in known if day and day in days]
    other = [amount for day, _label, amount in known if day and day not in days]
    bars += [Bar(_("其他日期（展期外）"), sum(other))] if other else []
    return bars + [Bar(label, amount) for day, label, amount in known if not day]


def _contracts(doc: Paper, parts: Sequence[DealPart]) -> None:
    columns = [
        Column(_("合同类别"), 3, bold=True), Column(_("项数"), 1, "right"), Column(_("成交额（万元）"), 2, "right"),
        Column(_("技术交易额（万元）"), 2.4, "right"), Column(_("占技术合同"), 1.3, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [p.label, f"{p.count:,}", wan(p.amount), wan(p.tech_amount), None if p.share is None else percent(p.share)]
        for p in parts
    ]
    count, amount, tech, _without = _whole(parts)
    total = [_("合计"), f"{count:,}", wan(amount), wan(tech), None if amount is None else percent(Decimal(1))]
    doc.table(columns, rows, total if rows else None, empty=_("没有技术合同"))


def _whole(parts: Sequence[DealPart]) -> tuple[int, Decimal | None, Decimal | None, int]:
    """项数, 成交额, 技术交易额, 无金额 of parts that are all there is."""
    amounts, techs = [p.amount for p in parts], [p.tech_amount for p in parts]
    return sum(p.count for p in parts), _sum(amounts), _sum(techs), sum(p.without for p in parts)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _stages(doc: Paper, parts: Sequence[DealPart]) -> None:
    """Stages beside each other without a sum: intention and signed are never added."""
    columns = [
        Column(_("阶段"), 3, bold=True), Column(_("项数"), 1, "right"), Column(_("金额（万元）"), 2, "right"),
        Column(_("无金额"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [[p.label, f"{p.count:,}", wan(p.amount), f"{p.without:,}" if p.without else None] for p in parts]
    doc.table(columns, rows, empty=_("没有有效项目"))
    doc.note(_(APART))


def _top(doc: Paper, deals: DealFigures) -> None:
    amount = _("成交额") + "\n" + _("（{unit}）").format(unit=_(WAN))
    columns = [
        Column("#", 0.6, "right"), Column(_("项目名称"), 4.2, bold=True), Column(_("签约各方"), 5),
        Column(_("类别"), 1.6, holds=[deal.label for deal in deals.top]),
        Column(amount, 1.7, "right", bold=True, holds=[wan(deal.amount) for deal in deals.top]),
    ]  # fmt: skip
    rows: list[Row] = [
        [str(at), marked(deal.title, deal.is_sample), deal.parties.replace("、", _("、")), deal.label, wan(deal.amount)]
        for at, deal in enumerate(deals.top, 1)
    ]
    doc.table(columns, rows, empty=_("没有签约项目"))


def _sheets(deals: DealFigures, note: Notes) -> list[SheetTable]:
    return [
        parts_table(_("签约按类型"), _("类型"), deals.kinds, deals.totals, (what_counts(deals.totals), *note)),
        _parts_sheet(_("技术合同按类别"), _("合同类别"), deals.contract_kinds, note, is_whole=True),
        _parts_sheet(_("签约按日"), _("日期"), deals.days, note, by_day=True),
        _parts_sheet(_("各阶段"), _("阶段"), deals.stages, (_(APART), *note)),
        _top_sheet(deals, note),
    ]


def _parts_sheet(
    title: str, first: str, parts: Sequence[DealPart], note: Notes, *, by_day: bool = False, is_whole: bool = False
) -> SheetTable:
    """Deals by what `first` says, with their sum where the parts are all there is; a day is written as a date, what has
    none in words.
    """
    columns = (
        SheetColumn(first, 18, "date" if by_day else "text"), SheetColumn(_("项数"), 10, "count"),
        SheetColumn(_("金额（万元）"), 18, "money"),
        SheetColumn(_("技术交易额（万元）"), 18, "money"), SheetColumn(_("无金额"), 10, "count"),
    )  # fmt: skip
    names = [date.fromisoformat(p.key) if by_day and p.key else p.label for p in parts]
    rows = [(name, p.count, p.amount, p.tech_amount, p.without) for name, p in zip(names, parts, strict=True)]
    chart = SheetChart(_("{title}：金额（万元）").format(title=title), (2,), shape="columns" if by_day else "bars")
    totals = ((_("合计"), *_whole(parts)),) if is_whole and rows else ()
    return SheetTable(title, columns, rows, note, totals, (chart,) if rows else ())


def _top_sheet(deals: DealFigures, note: Notes) -> SheetTable:
    columns = (
        SheetColumn(_("编号"), 18), SheetColumn(_("项目名称"), 40, "long"), SheetColumn(_("签约各方"), 50, "long"),
        SheetColumn(_("类别"), 16), SheetColumn(_("成交额（万元）"), 18, "money"),
        SheetColumn(_("签订日期"), 14, "date"),
    )  # fmt: skip
    rows = [(d.deal_no, marked(d.title, d.is_sample), d.parties, d.label, d.amount, d.signed_on) for d in deals.top]
    return SheetTable(_("成交额居前"), columns, rows, note)
