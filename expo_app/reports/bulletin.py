"""每日快报 as PDF and as plain tables: one day in figures, what ran, what was signed, who was turned back, tomorrow.

data = services.bulletin.read(db, expo_id, now, day)
write(path, data, progress);  tables(data) → sheets with the same figures
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import _
from expo_app.reports import charts
from expo_app.reports.attendance_hours import hour_words
from expo_app.reports.canvas import Progress
from expo_app.reports.charts import Bar
from expo_app.reports.pdf import Column, Document, Kpi, Noted, Row
from expo_app.reports.style import as_of, day_words, marked, open_document, room_for
from expo_app.rules import amounts
from expo_app.specs.bulletin import FOR_POLICE, Bulletin, amount_of
from expo_app.specs.deals_report import DealLine
from expo_app.specs.figures import MISSING, percent, plain, ratio
from expo_app.specs.matching_figures import DayLine
from expo_app.specs.programme_report import ProgrammeEntry
from expo_app.specs.report_data import SheetColumn, SheetTable

CHART, SIZE = 66.0, 7.5
"""Points: the height of the chart, the letters of the tables: a busy day stays on two pages."""


def write(path: Path, data: Bulletin, progress: Progress | None = None) -> set[str]:
    """Write the bulletin; the characters the font lacks come back. UserError where the place cannot be written."""
    lines = len(data.items) + len(data.tomorrow) + len(data.signed) + len(data.intended) + len(data.refused)
    with open_document(path, _("每日快报"), data.head, progress, lines) as doc:
        doc.heading(_day(data), keep=200)
        doc.kpis(_kpis(data))
        doc.note(_("；").join(_rules(data)) + _("。"))
        bars = [Bar(f"{hour.hour:02d}:00", hour.visits) for hour in data.hours]
        doc.chart(charts.bars(bars, _("人次")), CHART, _("分时进场的观众（每人当天首次）"))
        _programme(doc, data)
        _deals(doc, data)
        _refused(doc, data)
        _tomorrow(doc, data)
        return doc.missing


def _day(data: Bulletin) -> str:
    if not data.day_no:
        return _("{day} · 展期外").format(day=day_words(data.day))
    return _("{day} · 第 {n} 天").format(day=day_words(data.day), n=data.day_no)


def _kpis(data: Bulletin) -> list[Kpi]:
    visits, inside = data.visits, data.inside
    trade = _("专业观众 {n}，占 {share}").format(
        n=f"{visits.trade_visits:,}", share=percent(ratio(visits.trade_visits, visits.visits))
    )
    arrived = _("到现在 {n} 家，共 {all} 家").format(n=f"{data.arrived_so_far:,}", all=f"{data.exhibitors:,}")
    signed = _money(data.signed, data.deals.first_amount.value)
    return [
        Kpi(_("观众人次"), f"{visits.visits:,}", trade if visits.visits else "", _("人次")),
        Kpi(_("进场总人数（含工作人员）"), f"{visits.people:,}", "", _("人")),
        Kpi(_("参展商当天新到"), f"{data.arrived:,}", arrived, _("家")),
        Kpi(_("签约"), data.deals.first.shown, signed, _("项")),
        Kpi(_("意向（另列）"), f"{len(data.intended):,}", _money(data.intended, amount_of(data.intended)), _("项")),
        Kpi(*_inside(data)),
        Kpi(_("核定人数"), plain(inside.approved), _("同时在场") if inside.approved else _("未设核定人数")),
        Kpi(_("拦下的扫码"), f"{sum(n for _v, n in data.refused):,}", _police(data), _("次")),
    ]


def _inside(data: Bulletin) -> tuple[str, str, str, str]:
    """The most who were inside at once; who came in where exits are not all scanned."""
    inside = data.inside
    if not inside.sees_out:
        return _("进场次数"), f"{inside.entered:,}", _("没有扫描出场，只知道进了多少"), _("次")
    if inside.peak_at is None:
        return _("同时在场最多"), MISSING, "", ""
    when = _("{time}，{now} {n} 人").format(
        time=f"{inside.peak_at:%H:%M}", now=_("收场时") if data.is_over else _("现在"), n=f"{inside.inside:,}"
    )
    return _("同时在场最多"), f"{inside.peak:,}", when, _("人")


def _police(data: Bulletin) -> str:
    return _("其中报公安 {n} 次").format(n=f"{data.to_report:,}") if data.to_report else ""


def _money(lines: tuple[DealLine, ...], amount: int | Decimal | None) -> str:
    """860.00 万元，2 项没有金额."""
    without = sum(line.amount is None for line in lines)
    parts = [] if amount is None else [amounts.in_words(Decimal(amount))]
    parts += [_("{n} 项没有金额").format(n=f"{without:,}")] if without else []
    return _("，").join(parts)


def _rules(data: Bulletin) -> list[str]:
    """How it was counted, and what is left out."""
    said = [as_of(data.head), _("观众一人一天算一次，进场总人数含工作人员")]
    if data.prior:
        said.append(_("此前已签、当天展示的 {n} 项不算签约").format(n=f"{len(data.prior):,}"))
    return [*said, _("意向另列，不与签约相加")]


# --- tables of the page -----------------------------------------------------------------------------------------------
def _programme(doc: Document, data: Bulletin) -> None:
    doc.heading(_("当天活动"), 2, keep=room_for(len(data.items), total=False))
    columns = [*_item_columns(), Column(_("到场"), 0.8, "right")]
    rows: list[Row] = [[*_item(entry, data), f"{n:,}" if n else None] for entry, n in data.items]
    doc.table(columns, rows, size=SIZE, empty=_("当天没有活动"))
    if data.meetings is not None:
        doc.note(_meetings(data.meetings))


def _meetings(line: DayLine) -> str:
    """What became of the day's meetings of supply and demand."""
    words = _("供需对接：已排 {planned} 场，已洽谈 {held} 场，爽约 {missed} 场。")
    missed = line.no_show_a + line.no_show_b
    return words.format(planned=f"{line.planned:,}", held=f"{line.took_place:,}", missed=f"{missed:,}")


def _tomorrow(doc: Document, data: Bulletin) -> None:
    doc.heading(_("明日活动"), 2, keep=room_for(len(data.tomorrow), total=False))
    rows: list[Row] = [_item(entry, data) for entry in data.tomorrow]
    doc.table(_item_columns(), rows, size=SIZE, empty=_("明天没有活动"))


def _item_columns() -> list[Column]:
    return [
        Column(_("时间"), 1.3, holds=["00:00–00:00"]), Column(_("会场"), 1.4),
        Column(_("活动"), 4.2, bold=True), Column(_("类型"), 1.1),
    ]  # fmt: skip


def _item(entry: ProgrammeEntry, data: Bulletin) -> list[Any]:
    return [
        entry.hours, entry.room, marked(entry.title, entry.is_sample and not data.head.is_sample), entry.kind.label
    ]  # fmt: skip


def _deals(doc: Document, data: Bulletin) -> None:
    for title, lines, empty in (
        (_("当天签约"), data.signed, _("当天没有签约")), (_("此前已签（不算签约）"), data.prior, ""),
        (_("当天意向（另列）"), data.intended, _("当天没有意向")),
    ):  # fmt: skip
        if not lines and not empty:
            continue
        doc.heading(title, 2, keep=room_for(min(len(lines), 2)))
        columns = [
            Column(_("编号"), 1.4, holds=[line.values["deal_no"] for line in lines]),
            Column(_("项目"), 6.4, bold=True), Column(_("类型"), 1.4),
            Column(_("金额（万元）"), 1.6, "right", holds=[amounts.format_wan(line.amount) for line in lines]),
        ]  # fmt: skip
        total = [_("合计"), _("{n} 项").format(n=f"{len(lines):,}"), "", amounts.format_wan(amount_of(lines))]
        doc.table(columns, [_deal(line) for line in lines], total if lines else None, size=SIZE, empty=empty)


def _deal(line: DealLine) -> Row:
    values = line.values
    parties = [values[side] for side in ("sellers", "buyers", "others") if values[side]]
    title = Noted(marked(values["title"], values["is_sample"]), (_(" → ").join(parties),) if parties else ())
    amount = None if line.amount is None else amounts.format_wan(line.amount)
    return [values["deal_no"], title, _kind(line), amount]


def _kind(line: DealLine) -> str:
    contract = line.values["contract_kind"]
    return _(contract) if contract else line.kind.label


def _refused(doc: Document, data: Bulletin) -> None:
    """For the police desk, false tickets and tickets for another zone first: one row, a column for each reason."""
    doc.heading(_("拦下的扫码"), 2, keep=room_for(1))
    if not data.refused:
        doc.paragraph(_("当天没有拦下的扫码"))
        return
    found = _by_use(data)
    columns = [
        Column(_("{why}（报公安）").format(why=v.label) if v in FOR_POLICE else v.label, 1, "right") for v, _n in found
    ]
    columns.append(Column(_("合计"), 1, "right", bold=True))
    doc.table(columns, [[*(f"{n:,}" for _v, n in found), f"{sum(n for _v, n in found):,}"]], size=SIZE)


def _by_use(data: Bulletin) -> list[Any]:
    return sorted(data.refused, key=lambda pair: (pair[0] not in FOR_POLICE, -pair[1]))


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: Bulletin) -> list[SheetTable]:
    """The same as plain tables, one sheet each."""
    notes = (_day(data), *_rules(data))
    return [_figures(data, notes), _hours(data, notes), *_items(data, notes), *_deal_sheets(data), _refused_sheet(data)]


def _figures(data: Bulletin, notes: tuple[str, ...]) -> SheetTable:
    inside = data.inside
    rows = [
        (_("观众人次"), data.visits.visits, _("人次")), (_("专业观众人次"), data.visits.trade_visits, _("人次")),
        (_("进场总人数（含工作人员）"), data.visits.people, _("人")), (_("参展商当天新到"), data.arrived, _("家")),
        (_("参展商到现在到场"), data.arrived_so_far, _("家")), (_("参展商"), data.exhibitors, _("家")),
        (_("签约"), data.deals.first.value, _("项")), (_("意向（另列）"), len(data.intended), _("项")),
        (_("进场次数"), inside.entered, _("次")),
        (_("同时在场最多"), inside.peak if inside.sees_out else None, _("人")),
        (_("在场人数"), inside.inside if inside.sees_out else None, _("人")),
        (_("核定人数"), inside.approved, _("人")), (_("拦下的扫码"), sum(n for _v, n in data.refused), _("次")),
        (_("其中报公安"), data.to_report, _("次")), *_meeting_rows(data.meetings),
    ]  # fmt: skip
    columns = (SheetColumn(_("指标"), 26), SheetColumn(_("数值"), 12, "count"), SheetColumn(_("单位"), 8))
    return SheetTable(_("数字"), columns, rows, notes)


def _meeting_rows(line: DayLine | None) -> list[tuple[str, int, str]]:
    if line is None:
        return []
    return [
        (_("已排的洽谈"), line.planned, _("场")), (_("已洽谈的场次"), line.took_place, _("场")),
        (_("爽约的场次"), line.no_show_a + line.no_show_b, _("场")),
    ]  # fmt: skip


def _hours(data: Bulletin, notes: tuple[str, ...]) -> SheetTable:
    columns = (
        SheetColumn(_("时段"), 14), SheetColumn(_("首次到场"), 12, "count"), SheetColumn(_("其中观众"), 12, "count"),
    )  # fmt: skip
    rows = [(hour_words(hour.hour), hour.people, hour.visits) for hour in data.hours]
    total = (_("合计"), sum(hour.people for hour in data.hours), sum(hour.visits for hour in data.hours))
    return SheetTable(_("分时到场"), columns, rows, notes, (total,))


def _items(data: Bulletin, notes: tuple[str, ...]) -> list[SheetTable]:
    columns = (
        SheetColumn(_("时间"), 14), SheetColumn(_("会场"), 14), SheetColumn(_("活动"), 44), SheetColumn(_("类型"), 12),
    )  # fmt: skip
    came = (*columns, SheetColumn(_("到场"), 10, "count"))
    today = [(*_item(entry, data), n or None) for entry, n in data.items]
    next_day = [tuple(_item(entry, data)) for entry in data.tomorrow]
    return [
        SheetTable(_("当天活动"), came, today, notes), SheetTable(_("明日活动"), columns, next_day, notes),
    ]  # fmt: skip


def _deal_sheets(data: Bulletin) -> list[SheetTable]:
    columns = (
        SheetColumn(_("编号"), 16), SheetColumn(_("项目"), 40), SheetColumn(_("卖方"), 28), SheetColumn(_("买方"), 28),
        SheetColumn(_("签约各方"), 28), SheetColumn(_("类型"), 16), SheetColumn(_("金额（万元）"), 16, "money"),
    )  # fmt: skip

    def sheet(title: str, lines: Sequence[DealLine]) -> SheetTable:
        rows = [
            (
                x.values["deal_no"],
                marked(x.values["title"], x.values["is_sample"]),
                *(x.values[name] for name in ("sellers", "buyers", "others")),
                _kind(x),
                x.amount,
            )
            for x in lines
        ]
        count = _("{n} 项").format(n=f"{len(lines):,}")
        return SheetTable(title, columns, rows, (), ((_("合计"), count, *[None] * 4, amount_of(tuple(lines))),))

    found = [sheet(_("当天签约"), data.signed), sheet(_("当天意向（另列）"), data.intended)]
    return [*found, sheet(_("此前已签（不算签约）"), data.prior)] if data.prior else found


def _refused_sheet(data: Bulletin) -> SheetTable:
    columns = (SheetColumn(_("原因"), 18), SheetColumn(_("次数"), 10, "count"), SheetColumn(_("报现场公安"), 14))
    rows = [(verdict.label, n, _("报") if verdict in FOR_POLICE else None) for verdict, n in _by_use(data)]
    total = (_("合计"), sum(n for _v, n in data.refused), None)
    return SheetTable(_("拦下的扫码"), columns, rows, (), (total,))
