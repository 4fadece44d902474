"""The summary report as PDF and as plain tables: scale, attendance, exhibitors, programme, signed and intended.

    data = services.report_data.summary(db, expo_id, now)
    write(path, data, progress);  tables(data) → sheets with the same figures

Every figure comes with the data from `services.statistics`; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from expo_app.i18n import _
from expo_app.model import Category, Industry, ItemKind, ItemState
from expo_app.reports import charts, summary_hours
from expo_app.reports.canvas import Progress
from expo_app.reports.charts import Bar
from expo_app.reports.deals import APART, amount_bars, show_wan, wan, what_counts, write_parts
from expo_app.reports.pdf import Band, Column, Document, Row
from expo_app.reports.style import (
    HOURS,
    KIND_COLOURS,
    as_of,
    day_words,
    kind_mark,
    kpi,
    marked,
    open_document,
    room_for,
    sentences,
)
from expo_app.reports.summary_hours import hours_of, unfinished
from expo_app.reports.summary_sheets import rules, scale, source, tables
from expo_app.rules.colour_tokens import CATEGORY_COLOURS
from expo_app.specs.figures import WAN, DealFigures, DealPart, ExhibitorPart, Figure, percent, plain, ratio
from expo_app.specs.floor_sheet import SECTOR_COLOURS
from expo_app.specs.report_data import ProgrammeEntry, SummaryData

__all__ = ["rules", "scale", "source", "tables", "write"]


def write(path: Path, data: SummaryData, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    with open_document(path, _("展会总结报告"), data.head, progress, _rows(data)) as doc:
        for chapter in (_scale, _attendance, _exhibitors, _programme, _deals, _rules):
            chapter(doc, data)
        return doc.missing


def _rows(data: SummaryData) -> int:
    """How many rows the report's tables have: what progress is counted in."""
    seen, floor, deals = data.attendance, data.exhibition, data.deals
    parts: tuple[Sequence[object], ...] = (
        seen.days, hours_of(data), seen.categories, floor.regions, floor.cities, floor.industries, data.entries,
        deals.kinds, deals.contract_kinds, deals.stages, deals.top, *(figures for _title, figures in scale(data)),
    )  # fmt: skip
    return sum(map(len, parts))


def _as_of(doc: Document, data: SummaryData, *words: str) -> None:
    """A chapter's last line: of which moment its figures are, and how they were counted."""
    doc.note(_("；").join([as_of(data.head), *words]) + _("。"))


# --- scale ------------------------------------------------------------------------------------------------------------
def _scale(doc: Document, data: SummaryData) -> None:
    if data.head.organisers:
        doc.facts(data.head.organisers)
    doc.heading(_("一、总体规模"), keep=200)
    doc.kpis([kpi(f) for f in headline(data)])
    doc.paragraph(_in_words(data))
    _as_of(doc, data)


def headline(data: SummaryData) -> tuple[Figure, ...]:
    """The eight figures on the first page."""
    return (
        data.exhibition.exhibitors, data.exhibition.services, data.exhibition.net_area, data.programme.items,
        data.attendance.visitors, data.attendance.visits, data.deals.signed_amount, data.deals.intended_amount,
    )  # fmt: skip


def _in_words(data: SummaryData) -> str:
    """The scale in two sentences, from the same figures."""
    seen, floor, deals = data.attendance, data.exhibition, data.deals
    words = [
        _("参展商 {n} 家，另有技术服务机构 {services} 家，展览净面积 {area} ㎡；举办活动 {items} 场。").format(
            n=floor.exhibitors.shown, services=floor.services.shown, area=floor.net_area.shown,
            items=data.programme.items.shown,
        )
        if floor.exhibitors.value or floor.services.value or data.programme.items.value
        else _("还没有参展商，也没有活动。"),
        _("到场观众 {visitors} 人、{visits} 人次，其中专业观众占 {share}。").format(
            visitors=seen.visitors.shown, visits=seen.visits.shown, share=seen.trade_share.shown
        )
        if seen.visitors.value
        else _("还没有观众到场。"),
        _deals_in_words(deals),
    ]  # fmt: skip
    return sentences(words)


def _deals_in_words(deals: DealFigures) -> str:
    """Signed and intended in one sentence; an amount only where there is one."""
    if not deals.signed.value and not deals.intended.value:
        return _("还没有签约和意向项目。")
    parts = []
    if deals.signed.value:
        amount = deals.signed_amount
        has = _("签约 {n} 项，成交额 {amount} 万元") if amount.value is not None else _("签约 {n} 项，没有金额")
        parts.append(has.format(n=deals.signed.shown, amount=amount.shown))
    if deals.intended.value:
        amount = deals.intended_amount
        has = _("意向 {n} 项，金额 {amount} 万元") if amount.value is not None else _("意向 {n} 项，没有金额")
        parts.append(has.format(n=deals.intended.shown, amount=amount.shown))
    return _("；").join(parts) + (_("，两者不相加") if len(parts) > 1 else "") + _("。")


# --- attendance -------------------------------------------------------------------------------------------------------
def _attendance(doc: Document, data: SummaryData) -> None:
    seen = data.attendance
    doc.heading(_("二、到场情况"), keep=200 if seen.categories else 60)
    if not seen.categories:
        doc.paragraph(_("还没有人登记，也没有人到场。"))
        return
    doc.kpis([kpi(f) for f in (seen.registered, seen.people, seen.trade_visitors, seen.trade_share)])
    days = [Bar(day_words(day.day), day.visits) for day in seen.days]
    parts = [
        Bar(part.label, part.people, CATEGORY_COLOURS[Category[part.key]]) for part in seen.categories if part.people
    ]
    doc.side_by_side(
        [
            (_("各日观众人次"), charts.bars(days, _("人次"))),
            (_("到场人员类别（人）"), charts.horizontal_bars(sorted(parts, key=lambda bar: -bar.value))),
        ],
        140,
    )
    lines = charts.line_by_time(summary_hours.lines(data), _("人"), every=60)
    doc.chart(lines, 150, _("各日分时首次到场（人）"), unfinished(data))
    columns = [Column(_("日期"), 2, bold=True), *(Column(title, 1.5, "right") for title in _day_titles())]
    rows: list[Row] = [
        [
            day_words(d.day), f"{d.people:,}", f"{d.visits:,}", f"{d.trade_visits:,}",
            percent(ratio(d.trade_visits, d.visits)),
        ]
        for d in seen.days
    ]  # fmt: skip
    people, trade = sum(d.people for d in seen.days), sum(d.trade_visits for d in seen.days)
    share = percent(ratio(trade, seen.visits.value))
    total = [_("合计（人次）"), f"{people:,}", seen.visits.shown, f"{trade:,}", share]
    doc.heading(_("分日到场"), 2, keep=room_for(len(rows)))
    doc.table(columns, rows, total, empty=_("还没有人到场"))
    doc.heading(_("分时首次到场"), 2, keep=room_for(len(hours_of(data))))
    summary_hours.table(doc, data)
    doc.heading(_("分类别登记与到场"), 2, keep=room_for(len(seen.categories)))
    _categories(doc, data)
    _as_of(doc, data, _("按入口首次核验通过计，每人每天一次"))


def _day_titles() -> tuple[str, ...]:
    return _("到场人数"), _("观众人次"), _("专业观众人次"), _("专业观众占比")


def _categories(doc: Document, data: SummaryData) -> None:
    columns = [
        Column(_("类别"), 2, bold=True), Column(_("登记"), 1.3, "right"), Column(_("到场人数"), 1.3, "right"),
        Column(_("到场率"), 1.3, "right"), Column(_("到场人次"), 1.3, "right"), Column(_("计入观众"), 1.3, "center"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            part.label, f"{part.registered:,}", f"{part.people:,}", percent(ratio(part.people, part.registered)),
            f"{part.visits:,}", _("计入") if part.is_visitor else "—",
        ]
        for part in data.attendance.categories
    ]  # fmt: skip
    registered, people = data.attendance.registered, data.attendance.people
    share = percent(ratio(people.value or 0, registered.value))
    visits = sum(part.visits for part in data.attendance.categories)
    doc.table(columns, rows, [_("合计"), registered.shown, people.shown, share, f"{visits:,}", ""])


# --- exhibitors -------------------------------------------------------------------------------------------------------
def _exhibitors(doc: Document, data: SummaryData) -> None:
    floor = data.exhibition
    doc.heading(_("三、参展情况"), keep=200 if floor.booths.value or floor.regions else 60)
    if not (floor.booths.value or floor.regions):
        doc.paragraph(_("还没有参展商。"))
        return
    doc.kpis([kpi(f) for f in (floor.arrived, floor.co_exhibitors, floor.booths, floor.raw_share)])
    doc.side_by_side(
        [
            (_("参展商按地区（家）"), charts.horizontal_bars([Bar(p.label, p.count) for p in floor.regions])),
            (_("参展商按产业（家）"), charts.horizontal_bars([_industry(p) for p in floor.industries])),
        ],
        124,
    )
    doc.heading(_("按地区"), 2, keep=room_for(len(floor.regions)))
    _exhibitor_table(doc, _("地区"), floor.regions, floor.exhibitors)
    doc.heading(_("按地市（昆山、太仓计入苏州）"), 2, keep=room_for(len(floor.cities)))
    _exhibitor_table(doc, _("地市"), floor.cities, floor.exhibitors)
    doc.heading(_("按产业"), 2, keep=room_for(len(floor.industries)))
    _exhibitor_table(doc, _("产业"), floor.industries, floor.exhibitors)
    _as_of(
        doc, data, _("参展商按合同计，联合参展 {n} 家、技术服务机构 {m} 家另计，其展位计入净面积").format(
            n=floor.co_exhibitors.shown, m=floor.services.shown
        ),
    )  # fmt: skip


def _industry(part: ExhibitorPart) -> Bar:
    return Bar(part.label, part.count, SECTOR_COLOURS[Industry[part.key]] if part.key else "cat.service")


def _exhibitor_table(doc: Document, first: str, parts: Sequence[ExhibitorPart], whole: Figure) -> None:
    columns = [
        Column(first, 2.4, bold=True), Column(_("参展商（家）"), 1.4, "right"), Column(_("占比"), 1.2, "right"),
        Column(_("已到场（家）"), 1.4, "right"), Column(_("展位面积（㎡）"), 1.6, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [p.label, f"{p.count:,}", percent(ratio(p.count, whole.value)), f"{p.arrived:,}", plain(p.area)] for p in parts
    ]
    arrived, area = sum(p.arrived for p in parts), sum((p.area for p in parts), Decimal(0))
    total = [_("合计"), whole.shown, percent(ratio(whole.value or 0, whole.value)), f"{arrived:,}", plain(area)]
    doc.table(columns, rows, total, empty=_("还没有参展商"))


# --- programme --------------------------------------------------------------------------------------------------------
def _programme(doc: Document, data: SummaryData) -> None:
    figures = data.programme
    doc.heading(_("四、活动情况"), keep=200 if data.entries else 60)
    if not data.entries:
        doc.paragraph(_("还没有活动。"))
        return
    doc.kpis([kpi(f) for f in (figures.forums, figures.speakers, figures.pitches, figures.unplaced)])
    kinds = [Bar(part.label, part.count, KIND_COLOURS[ItemKind[part.key]]) for part in figures.kinds]
    days = [Bar(day_words(date.fromisoformat(part.key)), part.count) for part in figures.days]
    doc.side_by_side(
        [(_("各类活动（场）"), charts.horizontal_bars(kinds)), (_("各日活动（场）"), charts.bars(days, _("场")))], 130
    )
    doc.heading(_("活动一览"), 2, keep=120)
    columns = [
        Column(_("日期"), 1.7, bold=True), Column(_("时间"), 1.7, holds=(HOURS,)), Column(_("会场"), 1.3),
        Column(_("类型"), 1.5, holds=[kind_mark(kind) for kind in ItemKind]), Column(_("活动"), 5.3, bold=True),
        Column(_("报名"), 1.3, "right"),
    ]  # fmt: skip
    doc.table(columns, [_item(entry) for entry in data.entries], empty=_("还没有活动"))
    words = _("不含已取消 {n} 场").format(n=figures.cancelled.shown)
    _as_of(doc, data, words, _("待排 {n} 场，不计入各日").format(n=figures.unplaced.shown))


def _item(entry: ProgrammeEntry) -> Row:
    title = marked(entry.title, entry.is_sample)
    if entry.state is ItemState.DRAFT:
        title = _("{title} · 待确认").format(title=title)
    placed = entry.is_placed and entry.starts_at is not None
    return [
        day_words(entry.starts_at.date()) if placed and entry.starts_at else _("待排"), entry.hours or None,
        entry.room or None, kind_mark(entry.kind), title,
        f"{entry.registrations:,}" if entry.registrations else None,
    ]  # fmt: skip


# --- deals ------------------------------------------------------------------------------------------------------------
def _deals(doc: Document, data: SummaryData) -> None:
    deals = data.deals
    doc.heading(_("五、签约与意向"), keep=200 if deals.stages else 60)
    if not deals.stages:
        doc.paragraph(_deals_in_words(deals))
        doc.note(what_counts(deals.totals))
        return
    doc.kpis([kpi(f) for f in (deals.signed_amount, deals.signed, deals.tech_amount)], per_row=3)
    doc.kpis([kpi(f) for f in (deals.intended_amount, deals.intended)], per_row=3)
    doc.note(what_counts(deals.totals))
    doc.side_by_side(
        [
            (_("签约成交额按类型（万元）"), charts.horizontal_bars(amount_bars(deals.kinds), show_wan)),
            (_("各日签约成交额（万元）"), charts.bars(_by_day(deals.days), "", show_wan)),
        ],
        120,
    )
    doc.heading(_("签约项目按类型"), 2, keep=room_for(len(deals.kinds)))
    write_parts(doc, _("类型"), deals.kinds, deals.totals)
    doc.heading(_("技术合同按类别（万元）"), 2, keep=90 + room_for(len(deals.contract_kinds), total=False))
    doc.chart(charts.shares(amount_bars(deals.contract_kinds), "", show_wan), 62)
    _contracts(doc, deals.contract_kinds)
    doc.heading(_("各阶段"), 2, keep=room_for(len(deals.stages)))
    _stages(doc, deals.stages)
    doc.heading(_("成交额居前的签约项目"), 2, keep=120)
    _top(doc, data)
    _as_of(doc, data, _("金额以元存储，精确到分"))


def _by_day(parts: Sequence[DealPart]) -> list[Bar]:
    return [
        Bar(day_words(date.fromisoformat(p.key)) if p.key else p.label, p.amount) for p in parts if p.amount is not None
    ]


def _contracts(doc: Document, parts: Sequence[DealPart]) -> None:
    columns = [
        Column(_("合同类别"), 3, bold=True), Column(_("项数"), 1, "right"), Column(_("成交额（万元）"), 2, "right"),
        Column(_("技术交易额（万元）"), 2, "right"), Column(_("占技术合同"), 1.3, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [p.label, f"{p.count:,}", wan(p.amount), wan(p.tech_amount), None if p.share is None else percent(p.share)]
        for p in parts
    ]
    doc.table(columns, rows, empty=_("没有技术合同"))


def _stages(doc: Document, parts: Sequence[DealPart]) -> None:
    """Stages beside each other without a sum: intention and signed are never added."""
    columns = [
        Column(_("阶段"), 3, bold=True), Column(_("项数"), 1, "right"), Column(_("金额（万元）"), 2, "right"),
        Column(_("无金额"), 1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [[p.label, f"{p.count:,}", wan(p.amount), f"{p.without:,}" if p.without else None] for p in parts]
    doc.table(columns, rows, empty=_("没有有效项目"))
    doc.note(_(APART))


def _top(doc: Document, data: SummaryData) -> None:
    amount = _("成交额") + "\n" + _("（{unit}）").format(unit=_(WAN))
    columns = [
        Column("#", 0.6, "right"), Column(_("项目名称"), 4.2, bold=True), Column(_("签约各方"), 5),
        Column(_("类别"), 1.6, holds=[deal.label for deal in data.deals.top]),
        Column(amount, 1.7, "right", bold=True, holds=[wan(deal.amount) for deal in data.deals.top]),
    ]  # fmt: skip
    rows: list[Row] = [
        [str(at), marked(deal.title, deal.is_sample), deal.parties.replace("、", _("、")), deal.label, wan(deal.amount)]
        for at, deal in enumerate(data.deals.top, 1)
    ]
    doc.table(columns, rows, empty=_("没有签约项目"))


# --- how it was counted -----------------------------------------------------------------------------------------------
def _rules(doc: Document, data: SummaryData) -> None:
    doc.heading(_("六、口径与指标一览"), keep=150)
    for rule in rules(data):
        doc.paragraph(f"· {rule}", 9, "text.2")
    doc.heading(_("指标一览"), 2, keep=100)
    columns = [
        Column(_("指标"), 2, bold=True), Column(_("数值"), 1.4, "right", bold=True),
        Column(_("计量单位"), 0.8, holds=[f.unit_shown for _title, figures in scale(data) for f in figures]),
        Column(_("口径"), 3), Column(_("来源记录"), 3.2),
    ]  # fmt: skip
    rows: list[Row] = []
    for title, figures in scale(data):
        rows.append(Band(title))
        rows += [[f.label, f.shown, f.unit_shown or None, f.note or None, source(f) or None] for f in figures]
    doc.table(columns, rows)
