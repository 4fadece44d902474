"""What came of parks over the years: PDF, Word text and workbook; a sheet of the workbook is the Torch form.

data = services.park_report.read(db, expo_id, now, part)
write(path, data, progress);  tables(data) → sheets with the same
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import ParkTotal
from expo_app.reports import charts
from expo_app.reports.canvas import Progress
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import SAMPLE, as_of, open_document, room_for
from expo_app.rules.chart_layout import Bar
from expo_app.rules.masks import UNSEEN
from expo_app.rules.reported import qualified
from expo_app.rules.who import called
from expo_app.specs.fields import MISSING
from expo_app.specs.figures import percent, plain
from expo_app.specs.park_facts import FUNNEL, HOW
from expo_app.specs.park_report import ParkPart, ParkReport, TorchRow
from expo_app.specs.park_shown import Amount, Level, Origin, ParkCard, Rate
from expo_app.specs.report_data import SheetColumn, SheetTable
from expo_app.specs.tenants import TENANTS, TORCH

TITLE = N_("合作园区成效报告")
RULES = (
    N_("报道的园区只用报道的数，每个数标来源和时间，没有报道的是 —，不推算，也不用名单去数。"),
    N_("没有报道的园区由登记的企业、分期数据、政策支持和活动数出来；报道的和数出来的从不相加。"),
    N_("生成的企业只算在示例园区里。比率只在两个都知道的数之间算；报道为“超过”的，按报道的数算，比率是上限。"),
    N_("一家企业在一个园区只登记一次，两地都报的不会算两次。金额以元存储，火炬口径以千元列示。"),
)
CASES = 40
"""Tenants that print tells by name; the workbook has all of them."""


def write(path: Path, data: ParkReport, progress: Progress | None = None) -> set[str]:
    """Write the report; the characters the font lacks come back. UserError where the place cannot be written."""
    rows = sum(len(part.tenants) + len(part.granted) + len(part.tasks) + 20 for part in data.parts)
    if path.suffix.lower() == ".docx":
        from expo_app.reports.word import Text

        with Text(path, _(TITLE), data.head, progress=progress, total=rows) as text:
            _tell(text, data)
        return text.missing
    with open_document(path, _(TITLE), data.head, progress, rows) as doc:
        _tell(doc, data)
        return doc.missing


def _tell(doc: Paper, data: ParkReport) -> None:
    doc.heading(_("怎么算的"))
    doc.facts(_method(data))
    if not data.parts:
        doc.paragraph(_("还没有登记合作园区。"))
    for part in data.parts:
        if part.is_bare:
            continue
        doc.page_break()
        doc.heading(part.card.name)
        _funnel(doc, part)
        _figures(doc, part)
        _cases(doc, part)
        _granted(doc, part)
        _open(doc, part)

    _bare(doc, [part.card for part in data.parts if part.is_bare])


def _bare(doc: Paper, parks: Sequence[ParkCard]) -> None:
    """Parks of which nothing is known yet, a line each."""
    if not parks:
        return
    doc.heading(_("还没有数字、企业和活动的园区"), keep=room_for(len(parks)))
    columns = [
        Column(_("园区"), 3, bold=True), Column(_("研发地"), 1.2), Column(_("产业化地"), 1.2),
        Column(_("启用时间"), 1.2), Column(_("建筑面积（㎡）"), 1.2, "right"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            card.name, card.research_region or MISSING, card.production_region or MISSING, card.opened or MISSING,
            _area(card.area),
        ]
        for card in parks
    ]  # fmt: skip
    doc.table(columns, rows)


def _method(data: ParkReport) -> list[tuple[str, str]]:
    told = [(_("数据时点"), as_of(data.head)), *((_("口径"), _(rule)) for rule in RULES)]
    if any(part.card.funnel.origin is not Origin.REPORTED for part in data.parts):
        told += [(total.label, _(how)) for total, how in HOW.items()]
    return told


# --- numbers ----------------------------------------------------------------------------------------------------------
def number(total: ParkTotal, amount: Amount | None) -> str:
    """A figure as a person reads it: 超过 530; money in 万元."""
    if amount is None:
        return MISSING
    shown = f"{amount.value / 10_000:,.2f}" if total.is_money else plain(amount.value)
    return qualified(amount.qualifier, shown)


def _unit(total: ParkTotal) -> str:
    return _("{label}（{unit}）").format(label=total.label, unit=_("万元")) if total.is_money else total.label


def _rate(rate: Rate) -> str:
    words = _("{above} → {below} {share}").format(
        above=rate.above.label, below=rate.below.label, share=percent(rate.share)
    )
    return words + (_("（{what}）").format(what=_(rate.bound)) if rate.bound else "")


# --- one park ---------------------------------------------------------------------------------------------------------
def _funnel(doc: Paper, part: ParkPart) -> None:
    card = part.card
    doc.facts(
        [
            (_("研发地"), card.research_region or MISSING), (_("产业化地"), card.production_region or MISSING),
            (_("启用时间"), card.opened or MISSING), (_("建筑面积（㎡）"), _area(card.area)),
            (_("运营单位"), _("、").join(card.operators) or None), (_("数字来自"), _(card.funnel.origin)),
            (_("两地怎么算"), card.sharing_terms or None),
        ]
    )  # fmt: skip
    doc.heading(_("转化"), 2, keep=room_for(len(FUNNEL)))
    columns = [Column(_("阶段"), 2, bold=True), Column(_("数"), 1, "right")]
    doc.table(columns, [[total.label, number(total, card.funnel.steps[total])] for total in FUNNEL])
    if card.funnel.rates:
        doc.note(_("；").join(map(_rate, card.funnel.rates)) + _("。"))


def _area(area: Decimal | None) -> str:
    return MISSING if area is None else f"{area.normalize():,f}"


def _figures(doc: Paper, part: ParkPart) -> None:
    doc.heading(_("数字、时间和来源"), 2, keep=room_for(3))
    columns = [
        Column(_("指标"), 2, bold=True), Column(_("数"), 1.2, "right"), Column(_("时间"), 1.4), Column(_("来源"), 3),
    ]  # fmt: skip
    doc.table(columns, [list(row) for row in figure_rows(part)])
    for figure in part.card.figures:
        points = [point for point in figure.full if point.value]
        if len(points) > 1:
            scale = 10_000 if figure.total.is_money else 1
            bars = [Bar(point.on, point.value / scale) for point in points]
            doc.chart(charts.bars(bars, show=lambda n: f"{n:,.0f}"), 110, _unit(figure.total))
    known = [(level, value) for level, value in part.card.levels.items() if value is not None]
    if known:
        doc.heading(_("园区口径"), 2, keep=room_for(3))
        columns = [Column(_("指标"), 3, bold=True), Column(_("数"), 1, "right")]
        doc.table(columns, [[_(level), level_value(level, value)] for level, value in known])


def level_value(level: Level, value: Decimal | None) -> str:
    """A figure of the park as a whole as a person reads it."""
    return MISSING if value is None else percent(value) if level.is_share else plain(value)


def figure_rows(part: ParkPart) -> list[tuple[str, str, str, str]]:
    """(figure, number, of when, whose it is), every figure there may be; what is not known is —."""
    found = []
    for total, amount in part.card.totals.items():
        if amount is None:
            found.append((_unit(total), MISSING, MISSING, MISSING))
            continue
        when = _("{a} 至 {b}").format(a=amount.since, b=amount.on) if amount.since else amount.on or MISSING
        if amount.firms:
            when += _("（{n} / {m} 家）").format(n=amount.firms, m=amount.of)
        found.append((_unit(total), number(total, amount), when, amount.source or _(amount.origin)))
    return found


def _cases(doc: Paper, part: ParkPart) -> None:
    doc.heading(_("具名案例"), 2, keep=room_for(3))
    card = part.card
    if card.tenants and card.funnel.origin is Origin.REPORTED:
        words = _("报道 {n} 家，已录名单 {known} 家。")
        doc.note(words.format(n=number(ParkTotal.TENANTS, card.tenants), known=f"{card.known:,}"))
    columns = [
        Column(_("企业"), 2.6, bold=True), Column(_("状态"), 1), Column(_("产业化地"), 1.2),
        Column(_("高层次人才"), 1, "right"), Column(_("专利申请"), 1, "right"), Column(_("说明"), 3.4),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            row.name, row.state_words or MISSING, row.production_region or MISSING, _known(row.talents),
            _known(row.patents), row.summary or MISSING,
        ]
        for row in part.tenants[:CASES]
    ]  # fmt: skip
    doc.table(columns, rows, empty=_("没有已录名单的入驻企业"))
    if len(part.tenants) > CASES:
        doc.note(_("另有 {n} 家，见 Excel。").format(n=f"{len(part.tenants) - CASES:,}"))


def _known(value: int | None) -> str:
    return MISSING if value is None else f"{value:,}"


def _granted(doc: Paper, part: ParkPart) -> None:
    doc.heading(_("政策支持"), 2, keep=room_for(3))
    sums: dict[str, tuple[int, Decimal]] = {}
    for one in part.granted:
        count, money = sums.get(one.kind.label, (0, Decimal(0)))
        sums[one.kind.label] = (count + 1, money + (one.amount or 0))
    columns = [Column(_("类别"), 2, bold=True), Column(_("项"), 1, "right"), Column(_("已享受（元）"), 1.4, "right")]
    rows: list[Row] = [[kind, f"{n:,}", f"{money:,.2f}" if money else MISSING] for kind, (n, money) in sums.items()]
    doc.table(columns, rows, empty=_("没有登记的政策支持"))


def _open(doc: Paper, part: ParkPart) -> None:
    doc.heading(_("还没办结的跟进"), 2, keep=room_for(3))
    columns = [
        Column(_("企业"), 2, bold=True), Column(_("事项"), 3), Column(_("负责人"), 1), Column(_("期限"), 1.2),
    ]  # fmt: skip
    rows: list[Row] = [
        [one.tenant, one.title, one.assignee or MISSING, one.due_on.isoformat() if one.due_on else MISSING]
        for one in part.tasks
    ]
    doc.table(columns, rows, empty=_("没有待办的跟进"))


# --- the workbook -----------------------------------------------------------------------------------------------------
def tables(data: ParkReport) -> list[SheetTable]:
    """Sheets: how it is counted, figures, tenants, supports, follow-up, the Torch form."""
    method = SheetTable(
        _("口径"),
        (SheetColumn(_("事项"), 16), SheetColumn(_("说明"), 80, "long")),
        [list(row) for row in _method(data)],
    )
    return [method, _figure_sheet(data), _tenant_sheet(data), _grant_sheet(data), _task_sheet(data), torch_sheet(data)]


def _figure_sheet(data: ParkReport) -> SheetTable:
    columns = (
        SheetColumn(_("园区"), 28), SheetColumn(_("指标"), 18), SheetColumn(_("数"), 14),
        SheetColumn(_("值"), 14, "general"),
        SheetColumn(_("时间"), 20), SheetColumn(_("来源"), 36, "long"),
    )  # fmt: skip
    rows = [
        (part.card.name, words, shown, _value(total, amount), when, source)
        for part in data.parts
        for (words, shown, when, source), (total, amount) in zip(
            figure_rows(part), part.card.totals.items(), strict=True
        )
    ]
    return SheetTable(_("园区数字"), columns, rows, (_("值的单位和指标的一样；报道为“超过”的，值是报道的数。"),))


def _value(total: ParkTotal, amount: Amount | None) -> Decimal | None:
    """A figure to calculate with, in the unit that its line names."""
    if amount is None:
        return None
    return amount.value / 10_000 if total.is_money else amount.value


def _tenant_sheet(data: ParkReport) -> SheetTable:
    columns = (
        SheetColumn(_("园区"), 28), SheetColumn(_("企业"), 32), SheetColumn(_("状态"), 8), SheetColumn(_("时间"), 12),
        SheetColumn(_("研发地"), 12), SheetColumn(_("产业化地"), 12), SheetColumn(_("面积（㎡）"), 12, "number"),
        SheetColumn(_("高层次人才"), 10, "count"), SheetColumn(_("专利申请"), 10, "count"),
        SheetColumn(_("说明"), 40, "long"),
        SheetColumn(_("来源"), 24, "long"), SheetColumn(_(SAMPLE), 8),
    )  # fmt: skip
    rows = [
        (
            part.card.name, row.name, row.state_words, row.state_day or None, row.research_region,
            row.production_region, row.area, row.talents, row.patents, row.summary, row.source,
            _(SAMPLE) if row.is_sample else None,
        )
        for part in data.parts for row in part.tenants
    ]  # fmt: skip
    return SheetTable(_("入驻企业"), columns, rows)


def _grant_sheet(data: ParkReport) -> SheetTable:
    columns = (
        SheetColumn(_("园区"), 28), SheetColumn(_("企业"), 32), SheetColumn(_("类别"), 10),
        SheetColumn(_("内容"), 36, "long"),
        SheetColumn(_("已享受（元）"), 14, "figure"), SheetColumn(_("批准日期"), 12, "date"),
        SheetColumn(_("有效期至"), 12, "date"), SheetColumn(_("状态"), 10),
    )  # fmt: skip
    rows = [
        (
            part.card.name, one.tenant, one.kind.label, one.title, one.amount, one.granted_on, one.valid_until,
            one.state.label,
        )
        for part in data.parts for one in part.granted
    ]  # fmt: skip
    return SheetTable(_("政策支持"), columns, rows)


def _task_sheet(data: ParkReport) -> SheetTable:
    columns = (
        SheetColumn(_("园区"), 28), SheetColumn(_("企业"), 32), SheetColumn(_("事项"), 36, "long"),
        SheetColumn(_("负责人"), 12), SheetColumn(_("期限"), 12, "date"),
    )  # fmt: skip
    rows = [(p.card.name, one.tenant, one.title, one.assignee, one.due_on) for p in data.parts for one in p.tasks]
    return SheetTable(_("还没办结的跟进"), columns, rows)


APART = ("is_incubated", "venture_money", "area", "investment")
"""Lines that stand elsewhere in the sheet than where a tenant's page shows them."""


def of_day(rows: Sequence[TorchRow], day: date | None) -> Sequence[TorchRow]:
    """A row of each company, of its last stay and without figures where it has none of that day; None: all rows."""
    if day is None:
        return rows
    found: dict[Any, TorchRow] = {}
    for one in sorted(rows, key=lambda row: row.values["stay"]):
        body = one.values["organisation_id"]
        if one.figures.get("on_date") == day:
            found[body] = one
        elif body not in found or not found[body].figures:
            found[body] = replace(one, figures={})
    return list(found.values())


def torch_sheet(data: ParkReport, day: date | None = None) -> SheetTable:
    """The Torch form in its order, a row for each tenant and date, money in 千元; what was not reported is empty.

    `day`: that date alone; who has no figures of it stands with —.
    """
    field = TENANTS.field
    lines = {line.name: line for line in TORCH}
    heads = [
        (_("企业名称"), 30, "text"), (_("统一社会信用代码"), 20, "text"), (field("founded_on").title, 12, "date"),
        (_("入驻时间"), 12, "text"), (_("所属行业"), 12, "text"), (field("registration_kind").title, 14, "text"),
        (field("tech_field").title, 16, "text"), (field("taxpayer_kind").title, 12, "text"),
        (field("has_mentor").title, 8, "text"), (_("是否毕业"), 8, "text"), (_("毕业时间"), 12, "text"),
        (field("is_high_tech").title, 10, "text"), (field("founder_background").title, 12, "text"),
        (field("is_serial_founder").title, 8, "text"), (field("founder_sex").title, 8, "text"),
        _head(lines["venture_money"]), _head(lines["area"]), (field("registered_capital").header, 14, "general"),
        *(_head(line) for line in TORCH if line.name not in APART),
        _head(lines["is_incubated"]), _head(lines["investment"]), (_("填报人"), 10, "text"),
        (_("数据日期"), 12, "date"), (_("园区"), 28, "text"),
    ]  # fmt: skip
    rows = [_torch_row(one, part.card.name, data.sees_money) for part in data.parts for one in of_day(part.torch, day)]
    note = _("金额单位千元；没有报的留空，这一期没有数的企业是 —。正式的表和填报时间向当地科技主管部门要。")
    return SheetTable(_("火炬口径"), tuple(SheetColumn(*head) for head in heads), rows, (note,))


def _head(line: Any) -> tuple[str, int, str]:
    words = _(line.words)
    if line.is_part:
        words = _("其中{what}").format(what=words)
    shown = _("{label}（{unit}）").format(label=words, unit=_(line.unit)) if line.unit else words
    return shown, 14, "text" if line.kind == "yes" else "general"


def _torch_row(one: TorchRow, park: str, sees_money: bool) -> Sequence[Any]:
    lines = {line.name: line for line in TORCH}

    def value(name: str) -> Any:
        if not one.figures:
            return MISSING
        known = one.figures.get(name)
        line = lines[name]
        if line.kind == "yes":
            return _yes(known)
        return _thousands(known, sees_money) if line.is_money else known

    own = one.values
    return (
        one.name, one.credit_code, own["founded_on"], one.moved_in, one.industry, own["registration_kind"],
        own["tech_field"], own["taxpayer_kind"], _yes(own["has_mentor"]), _yes(one.is_graduate), one.graduated,
        _yes(own["is_high_tech"]), own["founder_background"], _yes(own["is_serial_founder"]), own["founder_sex"],
        value("venture_money"), value("area"), _thousands(own["registered_capital"], sees_money),
        *(value(line.name) for line in TORCH if line.name not in APART),
        value("is_incubated"), value("investment"), called(one.figures.get("filled_by")) or None,
        one.figures.get("on_date"), park,
    )  # fmt: skip


def _yes(value: bool | None) -> str | None:
    return None if value is None else _("是") if value else _("否")


def _thousands(yuan: Decimal | None, sees_money: bool) -> Any:
    if yuan is None:
        return None
    return (yuan / 1000).normalize() if sees_money else UNSEEN
