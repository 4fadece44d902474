"""What the closing report says of matchmaking: requests, meetings and outcomes by day, and the measured rates."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from expo_app.i18n import N_, _
from expo_app.reports.paper import Paper
from expo_app.reports.pdf import Column, Row
from expo_app.reports.style import room_for
from expo_app.reports.summary_chapter import Chapter, Notes, end_chapter
from expo_app.specs.figures import SHARE, Figure
from expo_app.specs.matching_figures import MatchingFigures
from expo_app.specs.report_data import Head, Share, SheetColumn, SheetTable

TITLE, MEASURED = N_("供需对接"), N_("比率是本届实测的，写明分子和分母；有意向的只计场数，金额范围不是成交额。")


def chapter(head: Head, figures: MatchingFigures) -> Chapter | None:
    """Before what was signed; nothing where nothing was suggested and nobody asked for a meeting."""
    if figures.is_empty:
        return None
    return Chapter(
        47, 47, figures, _(TITLE), (), (), len(figures.days), partial(_write, head, figures),
        partial(_sheets, figures),
    )  # fmt: skip


def _sentence(figures: MatchingFigures) -> str:
    words = _(
        "建议 {suggestions} 条，双方已接受 {accepted} 条；请求 {requests} 场，同意 {agreed} 场，发布 {published} 场。"
    )
    names = ("suggestions", "accepted", "requests", "agreed", "published")
    return words.format(**{name: figures[f"matching_{name}"].shown for name in names})


def _write(head: Head, figures: MatchingFigures, doc: Paper) -> None:
    doc.chapter(_(TITLE), keep=room_for(len(figures.days) + 1))
    doc.paragraph(_sentence(figures))
    if figures.days:
        columns = [Column(_("日期"), 1.6, bold=True), *(Column(title, 1, "right") for title in _titles())]
        rows: list[Row] = [[f"{line.day:%m-%d}", *(f"{n:,}" for n in line.numbers)] for line in figures.days]
        sums = [sum(column) for column in zip(*(line.numbers for line in figures.days), strict=True)]
        doc.table(columns, rows, [_("合计"), *(f"{n:,}" for n in sums)])
    told = [f"{rate.figure.label} {rate.figure.shown}（{rate.fraction}）" for rate in figures.rates if rate.whole.value]
    doc.note(_("；").join(told))
    end_chapter(doc, head, _(MEASURED))


def _titles() -> list[str]:
    """Of the numbers of a day, in their order."""
    return [
        _("已排"), _("已洽谈"), _("候补顶替"), _("甲方爽约"), _("乙方爽约"), _("转签约"),
    ]  # fmt: skip


def _sheets(figures: MatchingFigures, _note: Notes) -> list[SheetTable]:
    columns = (SheetColumn(_("日期"), 12, "date"), *(SheetColumn(title, 10, "count") for title in _titles()))
    days = SheetTable(_("各天洽谈"), columns, [(line.day, *line.numbers) for line in figures.days])
    return [figures_sheet(figures), days]


def figures_sheet(figures: MatchingFigures) -> SheetTable:
    """Every figure of matchmaking in a row, with how it was counted."""
    columns = (
        SheetColumn(_("指标"), 28), SheetColumn(_("数值"), 12, "figure"), SheetColumn(_("单位"), 8),
        SheetColumn(_("口径"), 50, "long"),
    )  # fmt: skip
    return SheetTable(_(TITLE), columns, [_row(figure) for figure in figures.figures])


def _row(figure: Figure) -> tuple[object, ...]:
    value = (
        Share(round(Decimal(figure.value), 6)) if figure.unit == SHARE and figure.value is not None else figure.value
    )
    return figure.label, value, figure.unit_shown or None, figure.note or None
