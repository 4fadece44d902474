"""What became of what was signed, as PDF and as plain tables: stages then and now, by kind and region, deal by deal.

data = services.landing_report.read(db, expo_id, now, day)
write(path, data, progress);  tables(data) → sheets with the same figures
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import DealStage
from expo_app.reports import charts
from expo_app.reports.canvas import Progress
from expo_app.reports.charts import Bar
from expo_app.reports.deals import wan
from expo_app.reports.pdf import Cell, Column, Document, Noted, Row
from expo_app.reports.style import SAMPLE, as_of, kpi, marked, open_document, room_for, sentences
from expo_app.rules.landing import Standing
from expo_app.specs import DEALS
from expo_app.specs.figures import SHARE, WAN, Figure, percent
from expo_app.specs.follow_up_figures import LandingFigures, LandingLine, LandingPart, LateLine, StagePart
from expo_app.specs.landing_report import LandingData
from expo_app.specs.report_data import Share, SheetColumn, SheetTable

TITLE = N_("落地跟踪报告")


def write(path: Path, data: LandingData, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    figures = data.figures
    rows = len(figures.stages) + len(figures.kinds) + len(figures.regions)
    rows += len(figures.lines) + len(figures.intentions) + len(figures.late)
    with open_document(path, _(TITLE), data.head, progress, rows, landscape=True) as doc:
        _overall(doc, data)
        doc.heading(_("按类型"), keep=room_for(len(figures.kinds)))
        _parts(doc, _("类型"), figures.kinds, figures)
        doc.heading(_("按地区"), keep=room_for(len(figures.regions)))
        doc.note(_(BY_REGION))
        _parts(doc, _("地区"), figures.regions, figures)
        doc.heading(_("逐项"), keep=110)
        doc.table(_line_columns(figures.lines), map(_line, figures.lines), empty=_("截至该日没有签过约的项目"))
        _intentions(doc, figures)
        _terminated(doc, figures)
        if figures.late:
            doc.heading(_("逾期的付款与里程碑"), keep=110)
            doc.table(_late_columns(figures.late), map(_late, figures.late))
        return doc.missing


BY_REGION = N_("地区按买方计，没有买方的按第一签约方。")
AS_NOW = N_("金额是现在登记的，签约后改过的是改后的；意向的不是成交额，不与签约相加。")


def rules(data: LandingData) -> tuple[str, ...]:
    """How everything here is counted, a sentence each."""
    figures, to_come = data.figures, _("{day} 还没有到，以下按现有记录推算。").format(day=data.figures.day)
    return (
        *((to_come,) if figures.day > data.head.at.date() else ()),
        _("阶段取每个项目截至 {day} 的最后一步；登记是否有效按现在，草稿、待核对和作废不计。").format(day=figures.day),
        _("落地率 = 落地或完成的项目 ÷ 截至该日签过约的项目，后来终止的留在分母里。"),
        _("意向另列，不与签约相加；没有金额的项目计项数，不计金额。"),
        _("付款只计有效且未终止的项目：到期应付是期限已到的约定金额，逾期未付是过期而没有付足的余额。"),
    )


def _overall(doc: Document, data: LandingData) -> None:
    figures, follow = data.figures, data.figures.follow
    doc.paragraph(_in_words(figures), 11)
    shown = (figures.signed, figures.landed, figures.landed_amount, figures.landing_rate)
    doc.kpis([kpi(figure) for figure in shown])
    doc.kpis([kpi(f) for f in (follow.payments_due, follow.payments_made, follow.payments_overdue, follow.tasks_open)])
    doc.note(sentences(rules(data)))
    is_later = figures.day > figures.closed_on
    title = _("与闭幕日相比") if is_later else _("各阶段")
    doc.heading(title, keep=room_for(len(figures.stages), total=False))
    now = f"{figures.day}"
    columns = [
        Column(_("阶段"), 2, bold=True, holds=[part.label for part in figures.stages]),
        *(_of_day(f"{figures.closed_on}") if is_later else ()),
        *_of_day(now),
        *([Column(_("项数变化"), 1.2, "right")] if is_later else ()),
    ]
    doc.table(columns, [_stage(part, is_later) for part in figures.stages])
    doc.need(130)
    bars = [Bar(part.label, part.now) for part in figures.stages]
    doc.chart(charts.horizontal_bars(bars, lambda n: f"{int(n):,}"), 92, _("各阶段项数，截至 {day}").format(day=now))


def _of_day(day: str) -> tuple[Column, Column]:
    return Column(_("项数") + f"\n{day}", 1.4, "right"), Column(_("成交额（万元）") + f"\n{day}", 2, "right")


def _in_words(figures: LandingFigures) -> str:
    if not figures.signed.value:
        return _("截至 {day} 还没有签过约的项目。").format(day=figures.day)
    words = _("截至 {day}，签过约的 {signed} 项中，落地或完成 {landed} 项，落地率 {rate}；终止 {gone} 项。")
    return words.format(
        day=figures.day, signed=figures.signed.shown, landed=figures.landed.shown, rate=figures.landing_rate.shown,
        gone=figures.terminated.shown,
    )  # fmt: skip


def _stage(part: StagePart, is_later: bool) -> Row:
    change, now = part.now - part.then, [f"{part.now:,}", wan(part.now_amount)]
    if not is_later:
        return [part.label, *now]
    return [part.label, f"{part.then:,}", wan(part.then_amount), *now, f"{change:+,}" if change else "0"]


def _parts(doc: Document, first: str, parts: Sequence[LandingPart], figures: LandingFigures) -> None:
    columns = [
        Column(first, 2.6, bold=True, holds=[part.label for part in parts]), Column(_("签过约"), 1, "right"),
        Column(_("成交额（万元）"), 1.8, "right"), Column(_("落地或完成"), 1.2, "right"),
        Column(_("落地成交额（万元）"), 2, "right"), Column(DealStage.TERMINATED.label, 1, "right"),
        Column(_("落地率"), 1.1, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            part.label, f"{part.signed:,}", wan(part.amount), f"{part.landed:,}", wan(part.landed_amount),
            f"{part.terminated:,}", None if part.rate is None else percent(part.rate),
        ]
        for part in parts
    ]  # fmt: skip
    total = [
        _("合计"), figures.signed.shown, _shown(figures.signed_amount), figures.landed.shown,
        _shown(figures.landed_amount), figures.terminated.shown, _shown(figures.landing_rate),
    ]  # fmt: skip
    doc.table(columns, rows, total, empty=_("截至该日没有签过约的项目"))


def _shown(figure: Figure) -> str | None:
    return None if figure.value is None else figure.shown


# --- deal by deal -----------------------------------------------------------------------------------------------------
def _line_columns(lines: Sequence[LandingLine]) -> list[Column]:
    cells = list(zip(*map(_line, lines), strict=True)) or [()] * 8
    return [
        Column(DEALS.field("deal_no").title, 1.8, holds=cells[0]), Column(_("项目 / 签约各方"), 5.2),
        Column(DEALS.field("signed_on").title, 1.4, holds=cells[2]),
        Column(_("成交额（万元）"), 1.6, "right", bold=True, holds=cells[3]),
        Column(_("阶段与日期"), 1.7, holds=[stage.label for stage in DealStage]),
        Column(_("已付 / 到期应付（万元）"), 2.2, "right", holds=cells[5]), Column(_("里程碑"), 1, "right"),
        Column(_("任务"), 0.9, "right"),
    ]  # fmt: skip


def _line(line: LandingLine) -> list[Cell]:
    paid = f"{wan(line.made)} / {wan(line.due)}" if line.made or line.due else None
    return [
        line.deal_no,
        Noted(marked(line.title, line.is_sample), (line.parties.replace("、", _("、")),) if line.parties else ()),
        _day(line.signed_on),
        wan(line.amount),
        _standing(line.now),
        Noted(paid, (_("逾期 {n} 笔").format(n=f"{line.overdue:,}"),)) if paid and line.overdue else paid,
        _pair(line.milestones),
        _pair(line.tasks),
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _standing(standing: Standing) -> Cell:
    if standing.stage is None:
        return None
    since = _day(standing.since)
    if since and standing.is_entered:
        since = _("{day} 录入").format(day=since)
    return Noted(standing.stage.label, (since,) if since else ())


def _pair(pair: tuple[int, int]) -> str | None:
    return f"{pair[0]}/{pair[1]}" if pair[1] else None


def _intentions(doc: Document, figures: LandingFigures) -> None:
    doc.heading(_("意向的去向"), keep=110)
    became, all_ = figures.intended_signed.shown, figures.intended.shown
    doc.note(sentences([_("有过意向 {n} 项，其中转签约 {m} 项。").format(n=all_, m=became), _(AS_NOW)]))
    columns = [
        Column(DEALS.field("deal_no").title, 1.8, holds=[line.deal_no for line in figures.intentions]),
        Column(_("项目 / 签约各方"), 6), Column(_("金额（万元）"), 1.8, "right"),
        Column(_("去向"), 1.8), Column(_("签订日期"), 1.4),
    ]  # fmt: skip
    rows = [[*_line(line)[:2], wan(line.amount), _standing(line.now), _became(line)] for line in figures.intentions]
    doc.table(columns, rows, empty=_("没有意向项目"))


def _became(line: LandingLine) -> str | None:
    return _day(line.signed_on) if line.now.was_signed else None


def _terminated(doc: Document, figures: LandingFigures) -> None:
    gone = terminated(figures)
    if not gone:
        return
    doc.heading(_("终止的项目"), keep=110)
    columns = [
        Column(DEALS.field("deal_no").title, 1.8, holds=[line.deal_no for line in gone]),
        Column(_("项目 / 签约各方"), 5), Column(_("成交额（万元）"), 1.6, "right"), Column(_("终止于"), 1.4),
        Column(_("原因"), 4),
    ]  # fmt: skip
    doc.table(columns, [[*_line(x)[:2], wan(x.amount), _day(x.now.since), x.now.reason or None] for x in gone])


def terminated(figures: LandingFigures) -> list[LandingLine]:
    """Deals that came to nothing, each once: signed ones and intentions."""
    both = {line.id: line for line in (*figures.lines, *figures.intentions)}
    return [line for line in both.values() if line.now.stage is DealStage.TERMINATED]


def _late_columns(late: Sequence[LateLine]) -> list[Column]:
    return [
        Column(DEALS.field("deal_no").title, 1.8, holds=[line.deal_no for line in late]),
        Column(DEALS.field("title").title, 4.5), Column(_("付款或里程碑"), 2.4, bold=True), Column(_("期限"), 1.4),
        Column(_("应付（万元）"), 1.5, "right"), Column(_("已付（万元）"), 1.5, "right"),
        Column(_("逾期天数"), 1.1, "right"),
    ]  # fmt: skip


def _late(line: LateLine) -> list[Cell]:
    money = (wan(line.amount), wan(line.made))
    return [
        line.deal_no,
        marked(line.title, line.is_sample),
        line.name,
        line.due_on.isoformat(),
        *money,
        f"{line.days:,}",
    ]


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: LandingData) -> list[SheetTable]:
    """The same as plain tables: figures, stages, kinds, regions, deals, intentions, terminated, what is overdue."""
    figures, notes = data.figures, (*rules(data), as_of(data.head))
    found = [
        _figure_sheet(figures, notes),
        _stage_sheet(figures),
        _part_sheet(_("按类型"), _("类型"), figures.kinds, figures),
        _part_sheet(_("按地区"), _("地区"), figures.regions, figures, (_(BY_REGION),)),
        _line_sheet(_("逐项"), figures.lines),
        _line_sheet(_("意向的去向"), figures.intentions, (_(AS_NOW),)),
    ]
    if gone := terminated(figures):
        found.append(_line_sheet(_("终止的项目"), gone))
    if figures.late:
        found.append(_late_sheet(figures.late))
    return found


def _figure_sheet(figures: LandingFigures, notes: tuple[str, ...]) -> SheetTable:
    columns = (
        SheetColumn(_("指标"), 26), SheetColumn(_("数值"), 16, "figure"), SheetColumn(_("单位"), 8),
        SheetColumn(_("说明"), 60),
    )  # fmt: skip
    rows = [(figure.label, _number(figure), figure.unit_shown, figure.note) for figure in figures.figures]
    title = _("截至 {day}").format(day=figures.day)
    return SheetTable(title, columns, rows, notes)


def _number(figure: Figure) -> Any:
    """A number as a spreadsheet holds it: 万元 with all its decimals, a share as a percentage."""
    if figure.value is None:
        return None
    if figure.unit == SHARE:
        return Share(round(Decimal(figure.value), 6))
    return Decimal(figure.value) / 10_000 if figure.unit == WAN else figure.value


def _stage_sheet(figures: LandingFigures) -> SheetTable:
    then, now = figures.closed_on, figures.day
    columns = (
        SheetColumn(_("阶段"), 16), SheetColumn(_("项数 {day}").format(day=then), 16, "count"),
        SheetColumn(_("成交额（万元）{day}").format(day=then), 24, "money"),
        SheetColumn(_("项数 {day}").format(day=now), 16, "count"),
        SheetColumn(_("成交额（万元）{day}").format(day=now), 24, "money"),
    )  # fmt: skip
    rows = [(part.label, part.then, part.then_amount, part.now, part.now_amount) for part in figures.stages]
    return SheetTable(_("与闭幕日相比"), columns, rows)


def _part_sheet(
    title: str, first: str, parts: Sequence[LandingPart], figures: LandingFigures, notes: tuple[str, ...] = ()
) -> SheetTable:
    columns = (
        SheetColumn(first, 22), SheetColumn(_("签过约"), 10, "count"), SheetColumn(_("成交额（万元）"), 18, "money"),
        SheetColumn(_("落地或完成"), 12, "count"), SheetColumn(_("落地成交额（万元）"), 20, "money"),
        SheetColumn(DealStage.TERMINATED.label, 10, "count"), SheetColumn(_("落地率"), 10, "percent"),
    )  # fmt: skip
    rows = [
        (p.label, p.signed, p.amount, p.landed, p.landed_amount, p.terminated, _rounded(p.rate)) for p in parts
    ]  # fmt: skip
    total = (
        _("合计"), figures.signed.value, figures.signed_amount.value, figures.landed.value,
        figures.landed_amount.value, figures.terminated.value, _rounded(figures.landing_rate.value),
    )  # fmt: skip
    return SheetTable(title, columns, rows, notes, (total,))


def _rounded(share: int | Decimal | None) -> Decimal | None:
    return None if share is None else round(Decimal(share), 6)


def _line_sheet(title: str, lines: Sequence[LandingLine], notes: tuple[str, ...] = ()) -> SheetTable:
    columns = (
        SheetColumn(DEALS.field("deal_no").title, 16), SheetColumn(DEALS.field("title").title, 36, "long"),
        SheetColumn(_("签约各方"), 44, "long"), SheetColumn(DEALS.field("kind").title, 16), SheetColumn(_("地区"), 12),
        SheetColumn(DEALS.field("signed_on").title, 12, "date"), SheetColumn(_("金额（万元）"), 14, "money"),
        SheetColumn(_("闭幕日阶段"), 12), SheetColumn(_("阶段"), 12), SheetColumn(_("到此阶段"), 12, "date"),
        SheetColumn(_("到期应付（万元）"), 16, "money"), SheetColumn(_("已付（万元）"), 14, "money"),
        SheetColumn(_("逾期笔数"), 10, "count"), SheetColumn(_("里程碑已完成"), 12, "count"),
        SheetColumn(_("里程碑"), 10, "count"), SheetColumn(_("任务已办"), 10, "count"),
        SheetColumn(_("任务"), 8, "count"), SheetColumn(_("原因"), 30, "long"), SheetColumn(_(SAMPLE), 8),
    )  # fmt: skip
    return SheetTable(title, columns, [_line_row(line) for line in lines], notes)


def _line_row(line: LandingLine) -> tuple[Any, ...]:
    then, now = line.then.stage, line.now.stage
    return (
        line.deal_no, line.title, line.parties, line.kind.label, line.region, line.signed_on, line.amount,
        then.label if then else None, now.label if now else None, line.now.since, line.due, line.made, line.overdue,
        *line.milestones, *line.tasks, line.now.reason or None, _(SAMPLE) if line.is_sample else None,
    )  # fmt: skip


def _late_sheet(late: Sequence[LateLine]) -> SheetTable:
    columns = (
        SheetColumn(DEALS.field("deal_no").title, 16), SheetColumn(DEALS.field("title").title, 36, "long"),
        SheetColumn(_("付款或里程碑"), 24), SheetColumn(_("期限"), 12, "date"),
        SheetColumn(_("应付（万元）"), 14, "money"), SheetColumn(_("已付（万元）"), 14, "money"),
        SheetColumn(_("逾期天数"), 10, "count"),
    )  # fmt: skip
    rows = [(x.deal_no, x.title, x.name, x.due_on, x.amount, x.made, x.days) for x in late]
    return SheetTable(_("逾期的付款与里程碑"), columns, rows)
