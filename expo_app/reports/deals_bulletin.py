"""The deals bulletin 成交快报 as PDF and as tables: the day's signings with their parties, intentions apart.

data = services.deals_bulletin.read(db, expo_id, now, day)
write(path, data, progress);  tables(data) → sheets with the same figures
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.model import PartyRole
from expo_app.reports import charts
from expo_app.reports.canvas import Progress
from expo_app.reports.deals import APART, amount_bars, parts_table, show_wan, wan, write_parts
from expo_app.reports.pdf import Cell, Column, Document, Row
from expo_app.reports.style import as_of, day_words, kpi, marked, open_document, room_for, sentences
from expo_app.specs import DEALS
from expo_app.specs.deals_bulletin import DealsBulletin, RegionPart, Side
from expo_app.specs.deals_report import DealLine
from expo_app.specs.report_data import SheetChart, SheetColumn, SheetTable

MOST_INTENDED = 10
"""Intentions that a page names; the workbook has all of them."""
SHARED = N_("一个项目在每一方所在的地区各计一次，所以各行不相加。")


def write(path: Path, data: DealsBulletin, progress: Progress | None = None) -> set[str]:
    """Write the bulletin; the characters the font lacks come back. UserError where the place cannot be written."""
    figures, lines = data.figures, len(data.signed) + len(data.prior) + min(len(data.intended), MOST_INTENDED)
    total = lines + len(figures.kinds) + len(data.regions)
    with open_document(path, title(data), data.head, progress, total) as doc:
        doc.row_pad = 2.2
        shown = (
            figures.first_amount, figures.first_amount_so_far, figures.intended_amount,
            figures.first, figures.first_so_far, figures.intended,
        )  # fmt: skip
        doc.kpis([kpi(figure) for figure in shown], 3)
        doc.note(counts(data))
        if figures.kinds:
            days = [charts.Bar(day_words(day), amount) for day, amount in figures.days]
            doc.side_by_side(
                [
                    (_("当日成交额按类型（万元）"), charts.horizontal_bars(amount_bars(figures.kinds), show_wan)),
                    (_("各日签约成交额（万元）"), charts.bars(days, "", show_wan)),
                ],
                92,
            )
            doc.heading(_("按类型"), 2, keep=room_for(len(figures.kinds)))
            write_parts(doc, _("类型"), figures.kinds, figures.totals)
            doc.heading(_("按地区"), 2, keep=15 * len(data.regions) + 40)
            _write_regions(doc, data.regions)
        doc.heading(_("当日签约项目"), keep=110)
        doc.table(_columns(data.signed), _rows(data, data.signed), size=7.5, empty=_("当日没有签约项目"))
        if data.prior:
            doc.heading(_("此前已签，列名不计数"), keep=90)
            doc.table(_columns(data.prior), _rows(data, data.prior), size=7.5)
        _write_intended(doc, data)
        return doc.missing


def title(data: DealsBulletin) -> str:
    """成交快报 · 11-29 周四."""
    return _("成交快报 · {day}").format(day=day_words(data.figures.day))


def counts(data: DealsBulletin) -> str:
    """What the figures hold, in sentences."""
    totals = data.figures.totals
    said = [_("只计登记为“有效”、签订日期在当日的项目"), _("累计含没有填签订日期的项目")]
    if data.prior:
        said.append(_("此前已签的 {n} 项列名不计数").format(n=len(data.prior)))
    if totals.without_words:
        said.append(_("当日项目中{what}，计项数不计金额").format(what=totals.without_words))
    return sentences([*(words + _("。") for words in said), _(APART)])


def _write_regions(doc: Document, regions: Sequence[RegionPart]) -> None:
    columns = [
        Column(_("地区"), 2, bold=True), Column(_("有本地一方的项目"), 1.6, "right"),
        Column(_("成交额（万元）"), 1.6, "right"),
    ]  # fmt: skip
    doc.table(columns, [[part.label, f"{part.count:,}", wan(part.amount)] for part in regions], empty=_("没有签约项目"))
    doc.note(_(SHARED))


def _columns(lines: Sequence[DealLine]) -> list[Column]:
    amounts = [wan(line.amount) for line in lines]
    return [
        Column(DEALS.field("deal_no").title, 1.5, holds=[line.values["deal_no"] for line in lines]),
        Column(DEALS.field("title").title, 3.2, bold=True), Column(_("各方（地区）"), 5.8),
        Column(_("类别"), 1.3, holds=[_kind(line) for line in lines]),
        Column(_("金额（万元）"), 1.4, "right", bold=True, holds=amounts),
    ]  # fmt: skip


def _rows(data: DealsBulletin, lines: Sequence[DealLine]) -> list[Row]:
    return [_row(data, line) for line in lines]


def _row(data: DealsBulletin, line: DealLine) -> list[Cell]:
    shown = {name: DEALS.field(name).display(line.values[name]) for name in ("deal_no", "title")}
    named = marked(shown["title"], line.is_sample)
    return [shown["deal_no"], named, said(data.sides.get(line.id, ())), _kind(line), wan(line.amount)]


def _kind(line: DealLine) -> str:
    """The class of a technology contract, else the kind of deal."""
    contract = line.values["contract_kind"]
    return _(contract) if contract else line.kind.label


def said(sides: Sequence[Side]) -> str:
    """卖方 甲（某区） on a line, 买方 乙（某市） on the next; parties of a framework agreement after each other."""
    words = {PartyRole.SELLER: _("卖方 {names}"), PartyRole.BUYER: _("买方 {names}"), PartyRole.PARTY: "{names}"}
    lines = []
    for role, text in words.items():
        names = [
            _("{name}（{place}）").format(name=side.name, place=side.region) if side.region else side.name
            for side in sides
            if side.role is role
        ]
        if names:
            lines.append(text.format(names=_("、").join(names)))
    return "\n".join(lines)


def _write_intended(doc: Document, data: DealsBulletin) -> None:
    doc.heading(_("意向项目（另列，不与签约相加）"), keep=90)
    shown = data.intended[:MOST_INTENDED]
    doc.table(_columns(shown), _rows(data, shown), size=7.5, empty=_("没有意向项目"))
    if len(data.intended) > len(shown):
        more = _("另有 {n} 项意向没有列出，见成交台账。").format(n=f"{len(data.intended) - len(shown):,}")
        doc.note(more)


# --- Excel ------------------------------------------------------------------------------------------------------------
def tables(data: DealsBulletin) -> list[SheetTable]:
    """The same as sheets: the day's deals, by kind and by place, then the intentions."""
    notes = (counts(data), as_of(data.head))
    by_kind = parts_table(_("当日按类型"), _("类型"), data.figures.kinds, data.figures.totals, notes)
    columns = (
        SheetColumn(_("地区"), 18), SheetColumn(_("有本地一方的项目"), 18, "count"),
        SheetColumn(_("成交额（万元）"), 18, "money"),
    )  # fmt: skip
    rows = [(part.label, part.count, part.amount) for part in data.regions]
    chart = SheetChart(_("当日按地区（项）"), (1,))
    regions = SheetTable(_("当日按地区"), columns, rows, (_(SHARED), *notes), charts=(chart,) if rows else ())
    return [
        _sheet(data, _("当日签约"), data.signed, notes), by_kind, regions,
        *([_sheet(data, _("此前已签"), data.prior, notes)] if data.prior else []),
        _sheet(data, _("意向（另列）"), data.intended, (_(APART), *notes)),
    ]  # fmt: skip


def _sheet(data: DealsBulletin, name: str, lines: Sequence[DealLine], notes: tuple[str, ...]) -> SheetTable:
    columns = (
        SheetColumn(DEALS.field("deal_no").title, 18), SheetColumn(DEALS.field("title").title, 40, "long"),
        SheetColumn(_("各方（地区）"), 50, "long"), SheetColumn(_("类别"), 16),
        SheetColumn(_("金额（万元）"), 18, "money"), SheetColumn(DEALS.field("signed_on").title, 14, "date"),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        number, named, sides, kind, _shown = _row(data, line)
        rows.append((number, named, sides, kind, line.amount, line.values["signed_on"]))
    return SheetTable(name, columns, rows, notes)
