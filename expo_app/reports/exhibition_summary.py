"""Exhibitors and area: a chapter of the summary report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from expo_app.i18n import _
from expo_app.reports import charts
from expo_app.reports.charts import Bar
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import kpi, room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter, six_decimals, tidy
from expo_app.specs.exhibition_figures import Exhibition, ExhibitorPart
from expo_app.specs.figures import Figure, percent, plain, ratio
from expo_app.specs.report_data import Head, SheetChart, SheetColumn, SheetTable


def chapter(head: Head, floor: Exhibition) -> Chapter:
    """The third chapter."""
    return Chapter(
        30, 10, floor, _("参展"), floor.figures, (floor.exhibitors, floor.services, floor.net_area),
        len(floor.regions) + len(floor.cities) + len(floor.industries), partial(_write, head, floor),
        partial(_sheets, floor), partial(_in_words, floor),
        _rules(floor),
    )  # fmt: skip


def _rules(floor: Exhibition) -> tuple[str, ...]:
    words = [
        _(
            "参展商按合同计；联合参展和技术服务机构另计；"
            "净面积（合同，含免费）为已签约展位面积之和（用语见 GB/T 26165）。"
        ),
        _("联合参展商要有自己的人员和展品；代表企业由别家代为展示，不计入参展商。地区按合同地址。"),
    ]
    if floor.unproven.value:
        words.append(_("联合参展中有 {n} 家没有注明自有人员、自有展品。").format(n=floor.unproven.shown))
    if len(floor.areas) > 1:
        words.append(_("有偿面积只计注明有偿的展位；写明“申报”的面积是主办方填报的，不是按展位统计。"))
    if floor.net_share.value is not None:
        words.append(
            _("净毛面积比 {share}：净面积除以主办方申报的毛面积，无柱的方正展厅一般约 65%，不规则的约 40%。").format(
                share=floor.net_share.shown
            )
        )
    return tuple(words)


def _in_words(floor: Exhibition, figures: dict[str, Figure]) -> str:
    """Who exhibits and what runs, in one sentence."""
    items = figures["items"]
    if not (floor.exhibitors.value or floor.services.value or items.value):
        return _("还没有参展商，也没有活动。")
    return _(
        "参展商 {n} 家，另有技术服务机构 {services} 家，净面积（合同，含免费）{area} ㎡；举办活动 {items} 场。"
    ).format(n=floor.exhibitors.shown, services=floor.services.shown, area=floor.net_area.shown, items=items.shown)


def _write(head: Head, floor: Exhibition, doc: Paper) -> None:
    doc.chapter(_("参展情况"), keep=200 if floor.booths.value or floor.regions else 60)
    if not (floor.booths.value or floor.regions):
        doc.paragraph(_("还没有参展商。"))
        return
    doc.kpis([kpi(f) for f in (floor.arrived, floor.booths, floor.raw_share)], 3)
    if len(floor.lines) > 1:
        doc.kpis([kpi(f) for f in floor.lines])
    if len(floor.areas) > 1:
        doc.kpis([kpi(f) for f in floor.areas], 3)
    doc.side_by_side(
        [
            (_("参展商按地区（家）"), charts.horizontal_bars([Bar(p.label, p.count) for p in floor.regions])),
            (_("参展商按产业（家）"), charts.horizontal_bars([_industry(p) for p in floor.industries])),
        ],
        124,
    )
    doc.heading(_("按地区"), 2, keep=room_for(len(floor.regions)))
    _exhibitor_table(doc, _("地区"), floor.regions, floor.exhibitors)
    rolled = floor.rule.rolled_up
    by_city = _("按地市（{what}）").format(what=rolled) if rolled else _("按地市")
    doc.heading(by_city, 2, keep=room_for(len(floor.cities)))
    _exhibitor_table(doc, _("地市"), floor.cities, floor.exhibitors)
    doc.heading(_("按产业"), 2, keep=room_for(len(floor.industries)))
    _exhibitor_table(doc, _("产业"), floor.industries, floor.exhibitors)
    end_chapter(
        doc, head, _("参展商按合同计，联合参展 {n} 家、技术服务机构 {m} 家另计，其展位计入净面积").format(
            n=floor.co_exhibitors.shown, m=floor.services.shown
        ),
    )  # fmt: skip


def _industry(part: ExhibitorPart) -> Bar:
    return Bar(part.label, part.count, part.colour)


def _exhibitor_table(doc: Paper, first: str, parts: Sequence[ExhibitorPart], whole: Figure) -> None:
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


def _sheets(floor: Exhibition, note: Notes) -> list[SheetTable]:
    return [
        _parts_sheet(_("参展按地区"), _("地区"), floor.regions, note),
        _parts_sheet(_("参展按地市"), _("地市"), floor.cities, note),
        _parts_sheet(_("参展按产业"), _("产业"), floor.industries, note),
    ]


def _parts_sheet(title: str, first: str, parts: Sequence[ExhibitorPart], note: Notes) -> SheetTable:
    columns = (
        SheetColumn(first, 18), SheetColumn(_("参展商（家）"), 14, "count"), SheetColumn(_("占比"), 10, "percent"),
        SheetColumn(_("已到场（家）"), 14, "count"), SheetColumn(_("展位面积（㎡）"), 16, "figure"),
    )  # fmt: skip
    whole = sum(part.count for part in parts)
    rows = [(part.label, part.count, six_decimals(part.count, whole), part.arrived, tidy(part.area)) for part in parts]
    arrived, area = sum(part.arrived for part in parts), sum((part.area for part in parts), Decimal(0))
    return SheetTable(
        title,
        columns,
        rows,
        note,
        ((_("合计"), whole, six_decimals(whole, whole), arrived, tidy(area)),),
        (SheetChart(_("{title}（家）").format(title=title), (1,)),),
    )
