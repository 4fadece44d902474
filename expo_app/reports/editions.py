"""历届对比: every edition beside the others as pages and as a sheet; cumulative figures in a table of their own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from expo_app.i18n import N_, _
from expo_app.reports.canvas import Progress
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import open_document, room_for, sentences
from expo_app.rules.reported import Reported
from expo_app.specs.editions import KeyFigure
from expo_app.specs.editions_report import Comparison, ComparisonData
from expo_app.specs.report_data import SheetColumn, SheetTable
from expo_app.specs.trend_figures import CHANGE

TITLE = N_("历届对比")
APART = N_("累计数字从首届起算，不是某一届的数字，不与各届数字相比。")
UNKNOWN = N_("没有报道的写 —，不是 0；写明约、超过、近的是报道的约数。本文件有记录的展会按记录统计，其余按往届资料。")
MOST = 8
"""Editions side by side on a page: the last ones."""


def write(path: Path, data: ComparisonData, progress: Progress | None = None) -> set[str]:
    """Write the pages; the characters the font lacks come back. UserError where the place cannot be written."""
    seen = data.comparison
    rows, is_counted = len(seen.rows) + len(seen.totals), not seen.is_apart
    with open_document(path, _(TITLE), data.head, progress, rows, landscape=True, is_counted=is_counted) as doc:
        doc.note(sentences((seen.apart, _(UNKNOWN))))
        doc.note(_("变化为最后两届相比。{definition}。").format(definition=_(CHANGE)))
        doc.heading(_("各届数字"), keep=room_for(len(seen.rows), total=False))
        doc.table(_columns(seen, _("变化")), [
            [_named(row.figure, row.figure.label), *(row.shown(past) for past in row.past[-MOST:]), row.change_shown]
            for row in seen.rows
        ], empty=_("还没有往届资料"))  # fmt: skip
        if seen.totals:
            doc.heading(_("累计数字"), keep=room_for(len(seen.totals), total=False))
            doc.note(_(APART))
            totals: list[Row] = [
                [_named(figure, figure.total), *(_shown(figure, value) for value in found[-MOST:])]
                for figure, found in seen.totals
            ]
            doc.table(_columns(seen), totals)
        words = _("{label}：{values}")
        sources = [words.format(label=one.label, values=one.source) for one in seen.editions if one.source]
        if sources:
            doc.heading(_("来源"), 2, keep=60)
            for told in sources:
                doc.note(told)
        return doc.missing


def tables(data: ComparisonData) -> list[SheetTable]:
    """The same as sheets, exact numbers as numbers; an amount in 万元."""
    seen = data.comparison
    columns = (
        SheetColumn(_("指标"), 24), *(SheetColumn(one.label, 14, "general") for one in seen.editions),
        SheetColumn(_("变化"), 12),
    )  # fmt: skip
    rows = [
        (
            _named(row.figure, row.figure.label),
            *(
                _cell(row.figure, None if past.value is None else Reported(Decimal(past.value), past.qualifier))
                for past in row.past
            ),
            row.change_shown,
        )
        for row in seen.rows
    ]
    sheets = [SheetTable(_("各届数字"), columns, rows, tuple(filter(None, (seen.apart, _(UNKNOWN), _(CHANGE)))))]
    if seen.totals:
        kept = [
            (_named(figure, figure.total), *(_cell(figure, value) for value in found)) for figure, found in seen.totals
        ]
        sheets.append(SheetTable(_("累计数字"), columns[:-1], kept, (_(APART),)))
    return sheets


def _columns(seen: Comparison, *more: str) -> list[Column]:
    editions = (Column(one.label, 1.4, "right") for one in seen.editions[-MOST:])
    return [Column(_("指标"), 2.4, bold=True), *editions, *(Column(name, 1.4, "right") for name in more)]


def _named(figure: KeyFigure, label: str) -> str:
    return _("{label}（{unit}）").format(label=_(label), unit=_(figure.unit))


def _shown(figure: KeyFigure, value: Reported | None) -> str:
    return "—" if value is None else value.shown(figure.is_money)


def _cell(figure: KeyFigure, value: Reported | None) -> Any:
    """An exact number as a number, a rough one in words."""
    if value is None or value.qualifier is not None:
        return None if value is None else value.shown(figure.is_money)
    number = value.value.scaleb(-4) if figure.is_money else value.value
    return int(number) if number == number.to_integral_value() else number.normalize()


__all__: Sequence[str] = ["tables", "write"]
